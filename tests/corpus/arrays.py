"""Arrays as arguments and locals: rank, layout, constructors, attributes, and every kind of index."""

import math

import numpy as np

from . import Case


def dot(v, w):
    s = 0.0
    for i in range(v.shape[0]):
        s += v[i] * w[i]
    return s


def matrix_vector(a, v):
    s = 0.0
    for i in range(a.shape[0]):
        t = 0.0
        for j in range(a.shape[1]):
            t += a[i, j] * v[j]
        s += t * t
    return s


def attributes(a):
    rows, cols = a.shape
    return a[rows - 1, cols - 1] * a.size + a[0, 0] * a.ndim + len(a) * a[1, 0]


def rank_three(t):
    s = 0.0
    for i in range(t.shape[0]):
        for j in range(t.shape[1]):
            for k in range(t.shape[2]):
                s += math.sin(t[i, j, k]) * (i + 2 * j + 3 * k)
    return s


def rank_zero(z):
    return z[()] * z[()]


def negative_indices(v):
    return v[-1] * v[-2] + v[-len(v)] * v[0]


def negative_index_pairs(a):
    return a[-1, -1] * a[0, -2] + a[-1, 0]


def tuple_index_variable(a):
    k = (1, 0)
    return a[k] * a[0, 1] + a[k[1], k[0]]


def index_by_parts(a):
    return a[1][0] * a[0][1]


def index_arithmetic(v, n):
    s = 0.0
    for i in range(n):
        s += v[(i * 3 + 1) % len(v)] * v[len(v) - 1 - i % 2]
    return s


def indirect(v, idx):
    s = 0.0
    for k in range(len(idx)):
        s += v[idx[k]] * v[idx[k]] * (k + 1)
    return s


def indirect_twice(v, idx):
    s = 1.0
    for k in range(len(idx)):
        s = s * 0.7 + v[idx[idx[k]]]
    return s


def index_from_data(v, x):
    i = int(x * 2.0)
    return v[i] * x + v[i + 1]


def scatter(v, idx):
    out = np.zeros(4)
    for k in range(len(idx)):
        out[idx[k]] += v[k]
    s = 0.0
    for i in range(4):
        s += out[i] * out[i]
    return s


def histogram_like(v):
    bins = np.zeros(3)
    for i in range(len(v)):
        b = min(int(v[i] * 3.0), 2)
        bins[b] += v[i] * v[i]
    return bins[0] * bins[1] + bins[2]


def argmax_by_loop(v):
    best = 0
    for i in range(1, len(v)):
        if v[i] > v[best]:
            best = i
    return v[best] * v[0] * best


def local_zeros(v):
    y = np.zeros(len(v))
    for i in range(len(v)):
        y[i] = v[i] * v[i]
    s = 0.0
    for i in range(len(v)):
        s += y[i] * y[len(v) - 1 - i]
    return s


def local_ones(v):
    y = np.ones(len(v))
    for i in range(1, len(v)):
        y[i] = y[i - 1] * v[i]
    return y[-1] + y[1]


def local_empty(v):
    n = len(v)
    y = np.empty(n)
    for i in range(n):
        y[i] = math.sin(v[i])
    s = 0.0
    for i in range(n):
        s += y[i] * v[n - 1 - i]
    return s


def local_full(x, n):
    y = np.full(n, x)
    y[1] = y[0] * y[2]
    s = 0.0
    for i in range(n):
        s += y[i] * y[i]
    return s


def local_full_constant(v):
    y = np.full(3, 2.5)
    for i in range(3):
        y[i] *= v[i]
    return y[0] * y[1] + y[2]


def local_like(v):
    a = np.zeros_like(v)
    b = np.ones_like(v)
    c = np.empty_like(v)
    for i in range(len(v)):
        a[i] = v[i] * b[i]
        c[i] = a[i] * v[i]
        b[i] = c[i] + 1.0
    s = 0.0
    for i in range(len(v)):
        s += a[i] * b[i] * c[i]
    return s


def local_full_like(v, x):
    y = np.full_like(v, x)
    y[0] += v[0]
    return y[0] * y[1] + v[1]


def local_copy(v):
    y = v.copy()
    for i in range(len(v)):
        y[i] = y[i] * v[0]
    return y[0] + y[1] * v[1]


def local_np_copy(v):
    y = np.copy(v)
    y[0] = y[1] * y[2]
    return y[0] * v[0]


