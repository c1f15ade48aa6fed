"""Indices of lists held against their length: outside they raise, as in Python, whatever else becomes of the item.

    v = [x, y]                    v = [x, y]
    s = v[0] * v[k]       ->      if k < -len(v) or k >= len(v):
                                      raise IndexError("list index out of range")
                                  s = v[0] * v[k]

Compiled code checks the indices of lists, but not those of their shadows, which are arrays; and what nobody asks for
is never read. What is known to be inside is left as it is: the counter of a loop over the list, and a constant below
the number of items that the list is sure to have. Needs: scalar code, in which lists are made by appends alone.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from srcad.analysis.alias import Aliases
from srcad.analysis.loops import counters
from srcad.analysis.stacks import shared
from srcad.errors import Location
from srcad.ir import (
    Append,
    Apply,
    Array,
    Assign,
    Body,
    Const,
    Exit,
    Expr,
    For,
    Function,
    If,
    Item,
    Raise,
    Select,
    Stmt,
    Store,
    Var,
    While,
    bindings,
    is_pop,
    walk,
    writes,
)
from srcad.types import is_float, is_list

Least = dict[str, int]  # how many items a list is sure to have


def bounds(f: Function) -> Function:
    """`f` with the indices of its lists of floats checked."""
    if not any(map(_is_of_floats, f.types.values())):
        return f
    return replace(f, body=_Bounds(f).body(f.body, {}))


class _Bounds:
    def __init__(self, f: Function) -> None:
        self.types, self.aliases = f.types, Aliases(f)
        bound = Counter(bindings(f.body))
        once = [s for s in walk(f.body) if all(bound[n] == 1 for n in writes(s))]
        self.known = {s.target: s.value for s in once if isinstance(s, Assign)}
        self.counters = counters(f)
        self.loops = {s.target: s for s in walk(f.body) if isinstance(s, For) and s.target in self.counters}
        assigned = [s for s in walk(f.body) if isinstance(s, Assign)]
        made = Counter(self._group(s.target) for s in assigned if _is_display(s.value))
        shorter = {self._group(s.value.args[0].name) for s in assigned if is_pop(s.value)}  # type: ignore[union-attr]
        shorter |= shared(f, self.aliases)
        self.growing = {g for g, count in made.items() if count == 1} - shorter  # one list each, that only grows

    def _group(self, lst: str) -> str:
        return self.aliases.of(lst) or lst

    def body(self, body: Body, least: Least) -> Body:
        """`body` with checks. What it is sure to append is added to `least`."""
        out: list[Stmt] = []
        for s in body:
            out += self._checks(s, least)
            match s:
                case If(_, then, orelse):
                    one, two = dict(least), dict(least)
                    s = replace(s, body=self.body(then, one), orelse=self.body(orelse, two))
                    least |= {g: min(one.get(g, 0), two.get(g, 0)) for g in {*one, *two}}
                case For(_, Const(start), Const(stop), Const(1)) if not any(isinstance(t, Exit) for t in walk(s.body)):
                    inside = dict(least)
                    s = replace(s, body=self.body(s.body, inside))
                    least |= {g: n + max(stop - start, 0) * (inside[g] - n) for g, n in least.items()}
                case For() | While():
                    s = replace(s, body=self.body(s.body, dict(least)))
                case Assign(target, Array(items)) if self._group(target) in self.growing:
                    least[self._group(target)] = len(items)
                case Append(lst) if self._group(lst) in least:
                    least[self._group(lst)] += 1
            out.append(s)
        return tuple(out)

    # ------------------------------------------------------------------ checks

    def _checks(self, s: Stmt, least: Least) -> Iterator[Stmt]:
        match s:
            case Assign(_, value):
                for lst, index, when in _items(value):
                    yield from self._check(lst, index, when, least, "list index out of range", s.at)
            case Store(Var(lst), (index,)):
                yield from self._check(lst, index, (), least, "list assignment index out of range", s.at)

    def _check(
        self, lst: str, index: Expr, when: tuple[Expr, ...], least: Least, why: str, at: Location
    ) -> Iterator[Stmt]:
        if not _is_of_floats(self.types.get(lst)) or self._is_inside(lst, index, least):
            return
        length = Apply("len", (Var(lst),))
        match index:
            case Const(int(i)) if i < 0:
                outside = Apply("<", (length, Const(-i)))
            case _ if self._is_natural(index):
                outside = Apply(">=", (index, length))
            case _:
                outside = Apply("or", (Apply("<", (index, Apply("neg", (length,)))), Apply(">=", (index, length))))
        for condition in reversed(when):
            outside = Apply("and", (condition, outside))
        yield If(outside, (Raise(Apply("IndexError", (Const(why),)), at),), at=at)

    def _is_inside(self, lst: str, index: Expr, least: Least) -> bool:
        group = self._group(lst)
        if group not in self.growing:
            return False
        sure = least.get(group, 0)
        match index:
            case Const(int(i)):
                return -sure <= i < sure
            case Var(name) if name in self.counters:
                stop = self.loops[name].stop
                stop = self.known.get(stop.name, stop) if isinstance(stop, Var) else stop
                match stop:
                    case Const(int(n)):
                        return n <= sure
                    case Apply("len", (Var(other),)):
                        return self._group(other) == group
        return False

    def _is_natural(self, index: Expr) -> bool:
        """Is `index` never negative?"""
        match index:
            case Const(int(i)):
                return i >= 0
            case Var(name):
                return name in self.counters
        return False


def _is_of_floats(t: Any) -> bool:
    return is_list(t) and is_float(t.dtype)


def _is_display(e: Expr) -> bool:
    return isinstance(e, Array) and e.is_list


def _items(e: Expr, when: tuple[Expr, ...] = ()) -> Iterator[tuple[str, Expr, tuple[Expr, ...]]]:
    """The items in `e` that have one index: what of, the index, and the conditions under which they are read."""
    match e:
        case Select(test, yes, no):
            parts = [(test, when), (yes, (*when, test)), (no, (*when, Apply("not", (test,))))]
        case Apply("and" | "or" as op, (first, *rest)):
            parts = [(first, when)]
            for other in rest:
                when = (*when, first if op == "and" else Apply("not", (first,)))
                parts.append((other, when))
                first = other
        case Apply(_, args):
            parts = [(a, when) for a in args]
        case Item(Var(lst), (index,)):
            yield lst, index, when
            parts = [(index, when)]
        case _:
            parts = []
    for part, conditions in parts:
        yield from _items(part, conditions)
