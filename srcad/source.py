"""From a function object to its text: syntax tree, file, lines, globals and closure.

    read(f)  ->  Source(node=<FunctionDef f>, file="model.py", globals={...}, closure={...})

The whole file is parsed and compiled once and kept by its text; the function is found in it by name and first line
(a lambda by the columns of its body too), so indentation, decorators and several lambdas on a line need no guessing.
What is found is compared with the code that runs: a file that was edited since its import is refused.
"""

from __future__ import annotations

import ast
import linecache
import os
import sysconfig
import types
from collections.abc import Iterator
from dataclasses import dataclass, field, fields
from functools import lru_cache
from typing import Any

from srcad.errors import Location, SrcadError
from srcad.names import WRITTEN

FunctionNode = ast.FunctionDef | ast.Lambda
_LIBRARY = sysconfig.get_path("stdlib") + os.sep


@dataclass(frozen=True)
class Source:
    """A function's syntax tree, and what its free names stand for."""

    name: str
    file: str
    lines: tuple[str, ...]
    node: FunctionNode
    globals: dict[str, Any]
    closure: dict[str, Any]

    def at(self, node: ast.AST) -> Location:
        """Where `node` stands in the user's file."""
        return locate(self.file, self.lines, node)

    def calling(self, found: Source, node: ast.AST) -> Source:
        """`found` as it is read for the call `node` in this one."""
        return found

    @property
    def own(self) -> bool:
        """Is it a function of srcad's own, called by the user?"""
        return False

    @property
    def installed(self) -> bool:
        """Is it a function of Python's own library, or of a package that is installed?"""
        return installed(self.file)

    @property
    def generated(self) -> bool:
        """Is it code that srcad wrote?"""
        return self.file.startswith(WRITTEN)

    @property
    def text(self) -> str:
        """The source of the function itself."""
        return "".join(self.lines[self.node.lineno - 1 : self.node.end_lineno])


@dataclass(frozen=True)
class _Placed(Source):
    """The source of a function of srcad's own, all of which stands at a call in the user's file."""

    place: Location

    def at(self, node: ast.AST) -> Location:
        return self.place

    @property
    def own(self) -> bool:
        return True

    def calling(self, found: Source, node: ast.AST) -> Source:
        return placed(found, self.place)


def placed(found: Source, place: Location) -> Source:
    """`found` as it is read for a call at `place`."""
    return _Placed(**{f.name: getattr(found, f.name) for f in fields(found)}, place=place)


def locate(file: str, lines: tuple[str, ...], node: ast.AST) -> Location:
    """Where `node` stands in `file`; a statement of several lines is shown by its first."""
    line, column = getattr(node, "lineno", 1), getattr(node, "col_offset", 0)
    end, end_column = getattr(node, "end_lineno", line), getattr(node, "end_col_offset", column)
    text = lines[line - 1].rstrip("\n") if line <= len(lines) else ""
    if end != line:
        end, end_column = line, len(text.encode())
    if not text.isascii():  # Python's columns count bytes
        column = len(text.encode()[:column].decode(errors="ignore"))
        end_column = len(text.encode()[:end_column].decode(errors="ignore"))
    return Location(file, line, column + 1, end, end_column + 1, text)


def installed(file: str) -> bool:
    """Is it a file of Python's own library, or of a package that is installed?"""
    return file.startswith(_LIBRARY) or any(f"{os.sep}{p}{os.sep}" in file for p in ("site-packages", "dist-packages"))


def python_function(f: Any) -> types.FunctionType | None:
    """The Python function that `f` is, or that Numba's dispatcher `f` compiles; None for anything else."""
    f = getattr(f, "py_func", f)
    return f if isinstance(f, types.FunctionType) else None


@dataclass(frozen=True)
class _File:
    """A file's functions and the code that its text compiles to, both by name and first line."""

    nodes: dict[tuple[str, int], list[FunctionNode | ast.AsyncFunctionDef]] = field(default_factory=dict)
    codes: dict[tuple[str, int], list[types.CodeType]] = field(default_factory=dict)


