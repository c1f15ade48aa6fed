"""Matrix products as loops, in the order that the operands lie in memory.

    y = A @ x      ->      if A.shape[1] != x.shape[0]: raise ValueError(...)
                           y = np.empty(A.shape[0])
                           for i in 0:A.shape[0]:1:
                               total = 0.0
                               for j in 0:A.shape[1]:1:
                                   %1 = A[i, j];  %2 = x[j];  %3 = %1 * %2;  total = total + %3
                               y[i] = total

Where the innermost loop would jump from row to row (`x @ A`, `A.T @ x`), each element is instead added into the
result in memory: that order needs no value saved either.
"""

from __future__ import annotations

from collections.abc import Callable

from srcad.analysis.shapes import Dim
from srcad.elements import Elements
from srcad.elements.reductions import constant
from srcad.ir import Apply, Expr, Item, Var

PRODUCTS = frozenset({"@", "np.dot", "np.vdot"})
SIZES_DIFFER = "incompatible array sizes for a matrix product"
Dims = tuple[Dim, ...]
Where = tuple[Expr, ...]


def product(e: Elements, target: str, a: Expr, b: Expr) -> None:
    """Write `target = a @ b`, of vectors, matrices or stacks of these."""
    left, right = e.dims(a), e.dims(b)
    if max(len(left), len(right)) > 2:
        _stacks(e, target, a, b, left, right)
        return
    _check(e, left[-1], right[0])
    right = (left[-1], *right[1:])
    made = left[:-1] + right[1:]
    name = e.free(target, a, b) if made else target
    match len(left), len(right):
        case 1, 1:
            total = Var(e.b.new("total", e.b.types[target]) if target in {*e.sources(a), *e.sources(b)} else target)
            _sum(e, total, left, lambda j: (e.element(a, j, left), e.element(b, j, right)))
            if total.name != target:
                e.b.assign(target, total)
        case 2, 1:
            _vector(e, name, lambda i, j: e.element(a, (*i, *j), left), b, left, e.by_columns(a))
            e.name(target, name, made)
        case 1, 2:
            _vector(e, name, lambda i, j: e.element(b, (*j, *i), right), a, right[::-1], not e.by_columns(b))
            e.name(target, name, made)
        case _:
            _matrix(e, name, a, b, left, right)
            e.name(target, name, made)


def _check(e: Elements, one: Dim, other: Dim) -> None:
    if one.key != other.key:
        e.shapes.learn(e.b.refuse(Apply("!=", (one.expr, other.expr)), SIZES_DIFFER))


def _stacks(e: Elements, target: str, a: Expr, b: Expr, left: Dims, right: Dims) -> None:
    """Stacks of matrices, one product after the other; or one stack, all by one matrix or vector."""
    inner, columns = (right[-2], right[-1:]) if len(right) > 1 else (right[0], ())
    _check(e, left[-1], inner)
    stack, rows, summed = left[:-2] or right[:-2], left[:-1][-1:], left[-1:]
    if left[:-2] and right[:-2]:
        for one, other in zip(left[:-2], right[:-2], strict=True):
            _check(e, one, other)
    made, deep = stack + rows + columns, len(stack)
    name = e.free(target, a, b)
    e.allocate(name, made, "zeros")

    def step(at: Where) -> None:
        over, i, j = at[:deep], at[deep:-1], at[-1:]
        factor = e.element(a, (*(over if left[:-2] else ()), *i, *j), left)

        def add(k: Where) -> None:
            other = e.element(b, (*(over if right[:-2] else ()), *j, *k), right)
            e.put(Item(Var(name), (*over, *i, *k)), _times(e, factor, other), "+")

        e.over(columns, add)

    e.over(stack + rows + summed, step)
    e.name(target, name, made)


def _times(e: Elements, a: Expr, b: Expr) -> Expr:
    return e.b.emit(e.scalar("*", (a, b)))


def _sum(e: Elements, total: Var, over: Dims, factors: Callable[[Where], tuple[Expr, Expr]]) -> None:
    """`total` = the sum of the products of two factors at each index, in whatever order is fast, as BLAS has it."""
    e.b.sums.add(total.name)
    e.b.assign(total.name, constant(0, e.b.types[total.name]))
    e.over(over, lambda j: e.b.assign(total.name, Apply("+", (total, _times(e, *factors(j))))))


def _vector(e: Elements, name: str, at: Callable[[Where, Where], Expr], x: Expr, dims: Dims, scattered: bool) -> None:
    """The product of the matrix with the elements `at(i, j)` and the vector `x`."""
    rows, columns = dims[:1], dims[1:]
    e.allocate(name, rows, "zeros" if scattered else "empty")
    if scattered:

        def column(j: Where) -> None:
            factor = e.element(x, j, columns)
            e.over(rows, lambda i: e.put(Item(Var(name), i), _times(e, at(i, j), factor), "+"))

        e.over(columns, column)
        return
    total = Var(e.b.new("total", e.b.types[name].dtype))

    def row(i: Where) -> None:
        _sum(e, total, columns, lambda j: (at(i, j), e.element(x, j, columns)))
        e.b.store(Var(name), i, total)

    e.over(rows, row)


def _matrix(e: Elements, name: str, a: Expr, b: Expr, left: Dims, right: Dims) -> None:
    if e.by_columns(b):
        total = Var(e.b.new("total", e.b.types[name].dtype))
        e.allocate(name, left[:1] + right[1:])

        def inner(ik: Where) -> None:
            i, k = ik
            _sum(e, total, right[:1], lambda j: (e.element(a, (i, *j), left), e.element(b, (*j, k), right)))
            e.b.store(Var(name), ik, total)

        e.over(left[:1] + right[1:], inner)
        return
    e.allocate(name, left[:1] + right[1:], "zeros")

    def spread(ij: Where) -> None:
        i, j = ij
        factor = e.element(a, ij, left)

        def add(k: Where) -> None:
            e.put(Item(Var(name), (i, *k)), _times(e, factor, e.element(b, (j, *k), right)), "+")

        e.over(right[1:], add)

    e.over(left, spread, columns=e.by_columns(a))
