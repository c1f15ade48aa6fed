"""The `srcad` command: what it prints, where, and with which exit status."""

from __future__ import annotations

import subprocess
import sys
import textwrap

import numba
import numpy as np
import pytest

from srcad import cli, demos

MODEL = '''
import math
import numba
from math import sin
from srcad import grad

BASE = 2.0

def f(x1, x2):
    return x1 * x2 + sin(x2)

def power(x, n: int, shift=1.0):
    p = shift
    for _ in range(n):
        p *= x
    return p

def total(v):
    s = 0.0
    for i in range(len(v)):
        s += v[i] * v[i]
    return s

@numba.njit
def compiled(x):
    return math.exp(x)

@grad
def decorated(x):
    return x * x

class Model:
    @staticmethod
    def loss(w):
        return w * w

def logged(x):
    with open("log") as log:
        log.write("x")
    return x
'''


@pytest.fixture
def model(tmp_path, monkeypatch):
    """A folder with model.py, made the working directory."""
    (tmp_path / "model.py").write_text(MODEL)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "path", list(sys.path))
    known = set(sys.modules)
    yield tmp_path
    for name in set(sys.modules) - known:
        if getattr(sys.modules[name], "__file__", None) and str(tmp_path) in str(sys.modules[name].__file__):
            del sys.modules[name]


@pytest.fixture
def run(capsys):
    """Run the command in this process: (exit status, standard output, standard error)."""

    def run(*argv: str) -> tuple[int, str, str]:
        status = cli.main(argv)
        return (status, *capsys.readouterr())

    return run


# show


def test_show_prints_an_adjoint_that_is_python(model, run):
    status, out, err = run("show", "model.py:f")
    assert (status, err) == (0, "")
    assert "x2_bar" in out
    compile(out, "adjoint", "exec")


@pytest.mark.parametrize("target", ["f", "compiled", "decorated", "Model.loss", "power"])
def test_show_takes_every_kind_of_function(model, run, target):
    status, out, err = run("show", f"model.py:{target}")
    assert (status, err) == (0, "")
    assert "_bar" in out


@pytest.mark.parametrize("argument", ["float64[:]", "float32[::1]", "[1.0, 2.0]"])
def test_show_takes_types_and_values(model, run, argument):
    status, out, err = run("show", "model.py:total", "--args", argument)
    assert (status, err) == (0, "")
    assert "v_bar" in out


def test_show_takes_wrt(model, run):
    _, by_both, _ = run("show", "model.py:f")
    status, by_one, err = run("show", "model.py:f", "--wrt", "x1")
    assert (status, err) == (0, "")
    assert by_one != by_both


def test_show_says_what_it_guessed_when_that_can_not_be_typed(model, run):
    status, out, err = run("show", "model.py:total")
    assert (status, out) == (1, "")
    assert f'model.py", line {MODEL.splitlines().index("    for i in range(len(v)):") + 1}\n' in err
    assert "srcad guessed the arguments' types: v: float64" in err
    assert "srcad show model.py:total --args ..." in err
    assert "Traceback" not in err


def test_an_error_in_the_function_is_drawn_as_python_draws_it(model, run):
    status, out, err = run("show", "model.py:logged", "--args", "3.0")
    assert (status, out) == (1, "")
    first, source, caret, message, *_ = err.splitlines()
    line = MODEL.splitlines().index('    with open("log") as log:') + 1
    assert first.startswith('  File "') and first.endswith(f'model.py", line {line}')
    assert source == '    with open("log") as log:'
    assert caret.strip(" ^") == "" and caret.index("^") == source.index("with")
    assert "SrcadError: " in message
    assert "Traceback" not in err and "guessed" not in err


def test_an_error_for_guessed_types_ends_with_the_guess(model, run):
    status, _, err = run("show", "model.py:logged")
    assert status == 1
    assert "srcad guessed the arguments' types: x: float64" in err


@pytest.mark.parametrize(
    ("argv", "message"),
    [
        (["mdel.py:f"], "there is no file 'mdel.py'; did you mean model.py?"),
        (["zzz.py:f"], "there is no file 'zzz.py'. Its folder has: model.py"),
        (["nowhere/at_all.py:f"], "there is no file 'nowhere/at_all.py'"),
        (["model.py:totl"], "model.py has no function 'totl'; did you mean total?"),
        (["model.py:Model.los"], "model.py has no function 'Model.los'; did you mean loss?"),
        (["model.py:BASE"], "'BASE' in model.py is a float, not a function"),
        (["model.py"], "'model.py' should be FILE:FUNCTION, for example model.py:loss"),
        (["model.py:"], "'model.py:' should be FILE:FUNCTION, for example model.py:loss"),
        (["model.py:decorated", "--wrt", "x"], "model.py:decorated is a gradient already, so --wrt can't be given"),
        (
            ["model.py:f", "--args", "flot64", "1.0"],
            "'flot64' is neither a Numba type nor a Python literal; did you mean float64?",
        ),
        (
            ["model.py:f", "--args", "1 +", "2"],
            "'1 +' is neither a Numba type nor a Python literal: "
            "write it as in float64, 'float64[:]', 3.0 or '[1.0, 2.0]'",
        ),
    ],
)
def test_a_slip_on_the_command_line_is_met_with_the_near_matches(model, run, argv, message):
    status, out, err = run("show", *argv)
    assert (status, out, err) == (1, "", f"srcad: {message}\n")


