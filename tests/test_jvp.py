"""Forward mode: every program of the corpus against the oracle, in a random direction; then its own conventions."""

from __future__ import annotations

import math
import pickle
import re
import subprocess
import sys
import tracemalloc
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier
from typing import Any, NamedTuple

import numba
import numpy as np
import pytest

import srcad
from srcad import SrcadError, grad, hvp, jvp, vjp

from .corpus import Case, all_cases, fresh, identifiers, sample
from .directions import along, direction, floats, generator, like, near, untouched
from .oracle import flatten, oracle_grad, oracle_jacobian
from .results import RESULTS, Model, Pair
from .test_corpus import plain_value

cloudpickle = pytest.importorskip("cloudpickle")

ALL = list(all_cases())
EVERY = 400  # one case in so many is compiled by default
RESULTS_EVERY = 16


def check(case: Case, got: Any, tangents: Any) -> None:
    value, tangent = got
    gradient, moving = floats(oracle_grad(case.f, case.args, case.wrt)[1]), floats(tangents)
    want = along(gradient, moving)
    if math.isfinite(want):
        scale = np.linalg.norm(gradient[moving != 0.0]) * np.linalg.norm(moving)
        assert abs(float(tangent) - want) <= case.tolerance * scale, (tangent, want)
    else:
        assert np.array_equal(float(tangent), want, equal_nan=True), (tangent, want)
    np.testing.assert_allclose(float(value), plain_value(case), rtol=case.tolerance, atol=0.0)


def test_interpreted(sampled_case: Case) -> None:
    case = sampled_case
    tangents = direction(case)
    args = tuple(fresh(a) for a in case.args)
    with np.errstate(all="ignore"):
        got = jvp(case.f, wrt=case.wrt).interpreted(args, tangents)
    check(case, got, tangents)
    assert untouched(case.args, args)


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    sample(metafunc, "compiled_case", ALL, EVERY)
    sample(metafunc, "compiled_result", RESULTS, RESULTS_EVERY)
    sample(metafunc, "sampled_case", ALL, 8)


def test_compiled(compiled_case: Case) -> None:
    case, tangents = compiled_case, direction(compiled_case)
    args = tuple(fresh(a) for a in case.args)
    check(case, jvp(case.f, wrt=case.wrt)(args, tangents), tangents)
    assert untouched(case.args, args)


# --- results of every structure --------------------------------------------------------------------------------------


def check_result(case: Case, got: Any, tangents: Any) -> None:
    value, tangent = got
    values, jacobian = oracle_jacobian(case.f, case.args, case.wrt)
    assert near(floats(value), values, case)
    assert near(floats(tangent), jacobian @ floats(tangents), case)
    assert structure(tangent) == structure(value)


def structure(x: Any) -> Any:
    """Types, shapes and precisions."""
    if isinstance(x, tuple):
        return (type(x).__name__, *(structure(v) for v in x))
    if isinstance(x, np.ndarray):
        return (str(x.dtype), x.shape)
    return "float" if isinstance(x, (float, np.floating)) else "no float"


@pytest.mark.parametrize("case", RESULTS, ids=identifiers(RESULTS))
def test_results(case: Case) -> None:
    tangents = direction(case)
    args = tuple(fresh(a) for a in case.args)
    check_result(case, jvp(case.f, wrt=case.wrt).interpreted(args, tangents), tangents)
    assert untouched(case.args, args)


def test_results_compiled(compiled_result: Case) -> None:
    case, tangents = compiled_result, direction(compiled_result)
    args = tuple(fresh(a) for a in case.args)
    check_result(case, jvp(case.f, wrt=case.wrt)(args, tangents), tangents)
    assert untouched(case.args, args)


