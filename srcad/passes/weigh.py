"""The product of a function's result with a cotangent, whose gradient is the vector-Jacobian product.

    -> y, s     ->      weight = 0.0
                        weight = weight + s_weight * s
                        for i in 0:y.shape[0]:1:
                            weight = weight + y_weight[i] * y[i]
                        -> weight, (y, s)

The gradient of sum(w y) by x is w^T dy/dx, so reverse mode needs no other seed than 1. The sum itself is dead code.
Needs: scalar code. Guarantees: the first item of the result is what is differentiated, the second the result as it was.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from numba.core import types

from srcad.build import Builder
from srcad.ir import Apply, Const, Expr, Field, Function, Item, Tuple, Var
from srcad.types import is_float, is_float_array


@dataclass(frozen=True)
class Weight:
    """The cotangent of one float or array of the result: the items to take of the whole, and its type."""

    positions: tuple[int, ...]
    type: Any


def weigh(f: Function, called: str) -> tuple[Function, dict[str, Weight]]:
    """`f` with parameters for the cotangents of its result, and what these are by name; errors speak of `called`."""
    assert f.result is not None
    b = Builder(f)
    weights: dict[str, Weight] = {}
    total = b.new("weight", types.float64)
    b.at = f.at
    b.assign(total, Const(0.0))
    for leaf, positions in _leaves(f.result, ()):
        t = b.types[leaf.name] if isinstance(leaf, Var) else None
        if not isinstance(leaf, Var) or t is None or not (is_float(t) or is_float_array(t)):
            continue
        own = b.names.fresh(f"{leaf.name}_weight" if not leaf.name.startswith("%") else "result_weight")
        weights[own] = Weight(positions, t if is_float(t) else t.copy(layout="A", readonly=False))
        b.types[own] = weights[own].type
        if is_float(t):
            _add(b, total, Var(own), leaf)
            continue
        part = "the result" + "".join(f"[{k}]" for k in positions)
        what = f"{called}: the cotangent of {part} has another shape than {part}"
        b.refuse(Apply("!=", (Field(Var(own), "shape"), Field(leaf, "shape"))), what)
        _each(b, total, own, leaf, t.ndim)
    result = Tuple((Var(total), f.result))
    return replace(f, params=(*f.params, *weights), body=(*f.body, *b.out), result=result, types=b.types), weights


def _leaves(e: Expr, positions: tuple[int, ...]) -> Iterator[tuple[Expr, tuple[int, ...]]]:
    if isinstance(e, Tuple):
        for k, item in enumerate(e.items):
            yield from _leaves(item, (*positions, k))
    else:
        yield e, positions


def _add(b: Builder, total: str, weight: Expr, e: Expr) -> None:
    term = b.emit(Apply("*", (weight, e)))
    b.assign(total, Apply("+", (Var(total), term)))


def _each(b: Builder, total: str, own: str, array: Var, ndim: int, at: tuple[Expr, ...] = ()) -> None:
    """Add the products of all elements."""
    if len(at) == ndim:
        element = b.emit(Item(array, at))
        _add(b, total, b.emit(Item(Var(own), at)), element)
        return
    extent = Item(Field(array, "shape"), (Const(len(at)),))
    index = b.new("i", types.int64)
    outer = b.block()
    _each(b, total, own, array, ndim, (*at, Var(index)))
    b.loop(index, extent, b.taken(outer))
