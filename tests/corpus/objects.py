"""Functions in tuples, lists and dicts, `functools.partial`, one of two functions."""

import functools
import math
from functools import partial

import numpy as np

from . import into

CASES = []
case = into(CASES)
V = np.array([0.6, -1.3, 2.0, 0.4, 0.9])


def sq(t):
    return t * t


def line(t, a=2.0, b=1.0):
    return a * t + b


FUNCTIONS = (math.sin, math.cos, sq)
TERMS = [("line", line, 0.5), ("sq", sq, 1.5), ("sin", math.sin, -1.0)]
BY_NAME = {"exp": math.exp, "sq": sq}
HALF = partial(line, a=0.5)
LAYERS = [np.array([[1.0, 2.0], [0.5, -1.0]]), np.array([0.3, 0.4])]


def piped(functions, t):
    for f in functions:
        t = f(t)
    return t


@case(V)
def one_by_one(x):
    s = 0.0
    for f in FUNCTIONS:
        s += f(x[0]) * x[1]
    for i, f in enumerate(FUNCTIONS):
        s += f(x[i]) * (i + 1)
    for f, v in zip(FUNCTIONS, x):
        s += f(v) ** 2
    for f in reversed(FUNCTIONS):
        s += f(s * 0.1)
    for name, f, w in TERMS:
        if name == "sq":
            s += 10.0 * f(x[0])
        s += w * f(x[1])
    s += sum(w * f(x[4]) for _, f, w in TERMS) * FUNCTIONS[1](x[2]) * TERMS[1][1](x[3])
    for k, f in BY_NAME.items():
        s += f(x[1]) * (2.0 if k == "sq" else 1.0)
    return s + piped(FUNCTIONS, x[0]) * BY_NAME["exp"](x[2]) + piped([math.exp, lambda t: t + x[2]], x[1])


@case(V)
def written_here(x):
    a = x[0]
    functions = (math.sin, lambda t: t * a, partial(line, b=a))
    a = 5.0 * x[1]
    s = 0.0
    for f in functions:
        s += f(x[2])
    for f, w in [(sq, a), (math.exp, 2.0)]:
        s += f(x[0]) * w
    for i in range(4):
        s += FUNCTIONS[i - 2](x[i]) * x[4]
    return s * functions[1](x[1]) + len(functions)


@case(V)
def partials(x):
    k = x[0]
    f = partial(line, b=k)
    k = 7.0
    g = functools.partial(line, x[1], b=2.0)
    h = partial(f, x[2])
    s = f(x[3]) * g() * h() + f(x[1], a=x[4]) * HALF(x[0]) * g(b=x[0])
    return s + functools.reduce(partial(math.hypot), x) + sum(map(partial(line, a=3.0), x)) * k


@case(V)
@case(-V)
def one_of_two(x):
    f = math.sin if x[0] > 0.0 else sq
    g = sq if len(x) > 3 else math.exp
    a = x[1]
    h = partial(line, a=a) if x[2] > 0.0 else (lambda t: t * x[3])
    k = f if x[4] > 0.0 else g
    return f(x[0]) + f(x[1]) * g(x[2]) * h(x[3]) + k(x[1] + f(x[2]))


@case(V)
def items_of_dicts(x):
    p = {"w": x[0], "b": x[1]}
    s = 0.0
    for i, (k, v) in enumerate(p.items()):
        s += v * v * (i + 1) * (3.0 if k == "b" else 1.0)
    for k, w in zip(p, x):
        p[k] = p[k] * w
    for (k, v), f in zip(p.items(), FUNCTIONS):
        s += f(v)
    for v in reversed(p.values()):
        s = s * v
    for _ in range(2):
        for k in p:
            p[k] = p[k] * s
    return s + p["w"]


@case(V)
def arrays(x):
    h = x[:2]
    for i, a in enumerate(LAYERS):
        if i == 0:
            h = np.tanh(a @ h)
    return (h * LAYERS[1]).sum() + LAYERS[0][1, 0] * x[3]
