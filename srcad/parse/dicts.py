"""Dicts whose keys are known while reading: a variable for each key, as for the fields of a namedtuple.

    p = {"a": x, "b": y}               a = x;  b = y
    p["a"] *= 2.0                      a = a * 2.0
    for k, v in p.items():     ->      v = a;  s = s + v * a
        s += v * p[k]                  v = b;  s = s + v * b

A dict has one name, and what is done to it by that name is done to its variables; a function read in place may be given
it, and has another name for it. Made again with the same keys, it is new values for these variables: so nothing else
may hold the old one. The keys are the same on every path: what is not there from the start can be added only next to
where the dict is made, before anything may come between them again. A loop over it is read once for each key.
"""

from __future__ import annotations

import ast
import inspect
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from srcad.ir import Assign, Const, Expr, Tuple, Var
from srcad.parse.expressions import Held
from srcad.parse.objects import Objects
from srcad.parse.scope import Closure, Keyed, Keys, Record, Rows, Several, Static, Value, together

METHODS = ("keys", "values", "items", "get", "copy", "update")
INSTEAD = "a namedtuple, or its values one by one"


@dataclass(frozen=True)
class Unrolled:
    """What a loop goes over whose body is read for each item by itself."""

    items: tuple[Callable[[], Value], ...]
    of: Keyed | None = None


