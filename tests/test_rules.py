"""Every derivative rule against finite differences and at its edges against the conventions; and the checker itself."""

from __future__ import annotations

import ast
import itertools
import math

import numpy as np
import pytest

from srcad.rules import FUNCTIONS, RULES, Rule, has_poles, partials
from srcad.testing import Point, _evaluate, _functions, _value, check_rule, forward, reverse, slope
from tests.rule_points import EDGES, INF, NAN, POINTS, TOLERANCE, Edges, scratch

# ------------------------------------------------------------------------------------------------ the checker


def test_every_rule_has_points() -> None:
    assert POINTS.keys() == RULES.keys()
    assert EDGES.keys() <= RULES.keys()
    lengths = {name: len(points) for name, points in POINTS.items()}
    assert min(lengths.values()) >= 2, lengths


@pytest.mark.parametrize("name", POINTS)
def test_rule(name: str) -> None:
    check_rule(name, *POINTS[name], edges=EDGES.get(name, ()), tolerance=TOLERANCE.get(name, 1e-8))


def test_slopes_are_accurate() -> None:
    found, error = slope(lambda t: math.exp(1.0 + t))
    assert abs(found - math.e) < 1e-11
    assert error < 1e-9


@pytest.mark.parametrize(
    ("rows", "edges", "message"),
    [
        ({"x": "y", "y": "x + 1e-6"}, [], r"probe: d/dy at \(0.3, 0.7\): got 0.30000(0|1)\d+, expected (0.3|0.29)\d*$"),
        ({"x": "-y", "y": "x"}, [], r"probe: d/dx at \(0.3, 0.7\): got -0.7, expected (0.7|0.69+)\d*$"),
        ({"x": "y"}, [], r"probe: d/dy at \(0.3, 0.7\): got 0.0, expected 0.(3|29)\d*$"),
        ({}, [], r"probe: d/dx at \(0.3, 0.7\): got 0.0, expected 0.(7|69)\d*$"),
        ({"x": "y", "y": "x"}, [((0.0, 0.0), {"x": 1.0})], r"probe: d/dx at \(0.0, 0.0\): got 0.0, expected 1.0$"),
        ({"x": "y", "y": "x"}, [((0.0, 0.0), {"z": 1.0})], "partials of x, y, expected those of z$"),
        ({"x": "y if x < 2.0 else 1.0 / 0.0", "y": "x"}, [((0.0, NAN), {"x": 1.0})], "got nan, expected 1.0$"),
    ],
)
@scratch()
def test_checker_fails_on_a_wrong_rule(rows: dict[str, str], edges: Edges, message: str) -> None:
    rule = partials("probe(x, y)", fn=lambda x, y: x * y, **rows)
    with pytest.raises(AssertionError, match=message):
        check_rule(rule, (0.3, 0.7), edges=edges)


@scratch()
def test_checker_refuses_a_point_on_a_kink_or_a_jump() -> None:
    with pytest.raises(AssertionError, match="finite differences give"):
        check_rule("math.floor", (2.0,))
    with pytest.raises(AssertionError, match="finite differences give nan"):
        check_rule("math.log", (-1.0,))
    kink = partials("kink(x)", x="1.0 if x >= 0.0 else 0.0", fn=lambda x: max(x, 0.0))
    with pytest.raises(AssertionError, match="kink: d/dx"):
        check_rule(kink, (0.0,))


def test_both_modes_come_from_one_row() -> None:
    assert reverse(RULES["*"], (2.0, 3.0), 10.0) == {"x": 30.0, "y": 20.0}
    assert forward(RULES["*"], (2.0, 3.0), {"x": 0.5, "y": 0.25}) == 2.0


# ------------------------------------------------------------------------------------------------- the tables


OPERATORS = {ast.Add: "+", ast.Sub: "-", ast.Mult: "*", ast.Div: "/", ast.FloorDiv: "//", ast.Mod: "%", ast.Pow: "**"}


def _texts(rule: Rule) -> list[str]:
    conditions = [text for pair in (rule.route or {}).values() for text in pair]
    return [*(text for _, text in rule.let), *rule.partials.values(), *conditions]


