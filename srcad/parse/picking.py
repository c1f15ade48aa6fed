"""Functions of NumPy that choose among elements, in the language itself as those of `library.py` are.

    y = np.take(m, rows, axis=0)         ->      y = m[rows]
    y = m[np.triu_indices(3)]            ->      rows, columns = ...;  y = m[rows, columns]
"""

# mypy: allow-untyped-defs, allow-untyped-calls
from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from srcad.parse.along import check_axis_of, in_three
from srcad.parse.library import order_of


def take(a, indices, axis=None):
    if axis is None:
        return a.ravel()[indices]
    if axis == 0:
        return a[indices]
    if axis == 1:
        return a[:, indices]
    if axis == 2:
        return a[:, :, indices]
    if axis != -1:
        raise NotImplementedError("np.take along such an axis can't be read", "axis=0, 1, 2 or -1", "srcad")
    return a[..., indices]


def take_along_axis(arr, indices, axis):
    if arr.ndim != indices.ndim:
        raise NotImplementedError("np.take_along_axis of such indices can't be read", "indices[:, None]", "srcad")
    if arr.ndim == 1:
        return arr[indices]
    values, places = in_three(arr, axis), in_three(indices, axis)
    if values.shape[0] != places.shape[0] or values.shape[2] != places.shape[2]:
        raise ValueError("the array and the indices differ in shape beside the axis")
    out = np.empty(places.shape, dtype=arr.dtype)
    for i in range(places.shape[0]):
        for k in range(places.shape[1]):
            for j in range(places.shape[2]):
                out[i, k, j] = values[i, places[i, k, j], j]
    return out.reshape(indices.shape)


def put_along_axis(arr, indices, values, axis):
    """Stores in the array itself; `values` are spread over the shape of the indices."""
    if arr.ndim != indices.ndim or arr.ndim > 2:
        raise NotImplementedError("np.put_along_axis of such arrays can't be read", "a loop over the rows", "srcad")
    held = np.zeros(indices.shape) + values
    if arr.ndim == 1:
        for k in range(len(indices)):
            arr[indices[k]] = held[k]
    else:
        check_axis_of(arr, axis)
        if axis == 0 or axis == -2:
            put_in_rows(arr.T, indices.T, held.T)
        else:
            put_in_rows(arr, indices, held)


def put_in_rows(rows, indices, held):
    if indices.shape[0] != rows.shape[0]:
        raise ValueError("the array and the indices differ in shape beside the axis")
    for i in range(indices.shape[0]):
        for j in range(indices.shape[1]):
            rows[i, indices[i, j]] = held[i, j]


def compress_of(a, condition, axis=None):
    return compress(condition, a, axis)


def put(a, ind, v):
    if a.ndim != 1:
        raise NotImplementedError("np.put is read of a vector alone", "x[i, j] = v", "srcad")
    a[ind] = v


def putmask(a, mask, values):
    if np.ndim(values) == 0:
        a[mask] = values
    else:
        if values.shape != a.shape:
            raise ValueError("np.putmask is read of values of the array's own shape")
        a[mask] = values[mask]


def copyto(dst, src, where=True):
    if where is True:
        dst[...] = src
    else:
        dst[...] = np.where(where, src, dst)


def compress(condition, a, axis=None):
    if axis is None and a.ndim > 1:
        raise NotImplementedError("np.compress of a matrix needs an axis", "m[mask]", "srcad")
    if axis is None or axis == 0:
        return a[condition]
    if axis != 1:
        raise NotImplementedError("np.compress along such an axis can't be read", "axis=0 or 1", "srcad")
    return a[:, condition]


def extract(condition, arr):
    return arr.ravel()[condition.ravel()]


def partition(a, kth, axis=-1):
    """In order, which is one of the orders that it may have."""
    if a.ndim != 1:
        raise NotImplementedError("np.partition of a matrix can't be read", "np.sort(m, axis=1)", "srcad")
    return a[order_of(a)]


def argpartition(a, kth, axis=-1):
    if a.ndim != 1:
        raise NotImplementedError("np.argpartition of a matrix can't be read", "np.order_of(m, axis=1)", "srcad")
    return order_of(a)


def tril_indices(n, k=0, m=None):
    columns = n if m is None else m
    count = 0
    for i in range(n):
        count += min(max(i + k + 1, 0), columns)
    rows, across = np.empty(count, dtype=np.int64), np.empty(count, dtype=np.int64)
    at = 0
    for i in range(n):
        for j in range(min(max(i + k + 1, 0), columns)):
            rows[at] = i
            across[at] = j
            at += 1
    return rows, across


def triu_indices(n, k=0, m=None):
    columns = n if m is None else m
    count = 0
    for i in range(n):
        count += max(columns - max(i + k, 0), 0)
    rows, across = np.empty(count, dtype=np.int64), np.empty(count, dtype=np.int64)
    at = 0
    for i in range(n):
        for j in range(max(i + k, 0), columns):
            rows[at] = i
            across[at] = j
            at += 1
    return rows, across


def tril_indices_from(arr, k=0):
    return tril_indices(arr.shape[0], k, arr.shape[1])


def triu_indices_from(arr, k=0):
    return triu_indices(arr.shape[0], k, arr.shape[1])


def diag_indices(n, ndim=2):
    if ndim != 2:
        raise NotImplementedError("np.diag_indices is read of two dimensions", "np.diag_indices(n)", "srcad")
    return np.arange(n), np.arange(n)


def diag_indices_from(arr):
    return np.arange(arr.shape[0]), np.arange(arr.shape[0])


