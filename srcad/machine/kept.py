"""Memory that a finished tape leaves to the next one, in machine code.

    forward sweep: the tape grows       takes a block that is kept, if one is large enough; else asks for memory
    last line: the tape is done         its block is kept, if there is room for it; else the memory goes back

Memory that is new to a process costs more than what a tape does with it: each page is found, cleared and mapped when it
is first touched, and `malloc` gives pages back that would be asked for again a moment later. A block is taken and left
by one atomic exchange with a slot that all threads share: who finds none asks for memory of its own. Tapes that stay
short never look at the slots. What is kept is bounded (LIMIT), as `malloc` bounds what it keeps.
"""

from __future__ import annotations

from typing import Any

from llvmlite import ir
from numba.core import cgutils

SMALL = 1 << 16  # bytes: shorter tapes are malloc's business
LIMIT = 1 << 26  # bytes kept in all
SLOTS = 16

WORD, BYTES = cgutils.intp_t, cgutils.voidptr_t
ZERO, TOTAL = ir.Constant(WORD, 0), ir.Constant(WORD, SLOTS)
DATA, SIZE = 3, 4  # where Numba's MemInfo, a row of words, has the address and the size of the memory


def memory(builder: Any, meminfo: Any) -> Any:
    """The address of the memory of `meminfo`."""
    return builder.load(builder.bitcast(_field(builder, meminfo, DATA), BYTES.as_pointer()))


def more(builder: Any, meminfo: Any, used: Any, wanted: Any) -> Any:
    """Let the memory of `meminfo`, of which `used` bytes matter, have at least `wanted`: its size, or 0 on failure."""
    return builder.call(_more(builder.module), [meminfo, used, wanted])


def leave(builder: Any, meminfo: Any, head: int) -> None:
    """Let the next tape have the memory of `meminfo`, which gets `head` bytes of zeros instead."""
    builder.call(_leave(builder.module), [meminfo, ir.Constant(WORD, head)])


# ---------------------------------------------------------------------------------------------- functions


def _defined(module: Any, name: str, returned: Any, *given: Any) -> tuple[Any, Any]:
    """The function of this name in `module`, and a builder for its body if it has none yet."""
    function = cgutils.get_or_insert_function(module, ir.FunctionType(returned, given), f"srcad_tape_{name}")
    if not function.is_declaration:
        return function, None
    function.linkage = "linkonce_odr"
    function.attributes.add("noinline")
    return function, ir.IRBuilder(function.append_basic_block())


def _more(module: Any) -> Any:
    function, b = _defined(module, "more", WORD, BYTES, WORD, WORD)
    if b:
        meminfo, used, wanted = function.args
        with b.if_then(b.icmp_unsigned(">=", wanted, ir.Constant(WORD, SMALL))):
            block = b.call(_take(module), [wanted])
            with b.if_then(cgutils.is_not_null(b, block)):
                size = b.load(b.bitcast(block, WORD.as_pointer()))
                before = _replaced(b, meminfo, block, size)
                cgutils.raw_memcpy(b, block, before, used, 1)
                b.call(_nrt(module, "NRT_Free", ir.VoidType(), BYTES), [before])
                b.ret(size)
        made = b.call(_nrt(module, "NRT_MemInfo_varsize_realloc", BYTES, BYTES, WORD), [meminfo, wanted])
        b.ret(b.select(cgutils.is_null(b, made), ZERO, wanted))
    return function


def _leave(module: Any) -> Any:
    function, b = _defined(module, "leave", ir.VoidType(), BYTES, WORD)
    if b:
        meminfo, head = function.args
        size = b.load(_field(b, meminfo, SIZE))
        with b.if_then(b.icmp_unsigned("<", size, ir.Constant(WORD, SMALL))):
            b.ret_void()
        empty = b.call(_nrt(module, "NRT_Allocate", BYTES, WORD), [head])
        with b.if_then(cgutils.is_null(b, empty)):
            b.ret_void()
        cgutils.memset(b, empty, head, 0)
        b.call(_give(module), [_replaced(b, meminfo, empty, head), size])
        b.ret_void()
    return function


