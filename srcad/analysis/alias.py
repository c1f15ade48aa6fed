"""Which arrays may share memory, and whether a loaded element can be read again when the reverse sweep comes.

    y = x.copy(); z = y[1:3]      ->      {x}, {y, z}

Two references share a class if one is a view or a copy of the other, or if both may be the value of one name.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from srcad.analysis.classes import Classes
from srcad.analysis.dependence import Dependence
from srcad.analysis.places import Definition, Places
from srcad.ir import (
    Append,
    Apply,
    Array,
    Assign,
    Expr,
    Field,
    Function,
    Invoke,
    Item,
    Slice,
    Stmt,
    Store,
    Var,
    may_write,
    names,
    nodes,
    phis_of,
    walk,
)
from srcad.names import base
from srcad.syntax import INPLACE
from srcad.types import holds_arrays, is_array, is_list, is_numbers, is_reference, is_tuple

VIEWS = frozenset({".ravel", ".reshape", ".transpose", ".copy", "np.copy"})
REFERENCES = VIEWS | {".pop", "np.asarray", "np.ascontiguousarray", "np.asfortranarray"}
NEW = ("np.zeros", "np.ones", "np.empty", "np.full", "np.array", ".copy", "np.copy")  # functions that make an array


class Aliases:
    """The classes of arrays that may share memory."""

    def __init__(self, f: Function) -> None:
        self.f = f
        self._classes = Classes()
        self._references: dict[str, bool] = {}
        for s in walk(f.body):
            match s:
                case Append(target, Var(name)) if self._refers(name):  # a list that keeps references
                    self._classes.join(target, name)
                case Store(Var(target), _, Var(name)) if self._refers(name) and is_list(f.types.get(base(target))):
                    self._classes.join(target, name)
                case Assign(target, value) if self._refers(target):
                    source = self._source(value)
                    if source is not None:
                        self._classes.join(target, source)
                case Invoke(targets, _, args) if s.own is None and (held := hands_lists(s, f.types)):
                    every = (*targets, *(a.name for a in args if isinstance(a, Var)))
                    some = [n for n in every if self._refers(n) and _may_be_in(self.type_of(n), held)]
                    for n in some:  # any of these may be put into the list, or be what was in it
                        self._classes.join(some[0], n)
                case Invoke(targets, _, args) if s.own is None and not s.returns_new:
                    arrays = [a.name for a in args if isinstance(a, Var) and self._refers(a.name)]
                    for t in targets:  # a function may return one of its arguments
                        if self._refers(t):
                            for a in arrays:
                                self._classes.join(t, a)
            for phi in phis_of(s):
                if self._refers(phi.target):
                    for v in phi.sources:
                        if v is not None:
                            self._classes.join(phi.target, v)
        for group in _given_together(f):
            first = next((p for p in group if self._refers(p)), None)
            for p in group:
                if self._refers(p) and first is not None:
                    self._classes.join(p, first)
                    self._classes.join(f"{p}@0", first)

    def _refers(self, name: str) -> bool:
        known = self._references.get(name)
        if known is None:
            t = self.f.types.get(base(name))
            known = is_reference(t)
            if t is not None:
                self._references[name] = known
        return known

    def type_of(self, name: str) -> Any:
        """The type of `name`, with or without a version number."""
        return self.f.types.get(base(name))

    def _source(self, value: Expr) -> str | None:
        """The array that `value` is a view of, or is."""
        match value:
            case Var(name) if self._refers(name):
                return name
            case Item(inner, _) | Field(inner, _):
                return self._source(inner)
            case Apply(op, (inner, *_)) if op in REFERENCES:
                return self._source(inner)
        return None

    def of(self, name: str) -> str | None:
        """The class of the array `name`; None for what is no array."""
        return f"[{self._classes.find(name)}]" if self._refers(name) else None


def _given_together(f: Function) -> tuple[tuple[str, ...], ...]:
    """The groups of parameters that callers may give one memory; the user's are told apart, where that matters."""
    if not f.external:
        return ()
    return (tuple(p for p in f.params if not is_list(f.types.get(p))),) if f.together is None else f.together


