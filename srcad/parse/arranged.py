"""Functions of NumPy that turn, pad, tile and part arrays, in the language itself as those of `library.py` are.

    y = np.rot90(m)      ->      y = m.T[::-1]
    y = np.pad(x, 1)     ->      y = np.empty(len(x) + 2);  for i in range(len(y)):  y[i] = x[i - 1] or 0.0

What NumPy gives as a view is a view here too, so that what is written to one is seen in the other.
"""

# mypy: allow-untyped-defs, allow-untyped-calls
from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from srcad.parse.along import check_axis, in_three
from srcad.parse.library import there


def of_block(a):
    if np.ndim(a) != 1 and np.ndim(a) != 2:
        raise NotImplementedError("np.block is read of vectors and matrices", "np.full((1, 1), x) of a number", "srcad")
    return a


def atleast_1d(a):
    if np.ndim(a) == 0:
        return np.array([a])
    return a


def atleast_2d(a):
    if np.ndim(a) == 0:
        return np.array([[a]])
    if np.ndim(a) == 1:
        return a[None, :]
    return a


def flip(m, axis=None):
    if isinstance(axis, tuple):
        if len(axis) != 2:
            raise NotImplementedError("np.flip along such axes can't be read", "one axis after the other", "srcad")
        return flipped(flipped(m, axis[0]), axis[1])
    if axis is None:
        if m.ndim == 1:
            return m[::-1]
        if m.ndim == 2:
            return m[::-1, ::-1]
        if m.ndim == 3:
            return m[::-1, ::-1, ::-1]
        raise NotImplementedError("np.flip of such an array can't be read", "np.flip(x, axis=0)", "srcad")
    return flipped(m, axis)


def flipped(m, axis):
    if axis == 0:
        return m[::-1]
    if axis == 1:
        return m[:, ::-1]
    if axis == 2:
        return m[:, :, ::-1]
    if axis == -2:
        return m[..., ::-1, :]
    if axis != -1:
        raise NotImplementedError("this along such an axis can't be read", "a number from -2 to 2", "srcad")
    return m[..., ::-1]


def moveaxis(a, source, destination):
    if a.ndim == 2:
        if source % 2 == destination % 2:
            return a
        return a.T
    if a.ndim == 3:
        return moved_of_three(a, source % 3, destination % 3)
    raise NotImplementedError("np.moveaxis of such an array can't be read", "x.transpose(1, 0, 2, 3)", "srcad")


def moved_of_three(a, source, destination):
    if source == destination:
        return a
    if source + destination == 1:
        return a.transpose(1, 0, 2)
    if source + destination == 3:
        return a.transpose(0, 2, 1)
    if source == 0:
        return a.transpose(1, 2, 0)
    return a.transpose(2, 0, 1)


def swapaxes(a, axis1, axis2):
    if a.ndim == 2:
        if axis1 % 2 == axis2 % 2:
            return a
        return a.T
    if a.ndim == 3:
        return swapped_of_three(a, axis1 % 3, axis2 % 3)
    if a.ndim == 4:
        return swapped_of_four(a, axis1 % 4, axis2 % 4)
    raise NotImplementedError("np.swapaxes of such an array can't be read", "x.transpose(1, 0, 2)", "srcad")


def swapped_of_three(a, p, q):
    if p == q:
        return a
    if p + q == 1:
        return a.transpose(1, 0, 2)
    if p + q == 2:
        return a.transpose(2, 1, 0)
    return a.transpose(0, 2, 1)


def swapped_of_four(a, p, q):
    if p == q:
        return a
    if p + q == 1:
        return a.transpose(1, 0, 2, 3)
    if p + q == 2:
        return a.transpose(2, 1, 0, 3)
    if p + q == 4:
        return a.transpose(0, 3, 2, 1)
    if p + q == 5:
        return a.transpose(0, 1, 3, 2)
    if p * q == 0:
        return a.transpose(3, 1, 2, 0)
    return a.transpose(0, 2, 1, 3)


def rot90(m, k=1):
    """A view: turned by `k` quarters, from the first axis towards the second."""
    if m.ndim != 2:
        raise NotImplementedError("np.rot90 is read of a matrix alone", "a matrix", "srcad")
    if k % 4 == 0:
        return m[:]
    if k % 4 == 1:
        return m.T[::-1]
    if k % 4 == 2:
        return m[::-1, ::-1]
    return m.T[:, ::-1]


