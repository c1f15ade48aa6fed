"""Random programs of nested control flow for the fuzzer: the ways through them, not what they compute, are the point.

Loops of every kind, left by break, continue, return and raise from any depth, also where that leaves nothing to run
behind it; chains of elif with exits in some of their arms; tests that are decided before the program runs; else behind
loops; variables that exist only on the ways that lead to where they are read; helpers that are left in the same ways,
called in conditions and in loops. `tests/generator.py` writes programs of every kind, `tests/kernels.py` loop nests.
"""

from __future__ import annotations

import random
from dataclasses import dataclass, field

from .generator import Program
from .inputs import Numbers

__all__ = ["maze"]

DEPTH = 4  # of statements inside statements
CALLS = 4  # in the whole program: each is read in place
OWN_FLOATS = "xstuzq"  # first letters of the names of floats
OWN_INTS = "nkijc"
Names = frozenset[str]  # the variables that are surely assigned


def maze(seed: int, attempt: int = 0) -> Program:
    """The program of this seed."""
    return Program(seed, Maze(random.Random(f"maze/{seed}/{attempt}")).text())


@dataclass
class Loop:
    """A loop around the statements being written."""

    counted: bool  # does it end although its body is left by continue?
    breaks: list[Names] = field(default_factory=list)  # what is assigned where it is left


@dataclass(frozen=True)
class Where:
    """The place of a statement: what surrounds it."""

    names: Names
    depth: int = 0
    loops: tuple[Loop, ...] = ()

    def inside(self, names: Names, *loops: Loop) -> Where:
        return Where(names, self.depth + 1, self.loops + loops)


@dataclass(frozen=True)
class Helper:
    """A function that the program may call."""

    name: str
    kind: str  # value, pair, inplace
    recursive: bool = False


@dataclass(frozen=True)
class Written:
    """Lines, and what is assigned where they end; None where they never do."""

    lines: list[str]
    names: Names | None


def meet(ends: list[Names | None]) -> Names | None:
    """What is assigned on every way that arrives."""
    arriving = [names for names in ends if names is not None]
    return frozenset.intersection(*arriving) if arriving else None


def indent(lines: list[str]) -> list[str]:
    return ["    " + line for line in lines]


