"""Sorting, running sums, differences, contractions and ufuncs' methods along axes; `out=` and `where=`."""

import numpy as np

from . import Case, into

CASES: list[Case] = []
case = into(CASES)
V = np.array([0.3, 2.0, -1.1, 0.7, 0.8])
W = np.array([1.3, -0.4, 0.9])
M = 0.05 + np.sin(np.arange(12.0) ** 2).reshape(3, 4)
N = 0.07 + np.cos(np.arange(12.0) ** 2).reshape(3, 4)
Q = 0.05 + np.sin(np.arange(16.0) ** 2).reshape(4, 4)
T = 0.05 + np.cos(np.arange(24.0) ** 2).reshape(2, 3, 4)
U = np.sin(np.arange(16.0)).reshape(2, 4, 2)
K = np.array([0, 2, 0, 1, 2])
WEIGHTS = np.arange(12.0).reshape(3, 4)


@case(M, V)
def sorted_along_axes(m, v):
    s = np.sum(np.sort(m, axis=0) * WEIGHTS) + np.sum(np.sort(m) * WEIGHTS) + np.sort(m, axis=None)[3]
    r = m * 1.0
    r.sort(axis=0)
    order = np.argsort(m, axis=1)
    return s + np.sum(r * r * WEIGHTS) + np.sum(m[1][order[1]] * m[0]) + np.partition(v, 2)[2] * v[v.argsort()[0]]


@case(M, V)
def medians_along_axes(m, v):
    s = np.sum(np.median(m, axis=1) ** 2) + np.sum(np.median(m, axis=0, keepdims=True) * m)
    s += np.sum(np.quantile(m, 0.3, axis=0) * m[0]) + np.sum(np.percentile(v, [25.0, 70.0]) ** 2)
    s += np.sum(np.median(np.array([[1, 2], [4, 0]]), axis=0) * v[:2]) + np.sum(np.average(m, axis=-2, weights=W))
    return s + np.sum(np.percentile(m, 30.0, axis=1)) + np.quantile(v, np.array([0.2, 0.9]))[1]


@case(V, W, M)
def interpolated_at_arrays(v, w, m):
    places = np.array([-1.0, 0.2, 1.5])
    s = np.sum(np.interp(v, places, w) ** 2) + np.sum(np.interp(m, places, w) * m)
    s += np.sum(np.interp(v, places, w, left=0.0, right=w[0]) * v) + np.interp(0.4, places, w, right=2.0)
    return s + w[np.searchsorted(places, 0.3)] * np.sum(w[np.searchsorted(places[:2], v)]) + w[places.searchsorted(0.9)]


@case(M, V, T)
def running_along_axes(m, v, t):
    s = np.sum(np.cumsum(m, axis=0) ** 2) + np.sum(np.cumprod(m, axis=1) * m) + np.sum(m.cumsum(axis=-1) * WEIGHTS)
    s += np.sum(np.cumsum(t, axis=1)[:, 2] ** 2) + np.sum(np.maximum.accumulate(v) * np.arange(5.0))
    s += np.sum(np.minimum.accumulate(m, axis=1) * m) + np.sum(np.add.accumulate(v) * v)
    s += np.cumsum(m > 0.0, axis=0)[2, 1] * v[1] + np.sum(np.multiply.accumulate(v) * v)
    return s + np.sum(np.cumsum(v[::-1])[::-1] * v) + np.cumsum(m)[7] * m.cumsum()[3]


@case(M, V)
def reduced_by_ufuncs(m, v):
    s = np.add.reduce(v) * np.sum(np.add.reduce(m) ** 2) + np.sum(np.add.reduce(m, axis=1) * W)
    s += np.multiply.reduce(v) + np.sum(np.maximum.reduce(m, axis=1)) * np.minimum.reduce(v)
    s += np.add.reduce(m, axis=None)
    return s + np.logaddexp.reduce(v) + np.sum(np.logaddexp.reduce(m, axis=1, keepdims=True) * m)


