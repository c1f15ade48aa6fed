"""Views: slices, rows, columns, transposes, reshape and ravel, read through and written through."""

import numpy as np

from . import Case


def slice_read(v):
    w = v[1:4]
    s = 0.0
    for i in range(len(w)):
        s += w[i] * w[i] * (i + 1)
    return s


def slice_forms(v):
    a = v[:2]
    b = v[2:]
    c = v[::2]
    d = v[::-1]
    e = v[-3:-1]
    f = v[:]
    return a[0] * b[0] + c[1] * d[0] + e[0] * f[1] + len(c) * b[-1]


def slice_at_run_time(v, lo, hi):
    w = v[lo:hi]
    s = 1.0
    for i in range(len(w)):
        s = s * 0.5 + w[i] * w[0]
    return s


def slice_beyond_the_end(v):
    w = v[2:100]
    return w[0] * w[-1] * len(w)


def slice_empty(v):
    w = v[3:3]
    s = v[0] * v[0]
    for i in range(len(w)):
        s += w[i]
    return s


def view_write(v):
    y = v * 1.0
    z = y[1:3]
    z[0] = z[0] * z[1]
    return y[0] * y[1] + y[2] * y[1]


def view_write_seen_by_base(v):
    w = v[1:]
    w[0] = v[0] * 2.0
    v[2] = w[0] * w[1]
    return v[1] * w[1] + v[0]


def base_write_seen_by_view(v):
    w = v[:2]
    v[0] = v[2] * v[2]
    v[1] *= w[0]
    return w[0] * w[1]


def two_overlapping_views(v):
    a = v[:3]
    b = v[1:]
    for i in range(3):
        a[i] = a[i] * b[i]
        b[i] += 0.5 * a[i]
    return v[0] * v[1] + v[2] * v[3]


def view_of_view(v):
    a = v[1:]
    b = a[1:]
    c = b[::2]
    c[0] *= c[1]
    b[1] = a[0] * c[0]
    return v[2] * v[3] + v[4]


def reversed_view_write(v):
    r = v[::-1]
    for i in range(len(r)):
        r[i] = r[i] * v[0] + i
    return v[0] * v[1] + r[0]


def strided_view_write(v):
    e = v[::2]
    o = v[1::2]
    for i in range(len(o)):
        o[i] += e[i] * e[i + 1]
        e[i] = o[i] * 0.5
    return v[0] * v[1] + v[3] * v[2] + v[4]


def row_view(a):
    r = a[0]
    q = a[1, :]
    s = 0.0
    for j in range(len(r)):
        r[j] = r[j] * q[j]
        s += a[0, j] * r[j]
    return s


def rows_in_loop(a):
    s = 0.0
    for i in range(a.shape[0]):
        row = a[i]
        row[0] = row[1] * row[2]
        for j in range(len(row)):
            s += row[j] * row[j]
    return s


def column_view(a):
    c = a[:, 1]
    c[0] = c[1] * a[0, 0]
    a[1, 1] *= c[0]
    return c[0] * c[1] + a[0, 2]


def block_view(a):
    b = a[:, 1:]
    b[0, 0] = b[1, 1] * b[0, 1]
    return a[0, 1] * a[1, 2] + b[1, 0]


def transpose_read(a):
    t = a.T
    s = 0.0
    for i in range(t.shape[0]):
        for j in range(t.shape[1]):
            s += t[i, j] * a[j, i] * (i - 2 * j)
    return s


def transpose_write(a):
    t = a.T
    t[2, 0] = t[1, 1] * t[0, 0]
    a[1, 1] += t[2, 0]
    return a[0, 2] * t[1, 1]


def transpose_row(a):
    c = a.T[1]
    c[0] *= c[1]
    return a[0, 1] * a[1, 1]


def ravel_view(a):
    flat = a.ravel()
    for k in range(1, len(flat)):
        flat[k] = flat[k] + 0.5 * flat[k - 1]
    return a[1, 2] * a[0, 1]


def ravel_of_fortran_copies(a):
    flat = a.ravel()
    flat[0] = flat[1] * flat[2]
    return a[0, 0] * flat[0] + a[1, 1]


def reshape_view(v):
    a = v.reshape(2, 3)
    a[1, 0] = a[0, 1] * a[0, 2]
    v[1] *= a[1, 2]
    return a[0, 1] * v[3] + v[5]


