"""Checks that a derivative is right: `check_rule` holds one row of a rule table against finite differences.

Finite differences are Ridders' (C. J. F. Ridders, Accurate computation of F'(x) and F'(x) F''(x), Advances in
Engineering Software 4, 1982): central differences over shrinking steps, extrapolated to step 0, with an estimate of
their own error. They reach some 1e-11 of a function's size, and know when they have not.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping
from types import SimpleNamespace
from typing import Any

import numpy as np

from srcad.rules import FUNCTIONS, RULES, Rule, canonical

Number = float | int | bool
Point = tuple[Number, ...]


def check_rule(
    rule: Rule | str,
    *points: Point,
    edges: Iterable[tuple[Point, Mapping[str, float]]] = (),
    tolerance: float = 1e-8,
) -> None:
    """Hold a rule (or the rule of that canonical name) against finite differences of the function itself.

    `points` are tuples of operands, floats where the rule is to be differentiated, away from kinks and jumps. There
    the reverse form (one bar an operand) must match the slope along each float operand, the forward form (one dot)
    the slope along a slanted direction, both to `tolerance` relative to max(1, slope), and a float operand without
    a partial must have slope 0. `edges` are further points, where finite differences say nothing, each with the
    partials expected there, which must come out to 1e-14. Raises AssertionError naming rule, operand, point, the
    number that came out and the one expected.
    """
    rule = RULES[rule] if isinstance(rule, str) else rule
    with np.errstate(all="ignore"):
        for point in points:
            _check_point(rule, point, tolerance)
        for point, expected in edges:
            bars = reverse(rule, point, 1.0)
            if not expected.keys() <= bars.keys():
                stated, wanted = ", ".join(bars), ", ".join(expected)
                raise AssertionError(f"{rule.name} at {point}: partials of {stated}, expected those of {wanted}")
            for operand, bar in expected.items():
                if not _agree(bars[operand], bar, 1e-14):
                    raise AssertionError(_report(rule, f"d/d{operand}", point, bars[operand], bar))


def reverse(rule: Rule, point: Point, out_bar: float) -> dict[str, float]:
    """The bar of each operand that has a partial: partial * out_bar."""
    names = _bind(rule, point)
    return {operand: float(_evaluate(text, names)) * out_bar for operand, text in rule.partials.items()}


def forward(rule: Rule, point: Point, dots: Mapping[str, float]) -> float:
    """The dot of the value: the sum of partial * dot over the operands that have a partial and a dot that is not 0."""
    names = _bind(rule, point)
    moving = {operand: text for operand, text in rule.partials.items() if dots.get(operand, 0.0) != 0.0}
    return sum(float(_evaluate(text, names)) * dots[operand] for operand, text in moving.items())


def slope(f: Callable[[float], float], scale: float = 1.0) -> tuple[float, float]:
    """f'(0) by Ridders' method, and an estimate of its error. Steps start at 0.02 `scale`, shrink by 1.5, and are
    passed over while f is not finite at both ends.
    """
    best, error = math.nan, math.inf
    size = 0.0
    above: list[float] = []
    for shrinks in range(40):
        step = 0.02 * scale / 1.5**shrinks
        right, left = f(step), f(-step)
        row = [(right - left) / (2.0 * step)]
        if not math.isfinite(row[0]):
            continue
        size = max(size, abs(right), abs(left))
        rounding = 2.0**-52 * size / step
        for k, upper in enumerate(above):
            factor = 1.5 ** (2 * k + 2)
            row.append((row[k] * factor - upper) / (factor - 1.0))
            estimate = max(abs(row[k + 1] - row[k]), abs(row[k + 1] - upper)) + rounding
            if estimate < error:
                best, error = row[k + 1], estimate
        above = row[:12]
    return best, error


def _check_point(rule: Rule, point: Point, tolerance: float) -> None:
    floats = [name for name, x in zip(rule.params, point, strict=False) if isinstance(x, float)]
    bars = reverse(rule, point, 1.0)
    for operand in floats:
        expected = _slope_along(rule, point, {operand: 1.0}, f"d/d{operand}", tolerance)
        if not _agree(bars.get(operand, 0.0), expected, tolerance):
            raise AssertionError(_report(rule, f"d/d{operand}", point, bars.get(operand, 0.0), expected))
    dots = {name: 0.7 - 0.4 * k for k, name in enumerate(floats)}
    expected = _slope_along(rule, point, dots, "the forward form", tolerance)
    if not _agree(forward(rule, point, dots), expected, tolerance):
        raise AssertionError(_report(rule, "the forward form", point, forward(rule, point, dots), expected))


def _slope_along(rule: Rule, point: Point, dots: Mapping[str, float], what: str, tolerance: float) -> float:
    direction = [dots.get(name, 0.0) for name in rule.params]

    def along(t: float) -> float:
        moved = [x + t * d if d else x for x, d in zip(point, direction, strict=False)]
        return float(_value(rule, tuple(moved)))

    # A step must not be lost against a large operand, nor leap over a small one.
    scale = max(min((abs(x) for x, d in zip(point, direction, strict=False) if d and x), default=1.0), 0.01)
    found, error = slope(along, scale)
    if not error <= tolerance * max(1.0, abs(found)):
        raise AssertionError(f"{rule.name}: {what} at {point}: finite differences give {found} ± {error}: move it")
    return found


def _agree(got: float, expected: float, tolerance: float) -> bool:
    if math.isnan(expected) or math.isinf(expected):
        return got == expected or (math.isnan(got) and math.isnan(expected))
    return abs(got - expected) <= tolerance * max(1.0, abs(expected))


def _report(rule: Rule, what: str, point: Point, got: float, expected: float) -> str:
    return f"{rule.name}: {what} at {point}: got {got!r}, expected {expected!r}"


# Evaluation of a rule's texts by Python itself, with IEEE's results where `math` would raise.


def _bind(rule: Rule, point: Point) -> dict[str, Any]:
    """What a rule's texts can know: the operands, `out`, the `let` names, and every function that has a rule."""
    names = _functions() | {name: _ieee(x) for name, x in zip(rule.params, point, strict=False)}
    names["out"] = _ieee(_value(rule, point))
    for name, text in rule.let:
        names[name] = _evaluate(text, names)
    return names


