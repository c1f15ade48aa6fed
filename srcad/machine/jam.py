"""Iterations that meet only in sums, or in a part of the body, four at a time: what people read stays as it is.

    for i in range(n):                    for i in range(0, rest, 4):
        s = 0.0                               s = 0.0; s_1 = 0.0; ...
        for j in range(m):                    for j in range(m):
            s += w[j] * x[i, j]    ->             s += w[j] * x[i, j]
        ...                                       s_1 += w[j] * x[i + 1, j]
                                                  ...
                                          for i in range(rest, n): ...

This is unroll-and-jam (Allen and Cocke, A catalogue of optimizing transformations, 1972; Callahan, Carr and Kennedy,
Improving register allocation for subscripted variables, 1990), which the machine's compiler does not do to such loops.
What several iterations read is read once, and sums that wait for their own last step wait side by side.

Which loops these are, `independent` says. A value that depends neither on i nor on what does is the same for all four,
and stays one. Inner loops that run alike, also over rows of one array, are run once for all four; others, and branches
that may differ, one after the other.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import replace
from typing import Any

from numba.core import types

from srcad.analysis.exposed import exposed
from srcad.ir import (
    AXIS,
    Apply,
    Assign,
    Body,
    Const,
    Expr,
    Field,
    For,
    Function,
    If,
    Item,
    Note,
    Stmt,
    Store,
    Var,
    While,
    bindings,
    map_bodies,
    map_each,
    mentioned,
    names,
    rename,
    substitute,
    transform,
    walk,
    writes,
)
from srcad.machine.independent import Independent, Loop
from srcad.machine.rows import with_rows
from srcad.machine.sums import added_term
from srcad.names import Names, is_saved
from srcad.types import is_array

TOGETHER = 4  # iterations
FEWER = 2  # of longer bodies
STATEMENTS = 400  # in a body, with the copies
VALUES = 64  # computed in the body of an inner loop, with the copies: more have to leave the registers
LEAST = 32  # iterations that are worth memory of their own


def jam(f: Function, bare: bool = False) -> Function:
    """`f` with several iterations at a time in loops where that is the same; a `bare` one allocates nothing."""
    if not any(isinstance(s, For) and s.scratch is not None for s in walk(f.body)):
        return f
    jammer = _Jammer(f, bare)
    made = jammer.function()
    return made if jammer.lanes else f


class _Jammer:
    def __init__(self, f: Function, bare: bool) -> None:
        self.bare = bare
        self.names = Names({*mentioned(f.body), *f.params})
        self.types, self.sums = dict(f.types), set(f.sums)
        self.after = set(names(f.result)) if f.result is not None else set()
        self.f = replace(f, body=self._apart(_over_rows(f), self.after, set()))
        self.independent = Independent(self.f)
        self.lanes: list[tuple[tuple[str, ...], ...]] = []

    def function(self) -> Function:
        body = self._body(self.f.body, self.after, set())
        return replace(self.f, body=body, types=self.types, sums=frozenset(self.sums), lanes=tuple(self.lanes))

    def _body(self, body: Body, after: set[str], exits: set[str]) -> Body:
        """`body`, behind which, and behind a loop that it leaves, these names are read."""
        out: list[Stmt] = []
        for s in reversed(body):
            before = exposed((s,), after, exits)
            match s:
                case For() if (found := self.independent.loop(s, after)) is not None and (copies := _copies(found)):
                    out += reversed(self._written(found, copies))
                case For() | While():
                    out.append(replace(s, body=self._body(s.body, before, before)))
                case If():
                    then, orelse = self._body(s.body, after, exits), self._body(s.orelse, after, exits)
                    out.append(replace(s, body=then, orelse=orelse))
                case _:
                    out.append(s)
            after = before
        return tuple(reversed(out))

    def _apart(self, body: Body, after: set[str], exits: set[str], often: Counter[str] | None = None) -> Body:
        """`body` with names of their own in each loop inside those that may qualify: what varies is told by name.

        Those are names that are bound elsewhere too, of which `often` has how often, and that no value comes in or
        leaves by. Behind `body`, and behind a loop that it leaves, the names `after` and `exits` are read.
        """
        out: list[Stmt] = []
        for s in reversed(body):
            before = exposed((s,), after, exits)
            match s:
                case For() | While():
                    inside = often
                    if inside is None and isinstance(s, For) and s.scratch is not None:
                        inside = Counter(bindings(s.body))
                    s = replace(s, body=self._apart(s.body, before, before, inside))
                    s = s if often is None else self._own(s, after | before, often)
                case If():
                    then, orelse = (self._apart(b, after, exits, often) for b in (s.body, s.orelse))
                    s = replace(s, body=then, orelse=orelse)
            out.append(s)
            after = before
        return tuple(reversed(out))

    def _own(self, s: For | While, others: set[str], often: Counter[str]) -> Stmt:
        """The loop `s` with other names for what it binds, but for those of `others` and what is bound here alone."""
        here = Counter(bindings((s,)))
        known = {n: self._named(n) for n, count in here.items() if n not in others and often[n] > count}
        return _copy(s, known)

    # ------------------------------------------------------------------ several at a time

    def _written(self, found: Loop, copies: int) -> list[Stmt]:
        alone, made = found.loop, dict[str, Expr]()
        if copies == TOGETHER and not self.bare:
            found, made = with_rows(found, self.independent.aliases, self._typed)
        s = found.loop
        renamed = [{n: self._named(n) for n in sorted(found.vary - {s.target})} for _ in range(copies)]
        for known in renamed[1:]:
            known[s.target] = self._typed(s.target, types.int64)
        self.lanes.append(tuple(tuple(known.get(n, n) for known in renamed) for n in sorted(found.vary)))
        arrays = [
            Assign(known[n], made[n], s.at) if n in made else self._another(n, known[n], s)
            for n in found.own
            if n in found.vary
            for known in renamed
        ]
        later = [
            Assign(known[s.target], Apply("+", (Var(s.target), Const(k))), s.at)
            for k, known in enumerate(renamed[1:], 1)
        ]
        count = Apply("-", (s.stop, s.start)) if s.start != Const(0) else s.stop
        left = Apply("-", (s.stop, Apply("%", (count, Const(copies)))))
        rest = self._typed("rest", types.int64)
        start, stop = found.turn
        turn = s.body[start:stop]
        body = (
            *later,
            *self._several(s.body[:start], found, renamed),
            *(_copy(t, known) for known in renamed for t in turn),
            *self._several(s.body[stop:], found, renamed),
        )
        first = replace(s, stop=Var(rest), step=Const(copies), body=body, scratch=None)
        return [
            Assign(rest, s.start, s.at),
            If(
                Apply(">=", (count, Const(LEAST))),
                (Assign(rest, Apply("max", (s.start, left)), s.at), *arrays, first),
                at=s.at,
            ),
            replace(alone, start=Var(rest), scratch=None),
        ]

    def _typed(self, name: str, kind: Any) -> str:
        """A new name like `name`, of something of a type."""
        name = self.names.fresh(name)
        self.types[name] = kind
        return name

    def _named(self, name: str) -> str:
        """A name for another iteration's `name`."""
        made = self.names.fresh(re.sub(r"_\d+$", "", name) if is_saved(name) else name)
        if name in self.types:
            self.types[made] = self.types[name]
        if name in self.sums:
            self.sums.add(made)
        return made

    def _another(self, name: str, own: str, s: For) -> Stmt:
        """`own`, an array as `name`."""
        (made,) = self.independent.made[name]
        assert isinstance(made, Assign)
        still = all(len(self.independent.made.get(n, ())) < 2 for n in names(made.value))
        value = made.value if is_saved(name) and still else Apply(".copy", (Var(name),))
        return Assign(own, value, s.at)

    def _several(self, body: Body, found: Loop, renamed: list[dict[str, str]]) -> Body:
        """`body` for all iterations at once, statement by statement."""
        out: list[Stmt] = []
        for s in body:
            if isinstance(s, (If, For)) and found.together(s):
                out.append(map_bodies(s, lambda b: self._several(b, found, renamed)))
            elif self._is_alike(s, found):
                out.append(s)
            elif (term := self._term(s, found)) is not None:
                out.append(_adding(s, _in_pairs([_renamed(term, known) for known in renamed])))
            else:
                out += (_copy(s, known) for known in renamed)
        return tuple(out)

    def _term(self, s: Stmt, found: Loop) -> Expr | None:
        """What `s` adds, or takes off, if all iterations do so to one place, in no order."""
        match s:
            case Store(Var(array), index, term, "+" | "-") if self.independent.aliases.of(array) in found.unordered:
                return None if any(n in found.vary for e in index for n in names(e)) else term
            case Assign(target) if target in found.unordered:
                return added_term(s)
        return None

    def _is_alike(self, s: Stmt, found: Loop) -> bool:
        """Is `s` once for all the same as once for each?"""
        group = self.independent.aliases.of
        match s:
            case Note():
                return True
            case Assign(target):
                return target not in found.vary | found.sums
            case Store(Var(array)):
                scratch = group(array) in {group(n) for n in found.own}
                return scratch and not _mentions((s,), found.vary)
        return False


