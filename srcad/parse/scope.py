"""Names while a function is read: what each one stands for, at reading time or at run time.

    def f(x): g = math.sin; y = g(x); return y * RATE
    ->  x, y: Var     g: Static(math.sin)     RATE: Var, and Program.globals["RATE"] = 0.05
"""

from __future__ import annotations

import ast
import builtins
import enum
import types
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

import numpy as np

from srcad.errors import Location, unsupported
from srcad.ir import Const, Expr, Function, Tuple, Var
from srcad.names import Names
from srcad.source import FunctionNode, Source


@dataclass(frozen=True)
class Static:
    """An object known while reading: a module, a function, a dtype."""

    value: Any


Keys = str | int


@dataclass(frozen=True, eq=False)
class Keyed(Static):
    """A dict whose keys are known while reading: what holds each value, and where it is made."""

    value: dict[Keys, Value]
    place: list[Any]  # the statements among which it is made
    named: list[str] = field(default_factory=list)  # what it is the value of, if it is: a name, a parameter, a key
    loops: list[ast.AST] = field(default_factory=list)  # those that are over it, and being read
    frozen: bool = False  # a global, at the values that it has now
    by: Any = None  # the reader of the function that makes it

    __eq__, __hash__ = object.__eq__, object.__hash__


@dataclass(frozen=True, eq=False)
class Record(Keyed):
    """An object made in the function that is read: what holds each attribute."""

    kind: type = object
    start: list[Any] = field(default_factory=list)  # the code of its `__init__` while that is read, and then None

    __eq__, __hash__ = object.__eq__, object.__hash__


@dataclass(frozen=True, eq=False)
class Several(Static):
    """A tuple or a list of what is known while reading, such as functions: its items one by one."""

    value: tuple[Value, ...]

    __eq__, __hash__ = object.__eq__, object.__hash__


@dataclass(frozen=True, eq=False)
class Rows(Static):
    """A list outside of the function, which can only be read: `item(k)` is its k-th item."""

    value: list[Any] | None  # None of a part of another one
    length: Expr
    item: Callable[[Expr], Value]

    __eq__, __hash__ = object.__eq__, object.__hash__


@dataclass(frozen=True, eq=False)
class Bound(Static):
    """`functools.partial(value, *args, **keywords)`."""

    value: Value
    args: tuple[Value, ...]
    keywords: tuple[tuple[str, Value], ...]

    __eq__, __hash__ = object.__eq__, object.__hash__


@dataclass(frozen=True, eq=False)
class Choice(Static):
    """One function where the atom `value` is true, and another one elsewhere."""

    value: Expr
    yes: Value
    no: Value

    __eq__, __hash__ = object.__eq__, object.__hash__


def together(items: Iterable[Value], maker: str = "") -> Value:
    """Several values as one, a namedtuple if `maker` is the name of its class."""
    found = tuple(items)
    numbers = tuple(v for v in found if not isinstance(v, (Static, Closure)))
    return Tuple(numbers, maker) if len(numbers) == len(found) else Several(found)


class HoldsDict(Exception):
    """Something else is assigned to the name of a dict."""


@dataclass(frozen=True, eq=False)
class Closure:
    """A function written inside the function that is read."""

    node: FunctionNode
    scope: Scope
    defaults: dict[str, Value]


Value = Expr | Static | Closure
MADE = (Several, Bound, Choice, Closure)  # of values of the function that is read


@dataclass
class Program:
    """What reading a function yields: its IR, the functions that stay calls, and every global they use."""

    names: Names
    globals: dict[str, Any] = field(default_factory=dict)  # bound in the generated module, by name
    functions: dict[str, Function] = field(default_factory=dict)  # those that stay calls, by name
    derivatives: dict[str, Any] = field(default_factory=dict)  # gradients and their kin that are called, by name
    sources: dict[str, str] = field(default_factory=dict)  # the text of every function read, by its place
    recursive: dict[Any, str] = field(default_factory=dict)  # Python function, or place -> its name in `functions`
    variants: dict[tuple[Any, ...], str] = field(default_factory=dict)  # of those, by the functions they are given
    captured: dict[str, tuple[str, ...]] = field(default_factory=dict)  # what they read of functions around them
    unfinished: list[str] = field(default_factory=list)  # those of which that is not known yet
    given: dict[str, Any] = field(default_factory=dict)  # the types of the main function's arguments, where known
    rebound: set[str] = field(default_factory=set)  # variables that a function inside their own may assign
    loops: int = 0  # how many of them are being read
    main: Function | None = None
    outside: dict[int, tuple[Any, Value]] = field(default_factory=dict)  # lists and the like, by their identity
    _bound: dict[tuple[str, int], str] = field(default_factory=dict)

    def bind(self, name: str, value: Any) -> str:
        """The name under which the generated module knows the global `value`, which the user calls `name`."""
        key = (name, id(value))
        if key not in self._bound:
            self._bound[key] = self.names.fresh(name)
            self.globals[self._bound[key]] = value
        return self._bound[key]


