"""The tape's stacks in machine code: several values on a list's end, or off it, at once.

    put(stack, a1, a2)          ->      stack.append(a1); stack.append(a2)
    a2, a1 = take_2(stack)      ->      a2 = stack.pop(); a1 = stack.pop()

Numba's own methods look at the list's memory anew for each value, fill with zeros what they make room for, and give
memory back as the list gets shorter. Here room is made for twice as much when it runs out, and kept: each value is
moved once on average, and the reverse sweep moves none. The memory of a tape that is done serves the next (`kept.py`).
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any, cast

import numba
from llvmlite import ir
from numba.core import cgutils, types
from numba.cpython.listobj import ListInstance, get_itemsize
from numba.extending import intrinsic

from srcad import kept

ROOM = 128  # numbers: for so many there is room when something is put on an empty stack
OPTIONS = {"_nrt": True, "error_model": "numpy", "forceinline": True}


def _head(context: Any, kind: Any) -> int:
    """The bytes before the items of a list of type `kind`."""
    payload: int = context.get_abi_sizeof(context.get_data_type(types.ListPayload(kind)))
    return payload - cast(int, get_itemsize(context, kind))


def _grow(context: Any, builder: Any, lst: Any, kind: Any, room: Any) -> None:
    """Give `lst`, of type `kind`, room for at least so many numbers, and leave the new ones as they are."""
    width = ir.Constant(room.type, get_itemsize(context, kind))
    head = ir.Constant(room.type, _head(context, kind))
    wanted, overflows = cgutils.muladd_with_overflow(builder, room, width, head)
    with builder.if_then(overflows, likely=False):
        context.call_conv.return_user_exc(builder, MemoryError, ("the tape is too long",))
    used = builder.add(head, builder.mul(lst.size, width))
    size = kept.more(builder, lst.meminfo, used, wanted)
    with builder.if_then(builder.icmp_unsigned("==", size, ir.Constant(size.type, 0)), likely=False):
        context.call_conv.return_user_exc(builder, MemoryError, ("no memory for the tape",))
    lst._payload.allocated = builder.udiv(builder.sub(size, head), width)


@intrinsic  # type: ignore[untyped-decorator]
def _put(context: Any, stack: Any, values: Any) -> Any:
    """Put the tuple `values` on `stack`, its last value on top."""
    if isinstance(stack.dtype, (types.Integer, types.Boolean)) and any(isinstance(t, types.Float) for t in values):
        return None  # which would lose something

    def code(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        kind, given = signature.args
        lst = ListInstance(context, builder, kind, arguments[0])
        size = lst.size
        needed = builder.add(size, ir.Constant(size.type, len(given)))
        with builder.if_then(builder.icmp_signed("<", lst._payload.allocated, needed), likely=False):
            _grow(context, builder, lst, kind, builder.add(builder.add(needed, needed), ir.Constant(size.type, ROOM)))
        lst.size = needed
        for k, t in enumerate(given):
            value = context.cast(builder, builder.extract_value(arguments[1], k), t, kind.dtype)
            at = builder.add(size, ir.Constant(size.type, k))
            lst.setitem(at, value, incref=False, decref_old_value=False)
        return context.get_dummy_value()

    return types.void(stack, values), code


@intrinsic  # type: ignore[untyped-decorator]
def _take(context: Any, stack: Any, count: Any) -> Any:
    """Take as many values off `stack` as the constant `count` says: a tuple, the top one first."""
    if not isinstance(count, types.IntegerLiteral):
        return None

    def code(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        lst = ListInstance(context, builder, signature.args[0], arguments[0])
        size = lst.size
        left = builder.sub(size, ir.Constant(size.type, count.literal_value))
        with builder.if_then(builder.icmp_signed("<", left, ir.Constant(size.type, 0)), likely=False):
            context.call_conv.return_user_exc(builder, IndexError, ("pop from empty list",))
        below = [builder.sub(size, ir.Constant(size.type, k + 1)) for k in range(count.literal_value)]
        made = cgutils.pack_array(builder, [lst.getitem(at) for at in below])
        lst.size = left
        return made

    return types.UniTuple(stack.dtype, count.literal_value)(stack, count), code


@intrinsic  # type: ignore[untyped-decorator]
def done(context: Any, tape: Any) -> Any:
    """Empty the stacks of `tape`, a tuple: nothing will be put on them any more, so the next ones have their memory."""

    def code(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        for k, kind in enumerate(signature.args[0]):
            if isinstance(kind, types.List) and isinstance(kind.dtype, (types.Number, types.Boolean)):
                lst = ListInstance(context, builder, kind, builder.extract_value(arguments[0], k))
                kept.leave(builder, lst.meminfo, _head(context, kind))
        return context.get_dummy_value()

    return types.void(tape), code


@numba.njit(**OPTIONS)  # type: ignore[untyped-decorator]
def put(stack: list[Any], *values: Any) -> None:
    _put(stack, values)


@cache
def taking(count: int) -> Callable[[list[Any]], Any]:
    """The function that takes `count` values off a stack: a tuple, the top one first."""

    @numba.njit(**OPTIONS)  # type: ignore[untyped-decorator]
    def take(stack: list[Any]) -> Any:
        return _take(stack, count)

    made: Callable[[list[Any]], Any] = take
    return made
