"""Between arguments and results, and vectors of all the floats in them, in order; arrays in C order.

    args = (np.ones((2, 2)), 3.0)      size(args) -> 5      shaped(args, v) -> (v[:4].reshape(2, 2), v[4])
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np


def floats(value: Any) -> Iterator[Any]:
    """The floats and the arrays of floats in `value`, in order."""
    if isinstance(value, tuple):
        for item in value:
            yield from floats(item)
    elif isinstance(value, (float, np.floating)) or (isinstance(value, np.ndarray) and value.dtype.kind == "f"):
        yield value


def size(value: Any) -> int:
    """How many floats are in `value`."""
    return sum(np.size(v) for v in floats(value))


def precision(value: Any) -> Any:
    """The precision of the floats in `value`: float64 if it is that of any."""
    return np.result_type(np.float32, *(getattr(v, "dtype", np.float64) for v in floats(value)))


def shaped(like: Any, vector: Any) -> Any:
    """What `like` is, with the items of `vector` as its floats; ints, in a vector of ints."""
    return _shaped(like, vector, 0)[0]


def _shaped(like: Any, vector: Any, at: int) -> tuple[Any, int]:
    if isinstance(like, tuple):
        items = []
        for item in like:
            made, at = _shaped(item, vector, at)
            items.append(made)
        return type(like)(*items) if hasattr(like, "_fields") else tuple(items), at
    if not any(True for _ in floats(like)):
        return like, at
    end = at + np.size(like)
    counts = vector.dtype.kind == "i"
    if not isinstance(like, np.ndarray):
        return vector[at].item() if counts else type(like)(vector[at]), end
    part = vector[at:end].reshape(like.shape)
    return part if counts else part.astype(like.dtype, copy=False), end


def vector(value: Any) -> Any:
    """The floats of `value` as a contiguous vector: those of one array where they stand, if they stand so."""
    parts = [np.ravel(v) for v in floats(value)]
    return parts[0] if len(parts) == 1 else np.concatenate([np.empty(0, precision(value)), *parts])


def flat(value: Any) -> np.ndarray[Any, np.dtype[np.float64]]:
    """The floats of `value` as a new vector of float64."""
    made: np.ndarray[Any, np.dtype[np.float64]] = vector(value).astype(np.float64)
    return made
