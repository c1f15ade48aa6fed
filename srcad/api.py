"""`grad` and its kin: the pipeline, in order, a line a pass.

    @grad
    def f(x1, x2): return x1 * x2 + math.sin(x2)
    f(2.0, 3.0)      ->      (3.0, 1.0100...)
"""

from __future__ import annotations

import inspect
import math
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
from numba.core import types
from numba.core.typing.typeof import typeof

from srcad import source
from srcad.cache import fingerprint
from srcad.compile import Compiled, Generated, base_names
from srcad.emit import emit
from srcad.errors import SrcadError
from srcad.ir import Assign, Expr, Field, Function, Item, Tuple, Var
from srcad.parse import Program, parse
from srcad.passes.adjoint import Adjoint, adjoint
from srcad.passes.drop_dead import drop_dead
from srcad.passes.loads import loads
from srcad.passes.prepare import prepare
from srcad.passes.save import save
from srcad.passes.scalarise import scalarise
from srcad.passes.shadows import shadows
from srcad.passes.ssa import plain, ssa, webs
from srcad.passes.tuples import untuple
from srcad.passes.zeros import zeros
from srcad.types import carries_floats, infer, is_float, is_float_array, is_tuple

Types = tuple[Any, ...]

OPTIONS = ("error_model", "fastmath", "parallel", "boundscheck")


# ---------------------------------------------------------------------------------------------- the pipeline


def differentiate(f: Any, arguments: Types, wrt: tuple[str, ...] | None, with_value: bool) -> Generated:
    """The text of the function that computes the gradient of `f` (and its value) for arguments of these types."""
    program = parse(f)
    main = webs(entry(program))
    main = typed(main, arguments, program)
    inputs = chosen(main, wrt)
    main = untuple(main)
    main = scalarise(main)
    main = prepare(main)
    main = shadows(main)
    main = ssa(main)
    main = loads(main)
    sweeps = adjoint(main, leaves(main, inputs))
    sweeps = returning(sweeps, inputs, with_value)
    both = save(sweeps)
    both = zeros(both)
    both = drop_dead(both, plain(sweeps.forward).result)
    return written(both, program, "value_and_grad" if with_value else "grad")


def evaluate(f: Any, arguments: Types) -> Generated:
    """The text of `f` itself, with the calls of its own functions written in place."""
    program = parse(f)
    main = webs(entry(program))
    return written(main, program, "primal")


# ---------------------------------------------------------------------------------------------- its steps


def entry(program: Program) -> Function:
    assert program.main is not None
    return program.main


def namespace(program: Program) -> dict[str, Any]:
    """What the printed code's free names stand for."""
    return {"math": math, "np": np, **base_names(), **program.globals}


def typed(f: Function, arguments: Types, program: Program) -> Function:
    """`f` with the types of its names; its result has to be one float."""
    found, result = infer(f, arguments, namespace(program))
    check_result(f, result)
    return replace(f, types=found)


def check_result(f: Function, result: Any) -> None:
    """A gradient is of one float."""
    if is_float(result):
        return
    if result == types.none:
        raise SrcadError(f"{f.name} returns nothing, so there is nothing to differentiate", f.at, "return a float")
    if isinstance(result, (types.Integer, types.Boolean)):
        raise SrcadError(f"{f.name} returns {a_type(result)}, which has no derivative", f.at, "return a float")
    if isinstance(result, types.Complex):
        raise SrcadError(f"{f.name} returns a complex number, which grad can't differentiate", f.at, "its real part")
    raise SrcadError(
        f"{f.name} returns {a_type(result)}, and grad differentiates one float",
        f.at,
        "vjp(f)(args, cotangent) or jacobian(f), which take such results; or return one element, or a sum",
    )


def chosen(f: Function, wrt: tuple[str, ...] | None) -> tuple[str, ...]:
    """The parameters to differentiate: those asked for, or all that carry floats."""
    able = tuple(p for p in f.params if carries_floats(f.types[p]))
    if wrt is None:
        if not able:
            shown = ", ".join(f"{p}: {a_type(f.types[p])}" for p in f.params)
            raise TypeError(f"{f.name} has no float argument to differentiate ({shown}); pass a float, like 2.0 for 2")
        return able
    for p in wrt:
        if p not in able:
            raise TypeError(
                f"{f.name} can't be differentiated with respect to {p!r}, which is {a_type(f.types[p])}: pass a float"
            )
    return wrt


