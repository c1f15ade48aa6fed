"""NumPy's statistics, counts and products of sequences, in the language itself as the functions of `library.py` are.

    p = np.percentile(x, 25.0)      ->      s = np.sort(x.flatten());  rank = 0.25 * (len(s) - 1);  k = int(rank)
                                            p = s[k] + (s[k + 1] - s[k]) * (rank - k)
"""

# mypy: allow-untyped-defs, allow-untyped-calls
from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from srcad.parse.along import cumprod, cumsum, floats, max_, mean, min_, numbers, root, sum_, whole
from srcad.parse.ordered import in_order, median_of, quantile_of


def allclose(a, b, rtol=1e-05, atol=1e-08):
    return np.all((np.abs(a - b) <= atol + rtol * np.abs(b)) | (a == b))


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


def average(a, axis=None, weights=None):
    if weights is None:
        if axis is None:
            return np.mean(a)
        return mean(a, axis)
    if axis is None or a.ndim == 1:
        if a.size != weights.size:
            raise ValueError("shape of weights must be consistent with shape of a")
        return np.sum(a * weights) / np.sum(weights)
    if weights.ndim == a.ndim:
        return sum_(a * weights, axis) / sum_(weights, axis)
    if a.ndim != 2:
        raise NotImplementedError("such weights can't be read", "weights of the same shape", "srcad")
    if axis % 2 == 0:
        return np.sum(a * weights[:, None], axis=0) / np.sum(weights)
    return np.sum(a * weights, axis=1) / np.sum(weights)


def count_nonzero(a, axis=None, keepdims=False):
    ones = np.where(a != 0, 1, 0)
    if axis is None:
        return whole(np.sum(ones), a, keepdims)
    return sum_(ones, axis, keepdims)


def cov(m, y=None, rowvar=True, bias=False, ddof=None):
    """The covariances of the rows of `m`, or of the vectors `m` and `y`."""
    if y is None:
        if m.ndim == 1:
            return np.var(m, ddof=less(bias, ddof))
        if rowvar:
            return covariances(m, less(bias, ddof))
        return covariances(m.T, less(bias, ddof))
    if m.ndim != 1 or y.ndim != 1:
        raise NotImplementedError("np.cov of such two can't be read", "two vectors", "srcad")
    if len(m) != len(y):
        raise ValueError("two vectors of one length are needed")
    return covariances(np.stack((m, y)), less(bias, ddof))


def less(bias, ddof):
    """How many terms fewer than there are are counted in the mean."""
    if ddof is None:
        return 0 if bias else 1
    return ddof


def covariances(m, ddof):
    centred = m - mean(m, 1, True)
    return centred @ centred.T / (m.shape[1] - ddof)


def corrcoef(x, y=None, rowvar=True):
    c = cov(x, y, rowvar)
    d = np.sqrt(np.diag(c))
    return c / d[:, None] / d[None, :]


def ptp(a, axis=None, keepdims=False):
    return max_(a, axis, keepdims) - min_(a, axis, keepdims)


# ---------------------------------------------------------------------------------------------- without NaNs


def nanmax_of(v):
    best = np.nan
    for x in v:
        if x > best or best != best:
            best = x
    return best


def nanmin_of(v):
    best = np.nan
    for x in v:
        if x < best or best != best:
            best = x
    return best


def nanmax(a, axis=None, keepdims=False):
    return numbers(nanmax_of, a, axis, keepdims)


def nanmin(a, axis=None, keepdims=False):
    return numbers(nanmin_of, a, axis, keepdims)


def nansum_of(v):
    total = 0.0
    for x in v:
        if x == x:
            total += x
    return total


def nanprod_of(v):
    total = 1.0
    for x in v:
        if x == x:
            total *= x
    return total


def count_of(v):
    n = 0
    for x in v:
        if x == x:
            n += 1
    return n


def nanmean_of(v):
    return nansum_of(v) / count_of(v)


def nansum(a, axis=None, keepdims=False):
    return numbers(nansum_of, a, axis, keepdims)


def nanprod(a, axis=None, keepdims=False):
    return numbers(nanprod_of, a, axis, keepdims)


def nanmean(a, axis=None, keepdims=False):
    return floats(nanmean_of, a, axis, keepdims)


def nanvar(a, axis=None, ddof=0, keepdims=False):
    return floats(lambda v: nanvar_of(v, ddof), a, axis, keepdims)


def nanvar_of(v, ddof):
    middle, total = nanmean_of(v), 0.0
    for x in v:
        if x == x:
            total += (x - middle) * (x - middle)
    return total / (count_of(v) - ddof)


def nanstd(a, axis=None, ddof=0, keepdims=False):
    return root(nanvar(a, axis, ddof, keepdims))


def nanmedian(a, axis=None, keepdims=False):
    return floats(lambda v: median_of(v[v == v]), a, axis, keepdims)


def nancumsum(a, axis=None):
    return cumsum(np.where(a == a, a, 0.0), axis)


def nancumprod(a, axis=None):
    return cumprod(np.where(a == a, a, 1.0), axis)


def nanquantile(a, q, axis=None, keepdims=False):
    if np.ndim(q) != 0:
        raise NotImplementedError("several quantiles can't be read here", "one after the other", "srcad")
    return floats(lambda v: quantile_of(in_order(v[v == v]), q), a, axis, keepdims)


def nanpercentile(a, q, axis=None, keepdims=False):
    return nanquantile(a, q / 100.0, axis, keepdims)


def nanargmax(a):
    return np.argmax(np.where(a == a, a, -np.inf))


def nanargmin(a):
    return np.argmin(np.where(a == a, a, np.inf))


# ---------------------------------------------------------------------------------------------- element by element


def heaviside(x1, x2):
    return np.where(x1 != x1, np.nan, np.where(x1 < 0.0, 0.0, np.where(x1 > 0.0, 1.0, x2)))


def modf(x):
    return x - np.trunc(x), np.trunc(x)


def divmod_(x1, x2):
    return x1 // x2, x1 % x2


def fix(x):
    return np.trunc(x)


def nan_to_num(x, copy=True, nan=0.0, posinf=None, neginf=None):
    if copy is not True:
        raise NotImplementedError("np.nan_to_num in place can't be read", "x[:] = np.nan_to_num(x)", "srcad")
    high = 1.7976931348623157e308 if posinf is None else posinf
    low = -1.7976931348623157e308 if neginf is None else neginf
    return np.where(x != x, nan, np.where(x == np.inf, high, np.where(x == -np.inf, low, x)))


FUNCTIONS: dict[Callable[..., Any], Callable[..., Any]] = {
    np.allclose: allclose, np.average: average, np.bincount: bincount, np.convolve: convolve, np.corrcoef: corrcoef,
    np.correlate: correlate, np.count_nonzero: count_nonzero, np.cov: cov, np.divmod: divmod_, np.fix: fix,
    np.heaviside: heaviside, np.modf: modf, np.nanargmax: nanargmax, np.nanargmin: nanargmin,
    np.nancumprod: nancumprod, np.nanpercentile: nanpercentile, np.nanquantile: nanquantile,
    np.nancumsum: nancumsum, np.nanmax: nanmax, np.nanmean: nanmean, np.nanmedian: nanmedian, np.nanmin: nanmin,
    np.nanprod: nanprod, np.nanstd: nanstd, np.nansum: nansum, np.nanvar: nanvar, np.ptp: ptp,
}  # fmt: skip
METHODS: dict[str, Callable[..., Any]] = {}
