"""The pipeline, in order, a line a pass: from a Python function to the text of its gradient.

    differentiate(f, (float64, float64), None, False).text      ->      "def f_grad(x1, x2): ..."
"""

from __future__ import annotations

import inspect
import math
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
from numba.core import types
from numba.core.registry import CPUDispatcher
from numba.core.typing.typeof import typeof

from srcad import checks
from srcad.boundary import chosen, following, leaves, returning, shown, taking, weighed, without_value
from srcad.cache import fingerprint
from srcad.checks import Types, check_result
from srcad.emit import emit
from srcad.errors import SrcadError
from srcad.generated import Generated, base_names
from srcad.ir import (
    Body,
    Const,
    Expr,
    Function,
    Invoke,
    Tuple,
    Var,
    map_bodies,
    names,
    walk,
    writes,
)
from srcad.parse import Program, parse
from srcad.passes.adjoint import adjoint
from srcad.passes.assign_once import assign_once
from srcad.passes.conditions import conditions
from srcad.passes.creations import creations
from srcad.passes.decide import decide, reached
from srcad.passes.drop_dead import drop_dead
from srcad.passes.lists import lists
from srcad.passes.loads import loads
from srcad.passes.prepare import enclose, prepare
from srcad.passes.record import record
from srcad.passes.save import save
from srcad.passes.scalarise import scalarise
from srcad.passes.shadows import shadows
from srcad.passes.share import share
from srcad.passes.split import split, taped
from srcad.passes.ssa import ssa, webs
from srcad.passes.steps import steps
from srcad.passes.tangent import tangent
from srcad.passes.tuples import untuple
from srcad.passes.weigh import weigh
from srcad.passes.zeros import zeros
from srcad.sweeps import Adjoint
from srcad.types import carries_floats, define, infer, is_float, is_float_array, is_tuple

HALVES = ("", "_forward", "_reverse", "_jvp")  # of a function that stays a call: itself, its sweeps, its tangent

# ---------------------------------------------------------------------------------------------- the pipeline


def differentiate(f: Any, arguments: Types, wrt: tuple[str, ...] | None, with_value: bool) -> Generated:
    """The text of the function that computes the gradient of `f` (and its value) for arguments of these types."""
    program = read(f, arguments)
    work = Work(program)
    main = webs(entry(program))
    main = typed(main, arguments, work)
    check_result(f.__name__, work.result, main.at)
    inputs = chosen(main, list(inspect.signature(f).parameters), wrt)
    main = reversible(scalar(main))
    forward = record(main, tuple(leaves(main, inputs)))
    sweeps = adjoint(forward)
    sweeps = returning(sweeps, inputs, with_value)
    both = joined(sweeps)
    work.finish(reversible, work.halves)
    return written(taped(both, tuple(work.slots)), work, "value_and_grad" if with_value else "grad")


def pull(f: Any, arguments: Types, cotangent: Any, wrt: tuple[str, ...] | None) -> Generated:
    """The text of the function that computes the value of `f` and a cotangent times its Jacobian, in reverse mode."""
    program = read(f, arguments)
    work = Work(program)
    main = webs(entry(program))
    main = typed(main, arguments, work)
    checks.check_cotangent(f.__name__, work.result, cotangent, main.at)
    inputs = chosen(main, list(inspect.signature(f).parameters), wrt)
    main, weights = weigh(scalar(main))
    main = reversible(main)
    forward = record(main, tuple(leaves(main, inputs)))
    sweeps = adjoint(forward)
    sweeps = returning(sweeps, inputs, with_value=True)
    both = joined(sweeps)
    both = taking(weighed(both, len(arguments), weights, cotangent), arguments)
    work.finish(reversible, work.halves)
    return written(taped(both, tuple(work.slots)), work, "vjp")


def push(
    f: Any, arguments: Types, tangents: Any, wrt: tuple[str, ...] | None, with_value: bool, kind: str
) -> Generated:
    """The text of the function that computes the tangent of the result of `f` (and its value), in forward mode."""
    program = read(f, arguments)
    work = Work(program)
    main = webs(entry(program))
    main = typed(main, arguments, work)
    inputs = chosen(main, list(inspect.signature(f).parameters), wrt)
    main = pushable(scalar(main))
    floats = leaves(main, inputs)
    both, dots = tangent(main, floats)
    both = following(both, inputs, {dots[leaf]: path for leaf, path in floats.items()}, tangents)
    both = taking(both, arguments)
    both = both if with_value else without_value(both)
    both = conditions(drop_dead(both))
    work.finish(pushable, work.pushed)
    return written(both, work, kind)