@case(V, W, M)
def outer_of_ufuncs(v, w, m):
    d = np.subtract.outer(v, w)
    return np.sum(np.exp(-d * d)) + np.sum(np.multiply.outer(v, w) * d) + np.sum(np.outer(m, w) ** 2)


@case(V, W, M)
def scattered_by_ufuncs(v, w, m):
    r = w * w
    np.add.at(r, K, v)
    np.subtract.at(r, K[:2], 2.0 * v[0])
    np.multiply.at(r, K, v)
    np.add.at(r, 1, w[0])
    p = np.zeros((3, 4))
    np.add.at(p, K, m[K] * v[:, None])
    np.add.at(p, (K, K), v)
    np.maximum.at(r, K[2:], 0.1 * v[2:])
    return np.sum(r * r) + np.sum(p * p * m)


@case(M, N, Q, V)
def einsums(m, n, q, v):
    s = np.einsum("ij,ij->", m, n) * np.einsum("ii", q) + np.sum(np.einsum("ij,jk->ik", m, q) ** 2)
    s += np.sum(np.einsum("ij,kj->ik", m, n) * np.einsum("ij -> ji", m[:, :3])) + np.einsum("i,ij,j->", v[:4], q, v[1:])
    s += np.sum(np.einsum("ij,ij->i", m, n) * np.einsum("ij->i", n)) + np.sum(np.einsum("i,j->ij", v, v) ** 2)
    return s + np.sum(np.einsum("ii->i", q) ** 2) + np.sum(np.einsum("ij,jk", m, q, optimize=True)[1] * m[0])


@case(T, U, M)
def contracted(t, u, m):
    s = np.sum(np.einsum("bij,bjk->bik", t, u) ** 2) + np.sum(np.tensordot(t, m, axes=([1], [0])) ** 2)
    s += np.sum(np.tensordot(t, m, axes=([1, 2], [0, 1])) ** 3) + np.tensordot(m, m) * np.sum(np.tensordot(m, m.T, 1))
    return s + np.sum(np.tensordot(m[0], m[1], axes=0) ** 2) + np.sum(np.tensordot(t, u, axes=((0, 2), (0, 1))))


@case(M, N, V, W)
def products(m, n, v, w):
    s = np.sum(np.inner(m, n) ** 2) + np.sum(np.inner(m, v[:4])) + np.sum(np.kron(v, w) ** 2)
    s += np.vdot(m, n) * np.sum(np.cross(m[:, :3], n[:, 1:])) + np.sum(np.cross(m[:, :3], w) ** 2)
    return s + np.sum(np.matmul(m @ n.T, m)) + np.vdot(v[:3], w)


@case(M, V)
def differences(m, v):
    s = np.sum(np.diff(m, axis=0) ** 2) + np.sum(np.diff(m) ** 3) + np.sum(np.diff(v, n=2) ** 2) + np.diff(v, 3)[1]
    s += np.sum(np.gradient(v, 0.1) ** 2) + np.sum(np.gradient(m, axis=0) * m) + np.sum(np.ediff1d(m) ** 2)
    down, across = np.gradient(m)
    s += np.sum(down * across) + np.sum(np.gradient(v, np.array([0.0, 0.5, 0.7, 1.5, 2.0])) * v)
    return s + np.sum(np.trapezoid(m, axis=0) ** 2) + np.sum(np.trapezoid(m, v[:4] ** 2)) + np.trapezoid(v, dx=0.1)


@case(V, W, 0.7)
def polynomials(v, w, a):
    s = np.polyval(v, a) + np.sum(np.polyval(w, v)) + np.polyval([1.0, a, 2.0], 0.5) + np.sum(np.vander(v, 3) ** 2)
    s += np.sum(np.vander(w, increasing=True)[:, 1] * w) + np.sum(np.polymul(v, w) ** 2) + np.polyadd(v, w)[3]
    return s + np.polyder(v)[1] * np.polyint(w)[0] + np.polynomial.polynomial.polyval(a, w)