def reshape_tuple(v, n):
    a = v.reshape((n, v.size // n))
    s = 0.0
    for i in range(a.shape[0]):
        s += a[i, 0] * a[i, -1]
    return s


def reshape_flat(a):
    f = a.reshape(a.size)
    f[2] *= f[0]
    return a[0, 2] * f[3]


def np_reshape_and_ravel(v):
    a = np.reshape(v, (3, 2))
    a[0, 0] *= a[2, 1]
    b = np.ravel(a)
    return b[0] * b[1] + v[0]


def view_rebound_in_loop(v):
    w = v
    s = 0.0
    while len(w) > 1:
        w[0] = w[0] * w[1]
        s += w[0]
        w = w[1:]
    return s * w[0]


def view_chosen_by_branch(v, first):
    if first:
        w = v[:2]
    else:
        w = v[2:4]
    w[0] *= w[1]
    return v[0] * v[2] + w[0]


def sliding_window(v, k):
    best = -1e9
    for i in range(len(v) - k + 1):
        w = v[i : i + k]
        s = 0.0
        for j in range(k):
            s += w[j]
        if s > best:
            best = s
    return best * best


def copy_of_view_is_apart(v):
    w = v[1:3].copy()
    w[0] = 5.0 * w[1]
    return v[1] * w[0] + w[1]


def view_kept_across_overwrite(v):
    w = v[1:3]
    t = w[0] * w[1]
    v[1] = t
    v[2] = w[0] + t
    t = w[0] * w[1]
    return t


def local_matrix_rows(v):
    a = np.zeros((2, len(v)))
    a[0] = v
    for j in range(len(v)):
        a[1, j] = a[0, j] * v[0]
    top = a[0]
    top[1] = a[1, 2]
    s = 0.0
    for i in range(2):
        row = a[i]
        for j in range(len(v)):
            s += row[j] * row[j]
    return s


def three_dimensional_views(t):
    plane = t[1]
    line = plane[:, 0]
    line[0] *= t[0, 1, 1]
    tube = t[:, 1, 0]
    tube[1] += line[0]
    return t[1, 0, 0] * t[1, 1, 0] + plane[0, 1]


V = np.array([0.3, -0.2, 0.9, 0.4, 0.7])
SIX = np.array([0.3, -0.2, 0.9, 0.4, 0.7, -0.6])
M = np.array([[0.3, -0.2, 0.9], [0.4, 0.7, -0.5]])
CASES = [
    Case(slice_read, (V,)),
    Case(slice_forms, (V,)),
    Case(slice_at_run_time, (V, 1, 4)),
    Case(slice_at_run_time, (V, -4, -1)),
    Case(slice_at_run_time, (V, 3, 1)),
    Case(slice_beyond_the_end, (V,)),
    Case(slice_empty, (V,)),
    Case(view_write, (V,)),
    Case(view_write_seen_by_base, (V,)),
    Case(base_write_seen_by_view, (V,)),
    Case(two_overlapping_views, (V,)),
    Case(view_of_view, (V,)),
    Case(reversed_view_write, (V,)),
    Case(strided_view_write, (V,)),
    Case(row_view, (M,)),
    Case(rows_in_loop, (M,)),
    Case(column_view, (M,)),
    Case(column_view, (np.asfortranarray(M),)),
    Case(block_view, (M,)),
    Case(transpose_read, (M,)),
    Case(transpose_write, (M,)),
    Case(transpose_row, (M,)),
    Case(ravel_view, (M,)),
    Case(ravel_of_fortran_copies, (np.asfortranarray(M),)),
    Case(reshape_view, (SIX,)),
    Case(reshape_tuple, (SIX, 2)),
    Case(reshape_flat, (M,)),
    Case(np_reshape_and_ravel, (SIX,)),
    Case(view_rebound_in_loop, (V,)),
    Case(view_chosen_by_branch, (V, True)),
    Case(view_chosen_by_branch, (V, False)),
    Case(sliding_window, (V, 2)),
    Case(copy_of_view_is_apart, (V,)),
    Case(view_kept_across_overwrite, (V,)),
    Case(local_matrix_rows, (V,)),
    Case(three_dimensional_views, (np.linspace(-1.0, 1.2, 8).reshape(2, 2, 2),)),
]
