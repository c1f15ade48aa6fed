"""The two sweeps, as `passes/adjoint.py` makes them and `passes/save.py` joins them into one function.

    forward: SSA form        blocks[body of the loop]: Reversed(shadows, bars, steps), naming versions: s@1, a@0
"""

from __future__ import annotations

from dataclasses import dataclass, field

from srcad.analysis.activity import Activity
from srcad.analysis.alias import Aliases
from srcad.analysis.places import Block, Places
from srcad.ir import Expr, Function, Stmt
from srcad.names import Names


@dataclass
class Forward:
    """The forward sweep in SSA form, and what is known of it."""

    function: Function
    inputs: tuple[str, ...]  # what is differentiated
    entries: dict[str, str]  # the version that each input has on entry
    aliases: Aliases
    active: Activity
    routes: dict[str, dict[str, Expr]]  # version -> for each operand that it may be, the condition that it is
    calls: set[str]  # the functions that are called by their forward sweeps
    names: Names


@dataclass
class Reversed:
    """The reverse of one body: shadows of the arrays made there, bars that start at zero, and the steps."""

    shadows: list[Stmt] = field(default_factory=list)
    bars: list[Stmt] = field(default_factory=list)
    steps: list[Stmt] = field(default_factory=list)


@dataclass
class Adjoint:
    """The forward sweep (SSA, with routes recorded) and its reverse, body by body."""

    forward: Function
    where: Places
    aliases: Aliases
    blocks: dict[Block, Reversed]
    gradients: dict[str, Expr]  # of each input asked for
    result: Expr  # what the function returns: the gradients, or what `api` makes of them and of the value
    names: Names
    calls: set[str]  # the functions that the forward sweep calls by their forward sweeps
    bars: dict[str, str]  # the names of the bars
    one_pass: dict[int, tuple[Stmt, ...]] = field(default_factory=dict)  # before loops that are reversed at once
    last: frozenset[int] = frozenset()  # loops of which only the last iteration that took a branch is reversed
    any_order: frozenset[int] = frozenset()  # loops whose iterations can be reversed in any order
    results: tuple[str, ...] = ()  # the bars of an external function's float results, which its caller gives
