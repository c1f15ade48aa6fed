"""Stacks that a sweep fills and the other one empties, through calls: what people read stays as it is.

    s_saved = []                       s_saved = empty_float64()
    s_saved.append(s)          ->      put(s_saved, (s,))
    s = s_saved.pop()                  (s,) = take(s_saved, 1)
    return x_bar                       done((s_saved,))
                                       return x_bar
    tape_int64 = tape[1]               tape_int64 = words(tape)
    tape_int64.append(k)       ->      put_words(tape_int64, (k, a), "if")
    tape_float64.append(a)

    if c:                              if c:
        tape_int64.append(k)               tape_int64.append(k)
    s += a                     ->          tape_int64.append(j)
    tape_int64.append(j)               else:
                                           tape_int64.append(j)
                                       s += a

So are used the stacks of the tape that recursive functions share, and the lists of a loop whose trips nobody counts
beforehand, if they hold numbers and nothing else is done with them. `frames.py` says what is gained by it.
"""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import replace
from itertools import groupby
from typing import Any

from numba.core import types

from srcad.ir import (
    Append,
    Apply,
    Array,
    Assign,
    Body,
    Exit,
    Function,
    If,
    Note,
    Stmt,
    Store,
    Var,
    is_pop,
    map_bodies,
    names,
    nodes,
    reads,
    walk,
)
from srcad.machine.frames import WORDS, done, empty, put, put_words, take, take_words, words
from srcad.names import TAPE, TAPES
from srcad.types import is_list

EMPTY = {"[0.0][:0]": types.float64, "[0][:0]": types.int64, "[False][:0]": types.boolean}  # in the tape
LETTERS = {TAPES[str(t)]: letter for letter, t in WORDS.items()}  # of the tape's stacks of words
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


def gathered(f: Function) -> Function:
    """`f`, what a branch puts on the tape and what comes there soon after being put in each arm: at once."""
    if not any(isinstance(s, Append) and s.list in LETTERS for s in walk(f.body)):
        return f
    body = _gathered(f.body)
    return f if body == f.body else replace(f, body=body)


def _gathered(body: Body) -> Body:
    out: list[Stmt] = []
    for s in body:
        s = map_bodies(s, _gathered)
        branch = _branch(s, out)
        if branch is None:
            out.append(s)
            continue
        before = out[branch]
        assert isinstance(before, If)
        out[branch] = replace(before, body=(*before.body, s), orelse=(*before.orelse, s))
    return tuple(out)


def _branch(s: Stmt, before: list[Stmt]) -> int | None:
    """Which of the statements `before` is a branch at whose ends `s` may as well put what it puts on the tape."""
    if not isinstance(s, Append) or s.list not in LETTERS or not isinstance(s.value, Var):
        return None
    for k in range(len(before) - 1, -1, -1):
        match before[k]:
            case If(_, then, orelse):
                ends = [arm[-1] if arm else None for arm in (then, orelse)]
                puts = any(isinstance(t, Append) and t.list in LETTERS for t in ends)
                return k if puts and not any(isinstance(t, Exit) for t in ends) else None
            case Assign(target, value) if target != s.value.name and not any(map(is_pop, nodes(value))):
                continue
            case Store() | Note():
                continue
        return None
    return None


# ---------------------------------------------------------------------------------------------- the text


def through_calls(tree: ast.Module, stacks: Stacks, bound: Callable[[Any, str], str]) -> ast.Module:
    """The text `tree` of a function with its stacks used through functions, which `bound` gives names to."""
    _Through(stacks, bound).visit(tree)
    return tree


class _Through(ast.NodeTransformer):
    """Values that are put on one stack or taken off it by neighbouring lines are so in one call."""

    def __init__(self, stacks: Stacks, bound: Callable[[Any, str], str]) -> None:
        self.stacks, self.bound = stacks, bound
        self.names = {*TAPES.values(), *stacks}
        self.words: dict[str, str] = {}  # the stacks that are the one of words, and the letters of their types

    def generic_visit(self, node: ast.AST) -> ast.AST:
        for name, body in ast.iter_fields(node):
            if name in ("body", "orelse") and isinstance(body, list):
                runs = [list(run) for _, run in groupby(body, self._use)]
                setattr(node, name, [s for run in runs for s in self._run(run)])
        return super().generic_visit(node)

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.AST:
        for s in node.body:
            match s:
                case ast.Assign([ast.Name(name)], ast.Subscript(ast.Name(tape))) if tape == TAPE and name in LETTERS:
                    self.words[name] = LETTERS[name]
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
            case ast.Assign([ast.Name(name)], ast.Subscript(tape)) if name in self.words:
                node.value = self._call(words, "words", tape)
            case ast.Assign([ast.Name(name)], ast.Tuple(made)) if name == TAPE:
                made[:] = [self._empty(EMPTY[t]) if (t := ast.unparse(e)) in EMPTY else e for e in made]
        self.generic_visit(node)
        return node

    def visit_Call(self, node: ast.Call) -> ast.AST:
        match node:  # a number on its way from the tape to a list, or back
            case ast.Call(ast.Attribute(ast.Name(stack), "pop"), []) if stack in self.words:
                kinds = ast.Constant(self.words[stack])
                taken = self._call(take_words, "take_words", ast.Name(stack, ast.Load()), kinds)
                return ast.copy_location(ast.Subscript(taken, ast.Constant(0), ast.Load()), node)
        return super().generic_visit(node)

    def _call(self, function: Any, name: str, *given: ast.expr) -> ast.Call:
        return ast.Call(ast.Name(self.bound(function, name), ast.Load()), list(given), [])

    def _empty(self, dtype: Any) -> ast.Call:
        return ast.Call(ast.Name(self.bound(empty(dtype), f"empty_{dtype}"), ast.Load()), [], [])

    def _use(self, s: ast.AST) -> tuple[str, str] | int:
        """The stack that `s` uses and how; a number of its own if it uses none."""
        match s:
            case ast.Expr(ast.Call(ast.Attribute(ast.Name(stack), "append"))) if stack in self.names:
                return self._stack(stack), "put"
            case ast.Assign([ast.Name()], ast.Call(ast.Attribute(ast.Name(stack), "pop"))) if stack in self.names:
                return self._stack(stack), "take"
        return id(s)

    def _stack(self, name: str) -> str:
        """The stack that `name` stands for: one for all words."""
        return next(iter(self.words)) if name in self.words else name

    def _run(self, run: list[Any]) -> list[Any]:
        use = self._use(run[0])
        if isinstance(use, int):
            return run
        stack = ast.Name(use[0], ast.Load())
        letters = "".join(self.words.get(s.value.func.value.id, "") for s in run)
        if use[1] == "put":
            given = ast.Tuple([s.value.args[0] for s in run], ast.Load())
            if letters:
                call = self._call(put_words, "put_words", stack, given, ast.Constant(letters))
            else:
                call = self._call(put, "put", stack, given)
            return [ast.copy_location(ast.Expr(call), run[0])]
        if letters:
            call = self._call(take_words, "take_words", stack, ast.Constant(letters))
        else:
            call = self._call(take, "take", stack, ast.Constant(len(run)))
        targets = ast.Tuple([s.targets[0] for s in run], ast.Store())
        return [ast.copy_location(ast.Assign([targets], call), run[0])]
