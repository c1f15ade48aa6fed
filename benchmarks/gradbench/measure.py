"""`python benchmarks/gradbench/run.py --measure`: the table of times, srcad's beside those of other GradBench tools.

    python benchmarks/gradbench/run.py --measure gmm lse --tool manual="python other_tool.py"
    python benchmarks/gradbench/run.py --measure --peers jax torch --python /path/to/an/environment/bin/python

`--peers` are the libraries that `peers` makes tools of, as far as they are installed. Every tool is a process that
speaks the protocol; it gets the same messages, in turns, `rounds` times, so that a machine that slows down during the
run slows all of them. A time is the fastest `evaluate` of all rounds, in microseconds. `of best` is srcad's derivative
over the fastest of the others, `of primal` over its own primal. What was measured is kept, a line of JSON a run, with
`--record FILE`: see `record.py`, and `plot.py`, which draws it.
"""

from __future__ import annotations

import contextlib
import json
import shlex
import subprocess
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import inf, nan
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.gradbench import inputs
from benchmarks.harness import machine

SECONDS = 0.3
OURS = "srcad"
PEERS = str(Path(__file__).with_name("peers"))


@dataclass(frozen=True)
class Workload:
    """An input of an eval, with the names of the functions to time: a derivative and what it is the derivative of."""

    module: str
    note: str
    derivative: str
    primal: str | None
    given: dict[str, Any]


def workloads() -> Iterator[Workload]:
    """The rows of the table."""
    random = np.random.default_rng(31337)
    for d, k in ((2, 5), (10, 25), (32, 25), (64, 25)):
        yield Workload("gmm", f"d={d} k={k} n=1000", "jacobian", "objective", inputs.gmm(random, d, k, 1000, 0))
    for faces, vertices, count in ((True, 10000, 100), (False, 544, 800)):
        given = inputs.ht(random, faces, False, bones=22, vertices=vertices, faces=1084, count=count)
        note = f"{'triangles' if faces else 'vertices'}, {vertices} and {count}"
        yield Workload("ht", note, "jacobian", "objective", given)
    for n, m, p in ((21, 11315, 36455), (257, 65132, 225911)):
        yield Workload("ba", f"n={n} m={m} p={p}", "jacobian", "objective", inputs.ba(random, n, m, p))
    for layers, steps in ((2, 1024), (4, 4096)):
        given = inputs.lstm(random, layers, 14, steps)
        yield Workload("lstm", f"l={layers} c={steps}", "jacobian", "objective", given)
    for k, n, d in ((10, 1000, 8), (100, 10000, 16), (1000, 10000, 16)):
        yield Workload("kmeans", f"k={k} n={n} d={d}", "dir", "cost", inputs.kmeans(random, k, n, d))
    for n in (2048, 16392):
        yield Workload("llsq", f"n={n} m=128", "gradient", "primal", {"x": random.random(128).tolist(), "n": n})
    for n in (10_000, 1_280_000):
        yield Workload("lse", f"n={n}", "gradient", "primal", {"x": random.random(n).tolist()})
    for ell in (8, 10):
        yield Workload("det", f"{ell} x {ell}", "gradient", "primal", inputs.det(random, ell))
    for n in (200, 1000, 10000):
        yield Workload("ode", f"n={n} s=100", "gradient", "primal", {"x": random.random(n).tolist(), "s": 100})
    for mode in ("rr", "rf", "fr", "ff"):
        yield Workload("particle", mode, mode, None, {"w": 0.0})
    for mode in ("rr", "rf", "fr", "ff"):
        yield Workload("saddle", mode, mode, None, {"start": [1.0, 1.0]})


class Tool:
    """A running tool."""

    def __init__(self, command: Sequence[str]) -> None:
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.sent = 0
        self.defined: dict[str, bool] = {}
        self.ask(kind="start")

    def ask(self, **message: Any) -> dict[str, Any]:
        """The answer to a message; no success where the tool has ended, as one does whose memory ran out."""
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        with contextlib.suppress(BrokenPipeError):
            self.process.stdin.write(json.dumps({"id": self.sent, **message}) + "\n")
            self.process.stdin.flush()
        self.sent += 1
        line = self.process.stdout.readline()
        answer: dict[str, Any] = json.loads(line) if line else {"success": False, "error": "the tool has ended"}
        return answer

    def time(self, work: Workload, function: str) -> tuple[float, float]:
        """The fastest call in microseconds, and the seconds of preparation; not a number where it has no answer."""
        if work.module not in self.defined:
            self.defined[work.module] = self.ask(kind="define", module=work.module)["success"]
        if not self.defined[work.module]:
            return nan, nan
        given = {**work.given, "min_runs": 1, "min_seconds": SECONDS}
        response = self.ask(kind="evaluate", module=work.module, function=function, input=given)
        if not response["success"]:
            return nan, nan
        took: dict[str, list[int]] = {"prepare": [], "evaluate": []}
        for timing in response["timings"]:
            took[timing["name"]].append(timing["nanoseconds"])
        return min(took["evaluate"]) / 1e3, sum(took["prepare"]) / 1e9

    def stop(self) -> None:
        with contextlib.suppress(BrokenPipeError), self.process:  # closes both ends and waits
            pass


