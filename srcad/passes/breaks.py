"""Breaks made the last that their iteration does.

    for i in range(n):                   for i in range(n):
        if a:                                left = False
            s = s + 1.0                      if a:
            if b:                                s = s + 1.0
                break             ->             if b:
        t = t * s                                    left = True
                                             if left:
                                                 break
                                             else:
                                                 t = t * s

So each iteration ends where its body ends, or in a break that nothing follows: the reverse sweep can begin it there.
"""

from __future__ import annotations

from dataclasses import replace

from numba.core import types

from srcad.analysis.loops import leaves
from srcad.build import Builder
from srcad.ir import FALSE, TRUE, Assign, Body, Exit, For, Function, If, Stmt, Var, While, map_bodies, walk


def breaks(f: Function) -> Function:
    """`f`, in whose loops nothing stands behind an `if` that may break."""
    if not any(isinstance(s, Exit) for s in walk(f.body)):
        return f
    made = _Breaks(f)
    return replace(f, body=made.body(f.body), types=made.b.types)


class _Breaks:
    def __init__(self, f: Function) -> None:
        self.b = Builder(f)

    def body(self, body: Body) -> Body:
        return tuple(map(self.statement, body))

    def statement(self, s: Stmt) -> Stmt:
        if isinstance(s, (For, While)):
            s = replace(s, body=self.last(s.body))
        return map_bodies(s, self.body)

    def last(self, body: Body) -> Body:
        """`body`, of a loop, with no statements behind an `if` that may break: they are not reached by all iterations.

        `if a: (if b: break); rest` is `left = False; if a: (if b: left = True); if left: break; else: rest`.
        """
        for k, s in enumerate(body):
            rest = body[k + 1 :]
            if not isinstance(s, If) or not leaves((s,)):
                continue
            if not rest:
                s = replace(s, body=self.last(s.body), orelse=self.last(s.orelse))
                return (*body[:k], s)
            left = self.b.new("left", types.boolean)
            start = Assign(left, FALSE, s.at)
            leave = If(Var(left), (Exit("break", None, s.at),), self.last(rest), at=s.at)
            return (*body[:k], start, *_without_breaks((s,), Assign(left, TRUE, s.at)), leave)
        return body


def _without_breaks(body: Body, flag: Assign) -> Body:
    """`body` with `flag` set instead of each break out of the loop around, and nothing run after that."""
    out: list[Stmt] = []
    for k, s in enumerate(body):
        if isinstance(s, Exit) and s.kind == "break":
            return (*out, flag)
        if isinstance(s, If) and leaves((s,)):
            then, orelse = _without_breaks(s.body, flag), _without_breaks(s.orelse, flag)
            rest = _without_breaks(body[k + 1 :], flag)
            out.append(replace(s, body=then, orelse=orelse))
            return (*out, If(Var(flag.target), (), rest, at=s.at)) if rest else tuple(out)
        out.append(s)
    return tuple(out)
