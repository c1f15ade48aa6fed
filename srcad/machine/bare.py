"""Functions that allocate nothing, compiled without reference counts: what people read stays as it is.

    def g_forward(x, tape):            ->          @njit(_nrt=False)
        ...                                        def g_forward(x, tape):
                                                       ...

Numba counts the references to each array and list that a function is given, with an atomic operation on the way in
and one on the way out. Where calls are many and short, as in recursion, these cost more than the work. A function
that makes no array and no list, and returns none, needs no counts: its caller holds what it is given. Only the
stacks of the tape grow, in functions of their own (`stacked.py`).
"""

from __future__ import annotations

from typing import Any

from numba.core import types

from srcad.ir import (
    Append,
    Apply,
    Assign,
    Const,
    Expr,
    Field,
    For,
    Function,
    If,
    Invoke,
    Item,
    Note,
    Raise,
    Select,
    Slice,
    Stmt,
    Store,
    Tuple,
    Var,
    While,
    names,
    reads,
    walk,
)
from srcad.names import TAPE, TAPES
from srcad.rules import RULES
from srcad.types import is_array, is_list, is_tuple

SCALAR = frozenset({"==", "!=", "<", "<=", ">", ">=", "and", "or", "not", "&", "|", "^", "<<", ">>", "~", "//", "%"})
INPLACE = frozenset({"+=", "-=", "*=", "/=", "//=", "%=", "**="})


def is_bare(f: Function) -> bool:
    """Does `f`, with the types of its names, allocate nothing and return neither arrays nor lists?"""
    given = (f.types.get(p) for p in f.params if p != TAPE)
    made = (f.types.get(n) for n in names(f.result)) if f.result is not None else ()
    return (
        not any(is_list(t) for t in given)
        and not any(is_array(t) for t in made)
        and (f.result is None or all(_is_light(e, f) for e in _items(f.result)))
        and all(_is_light_statement(s, f) for s in walk(f.body))
    )


def may_be_arrays(f: Function) -> tuple[int, ...]:
    """The positions of the parameters of `f` that are arrays, shadows of arrays, or the tape."""

    def may_be(p: str) -> bool:
        t = f.types.get(p)
        return p == TAPE or t is None or is_array(t)

    return tuple(k for k, p in enumerate(f.params) if may_be(p))


def _items(e: Expr) -> tuple[Expr, ...]:
    return e.items if isinstance(e, Tuple) else (e,)


def _is_light_statement(s: Stmt, f: Function) -> bool:
    """Does `s` itself allocate nothing?"""
    match s:
        case Assign(target, Item(Var(tape), (Const(),))) if tape == TAPE:
            return target in TAPES.values()
        case Assign(_, Apply(".pop", (Var(stack),))):
            return stack in TAPES.values()
        case Append(stack, value):
            return stack in TAPES.values() and _is_light(value, f)
        case Invoke(targets, _, args):
            return (
                s.own is None
                and all(_is_value(f.types.get(t)) for t in targets)
                and all(a == Var(TAPE) or _is_light(a, f) for a in args)
            )
        case Assign() | Store() | If() | For() | While():
            return all(_is_light(e, f) for e in reads(s))
        case Raise(Apply(_, args, keywords)):
            return not keywords and all(isinstance(a, Const) for a in args)
        case Note():
            return True
    return False


def _is_light(e: Expr, f: Function) -> bool:
    """Is `e` a number, or an array that stands already or is part of one, had without allocating anything?"""
    match e:
        case Const(value):
            return isinstance(value, (bool, int, float))
        case Var(name):
            t = f.types.get(name)
            return is_array(t) or _is_value(t)
        case Apply("len", (Var(name),)):
            return is_array(f.types.get(name))
        case Apply(op, args, keywords):
            numbers = all(_is_light(a, f) and not _is_reference(a, f) for a in args)
            return numbers and not keywords and (op in SCALAR | INPLACE or (op in RULES and _is_compiled(op)))
        case Item(Var(name), index):
            t = f.types.get(name)
            return (is_array(t) or is_tuple(t)) and _is_light(Var(name), f) and all(_is_light(i, f) for i in index)
        case Item(Field(Var(name), "shape"), (Const(),)):
            return is_array(f.types.get(name))
        case Field(Var(name), "shape" | "size" | "ndim"):
            return is_array(f.types.get(name))
        case Select(test, yes, no):
            return all(_is_light(x, f) for x in (test, yes, no))
        case Slice(lower, upper, step):
            return all(x is None or _is_light(x, f) for x in (lower, upper, step))
    return False


def _is_compiled(op: str) -> bool:
    """Is `op` an operator, or one of Python's functions of numbers, that Numba makes machine code of at once?"""
    return op in ("max", "min", "abs", "neg") or op.startswith("math.") or not op[0].isalpha()


def _is_reference(e: Expr, f: Function) -> bool:
    """May `e` be an array?"""
    match e:
        case Var(name):
            return is_array(f.types.get(name))
        case Item(Var(name), index):
            t = f.types.get(name)
            whole = any(isinstance(i, Slice) for i in index)
            return t is not None and is_array(t) and (whole or len(index) != t.ndim)
        case Select(_, yes, no):
            return _is_reference(yes, f) or _is_reference(no, f)
    return False


def _is_value(t: Any) -> bool:
    """Is `t` a number's type, or that of a tuple of numbers? Those of bars, which need not be known, are."""
    t = types.unliteral(t) if isinstance(t, types.Type) else t
    return t is None or isinstance(t, (types.Number, types.Boolean)) or (is_tuple(t) and all(map(_is_value, t)))
