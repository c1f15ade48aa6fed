"""Versions: one definition a name, and back again. How they look: tests/goldens/front_end.txt."""

from __future__ import annotations

from dataclasses import replace

import pytest

from srcad.errors import SrcadError
from srcad.ir import Var, names, phis_of, plain, reads, substitute, walk, writes
from srcad.names import base
from srcad.parse import parse
from srcad.passes.ssa import ssa, webs

from . import golden
from .corpus import all_cases, types_of
from .programs import CASES

EVERY = list({id(f): (f, args) for f, args in [*CASES, *((c.f, c.args) for c in all_cases())]}.values())


def functions(metafunc: pytest.Metafunc) -> None:
    """Give tests that ask for `f` and `args` one function in three, or with the option each."""
    if {"f", "args"} <= set(metafunc.fixturenames):
        found = EVERY[:: 1 if metafunc.config.getoption("--all-cases") else 3]
        metafunc.parametrize(("f", "args"), found, ids=[f.__name__ for f, _ in found])


pytest_generate_tests = functions


def test_each_version_has_one_definition(f, args):
    program = parse(f, types_of(f, args))
    for function in (program.main, *program.functions.values()):
        numbered = ssa(function)
        defined = [f"{p}@0" for p in function.params]
        for s in walk(numbered.body):
            defined += writes(s)
            defined += [phi.target for phi in phis_of(s)]
        assert len(defined) == len(set(defined))
        read = {n for s in walk(numbered.body) for e in reads(s) for n in names(e)} | set(names(numbered.result))
        read |= {n for s in walk(numbered.body) for phi in phis_of(s) for n in phi.sources if n is not None}
        assert {n for n in read if "@" in n} <= set(defined)
        result = None if numbered.result is None else substitute(numbered.result, lambda n: Var(base(n)))
        assert str(replace(numbered, body=plain(numbered.body), result=result)) == str(function)
        assert webs(function).params == function.params


def test_a_name_read_before_any_assignment_is_refused(tmp_path):
    made = golden.module("def f(x):\n    s = x\n    if x > 0:\n        s = t + x\n    t = s\n    return t\n", tmp_path)
    with pytest.raises(SrcadError, match="'t' may be read before it is assigned") as error:
        ssa(parse(made.f).main)
    assert error.value.location.line == 4


def test_a_name_assigned_on_one_path_can_be_read_after(tmp_path):
    made = golden.module("def f(x):\n    if x > 0:\n        y = x\n    return y\n", tmp_path)
    assert "join y@1 = (y@0, -)" in str(ssa(parse(made.f).main))
