"""Functions of NumPy that move elements into arrays of other shapes, in the language itself as those of `library.py`.

    y = np.repeat(x, 2)      ->      y = np.empty(len(x) * 2, dtype=x.dtype)
                                     for i in range(len(x)):  for k in range(2):  y[i * 2 + k] = x[i]
"""

# mypy: allow-untyped-defs, allow-untyped-calls
from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from srcad.parse.library import argsort


def all_of(values):
    return all(v for v in values)


def any_of(values):
    return any(v for v in values)


def in_order(values, reverse=False):
    """`sorted(values)`: a list of what an array, a list or a tuple of numbers holds."""
    a = np.array(values)
    order = argsort(-a) if reverse else argsort(a)
    out = []
    for k in order:
        out.append(a[k])
    return out


def delete(a, index):
    """The vector without the element at `index`, a number."""
    if a.ndim != 1:
        raise NotImplementedError("np.delete of a matrix can't be read", "a loop over its rows", "srcad")
    n = len(a)
    if index < -n or index >= n:
        raise IndexError("index is out of bounds")
    out = np.empty(n - 1, dtype=a.dtype)
    for i in range(n - 1):
        out[i] = a[i] if i < index % n else a[i + 1]
    return out


def fill_diagonal(a, value):
    if a.ndim != 2:
        raise NotImplementedError("np.fill_diagonal is read of a matrix alone", "a loop", "srcad")
    for i in range(min(a.shape[0], a.shape[1])):
        a[i, i] = value


def fliplr(m):
    return m[:, ::-1]


def flipud(m):
    return m[::-1]


def identity(n):
    return np.eye(n)


def kron(a, b):
    if a.ndim != 2 or b.ndim != 2:
        raise NotImplementedError("np.kron is read of two matrices alone", "np.outer(a, b).ravel()", "srcad")
    p, q = b.shape
    out = np.empty((a.shape[0] * p, a.shape[1] * q))
    for i in range(out.shape[0]):
        for j in range(out.shape[1]):
            out[i, j] = a[i // p, j // q] * b[i % p, j % q]
    return out


def logspace(start, stop, num=50):
    return 10.0 ** np.linspace(start, stop, num)


def meshgrid(x, y):
    """The coordinates of a grid with a row for each of `y`."""
    if x.ndim != 1 or y.ndim != 1:
        raise NotImplementedError("np.meshgrid is read of two vectors alone", "two vectors", "srcad")
    across = np.empty((len(y), len(x)), dtype=x.dtype)
    down = np.empty((len(y), len(x)), dtype=y.dtype)
    for i in range(len(y)):
        for j in range(len(x)):
            across[i, j] = x[j]
            down[i, j] = y[i]
    return across, down


def repeat(a, repeats):
    """Each element `repeats` times, a number."""
    if a.ndim != 1:
        raise NotImplementedError("np.repeat of a matrix can't be read", "np.repeat(m.ravel(), n)", "srcad")
    out = np.empty(len(a) * repeats, dtype=a.dtype)
    for i in range(len(a)):
        for k in range(repeats):
            out[i * repeats + k] = a[i]
    return out


def sort_in_place(a):
    """`a.sort()`: each element has the derivative of the one that it was."""
    if a.ndim != 1:
        raise NotImplementedError("the method .sort() of a matrix can't be read", "a loop over its rows", "srcad")
    a[:] = a[argsort(a)]


def take(a, indices):
    return a.ravel()[indices]


def tril(m, k=0):
    if m.ndim != 2:
        raise NotImplementedError("np.tril is read of a matrix alone", "a matrix", "srcad")
    out = np.zeros_like(m)
    for i in range(m.shape[0]):
        for j in range(min(i + k + 1, m.shape[1])):
            out[i, j] = m[i, j]
    return out


def triu(m, k=0):
    if m.ndim != 2:
        raise NotImplementedError("np.triu is read of a matrix alone", "a matrix", "srcad")
    out = np.zeros_like(m)
    for i in range(m.shape[0]):
        for j in range(max(i + k, 0), m.shape[1]):
            out[i, j] = m[i, j]
    return out


def clip(a, min=None, max=None):  # noqa: A002
    return np.clip(a, min, max)


def round_(a, decimals=0):
    return np.round(a, decimals)


FUNCTIONS: dict[Callable[..., Any], Callable[..., Any]] = {
    np.delete: delete, np.fill_diagonal: fill_diagonal, np.fliplr: fliplr, np.flipud: flipud, np.identity: identity,
    np.kron: kron, np.logspace: logspace, np.meshgrid: meshgrid, np.repeat: repeat, np.take: take, np.tril: tril,
    np.triu: triu,
}  # fmt: skip
METHODS: dict[str, Callable[..., Any]] = {
    "argsort": argsort, "clip": clip, "repeat": repeat, "round": round_, "sort": sort_in_place, "take": take,
}  # fmt: skip
