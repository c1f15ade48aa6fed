"""`match` as the branches that it is: a syntax tree from a syntax tree.

    match kind, n:                              # the items are evaluated once, before
        case "linear", _: y = x                 if kind == "linear": y = x
        case "cubic" | "power", 3: y = x**3  -> elif (kind == "cubic" or kind == "power") and n == 3: y = x**3
        case _: y = 0.0                         else: y = 0.0

A pattern that fits gives its names even where the guard fails, so they are bound before that:

    case "power", k if k > 2: y = x**k      ->  fits = False
                                                if kind == "power": k = n; fits = k > 2
                                                if fits: y = x**k

Not for patterns that ask for a type or take a sequence apart whose length is not known while reading.
"""

from __future__ import annotations

import ast
from collections.abc import Callable
from copy import copy
from dataclasses import dataclass, field
from typing import TypeVar

Node = TypeVar("Node", bound=ast.AST)
Subject = ast.expr | list["Subject"]  # what is matched: an atom, or the items of a tuple
VALUES = "a case of numbers, strings, names and tuples of them; or if / elif / else"
KINDS: dict[type[ast.pattern], str] = {
    ast.MatchClass: "a class pattern asks for a type, which can't be read",
    ast.MatchMapping: "a mapping pattern can't be read",
    ast.MatchStar: "a pattern with a star can't be read",
    ast.MatchSequence: "how many items there are to this pattern can't be told here",
}


class Unreadable(Exception):
    """A pattern that can't be read: where, why, and what to write instead."""

    def __init__(self, node: ast.AST, reason: str, instead: str = VALUES) -> None:
        super().__init__(reason)
        self.node, self.reason, self.instead = node, reason, instead


@dataclass
class _Case:
    """What a pattern asks for, and the names that it gives."""

    tests: list[ast.expr] = field(default_factory=list)
    names: dict[str, Subject] = field(default_factory=dict)


def branches(s: ast.Match, subject: Subject, flag: Callable[[], str]) -> list[ast.stmt]:
    """The statements that `s` stands for; `flag` gives a new name at each call.

    No statement changes what `subject` is, and no step of it has an effect.

    Raises:
        Unreadable: a pattern has no such form.
    """
    rest: list[ast.stmt] = []
    for case in reversed(s.cases):
        found = _Case()
        _read(case.pattern, subject, found)
        bound = _bindings(found.names, case.pattern)
        if case.guard is None:
            rest = _branch(found.tests, [*bound, *case.body], rest, case)
        elif not bound:
            rest = _branch([*found.tests, case.guard], case.body, rest, case)
        elif not found.tests:
            rest = [*bound, *_branch([case.guard], case.body, rest, case)]
        else:
            fits, where = flag(), case.pattern
            held, other = (_assign({fits: v}, where) for v in (case.guard, ast.Constant(False)))
            first = _branch(found.tests, [*bound, *held], other, case)
            rest = [*first, *_branch([_at(ast.Name(fits, ast.Load()), where)], case.body, rest, case)]
    return [ast.fix_missing_locations(r) for r in rest]


def guarded(s: ast.Match) -> list[ast.AST]:
    """What may bind names though its case is not taken."""
    return [part for c in s.cases if c.guard is not None for part in (c.pattern, c.guard)]


def _branch(
    tests: list[ast.expr], body: list[ast.stmt], rest: list[ast.stmt], case: ast.match_case
) -> list[ast.stmt]:
    return [_at(ast.If(_all(tests, ast.And()), body, rest), case.pattern)] if tests else body


def _read(pattern: ast.pattern, subject: Subject, found: _Case) -> None:
    match pattern:
        case ast.MatchValue(value):
            found.tests.append(_compare(subject, ast.Eq(), value, pattern))
        case ast.MatchSingleton(value):
            found.tests.append(_compare(subject, ast.Is(), _at(ast.Constant(value), pattern), pattern))
        case ast.MatchAs(inner, name):
            if inner is not None:
                _read(inner, subject, found)
            if name is not None:
                found.names[name] = subject
        case ast.MatchOr(patterns):
            several = [_Case() for _ in patterns]
            for p, c in zip(patterns, several, strict=True):
                _read(p, subject, c)
            if any(c.names for c in several):
                raise Unreadable(pattern, "a pattern with 'or' that gives names can't be read", "a case for each")
            if all(c.tests for c in several):
                found.tests.append(_all([_all(c.tests, ast.And()) for c in several], ast.Or()))
        case ast.MatchSequence(patterns) if isinstance(subject, list) and not _starred(patterns):
            if len(patterns) != len(subject):
                found.tests.append(_at(ast.Constant(False), pattern))
                return
            for p, part in zip(patterns, subject, strict=True):
                _read(p, part, found)
        case _:
            star = isinstance(pattern, ast.MatchSequence) and _starred(pattern.patterns)
            raise Unreadable(pattern, KINDS[ast.MatchStar if star else type(pattern)])


def _starred(patterns: list[ast.pattern]) -> bool:
    return any(isinstance(p, ast.MatchStar) for p in patterns)


def _compare(subject: Subject, op: ast.cmpop, value: ast.expr, pattern: ast.pattern) -> ast.expr:
    """`subject == value`; a tuple is no such value."""
    same = ast.Constant(False) if isinstance(subject, list) else ast.Compare(subject, [op], [value])
    return _at(same, pattern)


def _all(tests: list[ast.expr], op: ast.boolop) -> ast.expr:
    return tests[0] if len(tests) == 1 else _at(ast.BoolOp(op, tests), tests[0])


def _bindings(names: dict[str, Subject], pattern: ast.pattern) -> list[ast.stmt]:
    return _assign({n: _whole(v, pattern) for n, v in names.items()}, pattern)


def _assign(values: dict[str, ast.expr], where: ast.AST) -> list[ast.stmt]:
    """`a, b = b, a` of `case a, b` where b, a are matched: all at once, as each may be another's subject."""
    targets: list[ast.expr] = [_at(ast.Name(n, ast.Store()), where) for n in values]
    if len(targets) > 1:
        both = ast.Tuple(targets, ast.Store()), ast.Tuple(list(values.values()), ast.Load())
        return [_at(ast.Assign([_at(both[0], where)], _at(both[1], where)), where)]
    return [_at(ast.Assign([t], v), where) for t, v in zip(targets, values.values(), strict=True)]


def _whole(subject: Subject, where: ast.AST) -> ast.expr:
    """`subject` as an expression, written at `where`."""
    if isinstance(subject, list):
        return _at(ast.Tuple([_whole(p, where) for p in subject], ast.Load()), where)
    return _at(copy(subject), where)


def _at(made: Node, where: ast.AST) -> Node:
    """A new node, standing where another one stands."""
    return ast.copy_location(made, where)
