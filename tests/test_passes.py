"""Passes as text in, text out: each golden shows the function after the passes that it names."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numba import typeof

from srcad import pipeline
from srcad.ir import Function
from srcad.parse import parse
from srcad.passes.ssa import webs
from srcad.types import carries_floats
from srcad.work import entry, typed
from tests.golden import check, entries, module

FILE = "passes.txt"
HEADER = "import math\n\nimport numpy as np\n\n\n"


def stages(f: Any, arguments: tuple[Any, ...]) -> dict[str, str]:
    """The function after each pass, as text."""
    types = tuple(typeof(a) for a in arguments)
    found = {}

    def show(name: str, value: Any) -> Any:
        found[name] = str(value)
        return value

    program = parse(f)
    work = pipeline.Work(program)
    main = show("webs", webs(entry(program)))
    main = typed(main, types, work)
    inputs = tuple(p for p in main.params if carries_floats(main.types[p]))
    scalar = ("counters", "unzip", "untuple", "steps", "lists", "creations", "scalarise")
    for step in (*scalar, "pops", "prepare", "shadows", "ssa", "hoist", "reuse", "loads"):
        main = show(step, getattr(pipeline, step)(main))
    sweeps = pipeline.adjoint(pipeline.record(main, pipeline.leaves(main, inputs)))
    show("adjoint", by_block(sweeps))
    sweeps = pipeline.sink(sweeps)
    show("sink", by_block(sweeps))
    sweeps = pipeline.returning(pipeline.any_order(pipeline.one_pass(sweeps)), inputs, False)
    both = show("save", pipeline.save(sweeps))
    both = show("zeros", pipeline.zeros(both))
    both = show("guards", pipeline.guards(both))
    both = show("drop_dead", pipeline.drop_dead(both, pipeline.shown(sweeps)))
    both = show("assign_once", pipeline.assign_once(both))
    show("share", pipeline.share(both))
    return found


def by_block(sweeps: Any) -> str:
    """The reverse sweep, each line with the body that it belongs to."""
    return "\n".join(f"{block}: {s}" for block, made in sweeps.blocks.items() for s in reversed_text(made))


def reversed_text(made: Any) -> list[str]:
    """The reverse of one body, a line a statement."""
    body = (*made.shadows, *made.bars, *made.steps)
    return str(Function("", (), body, None)).splitlines()[1:]


@pytest.mark.parametrize("name", entries(FILE))
def test_pass(name: str, tmp_path: Path) -> None:
    source, _, last = entries(FILE)[name][0][1].rpartition("\n# ")
    arguments, _, shown = last.partition(" show=")
    f = module(HEADER + source + "\n", tmp_path, "passes_" + re.sub(r"\W", "_", name)).f
    found = stages(f, eval(arguments, {"np": np}))
    check(FILE, name, {step: found[step].strip("\n") for step in shown.split(",")})
