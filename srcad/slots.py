"""Where what is kept of each iteration has its place: the loops that index a buffer, and how far they get.

    for t in range(n): for j in range(t, m): %1         %1 in a buffer of n by m places, at [t, j]

A value outside every loop whose name is not overwritten needs none. One inside loops has a place for each iteration of
those with which it changes (`analysis/varies.py`), if these count up or down by one, and if how far they may get can be
said before the outermost one. If not, it goes into a list; in functions that stay calls, onto the tape (`stack.py`).
"""

from __future__ import annotations

from dataclasses import replace

from numba.core import types

from srcad.analysis.dependence import affine
from srcad.analysis.extents import Extents, is_known
from srcad.analysis.places import ROOT, Block, Definition
from srcad.analysis.varies import Varies
from srcad.ir import (
    ONE,
    ZERO,
    Apply,
    Assign,
    Const,
    Expr,
    Field,
    For,
    Item,
    Select,
    Var,
    While,
    names,
    substitute,
    transform,
)
from srcad.names import base
from srcad.stack import Stack
from srcad.sweeps import Adjoint
from srcad.syntax import COMPARISONS
from srcad.types import is_array, is_reference


class Slots:
    """Answers for the versions of the forward sweep of `a`."""

    def __init__(self, a: Adjoint) -> None:
        self.where, self.types = a.where, a.forward.types
        self.stack = Stack(a)
        self.varies = Varies(a.where, a.aliases)
        self.extents = Extents(a.where, a.aliases)
        self.defined = self.where.definitions
        self.webs: dict[str, list[Definition]] = {}
        for d in self.defined.values():
            self.webs.setdefault(base(d.version), []).append(d)
        self._counted: dict[str, list[For] | None] = {}

    def free(self, v: str) -> bool:
        """Does the name of `v` hold its value whenever the reverse sweep wants it?"""
        d = self.defined[v]
        if d.kind == "index":
            return True
        if self.where.loops(d.block) or self.of_branch(v):
            return False
        return not any(
            w.phi is None and w.order > d.order and not self.where.exclusive(d.block, w.block)
            for w in self.webs[base(v)]
        )

    def of_branch(self, v: str) -> bool:
        """Is `v`, of a function that stays a call, had again only where the branch that defines it was taken?"""
        return not self.is_reference(v) and self.stack.of_branch(self.defined[v].block)

    def reassigned(self, v: str) -> bool:
        """Is the loop index `v` assigned again in the loop, by the loop's body or an inner loop?"""
        d = self.defined[v]
        return any(w.phi is None and w.version != v and self.where.inside(w.block, d.block) for w in self.webs[base(v)])

    def loops(self, v: str) -> list[For | While]:
        """The loops around `v` with which it changes."""
        changing = self.varies.loops(v)
        return [s for s in self.where.loops(self.defined[v].block) if s.key in changing]

    def counted(self, v: str) -> list[For] | None:
        """The loops with which `v` changes, if it can be kept in a buffer indexed by them.

        That is, if all are counted from outside the outermost loop around it.
        """
        if v not in self._counted:
            self._counted[v] = self._found(v)
        return self._counted[v]

    def _found(self, v: str) -> list[For] | None:
        block = self.defined[v].block
        every = self.where.loops(block)
        if not every or self.is_reference(v):
            return None
        loops = self.loops(v)
        out: list[For] = []
        outer = next(b for b in self.where.chain(block) if b != ROOT and b[0] == every[0].key)
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
            if self.where.parent[s.key, "body"] == home:
                start, stop = s.start, s.stop  # here and now
            elif _width(s) is not None and self.outside(s.start, home, 6) is None and self._moves_with(s.start, loops):
                start, stop = s.start, s.stop  # a band that moves with an outer loop
            else:
                start, stop = self._extreme(s.start, home, not up), self._extreme(s.stop, home, up)
            if start is None or stop is None or not all(self.free(n) for n in names(start) if n in self.defined):
                return None
            out.append(replace(s, start=start, stop=stop))
        return out

    def _moves_with(self, e: Expr, loops: list[For | While]) -> bool:
        """Does `e` change with none but these loops?"""
        keys = {s.key for s in loops}
        return all(self.varies.loops(n) <= keys for n in names(e) if n in self.defined)

    def _extreme(self, e: Expr, home: Block, most: bool, depth: int = 8) -> Expr | None:
        """What `e` is at most (or at least), in terms of what is known in `home`, whatever the loops inside are at."""
        known = self.outside(e, home, 6)
        if known is not None or not depth:
            return known
        match e:
            case Var(name) if name in self.defined:
                d = self.defined[name]
                match d.stmt:
                    case For(_, start, stop, step) as s if d.kind == "index" and not self.reassigned(name):
                        if step not in (ONE, Const(-1)) or s.trips:
                            return None
                        first = most != (step == ONE)
                        end = self._extreme(start if first else stop, home, most, depth - 1)
                        return end if first or end is None else summed("-" if step == ONE else "+", end, ONE)
                    case Assign(_, value) if d.kind == "assign" and self.is_int(name):
                        return self._extreme(value, home, most, depth - 1)
            case Apply("+" | "-" as op, (a, b)):
                left = self._extreme(a, home, most, depth - 1)
                right = self._extreme(b, home, most == (op == "+"), depth - 1)
                return None if left is None or right is None else summed(op, left, right)
        return None

    def outside(self, e: Expr, home: Block, depth: int) -> Expr | None:
        """`e` in terms of what is known in the body `home`, before the loop."""
        if not depth:
            return None
        return self._known_in(e, home, depth) or self._sized(e, home)

    def _sized(self, e: Expr, home: Block) -> Expr | None:
        """`e` by the extents of arrays known in `home`: those of a row are its array's."""
        size = self.extents.size(e)
        found = [n for n in names(size) if n in self.defined]
        there = all(self.where.inside(home, self.defined[n].block) and self.free(n) for n in found)
        return size if there and is_known(size) else None

    def _known_in(self, e: Expr, home: Block, depth: int) -> Expr | None:
        if not self._can_come_first(e):
            return None
        parts: dict[str, Expr] = {}
        for n in names(e):
            if n not in self.defined:
                continue
            d = self.defined[n]
            if self.where.inside(home, d.block):
                parts[n] = Var(n)
                continue
            if d.kind != "assign" or not isinstance(d.stmt, Assign) or not self.is_int(n):
                return None
            inner = self.outside(d.stmt.value, home, depth - 1)
            if inner is None:
                return None
            parts[n] = inner
        return substitute(e, lambda n: parts.get(n, Var(n)))

    def _can_come_first(self, e: Expr) -> bool:
        """Does `e` mean the same before a loop, and can it be computed there although the loop may not run?

        Elements and the lengths of lists may change in it, and be out of reach before it.
        """
        match e:
            case Const() | Var() | Item(Field(Var(), "shape"), (Const(),)) | Field(Var(), "size"):
                return True
            case Apply("len", (Var(name),)):
                return is_array(self.types.get(base(name)))
            case Apply("//" | "%", (a, Const(int(divisor)))):
                return divisor > 0 and self._can_come_first(a)
            case Apply("+" | "-" | "*" | "neg" | "min" | "max" | "abs", args):
                return all(map(self._can_come_first, args))
            case Select(test, yes, no):
                return all(map(self._can_come_first, (test, yes, no)))
            case Apply(op, args) if op in COMPARISONS:
                return all(map(self._can_come_first, args))
        return False

    def popped(self, v: str) -> bool:
        """If `v` is kept, is it in a list?"""
        return self.stack.takes(self.defined[v].block) or self.counted(v) is None

    def is_int(self, v: str) -> bool:
        return isinstance(self.types.get(base(v)), (types.Integer, types.Boolean))

    def is_reference(self, v: str) -> bool:
        return is_reference(self.types.get(base(v)))


def count(s: For) -> Expr:
    """How often a loop of step 1 or -1 runs, never negative."""
    width = _width(s)
    if width is not None:
        return Const(width)
    low, high = (s.start, s.stop) if s.step == ONE else (s.stop, s.start)
    low, high = unversioned(low), unversioned(high)
    if low == ZERO:
        return high if _is_size(high) else Apply("max", (high, ZERO))
    if isinstance(low, Const) and isinstance(high, Const):
        return Const(max(high.value - low.value, 0))
    return Apply("max", (summed("-", high, low), ZERO))


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


def summed(op: str, a: Expr, b: Expr) -> Expr:
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


def slot(s: For) -> Expr:
    """The place of an iteration of `s`, by versions: the two sweeps may have other names for its index."""
    index = Var(s.target)
    return summed("-", index, s.start) if s.step == ONE else summed("-", s.start, index)


def unversioned(e: Expr) -> Expr:
    """`e` in the forward sweep: no versions, no shadows."""

    def step(n: Expr) -> Expr:
        match n:
            case Var(name):
                return Var(base(name))
            case Item(array, index, _):
                return Item(array, index)
        return n

    return transform(e, step)
