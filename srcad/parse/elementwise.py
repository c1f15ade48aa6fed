"""Functions of numbers that are called with arrays: what `np.vectorize` and `numba.vectorize` make, in Python.

    relu = np.vectorize(lambda t: max(t, 0.0)); y = relu(x)    ->    y = np.array([max(t, 0.0) for t in x])
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numba
import numpy as np

from srcad.parse.scope import Bound, Closure, Static, Value

Array = Any


def of_one(f: Any, a: Array) -> Array:
    if np.ndim(a) == 0:
        return f(a)
    return np.array([f(v) for v in a.ravel()]).reshape(a.shape)


def of_two(f: Any, a: Array, b: Array) -> Array:
    z = _longer(a, b)
    if np.ndim(z) == 0:
        return f(a, b)
    p, q = _flat(a), _flat(b)
    return np.array([f(_item(p, k), _item(q, k)) for k in range(z.size)]).reshape(z.shape)


def of_three(f: Any, a: Array, b: Array, c: Array) -> Array:
    z = _longer(_longer(a, b), c)
    if np.ndim(z) == 0:
        return f(a, b, c)
    p, q, r = _flat(a), _flat(b), _flat(c)
    return np.array([f(_item(p, k), _item(q, k), _item(r, k)) for k in range(z.size)]).reshape(z.shape)


def of_four(f: Any, a: Array, b: Array, c: Array, d: Array) -> Array:
    z = _longer(_longer(a, b), _longer(c, d))
    if np.ndim(z) == 0:
        return f(a, b, c, d)
    p, q, r, s = _flat(a), _flat(b), _flat(c), _flat(d)
    return np.array([f(_item(p, k), _item(q, k), _item(r, k), _item(s, k)) for k in range(z.size)]).reshape(z.shape)


def _longer(a: Array, b: Array) -> Array:
    if np.ndim(a) == 0:
        return b
    if np.ndim(b) != 0:  # noqa: SIM102 (types decide this one)
        if a.shape != b.shape:
            raise ValueError("a vectorized function is read for arrays of one shape, and for numbers")
    return a


def _flat(a: Array) -> Array:
    if np.ndim(a) == 0:
        return a
    return a.ravel()


def _item(a: Array, k: int) -> Any:
    if np.ndim(a) == 0:
        return a
    return a[k]


WORDS: dict[int, Callable[..., Any]] = {1: of_one, 2: of_two, 3: of_three, 4: of_four}
MAKERS = (np.vectorize, numba.vectorize)


def mapped(*args: Any) -> Any:
    """`mapped(f, x)`: it stands for such a function until the call is read."""


def of_numbers(f: Value) -> Bound:
    """The function of arrays that calls `f`."""
    return Bound(Static(mapped), (f,), ())


def made(f: Any) -> Bound | None:
    """What `f` is, if `np.vectorize` or `numba.vectorize` made it and that is all it says."""
    if isinstance(f, np.vectorize) and f.signature is None and not f.excluded:
        return of_numbers(Static(f.pyfunc))
    if type(f).__name__ == "DUFunc" and all(set(t) <= set("d->") for t in f.types):
        return of_numbers(Static(f._dispatcher.py_func))
    return None


def is_function(value: Value) -> bool:
    """Is `value` something to be called for each element?"""
    return isinstance(value, Closure) or (isinstance(value, Static) and callable(value.value))
