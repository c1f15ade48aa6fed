"""Code for calls, in their place.

    y = g_derivative(x)    ->    a_1 = x * x;  y = a_1 + RATE_1

The names of the code are made the caller's: what it binds and the globals that it reads get names that are free, a
parameter that it does not assign stands for the argument itself. Needs: calls by the names of their functions.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

from srcad.ir import (
    Assign,
    Body,
    Const,
    Expr,
    Function,
    Invoke,
    Stmt,
    Tuple,
    Var,
    bindings,
    map_all,
    map_bodies,
    rename,
    substitute,
    transform,
)
from srcad.parse import Program


def inline(f: Function, program: Program, code: Callable[[Invoke], Program]) -> Function:
    """`f`, the main function of `program`, with the calls of derivatives as the `code` for each.

    What the code needs beside itself is added to the globals and functions of `program`.
    """

    def body(b: Body) -> Body:
        return tuple(t for s in b for t in statement(s))

    def statement(s: Stmt) -> Iterator[Stmt]:
        if isinstance(s, Invoke) and s.function in program.derivatives:
            yield from _written(s, program, code(s))
        else:
            yield map_bodies(s, body)

    return replace(f, body=body(f.body))


def _written(s: Invoke, program: Program, own: Program) -> Iterator[Stmt]:
    g = own.main
    assert g is not None
    known: dict[str, str] = {}
    bound = set(bindings(g.body))
    for n in sorted({*bound, *g.params}):
        known[n] = program.names.numbered("%") if n.startswith("%") else program.names.fresh(n)
    for n, value in own.globals.items():
        known[n] = program.bind(n, value)
    functions = {n: program.names.fresh(n) for n in own.functions}
    for n, h in own.functions.items():
        inner = {n: known[n] for n in own.globals}
        program.functions[functions[n]] = _renamed(replace(h, name=functions[n]), inner, functions)
    body = _renamed(g, known, functions)
    given: dict[str, Expr] = {}
    for p, a in zip(body.params, s.args, strict=True):
        if p in {known[n] for n in bound} or not isinstance(a, (Var, Const)):
            yield Assign(p, a, s.at)
        else:
            given[p] = a

    def put(e: Expr) -> Expr:
        return substitute(e, lambda n: given.get(n, Var(n)))

    yield from map_all(body.body, put)
    assert body.result is not None
    (target,) = s.targets
    yield Assign(target, put(body.result), s.at)


def _renamed(f: Function, known: dict[str, str], functions: dict[str, str]) -> Function:
    """`f` with other names for variables, globals and functions."""

    def classes(e: Expr) -> Expr:
        return replace(e, maker=known.get(e.maker, e.maker)) if isinstance(e, Tuple) and e.maker else e

    def calls(b: Body) -> Body:
        return tuple(map(call, b))

    def call(s: Stmt) -> Stmt:
        if isinstance(s, Invoke):
            return replace(s, function=functions.get(s.function, s.function))
        return map_bodies(s, calls)

    def name(n: str) -> str:
        return known.get(n, n)

    body = map_all(calls(rename(f.body, name)), lambda e: transform(e, classes))
    result = None if f.result is None else transform(substitute(f.result, lambda n: Var(name(n))), classes)
    return replace(f, params=tuple(map(name, f.params)), body=body, result=result)
