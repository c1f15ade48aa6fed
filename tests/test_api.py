"""What users hold: how a gradient is made, called, shown, copied and shared, and how it refuses what is no argument."""

from __future__ import annotations

import copy
import inspect
import json
import math
import os
import pickle
import pydoc
import re
import subprocess
import sys
import traceback
import warnings
from collections import namedtuple
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from textwrap import dedent
from threading import Barrier

import cloudpickle
import numba
import numpy as np
import pytest

from srcad import Gradient, SrcadError, grad, hvp, value_and_grad
from tests.golden import module

ROOT = Path(__file__).resolve().parent.parent
Point = namedtuple("Point", "a b")
RATE = 0.5
TABLE = np.arange(20.0)
SMALL = np.array([1.0, 2.0])
LIMITS = (-math.inf, 1.0)


def weigh(w, x, *, rate=0.5, times=2):
    """The weight of x."""
    total = 0.0
    for _ in range(times):
        total += w * x * rate
    return total


@grad
def decorated(x):
    return x * x


@grad(wrt="w", fastmath=True)
def with_arguments(w, x):
    return w * w * x


@value_and_grad(wrt=(-1, "w"))
def with_value(w, x):
    return w * w * x


@numba.njit
def compiled(x):
    return x**3


weight = grad(weigh)

# ---------------------------------------------------------------------------------------------- making and calling


def test_every_way_to_make_one():
    assert decorated(3.0) == 6.0
    assert with_arguments(2.0, 3.0) == 12.0
    assert with_value(2.0, 3.0) == (12.0, (4.0, 12.0))
    assert grad(compiled)(2.0) == 12.0
    assert grad(lambda x: x * RATE)(2.0) == 0.5
    assert value_and_grad()(weigh)(2.0, 3.0) == (6.0, (3.0, 2.0, 12.0))
    assert [grad(closure(k))(2.0) for k in (2.0, 3.0)] == [2.0, 3.0]


def closure(k):
    def inner(x):
        return x * k

    return inner


def test_arguments_by_position_keyword_and_default():
    assert weight(2.0, 3.0) == (3.0, 2.0, 12.0)  # a default float is differentiated like one that is passed
    assert weight(2.0, 3.0, rate=0.5) == weight(x=3.0, w=2.0) == (3.0, 2.0, 12.0)
    assert weight(2.0, 3.0, times=3, rate=0.25) == (2.25, 1.5, 18.0)
    assert weight.interpreted(2.0, x=3.0, rate=0.25) == (1.5, 1.0, 12.0)
    assert grad(weigh, wrt=("x", 0))(2.0, 3.0) == (2.0, 3.0)


def test_the_primal_and_the_twin():
    assert weight.primal(2.0, 3.0) == weight.primal(2.0, x=3.0, times=2) == 6.0
    assert weight.value_and_grad(2.0, 3.0) == (6.0, (3.0, 2.0, 12.0))
    assert weight.primal is weight.primal
    assert weight.value_and_grad is weight.value_and_grad
    assert weight.value_and_grad.value_and_grad is weight.value_and_grad
    assert weight.value_and_grad.primal(2.0, 3.0) == 6.0
    assert with_arguments.value_and_grad(2.0, 3.0) == (12.0, 12.0)
    assert with_arguments.value_and_grad.options == {"fastmath": True}


def test_what_one_looks_like():
    assert isinstance(weight, Gradient)
    assert (weight.__name__, weight.__qualname__, weight.__module__) == ("weigh", "weigh", __name__)
    assert weight.__wrapped__ is weight.py_func is weigh
    assert inspect.signature(weight) == inspect.signature(weigh)
    assert [repr(g) for g in (weight, with_arguments, with_value, weight.primal, weight.value_and_grad)] == [
        "grad(weigh)", "grad(with_arguments, wrt=('w',))", "value_and_grad(with_value, wrt=('x', 'w'))",
        "grad(weigh).primal", "value_and_grad(weigh)",
    ]  # fmt: skip
    assert weight.__doc__ == "Gradient of weigh(w, x, rate, times) by every float argument.\n\nThe weight of x."
    assert with_value.__doc__ == "Value and gradient of with_value(w, x) by x, w."
    assert weight.primal.__doc__ == "The weight of x."
    shown = pydoc.plain(pydoc.render_doc(weight))
    assert "weigh(w, x, *, rate=0.5, times=2)" in shown
    assert "CPUDispatcher" not in shown


