"""The three-address IR: what the parser makes, the passes transform and the emitter prints.

    s = math.sin(s * x[i]) + x[i]     ->     %1 = x[i]
                                             %2 = s * %1
                                             %3 = math.sin(%2)
                                             %4 = x[i]
                                             s = %3 + %4

Grammar (every node is frozen; a body is a tuple of statements):

    Function  = name(params) body -> result, with the types of its names
    stmt      = target = expr                         Assign    a scalar, a reference to an array, a tuple
              | array[index] (op)= expr               Store     op: None or "+"
              | targets = function(args)              Invoke    a function that stays a call (recursion)
              | list.append(expr)                     Append
              | if test: body else: body              If
              | for target in range(...): body        For       `backwards`: the same range from its end
              | while test: body                      While
              | break | continue | return expr        Exit      the last two only until `structure`
              | raise expr                            Raise
    expr      = 3.0 | x | op(args) | base[index] | base.field | (items) | yes if test else no | lo:hi:step

`op` is an operator ("+", "neg", "<", "and", ...) or the canonical spelling of a known function ("math.sin").
An expression where a number is computed that might need a derivative has atoms (constants and names) as operands;
tests, indices, bounds and shapes, which have none, are whole trees. After the pass `ssa` each name has one
definition, `base.number`, and If, For and While carry the joins of their versions as `phis`.
Names beginning with `%` are intermediates, which get their numbers when they are printed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from typing import Any

from srcad.errors import NOWHERE, Location

# ---------------------------------------------------------------------------------------------- expressions


@dataclass(frozen=True, slots=True)
class Const:
    """A literal: a number, bool, string or None."""

    value: Any


@dataclass(frozen=True, slots=True)
class Var:
    """A name: a local variable, a parameter, or a global that the generated module binds."""

    name: str


@dataclass(frozen=True, slots=True)
class Apply:
    """An operator or a known function, by its canonical spelling."""

    op: str
    args: tuple[Expr, ...]
    keywords: tuple[tuple[str, Expr], ...] = ()


@dataclass(frozen=True, slots=True)
class Item:
    """`base[index]`: an element, or a view where the index has a slice or is short.

    `shadow` is the shadow of `base` where the adjoint can't name it by `base` (see `passes/shadows.py`).
    """

    base: Expr
    index: tuple[Expr, ...]
    shadow: Expr | None = None


@dataclass(frozen=True, slots=True)
class Field:
    """`base.name`: shape, size, ndim, T, or a namedtuple's field."""

    base: Expr
    name: str


@dataclass(frozen=True, slots=True)
class Slice:
    """`lower:upper:step` inside an index."""

    lower: Expr | None
    upper: Expr | None
    step: Expr | None


@dataclass(frozen=True, slots=True)
class Tuple:
    """`(items)`, or `maker(items)` for a namedtuple class that the generated module binds as `maker`."""

    items: tuple[Expr, ...]
    maker: str = ""


@dataclass(frozen=True, slots=True)
class Array:
    """`np.array([items])`, `[items]` (is_list): a display, possibly nested for arrays."""

    items: tuple[Expr, ...]
    is_list: bool = False
    dtype: str = ""


@dataclass(frozen=True, slots=True)
class Select:
    """`yes if test else no`."""

    test: Expr
    yes: Expr
    no: Expr


Expr = Const | Var | Apply | Item | Field | Slice | Tuple | Array | Select

# ---------------------------------------------------------------------------------------------- statements


@dataclass(frozen=True, slots=True)
class Assign:
    target: str
    value: Expr
    at: Location = NOWHERE


@dataclass(frozen=True, slots=True)
class Store:
    array: Expr
    index: tuple[Expr, ...]
    value: Expr
    op: str | None = None
    at: Location = NOWHERE
    shadow: Expr | None = None


@dataclass(frozen=True, slots=True)
class Invoke:
    targets: tuple[str, ...]
    function: str
    args: tuple[Expr, ...]
    at: Location = NOWHERE


@dataclass(frozen=True, slots=True)
class Append:
    list: str
    value: Expr
    position: Expr | None = None  # the length before, once `prepare` counts it
    at: Location = NOWHERE


@dataclass(frozen=True, slots=True)
class Phi:
    """The join `target` of versions: (then, else) of an If; (before, back) at a loop's head; all ways out after it.

    A None is a way on which the name has no value.
    """

    target: str
    sources: tuple[str | None, ...]