@pytest.mark.parametrize("name", POINTS)
def test_partials_can_be_differentiated_again(name: str) -> None:
    """Whatever a text uses has a rule itself: every operator and every call, by its canonical name."""
    plain = ast.Name | ast.Constant | ast.Compare | ast.cmpop | ast.BoolOp | ast.boolop | ast.Not | ast.IfExp
    for text in _texts(RULES[name]):
        for node in ast.walk(ast.parse(text, mode="eval").body):
            match node:
                case ast.BinOp(op=op):
                    assert OPERATORS[type(op)] in RULES
                case ast.Call(function, _, []):
                    assert ast.unparse(function) in RULES, text
                case ast.UnaryOp(op=op):
                    assert isinstance(op, ast.USub | ast.Not), text
                case _:
                    assert isinstance(node, plain | ast.Attribute | ast.expr_context | ast.operator | ast.unaryop)


Pair = tuple[float, float]  # a value and its dot


def _derived(rule: Rule, point: Point, of: str, along: str) -> float:
    """d/d`along` of the text of d/d`of`, by the rules of what stands in it: what nesting makes of a row."""
    names: dict[str, Pair] = {name: (x, float(name == along)) for name, x in zip(rule.params, point, strict=False)}
    names["out"] = _apply(rule, list(names.values()))
    for name, text in rule.let:
        names[name] = _walk(ast.parse(text, mode="eval").body, names)
    return _walk(ast.parse(rule.partials[of], mode="eval").body, names)[1]


def _walk(node: ast.expr, names: dict[str, Pair]) -> Pair:
    match node:
        case ast.Constant(value):
            return value, 0.0
        case ast.Name(name):
            return names[name]
        case ast.IfExp(test, yes, no):
            test_names = {name: value for name, (value, _) in names.items()}
            return _walk(yes if _evaluate(ast.unparse(test), _functions() | test_names) else no, names)
        case ast.UnaryOp(_, operand):
            return _apply(RULES["neg"], [_walk(operand, names)])
        case ast.BinOp(x, op, y):
            return _apply(RULES[OPERATORS[type(op)]], [_walk(x, names), _walk(y, names)])
        case ast.Call(function, operands):
            return _apply(RULES[ast.unparse(function)], [_walk(x, names) for x in operands])
    raise AssertionError(ast.unparse(node))


def _apply(rule: Rule, operands: list[Pair]) -> Pair:
    point = tuple(value for value, _ in operands)
    dots = dict(zip(rule.params, (dot for _, dot in operands), strict=False))
    return _value(rule, point), forward(rule, point, dots)


@pytest.mark.parametrize("name", [name for name, rule in RULES.items() if rule.partials])
def test_second_derivatives(name: str) -> None:
    """What the rules make of a row's own texts is the slope of the row's partials."""
    rule = RULES[name]
    with np.errstate(all="ignore"):
        for point in POINTS[name]:
            floats = [(k, x) for k, x in enumerate(rule.params[: len(point)]) if isinstance(point[k], float)]
            for of in rule.partials:
                for k, along in floats:

                    def partial(t: float) -> float:
                        return reverse(rule, (*point[:k], point[k] + t, *point[k + 1 :]), 1.0)[of]

                    expected, _ = slope(partial, max(abs(point[k]), 0.05))
                    if math.isfinite(reverse(rule, point, 1.0)[of]):
                        found = _derived(rule, point, of, along)
                        assert abs(found - expected) <= 1e-7 * max(1.0, abs(expected)), (of, along, point)


