"""What programs say beside the numbers: members of Enums, limits of floats, tuples of parts, places in flat arrays."""

import enum
import math
import sys
from typing import NamedTuple

import numpy as np

from . import into

CASES = []
case = into(CASES)
V = np.array([0.6, -1.3, 2.0, 0.4, 0.85])
M = np.array([[1.0, 2.0, 0.5], [0.3, -1.0, 4.0]])


class Kind(enum.Enum):
    CALL = 1
    PUT = 2


class Place(enum.IntEnum):
    FIRST = 0
    LAST = 4


class Model(NamedTuple):
    link: object
    scale: float


MODEL = Model(math.sin, 2.0)


def payoff(x, kind=Kind.CALL):
    if kind is Kind.CALL:
        return x[0] ** 2
    return x[1] ** 3


def linked(model, t):
    return model.link(t) * model.scale


@case(V)
def members(x):
    k = Kind.PUT
    if k == Kind.PUT and k is not Kind.CALL:
        s = x[Place.LAST] ** 2 * Kind.PUT.value
    else:
        s = x[0]
    for i in range(len(x)):
        if i == Place.FIRST or i > Place.LAST - 1:
            s += x[i] * x[2]
    return s * payoff(x) + payoff(x, Kind.PUT) * (x[3] if k != Kind.CALL else 0.0) + linked(MODEL, x[1])


@case(V)
def limits(x):
    s = x[0] / (x[1] ** 2 + np.finfo(np.float64).eps) + sys.float_info.epsilon * x[2]
    s += min(x[3], np.finfo(float).max) + np.iinfo(np.int64).max * 1e-19 * x[0]
    return s + (x[1] if x[0] < sys.maxsize else 0.0) * np.finfo("float32").tiny


@case(V)
def tuples_of_parts(x):
    a, b, c = tuple(x[:3])
    t = tuple(x[1:3])
    u = 2 * (x[2], t[0]) + (x[3],) * 2
    return a * b * c + t[0] * t[1] * u[2] * u[5] * len(u)


@case(V)
def updated(x):
    p = {"a": x[0], "b": x[1]}
    p.update(a=x[2] * p["b"])
    q = {"a": x[4], "c": x[1]}
    q.update(p, c=x[3])
    for _ in range(2):
        p |= {"b": p["a"] * q["c"], "a": p["b"]}
    return q["a"] * q["b"] + q["c"] * p["a"] + p["b"]


@case(M)
def places(m):
    y, z = m.copy(), m.T.copy().T
    y.flat[1] = m[0, 0] ** 2
    z.flat[-2] = y[1, 2] * 3.0
    s = m.item(1, 2) ** 2 + m.item(4) * m.max().item() * m[:1, :1].item()
    for i, j in np.argwhere(m > 0.4):
        s += y[i, j] ** 2
    return s + np.argwhere(m[0] > 0.7)[0, 0] + (z * z).sum()


@case(V)
def of_numbers(x):
    y, z = x.copy(), x.copy()
    np.putmask(y, y < 0.5, 2.0)
    np.putmask(z, x > 0.5, x**2)
    h = np.hstack((x[0], y * z, x[1] * x[2]))
    return (h * h).sum() + x.conj().sum() ** 2 + np.hstack([x[3], x[4]]).prod()


@case(V)
def without_nans(x):
    y = np.nan_to_num(x * np.array([1.0, np.nan, 1.0, np.inf, 1.0]), posinf=2.0)
    for i in range(len(x)):
        y[i] += np.nan_to_num(x[i] * (math.nan if i == 2 else 1.0)) ** 2
    return (y * y).sum()
