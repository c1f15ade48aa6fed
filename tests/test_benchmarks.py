"""The benchmarks run, cover every promise, and compare gradients that agree. No test looks at a clock."""

from __future__ import annotations

import inspect
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from benchmarks import __main__ as command
from benchmarks import cache, calls, derivatives, kernels, memory, sparse, transform
from benchmarks.harness import AGREE, Row, disagreement, line


@pytest.mark.parametrize("section", command.SECTIONS)
def test_every_row_is_produced(
    section: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("SRCAD_CACHE_DIR", str(tmp_path / "cache"))
    written = tmp_path / "rows.json"
    status = command.main([section, "--quick", "--json", str(written)])
    printed = capsys.readouterr().out
    rows = json.loads(written.read_text())["rows"]
    assert not [row for row in rows if row["failure"]]
    assert status == 0
    assert len(rows) == EXPECTED[section]
    for row in rows:
        assert row["disagreement"] is None or row["disagreement"] <= AGREE, row["name"]
        assert row["name"] in printed


EXPECTED = {
    "calls": 2 * len(calls.CASES),
    "kernels": len(kernels.CASES),
    "derivatives": len(derivatives.CASES),
    "memory": len(memory.CASES),
    "sparse": 4 * len(sparse.CASES),
    "transform": len(transform.LINES) + 2,
    "cache": 3,
}


HAND_WRITTEN = {
    **{name: (case.primal, case.adjoint, case.arguments(12), case.wrt) for name, case in kernels.CASES.items()},
    **{name: (case.primal, case.adjoint, case.at, None) for name, case in calls.CASES.items()},
}


@pytest.mark.parametrize("name", HAND_WRITTEN)
def test_hand_written_adjoint_is_the_derivative(name: str) -> None:
    primal, adjoint, arguments, wrt = HAND_WRITTEN[name]
    names = primal.__code__.co_varnames[: primal.__code__.co_argcount]
    at = range(len(names)) if wrt is None else [names.index(wrt)]
    expected = tuple(central_difference(primal, arguments, k) for k in at)
    given = adjoint(*arguments)
    assert disagreement(given, expected if len(expected) > 1 else expected[0]) < 1e-6


def central_difference(primal: Callable[..., float], arguments: tuple[Any, ...], k: int) -> Any:
    """dprimal/d(argument k), entry by entry."""
    step = 1e-6
    base = np.array(arguments[k], dtype=float)
    slope = np.empty(base.shape)
    for entry in np.ndindex(base.shape):
        ends = []
        for sign in (1.0, -1.0):
            moved = base.copy()
            moved[entry] += sign * step
            there = moved if base.ndim else float(moved)
            ends.append(primal(*arguments[:k], there, *arguments[k + 1 :]))
        slope[entry] = (ends[0] - ends[1]) / (2.0 * step)
    if primal is kernels.triangular and k == 0:
        slope = np.tril(slope)
    return slope if base.ndim else float(slope)


@pytest.mark.parametrize("lines", transform.LINES)
def test_generated_function_has_its_lines(lines: int, tmp_path: Path) -> None:
    text = transform.generated(lines)
    body = text[text.index("def f(") :]
    assert body.count("\n") == lines
    x = np.linspace(0.1, 0.9, 5)
    assert np.isfinite(transform.load(text, tmp_path)(x, x))


def test_cached_function_has_thirty_lines() -> None:
    assert 30 <= len(inspect.getsource(cache.rough_path).splitlines()) <= 35
    x = np.linspace(0.1, 1.0, 10)
    assert np.isfinite(cache.rough_path(x, x, 0.1))


def test_verdicts() -> None:
    def row(**given: Any) -> Row:
        return Row("calls", "case", 1e-3, 1.1, **given)

    assert row(ratio=1.05).verdict == "ok"
    assert row(ratio=1.2).verdict == "over"
    assert row(ratio=1.0, disagreement=1e-3).verdict == "differs"
    assert row(ratio=1.0, disagreement=float("nan")).verdict == "differs"
    assert row(failure="ValueError: no").verdict == "failed"
    assert "ValueError: no" in line(row(failure="ValueError: no"))
