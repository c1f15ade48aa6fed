"""An independent reference: a function's own code, run over dual numbers.

``oracle_grad(f, args, wrt)`` runs the unchanged bytecode of a plain Python function (and of every function that it
calls) in forward mode. A function is rebuilt around its code object with other globals, closure cells and builtins,
in which ``math``, ``numpy``, ``max``, ``abs``, ``float`` … are replaced by versions that know dual numbers. Float
arrays become NumPy object arrays of duals, so views, slices, transposes and writes through them behave as NumPy's do.

No derivative here is shared with srcad: each is written down again, from its definition.

The conventions at kinks and edges:

- in a tie of max or min a constant operand wins, otherwise the operand that Python returned;
- abs'(0) = 0 and hypot'(0, 0) = 0; d/dx x**n at 0 is 0 for n > 1 and for n = 0; d/dy x**y at x = 0, y > 0 is 0;
- zero times infinity or NaN is zero, whichever of the partial and the tangent is which;
- division is IEEE's: ``1.0 / x`` at x = 0 is infinite, and nothing raises;
- integers, bools, comparisons, floor, ceil, trunc, round, sign and ``//`` have derivative zero.

"Constant" means: not computed from a differentiated argument.

``oracle_jacobian`` does the same for results that are arrays and tuples. ``oracle_hvp`` is exact too: each dual number
then also carries the derivative of its gradient along one direction (nested duals, the inner ones in all directions,
the outer one in one), and every function its second partials, again written down from their definitions.

Every comparison and every rounding of a value that depends on a differentiated argument is measured:
``oracle_run`` reports how far the execution stayed from the nearest place where it would have gone another way
(``Run.margin``). The fuzzer skips programs that sit on such a place.
"""

from __future__ import annotations

import builtins
import cmath
import functools
import inspect
import math
import operator
import statistics
import types
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numba.core import types as numba_types
from numba.core.typing.arraydecl import get_array_index_type

from tests import elimination, oracle_numpy

__all__ = [
    "Dual",
    "OracleError",
    "Run",
    "compare",
    "flatten",
    "oracle_grad",
    "oracle_hessian",
    "oracle_hvp",
    "oracle_jacobian",
    "oracle_run",
]

FLOAT_TYPES = (float, np.floating)
REAL_TYPES = (int, float, np.integer, np.floating, np.bool_)


class OracleError(Exception):
    """The oracle can't run this program: a function or an argument that it does not know."""


# --- how far from a place where the execution would have gone another way -------------------------------------------


class _Margin:
    """The least distance to a kink or a branch point that was seen since `reset`."""

    def __init__(self) -> None:
        self.least = math.inf

    def reset(self) -> None:
        self.least = math.inf

    def see(self, distance: float) -> None:
        if distance < self.least:
            self.least = distance


MARGIN = _Margin()


def _see_comparison(a: Any, b: Any) -> None:
    """Note the distance between two compared values, unless they are equal by construction."""
    active_a, active_b = _tangent(a), _tangent(b)
    if active_a is None and active_b is None:
        return
    gap = abs(_value(a) - _value(b))
    if gap == 0.0 and active_a is not None and active_b is not None and np.array_equal(active_a, active_b):
        return  # the same quantity twice: whichever side is taken, the derivative is the same
    if not math.isnan(gap):
        MARGIN.see(gap)


def _see_rounding(a: Any, offset: float = 0.0) -> None:
    """Note the distance from `a` to the nearest whole number (plus `offset`), where rounding jumps."""
    v = _value(a)
    if _tangent(a) is not None and math.isfinite(v):
        MARGIN.see(abs(v - offset - round(v - offset)))


# --- dual numbers ----------------------------------------------------------------------------------------------------


class _Direction:
    """The direction in which gradients are differentiated, or None while only first derivatives are asked for."""

    along: np.ndarray | None = None


SECOND = _Direction()


class Dual:
    """A value and its derivatives in every seeded direction; `d` is None for a constant.

    `h` is the derivative of `d` along `SECOND.along`: the Hessian times that direction. None for zeros.
    """

    __slots__ = ("d", "h", "v")

    def __init__(self, v: float, d: np.ndarray | None = None, h: np.ndarray | None = None) -> None:
        self.v = float(v)
        self.d = d
        self.h = h

    def __repr__(self) -> str:
        return f"Dual({self.v!r}, {self.d!r})"

    # Arithmetic with an array is left to the array, element by element.
    def __add__(self, o: Any) -> Any:
        return NotImplemented if _is_array(o) else add(self, o)

    def __radd__(self, o: Any) -> Any:
        return NotImplemented if _is_array(o) else add(o, self)

    def __sub__(self, o: Any) -> Any:
        return NotImplemented if _is_array(o) else sub(self, o)

    def __rsub__(self, o: Any) -> Any:
        return NotImplemented if _is_array(o) else sub(o, self)

    def __mul__(self, o: Any) -> Any:
        return NotImplemented if _is_array(o) else mul(self, o)

    def __rmul__(self, o: Any) -> Any:
        return NotImplemented if _is_array(o) else mul(o, self)

    def __truediv__(self, o: Any) -> Any:
        return NotImplemented if _is_array(o) else div(self, o)

    def __rtruediv__(self, o: Any) -> Any:
        return NotImplemented if _is_array(o) else div(o, self)

    def __floordiv__(self, o: Any) -> Any:
        return NotImplemented if _is_array(o) else floordiv(self, o)

    def __rfloordiv__(self, o: Any) -> Any:
        return NotImplemented if _is_array(o) else floordiv(o, self)

    def __mod__(self, o: Any) -> Any:
        return NotImplemented if _is_array(o) else mod(self, o)

    def __rmod__(self, o: Any) -> Any:
        return NotImplemented if _is_array(o) else mod(o, self)

    def __divmod__(self, o: Any) -> Any:
        return floordiv(self, o), mod(self, o)

    def __rdivmod__(self, o: Any) -> Any:
        return floordiv(o, self), mod(o, self)

    def __pow__(self, o: Any) -> Any:
        return NotImplemented if _is_array(o) else power(self, o)

    def __rpow__(self, o: Any) -> Any:
        return NotImplemented if _is_array(o) else power(o, self)

    def __neg__(self) -> Dual:
        return Dual(-self.v, opposite(self.d), opposite(self.h))

    def __pos__(self) -> Dual:
        return self

    def __abs__(self) -> Dual:
        return absolute(self)

    # Comparisons are of values, and are measured.
    def __lt__(self, o: Any) -> bool:
        return _compare(operator.lt, self, o)

    def __le__(self, o: Any) -> bool:
        return _compare(operator.le, self, o)

    def __gt__(self, o: Any) -> bool:
        return _compare(operator.gt, self, o)

    def __ge__(self, o: Any) -> bool:
        return _compare(operator.ge, self, o)

    def __eq__(self, o: object) -> bool:
        return _compare(operator.eq, self, o)

    def __ne__(self, o: object) -> bool:
        return _compare(operator.ne, self, o)

    def __hash__(self) -> int:
        return hash(self.v)

    def __bool__(self) -> bool:
        _see_comparison(self, 0.0)
        return self.v != 0.0

    def __int__(self) -> int:
        _see_rounding(self)
        return int(self.v)

    __trunc__ = __int__

    def __floor__(self) -> int:
        _see_rounding(self)
        return math.floor(self.v)

    def __ceil__(self) -> int:
        _see_rounding(self)
        return math.ceil(self.v)

    def __round__(self, digits: int | None = None) -> Any:
        if digits is None:
            _see_rounding(self, 0.5)
            return round(self.v)
        _see_rounding(Dual(self.v * 10.0**digits, self.d), 0.5)
        return Dual(round(self.v, digits))

    def item(self) -> Dual:
        return self

    conjugate = item

    def __float__(self) -> float:
        raise OracleError("a dual number would lose its tangent: float() or a store in a real array")


def _is_array(x: Any) -> bool:
    return isinstance(x, np.ndarray)


def _value(x: Any) -> float:
    return x.v if isinstance(x, Dual) else float(x)


def _tangent(x: Any) -> np.ndarray | None:
    return x.d if isinstance(x, Dual) else None


def _curvature(x: Any) -> np.ndarray | None:
    return x.h if isinstance(x, Dual) else None


def opposite(d: np.ndarray | None) -> np.ndarray | None:
    return None if d is None else -d


def _compare(op: Callable[[float, float], bool], a: Any, b: Any) -> bool:
    if not isinstance(b, (Dual, *REAL_TYPES)):
        return NotImplemented
    _see_comparison(a, b)
    return op(_value(a), _value(b))


def scale(partial: float, d: np.ndarray | None) -> np.ndarray | None:
    """partial * d, where zero times anything is zero."""
    if d is None:
        return None
    if partial == 0.0:
        return np.zeros_like(d)
    if math.isfinite(partial):
        return partial * d
    return np.where(d == 0.0, 0.0, partial * d)


def total(a: np.ndarray | None, b: np.ndarray | None) -> np.ndarray | None:
    """The sum of two tangents."""
    if a is None:
        return b
    return a if b is None else a + b


def bend(fxy: float, x: np.ndarray | None, y: np.ndarray | None) -> np.ndarray | None:
    """What a second partial adds to the derivative of the gradient: fxy * (the direction's part in x) * dy."""
    if SECOND.along is None or fxy == 0.0 or x is None or y is None:
        return None
    return scale(fxy, float(x @ SECOND.along) * y)


def chain1(v: float, dx: float, x: Dual, dxx: float = 0.0) -> Dual:
    """The result `v` of a function of x whose partials are `dx` and `dxx`."""
    return Dual(v, scale(dx, x.d), total(scale(dx, x.h), bend(dxx, x.d, x.d)))


