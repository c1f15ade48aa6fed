"""Lists that items are taken off, kept whole: their length is counted apart, so that nothing in them is lost.

    lst = []                ->      lst = [];  lst_count = 0
    lst.append(v)           ->      lst.append(v);  lst_count = lst_count + 1
    %1 = lst.pop()          ->      if lst_count == 0: raise IndexError(...)
                                    lst_count = lst_count - 1;  %1 = lst[lst_count]
    n = len(lst)            ->      n = lst_count

Where an append may follow a pop, it stores over what was taken, or lengthens the list: both are known to reverse mode.
A list that has another name, or whose items are read by index, stays as it is, and is refused later. Needs: scalar
code. Guarantees: no `.pop` of lists that are made, appended to, measured and popped only.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from numba.core import types

from srcad.build import Builder
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
    For,
    Function,
    Item,
    Raise,
    Stmt,
    Var,
    While,
    bodies,
    map_bodies,
    map_exprs,
    names,
    reads,
    transform,
)
from srcad.types import is_list


def pops(f: Function) -> Function:
    """`f` with lists that only grow."""
    return _Pops(f).function()


@dataclass
class _Uses:
    """Where in the code a list is made, appended to and popped: the blocks around each place, and its number."""

    made: list[tuple[tuple[int, ...], int]] = field(default_factory=list)
    appended: list[tuple[tuple[int, ...], int]] = field(default_factory=list)
    popped: list[tuple[tuple[int, ...], int]] = field(default_factory=list)
    other: bool = False


class _Pops:
    def __init__(self, f: Function) -> None:
        self.f, self.b = f, Builder(f)
        self.uses = {n: _Uses() for n, t in f.types.items() if is_list(t)}
        self.loops: set[int] = set()  # the blocks that are run again and again
        self._blocks = 0
        self._places = 0
        self._look(f.body, (0,))
        for n in names(f.result):
            self._other(n)
        taken = {n: u for n, u in self.uses.items() if u.popped and not u.other}
        self.counts = {n: self.b.new("count" if n.startswith("%") else f"{n}_count", types.int64) for n in taken}
        self.regrown = {n for n, u in taken.items() if self._regrows(u)}

    def function(self) -> Function:
        if not self.counts:
            return self.f
        body = self.body(self.f.body)
        return replace(self.f, body=body, types=self.b.types)

    # ------------------------------------------------------------------ how lists are used

    def _other(self, name: str) -> None:
        if name in self.uses:
            self.uses[name].other = True

    def _look(self, body: Body, blocks: tuple[int, ...]) -> None:
        for s in body:
            self._places += 1
            place = blocks, self._places
            match s:
                case Assign(target, Array(items, True)) if target in self.uses:
                    self.uses[target].made.append(place)
                    read: list[Expr] = list(items)
                case Assign(_, Apply(".pop", (Var(lst),))) if lst in self.uses:
                    self.uses[lst].popped.append(place)
                    read = []
                case Append(lst, value):
                    self.uses[lst].appended.append(place)
                    read = [value]
                case Assign(target, value):
                    self._other(target)
                    read = [value]
                case _:
                    read = list(reads(s))
            for e in read:
                for n in names(transform(e, lambda e: ZERO if _length_of(e) in self.uses else e)):
                    self._other(n)
            for inner in bodies(s):
                self._blocks += 1
                if isinstance(s, (For, While)):
                    self.loops.add(self._blocks)
                self._look(inner, (*blocks, self._blocks))

    def _regrows(self, u: _Uses) -> bool:
        """May an append follow a pop, with the list not made anew between them?"""
        for before, p in u.popped:
            for after, a in u.appended:
                around = _common(before, after)
                if p < a and not any(p < m < a and _holds(made, after) for made, m in u.made):
                    return True
                for k in (k for k, block in enumerate(around) if block in self.loops):
                    inside = (m for made, m in u.made if _holds(made, around) and len(made) > k)
                    if not any(m < min(p, a) for m in inside):  # what an earlier iteration took off
                        return True
        return False

    # ------------------------------------------------------------------ statements

    def body(self, body: Body) -> Body:
        old = self.b.block()
        for s in body:
            self.b.at = s.at
            self._statement(map_exprs(s, self._measured))
        return self.b.taken(old)

    def _measured(self, e: Expr) -> Expr:
        return transform(e, lambda e: Var(self.counts[n]) if (n := _length_of(e)) in self.counts else e)

    def _statement(self, s: Stmt) -> None:
        match s:
            case Assign(target, Array(items, True)) if target in self.counts:
                self.b.add(s)
                self.b.assign(self.counts[target], Const(len(items)))
            case Append(lst) if lst in self.counts:
                self._append(s)
            case Assign(target, Apply(".pop", (Var(lst),))) if lst in self.counts:
                count = self.counts[lst]
                error = Raise(Apply("IndexError", (Const("pop from empty list"),)), s.at)
                self.b.branch(Apply("==", (Var(count), ZERO)), (error,))
                self.b.assign(count, Apply("-", (Var(count), ONE)))
                self.b.assign(target, Item(Var(lst), (Var(count),)))
            case _:
                self.b.add(map_bodies(s, self.body))

    def _append(self, s: Append) -> None:
        count = self.counts[s.list]
        if s.list in self.regrown:
            length = self.b.emit(Apply("len", (Var(s.list),)), types.int64)
            old = self.b.block()
            self.b.store(Var(s.list), (Var(count),), s.value)
            self.b.branch(Apply("<", (Var(count), length)), self.b.taken(old), (s,))
        else:
            self.b.add(s)
        self.b.assign(count, Apply("+", (Var(count), ONE)))


def _length_of(e: Expr) -> str:
    match e:
        case Apply("len", (Var(name),)):
            return name
    return ""


def _common(a: tuple[int, ...], b: tuple[int, ...]) -> tuple[int, ...]:
    """The blocks around both places."""
    same = 0
    while same < min(len(a), len(b)) and a[same] == b[same]:
        same += 1
    return a[:same]


def _holds(outer: tuple[int, ...], inner: tuple[int, ...]) -> bool:
    """Is whatever stands in the block `inner` behind what stands in `outer`, an outer block or the same?"""
    return inner[: len(outer)] == outer
