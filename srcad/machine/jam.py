"""Iterations that meet only in sums, four at a time: what people read stays as it is.

    for i in range(n):                    for i in range(0, rest, 4):
        s = 0.0                               s = 0.0; s_1 = 0.0; ...
        for j in range(m):                    for j in range(m):
            s += w[j] * x[i, j]    ->             s += w[j] * x[i, j]
        ...                                       s_1 += w[j] * x[i + 1, j]
                                                  ...
                                          for i in range(rest, n): ...

This is unroll-and-jam (Allen and Cocke, A catalogue of optimizing transformations, 1972; Callahan, Carr and Kennedy,
Improving register allocation for subscripted variables, 1990), which the machine's compiler does not do to such loops.
What several iterations read is read once, and sums that wait for their own last step wait side by side.

A loop qualifies if no iteration knows anything of another but sums:

1. A name that its body binds is bound before it is read, in each iteration, and is not read after the loop; or it is a
   sum over the iterations that nothing else in the body reads.
2. An array that its body writes to is made there; or is only added to; or every use of it is in row i, the iteration's
   own; or it is scratch space: `For.scratch`, the shadow of such, or a buffer for what one iteration keeps. Of scratch
   space each of the four has its own.
3. Sums have no order (bars have none), or their steps keep it: they stand in one statement right in the body, which is
   made for one iteration after the other.
4. It calls nothing, raises nothing, and is not left early.

A value that depends neither on i nor on what does is the same for all four, and stays one. Inner loops that run alike
are run once for all four; others, and branches that may differ, one after the other.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence, Set
from dataclasses import dataclass, replace

from numba.core import types

from srcad.analysis.alias import Aliases, makes_array
from srcad.analysis.loops import leaves
from srcad.ir import (
    ONE,
    Apply,
    Assign,
    Body,
    Const,
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
    children,
    map_all,
    map_bodies,
    mentioned,
    names,
    reads,
    rename,
    substitute,
    walk,
    writes,
)
from srcad.machine.owned import viewed
from srcad.machine.sums import added_term
from srcad.names import Names, is_saved

TOGETHER = 4  # iterations
FEWER = 2  # of longer bodies
STATEMENTS = 400  # in a body, with the copies
VALUES = 64  # computed in the body of an inner loop, with the copies: more have to leave the registers
LEAST = 32  # iterations that are worth memory of their own
SIZES = ("shape", "size", "ndim")
_Reading = tuple[str, tuple[str, bool] | None]  # a name that is read: if a test comes out so, or whatever happens


def jam(f: Function) -> Function:
    """`f` with several iterations at a time in loops where that is the same."""
    if not any(isinstance(s, For) and s.scratch is not None for s in walk(f.body)):
        return f
    return _Jammer(f).function()


@dataclass(frozen=True)
class _Loop:
    """A loop that qualifies, and how many of its iterations go at a time."""

    loop: For
    vary: frozenset[str]  # the names that differ between iterations
    sums: frozenset[str]  # the names that all iterations add to
    own: tuple[str, ...]  # scratch space
    copies: int


class _Jammer:
    def __init__(self, f: Function) -> None:
        self.f = f
        self.aliases = Aliases(f)
        self.names = Names({*mentioned(f.body), *f.params})
        self.types, self.sums = dict(f.types), set(f.sums)
        self.found = False
        self.made: dict[str, list[Stmt]] = {}
        for s in walk(f.body):
            for n in writes(s):
                self.made.setdefault(n, []).append(s)

    def function(self) -> Function:
        after = set(names(self.f.result)) if self.f.result is not None else set()
        body = self._body(self.f.body, after, set())
        if not self.found:
            return self.f
        return replace(self.f, body=body, types=self.types, sums=frozenset(self.sums))

    def _body(self, body: Body, after: set[str], exits: set[str]) -> Body:
        """`body`, behind which, and behind a loop that it leaves, these names are read."""
        out: list[Stmt] = []
        for s in reversed(body):
            before = _live((s,), after, exits)
            match s:
                case For() if (found := self._qualifies(s, after)) is not None:
                    self.found = True
                    out += reversed(self._written(found))
                case For() | While():
                    out.append(replace(s, body=self._body(s.body, before, before)))
                case If():
                    then, orelse = self._body(s.body, after, exits), self._body(s.orelse, after, exits)
                    out.append(replace(s, body=then, orelse=orelse))
                case _:
                    out.append(s)
            after = before
        return tuple(reversed(out))

    # ------------------------------------------------------------------ which loops

    def _qualifies(self, s: For, after: set[str]) -> _Loop | None:
        """The loop `s`, its inner indices named apart, if it is one for several iterations at a time."""
        if s.scratch is None or s.step != ONE or s.backwards or not _is_natural(s.start):
            return None
        if s.target in after or leaves(s.body):
            return None
        within = {id(t) for t in walk(s.body)}
        s = replace(s, body=self._apart(s.body))
        inner = list(walk(s.body))
        if not all(isinstance(t, (Assign, Store, If, For, While, Exit, Note)) for t in inner):
            return None
        bound = {n for t in inner for n in writes(t)}
        if any(n in bound for e in reads(s) for n in names(e)):
            return None
        carried = (_live(s.body, set(), set()) | after) & bound
        if not all(self._is_sum(n, s) for n in carried):
            return None
        found = self._arrays(s, bound, within)
        if found is None:
            return None
        own, summed = found
        vary = self._varying(s, bound - carried, own)
        if not all(self._in_order(s, group, vary) for group in (*({n} for n in carried), *summed)):
            return None
        together = list(self._inner(s.body, vary))
        if not any(_mentions(t.body, vary) for t in together) or any(t.target in vary for t in together):
            return None
        copies = self._copies(s, together, vary)
        return _Loop(s, frozenset(vary), frozenset(carried), tuple(own), copies) if copies else None

    def _copies(self, s: For, together: list[For], vary: Set[str]) -> int:
        """How many iterations of `s` go at a time, without code that is too long or a loop with too many values."""
        size = _steps(walk(s.body))
        widest = max(_steps(t for t in loop.body if _mentions((t,), vary)) for loop in together)
        return next((k for k in (TOGETHER, FEWER) if size * k <= STATEMENTS and widest * k <= VALUES), 0)

    def _apart(self, body: Body) -> Body:
        """`body` with another index for each loop, where an index is read in its loops alone."""
        counts = Counter(t.target for t in walk(body) if isinstance(t, For))
        others = _read_outside(body) | {n for t in walk(body) if not isinstance(t, For) for n in writes(t)}
        shared = {n for n, count in counts.items() if count > 1} - others

        def apart(b: Body) -> Body:
            return tuple(map(loop, b))

        def loop(t: Stmt) -> Stmt:
            t = map_bodies(t, apart)
            if not isinstance(t, For) or t.target not in shared:
                return t
            index, old = self._named(t.target), t.target
            return replace(t, target=index, body=rename(t.body, lambda n: index if n == old else n))

        return apart(body)

    def _is_sum(self, name: str, s: For) -> bool:
        """Does the body of `s` do nothing with `name` but add to it?"""
        steps = [t for t in walk(s.body) if name in writes(t)]
        for t in steps:
            term = added_term(t)
            if term is None or name in names(term):
                return False
        return sum(name in names(e) for t in walk(s.body) for e in reads(t)) == len(steps)

    def _arrays(self, s: For, bound: set[str], within: set[int]) -> tuple[list[str], list[set[str]]] | None:
        """The arrays that each iteration needs for itself, and the names of each that all of them add to.

        None if they may meet in one otherwise. `within` are the statements of the loop as it stands in the function.
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
            if others or not self._is_scratch(name, s, within):
                return None
            own.append(name)
        return sorted(own), sums

    def _in_order(self, s: For, sums: set[str], vary: Set[str]) -> bool:
        """Do the steps of these sums keep their order, if they have one, where several iterations go at once?

        They do if they all stand in one statement of the body that is made for one iteration after the other.
        """
        if sums <= self.f.sums:
            return True
        (step, *others) = (t for t in s.body if any(_writes_to(u, sums) for u in walk((t,))))
        return not others and not (isinstance(step, (If, For)) and self._together(step, vary))

    def _is_scratch(self, name: str, s: For, within: set[int]) -> bool:
        """Is the array `name` scratch space of `s`, which nobody else looks into?"""
        assert s.scratch is not None
        if name not in s.scratch and not is_saved(name):
            return False
        match self.made.get(name):
            case [Assign(_, value)] if makes_array(value):
                pass
            case _:
                return False
        group = self.aliases.of(name)
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

    def _varying(self, s: For, bound: Set[str], own: list[str]) -> set[str]:
        """The names that differ between the iterations: what is made of the index, or of what is made of it.

        They are among those that the body binds, and the scratch space.
        """
        vary = {s.target}
        members: dict[str | None, list[str]] = {}
        for n in (*own, *sorted(bound)):
            members.setdefault(self.aliases.of(n), []).append(n)

        def see(body: Body, differs: bool) -> None:
            for t in body:
                depends = differs or any(n in vary for e in reads(t) for n in names(e))
                match t:
                    case Assign(target, value):
                        made = self.aliases.of(target) is not None and makes_array(value)
                        if (depends or made) and target in bound:
                            vary.add(target)
                    case Store(Var(array)) if depends:
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
        return vary

    def _together(self, s: Stmt, vary: Set[str]) -> bool:
        """Do all iterations run `s`, a loop or a branch, alike?"""
        if isinstance(s, While) or (isinstance(s, For) and leaves(s.body)):
            return False
        return not any(n in vary for e in reads(s) for n in names(e))

    def _inner(self, body: Body, vary: Set[str]) -> Iterator[For]:
        """The loops in `body` that are run once for all iterations."""
        for s in body:
            if isinstance(s, (If, For)) and self._together(s, vary):
                if isinstance(s, For):
                    yield s
                yield from self._inner((*s.body, *s.orelse), vary)

    # ------------------------------------------------------------------ several at a time

    def _written(self, found: _Loop) -> list[Stmt]:
        s, copies = found.loop, found.copies
        renamed = [{n: self._named(n) for n in sorted(found.vary - {s.target})} for _ in range(1, copies)]
        arrays = [self._another(n, known[n], s) for known in renamed for n in found.own if n in found.vary]
        count = Apply("-", (s.stop, s.start)) if s.start != Const(0) else s.stop
        left = Apply("-", (s.stop, Apply("%", (count, Const(copies)))))
        rest = self._number("rest")
        body = self._several(s.body, found, renamed)
        first = replace(s, stop=Var(rest), step=Const(copies), body=body, scratch=None)
        return [
            Assign(rest, s.start, s.at),
            If(
                Apply(">=", (count, Const(LEAST))),
                (Assign(rest, Apply("max", (s.start, left)), s.at), *arrays, first),
                at=s.at,
            ),
            replace(s, start=Var(rest), scratch=None),
        ]

    def _number(self, name: str) -> str:
        name = self.names.fresh(name)
        self.types[name] = types.int64
        return name

    def _named(self, name: str) -> str:
        """A name for another iteration's `name`."""
        made = self.names.fresh(re.sub(r"_\d+$", "", name) if is_saved(name) else name)
        if name in self.types:
            self.types[made] = self.types[name]
        if name in self.sums:
            self.sums.add(made)
        return made

    def _another(self, name: str, own: str, s: For) -> Stmt:
        """`own`, an array as `name`."""
        (made,) = self.made[name]
        assert isinstance(made, Assign)
        still = all(len(self.made.get(n, ())) < 2 for n in names(made.value))
        value = made.value if is_saved(name) and still else Apply(".copy", (Var(name),))
        return Assign(own, value, s.at)

    def _several(self, body: Body, found: _Loop, renamed: list[dict[str, str]]) -> Body:
        """`body` for all iterations at once, statement by statement."""
        out: list[Stmt] = []
        for s in body:
            if isinstance(s, (If, For)) and self._together(s, found.vary):
                out.append(map_bodies(s, lambda b: self._several(b, found, renamed)))
            elif self._is_alike(s, found):
                out.append(s)
            else:
                out += [s, *(self._copy(s, k, known, found) for k, known in enumerate(renamed, 1))]
        return tuple(out)

    def _is_alike(self, s: Stmt, found: _Loop) -> bool:
        """Is `s` once for all the same as once for each?"""
        match s:
            case Note():
                return True
            case Assign(target):
                return target not in found.vary | found.sums
            case Store(Var(array)):
                scratch = self.aliases.of(array) in {self.aliases.of(n) for n in found.own}
                return scratch and not _mentions((s,), found.vary)
        return False

    def _copy(self, s: Stmt, k: int, known: dict[str, str], found: _Loop) -> Stmt:
        """`s` as the k-th iteration from here has it."""
        index = found.loop.target
        later = Apply("+", (Var(index), Const(k)))
        (made,) = map_all(
            rename((s,), lambda n: known.get(n, n)),
            lambda e: substitute(e, lambda n: later if n == index else Var(n)),
        )
        return made


