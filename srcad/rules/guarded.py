"""`guarded`: a product of which nothing is left where its first factor is exactly zero, be the other one infinite.

    y_bar = a_bar * (0.5 / a) if a_bar != 0.0 else 0.0        ->        y_bar = guarded(a_bar, 0.5 / a, 0.0)

So the generated code writes a bar times a partial that may be infinite, and so that code is read when it is
differentiated again. It is no branch: its derivative is that of the product, at a bar of zero as elsewhere.
"""

from __future__ import annotations

import ast

from numba.extending import register_jitable

from srcad.names import GUARDED
from srcad.rules.registry import Rule, enter


@register_jitable  # type: ignore[untyped-decorator]
def guarded(bar: float, partial: float, zero: float) -> float:
    """`bar * partial`, or `zero` where `bar` is."""
    return bar * partial if bar != 0.0 else zero


enter(Rule(GUARDED, ("bar", "partial", "zero"), (), {"bar": "partial", "partial": "bar"}), guarded)


def factors(node: ast.IfExp) -> tuple[ast.expr, ast.expr, ast.expr] | None:
    """The bar, the partial and the zero of a guarded product as it is written; None of another conditional.

    The bar is the factor that the condition asks about, or, where that is no factor, the first one: `t * y if
    a_bar != 0.0 else 0.0`, t being `a_bar / x`.
    """
    match node:
        case ast.IfExp(ast.Compare(bar, [ast.NotEq()], [zero]), ast.BinOp() | ast.UnaryOp() as product, other):
            if ast.dump(zero) == ast.dump(other) and ast.unparse(zero) in ("0.0", "np.float32(0.0)"):
                for first in (bar, _first(product)):
                    rest = _without(product, ast.dump(first))
                    if rest is not None:
                        return first, rest, zero
    return None


def _first(node: ast.expr) -> ast.expr:
    """The first factor of a product."""
    while isinstance(node, (ast.BinOp, ast.UnaryOp)):
        node = node.left if isinstance(node, ast.BinOp) else node.operand
    return node


def _without(node: ast.expr, bar: str) -> ast.expr | None:
    """A product or quotient without its factor `bar`; None if it has no such factor."""
    match node:
        case ast.BinOp(a, ast.Mult() | ast.Div() as op, b):
            if ast.dump(a) == bar:
                one = ast.copy_location(ast.Constant(1.0), node)
                return b if isinstance(op, ast.Mult) else ast.copy_location(ast.BinOp(one, op, b), node)
            if isinstance(op, ast.Mult) and ast.dump(b) == bar:
                return a
            rest = _without(a, bar)
            if rest is not None:
                return ast.copy_location(ast.BinOp(rest, op, b), node)
            rest = _without(b, bar) if isinstance(op, ast.Mult) else None
            return None if rest is None else ast.copy_location(ast.BinOp(a, op, rest), node)
        case ast.UnaryOp(ast.USub(), operand):
            rest = _without(operand, bar)
            return None if rest is None else ast.copy_location(ast.UnaryOp(node.op, rest), node)
    return None
