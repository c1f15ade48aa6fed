"""The other libraries as GradBench tools: the formulas, what the tools share and, where installed, the libraries."""

from __future__ import annotations

import io
import json
import subprocess
import sys
from collections.abc import Callable, Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from benchmarks.gradbench import check, measure, references, run
from benchmarks.gradbench.peers import LIBRARIES, evals, formulas
from benchmarks.gradbench.peers.__main__ import main
from benchmarks.gradbench.protocol import serve

ROOT = Path(__file__).resolve().parent.parent
PEERS = "benchmarks/gradbench/peers"
Call = Callable[..., Any]


def log_sum_exp(a: Any, axis: int) -> Any:
    top = a.real.max(axis=axis, keepdims=True)
    return np.log(np.sum(np.exp(a - top), axis)) + top.sum(axis)


class Steps:
    """A library that every environment has: NumPy, with derivatives by the references' complex steps."""

    xp = formulas.arrays(
        np,
        sigmoid=lambda a: 1.0 / (1.0 + np.exp(-a)),
        logsumexp=log_sum_exp,
        polynomial=lambda coefficients, t: np.vander(t, len(coefficients), increasing=True) @ coefficients,
        **formulas.in_python(np.stack),
    )

    def array(self, value: np.ndarray) -> np.ndarray:
        return value

    def finished(self, f: Call, fixed: Sequence[int] = ()) -> Call:
        return f

    def gradient(self, f: Call, wrt: Sequence[int]) -> Call:
        def of(*arguments: Any) -> list[np.ndarray]:
            def moved(*parts: Any) -> Any:
                by = dict(zip(wrt, parts, strict=True))
                return f(*(by.get(k, part) for k, part in enumerate(arguments)))

            return references.slopes(moved, *(arguments[k] for k in wrt))

        return of

    columns = gradient

    def rows(self, f: Call, wrt: Sequence[int]) -> Call:
        def row(k: int) -> Call:
            return self.gradient(lambda *arguments: f(*arguments)[k].sum(), wrt)

        return lambda *arguments: [row(k)(*arguments) for k in range(2)]

    def curvature(self, f: Call, wrt: int) -> Call:
        """A central difference of the gradient, exact for what is quadratic near by."""
        slope = self.gradient(f, (wrt,))

        def of(*arguments: Any) -> Any:
            def at(step: float) -> np.ndarray:
                return slope(*(part + step if k == wrt else part for k, part in enumerate(arguments)))[0]

            return at(0.0), (at(1e-4) - at(-1e-4)) / 2e-4

        return of


STEPS = evals.of(Steps())
FUNCTIONS = [
    pytest.param(case, function, id=f"{case.module}.{function} {case.note}")
    for case in check.cases()
    if case.module in STEPS
    for function in STEPS[case.module].functions
]


@pytest.mark.parametrize(("case", "function"), FUNCTIONS)
def test_formula_is_right(case: check.Case, function: str) -> None:
    right, line = check.verdict(case, function, STEPS.get)
    assert right, line


def test_functions_are_those_of_the_evals() -> None:
    for name, peer in STEPS.items():
        assert list(peer.functions) == list(run.eval_named(name).functions)


