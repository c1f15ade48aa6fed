"""Functions of NumPy written in the language itself: a call of one is read in place, as one of the user's own is.

    y = np.roll(x, k)      ->      y = np.empty_like(x)
                                   for i in range(len(x)):  y[(i + k) % len(x)] = x[i]

So their derivatives are those of loops, in every mode. The number of dimensions is asked for
where the same words would mean something else of more of them; types answer that, and a
`NotImplementedError` of srcad's is the message that refuses such a call (`passes/readable.py`).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from srcad.ir import Apply, Const, Raise, Stmt


def argsort(a):  # type: ignore[no-untyped-def]
    """The indices of the elements in order, by merging runs of growing length; equals stay in place, NaNs come last."""
    if a.ndim != 1:
        raise NotImplementedError("np.argsort of a matrix can't be read", "a loop over its rows", "srcad")
    n = len(a)
    order, merged = np.empty(n, dtype=np.int64), np.empty(n, dtype=np.int64)
    for k in range(n):
        order[k] = k
    width = 1
    while width < n:
        for start in range(0, n, 2 * width):
            middle, end = min(start + width, n), min(start + 2 * width, n)
            i, j = start, middle
            for k in range(start, end):
                if i < middle and j < end:
                    one, two = a[order[i]], a[order[j]]
                    first = not (two < one or (one != one and two == two))
                else:
                    first = i < middle
                if first:
                    merged[k] = order[i]
                    i += 1
                else:
                    merged[k] = order[j]
                    j += 1
        for k in range(n):
            order[k] = merged[k]
        width *= 2
    return order


def cross(a, b):  # type: ignore[no-untyped-def]
    """The vector product, of two vectors of length 3."""
    if a.ndim != 1 or b.ndim != 1:
        raise NotImplementedError("np.cross of matrices can't be read", "a loop over their rows", "srcad")
    if len(a) != 3 or len(b) != 3:
        raise ValueError("np.cross takes two vectors of length 3 here")
    return np.array([a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]])


def diff(a):  # type: ignore[no-untyped-def]
    if a.ndim != 1:
        raise NotImplementedError("np.diff of a matrix can't be read", "m[:, 1:] - m[:, :-1]", "srcad")
    return a[1:] - a[:-1]


def expand_dims(a, axis):  # type: ignore[no-untyped-def]
    if axis == 1:
        return a[:, None]
    if axis == 2:
        return a[:, :, None]
    if axis == 3:
        return a[:, :, :, None]
    if axis == -1:
        return a[..., None]
    if axis == -2:
        return a[..., None, :]
    if axis != 0:
        raise NotImplementedError("np.expand_dims along such an axis can't be read", "a number from -2 to 3", "srcad")
    return a[None]


def flip(m):  # type: ignore[no-untyped-def]
    if m.ndim != 1:
        raise NotImplementedError("np.flip of a matrix can't be read", "m[::-1, ::-1]", "srcad")
    return m[::-1]


def interp(x, xp, fp):  # type: ignore[no-untyped-def]
    """Linear interpolation at a number: the interval is found by halving."""
    n = len(xp)
    if n == 0 or n != len(fp):
        raise ValueError("fp and xp are not of the same length, or empty")
    if not x > xp[0]:
        return fp[0] if x <= xp[0] else x * fp[0]
    if x >= xp[n - 1]:
        return fp[n - 1]
    low, high = 0, n - 1
    while high - low > 1:
        middle = (low + high) // 2
        if x >= xp[middle]:
            low = middle
        else:
            high = middle
    return (fp[low + 1] - fp[low]) / (xp[low + 1] - xp[low]) * (x - xp[low]) + fp[low]


def matrix_power(a, n):  # type: ignore[no-untyped-def]
    """The product of `n` equal matrices, or of `-n` inverses, by squaring."""
    if a.ndim != 2:
        raise NotImplementedError("np.linalg.matrix_power of such an array can't be read", "a matrix", "srcad")
    if n < 0:
        square, left = np.linalg.inv(a), -n
    else:
        square, left = a.copy(), n
    product = np.zeros_like(a)
    for i in range(len(a)):
        product[i, i] = 1.0
    while left > 0:
        if left % 2 == 1:
            product = product @ square
        left //= 2
        if left > 0:
            square = square @ square
    return product


def median(a):  # type: ignore[no-untyped-def]
    """The middle one of all elements, or the mean of the two there; NaN if one is NaN."""
    s = sort(a.flatten())  # type: ignore[no-untyped-call]
    n = len(s)
    if n == 0:
        raise ValueError("the median of nothing has no value")
    return s[n // 2] if n % 2 == 1 or s[n - 1] != s[n - 1] else 0.5 * (s[n // 2 - 1] + s[n // 2])


def norm(x, ord=None, axis=None, keepdims=False):  # type: ignore[no-untyped-def]  # noqa: A002
    """Without `ord`, the root of the sum of squares of all elements; its derivative at 0 is 0, as `math.hypot`'s."""
    if axis is not None:
        if ord is not None and ord != 2:
            raise NotImplementedError("such a norm along an axis can't be read", "the norm without ord", "srcad")
        sums = np.sum(x * x, axis=axis, keepdims=keepdims)
        return np.where(sums > 0.0, np.sqrt(sums), 0.0 * sums)
    if ord is not None and x.ndim != 1:
        raise NotImplementedError("this norm of a matrix can't be read", "np.linalg.norm(m)", "srcad")
    if ord == 1:
        return np.sum(np.abs(x))
    if ord == np.inf:
        return np.max(np.abs(x))
    if ord is not None and ord != 2:
        raise NotImplementedError("such a norm can't be read", "an ord of 1, 2 or np.inf", "srcad")
    squares = np.sum(x * x)
    return np.sqrt(squares) if squares > 0.0 else 0.0 * squares


