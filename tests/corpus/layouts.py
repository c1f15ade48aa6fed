"""Views of views and arrays of either layout: what shares memory, and what is a copy."""

import numpy as np

from . import Case, into

CASES: list[Case] = []
case = into(CASES)
X = np.array([0.5, -1.5, 2.0, 0.25, 1.1, 0.7])
M = np.array([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]]) / 3
F = np.asfortranarray(M)
S = (np.arange(1.0, 25.0).reshape(4, 6) / 7)[::2, ::2]  # neither


@case(M)
@case(np.asfortranarray(M))
def tr_ravel(m):
    r = m.T.ravel()
    for i in range(6):
        r[i] = r[i] * m[0, 1]
        m[i % 2, i % 3] *= r[0]
    return r[1] * m[1, 2] + m[0, 0] * r[5]


@case(M)
@case(np.asfortranarray(M))
def plain_ravel(m):
    r = m.ravel()
    for i in range(6):
        r[i] = r[i] * m[0, 1]
        m[i % 2, i % 3] *= r[0]
    return r[1] * m[1, 2] + m[0, 0] * r[5]


@case(M)
def flat_copy(m):
    r = m.flatten()
    for i in range(6):
        r[i] = r[i] * m[0, 1]
        m[i % 2, i % 3] *= r[0]
    return r[1] * m[1, 2] + m[0, 0] * r[5]


@case(M)
def strided_ravel(m):
    r = m[:, ::2].ravel()
    for i in range(4):
        r[i] = r[i] * m[0, 0]
        m[i % 2, i % 3] *= r[0]
    return r[1] * m[1, 2] + m[0, 0] * r[3]


@case(X)
def reshape_view(x):
    m = x.reshape((2, 3))
    n = x.reshape(3, -1)
    k = np.reshape(x, (3, 2)).T
    for i in range(2):
        m[i, 0] *= n[2, i]
        k[i, 1] += m[0, i] * x[i]
        x[i + 1] = k[1, i]
    return m[0, 1] * n[1, 1] * k[0, 2] + x[0]


@case(X)
def np_forms(x):
    m = np.transpose(x.reshape(2, 3))
    r = np.ravel(m)
    c = np.copy(r)
    c[0] = r[1] * m[2, 1]
    m[0, 0] = c[0] * c[1]
    return (m * m).sum() + c[0] + r[0]


@case(X)
def view_of_view_of_view(x):
    a = x[1:]
    b = a[::-1]
    c = b[1:4:2]
    d = c[::-1]
    for i in range(2):
        d[i] = d[i] * a[i] + b[0]
        c[i] = c[i] * d[1 - i]
    return x[1] * x[2] + x[3] * x[4] * d[0]


@case(np.arange(24.0).reshape(2, 3, 4) / 10 + 0.1)
def three_d(a):
    b = a[1]
    c = a[:, 1]
    d = a[:, :, 2]
    e = b.T
    for i in range(3):
        b[i, 0] = d[0, i] * c[1, i]
        c[0, i] *= e[i, 0] + b[1, i]
        d[1, i] = c[0, i] * e[2, 1]
    return (a * a).sum() * 0.01 + a[0, 1, 2] * e[1, 1]


@case(X, 2)
def dyn_slices(x, n):
    y = x.copy()
    s = 0.2
    for i in range(n + 1):
        lo = i
        hi = 6 - i
        v = y[lo:hi]
        w = y[-hi:]
        u = y[hi - 1 : lo : -1] if i < 2 else y[::-1]
        lo = 0
        hi = 1
        v[0] = w[0] * u[0] + s
        u[1] *= v[1]
        s = s * v[-1] + w[-1] * u[-1]
    return s + y[0] * y[5] * lo


@case(X)
def slices_out_of_range(x):
    v = x[2:100]
    w = x[-100:3]
    e = x[4:2]
    s = 0.3
    for i in range(len(v)):
        s += v[i] * s
    for i in range(len(w)):
        w[i] *= s
    for q in e:
        s += q
    return s * v[0] + w[2] * len(e)


@case(X)
def swap_slices(x):
    y = x * 1.0
    y[:3], y[3:] = y[3:].copy(), y[:3].copy()
    y[0:2], y[2:4] = y[2:4], y[0:2]
    return y[0] * y[1] + y[2] * y[3] ** 2 + y[4] * y[5] ** 3


@case(M)
def aug_rows(m):
    m[0] += m[1]
    m[1] *= m[0]
    m[:, 0] -= m[:, 1]
    m[:, 1:] /= m[:, :2] + 5.0
    m += m
    m *= m[0]
    m -= m[:, 0:1]
    return (m * m * m).sum()


@case(M)
def broadcast(m):
    r = m[0]
    c = m[:, :1]
    o = r * c + m * 2.0
    o[1] = o[0] * r
    o[:] = o * c
    m[:] = r
    return (o * m).sum()


@case(X)
def reductions(x):
    return x.sum() * x.mean() + np.max(x) * np.min(x) + np.prod(x[:3]) + np.dot(x, x) + np.sum(x * x) + x.max()


def use(r, y):
    s = 0.3
    for i in range(6):
        r[i] = r[i] * y[0, 1]
        y[i % 2, i % 3] *= r[0] + s
        s = s * r[i] + 0.1
    return r[1] * y[1, 2] + y[0, 0] * r[5]


