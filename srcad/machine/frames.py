"""The tape's stacks in machine code: several values on a list's end, or off it, at once.

    put(stack, (a1, a2))        ->      stack.append(a1); stack.append(a2)
    a2, a1 = take(stack, 2)     ->      a2 = stack.pop(); a1 = stack.pop()
    put_words(stack, (k, a), "if")      an int and a float, each in one word
    a, k = take_words(stack, "fi")      off again

Numba's own methods look at the list's memory anew for each value, fill with zeros what they make room for, and give
memory back as the list gets shorter. Here room is made for twice as much when it runs out, and kept: each value is
moved once on average, and the reverse sweep moves none. The numbers of eight bytes, of all types, are on one stack of
a tape, its `words`: what an iteration puts there needs room, and a new size, once. That size in memory, which each call
reads, adds to and stores right after another has, is what a short iteration of a recursive function waits for.

The memory of a tape that is done serves the next (`kept.py`). These are lists like any other, for Numba's methods too.
Functions without reference counts can call all but `empty`.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Any, cast

from llvmlite import ir
from numba.core import cgutils, types
from numba.core.imputils import impl_ret_borrowed
from numba.cpython.listobj import ListInstance, ListPayloadAccessor, get_itemsize
from numba.extending import intrinsic

from srcad.machine import kept

ROOM = 128  # numbers: for so many there is room at first
WORDS = {"f": types.float64, "i": types.int64, "u": types.uint64}  # the types of one word, by their letters


def _meminfo(context: Any, builder: Any, kind: Any, value: Any) -> Any:
    return context.make_helper(builder, kind, value).meminfo


def _payload(context: Any, builder: Any, kind: Any, meminfo: Any) -> Any:
    """Where the list's size, room and items are now."""
    return ListPayloadAccessor(context, builder, kind, kept.memory(builder, meminfo))


def _head(context: Any, kind: Any) -> int:
    """The bytes before the items of a list of type `kind`."""
    payload: int = context.get_abi_sizeof(context.get_data_type(types.ListPayload(kind)))
    return payload - cast(int, get_itemsize(context, kind))


def _grow(context: Any, builder: Any, kind: Any, meminfo: Any, room: Any) -> None:
    """Give a list of type `kind` room for at least so many numbers, and leave the new ones as they are."""
    width = ir.Constant(room.type, get_itemsize(context, kind))
    head = ir.Constant(room.type, _head(context, kind))
    wanted, overflows = cgutils.muladd_with_overflow(builder, room, width, head)
    with builder.if_then(overflows, likely=False):
        context.call_conv.return_user_exc(builder, MemoryError, ("the tape is too long",))
    used = builder.add(head, builder.mul(_payload(context, builder, kind, meminfo).size, width))
    size = kept.more(builder, meminfo, used, wanted)
    with builder.if_then(builder.icmp_unsigned("==", size, ir.Constant(size.type, 0)), likely=False):
        context.call_conv.return_user_exc(builder, MemoryError, ("no memory for the tape",))
    _payload(context, builder, kind, meminfo)._payload.allocated = builder.udiv(builder.sub(size, head), width)


