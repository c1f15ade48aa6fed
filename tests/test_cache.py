"""Compiled code kept between processes: found again, never stale, and never worse than slow where files misbehave."""

from __future__ import annotations

import hashlib
import itertools
import json
import os
import pickle
import shutil
import subprocess
import sys
from collections import namedtuple
from pathlib import Path
from textwrap import dedent

import numba
import numpy as np
import pytest

from srcad import SrcadError, cache, grad
from srcad.rules import partials, registry

from . import golden

ROOT = Path(__file__).resolve().parent.parent

# ---------------------------------------------------------------------------------------------- in one process


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.setenv("SRCAD_CACHE_DIR", str(tmp_path / "kept"))
    return tmp_path / "kept"


def square(x):
    return x * x


def hits(g) -> int:
    return sum(g.stats.cache_hits.values())


def test_code_is_found_again(folder):
    first, second = grad(square), grad(square)
    assert (first(3.0), second(3.0)) == (6.0, 6.0)
    assert (hits(first), hits(second)) == (0, 1)
    assert first.stats.cache_path == str(folder)
    assert [path.suffix for path in folder.iterdir()] == [".nbc"]
    assert second.source == first.source  # what was loaded shows its text too
    assert second(np.float32(3.0)) == 6.0  # another type
    assert (hits(second), len(list(folder.iterdir()))) == (1, 2)


def test_no_cache(folder):
    g = grad(square, cache=False)
    assert (g(3.0), g.primal(3.0), g.value_and_grad(3.0)) == (6.0, 9.0, (9.0, 6.0))
    assert not folder.exists()


def test_what_a_file_may_hold(folder):
    """Whatever stands in the file: the right result, and a whole file afterwards."""
    assert grad(square)(3.0) == 6.0
    (path,) = folder.iterdir()
    whole = path.read_bytes()
    other = pickle.dumps("of another version")
    flipped = whole[:5000] + bytes([whole[5000] ^ 1]) + whole[5001:]
    of_another = hashlib.sha256(other).digest() + other
    for content in (b"", whole[:20], whole[:-100], flipped, b"\xff" * 5000, of_another):
        path.write_bytes(content)
        g = grad(square)
        assert (g(3.0), hits(g)) == (6.0, 0)
        again = grad(square)
        assert (again(3.0), hits(again)) == (6.0, 1)
    assert list(folder.iterdir()) == [path]


def test_folders_that_can_not_be_used(tmp_path, monkeypatch):
    file = tmp_path / "file"
    file.write_text("")
    for name in (str(file), str(file / "below"), "/proc/nowhere"):
        monkeypatch.setenv("SRCAD_CACHE_DIR", name)
        assert grad(square)(3.0) == 6.0
    monkeypatch.delenv("SRCAD_CACHE_DIR")
    monkeypatch.delenv("XDG_CACHE_HOME", raising=False)
    monkeypatch.setattr(Path, "home", lambda: (_ for _ in ()).throw(RuntimeError("there is none")))
    assert grad(square)(3.0) == 6.0
    assert file.read_text() == ""


def test_the_folder_goes_away(folder):
    g = grad(square)
    g(3.0)
    shutil.rmtree(folder)
    assert g(np.float32(3.0)) == 6.0
    assert len(list(folder.iterdir())) == 1


def test_what_was_used_longest_ago_goes(folder, monkeypatch):
    monkeypatch.setattr(cache, "_written", itertools.repeat(1))
    own = [grad(square), grad(lambda x: x * x * x), grad(lambda x: x + x)]
    for k, g in enumerate(own):
        before = set(folder.glob("*")) if folder.exists() else set()
        g(3.0)
        (made,) = set(folder.iterdir()) - before
        os.utime(made, ns=(k, k))
    (folder / "notes.txt").write_text("not ours")
    (folder / "module.f-12.py311.1.nbc").write_text("nor this")
    files = sorted(folder.glob("*-" + 40 * "?" + ".nbc"), key=lambda path: path.stat().st_mtime_ns)
    again = grad(square)
    again(3.0)  # which is the oldest no more
    assert hits(again) == 1
    cache.tidy(folder, 10**9)
    assert all(path.exists() for path in files)
    cache.tidy(folder, sum(path.stat().st_size for path in files) - 1)
    assert [path.exists() for path in files] == [True, False, True]
    cache.tidy(folder, 0)
    assert sorted(path.name for path in folder.iterdir()) == ["module.f-12.py311.1.nbc", "notes.txt"]
    monkeypatch.setattr(cache, "_written", itertools.repeat(0))
    monkeypatch.setattr(cache.tidy, "__defaults__", (0,))
    assert grad(square)(3.0) == 6.0
    assert not any(path.exists() for path in files)


