"""Sets of names that are joined one by one: what is one array, one variable, of one type.

Method: Galler and Fisher, An improved equivalence algorithm, Communications of the ACM 7, 1964.
"""

from __future__ import annotations


class Classes:
    """Each name in a set of its own, until it is joined with others; one of a set stands for it."""

    def __init__(self) -> None:
        self._parent: dict[str, str] = {}

    def find(self, name: str) -> str:
        """The name that stands for the set of `name`."""
        while (up := self._parent.setdefault(name, name)) != name:
            name = up
        return name

    def join(self, a: str, b: str) -> None:
        """One set of those of `a` and `b`: what stood for that of `b` stands for both."""
        self._parent[self.find(a)] = self.find(b)
