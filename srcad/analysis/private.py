"""Arrays made before a loop that each of its iterations writes anew before it reads: scratch space.

    w = np.empty(n)
    for i in range(m):
        for j in range(n): w[j] = f(x[i], j)          every element of w is written, then
        for j in range(n): s += w[j] * w[0]           only elements of this iteration are read

Then no derivative flows from one iteration to another through the array: its shadow is zero before and after the
reverse of each. Proved only where a nest of loops over exactly the array's extents writes all of it, an element at a
time, of which more may be made before the next one's turn (w[j] = b[j], then w[j] += ...); or where one loop writes the
elements of a row in their order, and reads only earlier ones before (w[0] = a, then w[j] = w[j - 1] * x[j]).
"""

from __future__ import annotations

from collections.abc import Iterator

from srcad.analysis.alias import Aliases
from srcad.analysis.extents import MAKERS, Extents
from srcad.analysis.loops import is_natural
from srcad.analysis.places import Places
from srcad.ir import (
    ONE,
    ZERO,
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
    Stmt,
    Store,
    Tuple,
    Var,
    While,
    children,
    names,
    nodes,
    reads,
    walk,
)
from srcad.names import base


class Private:
    """Answers which classes of arrays are scratch space of a loop's iterations."""

    def __init__(self, where: Places, aliases: Aliases) -> None:
        self.where, self.aliases = where, aliases
        self.size = Extents(where, aliases).size
        self.members: dict[str, set[str]] = {}
        for v in where.definitions:
            group = aliases.of(v)
            if group is not None:
                self.members.setdefault(group, set()).add(v)

    def arrays(self, loop: For | While) -> tuple[str, ...]:
        """The names of the arrays that are scratch space of the iterations of `loop`."""
        stored = (n for s in walk(loop.body) if isinstance(s, Store) for n in names(s.array))
        groups = {g for n in stored if (g := self.aliases.of(n)) is not None}
        found = {base(n) for g in groups if self.private(g, loop) for n in self.members[g]}
        return tuple(sorted(found))

    def private(self, group: str, loop: For | While) -> bool:
        """Are the arrays of the class `group` one array, each element of which `loop` writes before it reads it?"""
        made = self._made(group)
        if made is None:
            return False
        return self._scan(loop.body, group, made, False)[0]

    def _made(self, group: str) -> tuple[Expr, ...] | None:
        """The extents of the one array that all names in the class stand for."""
        found: list[tuple[Expr, ...]] = []
        for v in self.members[group]:
            d = self.where.definitions[v]
            match d.stmt:
                case Assign(_, Var(name)) if name in self.members[group]:
                    continue
                case Assign(_, Apply(op, (shape, *_))) if op in MAKERS:
                    found.append(shape.items if isinstance(shape, Tuple) else (shape,))
                case _:
                    return None
        return tuple(map(self.size, found[0])) if len(found) == 1 else None

    # ------------------------------------------------------------------ written before read

    def _scan(self, body: Body, group: str, made: tuple[Expr, ...], written: bool) -> tuple[bool, bool]:
        """Does `body` write every element before it reads it, and are all elements written at its end?"""
        first = 0  # so many elements have been written one by one
        for s in body:
            if written or not self._mentions((s,), group):
                continue
            match s:
                case Store(Var(name), (Const(k),), value, None) if self.aliases.of(name) == group and k == first:
                    if not all(self._is_before(at, Const(k), k) for at in self._indices(value, group)):
                        return False, False
                    first += 1
                case For() if self._fills(s, group, made) or self._goes_on(s, group, made, first):
                    written = True
                case For() | While():
                    if self._reads_any(s, group) or not self._scan(s.body, group, made, False)[0]:
                        return False, False
                case If():
                    one, two = (self._scan(b, group, made, False) for b in (s.body, s.orelse))
                    if self._reads_any(s, group) or not (one[0] and two[0]):
                        return False, False
                    written = one[1] and two[1]
                case Store(_, _, _, None) | Assign() if not self._reads_any(s, group):
                    pass
                case _:
                    return False, False
        return True, written

    def _mentions(self, body: Body, group: str) -> bool:
        return any(self.aliases.of(n) == group for s in walk(body) for e in reads(s) for n in names(e))

    def _reads_any(self, s: Stmt, group: str) -> bool:
        """Does `s` itself read elements, or do something else than store one, name the array or ask for its shape?"""
        if isinstance(s, Assign) and isinstance(s.value, Var):
            return False
        values = (*s.index, s.value) if isinstance(s, Store) else reads(s)
        if isinstance(s, Store) and not isinstance(s.array, Var):
            return True
        return any(self._reads(e, group) for e in values)

    def _reads(self, e: Expr, group: str) -> bool:
        match e:
            case Field(Var(), "shape" | "size" | "ndim") | Apply("len", (Var(),)):
                return False
            case Item(Field(Var(), "shape"), _):
                return False
            case Var(name):
                return self.aliases.of(name) == group
        return any(self._reads(n, group) for n in nodes(e) if n is not e)

    def _fills(self, s: For, group: str, made: tuple[Expr, ...]) -> bool:
        """Does the nest of loops `s` store every element once, and do nothing else but with the element just stored?"""
        extents: dict[str, Expr] = {}
        loop: Stmt = s
        others: list[Stmt] = []
        while isinstance(loop, For) and not others:
            users = [t for t in loop.body if self._mentions((t,), group)]
            counted = loop.start == ZERO and loop.step == ONE and not loop.trips
            if not counted or not users or any(isinstance(t, Exit) for t in walk(loop.body)):
                return False
            extents[loop.target] = self.size(loop.stop)
            loop, *others = users
        match loop:
            case Store(Var(), index, _, None) if not self._reads_any(loop, group) and len(index) == len(made):
                filled = [extents.pop(i.name, None) if isinstance(i, Var) else None for i in index]
                whole = not extents and tuple(filled) == made
                return whole and all(at == index for t in walk(tuple(others)) for at in self._used(t, group))
        return False

    # ------------------------------------------------------------------ one after the other

    def _goes_on(self, s: For, group: str, made: tuple[Expr, ...], first: int) -> bool:
        """Does the loop `s` write the elements from the `first` on, in their order, and read only what it has written?

        Each iteration writes one of them, the next, and uses others before and after that as they have been written.
        """
        if len(made) != 1 or not isinstance(s.start, Const) or not isinstance(s.start.value, int):
            return False
        least, counted = s.start.value, s.step == ONE and not s.trips and self.size(s.stop) == made[0]
        if not counted or not 0 <= least <= first or any(isinstance(t, Exit) for t in walk(s.body)):
            return False
        place, there = Var(s.target), False
        for t in s.body:
            match t:
                case Store(Var(name), index, value, None) if self.aliases.of(name) == group and index == (place,):
                    used = self._indices(value, group)
                    writes_it = True
                case _:
                    used = (at for u in walk((t,)) for at in self._used(u, group))
                    writes_it = False
            if not all((there and at == (place,)) or self._is_before(at, place, least) for at in used):
                return False
            there = there or writes_it
        return there

    def _used(self, s: Stmt, group: str) -> Iterator[tuple[Expr, ...] | None]:
        """The elements that `s` itself uses, each by its indices; None where it uses the array otherwise."""
        if isinstance(s, Store):
            if isinstance(s.array, Var) and self.aliases.of(s.array.name) == group:
                yield s.index
            elif not isinstance(s.array, Var):
                yield from self._indices(s.array, group)
            given: tuple[Expr, ...] = (*s.index, s.value)
        else:
            given = reads(s)
        for e in given:
            yield from self._indices(e, group)

    def _indices(self, e: Expr, group: str) -> Iterator[tuple[Expr, ...] | None]:
        """The elements that `e` reads, each by its indices; None where it uses the array otherwise."""
        match e:
            case Item(Var(name), index) if self.aliases.of(name) == group:
                yield index
                for i in index:
                    yield from self._indices(i, group)
            case Field(Var(), "shape" | "size" | "ndim") | Apply("len", (Var(),)):
                return
            case Var(name):
                if self.aliases.of(name) == group:
                    yield None
            case _:
                for c in children(e):
                    yield from self._indices(c, group)

    def _is_before(self, at: tuple[Expr, ...] | None, place: Expr, least: int) -> bool:
        """Is the one index `at` known to be of an element before the one at `place`, which is at least `least`?"""
        match self.size(at[0]) if at is not None and len(at) == 1 else None:
            case Const(int(k)):
                return 0 <= k < least
            case Apply("-", (other, Const(int(k)))) if other == place:
                return 0 < k <= least
            case Var(name):
                d = self.where.definitions.get(name)
                match d.stmt if d is not None and d.kind == "index" else None:
                    case For(_, start, stop, step) if step == ONE:
                        return is_natural(start) and (stop == place or self._is_before((stop,), place, least))
                    case For(_, start, stop, Const(-1)) if stop in (Const(-1), ZERO):
                        return self._is_before((start,), place, least)
        return False
