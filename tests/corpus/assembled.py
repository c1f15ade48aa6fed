"""Functions of NumPy that put arrays together from others' elements, and those that srcad has in Python."""

import numba
import numpy as np
from numba import njit, prange

from . import Case, into

CASES: list[Case] = []
case = into(CASES)
V = np.array([0.3, -0.2, 0.9, 0.4])
W = np.array([1.1, 0.5, -0.7, 0.2])
M = np.array([[0.3, -0.2, 0.9], [0.4, 0.7, -0.5]])


def gate(z):
    return 1.0 / (1.0 + np.exp(-z))


@case(np.arange(20.0).reshape(4, 5) / 13 - 0.6, V, M)
def cell_of_joined_input(w, b, xs):
    h = np.zeros(2)
    for x in xs:
        z = w @ np.concatenate((h, x)) + b
        h = gate(z[:2]) * h + np.tanh(z[2:])
    return h @ h


@case(V)
def rotated_by_joining(v):
    for k in range(3):
        v = np.concatenate((v[1:], v[:1] * (k + 2.0)))
    return v[0] * v[2] + v[3]


@case(M)
def joined_matrices(m):
    rows = np.concatenate((m, m[:1] ** 2, np.ones((1, 3))))
    columns = np.concatenate([m, m[:, 1:] * 2.0], axis=1) + np.hstack((m[:, :2], m))
    return np.sum(rows**2) + columns[0, 3] * columns[1, 4]


@case(V)
def appended(v):
    seen = np.zeros(0)
    for x in v:
        seen = np.append(seen, x * x)
    return seen @ np.append(v[1:], 2.0) + np.hstack((v, seen))[5]


@case(V, M)
def diagonals(v, m):
    d = np.diag(v)
    return np.diag(np.outer(v, v + 1.0)).sum() + (d @ v)[2] + np.diag(m)[1] * np.trace(m)


@case(V, W)
def running(v, w):
    c = np.cumsum(v * w)
    count = np.cumsum(v > 0.0)
    return np.sum(c * v) + c[-1] * count[3] + v.cumsum()[2] + np.cumprod(w)[3] * v[count[1]]


@case(V, W)
def products_and_norms(v, w):
    n = np.cross(v[1:], w[:3]) / np.linalg.norm(v)
    grid = np.outer(v, w[::2])
    return n @ v[:3] + np.linalg.norm(grid) + grid[2, 1] + np.linalg.norm(np.zeros(3) * v[0])


@case(V, W)
def differences_and_rolls(v, w):
    s = np.dot(v, np.roll(w, 1)) - np.dot(w, np.roll(v, -2))
    return s + np.sum(np.diff(v) ** 2 / np.diff(w)) + np.flip(v)[0] * s


@case(0.7, np.array([0.1, 0.5, 1.5, 2.0]), V)
def interpolated(x, xs, ys):
    s = 0.0
    for k in range(6):
        s += np.interp(x * k, xs, ys) ** 2
    return s + np.interp(xs[0], xs, ys)


@case(0.7, np.array([0.1, 0.5, 1.5, 2.0]), V)
def looked_up(x, xs, ys):
    k = np.searchsorted(xs, x) - 1
    last = np.searchsorted(xs, 1.2, side="right")
    t = (x - xs[k]) / (xs[k + 1] - xs[k])
    return ys[k] * (1.0 - t) + ys[k + 1] * t**2 + ys[last] * x


@case(V.astype(np.float32), 0.7)
def single_precision(v, a):
    w = np.concatenate((v, np.cumsum(v)))
    return np.sum(w * a) + np.linalg.norm(v) * a


@case(V)
def converted(v):
    k = (v * 10.0).astype(np.int64)
    w = np.array(v, dtype=np.float64)
    w[0] *= 3.0
    return np.sum(v.astype(np.float64) * k) + w @ v


@njit
def axis_of(v):
    if np.linalg.norm(v) < 1e-9:
        return np.zeros(3)
    return v / np.linalg.norm(v)


@case(M, V[:3].copy())
def frames(m, up):
    z = axis_of(m[0] - m[1])
    x = axis_of(np.cross(up, z))
    y = np.cross(z, x)
    return x[0] * y[1] + z[2] + axis_of(m[0] - m[0])[0]


@case(M)
def rows_in_parallel(m):
    n = np.zeros(m.shape[0])
    s = 0.0
    for i in prange(m.shape[0]):
        for j in numba.prange(1, m.shape[1]):
            n[i] += m[i, j] * m[i, j - 1]
        s += n[i] ** 2
    return s
