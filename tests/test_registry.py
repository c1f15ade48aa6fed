"""The registry of rules: which function has which rule, what a row may say, and a user's own rows."""

from __future__ import annotations

import math

import numpy as np
import pytest

from srcad.rules import FUNCTIONS, RULES, canonical, partials, registry, routes, special, zero
from srcad.testing import check_rule
from tests.rule_points import scratch


@pytest.mark.parametrize(
    ("function", "name"),
    [
        (math.sin, "math.sin"),
        (np.sin, "math.sin"),
        (abs, "abs"),
        (np.abs, "abs"),
        (np.absolute, "abs"),
        (math.fabs, "math.fabs"),
        (max, "max"),
        (np.maximum, "np.maximum"),
        (np.fmax, "np.fmax"),
        (np.add, "+"),
        (np.true_divide, "/"),
        (np.divide, "/"),
        (np.negative, "neg"),
        (np.mod, "%"),
        (np.remainder, "%"),
        (np.fmod, "np.fmod"),
        (math.fmod, "np.fmod"),
        (pow, "**"),
        (np.power, "np.power"),
        (math.floor, "math.floor"),
        (np.floor, "np.floor"),
        (np.arctan2, "math.atan2"),
        (round, "round"),
        (np.round, "np.round"),
        (float, "float"),
        (int, "int"),
        (special.digamma, "digamma"),
        (len, None),
        (np.zeros, None),
        ([], None),
        (np.dtype("float64"), None),
    ],
)
def test_canonical(function: object, name: str | None) -> None:
    assert canonical(function) == name


FORM = ": write a call or an operator over plain names, like 'math.sin(x)' or 'x * y'"


@pytest.mark.parametrize(
    ("call", "operands", "options", "message"),
    [
        ("f(x)", {"z": "1.0"}, {}, "rule 'f(x)' has no operand 'z': its operands are x"),
        ("f(x)", {"x": "w"}, {}, "rule 'f(x)': 'w' in 'w' is no operand, no let name and not out"),
        ("f(x)", {"x": "r"}, {"let": "q = r; r = x"}, "rule 'f(x)': 'r' in 'r' is no operand, no let name and not out"),
        ("f(x)", {"x": "r"}, {"let": "r"}, "rule 'f(x)': let is 'r', not 'name = expression'"),
        ("f(x)", {"x": "1.0 +"}, {}, "rule 'f(x)': '1.0 +' is not an expression"),
        ("f(x, x)", {}, {}, "rule 'f(x, x)'" + FORM),
        ("f(2)", {}, {}, "rule 'f(2)'" + FORM),
        ("x << y", {}, {}, "rule 'x << y'" + FORM),
        ("x < y", {}, {}, "rule 'x < y'" + FORM),
        ("math.sin(x)", {}, {"fn": None}, "rule 'math.sin(x)': math.sin has a rule already"),
        ("f(x)", {}, {"fn": math.sin}, "rule 'f(x)': math.sin has a rule already"),
        ("f(x)", {}, {"also": ("np.cos",)}, "rule 'f(x)': math.cos has a rule already"),
        ("f(x)", {}, {"fn": None}, "rule 'f(x)': there is no function 'f'; pass it as fn="),
        ("math.flor(x)", {}, {"fn": None}, "rule 'math.flor(x)': there is no function 'math.flor'; pass it as fn="),
    ],
)
@scratch()
def test_a_bad_row_is_refused(call: str, operands: dict, options: dict, message: str) -> None:
    before = dict(RULES), dict(registry.NAMES)
    with pytest.raises(ValueError) as caught:
        partials(call, **{"fn": lambda x: x, **options}, **operands)
    assert str(caught.value) == message
    assert (RULES, registry.NAMES) == before


@scratch()
def test_a_users_row() -> None:
    def softplus(x: float) -> float:
        return math.log1p(math.exp(x))

    rule = partials("softplus(x)", let="e = math.exp(-x)", x="1.0 / (1.0 + e)", fn=softplus)
    assert canonical(softplus) == "softplus"
    assert FUNCTIONS["softplus"] is softplus
    check_rule(rule, (0.3,), (-2.0,))
    step = zero("steps(x)", fn=lambda x: math.floor(x))
    assert step.partials == {}
    pick = routes("pick(c, x)", x="c", fn=lambda c, x: x if c else 0.0)
    assert pick.route == {"x": ("c", "c")}
    assert pick.partials == {"x": "1.0 if c else 0.0"}
    check_rule(pick, (True, 2.0), (False, 2.0))
