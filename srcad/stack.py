"""Which bodies of a function that stays a call put what they keep on the tape that all calls share.

    for i in range(n):                        for i in range(n - 1, -1, -1):
        y = g_forward(x[i], tape)                 y = tape_float64.pop()
        tape_float64.append(y)          ->        g_reverse(x[i], ..., y_bar * y, tape)

The tape is a stack: what is put on it as a body ends is taken off as the reverse of the body begins, and all that was
put on it in between, by inner bodies and by calls, is taken off in between. So each pass through the body has to
have its reverse: no iteration is left in its middle, is reversed as it ends, or not at all.
"""

from __future__ import annotations

from collections.abc import Iterator

from srcad.analysis.places import ROOT, Block
from srcad.ir import Exit, For, If, Stmt, While, walk
from srcad.sweeps import Adjoint


class Stack:
    """The bodies that can use the tape."""

    def __init__(self, a: Adjoint) -> None:
        self.a = a
        self.reversed = set(_reversed(a, ROOT)) if a.forward.external else set()

    def takes(self, block: Block) -> bool:
        """Is what is kept in `block` put on the tape when it ends?"""
        owners = [self.a.where.owner[b] for b in self._chain(block)]
        loops = [s for s in owners if isinstance(s, (For, While))]
        if not loops:
            return self.of_branch(block)
        return (
            self.reversed.issuperset(self._chain(block))
            and not any(s.key in self.a.one_pass or s.key in self.a.last for s in loops)
            and not any(isinstance(t, Exit) for t in walk(loops[0].body))
        )

    def of_branch(self, block: Block) -> bool:
        """Is `block` a branch outside every loop, which keeps what it defines only where it is taken?"""
        chain = self._chain(block)
        owners = [self.a.where.owner[b] for b in chain]
        outside = bool(chain) and all(isinstance(s, If) for s in owners)
        return outside and not self.a.one_pass and self.reversed.issuperset(chain)

    def _chain(self, block: Block) -> list[Block]:
        return [b for b in self.a.where.chain(block) if b != ROOT]


def _reversed(a: Adjoint, block: Block) -> Iterator[Block]:
    """`block` and the bodies in it that the reverse sweep goes through."""
    yield block
    todo: list[Stmt] = list(a.blocks[block].steps)
    while todo:
        s = todo.pop()
        if isinstance(s, If):
            todo += [*s.body, *s.orelse]
        if isinstance(s, (If, For)) and s.key:
            for which in ("body", "orelse") if isinstance(s, If) else ("body",):
                yield from _reversed(a, (s.key, which))
