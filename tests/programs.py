# ruff: noqa: RUF007, RUF021
"""Programs for the front end: what it reads must give, run as plain Python, what the program itself gives.

Each `@runs(args, ...)` adds a case a tuple of arguments. Odd programs are here on purpose: the order in which Python
evaluates, short circuits, late binding, early exits nested in everything. `tests/corpus` has the ordinary ones.
"""

import math
import types
from collections import namedtuple
from math import cos as cosine
from typing import NamedTuple

import numpy as np
import numpy as xp
from numba import njit

CASES = []


def runs(*calls):
    def add(f):
        CASES.extend((f, args) for args in calls)
        return f

    return add


X = np.array([0.5, -1.5, 2.0, 0.25])
M = np.array([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]])
I = np.array([2, 0, 3, 1])  # noqa: E741
RATE, COUNT, SWITCH, NOTHING, MODE = 0.25, 3, True, None, "sum"
TABLE = np.array([1.0, 2.0, 4.0])
PAIR = (2.0, (3.0, 4))
Point = namedtuple("Point", "x y")


class Line(NamedTuple):
    slope: float
    offset: float = 0.5


ORIGIN = Point(0.5, 1.5)
mymod = types.ModuleType("mymod")
mymod.CONST, mymod.half = 7.0, lambda t: t / 2


class Settings:
    step = 0.125


# ------------------------------------------------------------------------------------ the order of evaluation


def bump(x):
    x[0] = x[0] + 1.0
    return x[0]


def poke(i):
    i[0] = 1
    return 2.0


@runs((3.0,))
def name_read_before_walrus(s):
    return s + (s := 2.0) + s


@runs((3.0,))
def name_read_before_walrus_in_call(s):
    return math.atan2(s, (s := 2.0)) + max(s, (s := 5.0), s)


@runs((3.0,))
def tuple_read_before_walrus(s):
    a, b, c = s, (s := s * 2.0), s
    return a + 10 * b + 100 * c


@runs((3.0,))
def comparison_read_before_walrus(s):
    return 1.0 if s < (s := 4.0) < (s := s + 1.0) else s


@runs((1.0,), (5.0,))
def conditional_walrus(s):
    return s * ((s := 2.0) if s > 3.0 else s + 1.0) + s


@runs((X,))
def element_read_before_call(x):
    return x[0] + bump(x) * x[0]


@runs((X,))
def element_compared_before_call(x):
    return 1.0 if x[0] < bump(x) else -1.0


@runs((X,))
def element_compared_after_call(x):
    return 1.0 if bump(x) < x[0] else -1.0 if bump(x) <= x[0] else 0.0


@runs((X,))
def element_augmented_by_call(x):
    x[0] += bump(x)
    x[1] -= bump(x) * x[0]
    return x[0] + x[1]


@runs((X, I))
def index_changed_by_call(x, i):
    x[i[0]] += poke(i)
    x[i[0]] = poke(i) + i[0]
    return x[0] + 10 * x[1] + 100 * x[2]


@runs((X,))
def slice_augmented_by_call(x):
    x[0:2] += bump(x)
    return x[0] + x[1]


@runs((M,))
def row_augmented_by_call(a):
    a[0] += bump(a[0])
    return a[0, 0] + a[0, 1]


@runs((3.0,))
def augmented_base_moves(n):
    x = np.zeros(3)
    y = x
    x[0] += len(x := np.ones(4)) * n
    return y[0] + x[0]


@runs((X,))
def argument_read_before_call(x):
    def two(a, b):
        return a - 2.0 * b

    return two(x[0], bump(x)) + two(b=x[0], a=bump(x))


@runs((2.0,))
def argument_read_before_walrus(s):
    def two(a, b, c):
        return a + 10 * b + 100 * c

    return two(s, (s := s + 1), c=s)


@runs((X,))
def subscript_of_walrus(x):
    i = 0
    return x[i] + x[(i := i + 1)] * x[i]


@runs((X,))
def list_display_order(x):
    t = [x[0], bump(x), x[0]]
    a = np.array([x[0], bump(x), x[0]])
    return t[0] + 10 * t[1] + 100 * t[2] + 1e3 * a[0] + 1e4 * a[2]


