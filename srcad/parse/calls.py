"""Calls of the user's own functions, whose bodies are read in place.

    def sq(t): return t * t
    y = sq(x) + 1.0            ->     %1 = x * x;  y = %1 + 1.0

A parameter that the function does not assign stands for the caller's own variable, which nothing can assign until
the function is done. A recursive function stays a call: reading it in place would not end.
"""

from __future__ import annotations

import ast
import inspect
import types
from collections import namedtuple
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any, cast

import numpy as np

from srcad import source
from srcad.errors import SrcadError, no_rule
from srcad.ir import Assign, Body, Const, Expr, Function, Invoke, Tuple, Var, bindings, names, walk
from srcad.parse.array_calls import of_iterable
from srcad.parse.captured import close, free
from srcad.parse.expressions import Held
from srcad.parse.forms import Forms
from srcad.parse.library import refused
from srcad.parse.scope import (
    MADE,
    Closure,
    Keyed,
    Record,
    Rows,
    Scope,
    Several,
    Static,
    Value,
    is_python_function,
    parameters,
    yields,
)
from srcad.parse.structure import structure
from srcad.parse.words import written
from srcad.rules.own import Own, own
from srcad.source import FunctionNode, Source, installed, placed

_COMPILED = (types.BuiltinFunctionType, types.WrapperDescriptorType, types.MethodDescriptorType)
DEEPEST = 64  # calls nested in each other that are read in place


class Recursive(Exception):
    """A call of a function that is being read in place: reading starts again with it as a call.

    `function` is a Python function or, of one written inside another, its place.
    """

    def __init__(self, function: Any, name: str) -> None:
        self.function, self.name = function, name


