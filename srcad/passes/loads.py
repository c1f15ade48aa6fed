"""Element loads written where they are used.

    %1 = x[i]; %2 = s * %1        ->        %2 = s * x[i]

so that the reverse sweep writes `x_bar[i] += ...` at once. Only for a load with one use, in the same body, with
nothing between the two that writes to the array or binds a name of the load's, and whose element will be the same
when the reverse sweep reads it again. Needs SSA form. Not for loads that have to be kept: those stay names, for
`save` to provide.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

from srcad.analysis.alias import Aliases, Rereading
from srcad.analysis.places import places
from srcad.ir import (
    Append,
    Apply,
    Assign,
    Body,
    Function,
    Invoke,
    Item,
    Stmt,
    Store,
    Var,
    bodies,
    map_bodies,
    map_exprs,
    names,
    phis_of,
    reads,
    substitute,
    walk,
    writes,
)
from srcad.names import base
from srcad.rules import RULES
from srcad.types import is_reference, is_tuple


def loads(f: Function) -> Function:
    """`f` with single-use element loads as operands."""
    aliases, where = Aliases(f), places(f)
    rereading = Rereading(where, aliases)
    uses = Counter(n for s in walk(f.body) for e in reads(s) for n in names(e))
    uses.update(v for s in walk(f.body) for p in phis_of(s) for v in p.sources if v is not None)
    uses.update(names(f.result) if f.result is not None else ())

    def is_load(s: Stmt) -> bool:
        if not isinstance(s, Assign) or not isinstance(s.value, Item) or not isinstance(s.value.base, Var):
            return False
        t, array = f.types.get(base(s.target)), f.types.get(base(s.value.base.name))
        scalar = not (is_reference(t) or is_tuple(t))
        return (
            scalar
            and is_reference(array)
            and s.target.startswith("%")
            and uses[s.target] == 1
            and rereading.same_later(s.value, where.definitions[s.target])
        )

    def fold(body: Body) -> Body:
        waiting: dict[str, Assign] = {}
        out: list[Stmt] = []
        for s in body:
            s = map_bodies(s, fold)
            used = [n for e in reads(s) for n in names(e) if n in waiting]
            if used and _takes_operands(s):
                s = _place(s, waiting)
            elif used:  # a statement that wants names: put the loads back before it
                out += [waiting[n] for n in used]
            for n in used:
                del waiting[n]
            bound = {base(n) for n in writes(s)}
            moved = [n for n, w in waiting.items() if any(base(m) in bound for m in names(w.value))]
            out += [waiting.pop(n) for n in moved]  # the name is about to mean something else
            if is_load(s):
                assert isinstance(s, Assign)
                waiting[s.target] = s
                continue
            if _may_write(s):
                out += waiting.values()
                waiting.clear()
            out.append(s)
        return (*out, *waiting.values())

    return replace(f, body=fold(f.body))


def _takes_operands(s: Stmt) -> bool:
    match s:
        case Assign(_, Apply(op)):
            return op in RULES
        case Assign(_, Var() | Item()) | Store() | Append():
            return True
    return False


def _place(s: Stmt, waiting: dict[str, Assign]) -> Stmt:
    return map_exprs(s, lambda e: substitute(e, lambda n: waiting[n].value if n in waiting else Var(n)))


def _may_write(s: Stmt) -> bool:
    """Has `s` statements that write to memory, or a body that a load can't be moved across?"""
    return isinstance(s, (Store, Invoke, Append)) or bool(bodies(s))