@dataclass(frozen=True, slots=True)
class If:
    test: Expr
    body: Body
    orelse: Body = ()
    phis: tuple[Phi, ...] = ()
    key: int = 0
    at: Location = NOWHERE
    mark: str = ""  # the name that holds the last iteration of the loop around in which `body` ran


@dataclass(frozen=True, slots=True)
class For:
    target: str
    start: Expr
    stop: Expr
    step: Expr
    body: Body
    orelse: Body = ()  # gone after `structure`
    heads: tuple[Phi, ...] = ()
    phis: tuple[Phi, ...] = ()
    key: int = 0
    backwards: bool = False
    trips: str = ""  # the name that counts its iterations, read when it has ended
    marks: tuple[str, ...] = ()  # the marks of the branches in its body, read when it has ended
    at: Location = NOWHERE


@dataclass(frozen=True, slots=True)
class While:
    test: Expr
    body: Body
    orelse: Body = ()  # gone after `structure`
    heads: tuple[Phi, ...] = ()
    phis: tuple[Phi, ...] = ()
    key: int = 0
    trips: str = ""
    at: Location = NOWHERE


@dataclass(frozen=True, slots=True)
class Exit:
    """`kind` is "break", "continue" or "return"."""

    kind: str
    value: Expr | None = None
    at: Location = NOWHERE


@dataclass(frozen=True, slots=True)
class Raise:
    value: Expr
    at: Location = NOWHERE


@dataclass(frozen=True, slots=True)
class Note:
    """A comment of the printed text."""

    text: str
    at: Location = NOWHERE


Stmt = Assign | Store | Invoke | Append | If | For | While | Exit | Raise | Note
Body = tuple[Stmt, ...]


@dataclass(frozen=True)
class Function:
    """A function whose `body` leaves its value in `result` (None where it returns nothing)."""

    name: str
    params: tuple[str, ...]
    body: Body
    result: Expr | None
    at: Location = NOWHERE
    types: dict[str, Any] = field(default_factory=dict)
    shadows: dict[str, str] = field(default_factory=dict)  # of arrays whose shadows the forward sweep makes
    external: bool = False  # called by others: its array parameters are the caller's memory

    def __str__(self) -> str:
        from srcad.syntax import text  # the printed form is Python's, so it is made there

        return text(self)


# ---------------------------------------------------------------------------------------------- walking

ZERO, ONE = Const(0), Const(1)
TRUE, FALSE = Const(True), Const(False)


def children(e: Expr) -> tuple[Expr, ...]:
    """The operands of `e`."""
    match e:
        case Apply(_, args, keywords):
            return args + tuple(v for _, v in keywords)
        case Item(base, index, shadow):
            return (base, *index) if shadow is None else (base, *index, shadow)
        case Field(base, _):
            return (base,)
        case Slice(lower, upper, step):
            return tuple(x for x in (lower, upper, step) if x is not None)
        case Tuple(items, _) | Array(items, _, _):
            return items
        case Select(test, yes, no):
            return (test, yes, no)
        case _:
            return ()


def transform(e: Expr, f: Callable[[Expr], Expr]) -> Expr:
    """`e` with `f` applied to every node, operands first."""
    match e:
        case Const() | Var():
            return f(e)
        case Apply(op, args, keywords):
            return f(Apply(op, tuple(transform(a, f) for a in args), tuple((k, transform(v, f)) for k, v in keywords)))
        case Item(base, index, shadow):
            under = None if shadow is None else transform(shadow, f)
            return f(Item(transform(base, f), tuple(transform(i, f) for i in index), under))
        case Field(base, name):
            return f(Field(transform(base, f), name))
        case Slice(lower, upper, step):
            return f(Slice(*(None if x is None else transform(x, f) for x in (lower, upper, step))))
        case Tuple(items, maker):
            return f(Tuple(tuple(transform(i, f) for i in items), maker))
        case Array(items, is_list, dtype):
            return f(Array(tuple(transform(i, f) for i in items), is_list, dtype))
        case Select(test, yes, no):
            return f(Select(transform(test, f), transform(yes, f), transform(no, f)))


def substitute(e: Expr, mapping: Callable[[str], Expr]) -> Expr:
    """`e` with every name replaced by what `mapping` gives for it."""
    return transform(e, lambda n: mapping(n.name) if isinstance(n, Var) else n)


