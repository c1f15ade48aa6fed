"""Which values are active: they depend on an input that is differentiated, and the result depends on them.

    def f(x, y): a = x * 2.0; b = y * y; return a        ->      active: x, a

Both halves are reachability in one graph, whose nodes are the versions of float scalars and the classes of arrays
(their contents), and whose edges lead from an operand to what has a partial derivative with respect to it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from srcad.analysis.alias import Aliases
from srcad.errors import unsupported
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
    Select,
    Slice,
    Stmt,
    Store,
    Tuple,
    Var,
    children,
    may_write,
    names,
    phis_of,
    walk,
    writes,
)
from srcad.names import base
from srcad.rules import RULES
from srcad.rules.arrays import FILL
from srcad.syntax import COMPARISONS
from srcad.types import carries_floats, is_float, is_float_array, is_tuple

COUNTS = frozenset({"shape", "size", "ndim"})  # of an array
PASSIVE = COMPARISONS | {"and", "or", "not", "len", "range", "~", "&", "|", "^", "<<", ">>"}


class Activity:
    """The active versions and array classes of `f` (in SSA form), for the inputs and outputs named."""

    def __init__(
        self,
        f: Function,
        aliases: Aliases,
        inputs: Iterable[str],
        outputs: Iterable[str],
        always: Iterable[str] = (),  # classes
    ) -> None:
        self.f, self.aliases = f, aliases
        self.shadows = set(f.shadows.values())
        forward: dict[str, set[str]] = {}
        backward: dict[str, set[str]] = {}
        for s in walk(f.body):
            for source, target in self._edges(s):
                forward.setdefault(source, set()).add(target)
                backward.setdefault(target, set()).add(source)
        varied = _reach((*(self._node(n) for n in inputs), *always), forward)
        useful = _reach((*(self._node(n) for n in outputs), *always), backward)
        self.active = varied & useful
        for s in walk(f.body):  # `untuple` leaves none; what it missed would have no bar
            if any(is_tuple(f.types.get(base(n))) and n in self.active for n in writes(s)):
                raise unsupported(s.at, "this tuple has no derivative here", "a variable for each of its items")

    def __contains__(self, name: str) -> bool:
        """Is the version `name` of a scalar active, or the contents of the array?"""
        return self._node(name) in self.active

    def moves(self, e: Expr) -> bool:
        """Is the operand `e`, a name or an element, active?"""
        match e:
            case Var(name) | Item(Var(name), _):
                return name in self
        return False

    def _node(self, name: str) -> str | None:
        t = self.f.types.get(base(name))
        if is_float(t) or (is_tuple(t) and carries_floats(t)):
            return name
        return self.aliases.of(name) if is_float_array(t) and base(name) not in self.shadows else None

    def _edges(self, s: Stmt) -> Iterator[tuple[str, str]]:
        for phi in phis_of(s):
            yield from self._pairs((v for v in phi.sources if v is not None), phi.target)
        match s:
            case Assign(target, value):
                yield from self._pairs(differentiated(value), target)
            case Store(Var(array), _, value) | Append(array, value):
                yield from self._pairs(differentiated(value), array)
            case Invoke(own=own) if own is not None and own.constant:
                return
            case Invoke(targets, _, args):
                floats = [a.name for a in args if isinstance(a, Var)]
                floats = [a for a in floats if carries_floats(self.f.types.get(base(a)))]
                arrays = [a.name for a in may_write(s) if isinstance(a, Var) and self.aliases.of(a.name) is not None]
                for target in (*targets, *arrays):
                    yield from self._pairs(floats, target)

    def _pairs(self, sources: Iterable[str], target: str) -> Iterator[tuple[str, str]]:
        end = self._node(target)
        for source in sources:
            start = self._node(source)
            if start is not None and end is not None and start != end:
                yield start, end


def passive(f: Function, active: Activity) -> set[str]:
    """The versions without a derivative that an active value may be: their bars and tangents are zero."""
    joins = {p.target: p for s in walk(f.body) for p in phis_of(s)}
    todo = [v for p in joins.values() if p.target in active for v in p.sources]
    seen: set[str] = set()
    while todo:
        v = todo.pop()
        if v is not None and v not in seen and v not in active and is_float(f.types.get(base(v))):
            seen.add(v)
            todo += joins[v].sources if v in joins else ()
    return seen


def differentiated(value: Expr) -> Iterator[str]:
    """The names that `value` has a partial derivative with respect to; of an array, the element that it loads.

    What is not known to have none counts as having one.
    """
    match value:
        case Array(items) | Tuple(items, _):
            for i in items:
                yield from differentiated(i)
        case Var(name) | Item(Var(name), _):
            yield name
        case Item(array, _):  # of no name: `prepare` gives it one, and what it missed is refused
            yield from names(array)
        case Apply(op, args) if op in RULES:
            rule = RULES[op]
            for parameter, a in zip(rule.params, args, strict=False):
                if parameter in rule.partials:
                    yield from differentiated(a)
        case Select(_, yes, no):
            yield from differentiated(yes)
            yield from differentiated(no)
        case Apply(op, args) if op in FILL:  # a new array: only what it is filled with, not what gives its shape
            for a in args[1:]:
                yield from differentiated(a)
        case Apply(op) if op not in PASSIVE:  # no rule: as if it had one, so that it is refused where it matters
            for a in children(value):
                yield from differentiated(a)
        case Field(inner, name) if name not in COUNTS:
            yield from differentiated(inner)
        case Slice():
            yield from names(value)


def _reach(starts: Iterable[str | None], edges: dict[str, set[str]]) -> set[str]:
    seen: set[str] = set()
    todo = [s for s in starts if s is not None]
    while todo:
        node = todo.pop()
        if node not in seen:
            seen.add(node)
            todo += edges.get(node, ())
    return seen