@pytest.mark.parametrize("case", RESULTS, ids=identifiers(RESULTS))
def test_forward_is_reverse(case: Case) -> None:
    """<w, J v>, forward, is <w J, v>, reverse."""
    tangents = direction(case)
    value, tangent = jvp(case.f, wrt=case.wrt).interpreted(tuple(fresh(a) for a in case.args), tangents)
    weights = like(value, generator(case))
    _, gradients = vjp(case.f, wrt=case.wrt).interpreted(tuple(fresh(a) for a in case.args), weights)
    forward, reverse = floats(weights) @ floats(tangent), floats(gradients) @ floats(tangents)
    size = np.linalg.norm(floats(weights)) * np.linalg.norm(floats(tangent))
    assert abs(forward - reverse) <= 10.0 * case.tolerance * (size + abs(reverse))


# --- conventions -----------------------------------------------------------------------------------------------------


KINKS = [c for c in ALL if c.name.startswith("kinks.")]


@pytest.mark.parametrize("case", KINKS, ids=identifiers(KINKS))
def test_kinks_are_those_of_reverse_mode(case: Case) -> None:
    """In the direction of each input, the tangent is that entry of the gradient."""
    with np.errstate(all="ignore"):
        gradient = grad(case.f, wrt=case.wrt).interpreted(*(fresh(a) for a in case.args))
        f = jvp(case.f, wrt=case.wrt)
        moved = [f.interpreted(case.args, unit)[1] for unit in units(direction(case))]
    assert np.array_equal(np.array(moved, dtype=float), flatten(gradient), equal_nan=True)


def units(x: Any) -> list[Any]:
    """The unit vectors in the structure of `x`."""
    if not isinstance(x, tuple):
        flat = np.eye(np.size(x))
        return [float(e[0]) if np.ndim(x) == 0 else e.reshape(np.shape(x)) for e in flat]
    zeros = [v * 0.0 if not isinstance(v, tuple) else units_of_zero(v) for v in x]
    return [rebuilt(x, (*zeros[:k], u, *zeros[k + 1 :])) for k, v in enumerate(x) for u in units(v)]


def units_of_zero(x: tuple) -> tuple:
    return rebuilt(x, tuple(v * 0.0 if not isinstance(v, tuple) else units_of_zero(v) for v in x))


def rebuilt(like: tuple, items: tuple) -> tuple:
    return type(like)(*items) if hasattr(like, "_fields") else items


def long_loop(x, n):
    s = x
    for _ in range(n):
        s = math.sin(s) * 0.5 + x * s
    return s


def test_memory_does_not_grow_with_loops() -> None:
    f = jvp(long_loop)
    text = f.inspect((0.3, 5), 1.0)
    assert "np." not in text
    assert "saved" not in text
    f((0.3, 10), 1.0)
    used = []
    for n in (1_000, 1_000_000):
        tracemalloc.start()
        f((0.3, n), 1.0)
        used.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    assert used[1] < used[0] + 10_000


def test_the_source() -> None:
    def f(x1, x2):
        return x1 * x2 + math.sin(x2)

    assert jvp(f).source.endswith(
        """def f_jvp(args, tangents):
    x1 = args[0]
    x2 = args[1]
    x1_dot = tangents[0]
    x2_dot = tangents[1]
    # return x1 * x2 + math.sin(x2)
    a1_dot = x1_dot * x2 + x2_dot * x1
    a1 = x1 * x2
    a2_dot = x2_dot * math.cos(x2)
    a2 = math.sin(x2)
    a3_dot = a1_dot + a2_dot
    a3 = a1 + a2
    return a3, a3_dot
"""
    )


# --- arguments -------------------------------------------------------------------------------------------------------

V = np.array([0.5, -1.5, 2.0])
M = np.arange(6.0).reshape(2, 3)


def scaled(x, s=2.0):
    return x * s


def product(x, y, n=2):
    return x * y**n


def test_defaults() -> None:
    value, tangent = jvp(scaled)((V,), (V, 0.0))  # a default that is a float is an input too
    assert (value.tolist(), tangent.tolist()) == ((2.0 * V).tolist(), (2.0 * V).tolist())
    assert jvp(product)((2.0, 3.0), (1.0, 0.0)) == (18.0, 9.0)
    assert jvp(product)((2.0, 3.0, 1), (0.0, 1.0)) == (6.0, 2.0)


