"""Provide the primal's values that the reverse sweep reads: as they stand, computed again, or kept.

    for i: s@1 = head; a@0 = s@1 * x@0[i@0]; s@2 = math.sin(a@0)      reverse reads s@1, a@0, x@0[i@0]

    s_saved = np.empty(n)                        for i in range(n - 1, -1, -1):
    for i in range(n):                               s_1 = s_saved[i]
        s_saved[i] = s                  ->           a = s_1 * x[i]
        a = s * x[i]; s = math.sin(a)                ...

Which are kept is chosen in `srcad/choice.py`, and where in `srcad/slots.py`: inside counted loops they have a slot for
each iteration; inside loops whose trip counts show only as they run, a list; in functions that stay calls they go on
the tape (`srcad/stack.py`).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from numba.core import types

from srcad.analysis.kinds import example
from srcad.analysis.lifetimes import Lifetimes
from srcad.analysis.places import ROOT, Block, unbound
from srcad.choice import Choice
from srcad.ir import (
    ONE,
    ZERO,
    Append,
    Apply,
    Array,
    Assign,
    Body,
    Expr,
    For,
    Function,
    If,
    Invoke,
    Item,
    Note,
    Stmt,
    Store,
    Tuple,
    Var,
    While,
    map_exprs,
    plain,
    substitute,
    writes,
)
from srcad.names import TAPES, Names, base, saved
from srcad.slots import Slots, count, slot, unversioned
from srcad.sweeps import Adjoint, Reversed


@dataclass(frozen=True)
class Buffer:
    """Where a value is kept: `slot` is its index, by versions; None in a list."""

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
        self.lives = Lifetimes(a.where)
        self.defined = self.where.definitions
        self.slots = Slots(a)
        self.choice = Choice(a, self.slots)
        self.kept, self.provided = self.choice.kept, self.choice.provided
        self._by_block: dict[Block, list[str]] | None = None
        self.given: dict[str, str] = {}
        self.buffers: dict[str, Buffer] = {}
        self.held: dict[str, str] = {}  # what is on its way to the tape, where its name is assigned again
        self.before_loop: dict[int, list[Stmt]] = {}
        self._name()
        self._make_buffers()

    # ------------------------------------------------------------------ names

    def _name(self) -> None:
        read: dict[str, set[str]] = {}
        for v in self.provided:
            read.setdefault(base(v), set()).add(v)
        indices = {d.version for d in self.defined.values() if d.kind == "index"}
        for v in sorted(self.provided | indices, key=lambda v: self.defined[v].order):
            name = base(v)
            if v in indices and (self.slots.reassigned(v) or not self._own(v)):
                self.given[v] = self.fresh.fresh(name)
                self.f.types[self.given[v]] = self.f.types[name]
            elif self.slots.free(v) or (read[name] == {v} and self._comes_again(v) and self._own(v)):
                self.given[v] = name
            else:
                self.given[v] = self.fresh.numbered("%") if name.startswith("%") else self.fresh.fresh(name)
                self.f.types[self.given[v]] = self.f.types[name]

    def _comes_again(self, v: str) -> bool:
        """Is `v` had in the reverse sweep by a statement, in the same body?"""
        return bool(self.where.loops(self.defined[v].block)) or self.slots.of_branch(v)

    def _own(self, v: str) -> bool:
        """May the reverse sweep assign the name of `v`: is it done with where an iteration around it is reversed?"""
        chain = self.where.chain(self.defined[v].block)
        around = [b for b in chain if b[0] in self.a.one_pass]
        if not around or chain[-1] == around[-1]:
            return not around or self.defined[v].kind == "index"
        return self.where.inside(self.lives.scope(base(v)), around[-1])

    def _expr(self, e: Expr, block: Block) -> Expr:
        """`e` in the reverse sweep's names."""

        def read(n: str) -> Expr:
            if n not in self.defined:
                return Var(n)
            if self.choice.in_place(n, block):
                again = self.choice.again(n)
                assert again is not None
                return self._expr(again, block)
            if n in self.kept and not self.where.inside(block, self.defined[n].block):
                return self._fetch(n)
            return Var(self.given[n])

        return substitute(e, read)

    # ------------------------------------------------------------------ buffers

    def _make_buffers(self) -> None:
        for v in sorted(self.kept & self.provided, key=lambda v: self.defined[v].order):
            d = self.defined[v]
            loops = self.where.loops(d.block)
            shown = base(v)
            if not self.slots.is_reference(v) and self.slots.stack.takes(d.block):
                self._make_tape(v)
                continue
            if not loops:
                continue
            name = self.fresh.fresh(saved(shown))
            counted = self.slots.counted(v)
            first = self.before_loop.setdefault(loops[0].key, [])
            item = self.f.types[shown]
            if counted is None:
                self.f.types[name] = types.List(item)
                self.buffers[v] = Buffer(name, None)
                first.append(Assign(name, Array((), True), loops[0].at))
                continue
            first, bounds = self._room(d.block, counted, first)
            sizes = tuple(count(s) for s in bounds) or (ONE,)  # one place for all iterations
            shape = sizes[0] if len(sizes) == 1 else Tuple(sizes)
            self.f.types[name] = types.Array(item, len(sizes), "C")
            kind = _dtype(item)
            keywords = (("dtype", Var(kind)),) if kind else ()
            first.append(Assign(name, Apply("np.empty", (shape,), keywords), loops[0].at))
            self.buffers[v] = Buffer(name, tuple(slot(s) for s in counted) or (ZERO,))

    def _make_tape(self, v: str) -> None:
        """Let `v` go on the tape of its type when the body that defines it ends: by another name, if it has no more."""
        d, item = self.defined[v], self.f.types[base(v)]
        tape = TAPES[str(item)]
        self.f.types[tape] = types.List(item)
        self.buffers[v] = Buffer(tape, None)
        later = (w for w in self.slots.webs[base(v)] if w.phi is None and w.order > d.order)
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
            bounds = [(self.slots.outside(s.start, home, 6), self.slots.outside(s.stop, home, 6)) for s in counted]
            if not any(e is None for pair in bounds for e in pair):
                made = [replace(s, start=lo, stop=hi) for s, (lo, hi) in zip(counted, bounds, strict=True)]  # type: ignore[arg-type]
                return self.before_loop.setdefault(b[0], []), made
        return here, counted

    def _unbound(self) -> set[str]:
        """The versions that are kept though some path has not assigned them: nobody asks for them on that path."""
        return unbound(self.f) & self.kept & self.provided

    def _fetch(self, v: str) -> Expr:
        """The kept value of `v`."""
        buffer = self.buffers[v]
        if buffer.slot is None:
            return Apply(".pop", (Var(buffer.name),))
        index = (substitute(e, lambda n: Var(self.given.get(n, n))) for e in buffer.slot)
        return Item(Var(buffer.name), tuple(map(unversioned, index)))

    def _keep(self, v: str) -> Iterator[Stmt]:
        """Keep `v`, just defined."""
        if v not in self.kept or v not in self.provided:
            return
        at = self.defined[v].stmt.at if self.defined[v].stmt is not None else self.f.at  # type: ignore[union-attr]
        if v not in self.buffers:  # outside every loop: another name
            if not self.slots.free(v):
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
        examples = sorted({base(v) for v in self._unbound()})
        start: list[Stmt] = [Assign(n, example(self.f.types[n]), self.f.at) for n in examples]
        start += [s for p in self.f.params for s in self._keep(f"{p}@0")]
        body = (
            Note("forward"),
            *plain((*start, *self._forward(self.f.body))),
            Note("backward"),
            *self._reverse(ROOT),
        )
        sums = self.f.sums | frozenset(self.a.bars.values())
        return replace(self.f, body=body, result=self._expr(self.a.result, ROOT), sums=sums)

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
                        s = self._with_shadows(s)
                    out.append(replace(s, body=(*heads, *self._forward(s.body, (s.key, "body")), *back)))
                    out += [k for p in s.phis for k in self._keep(p.target)]
                case Invoke(targets, function, args) if function in self.a.calls and s.own is None:
                    self.f.types["tape"] = types.List(types.float64)  # memory that calls share
                    changed = None if s.writes is None else (*s.writes, len(args))
                    out.append(replace(s, args=(*args, Var("tape")), writes=changed))
                    out += [k for t in targets for k in self._keep(t)]
                case _:
                    out.append(s)
                    out += [k for t in writes(s) for k in self._keep(t)]
        return (*out, *self._at_end(block))

    def _with_shadows(self, s: For | While) -> For | While:
        """The shadows of the scratch space of `s` are scratch space, if its iterations are reversed as they end."""
        if not isinstance(s, For) or s.scratch is None:
            return s
        own = (bar for n in s.scratch if (bar := self.a.bars.get(base(n))) is not None)
        return replace(s, scratch=(*s.scratch, *own))

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
            case Append(lst):
                bars = self._expr(Var(lst), block)
                assert isinstance(bars, Var)
                return replace(s, list=bars.name)
            case For():
                target = self.given.get(s.target, s.target)
                back = s.backwards and not (s.key in self.a.any_order and not self.pops(s.key))
                body = self._reverse((s.key, "body"))
                return replace(s, target=target, body=body, key=0, backwards=back, scratch=None if back else ())
        return s

    def pops(self, loop: int) -> bool:
        """Does the reverse of the body of `loop` take values out of lists?"""
        lists = [v for v, buffer in self.buffers.items() if buffer.slot is None]
        return any(self.where.inside(self.defined[v].block, (loop, "body")) for v in lists)

    def _values(self, block: Block) -> Iterator[Stmt]:
        """What is defined in `block` and wanted in its reverse."""
        wanted = [v for v in self._provided_in(block) if not self.slots.free(v)]
        on_tape = [v for v in wanted if self._on_tape(v)]  # the last is on top
        yield from (Assign(self.given[v], self._fetch(v)) for v in reversed(on_tape))
        for v in (v for v in wanted if not self._on_tape(v)):
            d = self.defined[v]
            at = d.stmt.at if d.stmt is not None else self.f.at
            if v in self.kept:
                if v in self.buffers:
                    yield Assign(self.given[v], self._fetch(v), at)
                continue
            again = self.choice.again(v)
            assert again is not None
            yield Assign(self.given[v], self._expr(again, block), at)

    def _provided_in(self, block: Block) -> list[str]:
        """What of `block` is provided, in the order in which it is defined."""
        if self._by_block is None:
            self._by_block = {}
            for v in sorted(self.provided, key=lambda v: self.defined[v].order):
                self._by_block.setdefault(self.defined[v].block, []).append(v)
        return self._by_block.get(block, [])


def _dtype(t: object) -> str:
    if t == types.float64 or t is None:
        return ""
    if isinstance(t, types.Boolean):
        return "np.bool_"
    return f"np.{t}"