@pytest.mark.parametrize("library", LIBRARIES)
def test_library_is_right(library: str) -> None:
    if find_spec(library) is None:
        pytest.skip(f"{library} is not installed")
    done = subprocess.run(
        [sys.executable, PEERS, library, "--check"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert f"{len(STEPS)} evals" in done.stdout.splitlines()[-1]


# --- the tool -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("arguments", [[], ["--check"], ["--version"]])
def test_a_library_that_is_missing_is_named(
    arguments: list[str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setitem(sys.modules, "casadi", None)  # which makes its import an ImportError
    assert main(["casadi", *arguments]) == 1
    said = capsys.readouterr()
    assert said.out == ""
    assert f"casadi can't be imported by {sys.executable}" in said.err
    assert "pip install casadi" in said.err


def test_an_unknown_library_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["numpy"])
    assert "choose from" in capsys.readouterr().err


def test_what_a_peer_shares_needs_only_numpy() -> None:
    modules = ", ".join(f"benchmarks.gradbench.{name}" for name in ("protocol", "check", "peers.evals"))
    script = f"import sys, {modules}; print({{'srcad', 'numba', 'scipy'}} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout == "set()\n"


def test_no_message_ends_a_peer() -> None:
    def evaluate(module: Any, function: Any, given: Any) -> str:
        message = {"id": 1, "kind": "evaluate", "module": module, "function": function, "input": given}
        return json.dumps(message)

    expected = {
        "no JSON": "the message is no JSON",
        evaluate("det", "gradient", {}): "no module 'det'",
        evaluate(["lse"], "gradient", {}): "no module ['lse']",
        evaluate("lse", "slope", {}): "lse has no function 'slope': it has primal, gradient",
        evaluate("lse", "gradient", {"x": [1.0, None]}): "x is not an array of numbers",
        evaluate("ode", "gradient", {"x": [1.0], "s": 0.5}): "s is 0.5, not an integer",
        evaluate("ht", "jacobian", {"theta": []}): "input has no field 'data'",
        evaluate("kmeans", "dir", {"points": [[1.0]], "centroids": []}): "empty sequence",
    }
    out = io.StringIO()
    last = [json.dumps({"id": 2, "kind": "start"}), evaluate("lse", "gradient", {"x": [0.0, 0.0]})]
    serve([*expected, *last], out, STEPS.get, {"threads": 1}, "steps")
    *refused, start, answer = map(json.loads, out.getvalue().splitlines())
    for response, reason in zip(refused, expected.values(), strict=True):
        assert response["success"] is False
        assert reason in response["error"]
    assert start == {"id": 2, "tool": "steps", "config": {"threads": 1}}
    assert answer["output"] == [0.5, 0.5]


# --- measured -------------------------------------------------------------------------------------------------------


def test_measured_are_those_that_are_installed(capfd: pytest.CaptureFixture[str]) -> None:
    found = measure.installed(LIBRARIES, sys.executable)
    said = capfd.readouterr().err
    for library in LIBRARIES:
        assert (library in found) == (find_spec(library) is not None)
        assert (f"{library} can't be imported" in said) == (library not in found)


TOOL = """
import sys

for line in sys.stdin:
    print('{"success": true, "timings": [{"name": "evaluate", "nanoseconds": 5000}]}', flush=True)
"""


def test_a_peer_is_a_column(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    tiny = measure.Workload("lse", "tiny", "gradient", "primal", {"x": [1.0, 2.0]})
    monkeypatch.setattr(measure, "workloads", lambda: iter([tiny]))
    monkeypatch.setattr(measure, "SECONDS", 0.0)
    monkeypatch.setattr(measure, "installed", lambda peers, python: {"torch": "1.2.3"})
    (tmp_path / "peers.py").write_text(TOOL)
    monkeypatch.setattr(measure, "PEERS", str(tmp_path / "peers.py"))
    assert measure.main([], [], rounds=1, peers=["jax", "torch"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert "torch     1.2.3" in lines
    assert lines[-3].startswith("| eval | workload | srcad | torch |")
    assert lines[-1].split(" | ")[3] == "5 (5)"


def test_a_tool_that_ends_has_no_times() -> None:
    tiny = measure.Workload("lse", "tiny", "gradient", "primal", {"x": [1.0, 2.0]})
    tool = measure.Tool([sys.executable, "-c", "print('{}', flush=True)"])
    assert np.isnan(tool.time(tiny, "gradient")).all()
    assert np.isnan(tool.time(tiny, "primal")).all()
    tool.stop()


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        (["--peers", "jax"], "--peers are libraries for --measure"),
        (["--measure", "--peers", "numpy"], "choose from"),
        (["--measure", "lse", "--peers", "jax", "--python", "/no/such/python"], "there is no program /no/such/python"),
    ],
)
def test_arguments_that_make_no_sense(arguments: list[str], reason: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        run.main(arguments)
    assert reason in capsys.readouterr().err
