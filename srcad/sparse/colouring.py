"""Which columns, or rows, can share a sweep, so that every entry can still be read off: colourings of the pattern.

    x x . .
    . x x .      columns 0 and 2 share no row, nor do 1 and 3      ->      colours 0 1 0 1: two sweeps for four columns
    . . x x

Columns of one colour share no row (Curtis, Powell and Reid, 1974); so with rows, in reverse mode. Rows that are much
fuller than the rest would force a colour for each of their columns: they are swept in reverse, the rest forward
(Coleman and Verma, The efficient computation of sparse Jacobian matrices using automatic differentiation, 1998). A
symmetric matrix needs fewer: of each pair of entries one will do, which a star colouring of its graph ensures.

Methods: Gebremedhin, Manne and Pothen, What color is your Jacobian? Graph coloring for computing derivatives, SIAM
Review 47, 2005: greedy distance-2 colouring (section 3), greedy star colouring (algorithm 4.1), orders (section 7).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from srcad.kernels import kernel

COSTLY = 1e9  # steps of a search
REVERSE = 1.5  # what a reverse sweep takes, in forward sweeps


@dataclass(frozen=True)
class Colouring:
    """The sweeps of a pattern, and where its entries, in CSR order, are in what they give."""

    columns: Any  # the forward sweep of each column; -1 where none is needed
    rows: Any  # the reverse sweep of each row; -1 of a row whose entries are read off forward sweeps
    forward: int  # how many sweeps
    reverse: int
    sweeps: Any  # that an entry is read off: the forward ones first, then the reverse ones
    places: Any  # of an entry in what its sweep gives: its row of a forward sweep, its column of a reverse one

    @property
    def cost(self) -> float:
        """What the sweeps take, in forward sweeps."""
        return self.forward + REVERSE * self.reverse


# ---------------------------------------------------------------------------------------------- Jacobians


def colour(pattern: Any, mode: str | None) -> Colouring:
    """A colouring of a pattern (CSR), of columns for `mode` "forward", of rows for "reverse", of both for None."""
    m = pattern.shape[0]
    fullness = np.diff(pattern.indptr)
    if mode is not None:
        return _coloured(pattern, np.full(m, mode == "reverse"))
    best: Colouring | None = None
    for bound, reversed_rows in sorted(_candidates(pattern, fullness), key=lambda c: c[0])[:3]:
        if best is None or bound < best.cost:
            found = _coloured(pattern, reversed_rows)
            best = found if best is None or found.cost < best.cost else best
    assert best is not None
    return best


def _candidates(pattern: Any, fullness: Any) -> Iterator[tuple[float, Any]]:
    """Sets of rows to sweep in reverse, the fullest ones, and a bound on the cost: a sweep an entry of a row."""
    m, n = pattern.shape
    thresholds = {int(fullness.max(initial=0)), -1}
    order = np.sort(fullness)[::-1]
    thresholds |= {int(order[1 << k]) for k in range(m.bit_length()) if 1 << k < m}
    for t in thresholds:
        chosen = fullness > t
        columns = np.bincount(pattern.indices[np.repeat(chosen, fullness)], minlength=n)
        yield float(max(fullness[~chosen].max(initial=0), 0) + REVERSE * columns.max(initial=0)), chosen


def _coloured(pattern: Any, reversed_rows: Any) -> Colouring:
    columns, forward = _apart(_without(pattern, reversed_rows))
    rows, reverse = _apart(_without(pattern, ~reversed_rows).T.tocsr())
    rows[~reversed_rows] = -1
    i, j = _row_of(pattern), pattern.indices
    swept = rows[i] >= 0
    sweeps = np.where(swept, forward + rows[i], columns[j])
    return Colouring(columns, rows, forward, reverse, _narrow(sweeps), _narrow(np.where(swept, j, i)))


def _indices(pattern: Any) -> tuple[Any, Any]:
    """Where the rows start, and the columns of the entries, in one type: they are compiled for once."""
    kind = np.int32 if max(pattern.nnz, *pattern.shape) < 1 << 31 else np.int64
    return pattern.indptr.astype(kind, copy=False), pattern.indices.astype(kind, copy=False)


def _row_of(pattern: Any) -> Any:
    """The row of each entry."""
    return np.repeat(np.arange(pattern.shape[0]), np.diff(pattern.indptr))


def _narrow(numbers: Any) -> Any:
    return numbers.astype(np.uint32 if numbers.max(initial=0) < 1 << 32 else np.int64)


def _without(pattern: Any, rows: Any) -> Any:
    """`pattern` with these rows empty."""
    from scipy.sparse import csr_array

    if not rows.any():
        return pattern
    fullness = np.where(rows, 0, np.diff(pattern.indptr))
    kept = pattern.indices[np.repeat(~rows, np.diff(pattern.indptr))]
    starts = np.concatenate(([0], np.cumsum(fullness)))
    return csr_array((np.ones(kept.size, bool), kept, starts), shape=pattern.shape)


def _apart(pattern: Any) -> tuple[Any, int]:
    """Colours for the columns such that no row has two of one colour, and their number; -1 for empty columns."""
    by_column = pattern.T.tocsr()
    fullness = np.diff(by_column.indptr)
    least = int(np.diff(pattern.indptr).max(initial=0))
    used = int((fullness > 0).sum())
    if least == used or (2 * least > used and pattern.nnz * least > COSTLY):  # hardly better than a colour each
        colours = np.where(fullness > 0, np.cumsum(fullness > 0) - 1, -1).astype(np.int32)
        return colours, used
    given = (*_indices(by_column), *_indices(pattern))
    colours, count = distance_2(*given, np.arange(len(fullness)))
    if count > least:
        other, fewer = distance_2(*given, np.argsort(-fullness, kind="stable"))
        if fewer < count:
            return other, fewer
    return colours, count


@kernel
def distance_2(
    starts: Any, rows: Any, row_starts: Any, columns: Any, order: Any
) -> tuple[Any, int]:  # pragma: no cover - compiled
    """Greedy colours for columns, in this order: each takes the first that no column has with which it shares a row."""
    colours = np.full(len(starts) - 1, -1, np.int32)
    taken = np.full(len(starts), -1, np.int64)  # the last column for which a colour was not free
    count = 0
    for j in order:
        if starts[j] == starts[j + 1]:
            continue
        for k in range(starts[j], starts[j + 1]):
            i = rows[k]
            for other in range(row_starts[i], row_starts[i + 1]):
                c = colours[columns[other]]
                if c >= 0:
                    taken[c] = j
        c = 0
        while taken[c] == j:
            c += 1
        colours[j] = c
        count = max(count, c + 1)
    return colours, count


# ---------------------------------------------------------------------------------------------- Hessians


def colour_symmetric(pattern: Any) -> Colouring:
    """A star colouring of a symmetric pattern (CSR, sorted).

    Columns much fuller than the rest get a colour each: such a column is in no two-coloured path, so the rest is
    coloured as if it were not there.
    """
    n = pattern.shape[0]
    fullness = np.diff(pattern.indptr)
    order = np.argsort(-fullness, kind="stable")
    alone = int(np.argmin(np.arange(n + 1) + np.append(fullness[order], 0))) if n else 0
    hubs = np.zeros(n, bool)
    hubs[order[:alone]] = True
    given = (*_indices(pattern), hubs)
    colours, count = star(*given, np.arange(n))
    if count > 3:
        other, fewer = star(*given, order)
        if fewer < count:
            colours, count = other, fewer
    colours[hubs] = count + np.arange(alone)
    count += alone
    i, j = _row_of(pattern), pattern.indices
    mirrored = ambiguous(*_indices(pattern), colours, count)
    sweeps, places = np.where(mirrored, colours[i], colours[j]), np.where(mirrored, j, i)
    return Colouring(colours, np.full(n, -1, np.int32), count, 0, _narrow(sweeps), _narrow(places))


@kernel
def star(starts: Any, neighbours: Any, hubs: Any, order: Any) -> tuple[Any, int]:  # pragma: no cover - compiled
    """Greedy star colours for vertices in this order: neighbours differ, and no path of four has two colours."""
    n = len(starts) - 1
    colours = np.full(n, -1, np.int32)
    taken = np.full(n + 1, -1, np.int64)
    count = 0
    for v in order:
        if hubs[v] or starts[v] == starts[v + 1]:
            continue
        for a in range(starts[v], starts[v + 1]):
            w = neighbours[a]
            if w == v or hubs[w]:
                continue
            if colours[w] >= 0:
                taken[colours[w]] = v
            for b in range(starts[w], starts[w + 1]):
                x = neighbours[b]
                if x == v or colours[x] < 0 or taken[colours[x]] == v:
                    continue
                if colours[w] < 0 or (x != w and _between(starts, neighbours, colours, x, w)):
                    taken[colours[x]] = v
        c = 0
        while taken[c] == v:
            c += 1
        colours[v] = c
        count = max(count, c + 1)
    return colours, count


@kernel
def _between(starts: Any, neighbours: Any, colours: Any, x: int, w: int) -> bool:  # pragma: no cover - compiled
    """Has `x` a neighbour beside `w` that has the colour of `w`?"""
    for k in range(starts[x], starts[x + 1]):
        y = neighbours[k]
        if y != w and y != x and colours[y] == colours[w]:
            return True
    return False


@kernel
def ambiguous(starts: Any, neighbours: Any, colours: Any, count: int) -> Any:  # pragma: no cover - compiled
    """The entries whose row has another one of the same colour: their mirror images are alone in theirs."""
    found = np.zeros(len(neighbours), np.bool_)
    first = np.full(max(count, 1), -1, np.int64)
    row_of = np.full(max(count, 1), -1, np.int64)
    for i in range(len(starts) - 1):
        for k in range(starts[i], starts[i + 1]):
            c = colours[neighbours[k]]
            if row_of[c] == i:
                found[k] = found[first[c]] = True
            else:
                row_of[c], first[c] = i, k
    return found
