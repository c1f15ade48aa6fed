"""Compiled code kept between processes: one file for each function, signature and state of all it depends on.

    key = what was read (the IR of the function and of its callees, the values of their globals, closures and defaults)
          + what was asked (arguments differentiated, options, types) + the rules of the user's own
          + versions (srcad, Numba, NumPy, Python, the processor)

A changed callee or global makes another key, so nothing stale is ever served. The folder is `$SRCAD_CACHE_DIR`, or
`srcad` in the user's cache folder; when it holds more than LIMIT, what was used longest ago goes. A file that can't be
read or written costs speed, never a result: it is ignored.
"""

from __future__ import annotations

import contextlib
import hashlib
import itertools
import linecache
import os
import pickle
import re
import sys
import tempfile
import types as python_types
from collections.abc import Callable, Iterator, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

import llvmlite
import numba
import numpy as np
from numba.core import compiler, config, sigutils, types
from numba.core.registry import cpu_target
from numba.core.runtime import rtsys
from numba.core.serialize import dumps

from srcad.errors import SrcadError

# ---------------------------------------------------------------------------------------------- keys

# Numba's settings that change the code it makes
SETTINGS = ("OPT", "BOUNDSCHECK", "LOOP_VECTORIZE", "SLP_VECTORIZE", "DEBUGINFO_DEFAULT", "ENABLE_AVX")


class Unstable(Exception):
    """The code depends on something that has no name which another process would give it too: it is not kept."""


def state(f: Any, *asked: Any, every_line: bool = False) -> str:
    """The key of all that the code for `f` depends on: what its source and its callees' say now, and globals.

    Where a statement stands counts for those that raise, which say so; for all of them if `every_line` can raise.

    Raises:
        SrcadError: `f` can't be read.
        Unstable: it uses a class that other processes can't import.
    """
    from srcad.ir import Raise, walk
    from srcad.parse import parse

    if hasattr(f, "__srcad__"):  # a derivative, of which this is another
        return fingerprint((f._state(), repr(asked)), {})
    program = parse(f)
    assert program.main is not None
    functions = (program.main, *program.functions.values())
    texts = [str(g) for g in functions]
    texts += [f"{s.at}" for g in functions for s in walk(g.body) if every_line or isinstance(s, Raise)]
    texts += [g._state() for g in program.derivatives.values()]
    values = {**program.globals, "(defaults)": (f.__defaults__, f.__kwdefaults__)}
    values |= {f"(class) {n}": class_name(v) for n, v in program.globals.items() if isinstance(v, type)}
    return fingerprint((*texts, repr(asked), _rules()), values)


def files(f: Any) -> dict[str, str]:
    """The text of each file that the source of `f` and of its callees stands in."""
    from srcad.parse import parse

    if hasattr(f, "__srcad__"):
        return files(f.function)
    try:
        places = parse(f).sources
    except SrcadError:  # it will be said where `f` is called
        return {}
    names = sorted({place.rpartition(":")[0] for place in places})
    return {name: "".join(linecache.getlines(name, f.__globals__)) for name in names}


def fingerprint(parts: tuple[str, ...], values: Mapping[str, Any]) -> str:
    """The key of what `parts` say and of the globals `values`."""
    digest = hashlib.sha256()
    for text in (_versions(), *parts):
        digest.update(text.encode())
        digest.update(b"\0")
    for name in sorted(values):
        digest.update(f"{name}=".encode())
        _add(digest, values[name], set())
    return digest.hexdigest()


def _add(digest: Any, value: Any, seen: set[int]) -> None:
    """Bring all that makes up `value` into the digest, each kind with its own mark."""
    if isinstance(value, np.ndarray):
        digest.update(f"[{value.dtype.str}{value.shape}{value.flags.f_contiguous}".encode())
        digest.update(np.ascontiguousarray(value).tobytes())
    elif isinstance(value, (tuple, list)):
        digest.update(f"({type(value).__qualname__}{len(value)}".encode())
        for v in value:
            _add(digest, v, seen)
    elif isinstance(value, dict):
        _add(digest, tuple(value.items()), seen)
    elif isinstance(value, type):
        digest.update(f"{value.__module__}.{value.__qualname__}{getattr(value, '_fields', '')}".encode())
    elif isinstance(getattr(value, "py_func", value), python_types.FunctionType):
        _add_function(digest, getattr(value, "py_func", value), seen)
    elif isinstance(value, python_types.ModuleType):
        digest.update(value.__name__.encode())
    elif isinstance(value, python_types.CodeType):
        digest.update(value.co_code)
        _add(digest, (value.co_names, value.co_consts), seen)
    else:
        digest.update(f"{type(value).__qualname__}:{value!r};".encode())


