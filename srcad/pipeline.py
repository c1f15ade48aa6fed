"""The pipeline, in order, a line a pass: from a Python function to the text of its gradient.

    differentiate(f, (float64, float64), None, False).text      ->      "def f_grad(x1, x2): ..."
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
from numba.core import types
from numba.core.registry import CPUDispatcher
from numba.core.typing.typeof import typeof

from srcad.cache import fingerprint
from srcad.checks import Types, check_result
from srcad.emit import emit
from srcad.errors import SrcadError
from srcad.generated import Generated, base_names
from srcad.ir import (
    Assign,
    Body,
    Const,
    Expr,
    Field,
    Function,
    Invoke,
    Item,
    Tuple,
    Var,
    map_bodies,
    names,
    substitute,
    walk,
    writes,
)
from srcad.names import base
from srcad.parse import Program, parse, signature
from srcad.passes.adjoint import adjoint
from srcad.passes.assign_once import assign_once
from srcad.passes.conditions import conditions
from srcad.passes.creations import creations
from srcad.passes.decide import decide, reached
from srcad.passes.drop_dead import drop_dead
from srcad.passes.lists import lists
from srcad.passes.loads import loads
from srcad.passes.prepare import prepare
from srcad.passes.record import record
from srcad.passes.save import save
from srcad.passes.scalarise import scalarise
from srcad.passes.shadows import shadows
from srcad.passes.share import share
from srcad.passes.split import split, taped
from srcad.passes.ssa import ssa, webs
from srcad.passes.steps import steps
from srcad.passes.tuples import untuple
from srcad.passes.zeros import zeros
from srcad.sweeps import Adjoint
from srcad.types import carries_floats, define, infer, is_float, is_float_array, is_tuple

HALVES = ("", "_forward", "_reverse")  # of a function that stays a call: itself, and its sweeps

# ---------------------------------------------------------------------------------------------- the pipeline


def differentiate(f: Any, arguments: Types, wrt: tuple[str, ...] | None, with_value: bool) -> Generated:
    """The text of the function that computes the gradient of `f` (and its value) for arguments of these types."""
    program = parse(f)
    work = Work(program)
    main = webs(entry(program))
    main = typed(main, arguments, work)
    check_result(f.__name__, work.result, main.at)
    inputs = chosen(main, list(signature(f).parameters), wrt)
    main = scalar(main)
    forward = record(main, leaves(main, inputs))
    sweeps = adjoint(forward)
    sweeps = returning(sweeps, inputs, with_value)
    both = save(sweeps)
    both = zeros(both)
    both = drop_dead(both, shown(sweeps))
    both = assign_once(both)
    both = share(both)
    both = conditions(both)
    work.finish()
    return written(taped(both, tuple(work.slots)), work, "value_and_grad" if with_value else "grad")


def evaluate(f: Any, arguments: Types) -> Generated:
    """The text of `f` itself, with the calls of its own functions written in place."""
    program = parse(f)
    work = Work(program)
    work.made += [webs(g) for g in program.functions.values()]
    main = webs(entry(program))
    typed(main, arguments, work)  # refuses what Numba can't type, at the user's own line
    return written(main, work, "primal")


def scalar(f: Function) -> Function:
    """`f` ready to be differentiated: scalar code in SSA form."""
    f = untuple(f)
    f = steps(f)
    f = lists(f)
    f = creations(f)
    f = scalarise(f)
    f = prepare(f)
    f = shadows(f)
    f = ssa(f)
    return loads(f)


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

    def finish(self) -> None:
        """Differentiate every function that stays a call, and those that they call."""
        while self.waiting:
            name, function, arguments = self.waiting.pop()
            self._halves(name, self.program.functions[function], arguments)

    def _halves(self, name: str, g: Function, arguments: Types) -> None:
        f = typed(replace(webs(g), external=True), arguments, self)
        for p, t in zip(f.params, arguments, strict=True):
            if is_tuple(t) and carries_floats(t):
                raise SrcadError(
                    f"the recursive function {g.name} takes a tuple of floats ({p})", f.at, "its items as arguments"
                )
        self.made.append(replace(f, name=name))
        f = scalar(f)
        carriers = tuple(p for p in f.params if carries_floats(f.types[p]))
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
        halves = split(replace(both, name=name), arrays, sweeps.results, shown(sweeps), len(self.slots))
        self.slots += halves.slots
        self.made += [halves.forward, halves.reverse]


# ---------------------------------------------------------------------------------------------- its steps


def entry(program: Program) -> Function:
    assert program.main is not None
    return program.main


def typed(f: Function, arguments: Types, work: Work) -> Function:
    """`f` with the types of its names."""
    f = decide(f, arguments)
    found, work.result = infer(replace(f, name=f"{f.name}_typed"), arguments, work.namespace())
    known = {n: typeof(v) for n, v in work.program.globals.items() if not isinstance(v, type)}
    return work.specialise(reached(replace(f, types={**known, **found})))


def chosen(f: Function, given: list[str], wrt: tuple[str, ...] | None) -> tuple[str, ...]:
    """The parameters to differentiate: of the user's names `given` those in `wrt`, or all that carry floats."""
    if wrt is None:
        return tuple(p for p in f.params if carries_floats(f.types[p]))
    return tuple(f.params[given.index(p)] for p in wrt)


def items(t: Any) -> list[tuple[str, Any, Callable[[Expr], Expr]]]:
    """The items of a tuple type: the suffix of a variable's name, the type, and how to take the item."""
    fields = getattr(t, "fields", None)
    found: list[tuple[str, Any, Callable[[Expr], Expr]]] = []
    for i, inner in enumerate(t):
        if fields:
            found.append((fields[i], inner, lambda e, i=i: Field(e, fields[i])))  # type: ignore[misc]
        else:
            found.append((str(i), inner, lambda e, i=i: Item(e, (Const(i),))))  # type: ignore[misc]
    return found


def leaves(f: Function, inputs: tuple[str, ...]) -> tuple[str, ...]:
    """The scalars and arrays of the parameters `inputs`: of a tuple, the names that its items were given."""
    taken = {s.value: s.target.partition("@")[0] for s in f.body if isinstance(s, Assign)}

    def below(e: Expr, t: Any, name: str) -> list[str]:
        if not is_tuple(t):
            return [name] if is_float(t) or is_float_array(t) else []
        out = []
        for _, inner, take in items(t):
            part = take(e)
            known = taken.get(part)
            if known is None and not is_tuple(inner):
                continue
            out += below(Var(f"{known}@0") if known else part, inner, known or "")
        return out

    return tuple(n for p in inputs for n in below(Var(f"{p}@0"), f.types[p], p))


def shown(a: Adjoint) -> Expr | None:
    """The function's value, in the names of the printed text."""
    value = a.forward.result
    return None if value is None else substitute(value, lambda n: Var(base(n)))


def returning(a: Adjoint, inputs: tuple[str, ...], with_value: bool) -> Adjoint:
    """`a` with the gradients put together as the arguments were, and the value before them if asked for."""
    found = iter(a.gradients.values())

    def build(t: Any) -> Expr:
        if not is_tuple(t):
            return next(found) if is_float(t) or is_float_array(t) else Const(0)
        maker = getattr(t, "instance_class", None)
        return Tuple(tuple(build(inner) for inner in t), maker.__name__ if hasattr(t, "fields") and maker else "")

    parts = tuple(build(a.forward.types[p]) for p in inputs)
    gradient = parts[0] if len(parts) == 1 else Tuple(parts)
    if with_value:
        assert a.forward.result is not None
        gradient = Tuple((a.forward.result, gradient))
    return replace(a, result=gradient)


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
