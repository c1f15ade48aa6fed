"""Arrays that a function alone sees, in memory that earlier ones left: what people read stays as it is.

    u_saved = np.empty(n)                   u_saved = empty(n)
    for i in range(n):                      for i in range(n):
        u_saved[i] = u              ->          u_saved[i] = u
    ...                                     ...
    return x_bar                            return x_bar

What a loop saves for the reverse sweep is gone when the gradient returns, and the next call wants as much. `kept.py`
says what is gained. An array that is returned, or that a tuple, a list or another function is given, has memory of its
own, as code that nobody holds any more may be gone when such an array ends.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Mapping, Set
from typing import Any

from llvmlite import ir
from numba.core import cgutils, types
from numba.core.datamodel.models import ArrayModel
from numba.core.datamodel.registry import register_default
from numba.core.typing.npydecl import parse_dtype, parse_shape
from numba.extending import intrinsic, overload_classmethod
from numba.np.arrayobj import _empty_nd_impl, _parse_shape

from srcad.analysis.alias import makes_array
from srcad.ir import Apply, Assign, Expr, For, Function, If, Stmt, Store, Var, While, names, reads, walk
from srcad.machine import kept
from srcad.machine.owned import viewed
from srcad.names import is_saved
from srcad.types import is_array


def inside(f: Function, owners: Mapping[str, str]) -> frozenset[str]:
    """The arrays of `f` that keep values for the reverse sweep, and that nobody else ever sees.

    `owners` has the region of each. Scratch arrays that the user makes are mostly short, and the compiler knows more of
    those that Numba allocates.
    """
    made = {s.target for s in walk(f.body) if isinstance(s, Assign) and is_saved(s.target) and _is_empty(s.value)}
    made &= owners.keys()
    if not made:
        return frozenset()
    seen = {owners[n] for n in names(f.result) if n in owners}
    for s in walk(f.body):
        seen |= {owners[n] for e in _let_out(s, f) for n in names(e) if n in owners}
    return frozenset(n for n in made if owners[n] not in seen)


def _is_empty(e: Expr) -> bool:
    return isinstance(e, Apply) and e.op == "np.empty"


def _let_out(s: Stmt, f: Function) -> tuple[Expr, ...]:
    """The expressions of `s` by which others may come to see an array that is named in them."""
    match s:
        case If() | For() | While():
            return ()  # numbers
        case Store(Var(name)) if is_array(f.types.get(name)):
            return ()  # its elements are written, by those of another one if not by numbers
        case Assign(target, value) if is_array(f.types.get(target)):
            return () if makes_array(value) or viewed(value) else (value,)
        case Assign(target, value) if isinstance(f.types.get(target), (types.Number, types.Boolean)):
            return ()
    return reads(s)


# ---------------------------------------------------------------------------------------------- the text


def lent(tree: ast.Module, arrays: Set[str], bound: Callable[[Any, str], str]) -> ast.Module:
    """The text `tree` of a function, with these `arrays` made in memory that is lent; `bound` gives names."""
    _Lending(arrays, bound).visit(tree)
    return tree


class _Lending(ast.NodeTransformer):
    def __init__(self, arrays: Set[str], bound: Callable[[Any, str], str]) -> None:
        self.arrays, self.bound = arrays, bound

    def visit_Assign(self, node: ast.Assign) -> Any:
        match node:
            case ast.Assign([ast.Name(name)], ast.Call(ast.Attribute(ast.Name("np"), "empty")) as call):
                if name in self.arrays:
                    shape, *dtype = (*call.args, *(k.value for k in call.keywords))
                    numbers = dtype or [ast.parse("np.float64", mode="eval").body]
                    node.value = ast.Call(ast.Name(self.bound(empty, "empty"), ast.Load()), [shape, *numbers], [])
        return node


# ---------------------------------------------------------------------------------------------- machine code


class Lent(types.Array):  # type: ignore[misc]
    """An array whose memory is lent. Code sees it as any other."""


register_default(Lent)(ArrayModel)


@intrinsic  # type: ignore[untyped-decorator]
def empty(context: Any, shape: Any, dtype: Any) -> Any:
    """`np.empty(shape, dtype)`, in memory that is lent."""
    numbers, dimensions = parse_dtype(dtype), parse_shape(shape)
    if numbers is None or dimensions is None:
        return None

    def code(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        shapes = _parse_shape(context, builder, signature.args[0], arguments[0])
        return _empty_nd_impl(context, builder, Lent(numbers, dimensions, "C"), shapes)._getvalue()

    return types.Array(numbers, dimensions, "C")(shape, dtype), code


@overload_classmethod(Lent, "_allocate")
def _allocate(cls, size, align):  # type: ignore[no-untyped-def] # whose signature is that of what it returns
    """What Numba's functions that make arrays call."""
    return lambda cls, size, align: _allocated(size, align)


@intrinsic  # type: ignore[untyped-decorator]
def _allocated(context: Any, size: Any, align: Any) -> Any:
    def code(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        size, align = arguments
        long = builder.icmp_unsigned(">=", size, ir.Constant(size.type, kept.SMALL))
        with builder.if_else(long) as (then, otherwise):
            with then:
                one = kept.lend(builder, size)
                with builder.if_then(cgutils.is_null(builder, one), likely=False):
                    context.call_conv.return_user_exc(builder, MemoryError, ("no memory for an array",))
                first = builder.block
            with otherwise:
                other = context.nrt.meminfo_alloc_aligned(builder, size, align)
                second = builder.block
        made = builder.phi(one.type)
        made.add_incoming(one, first)
        made.add_incoming(other, second)
        return made

    return types.MemInfoPointer(types.voidptr)(size, align), code
