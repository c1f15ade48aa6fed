"""Lists of numbers that have the list of their bars beside them in both sweeps, and functions that take such.

    for i in range(n):                   row_bar = []; row = []; table_bar.append(row_bar); table.append(row)
        row = []                         row.append(x); row_bar.append(0.0)
        table.append(row)                -- reverse, where the lists are as long as they were here --
        row.append(x)          ->        x_bar += row_bar.pop()

Which list a name stands for, and how long it is, shows in the forward sweep alone where lists are in lists, where one
name may be one of several, or where calls share a list and read it. There each list goes with the list of its bars:
the forward sweep puts a zero on it for each number that it puts on the other, and takes one off; the reverse sweep does
the opposite, in the opposite order. So both sweeps meet the bars where they stand, whatever the aliases. The simpler
lists of one name, whose length is counted (`passes/lengths.py`), and shared stacks that nobody reads (`stacks.py`) have
their bars in the reverse sweep only.

What one function puts beside a list the others it is shared with have to find there, so this is said of a program: the
least sets of lists and functions with these needs. A function that takes the shadows of what it is given in both sweeps
is `shadowed`: it is given lists of arrays or lists with their bars, or it has several names for an array it is given.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Container, Iterator, Sequence
from dataclasses import replace

from srcad.analysis.alias import Aliases
from srcad.analysis.loops import leaves
from srcad.analysis.stacks import other_uses, stacks
from srcad.ir import (
    Array,
    Assign,
    Body,
    Function,
    Invoke,
    Stmt,
    Var,
    bodies,
    map_bodies,
    map_each,
    mentioned,
    names,
    reads,
    walk,
    writes,
)
from srcad.types import holds_arrays, is_array, is_float_array, is_list, is_numbers

Classes = set[str]


def paired(functions: Sequence[Function]) -> tuple[Function, ...]:
    """`functions`, all of a program, with their lists that are `paired`, and with calls and functions `shadowed`.

    Needs: breaks that end their iteration, no pops of lists of one name.
    """
    external = {f.name: f for f in functions if f.external}
    if not external and not any(map(_has_lists, functions)):
        return tuple(functions)
    scopes = [(f, Aliases(f)) for f in functions]
    found = [_own(f, aliases) for f, aliases in scopes]
    given: dict[str, set[str]] = {name: set() for name in external}  # the parameters that are paired, by function
    size = -1
    while size != (size := sum(map(len, (*found, *given.values())))):
        for (f, aliases), classes in zip(scopes, found, strict=True):
            classes |= {aliases.of(p) or p for p in given.get(f.name, ())}
            for s in _calls(f.body, external):
                for p, a in zip(external[s.function].params, s.args, strict=True):
                    if not isinstance(a, Var) or not is_numbers(f.types.get(a.name)):
                        continue
                    if aliases.of(a.name) in classes:
                        given[s.function].add(p)
                    elif p in given[s.function]:
                        classes.add(aliases.of(a.name) or a.name)
            if f.name in given:
                given[f.name] |= {p for p in f.params if is_numbers(f.types.get(p)) and aliases.of(p) in classes}
    made = [replace(f, paired=_names(f, aliases, classes)) for (f, aliases), classes in zip(scopes, found, strict=True)]
    taking = _shadowed(made)
    return tuple(replace(f, shadowed=f.name in taking, body=_said(f.body, taking)) for f in made)


def _has_lists(f: Function) -> bool:
    return any(map(is_list, f.types.values()))


def _calls(body: Body, known: Container[str]) -> Iterator[Invoke]:
    return (s for s in walk(body) if isinstance(s, Invoke) and s.own is None and s.function in known)


def _names(f: Function, aliases: Aliases, classes: Classes) -> frozenset[str]:
    """The lists of numbers of `f` in these classes."""
    return frozenset(n for n, t in f.types.items() if is_numbers(t) and aliases.of(n) in classes)


def _said(body: Body, taking: set[str]) -> Body:
    def statement(s: Stmt) -> Stmt:
        if isinstance(s, Invoke):
            return replace(s, shadowed=True) if s.own is None and s.function in taking else s
        return map_bodies(s, lambda inner: _said(inner, taking))

    return map_each(body, statement)


# ---------------------------------------------------------------------------------------------- lists


def _own(f: Function, aliases: Aliases) -> Classes:
    """The classes of lists that need their bars beside them for what `f` itself does with them."""
    members: dict[str, set[str]] = {}
    for n in {*mentioned(f.body), *f.params, *names(f.result)}:
        group = aliases.of(n) if is_list(f.types.get(n)) else None
        if group is not None:
            members.setdefault(group, set()).add(n)
    if not members:
        return set()
    as_stacks, several = stacks(f, aliases), moving(f, aliases)
    handed_back = {t for s in walk(f.body) if isinstance(s, Invoke) and s.own is None for t in s.targets}
    handed_back |= set(names(f.result)) if f.external else set()
    found: Classes = set()
    for group, lists in members.items():
        displays = sum(_is_display(s) and s.target in lists for s in walk(f.body))  # type: ignore[union-attr]
        given = not lists.isdisjoint(f.params)
        if not lists.isdisjoint(handed_back) or any(holds_arrays(f.types[n]) for n in lists):
            found.add(group)
        elif group in as_stacks:
            is_read = any(True for _ in other_uses(f, lists))
            if displays + given != 1 or is_read or group in several or _is_left(f.body, aliases, group):
                found.add(group)
        elif not displays or (displays > 1 and len(lists) > 1) or group in several:
            found.add(group)
    return found


def _is_display(s: Stmt) -> bool:
    return isinstance(s, Assign) and isinstance(s.value, Array) and s.value.is_list


def _is_left(body: Body, aliases: Aliases, group: str) -> bool:
    """May a loop be left after the list of the class is made in its body, and before its last use there?"""
    for s in body:
        if _is_display(s) and aliases.of(s.target) == group and leaves(body):  # type: ignore[union-attr]
            used = tuple(t for t in body if any(aliases.of(n) == group for n in mentioned((t,))))
            if leaves(used[-1:]):
                return True
        if any(_is_left(inner, aliases, group) for inner in bodies(s)):
            return True
    return False


# ---------------------------------------------------------------------------------------------- names


def moving(f: Function, aliases: Aliases) -> Classes:
    """The classes of arrays and lists of floats of which only the forward sweep knows which one a name stands for.

    They have names that are bound more than once, or in a branch or a loop and read outside it; or are in lists.
    """
    bound = Counter(s.target for s in walk(f.body) if isinstance(s, Assign))
    bound.update(f.params)
    outlived = _outlived(f, {n for n, t in f.types.items() if is_float_array(t)})
    found = {
        aliases.of(n)
        for n, count in bound.items()
        if is_float_array(t := f.types.get(n)) and (count > 1 or n in outlived or holds_arrays(t))
    }
    return {group for group in found if group is not None}


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


# ---------------------------------------------------------------------------------------------- functions


def _shadowed(functions: Sequence[Function]) -> set[str]:
    """The functions that take the shadows of what they are given in both sweeps."""
    aliases = {f.name: Aliases(f) for f in functions}
    found = {f.name for f in functions if f.external and _takes_shadows(f, aliases[f.name])}
    size = -1
    while size != (size := len(found)):
        for f in functions:
            if f.external and any(_is_handed_on(f, s, aliases[f.name], found) for s in walk(f.body)):
                found.add(f.name)
    return found


def _takes_shadows(f: Function, aliases: Aliases) -> bool:
    several = moving(f, aliases)
    for p in f.params:
        t = f.types.get(p)
        if is_float_array(t) and (holds_arrays(t) or p in f.paired or (is_array(t) and aliases.of(p) in several)):
            return True
    return any(is_list(t := f.types.get(n)) and is_float_array(t) for n in names(f.result))


def _is_handed_on(f: Function, s: Stmt, aliases: Aliases, taking: set[str]) -> bool:
    """Does the call `s` of `f` hand on, with its shadow, what `f` is given?"""
    if not isinstance(s, Invoke) or s.own is not None or s.function not in taking:
        return False
    given = {aliases.of(p) for p in f.params if is_float_array(f.types.get(p))}
    handed = {n for e in s.args for n in names(e)} | set(s.targets)
    return not given.isdisjoint(map(aliases.of, handed))