def test_methods():
    class Model:
        @grad(wrt="x")
        def loss(self, x):
            return x * x

        static = staticmethod(decorated)

    assert Model.static(3.0) == Model().static(3.0) == 6.0
    with pytest.raises(TypeError, match="loss: the argument 'self' is a Model"):
        Model().loss(3.0)


@pytest.mark.parametrize(
    ("wrt", "error", "said"),
    [
        ("z", ValueError, "wrt='z' names no argument: weigh has the arguments w, x, rate, times"),
        (4, ValueError, "wrt=4 is no argument's position"),
        (-5, ValueError, "wrt=-5 is no argument's position"),
        ((), ValueError, r"wrt=\(\) names no argument"),
        (("w", 0), ValueError, r"wrt=\('w', 0\) names an argument twice"),
        (1.5, TypeError, "wrt takes names or positions of arguments, not 1.5"),
        (True, TypeError, "not True"),
        (np.array([0, 1]), TypeError, "not array"),
    ],
)
def test_a_wrong_wrt(wrt, error, said):
    with pytest.raises(error, match=said):
        grad(weigh, wrt=wrt)


@pytest.mark.parametrize(
    ("make", "error", "said"),
    [
        (lambda: grad(3), TypeError, "grad takes a function, not 3"),
        (lambda: value_and_grad("w"), TypeError, "value_and_grad takes a function, not 'w'; name the"),
        (lambda: grad(weigh, fast=True), TypeError, "grad has no option 'fast': it takes error_model, fastmath"),
        (lambda: grad(wrt="x", fast=True), TypeError, "grad has no option 'fast'"),
        (lambda: grad(weigh, error_model="c"), ValueError, "takes error_model=.numpy. or .*, not 'c'"),
        (lambda: grad(weigh, fastmath={"bad"}), ValueError, "takes of the flags of fastmath afn, .*not {'bad'}"),
        (lambda: grad(weigh, fastmath="fast"), ValueError, "takes fastmath=True, .*a set of flags, .*, not 'fast'"),
        (lambda: value_and_grad(weigh, parallel=3), ValueError, "takes parallel=True or parallel=False, not 3"),
        (lambda: grad(math.sin), SrcadError, "sin is not a Python function"),
    ],
)
def test_what_is_no_function_to_differentiate(make, error, said):
    with pytest.raises(error, match=said):
        make()


# ---------------------------------------------------------------------------------------------- the text


def test_source_is_of_the_types_last_compiled():
    g = grad(lambda x: x[0] * x[1] if len(x) > 1 else x[0], cache=False)
    with pytest.raises(SrcadError):
        assert g.source  # float64 has no items
    g(SMALL)
    assert "x_bar[0] +=" in g.source
    assert g.source == g.inspect(SMALL) == g.inspect(numba.float64[::1])
    g((1.0, 2.0))
    assert "x_bar[0] +=" not in g.source


def test_source_before_any_call_is_of_the_defaults():
    def f(x, n=2, w=SMALL):
        for i in range(n):
            x = x * w[i]
        return x

    assert grad(f).source == grad(f).inspect(1.0, 2, SMALL) == grad(f).inspect(1.0)


