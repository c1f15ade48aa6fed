"""Products and norms of NumPy, in the language itself as the functions of `library.py` are.

    s = np.linalg.norm(m, "nuc")      ->      s = np.sum(np.linalg.svd(m)[1])
    x = np.linalg.lstsq(a, b)[0]      ->      x = np.linalg.pinv(a) @ b
"""

# mypy: allow-untyped-defs, allow-untyped-calls
from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from srcad.parse.along import root
from srcad.parse.library import there


def cond(x, p=None):
    """The product of the norms of a matrix and of its inverse; of its singular values, the ratio."""
    if p is None or p == 2:
        s = svdvals(x)
        return s[0] / s[len(s) - 1]
    if p == -2:
        s = svdvals(x)
        return s[len(s) - 1] / s[0]
    return norm_of_matrix(x, p) * norm_of_matrix(np.linalg.inv(x), p)


def cross(a, b):
    """The vector product of vectors of length 3, or of the rows of matrices."""
    if a.ndim == 1 and b.ndim == 1:
        if len(a) != 3 or len(b) != 3:
            raise ValueError("np.cross takes two vectors of length 3 here")
        return np.array([a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]])
    if a.ndim > 2 or b.ndim > 2:
        raise NotImplementedError("np.cross is read of vectors and of rows", "a loop over the rows", "srcad")
    if a.shape[a.ndim - 1] != 3 or b.shape[b.ndim - 1] != 3:
        raise ValueError("np.cross takes rows of length 3 here")
    if a.ndim == 1:
        return crossed(a[None, :], b)
    if b.ndim == 1:
        return crossed(a, b[None, :])
    return crossed(a, b)


def crossed(a, b):
    n = max(a.shape[0], b.shape[0])
    if (a.shape[0] != n and a.shape[0] != 1) or (b.shape[0] != n and b.shape[0] != 1):
        raise ValueError("operands could not be broadcast together")
    out = np.empty((n, 3))
    for k in range(n):
        i, j = min(k, a.shape[0] - 1), min(k, b.shape[0] - 1)
        out[k, 0] = a[i, 1] * b[j, 2] - a[i, 2] * b[j, 1]
        out[k, 1] = a[i, 2] * b[j, 0] - a[i, 0] * b[j, 2]
        out[k, 2] = a[i, 0] * b[j, 1] - a[i, 1] * b[j, 0]
    return out


def inner(a, b):
    if a.ndim == 1 and b.ndim == 1:
        return np.dot(a, b)
    if a.ndim > 2 or b.ndim > 2:
        raise NotImplementedError("np.inner of such arrays can't be read", "np.einsum", "srcad")
    if b.ndim == 2:
        return a @ b.T
    return a @ b


