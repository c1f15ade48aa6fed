"""Worked examples on real data: one module each, run by `srcad demo NAME`.

A new demo is a new module in this folder. Its name is the demo's name, the first line of its docstring is the line
that `srcad demo --list` prints, and its function `main()` runs it: it prints what it does, returns when all is well,
and raises `DemoError` when a check that it makes fails. Modules whose name begins with `_` are shared parts.
"""

from __future__ import annotations

import importlib
import inspect
import pkgutil
from collections.abc import Callable
from dataclasses import dataclass

DEFAULT = "logistic"


class DemoError(Exception):
    """A check that a demo makes has failed."""


@dataclass(frozen=True, slots=True)
class Demo:
    """A worked example: its name, what it shows in one line, and the function that runs it."""

    name: str
    summary: str
    main: Callable[[], None]


def names() -> list[str]:
    """The names of all demos, sorted."""
    return sorted(m.name for m in pkgutil.iter_modules(__path__) if not m.name.startswith("_"))


def load(name: str) -> Demo:
    """The demo called `name`, one of `names()`."""
    module = importlib.import_module(f"{__name__}.{name}")
    summary = (inspect.getdoc(module) or "").partition("\n")[0]
    return Demo(name, summary, module.main)
