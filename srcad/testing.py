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
from numba import typeof

from srcad.rules import FUNCTIONS, RULES, Rule, canonical
from srcad.rules.own import HELPERS, Maker, Own, Sweep, own

Number = float | int | bool
Point = tuple[Number, ...]


def check_rule(
    rule: Rule | str | Callable[..., Any],
    *points: tuple[Any, ...],
    edges: Iterable[tuple[Point, Mapping[str, float]]] = (),
    tolerance: float = 1e-8,
) -> None:
    """Hold a rule, of that canonical name or of that function, against finite differences of the function itself.

    `points` are tuples of operands, floats where the rule is to be differentiated, away from kinks and jumps. There
    the reverse form (one bar an operand) must match the slope along each float operand, the forward form (one dot)
    the slope along a slanted direction, both to `tolerance` relative to max(1, slope), and a float operand without
    a partial must have slope 0. `edges` are further points, where finite differences say nothing, each with the
    partials expected there, which must come out to 1e-14. Raises AssertionError naming rule, operand, point, the
    number that came out and the one expected.

    Of a function with rules by `srcad.adjoint` and `srcad.tangent`, a point is a tuple of arguments, arrays included:
    each rule must match the slopes of the result, and of the arrays that it has a bar or a tangent of.
    """
    if callable(rule):
        declared = own(rule)
        if declared is not None:
            for point in points:
                _check_own(declared, point, tolerance)
            return
        name = canonical(rule)
        if name is None:
            raise ValueError(f"{getattr(rule, '__name__', rule)} has no rule")
        rule = name
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
    for name, function in {**FUNCTIONS, **HELPERS}.items():
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
    from_math = getattr(function, "__module__", "") == "math"
    twin = _TWINS.get(canonical(function) or "", function) if from_math else function

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


# ---------------------------------------------------------------------------------------------- rules of arrays


def _check_own(declared: Own, point: tuple[Any, ...], tolerance: float) -> None:
    """Hold the rules of a function that stays a call against its slopes."""
    if declared.adjoint is None and declared.tangent is None:
        raise ValueError(f"{declared.name} has no rule: it is declared to be without a derivative")
    if declared.adjoint is not None:
        _check_reverse(declared, _of_types(declared, declared.adjoint, point), point, tolerance)
    if declared.tangent is not None:
        _check_forward(declared, _of_types(declared, declared.tangent, point), point, tolerance)


def _of_types(declared: Own, rule: Sweep | Maker, point: tuple[Any, ...]) -> Sweep:
    if isinstance(rule, Sweep):
        return rule
    out = declared.function(*_copied(point))
    return rule.make(tuple(map(typeof, point)), tuple(map(typeof, _leaves(out))))


def _check_reverse(declared: Own, rule: Sweep, point: tuple[Any, ...], tolerance: float) -> None:
    floats = [k for k, x in enumerate(point) if isinstance(x, float)]
    arrays = [k for k, p in enumerate(rule.params) if f"{p}_bar" in rule.extra]
    out = declared.function(*_copied(point))
    weights = [_pattern(v, k) for k, v in enumerate(_leaves(out))]
    bars = {k: _pattern(point[k], k + 3) for k in arrays}
    given: dict[str, Any] = {"out": out, "out_bar": tuple(weights) if isinstance(out, tuple) else None}
    if not isinstance(out, tuple) and weights:
        given["out_bar"] = weights[0]
    given |= {f"{rule.params[k]}_bar": bars[k].copy() for k in arrays}
    returned = rule.function(*_copied(point), *(given[e] for e in rule.extra))
    made = _leaves(returned)
    numbers = [k for k, x in enumerate(point) if isinstance(x, (int, float))]
    if len(made) not in (len(floats), len(numbers)):
        raise AssertionError(f"{rule.name} returns {len(made)} bars, and {declared.name} has {len(floats)} floats")
    found = dict(zip(floats if len(made) == len(floats) else numbers, made, strict=True))

    def total(args: tuple[Any, ...]) -> float:
        value = sum(float(np.sum(w * v)) for w, v in zip(weights, _leaves(declared.function(*args)), strict=True))
        return value + sum(float(np.sum(bars[k] * args[k])) for k in arrays)

    for k in floats:
        expected = _own_slope(total, point, {k: 1.0}, f"{rule.name}: d/d{rule.params[k]}", tolerance)
        _compare(f"{rule.name}: d/d{rule.params[k]}", found[k], expected, tolerance)
    for k in arrays:
        for at in np.ndindex(point[k].shape):
            direction = np.zeros_like(point[k])
            direction[at] = 1.0
            what = f"{rule.name}: d/d{rule.params[k]}{list(at)}"
            expected = _own_slope(total, point, {k: direction}, what, tolerance)
            _compare(what, given[f"{rule.params[k]}_bar"][at], expected, tolerance)


def _check_forward(declared: Own, rule: Sweep, point: tuple[Any, ...], tolerance: float) -> None:
    moving = [k for k, p in enumerate(rule.params) if f"{p}_dot" in rule.extra]
    dots = {k: _pattern(point[k], k) for k in moving}
    given: dict[str, Any] = {f"{rule.params[k]}_dot": np.copy(d)[()] for k, d in dots.items()}
    given["out"] = declared.function(*_copied(point))
    returned = _leaves(rule.function(*_copied(point), *(given[e] for e in rule.extra)))
    arrays = [k for k in moving if isinstance(point[k], np.ndarray)]
    returned += [given[f"{rule.params[k]}_dot"] for k in arrays]
    if len(returned) != len(_leaves(given["out"])) + len(arrays):
        raise AssertionError(f"{rule.name}: its result has not the structure of that of {declared.name}")
    for i, tangent in enumerate(returned):
        for at in np.ndindex(np.shape(tangent)):

            def element(args: tuple[Any, ...], i: int = i, at: tuple[int, ...] = at) -> float:
                return float(np.asarray([*_leaves(declared.function(*args)), *(args[k] for k in arrays)][i])[at])

            what = f"{rule.name}: the tangent{list(at) if at else ''}"
            expected = _own_slope(element, point, dots, what, tolerance)
            _compare(what, np.asarray(tangent)[at], expected, tolerance)


def _own_slope(
    value: Callable[[tuple[Any, ...]], float], point: tuple[Any, ...], moving: Mapping[int, Any], what: str,
    tolerance: float,
) -> float:  # fmt: skip
    def along(t: float) -> float:
        return value(tuple(x + t * moving[k] if k in moving else x for k, x in enumerate(_copied(point))))

    found, error = slope(along)
    if not error <= tolerance * max(1.0, abs(found)):
        raise AssertionError(f"{what} at {point}: finite differences give {found} ± {error}: move it")
    return found


def _compare(what: str, got: Any, expected: float, tolerance: float) -> None:
    if not _agree(float(got), expected, tolerance):
        raise AssertionError(f"{what}: got {float(got)!r}, expected {expected!r}")


def _copied(args: tuple[Any, ...]) -> tuple[Any, ...]:
    return tuple(a.copy() if isinstance(a, np.ndarray) else a for a in args)


def _leaves(value: Any) -> list[Any]:
    return [] if value is None else list(value) if isinstance(value, tuple) else [value]


def _pattern(x: Any, k: int) -> Any:
    """Slanted numbers in the form of `x`."""
    if isinstance(x, np.ndarray):
        return (0.7 - 0.4 * np.arange(k, k + x.size) % 1.3).reshape(x.shape)
    return 0.7 - 0.4 * k
