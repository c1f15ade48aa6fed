"""Programs around `np.linalg`: estimation, simulation and statistics as people write them, and arrays used again."""

import math

import numpy as np
from numpy.linalg import cholesky, slogdet, solve

from . import Case, into

CASES: list[Case] = []
case = into(CASES)
RNG = np.random.default_rng(17)
X = RNG.normal(size=(5, 2))
Y = RNG.normal(size=5)
SQUARE = RNG.normal(size=(3, 3)) + 3.0 * np.eye(3)
SPREAD = SQUARE @ SQUARE.T
V = RNG.normal(size=3)
TALL = RNG.normal(size=(5, 3))
STEP = np.array([[1.0, 0.1, 0.0], [-0.2, 0.9, 0.1], [0.0, 0.3, 0.8]])
SEEN = np.array([[1.0, 0.0, 0.5], [0.0, 1.0, 0.2]])
READINGS = RNG.normal(size=(4, 2))


@case(X, Y, 0.7, 1.3, 0.2)
def gaussian_process(x, y, length, height, noise):
    """the negative log likelihood of a Gaussian process"""
    n = len(y)
    K = np.empty((n, n))
    for i in range(n):
        for j in range(n):
            d = x[i] - x[j]
            K[i, j] = height * height * math.exp(-0.5 * (d @ d) / (length * length))
        K[i, i] += noise * noise
    L = np.linalg.cholesky(K)
    alpha = np.linalg.solve(L.T, np.linalg.solve(L, y))
    return 0.5 * (y @ alpha) + np.sum(np.log(np.diag(L))) + 0.5 * n * math.log(2.0 * math.pi)


@case(STEP, SEEN, READINGS, V, 0.1, 0.3)
def kalman_filter(F, H, readings, x, q, r):
    P = np.eye(3)
    fit = 0.0
    for k in range(len(readings)):
        x = F @ x
        P = F @ P @ F.T + q * np.eye(3)
        S = H @ P @ H.T + r * np.eye(2)
        e = readings[k] - H @ x
        K = P @ H.T @ np.linalg.inv(S)
        x = x + K @ e
        P = P - K @ H @ P
        _, logdet = np.linalg.slogdet(S)
        fit += 0.5 * (e @ np.linalg.solve(S, e) + logdet)
    return fit


@case(TALL, Y, 0.4)
def ridge(A, y, weight):
    w = solve(A.T @ A + weight * np.eye(A.shape[1]), A.T @ y)
    left = A @ w - y
    return left @ left + weight * (w @ w)


@case(V, 0.3, 5)
def implicit_euler(x, h, steps):
    """Van der Pol's equation, with a third variable; Newton's method in each step"""
    x = x.copy()
    J = np.zeros((3, 3))
    for _ in range(steps):
        new = x.copy()
        for _ in range(30):
            r = new - x
            r[0] -= h * new[1]
            r[1] -= h * ((1.0 - new[0] ** 2) * new[1] - new[0])
            r[2] -= h * (new[0] - new[2])
            J[:] = 0.0
            J[0, 0] = 1.0
            J[0, 1] = -h
            J[1, 0] = h * (2.0 * new[0] * new[1] + 1.0)
            J[1, 1] = 1.0 - h * (1.0 - new[0] ** 2)
            J[2, 0] = -h
            J[2, 2] = 1.0 + h
            dx = np.linalg.solve(J, r)
            new -= dx
            if dx @ dx < 1e-24:
                break
        x = new
    return x @ x + x[0] * x[2]


@case(TALL, SPREAD)
def normal_log_density(x, cov):
    sign, logdet = slogdet(cov)
    total = 0.0
    for row in x:
        total += row @ np.linalg.solve(cov, row)
    return -0.5 * (total + len(x) * logdet * sign)


@case(TALL)
def principal_components(x):
    centred = x - np.sum(x, axis=0) / len(x)
    w, v = np.linalg.eigh(centred.T @ centred / (len(x) - 1))
    scores = centred @ v[:, ::-1][:, :2]
    return np.sum(scores**2 * np.array([1.0, 0.5])) + w[0] / w[2] + np.abs(v[0, 2])


@case(TALL, Y)
def least_squares_by_qr(A, b):
    Q, R = np.linalg.qr(A)
    x = np.linalg.solve(R, Q.T @ b)
    return np.sum(x**3) + math.log(abs(R[0, 0] * R[1, 1]))


@case(TALL, 2)
def low_rank(x, rank):
    u, s, vt = np.linalg.svd(x, full_matrices=False)
    near = np.zeros_like(x)
    for k in range(rank):
        near += s[k] * u[:, k : k + 1] @ vt[k : k + 1]
    left = x - near
    return np.sum(near**3) + np.sum(left * left)