def test_wrt() -> None:
    assert jvp(product, wrt="y")((2.0, 3.0), 1.0) == (18.0, 12.0)
    assert jvp(product, wrt="y")((2.0, 3.0), (1.0,)) == (18.0, 12.0)
    assert jvp(product, wrt=("y", "x"))((2.0, 3.0), (0.0, 1.0)) == (18.0, 9.0)
    assert jvp(product, wrt=-2)((2.0, 3.0), 1) == (18.0, 12.0)


def test_keywords_and_both_spellings() -> None:
    f = jvp(product)
    assert f(args=(2.0, 3.0), tangents=(1.0, 0.0)) == f((2.0, 3.0), (1.0, 0.0))
    assert f(tangents=(1.0, 0.0), args=(2.0, 3.0)) == f((2.0, 3.0), (1.0, 0.0))


@pytest.mark.parametrize("of", [M, np.asfortranarray(M), np.arange(12.0).reshape(2, 6)[:, ::2], M[::-1]])
@pytest.mark.parametrize("tangent", [M, np.asfortranarray(M), np.arange(12.0).reshape(2, 6)[:, ::2], M[::-1]])
def test_tangents_of_another_layout(of: np.ndarray, tangent: np.ndarray) -> None:
    def f(x):
        return np.sin(x.T) * x[0, 1]

    value, moved = jvp(f).interpreted((of,), tangent)
    want = np.cos(of.T) * tangent.T * of[0, 1] + np.sin(of.T) * tangent[0, 1]
    np.testing.assert_allclose(moved, want, rtol=1e-14)
    np.testing.assert_array_equal(value, f(of))


def test_tangents_of_another_layout_compiled() -> None:
    def f(x):
        y = x.ravel()
        return y * x[0, 1]

    for of, tangent in ((M, np.asfortranarray(M)), (np.asfortranarray(M), M[::-1]), (M[:, ::2], M[:, 1:])):
        _, moved = jvp(f)((of,), tangent)
        np.testing.assert_array_equal(moved, tangent.ravel() * of[0, 1] + of.ravel() * tangent[0, 1])


def test_written_arguments_and_their_tangents_stay() -> None:
    def f(x, y):
        for i in range(len(x)):
            x[i] *= y[i]
            y[i] = x[0]
        return x, y

    for layout in (np.ascontiguousarray, lambda a: np.repeat(a, 2)[::2]):
        args, tangents = (layout(V), layout(V * 2.0)), (layout(V + 1.0), layout(V - 1.0))
        before = tuple(a.copy() for a in (*args, *tangents))
        for call in (jvp(f), jvp(f).interpreted):
            value, moved = call(args, tangents)
            assert all(np.array_equal(a, b) for a, b in zip(before, (*args, *tangents), strict=True))
            for a in (*value, *moved):
                a[:] = 7.0
            assert all(np.array_equal(a, b) for a, b in zip(before, (*args, *tangents), strict=True))


def test_read_only_arrays() -> None:
    x = V.copy()
    x.flags.writeable = False
    value, tangent = jvp(scaled, wrt="x")((x,), x)
    assert (value.tolist(), tangent.tolist()) == ((2.0 * V).tolist(), (2.0 * V).tolist())


def test_tangents_may_be_a_namedtuple_or_a_plain_one() -> None:
    def f(p):
        return p.x * p.y

    args = (Pair(V, V * 3.0),)
    first, *others = (jvp(f)(args, t)[1].tolist() for t in (Pair(V, V), (V, V), (Pair(V, V),), ((V, V),)))
    assert others == [first] * 3


def test_what_stands_where_an_integer_is_does_not_matter() -> None:
    def f(model):
        return model.bias * model.weights[0] * model.times

    first, *others = (jvp(f)((Model(V, 0.5, 3),), Model(V, 2.0, k))[1] for k in (0, 5, 1.5, None))  # type: ignore[arg-type]
    assert first == 3.0 * (2.0 * V[0] + 0.5 * V[0])
    assert others == [first] * 3


