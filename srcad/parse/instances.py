"""Objects of classes that a program has: what they hold, and their methods.

    PARAMS.rate * x                        ->      0.5 * x                    an object outside of the function
    b = Body(x, 2.0); b.x += b.v * dt      ->      x_1 = x;  v = 2.0;  x_1 = x_1 + v * dt
    b.energy()                             ->      0.5 * v * v                its method, read in place

An object outside of the function can only be read, at the values that it has when the function is compiled, as globals
are. One that is made here is a variable for each attribute, as a dict is for its keys (`dicts.py`), and has one name.
"""

from __future__ import annotations

import abc
import argparse
import ast
import dataclasses
import functools
import inspect
import sys
import types
from collections.abc import Iterator
from typing import Any

from numba.core import types as numba_types

from srcad.ir import Assign, Const, Tuple, Var
from srcad.parse.dicts import Dicts
from srcad.parse.expressions import Held
from srcad.parse.lengths import TupleOf
from srcad.parse.scope import Bound, Closure, Keyed, Record, Static, Value

_HOLDERS = (types.SimpleNamespace, argparse.Namespace)
_LIBRARIES = frozenset({*sys.stdlib_module_names, "numba", "numpy", "pandas", "scipy", "srcad", "torch"}) - {"__main__"}


@dataclasses.dataclass(frozen=True, eq=False)
class Above(Static):
    """`super()`: an object, as one of the first of these classes that has what is asked for."""

    classes: tuple[type, ...]

    __eq__, __hash__ = object.__eq__, object.__hash__


def is_class(value: Any) -> bool:
    """Is `value` a class that a program has, with nothing in it that changes what an attribute is?"""
    if type(value) not in (type, abc.ABCMeta) or issubclass(value, (tuple, BaseException)):
        return False
    if value.__module__.partition(".")[0] in _LIBRARIES:
        return False
    return value.__getattribute__ is object.__getattribute__ and not hasattr(value, "__getattr__")


def is_instance(value: Any) -> bool:
    """Is `value` an object of such a class?"""
    return isinstance(value, _HOLDERS) or is_class(type(value))