@intrinsic  # type: ignore[untyped-decorator]
def put(context: Any, stack: Any, values: Any) -> Any:
    """Put the tuple `values` on `stack`, its last value on top."""
    if isinstance(stack.dtype, (types.Integer, types.Boolean)) and any(isinstance(t, types.Float) for t in values):
        return None  # which would lose something

    def code(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        kind, given = signature.args
        return _put(context, builder, kind, arguments, given, [kind.dtype] * len(given))

    return types.void(stack, values), code


def _put(context: Any, builder: Any, kind: Any, arguments: Any, given: Any, made: Sequence[Any]) -> Any:
    """Put a tuple of values of the types `given`, as values of the types `made`, on a list of type `kind`."""
    meminfo = _meminfo(context, builder, kind, arguments[0])
    before = _payload(context, builder, kind, meminfo)
    size = before.size
    needed = builder.add(size, ir.Constant(size.type, len(made)))
    with builder.if_then(builder.icmp_signed("<", before._payload.allocated, needed), likely=False):
        _grow(context, builder, kind, meminfo, builder.add(needed, needed))
    _payload(context, builder, kind, meminfo)._payload.size = needed
    for k, (t, wanted) in enumerate(zip(given, made, strict=True)):
        value = context.cast(builder, builder.extract_value(arguments[1], k), t, wanted)
        value = context.data_model_manager[wanted].as_data(builder, value)
        # found anew for each, which leaves a register free across the calls around: measured
        item = _payload(context, builder, kind, meminfo)._gep(builder.add(size, ir.Constant(size.type, k)))
        builder.store(value, builder.bitcast(item, value.type.as_pointer()))
    return context.get_dummy_value()


@intrinsic(prefer_literal=True)  # type: ignore[untyped-decorator]
def take(context: Any, stack: Any, count: Any) -> Any:
    """Take as many values off `stack` as the constant `count` says: a tuple, the top one first."""
    if not isinstance(count, types.IntegerLiteral):
        return None

    def code(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        kind = signature.args[0]
        payload = _payload(context, builder, kind, _meminfo(context, builder, kind, arguments[0]))
        size = payload.size
        left = builder.sub(size, ir.Constant(size.type, count.literal_value))
        with builder.if_then(builder.icmp_signed("<", left, ir.Constant(size.type, 0)), likely=False):
            context.call_conv.return_user_exc(builder, IndexError, ("pop from empty list",))
        below = [builder.sub(size, ir.Constant(size.type, k + 1)) for k in range(count.literal_value)]
        made = cgutils.pack_array(builder, [payload.getitem(at) for at in below])
        payload._payload.size = left
        return made

    return types.UniTuple(stack.dtype, count.literal_value)(stack, count), code


@intrinsic  # type: ignore[untyped-decorator]
def words(context: Any, tape: Any) -> Any:
    """The stack of `tape`, a tuple, that has the numbers of eight bytes: the first one of such."""
    first = next(k for k, kind in enumerate(tape) if kind.dtype in WORDS.values())

    def code(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        made = builder.extract_value(arguments[0], first)
        return impl_ret_borrowed(context, builder, signature.return_type, made)

    return tape[first](tape), code


@intrinsic(prefer_literal=True)  # type: ignore[untyped-decorator]
def put_words(context: Any, stack: Any, values: Any, kinds: Any) -> Any:
    """Put the tuple `values` on `stack`, as numbers of the types that the letters of the constant `kinds` name."""
    if not isinstance(kinds, types.StringLiteral):
        return None
    made = [WORDS[letter] for letter in kinds.literal_value]

    def code(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        return _put(context, builder, signature.args[0], arguments, signature.args[1], made)

    return types.void(stack, types.Tuple([types.unliteral(t) for t in values]), kinds), code


@intrinsic(prefer_literal=True)  # type: ignore[untyped-decorator]
def take_words(context: Any, stack: Any, kinds: Any) -> Any:
    """Take numbers of these types off `stack`: a tuple, the top one first."""
    if not isinstance(kinds, types.StringLiteral):
        return None
    made = types.Tuple([WORDS[letter] for letter in kinds.literal_value])

    def code(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        kind = signature.args[0]
        payload = _payload(context, builder, kind, _meminfo(context, builder, kind, arguments[0]))
        size = payload.size
        values = []
        for k, t in enumerate(made):
            item = payload._gep(builder.sub(size, ir.Constant(size.type, k + 1)))
            word = context.data_model_manager[t].get_data_type().as_pointer()
            values.append(context.data_model_manager[t].load_from_data_pointer(builder, builder.bitcast(item, word)))
        payload._payload.size = builder.sub(size, ir.Constant(size.type, len(values)))
        return context.make_tuple(builder, made, values)

    return made(stack, kinds), code


@intrinsic  # type: ignore[untyped-decorator]
def done(context: Any, tape: Any) -> Any:
    """Empty the stacks of `tape`, a tuple: nothing will be put on them any more, so the next ones have their memory."""

    def code(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        for k, kind in enumerate(signature.args[0]):
            if isinstance(kind, types.List) and isinstance(kind.dtype, (types.Number, types.Boolean)):
                value = builder.extract_value(arguments[0], k)
                kept.leave(builder, _meminfo(context, builder, kind, value), _head(context, kind))
        return context.get_dummy_value()

    return types.void(tape), code


@cache
def empty(dtype: Any) -> Any:
    """The function that makes an empty stack of numbers of this type."""

    @intrinsic  # type: ignore[untyped-decorator]
    def made(context: Any) -> Any:
        kind = types.List(dtype)

        def code(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
            return ListInstance.allocate(context, builder, kind, ROOM).value

        return kind(), code

    return made
