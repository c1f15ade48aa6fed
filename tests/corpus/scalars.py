"""Straight-line programs of scalars: the lecture's examples, ints, bools, float32, conversions, deletion."""

import math

import numpy as np

from . import Case


def lecture(x1, x2):
    return x1 * x2 + math.sin(x2)


def lecture_three_address(x1, x2):
    a1 = math.sin(x2)
    a2 = x1 * x2
    a3 = a1 + a2
    return a3


def identity(x):
    return x


def constant_result(x):
    return 3.0


def constant_through_variable(x):
    y = 2.0
    z = y * 3.0
    return z


def unused_argument(x, y):
    return 2.0 * x


def paths_meet(x):
    a = x * x
    b = a + x
    c = a * b
    return a + b * c + c * x


def fan_out(x):
    y = math.sin(x)
    return y * y + y / (1.0 + y * y) - y


def overwritten(x):
    x = x * x
    x = x + math.sin(x)
    x = x * x
    return x


def overwritten_before_use(x, y):
    z = x * y
    x = 3.0
    return z * x


def argument_reused_as_local(x, y):
    t = x
    x = y
    y = t * x
    return x * y + t


def dead_code(x):
    dead = math.exp(x) * 100.0
    deader = dead / x
    dead = deader
    return x * x


def deleted(x):
    t = x * x
    u = t + x
    del t
    t = u * 2.0
    del u
    return t * x


def chained_assignment(x):
    a = b = x * x
    a = a + 1.0
    return a * b


def tuple_assignment(x, y):
    a, b = x * y, x + y
    a, b = b, a * b
    (a, b), c = (b, a), a - b
    return a * c + b


def starred_free_swap(x, y, z):
    x, y, z = z, x, y
    return x + 2.0 * y + 3.0 * z * x


def integer_argument(x, n):
    return x * n + n * n


def integers_feed_floats(x, n):
    k = 2 * n + 1
    half = k // 2
    return x**half + k * x + n / 2 * x


def bool_argument(x, flag):
    scaled = x * flag
    return scaled * scaled + (x if flag else 0.0)


def bool_arithmetic(x, y):
    n = (x > y) + (x > 0.0) + (y > 10.0)
    return n * x * y


def float_of_int(x, n):
    return float(n) * x + float(x) * x


def int_of_float(x, y):
    k = int(y)
    return x * k + y


def round_half(x, y):
    return x * round(y) + round(x, 1) * y


def single(x, y):
    return x * y + math.sin(x) * y


def single_numpy(x, y):
    return np.exp(-x) * y + np.sqrt(y)


def double_constant(x):
    return np.pi * x + math.e * x * x + math.tau


def numpy_conversion(x, n):
    return np.float64(n) * x * np.float64(x)


def walrus(x):
    return (y := x * x) + y * math.cos(y)


def walrus_in_condition(x):
    if (y := math.sin(x)) > 0.0:
        return y * y
    return x - y


def conditional_expression(x, y):
    return (x * y if x > y else x - y) + (y if y > 100.0 else y * y)


def nested_conditional_expression(x):
    return -x if x < 0.0 else x * x if x < 2.0 else 4.0 * x - 4.0


def keyword_only(x, *, y=2.0):
    return x * x * y


def default_argument(x, scale=3.0):
    return scale * x * x


def many_arguments(a, b, c, d, e):
    return a * b + b * c + c * d + d * e + e * a


def long_expression(x, y, z):
    return ((x + y) * (y + z) * (z + x) - x * y * z) / (1.0 + x * x + y * y + z * z) - (x - (y - (z - x * y)))


def parenthesised_powers(x):
    return -(x**2) + (-x) ** 3 + 2.0 ** (-x)


def docstring_and_pass(x):
    """A docstring, a pass, an annotation: none of it matters."""
    pass
    y: float = x * x
    return y * x


def bare_expression(x):
    x * 2.0
    y = x * x
    return y


CASES = [
    Case(lecture, (2.0, 3.0)),
    Case(lecture_three_address, (2.0, 3.0)),
    Case(identity, (1.5,)),
    Case(constant_result, (1.5,)),
    Case(constant_through_variable, (1.5,)),
    Case(unused_argument, (1.5, 2.5)),
    Case(paths_meet, (1.3,)),
    Case(fan_out, (0.7,)),
    Case(overwritten, (0.8,)),
    Case(overwritten_before_use, (0.8, 1.7)),
    Case(argument_reused_as_local, (0.8, 1.7)),
    Case(dead_code, (0.9,)),
    Case(deleted, (1.1,)),
    Case(chained_assignment, (1.2,)),
    Case(tuple_assignment, (1.2, 0.4)),
    Case(starred_free_swap, (1.2, 0.4, -0.3)),
    Case(integer_argument, (1.2, 3)),
    Case(integers_feed_floats, (1.2, 3)),
    Case(bool_argument, (1.2, True)),
    Case(bool_argument, (1.2, False)),
    Case(bool_arithmetic, (1.2, 0.3)),
    Case(float_of_int, (1.2, 3)),
    Case(int_of_float, (1.2, 3.7)),
    Case(round_half, (1.23, 3.7)),
    Case(single, (np.float32(1.25), np.float32(0.75))),
    Case(single_numpy, (np.float32(1.25), np.float32(0.75))),
    Case(double_constant, (1.2,)),
    Case(numpy_conversion, (1.2, 3)),
    Case(walrus, (1.2,)),
    Case(walrus_in_condition, (1.2,)),
    Case(walrus_in_condition, (-1.2,)),
    Case(conditional_expression, (1.2, 0.4)),
    Case(conditional_expression, (0.4, 1.2)),
    Case(nested_conditional_expression, (-1.0,)),
    Case(nested_conditional_expression, (1.0,)),
    Case(nested_conditional_expression, (3.0,)),
    Case(keyword_only, (1.2,), "x"),
    Case(default_argument, (1.2, 0.7)),
    Case(default_argument, (1.2,), "x"),
    Case(many_arguments, (1.0, 2.0, 3.0, 4.0, 5.0)),
    Case(many_arguments, (1.0, 2.0, 3.0, 4.0, 5.0), (0, "c", -1)),
    Case(many_arguments, (1.0, 2.0, 3.0, 4.0, 5.0), "d"),
    Case(long_expression, (0.3, 0.5, 0.7)),
    Case(parenthesised_powers, (1.4,)),
    Case(docstring_and_pass, (1.4,)),
    Case(bare_expression, (1.4,)),
]
