"""The methods of NumPy's ufuncs, in the language itself as the functions of `library.py` are.

    np.add.at(y, rows, x)      ->      for k in range(len(rows)):  y[rows[k]] += x[k]
"""

# mypy: allow-untyped-defs, allow-untyped-calls
from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from srcad.parse.along import added, all_, any_, multiplied, numbers, running, sum_, whole


def outer(f, a, b):
    if a.ndim != 1 or b.ndim != 1:
        raise NotImplementedError("the outer method is read of two vectors alone", "a[:, None] + b[None, :]", "srcad")
    return f(a[:, None], b[None, :])


def larger(x, y):
    return np.maximum(x, y)


def smaller(x, y):
    return np.minimum(x, y)


def at(step, a, indices, b):
    """`a[i] = step(a[i], b)` for one index after the other, so that one that comes twice counts twice."""
    if isinstance(indices, tuple):
        if len(indices) != 2:
            raise NotImplementedError("the at method is read of one or two arrays of indices", "a loop", "srcad")
        at_pairs(step, a, indices[0], indices[1], b)
    elif np.ndim(indices) == 0:
        a[indices] = step(a[indices], b)
    elif np.ndim(indices) > 1:
        raise NotImplementedError("the at method takes vectors of indices here", "indices.ravel()", "srcad")
    elif np.ndim(b) == a.ndim:
        if len(b) != len(indices):
            raise ValueError("array is not broadcastable to correct shape")
        for k in range(len(indices)):
            a[indices[k]] = step(a[indices[k]], b[k])
    else:
        for k in range(len(indices)):
            a[indices[k]] = step(a[indices[k]], b)


def at_pairs(step, a, rows, columns, b):
    if np.ndim(rows) != 1 or np.ndim(columns) != 1 or a.ndim != 2:
        raise NotImplementedError("the at method takes two vectors of indices of a matrix", "a loop", "srcad")
    if len(rows) != len(columns):
        raise ValueError("shape mismatch: indexing arrays could not be broadcast together")
    for k in range(len(rows)):
        if np.ndim(b) == 0:
            a[rows[k], columns[k]] = step(a[rows[k], columns[k]], b)
        else:
            a[rows[k], columns[k]] = step(a[rows[k], columns[k]], b[k])


def subtracted(x, y):
    return x - y


def divided(x, y):
    return x / y


def add_reduce(a, axis=0, keepdims=False):
    if axis is None:
        return whole(np.sum(a), a, keepdims)
    return sum_(a, axis, keepdims)


def multiply_reduce(a, axis=0, keepdims=False):
    return numbers(np.prod, a, axis, keepdims)


def maximum_reduce(a, axis=0, keepdims=False):
    return numbers(np.max, a, axis, keepdims)


def minimum_reduce(a, axis=0, keepdims=False):
    return numbers(np.min, a, axis, keepdims)


def log_of_sum(v):
    """log(exp(v[0]) + exp(v[1]) + ...), as what comes to the greatest of them."""
    top = np.max(v)
    if top == np.inf or top == -np.inf:
        return top
    return top + np.log(np.sum(np.exp(v - top)))


def logaddexp_reduce(a, axis=0, keepdims=False):
    return numbers(log_of_sum, a, axis, keepdims)


def logical_and_reduce(a, axis=0, keepdims=False):
    return all_(a, axis, keepdims)


def logical_or_reduce(a, axis=0, keepdims=False):
    return any_(a, axis, keepdims)


def add_accumulate(a, axis=0):
    return running(added, a, axis)


def multiply_accumulate(a, axis=0):
    return running(multiplied, a, axis)


def maximum_accumulate(a, axis=0):
    return running(larger, a, axis)


def minimum_accumulate(a, axis=0):
    return running(smaller, a, axis)


STEPS: dict[str, Callable[..., Any]] = {  # what `at` does with the old element and the new value
    "add": added, "divide": divided, "subtract": subtracted, "multiply": multiplied, "maximum": larger,
    "minimum": smaller,
}  # fmt: skip
METHODS: dict[tuple[str, str], Callable[..., Any]] = {
    ("add", "reduce"): add_reduce, ("multiply", "reduce"): multiply_reduce, ("maximum", "reduce"): maximum_reduce,
    ("minimum", "reduce"): minimum_reduce, ("logaddexp", "reduce"): logaddexp_reduce,
    ("logical_and", "reduce"): logical_and_reduce, ("logical_or", "reduce"): logical_or_reduce,
    ("add", "accumulate"): add_accumulate, ("multiply", "accumulate"): multiply_accumulate,
    ("maximum", "accumulate"): maximum_accumulate, ("minimum", "accumulate"): minimum_accumulate,
}  # fmt: skip
