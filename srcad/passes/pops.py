"""Lists that items are taken off, kept whole: their length is counted apart, so that nothing in them is lost.

    lst = []                ->      lst = [];  lst_count = 0
    lst.append(v)           ->      lst.append(v);  lst_count = lst_count + 1
    %1 = lst.pop()          ->      if lst_count == 0: raise IndexError(...)
                                    lst_count = lst_count - 1;  %1 = lst[lst_count]
    n = len(lst)            ->      n = lst_count
    while lst: ...          ->      while lst_count > 0: ...
    v = lst[-1]             ->      v = lst[lst_count - 1 if lst_count - 1 >= 0 else len(lst)]

Where an append may follow a pop, it stores over what was taken, or lengthens the list: both are known to reverse mode.
An index that is not within the count is made one that is not within the list, which raises an IndexError. A list that
has another name stays as it is, and is refused later. Needs: scalar code. Guarantees: no `.pop` of lists that are made,
appended to, measured, popped, and read and written by index only.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
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
    If,
    Item,
    Raise,
    Select,
    Slice,
    Stmt,
    Store,
    Var,
    While,
    bodies,
    map_bodies,
    map_exprs,
    names,
    reads,
    transform,
    writes,
)
from srcad.types import holds_arrays, is_list


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
        self.uses = {n: _Uses(other=holds_arrays(t)) for n, t in f.types.items() if is_list(t)}
        self.loops: set[int] = set()  # the blocks that are run again and again
        self._blocks = 0
        self._places = 0
        self._look(f.body, (0,))
        for n in (*names(f.result), *f.params):
            self._other(n)
        taken = {n: u for n, u in self.uses.items() if u.popped and not u.other}
        self.counts = {n: self.b.new("count" if n.startswith("%") else f"{n}_count", types.int64) for n in taken}
        self.regrowing = {place for u in taken.values() for place in self._regrowing(u)}
        self._places = 0

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
                case Assign(target, Apply(".pop", (Var(lst),))) if lst in self.uses:
                    self.uses[lst].popped.append(place)
                    self._other(target)
                    read = []
                case Append(lst, value):
                    self.uses[lst].appended.append(place)
                    read = [value]
                case Store(Var(lst), (i,), value) if lst in self.uses and not isinstance(i, Slice):
                    read = [i, value]
                case Assign(target, value):
                    self._other(target)
                    read = [value]
                case _:
                    for n in writes(s):
                        self._other(n)
                    read = list(reads(s))
            for e in read:
                counts: dict[str, Expr] = dict.fromkeys(self.uses, ZERO)
                for n in names(_by_count(e, counts, lambda lst, i: i, isinstance(s, (If, While)))):
                    self._other(n)
            for inner in bodies(s):
                self._blocks += 1
                if isinstance(s, (For, While)):
                    self.loops.add(self._blocks)
                self._look(inner, (*blocks, self._blocks))

    def _regrowing(self, u: _Uses) -> Iterator[int]:
        """The appends that may follow a pop, with the list not made anew between them."""
        for after, a in u.appended:
            if any(self._may_follow(after, a, before, p, u) for before, p in u.popped):
                yield a

    def _may_follow(self, after: tuple[int, ...], a: int, before: tuple[int, ...], p: int, u: _Uses) -> bool:
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
            self._places += 1
            self.b.at = s.at
            counts: dict[str, Expr] = {lst: Var(n) for lst, n in self.counts.items()}
            test = isinstance(s, (If, While))
            self._statement(map_exprs(s, lambda e: _by_count(e, counts, self._item, test)))  # noqa: B023
        return self.b.taken(old)

    def _item(self, lst: str, i: Expr) -> Expr:
        return Item(Var(lst), (self._within(lst, i),))

    def _within(self, lst: str, i: Expr) -> Expr:
        """The index `i` into the items that are left; of those taken off, one that is out of range."""
        count, outside = Var(self.counts[lst]), Apply("len", (Var(lst),))

        def from_end(i: Expr) -> Expr:
            start = Apply("-", (count, Const(-i.value))) if isinstance(i, Const) else Apply("+", (count, i))
            return Select(Apply(">=", (start, ZERO)), start, outside)

        if isinstance(i, Const) and i.value < 0:
            return from_end(i)
        there = Select(Apply("<", (i, count)), i, outside)
        return there if isinstance(i, Const) else Select(Apply(">=", (i, ZERO)), there, from_end(i))

    def _statement(self, s: Stmt) -> None:
        match s:
            case Assign(target, Array(items, True)) if target in self.counts:
                self.b.add(s)
                self.b.assign(self.counts[target], Const(len(items)))
            case Append(lst) if lst in self.counts:
                self._append(s)
            case Store(Var(lst), (i,)) if lst in self.counts:
                self.b.add(replace(s, index=(self._within(lst, i),)))
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
        if self._places in self.regrowing:
            length = self.b.emit(Apply("len", (Var(s.list),)), types.int64)
            old = self.b.block()
            self.b.store(Var(s.list), (Var(count),), s.value)
            self.b.branch(Apply("<", (Var(count), length)), self.b.taken(old), (s,))
        else:
            self.b.add(s)
        self.b.assign(count, Apply("+", (Var(count), ONE)))


def _by_count(e: Expr, counts: Mapping[str, Expr], item: Callable[[str, Expr], Expr], test: bool) -> Expr:
    """`e` with the lengths of lists, and the truth of lists in a `test`, by their counts; and an `item` for theirs."""

    def truth(e: Expr) -> Expr:
        match e:
            case Var(lst) if lst in counts:
                return Apply(">", (counts[lst], ZERO))
            case Apply("and" | "or" | "not", args):
                return replace(e, args=tuple(map(truth, args)))
        return e

    def known(e: Expr) -> Expr:
        match e:
            case Apply("len", (Var(lst),)) if lst in counts:
                return counts[lst]
            case Item(Var(lst), (i,)) if lst in counts and not isinstance(i, Slice):
                return item(lst, i)
        return e

    return transform(truth(e) if test else e, known)


def _common(a: tuple[int, ...], b: tuple[int, ...]) -> tuple[int, ...]:
    """The blocks around both places."""
    same = 0
    while same < min(len(a), len(b)) and a[same] == b[same]:
        same += 1
    return a[:same]


def _holds(outer: tuple[int, ...], inner: tuple[int, ...]) -> bool:
    """Is whatever stands in the block `inner` behind what stands in `outer`, an outer block or the same?"""
    return inner[: len(outer)] == outer
