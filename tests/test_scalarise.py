"""Arrays, tuples and lists made scalar: the user's values and types, and no operation on whole arrays left."""

from __future__ import annotations

import math
from dataclasses import replace

import numba
import numpy as np
import pytest

from srcad.ir import Apply, Assign, Field, Function, Item, Var, names, nodes, reads, walk
from srcad.parse import parse
from srcad.passes.creations import creations
from srcad.passes.lists import lists
from srcad.passes.scalarise import scalarise
from srcad.passes.ssa import webs
from srcad.passes.steps import steps
from srcad.passes.tuples import untuple
from srcad.types import define, infer, is_array, is_list, is_tuple

from .corpus import fresh
from .lowered import CASES

STAY = frozenset({"len", ".ravel", ".reshape", ".transpose", "np.zeros_like", "np.ones_like", "np.empty_like"})
IDS = [f"{f.__name__}-{k}" for k, (f, _) in enumerate(CASES)]


def typed(f, args):
    """`f` as the passes get it, what its free names stand for, and its result's type."""
    program = parse(f)
    main = webs(program.main)
    namespace = {"math": math, "np": np, **program.globals}
    types, result = infer(main, tuple(numba.typeof(a) for a in args), namespace)
    known = {n: numba.typeof(v) for n, v in program.globals.items() if not isinstance(v, type)}
    return replace(main, types=known | types), namespace, result


def lowered(f: Function) -> Function:
    return scalarise(creations(lists(steps(untuple(f)))))


def text(f, *args) -> str:
    return str(lowered(typed(f, args)[0]))


def same(a, b) -> bool:
    if isinstance(a, tuple):
        return isinstance(b, tuple) and len(a) == len(b) and all(map(same, a, b))
    a, b = np.asarray(a), np.asarray(b)
    tolerance = 1e-6 if a.dtype == np.float32 or b.dtype == np.float32 else 1e-13
    return a.shape == b.shape and np.allclose(a, b, rtol=tolerance, atol=1e-15, equal_nan=True)


@pytest.mark.filterwarnings("ignore::numba.core.errors.NumbaPerformanceWarning")
@pytest.mark.parametrize(("f", "args"), CASES, ids=IDS)
def test_programs(f, args):
    """The values and the types are the user's, and nothing is left to do on whole arrays."""
    main, namespace, result = typed(f, args)
    made = lowered(main)
    mine, theirs = [fresh(a) for a in args], [fresh(a) for a in args]
    with np.errstate(all="ignore"):
        assert same(define(made, namespace, [])(*mine), f(*theirs))
    assert same(tuple(mine), tuple(theirs))
    types, again = infer(made, tuple(numba.typeof(a) for a in args), namespace)
    assert again == result
    assert {n: t for n, t in types.items() if t != made.types.get(n)} == {}
    assert_scalar(made)


def assert_scalar(made: Function) -> None:
    types = made.types
    heads = {s.target for s in made.body if isinstance(s, Assign) and isinstance(s.value, (Item, Field))}
    for s in walk(made.body):
        for e in reads(s):
            for n in nodes(e):
                if isinstance(n, Apply) and n.op not in STAY:
                    assert not [a for a in n.args if isinstance(a, Var) and of_many(types.get(a.name))], (s, n.op)
            whole = {n for n in names(e) if is_tuple(types.get(n))}
            assert not whole or (isinstance(s, Assign) and s.target in heads and whole <= {*made.params, "SIZE"})


def of_many(t) -> bool:
    return is_array(t) or is_list(t)
