# ruff: noqa: E731, F841
"""Corners of the language: types, flags, defaults, None, captured names, tuples of arrays, wrt."""

import math
from typing import NamedTuple

import numpy as np

from . import Case, into

CASES: list[Case] = []
case = into(CASES)
X = np.array([0.5, -1.5, 2.0, 0.25, 1.1])
M = np.array([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]]) / 3


def f1(x, k):
    y = x * x
    if k < 2:
        x = 1.5
    return x + y


def f2(x, k):
    y = x * x
    if k < 2:
        x = (k + 1) / 4
    return x + y


def f3(x, k):
    y = x * x
    for i in range(3):
        if i < k:
            x = i * 0.5
        else:
            x = x * x
    return x + y


class P(NamedTuple):
    x: float
    y: float


@case(P(0.3, 0.7), 3)
def nt_loop(p, n):
    for i in range(n):
        p = P(p.x * p.y, p.x + 0.1)
        if p.x > 0.3:
            p = P(0.5, p.y)
    return p.x * p.y


@case((0.3, X, (0.5, M)), 0.4)
def nested_tuple(q, s):
    a, v, (b, m) = q
    for i in range(3):
        v[i] = v[i] * m[0, i] * a
        m[1, i] = s * v[i]
        s += m[1, i] * b
    return s


@case((X, X * 2.0), 0.4)
def tuple_arrays(q, s):
    for v in q:
        for i in range(5):
            s = s * v[i] * 0.5 + 0.3
            v[i] = s
    return s + q[0][1]


@case(X[1:], 0.4)
def arg_view(x, s):
    for i in range(4):
        x[i] = x[i] * s
        s = s + x[i - 1]
    return s * x[0]


@case(np.asfortranarray(M), 0.4)
def arg_f(m, s):
    r = m.T
    for i in range(2):
        m[i] = m[i] * s
        s += r[0, i] * m[i, 1]
    return s


@case(M[:, ::2], 0.4)
def arg_strided(m, s):
    r = m.T
    for i in range(2):
        m[i] *= s
        s += r[0, i] * m[i, 1]
    return s


@case(X[::-1], 0.4)
def arg_rev(x, s):
    for i in range(5):
        s = s * x[i] + 0.1
    return s * x[0]


@case(X, 0.4, wrt="s")
def wrt_s(x, s):
    for i in range(5):
        x[i] = s * x[i]
        s = s + x[i]
        if x[i] > 0.5:
            s = 0.3
            x[0] = s
    return s * x[0]


@case(X, 0.4, wrt=("x",))
def wrt_x(x, s):
    for i in range(5):
        x[i] = s * x[i]
        s = s + x[i]
        if x[i] > 0.5:
            s = 0.3
            x[0] = s
    return s * x[0]


@case(X, 0.4, 2)
def unused(x, s, n):
    return s * n


@case(X.astype(np.float32), np.float32(0.4))
def f32(x, s):
    y = np.zeros(5, dtype=np.float32)
    for i in range(5):
        y[i] = x[i] * s
        if y[i] > 0.3:
            s = s * y[i]
    return s * y[0]


@case(X.astype(np.float32), 0.4)
def fmix(x, s):
    y = np.zeros(5, dtype=np.float32)
    z = np.zeros(5)
    for i in range(5):
        y[i] = x[i] * s
        z[i] = y[i] * s
        s = s + z[i] * y[i - 1]
    return s * y[0]


@case(X, np.array([True, False, True, True, False]))
def mask(x, b):
    s = 0.5
    for i in range(5):
        if b[i]:
            s = s * x[i]
            b[i] = False
        elif b[i - 1]:
            s = s + x[i] ** 2
        else:
            b[(i + 1) % 5] = True
    return s


@case(X, np.array([1, 2, 3]))
def int_written(x, k):
    s = 0.5
    for i in range(3):
        k[i] += k[i - 1]
        s = s * x[k[i] % 5] + s * s
        k[0] = (k[0] * 3) % 5
    for i in range(k[0], k[1] % 5):
        k[0] = 4
        s = s * x[i] * s
    return s


@case(X)
def argm(x):
    k = 0
    for i in range(5):
        if x[i] > x[k]:
            k = i
    s = x[k] * x[k]
    x[k] = s * x[0]
    j = np.argmax(x)
    return s * x[j] * x[k - 1]


G = np.array([0.3, 0.6, 0.9])