class Instances(Dicts):
    """Reads them."""

    # ------------------------------------------------------------------ attributes

    def attribute_of(self, base: Value, node: ast.Attribute) -> Value:
        if isinstance(base, Record):
            return self._of_record(base, node)
        if isinstance(base, Above):
            return self._of_class(next((c for c in base.classes if node.attr in vars(c)), object), base.value, node)
        if type(base) is Static and is_instance(base.value):
            own = inspect.getattr_static(base.value, node.attr, None)
            if isinstance(own, _COMPUTED) or node.attr not in getattr(base.value, "__dict__", {}):
                return self._of_class(type(base.value), base, node)
            return self.scope.known(node.attr, getattr(base.value, node.attr), node)
        if type(base) is Static and is_class(base.value):
            return self._of_class(base.value, None, node)
        method = self.method_of(base, node)
        return super().attribute_of(base, node) if method is None else method

    def method_of(self, base: Value, func: ast.Attribute) -> Value | None:
        known = self.lengths().of(base) if isinstance(base, (Tuple, Var)) and self._is_written(func.attr) else None
        if not isinstance(known, TupleOf) or not _is_own(known.of, func.attr):
            return None
        return self._of_class(known.of, base, func)

    def _is_written(self, attr: str) -> bool:
        """Has any namedtuple of the program this method or property?"""
        makers = (v for v in self.program.globals.values() if isinstance(v, type))
        known = (*makers, *(c for t in self.program.given.values() for c in _classes(t)))
        return any(_is_own(c, attr) for c in known)

    def _of_class(self, of: type, me: Value | None, node: ast.Attribute) -> Value:
        """What the class has for its object `me`, or itself if that is None: a method, a property, a number."""
        found = inspect.getattr_static(of, node.attr, _MISSING)
        match found:
            case property(fget=f) | functools.cached_property(func=f) if me is not None:
                return self.call_of(Bound(Static(f), (me,), ()), _call(node))
            case staticmethod():
                return Static(found.__func__)
            case classmethod():
                return Bound(Static(found.__func__), (Static(of),), ())
            case types.FunctionType():
                return Static(found) if me is None else Bound(Static(found), (me,), ())
        if isinstance(found, types.MemberDescriptorType) and isinstance(me, Static) and not isinstance(me, Record):
            return self.scope.known(node.attr, getattr(me.value, node.attr), node)  # of __slots__
        if found is _MISSING or isinstance(found, _ODD):
            why = f"{of.__name__} has no attribute {node.attr!r} that can be read here"
            raise self.refuse(node, why, "an attribute that it has from the start")
        return self.scope.known(node.attr, getattr(of, node.attr), node)

    def _of_record(self, base: Record, node: ast.Attribute) -> Value:
        own = inspect.getattr_static(base.kind, node.attr, None)
        if node.attr in base.value and not isinstance(own, _COMPUTED):
            return base.value[node.attr]
        return self._of_class(base.kind, base, node)

    # ------------------------------------------------------------------ making

    def call_of(self, known: Value, node: ast.Call) -> Value:
        of = known.value if type(known) is Static else None
        if of is not None and is_class(of):
            return self._make(of, node)
        if of is super and not node.args and "__class__" in self.scope.source.closure and self.scope.params:
            return self._above(self.scope.source.closure["__class__"], node)
        if isinstance(of, types.MethodType) and is_instance(of.__self__):
            return self.call_of(Bound(Static(of.__func__), (Static(of.__self__),), ()), node)
        kind = known.kind if isinstance(known, Record) else type(of) if is_instance(of) else None
        if kind is not None and isinstance(inspect.getattr_static(kind, "__call__", None), types.FunctionType):
            called = ast.copy_location(ast.Attribute(Held(known), "__call__", ast.Load()), node)
            return super().call_of(self.attribute_of(known, called), node)
        return super().call_of(known, node)

    def _above(self, of: type, node: ast.Call) -> Above:
        """`super()` in a method of the class `of`."""
        me = self.scope.values.get(self.scope.params[0])
        kind = me.kind if isinstance(me, Record) else type(me.value) if type(me) is Static else object
        if of not in kind.__mro__:
            raise self.refuse(node, "super() can't be read here", f"{of.__mro__[1].__name__}.method(self)")
        return Above(me, kind.__mro__[kind.__mro__.index(of) + 1 :])

    def makes_record(self, of: Any) -> bool:
        return is_class(of)

    def _make(self, of: type, node: ast.Call) -> Record:
        """A new object."""
        made = Record({}, self.out, by=self, kind=of)
        then = "__init__"
        start = inspect.getattr_static(of, then, None)
        if dataclasses.is_dataclass(of) and not _is_written(start):
            self._fill(made, of, node)
            then = "__post_init__"
            start = inspect.getattr_static(of, then, None)
        if isinstance(start, types.FunctionType):
            made.start.append(start.__code__)
            given = node if then == "__init__" else _call(node)
            super().call_of(Bound(Static(start), (made,), ()), given)
        elif then == "__init__" and (node.args or node.keywords):
            raise self.refuse(node, f"{of.__name__}() takes no arguments", f"{of.__name__}()")
        made.start[:] = [None]
        made.named.clear()
        return made

    def _fill(self, made: Record, of: type, node: ast.Call) -> None:
        """The fields of a dataclass."""
        fields = [f for f in dataclasses.fields(of) if f.init]
        given, named = self.given(node)
        order = [f.name for f in fields if not f.kw_only]
        found = dict(zip(order, given, strict=False))
        shown = f"{of.__name__}({', '.join(f.name for f in fields)})"
        if len(given) > len(order) or any(k in found or k not in {f.name for f in fields} for k, _ in named):
            raise self.refuse(node, f"these arguments do not fit {of.__name__}", shown)
        found |= dict(named)
        for f in dataclasses.fields(of):
            if f.name not in found and f.default is not dataclasses.MISSING:
                found[f.name] = self.constant(f.name, f.default, node)
            elif f.name not in found and f.default_factory is not dataclasses.MISSING:
                found[f.name] = self.call_of(Static(f.default_factory), _call(node))
            if f.name in found:
                self._first(made, f.name, found[f.name], node)
            elif f.init:
                raise self.refuse(node, f"{of.__name__} needs a value for {f.name!r}", shown)

    # ------------------------------------------------------------------ changing

    def record(self, node: ast.expr) -> Record | None:
        """The object made here that `node` is, by its name or as an attribute or an item of what is known."""
        match node:
            case ast.Name():
                known: Value | None = self.scope.lookup(node)
            case Held(value=held):
                known = held
            case ast.Attribute(base, attr) if (outer := self.record(base)) is not None:
                known = outer.value.get(attr)
            case ast.Subscript(ast.Name() as base, ast.Constant()) if self.outside(base) is not None:
                known = self.evaluate(node)
            case _:
                known = None
        return known if isinstance(known, Record) else None

    def put_attribute(self, target: ast.Attribute, value: Value, node: ast.AST) -> None:
        """`b.x = value`"""
        shown, attr = ast.unparse(target.value), target.attr
        known = self.record(target.value)
        if known is None:
            why = f"{ast.unparse(target)} can't be assigned to"
            whole = self.evaluate(target.value) if isinstance(target.value, ast.Name) else None
            if type(whole) is Static and is_instance(whole.value):
                why = f"{shown} is an object outside of the function, and can only be read here"
                raise self.refuse(target, why, "an argument, or an object made here")
            raise self.refuse(target, why, "a local name or an array element")
        if isinstance(inspect.getattr_static(known.kind, attr, None), _COMPUTED) or _is_frozen(known):
            raise self.refuse(target, f"{ast.unparse(target)} can't be assigned to", "a new object")
        if attr in known.value:
            name = known.value[attr]
            if not isinstance(name, Var) or isinstance(value, (Static, Closure)):
                why = f"{ast.unparse(target)} is known while reading, and is assigned again"
                raise self.refuse(target, why, "a number or an array from the start")
            self.out.append(Assign(name.name, value, self.location(node)))
        elif known.start and known.start[0] is not None:
            self._first(known, attr, value, node, self._is_certain(known))
        elif known.place is self.out and not known.loops:
            self._first(known, attr, value, node)
        else:
            why = f"{shown} may have the attribute {attr!r} or not, from here on"
            raise self.refuse(target, why, "the attribute from the start, in __init__")

    def _is_certain(self, known: Record) -> bool:
        """Is what is read now certain to run, as a statement of `__init__` itself?"""
        function = self.active[-1][0] if self.active else None
        return getattr(function, "__code__", None) is known.start[0] and len(self.around) == 1

    def _first(self, known: Record, attr: str, value: Value, node: ast.AST, certain: bool = True) -> None:
        """The first value of an attribute: what is known while reading stays so."""
        if isinstance(value, Keyed):
            if any(not n.startswith("the parameter ") for n in value.named):
                why = f"what would be {attr} is {value.named[0]} already"
                raise self.refuse(node, why, "an object of its own, or a copy")
            value.named.append(attr)
        if isinstance(value, (Static, Closure)) or (isinstance(value, Const) and isinstance(value.value, str)):
            if not certain:
                raise self.refuse(node, f"{attr} would be one thing or another, by the path taken", "one of them")
            known.value[attr] = value if isinstance(value, (Keyed, Const)) else self.held(value, node)
            return
        known.value[attr] = Var(self._variable(attr))
        name = known.value[attr]
        assert isinstance(name, Var)
        self.out.append(Assign(name.name, value, self.location(node)))


