"""Compiled code kept between processes: one file for each function, signature and state of all it depends on.

    key = what was read (the IR of the function and of its callees, the values of their globals and closures)
          + what was asked (arguments differentiated, options) + versions (srcad, Numba, Python, the processor)

A changed callee or global makes another key, so nothing stale is ever served. The folder is `$SRCAD_CACHE_DIR`, or
`srcad` in the user's cache folder. A file that can't be read or written costs speed, never a result: it is ignored.
"""

from __future__ import annotations

import hashlib
import os
import pickle
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numba
import numpy as np
from numba.core import compiler
from numba.core.serialize import dumps


def folder() -> Path:
    """Where compiled code is kept."""
    chosen = os.environ.get("SRCAD_CACHE_DIR")
    if chosen:
        return Path(chosen)
    home = os.environ.get("XDG_CACHE_HOME") or os.environ.get("LOCALAPPDATA")
    return Path(home) / "srcad" if home else Path.home() / ".cache" / "srcad"


def _package() -> str:
    """The state of srcad's own files: a changed rule or pass makes other code."""
    root = Path(__file__).parent
    stats = ((p.name, s.st_mtime_ns, s.st_size) for p in sorted(root.rglob("*.py")) for s in (p.stat(),))
    return repr(tuple(stats))


_versions: list[str] = []


def fingerprint(parts: tuple[str, ...], values: Mapping[str, Any]) -> str:
    """The key of what `parts` say and of the globals `values`."""
    if not _versions:
        _versions.append(f"{_package()} {numba.__version__} {np.__version__} {sys.version}")
    digest = hashlib.sha256()
    for text in (*_versions, *parts):
        digest.update(text.encode())
        digest.update(b"\0")
    for name in sorted(values):
        digest.update(name.encode())
        _add(digest, values[name])
    return digest.hexdigest()


def _add(digest: Any, value: Any) -> None:
    if isinstance(value, np.ndarray):
        digest.update(f"{value.dtype}{value.shape}".encode())
        digest.update(np.ascontiguousarray(value).tobytes())
    elif isinstance(value, tuple):
        digest.update(f"({len(value)}".encode())
        for v in value:
            _add(digest, v)
    elif isinstance(value, type):
        digest.update(f"{value.__module__}.{value.__qualname__}{getattr(value, '_fields', '')}".encode())
    else:
        digest.update(f"{type(value).__name__}{value!r}".encode())


class DiskCache:
    """Numba's cache protocol: `load_overload` and `save_overload`, on files named by key.

    `key` gives the key of the state in which the function is now; None switches the cache off.
    """

    def __init__(self, name: str, key: Any) -> None:
        self.name, self.key = name, key

    @property
    def cache_path(self) -> str:
        return str(folder())

    def _path(self, signature: Any, target: Any) -> Path:
        where = (self.key(), str(signature), repr(target.codegen().magic_tuple()))
        return folder() / f"{self.name}-{hashlib.sha256(repr(where).encode()).hexdigest()[:40]}.nbc"

    def load_overload(self, signature: Any, target: Any) -> Any:
        """The compiled code kept for `signature`, or None."""
        from numba.core.runtime import rtsys; rtsys.initialize(target)
        try:
            content = self._path(signature, target).read_bytes()
        except OSError:
            return None
        digest, payload = content[:32], content[32:]
        if hashlib.sha256(payload).digest() != digest:
            return None
        try:
            return compiler.CompileResult._rebuild(target, *pickle.loads(payload))
        except Exception:  # an unreadable entry is as good as none
            return None

    def save_overload(self, signature: Any, result: Any) -> None:
        """Keep `result`; where that can't be done, go on without."""
        if result.library.has_dynamic_globals:
            return
        try:
            path = self._path(signature, result.target_context)
            payload = dumps(result._reduce())
            path.parent.mkdir(parents=True, exist_ok=True)
            handle, scratch = tempfile.mkstemp(dir=path.parent, suffix=".tmp")
        except (OSError, pickle.PicklingError, TypeError, AttributeError):
            return
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(hashlib.sha256(payload).digest() + payload)
            os.replace(scratch, path)  # whole or not at all, also where processes race
        except OSError:
            Path(scratch).unlink(missing_ok=True)
