"""What users declare of functions of their own: rules by function object, and functions that stay calls.

    enter_partials(soft_relu, {"x": slope}, "")     ->      a row of the registry, over the helper `slope`
    Own("solve", solve, adjoint=Sweep("solve_adjoint", solve_adjoint, 2, ("out", "out_bar", "A_bar")))

A function of numbers with partial derivatives is a row like any other. All others stay calls in generated code: their
rules are functions, called in place of the sweeps that srcad would write. `HELPERS` holds every such function by the
name that generated code calls it by, which no variable takes; two functions of one name get two names.
"""

from __future__ import annotations

import ast
import inspect
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from numba.core.registry import cpu_target
from numba.extending import register_jitable

from srcad.names import RESERVED, Names
from srcad.rules import registry
from srcad.rules.registry import RULES, Rule, canonical, enter, parse_let, verify

KEYWORDS = frozenset({"out", "out_bar"})


@dataclass(frozen=True, eq=False)
class Sweep:
    """A rule: the function `function`, by its name in generated code.

    It takes the arguments, whose names here are `params`, then what `extra` names: "out", "out_bar", and "x_bar" or
    "x_dot" for the argument x. `fits`: what it returns is known to be what it has to.
    """

    name: str
    function: Any
    params: tuple[str, ...]
    extra: tuple[str, ...]
    fits: bool = False


@dataclass(frozen=True, eq=False)
class Maker:
    """A rule that depends on the types of arguments and result: `make` gives it; `parts` is what it is made from."""

    make: Callable[[tuple[Any, ...], tuple[Any, ...]], Sweep]
    parts: tuple[Any, ...]


@dataclass(frozen=True, eq=False)
class Own:
    """A function that stays a call, with what its user says of it.

    `writes`: the positions of the arguments that it may write to, None for every array. `constant`: it has no
    derivative. `adjoint` and `tangent`: the rules there are. `returns`: the type of its result for arguments of
    some types, or, of others, a text that says what it takes; None where Numba is to be asked.
    """

    name: str
    function: Any
    params: tuple[str, ...] | None
    writes: tuple[int, ...] | None = None
    constant: bool = False
    adjoint: Sweep | Maker | None = None
    tangent: Sweep | Maker | None = None
    returns: Callable[[tuple[Any, ...]], Any] | None = None


HELPERS: dict[str, Any] = {}
"""Every function that generated code may call because a user declared it, by name."""

MADE: dict[str, Any] = {}
"""The functions among these that makers made, when types were known."""

LIBRARIES: dict[str, Any] = {}
"""The modules with such functions of srcad's own, once one is met, by their names in generated code."""

OWN: dict[int, Own] = {}
"""id of a function -> what is declared of it. Ask `own`, which takes the function."""

_LINEAR = {"numpy.linalg": "np.linalg", "srcad.rules.linalg": "linalg"}  # module -> its name in generated code
_BUILT: dict[int, Own] = {}  # of functions of these, once one is met
_READY: dict[str, Any] = {}  # the helpers that Numba knows


def tables() -> tuple[Any, ...]:
    """All that a declaration adds to: for tests that put it back."""
    return (registry.RULES, registry.FUNCTIONS, registry.NAMES, HELPERS, MADE, OWN, _READY, RESERVED)


def own(fn: object) -> Own | None:
    """What is declared of `fn`, or of the function that it compiles; of linear algebra, what srcad says itself."""
    found = OWN.get(id(fn)) or OWN.get(id(getattr(fn, "py_func", fn)))
    return found or (_linear(fn) if getattr(fn, "__module__", "") in _LINEAR else None)


def _linear(fn: Any) -> Own | None:
    """What `rules/linalg.py` says of `fn`, a function of its own or of np.linalg."""
    from srcad.rules import linalg

    if not _BUILT:
        LIBRARIES["linalg"] = linalg
        made: dict[int, Own] = {}
        for f in vars(linalg).values():
            if inspect.isfunction(f) and f.__module__ == linalg.__name__ and not f.__name__.startswith("_"):
                ready(f)
        for row in linalg.TABLE:
            name = f"{_LINEAR[row.function.__module__]}.{row.function.__name__}"
            adjoint, tangent = (_built(row, mode, vars(linalg)) for mode in ("adjoint", "tangent"))
            returns = partial(linalg.returned, row)
            made[id(row.function)] = Own(name, row.function, row.params, (), False, adjoint, tangent, returns)
        _BUILT.update(made)  # at once, for other threads
    return _BUILT.get(id(fn))


