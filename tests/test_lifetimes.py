"""What is alive at the entry of each block, by bits, is what Numba's own sets say."""

from __future__ import annotations

import inspect
import threading
from typing import Any

import numpy as np
import pytest
from numba.core import analysis, postproc
from numba.core.compiler import run_frontend

from srcad import grad, hvp
from srcad.lifetimes import live, quick_lifetimes
from tests.corpus import all_cases, fresh, identifiers

NUMBAS = analysis.compute_live_map
CASES = list(all_cases())[::25]


@pytest.fixture
def compared(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Every answer is held against Numba's; the number of blocks of each."""
    seen: list[int] = []

    def both(*given: Any) -> Any:
        answer = live(*given)
        assert answer == NUMBAS(*given)
        assert answer.keys() == given[1].keys()
        seen.append(len(given[1]))
        return answer

    monkeypatch.setattr("srcad.lifetimes.live", both)
    return seen


@pytest.mark.parametrize("case", CASES, ids=identifiers(CASES))
def test_same_answers(case: Any, compared: list[int]) -> None:
    g = grad(case.f, wrt=case.wrt)
    with quick_lifetimes():
        given = inspect.signature(case.f).bind(*map(fresh, case.args))
        given.apply_defaults()
        run_frontend(g._write(g._types(given.args + tuple(given.kwargs.values()))).readable())
    assert compared


def test_same_answers_while_compiling(compared: list[int]) -> None:
    def f(x, n):
        s = 0.0
        while s < n:
            for i in range(len(x)):
                if x[i] > 0.5:
                    s += x[i] * s
                    continue
                if s > 100.0:
                    break
                s += 1.0
            else:
                s += 2.0
        return s

    x = np.array([0.2, 0.7, 0.4])
    grad(f, wrt="x", cache=False)(x, 9.0)
    hvp(f, wrt="x", cache=False)((x, 9.0), (x,))
    assert len(compared) > 10
    assert max(compared) > 20


def test_blocks_that_are_never_reached() -> None:
    class Graph:
        def topo_order(self) -> list[int]:
            return [0, 1]

        def successors(self, b: int) -> list[tuple[int, None]]:
            return {0: [(1, None)], 1: [(0, None)]}[b]

        def predecessors(self, b: int) -> list[tuple[int, None]]:
            return self.successors(b)

    used, bound = {0: {"a"}, 1: {"b"}, 2: {"c"}}, {0: {"b"}, 1: {"a"}, 2: {"d"}}
    given = Graph(), {0: None, 1: None, 2: None}, used, bound
    assert live(*given) == NUMBAS(*given) == {0: {"a"}, 1: {"b"}, 2: {"c"}}


def test_numba_has_its_own_back() -> None:
    with pytest.raises(KeyError), quick_lifetimes():
        assert postproc.analysis.compute_live_map is live
        raise KeyError
    assert analysis.compute_live_map is NUMBAS


def test_threads_leave_numba_as_it_was() -> None:
    def work(k: int) -> None:
        def f(x):
            return x * x * k

        assert grad(f, cache=False)(3.0) == 6.0 * k

    threads = [threading.Thread(target=work, args=(k,)) for k in range(4)]
    for t in threads:
        t.start()
    for t in threads:
        t.join()
    assert analysis.compute_live_map is NUMBAS
