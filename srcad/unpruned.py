"""Numba's passes without the one that leaves out branches on constants.

    if n > 0: a = x[0]              where `n` is a constant: without the first branch, `a` in the second one is
    if n > 0: s = s + a             a use without a definition, and type inference fails

Both type inference and compilation take their passes from here. LLVM leaves such branches out anyway.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from numba.core.untyped_passes import DeadBranchPrune


def unpruned(steps: Iterable[Any]) -> list[Any]:
    """Numba's passes `steps` without its `DeadBranchPrune`."""
    return [step for step in steps if step[0] is not DeadBranchPrune]
