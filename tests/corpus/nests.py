"""Loops over all indices of an array, and arrays made of comprehensions."""

import numpy as np

from . import Case, into

CASES: list[Case] = []
case = into(CASES)
V = np.array([0.3, -0.2, 0.9, 0.4])
M = np.array([[0.3, -0.2, 0.9], [0.4, 0.7, -0.5]])
T = np.arange(24.0).reshape(2, 3, 4) / 17 - 0.4


@case(M)
def over_the_shape(m):
    s = 1.0
    for i, j in np.ndindex(m.shape):
        if m[i, j] < -0.3:
            continue
        s *= 1.0 + m[i, j] ** 2 * (i + 2.0 * j)
    return s + i * m[0, j]


@case(T, 0.7)
def over_extents(t, a):
    shape = t.shape
    s = 0.0
    for i, j, k in np.ndindex(2, 3, 4):
        s += t[i, j, k] * t[i, 0, j] * a
    for i, j, k in np.ndindex(shape):
        t[i, j, k] = s * t[i, j, k] if i < j else a
    for (i,) in np.ndindex(len(t)):
        s += t[i, 2, 1] ** 2
    for i, j in np.ndindex((2, 3)):
        s += t[i, j, 0] ** 3
    return s


@case(M)
def enumerated(m):
    y = np.zeros((2, 3))
    for (i, j), v in np.ndenumerate(m):
        y[i, 2 - j] = v * v * (i + 1)
        i = 7
        m = y
    for (i,), v in np.ndenumerate(y[1] * y[0]):
        y[0, i] += v
    for (i, j), v in np.ndenumerate(y.T):
        if v > 0.2:
            for k in range(9):
                if k > j:
                    break
                y[j, i] += v * k
    return np.sum(m) + y[1, 2] * y[0, 1] + i


@case(M[:, :0].copy(), 0.3)
def no_elements(m, a):
    i = 5
    for (i, j), v in np.ndenumerate(m):
        a *= v + j
    for i, j in np.ndindex(m.shape):
        a *= j
    else:
        a *= 2.0
    return a * i


@case(M)
def left_by_return(m):
    s = 0.0
    for i, j in np.ndindex(m.shape):
        s += m[i, j]
        if s > 0.9:
            return s * m[i, 0]
    return s


@case(V, 0.6)
def array_of_comprehension(v, a):
    y = np.array([x * a + k for k, x in enumerate(v)])
    z = np.array([np.sin(y[i]) for i in range(len(v)) if v[i] > 0.0], dtype=np.float64)
    n = np.array([2 * i for i in range(3)])
    return y @ v + np.sum(z[1:] * y[n[:2]])


@case(M)
def rows_by_comprehension(m):
    means = np.array([np.mean(row) for row in m])
    return np.sum((m - means[:, None]) ** 2) * means[0]
