"""Differences, integrals, polynomials and ranges of NumPy, in the language itself as the functions of `library.py` are.

    y = np.gradient(x, h)      ->      y[i] = (x[i + 1] - x[i - 1]) / (2.0 * h), one-sided at the ends
    y = np.polyval(p, x)       ->      y = 0.0;  for c in p:  y = y * x + c
"""

# mypy: allow-untyped-defs, allow-untyped-calls
from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from srcad.parse.along import in_three


def diff(a, n=1, axis=-1, prepend=None, append=None):
    if prepend is not None or append is not None:
        return differences(between(a, prepend, append), n, -1)
    return differences(a, n, axis)


def differences(a, n, axis):
    if n == 1:
        return steps(a, axis)
    if n == 2:
        return steps(steps(a, axis), axis)
    if n == 3:
        return steps(steps(steps(a, axis), axis), axis)
    raise NotImplementedError("np.diff so often can't be read", "n=1, 2 or 3", "srcad")


def steps(a, axis):
    if axis == -1:
        return a[..., 1:] - a[..., :-1]
    if axis == 0:
        return a[1:] - a[:-1]
    if axis == 1:
        return a[:, 1:] - a[:, :-1]
    if axis != 2:
        raise NotImplementedError("np.diff along such an axis can't be read", "a number from -1 to 2", "srcad")
    return a[:, :, 1:] - a[:, :, :-1]


def between(a, first, last):
    """The vector `a` with other elements before and behind it."""
    if a.ndim != 1:
        raise NotImplementedError("np.diff of a matrix with more elements can't be read", "np.concatenate", "srcad")
    if first is None:
        return np.concatenate((a, np.atleast_1d(last)))
    if last is None:
        return np.concatenate((np.atleast_1d(first), a))
    return np.concatenate((np.atleast_1d(first), a, np.atleast_1d(last)))


def ediff1d(ary, to_end=None, to_begin=None):
    flat = ary.ravel()
    if to_end is None and to_begin is None:
        return flat[1:] - flat[:-1]
    return between(flat[1:] - flat[:-1], to_begin, to_end)


def unwrap(p, discont=None, axis=-1, *, period=6.283185307179586):
    """Whole periods are added where a step is longer than half of one."""
    if p.ndim != 1:
        raise NotImplementedError("np.unwrap is read of a vector alone", "a loop over the rows", "srcad")
    limit = 0.5 * period if discont is None else max(discont, 0.5 * period)
    out = p * 1.0
    added = 0.0
    for i in range(1, len(p)):
        step = p[i] - p[i - 1]
        if abs(step) >= limit:
            rest = (step + 0.5 * period) % period - 0.5 * period
            if rest == -0.5 * period and step > 0.0:
                rest = 0.5 * period
            added += rest - step
        out[i] = p[i] + added
    return out


def gradient(f, *varargs, axis=None):
    """Central differences, and one-sided ones at the ends, over steps of one, of a number, or of given places."""
    if axis is None and f.ndim > 1:
        if f.ndim > 2 or len(varargs) > 2:
            raise NotImplementedError("np.gradient of such an array needs an axis", "np.gradient(m, axis=0)", "srcad")
        if len(varargs) == 0:
            return along(f, 1.0, 0), along(f, 1.0, 1)
        return along(f, varargs[0], 0), along(f, varargs[-1], 1)
    if len(varargs) > 1:
        raise NotImplementedError("np.gradient with such steps can't be read", "one axis after the other", "srcad")
    if len(varargs) == 0:
        return along(f, 1.0, axis)
    return along(f, varargs[0], axis)


def along(f, h, axis):
    if f.ndim == 1:
        if axis is not None and axis != 0 and axis != -1:
            raise NotImplementedError("a vector has no such axis", "axis=0", "srcad")
        return slopes(f, h)
    parts = in_three(f, axis)
    out = np.empty(parts.shape)
    for i in range(parts.shape[0]):
        for j in range(parts.shape[2]):
            out[i, :, j] = slopes(parts[i, :, j], h)
    return out.reshape(f.shape)


