"""srcad's conventions where a function has no derivative, or an infinite one. DESIGN.md states them."""

import math

import numpy as np

from . import Case


def relu_max(x):
    return max(x, 0.0) + 2.0 * x


def relu_max_constant_first(x):
    return max(0.0, x) + 2.0 * x


def relu_max_int(x):
    return max(x, 0) + 2.0 * x


def relu_np(x):
    return np.maximum(x, 0.0) + np.maximum(0.0, x) + 2.0 * x


def relu_branch(x):
    return (x if x > 0.0 else 0.0) + 2.0 * x


def relu_where(x):
    return np.where(x > 0.0, x, 0.0) + 2.0 * x


def relu_clip(x):
    return np.clip(x, 0.0, 1.0) + 2.0 * x


def min_tie_with_constant(x):
    return min(x, 1.0) * 3.0 + min(1.0, x) + x


def max_tie_of_two(x, y):
    return max(x, y) * 3.0 + min(x, y)


def max_tie_of_three(x, y):
    return max(x, y, 1.0) + max(1.0, x, y)


def np_maximum_tie(x, y):
    return np.maximum(x, y) * 3.0 + np.minimum(y, x)


def max_of_itself(x):
    return max(x, x) * x


def abs_at_zero(x):
    return abs(x) + math.fabs(x) + np.abs(x) + 3.0 * x


def sign_at_zero(x):
    return np.sign(x) + x


def square_at_zero(x):
    return x**2 + x**3 + x**2.0 + x**1 + x**0 + x**0.0


def runtime_power_at_zero(x, n):
    return x**n


def float_power_at_zero(x, y):
    return x**y


def power_one_half_at_zero_unused(x):
    return x**0.5 * 0.0 + x


def sqrt_at_zero_times_zero(x):
    return math.sqrt(x) * 0.0 + x


def log_at_zero_not_selected(x):
    y = math.log(x) if x > 0.0 else 0.0
    return y + x


def where_guards_log(x):
    return np.where(x > 0.0, np.log(x), 0.0) + x


def where_guards_sqrt(x):
    return np.where(x > 0.0, np.sqrt(x), 0.0) * x + x


def dead_nan(c, a):
    u = np.arccos(-c / a)  # noqa: F841
    return 2.0 * c * c * a


def dead_infinity(x):
    y = 1.0 / x  # noqa: F841
    return x + 1.0


def division_by_zero(x, y):
    z = x / y
    if z > 1e300:
        return x
    return z


def infinite_result(x, y):
    return x / y


def hypot_at_zero(x, y):
    return math.hypot(x, y) + x


def hypot_one_zero(x, y):
    return math.hypot(x, y) * 2.0


def atan2_on_axis(y, x):
    return math.atan2(y, x)


def sinc_at_zero(x):
    return np.sinc(x) + x


def equality_branch(x):
    if x == 0.0:
        return x * x
    return math.sin(x) / x


def inequality_branch(x, y):
    if x != y:
        return (x * x - y * y) / (x - y)
    return 2.0 * x


def at_branch_point(x):
    if x >= 1.0:
        return x * x
    return 2.0 * x * x - 5.0


def floor_at_integer(x):
    return math.floor(x) * x


def running_max_with_ties(v):
    m = v[0]
    for i in range(1, len(v)):
        m = max(m, v[i])
    return m


def running_max_branch_with_ties(v):
    m = v[0]
    for i in range(1, len(v)):
        if v[i] >= m:
            m = v[i]
    return m


def clamp_at_both_ends(x, lo, hi):
    return min(max(x, lo), hi)


def clip_at_bound(x):
    return np.clip(x, -1.0, 1.0) * 3.0


def product_with_zero(v):
    p = 1.0
    for i in range(len(v)):
        p *= v[i]
    return p


def overflow_to_infinity(x):
    y = math.exp(x)
    if math.isinf(y):
        return 2.0 * x
    return y


def copysign_of_negative(x):
    return math.copysign(3.0, x) * x + math.copysign(x, -1.0)


def infinite_slope_times_zero(x, y):
    s = math.sqrt(x) * 0.0
    return s + y * x


CASES = [
    Case(relu_max, (0.0,)),
    Case(relu_max_constant_first, (0.0,)),
    Case(relu_max_int, (0.0,)),
    Case(relu_np, (0.0,)),
    Case(relu_branch, (0.0,)),
    Case(relu_where, (0.0,)),
    Case(relu_clip, (0.0,)),
    Case(min_tie_with_constant, (1.0,)),
    Case(max_tie_of_two, (1.5, 1.5)),
    Case(max_tie_of_two, (1.5, 1.5), "y"),
    Case(max_tie_of_three, (1.0, 1.0)),
    Case(np_maximum_tie, (1.5, 1.5)),
    Case(max_of_itself, (1.5,)),
    Case(abs_at_zero, (0.0,)),
    Case(sign_at_zero, (0.0,)),
    Case(square_at_zero, (0.0,)),
    Case(runtime_power_at_zero, (0.0, 0)),
    Case(runtime_power_at_zero, (0.0, 1)),
    Case(runtime_power_at_zero, (0.0, 4)),
    Case(float_power_at_zero, (0.0, 2.5)),
    Case(power_one_half_at_zero_unused, (0.0,)),
    Case(sqrt_at_zero_times_zero, (0.0,)),
    Case(log_at_zero_not_selected, (0.0,)),
    Case(where_guards_log, (-1.0,)),
    Case(where_guards_log, (0.0,)),
    Case(where_guards_sqrt, (0.0,)),
    Case(where_guards_sqrt, (-1.0,)),
    Case(dead_nan, (5.0, 3.0)),
    Case(dead_infinity, (0.0,)),
    Case(division_by_zero, (2.0, 0.0), "x"),
    Case(infinite_result, (2.0, 0.0), "x"),
    Case(hypot_at_zero, (0.0, 0.0)),
    Case(hypot_one_zero, (0.0, 1.5)),
    Case(atan2_on_axis, (0.0, 1.5)),
    Case(atan2_on_axis, (1.5, 0.0)),
    Case(sinc_at_zero, (0.0,)),
    Case(equality_branch, (0.0,)),
    Case(equality_branch, (0.5,)),
    Case(inequality_branch, (1.5, 1.5)),
    Case(at_branch_point, (1.0,)),
    Case(floor_at_integer, (2.0,)),
    Case(running_max_with_ties, (np.array([0.5, 0.9, 0.9, 0.1]),)),
    Case(running_max_branch_with_ties, (np.array([0.5, 0.9, 0.9, 0.1]),)),
    Case(clamp_at_both_ends, (1.0, 0.0, 1.0), "x"),
    Case(clip_at_bound, (1.0,)),
    Case(clip_at_bound, (-1.0,)),
    Case(product_with_zero, (np.array([0.5, 0.0, 2.0, 0.0]),)),
    Case(product_with_zero, (np.array([0.5, 0.0, 2.0]),)),
    Case(overflow_to_infinity, (1000.0,)),
    Case(copysign_of_negative, (-1.5,)),
    Case(infinite_slope_times_zero, (0.0, 1.0)),
]