def chain2(
    v: float, dx: float, x: Any, dy: float, y: Any, dxx: float = 0.0, dxy: float = 0.0, dyy: float = 0.0
) -> Dual:
    """The result `v` of a function of x and y with these partials."""
    of_x, of_y = _tangent(x), _tangent(y)
    h = total(scale(dx, _curvature(x)), scale(dy, _curvature(y)))
    h = total(h, total(bend(dxx, of_x, of_x), bend(dyy, of_y, of_y)))
    h = total(h, total(bend(dxy, of_x, of_y), bend(dxy, of_y, of_x)))
    return Dual(v, total(scale(dx, of_x), scale(dy, of_y)), h)


def add(a: Any, b: Any) -> Dual:
    return Dual(_value(a) + _value(b), total(_tangent(a), _tangent(b)), total(_curvature(a), _curvature(b)))


def sub(a: Any, b: Any) -> Dual:
    d, h = opposite(_tangent(b)), opposite(_curvature(b))
    return Dual(_value(a) - _value(b), total(_tangent(a), d), total(_curvature(a), h))


def mul(a: Any, b: Any) -> Dual:
    v, w = _value(a), _value(b)
    return chain2(v * w, w, a, v, b, dxy=1.0)


def ieee_div(a: float, b: float) -> float:
    """a / b as the hardware does it: infinite or NaN for b = 0."""
    with np.errstate(all="ignore"):
        return float(np.float64(a) / np.float64(b))


def div(a: Any, b: Any) -> Dual:
    v, w = _value(a), _value(b)
    fxy, fyy = (ieee_div(-1.0, w * w), ieee_div(2.0 * v, w * w * w)) if SECOND.along is not None else (0.0, 0.0)
    return chain2(ieee_div(v, w), ieee_div(1.0, w), a, ieee_div(-v, w * w), b, dxy=fxy, dyy=fyy)


def floordiv(a: Any, b: Any) -> Dual:
    v, w = _value(a), _value(b)
    _see_rounding(div(a, b))
    with np.errstate(all="ignore"):
        return Dual(float(np.floor_divide(v, w)))


def mod(a: Any, b: Any) -> Dual:
    """a - floor(a / b) * b, which has the sign of b."""
    v, w = _value(a), _value(b)
    _see_rounding(div(a, b))
    with np.errstate(all="ignore"):
        return chain2(float(np.mod(v, w)), 1.0, a, -float(np.floor_divide(v, w)), b)


def power(a: Any, b: Any) -> Dual:
    x, y = _value(a), _value(b)
    with np.errstate(all="ignore"):
        if isinstance(b, (int, np.integer)) and not isinstance(a, Dual):
            v = float(np.float_power(x, y))
        else:
            v = float(np.float64(x) ** np.float64(y))
        dx = dy = dxx = dxy = dyy = 0.0
        if _tangent(a) is not None and y != 0.0:
            dx = y * float(np.float64(x) ** np.float64(y - 1.0))
        if _tangent(b) is not None and not (x == 0.0 and y > 0.0):
            dy = v * float(np.log(np.float64(x)))
        if SECOND.along is not None:
            if y * (y - 1.0) != 0.0:
                dxx = y * (y - 1.0) * float(np.float64(x) ** np.float64(y - 2.0))
            if _tangent(b) is not None and not (x == 0.0 and y > 0.0):
                dxy = float(np.float64(x) ** np.float64(y - 1.0)) * (1.0 + y * float(np.log(np.float64(x))))
                dyy = dy * float(np.log(np.float64(x)))
    return chain2(v, dx, a, dy, b, dxx, dxy, dyy)


def absolute(a: Any) -> Any:
    if not isinstance(a, Dual):
        return builtins.abs(a)
    _see_comparison(a, 0.0)
    return chain1(math.fabs(a.v), sign_of(a.v), a)


def sign_of(v: float) -> float:
    """-1, 0 or 1; NaN for NaN."""
    return float(np.sign(v))


# --- arrays ----------------------------------------------------------------------------------------------------------


def layout_of(x: np.ndarray) -> str:
    """ "C", "F", or "A" for any strides: what Numba's type of the array says, which decides what is a view."""
    known: str | None = getattr(x, "layout", None)
    return known or ("C" if x.flags.c_contiguous else "F" if x.flags.f_contiguous else "A")


def indexed_layout(layout: str, ndim: int, key: Any) -> str:
    """The layout that Numba gives to `x[key]`."""
    parts = key if isinstance(key, tuple) else (key,)
    kinds = [
        numba_types.slice3_type if isinstance(p, slice) and p.step is not None
        else numba_types.slice2_type if isinstance(p, slice)
        else numba_types.ellipsis if p is Ellipsis
        else numba_types.none if p is None
        else numba_types.intp
        for p in parts
    ]  # fmt: skip
    array = numba_types.Array(numba_types.float64, ndim, layout)
    found = get_array_index_type(array, kinds[0] if len(kinds) == 1 else numba_types.Tuple(kinds))
    return str(found.result.layout)


def combined_layout(arrays: Iterable[Any]) -> str:
    """The layout that Numba gives to an elementwise result: Fortran's only where an operand has it and none C's."""
    found = [layout_of(a) for a in arrays if _is_array(a) and a.ndim > 0]
    return "F" if "F" in found and "C" not in found else "C"


class DualArray(np.ndarray):
    """An object array whose elements are duals; what is written into it becomes one.

    Its `layout` is that of the array's type in Numba. NumPy decides by the strides at run time whether `ravel` copies
    and in which order a result lies; Numba, and so srcad, by the type.
    """

    layout: str

    def __array_finalize__(self, obj: Any) -> None:
        self.layout = ""  # as its strides say, until it is set

    def __array_ufunc__(self, ufunc: Any, method: str, *inputs: Any, out: Any = None, **options: Any) -> Any:
        plain = [np.asarray(i) if isinstance(i, DualArray) else i for i in inputs]
        if out is not None:
            getattr(ufunc, method)(*plain, out=tuple(np.asarray(o) for o in out), **options)
            return out[0]
        result = getattr(ufunc, method)(*plain, **options)
        if not isinstance(result, np.ndarray) or result.dtype != object:
            return result
        made = dual_array(result.shape, combined_layout(inputs))
        made[...] = result
        return made

    def __getitem__(self, key: Any) -> Any:
        found = super().__getitem__(key)
        whole = not any(isinstance(p, (np.ndarray, list)) for p in (key if isinstance(key, tuple) else (key,)))
        if isinstance(found, DualArray) and whole and found.ndim:
            found.layout = indexed_layout(layout_of(self), self.ndim, key)
        return found

    @property
    def T(self) -> DualArray:  # type: ignore[override]
        return self.transpose()

    def transpose(self, *axes: Any) -> DualArray:  # type: ignore[override]
        turned = super().transpose(*axes)
        turned.layout = {"C": "F", "F": "C"}.get(layout_of(self), "A") if self.ndim > 1 else layout_of(self)
        return turned

    def ravel(self, order: str = "C") -> DualArray:  # type: ignore[override]
        if order == "F":
            return self.T.ravel()
        return self.reshape(-1) if layout_of(self) == "C" else self.flatten()

    def flatten(self, order: str = "C") -> DualArray:  # type: ignore[override]
        return (self if order == "C" else self.T).copy().reshape(-1)

    def copy(self, order: str = "C") -> DualArray:  # type: ignore[override]
        made = dual_array(self.shape, order)
        made[...] = self
        return made

    def __setitem__(self, key: Any, value: Any) -> None:
        if self.dtype == object:
            value = as_duals(value)
        if isinstance(value, np.ndarray):
            value = self._apart(key, value)
        super().__setitem__(key, value)

    def _apart(self, key: Any, value: np.ndarray) -> np.ndarray:
        """`value` in memory of its own, as Numba copies what overlaps its target.

        NumPy does not where both go the same way in steps of their own (`x[::2] = x[:3]`): such a program is at a
        place where it goes another way in Python.
        """
        target = np.asarray(self)[key]
        if not isinstance(target, np.ndarray) or not np.may_share_memory(target, value):
            return value
        if target.strides != value.strides:
            MARGIN.see(0.0)
        return np.array(value, dtype=object).view(DualArray) if value.dtype == object else value.copy()

    def fill(self, value: Any) -> None:
        self[...] = value

    def astype(self, dtype: Any, **_: Any) -> np.ndarray:
        if is_float_dtype(dtype):
            return self.copy()
        return np.vectorize(int, otypes=[np.int64])(np.asarray(self))

    def argsort(self, axis: int | None = -1) -> Any:  # type: ignore[override]
        return oracle_numpy.argsort(self, axis)

    def sort(self, axis: int = -1) -> None:  # type: ignore[override]
        self[...] = oracle_numpy.sort(self, axis)

    def cumsum(self, axis: int | None = None) -> Any:  # type: ignore[override]
        return NUMPY.cumsum(self, axis)

    def clip(self, min: Any = None, max: Any = None) -> Any:  # type: ignore[override]
        return elementwise(clip, 3)(self, min, max)

    def round(self, decimals: int = 0) -> Any:  # type: ignore[override]
        return NUMPY.round(self) if decimals == 0 else NUMPY.rint(self * 10.0**decimals) / 10.0**decimals

    def take(self, indices: Any, axis: int | None = None) -> Any:  # type: ignore[override]
        return NUMPY.take(self, indices, axis)

    def repeat(self, repeats: int) -> Any:  # type: ignore[override]
        return as_duals(np.repeat(np.asarray(self), repeats))

    def sum(self, *args: Any, **keywords: Any) -> Any:  # type: ignore[override]
        return np_sum(self, *args, **keywords)

    def mean(self, *args: Any, **keywords: Any) -> Any:  # type: ignore[override]
        return np_mean(self, *args, **keywords)

    def prod(self, *args: Any, **keywords: Any) -> Any:  # type: ignore[override]
        return np_prod(self, *args, **keywords)

    def max(self, *args: Any, **keywords: Any) -> Any:  # type: ignore[override]
        return np_max(self, *args, **keywords)

    def min(self, *args: Any, **keywords: Any) -> Any:  # type: ignore[override]
        return np_min(self, *args, **keywords)

    def var(self, *args: Any, **keywords: Any) -> Any:  # type: ignore[override]
        return np_var(self, *args, **keywords)

    def std(self, *args: Any, **keywords: Any) -> Any:  # type: ignore[override]
        return np_std(self, *args, **keywords)

    def argmax(self, *args: Any, **keywords: Any) -> Any:  # type: ignore[override]
        return np_argmax(self, *args, **keywords)

    def argmin(self, *args: Any, **keywords: Any) -> Any:  # type: ignore[override]
        return np_argmin(self, *args, **keywords)

    def any(self, *args: Any, **keywords: Any) -> Any:  # type: ignore[override]
        return np_any(self, *args, **keywords)

    def all(self, *args: Any, **keywords: Any) -> Any:  # type: ignore[override]
        return np_all(self, *args, **keywords)


