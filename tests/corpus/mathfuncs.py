"""Every function of `math`, and the same functions under their `np.` names, on scalars."""

import math
from math import atan2, exp, pi, sqrt
from math import sin as sine

import numpy as np
from numpy import cos

from . import Case


def trigonometric(x):
    return math.sin(x) + 2.0 * math.cos(x) + 3.0 * math.tan(x)


def inverse_trigonometric(x):
    return math.asin(x) + 2.0 * math.acos(x) + 3.0 * math.atan(x)


def hyperbolic(x):
    return math.sinh(x) + 2.0 * math.cosh(x) + 3.0 * math.tanh(x)


def inverse_hyperbolic(x):
    return math.asinh(x) + 2.0 * math.acosh(1.0 + x) + 3.0 * math.atanh(x)


def exponentials(x):
    return math.exp(x) + 2.0 * math.expm1(x) + 3.0 * math.exp2(x)


def logarithms(x):
    return math.log(x) + 2.0 * math.log1p(x) + 3.0 * math.log2(x) + 4.0 * math.log10(x)


def log_of_base(x, b):
    return math.log(x) / math.log(b)


def roots_and_norms(x, y):
    return math.sqrt(x) + 2.0 * math.hypot(x, y) + 3.0 * math.atan2(y, x)


def atan2_quadrants(y, x):
    return math.atan2(y, x) + 2.0 * math.atan2(-y, x) + 3.0 * math.atan2(y, -x) + 5.0 * math.atan2(-y, -x)


def signs(x, y):
    return math.copysign(x, y) * x + math.copysign(2.0, x) * y + math.fabs(x) + math.copysign(y, -3.0)


def fmod_signs(x, y):
    return math.fmod(x, y) * 2.0 + math.fmod(-x, y) * x + math.fmod(x, -y)


def error_functions(x):
    return math.erf(x) + 2.0 * math.erfc(x)


def gammas(x):
    return math.gamma(x) + 2.0 * math.lgamma(x)


def gammas_negative(x):
    return math.gamma(x) + 2.0 * math.lgamma(x)


def angles(x):
    return math.degrees(x) + 2.0 * math.radians(x)


def power(x, y):
    return math.pow(x, y) + math.pow(x, 3.0) + math.pow(2.0, y)


def rounding(x):
    return math.floor(x) * x + math.ceil(x) * x + math.trunc(x) * x


def rounding_to_index(v, x):
    return v[math.floor(x)] * x + v[int(np.ceil(x))]


def predicates(x):
    y = x * x
    if math.isnan(x) or math.isinf(x):
        return 0.0 * y
    return y if math.isfinite(x) else -y


def constants(x):
    return math.pi * x + math.e * x * x + math.tau * x**3


def infinity_as_start(v):
    best = math.inf
    for i in range(len(v)):
        if v[i] < best:
            best = v[i]
    return best * best


def imported_names(x, y):
    return sine(x) * cos(y) + exp(-x) * sqrt(y) + atan2(x, y) * pi


def integer_arguments(x, n):
    return math.sqrt(n) * x + math.sin(n) * x + math.exp(n / 10) + math.gcd(n, 6) * x


def ldexp(x, n):
    return math.ldexp(x, n) * x


def composition(x):
    return math.exp(math.sin(math.log(1.0 + math.sqrt(x * x + 1.0))))


def sigmoid(x):
    return 1.0 / (1.0 + math.exp(-x))


def softplus_stable(x):
    return max(x, 0.0) + math.log1p(math.exp(-abs(x)))


def normal_density(x, mu, sigma):
    z = (x - mu) / sigma
    return math.exp(-0.5 * z * z) / (sigma * math.sqrt(2.0 * math.pi))


def np_trigonometric(x):
    return np.sin(x) + 2.0 * np.cos(x) + 3.0 * np.tan(x)


def np_inverse_trigonometric(x):
    return np.arcsin(x) + 2.0 * np.arccos(x) + 3.0 * np.arctan(x)


def np_hyperbolic(x):
    return np.sinh(x) + 2.0 * np.cosh(x) + 3.0 * np.tanh(x)


def np_inverse_hyperbolic(x):
    return np.arcsinh(x) + 2.0 * np.arccosh(1.0 + x) + 3.0 * np.arctanh(x)


def np_exponentials(x):
    return np.exp(x) + 2.0 * np.expm1(x) + 3.0 * np.exp2(x)


def np_logarithms(x):
    return np.log(x) + 2.0 * np.log1p(x) + 3.0 * np.log2(x) + 4.0 * np.log10(x)


def np_roots_and_norms(x, y):
    return np.sqrt(x) + 2.0 * np.hypot(x, y) + 3.0 * np.arctan2(y, x) + np.square(x) + np.reciprocal(y)


def np_cbrt(x):
    return np.cbrt(x) * x


def np_signs(x, y):
    return np.copysign(x, y) * x + np.sign(x) * y + np.abs(x) + np.fabs(y) + np.absolute(x) * y + np.negative(x)


def np_remainders(x, y):
    return np.fmod(x, y) + 2.0 * np.mod(x, y) + 3.0 * np.remainder(-x, y) + np.floor_divide(x, y) * x


def np_angles(x):
    return np.degrees(x) + 2.0 * np.radians(x) + 3.0 * np.deg2rad(x) + 4.0 * np.rad2deg(x)


