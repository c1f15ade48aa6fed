"""Loops whose iterations meet only in sums, or in a part of the body, so that several may go at a time.

    for i in range(n):
        for j in range(m): h[j] = w[j] * x[i, j]          h is each iteration's own, s is bound anew,
        s = h[0] * h[1]                            ->     total is a sum: independent
        total += s

A loop is one of these if

1. A name that its body binds is bound before it is read, in each iteration, and is not read after the loop; or it is a
   sum over the iterations that nothing else in the body reads; or a part of the body alone uses it, which is made for
   one iteration after the other: `closest = min(closest, s)`, or a branch that keeps the index too.
2. An array that its body writes to is made there; or is only added to; or every use of it is in row i, the iteration's
   own; or it is scratch space: `For.scratch`, the shadow of such, or a buffer for what one iteration keeps. Of scratch
   space each of the iterations that go at a time needs its own.
3. Sums have no order (bars have none), or their steps keep it: they stand in one statement right in the body, which is
   made for one iteration after the other.
4. It calls nothing, raises nothing, and is not left early.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence, Set
from dataclasses import dataclass

from srcad.analysis.alias import Aliases, makes_array
from srcad.analysis.exposed import exposed
from srcad.analysis.loops import is_natural, leaves
from srcad.ir import (
    ONE,
    Apply,
    Assign,
    Body,
    Exit,
    Expr,
    Field,
    For,
    Function,
    If,
    Item,
    Note,
    Stmt,
    Store,
    Var,
    While,
    bindings,
    children,
    mentioned,
    names,
    reads,
    walk,
    writes,
)
from srcad.machine.owned import viewed
from srcad.machine.sums import added_term
from srcad.names import is_saved

SIZES = ("shape", "size", "ndim")


@dataclass(frozen=True)
class Loop:
    """A loop of independent iterations."""

    loop: For
    vary: frozenset[str]  # the names that differ between iterations
    sums: frozenset[str]  # the names that all iterations add to, or change in their turn
    unordered: frozenset[str]  # of these, those without an order; and the classes of arrays that are such sums
    own: tuple[str, ...]  # scratch space
    turn: tuple[int, int]  # from which statement of the body on, up to which, one iteration goes after the other

    def together(self, s: Stmt) -> bool:
        """Do all iterations run `s`, a loop or a branch, alike?"""
        return _together(s, self.vary, self.own)

    def inner(self, body: Body) -> Iterator[For]:
        """The loops in `body` that are run once for all iterations."""
        for s in body:
            if isinstance(s, (If, For)) and self.together(s):
                if isinstance(s, For):
                    yield s
                yield from self.inner((*s.body, *s.orelse))


class Independent:
    """Answers which loops of a function have independent iterations."""

    def __init__(self, f: Function) -> None:
        self.f, self.aliases = f, Aliases(f)
        self.made: dict[str, list[Stmt]] = {}  # where a name is bound
        for s in walk(f.body):
            for n in writes(s):
                self.made.setdefault(n, []).append(s)

    def loop(self, s: For, after: Set[str]) -> Loop | None:
        """What there is to know of `s`, behind which the names `after` are read, if its iterations are independent."""
        if s.scratch is None or s.step != ONE or s.backwards or not is_natural(s.start):
            return None
        if s.target in after or leaves(s.body):
            return None
        inner = list(walk(s.body))
        if not all(isinstance(t, (Assign, Store, If, For, While, Exit, Note)) for t in inner):
            return None
        bound = set(bindings(s.body))
        if any(n in bound for e in reads(s) for n in names(e)):
            return None
        carried = (exposed(s.body, set(), set()) | after) & bound
        turns = {n for n in carried if not self._is_sum(n, s)}
        found = self._arrays(s, bound)
        if found is None:
            return None
        own, summed = found
        shared = {self.aliases.of(n) for group in summed for n in group}
        vary = self._varying(s, bound - carried, own, turns, shared)
        sums = [{n} for n in carried - turns] + summed
        if not all(self._in_order(s, group, vary, own) for group in sums):
            return None
        free = [group for group in sums if group <= self.f.sums]
        unordered = {self.aliases.of(n) or n for group in free for n in group}
        span = _span(s.body, turns)
        return Loop(s, frozenset(vary), frozenset(carried), frozenset(unordered), tuple(own), span)

    def _is_sum(self, name: str, s: For) -> bool:
        """Does the body of `s` do nothing with `name` but add to it?"""
        steps = [t for t in walk(s.body) if name in writes(t)]
        for t in steps:
            term = added_term(t)
            if term is None or name in names(term):
                return False
        return sum(name in names(e) for t in walk(s.body) for e in reads(t)) == len(steps)

    def _arrays(self, s: For, bound: set[str]) -> tuple[list[str], list[set[str]]] | None:
        """The arrays that each iteration needs for itself, and the names of each that all of them add to.

        None if they may meet in one otherwise.
        """
        uses = [u for t in walk(s.body) for u in self._uses(t)]
        own: list[str] = []
        sums: list[set[str]] = []
        for group in dict.fromkeys(self.aliases.of(n) for n, kind, _ in uses if kind in ("store", "add")):
            mine = [(n, kind, index) for n, kind, index in uses if self.aliases.of(n) == group and kind != "size"]
            outside = {n for n, _, _ in mine} - bound
            if group is None or any(kind == "other" for _, kind, _ in mine):
                return None
            if not outside or _in_own_row([u for u in mine if u[0] in outside], outside, s.target):
                continue
            if all(kind in ("add", "view") for _, kind, _ in mine) and not outside & set(s.scratch or ()):
                sums.append(outside if outside <= self.f.sums else {n for n, _, _ in mine})
                continue
            (name, *others) = outside
            if others or not self._is_scratch(name, s):
                return None
            own.append(name)
        return sorted(own), sums

    def _in_order(self, s: For, sums: set[str], vary: Set[str], own: Sequence[str]) -> bool:
        """Do the steps of these sums keep their order, if they have one, where several iterations go at once?

        They do if they all stand in one statement of the body that is made for one iteration after the other.
        """
        if sums <= self.f.sums:
            return True
        (step, *others) = (t for t in s.body if any(_writes_to(u, sums) for u in walk((t,))))
        return not others and not (isinstance(step, (If, For)) and _together(step, vary, own))

    def _is_scratch(self, name: str, s: For) -> bool:
        """Is the array `name` scratch space of `s`, which nobody else looks into?"""
        assert s.scratch is not None
        if name not in s.scratch and not is_saved(name):
            return False
        match self.made.get(name):
            case [Assign(_, value)] if makes_array(value):
                pass
            case _:
                return False
        group, within = self.aliases.of(name), {id(t) for t in walk(s.body)}
        outside = (t for t in walk(self.f.body) if id(t) not in within)
        result = () if self.f.result is None else names(self.f.result)
        used = (n for t in outside for n, kind, _ in self._uses(t) if kind != "size")
        return all(self.aliases.of(n) != group for n in (*result, *used))

    def _uses(self, s: Stmt) -> Iterator[tuple[str, str, tuple[Expr, ...]]]:
        """How `s` uses arrays: store, add, load, view, size or other, with the index."""
        if isinstance(s, Store):
            array = s.array.name if isinstance(s.array, Var) else viewed(s.array) or ""
            kind = "store" if s.op is None else "add"
            yield array, kind if isinstance(s.array, Var) else "other", s.index
            given: tuple[Expr, ...] = (*s.index, s.value)
        else:
            given = reads(s)
        viewing = isinstance(s, Assign) and self.aliases.of(s.target) is not None and not makes_array(s.value)
        for e in given:
            yield from self._used(e, "view" if viewing else "load")

    def _used(self, e: Expr, kind: str) -> Iterator[tuple[str, str, tuple[Expr, ...]]]:
        match e:
            case Item(Var(name), index) if self.aliases.of(name) is not None:
                yield name, kind, index
                for i in index:
                    yield from self._used(i, "load")
            case Field(Var(name), attribute) if attribute in SIZES:
                yield name, "size", ()
            case Apply("len" | "np.zeros_like" | "np.empty_like", (Var(name),)):
                yield name, "size", ()
            case Var(name):
                if self.aliases.of(name) is not None:
                    yield name, "view" if kind == "view" else "other", ()
            case _:
                for c in children(e):
                    yield from self._used(c, "other" if kind == "view" else kind)

    # ------------------------------------------------------------------ what differs

    def _varying(
        self, s: For, bound: Set[str], own: Sequence[str], turns: Set[str], shared: Set[str | None]
    ) -> set[str]:
        """The names that differ between the iterations: what is made of the index, or of what is made of it.

        They are among those that the body binds, and the scratch space. So differs what is made of `turns`. Arrays of
        the classes `shared`, which all iterations add to, stay one.
        """
        vary = {s.target, *turns}
        members: dict[str | None, list[str]] = {}
        for n in (*own, *sorted(bound)):
            members.setdefault(self.aliases.of(n), []).append(n)

        def see(body: Body, differs: bool) -> None:
            for t in body:
                depends = differs or _differs(t, vary, own)
                match t:
                    case Assign(target, value):
                        made = self.aliases.of(target) is not None and makes_array(value)
                        if (depends or made) and target in bound:
                            vary.add(target)
                    case Store(Var(array)) if depends and self.aliases.of(array) not in shared:
                        vary.update(members.get(self.aliases.of(array), ()))
                    case For(target) if depends or leaves(t.body):
                        vary.add(target)
                        see(t.body, True)
                    case For():
                        see(t.body, False)
                    case If():
                        see(t.body, depends)
                        see(t.orelse, depends)
                    case While():
                        see(t.body, True)

        count = 0
        while len(vary) > count:
            count = len(vary)
            see(s.body, False)
        return vary - turns


def _together(s: Stmt, vary: Set[str], own: Sequence[str]) -> bool:
    if isinstance(s, While) or (isinstance(s, For) and leaves(s.body)):
        return False
    return not _differs(s, vary, own)


def _differs(s: Stmt, vary: Set[str], own: Sequence[str]) -> bool:
    """Does `s` read what differs between iterations? The scratch space `own` is as long in each."""

    def looks(e: Expr) -> bool:
        match e:
            case Field(Var(n), attribute) if attribute in SIZES and n in own:
                return False
            case Apply("len", (Var(n),)) if n in own:
                return False
            case Var(n):
                return n in vary
        return any(map(looks, children(e)))

    return any(map(looks, reads(s)))


def _span(body: Body, wanted: Set[str]) -> tuple[int, int]:
    """The first of the statements that mention one of these names, and the one behind the last."""
    places = [k for k, s in enumerate(body) if not wanted.isdisjoint(mentioned((s,)))]
    return (places[0], places[-1] + 1) if places else (0, 0)


def _writes_to(s: Stmt, wanted: Set[str]) -> bool:
    """Does `s` bind one of these names, or store to an element of one?"""
    return not wanted.isdisjoint(writes(s)) or (isinstance(s, Store) and not wanted.isdisjoint(names(s.array)))


def _in_own_row(uses: Sequence[tuple[str, str, tuple[Expr, ...]]], outside: Set[str], target: str) -> bool:
    """Is every use of the one array `outside` in the row, or column, that `target` counts?"""
    places = [{d for d, i in enumerate(index) if i == Var(target)} for _, _, index in uses]
    return len(outside) == 1 and bool(places) and bool(set.intersection(*places))
