"""From IR to the text that people read: Python, each part of the sweeps beside the user's line that it comes from.

    # return x1 * x2 + math.sin(x2)
    a1 = x1 * x2
    a2 = math.sin(x2)
    a3 = a1 + a2

Intermediates get their numbers here, in the order of the text; expressions are printed by astor, a line a statement.
"""

from __future__ import annotations

import ast
from collections.abc import Mapping
from dataclasses import replace
from typing import NamedTuple

import astor

from srcad.errors import NOWHERE, Location
from srcad.ir import (
    Apply,
    Assign,
    Body,
    Exit,
    Expr,
    For,
    Function,
    If,
    Note,
    Stmt,
    Var,
    While,
    mentioned,
    rename,
    substitute,
)
from srcad.names import Names
from srcad.syntax import statement, to_ast
from srcad.types import Type, is_reference


class Line(NamedTuple):
    """A line of text, and the place in the user's source that it comes from."""

    text: str
    at: Location


def emit(f: Function) -> tuple[str, list[Location]]:
    """The text of `f`, whose intermediates are `numbered`, and the place that each line of it comes from."""
    printer = _Printer(f.types)
    lines = [Line(f"def {f.name}({', '.join(f.params)}):", f.at), *printer.body(f.body, 1)]
    if f.result is not None:
        lines.append(Line(f"    return {printer.source(to_ast(f.result))}", f.at))
    return "".join(f"{line.text}\n" for line in lines), [line.at for line in lines]


def numbered(f: Function) -> Function:
    """`f` with its intermediates named a1, a2, ... in the order of the text."""
    order = mentioned(f.body)
    used = set(order)
    fresh = Names({n for n in used if not n.startswith("%")} | set(f.params))
    given: dict[str, str] = {}
    for n in order:
        root, _, suffix = n.partition("_")
        if n.startswith("%") and root not in given:
            given[root] = fresh.numbered("a")
    for n in sorted(used):
        root, _, suffix = n.partition("_")
        if n.startswith("%") and suffix:
            given[n] = fresh.fresh(f"{given[root]}_{suffix}")

    def name(n: str) -> str:
        return given.get(n, n)

    result = None if f.result is None else substitute(f.result, lambda n: Var(name(n)))
    types = {name(n): t for n, t in f.types.items()}
    lanes = tuple(tuple(tuple(map(name, group)) for group in groups) for groups in f.lanes)
    sums = frozenset(map(name, f.sums))
    return replace(f, body=rename(f.body, name), result=result, types=types, lanes=lanes, sums=sums)


class _Writer(astor.SourceGenerator):  # type: ignore[misc]
    """astor's generator, kept for all lines of a text: making one takes longer than printing with it."""

    def __init__(self) -> None:
        super().__init__("    ", pretty_string=lambda s, *_, **__: repr(s))

    def __call__(self, node: ast.AST) -> str:
        """One line of Python for `node`."""
        self.visit(node)
        text = "".join(self.result).strip("\n")
        self.result.clear()
        self.new_lines, self.colinfo = 0, (0, 0)
        return text[1:-1] if isinstance(node, ast.expr) and _wrapped(text) else text


def _wrapped(text: str) -> bool:
    """Are the first and the last character of `text` parentheses that belong together?"""
    if not (text.startswith("(") and text.endswith(")")):
        return False
    depth = 0
    for i, c in enumerate(text):
        depth += (c == "(") - (c == ")")
        if depth == 0:
            return i == len(text) - 1
    return False


class _Printer:
    """Prints statements, with the user's line as a comment where it changes."""

    def __init__(self, types: Mapping[str, Type]) -> None:
        self.types = types
        self.line: tuple[str, int] | None = None
        self.source = _Writer()

    def body(self, body: Body, depth: int) -> list[Line]:
        out: list[Line] = []
        for s in body:
            out += self.statement(s, depth)
        return out or [Line("    " * depth + "pass", NOWHERE)]

    def statement(self, s: Stmt, depth: int) -> list[Line]:
        pad = "    " * depth
        out = self.comment(s.at, pad)
        match s:
            case Note(text):
                self.line = None
                out += ([Line("", s.at)] if text != "forward" else []) + [Line(f"{pad}# {text}", s.at)]
            case If():
                out += self._if(s, depth)
            case For() | While():
                node = statement(replace(s, body=()), lambda b: [])
                out.append(Line(pad + self.source(node).split("\n")[0], s.at))
                out += self.body(s.body, depth + 1)
            case _:
                out.append(Line(pad + self.source(statement(self.compact(s), lambda b: [])), s.at))
        return out[1:] if len(out) > 1 and out[0].text.replace("# ", "", 1) == out[1].text else out

    def _if(self, s: If, depth: int, chained: bool = False) -> list[Line]:
        """The lines of `s`; if it is `chained`, of an `elif`, whose else is that of all before it."""
        pad = "    " * depth
        test, then, orelse = s.test, s.body, s.orelse
        if not then:
            test, then, orelse = negated(test), orelse, ()
        out = [Line(f"{pad}if {self.source(to_ast(test))}:", s.at), *self.body(then, depth + 1)]
        if orelse and _ends(then) and not chained:  # `break` leaves: no need for an else
            return out + self.body(orelse, depth)
        if len(orelse) == 1 and isinstance(orelse[0], If) and orelse[0].body:
            inner = self._if(orelse[0], depth, chained=True)
            return [*out, Line(pad + "el" + inner[0].text.lstrip(), inner[0].at), *inner[1:]]
        return out + ([Line(f"{pad}else:", s.at), *self.body(orelse, depth + 1)] if orelse else [])

    def compact(self, s: Stmt) -> Stmt:
        """`s = s + v` as `s += v`, but of arrays and lists, where that writes to the one that other names may have."""
        match s:
            case Assign(target, Apply("+" | "-" | "*" | "/" as op, (Var(same), value))) if same == target:
                if not is_reference(self.types.get(target)):
                    return replace(s, value=Apply(f"{op}=", (Var(same), value)))
        return s

    def comment(self, at: Location, pad: str) -> list[Line]:
        """The user's line, where it is another than the one before."""
        here = (at.file, at.line)
        if not at.line or here == self.line:
            return []
        self.line = here
        return [Line(f"{pad}# {at.text.strip()}", at)] if at.text.strip() else []


def _ends(body: Body) -> bool:
    return bool(body) and isinstance(body[-1], Exit)


def negated(test: Expr) -> Expr:
    """`not test`, by the opposite comparison of ints only where that is the same: NaN is neither < nor >=."""
    match test:
        case Apply("not", (inner,)):
            return inner
        case Apply("==", args):
            return Apply("!=", args)
        case Apply("!=", args):
            return Apply("==", args)
    return Apply("not", (test,))