def slopes(f, h):
    n = len(f)
    if n < 2:
        raise ValueError("np.gradient needs two elements or more")
    out = np.empty(n)
    if np.ndim(h) == 0:
        out[0], out[n - 1] = (f[1] - f[0]) / h, (f[n - 1] - f[n - 2]) / h
        for i in range(1, n - 1):
            out[i] = (f[i + 1] - f[i - 1]) / (2.0 * h)
        return out
    if len(h) != n:
        raise ValueError("when 1d, distances must match the length of the corresponding dimension")
    out[0], out[n - 1] = (f[1] - f[0]) / (h[1] - h[0]), (f[n - 1] - f[n - 2]) / (h[n - 1] - h[n - 2])
    for i in range(1, n - 1):
        left, right = h[i] - h[i - 1], h[i + 1] - h[i]
        out[i] = (left * left * f[i + 1] + (right * right - left * left) * f[i] - right * right * f[i - 1]) / (
            left * right * (left + right)
        )
    return out


def trapezoid(y, x=None, dx=1.0, axis=-1):
    """The integral over `x`, a vector, or with steps of `dx`, by trapezia."""
    if y.ndim == 1:
        return trapezia(y, x, dx)
    parts = in_three(y, axis)
    flat = np.empty(parts.shape[0] * parts.shape[2])
    for i in range(parts.shape[0]):
        for j in range(parts.shape[2]):
            flat[i * parts.shape[2] + j] = trapezia(parts[i, :, j], x, dx)
    if y.ndim == 2:
        return flat
    raise NotImplementedError("the trapezia of such an array can't be read", "a vector or a matrix", "srcad")


def trapezia(y, x, dx):
    if x is not None and np.ndim(x) != 1:
        raise NotImplementedError("trapezia over such places can't be read", "a vector of places", "srcad")
    total = 0.0
    for i in range(len(y) - 1):
        step = dx if x is None else x[i + 1] - x[i]
        total += 0.5 * step * (y[i] + y[i + 1])
    return total


def linspace(start, stop, num=50, endpoint=True, retstep=False):
    if retstep:
        raise NotImplementedError("np.linspace with retstep= can't be read", "x[1] - x[0]", "srcad")
    if np.ndim(start) != 0 or np.ndim(stop) != 0:
        raise NotImplementedError("np.linspace between arrays can't be read", "a + (b - a) * t[:, None]", "srcad")
    if endpoint:
        return np.linspace(start, stop, num)
    return start + np.arange(num) * ((stop - start) / num)


def logspace(start, stop, num=50, endpoint=True, base=10.0):
    return base ** linspace(start, stop, num, endpoint)


def geomspace(start, stop, num=50, endpoint=True):
    return start * (stop / start) ** linspace(0.0, 1.0, num, endpoint)


def meshgrid(*xi, indexing="xy", sparse=False):
    """The coordinates of a grid, with a row for each of the second vector, or by "ij" of the first."""
    if sparse:
        return sparse_grid(indexing, *xi)
    if len(xi) == 2:
        if indexing == "xy":
            return as_rows(xi[0], len(xi[1])), as_columns(xi[1], len(xi[0]))
        return as_columns(xi[0], len(xi[1])), as_rows(xi[1], len(xi[0]))
    if len(xi) != 3:
        raise NotImplementedError("np.meshgrid of these can't be read", "two vectors, or three", "srcad")
    if indexing == "xy":
        two, one, three = cuboid(xi[1], xi[0], xi[2])
        return one, two, three
    return cuboid(xi[0], xi[1], xi[2])


def sparse_grid(indexing, *xi):
    if len(xi) != 2:
        raise NotImplementedError("np.meshgrid with sparse= is read of two vectors", "x[:, None, None]", "srcad")
    if indexing == "xy":
        return as_rows(xi[0], 1), as_columns(xi[1], 1)
    return as_columns(xi[0], 1), as_rows(xi[1], 1)


def cuboid(first, second, third):
    if first.ndim != 1 or second.ndim != 1 or third.ndim != 1:
        raise NotImplementedError("np.meshgrid is read of vectors alone", "vectors", "srcad")
    n, m, k = len(first), len(second), len(third)
    one, two, three = np.empty((n, m, k)), np.empty((n, m, k)), np.empty((n, m, k))
    for i in range(n):
        for j in range(m):
            for p in range(k):
                one[i, j, p] = first[i]
                two[i, j, p] = second[j]
                three[i, j, p] = third[p]
    return one, two, three


