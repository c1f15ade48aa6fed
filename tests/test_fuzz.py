"""A short run of the fuzzer; `python -m tests.fuzz --minutes 120` is the long one."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from .fuzz import Failure, check, for_corpus, module_of, reference, run_seed, shrink, usable_program
from .generator import Program, generate
from .kernels import kernel
from .mazes import maze
from .oracle import count, flatten, oracle_hvp, oracle_run
from .shelves import shelves

CHUNK = 25  # programs to a test: enough to be quick, few enough to be spread over processes


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    first = metafunc.config.getoption("--fuzz-seed")
    for fixture, option in (("seeds", "--fuzz-programs"), ("compiled_seeds", "--fuzz-compiled")):
        if fixture in metafunc.fixturenames:
            count = metafunc.config.getoption(option)
            chunk = CHUNK if fixture == "seeds" else 5
            starts = range(first, first + count, chunk)
            chunks = [range(k, min(k + chunk, first + count)) for k in starts]
            metafunc.parametrize(fixture, chunks, ids=[f"{c.start}-{c.stop - 1}" for c in chunks])


def run_all(seeds: range, folder: Path, compiled: bool) -> None:
    """Every seed, and one message with all that failed."""
    failures = [f for seed in seeds if (f := run_seed(seed, folder, compiled)) is not None]
    if failures:
        again = f"python -m tests.fuzz --count 1 --compiled-every {int(compiled)} --seed"
        said = "\n\n".join(f"seed {f.seed}: {f.kind}\n{f.detail}\nshrink: {again} {f.seed}" for f in failures)
        pytest.fail(f"{len(failures)} of {len(seeds)} programs fail\n\n{said}\n\n{failures[0].source}", pytrace=False)


def test_random_programs(seeds: range, tmp_path: Path) -> None:
    """Uncompiled: the text of the adjoint, run as plain Python."""
    run_all(seeds, tmp_path, compiled=False)


def test_random_programs_compiled(compiled_seeds: range, tmp_path: Path) -> None:
    run_all(compiled_seeds, tmp_path, compiled=True)


# --- the fuzzer itself -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("write", [generate, kernel, maze, shelves])
def test_a_seed_makes_the_same_program_every_time(write: Callable[[int], Program]) -> None:
    assert [write(s).source for s in range(20)] == [write(s).source for s in range(20)]
    assert len({write(s).source for s in range(200)}) == 200


def test_programs_run_and_the_oracle_agrees_with_differences(tmp_path: Path) -> None:
    """Programs are judged against the oracle, so the oracle is judged here, on fifty of them."""
    for seed in range(50):
        program = usable_program(seed, tmp_path)
        with module_of(program.source, tmp_path, f"srcad_fuzz_differences_{seed}") as module:
            run = reference(module)
            assert run is not None
            if run.margin < 1e-4:
                continue
            x0, rest = module.ARGS[0], module.ARGS[1:]
            h = 1e-6
            plus, minus = oracle_run(module.f, (x0 + h, *rest)).value, oracle_run(module.f, (x0 - h, *rest)).value
            gradient = flatten(run.gradient)
            moved = gradient[: count(x0)].sum()  # an array moves in all its entries
            assert abs((plus - minus) / (2.0 * h) - moved) <= 1e-5 * (1.0 + np.abs(gradient).max()), seed


SIGNS = [
    "for ", "while ", "while True", "break", "continue", "\n    else:", "return", "elif ", "n - 1)",
    "n - 2)", ".append(", "enumerate(", "zip(", ":]", "::2]", "::-1]", ".T[", ".ravel()", ".reshape(",
    ".copy()", "int(abs(", "idx[", "min(", "max(", "abs(", "lambda", ":=", "del ", "-0.6 <", " and ",
    " or ", "not ", "P(", ".x", "**", "%", "//", "np.where", "assert", "raise", "reversed(", "np.zeros(",
    "np.ones(", "np.full(", "np.empty(", "np.array([", "_like(", "+=", "-=", "*=", "/=", " = (", ", c=",
    "sum(", "len(", "bool(",
]  # fmt: skip


def test_programs_hold_everything_they_are_meant_to() -> None:
    text = "".join(generate(s).source for s in range(600))
    assert [sign for sign in SIGNS if sign not in text] == []


WAYS = [
    "for ", "while True:", "while 1:", "while c", "while (z", "\n    else:", "\n        else:", "elif ",
    "break\n        else:", "continue", "return\n", "raise", "if True", "if False", "if (DEBUG", "0.5 > 1.0", "LIMIT >",
    "range(0)", "n, 0, -1", "enumerate(v[1:])", "in (s, t, 0.4)", ", n - 1)", "s, z1 = h", "w = v\n",
]  # fmt: skip


def test_mazes_hold_every_way_through_them() -> None:
    text = "".join(maze(s).source for s in range(600))
    assert [way for way in WAYS if way not in text] == []
    unreached = r"\n( +)(break|continue|return.*|raise.*)\n\1\w"
    assert len(re.findall(unreached, text)) > 50
    assert any(only_in_ways(maze(k).source) for k in range(100))


def only_in_ways(source: str) -> bool:
    """Does `f` end by reading a variable that it binds in branches and loops alone?"""
    body = source[source.index("def f(") :]
    return any(f"* {z}" in body.split("return")[-1] and f"\n    {z} = " not in body for z in ("z1", "z2", "z3"))


PLACES = [
    "a = t[", "= t.pop()", "t.append(a)", "t[0], t[-1] = ", "].append(", "].pop()", " = a\n", ".copy()", "[:2]",
    "[::-1]", "break", "continue", ", n - 1)", "h.append(", "= h.pop()", "sum(", "while len(",
]  # fmt: skip


def test_shelves_hold_lists_in_every_place() -> None:
    text = "".join(shelves(s).source for s in range(300))
    assert [place for place in PLACES if place not in text] == []


def test_some_programs_have_zeros_ones_and_equal_elements(tmp_path: Path) -> None:
    sources = [usable_program(s, tmp_path).source for s in range(400)]
    arguments = [source[source.index("ARGS") :] for source in sources]
    special = [a for a in arguments if re.search(r"\b(0\.0|1\.0)\b", a)]
    assert 400 / 12 < len(special) < 400 / 5
    assert any("-0.0" in a for a in special)


class _Broken:
    """Stands in for srcad: the oracle's gradient, wrong by one in 1e9 where there is an `x1`."""

    def __init__(self, wrong: bool) -> None:
        self.wrong = wrong

    def grad(self, f: Any) -> Any:
        wrong = self.wrong

        class Gradient:
            primal = SimpleNamespace(interpreted=f)

            def interpreted(self, *args: Any) -> Any:
                gradient = oracle_run(f, args).gradient
                if wrong and "x1" in f.__code__.co_varnames and isinstance(gradient, tuple) and gradient[1]:
                    return (gradient[0], gradient[1] * (1.0 + 1e-9), *gradient[2:])
                return gradient

        return Gradient()

    def jvp(self, f: Any) -> Any:
        class Forward:
            def interpreted(self, args: Any, direction: Any) -> Any:
                run = oracle_run(f, args)
                return run.value, float(flatten(run.gradient) @ flatten(direction))

        return Forward()

    def hvp(self, f: Any) -> Any:
        wrong = self.wrong

        class Second:
            def interpreted(self, args: Any, direction: Any) -> Any:
                product = oracle_hvp(f, args, direction)[1]
                return (product[0] * (1.0 + 1e-6), *product[1:]) if wrong and isinstance(product, tuple) else product

        return Second()


