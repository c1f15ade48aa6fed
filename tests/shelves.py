"""Random programs of lists for the fuzzer: which list a name stands for, and what is in it by now, are the point.

Lists of numbers, of lists and of arrays, with several names for each; put into one another, taken out again, exchanged,
copied, made anew in branches and loops that are left early; given to functions that call themselves and do the same to
them, and returned. What is read is read where there is something: `if len(a) > 1: s += a.pop()`.
"""

from __future__ import annotations

import random

from .generator import Program

__all__ = ["shelves"]

NUMBERS, TABLES, ARRAYS, HEAPS = ("a", "b", "c"), ("t", "u"), ("v", "w"), ("h",)
DEPTH = 2
Lines = list[str]


def shelves(seed: int, attempt: int = 0) -> Program:
    """The program of this seed."""
    return Program(seed, _Shelves(random.Random(f"shelves/{seed}/{attempt}")).text())


class _Shelves:
    def __init__(self, rng: random.Random) -> None:
        self.rng = rng
        self.helpers = rng.choice([0, 1, 1, 2])
        self.heaps = rng.random() < 0.4
        self.counter = 0

    def text(self) -> str:
        parts = ["import math\n\nimport numpy as np\n"]
        for k in range(self.helpers):
            head = f"def g{k}(a, b, t, v, s, n):"
            parts.append("\n".join([head, *_in(["c = b", "u = t", "w = v", *self.shelf(), *self.recursive(k)])]))
        start = [
            "v = x", "w = x * 0.5", "a = [x[0], x[1]]", "b = a" if self.chance(0.3) else "b = [x[2]]",
            "c = [s, s * x[0]]", "t = [a, [x[1], s]]", "u = [c]", *self.shelf(),
        ]  # fmt: skip
        body = [*start, *self.block(0, False, 7), "for row in t:", "    for e in row:", "        s += e * e * x[1]"]
        if self.heaps:
            body += ["for z in h:", "    s += z[0] * z[1]"]
        parts.append("\n".join(["def f(x, s):", *_in([*body, "return s + v[0] * w[1] + a[0] * len(u)"])]))
        numbers = ", ".join(f"{self.rng.uniform(-1.0, 1.5):.3f}" for _ in range(3))
        parts.append(f"ARGS = (np.array([{numbers}]), {self.rng.uniform(0.1, 1.2):.3f})\n")
        return "\n\n".join(parts)

    def shelf(self) -> Lines:
        return ["h = [v, w * 1.0]"] if self.heaps else []

    def recursive(self, k: int) -> Lines:
        end = self.rng.choice(["s", "s * a[0]", "s + b[-1]"])
        called = self.rng.randrange(self.helpers)
        call = [f"s = math.tanh(g{called}({self.given()}, n - 1)) * {self.factor()}"]
        return [
            *self.block(1, False, 3), "if n == 0:", f"    return {end}", *self.block(1, False, 2), *call,
            *self.block(1, False, 2), f"return s * {self.factor()} + {self.value()}",
        ]  # fmt: skip

    # ------------------------------------------------------------------ choices

    def chance(self, p: float) -> bool:
        return self.rng.random() < p

    def pick(self, names: tuple[str, ...]) -> str:
        return self.rng.choice(names)

    def fresh(self, name: str) -> str:
        self.counter += 1
        return f"{name}{self.counter}"

    def factor(self) -> str:
        return self.rng.choice(["0.7", "v[1]", "w[0]", "s"])

    def index(self, lst: str) -> str:
        return self.rng.choice(["0", "-1", f"len({lst}) // 2", f"len({lst}) - 1"])

    def item(self) -> str:
        """An item of a list that is never empty."""
        if self.chance(0.3):
            t = self.pick(TABLES)
            row = f"{t}[{self.index(t)}]"
            return f"{row}[{self.rng.choice(['0', '-1'])}]"
        a = self.pick(NUMBERS)
        return f"{a}[{self.index(a)}]"

    def value(self) -> str:
        one, two = self.item(), self.factor()
        return self.rng.choice([f"math.sin({one} * {two})", f"{one} * {two} * 0.5", f"math.tanh({one} + {two})", one])

    # ------------------------------------------------------------------ statements

    def block(self, depth: int, loop: bool, count: int) -> Lines:
        out: Lines = []
        for _ in range(self.rng.randint(max(count - 2, 1), count)):
            out += self.statement(depth, loop)
        return out

    def statement(self, depth: int, loop: bool) -> Lines:
        kinds = [self.number] * 5 + [self.table] * 5 + [self.sum] * 4 + [self.array] * 2
        if depth < DEPTH:
            kinds += [lambda: self.branch(depth, loop)] * 2 + [lambda: self.loop(depth)] * 3
        if depth == 0 and self.helpers:
            kinds += [self.call] * 4
        if loop:
            kinds += [self.leave]
        return self.rng.choice(kinds)()

    def sum(self) -> Lines:
        form = self.rng.choice(["s += {}", "s = math.tanh(s * {})", "s -= {} * s"])
        return [form.format(self.value())]

    def number(self) -> Lines:
        a, b, t = self.pick(NUMBERS), self.pick(NUMBERS), self.pick(TABLES)
        forms = [
            [f"{a}.append({self.value()})"], [f"{a}.append({self.value()})"], [f"{a} = {b}"], [f"{a} = {b}.copy()"],
            [f"{a} = [{self.value()}, {self.value()}]"], [f"{a}[{self.index(a)}] = {self.value()}"],
            [f"{a}[{self.index(a)}] *= {self.factor()}"], [f"{a} = {t}[{self.index(t)}]"],
            [f"if len({a}) > 1:", f"    s += {a}.pop() * {self.factor()}"],
            [f"if len({a}) > 1:", f"    {a}.pop()"],
            [f"while len({a}) > 2:", f"    s = math.sin(s + {a}.pop())"], [f"{a} = {b} + {t}[0]", f"{a} = {a}[:4]"],
            [f"s += sum({a}) * 0.1"], [f"if len({b}) < 9:", f"    {a} = {b}[::-1]"],
        ]  # fmt: skip
        return self.rng.choice(forms)

    def table(self) -> Lines:
        t, u, a = self.pick(TABLES), self.pick(TABLES), self.pick(NUMBERS)
        forms = [
            [f"{t}.append({a})"], [f"{t}.append([{self.value()}])"], [f"{t} = {u}"],
            [f"{t} = [{a}, {self.pick(NUMBERS)}]"], [f"{t}[{self.index(t)}] = {a}"],
            [f"{t}[{self.index(t)}].append({self.value()})"],
            [f"{t}[0], {t}[-1] = {t}[-1], {t}[0]"], [f"if len({t}) > 1:", f"    {a} = {t}.pop()"],
            [f"{t}[{self.index(t)}][0] = {self.value()}"], [f"{t} = {u}.copy()"], [f"{t} = {u}[:2]"],
            [f"{t}[-1][-1] *= {self.factor()}"],
            [f"if len({t}[0]) > 1:", f"    s += {t}[0].pop() * {t}[-1][0]"],
        ]  # fmt: skip
        return self.rng.choice(forms)

    def array(self) -> Lines:
        v, w = self.pick(ARRAYS), self.pick(ARRAYS)
        forms = [[f"{v} = {w} * {self.factor()}"], [f"{v}[1] = {self.value()}"], [f"{v} = {w}"]]
        if self.heaps:
            forms += [
                [f"h.append({v})"], [f"{v} = h[{self.index('h')}]"], [f"h[0] = {v} * s"],
                ["if len(h) > 1:", f"    {v} = h.pop()"],
            ]  # fmt: skip
        return self.rng.choice(forms)

    def call(self) -> Lines:
        return [f"s += g{self.rng.randrange(self.helpers)}({self.given()}, {self.rng.randint(0, 2)})"]

    def given(self) -> str:
        return ", ".join((*self.rng.choices(NUMBERS, k=2), self.pick(TABLES), self.pick(ARRAYS), self.value()))

    def branch(self, depth: int, loop: bool) -> Lines:
        test = self.rng.choice([f"{self.item()} > 0.3", f"s < {self.item()}", f"len({self.pick(NUMBERS)}) % 2 == 0"])
        out = [f"if {test}:", *_in(self.block(depth + 1, loop, 3))]
        return [*out, "else:", *_in(self.block(depth + 1, loop, 2))] if self.chance(0.5) else out

    def loop(self, depth: int) -> Lines:
        k = self.fresh("k")
        heads = [f"for {k} in range({self.rng.randint(1, 3)}):", f"for {k} in {self.pick(NUMBERS)}[:3]:"]
        body = self.block(depth + 1, True, 4)
        if self.chance(0.3):
            row = self.fresh("row")
            return [f"for {row} in {self.pick(TABLES)}[:2]:", f"    {self.pick(NUMBERS)} = {row}", *_in(body)]
        if self.chance(0.2):
            return [f"{k} = 0", f"while {k} < 2 and s < 4.0:", f"    {k} += 1", *_in(body)]
        return [self.rng.choice(heads), *_in(body)]

    def leave(self) -> Lines:
        how = self.rng.choice(["break", "break", "continue"])
        return [f"if s * s > {self.rng.choice(['0.2', '1.0', '3.0'])}:", f"    {how}"]


def _in(lines: Lines) -> Lines:
    return [f"    {line}" for line in lines]
