"""Numba's typing errors in the user's terms: at the user's line, and without a word of generated code.

    No implementation of function Function(<built-in function mul>) found for signature:
     >>> mul(Literal[str](a), array(float64, 1d, C))
    ->  a string * a 1-d array of float64 can't be computed
"""

from __future__ import annotations

import operator
import re
from collections.abc import Callable
from typing import Any

from numba.core import errors

from srcad.errors import Location, SrcadError
from srcad.ir import Apply, Assign, Function, Invoke, Stmt, walk, writes
from srcad.names import base

Reason = tuple[str, str]  # what is wrong, what to write instead

_SYMBOLS = {
    "add": "+", "sub": "-", "mul": "*", "truediv": "/", "floordiv": "//", "mod": "%", "pow": "**", "matmul": "@",
    "lt": "<", "le": "<=", "gt": ">", "ge": ">=", "eq": "==", "ne": "!=", "is_": "is", "is_not": "is not",
    "and_": "&", "or_": "|", "xor": "^", "lshift": "<<", "rshift": ">>", "contains": "in",
}  # fmt: skip
_SYMBOLS |= {f"i{name.rstrip('_')}": f"{symbol}=" for name, symbol in _SYMBOLS.items() if hasattr(operator, f"i{name}")}
_TYPED = "[0.0] * 0, a list of floats without items"
_PREFIX = {"neg": "-", "pos": "+", "invert": "~", "not_": "not "}


def explain(error: errors.NumbaError, lines: list[Stmt], f: Function) -> SrcadError:
    """`error` about `f`, whose statement `lines[k]` was compiled from line k + 2."""
    text = re.sub(r"\x1b\[[0-9;]*m", "", str(error))
    line = _line(error, text)
    s = lines[line - 2] if line is not None and 2 <= line <= len(lines) + 1 else None
    for pattern, describe in _PATTERNS:
        found = re.search(pattern, text)
        if found:
            at, (reason, instead) = _place(found, s, lines, f), describe(found, s)
            return SrcadError(reason, at, instead)
    return SrcadError(f"Numba can't compile this: {_first(text)}", f.at if s is None else s.at)


def _line(error: errors.NumbaError, text: str) -> int | None:
    line = getattr(getattr(error, "loc", None), "line", None)
    if line is not None:
        return int(line)
    found = re.findall(r"<srcad [^>]*> \((\d+)\)", text) or re.findall(r"line (\d+)", text)
    return int(found[-1]) if found else None


def _place(found: re.Match[str], s: Stmt | None, lines: list[Stmt], f: Function) -> Location:
    """The statement itself, or the last that assigns the variable in question."""
    name = found.groupdict().get("variable")
    if name is not None:
        assigned = [t for t in lines if any(_plain(n) == _plain(name) for n in writes(t))]
        s = assigned[-1] if assigned else s
    return f.at if s is None else s.at


def first_line(error: errors.NumbaError) -> str:
    """What is wrong, in Numba's own words; of functions called in functions, in the innermost."""
    return inside(str(error)) or _first(re.sub(r"\x1b\[[0-9;]*m", "", str(error)))


def inside(text: str) -> str:
    """What is wrong in the functions that a call leads to, or nothing."""
    plain = re.sub(r"\x1b\[[0-9;]*m", "", text)
    found = re.findall(r"raised a specific error:\s*(?:\w+: )?(?:Failed in .*\n)?([^\n]+)", plain)
    return _first(found[-1]) if found else ""


def _first(text: str) -> str:
    """The line of Numba's message that says what is wrong."""
    odd = ("Failed in", "During", "File", "There are", " ", "-", "[", "<srcad")
    useful = [line.strip() for line in text.splitlines() if line.strip() and not line.startswith(odd)]
    shown = re.sub(r"\s*(, defined)? at <srcad [^>]*>( \(\d+\))?", "", useful[0] if useful else text.strip())
    return re.sub(r"'?[%$][\w.]*'?", "a value", shown)


# ---------------------------------------------------------------------------------------------- the kinds of errors


