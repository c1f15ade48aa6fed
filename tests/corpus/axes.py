"""Indices with `...` and with new axes, read and written: what they leave to the number of dimensions."""

import numpy as np
from numba import njit

from . import Case, into

CASES: list[Case] = []
case = into(CASES)
V = np.array([0.3, -0.2, 0.9])
W = np.array([1.1, 0.5, -0.7, 0.2])
M = np.array([[0.3, -0.2, 0.9], [0.4, 0.7, -0.5]])
T = np.arange(24.0).reshape(2, 3, 4) / 17 - 0.4


@case(M, T)
def ellipses_read(m, t):
    s = np.sum(m[..., 0] * m[1, ...][:2]) + m[...][1, 2] ** 2
    return s + np.sum(t[..., 1] * m) + np.sum(t[0, ..., 2] ** 2 * m[0]) + np.sum(t[1, ...] ** 3)


@case(M, V)
def ellipses_written(m, v):
    y = np.zeros((2, 3))
    y[..., 0] = m[:, 1] ** 2
    y[0, ...] *= v
    y[..., 1:] += m[..., :2]
    z = np.empty(3)
    z[...] = v[1]
    z[..., 2] = v[0] * z[0]
    m[...] = m * m
    return np.sum(y**2) + z @ v + m[0, 1]


@case(V, W)
def outer_product(v, w):
    grid = v[:, None] * w[None, :]
    grid += w
    return np.sum(grid**2) + np.sum(np.exp(v[:, np.newaxis] - w) * grid)


@case(M, V[:2].copy())
def rows_scaled(m, v):
    p = np.exp(m - m[:, 0][:, None])
    p = p / np.sum(p, axis=1)[:, None]
    return np.sum(p * m) + np.sum(p[1] * v[1]) + np.sum((v[:, None] * m).T[0])


@case(V.repeat(2).reshape(3, 2) * np.array([1.0, 0.7]), M.T.copy())
def pairwise(x, y):
    d = x[:, None, :] - y[None, :, :]
    r = np.sqrt(np.sum(d**2, axis=2) + 0.1)
    return np.sum(1.0 / r) + d[0, 1, 1] * r[2, 0]


@case(V, W)
def new_axes_kept(v, w):
    c, r = v[:, None], np.expand_dims(w, 0)
    c[1, 0] = v[0] * w[2]
    r = r * 2.0
    s = 0.0
    for row in c:
        s += row[0] ** 2 * r[0, 1]
    return s * v[1] + np.sum(c * r) + c.shape[1] * np.sum(np.expand_dims(v, axis=-1)[1:, 0])


@case(M, 0.7)
def written_through_new_axes(m, a):
    y = np.zeros((2, 3))
    y[:, None, :] += m[:, None, :] * a
    y[None, 0] *= a
    k = y[1][None, :]
    k[0, 1] = m[0, 2] * a
    k[...] *= m[1, 0]
    return np.sum(y**2)


@case(T)
def slices_with_new_axes(t):
    a = t[1:, None, ::2, 1]
    b = t[0, :2, None, :3]
    return np.sum(a**2) * np.sum(b[:, 0] * t[0, 0, 1:]) + np.sum(np.expand_dims(t[0], 1)[:, 0] ** 2)


@case(np.asfortranarray(M), M.T.copy()[::-1])
def other_layouts(f, a):
    return np.sum(f[:, None, :] * a[None, :, :][..., :1] ** 2) + np.sum(f.T[..., None] ** 3) + f[..., 1][0]


@njit
def centred(x):
    return x - np.mean(x)


@case(W)
def kernel_of_a_call(w):
    z = centred(w)
    k = np.exp(-((z[:, None] - z[None, :]) ** 2))
    return z @ k @ w


@case(V, 3)
def in_a_loop(v, n):
    m = np.zeros((3, 3))
    for k in range(n):
        m = m + v[:, None] * m[k][None, :] + np.outer(v, v)
        m[..., k] -= v[k]
    return np.sum(m)