def _call(node: ast.AST) -> ast.Call:
    """A call without arguments."""
    return ast.copy_location(ast.Call(node if isinstance(node, ast.expr) else ast.Constant(None), [], []), node)


def _is_own(of: Any, attr: str) -> bool:
    """Is `attr` something that the namedtuple class `of` was written with?"""
    own = inspect.getattr_static(of, attr, None) if of is not None else None
    made = attr in ("_make", "_replace", "_asdict", "index", "count")
    return isinstance(own, (types.FunctionType, classmethod, staticmethod, *_COMPUTED)) and not made


def _classes(t: Any) -> Iterator[type]:
    """The namedtuple classes in a type."""
    if isinstance(t, numba_types.BaseNamedTuple):
        yield t.instance_class
    if isinstance(t, numba_types.BaseTuple):
        for item in t:
            yield from _classes(item)


def _is_frozen(known: Record) -> bool:
    params = getattr(known.kind, "__dataclass_params__", None)
    return params is not None and bool(params.frozen)


def _is_written(f: Any) -> bool:
    """Has the function a file, which what `dataclasses` makes has not?"""
    return isinstance(f, types.FunctionType) and f.__code__.co_filename != "<string>"


_MISSING = object()
_COMPUTED = (property, functools.cached_property)
_ODD = (types.MemberDescriptorType, types.GetSetDescriptorType, types.WrapperDescriptorType)
