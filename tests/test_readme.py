"""The README is true: its programs run and print what it says, and its shell lines are those that CI runs.

The word after a block's language says what the block is: `python` is a whole program, `python refused` one that srcad
refuses, and a block marked `printed` is what the program before it prints, or the error that it ends with.

    python -m tests.test_readme    rewrites the printed blocks from what the programs print today
"""

from __future__ import annotations

import io
import math
import re
import runpy
import tempfile
import traceback
from contextlib import redirect_stdout
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest

from srcad import SrcadError, grad
from srcad.rules import own

ROOT = Path(__file__).resolve().parent.parent
README = ROOT / "README.md"
FENCE = re.compile(r"^```([^\n]*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


@dataclass(frozen=True)
class Block:
    """A fenced block of the README: the line it starts on, the words after the fence, and its text."""

    line: int
    info: str
    text: str
    span: tuple[int, int]  # where the text stands in the README

    def __repr__(self) -> str:
        return f"line {self.line}"


def blocks(readme: str) -> list[Block]:
    """Every fenced block of `readme`, in order."""
    return [Block(readme.count("\n", 0, m.start()) + 1, m[1], m[2], m.span(2)) for m in FENCE.finditer(readme)]


BLOCKS = blocks(README.read_text())
SHELL = [block.text for block in BLOCKS if block.info == "shell"]


def programs() -> list[tuple[Block, Block | None]]:
    """Each program with the block that says what it prints, if there is one."""
    following = dict(zip(BLOCKS, [*BLOCKS[1:], None], strict=True))
    return [
        (block, after if (after := following[block]) and after.info.endswith(" printed") else None)
        for block in BLOCKS
        if block.info in ("python", "python refused")
    ]


def output(program: str, folder: Path) -> tuple[str, bool]:
    """What `program` prints, run as model.py in `folder`, and whether srcad refused it; its error is then last."""
    file = folder / "model.py"
    file.write_text(program)
    printed = io.StringIO()
    refused = False
    with redirect_stdout(printed):
        try:
            runpy.run_path(str(file), run_name="__main__")
        except SrcadError as error:
            refused = True
            print("".join(traceback.format_exception_only(error)), end="")
    text = printed.getvalue().replace(f"{folder}/", "")
    return text and text.rstrip("\n") + "\n", refused


@pytest.fixture
def own_rules():
    """The rules that a program adds are gone after it."""
    before = [table.copy() for table in own.tables()]
    yield
    for table, known in zip(own.tables(), before, strict=True):
        table.clear()
        table.update(known)


@pytest.mark.usefixtures("own_rules")
@pytest.mark.parametrize(("program", "expected"), programs(), ids=str)
def test_programs_print_what_the_readme_says(program, expected, tmp_path):
    printed, refused = output(program.text, tmp_path)
    assert refused == (program.info == "python refused"), printed
    assert printed == (expected.text if expected else "")


def test_every_block_is_of_a_known_kind():
    known = {"shell", "python", "python refused", "python printed", "text printed", "text"}
    assert {block.info for block in BLOCKS} <= known
    assert len([block for block in BLOCKS if block.info.endswith(" printed")]) == len([e for _, e in programs() if e])


def test_the_first_two_blocks_are_one_command_line_each():
    assert [block.info for block in BLOCKS[:2]] == ["shell", "shell"]
    assert all(len(line.splitlines()) == 1 for line in SHELL[:2])


def test_ci_runs_the_lines_of_the_readme():
    ci = (ROOT / ".ci" / "run").read_text().splitlines()
    assert set(SHELL[0].splitlines() + SHELL[1].splitlines()) <= set(ci)


def test_ci_needs_nothing_from_its_input_and_can_be_executed():
    script = ROOT / ".ci" / "run"
    assert script.stat().st_mode & 0o111
    assert script.read_text().startswith("#!/usr/bin/env bash\n")


def test_the_links_lead_somewhere():
    for target in re.findall(r"\]\(([^)#]+)\)", README.read_text()):
        assert target.startswith("https://") or (ROOT / target).exists(), target


# What the tables say


def with_print(x):
    print(x)
    return x


def with_yield(x):
    yield x


def with_global(x):
    global BLOCKS
    BLOCKS = x
    return x


def with_dict(x):
    return {0: x}[0]


def with_set(x):
    return len({x}) * x


def with_class(x):
    class Local:
        pass

    return x


def of_eigvals(x):
    return np.linalg.eigvals(x)


def of_stars(*x):
    return x[0]


def of_keywords(**x):
    return x["x"]


def squared(x):
    return x * x


def twice(x):
    return x, x


ARRAY = np.array([1.0, 2.0])


@pytest.mark.parametrize(
    ("f", "arguments"),
    [
        (with_print, (1.0,)), (with_yield, (1.0,)), (with_global, (1.0,)), (with_dict, (1.0,)), (with_set, (1.0,)),
        (with_class, (1.0,)), (of_eigvals, (np.eye(2),)), (of_stars, (1.0,)),
        (of_keywords, (1.0,)), (squared, (3,)), (squared, (1 + 2j,)), (squared, (ARRAY,)), (twice, (1.0,)),
        (squared, (np.array([1, "a"], dtype=object),)),
    ],
)  # fmt: skip
def test_what_does_not_work_is_refused(f, arguments):
    with pytest.raises((SrcadError, TypeError)):
        grad(f)(*arguments)


def equals_zero(x):
    if x == 0.0:
        return 3.0 * x
    return 5.0 * x


@pytest.mark.parametrize(
    ("f", "arguments", "gradient"),
    [
        (lambda x: max(x, 0.0), (0.0,), 0.0),
        (lambda x: max(0.0, x), (0.0,), 0.0),
        (lambda x: min(x, 0.0), (0.0,), 0.0),
        (lambda x, y: max(x, y), (1.0, 1.0), (1.0, 0.0)),
        (lambda x, y: min(x, y), (1.0, 1.0), (1.0, 0.0)),
        (lambda x: abs(x), (0.0,), 0.0),
        (lambda x: x**2, (0.0,), 0.0),
        (lambda x: x**0, (0.0,), 0.0),
        (lambda x, y: x**y, (0.0, 2.0), (0.0, 0.0)),
        (lambda x, y: math.hypot(x, y), (0.0, 0.0), (0.0, 0.0)),
        (lambda y, x: math.atan2(y, x), (0.0, 0.0), (0.0, 0.0)),
        (lambda x: 0.0 * math.sqrt(x), (0.0,), 0.0),
        (lambda x: math.floor(x) + math.ceil(x) + round(x) + x // 0.5 + int(x), (1.25,), 0.0),
        (lambda x: 1.0 / x, (0.0,), -math.inf),
        (equals_zero, (0.0,), 3.0),
    ],
)
def test_the_conventions_hold(f, arguments, gradient):
    assert grad(f)(*arguments) == gradient


def update() -> None:
    """Rewrite the printed blocks of the README."""
    text = README.read_text()
    for program, expected in reversed(programs()):
        if expected:
            with tempfile.TemporaryDirectory() as folder:
                printed, refused = output(program.text, Path(folder))
            if refused != (program.info == "python refused"):
                raise SystemExit(f"README.md, {program}: {printed}")
            start, end = expected.span
            text = text[:start] + printed + text[end:]
    README.write_text(text)


if __name__ == "__main__":
    update()
