"""Index domains: of each value, the inputs that it depends on, as sets in one array of integers.

    unite(sets, 3, 7)      ->      -1,  and sets is [4, 2, 3, 7, ...]: at position 1 a set of two, the inputs 3 and 7

A domain is an int: 0 is empty; k > 0 is the input number k alone; -p is what stands at position p of `sets`. That is
the size and the sorted members of a set of at most SMALL inputs; or a 0 and two domains, whose union it is. Unions of
large sets are so made in constant time, and read once, when the function has returned. `sets[0]` is where the next
set will stand, or 0 once there was no room: then all is to be done again with a longer array.

Index domains: Griewank and Walther, Evaluating Derivatives, 2nd ed., 2008, section 7.1.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numba.extending import register_jitable

from srcad.kernels import kernel

SMALL = 32  # members: above, a union keeps its two parts


def arena(words: int) -> Any:
    """Room for sets."""
    sets = np.empty(max(words, 2), np.int64)  # the system gives the memory as it is written to
    sets[0] = 1
    return sets


@register_jitable  # type: ignore[untyped-decorator]
def unite(sets: Any, a: int, b: int) -> Any:
    """The union of the domains `a` and `b`; nothing is made where it is one of them."""
    if a == b or b == 0:
        return a
    if a == 0:
        return b
    if a > 0 and b > 0:
        return _made(sets, 2, min(a, b), max(a, b))
    return _united(sets, a, b)


@register_jitable  # type: ignore[untyped-decorator]
def unite_all(sets: Any, a: int, domains: Any) -> Any:
    """The union of the domain `a` and all in the array `domains`."""
    for d in domains.flat:
        a = unite(sets, a, d)
    return a


FUNCTIONS = {"unite": unite, "unite_all": unite_all}
"""What generated code calls."""


@register_jitable  # type: ignore[untyped-decorator]
def _made(sets: Any, size: int, first: int, second: int) -> Any:
    end = sets[0]
    if end == 0 or end + 3 > len(sets):
        sets[0] = 0
        return 0
    sets[end] = size
    sets[end + 1] = first
    sets[end + 2] = second
    sets[0] = end + 3
    return -end


@register_jitable  # type: ignore[untyped-decorator]
def _united(sets: Any, a: int, b: int) -> Any:
    size_a = 1 if a > 0 else sets[-a]
    size_b = 1 if b > 0 else sets[-b]
    if size_a > 0 and size_b > 0:
        common = i = j = 0
        while i < size_a and j < size_b:
            x = a if a > 0 else sets[i + 1 - a]
            y = b if b > 0 else sets[j + 1 - b]
            if x == y:
                common += 1
            if x <= y:
                i += 1
            if y <= x:
                j += 1
        if common == size_b:
            return a
        if common == size_a:
            return b
        if size_a + size_b - common <= SMALL:
            return _merged(sets, a, b, size_a, size_b, size_a + size_b - common)
    if size_a == 0 and (sets[1 - a] == b or sets[2 - a] == b):
        return a
    if size_b == 0 and (sets[1 - b] == a or sets[2 - b] == a):
        return b
    return _made(sets, 0, a, b)


@register_jitable  # type: ignore[untyped-decorator]
def _merged(sets: Any, a: int, b: int, size_a: int, size_b: int, size: int) -> Any:
    """The small set of the members of two."""
    end = sets[0]
    if end == 0 or end + size + 1 > len(sets):
        sets[0] = 0
        return 0
    sets[end] = size
    i = j = 0
    for k in range(end + 1, end + 1 + size):
        x = a if a > 0 else sets[i + 1 - a]
        y = b if b > 0 else sets[j + 1 - b]
        if j == size_b or (i < size_a and x <= y):
            sets[k] = x
            i += 1
            if j < size_b and x == y:
                j += 1
        else:
            sets[k] = y
            j += 1
    sets[0] = end + size + 1
    return -end


# ---------------------------------------------------------------------------------------------- reading them


def rows(sets: Any, domains: Any, inputs: int) -> tuple[Any, Any]:
    """`domains`, one a row, in CSR form: where each row's members start, and the members, counted from 0, in no order.

    Large sets are walked with a stamp for what was seen. One that takes many more steps to walk than it has members
    (what a long loop over few inputs leaves behind) is walked once, and its members kept for all that it is part of.
    """
    sets = sets[: sets[0]]
    unions = np.empty(len(sets) // 3 + 1, np.int64)
    unions = unions[: _unions(sets, unions)]
    large = len(sets) if len(unions) else 1  # what walks need, a word for each position
    stack, found, seen = np.empty(len(unions) + 2, np.int64), np.empty(inputs, np.int64), np.zeros(inputs + 1, np.int64)
    walked, kept_at = np.zeros(large, np.int64), np.zeros(large, np.int64)
    kept = np.empty(4 * large + inputs + 2, np.int64)
    stamp = 0
    if len(unions):
        needed, steps, sizes = np.zeros(large, np.bool_), np.zeros(large, np.int64), np.zeros(large, np.int64)
        _need(sets, domains, unions, needed)
        stamp = _keep(sets, unions, needed, steps, sizes, kept_at, kept, stack, seen, walked, found)
    starts, members = np.zeros(len(domains) + 1, np.int64), np.empty(4 * len(domains) + inputs, np.int64)
    row = 0
    while row < len(domains):
        row = _read(sets, domains, row, starts, members, stamp, kept_at, kept, stack, seen, walked, found)
        if row < len(domains):
            members = np.concatenate((members, np.empty(len(members) + inputs, np.int64)))
    return starts, members[: starts[-1]]


@kernel
def _read(
    sets: Any, domains: Any, first: int, starts: Any, members: Any, stamp: int,
    kept_at: Any, kept: Any, stack: Any, seen: Any, walked: Any, found: Any,
) -> int:  # fmt: skip  # pragma: no cover - compiled
    """Write the members from the row `first` on, as far as there is room; the row that is to come."""
    for row in range(first, len(domains)):
        d = domains[row]
        at = starts[row]
        size = 0 if d == 0 else 1 if d > 0 else sets[-d]
        if d < 0 and size == 0:
            size = _walk(sets, d, stamp + row + 1, kept_at, kept, stack, seen, walked, found)
            if at + size > len(members):
                seen[:] = 0  # the row will be walked again
                walked[:] = 0
                return row
            for k in range(size):
                members[at + k] = found[k] - 1
        else:
            if at + size > len(members):
                return row
            for k in range(size):
                members[at + k] = (d if d > 0 else sets[k + 1 - d]) - 1
        starts[row + 1] = at + size
    return len(domains)


@kernel
def _walk(
    sets: Any, root: int, stamp: int, kept_at: Any, kept: Any, stack: Any, seen: Any, walked: Any, found: Any
) -> int:  # pragma: no cover - compiled
    """Write the members of the large set `root` to `found`, in no order, and count them."""
    count = 0
    stack[0] = root
    top = 1
    while top > 0:
        top -= 1
        d = stack[top]
        if d > 0:
            if seen[d] != stamp:
                seen[d] = stamp
                found[count] = d
                count += 1
        elif walked[-d] != stamp:
            walked[-d] = stamp
            if sets[-d] == 0 and kept_at[-d] == 0:
                stack[top] = sets[1 - d]
                stack[top + 1] = sets[2 - d]
                top += 2
                continue
            small = sets[-d] > 0
            at = -d if small else kept_at[-d]
            for k in range(at + 1, at + 1 + (sets[at] if small else kept[at])):
                x = sets[k] if small else kept[k]
                if seen[x] != stamp:
                    seen[x] = stamp
                    found[count] = x
                    count += 1
    return count


@kernel
def _keep(
    sets: Any, unions: Any, needed: Any, steps: Any, sizes: Any, kept_at: Any, kept: Any,
    stack: Any, seen: Any, walked: Any, found: Any,
) -> int:  # fmt: skip  # pragma: no cover - compiled
    """Keep the members of some large sets, written as small sets are, and where; how many walks that took.

    `steps` bounds what a walk takes, `sizes` how many members were kept below. A set is kept once its walk may take
    twice as many steps: so a chain of unions costs no more than its length, whatever hangs on it. All that is kept,
    and what the walks to it take, is bounded by the memory of the unions.
    """
    budget = 4 * len(sets)
    end = 1
    work = 0
    stamp = 0
    for at in unions:
        if not needed[at]:
            continue
        total = 1
        below = 2 * SMALL
        for k in range(1, 3):
            d = sets[at + k]
            if d > 0:
                total += 1
            elif sets[-d] > 0:
                total += sets[-d] + 1
            else:
                total += steps[-d]
                below = max(below, sizes[-d])
        total = min(total, len(sets))
        if total > 2 * below and work + total <= budget and end <= budget:
            stamp += 1
            work += total
            members = _walk(sets, -at, stamp, kept_at, kept, stack, seen, walked, found)
            kept_at[at] = end
            kept[end] = members
            for k in range(members):
                kept[end + 1 + k] = found[k]
            end += members + 1
            total = members + 1
            below = max(members, 2 * SMALL)
        steps[at] = total
        sizes[at] = below
    return stamp


@kernel
def _unions(sets: Any, found: Any) -> int:  # pragma: no cover - compiled
    """Write the positions of the sets that are unions of two, parts before wholes, and count them."""
    count = 0
    at = 1
    while at < len(sets):
        if sets[at] == 0:
            found[count] = at
            count += 1
            at += 3
        else:
            at += sets[at] + 1
    return count


@kernel
def _need(sets: Any, domains: Any, unions: Any, needed: Any) -> None:  # pragma: no cover - compiled
    """Mark the sets, by position, that `domains` are made of."""
    for d in domains:
        if d < 0:
            needed[-d] = True
    for k in range(len(unions) - 1, -1, -1):
        p = unions[k]
        if needed[p]:
            if sets[p + 1] < 0:
                needed[-sets[p + 1]] = True
            if sets[p + 2] < 0:
                needed[-sets[p + 2]] = True
