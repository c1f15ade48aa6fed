"""Types by one walk over the IR, each operation's asked of Numba: what `types.infer` tries first, for its speed.

    s = 0.0; for i in range(n): s = s + x[i]     with {"x": array(float64, 1d, C), "n": int64}
    ->  {"x": array(float64, 1d, C), "n": int64, "s": float64, "i": int64}

Forward over the statements with the type of each name at that point; where paths meet the types are unified, and a
loop's body is gone through again until the types at its head stay (a lattice of few steps: mostly once). Each
operation of given types is asked of Numba's typing context once a process. Numba's own inference, whose time grows
faster than a function's length, stays the authority: whatever this walk does not know, or Numba refuses, raises
`Unsure`. So there is no error to explain here, and nothing that Numba's inference would type differently: lists,
calls that stay calls, None, and conditions that Numba may decide while it compiles are left to it.
"""

from __future__ import annotations

import builtins
import operator
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numba.core import errors, types
from numba.core.typing.typeof import typeof
from numba.np.numpy_support import as_dtype, from_dtype

from srcad.errors import SrcadError
from srcad.explain import a_type
from srcad.ir import (
    ONE,
    TRUE,
    ZERO,
    Append,
    Apply,
    Array,
    Assign,
    Body,
    Const,
    Exit,
    Expr,
    Field,
    For,
    Function,
    If,
    Invoke,
    Item,
    Note,
    Raise,
    Select,
    Slice,
    Store,
    Tuple,
    Var,
    While,
    bindings,
    walk,
    writes,
)
from srcad.names import GUARDED
from srcad.ranks import asks_rank, rank, with_ranks
from srcad.rules.own import Own

Type = Any
Env = dict[str, Type]

OPERATORS: dict[str, Callable[..., Any]] = {
    "+": operator.add, "-": operator.sub, "*": operator.mul, "/": operator.truediv, "//": operator.floordiv,
    "%": operator.mod, "**": operator.pow, "@": operator.matmul, "&": operator.and_, "|": operator.or_,
    "^": operator.xor, "<<": operator.lshift, ">>": operator.rshift, "<": operator.lt, "<=": operator.le,
    ">": operator.gt, ">=": operator.ge, "==": operator.eq, "!=": operator.ne, "neg": operator.neg,
    "pos": operator.pos, "~": operator.invert, "not": operator.not_,
    "+=": operator.iadd, "-=": operator.isub, "*=": operator.imul, "/=": operator.itruediv, "//=": operator.ifloordiv,
    "%=": operator.imod, "**=": operator.ipow, "&=": operator.iand, "|=": operator.ior, "^=": operator.ixor,
    "<<=": operator.ilshift, ">>=": operator.irshift, "@=": operator.imatmul,
}  # fmt: skip
COMPARISONS = frozenset({"<", "<=", ">", ">=", "==", "!="})
ATTRIBUTES = frozenset({"shape", "size", "ndim", "T", "dtype"})  # of an array, that srcad knows
ROUNDS = 20  # through a loop's body

_answers: dict[tuple[Any, ...], Type] = {}  # (what is asked, of which types) -> Numba's answer


VECTOR = types.Array(types.intp, 1, "C")


def unmasked(index: tuple[Type, ...]) -> tuple[Type, ...]:
    """The types of the parts of an index, masks of matrices as what they pick by: a vector of indices for each
    dimension. Numba takes such a mask for the array of indices that has its shape."""
    out: list[Type] = []
    for t in index:
        out += (VECTOR,) * t.ndim if is_mask(t) else (t,)
    return tuple(out)


def is_mask(t: Type) -> bool:
    """Is `t` a mask of a matrix, or of more?"""
    return isinstance(t, types.Array) and t.dtype == types.boolean and t.ndim > 1


