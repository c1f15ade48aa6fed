"""What each iteration reads over and over of a row of its own, in scratch space: what people read stays as it is.

    for i in range(n):                         row = np.empty(x.shape[1])
        for k in range(m):                     for i in range(n):
            for j in range(d):                     for j in range(x.shape[1]): row[j] = x[i, j]
                s += x[i, j] * w[k, j]     ->      for k in range(m):
                                                       for j in range(d):
                                                           s += row[j] * w[k, j]

Of iterations that go at a time, the rows lie apart: a vector of their elements is put together from as many places.
Side by side, in scratch space, it is read at once (the packing of K. Goto and R. van de Geijn, Anatomy of
high-performance matrix multiplication, 2008). That is done once where the row is read in a loop inside another one that
does not say which of its elements.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from itertools import combinations
from typing import Any

from numba.core import types

from srcad.analysis.alias import Aliases
from srcad.ir import (
    AXIS,
    ONE,
    ZERO,
    Apply,
    Assign,
    Body,
    Expr,
    Field,
    For,
    If,
    Item,
    Slice,
    Stmt,
    Store,
    Var,
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


def with_rows(found: Loop, aliases: Aliases, named: Callable[[str, Any], str]) -> tuple[Loop, dict[str, Expr]]:
    """`found` with scratch space for rows that are read over and over, and how that is made, by the names of it.

    `named` makes names, of something of a type.
    """
    s = found.loop
    rows = _rows(found, aliases)
    again = (_row(e, rows, s.target) for e in _read_again(s.body, (), found))
    arrays = sorted({array for array in again if array is not None})
    if not arrays:
        return found, {}
    scratch = {array: named(f"{array}_row", types.Array(types.float64, 1, "C")) for array in arrays}

    def instead(e: Expr) -> Expr:
        array = _row(e, rows, s.target)
        return Item(Var(scratch[array]), e.index[-1:]) if isinstance(e, Item) and array in scratch else e

    body = map_all(s.body, lambda e: transform(e, instead))
    filled = tuple(_filled(array, row, s, named("j", types.int64)) for array, row in scratch.items())
    made: dict[str, Expr] = {row: Apply("np.empty", (_length(array),)) for array, row in scratch.items()}
    own = (*found.own, *made)
    return replace(found, loop=replace(s, body=(*filled, *body)), vary=found.vary | set(made), own=own), made


def _length(array: str) -> Expr:
    return Item(Field(Var(array), "shape"), (ONE,))


def _filled(array: str, row: str, s: For, j: str) -> Stmt:
    element = Item(Var(array), (Var(s.target), Var(j)))
    return For(j, ZERO, _length(array), ONE, (Store(Var(row), (Var(j),), element, at=s.at),), at=s.at)


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