def squeeze(a, axis=None):
    """Without an axis of extent one, which has to be named: types count dimensions."""
    if axis is None:
        raise NotImplementedError("squeeze without an axis leaves dimensions that nobody counted", "axis=0", "srcad")
    if a.ndim == 1:
        raise NotImplementedError("np.squeeze of a vector can't be read", "x[0]", "srcad")
    if a.shape[axis] != 1:
        raise ValueError("cannot select an axis to squeeze out which has size not equal to one")
    if axis == 0:
        return a[0]
    if axis == 1:
        return a[:, 0]
    if axis == 2:
        return a[:, :, 0]
    if axis != -1:
        raise NotImplementedError("this along such an axis can't be read", "a number from -1 to 2", "srcad")
    return a[..., 0]


def ravel(a, order="C"):
    if order == "C":
        return a.ravel()
    if order != "F":
        raise NotImplementedError("such an order can't be read", '"C" or "F"', "srcad")
    return a.T.ravel()


def flatten(a, order="C"):
    if order == "C":
        return a.flatten()
    if order != "F":
        raise NotImplementedError("such an order can't be read", '"C" or "F"', "srcad")
    return a.T.flatten()


def reshape(a, shape, order="C"):
    if order == "C":
        return a.reshape(shape)
    if order != "F" or not isinstance(shape, tuple):
        raise NotImplementedError("such an order can't be read", 'x.reshape((n, m), order="F")', "srcad")
    return a.T.reshape(shape[::-1]).T


def diagonal(a, offset=0):
    """A view, of every so manieth element of the matrix in a row."""
    if a.ndim != 2:
        raise NotImplementedError("the diagonal is read of a matrix alone", "a matrix", "srcad")
    row, column = max(-offset, 0), max(offset, 0)
    n = max(min(a.shape[0] - row, a.shape[1] - column), 0)
    return a.reshape(-1)[row * a.shape[1] + column :: a.shape[1] + 1][:n]


def diag(v, k=0):
    if v.ndim == 2:
        return diagonal(v, k)
    if v.ndim != 1:
        raise NotImplementedError("np.diag is read of a vector or a matrix", "a vector or a matrix", "srcad")
    return diagflat(v, k)


def diagflat(v, k=0):
    flat = v.ravel()
    out = np.zeros((len(flat) + abs(k), len(flat) + abs(k)), dtype=v.dtype)
    for i in range(len(flat)):
        out[i + max(-k, 0), i + max(k, 0)] = flat[i]
    return out


def trace(a, offset=0):
    if a.ndim != 2:
        raise NotImplementedError("the trace is read of a matrix alone", "a matrix", "srcad")
    total = 0.0
    row, column = max(-offset, 0), max(offset, 0)
    for i in range(min(a.shape[0] - row, a.shape[1] - column)):
        total += a[row + i, column + i]
    return total


def tri(N, M=None, k=0, dtype=None):
    columns = N if M is None else M
    out = np.zeros((N, columns))
    for i in range(N):
        for j in range(min(max(i + k + 1, 0), columns)):
            out[i, j] = 1.0
    return out


def tile(a, reps):
    if isinstance(reps, tuple):
        if len(reps) == 1:
            return tiled(a, reps[0])
        if len(reps) != 2:
            raise NotImplementedError("np.tile so often can't be read", "np.tile(m, (2, 3))", "srcad")
        if np.ndim(a) == 0:
            return np.full(reps, a)
        if np.ndim(a) == 1:
            return tiled_matrix(a[None, :], reps[0], reps[1])
        return tiled_matrix(a, reps[0], reps[1])
    return tiled(a, reps)


def tiled(a, reps):
    if np.ndim(a) == 0:
        return np.full(reps, a)
    if np.ndim(a) == 1:
        n = len(a)
        out = np.empty(n * reps, dtype=a.dtype)
        for k in range(reps):
            for i in range(n):
                out[k * n + i] = a[i]
        return out
    return tiled_matrix(a, 1, reps)