def as_rows(x, n):
    """The vector `x` as `n` rows."""
    if x.ndim != 1:
        raise NotImplementedError("np.meshgrid is read of vectors alone", "vectors", "srcad")
    out = np.empty((n, len(x)), dtype=x.dtype)
    for i in range(n):
        for j in range(len(x)):
            out[i, j] = x[j]
    return out


def as_columns(x, n):
    """The vector `x` as `n` columns."""
    if x.ndim != 1:
        raise NotImplementedError("np.meshgrid is read of vectors alone", "vectors", "srcad")
    out = np.empty((len(x), n), dtype=x.dtype)
    for i in range(len(x)):
        for j in range(n):
            out[i, j] = x[i]
    return out


def polyval(p, x):
    """The polynomial whose highest power comes first, by Horner's rule."""
    y = x * 0.0 + p[0]
    for k in range(1, len(p)):
        y = y * x + p[k]
    return y


def polyval_rising(x, c):
    """The polynomial whose lowest power comes first."""
    return polyval(c[::-1], x)


def polyadd(a1, a2):
    n = max(len(a1), len(a2))
    out = np.zeros(n)
    for i in range(len(a1)):
        out[n - len(a1) + i] += a1[i]
    for i in range(len(a2)):
        out[n - len(a2) + i] += a2[i]
    return out


def polymul(a1, a2):
    out = np.zeros(len(a1) + len(a2) - 1)
    for i in range(len(a1)):
        for j in range(len(a2)):
            out[i + j] += a1[i] * a2[j]
    return out


def polysub(a1, a2):
    return polyadd(a1, -a2)


def poly(seq_of_zeros):
    """The polynomial with these zeros, and one before its highest power."""
    n = len(seq_of_zeros)
    out = np.zeros(n + 1)
    out[0] = 1.0
    for i in range(n):
        for k in range(i + 1, 0, -1):
            out[k] -= seq_of_zeros[i] * out[k - 1]
    return out


def polyder(p, m=1):
    if m == 1:
        return slope_of(p)
    out = p * 1.0
    for _ in range(m):
        out = slope_of(out)
    return out


def slope_of(p):
    n = max(len(p) - 1, 0)
    out = np.empty(n)
    for i in range(n):
        out[i] = p[i] * (n - i)
    return out


def polyint(p):
    n = len(p)
    out = np.zeros(n + 1)
    for i in range(n):
        out[i] = p[i] / (n - i)
    return out


def blackman(M):
    return cosines(M, 0.42, 0.5, 0.08)


def hamming(M):
    return cosines(M, 0.54, 0.46, 0.0)


def hanning(M):
    return cosines(M, 0.5, 0.5, 0.0)


def cosines(M, a, b, c):
    out = np.ones(M)
    for k in range(M if M > 1 else 0):
        t = 6.283185307179586 * k / (M - 1)
        out[k] = a - b * np.cos(t) + c * np.cos(2.0 * t)
    return out


def polyfit(x, y, deg):
    """The least squares, with columns brought to length one first."""
    a = vander(x, deg + 1)
    lengths = np.sqrt(np.sum(a * a, axis=0))
    return np.linalg.pinv(a / lengths) @ y / lengths


def vander(x, N=None, increasing=False):
    n = len(x) if N is None else N
    out = np.empty((len(x), n))
    for i in range(len(x)):
        power = 1.0
        for k in range(n):
            out[i, k if increasing else n - 1 - k] = power
            power *= x[i]
    return out


FUNCTIONS: dict[Callable[..., Any], Callable[..., Any]] = {
    np.diff: diff, np.ediff1d: ediff1d, np.geomspace: geomspace, np.gradient: gradient, np.logspace: logspace,
    np.meshgrid: meshgrid, np.polyadd: polyadd, np.polyder: polyder, np.polyfit: polyfit, np.polyint: polyint,
    np.poly: poly, np.polymul: polymul, np.polysub: polysub, np.polyval: polyval, np.unwrap: unwrap,
    np.blackman: blackman, np.hamming: hamming, np.hanning: hanning,
    np.polynomial.polynomial.polyval: polyval_rising, np.vander: vander,
    **{getattr(np, name): trapezoid for name in ("trapz", "trapezoid") if hasattr(np, name)},
}  # fmt: skip
METHODS: dict[str, Callable[..., Any]] = {}