@runs((1.0, 2.0))
def fibonacci_swap(a, b):
    for _ in range(5):
        a, b = b, a + b
    return a + 10 * b


@runs((X,))
def swap_elements(x):
    i, j = 0, 2
    x[i], x[j] = x[j], x[i]
    i, x[i] = 1, 5.0
    return x[0] + 10 * x[1] + 100 * x[2]


@runs((1.0, 2.0, 3.0))
def nested_swap(a, b, c):
    (a, b), c = (c, a), b
    (a, (b, c)) = b, (c, a)
    return a + 10 * b + 100 * c


@runs((1.0, 2.0))
def unpack_into_itself(a, b):
    t = (a, b)
    t, a = t
    return t + 10 * a


@runs((2.0, 3.0))
def chained_assignment(x, y):
    a = b = x * y
    c = d = (a, b + 1)
    a = b = e = a + b
    p, q = r = (a, y)
    return a + b + c[0] + d[1] + e + p + q * r[1]


@runs((2.0,))
def chained_into_itself(x):
    x = y = x
    i = z = np.zeros(3)
    i = z[0] = x
    return x + y + z[0] + i


@runs((X,))
def chained_call(x):
    a = b = bump(x)
    return a + b + x[0]


# ------------------------------------------------------------------------------------ tests and short circuits


@runs((X,))
def guarded_by_and(x):
    n = 0
    while n < len(x) and x[n] != 2.0:
        n += 1
    i = len(x)
    if i < len(x) and x[i] > 0.0:
        n = 100
    return x[n] + n


@runs((X,))
def guarded_by_or(x):
    i = 9
    return 1.0 if i >= len(x) or x[i] > 0 else 2.0


@runs((X,))
def guarded_by_chain(x):
    i = 9
    return 1.0 if 0 <= i < len(x) and x[i] > 0 or not i < len(x) else 2.0


@runs((X, 0.0), (X, 3.0))
def guarded_call(x, s):
    y = s and bump(x)
    z = s or bump(x)
    return y + 10 * z + 100 * x[0]


@runs((0.0, 2.0), (1.0, 0.0), (1.0, 2.0))
def float_logic(a, b):
    return (a and b) + 10 * (a or b) + 100 * (a and b or 7.0) + 1000 * (not a)


@runs((X, 0), (X, 3), (X, 7))
def logic_with_calls_in_tests(x, i):
    if i < len(x) and bump(x) > 1.0 and not (x[i] > 5.0 or bump(x) > 99.0):
        return x[0]
    if i > 5 or bump(x) < 0.0:
        return -x[0]
    return 3.0 + x[0]


@runs((X,), (X + 3.0,), (X - 3.0,))
def chained_comparisons_with_calls(x):
    s = 0.0
    if 0.0 < bump(x) < bump(x) < 4.0:
        s += 1.0
    if x[0] < bump(x) <= 6.0 != bump(x):
        s += 10.0
    if 0.0 < x[0] < bump(x) < bump(x) < bump(x):
        s += 100.0
    return s + x[0]


@runs((1.0,), (-1.0,))
def conditional_with_calls(x):
    def sq(t):
        return t * t

    y = sq(x) if x > 0 else -sq(x) if x < -5 else sq(x + 1)
    a, b = (x, sq(x)) if sq(x) > 0.5 and x > 0 else (sq(x), x)
    return y + 10 * a + 100 * b


@runs((2.0,), (0.5,))
def comparisons_as_values(x):
    a = x > 1.0
    b = not a
    c = 0 < x < 1 or b
    return a + 2 * b + 4 * c + 8 * (x == 2.0) + 16 * (x is not None)


@runs((2.0,))
def constant_tests(x):
    if SWITCH and MODE == "sum" and NOTHING is None:
        x = x * 2
    if MODE != "sum" or not SWITCH or 3 < 2:
        x = x.nonsense
    while False:
        x = x.nonsense
    return x if True else x.nonsense


def weigh(x, w=None, mode="sum", order=1):
    if w is None:
        return x
    if mode == "sum":
        return x * w if order > 1 else x + w
    return x - w


