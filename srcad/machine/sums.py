"""Sums of bars, told to the compiler: what people read stays as it is.

    for j in range(n):                        for j in range(n):
        a_bar += b_bar[j] * x[j]     ->           a_bar = plus(a_bar, b_bar[j] * x[j])

A sum of floats has an order, so the machine's compiler makes a loop's sum one term after the other: four cycles each,
where eight terms at once take one. The user's own sums keep their order. A bar is a sum over paths, which has none:
its terms may be added in any order, and in parts. So may those of `np.dot`, `@` and `np.sum`.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Set
from typing import Any

from numba.core import types
from numba.extending import intrinsic

from srcad.ir import Apply, Assign, Expr, For, Function, Stmt, Var, While, walk


def _in_any_order(name: str) -> Any:
    """The operation `name` of LLVM, fadd or fsub, on the first argument's type, as a step of a sum without an order."""

    def step(typing_context: Any, total: Any, term: Any) -> Any:
        if not isinstance(total, types.Float) or not isinstance(term, (types.Number, types.Boolean)):
            return None
        kind = types.float64 if types.float64 in (total, term) or isinstance(term, types.Integer) else total

        def code(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
            given = zip(arguments, signature.args, strict=True)
            both = [context.cast(builder, value, t, kind) for value, t in given]
            return getattr(builder, name)(*both, flags=("reassoc",))

        return kind(total, term), code

    return step


plus = intrinsic(_in_any_order("fadd"))
minus = intrinsic(_in_any_order("fsub"))


def summed(f: Function) -> frozenset[str]:
    """The sums of `f`, among those that have no order, that some loop adds to."""
    if not f.sums:
        return f.sums
    found: set[str] = set()
    for loop in walk(f.body):
        for s in walk(loop.body) if isinstance(loop, (For, While)) else ():
            if isinstance(s, Assign) and added_term(s) is not None:
                found.add(s.target)
    return f.sums & found


def added_term(s: Stmt) -> Expr | None:
    """What `s` adds to the name that it binds, or takes off it; None if it does something else."""
    match s:
        case Assign(target, Apply("+=" | "-=" | "+" | "-", (Var(same), term))) if same == target:
            return term
    return None


def added(tree: ast.Module, sums: Set[str], bound: Callable[[Any, str], str]) -> ast.Module:
    """The text `tree` of a function with the steps of `sums` as calls of functions, which `bound` gives names to."""
    _Adder(sums, bound).visit(tree)
    return tree


class _Adder(ast.NodeTransformer):
    def __init__(self, sums: Set[str], bound: Callable[[Any, str], str]) -> None:
        self.sums, self.bound = sums, bound

    def visit_AugAssign(self, node: ast.AugAssign) -> ast.AST:
        match node:
            case ast.AugAssign(ast.Name(name), ast.Add() | ast.Sub() as op, term) if name in self.sums:
                step, called = (plus, "plus") if isinstance(op, ast.Add) else (minus, "minus")
                call = ast.Call(ast.Name(self.bound(step, called), ast.Load()), [ast.Name(name, ast.Load()), term], [])
                return ast.copy_location(ast.Assign([node.target], call), node)
        return node
