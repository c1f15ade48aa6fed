"""Derivatives of any order, for small programs: numbers with several nilpotent parts, e1, e2, …, each e squared 0.

    third(f, x): f at x + e1 + e2 + e3; the part of e1 e2 e3 is f'''(x)

`mixed(f, args, directions)` is the derivative of f along each of the directions in turn. A function's code is run as it
is, with jets for its floats; `math` is replaced, and arrays are object arrays. Knows + - * / ** and MATH only.
"""

from __future__ import annotations

import math
import types
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

__all__ = ["mixed"]


class Jet:
    """`parts[m]` belongs to the product of the e's whose bits are set in m."""

    def __init__(self, parts: Sequence[float]) -> None:
        self.parts = np.array(parts, dtype=float)

    def _of(self, x: Any) -> Jet:
        return x if isinstance(x, Jet) else Jet([float(x), *[0.0] * (self.parts.size - 1)])

    def __add__(self, o: Any) -> Jet:
        return Jet(self.parts + self._of(o).parts)

    __radd__ = __add__

    def __neg__(self) -> Jet:
        return Jet(-self.parts)

    def __sub__(self, o: Any) -> Jet:
        return self + -self._of(o)

    def __rsub__(self, o: Any) -> Jet:
        return self._of(o) - self

    def __mul__(self, o: Any) -> Jet:
        a, b = self.parts, self._of(o).parts
        out = np.zeros_like(a)
        for m in range(a.size):
            for n in range(a.size):
                if m & n == 0:
                    out[m | n] += a[m] * b[n]
        return Jet(out)

    __rmul__ = __mul__

    def __truediv__(self, o: Any) -> Jet:
        return self * self._of(o).through(lambda x, k: (-1.0) ** k * math.factorial(k) / x ** (k + 1))

    def __rtruediv__(self, o: Any) -> Jet:
        return self._of(o) / self

    def __pow__(self, n: Any) -> Jet:
        if isinstance(n, int) and n >= 0:
            out = self._of(1.0)
            for _ in range(n):
                out = out * self
            return out
        return MATH.exp(self._of(n) * MATH.log(self))

    def __abs__(self) -> Jet:
        return self if self.parts[0] > 0.0 else -self

    def __lt__(self, o: Any) -> bool:
        return bool(self.parts[0] < self._of(o).parts[0])

    def __gt__(self, o: Any) -> bool:
        return bool(self.parts[0] > self._of(o).parts[0])

    def through(self, derivative: Callable[[float, int], float]) -> Jet:
        """A function of this jet, by Taylor; `derivative(x, k)` is its k-th derivative at x."""
        rest = Jet(self.parts)
        rest.parts[0] = 0.0
        out, power = self._of(derivative(float(self.parts[0]), 0)), self._of(1.0)
        for k in range(1, self.parts.size.bit_length()):
            power = power * rest
            out = out + power * (derivative(float(self.parts[0]), k) / math.factorial(k))
        return out


def _log(x: float, k: int) -> float:
    return math.log(x) if k == 0 else (-1.0) ** (k - 1) * math.factorial(k - 1) / x**k


class MATH:
    """`math` for jets and for numbers."""

    sin = staticmethod(lambda x: _call(math.sin, x, lambda v, k: math.sin(v + k * math.pi / 2.0)))
    cos = staticmethod(lambda x: _call(math.cos, x, lambda v, k: math.cos(v + k * math.pi / 2.0)))
    exp = staticmethod(lambda x: _call(math.exp, x, lambda v, k: math.exp(v)))
    log = staticmethod(lambda x: _call(math.log, x, _log))
    sqrt = staticmethod(lambda x: x**0.5)
    tanh = staticmethod(lambda x: 1.0 - 2.0 / (MATH.exp(2.0 * x) + 1.0))


def _call(plain: Callable[[float], float], x: Any, derivative: Callable[[float, int], float]) -> Any:
    return x.through(derivative) if isinstance(x, Jet) else plain(x)


def mixed(f: Callable[..., Any], args: Sequence[Any], directions: Sequence[Sequence[Any]]) -> float:
    """The derivative of f along each of the directions, which have an entry for each argument, all at once."""
    count = len(directions)
    seeded = [_seed(a, [d[k] for d in directions], count) for k, a in enumerate(args)]
    namespace = {**f.__globals__, "math": MATH}
    for name, value in f.__globals__.items():
        if isinstance(value, types.FunctionType) and value.__module__ == f.__module__:
            namespace[name] = types.FunctionType(value.__code__, namespace, name, value.__defaults__)
    result = types.FunctionType(f.__code__, namespace, f.__name__, f.__defaults__)(*seeded)
    return float(result.parts[-1])


def _seed(x: Any, tangents: list[Any], count: int) -> Any:
    if isinstance(x, np.ndarray):
        out = np.empty(x.shape, dtype=object)
        for i in np.ndindex(x.shape):
            out[i] = _seed(float(x[i]), [t[i] for t in tangents], count)
        return out
    if not isinstance(x, float):
        return x
    parts = np.zeros(1 << count)
    parts[0] = x
    for k, t in enumerate(tangents):
        parts[1 << k] = t
    return Jet(parts)