def _copy(s: Stmt, known: Mapping[str, str]) -> Stmt:
    """`s` with the names of another iteration."""
    (made,) = rename((s,), lambda n: known.get(n, n))
    return made


def _renamed(e: Expr, known: Mapping[str, str]) -> Expr:
    return substitute(e, lambda n: Var(known.get(n, n)))


def _in_pairs(terms: Sequence[Expr]) -> Expr:
    """The sum of an even number of `terms`: the first half is added to the second one, and so on, as vectors do."""
    while len(terms) > 1:
        half = len(terms) // 2
        terms = [Apply("+", pair) for pair in zip(terms[:half], terms[half:], strict=True)]
    return terms[0]


def _adding(s: Stmt, term: Expr) -> Stmt:
    """`s`, a step of a sum, with another term."""
    match s:
        case Store():
            return replace(s, value=term)
        case Assign(_, Apply(op, (total, _))):
            return replace(s, value=Apply(op, (total, term)))
    raise AssertionError(s)


# ---------------------------------------------------------------------------------------------- of rows


def _over_rows(f: Function) -> Body:
    """The body of `f`, in which loops over rows ask for the extents of what these are rows of."""
    rows = _rows(f)

    def extent(e: Expr) -> Expr:
        match e:
            case Apply("len", (Var(n),)) if n in rows:
                return _extent(*rows[n])
            case Field(Var(n), "size") if n in rows and f.types[n].ndim == 1:
                return _extent(*rows[n])
            case Item(Field(Var(n), "shape"), (Const(int(d)),)) if n in rows and d >= 0:
                return _extent(rows[n][0], rows[n][1] + d)
        return e

    def loop(s: Stmt) -> Stmt:
        s = map_bodies(s, lambda b: map_each(b, loop))
        return replace(s, start=transform(s.start, extent), stop=transform(s.stop, extent)) if isinstance(s, For) else s

    return map_each(f.body, loop) if rows else f.body


