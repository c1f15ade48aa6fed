"""Lists that are aliased, made in loops, passed to functions, sliced, repeated; comprehensions."""

import numpy as np

from . import Case, into

CASES: list[Case] = []
case = into(CASES)
X = np.array([0.5, -1.5, 2.0, 0.25, 1.1])


@case(X)
def list_in_breaking(x):
    s = 0.2
    for i in range(5):
        v = [s]
        for j in range(i):
            v.append(v[-1] * x[j])
        s = s + v[-1] * v[0]
        if s > 1.5:
            break
        v.append(s * x[i])
        s = s * v[-1] + x[0]
    return s


@case(X)
def list_in_breaking2(x):
    s = 0.2
    k = 0
    while True:
        k += 1
        if k > 4:
            break
        v = [s, x[k]]
        w = v
        if x[k] > 0:
            w.append(x[k] * s)
        s = 0.0
        for u in v:
            s += u * u
        if s > 5.0:
            break
    return s


@case(X)
def linear_list(x):
    s = 0.2
    for i in range(5):
        v = [x[i]]
        v.append(x[0])
        if x[i] > 1.5:
            break
        s += v[0] + v[1]
    return s


@case(0.5)
def list_alias(x):
    v = [x]
    w = v
    w.append(x * x)
    v.append(x * x * x)
    w[0] = w[-1] * v[1]
    return v[-1] * len(v) + w[-1] * v[0] * len(w)


def push(v, x):
    v.append(x)
    v[0] = v[0] * x


def make(x, n):
    v = [x]
    for i in range(n):
        v.append(v[-1] * x)
    return v


@case(0.5, 3)
def list_returned(x, n):
    v = make(x, n)
    w = make(v[-1], n)
    push(w, v[1])
    return v[-1] * w[0] * len(w) + w[-1]


@case(0.5, 3)
def list_slice(x, n):
    v = make(x, n)
    w = v[1:]
    w[0] = 2.0 * w[1]
    return v[1] * w[0] + w[-1] * v[0]


@case(0.5, 3)
def list_add(x, n):
    v = make(x, n)
    w = v + [x]
    w[0] = 2.0 * w[1]
    return v[1] * w[0] + w[-1] * v[0]


@case(0.5, 3)
def list_mul(x, n):
    v = [x] * n
    v[1] = v[0] * v[2]
    return v[0] * v[1]


@case(0.5, 3)
def list_copy(x, n):
    v = make(x, n)
    w = v.copy()
    w[0] = w[1] * w[0]
    return v[-1] * v[0] * w[0]


@case(0.5, 3)
def list_iadd(x, n):
    v = make(x, n)
    v += [x * 3]
    return v[-1] * v[0]


@case(X)
def list_int(x):
    idx = [0, 2]
    idx.append(3)
    j = idx
    j.append(1)
    s = 0.0
    for i in idx:
        s += s * x[i] + x[i] ** 2
    idx[0] = 4
    return s * x[j[0]]


@case(X)
def list_int_branch(x):
    if x[0] > 0:
        idx = [0, 2]
    else:
        idx = [1]
    idx.append(3)
    s = 0.1
    for i in idx:
        s += s * x[i] + x[i] ** 2
    return s


@case(X)
def list_neg(x):
    v = [x[0]]
    i = -1
    for k in range(4):
        v.append(v[i] * x[k])
        i -= 1
        v[i] = v[i + 1] * v[i]
    return v[-1] * v[0] * v[2]


@case(X)
def compre(x):
    v = [a * a for a in x if a > 0]
    w = [a * b for a in v for b in x]
    s = 0.0
    for u in w:
        s += u * u
    return s * v[-1] * len(w)


@case(X)
def compre_loop(x):
    s = 0.3
    for i in range(3):
        v = [a * s for a in x]
        s = v[i] + sum(v)
    return s


@case(np.array([0.5, -1.5, 2.0, 0.25, 1.1, 0.7]))
@case(np.zeros(0))
def slices_with_steps(v):
    a = [x * x for x in v]
    b = a[::-1]
    back = [i for i in range(len(v))][::-1]
    s = 0.0
    for k, x in enumerate(b):
        s += k * x
    for k, x in enumerate(a[::2]):
        s += x * x * k
    for x in a[1:5:3]:
        s *= 1.0 + x
    for i, x in zip(back, b[-4::2]):
        s += x * v[i]
    return s


@case(np.array([0.5, -1.5, 2.0, 0.25]))
def made_by_list(x):
    order = list(range(len(x)))
    order[0], order[2] = order[2], order[0]
    a = list(x)
    a[1] *= a[0]
    item = 2.0
    b = list(reversed(a))
    c = list(v * item for v in b if v > 0.0)
    x[3] = 7.0
    s = item
    for k in list(order):
        s = s * 0.5 + a[k] * x[k] + b[k]
    return s + c[0] * c[-1] + sum(list(a[1:]))


@case(X)
@case(-X)
def nothing_in_it(x):
    kept = [a * a for a in x if a > 1.9]
    if not kept:
        return x[0] * x[1]
    while not (len(kept) > 3):
        kept.append(kept[-1] * x[0])
    return kept[-1] * (1.0 if not kept else 2.0)


@case(X)
def lengthened_in_place(x):
    v = [x[0], x[1]]
    w = v
    w *= 3
    v[4] *= x[2]
    return sum(v) * len(w) + w[2] * w[4]


@case(X)
def items_change_and_other_lists_grow(x):
    a = [u for u in x]
    b, squares = a, []
    for i, u in enumerate(a):
        squares.append(u * u)
        b[-1] = u * squares[i]
    for u, w in zip(reversed(a), squares):
        squares[0] += u * w
    return squares[0] * b[-1]
