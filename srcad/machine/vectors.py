"""Several numbers as one value, in the registers that the machine has for that: a type of Numba's, and what it can do.

    mul(pack((a, b, c, d)), 2.0)      ->      fmul <4 x double> ..., one instruction

`lanes.py` writes code with these. Lanes of an array's element lie side by side: an array of shape (n, m) that holds
four numbers in each place is one of shape (n, m, 4).
"""

from __future__ import annotations

import ast
from collections.abc import Callable
from functools import cache
from typing import Any

from llvmlite import ir
from numba.core import cgutils, types
from numba.core.datamodel.models import PrimitiveModel
from numba.core.datamodel.registry import register_default
from numba.extending import intrinsic
from numba.np.arrayobj import _empty_nd_impl


class Vector(types.Type):  # type: ignore[misc]
    """So many numbers of type float64, in the machine's registers."""

    def __init__(self, count: int, dtype: Any = types.float64) -> None:
        self.count, self.dtype = count, dtype
        super().__init__(f"Vector({count}, {dtype})")


@register_default(Vector)
class _Model(PrimitiveModel):  # type: ignore[misc]
    def __init__(self, manager: Any, kind: Vector) -> None:
        element = ir.IntType(1) if kind.dtype == types.boolean else ir.DoubleType()
        super().__init__(manager, kind, ir.VectorType(element, kind.count))


def _spread(context: Any, builder: Any, value: Any, kind: Any, count: int) -> Any:
    """`value` of type `kind` in all lanes, if it is a number."""
    if isinstance(kind, Vector):
        return value
    number = context.cast(builder, value, kind, types.float64)
    return _packed(builder, [number] * count)


def _packed(builder: Any, numbers: list[Any]) -> Any:
    made = ir.Constant(ir.VectorType(ir.DoubleType(), len(numbers)), ir.Undefined)
    for k, number in enumerate(numbers):
        made = builder.insert_element(made, number, ir.Constant(ir.IntType(32), k))
    return made


def _is_number(kind: Any) -> bool:
    return isinstance(kind, (types.Float, types.Integer, types.Boolean))