def test_a_wrong_tangent_and_a_wrong_hessian_are_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    class Slow(_Broken):
        def jvp(self, f: Any) -> Any:
            exact = super().jvp(f)

            class Forward:
                def interpreted(self, args: Any, direction: Any) -> Any:
                    value, tangent = exact.interpreted(args, direction)
                    return value, tangent * (1.0 + 1e-6)

            return Forward()

    monkeypatch.setitem(sys.modules, "srcad", Slow(wrong=False))
    assert "wrong tangent" in {f.kind for s in range(4) if (f := run_seed(s, tmp_path, compiled=False)) is not None}

    class Bent(_Broken):
        def grad(self, f: Any) -> Any:
            return _Broken(wrong=False).grad(f)

    monkeypatch.setitem(sys.modules, "srcad", Bent(wrong=True))
    found = {f.kind for s in range(0, 20, 4) if (f := run_seed(s, tmp_path, compiled=False)) is not None}
    assert found == {"wrong Hessian times vector"}


def test_a_wrong_primal_is_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    source = "def f(x0, v):\n    v[0] *= 2.0\n    return x0 * v[0]\n\n\nARGS = (0.5, np.array([0.7, 0.9]))\n"
    program = Program(0, f"import numpy as np\n\n\n{source}")

    def found(primal: Any) -> str | None:
        class Odd(_Broken):
            def grad(self, f: Any) -> Any:
                g = super().grad(f)
                g.primal = SimpleNamespace(interpreted=primal(f))
                return g

        monkeypatch.setitem(sys.modules, "srcad", Odd(wrong=False))
        failure = check(program, tmp_path)
        return None if failure is None else failure.kind

    assert found(lambda f: f) is None
    assert found(lambda f: lambda x, v: f(x, v) + 1e-6) == "wrong primal"
    assert found(lambda f: lambda x, v: f(x, v.copy())) == "wrong primal"