def test_the_text_can_be_pasted_and_run():
    def f(p, x, low=LIMITS):
        return math.gamma(p.a) * SMALL[1] + max(x, LIMITS[0]) * p.b * RATE + math.sqrt(x)

    text = grad(f).inspect(Point(2.0, 3.0), 4.0)
    head, _, _ = text.partition("def f_grad")
    assert head == dedent("""\
        import math
        from collections import namedtuple
        import numpy as np
        from srcad.rules.special import digamma

        LIMITS = (-math.inf, 1.0)
        Point = namedtuple('Point', ('a', 'b'))
        RATE = 0.5
        SMALL = np.array([1.0, 2.0], dtype=np.float64)


        """)
    scope = {}
    exec(text, scope)
    assert scope["f_grad"](scope["Point"](2.0, 3.0), 4.0, LIMITS) == grad(f)(Point(2.0, 3.0), 4.0)
    assert grad(f).inspect(Point(2.0, 3.0), 4.0) == text


def test_large_arrays_are_named_in_the_text():
    text = grad(lambda x: x * TABLE[3]).inspect(1.0)
    assert text.startswith("# TABLE: the array of 20 float64 that the function reads\n\n\ndef function_grad(x):\n")


def test_the_primal_reads_what_it_adds_before_it_writes_as_numpy_does():
    def f(x):
        y = x.copy()
        y[1:] += y[:-1]
        y *= y[::-1]
        return np.sum(y * x)

    x = np.arange(1.0, 6.0)
    assert grad(f).primal(x) == f(x)


def test_the_primals_text():
    assert "def weigh_primal(w, x, rate, times):" in weight.primal.inspect(2.0, 3.0)


# ---------------------------------------------------------------------------------------------- from compiled code


def test_inside_compiled_code():
    primal, twin = weight.primal, weight.value_and_grad

    @numba.njit
    def both(w):
        return weight(w, 3.0), weight(w, 3.0, times=3), primal(w, x=3.0), twin(w, 3.0, rate=0.5)

    assert both(2.0) == ((3.0, 2.0, 12.0), (4.5, 3.0, 18.0), 6.0, (6.0, (3.0, 2.0, 12.0)))


def test_inside_a_parallel_loop():
    @numba.njit(parallel=True)
    def every(xs):
        out = np.empty_like(xs)
        for i in numba.prange(xs.size):
            out[i] = decorated(xs[i])
        return out

    assert every(TABLE).tolist() == (2.0 * TABLE).tolist()


def test_errors_inside_compiled_code():
    @numba.njit
    def wrong(n):
        return decorated(n)

    with pytest.raises(TypeError, match=r"decorated has no float argument to differentiate \(x: an int\)"):
        wrong(3)


# ---------------------------------------------------------------------------------------------- options


def inverse(x, i):
    return 1.0 / x[i]


def test_options_pass_through():
    plain, python = grad(inverse), grad(inverse, error_model="python", boundscheck=True)
    assert plain(np.zeros(2), 0).tolist() == [-math.inf, 0.0]
    with pytest.raises(ZeroDivisionError):
        python(np.zeros(2), 0)
    with pytest.raises(IndexError):
        python(np.zeros(2), 2)
    with pytest.raises(IndexError):
        python.primal(np.zeros(2), 2)
    assert python.targetoptions["nogil"]
    assert with_arguments.targetoptions["fastmath"] is True


def test_parallel_in_vain_is_said():
    g = grad(lambda x: math.sin(x), parallel=True, cache=False)
    with pytest.warns(UserWarning, match="parallel=True has no effect on grad") as seen:
        assert g(0.0) == 1.0
    assert [w.filename for w in seen] == [__file__]


# ---------------------------------------------------------------------------------------------- threads


def test_first_calls_from_many_threads():
    gradients = [grad(f) for f in (lambda x: x * x * x, lambda x: math.cos(x), lambda x: 2.0 * x)]
    gate = Barrier(6)

    def work(k):
        gate.wait(timeout=60)
        g = gradients[k % 3]
        return g(1.5), g.value_and_grad(1.5), g.primal(1.5), len(g.inspect(1.5)), id(g.primal)

    with ThreadPoolExecutor(6) as pool:
        found = list(pool.map(work, range(6)))
    assert found[:3] == found[3:]
    assert [f[0] for f in found[:3]] == [6.75, -math.sin(1.5), 2.0]
    assert [sum(g.stats.cache_misses.values()) for g in gradients] == [1, 1, 1]


