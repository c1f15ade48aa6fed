"""Minimum vertex cut: which values to keep, when others can be computed again from them.

    s -> a1 -> a2, needed: s, a2      ->      keep {s}: a1 and a2 follow from it

Ford and Fulkerson's augmenting paths, shortest first (Edmonds and Karp, 1972), on the graph with every vertex split
in two. Of all minimum cuts the one nearest to the sinks is returned, which recomputes least.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Mapping

INFINITE = 1 << 60
Node = tuple[str, str]  # (vertex, "in" | "out"), or the source and the sink


def minimum_cut(
    weights: Mapping[str, int], edges: Iterable[tuple[str, str]], sources: Iterable[str], sinks: Iterable[str]
) -> set[str]:
    """The vertices of least total weight that part every sink from every source (a vertex may be both)."""
    capacity: dict[Node, dict[Node, int]] = {}

    def connect(a: Node, b: Node, amount: int) -> None:
        capacity.setdefault(a, {})[b] = amount
        capacity.setdefault(b, {}).setdefault(a, 0)

    start, end = ("", "source"), ("", "sink")
    capacity[start], capacity[end] = {}, {}
    for v, w in weights.items():
        connect((v, "in"), (v, "out"), w)
    for before, after in edges:
        connect((before, "out"), (after, "in"), INFINITE)
    for v in sources:
        connect(start, (v, "in"), INFINITE)
    for v in sinks:
        connect((v, "out"), end, INFINITE)
    while (path := _path(capacity, start, end)) is not None:
        amount = min(capacity[a][b] for a, b in path)
        for a, b in path:
            capacity[a][b] -= amount
            capacity[b][a] += amount
    reaching = _reaching(capacity, end)
    return {v for v in weights if (v, "out") in reaching and (v, "in") not in reaching}


def _path(capacity: dict[Node, dict[Node, int]], start: Node, end: Node) -> list[tuple[Node, Node]] | None:
    came: dict[Node, Node] = {start: start}
    todo = deque([start])
    while todo:
        node = todo.popleft()
        for following, amount in capacity[node].items():
            if amount > 0 and following not in came:
                came[following] = node
                if following == end:
                    out = []
                    while following != start:
                        out.append((came[following], following))
                        following = came[following]
                    return out[::-1]
                todo.append(following)
    return None


def _reaching(capacity: dict[Node, dict[Node, int]], end: Node) -> set[Node]:
    """The nodes from which the sink can still be reached."""
    found, todo = {end}, [end]
    while todo:
        node = todo.pop()
        for before in capacity[node]:
            if before not in found and capacity[before].get(node, 0) > 0:
                found.add(before)
                todo.append(before)
    return found
