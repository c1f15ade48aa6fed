"""What the messages of each eval hold: readers of their inputs, and writers of outputs that are more than the result.

    {"x": [0.0, 1.0], "n": 5}  ->  llsq(Input(...)) = (array([0.0, 1.0]), 5)

A reader gives the arguments of the eval's functions, NumPy arrays and Python numbers, or raises ValueError with the
reason. Nothing here imports srcad or Numba: the other libraries' tools in `peers` read by the same rules.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from benchmarks.gradbench.protocol import Input


def hello(given: Input) -> tuple[Any, ...]:
    return (given.alone(),)


def gmm(given: Input) -> tuple[Any, ...]:
    d, k, n = given.integer("d", least=1), given.integer("k", least=1), given.integer("n", least=1)
    return (
        given.floats("alpha", k),
        given.floats("mu", k, d),
        given.floats("q", k, d),
        given.floats("l", k, d * (d - 1) // 2),
        given.floats("x", n, d),
        given.integer("m", least=0),
        given.number("gamma", above=0.0),
    )


def gmm_jacobian(gradient: tuple[Any, ...]) -> dict[str, Any]:
    return dict(zip(("alpha", "mu", "q", "l"), gradient, strict=True))


def lstm(given: Input) -> tuple[Any, ...]:
    main = given.floats("main_params", None, None)
    rows, columns = main.shape
    if rows % 2 or columns % 4 or not rows or not columns:
        raise ValueError(f"main_params is {rows} x {columns}: it has two rows for each layer and four blocks in a row")
    b = columns // 4
    sequence = given.floats("sequence", None, b)
    if len(sequence) < 2:
        raise ValueError("sequence has fewer than two characters")
    return main, given.floats("extra_params", 3, b), given.floats("state", rows, b), sequence


def lstm_jacobian(gradient: tuple[Any, ...]) -> Any:
    main, extra = gradient
    return np.concatenate((main.ravel(), extra.ravel()))


def ba(given: Input) -> tuple[Any, ...]:
    """One camera, point, weight and feature, repeated: observation i sees point i mod m by camera i mod n."""
    n, m, p = given.integer("n", least=1), given.integer("m", least=1), given.integer("p", least=1)
    i = np.arange(p)
    return (
        np.tile(given.floats("cam", 11), (n, 1)),
        np.tile(given.floats("x", 3), (m, 1)),
        np.full(p, given.number("w")),
        np.stack((i % n, i % m), axis=1),
        np.tile(given.floats("feat", 2), (p, 1)),
    )


def ba_objective(errors: Any) -> dict[str, Any]:
    """The first observation's errors, and how many more like it there are."""
    p = len(errors) // 3
    return {
        "reproj_error": {"elements": errors[:2], "repeated": p},
        "w_err": {"element": errors[2 * p], "repeated": p},
    }


def ba_jacobian(jacobian: Any) -> dict[str, Any]:
    """The first 30 and the last of the numbers that make up the matrix."""
    return {name: np.append(part[:30], part[-1]) for name, part in zip(("rows", "cols", "vals"), jacobian, strict=True)}


def ht(given: Input) -> tuple[Any, ...]:
    data = given.within("data")
    model = data.within("model")
    rest = model.floats("base_positions", None, 4)
    triangles = model.integers("triangles", None, 3, least=0, below=len(rest))
    bones = model.integer("bone_count", least=21)
    parents = model.integers("parents", bones, least=-1, below=bones)
    if np.any(parents >= np.arange(bones)):
        raise ValueError("parents has a bone that comes before its parent")
    us = given.floats("us", None, 2)
    found = data.integers("correspondences", None, least=0, below=len(triangles) if len(us) else len(rest))
    theta = given.floats("theta", 26)
    fixed = (
        parents,
        model.floats("base_relatives", bones, 4, 4),
        model.floats("inverse_base_absolutes", bones, 4, 4),
        rest,
        model.floats("weights", len(rest), bones),
        model.flag("is_mirrored"),
        found,
        data.floats("points", len(found), 3),
    )
    if not len(us):
        return theta, *fixed
    if len(us) != len(found):
        raise ValueError(f"us has {len(us)} rows, and correspondences {len(found)}")
    return np.zeros(2), theta, us, *fixed, triangles


def llsq(given: Input) -> tuple[Any, ...]:
    return given.floats("x", None), given.integer("n", least=2)


def lse(given: Input) -> tuple[Any, ...]:
    return (_filled(given, "x", None),)


def det(given: Input) -> tuple[Any, ...]:
    n = given.integer("ell", least=1)
    return (given.floats("A", n * n).reshape(n, n),)


def ode(given: Input) -> tuple[Any, ...]:
    return _filled(given, "x", None), given.integer("s", least=1)


def kmeans(given: Input) -> tuple[Any, ...]:
    points = _filled(given, "points", None, None)
    return points, given.floats("centroids", None, points.shape[1])


def particle(given: Input) -> tuple[Any, ...]:
    return (given.number("w"),)


def saddle(given: Input) -> tuple[Any, ...]:
    return tuple(given.floats("start", 2).tolist())


def _filled(given: Input, name: str, *shape: int | None) -> Any:
    """An array of floats that has to have some."""
    found = given.floats(name, *shape)
    if not found.size:
        raise ValueError(f"{name} is empty")
    return found
