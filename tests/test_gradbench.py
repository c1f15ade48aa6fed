"""srcad as a GradBench tool: every function against an independent reference, and the protocol's corners."""

from __future__ import annotations

import io
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from benchmarks.gradbench import check, measure, plot, record, references
from benchmarks.gradbench.protocol import Input, respond, serve
from benchmarks.gradbench.run import EVALS, eval_named
from benchmarks.harness import machine

ROOT = Path(__file__).resolve().parent.parent
FUNCTIONS = [
    pytest.param(case, function, id=f"{case.module}.{function} {case.note}")
    for case in check.cases()
    for function in eval_named(case.module).functions
    if (case.module, function) != ("ht", "jacobian")  # half a minute of compiling; `run.py --check` has it
]


@pytest.mark.parametrize(("case", "function"), FUNCTIONS)
def test_answer_is_right(case: check.Case, function: str) -> None:
    right, line = check.verdict(case, function)
    assert right, line


def test_every_eval_has_a_case() -> None:
    assert {case.module for case in check.cases()} == set(EVALS)


def test_check_reports_what_is_wrong(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    hello = check.Case("hello", "x=3", 3.0)
    monkeypatch.setattr(check, "cases", lambda: iter([hello]))
    monkeypatch.setattr(check, "EVALS", ["hello"])
    assert check.main() == 0
    monkeypatch.setattr(references, "hello_double", lambda x: 2.0 * x + 1e-6)
    assert check.main() == 1
    monkeypatch.undo()
    monkeypatch.setattr(check, "cases", lambda: iter([hello]))
    assert check.main() == 1, "the other evals have no case here"
    monkeypatch.setattr(check, "cases", lambda: iter([check.Case("hello", "x=None", None)]))
    assert check.main() == 1
    assert "no answer" in capsys.readouterr().out


def test_difference_sees_small_entries() -> None:
    assert check.difference([1.0, 1e-5], [1.0, 0.0]) == 1.0
    assert check.difference([1.0], [1.0, 1.0]) == np.inf
    assert check.difference([float("nan")], [1.0]) == np.inf
    assert check.difference([0.0], [0.0]) == 0.0


def test_descents_end_where_gradbench_says() -> None:
    """The two constants that its validators hold: they show that the references' descents are those it means."""
    assert references.particle_control({"w": 0.0}) == pytest.approx(0.2071918746486116, rel=1e-13)
    assert references.saddle_point({"start": [1.0, 1.0]}) == pytest.approx(4 * [8.246324826140356e-06], rel=1e-13)


# --- the protocol ---------------------------------------------------------------------------------------------------


def answer(**message: Any) -> dict[str, Any]:
    return json.loads(respond(json.dumps({"id": 7, **message}), eval_named, {"threads": 1}))


def evaluated(module: str, function: str, given: Any) -> dict[str, Any]:
    return answer(kind="evaluate", module=module, function=function, input=given)


def test_messages_that_ask_for_nothing() -> None:
    assert answer(kind="start", eval="lse") == {"id": 7, "tool": "srcad", "config": {"threads": 1}}
    assert answer(kind="analysis", of=3, valid=False, error="no") == {"id": 7}
    assert answer(kind="something new") == {"id": 7}


def test_define() -> None:
    for name in EVALS:
        assert answer(kind="define", module=name) == {"id": 7, "success": True}
    for name in ("nope", "__init__", "../run", None, 3):
        response = answer(kind="define", module=name)
        assert response["success"] is False
        assert repr(name) in response["error"]


def test_runs_and_timings() -> None:
    given = {"x": [0.0, 1.0, 2.0], "min_runs": 4, "min_seconds": 0}
    timings = evaluated("lse", "gradient", given)["timings"]
    assert [timing["name"] for timing in timings] == ["prepare"] + 4 * ["evaluate"]
    assert all(isinstance(timing["nanoseconds"], int) for timing in timings)
    timings = evaluated("lse", "gradient", {"x": [0.0, 1.0], "min_runs": 0, "min_seconds": 0.01})["timings"]
    assert sum(timing["nanoseconds"] for timing in timings if timing["name"] == "evaluate") >= 1e7
    assert len(evaluated("hello", "square", 3)["timings"]) == 2


GMM = next(case.given for case in check.cases() if case.module == "gmm")
HT = next(case.given for case in check.cases() if case.module == "ht" and case.given["us"])
MODEL = HT["data"]["model"]


def hand(**changed: Any) -> dict[str, Any]:
    return {**HT, "data": {**HT["data"], "model": {**MODEL, **changed}}}


BAD = [
    ("ht", "jacobian", {**HT, "data": 3}, "input has no object 'data'"),
    ("ht", "jacobian", hand(is_mirrored=0), "is_mirrored is neither true nor false"),
    ("ht", "jacobian", hand(parents=[0] * 22), "parents has a bone that comes before its parent"),
    ("ht", "jacobian", hand(parents=[-1] + 21 * [0.5]), "parents has an entry that is no integer from -1 to 21"),
    ("ht", "jacobian", hand(triangles=[[0, 1, 9]]), "triangles has an entry that is no integer from 0 to 8"),
    ("ht", "jacobian", {**HT, "us": [[0.5, 0.5]]}, "us has 1 rows, and correspondences 4"),
    ("hello", "square", "3", "input is no number"),
    ("hello", "square", None, "input is no number"),
    ("hello", "square", True, "input is no number"),
    ("hello", "square", 10**400, "input is too large"),
    ("hello", "cube", 3.0, "hello has no function 'cube': it has square, double"),
    ("hello", None, 3.0, "hello has no function None"),
    ("hello", "square", 1e200, "not JSON compliant"),
    ("lse", "gradient", [1.0], "input is no object"),
    ("lse", "gradient", {}, "input has no field 'x'"),
    ("lse", "gradient", {"x": []}, "x is empty"),
    ("lse", "gradient", {"x": [[1.0], [2.0]]}, "x is not an array of numbers (any) but 2 x 1"),
    ("lse", "gradient", {"x": [[1.0], [2.0, 3.0]]}, "its lists differ in length"),
    ("lse", "gradient", {"x": [1.0, None]}, "it has other values"),
    ("lse", "gradient", {"x": ["1.0"]}, "it has other values"),
    ("lse", "gradient", {"x": [True]}, "it has other values"),
    ("lse", "gradient", {"x": 1.0}, "but single"),
    ("lse", "gradient", {"x": [1.0], "min_runs": -1}, "min_runs is -1"),
    ("lse", "gradient", {"x": [1.0], "min_runs": "2"}, "min_runs is no number"),
    ("lse", "gradient", {"x": [1.0], "min_seconds": float("inf")}, "min_seconds is inf"),
    ("lse", "gradient", {"x": [1.0], "min_seconds": float("nan")}, "min_seconds is nan"),
    ("llsq", "primal", {"x": [1.0], "n": 1}, "n is 1, not an integer of at least 2"),
    ("llsq", "primal", {"x": [1.0], "n": 2.5}, "n is 2.5, not an integer"),
    ("det", "gradient", {"A": [1.0, 2.0, 3.0], "ell": 2}, "A is not an array of numbers (4) but 3"),
    ("ode", "gradient", {"x": [1.0], "s": 0}, "s is 0, not an integer of at least 1"),
    ("gmm", "jacobian", {**GMM, "k": 4}, "alpha is not an array of numbers (4) but 5"),
    ("gmm", "jacobian", {**GMM, "gamma": 0.0}, "gamma is 0.0, not above 0.0"),
    ("gmm", "jacobian", {**GMM, "l": GMM["q"]}, "l is not an array of numbers (5 x 1) but 5 x 2"),
    ("kmeans", "cost", {"points": [[1.0]], "centroids": [[1.0, 2.0]]}, "centroids is not an array"),
    ("particle", "rr", {"w": float("nan")}, "w is nan"),
    ("saddle", "rr", {"start": [1.0]}, "start is not an array of numbers (2) but 1"),
    ("lstm", "objective", {"main_params": [[1.0] * 4]}, "main_params is 1 x 4"),
]


@pytest.mark.parametrize(("module", "function", "given", "reason"), BAD)
def test_bad_input_has_its_reason(module: str, function: str, given: Any, reason: str) -> None:
    response = evaluated(module, function, given)
    assert response["id"] == 7
    assert response["success"] is False
    assert reason in response["error"]
    assert "output" not in response


LINES = [
    "no JSON",
    "[1, 2]",
    "{}",
    "[" * 100_000,
    '{"id": 1, "kind": "evaluate", "module": "hello", "function": "square"}',
    '{"id": 2, "kind": "evaluate", "module": {}, "function": [], "input": 3}',
    '{"id": 3, "kind": ["evaluate"]}',
]


def test_no_message_ends_the_session() -> None:
    out = io.StringIO()
    last = '{"id": 9, "kind": "evaluate", "module": "hello", "function": "double", "input": 4.0}'
    serve(iter([*LINES, "\n", last]), out, eval_named)
    answers = [json.loads(line) for line in out.getvalue().splitlines()]
    assert len(answers) == len(LINES) + 1  # the empty line is no message
    assert [response["id"] for response in answers] == [None, None, None, None, 1, 2, 3, 9]
    assert answers[-1]["output"] == 8.0
    assert answers[4]["error"] == "the message has no input"


def test_command_line_speaks_the_protocol() -> None:
    messages = [
        {"id": 0, "kind": "start", "eval": "hello"},
        {"id": 1, "kind": "define", "module": "hello"},
        {"id": 2, "kind": "evaluate", "module": "hello", "function": "double", "input": 1.5},
    ]
    done = subprocess.run(
        [sys.executable, "benchmarks/gradbench/run.py"],
        cwd=ROOT,
        input="".join(json.dumps(message) + "\n" for message in messages),
        capture_output=True,
        text=True,
        check=True,
    )
    responses = [json.loads(line) for line in done.stdout.splitlines()]
    assert [response["id"] for response in responses] == [0, 1, 2]
    assert responses[0]["config"] == {"threads": 1}
    assert responses[2]["output"] == 3.0


def test_table_has_a_row_for_each_workload(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    square = measure.Workload("lse", "tiny", "gradient", "primal", {"x": [1.0, 2.0]})
    alone = measure.Workload("saddle", "rr", "rr", None, {"start": [1.0, 1.0]})
    absent = measure.Workload("lse", "empty", "gradient", "primal", {"x": []})
    unknown = measure.Workload("nope", "no module", "gradient", "primal", {"x": []})
    monkeypatch.setattr(measure, "workloads", lambda: iter([square, alone, absent, unknown]))
    monkeypatch.setattr(measure, "SECONDS", 0.0)
    other = f"other={sys.executable} benchmarks/gradbench/run.py"
    monkeypatch.chdir(ROOT)
    assert measure.main(["lse", "nope"], [other], rounds=1) == 0
    rows = [line.split(" | ") for line in capsys.readouterr().out.splitlines() if line.startswith(("| lse", "| nope"))]
    assert [row[1] for row in rows] == ["tiny", "empty", "no module"]
    assert [len(row) for row in rows] == [7, 7, 7]
    assert "–" not in "".join(rows[0])
    assert rows[1][2] == rows[2][2] == "– (–)", "what has no answer has no time"


ABOUT = machine() | {"jax": "1.2.3"}


def test_the_record_says_what_got_slower(tmp_path: Path) -> None:
    def row(module: str, took: float | None, primal: float | None) -> measure.Times:
        return measure.Times(module, "n=1", {"srcad": took}, {} if primal is None else {"srcad": primal}, 1.0)

    kept = tmp_path / "record.jsonl"
    assert list(record.keep(kept, [row("lse", 2.0, 1.0), row("saddle", 5.0, None)], ABOUT)) == []
    assert list(record.keep(kept, [row("lse", 4.4, 2.0), row("llsq", 1.0, 1.0)], ABOUT)) == []
    commit = record.lines(kept)[0]["commit"]
    said = list(record.keep(kept, [row("lse", 6.0, 2.0), row("saddle", 7.0, None), row("llsq", None, 1.0)], ABOUT))
    assert said == [
        f"slower: lse n=1: 3.00 times its primal, 2.20 at {commit}",
        f"slower: saddle n=1: 7 us, 5 at {commit}",
    ]
    assert [len(entry["rows"]) for entry in record.lines(kept)] == [2, 2, 3]
    assert all(entry["machine"] == ABOUT for entry in record.lines(kept))


def test_the_plot_has_a_picture_for_each_eval(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    rows = [measure.Times("lse", f"n={n}", {"srcad": 1.0 * n, "other": 2.0 * n}, {}, 1.0) for n in (1, 2)]
    rows.append(measure.Times("det", "8 x 8", {"srcad": 3.0, "other": None}, {}, 1.0))
    list(record.keep(tmp_path / "record.jsonl", rows, ABOUT))
    figure = plot.draw(record.lines(tmp_path / "record.jsonl"))
    assert [axes.get_title() for axes in figure.axes] == ["lse", "det"]
    assert [[line.get_label() for line in axes.lines] for axes in figure.axes] == [["srcad", "other"], ["srcad"]]
    assert list(figure.axes[0].lines[0].get_ydata()) == [1.0, 2.0]
    assert plot.main([str(tmp_path / "record.jsonl"), str(tmp_path / "times.png")]) == 0
    assert (tmp_path / "times.png").stat().st_size > 0
    assert plot.main([str(tmp_path / "none"), "times.png"]) == 1
    assert "holds no measurement" in capsys.readouterr().err


def test_workloads_are_inputs_of_their_evals() -> None:
    for work in measure.workloads():
        functions = eval_named(work.module).functions
        assert set(functions) >= {work.derivative} | {work.primal} - {None}
        if work.module in ("gmm", "ht", "det"):
            functions[work.derivative].read(Input(work.given))
