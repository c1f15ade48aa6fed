"""Memory that is done with and left to what needs some next, in machine code.

    forward sweep: a tape grows         takes a block that is kept, if one is large enough; else asks for memory
    last line: the tape is done         its block is kept; the one that was kept longest goes back, if there is no room

Memory that is new to a process costs more than what a sweep does with it: each page is found, cleared and mapped when
it is first touched, and `malloc` gives pages back that would be asked for again a moment later. A block is taken and
left by one atomic exchange with a slot that all threads share: who finds none asks for memory of its own. What is short
never looks at the slots. What is kept is bounded (LIMIT), and of all but a part (OWN) the system may have the pages
back when it runs short of memory.
"""

from __future__ import annotations

import mmap
import sys
from typing import Any

from llvmlite import ir
from numba.core import cgutils

SMALL = 1 << 16  # bytes: shorter tapes are malloc's business
OWN = 1 << 26  # bytes kept for certain; what is kept beyond, the system may have back
FREE = {"linux": 8, "darwin": 5}.get(sys.platform)  # MADV_FREE of `madvise`, which says so
LIMIT = OWN if FREE is None else 1 << 30  # bytes kept in all
PAGE = mmap.PAGESIZE
SLOTS = 32
ROOM = 4  # times its size: an array takes no longer block

WORD, BYTES, INT = cgutils.intp_t, cgutils.voidptr_t, cgutils.int32_t
ZERO, TOTAL = ir.Constant(WORD, 0), ir.Constant(WORD, SLOTS)
DATA, SIZE = 3, 4  # where Numba's MemInfo, a row of words, has the address and the size of the memory
LINE = 64  # bytes: arrays start at multiples of it
ANY = ir.Constant(WORD, -1)


def memory(builder: Any, meminfo: Any) -> Any:
    """The address of the memory of `meminfo`."""
    return builder.load(builder.bitcast(_field(builder, meminfo, DATA), BYTES.as_pointer()))


def more(builder: Any, meminfo: Any, used: Any, wanted: Any) -> Any:
    """Let the memory of `meminfo`, of which `used` bytes matter, have at least `wanted`: its size, or 0 on failure."""
    return builder.call(_more(builder.module), [meminfo, used, wanted])


def leave(builder: Any, meminfo: Any, head: int) -> None:
    """Let the next tape have the memory of `meminfo`, which gets `head` bytes of zeros instead."""
    builder.call(_leave(builder.module), [meminfo, ir.Constant(WORD, head)])


def lend(builder: Any, size: Any) -> Any:
    """A MemInfo of so many bytes, which leaves them to the next one in the end, or null."""
    return builder.call(_lend(builder.module), [size])


# ---------------------------------------------------------------------------------------------- functions


def _defined(module: Any, name: str, returned: Any, *given: Any) -> tuple[Any, Any]:
    """The function of this name in `module`, and a builder for its body if it has none yet."""
    function = cgutils.get_or_insert_function(module, ir.FunctionType(returned, given), f"srcad_kept_{name}")
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
            block = b.call(_take(module), [wanted, ANY])
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


def _lend(module: Any) -> Any:
    """The address of the block, whose first word says its size, stands before the memory that is lent."""
    function, b = _defined(module, "lend", BYTES, WORD)
    if b:
        size = function.args[0]
        least = b.add(size, ir.Constant(WORD, 2 * LINE))
        taken = b.call(_take(module), [least, b.mul(least, ir.Constant(WORD, ROOM))])
        found = cgutils.alloca_once_value(b, taken)
        with b.if_then(cgutils.is_null(b, taken)):
            block = b.call(_nrt(module, "NRT_Allocate", BYTES, WORD), [least])
            with b.if_then(cgutils.is_null(b, block)):
                b.ret(ir.Constant(BYTES, None))
            b.store(least, b.bitcast(block, WORD.as_pointer()))
            b.store(block, found)
        block = b.load(found)
        drop = _drop(module)
        made = b.call(_nrt(module, "NRT_MemInfo_alloc_dtor", BYTES, WORD, drop.type), [ZERO, drop])
        with b.if_then(cgutils.is_null(b, made)):
            b.call(_nrt(module, "NRT_Free", ir.VoidType(), BYTES), [block])
            b.ret(ir.Constant(BYTES, None))
        start = b.and_(b.add(b.ptrtoint(block, WORD), ir.Constant(WORD, 2 * LINE - 1)), ir.Constant(WORD, -LINE))
        b.store(b.ptrtoint(block, WORD), b.inttoptr(b.sub(start, ir.Constant(WORD, 8)), WORD.as_pointer()))
        _replaced(b, made, b.inttoptr(start, BYTES), size)
        b.ret(made)
    return function


def _drop(module: Any) -> Any:
    """What Numba calls when nobody holds a MemInfo that was lent."""
    function, b = _defined(module, "drop", ir.VoidType(), BYTES, WORD, BYTES)
    if b:
        before = b.gep(b.bitcast(function.args[0], WORD.as_pointer()), [ir.Constant(WORD, -1)])
        block = b.inttoptr(b.load(before), BYTES)
        b.call(_give(module), [block, b.load(b.bitcast(block, WORD.as_pointer()))])
        b.ret_void()
    return function


