"""Which values only one result is made of, so that the partials of the result by what it is made of are worth having.

    d = t - x                 d_dot = -x_dot                       by_x = -2.0 * d
    e = d * d         ->      e_dot = 2.0 * d * d_dot      or      y_dot1 = x_dot1 * by_x + z_dot1   (in each lane)
    y = e + z                 y_dot = e_dot + z_dot

With one direction, what stands in the middle is as good; with several, d and e need none of their own. This is
preaccumulation, statement by statement (Griewank and Walther, Evaluating Derivatives, 2nd ed., section 10.2; Phipps and
Pawlowski, Efficient expression templates for operator overloading-based automatic differentiation, 2012).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from srcad.analysis.activity import Activity
from srcad.ir import (
    Apply,
    Assign,
    Body,
    Expr,
    Function,
    If,
    Store,
    Var,
    While,
    bodies,
    is_pop,
    names,
    phis_of,
    reads,
    walk,
)
from srcad.names import base
from srcad.types import is_float

LEAVES = 4  # what a result is made of, at most: its line has a term for each
GAIN = 0.75  # of the operations, at most, that are left in each lane


@dataclass(frozen=True)
class Edge:
    """An active operand of an operation: is the partial by it sure to be finite, and is it one or minus one?"""

    operand: Expr
    finite: bool
    plain: bool

    @property
    def cost(self) -> int:
        """The operations that a lane takes for it: a product, and a test for zero with what follows."""
        return (not self.plain) + 2 * (not self.finite)


Edges = list[Edge]


def _cost(edges: Iterable[Edge]) -> int:
    """The operations of a sum of products in one lane."""
    costs = [e.cost for e in edges]
    return sum(costs) + len(costs) - 1


def inside(f: Function, active: Activity, edges: Callable[[Assign], Edges | None], lanes: int) -> frozenset[str]:
    """The values that one result alone is made of, where it saves work that they carry nothing in so many lanes.

    `edges` gives None for a statement that has to stay by itself.
    """
    found: set[str] = set()
    if lanes > 1:
        uses = _uses(f, active)
        for run in _runs(f.body):
            operands = {k: e for k, s in enumerate(run) if (e := _operands(s, f, active, edges)) is not None}
            for result, within in _regions(run, operands, uses).items():
                found |= _Region(run, operands, result, within).kept(lanes)
    return frozenset(found)


def _operands(s: Assign, f: Function, active: Activity, edges: Callable[[Assign], Edges | None]) -> Edges | None:
    a_float = is_float(f.types.get(base(s.target))) and s.target in active
    return edges(s) if a_float and isinstance(s.value, Apply) else None


def _uses(f: Function, active: Activity) -> Counter[str]:
    """How often a name is read where its derivative counts."""
    uses = Counter(names(f.result))
    for s in walk(f.body):
        uses.update(v for phi in phis_of(s) for v in phi.sources if v is not None)
        match s:
            case If() | While():
                continue
            case Assign(target) if target not in active:
                continue
            case Store(Var(array)) if array not in active:
                continue
        uses.update(n for e in reads(s) for n in names(e))
    return uses


def _runs(body: Body) -> Iterator[list[Assign]]:
    """The assignments that stand behind one another, with nothing between them."""
    run: list[Assign] = []
    for s in body:
        if isinstance(s, Assign) and not is_pop(s.value):
            run.append(s)
            continue
        yield run
        run = []
        for inner in bodies(s):
            yield from _runs(inner)
    yield run


def _regions(run: list[Assign], operands: dict[int, Edges], uses: Counter[str]) -> dict[int, dict[str, int]]:
    """The values that a result alone is made of, by the place of the result; each with its own place."""
    regions: dict[int, dict[str, int]] = {}
    readers: dict[str, list[int]] = {}  # of a value, each time that it is read
    results: dict[int, int] = {}  # what a statement is made for
    for k in reversed(operands):
        target, mine = run[k].target, readers.get(run[k].target, [])
        wanted = {results[j] for j in mine}
        if len(wanted) == 1 and len(mine) == uses[target]:
            results[k] = wanted.pop()
            regions[results[k]] = {target: k, **regions[results[k]]}
        else:
            results[k] = k
            regions[k] = {}
        for n in names(run[k].value):
            readers.setdefault(n, []).append(k)
    return regions


class _Region:
    """A result, and the values `within` that nothing else is made of, in order; by their places in a run."""

    def __init__(self, run: list[Assign], operands: dict[int, Edges], result: int, within: dict[str, int]) -> None:
        self.run, self.operands, self.result, self.within = run, operands, result, within

    def kept(self, lanes: int) -> set[str]:
        """The values that are better off without anything of their own in so many lanes."""
        while self.within:
            own = self._own()
            if isinstance(own, str):
                del self.within[own]
                continue
            products, ends = own
            alone = sum(_cost(self.operands[k]) for k in (*self.within.values(), self.result))
            return set(self.within) if products + lanes * _cost(ends) < GAIN * lanes * alone else set()
        return set()

    def _own(self) -> tuple[int, Edges] | str:
        """How many products give the partials of the result, and by what they are; or a value that can't be within."""
        leaves: dict[str, dict[Expr, Edge]] = {}
        products = 0
        for k in (*self.within.values(), self.result):
            found: dict[Expr, Edge] = {}
            for e in self.operands[k]:
                name = self._inner(e.operand)
                if name is None and self._changes(e.operand, k):
                    return self.run[k].target
                below = {e.operand: e} if name is None else leaves[name]
                if name is not None and len(below) > 1 and not e.finite:
                    return name  # its tangent may be zero where an infinite partial leaves nothing of it
                for leaf, under in below.items():
                    products += name is not None and not (e.plain or under.plain)
                    plain = leaf not in found and e.plain and under.plain
                    finite = e.finite and under.finite and (leaf not in found or found[leaf].finite)
                    found[leaf] = Edge(leaf, finite, plain)
            inner = [n for e in self.operands[k] if (n := self._inner(e.operand)) is not None]
            if len(found) > LEAVES and inner:
                return max(inner, key=lambda n: len(leaves[n]))
            leaves[self.run[k].target] = found
        return products, list(leaves[self.run[self.result].target].values())

    def _inner(self, e: Expr) -> str | None:
        return e.name if isinstance(e, Var) and e.name in self.within else None

    def _changes(self, e: Expr, k: int) -> bool:
        """May what `e`, an operand of statement k, carries be something else when the result is computed?"""
        later = self.run[k : self.result]
        if isinstance(e, Var):
            return any(base(s.target) == base(e.name) for s in later if s.target not in self.within)
        read = {base(n) for n in names(e)}
        return any(base(s.target) in read for s in later)
