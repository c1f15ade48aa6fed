"""Golden adjoints: the text that srcad writes for a dozen functions, byte for byte, and its being right."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import srcad
from tests.golden import check, entries, module
from tests.oracle import compare, oracle_grad

FILE = "adjoints.txt"
HEADER = "import math\n\nimport numpy as np\n\n\n"


def case(text: str, folder: Path) -> tuple[Any, tuple[Any, ...], Any]:
    """The function of an entry, the arguments in its last line, and what is differentiated."""
    source, _, last = text.rpartition("\n# ")
    arguments, _, wrt = last.partition(" wrt=")
    name = "golden_" + re.sub(r"\W", "_", str(abs(hash(text))))
    return module(HEADER + source + "\n", folder, name).f, eval(arguments, {"np": np}), wrt or None


@pytest.mark.parametrize("name", entries(FILE))
def test_adjoint(name: str, tmp_path: Path) -> None:
    f, arguments, wrt = case(entries(FILE)[name][0][1], tmp_path)
    g = srcad.grad(f, wrt=wrt)
    assert g.inspect(*arguments) == g.inspect(*arguments)
    check(FILE, name, {"adjoint": g.inspect(*arguments).strip("\n")})


@pytest.mark.parametrize("name", entries(FILE))
def test_golden_is_right(name: str, tmp_path: Path) -> None:
    f, arguments, wrt = case(entries(FILE)[name][0][1], tmp_path)
    got = srcad.grad(f, wrt=wrt).interpreted(*arguments)
    _, want = oracle_grad(f, arguments, wrt)
    assert compare(got, want) is None
