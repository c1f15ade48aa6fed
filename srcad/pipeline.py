"""The pipeline, in order, a line a pass: from a Python function to the text of its gradient.

    differentiate(f, (float64, float64), None, False).text      ->      "def f_grad(x1, x2): ..."
"""

from __future__ import annotations

from collections.abc import Callable, Set
from dataclasses import replace
from functools import partial
from typing import Any

from numba.core import types
from numba.core.typing.typeof import typeof

from srcad import checks
from srcad.analysis.alias import overlaps_in_place
from srcad.analysis.effects import effects
from srcad.analysis.paired import paired
from srcad.boundary import chosen, counted, following, leaves, returning, shown, taking, units, weighed, without_value
from srcad.checks import Types, check_result
from srcad.emit import emit, numbered
from srcad.generated import Generated, Printed
from srcad.ir import (
    Expr,
    Function,
    Invoke,
    Tuple,
    Var,
    substitute,
    walk,
)
from srcad.machine.bare import is_bare, may_be_arrays
from srcad.machine.elementary import gains
from srcad.machine.jam import jam
from srcad.machine.lanes import lanes_of
from srcad.machine.lent import inside
from srcad.machine.owned import owners
from srcad.machine.stacked import gathered, stacks
from srcad.machine.sums import summed
from srcad.machine.unsigned import marks
from srcad.names import TAPE, TAPES, Names, base
from srcad.passes.adjoint import adjoint
from srcad.passes.any_order import any_order
from srcad.passes.apart import apart
from srcad.passes.assemble import assemble
from srcad.passes.assign_once import assign_once
from srcad.passes.base_cases import base_cases
from srcad.passes.bounds import bounds
from srcad.passes.breaks import breaks
from srcad.passes.conditions import conditions
from srcad.passes.counters import counters
from srcad.passes.creations import creations
from srcad.passes.drop_dead import drop_dead
from srcad.passes.guards import guards
from srcad.passes.hoist import hoist
from srcad.passes.lengths import lengths
from srcad.passes.lists import lists
from srcad.passes.loads import loads
from srcad.passes.nones import is_narrowed, nones
from srcad.passes.one_pass import one_pass
from srcad.passes.partial_sums import partial_sums
from srcad.passes.pattern import pattern
from srcad.passes.picks import beyond, picks
from srcad.passes.pops import pops
from srcad.passes.prepare import enclose, overwrites, prepare
from srcad.passes.record import record
from srcad.passes.reuse import reuse
from srcad.passes.save import listed, save
from srcad.passes.scalarise import scalarise
from srcad.passes.scratch import scratch
from srcad.passes.shadows import shadows
from srcad.passes.share import share
from srcad.passes.sink import sink
from srcad.passes.split import split, taped
from srcad.passes.ssa import ssa
from srcad.passes.steps import steps
from srcad.passes.still import still
from srcad.passes.tangent import tangent
from srcad.passes.tuples import untuple
from srcad.passes.unread import unread
from srcad.passes.unzip import unzip
from srcad.passes.weigh import weigh
from srcad.passes.zeros import zeros
from srcad.sweeps import Adjoint, Forward
from srcad.types import carries_floats, is_float, is_float_array, is_list, is_reference, is_tuple
from srcad.work import Work, begun

# ---------------------------------------------------------------------------------------------- the pipeline


def differentiate(f: Any, arguments: Types, wrt: tuple[str, ...] | None, with_value: bool) -> Generated:
    """The text of the function that computes the gradient of `f` (and its value) for arguments of these types."""
    main, work = begun(f, arguments)
    check_result(f.__name__, work.result, main.at)
    inputs = chosen(main, arguments, f, wrt)
    main = reversible(scalar(main, work), work)
    forward = record(main, tuple(leaves(main, inputs)))
    sweeps = reverse(forward)
    sweeps = returning(sweeps, inputs, with_value)
    both = joined(sweeps)
    finish(work, _reversible, halves)
    return written(taped(both, work.tapes), work, "value_and_grad" if with_value else "grad")


