"""Reductions as loops: what `np.sum`, `np.max`, `np.any` and their kin do with the elements of an array or a list.

    m = np.max(x)      ->      at = 0;  best = x[0]
                               for i in 1:x.shape[0]:1:
                                   %1 = x[i]
                                   if %1 > best or %1 != %1:
                                       best = %1;  at = i
                               m = x[at]

An extreme is found by a loop that only looks, and is then one load, which routes its bar to the first such element.
"""

from __future__ import annotations

from numba.core import types

from srcad.build import dtype_name
from srcad.elements import Elements
from srcad.errors import unsupported
from srcad.ir import FALSE, ONE, TRUE, ZERO, Apply, Assign, Const, Expr, If, Item, Var
from srcad.types import Type

SUMS = frozenset({"np.sum", "np.prod", "np.mean", "sum"})
EXTREMES = {"np.max": ">", "np.argmax": ">", "max": ">", "np.min": "<", "np.argmin": "<", "min": "<"}
REDUCTIONS = SUMS | frozenset(EXTREMES) | {"np.any", "np.all"}
EMPTY = {
    "max": "max() of an empty sequence",
    "min": "min() of an empty sequence",
    "np.argmax": "attempt to get argmax of an empty sequence",
    "np.argmin": "attempt to get argmin of an empty sequence",
    "np.max": "zero-size array to reduction operation maximum which has no identity",
    "np.min": "zero-size array to reduction operation minimum which has no identity",
}
NONE = Const(None)
Where = tuple[Expr, ...]


def reduction(e: Elements, target: str, op: str, a: Expr, axis: Expr = NONE) -> None:
    """Write `target = op(a, axis)`."""
    dims = e.dims(a)
    if op in ("sum", "max", "min") and len(dims) != 1:
        raise unsupported(e.b.at, f"{op}() of a matrix goes over its rows", f"np.{op}(x), of all elements")
    if isinstance(axis, Const) and isinstance(axis.value, int) and not -len(dims) <= axis.value < len(dims):
        raise unsupported(e.b.at, f"a {len(dims)}-d array has no axis {axis.value}", "one that it has")
    if axis != NONE and len(dims) > 1:
        _along(e, target, op, a, axis)
    elif op in SUMS:
        _sum(e, target, op, a)
    elif op in EXTREMES:
        _extreme(e, target, op, a)
    else:
        _any(e, target, op, a)


def _sum(e: Elements, target: str, op: str, a: Expr) -> None:
    dims, t = e.dims(a), e.b.types[target]
    clash = op == "np.mean" or target in set(e.sources(a))
    total = Var(e.b.new("total", t) if clash else target)
    if op in ("np.sum", "np.mean"):  # NumPy adds in parts, Python's `sum` from left to right
        e.b.sums.add(total.name)
    e.b.assign(total.name, constant(1 if op == "np.prod" else 0, t))
    step = "*" if op == "np.prod" else "+"
    e.over(
        dims, lambda at: e.b.assign(total.name, Apply(step, (total, e.element(a, at, dims)))), columns=e.by_columns(a)
    )
    if op == "np.mean":
        n = e.b.emit(_product([d.expr for d in dims]), types.intp)
        mean = Apply("/", (total, n))
        e.b.assign(target, mean if e.b.kind(mean) == t else Apply(f"np.{t}", (e.b.emit(mean),)))
    elif clash:
        e.b.assign(target, total)


def _product(extents: list[Expr]) -> Expr:
    out = extents[0] if extents else ONE
    for d in extents[1:]:
        out = Apply("*", (out, d))
    return out


def _along(e: Elements, target: str, op: str, a: Expr, axis: Expr) -> None:
    """`np.sum(a, axis=k)`: an array that every element is added into; the other reductions are none along an axis."""
    dims = e.dims(a)
    if op != "np.sum" or not isinstance(axis, Const) or not isinstance(axis.value, int):
        raise unsupported(e.b.at, f"{op} along such an axis can't be read", "a number, such as axis=0")
    k = axis.value % len(dims)
    kept = dims[:k] + dims[k + 1 :]
    name = e.free(target, a)
    e.allocate(name, kept, "zeros")
    e.over(
        dims,
        lambda at: e.put(Item(Var(name), at[:k] + at[k + 1 :]), e.element(a, at, dims), "+"),
        columns=e.by_columns(a),
    )
    e.name(target, name, kept)


def _any(e: Elements, target: str, op: str, a: Expr) -> None:
    dims, found = e.dims(a), TRUE if op == "np.any" else FALSE
    result = Var(e.b.new("found", types.boolean) if target in set(e.sources(a)) else target)
    e.b.assign(result.name, FALSE if op == "np.any" else TRUE)

    def look(at: Where) -> None:
        test = e.condition(a, at, dims)
        test = test if op == "np.any" else Apply("not", (test,))
        e.b.add(If(test, (Assign(result.name, found, e.b.at),), at=e.b.at))

    e.over(dims, look)
    if result.name != target:
        e.b.assign(target, result)


def _extreme(e: Elements, target: str, op: str, a: Expr) -> None:
    dims = e.dims(a)
    long = [d for d in dims if d.key != ONE]
    for d in long:
        if isinstance(d.key, Const) and d.key != ZERO:
            continue
        e.b.refuse(Apply("==", (d.expr, ZERO)), EMPTY[op])
    first = (ZERO,) * len(dims)
    at = tuple(ZERO if d.key == ONE else Var(e.b.new("at", types.intp)) for d in dims)
    best = Var(e.b.new("best", e.dtype(a)))
    _note(e, at, first)
    e.assign(best.name, e.element(a, first, dims))

    def look(where: Where) -> None:
        value = e.element(a, where, dims)
        old = e.b.block()
        e.b.assign(best.name, value)
        _note(e, at, where)
        e.b.add(If(_better(op, value, best, e.dtype(a)), e.b.taken(old), at=e.b.at))

    e.over(dims, look, ONE if len(long) == 1 else ZERO)
    if op.startswith("np.arg"):
        flat: Expr = at[0] if at else ZERO
        for k in range(1, len(dims)):
            flat = Apply("+", (Apply("*", (flat, dims[k].expr)), at[k]))
        e.b.assign(target, flat)
    else:
        e.assign(target, e.element(a, at, dims))


def _better(op: str, value: Expr, best: Expr, dtype: Type) -> Expr:
    """Is `value` beyond `best`? NumPy's functions take a NaN for the extreme, Python's compare with it."""
    test = Apply(EXTREMES[op], (value, best))
    if op.startswith("np.") and isinstance(dtype, types.Float):
        return Apply("or", (test, Apply("!=", (value, value))))
    return test


def _note(e: Elements, at: Where, where: Where) -> None:
    for v, i in zip(at, where, strict=True):
        if isinstance(v, Var):
            e.b.assign(v.name, i)


def constant(value: int, t: Type) -> Expr:
    """`value` as a constant of type `t`."""
    if t == types.float64:
        return Const(float(value))
    return Const(value) if t == types.int64 else Apply(f"np.{dtype_name(t)}", (Const(value),))
