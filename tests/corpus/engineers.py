"""Programs as engineers write them: solvers, filters, dynamic programming, sorts, transforms."""

import math
from collections import namedtuple
from typing import NamedTuple

import numpy as np
from numba import njit

from . import Case, into

CASES: list[Case] = []
case = into(CASES)
Params = namedtuple("Params", "k m c")
State = namedtuple("State", "x v")
rng = np.random.default_rng(3)
Q = rng.normal(size=(4, 4)) + 4 * np.eye(4)
V = np.array([0.5, -1.5, 2.0, 0.25, 1.1, 0.7])
W = np.array([1.2, 0.3, -0.8, 0.9, 2.1, -0.4])
Pt = namedtuple("Pt", "x y")
M = np.arange(12.0).reshape(3, 4) / 7 + 0.2


@case(Params(1.3, 0.7, 0.2), State(0.4, -0.3))
def verlet_nt(p, s):
    for _ in range(7):
        a = -p.k * s.x / p.m - p.c * s.v
        vh = s.v + 0.05 * a
        s = State(s.x + 0.1 * vh, vh + 0.05 * (-p.k * (s.x + 0.1 * vh) / p.m))
    return s.x**2 + s.v


@case(Q.copy(), V[:4].copy())
def lu_pivot(A, b):
    n = A.shape[0]
    sign = 1.0
    for k in range(n):
        p = k
        for i in range(k + 1, n):
            if abs(A[i, k]) > abs(A[p, k]):
                p = i
        if p != k:
            for j in range(n):
                A[k, j], A[p, j] = (A[p, j], A[k, j])
            b[k], b[p] = (b[p], b[k])
            sign = -sign
        for i in range(k + 1, n):
            A[i, k] /= A[k, k]
            A[i, k + 1 :] -= A[i, k] * A[k, k + 1 :]
            b[i] -= A[i, k] * b[k]
    det = sign
    for k in range(n):
        det *= A[k, k]
    x = np.empty(n)
    for i in reversed(range(n)):
        acc = b[i]
        for j in range(i + 1, n):
            acc -= A[i, j] * x[j]
        x[i] = acc / A[i, i]
    return det * 0.001 + x @ x


@case(
    np.array([0.3, 0.4, 0.2, 0.1]),
    np.array([4.0, 4.1, 4.2, 4.3, 4.4]),
    np.array([0.2, 0.3, 0.1, 0.4]),
    np.array([1.0, 2, 3, 4, 5]),
)
def thomas(a, b, c, d):
    n = b.size
    cp = np.zeros(n - 1)
    dp = np.zeros(n)
    cp[0] = c[0] / b[0]
    dp[0] = d[0] / b[0]
    for i in range(1, n):
        m = b[i] - a[i - 1] * cp[i - 1]
        if i < n - 1:
            cp[i] = c[i] / m
        dp[i] = (d[i] - a[i - 1] * dp[i - 1]) / m
    x = dp
    for i in range(n - 2, -1, -1):
        x[i] -= cp[i] * x[i + 1]
    return (x * x).sum()


@case(np.array([1.0, 0.5, -0.3, 0.8, 0.2, -0.9, 0.4, 0.6]), np.array([0.1, 0.2, 0.3, -0.1, 0.7, 0.5, -0.2, 0.3]))
def fft_inplace(re, im):
    n = len(re)
    j = 0
    for i in range(1, n):
        bit = n >> 1
        while j & bit:
            j ^= bit
            bit >>= 1
        j |= bit
        if i < j:
            re[i], re[j] = (re[j], re[i])
            im[i], im[j] = (im[j], im[i])
    size = 2
    while size <= n:
        half = size // 2
        ang = -2.0 * math.pi / size
        for s in range(0, n, size):
            for k in range(half):
                wr = math.cos(ang * k)
                wi = math.sin(ang * k)
                tr = wr * re[s + k + half] - wi * im[s + k + half]
                ti = wr * im[s + k + half] + wi * re[s + k + half]
                re[s + k + half] = re[s + k] - tr
                im[s + k + half] = im[s + k] - ti
                re[s + k] += tr
                im[s + k] += ti
        size *= 2
    e = 0.0
    for k in range(n):
        e += (k + 1) * math.sqrt(re[k] ** 2 + im[k] ** 2)
    return e


