"""Elements picked by masks and by vectors of indices."""

import numpy as np

from . import Case, into

CASES: list[Case] = []
case = into(CASES)
V = np.array([1.0, -2.0, 0.5, 3.0, -1.0])
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
