"""Short whole-array expressions: elementwise arithmetic, broadcasting a scalar, reductions."""

import numpy as np

from . import Case


def elementwise(v, w):
    y = v * w + v / w - 2.0 * v
    return y[0] * y[1] + y[2]


def scalar_and_array(v, x):
    y = x * v + 1.0 / (v + 3.0) - x
    return y[0] * y[2]


def functions(v):
    y = np.sin(v) * np.exp(-v) + np.sqrt(v + 2.0)
    return y[0] * y[1] + y[2]


def power_and_negation(v):
    y = (-v) ** 2 + np.abs(v) * 2.0
    return np.sum(y)


def sums(v, w):
    return np.sum(v * w) + v.sum() * w.mean() + np.mean(v)


def norm_by_hand(v):
    return np.sqrt(np.sum(v * v))


def extremes(v):
    return np.max(v) * np.min(v) + v.max() * v[0]


def row_reduction(a, v):
    s = 0.0
    for i in range(a.shape[0]):
        s += np.sum(a[i] * v) ** 2
    return s


def slice_differences(v):
    d = v[1:] - v[:-1]
    return np.sum(d * d)


def where_on_arrays(v):
    return np.sum(np.where(v > 0.0, v * v, -v))


def maximum_on_arrays(v, w):
    return np.sum(np.maximum(v, 0.0) * np.minimum(v, w))


def slice_assigned_from_expression(v, w):
    v[1:] = v[:-1] * w[1:] + 0.5
    return np.sum(v * w)


def laplacian_slices(u, steps):
    for _ in range(steps):
        u[1:-1] = u[1:-1] + 0.1 * (u[:-2] - 2.0 * u[1:-1] + u[2:])
    return np.sum(u * u)


def spreads(m, v):
    s = np.var(v) * m.std() + np.std(m[:, 1] * v[1:])
    for i in range(m.shape[0]):
        s += ((m[i] - np.mean(m[i])) / np.std(m[i] * v)) @ v
    return s


def direction(v, w):
    n = np.sum(v * w)
    if n == 0.0:
        return n, np.zeros(w.shape)
    if n < 0.5:
        return n, np.ones(len(v))
    return n, v / n - w


def made_in_branches(v, w):
    n, g = direction(v, w)
    total = n + np.sum(g * g)
    for k in range(3):
        if k == 1:
            size = len(w)
            h = np.zeros(size)
        else:
            h = np.exp(v * k)
        total += np.dot(h * w, h)
    return total


V = np.array([0.3, -0.2, 0.9])
W = np.array([0.1, 0.5, 1.1])
M = np.array([[0.3, -0.2, 0.9], [0.4, 0.7, -0.5]])
CASES = [
    Case(elementwise, (V, W)),
    Case(scalar_and_array, (V, 1.3)),
    Case(functions, (V,)),
    Case(power_and_negation, (V,)),
    Case(sums, (V, W)),
    Case(norm_by_hand, (V,)),
    Case(extremes, (V,)),
    Case(row_reduction, (M, V)),
    Case(slice_differences, (V,)),
    Case(where_on_arrays, (V,)),
    Case(spreads, (M, V)),
    Case(maximum_on_arrays, (V, W)),
    Case(slice_assigned_from_expression, (V, W)),
    Case(made_in_branches, (V, W)),
    Case(made_in_branches, (V, W / 8.0)),
    Case(laplacian_slices, (np.array([0.3, -0.2, 0.9, 0.4, 0.7]), 3)),
]
