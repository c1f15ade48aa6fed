"""Array functions by what they are: the lowering to loops over scalars (`passes/scalarise.py`) asks only for the kind.

    kind(np.zeros) -> ("create", "np.zeros")        kind(np.sum) -> ("reduce", "np.sum")
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

CREATE: dict[str, Callable[..., Any]] = {
    "np.zeros": np.zeros, "np.ones": np.ones, "np.empty": np.empty, "np.full": np.full,
    "np.zeros_like": np.zeros_like, "np.ones_like": np.ones_like, "np.empty_like": np.empty_like,
    "np.full_like": np.full_like, "np.eye": np.eye, "np.arange": np.arange, "np.linspace": np.linspace,
}  # fmt: skip

FILL: dict[str, float | None] = {
    "np.zeros": 0.0, "np.ones": 1.0, "np.empty": None, "np.full": None,
    "np.zeros_like": 0.0, "np.ones_like": 1.0, "np.empty_like": None, "np.full_like": None,
}  # fmt: skip

REDUCE: dict[str, Callable[..., Any]] = {
    "np.sum": np.sum, "np.prod": np.prod, "np.mean": np.mean, "np.max": np.max, "np.min": np.min, "np.dot": np.dot,
    "np.vdot": np.vdot, "np.argmax": np.argmax, "np.argmin": np.argmin, "np.any": np.any, "np.all": np.all,
    "np.var": np.var, "np.std": np.std,
}  # fmt: skip

METHODS: dict[str, str] = {  # x.sum() is np.sum(x)
    "sum": "np.sum", "prod": "np.prod", "mean": "np.mean", "max": "np.max", "min": "np.min", "dot": "np.dot",
    "argmax": "np.argmax", "argmin": "np.argmin", "any": "np.any", "all": "np.all", "var": "np.var", "std": "np.std",
    "copy": ".copy", "flatten": ".flatten", "ravel": ".ravel", "reshape": ".reshape", "transpose": ".transpose",
    "cumsum": "np.cumsum", "cumprod": "np.cumprod", "astype": ".astype",
}  # fmt: skip

FUNCTIONS_AS_METHODS: dict[str, Callable[..., Any]] = {
    ".ravel": np.ravel, ".reshape": np.reshape, ".transpose": np.transpose,
}  # fmt: skip

ASSEMBLE: dict[str, Callable[..., Any]] = {  # arrays put together from the elements of others: `passes/assemble.py`
    "np.concatenate": np.concatenate, "np.hstack": np.hstack, "np.append": np.append, "np.diag": np.diag,
    "np.vstack": np.vstack, "np.column_stack": np.column_stack, "np.stack": np.stack,
    "np.cumsum": np.cumsum, "np.cumprod": np.cumprod,
}  # fmt: skip

CONVERT: dict[str, Callable[..., Any]] = {  # np.copy keeps Fortran order, the method does not; the others may not copy
    "np.copy": np.copy, "array_of": np.array, "np.asarray": np.asarray,
    "np.ascontiguousarray": np.ascontiguousarray, "np.asfortranarray": np.asfortranarray,
}  # fmt: skip

_KINDS: dict[int, tuple[str, str]] = {
    **{id(f): ("create", n) for n, f in CREATE.items()},
    **{id(f): ("reduce", n) for n, f in REDUCE.items()},
    **{id(f): ("assemble", n) for n, f in ASSEMBLE.items()},
    **{id(f): ("convert", n) for n, f in CONVERT.items()},
    **{id(f): ("method", n) for n, f in FUNCTIONS_AS_METHODS.items()},
    id(np.amax): ("reduce", "np.max"), id(np.amin): ("reduce", "np.min"),
}  # fmt: skip


def kind(function: object) -> tuple[str, str] | None:
    """What an array function is ("create", "reduce", "assemble", "convert", "method") and its canonical spelling."""
    return _KINDS.get(id(function))
