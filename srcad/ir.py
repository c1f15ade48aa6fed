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
from operator import is_not
from typing import Any, TypeVar

from srcad.errors import NOWHERE, Location
from srcad.names import base

T = TypeVar("T")

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
    """`np.array([items])`, `[items]` (is_list): a display, possibly nested for arrays.

    `of` is an example of what an empty list will hold, where nothing else here says so.
    """

    items: tuple[Expr, ...]
    is_list: bool = False
    dtype: str = ""
    of: Expr | None = None


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
    shadows: tuple[Expr | None, ...] = ()  # of `args`, where the adjoint can't name them by these
    own: Any = None  # what its user declares of the function (`rules/own.py`)
    writes: tuple[int, ...] | None = None  # the arguments that it may write to if they are arrays; None: all
    kept: tuple[Expr, ...] = ()  # of an active one with an own rule: args and results as the reverse sweep has them
    returns_new: bool = False  # arrays that it returns are memory of their own: taken for granted, or tested
    shadowed: bool = False  # both its sweeps take the shadows of what it is given (`analysis/paired.py`)


@dataclass(frozen=True, slots=True)
class Append:
    list: str
    value: Expr
    position: Expr | None = None  # the length before, once `lengths` counts it
    at: Location = NOWHERE
    shadow: Expr | None = None  # the list of bars, of a list whose bars are put on with its numbers


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
    scratch: tuple[str, ...] | None = None  # if its iterations meet in sums alone: the arrays that each writes anew
    over: tuple[Expr, ...] = ()  # what it takes the items of; gone after `lists`
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
    sizes: dict[str, str] = field(default_factory=dict)  # of lists: the names of their final lengths
    external: bool = False  # called by others: its array parameters are the caller's memory
    changing: frozenset[str] | None = None  # of these: those that are written to before its reverse; None: all
    together: tuple[tuple[str, ...], ...] | None = None  # and groups of those that may be one memory; None: all
    shadowed: bool = False  # called by others with the shadows of what it is given, in both sweeps
    paired: frozenset[str] = frozenset()  # the lists of numbers whose bars are put on a list beside them
    lanes: tuple[tuple[tuple[str, ...], ...], ...] = ()  # of what goes at once: the names of each value, one a lane
    sums: frozenset[str] = frozenset()  # bars, shadows and dot products: their terms have no order

    def __str__(self) -> str:
        from srcad.syntax import text  # the printed form is Python's, so it is made there

        return text(self)


# ---------------------------------------------------------------------------------------------- walking

ZERO, ONE = Const(0), Const(1)
TRUE, FALSE = Const(True), Const(False)
AXIS = Const(None)  # as a part of an index: an axis of extent one


def children(e: Expr) -> tuple[Expr, ...]:
    """The operands of `e`."""
    kind = type(e)
    if kind is Const or kind is Var:
        return ()
    match e:
        case Apply():
            return e.args + tuple(v for _, v in e.keywords) if e.keywords else e.args
        case Item():
            return (e.base, *e.index) if e.shadow is None else (e.base, *e.index, e.shadow)
        case Field():
            return (e.base,)
        case Slice():
            return tuple(x for x in (e.lower, e.upper, e.step) if x is not None)
        case Tuple() | Array():
            return e.items
        case Select():
            return (e.test, e.yes, e.no)
        case _:
            return ()


def map_each(items: tuple[T, ...], f: Callable[[T], T]) -> tuple[T, ...]:
    """`f` of each of `items`; the same tuple if it changes none."""
    made = tuple([f(i) for i in items])
    return made if any(map(is_not, made, items)) else items


def map_children(e: Expr, f: Callable[[Expr], Expr]) -> Expr:
    """`e` with `f` applied to its operands; the same object if it changes none."""
    match e:
        case Apply():
            args = map_each(e.args, f)
            keywords = map_each(e.keywords, lambda k: (k[0], f(k[1]))) if e.keywords else ()
            return e if args is e.args and not keywords else Apply(e.op, args, keywords)
        case Item():
            base, index, shadow = f(e.base), map_each(e.index, f), None if e.shadow is None else f(e.shadow)
            return e if base is e.base and index is e.index and shadow is e.shadow else Item(base, index, shadow)
        case Field():
            base = f(e.base)
            return e if base is e.base else Field(base, e.name)
        case Slice():
            return Slice(*(None if x is None else f(x) for x in (e.lower, e.upper, e.step)))
        case Tuple():
            items = map_each(e.items, f)
            return e if items is e.items else Tuple(items, e.maker)
        case Array():
            items = map_each(e.items, f)
            return e if items is e.items else replace(e, items=items)
        case Select():
            test, yes, no = f(e.test), f(e.yes), f(e.no)
            return e if test is e.test and yes is e.yes and no is e.no else Select(test, yes, no)
        case Const() | Var():
            return e


