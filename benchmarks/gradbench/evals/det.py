"""The determinant by recursive expansion along the first row of each minor, and its gradient.

A minor is what two linked lists name: `rows[i]` is the row after row i and `columns[j]` the column after column j,
with the first ones at index n. A row or column is taken out by linking past it.
"""

from __future__ import annotations

import numpy as np

from benchmarks.gradbench import readers
from benchmarks.gradbench.evals import OPTIONS
from benchmarks.gradbench.protocol import Eval, Function
from srcad import grad


def minor(A, m, rows, columns):
    n = A.shape[0]
    row = rows[n]
    column = columns[n]
    if m == 1:
        return A[row, column]
    total = 0.0
    sign = 1.0
    rows[n] = rows[row]
    before = n
    for _ in range(m):
        columns[before] = columns[column]
        total += sign * A[row, column] * minor(A, m - 1, rows, columns)
        columns[before] = column
        before = column
        column = columns[column]
        sign = -sign
    rows[n] = row
    return total


def primal(A):
    n = A.shape[0]
    rows = np.empty(n + 1, np.int64)
    columns = np.empty(n + 1, np.int64)
    for i in range(n):
        rows[i] = i + 1
        columns[i] = i + 1
    rows[n] = 0
    columns[n] = 0
    return minor(A, n, rows, columns)


gradient = grad(primal, **OPTIONS)

EVAL = Eval(
    primal=Function(readers.det, gradient.primal),
    gradient=Function(readers.det, gradient, np.ravel),
)
