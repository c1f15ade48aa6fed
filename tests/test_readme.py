"""The README is true: its programs run and print what it says, and its shell lines are those that CI runs.

The word after a block's language says what the block is: `python` is a whole program, `python refused` one that srcad
refuses, and a block marked `printed` is what the program before it prints, or the error that it ends with.

    python -m tests.test_readme    rewrites the printed blocks from what the programs print today
"""

from __future__ import annotations

import io
import re
import runpy
import tempfile
import traceback
from contextlib import redirect_stdout
from dataclasses import dataclass
from pathlib import Path

import pytest

from srcad import SrcadError

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
    return printed.getvalue().replace(f"{folder}/", ""), refused


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


def update() -> None:
    """Rewrite the printed blocks of the README."""
    text = README.read_text()
    for program, expected in reversed(programs()):
        if expected:
            with tempfile.TemporaryDirectory() as folder:
                printed, _ = output(program.text, Path(folder))
            start, end = expected.span
            text = text[:start] + printed + text[end:]
    README.write_text(text)


if __name__ == "__main__":
    update()
