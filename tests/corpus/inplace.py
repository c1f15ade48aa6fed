"""Writes into arrays: the element's own old value, read-modify-write, slices, arguments written to."""

import math

import numpy as np

from . import Case


def own_element(v):
    y = np.zeros(len(v))
    s = 0.0
    for i in range(len(v)):
        y[i] = v[i]
        y[i] = y[i] * y[i]
        s += y[i]
    return s


def write_argument(v):
    for i in range(len(v)):
        v[i] = v[i] * v[i] + 1.0
    return v[0] * v[1]


def augmented_elements(v):
    y = v.copy()
    for i in range(len(v)):
        y[i] += v[0]
        y[i] *= v[i]
        y[i] -= 0.5 * y[i]
        y[i] /= 1.0 + y[i] * y[i]
        y[i] **= 2
    s = 0.0
    for i in range(len(v)):
        s += y[i]
    return s


def augmented_floor_and_mod(v):
    y = v.copy()
    y[0] //= 0.25
    y[1] %= 0.15
    return y[0] * v[0] + y[1] * y[1]


def prefix_sum(v):
    for i in range(1, len(v)):
        v[i] += v[i - 1]
    return v[-1] * v[1]


def prefix_product(v):
    for i in range(1, len(v)):
        v[i] *= v[i - 1]
    s = 0.0
    for i in range(len(v)):
        s += v[i]
    return s


def shift_left(v):
    for i in range(len(v) - 1):
        v[i] = v[i + 1] * 0.5
    return v[0] * v[1] + v[-1]


def rotate(v, n):
    for _ in range(n):
        first = v[0]
        for i in range(len(v) - 1):
            v[i] = v[i + 1]
        v[-1] = first * 0.9
    return v[0] * v[0] + v[2]


def swap_elements(v, n):
    for i in range(n):
        v[0], v[1] = v[1], v[0] * v[2]
        v[i % 3], v[2] = v[2], v[i % 3]
    return v[0] * v[1] + v[2]


def reverse_in_place(v):
    i = 0
    j = len(v) - 1
    while i < j:
        v[i], v[j] = v[j], v[i]
        i += 1
        j -= 1
    return v[0] * 2.0 + v[1] * v[0]


def overwrite_with_constant(v):
    s = v[0] * v[1]
    v[0] = 3.0
    s += v[0] * v[1]
    v[1] = 0.0
    return s + v[1] * v[2]


def overwrite_in_branch(v):
    for i in range(len(v)):
        if v[i] > 0.5:
            v[i] = v[i - 1] * v[i]
        elif v[i] < 0.0:
            v[i] = 0.0
    s = 0.0
    for i in range(len(v)):
        s += v[i] * (i + 1)
    return s


def overwrite_by_data_index(v, idx):
    for k in range(len(idx)):
        v[idx[k]] = v[idx[k]] * v[k] + 0.1
    return v[0] + v[1] * v[2]


def index_overwritten_after_write(v):
    i = 1
    v[i] = v[0] * v[2]
    i = 2
    v[i] = v[1] * v[i]
    i = 0
    return v[1] * v[2] + v[i]


def index_array_overwritten(v):
    idx = np.array([2, 0, 1])
    s = 0.0
    for k in range(3):
        v[idx[k]] *= v[0]
        s += v[idx[k]]
        idx[k] = 0
    return s + v[idx[1]]


def heat_equation(u, alpha, steps):
    n = len(u)
    for _ in range(steps):
        left = u[0]
        for i in range(1, n - 1):
            here = u[i]
            u[i] = here + alpha * (left - 2.0 * here + u[i + 1])
            left = here
    s = 0.0
    for i in range(n):
        s += u[i] * u[i]
    return s


def gauss_seidel(u, n):
    for _ in range(n):
        for i in range(1, len(u) - 1):
            u[i] = 0.5 * (u[i - 1] + u[i + 1]) + 0.1 * math.sin(u[i])
    return u[2] * u[1]


def wave_two_arrays(u, c, steps):
    prev = u.copy()
    for _ in range(steps):
        new = np.zeros(len(u))
        for i in range(1, len(u) - 1):
            new[i] = 2.0 * u[i] - prev[i] + c * c * (u[i - 1] - 2.0 * u[i] + u[i + 1])
        prev = u
        u = new
    return u[1] * u[2] + prev[3]


def slice_fill(v):
    v[1:3] = 2.0
    return v[0] * v[1] + v[3] * v[2]


def slice_fill_active(v, x):
    v[1:] = x * x
    v[:1] = x
    return v[0] * v[1] * v[2]


def slice_copy(v, w):
    v[:3] = w
    v[3:] = w[1:3]
    return v[0] * v[4] + v[1] * v[3]


def slice_whole(v, w):
    y = np.zeros(len(w))
    y[:] = w
    y[0] *= v[0]
    w[:] = y
    return w[0] * w[1] + y[2]


def augmented_by_its_own_views(v, m):
    a, b = v.copy(), m.copy()
    a[1:] += a[:-1]
    a += a[::-1]
    b -= b[0]
    b[:, 1:] *= b[:, :1]
    return np.sum(a * a) + np.sum(b * b)


def slice_overlapping(v):
    v[1:] = v[:-1]
    return v[0] * v[1] + v[2] * v[3]


def slice_overlapping_back(v):
    v[:-1] = v[1:]
    return v[0] * v[1] + v[3] * v[4]


