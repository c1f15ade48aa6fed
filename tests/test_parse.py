"""The front end: what it reads, run as plain Python, gives what the function gives; and how the IR looks."""

from __future__ import annotations

import inspect
import math
import time
import types

import numpy as np
import pytest

from srcad.errors import SrcadError
from srcad.generated import base_names
from srcad.parse import parse
from srcad.passes.ssa import ssa, webs
from srcad.ranks import IS_LIST
from srcad.types import define, is_a_list

from . import golden
from .corpus import all_cases, fresh, sample, types_of
from .programs import CASES


class _Ieee(types.ModuleType):
    """`math` with NumPy's answers where Python's raises, as in compiled code; NumPy's functions of arrays."""

    NAMES = {"asin": "arcsin", "acos": "arccos", "atan": "arctan", "acosh": "arccosh", "atanh": "arctanh"}

    def __getattr__(self, name):
        exact = getattr(math, name)
        other = getattr(np, self.NAMES.get(name, name), None)
        if not callable(exact) or other is None:
            return exact

        def function(*args):
            try:
                return exact(*args)
            except (ValueError, OverflowError, TypeError):
                return other(*args)

        return function


def run(f, args):
    """The function that the IR of `f` prints as, with versions told apart by name."""
    program = parse(f, types_of(f, args))
    scope = {"math": _Ieee("math"), "np": np, IS_LIST: is_a_list, **base_names(), **program.globals}
    functions = {name: define(webs(g), {}, []) for name, g in program.functions.items()}
    for g in functions.values():
        g.__globals__.update(scope | functions)
    main = define(webs(program.main), scope | functions, [])
    signature = inspect.signature(getattr(f, "py_func", f))

    def call(*args):
        bound = signature.bind(*args)
        bound.apply_defaults()
        return main(*bound.arguments.values())

    return call


def outcome(f, args):
    try:
        return f(*map(fresh, args))
    except Exception as error:
        return error


def agree(expected, found):
    if isinstance(expected, Exception) or isinstance(found, Exception):
        return type(expected) is type(found)
    if isinstance(expected, tuple):
        return len(expected) == len(found) and all(map(agree, expected, found))
    return np.allclose(np.asarray(expected, float), np.asarray(found, float), rtol=1e-15, atol=0.0, equal_nan=True)


@pytest.mark.parametrize(("f", "args"), CASES, ids=lambda v: getattr(v, "__name__", ""))
def test_reads_what_python_runs(f, args):
    assert agree(outcome(f, args), outcome(run(f, args), args))


CORPUS = list(all_cases())
EVERY = 4  # one case in so many is read by default; test_corpus reads them all


def pytest_generate_tests(metafunc):
    sample(metafunc, "case", CORPUS, EVERY)


@pytest.mark.filterwarnings("ignore:.*encountered in:RuntimeWarning")
def test_reads_the_corpus(case):
    f = getattr(case.f, "py_func", case.f)
    expected = outcome(f, case.args)
    if isinstance(expected, (OverflowError, ZeroDivisionError)):
        pytest.skip("IEEE's answer exists in compiled code alone")
    assert agree(expected, outcome(run(f, case.args), case.args))


@pytest.mark.parametrize("name", golden.entries("front_end.txt"))
def test_golden(name, tmp_path):
    text = golden.entries("front_end.txt")[name][0][1]
    made = golden.module("import math\nimport numpy as np\n\n" + text, tmp_path)
    program = parse(getattr(made, name))
    functions = "".join(f"\n{f}" for f in program.functions.values())
    outputs = {"parse": f"{program.main}{functions}"}
    if "ssa" in dict(golden.entries("front_end.txt")[name]):
        outputs |= {"ssa": str(ssa(program.main)), "webs": str(webs(program.main))}
    golden.check("front_end.txt", name, outputs)


# ------------------------------------------------------------------------------------ what a program remembers


def test_globals_are_bound_by_the_users_names(tmp_path):
    made = golden.module(
        "import numpy as np\nRATE = 0.5\nOTHER = RATE\nW = np.ones(2)\n"
        "def f(x, W_1=1):\n    RATE_1 = x\n    return RATE_1 * RATE * OTHER * W[0]\n",
        tmp_path,
    )
    program = parse(made.f)
    assert program.globals["RATE"] == program.globals["OTHER"] == 0.5
    assert program.globals["W"] is made.W
    assert program.main.params == ("x", "W_1")


def test_every_source_is_kept():
    from .programs import mutual_recursion

    program = parse(mutual_recursion)
    assert set(program.functions) == {"even"}
    texts = "".join(program.sources.values())
    assert all(f"def {name}(" in texts for name in ("mutual_recursion", "even", "odd"))


def test_names_of_functions_that_stay_calls_are_their_own():
    from .programs import recursive_main, two_recursions_of_one_name

    assert set(parse(recursive_main).functions) == {"recursive_main_call"}
    assert parse(recursive_main).main.name == "recursive_main"
    assert set(parse(two_recursions_of_one_name).functions) == {"fact", "fact_"}


# ------------------------------------------------------------------------------------ speed


def _long(lines: int) -> str:
    body = ["    s = x"]
    for k in range(lines // 5):
        body += [
            f"    for i in range({k} + 2):",
            f"        if s > {k}.5 and v[i] < 2.0 or not s < 0.0:",
            "            s = s * v[i] + math.sin(s) * (v[i] if s > 0.5 else 2.0)",
            "        else:",
            "            s += sq(v[i] + 1.0)",
        ]
    return "import math\ndef sq(t):\n    return t * t\n\ndef f(x, v):\n" + "\n".join(body) + "\n    return s\n"


def test_reading_is_linear(tmp_path):
    def seconds(lines):
        made = golden.module(_long(lines), tmp_path, f"long{lines}")
        parse(made.f)
        best = 1e9
        for _ in range(3):
            start = time.perf_counter()
            parse(made.f)
            best = min(best, time.perf_counter() - start)
        return best

    short, long = seconds(100), seconds(800)
    assert long < 8 * short * 2.5
    assert short < 0.1


def test_deep_calls_end():
    def wrap(f, k):
        return f if k == 0 else wrap(lambda t: f(t) + 1.0, k - 1)

    deep = wrap(lambda t: t, 100)
    with pytest.raises(SrcadError, match="nested"):
        parse(deep)
    assert run(wrap(lambda t: t, 20), (1.0,))(1.0) == 21.0