@case(0.5)
def glob(x):
    s = x
    for i in range(3):
        s = s * G[i] + G[i - 1] * x * x
    g = G.copy()
    g[0] = s
    s = s * g[0] * g[1]
    h = G
    return s * h[1]


@case(X, 0.4)
def wh(x, s):
    i = 0
    while (i < 5 and s * x[i] < 1.0) or s < 0.1:
        s = s + abs(x[i]) * s
        x[i] = s
        i += 1
        if i > 3 and s > 2.0:
            break
    else:
        s = s * 2.0 * x[0]
    return s * x[1]


@case(X, 0.4)
def walrus_while(x, s):
    i = 0
    while (y := s * x[i]) < 1.0:
        s = s + abs(y) + 0.1
        i = (i + 1) % 5
    return s * y


@case(X, 0.4)
def chain(x, s):
    a = b = x[0] * s
    a *= b
    c = d = np.zeros(3)
    c[0] = a
    d[1] = c[0] * b
    c[2] = d[1] * d[0]
    return d[2] + c[1]


@case(X, 3)
def nested_funcs(x, n):
    y = x.copy()

    def upd(i, s):
        y[i] = y[i] * s
        return y[i - 1] * s

    s = 0.6
    for i in range(n):
        s = s + upd(i, s) * upd(i + 1, y[i])
    return s * y[0] + y[3]


@case(X, 3)
def inline_array_result(x, n):
    def mk(v, s):
        w = np.zeros(len(v))
        for i in range(len(v)):
            if v[i] < -2.0:
                return v
            w[i] = v[i] * s
        return w

    s = 0.6
    y = x
    for i in range(n):
        y = mk(y, s)
        s = s + y[i] * y[0]
        z = mk(x, s)
        s = s + z[1] * z[2] * 0.1
    return s * y[0] + y[3]


@case(X, 3)
def ret_alias(x, n):
    def pick(u, v, c):
        if c:
            return u
        return v

    y = x.copy()
    z = x * 2.0
    for i in range(n):
        w = pick(y, z, i % 2 == 0)
        w[i] = w[i] * y[i + 1] + z[i]
        w[0] *= w[i]
    return y[0] * z[0] + y[1] * z[1] + y[2]


@case(X, 4)
def int_cond(x, n):
    s = 0.3
    for k in range(n):
        if k % 3:
            s = s * x[k] + 0.4
        if k & 2:
            s = math.sin(s) * x[k]
        if k % 3 and s > 0:
            s = s * s
        if not k % 2 or k // 2:
            s = s + x[k] ** 2
        y = s if k % 3 else x[k]
        s = s + y * y
        if k:
            s = s * 1.1
        if s - 1.0:
            s = s * x[0]
        while n % 4:
            n -= 1
            s = s * x[n]
    return s


@case(X, 4)
def int_cond_while(x, n):
    s = 0.3
    k = 0
    while k - n:
        if k % 3:
            s = s * x[k] + 0.4
        if (k % 3) * 2:
            s = math.sin(s) * x[k]
        s = s + np.where(k % 3, s, x[k])
        k += 1
    return s


def d1(x, w=None):
    if w is None:
        return x[0] * x[1]
    return w * x[0]


def d2(x, w=None):
    if w is None:
        w = 2.0
    return w * x[0] * x[0]


def d3(x, w=None):
    s = 0.0
    for i in range(5):
        if w is not None:
            s += w[i] * x[i]
        else:
            s += x[i] * x[i]
    return s


@case(X, 0.3)
def live1(x, s):
    k = 0
    out = 0.0
    while True:
        k += 1
        y = s * x[k]
        if y > 1.0:
            out = y * y
            break
        if k > 3:
            break
        s = s * 1.7
        out = s
    return out * s


@case(X, 0.3)
def live2(x, s):
    a = np.zeros(5)
    b = np.zeros(5)
    for i in range(5):
        a[i] = x[i] * s
        b[i] = a[i] * a[i]
        if b[i] > 0.3:
            b[0] = a[i] * s
            break
        s = s + a[i]
    dead = 0.0
    for i in range(5):
        dead += b[i]
        if dead > 100.0:
            raise ValueError("large")
    return b[0] * a[1] + s


@case(X, 0.3)
def live3(x, s):
    n = 0
    for i in range(5):
        if x[i] > 0.4:
            n += 1
        for j in range(n):
            s = s * x[j] + 0.1
            if s > 3.0:
                n = 0
                break
    return s * n


