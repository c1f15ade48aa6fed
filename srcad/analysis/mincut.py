"""Minimum vertex cut: which values to keep, when others can be computed again from them.

    s -> a1 -> a2, needed: s, a2      ->      keep {s}: a1 and a2 follow from it

Ford and Fulkerson's augmenting paths, shortest first (Edmonds and Karp, 1972), on the graph with every vertex split
in two. Of all minimum cuts the one nearest to the sinks is returned, which recomputes least.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator, Mapping

Node = tuple[str, str]  # (vertex, "in" | "out"), or the source and the sink


def minimum_cut(
    weights: Mapping[str, int], edges: Iterable[tuple[str, str]], sources: Iterable[str], sinks: Iterable[str]
) -> set[str]:
    """The vertices of least total weight that part every sink from every source (a vertex may be both)."""
    edges, sources, sinks = list(edges), set(sources), set(sinks)
    cut: set[str] = set()
    for part in _components(weights, edges):
        inside = part.keys()
        kept = [(a, b) for a, outs in part.items() for b in outs]
        if not inside.isdisjoint(sources) and not inside.isdisjoint(sinks):
            cut |= _cut({v: weights[v] for v in part}, kept, inside & sources, inside & sinks)
    return cut


def _components(weights: Mapping[str, int], edges: list[tuple[str, str]]) -> Iterator[dict[str, list[str]]]:
    """The parts of the graph that no edge joins: each vertex with those that its edges go to. A cut is made in each."""
    after: dict[str, list[str]] = {v: [] for v in weights}
    before: dict[str, list[str]] = {v: [] for v in weights}
    for a, b in edges:
        after[a].append(b)
        before[b].append(a)
    seen: set[str] = set()
    for root in weights:
        part: dict[str, list[str]] = {}
        todo = [root]
        while todo:
            v = todo.pop()
            if v not in seen:
                seen.add(v)
                part[v] = after[v]
                todo += after[v] + before[v]
        if part:
            yield part


def _cut(
    weights: Mapping[str, int], edges: Iterable[tuple[str, str]], sources: Iterable[str], sinks: Iterable[str]
) -> set[str]:
    """The minimum cut of one part."""
    capacity: dict[Node, dict[Node, int]] = {}

    def connect(a: Node, b: Node, amount: int) -> None:
        capacity.setdefault(a, {})[b] = amount
        capacity.setdefault(b, {}).setdefault(a, 0)

    infinite = sum(weights.values()) + 1  # than which no cut of vertices weighs more
    start, end = ("", "source"), ("", "sink")
    capacity[start], capacity[end] = {}, {}
    for v, w in weights.items():
        connect((v, "in"), (v, "out"), w)
    for before, after in edges:
        connect((before, "out"), (after, "in"), infinite)
    for v in sources:
        connect(start, (v, "in"), infinite)
    for v in sinks:
        connect((v, "out"), end, infinite)
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
