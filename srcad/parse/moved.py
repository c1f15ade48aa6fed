"""Functions of NumPy that move elements into arrays of other shapes, in the language itself as those of `library.py`.

    y = np.repeat(x, 2)      ->      y = np.empty(len(x) * 2, dtype=x.dtype)
                                     for i in range(len(x)):  for k in range(2):  y[i * 2 + k] = x[i]
"""

# mypy: allow-untyped-defs, allow-untyped-calls
from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np


def all_of(values):
    return all(v for v in values)


def any_of(values):
    return any(v for v in values)


def fliplr(m):
    return m[:, ::-1]


def flipud(m):
    return m[::-1]


def identity(n):
    return np.eye(n)


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


def shape(a):
    return a.shape


def size(a, axis=None):
    if np.ndim(a) == 0:
        return 1
    if axis is None:
        return a.size
    return a.shape[axis]


def clip(a, min=None, max=None):  # noqa: A002
    return np.clip(a, min, max)


def round_(a, decimals=0):
    return np.round(a, decimals)


def conj(a):
    return a  # of real numbers


FUNCTIONS: dict[Callable[..., Any], Callable[..., Any]] = {
    np.fliplr: fliplr, np.flipud: flipud, np.identity: identity, np.shape: shape, np.size: size,
    np.tril: tril, np.triu: triu,
}  # fmt: skip
METHODS: dict[str, Callable[..., Any]] = {
    "clip": clip, "conj": conj, "conjugate": conj, "round": round_,
}  # fmt: skip