def evaluate(f: Any, arguments: Types) -> Generated:
    """The text of `f` itself, with the calls of its own functions written in place."""
    program = read(f, arguments)
    work = Work(program)
    work.made += [webs(g) for g in program.functions.values()]
    main = webs(entry(program))
    typed(main, arguments, work)  # refuses what Numba can't type, at the user's own line
    return written(main, work, "primal")


def scalar(f: Function) -> Function:
    """`f` as scalar code."""
    f = untuple(f)
    f = steps(f)
    f = lists(f)
    f = creations(f)
    return scalarise(f)


def reversible(f: Function) -> Function:
    """Scalar code ready for reverse mode: in SSA form, with all that the reverse sweep will ask for."""
    f = prepare(f)
    f = shadows(f)
    f = ssa(f)
    return loads(f)


def pushable(f: Function) -> Function:
    """Scalar code ready for forward mode: in SSA form."""
    f = enclose(f)
    return ssa(f)


def joined(sweeps: Adjoint) -> Function:
    """Both sweeps as one function."""
    f = save(sweeps)
    f = zeros(f)
    f = drop_dead(f, shown(sweeps))
    f = assign_once(f)
    f = share(f)
    return conditions(f)


@dataclass
class Work:
    """A program being differentiated: its functions that stay calls, by the types they are called with."""

    program: Program
    known: dict[tuple[str, Types], str] = field(default_factory=dict)  # function and types -> the name it is given
    waiting: list[tuple[str, str, Types]] = field(default_factory=list)
    made: list[Function] = field(default_factory=list)  # what is written beside the gradient
    slots: list[Expr] = field(default_factory=list)  # of the tape
    result: Any = None
    scope: dict[str, Any] = field(default_factory=dict)

    def namespace(self) -> dict[str, Any]:
        """What the printed code's free names stand for; functions that stay calls are compiled as they are."""
        if not self.scope:
            self.scope.update({"math": math, "np": np, **base_names(), **self.program.globals})
            options = {"nopython": True, "error_model": "numpy"}
            for name, g in self.program.functions.items():
                made = define(webs(g), {}, [])
                linked = type(made)(made.__code__, self.scope, name, made.__defaults__, made.__closure__)
                self.scope[name] = CPUDispatcher(linked, targetoptions=options)
        return self.scope

    def specialise(self, f: Function) -> Function:
        """`f` with every call that stays named by the types of its arguments."""

        def body(b: Body) -> Body:
            return tuple(
                replace(s, function=self._name(s, f)) if isinstance(s, Invoke) else map_bodies(s, body) for s in b
            )

        return replace(f, body=body(f.body))

    def _name(self, s: Invoke, f: Function) -> str:
        arguments = tuple(typeof(a.value) if isinstance(a, Const) else f.types[next(names(a))] for a in s.args)
        key = s.function, arguments
        if key not in self.known:
            self.known[key] = self._free(s.function, f)
            self.waiting.append((self.known[key], s.function, arguments))
        return self.known[key]

    def _free(self, function: str, f: Function) -> str:
        """A name for a version of `function`, such that its two halves find theirs free too."""
        program = (entry(self.program), *self.program.functions.values())
        taken = {n for g in program for s in walk(g.body) for n in writes(s)} | set(f.types)
        taken |= (self.program.functions.keys() | self.program.globals.keys()) - {function}
        taken |= {f"{name}{half}" for name in self.known.values() for half in HALVES}
        number = 0
        name = function
        while taken & {f"{name}{half}" for half in HALVES}:
            number += 1
            name = f"{function}_{number}"
        return name

    def finish(
        self, ready: Callable[[Function], Function], differentiate: Callable[[Function, tuple[str, ...]], None]
    ) -> None:
        """Differentiate every function that stays a call by the floats it takes, and those that they call."""
        while self.waiting:
            name, function, arguments = self.waiting.pop()
            g = self.program.functions[function]
            f = typed(replace(webs(g), external=True), arguments, self)
            for p, t in zip(f.params, arguments, strict=True):
                if is_tuple(t) and carries_floats(t):
                    why = f"the recursive function {g.name} takes a tuple of floats ({p})"
                    raise SrcadError(why, f.at, "its items as arguments")
            self.made.append(replace(f, name=name))
            f = replace(ready(scalar(f)), name=name)
            differentiate(f, tuple(p for p in f.params if carries_floats(f.types[p])))

    def pushed(self, f: Function, carriers: tuple[str, ...]) -> None:
        """The tangent of `f`: it takes the tangents after the arguments, and returns those of its floats as well."""
        both, dots = tangent(f, carriers)
        if both.result is not None:
            assert isinstance(both.result, Tuple)
            value, moved = (e.items if isinstance(e, Tuple) else (e,) for e in both.result.items)
            floats = tuple(d for e, d in zip(value, moved, strict=True) if is_float(self._type(e, f)))
            both = replace(both, result=Tuple((*value, *floats)) if floats or len(value) != 1 else value[0])
        params = (*both.params, *(dots[p] for p in carriers))
        self.made.append(conditions(replace(both, name=f"{f.name}_jvp", params=params)))

    def _type(self, e: Expr, f: Function) -> Any:
        return f.types.get(e.name) if isinstance(e, Var) else typeof(getattr(e, "value", None))

    def halves(self, f: Function, carriers: tuple[str, ...]) -> None:
        """The sweeps of `f`, which share the tape: the reverse one takes bars, and returns those of its floats."""
        sweeps = adjoint(record(f, carriers))
        floats = tuple(sweeps.gradients[p] for p in carriers if is_float(f.types[p]))
        arrays = tuple(sweeps.bars[p] for p in carriers if is_float_array(f.types[p]))
        # all that callers see: the value, the parameters' contents and their shadows
        memory = tuple(Var(f"{p}@0") for p in f.params if is_float_array(f.types[p]))
        value = f.result
        seen = Tuple((*floats, *(Var(a) for a in arrays), *memory, *((value,) if value is not None else ())))
        both = conditions(drop_dead(zeros(save(replace(sweeps, result=seen)))))
        assert isinstance(both.result, Tuple)
        count = len(floats)
        returned = both.result.items[:count]
        both = replace(both, result=None if not returned else returned[0] if count == 1 else Tuple(returned))
        halves = split(both, arrays, sweeps.results, shown(sweeps), len(self.slots))
        self.slots += halves.slots
        self.made += [halves.forward, halves.reverse]


