"""Provide the primal's values that the reverse sweep reads: as they stand, computed again, or kept.

    for i: s@1 = head; a@0 = s@1 * x@0[i@0]; s@2 = math.sin(a@0)      reverse reads s@1, a@0, x@0[i@0]

    s_saved = np.empty(n)                        for i in range(n - 1, -1, -1):
    for i in range(n):                               s_1 = s_saved[i]
        s_saved[i] = s                  ->           a = s_1 * x[i]
        a = s * x[i]; s = math.sin(a)                ...

A value outside every loop whose name is not overwritten is there still. Of the others, a cheap expression of values
that can be had is computed again, a load is repeated if nothing writes to its element in between, and the rest is
cut off where it costs least memory (`analysis/mincut.py`; costly results are kept, never replayed). What is kept
inside counted loops has a slot for each iteration; inside loops whose trip counts show only as they run, a list. In
functions that stay calls it goes on the tape (`stack.py`).
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, replace

from numba.core import types

from srcad.analysis.alias import Rereading, affine
from srcad.analysis.kinds import example
from srcad.analysis.lifetimes import Lifetimes
from srcad.analysis.mincut import minimum_cut
from srcad.analysis.places import ROOT, Block, Definition
from srcad.ir import (
    ONE,
    ZERO,
    Append,
    Apply,
    Array,
    Assign,
    Body,
    Const,
    Expr,
    Field,
    For,
    Function,
    If,
    Invoke,
    Item,
    Note,
    Select,
    Stmt,
    Store,
    Var,
    While,
    map_exprs,
    names,
    nodes,
    plain,
    reads,
    substitute,
    transform,
    walk,
    writes,
)
from srcad.names import TAPES, Names, base, saved
from srcad.rules import RULES
from srcad.stack import Stack
from srcad.sweeps import Adjoint, Reversed
from srcad.types import is_array, is_list

WRITTEN = 24  # names in an expression for a value that either of two branches gives
ALLOCATIONS = (
    "np.zeros", "np.ones", "np.empty", "np.full", "np.eye", "np.arange", "np.linspace", "np.copy", ".copy", ".flatten",
)  # fmt: skip


@dataclass(frozen=True)
class Buffer:
    """Where a value is kept: `slot` is its index, None in a list."""

    name: str
    slot: tuple[Expr, ...] | None


def save(a: Adjoint) -> Function:
    """Both sweeps in one function, every value that the reverse sweep reads being provided."""
    return _Saver(a).function()


def listed(a: Adjoint) -> frozenset[int]:
    """The loops of which only one iteration is reversed, though what is kept of each is in a list, the last on top."""
    if not a.last:
        return frozenset()
    saver = _Saver(a)
    return frozenset(key for key in a.last if saver.pops(key))


class _Saver:
    def __init__(self, a: Adjoint) -> None:
        self.a, self.f, self.where = a, a.forward, a.where
        self.fresh: Names = a.names
        self.rereading = Rereading(a.where, a.aliases)
        self.lives = Lifetimes(a.where)
        self.stack = Stack(a)
        self.defined = self.where.definitions
        self.webs: dict[str, list[Definition]] = {}
        for d in self.defined.values():
            self.webs.setdefault(base(d.version), []).append(d)
        self.sizes: dict[tuple[str, Block], float] = {}
        self._by_block: dict[Block, list[str]] | None = None  # what is provided, once that is known
        self.at_hand = self._at_hand()
        self.stored = self._stored(self.f.body, ROOT)
        self.needed = self._needed()
        self.kept = self._cut()
        self.provided = self._closure()
        self.given: dict[str, str] = {}
        self.buffers: dict[str, Buffer] = {}
        self.held: dict[str, str] = {}  # what is on its way to the tape, where its name is assigned again
        self.before_loop: dict[int, list[Stmt]] = {}
        self._name()
        self._make_buffers()

    # ------------------------------------------------------------------ what is needed

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

    def _free(self, v: str) -> bool:
        """Does the name of `v` hold its value whenever the reverse sweep wants it?"""
        d = self.defined[v]
        if d.kind == "index":
            return True
        if self.where.loops(d.block) or self._of_branch(v):
            return False
        return not any(
            w.phi is None and w.order > d.order and not self.where.exclusive(d.block, w.block)
            for w in self.webs[base(v)]
        )

    def _of_branch(self, v: str) -> bool:
        """Is `v`, of a function that stays a call, had again only where the branch that defines it was taken?"""
        return not self._is_reference(v) and self.stack.of_branch(self.defined[v].block)

    def _again(self, v: str) -> Expr | None:
        """The expression that computes `v` again, if one does, and cheaply."""
        d = self.defined[v]
        if v in self.at_hand:
            return None
        if d.kind == "merge" and isinstance(d.stmt, If) and d.phi is not None and None not in d.phi.sources:
            if self._is_reference(v):
                return None
            then, orelse = d.phi.sources
            if self._size(then, d.block) + self._size(orelse, d.block) > WRITTEN:  # type: ignore[arg-type]
                return None
            return Select(d.stmt.test, Var(then), Var(orelse))  # type: ignore[arg-type]
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
                case Apply(op) if op in RULES and RULES[op].costly and not self._is_int(v):
                    return None
        return value if self.rereading.same_later(value, d) else None

    def _stored(self, body: Body, block: Block) -> dict[str, Expr]:
        """The elements in which values stand that were stored as soon as made, and that nothing overwrites."""
        found: dict[str, Expr] = {}
        for s, following in zip(body, (*body[1:], None), strict=False):
            if isinstance(s, (If, For, While)):
                found |= self._stored(s.body, (s.key, "body"))
                found |= self._stored(s.orelse, (s.key, "orelse")) if isinstance(s, If) else {}
            match s, following:
                case Assign(target, _), Store(Var(array), index, Var(value), None) if value == target:
                    if self.f.types[base(array)].dtype != self.f.types[base(target)]:
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
            if self.where.inside(block, self.defined[v].block) or self._free(v):
                self.sizes[key] = 1
            elif (again := self._again(v)) is None:
                self.sizes[key] = math.inf if self._popped(v) else 1
            else:
                self.sizes[key] = 1 + sum(self._size(n, block) for n in names(again) if n in self.defined)
        return self.sizes[key]

    def _is_int(self, v: str) -> bool:
        return isinstance(self.f.types.get(base(v)), (types.Integer, types.Boolean))

    def _is_reference(self, v: str) -> bool:
        t = self.f.types.get(base(v))
        return is_array(t) or is_list(t)

    def _weight(self, v: str) -> int:
        depth = len(self.where.loops(self.defined[v].block))
        size = 1 if isinstance(self.f.types.get(base(v)), types.Boolean) else 8
        return int(1000**depth) * size * (1000 if self._is_reference(v) else 1)

    def _cut(self) -> set[str]:
        """The versions to keep."""
        weights: dict[str, int] = {}
        edges: list[tuple[str, str]] = []
        sources: list[str] = []
        todo = [v for v in sorted(self.needed, key=lambda v: self.defined[v].order) if not self._free(v)]
        sinks = list(todo)
        while todo:
            v = todo.pop()
            if v in weights:
                continue
            weights[v] = self._weight(v)
            again = self._again(v)
            if again is None:
                sources.append(v)
                continue
            for n in self._operands(again, self.defined[v].block):
                if not self._free(n):
                    edges.append((n, v))
                    todo.append(n)
        return minimum_cut(weights, edges, sources, sinks) if sources else set()

    def _operands(self, e: Expr, block: Block) -> Iterator[str]:
        """The versions that `e`, computed again in `block`, is made of, but not those that a list can't give there."""
        for n in names(e):
            if n not in self.defined:
                continue
            if self.where.inside(block, self.defined[n].block) or self._free(n) or not self._popped(n):
                yield n
            else:
                again = self._again(n)
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
            if v in self.kept or self._free(v):
                continue
            again = self._again(v)
            assert again is not None, v
            todo += [n for n in self._leaves(again, self.defined[v].block) if n not in found]
        return found

    def _leaves(self, e: Expr, block: Block) -> Iterator[str]:
        """The versions that `e`, computed again in `block`, reads: those of branches are computed in place."""
        for n in names(e):
            if n not in self.defined:
                continue
            if self._in_place(n, block):
                again = self._again(n)
                assert again is not None
                yield from self._leaves(again, block)
            else:
                yield n

    def _in_place(self, v: str, block: Block) -> bool:
        """Is `v`, read by an expression in `block`, defined on a branch of it, and neither there still nor kept?

        What is kept in a list is taken out of it once, where it is defined.
        """
        if self.where.inside(block, self.defined[v].block) or self._free(v):
            return False
        return v not in self.kept or self._popped(v)

    def _popped(self, v: str) -> bool:
        """If `v` is kept, is it in a list?"""
        block = self.defined[v].block
        return self._is_reference(v) or self.stack.takes(block) or self._counted(block) is None

    # ------------------------------------------------------------------ names

    def _name(self) -> None:
        read: dict[str, set[str]] = {}
        for v in self.provided:
            read.setdefault(base(v), set()).add(v)
        indices = {d.version for d in self.defined.values() if d.kind == "index"}
        for v in sorted(self.provided | indices, key=lambda v: self.defined[v].order):
            name = base(v)
            if v in indices and (self._reassigned(v) or not self._own(v)):
                self.given[v] = self.fresh.fresh(name)
                self.f.types[self.given[v]] = self.f.types[name]
            elif self._free(v) or (read[name] == {v} and self._comes_again(v) and self._own(v)):
                self.given[v] = name
            else:
                self.given[v] = self.fresh.numbered("%") if name.startswith("%") else self.fresh.fresh(name)
                self.f.types[self.given[v]] = self.f.types[name]

    def _comes_again(self, v: str) -> bool:
        """Is `v` had in the reverse sweep by a statement, in the same body?"""
        return bool(self.where.loops(self.defined[v].block)) or self._of_branch(v)

    def _own(self, v: str) -> bool:
        """May the reverse sweep assign the name of `v`: is it done with where an iteration around it is reversed?"""
        chain = self.where.chain(self.defined[v].block)
        around = [b for b in chain if b[0] in self.a.one_pass]
        if not around or chain[-1] == around[-1]:
            return not around or self.defined[v].kind == "index"
        return self.where.inside(self.lives.scope(base(v)), around[-1])

    def _reassigned(self, v: str) -> bool:
        """Is the loop index `v` assigned again in the loop, by the loop's body or an inner loop?"""
        d = self.defined[v]
        return any(w.phi is None and w.version != v and self.where.inside(w.block, d.block) for w in self.webs[base(v)])

    def _expr(self, e: Expr, block: Block) -> Expr:
        """`e` in the reverse sweep's names."""

        def read(n: str) -> Expr:
            if n not in self.defined:
                return Var(n)
            if self._in_place(n, block):
                again = self._again(n)
                assert again is not None
                return self._expr(again, block)
            if n in self.kept and not self.where.inside(block, self.defined[n].block):
                return self._fetch(n)
            return Var(self.given[n])

        return substitute(e, read)

    # ------------------------------------------------------------------ buffers

    def _counted(self, block: Block) -> list[For] | None:
        """The loops around `block`, if all are counted from outside the outermost."""
        loops = self.where.loops(block)
        if not loops:
            return None
        out: list[For] = []
        outer = next(b for b in self.where.chain(block) if b != ROOT and b[0] == loops[0].key)
        home = self.where.parent[outer]
        for s in loops:
            if not isinstance(s, For) or s.trips or not isinstance(s.step, Const) or s.step.value not in (1, -1):
                return None
            if any(
                w.phi is None and w.version != s.target and self.where.inside(w.block, (s.key, "body"))
                for w in self.webs[base(s.target)]
            ):
                return None
            up = s.step == ONE
            start: Expr | None
            stop: Expr | None
            if _width(s) is not None and self._outside(s.start, home, 6) is None:
                start, stop = s.start, s.stop  # a band that moves with an outer loop
            else:
                start, stop = self._extreme(s.start, home, not up), self._extreme(s.stop, home, up)
            if start is None or stop is None or not all(self._free(n) for n in names(start) if n in self.defined):
                return None
            out.append(replace(s, start=start, stop=stop))
        return out

    def _extreme(self, e: Expr, home: Block, most: bool, depth: int = 8) -> Expr | None:
        """What `e` is at most (or at least), in terms of what is known in `home`, whatever the loops inside are at."""
        known = self._outside(e, home, 6)
        if known is not None or not depth:
            return known
        match e:
            case Var(name) if name in self.defined:
                d = self.defined[name]
                match d.stmt:
                    case For(_, start, stop, step) as s if d.kind == "index" and not self._reassigned(name):
                        if step not in (ONE, Const(-1)) or s.trips:
                            return None
                        first = most != (step == ONE)
                        end = self._extreme(start if first else stop, home, most, depth - 1)
                        return end if first or end is None else _sum("-" if step == ONE else "+", end, ONE)
                    case Assign(_, value) if d.kind == "assign" and self._is_int(name):
                        return self._extreme(value, home, most, depth - 1)
            case Apply("+" | "-" as op, (a, b)):
                left = self._extreme(a, home, most, depth - 1)
                right = self._extreme(b, home, most == (op == "+"), depth - 1)
                return None if left is None or right is None else _sum(op, left, right)
        return None

    def _outside(self, e: Expr, home: Block, depth: int) -> Expr | None:
        """`e` in terms of what is known in the body `home`, before the loop."""
        if not depth:
            return None
        parts: dict[str, Expr] = {}
        for n in names(e):
            if n not in self.defined:
                continue
            d = self.defined[n]
            if self.where.inside(home, d.block):
                parts[n] = Var(n)
                continue
            if d.kind != "assign" or not isinstance(d.stmt, Assign) or not self._is_int(n):
                return None
            value = d.stmt.value
            if any(isinstance(x, Item) and not isinstance(x.base, Field) for x in nodes(value)):
                return None
            inner = self._outside(value, home, depth - 1)
            if inner is None:
                return None
            parts[n] = inner
        return substitute(e, lambda n: parts.get(n, Var(n)))

    def _make_buffers(self) -> None:
        for v in sorted(self.kept & self.provided, key=lambda v: self.defined[v].order):
            d = self.defined[v]
            loops = self.where.loops(d.block)
            shown = base(v)
            if not self._is_reference(v) and self.stack.takes(d.block):
                self._make_tape(v)
                continue
            if not loops:
                continue
            name = f"{shown}_saved" if shown.startswith("%") else self.fresh.fresh(saved(shown))
            if shown.startswith("%") and name in self.f.types:
                name = self.fresh.fresh(name)
            counted = None if self._is_reference(v) else self._counted(d.block)
            first = self.before_loop.setdefault(loops[0].key, [])
            item = self.f.types[shown]
            if counted is None:
                self.f.types[name] = types.List(item)
                self.buffers[v] = Buffer(name, None)
                first.append(Assign(name, Array((), True), loops[0].at))
                continue
            first, bounds = self._room(d.block, counted, first)
            sizes = tuple(_count(s) for s in bounds)
            shape = sizes[0] if len(sizes) == 1 else _tuple(sizes)
            self.f.types[name] = types.Array(item, len(sizes), "C")
            kind = _dtype(item)
            keywords = (("dtype", Var(kind)),) if kind else ()
            first.append(Assign(name, Apply("np.empty", (shape,), keywords), loops[0].at))
            self.buffers[v] = Buffer(name, tuple(_slot(s) for s in counted))

    def _make_tape(self, v: str) -> None:
        """Let `v` go on the tape of its type when the body that defines it ends: by another name, if it has no more."""
        d, item = self.defined[v], self.f.types[base(v)]
        tape = TAPES[str(item)]
        self.f.types[tape] = types.List(item)
        self.buffers[v] = Buffer(tape, None)
        later = (w for w in self.webs[base(v)] if w.phi is None and w.order > d.order)
        if any(self.where.inside(w.block, d.block) for w in later):
            held = self.fresh.numbered("%") if base(v).startswith("%") else self.fresh.fresh(base(v))
            self.f.types[held] = item
            self.held[v] = held

    def _room(self, block: Block, counted: list[For], here: list[Stmt]) -> tuple[list[Stmt], list[For]]:
        """Where a buffer for `counted` loops is made, and the loops as they are known there.

        `here`, before the first of the loops; if that is in loops that are reversed at once, outside as many of these
        as the size allows: their iterations use it one after the other.
        """
        for b in self.where.chain(block):
            if b[0] not in self.a.one_pass:
                continue
            home = self.where.parent[b]
            bounds = [(self._outside(s.start, home, 6), self._outside(s.stop, home, 6)) for s in counted]
            if not any(e is None for pair in bounds for e in pair):
                made = [replace(s, start=lo, stop=hi) for s, (lo, hi) in zip(counted, bounds, strict=True)]  # type: ignore[arg-type]
                return self.before_loop.setdefault(b[0], []), made
        return here, counted

    def _unbound(self) -> set[str]:
        """The versions that are kept though some path has not assigned them: nobody asks for them on that path."""
        joins = {v: d.phi.sources for v, d in self.defined.items() if d.phi is not None}
        found: set[str] = set()
        todo = [v for v, sources in joins.items() if None in sources]
        while todo:
            v = todo.pop()
            if v not in found:
                found.add(v)
                todo += [w for w, sources in joins.items() if v in sources]
        return {v for v in found & self.kept & self.provided if not is_list(self.f.types[base(v)])}

    def _fetch(self, v: str) -> Expr:
        """The kept value of `v`."""
        buffer = self.buffers[v]
        if buffer.slot is None:
            return Apply(".pop", (Var(buffer.name),))
        return Item(Var(buffer.name), buffer.slot)

    def _keep(self, v: str) -> Iterator[Stmt]:
        """Keep `v`, just defined."""
        if v not in self.kept or v not in self.provided:
            return
        at = self.defined[v].stmt.at if self.defined[v].stmt is not None else self.f.at  # type: ignore[union-attr]
        if v not in self.buffers:  # outside every loop: another name
            if not self._free(v):
                yield Assign(self.given[v], Var(base(v)), at)
            return
        buffer = self.buffers[v]
        if self._on_tape(v):  # when the body ends
            if v in self.held:
                yield Assign(self.held[v], Var(base(v)), at)
        elif buffer.slot is None:
            yield Append(buffer.name, Var(base(v)), None, at)
        else:
            yield Store(Var(buffer.name), buffer.slot, Var(base(v)), None, at)

    def _on_tape(self, v: str) -> bool:
        return v in self.buffers and self.buffers[v].name in TAPES.values()

    def _at_end(self, block: Block) -> Iterator[Stmt]:
        """What is kept of `block` goes on the tape: calls in it have put there what they keep."""
        for v in self._provided_in(block):
            if self._on_tape(v):
                yield Append(self.buffers[v].name, Var(self.held.get(v, base(v))))

    # ------------------------------------------------------------------ both sweeps

    def function(self) -> Function:
        unbound = {base(v) for v in self._unbound()}
        start: list[Stmt] = [Assign(n, example(self.f.types[n]), self.f.at) for n in sorted(unbound)]
        start += [s for p in self.f.params for s in self._keep(f"{p}@0")]
        body = (
            Note("forward"),
            *plain((*start, *self._forward(self.f.body))),
            Note("backward"),
            *self._reverse(ROOT),
        )
        return replace(self.f, body=body, result=self._expr(self.a.result, ROOT))

    def _forward(self, body: Body, block: Block = ROOT) -> Body:
        """`body` with what is kept put away as soon as it is there."""
        out: list[Stmt] = []
        for s in body:
            match s:
                case If():
                    then, orelse = self._forward(s.body, (s.key, "body")), self._forward(s.orelse, (s.key, "orelse"))
                    out.append(replace(s, body=then, orelse=orelse))
                    out += [k for p in s.phis for k in self._keep(p.target)]
                case For() | While():
                    heads = tuple(k for p in s.heads for k in self._keep(p.target))
                    out += self.before_loop.get(s.key, [])
                    back: Body = ()
                    if s.key in self.a.one_pass:
                        out += (self._reversed(t, self._home(s)) for t in self.a.one_pass[s.key])
                        back = (Note("backward"), *self._reverse((s.key, "body")))
                    out.append(replace(s, body=(*heads, *self._forward(s.body, (s.key, "body")), *back)))
                    out += [k for p in s.phis for k in self._keep(p.target)]
                case Invoke(targets, function, args) if function in self.a.calls and s.own is None:
                    self.f.types["tape"] = types.List(types.float64)  # memory that calls share
                    out.append(replace(s, args=(*args, Var("tape"))))
                    out += [k for t in targets for k in self._keep(t)]
                case _:
                    out.append(s)
                    out += [k for t in writes(s) for k in self._keep(t)]
        return (*out, *self._at_end(block))

    def _home(self, s: For | While) -> Block:
        return self.where.parent[s.key, "body"]

    def _reverse(self, block: Block) -> Body:
        made: Reversed = self.a.blocks[block]
        out = list(self._values(block))
        for s in (*made.shadows, *made.bars, *made.steps):
            out.append(self._reversed(s, block))
        return tuple(out)

    def _reversed(self, s: Stmt, block: Block) -> Stmt:
        s = map_exprs(s, lambda e: self._expr(e, block))
        match s:
            case If() if s.key:
                return replace(s, body=self._reverse((s.key, "body")), orelse=self._reverse((s.key, "orelse")), key=0)
            case If():
                then = tuple(self._reversed(t, block) for t in s.body)
                return replace(s, body=then, orelse=tuple(self._reversed(t, block) for t in s.orelse))
            case For():
                target = self.given.get(s.target, s.target)
                back = s.backwards and not (s.key in self.a.any_order and not self.pops(s.key))
                return replace(s, target=target, body=self._reverse((s.key, "body")), key=0, backwards=back)
        return s

    def pops(self, loop: int) -> bool:
        """Does the reverse of the body of `loop` take values out of lists?"""
        lists = [v for v, buffer in self.buffers.items() if buffer.slot is None]
        return any(self.where.inside(self.defined[v].block, (loop, "body")) for v in lists)

    def _values(self, block: Block) -> Iterator[Stmt]:
        """What is defined in `block` and wanted in its reverse."""
        wanted = [v for v in self._provided_in(block) if not self._free(v)]
        on_tape = [v for v in wanted if self._on_tape(v)]  # the last is on top
        yield from (Assign(self.given[v], self._fetch(v)) for v in reversed(on_tape))
        for v in (v for v in wanted if not self._on_tape(v)):
            d = self.defined[v]
            at = d.stmt.at if d.stmt is not None else self.f.at
            if v in self.kept:
                if v in self.buffers:
                    yield Assign(self.given[v], self._fetch(v), at)
                continue
            again = self._again(v)
            assert again is not None
            yield Assign(self.given[v], self._expr(again, block), at)

    def _provided_in(self, block: Block) -> list[str]:
        """What of `block` is provided, in the order in which it is defined."""
        if self._by_block is None:
            self._by_block = {}
            for v in sorted(self.provided, key=lambda v: self.defined[v].order):
                self._by_block.setdefault(self.defined[v].block, []).append(v)
        return self._by_block.get(block, [])


