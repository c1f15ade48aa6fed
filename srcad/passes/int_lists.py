"""Lists of ints that floats are put into: lists of floats from the start.

    d = [0] * n                    d = [0.0] * n
    d[i] = x * d[i - 1]     ->     d[i] = x * d[i - 1]

A list of Python's holds both. Of a list of ints, as its display says it is, Numba cuts off what is put into it: values
and derivatives would be wrong. Needs: types of all names, which are found anew where this changes anything, until it
does not. Guarantees: then no list of ints has a float put into it. Not for arrays, which are of ints to NumPy too.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from numba.core import types

from srcad.analysis.kinds import kind
from srcad.errors import unsupported
from srcad.ir import (
    Append,
    Apply,
    Array,
    Assign,
    Body,
    Const,
    Expr,
    Function,
    Item,
    Stmt,
    Store,
    Var,
    map_bodies,
    map_each,
    names,
    walk,
    writes,
)
from srcad.types import Type, is_float, is_int, is_list, is_tuple


def int_lists(f: Function) -> Function:
    """`f` with floats in the displays of such lists, and in what is appended to them.

    Raises:
        SrcadError: a list that is made of ints elsewhere has a float put into it.
    """
    put = [s for s in walk(f.body) if _cuts(s, f)] if any(map(_holds_whole, f.types.values())) else []
    if not put:
        return f
    lists = _same_type({n for s in put for n in _into(s)}, f)
    changed: list[Expr] = []

    def statement(s: Stmt) -> Stmt:
        match s:
            case Assign(target, Array(items, True) as made) if target in lists:
                of = None if made.of is None else as_float(made.of)
                return replace(s, value=replace(made, items=map_each(items, as_float), of=of))
            case Append(target, value) if target in lists:
                return replace(s, value=as_float(value))
        return map_bodies(s, body)

    def body(b: Body) -> Body:
        return map_each(b, statement)

    def as_float(e: Expr) -> Expr:
        t = types.unliteral(kind(e, f.types))
        if not _is_whole(t):
            return e
        changed.append(e)
        return Const(float(e.value)) if isinstance(e, Const) else Apply("*", (e, Const(1.0)))

    made = body(f.body)
    if not changed:
        raise unsupported(put[0].at, "a float is put into a list of ints", "floats from the start, such as [0.0] * n")
    return replace(f, body=made)


def _cuts(s: Stmt, f: Function) -> bool:
    """Does this put a float into a list of ints?"""
    match s:
        case Store(array, index, value, op):
            t = kind(array, f.types)
            given = kind(value if op is None else Apply(op, (Item(array, index), value)), f.types)
        case Assign(_, Apply("+=", (grown, more))):
            t, items = kind(grown, f.types), kind(more, f.types)
            given = items.dtype if is_list(items) else None
        case _:
            return False
    return is_list(t) and _is_whole(t.dtype) and is_float(given)


def _into(s: Stmt) -> Iterator[str]:
    """The names of the list that such a statement changes."""
    return names(s.array) if isinstance(s, Store) else iter(writes(s))


def _same_type(found: set[str], f: Function) -> set[str]:
    """The names of lists, and of what holds lists, that have to be of floats if those in `found` are."""
    linked = []
    for s in walk(f.body):
        if isinstance(s, (Assign, Append)):
            name = s.target if isinstance(s, Assign) else s.list
            linked.append({n for n in (name, *names(s.value)) if _holds_whole(f.types.get(n))})
        elif isinstance(s, Store) and isinstance(s.array, Var):
            linked.append({n for n in (s.array.name, *names(s.value)) if _holds_whole(f.types.get(n))})
    before = 0
    while len(found) > before:
        before = len(found)
        found |= {n for link in linked if link & found for n in link}
    return found


def _holds_whole(t: Type) -> bool:
    """Is `t` a list of ints, or what holds such lists?"""
    if is_tuple(t):
        return any(map(_holds_whole, t))
    return is_list(t) and (_is_whole(t.dtype) or _holds_whole(t.dtype))


def _is_whole(t: Type) -> bool:
    return is_int(t) or isinstance(t, types.Boolean)
