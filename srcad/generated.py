"""Generated text with what its names stand for: as functions to compile, as plain Python, and as a file of its own.

    Generated("f_grad", (Printed("f_grad", "def f_grad(x): ..."),), {"RATE": 0.05}).standalone()
    ->  import math                 what the text needs, so that it can be pasted and run
        RATE = 0.05
        def f_grad(x): ...

The text goes into `linecache` under a name of its own, where debuggers and tracebacks find it.
"""

from __future__ import annotations

import ast
import builtins
import linecache
import math
import re
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from symtable import Function as FunctionTable
from symtable import symtable
from typing import TYPE_CHECKING, Any

import numpy as np

from srcad import ieee
from srcad.cache import fingerprint
from srcad.errors import NOWHERE, Location
from srcad.names import OWNERS, TAPE, WRITTEN, Names

if TYPE_CHECKING:
    from srcad.machine.lanes import Lanes

_places: dict[str, list[Location]] = {}  # of the lines of each text in linecache
SMALL = 16  # elements: a global array up to this size is written out
MODULES = {
    "math": "import math",
    "namedtuple": "from collections import namedtuple",
    "np": "import numpy as np",
    "linalg": "from srcad.rules import linalg",
}


def base_names() -> dict[str, Any]:
    """The functions that rules use and that are found in no module."""
    from srcad import domains, runtime
    from srcad.rules import FUNCTIONS
    from srcad.rules.own import known

    ours = {**FUNCTIONS, **runtime.FUNCTIONS, **domains.FUNCTIONS, **known()}
    return {n: f for n, f in ours.items() if n.isidentifier()}


@dataclass(frozen=True)
class Printed:
    """A function as text, and what the compiler is told of it besides."""

    name: str
    text: str
    places: Sequence[Location] = ()  # in the user's source, of each line
    code: str = ""  # what is compiled, if that is another text
    code_places: Sequence[Location] = ()
    marks: Mapping[str, tuple[int, ...]] = field(default_factory=dict)  # its indices that are never negative
    bare: bool = False  # does it allocate nothing?
    sums: frozenset[str] = frozenset()  # its scalars that are sums without an order
    owners: Mapping[str, str] = field(default_factory=dict)  # its arrays, and the region of memory of each
    vectors: bool = False  # has it loops that exp, log, ... alone keep from running in vectors?
    held: tuple[int, ...] = ()  # if it allocates nothing: the parameters that may be arrays
    stacks: Mapping[str, Any] = field(default_factory=dict)  # its lists that are stacks, and their numbers' types
    inside: frozenset[str] = frozenset()  # its arrays that nobody else sees
    lanes: tuple[Lanes, ...] = ()  # what goes at once in it


