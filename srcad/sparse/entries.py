"""The entries of a sparse matrix, read off the results of the sweeps, and the memory that they stand in.

    sweeps    0 1 0 2 0 1        of each entry, in CSR order
    places    0 0 1 1 2 2        in that sweep's result
    results   r0 r1 r2           ->      entries    r0[0] r1[0] r0[1] r2[1] r0[2] r1[2]

What goes through memory is what a matrix of a million rows costs. So entries are read off the results where these
stand, and a matrix takes the memory of one that is gone: pages that are new to a process cost more than what is
written to them.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from typing import Any

import numpy as np

from srcad.kernels import kernel
from srcad.sparse.colouring import Colouring

LARGE = 1 << 20  # bytes: less is malloc's business
SPARES = 3  # blocks of memory kept: a matrix has three


@dataclass(frozen=True)
class Share:
    """The entries that sweeps which go at once give, in lanes."""

    entries: Any  # which ones; None for all, in order
    lanes: Any  # of each
    places: Any  # of each in its lane's result


def shares(colouring: Colouring, lanes: int) -> list[Share]:
    """Those of the forward sweeps, in so many lanes, and of the reverse sweeps, which go alone."""
    batches = -(-colouring.forward // lanes)
    if batches + colouring.reverse == 1:
        return [Share(None, colouring.sweeps.astype(np.uint8), colouring.places)]
    sweeps = colouring.sweeps.astype(np.int64)
    swept = sweeps >= colouring.forward
    numbers = np.where(swept, batches + sweeps - colouring.forward, sweeps // lanes)
    order = np.argsort(numbers, kind="stable")
    ends = np.searchsorted(numbers[order], np.arange(batches + colouring.reverse), side="right")
    lane = np.where(swept, 0, sweeps % lanes).astype(np.uint8)
    order = order.astype(colouring.places.dtype)
    return [Share(k, lane[k], colouring.places[k]) for k in np.split(order, ends[:-1])]


class Entries:
    """The `values` of one matrix, as they come."""

    def __init__(self, given: list[Share], count: int, memory: Memory) -> None:
        self.shares, self.count, self.memory = given, count, memory
        self.values: Any = None if count else np.empty(0)

    def read(self, number: int, results: tuple[Any, ...]) -> None:
        """Take the share of this number from the results of its sweeps, a vector each."""
        found = np.result_type(*results, *([] if self.values is None else [self.values]))
        if self.values is None:
            self.values = self.memory.empty(self.count, found)
        elif self.values.dtype != found:  # rows by forward sweeps in one precision, by reverse sweeps in another
            self.values = self.values.astype(found)
        share = self.shares[number]
        read_off(share.entries, share.lanes, share.places, results, self.values)


@kernel
def read_off(which: Any, lanes: Any, places: Any, results: Any, entries: Any) -> None:  # pragma: no cover - compiled
    """Write the entries of a share, all for None, from the results of its lanes."""
    for k in range(len(places)):
        if which is None:
            entries[k] = results[lanes[k]][places[k]]
        else:
            entries[which[k]] = results[lanes[k]][places[k]]


# ---------------------------------------------------------------------------------------------- memory


class Memory:
    """Arrays in the memory of earlier ones that nobody holds any more, neither they nor views of them."""

    def __init__(self) -> None:
        self.spare: deque[Any] = deque(maxlen=SPARES)

    def __reduce__(self) -> Any:
        return Memory, ()

    def empty(self, count: int, dtype: Any) -> Any:
        """A new vector."""
        size = count * np.dtype(dtype).itemsize
        if size < LARGE:
            return np.empty(count, dtype)
        return np.asarray(_Lent(self._block(size), np.dtype(dtype), self.spare))[:]  # SciPy asks the base its size

    def copied(self, vector: Any) -> Any:
        """A new vector of the same numbers."""
        made = self.empty(len(vector), vector.dtype)
        made[:] = vector
        return made

    def _block(self, size: int) -> Any:
        for _ in range(len(self.spare)):
            try:
                block = self.spare.popleft()
            except IndexError:  # another thread was faster
                break
            if len(block) == size:
                return block
            self.spare.append(block)
        return np.empty(size, np.uint8)


class _Lent:
    """The owner of a block while an array stands in it: NumPy's views hold their owner, so the last one ends it."""

    def __init__(self, block: Any, dtype: Any, spare: deque[Any]) -> None:
        self.block, self.spare = block, spare
        self.__array_interface__ = block.view(dtype).__array_interface__

    def __del__(self) -> None:
        self.spare.append(self.block)
