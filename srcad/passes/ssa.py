"""Versions: every name gets one definition, and the joins of versions become visible.

    s = 0.0                       s@0 = 0.0
    for i in 0:n:1:               for i@0 in 0:n@0:1:
        s = s + x[i]       ->         head s@1 = (s@0, s@2)
    -> s                              s@2 = s@1 + x@0[i@0]
                                  -> s@1

Needs: the shape that `structure` leaves. Guarantees: the versions of a name are never alive together, so `plain`
can drop the numbers again. Joins are made only for names that may still be read (pruned SSA: Cytron et al., 1991).
Not for: arrays' contents, which are memory; a version of an array is a reference.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

from srcad.analysis.classes import Classes
from srcad.analysis.liveness import NONE, Names, after_each, head, read_at_end
from srcad.errors import Location, unsupported
from srcad.ir import (
    TRUE,
    Append,
    Apply,
    Assign,
    Body,
    Exit,
    Expr,
    For,
    Function,
    If,
    Invoke,
    Phi,
    Raise,
    Stmt,
    Var,
    While,
    bindings,
    map_bodies,
    map_exprs,
    names,
    phis_of,
    plain,
    reads,
    rename,
    substitute,
    walk,
)
from srcad.names import Names as Fresh
from srcad.names import base
from srcad.syntax import INPLACE

Env = dict[str, str]


def ssa(f: Function) -> Function:
    """`f` with one definition a name.

    Raises:
        SrcadError: a name is read where no path has assigned it.
    """
    return _Numberer(f).function()


def webs(f: Function) -> Function:
    """`f` with a name of its own for each group of versions that meet in joins: `x = x * 2` makes `x_1` from `x`."""
    numbered = ssa(f)
    groups = Classes()
    for s in walk(numbered.body):
        for phi in phis_of(s):
            for source in phi.sources:
                if source is not None:
                    groups.join(source, phi.target)
        match s:
            case Assign(target, Apply(op, (Var(old), _))) if op in INPLACE and base(old) == base(target):
                groups.join(old, target)  # x += y writes to the array that x is
    fresh = Fresh()
    given: Env = {}
    everything = set(bindings(f.body)) | set(f.params)
    globals_ = {n for s in walk(f.body) for e in reads(s) for n in names(e)} - everything
    fresh.reserve(globals_ | {s.function for s in walk(f.body) if isinstance(s, Invoke)})

    def name(v: str) -> str:
        if "@" not in v:
            return v
        root = groups.find(v)
        if root not in given:
            original = base(v)
            given[root] = fresh.numbered("%") if original.startswith("%") else fresh.fresh(original)
        return given[root]

    for p in f.params:
        name(f"{p}@0")
    body = plain(rename(numbered.body, name))
    bound = Counter((*f.params, *bindings(body)))
    body = _own_targets(body, {n for n, count in bound.items() if count > 1}, fresh)
    return replace(f, body=body, result=_map(numbered.result, name), params=f.params)


def _own_targets(body: Body, shared: set[str], fresh: Fresh) -> Body:
    """`body` with names of their own for the results of calls, whose types the names in `shared` may not have."""
    out: list[Stmt] = []
    for s in body:
        s = map_bodies(s, lambda b: _own_targets(b, shared, fresh))
        if not isinstance(s, Invoke):
            out.append(s)
            continue
        own = tuple(fresh.numbered("%") if t in shared else t for t in s.targets)
        out.append(replace(s, targets=own))
        out += [Assign(t, Var(o), s.at) for t, o in zip(s.targets, own, strict=True) if t != o]
    return tuple(out)


def _map(e: Expr | None, f: object) -> Expr | None:
    return None if e is None else substitute(e, lambda n: Var(f(n)))  # type: ignore[operator]


class _Numberer:
    def __init__(self, f: Function) -> None:
        self.f = f
        self.counts: dict[str, int] = {}
        self.bound = set(bindings(f.body)) | set(f.params)
        self.keys = 0

    def version(self, name: str) -> str:
        number = self.counts.get(name, 0)
        self.counts[name] = number + 1
        return f"{name}@{number}"

    def function(self) -> Function:
        env: Env = {p: self.version(p) for p in self.f.params}
        wanted = frozenset(names(self.f.result))
        body, after = self.block(self.f.body, env, wanted, NONE, [])
        if after is None:
            why = f"{self.f.name} never returns: every path raises, or goes round without end"
            raise unsupported(self.f.at, why, "a path that returns")
        result = None if self.f.result is None else self.expr(self.f.result, after, self.f.at)
        return replace(self.f, body=body, result=result)

    def expr(self, e: Expr, env: Env, at: Location) -> Expr:
        def read(name: str) -> Expr:
            if name not in self.bound:
                return Var(name)
            if name not in env:
                shown = name.rstrip("0123456789").rstrip("_") if name.startswith("%") else name
                raise unsupported(at, f"{shown!r} may be read before it is assigned", f"assign {shown} on every path")
            return Var(env[name])

        return substitute(e, read)

    def block(self, body: Body, env: Env, after: Names, at_break: Names, breaks: list[Env]) -> tuple[Body, Env | None]:
        """`body` numbered, and the versions at its end (None: its end can't be reached). `env` is consumed."""
        out: list[Stmt] = []
        lives = after_each(body, after, at_break)
        for s, live in zip(body, lives, strict=True):
            s = map_exprs(s, lambda e, s=s, env=env: self.expr(e, env, s.at))  # type: ignore[misc]
            match s:
                case Assign(target):
                    env[target] = self.version(target)
                    out.append(replace(s, target=env[target]))
                case Invoke(targets):
                    for t in targets:
                        env[t] = self.version(t)
                    out.append(replace(s, targets=tuple(env[t] for t in targets)))
                case Append(lst):
                    out.append(replace(s, list=env[lst]))
                case If():
                    numbered, joined = self._if(s, env, live, at_break, breaks)
                    out.append(numbered)
                    if joined is None:
                        return tuple(out), None
                    env = joined
                case For() | While():
                    loop, left = self._loop(s, body[len(out)], env, live)
                    out.append(loop)
                    if left is None:
                        return tuple(out), None
                    env = left
                case Exit("break"):
                    breaks.append(env)
                    return (*out, s), None
                case Raise():
                    return (*out, s), None
                case _:
                    out.append(s)
        return tuple(out), env

    def _if(self, s: If, env: Env, live: Names, at_break: Names, breaks: list[Env]) -> tuple[If, Env | None]:
        self.keys += 1
        key = self.keys
        then, one = self.block(s.body, dict(env), live, at_break, breaks)
        other, two = self.block(s.orelse, dict(env), live, at_break, breaks)
        s = replace(s, body=then, orelse=other, key=key)
        if one is None or two is None:
            return s, two if one is None else one
        joined, phis = self._join([one, two], live)
        return replace(s, phis=phis), joined

    def _join(self, ways: list[Env], live: Names, always: Names = NONE) -> tuple[Env, tuple[Phi, ...]]:
        """The versions where `ways` meet: the same where they agree, a join where they don't and it matters.

        What a loop carries gets a join behind it even if there is one way out: the version at the loop's head
        belongs to the loop.
        """
        joined: Env = {}
        phis: list[Phi] = []
        for name in sorted(n for n in live if any(n in w for w in ways)):
            sources = tuple(w.get(name) for w in ways)
            if len(set(sources)) == 1 and name not in always:
                joined[name] = sources[0]  # type: ignore[assignment]
            else:
                joined[name] = self.version(name)
                phis.append(Phi(joined[name], sources))
        return joined, tuple(phis)

    def _loop(self, s: For | While, original: Stmt, env: Env, live: Names) -> tuple[Stmt, Env | None]:
        assert isinstance(original, (For, While))
        self.keys += 1
        key = self.keys
        live = live | read_at_end(s)
        at_head = head(original, live)
        changed = set(bindings((original,)))
        carried = sorted(changed & at_head)
        before = dict(env)
        env = {n: v for n, v in env.items() if n not in changed or n in at_head}
        env |= {n: self.version(n) for n in carried}
        inside = dict(env)
        target = self.version(s.target) if isinstance(s, For) else ""
        if isinstance(s, For):
            inside[s.target] = target
        # `while test`: the test is read at the head, by the head's versions
        test = self.expr(original.test, env, s.at) if isinstance(original, While) else None
        breaks: list[Env] = []
        body, back = self.block(s.body, inside, at_head, live, breaks)
        heads = tuple(
            Phi(env[n], (before.get(n), None if back is None else back.get(n))) for n in carried
        )  # fmt: skip
        ways = breaks if isinstance(original, While) and original.test == TRUE else [env, *breaks]
        if not ways:
            return replace(s, body=body, heads=heads, key=key), None
        joined, phis = self._join(ways, live, frozenset(carried))
        trips = joined[s.trips] if s.trips else ""
        s = replace(s, body=body, heads=heads, phis=phis, key=key, trips=trips)
        if isinstance(s, For) and s.marks:
            s = replace(s, marks=tuple(joined[m] for m in s.marks))
        if isinstance(s, For):
            return replace(s, target=target), joined
        assert test is not None
        return replace(s, test=test), joined
