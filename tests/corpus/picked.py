"""Elements picked by masks and by vectors of indices."""

import numpy as np

from . import Case, into

CASES: list[Case] = []
case = into(CASES)
V = np.array([1.0, -2.0, 0.5, 3.0, -1.5])
M = np.array([[0.3, -0.2, 0.9], [0.4, 0.7, -0.5]])


@case(V, M[:, :2].copy())
def rectified(v, w):
    y = w[0, 0] * v + w[1, 1]
    y[y < 0.0] = 0.0
    z = np.dot(np.array([y[0], y[3]]), w)
    z[z > 2.0] *= w[0, 1]
    return z @ z + y.sum()


@case(V, 1.3)
def two_masks(v, s):
    m = v > 0.7
    y = v * v
    y[m] *= s
    y[~m] += v[0]
    y[y > 4.0] = s * s
    return np.sum(y**2)


@case(M, 0.7)
def masked_matrix(m, s):
    for k in range(3):
        m[m > 0.6] = s * m[0, k]
    return np.sum(m * m)


@case(V)
def chosen_by_mask(v):
    y = v[v > 0.0] * 2.0
    z = v[~(v > 0.0)]
    return y.sum() * z[0] + len(y) * v[0] + np.mean(v[v < 0.7] ** 2)


@case(V)
def none_or_all(v):
    none = v[v > 9.0]
    v = v[v < 9.0]
    return np.sum(none) + v[4] * v[0] + len(none)


@case(V, np.array([2, 0, 2, -1]))
def gathered(v, order):
    s = np.sum(v[order] ** 2) + v[order][1]
    v = v[order]
    v = v[order[:3]]
    return s * v[2] * v[0]


@case(M, np.array([1, 0, 1]))
def gathered_rows(m, which):
    rows = m[which]
    rows[0] *= 3.0
    return np.sum(rows**3) + m[which][0, 1] + m[1, 2]


@case(V, 0.7)
def stored_by_mask(v, a):
    y = np.zeros(5)
    m = v > 0.0
    y[m] = v[m] ** 2
    y[~m] += v[~m] * a
    y[m] *= y[m]
    w = np.array([a, a * a, v[1]])
    y[m] -= w
    y[v > 0.7] = y[3:]
    return np.sum(y * y) + y[0] * v[1]


@case(M, 0.7)
def masks_of_matrices(m, a):
    high = m.ravel()[(m > 0.1).ravel()]
    s = np.sum(high**2) * high[1]
    y = np.zeros((2, 3))
    for k in range(2):
        row = y[k]
        row[m[k] > 0.0] = high[: np.sum(m[k] > 0.0)] * a
        row[row > 0.5] += row[row > 0.5] * (k + 1.0)
    return s + np.sum(y**3)


@case(V)
def norms(v):
    s = np.linalg.norm(v, 1) * np.linalg.norm(v, np.inf) + np.linalg.norm(v * v, ord=2)
    return s + np.linalg.norm(v[1:4], ord=1)


@case(V, M)
def sorted_vectors(v, m):
    s = np.sort(v)
    t = np.sort(m[:, 1] * s[1])
    order = np.argsort(v * v)
    return s[0] * s[3] + t[1] ** 2 + v[order[-1]] * v[order][0]


@case(V, M)
def medians(v, m):
    return np.median(v) * np.median(v[:4] ** 2) + np.median(m) + np.median(m[:, :1] * v[0])


@case(V, 3)
def sorted_again_and_again(v, n):
    s = 0.0
    for k in range(n):
        order = np.argsort(v)
        v[order[k]] = v[order[k + 1]] * v[order[4]] + 0.1 * k
        v = np.sort(v) * 0.9
        s += v[0] * v[order[2]] + np.median(v[k:])
    return s


ORDER = np.array([2, 0, 2, -1])


@case(V, ORDER)
def scattered(v, order):
    z = v * v
    z[order] = v[:4] * 2.0
    z[order] += v[1:]
    z[order] *= z[order]
    z[order[:2]] = v[0]
    z[order[1:]] -= 1.5 * v[1]
    return (z * v).sum()


@case(V, ORDER)
def scattered_over_itself(v, order):
    v[order] = v[:4]
    v[order] = v[order] * v[order][::-1]
    return (v * np.arange(5)).sum()


@case(np.sin(np.arange(12.0)).reshape(4, 3), V, ORDER)
def scattered_rows(m, v, order):
    z = m * 2.0
    z[order[:2]] = m[1]
    z[order[1:3]] *= m[:2]
    z[order[:1]] -= v[0]
    z[[1, 3]] = m[:2] * m[2:]
    z[[0, 2]] = z[[2, 0]]
    return (z * z * m).sum() + z[[1]][0, 2] * v[[0, 2]].sum()


@case(np.array([0.5, -1.5, 2.0]), np.array([0.4, 1.3, -0.2, 0.9]), np.array([3, 0, 1]))
def picked_and_compared(x, y, idx):
    near = y[idx] > 0.3
    x += y[idx] < x
    z = np.where(y[idx] * 2.0 > x, x * y[idx], x)
    if np.any(y[y > 0.5] > 1.0):
        z *= y[1]
    return (near * x * y[idx]).sum() + z.sum()