def pull(f: Any, arguments: Types, cotangent: Any, wrt: tuple[str, ...] | None, kind: str = "vjp") -> Generated:
    """The text of the function that computes the value of `f` and a cotangent times its Jacobian, in reverse mode."""
    main, work = begun(f, arguments)
    checks.check_cotangent(f.__name__, work.result, cotangent, main.at)
    inputs = chosen(main, arguments, f, wrt)
    main, weights = weigh(scalar(main, work), f.__name__)
    main = reversible(main, work)
    forward = record(main, tuple(leaves(main, inputs)))
    sweeps = reverse(forward)
    sweeps = returning(sweeps, inputs, with_value=True)
    both = joined(sweeps)
    both = taking(weighed(both, len(arguments), weights, cotangent), arguments)
    finish(work, _reversible, halves)
    return written(taped(both, work.tapes), work, kind)


def push(
    f: Any, arguments: Types, tangents: Any, wrt: tuple[str, ...] | None, with_value: bool, kind: str, lanes: int = 1
) -> Generated:
    """The text of the function that computes the tangent of the result of `f` (and its value), in forward mode.

    Of several lanes, `tangents` is the type of the tuple of the tangents in each.
    """
    main, work = begun(f, arguments)
    checks.check_floats(f.__name__, work.result, main.at)
    inputs = chosen(main, arguments, f, wrt)
    main = pushable(scalar(main, work))
    floats = leaves(main, inputs)
    both, dots = tangent(main, floats, lanes)
    paths = [{lane[leaf]: path for leaf, path in floats.items()} for lane in dots]
    both = following(both, inputs, paths, tangents, f.__name__, "vector" if kind == "hvp" else "tangent")
    both = taking(both, arguments)
    both = both if with_value else without_value(both)
    both = conditions(drop_dead(both))
    finish(work, pushable, partial(pushed, lanes=lanes))
    return written(both, work, kind)


def columns(f: Any, arguments: Types, wrt: tuple[str, ...] | None) -> Generated:
    """The text of the function that computes the derivatives of `f` by each of its inputs, all of them floats.

    A lane for each: its tangent is one, the others are zero, and so is all that does not depend on it.
    """
    main, work = begun(f, arguments)
    inputs = chosen(main, arguments, f, wrt)
    main = pushable(scalar(main, work))
    floats = leaves(main, inputs)
    both, dots = tangent(main, floats, len(floats))
    both = taking(units(both, dots, floats), arguments)
    both = conditions(drop_dead(still(both, {n for lane in dots for n in lane.values()})))
    finish(work, pushable, partial(pushed, lanes=len(floats)))
    return written(both, work, "columns")


def detect(f: Any, arguments: Types, numbers: Any, wrt: tuple[str, ...] | None) -> Generated:
    """The text of the function that finds which inputs of `f` each float of its result depends on."""
    main, work = begun(f, arguments)
    checks.check_floats(f.__name__, work.result, main.at)
    inputs = chosen(main, arguments, f, wrt)
    main = followable(scalar(main, work))
    floats = leaves(main, inputs)
    found, domains, sets = pattern(main, floats)
    found = counted(found, inputs, {domains[leaf]: path for leaf, path in floats.items()}, sets, numbers)
    found = conditions(drop_dead(taking(found, arguments)))
    finish(work, followable, followed)
    return written(found, work, "pattern")


def evaluate(f: Any, arguments: Types) -> Generated:
    """The text of `f` itself, with the calls of its own functions written in place."""
    return _as_it_is(*begun(f, arguments))  # which refuses what Numba can't type, at the user's own line


def _as_it_is(main: Function, work: Work) -> Generated:
    if any(beyond(f) or is_narrowed(f) or overlaps_in_place(f) for f in (main, *work.called())):  # not as Numba has it
        main = scalar(main, work)
        finish(work, enclose, lambda work, f, carriers: None)
    else:
        work.made += work.called()
    return written(main, work, "primal", {g.name for g in work.made if is_bare(g)})


def evaluate_copies(f: Any, arguments: Types) -> Generated:
    """The text of `f` itself, writing to copies of the arguments that `f` writes to: of any other, as `evaluate`."""
    whole, work = begun(f, arguments)
    main = scalar(whole, work)
    if not overwrites(main):
        return _as_it_is(whole, work)
    main = conditions(enclose(main))
    finish(work, enclose, lambda work, f, carriers: None)
    return written(main, work, "primal")


