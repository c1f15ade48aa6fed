"""NumPy's statistics, counts and products of sequences, in the language itself as the functions of `library.py` are.

    p = np.percentile(x, 25.0)      ->      s = np.sort(x.flatten());  rank = 0.25 * (len(s) - 1);  k = int(rank)
                                            p = s[k] + (s[k + 1] - s[k]) * (rank - k)
"""

# mypy: allow-untyped-defs, allow-untyped-calls
from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from srcad.parse.along import mean
from srcad.parse.library import searchsorted, sort


def allclose(a, b, rtol=1e-05, atol=1e-08):
    return np.all((np.abs(a - b) <= atol + rtol * np.abs(b)) | (a == b))


def average(a, weights=None):
    if weights is None:
        return np.mean(a)
    if a.size != weights.size:
        raise ValueError("shape of weights must be consistent with shape of a")
    return np.sum(a * weights) / np.sum(weights)


def bincount(x, weights=None, minlength=0):
    n = minlength
    for k in x:
        if k < 0:
            raise ValueError("first argument must not be negative")
        n = max(n, k + 1)
    if weights is None:
        counts = np.zeros(n, dtype=np.int64)
        for k in x:
            counts[k] += 1
        return counts
    if len(weights) != len(x):
        raise ValueError("the weights and list don't have the same length")
    sums = np.zeros(n)
    for i in range(len(x)):
        sums[x[i]] += weights[i]
    return sums


