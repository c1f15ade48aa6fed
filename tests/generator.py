"""Random programs for the fuzzer: `generate(seed)` writes one, as source text, with its arguments.

A program is a module with helpers, a function `f` and a tuple `ARGS`. It terminates (every loop has a bounded trip
count), indexes inside its arrays (constants and loop variables within known ranges, everything else modulo the length),
reads only variables that are surely assigned, keeps each variable to one type as Numba asks, and keeps magnitudes
moderate. What it contains is drawn at random: nested loops of every kind, break, continue, else, early returns,
branches, in-place writes, views, slices, aliases and swaps, lists, tuples, helpers of every kind, recursion, min, max,
abs and mathematical functions inside their domains.

Bounds on magnitudes are estimates that keep most programs in range; the fuzzer discards the rest.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass, field, replace

from .inputs import Numbers

__all__ = ["Program", "generate"]

BOUND = 3.0  # a float variable is taken to be within this
TRIPS = 60  # the product of the trip counts of nested loops stays below about this


@dataclass(frozen=True)
class Program:
    """The text of a module that defines `f` and `ARGS`."""

    seed: int
    source: str


@dataclass(frozen=True)
class Index:
    """What is known of an int variable: low <= value <= high, or 0 <= value < len(array)."""

    low: int | None = None
    high: int | None = None
    array: str | None = None


@dataclass(frozen=True)
class Helper:
    """A function that the program may call."""

    name: str
    kind: str  # scalar, pair, inplace, fresh, recursive, descend, inner
    params: tuple[str, ...] = ()


@dataclass
class Scope:
    """The variables that are surely assigned at a point of a function, by type."""

    floats: set[str] = field(default_factory=set)
    ints: dict[str, Index] = field(default_factory=dict)
    bools: set[str] = field(default_factory=set)
    arrays: dict[str, int | None] = field(default_factory=dict)  # 1-D: length, None where it is not known
    matrices: dict[str, tuple[int, int]] = field(default_factory=dict)
    int_arrays: dict[str, int] = field(default_factory=dict)
    lists: dict[str, int] = field(default_factory=dict)  # least length
    tuples: dict[str, int] = field(default_factory=dict)
    pairs: set[str] = field(default_factory=set)  # namedtuples

    def copy(self) -> Scope:
        return Scope(
            set(self.floats), dict(self.ints), set(self.bools), dict(self.arrays), dict(self.matrices),
            dict(self.int_arrays), dict(self.lists), dict(self.tuples), set(self.pairs),
        )  # fmt: skip

    def meet(self, other: Scope) -> Scope:
        """What is assigned on both of two paths."""

        def common(a: dict, b: dict) -> dict:
            return {k: v for k, v in a.items() if k in b and b[k] == v}

        return Scope(
            self.floats & other.floats,
            {k: v if other.ints[k] == v else Index() for k, v in self.ints.items() if k in other.ints},
            self.bools & other.bools,
            common(self.arrays, other.arrays),
            common(self.matrices, other.matrices),
            common(self.int_arrays, other.int_arrays),
            {k: min(v, other.lists[k]) for k, v in self.lists.items() if k in other.lists},
            common(self.tuples, other.tuples),
            self.pairs & other.pairs,
        )


@dataclass(frozen=True)
class Where:
    """The place of a statement: what surrounds it."""

    depth: int = 0
    trips: int = 1
    in_loop: bool = False
    frozen: frozenset[str] = frozenset()  # names that must not be assigned, appended to or rebound here
    returns: int = 1  # how many floats a return gives; 0: no early return here


class Generator:
    """Writes the functions of one program."""

    def __init__(self, seed: int, attempt: int) -> None:
        self.rng = random.Random(f"{seed}/{attempt}")
        self.helpers: list[Helper] = []
        self.counter = 0
        self.size = self.rng.choice([0.5, 1.0, 1.0, 1.6])  # of the program
        self.numbers = Numbers(self.rng)

    # --- small things ------------------------------------------------------------------------------------------------

    def chance(self, p: float) -> bool:
        return self.rng.random() < p

    def pick(self, items: object) -> str:
        return self.rng.choice(sorted(items))  # type: ignore[call-overload,no-any-return]

    def fresh(self, prefix: str) -> str:
        self.counter += 1
        return f"{prefix}{self.counter}"

    def constant(self) -> str:
        return repr(round(self.rng.uniform(-1.5, 1.5), 2) or 0.5)

    def number(self) -> str:
        """A random argument."""
        return repr(self.numbers.draw())

    # --- ints and indices --------------------------------------------------------------------------------------------

    def some_int(self, s: Scope) -> str:
        """An int expression of any sign and moderate size."""
        choices = sorted(s.ints)
        if s.int_arrays and self.chance(0.2):
            name = self.pick(s.int_arrays)
            return f"{name}[{self.index(s, name, s.int_arrays[name])}]"
        if not choices or self.chance(0.15):
            return str(self.rng.randint(0, 4))
        k = self.rng.choice(choices)
        return self.rng.choice([k, k, k, f"({k} + 1)", f"({k} * 2 + 1)", f"({k} // 2)", f"(3 - {k})"])

    def index(self, s: Scope, name: str, length: int | None) -> str:
        """An index that is inside the array (list) `name` of this length."""
        fitting = [k for k, v in sorted(s.ints.items()) if self.fits(v, name, length)]
        if fitting and self.chance(0.7):
            k = self.rng.choice(fitting)
            known = s.ints[k]
            if length is not None and known.low is not None and known.high is not None:
                shifted = [f"{k} - 1"] if known.low - 1 >= -length else []
                shifted += [f"{k} + 1"] if known.high + 1 < length else []
                shifted += [f"{length - 1} - {k}"] if known.low >= 0 else []
                if shifted and self.chance(0.3):
                    return self.rng.choice(shifted)
            return k
        size = str(length) if length is not None and self.chance(0.6) else f"len({name})"
        if self.chance(0.35) and (s.ints or s.int_arrays):
            return f"({self.some_int(s)}) % {size}"
        if self.chance(0.08) and s.floats:
            return f"int(abs({self.pick(s.floats)}) * 2.0) % {size}"
        if length is None:
            return self.rng.choice(["0", "-1", f"{name}_n - 1" if f"{name}_n" in s.ints else "0"])
        return str(self.rng.randrange(-length, length))

    @staticmethod
    def fits(v: Index, name: str, length: int | None) -> bool:
        if v.array == name:
            return True
        return length is not None and v.low is not None and v.high is not None and -length <= v.low and v.high < length

    def element(self, s: Scope) -> str | None:
        """An element of some array, matrix, list or tuple."""
        kinds: list[Callable[[], str]] = []
        if s.arrays:
            a = self.pick(s.arrays)
            kinds += [lambda: f"{a}[{self.index(s, a, s.arrays[a])}]"] * 4
        if s.matrices:
            m = self.pick(s.matrices)
            kinds += [lambda: self.matrix_element(s, m)] * 2
        if s.lists:
            v = self.pick(s.lists)
            kinds.append(lambda: f"{v}[{self.list_index(s, v)}]")
        if s.tuples:
            t = self.pick(s.tuples)
            kinds.append(lambda: f"{t}[{self.rng.randrange(-s.tuples[t], s.tuples[t])}]")
        if s.pairs:
            p = self.pick(s.pairs)
            kinds.append(lambda: self.rng.choice([f"{p}.x", f"{p}.y", f"{p}[0]", f"{p}[1]"]))
        return self.rng.choice(kinds)() if kinds else None

    def matrix_element(self, s: Scope, m: str) -> str:
        rows, columns = s.matrices[m]
        i, j = self.index(s, f"{m}[0]", rows), self.index(s, f"{m}[0]", columns)
        i = i.replace(f"len({m}[0])", str(rows))
        return f"{m}[{i}, {j}]" if self.chance(0.85) else f"{m}[{i}][{j}]"

    def list_index(self, s: Scope, v: str) -> str:
        least = s.lists[v]
        if self.chance(0.5):
            return str(self.rng.randrange(-least, least))
        return f"({self.some_int(s)}) % len({v})"

    # --- floats ------------------------------------------------------------------------------------------------------

    def atom(self, s: Scope) -> tuple[str, float]:
        r = self.rng.random()
        if r < 0.45 and s.floats:
            return self.pick(s.floats), BOUND
        if r < 0.85 and (e := self.element(s)) is not None:
            return e, BOUND
        if r < 0.92 and s.ints:
            k = self.pick(s.ints)
            return self.rng.choice([f"0.1 * {k}", f"float({k}) * 0.2", f"({k} + 1) / 4"]), 1.5
        if s.floats:
            return self.pick(s.floats), BOUND
        return self.constant(), 1.5

    def expr(self, s: Scope, depth: int = 2) -> tuple[str, float]:
        """A float expression, and a rough bound on its magnitude."""
        if depth <= 0 or self.chance(0.12):
            return self.atom(s)
        a, m = self.expr(s, depth - 1)
        kind = self.rng.random()
        if kind < 0.40:
            b, n = self.expr(s, depth - 1)
            op = self.rng.choice("+-***")
            return f"({a} {op} {b})", m * n if op == "*" else m + n
        if kind < 0.46:
            b, n = self.expr(s, depth - 1)
            below = self.rng.choice([f"(1.5 + abs({b}))", f"(2.0 + {b} * {b})", f"(2.5 + math.sin({b}))"])
            return f"{a} / {below}", m
        if kind < 0.70:
            return self.function(a, m, *self.expr(s, depth - 1))
        if kind < 0.78:
            b, n = self.expr(s, depth - 1)
            fn = self.rng.choice(["min", "max", "max", "np.maximum", "np.minimum"])
            if fn in ("min", "max") and self.chance(0.3):
                return f"{fn}({a}, {b}, {self.constant()})", max(m, n, 1.5)
            return f"{fn}({a}, {b})", max(m, n)
        if kind < 0.82:
            return self.rng.choice([f"abs({a})", f"(-{a})", f"math.fabs({a})"]), m
        if kind < 0.87:
            b, n = self.expr(s, depth - 1)
            return f"({a} if {self.condition(s)} else {b})", max(m, n)
        if kind < 0.90:
            power = self.rng.choice(["2", "3", "2.0", "1.5", "-1", "0.5"])
            base = a if power in ("2", "3", "2.0") else f"(1.2 + abs({a}))"
            return f"({base})**{power}", min(m, 4.0) ** 3
        if kind < 0.91 and s.ints:
            return f"math.tanh({a}) ** (({self.pick(s.ints)}) % 4)", 1.0
        return self.call(s, depth) or (a, m)

    def function(self, a: str, m: float, b: str, n: float) -> tuple[str, float]:
        """A mathematical function of `a`, or of `a` and `b`, inside its domain."""
        mod = "np." if self.chance(0.2) else "math."
        inverse = {"math.": ("asin", "acos", "atan2"), "np.": ("arcsin", "arccos", "arctan2")}[mod]
        table = [
            (f"{mod}sin({a})", 1.0),
            (f"{mod}cos({a})", 1.0),
            (f"{mod}tanh({a})", 1.0),
            (f"{mod}exp(-{a} * {a})", 1.0),
            (f"{mod}exp({mod}sin({a}))", 2.8),
            (f"{mod}log(1.0 + {a} * {a})", 2.5),
            (f"{mod}log1p(abs({a}))", 2.0),
            (f"{mod}sqrt(1.0 + {a} * {a})", m + 1.0),
            (f"{mod}sqrt(0.1 + abs({a}))", 2.0),
            (f"{mod}hypot({a}, 1.0 + {b} * {b})", m + n * n),
            (f"{mod}{inverse[0]}(0.9 * {mod}sin({a}))", 1.6),
            (f"{mod}{inverse[1]}(0.9 * {mod}cos({a}))", 3.0),
            (f"{mod}{inverse[2]}({a}, 1.5 + {b} * {b})", 1.6),
            (f"math.erf({a})", 1.0),
            (f"math.lgamma(1.5 + abs({a}))", 2.0),
            (f"1.0 / (1.0 + {mod}exp(-{a}))", 1.0),
            (f"{mod}copysign({a}, {b})", m),
            (f"np.sign({a}) * {b}", n),
            (f"({a} % 1.7)", 1.7),
            (f"({a} // 0.8) * 0.3", m),
            (f"np.fmod({a}, 1.3)", 1.3),
            (f"np.logaddexp({a}, {b})", max(m, n) + 1.0),
            (f"(np.where({a} > {b}, {b}, {a} * 0.5) * 0.9)", max(m, n)),  # bare, it is an array of rank 0
            (f"float(int({a} * 2.0)) * 0.25", m),
        ]
        return self.rng.choice(table)

    def bounded(self, s: Scope, depth: int = 2) -> str:
        """A float expression whose value is about as large as a variable may be."""
        text, m = self.expr(s, depth)
        if m <= BOUND:
            return text
        if m <= 3.0 * BOUND and self.chance(0.5):
            return f"{round(BOUND / m, 2)} * {text}"
        return self.rng.choice(["math.tanh({0})", "math.sin({0})", "{0} / (1.0 + abs({0}))", "math.atan({0})"]).format(
            text if len(text) < 40 else f"({text})"
        )

    def condition(self, s: Scope) -> str:
        r = self.rng.random()
        if r < 0.1 and s.bools:
            return self.pick(s.bools)
        if r < 0.35 and s.ints:
            k = self.pick(s.ints)
            return self.rng.choice([f"{k} % 2 == 0", f"{k} > 1", f"{k} < 2", f"{k} != 1", f"{k} % 3"])
        a, _ = self.expr(s, 1)
        if r < 0.5:
            return f"{a} > {self.constant()}"
        if r < 0.57:
            return f"-0.6 < {a} < 0.9"
        if r < 0.63:
            joined = self.rng.choice(["and", "or"])
            return f"({self.condition(s)} {joined} {a} < {self.constant()})"
        if r < 0.67:
            return f"not {a} < {self.constant()}"
        b, _ = self.expr(s, 1)
        return f"{a} {self.rng.choice(['<', '>', '<=', '>='])} {b}"

    # --- calls -------------------------------------------------------------------------------------------------------

    def call(self, s: Scope, depth: int) -> tuple[str, float] | None:
        """A call whose result is a float."""
        usable = [h for h in self.helpers if h.kind in ("scalar", "recursive", "inner", "descend")]
        if not usable:
            return None
        h = self.rng.choice(usable)
        if h.kind == "recursive":
            return f"{h.name}({self.bounded(s, depth - 2)}, {self.rng.randint(0, 3)})", BOUND
        if h.kind == "inner":
            return f"{h.name}({self.bounded(s, depth - 2)})", BOUND
        if h.kind == "descend":
            array = self.array_argument(s)
            return f"{h.name}({array}, {self.bounded(s, depth - 2)}, {self.rng.randint(0, 3)})", BOUND
        args = []
        for p in h.params:
            if p.startswith("v"):
                if not s.arrays:
                    return None
                args.append(self.array_argument(s))
            else:
                args.append(self.bounded(s, depth - 2))
        if self.chance(0.2):  # the last one by keyword
            args[-1] = f"{h.params[-1]}={args[-1]}"
        elif h.params[-1].startswith("c") and self.chance(0.4):  # has a default
            args.pop()
        return f"{h.name}({', '.join(args)})", BOUND

    def array_argument(self, s: Scope) -> str:
        """An array with at least two elements: a name, a view, a row."""
        names = [a for a, n in sorted(s.arrays.items()) if n is None or n >= 2]
        rows = [(m, r) for m, (r, c) in sorted(s.matrices.items()) if c >= 2]
        if rows and (not names or self.chance(0.2)):
            m, r = self.rng.choice(rows)
            return f"{m}[{self.rng.randrange(r)}]"
        if not names:
            return "np.array([0.5, -0.25])"
        a = self.rng.choice(names)
        n = s.arrays[a]
        if n is not None and n >= 3 and self.chance(0.3):
            return self.rng.choice([f"{a}[1:]", f"{a}[:-1]", f"{a}[::2]" if n >= 4 else f"{a}[::-1]"])
        return a

    # --- statements --------------------------------------------------------------------------------------------------

    def block(self, s: Scope, w: Where, statements: int) -> list[str]:
        """Some statements; `s` is updated to what is assigned after them."""
        lines: list[str] = []
        for _ in range(max(1, statements)):
            lines += self.statement(s, w)
        return lines

    def statement(self, s: Scope, w: Where) -> list[str]:
        kinds: list[tuple[float, Callable[[Scope, Where], list[str]]]] = [
            (5, self.assign), (4, self.augment), (4, self.write_element), (1.5, self.write_slice),
            (1.2, self.new_array), (1.2, self.view), (0.8, self.rebind_array), (0.8, self.swap_floats),
            (0.6, self.tuple_assign), (0.7, self.assign_int), (0.3, self.assign_bool),
            (0.6, self.list_statement), (0.5, self.tuple_statement), (0.3, self.chain), (0.25, self.walrus),
            (0.15, self.delete), (0.15, self.assertion), (0.5, self.swap_elements),
            (1.2, self.call_statement), (0.4, self.matrix_statement), (0.8, self.moving_view),
            (0.15, self.walrus_index),
        ]  # fmt: skip
        if w.depth < 3:
            kinds.append((2.2, self.branch))
        if w.depth < 3 and w.trips * 2 <= TRIPS:
            kinds += [(3.0, self.for_loop), (1.0, self.while_loop)]
        if w.in_loop:
            kinds.append((1.2, self.exit))
        if w.returns and w.depth <= 3:
            kinds.append((0.35, self.early_return))
        weights = [k[0] for k in kinds]
        for _ in range(20):
            lines = self.rng.choices(kinds, weights)[0][1](s, w)
            if lines:
                return lines
        return ["pass"]

    def target_float(self, s: Scope, w: Where, new: float = 0.3) -> str:
        """A float variable to assign to."""
        free = sorted(s.floats - w.frozen)
        return self.rng.choice(free) if free and not self.chance(new) else self.fresh("s")

    def assign(self, s: Scope, w: Where) -> list[str]:
        e = self.bounded(s)
        x = self.target_float(s, w)
        if w.in_loop and x in s.floats and self.chance(0.5):
            e = f"0.5 * {x} + {e}" if self.chance(0.7) else f"math.sin({x}) * {e}"
        s.floats.add(x)
        return [f"{x} = {e}"]

    def augment(self, s: Scope, w: Where) -> list[str]:
        free = sorted(s.floats - w.frozen)
        if not free:
            return []
        x = self.rng.choice(free)
        return [self.augmented(s, x)]

    def augmented(self, s: Scope, x: str) -> str:
        e = self.bounded(s, 1)
        return self.rng.choice(
            [f"{x} += {e}", f"{x} += 0.3 * {e}", f"{x} -= {e}", f"{x} *= {e}", f"{x} *= 0.7", f"{x} *= math.cos({e})",
             f"{x} /= 1.5 + abs({e})", f"{x} -= 0.5 * {x}", f"{x} *= {x} * 0.4"]
        )  # fmt: skip

    def write_element(self, s: Scope, w: Where) -> list[str]:
        targets: list[str] = []
        if s.arrays:
            a = self.pick(s.arrays)
            targets += [f"{a}[{self.index(s, a, s.arrays[a])}]"] * 3
        if s.matrices:
            targets.append(self.matrix_element(s, self.pick(s.matrices)))
        if s.lists:
            v = self.pick(s.lists)
            targets.append(f"{v}[{self.list_index(s, v)}]")
        if not targets:
            return []
        target = self.rng.choice(targets)
        if self.chance(0.4):
            return [self.augmented(s, target)]
        if self.chance(0.3):
            return [f"{target} = 0.5 * {target} + {self.bounded(s, 1)}"]
        return [f"{target} = {self.bounded(s)}"]

    def slice_text(self, n: int) -> tuple[str, int]:
        """A slice of an array of n elements, and how many it takes."""
        low = self.rng.randrange(0, n)
        high = self.rng.randint(low + 1, n)
        forms = [(f"{low}:{high}", high - low), (":", n), (f"{low}:", n - low), ("::2", (n + 1) // 2), ("::-1", n)]
        if high < n:
            forms.append((f"{low}:{high - n}", high - low))
        forms += [(f":{high}", high)]
        return self.rng.choice(forms)

    def write_slice(self, s: Scope, w: Where) -> list[str]:
        known = [a for a, n in sorted(s.arrays.items()) if n is not None]
        if not known:
            return []
        a = self.rng.choice(known)
        text, count = self.slice_text(s.arrays[a] or 1)
        others = [b for b in known if (s.arrays[b] or 0) >= count]
        if others and self.chance(0.35):
            b = self.rng.choice(others)
            n = s.arrays[b] or 1
            start = self.rng.randint(0, n - count)
            return [f"{a}[{text}] = {b}[{start}:{start + count}]"]
        if self.chance(0.5):
            return [f"{a}[{text}] = {self.bounded(s, 1)}"]
        op = self.rng.choice(
            ["*= 0.8", f"*= {self.bounded(s, 1)}", f"+= {self.bounded(s, 1)}", f"-= {self.constant()}"]
        )
        return [f"{a}[{text}] {op}"]

    def new_array(self, s: Scope, w: Where) -> list[str]:
        a = self.fresh("a")
        n = self.rng.randint(2, 4)
        r = self.rng.random()
        lines = []
        if r < 0.25:
            lines = [f"{a} = np.zeros({n})"]
        elif r < 0.35:
            lines = [f"{a} = np.ones({n})"]
        elif r < 0.5:
            lines = [f"{a} = np.full({n}, {self.bounded(s, 1)})"]
        elif r < 0.6:
            i = self.fresh("i")
            inner = s.copy()
            inner.ints[i] = Index(0, n - 1)
            lines = [f"{a} = np.empty({n})", f"for {i} in range({n}):", f"    {a}[{i}] = {self.bounded(inner, 1)}"]
        elif r < 0.75:
            lines = [f"{a} = np.array([{', '.join(self.bounded(s, 1) for _ in range(n))}])"]
        elif s.arrays:
            b = self.pick(s.arrays)
            kind = self.rng.choice([f"{b}.copy()", f"np.zeros_like({b})", f"np.ones_like({b})"])
            s.arrays[a] = s.arrays[b]
            return [f"{a} = {kind}"]
        else:
            return []
        s.arrays[a] = n
        return lines

    def view(self, s: Scope, w: Where) -> list[str]:
        known = [b for b, n in sorted(s.arrays.items()) if n is not None]
        a = self.fresh("a")
        if s.matrices and self.chance(0.5):
            m = self.pick(s.matrices)
            rows, columns = s.matrices[m]
            i, j = self.index(s, f"{m}[0]", rows), self.index(s, f"{m}[0]", columns)
            i = i.replace(f"len({m}[0])", str(rows))
            forms = [(f"{m}[{i}]", columns), (f"{m}[{i}, :]", columns), (f"{m}[:, {j}]", rows), (f"{m}.T[{j}]", rows)]
            forms += [(f"{m}.{flat}", rows * columns) for flat in ("ravel()", f"reshape({rows * columns})")]
            text, n = self.rng.choice(forms)
        elif known:
            b = self.rng.choice(known)
            part, n = self.slice_text(s.arrays[b] or 1)
            text = b if self.chance(0.25) else f"{b}[{part}]"
            n = (s.arrays[b] or 1) if text == b else n
        else:
            return []
        s.arrays[a] = n
        return [f"{a} = {text}"]

    def moving_view(self, s: Scope, w: Where) -> list[str]:
        """A view that starts somewhere else in each iteration, written to and read."""
        known = [b for b, n in sorted(s.arrays.items()) if n is not None and n >= 2]
        if not known:
            return []
        b = self.rng.choice(known)
        start = f"({self.some_int(s)}) % {(s.arrays[b] or 2) - 1}" if s.arrays[b] != 2 else "0"
        names = [a for a, n in sorted(s.arrays.items()) if n == 2 and a not in w.frozen and a != b]
        a = self.rng.choice(names) if names and self.chance(0.3) else self.fresh("a")
        k = self.fresh("k")
        lines = [f"{k} = {start}", f"{a} = {b}[{k}:{k} + 2]"]
        s.arrays[a], s.ints[k] = 2, Index()
        for _ in range(self.rng.randint(1, 2)):
            lines += self.rng.choice([self.augment, self.write_element])(s, w)
        lines.append(f"{a}[{self.rng.randint(-1, 1)}] = {self.bounded(s, 1)}")
        return lines

    def walrus_index(self, s: Scope, w: Where) -> list[str]:
        if not s.arrays:
            return []
        a, k, x = self.pick(s.arrays), self.fresh("k"), self.fresh("s")
        lines = [f"{k} = ({self.some_int(s)}) % len({a})"]
        lines.append(f"{x} = {a}[{k}] * ({k} := ({k} + 1) % len({a})) * 0.4 + {a}[{k}]")
        s.floats.add(x)
        s.ints[k] = Index()
        return lines

    def rebind_array(self, s: Scope, w: Where) -> list[str]:
        """Swap two arrays of one length, or let one name stand for another's array."""
        names = sorted(set(s.arrays) - w.frozen)
        couples = [(a, b) for a in names for b in names if a < b and s.arrays[a] == s.arrays[b]]
        if not couples:
            return []
        a, b = self.rng.choice(couples)
        return [self.rng.choice([f"{a}, {b} = {b}, {a}", f"{a}, {b} = {b}, {a}", f"{a} = {b}", f"{b} = {a}.copy()"])]

    def swap_floats(self, s: Scope, w: Where) -> list[str]:
        free = sorted(s.floats - w.frozen)
        if len(free) < 2:
            return []
        a, b = self.rng.sample(free, 2)
        return [self.rng.choice([f"{a}, {b} = {b}, {a}", f"{a}, {b} = {b}, {self.bounded(s, 1)}"])]

    def tuple_assign(self, s: Scope, w: Where) -> list[str]:
        a, b = self.target_float(s, w), self.target_float(s, w, 0.6)
        if a == b:
            return []
        line = f"{a}, {b} = {self.bounded(s, 1)}, {self.bounded(s, 1)}"
        s.floats |= {a, b}
        return [line]

    def swap_elements(self, s: Scope, w: Where) -> list[str]:
        if not s.arrays:
            return []
        a = self.pick(s.arrays)
        i, j = self.index(s, a, s.arrays[a]), self.index(s, a, s.arrays[a])
        return [f"{a}[{i}], {a}[{j}] = {a}[{j}], {a}[{i}]"]

    def assign_int(self, s: Scope, w: Where) -> list[str]:
        free = sorted(set(s.ints) - w.frozen)
        k = self.rng.choice(free) if free and self.chance(0.6) else self.fresh("k")
        if k in s.ints and self.chance(0.4):
            line = f"{k} += 1"
        elif self.chance(0.15) and s.floats:
            line = f"{k} = int({self.bounded(s, 1)} * 2.0)"
        else:
            line = (
                f"{k} = ({self.some_int(s)} * {self.rng.randint(1, 3)} + {self.some_int(s)}) % {self.rng.randint(2, 6)}"
            )
        s.ints[k] = Index()
        return [line]

    def assign_bool(self, s: Scope, w: Where) -> list[str]:
        b = self.pick(s.bools) if s.bools and self.chance(0.5) else self.fresh("b")
        line = f"{b} = bool({self.condition(s)})"
        s.bools.add(b)
        return [line]

    def list_statement(self, s: Scope, w: Where) -> list[str]:
        growable = sorted(set(s.lists) - w.frozen)
        if growable and self.chance(0.7):
            v = self.rng.choice(growable)
            line = f"{v}.append({self.bounded(s, 1)})"
            if not w.in_loop and w.depth == 0:
                s.lists[v] += 1
            return [line]
        if s.lists and self.chance(0.15):
            v, old = self.fresh("l"), self.pick(s.lists)
            s.lists[v] = s.lists[old]
            return [f"{v} = {old}"]
        n = self.rng.randint(1, 3)
        v = self.fresh("l")
        items = [self.bounded(s, 1) for _ in range(n)]
        s.lists[v] = n
        return [f"{v} = [{', '.join(items)}]"]

    def tuple_statement(self, s: Scope, w: Where) -> list[str]:
        r = self.rng.random()
        if r < 0.35 and s.tuples:
            t = self.pick(s.tuples)
            names = [self.fresh("s") for _ in range(s.tuples[t])]
            s.floats |= set(names)
            return [f"{', '.join(names)} = {t}"]
        if r < 0.6:
            p = self.pick(s.pairs) if s.pairs and self.chance(0.5) else self.fresh("p")
            line = f"{p} = P({self.bounded(s, 1)}, {self.bounded(s, 1)})"
            s.pairs.add(p)
            return [line]
        if r < 0.7 and s.pairs:
            return [f"{self.use_float(s)} += 0.5 * sum({self.pick(s.pairs)})"] if s.floats - w.frozen else []
        n = self.rng.randint(2, 3)
        same = [t for t, k in sorted(s.tuples.items()) if k == n]
        t = self.rng.choice(same) if same and self.chance(0.5) else self.fresh("t")
        line = f"{t} = ({', '.join(self.bounded(s, 1) for _ in range(n))})"
        s.tuples[t] = n
        return [line]

    def use_float(self, s: Scope) -> str:
        return self.pick(s.floats)

    def chain(self, s: Scope, w: Where) -> list[str]:
        a, b = self.fresh("s"), self.fresh("s")
        line = f"{a} = {b} = {self.bounded(s, 1)}"
        s.floats |= {a, b}
        return [line]

    def walrus(self, s: Scope, w: Where) -> list[str]:
        a, b = self.fresh("s"), self.fresh("s")
        line = f"{b} = ({a} := {self.bounded(s, 1)}) * {a} + {self.bounded(s, 1)}"
        s.floats |= {a, b}
        return [line]

    def delete(self, s: Scope, w: Where) -> list[str]:
        a = self.fresh("s")
        b = self.target_float(s, w)
        lines = [f"{a} = {self.bounded(s, 1)}", f"{b} = {a} * {self.bounded(s, 1)}", f"del {a}"]
        s.floats.add(b)
        return lines

    def assertion(self, s: Scope, w: Where) -> list[str]:
        e, _ = self.expr(s, 1)
        return [f"assert {e} < 1e6"] if self.chance(0.5) else [f"if {e} > 1e6:", '    raise ValueError("large")']

    def call_statement(self, s: Scope, w: Where) -> list[str]:
        usable = [h for h in self.helpers if h.kind in ("pair", "inplace", "fresh")]
        if not usable:
            return []
        h = self.rng.choice(usable)
        if h.kind == "pair":
            a, b = self.target_float(s, w, 0.5), self.fresh("s")
            line = f"{a}, {b} = {h.name}({self.bounded(s, 1)}, {self.bounded(s, 1)})"
            s.floats |= {a, b}
            return [line]
        if not s.arrays:
            return []
        if h.kind == "inplace":
            args = [self.array_argument(s) if p.startswith("v") else self.bounded(s, 1) for p in h.params]
            if self.chance(0.2) and len(args) > 1 and h.params[1].startswith("v"):
                args[1] = args[0]
            return [f"{h.name}({', '.join(args)})"]
        b = self.pick(s.arrays)
        same = [a for a, n in sorted(s.arrays.items()) if n == s.arrays[b] and a not in w.frozen]
        a = self.rng.choice(same) if same and self.chance(0.5) else self.fresh("a")
        line = f"{a} = {h.name}({b}, {self.bounded(s, 1)})"
        s.arrays[a] = s.arrays[b]
        return [line]

    def matrix_statement(self, s: Scope, w: Where) -> list[str]:
        if s.matrices and self.chance(0.7):
            m = self.pick(s.matrices)
            rows, columns = s.matrices[m]
            i, j = self.rng.randrange(-rows, rows), self.rng.randrange(columns)
            lines = [f"{m}[{i}] = {self.bounded(s, 1)}", f"{m}[:, {j}] *= {self.bounded(s, 1)}", f"{m}[{i}, 1:] += 0.2"]
            fitting = [a for a, n in sorted(s.arrays.items()) if n == columns]
            if fitting:
                lines.append(f"{m}[{i}] = {self.rng.choice(fitting)}")
            return [self.rng.choice(lines)]
        m = self.fresh("m")
        rows, columns = self.rng.randint(2, 3), self.rng.randint(2, 3)
        s.matrices[m] = (rows, columns)
        if s.matrices and self.chance(0.3) and len(s.matrices) > 1:
            other = self.pick(set(s.matrices) - {m})
            s.matrices[m] = s.matrices[other]
            return [f"{m} = {other}.copy()"]
        return [f"{m} = np.zeros(({rows}, {columns}))", f"{m}[0, 1] = {self.bounded(s, 1)}"]

    # --- control -----------------------------------------------------------------------------------------------------

    def indent(self, lines: list[str]) -> list[str]:
        return ["    " + line for line in lines]

    def branch(self, s: Scope, w: Where) -> list[str]:
        inside = replace(w, depth=w.depth + 1)
        lines = [f"if {self.condition(s)}:"]
        one = s.copy()
        lines += self.indent(self.block(one, inside, self.rng.randint(1, 2)))
        ends = [one]
        if self.chance(0.2):
            lines.append(f"elif {self.condition(s)}:")
            two = s.copy()
            lines += self.indent(self.block(two, inside, 1))
            ends.append(two)
        if self.chance(0.5):
            other = s.copy()
            if self.chance(0.5) and one.floats - s.floats:  # assign the same new variable on this path too
                x = self.pick(one.floats - s.floats)
                lines += ["else:", f"    {x} = {self.bounded(s, 1)}"]
                other.floats.add(x)
            else:
                lines += ["else:", *self.indent(self.block(other, inside, self.rng.randint(1, 2)))]
            ends.append(other)
        else:
            ends.append(s.copy())
        after = ends[0]
        for end in ends[1:]:
            after = after.meet(end)
        s.__dict__.update(after.__dict__)
        return lines

    def exit(self, s: Scope, w: Where) -> list[str]:
        word = self.rng.choice(["break", "continue"])
        before = self.indent(self.augment(s.copy(), w)) if self.chance(0.3) else []
        lines = [f"if {self.condition(s)}:", *before, f"    {word}"]
        if self.chance(0.3):  # deeper, with something behind it
            after = self.augment(s.copy(), w) if self.chance(0.7) else []
            lines = [f"if {self.condition(s)}:", *self.indent(lines + after)]
        return lines

    def early_return(self, s: Scope, w: Where) -> list[str]:
        values = ", ".join(self.bounded(s, 1) for _ in range(w.returns))
        return [f"if {self.condition(s)}:", f"    return {values}"]

    def for_loop(self, s: Scope, w: Where) -> list[str]:
        """One of the many kinds of for loop."""
        body = s.copy()
        frozen = set(w.frozen)
        after: dict[str, Index] = {}
        name = self.fresh("i")
        kind = self.rng.random()
        arrays = sorted(s.arrays)
        least = 0  # trips that are certain
        if kind < 0.22:
            n = self.rng.randint(1, 4)
            head, trips, least = f"for {name} in range({n}):", n, n
            body.ints[name] = Index(0, n - 1)
        elif kind < 0.42 and arrays:
            a = self.rng.choice(arrays)
            head, trips = f"for {name} in range(len({a})):", s.arrays[a] or 4
            body.ints[name] = Index(0, trips - 1, a) if s.arrays[a] is not None else Index(array=a)
            frozen |= {a} if s.arrays[a] is None else set()
            least = 1
        elif kind < 0.50:
            low, high = self.rng.randint(0, 1), self.rng.randint(2, 4)
            step = self.rng.choice([1, 1, 2, 3])
            head = f"for {name} in range({low}, {high}{f', {step}' if step > 1 else ''}):"
            trips = least = len(range(low, high, step))
            body.ints[name] = Index(low, high - 1)
        elif kind < 0.60:
            high, low, step = self.rng.randint(1, 4), self.rng.choice([-1, 0]), self.rng.choice([-1, -1, -2])
            head = f"for {name} in range({high}, {low}, {step}):"
            trips = least = len(range(high, low, step))
            body.ints[name] = Index(low + 1, high)
        elif kind < 0.67 and {"n"} & set(s.ints):
            head = self.rng.choice(
                [f"for {name} in range(n):", f"for {name} in range(1, n + 1):", f"for {name} in range(n, 0, -1):",
                 f"for {name} in range(n % 3):", f"for {name} in range(0, 2 * n, n):"]
            )  # fmt: skip
            trips = 4
            body.ints[name] = Index()
        elif kind < 0.70:
            head, trips = f"for {name} in {self.rng.choice(['range(0)', 'range(3, 1)', 'range(2, 5, -1)'])}:", 1
            body.ints[name] = Index()
        elif kind < 0.76:
            n = self.rng.randint(1, 4)
            head, trips, least = f"for {name} in reversed(range({n})):", n, n
            body.ints[name] = Index(0, n - 1)
        elif kind < 0.85 and arrays:
            a, x = self.rng.choice(arrays), self.fresh("s")
            head, trips = f"for {x} in {a}:", s.arrays[a] or 4
            if self.chance(0.4) and s.arrays[a] is not None:
                head = f"for {x} in {a}[{self.rng.choice(['1:', '::-1', '::2'])}]:"
            body.floats.add(x)
        elif kind < 0.91 and arrays:
            a, x = self.rng.choice(arrays), self.fresh("s")
            head, trips = f"for {name}, {x} in enumerate({a}):", s.arrays[a] or 4
            body.floats.add(x)
            body.ints[name] = Index(0, trips - 1) if s.arrays[a] is not None else Index(array=a)
            frozen |= {a} if s.arrays[a] is None else set()
        elif kind < 0.95 and len(arrays) > 1:
            a, b = self.rng.sample(arrays, 2)
            x, y = self.fresh("s"), self.fresh("s")
            head, trips = f"for {x}, {y} in zip({a}, {b}):", min(s.arrays[a] or 4, s.arrays[b] or 4)
            body.floats |= {x, y}
        elif kind < 0.97 and s.lists:
            v, x = self.pick(s.lists), self.fresh("s")
            head, trips = f"for {x} in {v}:", 5
            body.floats.add(x)
            frozen.add(v)
        else:
            x = self.fresh("s")
            items = ", ".join(self.bounded(s, 1) for _ in range(self.rng.randint(2, 3)))
            head, trips = f"for {x} in ({items}):", 3
            body.floats.add(x)
        reused = [k for k in sorted(s.ints) if k not in w.frozen and k.startswith(("i", "k"))]
        if name in body.ints and reused and self.chance(0.2):  # an int that exists already becomes the loop variable
            old = self.rng.choice(reused)
            head = head.replace(f"for {name} ", f"for {old} ").replace(f"for {name},", f"for {old},")
            body.ints[old] = body.ints.pop(name)
            s.ints[old] = Index()
            name = old
        elif name in body.ints and least:
            after[name] = Index()
        for k in list(body.ints):  # an int changed in an earlier iteration can be anything
            if k != name and k not in frozen and k not in ("n", "k0"):
                body.ints[k] = Index()
        if name in body.ints and not self.chance(0.1):
            frozen.add(name)
        inside = Where(w.depth + 1, w.trips * max(trips, 1), True, frozenset(frozen), w.returns)
        lines = [head, *self.indent(self.block(body, inside, self.rng.randint(1, 3)))]
        if self.chance(0.15):
            inner = s.copy()
            tail = replace(w, depth=w.depth + 1)
            lines += ["else:", *self.indent(self.block(inner, tail, 1))]
        for k in s.ints:
            if k not in frozen and k not in ("n", "k0"):
                s.ints[k] = Index()
        s.ints |= after
        return lines

    def while_loop(self, s: Scope, w: Where) -> list[str]:
        c = self.fresh("k")
        n = self.rng.randint(1, 4)
        body = s.copy()
        frozen = w.frozen | {c}
        for k in list(body.ints):
            if k not in frozen and k not in ("n", "k0"):
                body.ints[k] = Index()
        body.ints[c] = Index(1, n)
        inside = Where(w.depth + 1, w.trips * n, True, frozen, w.returns)
        kind = self.rng.random()
        start = [f"{c} = 0"]
        if kind < 0.4:
            head, first = f"while {c} < {n}:", [f"{c} += 1"]
        elif kind < 0.6:
            head, first = "while True:", [f"{c} += 1", f"if {c} > {n}:", "    break"]
            body.ints[c] = Index(1, n)
        else:
            x = self.fresh("s")
            start.append(f"{x} = 0.3 + abs({self.bounded(s, 1)})")
            body.floats.add(x)
            s.floats.add(x)
            head, first = f"while {x} < 2.5 and {c} < {n}:", [f"{c} += 1", f"{x} = {x} * 1.3 + 0.1"]
        lines = [*start, head, *self.indent(first + self.block(body, inside, self.rng.randint(1, 3)))]
        if head != "while True:" and self.chance(0.15):
            lines += ["else:", *self.indent(self.block(s.copy(), replace(w, depth=w.depth + 1), 1))]
        for k in s.ints:
            if k not in frozen and k not in ("n", "k0"):
                s.ints[k] = Index()
        s.ints[c] = Index()
        return lines

    # --- functions ---------------------------------------------------------------------------------------------------

    def helper(self) -> list[str]:
        """One helper, of a random kind."""
        h = self.fresh("h")
        kinds = ["scalar", "scalar", "pair", "inplace", "inplace", "fresh", "recursive", "mutual", "descend"]
        kind = self.rng.choice(kinds)
        few = self.rng.randint(1, 3)
        if kind == "scalar":
            params = ["x", "v"] if self.chance(0.3) else ["x", "y"]
            s = Scope(floats={p for p in params if p != "v"}, arrays={p: None for p in params if p == "v"})
            head = f"def {h}({', '.join(params)}"
            if self.chance(0.4):
                params.append("c")
                s.floats.add("c")
                head += f", c={self.constant()}"
            body = self.block(s, Where(depth=1), few)
            body.append(f"return {self.bounded(s)}")
            self.helpers.append(Helper(h, "scalar", tuple(params)))
            return [head + "):", *self.indent(body)]
        if kind == "pair":
            s = Scope(floats={"x", "y"})
            body = self.block(s, Where(depth=1, returns=2), few)
            body.append(f"return {self.bounded(s)}, {self.bounded(s)}")
            self.helpers.append(Helper(h, "pair", ("x", "y")))
            return [f"def {h}(x, y):", *self.indent(body)]
        if kind == "inplace":
            params = ["v1", "v2", "x"] if self.chance(0.5) else ["v1", "x"]
            s = Scope(floats={"x"}, arrays={p: None for p in params if p.startswith("v")})
            i = self.fresh("i")
            inner = s.copy()
            inner.ints[i] = Index(array="v1")
            body = self.block(s, Where(depth=1, returns=0), few - 1) if few > 1 else []
            body += [f"for {i} in range(len(v1)):", f"    v1[{i}] = {self.bounded(inner)}"]
            self.helpers.append(Helper(h, "inplace", tuple(params)))
            return [f"def {h}({', '.join(params)}):", *self.indent(body)]
        if kind == "fresh":
            s = Scope(floats={"x"}, arrays={"v": None})
            i = self.fresh("i")
            inner = s.copy()
            inner.ints[i] = Index(array="v")
            body = [f"out = np.zeros(len(v))", f"for {i} in range(len(v)):", f"    out[{i}] = {self.bounded(inner)}"]  # noqa: F541
            s.arrays["out"] = None
            body += self.block(s, Where(depth=1, returns=0, frozen=frozenset({"out", "v"})), few - 1) if few > 1 else []
            self.helpers.append(Helper(h, "fresh", ("v", "x")))
            return [f"def {h}(v, x):", *self.indent([*body, "return out"])]
        if kind == "descend":
            return self.descend(h)
        return self.recursive(h, mutual=kind == "mutual")

    def descend(self, h: str) -> list[str]:
        """A recursive function that writes to its array."""
        s = Scope(floats={"x"}, ints={"n": Index()}, arrays={"v": None})
        body = ["if n <= 0:", f"    return {self.bounded(s, 1)}"]
        w = Where(depth=2, returns=0, frozen=frozenset({"n", "v"}))
        body += self.block(s, w, 1)
        array = self.rng.choice(["v", "v", "v[::-1]", "v[:2]", "v[-2:]"])
        body.append(f"y = {h}({array}, {self.bounded(s, 1)}, n - 1)")
        s.floats.add("y")
        body += self.write_element(s, w)
        body.append(f"return {self.bounded(s)}")
        self.helpers.append(Helper(h, "descend", ("v", "x", "n")))
        return [f"def {h}(v, x, n):", *self.indent(body)]

    def recursive(self, h: str, mutual: bool) -> list[str]:
        """A function that calls itself, or two that call each other."""
        other = self.fresh("h") if mutual else h
        lines: list[str] = []
        for name, callee in ((h, other), (other, h))[: 2 if mutual else 1]:
            s = Scope(floats={"x"}, ints={"n": Index()})
            base = self.bounded(s, 1)
            body = [f"if n <= 0:", f"    return {base}"]  # noqa: F541
            body += self.block(s, Where(depth=2, returns=0, frozen=frozenset({"n"})), 1)
            body.append(f"y = {callee}({self.bounded(s, 1)}, n - 1)")
            s.floats.add("y")
            if self.chance(0.3) and not mutual:
                body.append(f"y = math.tanh(y + {callee}({self.bounded(s, 1)}, n - 2))")
            body.append(f"return {self.bounded(s)}")
            lines += [f"def {name}(x, n):", *self.indent(body), "", ""]
        self.helpers.append(Helper(h, "recursive", ("x", "n")))
        return lines[:-2]

    def inner(self, s: Scope) -> list[str]:
        """A function inside the function, or a lambda; it reads a frozen argument."""
        g = self.fresh("g")
        own = Scope(floats={"z", "x0"})
        if self.chance(0.5):
            lines = [f"{g} = lambda z: {self.bounded(own)}"]
        else:
            lines = [f"def {g}(z):", *self.indent(self.block(own, Where(depth=2, frozen=frozenset({"x0"})), 1))]
            lines.append(f"    return {self.bounded(own, 1)}")
        self.helpers.append(Helper(g, "inner"))
        return lines

    def main(self) -> list[str]:
        """`f` and `ARGS`."""
        s = Scope()
        params, values = [], []

        def argument(name: str, value: str) -> None:
            params.append(name)
            values.append(value)

        for k in range(self.rng.randint(1, 3)):
            s.floats.add(f"x{k}")
            argument(f"x{k}", self.number())
        for k in range(self.rng.randint(0, 2)):
            n = self.rng.randint(2, 5)
            s.arrays[f"v{k}"] = n
            argument(f"v{k}", f"np.array([{', '.join(self.number() for _ in range(n))}])")
        if self.chance(0.35):
            rows, columns = self.rng.randint(2, 3), self.rng.randint(2, 3)
            s.matrices["m"] = (rows, columns)
            items = ", ".join(f"[{', '.join(self.number() for _ in range(columns))}]" for _ in range(rows))
            argument("m", f"np.array([{items}])")
        if self.chance(0.6):
            s.ints["n"] = Index(1, 3)
            argument("n", str(self.rng.randint(1, 3)))
        if self.chance(0.25):
            s.int_arrays["idx"] = 4
            argument("idx", f"np.array([{', '.join(str(self.rng.randint(0, 6)) for _ in range(4))}])")
        if self.chance(0.15):
            s.tuples["q"] = 2
            argument("q", f"({self.number()}, {self.number()})")
        if self.chance(0.1):
            s.pairs.add("p")
            argument("p", f"P({self.number()}, {self.number()})")
        if self.chance(0.1):
            s.bools.add("flag")
            argument("flag", self.rng.choice(["True", "False"]))
        lines = [f"def f({', '.join(params)}):"]
        frozen = {"n"}
        if self.chance(0.15):
            frozen.add("x0")
            lines += self.indent(self.inner(s))
        budget = int(self.rng.randint(3, 7) * self.size) + 1
        lines += self.indent(self.block(s, Where(frozen=frozenset(frozen)), budget))
        lines += self.indent(self.result(s))
        return [*lines, "", "", f"ARGS = ({', '.join(values)},)"]

    def result(self, s: Scope) -> list[str]:
        """A sum over most of what is alive, with weights that tell the parts apart."""
        terms = [f"{round(self.rng.uniform(0.5, 1.5), 2)} * {x}" for x in sorted(s.floats) if self.chance(0.7)]
        terms += [f"{t}[0] * {t}[1]" for t in sorted(s.tuples)] + [f"{p}.x * {p}.y" for p in sorted(s.pairs)]
        terms += [f"0.1 * {k} * {self.atom(s)[0]}" for k in sorted(s.ints) if self.chance(0.3)]
        lines = [f"out = {' + '.join(terms) or self.bounded(s)}"]
        for a in [*sorted(s.arrays), *sorted(s.lists)]:
            if self.chance(0.75):
                i = self.fresh("i")
                lines += [f"for {i} in range(len({a})):", f"    out += {a}[{i}] * ({i} + 0.5)"]
        for m in sorted(s.matrices):
            rows, columns = s.matrices[m]
            i, j = self.fresh("i"), self.fresh("i")
            lines += [f"for {i} in range({rows}):", f"    for {j} in range({columns}):"]
            lines.append(f"        out += {m}[{i}, {j}] * {m}[{i}, {j}] * ({i} + 2 * {j} + 1)")
        return [*lines, "return out"]

    def module(self) -> str:
        head = ["import math", "from typing import NamedTuple", "", "import numpy as np", "", ""]
        head += ["class P(NamedTuple):", "    x: float", "    y: float", "", ""]
        for _ in range(self.rng.choice([0, 0, 1, 1, 2, 3])):
            head += [*self.helper(), "", ""]
        return "\n".join([*head, *self.main()]) + "\n"


def generate(seed: int, attempt: int = 0) -> Program:
    """The program of this seed; another `attempt` gives another one, where the first is out of range."""
    return Program(seed, Generator(seed, attempt).module())