NUMBERS = (bool, int, float, np.bool_, np.integer, np.floating)


class Scope:
    """The names of one function being read or, where `hidden` is given, of a comprehension inside it."""

    def __init__(
        self,
        source: Source,
        node: FunctionNode,
        program: Program,
        parent: Scope | None = None,
        hidden: Iterable[str] | None = None,
    ) -> None:
        self.source, self.node, self.program, self.parent = source, node, program, parent
        self.in_loop = program.loops > 0
        self.params = parameters(node) if hidden is None else []
        body = node.body if isinstance(node.body, list) else [node.body]
        self.assigned = bound_names(*body) if hidden is None else dict.fromkeys(hidden, 1)
        self.outer = declared_outside(node) if hidden is None else frozenset[str]()  # by `nonlocal`
        self.assigned = {n: times for n, times in self.assigned.items() if n not in self.outer}
        self.rebound = rebound_inside(node) if hidden is None else frozenset[str]()
        self.local = {*self.params, *self.assigned}
        self.values: dict[str, Value] = {}
        self.read: set[str] = set()  # the names of variables that are read
        self.entries: dict[str, Any] = {}  # those of what is known for each round of a loop: where they are bound
        self.lost: set[str] = set()  # and those of them that stand for one thing or another, as paths go

    def at(self, node: ast.AST) -> Location:
        return self.source.at(node)

    def variable(self, name: str) -> str:
        """The IR name of the local variable `name`, made when it is first met."""
        if self.parent is not None and name not in self.local:
            return self.parent.variable(name)  # `nonlocal`; and (y := x) in a comprehension binds y outside it
        value = self.values.get(name)
        if isinstance(value, Var):
            return value.name
        if isinstance(value, Keyed):
            raise HoldsDict(name)
        fresh = self.program.names.fresh(name)
        self.values[name] = Var(fresh)
        if name in self.rebound:
            self.program.rebound.add(fresh)
        return fresh

    def bound(self, name: str, place: object) -> None:
        """`name`, which may be that of a loop's known items, is assigned among the statements of `place`."""
        if self.parent is not None and name not in self.local:
            self.parent.bound(name, place)
        elif name in self.entries:
            if self.entries[name] is place:
                del self.entries[name]  # from here on
            else:
                self.entries[name] = place
            self.lost.discard(name)

    def lose(self, assigned: Iterable[str]) -> None:
        """A loop begins, in which these names are assigned: they may stand for something else each time."""
        self.lost.update(n for n in assigned if n in self.entries)

    def is_dict(self, name: str) -> bool:
        """Does the variable `name` hold a dict?"""
        if self.parent is not None and name not in self.local:
            return self.parent.is_dict(name)
        return isinstance(self.values.get(name), Keyed)

    def lookup(self, node: ast.Name) -> Value:
        """What the name at `node` stands for."""
        name = node.id
        if name in self.lost:
            why = f"{name} is of one loop or of another, by the path taken, and both are read item by item"
            raise unsupported(self.at(node), why, "a name for each")
        if name in self.local:
            value = self.values[name] if name in self.values else Var(self.variable(name))
            if isinstance(value, Var):
                self.read.add(name)
            return value
        if self.parent is not None:
            return self.parent.lookup(node)
        for place in (self.source.closure, self.source.globals, vars(builtins)):
            if name in place:
                return self.known(name, place[name], node)
        raise unsupported(self.at(node), f"the name {name!r} is not defined", "a parameter, a local or a global name")

    def known(self, name: str, value: Any, node: ast.AST) -> Value:
        """A global or a closure's cell, frozen at the value that it has now."""
        if isinstance(value, enum.Enum) and isinstance(value, (int, float, str)):
            value = value.value
            return Const(value) if isinstance(value, (int, float)) else self.known(name, value, node)
        if value is None or isinstance(value, (str, bool, np.bool_)):
            return Const(bool(value) if isinstance(value, np.bool_) else value)
        if isinstance(value, (np.ndarray, *NUMBERS)) or _is_number_tuple(value):
            if isinstance(value, np.ndarray) and value.dtype.kind not in "fiub":
                raise unsupported(
                    self.at(node), f"{name} is an array of {value.dtype}", "an array of floats, ints or bools"
                )
            return Var(self.program.bind(name, value))
        return Static(value)


