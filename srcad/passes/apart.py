"""Arrays that functions with a user's own rule return have to be new: where it matters, that is tested.

    y = f(x); y[0] = 0.0    ->    y = f(x)
                                  if share_memory(y, x): raise ValueError("f returned memory ...")
                                  y[0] = 0.0

Such a function is not read, and its result is taken for memory of its own. It matters where something writes to it, or
to the argument. Needs: scalar code after `prepare`.
"""

from __future__ import annotations

from dataclasses import replace

from srcad.analysis.alias import Aliases
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

    def tests(s: Invoke) -> Body:
        out: list[Stmt] = []
        arrays = [a.name for a in s.args if isinstance(a, Var) and is_array(f.types.get(a.name))]
        for target in (t for t in s.targets if is_array(f.types.get(t))):
            for a in arrays:
                if written & {aliases.of(a), aliases.of(target)}:
                    why = f"{s.function} returned memory of its argument: it has to return a new array"
                    error = Raise(Apply("ValueError", (Const(why),)), s.at)
                    out.append(If(Apply("share_memory", (Var(target), Var(a))), (error,), at=s.at))
        return tuple(out)

    def body(b: Body) -> Body:
        out: list[Stmt] = []
        for s in b:
            out.append(map_bodies(s, body))
            if isinstance(s, Invoke) and s.own is not None:
                out += tests(s)
        return tuple(out)

    return replace(f, body=body(f.body))