def a_type(t: Any) -> str:
    """`t` as a person says it."""
    if isinstance(t, types.Omitted):
        return f"the default {t.value!r}"
    if isinstance(t, types.Array):
        return f"an array of {t.dtype} with {t.ndim} dimension{'s' * (t.ndim != 1)}"
    if isinstance(t, types.Boolean):
        return "a bool"
    if isinstance(t, types.Integer):
        return "an int"
    if is_tuple(t):
        return "a tuple"
    if isinstance(t, types.List):
        return "a list"
    return {"unicode_type": "a string", "none": "None"}.get(str(t), f"of type {t}")


def items(t: Any) -> list[tuple[str, Any, Callable[[Expr], Expr]]]:
    """The items of a tuple type: the suffix of a variable's name, the type, and how to take the item."""
    fields = getattr(t, "fields", None)
    found: list[tuple[str, Any, Callable[[Expr], Expr]]] = []
    for i, inner in enumerate(t):
        if fields:
            found.append((fields[i], inner, lambda e, i=i: Field(e, fields[i])))  # type: ignore[misc]
        else:
            found.append((str(i), inner, lambda e, i=i: Item(e, (_index(i),))))  # type: ignore[misc]
    return found


def _index(i: int) -> Expr:
    from srcad.ir import Const

    return Const(i)


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


def returning(a: Adjoint, inputs: tuple[str, ...], with_value: bool) -> Adjoint:
    """`a` with the gradients put together as the arguments were, and the value before them if asked for."""
    found = iter(a.gradients.values())

    def build(t: Any) -> Expr:
        if not is_tuple(t):
            return next(found) if is_float(t) or is_float_array(t) else _index(0)
        maker = getattr(t, "instance_class", None)
        return Tuple(tuple(build(inner) for inner in t), maker.__name__ if hasattr(t, "fields") and maker else "")

    parts = tuple(build(a.forward.types[p]) for p in inputs)
    gradient = parts[0] if len(parts) == 1 else Tuple(parts)
    if with_value:
        assert a.forward.result is not None
        gradient = Tuple((a.forward.result, gradient))
    return replace(a, result=gradient)


def written(f: Function, program: Program, kind: str) -> Generated:
    """`f` as text, with what its free names stand for."""
    name = f"{f.name}_{kind}"
    text = emit(replace(f, name=name))
    bound = {n: v for n, v in program.globals.items()}
    for t in f.types.values():
        if isinstance(t, types.BaseNamedTuple):
            bound[t.instance_class.__name__] = t.instance_class
    return Generated(name, text, bound, fingerprint((text,), bound))


def state(f: Any, *asked: Any) -> str:
    """The key of all that the code for `f` depends on: what its source and its callees' say now, and globals."""
    program = parse(f)
    functions = (entry(program), *program.functions.values())
    return fingerprint((*map(str, functions), repr(asked)), program.globals)


# ---------------------------------------------------------------------------------------------- what users hold


class Gradient(Compiled):
    """The gradient of a function: call it with the function's arguments.

    It returns df/d(argument) for each argument asked for: a float for a float, an array of the same shape for an
    array, a tuple for a tuple; one differentiated argument gives a bare gradient, several a tuple in their order.
    It can be called from Python and from compiled code, pickled, and used from several threads.

    Attributes:
        primal: the function itself, compiled.
        value_and_grad: the same gradient together with the function's value, from one sweep.
        source: the text of the adjoint for the types of the last call (of float64 scalars, if none).
    """

    __srcad__ = True

    def __init__(
        self, f: Any, wrt: tuple[str, ...] | None, options: dict[str, Any], with_value: bool = False
    ) -> None:
        function = source.python_function(f)
        assert function is not None
        self.wrt, self.options, self.with_value = wrt, options, with_value
        self.function = function
        self._twin: Gradient | None = None
        self._primal: Compiled | None = None
        super().__init__(function, self._generate, numba_options(options))
        self.cached(lambda: state(function, wrt, with_value, sorted(options.items())))

    def _generate(self, arguments: Types) -> Generated:
        return differentiate(self.function, arguments, self.wrt, self.with_value)

    @property
    def primal(self) -> Compiled:
        """The function itself, compiled."""
        if self._primal is None:
            f = self.function
            self._primal = Compiled(f, lambda arguments: evaluate(f, arguments), numba_options(self.options))
            self._primal.cached(lambda: state(f, "primal", sorted(self.options.items())))
        return self._primal

    @property
    def value_and_grad(self) -> Gradient:
        """The twin that returns (value, gradient) from one sweep."""
        if self.with_value:
            return self
        if self._twin is None:
            self._twin = Gradient(self.function, self.wrt, self.options, with_value=True)
        return self._twin

    @property
    def source(self) -> str:
        """The adjoint's text for the types of the last call; before any, for float64 scalars."""
        if self._compiler.last is not None:
            text: str = self._compiler.last.text
            return text
        return self.inspect(*(types.float64 for _ in inspect.signature(self.function).parameters))

    def inspect(self, *arguments: Any) -> str:
        """The adjoint's text for these arguments, or for arguments of these Numba types."""
        return self._generate(signature_types(self.function, arguments)).text

    def interpreted(self, *arguments: Any) -> Any:
        """What a call returns, computed by the generated text as plain Python: slow, and open to any debugger."""
        bound = inspect.signature(self.function).bind(*arguments)
        bound.apply_defaults()
        return self._generate(signature_types(self.function, bound.args)).define()(*bound.args)

    def __repr__(self) -> str:
        shown = "value_and_grad" if self.with_value else "grad"
        wrt = f", wrt={self.wrt}" if self.wrt is not None else ""
        return f"{shown}({self.function.__qualname__}{wrt})"


