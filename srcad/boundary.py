"""Between what callers give and get, and the floats and arrays that are differentiated.

    f(p, n), p a pair of arrays     ->      the leaves x = p[0] and y = p[1]
    gradients x_bar, y_bar          ->      return x_bar, y_bar         (a tuple, or a namedtuple, as p is)
    jvp(f)(args, tangents)          ->      p = args[0];  x_dot = tangents[0];  y_dot = tangents[1]
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from numba.core import types

from srcad import checks
from srcad.checks import Types
from srcad.ir import Apply, Assign, Const, Expr, Field, Function, If, Item, Raise, Stmt, Tuple, Var, substitute
from srcad.names import Names, base
from srcad.passes.weigh import Weight
from srcad.sweeps import Adjoint
from srcad.syntax import show
from srcad.types import is_float, is_float_array, is_tuple

LAYOUTS = {"C": "np.ascontiguousarray", "F": "np.asfortranarray"}


@dataclass(frozen=True)
class Leaf:
    """A float or an array in a parameter: the items to take, from the parameter inwards."""

    param: str
    positions: tuple[int, ...]
    path: Expr  # how the parameter is written with these items taken
    type: Any


def chosen(f: Function, arguments: Types, user: Any, wrt: tuple[str, ...] | None) -> tuple[str, ...]:
    """The parameters of the user's function to differentiate: those in `wrt`, or all that are given floats.

    An int is none, though its name may hold floats later on: `n *= 0.5`.
    """
    given = list(inspect.signature(user).parameters)
    if wrt is not None:
        return tuple(f.params[given.index(p)] for p in wrt)
    captured = getattr(user, "captured", ())
    each = zip(f.params, given, arguments, strict=True)
    return tuple(p for p, name, t in each if name not in captured and checks.carries(t))


def items(t: Any) -> list[tuple[Any, Callable[[Expr], Expr]]]:
    """The items of a tuple type: the type of each, and how to take it."""
    fields = getattr(t, "fields", None)
    if fields:
        return [(inner, lambda e, name=name: Field(e, name)) for name, inner in zip(fields, t, strict=True)]  # type: ignore[misc]
    return [(inner, lambda e, i=i: Item(e, (Const(i),))) for i, inner in enumerate(t)]  # type: ignore[misc]


def leaves(f: Function, inputs: tuple[str, ...]) -> dict[str, Leaf]:
    """The floats and arrays in the parameters `inputs`, by the names that they have in `f`."""
    taken = {s.value: base(s.target) for s in f.body if isinstance(s, Assign)}

    def below(e: Expr, name: str, leaf: Leaf) -> Iterator[tuple[str, Leaf]]:
        if not is_tuple(leaf.type):
            if is_float(leaf.type) or is_float_array(leaf.type):
                yield name, leaf
            return
        for k, (inner, take) in enumerate(items(leaf.type)):
            known = taken.get(take(e))
            if known is None and not is_tuple(inner):
                continue
            part = Leaf(leaf.param, (*leaf.positions, k), take(leaf.path), inner)
            yield from below(Var(f"{known}@0") if known else take(e), known or "", part)

    return dict(found for p in inputs for found in below(Var(f"{p}@0"), p, Leaf(p, (), Var(p), f.types[p])))


# ---------------------------------------------------------------------------------------------- gradients


def value_of(a: Adjoint) -> Expr | None:
    """What the function returns, in SSA form; of one whose result is weighed, behind the weight."""
    value = a.forward.result
    return value.items[1] if isinstance(value, Tuple) and not a.forward.external else value


def shown(a: Adjoint) -> Expr | None:
    """The function's value, in the names of the printed text."""
    value = value_of(a)
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
        value = value_of(a)
        assert value is not None
        gradient = Tuple((value, gradient))
    return replace(a, result=gradient)


# ---------------------------------------------------------------------------------------------- tangents


def taking(f: Function, arguments: Types) -> Function:
    """`f` with its first parameters as one, the tuple of the arguments; those not given have their defaults."""
    name = Names({*f.types, *f.params}).fresh("args")
    head: list[Stmt] = []
    for k, (p, t) in enumerate(zip(f.params, arguments, strict=False)):
        head.append(Assign(p, Const(t.value) if isinstance(t, types.Omitted) else Item(Var(name), (Const(k),))))
    known = {**f.types, name: types.Tuple(tuple(t for t in arguments if not isinstance(t, types.Omitted)))}
    return replace(f, params=(name, *f.params[len(arguments) :]), body=(*head, *f.body), types=known)


