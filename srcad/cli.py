"""The command line: `srcad show FILE:FUNCTION` prints an adjoint, `srcad demo` runs a worked example.

    srcad show model.py:loss --args 'float64[:]' 3.0 5
    srcad demo logistic

An error about the user's code is printed as Python prints a syntax error, with file, line and caret and without a
traceback. The exit status is 0, or 1 after an error, or 2 where the command line itself is wrong.
"""

from __future__ import annotations

import argparse
import ast
import difflib
import importlib.util
import inspect
import os
import sys
import traceback
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from types import ModuleType
from typing import Any

import numba
import numpy as np

from srcad import Gradient, SrcadError, __version__, demos, grad

_ANNOTATED = {"float": numba.float64, "int": numba.int64, "bool": numba.boolean}


class CommandError(Exception):
    """Something the user asked for that can't be had: the message is all that is printed."""


def main(argv: Sequence[str] | None = None) -> int:
    """Run the `srcad` command with `argv` (by default the process's own) and return its exit status."""
    arguments = _parser().parse_args(argv)
    try:
        arguments.run(arguments)
        sys.stdout.flush()
    except (CommandError, demos.DemoError) as error:
        print(f"srcad: {error}", file=sys.stderr)
        return 1
    except SyntaxError as error:  # SrcadError is one: Python draws it
        _print_error(error)
        return 1
    except BrokenPipeError:  # the reader, `head` for one, has gone
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    except KeyboardInterrupt:
        return 130
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="srcad", description="Derivatives of numeric Python functions, as readable Python source."
    )
    parser.add_argument("--version", action="version", version=_version())
    commands = parser.add_subparsers(title="commands", metavar="COMMAND", required=True)

    show = commands.add_parser(
        "show",
        help="print a function's adjoint",
        description="Print the adjoint that srcad writes for a function.",
        epilog="example: srcad show model.py:loss --args 'float64[:]' 3.0 5",
    )
    show.add_argument("target", metavar="FILE:FUNCTION", help="a Python file and a function in it")
    show.add_argument("--wrt", metavar="NAME", nargs="+", help="the arguments to differentiate by (all floats)")
    show.add_argument(
        "--args",
        metavar="TYPE_OR_VALUE",
        nargs="*",
        help="one for each argument of the function: a Numba type such as float64 or 'float64[:, :]', or a Python "
        "literal such as 3.0 or '[1.0, 2.0]' (an array); by default what the function's own defaults and "
        "annotations say, and float64 for the rest",
    )
    show.set_defaults(run=_show)

    demo = commands.add_parser("demo", help="run a worked example", description="Run a worked example.")
    demo.add_argument("name", metavar="NAME", nargs="?", default=demos.DEFAULT, help="default: %(default)s")
    demo.add_argument("--list", action="store_true", help="list the demos and run none")
    demo.set_defaults(run=_demo)
    return parser


def _version() -> str:
    python = ".".join(map(str, sys.version_info[:3]))
    return f"srcad {__version__} (Python {python}, numba {numba.__version__}, numpy {np.__version__})"


def _print_error(error: BaseException) -> None:
    print("".join(traceback.format_exception_only(error)), end="", file=sys.stderr)


# srcad demo


def _demo(arguments: argparse.Namespace) -> None:
    names = demos.names()
    if arguments.list:
        width = max(map(len, names))
        for name in names:
            print(f"{name:{width}}  {demos.load(name).summary}")
    elif arguments.name not in names:
        raise CommandError(f"no demo is called {arguments.name!r}{_meant(arguments.name, names, 'The demos are')}")
    else:
        demos.load(arguments.name).main()


# srcad show


def _show(arguments: argparse.Namespace) -> None:
    function = _find(arguments.target)
    if isinstance(function, Gradient):  # by a decorator
        gradient = function
        if arguments.wrt:
            raise CommandError(f"{arguments.target} is a gradient already, so --wrt can't be given")
    else:
        gradient = grad(function, wrt=None if arguments.wrt is None else tuple(arguments.wrt))
    given = arguments.args is not None
    types = _read_arguments(arguments.args, function) if given else _guess_arguments(function)
    try:
        text = gradient.inspect(*types)
    except SrcadError as error:
        if not given:
            error.add_note(_guess_note(arguments.target, function, types))
        raise
    except (TypeError, ValueError) as error:
        note = "" if given else f"\n{_guess_note(arguments.target, function, types)}"
        raise CommandError(f"{error}{note}") from error
    print(text.rstrip("\n"))


def _find(target: str) -> Callable[..., Any]:
    """The function that `FILE:FUNCTION` names; FUNCTION may be dotted, as in `Model.loss`."""
    file, colon, name = target.rpartition(":")
    if not colon or not file or not name:
        raise CommandError(f"{target!r} should be FILE:FUNCTION, for example model.py:loss")
    found: Any = _load(Path(file))
    for part in name.split("."):
        try:
            found = getattr(found, part)
        except AttributeError:
            near = _meant(part, _functions(found), "It has")
            raise CommandError(f"{file} has no function {name!r}{near}") from None
    if not callable(found):
        raise CommandError(f"{name!r} in {file} is a {type(found).__name__}, not a function")
    return found  # type: ignore[no-any-return]


