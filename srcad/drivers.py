"""The text around the sweeps of whole Jacobians and Hessians.

    def f_jacobian(x):
        ...
        while True:                                            eight columns at a time: unit tangents in, tangents out
            value, moved = f_columns((x,), ((x_e1,), ...))
            ...
        return y_rows[:, 0:x.size].copy().reshape(y.shape + x.shape)

It is text like the sweeps' own, so that it can be read, called from compiled code and differentiated.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from numba.core import types

from srcad import checks
from srcad.checks import Types
from srcad.names import Names

# ---------------------------------------------------------------------------------------------- floats in structures


@dataclass(frozen=True)
class Part:
    """A float or an array in an argument or in a result."""

    path: str  # how it is written
    name: str  # its own name in the driver
    type: Any

    @property
    def is_array(self) -> bool:
        return isinstance(self.type, types.Array)

    @property
    def size(self) -> str:
        """The number of floats in it."""
        return f"{self.name}.size" if self.is_array else "1"

    @property
    def dtype(self) -> str:
        scalar = self.type.dtype if self.is_array else self.type
        return f", dtype=np.{scalar}" if scalar != types.float64 else ""

    def of(self, value: str) -> str:
        """The same part of another value."""
        return value + self.path[self.path.index("\0") + 1 :]


def parts(path: str, t: Any, free: Names, shown: str) -> Iterator[Part]:
    """The floats and arrays in a value of type `t`, written `path`."""
    t = checks.plain(t)
    if isinstance(t, types.BaseTuple):
        for k, item in enumerate(t):
            yield from parts(f"{path}[{k}]", item, free, shown)
    elif checks.carries(t):
        yield Part(path, path if path == shown else free.fresh(shown), t)


def rebuilt(t: Any, leaf: Callable[[], str]) -> str:
    """The text of a value structured as one of type `t`, its floats and arrays written by `leaf`."""
    t = checks.plain(t)
    if isinstance(t, types.BaseTuple):
        maker = t.instance_class.__name__ if isinstance(t, types.BaseNamedTuple) else ""
        return maker + _listed([rebuilt(item, leaf) for item in t])
    return leaf() if checks.carries(t) else "0"


def classes(t: Any) -> dict[str, Any]:
    """The namedtuple classes in `t`, by name."""
    t = checks.plain(t)
    found = {t.instance_class.__name__: t.instance_class} if isinstance(t, types.BaseNamedTuple) else {}
    for item in t if isinstance(t, types.BaseTuple) else ():
        found |= classes(item)
    return found


# ---------------------------------------------------------------------------------------------- the drivers


class Driver:
    """Writes the functions around the sweeps, for one signature."""

    def __init__(self, f: Any, arguments: Types, wrt: tuple[str, ...], result: Any, name: str, beside: bool) -> None:
        self.f, self.name, self.beside = f, name, beside
        self.result = result[1] if beside else result  # with a value beside it, that is returned as well
        self.params = list(inspect.signature(f).parameters)
        self.free = Names({*self.params, "np", name})
        given = dict(zip(self.params, arguments, strict=True))
        self.wrt = [(p, checks.plain(given[p])) for p in wrt]
        self.args = _listed(p for p, t in given.items() if not isinstance(t, types.Omitted))
        self.inputs = [q for p, t in self.wrt for q in parts(p, t, self.free, p if not _nested(t) else f"{p}_part")]
        self.outputs = list(parts("value\0[1]" if beside else "value\0", self.result, self.free, "y"))
        self.classes = {**classes(result), **{n: c for _, t in self.wrt for n, c in classes(t).items()}}
        self.offsets = ["0"]
        for q in self.inputs:
            self.offsets.append(q.size if self.offsets[-1] == "0" else f"{self.offsets[-1]} + {q.size}")

    def _head(self) -> list[str]:
        lines = [f"def {self.name}({', '.join(self.params)}):"]
        return lines + [f"    {q.name} = {q.path}" for q in self.inputs if q.name != q.path]

    def _values(self) -> list[str]:
        return [f"{q.name} = {q.of('value')}" for q in self.outputs]

    def _returned(self, block: Callable[[Part, int], str]) -> str:
        """All blocks, in the structure of the result and, within it, of the inputs."""
        outputs = iter(self.outputs)

        def row() -> str:
            q, count = next(outputs), iter(range(len(self.inputs)))
            given = [rebuilt(t, lambda: block(q, next(count))) for _, t in self.wrt]
            return given[0] if len(given) == 1 else f"({', '.join(given)})"

        return f"value[0], value[1], {rebuilt(self.result, row)}" if self.beside else rebuilt(self.result, row)

    # ------------------------------------------------------------------ columns

    def tangents(self, lanes: int) -> Any:
        """The type of the unit tangents of all lanes."""
        one = types.Tuple([_alike(t) for _, t in self.wrt])
        return one if lanes == 1 else types.Tuple([one] * lanes)

    def forward(self, sweep: str, lanes: int) -> str:
        """All columns, some at a time, by the forward sweep `sweep`."""
        new = self.free.fresh
        start, count, width, moved = new("start"), new("count"), new("width"), new("moved")
        units = {(q.name, k): new(f"{q.name}_e{k + 1}") for q in self.inputs if q.is_array for k in range(lanes)}
        flat = {key: new(f"{name}_flat") for key, name in units.items()}
        rows = {q.name: new(f"{q.name}_rows") for q in self.outputs}
        lines = [
            *self._head(),
            f"    {count} = {self.offsets[-1]}",
            f"    {width} = ({count} + {lanes - 1}) // {lanes} * {lanes}",
        ]
        for q in self.inputs:
            for k in range(lanes) if q.is_array else ():
                lines.append(f"    {units[q.name, k]} = np.zeros({q.name}.shape{q.dtype})")
                lines.append(f"    {flat[q.name, k]} = {units[q.name, k]}.ravel()")
        lines += [f"    {rows[q.name]} = np.empty({'(0, 0)' if q.is_array else '0'}{q.dtype})" for q in self.outputs]
        lines += [f"    {start} = 0", "    while True:"]
        tangents = []
        for k in range(lanes):
            names = iter(zip(self.inputs, self.offsets, strict=False))
            at = f"{start} + {k}" if k else start

            def unit(k: int = k, at: str = at, names: Any = names) -> str:
                q, offset = next(names)
                return units[q.name, k] if q.is_array else f"1.0 if {at} == {offset} else 0.0"

            tangents.append(_listed(_plain_tuple(t, unit) for _, t in self.wrt))
        lines += self._marks(lanes, start, flat, "1.0")
        given = tangents[0] if lanes == 1 else _listed(tangents)
        lines += [f"        value, {moved} = {sweep}({self.args}, {given})"]
        lines += [f"        {line}" for line in self._values()]
        lines.append(f"        if {start} == 0:")
        for q in self.outputs:
            shape = f"({q.name}.size, {width})" if q.is_array else width
            lines.append(f"            {rows[q.name]} = np.empty({shape}{q.dtype})")
        for q in self.outputs:
            lines += self._columns(q, lanes, start, moved, rows[q.name])
        lines += self._marks(lanes, start, flat, "0.0")
        lines += [f"        {start} += {lanes}", f"        if {start} >= {count}:", "            break"]
        return "\n".join([*lines, f"    return {self._returned(lambda q, k: self._block(q, k, rows[q.name]))}"]) + "\n"

    def at_once(self, sweep: str) -> str:
        """All columns by one sweep, in as many lanes as there are floats to differentiate."""
        moved = self.free.fresh("moved")
        lane = [moved if len(self.inputs) == 1 else f"{moved}[{k}]" for k in range(len(self.inputs))]
        result = self._returned(lambda q, k: q.of(lane[k]))
        lines = [f"    value, {moved} = {sweep}({self.args})", f"    return {result}"]
        return "\n".join([*self._head(), *lines]) + "\n"

    def _marks(self, lanes: int, start: str, flat: Mapping[tuple[str, int], str], value: str) -> Iterator[str]:
        """Put `value` where the unit tangents of the lanes have their one."""
        for q, offset in zip(self.inputs, self.offsets, strict=False):
            for k in range(lanes) if q.is_array else ():
                at = f"{start} + {k}" if k else start
                if offset != "0":
                    at = f"{at} - ({offset})"
                yield f"        if 0 <= {at} < {q.name}.size:"
                yield f"            {flat[q.name, k]}[{at}] = {value}"

    def _columns(self, q: Part, lanes: int, start: str, moved: str, rows: str) -> Iterator[str]:
        lane = [q.of(moved if lanes == 1 else f"{moved}[{k}]") for k in range(lanes)]
        at = [f"{start} + {k}" if k else start for k in range(lanes)]
        if not q.is_array:
            yield from (f"        {rows}[{i}] = {e}" for i, e in zip(at, lane, strict=True))
            return
        names = [self.free.fresh(f"{q.name}_dot{k + 1}") for k in range(lanes)]
        index = self.free.fresh("i")
        yield from (f"        {n} = {e}.ravel()" for n, e in zip(names, lane, strict=True))
        yield f"        for {index} in range({q.name}.size):"
        yield from (f"            {rows}[{index}, {i}] = {n}[{index}]" for i, n in zip(at, names, strict=True))

    def _block(self, q: Part, k: int, rows: str) -> str:
        """The derivatives of the output `q` by the k-th input."""
        x, offset = self.inputs[k], self.offsets[k]
        end = self.offsets[k + 1]
        if not x.is_array:
            return f"{rows}[:, {offset}].copy().reshape({q.name}.shape)" if q.is_array else f"{rows}[{offset}]"
        if not q.is_array:
            return f"{rows}[{offset}:{end}].reshape({x.name}.shape)"
        return f"{rows}[:, {offset}:{end}].copy().reshape({q.name}.shape + {x.name}.shape)"

    # ------------------------------------------------------------------ rows

    def cotangent(self) -> Any:
        """The type of the unit cotangents."""
        return _alike(self.result)

    def reverse(self, primal: str, sweep: str) -> str:
        """All rows, one at a time, by the reverse sweep `sweep`."""
        new = self.free.fresh
        unit = {q.name: new(f"{q.name}_e") for q in self.outputs}
        flat = {q.name: new(f"{q.name}_flat") for q in self.outputs}
        bar, i, j = new("bars"), new("i"), new("j")
        block = {(q.name, x.name): new(f"{q.name}_{x.name}") for q in self.outputs for x in self.inputs}
        lines = [
            *self._head(),
            f"    value = {primal}({', '.join(self.params)})",
            *(f"    {s}" for s in self._values()),
        ]
        for q in self.outputs:
            lines.append(f"    {unit[q.name]} = {f'np.zeros({q.name}.shape{q.dtype})' if q.is_array else '0.0'}")
            if q.is_array:
                lines.append(f"    {flat[q.name]} = {unit[q.name]}.ravel()")
            for x in self.inputs:
                sizes = [p.size for p in (q, x) if p.is_array]
                if sizes:
                    shape = f"({', '.join(sizes)})" if len(sizes) == 2 else sizes[0]
                    lines.append(f"    {block[q.name, x.name]} = np.empty({shape}{x.dtype})")
        wrt = [(f"{bar}[{n}]" if len(self.wrt) > 1 else bar, p) for n, (p, _) in enumerate(self.wrt)]
        for q in self.outputs:
            outputs = iter(self.outputs)
            units = _plain_tuple(self.result, lambda: _unit(next(outputs), q, unit))  # noqa: B023
            pad = "    "
            if q.is_array:
                lines += [f"    for {i} in range({q.name}.size):", f"        {flat[q.name]}[{i}] = 1.0"]
                pad = "        "
            lines.append(f"{pad}value, {bar} = {sweep}({self.args}, {units})")
            for x in self.inputs:
                path = next(w + x.path[len(p) :] for w, p in wrt if x.path == p or x.path.startswith(f"{p}["))
                to, at = block[q.name, x.name], [i] if q.is_array else []
                if x.is_array:
                    row = new(f"{x.name}_bar")
                    lines += [f"{pad}{row} = {path}.ravel()", f"{pad}for {j} in range({x.name}.size):"]
                    lines.append(f"{pad}    {to}[{', '.join([*at, j])}] = {row}[{j}]")
                else:
                    lines.append(f"{pad}{to}[{i}] = {path}" if at else f"{pad}{to} = {path}")
            if q.is_array:
                lines.append(f"        {flat[q.name]}[{i}] = 0.0")

        def shaped(q: Part, k: int) -> str:
            x = self.inputs[k]
            shapes = [f"{p.name}.shape" for p in (q, x) if p.is_array]
            return block[q.name, x.name] + (f".reshape({' + '.join(shapes)})" if shapes else "")

        return "\n".join([*lines, f"    return {self._returned(shaped)}"]) + "\n"

    # ------------------------------------------------------------------ the choice

    def choice(self, primal: str, forward: str, reverse: str, lanes: int) -> str:
        """Columns or rows, whichever takes fewer sweeps."""
        given = ", ".join(self.params)
        rows = " + ".join(q.size for q in self.outputs)
        lines = [*self._head(), f"    value = {primal}({given})", *(f"    {s}" for s in self._values())]
        lines += [f"    if {self.offsets[-1]} <= {lanes} * ({rows}):", f"        return {forward}({given})"]
        return "\n".join([*lines, f"    return {reverse}({given})"]) + "\n"


def _listed(items: Iterable[str]) -> str:
    """The text of a tuple."""
    found = list(items)
    return f"({', '.join(found)}{',' * (len(found) == 1)})"


def _nested(t: Any) -> bool:
    return isinstance(t, types.BaseTuple)


def _unit(q: Part, chosen: Part, unit: Mapping[str, str]) -> str:
    return unit[q.name] if q.is_array else "1.0" if q is chosen else "0.0"


def _plain_tuple(t: Any, leaf: Callable[[], str]) -> str:
    """As `rebuilt`, with tuples for namedtuples."""
    t = checks.plain(t)
    if isinstance(t, types.BaseTuple):
        return _listed(_plain_tuple(item, leaf) for item in t)
    return leaf() if checks.carries(t) else "0"


def _alike(t: Any) -> Any:
    """The type of a plain tuple, contiguous arrays in it, that holds a tangent of a value of type `t`."""
    t = checks.plain(t)
    if isinstance(t, types.BaseTuple):
        return types.Tuple([_alike(item) for item in t])
    if not checks.carries(t):
        return types.int64
    return types.Array(t.dtype, t.ndim, "C") if isinstance(t, types.Array) else types.float64
