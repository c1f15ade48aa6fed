"""pytest options of srcad's tests."""

from __future__ import annotations

import os

import pytest


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--compiled-all",
        action="store_true",
        default=os.environ.get("SRCAD_COMPILED_ALL", "0") not in ("", "0"),
        help="compile the adjoint of every case of the corpus, not of a sample (also: SRCAD_COMPILED_ALL=1)",
    )
    parser.addoption("--fuzz-programs", type=int, default=1000, help="random programs to run uncompiled")
    parser.addoption("--fuzz-compiled", type=int, default=50, help="random programs to compile as well")
    parser.addoption("--fuzz-seed", type=int, default=0, help="the first seed of the random programs")