def _no_implementation(found: re.Match[str], s: Stmt | None) -> Reason:
    name, args = found["called"], [a_type(t) for t in _split(found["arguments"])]
    if name in _SYMBOLS and len(args) == 2:
        return f"{args[0]} {_SYMBOLS[name]} {args[1]} can't be computed", "operands that fit each other"
    if name in _PREFIX and len(args) == 1:
        return f"{_PREFIX[name]}{args[0]} can't be computed", "an operand that is a number or an array"
    if name in ("getitem", "static_getitem") and any(a.startswith("None or") for a in args[1:]):
        return f"{args[0]} can't be indexed by {_listed(args[1:])}", "an int from the start, such as -1 for None"
    if name in ("getitem", "static_getitem"):
        return f"{args[0]} can't be indexed by {_listed(args[1:])}", "as many ints and slices as it has dimensions"
    if name in ("setitem", "static_setitem"):
        return _no_setitem(args)
    if name == "len":
        return f"{args[0]} has no length, so it can't be looped over or unpacked", "an array, a tuple or a range"
    shown = _spelled(name, s)
    if any("None or" in a for a in args):
        why = "is neither true nor false" if name == "bool" else ""
        why = f"{args[0]} {why}" if why else f"{shown} can't be called with {_listed(args)}"
        return why, "a number from the start, such as -np.inf; or a test, x is not None"
    kinds = {a.rpartition(" array of ")[2] for a in args if "-d array of " in a}
    if (name == "_impl" or shown == "np.dot") and len(args) == 2 and (len(kinds) > 1 or "int" in "".join(kinds)):
        with_what = f"{args[0]} @ {args[1]}" if name == "_impl" else f"{shown} of {_listed(args)}"
        return f"{with_what} can't be computed", "operands of one float type: x.astype(np.float64) makes an array of it"
    if name == "array" and any(" list of a" in a and "-d array of" in a for a in args):
        return f"np.array can't join {args[0].removeprefix('a list of ')} and others", "np.stack((x, y))"
    deeper = inside(found.string)
    if deeper and "Function(<function " in found[0]:
        return f"Numba can't compile {shown} for {_listed(args)}: {deeper}", "what Numba can compile"
    instead = "other types, or a plain loop"
    if name in ("_impl", "dot") and len(args) == 2 and re.search(r"\b[3-9]-d array", " ".join(args)):
        shown, instead = "a product", 'np.einsum, with a letter for each axis: np.einsum("abij,bjk->abik", a, b)'
    if shown.startswith("np.") and any(a.startswith("a list of") for a in args):
        instead = "an array, np.array(x)"
    if shown.startswith("math.") and any("array" in a for a in args):
        instead = "its np. twin, which takes arrays, or a loop over the elements"
    return f"{shown} can't be called with {_listed(args)}", instead


def _no_setitem(args: list[str]) -> Reason:
    if args[0].startswith("a read-only"):
        return f"{args[0]} can't be written to", "a copy of it, made by .copy()"
    if "array" not in args[0] and "list" not in args[0]:
        return f"{args[0]} can't be assigned to by index", "an array"
    return f"{args[0]} can't have {_listed(args[2:])} assigned at {args[1]}", "an int as index, a float as item"


def _spelled(name: str, s: Stmt | None) -> str:
    """The function as the IR spells it."""
    if isinstance(s, Assign) and isinstance(s.value, Apply) and s.value.op.rpartition(".")[2] == name:
        return s.value.op.removeprefix(".")
    return "np.dot" if name == "dot" else name


def _cannot_unify(found: re.Match[str], s: Stmt | None) -> Reason:
    name = _plain(found["variable"])
    what = "the function's result" if re.fullmatch(r"result(_\d+)?", name) else f"{name!r}"
    if name.startswith(("%", "$")):
        what = "this value"
    return (
        f"{what} is {a_type(found['one'])} on one path and {a_type(found['two'])} on another",
        "one type on every path",
    )


def _empty_list(found: re.Match[str], s: Stmt | None) -> Reason:
    why = "what this list will hold can't be told: nothing that is put into it says so"
    return why, "[0.0][:0], an empty list of floats; or none"


def _undetermined(found: re.Match[str], s: Stmt | None) -> Reason:
    if s is None or any(isinstance(t, Invoke) for t in walk((s,))):
        why = "the result's type can't be determined: the recursion has no branch that ends it"
        return why, "a branch that returns a float without a further call"
    return "the type of this can't be determined: it comes from an empty list", _TYPED


def _no_append(found: re.Match[str], s: Stmt | None) -> Reason:
    return f"{a_type(found['item'])} can't be appended to {a_type(found['list'])}", "items of one type"


def _unset(found: re.Match[str], s: Stmt | None) -> Reason:
    name = _plain(found["unset"])
    return f"{name!r} may be read before it is assigned", f"assign {name} on every path"


def _no_attribute(found: re.Match[str], s: Stmt | None) -> Reason:
    return no_attribute(found["attribute"], a_type(found["type"]))


def no_attribute(name: str, shown: str) -> Reason:
    """The reason for an attribute `name` that what `shown` says does not have."""
    if "array" in shown and name == "flat":
        return f"the flat iterator of {shown} can't be read", "x.ravel(), or np.ndenumerate(x)"
    if "array" in shown:
        return f"{shown} has no attribute {name!r} that srcad can read", "shape, size, ndim or T"
    return f"{shown} has no attribute {name!r} that srcad can read", "the value itself, or a namedtuple with that field"


