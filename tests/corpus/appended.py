"""Lists that a loop fills, as arrays: how many dimensions these have decides how NumPy's words for them are read."""

import numpy as np

from . import Case, into

CASES: list[Case] = []
case = into(CASES)
V = np.array([0.5, -1.5, 2.0, 0.25])
M = np.array([[0.3, -0.2, 0.9], [0.4, 0.7, -0.5]])


@case(V)
@case(V[:1])
def deviation(v):
    out, m = [], 0
    for x in v:
        m = max(m, x * 0.9 + m * 0.1)
        out.append(m)
    return np.array(out).std() + np.std(np.array(out) * v)


@case(M)
def rows(m):
    out = []
    for k in range(2):
        out.append(m[k] * (k + 1.0))
    a = np.array(out)
    return a.std(axis=1).sum() + np.linalg.norm(a, axis=0) @ m[0] + np.median(a[0])


@case(V, 3)
def on_some_paths(v, n):
    out = [v[0]]
    if n > 5:
        for x in v:
            out.append(x)
    diffs = []
    for k in range(1, n):
        if v[k] > 0.0:
            diffs.append(v[k] - v[k - 1])
    other = diffs
    return np.var(np.array(other)) + np.cumsum(np.array(out))[-1] ** 2 + np.diff(np.array(other)).sum()