def transform(e: Expr, f: Callable[[Expr], Expr]) -> Expr:
    """`e` with `f` applied to every node, operands first; what `f` leaves alone stays the same object."""
    kind = type(e)
    if kind is Const or kind is Var:
        return f(e)
    return f(map_children(e, lambda c: transform(c, f)))


def substitute(e: Expr, mapping: Callable[[str], Expr]) -> Expr:
    """`e` with every name replaced by what `mapping` gives for it."""
    if isinstance(e, Var):
        made = mapping(e.name)
        return e if isinstance(made, Var) and made.name == e.name else made
    # no local function that calls itself: that is garbage in a circle, which only the collector takes away
    return e if isinstance(e, Const) else map_children(e, lambda c: substitute(c, mapping))


def names(e: Expr | None) -> Iterator[str]:
    """The names read by `e`, left to right."""
    if isinstance(e, Var):
        return iter((e.name,))
    out: list[str] = []
    if e is not None:
        _names(e, out)
    return iter(out)


def _names(e: Expr, out: list[str]) -> None:
    for c in children(e):
        kind = type(c)
        if kind is Var:
            out.append(c.name)  # type: ignore[union-attr]
        elif kind is not Const:
            _names(c, out)


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
    out: list[Stmt] = []
    _walk(body, out)
    return iter(out)


def _walk(body: Body, out: list[Stmt]) -> None:
    for s in body:
        out.append(s)
        if isinstance(s, (If, For, While)):
            _walk(s.body, out)
            _walk(s.orelse, out)


def reads(s: Stmt) -> tuple[Expr, ...]:
    """The expressions that `s` itself evaluates (not those of nested statements)."""
    match s:
        case Assign():
            return (s.value,)
        case Store(array, index, value):
            return (array, *index, value) if s.shadow is None else (array, *index, value, s.shadow)
        case Invoke(_, _, args):
            return (*args, *s.kept, *(e for e in s.shadows if e is not None)) if s.shadows or s.kept else args
        case Append(lst, value, position):
            more = tuple(e for e in (position, s.shadow) if e is not None)
            return (Var(lst), value, *more)
        case If(test) | While(test):
            return (test,)
        case For(_, start, stop, step):
            return (start, stop, step, *s.over) if s.over else (start, stop, step)
        case Exit(_, value):
            return () if value is None else (value,)
        case Raise(value):
            return (value,)
        case Note():
            return ()


def writes(s: Stmt) -> tuple[str, ...]:
    """The names that `s` itself binds."""
    match s:
        case Assign() | For():
            return (s.target,)
        case Invoke():
            return s.targets
        case _:
            return ()


def may_write(s: Invoke) -> tuple[Expr, ...]:
    """The arguments that the function may write to, if they are arrays."""
    return s.args if s.writes is None else tuple(s.args[k] for k in s.writes)


def is_pop(e: Expr | None) -> bool:
    """Does `e` take the last item off a list?"""
    return isinstance(e, Apply) and e.op == ".pop"


def bindings(body: Body) -> list[str]:
    """The names that `body` binds, each time that it does, in order."""
    return [n for s in walk(body) for n in writes(s)]


def mentioned(body: Body) -> list[str]:
    """The names that `body` binds or reads, each time that it does, in order."""
    return [n for s in walk(body) for n in (*writes(s), *(m for e in reads(s) for m in names(e)))]