def test_the_lock_is_released():
    """Another thread runs while a long call does."""
    long = grad(slow)
    long(0.5, 1)
    with ThreadPoolExecutor(2) as pool:
        ticks = 0
        running = pool.submit(long, 0.5, 3_000_000)
        while not running.done():
            ticks += 1
        assert running.result() is not None
    assert ticks > 100


def slow(x, n):
    for _ in range(n):
        x = math.sin(x) * 0.5
    return x


# ---------------------------------------------------------------------------------------------- copies


def test_copies_are_the_gradient_itself():
    for g in (decorated, weight, weight.primal, with_value, grad(lambda x: x * x)):
        assert copy.copy(g) is g
        assert copy.deepcopy([g])[0] is g
        for library in (pickle, cloudpickle):
            assert library.loads(library.dumps(g)) is g


def test_a_modules_own_gradients_are_pickled_by_name():
    assert len(pickle.dumps(decorated)) < 100
    assert pickle.loads(pickle.dumps(weight.primal)) is weight.primal


MAIN = """
    import json, math, pickle, sys
    import cloudpickle, numba
    import numpy as np
    from collections import namedtuple
    from srcad import grad, value_and_grad
    import library
    K = 3.0
    Pair = namedtuple("Pair", "a b")
    def square(x):
        return x * x * K
    @numba.njit
    def cube(x):
        return x * x * x
    @grad
    def both(x):
        return square(x) + cube(x) + library.helper(x)
    def make(c):
        table = np.array([1.0, 2.0])
        return grad(lambda x, k=2.0: c * square(x) + table[1] * x * k)
    @grad
    def itself(x):
        return x if x < 0.0 else itself(x)
    held = {
        "both": both, "primal": both.primal, "twin": both.value_and_grad, "closure": make(1.5),
        "library": library.df, "options": value_and_grad(square, fastmath=True, wrt=0),
        "pair": grad(lambda p: p.a * p.b), "njit": grad(cube),
    }
    arguments = {name: (Pair(1.25, 2.0) if name == "pair" else 1.25,) for name in held}
    made = {name: [repr(g(*arguments[name])), g.source] for name, g in held.items()}
    kept = [{name: module.dumps((g, arguments[name])) for name, g in held.items()} for module in (cloudpickle,)]
    del arguments["pair"], held["pair"]
    kept += [{name: pickle.dumps((g, arguments[name])) for name, g in held.items()}]
    pickle.loads(pickle.dumps(itself))  # refers to itself
    with open("kept", "wb") as file:
        pickle.dump((kept, made), file)
    print(json.dumps(True))
"""
OTHER = """
    import json, pickle
    def square(x):
        return 0.0
    with open("kept", "rb") as file:
        kept, made = pickle.load(file)
    for stored in kept:
        for name, content in stored.items():
            g, arguments = pickle.loads(content)
            assert [repr(g(*arguments)), g.source] == made[name], name
            again, _ = pickle.loads(pickle.dumps((g, None)))
            assert again is g
    print(json.dumps(True))
"""


def test_a_process_that_lacks_the_source(tmp_path):
    """Made in a program's own module, unpickled where that file is gone, or says something else."""
    (tmp_path / "library.py").write_text(
        "from srcad import grad\ndef helper(x): return 2.0 * x\ndef f(x): return helper(x) * x\ndf = grad(f)\n"
    )
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    for text, name in ((MAIN, "main.py"), (OTHER, "other.py"), (OTHER, "main.py")):
        (tmp_path / "main.py").unlink(missing_ok=True)
        (tmp_path / name).write_text(dedent(text))
        command = [sys.executable, name]
        done = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, timeout=120)
        assert done.returncode == 0, done.stderr
        assert json.loads(done.stdout)


# ---------------------------------------------------------------------------------------------- what is refused


