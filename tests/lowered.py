"""Small programs on arrays, tuples and lists, with arguments: what the passes before differentiation make scalar.

They return whatever shows the most of what they did: arrays, tuples, counts.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np

CASES: list[tuple[Callable[..., Any], tuple[Any, ...]]] = []


def case(*args):
    """Run the function with these arguments; may be given several times."""

    def add(f):
        CASES.append((f, args))
        return f

    return add


class P(NamedTuple):
    x: float
    y: float


class Q(NamedTuple):
    p: P
    a: np.ndarray


TABLE = np.array([1.0, 2.0, 3.0])
SIZE = (2, 3)
RATE = 0.5

V, W = np.array([0.3, -0.2, 0.9]), np.array([0.1, 0.5, 1.1])
ONE = np.array([2.0])
M = np.array([[0.3, -0.2, 0.9], [0.4, 0.7, -0.5]])
N = np.array([[1.0, 2.0], [0.5, -0.5], [3.0, 0.1]])
F = np.asfortranarray(M)
S = np.array([0.3, 1.0, -0.2, 2.0, 0.9, 3.0])[::2]
PERMUTED = np.array([2, 0, 1])
SINGLE = V.astype(np.float32)
B = np.array([True, False, True])
T3 = np.linspace(-1.0, 1.2, 12).reshape(2, 2, 3)
COLUMN, ROW = np.array([[1.0], [2.0]]), np.array([[1.0, 5.0, 7.0]])
SQUARE = np.arange(9.0).reshape(3, 3)

# ---------------------------------------------------------------------------------------------- elementwise


@case(V, W)
@case(V, ONE)
@case(ONE, W)
@case(ONE, ONE)
@case(S, V)
@case(SINGLE, W)
@case(SINGLE, SINGLE)
@case(PERMUTED, V)
@case(PERMUTED, PERMUTED)
def vectors(v, w):
    return v * w + v


@case(M, V)
@case(M, ROW)
@case(M, COLUMN)
@case(COLUMN, ROW)
@case(ROW, COLUMN)
@case(M, F)
@case(F, F)
@case(F, 2.0)
@case(T3, M)
@case(T3, V)
def matrices(a, b):
    return (a + b) * a


@case(V, W)
def chain(v, w):
    a = v + w
    b = np.sin(a) * np.exp(-v) + np.sqrt(np.abs(w))
    c = b / (1.0 + a**2)
    return c - np.maximum(a, 0.0)


@case(V)
def ints(v):
    k = np.arange(3)
    j = k * 2 + 1
    return v * j + k % 2 + k // 2


@case(V)
def masks(v):
    m = (v > 0.0) & (v < 0.5)
    n = ~m | (v == 0.9)
    return np.where(m, 1.0, v) + np.where(n, v, 0.0)


@case(V)
def logical(v):
    return np.where(np.logical_and(v > 0, v < 0.5), v, -v)


@case(np.array([0.0, -1.0, 4.0]))
def guarded(v):
    return np.where(v > 0.0, np.log(np.abs(v) + (v == 0.0)), 0.0) + np.sqrt(np.where(v > 0, v, 1.0))


@case(0.5, 2.0)
@case(-0.5, 2.0)
def choice_of_scalars(x, y):
    return np.where(x > 0.0, x, y) * 2.0


@case(V)
def rounding(v):
    return np.clip(v, -0.1, 0.5) + np.round(v * 10.0) + np.sign(v) + np.floor(v)


@case(V)
def tests_of_elements(v):
    return np.isnan(v), np.isfinite(v), np.sum(np.isnan(v)), -v, +v, v > 1


@case(V, W)
def two_operands(v, w):
    return np.minimum(v, w) * np.maximum(v, w) + np.hypot(v, w) + np.arctan2(v, w)


@case(V)
def powers(v):
    return v**2 + 2.0**v + np.abs(v) ** 0.5 + v**3 + v**-1


@case(True, V)
def bools_as_numbers(c, v):
    return v * c + B


@case(V)
def empty_arrays(v):
    y = v[3:]
    return np.sum(y), np.sum(y * 2.0), np.prod(y), y + 1.0


@case(V)
def globals_in_array_code(v):
    return v * TABLE + RATE * SIZE[0] + TABLE[1]


@case(np.array(2.0))
def without_dimensions(z):
    return z * 2.0 + z[()]


@case(V)
def stencil_with_scalars(v):
    return v[1:] * v[0] - v[:-1] / v[-1]


# ---------------------------------------------------------------------------------------------- reductions


@case(M)
@case(F)
@case(T3)
@case(V)
@case(np.array([[np.nan, 1.0]]))
@case(np.array([1.0, np.nan, 3.0]))
def reductions(a):
    sums = a.sum(), np.mean(a), np.prod(a), np.sum(a * a)
    return sums, np.max(a), a.min(), np.argmax(a), np.argmin(a), np.max(-a)


@case(SINGLE)
def reductions_of_singles(a):
    return a.sum(), np.prod(a), np.max(a), a.min(), np.argmax(a)


@case(PERMUTED)
def reductions_of_ints(a):
    return a.sum(), np.mean(a), np.prod(a), np.max(a), a.min(), np.argmax(a), np.sum(a * 2)


@case(V)
def any_and_all(v):
    return np.any(v > 0.5), np.all(v > -1), (v > 5).any(), (v < 5).all()


@case(V)
def reduction_of_itself(v):
    s = 0.0
    for _ in range(3):
        s = np.sum(v * s) + 1.0
    return s


@case(M)
@case(F)
def along_axes(a):
    return np.sum(a, axis=0) * 2.0, np.sum(a, axis=1), a.sum(axis=-1)


@case(T3)
def along_the_middle_axis(a):
    return np.sum(a, axis=1)


@case(M)
def reductions_of_rows(a):
    m = np.zeros(a.shape[0])
    for i in range(a.shape[0]):
        m[i] = np.max(a[i]) + np.argmin(a[i])
    return m


@case(V)
def builtins_on_arrays(v):
    return sum(v) + len(v)


@case(V)
def standardised(v):
    c = v - np.mean(v)
    return c / np.sqrt(np.mean(c * c))


@case(N)
def softmax(x):
    out = np.empty_like(x)
    for i in range(x.shape[0]):
        e = np.exp(x[i] - np.max(x[i]))
        out[i] = e / np.sum(e)
    return out


# ---------------------------------------------------------------------------------------------- products


@case(V, W)
def inner_products(v, w):
    return np.dot(v, w) + v @ w + v.dot(w) + np.dot(v * w, w) + np.vdot(v, w)


@case(M, V)
@case(F, V)
@case(M, S)
def matrix_vector(a, v):
    y = a @ v
    z = np.dot(a, v * 2.0)
    return y + z


@case(V, N)
@case(V, np.asfortranarray(N))
def vector_matrix(v, a):
    return v @ a


@case(M, N)
@case(F, N)
@case(N, M)
@case(N, F)
@case(F, F.T)
def matrix_matrix(a, b):
    return a @ b, np.dot(a, b)


@case(M, N, V)
def transposed_products(a, b, v):
    return a.T @ b.T, b @ a, a @ a.T, a.T @ a, v @ a.T, b.T @ v, v @ b


@case(np.arange(4.0).reshape(2, 2))
def product_with_itself(a):
    for _ in range(3):
        a = a @ a * 0.5
    return a


@case(V, W)
def descent(x, y):
    w = np.zeros(3)
    for _ in range(4):
        r = w * x - y
        w = w - 0.1 * r * x
    return w


@case(N, np.array([1.0, 0.0, 1.0]))
def logistic(X, y):
    w = np.zeros(X.shape[1])
    for _ in range(3):
        p = 1.0 / (1.0 + np.exp(-(X @ w)))
        w = w - 0.1 * (X.T @ (p - y))
    return w


# ---------------------------------------------------------------------------------------------- in place


@case(V, W)
def augmented(v, w):
    v += w
    v *= 2.0
    v -= v[::-1]
    v /= w
    v **= 2
    return v


@case(M, V)
def rows_and_columns(a, v):
    a[0] = v
    a[1, :] -= v * 2.0
    a[:, 1] *= 3.0
    a[:, 0] += 1.0
    a[:, :] = a + 1.0
    a[:] += v
    return a


@case(np.arange(6.0))
def overlapping(x):
    x[1:] = x[:-1]
    x[:-1] += x[1:]
    x[::2] = x[1::2]
    x[1:3] *= 2.0
    x[2:4] = x[2:4] * x[2:4]
    x[:] = x[::-1]
    return x


@case(M)
@case(F)
@case(np.zeros((2, 6))[:, ::2] + 1.0)
@case(np.arange(12.0).reshape(2, 6)[:, ::2])
def overlapping_rows(a):
    a[0] = a[1] * 2.0
    a[:, 1:] = a[:, :-1]
    a[1] += a[0]
    a[0] = a[-2] + a[-1]
    return a


@case(np.arange(4.0))
def turned_round(x):
    y = x[1:]
    x = x[::-1]
    x[1:] += y
    return x, y


@case(SQUARE)
def with_its_transpose(a):
    a += a.T
    a[:] = a.T * 2.0
    return a


@case(V)
def with_itself(v):
    v += v
    v[:] = v * v - v
    v *= v[0]
    v *= v[1]
    return v


@case(V, V)
@case(V, W)
def two_arguments(v, w):
    v[:] = w * 2.0
    v += w[::-1]
    return v


@case(V)
def filled(v):
    y = np.empty_like(v)
    y.fill(2.5)
    z = np.zeros((2, 3))
    z[:, :] = v
    z[1] = y
    z[0, 1:] = y[:-1]
    return y, z


@case(V, 1)
def index_trees(v, k):
    a = np.zeros((3, 3))
    for i in range(3):
        a[i] = v * i
        a[(i + 1) % 3, k] += v[i - 1]
        a[i, k:] = v[k:]
    return a


@case(V, PERMUTED)
def indirect(v, ix):
    a = np.zeros((3, 3))
    for i in range(3):
        a[ix[i]] = v * i
        v[ix[i]] *= 2.0
        a[ix[i]][ix[0]] += 1.0
    return a, v


@case(np.arange(12.0).reshape(3, 4))
def heat(u):
    for _ in range(2):
        u[1:-1, 1:-1] = u[1:-1, 1:-1] + 0.1 * (u[2:, 1:-1] + u[:-2, 1:-1] - 2.0 * u[1:-1, 1:-1])
    return u


@case(V)
def names_of_one_array(v):
    y = v
    y = y * 2.0
    y += 1.0
    x = y
    x += v
    return y, x, v


# ---------------------------------------------------------------------------------------------- not too late


@case(V, W)
def written_after_use(v, w):
    a = v * 2.0 + (w + 1.0)
    y = v.copy()
    z = y * 2.0
    y[0] = 100.0
    q = y[1:] * 3.0
    y[1] = 50.0
    return a, z, q, y


def _first(y):
    y[0] = 50.0
    return 1.0


@case(V, V)
@case(V, W)
def written_through_another_name(v, w):
    return np.sum(v * 2.0 + _first(w))


def _write(y):
    y[0] = 77.0
    return 1.0


@case(V)
def written_by_an_operand(v):
    y = v * 1.0
    return np.sum(y * 2.0 + _write(y))


@case(V)
def scalar_changed_after_use(v):
    k = 2.0
    y = v * k
    k = 3.0
    return y + k


@case(V, 1)
def row_index_changed_after_use(v, i):
    a = np.zeros((3, 3))
    a[1] = v
    r = a[i] * 1.0
    i = 2
    return r + a[i]


@case(V, W, True)
@case(V, W, False)
def branches(v, w, c):
    y = v * 2.0 if c else w - 1.0
    if c:
        z = v + w
    else:
        z = v - w
    return y * z


@case(V)
def while_on_arrays(v):
    k = 0
    while np.sum(v * v) > 0.01:
        v = v * 0.5
        k += 1
    return v, k


@case(V)
def tests_with_arrays(v):
    if (v * 2.0)[1] < 0.0 and np.sum(v) > 0:
        return np.max(v)
    return 0.0


@case(M)
def rows_in_loops(a):
    s = 0.0
    for row in a:
        s += np.sum(row * row)
        row[0] = s
    for i in range(2):
        s += a[i][1] * a[i, 2]
        a[i][2] = s
    return s, a


@case(V, 3)
def shape_changes(v, n):
    y = np.zeros(1)
    for i in range(n):
        y = v[i:] + y
        z = y * y
        y = z[:1]
    return y


@case(V, W)
def shape_kept(v, w):
    y = np.zeros(3)
    for i in range(3):
        if i == 1:
            y = y + v
        else:
            y = w * y + 1.0
    return y


# ---------------------------------------------------------------------------------------------- new arrays and views


@case(M)
@case(F)
@case(T3)
def copies(a):
    b = a.copy()
    b[0] = 5.0
    c = np.copy(a)
    d = a.flatten()
    d[0] = 7.0
    return a, b, c, d


@case(M)
@case(T3)
def flat_views(a):
    r = a.ravel()
    r[0] = 9.0
    q = a.reshape(a.size)
    q[1] = 3.0
    z = a.reshape((3, -1))
    z[2, 0] = 8.0
    return a, r


@case(F)
def flat_copy(a):
    r = a.ravel()
    r[0] = 9.0
    return a, r


@case(M)
def transposes(a):
    t = a.T
    t[0, 1] = 4.0
    u = np.transpose(a) * 2.0
    w = a.T + 1.0
    return t, u, w, np.sum(a.T * a.T), a.transpose() - 1.0


@case(3, 0.7)
def full(n, c):
    a = np.full(n, c)
    b = np.full((2, n), c * 2.0)
    return a, b, np.full_like(b, c), np.full(n, 2.0), np.full(n, 3)


@case(0.3, 1.7)
def ramps(a, b):
    x = np.linspace(a, b, 5)
    y = np.arange(a, b, 0.3)
    return x, y, np.linspace(0.0, 1.0, 4), np.arange(4), np.arange(b), np.linspace(a, b, 1)


@case(0.3, 1.7)
def displays(x, y):
    a = np.array([x, y, 1.0, 2])
    b = np.array([[x, y], [y * 2.0, 1]])
    c = np.array((x, y))
    d = np.array([1, 2, 3])
    f = np.array([x, y], dtype=np.float32)
    g = np.array([[1, 2], [3, 4]], dtype=np.float64)
    return a, b, c, d, f, g


@case(SINGLE)
def dtypes(v):
    a = np.zeros(3, dtype=np.float32)
    c = np.empty(2, np.float32)
    c[:] = 1.0
    made = np.zeros_like(v), np.ones((2, 2), dtype=np.int64), np.zeros(2, dtype=np.bool_)
    return a + v, c, made, np.ones_like(v, dtype=np.float64), v * 2.0, v * v, np.sin(v)


@case(M)
def shapes(a):
    m, n = a.shape
    s = a.shape
    z = np.zeros(a.shape) + a
    w = np.ones(s) * a
    q = np.empty(a.shape[1])
    q[:] = 1.0
    return z, np.zeros((n, m)) + 1.0, w + q, a.size, a.ndim, s[0] * s[-1], len(s)


# ---------------------------------------------------------------------------------------------- lists


@case(2.0, 3.0)
def lists(x, y):
    a = [x, y]
    b = a * 3
    c = a + b
    d = c[1:4]
    e = [0.0] * 4
    e[1] += x
    a += [y]
    h = c[:]
    h.append(1.0)
    return sum(c) + max(b) * min(a) + len(c) + sum(d) + sum(e) + sum(c[-3:]) + len(h), len(a)


@case(2.0)
def lists_of_mixed_numbers(x):
    a = [1, 2, 3]
    b = [x, 1, 2]
    b[1] *= x
    s = 0.0
    for t in b:
        s += t
    return s * sum(a) + max(a)


@case(V)
def lists_from_arrays(v):
    a = [t * t for t in v]
    a.append(sum(a))
    return max(a) - min(a)


# ---------------------------------------------------------------------------------------------- tuples


@case((1.0, 2.0, 3.0), 1)
@case((1.0, 2.0, 3.0), -1)
@case((1.0, 2.0, 3.0), -3)
def item_at_run_time(t, k):
    return t[k] * 2.0


@case((1.0, 2.0), (1.0, 3.0))
@case((1.0, 2.0), (1.0, 2.0))
@case((2.0, 2.0), (1.0, 3.0))
def compared(t, u):
    return t == u, t != u, t < u, t <= u, t > u, t >= u, 1.0 in t


@case((1.0, (2.0, 3.0)), (1.0, (2.0, 4.0)))
@case((1.0, (2.0, 3.0)), (0.5, (2.0, 4.0)))
def nested_compared(t, u):
    return t == u, t < u, t >= u, t[1] != u[1]


@case(1.0, 2.0, 3)
def rotated(x, y, n):
    t = (x, y, 0.0)
    for _ in range(n):
        t = t[1:] + t[:1]
        t = t[::-1]
    a, b, c = t
    a, b = b, a
    return a - 2 * b + 3 * c


@case(1.0, 2.5)
def nested(x, y):
    t = ((x, y), (y, x * 2.0))
    u = t
    (a, b), c = u
    for i in range(2):
        a = a + t[i][0] * t[i][1]
    return a * b + c[0] * c[1] + sum(c) + max(t[1])


@case(Q(P(1.0, 2.0), V))
def named(q):
    p = q.p
    q = Q(P(p.y, p.x * 3.0), q.a * 2.0)
    if q.p.x > 1.0:
        r = q
    else:
        r = Q(p, q.a)
    return r.p.x + r.p.y * np.sum(r.a) + len(r)


@case((V, W))
def of_arrays(t):
    s = 0.0
    for a in t:
        s += np.sum(a)
    t[0][1] = 7.0
    return s + np.sum(t[0] * t[1])


@case(V)
def shape_compared(v):
    if v.shape == (3,):
        return v.shape[0] * 1.0
    return 0.0


@case(M, M + 1)
def shapes_asserted(a, b):
    assert a.shape == b.shape
    return np.sum(a * b)