def _constant(reason: str, instead: str) -> Callable[[re.Match[str], Stmt | None], Reason]:
    return lambda found, s: (reason, instead)


_PATTERNS: list[tuple[str, Callable[[re.Match[str], Stmt | None], Reason]]] = [
    (r"No implementation of function .*:\s*>>> (?P<called>\w+)\((?P<arguments>.*)\)", _no_implementation),
    (r"Cannot unify (?P<one>.*) and (?P<two>.*?) for '(?P<variable>[^']*)'", _cannot_unify),
    (r"Variable '(?P<unset>[^']*)' is not defined", _unset),
    (r"variable '(?P<variable>[^']*)'.*imprecise type: list\(undefined\)", _empty_list),
    (r"BoundFunction\(list\.append for (?P<list>.*)\) with parameters \((?P<item>.*)\)", _no_append),
    (r"Unknown attribute '(?P<attribute>\w+)' of type (?P<type>.*)", _no_attribute),
    (
        r"unsupported dtype for <BLAS function>",
        _constant("a product of arrays of ints can't be computed", "arrays of floats: x.astype(np.float64)"),
    ),
    (
        r"reshape\(\) supports contiguous array only",
        _constant("an array with gaps, such as a slice with steps, can't be reshaped", "x.copy().reshape(...)"),
    ),
    (
        r"built-in function imatmul",
        _constant("@= can't be computed", "x[:] = x @ y, or x = x @ y for a new array"),
    ),
    (r"tuple index out of range", _constant("the tuple has fewer items than that", "an index inside it")),
    (
        r"non-precise type pyobject",
        _constant("an argument is an object that Numba can't use", "numbers, arrays, and tuples of them"),
    ),
    (r"Undecided type", _constant("an empty list in a list says nothing of what it will hold", _TYPED)),
    (r"runaway recursion|Type of variable '.*?' cannot be determined", _undetermined),
]  # fmt: skip


# ---------------------------------------------------------------------------------------------- types in words


def a_type(t: Any) -> str:
    """A Numba type, or what Numba prints of one, in words: "a 2-d array of float64"."""
    text = str(t).strip()
    for pattern, words in _TYPES:
        found = re.fullmatch(pattern, text)
        if found:
            return words(found)
    return text


_TYPES: list[tuple[str, Callable[[re.Match[str]], str]]] = [
    (r"Literal\[str\]\(.*\)|unicode_type", lambda m: "a string"),
    (r"Literal\[(\w+)\]\(.*\)|omitted\(default=.*\)", lambda m: m[1] or "the default"),
    (
        r"(readonly )?(?:unaligned )?(?:nonconst )?[aA]rray\((\w+), (\d)d?, .*\)",
        lambda m: f"{'a read-only' if m[1] else 'a'} {m[3]}-d array of {m[2]}",
    ),
    (r"(?:reflected |mutable )*list\((.*)\)(?:<iv=.*>)?", lambda m: f"a list of {a_type(m[1])}"),
    (r"Literal(?:List|StrKeyDict)\(.*\)|List\(.*\)", lambda m: "a list"),
    (r"UniTuple\((.*) x (\d+)\)", lambda m: f"a tuple of {m[2]} {a_type(m[1])}"),
    (r"(?:Literal)?Tuple\((.*)\)", lambda m: f"a tuple ({', '.join(map(a_type, _split(m[1])))})"),
    (r"(\w+)\(.* x \d+\)|(\w+)\(\w+: .*\)", lambda m: f"a {m[1] or m[2]}"),
    (r"slice.*", lambda m: "a slice"),
    (r"none|NoneType", lambda m: "None"),
    (r"OptionalType\((.*)\)", lambda m: f"None or {a_type(m[1])}"),
    (r"pyobject", lambda m: "an object"),
    (r"bool|boolean", lambda m: "a bool"),
    (r"Module\((?:<module '([\w.]+)'.*)\)", lambda m: f"the module {m[1]}"),
]  # fmt: skip


def _split(text: str) -> list[str]:
    """The items of a list of types, at the commas outside brackets."""
    out, depth, start = [], 0, 0
    for i, c in enumerate(text):
        depth += (c in "([<{") - (c in ")]>}")
        if c == "," and depth == 0:
            out.append(text[start:i].strip())
            start = i + 1
    last = text[start:].strip()
    return [*out, last] if last else out


def _listed(shown: list[str]) -> str:
    return " and ".join([", ".join(shown[:-1]), shown[-1]] if len(shown) > 1 else shown) or "nothing"


def _plain(name: str) -> str:
    return base(re.sub(r"\.\d+$", "", name))