@lru_cache(maxsize=64)
def _parse(text: str, file: str) -> _File:
    found = _File()
    try:
        tree = ast.parse(text, file)
        whole = compile(text, file, "exec", flags=ast.PyCF_ALLOW_TOP_LEVEL_AWAIT, dont_inherit=True)
    except (SyntaxError, ValueError):  # a notebook magic, or a file edited since it was imported
        return found
    for node in ast.walk(tree):
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)):
            name = "<lambda>" if isinstance(node, ast.Lambda) else node.name
            found.nodes.setdefault((name, _first_line(node)), []).append(node)
    for code in _codes(whole):
        found.codes.setdefault((code.co_name, code.co_firstlineno), []).append(code)
    return found


def _codes(code: types.CodeType) -> Iterator[types.CodeType]:
    yield code
    for c in code.co_consts:
        if isinstance(c, types.CodeType):
            yield from _codes(c)


def _same(a: types.CodeType, b: types.CodeType) -> bool:
    """Do `a` and `b` compute the same?"""
    if (a.co_code, a.co_names, a.co_varnames, a.co_freevars) != (b.co_code, b.co_names, b.co_varnames, b.co_freevars):
        return False
    return len(a.co_consts) == len(b.co_consts) and all(map(_same_constant, a.co_consts, b.co_consts))


def _same_constant(a: Any, b: Any) -> bool:
    if isinstance(a, types.CodeType) and isinstance(b, types.CodeType):
        return _same(a, b)
    return type(a) is type(b) and repr(a) == repr(b)


def _edited(node: FunctionNode, file: _File, code: types.CodeType) -> bool:
    """Is the text of `node` not what `code` was made from? Code with an assert may have been rewritten by pytest."""
    if any(_same(c, code) for c in file.codes.get((code.co_name, code.co_firstlineno), [])):
        return False
    return not any(isinstance(n, ast.Assert) for n in ast.walk(node))


def _first_line(node: FunctionNode | ast.AsyncFunctionDef) -> int:
    decorators = [] if isinstance(node, ast.Lambda) else node.decorator_list
    return min([node.lineno, *(d.lineno for d in decorators)])


def _spans(node: ast.AST, code: types.CodeType) -> bool:
    """Does all of `code` stand inside the body of the lambda `node`? Tells lambdas on one line apart."""
    if not isinstance(node, ast.Lambda):
        return True
    body = node.body
    start, end = (body.lineno, body.col_offset), (body.end_lineno or 0, body.end_col_offset or 0)
    places = [p for p in code.co_positions() if None not in p and p[2:] != (0, 0)]
    spans = [((line, column), (last, stop)) for line, last, column, stop in places]
    return any(s != e for s, e in spans) and all(start <= s and e <= end for s, e in spans if s != e)


def _closure(f: types.FunctionType) -> dict[str, Any]:
    cells = zip(f.__code__.co_freevars, f.__closure__ or (), strict=True)
    found = {}
    for name, cell in cells:
        try:
            found[name] = cell.cell_contents
        except ValueError:  # not yet bound
            continue
    return found


def read(f: Any) -> Source:
    """The source of the Python function `f`.

    Raises:
        SrcadError: `f` is not a Python function, or its text is nowhere to be found.
    """
    function = python_function(f)
    shown = getattr(f, "__qualname__", repr(f))
    if isinstance(f, types.MethodType):
        raise SrcadError(f"{shown} is a method of an object", instead="a function that takes numbers and arrays")
    if function is None:
        raise SrcadError(
            f"{shown} is not a Python function, so there is no source to differentiate",
            instead="a Python function (def or lambda) that calls it",
        )
    code = function.__code__
    lines = tuple(linecache.getlines(code.co_filename, function.__globals__))
    file = _parse("".join(lines), code.co_filename)
    nodes = [n for n in file.nodes.get((code.co_name, code.co_firstlineno), []) if _spans(n, code)]
    for node in nodes[-1:]:
        if isinstance(node, ast.AsyncFunctionDef):
            at = locate(code.co_filename, lines, node)
            raise SrcadError("an async function has no derivative", at, "a plain 'def'")
        source = Source(shown, code.co_filename, lines, node, function.__globals__, _closure(function))
        if _edited(node, file, code):
            raise SrcadError(
                f"{shown} is not what its file says any more: the file was edited after it was imported",
                source.at(node),
                "the same after a restart, or after importlib.reload",
            )
        return source
    raise SrcadError(
        f"the source of {shown} can't be found (it is said to be in {code.co_filename}, line {code.co_firstlineno})",
        instead="a function defined in a file or a notebook cell, not made by exec or typed at a bare prompt",
    )
