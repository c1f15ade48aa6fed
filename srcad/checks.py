"""What a gradient takes and returns: arguments are refused here, by name, before anything is read or compiled.

    grad(f)([1.0, 2.0])      ->      TypeError: f: the argument 'x' is a list; pass an array, np.array(x)
"""

from __future__ import annotations

import inspect
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np
from numba.core import errors, types
from numba.core.typing.typeof import typeof

from srcad.errors import Location, SrcadError

Types = tuple[Any, ...]

TAKEN = "srcad takes numbers, arrays of numbers, tuples and namedtuples of them, strings and None"
FLOATS = (types.float64, types.float32)

# ---------------------------------------------------------------------------------------------- arguments


class _Missing:
    """Stands for an argument without a default that a call leaves out."""

    def __repr__(self) -> str:
        return "missing"


MISSING = _Missing()


def types_of(name: str, parameters: Sequence[str], values: Sequence[Any]) -> Types:
    """The Numba types of `values`, the arguments of the function `name`; those that are types already stay.

    Raises:
        TypeError: an argument that srcad does not take.
    """
    found = []
    for p, v in zip(parameters, values, strict=True):
        for part, item in _parts(p, v):
            t = _type(item)
            instead = _instead(part, item) if t is None else _refused(part, t)
            if instead:
                shown = None if t is None else a_type(t)
                if shown is None or shown.startswith("of type"):
                    shown = _an(item)
                raise TypeError(f"{name}: the argument {part!r} is {shown}; {instead}")
        found.append(_type(v))
    return tuple(found)


def _type(value: Any) -> Any:
    return value if isinstance(value, types.Type) else type_of(value)


def _parts(name: str, value: Any) -> Iterator[tuple[str, Any]]:
    """What is in an argument, or in the type of one, with the names of items: itself, if it is no tuple."""
    if isinstance(value, types.Omitted) and isinstance(value.value, tuple):
        value = value.value
    if not isinstance(value, (tuple, types.BaseTuple)):
        yield name, value
        return
    fields = getattr(value, "fields", getattr(value, "_fields", ()))
    for k, item in enumerate(value):
        yield from _parts(f"{name}.{fields[k]}" if fields else f"{name}[{k}]", item)


def type_of(value: Any) -> Any:
    """The Numba type of `value`, or None."""
    try:
        return typeof(value)
    except (errors.NumbaError, TypeError, ValueError, NotImplementedError):
        return None


def an_argument(value: Any) -> str:
    """`value`, which may be a type, as a person says what it is."""
    if isinstance(value, types.Type):
        return a_type(value)
    return _an(value)


def _an(value: Any) -> str:
    if isinstance(value, types.Type):
        return f"of type {value}"
    if isinstance(value, np.ndarray):
        kind = "objects" if value.dtype == object else str(value.dtype)
        return f"an array of {kind}" if type(value) is np.ndarray else f"a {type(value).__name__}"
    name = type(value).__name__
    return f"{'an' if name[:1].lower() in 'aeiou' else 'a'} {name}"


def _instead(name: str, value: Any) -> str:
    if isinstance(value, list):
        return f"pass an array, np.array({name})"
    if type(value) is np.ndarray:
        return f"pass an array of floats, such as {name}.astype(float)"
    if isinstance(value, np.floating):
        return f"pass float({name})"
    if hasattr(value, "__array__"):
        return f"pass an array, np.asarray({name})"
    return TAKEN


def check_active(name: str, parameters: Sequence[str], arguments: Types, wrt: Sequence[str] | None) -> None:
    """Can the arguments named in `wrt` be differentiated; without `wrt`, at least one?

    Raises:
        TypeError: they carry no floats.
    """
    given = dict(zip(parameters, arguments, strict=True))
    for p in wrt or ():
        if not carries(given[p]):
            instead = _floats(p, given[p])
            raise TypeError(f"{name} can't be differentiated by {p!r}, which is {a_type(given[p])}; {instead}")
    if wrt is None and not any(map(carries, arguments)):
        shown = ", ".join(f"{p}: {a_type(t)}" for p, t in given.items()) or "it takes none"
        raise TypeError(f"{name} has no float argument to differentiate ({shown}); pass a float, like 2.0 for 2")


def differentiated(f: Any, given: Mapping[str, Any], wrt: tuple[str, ...] | None) -> tuple[str, ...]:
    """The parameters of `f` to differentiate, of the types `given`: those in `wrt`, or all that carry floats.

    Without `wrt`, the variables that a function written inside another one takes from there are left out.
    """
    if wrt is not None:
        return wrt
    return tuple(p for p, t in given.items() if carries(t) and p not in getattr(f, "captured", ()))


def _floats(name: str, t: Any) -> str:
    if isinstance(plain(t), types.Array):
        return f"pass an array of floats, such as {name}.astype(float)"
    return "pass a float, like 2.0 for 2"