def dual_array(shape: Any, order: str = "C") -> DualArray:
    """A new object array of the given shape."""
    made = np.empty(shape, dtype=object, order=order).view(DualArray)  # type: ignore[call-overload]
    made.layout = order
    return made  # type: ignore[no-any-return]


def as_duals(value: Any) -> Any:
    """`value` with plain numbers turned into constants, elementwise."""
    if isinstance(value, Dual):
        return value
    if isinstance(value, REAL_TYPES):
        return Dual(value)
    if isinstance(value, (list, tuple)):
        return array_of(value)
    if isinstance(value, np.ndarray) and value.dtype != object:
        out = dual_array(value.shape)
        for i, v in np.ndenumerate(value):
            np.ndarray.__setitem__(out, i, Dual(v))
        return out
    if isinstance(value, np.ndarray) and not isinstance(value, DualArray):
        out = dual_array(value.shape)
        for i, v in np.ndenumerate(value):
            np.ndarray.__setitem__(out, i, v if isinstance(v, Dual) else Dual(v))
        return out
    return value


def array_of(items: Any, dtype: Any = None) -> np.ndarray:
    """np.array(items): of ints and bools a real array, of floats a DualArray."""
    if isinstance(items, np.ndarray):
        if dtype is None or is_float_dtype(dtype):
            return np_copy(items) if dtype is None or items.dtype == object else as_duals(items)
        return items.astype(dtype)
    raw = np.array(items, dtype=object)
    if dtype is None:
        floating = any(isinstance(v, (Dual, *FLOAT_TYPES)) for v in raw.flat)
    else:
        floating = is_float_dtype(dtype)
    if not floating:
        return np.array(items, dtype=dtype)
    return as_duals(raw)


def is_float_dtype(dtype: Any) -> bool:
    """Whether a dtype argument, as seen by the function that runs here, names floats."""
    if dtype is to_float or dtype is float or dtype is None or isinstance(dtype, FloatType):
        return True
    if dtype is to_int or dtype is bool:
        return False
    kind = np.dtype(dtype).kind
    return kind in "fO"


def constants(array: np.ndarray, seeds: np.ndarray | None = None) -> DualArray:
    """A DualArray of the same layout as a float array; `seeds` holds a tangent for each element."""
    contiguous = array.flags.c_contiguous or array.flags.f_contiguous
    if contiguous:
        out = np.empty_like(array, dtype=object, subok=False).view(DualArray)
    else:  # strided: ravel and reshape must copy here too
        out = dual_array((*array.shape[:-1], 2 * array.shape[-1]))[..., ::2]
    for k, (i, v) in enumerate(np.ndenumerate(array)):
        np.ndarray.__setitem__(out, i, Dual(v, None if seeds is None else seeds[k]))
    return out


# --- functions of numbers, applied elementwise to arrays -------------------------------------------------------------


def elementwise(fn: Callable[..., Any], nin: int, boolean: bool = False) -> Callable[..., Any]:
    """`fn`, a function of numbers, also on arrays."""
    ufunc = np.frompyfunc(fn, nin, 1)

    @functools.wraps(fn)
    def run(*args: Any, out: Any = None) -> Any:
        if len(args) > nin:  # an `out` array given by position
            args, out = args[:nin], args[nin]
        args = tuple(array_of(a) if isinstance(a, list) else a for a in args)
        if not any(_is_array(a) for a in args):
            return fn(*args)
        result = ufunc(*args)
        result = np.asarray(result).astype(bool) if boolean else as_duals(result)
        if out is None:
            return result
        out[...] = result
        return out

    return run


def _np1(name: str, x: float) -> float:
    with np.errstate(all="ignore"):
        return float(getattr(np, name)(np.float64(x)))


def unary(
    value: Callable[[float], float],
    partial: Callable[[float, float], float],
    second: Callable[[float, float], float],
) -> Callable[[Any], Any]:
    """A function of one number: its value at x, and its two derivatives from x and that value."""

    def fn(x: Any) -> Any:
        if not isinstance(x, Dual):
            return value(float(x))
        v = value(x.v)
        if x.d is None:
            return Dual(v)
        dx = derivative(partial, x.v, v)
        return chain1(v, dx, x, derivative(second, x.v, v) if SECOND.along is not None else 0.0)

    return fn


def derivative(of: Callable[[float, float], float], x: float, v: float) -> float:
    """A partial at x, where the value is v; NaN where `math` has none."""
    with np.errstate(all="ignore"):
        try:
            return float(of(np.float64(x), np.float64(v)))  # type: ignore[arg-type]
        except (OverflowError, ValueError):
            return math.nan


def _guard(fn: Callable[[float], float]) -> Callable[[float], float]:
    """A function of `math` that answers as C does: no exception."""

    def value(x: float) -> float:
        try:
            return fn(x)
        except OverflowError:
            return math.inf
        except ValueError:
            return math.nan

    return value


def _gamma(x: float) -> float:
    return math.inf if x == 0.0 else _guard(math.gamma)(x)


def _lgamma(x: float) -> float:
    return math.inf if x <= 0.0 and x == math.floor(x) else _guard(math.lgamma)(x)


def digamma(x: float) -> float:
    """The logarithmic derivative of gamma: reflection, recurrence to x >= 12, asymptotic series (A&S 6.3)."""
    x = float(x)
    if x <= 0.0:
        if x == math.floor(x):
            return math.nan
        return digamma(1.0 - x) - math.pi / math.tan(math.pi * (x - math.floor(x)))
    shift = 0.0
    while x < 12.0:
        shift -= 1.0 / x
        x += 1.0
    u = 1.0 / (x * x)
    terms = (1 / 12, -1 / 120, 1 / 252, -1 / 240, 1 / 132, -691 / 32760, 1 / 12, -3617 / 8160)
    series = 0.0
    for c in reversed(terms):
        series = (series + c) * u
    return shift + math.log(x) - 0.5 / x - series


def trigamma(x: float) -> float:
    """The derivative of digamma: reflection, recurrence to x >= 12, asymptotic series (A&S 6.4)."""
    x = float(x)
    if x <= 0.0:
        if x == math.floor(x):
            return math.nan
        return (math.pi / math.sin(math.pi * (x - math.floor(x)))) ** 2 - trigamma(1.0 - x)
    shift = 0.0
    while x < 12.0:
        shift += 1.0 / (x * x)
        x += 1.0
    u = 1.0 / (x * x)
    terms = (1 / 6, -1 / 30, 1 / 42, -1 / 30, 5 / 66, -691 / 2730, 7 / 6, -3617 / 510)
    series = 0.0
    for c in reversed(terms):
        series = (series + c) * u
    return shift + 1.0 / x + 0.5 * u + series / x


def _sinc(x: float) -> float:
    return 1.0 if x == 0.0 else math.sin(math.pi * x) / (math.pi * x)


def _sinc_slope(x: float) -> float:
    """Derivative of sin(pi x) / (pi x); a Taylor series near 0, where the quotient cancels."""
    if abs(x) < 0.3:
        slope, term = 0.0, 1.0
        for k in range(1, 14):  # sinc = sum (-1)^k (pi x)^2k / (2k + 1)!
            term *= -(math.pi**2) / ((2 * k) * (2 * k + 1))
            slope += 2 * k * term * x ** (2 * k - 1)
        return slope
    return (math.cos(math.pi * x) - _sinc(x)) / x


def _sinc_curve(x: float) -> float:
    """Second derivative of sin(pi x) / (pi x), likewise."""
    if abs(x) < 0.5:
        curve, term = 0.0, 1.0
        for k in range(1, 16):
            term *= -(math.pi**2) / ((2 * k) * (2 * k + 1))
            curve += 2 * k * (2 * k - 1) * term * x ** (2 * k - 2)
        return curve
    return (-math.pi * math.sin(math.pi * x) - 2.0 * _sinc_slope(x)) / x


def _stepwise(fn: Callable[[float], float], offset: float) -> Callable[[Any], Any]:
    """A rounding function: derivative zero, and it jumps at whole numbers plus `offset`."""

    def value(x: Any) -> Any:
        _see_rounding(x, offset)
        return fn(_value(x))

    return value


