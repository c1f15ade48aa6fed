"""Expressions made simpler where that changes no value: what a rule's text becomes for the operands at hand.

    y * x ** (y - 1) if y != 0 or x != 0 else 0.0,  y = 2     ->     2 * x
    bar * 1.0  ->  bar            bar * (1.0 / y)  ->  bar / y

Only rewritings that hold for every float, NaN, infinities and signed zeros of a bar aside, are made.
"""

from __future__ import annotations

import math
import operator
from collections.abc import Callable
from typing import Any

from srcad.ir import Apply, Const, Expr, Select, transform

_FOLD: dict[str, Callable[[Any, Any], Any]] = {
    "+": operator.add, "-": operator.sub, "*": operator.mul, "==": operator.eq, "!=": operator.ne,
    "<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge,
}  # fmt: skip


def simplify(e: Expr) -> Expr:
    """`e`, with what is known of its constants worked out."""
    return transform(e, _step)


def as_test(e: Expr) -> Expr:
    """`e` where only its truth is asked for: a constant if a part of it decides that, `x > 0 and False`."""
    match e:
        case Apply("not", (a,)):
            a = as_test(a)
            return Const(not a.value) if isinstance(a, Const) else Apply("not", (a,))
        case Apply("and" | "or" as op, args):
            parts = tuple(as_test(a) for a in args)
            decides = op == "or"
            if any(isinstance(a, Const) and bool(a.value) == decides for a in parts):
                return Const(decides)
            return _logical(op, parts)
    return e


def _is(e: Expr, value: float) -> bool:
    return isinstance(e, Const) and isinstance(e.value, (int, float)) and e.value == value


def _number(e: Expr) -> bool:
    return isinstance(e, Const) and isinstance(e.value, (int, float))


def _step(e: Expr) -> Expr:
    match e:
        case Apply(op, (Const(a), Const(b))) if op in _FOLD and _number(e.args[0]) and _number(e.args[1]):
            value = _FOLD[op](a, b)
            return Const(value) if not isinstance(value, float) or math.isfinite(value) else e
        case Apply("*", (a, b)) if _is(a, 1):
            return b
        case Apply("*", (a, b)) if _is(b, 1):
            return a
        case Apply("*", (a, b)) if _is(b, -1):
            return _step(Apply("neg", (a,)))
        case Apply("*", (a, b)) if _is(a, -1):
            return _step(Apply("neg", (b,)))
        case Apply("**", (a, b)) if _is(b, 1):
            return a
        case Apply("+", (a, Apply("neg", (b,)))):
            return Apply("-", (a, b))
        case Apply("neg", (Const(a),)) if _number(e.args[0]):
            return Const(-a)
        case Apply("neg", (Apply("neg", (a,)),)):
            return a
        case Apply("not", (Const(a),)):
            return Const(not a)
        case Apply("and" | "or" as op, args):
            return _logical(op, args)
        case Select(Const(test), yes, no):
            return yes if test else no
        case Select(_, yes, no) if yes == no:
            return yes
    return e


def _logical(op: str, args: tuple[Expr, ...]) -> Expr:
    decides = op == "or"
    kept: list[Expr] = []
    for a in args:
        if isinstance(a, Const):
            if bool(a.value) == decides:
                return Const(decides) if not kept else Apply(op, (*kept, a))
            continue
        kept.append(a)
    if not kept:
        return Const(not decides)
    return kept[0] if len(kept) == 1 else Apply(op, tuple(kept))


def times(bar: Expr, partial: Expr) -> Expr:
    """`bar * partial`, as a person would write it."""
    match partial:
        case Apply("/", (one, y)) if _is(one, 1):
            return Apply("/", (bar, y))
        case Apply("/", (one, y)) if _is(one, -1):
            return Apply("neg", (Apply("/", (bar, y)),))
        case Apply("neg", (x,)):
            return Apply("neg", (times(bar, x),))
        case Const(value) if value == 0:
            return Const(0.0)
    return simplify(Apply("*", (bar, partial)))


def add(total: Expr, term: Expr) -> Expr:
    """`total + term`."""
    if isinstance(term, Apply) and term.op == "neg":
        return Apply("-", (total, term.args[0]))
    return Apply("+", (total, term))


def twice(term: Expr) -> Expr:
    """`term + term`, which is exactly `2.0 * term`."""
    match term:
        case Apply("neg", (inner,)):
            return Apply("neg", (twice(inner),))
        case Select(test, yes, Const(zero)) if zero == 0:
            return Select(test, twice(yes), Const(zero))
        case Const(int() | float() as value):
            return Const(2.0 * value)
    return Apply("*", (Const(2.0), term))


def total(terms: list[Expr]) -> Expr:
    """The sum of `terms`; of quotients by one divisor, the quotient of their sum."""
    if len(terms) > 1:
        quotients = [_quotient(t) for t in terms]
        divisors = {q[1] for q in quotients if q is not None}
        if len(divisors) == 1 and None not in quotients:
            return Apply("/", (total([q[0] for q in quotients if q is not None]), *divisors))
    found = terms[0]
    for t in terms[1:]:
        found = add(found, t)
    return found


def _quotient(e: Expr) -> tuple[Expr, Expr] | None:
    """The dividend and the divisor of `e`, a quotient with a sign or without."""
    match e:
        case Apply("neg", (inner,)):
            found = _quotient(inner)
            return None if found is None else (Apply("neg", (found[0],)), found[1])
        case Apply("/", (a, b)):
            return a, b
        case Apply("*", (bar, Apply("/", (a, b)))):
            return simplify(Apply("*", (bar, a))), b
        case Apply("*", (bar, Apply("neg", (inner,)))):
            return _quotient(Apply("neg", (Apply("*", (bar, inner)),)))
    return None


def common_divisor(partials: list[Expr]) -> Expr | None:
    """y, if the first of the partials is 1 / y and another is a quotient by y too: bar / y serves both."""
    match partials:
        case [Apply("/", (one, y)), *others] if _is(one, 1) and any(divided(p, y) is not None for p in others):
            return y
    return None


def divided(partial: Expr, y: Expr | None) -> Expr | None:
    """What `partial` has over the divisor `y`: -x of -x / y or -(x / y)."""
    match partial:
        case Apply("neg", (inner,)):
            factor = divided(inner, y)
            return None if factor is None else simplify(Apply("neg", (factor,)))
        case Apply("/", (x, divisor)) if divisor == y:
            return x
    return None
