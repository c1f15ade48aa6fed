"""What was measured, kept commit by commit, and what got slower since.

    python benchmarks/gradbench/run.py --measure --record benchmarks/gradbench/record.jsonl
    ->  a line of JSON at the end of the file: the commit, the day, the machine, and the times of each row
        slower: llsq n=2048 m=128: 2.10 times its primal, 1.33 at 1a2b3c4

A derivative over its own primal, from one run, means the same on every machine; so rows are compared by that, and rows
without a primal by their time, with the last line that was measured on the same machine.
"""

from __future__ import annotations

import datetime as dt
import json
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from benchmarks.gradbench.measure import OURS, Times, figure
from benchmarks.harness import ROOT, machine

SLOWER = 1.25  # a ratio that grew by more is a regression, and not the machine's mood


def keep(file: Path, found: Sequence[Times], about: Mapping[str, str]) -> Iterator[str]:
    """Add a line to `file`, with what is said `about` the machine, and say what got slower since the rows before."""
    before = lines(file)
    yield from (f"slower: {said}" for times in found if (said := slower(times, before)))
    entry = {
        "commit": _commit(),
        "day": dt.datetime.now(dt.UTC).date().isoformat(),
        "machine": dict(about),
        "rows": [asdict(times) for times in found],
    }
    with file.open("a") as out:
        out.write(json.dumps(entry) + "\n")


def lines(file: Path) -> list[dict[str, Any]]:
    """What the file holds, a run a line."""
    return [json.loads(line) for line in file.read_text().splitlines()] if file.exists() else []


def slower(now: Times, before: Sequence[dict[str, Any]]) -> str | None:
    """What is to be said of a row, if it got slower since it was last measured."""
    for entry in reversed(before):
        for row in entry["rows"]:
            then = Times(**row)
            if (then.module, then.note) != (now.module, now.note):
                continue
            ratio, old = now.of_primal, then.of_primal
            if ratio is not None and old is not None:
                if ratio <= SLOWER * old:
                    return None
                return f"{now.module} {now.note}: {ratio:.2f} times its primal, {old:.2f} at {entry['commit']}"
            took, took_then = now.derivative[OURS], then.derivative[OURS]
            if entry["machine"]["machine"] != machine()["machine"] or took is None or took_then is None:
                continue
            if took <= SLOWER * took_then:
                return None
            return f"{now.module} {now.note}: {figure(took)} us, {figure(took_then)} at {entry['commit']}"
    return None


def _commit() -> str:
    described = subprocess.run(
        ["git", "describe", "--always", "--dirty"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    return described.stdout.strip() or "unknown"
