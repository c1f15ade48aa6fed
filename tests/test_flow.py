"""The walk that types a function must find what Numba's own inference finds, or leave the function to it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from numba.core.registry import cpu_target
from numba.core.typing.typeof import typeof

from srcad import types
from srcad.advice import without_advice
from srcad.errors import SrcadError
from srcad.flow import Unsure, flow
from srcad.parse import parse
from srcad.passes.ssa import webs
from srcad.work import Work
from tests import programs
from tests.corpus import all_cases, types_of

CASES = [(c.name, c.f, c.args) for c in all_cases()] + [(f.__name__, f, args) for f, args in programs.CASES]
LEFT_TO_NUMBA = 0.16  # of the programs without recursion, at most, in each part of the corpus


def by_flow(f: Callable[..., Any], args: tuple[Any, ...]) -> tuple[Any, Any] | None:
    """What the walk finds of `f`, and what Numba does; None for what the walk leaves to Numba."""
    program = parse(f, types_of(f, args))
    work = Work(program)
    assert program.main is not None
    function = webs(program.main)
    arguments = tuple(typeof(a) for a in args)
    namespace = {**work.namespace(), types.WHERE: types.where}
    function = types.with_where(replace(function, name=f"{function.name}_typed"))
    cpu_target.typing_context.refresh()
    with without_advice():
        try:
            found = flow(function, arguments, namespace, cpu_target.typing_context)
        except Unsure:
            return None
        return found, types.inferred(types.sketched(function, arguments, namespace), arguments, namespace)


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Half of the parts by default."""
    if "part" in metafunc.fixturenames:
        metafunc.parametrize("part", range(10 if metafunc.config.getoption("--all-cases") else 5))


def test_the_walk_finds_what_numba_finds(part: int) -> None:
    cases = CASES[part::10]
    unsure = 0
    for name, f, args in cases:
        try:
            pair = by_flow(f, args)
        except SrcadError:
            continue  # refused as it is read
        if pair is None:
            unsure += not parse(f, types_of(f, args)).functions  # recursion is Numba's to type
            continue
        found, inferred = pair
        assert found == inferred, name
    assert unsure < LEFT_TO_NUMBA * len(cases)