def _functions(owner: object) -> list[str]:
    """What could be differentiated in `owner`: the functions defined there, the imported ones left out."""
    home = owner.__name__ if isinstance(owner, ModuleType) else getattr(owner, "__module__", None)
    values = {name: getattr(owner, name) for name in vars(owner) if not name.startswith("__")}
    return [name for name, f in values.items() if callable(f) and getattr(f, "__module__", home) == home]


def _load(path: Path) -> ModuleType:
    """Import the file at `path` as `python path` would find it: its folder comes first in the search path."""
    if not path.is_file():
        neighbours = sorted(p.name for p in path.parent.glob("*.py")) if path.parent.is_dir() else []
        raise CommandError(f"there is no file {str(path)!r}{_meant(path.name, neighbours, 'Its folder has')}")
    path = path.resolve()
    name = path.stem if path.stem not in sys.modules else f"{path.stem}_shown_by_srcad"
    spec = importlib.util.spec_from_file_location(name, path)
    if spec is None or spec.loader is None:
        raise CommandError(f"{path.name} isn't a Python file: its name should end in .py")
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    sys.path.insert(0, str(path.parent))
    try:
        spec.loader.exec_module(module)
    except SyntaxError:
        raise
    except Exception as error:
        lines = traceback.format_exception(error.with_traceback(_within(error, path)))
        raise CommandError(f"{path.name} can't be imported\n{''.join(lines).rstrip()}") from error
    return module


def _within(error: BaseException, path: Path) -> Any:
    """The traceback of `error` from the first frame in `path` on: the user's part of it."""
    frame = error.__traceback__
    while frame is not None and Path(frame.tb_frame.f_code.co_filename) != path:
        frame = frame.tb_next
    return frame


def _meant(wanted: str, known: Iterable[str], introduction: str) -> str:
    """The end of a message about an unknown name: the near matches, or else what there is."""
    known = list(known)
    near = difflib.get_close_matches(wanted, known, n=3, cutoff=0.6)
    if near:
        return f"; did you mean {' or '.join(near)}?"
    return f". {introduction}: {', '.join(known[:12])}" if known else ""


# The arguments of `srcad show`


def _read_arguments(texts: Sequence[str], function: Callable[..., Any]) -> list[Any]:
    """One value or Numba type for each text, then the defaults of the parameters that are left.

    ['float64[:]', '3.0', '[1.0, 2.0]']  ->  [array(float64, 1d, A), 3.0, np.array([1.0, 2.0])]
    """
    names = [p.name for p in _parameters(function)]
    defaults = [p.default for p in _parameters(function)[len(texts) :] if p.default is not p.empty]
    if len(texts) + len(defaults) != len(names):
        shown = f"{len(names)} argument{'s' * (len(names) != 1)} ({', '.join(names)})"
        raise CommandError(f"the function has {shown}, and --args gives {len(texts)}")
    return [*map(_read_argument, texts), *defaults]


def _read_argument(text: str) -> Any:
    try:
        value = ast.literal_eval(text)
    except (ValueError, SyntaxError):
        return _read_type(text)
    return np.array(value) if isinstance(value, list) else value


def _read_type(text: str) -> numba.types.Type:
    names = {name: value for name, value in vars(numba.types).items() if not name.startswith("_")}
    try:
        found = eval(text, {"__builtins__": {}}, names)
    except Exception:
        found = None
    if isinstance(found, numba.types.Type):
        return found
    scalars = ("float64", "float32", "int64", "int32", "boolean")
    near = difflib.get_close_matches(text, [*scalars, *(f"{s}[{d}]" for s in scalars for d in (":", ":, :"))], n=1)
    hint = f"; did you mean {near[0]}?" if near else ": write it as in float64, 'float64[:]', 3.0 or '[1.0, 2.0]'"
    raise CommandError(f"{text!r} is neither a Numba type nor a Python literal{hint}")


def _guess_arguments(function: Callable[..., Any]) -> list[Any]:
    """A value or type for each parameter: its default, what its annotation says, or else float64."""
    return [
        _ANNOTATED.get(getattr(p.annotation, "__name__", p.annotation), numba.float64)
        if p.default is p.empty
        else p.default
        for p in _parameters(function)
    ]


def _parameters(function: Callable[..., Any]) -> list[inspect.Parameter]:
    """The parameters of `function`, without *args and **kwargs, which no gradient takes."""
    found = inspect.signature(getattr(function, "py_func", function)).parameters.values()
    return [p for p in found if p.kind not in (p.VAR_POSITIONAL, p.VAR_KEYWORD)]


def _guess_note(target: str, function: Callable[..., Any], types: Sequence[Any]) -> str:
    """What to add to an error met with guessed types."""
    names = (p.name for p in _parameters(function))
    guessed = ", ".join(f"{name}: {kind}" for name, kind in zip(names, types, strict=False))
    return (
        f"srcad guessed the arguments' types: {guessed}\n"
        f"if that is the trouble, give them: srcad show {target} --args {' '.join(['...'] * len(types))}\n"
        "each is a Numba type such as float64 or 'float64[:]', or a literal such as 3.0"
    )
