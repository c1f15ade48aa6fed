"""Guards of partials that may be infinite: left out where conditions keep the divisor from zero, kept elsewhere."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from srcad import grad, jvp
from tests.oracle import oracle_grad

GUARD = "_bar != 0.0 else 0.0"


def of_a_branch(x, y):
    if x > 0.0:
        return y / x + math.log(x) * math.sqrt(x)
    return y


def of_the_other_arm(x, y):
    if x == 0.0 or y < 0.0:
        return x * y
    return y / x


def of_a_norm(x, y):
    squared = x * x + y * y
    if squared == 0.0:
        return 0.0
    r = math.sqrt(squared)
    return x / r + math.cos(r)


def of_a_root(x, y):
    r2 = 1.0 + x * x + y * y
    return x / math.sqrt(r2) + y * r2**-1.5 + math.sqrt(r2) / abs(r2)


def of_a_size(x, y):
    d = abs(x)
    return y / x if d >= 1e-12 else y


def of_what_raises(x, y):
    if x <= 0.0:
        raise ValueError("x has to be positive")
    return y / x + math.log(x + y * y)


def of_what_is_skipped(x, y):
    s = 0.0
    for i in range(1, 4):
        z = y - i
        if not z < 0.0:
            continue
        s += x / z + x / i + math.sin(x) / (i + 1)
    return s


def of_a_while(x, y):
    s = 0.0
    while y > 0.25:
        s += x / y
        y = y - 1.0
    return s


KNOWN = [
    of_a_branch, of_the_other_arm, of_a_norm, of_a_root, of_a_size, of_what_raises, of_what_is_skipped, of_a_while,
]  # fmt: skip


@pytest.mark.parametrize("f", KNOWN)
def test_left_out_where_a_condition_holds(f: Callable[..., Any]) -> None:
    gradient = grad(f)
    assert GUARD not in gradient.inspect(0.7, 1.5)
    for args in ((0.7, 1.5), (0.4, 3.5)):
        np.testing.assert_allclose(gradient.interpreted(*args), oracle_grad(f, args)[1], rtol=1e-13)


# Each is given a point at which a guard that was left out would make NaN: zero times an infinite partial.


def behind_the_branch(x, y):
    s = 0.0
    if x > 0.0:
        s = 1.0
    return s * y + 0.0 * math.sqrt(x)


def of_the_wrong_arm(x, y):
    if x > 0.0:
        return y
    return y + 0.0 * math.sqrt(x)


def bound_again(x, y):
    z = x + 1.0
    if z > 0.0:
        z = x * x
        return y + 0.0 * math.sqrt(z)
    return y


def either(x, y):
    if x > 0.0 or y > 0.0:
        return y + 0.0 * math.sqrt(x)
    return y


def at_least(x, y):
    if x >= 0.0:
        return y + 0.0 * math.sqrt(x)
    return y


def other_than_one(x, y):
    if x != 1.0:
        return y + 0.0 * math.sqrt(x)
    return y


def below_one(x, y):
    if x < 1.0:
        return y + 0.0 * math.sqrt(x)
    return y


def in_the_next_turn(x, y):
    s, z = y, 1.0
    for _ in range(2):
        if z > 0.0:
            s += 0.0 * math.sqrt(z)
            z = x
        s += 0.0 * math.sqrt(z)
    return s


def behind_a_while(x, y):
    z = y
    while z > 0.0:
        z = z - 1.5
    return y + 0.0 * math.sqrt(z + x)


def of_a_counter(x, y):
    s = y
    for i in range(2):
        s += 0.0 * math.sqrt(x * i)
    return s


def of_an_element(x, y):
    v = np.array([1.0, x])
    if v[0] > 0.0:
        v[0] = x
        return y + 0.0 * math.sqrt(v[0])
    return y


def nan_where_asked(x, y):
    z = x / x  # NaN
    w = y / (1.0 + z * z)
    return y if w != w else w


UNKNOWN = [
    behind_the_branch, of_the_wrong_arm, bound_again, either, at_least, other_than_one, below_one, in_the_next_turn,
    behind_a_while, of_a_counter, of_an_element, nan_where_asked,
]  # fmt: skip


@pytest.mark.parametrize("f", UNKNOWN)
def test_kept_where_none_does(f: Callable[..., Any]) -> None:
    args = (0.0, 1.5)
    want = oracle_grad(f, args)[1]
    assert np.isfinite(want).all()
    np.testing.assert_allclose(grad(f).interpreted(*args), want, rtol=1e-13)
    for direction in ((1.0, 0.0), (0.0, 1.0)):
        moved = jvp(f).interpreted(args, direction)[1]
        np.testing.assert_allclose(moved, np.dot(want, direction), rtol=1e-13)