@case(2.0, 10.0)
def newton_for_else(a, c):
    x = a
    for it in range(50):
        fx = x**3 - c
        step = fx / (3 * x * x)
        x -= step
        if abs(step) < 1e-13:
            break
    else:
        x = -1.0
    return x * a


@case(V, W)
def dtw(a, b):
    n, m = (len(a), len(b))
    D = np.full((n + 1, m + 1), 10000000000.0)
    D[0, 0] = 0.0
    for i in range(1, n + 1):
        for j in range(1, m + 1):
            cost = (a[i - 1] - b[j - 1]) ** 2
            D[i, j] = cost + min(D[i - 1, j], D[i, j - 1], D[i - 1, j - 1])
    return D[n, m]


@case(V)
def bubble(v):
    v = v.copy()
    n = len(v)
    for i in range(n):
        swapped = False
        for j in range(n - 1 - i):
            if v[j] > v[j + 1]:
                v[j], v[j + 1] = (v[j + 1], v[j])
                swapped = True
        if not swapped:
            break
    s = 0.0
    for i, x in enumerate(v):
        s += (i + 1) * x * x
    return s


@case(V)
def insertion(v):
    for i in range(1, len(v)):
        key = v[i]
        j = i - 1
        while j >= 0 and v[j] > key:
            v[j + 1] = v[j]
            j -= 1
        v[j + 1] = key
    return v[0] * v[1] + v[2] * v[3] ** 2 - v[4] * v[5]


@case(V, np.array([0, 2, 1, 0, 2, 2]))
def hist(v, idx):
    h = np.zeros(3)
    for i in range(len(v)):
        h[idx[i]] += v[i] * v[i]
    out = 0.0
    for k in idx[::-1]:
        out = 0.5 * out + h[k]
    return out


def fibf(n, a, b):
    if n <= 1:
        return a if n == 0 else b
    return fibf(n - 1, a, b) * 0.5 + fibf(n - 2, a, b) * b


@case(6, 0.7, 1.2)
def fib(n, a, b):
    return fibf(n, a, b)


def simpson(f_a, f_m, f_b, h):
    return h / 6 * (f_a + 4 * f_m + f_b)


def g_(x, p):
    return math.exp(-p * x) * math.sin(x)


def adapt(a, b, p, eps, depth):
    m = 0.5 * (a + b)
    h = b - a
    whole = simpson(g_(a, p), g_(m, p), g_(b, p), h)
    left = simpson(g_(a, p), g_(0.5 * (a + m), p), g_(m, p), m - a)
    right = simpson(g_(m, p), g_(0.5 * (m + b), p), g_(b, p), b - m)
    if depth <= 0 or abs(left + right - whole) < eps:
        return left + right
    return adapt(a, m, p, eps / 2, depth - 1) + adapt(m, b, p, eps / 2, depth - 1)


@case(0.0, 2.0, 0.7, 1e-05)
def quad(a, b, p, eps):
    return adapt(a, b, p, eps, 6)


def od(x, n):
    if n == 0:
        return x * x
    return ev(x + 0.1, n - 1) + math.sin(x)


def ev(x, n):
    return 1.0 + x if n == 0 else x * od(x * 0.9, n - 1)


@case(0.8)
def mutual(x):
    return ev(x, 5)


@case(0.4, 1.3)
def lam_closure(a, b):

    def f(x, y=2.0):
        return x * y + a

    def twice(h, z):
        return h(h(z))

    return twice(f, b) + f(b, y=a) + (lambda t: t * t * b)(a)


def helper(x, *, scale=2.0, off=None, power=3):
    r = x * scale
    if off is not None:
        r += off
    return r**power


@case(0.6, 0.9)
def kwargs_(x, y):
    return helper(x) + helper(y, scale=x) + helper(x, power=2, off=y)


@case(V)
def negsteps(v):
    s = 0.0
    for i in range(len(v) - 1, -1, -2):
        s = s * 0.5 + v[i]
    w = v[::-1]
    u = w[1:5:2]
    u[0] *= s
    u[1] = v[0] * w[0]
    for i in range(5, -7, -3):
        s += v[i] * i
    return s + v[4] * v[2] + w[-1] * u[-1]


