"""The measuring and the table: alternating rounds, ratios within a round, one `Row` per promise.

A ratio between two calls is taken inside one round, where both ran within milliseconds of each other, so
a machine that speeds up or slows down during the run moves both sides alike. The verdict uses the median
of the rounds' ratios; the ratio of the two fastest blocks stands beside it.
"""

from __future__ import annotations

import os
import platform
import statistics
import subprocess
import sys
import timeit
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from importlib.metadata import PackageNotFoundError, version
from math import nan
from pathlib import Path
from typing import Any, TypeVar, cast

import numpy as np
from numba import njit

ROOT = Path(__file__).resolve().parent.parent

F = TypeVar("F", bound=Callable[..., Any])

#: Numba as the hand-written side uses it: IEEE division, as in the code that srcad generates.
compiled = cast("Callable[[F], F]", njit(error_model="numpy"))


@dataclass(frozen=True)
class Row:
    """One promise and what was measured. Times are seconds, memory is bytes per loop step.

    `ratio` (median over rounds) and `best` (fastest over fastest) compare `ours` with `reference`;
    without a ratio, `ours` itself is held to the bound.
    """

    section: str
    name: str
    ours: float
    bound: float
    unit: str = "s"
    reference: float | None = None
    ratio: float | None = None
    best: float | None = None
    disagreement: float | None = None
    note: str = ""
    failure: str = ""

    @property
    def verdict(self) -> str:
        if self.failure:
            return "failed"
        if self.disagreement is not None and not self.disagreement <= AGREE:
            return "differs"
        return "ok" if (self.ours if self.ratio is None else self.ratio) <= self.bound else "over"


Rows = Iterator[Row]

#: How closely the two gradients have to agree, relative to the norm of the hand-written one.
AGREE = 1e-10


# --- measuring ----------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Effort:
    """How long to measure: `rounds` of blocks of about `block` seconds each."""

    rounds: int
    block: float


FULL = Effort(rounds=21, block=0.02)
QUICK = Effort(rounds=2, block=0.0005)


def effort(quick: bool) -> Effort:
    return QUICK if quick else FULL


def alternate(calls: Sequence[Callable[..., Any]], args: Sequence[Any], how: Effort) -> list[list[float]]:
    """Seconds a call, per round, for each of `calls` on the same `args`.

    Each timed block follows an untimed call, so that no side pays for pages that the other handed back to
    the system; the order rotates; garbage collection is off (`timeit` sees to that).
    """
    names = [f"a{k}" for k in range(len(args))]
    bound = dict(zip(names, args, strict=True))
    timers = [timeit.Timer(f"f({', '.join(names)})", globals={"f": f, **bound}) for f in calls]
    numbers = [_repeats(timer, how.block) for timer in timers]
    seconds: list[list[float]] = [[] for _ in calls]
    for r in range(how.rounds):
        for k in range(len(calls)):
            at = (k + r) % len(calls)
            timers[at].timeit(1)
            seconds[at].append(timers[at].timeit(numbers[at]) / numbers[at])
    return seconds


def _repeats(timer: timeit.Timer, block: float) -> int:
    timer.timeit(1)  # compiles
    number = 1
    while (took := timer.timeit(number)) < block / 4 and number < 1 << 24:
        number *= 2
    return max(1, round(number * block / took))


def ratios(ours: Sequence[float], reference: Sequence[float]) -> tuple[float, float]:
    """The median of the rounds' ratios, and the ratio of the two fastest.

    >>> ratios([2.0, 4.0, 9.0], [1.0, 2.0, 3.0])
    (2.0, 2.0)
    """
    return statistics.median(a / b for a, b in zip(ours, reference, strict=True)), min(ours) / min(reference)


def disagreement(ours: Any, reference: Any) -> float:
    """The largest difference between two gradients (arrays, scalars or tuples of them), relative to their norms.

    An entry in which a million terms cancel is as good as their sum is.

    >>> disagreement((1.0, np.array([3.0, 5.0])), (1.0, np.array([3.0, 4.0])))
    0.2
    """
    if isinstance(reference, tuple):
        if not isinstance(ours, tuple) or len(ours) != len(reference):
            return nan
        return max(disagreement(a, b) for a, b in zip(ours, reference, strict=True))
    a, b = np.asarray(ours), np.asarray(reference)
    if a.shape != b.shape:
        return nan
    return float(np.max(np.abs(a - b), initial=0.0) / (np.linalg.norm(b) or 1.0))


