"""What functions written inside others read of these: parameters, once such a function stands by itself.

    def f(x, n):
        def rec(i): return 1.0 if i == 0 else x * rec(i - 1)
        return rec(n)
    ->  rec(i, x):  ... x * rec(i - 1, x)         and in f:  rec(n, x)

Nothing assigns such a variable while the inner function runs (`nonlocal` is refused there), so that what it is given is
what it would read; arrays and lists are given as themselves.
"""

from __future__ import annotations

from collections.abc import Container, Iterable
from dataclasses import replace

from srcad.ir import (
    Body,
    Expr,
    Function,
    Invoke,
    Stmt,
    Var,
    bindings,
    map_bodies,
    map_each,
    names,
    reads,
    rename,
    substitute,
    walk,
)
from srcad.parse.scope import Program


def free(f: Function, known: Container[str]) -> list[str]:
    """The variables that `f` reads and does not bind, in order, but for the `known` globals."""
    bound = {*bindings(f.body), *f.params}
    expressions: list[Expr | None] = [e for s in walk(f.body) for e in reads(s)]
    read = dict.fromkeys(n for e in (*expressions, f.result) for n in names(e))
    return [n for n in read if n not in bound and n not in known and "." not in n]


def close(program: Program, inner: Iterable[str]) -> None:
    """Give the functions `inner` of the program, which may call each other, what they read as parameters."""
    found = {name: free(program.functions[name], program.globals) for name in inner}
    before = -1
    while before != (before := sum(map(len, found.values()))):
        for name, captured in found.items():
            f = program.functions[name]
            bound = {*bindings(f.body), *f.params, *captured}
            for s in walk(f.body):
                if isinstance(s, Invoke) and s.function in found:
                    captured += [n for n in found[s.function] if n not in bound and n not in captured]
    program.captured |= {name: tuple(captured) for name, captured in found.items()}
    for name, f in program.functions.items():
        program.functions[name] = replace(f, body=_given(f.body, program, found))
    for name, captured in found.items():
        f = program.functions[name]
        own = {n: program.names.fresh("captured") for n in captured if n.startswith("%")}
        if own:
            f = replace(f, body=rename(f.body, lambda n: own.get(n, n)), result=_renamed(f.result, own))  # noqa: B023
        program.functions[name] = replace(f, params=(*f.params, *(own.get(n, n) for n in captured)))


def _renamed(result: Expr | None, own: dict[str, str]) -> Expr | None:
    return None if result is None else substitute(result, lambda n: Var(own.get(n, n)))


def _given(body: Body, program: Program, called: Container[str]) -> Body:
    """`body`, with what these functions read given to them."""

    def given(s: Stmt) -> Stmt:
        if isinstance(s, Invoke) and s.function in called:
            return replace(s, args=(*s.args, *map(Var, program.captured[s.function])))
        return map_bodies(s, lambda b: _given(b, program, called))

    return map_each(body, given)
