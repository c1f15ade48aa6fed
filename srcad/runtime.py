"""What generated code calls besides Python, math and NumPy: plain functions that Numba compiles too."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numba.core import types
from numba.extending import overload, register_jitable


@register_jitable  # type: ignore[untyped-decorator]
def share_memory(x: Any, y: Any) -> bool:
    """May the arrays `x` and `y` share memory? Compares the stretches of memory that they span."""
    if x.size == 0 or y.size == 0:
        return False
    x_low = x_high = x.ctypes.data
    for d in range(x.ndim):
        step = (x.shape[d] - 1) * x.strides[d]
        if step < 0:
            x_low += step
        else:
            x_high += step
    y_low = y_high = y.ctypes.data
    for d in range(y.ndim):
        step = (y.shape[d] - 1) * y.strides[d]
        if step < 0:
            y_low += step
        else:
            y_high += step
    return bool(x_low < y_high + y.itemsize and y_low < x_high + x.itemsize)


def array_of(x: Any) -> Any:
    """`np.array(x)` of a list, also of one of arrays, or of an array, which Numba's does not take."""
    return np.array(x)


def _of_rows(x: Any) -> Any:
    rows = np.empty((len(x), *x[0].shape), x[0].dtype)
    for k in range(len(x)):
        rows[k] = x[k]
    return rows


@overload(array_of, strict=False)  # type: ignore[untyped-decorator]
def _array_of(x: Any) -> Callable[[Any], Any]:
    if isinstance(x, types.Array):
        return lambda x: np.copy(x)
    if isinstance(x, types.List) and isinstance(x.dtype, types.Array):
        return _of_rows
    return lambda x: np.array(x)


FUNCTIONS = {"share_memory": share_memory, "array_of": array_of}