# ---------------------------------------------------------------------------------------------- of statements


def _mentions(body: Body, wanted: Set[str]) -> bool:
    return any(n in wanted for n in mentioned(body))


def _steps(statements: Iterable[Stmt]) -> int:
    """How many of these compute something."""
    return sum(isinstance(s, (Assign, Store)) for s in statements)


def _writes_to(s: Stmt, wanted: Set[str]) -> bool:
    """Does `s` bind one of these names, or store to an element of one?"""
    return not wanted.isdisjoint(writes(s)) or (isinstance(s, Store) and not wanted.isdisjoint(names(s.array)))


def _read_outside(body: Body) -> set[str]:
    """The names that `body` reads, without the indices of loops in these."""
    found: set[str] = set()
    for s in body:
        found.update(n for e in reads(s) for n in names(e))
        if isinstance(s, (If, For, While)):
            found |= (_read_outside(s.body) | _read_outside(s.orelse)) - set(writes(s))
    return found


def _is_natural(e: Expr) -> bool:
    return isinstance(e, Const) and isinstance(e.value, int) and e.value >= 0


def _in_own_row(uses: Sequence[tuple[str, str, tuple[Expr, ...]]], outside: Set[str], target: str) -> bool:
    """Is every use of the one array `outside` in the row, or column, that `target` counts?"""
    places = [{d for d, i in enumerate(index) if i == Var(target)} for _, _, index in uses]
    return len(outside) == 1 and bool(places) and bool(set.intersection(*places))


