"""Calls of NumPy's functions of arrays, and methods of values.

    np.zeros((n, 3))    ->     %1 = np.zeros((n, 3))
    x.sum(axis=0)       ->     %1 = np.sum(x, axis=0)
    lst.append(v * v)   ->     %1 = v * v;  lst.append(%1)
"""

from __future__ import annotations

import ast
import inspect
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from srcad.ir import Append, Apply, Array, Const, Expr, Field, Slice, Store, Tuple, Var
from srcad.parse import along, arranged, listed
from srcad.parse.expressions import Expressions, Held, OfArray, Row
from srcad.parse.lengths import TupleOf
from srcad.parse.library import expand_dims
from srcad.parse.scope import Closure, Keyed, Static, Value
from srcad.parse.words import METHODS
from srcad.rules import arrays

DTYPES: dict[Any, str] = {
    float: "np.float64", int: "np.int64", bool: "np.bool_",
    np.float64: "np.float64", np.float32: "np.float32", np.int64: "np.int64", np.int32: "np.int32",
    np.bool_: "np.bool_", np.uint8: "np.uint8", np.int8: "np.int8", np.uint64: "np.uint64", np.uint32: "np.uint32",
    np.int16: "np.int16", np.uint16: "np.uint16",
}  # fmt: skip

_SPELLED = {"float": "np.float64", "int": "np.int64", "bool": "np.bool_", "f8": "np.float64", "f4": "np.float32"}
_SPELLED |= {name.removeprefix("np.").rstrip("_"): name for name in DTYPES.values()}

_CREATE = {  # the parameters that each of these can have here, in order
    "np.zeros": "shape dtype", "np.ones": "shape dtype", "np.empty": "shape dtype", "np.full": "shape fill_value dtype",
    "np.zeros_like": "a dtype", "np.ones_like": "a dtype", "np.empty_like": "a dtype",
    "np.full_like": "a fill_value dtype", "np.eye": "N M k dtype", "np.arange": "start stop step dtype",
    "np.linspace": "start stop num",
}  # fmt: skip
_NEEDED = {"np.full": 2, "np.full_like": 2, "np.linspace": 2}  # of the parameters; of the others one
_BY_KEYWORD = ("dtype", "axis", "k")  # the arguments that the IR writes as keywords
_INSTEAD = {  # of methods that people write and srcad does not read
    "_asdict": "the fields one by one: p.x",
    "tolist": "the array itself, or [v for v in x]",
    **dict.fromkeys(("startswith", "endswith", "lower", "upper", "strip", "split"), "== or in, of whole strings"),
}  # fmt: skip
_ONE_ARRAY = frozenset(name for name in arrays.REDUCE if name not in ("np.dot", "np.vdot"))
ALONE = {"np.diag": arranged.diag, "np.cumsum": along.cumsum, "np.cumprod": along.cumprod}  # a call; words otherwise
_ORDERED: dict[str, Any] = {".ravel": arranged.ravel, ".flatten": arranged.flatten, ".reshape": arranged.reshape}