def product_type(op: str, a: Type, b: Type) -> Type:
    """The type of a product of arrays that Numba does not know: of stacks of matrices, of ints, of mixed types.

    None of others. `np.dot` is `@` as long as the second array has not more than two dimensions.
    """
    if not isinstance(a, types.Array) or not isinstance(b, types.Array) or not (a.ndim and b.ndim):
        return None
    numbers = (types.Float, types.Integer)
    if (a.dtype == b.dtype and isinstance(a.dtype, types.Float)) and max(a.ndim, b.ndim) <= 2:
        return None
    if not isinstance(a.dtype, numbers) or not isinstance(b.dtype, numbers) or (op == "np.dot" and b.ndim > 2):
        return None
    if min(a.ndim, b.ndim) > 2 and a.ndim != b.ndim:
        return None
    dtype = from_dtype(np.result_type(as_dtype(a.dtype), as_dtype(b.dtype)))
    ndim = max(a.ndim - 2, b.ndim - 2, 0) + (a.ndim > 1) + (b.ndim > 1)
    return types.Array(dtype, ndim, "C") if ndim else dtype


class Unsure(Exception):
    """A type that only Numba's own inference can find, or refuse."""


def flow(
    f: Function, arguments: tuple[Type, ...], namespace: Mapping[str, Any], typing: Any
) -> tuple[dict[str, Type], Type]:
    """The type of each name of `f` for arguments of these types, and of its result.

    Raises:
        Unsure: Numba's inference has to say.
    """
    if any(isinstance(t, (types.Omitted, types.NoneType, types.Literal, types.Optional)) for t in arguments):
        raise Unsure
    if len(arguments) != len(f.params):
        raise Unsure
    walked = _Flow(f, namespace, typing)
    try:
        return walked.function(dict(zip(f.params, arguments, strict=True)))
    except errors.NumbaError:
        raise Unsure from None


UNKNOWN = types.Dummy("unknown to srcad")
EMPTY = types.Dummy("a list without items")
NEVER = types.Dummy("no value that is known yet")


@dataclass(frozen=True)
class Itself:
    """The function that is walked, where it calls itself: its name, and its result for arguments of these types."""

    name: str
    arguments: tuple[Type, ...]
    result: Type = NEVER


def sketch(
    f: Function, arguments: tuple[Type, ...], namespace: Mapping[str, Any], typing: Any, itself: Itself | None = None
) -> tuple[dict[str, Type], dict[Expr, int], set[Expr]]:
    """The types of those names that this walk can say, for what `flow` leaves to Numba.

    With the masks of matrices and their numbers of dimensions, and the displays of arrays: Numba knows neither.
    """
    walked = _Sketch(f, namespace, typing, itself)
    given = dict(zip(f.params, map(typing_of_default, arguments), strict=False))
    walked.block(f.body, dict(given), None)
    return given | {n: walked.unified(tuple(ts)) for n, ts in walked.found.items()}, walked.masks, walked.rows


def sketch_of_result(f: Function, namespace: Mapping[str, Any], typing: Any, itself: Itself) -> Type:
    """The type of what `f`, which calls itself, returns; what is known of it from the paths where it does not."""
    known, _, _ = sketch(f, itself.arguments, namespace, typing, itself)
    if f.result is None:
        return UNKNOWN
    try:
        return types.unliteral(_Sketch(f, namespace, typing).expr(f.result, known))
    except (Unsure, errors.NumbaError):
        return UNKNOWN


def typing_of_default(t: Type) -> Type:
    """The type of an argument, which may be left out."""
    if isinstance(t, types.Omitted):
        return typeof(t.value)
    return UNKNOWN if isinstance(t, (types.NoneType, types.Optional)) else types.unliteral(t)