def _live(body: Body, after: set[str], exits: set[str]) -> set[str]:
    """The names that are read before they are bound, in `body` or behind it; `exits` is what an Exit leads to.

    What one branch of a test binds is bound where a later branch of the same test reads it.
    """
    return {n for n, _ in _alive(body, {(n, None) for n in after}, {(n, None) for n in exits})}


def _alive(body: Body, after: set[_Reading], exits: set[_Reading]) -> set[_Reading]:
    for s in reversed(body):
        own = {(n, None) for e in reads(s) for n in names(e)}
        match s:
            case If():
                then, orelse = _alive(s.body, after, exits), _alive(s.orelse, after, exits)
                after = own | _joined(s.test, then, orelse)
            case For() | While():
                head = _always(after) | own
                while not (more := _unbound(_always(_alive(s.body, head, head)), writes(s))) <= head:
                    head |= more
                after = head
            case Exit():
                after = set(exits)
            case _:
                after = _unbound(after, writes(s)) | own
    return after


def _joined(test: Expr, then: set[_Reading], orelse: set[_Reading]) -> set[_Reading]:
    """What is read behind a test, of what is read in its two branches and behind these."""
    match test:
        case Var(name):
            yes, no = (name, True), (name, False)
        case Apply("not", (Var(name),)):
            yes, no = (name, False), (name, True)
        case _:
            return then | orelse
    then = {r for r in then if r[1] != no}  # read where the test came out the other way
    orelse = {r for r in orelse if r[1] != yes}
    both = then & orelse
    return both | {(n, when or yes) for n, when in then - both} | {(n, when or no) for n, when in orelse - both}


def _unbound(after: set[_Reading], bound: Iterable[str]) -> set[_Reading]:
    """`after` where `bound` are bound: they are not read from before, and as tests they are others."""
    return {(n, None if when and when[0] in bound else when) for n, when in after if n not in bound}


def _always(after: set[_Reading]) -> set[_Reading]:
    return {(n, None) for n, _ in after}
