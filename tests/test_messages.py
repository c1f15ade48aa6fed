"""Messages about the user's code, as whole text: file, line, caret, reason, and what to write instead."""

from __future__ import annotations

import math
import re
import traceback

import numpy as np
import pytest
from numba import types

from srcad import grad, jvp
from srcad.errors import SrcadError
from srcad.parse import parse
from srcad.passes.ssa import webs
from srcad.types import infer

from . import golden

FILE = "messages.txt"
TYPES = {"float": types.float64, "int": types.int64, "array": types.float64[::1], "matrix": types.float64[:, ::1],
         "ints": types.int64[::1], "fixed": types.Array(types.float64, 1, "C", readonly=True),
         "complex": types.complex128, "object": types.pyobject, "str": types.unicode_type}  # fmt: skip


def message(text: str, arguments: tuple, folder) -> str:
    made = golden.module(text, folder)
    with pytest.raises(SrcadError) as error:
        program = parse(made.f)
        infer(webs(program.main), arguments, {"math": math, "np": np, **program.globals})
    return "".join(traceback.format_exception_only(error.value)).replace(str(folder), "")


@pytest.mark.parametrize("name", golden.entries(FILE))
def test_message(name, tmp_path):
    """An entry's name is its arguments' types, after what it shows."""
    imported = ("collections", "contextlib", "functools", "math", "numpy as np")
    text = "".join(f"import {module}\n" for module in imported) + golden.entries(FILE)[name][0][1]
    found = message(text, tuple(TYPES[t] for t in name.partition(":")[2].split()), tmp_path)
    assert not re.search(r"[%$]\d|<srcad|Numba internals|typing|NoneType", found)
    golden.check(FILE, name, {"": found.rstrip("\n")})


def test_a_message_survives_pickling():
    import pickle

    try:
        parse(lambda x: {x: 1})
    except SrcadError as error:
        again = pickle.loads(pickle.dumps(error))
        assert traceback.format_exception_only(again) == traceback.format_exception_only(error)
        assert (again.reason, again.location, again.instead) == (error.reason, error.location, error.instead)


M = np.ones((2, 3))

def three_indices(m):
    s = 0.0
    for i, j, k in np.ndindex(m.shape):
        s += m[i, j] * k
    return s


def one_index(m):
    s = 0.0
    for (i,), v in np.ndenumerate(m):
        s += v * i
    return s


def in_a_tuple(x):
    best = None
    for v in x:
        best = v
    pair = (best, x[0])
    return pair[0]


def in_a_list(x):
    best = None
    for v in x:
        best = v
    found = [x[0]]
    found.append(best)
    return found[1]


def none_returned(x):
    best = None
    for v in x:
        if v > 1.0:
            best = v
    return best


@pytest.mark.parametrize("f", [in_a_tuple, in_a_list])
def test_what_may_be_none_in_a_tuple_or_a_list(f):
    for transform in (grad(f).interpreted, grad(f).inspect):
        with pytest.raises(SrcadError, match="None and something else can't be items of one tuple or list"):
            transform(np.ones(3))


def into_ints(d, x, n):
    d[n] = x
    return d[0] * x if n == 0 else into_ints(d, x, n - 1)


def recursive_into_ints(x, n):
    return into_ints([0] * (n + 1), x, n)


def test_a_list_of_ints_that_a_recursive_function_puts_floats_into():
    with pytest.raises(SrcadError, match="a float is put into a list of ints\nwrite instead: floats from the start"):
        grad(recursive_into_ints).interpreted(1.5, 2)


def test_none_returned():
    g = grad(none_returned)
    np.testing.assert_array_equal(g(np.array([1.0, 2.0])), [0.0, 1.0])
    for call in (g, g.interpreted):
        with pytest.raises(TypeError, match="none_returned returns None, which has no derivative"):
            call(np.ones(3))


def _first_above(v, limit):
    for x in v:
        if x > limit:
            return x


def no_value_of_a_helper(x):
    found = _first_above(x, 1.0)
    return 0.0 if found is None else found


def _countdown(x, n):
    if n == 0:
        return None
    rest = _countdown(x * x, n - 1)
    return x if rest is None else x * rest


def none_of_a_recursive_function(x):
    return _countdown(x[0], 3)


