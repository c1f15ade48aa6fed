"""Counts and indices, with what is known of them worked out.

    plus(i, 0)  ->  i        plus(2, 1)  ->  3        times(k, 1)  ->  k
"""

from __future__ import annotations

from srcad.ir import ONE, ZERO, Apply, Const, Expr


def plus(a: Expr, b: Expr) -> Expr:
    """`a + b`, with the constants added up."""
    if isinstance(a, Const) and isinstance(b, Const):
        return Const(a.value + b.value)
    if b == ZERO:
        return a
    if a == ZERO:
        return b
    if isinstance(b, Const) and b.value < 0:
        return Apply("-", (a, Const(-b.value)))
    return Apply("+", (a, b))


def times(a: Expr, b: Expr) -> Expr:
    """`a * b`, with the constants multiplied, and without a factor of one."""
    if isinstance(a, Const) and isinstance(b, Const):
        return Const(a.value * b.value)
    return b if a == ONE else a if b == ONE else Apply("*", (a, b))