def written(f: Function, aliases: Aliases) -> set[str]:
    """The classes of the arrays and lists whose numbers `f` may write to."""
    found: set[str | None] = set()
    for s in walk(f.body):
        match s:
            case Store(array):
                found |= {aliases.of(n) for n in names(array) if not holds_arrays(f.types.get(base(n)))}
            case Append(target) if not holds_arrays(f.types.get(base(target))):
                found.add(aliases.of(target))
            case Invoke():
                found |= {aliases.of(n) for a in may_write(s) for n in names(a)}
            case Assign(target, Apply(op)) if op in INPLACE:
                found.add(aliases.of(target))
    return {group for group in found if group is not None}


def overlaps_in_place(f: Function) -> bool:
    """Is there an `x op= v` of arrays that may share memory? NumPy reads all of `v` first, Numba does not."""
    aliases: Aliases | None = None
    for s in walk(f.body):
        match s:
            case Store(target, _, value, op) if op is not None:
                pass
            case Assign(_, Apply(op, (target, value))) if op in INPLACE:
                pass
            case _:
                continue
        read = [n for n in names(value) if is_array(f.types.get(base(n)))]
        if read and value != target:
            aliases = aliases or Aliases(f)
            own = {aliases.of(n) for n in names(target)} - {None}
            if own & {aliases.of(n) for n in read}:
                return True
    return False


def input_of(value: Expr, f: Function) -> str | None:
    """The parameter, if `value` takes an item out of a tuple parameter."""
    inner = value
    while isinstance(inner, (Item, Field)):
        inner = inner.base
    if inner is not value and isinstance(inner, Var) and is_tuple(f.types.get(base(inner.name))):
        return base(inner.name)
    return None


def entries(f: Function) -> dict[str, str]:
    """The version that each input has on entry: the parameters, and the items of those that are tuples."""
    found = {p: f"{p}@0" for p in f.params}
    for s in f.body:
        if isinstance(s, Assign) and input_of(s.value, f) is not None:
            found[base(s.target)] = s.target
    return found


def foreign(f: Function, aliases: Aliases) -> set[str]:
    """Of a function that stays a call, the classes that its callers may write to before they reverse the call."""
    if not f.external:
        return set()
    changing = f.params if f.changing is None else f.changing
    groups = {aliases.of(n) for n in (*changing, *(f"{p}@0" for p in changing), *names(f.result))}
    return {group for group in groups if group is not None}


# ---------------------------------------------------------------------------------------------- reading again


