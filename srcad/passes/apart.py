"""Arrays that calls return have to be new: where it matters, that is tested.

    y = f(x); y[0] = 0.0    ->    y = f(x)
                                  if share_memory(y, x): raise ValueError("f returned memory ...")
                                  y[0] = 0.0

A function with a user's own rule is not read, and neither is a recursive one where it is called: what they return is
taken for memory of its own. It matters where something writes to it, or to the argument. Needs: scalar code after
`prepare`.
"""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations

from srcad.analysis.alias import Aliases, foreign
from srcad.ir import (
    Apply,
    Body,
    Const,
    Function,
    If,
    Invoke,
    Raise,
    Stmt,
    Store,
    Var,
    map_bodies,
    may_write,
    names,
    walk,
)
from srcad.types import is_array


def apart(f: Function) -> Function:
    """`f` with a test after each call of such a function that returns an array."""
    aliases = Aliases(f)
    written = {aliases.of(n) for s in walk(f.body) if isinstance(s, Store) for n in names(s.array)}
    written |= {aliases.of(n) for s in walk(f.body) if isinstance(s, Invoke) for a in may_write(s) for n in names(a)}
    written |= foreign(f, aliases)

    def tests(s: Invoke) -> Body:
        out: list[Stmt] = []
        arrays = [a.name for a in s.args if isinstance(a, Var) and is_array(f.types.get(a.name))]
        targets = [t for t in s.targets if is_array(f.types.get(t))]
        pairs = [(t, a, "memory of its argument: it has to return a new array") for t in targets for a in arrays]
        pairs += [(t, u, "an array twice: it has to return two") for t, u in combinations(targets, 2)]
        for target, other, what in pairs:
            if written & {aliases.of(target), aliases.of(other)}:
                error = Raise(Apply("ValueError", (Const(f"{s.function} returned {what}, or a copy"),)), s.at)
                out.append(If(Apply("share_memory", (Var(target), Var(other))), (error,), at=s.at))
        return tuple(out)

    def body(b: Body) -> Body:
        out: list[Stmt] = []
        for s in b:
            out.append(map_bodies(s, body))
            if isinstance(s, Invoke) and (s.own is not None or s.returns_new):
                out += tests(s)
        return tuple(out)

    return replace(f, body=body(f.body))
