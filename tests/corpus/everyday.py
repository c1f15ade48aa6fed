"""More programs as engineers write them: arrays of every rank, layout and precision, helpers, optimisers, buffers."""

import math

import numpy as np
from numba import njit

from . import Case, into

CASES: list[Case] = []
case = into(CASES)
VS = np.arange(1.0, 13)[::2] / 5
V = np.array([0.5, -1.5, 2.0, 0.25, 1.1, 0.7])
RO = V.copy()
RO.flags.writeable = False
V32 = V.astype(np.float32)
C3 = np.arange(24.0).reshape(2, 3, 4) / 9 + 0.1
W = np.array([1.2, 0.3, -0.8, 0.9, 2.1, -0.4])


@case(VS, RO)
def strided_readonly(a, b):
    s = 0.0
    for x, y in zip(a, b):
        s += x * y * y
    c = b.copy()
    c[1:] *= a[:-1]
    return s * c[3] + c[-1] * a[::-1][2]


@case(V32, 0.5)
def f32_array(x, a):
    y = np.zeros_like(x)
    s = np.float32(1.0)
    for i in range(len(x)):
        y[i] = x[i] * np.float32(a)
        s += y[i] * y[i]
    return s


@case(np.asfortranarray(C3))
def rank3_f(c):
    s = 0.0
    for i in range(2):
        for j in range(3):
            for k in range(4):
                s += c[i, j, k] * c[1 - i, 2 - j, 3 - k] * (i + 1)
    c[0] = c[1] * 2.0
    c[:, 1] += c[:, 0]
    d = c[1].T
    d[2, 1] *= s
    return s + c.sum() * d[2, 1] + c[-1, -1, -1]


@case(V, W)
def helper_swaps(a, b):

    def relax(u, v, k):
        for i in range(1, len(u) - 1):
            v[i] = k * (u[i - 1] + u[i + 1])
        return (v, u)

    for t in range(3):
        a, b = relax(a, b, 0.4)
    return a @ b + a[1]


@case(V, W, True)
def cond_array(a, b, flag):
    c = a if flag else b
    d = b if a[0] > b[0] else a
    c[1] = d[2] * d[2]
    e = c[2:] if c[1] > 0 else c[:3]
    e[0] *= a[1]
    return (a * b).sum() + e[1] * d[0]


@case(V, np.array([3, 1, 4, 1, 5]))
def perm(v, p):
    y = np.zeros(len(p))
    for i, k in enumerate(p):
        y[i] = v[k] ** 2
    for i in range(len(p)):
        v[p[i]] += y[i] * v[p[-1 - i]]
    s = 0.0
    for k in p:
        s += v[k] * y[k - 1]
    return s


@case(3.7, 2)
def int_conv(x, n):
    k = int(x)
    m = int(x * n) % 5
    r = round(x)
    f = math.floor(-x)
    b = bool(x)
    a = np.zeros(k + 2)
    a[m % k] = x
    a[r - k] += x * x
    return a.sum() * k + a[f] * b + float(k) * x + n // k * x + x // n * x + x % n


@case(V, W)
def aliased_param(v, w):

    def f(a, b):
        a[0] = b[1] * 2.0
        b[2] += a[0]
        return a[2]

    return f(v, v) * f(v, w) + f(w[1:], w)


@case(np.array([[1.0, 2.0], [3.0, 4.0]]), 2)
def matpow(m, n):
    r = np.eye(2)
    b = m.copy()
    while n > 0:
        if n % 2 == 1:
            r = r @ b
        b = b @ b
        n //= 2
    return r[0, 0] + r[1, 0] * r[0, 1]


@case(0.2, V)
def adam_inplace(lr, w):
    m = np.zeros(w.size)
    s = np.zeros(w.size)
    for t in range(1, 5):
        for i in range(w.size):
            g = math.tanh(w[i]) + 0.1 * w[i]
            m[i] += 0.1 * (g - m[i])
            s[i] += 0.01 * (g * g - s[i])
            w[i] -= lr * (m[i] / (1 - 0.9**t)) / (math.sqrt(s[i] / (1 - 0.99**t)) + 1e-08)
    return (w * w).sum()


@case(V, 3)
def ring_buffer(v, k):
    buf = np.zeros(k)
    pos = 0
    s = 0.0
    for x in v:
        s += x * buf[pos]
        buf[pos] = x + 0.5 * buf[pos - 1]
        pos = (pos + 1) % k
    return s * buf[0]


@case(V)
def while_inplace(v):
    i = 0
    while i < len(v) - 1 and v[i] < 1.9:
        v[i + 1] += 0.5 * v[i]
        i += 1
        if v[i] < -1:
            continue
        v[i] *= 1.1
    else:
        v[0] += v[i]
    return v[0] * v[i] + v[-1]


@case(V, W)
def matvec(a, b):
    A = np.empty((6, 6))
    for i in range(6):
        for j in range(6):
            A[i, j] = a[i] * b[j] + (i == j)
    y = A @ b
    z = y @ A
    w = np.dot(A, A)
    w[0] = z
    return y @ z * 0.01 + w[0, 1] + w[3, 2]


@case(V)
def prefix(v):
    c = v.copy()
    for i in range(1, len(c)):
        c[i] += c[i - 1]
    best = -math.inf
    for i in range(len(c)):
        for j in range(i + 1, len(c)):
            t = (c[j] - c[i]) / (j - i)
            if t > best:
                best = t
                bi, bj = (i, j)
    return best * c[bi] + c[bj]


@case(V)
def raise_path(v):
    for i, x in enumerate(v):
        if x > 100:
            raise ValueError("no")
        assert x > -50
        if i == 4:
            return x * v[i - 1]
    raise RuntimeError


@case(0.2, V)
def momentum(lr, w):
    v = np.zeros_like(w)
    for t in range(1, 6):
        g = w * 2.0 - 1.0
        v = 0.9 * v + g
        w = w - lr * v / math.sqrt(t)
    loss = 0.0
    for x in w:
        loss += (x - 0.5) ** 2
    return loss


@njit
def jmulti(v):
    s = 0.0
    p = 1.0
    for x in v:
        s += x
        p *= x
    return (s, p, v[::-1])


@njit
def jhelper(x, y=2.0, z=3.0):
    return x * y + z * x * x


@case(V)
def njit_helpers(v):
    s, p, r = jmulti(v)
    r[0] *= s
    return jhelper(s) + jhelper(p, s) + jhelper(r[0], v[1], p) + v[-1]


@case(V)
def dtypes_as_text(x):
    y = np.zeros(len(x), dtype="float64")
    k = np.ones(len(x), "int")
    z = np.empty(2, dtype="f4")
    for i in range(len(x)):
        y[i] = x[i] * x[-1 - i]
        k[i] += i
    z[0] = z[1] = 2.0
    return (y.astype("float64") * k).sum() * z[0]