@case(F)
@case(M)
def u1(m):
    y = m.copy()
    return use(y.ravel(), y)


@case(M)
def u2(m):
    y = np.copy(m)
    return use(y.ravel(), y)


@case(F)
@case(M)
def u3(m):
    y = m * 2.0
    return use(y.ravel(), y)


@case(F)
@case(M)
def u4(m):
    y = np.zeros_like(m)
    y[:] = m
    return use(y.ravel(), y)


@case(F)
@case(M)
def u5(m):
    y = m.T.copy().T
    return use(y.ravel(), y)


@case(F)
@case(M)
def u6(m):
    y = (m.T * 2.0).T
    return use(y.ravel(), y)


@case(F)
@case(M)
def u7(m):
    y = m + np.ones((2, 3))
    return use(y.ravel(), y)


@case(F)
@case(M)
def u8(m):
    return use(m.ravel(), m) + use(m.T.ravel(), m)


@case(F)
@case(M)
def u9(m):
    y = np.where(m > 0.5, m, m * 2)
    return use(y.ravel(), y)


@case(M)
def u10(m):
    y = np.sin(m)
    return use(y.reshape(6), y)


@case(F)
def reshaped_and_read(m):
    y = np.sin(m)
    r = m.reshape(m.size)
    return y.copy().reshape(y.size)[1] * r[2] + m[0, 1]


@case(F, F * 2)
@case(M, F)
@case(F, M)
def u11(m, k):
    y = m * k
    z = -y
    return use(y.ravel(), y) + use(z.ravel(), z)


@case(F)
@case(M)
def u12(m):
    y = np.empty_like(m)
    y[:, :] = m
    z = np.ones_like(y) * y
    return use(z.ravel(), z) + use(y.ravel(), y)


@case(M[:, ::2], 0.3)
@case(F[:, ::2], 0.3)
@case(np.ones((4, 6))[::2, ::2].T * 0.3, 0.3)
def u13(m, s):
    y = m.copy()
    r = y.ravel()
    z = m * 2
    q = z.ravel()
    for i in range(4):
        r[i] = r[i] * y[0, 1]
        y[i % 2, i % 2] *= r[0] + s
        q[i] = q[i] * z[0, 1]
        z[i % 2, i % 2] *= q[0] + s
    return r[1] * y[1, 1] + q[2] * z[0, 0]


def mixed(m, y, r):
    """Writes through `r`, which shares memory with `y` or does not, and a number that depends on all three."""
    r[0] = m[1, 1] * 3.0 + r[-1] * r[0]
    r[-1] *= 1.5
    y[0, 0] = y[0, 0] * y[0, 0]
    m[0, 0] *= 1.25
    s = m[0, 0] * m[1, 2]
    k = 1.0
    for v in r:
        s += v * v * k + v
        k += 1.0
    for i in range(y.shape[0]):
        for j in range(y.shape[1]):
            s += y[i, j] * k
            k *= 1.1
    return s


@case(M)
@case(F)
def copies_keep_their_order(m):
    y = np.copy(m)
    z = np.copy(m.T)
    a = np.array(m)
    return mixed(m, y, y.ravel()) + mixed(m, z.T, z.ravel()) + mixed(m, a, a.T.ravel())


@case(M)
@case(F)
@case(S)
def copies_in_c_order(m):
    y = m.copy()
    z = m.T.copy()
    return mixed(m, y, y.ravel()) + mixed(m, z.T, z.ravel()) + mixed(m, z.T, z.T.flatten())


@case(M)
@case(F)
def made_like(m):
    y = np.zeros_like(m)
    z = np.full_like(m.T, 1.5)
    y[0, 0] = m[0, 1] * m[1, 0]
    z[1, 1] = m[0, 2]
    return mixed(m, y, np.ravel(y)) + mixed(m, z.T, z.ravel())


@case(M)
@case(F)
def results_in_the_order_of_operands(m):
    y = m * 1.5
    z = m.T + m.T
    w = np.where(m > 1.1, m, 0.5)
    u = m + m[:, :]
    return mixed(m, y, y.ravel()) + mixed(m, z.T, z.ravel()) + mixed(m, w, w.ravel()) + mixed(m, u, u.ravel())


@case(M)
@case(F)
def the_array_itself_or_a_copy(m):
    y = np.ascontiguousarray(m)
    z = np.asfortranarray(m)
    w = np.asarray(y)
    return mixed(m, y, w.ravel()) + mixed(m, z, z.T.ravel()) + mixed(m, w, np.asfortranarray(w.ravel()))


@case(M)
@case(F)
def columns_and_rows_raveled(m):
    y = m.copy()
    r = np.ravel(y[:, 0])
    c = y[1].ravel()
    return mixed(m, y, r) + mixed(m, y, c) + mixed(m, y, (y[:, 1] * 2.0).ravel())


@case(F)
@case(S)
def strided_arrays_laid_out_and_read(m):
    y = np.ascontiguousarray(m[:, 1:])
    s = 0.0
    for v in np.asfortranarray(m[0]):
        s += v * y[1, 1]
    return s * s
