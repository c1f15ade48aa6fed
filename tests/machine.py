"""The machine's view of a compiled function."""

from __future__ import annotations

from typing import Any

__all__ = ["machine_code"]


def machine_code(f: Any, *arguments: Any) -> str:
    """The LLVM code of `f`, compiled for these arguments."""
    f(*arguments)
    return "".join(f.inspect_llvm().values())
