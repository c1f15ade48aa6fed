"""srcad's own compiled loops over integers, compiled when first called and kept between processes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from numba import njit

F = TypeVar("F", bound=Callable[..., Any])


def kernel(f: F) -> F:
    """`f`, compiled by Numba."""
    try:
        made: F = njit(nogil=True, cache=True)(f)
    except RuntimeError:  # there is no folder that Numba can write to
        made = njit(nogil=True)(f)
    return made
