"""How long a name lives: the body that holds its whole life, and whether it outlives one definition.

    for i@0 in ...: a@0 = x@0[i@0]; s@2 = s@1 + a@0        a: within the loop's body     s: around the loop

The bar of a name starts from zero where the reverse of that body does, and has to be zeroed behind the adjoint of a
definition if it lives on for another one, or for an earlier iteration's.
"""

from __future__ import annotations

from srcad.analysis.places import Block, Places
from srcad.names import base


class Lifetimes:
    """The lives of the names that the versions in `where` belong to."""

    def __init__(self, where: Places) -> None:
        self.where = where
        self._versions: dict[str, list[str]] = {}
        self._count: dict[str, int] = {}
        self._scopes: dict[str, Block] = {}
        for v, d in where.definitions.items():
            self._versions.setdefault(base(v), []).append(v)
            if d.phi is None:
                self._count[base(v)] = self._count.get(base(v), 0) + 1

    def scope(self, name: str) -> Block:
        """The innermost body that holds every definition and use of `name`, and no part of its life before."""
        if name in self._scopes:
            return self._scopes[name]
        block: Block | None = None
        for v in self._versions[name]:
            d = self.where.definitions[v]
            spots = [self.where.parent[d.block] if d.kind == "head" else d.block, *self.where.uses.get(v, ())]
            for spot in spots:
                block = spot if block is None else self.where.common(block, spot)
        assert block is not None
        self._scopes[name] = block
        return block

    def outlives(self, target: str) -> bool:
        """Does the name live on where the definition of the version `target` is reversed?"""
        name = base(target)
        if self._count[name] > 1:
            return True
        return self.where.loops(self.scope(name)) != self.where.loops(self.where.definitions[target].block)
