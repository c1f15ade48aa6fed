"""Indices that are never negative: what is known of them, and that those which count from the end still do."""

from __future__ import annotations

import ast
import math
from collections import namedtuple
from pathlib import Path

import numpy as np
import pytest
from numba import typeof

from srcad import grad
from srcad.machine.unsigned import marked
from srcad.pipeline import evaluate
from tests.golden import module

HEADER = "import numpy as np\n\n\n"
PROGRAMS = {
    "for i in range(n): s += x[i] * x[i - 1] * x[i + 1 - n]": {"x[i]": (0,)},
    "for i in range(1, n): s += x[i - 1] * x[i - 2]": {"x[i - 1]": (0,)},
    "for i in range(n - 1, -1, -1): s += x[i] * x[-i]": {"x[i]": (0,)},
    "for i in range(n, -2, -1): s += x[i]": {},
    "for i in range(0, n, k): s += x[i]": {},
    "for i in range(len(x)): s += sum([x[j] for j in range(i, n)])": {"x[j]": (0,)},
    "for i in range(n): s += x[i * n // 2] + x[i * k]": {"x[i * n // 2]": (0,)},
    "for i in range(n): s += x[(i + k) % n]": {"x[(i + k) % n]": (0,)},
    "while k < n: s += x[k]; k += 1": {},
    "m = 0\n    while m < n: s += x[m]; m += 1": {"x[m]": (0,)},
    "m = 3\n    while m > k: s += x[m]; m -= 1": {},
    "m = len(x) if k > 0 else 2\n    s += x[m - 1] + x[m // 2]": {"x[m // 2]": (0,)},
}


@pytest.mark.parametrize("body", PROGRAMS)
def test_what_is_known(body: str, tmp_path: Path) -> None:
    text = f"{HEADER}def f(x, n, k):\n    s = 0.0\n    {body}\n    return s\n"
    f = module(text, tmp_path).f
    made = evaluate(f, (typeof(np.ones(3)), typeof(1), typeof(1)))
    assert made.functions[-1].marks == PROGRAMS[body]


def test_the_compiler_is_told() -> None:
    tree = ast.parse("def f(x):\n    x[i, 0] += x[j, i]\n    y[i, 0] = 1.0")
    text = "def f(x):\n    x[u(i), 0] += x[j, u(i)]\n    y[i, 0] = 1.0"
    assert ast.unparse(marked(tree, {"x[i, 0]": (0,), "x[j, i]": (1,)}, "u")) == text


def upper(a, x):
    s = 0.0
    for i in range(len(x)):
        for j in range(i + 1, len(x)):
            s += math.sin(a[i, j] * x[j]) * x[-i]
    return s


@pytest.mark.parametrize("options", [{}, {"boundscheck": True}, {"parallel": True}])
@pytest.mark.filterwarnings("ignore:parallel=True has no effect")
def test_compiled_and_interpreted_agree(options: dict[str, bool]) -> None:
    a, x = np.random.default_rng(3).random((4, 4)), np.arange(1.0, 5.0)
    g = grad(upper, **options)
    for ours, theirs in zip(g(a, x), g.interpreted(a, x), strict=True):
        np.testing.assert_allclose(ours, theirs, rtol=1e-13)
    assert "unsigned" not in g.source


Sizes = namedtuple("Sizes", "size shape ndim")


def fields(x, p):
    s = 0.0
    for i in range(len(x)):
        s += x[p.size] * x[i] * x[p.shape[0]] + x[p.ndim]
    return s


def test_fields_of_tuples_are_no_sizes() -> None:
    x, p = np.arange(1.0, 6.0), Sizes(-2, (-3, 1), -1)
    g = grad(fields)
    np.testing.assert_allclose(g(x, p), g.interpreted(x, p), rtol=1e-13)
    np.testing.assert_allclose(g(x, p), [12.0, 12.0, 72.0, 57.0, 17.0], rtol=1e-13)