@runs((2.0,))
def defaults_decide(x):
    return weigh(x) + weigh(x, 3.0) + weigh(x, mode="no", w=5.0) + weigh(x, 2.0, order=2)


# ------------------------------------------------------------------------------------ loops


@runs((X, 0, 4, 1), (X, 3, -1, -1), (X, 3, 0, 1), (X, 0, 4, 3), (X, 3, 0, -2))
def ranges(x, a, b, c):
    s, i = 0.0, -1
    for i in range(a, b, c):
        s = s * 2 + x[i]
    for j in range(b):
        s += j
    for k in range(a, b):
        s += k * 2
    return s + i


@runs((X,))
def bounds_are_read_once(x):
    n, s = 3, 0.0
    for i in range(n):
        n = n + 1
        s += x[i] * n
    for i in range(1, len(x), n - 5):
        n = 0
        s += x[i]
    return s + n


@runs((X,))
def loop_variable_assigned(x):
    s = 0.0
    for i in range(3):
        i = i * 2
        s += i
    for v in x:
        v *= 2
        s += v
    return s + i + v


@runs((X,))
def iterated_name_rebound(x):
    s = 0.0
    for v in x:
        x = x * 2.0
        s += v + x[1]
    for k, v in enumerate(x, start=int(s > 0)):
        x, s = x + 1.0, s + v * k
    for a, b in zip(x, range(len(x))):
        x = x * 0.0
        s += a * b
    for r in reversed(x):
        x = TABLE
        s += r
    return s + x[0]


@runs((1.0, 2.0))
def tuple_items_rebound(a, b):
    s = 0.0
    for v in (a, b, a + b):
        a, b = b + v, a
        s = 2 * s + v
    for v in (a,):
        a = v + 1
    for v, w in ((a, b), (b, a)):
        a += v * w
    return s + a + b


@runs((X, 2))
def enumerate_start_rebound(x, n):
    s = 0.0
    for i, v in enumerate(x, n):
        n += 10
        s += i * v
    for i, v in enumerate(x, int(x[0] > 0)):
        x[0] = -1.0
        s += i * v
    return s + n


@runs((X, M))
def zips(x, a):
    s = 0.0
    for i, (u, v) in enumerate(zip(x, x[1:])):
        s += i * u * v
    for u, k in zip(x, range(10, 0, -3)):
        s = s * 0.5 + u * k
    for row, v in zip(a, x):
        for w in row:
            s += w * v
    for k, (i, j) in enumerate(zip(range(3), range(5))):
        s += k * i * j
    for u, (v, (i, w)) in zip(x, zip(x, enumerate(x))):
        s += u * v * i * w
    return s


@runs((X,))
def reversals(x):
    s = 0.0
    for v in reversed(x):
        s = s * 2 + v
    for i in reversed(range(1, 4)):
        s = s * 2 + i
    for i in reversed(range(0, 7, 3)):
        s = s * 2 + i
    for i, v in enumerate(reversed(x)):
        s = s * 2 + v * i
    for v in reversed((1.0, s, 3.0)):
        s = s * 2 + v
    for i in reversed(range(3, 1)):
        s = 1e9
    return s


@runs((X,), (np.zeros(0),))
def zero_trips(x):
    s, i, v = 1.0, 5, 7.0
    for i, v in enumerate(x):
        s += v
    for v in x[:0]:
        s = 99.0
    for _ in ():
        s = 99.0
    for a, b in zip(x, range(2)):
        s += a * b
    return s + i + v


@runs((X, 2.0), (X, 9.0))
def for_else(x, t):
    for i in range(len(x)):
        if x[i] == t:
            break
    else:
        return -1.0
    for v in x:
        if v > 5.0:
            break
    else:
        i += 10
    for v in x:
        pass
    else:
        i += 100
    return i * x[i - 110]


@runs((5.0,), (50.0,))
def while_else(x):
    n = 0
    while x > 1.0:
        x = x / 2
        n += 1
        if n > 4:
            break
    else:
        n += 100
    while x < 3.0:
        x += 1.0
    else:
        n += 1000
    return x + n