@case(V, W)
def swapref(a, b):
    u = a.copy()
    v = b.copy()
    for t in range(4):
        for i in range(1, 5):
            v[i] = 0.5 * (u[i - 1] + u[i + 1]) - 0.1 * u[i] * v[i]
        u, v = (v, u)
    return (u * u).sum() + v[2]


@case(0.3, 0.5, 0.8)
def chained(a, b, c):
    s = 0.0
    if a < b < c:
        s += a * b
    if a < b > c:
        s += 100.0 * c
    if 0.0 < a <= b != c:
        s += c * c
    if not (a > b or b > c) and c:
        s *= 2.0
    return s


@case(V)
def walrus(v):
    s = 0.0
    i = 0
    while (x := v[i]) < 1.9:
        s += x * x
        i += 1
    if (n := len(v)) > 3 and (y := (s * x)) > 0:
        s += y * n
    return s


@case(V, W)
def early(v, w):
    s = 0.0
    for i in range(len(v)):
        for j in range(len(w)):
            s += v[i] * w[j]
            if s > 1.5:
                return s * v[i]
            if w[j] < -0.5:
                break
        else:
            continue
        s *= 1.1
    return -s


@case(-7.3, 2.2)
def divs(a, b):
    q, r = divmod(a, b)
    return (
        q * r
        + a // b * b
        + a % b
        + r * r
        + math.fmod(a, b) * b
        + -a % b
        + round(a) * b
        + int(a) * b
        + math.floor(b) * a
        + math.trunc(a) * b
        + math.ceil(b) * a
    )


@case(-1.7, 2.5)
def powers(a, b):
    return (
        a**2
        + a**3
        + a ** (-2)
        + (-a) ** b
        + b**a
        + pow(a, 4)
        + pow(b, 2.5)
        + a**2.0
        + (a * a) ** 0.5
        + 2**b
        + b**0
        + 1.5**a
    )


@njit
def inplace_axpy(y, a, x):
    for i in range(y.size):
        y[i] += a * x[i]


@case(V, W, 0.3)
def calls_inplace(x, y, a):
    z = np.zeros(x.size)
    inplace_axpy(z, a, x)
    inplace_axpy(z[1:], a * a, y[:-1])
    inplace_axpy(y, a, z)
    return np.dot(y, z)


@case((0.5, (1.5, -0.2)), V)
def nested_tuple(t, v):
    a, (b, c) = t
    (p, q), r = ((v[0], v[1]), v[2])
    return a * b * p + c * q * r + t[1][0] * t[0]


class P2(NamedTuple):
    a: float
    w: np.ndarray


@case(P2(0.5, V.copy()))
def ntarray(p):
    s = 0.0
    for x in p.w:
        s += p.a * x * x
    p.w[1] = s
    return s * p.w[1] + p.w[0]


@case((V.copy(), W.copy()))
def tuparr(t):
    a, b = t
    s = 0.0
    for x, y in zip(a, b):
        s += x * y
    t[0][2] = s
    return s + a[2] * t[1][-1]


@case(np.arange(12.0).reshape(3, 4) / 5 + 0.3)
def transposes(m):
    t = m.T
    t[1, 2] *= t[0, 0]
    r = m.ravel()
    r[5] += r[1] * r[2]
    q = m.reshape(4, 3)
    q[1:, ::2] *= q[0, 1]
    d = m[::-1, ::-1]
    d[0] = d[1] * d[2]
    return (t * t).sum() + q[3, 2] * d[0, 0]


@case(V, 2)
def window(v, k):
    best = -1000000000.0
    for i in range(len(v) - k + 1):
        s = 0.0
        for x in v[i : i + k]:
            s += x
        best = max(best, s * s)
    return best


@case(np.float32(0.7), np.array([0.5, 1.5, -0.25], dtype=np.float32), 2.0)
def f32mix(a, x, d):
    s = np.float32(0.0)
    for v in x:
        s += v * a
    y = x * a
    return s * d + y[1] * float(y[2])


def two(x, y):
    return (x * y, x / y)


def nt(x, y):
    return Pt(x * y, x - y)


def arr(x, n):
    r = np.empty(n)
    for i in range(n):
        r[i] = x**i
    return r


