"""Tests that types decide, once they are known: only the branch taken stays, or needs types.

    if a.ndim == 1: y = a[0]
    else: y = a[0, 0]               of a matrix        ->        y = a[0, 0]

What is asked is how many dimensions something has, how many items a tuple, and whether something is a list.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from numba.core import types

from srcad.algebra import simplify
from srcad.ir import Apply, Body, Const, Expr, Field, Function, If, Stmt, map_bodies, nodes, transform

Type = Any
IS_LIST = "is_list"  # srcad's own words ask it
RANKS = ("ndim", "np.ndim", IS_LIST)  # an array's attribute, and functions of numbers too
KNOWN = (types.List, types.Array, types.Number, types.Boolean, types.BaseTuple)


def asks_rank(test: Expr) -> bool:
    """Does `test` ask how many dimensions something has, or whether it is a list?"""
    return any((n.name if isinstance(n, Field) else getattr(n, "op", None)) in RANKS for n in nodes(test))


def rank(t: Type) -> int | None:
    """The number of dimensions of what is of type `t`; None for what may have none to speak of."""
    if isinstance(t, types.Array):
        return int(t.ndim)
    return 0 if isinstance(types.unliteral(t), (types.Number, types.Boolean)) else None


def with_ranks(test: Expr, type_of: Callable[[Expr], Type]) -> Expr:
    """`test` with the numbers of dimensions in it, worked out as far as they say."""

    def known(e: Expr) -> Expr:
        match e:
            case Field(of, "ndim") | Apply("np.ndim", (of,)) if (n := rank(type_of(of))) is not None:
                return Const(n)
            case Apply(op, (of,)) if op == IS_LIST and isinstance(t := type_of(of), KNOWN):
                return Const(isinstance(t, types.List))
            case Apply("len", (of,)) if isinstance(t := type_of(of), types.BaseTuple):
                return Const(len(t))
        return e

    return simplify(transform(test, known))


def ranked(f: Function, type_of: Callable[[Expr], Type]) -> Function:
    """`f` without the branches that types rule out."""

    def is_length(e: Expr) -> bool:
        return isinstance(e, Apply) and e.op == "len" and isinstance(type_of(e.args[0]), types.BaseTuple)

    def body(b: Body) -> Body:
        out: list[Stmt] = []
        for s in b:
            match s:
                case If(test, then, orelse) if asks_rank(test) or any(map(is_length, nodes(test))):
                    decided = with_ranks(test, type_of)
                    if isinstance(decided, Const):
                        out += body(then if decided.value else orelse)
                    else:
                        out.append(replace(s, test=decided, body=body(then), orelse=body(orelse)))
                case _:
                    out.append(map_bodies(s, body))
        return tuple(out)

    return replace(f, body=body(f.body))