def tiled_matrix(m, down, across):
    if m.ndim != 2:
        raise NotImplementedError("np.tile is read of vectors and matrices", "a vector or a matrix", "srcad")
    p, q = m.shape
    out = np.empty((p * down, q * across), dtype=m.dtype)
    for i in range(p * down):
        for j in range(q * across):
            out[i, j] = m[i % p, j % q]
    return out


def repeat(a, repeats, axis=None):
    """Each element, or what lies at each place along the axis, `repeats` times: a number, or one for each."""
    if np.ndim(a) == 0:
        return np.full(repeats, a)
    if axis is None:
        return repeated(a.ravel(), repeats)
    if a.ndim == 1:
        check_axis(axis)
        return repeated(a, repeats)
    parts = in_three(a, axis)
    places = repeated(np.arange(parts.shape[1]), repeats)
    if axis == 0:
        return a[places]
    if axis == 1:
        return a[:, places]
    if axis != -1:
        raise NotImplementedError("np.repeat along such an axis can't be read", "axis=0, 1 or -1", "srcad")
    return a[..., places]


def repeated(a, repeats):
    if np.ndim(repeats) == 0:
        out = np.empty(len(a) * repeats, dtype=a.dtype)
        for i in range(len(a)):
            for k in range(repeats):
                out[i * repeats + k] = a[i]
        return out
    if len(repeats) != len(a):
        raise ValueError("operands could not be broadcast together")
    n = 0
    for r in repeats:
        n += r
    out = np.empty(n, dtype=a.dtype)
    n = 0
    for i in range(len(a)):
        for _ in range(repeats[i]):
            out[n] = a[i]
            n += 1
    return out


def roll(a, shift, axis=None):
    if isinstance(axis, tuple):
        if len(axis) != 2 or not isinstance(shift, tuple):
            raise NotImplementedError("np.roll along such axes can't be read", "one axis after the other", "srcad")
        return rolled(rolled(a, shift[0], axis[0]), shift[1], axis[1])
    if axis is None and a.ndim > 1:
        return rolled(a.ravel(), shift, 0).reshape(a.shape)
    if axis is None:
        return rolled(a, shift, 0)
    return rolled(a, shift, axis)


def rolled(a, shift, axis):
    if a.ndim == 1:
        out = np.empty_like(a)
        for i in range(len(a)):
            out[(i + shift) % len(a)] = a[i]
        return out
    parts = in_three(a, axis)
    n = parts.shape[1]
    out = np.empty_like(parts)
    for i in range(parts.shape[0]):
        for k in range(n):
            for j in range(parts.shape[2]):
                out[i, (k + shift) % n, j] = parts[i, k, j]
    return out.reshape(a.shape)


def pad(array, pad_width, mode="constant", constant_values=0):
    if mode != "constant" and mode != "edge" and mode != "wrap" and mode != "reflect" and mode != "symmetric":
        raise NotImplementedError("such a mode can't be read", "constant, edge, wrap, reflect or symmetric", "srcad")
    if array.ndim > 2:
        raise NotImplementedError("np.pad is read of vectors and matrices", "a vector or a matrix", "srcad")
    if not isinstance(pad_width, tuple):
        return padded(array, pad_width, pad_width, pad_width, pad_width, mode, constant_values)
    if len(pad_width) != 2:
        raise NotImplementedError("such widths can't be read", "np.pad(x, (1, 2))", "srcad")
    if not isinstance(pad_width[0], tuple):
        return padded(array, pad_width[0], pad_width[1], pad_width[0], pad_width[1], mode, constant_values)
    rows, columns = pad_width
    return padded(array, rows[0], rows[1], columns[0], columns[1], mode, constant_values)


def padded(a, above, below, before, behind, mode, value):
    """A matrix with so many rows above and below and columns before and behind it, or a vector with the elements."""
    if a.ndim == 1:
        n = len(a)
        out = np.empty(n + before + behind, dtype=a.dtype)
        for i in range(len(out)):
            if mode == "constant":
                out[i] = a[i - before] if before <= i < n + before else value
            else:
                out[i] = a[source(i - before, n, mode)]
        return out
    n, m = a.shape
    out = np.empty((n + above + below, m + before + behind), dtype=a.dtype)
    for i in range(out.shape[0]):
        for j in range(out.shape[1]):
            if mode == "constant":
                inside = above <= i < n + above and before <= j < m + before
                out[i, j] = a[i - above, j - before] if inside else value
            else:
                out[i, j] = a[source(i - above, n, mode), source(j - before, m, mode)]
    return out


