"""Loops that read one element again and again: its bar is summed in a scalar, if nothing else touches its memory."""

import math

import numpy as np

from . import Case, into

CASES: list[Case] = []
case = into(CASES)
A = np.array([[0.5, -0.7, 0.3], [0.2, 0.9, -0.4], [0.1, 0.15, 0.05]])
X = np.array([0.5, -1.5, 2.0])
W = np.array([0.3, 0.8, -0.6, 1.2, 0.1, -0.9, 0.7, 0.4, 1.1, -0.2, 0.6])


@case(A, X)
def transposed_product(A, x):
    out = np.zeros(len(x))
    for i in range(A.shape[0]):
        for j in range(A.shape[1]):
            out[j] += A[i, j] * x[i]
    s = 0.0
    for j in range(len(out)):
        s += out[j] * out[j]
    return s


@case(X, W)
def two_elements_of_one_array(x, w):
    s = 0.0
    for j in range(len(w)):
        s += x[0] * x[1] * math.sin(w[j])
    return s


@case(X, W)
def one_element_twice(x, w):
    s = 0.0
    for j in range(len(w)):
        s += x[1] * w[j] + math.sin(x[1] * w[j])
        s -= x[1]
    return s


@case(X, W)
def a_view_of_the_same_memory(x, w):
    s = 0.0
    tail = x[1:]
    for j in range(len(w)):
        s += x[1] * w[j] * tail[j % 2]
    return s


@case(X, W)
def another_name_of_the_same_memory(x, w):
    y = x
    s = 0.0
    for j in range(len(w)):
        s += x[0] * w[j] + y[0] * y[0]
    return s


@case(X, W, 0)
def no_iteration_where_no_element_is(x, w, n):
    s = 0.0
    for i in range(1000):
        for j in range(n):
            s += x[i] * w[j]
    return s + x[0]


@case(X, W, 3)
def none_backwards(x, w, n):
    s = 0.0
    for i in range(5):
        for j in range(n - 4 * i, 0, -1):
            s += x[i] * w[j]
    return s + x[0]


@case(X, W, 6)
def bound_changed_in_the_loop(x, w, n):
    s = 0.0
    for i in range(2):
        for j in range(n):
            s += x[i] * w[j]
            n -= 1
    return s


@case(X, W)
def only_where_a_test_holds(x, w):
    s = 0.0
    for i in range(3):
        for j in range(len(w)):
            if i < 2 and w[j] > 0.0:
                s += x[i + 1] * w[j]
    return s


@case(X, W)
def left_early(x, w):
    s = 0.0
    for i in range(3):
        for j in range(len(w)):
            if w[j] > 1.0:
                break
            s += x[i] * w[j]
    return s


@case(X, W)
def the_element_overwritten(x, w):
    for i in range(3):
        for j in range(len(w)):
            x[i] = x[i] * w[j] + 0.5
    return x[0] * x[1] + x[2]


@case(A, W)
def an_element_of_a_matrix(A, w):
    s = 0.0
    for i in range(3):
        for k in range(3):
            for j in range(len(w)):
                s += math.tanh(A[i, k] * w[j])
    return s


@case(X, W, np.array([2, 0, 2]))
def an_element_found_in_a_table(x, w, table):
    s = 0.0
    for i in range(3):
        for j in range(len(w)):
            s += x[table[i]] * w[j] * w[i]
    return s


@case(X, W, np.array([2, 0, 2]))
def the_table_changes(x, w, table):
    s = 0.0
    for i in range(3):
        for j in range(len(w)):
            s += x[table[0]] * w[j]
            table[0] = (table[0] + 1) % 3
    return s


@case(X.astype(np.float32), W.astype(np.float32))
def in_single_precision(x, w):
    s = np.float32(0.0)
    for i in range(3):
        for j in range(len(w)):
            s += x[i] * w[j]
    return s


@case(X, W)
def both_arrays_by_turns(x, w):
    s = 0.0
    for i in range(3):
        for j in range(len(w)):
            x, y = x, w
            s += x[i] * y[j]
    return s


@case(X, W)
def swapped_in_the_loop(x, w):
    s = 0.0
    y = x * 0.5
    for i in range(3):
        for j in range(4):
            s += x[i] * y[0] * w[j]
            x, y = y, x
    return s


@case(X, W)
def in_a_while(x, w):
    s, j = 0.0, 0
    while s < 4.0 and j < len(w):
        s += x[2] * abs(w[j])
        j += 1
    return s * x[2]
