"""Shadows made in the forward sweep, for arrays that change their names.

    for t in 0:n:1:                           for t in 0:n:1:
        v[i] = u[i]                               v[i] = u[i]            (its shadows: v_bar[i], u_bar[i])
        %1 = u; u = v; v = %1        ->           %1 = u; %1_bar = u_bar
                                                  u = v; u_bar = v_bar
                                                  v = %1; v_bar = %1_bar

Where a name may stand for one of several arrays, so does its shadow, and in step with it: the shadow becomes a
forward value like any other, which `save` provides to the reverse sweep. So it is for an array that a branch or a loop
makes, and that is read outside it: which iteration's it is shows in the forward sweep. A list of arrays has a list of
their shadows beside it, to which the same is done: what it holds, and where, the forward sweep alone has to know. So it
is with lists of numbers whose bars are put on a list beside them (`analysis/paired.py`): here that is a list of zeros.
A function that stays a call and is `shadowed` takes the shadows of all its arrays and lists in both sweeps, and its
forward sweep returns those that it returns: any of them may be put on a list, or come from it. Other arrays are left to
`adjoint`, which makes their shadows where the reverse of the body begins that defines them. Needs: code after
`prepare`, before `ssa`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from numba.core import types

from srcad.analysis.alias import Aliases
from srcad.analysis.kinds import example
from srcad.analysis.paired import moving
from srcad.analysis.shadow import SHADOW, at_end, mirror
from srcad.chain import zero_of
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
    map_bodies,
    names,
    transform,
    walk,
)
from srcad.names import Names, bar
from srcad.types import Type, has_shadow, is_array, is_float_array, is_list, is_numbers


def shadows(f: Function) -> Function:
    """`f` with the shadows of arrays that change their names."""
    aliases = Aliases(f)
    several = moving(f, aliases) | {aliases.of(n) for n in _handed(f) if has_shadow(f.types.get(n))}
    several |= {aliases.of(n) for n in f.paired}
    if not several:
        return f
    fresh = Names({*f.types, *f.params})
    made = {
        n: fresh.fresh(bar(n)) if not n.startswith("%") else f"{n}_bar"
        for n, t in f.types.items()
        if is_float_array(t) and aliases.of(n) in several
    }
    given = tuple(p for p in f.params if p in made) if f.shadowed else ()
    assert given or not f.external or made.keys().isdisjoint(f.params)
    zeros = {}  # by type, the names of what is taken off lists of bars in the forward sweep
    for t in dict.fromkeys(f.types[n].dtype for n in made if is_numbers(f.types[n])):
        zeros[t] = fresh.fresh("zero")
    kinds = {**f.types, **{made[n]: _kind(f.types[n]) for n in made}, **{n: t for t, n in zeros.items()}}

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
            case Append(lst, value) if lst in made and is_numbers(f.types[lst]):
                zero = Append(made[lst], zero_of(f.types[lst].dtype), at=s.at)
                return replace(s, value=accessed(value), shadow=shadow(lst)), zero
            case Append(lst, Var(name)) if lst in made:
                return Append(made[lst], Var(made[name]), at=s.at), s
            case Assign(target, Apply(".pop", (Var(lst),)) as taken) if lst in made and is_numbers(f.types[lst]):
                taken = replace(taken, keywords=((SHADOW, Var(made[lst])),))
                dropped = zeros[f.types[lst].dtype]
                return Assign(target, taken, s.at), Assign(dropped, Apply(".pop", (Var(made[lst]),)), s.at)
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
                if s.shadowed:
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
    if f.shadowed:
        params = (*params, *(made[p] for p in given))
        items = () if result is None else result.items if isinstance(result, Tuple) else (result,)
        more = tuple(Var(made[e.name]) for e in items if isinstance(e, Var) and e.name in made)
        result = Tuple((*items, *more)) if more else result
    elif f.external:  # the bars of the arrays that it returns are its callers'
        for n in dict.fromkeys(n for n in names(f.result) if n in made):
            last = fresh.fresh(f"{made[n]}_last") if not n.startswith("%") else f"{made[n]}_last"
            end.append(Assign(last, Var(made[n])))
            kinds[last], made[at_end(n)] = kinds[made[n]], last
    beside = f.paired | {made[n] for n in f.paired if n in made}
    f = replace(f, params=params, result=result, types=kinds, shadows=made, paired=beside)
    return replace(f, body=(*start, *body(f.body), *end))


def _handed(f: Function) -> Iterator[str]:
    """The names whose shadows are handed on in both sweeps: in calls, by the caller, and to it."""
    for s in walk(f.body):
        if isinstance(s, Invoke) and s.shadowed:
            yield from (*s.targets, *(a.name for a in s.args if isinstance(a, Var)))
    if f.shadowed:
        yield from (*f.params, *names(f.result))


def _kind(t: Type) -> Type:
    """The type of the shadow of an array, or of a list, of type `t`."""
    if is_numbers(t):
        return t
    return types.List(_kind(t.dtype)) if is_list(t) else t.copy(readonly=False, layout="A")
