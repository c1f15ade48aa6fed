"""Dicts whose keys are known: their items read and assigned, loops over them, made anew, given to other functions."""

import math

import numpy as np

from . import into

CASES = []
case = into(CASES)
V = np.array([0.6, -1.3, 2.0, 0.4])


def _squared(x):
    return x * x


RATES = {"k": 2.0, "n": 3, "f": _squared, "w": np.array([1.0, 2.0]), "inner": {"z": 0.5}}
WEIGHTS = {1: 2.0, 2: 0.5}


@case(0.7, 1.2)
def items(x, y):
    p = {"a": x, "b": y}
    p["a"] *= p["b"]
    p["c"] = p["a"] + 1.0
    s = 0.0
    for k in p:
        s += p[k] * p["a"]
    for k, v in p.items():
        if k != "b":
            s *= v
    p["a"], p["b"] = p["b"], p["a"] * 2.0
    return s + len(p) * p["b"] + p.get("a") * p.get("none", 2.0) + ("c" in p) + ("d" in p)


@case(0.7, 1.2)
def made_anew(x, y):
    p = {"a": x, "b": y}
    for i in range(3):
        p = {"a": p["b"] * 1.1, "b": p["a"]}
        if i == 1:
            p["a"] += x
        else:
            p = {"a": p["a"] + y, "b": p["b"] * x}
    p = {k: v * v for k, v in p.items()}
    return sum(p.values()) * p["b"] + max(p.values())


@case(0.7, 1.2)
def descent(x, y):
    p = {"w": x, "b": y}
    for _ in range(4):
        g = {"w": 2.0 * p["w"] * p["b"], "b": p["w"] ** 2}
        p = {k: p[k] - 0.1 * g[k] for k in p}
    return p["w"] * p["b"]


def _scaled(d, factor):
    d["a"] = d["a"] * factor
    return d["a"] + d["b"]


def _sum(a, b, c=1.0):
    return a * b + c


@case(0.7, 1.2)
def given_to_functions(x, y):
    p = {"a": x, "b": y}
    s = _scaled(p, 2.0) + p["a"] * _scaled(p, y)
    s += _scaled({"a": y, "b": x}, x)
    q = p.copy()
    r = 0.0
    q["a"] = 3.0 * q["b"]
    for k, v in zip((1, 2), (x, y)):
        r += k * v
    s += _sum(**p) + _sum(1.0, **{"b": x})
    more = dict(p, c=x * y)
    most = {**p, "c": 2.0}
    return s * p["a"] + q["a"] + _sum(**more) * _sum(**most) + r


@case(0.7, 1.2)
@case(-0.7, 1.2)
def in_branches_and_loops(x, y):
    if x > 0:
        p = {"a": x, "b": 2.0}
    else:
        p = {"a": y, "b": x}
    while p["a"] < 10.0:
        p["a"] = p["a"] * 1.5 + p["b"] * y
        if p["b"] > 5:
            break
        p["b"] += 1.0
    for k in p:
        if p[k] > 100.0:
            return p[k] * x
        for i in range(3):
            if i == 1:
                break
            p[k] += x
    return p["a"] * p["b"] if "a" in p and "z" not in p else 0.0


@case(0.7, 1.2)
def dicts_in_dicts(x, y):
    model = {"first": {"w": x, "b": 1.0}, "second": {"w": y, "b": x * y}}
    h = 0.5
    for layer in model:
        h = math.tanh(model[layer]["w"] * h + model[layer]["b"])
        model[layer]["b"] += h
    return h * model["first"]["b"] + model["second"]["b"]


@case(0.7, 1.2)
def changed_by_inner_functions(x, y):
    p = {"a": x, "b": y}

    def bump(t):
        p["a"] = p["a"] * t
        return t

    def rec(i):
        return p["a"] if i == 0 else p["b"] * rec(i - 1)

    s = p["a"] + bump(y) * p["a"] + rec(2)
    p["a"] += 1.0
    make = lambda t: {"a": t, "b": t * y}  # noqa: E731
    q = make(p["a"])
    r = make(q["a"] * q["b"])
    return s * p["a"] + rec(1) * r["b"]


@case(V)
def arrays_and_lists(v):
    p = {"w": v[:2], "m": np.zeros(2), "list": [], "pair": (v[0], v[1])}
    for i in range(3):
        p["m"] = 0.9 * p["m"] + p["w"] * v[3]
        p["m"][0] += v[2]
        p["w"] = p["w"] - 0.1 * p["m"]
        p["list"].append(p["m"][1] * i)
    a, b = p["pair"]
    p["pair"] = (b, a * a)
    return np.sum(p["w"] * p["m"]) + sum(p["list"]) * p["pair"][1]


@case(0.7, 1.2)
def keys_that_are_numbers(x, y):
    p = {0: x, 1: y, -1: 2.0}
    s = 0.0
    for k, v in p.items():
        s += k * v * v
    z = {i: x * i for i in range(3)}
    w = {k: 0.0 for k in ("u", "v")}
    w["u"] += z[2]
    return s * p[-1] + z[1] * w["u"] + w["v"]


def _rate(d, x):
    return d["k"] * x


@case(0.7, 1.2)
def of_the_module(x, y):
    s = RATES["k"] * x
    for i in range(RATES["n"]):
        s = s + RATES["f"](y) * RATES["w"][i % 2] * RATES["inner"]["z"]
    for k, v in WEIGHTS.items():
        s *= v * k
    c = WEIGHTS.copy()
    c[1] *= x
    d = {**WEIGHTS, 3: y}
    return s + c[1] + d[3] * d[2] + len(RATES) + ("k" in RATES) + _rate(RATES, x * y)
