"""Numba's advice on performance, unheard: it points at generated lines, and where warnings are errors it ends all."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from numba.core import config


@contextmanager
def without_advice() -> Iterator[None]:
    """No NumbaPerformanceWarning while Numba types or compiles."""
    before = config.DISABLE_PERFORMANCE_WARNINGS
    config.DISABLE_PERFORMANCE_WARNINGS = 1
    try:
        yield
    finally:
        config.DISABLE_PERFORMANCE_WARNINGS = before