class Calls(Forms):
    """Reads calls."""

    def dict_of(self, node: ast.Call) -> Keyed:
        raise NotImplementedError

    def call(self, node: ast.Call) -> Value:
        if isinstance(node.func, ast.Attribute):
            method = self.method(node.func, node)
            if method is not None:
                return method
        return self.call_of(self.evaluate(node.func), node)

    def call_of(self, known: Value, node: ast.Call) -> Value:
        """A call of `known`, which is what `node.func` is."""
        if isinstance(known, Closure):
            scope = Scope(known.scope.source, known.node, self.program, known.scope)
            if (place := known.scope.at(known.node)) in self.program.recursive:
                return self._invoke(place, scope, known.defaults, node)
            return self.inline(known.node, scope, known.defaults, node, of=(known.scope,))
        if not isinstance(known, Static) or isinstance(known, (Keyed, Several, Rows)):
            raise self.refuse(node, f"{ast.unparse(node.func)} is not a function", "a call of a function")
        f = known.value
        if f is dict:
            return self.dict_of(node)
        if isinstance(f, (type, types.BuiltinFunctionType, types.FunctionType)) and f in _REFUSED_CALLS:
            raise self.refuse(node, *_REFUSED_CALLS[f])
        if hasattr(f, "__srcad__"):
            return self.derivative(f, node)
        if hasattr(f, "__srcad_maker__"):
            return self.transform(f, node)
        declared = own(f)
        if declared is not None:
            return self._declared(declared, node)
        formed = self.form(f, node)
        if formed is not None:
            return formed
        result = self.known(f, node)
        if result is not None:
            return result
        if (words := written(f)) is not None:
            return self.library(words, self.as_taken(words, node))
        if is_python_function(f):
            return self.user_function(f, node)
        raise self._unknown(f, node)

    def library(self, f: Any, node: ast.Call, args: dict[str, Value] | None = None) -> Value:
        """A call of a function that srcad has in Python: all that is read stands where the call does."""
        return self._read_as_own(source.read(f), f, node, args)

    def as_taken(self, words: Any, node: ast.Call) -> ast.Call:
        """`node` with its arguments as `words` take them.

        That is an array for each list, a tuple where several values are meant, and a list of what is gone through.
        """
        own = [*inspect.signature(words).parameters]

        def read(parameter: str | None, a: ast.expr) -> ast.expr:
            if parameter in ITEMS:
                return self.as_list(a)
            if parameter in ITERATED and isinstance(a, ast.GeneratorExp):
                return of_iterable(a)
            if parameter not in SEVERAL:
                return self.of_array(a)
            return ast.copy_location(ast.Tuple(a.elts, a.ctx), a) if isinstance(a, ast.List) else a

        args = [read(p, a) for p, a in zip([*own, *("" for _ in node.args)], node.args, strict=False)]
        keywords = [ast.copy_location(ast.keyword(k.arg, read(k.arg, k.value)), k) for k in node.keywords]
        return ast.copy_location(ast.Call(node.func, args, keywords), node)

    def written(self, source: Source, args: list[Expr], node: ast.Call) -> Value:
        return self._read_as_own(source, None, node, dict(zip(parameters(source.node), args, strict=True)))

    def _read_as_own(self, found: Source, f: Any, node: ast.Call, args: dict[str, Value] | None) -> Value:
        read = placed(found, self.location(node))
        scope, defaults = Scope(read, read.node, self.program), {} if f is None else self._defaults(f, read.node, node)
        value = self.inline(read.node, scope, defaults, node, f, args=args)
        if self.out and (why := refused(self.out[-1])):  # without types; others are left to `passes/readable.py`
            raise self.refuse(node, *why)
        return value

    def _unknown(self, f: Any, node: ast.Call) -> Exception:
        called = ast.unparse(node.func)
        if _draws(f):
            return self.refuse(node, f"{called} draws random numbers", "an argument that holds them, drawn before")
        if str(getattr(f, "__module__", None)).startswith(("numpy.fft", "scipy.fft")):
            why = f"{called} is a transform of complex numbers"
            return self.refuse(node, why, "its cosine and sine sums: np.cos(angles) @ x, np.sin(angles) @ x")
        if isinstance(f, types.MethodType):
            return self.refuse(node, f"{called} is a method of an object", "a function that takes numbers and arrays")
        if isinstance(f, np.vectorize) or type(f).__name__ in ("DUFunc", "GUFunc", "StencilFunc"):
            why = f"{called} is made by vectorize, guvectorize or stencil with more said than what it computes"
            return self.refuse(node, why, "a loop over the elements")
        if isinstance(f, type):
            return self.refuse(node, f"{called} makes an object of type {f.__name__}", "numbers or arrays")
        if not callable(f):
            return self.refuse(node, f"{called} is not a function", "a call of a function")
        if not isinstance(f, _COMPILED) and type(f).__module__ != "numpy":
            return self.refuse(
                node, f"{called} is an object of type {type(f).__name__}, whose source srcad can't read",
                "a plain Python function",
            )  # fmt: skip
        return no_rule(self.location(node), called, tuple(f"x{i + 1}" for i, _ in enumerate(node.args)) or ("x",))

    # ------------------------------------------------------------------ the user's functions

    def user_function(self, f: Any, node: ast.Call) -> Value:
        """A call of a Python function or of an `@njit` one."""
        function = source.python_function(f)
        assert function is not None
        read = self._read(f, node)
        self.program.sources[f"{read.file}:{read.node.lineno}"] = read.text
        try:
            defaults, scope = self._defaults(function, read.node, node), Scope(read, read.node, self.program)
            if function in self.program.recursive:
                return self._invoke(function, scope, defaults, node)
            return self.inline(read.node, scope, defaults, node, function)
        except SrcadError as error:
            if read.installed and not self.scope.source.installed:
                raise self._of_library(error, read, node) from error
            raise

    def _of_library(self, error: SrcadError, read: Source, node: ast.Call) -> SrcadError:
        """`error` in a function of a library, told of its call: nobody will write that function otherwise."""
        at, place = self.location(node), error.location
        if installed(place.file):
            why = f" ({Path(place.file).name}, line {place.line}: {error.reason})"
        elif place == at:
            why = f": {error.reason}"
        else:  # in a function of the user's, which the library calls, or in an argument
            return error
        names = tuple(parameters(read.node)[: len(node.args)]) or ("x",)
        return no_rule(at, ast.unparse(node.func), names, f", and its source can't be read{why}")

    def _read(self, f: Any, node: ast.Call) -> Source:
        try:
            return self.scope.source.calling(source.read(f), node)
        except SrcadError as error:
            if error.location.line:
                raise
            raise self.refuse(node, error.reason, error.instead) from None  # at the call, then

    def _defaults(self, function: types.FunctionType, node: FunctionNode, call: ast.Call) -> dict[str, Value]:
        """The defaults of a function's parameters, with the values that they have now."""
        positional = [p.arg for p in (*node.args.posonlyargs, *node.args.args)]
        found = dict(zip(reversed(positional), reversed(function.__defaults__ or ()), strict=False))
        found |= function.__kwdefaults__ or {}
        return {p: self.constant(p, v, call) for p, v in found.items()}

    def constant(self, name: str, value: Any, node: ast.AST) -> Value:
        """A default: a literal where it is a Python number."""
        return Const(value) if type(value) in (int, float) else self.scope.known(name, value, node)

    def _invoke(self, function: Any, scope: Scope, defaults: dict[str, Value], node: ast.Call) -> Expr:
        """A call that stays one, of the function whose own names are those of `scope`."""
        values = self.bind(scope.node, defaults, node)
        functions = {p: v for p, v in values.items() if isinstance(v, Static)}
        called = self.program.recursive[function]
        if any(isinstance(v, Keyed) for v in functions.values()):
            kind = next(_shown_kind(v) for v in functions.values() if isinstance(v, Keyed))
            raise self.refuse(node, f"the recursive function {called} is given {kind}", "a namedtuple")
        if any(isinstance(v, MADE) or (isinstance(v, Rows) and v.value is None) for v in values.values()):
            raise self.refuse(
                node, f"the recursive function {called} is given a function that is written inside another one",
                "a function at module level, and what it needs as arguments",
            )  # fmt: skip
        name = self._own_name(function, scope, functions, node)
        if name not in self.program.functions:
            self.program.functions[name] = Function(name, (), (), None)  # being read
            scope.values.update(functions)
            if scope.parent is None:
                self.program.functions[name] = self.separate(function, scope, name)
            else:
                self._lift(function, scope, name)
        given = (v for v in (values[p] for p in parameters(scope.node)) if not isinstance(v, (Static, Closure)))
        args = [self.emit(v, node) if isinstance(v, Tuple) else v for v in given]
        args += map(Var, self.program.captured.get(name, ()))
        target = self.program.names.numbered("%")
        self.out.append(Invoke((target,), name, tuple(args), self.location(node)))
        return Var(target)

    def _lift(self, function: Any, scope: Scope, name: str) -> None:
        """Read a function written inside this one by itself: what it reads here are parameters of it too."""
        program = self.program
        reader = type(self)(scope, (*self.active, (function,)))
        reader.caller = self
        around = set(program.rebound)
        outermost = not program.unfinished
        program.unfinished.append(name)
        f = replace(reader.separated(name), name=name)
        if not around.isdisjoint(bindings(f.body)):
            why = f"{name} assigns a variable of a function around it, and calls itself"
            raise self.refuse(scope.node, why, "return the value, and assign it in the outer function")
        program.functions[name] = f
        if outermost:  # the others are parts of it, and may call it
            close(program, program.unfinished)
            program.unfinished.clear()

    def _own_name(self, function: Any, scope: Scope, functions: dict[str, Static], node: ast.Call) -> str:
        """The name of a recursive function: with other functions as arguments, or around it, it is another one."""
        name = self.program.recursive[function]
        if not functions and scope.parent is None:
            return name
        held = next((p for p in functions if p in scope.assigned), None)
        if held is not None:
            raise self.refuse(node, f"the parameter {held!r} holds a function and is assigned to", "another name")
        key = (name, scope.parent, *((p, id(v.value)) for p, v in functions.items()))
        variants = self.program.variants
        if key not in variants:
            called = "_".join(getattr(v.value, "__name__", p) for p, v in functions.items())
            called = called if called.isidentifier() or not called else "function"
            variant = f"{name}_of_{called}" if called else name
            is_free = not called and name not in variants.values()  # its own name is kept for it
            variants[key] = variant if is_free else self.program.names.fresh(variant)
        return variants[key]

    def _declared(self, declared: Own, node: ast.Call) -> Expr:
        """A call of a function that a user declared something of: it stays a call."""
        args: list[Expr] = []
        for p, v in self._in_order(declared, node):
            if isinstance(v, (Static, Closure)):
                raise self.refuse(
                    node, f"{declared.name} is given {_shown_kind(v)} as {p}, and its rule is for numbers and arrays",
                    "numbers and arrays as arguments",
                )  # fmt: skip
            args.append(self.emit(v, node) if isinstance(v, Tuple) else v)
        target = self.program.names.numbered("%")
        self.out.append(Invoke((target,), declared.name, tuple(args), self.location(node), own=declared))
        return Var(target)

    def _in_order(self, declared: Own, node: ast.Call) -> list[tuple[str, Value]]:
        """The arguments of a call in the order of the function's parameters, by their names."""
        given, named = self.given(node)
        if declared.params is None:
            if named:
                raise self.refuse(node, f"{declared.name} does not say how its parameters are called", "no keywords")
            return [(f"argument {k + 1}", v) for k, v in enumerate(given)]
        function = getattr(declared.function, "py_func", declared.function)
        try:
            bound = inspect.signature(function).bind(*given, **dict(named))
        except TypeError as error:
            raise self.refuse(node, f"{declared.name}() {error}", _shown(declared.name, function)) from None
        defaults = {p.name: p.default for p in bound.signature.parameters.values() if p.name not in bound.arguments}
        if any(isinstance(p, (tuple, dict)) for p in bound.arguments.values()):
            raise self.refuse(node, f"{declared.name} takes *args or **keywords", "named parameters")
        for p in bound.arguments:
            if p not in declared.params:
                raise self.refuse(node, f"{declared.name} with {p}= can't be read", "the call without it")
        filled = {p: self.constant(p, v, node) for p, v in defaults.items() if p in declared.params}
        return [(p, bound.arguments[p] if p in bound.arguments else filled[p]) for p in declared.params]

    def separate(self, function: Any, scope: Scope, name: str) -> Function:
        raise NotImplementedError

    # ------------------------------------------------------------------ derivatives

    def derivative(self, f: Any, node: ast.Call) -> Expr:
        """A call of a gradient or of one of its kin: it is written in place when its arguments' types are known."""
        given, named = self.given(node)
        captured: dict[str, str] = getattr(f, "captured", {})
        apart = captured.keys() <= inspect.signature(f).parameters.keys()  # else all arguments are one tuple
        taken = {p: Var(n) for p, n in captured.items()} if apart else {}
        try:
            bound = inspect.signature(f).bind(*given, **dict(named), **taken)
        except TypeError as error:
            raise self.refuse(node, f"{f!r}: {error}", _shown(repr(f), f)) from None
        if not apart:
            args_ = bound.arguments["args"]
            if not isinstance(args_, Tuple):
                raise self.refuse(node, f"{f!r} takes a tuple of arguments, written here", "(x,)")
            bound.arguments["args"] = Tuple((*args_.items, *map(Var, captured.values())))
        args: list[Expr] = []
        for p, kind in inspect.signature(f).parameters.items():
            v = bound.arguments[p] if p in bound.arguments else self.constant(p, kind.default, node)
            if isinstance(v, (Static, Closure)):
                raise self.refuse(node, f"{f!r} is given {_shown_kind(v)} as {p!r}", "numbers and arrays")
            args.append(self.emit(v, node) if isinstance(v, Tuple) else v)
        name = self.program.names.fresh("derivative")
        self.program.derivatives[name] = f
        target = self.program.names.numbered("%")
        self.out.append(Invoke((target,), name, tuple(args), self.location(node)))
        return Var(target)

    def transform(self, f: Any, node: ast.Call) -> Static:
        """`grad(g)` and its kin, of a function known here: made while reading, to be called later."""
        known = self.evaluate(node.args[0]) if len(node.args) == 1 else None
        if not isinstance(known, (Static, Closure)):
            raise self.refuse(node, f"{f.__name__} takes one function here", f"{f.__name__}(g, wrt=...)(x)")
        try:
            options = {str(k.arg): ast.literal_eval(k.value) for k in node.keywords}
        except ValueError:
            raise self.refuse(node, f"the options of {f.__name__} have to be literals here", 'wrt="x"') from None
        g = self.lifted(known) if isinstance(known, Closure) else known.value
        try:
            return Static(f(g, **options))
        except (TypeError, ValueError) as error:
            raise self.refuse(node, str(error)) from None

    def lifted(self, closure: Closure) -> types.FunctionType:
        """A function written inside this one as a function by itself: what it reads here are parameters too."""
        scope = Scope(closure.scope.source, closure.node, self.program, closure.scope)
        reader = type(self)(scope, (*self.active, (closure.node,)))
        around = set(self.program.rebound)
        f = reader.separated(getattr(closure.node, "name", "function"))
        if not around.isdisjoint(bindings(f.body)):
            why = f"{f.name} assigns a variable of a function around it, and is differentiated by itself"
            raise self.refuse(closure.node, why, "return the value, and assign it in the outer function")
        if any(isinstance(s, Invoke) and s.function in self.program.unfinished for s in walk(f.body)):
            why = f"{f.name} calls a function around it, of which it is a part, and is differentiated by itself"
            raise self.refuse(closure.node, why, "a function at module level")
        outer = free(f, self.program.globals)
        own = parameters(closure.node)
        captured = {f"captured_{k}": n for k, n in enumerate(outer)}
        defaults = {p: v.value for p, v in closure.defaults.items() if isinstance(v, Const)}
        shown = [p if p not in defaults else f"{p}={defaults[p]!r}" for p in own]
        text = f"def {f.name}({', '.join([*shown, *(['*'] if defaults else []), *captured])}): ..."
        space: dict[str, Any] = {}
        exec(text, space)
        made: Any = space[f.name]
        made.captured = captured
        made.__srcad_program__ = replace(self.program, main=replace(f, params=(*f.params, *outer)))
        return cast(types.FunctionType, made)

    def separated(self, name: str) -> Function:
        raise NotImplementedError

    # ------------------------------------------------------------------ parameters

    def bind(
        self, node: FunctionNode, defaults: dict[str, Value], call: ast.Call, called: str = ""
    ) -> dict[str, Value]:
        """The values of a function's parameters in this call, as Python binds them; messages may call it `called`."""
        a = node.args
        if a.kwarg:
            raise self.refuse(call, "a function with **keywords can't be read", "named parameters")
        positional = [p.arg for p in (*a.posonlyargs, *a.args)]
        keyword = {p.arg for p in (*a.args, *a.kwonlyargs)}
        name = called or getattr(node, "name", "the lambda")
        shown = ast.unparse(a)
        of_value = bool(call.args) and isinstance(call.args[0], Held)  # a method, in srcad's own words
        shown = shown.partition(", ")[2] if of_value else shown
        instead = f"a call that fits ({shown})" if name == "the lambda" else f"{name}({shown})"
        given, named = self.given(call)
        values: dict[str, Value] = dict(zip(positional, given, strict=False))
        extra = given[len(positional) :]
        if a.vararg:
            values[a.vararg.arg] = self._rest(extra, call)
        elif extra:
            takes = len(positional) - of_value
            which = f"{takes} positional argument{'' if takes == 1 else 's'}"
            raise self.refuse(call, f"{name} takes {which}, and {len(given) - of_value} are given", instead)
        for p, v in named:
            if p not in keyword:
                why = f"{name} with {p}= can't be read" if called else f"{name} has no parameter {p!r}"
                raise self.refuse(call, why, instead)
            if p in values:
                raise self.refuse(call, f"{name} got two values for {p!r}", instead)
            values[p] = v
        for p in parameters(node):
            if p not in values and p not in defaults:
                raise self.refuse(call, f"{name} needs a value for {p!r}", instead)
            values.setdefault(p, defaults.get(p, Const(None)))
        return values

    def given(self, call: ast.Call) -> tuple[list[Value], list[tuple[str, Value]]]:
        """The arguments of a call, by position and by name."""
        stars = [k.value for k in call.keywords if k.arg is None]
        if any(not isinstance(v, ast.Dict) and self.keyed(v) is None for v in stars):
            raise self.refuse(call, "keywords from a dict (**) can't be read", "the keywords one by one")
        nodes = [*call.args, *(k.value for k in call.keywords)]
        read = (lambda n=n: self.evaluate(n.value if isinstance(n, ast.Starred) else n) for n in nodes)
        found: list[Value] = self.in_order(*read)
        given: list[Value] = []
        for n, v in zip(call.args, found, strict=False):
            given += self.starred(n, v) if isinstance(n, ast.Starred) else [v]
        named: list[tuple[str, Value]] = []
        for k, v in zip(call.keywords, found[len(call.args) :], strict=True):
            entries = (v if isinstance(v, Keyed) else self.keyed(k.value)) if k.arg is None else None
            if entries is not None:
                named += [(str(p), w) for p, w in entries.value.items()]
            else:
                named.append((str(k.arg), v))
        return given, named

    def _rest(self, values: list[Value], call: ast.Call) -> Tuple:
        """The value of `*args`."""
        items = []
        for v in values:
            if isinstance(v, (Static, Closure)):
                raise self.refuse(call, "a function can't be one of *args", "a parameter of its own")
            items.append(v)
        return Tuple(tuple(items))

    # ------------------------------------------------------------------ reading in place

    def inline(
        self,
        node: FunctionNode,
        scope: Scope,
        defaults: dict[str, Value],
        call: ast.Call,
        function: Any = None,
        of: tuple[Scope, ...] = (),
        args: dict[str, Value] | None = None,
    ) -> Value:
        """The body of a function in place of its call; `of` is the scope in which a closure was made, each anew.

        Its arguments are `args`, or those of `call`.
        """
        called = ast.unparse(call.func) if scope.source.own else ""
        values = self.bind(node, defaults, call, called) if args is None else defaults | args
        key = (function or node, *of, *_functions(values))
        if key in self.active:
            if not isinstance(node, ast.Lambda) and yields(node):
                raise self.refuse(call, "a generator that calls itself can't be read", "a list that it fills")
            if function is not None:
                raise Recursive(function, function.__name__)
            raise Recursive(of[0].at(node), getattr(node, "name", "function"))
        if len(self.active) > DEEPEST:
            raise self.refuse(call, f"more than {DEEPEST} calls are nested here", "a loop, or a recursive function")
        self._parameters(scope, values, call)
        reader = type(self)(scope, (*self.active, key))
        reader.caller = self
        if not isinstance(node, ast.Lambda) and yields(node):
            if self.consuming is None or self.consuming[0] is not call:
                shown = ast.unparse(call)
                raise self.refuse(call, f"{shown} is a generator", f"a loop over it, for v in {shown}; list({shown})")
            reader.consumer = self.consuming[1]
        if isinstance(node, ast.Lambda):
            result = reader.evaluate(node.body)
            self.out += reader.out
            return result
        body, value = structure(reader.body(node.body), self.program.names.fresh, or_none=True)
        self.out += body
        if reader.result is not None:
            return reader.result
        return Const(None) if value is None else value

    def _parameters(self, scope: Scope, values: dict[str, Value], call: ast.Call) -> None:
        """Bind the parameters: by value those that the body assigns, or that a function it returns might read."""
        node = scope.node
        escapes = isinstance(node, ast.Lambda) and any(isinstance(n, ast.Lambda) for n in ast.walk(node.body))
        for p in scope.params:
            v = values[p]
            if p in scope.assigned and isinstance(v, (Static, Closure)):
                why = f"the parameter {p!r} holds {_shown_kind(v)} and is assigned to"
                raise self.refuse(call, why, "another name")
            if isinstance(v, Keyed):
                v.named.append(f"the parameter {p}")
            if isinstance(v, (Static, Closure)):
                scope.values[p] = v
            elif p in scope.assigned or p in scope.rebound or escapes or not self.program.rebound.isdisjoint(names(v)):
                self.out.append(Assign(scope.variable(p), v, self.location(call)))
            else:
                scope.values[p] = v

    def body(self, statements: list[ast.stmt]) -> Body:
        raise NotImplementedError


