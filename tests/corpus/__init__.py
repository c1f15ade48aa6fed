"""Small plain-Python programs, each run through every transform and against the oracle.

Each module of this package holds functions of one kind and a list `CASES`. To add a program is to test everything
on it. The functions stay inside the language that srcad reads, end in micro- or milliseconds, and stay away from
kinks, except in `kinks`, where srcad's conventions are what is tested.
"""

from __future__ import annotations

import importlib
import inspect
import pkgutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import pytest
from numba import typeof

__all__ = ["Case", "all_cases", "fresh", "identifiers", "into", "sample", "types_of"]


@dataclass(frozen=True)
class Case:
    """A function, the arguments to call it with, and `wrt` as in `srcad.grad`."""

    f: Callable[..., Any]
    args: tuple[Any, ...]
    wrt: Any = None

    @property
    def name(self) -> str:
        f = getattr(self.f, "py_func", self.f)
        return f"{f.__module__.rsplit('.', 1)[-1]}.{f.__name__}"

    @property
    def tolerance(self) -> float:
        """Of the gradient's norm; looser where the program computes in float32."""
        return 1e-5 if any(is_single(a) for a in self.args) else 1e-12


def into(cases: list[Case]) -> Callable[..., Any]:
    """A decorator, `case(*args, wrt=None)`, that adds the function below it to `cases`."""

    def case(*args: Any, wrt: Any = None) -> Callable[[Any], Any]:
        def add(f: Any) -> Any:
            cases.append(Case(f, args, wrt))
            return f

        return add

    return case


def is_single(x: Any) -> bool:
    if isinstance(x, tuple):
        return any(is_single(v) for v in x)
    return getattr(x, "dtype", None) == np.float32


def fresh(x: Any) -> Any:
    """A copy of an argument, with every array copied in its own layout, so that a write is seen and harms nobody."""
    if isinstance(x, tuple):
        items = [fresh(v) for v in x]
        return type(x)(*items) if hasattr(x, "_fields") else tuple(items)
    if not isinstance(x, np.ndarray):
        return x
    if x.flags.c_contiguous or x.flags.f_contiguous:
        copy = x.copy(order="K")
    else:
        copy = np.empty((*x.shape[:-1], 2 * x.shape[-1]), x.dtype)[..., ::2]
        copy[...] = x
    copy.flags.writeable = x.flags.writeable
    return copy


def types_of(f: Any, args: tuple[Any, ...]) -> tuple[Any, ...]:
    """The types of the arguments of `f`, the defaults of those that `args` leaves out included."""
    bound = inspect.signature(getattr(f, "py_func", f)).bind(*args)
    bound.apply_defaults()
    return tuple(map(typeof, bound.arguments.values()))


def all_cases() -> Iterator[Case]:
    """Every case of every module of this package, in a fixed order."""
    for info in sorted(pkgutil.iter_modules(__path__), key=lambda m: m.name):
        yield from importlib.import_module(f"{__name__}.{info.name}").CASES


def sample(
    metafunc: pytest.Metafunc, fixture: str, cases: list[Case], every: int, option: str = "--all-cases"
) -> None:
    """Give tests that ask for `fixture` one case in `every`; with the option, each of them."""
    if fixture in metafunc.fixturenames:
        step = 1 if metafunc.config.getoption(option) else every
        metafunc.parametrize(fixture, cases[::step], ids=identifiers(cases)[::step])


def identifiers(cases: list[Case]) -> list[str]:
    """A name for each case; the second case of a function ends in -1, and so on."""
    seen: dict[str, int] = {}
    names = []
    for case in cases:
        k = seen.get(case.name, 0)
        seen[case.name] = k + 1
        names.append(case.name if k == 0 else f"{case.name}-{k}")
    return names
