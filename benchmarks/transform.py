"""What srcad adds to Numba's own compile: the transformation, and the import.

The functions are generated: loops over arrays with branches, a helper and a local array, and scalar
statements between them, with constants of their own so that nothing is served from an earlier run.
`grad(f).inspect(types)` runs the whole transformation and compiles nothing of its result.
"""

from __future__ import annotations

import importlib.util
import itertools
import statistics
import tempfile
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

from numba import types

from benchmarks.harness import Row, Rows, attempt, child, ratios
from srcad import grad

LINES = (25, 50, 100, 200, 400)
SECONDS_FOR_100_LINES = 0.2
LINEAR = 1.2
IMPORT = 1.3

PER_LINE = "a line of 400, over one of 100"
IMPORTS = "import srcad, over import numba"

HEADER = """\
import math

import numpy as np


def blend(a, b):
    return a * b / (1.0 + a * a)


def f(x, w):
    y = np.zeros(x.size)
    s = 0.0
"""

BLOCK = """\
    for i in range(x.size):
        t = x[i] * w[i] + {0}
        u = math.sin(t) + s * {1}
        if t > {0}:
            s += u * blend(t, u)
        elif u > {1}:
            s -= t * u / (1.0 + t * t)
        else:
            s += math.exp(-u * u)
        y[i] = s + y[i] * {1}
    a = s * math.tanh(s)
    s = a / math.sqrt(1.0 + a * a)
"""

STATEMENT = "    s = s * {0} + math.cos(s)\n"

_seeds = itertools.count(1)


def generated(lines: int) -> str:
    """A module whose function `f` has so many lines, `def` and `return` included."""
    inside = lines - 4
    blocks, statements = divmod(inside, BLOCK.count("\n"))
    seed = next(_seeds)
    numbers = (f"0.{seed:03d}{k:02d}" for k in itertools.count(10))
    body = [BLOCK.format(next(numbers), next(numbers)) for _ in range(blocks)]
    body += [STATEMENT.format(next(numbers)) for _ in range(statements)]
    return HEADER + "".join(body) + "    return s\n"


def load(text: str, folder: Path) -> Callable[..., float]:
    """The function `f` of a module written to `folder`."""
    path = folder / f"generated_{next(_seeds)}.py"
    path.write_text(text)
    spec = importlib.util.spec_from_file_location(path.stem, path)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    function: Callable[..., float] = module.f
    return function


def transformation(lines: int, rounds: int) -> list[float]:
    """Seconds of `inspect`, once per round, each on a function of its own."""
    array = types.float64[::1]
    seconds = []
    with tempfile.TemporaryDirectory() as folder:
        for _ in range(rounds):
            function: Any = load(generated(lines), Path(folder))
            start = time.perf_counter()
            grad(function).inspect(array, array)
            seconds.append(time.perf_counter() - start)
    return seconds


def allowed(lines: int) -> float:
    return SECONDS_FOR_100_LINES * max(1.0, lines / 100)


def rows(quick: bool) -> Rows:
    rounds = 1 if quick else 7
    measured: dict[int, list[float]] = {}

    def of_length(lines: int) -> Row:
        measured[lines] = transformation(lines, rounds)
        seconds = statistics.median(measured[lines])
        note = f"{1e6 * seconds / lines:.0f} us a line, fastest {1e3 * min(measured[lines]):.0f} ms"
        return Row("transform", f"{lines} lines", seconds, allowed(lines), note=note)

    def linear() -> Row:
        many, few = ([t / n for t in measured[n]] for n in (400, 100))
        return Row("transform", PER_LINE, min(many), LINEAR, "s", min(few), *ratios(many, few))

    with suppress(Exception):  # the rows below will say what is wrong
        transformation(LINES[0], 1)  # Numba's type inference wakes up
    for lines in LINES:
        yield attempt("transform", f"{lines} lines", allowed(lines), of_length, lines)
    yield attempt("transform", PER_LINE, LINEAR, linear)
    yield attempt("transform", IMPORTS, IMPORT, imports, 2 if quick else 9)


def imports(rounds: int) -> Row:
    seconds: dict[str, list[float]] = {"srcad": [], "numba": []}
    for package in seconds:
        import_seconds(package)  # the disk's cache, and the .pyc files
    for _ in range(rounds):
        for package, times in seconds.items():
            times.append(import_seconds(package))
    ours, numba = seconds["srcad"], seconds["numba"]
    return Row("transform", IMPORTS, min(ours), IMPORT, "s", min(numba), *ratios(ours, numba))


def import_seconds(package: str) -> float:
    timed = f"import time; t = time.perf_counter(); import {package}; print(time.perf_counter() - t)"
    return float(child("-c", timed))