@case(V, 0.3)
def ranges(v, a):
    s = np.sum(np.linspace(a, v[1], 5, endpoint=False) * v) + np.sum(np.linspace(v[0], v[1], 7) ** 2)
    s += np.sum(np.logspace(0.0, a, 4, base=2.0)) + np.sum(np.geomspace(1.0, 2.0 + a, 5) * v)
    one, two, three = np.meshgrid(v, v[:2], v[1:4], indexing="ij")
    row, column = np.meshgrid(v, v[:3], indexing="ij")
    return s + np.sum(one * two * three) + np.sum(row * column**2)


@case(V, M)
def into_given_arrays(v, m):
    r = np.empty_like(v)
    np.multiply(v, v, out=r)
    np.add(r, v, r)
    e = np.exp(v, out=np.zeros_like(v), where=v > 0.5)
    q = np.divide(1.0, v, out=np.zeros_like(v), where=v > 0.0)
    p = np.zeros((3, 4))
    np.subtract(m[0], m[1], out=p[0])
    d = np.empty(3)
    np.sum(m, axis=1, out=d)
    np.log(r, out=r, where=r > 0.6)
    return np.sum(r * e) + np.sum(q * r) + np.sum(p * p) + np.sum(d**2)


@case(M, V, T)
def reductions_with_more_said(m, v, t):
    s = np.sum(v, where=v > 0.0) * np.sum(v, initial=1.5) + np.max(v, initial=0.3) + np.sum(v, dtype=np.float64)
    s += np.sum(np.sum(t, axis=(-1, -2)) ** 2) + np.sum(m / np.sum(m, keepdims=True)) + np.sum(v - v.max(keepdims=True))
    s += np.sum((v - np.max(v, axis=-1, keepdims=True)) * v) + np.var(v, axis=0) + np.mean(v, axis=0, dtype="float64")
    return s + np.sum(np.average(m, axis=0) * np.average(m, axis=1, weights=v[:4])[0]) + np.sum(np.ptp(m, axis=0) ** 2)


@case(np.where(np.arange(12).reshape(3, 4) % 5 == 2, np.nan, M), V)
def without_nans(m, v):
    s = np.sum(np.nansum(m, axis=0) ** 2) + np.sum(np.nanmean(m, axis=1)) * np.nanmax(m) + np.nanvar(m) + np.nanstd(m)
    s += np.sum(np.nanmin(m, axis=1) ** 2) + np.nanprod(m) + np.nanmedian(m) + np.nancumsum(m[0])[3]
    return s + m.ravel()[np.nanargmax(m)] * v[0] + np.sum(np.nan_to_num(m, nan=0.5) ** 2)


@case(M, V)
def spreads(m, v):
    s = np.sum(np.cov(m, bias=True) ** 2) + np.sum(np.cov(m, rowvar=False)[0]) + np.cov(v) + np.sum(np.cov(m, ddof=0))
    s += np.sum(np.count_nonzero(m > 0.0, axis=1) * m[:, 0]) + np.sum(np.heaviside(v, 0.5) * v)
    a, b = np.modf(v)
    q, r = np.divmod(v, 0.3)
    return s + np.sum(a * b) + np.sum(q * r) + np.sum(np.fix(v) * v) + np.sum(np.clip(v, min=0.1, max=0.9))


@case(M, V)
def arrays_of_rows(m, v):
    a = np.array([v[:4], v[1:] * v[1:], m[0]])
    b = np.array([[p * q for q in v] for p in m[0]])
    c = np.array([[p, p * p] for p in v])
    d = np.array([2.0 * row for row in m])
    e = np.stack([m[i] * v[i] for i in range(3)])
    v[0] = 3.0
    s = np.sum(np.concatenate(([v[0], v[1]], m[0], [1.0])) ** 2) + np.amax(m) * np.sum(np.amin(m, axis=0))
    return s + np.sum(a * m) + np.sum(b**2) + np.sum(c**3) + np.sum(d * e) + np.sum(np.array(v, copy=True) ** 2)