def scalar(main: Function, work: Work) -> Function:
    """The program `main` as scalar code, with what is known of the arrays that its functions are given."""
    main, *work.staying = effects((_scalar(main), *(base_cases(_scalar(f)) for f in work.called())))
    return main


def _scalar(f: Function) -> Function:
    f = counters(f)
    f = _in_parts(f)
    f = steps(f)
    f = lists(f)
    f = picks(f)
    f = assemble(f)
    f = creations(f)
    return scalarise(f)


def _in_parts(f: Function) -> Function:
    """`f` whose names hold numbers, arrays, or lists of these: the parts of what may be None, and of tuples."""
    f = nones(f)
    f = unzip(f)
    return untuple(f)


def reversible(main: Function, work: Work) -> Function:
    """The program `main` ready for reverse mode, with what is known of the lists that its functions share."""
    main, *work.staying = paired(tuple(map(_growing, (main, *work.staying))))
    return _reversible(main)


def _growing(f: Function) -> Function:
    """Scalar code whose lists, those of one name, only grow, and whose breaks end their iteration."""
    f = pops(f)
    f = bounds(f)
    return breaks(f)


def _reversible(f: Function) -> Function:
    """Such code in SSA form, with all that the reverse sweep will ask for."""
    f = lengths(f)
    f = prepare(f)
    f = apart(f)
    f = shadows(f)
    f = ssa(f)
    f = hoist(f)
    f = reuse(f)
    f = loads(f)
    return scratch(f)


def pushable(f: Function) -> Function:
    """Scalar code ready for forward mode: in SSA form, with what is scratch space of its loops."""
    return scratch(followable(f))


def followable(f: Function) -> Function:
    """Scalar code ready for finding out what depends on what: in SSA form."""
    f = enclose(f)
    f = apart(f)
    return ssa(f)


def reverse(forward: Forward) -> Adjoint:
    """The reverse sweep of `forward`, in the order in which it is made."""
    whole: frozenset[int] = frozenset()
    while True:
        sweeps = adjoint(forward, whole)
        sweeps = sink(sweeps)
        sweeps = one_pass(sweeps)
        sweeps = any_order(sweeps)
        again = listed(sweeps)
        if not again:
            return sweeps
        whole |= again


def joined(sweeps: Adjoint) -> Function:
    """Both sweeps as one function."""
    f = save(sweeps)
    f = zeros(f)
    f = guards(f)
    f = drop_dead(f, shown(sweeps))
    f = assign_once(f)
    f = share(f)
    f = partial_sums(f)
    return conditions(f)


# ---------------------------------------------------------------------------------------------- calls that stay


def finish(
    work: Work, ready: Callable[[Function], Function], differentiate: Callable[[Work, Function, tuple[str, ...]], None]
) -> None:
    """Differentiate every function that stays a call by the floats it takes, and those that they call."""
    for f, called in zip(work.staying, work.called(), strict=True):
        work.made.append(_in_parts(called))
        f = ready(f)
        own = set(f.shadows.values())
        differentiate(work, f, tuple(p for p in f.params if carries_floats(f.types[p]) and p not in own))


def pushed(work: Work, f: Function, carriers: tuple[str, ...], lanes: int) -> None:
    """The tangent of `f`: it takes the tangents after the arguments, and returns those of its floats as well."""
    both, dots = tangent(f, carriers, lanes)
    if both.result is not None:
        assert isinstance(both.result, Tuple)
        value, moved = both.result.items
        floats = [d for lane in (_items(moved) if lanes > 1 else (moved,)) for d in _floats(value, lane, f)]
        result = (*_items(value), *floats)
        both = replace(both, result=result[0] if len(result) == 1 else Tuple(result))
    params = (*both.params, *(lane[p] for lane in dots for p in carriers))
    work.made.append(conditions(replace(both, name=f"{f.name}_jvp", params=params)))


def _items(e: Expr) -> tuple[Expr, ...]:
    return e.items if isinstance(e, Tuple) else (e,)


def _floats(value: Expr, moved: Expr, f: Function) -> list[Expr]:
    """The tangents of the floats, and of the arrays of floats, in `value`."""
    return [d for e, d in zip(_items(value), _items(moved), strict=True) if carries_floats(_type(e, f))]