def _built(row: Any, mode: str, rules: Mapping[str, Any]) -> Sweep | Maker:
    """The rule of a function of linear algebra, or the two that it has by the dimensions of its last argument."""

    def named(form: str) -> Sweep:
        rule = rules[f"{row.function.__name__}{form}_{mode}"]
        extra = (parameters(rule) or ())[len(row.params) :]
        return Sweep(f"linalg.{rule.__name__}", rule, row.params, extra, fits=True)

    one = named("")
    if not row.many:
        return one
    many = named("_many")
    return Maker(lambda arguments, _: many if arguments[-1].ndim == 2 else one, (one, many))


def parameters(fn: Any) -> tuple[str, ...] | None:
    """The names of the parameters of `fn`; None where it does not say."""
    try:
        return tuple(inspect.signature(getattr(fn, "py_func", fn)).parameters)
    except (TypeError, ValueError):
        return None


def default(fn: Any, parameter: str) -> Any:
    """The default of a parameter of `fn`; None if it has none."""
    if parameters(fn) is None:
        return None
    found = inspect.signature(getattr(fn, "py_func", fn)).parameters[parameter].default
    return None if found is inspect.Parameter.empty else found


def helper(fn: Any, table: dict[str, Any] = HELPERS) -> str:
    """The name by which generated code calls `fn`, which goes into `table`."""
    for name, known in table.items():
        if known is fn:
            return name
    name = _free(fn)
    table[name] = fn
    RESERVED.add(name)
    return name


def _free(fn: Any) -> str:
    shown = getattr(fn, "__name__", "")
    return Names(RULES).fresh(shown if shown.isidentifier() else "function")


def known() -> Mapping[str, Any]:
    """The helpers, each in a form that Numba's compiled code can call.

    A plain Python function is compiled where it is called, unless `numba.extending` gave it a meaning.
    """
    for name, fn in {**HELPERS, **MADE}.items():
        if _READY.get(name) is not fn:
            ready(fn)
            _READY[name] = fn
    return {**HELPERS, **MADE, **LIBRARIES}


def ready(fn: Any) -> None:
    """Let compiled code call `fn`."""
    cpu_target.typing_context.refresh()
    if inspect.isfunction(fn) and not _is_typed(fn):
        register_jitable(error_model="numpy")(fn)


def _is_typed(fn: Any) -> bool:
    try:
        return cpu_target.typing_context.resolve_value_type(fn) is not None
    except ValueError:
        return False


# ---------------------------------------------------------------------------------------------- declarations


def enter_partials(fn: Any, operands: Mapping[str, Any], let: str) -> Rule:
    """Register a function of numbers: by parameter its partial derivative, as text, as a function, or None.

    Raises:
        TypeError: something is not what it has to be.
        ValueError: a parameter is left out or unknown, or a text says what can't be computed.
    """
    shown = _declarable(fn, "partials")
    if own(fn) is not None:
        raise ValueError(f"{shown} has a rule of another kind already")
    params = parameters(fn) or tuple(operands)
    missing = [p for p in params if p not in operands]
    if missing:
        why = f"partials({shown}) says nothing of {missing[0]!r}: give its partial derivative"
        raise ValueError(f"{why}, or None where there is none (an int)")
    odd = [p for p in operands if p not in params]
    if odd:
        raise ValueError(f"{shown} has no parameter {odd[0]!r}: it has {', '.join(params)}")
    call = f"{shown}({', '.join(params)})"
    for given in operands.values():
        if isinstance(given, str):
            _check_calls(given, call)
        elif given is not None and not callable(given):
            raise TypeError(f"rule {call!r}: a partial derivative is a text, a function or None, not {given!r}")
    for _, text in parse_let(let, call):
        _check_calls(text, call)
    texts = {p: _text(g, params, call) for p, g in operands.items() if g is not None}
    name = _free(fn)
    rule = Rule(name, params, parse_let(let, call), texts, costly=True, own=True)
    verify(rule, call)
    RESERVED.add(name)
    HELPERS[name] = fn
    enter(rule, fn, getattr(fn, "py_func", fn))
    return rule


def _declarable(fn: Any, what: str) -> str:
    """The name of `fn`, which has to be a function without a rule."""
    if not callable(fn) or isinstance(fn, type):
        raise TypeError(f"{what} takes the function itself, not {fn!r}")
    shown = str(getattr(fn, "__name__", "function"))
    if hasattr(fn, "__srcad__"):
        raise TypeError(f"{what} takes a function, and {fn!r} is a derivative: srcad knows its rule")
    if canonical(fn) is not None:
        raise ValueError(f"{shown} has a derivative rule already")
    return shown


