"""pytest options of srcad's tests."""

from __future__ import annotations

import gc
import os
from collections.abc import Iterator

import pytest

from tests.as_compiled import both_texts


@pytest.fixture(scope="session", autouse=True)
def _own_cache(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Compiled code is kept in a folder of the session's own."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SRCAD_CACHE_DIR", str(tmp_path_factory.mktemp("compiled")))
        yield


@pytest.fixture(scope="session", autouse=True)
def _both_texts() -> Iterator[None]:
    """What is compiled is run wherever what is printed is."""
    with both_texts():
        yield


def pytest_collection_finish() -> None:
    """What is there for good, 17,000 tests and all modules, is left out of garbage collection from here on."""
    gc.collect()
    gc.freeze()


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--compiled-all",
        action="store_true",
        default=os.environ.get("SRCAD_COMPILED_ALL", "0") not in ("", "0"),
        help="compile the adjoint of every case of the corpus, not of a sample (also: SRCAD_COMPILED_ALL=1)",
    )
    parser.addoption(
        "--all-cases",
        action="store_true",
        default=os.environ.get("SRCAD_ALL_CASES", "0") not in ("", "0"),
        help="run every transform over every case of the corpus, not over a sample (also: SRCAD_ALL_CASES=1)",
    )
    parser.addoption("--fuzz-programs", type=int, default=100, help="random programs to run uncompiled")
    parser.addoption("--fuzz-compiled", type=int, default=5, help="random programs to compile as well")
    parser.addoption("--fuzz-seed", type=int, default=0, help="the first seed of the random programs")
