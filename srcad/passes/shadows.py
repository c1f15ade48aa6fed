"""Shadows made in the forward sweep, for arrays that change their names.

    for t in 0:n:1:                           for t in 0:n:1:
        v[i] = u[i]                               v[i] = u[i]            (its shadows: v_bar[i], u_bar[i])
        %1 = u; u = v; v = %1        ->           %1 = u; %1_bar = u_bar
                                                  u = v; u_bar = v_bar
                                                  v = %1; v_bar = %1_bar

Where a name may stand for one of several arrays, so does its shadow, and in step with it: the shadow becomes a
forward value like any other, which `save` provides to the reverse sweep. So it is for an array that a branch or a loop
makes, and that is read outside it: which iteration's it is shows in the forward sweep. A list of arrays has a list of
their shadows beside it, to which the same is done: what it holds, and where, the forward sweep alone has to know. A
function that stays a call and is given such a list takes the shadows of all its arrays in both sweeps, and its forward
sweep returns those of the arrays that it returns: any of them may be put on the list, or come from it. Other arrays are
left to `adjoint`, which makes their shadows where the reverse of the body begins that defines them. Needs: code after
`prepare`, before `ssa`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace

from numba.core import types

from srcad.analysis.alias import Aliases, hands_shadows
from srcad.analysis.kinds import example
from srcad.analysis.shadow import at_end, mirror
from srcad.errors import irreversible, several_lists
from srcad.ir import (
    Append,
    Apply,
    Array,
    Assign,
    Body,
    Expr,
    Function,
    Invoke,
    Item,
    Stmt,
    Store,
    Tuple,
    Var,
    bodies,
    map_bodies,
    names,
    reads,
    transform,
    walk,
    writes,
)
from srcad.names import Names, bar
from srcad.types import Type, has_shadow, holds_arrays, is_array, is_float_array, is_list


def shadows(f: Function) -> Function:
    """`f` with the shadows of arrays that change their names."""
    aliases = Aliases(f)
    bound = Counter(s.target for s in walk(f.body) if isinstance(s, Assign))
    bound.update(f.params)
    outlived = _outlived(f, {n for n, t in f.types.items() if is_float_array(t)})
    moving = {
        aliases.of(n)
        for n, count in bound.items()
        if is_float_array(t := f.types.get(n)) and (count > 1 or n in outlived or holds_arrays(t))
    }
    moving |= {aliases.of(n) for n in _handed(f) if has_shadow(f.types.get(n))}
    if not moving:
        return f
    fresh = Names({*f.types, *f.params})
    made = {
        n: fresh.fresh(bar(n)) if not n.startswith("%") else f"{n}_bar"
        for n, t in f.types.items()
        if is_float_array(t) and aliases.of(n) in moving
    }
    for n in made:
        if is_list(f.types[n]) and not holds_arrays(f.types[n]):
            at = next((s.at for s in walk(f.body) if isinstance(s, Assign) and s.target == n), f.at)
            raise several_lists(at, n)
    given = tuple(p for p in f.params if p in made) if _is_given_lists(f) else ()
    for p in f.params:
        if f.external and p in made and not given:
            why = f"{p!r} may be one of several arrays, in the recursive function {f.name}"
            raise irreversible(f.at, why, "a name for each array: return a copy, or call with them exchanged")
    kinds = {**f.types, **{made[n]: _kind(f.types[n]) for n in made}}

    def shadow(name: str) -> Expr | None:
        return Var(made[name]) if name in made else None

    def accessed(e: Expr) -> Expr:
        def mark(x: Expr) -> Expr:
            if isinstance(x, Item) and isinstance(x.base, Var) and x.base.name in made:
                return replace(x, shadow=shadow(x.base.name))
            return x

        return transform(e, mark)

    def statement(s: Stmt) -> Body:
        match s:
            case Assign(target, Array((), True) as value) if target in made:
                of = None if value.of is None else example(kinds[made[target]].dtype)
                return Assign(made[target], replace(value, of=of), s.at), s
            case Append(lst, Var(name)) if lst in made:
                return Append(made[lst], Var(made[name]), at=s.at), s
            case Store(Var(lst), index, Var(name)) if lst in made and name in made:
                return Store(Var(made[lst]), index, Var(made[name]), at=s.at), s
            case Assign(target, value) if target in made:
                under = mirror(value, shadow)
                if under is None:
                    return s, Assign(made[target], Apply("np.zeros_like", (Var(target),)), s.at)
                return Assign(made[target], under, s.at), s  # the index may be made of what `target` was before
            case Assign(_, value):
                return (replace(s, value=accessed(value)),)
            case Store(Var(name)) if name in made:
                return (replace(s, value=accessed(s.value), shadow=shadow(name)),)
            case Invoke(targets, _, args) if any(isinstance(a, Var) and a.name in made for a in args) or any(
                t in made for t in targets
            ):
                own = tuple(shadow(a.name) if isinstance(a, Var) else None for a in args)
                if hands_shadows(s, f.types):
                    more = tuple(e for e in own if e is not None)
                    both = (*targets, *(made[t] for t in targets if t in made))
                    given = (*args, *more)  # the shadows among which it writes to
                    return (replace(s, targets=both, args=given, shadows=(*own, *(None for _ in more)), writes=None),)
                new = (Assign(made[t], Apply("np.zeros_like", (Var(t),)), s.at) for t in targets if t in made)
                return (replace(s, shadows=own), *new)
        return (map_bodies(s, body),)

    def body(b: Body) -> Body:
        return tuple(t for s in b for t in statement(s))

    start = tuple(
        Assign(made[p], Apply("np.zeros_like", (Var(p),)))
        for p in f.params
        if p in made and p not in given and is_array(f.types[p])
    )
    end: list[Stmt] = []
    params, result = f.params, f.result
    if given:
        params = (*params, *(made[p] for p in given))
        items = () if result is None else result.items if isinstance(result, Tuple) else (result,)
        more = tuple(Var(made[e.name]) for e in items if isinstance(e, Var) and e.name in made)
        result = Tuple((*items, *more)) if more else result
    elif f.external:  # the bars of the arrays that it returns are its callers'
        for n in dict.fromkeys(n for n in names(f.result) if n in made):
            last = fresh.fresh(f"{made[n]}_last") if not n.startswith("%") else f"{made[n]}_last"
            end.append(Assign(last, Var(made[n])))
            kinds[last], made[at_end(n)] = kinds[made[n]], last
    return replace(f, params=params, result=result, body=(*start, *body(f.body), *end), types=kinds, shadows=made)


def _is_given_lists(f: Function) -> bool:
    """Is `f` called with lists of arrays of floats?"""
    return f.external and any(holds_arrays(t) and is_float_array(t) for t in map(f.types.get, f.params))


def _handed(f: Function) -> Iterator[str]:
    """The names whose shadows are handed on with lists of arrays: in calls, by the caller, and to it."""
    for s in walk(f.body):
        if isinstance(s, Invoke) and hands_shadows(s, f.types):
            yield from (*s.targets, *(a.name for a in s.args if isinstance(a, Var)))
    if _is_given_lists(f):
        yield from (*f.params, *names(f.result))


def _kind(t: Type) -> Type:
    """The type of the shadow of an array, or of a list of arrays, of type `t`."""
    return types.List(_kind(t.dtype)) if is_list(t) else t.copy(readonly=False, layout="A")


def _outlived(f: Function, arrays: set[str]) -> set[str]:
    """Those of the `arrays` that are bound in a branch or a loop, and read outside it."""
    homes: dict[str, tuple[int, ...]] = {}
    read: list[tuple[str, tuple[int, ...]]] = []

    def visit(body: Body, home: tuple[int, ...]) -> None:
        for s in body:
            read.extend((n, home) for e in reads(s) for n in names(e) if n in arrays)
            homes.update((n, home) for n in writes(s) if n in arrays)
            for k, inner in enumerate(bodies(s)):
                visit(inner, (*home, id(s), k))

    visit(f.body, ())
    read += [(n, ()) for n in names(f.result)]
    return {n for n, home in read if n in homes and home[: len(homes[n])] != homes[n]}