@dataclass(frozen=True)
class Generated:
    """A module's functions, the objects that their free names are bound to, and the name of the one to call."""

    name: str
    functions: tuple[Printed, ...]
    globals: Mapping[str, Any]

    @cached_property
    def text(self) -> str:
        """The module's text."""
        return "\n\n".join(g.text for g in self.functions)

    @cached_property
    def key(self) -> str:
        """The key of all that the code is made of."""
        told = (
            (
                *(g.name, g.code, g.bare, g.vectors, g.held, sorted(g.marks.items()), sorted(g.sums)),
                *(sorted(g.owners.items()), sorted(map(str, g.stacks.items())), sorted(g.inside), g.lanes),
            )
            for g in self.functions
        )
        return fingerprint((self.text, *map(repr, told)), self.globals)

    @property
    def has_loops(self) -> bool:
        """Can a call take long: is there a loop, or a function that calls itself?"""
        return any(line.lstrip().startswith(("for ", "while ", "tape =")) for line in self.text.splitlines())

    @property
    def vectors(self) -> bool:
        """Are exp, log, ... to be srcad's own? In all functions, as a value may be computed twice, by two of them."""
        return any(g.vectors for g in self.functions)

    @cached_property
    def by_reference(self) -> Mapping[str, tuple[int, ...]]:
        """Of the functions that allocate nothing: the parameters that are passed by reference, by their positions."""
        return {g.name: g.held for g in self.functions if g.bare and g.held}

    def readable(self) -> Any:
        """The function as the text says it, with the text for its source."""
        namespace = {**self._namespace(), "__name__": __name__}
        exec(compile(self.text, self._file(), "exec"), namespace)
        return namespace[self.name]

    def define(self, wrap: Callable[[Any, bool | None], Any], plain: bool, vectors: bool) -> Any:
        """The function to compile; helpers beside it are passed through `wrap`.

        Unless it is to be the text as it is printed (`plain`), the compiler is told which indices are never negative,
        which sums have no order and which arrays lie apart, and `wrap`, where that matters, whether a helper allocates
        anything (else None). With `vectors`, exp, log, ... are srcad's own. What the code raises points at the user's
        lines.
        """
        namespace = {**self._namespace(), "__name__": __name__}  # a module that the next process can import
        bare = any(g.bare for g in self.functions) and not plain
        for g in self.functions:
            other = bool(g.code) and not plain
            tree = ast.parse(g.code if other else g.text)
            if not plain:
                tree = self._told(tree, g, namespace, vectors)
            file = _placed(tree, g.code_places if other else g.places, self._file())
            exec(compile(tree, file, "exec"), namespace)
            # Numba names machine code by the qualified name: two functions of one name must not share it
            namespace[g.name].__qualname__ += f"_{self.key[:16]}"
            if not plain:
                namespace[g.name].__dict__[OWNERS] = g.owners
            if g.name != self.name:
                namespace[g.name] = wrap(namespace[g.name], g.bare if bare else None)
        return namespace[self.name]

    def _told(self, tree: ast.Module, g: Printed, namespace: dict[str, Any], vectors: bool) -> ast.Module:
        """`tree` with what the compiler is to know; the functions that say it go into `namespace`."""
        from srcad.machine.elementary import inlined
        from srcad.machine.held import by_reference
        from srcad.machine.lanes import in_vectors
        from srcad.machine.lent import lent
        from srcad.machine.stacked import through_calls
        from srcad.machine.sums import added
        from srcad.machine.unsigned import marked, unsigned

        def bound(function: Any, name: str) -> str:
            while namespace.get(name, function) is not function or name in self.text or name in g.code:
                name += "_"
            namespace[name] = function
            return name

        if g.marks:
            tree = marked(tree, g.marks, bound(unsigned, "unsigned"))
        if g.lanes:
            tree = in_vectors(tree, g.lanes, bound, vectors)
        if g.sums:
            tree = added(tree, g.sums, bound)
        if g.inside:
            tree = lent(tree, g.inside, bound)
        if g.stacks or TAPE in g.text:
            tree = through_calls(tree, g.stacks, bound)
        if self.by_reference:
            tree = by_reference(tree, self.by_reference, bound)
        return ast.fix_missing_locations(inlined(tree, bound) if vectors else tree)

    def interpreted(self, compiled: bool = False) -> Any:
        """The function in plain Python with IEEE arithmetic, for people and tests; the text that is `compiled`, for
        tests of that."""
        if compiled:
            code = "\n\n".join(g.code or g.text for g in self.functions)
            return ieee.run(code, f"{self._file()} as it is compiled", self._namespace())[self.name]
        return ieee.run(self.text, self._file(), self._namespace())[self.name]

    def standalone(self) -> str:
        """The text after all that it needs: imports, and the values of the user's globals."""
        namespace = self._namespace()
        tables = symtable(self.text, self.name, "exec").get_children()
        read = {n for t in tables if isinstance(t, FunctionTable) for n in t.get_globals()} & namespace.keys()
        lines = [_line(n, namespace[n]) for n in sorted(read) if n not in MODULES and not hasattr(builtins, n)]
        values = [line for line in lines if not line.startswith("from ")]
        needed = read | {n for n in MODULES if re.search(rf"\b{n}\b[.(]", "\n".join(values))}
        imports = [line for n, line in MODULES.items() if n in needed] + [v for v in lines if v not in values]
        head = "\n\n".join("\n".join(part) for part in (imports, values) if part)
        return f"{head}\n\n\n{self.text}" if head else self.text

    def _namespace(self) -> dict[str, Any]:
        return {"math": math, "np": np, **base_names(), **self.globals}

    def _file(self) -> str:
        file = f"{WRITTEN}{self.name} {self.key[:16]}>"
        if file not in linecache.cache:
            linecache.cache[file] = (len(self.text), None, self.text.splitlines(keepends=True), file)
        _places[file] = list(self._lines())
        return file

    def _lines(self) -> Iterator[Location]:
        """The places that the lines of the text come from."""
        for g in self.functions:
            yield from g.places or (NOWHERE for _ in g.text.splitlines())
            yield from (NOWHERE, NOWHERE)  # the lines between two functions