def signature_types(f: Any, arguments: tuple[Any, ...]) -> Types:
    """The Numba types of `arguments`, which may be types already."""
    return tuple(a if isinstance(a, types.Type) else typeof(a) for a in arguments)


def numba_options(options: dict[str, Any]) -> dict[str, Any]:
    """Numba's options: IEEE division, no GIL, and what the user set."""
    return {"nopython": True, "nogil": True, "error_model": "numpy", **options}


def positions(f: Any, wrt: Any) -> tuple[str, ...] | None:
    """`wrt` as the names of parameters.

    Raises:
        ValueError: a name or position that `f` does not have, or one given twice.
        TypeError: neither names nor positions.
    """
    if wrt is None:
        return None
    parameters = list(inspect.signature(f).parameters)
    shown = f"{f.__name__} has the arguments {', '.join(parameters)}"
    found = []
    for w in wrt if isinstance(wrt, (tuple, list)) else (wrt,):
        if isinstance(w, bool) or not isinstance(w, (str, int)):
            raise TypeError(f"wrt takes names or positions of arguments, not {w!r}: {shown}")
        if isinstance(w, str) and w not in parameters:
            raise ValueError(f"wrt={w!r} names no argument: {shown}")
        if isinstance(w, int) and not -len(parameters) <= w < len(parameters):
            raise ValueError(f"wrt={w!r} is no argument's position: {shown}")
        found.append(w if isinstance(w, str) else parameters[w])
    if len(set(found)) < len(found):
        raise ValueError(f"wrt={wrt!r} names an argument twice: {shown}")
    if not found:
        raise ValueError(f"wrt={wrt!r} names no argument: {shown}")
    return tuple(found)


def grad(f: Any = None, wrt: Any = None, **options: Any) -> Any:
    """The gradient of `f`, a function that returns one float.

    Args:
        f: a Python function, plain or `@njit`.
        wrt: the arguments to differentiate, by name or position, one or a tuple; by default every float argument
            (floats, arrays of floats, tuples and namedtuples of them).
        options: `fastmath`, `parallel`, `boundscheck` (off by default) and `error_model` ("numpy" by default: division
            is IEEE's), as Numba takes them.

    Returns:
        A `Gradient`; without `f`, a decorator that makes one.

    Raises:
        SrcadError: `f` has a construct that can't be differentiated; at the first call, with its place.
        TypeError, ValueError: `wrt` does not fit `f`.
    """
    if f is None:
        return lambda f: grad(f, wrt, **options)
    if isinstance(f, str) or not callable(f):
        raise TypeError(f"grad takes a function, not {f!r}; name the arguments with wrt=")
    unknown = sorted(set(options) - set(OPTIONS))
    if unknown:
        raise TypeError(f"grad has no option {unknown[0]!r}: it takes {', '.join(OPTIONS)}")
    function = source.python_function(f)
    if function is None or hasattr(f, "__srcad__"):
        source.read(f)  # says what is wrong with it
    return Gradient(f, positions(function, wrt), options)


def value_and_grad(f: Any = None, wrt: Any = None, **options: Any) -> Any:
    """(value, gradient) of `f` from one sweep; arguments as for `grad`."""
    if f is None:
        return lambda f: value_and_grad(f, wrt, **options)
    return grad(f, wrt, **options).value_and_grad