def _shown_kind(v: Static | Closure) -> str:
    if isinstance(v, Record):
        return f"an object of {v.kind.__name__}"
    return "a dict" if isinstance(v, Keyed) else "a list" if isinstance(v, (Rows, Several)) else "a function"


def _shown(name: str, f: Any) -> str:
    """A call of `f`, by its parameters."""
    return f"{name}({', '.join(inspect.signature(f).parameters)})"


def _draws(f: Any) -> bool:
    """Is `f` a function of `random` or `np.random`, or a method of a generator of theirs?"""
    homes = (getattr(f, "__module__", None), type(getattr(f, "__self__", None)).__module__)
    return any(m in ("random", "numpy.random") or str(m).startswith("numpy.random.") for m in homes)


SEVERAL = frozenset({"arrays", "axes", "axis", "choices", "condlist", "choicelist", "pad_width", "reps", "shape"})
ITERATED = frozenset({"data", "iterable", "seq"})
ITEMS = frozenset({"items", "second", "third", "selectors"})


def _functions(values: dict[str, Value]) -> Iterator[tuple[Any, ...]]:
    """The functions among a call's arguments: with others it is another call."""
    for p, v in values.items():
        if isinstance(v, Static):
            yield p, id(v.value) if type(v) is Static else id(v)
        elif isinstance(v, Closure):
            yield p, v.node, v.scope


