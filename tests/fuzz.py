"""The fuzzer: random programs, srcad's gradient against the oracle's.

    python -m tests.fuzz --minutes 120 --seed 0 [--compiled-every 20] [--jobs 1]   for hours
    python -m tests.fuzz --count 1 --seed 1234 --compiled-every 1                  one program again, shrunk if it fails

Each seed makes one program: of every kind (`tests.generator`), a loop nest (`tests.kernels`), nested control flow
(`tests.mazes`) or lists in lists (`tests.shelves`). Its adjoint and its tangent along a random direction are run as
plain Python, every few programs the primal and the tangent of the adjoint too (a Hessian times a vector), and some
compiled as well.
A failure prints the seed, the program, both gradients and a shrunk program, ready for `corpus/fuzzed.py`.

Workers are processes of their own, started afresh every few hundred programs: a crash or a hang in compiled code costs
one program, and is a failure like any other.
"""

from __future__ import annotations

import argparse
import ast
import copy
import importlib.util
import json
import math
import os
import queue
import re
import signal
import subprocess
import sys
import tempfile
import threading
import time
import warnings
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np

from .as_compiled import both_texts
from .corpus import fresh
from .generator import Program, generate
from .kernels import kernel
from .mazes import maze
from .oracle import FLOAT_TYPES, Run, compare, flatten, oracle_hvp, oracle_run, positions, unflatten
from .shelves import shelves

__all__ = ["Failure", "check", "shrink", "usable_program"]

KINK = 1e-9  # programs that come closer than this to a branch point are not judged
LARGEST = 1e8  # nor are those whose value or gradient is beyond this
HVP_EVERY = 10  # seeds
PRIMAL_EVERY = 3
WRITERS = (  # in turn: 11 has no factor in common with those
    generate, kernel, generate, maze, generate, kernel, maze, generate, kernel, maze, shelves,
)  # fmt: skip
SECONDS = 60.0  # of processor time, for one program, uncompiled
PATIENCE = 300.0  # for one program in a worker, compiled or not, before it is taken to hang
ROOT = Path(__file__).resolve().parent.parent


@dataclass(frozen=True)
class Failure:
    """What went wrong with a program: `kind` for sorting, `detail` for reading."""

    seed: int
    kind: str
    detail: str
    source: str
    compiled: bool


# --- one program -----------------------------------------------------------------------------------------------------


