"""`python benchmarks/gradbench/run.py --check`: every function of every eval against its reference.

An entry of the output may differ from the reference's by `TOLERANCE` of the larger of the two, or of a millionth of
the array's largest entry: small entries are held to their own size, as the public validators, which allow an absolute
1e-4, do not.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from benchmarks.gradbench import inputs, references
from benchmarks.gradbench.protocol import Eval, respond
from benchmarks.gradbench.run import EVALS, eval_named

TOLERANCE = 1e-9

Evals = Callable[[str], Eval | None]


@dataclass(frozen=True)
class Case:
    """An input of an eval, and what to call it."""

    module: str
    note: str
    given: Any


def cases() -> Iterator[Case]:
    """One or two inputs for each eval, small enough for the references."""
    random = np.random.default_rng(20)
    yield Case("hello", "x=-1.5", -1.5)
    for d, k, n, m in ((2, 5, 60, 0), (4, 3, 40, 2), (1, 1, 3, 1)):
        yield Case("gmm", f"d={d} k={k} n={n} m={m}", inputs.gmm(random, d, k, n, m))
    for n, m, p in ((1, 1, 1), (3, 5, 7)):
        yield Case("ba", f"n={n} m={m} p={p}", inputs.ba(random, n, m, p))
    for layers, width, steps in ((1, 3, 2), (2, 5, 12), (3, 4, 20)):
        yield Case("lstm", f"l={layers} c={steps}", inputs.lstm(random, layers, width, steps))
    for n, m in ((16, 12), (33, 128)):
        yield Case("llsq", f"n={n} m={m}", {"x": random.random(m).tolist(), "n": n})
    for n, low, high in ((1, 0.0, 1.0), (1000, 0.0, 1.0), (50, -100.0, 100.0), (7, 700.0, 900.0)):
        yield Case("lse", f"n={n} in [{low:g}, {high:g}]", {"x": random.uniform(low, high, n).tolist()})
    for ell in (1, 2, 5, 7):
        yield Case("det", f"ell={ell}", inputs.det(random, ell))
    for n, s in ((1, 3), (6, 10), (40, 25)):
        yield Case("ode", f"n={n} s={s}", {"x": (0.5 + random.random(n)).tolist(), "s": s})
    for k, n, d in ((3, 40, 2), (10, 200, 8)):
        yield Case("kmeans", f"k={k} n={n} d={d}", inputs.kmeans(random, k, n, d))
    for triangles, mirrored in ((False, False), (True, True)):
        yield Case("ht", "triangles" if triangles else "vertices", inputs.ht(random, triangles, mirrored))
    for w in (0.0, 0.5):
        yield Case("particle", f"w={w:g}", {"w": w})
    for x, y in ((1.0, 1.0), (0.25, -3.0)):
        yield Case("saddle", f"start={x:g},{y:g}", {"start": [x, y]})


# --- comparing ------------------------------------------------------------------------------------------------------


def difference(output: Any, expected: Any) -> float:
    """How far two outputs lie apart at most, relative to their entries; infinite where their shapes differ.

    >>> difference([1.0, 2.0], [1.0, 2.5])
    0.2
    >>> difference({"a": 1.0}, {"b": 1.0})
    inf
    """
    if isinstance(expected, dict):
        if not isinstance(output, dict) or output.keys() != expected.keys():
            return np.inf
        return max(difference(output[name], expected[name]) for name in expected)
    ours, theirs = np.asarray(output, dtype=float), np.asarray(expected, dtype=float)
    if ours.shape != theirs.shape:
        return np.inf
    if not ours.size:
        return 0.0
    size = np.maximum(np.abs(ours), np.abs(theirs))
    apart = np.abs(ours - theirs) / np.maximum(np.maximum(size, 1e-6 * size.max()), np.finfo(float).tiny)
    return float(np.inf if np.isnan(apart).any() else apart.max())


def asked(module: str, function: str, given: Any, evals: Evals) -> dict[str, Any]:
    """The tool's response to one `evaluate` message."""
    message = {"id": 0, "kind": "evaluate", "module": module, "function": function, "input": given}
    response: dict[str, Any] = json.loads(respond(json.dumps(message), evals))
    return response


def verdict(case: Case, function: str, evals: Evals = eval_named) -> tuple[bool, str]:
    """Whether the tool's answer is right, and a line on it."""
    name = f"{case.module}.{function} {case.note}"
    response = asked(case.module, function, case.given, evals)
    if not response["success"]:
        return False, f"{name:<40} no answer: {response['error']}"
    apart = difference(response["output"], getattr(references, f"{case.module}_{function}")(case.given))
    return apart <= TOLERANCE, f"{name:<40} {apart:.1e}"


def main(evals: Evals = eval_named, names: Sequence[str] | None = None) -> int:
    """Print a line for each function and case of `names`, or all evals; return 0 if all are right, none left out."""
    names = EVALS if names is None else names
    start = time.perf_counter()
    wrong, seen = 0, set()
    for case in cases():
        if case.module not in names:
            continue
        found = evals(case.module)
        assert found is not None, case.module
        for function in found.functions:
            right, line = verdict(case, function, evals)
            print(f"{'ok   ' if right else 'WRONG'} {line}", flush=True)
            wrong += not right
        seen.add(case.module)
    for module in sorted(set(names) - seen):
        print(f"WRONG {module} has no case")
        wrong += 1
    print(f"{len(seen)} evals in {time.perf_counter() - start:.0f} s: {f'{wrong} wrong' if wrong else 'all right'}")
    return 1 if wrong else 0