def kron(a, b):
    if a.ndim == 1 and b.ndim == 1:
        return (a[:, None] * b[None, :]).ravel()
    if a.ndim != 2 or b.ndim != 2:
        raise NotImplementedError("np.kron is read of two vectors or two matrices", "two matrices", "srcad")
    p, q = b.shape
    out = np.empty((a.shape[0] * p, a.shape[1] * q))
    for i in range(out.shape[0]):
        for j in range(out.shape[1]):
            out[i, j] = a[i // p, j // q] * b[i % p, j % q]
    return out


def lstsq(a, b, rcond=None):
    """The shortest of the vectors that come nearest to solving; with what is left, the rank and the singular values."""
    n, m = a.shape
    s = svdvals(a)
    if rcond is not None and rcond != -1:
        raise NotImplementedError("np.linalg.lstsq with an rcond can't be read", "rcond=None", "srcad")
    rank = count_above(2.220446049250313e-16 * max(n, m) * s[0], s)
    x = np.linalg.pinv(a) @ b
    left = b - a @ x
    if b.ndim == 1:
        return x, np.array([np.sum(left * left)])[: 1 if rank == m and n > m else 0], rank, s
    return x, np.sum(left * left, axis=0)[: b.shape[1] if rank == m and n > m else 0], rank, s


def matmul(a, b):
    return a @ b


def matrix_rank(A, tol=None):
    s = svdvals(A)
    return count_above(s[0] * max(A.shape[0], A.shape[1]) * 2.220446049250313e-16 if tol is None else tol, s)


def count_above(limit, s):
    count = 0
    for v in s:
        if v > limit:
            count += 1
    return count


def multi_dot(arrays):
    if not isinstance(arrays, tuple):
        raise NotImplementedError("np.linalg.multi_dot takes a list written there", "a @ b @ c", "srcad")
    if len(arrays) == 2:
        return arrays[0] @ arrays[1]
    if len(arrays) == 3:
        return arrays[0] @ arrays[1] @ arrays[2]
    if len(arrays) == 4:
        return arrays[0] @ arrays[1] @ arrays[2] @ arrays[3]
    raise NotImplementedError("np.linalg.multi_dot of so many can't be read", "a @ b @ c", "srcad")


def norm(x, ord=None, axis=None, keepdims=False):  # noqa: A002
    """The root of the sum of squares of all elements, or another norm; its derivative at 0 is 0, as `math.hypot`'s."""
    if axis is not None:
        return norms(x, ord, axis, keepdims)
    if keepdims:
        raise NotImplementedError("a norm with keepdims and no axis can't be read", "the norm without it", "srcad")
    if ord is None:
        return root(np.sum(x * x))
    if x.ndim == 1:
        return norm_of_vector(x, ord)
    if x.ndim != 2:
        raise NotImplementedError("this norm of such an array can't be read", "np.linalg.norm(x)", "srcad")
    return norm_of_matrix(x, ord)


def norms(x, ord, axis, keepdims):  # noqa: A002
    if isinstance(axis, tuple) and ord is not None:
        raise NotImplementedError("norms of matrices along axes can't be read", "a loop over the matrices", "srcad")
    if ord is None or ord == 2:
        return root(np.sum(x * x, axis=axis, keepdims=keepdims))
    if ord == 1:
        return np.sum(np.abs(x), axis=axis, keepdims=keepdims)
    if ord == np.inf:
        return np.max(np.abs(x), axis=axis, keepdims=keepdims)
    raise NotImplementedError("such a norm along an axis can't be read", "an ord of 1, 2 or np.inf", "srcad")


def norm_of_vector(x, ord):  # noqa: A002
    if ord == 2:
        return root(np.sum(x * x))
    if ord == 1:
        return np.sum(np.abs(x))
    if ord == np.inf:
        return np.max(np.abs(x))
    if ord == -np.inf:
        return np.min(np.abs(x))
    if ord == 0:
        return np.sum(np.where(x != 0.0, 1.0, 0.0))
    total = np.sum(np.abs(x) ** ord)
    return total ** (1.0 / ord) if total > 0.0 else 0.0 * total


def norm_of_matrix(x, ord):  # noqa: A002
    if ord == "fro":
        return root(np.sum(x * x))
    if ord == "nuc":
        return np.sum(svdvals(x))
    if ord == 2:
        return np.max(svdvals(x))
    if ord == -2:
        return np.min(svdvals(x))
    if ord == 1:
        return np.max(np.sum(np.abs(x), axis=0))
    if ord == -1:
        return np.min(np.sum(np.abs(x), axis=0))
    if ord == np.inf:
        return np.max(np.sum(np.abs(x), axis=1))
    if ord == -np.inf:
        return np.min(np.sum(np.abs(x), axis=1))
    raise NotImplementedError("such a norm of a matrix can't be read", '1, 2, np.inf, "fro" or "nuc"', "srcad")


def outer(a, b):
    return a.ravel()[:, None] * b.ravel()[None, :]


def vecdot(x1, x2):
    if np.ndim(x1) == 1 and np.ndim(x2) == 1:
        return np.dot(x1, x2)
    return np.sum(x1 * x2, axis=-1)


def vector_norm(x, axis=None, keepdims=False, ord=2):  # noqa: A002
    if axis is None:
        if keepdims is not False:
            raise NotImplementedError("this norm with keepdims= can't be read", "the call without it", "srcad")
        return norm_of_vector(x.ravel(), ord)
    return norm(x, ord, axis, keepdims)


def matrix_norm(x, ord="fro"):  # noqa: A002
    if x.ndim != 2:
        raise NotImplementedError("np.linalg.matrix_norm is read of a matrix alone", "a matrix", "srcad")
    return norm_of_matrix(x, ord)


def matrix_transpose(x):
    if x.ndim == 2:
        return x.T
    if x.ndim != 3:
        raise NotImplementedError("this is read of matrices and stacks of them", "x.transpose(0, 1, 3, 2)", "srcad")
    return x.transpose(0, 2, 1)


def svdvals(x):
    return np.linalg.svd(x, False)[1]


def vdot(a, b):
    return np.dot(a.ravel(), b.ravel())


FUNCTIONS: dict[Callable[..., Any], Callable[..., Any]] = {
    np.cross: cross, np.inner: inner, np.kron: kron, np.linalg.cond: cond, np.linalg.lstsq: lstsq,
    np.linalg.matrix_rank: matrix_rank, np.linalg.multi_dot: multi_dot, np.linalg.norm: norm,
    np.matmul: matmul, np.outer: outer,
    **there(
        np.linalg, matmul=matmul, matrix_norm=matrix_norm, matrix_transpose=matrix_transpose, outer=outer,
        svdvals=svdvals, vecdot=vecdot, vector_norm=vector_norm,
    ),
    **there(np, matrix_transpose=matrix_transpose, matvec=matmul, vecdot=vecdot, vecmat=matmul),
}  # fmt: skip
METHODS: dict[str, Callable[..., Any]] = {}