def ix_(*args):
    if len(args) != 2:
        raise NotImplementedError("np.ix_ is read of two arrays", "m[np.ix_(rows, columns)]", "srcad")
    return args[0][:, None], args[1][None, :]


def indices(dimensions):
    if not isinstance(dimensions, tuple) or len(dimensions) != 2:
        raise NotImplementedError("np.indices is read of two dimensions", "np.indices((n, m))", "srcad")
    n, m = dimensions
    out = np.empty((2, n, m), dtype=np.int64)
    for i in range(n):
        for j in range(m):
            out[0, i, j] = i
            out[1, i, j] = j
    return out


def unravel_index(indices, shape):
    if not isinstance(shape, tuple) or len(shape) != 2:
        raise NotImplementedError("np.unravel_index is read of two dimensions", "k // m, k % m", "srcad")
    return indices // shape[1], indices % shape[1]


def flatnonzero(a):
    flat = a.ravel()
    n = 0
    for v in flat:
        if v != 0:
            n += 1
    out = np.empty(n, dtype=np.int64)
    n = 0
    for i in range(len(flat)):
        if flat[i] != 0:
            out[n] = i
            n += 1
    return out


def nonzero(a):
    """The indices of what is not zero: a vector for each dimension."""
    places = flatnonzero(a)
    if a.ndim == 1:
        return (places,)
    if a.ndim == 2:
        return places // a.shape[1], places % a.shape[1]
    if a.ndim == 3:
        size = a.shape[1] * a.shape[2]
        return places // size, places % size // a.shape[2], places % a.shape[2]
    raise NotImplementedError("the places of such an array can't be read", "np.flatnonzero(x)", "srcad")


def argwhere(a):
    """The indices of what is not zero: a row for each."""
    places = nonzero(a)
    out = np.empty((len(places[0]), len(places)), dtype=np.int64)
    for k in range(len(places)):
        out[:, k] = places[k]
    return out


def item(a, i=None, j=None):
    """`a.item()`, `a.item(i)`, `a.item(i, j)`: a number."""
    if np.ndim(a) == 0:
        return a
    if j is not None:
        return a[i, j]
    flat = a.ravel()
    if i is None:
        if len(flat) != 1:
            raise ValueError("can only convert an array of size 1 to a Python scalar")
        return flat[0]
    return flat[i]


def put_flat(a, k, v):
    """`a.flat[k] = v`"""
    at = k + a.size if k < 0 else k
    if a.ndim == 1:
        a[at] = v
    elif a.ndim == 2:
        a[at // a.shape[1], at % a.shape[1]] = v
    elif a.ndim == 3:
        inner = a.shape[1] * a.shape[2]
        a[at // inner, at % inner // a.shape[2], at % a.shape[2]] = v
    else:
        raise NotImplementedError("this of so many dimensions can't be read", "x[i, j, k, l] = v", "srcad")


def isin(element, test_elements):
    flat, among = element.ravel(), test_elements.ravel()
    out = np.zeros(len(flat), dtype=np.bool_)
    for i in range(len(flat)):
        for v in among:
            if flat[i] == v:
                out[i] = True
    return out.reshape(element.shape)


def array_equal(a1, a2):
    if a1.ndim != a2.ndim:
        return False
    if a1.shape != a2.shape:
        return False
    return np.all(a1 == a2)


def unique(ar, return_index=False, return_inverse=False, return_counts=False):
    """The values in order, each once, with the derivative of the first of them."""
    flat = ar.ravel()
    order = order_of(flat)
    n = 0
    for k in range(len(flat)):
        if k == 0 or flat[order[k]] != flat[order[k - 1]]:
            n += 1
    first, counts = np.empty(n, dtype=np.int64), np.zeros(n, dtype=np.int64)
    inverse = np.empty(len(flat), dtype=np.int64)
    n = -1
    for k in range(len(flat)):
        if k == 0 or flat[order[k]] != flat[order[k - 1]]:
            n += 1
            first[n] = order[k]
        inverse[order[k]] = n
        counts[n] += 1
    values = flat[first]
    if return_index:
        if return_inverse or return_counts:
            raise NotImplementedError("np.unique with all this can't be read", "one call for each", "srcad")
        return values, first
    if return_inverse and return_counts:
        return values, inverse.reshape(ar.shape), counts
    if return_inverse:
        return values, inverse.reshape(ar.shape)
    if return_counts:
        return values, counts
    return values


FUNCTIONS: dict[Callable[..., Any], Callable[..., Any]] = {
    np.argpartition: argpartition, np.argwhere: argwhere, np.array_equal: array_equal,
    np.compress: compress, np.copyto: copyto,
    np.diag_indices: diag_indices, np.diag_indices_from: diag_indices_from, np.extract: extract,
    np.flatnonzero: flatnonzero, np.indices: indices, np.isin: isin, np.ix_: ix_, np.nonzero: nonzero,
    np.partition: partition, np.put: put, np.put_along_axis: put_along_axis, np.putmask: putmask, np.take: take,
    np.take_along_axis: take_along_axis, np.tril_indices: tril_indices, np.tril_indices_from: tril_indices_from,
    np.triu_indices: triu_indices, np.triu_indices_from: triu_indices_from, np.unique: unique,
    np.unravel_index: unravel_index,
}  # fmt: skip
METHODS: dict[str, Callable[..., Any]] = {
    "compress": compress_of, "item": item, "nonzero": nonzero, "put": put, "take": take,
}  # fmt: skip