def test_single_precision() -> None:
    x = V.astype(np.float32)
    value, tangent = jvp(scaled, wrt="x")((x, np.float32(3.0)), x)
    assert (value.dtype, tangent.dtype) == (np.float32, np.float32)
    value, tangent = jvp(product)((np.float32(2.0), np.float32(3.0), 1), (1.0, 1))
    assert (value, tangent) == (6.0, 5.0)


# --- from compiled code ----------------------------------------------------------------------------------------------


def test_inside_compiled_code() -> None:
    forward, back, curve = jvp(product), vjp(product), hvp(product)

    @numba.njit
    def all_of(x):
        return forward((x, 3.0), (1.0, 0.0)), back((x, 3.0, 3), 2.0), curve((x, 3.0), (0.0, 1.0))

    assert all_of(2.0) == ((18.0, 9.0), (54.0, (54.0, 108.0)), (6.0, 4.0))


def test_inside_a_parallel_loop() -> None:
    forward = jvp(long_loop)

    @numba.njit(parallel=True)
    def every(xs):
        out = np.empty_like(xs)
        for i in numba.prange(xs.size):
            out[i] = forward((xs[i], 3), 1.0)[1]
        return out

    want = [oracle_grad(long_loop, (float(x), 3))[1] for x in V]
    np.testing.assert_allclose(every(V), want, rtol=1e-14)


def test_errors_inside_compiled_code() -> None:
    forward = jvp(scaled)

    @numba.njit
    def wrong(x):
        return forward((x, 2.0), (1.0, 1.0))

    with pytest.raises(TypeError, match=r"jvp\(scaled\): the tangent of x is a float, and x is an array of float64"):
        wrong(V)


# --- copies, threads, the cache --------------------------------------------------------------------------------------

MODULE_LEVEL = jvp(product)


def test_pickled() -> None:
    def local(x, y):
        return math.sin(x) * y

    assert pickle.loads(pickle.dumps(MODULE_LEVEL)) is MODULE_LEVEL
    for made in (jvp(local, wrt="y"), vjp(local), hvp(local), jvp(grad(local))):
        again = cloudpickle.loads(cloudpickle.dumps(made))
        assert repr(again) == repr(made)
        vector: Any = 1.0 if again.wrt == ("y",) or isinstance(again, type(vjp(local))) else (1.0, 0.5)
        assert again((0.3, 2.0), vector) == made((0.3, 2.0), vector)


def test_a_process_that_lacks_the_source(tmp_path: Path) -> None:
    def local(x, y):
        return math.sin(x) * y

    file = tmp_path / "made"
    file.write_bytes(cloudpickle.dumps([jvp(local), vjp(local), hvp(local)]))
    code = (
        "import sys, cloudpickle\n"
        "forward, back, curve = cloudpickle.load(open(sys.argv[1], 'rb'))\n"
        "print(forward((0.0, 2.0), (1.0, 0.0)), back((0.0, 2.0), 1.0), curve((0.0, 2.0), (0.0, 1.0)))\n"
    )
    run = subprocess.run([sys.executable, "-c", code, str(file)], capture_output=True, text=True, check=True)
    assert run.stdout == "(0.0, 2.0) (0.0, (2.0, 0.0)) (1.0, 0.0)\n"


def test_first_calls_from_many_threads() -> None:
    def cube(x):
        return x * x * x

    made = [jvp(cube), vjp(cube), hvp(cube)]
    gate = Barrier(6)

    def work(k: int) -> Any:
        gate.wait(timeout=60)
        return made[k % 3]((2.0,), 1.0)

    with ThreadPoolExecutor(6) as pool:
        found = list(pool.map(work, range(6)))
    assert found == 2 * [(8.0, 12.0), (8.0, 12.0), 12.0]


def test_code_is_found_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SRCAD_CACHE_DIR", str(tmp_path))

    def f(x, y):
        return math.sin(x) * y

    questions: list[Any] = [lambda: jvp(f), lambda: jvp(f, wrt="x"), lambda: vjp(f), lambda: hvp(f)]
    vectors: list[Any] = [(1.0, 0.5), 1.0, 2.0, (1.0, 0.5)]
    first = [make()((0.3, 2.0), v) for make, v in zip(questions, vectors, strict=True)]
    made = [make() for make in questions]
    again = [g((0.3, 2.0), v) for g, v in zip(made, vectors, strict=True)]
    assert again == first
    assert [sum(g.stats.cache_hits.values()) for g in made] == [1, 1, 1, 1]