def local_array_literal(x, y):
    v = np.array([x, y, x * y, 1.0])
    v[3] = v[0] * v[1]
    s = 0.0
    for i in range(4):
        s += v[i] * v[i]
    return s


def local_matrix_literal(x, y):
    a = np.array([[x, y], [1.0, x * y]])
    return a[0, 0] * a[1, 1] - a[0, 1] * a[1, 0]


def rotation_matrix(theta, p):
    c = math.cos(theta)
    s = math.sin(theta)
    r = np.array([[c, -s], [s, c]])
    q = np.zeros(2)
    for i in range(2):
        for j in range(2):
            q[i] += r[i, j] * p[j]
    return q[0] * q[0] * q[1]


def local_matrix(v):
    n = len(v)
    a = np.zeros((n, n))
    for i in range(n):
        for j in range(n):
            a[i, j] = v[i] * v[j] + i
    trace = 0.0
    for i in range(n):
        trace += a[i, i] * a[i, 0]
    return trace


def local_from_shape(a):
    b = np.empty(a.shape)
    for i in range(a.shape[0]):
        for j in range(a.shape[1]):
            b[i, j] = a[i, j] ** 2
    return b[0, 0] * b[1, 1] + b[0, 1]


def local_float32(x):
    y = np.zeros(2, dtype=np.float64)
    y[0] = x
    y[1] = y[0] * x
    return y[0] * y[1]


def local_int_array(v):
    order = np.zeros(len(v), dtype=np.int64)
    for i in range(len(v)):
        order[i] = (i * 2) % len(v)
    s = 0.0
    for i in range(len(v)):
        s = 0.5 * s + v[order[i]]
    return s


def local_bool_array(v):
    keep = np.zeros(len(v), dtype=np.bool_)
    for i in range(len(v)):
        keep[i] = v[i] > 0.35
    s = 0.0
    for i in range(len(v)):
        if keep[i]:
            s += v[i] * v[i]
    return s


def local_made_in_loop(v):
    s = 0.0
    for i in range(len(v)):
        t = np.zeros(2)
        t[0] = v[i] * v[i]
        t[1] = t[0] * v[i]
        s += t[0] + t[1]
    return s


def local_made_in_branch(v):
    if v[0] > 0.0:
        t = np.ones(2)
        t[0] = v[0]
    else:
        t = np.zeros(2)
        t[1] = v[1]
    return t[0] * v[1] + t[1] * v[0]


def constant_array_argument(v, w):
    s = 0.0
    for i in range(len(v)):
        s += v[i] * w[i] * w[i]
    return s


def constant_overwritten_after_use(v):
    w = np.ones(len(v))
    s = 0.0
    for i in range(len(v)):
        s += w[i] * v[i]
    for i in range(len(v)):
        w[i] = 5.0
    return s


def constant_then_active(v):
    w = np.ones(len(v))
    s = 0.0
    for k in range(2):
        for i in range(len(v)):
            s += w[i] * v[i] * (k + 1)
            w[i] = v[i] * s
    return s


def int_array_times_float(counts, x):
    s = 0.0
    for i in range(len(counts)):
        s += counts[i] * x**i
    return s


def table_lookup(x):
    table = np.array([0.5, 1.5, 2.5])
    s = 0.0
    for i in range(3):
        s += table[i] * x**i
    return s


def arange_as_constants(v):
    t = np.arange(len(v))
    s = 0.0
    for i in range(len(v)):
        s += t[i] * v[i]
    return s