def installed(peers: Sequence[str], python: str) -> dict[str, str]:
    """The versions of those libraries that `python` can import; what it can't is said."""
    versions = {}
    for peer in peers:
        asked = subprocess.run([python, PEERS, peer, "--version"], capture_output=True, text=True, check=False)
        if asked.returncode:
            print(asked.stderr.strip(), file=sys.stderr)
        else:
            versions[peer] = asked.stdout.strip()
    return versions


@dataclass(frozen=True)
class Times:
    """What was measured of a workload: microseconds by tool, None where it has no answer, and srcad's first call."""

    module: str
    note: str
    derivative: dict[str, float | None]
    primal: dict[str, float | None]
    first: float

    @property
    def of_best(self) -> float | None:
        """srcad's derivative over the fastest of the other tools'."""
        rest = [t for name, t in self.derivative.items() if name != OURS and t is not None]
        return _ratio(self.derivative[OURS], min(rest, default=None))

    @property
    def of_primal(self) -> float | None:
        """srcad's derivative over its own primal."""
        return _ratio(self.derivative[OURS], self.primal.get(OURS))

    def row(self) -> str:
        """The row of the table: derivative (primal) of each tool."""
        cells = []
        for name, took in self.derivative.items():
            primal = f" ({figure(self.primal[name])})" if self.primal else ""
            cells.append(f"{figure(took)}{primal} |")
        ratios = ("–" if r is None else f"{r:.2f}" for r in (self.of_best, self.of_primal))
        return " ".join([f"| {self.module} | {self.note} |", *cells, " | ".join(ratios), f"| {self.first:.1f} s |"])


def _ratio(a: float | None, b: float | None) -> float | None:
    return None if a is None or b is None else a / b


def main(
    modules: Sequence[str],
    others: Sequence[str],
    rounds: int = 3,
    record: str | None = None,
    peers: Sequence[str] = (),
    python: str = sys.executable,
) -> int:
    """Print the table for `modules`, or for all; `others` are NAME=COMMAND, `peers` libraries that `python` may have.

    With `record`, add it to that file.
    """
    versions = installed(peers, python)
    commands = {OURS: [sys.executable, str(Path(__file__).with_name("run.py"))]}
    commands |= {peer: [python, PEERS, peer] for peer in versions}
    commands |= {name: shlex.split(command) for name, _, command in (other.partition("=") for other in others)}
    tools = {name: Tool(command) for name, command in commands.items()}
    about = machine() | versions
    print("\n".join(f"{name:<9} {value}" for name, value in about.items()))
    print("\n| eval | workload |", *(f"{name} |" for name in tools), "of best | of primal | first call |")
    print("|---|---|" + len(tools) * "---|" + "---|---|---|")
    found = []
    for work in workloads():
        if modules and work.module not in modules:
            continue
        found.append(times(work, tools, rounds))
        print(found[-1].row(), flush=True)
    for tool in tools.values():
        tool.stop()
    if record is not None:
        from benchmarks.gradbench.record import keep

        for line in keep(Path(record), found, about):
            print(line)
    return 0


def times(work: Workload, tools: dict[str, Tool], rounds: int) -> Times:
    """The fastest call of each tool, and the seconds of srcad's first."""
    best = {(name, function): inf for name in tools for function in (work.derivative, work.primal) if function}
    first = 0.0
    for _ in range(rounds):
        for (name, function), so_far in best.items():
            took, prepared = tools[name].time(work, function)
            best[name, function] = min(took, so_far)
            if name == OURS and function == work.derivative:
                first = max(first, prepared)

    def of(function: str) -> dict[str, float | None]:
        return {name: best[name, function] if best[name, function] < inf else None for name in tools}

    return Times(work.module, work.note, of(work.derivative), of(work.primal) if work.primal else {}, first)


def figure(microseconds: float | None) -> str:
    """Three digits or whole numbers.

    >>> figure(22.94), figure(103200.4), figure(None)
    ('22.9', '103200', '–')
    """
    if microseconds is None:
        return "–"
    return f"{microseconds:.3g}" if microseconds < 1000 else f"{microseconds:.0f}"
