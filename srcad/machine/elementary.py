"""exp, log, expm1, log1p and tanh that loops can run in vectors; what people read stays as it is.

    for i in range(n):                         for i in range(n):
        s += math.exp(x[i] - m)      ->            s += exp(x[i] - m)

The C library's functions take one number a call, so a loop around one runs an iteration at a time. Those below are
arithmetic on the bits of a number and polynomials, without a branch or a table, put into the loop as instructions:
the compiler does as many iterations at once as a register holds. `s` keeps its order: its terms are made together and
added one after the other, which is what the option ORDERED asks of LLVM.

Errors are below 1 unit in the last place for exp, log and log1p, 2 for expm1, 3 for tanh; infinities, NaN, zeros,
overflow and subnormal numbers are IEEE's. Arguments are reduced as by W. J. Cody and W. Waite, Software Manual for the
Elementary Functions, 1980; the series are Taylor's. A float32 is computed as float64.
"""

from __future__ import annotations

import ast
import contextlib
import math
import platform
from collections.abc import Callable, Iterator
from functools import cache
from typing import Any

import llvmlite.binding as llvm
import numpy as np
from llvmlite import ir
from numba.core import cgutils, types
from numba.core.registry import cpu_target
from numba.extending import intrinsic

from srcad.ir import Append, Apply, Exit, For, Function, Invoke, Raise, While, nodes, reads, walk
from srcad.machine.vectors import Vector

ORDERED = "-force-ordered-reductions"
# An option that LLVM does not know ends the process: it is given to versions only that are known to take it.
TAKES_ORDERED = range(14, 23)

LOG2_E = 1.4426950408889634
LN2_HIGH, LN2_LOW = 6.93147180369123816490e-01, 1.90821492927058770002e-10  # the first has 32 bits
ROUNDS = 1.5 * 2.0**52  # a number below 2**51 added to it is rounded to an int, in its last bits
OVERFLOWS, VANISHES = 709.782712893384, -745.1332191019412  # beyond these, exp is infinite, or 0
SMALLEST_NORMAL = 2.0**-1022
BIAS = 1023  # of a float's exponent, which is in its bits from the 52nd
SIGN, MANTISSA = -(2**63), 2**52 - 1
ROOT_HALF = 0x3FE6A09E00000000  # the bits of sqrt(0.5), nearly
TO_ONE = (BIAS << 52) - ROOT_HALF
TWO_52 = (BIAS + 52) << 52  # the bits of 2**52: with an int below 2**52 in its last bits, that float plus the int


class Number:
    """A float64, an int64 or a truth of the machine, or a vector of these: arithmetic on it appends instructions."""

    def __init__(self, builder: Any, value: Any) -> None:
        self.builder, self.value = builder, value

    def _operand(self, other: Number | float) -> Any:
        return other.value if isinstance(other, Number) else _constant(self.value.type, other)

    def _with(self, name: str, other: Number | float) -> Number:
        return Number(self.builder, getattr(self.builder, name)(self.value, self._operand(other)))

    def _is_float(self) -> bool:
        return isinstance(_scalar(self.value.type), ir.DoubleType)

    def __add__(self, other: Number | float) -> Number:
        return self._with("fadd" if self._is_float() else "add", other)

    def __sub__(self, other: Number | float) -> Number:
        return self._with("fsub" if self._is_float() else "sub", other)

    def __mul__(self, other: Number | float) -> Number:
        return self._with("fmul", other)

    def __truediv__(self, other: Number | float) -> Number:
        return self._with("fdiv", other)

    def __and__(self, other: Number | int) -> Number:
        return self._with("and_", other)

    def __or__(self, other: Number | int) -> Number:
        return self._with("or_", other)

    def __lshift__(self, count: int) -> Number:
        return self._with("shl", count)

    def __rshift__(self, count: int) -> Number:
        """Shifted with zeros coming in."""
        return self._with("lshr", count)

    def _compared(self, how: str, other: Number | float) -> Number:
        return Number(self.builder, self.builder.fcmp_ordered(how, self.value, self._operand(other)))

    def __lt__(self, other: Number | float) -> Number:
        return self._compared("<", other)

    def __gt__(self, other: Number | float) -> Number:
        return self._compared(">", other)

    def equals(self, other: Number | float) -> Number:
        """Is it `other`? NaN equals nothing."""
        return self._compared("==", other)

    def bits(self) -> Number:
        """The bits of a float64, as an int64."""
        return Number(self.builder, self.builder.bitcast(self.value, _alike(self.value.type, ir.IntType(64))))

    def float(self) -> Number:
        """The float64 that has the bits of this int64."""
        return Number(self.builder, self.builder.bitcast(self.value, _alike(self.value.type, ir.DoubleType())))


def _scalar(kind: Any) -> Any:
    return kind.element if isinstance(kind, ir.VectorType) else kind


