"""Functions that call each other, without the parameters that none of them reads.

    def g_reverse(x, rows, n, x_bar, y_bar, tape):              def g_reverse(n, x_bar, y_bar, tape):
        ...                                              ->         ...
        g_reverse(x, rows, n - 1, x_bar, a1_bar, tape)              g_reverse(n - 1, x_bar, a1_bar, tape)

A sweep is made with all parameters of the function that it belongs to, and hands them on to the sweeps that it calls.
An array is passed as seven words and more. A parameter is read if something besides calls reads it, or a call hands it
to a parameter that is read: the least such set, so that a call of the function itself does not count.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import TypeVar

from srcad.ir import Body, Function, Invoke, Stmt, map_bodies, map_each, names, reads, walk

T = TypeVar("T")
Kept = Mapping[str, frozenset[int]]  # of each function: the positions of the parameters that are read


def unread(main: Function, called: Sequence[Function]) -> tuple[Function, ...]:
    """`called`, each without the parameters that are not read, and `main`, the last, which keeps its own."""
    if not called:
        return (main,)
    kept = _kept((*called, main))
    less = (replace(g, params=_at(g.params, kept[g.name])) for g in called)
    return tuple(replace(g, body=_calls(g.body, kept)) for g in (*less, main))


def _kept(functions: Sequence[Function]) -> Kept:
    """What the functions read, from nothing up."""
    kept: dict[str, frozenset[int]] = {g.name: frozenset() for g in functions}
    while True:
        found = {g.name: kept[g.name] | _read(g, kept) for g in functions}
        if found == kept:
            return kept
        kept = found


def _read(g: Function, kept: Kept) -> frozenset[int]:
    """The positions of the parameters that `g` reads, if those that it calls read what `kept` says."""
    used = set(names(g.result))
    for s in walk(g.body):
        used |= {n for e in reads(_less(s, kept)) for n in names(e)}
    return frozenset(k for k, p in enumerate(g.params) if p in used)


def _calls(body: Body, kept: Kept) -> Body:
    """`body` with only these arguments in its calls."""
    return map_each(body, lambda s: map_bodies(_less(s, kept), lambda inner: _calls(inner, kept)))


def _less(s: Stmt, kept: Kept) -> Stmt:
    """`s`, if it calls one of the functions with only the arguments that are kept."""
    if isinstance(s, Invoke) and s.own is None and s.function in kept:
        positions = sorted(kept[s.function])
        writes = None if s.writes is None else tuple(positions.index(k) for k in s.writes if k in positions)
        return replace(s, args=_at(s.args, kept[s.function]), writes=writes)
    return s


def _at(items: Iterable[T], positions: frozenset[int]) -> tuple[T, ...]:
    return tuple(item for k, item in enumerate(items) if k in positions)