@runs((X,), (X * 0.0,))
def while_else_with_call_in_test(x):
    n = 0.0
    while bump(x) < 4.0:
        n += 1.0
        if n == 2.0:
            continue
        if x[0] > 3.0:
            break
    else:
        n += 100.0
    for _ in range(2):
        while bump(x) < 6.0:
            pass
        else:
            continue
        n = 1e9
    return n + x[0]


@runs((X, 0.0), (X, 0.5), (X, 2.0), (X, 9.0), (-X, 0.4))
def exits_everywhere(x, t):
    s = 0.0
    for i in range(len(x)):
        if x[i] < -1.0:
            continue
        if x[i] == t:
            if i > 0:
                break
            s += 100.0
        for j in range(i):
            if x[j] > t:
                if j == 1:
                    continue
                s += 1.0
                if s > 3.0:
                    return s
            elif t == 0.5:
                break
            s += x[j]
        else:
            s += 1000.0
            if t == 9.0:
                continue
        s += 0.01
    else:
        s -= 0.5
    k = 0
    while True:
        k += 1
        if k > 3:
            if s > 2.0:
                return s + k
            break
        if k == 2:
            continue
        s += k
    return s


@runs((X, 0), (X, 1), (X, 2), (X, 3), (X, 4))
def exits_in_an_inlined_helper(x, n):
    def find(v, k):
        s = 0.0
        for i in range(len(v)):
            for j in range(len(v)):
                if i * j > k:
                    return s, i
                if j > i:
                    break
                s += v[j]
            else:
                continue
            if s > 3.0:
                return -s, -i
        if k == 4:
            return 0.5, 7
        return s, len(v)

    total = 0.0
    for m in range(n + 1):
        a, b = find(x, m)
        total += a * 10 + b
        if total > 40.0:
            break
    return total


@runs((0.5,), (1.5,), (2.5,), (3.5,), (4.5,))
def stays_and_leaves_in_both_branches(x):
    s = 0.0
    for i in range(4):
        if x > 2.0:
            if x > 3.0:
                if x > 4.0:
                    return -1.0
                continue
            s += 1.0
        else:
            if x > 1.0:
                break
            s += 2.0
        s += i * x
    if x > 2.0:
        if x > 3.0:
            return s
        s += 10.0
    else:
        if x < 1.0:
            return -s
        s += 20.0
    s *= 3.0
    return s


@runs((X, 1.0), (X, 30.0))
def for_else_return_nested(x, t):
    for i in range(3):
        for v in x:
            if v * i > t:
                break
            if v * i == -3.0:
                return 55.0
        else:
            if i == 2:
                return 77.0
            continue
        break
    else:
        return 88.0
    return i + 0.5


@runs((X,))
def while_true_return(x):
    i = 0
    while True:
        if x[i] > 1.0:
            return x[i] * i
        i += 1


@runs((3,), (0,))
def while_number(n):
    s = 1.0
    while n:
        s *= 2.0
        n -= 1
    return s


@runs((2.0,), (-1.0,))
def raises(x):
    if x < 0.0:
        raise ValueError("x is negative")
    for i in range(3):
        if x > 1.0:
            if i > 1 and x > 100.0:
                raise OverflowError
            assert x < 50.0, f"{x} is large"
        x += 1.0
    return x


@runs((2.0,), (-2.0,))
def asserts(x):
    assert x > 0, "positive"
    return math.sqrt(x)


# ------------------------------------------------------------------------------------ functions


def scaled(t, k=2.0, *rest, plus=0.0, minus=1.0):
    for r in rest:
        t += r
    return t * k + plus - minus


@runs((2.0,))
def argument_kinds(x):
    t = (x, 3.0)
    a = scaled(x) + scaled(x, 3.0) + scaled(k=x, t=4.0) + scaled(x, 1.0, 5.0, 6.0, plus=7.0)
    return a + scaled(*(x, 3.0), minus=x) + scaled(*(x, 3.0, 4.0)[:2], *(1.0, 2.0)) + max(*(x, 9.0)) + t[1]


