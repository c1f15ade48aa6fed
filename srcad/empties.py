"""Lists that are made empty, and filled where something else holds them: what they will hold, said at their display.

    found = [[] for _ in range(n)]             found = [[0.0][:0] for _ in range(n)]
    found[k].append(x * x)             ->      found[k].append(x * x)

Numba finds the type of an empty list by what is appended to a name of it that has no other value. Here a list has its
items, by whatever way it is reached: what is put into it, or read from it, and what its copies and its parts hold are
all of one type. Types that are known of other names then say what that is. Needs: code before its types, each name of
one type.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from numba.core import errors, types
from numba.core.registry import cpu_target
from numba.core.typing.typeof import typeof

from srcad.advice import without_advice
from srcad.analysis.classes import Classes
from srcad.analysis.kinds import example
from srcad.flow import EMPTY, UNKNOWN, sketch
from srcad.ir import (
    ZERO,
    Append,
    Apply,
    Array,
    Assign,
    Body,
    Const,
    Expr,
    Function,
    If,
    Invoke,
    Item,
    Select,
    Slice,
    Stmt,
    Store,
    Tuple,
    Var,
    bindings,
    bodies,
    map_bodies,
    map_each,
    names,
    reads,
    walk,
    writes,
)
from srcad.ranks import asks_rank, ranked
from srcad.types import WHERE, typing_context, where, with_where

Type = Any
ROUNDS = 4  # lists in lists in lists, of what is read from others


def filled(
    f: Function, arguments: tuple[Type, ...], namespace: Mapping[str, Any], functions: Mapping[str, Function]
) -> Function:
    """`f` with an example of its items in each empty display that no append to a name of it fills.

    `functions` are those that stay calls, by name.
    """
    for _ in range(ROUNDS):
        todo = set(_unsaid(f))
        if not todo:
            return f
        with without_advice():
            cells = _Cells(namespace, functions)
            cells.read(f, arguments)
            made = _with_examples(f, todo, cells)
        if made is f:
            return f
        f = made
    return f


def _unsaid(f: Function) -> Iterator[str]:
    """The names of such displays, and of displays that hold empty ones.

    An append says nothing of a name's other values, as of `pend = []` again in a loop, and nothing where the name has
    no value on some path.
    """
    displays = [(s.target, s.value) for s in walk(f.body) if isinstance(s, Assign) and _holds_empty(s.value)]
    if not displays:
        return
    same = Classes()
    once = {n for n, times in Counter(bindings(f.body)).items() if times == 1}.difference(_early(f.body, set()))
    appended = set()
    for s in walk(f.body):
        match s:
            case Assign(target, Var(name)) if {target, name} <= once:
                same.join(target, name)
            case Append(lst) if lst in once:
                appended.add(lst)
    filled = {same.find(n) for n in appended}
    yield from (n for n, e in displays if not _is_empty(e) or same.find(n) not in filled)


def _early(body: Body, bound: set[str]) -> Iterator[str]:
    """The names that are read where not every path has bound them."""
    for s in body:
        yield from (n for e in reads(s) for n in names(e) if n not in bound)
        for inner in bodies(s):
            yield from _early(inner, bound | {*writes(s)})
        bound.update(writes(s))


def _is_empty(e: Expr) -> bool:
    return isinstance(e, Array) and not e.items and e.of is None


def _holds_empty(e: Expr) -> bool:
    return isinstance(e, Array) and (_is_empty(e) or any(map(_holds_empty, e.items)))


def _with_examples(f: Function, todo: set[str], cells: _Cells) -> Function:
    read = {n for s in walk(f.body) for e in reads(s) for n in names(e)} | {*names(f.result)}

    def display(e: Expr, cell: str) -> Expr:
        if not isinstance(e, Array):
            return e
        inside = cells.item(cell)
        if _is_empty(e):
            t = cells.type_of(inside)
            return e if t is None else Array((), True, of=example(t))
        items = map_each(e.items, lambda i: display(i, inside))
        return e if items is e.items else replace(e, items=items)

    def statement(s: Stmt) -> Stmt:
        if isinstance(s, Assign) and s.target in todo and isinstance(s.value, Array) and s.value.is_list:
            if s.target not in read:
                return replace(s, value=ZERO)  # made empty for the last time
            value = display(s.value, s.target)
            return s if value is s.value else replace(s, value=value)
        return map_bodies(s, body)

    def body(b: Body) -> Body:
        return map_each(b, statement)

    made = body(f.body)
    return f if made is f.body else replace(f, body=made)


class _Cells(Classes):
    """What is of one type: names, and the items of what names hold; of functions that are called, their own names."""

    def __init__(self, namespace: Mapping[str, Any], functions: Mapping[str, Function]) -> None:
        super().__init__()
        self.namespace, self.functions = {**namespace, WHERE: where}, functions
        self.within = ""  # before the names of a function that is called: its own
        self.called: set[str] = set()
        self.known: Mapping[str, Type] = {}
        self.items: dict[str, str] = {}
        self.types: dict[str, list[Type]] = {}
        self.made = 0

    def read(self, f: Function, arguments: tuple[Type, ...]) -> str | None:
        """What the statements of `f` say; the cell of its result."""
        outside, self.known = self.known, sketch(with_where(f), arguments, self.namespace, typing_context())[0]
        f = ranked(f, lambda e: self.known.get(e.name) if isinstance(e, Var) else None)
        for _ in range(2):  # what is a list may be said below
            self.body(f.body)
        result = None if f.result is None else self.cell(f.result)
        self.known = outside
        return result

    def body(self, body: Body) -> None:
        for s in body:
            match s:
                case Assign(target, value):
                    self.same(self.name(target), self.cell(value))
                case Append(lst, value):
                    self.same(self.item(self.name(lst)), self.cell(value))
                case Store(array, (i,), value) if not isinstance(i, Slice):
                    self.same(self.part(array), self.cell(value))
                case Invoke((target,), function, args) if function in self.functions and s.own is None:
                    self.invoke(target, function, args)
                case If(test) if asks_rank(test):
                    continue  # of what only one branch is for, and which is not known yet
            for inner in bodies(s):
                self.body(inner)

    def invoke(self, target: str, function: str, args: tuple[Expr, ...]) -> None:
        """A call of a function that stays one: what it does with what it is given."""
        f = self.functions[function]
        outside, given = self.within, list(map(self.cell, args))
        types_ = tuple(map(self.argument, args))
        result = self.name(target)
        self.within = f"{function}."
        for p, cell in zip(f.params, given, strict=True):
            self.same(self.name(p), cell)
        if function not in self.called:
            self.called.add(function)
            self.same(self.name("return"), self.read(f, types_))
        self.same(self.name("return"), result)
        self.within = outside

    def argument(self, a: Expr) -> Type:
        """The type of an argument, as far as it is known."""
        t = typeof(a.value) if isinstance(a, Const) else self.known.get(a.name) if isinstance(a, Var) else None
        return t if _is_said(t) else UNKNOWN

    def name(self, name: str) -> str:
        return self.within + name

    def new(self) -> str:
        self.made += 1
        return f" {self.made}"  # no name

    def item(self, cell: str) -> str:
        """The cell of the items of the list at `cell`."""
        root = self.find(cell)
        if root not in self.items:
            self.items[root] = self.new()
        return self.items[root]

    def same(self, a: str | None, b: str | None) -> None:
        """Both are of one type, and so are their items."""
        if a is None or b is None or self.find(a) == self.find(b) or self.inside(a, b) or self.inside(b, a):
            return
        one, other = self.find(a), self.find(b)
        self.join(b, a)
        self.types.setdefault(one, []).extend(self.types.pop(other, []))
        item = self.items.pop(other, None)
        if item is not None:
            self.same(self.item(one), item)

    def inside(self, a: str, b: str) -> bool:
        """Is `a` the items of `b`, or the items of these?"""
        one, other = self.find(a), self.find(b)
        while (item := self.items.get(other)) is not None:
            if (other := self.find(item)) == one:
                return True
        return False

    def of_type(self, t: Type) -> str:
        cell = self.new()
        self.types[cell] = [t]
        return cell

    def cell(self, e: Expr) -> str | None:
        """The cell of what `e` is; None where nothing is said of it."""
        match e:
            case Var(name):
                t = self.known.get(name)
                if _is_said(t):
                    self.same(self.name(name), self.of_type(t))
                return self.name(name)
            case Const(value) if value is not None:
                return self.of_type(types.unliteral(typeof(value)))
            case Array(items, is_list) if is_list:
                return self.list_of(items, e.of)
            case Item(base, (i,)):
                return self.cell(base) if isinstance(i, Slice) else self.part(base)
            case Apply(".pop", (base,)):
                return self.part(base)
            case Apply(".copy", (base,)):
                return self.cell(base)
            case Apply("+" | "+=" | "*" | "*=", args) if any(map(self.is_list, args)):
                whole = None
                for a in args:
                    if self.is_list(a):
                        cell = self.cell(a)
                        self.same(whole, cell)
                        whole = cell
                return whole
            case Select(_, yes, no):
                one, two = self.cell(yes), self.cell(no)
                self.same(one, two)
                return one or two
            case Tuple(items, ""):
                parts = [self.type_of(c) if (c := self.cell(i)) is not None else None for i in items]
                return None if None in parts else self.of_type(types.Tuple(tuple(parts)))
        return None

    def list_of(self, items: tuple[Expr, ...], of: Expr | None) -> str:
        cell = self.new()
        for i in (*items, *((of,) if of is not None else ())):
            inner = self.list_of(i.items, i.of) if isinstance(i, Array) else self.cell(i)
            self.same(self.item(cell), inner)
        return cell

    def part(self, base: Expr) -> str | None:
        """The cell of an item of `base`, if that is a list or may be one."""
        if isinstance(base, Var) and _is_said(t := self.known.get(base.name)) and not isinstance(t, types.List):
            return None
        cell = self.cell(base)
        return None if cell is None else self.item(cell)

    def is_list(self, e: Expr) -> bool:
        """Is `e` known to be a list, here or by its type?"""
        if not isinstance(e, Var):
            return isinstance(e, Array) and e.is_list
        t = self.known.get(e.name)
        return t == EMPTY or isinstance(t, types.List) or self.find(self.name(e.name)) in self.items

    def type_of(self, cell: str, deep: int = 0) -> Type | None:
        root = self.find(cell)
        found = self.types.get(root, [])
        is_tuple = any(isinstance(t, types.BaseTuple) for t in found)  # whose items are read, too
        if root in self.items and not is_tuple and deep < ROUNDS:
            inner = self.type_of(self.items[root], deep + 1)
            found = found if inner is None else [*found, types.List(inner)]
        if not found:
            return None
        if all(t == found[0] for t in found):
            return found[0]
        try:
            return cpu_target.typing_context.unify_types(*found)
        except errors.NumbaError:
            return None


def _is_said(t: Type) -> bool:
    """Is `t` a type, all of it?"""
    if isinstance(t, types.List):
        return _is_said(t.dtype)
    if isinstance(t, types.BaseTuple):
        return all(map(_is_said, t))
    return t is not None and t not in (UNKNOWN, EMPTY) and t.is_precise()
