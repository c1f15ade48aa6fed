"""Inner functions, lambdas, closure variables, globals of every kind."""

import math

import numpy as np
from numba import njit

from . import Case

SCALE = 2.5
COUNT = 3
FLAG = True
WEIGHTS = np.array([0.5, -1.5, 2.0])
PAIR = (1.5, 0.25)
TABLE = np.array([[1.0, 2.0], [3.0, 4.0]])
ORDER = np.array([2, 0, 1])


def global_scalar(x):
    return SCALE * x * x + COUNT * x


def global_flag(x):
    if FLAG:
        return x * x
    return x


def global_array(v):
    s = 0.0
    for i in range(len(WEIGHTS)):
        s += WEIGHTS[i] * v[i] * v[ORDER[i]]
    return s


def global_tuple(x):
    return PAIR[0] * x + PAIR[1] * x * x


def global_matrix(x, y):
    return TABLE[0, 0] * x * x + (TABLE[0, 1] + TABLE[1, 0]) * x * y + TABLE[1, 1] * y * y


def global_as_trip_count(x):
    for _ in range(COUNT):
        x = math.sin(x) * SCALE
    return x


def inner_function(x):
    def square(t):
        return t * t

    return square(x) + square(x + 1.0)


def inner_reads_enclosing(x, y):
    def scaled(t):
        return t * x + y

    return scaled(x) * scaled(y)


def inner_with_local_state(x):
    k = 3.0

    def f(t):
        u = t * k
        return u * math.sin(u)

    return f(x) + f(f(x))


def lambda_local(x):
    f = lambda t: t * t + math.sin(t)  # noqa: E731
    return f(x) * f(2.0 * x)


def lambda_two_arguments(x, y):
    f = lambda a, b: a * b + a  # noqa: E731
    return f(x, y) - f(y, x)


def lambda_captures(x, y):
    f = lambda t: t * y  # noqa: E731
    return f(x) + f(f(y))


def inner_in_loop(v):
    def g(t):
        return math.tanh(t) + t

    s = 0.0
    for i in range(len(v)):
        s = g(s + v[i])
    return s


def inner_calls_inner(x):
    def a(t):
        return t * t

    def b(t):
        return a(t) + a(t + 1.0)

    return b(x) * a(x)


def inner_over_array(v):
    def at(i):
        return v[i] * v[i]

    s = 0.0
    for i in range(len(v)):
        s += at(i) * (i + 1)
    return s


def make_polynomial(a, b, c):
    def polynomial(x):
        return a + b * x + c * x * x

    return polynomial


def make_weighted(weights):
    def weighted(v):
        s = 0.0
        for i in range(len(weights)):
            s += weights[i] * v[i] * v[i]
        return s

    return weighted


def make_composed(n):
    inner = make_polynomial(0.1, 0.9, -0.2)

    def composed(x):
        for _ in range(n):
            x = inner(x)
        return x

    return composed


def make_compiled(k):
    @njit
    def scaled(x):
        return math.sin(k * x)

    def f(x):
        return scaled(x) * scaled(x + 1.0)

    return f


def _trapezoid(f, a, b, n):
    h = (b - a) / n
    s = 0.5 * (f(a) + f(b))
    for i in range(1, n):
        s += f(a + i * h)
    return s * h


def _bell(x):
    return math.exp(-x * x)


def function_as_argument(a, b):
    return _trapezoid(_bell, a, b, 8)


def two_functions_as_arguments(a, b):
    return _trapezoid(_bell, a, b, 4) * _trapezoid(math.sin, a, b, 4)


def lambda_as_argument(a, b, k):
    return _trapezoid(lambda t: math.cos(k * t), a, b, 6)


def _newton(f, df, x, n):
    for _ in range(n):
        x -= f(x) / df(x)
    return x


def newton_with_functions(x, a):
    return _newton(lambda t: t * t - a, lambda t: 2.0 * t, x, 4)


def function_in_variable(x):
    f = math.sin
    g = _bell
    return f(x) * g(x)


polynomial = make_polynomial(0.5, -1.0, 2.0)
other_polynomial = make_polynomial(1.5, 3.0, -0.5)
weighted = make_weighted(np.array([1.0, -2.0, 0.5]))
composed = make_composed(3)
with_compiled = make_compiled(1.7)
named_lambda = lambda x: x * math.exp(-x)  # noqa: E731


def two_closures_of_one_name(x):
    return polynomial(x) * other_polynomial(x)


V = np.array([0.3, -0.2, 0.9])
def closures_of_one_lambda_in_each_other(x):
    """Each call of `compose` makes another function: neither calls itself."""
    compose = lambda f, g: (lambda t: f(g(t)))  # noqa: E731
    h = compose(lambda t: t * t - x, math.sin)
    return compose(h, compose(math.cos, h))(0.3 * x)


CASES = [
    Case(closures_of_one_lambda_in_each_other, (0.7,)),
    Case(global_scalar, (1.3,)),
    Case(global_flag, (1.3,)),
    Case(global_array, (V,)),
    Case(global_tuple, (1.3,)),
    Case(global_matrix, (1.3, 0.4)),
    Case(global_as_trip_count, (0.7,)),
    Case(inner_function, (1.3,)),
    Case(inner_reads_enclosing, (1.3, 0.4)),
    Case(inner_with_local_state, (0.7,)),
    Case(lambda_local, (1.3,)),
    Case(lambda_two_arguments, (1.3, 0.4)),
    Case(lambda_captures, (1.3, 0.4)),
    Case(inner_in_loop, (V,)),
    Case(inner_calls_inner, (1.3,)),
    Case(inner_over_array, (V,)),
    Case(polynomial, (1.3,)),
    Case(other_polynomial, (1.3,)),
    Case(weighted, (V,)),
    Case(composed, (0.7,)),
    Case(with_compiled, (0.7,)),
    Case(named_lambda, (0.7,)),
    Case(two_closures_of_one_name, (0.7,)),
    Case(function_as_argument, (-0.4, 1.7)),
    Case(two_functions_as_arguments, (-0.4, 1.7)),
    Case(lambda_as_argument, (-0.4, 1.7, 0.8)),
    Case(newton_with_functions, (1.0, 2.3)),
    Case(function_in_variable, (0.7,)),
]
