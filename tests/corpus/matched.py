"""`match`: numbers, strings, flags, tuples, guards, names; in loops, with break, continue and return."""

import math
from collections import namedtuple

import numpy as np

from . import Case, into

CASES: list[Case] = []
case = into(CASES)
V = np.array([0.6, -1.3, 2.0, 0.4, -0.7, 1.1])
Spring = namedtuple("Spring", "stiffness length")


class Mode:
    PLAIN, SQUARED = 1, 2


@case(V, 2)
@case(V, 0)
@case(V, 7)
def numbers(v, mode):
    s = 0.0
    for x in v:
        match mode:
            case 0:
                s += x
            case 1 | 2:
                s += x * x
            case _:
                s -= 2.0 * x
    return s


@case(V, "cosine")
@case(V, "tangent")
def strings(v, name):
    match name:
        case "sine":
            return np.sum(np.sin(v))
        case "cos" | "cosine":
            return np.sum(np.cos(v))
        case _:
            return v[0] * v[1]


@case((1.5, 2.5), 1)
@case((1.5, 2.5), 2)
def items_of_an_argument(p, k):
    match p:
        case (_, _, _):
            return 0.0
        case (a, b) if k > 1:
            return a * b * b
        case (b, a):
            return a - b * a


@case(1.5, 2.5, 1)
@case(2.5, 1.5, 1)
def names_exchanged(a, b, k):
    match a, b, k:
        case b, a, 0:
            s = a * b * b
        case b, a, 1 if b < a:
            s = a * b * b + a
        case _:
            s = a
    return s * a + b


@case(V)
def in_a_loop(v):
    s = 1.0
    for i in range(10):
        match i % 4, i > 5:
            case 0, _:
                s *= v[0]
            case (1 | 2) as k, False:
                s += k * v[k] * s
            case 3, True:
                break
            case j, _:
                if j == 2:
                    continue
                s -= v[j] ** 2
    return s


@case(V)
def of_an_expression(v):
    s = 0.0
    for i in range(6):
        match int(v[i] * 2):
            case 0:
                s += v[i]
            case -1:
                s -= v[i] ** 2
            case n if n > 0 and (n % 2 == 0):
                s += n * v[i]
            case n:
                s += math.sin(n * v[i])
    return s


@case(1.5, True, None)
@case(1.5, False, None)
@case(1.5, 1, 2)
def flags(x, flag, option):
    y = 3.0 * x
    match flag:
        case True:
            y = x
        case False:
            y = x * x
    match option:
        case None:
            y = y * x
        case _:
            y -= x
    return y


@case((1.5, 2.0), (0.5, 3.0))
@case(Spring(1.5, 2.0), Spring(0.5, 3.0))
def items_by_a_branch(p, q):
    s = 0.5
    for k in range(3):
        match k % 2, p if k != 1 else q:
            case 0, (a, b):
                s += a * b * s
            case 1, (a, b):
                s += a + b * s
    return s


@case(V)
def names_of_a_class(v):
    s = 0.0
    for i in range(4):
        match i:
            case Mode.PLAIN:
                s += v[i]
            case Mode.SQUARED:
                s += v[i] ** 2
    return s


def combined(op, x, y):
    match op:
        case "+":
            return x + y
        case "*":
            return x * y
        case "/":
            if y == 0:
                return 0.0
            return x / y
    raise ValueError("no such operation")


@case(1.5, 0.5)
def in_a_helper(x, y):
    return combined("+", x, combined("*", x, y)) + combined("/", x, y)


@case(V)
def one_in_the_other(v):
    s = 0.0
    for x in v:
        match x:
            case 0.0:
                s += 1.0
            case y if y > 0:
                match s:
                    case t if t > 1:
                        s = t * y
                    case t:
                        s = t + y
    return s


@case(np.ones((2, 3)) * V[:3])
def break_of_a_nest(m):
    s = 0.0
    for i in range(2):
        for j in range(3):
            match i + j:
                case 2:
                    break
                case k:
                    s += k * m[i, j] ** 2
    return s


@case(1.5, 2.5, 1)
@case(1.5, 2.5, 3)
@case(2.5, 1.5, 2)
def names_of_a_case_that_is_not_taken(a, b, k):
    d = 0.5
    match a, b, k:
        case b, a, (1 | 2) if b < a:
            s = a * b * b
        case c, d, e if c * d < e:
            s = c - e * b
        case d, 3, 4:
            s = 0.0
        case (t, _, 2) as whole if t > 2:
            s = whole[0] * t
        case c, _, k:
            s = c * c * b * k
    return s * a + b * d


@case(V)
def guards_with_steps(v):
    s = 0.0
    for x in v:
        match x * x:
            case y if (z := math.sin(y)) > 0.5:
                s += y * z
            case _ if s > 0.3:
                s *= z
            case y if any([y > w for w in v]):
                s += y
    return s