def _extent(array: str, axis: int) -> Expr:
    return Item(Field(Var(array), "shape"), (Const(axis),))


def _rows(f: Function) -> dict[str, tuple[str, int]]:
    """The arrays that are rows of another one wherever they are bound: which one, and by how many indices.

    That one is a parameter, or is bound once and outside of all loops and branches.
    """
    once = {n for s in f.body for n in writes(s)} | {*f.params}
    made: dict[str, set[tuple[str, int]]] = {}
    often = Counter(bindings(f.body))
    for s in walk(f.body):
        for n in writes(s):
            made.setdefault(n, set()).add(_row(s, f) or ("", 0))
    found = {n: next(iter(of)) for n, of in made.items() if len(of) == 1}
    return {n: of for n, of in found.items() if of[0] in once and often[of[0]] + (of[0] in f.params) == 1}


def _row(s: Stmt, f: Function) -> tuple[str, int] | None:
    """Of which array `s` takes a row, and by how many indices."""
    match s:
        case Assign(_, Item(Var(array), index)) if is_array(f.types.get(array)) and len(index) < f.types[array].ndim:
            numbers = all(isinstance(i, (Const, Var, Apply)) and i != AXIS for i in index)
            if numbers and all(isinstance(f.types.get(n), types.Integer) for i in index for n in names(i)):
                return array, len(index)
    return None


# ---------------------------------------------------------------------------------------------- of statements


def _mentions(body: Body, wanted: Set[str]) -> bool:
    return any(n in wanted for n in mentioned(body))


def _copies(found: Loop) -> int:
    """How many iterations go at a time, without code that is too long or an inner loop with too many values.

    0 if no inner loop is run once for all.
    """
    start, stop = found.turn
    within = list(found.inner((*found.loop.body[:start], *found.loop.body[stop:])))
    if not any(_mentions(t.body, found.vary) for t in within) or any(t.target in found.vary for t in within):
        return 0
    size = _steps(walk(found.loop.body))
    widest = max(_steps(t for t in loop.body if _mentions((t,), found.vary)) for loop in within)
    return next((k for k in (TOGETHER, FEWER) if size * k <= STATEMENTS and widest * k <= VALUES), 0)


def _steps(statements: Iterable[Stmt]) -> int:
    """How many of these compute something."""
    return sum(isinstance(s, (Assign, Store)) for s in statements)
