"""The registry of derivative rules: what a row of a table becomes, and the lookup from a function to its rule.

A table holds one row a derivative. A row writes the call as a user would, and the partial derivative with respect
to each operand as Python text over the operands, over `out` (the call's value) and over the row's `let` names:

    partials("math.sin(x)", x="math.cos(x)", also=("np.sin",), finite=True, costly=True)
    partials("x / y",       x="1.0 / y", y="-out / y", costly=True)
    zero("math.floor(x)")

Forward and reverse mode both derive from the row (Griewank and Walther, Evaluating Derivatives, 2nd ed., 2008,
table 2.3 for what a row states, sections 3.1 and 3.2 for the two modes):

    out_dot = sum over operands of partial * operand_dot        operand_bar += partial * out_bar

The texts use operands, `let` names, `out`, literals, arithmetic, comparisons, conditional expressions and calls of
functions that have rules themselves, so a derivative can be differentiated again.

The spellings that share one rule (`math.sin`, `np.sin`) have one value on float operands. On ints and bools they may
not (`np.add(True, True)` is True, `True + True` is 2; `np.sin` of an int8 is a float32): a call without a float
operand keeps the spelling that the user gave it.
"""

import ast
import builtins
import math
import operator
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np


@dataclass(frozen=True, eq=False)
class Rule:
    """The derivative of one function or operator. Rules are compared by identity.

    `name` is the canonical printed spelling: "math.sin", "max", or an operator: "+", "-", "*", "/", "//", "%",
    "**", "neg", "pos". `params` are the operands, in positional order and by the names that the function itself
    gives them where it takes keywords. `let` holds shared subexpressions, each over the operands, `out` and the
    names before it.

    `partials` maps an operand to its partial derivative's text. An operand that is absent receives nothing: it is
    an int, a bool, or a float on which the value depends only in steps. A rule without any partial is one whose
    derivative is zero wherever it exists; it also takes fewer operands than `params` (`round(x)`).

    `finite`: the result is finite whenever the operands are, leaving aside the overflow of + - *.
    `poles`: some partial may be infinite or NaN at finite operands; None leaves it to be read off the texts.
    `costly`: the value is worth keeping rather than computing again.
    `route`, of functions that return one of their operands: the operand's name -> the condition under which it was
    the one returned, and the condition to use when the operand that it competes with is a constant, which then wins
    ties. The two conditions of a pair may be the same. Such a rule has its `partials` too, made from the first.
    `own`: declared by a user, of a function of numbers: nothing is known of what it makes of an array.
    """

    name: str
    params: tuple[str, ...]
    let: tuple[tuple[str, str], ...]
    partials: dict[str, str]
    finite: bool = False
    poles: bool | None = None
    costly: bool = False
    route: dict[str, tuple[str, str]] | None = None
    own: bool = False


RULES: dict[str, Rule] = {}
"""Every rule, by canonical name."""

FUNCTIONS: dict[str, Callable[..., Any]] = {}
"""Canonical name -> the function that computes it (`operator.add` for "+"): what a printed name must be bound to."""

NAMES: dict[int, str] = {}
"""id of a function -> canonical name. Ask `canonical`, which takes the function."""

_KEPT: list[object] = []  # holds every function that is known by its id, so that no id is ever used again

_BINARY: dict[type[ast.operator], tuple[str, Callable[..., Any]]] = {
    ast.Add: ("+", operator.add),
    ast.Sub: ("-", operator.sub),
    ast.Mult: ("*", operator.mul),
    ast.Div: ("/", operator.truediv),
    ast.FloorDiv: ("//", operator.floordiv),
    ast.Mod: ("%", operator.mod),
    ast.Pow: ("**", operator.pow),
}
_UNARY: dict[type[ast.unaryop], tuple[str, Callable[..., Any]]] = {
    ast.USub: ("neg", operator.neg),
    ast.UAdd: ("pos", operator.pos),
}
_ROOTS = {"math": math, "np": np, "operator": operator}


def canonical(fn: object) -> str | None:
    """The canonical name of the rule that differentiates `fn`, or the function that `fn` compiles; None without one."""
    return NAMES.get(id(fn)) or NAMES.get(id(getattr(fn, "py_func", fn)))


def has_poles(rule: Rule, operand: str) -> bool:
    """Whether the partial of `operand` may be infinite or NaN at finite operands: as the rule's author says, else
    as its text shows, by a division, a power, or a value (`out`, a call) of a function that is not always finite.
    """
    if rule.poles is not None:
        return rule.poles
    texts = [text for _, text in rule.let] + [rule.partials[operand]]
    return any(_may_blow_up(node, rule) for text in texts for node in ast.walk(_parse(text, rule.name)))


def _may_blow_up(node: ast.AST, rule: Rule) -> bool:
    match node:
        case ast.BinOp(op=ast.Div() | ast.FloorDiv() | ast.Mod() | ast.Pow()):
            return True
        case ast.Name("out"):
            return not rule.finite
        case ast.Call(function):
            called = RULES.get(ast.unparse(function))
            return called is None or not called.finite
    return False


def partials(
    call: str,
    /,
    *,
    also: Iterable[str] = (),
    fn: Callable[..., Any] | None = None,
    let: str = "",
    finite: bool = False,
    poles: bool | None = None,
    costly: bool = False,
    **operands: str,
) -> Rule:
    """Register the rule of `call`, one keyword an operand: its partial derivative as text.

    `call` is "math.sin(x)", "x * y" or "-x"; `also` names other spellings of the same function; `fn` is the
    function itself where it is not found in math, np, operator or the builtins; `let` is "r = ..." or several such
    assignments parted by ";". Raises ValueError for an operand that the call lacks, a name that a text can't know,
    a text that does not parse, and a function that has a rule already.
    """
    return _register(call, also, fn, let, operands, None, finite, poles, costly)