@contextmanager
def module_of(source: str, folder: Path, name: str) -> Iterator[ModuleType]:
    """The module with this text, in a real file, imported for as long as the block lasts."""
    path = folder / f"{name}.py"
    path.write_text(source)
    spec = importlib.util.spec_from_file_location(name, path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    try:
        spec.loader.exec_module(module)
        yield module
    finally:
        sys.modules.pop(name, None)


@contextmanager
def time_limit(seconds: float) -> Iterator[None]:
    """TimeoutError after so long; no limit outside the main thread."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def expired(*_: object) -> None:
        raise TimeoutError(f"still running after {seconds:.0f} s")

    before = signal.signal(signal.SIGPROF, expired)
    signal.setitimer(signal.ITIMER_PROF, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0.0)
        signal.signal(signal.SIGPROF, before)


def reference(module: ModuleType) -> Run | None:
    """The oracle's run of a program, or None where the program can't be judged."""
    f, args = module.f, module.ARGS
    try:
        with warnings.catch_warnings(), time_limit(5.0):
            warnings.simplefilter("ignore")
            run = oracle_run(f, args)
            value = float(f(*(fresh(a) for a in args)))
    except Exception:  # of a candidate while shrinking: it no longer runs
        return None
    numbers = np.append(flatten(run.gradient), [value, run.value])
    if not np.isfinite(numbers).all() or np.abs(numbers).max() > LARGEST or run.margin < KINK:
        return None
    if math.isclose(value, run.value, rel_tol=1e-12):
        return run
    if not math.isclose(value, run.value, rel_tol=1e-6):
        raise AssertionError(f"the oracle itself is wrong: {run.value!r} instead of {value!r}")
    return None  # so much cancels that rounding shows


def usable_program(seed: int, folder: Path) -> Program:
    """The first program of this seed that can be judged, and whose gradient is not all zeros."""
    for attempt in range(100):
        program = WRITERS[seed % len(WRITERS)](seed, attempt)
        with module_of(program.source, folder, f"srcad_fuzz_try_{seed}") as module:
            run = reference(module)
            if run is not None and np.any(flatten(run.gradient)):
                return program
    raise AssertionError(f"no program of seed {seed} can be judged")


def perturbed(x: Any, rng: np.random.Generator) -> Any:
    """An argument with its floats moved by a rounding error or two."""
    if isinstance(x, tuple):
        items = [perturbed(v, rng) for v in x]
        return type(x)(*items) if hasattr(x, "_fields") else tuple(items)
    if isinstance(x, np.ndarray) and x.dtype.kind == "f":
        return x * (1.0 + 2e-16 * rng.integers(-2, 3, x.shape))
    return x * (1.0 + 2e-16 * int(rng.integers(-2, 3))) if isinstance(x, FLOAT_TYPES) else x


def tolerance(module: ModuleType, run: Run) -> float:
    """1e-12 of the norm, or more where rounding errors in the arguments alone move the gradient by more."""
    rng = np.random.default_rng(0)
    exact = flatten(run.gradient)
    spread = 0.0
    for _ in range(5):
        moved = oracle_run(module.f, tuple(perturbed(a, rng) for a in module.ARGS))
        spread = max(spread, math.dist(flatten(moved.gradient), exact))
    return max(1e-12, 100.0 * spread / (math.hypot(*exact) or 1.0))


def curve_tolerance(module: ModuleType, product: np.ndarray, direction: Any) -> float:
    """The same for a Hessian times a vector."""
    rng = np.random.default_rng(0)
    spread = 0.0
    for _ in range(5):
        moved = oracle_hvp(module.f, tuple(perturbed(a, rng) for a in module.ARGS), direction)[1]
        spread = max(spread, math.dist(flatten(moved), product))
    return max(1e-12, 100.0 * spread / (math.hypot(*product) or 1.0))


def direction_of(module: ModuleType, seed: int) -> Any:
    """A random tangent for the float arguments."""
    rng = np.random.default_rng(seed)
    inputs = [module.ARGS[k] for k in positions(module.f, module.ARGS, None)]
    made = tuple(unflatten(x, rng.standard_normal(flatten(x).size)) for x in inputs)
    return made[0] if len(made) == 1 else made


def disagreement(module: ModuleType, got: Any, run: Run) -> str | None:
    """What differs between srcad's gradient and the oracle's."""
    problem = compare(got, run.gradient)
    return problem and compare(got, run.gradient, tolerance(module, run))


def fault(module: ModuleType, run: Run, compiled: bool, seed: int = 0) -> tuple[str, str] | None:
    """The kind and the detail of what srcad does wrong with a program, or None."""
    import srcad

    args = tuple(fresh(a) for a in module.ARGS)
    stage = "transform"
    try:
        with time_limit(PATIENCE if compiled else SECONDS), np.errstate(all="ignore"):
            g = srcad.grad(module.f)
            stage = "interpreted"
            if problem := disagreement(module, g.interpreted(*args), run):
                return "wrong gradient", problem
            stage = "primal"
            if seed % PRIMAL_EVERY == 0 and (problem := primal_disagreement(module, g.primal.interpreted, run)):
                return "wrong primal", problem
            direction = direction_of(module, seed)
            stage = "jvp"
            forward = srcad.jvp(module.f)
            if problem := tangent_disagreement(module, forward.interpreted(args, direction), run, direction):
                return "wrong tangent", problem
            stage = "hvp"
            if seed % HVP_EVERY == 0 and (problem := curve_disagreement(module, args, direction, compiled)):
                return "wrong Hessian times vector", problem
            if compiled:
                stage = "compiled"
                if problem := disagreement(module, g(*args), run):
                    return "wrong compiled gradient", problem
                stage = "value_and_grad"
                value, got = g.value_and_grad(*args)
                if problem := disagreement(module, got, run):
                    return "wrong gradient of value_and_grad", problem
                if problem := value_disagreement(value, run):
                    return "wrong value", problem
                stage = "compiled primal"
                if seed % PRIMAL_EVERY == 0 and (problem := primal_disagreement(module, g.primal, run)):
                    return "wrong compiled primal", problem
                stage = "compiled jvp"
                if problem := tangent_disagreement(module, forward(args, direction), run, direction):
                    return "wrong compiled tangent", problem
    except Exception as error:
        message = str(error) or repr(error)
        return f"{type(error).__name__} ({stage}): {outline(message)}", message
    for before, after in zip(module.ARGS, args, strict=True):
        if not same(before, after):
            return "argument changed", f"{after!r} was {before!r}"
    return None


def primal_disagreement(module: ModuleType, primal: Callable[..., float], run: Run) -> str | None:
    """What differs between srcad's primal and the function: the value, and what is left in the arguments' arrays."""
    ours, theirs = (tuple(fresh(a) for a in module.ARGS) for _ in range(2))
    if problem := value_disagreement(primal(*ours), run):
        return problem
    module.f(*theirs)
    for a, b in zip(ours, theirs, strict=True):
        if isinstance(a, np.ndarray) and not np.allclose(a, b, rtol=1e-9, atol=1e-12):
            return f"it leaves {a!r} in an argument instead of {b!r}"
    return None


def value_disagreement(got: float, run: Run) -> str | None:
    """How srcad's value differs from the oracle's."""
    if math.isclose(got, run.value, rel_tol=1e-11, abs_tol=1e-13):
        return None
    return f"the value is {got!r} instead of {run.value!r}"


def tangent_disagreement(module: ModuleType, got: Any, run: Run, direction: Any) -> str | None:
    """What differs between srcad's tangent, and the value beside it, and the oracle's."""
    value, tangent = got
    if problem := value_disagreement(value, run):
        return problem
    gradient, along = flatten(run.gradient), flatten(direction)
    error = abs(tangent - gradient @ along) / (math.hypot(*gradient) * math.hypot(*along) or 1.0)
    if error <= 1e-12 or error <= tolerance(module, run):
        return None
    return f"got {tangent!r}, expected {gradient @ along!r}: {error:.3g} of the norm"


def curve_disagreement(module: ModuleType, args: tuple[Any, ...], direction: Any, compiled: bool) -> str | None:
    """What differs between srcad's Hessian times a vector and the oracle's."""
    import srcad

    want = oracle_hvp(module.f, module.ARGS, direction)[1]
    product = flatten(want)
    if not np.isfinite(product).all() or np.abs(product).max() > LARGEST:
        return None
    second = srcad.hvp(module.f)
    found = [second.interpreted(args, direction), *([second(args, direction)] if compiled else [])]
    for got in found:
        problem = compare(got, want)
        if problem and (problem := compare(got, want, curve_tolerance(module, product, direction))):
            return problem
    return None


def same(a: Any, b: Any) -> bool:
    if isinstance(a, tuple):
        return all(same(x, y) for x, y in zip(a, b, strict=True))
    return a.tobytes() == b.tobytes() if isinstance(a, np.ndarray) else bool(a == b)


def outline(message: str) -> str:
    """The first line of a message without what differs from program to program, so that failures can be sorted."""
    lines = [line for line in message.strip().splitlines() if line.strip()] or [""]
    return re.sub(r"'[^']*'|\"[^\"]*\"|\d+", "_", lines[0])[:120]


def check(program: Program, folder: Path, compiled: bool = False) -> Failure | None:
    """Run one program through srcad and the oracle."""
    with module_of(program.source, folder, f"srcad_fuzz_{program.seed}") as module:
        run = reference(module)
        if run is None:
            return None
        found = fault(module, run, compiled, program.seed)
    return found and Failure(program.seed, found[0], found[1], program.source, compiled)


# --- shrinking -------------------------------------------------------------------------------------------------------


def bodies(tree: ast.AST) -> Iterator[list[ast.stmt]]:
    """Every list of statements in a tree."""
    for node in ast.walk(tree):
        for name in ("body", "orelse"):
            block = getattr(node, name, None)
            if isinstance(block, list) and block:
                yield block


def smaller(tree: ast.Module) -> Iterator[ast.Module]:
    """Copies of a program with one thing less: a statement, a nesting, an operand. The larger cuts come first."""

    def edited(which: int, edit: Callable[[list[ast.stmt]], None]) -> ast.Module:
        new = copy.deepcopy(tree)
        edit(list(bodies(new))[which])
        for node in ast.walk(new):  # no empty bodies
            if isinstance(node, (ast.FunctionDef, ast.For, ast.While, ast.If)) and not node.body:
                node.body = [ast.Pass()]
        return new

    for which, block in enumerate(list(bodies(tree))):
        size = len(block)
        span = max(1, size // 2)
        while span:
            for start in range(0, size, span):

                def cut(b: list[ast.stmt], start: int = start, span: int = span) -> None:
                    del b[start : start + span]

                yield edited(which, cut)
            span //= 2
        for k, statement in enumerate(block):
            for name in ("body", "orelse"):
                inner = getattr(statement, name, None)
                if inner and not isinstance(statement, (ast.FunctionDef, ast.ClassDef)):

                    def lift(b: list[ast.stmt], k: int = k, name: str = name) -> None:
                        b[k : k + 1] = getattr(b[k], name)

                    yield edited(which, lift)
    for k, node in enumerate(ast.walk(tree)):
        for child in operands(node):
            new = copy.deepcopy(tree)
            target = next(n for i, n in enumerate(ast.walk(new)) if i == k)
            yield replaced(new, target, child)


def operands(node: ast.AST) -> list[ast.expr]:
    """Expressions that may stand in for this one."""
    if isinstance(node, ast.BinOp):
        return [node.left, node.right]
    if isinstance(node, ast.Call) and node.args:
        return [a for a in node.args if not isinstance(a, (ast.Starred, ast.List))]
    if isinstance(node, ast.IfExp):
        return [node.body, node.orelse]
    if isinstance(node, ast.UnaryOp):
        return [node.operand]
    return list(node.values) if isinstance(node, ast.BoolOp) else []


def replaced(tree: ast.Module, target: ast.AST, by: ast.expr) -> ast.Module:
    """`tree` with one node replaced."""

    class Swap(ast.NodeTransformer):
        def visit(self, node: ast.AST) -> Any:
            return copy.deepcopy(by) if node is target else self.generic_visit(node)

    return Swap().visit(tree)  # type: ignore[no-any-return]


def shrink(failure: Failure, folder: Path, seconds: float = 60.0) -> str:
    """A smaller program that fails in the same way."""
    deadline = time.monotonic() + seconds
    best, start = failure.source, 0

    def fails(text: str) -> bool:
        try:
            again = check(Program(failure.seed, text), folder, failure.compiled)
        except Exception:  # a cut that leaves no program
            return False
        return again is not None and again.kind == failure.kind

    while True:
        size = len(ast.unparse(ast.parse(best)))
        for which, candidate in enumerate(smaller(ast.parse(best))):
            if time.monotonic() > deadline:
                return best
            if which < start:
                continue
            text = ast.unparse(ast.fix_missing_locations(candidate)) + "\n"
            if len(text) <= size and fails(text):
                best, start = text, which
                break
        else:
            if start == 0:
                return best
            start = 0  # what was needed before may not be now


def for_corpus(seed: int, source: str) -> str:
    """A program's functions and case, with names that belong to its seed, to be pasted into corpus/fuzzed.py."""
    tree = ast.parse(source)
    definitions = [node for node in tree.body if isinstance(node, (ast.FunctionDef, ast.ClassDef))]
    names = {node.name: f"{node.name}_{seed}" for node in definitions}
    constants = {ast.unparse(node.targets[0]): node for node in tree.body if isinstance(node, ast.Assign)}
    given = constants.pop("ARGS", None)
    arguments = "()" if given is None else ast.unparse(given.value)
    text = "\n\n\n".join(ast.unparse(node) for node in (*constants.values(), *definitions))
    for old, new in names.items():
        text = re.sub(rf"\b{old}\b(?=\()|(?<=def ){old}\b|(?<=class ){old}\b", new, text)
        arguments = re.sub(rf"\b{old}\(", f"{new}(", arguments)
    return f"{text}\n\n\n    Case(f_{seed}, {arguments}),  # into CASES\n"


def report(failure: Failure, shrunk: str) -> str:
    """All that is known of a failure."""
    how = "compiled" if failure.compiled else "uncompiled"
    bar = "-" * 40
    return "\n".join(
        [
            f"{'=' * 100}\nseed {failure.seed}, {how}: {failure.kind}\n\n{failure.detail}\n",
            f"{bar} the program {bar}\n{failure.source}",
            f"{bar} shrunk {bar}\n{shrunk}",
            f"{bar} for corpus/fuzzed.py {bar}\n{for_corpus(failure.seed, shrunk)}",
        ]
    )


# --- many programs ---------------------------------------------------------------------------------------------------


def run_seed(seed: int, folder: Path, compiled: bool) -> Failure | None:
    return check(usable_program(seed, folder), folder, compiled)


def work(first: int, count: int, stride: int, compiled_every: int) -> None:
    """A worker: one JSON line before each seed and one after."""
    with tempfile.TemporaryDirectory(prefix="srcad-fuzz-") as name, both_texts():
        for seed in range(first, first + count * stride, stride):
            compiled = compiled_every > 0 and seed % compiled_every == 0
            print(json.dumps({"start": seed}), flush=True)
            try:
                failure = run_seed(seed, Path(name), compiled)
            except AssertionError as error:
                failure = Failure(seed, f"fuzzer: {outline(str(error))}", str(error), "", compiled)
            found = None if failure is None else vars(failure)
            print(json.dumps({"done": seed, "compiled": compiled, "failure": found}), flush=True)


class Worker:
    """A worker process, and a queue of what it says."""

    def __init__(self, first: int, count: int, stride: int, compiled_every: int) -> None:
        numbers = [str(n) for n in (first, count, stride, compiled_every)]
        command = [sys.executable, "-m", "tests.fuzz", "--work", *numbers]
        self.process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        self.lines: queue.Queue[str | None] = queue.Queue()
        self.noise: list[str] = []
        threading.Thread(target=self._read, daemon=True).start()

    def _read(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self.lines.put(line)
        self.lines.put(None)

    def messages(self) -> Iterator[dict[str, Any]]:
        """What it says, until it ends; a hang or a crash becomes a failure of the seed at work."""
        seed = -1
        while True:
            try:
                line = self.lines.get(timeout=PATIENCE)
            except queue.Empty:
                self.process.kill()
                yield {"done": seed, "compiled": True, "failure": self._lost(seed, "hang")}
                return
            if line is None:
                if self.process.wait() != 0:
                    status = f"crash (exit status {self.process.returncode})"
                    yield {"done": seed, "compiled": True, "failure": self._lost(seed, status)}
                return
            if not line.startswith("{"):
                self.noise = [*self.noise[-40:], line]
                continue
            message = json.loads(line)
            seed = message.get("start", seed)
            if "done" in message:
                yield message

    def _lost(self, seed: int, kind: str) -> dict[str, Any]:
        with tempfile.TemporaryDirectory() as name:
            source = usable_program(seed, Path(name)).source if seed >= 0 else ""
        return vars(Failure(seed, kind, "".join(self.noise), source, True))


def shrunk_in_time(failure: Failure, seconds: float) -> str:
    """The shrunk program, found by a process of its own; the program itself where that fails."""
    if failure.kind == "hang" or failure.kind.startswith(("crash", "fuzzer")):
        return failure.source
    with tempfile.TemporaryDirectory(prefix="srcad-shrink-") as name:
        file = Path(name) / "failure.json"
        file.write_text(json.dumps(vars(failure)))
        command = [sys.executable, "-m", "tests.fuzz", "--shrink", str(file), "--shrink-seconds", str(seconds)]
        try:
            limit = seconds + PATIENCE
            done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=limit, check=True)
        except (subprocess.CalledProcessError, subprocess.TimeoutExpired):
            return failure.source
    return done.stdout


def campaign(options: argparse.Namespace) -> int:
    """Run programs until the time or the count is up; return the number of failures."""
    started = time.monotonic()
    deadline = started + 60.0 * options.minutes if options.count is None else math.inf
    counts: Counter[str] = Counter()
    kinds: Counter[str] = Counter()
    lock = threading.Lock()
    last = started

    def line() -> str:
        seconds = time.monotonic() - started
        return (
            f"{seconds / 60.0:.1f} min: {counts['programs']} programs, {counts['compiled']} of them compiled, "
            f"{counts['failures']} failures of {len(kinds)} kinds"
        )

    def settle(message: dict[str, Any]) -> None:
        nonlocal last
        counts["programs"] += 1
        counts["compiled"] += bool(message["compiled"])
        if message["failure"] is not None:
            failure = Failure(**message["failure"])
            counts["failures"] += 1
            kinds[failure.kind] += 1
            if kinds[failure.kind] <= options.show:
                print(report(failure, shrunk_in_time(failure, options.shrink_seconds)), flush=True)
            else:
                print(f"seed {failure.seed}: again {failure.kind}", flush=True)
        if time.monotonic() - last > 60.0:
            last = time.monotonic()
            print(line(), flush=True)

    def drive(job: int) -> None:
        seed, left = options.seed + job, options.count
        while time.monotonic() < deadline and (left is None or left > 0):
            batch = options.batch if left is None else min(options.batch, left)
            worker = Worker(seed, batch, options.jobs, options.compiled_every)
            for message in worker.messages():
                with lock:
                    settle(message)
                seed = message["done"] + options.jobs
                left = None if left is None else left - 1
                if time.monotonic() > deadline:
                    worker.process.kill()
                    break
            worker.process.wait()

    threads = [threading.Thread(target=drive, args=(job,)) for job in range(options.jobs)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    print(line())
    for kind, times in kinds.most_common():
        print(f"{times:6d}  {kind}")
    return counts["failures"]


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz", description="Fuzz srcad with random programs.")
    parser.add_argument("--minutes", type=float, default=10.0, help="how long to run (default 10)")
    parser.add_argument("--count", type=int, help="run so many programs a job instead")
    parser.add_argument("--seed", type=int, default=0, help="the first seed (default 0)")
    parser.add_argument("--compiled-every", type=int, default=20, metavar="N", help="compile one in N; 0 for none")
    parser.add_argument("--jobs", type=int, default=1, help="processes at work (default 1)")
    parser.add_argument("--batch", type=int, default=300, help="programs before a worker is started afresh")
    parser.add_argument("--show", type=int, default=3, help="failures of one kind to show in full")
    parser.add_argument("--shrink-seconds", type=float, default=60.0, help="time to shrink one failure")
    parser.add_argument("--print", action="store_true", help="print the program of --seed, and no more")
    parser.add_argument("--shrink", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--work", type=int, nargs=4, help=argparse.SUPPRESS)
    options = parser.parse_args(arguments)
    # Compiled programs are of use once: keep them out of the user's caches.
    with tempfile.TemporaryDirectory(prefix="srcad-fuzz-cache-") as cache:
        os.environ.setdefault("NUMBA_CACHE_DIR", cache)
        os.environ.setdefault("SRCAD_CACHE_DIR", cache)
        if options.work:
            work(*options.work)
            return 0
        if options.shrink:
            failure = Failure(**json.loads(options.shrink.read_text()))
            print(shrink(failure, options.shrink.parent, options.shrink_seconds), end="")
            return 0
        if options.print:
            print(usable_program(options.seed, Path(cache)).source, end="")
            return 0
        return 1 if campaign(options) else 0


if __name__ == "__main__":
    sys.exit(main())
