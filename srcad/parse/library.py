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


def order_of(a):  # type: ignore[no-untyped-def]
    """The indices of the elements in order; equals stay in place, NaNs come last."""
    return merged(a, lambda one, two: not (two < one or (one != one and two == two)))  # type: ignore[no-untyped-call]


def merged(a, before):  # type: ignore[no-untyped-def]
    """The indices of the items in order, by merging runs of growing length; which of two comes first `before` says."""
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
                    first = before(one, two)
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


def there(module: Any, **words: Callable[..., Any]) -> dict[Callable[..., Any], Callable[..., Any]]:
    """The words of those functions that this version of `module` has."""
    return {getattr(module, name): f for name, f in words.items() if hasattr(module, name)}


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
    np.expand_dims: expand_dims, np.linalg.matrix_power: matrix_power,
}  # fmt: skip
METHODS: dict[str, Callable[..., Any]] = {}