@pytest.mark.parametrize(
    ("f", "instead"),
    [
        (no_value_of_a_helper, "return a value, or None, or raise, on every path"),
        (none_of_a_recursive_function, "return a value, or raise, on every path"),
    ],
)
def test_a_function_that_may_end_without_a_value(f, instead):
    with pytest.raises(SrcadError, match="the function may end here without a value") as error:
        grad(f).inspect(np.ones(3))
    assert error.value.instead == instead


def reversed_in_place(m):
    m.reverse()
    return m[0, 0]


def sorted_by_a_key(m):
    m.sort(key=abs)
    return m[0, 0]


def read_in_the_first_round(m):
    for i in range(len(m)):
        last = m[i, 0] * step  # noqa: F821
        step = last
    return step


NO_VECTOR = [
    (lambda m: max(m[0, 0]), "max of one number has no value"),
    (reversed_in_place, "only a list has this method"),
    (sorted_by_a_key, "an array is sorted without key= and reverse="),
    (lambda m: np.sort(m[0], axis=1).sum(), "a vector has no such axis"),
    (lambda m: np.sum(m[0], axis=1), "a 1-d array has no axis 1"),
    (lambda m: np.sum(m.sum(axis=2)), "a 2-d array has no axis 2"),
    (lambda m: np.sum(np.abs(np.fft.rfft(m[0]))), "np.fft.rfft is a transform of complex numbers"),
    (read_in_the_first_round, "'step' may be read before it is assigned"),
    (lambda m: np.linalg.norm(m, 3), "such a norm of a matrix can't be read"),
    (lambda m: np.sum(m[None, :, np.array([1, 0])]), "an array and a new axis in one index can't be read"),
    (lambda m: np.partition(m, 1).sum(), "np.partition of a matrix can't be read"),
    (lambda m: np.partition(m, 1).sum() if m[0, 0] > 0.0 else 1.0, "np.partition of a matrix can't be read"),
    (lambda m: np.add.outer(m[0], m).sum(), "the outer method is read of two vectors alone"),
    (lambda m: np.cross(m[:, :, None], m).sum(), "np.cross is read of vectors and of rows"),
    (lambda m: np.squeeze(m).sum(), "squeeze without an axis leaves dimensions that nobody counted"),
    (lambda m: np.einsum("ijk->", m), "ijk are not the axes of this array"),
    (lambda m: np.linalg.norm(m, 2, axis=(0, 1)), "norms of matrices along axes can't be read"),
    (lambda m: np.tensordot(m, m, axes=3), "np.tensordot of such arrays can't be read"),
    (lambda m: np.expand_dims(m, 5).sum(), "np.expand_dims along such an axis can't be read"),
    (lambda m: m[0, 1, ...] * 2.0, "... makes an array without dimensions here"),
    (lambda m: m[None, 0, 1].sum(), "a new axis of a single element can't be read"),
    (three_indices, "the array has not 3 dimensions, as there are indices"),
    (one_index, "the array has not 1 dimension, as there are indices"),
]


@pytest.mark.parametrize(("f", "reason"), NO_VECTOR, ids=[reason for _, reason in NO_VECTOR])
@pytest.mark.parametrize("transform", [grad, jvp])
def test_what_the_number_of_dimensions_refuses(f, reason, transform):
    with pytest.raises(SrcadError) as error:
        transform(f).inspect(M) if transform is grad else jvp(f).inspect((M,), (M,))
    assert error.value.reason == reason
    assert error.value.instead
    assert error.value.location.file == __file__


def test_what_the_number_of_dimensions_rules_out_is_not_refused():
    def f(m):
        return np.partition(m[0], 1)[0] if m.ndim == 3 else m[0, 1] ** 2

    assert grad(f).interpreted(M)[0, 1] == 2.0


def test_an_error_of_the_users_own_stays_one():
    def f(m):
        if m.ndim == 2:
            raise NotImplementedError("matrices", "vectors")
        return m[0] * 2.0

    assert list(grad(f).interpreted(M[0])) == [2.0, 0.0, 0.0]
    grad(lambda m: f(m[0]) if m[0, 0] > 0.0 else 1.0).inspect(M)


def three_of_two(pair):
    a, b, c = pair
    return a * b * c


def test_a_function_that_always_raises():
    with pytest.raises(SrcadError, match="three_of_two never returns: this raises ValueError: 3 items are needed") as e:
        grad(three_of_two).inspect((1.0, 2.0))
    assert e.value.location.text.strip() == "a, b, c = pair"
