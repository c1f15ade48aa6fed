"""GradBench's protocol, the tool's side: a JSON message a line comes in, a JSON response a line goes out.

    {"id": 1, "kind": "define", "module": "lse"}
        -> {"id": 1, "success": true}
    {"id": 2, "kind": "evaluate", "module": "lse", "function": "gradient",
     "input": {"x": [0.0, 0.0], "min_runs": 1, "min_seconds": 0}}
        -> {"id": 2, "success": true, "output": [0.5, 0.5],
            "timings": [{"name": "prepare", ...}, {"name": "evaluate", ...}]}

`prepare` is the first call, which compiles or loads what is compiled; `evaluate` are the calls after it, each timed by
itself on arrays that are read and checked beforehand. What can't be answered (a line that is no JSON, an unknown
module, an input of the wrong shape, an error while computing) has `success` false and the reason as `error`; the tool
then reads the next line.
"""

from __future__ import annotations

import json
import math
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, TextIO

import numpy as np
from numpy.typing import NDArray

Timings = list[dict[str, Any]]


# --- an eval --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Input:
    """What a message has as `input`; each method returns one field of it, or raises ValueError with the reason."""

    given: Any

    def _field(self, name: str) -> Any:
        if not isinstance(self.given, dict):
            raise ValueError("input is no object")
        if name not in self.given:
            raise ValueError(f"input has no field {name!r}")
        return self.given[name]

    def has(self, name: str) -> bool:
        return isinstance(self.given, dict) and name in self.given

    def alone(self) -> float:
        """The input, where it is a number by itself."""
        return _number("input", self.given)

    def within(self, name: str) -> Input:
        """The fields of an object within the object."""
        if not isinstance(self._field(name), dict):
            raise ValueError(f"input has no object {name!r}")
        return Input(self._field(name))

    def number(self, name: str, above: float = -math.inf) -> float:
        value = _number(name, self._field(name))
        if not value > above:
            raise ValueError(f"{name} is {value}, not above {above}")
        return value

    def integer(self, name: str, least: int) -> int:
        value = _number(name, self._field(name))
        if not value.is_integer() or value < least:
            raise ValueError(f"{name} is {value:g}, not an integer of at least {least}")
        return int(value)

    def flag(self, name: str) -> bool:
        value = self._field(name)
        if not isinstance(value, bool):
            raise ValueError(f"{name} is neither true nor false")
        return value

    def floats(self, name: str, *shape: int | None) -> NDArray[np.float64]:
        """Nested lists of numbers as an array; `None` in `shape` stands for any length."""
        return _array(name, self._field(name), shape)

    def integers(self, name: str, *shape: int | None, least: int, below: int) -> NDArray[np.int64]:
        """Nested lists of integers, each at least `least` and less than `below`."""
        value = _array(name, self._field(name), shape)
        if not np.all((value == np.floor(value)) & (value >= least) & (value < below)):
            raise ValueError(f"{name} has an entry that is no integer from {least} to {below - 1}")
        return value.astype(np.int64)