def outer(a, b):  # type: ignore[no-untyped-def]
    if a.ndim != 1 or b.ndim != 1:
        raise NotImplementedError("np.outer of a matrix can't be read", "np.outer(a.ravel(), b.ravel())", "srcad")
    return a[:, None] * b[None, :]


def roll(a, shift):  # type: ignore[no-untyped-def]
    if a.ndim != 1:
        raise NotImplementedError("np.roll of a matrix can't be read", "a loop over its rows", "srcad")
    out = np.empty_like(a)
    for i in range(len(a)):
        out[(i + shift) % len(a)] = a[i]
    return out


def searchsorted(a, v, side="left"):  # type: ignore[no-untyped-def]
    """The place of the number `v` in the sorted vector `a`, found by halving."""
    low, high = 0, len(a)
    while low < high:
        middle = (low + high) // 2
        if (a[middle] <= v) if side == "right" else (a[middle] < v):
            low = middle + 1
        else:
            high = middle
    return low


def sort(a):  # type: ignore[no-untyped-def]
    """The elements in order: each has the derivative of the one that it is."""
    if a.ndim != 1:
        raise NotImplementedError("np.sort of a matrix can't be read", "a loop over its rows", "srcad")
    return a[argsort(a)]  # type: ignore[no-untyped-call]


def trace(a):  # type: ignore[no-untyped-def]
    n, m = a.shape
    total = 0.0
    for i in range(min(n, m)):
        total += a[i, i]
    return total


def refusal(reason: str, instead: str) -> Apply:
    """What is raised where types refuse a call."""
    return Apply("NotImplementedError", (Const(reason), Const(instead), Const("srcad")))


def refused(s: Stmt) -> tuple[str, str] | None:
    """The reason and what to write instead, if `s` raises such a refusal."""
    match s:
        case Raise(Apply("NotImplementedError", (Const(str(reason)), Const(str(instead)), Const("srcad")))):
            return reason, instead
    return None


FUNCTIONS: dict[Callable[..., Any], Callable[..., Any]] = {
    np.argsort: argsort, np.cross: cross, np.diff: diff, np.expand_dims: expand_dims, np.flip: flip, np.interp: interp,
    np.linalg.matrix_power: matrix_power, np.median: median, np.linalg.norm: norm, np.outer: outer, np.roll: roll,
    np.searchsorted: searchsorted, np.sort: sort, np.trace: trace,
}  # fmt: skip
METHODS: dict[str, Callable[..., Any]] = {"trace": trace}
