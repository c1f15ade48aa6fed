"""Goldens: text in, text out, kept in tests/goldens/*.txt. `SRCAD_UPDATE_GOLDEN=1 pytest` writes what comes out now.

    ==== name
    the input
    ---- anything
    what came out
"""

from __future__ import annotations

import importlib.util
import linecache
import os
import re
import sys
from pathlib import Path
from types import ModuleType

FOLDER = Path(__file__).parent / "goldens"
UPDATE = bool(os.environ.get("SRCAD_UPDATE_GOLDEN"))


def entries(file: str) -> dict[str, list[tuple[str, str]]]:
    """Name -> the sections of an entry: ("", input), then (title, output) each."""
    found = {}
    for part in re.split(r"^==== ", (FOLDER / file).read_text(), flags=re.MULTILINE)[1:]:
        name, _, rest = part.partition("\n")
        pieces = re.split(r"^---- (.*)\n", rest, flags=re.MULTILINE)
        texts = [p.strip("\n") for p in pieces[0::2]]
        found[name] = list(zip(["", *pieces[1::2]], texts, strict=True))
    return found


def check(file: str, name: str, outputs: dict[str, str]) -> None:
    """The entry's outputs are these."""
    known = entries(file)
    if UPDATE:
        known[name] = [known[name][0], *outputs.items()]
        (FOLDER / file).write_text("\n".join(_written(n, e) for n, e in known.items()))
    assert dict(known[name][1:]) == outputs


def _written(name: str, sections: list[tuple[str, str]]) -> str:
    (_, first), *rest = sections
    return "".join([f"==== {name}\n{first}\n", *(f"---- {title}\n{text}\n" for title, text in rest)])


def module(text: str, folder: Path, name: str = "model") -> ModuleType:
    """The module that `text` is, from a file of its own."""
    path = folder / f"{name}.py"
    path.write_text(text)
    linecache.checkcache(str(path))
    spec = importlib.util.spec_from_file_location(name, path)
    assert spec is not None and spec.loader is not None
    made = importlib.util.module_from_spec(spec)
    sys.modules.pop(name, None)
    spec.loader.exec_module(made)
    return made
