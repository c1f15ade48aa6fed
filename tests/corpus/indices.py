"""Elements and rows picked by several arrays of indices, by masks of matrices and by tuples, read and stored."""

import numpy as np

from . import Case, into

CASES: list[Case] = []
case = into(CASES)
V = np.array([0.3, 2.0, -1.1, 0.7, 0.8])
W = np.array([1.3, -0.4, 0.9])
M = 0.05 + np.sin(np.arange(12.0) ** 2).reshape(3, 4)
T = 0.05 + np.cos(np.arange(24.0) ** 2).reshape(2, 3, 4)
LABELS = np.array([2, 0, 3])
ROWS = np.array([1, 0, -1])
PAIR = np.array([1, 0])
SQUARE = np.array([[0, 2], [1, 1]])
MASK = M > 0.2


@case(M, LABELS)
def cross_entropy(m, labels):
    n = m.shape[0]
    shifted = m - m.max(axis=1, keepdims=True)
    log_p = shifted - np.log(np.sum(np.exp(shifted), axis=1, keepdims=True))
    return -np.mean(log_p[np.arange(n), labels])


@case(M, LABELS)
def softmax_without_one_hot(m, labels):
    p = np.exp(m) / np.exp(m).sum(axis=1)[:, None]
    p[np.arange(len(labels)), labels] -= 1.0
    return np.sum(p * p * m)


@case(M, W, ROWS, LABELS)
def pairs_stored(m, w, rows, labels):
    r = m * m
    r[rows, labels] = w
    r[rows, labels] *= w * m[rows, labels]
    r[rows[:2], 1] += m[0, 0]
    r[2, labels] = r[1, labels]
    r[[0, 1], [1, 0]] -= w[0]
    return np.sum(r * r * m) + np.sum(m[1, labels] * m[rows, 0])


@case(T, PAIR, ROWS, SQUARE)
def of_three_axes(t, pair, rows, square):
    s = np.sum(t[pair, pair] ** 2) + np.sum(t[:, rows, 1] * t[0, rows, 2]) + np.sum(t[pair, :, pair] ** 3)
    s += np.sum(t[..., square] ** 2) * np.sum(t[1, square, 1:3] * t[0, square, ::2])
    return s + np.sum(t[pair[:, None], rows] ** 2) + np.sum(t[1][:, pair] * t[0, :, pair].T)


@case(T, PAIR, SQUARE)
def stored_on_three_axes(t, pair, square):
    r = t * 2.0
    r[pair, :, pair] = t[:, :, 1]
    r[:, pair] *= t[:, 1:]
    r[0, square, 1] = t[1, :2, :2]
    r[..., pair] += t[:, :, 2:] * r[..., pair]
    r[1, 1:, [0, 3]] = t[0, :2, :2]
    return np.sum(r * r * t)


@case(M, V, SQUARE)
def columns_and_squares(m, v, square):
    r = m[:, [3, 1, 1]] * m[:, SQUARE[0]][:, :1]
    r[:, [0, 2]] = r[:, [2, 0]]
    q = m[[0, 2], 1:3] * v[square]
    return np.sum(r**2) + np.sum(q * v[square] * m[square][:, :, 0]) + np.sum(m[ROWS][:, LABELS] * r)


@case(M, W, MASK)
def masks_of_matrices(m, w, mask):
    r = m * m
    r[mask] *= 3.0 * m[mask]
    r[~mask] = w[0]
    r[m < 0.0] += m[m < 0.0] * w[1]
    return np.sum(m[mask] ** 2) * np.sum(r[r > 0.3]) + np.prod(m[mask][:2]) + np.sum(r[1:][mask[1:]])


@case(M, W, np.array([True, False, True]), np.array([True, True, False, True]))
def masks_beside_slices(m, w, rows, columns):
    r = m * 2.0
    r[rows] = m[rows] * w[1]
    r[rows] += m[1]
    r[:, columns] *= m[:, columns]
    r[1, columns] -= w
    r[rows, 1:3] = w[0] * m[:2, :2]
    r[rows, [0, 1]] = w[:2]
    return np.sum(r * r) + np.sum(m[rows] ** 3) + np.sum(m[1, columns] * w) + np.sum(m[:, columns][rows])