def zero(call: str, /, *, also: Iterable[str] = (), fn: Callable[..., Any] | None = None, finite: bool = True) -> Rule:
    """Register a function whose derivative is zero wherever it exists: it is an integer, a bool or a step function."""
    return _register(call, also, fn, "", {}, None, finite, False, False)


def routes(
    call: str,
    /,
    *,
    also: Iterable[str] = (),
    fn: Callable[..., Any] | None = None,
    **operands: str | tuple[str, str],
) -> Rule:
    """Register a function that returns one of its operands: by operand, the condition under which it is the one.

    A pair gives the condition to use when the competing operand is a constant as well.
    """
    route = {name: (c, c) if isinstance(c, str) else c for name, c in operands.items()}
    texts = {name: f"1.0 if {c} else 0.0" for name, (c, _) in route.items()}
    return _register(call, also, fn, "", texts, route, True, False, False)


def _register(
    call: str,
    also: Iterable[str],
    fn: Callable[..., Any] | None,
    let: str,
    texts: dict[str, str],
    route: dict[str, tuple[str, str]] | None,
    finite: bool,
    poles: bool | None,
    costly: bool,
) -> Rule:
    name, params, found = _parse_call(call)
    fn = fn or found or resolve(name, call)
    rule = Rule(name, params, parse_let(let, call), dict(texts), finite, poles, costly, route)
    verify(rule, call)
    functions = [fn, *(resolve(spelling, call) for spelling in also)]
    for function in functions:
        if name in RULES or id(function) in NAMES:
            raise ValueError(f"rule {call!r}: {NAMES.get(id(function), name)} has a rule already")
    enter(rule, *functions)
    return rule


def enter(rule: Rule, fn: Callable[..., Any], *others: Callable[..., Any]) -> None:
    """Let `rule` be that of `fn`, which computes its value, and of `others`."""
    RULES[rule.name] = rule
    FUNCTIONS[rule.name] = fn
    for function in (fn, *others):
        NAMES[id(function)] = rule.name
        keep(function)


def keep(fn: object) -> None:
    """Keep `fn` alive, so that its id is never another's."""
    _KEPT.append(fn)


def _parse_call(call: str) -> tuple[str, tuple[str, ...], Callable[..., Any] | None]:
    """ "x * y" -> ("*", ("x", "y"), operator.mul); "math.sin(x)" -> ("math.sin", ("x",), None)."""
    match _parse(call, call):
        case ast.BinOp(ast.Name(x), op, ast.Name(y)) if type(op) in _BINARY:
            symbol, function = _BINARY[type(op)]
            return symbol, (x, y), function
        case ast.UnaryOp(op, ast.Name(x)) if type(op) in _UNARY:
            symbol, function = _UNARY[type(op)]
            return symbol, (x,), function
        case ast.Call(ast.Name() | ast.Attribute() as function, [*operands], []):
            names = tuple(x.id for x in operands if isinstance(x, ast.Name))
            if len(names) == len(operands) == len(set(names)):
                return ast.unparse(function), names, None
    raise ValueError(f"rule {call!r}: write a call or an operator over plain names, like 'math.sin(x)' or 'x * y'")


def parse_let(let: str, call: str) -> tuple[tuple[str, str], ...]:
    """ "a = x + y; b = a * a" -> (("a", "x + y"), ("b", "a * a"))."""
    pairs = (text.split("=", 1) for text in let.split(";") if text.strip())
    try:
        return tuple((name.strip(), text.strip()) for name, text in pairs)
    except ValueError:
        raise ValueError(f"rule {call!r}: let is {let!r}, not 'name = expression'") from None


def _parse(text: str, call: str) -> ast.expr:
    try:
        return ast.parse(text, mode="eval").body
    except SyntaxError as error:
        raise ValueError(f"rule {call!r}: {text!r} is not an expression") from error


def resolve(spelling: str, call: str) -> Callable[..., Any]:
    """The function that a dotted name in math, np, operator or the builtins means."""
    root, _, attribute = spelling.rpartition(".")
    holder = _ROOTS.get(root) if root else builtins
    function = getattr(holder, attribute, None)
    if not callable(function):
        raise ValueError(f"rule {call!r}: there is no function {spelling!r}; pass it as fn=")
    return function  # type: ignore[no-any-return]


def verify(rule: Rule, call: str) -> None:
    """Every operand named is one of the call's, and every text uses only what it can know."""
    for operand in rule.partials:
        if operand not in rule.params:
            raise ValueError(f"rule {call!r} has no operand {operand!r}: its operands are {', '.join(rule.params)}")
    known = {*rule.params, "out"}
    for name, text in rule.let:
        _verify_names(text, known, call)
        known.add(name)
    conditions = [c for pair in (rule.route or {}).values() for c in pair]
    for text in [*rule.partials.values(), *conditions]:
        _verify_names(text, known, call)


def _verify_names(text: str, known: set[str], call: str) -> None:
    expression = _parse(text, call)
    called = {id(node.func) for node in ast.walk(expression) if isinstance(node, ast.Call)}
    for node in ast.walk(expression):
        if isinstance(node, ast.Name) and node.id not in known and node.id not in _ROOTS and id(node) not in called:
            raise ValueError(f"rule {call!r}: {node.id!r} in {text!r} is no operand, no let name and not out")
