"""Stacks that a sweep fills and the other one empties, through calls: what people read stays as it is.

    s_saved = []                       s_saved = empty_float64()
    s_saved.append(s)          ->      put(s_saved, (s,))
    s = s_saved.pop()                  (s,) = take(s_saved, 1)
    return x_bar                       done((s_saved,))
                                       return x_bar

So are used the stacks of the tape that recursive functions share, and the lists of a loop whose trips nobody counts
beforehand, if they hold numbers and nothing else is done with them. `frames.py` says what is gained by it.
"""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Callable, Mapping
from itertools import groupby
from typing import Any

from numba.core import types

from srcad.ir import Append, Apply, Array, Assign, Function, Stmt, Var, names, reads, walk
from srcad.machine.frames import done, empty, put, take
from srcad.names import TAPE, TAPES
from srcad.types import is_list

EMPTY = {"[0.0][:0]": types.float64, "[0][:0]": types.int64, "[False][:0]": types.boolean}  # in the tape
Stacks = Mapping[str, Any]  # the lists that are stacks, and the type of their numbers


def stacks(f: Function) -> dict[str, Any]:
    """The lists of `f` that are used as stacks only, and the types of their numbers."""
    often = Counter(_made(s) for s in walk(f.body))
    made = [n for n in map(_made, f.body) if often[n] == 1 and _is_of_numbers(f.types.get(n))]
    other = set(names(f.result))
    for s in walk(f.body) if made else ():
        match s:
            case Assign(target, Apply(".pop", (Var(),))):
                other.add(target)
            case Assign(target, value) if not _made(s):
                other |= {target, *names(value)}
            case Append(_, value):
                other |= set(names(value))
            case _:
                other |= {n for e in reads(s) for n in names(e)}
    return {n: types.unliteral(f.types[n].dtype) for n in made if n not in other}


def _is_of_numbers(t: Any) -> bool:
    return is_list(t) and isinstance(t.dtype, (types.Float, types.Integer, types.Boolean))


def _made(s: Stmt) -> str:
    """The name of the list that `s` makes, if it makes an empty one."""
    return s.target if isinstance(s, Assign) and s.value == Array((), True) else ""


# ---------------------------------------------------------------------------------------------- the text


def through_calls(tree: ast.Module, stacks: Stacks, bound: Callable[[Any, str], str]) -> ast.Module:
    """The text `tree` of a function with its stacks used through functions, which `bound` gives names to."""
    _Through(stacks, bound).visit(tree)
    return ast.fix_missing_locations(tree)


class _Through(ast.NodeTransformer):
    """Values that are put on one stack or taken off it by neighbouring lines are so in one call."""

    def __init__(self, stacks: Stacks, bound: Callable[[Any, str], str]) -> None:
        self.stacks, self.bound = stacks, bound
        self.names = {*TAPES.values(), *stacks}

    def generic_visit(self, node: ast.AST) -> ast.AST:
        for name, body in ast.iter_fields(node):
            if name in ("body", "orelse") and isinstance(body, list):
                runs = [list(run) for _, run in groupby(body, self._use)]
                setattr(node, name, [s for run in runs for s in self._run(run)])
        return super().generic_visit(node)

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.AST:
        made = [n for n in self.stacks if n in self._assigned(node)]
        ended: list[ast.expr] = [ast.Name(TAPE, ast.Load())] if TAPE in self._assigned(node) else []
        ended += [ast.Tuple([ast.Name(n, ast.Load()) for n in made], ast.Load())] if made else []
        if isinstance(node.body[-1], ast.Return):
            calls = [ast.Expr(ast.Call(ast.Name(self.bound(done, "done"), ast.Load()), [e], [])) for e in ended]
            node.body[-1:-1] = [ast.copy_location(s, node.body[-1]) for s in calls]
        return self.generic_visit(node)

    def _assigned(self, f: ast.FunctionDef) -> set[str]:
        return {n.id for s in f.body if isinstance(s, ast.Assign) for n in s.targets if isinstance(n, ast.Name)}

    def visit_Assign(self, node: ast.Assign) -> ast.AST:
        match node:
            case ast.Assign([ast.Name(name)], ast.List([])) if name in self.stacks:
                node.value = self._empty(self.stacks[name])
            case ast.Assign([ast.Name(name)], ast.Tuple(made)) if name == TAPE:
                made[:] = [self._empty(EMPTY[t]) if (t := ast.unparse(e)) in EMPTY else e for e in made]
        return node

    def _empty(self, dtype: Any) -> ast.Call:
        return ast.Call(ast.Name(self.bound(empty(dtype), f"empty_{dtype}"), ast.Load()), [], [])

    def _use(self, s: ast.AST) -> tuple[str, str] | int:
        """The stack that `s` uses and how; a number of its own if it uses none."""
        match s:
            case ast.Expr(ast.Call(ast.Attribute(ast.Name(stack), "append"))) if stack in self.names:
                return stack, "put"
            case ast.Assign([ast.Name()], ast.Call(ast.Attribute(ast.Name(stack), "pop"))) if stack in self.names:
                return stack, "take"
        return id(s)

    def _run(self, run: list[Any]) -> list[Any]:
        use = self._use(run[0])
        if isinstance(use, int):
            return run
        stack = ast.Name(use[0], ast.Load())
        if use[1] == "put":
            given = ast.Tuple([s.value.args[0] for s in run], ast.Load())
            call = ast.Call(ast.Name(self.bound(put, "put"), ast.Load()), [stack, given], [])
            return [ast.copy_location(ast.Expr(call), run[0])]
        call = ast.Call(ast.Name(self.bound(take, "take"), ast.Load()), [stack, ast.Constant(len(run))], [])
        targets = ast.Tuple([s.targets[0] for s in run], ast.Store())
        return [ast.copy_location(ast.Assign([targets], call), run[0])]