def test_nothing_half_made_is_left(folder, monkeypatch):
    for error in (OSError, KeyboardInterrupt):

        def fail(*_, error=error):
            raise error

        with monkeypatch.context() as patched:
            patched.setattr(Path, "replace", fail)
            if error is OSError:
                assert grad(square)(3.0) == 6.0
            else:
                with pytest.raises(KeyboardInterrupt):
                    grad(square)(3.0)
        assert list(folder.iterdir()) == []
    with pytest.raises(SrcadError):
        grad(lambda x: {x: x})(3.0)
    with pytest.raises(TypeError):
        grad(square)(3)
    assert list(folder.iterdir()) == []


def test_what_changes_while_it_is_compiled_is_not_kept(folder, monkeypatch):
    keys = iter("ab")
    monkeypatch.setattr(cache, "state", lambda *_: next(keys))
    assert grad(square)(3.0) == 6.0
    assert not folder.exists()


# ---------------------------------------------------------------------------------------------- keys


MODEL = """\
import numpy as np
from collections import namedtuple
import helpers
RATE = 0.5
COUNT = 3
FLAG = True
NAME = "a"
TABLE = np.array([1.0, 2.0])
KIND = np.float32
ONE = np.float64(1.0)
def rate(x): return x * RATE
def count(x): return x * COUNT
def flag(x): return x if FLAG else 2.0 * x
def name(x): return x if NAME == "a" else 2.0 * x
PAIR = (1.0, 2.0)
def pair(x): return x * PAIR[1]
def table(x): return x * TABLE[1]
def kind(x): return np.ones(2, dtype=KIND)[0] * x
def one(x): return x * ONE
def callee(x): return inner(x)
def inner(x): return x * 4.0
def far(x): return helpers.far(x)
def default(x, k=2.0): return x * k
def keyword(x, *, k=2.0): return x * k
def function(x): return CALLED(x)
def CALLED(x): return x * x
def make(c):
    def closure(x): return x * c
    return closure
closure = make(2.0)
short = lambda x: x * 2.0
class Stopped(Exception): pass
def stops(x):
    if x < 0.0: raise Stopped("below zero")
    return x * x
Point = namedtuple("Point", "a b")
def point(p): return p.a * p.b
"""
CHANGES = [
    ("rate", "RATE = 0.5", "RATE = 0.25"),
    ("rate", "return x * RATE", "return x + RATE"),
    ("count", "COUNT = 3", "COUNT = 4"),
    ("count", "COUNT = 3", "COUNT = 3.0"),
    ("flag", "FLAG = True", "FLAG = False"),
    ("name", 'NAME = "a"', 'NAME = "b"'),
    ("pair", "2.0)\ndef pair", "3.0)\ndef pair"),
    ("table", "2.0]", "3.0]"),
    ("table", "2.0])", "2.0], dtype=np.float32)"),
    ("kind", "KIND = np.float32", "KIND = float"),
    ("one", "ONE = np.float64", "ONE = np.float32"),
    ("callee", "x * 4.0", "x * 5.0"),
    ("default", "k=2.0): return x * k\ndef keyword", "k=3.0): return x * k\ndef keyword"),
    ("keyword", "*, k=2.0", "*, k=3.0"),
    ("function", "return x * x\ndef make", "return x + x\ndef make"),
    ("closure", "make(2.0)", "make(3.0)"),
    ("short", "lambda x: x * 2.0", "lambda x: x * 3.0"),
    ("stops", "below", "under"),
    ("stops", "def stops", "\ndef stops"),  # the line is in what the code raises
    ("point", '"a b"', '"b a"'),
]


@pytest.fixture
def model(tmp_path, monkeypatch):
    """Makes the model after a change, in a module of its own."""
    monkeypatch.syspath_prepend(tmp_path)
    (tmp_path / "helpers.py").write_text("def far(x): return x * 2.0\n")

    def made(text: str):
        sys.modules["cached_model"] = golden.module(text, tmp_path, "cached_model")
        return sys.modules["cached_model"]

    yield made
    sys.modules.pop("helpers", None)
    sys.modules.pop("cached_model", None)