def test_copies_and_what_one_looks_like() -> None:
    assert repr(jvp(product)) == "jvp(product)"
    assert repr(vjp(product, wrt="x")) == "vjp(product, wrt=('x',))"
    assert repr(hvp(product, wrt=(0, 1))) == "hvp(product, wrt=('x', 'y'))"
    assert jvp(product).__doc__ == (
        "Value and tangent (Jacobian times vector) of product(x, y, n) by every float argument."
    )


# --- errors, as whole texts ------------------------------------------------------------------------------------------


class Three(NamedTuple):
    a: float
    b: float
    c: float


def of_a_pair(p, n):
    return p.x[0] * p.y[1] * n


def sine(x, y):
    return x * math.sin(y)


def integers(n):
    return n


def an_integer(x):
    return 3


def nothing(x):
    pass


PASS = "; pass what {} is, with the tangents in it"
ARRAY = "an array of float64 with 1 dimension"
WRONG: list[tuple[Any, tuple[Any, ...], type[Exception], str]] = [
    (jvp(scaled), (V, V), TypeError,
     "jvp(scaled) takes the arguments of scaled as a tuple, (x, s), and an array of float64 was given"),
    (jvp(scaled), ((V, 2.0, 3.0), V), TypeError,
     "jvp(scaled) takes the arguments of scaled as a tuple, (x, s), and a tuple of 3 was given"),
    (jvp(scaled), ((), ()), TypeError,
     "jvp(scaled) takes the arguments of scaled as a tuple, (x, s), and a tuple of 0 was given"),
    (jvp(scaled), ((V, 2.0), V), TypeError,
     f"jvp(scaled) takes a tuple of 2 tangents, of x, s; {ARRAY} was given"),
    (jvp(scaled), ((V, 2.0), (V,)), TypeError,
     "jvp(scaled) takes a tuple of 2 tangents, of x, s; a tuple of 1 was given"),
    (jvp(scaled), ((V, 2.0), None), TypeError,
     "jvp(scaled) takes a tuple of 2 tangents, of x, s; None was given"),
    (jvp(scaled), ((V, 2.0), [V, 1.0]), TypeError,
     "jvp(scaled) takes floats, arrays of floats and tuples of them, not a list"),
    (jvp(scaled), ((V, 2.0), (V, V)), TypeError,
     f"jvp(scaled): the tangent of s is {ARRAY}, and s is a float" + PASS.format("s")),
    (jvp(scaled), ((V, 2.0), (1.0, 1.0)), TypeError,
     f"jvp(scaled): the tangent of x is a float, and x is {ARRAY}" + PASS.format("x")),
    (jvp(scaled), ((V, 2.0), (V.astype(int), 1.0)), TypeError,
     f"jvp(scaled): the tangent of x is an array of int64 with 1 dimension, and x is {ARRAY}" + PASS.format("x")),
    (jvp(scaled), ((V, 2.0), (V.astype(np.float32), 1.0)), TypeError,
     f"jvp(scaled): the tangent of x is an array of float32 with 1 dimension, and x is {ARRAY}" + PASS.format("x")),
    (jvp(scaled), ((V, 2.0), (V[None], 1.0)), TypeError,
     f"jvp(scaled): the tangent of x is an array of float64 with 2 dimensions, and x is {ARRAY}" + PASS.format("x")),
    (jvp(scaled), ((V, 2.0), (list(V), 1.0)), TypeError,
     f"jvp(scaled): the tangent of x is a list, and x is {ARRAY}" + PASS.format("x")),
    (jvp(scaled), ((V, 2.0), (V[:2], 1.0)), ValueError, "scaled: the tangent of x has another shape than x"),
    (jvp(sine), ((1.0, 2.0), (1.0, "a")), TypeError,
     "jvp(sine): the tangent of y is a string, and y is a float" + PASS.format("y")),
    (jvp(sine), ((1.0, 2.0), (1.0, 1j)), TypeError,
     "jvp(sine): the tangent of y is a complex number, and y is a float" + PASS.format("y")),
    (jvp(of_a_pair), ((Pair(V, V), 2), (V, 1.0)), TypeError,
     f"jvp(of_a_pair): the tangent of p.y is a float, and p.y is {ARRAY}" + PASS.format("p")),
    (jvp(of_a_pair), ((Pair(V, V), 2), ((V, V, V),)), TypeError,
     "jvp(of_a_pair): the tangent of p is a tuple of 3, and p is a tuple of 2" + PASS.format("p")),
    (jvp(of_a_pair), ((Pair(V, V), 2), (V, V[:2])), ValueError,
     "of_a_pair: the tangent of p.y has another shape than p.y"),
    (jvp(scaled), ((V.astype(int), 2), V), TypeError,
     "scaled has no float argument to differentiate (x: an array of int64 with 1 dimension, s: an int); pass a float, "
     "like 2.0 for 2"),
    (jvp(scaled, wrt="x"), ((V.astype(int), 2.0), V), TypeError,
     "scaled can't be differentiated by 'x', which is an array of int64 with 1 dimension; pass an array of floats, "
     "such as x.astype(float)"),
    (jvp(scaled), (([1.0], 2.0), V), TypeError, "scaled: the argument 'x' is a list; pass an array, np.array(x)"),
    (jvp(integers), ((1,), (1,)), TypeError,
     "integers has no float argument to differentiate (n: an int); pass a float, like 2.0 for 2"),
    (jvp(an_integer), ((1.0,), 1.0), SrcadError, "an_integer returns an int, which has no derivative"),
    (jvp(nothing), ((1.0,), 1.0), SrcadError, "nothing returns nothing, so there is nothing to differentiate"),
    (hvp(sine), ((1.0, 2.0), (V, 1.0)), TypeError,
     f"hvp(sine): the vector of x is {ARRAY}, and x is a float; pass what x is, with the vectors in it"),
    (hvp(sine), ((1.0, 2.0), 1.0), TypeError, "hvp(sine) takes a tuple of 2 vectors, of x, y; a float was given"),
    (hvp(of_a_pair), ((Pair(V, V), 2), (V, V[:2])), ValueError,
     "of_a_pair: the vector of p.y has another shape than p.y"),
]  # fmt: skip