def _text(given: Any, params: tuple[str, ...], call: str) -> str:
    """A partial as text: one that is a function is called, with `out` too if it takes one argument more."""
    if isinstance(given, str):
        return given
    takes = parameters(given) or (*params, "out")[: len(getattr(given, "argtypes", None) or params)]
    if len(takes) not in (len(params), len(params) + 1):
        shown = f"{', '.join(params)}, and out if it wants it"
        why = f"{given.__name__} takes {len(takes)} arguments, not those of the call"
        raise ValueError(f"rule {call!r}: {why} ({shown})")
    return f"{helper(given)}({', '.join((*params, 'out')[: len(takes)])})"


def _check_calls(text: str, call: str) -> None:
    """Refuse a text that calls what has no rule, so that no derivative of it is known, or nothing at all."""
    try:
        tree = ast.parse(text, mode="eval")
    except SyntaxError:
        raise ValueError(f"rule {call!r}: {text!r} is not an expression") from None
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and ast.unparse(node.func) not in RULES:
            shown = ast.unparse(node.func)
            if canonical(_found(shown)) is not None:
                continue
            why = f"rule {call!r}: {shown} in {text!r} is no function that has a rule in srcad"
            raise ValueError(f"{why}; give the partial derivative as a function of ({call.partition('(')[2]}")


def _found(spelling: str) -> object:
    try:
        return registry.resolve(spelling, "")
    except ValueError:
        return None


def enter_own(fn: Any, what: str, **said: Any) -> Own:
    """Register or extend what is declared of a function that stays a call.

    Raises:
        TypeError: `fn` is no function.
        ValueError: it has that rule already, or another that leaves no room for it.
    """
    shown = _declarable(fn, what)
    before = own(fn)
    if before is None:
        before = Own(helper(fn), fn, parameters(fn))
    elif before.constant or said.get("constant"):
        raise ValueError(f"{shown} is declared already: nondifferentiable, or with a rule, but not both")
    for part in ("adjoint", "tangent"):
        if part in said and getattr(before, part) is not None:
            raise ValueError(f"{shown} has a rule for {part} already")
    if before.writes is not None and said.get("writes") is not None and before.writes != said["writes"]:
        raise ValueError(f"{shown} is declared with different writes=")
    if said.get("writes") is None:
        said["writes"] = before.writes
    made = Own(**{**{k: getattr(before, k) for k in Own.__dataclass_fields__}, **said})
    for known_by in (fn, getattr(fn, "py_func", fn)):
        OWN[id(known_by)] = made
        registry.keep(known_by)
    return made


def sweep(rule: Any, fn: Any, ending: str) -> Sweep:
    """The rule that the user's function `rule` is: its parameters are those of `fn`, then names that end in `ending`.

    Raises:
        TypeError: `rule` is no Python function.
        ValueError: its parameters are none that a rule has.
    """
    shown = getattr(fn, "__name__", "function")
    takes = parameters(rule)
    if takes is None or not inspect.isfunction(getattr(rule, "py_func", rule)):
        raise TypeError(f"the rule of {shown} has to be a Python function, plain or @njit, not {rule!r}")
    known = parameters(fn)
    given = getattr(fn, "argtypes", None)
    count = len(known) if known is not None else len(given) if given is not None else _arguments(takes, ending)
    params, extra = takes[:count], takes[count:]
    allowed = {"out", *(f"{p}{ending}" for p in params)} | ({"out_bar"} if ending == "_bar" else set())
    odd = [e for e in extra if e not in allowed]
    if len(params) < count or odd:
        names = ", ".join(known or params)
        why = f"{rule.__name__} is no rule of {shown}({names})"
        more = f"it has no argument that {odd[0]!r} could belong to" if odd else f"it takes {len(takes)} arguments"
        bars = "out, out_bar, and x_bar for an array x" if ending == "_bar" else "out, and x_dot for an argument x"
        raise ValueError(f"{why}: {more}; it takes the arguments of {shown} in their order, then any of {bars}")
    if known is not None and any(p in KEYWORDS for p in params) and set(extra) & set(params):
        raise ValueError(f"{rule.__name__}: {shown} has a parameter named as what a rule takes: rename it in the rule")
    return Sweep(helper(rule), rule, params, extra)


def _arguments(takes: tuple[str, ...], ending: str) -> int:
    """How many of a rule's parameters are arguments, where the function itself does not say."""
    for k, p in enumerate(takes):
        if p in KEYWORDS or (p.endswith(ending) and p.removesuffix(ending) in takes[:k]):
            return k
    return len(takes)
