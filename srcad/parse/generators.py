"""Loops over generators: the generator is read in place, and what the loop does stands where it yields.

    def halves(t):
        while t > 1.0:                            t = x
            yield t                 ->            while t > 1.0:
            t *= 0.5                                  v = t;  s = s + v * v
    for v in halves(x): s += v * v                    t = t * 0.5

A `break` of the loop is a `return` of the generator.
"""

from __future__ import annotations

import ast
import inspect
from collections.abc import Callable
from dataclasses import replace

from srcad import source
from srcad.errors import unsupported
from srcad.ir import FALSE, TRUE, Assign, Body, Exit, For, If, Stmt, Var, While, map_bodies
from srcad.parse.loops import Generated, Loops
from srcad.parse.scope import Closure, Static, Value, yields
from srcad.parse.structure import structure


class Generators(Loops):
    """Reads them."""

    def generator(self, known: Value | None, node: ast.Call) -> Generated | None:
        f = source.python_function(known.value) if type(known) is Static else None
        is_one = f is not None and bool(f.__code__.co_flags & inspect.CO_GENERATOR)
        is_one = is_one or (isinstance(known, Closure) and yields(known.node))
        return Generated(known, node) if is_one and known is not None else None

    def over_generator(
        self, target: ast.expr, it: Generated, inside: Callable[[], None], node: ast.AST, bound: frozenset[str]
    ) -> str:
        """The loop over it; the name of what says that a `break` has left it, or "" if there is none."""
        self.program.rebound |= bound  # the generator's parameters keep their values while these are assigned
        at, left, ended, outer = self.location(node), "", "", self.out

        def consume(value: Value, lists: list[list[Stmt]]) -> Body:
            nonlocal left, ended
            around, self.around = self.around, [*self.around, outer, *lists]
            old = self.block()
            self.bind_item(target, value, node)
            inside()
            body = self.taken(old)
            self.around = around
            found = _exits(body)
            if (odd := next((s for s in found if s.value is not None), None)) is not None:
                why = "a return with a value can't be read in a loop over a generator"
                raise unsupported(odd.at, why, "a break, and the return behind the loop; or a loop over list(...)")
            if not found:
                return body
            leaves = any(s.kind != "continue" for s in found)
            left = left or (self.program.names.fresh("left") if leaves else "")
            ended = ended or (self.program.names.fresh("ended") if any(s.kind == "return" for s in found) else "")
            body, _ = structure(_going_on(body, left, ended), self.program.names.fresh)
            return (*body, If(Var(left), (Exit("return", None, at),), at=at)) if leaves else body

        before, self.consuming = self.consuming, (it.call, consume)
        mark = len(self.out)
        self.call_of(it.function, it.call)
        self.consuming = before
        self.out[mark:mark] = [Assign(flag, FALSE, at) for flag in (left, ended) if flag]
        if ended:
            self.out.append(If(Var(ended), (Exit("return", None, at),), at=at))
        return left


def _exits(body: Body, inner: bool = False) -> list[Exit]:
    """The exits in `body` of the loop that it is the body of, and of the function."""
    out: list[Exit] = []
    for s in body:
        if isinstance(s, Exit) and (s.kind == "return" or not inner):
            out.append(s)
        elif isinstance(s, (If, For, While)):
            out += _exits(s.body, inner or not isinstance(s, If)) + _exits(s.orelse, inner)
    return out


def _going_on(body: Body, left: str, ended: str) -> Body:
    """`body` with a `return`, of itself, for each exit: what says `left` is set by a `break`, both by a `return`."""

    def exits(s: Stmt) -> Body:
        match s:
            case Exit(kind):
                flags = {"break": (left,), "return": (left, ended)}.get(kind, ())
                return (*(Assign(flag, TRUE, s.at) for flag in flags), Exit("return", None, s.at))
            case If():
                return (map_bodies(s, lambda b: _going_on(b, left, ended)),)
            case For() | While():
                return (_inner(s, left, ended),)
        return (s,)

    return tuple(new for s in body for new in exits(s))


def _inner(s: For | While, left: str, ended: str) -> Stmt:
    """A loop inside: a `return` in it is one of all, and what stands in its `else` is outside of it."""
    return replace(s, body=_ending(s.body, left, ended), orelse=_going_on(s.orelse, left, ended))


def _ending(body: Body, left: str, ended: str) -> Body:
    """The `body` of a loop inside, with the flags set before a `return`."""

    def exits(s: Stmt) -> Body:
        if isinstance(s, Exit) and s.kind == "return":
            return (*(Assign(flag, TRUE, s.at) for flag in (left, ended)), s)
        return (map_bodies(s, lambda b: _ending(b, left, ended)),)

    return tuple(new for s in body for new in exits(s))