@pytest.mark.parametrize(("name", "before", "after"), CHANGES, ids=str)
def test_a_change_is_another_key(model, name, before, after):
    assert MODEL.count(before) == 1
    made = model(MODEL)

    def key(m) -> tuple[str, str]:
        return cache.state(getattr(m, name)), cache.signature_name((numba.typeof(m.Point(1.0, 2.0)),))

    first = key(made)
    assert key(model(MODEL)) == first, "the same text has the same key"
    assert key(model(MODEL.replace(before, after))) != first


def test_where_a_function_stands_is_not_in_its_key(model):
    first = cache.state(model(MODEL).rate)
    moved = model(MODEL.replace("def rate(x)", "\n\ndef rate(x)"))
    assert cache.state(moved.rate) == first
    assert cache.state(moved.rate, every_line=True) != first


def test_another_question_is_another_key(folder):
    asked = [grad(square), grad(square, fastmath=True), grad(square, boundscheck=True), grad(square, wrt="x")]
    asked += [grad(square).value_and_grad, grad(square).primal]
    assert len({g._state() for g in asked}) == len(asked)
    assert grad(square, wrt=0)._state() == grad(square, wrt=("x",))._state()


def test_another_version_is_another_key(monkeypatch):
    before = cache.state(square)
    monkeypatch.setattr(cache, "_versions", lambda: "srcad of tomorrow")
    assert cache.state(square) != before


def twice(x):
    return 2.0 * x


def thrice(x):
    return 3.0 * x


def test_a_rule_of_ones_own_is_in_the_key():
    found = [cache.state(square)]
    for f, partial in ((twice, "2.0"), (twice, "2.5"), (thrice, "2.5")):
        partials("of_ones_own(x)", fn=f, x=partial)
        found.append(cache.state(square))
        del registry.RULES["of_ones_own"], registry.FUNCTIONS["of_ones_own"], registry.NAMES[id(f)]
    assert len(set(found)) == len(found)
    assert cache.state(square) == found[0]


def test_a_class_of_the_main_module_has_no_key(monkeypatch):
    """Compiled code would carry a copy of it: the results would be of another class than the caller's."""
    Here = namedtuple("Here", "a b")
    assert Here.__qualname__ == "Here"
    signature = (numba.typeof(Here(1.0, 2.0)),)
    with pytest.raises(cache.Unstable):
        cache.signature_name(signature)
    monkeypatch.setitem(globals(), "Here", Here)
    assert "tests.test_cache.Here" in cache.signature_name(signature)
    monkeypatch.setattr(Here, "__module__", "__main__")
    with pytest.raises(cache.Unstable):
        cache.signature_name(signature)


# ---------------------------------------------------------------------------------------------- between processes


def run(text: str, place: Path, **environment: str) -> dict:
    """What the program `text` prints last, as JSON, run in `place` with a cache beside it."""
    return finished(started(text, place, **environment))


def started(text: str, place: Path, **environment: str) -> subprocess.Popen:
    program = place / f"program_{hashlib.sha256(text.encode()).hexdigest()[:8]}.py"
    program.write_text(dedent(text))
    known = {**os.environ, "PYTHONPATH": str(ROOT), "SRCAD_CACHE_DIR": str(place / "kept"), **environment}
    return subprocess.Popen(
        [sys.executable, str(program)], cwd=place, env=known, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )


def finished(process: subprocess.Popen) -> dict:
    printed, errors = process.communicate(timeout=120)
    assert process.returncode == 0, errors
    return json.loads(printed.splitlines()[-1])


ALL = """
    import json, sys, warnings
    import numpy as np
    import model
    from srcad import grad, value_and_grad
    warnings.simplefilter("error")
    found, hits = {}, {}
    def note(name, g, *arguments):
        found[name] = repr(g(*arguments))
        hits[name] = sum(g.stats.cache_hits.values())
    for name in "rate table callee far default closure".split():
        note(name, grad(getattr(model, name)), 3.0)
    note("value", value_and_grad(model.rate), 3.0)
    note("primal", grad(model.rate).primal, 3.0)
    note("wrt", grad(model.default, wrt="x"), 3.0)
    note("array", grad(lambda x: x.sum() * model.RATE), np.ones(2))
    point = grad(model.point)
    note("point", point, model.Point(2.0, 3.0))
    assert type(point(model.Point(2.0, 3.0))) is model.Point
    stops = grad(model.stops)
    note("stops", stops, 3.0)
    try:
        stops(-1.0)
    except model.Stopped as error:
        assert str(error) == "below zero"
    print(json.dumps([found, hits]))
"""


