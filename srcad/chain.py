"""A rule's text for the operands at hand, and the products of the chain rule.

    partials("x * y", x="y"), operands x = a@0, y = b@0        ->        bar * b@0
"""

from __future__ import annotations

import ast
from dataclasses import replace
from functools import lru_cache

from numba.core import types

from srcad.ir import Apply, Const, Expr, Item, Select, Var, substitute
from srcad.syntax import from_ast

NUMBER_ZERO = Const(0.0)


def zero_of(t: object) -> Expr:
    """A zero of the float type `t`."""
    return Apply("np.float32", (NUMBER_ZERO,)) if t == types.float32 else NUMBER_ZERO


@lru_cache(maxsize=1024)
def expression(text: str) -> Expr:
    """The expression that a rule's text says."""
    return from_ast(ast.parse(text, mode="eval").body)


def instance(text: str, operands: dict[str, Expr], out: str, extra: dict[str, Expr] | None = None) -> Expr:
    """A rule's text for the operands at hand."""
    known = {**{p: bare(e) for p, e in operands.items()}, "out": Var(out), **(extra or {})}
    return substitute(expression(text), lambda n: known.get(n, Var(n)))


def bare(e: Expr) -> Expr:
    """`e` as a value, its shadow forgotten."""
    return replace(e, shadow=None) if isinstance(e, Item) else e


def guarded(product: Expr, sound: bool, bar: Expr, zero: Expr) -> Expr:
    """`product` of `bar` and a partial; where the partial may be infinite, nothing where the bar is exactly zero."""
    if sound:
        return product
    if isinstance(product, Apply) and product.op == "neg":
        return Apply("neg", (Select(Apply("!=", (bar, zero)), product.args[0], zero),))
    return Select(Apply("!=", (bar, zero)), product, zero)
