"""Indices that are never negative, told to the compiler: what people read stays as it is.

    for j in range(i + 1, n):                 for j in range(i + 1, n):
        s += a[i, j] * x[k]         ->            s += a[unsigned(i), unsigned(j)] * x[k]

Numba compares every index with zero, as one that is negative counts from the end. Where the machine's compiler can't
prove the answer, that costs the loop its vector instructions: more than twice the time. What is known of the loops
(`analysis/lower.py`) is more than it can see.
"""

from __future__ import annotations

import ast
from collections.abc import Mapping
from typing import Any, TypeVar

from numba.core import types
from numba.extending import intrinsic

from srcad.analysis.lower import Lower
from srcad.ir import Body, Const, Expr, For, Function, If, Item, Slice, Store, Var, While, nodes, reads
from srcad.syntax import to_ast
from srcad.types import is_array

T = TypeVar("T")
Marks = Mapping[str, tuple[int, ...]]  # the text of an element -> which of its subscripts are never negative


@intrinsic  # type: ignore[untyped-decorator]
def unsigned(typing_context: Any, index: Any) -> Any:
    """`index`, an int that is not negative, as an unsigned one."""
    t = types.uint64 if types.unliteral(index) == types.int64 else index
    return t(types.unliteral(index) if t == types.uint64 else index), lambda context, builder, signature, args: args[0]


def marks(f: Function) -> Marks:
    """The elements of arrays in `f` of which some subscript is known never to be negative."""
    found: dict[Item, tuple[int, ...]] = {}
    lower = Lower(f)

    def see(e: Expr, known: Mapping[str, int]) -> None:
        for n in nodes(e):
            if isinstance(n, Item) and isinstance(n.base, Var) and is_array(f.types.get(n.base.name)):
                counted = tuple(d for d, i in enumerate(n.index) if _counts(i, lower, known))
                _and(found, n, counted)

    def visit(body: Body, known: Mapping[str, int]) -> None:
        for s in body:
            if isinstance(s, Store):
                see(Item(s.array, s.index), known)
            for e in reads(s):
                see(e, known)
            if isinstance(s, For):
                visit(s.body, {**known, **_inside(s, lower)})
            elif isinstance(s, While):
                visit(s.body, known)
            elif isinstance(s, If):
                visit(s.body, known)
                visit(s.orelse, known)

    visit(f.body, {})
    texts: dict[str, tuple[int, ...]] = {}
    for n, counted in found.items():
        _and(texts, ast.unparse(to_ast(n)), counted)
    return {text: counted for text, counted in texts.items() if counted}


def _and(found: dict[T, tuple[int, ...]], key: T, counted: tuple[int, ...]) -> None:
    """Of what stands in several places, what holds in all of them."""
    before = found.get(key, counted)
    found[key] = tuple(d for d in counted if d in before)


def _counts(index: Expr, lower: Lower, known: Mapping[str, int]) -> bool:
    """Is `index`, if it is no constant, never negative?"""
    if isinstance(index, (Const, Slice)):
        return False
    least = lower.of(index, known)
    return least is not None and least >= 0


def _inside(s: For, lower: Lower) -> dict[str, int]:
    """What has to be so wherever the loop's body runs: in `range(n)`, n is at least 1."""
    match s:
        case For(_, start, Var(stop), Const(int(step))) if step > 0 and stop not in lower.assigned:
            least = lower.of(start)
            return {} if least is None else {stop: least + 1}
    return {}


def marked(tree: ast.Module, known: Marks, name: str) -> ast.Module:
    """The text `tree` of a function with the subscripts that are `known` given to the function `name`."""
    _Marker(known, name).visit(tree)
    return tree


class _Marker(ast.NodeTransformer):
    def __init__(self, known: Marks, name: str) -> None:
        self.known, self.name = known, name

    def visit_Subscript(self, node: ast.Subscript) -> ast.AST:
        context, node.ctx = node.ctx, ast.Load()
        dims = self.known.get(ast.unparse(node), ())
        node.ctx = context
        self.generic_visit(node)
        if isinstance(node.slice, ast.Tuple):
            items = node.slice.elts
            node.slice.elts = [self._mark(e) if d in dims else e for d, e in enumerate(items)]
        elif dims:
            node.slice = self._mark(node.slice)
        return node

    def _mark(self, e: ast.expr) -> ast.expr:
        made = ast.Call(ast.Name(self.name, ast.Load()), [e], [])
        return ast.copy_location(made, e)
