"""`check_grads`: passes what is right, and finds and names what is wrong."""

from __future__ import annotations

import math
from collections import namedtuple

import numpy as np
import pytest

from srcad import check_grads
from srcad.rules import RULES

Pair = namedtuple("Pair", "a b")


def smooth(x, p, n):
    y = np.zeros(n)
    for i in range(n):
        y[i] = math.sin(x[i]) * p.a + p.b[i] ** 2
    return y, y[0] * y[1]


def energy(x, k):
    s = 0.0
    for i in range(x.size):
        s += k * x[i] ** 3 + math.exp(-x[i])
    return s


def test_what_is_right_passes() -> None:
    check_grads(smooth, np.array([0.1, 0.9, -0.4]), Pair(0.7, np.array([1.0, 2.0, 3.0])), 3)
    check_grads(energy, np.linspace(-1.0, 1.0, 7), 0.3)
    check_grads(energy, np.linspace(-1.0, 1.0, 7), 0.3, wrt="k", modes=("forward",), order=1)
    check_grads(energy, np.linspace(-1.0, 1.0, 7), 0.3, modes=("reverse",))


@pytest.fixture
def wrong_rule(monkeypatch: pytest.MonkeyPatch) -> None:
    """math.tan with a derivative that is wrong by one in a thousand."""
    before = RULES["math.tan"]
    assert set(before.partials) == {"x"}
    monkeypatch.setitem(
        RULES, "math.tan", before.__class__(**{**_fields(before), "partials": {"x": "1.001 + out * out"}})
    )


def _fields(rule: object) -> dict[str, object]:
    return {n: getattr(rule, n) for n in rule.__dataclass_fields__}  # type: ignore[attr-defined]


def tangents(x, k):
    s = k
    for i in range(x.size):
        s += math.tan(x[i]) * x[i]
    return s


def test_the_worst_entry_is_named(wrong_rule: None) -> None:
    said = r"test_check.py:\d+: forward mode and the difference differ, most by x\[2\]: .* with steps of .*e-0"
    with pytest.raises(AssertionError, match=said):
        check_grads(tangents, np.array([0.1, 0.2, 0.9, 0.3]), 1.0)


def test_bad_input() -> None:
    with pytest.raises(ValueError, match="the modes"):
        check_grads(energy, np.ones(2), 1.0, modes=("sideways",))
    with pytest.raises(ValueError, match="orders 1 and 2, not 3"):
        check_grads(energy, np.ones(2), 1.0, order=3)
    with pytest.raises(TypeError, match="can't be differentiated by 'n'"):
        check_grads(smooth, np.ones(3), Pair(0.7, np.ones(3)), 3, wrt="n")


def test_arguments_that_are_written_to_are_taken_anew_each_time() -> None:
    def turned(x, order):
        order[0], order[1] = order[1], order[0]
        x[order[0]] *= x[order[1]]
        return x[0] * x[0] * x[1]

    x, order = np.array([2.0, 3.0]), np.array([0, 1])
    check_grads(turned, x, order)
    assert x.tolist() == [2.0, 3.0] and order.tolist() == [0, 1]
