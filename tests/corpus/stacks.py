"""Products of stacks of matrices, of ints and of mixed types; more of NumPy's functions of arrays."""

import numpy as np

from . import Case, into

CASES: list[Case] = []
case = into(CASES)
T = np.linspace(0.2, 2.9, 12).reshape(2, 3, 2) ** 0.5
U = np.array([[[0.3, -0.4], [1.2, 0.7]], [[0.9, 0.1], [-0.6, 0.8]]])
V = np.array([0.5, -1.5, 2.0, 0.25])
M = np.array([[1.0, 2.0, 3.0], [4.0, 5.0, 6.5]])
I = np.array([[1, 2, 0], [3, -4, 1]])  # noqa: E741


@case(T, U)
def stack_by_stack(a, b):
    c = a @ b
    return np.sum(c * c) + np.sum(np.matmul(a, b)[1] ** 2)


@case(T, U)
def stack_by_matrix(a, b):
    return np.sum((a @ b[0]) ** 2) * np.sum((a[0] @ b) ** 3)


@case(T, U)
def stack_by_vector(a, b):
    v = b[0, 1]
    return np.sum((a @ v) ** 2) + np.sum((a[0, 0] @ b) ** 2) + np.sum(np.dot(a, v) * 0.5)


@case(U)
def stack_in_a_loop(a):
    p = a.copy()
    for _ in range(3):
        p = p @ a * 0.5
    return np.sum(p * p)


@case(M, I)
def ints_by_floats(m, k):
    by_vector = k.T @ m[:, 0]
    return np.sum((k @ m.T) ** 2) + np.sum((m.T @ k) ** 2) + by_vector @ by_vector + np.dot(k[0], m[0]) * m[1] @ k[1]


@case(M, I)
def ints_by_ints(m, k):
    return np.sum(k @ k.T * m[:, :2]) + (k[0] @ k[1]) * m[0, 0] ** 2


@case(M, np.array([[0.5, 1.5], [2.0, -1.0]], dtype=np.float32))
def singles_by_doubles(m, s):
    return np.sum((s @ m) ** 2)


X = np.array([0.7, -1.2, 1.9, 0.4])
W = np.array([1.0, -2.0, 0.5, 3.0])


@case(T, U)
def subscripts_with_dots(a, b):
    c = np.einsum("...ij,...jk->...ik", a, b)
    d = np.einsum("...ij,jk", a, b[0])
    return np.sum(c * d) + np.sum(np.einsum("i...->...", a) ** 2) + np.sum(np.einsum("...,...->...", b, b[0]) * 0.5)


@case(M)
def subscripts_with_dots_of_a_matrix(m):
    return np.sum(np.einsum("...j,j", m, m[0]) ** 2) + np.sum(np.einsum("i...,i...->...", m, m) ** 2)


@case(X)
def piecewise(x):
    y = np.piecewise(x, [x < 0.0, x > 1.0], [lambda v: v * v, lambda v: np.sin(v) * v, 0.25])
    z = np.piecewise(x, [x > 0.5], [2.0, lambda v: v * v * v])
    return np.sum(y * z * x)


@case(X, W)
def differences_of_more(x, w):
    y = np.diff(x, prepend=w[0], append=w)
    z = np.ediff1d(x, to_end=w[0] * w[1], to_begin=1.5)
    return np.sum(y * y) + np.sum(np.diff(x, append=2.0) ** 3) + np.sum(z * z * z)


@case(M, W)
def slopes_by_several_steps(m, w):
    down, across = np.gradient(m, w[2], w[3])
    both = np.gradient(m, w[0])
    return np.sum(down * across) + np.sum(both[0] * both[1])


@case(X, W)
def polynomials(x, w):
    p = np.polysub(x, w * w)
    return np.sum(np.polyder(p, 2) ** 2) + np.polyval(np.poly(x), w[2]) * w[0]


@case(X, W)
def quantiles_by_methods(x, w):
    low, high = np.percentile(x, 30, method="lower"), np.quantile(w, 0.4, method="higher")
    return low * high + np.quantile(x, 0.4, method="nearest") * np.percentile(w * x, 40, method="midpoint")


@case(X, W)
def nothing_is_missing(x, w):
    y = x * w
    return np.nanquantile(y, 0.3) * np.nanpercentile(x, 60) + np.sum(np.nancumprod(y) * w)


@case(X, W)
def unwrapped(x, w):
    y = np.unwrap(4.0 * x) * w
    return np.sum(y * y) + np.sum(np.unwrap(x, period=1.5) ** 2)


@case(M, X)
def names_of_numpy_2(m, x):
    s = np.linalg.trace(m[:, :2]) * np.linalg.vector_norm(x) * np.linalg.matrix_norm(m)
    return s + np.vecdot(x, x[::-1]) * np.sum(np.linalg.outer(x, x) ** 2) + np.sum(np.linalg.matrix_transpose(m)[2])


@case(X)
def windows(x):
    return np.sum(np.hanning(4) * x * x) + np.sum(np.hamming(4) * x**3) + np.sum(np.blackman(4) * x) * x[0]
