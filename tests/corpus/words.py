"""Functions and methods of NumPy, and builtins, that srcad has in the language itself."""

import numpy as np

from . import Case, into

CASES: list[Case] = []
case = into(CASES)
V = np.array([0.3, 2.0, -1.1, 0.7, 0.8])
M = np.sin(np.arange(15.0) ** 2).reshape(3, 5)
K = np.array([0, 1, 1, 2, 0])


@case(V)
def any_and_all(x):
    s = x[0] ** 2
    if any(v > 1.9 for v in x) and all(v > -5.0 for v in x if v != 0.0):
        s *= x.sum()
    if any([v > 3.0 for v in x]) or not all(x[:2] > 0.0):
        s += x[1]
    return s + any((False, x[0] > 0.0)) * x[3]


@case(M)
def any_of_pairs(m):
    n, k = m.shape
    if any(m[i, j] > 0.99 for i in range(n) for j in range(k) if i != j):
        return m[0, 1] ** 2
    return m[1, 1] if all(all(m[i, j] < 2.0 for j in range(k)) for i in range(n)) else 0.0


@case(V)
def any_that_guards(x):
    i = 0
    while not any(k == len(x) or x[k] > 1.0 for k in range(i, len(x) + 1)):
        i += 1
    return x[i] * x[1]


@case(V)
def in_order(x):
    s, t, u = sorted(x), sorted([v * v for v in x], reverse=True), sorted(v * 2.0 for v in x)
    w = sorted((x[1], x[0], x[2]))
    return s[0] * s[-1] + t[0] * t[1] + u[1] * w[0] + w[2]


@case(V, M)
def flattened_loops(x, m):
    s = 0.0
    for v in m.ravel():
        s += v * v
    for i, v in enumerate((m * x).flatten()):
        s += i * v**3
    for row in m.reshape(5, 3):
        s *= 1.0 + row[1]
    return s


@case(V)
def methods(x):
    y = x * x
    y.sort()
    o = x.argsort()
    s = (y * np.arange(5)).sum() + x[o[0]] * 3.0 + x[o][-1] * x[1]
    s += x.clip(-0.5, 1.0).sum() + x.clip(0.0).prod() + x.clip(max=1.0).sum() * x[3] + x.round(1).sum() * x[0]
    return s + x.take(np.array([1, 0])).prod() + x.take(2) ** 2 + x.repeat(2)[3] * x[4]


@case(V, 0.3, 0.81)
def quantiles(x, q, r):
    return np.percentile(x, 30.0) * np.quantile(x, q) + np.quantile(x * x, r) * np.ptp(x) + np.percentile(x, 100)


@case(V)
def means_and_integrals(x):
    s = np.average(x, weights=x * x) + np.average(x) + np.trapezoid(x * x, dx=0.1)
    return s + np.trapezoid(x, np.arange(5) * 0.5) * x[0] + (np.gradient(x) ** 2).sum() + np.trapezoid(x, x * x)


@case(V)
def convolutions(x):
    s = (np.convolve(x, x[:3]) ** 2).sum() + np.convolve(x, x[:2], "valid")[1] + np.convolve(x[:3], x, mode="same")[0]
    return s + (np.correlate(x, x[:2]) ** 3).sum() + np.correlate(x, x[:3], "full")[1] * np.inner(x, x)


@case(V, M, K)
def counts_and_places(x, m, k):
    s = (np.bincount(k, weights=x) ** 2).sum() + np.bincount(k)[0] * x[0] + np.bincount(k, x, 6)[5]
    s += (np.digitize(x, np.array([-1.0, 0.0, 1.0])) * x).sum() + x[np.nonzero(x > 0.0)[0]].sum()
    s += x[np.where(x > 0.5)[0]].prod() + x[np.flatnonzero(x < 0.0)].sum() ** 2
    return s + np.count_nonzero(x > 0.0) * x[1] + np.count_nonzero(m) * m[0, 2] + np.matmul(m, x) @ m[:, 1]


@case(M, V)
def covariances(m, x):
    s = np.cov(m)[0, 1] * np.corrcoef(m)[1, 2] + np.cov(x, m[0])[0, 1] + np.corrcoef(x, m[1])[0, 1]
    return s + np.linalg.norm(m, axis=1).prod() + np.linalg.norm(m, axis=0, keepdims=True)[0, 1]


@case(M, V)
def moved(m, x):
    s = (np.tril(m) * 2.0 + np.triu(m, 1) ** 2).sum() + (np.tril(m, -1) ** 3).sum() + np.triu(m, -1).sum()
    s += (np.kron(m[:2, :2], m[:2]) ** 2).sum() + (np.fliplr(m) * m).sum() + np.flipud(m)[0, 0] * m[1, 1]
    s += (np.repeat(x, 2) * np.arange(10)).sum() + (np.delete(x, 2) ** 2).sum() + np.delete(x, -1)[3] * np.take(m, 5)
    return s + np.identity(3)[1, 1] * x[0]


@case(V)
def grids(x):
    across, down = np.meshgrid(x[:3], x[1:])
    z = np.zeros((3, 3))
    np.fill_diagonal(z, x[0] * x[1])
    s = (across * down**2).sum() + (z * across[:3]).sum() + np.logspace(x[0], x[2], 4).sum()
    return s * (x[1] if np.allclose(x, x + 1e-12) else 0.0)


@case(np.array([0.3, np.nan, 2.0, -1.1]))
def without_nans(x):
    return np.nansum(x) ** 2 + np.nanmax(x) * np.nanmin(x) + np.nanmean(x)


@case(V, M)
def stacked(x, m):
    s = (np.vstack((x, x * x))[1] * x).sum() + (np.vstack((m, m * x, m[:1])) ** 2).sum()
    s += np.column_stack((x, x * x, x**3))[3] @ np.array([1.0, 2.0, 3.0]) + np.column_stack((m, m[:, 0]))[2, 5]
    s += (np.stack((x, x * x), axis=1)[:, 1] * x).sum() + (np.stack((x, -x))[1] * x).sum()
    return s + (np.stack((m, m * m), axis=-1)[1, :, 1]).sum() + (np.stack((m, m * m), axis=1)[1, 1] ** 2).sum()