_REFUSED_CALLS: dict[Any, tuple[str, str]] = {
    print: ("print has no derivative and would run in both sweeps", "print outside the differentiated function"),
    range: ("a range outside a for loop can't be read", "for i in range(...)"),
    zip: ("zip outside a for loop can't be read", "for a, b in zip(...)"),
    enumerate: ("enumerate outside a for loop can't be read", "for i, v in enumerate(...)"),
    reversed: ("reversed outside a for loop can't be read", "for v in reversed(...)"),
    iter: ("iter can't be read", "a for loop"),
    next: ("next can't be read", "a for loop"),
    str: ("str makes a string, which has no derivative", "the text outside the differentiated function"),
    repr: ("repr makes a string, which has no derivative", "the text outside the differentiated function"),
    open: ("a file can't be read in a differentiated function", "pass the data as an array"),
    input: ("input can't be read in a differentiated function", "pass the data as an argument"),
    isinstance: ("isinstance can't be read: types are known when the function is compiled", "two functions"),
    type: ("type can't be read: types are known when the function is compiled", "two functions"),
    namedtuple: ("a class can't be defined in a differentiated function", "define it at module level"),
    complex: ("complex numbers have no derivative here", "the real and the imaginary part"),
    set: ("a set can't be read", "an array of bools: seen[k] = True; of an array's values, np.unique(x)"),
    getattr: ("getattr can't be read", "the attribute itself"),
    setattr: ("setattr can't be read", "a local variable"),
    eval: ("eval can't be read", "the expression itself"),
    exec: ("exec can't be read", "the statements themselves"),
}