def _add_function(digest: Any, f: python_types.FunctionType, seen: set[int]) -> None:
    """What the function of a user's rule computes: Numba compiles it as it is, so srcad does not read it."""
    if id(f) in seen:
        return
    seen.add(id(f))
    _add(digest, (f.__qualname__, f.__code__, f.__defaults__ or ()), seen)
    cells = [c.cell_contents for c in f.__closure__ or ()]
    _add(digest, (*cells, *(f.__globals__[n] for n in f.__code__.co_names if n in f.__globals__)), seen)
    _add(digest, tuple(_overloads(f)), seen)


def _overloads(f: Any) -> Iterator[Any]:
    """What `numba.extending` declares that `f` is in compiled code."""
    cpu_target.typing_context.refresh()
    try:
        known = cpu_target.typing_context.resolve_value_type(f)
    except ValueError:  # nothing
        return
    for template in getattr(known, "templates", ()):
        made = getattr(template, "_overload_func", None)
        if made is not None and made is not f and not (made.__module__ or "").startswith("numba."):
            yield made


def class_name(c: type) -> str:
    """The name by which any process finds the class `c`.

    Raises:
        Unstable: there is none; compiled code would carry a copy of the class.
    """
    found: Any = sys.modules.get(c.__module__)
    for part in c.__qualname__.split("."):
        found = getattr(found, part, None)
    if found is not c or c.__module__ == "__main__":
        raise Unstable(c.__qualname__)
    return f"{c.__module__}.{c.__qualname__}"


def _rules() -> str:
    """The derivative rules there are, with the functions that a user declared some for."""
    from srcad.rules import FUNCTIONS, RULES
    from srcad.rules.own import HELPERS, OWN

    declared = tuple({id(o): o for o in OWN.values()}.values())  # known by a dispatcher and by what it compiles
    return _rules_digest(tuple(RULES.values()), tuple(FUNCTIONS.values()), tuple(HELPERS.items()), declared)


@lru_cache(maxsize=1)
def _rules_digest(
    rules: tuple[Any, ...], functions: tuple[Any, ...], helpers: tuple[Any, ...], declared: tuple[Any, ...]
) -> str:
    python = (f for f in functions if isinstance(getattr(f, "py_func", f), python_types.FunctionType))
    own = tuple(f for f in python if not f.__module__.startswith("srcad."))
    digest = hashlib.sha256(repr(rules).encode())
    seen: set[int] = set()
    _add(digest, own, seen)
    _add(digest, helpers, seen)
    for o in declared:
        _add(digest, (o.name, o.params, o.writes, o.constant), seen)
        for rule in (o.adjoint, o.tangent):
            if rule is not None:
                said = rule.parts if hasattr(rule, "parts") else (rule.name, rule.params, rule.extra)
                _add(digest, said, seen)
    return digest.hexdigest()


@lru_cache(maxsize=1)
def _versions() -> str:
    """The state of srcad's own files (a changed rule or pass makes other code), and of what compiles."""
    root = Path(__file__).parent
    stats = [(str(p.relative_to(root)), p.stat()) for p in sorted(root.rglob("*.py"))]
    written = [(name, s.st_mtime_ns, s.st_size) for name, s in stats]
    settings = [getattr(config, name, None) for name in SETTINGS]
    return f"{written} {numba.__version__} {llvmlite.__version__} {np.__version__} {sys.version} {settings}"


def signature_name(signature: Any) -> str:
    """The name of a signature that any process gives it.

    Raises:
        Unstable: there is none.
    """
    arguments, result = sigutils.normalize_signature(signature)
    classes = [(class_name(c), getattr(c, "_fields", ())) for t in arguments for c in _classes(t)]
    shown = f"{arguments} {result} {classes}"
    if " at 0x" in shown:  # a function, named by its place in memory
        raise Unstable(shown)
    return shown