def _placed(tree: ast.Module, places: Sequence[Location], file: str) -> str:
    """Give what `tree` defines the user's lines, where they are known, and return the file that these stand in."""
    own = origin(places[0]) if places else NOWHERE
    if not own.line:
        return file
    for node in ast.walk(tree):
        if isinstance(node, (ast.stmt, ast.expr)):
            place = origin(places[node.lineno - 1])
            # what an inlined function of another file does happens, for this one, in the function as a whole
            node.lineno = node.end_lineno = place.line if place.line and place.file == own.file else own.line
            node.col_offset = node.end_col_offset = 0
        elif isinstance(node, ast.arg):
            node.lineno = node.end_lineno = own.line
            node.col_offset = node.end_col_offset = 0
    return own.file


def origin(place: Location) -> Location:
    """`place`; in generated text, the place in the user's source that it comes from."""
    while place.file in _places:
        place = _places[place.file][place.line - 1]
    return place


def joined(name: str, parts: Iterable[Generated], drivers: Iterable[Printed], bound: Mapping[str, Any]) -> Generated:
    """One module with the functions of `parts`, and with `drivers` that call them; `name` is the one to call.

    A helper that two parts write alike is there once. Where they don't, the later part has names of its own for all of
    its helpers, as these may call each other.
    """
    found: dict[str, Printed] = {}
    known: dict[str, Any] = {}
    for part in parts:
        same = all(found.get(g.name, g) == g for g in part.functions)
        own = part.functions if same else _named_apart(part, Names({*found, *re.findall(r"\w+", part.text)}))
        found |= {g.name: g for g in own}
        known |= part.globals
    return Generated(name, (*found.values(), *drivers), known | dict(bound))


def _named_apart(part: Generated, free: Names) -> tuple[Printed, ...]:
    """The functions of `part`, its helpers with names that are `free`."""
    new = {g.name: g.name if g.name == part.name else free.fresh(g.name) for g in part.functions}
    called = re.compile(rf"\b({'|'.join(new)})(?=\()")

    def named(text: str) -> str:
        return called.sub(lambda found: new[found[1]], text)

    return tuple(replace(g, name=new[g.name], text=named(g.text), code=named(g.code)) for g in part.functions)


def _is_value(value: Any) -> bool:
    if isinstance(value, tuple):
        return all(map(_is_value, value))
    return isinstance(value, (bool, int, float, np.generic))


def _line(name: str, value: Any) -> str:
    """The line of Python that binds `name` to `value`."""
    if isinstance(value, type) and hasattr(value, "_fields"):
        return f"{name} = namedtuple({value.__name__!r}, {value._fields!r})"
    if _is_value(value):
        return f"{name} = {_number(value)}"
    if isinstance(value, np.ndarray) and value.size <= SMALL:
        return f"{name} = np.array({_number(value.tolist())}, dtype=np.{value.dtype})"
    if isinstance(value, np.ndarray):
        shape = " x ".join(map(str, value.shape))
        return f"# {name}: the array of {shape} {value.dtype} that the function reads"
    where, real = getattr(value, "__module__", None), getattr(value, "__name__", name)
    if where in (None, "__main__") or not hasattr(sys.modules.get(where), real):
        return f"# {name}: {real}, which the function uses"
    return f"from {where} import {real}" + ("" if name == real else f" as {name}")


def _number(value: Any) -> str:
    """`value` as Python reads it back: NaN and infinities by math's names."""
    if isinstance(value, (tuple, list)):
        items = ", ".join(map(_number, value))
        if isinstance(value, list):
            return f"[{items}]"
        return f"({items},)" if len(value) == 1 else f"({items})"
    if type(value) is float and value != value:
        return "math.nan"
    return repr(value).replace("inf", "math.inf") if type(value) is float else repr(value)
