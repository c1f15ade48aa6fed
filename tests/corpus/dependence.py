"""Elements read again in the reverse sweep, and elements that are overwritten first: which is which."""

import math

import numpy as np

from . import Case, into

CASES: list[Case] = []
case = into(CASES)
K = np.array([[4.0, 0.5, -0.3, 0.2], [0.5, 3.0, 0.4, -0.6], [-0.3, 0.4, 5.0, 0.1], [0.2, -0.6, 0.1, 4.5]])
X = np.array([0.5, -0.7, 0.3, 0.9])


@case(K)
def cholesky(K):
    n = K.shape[0]
    L = np.zeros((n, n))
    for i in range(n):
        for j in range(i + 1):
            s = 0.0
            for k in range(j):
                s += L[i, k] * L[j, k]
            if i == j:
                L[i, j] = math.sqrt(K[i, i] - s)
            else:
                L[i, j] = (K[i, j] - s) / L[j, j]
    t = 0.0
    for i in range(n):
        t += math.log(L[i, i])
    return t


@case(K)
def cholesky_by_slices(K):
    n = K.shape[0]
    L = np.zeros((n, n))
    for j in range(n):
        L[j, j] = np.sqrt(K[j, j] - np.dot(L[j, :j], L[j, :j]))
        for i in range(j + 1, n):
            L[i, j] = (K[i, j] - np.dot(L[i, :j], L[j, :j])) / L[j, j]
    return np.log(np.diag(L)).sum() + L[3, 0] * L[2, 1]


@case(K)
def cholesky_in_place(K):
    n = K.shape[0]
    for j in range(n):
        for k in range(j):
            K[j, j] -= K[j, k] * K[j, k]
        K[j, j] = math.sqrt(K[j, j])
        for i in range(j + 1, n):
            for k in range(j):
                K[i, j] -= K[i, k] * K[j, k]
            K[i, j] /= K[j, j]
    return K[3, 3] * K[2, 1] + K[3, 0]


@case(K)
def lu_in_place(A):
    n = A.shape[0]
    for k in range(n):
        for i in range(k + 1, n):
            A[i, k] /= A[k, k]
            for j in range(k + 1, n):
                A[i, j] -= A[i, k] * A[k, j]
    d = 1.0
    for i in range(n):
        d *= A[i, i]
    return d


@case(K)
def doolittle(A):
    n = A.shape[0]
    L = np.eye(n)
    U = np.zeros((n, n))
    for i in range(n):
        for j in range(i, n):
            s = 0.0
            for k in range(i):
                s += L[i, k] * U[k, j]
            U[i, j] = A[i, j] - s
        for j in range(i + 1, n):
            s = 0.0
            for k in range(i):
                s += L[j, k] * U[k, i]
            L[j, i] = (A[j, i] - s) / U[i, i]
    return U[3, 3] * L[3, 1] + U[2, 2]


@case(K, X)
def substitutions(A, b):
    n = len(b)
    y = np.zeros(n)
    for i in range(n):
        s = b[i]
        for j in range(i):
            s -= A[i, j] * y[j]
        y[i] = s / A[i, i]
    x = np.zeros(n)
    for i in range(n - 1, -1, -1):
        s = y[i]
        for j in range(i + 1, n):
            s -= A[i, j] * x[j]
        x[i] = s * s / A[i, i]
    return x[0] * x[1] + x[2] * y[3]


@case(K, X)
def substitution_over_again(A, b):
    n = len(b)
    y = np.ones(n)
    for _ in range(3):
        for i in range(n):
            s = b[i]
            for j in range(i):
                s -= A[i, j] * y[j] * 0.3
            y[i] = s * s / A[i, i]
    return y[0] * y[3]


@case(K, X)
def gauss_seidel(A, b):
    n = len(b)
    x = np.zeros(n)
    for _ in range(3):
        for i in range(n):
            s = b[i]
            for j in range(n):
                if j != i:
                    s -= A[i, j] * x[j] * x[j]
            x[i] = s / A[i, i]
    return x[0] * x[1] + x[2]


@case(K * 0.2)
def table_of_paths(C):
    n, m = C.shape
    D = np.zeros((n, m))
    for i in range(n):
        for j in range(m):
            if i == 0 and j == 0:
                D[i, j] = C[0, 0] * C[0, 0]
            elif i == 0:
                D[i, j] = D[i, j - 1] * 0.5 + C[i, j] * D[i, j - 1]
            elif j == 0:
                D[i, j] = D[i - 1, j] * C[i, j]
            else:
                D[i, j] = C[i, j] + math.sin(D[i - 1, j] * D[i, j - 1]) * D[i - 1, j - 1]
    return D[n - 1, m - 1]


