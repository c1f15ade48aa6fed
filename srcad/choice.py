"""Which of the primal's values the reverse sweep has at hand, computes again, or takes from where they are kept.

    for i: s@1 = head; a@0 = s@1 * x@0[i@0]; s@2 = math.sin(a@0)     reverse reads s@1, a@0, x@0[i@0]: keep s@1

A value outside every loop whose name is not overwritten is there still. Of the others, a cheap expression of values
that can be had is computed again, a load is repeated if nothing writes to its element in between, and the rest is
cut off where it costs least memory (`analysis/mincut.py`; costly results are kept, never replayed).
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import replace

from numba.core import types

from srcad.analysis.alias import Rereading
from srcad.analysis.mincut import minimum_cut
from srcad.analysis.places import ROOT, Block, Definition
from srcad.ir import (
    ONE,
    ZERO,
    Apply,
    Array,
    Assign,
    Body,
    Const,
    Expr,
    Field,
    For,
    If,
    Item,
    Select,
    Stmt,
    Store,
    Var,
    While,
    names,
    nodes,
    reads,
    walk,
)
from srcad.names import base
from srcad.rules import RULES
from srcad.slots import Slots, summed
from srcad.sweeps import Adjoint
from srcad.types import is_array

MINUS = (Const(-1), Const(-1.0), Apply("neg", (ONE,)), Apply("neg", (Const(1.0),)))  # as it may be spelled
WRITTEN = 24  # names in an expression for a value that either of two branches gives
ALLOCATIONS = (
    "np.zeros", "np.ones", "np.empty", "np.full", "np.eye", "np.arange", "np.linspace", "np.copy", ".copy", ".flatten",
)  # fmt: skip


class Choice:
    """What the reverse sweep of `a` reads of the forward sweep: `provided`, of which `kept` is kept."""

    def __init__(self, a: Adjoint, slots: Slots) -> None:
        self.a, self.f, self.types, self.where = a, a.forward, a.forward.types, a.where
        self.slots, self.defined = slots, slots.defined
        self.rereading = Rereading(a.where, a.aliases)
        self.sizes: dict[tuple[str, Block], float] = {}
        self._again: dict[str, Expr | None] = {}
        self.at_hand = self._at_hand()
        self.stored = self._stored(self.f.body, ROOT)
        self.needed = self._needed()
        self.kept = self._cut()
        self.provided = self._closure()

    def _needed(self) -> set[str]:
        found: set[str] = set()
        parts = [(*made.shadows, *made.bars, *made.steps) for made in self.a.blocks.values()]
        for s in (s for part in (*parts, *self.a.one_pass.values()) for s in part):
            found |= {n for t in _all(s) for e in reads(t) for n in names(e) if n in self.defined}
        return found | {n for n in names(self.a.result) if n in self.defined}

    def _at_hand(self) -> set[str]:
        """What loops that are reversed at once read of what is around them: too early to be computed again."""
        found: set[str] = set()
        for s in walk(self.f.body):
            if not isinstance(s, (For, While)) or s.key not in self.a.one_pass:
                continue
            body = (s.key, "body")
            inside = [b for b in self.a.blocks if b in self.where.parent and self.where.inside(b, body)]
            parts = [(*m.shadows, *m.bars, *m.steps) for m in (self.a.blocks[b] for b in inside)]
            every = (*walk(s.body), *(u for part in parts for t in part for u in _all(t)))
            read = {n for t in every for e in reads(t) for n in names(e)} | {p.sources[0] for p in s.heads}
            found |= {n for n in read if n in self.defined and not self.where.inside(self.defined[n].block, body)}
        return found

    def again(self, v: str) -> Expr | None:
        """The expression that computes `v` again, if one does, and cheaply."""
        if v not in self._again:
            self._again[v] = self._found(v)
        return self._again[v]

    def _found(self, v: str) -> Expr | None:
        d = self.defined[v]
        if v in self.at_hand:
            return None
        if d.kind == "merge" and isinstance(d.stmt, If) and d.phi is not None and None not in d.phi.sources:
            if self.slots.is_reference(v):
                return None
            then, orelse = d.phi.sources
            if self._size(then, d.block) + self._size(orelse, d.block) > WRITTEN:  # type: ignore[arg-type]
                return None
            return Select(d.stmt.test, Var(then), Var(orelse))  # type: ignore[arg-type]
        if d.kind == "head":
            return self._moved(v) or self._turned(v)
        if d.kind != "assign" or not isinstance(d.stmt, Assign):
            return None
        if v in self.stored:
            return self.stored[v]
        value = d.stmt.value
        for n in nodes(value):
            match n:
                case Array():
                    return None
                case Apply(op) if op.startswith(ALLOCATIONS):
                    return None
                case Apply(op) if op in RULES and RULES[op].costly and not self.slots.is_int(v):
                    return None
        return value if self.rereading.same_later(value, d) else None

    def _moved(self, v: str) -> Expr | None:
        """The integer `v`, to which each iteration of a counted loop adds the same: its start and so many steps."""
        d = self.defined[v]
        carried = self._carried(d)
        if carried is None:
            return None
        s, before, value = carried
        match value:
            case Apply("+" | "+=" | "-" | "-=" as op, (Var(same), step)) if same == v:
                pass
            case _:
                return None
        outside = self.where.parent[d.block]
        if any(n not in self.defined or not self.where.inside(outside, self.defined[n].block) for n in names(step)):
            return None
        whole = (Var(v), step, s.start, Var(s.target))
        if not isinstance(step, (Const, Var)) or not all(map(self._is_signed, whole)):
            return None
        count = _iterations(s)
        moved = count if step == ONE else Apply("*", (count, step))
        return summed(op[0], Var(before), moved)

    def _turned(self, v: str) -> Expr | None:
        """The number `v`, whose sign each iteration of a counted loop turns: its start, or minus that."""
        carried = self._carried(self.defined[v])
        if carried is None:
            return None
        s, before, value = carried
        turned = [Apply("neg", (Var(v),)), *(Apply("*", p) for c in MINUS for p in ((Var(v), c), (c, Var(v))))]
        if value not in turned:
            return None
        if not (self._is_signed(s.start) and self._is_signed(Var(s.target))):
            return None
        even = Apply("==", (Apply("%", (_iterations(s), Const(2))), ZERO))
        return Select(even, Var(before), Apply("neg", (Var(before),)))

    def _carried(self, d: Definition) -> tuple[For, str, Expr] | None:
        """Of what a counted loop carries: the loop, the version before it, and what each iteration makes of it."""
        s = d.stmt
        if not isinstance(s, For) or d.phi is None or self.slots.reassigned(s.target) or s.step not in (ONE, Const(-1)):
            return None
        before, back = d.phi.sources
        after = self.defined[back] if back is not None else None
        if before is None or after is None or after.block != d.block or after.kind != "assign":
            return None
        return (s, before, after.stmt.value) if isinstance(after.stmt, Assign) else None

    def _is_signed(self, e: Expr) -> bool:
        """Is `e` made of integers of 64 bits and a sign, and of no elements of arrays?"""
        match e:
            case Const(value):
                return type(value) is int
            case Var(name):
                return bool(self.types.get(base(name)) == types.int64)
            case Apply("+" | "-" | "*", (a, b)):
                return self._is_signed(a) and self._is_signed(b)
            case Apply("len", (Var(name),)) | Item(Field(Var(name), "shape"), (Const(int()),)):
                return is_array(self.types.get(base(name)))
        return False

    def _stored(self, body: Body, block: Block) -> dict[str, Expr]:
        """The elements in which values stand that were stored as soon as made, and that nothing overwrites."""
        found: dict[str, Expr] = {}
        for s, following in zip(body, (*body[1:], None), strict=False):
            if isinstance(s, (If, For, While)):
                found |= self._stored(s.body, (s.key, "body"))
                found |= self._stored(s.orelse, (s.key, "orelse")) if isinstance(s, If) else {}
            match s, following:
                case Assign(target, _), Store(Var(array), index, Var(value), None) if value == target:
                    if self.types[base(array)].dtype != self.types[base(target)]:
                        continue  # the element is a rounded copy
                    element = Item(Var(array), index)
                    order = next(o for t, _, o in self.where.stores if t is following)
                    if self.rereading.same_later(element, replace(self.defined[target], order=order)):
                        found[target] = element
        return found

    def _size(self, v: str, block: Block) -> float:
        """How many names the expression for `v` in `block` has, where what a branch defines is written out in it.

        Infinite, if something that it is made of can be had on the branch only.
        """
        key = v, block
        if key not in self.sizes:
            if self.where.inside(block, self.defined[v].block) or self.slots.free(v):
                self.sizes[key] = 1
            elif (again := self.again(v)) is None:
                self.sizes[key] = math.inf if self.slots.popped(v) else 1
            else:
                self.sizes[key] = 1 + sum(self._size(n, block) for n in names(again) if n in self.defined)
        return self.sizes[key]

    def _weight(self, v: str) -> int:
        depth = len(self.where.loops(self.defined[v].block) if self.slots.popped(v) else self.slots.loops(v))
        size = 1 if isinstance(self.types.get(base(v)), types.Boolean) else 8
        return int(1000**depth) * size * (1000 if self.slots.is_reference(v) else 1)

    def _cut(self) -> set[str]:
        """The versions to keep."""
        weights: dict[str, int] = {}
        edges: list[tuple[str, str]] = []
        sources: list[str] = []
        todo = [v for v in sorted(self.needed, key=lambda v: self.defined[v].order) if not self.slots.free(v)]
        sinks = list(todo)
        while todo:
            v = todo.pop()
            if v in weights:
                continue
            weights[v] = self._weight(v)
            again = self.again(v)
            if again is None:
                sources.append(v)
                continue
            for n in self._operands(again, self.defined[v].block):
                if not self.slots.free(n):
                    edges.append((n, v))
                    todo.append(n)
        return minimum_cut(weights, edges, sources, sinks) if sources else set()

    def _operands(self, e: Expr, block: Block) -> Iterator[str]:
        """The versions that `e`, computed again in `block`, is made of, but not those that a list can't give there."""
        for n in names(e):
            if n not in self.defined:
                continue
            if self.where.inside(block, self.defined[n].block) or self.slots.free(n) or not self.slots.popped(n):
                yield n
            else:
                again = self.again(n)
                assert again is not None
                yield from self._operands(again, block)

    def _closure(self) -> set[str]:
        """Everything that has to be had in the reverse sweep, on the way to what is needed."""
        found: set[str] = set()
        todo = list(self.needed)
        while todo:
            v = todo.pop()
            if v in found:
                continue
            found.add(v)
            if v in self.kept or self.slots.free(v):
                continue
            again = self.again(v)
            assert again is not None, v
            todo += [n for n in self._leaves(again, self.defined[v].block) if n not in found]
        return found

    def _leaves(self, e: Expr, block: Block) -> Iterator[str]:
        """The versions that `e`, computed again in `block`, reads: those of branches are computed in place."""
        for n in names(e):
            if n not in self.defined:
                continue
            if self.in_place(n, block):
                again = self.again(n)
                assert again is not None
                yield from self._leaves(again, block)
            else:
                yield n

    def in_place(self, v: str, block: Block) -> bool:
        """Is `v`, read by an expression in `block`, defined on a branch of it, and neither there still nor kept?

        What is kept in a list is taken out of it once, where it is defined.
        """
        if self.where.inside(block, self.defined[v].block) or self.slots.free(v):
            return False
        return v not in self.kept or self.slots.popped(v)


def _iterations(s: For) -> Expr:
    """How many iterations of `s`, whose step is 1 or -1, came before this one."""
    return summed("-", Var(s.target), s.start) if s.step == ONE else summed("-", s.start, Var(s.target))


def _all(s: Stmt) -> Iterator[Stmt]:
    """`s`, a step of the reverse sweep, and what is written out in it."""
    yield s
    if isinstance(s, If):
        for t in (*s.body, *s.orelse):
            yield from _all(t)
