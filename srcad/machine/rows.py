"""What each iteration reads over and over of a row of its own, in scratch space: what people read stays as it is.

    for i in range(n):                         row = np.empty(d)
        for k in range(m):                     for i in range(n):
            for j in range(d):                     for j in range(d): row[j] = x[i, j]
                s += x[i, j] * w[k, j]     ->      for k in range(m):
                                                       for j in range(d):
                                                           s += row[j] * w[k, j]

Of iterations that go at a time, the rows lie apart: a vector of their elements is put together from as many places.
Side by side, in scratch space, it is read at once (the packing of K. Goto and R. van de Geijn, Anatomy of
high-performance matrix multiplication, 2008). That is done once where the row is read in a loop inside another one that
does not say which of its elements; of the row, it is what that loop goes over.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from itertools import combinations
from typing import Any

from numba.core import types

from srcad.analysis.alias import Aliases
from srcad.analysis.loops import is_natural
from srcad.ir import (
    AXIS,
    ONE,
    ZERO,
    Apply,
    Assign,
    Body,
    Const,
    Expr,
    Field,
    For,
    If,
    Item,
    Slice,
    Stmt,
    Store,
    Var,
    bindings,
    map_all,
    names,
    nodes,
    reads,
    transform,
    walk,
    writes,
)
from srcad.machine.independent import Loop
from srcad.types import is_array

Part = tuple[str, Expr, Expr]  # of each row of an array: from which element on, up to which


def with_rows(found: Loop, aliases: Aliases, named: Callable[[str, Any], str]) -> tuple[Loop, dict[str, Expr]]:
    """`found` with scratch space for rows that are read over and over, and how that is made, by the names of it.

    `named` makes names, of something of a type.
    """
    s = found.loop
    rows, ranges = _rows(found, aliases), _ranges(s)

    def part(e: Expr) -> Part | None:
        array = _row(e, rows, s.target)
        over = ranges.get(e.index[-1].name) if isinstance(e, Item) and isinstance(e.index[-1], Var) else None
        return None if array is None or over is None else (array, *over)

    parts = dict.fromkeys(p for e in _read_again(s.body, (), found) if (p := part(e)) is not None)
    scratch = {p: named(f"{p[0]}_row", types.Array(types.float64, 1, "C")) for p in parts}
    if not scratch:
        return found, {}

    def instead(e: Expr) -> Expr:
        p = part(e)
        return Item(Var(scratch[p]), e.index[-1:]) if isinstance(e, Item) and p in scratch else e

    body = map_all(s.body, lambda e: transform(e, instead))
    filled = tuple(_filled(p, row, s, named("j", types.int64)) for p, row in scratch.items())
    made: dict[str, Expr] = {
        row: Apply("np.empty", (Apply("max", (stop, ZERO)),)) for (_, _, stop), row in scratch.items()
    }
    start, stop = (place + len(filled) for place in found.turn)
    loop = replace(s, body=(*filled, *body))
    own = (*found.own, *made)
    return replace(found, loop=loop, vary=found.vary | set(made), own=own, turn=(start, stop)), made


def _filled(part: Part, row: str, s: For, j: str) -> Stmt:
    """The loop that puts `part` into `row`: what is there of it, should no iteration ever ask for it."""
    array, start, stop = part
    last = Apply("min", (stop, Item(Field(Var(array), "shape"), (ONE,))))
    element = Item(Var(array), (Var(s.target), Var(j)))
    return For(j, start, last, ONE, (Store(Var(row), (Var(j),), element, at=s.at),), at=s.at)


def _ranges(s: For) -> dict[str, tuple[Expr, Expr]]:
    """Over what the loops in `s` go, upwards or downwards, where that is the same in all iterations of `s`."""
    bound = Counter(bindings(s.body))
    found: dict[str, tuple[Expr, Expr]] = {}
    for t in walk(s.body):
        match t:
            case For(j, start, stop, Const(1)):
                over = start, stop
            case For(j, Apply("-", (stop, Const(1))), Const(-1), Const(-1)):
                over = ZERO, stop
            case _:
                continue
        same = not any(n in bound or n == s.target for e in over for n in names(e))
        if same and bound[j] == 1 and is_natural(over[0]):
            found[j] = over
    return found


def _rows(found: Loop, aliases: Aliases) -> Mapping[str, str]:
    """The arrays of which each iteration may read a row, and the names that are always such a row."""
    s = found.loop
    written = {aliases.of(t.array.name) for t in walk(s.body) if isinstance(t, Store) and isinstance(t.array, Var)}
    bound = {n for t in walk(s.body) for n in writes(t)}
    rows: dict[str, str] = {}
    for n, t in aliases.f.types.items():
        if is_array(t) and t.dtype == types.float64 and t.ndim == 2 and n not in bound and aliases.of(n) not in written:
            rows[n] = n
    made: dict[str, list[Stmt]] = {}
    for t in walk(s.body):
        for n in writes(t):
            made.setdefault(n, []).append(t)
    count = -1
    while len(rows) > count:  # views of views
        count = len(rows)
        for n, statements in made.items():
            of = {_whole_row(t, rows, s.target) for t in statements}
            if len(of) == 1 and (array := of.pop()) is not None:
                rows[n] = array
    return rows


def _whole_row(t: Stmt, rows: Mapping[str, str], target: str) -> str | None:
    """Of which array `t` takes the row that `target` counts."""
    match t:
        case Assign(_, Item(Var(array), (Var(index),))) if index == target and rows.get(array) == array:
            return array
        case Assign(_, Var(view)) if rows.get(view, view) != view:
            return rows[view]
    return None


def _row(e: Expr, rows: Mapping[str, str], target: str) -> str | None:
    """Of which array `e` is an element in the row that `target` counts; None if it is something else."""
    match e:
        case Item(Var(name), (Var(index), last)) if index == target and rows.get(name) == name and _is_number(last):
            return name
        case Item(Var(name), (last,)) if rows.get(name, name) != name and _is_number(last):
            return rows[name]
    return None


def _is_number(index: Expr) -> bool:
    return not isinstance(index, Slice) and index != AXIS


def _read_again(body: Body, around: tuple[str, ...], found: Loop) -> Iterator[Item]:
    """The elements in `body` that are read in a loop inside another one that does not say which of them.

    `around` are the indices of the loops around it, which all iterations run alike.
    """
    for s in body:
        for e in (n for value in reads(s) for n in nodes(value) if isinstance(n, Item)):
            said = [index in names(e.index[-1]) for index in around]
            if (False, True) in combinations(said, 2):  # a loop that says nothing, and inside it one that does
                yield e
        if isinstance(s, (If, For)) and found.together(s):
            inside = (*around, s.target) if isinstance(s, For) else around
            yield from _read_again((*s.body, *s.orelse), inside, found)
