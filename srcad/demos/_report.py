"""What the demos print with: headings, source text, a progress bar, and rates of calls."""

from __future__ import annotations

import inspect
import sys
import textwrap
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from time import perf_counter
from typing import Any


def heading(text: str) -> None:
    """Print `text` underlined, after a blank line."""
    print(f"\n{text}\n{'-' * len(text)}")


def code(text: str) -> None:
    """Print source text, indented."""
    print(textwrap.indent(text.strip("\n"), "    "))


def source(*functions: Callable[..., Any]) -> str:
    """The source of `functions`, as they stand in their file."""
    return "\n\n".join(inspect.getsource(f).rstrip() for f in functions)


@contextmanager
def progress(total: int, label: str) -> Iterator[Callable[[int], object]]:
    """A progress bar of `total` steps: yields the function that advances it.

    The bar is tqdm's where tqdm is installed and the terminal is there to draw on; otherwise one plain line is
    printed at the end.
    """
    started = perf_counter()
    bar = _tqdm() if sys.stderr.isatty() else None
    if bar is None:
        yield lambda steps: None
        print(f"{label}: {total} steps in {perf_counter() - started:.2f} s")
    else:
        with bar(total=total, desc=label, unit=" steps") as shown:
            yield shown.update


def _tqdm() -> Any:
    try:
        from tqdm import tqdm
    except ImportError:
        return None
    return tqdm


def per_second(call: Callable[[], object], seconds: float) -> float:
    """How often `call` runs in a second: the best of five stretches that last `seconds` together."""
    call()
    best = 0.0
    for _ in range(5):
        calls, started = 0, perf_counter()
        while (elapsed := perf_counter() - started) < seconds / 5 or not calls:
            call()
            calls += 1
        best = max(best, calls / elapsed)
    return best