@case(M, (1, 2), ((0, 1), (2, 3)))
def tuples_as_indices(m, ij, pairs):
    r = m * m
    r[ij] = 0.5 * m[0, 0]
    r[ij] += m[ij] ** 2
    for p in pairs:
        r[p] *= m[p]
    k = (ij[0], 0)
    r[k] = r[pairs[1]]
    return np.sum(r * r) + m[k]


@case(V, M)
def places_as_indices(v, m):
    big = np.where(v > 0.5)
    r = m * 2.0
    r[np.where(m > 0.4)] *= m[m > 0.4]
    r[np.nonzero(m < 0.0)] = v[0]
    rows, columns = np.nonzero(r > 0.1)
    return np.sum(v[big] ** 2) + np.sum(r[rows, columns] ** 2) + np.sum(m[rows[:3], 0])


@case(M, np.arange(9.0).reshape(3, 3) ** 2 - 3.0)
def triangles(m, q):
    r = q * 0.3
    r[np.triu_indices(3, 1)] = m[0, :3]
    r[np.tril_indices(3, k=-1)] *= 2.0
    r[np.diag_indices(3)] += m[1, 1:]
    s = np.sum(q[np.triu_indices_from(q)] ** 2) * r[np.tril_indices_from(r)][2]
    return s + np.sum(r**2) + np.sum(m[np.triu_indices(3, 0, 4)] * m[np.tril_indices(3, 3, 4)][:9])


@case(M, V, ROWS, LABELS)
def grids_of_indices(m, v, rows, labels):
    r = m * 1.0
    r[np.ix_(rows[:2], labels)] *= 2.0 * m[np.ix_(rows[:2], labels)]
    i, j = np.unravel_index(np.array([5, 2, 11]), (3, 4))
    return np.sum(r * m) + np.sum(m[i, j] ** 2) + np.sum(np.indices((3, 4))[1] * m) * v[0]


@case(M, V)
def taken(m, v):
    s = np.sum(np.take(m, [2, 0], axis=0) ** 2) + np.sum(np.take(m, LABELS, axis=1) * W)
    s += np.take(v, 2) * v.take(ROWS)[0]
    s += np.sum(np.take_along_axis(m, LABELS[:, None], axis=1) ** 2) + np.sum(m.take(LABELS))
    s += np.sum(np.take_along_axis(m, np.argsort(m, axis=0), axis=0) * np.arange(12.0).reshape(3, 4))
    r = v * v
    np.put(r, ROWS, v[:3])
    np.putmask(r, r > 1.5, 0.5)
    c = np.empty_like(r)
    np.copyto(c, r)
    np.copyto(c, v, where=v > 0.0)
    return s * np.sum(c * r) + np.sum(np.compress(v > 0.5, v)) + np.sum(np.extract(m > 0.0, m) ** 2)


@case(V, np.array([3, 1, 1, 2, 0]))
def distinct(v, k):
    values, back, counts = np.unique(v * v, return_inverse=True, return_counts=True)
    kinds = np.unique(k)
    first, at = np.unique(k, return_index=True)
    s = np.sum(values[back] * v * k) + np.sum(values * counts * np.arange(5))
    return s + np.sum(v[kinds]) + v[at[1]] * first[2]


@case(M, V)
def chosen(m, v):
    s = np.sum(np.select([v > 0.5, v > -0.5], [v * v, 3.0 * v], default=0.5) * v)
    s += np.sum(np.choose(np.array([0, 1, 2, 1, 0]), [v, v * v, np.abs(v)]))
    return s + np.sum(np.where(np.isin(np.arange(5), ROWS), v, v * v)) * (2.0 if np.array_equal(v, v) else v[0])
