"""Random inputs for the evals, as the messages have them."""

from __future__ import annotations

from typing import Any

import numpy as np


def gmm(random: np.random.Generator, d: int, k: int, n: int, m: int) -> dict[str, Any]:
    return {
        "d": d,
        "k": k,
        "n": n,
        "x": random.normal(size=(n, d)).tolist(),
        "m": m,
        "gamma": 1.25,
        "alpha": random.normal(size=k).tolist(),
        "mu": random.uniform(size=(k, d)).tolist(),
        "q": (0.3 * random.normal(size=(k, d))).tolist(),
        "l": (0.3 * random.normal(size=(k, d * (d - 1) // 2))).tolist(),
    }


def lstm(random: np.random.Generator, layers: int, width: int, steps: int) -> dict[str, Any]:
    return {
        "main_params": random.random((2 * layers, 4 * width)).tolist(),
        "extra_params": random.random((3, width)).tolist(),
        "state": random.random((2 * layers, width)).tolist(),
        "sequence": (random.random((steps, width)) > 0.5).astype(float).tolist(),
    }


def ht(
    random: np.random.Generator,
    triangles: bool,
    mirrored: bool,
    bones: int = 22,
    vertices: int = 9,
    faces: int = 6,
    count: int = 4,
) -> dict[str, Any]:
    """A hand and what was seen of it: chains of four bones from the first one, each bone moving every vertex."""
    placed = random.normal(size=(2, bones, 4, 4))
    placed[:, :, 3] = [0.0, 0.0, 0.0, 1.0]
    rest = random.normal(size=(vertices, 4))
    rest[:, 3] = 1.0
    corners = [random.permutation(vertices)[:3].tolist() for _ in range(faces)]
    model = {
        "bone_count": bones,
        "bone_names": [f"bone{b}" for b in range(bones)],
        "parents": [-1] + [0 if b % 4 == 1 else b - 1 for b in range(1, bones)],
        "base_relatives": placed[0].tolist(),
        "inverse_base_absolutes": placed[1].tolist(),
        "base_positions": rest.tolist(),
        "weights": random.random((vertices, bones)).tolist(),
        "triangles": corners,
        "is_mirrored": mirrored,
    }
    found = random.integers(0, faces if triangles else vertices, count)
    data = {"model": model, "correspondences": found.tolist(), "points": random.normal(size=(count, 3)).tolist()}
    return {
        "theta": random.normal(size=26).tolist(),
        "us": random.random((count, 2)).tolist() if triangles else [],
        "data": data,
    }


def kmeans(random: np.random.Generator, k: int, n: int, d: int) -> dict[str, Any]:
    """The last points are the centroids, so that each has a point nearest to it."""
    points = random.random((n, d)).tolist()
    return {"points": points, "centroids": points[-k:]}


def det(random: np.random.Generator, ell: int) -> dict[str, Any]:
    return {"A": random.random(ell * ell).tolist(), "ell": ell}


def ba(random: np.random.Generator, n: int, m: int, p: int) -> dict[str, Any]:
    camera = random.normal(size=11)
    return {
        "n": n,
        "m": m,
        "p": p,
        "cam": camera.tolist(),
        "x": (camera[3:6] + [0.3, -0.2, 2.0] + 0.1 * random.normal(size=3)).tolist(),
        "w": random.random(),
        "feat": random.normal(size=2).tolist(),
    }