def both(v):
    return (v.sum(), v * 2.0)


@case(0.7, 1.3)
def several_results(x, y):
    a, b = two(x, y)
    p = nt(a, b)
    q = arr(p.x, 4)
    s, w = both(q)
    return s * w[2] + p.y


@case(V)
def slice_list(v):
    x = v.copy()
    x[1:3] = [x[0], x[0] * x[4]]
    return (x * x).sum()


@case(V)
def slice_tuple(v):
    x = v.copy()
    x[1:3] = (x[0], x[0] * x[4])
    x[3:] = np.array([x[1], x[2], x[0]])
    return (x * x).sum()


def mergesort(a, lo, hi, tmp):
    if hi - lo < 2:
        return
    mid = (lo + hi) // 2
    mergesort(a, lo, mid, tmp)
    mergesort(a, mid, hi, tmp)
    i, j = (lo, mid)
    for k in range(lo, hi):
        if i < mid and (j >= hi or a[i] <= a[j]):
            tmp[k] = a[i]
            i += 1
        else:
            tmp[k] = a[j]
            j += 1
    for k in range(lo, hi):
        a[k] = tmp[k]


@case(V)
def sorts(v):
    t = np.zeros(len(v))
    mergesort(v, 0, len(v), t)
    s = 0.0
    for i in range(len(v)):
        s += v[i] * v[i] * (i + 1)
    return s


def quick(a, lo, hi):
    if lo < hi:
        p = a[hi]
        i = lo
        for j in range(lo, hi):
            if a[j] < p:
                a[i], a[j] = (a[j], a[i])
                i += 1
        a[i], a[hi] = (a[hi], a[i])
        quick(a, lo, i - 1)
        quick(a, i + 1, hi)


@case(V)
def qs(v):
    quick(v, 0, v.size - 1)
    return v[0] * v[1] - v[2] * v[-1] ** 2


def rfft(re, im):
    n = re.size
    if n == 1:
        return
    h = n // 2
    er = re[0::2].copy()
    ei = im[0::2].copy()
    orr = re[1::2].copy()
    oi = im[1::2].copy()
    rfft(er, ei)
    rfft(orr, oi)
    for k in range(h):
        c = math.cos(-2 * math.pi * k / n)
        s = math.sin(-2 * math.pi * k / n)
        tr = c * orr[k] - s * oi[k]
        ti = c * oi[k] + s * orr[k]
        re[k] = er[k] + tr
        im[k] = ei[k] + ti
        re[k + h] = er[k] - tr
        im[k + h] = ei[k] - ti


@case(np.array([1.0, 0.5, -0.3, 0.8, 0.2, -0.9, 0.4, 0.6]))
def fft_rec(x):
    im = np.zeros_like(x)
    re = x.copy()
    rfft(re, im)
    s = 0.0
    for k in range(x.size):
        s += (re[k] ** 2 + im[k] ** 2) * (k + 1) ** 0.5
    return s


@case(V, W, 3)
def views_of_views(x, y, k):
    a = x[1:]
    b = a[:k]
    c = b[::-1]
    c[0] = y[0] * y[1]
    b[0] += c[0]
    a[-1] *= b[0]
    d = y[k:]
    d[:2] = c[:2] * a[1:3]
    d *= 2.0
    y[0:3] += d
    return x @ y + y[2]


@case(M, V)
def matrices(m, v):
    r = m[1]
    c = m[:, 2]
    r *= v[0]
    c += r[0]
    m[0] = r
    m[:, 0] = c * v[1]
    m[1:, 1:3] *= m[:2, 2:]
    s = 0.0
    for row in m:
        for x in row:
            s += x * x * 0.5
        row[0] = s
    return s + m[2, 0] + np.sum(m, axis=0)[1] + m.sum(axis=1)[2] * m.mean()


@case(0.3, 2.0)
def loopvar_after(x, y):
    s = 0.0
    for i in range(5):
        if x * i > 1.0:
            break
        s += x
    k = i
    for j in range(0):
        s = 100.0
    for j in range(3, 0, -1):
        s *= y
    return s * k + j * x