def _of_two(name: str, step: Callable[[Any, Any, Any], Any], dtype: Any = types.float64) -> Any:
    """The operation `step` on lanes, or on lanes and a number."""

    def operation(typing_context: Any, left: Any, right: Any) -> Any:
        count = next((t.count for t in (left, right) if isinstance(t, Vector)), 0)
        if not count or not all(isinstance(t, Vector) or _is_number(t) for t in (left, right)):
            return None

        def code(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
            given = zip(arguments, signature.args, strict=True)
            return step(builder, *(_spread(context, builder, value, t, count) for value, t in given))

        return Vector(count, dtype)(left, right), code

    operation.__name__ = name
    return intrinsic(operation)


ARITHMETIC = {
    ast.Add: _of_two("add", lambda builder, a, b: builder.fadd(a, b)),
    ast.Sub: _of_two("sub", lambda builder, a, b: builder.fsub(a, b)),
    ast.Mult: _of_two("mul", lambda builder, a, b: builder.fmul(a, b)),
    ast.Div: _of_two("div", lambda builder, a, b: builder.fdiv(a, b)),
}


def _compared(name: str, sign: str) -> Any:
    def step(builder: Any, a: Any, b: Any) -> Any:
        compare = builder.fcmp_unordered if sign == "!=" else builder.fcmp_ordered
        return compare(sign, a, b)

    return _of_two(name, step, types.boolean)


COMPARED = {
    ast.Eq: _compared("eq", "=="),
    ast.NotEq: _compared("ne", "!="),
    ast.Lt: _compared("lt", "<"),
    ast.LtE: _compared("le", "<="),
    ast.Gt: _compared("gt", ">"),
    ast.GtE: _compared("ge", ">="),
}


@intrinsic  # type: ignore[untyped-decorator]
def neg(typing_context: Any, value: Any) -> Any:
    return value(value), lambda context, builder, signature, arguments: builder.fneg(arguments[0])


@intrinsic  # type: ignore[untyped-decorator]
def choose(typing_context: Any, test: Any, yes: Any, no: Any) -> Any:
    """`yes if test else no` in each lane."""
    return yes(test, yes, no), lambda context, builder, signature, arguments: builder.select(*arguments)


@intrinsic  # type: ignore[untyped-decorator]
def pack(typing_context: Any, numbers: Any) -> Any:
    """The numbers of a tuple, one a lane."""

    def code(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        given = zip(cgutils.unpack_tuple(builder, arguments[0]), signature.args[0], strict=True)
        return _packed(builder, [context.cast(builder, value, t, types.float64) for value, t in given])

    return Vector(len(numbers))(numbers), code


@intrinsic(prefer_literal=True)  # type: ignore[untyped-decorator]
def one(typing_context: Any, vector: Any, lane: Any) -> Any:
    """The number in the lane that the constant `lane` says."""

    def code(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        return builder.extract_element(arguments[0], ir.Constant(ir.IntType(32), lane.literal_value))

    return vector.dtype(vector, lane), code


@cache
def splat(count: int) -> Any:
    """The function that makes so many lanes of one number."""

    @intrinsic  # type: ignore[untyped-decorator]
    def splat(typing_context: Any, number: Any) -> Any:
        def code(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
            return _spread(context, builder, arguments[0], signature.args[0], count)

        return Vector(count)(number), code

    return splat


@intrinsic(prefer_literal=True)  # type: ignore[untyped-decorator]
def wide(typing_context: Any, shape: Any, count: Any) -> Any:
    """A shape with the lanes behind its extents: `shape` is an int or a tuple of them."""
    extents = [shape] if isinstance(shape, types.Integer) else list(shape)

    def code(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        given = arguments[0]
        values = [given] if isinstance(signature.args[0], types.Integer) else cgutils.unpack_tuple(builder, given)
        made = [context.cast(builder, v, t, types.intp) for v, t in zip(values, extents, strict=True)]
        return cgutils.pack_array(builder, [*made, context.get_constant(types.intp, count.literal_value)])

    return types.UniTuple(types.intp, len(extents) + 1)(shape, count), code


def _place(context: Any, builder: Any, kinds: Any, arguments: Any, lanes: int) -> Any:
    """Where the lanes of an element begin, by the array and the tuple of its indices."""
    kind, indices = kinds
    array = context.make_array(kind)(context, builder, arguments[0])
    given = []
    for k, t in enumerate(indices):
        index = builder.extract_value(arguments[1], k)
        wraps = t.signed and not isinstance(t, types.IntegerLiteral)
        index = context.cast(builder, index, t, types.intp if wraps else types.uintp)
        if wraps:
            extent = cgutils.unpack_tuple(builder, array.shape)[k]
            below = builder.icmp_signed("<", index, ir.Constant(index.type, 0))
            index = builder.select(below, builder.add(index, extent), index)
        given.append(index)
    return _first(context, builder, array, kind, given, lanes)


def _first(context: Any, builder: Any, array: Any, kind: Any, given: Any, lanes: int) -> Any:
    """Where the lanes of the element at the indices `given` begin."""
    shape = cgutils.unpack_tuple(builder, array.shape)
    strides = cgutils.unpack_tuple(builder, array.strides)
    indices = [*given, ir.Constant(shape[0].type, 0)]
    place = cgutils.get_item_pointer2(context, builder, array.data, shape, strides, kind.layout, indices)
    return builder.bitcast(place, ir.VectorType(ir.DoubleType(), lanes).as_pointer())


@intrinsic  # type: ignore[untyped-decorator]
def total(typing_context: Any, vector: Any) -> Any:
    """The sum over all lanes, an even number of them: the first half plus the second one, and so on."""

    def code(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        (value,) = arguments
        while value.type.count > 1:
            half = value.type.count // 2
            first, second = (_some(builder, value, range(k, k + half)) for k in (0, half))
            value = builder.fadd(first, second)
        return builder.extract_element(value, ir.Constant(ir.IntType(32), 0))

    return types.float64(vector), code


def _some(builder: Any, vector: Any, lanes: range) -> Any:
    """The vector of these lanes."""
    which = ir.Constant(ir.VectorType(ir.IntType(32), len(lanes)), list(lanes))
    return builder.shuffle_vector(vector, ir.Constant(vector.type, ir.Undefined), which)


@intrinsic(prefer_literal=True)  # type: ignore[untyped-decorator]
def spread(typing_context: Any, array: Any, count: Any) -> Any:
    """A new array with each element of `array` in so many lanes."""
    kind = types.Array(array.dtype, array.ndim + 1, "C")

    def code(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        given = context.make_array(array)(context, builder, arguments[0])
        shape = cgutils.unpack_tuple(builder, given.shape)
        lanes = context.get_constant(types.intp, count.literal_value)
        made = _empty_nd_impl(context, builder, kind, [*shape, lanes])
        strides = cgutils.unpack_tuple(builder, given.strides)
        with cgutils.loop_nest(builder, shape, shape[0].type) as indices:
            place = cgutils.get_item_pointer2(context, builder, given.data, shape, strides, array.layout, indices)
            value = _packed(builder, [builder.load(place)] * count.literal_value)
            builder.store(value, _first(context, builder, made, kind, indices, count.literal_value), align=8)
        return made._getvalue()

    return kind(array, count), code


@cache
def get(count: int) -> Any:
    """The function that reads the lanes of an element."""

    @intrinsic  # type: ignore[untyped-decorator]
    def get(typing_context: Any, array: Any, indices: Any) -> Any:
        def code(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
            place = _place(context, builder, signature.args, arguments, count)
            return builder.load(place, align=8)

        return Vector(count)(array, indices), code

    return get


@intrinsic  # type: ignore[untyped-decorator]
def put(typing_context: Any, array: Any, indices: Any, value: Any) -> Any:
    """Write the lanes of an element."""

    def code(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        place = _place(context, builder, signature.args[:2], arguments, signature.args[2].count)
        builder.store(arguments[2], place, align=8)
        return context.get_dummy_value()

    return types.void(array, indices, value), code