def _math_rounding(fn: Callable[[float], int]) -> Callable[[Any], int]:
    def value(x: Any) -> int:
        _see_rounding(x)
        return fn(_value(x))

    return value


def _sign(x: Any) -> float:
    _see_comparison(x, 0.0)
    return sign_of(_value(x))


HALF_SQRT_PI = 0.5 * math.sqrt(math.pi)

# name -> (value, derivative from x and the value)
SMOOTH: dict[str, tuple[Callable[[float], float], Callable[[float, float], float]]] = {
    "sin": (lambda x: _np1("sin", x), lambda x, v: np.cos(x)),
    "cos": (lambda x: _np1("cos", x), lambda x, v: -np.sin(x)),
    "tan": (lambda x: _np1("tan", x), lambda x, v: 1.0 / np.cos(x) ** 2),
    "arcsin": (lambda x: _np1("arcsin", x), lambda x, v: 1.0 / np.sqrt((1.0 - x) * (1.0 + x))),
    "arccos": (lambda x: _np1("arccos", x), lambda x, v: -1.0 / np.sqrt((1.0 - x) * (1.0 + x))),
    "arctan": (lambda x: _np1("arctan", x), lambda x, v: 1.0 / (1.0 + x * x)),
    "sinh": (lambda x: _np1("sinh", x), lambda x, v: np.cosh(x)),
    "cosh": (lambda x: _np1("cosh", x), lambda x, v: np.sinh(x)),
    "tanh": (lambda x: _np1("tanh", x), lambda x, v: 1.0 / np.cosh(x) ** 2),
    "arcsinh": (lambda x: _np1("arcsinh", x), lambda x, v: 1.0 / np.hypot(x, 1.0)),
    "arccosh": (lambda x: _np1("arccosh", x), lambda x, v: 1.0 / np.sqrt((x - 1.0) * (x + 1.0))),
    "arctanh": (lambda x: _np1("arctanh", x), lambda x, v: 1.0 / ((1.0 - x) * (1.0 + x))),
    "exp": (lambda x: _np1("exp", x), lambda x, v: v),
    "exp2": (lambda x: _np1("exp2", x), lambda x, v: v * math.log(2.0)),
    "expm1": (lambda x: _np1("expm1", x), lambda x, v: np.exp(x)),
    "log": (lambda x: _np1("log", x), lambda x, v: 1.0 / x),
    "log1p": (lambda x: _np1("log1p", x), lambda x, v: 1.0 / (1.0 + x)),
    "log2": (lambda x: _np1("log2", x), lambda x, v: 1.0 / (x * math.log(2.0))),
    "log10": (lambda x: _np1("log10", x), lambda x, v: 1.0 / (x * math.log(10.0))),
    "sqrt": (lambda x: _np1("sqrt", x), lambda x, v: 0.5 / v),
    "cbrt": (lambda x: _np1("cbrt", x), lambda x, v: 1.0 / (3.0 * v * v)),
    "square": (lambda x: x * x, lambda x, v: 2.0 * x),
    "reciprocal": (lambda x: ieee_div(1.0, x), lambda x, v: -v * v),
    "erf": (math.erf, lambda x, v: np.exp(-x * x) / HALF_SQRT_PI),
    "erfc": (math.erfc, lambda x, v: -np.exp(-x * x) / HALF_SQRT_PI),
    "gamma": (_gamma, lambda x, v: v * digamma(x)),
    "lgamma": (_lgamma, lambda x, v: digamma(x)),
    "degrees": (math.degrees, lambda x, v: 180.0 / math.pi),
    "radians": (math.radians, lambda x, v: math.pi / 180.0),
    "sinc": (_sinc, lambda x, v: _sinc_slope(x)),
}
LOG2, LOG10 = math.log(2.0), math.log(10.0)

# name -> the second derivative, from x and the value
CURVES: dict[str, Callable[[float, float], float]] = {
    "sin": lambda x, v: -v,
    "cos": lambda x, v: -v,
    "tan": lambda x, v: 2.0 * np.sin(x) / np.cos(x) ** 3,
    "arcsin": lambda x, v: x / np.sqrt((1.0 - x) * (1.0 + x)) ** 3,
    "arccos": lambda x, v: -x / np.sqrt((1.0 - x) * (1.0 + x)) ** 3,
    "arctan": lambda x, v: -2.0 * x / (1.0 + x * x) ** 2,
    "sinh": lambda x, v: v,
    "cosh": lambda x, v: v,
    "tanh": lambda x, v: -2.0 * v / np.cosh(x) ** 2,
    "arcsinh": lambda x, v: -x / np.hypot(x, 1.0) ** 3,
    "arccosh": lambda x, v: -x / np.sqrt((x - 1.0) * (x + 1.0)) ** 3,
    "arctanh": lambda x, v: 2.0 * x / ((1.0 - x) * (1.0 + x)) ** 2,
    "exp": lambda x, v: v,
    "exp2": lambda x, v: v * LOG2 * LOG2,
    "expm1": lambda x, v: np.exp(x),
    "log": lambda x, v: -1.0 / (x * x),
    "log1p": lambda x, v: -1.0 / (1.0 + x) ** 2,
    "log2": lambda x, v: -1.0 / (x * x * LOG2),
    "log10": lambda x, v: -1.0 / (x * x * LOG10),
    "sqrt": lambda x, v: -0.25 / (v * v * v),
    "cbrt": lambda x, v: -2.0 / (9.0 * v**5),
    "square": lambda x, v: 2.0,
    "reciprocal": lambda x, v: 2.0 * v * v * v,
    "erf": lambda x, v: -2.0 * x * np.exp(-x * x) / HALF_SQRT_PI,
    "erfc": lambda x, v: 2.0 * x * np.exp(-x * x) / HALF_SQRT_PI,
    "gamma": lambda x, v: v * (digamma(x) ** 2 + trigamma(x)),
    "lgamma": lambda x, v: trigamma(x),
    "degrees": lambda x, v: 0.0,
    "radians": lambda x, v: 0.0,
    "sinc": lambda x, v: _sinc_curve(x),
}
UNARY = {name: unary(*pair, CURVES[name]) for name, pair in SMOOTH.items()}


def fabs(x: Any) -> Any:
    return absolute(x) if isinstance(x, Dual) else math.fabs(x)


def arctan2(y: Any, x: Any) -> Any:
    if not isinstance(x, Dual) and not isinstance(y, Dual):
        return math.atan2(y, x)
    a, b = _value(y), _value(x)
    r2 = a * a + b * b
    cross = ieee_div(2.0 * a * b, r2 * r2)
    mixed = ieee_div(a * a - b * b, r2 * r2)
    return chain2(math.atan2(a, b), ieee_div(b, r2), y, ieee_div(-a, r2), x, -cross, mixed, cross)


def hypot(*xs: Any) -> Any:
    if not any(isinstance(x, Dual) for x in xs):
        return math.hypot(*xs)
    out = math.hypot(*(_value(x) for x in xs))
    slopes = [0.0 if out == 0.0 else _value(x) / out for x in xs]
    d = h = None
    for k, x in enumerate(xs):
        d = total(d, scale(slopes[k], _tangent(x)))
        h = total(h, scale(slopes[k], _curvature(x)))
        if SECOND.along is not None and out != 0.0:
            for j, y in enumerate(xs):
                h = total(h, bend(((j == k) - slopes[j] * slopes[k]) / out, _tangent(x), _tangent(y)))
    return Dual(out, d, h)


def copysign(x: Any, y: Any) -> Any:
    """|x| with y's sign: in x it is x or -x; in y it is constant but for the jump at 0."""
    if not isinstance(x, Dual) and not isinstance(y, Dual):
        return math.copysign(x, y)
    v, w = _value(x), _value(y)
    _see_comparison(y, 0.0)
    flip = math.copysign(1.0, v) * math.copysign(1.0, w)
    return Dual(math.copysign(v, w), scale(flip, _tangent(x)), scale(flip, _curvature(x)))


def fmod(x: Any, y: Any) -> Any:
    """x - trunc(x / y) * y, which has the sign of x."""
    v, w = _value(x), _value(y)
    with np.errstate(all="ignore"):
        r = float(np.fmod(v, w))
    if not isinstance(x, Dual) and not isinstance(y, Dual):
        return r
    _see_rounding(div(x, y))
    return chain2(r, 1.0, x, -float(np.trunc(ieee_div(v, w))), y)


def remainder(x: Any, y: Any) -> Any:
    """IEEE remainder: x - n * y with n the whole number nearest to x / y."""
    v, w = _value(x), _value(y)
    r = math.remainder(v, w)
    if not isinstance(x, Dual) and not isinstance(y, Dual):
        return r
    _see_rounding(div(x, y), 0.5)
    return chain2(r, 1.0, x, -round((v - r) / w), y)


def ldexp(x: Any, n: int) -> Any:
    return chain1(math.ldexp(x.v, n), 2.0**n, x) if isinstance(x, Dual) else math.ldexp(x, n)


def logaddexp(x: Any, y: Any) -> Any:
    v, w = _value(x), _value(y)
    out = float(np.logaddexp(v, w))
    if not isinstance(x, Dual) and not isinstance(y, Dual):
        return out
    p, q = _np1("exp", v - out), _np1("exp", w - out)
    return chain2(out, p, x, q, y, p * q, -p * q, p * q)


def logaddexp2(x: Any, y: Any) -> Any:
    v, w = _value(x), _value(y)
    out = float(np.logaddexp2(v, w))
    if not isinstance(x, Dual) and not isinstance(y, Dual):
        return out
    p, q = _np1("exp2", v - out), _np1("exp2", w - out)
    curve = p * q * LOG2
    return chain2(out, p, x, q, y, curve, -curve, curve)