def told(g, *arguments, **keywords) -> str:
    """The error of a call as Python shows it, without what happened inside."""
    with pytest.raises((TypeError, ValueError, SrcadError)) as error:
        g(*arguments, **keywords)
    raised = error.value
    assert raised.__cause__ is None
    assert raised.__context__ is None
    assert len(traceback.extract_tb(raised.__traceback__)) <= 4
    shown = "".join(traceback.format_exception(raised))
    assert not re.search(r"numba|nopython|TypingError", shown), shown
    return "".join(traceback.format_exception_only(raised)).strip()


norm = grad(lambda x: x.sum())


def first(x):
    return x


@pytest.mark.parametrize(
    ("argument", "said"),
    [
        ([1.0, 2.0], "first: the argument 'x' is a list; pass an array, np.array(x)"),
        ({}, "first: the argument 'x' is a dict; srcad takes numbers, arrays of numbers, tuples and"),
        (object(), "first: the argument 'x' is an object; srcad takes"),
        (range(3), "first: the argument 'x' is a range; srcad takes"),
        (1 + 2j, "first: the argument 'x' is a complex number; pass its real and imaginary parts"),
        (np.ones(2) * 1j, "first: the argument 'x' is an array of complex128 with 1 dimension; pass its real"),
        (np.array([1, "a"], dtype=object), "first: the argument 'x' is an array of objects with 1 dimension; pass"),
        (np.ones(2, ">f8"), "first: the argument 'x' is an array of >f8; pass an array of floats, such as"),
        (np.float16(1.0), "first: the argument 'x' is a float16; pass float64 or float32"),
        (np.ma.array([1.0]), "first: the argument 'x' is a MaskedArray; pass an array, np.asarray(x)"),
        (np.ones(2, "M8[s]"), "first: the argument 'x' is an array of datetime64[s] with 1 dimension; srcad takes"),
        ((1.0, [2.0]), "first: the argument 'x[1]' is a list; pass an array, np.array(x[1])"),
        ((1.0, None, ({},)), "first: the argument 'x[2][0]' is a dict; srcad takes numbers"),
        (np.longdouble(1.0), "first: the argument 'x' is a longdouble; pass float(x)"),
        (np.array(["a"]), "first: the argument 'x' is an array of strings with 1 dimension; srcad takes"),
        (numba.typed.List([1.0]), "first: the argument 'x' is a list; pass an array, np.array(x)"),
        (decorated, "first: the argument 'x' is a function; srcad takes"),
        (3, "first has no float argument to differentiate (x: an int); pass a float, like 2.0 for 2"),
        ("a", "first has no float argument to differentiate (x: a string); pass a float, like 2.0 for 2"),
        (None, "first has no float argument to differentiate (x: None); pass a float, like 2.0 for 2"),
        (True, "first has no float argument to differentiate (x: a bool); pass a float"),
        (np.arange(3), "first has no float argument to differentiate (x: an array of int64 with 1 dimension); pass"),
    ],
    ids=lambda a: type(a).__name__ if not isinstance(a, str) else None,
)
def test_arguments_that_no_gradient_takes(argument, said):
    g = grad(first)
    assert told(g, argument).startswith(f"TypeError: {said}")
    assert told(g.inspect, argument).startswith(f"TypeError: {said}")
    assert told(g.interpreted, argument).startswith(f"TypeError: {said}")


def weighed(v, w=None):
    if w is None:
        w = v * 2.0
    return (w * v).sum()


def test_a_default_that_is_none_stands_for_another_type():
    v = np.array([1.0, 2.0])
    np.testing.assert_array_equal(grad(weighed).interpreted(v), 4.0 * v)
    of_v, of_w = grad(weighed).interpreted(v, 0.5)
    np.testing.assert_array_equal(of_v, [0.5, 0.5])
    assert of_w == 3.0


def test_ints_where_floats_are_needed():
    g = grad(weigh, wrt=("w", "times"))
    assert told(g, 2.0, 3.0) == "TypeError: weigh can't be differentiated by 'times', which is the default 2; " + (
        "pass a float, like 2.0 for 2"
    )
    assert told(g, 2, 3.0).startswith("TypeError: weigh can't be differentiated by 'w', which is an int; pass a float")
    assert told(grad(first, wrt="x"), np.arange(3)) == (
        "TypeError: first can't be differentiated by 'x', which is an array of int64 with 1 dimension; "
        "pass an array of floats, such as x.astype(float)"
    )
    assert told(grad(lambda: 1.0)) == (
        "TypeError: <lambda> has no float argument to differentiate (it takes none); pass a float, like 2.0 for 2"
    )


