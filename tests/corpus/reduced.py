"""Reductions along one axis and along several, and spreads with fewer degrees of freedom."""

import numpy as np

from . import Case, into

CASES: list[Case] = []
case = into(CASES)
M = np.array([[0.3, -0.2, 0.9, 1.1], [0.4, 0.7, -0.5, -1.2], [-0.6, 0.25, 0.8, 0.1]])
T = np.sin(np.arange(24.0) ** 2).reshape(2, 3, 4)


@case(M)
@case(np.asfortranarray(M))
@case(M[:, ::-1])
@case(M[:1])
def rows_and_columns(m):
    a, b, c = m.sum(axis=0), m.max(axis=1), m.min(axis=0)
    d, e = np.mean(m, axis=0), np.prod(m, axis=1)
    return a @ c + b.sum() * d[0] + e @ b + (m**2).min(axis=-2)[1]


@case(M)
def layer_norm(x):
    centred = x - x.mean(axis=1, keepdims=True)
    y = centred / np.sqrt((centred**2).mean(axis=-1, keepdims=True) + 1e-5)
    return (y * np.arange(4) ** 2).sum()


@case(M, np.array([0, 3, 1]))
def cross_entropy(x, labels):
    e = np.exp(x - np.max(x, axis=1, keepdims=True))
    p = e / np.sum(e, 1, keepdims=True)
    loss = 0.0
    for i in range(len(labels)):
        loss -= np.log(p[i, labels[i]])
    return loss / len(labels)


@case(M)
def spreads(m):
    z = (m - m.mean(axis=0)) / m.std(axis=0, ddof=1)
    return np.var(m, axis=1).prod() + (z**3).sum() + m.std(ddof=1) + m.var() + np.std(m, 1, keepdims=True)[2, 0]


@case(T)
def middle_axes(t):
    peak = t.max(axis=1)
    return (peak * t.mean(axis=1)).sum() + t.sum(axis=(0, 2))[1] ** 2 + (t * t).min(axis=-3).prod() + peak[1, 2]


@case(T)
def batch_norm(t):
    y = t - t.mean(axis=(0, 2), keepdims=True)
    y /= np.sqrt(np.mean(y * y, axis=(0, 2), keepdims=True) + 1e-3)
    return np.maximum(y, 0.0).max(axis=(1, 2)).sum() + y.prod(axis=(1,))[0, 1]


@case(M)
def places_and_tests(m):
    best, worst = np.argmax(m, axis=1), m.argmin(axis=0)
    s = 0.0
    for i in range(3):
        s += m[i, best[i]] ** 2 + m[worst[i], i] * i
    if np.any(m > 1.0, axis=1)[0] and not (m > 0.0).all(axis=0)[1]:
        s *= m[0, 0]
    return s


@case(M.astype(np.float32))
def single(m):
    return np.sum(m.max(axis=1) * m.min(axis=1))


def widest(m, axis):
    return m.max(axis=axis) - m.min(axis)


@case(M)
def vectors(m):
    return widest(m, 0).prod() + widest(m, -1) @ m[:, 1] + m[0].mean(axis=0) + np.std(m[1], ddof=1)


@case(np.array([2.0, 2.0, 2.0]), np.array([[1.0, 1.0], [0.3, 0.9]]))
@case(np.array([0.7]), np.array([[1.0], [0.3]]))
def spreads_of_equals(x, m):
    return x.std() * x[0] + x[0] ** 2 + (m.std(axis=1) * m[:, 0]).sum() + m[0, 0] ** 2


@case(np.array([0.3, -1.2, 2.0]), 0.7)
@case(np.zeros(0), 0.7)
def extremes_from_a_start(v, x):
    """Also of no elements."""
    low = np.min(v * x, initial=5) + np.min(v[:0], initial=x * x)
    return np.max(v, initial=-9.0) * x + np.max(v * v, initial=x) * low