def following(
    f: Function, inputs: tuple[str, ...], lanes: Sequence[Mapping[str, Leaf]], t: Any, called: str, kind: str
) -> Function:
    """`f` with one more parameter, of type `t`: the tangents of its inputs, in the structure of these.

    `lanes` names them, lane by lane; of several lanes, the parameter is a tuple of tangents. Each is brought into the
    type and the layout of the float or array that it belongs to; shapes are checked. Errors speak of the function
    `called` and of the `kind` of vector that the tangents are.
    """
    name = Names({*f.types, *f.params}).fresh("tangents")
    head: list[Stmt] = []
    for k, dots in enumerate(lanes):
        outer = (k,) if len(lanes) > 1 else ()
        wrapped = checks.wrapped([f.types[p] for p in inputs], t[k] if outer else t)
        for own, leaf in dots.items():
            position = (inputs.index(leaf.param),) if wrapped else ()
            e, of = within(Var(name), t, (*outer, *position, *leaf.positions))
            head += brought(own, e, of, leaf.type)
            if is_float_array(leaf.type) and len(lanes) == 1:  # what has lanes, srcad calls
                what = f"{called}: the {kind} of {show(leaf.path)} has another shape than {show(leaf.path)}"
                head.append(same_shape(own, leaf.path, what))
    return replace(f, params=(*f.params, name), body=(*head, *f.body), types={**f.types, name: t})


def counted(f: Function, inputs: tuple[str, ...], domains: Mapping[str, Leaf], sets: str, t: Any) -> Function:
    """`f` with one more parameter, of type `t`: a tuple of the numbers of its inputs, built as these, and of `sets`."""
    name = Names({*f.types, *f.params}).fresh("numbers")
    head: list[Stmt] = [Assign(sets, Item(Var(name), (Const(len(inputs)),)))]
    for own, leaf in domains.items():
        e, of = within(Var(name), t, (inputs.index(leaf.param), *leaf.positions))
        head += brought(own, e, of, leaf.type) if is_float_array(leaf.type) else (Assign(own, e),)
    return replace(f, params=(*f.params, name), body=(*head, *f.body), types={**f.types, name: t})


def units(f: Function, dots: Sequence[Mapping[str, str]], floats: Mapping[str, Leaf]) -> Function:
    """`f` with the unit tangents of its inputs, all floats: in the k-th lane, one for the k-th."""
    head: list[Stmt] = []
    for k, lane in enumerate(dots):
        for j, leaf in enumerate(floats):
            one = Const(1.0 if j == k else 0.0)
            head.append(Assign(lane[leaf], Apply("np.float32", (one,)) if floats[leaf].type == types.float32 else one))
    return replace(f, body=(*head, *f.body))


def weighed(f: Function, count: int, weights: Mapping[str, Weight], t: Any) -> Function:
    """`f` with one parameter of type `t`, the cotangent, for those after the first `count`, the `weights`."""
    name = Names({*f.types, *f.params}).fresh("cotangent")
    head: list[Stmt] = []
    for own, weight in weights.items():
        e, of = within(Var(name), t, weight.positions)
        head += brought(own, e, of, weight.type)
    return replace(f, params=(*f.params[:count], name), body=(*head, *f.body), types={**f.types, name: t})


def within(root: Expr, t: Any, positions: tuple[int, ...]) -> tuple[Expr, Any]:
    """An item of the value `root` of type `t`, and its type; by positions, so that a tuple may be a namedtuple."""
    for k in positions:
        root, t = Item(root, (Const(k),)), t[k]
    return root, t


def brought(name: str, e: Expr, t: Any, into: Any) -> Iterator[Stmt]:
    """`name` = the float or array `e` of type `t`, as one of the type `into`."""
    if is_float(into):
        yield Assign(name, e if t == into else Apply("float" if into == types.float64 else f"np.{into}", (e,)))
    else:
        same = t.layout == into.layout or into.layout not in LAYOUTS
        yield Assign(name, e if same else Apply(LAYOUTS[into.layout], (e,)))


def same_shape(name: str, of: Expr, what: str) -> Stmt:
    """Refuse the array `name` if its shape is not that of `of`."""
    error = Raise(Apply("ValueError", (Const(what),)))
    return If(Apply("!=", (Field(Var(name), "shape"), Field(of, "shape"))), (error,))


def without_value(f: Function) -> Function:
    """`f`, which returns a value and its derivative, returning the derivative alone."""
    assert isinstance(f.result, Tuple)
    return replace(f, result=f.result.items[1])
