"""Linear algebra for the oracle: `np.linalg` by textbook loops over dual numbers, without a derivative in it.

Systems, inverses and determinants by Gaussian elimination with pivoting, Cholesky's factor element by element, QR by
Gram and Schmidt; eigenvectors and singular vectors are NumPy's, made exact, with all that dual numbers carry, by
Newton's method for the equations that define them. A pivot is chosen by values, and is no branch of the program.
"""

from __future__ import annotations

from typing import Any

import numpy as np


def value(x: Any) -> float:
    return float(getattr(x, "v", x))


def values(a: Any) -> np.ndarray:
    """The values of an array of dual numbers."""
    return np.array([value(x) for x in np.asarray(a).flat]).reshape(a.shape)


def objects(a: Any) -> np.ndarray:
    """A plain copy of an array, of objects."""
    return np.array(np.asarray(a), dtype=object)


def eliminated(a: Any, b: Any) -> tuple[np.ndarray, Any]:
    """The solution of a x = b, b a matrix, and the determinant of a."""
    a, b = objects(a), objects(b)
    n, d = len(a), 1.0
    for k in range(n):
        pivot = k + int(np.argmax([abs(value(x)) for x in a[k:, k]]))
        if value(a[pivot, k]) == 0.0:
            raise np.linalg.LinAlgError("Singular matrix")
        if pivot != k:
            a[[k, pivot]], b[[k, pivot]] = a[[pivot, k]], b[[pivot, k]]
            d = -d
        d = d * a[k, k]
        for i in range(n):
            if i != k:
                factor = a[i, k] / a[k, k]
                a[i, k:] = a[i, k:] - factor * a[k, k:]
                b[i] = b[i] - factor * b[k]
    for k in range(n):
        b[k] = b[k] / a[k, k]
    return b, d


def solve(a: Any, b: Any) -> np.ndarray:
    b = np.asarray(b)
    return eliminated(a, b.reshape(len(b), -1))[0].reshape(b.shape)


def inv(a: Any) -> np.ndarray:
    return eliminated(a, np.eye(len(a)))[0]


def pinv(a: Any) -> np.ndarray:
    """Of a matrix with full rank."""
    a = objects(a)
    return solve(a.T @ a, a.T) if a.shape[0] >= a.shape[1] else solve(a @ a.T, a).T


def matrix_power(a: Any, n: int) -> Any:
    a, product = objects(a if n >= 0 else inv(a)), np.eye(len(a))
    for _ in range(abs(n)):
        product = product @ a
    return product


def det(a: Any) -> Any:
    """Of a singular matrix too: along the first row, by its minors."""
    a = objects(a)
    if len(a) == 0:
        return 1.0
    if value(np.linalg.det(values(a))) != 0.0:
        return eliminated(a, np.zeros((len(a), 0)))[1]
    minors = [np.delete(a[1:], j, axis=1) for j in range(len(a))]
    return sum((-1.0) ** j * a[0, j] * det(m) for j, m in enumerate(minors))


def slogdet(a: Any, log: Any) -> tuple[float, Any]:
    d = det(a)
    sign = float(np.sign(value(d)))
    return sign, log(d * sign)


def cholesky(a: Any) -> np.ndarray:
    a, n = objects(a), len(a)
    out = objects(np.zeros((n, n)))
    for j in range(n):
        left = a[j, j] - sum(out[j, k] * out[j, k] for k in range(j))
        if value(left) <= 0.0:
            raise np.linalg.LinAlgError("Matrix is not positive definite")
        out[j, j] = left**0.5
        for i in range(j + 1, n):
            out[i, j] = (a[i, j] - sum(out[i, k] * out[j, k] for k in range(j))) / out[j, j]
    return out


def qr(a: Any) -> tuple[np.ndarray, np.ndarray]:
    """The factors with the signs that LAPACK gives them."""
    signs = np.sign(np.diagonal(np.linalg.qr(values(a))[1]))
    a = objects(a)
    m, n = a.shape
    q, r = objects(np.zeros((m, n))), objects(np.zeros((n, n)))
    for j in range(n):
        left = a[:, j]
        for k in range(j):
            r[k, j] = q[:, k] @ a[:, j]
            left = left - r[k, j] * q[:, k]
        r[j, j] = signs[j] * (left @ left) ** 0.5
        q[:, j] = left / r[j, j]
    return q, r


STEPS = 3  # of Newton's method: each doubles the order up to which derivatives are right


def eigh(a: Any) -> tuple[np.ndarray, np.ndarray]:
    """(A - w) v = 0, v'v = 1, A symmetric as its lower triangle says."""
    a, n = objects(a), len(a)
    for i in range(n):
        a[i, i + 1 :] = a[i + 1 :, i]
    w, v = map(objects, np.linalg.eigh(values(a)))
    for j in range(n):
        x, at = v[:, j].copy(), w[j]
        for _ in range(STEPS):
            jacobian = objects(np.zeros((n + 1, n + 1)))
            jacobian[:n, :n] = a - at * np.eye(n)
            jacobian[:n, n], jacobian[n, :n] = -x, x
            step = solve(jacobian, np.append(a @ x - at * x, 0.5 * (x @ x) - 0.5))
            x, at = x - step[:n], at - step[n]
        v[:, j], w[j] = x, at
    return w, v


def svd(a: Any, full_matrices: bool = True) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """A v = s u, A'u = s v, v'v = 1, for singular values that differ and are not zero."""
    a = objects(a)
    m, n = a.shape
    u, s, vt = map(objects, np.linalg.svd(values(a), full_matrices=False))
    for j in range(len(s)):
        x, y, at = u[:, j].copy(), vt[j].copy(), s[j]
        for _ in range(STEPS):
            jacobian = objects(np.zeros((m + n + 1, m + n + 1)))
            jacobian[:m, :m], jacobian[m : m + n, m : m + n] = -at * np.eye(m), -at * np.eye(n)
            jacobian[:m, m : m + n], jacobian[m : m + n, :m] = a, a.T
            jacobian[:m, m + n], jacobian[m : m + n, m + n], jacobian[m + n, m : m + n] = -x, -y, y
            rest = np.concatenate((a @ y - at * x, a.T @ x - at * y, [0.5 * (y @ y) - 0.5]))
            step = solve(jacobian, rest)
            x, y, at = x - step[:m], y - step[m : m + n], at - step[m + n]
        u[:, j], vt[j], s[j] = x, y, at
    if full_matrices and m != n:  # the other vectors as constants: they have no derivative
        all_u, _, all_vt = map(objects, np.linalg.svd(values(a)))
        u, vt = np.hstack((u, all_u[:, len(s) :])), np.vstack((vt, all_vt[len(s) :]))
    return u, s, vt
