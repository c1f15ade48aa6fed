"""From a function to its text: every way to write one, and every way not to have one."""

from __future__ import annotations

import ast
import linecache
import math
import operator
import pickle
import traceback

import numpy as np
import pytest
from numba import njit

from srcad.errors import SrcadError
from srcad.source import read

from . import golden

TEXT = '''
import functools

def plain(x):
    return x * 1

def keep(f):
    return f

def wrap(f):
    @functools.wraps(f)
    def wrapper(x):
        return f(x) + 1
    return wrapper

@keep
@keep
def decorated(x):
    return x * 2

@wrap
def wrapped(x):
    return x * 3

def outer(k):
    def inner(x):
        return k * x * 4
    return inner

class C:
    def method(self, x):
        return x * 5
    @staticmethod
    def static(x):
        return x * 6
    nested = lambda x: x * 7

two = [lambda x: x * 8, lambda x: x * 9]; three = lambda x: lambda y: x + y * 10
inside = three(1)
long = (lambda x:
        x *
        11)
given = keep(lambda x, y=(lambda z: z * 12): x * 13)
same = (lambda x: x, lambda x: x)
if plain:
    def twice(x):
        return x * 14
else:
    def twice(x):
        return x * 15
é = lambda é: "é" and é * 16
async def waits(x):
    return x
'''


@pytest.fixture
def made(tmp_path):
    return golden.module(TEXT, tmp_path)


@pytest.mark.parametrize(
    ("get", "last"),
    [
        (lambda m: m.plain, 1),
        (lambda m: m.decorated, 2),
        (lambda m: m.outer(2.0), 4),
        (lambda m: m.C.method, 5),
        (lambda m: m.C.static, 6),
        (lambda m: m.C.nested, 7),
        (lambda m: m.two[0], 8),
        (lambda m: m.two[1], 9),
        (lambda m: m.inside, 10),
        (lambda m: m.long, 11),
        (lambda m: m.given.__defaults__[0], 12),
        (lambda m: m.given, 13),
        (lambda m: m.twice, 14),
        (lambda m: m.é, 16),
        (lambda m: njit(m.plain), 1),
    ],
)
def test_finds_the_function(made, get, last):
    source = read(get(made))
    body = source.node.body if isinstance(source.node, ast.Lambda) else source.node.body[-1]
    assert [n.value for n in ast.walk(body) if isinstance(n, ast.Constant) and isinstance(n.value, int)] == [last]
    assert source.globals is made.__dict__


def test_a_wrapper_is_the_function_that_runs(made):
    assert "f(x) + 1" in read(made.wrapped).text
    assert read(made.wrapped).closure["f"](2.0) == 6.0


def test_equal_lambdas_are_told_apart(made):
    first, second = (read(f).node.col_offset for f in made.same)
    assert first < second


def test_a_lambda_in_a_lambda(made):
    assert ast.unparse(read(made.three).node) == "lambda x: lambda y: x + y * 10"
    assert read(made.inside).closure == {"x": 1}


def test_columns_count_characters(made):
    source = read(made.é)
    at = source.at(source.node.body)
    assert at.text[at.column - 1 : at.end_column - 1] == "'é' and é * 16".replace("'", '"')


def test_a_notebook_cell():
    text = "k = 3\ndef cell(x):\n    return k * x\n"
    name = "<ipython-input-1-abc>"
    linecache.cache[name] = (len(text), None, text.splitlines(keepends=True), name)
    scope = {}
    exec(compile(text, name, "exec"), scope)
    assert read(scope["cell"]).file == name
    assert read(scope["cell"]).at(read(scope["cell"]).node).line == 2


def refusal(f) -> str:
    with pytest.raises(SrcadError) as error:
        read(f)
    assert pickle.loads(pickle.dumps(error.value)).reason == error.value.reason
    return "".join(traceback.format_exception_only(error.value))


@pytest.mark.parametrize(
    ("f", "shown"),
    [
        (math.sin, "sin"),
        (len, "len"),
        (np.sin, "sin"),
        (float, "float"),
        ([].append, "list.append"),
        (operator.itemgetter(0), "operator.itemgetter(0)"),
        (3.0, "3.0"),
    ],
)
def test_what_is_no_python_function(f, shown):
    assert refusal(f) == (
        f"srcad.errors.SrcadError: {shown} is not a Python function, so there is no source to differentiate\n"
        "write instead: a Python function (def or lambda) that calls it\n"
    )


def test_no_source():
    scope = {}
    exec("def f(x):\n    return x", scope)
    assert refusal(scope["f"]) == (
        "srcad.errors.SrcadError: the source of f can't be found (it is said to be in <string>, line 1)\n"
        "write instead: a function defined in a file or a notebook cell, not made by exec or typed at a bare prompt\n"
    )


def test_async(made):
    assert refusal(made.waits).endswith(
        "    async def waits(x):\n    ^^^^^^^^^^^^^^^^^^^\n"
        "srcad.errors.SrcadError: an async function has no derivative\nwrite instead: a plain 'def'\n"
    )


@pytest.mark.parametrize(
    ("before", "after"),
    [("x * 1", "x * 17"), ("x * 1", "x + 1"), ("x * 1", "y * 1"), ("return x * 1", "x * 1"), ("x * 1", "x.k * 1")],
)
def test_an_edited_file_is_refused(made, tmp_path, before, after):
    (tmp_path / "model.py").write_text(TEXT.replace(before, after, 1))
    linecache.checkcache()
    assert "edited after it was imported" in refusal(made.plain)


def test_an_edit_elsewhere_does_no_harm(made, tmp_path):
    (tmp_path / "model.py").write_text(TEXT.replace("x * 9", "x * 90"))
    linecache.checkcache()
    assert read(made.plain).text == "def plain(x):\n    return x * 1\n"


def test_lines_moved(made, tmp_path):
    (tmp_path / "model.py").write_text("# one line more\n" + TEXT)
    linecache.checkcache()
    assert "can't be found" in refusal(made.plain)


def test_a_bound_method_is_not_a_function(made):
    assert "C.method is a method of an object" in refusal(made.C().method)


def test_functions_with_asserts_in_rewritten_files():
    def f(x):
        assert x > 0
        return x

    assert read(f).node.name == "f"


def test_a_large_file_is_read_once(tmp_path):
    made = golden.module("".join(f"def f{k}(x):\n    return x * {k}\n" for k in range(2000)), tmp_path, "large")
    import time

    read(made.f0)
    start = time.perf_counter()
    for k in range(200):
        read(getattr(made, f"f{k}"))
    assert time.perf_counter() - start < 1.0