def math_log(x: Any, base: Any = None) -> Any:
    return UNARY["log"](x) if base is None else div(UNARY["log"](x), UNARY["log"](base))


def math_pow(x: Any, y: Any) -> Any:
    out = power(x, y)
    return out if isinstance(x, Dual) or isinstance(y, Dual) else out.v


def general_pow(x: Any, y: Any, modulus: Any = None) -> Any:
    if isinstance(x, Dual) or isinstance(y, Dual):
        return power(x, y)
    return builtins.pow(x, y) if modulus is None else builtins.pow(x, y, modulus)


def is_constant(x: Any) -> bool:
    return _tangent(x) is None


def select(first: Any, second: Any, take_second: Callable[[float, float], bool]) -> Any:
    """`first`, or `second` where `take_second` says so of the values; in a tie a constant wins."""
    _see_comparison(first, second)
    a, b = _value(first), _value(second)
    if a == b:
        return second if is_constant(second) and not is_constant(first) else first
    return second if take_second(a, b) else first


def maximum(a: Any, b: Any) -> Any:
    return select(a, b, lambda v, w: w > v or w != w)


def minimum(a: Any, b: Any) -> Any:
    return select(a, b, lambda v, w: w < v or w != w)


def fmaximum(a: Any, b: Any) -> Any:
    return select(a, b, lambda v, w: w > v or v != v)


def fminimum(a: Any, b: Any) -> Any:
    return select(a, b, lambda v, w: w < v or v != v)


def clip(x: Any, low: Any, high: Any) -> Any:
    if low is not None:
        x = maximum(x, low)
    return x if high is None else minimum(x, high)


def extreme(fold: Callable[[Any, Any], Any], python: Callable[..., Any]) -> Callable[..., Any]:
    """Python's max or min: of several arguments, or of one iterable. By a key, and of tuples, it is `python` itself."""

    def run(*args: Any, **how: Any) -> Any:
        items = list(args[0]) if len(args) == 1 else list(args)
        if how or isinstance(items[0], tuple):
            return python(items, **how)
        return functools.reduce(fold, items)

    return run


# Python's own max and min keep the first operand unless the next one compares strictly beyond it.
py_max = extreme(lambda a, b: select(a, b, lambda v, w: w > v), max)
py_min = extreme(lambda a, b: select(a, b, lambda v, w: w < v), min)


def to_float(x: Any = 0.0) -> Any:
    if isinstance(x, Dual):
        return x
    if isinstance(x, np.ndarray):
        return to_float(x.item())
    return builtins.float(x)


class FloatType:
    """np.float64 and np.float32 as seen by the function: a conversion, and a dtype."""

    def __init__(self, dtype: type) -> None:
        self.dtype = np.dtype(dtype)

    def __call__(self, x: Any = 0.0) -> Any:
        return to_float(x)


def to_int(x: Any = 0) -> int:
    return builtins.int(x)


def to_bool(x: Any = False) -> bool:
    return builtins.bool(x)


def py_abs(x: Any) -> Any:
    return as_duals(np.frompyfunc(absolute, 1, 1)(x)) if _is_array(x) else absolute(x)


# --- numpy's constructors, reductions and selections -----------------------------------------------------------------


def filled(value: float) -> Callable[..., Any]:
    def make(shape: Any, dtype: Any = None, order: str = "C") -> np.ndarray:
        if not is_float_dtype(dtype):
            return np.full(shape, value if value == value else 0, dtype=dtype)
        out = dual_array(shape, order)
        out[...] = value
        return out

    return make


def filled_like(value: float) -> Callable[..., Any]:
    def make(prototype: Any, dtype: Any = None) -> np.ndarray:
        shape = np.shape(prototype)
        if dtype is None and isinstance(prototype, np.ndarray) and prototype.dtype != object:
            return np.full(shape, value if value == value else 0, dtype=prototype.dtype)
        if isinstance(prototype, np.ndarray):
            out = dual_array(shape, combined_layout([prototype]))
            out[...] = value
            return out
        return filled(value)(shape, dtype)

    return make


def np_full(shape: Any, value: Any, dtype: Any = None) -> np.ndarray:
    if dtype is not None and not is_float_dtype(dtype):
        return np.full(shape, value, dtype=dtype)
    if dtype is None and isinstance(value, (int, np.integer)):
        return np.full(shape, value)
    out = dual_array(shape)
    out[...] = value
    return out


def np_full_like(prototype: np.ndarray, value: Any, dtype: Any = None) -> np.ndarray:
    out = filled_like(0.0)(prototype, dtype)
    out[...] = value
    return out


def np_arange(*args: Any) -> np.ndarray:
    plain = [a.v if isinstance(a, Dual) else a for a in args]
    out = np.arange(*plain)
    return constants(out) if out.dtype.kind == "f" else out


def np_linspace(start: Any, stop: Any, num: int = 50) -> np.ndarray:
    out = dual_array(num)
    for i in range(num):
        out[i] = add(start, mul(sub(stop, start), i / (num - 1)))
    return out


def np_copy(x: Any) -> Any:
    """Of an array in Fortran order in Fortran order, where `x.copy()` is in C order."""
    return x.copy(order=combined_layout([x])) if _is_array(x) else array_of(x)


def laid_out(order: str) -> Callable[[Any], Any]:
    """np.ascontiguousarray or np.asfortranarray: the array itself where it is laid out like that."""

    def run(x: Any) -> Any:
        x = x if _is_array(x) else array_of(x)
        itself = layout_of(x) == order or (x.ndim == 1 and layout_of(x) != "A")
        return x if itself else x.copy(order=order)

    return run


def np_where(condition: Any, a: Any = None, b: Any = None) -> Any:
    if a is None:
        return np_nonzero(condition)
    if not any(_is_array(x) for x in (condition, a, b)):
        return a if condition else b
    chosen = np.frompyfunc(lambda c, p, q: p if c else q, 3, 1)(condition, a, b)
    operands = [x for x in (condition, a, b) if _is_array(x)]
    out = dual_array(chosen.shape, "F" if all(layout_of(x) == "F" for x in operands) else "C")
    out[...] = chosen
    return out


def of_elements(reduce: Callable[..., Any]) -> Callable[..., Any]:
    """A reduction of an array, or of each vector along an axis; a number it leaves as it is."""

    @functools.wraps(reduce)
    def run(x: Any, axis: Any = None, keepdims: bool = False, **keywords: Any) -> Any:
        if isinstance(x, (Dual, *REAL_TYPES)):
            return x
        x = array_of(x) if isinstance(x, list) else x
        if axis is None:
            return reduce(x, **keywords)
        axes = sorted(k % x.ndim for k in (axis if isinstance(axis, tuple) else (axis,)))
        rest = [k for k in range(x.ndim) if k not in axes]
        rows = np.asarray(x).transpose(*rest, *axes)
        out = np.empty([x.shape[k] for k in rest], dtype=object)
        for i in np.ndindex(out.shape):
            out[i] = reduce(as_duals(rows[i]) if rows.dtype == object else rows[i], **keywords)
        if keepdims:
            out = out.reshape([1 if k in axes else n for k, n in enumerate(x.shape)])
        if out.ndim == 0:
            return out[()]
        floats = any(isinstance(v, Dual) for v in out.flat)
        return as_duals(out) if floats else np.array(out.tolist()).reshape(out.shape)

    return run


@of_elements
def np_sum(x: Any) -> Any:
    if isinstance(x, (list, tuple)):
        x = array_of(x)
    if x.dtype != object:
        return x.sum()
    out: Any = Dual(0.0)
    for v in np.asarray(x).flat:
        out = add(out, v)
    return out


@of_elements
def np_prod(x: Any) -> Any:
    out: Any = Dual(1.0)
    for v in np.asarray(x).flat:
        out = mul(out, v)
    return out


@of_elements
def np_mean(x: Any) -> Any:
    return div(np_sum(x), x.size)


@of_elements
def np_var(x: Any, ddof: int = 0) -> Any:
    centre = np_mean(x)
    out: Any = Dual(0.0)
    for v in np.asarray(x).flat:
        out = add(out, mul(sub(v, centre), sub(v, centre)))
    return div(out, x.size - ddof)


def np_std(x: Any, *args: Any, **keywords: Any) -> Any:
    spread = np_var(x, *args, **keywords)
    return elementwise(UNARY["sqrt"], 1)(spread)


@of_elements
def np_any(x: Any) -> bool:
    return any(map(bool, np.asarray(x).flat))


@of_elements
def np_all(x: Any) -> bool:
    return all(map(bool, np.asarray(x).flat))


@of_elements
def np_max(x: Any) -> Any:
    return functools.reduce(lambda a, b: select(a, b, lambda v, w: w > v), np.asarray(x).flat)


@of_elements
def np_min(x: Any) -> Any:
    return functools.reduce(lambda a, b: select(a, b, lambda v, w: w < v), np.asarray(x).flat)


@of_elements
def np_argmax(x: Any) -> int:
    best, where = None, 0
    for k, v in enumerate(np.asarray(x).flat):
        if best is None or v > best:
            best, where = v, k
    return where


@of_elements
def np_argmin(x: Any) -> int:
    best, where = None, 0
    for k, v in enumerate(np.asarray(x).flat):
        if best is None or v < best:
            best, where = v, k
    return where


def np_cumsum(x: Any) -> Any:
    if np.asarray(x).dtype != object:
        return np.cumsum(x)
    out = dual_array(x.size)
    running: Any = Dual(0.0)
    for k, v in enumerate(np.asarray(x).flat):
        running = add(running, v)
        out[k] = running
    return out