def np_arithmetic(x, y):
    return np.add(x, y) * np.subtract(x, y) + np.multiply(x, y) / np.divide(x, y) + np.true_divide(x, y)


def np_power(x, y):
    return np.power(x, y) + np.power(x, 3) + np.power(2.0, y) + np.float_power(x, y)


def np_rounding(x):
    return np.floor(x) * x + np.ceil(x) * x + np.trunc(x) * x + np.rint(x) * x


def np_sinc(x):
    return np.sinc(x) * x + np.sinc(x * x)


def np_sinc_near_zero(x):
    return np.sinc(x)


def np_where(x, y):
    return np.where(x > y, x * y, x - y) + np.where(x < 0.0, 0.0, x)


def np_extremes(x, y):
    return np.maximum(x, y) * 2.0 + np.minimum(x, y) * x + np.fmax(x, 0.5) + np.fmin(y, 0.5)


def np_clip(x, y):
    return np.clip(x, 0.0, 1.0) * y + np.clip(y, -1.0, x)


def np_logaddexp(x, y):
    return np.logaddexp(x, y) + np.logaddexp2(x, y) * x


def np_logaddexp_far(x, y):
    return np.logaddexp(x, y)


def np_predicates(x):
    if np.isnan(x) or np.isinf(x):
        return 0.0 * x
    return x * x if np.isfinite(x) else x


def np_constants(x):
    return np.pi * x + np.e * x * x + np.euler_gamma * x**3


def of_several_numbers(x, y, v):
    s = math.log(x, 3) * math.log(v[2], x + 1.0) + math.log(8.0, 2)
    s += math.hypot(x, y, v[0]) * math.hypot(*(x, y, v[1])) + math.hypot(x, 1, 2, y)
    s += math.prod(v) * math.prod((x, y, 2)) + math.prod([x, y], start=v[0])
    return s + math.dist(v, 2.0 * v) * math.dist((x, y), (v[0], 1.0))


CASES = [
    Case(trigonometric, (0.7,)),
    Case(trigonometric, (-2.3,)),
    Case(inverse_trigonometric, (0.4,)),
    Case(inverse_trigonometric, (-0.9,)),
    Case(hyperbolic, (0.7,)),
    Case(hyperbolic, (-3.1,)),
    Case(inverse_hyperbolic, (0.4,)),
    Case(exponentials, (0.7,)),
    Case(exponentials, (-1e-5,)),
    Case(logarithms, (0.7,)),
    Case(logarithms, (1e-5,)),
    Case(log_of_base, (0.7, 3.0)),
    Case(roots_and_norms, (0.7, -1.2)),
    Case(atan2_quadrants, (0.7, 1.2)),
    Case(signs, (-0.7, 1.2)),
    Case(signs, (0.7, -1.2)),
    Case(fmod_signs, (7.3, 2.1)),
    Case(error_functions, (0.7,)),
    Case(gammas, (2.7,)),
    Case(gammas, (0.3,)),
    Case(gammas, (15.2,)),
    Case(gammas_negative, (-1.3,)),
    Case(angles, (0.7,)),
    Case(power, (1.7, 0.6)),
    Case(rounding, (2.3,)),
    Case(rounding, (-2.3,)),
    Case(rounding_to_index, (np.array([1.0, 2.0, 3.0]), 1.4)),
    Case(predicates, (1.4,)),
    Case(constants, (1.4,)),
    Case(infinity_as_start, (np.array([1.5, -0.7, 0.2]),)),
    Case(imported_names, (1.4, 0.3)),
    Case(integer_arguments, (1.4, 4)),
    Case(ldexp, (1.4, 3)),
    Case(composition, (1.4,)),
    Case(sigmoid, (0.4,)),
    Case(softplus_stable, (0.4,)),
    Case(softplus_stable, (-30.0,)),
    Case(normal_density, (0.4, 0.1, 1.3)),
    Case(np_trigonometric, (0.7,)),
    Case(np_inverse_trigonometric, (0.4,)),
    Case(np_hyperbolic, (0.7,)),
    Case(np_inverse_hyperbolic, (0.4,)),
    Case(np_exponentials, (0.7,)),
    Case(np_logarithms, (0.7,)),
    Case(np_roots_and_norms, (0.7, -1.2)),
    Case(np_cbrt, (0.7,)),
    Case(np_cbrt, (-0.7,)),
    Case(np_signs, (-0.7, 1.2)),
    Case(np_remainders, (7.3, 2.1)),
    Case(np_angles, (0.7,)),
    Case(np_arithmetic, (0.7, 1.2)),
    Case(np_power, (0.7, 1.2)),
    Case(np_rounding, (2.3,)),
    Case(np_sinc, (0.7,)),
    Case(np_sinc_near_zero, (1e-4,)),
    Case(np_where, (0.7, 0.2)),
    Case(np_where, (0.2, 0.7)),
    Case(np_extremes, (0.7, 0.2)),
    Case(np_clip, (0.7, 0.2)),
    Case(np_clip, (1.7, 2.2)),
    Case(np_logaddexp, (0.7, 0.2)),
    Case(np_logaddexp_far, (800.0, -3.0)),
    Case(np_predicates, (0.7,)),
    Case(np_constants, (0.7,)),
    Case(of_several_numbers, (1.3, 0.7, np.array([0.4, -1.2, 2.5]))),
]
