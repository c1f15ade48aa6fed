"""From a function object to its text: syntax tree, file, lines, globals and closure.

    read(f)  ->  Source(node=<FunctionDef f>, file="model.py", globals={...}, closure={...})

The whole file is parsed once and kept by its text; the function is found in it by name and first line (a lambda by
the columns of its body too), so indentation, decorators and several lambdas on a line need no guessing.
"""

from __future__ import annotations

import ast
import linecache
import types
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from srcad.errors import Location, SrcadError

FunctionNode = ast.FunctionDef | ast.Lambda


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
        """Where `node` stands in the user's file; a compound statement is shown by its first line."""
        line, column = getattr(node, "lineno", 1), getattr(node, "col_offset", 0)
        end, end_column = getattr(node, "end_lineno", line), getattr(node, "end_col_offset", column)
        text = self.lines[line - 1].rstrip("\n") if line <= len(self.lines) else ""
        if end != line:
            end, end_column = line, len(text.encode())
        chars = len(text.encode()[:column].decode(errors="ignore"))
        end_chars = len(text.encode()[:end_column].decode(errors="ignore"))
        return Location(self.file, line, chars + 1, end, end_chars + 1, text)

    @property
    def text(self) -> str:
        """The source of the function itself."""
        return "".join(self.lines[self.node.lineno - 1 : self.node.end_lineno])


def python_function(f: Any) -> types.FunctionType | None:
    """The Python function that `f` is, or that Numba's dispatcher `f` compiles; None for anything else."""
    f = getattr(f, "py_func", f)
    return f if isinstance(f, types.FunctionType) else None


@lru_cache(maxsize=64)
def _parse(text: str, file: str) -> ast.Module | None:
    try:
        return ast.parse(text, file)
    except SyntaxError:  # a notebook magic, or a file edited since it was imported
        return None


def _first_line(node: FunctionNode) -> int:
    decorators = node.decorator_list if isinstance(node, ast.FunctionDef) else []
    return min([node.lineno, *(d.lineno for d in decorators)])


def _spans(node: FunctionNode, code: types.CodeType) -> bool:
    """Does `code`'s text lie inside `node`'s body? Tells lambdas on one line apart."""
    if not isinstance(node, ast.Lambda):
        return True
    body = node.body
    for line, _, column, _ in code.co_positions():
        if line is not None and column is not None and line == body.lineno and column >= body.col_offset:
            spot = (line, column)
            return spot <= (body.end_lineno or line, (body.end_col_offset or column) - 1)
        if line is not None and column is not None and line == body.lineno and 0 < column < body.col_offset:
            return False
    return True


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
    if function is None:
        raise SrcadError(
            f"{shown} is not a Python function, so there is no source to differentiate",
            instead="a Python function (def or lambda) that calls it",
        )
    code = function.__code__
    lines = linecache.getlines(code.co_filename, function.__globals__)
    tree = _parse("".join(lines), code.co_filename) if lines else None
    kind = ast.Lambda if code.co_name == "<lambda>" else ast.FunctionDef
    for node in ast.walk(tree) if tree else ():
        if isinstance(node, ast.AsyncFunctionDef) and node.name == code.co_name and code.co_flags & 0x80:
            source = Source(shown, code.co_filename, tuple(lines), node, {}, {})  # type: ignore[arg-type]
            raise SrcadError("an async function has no derivative", source.at(node), "a plain 'def'")
        if not isinstance(node, kind) or _first_line(node) != code.co_firstlineno:
            continue
        if node.name == code.co_name if isinstance(node, ast.FunctionDef) else _spans(node, code):
            return Source(shown, code.co_filename, tuple(lines), node, function.__globals__, _closure(function))
    raise SrcadError(
        f"the source of {shown} can't be found (it is said to be in {code.co_filename}, line {code.co_firstlineno})",
        instead="a function defined in a file or a notebook cell, not made by exec or typed at a bare prompt",
    )