@runs((2.0,))
def parameter_assigned(x):
    def halve(t):
        while t > 0.3:
            t = t / 2
        return t

    y = halve(x) + x
    return y * halve(y) + y


@runs((X,))
def parameter_is_the_callers_array(x):
    def double(v):
        v *= 2.0
        v[0] += 1.0
        w = v
        v = v + 1.0
        v[0] = 50.0
        return w[0] + v[0]

    return double(x) + x[0] * x[1]


@runs((2.0, 3.0))
def parameter_shadows(x, y):
    def f(y, x):
        x = x + 1
        return y - x

    return f(x, y) * 10 + f(y=y, x=x) + x


@runs((2.0,))
def late_binding(x):
    k = 2.0

    def g(t):
        return k * t

    a = g(x)
    k = 3.0
    h = lambda t: t * k + g(t)  # noqa: E731
    k = 5.0
    return a + g(x) * 10 + h(x) * 100


@runs((2.0,))
def defaults_bind_early(x):
    k = 2.0
    g = lambda t, k=k, j=k * x: k * t + j  # noqa: E731

    def h(t, *, m=k):
        return t - m

    k = 3.0
    x = x + 1
    y = g(x)
    z = g(x) + (lambda a=x * 2: a)()
    x = 0.0
    return y + k * z + h(x)


@runs((2.0,))
def default_result_is_kept(x):
    g = lambda a=x * 2: a  # noqa: E731
    y = g()
    y = y + 1
    z = g()
    return y * 10 + z


@runs((2.0,))
def lambda_returns_lambda(x):
    add = lambda a: lambda b: a + b  # noqa: E731
    g = add(x)
    x = x * 2
    return g(x) * 10 + add(x)(1.0)


@runs((2.0, True), (2.0, False))
def functions_as_arguments(x, c):
    def apply(f, t, *more):
        return f(f(t))

    def twice(f, t):
        return apply(f, apply(f, t))

    sq = lambda t: t * t  # noqa: E731
    g = math.sin
    h = g
    return apply(g, x) + twice(sq, x * 0.5) + apply(lambda t: apply(h, t) + x, x) + twice(mymod.half, x) + h(x)


@runs((2.0,))
def function_of_function_nested_in_itself(x):
    return call(lambda t: call(math.sin, t) * x, x)


def call(f, t):
    return f(t) + 1.0


@runs((2.0,))
def helper_uses_its_own_globals(x):
    RATE = 100.0
    return rate_times(x) + RATE * x + nested_globals(x)


def rate_times(t):
    return RATE * t


def nested_globals(t):
    x = 5.0
    return rate_times(t + x)


@runs((X,))
def helper_everywhere(x):
    def last(v):
        return len(v) - 1

    def big(v):
        return v > 0.4

    s = 0.0
    for i in range(last(x)):
        if big(x[i]):
            s += x[last(x) - i] * x[last(x[i:])]
    while big(s):
        s = s / 3
    x[last(x)] = x[last(x) - 1] if big(s) and big(x[0]) else 8.0
    return s + x[last(x)] + x[-1:][0] + x[last(x) :][0]


@njit
def jitted(a, b=3.0):
    if a > b:
        return a * b
    return a + b


@runs((2.0,), (4.0,))
def calls_njit(x):
    return jitted(x) + jitted(b=x, a=1.0)


def several(x):
    """Several results.

    And a docstring."""
    a: float = x * 2
    b: float
    b = a + 1
    return a, (b, x)


@runs((2.0,))
def several_results(x):
    a, (b, c) = several(x)
    t = several(a)
    u = t[1][0] + several(x)[1][1]
    return a + 10 * b + 100 * c + 1000 * u + t[0]


def early(x):
    if x > 1.0:
        return x, 1
    elif x < -1.0:
        return -x, 2
    return 0.0, 3


@runs((2.0,), (0.0,), (-2.0,))
def several_early_results(x):
    a, b = early(x)
    return a * b + early(x + 1)[0] + early(early(x)[0])[1]


def fill_squares(out, x):
    for i in range(len(out)):
        out[i] = x * i
    return