def _is_number_tuple(value: Any) -> bool:
    is_tuple = type(value) is tuple or (isinstance(value, tuple) and hasattr(value, "_fields"))
    return is_tuple and all(isinstance(v, (np.ndarray, *NUMBERS)) or _is_number_tuple(v) for v in value)


def parameters(node: FunctionNode) -> list[str]:
    """The parameters' names, in order; *args last."""
    a = node.args
    found = [p.arg for p in (*a.posonlyargs, *a.args, *a.kwonlyargs)]
    return found + ([a.vararg.arg] if a.vararg else [])


def declared_outside(node: FunctionNode) -> frozenset[str]:
    """The names that a function declares `nonlocal`."""
    return frozenset(n for s in _own_statements(node) if isinstance(s, ast.Nonlocal) for n in s.names)


def returns(node: FunctionNode) -> int:
    """How often a function says `return`."""
    return sum(isinstance(s, ast.Return) for s in _own_statements(node))


def yields(node: FunctionNode) -> bool:
    """Is it a generator?"""
    return any(isinstance(s, (ast.Yield, ast.YieldFrom)) for s in _own_statements(node))


def rebound_inside(node: FunctionNode) -> frozenset[str]:
    """The names that a function inside this one declares `nonlocal`."""
    return frozenset(n for s in ast.walk(node) if isinstance(s, ast.Nonlocal) for n in s.names)


def _own_statements(node: ast.AST) -> Iterator[ast.AST]:
    """What stands in a function, without what stands in functions inside it."""
    for child in ast.iter_child_nodes(node):
        if not isinstance(child, (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)):
            yield child
            yield from _own_statements(child)


def bound_names(*nodes: ast.AST) -> dict[str, int]:
    """The names that `nodes` bind in their own function, and how often."""
    found: dict[str, int] = {}
    for n in nodes:
        for name, times in _bound_by(n):
            found[name] = found.get(name, 0) + times
    return found


@lru_cache(maxsize=4096)  # the loops around a loop ask again, and so does each call of a function
def _bound_by(node: ast.AST) -> tuple[tuple[str, int], ...]:
    found: dict[str, int] = {}

    def bind(name: str, times: int = 1) -> None:
        found[name] = found.get(name, 0) + times

    def visit(n: ast.AST, hidden: bool) -> None:
        match n:
            case ast.Name(name, ast.Store()) if not hidden:  # a comprehension's own names stay inside it
                bind(name)
            case ast.Name(name, ast.Del()):
                bind(name, 0)
            case ast.MatchAs(name=str(name)):
                bind(name)
            case ast.NamedExpr(ast.Name(name), value):
                bind(name)
                visit(value, hidden)
                return
            case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.Lambda():
                if not isinstance(n, ast.Lambda):
                    bind(n.name)
                for default in (*n.args.defaults, *n.args.kw_defaults):
                    if default is not None:
                        visit(default, hidden)
                return
            case ast.ClassDef(name):
                bind(name)
                return
            case ast.alias(name, asname):
                bind(asname or name.partition(".")[0])
        inside = hidden or isinstance(n, (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp))
        for child in ast.iter_child_nodes(n):
            visit(child, inside)

    visit(node, False)
    return tuple(found.items())


def is_python_function(value: Any) -> bool:
    """Can `value`'s source be read (a Python function, or Numba's dispatcher of one)?"""
    return isinstance(getattr(value, "py_func", value), types.FunctionType)