class Rereading:
    """Can an element loaded in the forward sweep be read again in the reverse sweep, and still be the same?"""

    def __init__(self, where: Places, aliases: Aliases) -> None:
        self.where, self.aliases, self.dependence = where, aliases, Dependence(where, aliases.f.types)
        f = aliases.f
        self._foreign = foreign(f, aliases)
        self._lists = any(map(is_list, f.types.values()))
        self._writes: dict[str, list[tuple[Stmt, tuple[int, str], int]]] = {}
        for store, block, order in where.stores:
            if isinstance(store.array, Var):
                group = aliases.of(store.array.name)
                if group is not None and not holds_arrays(f.types.get(base(store.array.name))):
                    self._writes.setdefault(group, []).append((store, block, order))
        for call, block, order in where.invokes:
            for a in may_write(call):
                for n in names(a):
                    group = aliases.of(n)
                    if group is not None:
                        self._writes.setdefault(group, []).append((call, block, order))

    def same_later(self, value: Expr, at: Definition) -> bool:
        """Will all that `value` reads of arrays, at the definition `at`, be unchanged when the sweep returns?

        What a list of arrays, or one with its bars beside it, holds is never asked again, nor how long a list is; and
        nothing is taken off one again.
        """
        f = self.aliases.f
        if self._lists and (reads_held(value, f) or any(_asks_list(n, f.types) for n in nodes(value))):
            return False
        loads = (n for n in nodes(value) if isinstance(n, Item) and self._is_load(n))
        still = all(group not in self._writes and group not in self._foreign for group in self._contents(value))
        return still and all(self._unchanged(n, at) for n in loads)

    def _contents(self, value: Expr) -> Iterator[str]:
        """The classes of the arrays that functions in `value` read as a whole."""
        for n in nodes(value):
            if isinstance(n, Apply) and n.op != "len" and n.op not in REFERENCES and not n.op.startswith(NEW):
                groups = (self.aliases.of(a.name) for a in n.args if isinstance(a, Var))
                yield from (group for group in groups if group is not None)

    def _is_load(self, e: Item) -> bool:
        """Does `e` read an element, and not make a view?"""
        if not isinstance(e.base, Var) or self.aliases.of(e.base.name) is None:
            return False
        t = self.aliases.f.types[base(e.base.name)]
        return is_list(t) or (len(e.index) == t.ndim and not any(isinstance(i, Slice) for i in e.index))

    def _unchanged(self, load: Item, at: Definition) -> bool:
        assert isinstance(load.base, Var)
        group = self.aliases.of(load.base.name)
        assert group is not None
        if group in self._foreign:
            return False
        if self.aliases.f.external and is_list(self.aliases.f.types[base(load.base.name)]):
            return False  # a tape takes numbers, and no list of every iteration
        return not any(self._may_change(load, at, *w) for w in self._writes.get(group, ()))

    def _may_change(self, load: Item, at: Definition, write: Stmt, block: tuple[int, str], order: int) -> bool:
        """May `write` run after the load and hit the element that it read?"""
        shared = self.where.loops(self.where.common(at.block, block))
        exclusive = self.where.exclusive(at.block, block)
        after = order > at.order and not exclusive
        if not shared:
            return after
        if not isinstance(write, Store):
            return True
        array, _ = self.dependence.element(write.array, write.index)
        if not isinstance(array, Var):
            return True
        made = self.where.definitions.get(array.name)
        moving = {s.key for s in self.where.loops(made.block)} if made is not None else set()
        if any(s.key in moving for s in shared) and not _makes_new(made):
            return True  # in another iteration the name may stand for another part of the same memory
        still = [s for s in shared if s.key not in moving]
        return self.dependence.may_meet_later(load, at.block, write, block, still, after)


def _makes_new(d: Definition | None) -> bool:
    """Is the array made anew where it is defined, so that every iteration has its own?"""
    return d is not None and isinstance(d.stmt, Assign) and makes_array(d.stmt.value)


def hands_lists(s: Invoke, types: Mapping[str, Any]) -> list[Any]:
    """The types of the lists of arrays, or of lists, that the call takes."""
    given = (types.get(base(a.name)) for a in s.args if isinstance(a, Var))
    return [t for t in given if holds_arrays(t)]


def _may_be_in(t: Any, held: list[Any]) -> bool:
    """May an array, or a list, of type `t` be in one of these lists, or hold what is?"""
    inner = list(held)
    for h in inner:
        inner += [h.dtype] if is_list(h.dtype) else []
    return not is_numbers(t) or any(is_numbers(h) and h.dtype == t.dtype for h in inner)


def reads_held(e: Expr, f: Function) -> bool:
    """Does `e` ask a list of arrays or of lists, or one with its bars beside it, for something: more than its name?"""
    return not isinstance(e, Var) and any(base(n) in f.paired or holds_arrays(f.types.get(base(n))) for n in names(e))


def _asks_list(e: Expr, types: Mapping[str, Any]) -> bool:
    """Is `e` the length of a list, or taken off it?"""
    match e:
        case Apply("len" | ".pop", (Var(name),)):
            return is_list(types.get(base(name)))
    return False


def makes_array(e: Expr) -> bool:
    """Is what `e` gives, if that is an array, memory of its own?"""
    return isinstance(e, Array) or (isinstance(e, Apply) and e.op.startswith(NEW))