@case(0.3)
def while_else(x):
    n = 0
    s = x
    while n < 5:
        n += 1
        if n == 2:
            continue
        s = s * 1.5 + x
        if s > 50:
            break
    else:
        s += 1.0 * x
    while True:
        s *= 0.7
        if s < 0.5:
            break
        n += 1
    return s * n


@case(V)
def enum_zip(v):
    s = 0.0
    for i, (a, b) in enumerate(zip(v, v[::-1])):
        s += i * a * b
    for i, x in enumerate(v[1:], start=2):
        s += x * i
    for a, b in zip(v[1:], v[:-1]):
        s += a * b * b
    for x in reversed(v):
        s = s * 0.9 + x
    for i in reversed(range(1, 6, 2)):
        s += v[i] * s * 0.1
    for t in (v[0], v[1], 2.0):
        s += t * t
    for a, b in ((v[0], 1.0), (v[2], v[3])):
        s += a * b
    return s


@case(1.7, 0.4)
def int_float_mix(a, b):
    n = 0
    s = 0
    for i in range(4):
        s = s + a * i
        n += i
    t = 1
    t *= b
    u = 3 // 2 + 7 % 4 + 2**3 + (5 - 8) // 2
    return s * n + t / u + a**n + n**b + n / 3 * a + True * a


@case(0.5, 0.2)
def booleans(a, b):
    c = a > b
    d = not c or b > 0
    s = a if c and d else b
    s += c * a + (c + d) * b
    if c:
        s *= 2
    e = a and b
    f = 0.0 or b
    return s + e * f


@case(np.array([[0.0, 1.0, 4.0], [1.0, 0.0, 2.0], [4.0, 2.0, 0.0]]) * 1.1 + 0.01)
def floyd(d):
    n = len(d)
    for k in range(n):
        for i in range(n):
            for j in range(n):
                if d[i, k] + d[k, j] < d[i, j]:
                    d[i][j] = d[i][k] + d[k][j]
    s = 0.0
    for r in d:
        s += r.sum() * r[0]
    return s


@case(V, 0.9)
def kalman(z, q):
    x, p = (0.0, 1.0)
    ll = 0.0
    for t in range(len(z)):
        p += q
        k = p / (p + 0.5)
        e = z[t] - x
        ll += -0.5 * (math.log(2 * math.pi * (p + 0.5)) + e * e / (p + 0.5))
        x += k * e
        p *= 1 - k
    return ll


@case(np.array([[0.7, 0.3], [0.4, 0.6]]), np.array([[0.9, 0.1], [0.2, 0.8]]), np.array([0, 1, 1, 0, 1]))
def hmm(T, E, obs):
    a = np.array([0.5, 0.5])
    ll = 0.0
    for o in obs:
        new = np.zeros(2)
        for j in range(2):
            for i in range(2):
                new[j] += a[i] * T[i, j]
            new[j] *= E[j, o]
        s = new[0] + new[1]
        ll += math.log(s)
        a = new / s
    return ll


@case(V)
def viterbi_like(v):
    best = np.full(3, -1000.0)
    best[0] = 0.0
    for x in v:
        nb = best.copy()
        for j in range(3):
            m = -math.inf
            for i in range(3):
                c = best[i] - abs(i - j) * 0.3
                if c > m:
                    m = c
            nb[j] = m + x * (j - 1) - 0.1 * x * x
        best = nb
    return max(best)


@case(0.5, 1.5)
def bisect(a, c):
    lo, hi = (0.0, 3.0)
    for _ in range(30):
        mid = 0.5 * (lo + hi)
        if mid * mid * a > c:
            hi = mid
        else:
            lo = mid
    for _ in range(4):
        lo = lo - (lo * lo * a - c) / (2 * lo * a)
    return lo


@case(V, W)
def nested_helpers(v, w):

    def dot(a, b, start=0):
        s = 0.0
        for i in range(start, len(a)):
            s += a[i] * b[i]
        return s

    def norm(a):
        return math.sqrt(dot(a, a))

    return dot(v, w, start=1) / (norm(v) * norm(w))


@case(V)
def augments(v):
    x = v.copy()
    i = 2
    x[i] += x[i - 1]
    x[i] -= 0.5
    x[i] *= x[0]
    x[i] /= 1.7
    x[-1] **= 2
    x[1] //= 0.7
    x[3] %= 0.2
    s = 1.0
    s += x[2]
    s -= x[0]
    s *= x[5]
    s /= 1.3
    s **= 3
    s %= 5.0
    x[1:4] *= s
    x += x[::-1].copy()
    return s * x.sum() + x[2] * x[3]