@pytest.mark.parametrize(("made", "given", "error", "said"), WRONG, ids=range(len(WRONG)))
def test_wrong_arguments(made: Any, given: tuple[Any, ...], error: type[Exception], said: str) -> None:
    for call in (made.interpreted, made):
        with pytest.raises(error) as raised:
            call(*given)
        assert (raised.value.msg.splitlines()[0] if error is SrcadError else str(raised.value)) == said  # type: ignore[attr-defined]


def test_missing_arguments() -> None:
    with pytest.raises(TypeError, match=re.escape("jvp(sine) missing 1 required positional argument: 'tangents'")):
        jvp(sine)((1.0, 2.0))
    with pytest.raises(TypeError, match=re.escape("hvp(sine) missing 2 required positional arguments: 'args' and 've")):
        hvp(sine)()
    with pytest.raises(TypeError, match=re.escape("jvp(sine) missing a required argument: 'tangents'")):
        jvp(sine).interpreted((1.0, 2.0))


def test_shared_memory_is_refused_where_it_is_written_to() -> None:
    def f(x, y):
        x[0] = y[1]
        return x

    with pytest.raises(ValueError, match="x and y share memory and the function writes to x: pass a copy of one of"):
        jvp(f)((V, V), (V, V))


def test_options() -> None:
    def inverse(x):
        return 1.0 / x

    assert jvp(inverse)((0.0,), 1.0) == (math.inf, -math.inf)
    with pytest.raises(ZeroDivisionError):
        jvp(inverse, error_model="python")((0.0,), 1.0)
    with pytest.raises(TypeError, match="jvp has no option 'speed'"):
        srcad.jvp(inverse, speed=3)
