"""Python's math with IEEE results, as compiled code has them: sqrt(-1) is NaN, exp(1000) is inf, log(0) is -inf.

Where a NumPy function computes the same numbers it serves; the others catch what Python raises.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

SAME = {
    "sqrt": np.sqrt, "exp": np.exp, "log": np.log, "log2": np.log2, "log10": np.log10, "log1p": np.log1p,
    "expm1": np.expm1, "sin": np.sin, "cos": np.cos, "tan": np.tan, "asin": np.arcsin, "acos": np.arccos,
    "atanh": np.arctanh, "acosh": np.arccosh, "sinh": np.sinh, "cosh": np.cosh, "fmod": np.fmod,
}  # fmt: skip


def functions() -> Iterator[tuple[str, Callable[..., Any]]]:
    """The names of math whose results differ, and what gives the IEEE one."""
    yield from SAME.items()
    for name, overflow in (("gamma", math.inf), ("lgamma", math.inf), ("pow", math.inf)):
        yield name, _quiet(getattr(math, name), overflow)


def _quiet(f: Callable[..., Any], overflow: float) -> Callable[..., Any]:
    def quiet(*args: float) -> np.float64:
        try:
            return np.float64(f(*args))
        except OverflowError:
            return np.float64(overflow)
        except ValueError:
            return np.float64(math.nan)

    return quiet