def _refused(name: str, t: Any) -> str:
    """What to pass instead of an argument of type `t`; nothing if it is taken."""
    t = plain(t)
    if isinstance(t, (types.List, types.ListType)):
        return f"pass an array, np.array({name})"
    if isinstance(t, types.Complex) or isinstance(getattr(t, "dtype", None), types.Complex):
        return "pass its real and imaginary parts"
    if isinstance(t, types.Optional):
        return "pass a value of one type"
    if isinstance(t, types.EnumMember):
        return f"pass {name}.value, and compare it with those of the others"
    scalar = t.dtype if isinstance(t, types.Array) else t
    if isinstance(scalar, types.Float):
        return "" if scalar in FLOATS else "pass float64 or float32"
    if isinstance(t, types.Array) and scalar == types.pyobject:
        return f"pass an array of floats, such as {name}.astype(float)"
    if isinstance(scalar, (types.Integer, types.Boolean)):
        return ""
    return "" if t in (types.none, types.unicode_type) else TAKEN


def plain(t: Any) -> Any:
    """`t` for a default and a literal: the type that a passed value would have."""
    if isinstance(t, types.Omitted):
        found = type_of(t.value)
        return types.pyobject if found is None else found
    return types.unliteral(t)


def carries(t: Any) -> bool:
    """Can a value of type `t` have a derivative: a float, floats in an array, or a tuple with some?"""
    t = plain(t)
    if isinstance(t, types.BaseTuple):
        return any(map(carries, t))
    return isinstance(t.dtype if isinstance(t, types.Array) else t, types.Float)


def missing(called: str, f: Any, absent: Sequence[str]) -> TypeError:
    """Python's own error for a call of `called`, with the parameters of `f`, without the arguments `absent`."""
    kinds = inspect.signature(f).parameters
    by_name = [p for p in absent if kinds[p].kind is inspect.Parameter.KEYWORD_ONLY]
    shown = by_name if len(by_name) == len(absent) else [p for p in absent if p not in by_name]
    kind = "keyword-only" if shown is by_name else "positional"
    names = [repr(p) for p in shown]
    listed = names[0] if len(names) == 1 else f"{', '.join(names[:-1])}{',' * (len(names) > 2)} and {names[-1]}"
    return TypeError(f"{called} missing {len(shown)} required {kind} argument{'s' * (len(shown) > 1)}: {listed}")


def positions(f: Any, wrt: Any) -> tuple[str, ...] | None:
    """`wrt` as the names of parameters of `f`.

    Raises:
        ValueError: a name or position that `f` does not have, or one given twice.
        TypeError: neither names nor positions.
    """
    if wrt is None:
        return None
    parameters = list(inspect.signature(f).parameters)
    shown = f"{f.__name__} has the arguments {', '.join(parameters)}" if parameters else f"{f.__name__} has none"
    found = []
    for w in wrt if isinstance(wrt, (tuple, list)) else (wrt,):
        if isinstance(w, bool) or not isinstance(w, (str, int)):
            raise TypeError(f"wrt takes names or positions of arguments, not {w!r}: {shown}")
        if isinstance(w, str) and w not in parameters:
            raise ValueError(f"wrt={w!r} names no argument: {shown}")
        if isinstance(w, int) and not -len(parameters) <= w < len(parameters):
            raise ValueError(f"wrt={w!r} is no argument's position: {shown}")
        found.append(w if isinstance(w, str) else parameters[w])
    if len(set(found)) < len(found):
        raise ValueError(f"wrt={wrt!r} names an argument twice: {shown}")
    if not found:
        raise ValueError(f"wrt={wrt!r} names no argument: {shown}")
    return tuple(found)


# ---------------------------------------------------------------------------------------------- the result


def check_result(name: str, result: Any, at: Location) -> None:
    """A gradient is of one float.

    Raises:
        SrcadError: `result` is another type.
    """
    result = types.unliteral(result)
    if isinstance(result, types.Float):
        return
    if result == types.none:
        raise SrcadError(f"{name} returns nothing, so there is nothing to differentiate", at, "return a float")
    if isinstance(result, (types.Integer, types.Boolean)):
        raise SrcadError(f"{name} returns {a_type(result)}, which has no derivative", at, "return a float")
    if isinstance(result, (types.Array, types.BaseTuple)):
        raise SrcadError(
            f"{name} returns {a_type(result)}, and grad differentiates one float",
            at,
            "vjp(f)(args, cotangent) or jacobian(f), which take such results; or return one element, or a sum",
        )
    raise SrcadError(f"{name} returns {a_type(result)}, which grad can't differentiate", at, "return a float")


_ITEMS = {types.UnicodeCharSeq: "strings", types.CharSeq: "bytes", types.Record: "records"}