@case(V, W)
def overlap(v, w):
    v[1:] = v[:-1]
    w[:-1] += w[1:]
    v[::2] *= w[1::2]
    return v @ w


@case(V)
def rows(v):
    m = np.zeros((3, 2))
    m[0] = (v[0], v[1] * v[0])
    m[1] = [v[2], v[3]]
    m[:, 1] = (v[4], m[1, 0], v[5])
    m[2, :] *= (v[0], v[1]) if False else 2.0
    return (m * m).sum() + m[1, 1] * m[0, 1]


@case(V)
def list_aug(v):
    out = [v[0]]
    for i in range(1, 6):
        out += [out[-1] * v[i] + 0.3]
    out = out * 2
    return sum(out) + out[3] * out[7] + min(out) * len(out)


@case(V)
def list_from_np(v):
    c_ = []
    for x in v:
        c_.append(math.exp(-x * x))
    a = np.array(c_)
    b = np.array([c_[0], c_[1], v[2]])
    c = np.asarray(c_) * 2.0
    a[0] *= v[1]
    return a @ a + b[1] * b[2] + np.sum(c) + c_[0]


@case(V, W)
def try_swaps(a, b):
    p, q = (a, b)
    for i in range(5):
        if a[i] > b[i]:
            p, q = (q, p)
        p[i] = q[i + 1] * 0.5 + p[i]
        r = p[i:]
        r[0] += q[0]
    return p @ q + a[3]


@case(V)
def shadowed_names(x):
    x_bar = x[0]
    a1 = x[1] * x_bar
    s_saved = a1 * x[2]
    tape = s_saved + a1
    np_ = tape
    trips = 0
    taken = x[3]
    while tape < 50.0:
        trips += 1
        tape = tape * 1.5 + abs(taken) + 0.5
        if trips > 6:
            break
    return tape * np_ + x_bar * taken


@case(3.0, 2)
def rangeforms(x, k):
    s = 0.0
    for i in range(k, 10, k + 1):
        s += x * i
    for i in range(10, k, -k):
        s -= x * x * i
    for i in range(-k):
        s += 100 * x
    for i in range(k, k):
        s += 100 * x
    for i in range(0, -5, -2):
        s += x**i if i else x
    n = k
    for i in range(n):
        n = 7
        s += x / n
        i += 3
        s *= 1.0 + 0.01 * i
    return s + n * x


@case(V)
def break_nest(v):
    s = 0.0
    found = -1
    for i in range(6):
        for j in range(i, 6):
            for k in range(j, 6):
                t = v[i] * v[j] + v[k]
                if t < -1.0:
                    continue
                if t > 2.5:
                    found = k
                    break
                s += t * 0.1
            if found >= 0:
                break
        else:
            s *= 1.05
            continue
        s += v[found] * v[i]
        found = -1
    return s


@case(V, W)
def triple_alias(v, w):
    a = v
    b = a
    c = b[1:5]
    d = c.T
    e = d[::-1]
    e += w[1:5]
    d *= c[::-1].copy()
    b[2:4] = e[:2]
    a -= w
    return a @ v + c[1] * e[0]


@case(np.array([1.0, 2.0, 3.0]), 2)
def polyval_dyn(c, n):
    x = c[0] * 0.5
    r = 0.0
    p = 1.0
    i = 0
    while i < len(c) and (p := (p * x)) != 0.0:
        r += c[i] * p
        i += 1
    return r**n


@case(V)
def slices_assign(v):
    n = v.size
    h = n // 2
    lo = v[:h]
    hi = v[h:]
    t = lo.copy()
    lo[:] = hi
    hi[:] = t * lo
    v[-2:], v[:2] = (v[:2].copy(), v[-2:].copy())
    return v @ np.arange(6.0) + hi[0] * lo[2]


@case(V)
def reductions_of_numbers(v):
    return np.max(v[0]) * np.mean(v[1]) * np.min(v[2]) * np.prod(v[3]) + np.abs(np.sum(v[0] * v[4]))
