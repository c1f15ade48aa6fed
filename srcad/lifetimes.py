"""Where the variables of Numba's intermediate code are alive, by sets that are the bits of an int.

    block 0: a, b bound         reach     {a, b}  as 0b011
    block 1: c = a + b          alive     at the entry of block 1: {a, b}, of block 2: {c}
    block 2: return c

Numba asks this some ten times for each function, and its sets of names grow with the function's lines in each of its
blocks: half of the time that a long function takes to compile goes there. With an int for a set, a union is one
operation. The equations and the answer are Numba's own (`numba.core.analysis.compute_live_map`).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from numba.core import analysis

Names = Mapping[int, set[str]]  # by block


@contextmanager
def quick_lifetimes() -> Iterator[None]:
    """Numba finds out by the function below what is alive. The caller holds Numba's lock."""
    before = analysis.compute_live_map
    analysis.compute_live_map = live
    try:
        yield
    finally:
        analysis.compute_live_map = before


def live(cfg: Any, blocks: Mapping[int, Any], used: Names, bound: Names) -> dict[int, set[str]]:
    """The names that are alive at the entry of each block: used in it or after it, and bound on the way to there."""
    order = list(cfg.topo_order())
    names = sorted({n for sets in (used, bound) for b in order for n in sets[b]})
    bit = {n: 1 << k for k, n in enumerate(names)}
    makes = {b: _bits(bit, bound[b]) for b in order}
    alive = {b: _bits(bit, used[b]) for b in order}
    reach = {b: makes[b] | alive[b] for b in order}  # what is bound, or at least used, on some way to the block's end
    after = {b: [other for other, _ in cfg.successors(b)] for b in order}
    before = {b: [other for other, _ in cfg.predecessors(b)] for b in order}
    changed = True
    while changed:
        changed = False
        for b in order:
            for other in after[b]:
                if reach[b] & ~reach[other]:
                    reach[other] |= reach[b]
                    changed = True
    changed = True
    while changed:
        changed = False
        for b in reversed(order):
            for other in before[b]:
                more = alive[b] & reach[other] & ~makes[other] & ~alive[other]
                if more:
                    alive[other] |= more
                    changed = True
    return {b: set(_named(names, alive[b])) if b in alive else set(used[b]) for b in blocks}


def _bits(bit: Mapping[str, int], found: Iterable[str]) -> int:
    return sum(bit[n] for n in found)


def _named(names: list[str], bits: int) -> Iterator[str]:
    digits = bin(bits)[:1:-1]  # the lowest first
    k = digits.find("1")
    while k >= 0:
        yield names[k]
        k = digits.find("1", k + 1)
