"""Forward mode: every program of the corpus against the oracle, in a random direction; then its own conventions."""

from __future__ import annotations

import zlib
from typing import Any

import numpy as np
import pytest

import srcad

from .corpus import Case, all_cases, fresh, identifiers
from .oracle import flatten, oracle_grad, positions, unflatten
from .test_corpus import plain_value

ALL = list(all_cases())
EVERY = 24  # one case in so many is compiled by default


def direction(case: Case) -> Any:
    """A random tangent for each argument that is differentiated."""
    random = np.random.default_rng(zlib.crc32(case.name.encode()))
    inputs = [case.args[k] for k in positions(case.f, case.args, case.wrt)]
    made = tuple(typed(unflatten(a, random.standard_normal(flatten(a).size)), a) for a in inputs)
    return made[0] if len(made) == 1 else made


def typed(tangent: Any, like: Any) -> Any:
    """`tangent` in the precision of `like`."""
    if isinstance(like, tuple):
        items = [typed(t, x) for t, x in zip(tangent, like, strict=True)]
        return type(like)(*items) if hasattr(like, "_fields") else tuple(items)
    return tangent.astype(like.dtype) if isinstance(like, np.ndarray) else tangent


def check(case: Case, got: Any, tangents: Any) -> None:
    value, tangent = got
    gradient = flatten(oracle_grad(case.f, case.args, case.wrt)[1])
    along = flatten(tangents)
    scale = np.linalg.norm(gradient) * np.linalg.norm(along)
    assert abs(float(tangent) - gradient @ along) <= case.tolerance * scale, (tangent, gradient @ along)
    np.testing.assert_allclose(float(value), plain_value(case), rtol=case.tolerance, atol=0.0)


@pytest.mark.parametrize("case", ALL, ids=identifiers(ALL))
def test_interpreted(case: Case) -> None:
    tangents = direction(case)
    args = tuple(fresh(a) for a in case.args)
    with np.errstate(all="ignore"):
        got = srcad.jvp(case.f, wrt=case.wrt).interpreted(args, tangents)
    check(case, got, tangents)