class Maze:
    """Writes one program."""

    def __init__(self, rng: random.Random) -> None:
        self.rng = rng
        self.counter = 0
        self.budget = 0  # statements left to the function being written
        self.calls = CALLS
        self.helpers: list[Helper] = []
        self.writing = Helper("f", "value")  # the function being written

    def chance(self, p: float) -> bool:
        return self.rng.random() < p

    def pick(self, *items: str) -> str:
        return self.rng.choice(items)

    def fresh(self, prefix: str) -> str:
        self.counter += 1
        return f"{prefix}{self.counter}"

    # --- expressions -------------------------------------------------------------------------------------------------

    def floats(self, names: Names) -> list[str]:
        return sorted(x for x in names if x[0] in OWN_FLOATS)

    def ints(self, names: Names) -> list[str]:
        return sorted(k for k in names if k[0] in OWN_INTS)

    def index(self, names: Names) -> str:
        return self.pick("0", "2", "-1", f"{self.rng.choice(self.ints(names))} % 4")

    def atom(self, names: Names) -> str:
        r = self.rng.random()
        if r < 0.62:
            return self.rng.choice(self.floats(names))
        if r < 0.85:
            return f"{self.pick('v', 'w')}[{self.index(names)}]"
        return self.pick("0.5", "1.3", "0.0", "1.0", "LIMIT", f"0.1 * {self.rng.choice(self.ints(names))}")

    def expr(self, names: Names, depth: int = 2) -> str:
        if depth <= 0 or self.chance(0.35):
            return self.atom(names)
        if self.chance(0.08) and (call := self.call(names, "value")):
            return call
        a, b = self.expr(names, depth - 1), self.expr(names, depth - 1)
        if self.chance(0.1):
            return f"({a} if {self.condition(names, depth - 1)} else {b})"
        return self.pick(
            f"({a} + {b})", f"({a} - {b})", f"0.5 * {a} * {b}", f"math.sin({a})", f"math.tanh({a})",
            f"{a} / (2.0 + {b} * {b})", f"max({a}, {b})", f"min({a}, {b})", f"abs({a})",
        )  # fmt: skip

    def condition(self, names: Names, depth: int = 1) -> str:
        r = self.rng.random()
        if r < 0.07:  # decided beforehand
            test = self.pick("True", "False", "DEBUG", "not DEBUG", "LIMIT > 0.3", "0.5 > 1.0", "1", "not 1")
        elif r < 0.27:
            k = self.rng.choice(self.ints(names))
            test = self.pick(f"{k} > 1", f"{k} < {self.rng.randint(0, 3)}", f"{k} % 2", f"{k} == 2", f"not {k} % 3")
        elif r < 0.32:
            test = f"-0.7 < {self.expr(names, depth)} < {self.atom(names)}"
        else:
            test = f"{self.expr(names, depth)} {self.pick('<', '>', '<=', '>=')} {self.pick('0.3', '-0.2', '0.0')}"
            if self.chance(0.3):
                test = f"{self.expr(names, depth)} {self.pick('<', '>')} {self.atom(names)}"
        if depth and self.chance(0.2):
            test = f"({test} {self.pick('and', 'or')} {self.condition(names, depth - 1)})"
        return f"not {test}" if self.chance(0.05) else test

    def call(self, names: Names, kind: str) -> str | None:
        usable = [h for h in self.helpers if h.kind == kind]
        if not usable or not self.calls:
            return None
        self.calls -= 1
        h = self.rng.choice(usable)
        if kind == "inplace":
            return f"{h.name}({self.atom(names)}, {self.pick('w', 'w', 'v')}, {self.rng.choice(self.ints(names))})"
        n = str(self.rng.randint(0, 2)) if h.recursive else self.rng.choice(self.ints(names))
        return f"{h.name}({self.atom(names)}, {self.expr(names, 1)}, {self.pick('v', 'w', 'w[::-1]')}, {n})"

    # --- statements --------------------------------------------------------------------------------------------------

    def block(self, w: Where, most: int = 3) -> Written:
        """Some statements. Behind one that leaves the block there are sometimes more, which nothing reaches."""
        lines: list[str] = []
        names, reached = w.names, True
        for _ in range(self.rng.randint(1, most)):
            if self.budget <= 0:
                break
            self.budget -= 1
            written = self.statement(Where(names, w.depth, w.loops))
            lines += written.lines
            if written.names is not None:
                names = written.names
                continue
            reached = False
            if self.chance(0.7):
                break
        if not lines:
            lines = [f"s += {self.expr(names, 1)}"]
        if reached and w.loops and self.chance(0.2):
            last = self.leave(Where(names, w.depth, w.loops))
            lines, reached = lines + last.lines, False
        return Written(lines, names if reached else None)

    def statement(self, w: Where) -> Written:
        r = self.rng.random()
        if r < (0.20 if w.loops else 0.33) and w.depth < DEPTH and len(w.loops) < 2:
            return self.for_loop(w) if self.chance(0.6) else self.while_loop(w)
        if r < 0.48 and w.depth < DEPTH:
            return self.chain(w)
        if r < 0.60 and w.loops and w.depth < DEPTH:
            left = self.leave(w.inside(w.names))
            return Written([f"if {self.condition(w.names)}:", *indent(left.lines)], w.names)
        if r < (0.65 if w.loops else 0.51) and w.depth:
            return self.leave(w)
        return self.plain(w.names)

    def leave(self, w: Where) -> Written:
        """A statement behind which the block does not go on."""
        loop = w.loops[-1] if w.loops else None
        words = [*["return"] * 5, "raise"] if loop is None else ["return", *["break"] * 5]
        if loop is not None and loop.counted:
            words += ["continue"] * 4
        word = self.rng.choice(words)
        if word == "break" and loop is not None:
            loop.breaks.append(w.names)
        lines = {"return": self.result(w.names), "raise": 'raise ValueError("no way")'}
        return Written([lines.get(word, word)], None)

    def result(self, names: Names) -> str:
        if self.writing.kind == "inplace":
            return "return"
        if self.writing.kind == "pair":
            return f"return {self.expr(names)}, {self.atom(names)} + s"
        return f"return {self.expr(names)} + s"

    def plain(self, names: Names) -> Written:
        """A statement without statements inside."""
        r = self.rng.random()
        if r < 0.18:
            return Written([f"w[{self.index(names)}] {self.pick('=', '+=', '-=', '*=')} {self.expr(names)}"], names)
        if r < 0.28:
            return Written([self.pick("k += 1", "k += 1", f"k = ({self.rng.choice(self.ints(names))} + 1) % 5")], names)
        if r < 0.36:
            return Written([self.pick("s, t = t, ", "t, u = s, ") + self.expr(names)], names)
        if r < 0.42 and (call := self.call(names, "inplace")):
            return Written([call], names)
        if r < 0.50 and (call := self.call(names, "pair")):
            return Written([f"{self.pick('s', 't')}, z1 = {call}"], names | {"z1"})
        if r < 0.68:
            z = self.pick("z1", "z2", "z3")
            return Written([f"{z} = {self.expr(names)}"], names | {z})
        x = self.rng.choice(self.floats(names))
        return Written([f"{x} {self.pick('=', '+=', '-=')} {self.expr(names)}"], names)

    def chain(self, w: Where) -> Written:
        lines: list[str] = []
        ends: list[Names | None] = []
        for word in ["if", *["elif"] * self.rng.choice([0, 0, 0, 1, 1, 2])]:
            arm = self.block(w.inside(w.names))
            lines += [f"{word} {self.condition(w.names)}:", *indent(arm.lines)]
            ends.append(arm.names)
        if self.chance(0.5):
            arm = self.block(w.inside(w.names))
            lines += ["else:", *indent(arm.lines)]
            ends.append(arm.names)
        else:
            ends.append(w.names)
        return Written(lines, meet(ends))

    def for_loop(self, w: Where) -> Written:
        i = self.pick("i", "i", "j") if not w.loops else self.pick("j", "j", "i")
        names = w.names | {i}
        r = self.rng.random()
        if r < 0.65:
            head = self.pick("n", "3", "1, 4", "n, 0, -1", "len(v)", "0", "k % 4", "n - 1, n + 1")
            lines = [f"for {i} in range({head}):"]
        elif r < 0.85:
            q = self.fresh("q")
            lines, names = [f"for {i}, {q} in enumerate({self.pick('v', 'w', 'v[1:]')}):"], names | {q}
        else:
            q = self.fresh("q")
            lines, names = [f"for {q} in {self.pick('v', 'w', '(s, t, 0.4)')}:"], w.names | {q}
        loop = Loop(counted=True)
        lines += indent(self.block(w.inside(names, loop)).lines)
        return self.behind(w, Written(lines, w.names), loop)

    def while_loop(self, w: Where) -> Written:
        """A loop that ends because it counts, or because its body always leaves it."""
        c, n = self.fresh("c"), self.rng.randint(1, 4)
        names = w.names | {c}
        counted = self.chance(0.75)
        lines, loop = [f"{c} = 0"] if counted else [], Loop(counted)
        r = self.rng.random()
        if not counted:
            names = w.names
            lines.append(f"while {self.pick('True', '1', self.condition(w.names))}:")
        elif r < 0.3:
            loop.breaks.append(names)
            lines += ["while True:", f"    {c} += 1", f"    if {c} > {n}:", "        break"]
        elif r < 0.45:
            z = self.pick("z1", "z2")
            names = names | {z}
            lines += [f"while ({z} := {self.expr(names - {z})}) < 1.5 and {c} < {n}:", f"    {c} += 1"]
        else:
            further = self.pick("", f" and {self.condition(names, 0)}", " and s < 5.0")
            lines += [f"while {c} < {n}{further}:", f"    {c} += 1"]
        body = self.block(w.inside(names, loop))
        lines += indent(body.lines)
        if not counted:
            loop.breaks.append(body.names or names)
            lines.append("    break")
        forever = any(line in ("while True:", "while 1:") for line in lines)
        return self.behind(w, Written(lines, None if forever else names), loop)

    def behind(self, w: Where, loop_text: Written, loop: Loop) -> Written:
        """What follows a loop that ends of itself with these names, or never: its else."""
        if not self.chance(0.25):
            return Written(loop_text.lines, meet([loop_text.names, *loop.breaks]))
        other = self.block(w.inside(loop_text.names or w.names), 2)
        end = None if loop_text.names is None else other.names
        return Written([*loop_text.lines, "else:", *indent(other.lines)], meet([end, *loop.breaks]))

    # --- functions ---------------------------------------------------------------------------------------------------

    def function(self, head: list[str], names: Names, budget: int) -> list[str]:
        """Statements until the budget is spent, and a return."""
        lines, self.budget = list(head), budget
        reached = True
        while self.budget > 0:
            self.budget -= 1
            written = self.statement(Where(names))
            lines += written.lines
            if written.names is None:
                reached = False
                break
            names = written.names
        if reached or self.chance(0.3):
            lines.append(self.last(names))
        return indent(lines)

    def last(self, names: Names) -> str:
        if self.writing.kind == "value":
            rest = "".join(f" + {0.3 + 0.2 * k:.1f} * {z}" for k, z in enumerate(self.floats(names)) if z[0] in "zq")
            return f"return s + t * u + w[1] * w[3] * x0{rest}"
        return self.result(names)

    def helper(self) -> list[str]:
        """A function with ways of its own."""
        h = Helper(self.fresh("h"), self.pick("value", "value", "value", "pair", "inplace"))
        recursive = h.kind == "value" and self.chance(0.2)
        self.writing = h
        if h.kind == "inplace":
            head, names = [f"def {h.name}(x0, w, n):"], frozenset({"x0", "n", "s", "t", "u", "k"})
            start = ["v = w[:4]", "s = t = 0.5 * x0", "u = 0.0", "k = 0"]
        else:
            head, names = [f"def {h.name}(x0, x1, v, n):"], frozenset({"x0", "x1", "n", "s", "t", "u", "k"})
            start = ["w = np.ones(4)", "s = 0.3 * x1", "t = x0", "u = 1.0", "k = n"]
        if recursive:
            again = f"{h.name}(s, {self.expr(names, 1)}, v, n - 1)"
            start += [f"if n < 1:", f"    return {self.expr(names)}", f"u = math.sin({again})"]  # noqa: F541
        lines = self.function(start, names, self.rng.randint(2, 7))
        self.helpers.append(Helper(h.name, h.kind, recursive))
        return [*head, *lines]

    def text(self) -> str:
        numbers = Numbers(self.rng)
        head = ["import math", "", "import numpy as np", ""]
        head += [f"DEBUG = {self.pick('True', 'False')}", "LIMIT = 0.4", "", ""]
        for _ in range(self.rng.choice([0, 0, 0, 1, 1, 2])):
            head += [*self.helper(), "", ""]
        self.writing = Helper("f", "value")
        array = self.pick("np.ones(4)", "np.ones(4)", "v.copy()", "v[::-1]", "v")
        start = ["s = 0.3 * x1", "t = x0 * x1", "u = 1.0 + x0", f"k = {self.pick('n - 3', '0', '2')}", f"w = {array}"]
        names = frozenset({"x0", "x1", "n", "s", "t", "u", "k"})
        body = self.function(start, names, self.rng.randint(6, 20))
        values = f"{numbers.draw()!r}, {numbers.draw()!r}, np.array({[numbers.draw() for _ in range(4)]})"
        args = f"ARGS = ({values}, {self.rng.randint(0, 4)})"
        return "\n".join([*head, "def f(x0, x1, v, n):", *body, "", "", args, ""])