class Dicts(Objects):
    """Reads dicts, and what is done with them."""

    # ------------------------------------------------------------------ making

    def dict_display(self, node: ast.Dict) -> Keyed:
        """`{"a": x, **p}`"""
        keys = [None if k is None else self.key(k) for k in node.keys]
        values = self.in_order(*(lambda v=v: self.inside(v) for v in node.values))
        found: dict[Keys, Value] = {}
        for k, v, at in zip(keys, values, node.values, strict=True):
            if k is not None:
                found[k] = v
            elif isinstance(v, Keyed):
                found.update(v.value)
            else:
                raise self.refuse(at, f"{ast.unparse(at)} is no dict whose keys are known here", INSTEAD)
        return self.made(found, node)

    def dict_of(self, node: ast.Call) -> Keyed:
        """`dict(a=x)`, `dict(p, a=x)`"""
        if len(node.args) > 1 or any(isinstance(a, ast.Starred) for a in node.args):
            raise self.refuse(node, "dict(...) of this can't be read", '{"a": x, "b": y}')
        keys: list[ast.expr | None] = [None for _ in node.args]
        keys += [None if k.arg is None else ast.copy_location(ast.Constant(k.arg), k) for k in node.keywords]
        values = [*node.args, *(k.value for k in node.keywords)]
        return self.dict_display(ast.copy_location(ast.Dict(keys, values), node))

    def dict_comprehension(self, node: ast.DictComp) -> Keyed:
        """`{k: f(v) for k, v in p.items()}`"""
        found: dict[Keys, Value] = {}

        def add() -> None:
            found[self.key(node.key)] = self.emit(self.value(node.value), node)

        self.unrolled(node, add)
        return self.made(found, node)

    def unrolled(self, node: ast.DictComp, inside: Callable[[], None]) -> None:
        raise NotImplementedError

    def made(self, found: dict[Keys, Value], node: ast.AST) -> Keyed:
        """A new dict of these values."""
        names: dict[Keys, Value] = {}
        for k, v in found.items():
            if isinstance(v, Keyed):
                self._owned(v, repr(k), node)
            elif isinstance(v, (Static, Closure)):
                raise self.refuse(node, f"what is at the key {k!r} is no number or array", INSTEAD)
            names[k] = v if isinstance(v, Keyed) else Var(self._variable(k))
        for k, v in found.items():
            name = names[k]
            if isinstance(name, Var):
                assert not isinstance(v, (Static, Closure))
                self.out.append(Assign(name.name, v, self.location(node)))
        return Keyed(names, self.out, by=self)

    def _owned(self, known: Keyed, by: str, node: ast.AST) -> None:
        """A dict is the value of one name, or of one key: of two, one could be made anew without the other."""
        if known.named and isinstance(known, Record):
            raise self.refuse(node, f"the object would be {by}, and is {known.named[0]} already", "a new object")
        if known.named:
            raise self.refuse(node, f"the dict would be {by}, and is {known.named[0]} already", "a copy, p.copy()")
        known.named.append(by)

    def _variable(self, key: Keys) -> str:
        """A variable for what a dict has at `key`: it may be assigned wherever the dict is known."""
        name = self.program.names.fresh(key if isinstance(key, str) and key.isidentifier() else "item")
        self.program.rebound.add(name)
        return name

    def inside(self, node: ast.expr) -> Value:
        """A value that is put into a dict."""
        if (named := self.keyed(node)) is not None:
            return named
        known = self.evaluate(node)
        return self.value(node) if isinstance(known, (Static, Closure)) and not isinstance(known, Keyed) else known

    # ------------------------------------------------------------------ items

    def key(self, node: ast.expr) -> Keys:
        known = self.evaluate(node)
        if isinstance(known, Const) and type(known.value) in (str, int):
            key: Keys = known.value
            return key
        why = f"the key {ast.unparse(node)} is known only at run time"
        raise self.refuse(node, why, "a string or an int written here; for ints, a list or an array")

    def keyed(self, node: ast.expr) -> Keyed | None:
        """The dict that `node` is, by its name or as an item of another one."""
        known: Value | None = None
        match node:
            case ast.Name():
                known = self.scope.lookup(node)
            case ast.Subscript(base, index) if (outer := self.keyed(base)) is not None:
                known = outer.value.get(self.key(index))
            case ast.Attribute(base, attr) if (whole := self.record(base)) is not None:
                known = whole.value.get(attr)
            case ast.Attribute(base, attr) if (outside := self._outside_object(base)) is not None:
                known = Static(inspect.getattr_static(outside.value, attr, None))
            case Held(value=held):
                known = held
        if isinstance(known, Record):
            return None
        return known if isinstance(known, Keyed) else self._of_global(known, node)

    def _outside_object(self, node: ast.expr) -> Static | None:
        """The object outside of the function that `node` is, by its name or as an attribute of another one."""
        match node:
            case ast.Name():
                known: Value | None = self.scope.lookup(node)
            case ast.Attribute(base, attr) if (whole := self._outside_object(base)) is not None:
                known = Static(inspect.getattr_static(whole.value, attr, None))
            case _:
                known = None
        return known if type(known) is Static else None

    def put_attribute(self, target: ast.Attribute, value: Value, node: ast.AST) -> None:
        """`b.x = value`"""
        raise NotImplementedError

    def record(self, node: ast.expr) -> Record | None:
        """The object made here that `node` is."""
        raise NotImplementedError

    def _of_global(self, known: Value | None, node: ast.AST) -> Keyed | None:
        """The dict that is a global, or that a closure has."""
        if not isinstance(known, Static) or type(known.value) is not dict:
            return None
        if not all(type(k) in (str, int) for k in known.value):
            return None
        of = {k: k if isinstance(k, str) and k.isidentifier() else "item" for k in known.value}
        return Keyed({k: self.scope.known(of[k], v, node) for k, v in known.value.items()}, [], frozen=True)

    def at_key(self, node: ast.Subscript) -> Value | None:
        """`p["a"]`, `KNOTS[i]`; None if `p` is no such dict or list."""
        known = self.keyed(node.value)
        if known is None:
            return self.item_outside(node)
        key = self.key(node.slice)
        if key not in known.value:
            raise self.refuse(node, f"{ast.unparse(node.value)} has no key {key!r} here", _one_of(known))
        return known.value[key]

    def put(self, node: ast.Subscript, known: Keyed, value: Expr, at: ast.AST) -> None:
        """`p["a"] = value`"""
        key = self.key(node.slice)
        self._put(known, key, value, node, ast.unparse(node.value), at)

    def _put(self, known: Keyed, key: Keys, value: Expr, node: ast.AST, shown: str, at: ast.AST) -> None:
        """The value at a key of a dict, which is called `shown`."""
        if known.frozen:
            raise self.refuse(node, f"{shown} is a dict outside of the function", "a copy of it")
        if key not in known.value:
            if known.place is not self.out or known.loops:
                why = f"{shown} may have the key {key!r} or not, from here on"
                raise self.refuse(node, why, "the key from the start, where the dict is made")
            known.value[key] = Var(self._variable(key))
        name = known.value[key]
        if not isinstance(name, Var):
            raise self.refuse(node, f"{shown}[{key!r}] is a dict itself", "its values one by one")
        self.out.append(Assign(name.name, value, self.location(at)))

    def update(self, known: Keyed, shown: str, new: Keyed, node: ast.AST) -> None:
        """`p.update(a=x)`, `p |= q`"""
        for key, value in new.value.items():
            if isinstance(value, (Static, Closure)):
                raise self.refuse(node, f"what is at the key {key!r} is no number or array", INSTEAD)
            self._put(known, key, value, node, shown, node)

    # ------------------------------------------------------------------ names

    def name_dict(self, target: ast.expr, known: Keyed, value: ast.expr, node: ast.AST) -> None:
        """`p = {...}`, for the first time or again."""
        shown = ast.unparse(target)
        if not isinstance(target, ast.Name):
            raise self.refuse(node, "a dict can only be given a name", f"p = {ast.unparse(value)}")
        if target.id not in self.scope.local or target.id in self.scope.params:
            raise self.refuse(node, f"{shown} belongs to a function around this one, or is a parameter", "a new name")
        old = self.scope.values.get(target.id)
        if not isinstance(old, Keyed):
            if target.id in self.scope.read:
                raise self.refuse(node, f"{shown} is a dict here, and is read before", "a name for each")
            self._owned(known, shown, node)
            self.scope.values[target.id] = known
            return
        if old.loops:
            raise self.refuse(node, f"{shown} is made anew while a loop runs over it", "a loop over a copy of it")
        self._owned(known, shown, node)
        variables = [*old.value.values(), *known.value.values()]
        if isinstance(known, Record) and (
            type(old) is not Record or old.kind is not known.kind or not all(isinstance(v, Var) for v in variables)
        ):
            why = f"{shown} is something else before, or has an attribute that is known while reading"
            raise self.refuse(node, why, "a name for each")
        if [*old.value] != [*known.value] or any(isinstance(v, Keyed) for v in variables):
            raise self.refuse(node, f"{shown} is a dict with other keys before", "a name for each, or the same keys")
        for name, new in zip(old.value.values(), known.value.values(), strict=True):
            assert isinstance(name, Var) and isinstance(new, Var)
            self.out.append(Assign(name.name, new, self.location(node)))

    # ------------------------------------------------------------------ methods

    def of_dict(self, known: Keyed, method: str, node: ast.Call) -> Value:
        """`p.get("a")`, `p.copy()`, and the others where no loop is over them."""
        if method == "copy" and not node.args and not node.keywords:
            return self.made({**known.value}, node)
        if method == "get" and node.args and len(node.args) <= 2 and not node.keywords:
            key = self.key(node.args[0])
            if key in known.value:
                return known.value[key]
            return self.evaluate(node.args[1]) if len(node.args) == 2 else Const(None)
        if method == "update":
            assert isinstance(node.func, ast.Attribute)
            self.update(known, ast.unparse(node.func.value), self.dict_of(node), node)
            return Const(None)
        if method in ("keys", "values", "items"):
            return together(self.held(item(), node) for item in self.items_of(known, method, node).items)
        shown = ", ".join(f".{m}()" for m in METHODS)
        raise self.refuse(node, f"the method .{method}() of a dict can't be read", f"a loop, or one of {shown}")

    def items_of(self, known: Keyed, what: str, node: ast.AST) -> Unrolled:
        """The keys of a dict, its values or both, which are read one after the other."""

        def value(k: Keys) -> Value:
            found = known.value[k]
            if isinstance(found, Keyed):
                raise self.refuse(node, f"what is at the key {k!r} is a dict itself", "a loop over the keys")
            return found

        def item(k: Keys) -> Value:
            return Const(k) if what == "keys" else value(k) if what == "values" else together((Const(k), value(k)))

        return Unrolled(tuple(partial(item, k) for k in known.value), known)

    def entries(self, node: ast.expr) -> Unrolled | None:
        """What a loop over `node` goes over, if that is a dict, or its keys, values or items."""
        known, what = self.keyed(node), "keys"
        if known is None and isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and not node.args:
            known, what = self.keyed(node.func.value), node.func.attr
        return None if known is None or what not in ("keys", "values", "items") else self.items_of(known, what, node)

    def bind_entry(self, target: ast.expr, value: Value, node: ast.AST) -> None:
        """Give an item to a loop's target: keys, functions and the like are known in what is read for it."""
        if isinstance(value, Rows) and isinstance(target, (ast.Tuple, ast.List)):
            value = together(self.items_known(value, node))
        match target, value:
            case ast.Tuple(elts) | ast.List(elts), Tuple(items) | Several(items) if len(elts) == len(items):
                for t, v in zip(elts, items, strict=True):
                    self.bind_entry(t, v, node)
            case ast.Attribute(), Static() | Closure():
                self.put_attribute(target, value, node)
            case ast.Name(name), Const() | Static() | Closure() if not _is_float(value):
                if name in self.scope.read:
                    raise self.refuse(target, f"{name} is a key here, and a variable before", "a name for each")
                self.scope.values[name] = value
                self.scope.entries[name] = self.out
                self.scope.lost.discard(name)
            case _, Static() | Closure():
                raise self.refuse(target, "what this loop gives can't be taken apart like this", "names for its items")
            case _:
                self.assign(target, value, node)

    def assign(self, target: ast.expr, value: Expr, node: ast.AST) -> None:
        raise NotImplementedError


def _is_float(value: Value) -> bool:
    return isinstance(value, Const) and type(value.value) not in (str, int)


def _one_of(known: Keyed) -> str:
    return f"one of its keys: {', '.join(map(repr, known.value))}" if known.value else "a key from the start"

