"""A user's own rule at a call: what it is called with, and that it fits.

    y@0 = solve(A@0, b@0), its rule (A, b, out, out_bar, A_bar)     ->     solve_adjoint(A@0, b@0, y@0, y_bar, A_bar)

The rule takes the call's arguments, then what it names of the result and of bars, or of tangents. What does not fit
is refused at the call.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from numba.core import types
from numba.core.typing.typeof import typeof

from srcad.errors import SrcadError
from srcad.explain import a_type
from srcad.ir import Apply, Const, Expr, Invoke, Tuple, Var, may_write
from srcad.names import base
from srcad.rules.own import Maker, Own, Sweep
from srcad.types import Type, carries_floats, is_array, is_float, is_float_array, is_reference, is_tuple, returned


def type_of(e: Expr, known: dict[str, Type]) -> Type:
    """The type of an argument, a name or a constant."""
    return typeof(e.value) if isinstance(e, Const) else known.get(base(e.name)) if isinstance(e, Var) else None


def kind(e: Expr, known: dict[str, Type]) -> Type:
    """The type of what a rule is given: an argument, zeros, or several of these."""
    match e:
        case Tuple(items):
            return types.Tuple(tuple(kind(i, known) for i in items))
        case Apply("np.zeros_like", (Var(name),)):
            t: Any = known[base(name)]
            return types.Array(t.dtype, getattr(t, "ndim", 1), "C")
        case Apply("np.float32"):
            return types.float32
    return type_of(e, known)


def reverse_rule(s: Invoke, known: dict[str, Type]) -> Sweep:
    """The rule for the reverse sweep of the call `s`."""
    return _rule(s, known, "adjoint")


def forward_rule(s: Invoke, known: dict[str, Type]) -> Sweep:
    """The rule for the tangent of the call `s`."""
    return _rule(s, known, "tangent")


def _rule(s: Invoke, known: dict[str, Type], mode: str) -> Sweep:
    own: Own = s.own
    made = getattr(own, mode)
    names = own.params or tuple(f"x{k + 1}" for k, _ in enumerate(s.args))
    called = f"{own.name}({', '.join(names)})"
    if made is None:
        other = "adjoint" if mode == "tangent" else "tangent"
        why = f"{own.name} has a rule for {_MODES[other]}, and none for {_MODES[mode]}, which is asked for here"
        raise SrcadError(why, s.at, declaration(s, known, names, mode))
    for p, a in zip(names, s.args, strict=False):
        t = type_of(a, known)
        if is_tuple(t) and carries_floats(t):
            why = f"{called} is given a tuple of floats as {p}, which a rule of one's own can't have"
            raise SrcadError(why, s.at, "its items as arguments")
    found = made
    if isinstance(made, Maker):
        found = made.make(tuple(type_of(a, known) for a in s.args), tuple(known[base(t)] for t in s.targets))
    assert isinstance(found, Sweep)
    if len(found.params) != len(s.args):
        why = f"{own.name} is called with {len(s.args)} arguments, and its rule {found.name} is for {len(found.params)}"
        raise SrcadError(why, s.at, "the same number in both")
    return found


_MODES = {"adjoint": "reverse mode (grad, vjp)", "tangent": "forward mode (jvp, hvp)"}


def declaration(s: Invoke, known: dict[str, Type], names: tuple[str, ...], mode: str) -> str:
    """The lines that would declare the rule that is missing."""
    kinds = [(p, type_of(a, known)) for p, a in zip(names, s.args, strict=False)]
    name = s.own.name
    if mode == "tangent":
        dots = [f"{p}_dot" for p, t in kinds if carries_floats(t)]
        head = f"@tangent({name})\n    def {name}_tangent({', '.join((*names, *dots))}):"
        return f"a rule for it, declared once:\n    {head}\n        return ...  # the tangent of its result"
    arrays = [f"{p}_bar" for p, t in kinds if is_float_array(t)]
    scalars = [f"{p}_bar" for p, t in kinds if is_float(t)]
    bar = ["out_bar"] if any(carries_floats(known.get(base(t))) for t in s.targets) else []
    lines = [f"{a} += ..." for a in arrays] + ([f"return {', '.join(scalars)}"] if scalars else [])
    body = "\n".join(f"        {line}" for line in lines)
    head = f"@adjoint({name})\n    def {name}_adjoint({', '.join((*names, *bar, *arrays))}):"
    return f"a rule for it, declared once:\n    {head}\n{body}"


def extras(
    s: Invoke, rule: Sweep, known: dict[str, Type], ending: str, own: dict[str, Expr], active: Callable[[Expr], bool]
) -> tuple[Expr, ...]:
    """What `rule` takes after the arguments; `own` has all that there is to take, by name."""
    for p, a in zip(rule.params, s.args, strict=True):
        wanted = is_float_array(type_of(a, known)) or (ending == "_dot" and is_float(type_of(a, known)))
        if wanted and f"{p}{ending}" not in rule.extra and active(a):
            why = f"{s.own.name} is given {p}, which what is differentiated changes, and its rule has no {p}{ending}"
            raise SrcadError(why, s.at, f"the rule {rule.name} with the parameter {p}{ending}")
    for e in rule.extra:
        if e not in own:
            why = f"the rule {rule.name} takes {e}, and there is none in this call"
            raise SrcadError(why, s.at, _absent(s, e, ending))
    return tuple(own[e] for e in rule.extra)


def _absent(s: Invoke, e: str, ending: str) -> str:
    if e == "out" and ending == "_dot":
        return f"a rule without out, or writes=() where {s.own.name} is declared, if it writes to no argument"
    if e in ("out", "out_bar"):
        return "a rule without it: the function returns nothing"
    if ending == "_bar":
        return "a rule without it: the bars of floats are what the rule returns, and ints have none"
    return "a rule without it: only floats and arrays of floats have a tangent"


def whole(items: Iterable[Expr]) -> Expr:
    """One value as it is, several as a tuple."""
    made = tuple(items)
    return made[0] if len(made) == 1 else Tuple(made)


def check_bars(s: Invoke, rule: Sweep, given: tuple[Expr, ...], known: dict[str, Type]) -> tuple[int, ...]:
    """The positions of the arguments whose bars `rule` returns, in their order: floats, or all numbers."""
    if rule.fits:
        return tuple(k for k, a in enumerate(s.args) if is_float(type_of(a, known)))
    made = _returned(s, rule, tuple(kind(e, known) for e in given))
    kinds = [type_of(a, known) for a in s.args]
    floats = tuple(k for k, t in enumerate(kinds) if is_float(t))
    numbers = tuple(k for k, t in enumerate(kinds) if isinstance(t, (types.Number, types.Boolean)))
    for positions in (floats, numbers):
        if len(made) == len(positions) and all(isinstance(t, (types.Float, types.Integer)) for t in made):
            return positions
    shown = ", ".join(f"{rule.params[k]}_bar" for k in floats) or "nothing"
    why = f"the rule {rule.name} returns {_listed(made)}, and {s.own.name} is called with {_count(len(floats))}"
    raise SrcadError(why, s.at, f"return {shown}: a bar for each float; those of arrays are added to, in place")


def check_tangent(s: Invoke, rule: Sweep, given: tuple[Expr, ...], known: dict[str, Type]) -> None:
    """Refuse a tangent that is not what the call returns."""
    if rule.fits:
        return
    made = _returned(s, rule, tuple(kind(e, known) for e in given))
    wanted = tuple(known[base(t)] for t in s.targets)
    if len(made) != len(wanted) or not all(map(_fits, made, wanted)):
        why = f"the rule {rule.name} returns {_listed(made)}, and {s.own.name} returns {_listed(wanted)}"
        raise SrcadError(why, s.at, "a tangent of the kind of the result")


def _fits(tangent: Type, value: Type) -> bool:
    """Can `tangent` be that of `value`?"""
    if is_array(value):
        return is_array(tangent) and tangent.ndim == value.ndim
    return not is_float(value) or isinstance(tangent, types.Number)


def _returned(s: Invoke, rule: Sweep, given: tuple[Type, ...]) -> tuple[Type, ...]:
    made = returned(rule.function, rule.name, given, s.at)
    return tuple(made) if is_tuple(made) else () if made == types.none else (made,)


def _listed(found: tuple[Type, ...]) -> str:
    return " and ".join(map(a_type, found)) if found else "nothing"


def _count(floats: int) -> str:
    return "one float" if floats == 1 else f"{floats} floats"


def written(s: Invoke, known: dict[str, Type]) -> tuple[int, ...]:
    """The positions of the arrays that the call may write to.

    Where nothing is said of that, none of a function without a derivative; else all but arrays of floats that no rule
    of the function has a bar or a tangent of: a rule could not say what becomes of the derivatives that they hold.
    """
    own: Own = s.own
    if own.writes is not None:
        return own.writes
    if own.constant:
        return ()
    rules = [r for r in (own.adjoint, own.tangent) if isinstance(r, Sweep)]
    found: list[int] = []
    for k, a in enumerate(s.args):
        t = type_of(a, known)
        named = any(f"{r.params[k]}{e}" in r.extra for r in rules if k < len(r.params) for e in ("_bar", "_dot"))
        if named or not is_float_array(t):
            found.append(k)
    return tuple(found)


def writes_arrays(s: Invoke, known: dict[str, Type]) -> bool:
    """May the call write to an array?"""
    return any(is_reference(type_of(a, known)) for a in may_write(s))