def _take(module: Any) -> Any:
    """A block of so many bytes, at least and at most, which is the caller's from now on, or null. Its first word says
    its size; others are put back."""
    function, b = _defined(module, "take", BYTES, WORD, WORD)
    if b:
        least, most = function.args
        with cgutils.for_range(b, ir.Constant(WORD, SLOTS)) as loop:
            slot = _slot(b, loop.index)
            with b.if_then(b.icmp_unsigned("!=", b.load_atomic(slot, "monotonic", 8), ZERO)):
                block = b.atomic_rmw("xchg", slot, ZERO, "acq_rel")
                with b.if_then(b.icmp_unsigned("!=", block, ZERO)):
                    size = b.load(b.inttoptr(block, WORD.as_pointer()))
                    fits = b.and_(b.icmp_unsigned(">=", size, least), b.icmp_unsigned("<=", size, most))
                    with b.if_then(fits):
                        b.atomic_rmw("sub", _slot(b, TOTAL), size, "monotonic")
                        b.ret(b.inttoptr(block, BYTES))
                    _gone(b, b.atomic_rmw("xchg", slot, block, "acq_rel"))
        b.ret(ir.Constant(BYTES, None))
    return function


def _give(module: Any) -> Any:
    """Keep this block of so many bytes, in the first slot. Each one there moves on; those that were kept longest go
    back, until all are within the limit."""
    function, b = _defined(module, "give", ir.VoidType(), BYTES, WORD)
    if b:
        block, size = function.args
        with b.if_then(b.icmp_unsigned(">", size, ir.Constant(WORD, LIMIT))):
            b.call(_nrt(module, "NRT_Free", ir.VoidType(), BYTES), [block])
            b.ret_void()
        b.store(size, b.bitcast(block, WORD.as_pointer()))
        held = b.atomic_rmw("add", _slot(b, TOTAL), size, "monotonic")
        if FREE is not None:
            with b.if_then(b.icmp_unsigned(">", b.add(held, size), ir.Constant(WORD, OWN))):
                _offer(b, block, size)
        moved = cgutils.alloca_once_value(b, b.ptrtoint(block, WORD))
        with cgutils.for_range(b, ir.Constant(WORD, SLOTS)) as loop:
            b.store(b.atomic_rmw("xchg", _slot(b, loop.index), b.load(moved), "acq_rel"), moved)
            with b.if_then(b.icmp_unsigned("==", b.load(moved), ZERO)):
                loop.do_break()
        _gone(b, b.load(moved))
        with cgutils.for_range(b, ir.Constant(WORD, SLOTS)) as loop:
            total = b.load_atomic(_slot(b, TOTAL), "monotonic", 8)
            with b.if_then(b.icmp_unsigned("<=", total, ir.Constant(WORD, LIMIT))):
                b.ret_void()
            last = b.sub(ir.Constant(WORD, SLOTS - 1), loop.index)
            _gone(b, b.atomic_rmw("xchg", _slot(b, last), ZERO, "acq_rel"))
        b.ret_void()
    return function


def _offer(b: Any, block: Any, size: Any) -> None:
    """Let the system have the pages of a block, but the first one, which says its size, if it runs short of memory.

    What it does not take stays mapped for the next tape; a page that it took is a new one again.
    """
    advise = _nrt(b.module, "madvise", INT, BYTES, WORD, INT)
    pages = ir.Constant(WORD, -PAGE)
    start = b.and_(b.add(b.ptrtoint(block, WORD), ir.Constant(WORD, PAGE)), pages)
    end = b.and_(b.add(b.ptrtoint(block, WORD), size), pages)
    b.call(advise, [b.inttoptr(start, BYTES), b.sub(end, start), ir.Constant(INT, FREE)])


def _gone(b: Any, block: Any) -> None:
    """Give back the memory of a block that was in a slot, if it is one."""
    with b.if_then(b.icmp_unsigned("!=", block, ZERO)):
        size = b.load(b.inttoptr(block, WORD.as_pointer()))
        b.atomic_rmw("sub", _slot(b, TOTAL), size, "monotonic")
        b.call(_nrt(b.module, "NRT_Free", ir.VoidType(), BYTES), [b.inttoptr(block, BYTES)])


# ---------------------------------------------------------------------------------------------- memory


def _slot(builder: Any, k: Any) -> Any:
    """The address of slot `k`; behind the last one, at TOTAL, is the number of bytes in all slots.

    A common symbol: modules that name it, linked or loaded from the cache, share it.
    """
    kind = ir.ArrayType(WORD, SLOTS + 1)
    slots = builder.module.globals.get("srcad_kept_slots")
    if slots is None:
        slots = ir.GlobalVariable(builder.module, kind, "srcad_kept_slots")
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
