"""Loops reversed iteration by iteration, in the forward sweep: nothing is saved, and there is one loop instead of two.

    for i: d = x[i] - c; s += d * d               s_bar = 1.0
    s_bar = 1.0                                   for i:
    for i backwards:                     ->           d = x[i] - c
        d = x[i] - c                                  x_bar[i] += 2 * s_bar * d
        x_bar[i] += 2 * s_bar * d                     c_bar -= 2 * s_bar * d
        c_bar -= 2 * s_bar * d

Iterations that depend on earlier ones only through sums may be reversed in any order, and as soon as the bars of these
sums are known. Exactly, let R be the reverse of the loop's body, and call outer the bars and shadows that R mentions
but does not start itself. Then the loop is reversed at once where

1. R only reads an outer bar, or only adds to it; and only adds to outer shadows, except for those of scratch space
   (`analysis/private.py`), which are zero before and after R. So iterations commute (up to rounding), and what R reads
   is the same in all of them. A carried value that is not a sum (`s = s * y`, `last = y`) shows by R assigning its
   bar; an array carried from iteration to iteration by R reading its shadow.
2. What the reverse of the code after the loop does to the outer bars and shadows that R adds to is adding, too: then
   it does not matter which comes first. (A later `x[0] = y`, whose reverse reads and zeroes x_bar, forbids it.)
3. The outer bars that R reads are settled by assignments which are made of constants, of bars that satisfy this, and
   of values there before the loop; these assignments can then be made before it. No one else reads such a bar
   between two of them.
4. No `break` leaves the body, and its index is not assigned in it: R has to run at the end of every iteration.

The same holds for a loop right in the body of one that is reversed at once. Everything else (values overwritten within
the iteration, names that live on) is for `save`, which knows from `Places.at_once` that these loops' iterations are
reversed as they end. Not for the functions that stay calls, whose sweeps are two functions.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from srcad.analysis.places import ROOT, Block
from srcad.analysis.private import Private
from srcad.bars import Bars, Uses
from srcad.ir import (
    Apply,
    Assign,
    Body,
    Const,
    Exit,
    Expr,
    Field,
    For,
    If,
    Item,
    Raise,
    Stmt,
    Var,
    While,
    map_exprs,
    names,
    nodes,
    reads,
    substitute,
    walk,
    writes,
)
from srcad.names import base
from srcad.sweeps import Adjoint, Reversed
from srcad.types import is_reference


def one_pass(a: Adjoint) -> Adjoint:
    """`a` with the reverse of such loops taken out of the reverse sweep; `save` puts it into the loops."""
    if a.forward.external:
        return a
    found = _Finder(a)
    found.body(a.forward.body, ROOT)
    where = replace(a.where, at_once=frozenset(found.first))
    return replace(a, where=where, blocks=found.blocks, one_pass=found.first)


class _Finder:
    def __init__(self, a: Adjoint) -> None:
        self.a, self.f, self.where = a, a.forward, a.where
        self.blocks = dict(a.blocks)
        self.first: dict[int, tuple[Stmt, ...]] = {}  # what goes before each of the loops
        self.bars = Bars(a)
        self.scratch = Private(a.where, a.aliases)
        self.orders: dict[Block, int] = {}
        self.assigned: dict[str, list[int]] = {}
        for d in self.where.definitions.values():
            if d.phi is None:
                self.assigned.setdefault(base(d.version), []).append(d.order)

    def body(self, body: Body, block: Block) -> None:
        """Find the loops of `body`, which is the function's own or a loop's that is reversed at once."""
        for s in body:
            if isinstance(s, (For, While)) and self._at_once(s, block):
                self.body(s.body, (s.key, "body"))

    def _at_once(self, s: For | While, block: Block) -> bool:
        """Is the loop `s` in `block` reversed at once? Then its reverse is taken out of the reverse of `block`."""
        made = self.blocks[block]
        place = next((k for k, t in enumerate(made.steps) if isinstance(t, For) and t.key == s.key), None)
        if place is None or self._leaves(s) or self._carries_references(s):
            return False
        back = made.steps[place]
        assert isinstance(back, For)
        if isinstance(s, For) and not back.backwards:
            return False  # not all of its iterations are reversed
        inside, later = self.bars.uses([back]), self.bars.uses(made.steps[:place])
        outer = self.bars.outer(inside)
        if outer & self.bars.moving or outer & inside.reads & inside.adds:
            return False
        if not self._scratch(outer & inside.sets, later, s):
            return False
        if not self._only_added(outer & inside.adds, later):
            return False
        wanted = outer & inside.reads
        settled = self._settled(wanted, made.steps[:place], s, block)
        if settled is None:
            return False
        steps, wanted = settled
        begins = self._begins(outer | wanted, made, s, block)
        if begins is None:
            return False
        moved = {id(t) for t in (*begins, *steps, made.steps[place])}
        self.first[s.key] = (*begins, *(self._with_sizes(t, s) for t in steps))
        self.blocks[block] = Reversed(*([t for t in part if id(t) not in moved] for part in _parts(made)))
        return True

    # ------------------------------------------------------------------ the loop's own body

    def _leaves(self, s: For | While) -> bool:
        """May the body of `s` end early, or its index be another at its end?"""

        def exits(body: Body) -> Iterator[Stmt]:
            for t in body:
                if isinstance(t, Exit):
                    yield t
                elif isinstance(t, If):
                    yield from exits((*t.body, *t.orelse))
                elif isinstance(t, (For, While)):
                    yield from (x for x in walk(t.body) if isinstance(x, Exit) and x.kind == "return")

        if any(True for _ in exits(s.body)):
            return True
        return isinstance(s, For) and any(base(n) == base(s.target) for t in walk(s.body) for n in writes(t))

    def _carries_references(self, s: For | While) -> bool:
        kinds = [self.f.types.get(base(p.target)) for p in (*s.heads, *s.phis)]
        return any(map(is_reference, kinds))

    # ------------------------------------------------------------------ what comes after the loop

    def _scratch(self, bars: set[str], later: Uses, s: For | While) -> bool:
        """Are `bars` shadows of scratch space of the iterations of `s`, of which later code knows nothing?"""
        memory = self.bars.memory(bars)
        if memory & self.bars.memory(later.reads | later.adds | later.sets):
            return False
        return all(map(self.bars.is_shadow, bars)) and all(self.scratch.private(g, s) for g in memory)

    def _only_added(self, added: set[str], later: Uses) -> bool:
        """Does the reverse of the code after the loop only add to these bars, and to what they share memory with?"""
        if added & (later.reads | later.sets):
            return False
        memory = self.bars.memory(added)
        return not memory & self.bars.memory(later.sets - later.starts)

    # ------------------------------------------------------------------ what is settled before the loop

    def _settled(
        self, wanted: set[str], steps: list[Stmt], s: For | While, block: Block
    ) -> tuple[list[Stmt], set[str]] | None:
        """The assignments among `steps` that settle the bars `wanted`, and all names that these assign or add to.

        None if they can't be made before the loop `s`.
        """
        chosen: list[Stmt] = []
        for t in reversed(steps):
            if isinstance(t, Assign):
                if t.target in wanted:
                    chosen.append(t)
                    wanted = wanted | {n for n in names(t.value) if n not in self.where.definitions}
                continue
            done = self.bars.uses([t])
            changed = done.sets | done.adds
            if wanted & changed or self.bars.memory(wanted) & self.bars.memory(changed):
                return None
        if any(base(n) in self.bars.moving for t in chosen for e in reads(t) for n in names(e)):
            return None
        chosen.reverse()
        if not self._settle(wanted, chosen, steps):
            return None
        first = [self._with_sizes(t, s) for t in chosen]
        return (chosen, wanted) if self._can_come_first(first, s, block) else None

    def _with_sizes(self, step: Stmt, s: For | While) -> Stmt:
        """`step` with the extents of arrays in place of names that these are given after the loop `s`."""

        def size(name: str) -> Expr:
            d = self.where.definitions.get(name)
            if d is not None and isinstance(d.stmt, Assign) and not self._there(name, s):
                match d.stmt.value:
                    case Item(Field(Var(), "shape"), (Const(),)) | Field(Var(), "size") | Apply("len", (Var(),)):
                        return d.stmt.value
            return Var(name)

        return map_exprs(step, lambda e: substitute(e, size))

    def _can_come_first(self, steps: list[Stmt], s: For | While, block: Block) -> bool:
        """Can `steps` be made before the loop `s`?"""
        loads = [n for t in steps for e in reads(t) for n in nodes(e) if isinstance(n, Item)]
        there = all(self._there(n, s) for t in steps for e in reads(t) for n in names(e))
        return there and (not loads or self._readable(loads, block))

    def _settle(self, wanted: set[str], chosen: list[Stmt], steps: list[Stmt]) -> bool:
        """Is every assignment to `wanted` chosen, and are there no other readers between those to one name?"""
        mine = {id(t) for t in chosen}
        last = {t.target: k for k, t in enumerate(steps) if isinstance(t, Assign) and id(t) in mine}
        for k, t in enumerate(steps):
            if id(t) in mine:
                continue
            if isinstance(t, Assign) and t.target in wanted:
                return False
            uses = self.bars.uses([t])
            if any(k < last[n] for n in (uses.reads | uses.sets | uses.adds) & last.keys()):
                return False
        return True

    def _there(self, name: str, s: For | While) -> bool:
        """Has `name`, a version or a bar, its value before the loop `s`, and under its own name for good?"""
        d = self.where.definitions.get(name)
        if d is None:
            return True
        return d.order < self._order(s) and all(order <= d.order for order in self.assigned.get(base(name), ()))

    def _order(self, s: For | While) -> int:
        """Where `s` stands: before all that is defined in it."""
        if not self.orders:
            for d in self.where.definitions.values():  # in their order
                for b in self.where.chain(d.block):
                    self.orders.setdefault(b, d.order)
        return self.orders.get((s.key, "body"), 0)

    def _readable(self, loads: list[Item], block: Block) -> bool:
        """Can the elements `loads` be read earlier in `block` than they are?"""
        stores = [(t.array, b) for t, b, _ in self.where.stores]
        stores += [(e, b) for t, b, _ in self.where.invokes for e in t.args]
        written = {self.a.aliases.of(n) for e, b in stores if self.where.inside(b, block) for n in names(e)} - {None}
        if any(self.a.aliases.of(n) in written for e in loads for n in names(e)):
            return False
        owner = self.where.owner.get(block)
        body = self.f.body if owner is None else owner.body  # type: ignore[union-attr]
        return not any(isinstance(t, Raise) for t in walk(body))

    def _begins(self, wanted: set[str], made: Reversed, s: For | While, block: Block) -> list[Stmt] | None:
        """The statements that start the bars and shadows `wanted` here; None if these can't be made before `s`."""
        chosen: list[Stmt] = []
        for t in reversed((*made.shadows, *made.bars)):
            assert isinstance(t, Assign)
            if t.target in wanted:
                chosen.append(t)
                wanted = wanted | {n for n in names(t.value) if n not in self.where.definitions}
        chosen.reverse()
        return chosen if self._can_come_first(chosen, s, block) else None


def _parts(made: Reversed) -> tuple[list[Stmt], list[Stmt], list[Stmt]]:
    return made.shadows, made.bars, made.steps
