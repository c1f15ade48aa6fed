"""`python -m benchmarks [SECTION ...] [--quick] [--json FILE]` prints the table."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from benchmarks import cache, calls, derivatives, kernels, memory, sparse, transform
from benchmarks.harness import Row, Rows, as_json, heading, line, machine

SECTIONS: dict[str, Callable[[bool], Rows]] = {
    "calls": calls.rows,
    "kernels": kernels.rows,
    "derivatives": derivatives.rows,
    "memory": memory.rows,
    "sparse": sparse.rows,
    "transform": transform.rows,
    "cache": cache.rows,
}


def main(argv: Sequence[str] | None = None) -> int:
    """Measure, print each row as it comes, and return 1 if a case failed or two gradients differ."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description="srcad's speed, measured")
    parser.add_argument("section", nargs="*", help=f"which of {', '.join(SECTIONS)}; all by default")
    parser.add_argument("--quick", action="store_true", help="tiny problems, two rounds: does it run?")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the rows to FILE too")
    options = parser.parse_args(argv)
    if unknown := set(options.section) - set(SECTIONS):
        parser.error(f"no section {', '.join(sorted(unknown))}; there are {', '.join(SECTIONS)}")

    words = sys.argv[1:] if argv is None else argv
    where = {**machine(), "command": " ".join(["python -m benchmarks", *words])}
    print("\n".join(f"{name:<9} {value}" for name, value in where.items()))
    rows: list[Row] = []
    for section in options.section or SECTIONS:
        print(heading(section))
        for row in SECTIONS[section](options.quick):
            print(line(row), flush=True)
            rows.append(row)

    count = {word: sum(row.verdict == word for row in rows) for word in ("ok", "over", "failed", "differs")}
    print("\n" + ", ".join(f"{n} {word}" for word, n in count.items() if n))
    if options.json:
        options.json.write_text(json.dumps({**where, "rows": as_json(rows)}, indent=2) + "\n")
    return 1 if count["failed"] or count["differs"] else 0


if __name__ == "__main__":
    sys.exit(main())