def slice_reversed(v):
    v[:] = v[::-1].copy()
    return v[0] * 3.0 + v[1] * v[0]


def slice_augmented(v, x):
    v[1:4] *= x
    v[:2] += 1.5
    v[3:] -= x * x
    v[::2] /= x + 2.0
    s = 0.0
    for i in range(len(v)):
        s += v[i] * v[i]
    return s


def slice_augmented_by_array(v, w):
    v[1:4] += w
    v[:3] *= w
    return v[0] * v[1] + v[2] * v[3]


def slice_strided(v, w):
    v[::2] = w
    v[1::2] = 0.5
    return v[0] * v[2] + v[4] * v[1]


def row_write(a, v):
    a[0] = v
    a[1, :] *= 2.0
    return a[0, 0] * a[1, 1] + a[0, 2] * a[1, 2]


def column_write(a, x):
    a[:, 1] = x
    a[:, 0] += a[:, 2] * x
    return a[0, 0] * a[1, 1] + a[0, 1] * a[1, 0]


def block_write(a, x):
    a[:1, 1:] = x * 2.0
    a[1:, :2] += x
    return a[0, 1] * a[1, 1] + a[0, 2] * a[1, 0]


def whole_augmented(v, w):
    y = v * 1.0
    y += w
    y *= v
    y -= 0.5
    y /= w
    return y[0] * y[1] + y[2]


def fill_method(v, x):
    y = np.empty(3)
    y.fill(x)
    y[1] = v[0]
    return y[0] * y[1] + y[2] * v[1]


def write_then_read_many_times(x, n):
    buf = np.zeros(3)
    for i in range(n):
        buf[i % 3] = x * i + buf[(i + 1) % 3] * 0.5
    return buf[0] * buf[1] + buf[2]


def ring_buffer(v):
    buf = np.zeros(2)
    s = 0.0
    for i in range(len(v)):
        old = buf[i % 2]
        buf[i % 2] = v[i] * v[i] + 0.5 * old
        s += old * v[i]
    return s


def in_place_two_loops(v):
    for i in range(len(v)):
        v[i] = math.sin(v[i])
    for i in range(len(v)):
        v[i] = v[i] * v[i] + v[0]
    return v[1] * v[2]


def accumulate_matrix_in_place(a, n):
    for k in range(n):
        for i in range(a.shape[0]):
            for j in range(a.shape[1]):
                a[i, j] = math.tanh(a[i, j] + a[j % 2, i] * (k + 1))
    return a[0, 0] * a[1, 2]


def bubble_sort(v):
    for i in range(len(v)):
        for j in range(len(v) - 1 - i):
            if v[j] > v[j + 1]:
                v[j], v[j + 1] = v[j + 1], v[j]
    s = 0.0
    for i in range(len(v)):
        s += v[i] * (i + 1) * v[i]
    return s


def insertion_sort_median(v):
    for i in range(1, len(v)):
        key = v[i]
        j = i - 1
        while j >= 0 and v[j] > key:
            v[j + 1] = v[j]
            j -= 1
        v[j + 1] = key
    return v[len(v) // 2] * v[0]


V = np.array([0.3, -0.2, 0.9, 0.4, 0.7])
W = np.array([0.1, 0.5, 1.1])
M = np.array([[0.3, -0.2, 0.9], [0.4, 0.7, -0.5]])
CASES = [
    Case(own_element, (V,)),
    Case(write_argument, (V,)),
    Case(augmented_elements, (V,)),
    Case(augmented_floor_and_mod, (np.array([0.9, 0.4]),)),
    Case(prefix_sum, (V,)),
    Case(prefix_product, (V,)),
    Case(shift_left, (V,)),
    Case(rotate, (V, 3)),
    Case(swap_elements, (V, 4)),
    Case(reverse_in_place, (V,)),
    Case(overwrite_with_constant, (V,)),
    Case(overwrite_in_branch, (V,)),
    Case(overwrite_by_data_index, (V, np.array([1, 1, 0, 2]))),
    Case(index_overwritten_after_write, (V,)),
    Case(index_array_overwritten, (V,)),
    Case(heat_equation, (V, 0.2, 4)),
    Case(gauss_seidel, (V, 3)),
    Case(wave_two_arrays, (V, 0.4, 3)),
    Case(slice_fill, (V,)),
    Case(slice_fill_active, (W, 1.3)),
    Case(slice_copy, (V, W)),
    Case(slice_whole, (V, W)),
    Case(slice_overlapping, (V,)),
    Case(slice_overlapping_back, (V,)),
    Case(slice_reversed, (V,)),
    Case(slice_augmented, (V, 1.3)),
    Case(slice_augmented_by_array, (V, W)),
    Case(slice_strided, (V, W)),
    Case(augmented_by_its_own_views, (V, M)),
    Case(row_write, (M, W)),
    Case(column_write, (M, 1.3)),
    Case(block_write, (M, 1.3)),
    Case(whole_augmented, (W, W + 1.0)),
    Case(fill_method, (W, 1.3)),
    Case(write_then_read_many_times, (1.3, 7)),
    Case(ring_buffer, (V,)),
    Case(in_place_two_loops, (V,)),
    Case(accumulate_matrix_in_place, (M, 2)),
    Case(bubble_sort, (V,)),
    Case(insertion_sort_median, (V,)),
]
