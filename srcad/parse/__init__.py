"""From Python source to IR: the only reader of the user's syntax, and the only place that refuses it.

    def f(x, n):                     f(x, n)
        s = 0.0                          s = 0.0
        for i in range(n):       ->      for i in 0:n:1:
            s += x[i] * x[i]                 %1 = x[i];  %2 = x[i];  %3 = %1 * %2;  s = s + %3
        return s                         -> s

Calls of the user's own functions are read in place (`calls.py`), every iterable becomes a count (`loops.py`), and
`continue`, `return` and loop `else` become the shape of the code (`structure.py`).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, cast

from srcad import source
from srcad.ir import Apply, Assign, Function, Invoke, Var
from srcad.names import Names
from srcad.parse.calls import Recursive
from srcad.parse.scope import Program, Scope, parameters
from srcad.parse.statements import Statements
from srcad.rules import canonical
from srcad.rules.own import Own, own

__all__ = ["Program", "parse"]


def parse(f: Any, arguments: Sequence[Any] = ()) -> Program:
    """Everything that the Python function `f` does, as IR; `arguments` are the types of its arguments, where known.

    Raises:
        SrcadError: a construct that has no derivative or can't be read, with its place.
    """
    if hasattr(f, "__srcad_program__"):  # a function written inside another one
        return cast(Program, f.__srcad_program__)
    recursive: dict[Any, str] = {}
    while True:
        try:
            return _read(f, recursive, arguments)
        except Recursive as found:  # each round moves one more function out of line, so this ends
            recursive[found.function] = _unique(found.name, f, set(recursive.values()))


def _unique(name: str, main: Any, taken: set[str]) -> str:
    """The name of a function that stays a call: its own, unless the main function or another one has it."""
    name = name if name.isidentifier() else "function"
    if name == getattr(source.python_function(main), "__name__", ""):
        name = f"{name}_call"
    while name in taken:
        name += "_"
    return name


def _read(f: Any, recursive: dict[Any, str], arguments: Sequence[Any]) -> Program:
    read = source.read(f)
    function = source.python_function(f)
    program = Program(Names(("math", "np")), recursive=dict(recursive))
    program.sources[f"{read.file}:{read.node.lineno}"] = read.text
    program.names.reserve(recursive.values())
    reader = Statements(Scope(read, read.node, program), ((function,),))
    reader.check_signature()
    name = getattr(read.node, "name", "function")
    program.given.update(zip(map(reader.scope.variable, parameters(read.node)), arguments, strict=False))
    declared = own(f)
    if declared is not None or canonical(f) is not None:
        program.main = _called(f, declared, name, reader, read)
        return program
    if function not in recursive:
        program.main = reader.function(name)
        return program
    called = recursive[function]
    params = tuple(reader.scope.variable(p) for p in parameters(read.node))
    program.functions[called] = reader.separate(function, Scope(read, read.node, program), called)
    result = program.names.numbered("%")
    at = read.at(read.node)
    body = (Invoke((result,), called, tuple(Var(p) for p in params), at),)
    program.main = Function(name, params, body, Var(result), at)
    return program


def _called(f: Any, declared: Own | None, name: str, reader: Statements, read: source.Source) -> Function:
    """A function that calls `f`, which has a rule of the user's own: its source is not what is differentiated."""
    params = tuple(reader.scope.variable(p) for p in parameters(read.node))
    args, at = tuple(map(Var, params)), read.at(read.node)
    result = reader.program.names.numbered("%")
    if declared is not None:
        return Function(name, params, (Invoke((result,), declared.name, args, at, own=declared),), Var(result), at)
    return Function(name, params, (Assign(result, Apply(canonical(f) or "", args), at),), Var(result), at)