def test_second_derivatives_at_edges() -> None:
    """A guard in a row must not swallow the curvature of the place that it guards."""
    with np.errstate(all="ignore"):
        power, either = RULES["**"], RULES["np.logaddexp"]
        assert _derived(power, (0.0, 2.0), "x", "x") == 2.0
        assert _derived(power, (0.0, 2), "x", "x") == 2.0
        assert _derived(power, (0.0, 3.0), "x", "x") == 0.0
        assert _derived(power, (0.0, 1.0), "x", "x") == 0.0
        assert _derived(power, (0.0, 0.0), "x", "x") == 0.0
        assert _derived(power, (2.0, 0.0), "x", "y") == pytest.approx(0.5)
        assert _derived(power, (2.0, 0.0), "y", "x") == pytest.approx(0.5)
        assert _derived(power, (2.0, 0.0), "y", "y") == pytest.approx(math.log(2.0) ** 2)
        assert _derived(either, (3.0, 3.0), "x", "x") == pytest.approx(0.25)
        assert _derived(either, (3.0, 3.0), "x", "y") == pytest.approx(-0.25)
        assert _derived(either, (-INF, 3.0), "y", "y") == 0.0
        assert _derived(either, (-INF, -INF), "x", "x") == 0.0
        assert _derived(either, (-900.0, 900.0), "x", "x") == 0.0
        assert _derived(RULES["np.sinc"], (0.0,), "x", "x") == pytest.approx(-(math.pi**2) / 3)
        assert _derived(RULES["math.hypot"], (3.0, 4.0), "x", "y") == pytest.approx(-12.0 / 125.0)


@pytest.mark.parametrize("name", [name for name in POINTS if RULES[name].route])
def test_routes_lead_to_the_operand_returned(name: str) -> None:
    rule = RULES[name]
    assert rule.route
    choices = [True, False] if name == "np.where" else [-1.0, 0.5, 0.5, 2.0, NAN]
    for first in choices:
        for rest in itertools.product([-1.0, 0.5, 2.0], repeat=len(rule.params) - 1):
            point = (first, *rest)
            names = dict(zip(rule.params, point, strict=True))
            value = float(FUNCTIONS[name](*point))
            known = {"__builtins__": {}, "math": math}
            taken = [x for x, (condition, _) in rule.route.items() if eval(condition, known, names)]
            strictly = [x for x, (_, condition) in rule.route.items() if eval(condition, known, names)]
            assert set(strictly) <= set(taken)
            if not math.isnan(value) and value in point:  # np.nan_to_num(nan) is not
                assert len(taken) == 1
                assert names[taken[0]] == value


def test_a_constant_wins_a_tie() -> None:
    for name in ("max", "min", "np.maximum", "np.minimum", "np.fmax", "np.fmin"):
        route = RULES[name].route
        assert route
        for _, strict in route.values():
            assert not eval(strict, {"x": 1.0, "y": 1.0, "math": math})
    clip = RULES["np.clip"].route
    assert clip
    for a, low, high in ((0.0, 0.0, 1.0), (1.0, 0.0, 1.0), (-1.0, 0.5, 0.5)):
        assert not eval(clip["a"][1], {"a": a, "a_min": low, "a_max": high})


def test_flags() -> None:
    assert not has_poles(RULES["*"], "x")
    assert not has_poles(RULES["math.sin"], "x")
    assert not has_poles(RULES["math.atan"], "x")
    assert not has_poles(RULES["math.tanh"], "x")
    assert has_poles(RULES["/"], "x")
    assert has_poles(RULES["math.sqrt"], "x")
    assert has_poles(RULES["math.log"], "x")
    assert has_poles(RULES["math.exp"], "x"), "exp(1000) is infinite, and so is its derivative"
    assert has_poles(RULES["math.expm1"], "x")
    assert not has_poles(RULES["max"], "x")


FINITE = [0.0, -0.0, 1.0, -1.0, 0.5, 3.0, -2.5, 1e-200, 1e150, -1e150]


@pytest.mark.parametrize("name", [name for name, rule in RULES.items() if rule.finite and rule.partials])
def test_finite_is_so(name: str) -> None:
    """Where a rule vouches for it: values are finite, and partials without poles too, at the awkward numbers."""
    rule = RULES[name]
    kinds = [type(x) for x in POINTS[name][0]]
    if float not in kinds:
        return
    grids = [FINITE if kind is float else [kind(1), kind(2)] for kind in kinds]
    with np.errstate(all="ignore"):
        for point in itertools.product(*grids):
            overflow = name in ("+", "-", "*", "np.square", "math.degrees") and max(map(abs, point)) > 1e100
            assert overflow or math.isfinite(FUNCTIONS[name](*point)), point
            for operand, bar in reverse(rule, point, 1.0).items():
                assert overflow or has_poles(rule, operand) or math.isfinite(bar), (operand, point)
