"""Names in generated code: deterministic, readable, never clashing.

    Names({"x", "a1"}).fresh("x")  ->  "x_1"        (taken, so numbered)
    bar("x")  ->  "x_bar"      dot("x")  ->  "x_dot"      domain("x")  ->  "x_domain"      saved("s")  ->  "s_saved"

The scheme: `a1, a2, ...` for intermediates in the order in which they are computed; `v_bar` for the adjoint of `v` and
`v_dot` for its tangent; `v_domain` for the inputs that it depends on; `v_saved` for the buffer that keeps `v` for the
reverse sweep; `v_1, v_2, ...` where a name is taken. A user's own `a1` keeps its name and the intermediate moves on to
the next free number.
"""

from __future__ import annotations

import builtins
import keyword
import re
from collections.abc import Iterable

TAPE = "tape"  # of recursive functions: a stack for each type of what they keep
TYPES = ("float64", "float32", "bool", *(f"{sign}int{bits}" for sign in ("", "u") for bits in (8, 16, 32, 64)))
TAPES = {t: f"{TAPE}_{t}" for t in TYPES}
WRITTEN = "<srcad "  # how the names of files of generated code begin
OWNERS = "__srcad_owners__"  # the attribute of a function to compile that holds its `owned.owners`
GUARDED = "guarded *"  # a product that is zero where its first factor is (`rules/guarded.py`)
# What generated code calls
OURS = frozenset(
    {"math", "np", "linalg", "share_memory", "array_of", "unite", "unite_all", "digamma", "polygamma", "dsinc"}
    | {"stop_gradient", TAPE, *TAPES.values()}
)
RESERVED = {*keyword.kwlist, *dir(builtins), *OURS}  # and the functions of users' own rules, as they are declared


def base(version: str) -> str:
    """The name that `version` ("s@2", see `passes/ssa.py`) is a version of."""
    return version.partition("@")[0]


def bar(name: str) -> str:
    """The name of the adjoint of `name`."""
    return f"{name}_bar"


def dot(name: str) -> str:
    """The name of the tangent of `name`."""
    return f"{name}_dot"


def domain(name: str) -> str:
    """The name of the set of inputs that `name` depends on."""
    return f"{name}_domain"


def saved(name: str) -> str:
    """The name of the buffer that keeps `name`."""
    return f"{name}_saved"


def is_saved(name: str) -> bool:
    """Is `name` such a name, with or without a number behind it?"""
    return re.fullmatch(r".+_saved(_\d+)?", name) is not None


def kept(name: str) -> str:
    """The name of the copy of the array `name` as a call was given it."""
    return f"{name}_kept"


class Names:
    """Names in use within one generated function; `fresh` hands out new ones."""

    def __init__(self, taken: Iterable[str] = ()) -> None:
        self._taken = set(taken)
        self._next: dict[str, int] = {}

    def copy(self) -> Names:
        """The same names in use, from here on apart."""
        made = Names(self._taken)
        made._next = dict(self._next)
        return made

    def reserve(self, names: Iterable[str]) -> None:
        """Keep `names` from being handed out."""
        self._taken.update(names)

    def fresh(self, base: str) -> str:
        """`base` if it is free, else `base_1`, `base_2`, ..."""
        name = base
        number = self._next.get(base, 0)
        while name in self._taken or name in RESERVED:
            number += 1
            name = f"{base}_{number}"
        self._next[base] = number
        self._taken.add(name)
        return name

    def numbered(self, base: str) -> str:
        """`base1`, `base2`, ...: the next that is free."""
        number = self._next.get(base, 0)
        name = ""
        while not name or name in self._taken or name in RESERVED:
            number += 1
            name = f"{base}{number}"
        self._next[base] = number
        self._taken.add(name)
        return name