def attempt(section: str, name: str, bound: float, measure: Callable[..., Row], *given: Any) -> Row:
    """The measured row, or one that carries the error: a case that fails must not hide the others."""
    try:
        return measure(*given)
    except Exception as error:  # whatever it was, it is shown in the table
        return Row(section, name, nan, bound, failure=f"{type(error).__name__}: {error}")


def child(*command: str, **env: str) -> str:
    """What a fresh Python process prints, run from the repository's root."""
    done = subprocess.run(
        [sys.executable, *command],
        cwd=ROOT,
        env={**os.environ, **env},
        capture_output=True,
        text=True,
    )
    if done.returncode:
        raise RuntimeError((done.stderr.strip() or "child process died").splitlines()[-1])
    return done.stdout


# --- the table ----------------------------------------------------------------------------------------------

HEADINGS = {
    "calls": "one gradient call, held against the hand-written adjoint under @njit",
    "kernels": "whole-loop gradients, held against the hand-written Numba adjoint",
    "derivatives": "forward mode, Jacobians and second order, held against what they are made of",
    "memory": "memory of a gradient call beyond its result, bytes a loop step",
    "sparse": "sparse Jacobians and Hessians, held against evaluating what is differentiated",
    "transform": "what srcad adds to Numba's own compile",
    "cache": "the first call in a process, held against the first call with an empty cache",
}

_COLUMNS = f"{'':<34}{'srcad':>11}{'against':>11}{'ratio':>8}{'best':>8}{'bound':>9}"


def heading(section: str) -> str:
    return f"\n{section}: {HEADINGS[section]}\n{_COLUMNS}\n{'-' * (len(_COLUMNS) + 9)}"


def line(row: Row) -> str:
    if row.failure:
        return f"{row.name:<34}{'':>38}{row.bound:>9.4g}  {row.verdict}: {row.failure.splitlines()[-1]}"
    against = "" if row.reference is None else quantity(row.reference, row.unit)
    ratio = "" if row.ratio is None else f"{row.ratio:.2f}"
    best = "" if row.best is None else f"{row.best:.2f}"
    bound = quantity(row.bound, row.unit) if row.ratio is None else f"{row.bound:.2f}"
    shown = f"{row.name:<34}{quantity(row.ours, row.unit):>11}{against:>11}{ratio:>8}{best:>8}{bound:>9}"
    return f"{shown}  {row.verdict:<7} {row.note}".rstrip()


def quantity(value: float, unit: str) -> str:
    """A figure a person can read.

    >>> quantity(0.00152, "s"), quantity(8.0, "B")
    ('1.52 ms', '8 B')
    """
    if unit != "s":
        return f"{round(value, 2) + 0.0:.4g} {unit}"  # + 0.0: no "-0"
    for scale, name in ((1.0, "s"), (1e-3, "ms"), (1e-6, "us")):
        if value >= scale:
            return f"{value / scale:.3g} {name}"
    return f"{value / 1e-9:.3g} ns"


def machine() -> dict[str, str]:
    """Where and with what the table was made."""
    packages = ("srcad", "numba", "llvmlite", "numpy")
    return {
        "machine": f"{_processor()}, {os.cpu_count()} cores, {platform.system()} {platform.machine()}",
        "python": platform.python_version(),
        **{package: _version(package) for package in packages},
    }


def _processor() -> str:
    info = Path("/proc/cpuinfo")
    if info.exists():
        for text in info.read_text().splitlines():
            if text.startswith("model name"):
                return text.partition(":")[2].strip()
    return platform.processor() or "unknown processor"


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return "not installed"


def as_json(rows: Sequence[Row]) -> list[dict[str, Any]]:
    return [{**asdict(row), "verdict": row.verdict} for row in rows]
