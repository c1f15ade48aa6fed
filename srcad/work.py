"""A program at work: read, opened, and typed for the arguments of one signature.

    def f(x): return grad(g)(x) * x      ->      f's IR, with the gradient of g for a float64 written in place
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
from numba.core import types
from numba.core.registry import CPUDispatcher
from numba.core.typing import make_concrete_template, signature
from numba.core.typing.typeof import typeof

from srcad.checks import Types
from srcad.declared import written
from srcad.empties import filled
from srcad.errors import unsupported
from srcad.generated import base_names
from srcad.ir import Apply, Body, Const, Expr, Function, Invoke, Raise, bindings, map_bodies, map_each, names, walk
from srcad.names import RESERVED
from srcad.parse import Program, parse
from srcad.passes.axes import axes
from srcad.passes.decide import decide, reached
from srcad.passes.inline import inline
from srcad.passes.int_lists import int_lists
from srcad.passes.int_powers import int_powers
from srcad.passes.narrow import narrow
from srcad.passes.nones import apart_from_arguments, unwrapped
from srcad.passes.readable import readable
from srcad.passes.ssa import webs
from srcad.ranks import IS_LIST
from srcad.rules.own import LIBRARIES
from srcad.staying import dispatcher
from srcad.types import infer, is_a_list

_open: list[Any] = []  # the functions whose derivative calls are being written in place, the outermost first
HALVES = ("", "_forward", "_reverse", "_jvp", "_pattern")  # of a function that stays a call


def read(f: Any, arguments: Types) -> Program:
    """Everything that `f` does; of a derivative, what its own code for these arguments does.

    Calls of derivatives are written in place, once the types that they are called with are known.
    """
    program = parse(f.at(arguments) if hasattr(f, "__srcad__") else f, arguments)
    if not program.derivatives:
        return program
    if any(f is g for g in _open):
        calls = (s for s in walk(entry(program).body) if isinstance(s, Invoke))
        called = next(s for s in calls if s.function in program.derivatives)
        why = f"{f.__name__} calls a derivative of itself, which would call one of its own, without end"
        raise unsupported(called.at, why, "a function of its own for what is differentiated there")
    _open.append(f)
    try:
        program.main = opened(entry(program), arguments, Work(program))
    finally:
        _open.pop()
    return program


def opened(f: Function, arguments: Types, work: Work) -> Function:
    """`f`, a function of the program at work, with the derivatives that it calls written in place."""
    program = work.program
    if not any(isinstance(s, Invoke) and s.function in program.derivatives for s in walk(f.body)):
        return f
    f = _typed(webs(f), arguments, work)

    def code(s: Invoke) -> Program:
        given = tuple(_type_of(a, f) for a in s.args)
        return parse(program.derivatives[s.function].at(given), given)

    return inline(f, program, code)


def entry(program: Program) -> Function:
    assert program.main is not None
    return program.main


def typed(f: Function, arguments: Types, work: Work) -> Function:
    """`f` with the types of its names, and with a function for the types of each call that stays."""
    return work.specialise(_typed(f, arguments, work))


def _typed(f: Function, arguments: Types, work: Work) -> Function:
    """`f` with the types of its names."""
    decided = decide(f, arguments)
    f = narrow(apart_from_arguments(f if decided is f else webs(decided), arguments))
    known = {n: typeof(v) for n, v in work.program.globals.items() if not isinstance(v, type)}
    read, f = None, filled(int_powers(f), arguments, work.namespace(), work.program.functions)
    while f is not read:  # what Numba takes for ints and Python does not
        found, result = infer(replace(f, name=f"{f.name}_typed"), arguments, work.namespace())
        read = replace(f, types={**known, **found})
        f = int_powers(read)
        f = int_lists(read) if f is read else f
    work.result = unwrapped(result)
    return axes(reached(readable(f)))


def begun(f: Any, arguments: Types) -> tuple[Function, Work]:
    """The IR of `f`, typed for these arguments, and its program."""
    work = Work(read(f, arguments))
    main = typed(webs(entry(work.program)), arguments, work)
    for s in main.body:
        if isinstance(s, Raise):
            raise unsupported(s.at, f"{main.name} never returns: this raises {raised(s)}", "a path that returns")
    return main, work


def raised(s: Raise) -> str:
    """What `s` raises, in words: "ValueError: 2 items are needed to unpack"."""
    match s.value:
        case Apply(kind, (Const(str(text)), *_)):
            return f"{kind}: {text}"
        case Apply(kind):
            return kind
    return str(s.value)


def returned(f: Any, arguments: Types) -> Any:
    """The type of what `f` returns for arguments of these types."""
    return types.unliteral(begun(f, arguments)[1].result)


def _type_of(e: Expr, f: Function) -> Any:
    return typeof(e.value) if isinstance(e, Const) else f.types[next(names(e))]


class _Sketch(CPUDispatcher):  # type: ignore[misc]
    """A derivative as Numba's inference is to see it: what it returns, and no code."""

    def __init__(self, f: Any) -> None:
        self.derivative = f
        super().__init__(f._called(), targetoptions={"nopython": True})

    def get_call_template(self, args: Any, kws: Any) -> Any:
        given = tuple(map(types.unliteral, args))
        known = [signature(returned(self.derivative, given), *given)]
        return make_concrete_template("derivative", self, known), None, args, {}


