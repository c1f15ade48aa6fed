"""`python -m benchmarks.gradbench.plot record.jsonl times.png`: derivative time over size, a picture for each eval.

Drawn is what the record's last commit has, in one line or several: every tool that answered, microseconds over the
workloads in the table's order.
Matplotlib draws it: `pip install 'srcad[matplotlib]'`.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from benchmarks.gradbench.measure import OURS, Times
from benchmarks.gradbench.record import lines


def main(argv: Sequence[str]) -> int:
    """Draw the last commit in the record `argv[0]` to the file `argv[1]`."""
    if len(argv) != 2:
        print(__doc__, file=sys.stderr)
        return 2
    entries = lines(Path(argv[0]))
    if not entries:
        print(f"{argv[0]} holds no measurement", file=sys.stderr)
        return 1
    figure = draw([entry for entry in entries if entry["commit"] == entries[-1]["commit"]])
    figure.savefig(argv[1], dpi=100)
    return 0


def draw(entries: Sequence[dict[str, Any]]) -> Any:
    """The picture of some lines of a record; of a row that several have, the last."""
    from matplotlib.figure import Figure

    found = [Times(**row) for entry in entries for row in entry["rows"]]
    evals: dict[str, list[Times]] = {}
    for times in {(times.module, times.note): times for times in found}.values():
        evals.setdefault(times.module, []).append(times)
    entry = entries[-1]
    across = 3
    down = -(-len(evals) // across)
    figure = Figure(figsize=(5 * across, 3.4 * down), layout="constrained")
    figure.suptitle(f"Derivative times at {entry['commit']}, {entry['day']}, {entry['machine']['machine']}")
    tools = sorted({name for rows in evals.values() for times in rows for name in times.derivative})
    tools = [OURS, *(name for name in tools if name != OURS)]
    for k, (module, rows) in enumerate(evals.items()):
        axes = figure.add_subplot(down, across, k + 1)
        for tool in tools:
            points = [(x, t) for x, times in enumerate(rows) if (t := times.derivative.get(tool)) is not None]
            if points:
                colour = f"C{tools.index(tool)}"
                axes.plot(*zip(*points, strict=True), marker="o", label=tool, color=colour, zorder=3 - (tool != OURS))
        axes.set_title(module)
        axes.set_yscale("log")
        axes.set_ylabel("microseconds")
        axes.set_xticks(range(len(rows)), [times.note.replace(" ", "\n") for times in rows], fontsize=7)
        axes.grid(visible=True, alpha=0.3)
        axes.legend(fontsize=7)
    return figure


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
