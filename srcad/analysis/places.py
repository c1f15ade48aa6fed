"""Where each version is defined: the tree of bodies, and the order of definitions in the text.

    for i@0 in ...:            i@0: index of the loop, in the loop's body
        head s@1 = (s@0, s@2)  s@1: head, in the loop's body
        s@2 = s@1 + x@0[i@0]   s@2: assign, in the loop's body
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from srcad.ir import (
    Append,
    Assign,
    Body,
    For,
    Function,
    If,
    Invoke,
    Phi,
    Stmt,
    Store,
    While,
    names,
    phis_of,
    reads,
    walk,
    writes,
)
from srcad.names import base

Block = tuple[int, str]  # the key of an If, For or While, and "body" or "orelse"
ROOT: Block = (0, "body")


@dataclass(frozen=True)
class Definition:
    """`kind`: param, assign, invoke, index, head, merge (after an If) or exit (after a loop)."""

    version: str
    kind: str
    block: Block
    order: int
    stmt: Stmt | None = None
    phi: Phi | None = None


@dataclass
class Places:
    """The bodies of a function in SSA form, and what each defines."""

    parent: dict[Block, Block] = field(default_factory=dict)
    owner: dict[Block, Stmt] = field(default_factory=dict)
    definitions: dict[str, Definition] = field(default_factory=dict)
    uses: dict[str, list[Block]] = field(default_factory=dict)
    stores: list[tuple[Store, Block, int]] = field(default_factory=list)
    invokes: list[tuple[Invoke, Block, int]] = field(default_factory=list)
    at_once: frozenset[int] = frozenset()  # loops whose iterations are reversed as they end: nothing outlives one
    _chains: dict[Block, list[Block]] = field(default_factory=dict)

    def chain(self, block: Block) -> list[Block]:
        """`block` and the bodies around it, outermost first."""
        known = self._chains.get(block)
        if known is None:
            known = self._chains[block] = [block] if block == ROOT else [*self.chain(self.parent[block]), block]
        return known

    def loops(self, block: Block) -> list[For | While]:
        """The loops around `block`, outermost first, without those that are reversed at once."""
        owners = [self.owner[b] for b in self.chain(block) if b != ROOT and b[0] not in self.at_once]
        return [s for s in owners if isinstance(s, (For, While))]

    def inside(self, block: Block, outer: Block) -> bool:
        """Is `block` `outer` or nested in it?"""
        return outer in self.chain(block)

    def common(self, a: Block, b: Block) -> Block:
        """The innermost body around both."""
        best = ROOT
        for x, y in zip(self.chain(a), self.chain(b), strict=False):
            if x != y:
                break
            best = x
        return best

    def exclusive(self, a: Block, b: Block) -> bool:
        """Are `a` and `b` on different arms of one If, so that one pass through it runs only one of them?"""
        for x, y in zip(self.chain(a), self.chain(b), strict=False):
            if x != y:
                return x[0] == y[0] and isinstance(self.owner[x], If)
        return False


def places(f: Function) -> Places:
    """The places of all definitions of `f`, which is in SSA form."""
    found = Places()
    order = 0

    def define(version: str, kind: str, block: Block, stmt: Stmt | None = None, phi: Phi | None = None) -> None:
        nonlocal order
        order += 1
        found.definitions[version] = Definition(version, kind, block, order, stmt, phi)

    def use(name: str, block: Block) -> None:
        if "@" in name:
            found.uses.setdefault(name, []).append(block)

    def visit(body: Body, block: Block) -> None:
        nonlocal order
        for s in body:
            order += 1
            for e in reads(s):
                for n in names(e):
                    use(n, block)
            match s:
                case Assign(target):
                    define(target, "assign", block, s)
                case Invoke(targets):
                    found.invokes.append((s, block, order))
                    for t in targets:
                        define(t, "invoke", block, s)
                case Store():
                    found.stores.append((s, block, order))
                case Append():
                    pass
                case If(_, then, orelse, phis):
                    for which, inner in (("body", then), ("orelse", orelse)):
                        found.parent[s.key, which], found.owner[s.key, which] = block, s
                        visit(inner, (s.key, which))
                    for phi in phis:
                        define(phi.target, "merge", block, s, phi)
                case For() | While():
                    inside = (s.key, "body")
                    found.parent[inside], found.owner[inside] = block, s
                    for phi in s.heads:
                        define(phi.target, "head", inside, s, phi)
                    if isinstance(s, For):
                        define(s.target, "index", inside, s)
                    visit(s.body, inside)
                    for phi in s.phis:
                        define(phi.target, "exit", block, s, phi)
                case _:
                    pass

    for p in f.params:
        define(f"{p}@0", "param", ROOT)
    visit(f.body, ROOT)
    if f.result is not None:
        for n in names(f.result):
            use(n, ROOT)
    return found


def defined_once(f: Function) -> set[str]:
    """The names that have one version in `f`, so that it may be read wherever its definition has been."""
    found = Counter(base(n) for s in walk(f.body) for n in writes(s))
    joined = {base(v) for s in walk(f.body) for p in phis_of(s) for v in (p.target, *p.sources) if v is not None}
    return {n for n, count in found.items() if count == 1} - joined - set(f.params)


def unbound(f: Function) -> set[str]:
    """The versions that some path leaves without a value.

    What has one before a loop has one when an iteration ends; if none ends, no path leads back to the loop's head.
    """
    joins = [p for s in walk(f.body) for p in phis_of(s)]
    heads = {p.target for s in walk(f.body) if isinstance(s, (For, While)) for p in s.heads if p.sources[0] is not None}
    found = {p.target for p in joins if None in p.sources} - heads
    size = -1
    while size != len(found):
        size = len(found)
        found |= {p.target for p in joins if not found.isdisjoint(p.sources)}
    return found
