"""Two functions from one, for a function that stays a call: its forward sweep now, its reverse sweep later.

    g: forward; # backward; reverse       ->      g_forward(x, tape):             g_reverse(x, y_bar, tape):
                                                      forward                         a1 = tape[0].pop()
                                                      tape[0].append(a1)              reverse
                                                      return y                        return x_bar

Whatever the reverse sweep still reads is put on the tape when the forward sweep ends and taken off when the reverse
sweep begins. The calls inside have put theirs there before, and take it off after, so that a stack per value is
enough for any recursion. Needs: the code that `save` makes. The tape is a tuple of lists, one for each value.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from srcad.analysis.kinds import example
from srcad.analysis.liveness import NONE, block
from srcad.errors import unsupported
from srcad.ir import (
    ONE,
    ZERO,
    Append,
    Apply,
    Array,
    Assign,
    Body,
    Const,
    Expr,
    For,
    Function,
    Invoke,
    Item,
    Note,
    Stmt,
    Tuple,
    Var,
    While,
    names,
    reads,
    walk,
    writes,
)
from srcad.names import Names
from srcad.types import is_list

TAPE = "tape"


@dataclass(frozen=True)
class Halves:
    """The two functions, and for each list that they add to the tape an example of its items."""

    forward: Function
    reverse: Function
    slots: tuple[Expr, ...]


def split(f: Function, shadows: tuple[str, ...], bars: tuple[str, ...], result: Expr | None, first: int) -> Halves:
    """The two sweeps of `f` as functions of their own.

    `f.result` is what the reverse sweep returns and `result` what the forward sweep does; the reverse sweep takes the
    parameters, the `shadows` of the arrays among them and the `bars` of the result. Tape slots count from `first`.
    """
    at = next(i for i, s in enumerate(f.body) if isinstance(s, Note) and s.text == "backward")
    forward, reverse = f.body[:at], f.body[at:]
    made = {n for s in walk(forward) for n in writes(s)}
    made |= {s.list for s in walk(forward) if isinstance(s, Append)}
    wanted = frozenset(n for e in (f.result,) if e is not None for n in names(e))
    origin = _origins(forward)
    moved: dict[str, str] = {}
    loops = [s for s in walk(forward) if isinstance(s, (For, While))]
    made_in_loops = (t for s in loops for t in walk(s.body) if isinstance(t, Assign) and isinstance(t.value, Array))
    remade = {origin.get(t.target, t.target) for t in made_in_loops}
    crossing = sorted(block(reverse, wanted, NONE) & made)
    certain = {n for s in forward for n in writes(s)} | set(f.params)
    read = {n for s in walk(f.body) for e in reads(s) for n in names(e)}
    fresh = Names({*f.params, *shadows, *bars, *wanted, *read, *(n for s in walk(f.body) for n in writes(s))})
    start: list[Stmt] = []
    push: list[Stmt] = []
    pop: list[Stmt] = []
    slots: list[Expr] = []
    for n in crossing:
        t: Any = f.types.get(n)
        if n not in certain:
            start.append(Assign(n, Apply("list_of", (example(t.dtype),)) if is_list(t) else example(t)))
        slot = Item(Var(TAPE), (Const(first + len(slots)),))
        name = fresh.fresh(f"{TAPE}_{first + len(slots)}")
        if is_list(t):
            if is_list(t.dtype):
                why = f"the recursive function {f.name} makes lists in a loop"
                raise unsupported(f.at, why, "a list made before the loop, or the loop's body as a function")
            first_name = origin.get(n, n)
            if first_name in moved and first_name not in remade:  # one list by two names
                pop.append(Assign(n, Var(moved[first_name])))
                continue
            if first_name in moved:
                why = f"{n!r} and {moved[first_name]!r} may be one list or two, in the recursive function {f.name}"
                raise unsupported(f.at, why, "one name for each list")
            moved[first_name] = n
            push.append(Assign(name, slot))
            pop.append(Assign(name, slot))
            lengths = Item(Var(TAPE), (Const(first + len(slots) + 1),))
            _move_list(n, name, lengths, tuple(map(fresh.fresh, (f"{name}_n", f"{n}_kept", f"{n}_k"))), push, pop)
            slots += [example(t.dtype), ZERO]
            continue
        push += [Assign(name, slot), Append(name, Var(n))]
        pop += [Assign(name, slot), Assign(n, Apply(".pop", (Var(name),)))]
        slots.append(example(t))
    tape = (TAPE,)
    first_half = replace(
        f, name=f"{f.name}_forward", params=f.params + tape, body=(*start, *forward, *push), result=result
    )
    second = replace(f, name=f"{f.name}_reverse", params=f.params + shadows + bars + tape, body=(*pop, *reverse[1:]))
    return Halves(first_half, second, tuple(slots))


def _origins(forward: Body) -> dict[str, str]:
    """For each name that is given to a list that has one, the name that the list was made by."""
    found: dict[str, str] = {}
    for s in walk(forward):
        if isinstance(s, Assign) and isinstance(s.value, Var):
            found[s.target] = found.get(s.value.name, s.value.name)
    return found


def _move_list(n: str, name: str, lengths: Item, own: tuple[str, ...], push: list[Stmt], pop: list[Stmt]) -> None:
    """A list goes onto the tape from its end, and comes off in its order; `own` are the names for that."""
    counts, size, k = own
    push.append(Assign(counts, lengths))
    push.append(Append(counts, Apply("len", (Var(n),))))
    push.append(
        For(k, ZERO, Apply("len", (Var(n),)), ONE, (Append(name, Apply(".pop", (Var(n),))),))
    )  # fmt: skip
    pop.append(Assign(counts, lengths))
    pop.append(Assign(size, Apply(".pop", (Var(counts),))))
    pop.append(Assign(n, Array((), True)))
    pop.append(For(k, ZERO, Var(size), ONE, (Append(n, Apply(".pop", (Var(name),))),)))


def taped(f: Function, slots: tuple[Expr, ...]) -> Function:
    """`f` with the tape made at its start, if it calls functions that use one."""
    if not any(isinstance(s, Invoke) and Var(TAPE) in s.args for s in walk(f.body)):
        return f
    lists = tuple(Apply("list_of", (e,)) for e in slots)
    made: Body = (Assign(TAPE, Tuple(lists or (Apply("list_of", (Const(0.0),)),))),)
    return replace(f, body=made + f.body)
