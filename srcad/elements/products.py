"""Matrix products as loops.

    C = A @ B      ->      if A.shape[1] != B.shape[0]: raise ValueError(...)
                           C = np.zeros((A.shape[0], B.shape[1]))
                           for i in 0:A.shape[0]:1:
                               for j in 0:A.shape[1]:1:
                                   %1 = A[i, j]
                                   for k in 0:B.shape[1]:1:
                                       %2 = B[j, k];  %3 = %1 * %2;  C[i, k] += %3

The innermost loop runs along rows, and what is added up in memory needs no value saved.
"""

from __future__ import annotations

from srcad.analysis.shapes import Dim
from srcad.elements import Elements
from srcad.elements.reductions import constant
from srcad.ir import Apply, Expr, Item, Var

PRODUCTS = frozenset({"@", "np.dot", "np.vdot"})
SIZES_DIFFER = "incompatible array sizes for a matrix product"


def product(e: Elements, target: str, a: Expr, b: Expr) -> None:
    """Write `target = a @ b`, of vectors or matrices."""
    left, right = e.dims(a), e.dims(b)
    _agree(e, left[-1], right[0])
    right = (left[-1], *right[1:])
    match len(left), len(right):
        case 1, 1:
            _inner(e, target, a, b, left)
        case 2, 1:
            _rows(e, target, a, b, left)
        case _:
            _spread(e, target, a, b, left, right)


def _agree(e: Elements, a: Dim, b: Dim) -> None:
    """Write the check that two extents are the same."""
    if a.key == b.key:
        return
    e.shapes.learn(e.b.refuse(Apply("!=", (a.expr, b.expr)), SIZES_DIFFER))


def _times(e: Elements, a: Expr, b: Expr) -> Expr:
    return e.b.emit(e.scalar("*", (a, b)))


def _inner(e: Elements, target: str, a: Expr, b: Expr, dims: tuple[Dim, ...]) -> None:
    t = e.b.types[target]
    total = Var(e.b.new("total", t) if target in {*e.sources(a), *e.sources(b)} else target)
    e.b.assign(total.name, constant(0, t))

    def add(at: tuple[Expr, ...]) -> None:
        term = _times(e, e.element(a, at, dims), e.element(b, at, dims))
        e.b.assign(total.name, Apply("+", (total, term)))

    e.over(dims, add)
    if total.name != target:
        e.b.assign(target, total)


def _rows(e: Elements, target: str, a: Expr, b: Expr, dims: tuple[Dim, ...]) -> None:
    """A matrix with a vector: a sum for each row."""
    rows, columns = dims[:1], dims[1:]
    name = e.free(target, a, b)
    e.allocate(name, rows)
    t = e.b.types[target].dtype
    total = Var(e.b.new("total", t))

    def row(i: tuple[Expr, ...]) -> None:
        e.b.assign(total.name, constant(0, t))

        def add(j: tuple[Expr, ...]) -> None:
            term = _times(e, e.element(a, (*i, *j), dims), e.element(b, j, columns))
            e.b.assign(total.name, Apply("+", (total, term)))

        e.over(columns, add)
        e.b.store(Var(name), i, total)

    e.over(rows, row)
    e.name(target, name, rows)


def _spread(
    e: Elements, target: str, a: Expr, b: Expr, left: tuple[Dim, ...], right: tuple[Dim, ...]
) -> None:
    """With a matrix on the right: each element of `a` times a row of `b`, added into a row of the result."""
    made = left[:-1] + right[1:]
    name = e.free(target, a, b)
    e.allocate(name, made, "zeros")

    def element(at: tuple[Expr, ...]) -> None:
        factor = e.element(a, at, left)

        def add(k: tuple[Expr, ...]) -> None:
            term = _times(e, factor, e.element(b, (at[-1], *k), right))
            e.put(Item(Var(name), (*at[:-1], *k)), term, "+")

        e.over(right[1:], add)

    e.over(left, element)
    e.name(target, name, made)