def test_the_wrong_number_of_arguments():
    assert told(weight) == "TypeError: weigh() missing 2 required positional arguments: 'w' and 'x'"
    assert told(weight, 1.0) == "TypeError: weigh() missing 1 required positional argument: 'x'"
    assert told(weight, x=1.0) == "TypeError: weigh() missing 1 required positional argument: 'w'"
    assert told(weight.primal, 1.0) == "TypeError: weigh() missing 1 required positional argument: 'x'"
    assert told(weight.interpreted, 1.0) == "TypeError: weigh() missing a required argument: 'x'"
    assert told(grad(keyword_only), 1.0) == "TypeError: keyword_only() missing 1 required keyword-only argument: 'c'"
    assert grad(keyword_only)(2.0, c=3.0) == (15.0, 6.0, 10.0)
    assert told(weight, 1.0, 2.0, 3.0, 4, 5) == "TypeError: too many arguments: expected 4, got 5"
    assert told(weight, 1.0, 2.0, z=4) == "TypeError: some keyword arguments unexpected"


def keyword_only(a, *, b=5.0, c):
    return a * b * c


@pytest.mark.parametrize(
    ("f", "said"),
    [
        (lambda x: None, "<lambda> returns nothing, so there is nothing to differentiate\nwrite instead: return a"),
        (lambda x: 1, "<lambda> returns an int, which has no derivative\nwrite instead: return a float"),
        (lambda x: x > 0.0, "<lambda> returns a bool, which has no derivative\nwrite instead: return a float"),
        (lambda x: "a", "<lambda> returns a string, which grad can't differentiate\nwrite instead: return a float"),
        (lambda x: (x, x), "<lambda> returns a tuple, and grad differentiates one float\nwrite instead: vjp(f)(args"),
        (lambda x: np.ones(2) * x, "<lambda> returns an array of float64 with 1 dimension, and grad differentiates"),
    ],
)
def test_results_that_are_no_float(f, said):
    shown = told(grad(f), 1.0)
    assert f"srcad.errors.SrcadError: {said}" in shown
    assert f'File "{__file__}", line ' in shown


def test_the_users_own_type_errors():
    for g in (grad(lambda x: x + "a"), grad(lambda x: x + "a").primal, grad(lambda x: x + "a").interpreted):
        assert 'srcad.errors.SrcadError: float64 + a string can\'t be computed' in told(g, 1.0)


def test_a_defect_is_called_one(monkeypatch):
    from srcad import pipeline
    from srcad.generated import Generated, Printed

    wrong = Generated("wrong", (Printed("wrong", "def wrong(x):\n    return x.no_such_thing\n"),), {})
    monkeypatch.setattr(pipeline, "differentiate", lambda *_: wrong)
    shown = told(grad(first, cache=False), 1.0)
    assert "srcad failed on first, which is a defect of srcad (Numba can't compile what srcad wrote)" in shown
    assert "    def first(x):\n" in shown

    def broken(*_):
        raise KeyError("%1")

    monkeypatch.setattr(pipeline, "differentiate", broken)
    shown = told(grad(first, cache=False), 1.0)
    assert "srcad failed on first, which is a defect of srcad (KeyError: '%1')" in shown
    monkeypatch.setenv("SRCAD_DEBUG", "1")
    with pytest.raises(SrcadError) as error:
        grad(first, cache=False)(1.0)
    assert isinstance(error.value.__cause__, KeyError)


def halved(x, y):
    for i in range(x.size):
        y[i] = x[i] * 0.5
    return y.sum()


