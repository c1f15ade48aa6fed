"""The type of an expression, from the types of the names in it: what a pass that makes new names asks.

    kind(x[i] * 2, {"x": array(float32, 1d, C), "i": int64})      ->      float64
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any

import numba
import numpy as np
from numba.core import errors, types
from numba.core.registry import cpu_target
from numba.core.typing.arraydecl import get_array_index_type

from srcad.flow import product_type, unmasked
from srcad.ir import AXIS, ONE, ZERO, Apply, Array, Const, Expr, Field, Item, Select, Slice, Tuple, Var
from srcad.names import base
from srcad.rules import FUNCTIONS, canonical
from srcad.types import Type, is_array, is_list, is_tuple

_OPERATORS: dict[str, Callable[..., Any]] = {
    "==": operator.eq, "!=": operator.ne, "<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge,
    "&": operator.and_, "|": operator.or_, "^": operator.xor, "<<": operator.lshift, ">>": operator.rshift,
    "~": operator.invert, "@": operator.matmul, "len": len,
}  # fmt: skip
_BOOLEAN = frozenset({"and", "or", "not", "is", "is not", "in", "not in"})


def function_of(op: str) -> Callable[..., Any] | None:
    """The function that computes the op: `operator.mul` of "*", `np.sin` of "np.sin"."""
    found = FUNCTIONS.get(op) or _OPERATORS.get(op)
    if found is None and op.startswith("np."):
        found = getattr(np, op[3:], None)
    return found


def rule_name(op: str) -> str | None:
    """The canonical name of the rule of an op in any of its spellings, or None if it has none."""
    function = function_of(op)
    return None if function is None else canonical(function)


@lru_cache(maxsize=4096)
def result_type(op: str, args: tuple[Type, ...]) -> Type:
    """The type that Numba gives to a scalar operation."""
    if op in _BOOLEAN:
        return types.boolean
    if op == "np.where":
        return unified(args[1:])
    function = function_of(op)
    if function is None or None in args:
        return None
    if op in ("@", "np.dot") and (product := product_type(op, *args)) is not None:
        return product
    try:
        signature = cpu_target.typing_context.resolve_function_type(function, args, {})
    except errors.NumbaError:
        signature = None
    if signature is None:
        return unified(args)
    return types.unliteral(signature.return_type)


def unified(found: tuple[Type, ...]) -> Type:
    """One type for a name that may hold a value of each."""
    plain = tuple(types.unliteral(t) for t in found)
    return plain[0] if len(set(plain)) == 1 else cpu_target.typing_context.unify_types(*plain)


def literal(value: Any) -> Type:
    """The type of a literal, its value included where Numba's rules look at that."""
    return types.literal(value) if type(value) is int else numba.typeof(value)


def view_type(array: Type, index: tuple[Type, ...]) -> Type:
    """The type of `array[index]`; an index part is an int's or a slice's type."""
    whole = index[0] if len(index) == 1 else types.Tuple(index)
    return get_array_index_type(array, whole).result


def picked_type(array: Type, index: tuple[Type, ...]) -> Type:
    """The type of `array[index]`, where a part may be the type of an array of indices or of a mask."""
    return view_type(array, unmasked(index))


def slice_type(part: Expr) -> Type:
    """The type of one part of a basic index."""
    if not isinstance(part, Slice):
        return types.none if part == AXIS else types.intp
    return types.slice2_type if part.step is None else types.slice3_type


def transposed(t: Type) -> Type:
    """The type of `x.T`."""
    turned = {"C": "F", "F": "C"}.get(t.layout, "A")
    return t if t.ndim < 2 else t.copy(layout=turned)


def kind(e: Expr, known: Mapping[str, Type]) -> Type:
    """The type of `e`: of a scalar, a view or a tuple."""
    match e:
        case Const(value):
            return literal(value)
        case Var(name):
            return known.get(base(name), types.float64 if name.startswith(("math.", "np.")) else None)
        case Apply(op, args):
            return result_type(op, tuple(kind(a, known) for a in args))
        case Field(of, name):
            return _field(kind(of, known), name)
        case Item(of, index):
            return _item(kind(of, known), index, known)
        case Tuple(items, _):
            return types.Tuple(tuple(types.unliteral(kind(i, known)) for i in items))
        case Select(_, yes, no):
            return unified((kind(yes, known), kind(no, known)))
    return None


def _field(t: Type, name: str) -> Type:
    if is_tuple(t):
        return tuple(t)[t.fields.index(name)]
    if name == "shape":
        return types.UniTuple(types.intp, t.ndim)
    return transposed(t) if name == "T" else types.intp


def _item(t: Type, index: tuple[Expr, ...], known: Mapping[str, Type]) -> Type:
    if is_tuple(t):
        (which,) = index
        if isinstance(which, Const):
            return tuple(t)[which.value]
        return types.Tuple(tuple(t)[_constant(which)]) if isinstance(which, Slice) else unified(tuple(t))
    if is_list(t):
        return t if isinstance(index[0], Slice) else t.dtype
    if is_array(t):
        return picked_type(t, tuple(_part_type(p, known) for p in index))
    return None


def _part_type(part: Expr, known: Mapping[str, Type]) -> Type:
    """The type of one part of an index."""
    t = None if isinstance(part, Slice) or part == AXIS else kind(part, known)
    return t if is_array(t) else slice_type(part)


def _constant(s: Slice) -> slice:
    return slice(*(p.value if isinstance(p, Const) else None for p in (s.lower, s.upper, s.step)))


def truth(e: Expr, known: Mapping[str, Type]) -> Expr:
    """`e` as a bool: what `if e` asks of a number."""
    match e:
        case Apply("and" | "or" as op, args):
            return Apply(op, tuple(truth(a, known) for a in args))
        case Apply("not", _):
            return e
        case Select(test, yes, no):
            return Select(test, truth(yes, known), truth(no, known))
    return Apply("!=", (e, ZERO)) if isinstance(kind(e, known), types.Number) else e


def example(t: Type) -> Expr:
    """A value of the scalar, array, list or tuple type `t`: the empty array or list, zero, False, a tuple of them."""
    if is_tuple(t):
        return Tuple(tuple(map(example, t)))
    if is_list(t):
        return Array((), True, of=example(t.dtype))
    if is_array(t):
        shape = ZERO if t.ndim == 1 else Tuple((ZERO,) * t.ndim)
        kind_ = "np.bool_" if isinstance(t.dtype, types.Boolean) else f"np.{t.dtype}"
        empty = Apply("np.zeros", (shape,), (("dtype", Var(kind_)),))
        if t.layout == "A":
            return Item(empty, (Slice(None, None, ONE),) * t.ndim)
        return Field(empty, "T") if t.layout == "F" and t.ndim > 1 else empty
    if isinstance(t, types.Boolean):
        return Const(False)
    if isinstance(t, types.Integer):
        return ZERO
    return Apply("np.float32", (Const(0.0),)) if t == types.float32 else Const(0.0)