@case(X, 0.3)
def assert_kept(x, s):
    for i in range(5):
        s = s * x[i] + 0.2
        assert s < 100.0
        if s < -50.0:
            raise ValueError("small")
    return s


@case(X, 0.3)
def unused_results(x, s):
    y = x * 2.0
    z = y[1:]
    q = 0.0
    for i in range(4):
        q += z[i] * s
        z[i] = q
    w = q * q
    return s * s * x[0]


@case(X, 0.3)
def overwritten_before_use(x, s):
    y = x * s
    for i in range(5):
        y[i] = x[i] * x[i]
    s2 = s
    for i in range(5):
        s2 = 0.0
        for j in range(i):
            s2 += y[j] * s
    return s2 * y[4]


@case(X, 0.3)
def const_rows(x, s):
    y = np.ones((3, 5))
    for i in range(3):
        if i == 1:
            continue
        for j in range(5):
            y[i, j] = s * x[j]
        y[i] *= y[i - 1]
    return (y * y).sum()


@case(X, 2)
def int_float_mix(x, n):
    s = 0
    p = 1
    for i in range(5):
        if x[i] > 0.4:
            s = s + x[i]
            p = p * n
        else:
            s = 1
        s = s * p / 2
    return s * 1.0


@case(0.7, 3)
def int_pow(x, n):
    y = x**n + n**x + x**-n + (n + 1) ** 2 * x
    z = n
    z = z * x
    z **= 2
    q = n // 2 * x + n % 2 * x + (x // 0.2) * x + x % 0.4 + divmod(x, 0.3)[1]
    return y * z + q


@case(X)
def bool_as_number(x):
    s = 0.0
    for i in range(5):
        b = x[i] > 0.4
        s += b * x[i] + (not b) * x[i] ** 2
        s = s + (x[i] if b else 2)
    return s


@case(X, True)
@case(X, False)
def bool_flags(x, flag):
    s = 0.3
    done = False
    for i in range(5):
        if not done and x[i] > 1.0:
            done = True
            flag = not flag
        if (flag and done) or s > 4.0:
            s = s * x[i]
        elif flag != done:
            s = s + x[i] * x[i]
        s = s * 1.1
    return s


@case(X, 0.4)
def same_name_types(x, s):
    y = x[0]
    y = y * s
    t = (y, s)
    y = t[0] * t[1]
    for y in x:
        s = s * y + 0.3
    y = x * s
    z = y[0] * y[1]
    y = z * s
    return y


@case(X, 0.4)
def shadowed_loopvars(x, i):
    s = i
    for i in range(3):
        s = s * x[i]
        for i in x:
            s = s + i * 0.1
        s = s * i
    return s * i


@case(X, 0.4)
def del_and_again(x, s):
    for i in range(3):
        y = s * x[i]
        s = y * y + 0.2
        del y
    y = s * 2
    return y * x[0]


@case(X, 0.4)
def lambda_capture(x, s):
    f = lambda a: a * s * x[1]
    r = f(s)
    g = lambda a, b=s: a * b + f(a)
    s = s * 2
    r += f(s) * g(r)
    for i in range(2):
        h = lambda a: a * x[i]
        r = h(r) + g(s)
    return r


def h_default(x, y=2.0, *, z=0.5):
    x = x * y
    y = x + z
    return x * y


@case(0.3, 0.6)
def helper_params(x, y):
    a = h_default(x)
    b = h_default(y, x)
    c = h_default(y=x, x=a, z=b)
    x = h_default(c, z=y)
    return a * b * c * x


def h_inplace(v, n=2):
    for i in range(n):
        v[i] = v[i] * v[i + 1]
    if v[0] > 0:
        return
    v[0] = -v[0]


@case(X)
def helper_inplace(x):
    h_inplace(x)
    h_inplace(x[1:], 3)
    h_inplace(x[::-1])
    y = x.copy()
    h_inplace(y, n=1)
    return x[0] * y[0] + x[3] * y[1] + x[4]


for f, *args in [
    (f1, 0.3, 1),
    (f1, 0.3, 3),
    (f2, 0.3, 1),
    (f2, 0.3, 2),
    (f3, 0.3, 1),
    (f3, 0.3, 2),
    (d1, X),
    (d1, X, None),
    (d2, X),
    (d2, X, None),
    (d3, X),
    (d3, X, X),
    (d3, X, None),
]:
    case(*args)(f)
