"""How many items a tuple has, found while reading: what `f(*pair)` asks before types are known.

    pair = (x, y)                        pair has 2 items
    points = []; points.append(pair)     points holds what has 2 items; so has p = points[i]

What is said first of a name is believed. A name has one type, so that where more is said of it, it is the same; and the
call checks the length that it took for granted.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from numba.core import types

from srcad.ir import Append, Apply, Array, Assign, Const, Expr, Field, Item, Select, Slice, Stmt, Tuple, Var, walk


@dataclass(frozen=True)
class TupleOf:
    """A tuple: what is known of its items, the names of its fields, and the namedtuple that it is."""

    items: tuple[Known, ...]
    fields: tuple[str, ...] = ()
    of: Any = None


@dataclass(frozen=True)
class ListOf:
    """A list: what is known of its items."""

    item: Known


Known = TupleOf | ListOf | None


class Lengths:
    """What `statements`, those that are read so far, say of names; `given` is what is known of others."""

    def __init__(self, statements: Iterator[Stmt], given: Mapping[str, Any], makers: Mapping[str, Any]) -> None:
        self.makers = makers
        self.said: dict[str, list[Callable[[], Known]]] = {}
        for name, value in given.items():
            self._say(name, lambda value=value: of_given(value))  # type: ignore[misc]
        for s in statements:
            match s:
                case Assign(name, value):
                    self._say(name, lambda value=value: self.of(value))  # type: ignore[misc]
                case Append(name, value):
                    self._say(name, lambda value=value: ListOf(self.of(value)))  # type: ignore[misc]
        self.asked: set[str] = set()

    def _say(self, name: str, what: Callable[[], Known]) -> None:
        self.said.setdefault(name, []).append(what)

    def of(self, e: Expr) -> Known:
        """What is known of `e`."""
        match e:
            case Tuple(items, maker):
                made = self.makers.get(maker)
                return TupleOf(tuple(map(self.of, items)), getattr(made, "_fields", ()), made)
            case Array(items, True):
                return ListOf(self.of(items[0])) if items else None
            case Var(name):
                return self._of_name(name)
            case Item(base, (i,)):
                return self._of_item(self.of(base), i)
            case Field(base, name):
                row = self.of(base)
                return row.items[row.fields.index(name)] if isinstance(row, TupleOf) and name in row.fields else None
            case Apply(".pop", (a,)):
                rows = self.of(a)
                return rows.item if isinstance(rows, ListOf) else None
            case Apply(".copy" | "*" | "*=", (a, *_)):
                rows = self.of(a)
                return rows if isinstance(rows, ListOf) else None
            case Apply("+" | "+=", (a, b)):
                one, two = self.of(a), self.of(b)
                return TupleOf(one.items + two.items) if isinstance(one, TupleOf) and isinstance(two, TupleOf) else one
            case Select(_, yes, no):
                return self.of(yes) or self.of(no)
        return None

    def _of_name(self, name: str) -> Known:
        if name in self.asked:  # `x = f(*x)` in a loop: something else has to say it
            return None
        self.asked.add(name)
        found = next((known for say in self.said.get(name, ()) if (known := say()) is not None), None)
        self.asked.discard(name)
        return found

    def _of_item(self, of: Known, i: Expr) -> Known:
        match of, i:
            case ListOf(), Slice():
                return of
            case ListOf(item), _:
                return item
            case TupleOf(items), Const(int(k)) if -len(items) <= k < len(items):
                return items[k]
            case TupleOf(items), Slice(lower, upper, step):
                bounds = [Const(None) if p is None else p for p in (lower, upper, step)]
                if all(isinstance(p, Const) for p in bounds):
                    return TupleOf(items[slice(*(p.value for p in bounds if isinstance(p, Const)))])
            case TupleOf((first, *rest)), _ if not isinstance(i, (Slice, Const)) and all(r == first for r in rest):
                return first
        return None


def of_given(value: Any) -> Known:
    """What is known of a global, or of an argument by its type."""
    if isinstance(value, types.Omitted):
        value = value.value
    if not isinstance(value, (tuple, types.BaseTuple)):
        return None
    fields = getattr(value, "fields", getattr(value, "_fields", ()))
    made = getattr(value, "instance_class", type(value) if isinstance(value, tuple) else None)
    return TupleOf(tuple(map(of_given, value)), tuple(fields), made if fields else None)


def read_so_far(bodies: Iterator[list[Stmt]]) -> Iterator[Stmt]:
    """Every statement of these, with those in them."""
    for body in bodies:
        yield from walk(tuple(body))