class _Flow:
    def __init__(self, f: Function, namespace: Mapping[str, Any], typing: Any) -> None:
        self.f, self.namespace, self.typing = f, namespace, typing
        self.found: dict[str, list[Type]] = {}
        self.at_site: dict[int, Type] = {}  # what was found at a definition in earlier rounds
        self.globals: dict[str, Type] = {}
        self.given: dict[str, Expr | None] = dict.fromkeys(f.params)  # what a name is, if it is assigned once
        for s in walk(f.body):
            for n in writes(s):
                self.given[n] = s.value if isinstance(s, Assign) and n not in self.given else None

    def function(self, env: Env) -> tuple[dict[str, Type], Type]:
        for p, t in env.items():
            self.found[p] = [types.unliteral(t)]
        after = self.block(self.f.body, env, None)
        if after is None:
            raise Unsure
        result = types.none if self.f.result is None else self.expr(self.f.result, after)
        for t in self.at_site.values():
            if not t.is_precise():
                raise Unsure
        merged = {name: self.unified(tuple(ts)) for name, ts in self.found.items()}
        return merged, types.unliteral(result)

    def unified(self, found: tuple[Type, ...]) -> Type:
        """One type for a name that holds values of each."""
        first = found[0]
        if all(t == first for t in found):
            return first
        return self.ask(("unify", *found), lambda: self.typing.unify_types(*found))

    def ask(self, key: tuple[Any, ...], answer: Callable[[], Type]) -> Type:
        """Numba's answer, asked once."""
        known = _answers.get(key)
        if known is None:
            known = answer()
            if known is None:
                raise Unsure
            _answers[key] = known
        return known

    # ------------------------------------------------------------------ statements

    def block(self, body: Body, env: Env, breaks: list[Env] | None) -> Env | None:
        """The types at the end of `body`; None if that is never reached. `env` is consumed."""
        for s in body:
            match s:
                case Assign():
                    env[s.target] = self.define(id(s), s.target, self.expr(s.value, env))
                case Store():
                    self.store(s, env)
                case If() if (way := self.decided(s.test, env)) is not None:
                    left = self.block(s.body if way else s.orelse, env, breaks)
                    if left is None:
                        return None
                    env = left
                case If():
                    self.condition(s.test, env)
                    one, two = self.block(s.body, dict(env), breaks), self.block(s.orelse, dict(env), breaks)
                    if one is None and two is None:
                        return None
                    env = one or two or {} if one is None or two is None else self.join(one, two, set(bindings((s,))))
                case For() | While():
                    left = self.loop(s, env)
                    if left is None:
                        return None
                    env = left
                case Exit("break") if breaks is not None:
                    breaks.append(env)
                    return None
                case Raise(Apply(error, args)) if all(isinstance(a, Const) for a in args):
                    if not issubclass(getattr(builtins, error, int), BaseException):
                        raise Unsure
                    return None
                case Invoke((target,), own=Own(returns=returns)) if returns is not None:
                    given = tuple(types.unliteral(self.expr(a, env)) for a in s.args)
                    t = returns(given)
                    if isinstance(t, str):
                        raise SrcadError(f"{s.function} is given {' and '.join(map(a_type, given))}", s.at, t)
                    env[target] = self.define(id(s), target, t)
                case Note():
                    pass
                case _:
                    raise Unsure
        return env

    def define(self, site: int, name: str, t: Type) -> Type:
        """The type of what a definition binds, now that it is seen to be `t`."""
        known = self.at_site.get(site)
        if known is not None and known != t:
            t = self.unified((known, t))
        if known is None or known != t:
            self.at_site[site] = t
            self.found.setdefault(name, []).append(types.unliteral(t))
        return t

    def store(self, s: Store, env: Env) -> None:
        array, index, value = self.expr(s.array, env), self.index(s.index, env), self.expr(s.value, env)
        if not isinstance(array, types.Array):
            raise Unsure
        if s.op is not None:
            old = self.item(array, index)
            value = self.call(OPERATORS[f"{s.op}="], (old, value))
        key = "setitem", array, index, types.unliteral(value)
        self.ask(key, lambda: self.typing.resolve_setitem(array, index, value))

    def join(self, one: Env, two: Env, changed: set[str]) -> Env:
        """The types where two paths meet; a name on one of them only can be read, as far as types are concerned."""
        out = dict(one)
        for n in changed:
            t = two.get(n)
            if t is not None:
                out[n] = self.unified((out[n], t)) if n in out else t
        return out

    def loop(self, s: For | While, env: Env) -> Env | None:
        target = None
        if s.orelse:
            raise Unsure
        if isinstance(s, For):
            if s.backwards:
                raise Unsure
            target = self.range(s, env)
        head, changed = env, set(bindings((s,)))
        for _ in range(ROUNDS):
            inside, breaks = dict(head), list[Env]()
            if isinstance(s, For):
                inside[s.target] = self.define(id(s), s.target, target)
            elif s.test != TRUE:
                self.condition(s.test, inside)
            back = self.block(s.body, inside, breaks)
            grown = head if back is None else self.join(head, back, changed)
            if all(n not in grown or (n in head and grown[n] == head[n]) for n in changed):
                break
            head = grown
        else:
            raise Unsure
        ways = breaks if isinstance(s, While) and s.test == TRUE else [grown, *breaks]
        if not ways:
            return None
        out = ways[0]
        for w in ways[1:]:
            out = self.join(out, w, changed)
        return out

    def range(self, s: For, env: Env) -> Type:
        """The type of a loop's index."""
        parts: tuple[Expr, ...] = (s.start, s.stop, s.step)
        if s.step == ONE:
            parts = (s.stop,) if s.start == ZERO else (s.start, s.stop)
        bounds = tuple(self.expr(p, env) for p in parts)
        if not all(isinstance(t, types.Integer) or isinstance(types.unliteral(t), types.Integer) for t in bounds):
            raise Unsure
        return self.call(range, bounds).dtype

    def condition(self, test: Expr, env: Env) -> None:
        """Refuse what Numba can't test, and what it may decide while it compiles."""
        t = types.unliteral(self.expr(test, env))
        if not isinstance(t, (types.Boolean, types.Integer, types.Float)) or self.is_fixed(test):
            raise Unsure

    def decided(self, test: Expr, env: Env) -> bool | None:
        """The truth of a test of numbers of dimensions, which types decide: only the branch taken needs types."""
        if not asks_rank(test):
            return None
        test = with_ranks(test, lambda of: self.expr(of, env))
        return bool(test.value) if isinstance(test, Const) else None

    def is_fixed(self, test: Expr) -> bool:
        """May the truth of `test`, or of a part, be known to the compiler?"""
        match test:
            case Apply("and" | "or" | "not", args):
                return any(self.is_fixed(a) for a in args)
            case Apply("np.ndim"):
                return True
            case Apply(_, args):
                return all(self.is_fixed(a) for a in args)
            case Const():
                return True
            case Var(name):
                given = self.given.get(name)
                return name not in self.given or (given is not None and self.is_fixed(given))
            case Field(_, name):
                return name == "ndim"
            case Select(condition, yes, no):
                return self.is_fixed(condition) or self.is_fixed(yes) or self.is_fixed(no)
        return False

    # ------------------------------------------------------------------ expressions

    def expr(self, e: Expr, env: Env) -> Type:
        match e:
            case Var(name):
                known = env.get(name)
                return self.outer(name) if known is None else known
            case Const(value):
                return self.literal(value)
            case Apply("and" | "or", args):
                if any(self.expr(a, env) != types.boolean for a in args):
                    raise Unsure
                return types.boolean
            case Apply(op, (bar, partial, zero), _) if op == GUARDED:
                return self.unified((self.expr(Apply("*", (bar, partial)), env), self.expr(zero, env)))
            case Apply(op, args, keywords):
                return self.apply(op, args, keywords, env)
            case Item(base, index):
                return self.item(self.expr(base, env), self.index(index, env), index)
            case Field(base, name):
                return self.field(self.expr(base, env), name)
            case Select(test, yes, no):
                self.condition(test, env)
                return self.unified((self.expr(yes, env), self.expr(no, env)))
            case Tuple(items, maker):
                parts = tuple(self.expr(i, env) for i in items)
                if maker:
                    return self.call(self.outer(maker), parts)
                return types.Tuple(parts)
            case Array():
                return self.display(e, env)
        raise Unsure

    def literal(self, value: Any) -> Type:
        if value is None:
            raise Unsure
        if type(value) is float:
            return types.float64
        key = "literal", type(value), value
        return self.ask(key, lambda: self.typing.resolve_value_type_prefer_literal(value))

    def outer(self, name: str) -> Type:
        """The type of a global, `np.float64` and the like included."""
        known = self.globals.get(name)
        if known is None:
            root, *rest = name.split(".")
            if name in self.given:
                raise Unsure  # assigned on no path that leads here
            value = self.namespace[root] if root in self.namespace else getattr(builtins, root, None)
            if value is None or isinstance(value, (tuple, list)):
                raise Unsure
            known = self.typing.resolve_value_type_prefer_literal(value)
            for part in rest:
                known = self.typing.resolve_getattr(known, part)
            if known is None:
                raise Unsure
            if isinstance(known, types.Array):
                known = known.copy(readonly=True)
            self.globals[name] = known
        return known

    def apply(self, op: str, args: tuple[Expr, ...], keywords: tuple[tuple[str, Expr], ...], env: Env) -> Type:
        if op.startswith("."):
            base, *rest = (self.expr(a, env) for a in args)
            if not isinstance(base, types.Array) or keywords:
                raise Unsure
            method = self.ask(("method", op, base), lambda: self.typing.resolve_getattr(base, op[1:]))
            return self.call(method, tuple(rest))
        given = tuple(self.expr(a, env) for a in args)
        if op in ("**", "**=") and isinstance(args[1], Const) and args[1].value < 0:
            raise Unsure  # of an int, the compiler looks at the power
        if op in ("@", "np.dot") and (product := product_type(op, *given)) is not None:
            return product
        if op in OPERATORS:
            return self.call(OPERATORS[op], given)
        if op == "np.ndim" and rank(given[0]) is not None:
            return types.intp
        if op in ("is", "is not", "in", "not in") or not op.replace(".", "").isidentifier():
            raise Unsure
        function = self.outer(op)
        if isinstance(function, types.Dispatcher):
            raise Unsure
        return self.call(function, given, tuple((k, self.expr(v, env)) for k, v in keywords))

    def call(self, function: Any, args: tuple[Type, ...], keywords: tuple[tuple[str, Type], ...] = ()) -> Type:
        """The type of the result of a function, given as itself or by its type."""
        key = function, args, keywords
        return self.ask(key, lambda: self._called(function, args, dict(keywords)))

    def _called(self, function: Any, args: tuple[Type, ...], keywords: dict[str, Type]) -> Type:
        if not isinstance(function, types.Type) and function is range:
            function = self.typing.resolve_value_type(range)
        signature = self.typing.resolve_function_type(function, args, keywords)
        return None if signature is None else signature.return_type

    def field(self, t: Type, name: str) -> Type:
        if not isinstance(t, types.BaseNamedTuple) and not (isinstance(t, types.Array) and name in ATTRIBUTES):
            raise Unsure
        return self.ask(("field", t, name), lambda: self.typing.resolve_getattr(t, name))

    def index(self, index: tuple[Expr, ...], env: Env) -> Type:
        """The type of what stands between the brackets."""
        parts = unmasked(tuple(self.part(i, env) for i in index))
        return parts[0] if len(parts) == 1 else types.Tuple(parts)

    def part(self, e: Expr, env: Env) -> Type:
        if isinstance(e, Const) and e.value in (None, ...):
            return types.none if e.value is None else types.ellipsis
        if not isinstance(e, Slice):
            return types.unliteral(self.expr(e, env))
        for bound in (e.lower, e.upper, e.step):
            if bound is not None and not isinstance(types.unliteral(self.expr(bound, env)), types.Integer):
                raise Unsure
        return types.slice2_type if e.step is None else types.slice3_type

    def item(self, t: Type, index: Type, written: tuple[Expr, ...] = ()) -> Type:
        if isinstance(t, types.Array):
            return self.call(operator.getitem, (t, index))
        if isinstance(t, types.BaseTuple) and len(written) == 1:
            match written[0]:
                case Const(int(k)) if -len(t) <= k < len(t):
                    return tuple(t)[k]
                case at if isinstance(t, types.UniTuple) and isinstance(index, types.Integer) and not self.is_fixed(at):
                    return t.dtype
        raise Unsure

    def display(self, e: Array, env: Env) -> Type:
        """`np.array([...])`."""
        if e.is_list:
            raise Unsure
        rows = tuple(types.unliteral(self.expr(i, env)) for i in e.items if not isinstance(i, Array))
        if rows and len(rows) == len(e.items) and all(isinstance(t, types.Array) for t in rows) and not e.dtype:
            return self.call(self.outer("np.stack"), (types.Tuple(rows),))
        keywords = (("dtype", self.outer(e.dtype)),) if e.dtype else ()
        return self.call(self.outer("np.array"), (self._nested(e, env),), keywords)

    def _nested(self, e: Expr, env: Env) -> Type:
        if not isinstance(e, Array):
            return types.unliteral(self.expr(e, env))
        if not e.items:
            raise Unsure
        return types.List(self.unified(tuple(self._nested(i, env) for i in e.items)))