def _alike(kind: Any, scalar: Any) -> Any:
    """The type `scalar`, or the vector of as many as `kind` is one of."""
    return ir.VectorType(scalar, kind.count) if isinstance(kind, ir.VectorType) else scalar


def _constant(kind: Any, x: float) -> Any:
    return ir.Constant(kind, [x] * kind.count if isinstance(kind, ir.VectorType) else x)


def _value(like: Number, x: Number | float) -> Any:
    return x.value if isinstance(x, Number) else _constant(_alike(like.value.type, ir.DoubleType()), x)


def where(test: Number, yes: Number | float, no: Number | float) -> Number:
    """`yes if test else no`, of floats that are both there."""
    return Number(test.builder, test.builder.select(test.value, _value(test, yes), _value(test, no)))


def fma(a: Number, b: Number | float, c: Number | float) -> Number:
    """`a * b + c`, rounded once."""
    kind = a.value.type
    name = f"llvm.fma.v{kind.count}f64" if isinstance(kind, ir.VectorType) else "llvm.fma.f64"
    rounded_once = cgutils.get_or_insert_function(a.builder.module, ir.FunctionType(kind, [kind] * 3), name)
    return Number(a.builder, a.builder.call(rounded_once, [a.value, _value(a, b), _value(a, c)]))


def polynomial(x: Number, *coefficients: float) -> Number:
    """c0 + c1 * x + c2 * x**2 + ..., by Horner's rule."""
    *before, last, highest = coefficients
    total = fma(x, highest, last)
    for c in reversed(before):
        total = fma(total, x, c)
    return total


# ---------------------------------------------------------------------------------------------- the functions


def reduced(x: Number) -> tuple[Number, Number, Number]:
    """k + ROUNDS, k and r of x = k * ln(2) + r, with k an int and |r| <= ln(2) / 2."""
    shifted = fma(x, LOG2_E, ROUNDS)
    k = shifted - ROUNDS
    return shifted, k, fma(k, -LN2_LOW, fma(k, -LN2_HIGH, x))


def expm1_of_small(r: Number) -> Number:
    """exp(r) - 1 for |r| <= ln(2) / 2: r + r**2 * (1 / 2! + r / 3! + ... + r**11 / 13!), in three chains.

    The first term left out is below 2**-57 of the sum.
    """
    c = [1.0 / math.factorial(k) for k in range(14)]
    r2 = r * r
    r4 = r2 * r2
    low, middle, high = (fma(fma(r, c[k + 3], c[k + 2]), r2, fma(r, c[k + 1], c[k])) for k in (2, 6, 10))
    return fma(fma(fma(high, r4, middle), r4, low), r2, r)


def scaled(y: Number, shifted: Number, k: Number) -> Number:
    """(y + 1) * 2**k, by two factors: 2**k alone may be beyond the largest or below the smallest float."""
    half = fma(k, 0.5, ROUNDS).bits()
    one = ((half + BIAS) << 52).float()
    two = ((shifted.bits() - half + BIAS) << 52).float()
    return fma(y, one, one) * two


def exp(x: Number) -> Number:
    shifted, k, r = reduced(x)
    y = scaled(expm1_of_small(r), shifted, k)
    y = where(x > OVERFLOWS, math.inf, y)
    y = where(x < VANISHES, 0.0, y)
    return where(x.equals(x), y, x)


def expm1(x: Number) -> Number:
    shifted, k, r = reduced(x)
    y = expm1_of_small(r)
    power = ((shifted.bits() + BIAS) << 52).float()
    out = where(x > 42.0, scaled(y, shifted, k), fma(y, power, power - 1.0))  # from 2**60, 1 is below the last place
    out = where(x > OVERFLOWS, math.inf, out)
    out = where(x < -40.0, -1.0, out)
    return where(x.equals(0.0), x, where(x.equals(x), out, x))  # -0.0 is -0.0


def tanh(x: Number) -> Number:
    """-e / (e + 2) with e = expm1(-2 * |x|), which is between -1 and 0, and the sign of x."""
    size = (x.bits() & ~SIGN).float()
    e = expm1(size * -2.0)
    y = e / (e + 2.0)
    return ((y.bits() & ~SIGN) | (x.bits() & SIGN)).float()