def a_type(t: Any) -> str:
    """`t` as a person says it."""
    if isinstance(t, types.Omitted):
        return f"the default {t.value!r}"
    t = types.unliteral(t)
    if isinstance(t, types.Array):
        items = "objects" if t.dtype == types.pyobject else _ITEMS.get(type(t.dtype), t.dtype)
        return f"an array of {items} with {t.ndim} dimension{'s' * (t.ndim != 1)}"
    if isinstance(t, types.Boolean):
        return "a bool"
    if isinstance(t, types.Integer):
        return "an int"
    if isinstance(t, types.Complex):
        return "a complex number"
    if t in FLOATS:
        return "a float" if t == types.float64 else f"a {t}"
    if isinstance(t, types.BaseTuple):
        return "a tuple"
    if isinstance(t, (types.List, types.ListType)):
        return "a list"
    if isinstance(t, types.Callable):
        return "a function"
    return {"unicode_type": "a string", "none": "None", "pyobject": "an object"}.get(str(t), f"of type {t}")


# ---------------------------------------------------------------------------------------------- tangents


def type_of_vector(called: str, value: Any) -> Any:
    """The type of the tangents or cotangents `value`, which may be a type already.

    Raises:
        TypeError: Numba has no type for them.
    """
    t = value if isinstance(value, types.Type) else type_of(value)
    if t is None or "pyobject" in str(t) or isinstance(plain(t), (types.List, types.ListType)):
        raise TypeError(f"{called} takes floats, arrays of floats and tuples of them, not {_an(value)}")
    return types.unliteral(t)


def wrapped(inputs: Sequence[Any], t: Any) -> bool:
    """Are tangents of the type `t` a tuple with one for each of the `inputs`, not one for the only input?"""
    if len(inputs) != 1:
        return True
    single = isinstance(t, types.BaseTuple) and len(t) == 1
    return single and (bool(misfit("", t, inputs[0])) or not misfit("", t[0], inputs[0]))


def misfit(name: str, t: Any, of: Any, kind: str = "tangent") -> str:
    """What is wrong with the type `t` of the tangent of `name`, which has the type `of`; nothing if it fits."""
    t, of = types.unliteral(t), plain(of)
    if isinstance(of, types.BaseTuple):
        if not isinstance(t, types.BaseTuple) or len(t) != len(of):
            found = f"a tuple of {len(t)}" if isinstance(t, types.BaseTuple) else a_type(t)
            return f"the {kind} of {name} is {found}, and {name} is a tuple of {len(of)}"
        fields = getattr(of, "fields", range(len(of)))
        parts = (f"{name}.{k}" if isinstance(k, str) else f"{name}[{k}]" for k in fields)
        return next((wrong for part, x, y in zip(parts, t, of, strict=True) if (wrong := misfit(part, x, y, kind))), "")
    if not carries(of):
        return ""  # whatever stands there, it is not read
    if isinstance(of, types.Array):
        fits = isinstance(t, types.Array) and (t.dtype, t.ndim) == (of.dtype, of.ndim)
    else:
        fits = isinstance(t, (types.Float, types.Integer))
    return "" if fits else f"the {kind} of {name} is {a_type(t)}, and {name} is {a_type(of)}"


class Misfit(Exception):
    """A vector that does not fit, found while code is written; callers see a TypeError with this text."""


def check_tangents(called: str, inputs: Sequence[tuple[str, Any]], t: Any, kind: str = "tangent") -> None:
    """Do tangents (or vectors, by `kind`) of the type `t` fit the inputs, given by name and type?

    Raises:
        TypeError: they are other in structure, rank or element type.
    """
    of = [kind for _, kind in inputs]
    listed = ", ".join(p for p, _ in inputs)
    if wrapped(of, t):
        if not isinstance(t, types.BaseTuple) or len(t) != len(inputs):
            given = f"a tuple of {len(t)}" if isinstance(t, types.BaseTuple) else a_type(t)
            raise TypeError(f"{called} takes a tuple of {len(inputs)} {kind}s, of {listed}; {given} was given")
        pairs = list(zip(inputs, t, strict=True))
    else:
        pairs = [(inputs[0], t)]
    for (p, expected), found in pairs:
        wrong = misfit(p, found, expected, kind)
        if wrong:
            raise TypeError(f"{called}: {wrong}; pass what {p} is, with the {kind}s in it")


def check_floats(name: str, result: Any, at: Location) -> None:
    """A tangent or a cotangent is of a result with floats.

    Raises:
        SrcadError: the result has none.
    """
    if types.unliteral(result) == types.none:
        why = f"{name} returns nothing, so there is nothing to differentiate"
        raise SrcadError(why, at, "return floats, or arrays")
    if not carries(result):
        raise SrcadError(f"{name} returns {a_type(result)}, which has no derivative", at, "return floats, or arrays")



def check_cotangent(called: str, result: Any, t: Any, at: Location) -> None:
    """Does a cotangent of the type `t` fit the result?

    Raises:
        SrcadError: the result has no floats.
        Misfit: the cotangent is other in structure, rank or element type.
    """
    check_floats(called, result, at)
    wrong = misfit("the result", t, result, "cotangent")
    if wrong:
        raise Misfit(f"{called}: {wrong}; pass what the function returns, with the cotangents in it")
