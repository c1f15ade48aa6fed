"""The house keeps its order: every import inside srcad/ points down this list, and no circle exists."""

from __future__ import annotations

import ast
import math
from collections.abc import Iterator
from pathlib import Path

import pytest

import srcad

ROOT = Path(srcad.__file__).parent

# A module of srcad, or a folder's whole content, may import what stands on its own row or above it.
LAYERS = (
    {"errors", "names", "runtime", "kernels", "domains", "vectors", "unpruned", "advice", "lifetimes"},
    {"ir"},
    {"rules", "source", "syntax", "algebra"},
    {"explain", "flow", "parse", "ranks", "types"},
    {"analysis"},  # what the passes ask
    # what the sweeps hand on, what they do to bars, and the rules applied
    {"sweeps", "bars", "chain", "declared", "terms"},
    {"stack"},  # what the reverse sweep can take off the tape
    {"slots"},  # where a value of each iteration can be kept
    {"choice"},  # which values are kept
    {"build", "elements", "beside"},  # what the passes build with
    {"passes"},
    {"emit", "machine"},  # text, and what the compiler is told of it
    {"checks", "ieee", "cache", "generated", "compile"},
    {"boundary"},  # between what callers give and get, and what is differentiated
    {"empties"},  # what lists made empty will hold
    {"staying"},  # functions that stay calls, as inference sees them
    {"work"},  # a program being differentiated
    {"pipeline"},
    {"drivers"},
    {"gradient", "products", "jacobian", "sparse"},  # the objects that users hold
    {"api", "declare", "equations"},
    {"check"},
    {"srcad"},  # the package's __init__: the public names
    {"testing", "inspect", "interop", "cuda", "demos"},
    {"cli"},
    {"__main__"},
)
# The one way up: a node of the IR prints itself as Python, and asks for that when it is printed.
ALLOWED = {("srcad.ir", "srcad.syntax")}
LEVEL = {part: level for level, parts in enumerate(LAYERS) for part in parts}

# Names of functions that only rules/ should know, without the few that are plain words too.
OPS = {name for name in dir(math) if callable(getattr(math, name)) and not name.startswith("_")}
OPS -= {"floor", "pow", "prod", "dist", "perm", "comb", "nextafter", "trunc", "ceil"}
MACHINERY = ("passes", "build", "elements", "emit", "generated", "compile")


def files() -> list[Path]:
    """Every module of the package."""
    return sorted(ROOT.rglob("*.py"))


def module_of(file: Path) -> str:
    """srcad/passes/save.py -> "srcad.passes.save"; srcad/rules/__init__.py -> "srcad.rules"."""
    parts = file.relative_to(ROOT.parent).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def part_of(module: str) -> str:
    """srcad.passes.save -> "passes": the part of the house that a module belongs to."""
    return (module.split(".") + ["srcad"])[1] if module != "srcad" else "srcad"


def imports(file: Path, modules: set[str]) -> Iterator[str]:
    """The modules of srcad that `file` imports, at its top or inside a function."""
    package = module_of(file) if file.stem == "__init__" else module_of(file).rpartition(".")[0]
    for node in ast.walk(ast.parse(file.read_text())):
        if isinstance(node, ast.Import):
            yield from (a.name for a in node.names if a.name.split(".")[0] == "srcad")
        elif isinstance(node, ast.ImportFrom):
            base = node.module or ""
            if node.level:
                above = package.split(".")[: len(package.split(".")) - node.level + 1]
                base = ".".join([*above, *([base] if base else [])])
            if base.split(".")[0] == "srcad":
                for alias in node.names:
                    inner = f"{base}.{alias.name}"
                    yield inner if inner in modules else base


@pytest.fixture(scope="module")
def graph() -> dict[str, set[str]]:
    """module -> the modules of srcad that it imports."""
    modules = {module_of(file) for file in files()}
    found = {module_of(file): set(imports(file, modules)) for file in files()}
    return {m: {t for t in targets if (m, t) not in ALLOWED} for m, targets in found.items()}


def test_every_module_has_its_place_in_the_order(graph):
    unplaced = sorted(m for m in graph if part_of(m) not in LEVEL)
    assert not unplaced, f"give these a row in LAYERS: {unplaced}"


def test_imports_flow_one_way(graph):
    upward = [
        f"{module} imports {target}"
        for module, targets in graph.items()
        for target in targets
        if LEVEL.get(part_of(target), 0) > LEVEL.get(part_of(module), len(LAYERS))
    ]
    assert not upward


def test_no_import_goes_round_in_a_circle(graph):
    left = {m: {t for t in targets if t != m} for m, targets in graph.items()}
    while free := [m for m, targets in left.items() if not targets & left.keys()]:
        for module in free:
            del left[module]
    assert not left, f"these import each other in a circle: {sorted(left)}"


def test_no_pass_imports_another(graph):
    crossed = [
        f"{module} imports {target}"
        for module, targets in graph.items()
        for target in targets
        if module.startswith("srcad.passes.") and target.startswith("srcad.passes") and target != module
    ]
    assert not crossed


def test_rules_know_no_machinery(graph):
    known = {target for module, targets in graph.items() if part_of(module) == "rules" for target in targets}
    assert {part_of(target) for target in known} <= {"rules", "ir", "names", "errors"}


def test_machinery_names_no_op():
    """No pass mentions a function of the rules by name: what it needs to know, a rule says."""
    named = [
        f"{file.relative_to(ROOT)}:{node.lineno} names {name}"
        for file in files()
        if part_of(module_of(file)) in MACHINERY
        for node, name in mentions(ast.parse(file.read_text()))
        if name in OPS
    ]
    assert not named


def mentions(tree: ast.AST) -> Iterator[tuple[ast.expr, str]]:
    """The names that could name an op: "sin" and "math.sin" in strings, and math.sin, np.sin in code."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node, node.value.rpartition(".")[2]
        elif isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            if node.value.id in {"math", "np", "numpy"}:
                yield node, node.attr


def test_the_checks_can_fail(tmp_path):
    """`mentions` sees an op in a string and in code; `imports` sees one inside a function."""
    tree = ast.parse("def f(x):\n    if x == 'sin': return math.exp(2)\n")
    assert {name for _, name in mentions(tree)} & OPS == {"sin", "exp"}
    inner = ROOT / "passes" / "some_pass.py"
    source = "def f():\n    from srcad import api\n    from .other import g\n"

    class Fake(type(inner)):
        def read_text(self, *_):
            return source

    assert set(imports(Fake(inner), {"srcad.api"})) == {"srcad.api", "srcad.passes.other"}