def log_of(x: Number, rest: Number | float, less: Number | float) -> Number:
    """log(x * (1 + rest) / 2**less), for a normal x > 0 and a `rest` below the last place of 1.

    With x = 2**k * m, sqrt(0.5) <= m < sqrt(2), f = m - 1 and s = f / (2 + f), log(m) is log((1 + s) / (1 - s)), twice
    the series s + s**3 / 3 + s**5 / 5 + ...; 2 * s is f - s * f, and s * f is f * f / 2 - s * f * f / 2, so that f,
    which is exact, stands alone.
    """
    moved = x.bits() + TO_ONE
    k = ((moved >> 52) | TWO_52).float() - (2.0**52 + BIAS) - less
    f = ((moved & MANTISSA) + ROOT_HALF).float() - 1.0
    s = f / (f + 2.0)
    z = s * s
    w = z * z
    odd = polynomial(w, *(2.0 / n for n in (5, 9, 13, 17, 21)))
    even = polynomial(w, *(2.0 / n for n in (7, 11, 15, 19, 23)))
    series = fma(fma(even, z, odd), w, z * (2.0 / 3.0))
    half = f * f * 0.5
    return k * LN2_HIGH - (half - (s * (half + series) + (k * LN2_LOW + rest)) - f)


def log(x: Number) -> Number:
    small = x < SMALLEST_NORMAL
    y = log_of(where(small, x * 2.0**54, x), 0.0, where(small, 54.0, 0.0))
    y = where(x.equals(math.inf), x, y)
    y = where(x.equals(0.0), -math.inf, y)
    y = where(x < 0.0, math.nan, y)
    return where(x.equals(x), y, x)


def log1p(x: Number) -> Number:
    """The log of u = 1 + x, with what was rounded off of it."""
    u = x + 1.0
    rest = where(u < 2.0, x - (u - 1.0), (u - x - 1.0) * -1.0)
    y = log_of(u, rest / u, 0.0)
    y = where(x.equals(math.inf), x, y)
    y = where(x.equals(-1.0), -math.inf, y)
    y = where(x < -1.0, math.nan, y)
    return where(x.equals(0.0), x, where(x.equals(x), y, x))


def _called(written_out: Callable[[Number], Number]) -> Any:
    """The function, for Numba: of a float, or a vector of floats, `written_out`, of anything else NumPy's."""
    numpy = getattr(np, written_out.__name__)

    def function(typing_context: Any, x: Any) -> Any:
        if isinstance(x, types.Float):

            def inline(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
                given = context.cast(builder, arguments[0], x, types.float64)
                return context.cast(builder, written_out(Number(builder, given)).value, types.float64, x)

            return x(x), inline
        if isinstance(x, Vector):
            return x(x), lambda context, builder, signature, arguments: written_out(Number(builder, *arguments)).value
        known = typing_context.resolve_value_type(numpy)
        found = known.get_call_type(typing_context, (x,), {})

        def call(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
            return context.get_function(known, found)(builder, arguments)

        return found, call

    return intrinsic(function)


WRITTEN_OUT = (exp, expm1, log, log1p, tanh)
CALLED = {f.__name__: _called(f) for f in WRITTEN_OUT}
FUNCTIONS = {f"{module}.{name}": f for module in ("math", "np") for name, f in CALLED.items()}


# ---------------------------------------------------------------------------------------------- in generated text


def gains(f: Function) -> bool:
    """Does `f` call one of the functions in a loop that can run in vectors: an innermost one, without exits?"""
    return any(isinstance(s, For) and _is_vector_loop(s) for s in walk(f.body))


def _is_vector_loop(loop: For) -> bool:
    inside = list(walk(loop.body))
    if any(isinstance(s, (For, While, Exit, Invoke, Append, Raise)) for s in inside):
        return False
    return any(isinstance(n, Apply) and n.op in FUNCTIONS for s in inside for e in reads(s) for n in nodes(e))


def inlined(tree: ast.Module, bound: Callable[[Any, str], str]) -> ast.Module:
    """The text `tree` of a function with calls of the functions above, which `bound` gives names to."""
    for node in ast.walk(tree):
        match node:
            case ast.Call(ast.Attribute(ast.Name("math" | "np" as module), name)) if f"{module}.{name}" in FUNCTIONS:
                called = ast.Name(bound(FUNCTIONS[f"{module}.{name}"], name), ast.Load())
                node.func = ast.copy_location(called, node.func)
    return tree


@cache
def possible() -> bool:
    """Has the processor that code is compiled for the instruction `fma`? Without, it would be a call of a function."""
    triple, _, features = cpu_target.target_context.codegen().magic_tuple()
    return "+fma" in features.split(",") or triple.startswith(("aarch64", "arm64"))


@contextlib.contextmanager
def in_order() -> Iterator[None]:
    """Let LLVM vectorise loops that add floats, each term in its turn; elsewhere than on x86 it does so anyway.

    The option is the process's, and no one else's code is compiled meanwhile: the caller holds Numba's lock.
    """
    known = platform.machine() in ("x86_64", "AMD64") and llvm.llvm_version_info[0] in TAKES_ORDERED
    if known:
        llvm.set_option("srcad", f"{ORDERED}=true")
    try:
        yield
    finally:
        if known:
            llvm.set_option("srcad", f"{ORDERED}=false")
