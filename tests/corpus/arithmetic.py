"""Every operator, plain and augmented, with float and int operands; abs, min, max, sum, pow, divmod, round."""

from . import Case


def add_sub(x, y):
    return x + y - 2.0 * x - (y - 3.0) + 1


def multiply(x, y):
    return x * y * x * 3


def divide(x, y):
    return x / y + 1.0 / x + y / 2 + 3 / y


def divide_ints(x, n):
    return x * (1 / n) + n / 4 * x


def floor_divide(x, y):
    return (x // y) * x + y


def floor_divide_negative(x, y):
    return (-x // y) * x + (x // -y) * y


def modulo(x, y):
    return (x % y) * (x % 2.0) + 7.5 % y


def modulo_negative(x, y):
    return (-x) % y + x % (-y)


def power_constant_int(x):
    return x**2 + x**3 - x**5 + x**1 + x**0


def power_negative_int(x):
    return x**-1 + x**-3


def power_constant_float(x):
    return x**0.5 + x**2.5 + x**-1.5


def power_of_negative(x):
    return x**2 + x**3 + x**2.0 + x**-2


def power_runtime_int(x, n):
    return x**n + x ** (n - 1)


def power_both(x, y):
    return x**y + y**x


def power_constant_base(x):
    return 2.0**x + 2**x + 0.5 ** (x * x)


def power_int_base_runtime(x, n):
    return n**x


def unary_minus(x, y):
    return -x * -y - -x + +y


def double_negation(x):
    return -(-x) * x


def augmented_names(x, y):
    s = x
    s += y
    s *= x
    s -= y * y
    s /= x + 2.0
    s **= 2
    return s


def augmented_with_itself(x):
    s = x
    s += s
    s *= s
    s -= s * 0.5
    s /= s + 1.0
    return s


def augmented_floor_and_mod(x, y):
    a = x
    a //= y
    b = x
    b %= y
    return a * x + b * b


def builtin_abs(x, y):
    return abs(x) * y + abs(-y) + abs(x - y)


def min_max_two(x, y):
    return max(x, y) * 2.0 + min(x, y) * x


def min_max_several(x, y, z):
    return max(x, y, z) * min(x, y, z, 10.0) + max(x * y, y * z, 0.5, z)


def min_max_constant(x):
    return max(x, 0.0) + min(1.0, x) * 3.0 + max(-1.0, x)


def min_max_int(x, n):
    return max(x, n) * x + min(n, 2) * x


def min_max_of_tuple(x, y, z):
    t = (x, y * 2.0, z)
    return max(t) * 3.0 + min(t)


def max_nested(x, y):
    return max(min(x, y), max(0.1, x * y))


def clamp(x, low, high):
    return max(low, min(x, high))


def sum_of_tuple(x, y):
    return sum((x, y * y, x * y)) * x


def sum_with_start(x, y):
    return sum((x, y), 1.0) ** 2


def len_of_tuple(x, y):
    t = (x, y, x)
    return len(t) * x * y


def pow_builtin(x, y):
    return pow(x, y) + pow(x, 2) + pow(2.0, y)


def divmod_builtin(x, y):
    q, r = divmod(x, y)
    return q * x + r * r


def divmod_ints(x, n):
    q, r = divmod(n, 4)
    return x**q + r * x


def int_operators(x, n):
    k = (n << 2) + (n >> 1) + (n & 3) + (n | 8) + (n ^ 5) + ~n
    return x * k


def abs_int(x, n):
    return abs(-n) * x + abs(n - 10) * x * x


def round_digits(x):
    return round(x, 2) * x


def mixed_int_float_chain(x, n):
    y = n * x + n
    n += 1
    z = n * y - n
    return z / n


def cancellation(x):
    return (x + 1.0) * (x + 1.0) - x * x


def rational(x, y):
    return (x * x - y) / (x + y * y) / (1.0 + x)


def deep_chain(x):
    a = x + 1.0
    b = a / x
    c = b * b - a
    d = c / (1.0 + a * a)
    e = d * c + b
    return e / d


CASES = [
    Case(add_sub, (1.7, 0.6)),
    Case(multiply, (1.7, 0.6)),
    Case(divide, (1.7, 0.6)),
    Case(divide_ints, (1.7, 3)),
    Case(floor_divide, (7.3, 2.1)),
    Case(floor_divide_negative, (7.3, 2.1)),
    Case(modulo, (7.3, 2.1)),
    Case(modulo_negative, (7.3, 2.1)),
    Case(power_constant_int, (1.3,)),
    Case(power_constant_int, (-1.3,)),
    Case(power_negative_int, (1.3,)),
    Case(power_constant_float, (1.3,)),
    Case(power_of_negative, (-1.3,)),
    Case(power_runtime_int, (1.3, 4)),
    Case(power_runtime_int, (-1.3, 3)),
    Case(power_runtime_int, (1.3, 1)),
    Case(power_both, (1.3, 0.7)),
    Case(power_constant_base, (1.3,)),
    Case(power_int_base_runtime, (1.3, 3)),
    Case(unary_minus, (1.7, 0.6)),
    Case(double_negation, (1.7,)),
    Case(augmented_names, (1.7, 0.6)),
    Case(augmented_with_itself, (1.7,)),
    Case(augmented_floor_and_mod, (7.3, 2.1)),
    Case(builtin_abs, (-1.7, 0.6)),
    Case(min_max_two, (1.7, 0.6)),
    Case(min_max_two, (0.6, 1.7)),
    Case(min_max_several, (1.7, 0.6, 1.1)),
    Case(min_max_several, (0.2, 0.3, 0.4)),
    Case(min_max_constant, (0.5,)),
    Case(min_max_constant, (-2.0,)),
    Case(min_max_int, (2.5, 2)),
    Case(min_max_int, (2.5, 4)),
    Case(min_max_of_tuple, (1.7, 0.6, 1.1)),
    Case(max_nested, (1.7, 0.6)),
    Case(clamp, (0.4, 0.1, 0.9)),
    Case(clamp, (0.0, 0.1, 0.9)),
    Case(clamp, (1.4, 0.1, 0.9)),
    Case(sum_of_tuple, (1.7, 0.6)),
    Case(sum_with_start, (1.7, 0.6)),
    Case(len_of_tuple, (1.7, 0.6)),
    Case(pow_builtin, (1.7, 0.6)),
    Case(divmod_builtin, (7.3, 2.1)),
    Case(divmod_ints, (1.3, 11)),
    Case(int_operators, (1.3, 6)),
    Case(abs_int, (1.3, 6)),
    Case(round_digits, (1.2345,)),
    Case(mixed_int_float_chain, (1.3, 3)),
    Case(cancellation, (0.7,)),
    Case(rational, (0.7, 1.2)),
    Case(deep_chain, (0.7,)),
]
