"""The SSA pass in two sweeps makes what Numba's own makes."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from numba.core import ssa
from numba.core.compiler import run_frontend

from srcad import grad, value_and_grad
from srcad.machine.versions import _Versions


def sums(x, n):
    s = 0.0
    t = 1.0
    for i in range(n):
        s += x[i] * t
        t = s
    for i in range(n):
        t = t * s
        s = t - x[i]
    return s + t


def branches(x, flag):
    if flag > 2:
        a = x[0]
        b = a * a
    elif flag > 1:
        a = x[1]
        b = a
    else:
        b = 0.0
        a = b
    while b < 10.0:
        if a > b:
            a = b - 1.0
            continue
        b = b + a * a + 1.0
        if b > 5.0:
            break
        a, b = b, a
    return a + b


def bound_in_one_branch(x, flag):
    if flag:
        a = x[0]
    for i in range(3):
        if i > 1 and flag:
            x[i] = a
            a = x[i] + 1.0
    return x[0]


def never_bound_twice(x):
    y = x[0] * x[1]
    return y * y


def reused_in_each_nest(x, n):
    s = 0.0
    for i in range(n):
        a = x[i]
        for j in range(i):
            a = a * x[j]
            if a > 3.0:
                break
        else:
            a = -a
        s += a
    for i in range(n - 1, -1, -1):
        a = x[i] * s
        for j in range(i):
            b = a * x[j]
            a = a + b
        s -= a
    return s


def dump(blocks: dict[int, Any]) -> str:
    out = io.StringIO()
    for label, block in sorted(blocks.items()):
        print(label, file=out)
        block.dump(out)
    return re.sub(r"(\.py|>):\d+", "", out.getvalue())  # phis say of other lines that they are there


@pytest.mark.parametrize(
    "f", [sums, branches, bound_in_one_branch, never_bound_twice, reused_in_each_nest], ids=lambda f: f.__name__
)
def test_the_same_versions_and_phis_as_numbas(f: Callable[..., Any]) -> None:
    want = dump(ssa._run_ssa(run_frontend(f).blocks))
    assert dump(_Versions(run_frontend(f).blocks).rewritten()) == want
    assert ("phi" in want) == (f is not never_bound_twice)


@pytest.mark.parametrize("f", [sums, reused_in_each_nest], ids=lambda f: f.__name__)
def test_generated_text_too(f: Callable[..., Any]) -> None:
    x = np.array([0.3, -0.4, 0.9, 1.2])
    g = value_and_grad(f, cache=False)
    made = g.at(tuple(g._types((x, 4))))
    assert dump(_Versions(run_frontend(made).blocks).rewritten()) == dump(ssa._run_ssa(run_frontend(made).blocks))
    np.testing.assert_allclose(grad(f, cache=False)(x, 4), grad(f).interpreted(x, 4), rtol=1e-13)