def no_result(out):
    out[0] += 1.0


@runs((2.0,))
def helpers_for_effect(x):
    v = np.zeros(4)
    fill_squares(v, x)
    no_result(v)
    no_result(v[2:])
    r = no_result(v)
    return v[0] + v[2] + v[3] + (r is None)


def fact(n, x=1.0):
    return x if n <= 0 else x * n * fact(n - 1, x=x)


@runs((4, 0.5), (0, 2.0))
def recursion_from_outside(n, x):
    t = fact(n)
    return t + fact(n=3, x=x) + fact(2)


@runs((4, 0.5), (3,))
def recursive_main(n, x=2.0):
    if n == 0:
        return x
    return recursive_main(n - 1) + recursive_main(n - 1, x * 0.5)


def even(n, x):
    return x if n == 0 else odd(n - 1, x) * 2


def odd(n, x):
    return -x if n == 0 else even(n - 1, x) + 1


@runs((4, 0.5), (3, 0.5))
def mutual_recursion(n, x):
    return even(n, x) + odd(n + 1, x)


class Other:
    @staticmethod
    def fact(n, x=1.0):
        if n > 5:
            return x
        return 2 * Other.fact(n + 1, x) + 1


other_fact = Other.fact


@runs((2, 3.0))
def two_recursions_of_one_name(n, x):
    fact_call = fact(n, x)
    return fact_call + other_fact(n, x)


def split(n, x):
    if n == 0:
        return x, 1.0
    a, b = split(n - 1, x)
    return a * x, b + a


@runs((3, 0.5))
def recursion_with_two_results(n, x):
    a, b = split(n, x)
    return a + 10 * b


# ------------------------------------------------------------------------------------ globals, closures, modules


def maker(k, table):
    def f(x):
        return k * x + table[1] + RATE

    return f


closed = maker(3.0, np.array([1.0, 5.0]))
runs((2.0,))(closed)
runs((2.0,))(lambda x: x * x + RATE)
runs((2.0,))(maker(math.pi, (1, 2.5)))


@runs((2.0,))
def global_values(x):
    a, (b, n) = PAIR
    s = RATE * x + COUNT + TABLE[1] * len(TABLE) + TABLE.shape[0] + a + b * n + PAIR[1][0]
    for v in TABLE:
        s += v
    return s + mymod.CONST * np.pi + math.inf * 0.0 if s > 1e9 else s + xp.e + ORIGIN.x * ORIGIN[1] + Settings.step


@runs((2.0,))
def aliased_modules(x):
    m = math
    return cosine(x) + xp.sin(x) + m.exp(-x) + mymod.half(x) + xp.maximum(x, 1.0) + float("1.5") + math.tau


@runs((2.0,))
def imports_inside(x):
    import math as mm
    from math import sin as sine

    import numpy

    return mm.cos(x) + sine(x) + numpy.exp(x)


@runs((2.0,))
def namedtuples(x):
    p = Point(x, y=x * 2)
    q = Line(p.y)
    a, b = q
    r = Point(*(a, b))
    return p.x + 10 * p[1] + a * b + q.slope * q.offset + r.y + Point(p, 2.0).x.y


# ------------------------------------------------------------------------------------ arrays, lists, tuples


@runs((X, M))
def array_functions(x, a):
    y = np.zeros(len(x))
    z = np.zeros((2, a.shape[1]), dtype=np.float64)
    w = np.full(3, x[0])
    u = np.full((2, 2), fill_value=x[1])
    v = np.zeros_like(x)
    o = np.ones_like(a)
    e = np.empty(shape=2)
    e.fill(2.0)
    y[:] = x
    z[1, :] = a[0]
    c = x.copy()
    c[0] = 9.0
    k = np.array(x)
    k[1] = 9.0
    d = np.array([x[0], 2.0, x[1]])
    g = np.array([[x[0], 1.0], [2.0, x[1]]])
    t = a.T
    r = a.reshape(3, 2)
    f = a.ravel()
    h = a.reshape(-1)
    s = np.reshape(a, (6,))
    total = y[1] + z[1, 2] + w[2] + u[1, 1] + v[0] + o[1, 1] + e[1] + c[0] + k[1] + d[2] + g[1, 0] + t[2, 1]
    return total + r[2, 1] + f[5] + h[4] + s[3] + x.sum() + a.sum(axis=0)[1] + np.sum(a, 0)[2] + np.linspace(0, 1, 3)[1]