def followed(work: Work, f: Function, carriers: tuple[str, ...]) -> None:
    """The domains of `f`: it takes the arguments' after the arguments, then the sets; and returns its floats' too."""
    found, domains, sets = pattern(f, carriers)
    if f.result is not None and found.result is not None:
        returned = substitute(f.result, lambda n: Var(base(n)))
        value, moved = (e.items if isinstance(e, Tuple) else (e,) for e in (returned, found.result))
        own = tuple(d for e, d in zip(value, moved, strict=True) if carries_floats(_type(e, f)))
        found = replace(found, result=Tuple((*value, *own)) if own or len(value) != 1 else value[0])
    params = (*found.params, *(domains[p] for p in carriers), sets)
    work.made.append(conditions(replace(found, name=f"{f.name}_pattern", params=params)))


def _type(e: Expr, f: Function) -> Any:
    return f.types.get(e.name) if isinstance(e, Var) else typeof(getattr(e, "value", None))


def halves(work: Work, f: Function, carriers: tuple[str, ...]) -> None:
    """The sweeps of `f`, which share the tape: the reverse one takes bars, and returns those of its floats."""
    sweeps = reverse(record(f, carriers))
    floats = tuple(sweeps.gradients[p] for p in carriers if is_float(f.types[p]))
    lists = {p: own for p, own in sweeps.bars.items() if is_list(f.types[own])}
    shadows = {p: f.shadows.get(p, sweeps.bars.get(p, "")) for p in carriers if is_float_array(f.types[p])}
    arrays = tuple(shadows.values())
    # all that callers see: the value, the parameters' contents and their shadows
    memory = tuple(Var(f"{p}@0") for p in f.params if is_reference(f.types[p]))
    value = f.result
    seen = (*floats, *(Var(a) for a in arrays), *memory, *((value,) if value is not None else ()))
    both = save(replace(sweeps, result=Tuple(seen)))
    assert isinstance(both.result, Tuple)
    tape = tuple(Var(n) for n in (TAPE, *TAPES.values()) if n in both.types)
    both = conditions(drop_dead(zeros(replace(both, result=Tuple((*both.result.items, *tape))))))
    assert isinstance(both.result, Tuple)
    count = len(floats)
    returned = both.result.items[:count]
    both = replace(both, result=None if not returned else returned[0] if count == 1 else Tuple(returned))
    halves = split(both, arrays, sweeps.results, shown(sweeps), work.tapes, lists)
    work.tapes = halves.tapes
    work.made += [conditions(halves.forward), conditions(halves.reverse)]


# ---------------------------------------------------------------------------------------------- the text


def written(f: Function, work: Work, kind: str, bare: Set[str] | None = None) -> Generated:
    """`f`, and the functions beside it that it calls, as text, with what their free names stand for.

    Those of `bare` allocate nothing; None if the types of their names will say.
    """
    f = replace(f, name=Names().fresh(f"{f.name}_{kind}"))
    called: set[str] = set()
    todo = [f]
    while todo:
        here = {s.function for s in walk(todo.pop().body) if isinstance(s, Invoke)} - called
        called |= here
        todo += [g for g in work.made if g.name in here]
    bound = dict(work.program.globals)
    todo_types = [t for t in f.types.values() if is_tuple(t)]
    while todo_types:
        t = todo_types.pop()
        todo_types += [inner for inner in t if is_tuple(inner)]
        if isinstance(t, types.BaseNamedTuple):
            bound[t.instance_class.__name__] = t.instance_class
    functions = [numbered(g) for g in unread(f, [g for g in work.made if g.name in called])]
    plain = {g.name for g in functions[:-1] if (is_bare(g) if bare is None else g.name in bare)}
    return Generated(f.name, tuple(_printed(g, g.name in plain) for g in functions), bound)


def _printed(f: Function, bare: bool) -> Printed:
    """`f` as text, and what the compiler is told of it."""
    text, places = emit(f)
    g = gathered(f if lanes_of(f) else jam(f, bare))
    code, code_places = ("", ()) if g is f else emit(g)
    held, own = may_be_arrays(g) if bare else (), owners(g)
    sums, vectors, lists, kept = summed(g), gains(g), stacks(g), inside(g, own)
    return Printed(
        f.name, text, places, code, code_places, marks(g), bare, sums, own, vectors, held, lists, kept, lanes_of(g)
    )
