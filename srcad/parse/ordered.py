"""Sorting and searching, in the language itself as the functions of `library.py` are.

    s = np.sort(m, axis=0)      ->      for each column:  order = its indices in order;  s[k, j] = m[order[k], j]
    y = np.interp(x, xp, fp)    ->      for each of x:  the interval it lies in, found by halving
"""

# mypy: allow-untyped-defs, allow-untyped-calls
from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from srcad.parse.along import check_axis, floats, in_three, whole
from srcad.parse.library import order_of


def argsort(a, axis=-1):
    return each(order_of, indices_like, a, axis)


def sort(a, axis=-1):
    """The elements in order: each has the derivative of the one that it is."""
    return each(in_order, np.empty_like, a, axis)


def indices_like(a):
    return np.empty(a.shape, dtype=np.int64)


def each(of, like, a, axis):
    """What `of` gives for each vector along the axis, which is as long; without an axis, for all elements."""
    if axis is None:
        return of(a.ravel())
    if a.ndim == 1:
        check_axis(axis)
        return of(a)
    parts = in_three(a, axis)
    out = like(parts)
    for i in range(parts.shape[0]):
        for j in range(parts.shape[2]):
            out[i, :, j] = of(parts[i, :, j])
    return out.reshape(a.shape)


def in_order(a):
    return a[order_of(a)]


def median_of(v):
    """The middle one, or the mean of the two there; NaN if one is NaN."""
    s = in_order(v)
    n = len(s)
    if n == 0:
        raise ValueError("the median of nothing has no value")
    return s[n // 2] if n % 2 == 1 or s[n - 1] != s[n - 1] else 0.5 * (s[n // 2 - 1] + s[n // 2])


def median(a, axis=None, keepdims=False):
    return floats(median_of, a, axis, keepdims)


def quantile(a, q, axis=None, keepdims=False, method="linear"):
    """Between the two elements at whose ranks `q` lies, by the part of the way; NaN if one element is."""
    if method != "linear":
        return quantile_by(method, a, q, axis, keepdims)
    if np.ndim(q) == 0:
        return quantiles(a, q, axis, keepdims)
    if axis is not None and a.ndim > 1:
        raise NotImplementedError("several quantiles along an axis can't be read", "one after the other", "srcad")
    s = in_order(a.ravel())
    out = np.empty(len(q))
    for k in range(len(q)):
        out[k] = quantile_of(s, q[k])
    return out


def quantiles(a, q, axis, keepdims):
    if axis is None:
        return whole(quantile_of(in_order(a.ravel()), q), a, keepdims)
    s = sort(a, axis)
    if a.ndim == 1:
        return whole(quantile_of(s, q), a, keepdims)
    return floats(lambda v: quantile_of(v, q), s, axis, keepdims)


def quantile_of(s, q):
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


def quantile_by(method, a, q, axis, keepdims):
    if method != "lower" and method != "higher" and method != "nearest" and method != "midpoint":
        raise NotImplementedError("such a method can't be read", '"linear", "lower", "higher" or "nearest"', "srcad")
    if np.ndim(q) != 0:
        raise NotImplementedError("several quantiles by a method can't be read", "one after the other", "srcad")
    return floats(lambda v: element_by(method, in_order(v), q), a, axis, keepdims)


def element_by(method, s, q):
    """One of the elements between whose ranks `q` lies, or the middle of both."""
    n = len(s)
    rank = q * (n - 1)
    if s[n - 1] != s[n - 1]:
        return s[n - 1]
    if method == "nearest":
        return s[int(np.rint(rank))]
    if method == "lower":
        return s[int(np.floor(rank))]
    if method == "higher":
        return s[int(np.ceil(rank))]
    return 0.5 * (s[int(np.floor(rank))] + s[int(np.ceil(rank))])


def percentile(a, q, axis=None, keepdims=False, method="linear"):
    return quantile(a, q / 100.0, axis, keepdims, method)


def place(a, v, side):
    """The place of the number `v` in the sorted vector `a`, found by halving."""
    low, high = 0, len(a)
    while low < high:
        middle = (low + high) // 2
        if (a[middle] <= v) if side == "right" else (a[middle] < v):
            low = middle + 1
        else:
            high = middle
    return low


def searchsorted(a, v, side="left"):
    if np.ndim(v) == 0:
        return place(a, v, side)
    flat = v.ravel()
    out = np.empty(len(flat), dtype=np.int64)
    for i in range(len(flat)):
        out[i] = place(a, flat[i], side)
    return out.reshape(v.shape)


def digitize(x, bins, right=False):
    """The place where each would go among the increasing `bins`."""
    if len(bins) > 1 and bins[0] > bins[len(bins) - 1]:
        raise ValueError("np.digitize takes increasing bins here")
    if right:
        return searchsorted(bins, x, "left")
    return searchsorted(bins, x, "right")


def interp(x, xp, fp, left=None, right=None):
    """Linear interpolation, at a number or at each of an array."""
    n = len(xp)
    if n == 0 or n != len(fp):
        raise ValueError("fp and xp are not of the same length, or empty")
    if np.ndim(x) == 0:
        return interp_at(x, xp, fp, left, right)
    flat = x.ravel()
    out = np.empty(len(flat))
    for i in range(len(flat)):
        out[i] = interp_at(flat[i], xp, fp, left, right)
    return out.reshape(x.shape)


def interp_at(x, xp, fp, left, right):
    n = len(xp)
    if not x > xp[0]:
        before = fp[0] if left is None or x == xp[0] else left
        return before if x <= xp[0] else x * fp[0]
    if x >= xp[n - 1]:
        return fp[n - 1] if right is None or x == xp[n - 1] else right
    low, high = 0, n - 1
    while high - low > 1:
        middle = (low + high) // 2
        if x >= xp[middle]:
            low = middle
        else:
            high = middle
    return (fp[low + 1] - fp[low]) / (xp[low + 1] - xp[low]) * (x - xp[low]) + fp[low]


def histogram(a, bins=10, range=None, weights=None):  # noqa: A002
    """How many lie in each bin, or the sums of their weights; and the edges, which move with the least and the most."""
    flat = a.ravel()
    if np.ndim(bins) != 0:
        edges = bins
    elif range is None:
        edges = np.linspace(np.min(flat), np.max(flat), bins + 1)
    else:
        edges = np.linspace(range[0] * 1.0, range[1] * 1.0, bins + 1)
    last = len(edges) - 1
    if weights is None:
        counts = np.zeros(last, dtype=np.int64)
        for v in flat:
            if edges[0] <= v <= edges[last]:
                counts[min(place(edges, v, "right") - 1, last - 1)] += 1
        return counts, edges
    given, sums = weights.ravel(), np.zeros(last)
    for i, v in enumerate(flat):
        if edges[0] <= v <= edges[last]:
            sums[min(place(edges, v, "right") - 1, last - 1)] += given[i]
    return sums, edges


FUNCTIONS: dict[Callable[..., Any], Callable[..., Any]] = {
    np.argsort: argsort, np.digitize: digitize, np.histogram: histogram, np.interp: interp, np.median: median,
    np.percentile: percentile, np.quantile: quantile, np.searchsorted: searchsorted, np.sort: sort,
}  # fmt: skip
METHODS: dict[str, Callable[..., Any]] = {"argsort": argsort, "searchsorted": searchsorted}