@case(TALL)
@case(TALL.T)
def vectors_with_singular_values(x):
    """Of all vectors, those that have a derivative."""
    u, s, vt = np.linalg.svd(x)
    n = len(s)
    near = (u[:, :n] * s) @ vt[:n]
    return np.sum(np.outer(u[:, 0], vt[0]) ** 3 * near) + np.sum(np.linalg.svd(near)[1] ** 3)


@case(SQUARE)
def svd_of_a_square(x):
    u, s, vt = np.linalg.svd(x)
    return np.sum((u @ vt) ** 3) + s[0] / s[2]


@case(SPREAD, V)
def whitened(cov, x):
    """only the lower triangle is read"""
    L = cholesky(cov)
    z = solve(L, x)
    return z @ z * z[0] + L[2, 0] * L[1, 1]


@case(SPREAD)
def spectrum(a):
    w = np.linalg.eigvalsh(a)
    return w[2] / w[0] + np.log(w[1])


@case(SQUARE, SQUARE.T[::-1] + 1.0)
def determinants(a, b):
    return np.linalg.det(a) * math.sin(0.1 * np.linalg.det(b.T @ a)) + np.linalg.det(b[1:, :2])


@case(np.array([[1.0, 2.0, 0.0], [2.0, 4.0, 0.0], [0.5, -1.0, 3.0]]), np.zeros((2, 2)))
def singular(a, b):
    """the derivative of a determinant that is zero: the cofactors"""
    return 3.0 * np.linalg.det(a) + np.linalg.det(a) ** 2 + np.linalg.det(b) + np.linalg.det(a[:1, 1:2])


@case(SQUARE, V, 4)
def arguments_that_change(a, b, n):
    """what solve is given and returns is written to afterwards, again and again"""
    a = a.copy()
    x = b.copy()
    total = 0.0
    for k in range(n):
        y = np.linalg.solve(a, x)
        total += y[0] * y[2]
        a[k % 3] += 0.1 * y
        a[0, 1] = total
        y *= y
        x[:] = x + 0.5 * y
        x[1] = x[0]
    return total + np.sum(x)


@case(SQUARE, TALL)
def views_and_transposes(a, t):
    big = np.zeros((6, 6))
    big[::2, ::2] = a
    x = np.linalg.solve(big[::2, ::2].T, t[:3].T[:, ::-1].T)
    y = np.linalg.solve(big[4::-2, ::2], t[1:4, 1])
    z = np.linalg.inv(t[::2]) @ big[::2, 2]
    return np.sum(x * x * x) + y[0] * y[2] + z @ y


@case(SQUARE, 1.5)
def in_branches(a, s):
    if s > 1.0:
        x = np.linalg.inv(a * s)
    else:
        x = np.linalg.cholesky(a)
    total = 0.0
    while total < 2.0:
        x = np.linalg.inv(x + s * np.eye(3))
        total += abs(x[0, 0]) + 0.5
    return total * np.sum(x)


@case(SQUARE, SPREAD)
def by_name(m, s):
    return np.sum(np.linalg.solve(b=s, a=m) ** 2) + np.linalg.slogdet(a=s)[1] + np.linalg.eigh(a=s)[0][1]


@case(STEP, TALL, 5)
def controllability(F, b, n):
    total = 0.0
    for k in range(n):
        v = np.linalg.matrix_power(F, k) @ b[k, :]
        total += v @ v
    return total + np.sum(np.linalg.pinv(b) ** 3) + np.linalg.matrix_power(F, -2)[0, 1]


def half_inverse(a):
    return 0.5 * np.linalg.inv(a)


@case(SQUARE, V)
def in_helpers(a, x):
    def energy(m):
        return x @ half_inverse(m) @ x

    solve_adjoint = energy(a)
    linalg = solve_adjoint * energy(a + np.eye(3))
    return linalg + solve_adjoint


def halving(a, n):
    if n == 0:
        return np.linalg.det(a)
    y = np.linalg.inv(a)
    a[0, 0] += 0.25 * y[1, 1]
    return y[0, 1] * halving(a, n - 1)


@case(SQUARE, 2)
def in_recursion(a, n):
    return halving(a.copy(), n)


@case(SQUARE.astype(np.float32), V.astype(np.float32))
def in_single_precision(a, b):
    x = np.linalg.solve(a, b)
    w = np.linalg.eigvalsh(a @ a.T)
    return np.sum(x * x) + w[0] + np.linalg.det(a)
