"""Lists that start as ints and have floats put into them: see `passes/int_lists.py`."""

from . import Case, into

CASES: list[Case] = []
case = into(CASES)


@case(1.7, 3)
def table(x, n):
    d = [0] * n
    d[0] = x * 1.5
    for i in range(1, n):
        d[i] = d[i - 1] * x
    return d[-1] * x


@case(1.7, 3)
def display(x, n):
    d = [1, n, 3]
    d[1] = x
    d[2] += x
    d[0] /= 2
    return d[1] * x + d[2] * d[0]


@case(1.7, 3)
def comprehension_with_another_name(x, n):
    d = [i for i in range(n)]
    e = d
    e[1] = x
    return d[1] * x + d[2]


@case(1.7, 3)
def bools(x, n):
    d = [True] * n
    d[0] = x > 1.0
    d[1] = x
    return d[0] * x + d[1] * x + d[2]


def halve(d, k):
    d[k] = d[k] / 2


@case(1.7, 3)
def by_helper_and_slice(x, n):
    d = [1] * n
    halve(d, 0)
    e = d[1:]
    e[0] = x
    return d[0] * x + e[0] * x + d[1]


@case(1.7, 3)
def grown(x, n):
    d = [0] * n
    d += [x]
    d.append(x * x)
    a, *rest = d
    rest[0] = x
    return a + rest[0] * d[-1] + d[n] * x


@case(1.7, 3)
def counts_and_totals(x, n):
    counts, totals = [0] * 3, [0] * 3
    for i in range(n):
        counts[i % 2] += 1
        totals[i % 2] += x**i
    return sum([t / max(c, 1) for t, c in zip(totals, counts, strict=True)])