def map_exprs(s: Stmt, f: Callable[[Expr], Expr]) -> Stmt:
    """`s` with `f` applied to each expression that it evaluates itself; the same object if it changes none."""
    match s:
        case Assign():
            value = f(s.value)
            return s if value is s.value else Assign(s.target, value, s.at)
        case Store():
            shadow = None if s.shadow is None else f(s.shadow)
            array, index, value = f(s.array), map_each(s.index, f), f(s.value)
            if array is s.array and index is s.index and value is s.value and shadow is s.shadow:
                return s
            return replace(s, array=array, index=index, value=value, shadow=shadow)
        case Invoke():
            args = map_each(s.args, f)
            shadows = tuple(None if e is None else f(e) for e in s.shadows)
            kept = map_each(s.kept, f)
            if args is s.args and not shadows and kept is s.kept:
                return s
            return replace(s, args=args, shadows=shadows, kept=kept)
        case Append():
            position, shadow = (None if e is None else f(e) for e in (s.position, s.shadow))
            return replace(s, value=f(s.value), position=position, shadow=shadow)
        case If() | While():
            test = f(s.test)
            return s if test is s.test else replace(s, test=test)
        case For():
            start, stop, step, over = f(s.start), f(s.stop), f(s.step), map_each(s.over, f)
            if start is s.start and stop is s.stop and step is s.step and over is s.over:
                return s
            return replace(s, start=start, stop=stop, step=step, over=over)
        case Exit():
            return s if s.value is None else replace(s, value=f(s.value))
        case Raise():
            return replace(s, value=f(s.value))
        case Note():
            return s


def map_bodies(s: Stmt, f: Callable[[Body], Body]) -> Stmt:
    """`s` with `f` applied to each nested body; the same object if it changes none."""
    if not isinstance(s, (If, For, While)):
        return s
    body, orelse = f(s.body), f(s.orelse)
    return s if body is s.body and orelse is s.orelse else replace(s, body=body, orelse=orelse)


def map_all(body: Body, f: Callable[[Expr], Expr]) -> Body:
    """`body` with `f` applied to each expression in it, in nested bodies too."""
    return map_each(body, lambda s: map_bodies(map_exprs(s, f), lambda b: map_all(b, f)))


def rename(body: Body, mapping: Callable[[str], str]) -> Body:
    """`body` with every name, read or bound, replaced."""

    def expr(e: Expr) -> Expr:
        return substitute(e, lambda n: Var(mapping(n)))

    return tuple(_renamed(map_bodies(map_exprs(s, expr), lambda b: rename(b, mapping)), mapping) for s in body)


def _renamed(s: Stmt, mapping: Callable[[str], str]) -> Stmt:
    """`s` with the names replaced that it binds itself."""
    match s:
        case Assign(target, value):
            return Assign(mapping(target), value, s.at)
        case For(target):
            marks = tuple(mapping(m) for m in s.marks)
            scratch = None if s.scratch is None else tuple(mapping(n) for n in s.scratch)
            return replace(s, target=mapping(target), trips=s.trips and mapping(s.trips), marks=marks, scratch=scratch)
        case If():
            return replace(s, mark=mapping(s.mark)) if s.mark else s
        case While():
            return replace(s, trips=mapping(s.trips)) if s.trips else s
        case Invoke(targets):
            return replace(s, targets=tuple(mapping(t) for t in targets))
        case Append(lst):
            return replace(s, list=mapping(lst))
        case _:
            return s


def phis_of(s: Stmt) -> tuple[Phi, ...]:
    """The joins that `s` makes, those at a loop's head first."""
    if isinstance(s, If):
        return s.phis
    return s.heads + s.phis if isinstance(s, (For, While)) else ()


def plain(body: Body) -> Body:
    """`body` as it is printed: without version numbers, joins, and what only the adjoint asks for."""

    def expr(e: Expr) -> Expr:
        match e:
            case Const():
                return e
            case Var(name):
                short = base(name)
                return e if short == name else Var(short)
            case Item(array, index):
                return Item(expr(array), map_each(index, expr))
            case Apply(".pop", (lst,)):
                return Apply(".pop", (expr(lst),))
        return map_children(e, expr)

    def strip(b: Body) -> Body:
        out: list[Stmt] = []
        for s in b:
            match s:
                case If():
                    s = replace(s, body=strip(s.body), orelse=strip(s.orelse), phis=(), key=0, mark="")
                case For():
                    s = replace(s, body=strip(s.body), heads=(), phis=(), key=0, trips="", marks=())
                case While():
                    s = replace(s, body=strip(s.body), heads=(), phis=(), key=0, trips="")
                case Store() | Append():
                    s = replace(s, shadow=None)
                case Invoke():
                    s = replace(s, shadows=(), kept=())
            out.append(_renamed(map_exprs(s, expr), base))
        return tuple(out)

    return strip(body)


def is_atom(e: Expr) -> bool:
    return isinstance(e, (Const, Var))
