"""Small random loop nests for the fuzzer: what is reversed in one pass, in any order, or by its last word, and what
only looks so. `tests/generator.py` writes programs of every kind; these are dense in sums, scratch arrays, triangular
loops, elements of an iteration's own, indices that count from the end, and code after a loop that meddles with it.
"""

from __future__ import annotations

import random

from .generator import Program
from .inputs import Numbers

__all__ = ["kernel"]

N = 5  # the length of every array
ARRAYS = ("x", "y", "z", "w")
VIEWS = ("x[1:]", "x[:-1]", "z[1:4]", "z[::-1]", "m[1]", "m[:, 2]", "w[:3]", "x", "z", "m.T[3]")
SUMS = ("s", "t", "u")
RESULTS = ("s", "2.0 * s - t", "s * t", "s + t + u", "s + z[1] * w[2]", "t - x[0] * u", "math.sin(s) + u",
           "s / (2.0 + t * t)")  # fmt: skip


def kernel(seed: int, attempt: int = 0) -> Program:
    """The program of this seed."""
    return Program(seed, Kernel(random.Random(f"kernel/{seed}/{attempt}")).text())


class Kernel:
    """Writes one program."""

    def __init__(self, rng: random.Random) -> None:
        self.rng = rng
        self.temporaries: list[str] = []  # floats that are surely assigned
        self.indices: list[str] = []  # ints, of any value
        self.ranged: set[str] = set()  # those of them that are inside the arrays, counted from either end
        self.views: dict[str, int] = {}
        self.counter = 0
        self.sums = self.chance(0.5)  # is there hardly anything but sums, temporaries and scratch arrays?

    def pick(self, *items: str) -> str:
        return self.rng.choice(items)

    def chance(self, p: float) -> bool:
        return self.rng.random() < p

    def fresh(self, prefix: str) -> str:
        self.counter += 1
        return f"{prefix}{self.counter}"

    # ------------------------------------------------------------------ expressions

    def index(self, plain: float = 0.5) -> str:
        if not self.indices:
            return str(self.rng.randint(-N, N - 1))
        i = self.rng.choice(self.indices)
        if i in self.ranged and self.chance(plain):
            return i
        j = self.rng.choice(self.indices)
        return self.pick(
            f"({i} + {j}) % {N}", f"({i} - {j}) % {N}", f"({i} + 1) % {N}", f"({i} - 3) % -{N}",
            f"({i} * 2) % {N}", f"{i} % {N} - 1", f"-({i} % {N})", f"{N - 1} - {i} % {N}",
            f"max({i} % {N} - 2, 0)", str(self.rng.randint(-2, 2)),
        )  # fmt: skip

    def element(self) -> str:
        if self.views and self.chance(0.25):
            v = self.rng.choice(sorted(self.views))
            return f"{v}[{self.rng.choice(self.indices)} % {self.views[v]}]" if self.indices else f"{v}[0]"
        if self.chance(0.25):
            return f"m[{self.index()}, {self.index()}]"
        return f"{self.pick(*ARRAYS)}[{self.index()}]"

    def atom(self) -> str:
        if self.temporaries and self.chance(0.45):
            return self.rng.choice(self.temporaries)
        if self.chance(0.08) and self.indices:
            return f"0.1 * {self.rng.choice(self.indices)}"
        return self.element()

    def expr(self, depth: int = 1) -> str:
        a = self.atom() if depth == 0 or self.chance(0.2) else self.expr(depth - 1)
        b = self.atom()
        return self.pick(
            a, f"{a} * {b}", f"({a} - {b})", f"math.sin({a} * {b})", f"math.exp(-{a} * {a})", f"{a} * {a}",
            f"{a} / (1.5 + {b} * {b})", f"-{a}", f"math.sqrt(1.0 + {a} * {a})", f"max({a}, {b})",
            f"({a} if {b} > 0.1 else {b} * 0.5)", f"0.5 * {a}",
        )  # fmt: skip

    # ------------------------------------------------------------------ statements

    def block(self, depth: int, pad: str, count: int) -> list[str]:
        lines: list[str] = []
        for _ in range(count):
            lines += [pad + line for line in self.statement(depth)]
        return lines

    def statement(self, depth: int) -> list[str]:
        r = self.rng.random() * (0.72 if self.sums else 1.0)
        if r < 0.30:
            return [f"{self.pick(*SUMS)} {self.pick('+=', '-=')} {self.expr()}"]
        if r < 0.45:
            return self.temporary()
        if r < (0.62 if depth else 0.8) and depth < 3:
            return self.loop(depth)
        if r < 0.68 and depth < 3:
            return self.scratch(depth)
        if r < 0.78:
            return [self.store()]
        if r < 0.86:
            return self.branch(depth)
        if r < 0.90:
            return self.view()
        if r < 0.93 and self.indices:
            return self.counter_moves()
        if r < 0.96:
            return [f"{self.pick(*SUMS)} = {self.expr()}"] if self.chance(0.6) else self.best()
        return [f"{self.pick(*SUMS)} = math.sin({self.pick(*SUMS)}) * {self.atom()}"]

    def temporary(self) -> list[str]:
        name = self.rng.choice(self.temporaries) if self.temporaries and self.chance(0.3) else self.fresh("a")
        value = self.expr()
        if name not in self.temporaries:
            self.temporaries.append(name)
        elif self.chance(0.4):
            value = f"0.5 * {name} + {value}"
        return [f"{name} = math.tanh({value})"]

    def store(self) -> str:
        if self.views and self.chance(0.25):
            v = self.rng.choice(sorted(self.views))
            target = f"{v}[{self.rng.choice(self.indices)} % {self.views[v]}]" if self.indices else f"{v}[-1]"
        elif self.chance(0.2):
            target = f"m[{self.index()}, {self.index()}]"
        else:
            target = f"{self.pick(*ARRAYS)}[{self.index(0.8)}]"
        op = self.pick("=", "=", "+=", "-=", "*=")
        return f"{target} {op} {f'math.cos({self.expr(1)})' if op == '*=' else f'math.tanh({self.expr()})'}"

    def branch(self, depth: int) -> list[str]:
        test = f"{self.atom()} > {self.rng.uniform(-0.5, 0.5):.2f}"
        if self.indices and self.chance(0.4):
            test = f"{self.rng.choice(self.indices)} % {self.rng.randint(2, 3)} == 0"
        before = list(self.temporaries), dict(self.views)
        lines = [f"if {test}:", *self.block(depth + 1, "    ", self.rng.randint(1, 2))]
        self.temporaries, self.views = list(before[0]), dict(before[1])
        if self.chance(0.4):
            lines += ["else:", *self.block(depth + 1, "    ", self.rng.randint(1, 2))]
            self.temporaries, self.views = before
        return lines

    def view(self) -> list[str]:
        what = self.pick(*VIEWS)
        if self.views and self.chance(0.3):
            what = self.rng.choice(sorted(self.views))
        length = {"x[1:]": N - 1, "x[:-1]": N - 1, "z[1:4]": 3, "w[:3]": 3}.get(what, self.views.get(what, N))
        name = self.fresh("v")
        self.views[name] = length
        return [f"{name} = {what}"]

    def counter_moves(self) -> list[str]:
        if "k" not in self.indices:
            return []
        return [self.pick("k += 1", "k -= 2", f"k = {self.rng.choice(self.indices)}", "k = 3 - k")]

    def best(self) -> list[str]:
        name = self.pick(*SUMS)
        lines = [f"d = {self.expr()}", f"if d < {name}:", f"    {name} = d"]
        if self.chance(0.4):
            lines.append(f"    {self.pick(*(n for n in SUMS if n != name))} = {self.atom()}")
        return lines

    def scratch(self, depth: int) -> list[str]:
        """An array filled, wholly or nearly so, and used."""
        j = self.fresh("j")
        every = f"range({N})"
        whole = self.pick(every, every, every, f"range(1, {N})", f"range({N - 1})", f"range({N - 1}, -1, -1)")
        array = self.pick("w", "w", "z")
        lines = ["w = np.zeros(5)"] if array == "w" and self.chance(0.15) else []
        self.indices.append(j)
        self.ranged.add(j)
        inner = f"{array}[{j}] = math.tanh({self.expr()})"
        test = [f"    if {self.atom()} < 0.9:", f"        {inner}"] if self.chance(0.15) else [f"    {inner}"]
        lines += [f"for {j} in {whole}:", *test]
        lines += [f"for {j} in range({N}):", f"    {self.pick(*SUMS)} += {array}[{j}] * {self.expr(1)}"]
        self.indices.remove(j)
        self.ranged.discard(j)
        return lines

    def loop(self, depth: int) -> list[str]:
        before = list(self.temporaries), dict(self.views), list(self.indices)
        i = self.fresh("i")
        outer = [k for k in self.indices if k in self.ranged]
        body_count = self.rng.randint(1, 4 if depth < 2 else 2)
        head = self.pick(
            f"range({N})", f"range({N})", f"range({N - 1}, -1, -1)", f"range(1, {N})", "range(-2, 3)",
            "range(2, -3, -1)", f"range(0, {N}, 2)", "range(3, 1)", "range(n)", "range(n - 1, -1, -1)", "range(len(x))",
        )  # fmt: skip
        if outer and self.chance(0.5):
            o = self.rng.choice(outer)
            head = self.pick(
                f"range({o})", f"range({o} + 1, {N})", f"range({o}, -1, -1)", f"range({o} - 1, {o} + 1)",
                f"range({N} - 1 - {o})", f"range({N - 1}, {o}, -1)", f"range(-{o}, {o})",
                f"range(max({o} - 1, 0), min({o} + 2, {N}))",
            )  # fmt: skip
        if self.chance(0.12):
            lines = [f"{i} = {self.rng.randint(-2, 1)}", f"while {i} < {self.rng.randint(2, 4)}:"]
            tail = [f"    {i} += 1"]
        else:
            lines, tail = [f"for {i} in {head}:"], []
        self.indices.append(i)
        if "range(-" not in head or "range(-2" in head:
            self.ranged.add(i)
        body = self.block(depth + 1, "    ", body_count)
        if self.chance(0.08) and not tail:
            body.insert(self.rng.randrange(len(body) + 1), "")
            k = next(k for k, line in enumerate(body) if not line)
            body[k] = f"    if {self.pick(*SUMS)} > 1.7: {self.pick('break', 'continue')}"
            if k + 1 < len(body) and body[k + 1].startswith("        "):
                del body[k]
        lines += body + tail
        self.ranged.discard(i)
        self.temporaries, self.views, self.indices = before
        return lines

    def text(self) -> str:
        pad = "    "
        start = [f"{n} = {self.pick('0.0', '0.0', '0.0', 'y[0]', '1.0')}" for n in SUMS]
        start += ["z = np.ones(5)" if self.chance(0.7) else "z = y.copy()", "w = np.zeros(5)"]
        start.append(f"k = {self.rng.randint(-1, 3)}")
        self.indices.append("k")
        body = self.block(0, pad, self.rng.randint(0, 2))
        body += [pad + line for line in self.loop(0)]
        body += self.block(0, pad, self.rng.randint(0, 2))
        result = self.pick(*RESULTS)
        numbers = Numbers(self.rng)
        values = [[numbers.draw() for _ in range(N)] for _ in range(2 + N)]
        n = self.rng.choice([5, 5, 4, 0])
        body = [*(pad + line for line in start), *body, f"{pad}return {result}"]
        args = f"ARGS = (np.array({values[0]}), np.array({values[1]}), np.array({values[2:]}), {n})"
        head = ["import math", "", "import numpy as np", "", "", "def f(x, y, m, n):"]
        return "\n".join([*head, *body, "", "", args, ""])