class ArrayCalls(Expressions):
    """Reads calls that arrays are made by, and what values are asked by methods."""

    # ------------------------------------------------------------------ arguments

    def bound(self, name: str, parameters: str, node: ast.Call) -> dict[str, Expr]:
        """The arguments of a call by parameter; those that come by keyword last, in the parameters' order."""
        order = parameters.split()
        for k in node.keywords:
            if k.arg not in order:
                raise self.refuse(k.value, f"{name} with {k.arg or '**'}= can't be read", "the call without it")
        if len(node.args) > len(order):
            takes = f"{len(order)} argument{'' if len(order) == 1 else 's'}" if order else "no arguments"
            raise self.refuse(node, f"{name} takes {takes} here, not {len(node.args)}", f"{name}({', '.join(order)})")
        nodes = [*zip((*order, *("" for _ in node.args)), node.args, strict=False)]
        nodes += [(k.arg or "**", k.value) for k in node.keywords]
        found = self.in_order(*(lambda p=p, n=n: self._argument(p, n) for p, n in nodes))
        args: list[Expr] = []
        for n, v in zip(node.args, found, strict=False):
            args += self.starred(n, v) if isinstance(n, ast.Starred) else (v,)
        if len(args) > len(order):
            instead = f"{name}({', '.join(order)})"
            raise self.refuse(node, f"{name} takes fewer than {len(args)} arguments here", instead)
        given = dict(zip(order, args, strict=False))
        for (p, n), v in zip(nodes[len(node.args) :], found[len(node.args) :], strict=True):
            if p in given:
                raise self.refuse(n, f"{name} got two values for {p!r}", "one of them")
            given[p] = v
        return {p: given[p] for p in order if p in given}

    def needed(self, name: str, parameters: Sequence[str], given: Mapping[str, Value], node: ast.Call) -> None:
        """Refuse a call of `name` without a value for one of these parameters."""
        called = f"{name}({', '.join(parameters)})"
        for p in parameters:
            if p not in given:
                raise self.refuse(node, f"{name} needs a value for {p!r}", called)

    def _argument(self, parameter: str, node: ast.expr) -> Expr:
        if parameter == "dtype":
            return self._dtype(node)
        if parameter == "arrays" and isinstance(node, (ast.Tuple, ast.List)):
            rows = (ast.copy_location(Row(e.elts, e.ctx), e) if isinstance(e, ast.List) else e for e in node.elts)
            return Tuple(self.items([*rows]))
        if parameter in ("shape", "newshape") and isinstance(node, ast.Tuple):
            return Tuple(tuple(self.in_order(*(lambda e=e: self.tree_or_value(e) for e in node.elts))))
        return self.value(node.value if isinstance(node, ast.Starred) else node)

    def one(self, node: ast.Call) -> ast.expr:
        """The only argument of a call."""
        if len(node.args) != 1 or node.keywords or isinstance(node.args[0], ast.Starred):
            called = ast.unparse(node.func)
            raise self.refuse(node, f"{called} takes one argument here", f"{called}(x)")
        return node.args[0]

    def of_array(self, node: ast.expr) -> ast.expr:
        """An argument of a function of NumPy, which makes an array of a list."""
        match node:
            case ast.ListComp(_, generators):
                return ast.copy_location(OfArray(in_rows(node).elt, generators), node)
            case ast.List(elts, ctx):
                return ast.copy_location(Row(elts, ctx), node)
        return node

    def of_arrays(self, node: ast.Call) -> ast.Call:
        """A call of such a function: `np.mean([x, y])`, `np.max([v * v for v in x])`."""
        return ast.copy_location(ast.Call(node.func, [*map(self.of_array, node.args)], node.keywords), node)

    def of_outside(self, known: Any, node: ast.Call) -> Value:
        """A method of a list outside of the function."""
        raise NotImplementedError

    def of_dict(self, known: Keyed, method: str, node: ast.Call) -> Value:
        """A method of a dict."""
        raise NotImplementedError

    def library(self, f: Any, node: ast.Call, args: dict[str, Value] | None = None) -> Value:
        """A call of a function that srcad has in Python, with these arguments or those of `node`."""
        raise NotImplementedError

    def dtype(self, node: ast.expr) -> str:
        """A dtype that is known while reading, by its name."""
        known = self._dtype(node)
        if not isinstance(known, Var):
            raise self.refuse(node, f"{ast.unparse(node)} is known only at run time", "np.float64 or np.float32")
        return known.name

    def _dtype(self, node: ast.expr) -> Expr:
        known = Const(None) if isinstance(node, ast.Attribute) and node.attr == "dtype" else self.evaluate(node)
        if isinstance(known, Const) and isinstance(known.value, str) and known.value in _SPELLED:
            return Var(_SPELLED[known.value])
        if isinstance(known, Static) and isinstance(known.value, type) and known.value in DTYPES:
            return Var(DTYPES[known.value])
        if isinstance(node, ast.Attribute) and node.attr == "dtype":
            return Field(self.value(node.value), "dtype")
        raise self.refuse(node, f"the dtype {ast.unparse(node)} can't be read", "np.float64, np.float32 or np.int64")

    # ------------------------------------------------------------------ functions

    def _array_function(self, kind: str, name: str, node: ast.Call) -> Value:
        if kind == "convert":
            return self._converted(name, node)
        if kind == "method":
            first, rest = self.items(node.args[:1]), node.args[1:]
            if len(first) != 1:
                called = ast.unparse(node.func)
                raise self.refuse(node, f"{called} takes an array", f"{called}(x)")
            return self._array_method(name, first[0], ast.copy_location(ast.Call(node.func, rest, node.keywords), node))
        if kind == "assemble":
            return self._assembled(name, node)
        if kind == "create":
            args = self.bound(name, _CREATE[name], node)
        elif name in _ONE_ARRAY:
            if len(node.args) > 1 or node.keywords:
                return self._along(name, node)
            args = self.bound(name, "a", node)
        else:
            args = self.bound(name, "a b", node)
        order = _CREATE[name].split()[: _NEEDED.get(name, 1)] if kind == "create" else ["a", "b"]
        self.needed(name, order[:1] if name in _ONE_ARRAY else order, args, node)
        return self._apply(name, args, node)

    def _assembled(self, name: str, node: ast.Call) -> Value:
        if name == "np.append" and len(node.args) == 2 and not node.keywords:
            return self._apply(name, self.bound(name, "a v", node), node)
        if name in ALONE and (len(node.args) != 1 or node.keywords):
            return self.library(ALONE[name], node)
        if name in ALONE:
            return self._apply(name, self.bound(name, "a", node), node)
        parts = node.args[0] if node.args else None
        args = self.bound(name, "arrays axis" if name in ("np.concatenate", "np.stack") else "arrays", node)
        if name == "np.stack" and len(args) == 1 and isinstance(args.get("arrays"), Var):  # a list
            return self.emit(Apply("array_of", tuple(args.values())), node)
        if not isinstance(parts, (ast.Tuple, ast.List)) or not isinstance(args.get("arrays"), Tuple):
            instead = f"{name}((a, b)); of a list, np.stack(rows) and its reshape"
            raise self.refuse(node, f"{name} takes a tuple of arrays, written here", instead)
        if args.get("axis") == Const(None):  # of all elements
            flat = [self.emit(Apply(".ravel", (p,)), node) for p in args["arrays"].items]  # type: ignore[union-attr]
            return self.emit(Apply(name, (Tuple(tuple(flat)),)), node)
        if name == "np.hstack":  # which takes numbers, too
            found = (self.library(arranged.atleast_1d, node, {"a": p}) for p in args["arrays"].items)  # type: ignore[union-attr]
            return self.emit(Apply(name, (Tuple(tuple(self.as_value(v, node) for v in found)),)), node)
        return self.emit(Apply(name, tuple(args.values())), node)

    def _apply(self, name: str, args: dict[str, Expr], node: ast.Call) -> Value:
        if name in ("np.var", "np.std"):
            return self.library(along.FUNCTIONS[name], node, {"a": next(iter(args.values()))})
        positional = tuple(v for p, v in args.items() if p not in _BY_KEYWORD)
        keywords = tuple((p, v) for p, v in args.items() if p in _BY_KEYWORD)
        return self.emit(Apply(name, positional, keywords), node)

    def _along(self, name: str, node: ast.Call, *base: Expr) -> Value:
        """A reduction with more said of it than what is reduced, which is `base` or the first argument."""
        own = ("axis", "ddof", "keepdims") if name in ("np.var", "np.std") else ("axis", "keepdims")
        if len(node.args) + len(base) > 2:
            raise self.refuse(node, f"{name} takes an array and an axis by position", f"{name}(x, axis=0)")
        args: dict[str, Value] = {**self.bound(name, " ".join(own if base else ("a", *own)), node)}
        args = {"a": base[0], **args} if base else args
        axis = args.get("axis", Const(None))
        axes = axis.items if isinstance(axis, Tuple) else () if axis == Const(None) else (axis,)
        keep = args.get("keepdims", Const(False))
        self.needed(name, ["a"], args, node)
        if not all(isinstance(k, Const) and type(k.value) is int for k in axes) or not isinstance(keep, Const):
            raise self.refuse(node, f"{name} along what is known only at run time can't be read", "a number, as axis=0")
        if isinstance(axis, Tuple):
            return self._several(name, args["a"], [k.value for k in axes if isinstance(k, Const)], keep, node)
        if not axes and len(own) == 2:
            value = self._apply(name, {"a": args["a"]}, node)  # type: ignore[dict-item]
            whole = {"value": value, "a": args["a"], "keepdims": keep}
            return self.library(along.whole, node, whole) if keep.value else value
        if name == "np.sum" and not keep.value:
            return self._apply(name, {"a": args["a"], "axis": axis}, node)  # type: ignore[dict-item]
        return self.library(along.FUNCTIONS[name], node, args)

    def _several(self, name: str, a: Value, axes: list[int], keep: Const, node: ast.Call) -> Value:
        """A reduction along several axes, one after the other, the last one first."""
        mixed = min(axes, default=0) < 0 <= max(axes, default=0)
        if name not in along.OF_SEVERAL or not axes or mixed or len(set(axes)) < len(axes):
            raise self.refuse(node, f"{name} along such axes can't be read", "one axis after the other")
        for k in sorted(axes, reverse=axes[0] >= 0):  # the last one first, so that the others keep their numbers
            a = self.library(along.FUNCTIONS[name], node, {"a": a, "axis": Const(k)})
        for k in sorted(axes, reverse=axes[0] < 0) if keep.value else ():
            a = self.library(expand_dims, node, {"a": a, "axis": Const(k)})
        return a

    def _converted(self, name: str, node: ast.Call) -> Expr:
        """`np.array([x, y])`, or an array made of what is one already, or a list."""
        called = ast.unparse(node.func)
        if name == "array_of":  # which copies in any case
            is_true = (isinstance(k.value, ast.Constant) and k.value.value is True for k in node.keywords)
            kept = [k for k, true in zip(node.keywords, is_true, strict=True) if k.arg != "copy" or not true]
            node = ast.copy_location(ast.Call(node.func, node.args, kept), node)
        if not node.args or len(node.args) + len(node.keywords) > 2:
            raise self.refuse(node, f"{called} takes the items and a dtype here", f"{called}([x, y])")
        dtypes = [*node.args[1:], *(k.value for k in node.keywords if k.arg == "dtype")]
        if len(dtypes) != len(node.args) - 1 + len(node.keywords):
            odd = next(k for k in node.keywords if k.arg != "dtype")
            raise self.refuse(odd.value, f"{called} with {odd.arg}= can't be read", f"{called}([...]) without it")
        dtype = self._dtype(dtypes[0]) if dtypes else None
        if isinstance(dtype, Field):
            raise self.refuse(dtypes[0], f"{called} with another array's dtype can't be read", "np.float64")
        first = node.args[0]
        first = first if self.outside(first) is None else self.of_array(first)
        if isinstance(first, ast.GeneratorExp):
            raise self.refuse(first, "an array can't be made from a generator", f"{called}([...])")
        if isinstance(first, ast.ListComp):
            first = in_rows(first)
        arg = self.display(first) if isinstance(first, (ast.List, ast.Tuple)) else self.value(first)
        if isinstance(arg, Tuple):
            arg = Array(arg.items)
        if isinstance(arg, Array):
            if name == "np.asfortranarray" and any(isinstance(i, Array) for i in arg.items):
                raise self.refuse(node, "a display in Fortran order can't be read", "np.array([...]), and its T")
            return self.emit(replace(arg, dtype=dtype.name if isinstance(dtype, Var) else ""), node)
        if name == "array_of" and dtype is not None:
            arg = self.emit(Apply(name, (arg,)), node) if isinstance(first, ast.ListComp) else arg
            return self.emit(Apply(".astype", (arg, dtype)), node)
        if dtype is not None:
            raise self.refuse(node, f"{called} of an array with a dtype can't be read", "x.astype(dtype)")
        return self.emit(Apply(name, (arg,)), node)

    # ------------------------------------------------------------------ methods of values

    def method(self, func: ast.Attribute, node: ast.Call) -> Value | None:
        """`x.copy()`, `lst.append(v)`: a method of a value; None if `func` is a module's function."""
        if (named := self.keyed(func.value)) is not None:
            return self.of_dict(named, func.attr, node)
        if (listed_ := self.outside(func.value)) is not None:
            return self.of_outside(listed_, node)
        if self.is_of_module(func):
            return None
        base = self.evaluate(func.value)
        if (method := self.method_of(base, func)) is not None:
            return self.call_of(method, node)
        if isinstance(base, (Static, Closure)):
            return None
        if func.attr == "append" and isinstance(base, Var):
            self.out.append(Append(base.name, self.value(self.one(node)), at=self.location(node)))
            return Const(None)
        if func.attr == "pop" and isinstance(base, Var):
            if node.args or node.keywords:
                return self._of_list(listed.taken_at, base, node)
            return self.emit(Apply(".pop", (base,)), node)
        if func.attr in listed.METHODS and isinstance(base, Var):
            return self._of_list(listed.METHODS[func.attr], base, node)
        if func.attr == "fill":
            value = self.value(self.one(node))
            array = self.writable(base, func.value)
            self.out.append(Store(array, (Slice(None, None, None),), value, None, self.location(node)))
            return Const(None)
        name = arrays.METHODS.get(func.attr)
        if func.attr == "_replace":
            return self._replaced(base, func.value, node)
        if func.attr in METHODS and isinstance(base, Var):
            return self._in_words(METHODS[func.attr], f".{func.attr}()", base, node)
        if not isinstance(base, Var):
            raise self.refuse(node, f"the method .{func.attr}() can't be read", "a method of an array, or a function")
        if func.attr in _INSTEAD:
            raise self.refuse(node, f"the method .{func.attr}() can't be read", _INSTEAD[func.attr])
        if name is None:
            known = ", ".join(f".{m}()" for m in sorted({*arrays.METHODS, *METHODS, *listed.METHODS}))
            raise self.refuse(node, f"the method .{func.attr}() can't be read", f"a loop, or one of {known}")
        return self._array_method(name, base, node)

    def method_of(self, base: Value, func: ast.Attribute) -> Value | None:
        """The method that the class of the namedtuple `base` has of its own."""
        raise NotImplementedError

    def call_of(self, known: Value, node: ast.Call) -> Value:
        """A call of `known`."""
        raise NotImplementedError

    def _replaced(self, base: Expr, shown: ast.expr, node: ast.Call) -> Expr:
        """`p._replace(x=v)`: the namedtuple with other values for some of its fields."""
        known = self.lengths().of(base)
        made = known.of if isinstance(known, TupleOf) else None
        if made is None:
            why = f"what fields {ast.unparse(shown)} has can't be told here"
            raise self.refuse(node, why, "the namedtuple anew: Point(x=1.0, y=p.y)")
        if node.args:
            raise self.refuse(node, f"{ast.unparse(node.func)} takes keywords alone", "p._replace(x=1.0)")
        named = self.in_order(*(lambda k=k: self.value(k.value) for k in node.keywords))
        given = dict(zip((k.arg or "**" for k in node.keywords), named, strict=True))
        for k in node.keywords:
            if k.arg not in made._fields:
                why = f"{made.__name__} has no field {k.arg!r}"
                raise self.refuse(k.value, why, f"one of {', '.join(made._fields)}")
        parts = base.items if isinstance(base, Tuple) else tuple(Field(base, f) for f in made._fields)
        items = (given.get(f, p) for f, p in zip(made._fields, parts, strict=True))
        kept = tuple(self.emit(i, node) if isinstance(i, Field) else i for i in items)
        return Tuple(kept, self.program.bind(made.__name__, made))

    def _of_list(self, words: Any, base: Expr, node: ast.Call) -> Value:
        """A method of the list `base`, which may be given functions."""
        given = [ast.copy_location(Held(base), node.func), *map(of_iterable, node.args)]
        return self.library(words, ast.copy_location(ast.Call(node.func, given, node.keywords), node))

    def _array_method(self, name: str, base: Expr, node: ast.Call) -> Value:
        """`base.name(...)`, with the arguments of `node`."""
        base = base if isinstance(base, Var) else self.emit(base, node)
        if name in _ONE_ARRAY and (node.args or node.keywords):
            return self._along(name, node, base)
        if name in ALONE and (node.args or node.keywords):
            return self._in_words(ALONE[name], name, base, node)
        if name in _ONE_ARRAY:
            args = {}
        elif name == "np.dot":
            args = self.bound(name, "b", node)
            self.needed(f"{ast.unparse(node.func)}", ["b"], args, node)
        elif name in _ORDERED and _says_order(name, node):
            return self._in_order_of(name, base, node)
        elif name == ".reshape":
            args = self._shape(node)
        elif name == ".transpose" and (node.args or node.keywords):
            args = self._axes(node)
        elif name == ".astype":
            args = {"to": self._dtype(self.one(node))}
        else:
            args = self.bound(name.removeprefix("."), "", node)
        return self._apply(name, {"": base, **args}, node)

    def _in_order_of(self, name: str, base: Expr, node: ast.Call) -> Value:
        """`x.ravel("F")`: the elements in an order that is said."""
        words = _ORDERED[name]
        if name != ".reshape":
            return self._in_words(words, name, base, node)
        order = [k for k in node.keywords if k.arg == "order"]
        left = [k for k in node.keywords if k.arg != "order"]
        args = self._shape(ast.copy_location(ast.Call(node.func, node.args, left), node))
        said = self.bound(name, "order", ast.copy_location(ast.Call(node.func, [], order), node))
        return self.library(words, node, {next(iter(inspect.signature(words).parameters)): base, **args, **said})

    def _in_words(self, words: Any, name: str, base: Expr, node: ast.Call) -> Value:
        """The method `name`, read as a function in the language itself, whose first parameter is `base`."""
        own, *rest = inspect.signature(words).parameters
        return self.library(words, node, {own: base, **self.bound(name, " ".join(rest), node)})

    def _shape(self, node: ast.Call) -> dict[str, Expr]:
        """`x.reshape(n, 2)`, `x.reshape((n, 2))`: the shape, as a tuple."""
        if len(node.args) == 1:
            args = self.bound("reshape", "newshape", node)
            shape = args["newshape"]
            return {"shape": shape if isinstance(shape, (Tuple, Var)) else Tuple((shape,))}
        if [k.arg for k in node.keywords] == ["shape"] and not node.args:
            shape = self.bound("reshape", "shape", node)["shape"]
            return {"shape": shape if isinstance(shape, (Tuple, Var)) else Tuple((shape,))}
        if node.keywords or not node.args:
            raise self.refuse(node, "reshape takes a shape", "x.reshape((n, m))")
        return {"shape": Tuple(self.items(node.args))}

    def _axes(self, node: ast.Call) -> dict[str, Expr]:
        """`t.transpose(1, 0, 2)`, `t.transpose((1, 0, 2))`: which axis comes where, as a tuple."""
        one = len(node.args) + len(node.keywords) == 1
        found = self.bound("transpose", "axes", node).get("axes", Const(None)) if one else Tuple(self.items(node.args))
        axes = found if isinstance(found, Tuple) else Tuple((found,))
        if found == Const(None):
            return {}
        if not all(isinstance(a, Const) and type(a.value) is int for a in axes.items):
            why = "axes that are known only at run time can't be read"
            raise self.refuse(node, why, "numbers: x.transpose(1, 0, 2)")
        count = len(axes.items)
        return {"axes": Tuple(tuple(Const(a.value % count) for a in axes.items))}  # type: ignore[union-attr]

    def writable(self, array: Expr, node: ast.expr) -> Var:
        """`array`, whose items are to be written."""
        if isinstance(array, Var) and array.name in self.program.globals:
            raise self.refuse(node, f"{ast.unparse(node)} is a global: it is frozen when compiled", "an argument")
        if not isinstance(array, Var):
            raise self.refuse(node, f"{ast.unparse(node)} can't be assigned to by index", "an array")
        return array


def _says_order(name: str, node: ast.Call) -> bool:
    return any(k.arg == "order" for k in node.keywords) or (bool(node.args) and name != ".reshape")


def in_rows(node: ast.ListComp) -> ast.ListComp:
    """A comprehension of rows, each of them an array: `[[x * y for y in b] for x in a]`."""
    elt = node.elt
    if isinstance(elt, ast.ListComp):
        elt = ast.copy_location(OfArray(in_rows(elt).elt, elt.generators), elt)
    elif isinstance(elt, (ast.List, ast.Tuple)):
        elt = ast.copy_location(Row(elt.elts, ast.Load()), elt)
    return ast.copy_location(ast.ListComp(elt, node.generators), node)


def of_iterable(node: ast.expr) -> ast.expr:
    """An argument that is gone through: a list for a generator."""
    made = ast.ListComp(node.elt, node.generators) if isinstance(node, ast.GeneratorExp) else node
    return ast.copy_location(made, node)
