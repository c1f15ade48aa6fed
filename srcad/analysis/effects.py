"""What functions that stay calls do to the arrays that they are given, and what becomes of these after the call.

    def g(x, y, n):                             g and what it calls may write to y, not to x;
        if n > 0:                       ->      after a call of g its y is written to before the call is reversed,
            g(x, y, n - 1)                      x never is;
            y[n] = x[n] * y[n]                  x and y are never one memory, if nobody calls g(x, x, n)

Three least fixed points over the functions that call each other, each from "nothing does" up, so that the cycle of a
recursion adds what some call of it does and nothing else. What a function writes to goes from the called to their
callers; whose arrays share memory, and which are written to later, from callers to the called. A write is later than
a call if it stands behind it, if both are in one loop, or if the caller's caller writes so to what it gave; what is
returned may be written to by whoever gets it. What a caller writes before a call, in no loop around both, is no
matter: the called function finds it done. Needs: scalar code, where all writes are visible, of the main function
and of all that it calls. Guarantees: calls say what they write to (`Invoke.writes`), functions what is `changing` and
`together`. Not for tuples of arrays, which can't be followed: then nothing is said, and everything assumed.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from srcad.analysis.alias import Aliases, written
from srcad.ir import Body, For, Function, Invoke, Stmt, While, bodies, map_bodies, map_each, names, walk
from srcad.types import Type, is_list, is_reference, is_tuple

Classes = frozenset[str]
Place = tuple[tuple[int, int, bool], ...]  # of each statement around: which it is, the arm, and whether it is a loop


@dataclass(frozen=True)
class _Spot:
    """A statement that may write to arrays, or call: where it stands, counted in the order of the text."""

    stmt: Stmt
    order: int
    place: Place


def effects(functions: Sequence[Function]) -> tuple[Function, ...]:
    """`functions`, all of a program, with what is known of the arrays that are passed between them."""
    if len(functions) == 1 or any(_has_tuples(f) for f in functions):
        return tuple(functions)
    functions = _writing(functions)
    functions = _together(functions)
    return _changing(functions)


def _has_tuples(f: Function) -> bool:
    """Are there arrays in tuples that a call is given, or that a called function takes?"""
    given = {n for s in walk(f.body) if isinstance(s, Invoke) for a in s.args for n in names(a)}
    return any(_holds_arrays(f.types.get(n)) for n in (*given, *(f.params if f.external else ())))


def _holds_arrays(t: Type) -> bool:
    return is_tuple(t) and any(is_reference(item) or _holds_arrays(item) for item in t)


# ---------------------------------------------------------------------------------------------- who writes to what


def _writing(functions: Sequence[Function]) -> tuple[Function, ...]:
    """`functions`, whose calls say which arguments they may write to."""
    writes: dict[str, tuple[int, ...]] = {f.name: () for f in functions if f.external}
    while True:
        functions = tuple(replace(f, body=_said(f.body, writes)) for f in functions)
        found = {f.name: _written_to(f) for f in functions if f.external}
        if found == writes:
            return functions
        writes = found


def _said(body: Body, writes: Mapping[str, tuple[int, ...]]) -> Body:
    def statement(s: Stmt) -> Stmt:
        if isinstance(s, Invoke) and s.own is None and s.function in writes:
            return replace(s, writes=writes[s.function])
        return map_bodies(s, lambda inner: _said(inner, writes))

    return map_each(body, statement)


def _written_to(f: Function) -> tuple[int, ...]:
    """The parameters that `f` may write to, by their positions, if no two of them are one memory; and its lists."""
    aliases = Aliases(replace(f, together=()))
    found = written(f, aliases)
    return tuple(k for k, p in enumerate(f.params) if is_list(f.types.get(p)) or aliases.of(p) in found)


# ---------------------------------------------------------------------------------------------- who may be whom


def _together(functions: Sequence[Function]) -> tuple[Function, ...]:
    """`functions`, with the groups of their parameters that some call gives one memory."""
    known: dict[str, frozenset[frozenset[str]]] = {f.name: frozenset() for f in functions if f.external}
    params = {f.name: f.params for f in functions}
    while True:
        functions = tuple(replace(f, together=tuple(map(tuple, map(sorted, known[f.name])))) if f.external else f
                          for f in functions)  # fmt: skip
        found = dict(known)
        for f in functions:
            aliases = Aliases(f)
            for s in _calls(f.body, known):
                groups: dict[str, set[str]] = {}
                for p, a in zip(params[s.function], s.args, strict=True):
                    for n in names(a):
                        if (group := aliases.of(n)) is not None:
                            groups.setdefault(group, set()).add(p)
                found[s.function] |= {frozenset(g) for g in groups.values() if len(g) > 1}
        if found == known:
            return functions
        known = found


def _calls(body: Body, known: Mapping[str, object]) -> Iterator[Invoke]:
    return (s for s in walk(body) if isinstance(s, Invoke) and s.own is None and s.function in known)


# ---------------------------------------------------------------------------------------------- who is written to later


def _changing(functions: Sequence[Function]) -> tuple[Function, ...]:
    """`functions`, with the parameters whose memory is written to between a call and its reverse."""
    lists = {f.name: frozenset(p for p in f.params if is_list(f.types.get(p))) for f in functions if f.external}
    known: dict[str, frozenset[str]] = dict(lists)
    params = {f.name: f.params for f in functions}
    scopes = [(f, Aliases(f), list(_spots(f.body))) for f in functions]
    while True:
        found = dict(known)
        for f, aliases, spots in scopes:
            outside = {aliases.of(n) for n in (*known.get(f.name, ()), *(names(f.result) if f.external else ()))}
            effect = [(w, written(replace(f, body=(w.stmt,), external=False), aliases)) for w in spots]
            for call in spots:
                s = call.stmt
                if not isinstance(s, Invoke) or s.own is not None or s.function not in known:
                    continue
                later = outside.union(*(classes for w, classes in effect if _is_later(w, call)))
                given = zip(params[s.function], s.args, strict=True)
                found[s.function] |= {p for p, a in given for n in names(a) if aliases.of(n) in later - {None}}
        if found == known:
            return tuple(replace(f, changing=known[f.name]) if f.external else f for f in functions)
        known = found


def _spots(body: Body) -> Iterator[_Spot]:
    """The statements of `body` that hold no others, in their order."""
    order = 0

    def visit(inner: Body, place: Place) -> Iterator[_Spot]:
        nonlocal order
        for s in inner:
            order += 1
            here = order
            if not bodies(s):
                yield _Spot(s, here, place)
            for arm, b in enumerate(bodies(s)):
                yield from visit(b, (*place, (here, arm, isinstance(s, (For, While)))))

    return visit(body, ())


def _is_later(write: _Spot, call: _Spot) -> bool:
    """May `write` happen after `call`, in one run of the function?"""
    for a, b in zip(write.place, call.place, strict=False):
        if a[0] != b[0]:
            break
        if a[2]:
            return True  # in the next iteration
        if a[1] != b[1]:
            return False  # on another arm
    return write.order > call.order