def _take(module: Any) -> Any:
    """A block of at least so many bytes, which is the caller's from now on, or null. Its first word says its size.

    Smaller ones that come first are not worth a place: what is asked for now will be left in the end.
    """
    function, b = _defined(module, "take", BYTES, WORD)
    if b:
        with cgutils.for_range(b, ir.Constant(WORD, SLOTS)) as loop:
            slot = _slot(b, loop.index)
            with b.if_then(b.icmp_unsigned("!=", b.load_atomic(slot, "monotonic", 8), ZERO)):
                block = b.atomic_rmw("xchg", slot, ZERO, "acq_rel")
                with b.if_then(b.icmp_unsigned("!=", block, ZERO)):
                    size = b.load(b.inttoptr(block, WORD.as_pointer()))
                    b.atomic_rmw("sub", _slot(b, TOTAL), size, "monotonic")
                    with b.if_then(b.icmp_unsigned(">=", size, function.args[0])):
                        b.ret(b.inttoptr(block, BYTES))
                    b.call(_nrt(module, "NRT_Free", ir.VoidType(), BYTES), [b.inttoptr(block, BYTES)])
        b.ret(ir.Constant(BYTES, None))
    return function


def _give(module: Any) -> Any:
    """Keep this block of so many bytes, in the first slot; each one there moves on, and the last goes back."""
    function, b = _defined(module, "give", ir.VoidType(), BYTES, WORD)
    if b:
        free = _nrt(module, "NRT_Free", ir.VoidType(), BYTES)
        block, size = function.args
        total = b.add(b.atomic_rmw("add", _slot(b, TOTAL), size, "monotonic"), size)
        with b.if_then(b.icmp_unsigned(">", total, ir.Constant(WORD, LIMIT))):
            b.atomic_rmw("sub", _slot(b, TOTAL), size, "monotonic")
            b.call(free, [block])
            b.ret_void()
        b.store(size, b.bitcast(block, WORD.as_pointer()))
        moved = cgutils.alloca_once_value(b, b.ptrtoint(block, WORD))
        with cgutils.for_range(b, ir.Constant(WORD, SLOTS)) as loop:
            before = b.atomic_rmw("xchg", _slot(b, loop.index), b.load(moved), "acq_rel")
            b.store(before, moved)
            with b.if_then(b.icmp_unsigned("==", before, ZERO)):
                b.ret_void()
        block = b.load(moved)
        last = b.load(b.inttoptr(block, WORD.as_pointer()))
        b.atomic_rmw("sub", _slot(b, TOTAL), last, "monotonic")
        b.call(free, [b.inttoptr(block, BYTES)])
        b.ret_void()
    return function


# ---------------------------------------------------------------------------------------------- memory


def _slot(builder: Any, k: Any) -> Any:
    """The address of slot `k`; behind the last one, at TOTAL, is the number of bytes in all slots.

    A common symbol: modules that name it, linked or loaded from the cache, share it.
    """
    kind = ir.ArrayType(WORD, SLOTS + 1)
    slots = builder.module.globals.get("srcad_tape_slots")
    if slots is None:
        slots = ir.GlobalVariable(builder.module, kind, "srcad_tape_slots")
        slots.linkage = "common"
        slots.initializer = ir.Constant(kind, None)
    return builder.gep(slots, [ZERO, k])


def _nrt(module: Any, name: str, returned: Any, *given: Any) -> Any:
    return cgutils.get_or_insert_function(module, ir.FunctionType(returned, given), name)


def _field(builder: Any, meminfo: Any, k: int) -> Any:
    return builder.gep(builder.bitcast(meminfo, WORD.as_pointer()), [ir.Constant(WORD, k)])


def _replaced(builder: Any, meminfo: Any, block: Any, size: Any) -> Any:
    """The memory that `meminfo` had; now it has `block`, of `size` bytes."""
    data = builder.bitcast(_field(builder, meminfo, DATA), BYTES.as_pointer())
    before = builder.load(data)
    builder.store(block, data)
    builder.store(size, _field(builder, meminfo, SIZE))
    return before
