"""Branches that the types of the arguments decide: is an argument None, or not?

    w: None                                    w: None
    if w is None: s = x           ->           s = x
    else: s = w * x

So that nothing is left on a path that can't be run, whose types nobody could say. Needs: code before its types.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import replace
from itertools import takewhile
from typing import Any

from numba.core import types

from srcad.algebra import simplify
from srcad.ir import (
    Apply,
    Assign,
    Body,
    Const,
    Expr,
    For,
    Function,
    If,
    Select,
    Stmt,
    Var,
    While,
    bindings,
    children,
    map_bodies,
    map_exprs,
    reads,
    transform,
    walk,
    writes,
)


def decide(f: Function, arguments: tuple[Any, ...]) -> Function:
    """`f` for arguments of these types, with the branches that ask whether one is None decided."""
    start = tuple(_first(f, {p: _is_none(t) for p, t in zip(f.params, arguments, strict=True)}))
    f = f if start == f.body else replace(f, body=start)
    bound = Counter((*f.params, *bindings(f.body)))
    none = {p: _is_none(t) for p, t in zip(f.params, arguments, strict=True) if bound[p] == 1}
    for s in walk(f.body):  # the names that inlined functions give to them
        match s:
            case Assign(target, Var(name)) if name in none and bound[target] == 1:
                none[target] = none[name]
            case Assign(target, Const(None)) if bound[target] == 1:
                none[target] = True

    def statement(s: Stmt) -> Body:
        s = map_exprs(s, lambda e: _known(e, none))
        if isinstance(s, If) and isinstance(s.test, Const):
            return body(s.body if s.test.value else s.orelse)
        return (map_bodies(s, body),)

    def body(b: Body) -> Body:
        return tuple(t for s in b for t in statement(s))

    return replace(f, body=body(f.body)) if any(none.values()) else f


def _known(e: Expr, none: Mapping[str, bool]) -> Expr:
    """`e`, where it is known of these names whether they are None."""

    def known(e: Expr) -> Expr:
        match e:
            case Apply("is" | "is not" as op, (Var(name), Const(None))) if name in none:
                return Const(none[name] == (op == "is"))
        return e

    folded = transform(e, known)
    return e if folded == e else simplify(folded)


def _first(f: Function, none: dict[str, bool]) -> Iterator[Stmt]:
    """The body of `f`, its branches decided by the parameters as long as these are what they were given as."""
    todo = list(f.body)
    while todo:
        s = todo.pop(0)
        if isinstance(s, If):
            s = replace(s, test=_known(s.test, none))
            if isinstance(s.test, Const):
                todo[:0] = s.body if s.test.value else s.orelse
                continue
        none = {p: known for p, known in none.items() if not any(p in writes(t) for t in walk((s,)))}
        yield s


def reached(f: Function) -> Function:
    """`f` without the branches that Numba found not to be run.

    In these it leaves names without a type, and what surely binds or reads such a name is not run: a body, a part of a
    condition. What only may is kept: nothing in it, or in what is inside it alone, needs to be left out.
    """
    unknown = set(bindings(f.body)) - f.types.keys()
    if not unknown:
        return f

    def dead(b: Body) -> bool:
        return any(not unknown.isdisjoint(writes(s)) or any(map(unread, reads(s))) for s in b)

    def unread(e: Expr) -> bool:
        return not unknown.isdisjoint(surely_read(e))

    def run(e: Expr) -> Expr:
        match e:
            case Apply("and" | "or" as op, args):
                kept = tuple(takewhile(lambda a: not unread(a), args))
                return e if not kept else kept[0] if len(kept) == 1 else Apply(op, kept)
            case Select(_, yes, no) if unread(yes) or unread(no):
                return no if unread(yes) else yes
        return e

    def body(b: Body) -> Body:
        out: list[Stmt] = []
        for s in b:
            s = map_exprs(s, lambda e: transform(e, run))
            if isinstance(s, (For, While)) and dead((s,) if isinstance(s, For) else s.body):
                continue
            ways = [way for way in (s.body, s.orelse) if not dead(way)] if isinstance(s, If) else [(), ()]
            if len(ways) == 2:
                out.append(map_bodies(s, body))
            else:
                out += (t for way in ways for t in body(way))
        return tuple(out)

    return replace(f, body=body(f.body))


def surely_read(e: Expr) -> Iterator[str]:
    """The names that `e` reads whatever its value is."""
    match e:
        case Apply("and" | "or", (first, *_)) | Select(first):
            yield from surely_read(first)
        case Var(name):
            yield name
        case _:
            for child in children(e):
                yield from surely_read(child)


def _is_none(t: Any) -> bool:
    return isinstance(t, types.NoneType) or (isinstance(t, types.Omitted) and t.value is None)
