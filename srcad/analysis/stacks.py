"""Lists used as stacks, which calls may share: what one function puts on such a list, another one may take off.

    def g(x, tape):                      def g_reverse(x, y_bar, tape_bar):
        tape.append(x)                       y_bar = y_bar * 2.0
        y = x * 2.0             ->           x_bar = y_bar
                                             x_bar += tape_bar.pop()

How long the list is when a call begins, and what lies where in it, nobody knows; so all that is done with it is to put
numbers on its end and to take them off. The reverse sweep does the opposite with a list of bars, in the opposite order:
where a number was taken off, its bar goes on; where it was put on, its bar comes off. The numbers themselves it never
asks for. So that both sweeps of all functions agree, every such list of floats counts as active, and each number put
there or taken off has its bar, be it zero. The lists of one function that numbers are taken off by index or count are
none of these: `passes/pops.py` keeps them whole. Where something more is done with a list that calls share, it has its
bars beside it in both sweeps (`paired.py`).
"""

from __future__ import annotations

from collections.abc import Iterator

from srcad.analysis.alias import Aliases
from srcad.ir import Append, Apply, Array, Assign, Function, Invoke, Stmt, Var, names, reads, walk
from srcad.names import base
from srcad.types import holds_arrays, is_float_array, is_list


def shared(f: Function, aliases: Aliases) -> set[str]:
    """The classes of the lists that `f`, with or without version numbers, is given or hands to a call that stays."""
    found = {aliases.of(v) for p in f.params if is_list(f.types.get(p)) for v in (p, f"{p}@0")}
    for s in walk(f.body):
        if isinstance(s, Invoke) and s.own is None:
            found |= {aliases.of(a.name) for a in s.args if isinstance(a, Var) and is_list(aliases.type_of(a.name))}
    return {group for group in found if group is not None}


def stacks(f: Function, aliases: Aliases) -> set[str]:
    """The classes of these, and of the lists of numbers that something is taken off, after `passes/pops.py`."""
    found = shared(f, aliases)
    for s in walk(f.body):
        match s:
            case Assign(_, Apply(".pop", (Var(lst),))) if not holds_arrays(aliases.type_of(lst)):
                found.add(aliases.of(lst) or lst)
    return found


def of_floats(f: Function, aliases: Aliases) -> set[str]:
    """The classes among these whose lists hold floats, or arrays of floats, and have their bars in the reverse only."""
    if not any(map(is_list, f.types.values())):
        return set()
    lists = {n for s in walk(f.body) for e in reads(s) for n in names(e)} | {f"{p}@0" for p in f.params}
    floats = {aliases.of(n) for n in lists if is_list(t := aliases.type_of(n)) and is_float_array(t)}
    beside = {aliases.of(n) for n in lists if base(n) in f.paired}
    return {group for group in floats - beside if group is not None} & stacks(f, aliases)


def other_uses(f: Function, lists: set[str]) -> Iterator[tuple[Stmt | None, str]]:
    """Where something else is done with one of the `lists`, and with which."""
    for s in walk(f.body):
        match s:
            case Assign(_, Var() | Array((), True) | Apply(".pop" | "len", (Var(),))) | Invoke():
                continue
            case Append(_, value):
                used = set(names(value))
            case _:
                used = {n for e in reads(s) for n in names(e)}
        yield from ((s, n) for n in sorted(used & lists))
    yield from ((None, n) for n in sorted(lists.intersection(names(f.result))))