def source(i, n, mode):
    """Which of `n` elements stands at the place `i`, which may lie outside of them."""
    if mode == "edge":
        return min(max(i, 0), n - 1)
    if mode == "wrap":
        return i % n
    if mode == "symmetric":
        k = i % (2 * n)
        return k if k < n else 2 * n - 1 - k
    period = max(2 * (n - 1), 1)
    k = i % period
    return k if k < n else period - k


def section(a, k, n, axis, even):
    """The part `k` of `n` along the axis, a view."""
    size = a.shape[axis]
    if even and size % n != 0:
        raise ValueError("array split does not result in an equal division")
    start = k * (size // n) + min(k, size % n)
    return between(a, start, start + size // n + (1 if k < size % n else 0), axis)


def between(a, start, stop, axis):
    if axis == 0:
        return a[start:stop]
    if axis == 1:
        return a[:, start:stop]
    if axis != -1:
        raise NotImplementedError("a split along such an axis can't be read", "axis=0, 1 or -1", "srcad")
    return a[..., start:stop]


def insert(arr, obj, values, axis=None):
    """The vector with one more element, before that at `obj`."""
    if arr.ndim != 1 or np.ndim(obj) != 0 or np.ndim(values) != 0:
        raise NotImplementedError("np.insert is read of one element into a vector", "np.concatenate", "srcad")
    n = len(arr)
    if obj < -n or obj > n:
        raise IndexError("index is out of bounds")
    place = obj + n if obj < 0 else obj
    out = np.empty(n + 1, dtype=arr.dtype)
    for i in range(n + 1):
        if i < place:
            out[i] = arr[i]
        elif i == place:
            out[i] = values
        else:
            out[i] = arr[i - 1]
    return out


def delete(arr, obj, axis=None):
    """Without the element, the row or the column at `obj`, a number."""
    if np.ndim(obj) != 0 or arr.ndim > 2 or (axis is None and arr.ndim > 1):
        raise NotImplementedError("np.delete is read of one element, row or column", "m[those that stay]", "srcad")
    if axis is None or axis == 0 or axis == -arr.ndim:
        return arr[others(len(arr), obj)]
    return arr[:, others(arr.shape[1], obj)]


def others(n, index):
    """The numbers below `n` but for `index`."""
    if index < -n or index >= n:
        raise IndexError("index is out of bounds")
    out = np.empty(n - 1, dtype=np.int64)
    for i in range(n - 1):
        out[i] = i if i < index % n else i + 1
    return out


def fill_diagonal(a, val):
    if a.ndim != 2:
        raise NotImplementedError("np.fill_diagonal is read of a matrix alone", "a loop", "srcad")
    for i in range(min(a.shape[0], a.shape[1])):
        if np.ndim(val) == 0:
            a[i, i] = val
        else:
            a[i, i] = val[i % len(val)]


def dstack(arrays):
    if not isinstance(arrays, tuple) or len(arrays) != 2 or np.ndim(arrays[0]) != 2:
        raise NotImplementedError("np.dstack is read of two matrices", "np.stack((a, b), axis=2)", "srcad")
    return np.stack((arrays[0], arrays[1]), axis=2)


FUNCTIONS: dict[Callable[..., Any], Callable[..., Any]] = {
    np.atleast_1d: atleast_1d, np.atleast_2d: atleast_2d, np.delete: delete, np.diagflat: diagflat,
    np.diagonal: diagonal, np.dstack: dstack, np.fill_diagonal: fill_diagonal, np.flip: flip, np.insert: insert,
    np.moveaxis: moveaxis, np.pad: pad, np.repeat: repeat, np.roll: roll, np.rot90: rot90, np.squeeze: squeeze,
    np.swapaxes: swapaxes, np.tile: tile, np.trace: trace, np.tri: tri,
    **there(np.linalg, diagonal=diagonal, trace=trace),
}  # fmt: skip
METHODS: dict[str, Callable[..., Any]] = {
    "diagonal": diagonal, "repeat": repeat, "squeeze": squeeze, "swapaxes": swapaxes, "trace": trace,
}  # fmt: skip