# ---------------------------------------------------------------------------------------------- its steps


def read(f: Any, arguments: Types) -> Program:
    """Everything that `f` does; of a derivative, what its own code for these arguments does."""
    return parse(f.at(arguments) if hasattr(f, "__srcad__") else f)


def entry(program: Program) -> Function:
    assert program.main is not None
    return program.main


def typed(f: Function, arguments: Types, work: Work) -> Function:
    """`f` with the types of its names."""
    f = decide(f, arguments)
    found, work.result = infer(replace(f, name=f"{f.name}_typed"), arguments, work.namespace())
    known = {n: typeof(v) for n, v in work.program.globals.items() if not isinstance(v, type)}
    return work.specialise(reached(replace(f, types={**known, **found})))


def written(f: Function, work: Work, kind: str) -> Generated:
    """`f`, and the functions beside it that it calls, as text, with what their free names stand for."""
    f = replace(f, name=f"{f.name}_{kind}")
    called: set[str] = set()
    todo = [f]
    while todo:
        here = {s.function for s in walk(todo.pop().body) if isinstance(s, Invoke)} - called
        called |= here
        todo += [g for g in work.made if g.name in here]
    text = "\n\n".join(emit(g) for g in (*(g for g in work.made if g.name in called), f))
    bound = dict(work.program.globals)
    todo_types = [t for t in f.types.values() if is_tuple(t)]
    while todo_types:
        t = todo_types.pop()
        todo_types += [inner for inner in t if is_tuple(inner)]
        if isinstance(t, types.BaseNamedTuple):
            bound[t.instance_class.__name__] = t.instance_class
    return Generated(f.name, text, bound, fingerprint((text,), bound))
