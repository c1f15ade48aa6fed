"""Arrays turned, tiled, padded, parted and joined; what is a view is written through."""

import numpy as np

from . import Case, into

CASES: list[Case] = []
case = into(CASES)
V = np.array([0.3, 2.0, -1.1, 0.7, 0.8])
M = 0.05 + np.sin(np.arange(12.0) ** 2).reshape(3, 4)
Q = 0.05 + np.sin(np.arange(9.0) ** 2).reshape(3, 3)
T = 0.05 + np.cos(np.arange(24.0) ** 2).reshape(2, 3, 4)


@case(T, M)
def transposed(t, m):
    u = t.transpose(1, 0, 2)
    u[0] *= u[1]
    w = np.transpose(t, axes=(2, 0, 1))
    w[0, 0] = m[:, 0]
    t[1, 1] *= u[2, 0]
    return np.sum(u[:, 1] * m) + np.sum(w * w * t.transpose((-1, 0, 1))) + np.sum(np.transpose(m) @ m)


@case(T, M)
def swapped(t, m):
    a = t.swapaxes(0, 2)
    a[1] += m[:, :2]
    b = np.swapaxes(t * 2.0, -1, -2)
    b[0, 0] = m[0, :3]
    c = np.moveaxis(t, 0, -1)
    c[0, :, 0] *= 2.0
    d = np.moveaxis(m, 1, 0)
    e = t[:, None].swapaxes(1, 3)
    return np.sum(a * a) + np.sum(b**2) + np.sum(c[:, :, 0] * d.T) + np.sum(m.swapaxes(0, 1) * d) + np.sum(e[1, 2] ** 2)


@case(M, V)
def turned(m, v):
    r = np.rot90(m)
    r[0] *= 2.0
    f = np.flip(m, axis=1)
    f[0, 0] = v[0]
    s = np.sum(np.rot90(m, 2) * m) + np.sum(np.rot90(m, k=-1) ** 2 * r) + np.sum(np.flip(m) * m**2)
    s += np.sum(np.flip(m, (0, 1))[:, 0] * m[:, 1]) + np.sum(np.flip(m, 0) * f) * np.flip(v)[1]
    return s + np.sum(np.roll(m, 1, axis=1) * m) + np.sum(np.roll(m, -1, axis=0) * np.roll(m, 3)) + np.roll(v, 2)[0]


@case(M, V, 0.7)
def tiled_and_repeated(m, v, a):
    s = np.sum(np.tile(v, 2) * np.arange(10.0)) + np.sum(np.tile(m, (2, 1))[3:] ** 2 * m)
    s += np.sum(np.tile(m, 2)[:, 3:7] * m)
    s += np.sum(np.tile(v, (3, 1))[1] * v) + np.sum(np.tile(a, 3)) ** 2
    s += np.sum(np.repeat(m, 2, axis=1)[:, ::2] * m) + np.sum(np.repeat(m, 2, axis=0)[1:4] * m) + np.repeat(m, 2)[3]
    return s + np.sum(np.repeat(v, np.array([0, 2, 1, 3, 0])) ** 2) + np.sum(v.repeat(2) * np.arange(10.0))


@case(M, V)
def padded(m, v):
    s = np.sum(np.pad(v, 2)[1:-1] ** 2)
    s += np.sum(np.pad(v, (1, 2), mode="constant", constant_values=1.5)[2:] * np.arange(6))
    for p in (np.pad(v, 2, "edge"), np.pad(v, 2, mode="wrap"), np.pad(v, 2, mode="reflect")):
        s += np.sum(p * p * np.arange(9.0))
    s += np.sum(np.pad(v, 2, mode="symmetric") ** 3)
    s += np.sum(np.pad(m, 1)[:-2, 2:] * m) + np.sum(np.pad(m, ((1, 0), (2, 1)))[:3, :4] * m)
    return s + np.sum(np.pad(m, 1, mode="edge") ** 3)


@case(M, V)
def parted(m, v):
    a, b = np.split(v[:4], 2)
    a[0] *= 3.0
    c, d, e = np.split(m, [1, 2])
    f, g = np.hsplit(m, 2)
    f[0, 0] = v[1]
    h, i = np.array_split(v, 2)
    (j,) = np.vsplit(m, 1)
    return np.sum(a * b) + np.sum(c * d * e) + np.sum(f * g) + h[2] * i[1] + np.sum(j**2) + v[0]


@case(M, V, 0.4)
def joined(m, v, a):
    s = np.sum(np.r_[v, a, 1.0, v[:2]] ** 2 * np.arange(9.0)) + np.sum(np.c_[v, v * v] ** 2)
    s += np.sum(np.append(m, m[:1], axis=0)[1:] * m) + np.sum(np.dstack((m, m * m)) ** 2)
    s += np.insert(v, 1, a)[1] * np.insert(v, -1, a)[4] * np.insert(v, 5, 2.0)[0]
    return s + np.sum(np.delete(m, 1, axis=0) * m[:2]) + np.sum(np.delete(m, -1, axis=1) ** 2) + np.delete(v, 2)[2]


@case(M, Q, V)
def diagonals(m, q, v):
    s = np.trace(q, offset=1) ** 2 + np.sum(np.diag(m, 1) * np.diag(m, -1)[0]) + np.sum(np.diag(v, k=-1)[1:, :-1] ** 2)
    r = q * 2.0
    np.fill_diagonal(r, v[:3])
    s += np.sum(q.diagonal() * np.diagonal(m)) + np.sum(np.diagflat(q[:, 0]) * q) + m.trace(-1)
    d, e = r.diagonal(), np.diagonal(m, -1)
    r[0, 0] = 2.0 * v[1]
    s += np.sum(d * d) + np.sum(e * m.diagonal(2))
    return s + np.sum(r * r) + np.sum(np.tri(3, 4, 1) * m) + np.sum(np.eye(3, k=1) * q)


@case(M, V)
def orders(m, v):
    s = np.sum(m.ravel(order="F") * np.arange(12.0)) * np.sum(m.flatten("F")[:5] * v)
    r = m.reshape((4, 3), order="F") * v[0]
    s += np.sum(np.reshape(m, (6, 2), order="F") ** 2 * np.arange(12.0).reshape(6, 2)) + np.ravel(m, order="C")[3]
    return s + np.sum(r * m.reshape(4, 3))


@case(M, V, 0.4)
def more_and_fewer_axes(m, v, a):
    s = np.sum(np.atleast_1d(a) * v) + np.sum(np.atleast_2d(v)[0] * np.atleast_1d(v)) + np.atleast_2d(m)[0, 1]
    w = np.squeeze(m[:1], axis=0)
    w[1] *= 2.0
    s += np.sum(w * w) + np.sum(np.squeeze(m[:, 1:2], axis=1) ** 2)
    return s + m[:, :1].squeeze(1)[2] * m[:1].squeeze(axis=0)[0]