def _classes(t: Any) -> Iterator[type]:
    """The user's classes that a type is made of."""
    made = getattr(t, "instance_class", None)
    if isinstance(made, type):
        yield made
    if isinstance(t, types.BaseTuple):
        for item in t:
            yield from _classes(item)


# ---------------------------------------------------------------------------------------------- files

LIMIT = 1 << 29  # bytes in the folder
OFTEN = 64  # files that a process writes between two looks at what the folder holds
OURS = re.compile(r".+-[0-9a-f]{40}\.nbc")
_written = itertools.count()


def folder() -> Path:
    """Where compiled code is kept."""
    chosen = os.environ.get("SRCAD_CACHE_DIR")
    if chosen:
        return Path(chosen)
    home = os.environ.get("XDG_CACHE_HOME") or os.environ.get("LOCALAPPDATA")
    return Path(home) / "srcad" if home else Path.home() / ".cache" / "srcad"


# The mark of a call that Numba resolves when the code is linked, of a recursive function. It does not do so where the
# code is loaded, which then crashes (Numba's issue 6061): such code is not kept.
RECURSIVE = b".numba.unresolved$"


class DiskCache:
    """Numba's cache protocol, on files named by key; `key` gives that of the state in which the function is now."""

    def __init__(self, name: str, key: Callable[[], str]) -> None:
        self.name, self.key = name, key
        self._asked: dict[Any, Path] = {}  # what the state was when a signature's code was looked for

    @property
    def cache_path(self) -> str:
        return str(folder())

    def flush(self) -> None:
        """Nothing to do for Numba's `recompile`: what is kept is what the state says."""

    def load_overload(self, signature: Any, target: Any) -> Any:
        """The compiled code kept for `signature`, or None."""
        path = self._path(signature, target)
        if path is None:
            return None
        self._asked[signature] = path
        try:
            content = path.read_bytes()
        except OSError:
            return None
        digest, payload = content[:32], content[32:]
        if hashlib.sha256(payload).digest() != digest:
            return None
        with contextlib.suppress(OSError):
            os.utime(path)  # it is in use
        try:
            # Code is loaded with the runtime alone: waking up all of Numba's compiler takes five times as long
            rtsys.initialize(target)
            return compiler.CompileResult._rebuild(target, *pickle.loads(payload))
        except Exception:  # an unreadable entry is as good as none
            return None

    def save_overload(self, signature: Any, result: Any) -> None:
        """Keep `result`, unless the state changed since it was asked for; where that can't be done, go on without."""
        path = self._asked.pop(signature, None)
        if path is None or result.library.has_dynamic_globals or path != self._path(signature, result.target_context):
            return
        try:
            payload = dumps(result._reduce())
            if RECURSIVE in payload:
                return
            write(path, hashlib.sha256(payload).digest() + payload)
            if next(_written) % OFTEN == 0:
                tidy(path.parent)
        except (OSError, pickle.PicklingError, TypeError, AttributeError):
            return

    def _path(self, signature: Any, target: Any) -> Path | None:
        """The file of this signature in the present state; None if there can't be one, not even a folder for it."""
        try:
            where = (self.key(), signature_name(signature), repr(target.codegen().magic_tuple()))
            return folder() / f"{self.name}-{hashlib.sha256(repr(where).encode()).hexdigest()[:40]}.nbc"
        except Exception:  # what is wrong with the function is said when it is compiled
            return None


def write(path: Path, content: bytes) -> None:
    """Make the file `path`, whole or not at all, also where processes race.

    Raises:
        OSError: it can't be made.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent, suffix=".tmp")
    scratch = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
        scratch.replace(path)
    except BaseException:
        with contextlib.suppress(OSError):
            scratch.unlink()
        raise


def tidy(kept: Path, limit: int = LIMIT) -> None:
    """Take files out of the folder `kept` that were used longest ago, until it holds three quarters of the limit.

    Processes may do so at once: a file that is gone is as good as one that was never made.
    """
    found = []
    for path in kept.iterdir():
        if OURS.fullmatch(path.name):
            with contextlib.suppress(OSError):
                s = path.stat()
                found.append((s.st_mtime_ns, s.st_size, path))
    held = sum(size for _, size, _ in found)
    if held <= limit:
        return
    for _, size, path in sorted(found):
        if held <= 3 * limit // 4:
            break
        with contextlib.suppress(OSError):
            path.unlink()
        held -= size