@case(X)
def from_the_end(x):
    """x[i - 1] is the last element at first, which is overwritten last."""
    y = x * 1.5
    for i in range(len(y)):
        y[i] = y[i - 1] * y[i - 1] * 0.5 + x[i]
    return y[0] * y[1] + y[2] * y[3]


@case(X)
def two_before_the_end(x):
    y = x * 1.5
    for i in range(2, len(y)):
        y[i - 3] = y[i - 1] * y[i - 2] * 0.5 + x[i]
    return y[0] * y[1] + y[2] * y[3]


@case(X)
def steps_of_two(x):
    y = np.ones(10)
    for i in range(0, 8, 2):
        y[i] = y[i + 1] * x[i // 2] + 0.1
        y[i + 1] = y[i] * y[i] + x[1]
        y[i + 2] = y[i + 1] * y[i + 1]
    return y[0] * y[7] + y[8]


@case(X)
def overlapping_views(x):
    y = x * 1.0
    low, high = y[:3], y[1:]
    for i in range(3):
        high[i] = low[i] * low[i] + x[0]
    return y[3] * y[1]


@case(X)
def overlapping_views_backwards(x):
    y = x * 1.0
    low, high = y[:3], y[1:]
    for i in range(3):
        low[i] = high[i] * high[i] + low[i] * x[0]
    return y[3] * y[1] + y[0] * y[2]


@case(X)
def the_tail_is_written(x):
    y = x * 1.0
    for i in range(3):
        tail = y[i:]
        for j in range(len(tail)):
            tail[j] = tail[j] * tail[0] * 0.7 + x[i]
    return y[3] * y[1] + y[0] * y[2]


@case(X)
def the_head_is_read(x):
    y = x * 1.0
    for i in range(1, 4):
        head = y[:i]
        s = 0.0
        for j in range(len(head)):
            s += head[j] * head[j]
        y[i] = s * x[i]
    return y[3]


@case(X, -1)
def a_slice_to_the_end(x, stop):
    y = x * 1.0
    for i in range(1, 4):
        head = y[:stop]
        s = 0.0
        for j in range(len(head)):
            s += head[j] * head[j]
        y[i] = s * x[i]
    return y[3] * y[0]


@case(X)
def written_after_the_loop(x):
    y = np.zeros(4)
    for i in range(4):
        s = x[i]
        for j in range(i):
            s += y[j] * y[j]
        y[i] = s
    r = y[3] * y[2]
    for i in range(4):
        y[i] = y[i] * 0.5 + r
    return r * y[0] + y[1] * y[3]


@case(X)
def two_places_for_writing(x):
    y = np.ones(5)
    for i in range(4):
        y[i + 1] = y[i] * y[i] * x[i]
        if i > 0:
            y[i - 1] = y[i] * x[0]
    return y[0] * y[4] + y[2]


@case(K)
def loops_in_another_order(A):
    L = np.ones((4, 4))
    for j in range(4):
        for i in range(1, 4):
            L[i, j] = L[i - 1, j] * A[i, j] + L[i, j - 1] * L[i - 1, j]
    return L[3, 3] + L[2, 1] * L[3, 0]


@case(X)
def bound_that_grows(x):
    y = np.ones(8)
    n = 1
    for i in range(1, 4):
        for j in range(n):
            y[i] += y[j] * y[j] * x[i]
        n += 2
    return y[3] * y[1]


@case(X)
def rows_of_one_matrix(x):
    A = np.zeros((4, 3))
    for i in range(4):
        row = A[i]
        for j in range(3):
            row[j] = x[i] * (j + 1.0)
            if i > 0:
                before = A[i - 1]
                row[j] += before[j] * before[j] * row[j]
    return A[3, 2] + A[2, 0] * A[3, 1]


@case((X, X * 2.0))
def arrays_of_a_tuple(t):
    a, b = t
    y = a * 1.0
    for i in range(1, 4):
        y[i] = y[i - 1] * b[i] + y[i - 1] * y[i - 1]
    return y[3]



@case(K, X)
def a_view_with_a_new_axis(A, x):
    y = x * 1.0
    s = 0.0
    for i in range(1, 4):
        row = y[None, :i]
        for j in range(row.shape[0]):
            s += row[j, 0] * row[j, 0] * A[i, j]
        y[i] = s * y[i - 1]
        y[0] = y[i] * 0.5 + x[i]
    return s * y[3]


@case(X, np.array([2, 0, 1]))
def elements_picked_before_they_change(x, table):
    y = x * 1.0
    s = 0.0
    for i in range(3):
        part = y[table]
        for j in range(len(part)):
            s += part[j] * part[j] * x[i]
        y[i] = s
    return s * y[1]