@runs((X, M))
def indexing(x, a):
    n = x.size + a.ndim + len(a) + x.shape[0] + a.shape[-1]
    i = -1
    v = x[1:3]
    v[0] = 4.0
    w = a[:, 1]
    w[1] = -5.0
    b = a[1][2] + a[1, 2] + a[-1, i] + x[I[0]] + x[int(x[0] > 0)] + a[0][1:][0]
    a[0, 1:] = x[:2]
    a[1][0] = 3.0
    x[::2] *= 2.0
    return n + b + x[1] + a[1, 1] + a[0, 2] + a[1, 0] + x[2] + x[len(x) - 1]


@runs((X, I))
def indirect(x, i):
    s = 0.0
    for k in range(len(i)):
        x[i[k]] += x[i[i[k]]] * 0.5
        s = s * 2 + x[i[k] - 1]
    return s


@runs((X,))
def lists(x):
    t = []
    for v in x:
        t.append(v * 2)
    t.append(t[0] + len(t))
    u = [v * w for v in x if v > 0 for w in t[1:] if w > 0 if w > 1]
    z = [0.5, x[0]]
    z[1] += 2.0
    w = list()
    w.append(z[1])
    return t[-1] + len(u) + u[0] + sum(u) + z[0] * z[1] + w[0]


@runs((X,))
def generator_sums(x):
    k = 2.0
    g = lambda a: a * k  # noqa: E731
    h = lambda a: a * RATE  # noqa: E731
    s = sum(g(k) for k in x)
    s += sum(h(RATE) for RATE in x)
    s += sum(x for x in x) + sum([i * j for i in range(3) for j in range(i)]) + sum(x * 2)
    s += sum(a * b for a, b in zip(x, x[1:]) if a > 0) + sum((1.0, s, 2.0)) + sum(x, 5.0) + sum(x, start=2.0)
    return s + k


@runs((X,))
def comprehension_scope(x):
    i = 100
    t = [i * v for i, v in enumerate(x)]
    u = [(last := v) * 2 for v in x]
    total = 0.0
    w = [(total := total + v) for v in x]
    nested = [sum(a * b for a in x) for b in x]
    return i + t[2] + last + u[0] + w[-1] + total + nested[1]


@runs((2.0, 3.0))
def tuples_too(x, y):
    t = (x, y) + (1.0,) + (0.0,) * 2
    u = (x, (y, 2.0), *(x, 7.0))
    d, m = divmod(x * 5, y)
    z = (x, y)[1:]
    return t[0] + t[-3] + len(t) + u[1][0] + u[3] + min(x, y, 1.5) + max((x, y)) + d * m + z[0] + (x == y) + abs(-x)


@runs((7.5, 2), (-7.5, 3))
def number_functions(x, n):
    a = x // n + x % n + (x // 1) ** 2 + -x + +x
    b = round(x) + int(x) + float(n) + abs(x) + pow(abs(x), 0.5) + n**2 + 2**n + (n << 1) + (n & 3) + (n ^ 1) + ~n
    a **= 2
    a //= 3
    n |= 4
    return a + b + min(x, n) + max(n, x, 3) + np.clip(x, -1.0, 1.0) + np.where(x > 0, x, -x) + math.hypot(x, n)


@runs((2.0,))
def deletes(x):
    y = x * 2
    z = y + 1
    del y, x
    y = z
    return y


@runs((2.0,))
def names_that_clash(x):
    a1 = x
    np_1 = len_ = a1 * 2  # noqa: F841
    sum = a1 + 1
    result = sum * 2
    returned = go = k = result
    if x > 1:
        return returned + k + go
    return result


@runs((X,))
def shadowed_builtins(x):
    len, max, range_1 = 3, x[0], 2
    for range_1 in range(len):
        max += x[range_1]
    return max + len