def _all(s: Stmt) -> Iterator[Stmt]:
    yield s
    if isinstance(s, If):
        for t in (*s.body, *s.orelse):
            yield from _all(t)


def _plain_expr(e: Expr) -> Expr:
    """`e` in the forward sweep: no versions, no shadows."""

    def step(n: Expr) -> Expr:
        match n:
            case Var(name):
                return Var(base(name))
            case Item(array, index, _):
                return Item(array, index)
        return n

    return transform(e, step)


def _tuple(items: tuple[Expr, ...]) -> Expr:
    from srcad.ir import Tuple

    return Tuple(items)


def _count(s: For) -> Expr:
    """How often a loop of step 1 or -1 runs, never negative."""
    width = _width(s)
    if width is not None:
        return Const(width)
    low, high = (s.start, s.stop) if s.step == ONE else (s.stop, s.start)
    low, high = _plain_expr(low), _plain_expr(high)
    if low == ZERO:
        return high if _is_size(high) else Apply("max", (high, ZERO))
    if isinstance(low, Const) and isinstance(high, Const):
        return Const(max(high.value - low.value, 0))
    return Apply("max", (_sum("-", high, low), ZERO))


def _width(s: For) -> int | None:
    """How often a loop over `i + a` to `i + b` runs."""
    low, high = affine(s.start), affine(s.stop)
    if low is None or high is None or low[0] != high[0]:
        return None
    return max((high[1] - low[1]) * (1 if s.step == ONE else -1), 0)