def np_cumprod(x: Any) -> Any:
    out = dual_array(x.size)
    running: Any = Dual(1.0)
    for k, v in enumerate(np.asarray(x).flat):
        running = mul(running, v)
        out[k] = running
    return out


def np_interp(x: Any, xp: Any, fp: Any) -> Any:
    if x <= xp[0]:
        return fp[0]
    for k in range(len(xp) - 1):
        if x < xp[k + 1]:
            return fp[k] + (x - xp[k]) / (xp[k + 1] - xp[k]) * (fp[k + 1] - fp[k])
    return fp[-1]


def moving(name: str) -> Callable[..., Any]:
    """A function of NumPy's that only moves elements, multiplies and subtracts them: NumPy's own, of object arrays."""

    def plain(x: Any) -> Any:
        return type(x)(map(plain, x)) if isinstance(x, (tuple, list)) else np.asarray(x) if _is_array(x) else x

    return lambda *args, **options: as_duals(getattr(np, name)(*map(plain, args), **options))


def np_dot(a: Any, b: Any) -> Any:
    a, b = (array_of(v) if isinstance(v, list) else v for v in (a, b))
    if not _is_array(a) or not _is_array(b):
        return a * b
    return as_duals(np.dot(np.asarray(as_duals(a)), np.asarray(as_duals(b))))


def np_norm(x: Any, ord: Any = None, axis: Any = None, keepdims: bool = False) -> Any:
    if axis is not None:
        return of_elements(lambda row: hypot(*row))(x, axis, keepdims)
    if ord in (1, math.inf):
        sizes = [py_abs(v) for v in np.asarray(x)]
        return sum(sizes[1:], sizes[0]) if ord == 1 else np_max(as_duals(np.array(sizes, dtype=object)))
    return hypot(*np.asarray(x).flat)


def _linear_table() -> dict[str, Any]:
    """`np.linalg` over dual numbers."""

    def over(function: Callable[..., Any]) -> Callable[..., Any]:
        def called(*args: Any, **options: Any) -> Any:
            made = function(*(as_duals(a) if _is_array(a) else a for a in args), **options)
            return tuple(map(as_duals, made)) if isinstance(made, tuple) else as_duals(made)

        return called

    named = ("solve", "inv", "pinv", "det", "matrix_power", "cholesky", "qr", "eigh", "svd")
    table = {n: over(getattr(elimination, n)) for n in named}
    table["slogdet"] = over(lambda a: elimination.slogdet(a, UNARY["log"]))
    table["eigvalsh"] = over(lambda a: elimination.eigh(a)[0])
    table |= {"trace": lambda x: np_sum(list(np.asarray(x).diagonal())), "outer": moving("outer")}
    table |= {"vector_norm": np_norm, "matrix_norm": np_norm, "matrix_transpose": lambda x: x.T}
    return {**table, "norm": np_norm}


def np_argsort(x: Any) -> np.ndarray:
    return np.argsort([_value(v) for v in np.asarray(x)], kind="stable")


