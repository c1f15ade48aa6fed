"""Elements of shadows that a loop adds to again and again: added up in a scalar first.

    for j in range(n):                          x_bar_sum = 0.0
        x_bar[i] += a_bar[j] * w[i, j]   ->     for j in range(n):
                                                    x_bar_sum += a_bar[j] * w[i, j]
                                                if n > 0:
                                                    x_bar[i] += x_bar_sum

An element waits for its last value to arrive in memory, a scalar stays in a register; and the sum, which has no order,
can be made of several terms at once (`sums.py`). Only elements of one place, of memory that the loop does not touch
otherwise, in every iteration. Where the loop has none, the element may not exist: so the test.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

from numba.core.types import float64

from srcad.analysis.alias import Aliases
from srcad.ir import (
    ZERO,
    Apply,
    Assign,
    Body,
    Const,
    Expr,
    For,
    Function,
    If,
    Item,
    Slice,
    Stmt,
    Store,
    Var,
    bindings,
    map_bodies,
    mentioned,
    names,
    nodes,
    reads,
    walk,
    writes,
)
from srcad.names import Names
from srcad.types import is_array


def partial_sums(f: Function) -> Function:
    """`f` with such sums. The arrays of an external function may be one memory by several names: none there."""
    return f if f.external else _Summing(f).function()


@dataclass
class _Place:
    """An element of an array that a loop adds to, and where in the loop's body it does."""

    array: str
    index: tuple[Expr, ...]
    steps: list[int] = field(default_factory=list)


class _Summing:
    def __init__(self, f: Function) -> None:
        self.f = f
        self.made: dict[str, Any] = {}  # the types of the sums

    @cached_property
    def aliases(self) -> Aliases:
        return Aliases(self.f)

    @cached_property
    def names(self) -> Names:
        return Names({*self.f.params, *mentioned(self.f.body)})

    def function(self) -> Function:
        body = self._body(self.f.body)
        return replace(self.f, body=body, sums=self.f.sums | self.made.keys(), types=self.f.types | self.made)

    def _body(self, body: Body) -> Body:
        out: list[Stmt] = []
        for s in body:
            inner = map_bodies(s, self._body)
            out += self._loop(inner) if isinstance(inner, For) else (inner,)
        return tuple(out)

    def _loop(self, s: For) -> tuple[Stmt, ...]:
        """The loop `s` with its sums made in scalars, and what stands before and after it."""
        runs = _runs(s)
        if runs is None or set(bindings((s,))) & set(names(runs)):
            return (s,)
        before: list[Stmt] = []
        after: list[Stmt] = []
        body = list(s.body)
        for place in self._places(s):
            first = body[place.steps[0]]
            assert isinstance(first, Store)
            total = self.names.fresh(f"{place.array}_sum")
            self.made[total] = float64
            for k in place.steps:
                step = body[k]
                assert isinstance(step, Store)
                body[k] = Assign(total, Apply(f"{step.op}=", (Var(total), step.value)), step.at)
            before.append(Assign(total, Const(0.0), first.at))
            after.append(Store(Var(place.array), place.index, Var(total), "+", at=first.at))
        if not before:
            return (s,)
        end = tuple(after) if runs == Const(True) else (If(runs, tuple(after), at=after[0].at),)
        return (*before, replace(s, body=tuple(body)), *end)

    def _places(self, s: For) -> list[_Place]:
        """The elements that every iteration of `s` adds to, and that it does not touch otherwise."""
        bound = set(bindings((s,)))
        found: dict[str, _Place] = {}
        for k, t in enumerate(s.body):
            match t:
                case Store(Var(array), index, _, "+" | "-") if array in self.f.sums:
                    kind: Any = self.f.types.get(array)
                    element = is_array(kind) and len(index) == kind.ndim
                    if element and all(_is_plain(i) and not bound & set(names(i)) for i in index):
                        found.setdefault(array, _Place(array, index)).steps.append(k)
        return [p for p in found.values() if self._alone(p, s)]

    def _alone(self, place: _Place, s: For) -> bool:
        """Does nothing in `s` but these steps touch the memory of the array?"""
        steps = {id(s.body[k]) for k in place.steps}
        group = self.aliases.of(place.array)
        for t in walk((s,)):
            own = isinstance(t, Store) and id(t) in steps
            if own and t.index != place.index:  # type: ignore[union-attr]
                return False
            used = [n for e in reads(t) for n in names(e)] + list(writes(t))
            used.remove(place.array) if own else None
            if any(n == place.array or (is_array(self.f.types.get(n)) and self.aliases.of(n) == group) for n in used):
                return False
        return True


def _is_plain(e: Expr) -> bool:
    """Is `e` an int that is read from no memory?"""
    return not any(isinstance(n, (Item, Slice)) for n in nodes(e))


def _runs(s: For) -> Expr | None:
    """The condition that the loop `s` has an iteration; None if its step is no constant."""
    match s:
        case For(_, Const(int(start)), Const(int(stop)), Const(int(step))):
            return Const(len(range(start, stop, step)) > 0) if step else None
        case For(_, start, stop, Const(int(step))) if step:
            if start == ZERO and step > 0:
                return Apply(">", (stop, ZERO))
            return Apply(">" if step > 0 else "<", (stop, start))
    return None
