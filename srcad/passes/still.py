"""Tangents that are always zero, and what is computed of them.

    x_dot1 = 1.0;  y_dot1 = 0.0                     x_dot1 = 1.0
    a1_dot1 = x_dot1 * y + y_dot1 * x       ->      a1_dot1 = x_dot1 * y
    a2_dot1 = y_dot1 * math.cos(y)                  (nothing)

In a lane that follows one input, all that does not depend on this input stands still. A name stands still if every
value that it is given is zero, supposing that the others which seem to do: the largest such set, found by striking out.
A product with such a tangent is zero whatever the other factor is, as everywhere in a derivative. Needs: code of
`tangent`, without version numbers. Not for arrays: their elements have no names.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from srcad.algebra import simplify
from srcad.ir import (
    Apply,
    Assign,
    Body,
    Const,
    Expr,
    Function,
    Select,
    Var,
    map_bodies,
    map_exprs,
    names,
    substitute,
    transform,
    walk,
    writes,
)
from srcad.types import is_float

ZERO = Const(0.0)


def still(f: Function, tangents: Iterable[str]) -> Function:
    """`f` without those of the float `tangents` that are always zero."""
    found = _zeros(f, {n for n in tangents if n not in f.params and is_float(f.types.get(n))})
    if not found:
        return f

    def value(e: Expr) -> Expr:
        return without(e, found)

    def body(b: Body) -> Body:
        kept = (s for s in b if not (isinstance(s, Assign) and s.target in found))
        return tuple(map_bodies(map_exprs(s, value), body) for s in kept)

    result = None if f.result is None else substitute(f.result, lambda n: ZERO if n in found else Var(n))
    return replace(f, body=body(f.body), result=result)


def _zeros(f: Function, candidates: set[str]) -> set[str]:
    """The names among `candidates` that are only ever zero."""
    given: dict[str, list[Expr]] = {n: [] for n in candidates}
    struck: set[str] = set()  # what a call gives, or a loop counts, is not known
    for s in walk(f.body):
        if isinstance(s, Assign):
            given.get(s.target, []).append(s.value)
        else:
            struck.update(writes(s))
    found = {n for n, values in given.items() if values} - struck
    while True:
        moving = {n for n in found if not all(_is_zero(e, found) for e in given[n])}
        if not moving:
            return found
        found -= moving


def _is_zero(e: Expr, still: set[str]) -> bool:
    match e:
        case Const(value):
            return isinstance(value, float) and value == 0.0
        case Var(name):
            return name in still
        case Apply("neg" | "np.float32" | "float", (a,)):
            return _is_zero(a, still)
        case Apply("+" | "-" | "+=" | "-=", (a, b)):
            return _is_zero(a, still) and _is_zero(b, still)
        case Apply("*", (a, b)):
            return _is_zero(a, still) or _is_zero(b, still)
        case Apply("/", (a, _)):
            return _is_zero(a, still)
        case Select(_, yes, no):
            return _is_zero(yes, still) and _is_zero(no, still)
    return False


def without(e: Expr, still: set[str]) -> Expr:
    """`e` with zero for the tangents that stand still, and what follows from that."""
    if not any(n in still for n in names(e)):
        return e

    def step(e: Expr) -> Expr:
        match e:
            case Var(name) if name in still:
                return ZERO
            case Apply("neg", (a,)) if a == ZERO:
                return ZERO
            case Apply("*", (a, b)) if ZERO in (a, b):
                return ZERO
            case Apply("/", (a, _)) if a == ZERO:
                return ZERO
            case Apply("+", (a, b)) if ZERO in (a, b):
                return b if a == ZERO else a
            case Apply("-", (a, b)) if b == ZERO:
                return a
            case Apply("-", (a, b)) if a == ZERO:
                return simplify(Apply("neg", (b,)))
            case Select(_, yes, no) if yes == no:
                return yes
        return e

    return transform(e, step)