def test_an_unknown_function_is_met_with_what_there_is(model, run):
    _, _, err = run("show", "model.py:zzz")
    assert err == (
        "srcad: model.py has no function 'zzz'. "
        "It has: f, power, total, compiled, decorated, Model, logged\n"
    )


@pytest.mark.parametrize("given", [["float64"], ["1.0", "2.0", "3.0"], []])
def test_the_wrong_number_of_arguments_is_an_error(model, run, given):
    message = f"srcad: the function has 2 arguments (x1, x2), and --args gives {len(given)}\n"
    assert run("show", "model.py:f", "--args", *given) == (1, "", message)


def test_arguments_left_out_have_their_defaults(model, run):
    whole = run("show", "model.py:power", "--args", "float64", "int64", "1.0")
    assert run("show", "model.py:power", "--args", "float64", "int64") == whole


def test_a_file_that_python_can_not_read(model, run):
    (model / "broken.py").write_text("def f(x:\n    return x\n")
    status, out, err = run("show", "broken.py:f")
    assert (status, out) == (1, "")
    assert 'broken.py", line 1' in err and "SyntaxError" in err and "Traceback" not in err


def test_a_file_that_fails_when_imported_shows_its_own_traceback_only(model, run):
    (model / "failing.py").write_text("def f(x):\n    return x\n\nf(1) / 0\n")
    status, out, err = run("show", "failing.py:f")
    assert (status, out) == (1, "")
    assert err.startswith("srcad: failing.py can't be imported\n")
    assert 'failing.py", line 4, in <module>' in err and "ZeroDivisionError" in err
    assert "cli.py" not in err and "importlib" not in err


def test_a_file_may_import_its_neighbours_and_be_called_like_a_known_module(model, run):
    (model / "neighbour_of_model.py").write_text("def square(x):\n    return x * x\n")
    (model / "math.py").write_text("from neighbour_of_model import square\n\ndef f(x):\n    return square(x)\n")
    status, out, err = run("show", "math.py:f")
    assert (status, err) == (0, "")
    assert "x_bar" in out


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("3.0", 3.0),
        ("-2", -2),
        ("True", True),
        ("None", None),
        ("(1.0, 2)", (1.0, 2)),
        ("float64", numba.float64),
        ("float64[:, ::1]", numba.float64[:, ::1]),
        ("UniTuple(float64, 3)", numba.types.UniTuple(numba.float64, 3)),
    ],
)
def test_arguments_are_literals_or_types(text, expected):
    value = cli._read_argument(text)
    assert value == expected and type(value) is type(expected)


def test_a_list_stands_for_an_array():
    value = cli._read_argument("[[1.0, 2.0], [3.0, 4.0]]")
    assert value.dtype == np.float64 and value.shape == (2, 2)


def test_arguments_are_guessed_from_defaults_and_annotations():
    def f(x, n: int, flag: bool, y: float, k=3, *rest, name="a"): ...

    assert cli._guess_arguments(f) == [
        numba.float64, numba.int64, numba.boolean, numba.float64, 3, "a"
    ]  # fmt: skip


# demo, and the command itself


def test_demo_lists_every_demo_with_a_line(run):
    status, out, err = run("demo", "--list")
    assert (status, err) == (0, "")
    lines = out.splitlines()
    assert [line.split()[0] for line in lines] == demos.names()
    assert all(len(line.split(maxsplit=1)[1]) > 20 for line in lines)


def test_an_unknown_demo_is_met_with_the_near_matches(run):
    assert run("demo", "logistc") == (1, "", "srcad: no demo is called 'logistc'; did you mean logistic?\n")
    status, _, err = run("demo", "zzz")
    assert status == 1
    assert err.startswith("srcad: no demo is called 'zzz'. The demos are: ")


def test_a_demo_whose_check_fails_exits_with_1(run, monkeypatch):
    def fail() -> None:
        raise demos.DemoError("the gradient is wrong")

    monkeypatch.setattr(demos, "load", lambda name: demos.Demo(name, "", fail))
    assert run("demo") == (1, "", "srcad: the gradient is wrong\n")


def test_wrong_options_exit_with_2(run):
    for argv in ([], ["shw"], ["show"], ["demo", "--lst"]):
        with pytest.raises(SystemExit) as stopped:
            run(*argv)
        assert stopped.value.code == 2


def test_as_a_module_it_is_the_same_command():
    done = subprocess.run(
        [sys.executable, "-m", "srcad", "--version"], capture_output=True, text=True, check=True, timeout=120
    )
    assert done.stdout.startswith("srcad ") and f"numba {numba.__version__}" in done.stdout


def test_a_reader_that_leaves_early_is_no_error(model):
    program = textwrap.dedent("""
        import subprocess, sys
        show = subprocess.Popen(
            [sys.executable, "-m", "srcad", "show", "model.py:f"], stdout=subprocess.PIPE, stderr=subprocess.PIPE
        )
        show.stdout.close()
        print(show.stderr.read().decode(), end="")
    """)
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True, timeout=120)
    assert done.stdout == ""
