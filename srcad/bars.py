"""What a part of the reverse sweep does to bars and shadows: which it starts, reads, adds to, and sets.

    for j:                         starts d_bar; reads s_bar and d_bar; adds to d_bar, x_bar and c_bar
        d_bar = 0.0
        d_bar += s_bar * d
        x_bar[j] += d_bar
        c_bar -= d_bar

Iterations that only read some outer bars and only add to others commute, up to rounding; and elements of a shadow
are an iteration's own where its index stands in each subscript.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from srcad.ir import (
    Append,
    Apply,
    Assign,
    Const,
    Expr,
    For,
    If,
    Invoke,
    Item,
    Stmt,
    Store,
    Var,
    is_pop,
    names,
    nodes,
    reads,
)
from srcad.names import base
from srcad.sweeps import Adjoint


@dataclass
class Uses:
    """Names of bars and shadows (and of other values in the reverse sweep)."""

    starts: set[str] = field(default_factory=set)  # made or zeroed where a body's reverse begins
    reads: set[str] = field(default_factory=set)
    adds: set[str] = field(default_factory=set)  # += and -=
    sets: set[str] = field(default_factory=set)  # other assignments; of shadows, any use but adding to an element
    stores: set[str] = field(default_factory=set)  # of `sets`: those that are not only read
    calls: bool = False


class Bars:
    """The bars and shadows of a reverse sweep."""

    def __init__(self, a: Adjoint) -> None:
        self.a = a
        self.primal = {b: p for p, b in a.bars.items()}
        self.moving = set(a.forward.shadows.values())  # the shadows that are values of the forward sweep
        self._known: dict[int, tuple[Stmt, Uses]] = {}
        self.groups: dict[str, set[str]] = {}
        for v in a.where.definitions:
            group = a.aliases.of(v)
            if group is not None:
                self.groups.setdefault(base(v), set()).add(group)

    def content(self, steps: Iterable[Stmt]) -> Iterator[tuple[Stmt, bool]]:
        """Every statement of the reverse sweep in `steps`; True for those that begin the reverse of a body."""
        for t in steps:
            yield t, False
            if isinstance(t, (If, For)) and t.key:
                for which in ("body", "orelse"):
                    inner = self.a.blocks.get((t.key, which))
                    if inner is not None and (which == "body" or isinstance(t, If)):
                        yield from ((u, True) for u in (*inner.shadows, *inner.bars))
                        yield from self.content(inner.steps)
            elif isinstance(t, If):
                yield from self.content((*t.body, *t.orelse))

    def uses(self, steps: Iterable[Stmt]) -> Uses:
        """What `steps` do, with all that is nested in them."""
        parts = [self._uses(t) for t in steps]
        if len(parts) == 1:
            return parts[0]
        found = Uses(calls=any(p.calls for p in parts))
        for p in parts:
            found.starts |= p.starts
            found.reads |= p.reads
            found.adds |= p.adds
            found.sets |= p.sets
            found.stores |= p.stores
        return found

    def _uses(self, step: Stmt) -> Uses:
        """What `step` does, found out once."""
        known = self._known.get(id(step))
        if known is None:
            known = self._known[id(step)] = step, self._found(step)  # holds the statement, so that no other has its id
        return known[1]

    def _found(self, step: Stmt) -> Uses:
        found = Uses()
        views: dict[str, set[str]] = {}  # what happens to a view happens to what it looks into
        for t, begins in self.content((step,)):
            match t:
                case Assign(target, value) if begins:
                    found.starts.add(target)
                    if self.is_shadow(target) and not _is_new(value):
                        views[target] = _under(value, views)
                        found.adds |= views[target]
                case Assign(target, Apply("+=" | "-=", (Var(same), value))) if same == target:
                    found.adds.add(target)
                    self._read(value, views, found)
                case Assign(target, value):
                    found.stores.add(target)
                    self._read(value, views, found)
                    if is_pop(value):
                        found.stores |= _under(value, views)
                case Append(lst, value):
                    found.stores |= _under(Var(lst), views)
                    self._read(value, views, found)
                case Store(array, index, value, op):
                    (found.stores if op is None else found.adds).update(_under(array, views))
                    for e in (*index, value):
                        self._read(e, views, found)
                case Invoke():
                    found.calls = True
                    found.stores |= {*t.targets, *(n for e in reads(t) for n in _under(e, views))}
                case _:
                    for e in reads(t):
                        self._read(e, views, found)
        found.sets |= found.stores
        return found

    def _read(self, e: Expr, views: dict[str, set[str]], found: Uses) -> None:
        for n in _under(e, views):
            (found.sets if self.is_shadow(n) else found.reads).add(n)

    def outer(self, uses: Uses) -> set[str]:
        """The bars and shadows that are used, but not started there."""
        return {n for n in uses.reads | uses.adds | uses.sets if n in self.primal or n in self.moving} - uses.starts

    def is_shadow(self, name: str) -> bool:
        return name in self.moving or self.primal.get(name) in self.groups

    def memory(self, bars: Iterable[str]) -> set[str]:
        """The classes of arrays that the shadows among `bars` belong to."""
        return {g for n in bars if n in self.primal for g in self.groups.get(self.primal[n], ())}

    # ------------------------------------------------------------------ the order of iterations

    def commute(self, loop: For) -> bool:
        """May the iterations of `loop`, a loop of the reverse sweep, be made in any order?"""
        uses = self.uses([loop])
        outer = self.outer(uses)
        if uses.calls or outer & self.moving or outer & uses.reads & uses.adds:
            return False
        changing = self.memory(uses.adds | uses.stores)
        for n in outer & uses.sets:
            only_read = n not in uses.stores and not self.memory([n]) & changing
            if not self.is_shadow(n) or not (only_read or self._own_elements(n, loop)):
                return False
        return True

    def _own_elements(self, shadow: str, loop: For) -> bool:
        """Has each iteration of `loop` elements of its own of everything that shares memory with `shadow`?"""
        if not _never_negative(loop):
            return False
        memory = self.memory([shadow])
        places: set[tuple[int, ...]] = set()
        for t, _ in self.content([loop]):
            subscripts = [(t.array, t.index)] if isinstance(t, Store) else []
            expressions = (*subscripts[0][1], t.value) if isinstance(t, Store) else reads(t)
            subscripts += [(n.base, n.index) for e in expressions for n in nodes(e) if isinstance(n, Item)]
            mentioned = {n for e in reads(t) for n in names(e) if self.memory([base(n)]) & memory}
            if isinstance(t, Assign) and self.memory([t.target]) & memory:
                return False  # another name, or a view
            mentions = sum(n == Var(shadow) for e in reads(t) for n in nodes(e))
            if mentions != sum(array == Var(shadow) for array, _ in subscripts):
                return False  # all of it at once
            for array, index in subscripts:
                if not mentioned & set(names(array)):
                    continue
                if array != Var(shadow):
                    return False
                places.add(tuple(d for d, i in enumerate(index) if i == Var(loop.target)))
            if mentioned - {shadow}:
                return False
        return bool(places) and bool(set.intersection(*(set(p) for p in places)))


def _under(e: Expr, views: dict[str, set[str]]) -> set[str]:
    """The names in `e`, and what they are views of."""
    mentioned = {base(n) for n in names(e)}
    return mentioned.union(*(views.get(n, ()) for n in mentioned))


def _is_new(value: Expr) -> bool:
    """Is a shadow that is made so memory of its own?"""
    return isinstance(value, Apply) and value.op in ("np.zeros", "np.zeros_like")


def _never_negative(loop: For) -> bool:
    """Are all indices of the loop known not to count from the end?"""
    match loop:
        case For(_, Const(int(start)), _, Const(int(step))) if step > 0:
            return start >= 0
        case For(_, _, Const(int(stop)), Const(int(step))) if step < 0:
            return stop >= -1
    return False