def _is_size(e: Expr) -> bool:
    return (
        (isinstance(e, Const) and e.value >= 0)
        or (isinstance(e, Item) and isinstance(e.base, Field) and e.base.name == "shape")
        or (isinstance(e, Apply) and e.op == "len")
        or (isinstance(e, Field) and e.name == "size")
    )


def _sum(op: str, a: Expr, b: Expr) -> Expr:
    """`a + b` or `a - b`, of integers."""
    match a, b:
        case Const(int(x)), Const(int(y)):
            return Const(x + y if op == "+" else x - y)
        case Apply("-" | "+" as inner, (rest, Const(int(x)))), Const(int(y)):
            total = (x if inner == "+" else -x) + (y if op == "+" else -y)
            return rest if not total else Apply("+" if total > 0 else "-", (rest, Const(abs(total))))
        case _, Const(0):
            return a
        case _, Const(int(y)) if y < 0:
            return Apply("-" if op == "+" else "+", (a, Const(-y)))
        case Const(0), _ if op == "+":
            return b
    return Apply(op, (a, b))


def _slot(s: For) -> Expr:
    index, start = Var(base(s.target)), _plain_expr(s.start)
    if s.step != ONE:
        return _sum("-", start, index)
    return _sum("-", index, start)


def _dtype(t: object) -> str:
    if t == types.float64 or t is None:
        return ""
    if isinstance(t, types.Boolean):
        return "np.bool_"
    return f"np.{t}"