def test_another_process_finds_it_and_nothing_stale(tmp_path):
    model = tmp_path / "model.py"
    (tmp_path / "helpers.py").write_text("def far(x): return x * 2.0\n")
    model.write_text(MODEL)
    first, hits = run(ALL, tmp_path)
    assert set(hits.values()) == {0}
    assert run(ALL, tmp_path) == [first, dict.fromkeys(hits, 1)]

    text = MODEL.replace("RATE = 0.5", "RATE = 0.25").replace("2.0])", "7.0])").replace("x * 4.0", "x * 5.0")
    model.write_text(text.replace("make(2.0)", "make(3.0)").replace("k=2.0): return x * k", "k=4.0): return x * k"))
    (tmp_path / "helpers.py").write_text("def far(x): return x * 6.0\n")
    changed, hits = run(ALL, tmp_path)
    want = {"rate": "0.25", "table": "7.0", "callee": "5.0", "far": "6.0", "default": "(4.0, 3.0)", "closure": "3.0",
            "value": "(0.75, 0.25)", "primal": "0.75", "wrt": "4.0", "array": "array([0.25, 0.25])"}  # fmt: skip
    assert changed == first | want
    assert {name for name, hit in hits.items() if hit} == {"point", "stops"}
    assert not list((tmp_path / "kept").glob("*.tmp"))


def test_functions_of_one_name(tmp_path):
    """One loaded and one compiled, in either order: each is itself."""
    program = """
        import json, math, sys
        from srcad import grad
        def make(k):
            def f(x, n):
                return math.exp(-x) * k if n == 0 else x * k
            return f
        def recursive(k):
            def f(x, n):
                return x if n == 0 else x * k * f(x, n - 1)
            return f
        found = []
        for k in ORDER:
            g = grad(make(k))
            found.append([g(2.0, 1), g.primal(2.0, 1), *g.value_and_grad(2.0, 1), grad(recursive(k))(2.0, 2)])
        print(json.dumps(found))
    """
    want = {k: [k, 2 * k, 2 * k, k, 3 * 4.0 * k * k] for k in (3.0, 5.0, 7.0)}
    for order in ([3.0], [5.0, 3.0, 7.0]):
        assert run(program.replace("ORDER", repr(order)), tmp_path) == [want[k] for k in order]


def test_the_main_modules_namedtuples_stay_its_own(tmp_path):
    program = """
        from collections import namedtuple
        from srcad import grad
        Point = namedtuple("Point", "a b")
        found = grad(lambda p: p.a * p.b)(Point(2.0, 3.0))
        assert type(found) is Point
        print(list(found))
    """
    for _ in range(2):
        assert run(program, tmp_path) == [3.0, 2.0]


def test_recursion_that_can_not_be_kept(tmp_path):
    """Numba crashes on loading such code (its issue 6061)."""
    program = """
        import numpy as np
        from srcad import grad
        def total(x, low, high):
            if high - low == 1:
                return x[low] * x[low]
            middle = (low + high) // 2
            return total(x, low, middle) + total(x, middle, high)
        print(grad(total)(np.arange(3.0), 0, 3).tolist())
    """
    for _ in range(2):
        assert run(program, tmp_path) == [0.0, 2.0, 4.0]


def test_processes_at_once(tmp_path):
    program = """
        from srcad import grad
        def f(x):
            s = 0.0
            for i in range(3):
                s += x * i
            return s
        print(grad(f)(1.0))
    """
    processes = [started(program, tmp_path) for _ in range(3)]
    assert [finished(p) for p in processes] == [3.0] * 3
    assert [p.suffix for p in (tmp_path / "kept").iterdir()] == [".nbc"]


def test_nothing_heavy_is_imported_before_it_is_needed(tmp_path):
    """`import srcad` is Numba's import and little else; a cached first call wakes no compiler."""
    program = """
        import json, sys
        from srcad import grad
        def f(x):
            return x * x
        known = [m for m in sys.modules if m.startswith(("srcad.passes", "srcad.parse", "srcad.pipeline", "astor"))]
        g = grad(f)
        assert g(3.0) == 6.0
        print(json.dumps([known, "srcad.pipeline" in sys.modules, sum(g.stats.cache_hits.values())]))
    """
    assert run(program, tmp_path) == [[], True, 0]
    assert run(program, tmp_path) == [[], False, 1]


