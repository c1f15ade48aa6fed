"""Numba computes every rule's value, in every spelling, and every partial as Python does."""

from __future__ import annotations

import math

import numba
import numpy as np
import pytest

from srcad.generated import base_names
from srcad.names import GUARDED
from srcad.rules import RULES, Rule, canonical
from srcad.testing import Point, _value, reverse
from tests.rule_points import EDGES, NAN, POINTS

# What Numba 0.68 lacks on scalars, where our row serves arrays' elements or prints a twin that it has.
NOT_ON_SCALARS = {"np.where", "np.clip"}
NOT_IN_NUMBA = {math.fmod, math.cbrt}


def _spellings(rule: Rule) -> list[str]:
    """The call in every spelling that Numba takes: "math.sin(x)", "np.sin(x)", or "x * y", "np.multiply(x, y)"."""
    if rule.name in NOT_ON_SCALARS:
        return []
    if rule.name == GUARDED:
        return ["bar * partial if bar != 0.0 else zero"]
    count = len(POINTS[rule.name][0])
    operands = ", ".join(rule.params[:count])
    names: dict[object, str] = {}
    for root, module in (("math", math), ("np", np)):
        for attribute, function in vars(module).items():
            if canonical(function) == rule.name and function not in NOT_IN_NUMBA and not attribute.startswith("_"):
                names.setdefault(function, f"{root}.{attribute}({operands})")
    if rule.name in ("neg", "pos"):
        return [("-" if rule.name == "neg" else "+") + operands, *names.values()]
    if not rule.name[0].isalpha():
        return [f" {rule.name} ".join(rule.params), *names.values()]
    if "." not in rule.name:
        return [f"{rule.name}({operands})", *names.values()]
    return [*names.values()]


Row = tuple[Rule, list[Point]]  # a rule, and points whose operands have one set of types


def _rows() -> list[Row]:
    rows = []
    for name, points in POINTS.items():
        by_types: dict[tuple[type, ...], list[Point]] = {}
        for point in [*points, *(point for point, _ in EDGES.get(name, []))]:
            by_types.setdefault(tuple(type(x) for x in point), []).append(point)
        rows += [(RULES[name], points) for points in by_types.values()]
    return rows


ROWS = _rows()
CASTS = {float: "points[{}, {}]", int: "int(points[{}, {}])", bool: "points[{}, {}] != 0.0"}


def _program(rows: list[Row]) -> tuple[str, list[list[str]]]:
    """A function that fills `results` with the value, in every spelling, and the partials of many rules at a point
    each; and what stands in each row of `results`.
    """
    lines, columns = ["def program(points, results):"], []
    for row, (rule, (point, *_)) in enumerate(rows):
        spelled = _spellings(rule)
        texts = [*(["out"] if spelled else []), *spelled[1:], *rule.partials.values()]
        lines.append(f"    def rule{row}({', '.join(rule.params[: len(point)])}):")
        lines += [f"        out = {text}" for text in spelled[:1]]
        lines += [f"        {name} = {text}" for name, text in rule.let]
        lines.append(f"        return {', '.join(f'1.0 * ({text})' for text in texts)},")
        arguments = ", ".join(CASTS[type(x)].format(row, k) for k, x in enumerate(point))
        lines.append(f"    values{row} = rule{row}({arguments})")
        lines += [f"    results[{row}, {k}] = values{row}[{k}]" for k in range(len(texts))]
        columns.append(texts)
    return "\n".join(lines), columns


@pytest.mark.parametrize("start", range(0, len(ROWS), 25))
def test_numba_computes_the_same(start: int) -> None:
    rows = ROWS[start : start + 25]
    source, columns = _program(rows)
    names = {"math": math, "np": np, **base_names()}
    exec(source, names)
    program = numba.njit(error_model="numpy")(names["program"])
    for k in range(max(len(points) for _, points in rows)):
        at = [points[k % len(points)] for _, points in rows]
        operands, results = np.zeros((len(rows), 5)), np.full((len(rows), 9), NAN)
        for row, point in enumerate(at):
            operands[row, : len(point)] = point
        program(operands, results)
        with np.errstate(all="ignore"):
            for (rule, _), texts, point, found in zip(rows, columns, at, results, strict=True):
                count = len(texts) - len(rule.partials)
                where = (rule.name, point, texts)
                assert all(x == found[0] or math.isnan(found[0]) for x in found[:count]), where
                if count:
                    np.testing.assert_allclose(found[0], float(_value(rule, point)), rtol=1e-14, err_msg=str(where))
                bars = list(reverse(rule, point, 1.0).values())
                np.testing.assert_allclose(found[count : len(texts)], bars, rtol=1e-13, err_msg=str(where))