@dataclass
class Work:
    """A program being differentiated: its functions that stay calls, by the types they are called with."""

    program: Program
    known: dict[tuple[str, Types], str] = field(default_factory=dict)  # function and types -> the name it is given
    waiting: list[tuple[str, str, Types]] = field(default_factory=list)
    found: list[Function] = field(default_factory=list)  # as they are, once they are typed
    staying: list[Function] = field(default_factory=list)  # as scalar code
    made: list[Function] = field(default_factory=list)  # what is written beside the gradient
    tapes: tuple[Any, ...] = ()  # the types of the stacks that the tape is made of
    result: Any = None
    scope: dict[str, Any] = field(default_factory=dict)  # what names stand for where types are inferred
    calls: dict[str, Any] = field(default_factory=dict)  # of these, the functions that stay calls

    def namespace(self) -> dict[str, Any]:
        """What the printed code's free names stand for, as inference is to see it."""
        if not self.scope:
            self.scope.update({"math": math, "np": np, IS_LIST: is_a_list, **base_names()})
            self.scope.update({name: _Sketch(f) for name, f in self.program.derivatives.items()})
        self.scope.update({**self.program.globals, **LIBRARIES})  # which grow where derivatives are written in place
        for name, g in self.program.functions.items():
            if name not in self.calls:
                self.calls[name] = dispatcher(webs(g), name, self.scope, self.program.functions)
        self.scope.update(self.calls)
        return self.scope

    def function(self, name: str, arguments: Types) -> Function:
        """The function `name`, which stays a call, for arguments of these types."""
        return webs(opened(self.program.functions[name], arguments, self))

    def called(self) -> list[Function]:
        """Every function that stays a call, for the types it is called with: typed, in the order in which they are met.

        Typing one may find that it calls more.
        """
        while self.waiting:
            name, function, arguments = self.waiting.pop()
            f = replace(self.function(function, arguments), external=True)
            self.found.append(replace(typed(f, arguments, self), name=name))
        return self.found

    def specialise(self, f: Function) -> Function:
        """`f` with every call that stays named by the types of its arguments."""

        def body(b: Body) -> Body:
            return map_each(b, lambda s: self._call(s, f) if isinstance(s, Invoke) else map_bodies(s, body))

        return replace(f, body=body(f.body))

    def _call(self, s: Invoke, f: Function) -> Invoke:
        if s.own is not None:
            return replace(s, writes=written(s, f.types))
        return replace(s, function=self._name(s, f)) if s.function in self.program.functions else s

    def _name(self, s: Invoke, f: Function) -> str:
        arguments = tuple(_type_of(a, f) for a in s.args)
        key = s.function, arguments
        if key not in self.known:
            self.known[key] = self._free(s.function, f)
            self.waiting.append((self.known[key], s.function, arguments))
        return self.known[key]

    def _free(self, function: str, f: Function) -> str:
        """A name for a version of `function`, such that its two halves find theirs free too."""
        program = (entry(self.program), *self.program.functions.values())
        taken = {n for g in program for n in bindings(g.body)} | set(f.types)
        taken |= (self.program.functions.keys() | self.program.globals.keys()) - {function}
        taken |= RESERVED
        taken |= {f"{name}{half}" for name in self.known.values() for half in HALVES}
        number = 0
        name = function
        while taken & {f"{name}{half}" for half in HALVES}:
            number += 1
            name = f"{function}_{number}"
        return name