@case(V, W)
def histograms(v, w):
    counts, edges = np.histogram(v, bins=3)
    sums, _ = np.histogram(v, bins=4, range=(-2.0, 4.0), weights=v * v)
    return np.sum(counts * edges[1:]) + np.sum(sums**2) + np.sum(np.bincount(K, weights=v, minlength=5) ** 2)


@case(np.array([[0.6, -1.3, 2.0], [0.4, 0.8, -0.2]]))
def put_along_axes(m):
    x, y, flat = m * 2.0, m * 1.0, m[0] * m[1]
    np.put_along_axis(x, np.array([[1], [0]]), 7.0, axis=1)
    np.put_along_axis(y, np.array([[1, 0, -1], [0, 0, 0]]), m[:1] * m[1:], axis=0)
    np.put_along_axis(y, np.array([[1, 0, 2], [0, 1, 2]]), y, 1)
    np.put_along_axis(flat, np.array([1, -1, 1]), m[1] * 2.0, axis=0)
    return np.sum(x * x * m) + np.sum(y * y * np.arange(3)) + flat @ flat


@case(np.array([[0.6, -1.3, 2.0], [0.4, 0.8, -0.2]]))
def applied_along_axes(m):
    w = m[0, 0]

    def weighted(row, k):
        s = 0.0
        for x in row:
            if x < 0:
                continue
            s += x * w * k
        return s

    numbers = np.apply_along_axis(weighted, 0, m, 2.0) @ np.apply_along_axis(np.sum, 0, m)
    rows = np.apply_along_axis(lambda r: np.concatenate((r, r * r[0])), 1, m)
    columns = np.apply_along_axis(lambda c: c * c[1], -2, m)
    same = np.apply_along_axis(lambda r: r, 1, m)
    same[0, 0] = 5.0
    of_vector = np.apply_along_axis(lambda r: np.sum(r) * r[0], 0, m[1])
    return numbers * of_vector + np.sum(rows**2 * np.arange(6)) + np.sum(columns**2 * same)


@case(np.array([0.6, -1.3, 2.0, 0.4]))
def grids(v):
    x, y = np.meshgrid(v[:1], v)  # one column
    s = np.sum(x * y * y * np.arange(4)[:, None]) * x.shape[0]
    x, y = np.meshgrid(v, v[:1], indexing="ij")
    s += np.sum(x * y * y * np.arange(4)[:, None]) * x.shape[1]
    a, b = np.meshgrid(v, v[:2], sparse=True)
    c, d = np.meshgrid(v, v[:2], sparse=True, indexing="ij")
    x, y, z = np.meshgrid(v, v[:2], v[:3])
    return s + np.sum(a * b * b) * np.sum(c * d) + np.sum(x[0, 1, 0] * y * y * z) * x.shape[0]


@case(np.array([[0.6, -1.3, 2.0], [0.4, 0.8, -0.2]]))
def blocks(m):
    v = m[0]
    s = np.sum(np.block([[m, m * 2.0], [m * m, m]]) ** 2 * np.arange(12).reshape((1, 12))[:, :6])
    s += np.sum(np.block([v, v * 2.0]) ** 2 * np.arange(6)) * np.sum(np.block([m, m * m])[1] * np.arange(6))
    return s + np.sum(np.block([[v, v * 2.0], [v * v, v]]) ** 2 * np.arange(6))


@case(M, V)
def shapes_asked_of_numpy(m, v):
    rows, columns = np.shape(m)
    s = m[rows - 1, columns - 1] * np.size(v) + np.size(m, 1) * m[0, 1] + np.size(2.0) * v[0]
    return s * np.size(m) + np.size(m, axis=0) * np.shape(v)[0] * m[1, 0]
