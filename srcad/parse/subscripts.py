"""`np.einsum` and `np.tensordot` as loops: their subscripts say how many dimensions each array has.

    c = np.einsum("ij,jk->ik", a, b)      ->      c = np.zeros((n_i, n_k))
                                                  for i in range(n_i):
                                                      for j in range(n_j):
                                                          for k in range(n_k):
                                                              c[i, k] += a[i, j] * b[j, k]

The innermost loop is over the letter that is the last index of most arrays, so that memory is read in its order; where
that is a letter to sum over, a scalar holds the sum.
"""

from __future__ import annotations

import ast
from collections import Counter
from itertools import product

import numpy as np

from srcad.source import Source

DEEPEST_RANK = 3  # of what `np.tensordot` takes, and of what `...` stands for
OTHERS = "."  # `...`, here


def parsed(subscripts: str) -> tuple[tuple[str, ...], str]:
    """The letters of each operand, and of the result.

    Raises:
        ValueError: what is wrong with them.
    """
    text = subscripts.replace(" ", "").replace("...", OTHERS)
    given, arrow, result = text.partition("->")
    operands = tuple(given.split(","))
    times = Counter(given.replace(",", ""))
    others = times.pop(OTHERS, 0)
    if not all(c.isalpha() and c.isascii() for c in (*times, *result.replace(OTHERS, ""))):
        raise ValueError("subscripts are letters, commas, an arrow and ...")
    if not arrow:
        result = (OTHERS if others else "") + "".join(sorted(c for c, n in times.items() if n == 1))
    known = {*times, OTHERS} if others else {*times}
    if len(set(result)) < len(result) or not set(result) <= known:
        raise ValueError("the result's letters have to be different ones of the operands'")
    if (others and OTHERS not in result) or any(s.count(OTHERS) > 1 for s in operands):
        raise ValueError("... stands once in an operand, and in the result too")
    return operands, result


def einsum(operands: tuple[str, ...], result: str) -> Source:
    """A function of arrays with these indices."""
    names = [f"x{k + 1}" for k in range(len(operands))]
    head = f"einsum({', '.join(names)})"
    dotted = [s for s in operands if OTHERS in s]
    if not dotted:
        return _source(head, _loops(names, operands, result))
    free = [c for c in "ABCDEFGHIJKLMNOPQRSTUVWXYZ" if c not in "".join(operands)]
    body: list[str] = []
    ranks = range(DEEPEST_RANK + 1)
    alike = ([r] * len(dotted) for r in ranks)
    for found in product(ranks, repeat=len(dotted)) if len(dotted) <= 2 else alike:
        widest, left = max(found), iter(found)
        own = [next(left) if OTHERS in s else 0 for s in operands]
        letters = tuple(_with(s, free[widest - r : widest]) for s, r in zip(operands, own, strict=True))
        asked = " and ".join(f"{x}.ndim == {len(s)}" for x, s in zip(names, letters, strict=True))
        body.append(f"if {asked}:")
        body += [f"    {line}" for line in _loops(names, letters, _with(result, free[:widest]))]
    refused = '"np.einsum of such arrays can\'t be read", "a letter for each axis", "srcad"'
    return _source(head, [*body, f"raise NotImplementedError({refused})"])


def _with(subscripts: str, letters: list[str]) -> str:
    """These subscripts, with letters for the axes that `...` stands for."""
    return subscripts.replace(OTHERS, "".join(letters))


def tensordot(axes: tuple[tuple[int, ...], tuple[int, ...]] | int) -> Source:
    """A function of two arrays that sums over these axes of each; or over so many, the last ones and the first ones."""
    body: list[str] = []
    for p in range(1, DEEPEST_RANK + 1):
        for q in range(1, DEEPEST_RANK + 1):
            pairs = _pairs(axes, p, q)
            if pairs is None:
                continue
            first, second = "abcdef"[:p], [*"uvwxyz"[:q]]
            for i, j in pairs:
                second[j] = first[i]
            both = (first, "".join(second))
            times = Counter("".join(both))
            result = "".join(c for c in "".join(both) if times[c] == 1)
            body.append(f"if x1.ndim == {p} and x2.ndim == {q}:")
            body += [f"    {line}" for line in _loops(["x1", "x2"], both, result)]
    refused = '"np.tensordot of such arrays can\'t be read", "np.einsum, with a letter for each axis", "srcad"'
    return _source("tensordot(x1, x2)", [*body, f"raise NotImplementedError({refused})"])


def _pairs(axes: tuple[tuple[int, ...], tuple[int, ...]] | int, p: int, q: int) -> list[tuple[int, int]] | None:
    """Which axes of an array with `p` dimensions are summed with which of one with `q`; None if they lack them."""
    if isinstance(axes, int):
        axes = (tuple(range(p - axes, p)), tuple(range(axes)))
    one, two = axes
    if any(not -p <= i < p for i in one) or any(not -q <= j < q for j in two):
        return None
    return [(i % p, j % q) for i, j in zip(one, two, strict=True)]


def _source(head: str, body: list[str]) -> Source:
    text = f"def {head}:\n" + "".join(f"    {line}\n" for line in body)
    node = ast.parse(text).body[0]
    assert isinstance(node, ast.FunctionDef)
    return Source(node.name, "<srcad subscripts>", tuple(text.splitlines(keepends=True)), node, {"np": np}, {})


def _loops(names: list[str], operands: tuple[str, ...], result: str) -> list[str]:
    out: list[str] = []
    extents: dict[str, str] = {}
    for x, letters in zip(names, operands, strict=True):
        out += [
            f"if {x}.ndim != {len(letters)}:",
            f'    raise NotImplementedError("{letters} are not the axes of this array", "a letter for each", "srcad")',
        ]  # fmt: skip
        for axis, c in enumerate(letters):
            if c in extents:
                out += [
                    f"if {x}.shape[{axis}] != {extents[c]}:",
                    f'    raise ValueError("the extents along {c} differ")',
                ]
            else:
                extents[c] = f"n_{c}"
                out.append(f"n_{c} = {x}.shape[{axis}]")
    inner = _innermost(operands, result, list(extents))
    summed = [c for c in extents if c not in result]
    read = (f"{x}[{', '.join(s)}]" if s else x for x, s in zip(names, operands, strict=True))
    term = " * ".join(read)
    sums = ["total = 0.0", *_nest([*(c for c in summed if c != inner), inner], [f"total += {term}"])]
    if not result:
        return [*out, *sums, "return total"]
    place = f"out[{', '.join(result)}]"
    shape = ", ".join(extents[c] for c in result)
    out.append(f"out = np.zeros(({shape},))")
    if inner in summed:
        return [*out, *_nest(list(result), [*sums, f"{place} = total"]), "return out"]
    order = [*(c for c in result if c != inner), *summed, inner]
    return [*out, *_nest(order, [f"{place} {'+=' if summed else '='} {term}"]), "return out"]


def _innermost(operands: tuple[str, ...], result: str, letters: list[str]) -> str:
    """The letter that is the last index of most arrays."""
    last = Counter(s[-1] for s in (*operands, result) if s)
    return max(letters, key=lambda c: (last[c], c not in result), default="")


def _nest(letters: list[str], body: list[str]) -> list[str]:
    """`body` in a loop over each of `letters`, the first one outermost."""
    for c in reversed([c for c in letters if c]):
        body = [f"for {c} in range(n_{c}):", *(f"    {line}" for line in body)]
    return body
