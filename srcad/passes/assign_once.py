"""Shadows that one loop fills: assigned where they were zeroed first and then added to.

    x_bar = np.zeros_like(x)                        x_bar = np.empty_like(x)
    for i in range(n - 1, -1, -1):                  x_bar[max(n, 0):] = 0.0
        x_bar[i] += s_bar * x[i]          ->        for i in range(n - 1, -1, -1):
        x_bar[i] += s_bar * x[i]                        x_bar[i] = s_bar * x[i]
                                                        x_bar[i] += s_bar * x[i]

Saves a pass over memory. Only where the first use of the shadow is a loop, or a nest of them, whose every iteration
adds to one element of its own before anything else touches it, and which reaches every element, or a leading part
of known size: the rest is set to zero beforehand, unless the loop's bound is the array's own extent.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from srcad.analysis.shapes import WHOLE
from srcad.ir import (
    ONE,
    ZERO,
    Apply,
    Assign,
    Body,
    Const,
    Expr,
    Field,
    For,
    Function,
    Item,
    Slice,
    Stmt,
    Store,
    Var,
    bindings,
    names,
    reads,
    walk,
    writes,
)
from srcad.types import is_array


def assign_once(f: Function) -> Function:
    """`f` with the shadows that one loop fills made by `np.empty_like`."""
    body = list(f.body)
    extents = _extents(f.body)
    for at in range(len(body)):
        s = body[at]
        match s:
            case Assign(array, Apply("np.zeros_like", (Var(like),))) if is_array(f.types.get(array)):
                pass
            case _:
                continue
        user = next((k for k in range(at + 1, len(body)) if mentions(body[k], array)), None)
        if user is None or _aliased(f.body, array):
            continue
        loop = body[user]
        ndim = f.types[array].ndim
        if not isinstance(loop, For):
            continue
        found = _fill(loop, array, (), frozenset(bindings((loop,))))
        if found is None:
            continue
        filled, bounds = found
        body[user] = filled
        fresh = [replace(s, value=Apply("np.empty_like", (Var(like),)))]
        for d, bound in sorted(bounds.items()):
            if not _is_extent(bound, like, d, ndim, extents):
                rest = Slice(bound if _never_negative(bound) else Apply("max", (bound, ZERO)), None, None)
                fresh.append(Store(Var(array), (WHOLE,) * d + (rest,), Const(0.0)))  # type: ignore[arg-type]
        body[at : at + 1] = [_Several(tuple(fresh))] if len(fresh) > 1 else fresh  # type: ignore[list-item]
    flat: list[Stmt] = []
    for b in body:
        flat += b.items if isinstance(b, _Several) else (b,)
    return replace(f, body=tuple(flat))


@dataclass(frozen=True)
class _Several:
    """Statements in the place of one, so that positions hold while the body is gone through."""

    items: tuple[Stmt, ...]


def mentions(s: Stmt | _Several, name: str) -> bool:
    """Does `s`, or a statement in it, read or bind `name`?"""
    if isinstance(s, _Several):
        return any(mentions(t, name) for t in s.items)
    return any(name in writes(t) or any(name in names(e) for e in reads(t)) for t in walk((s,)))


def _aliased(body: Body, array: str) -> bool:
    """Has `array` another name, or a view, anywhere?"""
    for s in walk(body):
        if isinstance(s, Assign) and s.target != array:
            e: Expr = s.value
            while isinstance(e, (Field, Item)) or (isinstance(e, Apply) and e.op.startswith(".")):
                if isinstance(e, Item) and e.base == Var(array) and not any(isinstance(i, Slice) for i in e.index):
                    break  # an element
                e = e.args[0] if isinstance(e, Apply) else e.base
            if e == Var(array):
                return True
    return False


def _fill(loop: For, array: str, dims: tuple[Expr, ...], bound: frozenset[str]) -> tuple[For, dict[int, Expr]] | None:
    """`loop` with its first contribution to each element assigned, and the bound of each dimension that it fills.

    `dims` are the index variables of the loops around.
    """
    if loop.start != ZERO or loop.step != ONE or set(names(loop.stop)) & bound:
        return None
    if sum(loop.target in writes(t) for t in walk((loop,))) != 1:
        return None
    users = [k for k, s in enumerate(loop.body) if mentions(s, array)]
    if not users:
        return None
    first = loop.body[users[0]]
    match first:
        case Store(Var(name), index, value, "+" | "-" as op) if name == array and array not in names(value):
            if any(array in names(i) for i in index):
                return None
            if not _own(index, (*dims, Var(loop.target))) or not _only(loop.body, array, index):
                return None
            term = value if op == "+" else Apply("neg", (value,))
            body = (*loop.body[: users[0]], replace(first, value=term, op=None), *loop.body[users[0] + 1 :])
            d = next(k for k, i in enumerate(index) if i == Var(loop.target))
            bounds: dict[int, Expr] = {d: loop.stop}
        case For() if len(users) == 1:
            inner = _fill(first, array, (*dims, Var(loop.target)), bound)
            if inner is None:
                return None
            filled, known = inner
            place = _index_of(filled, array)
            if place is None or Var(loop.target) not in place:
                return None
            body = (*loop.body[: users[0]], filled, *loop.body[users[0] + 1 :])
            d = place.index(Var(loop.target))
            bounds = {**known, d: loop.stop}
        case _:
            return None
    return replace(loop, body=body), bounds


def _own(index: tuple[Expr, ...], around: tuple[Expr, ...]) -> bool:
    """Is `index` made of the index variables of the loops `around`, each once?"""
    return len(set(index)) == len(index) == len(around) and set(index) == set(around)


def _only(body: Body, array: str, index: tuple[Expr, ...]) -> bool:
    """Is every use of `array` in `body` the element at `index`?"""
    for s in walk(body):
        if isinstance(s, Store) and s.array == Var(array) and s.index != index:
            return False
        for e in reads(s):
            if isinstance(s, Store) and e is s.array:
                continue
            if not _reads_only(e, array, index):
                return False
    return True


def _reads_only(e: Expr, array: str, index: tuple[Expr, ...]) -> bool:
    from srcad.ir import children

    match e:
        case Item(Var(name), at) if name == array:
            return at == index
        case Var(name):
            return name != array
    return all(_reads_only(c, array, index) for c in children(e))


def _index_of(loop: For, array: str) -> tuple[Expr, ...] | None:
    for s in walk((loop,)):
        if isinstance(s, Store) and s.array == Var(array):
            return s.index
    return None


def _extents(body: Body) -> dict[str, Expr]:
    """The names that are given a value once, at the top."""
    given: dict[str, Expr] = {}
    count: dict[str, int] = {}
    for s in walk(body):
        for n in writes(s):
            count[n] = count.get(n, 0) + 1
    for s in body:
        if isinstance(s, Assign) and count[s.target] == 1:
            given[s.target] = s.value
    return given


def _is_extent(bound: Expr, like: str, d: int, ndim: int, given: dict[str, Expr]) -> bool:
    """Is `bound` the extent of dimension `d` of the array `like`?"""
    match bound:
        case Item(Field(Var(name), "shape"), (Const(k),)):
            return name == like and k == d
        case Apply("len", (Var(name),)):
            return name == like and d == 0
        case Field(Var(name), "size"):
            return name == like and ndim == 1
        case Var(name) if name in given:
            return _is_extent(given[name], like, d, ndim, given)
    return False


def _never_negative(bound: Expr) -> bool:
    match bound:
        case Const(int(value)):
            return value >= 0
        case Item(Field(_, "shape"), _) | Apply("len", _) | Field(_, "size"):
            return True
    return False