def test_a_wrong_gradient_is_found_and_shrunk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The fuzzer can fail: with a gradient wrong by 1e-9 it does, and boils the program down to a few lines."""
    monkeypatch.setitem(sys.modules, "srcad", _Broken(wrong=False))
    assert all(run_seed(s, tmp_path, compiled=False) is None for s in range(10))
    monkeypatch.setitem(sys.modules, "srcad", _Broken(wrong=True))
    found = [f for s in range(10) if (f := run_seed(s, tmp_path, compiled=False)) is not None]
    found = [f for f in found if f.kind == "wrong gradient"]  # what is made of it is wrong too
    assert found
    failure = min(found, key=lambda f: len(f.source))
    shrunk = shrink(failure, tmp_path, seconds=20.0)
    assert len(shrunk.splitlines()) < min(len(failure.source.splitlines()), 20)
    assert check(Program(failure.seed, shrunk), tmp_path) is not None


def test_an_exception_is_a_failure(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    class Refusing:
        def grad(self, f: Any) -> Any:
            raise SyntaxError("'x17' can't be read")

    monkeypatch.setitem(sys.modules, "srcad", Refusing())
    failure = run_seed(1, tmp_path, compiled=False)
    assert failure is not None
    assert failure.kind == "SyntaxError (transform): _ can't be read"


def test_a_shrunk_program_is_ready_for_the_corpus() -> None:
    source = (
        "import math\n\n\ndef h1(x):\n    return x\n\n\ndef f(x0, h):\n    return h1(x0) * h\n\n\nARGS = (0.5, 1.5)\n"
    )
    text = for_corpus(7, source)
    assert "def h1_7(x):" in text
    assert "return h1_7(x0) * h" in text
    assert "Case(f_7, (0.5, 1.5))," in text
    text = for_corpus(7, source.replace("import math", "import math\n\nLIMIT = 0.4"))
    assert text.startswith("LIMIT = 0.4")
    assert "Case(f_7, (0.5, 1.5))," in text


def test_programs_on_a_kink_or_out_of_range_are_not_judged(tmp_path: Path) -> None:
    for body in ("max(x0, 0.5)", "x0 if x0 > 0.5 else 2.0 * x0", "math.exp(2000.0 * x0)", "1.0 / (x0 - 0.5)"):
        source = f"import math\n\n\ndef f(x0):\n    return {body}\n\n\nARGS = (0.5,)\n"
        assert check(Program(0, source), tmp_path) is None
        with module_of(source, tmp_path, "srcad_fuzz_kink") as module:
            assert reference(module) is None


def test_a_failure_is_plain_data() -> None:
    failure = Failure(1, "kind", "detail", "source", False)
    assert Failure(**vars(failure)) == failure
