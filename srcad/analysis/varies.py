"""With which of the loops around it a value changes: one place for it serves all iterations of the others.

    for t: for i: for j: %1 = w[j]         w written in the body of t, not of i:  %1 changes with t and j

A number is a function of the names in the expression that makes it; an element of an array is one of its subscripts,
and changes with every loop whose body may write to the array, or makes it. Of what a loop carries, and of what calls
and lists give, nothing is known: it changes with all loops around.
"""

from __future__ import annotations

from srcad.analysis.alias import Aliases
from srcad.analysis.places import Block, Places
from srcad.ir import Apply, Assign, Expr, Field, For, Item, Var, While, may_write, names, nodes
from srcad.names import base
from srcad.rules import RULES
from srcad.syntax import COMPARISONS, INPLACE
from srcad.types import is_array, is_list

KNOWN = COMPARISONS | {"and", "or", "not", "+", "-", "*", "neg", "len"}


class Varies:
    """Answers for the versions in `where`."""

    def __init__(self, where: Places, aliases: Aliases) -> None:
        self.where, self.aliases = where, aliases
        self._known: dict[str, frozenset[int]] = {}
        self._writing: dict[str | None, set[int]] = {}  # the loops around writes to each class of arrays
        writes = [(s.array, b) for s, b, _ in where.stores] + [
            (e, b) for s, b, _ in where.invokes for e in may_write(s)
        ]
        for e, block in writes:
            for n in names(e):
                self._writing.setdefault(aliases.of(n), set()).update(self._around(block))
        for d in where.definitions.values():
            if isinstance(d.stmt, Assign) and isinstance(d.stmt.value, Apply) and d.stmt.value.op in INPLACE:
                self._writing.setdefault(aliases.of(d.version), set()).update(self._around(d.block))

    def _around(self, block: Block) -> frozenset[int]:
        owners = [self.where.owner[b] for b in self.where.chain(block) if b in self.where.owner]
        return frozenset(s.key for s in owners if isinstance(s, (For, While)))

    def loops(self, version: str) -> frozenset[int]:
        """The keys of the loops with which `version` changes."""
        known = self._known.get(version)
        if known is None:
            known = self._known[version] = self._found(version)
        return known

    def _found(self, version: str) -> frozenset[int]:
        d = self.where.definitions[version]
        around = self._around(d.block)
        match d.stmt:
            case For(key=key) if d.kind == "index":
                return frozenset({key})
            case Assign(_, value) if d.kind == "assign":
                return self._of(value, around) & around
        return around

    def _of(self, value: Expr, around: frozenset[int]) -> frozenset[int]:
        found: set[int] = set()
        for e in nodes(value):
            match e:
                case Apply("len", (Var(name),)) if is_array(self._type(name)):
                    pass
                case Apply(op) if op == "len" or (op not in RULES and op not in KNOWN):
                    return around
                case Item(Var(name)) if is_array(self._type(name)):
                    found |= self._writing.get(self.aliases.of(name), set())
                case Item(Field(_, "shape")):
                    pass
                case Item(array) if not isinstance(array, Var):
                    return around  # an element of what has no name
                case Var(name) if is_list(self._type(name)):
                    return around
                case Var(name) if name in self.where.definitions:
                    found |= self.loops(name)
        return frozenset(found)

    def _type(self, name: str) -> object:
        return self.aliases.f.types.get(base(name))
