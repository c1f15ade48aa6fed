"""Two functions from one, for a function that stays a call: its forward sweep now, its reverse sweep later.

    g: forward; # backward; reverse       ->      g_forward(x, tape):               g_reverse(x, y_bar, tape):
                                                      tape_float64 = tape[0]            tape_float64 = tape[0]
                                                      forward                           a1 = tape_float64.pop()
                                                      tape_float64.append(a1)           reverse
                                                      return y                          return x_bar

What the reverse sweep still reads and can't compute from its arguments is put on the tape when the forward sweep ends
and taken off when the reverse sweep begins, or so in the one arm of an `if` that asks for it; `save` has put there what
is kept in loops. The tape is a tuple of stacks, one for each type: whatever the calls inside put there is taken off in
between, so all calls share it.
Needs: the code that `save` makes. Checks that each value that is put on the tape is taken off.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Set
from dataclasses import dataclass, replace
from typing import Any

from numba.core import types as numba_types

from srcad.analysis.kinds import example
from srcad.analysis.liveness import NONE, block
from srcad.ir import (
    Append,
    Apply,
    Array,
    Assign,
    Body,
    Const,
    Expr,
    Field,
    For,
    Function,
    If,
    Invoke,
    Item,
    Note,
    Slice,
    Stmt,
    Tuple,
    Var,
    While,
    bindings,
    is_pop,
    map_bodies,
    mentioned,
    names,
    nodes,
    reads,
    walk,
    writes,
)
from srcad.names import TAPE, TAPES, Names
from srcad.rules import RULES
from srcad.types import Type, is_array, is_list

PREDICATES = frozenset({"==", "!=", "<", "<=", ">", ">=", "and", "or", "not", "&", "|", "^", "<<", ">>"})

Tapes = tuple[Type, ...]  # the types of the stacks that the tape is made of, in their order


@dataclass(frozen=True)
class Halves:
    """The two functions, and the types of the stacks that the tape has to have."""

    forward: Function
    reverse: Function
    tapes: Tapes


def split(
    f: Function,
    shadows: tuple[str, ...],
    bars: tuple[str, ...],
    result: Expr | None,
    tapes: Tapes,
    lists: Mapping[str, str],
) -> Halves:
    """The two sweeps of `f` as functions of their own.

    `f.result` is what the reverse sweep returns and `result` what the forward sweep does; the reverse sweep takes the
    parameters, the `shadows` of the arrays among them and the `bars` of the result. The tape has the stacks `tapes`
    already. `lists` are those of floats that calls share, each with the list of its bars; the reverse sweep takes none.
    """
    at = next(i for i, s in enumerate(f.body) if isinstance(s, Note) and s.text == "backward")
    forward, reverse = f.body[:at], f.body[at + 1 :]
    again = _again(f, forward)
    made = set(bindings(forward))
    made |= {s.list for s in walk(forward) if isinstance(s, Append)} - {*TAPES.values(), *shadows}
    wanted = frozenset(n for e in (f.result,) if e is not None for n in names(e))
    crossing = block(reverse, wanted, NONE) & made
    computed = [again[n] for n in _needed(crossing, again)]
    moves = _Moves(f, {*f.params, *shadows, *bars, *wanted}, tapes, forward)
    arms = crossing - wanted - {*f.params}
    forward, pops, reverse = moves.both(forward, reverse, sorted(crossing - again.keys()), arms)
    head = (*computed, *pops) if crossing & {*f.params} else (*pops, *computed)
    forward, reverse = (*moves.start, *moves.remaining(forward)), (*head, *reverse)
    stacks = {n: n for n in moves.names.values()}
    order = _order(forward, stacks | {n: n for n in lists}, "_forward")
    back = _order(reverse, stacks | {own: n for n, own in lists.items()}, "_reverse")
    assert order == back, f"{f.name} leaves the tape in disorder"
    types = f.types | {name: numba_types.List(t) for t, name in moves.names.items()}
    f = replace(f, types=types)
    params = (*(p for p in f.params if not is_list(types[p]) and p not in shadows), *shadows, *bars)
    first = replace(f, name=f"{f.name}_forward", params=(*f.params, TAPE), body=moves.taken(forward), result=result)
    second = replace(f, name=f"{f.name}_reverse", params=(*params, TAPE), body=moves.taken(reverse))
    return Halves(first, second, moves.tapes)


# ---------------------------------------------------------------------------------------------- what crosses


def _again(f: Function, forward: Body) -> dict[str, Assign]:
    """The statements that make scalars and views which the reverse sweep can make from its arguments, cheaply."""
    often = Counter(bindings(forward))
    changed: set[str] = set()
    found: dict[str, Assign] = {}
    for s in forward:
        if isinstance(s, Assign) and often[s.target] == 1 and s.target not in f.params:
            read = set(names(s.value))
            if _is_cheap(s.value, f.types) and all(n in found or (n in f.params and n not in changed) for n in read):
                found[s.target] = s
        changed |= set(bindings((s,)))
    return found


def _is_cheap(e: Expr, types: Mapping[str, Type]) -> bool:
    """Is `e` a view, or made of scalars and shapes by operations that cost little?"""
    match e:
        case Const() | Var():
            return True
        case Field(Var(), "shape" | "size" | "ndim"):
            return True
        case Item(Field(Var(), "shape"), (Const(),)):
            return True
        case Field(Var(), "T"):
            return True
        case Item(Var(name), index) if is_array(types.get(name)):  # a view, no element
            slices = any(isinstance(i, Slice) for i in index)
            return (slices or len(index) < types[name].ndim) and all(_is_cheap(i, types) for i in index)
        case Slice(lower, upper, step):
            return all(x is None or _is_cheap(x, types) for x in (lower, upper, step))
        case Apply(op, args) if (op in RULES and not RULES[op].costly) or op in PREDICATES:
            return all(_is_cheap(a, types) for a in args)
    return False


def _needed(crossing: frozenset[str], again: Mapping[str, Assign]) -> list[str]:
    """The names to compute again, in their order: those that cross, and what these are made of."""
    found: set[str] = set()
    todo = [n for n in crossing if n in again]
    while todo:
        n = todo.pop()
        found.add(n)
        todo += [m for m in names(again[n].value) if m in again and m not in found]
    return [n for n in again if n in found]


class _Moves:
    """What is put on the tape at the end of the forward sweep, and taken off at the start of the reverse sweep."""

    def __init__(self, f: Function, taken: set[str], tapes: Tapes, forward: Body) -> None:
        self.f, self.tapes = f, tapes
        self.fresh = Names({*taken, *mentioned(f.body)})
        self.certain = {n for s in forward for n in writes(s)} | set(f.params)
        in_loops = {n for s in walk(forward) if isinstance(s, (For, While)) for t in walk(s.body) for n in writes(t)}
        bound = Counter(bindings(forward))
        self.once = {n for n, count in bound.items() if count == 1} - in_loops
        self.names: dict[Type, str] = {}  # of the stacks that this function uses
        used = {s.list for s in walk(f.body) if isinstance(s, Append)} & set(TAPES.values())
        for name in sorted(used):
            self.names[f.types[name].dtype] = name
        for t in self.names:
            self._stack(t)
        self.empty: set[str] = set()  # lists that are empty where they would be made, the only ones of their names
        self.start: Body = ()

    def _stack(self, t: Type) -> str:
        """The name of the stack of the values of type `t`."""
        if t not in self.tapes:
            self.tapes += (t,)
        if t not in self.names:
            self.names[t] = TAPES.get(str(t)) or self.fresh.fresh(f"{TAPE}_{self.tapes.index(t)}")
        return self.names[t]

    def taken(self, body: Body) -> Body:
        """`body`, with the stacks that it uses taken out of the tape first."""
        used = {s.list for s in walk(body) if isinstance(s, Append)}
        used |= {n for s in walk(body) for e in reads(s) for n in names(e)}
        stacks = [(t, n) for t, n in self.names.items() if n in used]
        return (*(Assign(n, Item(Var(TAPE), (Const(self.tapes.index(t)),))) for t, n in stacks), *body)

    def remaining(self, body: Body) -> Body:
        """`body`, of the forward sweep, without making the lists that are there and empty."""
        if not self.empty:
            return body
        empty = {id(s) for s in body if isinstance(s, Assign) and s.target in self.empty and isinstance(s.value, Array)}
        return tuple(map_bodies(s, self.remaining) for s in body if id(s) not in empty)

    def both(
        self, forward: Body, reverse: Body, wanted: Iterable[str], free: Set[str]
    ) -> tuple[Body, tuple[Assign, ...], Body]:
        """`forward` with the names `wanted` put on the tape, how they are taken off, and `reverse`, which reads them.

        Those of `free` that one arm of `reverse` alone reads are put there, and taken off, in that arm.
        """
        certain = self.certain.union(n for s in forward for n in writes(s))
        arms: dict[tuple[int, int, bool], list[str]] = {}
        push: list[Stmt] = []
        pop: list[Assign] = []
        for n in wanted:
            t: Any = self.f.types.get(n)
            arm = _arm(n, forward, reverse) if n in free and not is_list(t) else None
            if arm is not None:
                arms.setdefault(arm, []).append(n)
                continue
            if n not in certain:
                self.start += (Assign(n, example(t)),)
                self.empty |= {n} & self.once if is_list(t) else set()
            push.append(Append(self._stack(t), Var(n)))
            pop.append(Assign(n, Apply(".pop", (Var(self._stack(t)),))))
        first, second = list(forward), list(reverse)
        for (at, back, holds), several in arms.items():
            s, r = first[at], second[back]
            assert isinstance(s, If) and isinstance(r, If)
            there = (s.body, r.body) if holds else (s.orelse, r.orelse)
            made, taken, rest = self.both(*there, several, free)
            first[at] = replace(s, body=made) if holds else replace(s, orelse=made)
            rest = (*taken, *rest)
            second[back] = replace(r, body=rest) if holds else replace(r, orelse=rest)
        return (*first, *push), tuple(reversed(pop)), tuple(second)


def _arm(n: str, forward: Body, reverse: Body) -> tuple[int, int, bool] | None:
    """The two branches on one test, in one arm of which alone `reverse` reads `n`: where, and is it the first arm?

    None if there are no such, or `n` gets another value behind that of `forward`.
    """
    match [k for k, s in enumerate(reverse) if n in mentioned((s,))]:
        case [back]:
            s = reverse[back]
        case _:
            return None
    if not isinstance(s, If) or not isinstance(s.test, Var) or s.test.name == n:
        return None
    tests = [[k for k, t in enumerate(b) if isinstance(t, If) and t.test == s.test] for b in (forward, reverse)]
    holds, fails = n in mentioned(s.body), n in mentioned(s.orelse)
    if [len(found) for found in tests] != [1, 1] or holds == fails:
        return None
    at = tests[0][0]
    moved = s.test.name in bindings((*forward[at:], *reverse)) or n in bindings(forward[at + 1 :])
    return None if moved else (at, back, holds)


# ---------------------------------------------------------------------------------------------- the tape


Order = tuple[Any, ...]


def _order(body: Body, stacks: Mapping[str, str], half: str) -> Order:
    """What a sweep uses of the `stacks`, by what these are called here, and the calls of its `half` that use the tape.

    In the order of the forward sweep in both.
    """
    out: list[Any] = []
    backwards = half == "_reverse"
    for s in body:
        here: list[Any] = []
        match s:
            case Append(lst):
                here += [stacks[lst]] if lst in stacks else []
            case Invoke(_, function, args) if Var(TAPE) in args:
                here.append(f"{function.removesuffix(half)}()")
            case If():
                then, orelse = _order(s.body, stacks, half), _order(s.orelse, stacks, half)
                here += [("if", then, orelse)] if then or orelse else []
            case For() | While():
                inner = _order(s.body, stacks, half)
                here += [("for", inner)] if inner else []
        pops = [n for e in reads(s) for m in nodes(e) if is_pop(m) for n in names(m)]
        out += [*(stacks[n] for n in pops if n in stacks), *here]
    return tuple(reversed(out)) if backwards else tuple(out)


def taped(f: Function, tapes: Tapes) -> Function:
    """`f` with the tape made at its start, if it calls functions that use one."""
    if not any(isinstance(s, Invoke) and Var(TAPE) in s.args for s in walk(f.body)):
        return f
    stacks = tuple(example(numba_types.List(t)) for t in tapes or (numba_types.float64,))
    return replace(f, body=(Assign(TAPE, Tuple(stacks)), *f.body))
