"""Random tangents and cotangents, in the structure of what they belong to."""

from __future__ import annotations

import zlib
from typing import Any

import numpy as np

from .corpus import Case
from .oracle import positions

__all__ = ["along", "direction", "floats", "generator", "like", "near", "untouched"]


def generator(case: Case) -> np.random.Generator:
    """Random numbers that are the case's own."""
    return np.random.default_rng(zlib.crc32(case.name.encode()))


def direction(case: Case) -> Any:
    """A random tangent for each argument that is differentiated: bare for one, else a tuple."""
    random = generator(case)
    inputs = [case.args[k] for k in positions(case.f, case.args, case.wrt)]
    made = tuple(like(a, random) for a in inputs)
    return made[0] if len(made) == 1 else made


def floats(x: Any) -> np.ndarray:
    """The floats in a result or in its derivative, in order; not its integers."""
    if isinstance(x, tuple):
        return np.concatenate([np.zeros(0), *(floats(v) for v in x)])
    if isinstance(x, np.ndarray):
        return x.ravel().astype(np.float64) if x.dtype.kind == "f" else np.zeros(0)
    return np.array([float(x)]) if isinstance(x, (float, np.floating)) else np.zeros(0)


def like(x: Any, random: np.random.Generator) -> Any:
    """Random numbers in the structure, shapes and types of `x`, arrays in C order; integers are as they are."""
    if isinstance(x, tuple):
        items = [like(v, random) for v in x]
        return type(x)(*items) if hasattr(x, "_fields") else tuple(items)
    if isinstance(x, np.ndarray):
        return random.standard_normal(x.shape).astype(x.dtype) if x.dtype.kind == "f" else x
    return type(x)(random.standard_normal()) if isinstance(x, (float, np.floating)) else x


def along(gradient: np.ndarray, tangent: np.ndarray) -> float:
    """gradient @ tangent, where a direction of zero moves nothing."""
    moving = tangent != 0.0
    with np.errstate(all="ignore"):
        return float(np.sum(gradient[moving] * tangent[moving]))


def near(got: np.ndarray, want: np.ndarray, case: Case) -> bool:
    """Do two vectors agree to the case's tolerance of their norm; exactly where they are infinite or NaN?"""
    finite = np.isfinite(want)
    if got.shape != want.shape or not np.array_equal(got[~finite], want[~finite], equal_nan=True):
        return False
    return bool(np.linalg.norm(got[finite] - want[finite]) <= case.tolerance * np.linalg.norm(want[finite]))


def untouched(before: Any, after: Any) -> bool:
    """Are the arrays in `after` those of `before`, bit by bit?"""
    if isinstance(before, tuple):
        return all(untouched(a, b) for a, b in zip(before, after, strict=True))
    return not isinstance(before, np.ndarray) or before.tobytes() == after.tobytes()