def _value(rule: Rule, point: Point) -> Any:
    return _quiet(FUNCTIONS[rule.name])(*(_ieee(x) for x in point))


def _evaluate(text: str, names: dict[str, Any]) -> Any:
    return eval(text, {"__builtins__": {}}, names)


def _functions() -> dict[str, Any]:
    """The namespaces math and np, and the bare names, with nothing in them but functions that have rules."""
    names: dict[str, Any] = {"math": SimpleNamespace(), "np": SimpleNamespace()}
    for name, function in FUNCTIONS.items():
        root, _, attribute = name.rpartition(".")
        if root:
            setattr(names[root], attribute, _quiet(function))
        elif name.isidentifier():
            names[name] = _quiet(function)
    return names


def _ieee(x: Any) -> Any:
    """A float becomes one that divides by zero as Numba's does."""
    return np.float64(x) if isinstance(x, float) else x


def _quiet(function: Callable[..., Any]) -> Callable[..., Any]:
    """`function` with IEEE's infinities and NaNs instead of errors: by NumPy's twin, if `math`'s has one."""
    twin = _TWINS.get(canonical(function) or "", function) if function.__module__ == "math" else function

    def call(*operands: Any) -> Any:
        try:
            return _ieee(twin(*operands))
        except OverflowError:
            return np.float64(math.inf)
        except ValueError:
            return np.float64(math.nan)

    return call


_TWINS: Mapping[str, Callable[..., Any]] = {
    canonical(function) or "": function for function in vars(np).values() if isinstance(function, np.ufunc)
} | {"math.pow": np.power}