def names(e: Expr | None) -> Iterator[str]:
    """The names read by `e`, left to right."""
    if e is None:
        return
    if isinstance(e, Var):
        yield e.name
    for c in children(e):
        yield from names(c)


def nodes(e: Expr) -> Iterator[Expr]:
    """`e` and all below it."""
    yield e
    for c in children(e):
        yield from nodes(c)


def bodies(s: Stmt) -> tuple[Body, ...]:
    """The bodies nested in `s`."""
    return (s.body, s.orelse) if isinstance(s, (If, For, While)) else ()


def walk(body: Body) -> Iterator[Stmt]:
    """Every statement of `body`, nested ones after the one that holds them."""
    for s in body:
        yield s
        for b in bodies(s):
            yield from walk(b)


def reads(s: Stmt) -> tuple[Expr, ...]:
    """The expressions that `s` itself evaluates (not those of nested statements)."""
    match s:
        case Assign(_, value):
            return (value,)
        case Store(array, index, value):
            return (array, *index, value) if s.shadow is None else (array, *index, value, s.shadow)
        case Invoke(_, _, args):
            return args
        case Append(lst, value, position):
            return (Var(lst), value) if position is None else (Var(lst), value, position)
        case If(test) | While(test):
            return (test,)
        case For(_, start, stop, step):
            return (start, stop, step)
        case Exit(_, value):
            return () if value is None else (value,)
        case Raise(value):
            return (value,)
        case Note():
            return ()


def writes(s: Stmt) -> tuple[str, ...]:
    """The names that `s` itself binds."""
    match s:
        case Assign(target) | For(target):
            return (target,)
        case Invoke(targets):
            return targets
        case _:
            return ()


def map_exprs(s: Stmt, f: Callable[[Expr], Expr]) -> Stmt:
    """`s` with `f` applied to each expression that it evaluates itself."""
    match s:
        case Assign(_, value):
            return replace(s, value=f(value))
        case Store(array, index, value):
            shadow = None if s.shadow is None else f(s.shadow)
            return replace(s, array=f(array), index=tuple(f(i) for i in index), value=f(value), shadow=shadow)
        case Invoke(_, _, args):
            return replace(s, args=tuple(f(a) for a in args))
        case Append(_, value, position):
            return replace(s, value=f(value), position=None if position is None else f(position))
        case If(test) | While(test):
            return replace(s, test=f(test))
        case For(_, start, stop, step):
            return replace(s, start=f(start), stop=f(stop), step=f(step))
        case Exit(_, value):
            return s if value is None else replace(s, value=f(value))
        case Raise(value):
            return replace(s, value=f(value))
        case Note():
            return s


def map_bodies(s: Stmt, f: Callable[[Body], Body]) -> Stmt:
    """`s` with `f` applied to each nested body."""
    if isinstance(s, (If, For, While)):
        return replace(s, body=f(s.body), orelse=f(s.orelse))
    return s


def rename(body: Body, mapping: Callable[[str], str]) -> Body:
    """`body` with every name, read or bound, replaced."""

    def expr(e: Expr) -> Expr:
        return substitute(e, lambda n: Var(mapping(n)))

    def stmt(s: Stmt) -> Stmt:
        s = map_bodies(map_exprs(s, expr), lambda b: rename(b, mapping))
        match s:
            case For(target):
                marks = tuple(mapping(m) for m in s.marks)
                return replace(s, target=mapping(target), trips=s.trips and mapping(s.trips), marks=marks)
            case If():
                return replace(s, mark=s.mark and mapping(s.mark))
            case While():
                return replace(s, trips=s.trips and mapping(s.trips))
            case Assign(target):
                return replace(s, target=mapping(target))
            case Invoke(targets):
                return replace(s, targets=tuple(mapping(t) for t in targets))
            case Append(lst):
                return replace(s, list=mapping(lst))
            case _:
                return s

    return tuple(stmt(s) for s in body)


def phis_of(s: Stmt) -> tuple[Phi, ...]:
    """The joins that `s` makes, those at a loop's head first."""
    if isinstance(s, If):
        return s.phis
    return s.heads + s.phis if isinstance(s, (For, While)) else ()


def is_atom(e: Expr) -> bool:
    return isinstance(e, (Const, Var))
