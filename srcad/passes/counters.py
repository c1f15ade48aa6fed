"""Loops count in integers: a loop's target that is something else before it, or after, gets a counter beside it.

    i = x                              i = x
    for i in 0:n:1:          ->        for k in 0:n:1:
        s = s + i                          i = k
                                           s = s + i

Such a name is a float, or may be None, throughout: what a loop without iterations leaves in it is read like what the
last one does. Needs: types of all names. Guarantees: a loop's target is an integer, which no derivative reaches.
"""

from __future__ import annotations

from dataclasses import replace

from numba.core import types

from srcad.build import Builder
from srcad.ir import Assign, Body, For, Function, Stmt, Var, map_bodies, walk
from srcad.types import is_int


def counters(f: Function) -> Function:
    """`f` with an integer as target of each loop."""
    if all(is_int(f.types[s.target]) for s in walk(f.body) if isinstance(s, For)):
        return f
    b = Builder(f)

    def counted(body: Body) -> Body:
        return tuple(one(map_bodies(s, counted)) for s in body)

    def one(s: Stmt) -> Stmt:
        if not isinstance(s, For) or is_int(f.types[s.target]):
            return s
        k = b.new("k", types.int64)
        return replace(s, target=k, body=(Assign(s.target, Var(k), s.at), *s.body))

    return replace(f, body=counted(f.body), types=b.types)