def convolve(a, v, mode="full"):
    """The sum of a[i] * v[k - i], for each k where it has a term ("full"), or where it has all ("valid")."""
    if a.ndim != 1 or v.ndim != 1:
        raise NotImplementedError("np.convolve is read of two vectors alone", "two vectors", "srcad")
    n, m = len(a), len(v)
    if n == 0 or m == 0:
        raise ValueError("a and v can't be empty")
    out = np.zeros(n + m - 1)
    for i in range(n):
        for j in range(m):
            out[i + j] += a[i] * v[j]
    short = min(n, m)
    if mode == "full":
        return out
    if mode == "valid":
        return out[short - 1 : max(n, m)]
    if mode != "same":
        raise NotImplementedError("such a mode can't be read", '"full", "same" or "valid"', "srcad")
    return out[(short - 1) // 2 : (short - 1) // 2 + max(n, m)]


def correlate(a, v, mode="valid"):
    return convolve(a, v[::-1], mode)


def corrcoef(x, y=None):
    c = cov(x, y)
    d = np.sqrt(np.diag(c))
    return c / d[:, None] / d[None, :]


def count_nonzero(a):
    n = 0
    for v in a.flatten():
        if v != 0:
            n += 1
    return n


def cov(m, y=None):
    """The covariances of the rows of `m`, or of the vectors `m` and `y`."""
    if y is None:
        if m.ndim != 2:
            raise NotImplementedError("np.cov of a vector can't be read", "np.var(x, ddof=1)", "srcad")
        centred = m - mean(m, 1, True)
        return centred @ centred.T / (m.shape[1] - 1)
    if m.ndim != 1 or y.ndim != 1:
        raise NotImplementedError("np.cov of such two can't be read", "two vectors", "srcad")
    if len(m) != len(y):
        raise ValueError("two vectors of one length are needed")
    both = np.empty((2, len(m)))
    both[0] = m - np.mean(m)
    both[1] = y - np.mean(y)
    return both @ both.T / (len(m) - 1)


def digitize(x, bins, right=False):
    """For each of a vector the place where it would go among the increasing `bins`."""
    if x.ndim != 1:
        raise NotImplementedError("np.digitize is read of a vector alone", "x.ravel()", "srcad")
    if len(bins) > 1 and bins[0] > bins[len(bins) - 1]:
        raise ValueError("np.digitize takes increasing bins here")
    out = np.empty(len(x), dtype=np.int64)
    for i in range(len(x)):
        out[i] = searchsorted(bins, x[i], "left") if right else searchsorted(bins, x[i], "right")
    return out


def flatnonzero(a):
    flat = a.flatten()
    out = np.empty(count_nonzero(flat), dtype=np.int64)
    n = 0
    for i in range(len(flat)):
        if flat[i] != 0:
            out[n] = i
            n += 1
    return out


def gradient(f):
    """Central differences, and one-sided ones at the ends, of a vector with steps of one."""
    if f.ndim != 1:
        raise NotImplementedError("np.gradient is read of a vector alone", "a loop over the rows", "srcad")
    n = len(f)
    if n < 2:
        raise ValueError("np.gradient needs two elements or more")
    out = np.empty(n)
    out[0], out[n - 1] = f[1] - f[0], f[n - 1] - f[n - 2]
    for i in range(1, n - 1):
        out[i] = (f[i + 1] - f[i - 1]) / 2.0
    return out


def inner(a, b):
    if a.ndim != 1 or b.ndim != 1:
        raise NotImplementedError("np.inner of a matrix can't be read", "a @ b.T", "srcad")
    return np.dot(a, b)


def matmul(a, b):
    return a @ b


def nanmax(a):
    best = np.nan
    for v in a.flatten():
        if v > best or best != best:
            best = v
    return best


def nanmin(a):
    best = np.nan
    for v in a.flatten():
        if v < best or best != best:
            best = v
    return best


def nansum(a):
    total = 0.0
    for v in a.flatten():
        if v == v:
            total += v
    return total


def nanmean(a):
    total, n = 0.0, 0
    for v in a.flatten():
        if v == v:
            total += v
            n += 1
    return total / n


def nonzero(a):
    if a.ndim != 1:
        raise NotImplementedError("the places of a matrix can't be read", "np.flatnonzero(m)", "srcad")
    return (flatnonzero(a),)


def percentile(a, q):
    return quantile(a, q / 100.0)


def ptp(a):
    return np.max(a) - np.min(a)


def quantile(a, q):
    """Between the two elements at whose ranks `q` lies, by the part of the way; NaN if one element is."""
    s = sort(a.flatten())
    n = len(s)
    if n == 0:
        raise ValueError("a quantile of nothing has no value")
    if not 0.0 <= q <= 1.0:
        raise ValueError("a quantile is asked for that is not between 0 and 1, nor a percentile between 0 and 100")
    rank = q * (n - 1)
    k = min(int(rank), max(n - 2, 0))
    if s[n - 1] != s[n - 1]:
        return s[n - 1]
    return s[k] + (s[min(k + 1, n - 1)] - s[k]) * (rank - k)


def trapezoid(y, x=None, dx=1.0):
    """The integral of a vector over `x`, or with steps of `dx`, by trapezia."""
    if y.ndim != 1:
        raise NotImplementedError("the trapezia of a matrix can't be read", "a loop over the rows", "srcad")
    total = 0.0
    for i in range(len(y) - 1):
        step = dx if x is None else x[i + 1] - x[i]
        total += 0.5 * step * (y[i] + y[i + 1])
    return total


FUNCTIONS: dict[Callable[..., Any], Callable[..., Any]] = {
    np.allclose: allclose, np.average: average, np.bincount: bincount, np.convolve: convolve, np.corrcoef: corrcoef,
    np.correlate: correlate, np.count_nonzero: count_nonzero, np.cov: cov, np.digitize: digitize,
    np.flatnonzero: flatnonzero, np.gradient: gradient, np.inner: inner, np.matmul: matmul, np.nanmax: nanmax,
    np.nanmean: nanmean, np.nanmin: nanmin, np.nansum: nansum, np.nonzero: nonzero, np.percentile: percentile,
    np.ptp: ptp, np.quantile: quantile,
    **{getattr(np, name): trapezoid for name in ("trapz", "trapezoid") if hasattr(np, name)},
}  # fmt: skip
METHODS: dict[str, Callable[..., Any]] = {"nonzero": nonzero}