def np_median(x: Any) -> Any:
    values = sorted(np.asarray(x).flat, key=_value)
    n = len(values)
    return values[n // 2] if n % 2 else 0.5 * (values[n // 2 - 1] + values[n // 2])


def np_quantile(x: Any, q: Any) -> Any:
    values = sorted(np.asarray(x).flat, key=_value)
    rank = q * (len(values) - 1)
    k = min(int(rank), max(len(values) - 2, 0))
    return values[k] + (values[min(k + 1, len(values) - 1)] - values[k]) * (rank - k)


def numbers(x: Any) -> list[Any]:
    """The elements that are no NaN."""
    return [v for v in np.asarray(x).flat if _value(v) == _value(v)]


def np_bincount(x: Any, weights: Any = None, minlength: int = 0) -> Any:
    if weights is None:
        return np.bincount(x, minlength=minlength)
    out = filled(0.0)(max(minlength, *(k + 1 for k in x)))
    for k, w in zip(x, weights, strict=True):
        out[k] = out[k] + w
    return out


def np_cov(m: Any, y: Any = None) -> Any:
    rows = [np.asarray(r) for r in (m if y is None else (m, y))]
    n = len(rows[0])
    centred = [r - np_mean(as_duals(r)) for r in rows]
    return as_duals(np.array([[np_sum(as_duals(a * b)) / (n - 1) for b in centred] for a in centred], dtype=object))


def np_corrcoef(m: Any, y: Any = None) -> Any:
    c = np_cov(m, y)
    root = UNARY["sqrt"]
    n = len(c)
    return as_duals(np.array([[c[i, j] / (root(c[i, i]) * root(c[j, j])) for j in range(n)] for i in range(n)]))


def np_gradient(x: Any) -> Any:
    n = len(x) - 1
    return array_of([(x[min(i + 1, n)] - x[max(i - 1, 0)]) / (min(i + 1, n) - max(i - 1, 0)) for i in range(n + 1)])


def np_average(x: Any, weights: Any = None) -> Any:
    return np_mean(x) if weights is None else div(np_sum(x * weights), np_sum(weights))


def np_digitize(x: Any, bins: Any, right: bool = False) -> np.ndarray:
    return np.digitize([_value(v) for v in x], [_value(v) for v in bins], right)


def np_nonzero(x: Any) -> tuple[np.ndarray, ...]:
    return np.nonzero(np.array([_value(v) for v in np.asarray(x).flat]).reshape(np.shape(x)))


def np_meshgrid(x: Any, y: Any) -> tuple[Any, Any]:
    return tuple(map(as_duals, np.meshgrid(np.asarray(x), np.asarray(y))))  # type: ignore[return-value]


def np_allclose(a: Any, b: Any, rtol: float = 1e-5, atol: float = 1e-8) -> bool:
    return np.allclose([_value(v) for v in a], [_value(v) for v in b], rtol, atol)


def is_predicate(fn: Callable[[float], bool]) -> Callable[[Any], bool]:
    return lambda x: bool(fn(_value(x)))


# --- the modules as the function sees them ---------------------------------------------------------------------------


class Module:
    """A module that knows some names; asking for another is an OracleError."""

    def __init__(self, name: str, table: dict[str, Any]) -> None:
        self.__dict__.update(table)
        self.__name__ = name

    def __getattr__(self, attr: str) -> Any:
        if attr.startswith("__"):
            raise AttributeError(attr)
        raise OracleError(f"the oracle does not know {self.__name__}.{attr}")


class UserModule:
    """A user's module: its attributes are converted when they are asked for."""

    def __init__(self, module: types.ModuleType, rebuilder: Rebuilder) -> None:
        self._module = module
        self._rebuilder = rebuilder

    def __getattr__(self, attr: str) -> Any:
        return self._rebuilder.convert(getattr(self._module, attr))


def _math_table() -> dict[str, Any]:
    short = {"asin": "arcsin", "acos": "arccos", "atan": "arctan"}
    short |= {"asinh": "arcsinh", "acosh": "arccosh", "atanh": "arctanh"}
    same = "sin cos tan sinh cosh tanh exp exp2 expm1 log1p log2 log10 sqrt cbrt erf erfc gamma lgamma degrees radians"
    table: dict[str, Any] = {name: UNARY[name] for name in same.split()}
    table |= {name: UNARY[full] for name, full in short.items()}
    table |= {name: getattr(math, name) for name in ("pi", "e", "tau", "inf", "nan", "gcd", "factorial", "comb")}
    table |= {name: getattr(math, name) for name in ("lcm", "perm", "isqrt")}
    table |= {"isclose": lambda a, b, **how: math.isclose(_value(a), _value(b), **how)}
    table |= {"prod": lambda xs, *, start=1: functools.reduce(operator.mul, xs, start)}
    table |= {"dist": lambda p, q: hypot(*(sub(a, b) for a, b in zip(p, q, strict=True)))}
    table |= {"modf": lambda x: (x - float(math.trunc(_value(x))), float(math.trunc(_value(x))))}
    table |= {name: is_predicate(getattr(math, name)) for name in ("isnan", "isinf", "isfinite")}
    table |= {name: _math_rounding(getattr(math, name)) for name in ("floor", "ceil", "trunc")}
    table |= {"log": math_log, "pow": math_pow, "fabs": fabs, "atan2": arctan2, "hypot": hypot, "copysign": copysign}
    table |= {"fmod": fmod, "remainder": remainder, "ldexp": ldexp, "fsum": lambda xs: np_sum(list(xs))}
    return table


def _numpy_table() -> dict[str, Any]:
    names = (
        "sin cos tan arcsin arccos arctan sinh cosh tanh arcsinh arccosh arctanh exp exp2 expm1 log log1p log2 log10"
    )
    names += " sqrt cbrt square reciprocal degrees radians sinc"
    table: dict[str, Any] = {name: elementwise(UNARY[name], 1) for name in names.split()}
    table |= {"rad2deg": table["degrees"], "deg2rad": table["radians"]}
    for name in ("floor", "ceil", "trunc"):
        table[name] = elementwise(_stepwise(lambda x, f=getattr(np, name): float(f(x)), 0.0), 1)
    table["rint"] = elementwise(_stepwise(lambda x: float(np.rint(x)), 0.5), 1)
    table |= {"round": table["rint"], "around": table["rint"], "fix": table["trunc"]}
    two: dict[str, Callable[[Any, Any], Any]] = {
        "arctan2": arctan2, "hypot": hypot, "copysign": copysign, "fmod": fmod, "mod": mod, "remainder": mod,
        "logaddexp": logaddexp, "logaddexp2": logaddexp2, "maximum": maximum, "minimum": minimum, "fmax": fmaximum,
        "fmin": fminimum, "power": power, "float_power": power, "add": add, "subtract": sub, "multiply": mul,
        "divide": div, "true_divide": div, "floor_divide": floordiv,
    }  # fmt: skip
    table |= {name: elementwise(fn, 2) for name, fn in two.items()}
    table |= {name: elementwise(absolute, 1) for name in ("abs", "absolute", "fabs")}
    table |= {"negative": elementwise(lambda x: -x, 1), "positive": elementwise(lambda x: x, 1)}
    table |= {"sign": elementwise(_sign, 1), "clip": elementwise(clip, 3)}
    table["heaviside"] = elementwise(lambda x, h: h if _sign(x) == 0.0 else max(_sign(x), 0.0), 2)
    for name in ("isnan", "isinf", "isfinite"):
        table[name] = elementwise(is_predicate(getattr(math, name)), 1, boolean=True)
    table |= {"zeros": filled(0.0), "ones": filled(1.0), "empty": filled(math.nan), "full": np_full}
    table |= {"zeros_like": filled_like(0.0), "ones_like": filled_like(1.0), "empty_like": filled_like(math.nan)}
    table |= {"full_like": np_full_like, "array": array_of, "asarray": lambda x: x if _is_array(x) else array_of(x)}
    table |= {"ascontiguousarray": laid_out("C"), "asfortranarray": laid_out("F")}
    table |= {"copy": np_copy, "arange": np_arange, "linspace": np_linspace, "where": np_where, "sum": np_sum}
    table |= {"prod": np_prod, "mean": np_mean, "var": np_var, "std": np_std, "any": np_any, "all": np_all}
    table |= {"max": np_max, "amax": np_max, "min": np_min, "amin": np_min, "argmax": np_argmax, "argmin": np_argmin}
    table |= {"cumsum": np_cumsum, "dot": np_dot, "ravel": np.ravel, "reshape": np.reshape, "transpose": np.transpose}
    table |= {"argsort": np_argsort, "sort": lambda x: x[np_argsort(x)], "median": np_median}
    table |= {"expand_dims": np.expand_dims, "ndindex": np.ndindex, "ndenumerate": np.ndenumerate}
    table |= {"searchsorted": lambda a, v, side="left": np.searchsorted([_value(x) for x in a], _value(v), side)}
    table |= {"cumprod": np_cumprod, "interp": np_interp, "matmul": lambda a, b: a @ b}
    table |= {"trace": lambda x: np_sum(list(np.asarray(x).diagonal()))}
    table |= {
        n: moving(n) for n in ("append", "concatenate", "cross", "diag", "diff", "flip", "hstack", "outer", "roll")
    }
    moved = "vstack column_stack stack fliplr flipud repeat tril triu take kron delete convolve correlate inner"
    table |= {n: moving(n) for n in f"{moved} trapezoid fill_diagonal".split()} | {"gradient": np_gradient}
    table |= {"quantile": np_quantile, "percentile": lambda x, q: np_quantile(x, q / 100.0), "average": np_average}
    table |= {"ptp": lambda x: np_max(x) - np_min(x), "bincount": np_bincount, "cov": np_cov, "corrcoef": np_corrcoef}
    table |= {"nansum": lambda x: sum(numbers(x)), "nanmean": lambda x: sum(numbers(x)) / len(numbers(x))}
    table |= {"nanmax": lambda x: py_max(numbers(x)), "nanmin": lambda x: py_min(numbers(x)), "digitize": np_digitize}
    table |= {"nonzero": np_nonzero, "flatnonzero": lambda x: np_nonzero(np.ravel(x))[0], "meshgrid": np_meshgrid}
    table |= {"count_nonzero": lambda x: len(np_nonzero(x)[0]), "allclose": np_allclose}
    table |= {"identity": lambda n: as_duals(np.eye(n)), "logspace": lambda a, b, num: 10.0 ** np_linspace(a, b, num)}
    table |= {"eye": lambda n, m=None: as_duals(np.eye(n, m))}
    table |= {"float64": FloatType(np.float64), "float32": FloatType(np.float32)}
    table |= {name: getattr(np, name) for name in ("int64", "int32", "uint8", "bool_", "intp", "pi", "e", "inf", "nan")}
    table |= {"euler_gamma": np.euler_gamma, "ndarray": np.ndarray, "linalg": Module("numpy.linalg", _linear_table())}
    table |= {"ndim": np.ndim, "shape": np.shape, "size": np.size, "newaxis": None}
    return table | oracle_numpy.words(table)


def _statistics_table() -> dict[str, Any]:
    def spread(ddof: int, power: float) -> Callable[[Any], Any]:
        return lambda xs: np_var(array_of(list(xs)), ddof=ddof) ** power

    table: dict[str, Any] = {name: lambda xs: np_mean(array_of(list(xs))) for name in ("mean", "fmean")}
    table |= {"variance": spread(1, 1.0), "pvariance": spread(0, 1.0), "stdev": spread(1, 0.5)}
    table |= {"pstdev": spread(0, 0.5), "median": lambda xs: np_median(array_of(list(xs)))}
    return table


MATH = Module("math", _math_table())
STATISTICS = Module("statistics", _statistics_table())
NUMPY = Module("numpy", _numpy_table())

BUILTINS: dict[str, Any] = dict(vars(builtins)) | {
    "abs": py_abs, "max": py_max, "min": py_min, "float": to_float, "int": to_int, "bool": to_bool, "pow": general_pow,
}  # fmt: skip


def _by_identity() -> dict[int, Any]:
    """For names imported directly: the original object's id -> its replacement."""
    table: dict[int, Any] = {id(math): MATH, id(np): NUMPY, id(np.linalg): NUMPY.linalg, id(cmath): Module("cmath", {})}
    table[id(statistics)] = STATISTICS
    known = ((np, NUMPY), (np.linalg, NUMPY.linalg), (math, MATH), (statistics, STATISTICS), (builtins, BUILTINS))
    for original, module in known:
        names = module.items() if isinstance(module, dict) else vars(module).items()
        for name, replacement in names:
            value = getattr(original, name, None)
            if callable(value) and value is not replacement and not name.startswith("__"):
                table[id(value)] = replacement
    return table


REPLACED = _by_identity()


# --- rebuilding functions --------------------------------------------------------------------------------------------


class Rebuilder:
    """Rebuilds functions, and what they can reach, over dual numbers; one of these serves one run."""

    def __init__(self) -> None:
        self.done: dict[int, Any] = {}
        self.keep: list[Any] = []  # ids stay valid as long as the objects live

    def convert(self, value: Any) -> Any:
        """The counterpart of a global, a closure value, a default or an argument that is not differentiated."""
        if id(value) in REPLACED:
            return REPLACED[id(value)]
        if id(value) in self.done:
            return self.done[id(value)]
        if isinstance(value, np.ndarray):
            return self._remember(value, constants(value) if value.dtype.kind == "f" else value.copy())
        if isinstance(value, FLOAT_TYPES):
            return Dual(value) if not isinstance(value, np.float32) else Dual(float(value))
        if type(value) is tuple or (isinstance(value, tuple) and hasattr(value, "_fields")):
            return rebuilt_tuple(value, [self.convert(v) for v in value])
        if isinstance(value, list):
            return self._remember(value, [self.convert(v) for v in value])
        if isinstance(value, types.FunctionType):
            return self.function(value)
        if isinstance(getattr(value, "py_func", None), types.FunctionType):  # @njit and the like
            return self._remember(value, self.function(value.py_func))
        if type(value) is dict:
            return {k: self.convert(v) for k, v in value.items()}
        if isinstance(value, functools.partial):
            inner = self.convert(value.func)
            bound = {k: self.convert(v) for k, v in value.keywords.items()}
            return functools.partial(inner, *(self.convert(a) for a in value.args), **bound)
        if isinstance(value, types.ModuleType):
            return UserModule(value, self)
        if is_own_class(value):
            return self.class_(value)
        if is_own_class(type(value)) or isinstance(value, types.SimpleNamespace):
            of = self.convert(type(value))
            made = self._remember(value, of.__new__(of))
            made.__dict__.update({k: self.convert(v) for k, v in vars(value).items()})
            return made
        return value

    def class_(self, of: type) -> type:
        """The class with its methods rebuilt."""
        own = {k: v for k, v in vars(of).items() if k not in ("__dict__", "__weakref__")}
        made = self._remember(of, type(of.__name__, tuple(map(self.convert, of.__bases__)), own))
        for name, found in vars(of).items():
            match found:
                case types.FunctionType():
                    setattr(made, name, self.function(found))
                case property():
                    setattr(made, name, property(self.function(found.fget)))
                case staticmethod() | classmethod():
                    setattr(made, name, type(found)(self.function(found.__func__)))
        return made

    def _remember(self, original: Any, replacement: Any) -> Any:
        self.keep.append(original)
        self.done[id(original)] = replacement
        return replacement

    def function(self, f: types.FunctionType) -> types.FunctionType:
        """`f`'s code with converted globals, cells and defaults; recursion finds the rebuilt function."""
        if id(f) in self.done:
            return self.done[id(f)]
        namespace: dict[str, Any] = {"__builtins__": BUILTINS, "__name__": f.__module__}
        cells = tuple(types.CellType() for _ in f.__closure__ or ())
        new = types.FunctionType(f.__code__, namespace, f.__name__, None, cells)
        self._remember(f, new)
        for name in names_used(f.__code__):
            if name in f.__globals__:
                namespace[name] = self.convert(f.__globals__[name])
        for cell, original in zip(cells, f.__closure__ or (), strict=True):
            try:
                cell.cell_contents = self.convert(original.cell_contents)
            except ValueError:  # a cell that is still empty
                continue
        if f.__defaults__ is not None:
            new.__defaults__ = tuple(self.convert(v) for v in f.__defaults__)
        if f.__kwdefaults__ is not None:
            new.__kwdefaults__ = {k: self.convert(v) for k, v in f.__kwdefaults__.items()}
        return new


def is_own_class(value: Any) -> bool:
    """Whether it is a class of the programs that are tested."""
    plain = type(value) is type and not issubclass(value, (tuple, BaseException))
    return plain and value.__module__.startswith("tests.corpus")


def names_used(code: types.CodeType) -> set[str]:
    """The global and attribute names that a code object and the ones inside it mention."""
    names = set(code.co_names)
    for constant in code.co_consts:
        if isinstance(constant, types.CodeType):
            names |= names_used(constant)
    return names


def rebuilt_tuple(like: tuple, items: Iterable[Any]) -> tuple:
    """A tuple, or the same namedtuple, of other items."""
    return type(like)(*items) if hasattr(like, "_fields") else tuple(items)


# --- seeds and gradients ---------------------------------------------------------------------------------------------


def is_float_argument(x: Any) -> bool:
    """Whether an argument is differentiated by default."""
    if isinstance(x, np.ndarray):
        return x.dtype.kind == "f"
    if isinstance(x, tuple):
        return any(is_float_argument(v) for v in x)
    return isinstance(x, FLOAT_TYPES)


def count(x: Any) -> int:
    """The number of floats in an argument."""
    if isinstance(x, tuple):
        return builtins.sum(count(v) for v in x)
    return x.size if isinstance(x, np.ndarray) else int(isinstance(x, FLOAT_TYPES))


class Seeder:
    """Hands out unit tangents, one for each differentiated float, in order."""

    def __init__(self, n: int) -> None:
        self.identity = np.eye(n)
        self.next = 0

    def take(self, n: int) -> np.ndarray:
        rows = self.identity[self.next : self.next + n]
        self.next += n
        return rows

    def seed(self, x: Any) -> Any:
        if isinstance(x, tuple):
            return rebuilt_tuple(x, [self.seed(v) for v in x])
        if isinstance(x, np.ndarray):
            return constants(x, self.take(x.size))
        return Dual(float(x), self.take(1)[0]) if isinstance(x, FLOAT_TYPES) else x


def unflatten(like: Any, flat: np.ndarray) -> Any:
    """A flat gradient in the structure of the argument that it belongs to."""
    if isinstance(like, tuple):
        ends = np.cumsum([count(v) for v in like])[:-1]
        return rebuilt_tuple(like, [unflatten(v, g) for v, g in zip(like, np.split(flat, ends), strict=True)])
    if isinstance(like, np.ndarray):
        return flat.reshape(like.shape).copy()
    return float(flat[0]) if isinstance(like, FLOAT_TYPES) else 0


def positions(f: Callable[..., Any], args: Sequence[Any], wrt: Any) -> list[int]:
    """The positions of the differentiated arguments, from srcad's `wrt`."""
    if wrt is None:
        return [k for k, a in enumerate(args) if is_float_argument(a)]
    names = list(inspect.signature(f).parameters)
    chosen = wrt if isinstance(wrt, (tuple, list)) else (wrt,)
    return [names.index(w) if isinstance(w, str) else w % len(names) for w in chosen]


@dataclass
class Run:
    """One run of the oracle: the value, the gradients as srcad gives them, and the distance to the nearest kink."""

    value: float
    gradient: Any
    margin: float


@dataclass
class _Evaluated:
    """What a function returned over dual numbers, and the arguments that were seeded."""

    result: Any
    inputs: list[Any]
    size: int

    def rebuilt(self, flat: np.ndarray) -> Any:
        """A flat gradient as srcad gives it: bare for one input, else a tuple."""
        ends = np.cumsum([count(x) for x in self.inputs])[:-1]
        grads = [unflatten(x, g) for x, g in zip(self.inputs, np.split(flat, ends), strict=True)]
        return grads[0] if len(grads) == 1 else tuple(grads)


def _evaluate(f: Callable[..., Any], args: Sequence[Any], wrt: Any) -> _Evaluated:
    f = getattr(f, "py_func", f)
    chosen = positions(f, args, wrt)
    seeder = Seeder(builtins.sum(count(args[k]) for k in chosen))
    rebuilder = Rebuilder()
    seeded = {k: seeder.seed(args[k]) for k in chosen}
    duals = [seeded[k] if k in seeded else rebuilder.convert(a) for k, a in enumerate(args)]
    MARGIN.reset()
    with np.errstate(all="ignore"):
        result = rebuilder.function(f)(*duals)
    return _Evaluated(result, [args[k] for k in chosen], seeder.next)


def _number(f: Callable[..., Any], result: Any) -> Any:
    if isinstance(result, np.ndarray) and result.ndim == 0:
        result = result.item()
    if not isinstance(result, (Dual, *REAL_TYPES)):
        name = getattr(f, "__name__", repr(f))
        raise OracleError(f"{name} returned {type(result).__name__}, not a number")
    return result


def oracle_run(f: Callable[..., Any], args: Sequence[Any], wrt: Any = None) -> Run:
    """Run `f` over dual numbers; see `oracle_grad`."""
    found = _evaluate(f, args, wrt)
    result = _number(f, found.result)
    d = _tangent(result)
    return Run(_value(result), found.rebuilt(np.zeros(found.size) if d is None else d), MARGIN.least)


def oracle_grad(f: Callable[..., Any], args: Sequence[Any], wrt: Any = None) -> tuple[float, Any]:
    """The value of f(*args) and its exact gradient.

    `wrt` is as in `srcad.grad`: a name or position, or several; by default every float argument (float scalars, float
    arrays, tuples and namedtuples of them). One differentiated argument gives a bare gradient, several a tuple; a tuple
    or namedtuple argument has a gradient of its own kind. Everything is computed in float64.
    """
    run = oracle_run(f, args, wrt)
    return run.value, run.gradient


def floats_of(result: Any) -> list[Any]:
    """The floats in a result, in order: duals and plain ones; not its integers."""
    if isinstance(result, (tuple, list)):
        return [x for item in result for x in floats_of(item)]
    if isinstance(result, np.ndarray):
        return [x for item in result.ravel() for x in floats_of(item)]
    return [result] if isinstance(result, (Dual, *FLOAT_TYPES)) else []


def oracle_jacobian(f: Callable[..., Any], args: Sequence[Any], wrt: Any = None) -> tuple[np.ndarray, np.ndarray]:
    """The floats of f(*args), whatever its structure, and their Jacobian: one row for each, one column for each input.

    Results may be floats, arrays and tuples of them; `flatten` puts a gradient into the order of the columns.
    """
    found = _evaluate(f, args, wrt)
    results = floats_of(found.result)
    rows = [np.zeros(found.size) if _tangent(r) is None else r.d for r in results]
    return np.array([_value(r) for r in results]), np.array(rows).reshape(len(results), found.size)


def oracle_hvp(f: Callable[..., Any], args: Sequence[Any], vector: Any, wrt: Any = None) -> tuple[Any, Any]:
    """The gradient of f and its derivative along `vector` (the Hessian times it), both as `oracle_grad` gives it."""
    assert SECOND.along is None
    SECOND.along = flatten(vector)
    try:
        found = _evaluate(f, args, wrt)
    finally:
        SECOND.along = None
    result = _number(f, found.result)
    zeros = np.zeros(found.size)
    gradient, product = (zeros if x is None else x for x in (_tangent(result), _curvature(result)))
    return found.rebuilt(gradient), found.rebuilt(product)


def oracle_hessian(f: Callable[..., Any], args: Sequence[Any], wrt: Any = None) -> np.ndarray:
    """The Hessian of f, as a matrix over all the floats of its inputs."""
    size = flatten(oracle_grad(f, args, wrt)[1]).size
    return np.array([flatten(oracle_hvp(f, args, unit, wrt)[1]) for unit in np.eye(size)]).reshape(size, size)


# --- comparing gradients ---------------------------------------------------------------------------------------------


def flatten(gradient: Any) -> np.ndarray:
    """Every number of a gradient, in order."""
    if isinstance(gradient, tuple):
        return np.concatenate([np.zeros(0), *(flatten(g) for g in gradient)])
    return np.ravel(np.asarray(gradient, dtype=np.float64))


def structure(gradient: Any) -> Any:
    """What must be the same of two gradients beside their numbers."""
    if isinstance(gradient, tuple):
        kind = type(gradient).__name__ if hasattr(gradient, "_fields") else "tuple"
        return (kind, *(structure(g) for g in gradient))
    if isinstance(gradient, np.ndarray) and gradient.ndim > 0:
        return ("array", *gradient.shape)
    return "float" if isinstance(gradient, (*FLOAT_TYPES, np.ndarray)) else type(gradient).__name__


def compare(got: Any, want: Any, tolerance: float = 1e-12) -> str | None:
    """None where two gradients agree to `tolerance` of the norm of `want`, otherwise what differs."""
    if structure(got) != structure(want):
        return f"structure {structure(got)} instead of {structure(want)}"
    a, b = flatten(got), flatten(want)
    finite = np.isfinite(b)
    if not np.array_equal(a[~finite], b[~finite], equal_nan=True) or not np.isfinite(a[finite]).all():
        return f"got {got!r}, expected {want!r} (infinite or NaN)"
    error = math.hypot(*(a[finite] - b[finite]))  # hypot neither underflows nor overflows on the way
    norm = math.hypot(*b[finite])
    if error > tolerance * norm:
        ratio = error / norm if norm else math.inf
        return f"got {got!r}, expected {want!r}: {ratio:.3g} of the norm"
    return None