def test_aliased_arguments_that_are_written_to():
    g, a = grad(halved), np.ones(4)
    said = "ValueError: y and x share memory and the function writes to y: pass a copy of one of them"
    assert told(g, a, a) == told(g, a, a[::-1]) == told(g.interpreted, a, a) == said
    assert [part.tolist() for part in g(a[:2], a[2:])] == [[0.5, 0.5], [0.0, 0.0]]
    assert a.tolist() == [1.0] * 4


def recursive(x, n):
    return x if n < 0 else x * recursive(x, n + 1)


def endless(x):
    return x * endless(x)


def test_recursion_without_end():
    """Compiled code has no guard of its stack, as Numba's has none: only what can be seen beforehand is refused."""
    assert "the recursion has no branch that ends it" in told(grad(endless), 1.0)
    with pytest.raises(RecursionError):
        grad(recursive, wrt="x").interpreted(1.0, 1)


def test_more_memory_than_there_is():
    g = grad(slow)
    with pytest.raises(MemoryError):
        g(0.5, 10**14)


def squares(x):
    total = 0.0
    for i in range(x.shape[0]):
        total += x[i] * x[i]
    return total


def test_odd_arrays_are_taken():
    g = grad(squares)
    fixed = np.ones(2)
    fixed.flags.writeable = False
    unaligned = np.frombuffer(b"\0" + np.ones(2).tobytes(), np.float64, offset=1)
    for x in (fixed, np.ones(4)[::2], np.ones(4)[::-2], np.ones(2, np.float32), unaligned):
        found = g(x)
        assert found.tolist() == [2.0, 2.0]
        assert found.dtype == x.dtype
    assert g(np.empty(0)).tolist() == []
    assert repr(g(np.array([math.nan, 1.0])).tolist()) == "[nan, 2.0]"
    assert g(np.ones((2, 2), order="F")[:, 0]).tolist() == [2.0, 2.0]


def refused(x, n):
    if n > 3:
        raise ValueError("n is too large")  # refused: here
    return x * n


def counted_down(x, n):
    if n == 1:
        raise ValueError("one")  # counted_down: here
    return x if n <= 0 else counted_down(x, n - 1) * x


def calls_refused(x, n):
    return refused(x, n) * x


@pytest.mark.parametrize("f", [refused, counted_down, calls_refused])
@pytest.mark.parametrize(
    "make",
    [grad, lambda f: grad(f).primal, lambda f: lambda *args: hvp(f, wrt="x")(args, 1.0)],
    ids=["grad", "primal", "hvp"],
)
def test_what_compiled_code_raises_points_at_the_users_line(f, make):
    with pytest.raises(ValueError, match=r"n is too large|one") as caught:
        make(f)(2.0, 5)
    last = traceback.extract_tb(caught.value.__traceback__)[-1]
    marks = {line: k for k, line in enumerate(Path(__file__).read_text().splitlines(), 1) if line.endswith(": here")}
    name = "counted_down" if f is counted_down else "refused"
    assert (last.filename, last.lineno) == (__file__, next(k for t, k in marks.items() if f"# {name}:" in t))
    assert "<srcad" not in "".join(traceback.format_exception(caught.value))


def test_a_helper_of_another_file_raises_in_the_function_that_calls_it(tmp_path):
    text = "def far(x):\n    if x > 1.0:\n        raise ValueError('far')\n    return x\n"
    far = module(f"{500 * chr(10)}{text}", tmp_path, "far_away").far

    def near(x):
        return far(x) * x

    with pytest.raises(ValueError, match="far") as caught:
        grad(near)(2.0)
    last = traceback.extract_tb(caught.value.__traceback__)[-1]
    assert (last.filename, last.line) == (__file__, "def near(x):")


def test_numbas_advice_on_performance_is_not_shown() -> None:
    """It speaks of generated lines, and where warnings are errors it would end the compilation."""

    def f(a, x):
        return (a @ x[::2]) @ a[:, 0]

    a, x = np.arange(4.0).reshape(2, 2), np.arange(4.0)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        g = grad(f, wrt="x", cache=False)
        assert g.interpreted(a, x).tolist() == g(a, x).tolist() == [4.0, 0.0, 6.0, 0.0]