def element_of_matrix_by_flat_index(a):
    rows, cols = a.shape
    s = 0.0
    for k in range(a.size):
        s = 0.5 * s + a[k // cols, k % cols]
    return s


def sum_matrix(a):
    s = 0.0
    for i in range(a.shape[0]):
        for j in range(a.shape[1]):
            s += a[i, j] * a[i, j] * (1 + i - j)
    return s


def write_matrix_argument(a):
    for i in range(1, a.shape[0]):
        for j in range(a.shape[1]):
            a[i, j] += a[i - 1, j] * 0.5
    return a[-1, 0] * a[-1, -1]


def single_array(v):
    s = np.float32(0.0)
    for i in range(len(v)):
        s += v[i] * v[i]
    return s


def single_array_in_place(v):
    for i in range(1, len(v)):
        v[i] = v[i] * v[i - 1]
    return v[-1] + v[1]


def single_local(v):
    y = np.zeros(len(v), dtype=np.float32)
    for i in range(len(v)):
        y[i] = v[i] * 2.0
    return y[0] * y[1]


def mixed_precision(v, w):
    s = 0.0
    for i in range(len(v)):
        s += v[i] * w[i]
    return s


def scalar_and_arrays(x, v, a, n):
    s = x
    for k in range(n):
        for i in range(len(v)):
            s += v[i] * a[k, i] * x
    return s


def read_only(x):
    x.flags.writeable = False
    return x


V = np.array([0.3, -0.2, 0.9, 0.4, 0.7])
W = np.array([0.1, 0.5, 1.1])
M = np.array([[0.3, -0.2, 0.9], [0.4, 0.7, -0.5]])
STRIDED = np.arange(12.0)[::2] * 0.1
CASES = [
    Case(dot, (W, W * 2.0)),
    Case(dot, (STRIDED, np.arange(12.0)[::-2])),
    Case(dot, (read_only(W.copy()), read_only(W.copy()[::-1]))),
    Case(dot, (W, W * 2.0), "w"),
    Case(matrix_vector, (M, W)),
    Case(matrix_vector, (np.asfortranarray(M), W)),
    Case(matrix_vector, (np.zeros((4, 6))[::2, ::2] + M, W)),
    Case(matrix_vector, (np.tile(M, (2, 2))[::2, 1::2][:, :3], W)),
    Case(matrix_vector, (M, W), 0),
    Case(matrix_vector, (M, W), 1),
    Case(attributes, (M,)),
    Case(rank_three, (np.linspace(-1.0, 1.0, 12).reshape(2, 3, 2),)),
    Case(rank_three, (np.asfortranarray(np.linspace(-1.0, 1.0, 12).reshape(2, 3, 2)),)),
    Case(rank_zero, (np.array(1.7),)),
    Case(negative_indices, (V,)),
    Case(negative_index_pairs, (M,)),
    Case(tuple_index_variable, (M,)),
    Case(index_by_parts, (M,)),
    Case(index_arithmetic, (V, 6)),
    Case(indirect, (V, np.array([0, 0, 2, 4, -1]))),
    Case(indirect_twice, (V, np.array([2, 0, 1]))),
    Case(index_from_data, (V, 0.7)),
    Case(scatter, (V, np.array([0, 1, 1, 3, 0]))),
    Case(histogram_like, (np.array([0.1, 0.5, 0.9, 0.4, 0.8]),)),
    Case(argmax_by_loop, (V,)),
    Case(local_zeros, (V,)),
    Case(local_ones, (V,)),
    Case(local_empty, (V,)),
    Case(local_full, (1.3, 4)),
    Case(local_full_constant, (W,)),
    Case(local_like, (V,)),
    Case(local_full_like, (V, 1.3)),
    Case(local_copy, (V,)),
    Case(local_np_copy, (V,)),
    Case(local_array_literal, (1.3, 0.4)),
    Case(local_matrix_literal, (1.3, 0.4)),
    Case(rotation_matrix, (0.3, np.array([1.0, 2.0]))),
    Case(local_matrix, (W,)),
    Case(local_from_shape, (M,)),
    Case(local_float32, (1.3,)),
    Case(local_int_array, (V,)),
    Case(local_bool_array, (V,)),
    Case(local_made_in_loop, (V,)),
    Case(local_made_in_branch, (V,)),
    Case(local_made_in_branch, (-V,)),
    Case(constant_array_argument, (W, W + 1.0), "v"),
    Case(constant_array_argument, (W, W + 1.0), "w"),
    Case(constant_overwritten_after_use, (V,)),
    Case(constant_then_active, (W,)),
    Case(int_array_times_float, (np.array([3, 1, 2]), 1.3)),
    Case(table_lookup, (1.3,)),
    Case(arange_as_constants, (V,)),
    Case(element_of_matrix_by_flat_index, (M,)),
    Case(sum_matrix, (M,)),
    Case(sum_matrix, (M.T,)),
    Case(write_matrix_argument, (M,)),
    Case(write_matrix_argument, (np.asfortranarray(M),)),
    Case(single_array, (W.astype(np.float32),)),
    Case(single_array_in_place, (W.astype(np.float32),)),
    Case(single_local, (W.astype(np.float32),)),
    Case(mixed_precision, (W.astype(np.float32), W + 1.0)),
    Case(scalar_and_arrays, (1.3, W, M, 2)),
    Case(scalar_and_arrays, (1.3, W, M, 2), ("a", "x")),
]