def _number(name: str, value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise ValueError(f"{name} is no number")
    try:
        number = float(value)
    except OverflowError:
        raise ValueError(f"{name} is too large") from None
    if not math.isfinite(number):
        raise ValueError(f"{name} is {number}")
    return number


def _array(name: str, value: Any, shape: tuple[int | None, ...]) -> NDArray[np.float64]:
    wanted = f"an array of numbers ({' x '.join('any' if n is None else str(n) for n in shape)})"
    try:
        array = np.array(value)
    except (ValueError, OverflowError):
        raise ValueError(f"{name} is not {wanted}: its lists differ in length") from None
    if array.size == 0 and array.ndim < len(shape):  # [] stands for no rows, whatever their length
        array = array.reshape(array.shape + tuple(n or 0 for n in shape[array.ndim :]))
    elif array.size and array.dtype.kind not in "iuf":
        raise ValueError(f"{name} is not {wanted}: it has other values")
    if array.ndim != len(shape) or any(n not in (None, m) for n, m in zip(shape, array.shape, strict=True)):
        raise ValueError(f"{name} is not {wanted} but {' x '.join(map(str, array.shape)) or 'single'}")
    return array.astype(np.float64)


@dataclass(frozen=True)
class Function:
    """A function of an eval: `read` makes the arguments of `call`, and `write` the output of its result."""

    read: Callable[[Input], tuple[Any, ...]]
    call: Callable[..., Any]
    write: Callable[[Any], Any] = lambda result: result

    def evaluate(self, given: Any) -> tuple[Any, Timings]:
        """The output for an input, and the timings of all calls."""
        least, seconds = _runs(given)
        arguments = self.read(Input(given))
        timings = [_timed("prepare", self.call, arguments)[1]]
        result, spent = None, 0
        while len(timings) <= least or spent < seconds * 1e9:
            result, timing = _timed("evaluate", self.call, arguments)
            timings.append(timing)
            spent += timing["nanoseconds"]
        return plain(self.write(result)), timings


class Eval:
    """The functions of an eval by their names."""

    def __init__(self, **functions: Function) -> None:
        self.functions: Mapping[str, Function] = functions


def _runs(given: Any) -> tuple[int, float]:
    """How often, and for how many seconds, to run at least; once where an input says nothing."""
    asked = Input(given)
    least = asked.integer("min_runs", least=0) if asked.has("min_runs") else 1
    seconds = asked.number("min_seconds") if asked.has("min_seconds") else 0.0
    return max(1, least), seconds


def _timed(name: str, call: Callable[..., Any], arguments: tuple[Any, ...]) -> tuple[Any, dict[str, Any]]:
    start = time.perf_counter_ns()
    result = call(*arguments)
    end = time.perf_counter_ns()
    return result, {"name": name, "nanoseconds": end - start}


def plain(value: Any) -> Any:
    """A result as JSON has it: lists, objects and numbers."""
    if isinstance(value, np.ndarray | np.generic):
        return value.tolist()
    if isinstance(value, dict):
        return {name: plain(part) for name, part in value.items()}
    if isinstance(value, list | tuple):
        return [plain(part) for part in value]
    return value


# --- the messages ---------------------------------------------------------------------------------------------------


def serve(
    lines: Iterable[str], out: TextIO, module: Callable[[str], Eval | None], config: Any = None, tool: str = "srcad"
) -> None:
    """Answer each of `lines` with a line on `out`; `module` gives the eval of a name, or None."""
    for line in lines:
        if line.strip():
            out.write(respond(line, module, config, tool) + "\n")
            out.flush()


def respond(line: str, module: Callable[[str], Eval | None], config: Any = None, tool: str = "srcad") -> str:
    """The response to one message, both as JSON."""
    answer: dict[str, Any] = {"id": None}
    try:
        message = json.loads(line)
        if not isinstance(message, dict):
            raise ValueError("the message is no object")
        answer["id"] = message.get("id")
        answer |= _answer(message, module, config, tool)
        return json.dumps(answer, allow_nan=False)
    except Exception as error:  # whatever it was, the next message is to be answered too
        return json.dumps({"id": answer["id"], "success": False, "error": _reason(error)})


def _answer(message: dict[str, Any], module: Callable[[str], Eval | None], config: Any, tool: str) -> dict[str, Any]:
    match message.get("kind"):
        case "start":
            return {"tool": tool, "config": config}
        case "define":
            _known(message, module)
            return {"success": True}
        case "evaluate":
            called = message.get("function")
            functions = _known(message, module).functions
            if not isinstance(called, str) or called not in functions:
                raise ValueError(f"{message['module']} has no function {called!r}: it has {', '.join(functions)}")
            if "input" not in message:
                raise ValueError("the message has no input")
            output, timings = functions[called].evaluate(message["input"])
            return {"success": True, "output": output, "timings": timings}
    return {}


def _known(message: dict[str, Any], module: Callable[[str], Eval | None]) -> Eval:
    name = message.get("module")
    found = module(name) if isinstance(name, str) else None
    if found is None:
        raise ValueError(f"no module {name!r}")
    return found


def _reason(error: Exception) -> str:
    if isinstance(error, json.JSONDecodeError):
        return f"the message is no JSON: {error}"
    if isinstance(error, ValueError):
        return str(error)
    return f"{type(error).__name__}: {error}"
