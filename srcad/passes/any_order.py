"""Loops of the reverse sweep whose iterations commute: they run forwards.

    for i in range(n - 1, -1, -1):               for i in range(n):
        a_bar = y_bar[i]                             a_bar = y_bar[i]
        y_bar[i] = 0.0                   ->          y_bar[i] = 0.0
        x_bar[i] += a_bar * z[i]                     x_bar[i] += a_bar * z[i]
        z_bar[i] += a_bar * x[i]                     z_bar[i] += a_bar * x[i]

Easier to read, and faster: compilers prove more about indices that go up, and make better code of them. Where the
iterations commute is said in `srcad.bars`; `save` turns back those that take values from lists, last in, first out.
"""

from __future__ import annotations

from dataclasses import replace

from srcad.bars import Bars
from srcad.ir import For
from srcad.sweeps import Adjoint


def any_order(a: Adjoint) -> Adjoint:
    """`a`, knowing of the loops whose iterations may be reversed in any order."""
    bars = Bars(a)
    loops = [t for made in a.blocks.values() for t in made.steps if isinstance(t, For) and t.key and t.backwards]
    return replace(a, any_order=frozenset(t.key for t in loops if bars.commute(t)))