class _Sketch(_Flow):
    """The same walk, past what it does not know."""

    def __init__(
        self, f: Function, namespace: Mapping[str, Any], typing: Any, itself: Itself | None = None
    ) -> None:
        super().__init__(f, namespace, typing)
        self.itself = itself
        self.masks: dict[Expr, int] = {}
        self.rows: set[Expr] = set()

    def display(self, e: Array, env: Env) -> Type:
        t = self._list(e, env) if e.is_list else super().display(e, env)
        if isinstance(t, types.Array) and t.ndim > 1 and not any(isinstance(i, Array) for i in e.items):
            self.rows.add(e)
        return t

    def expr(self, e: Expr, env: Env) -> Type:
        t = super().expr(e, env)  # a list's, of what was appended to it on another path, too
        if isinstance(t, types.BaseTuple) and NEVER in t:
            return NEVER
        return self.unified(tuple(self.found[e.name])) if t == EMPTY and isinstance(e, Var) else t

    def item(self, t: Type, index: Type, written: tuple[Expr, ...] = ()) -> Type:
        if t == NEVER:
            return NEVER
        if isinstance(t, types.List) and len(written) == 1:
            return t if isinstance(written[0], Slice) else t.dtype
        return super().item(t, index, written)

    def apply(self, op: str, args: tuple[Expr, ...], keywords: tuple[tuple[str, Expr], ...], env: Env) -> Type:
        if op in (".copy", ".pop") and isinstance(t := self.expr(args[0], env), types.List):
            return t if op == ".copy" else t.dtype
        return super().apply(op, args, keywords, env)

    def _list(self, e: Array, env: Env) -> Type:
        """The type of a list; what is displayed in it are lists as well."""
        shown = e.items if e.items or e.of is None else (e.of,)
        items = (self._list(i, env) if isinstance(i, Array) else self.expr(i, env) for i in shown)
        found = tuple(t for t in map(types.unliteral, items) if t != NEVER)
        return types.List(self.unified(found)) if found else EMPTY

    def part(self, e: Expr, env: Env) -> Type:
        t = super().part(e, env)
        if is_mask(t):
            self.masks[e] = t.ndim
        return t

    def block(self, body: Body, env: Env, breaks: list[Env] | None) -> Env | None:
        for s in body:
            try:
                if isinstance(s, Append):
                    item = types.List(types.unliteral(self.expr(s.value, env)))
                    self.define(id(s), s.list, item)
                    continue
                if isinstance(s, Invoke) and s.own is None:
                    given = tuple(types.unliteral(self.expr(a, env)) for a in s.args)
                    env[s.targets[0]] = self.define(id(s), s.targets[0], self.returned(s.function, given))
                    continue
                left = super().block((s,), env, breaks)
            except (Unsure, errors.NumbaError, SrcadError):  # which are raised, if they are right, by what knows more
                bound = bindings((s,))
                env.update(dict.fromkeys(bound, UNKNOWN))
                for n in bound:
                    self.found.setdefault(n, []).append(UNKNOWN)
                continue
            if left is None:
                return None
            env = left
        return env

    def returned(self, function: str, given: tuple[Type, ...]) -> Type:
        """The type of what a call returns that stays one."""
        known = self.itself
        if known is not None and known.name == function:
            return known.result if known.arguments == given else UNKNOWN
        return self.call(self.outer(function), given)

    def ask(self, key: tuple[Any, ...], answer: Callable[[], Type]) -> Type:
        said = [t for k in key for t in (k if isinstance(k, tuple) else (k,))]
        if NEVER in said:
            return NEVER
        if UNKNOWN in said or EMPTY in said:
            raise Unsure
        return super().ask(key, answer)

    def unified(self, found: tuple[Type, ...]) -> Type:
        found = tuple(t for t in found if t != NEVER) or found
        if UNKNOWN in found or types.List(UNKNOWN) in found:
            return UNKNOWN
        try:
            return super().unified(tuple(t for t in found if t != EMPTY) or found)
        except Unsure:
            return UNKNOWN

    def condition(self, test: Expr, env: Env) -> None:
        """Whatever it asks, both ways are walked."""
