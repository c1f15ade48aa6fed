"""Arrays, tuples and lists made scalar: the user's values and types, and no operation on whole arrays left."""

from __future__ import annotations

import math
from dataclasses import replace

import numba
import numpy as np
import pytest

from srcad.errors import SrcadError
from srcad.ir import Apply, Assign, Field, Function, Item, Var, names, nodes, reads, walk
from srcad.parse import parse
from srcad.passes.creations import creations
from srcad.passes.lists import lists
from srcad.passes.scalarise import scalarise
from srcad.passes.ssa import webs
from srcad.passes.steps import steps
from srcad.passes.tuples import untuple
from srcad.types import define, infer, is_array, is_list, is_tuple

from .corpus import fresh
from .lowered import CASES, ONE, M, V, W, two_arguments, written_through_another_name

STAY = frozenset({"len", ".ravel", ".reshape", ".transpose", "np.zeros_like", "np.ones_like", "np.empty_like"})
IDS = [f"{f.__name__}-{k}" for k, (f, _) in enumerate(CASES)]


def typed(f, args):
    """`f` as the passes get it, what its free names stand for, and its result's type."""
    program = parse(f)
    main = webs(program.main)
    namespace = {"math": math, "np": np, **program.globals}
    types, result = infer(main, tuple(numba.typeof(a) for a in args), namespace)
    known = {n: numba.typeof(v) for n, v in program.globals.items() if not isinstance(v, type)}
    return replace(main, types=known | types), namespace, result


def lowered(f: Function) -> Function:
    return scalarise(creations(lists(steps(untuple(f)))))


def text(f, *args) -> str:
    return str(lowered(typed(f, args)[0]))


def same(a, b) -> bool:
    if isinstance(a, tuple):
        return isinstance(b, tuple) and len(a) == len(b) and all(map(same, a, b))
    a, b = np.asarray(a), np.asarray(b)
    tolerance = 1e-6 if a.dtype == np.float32 or b.dtype == np.float32 else 1e-13
    return a.shape == b.shape and np.allclose(a, b, rtol=tolerance, atol=1e-15, equal_nan=True)


@pytest.mark.filterwarnings("ignore::numba.core.errors.NumbaPerformanceWarning")
@pytest.mark.parametrize(("f", "args"), CASES, ids=IDS)
def test_programs(f, args):
    """The values and the types are the user's, and nothing is left to do on whole arrays."""
    main, namespace, result = typed(f, args)
    made = lowered(main)
    mine, theirs = [fresh(a) for a in args], [fresh(a) for a in args]
    with np.errstate(all="ignore"):
        assert same(define(made, namespace, [])(*mine), f(*theirs))
    assert same(tuple(mine), tuple(theirs))
    types, again = infer(made, tuple(numba.typeof(a) for a in args), namespace)
    assert again == result
    assert {n: t for n, t in types.items() if t != made.types.get(n)} == {}
    assert_scalar(made)


def assert_scalar(made: Function) -> None:
    types = made.types
    heads = {s.target for s in made.body if isinstance(s, Assign) and isinstance(s.value, (Item, Field))}
    for s in walk(made.body):
        for e in reads(s):
            for n in nodes(e):
                if isinstance(n, Apply) and n.op not in STAY:
                    assert not [a for a in n.args if isinstance(a, Var) and of_many(types.get(a.name))], (s, n.op)
            whole = {n for n in names(e) if is_tuple(types.get(n))}
            assert not whole or (isinstance(s, Assign) and s.target in heads and whole <= {*made.params, "SIZE"})


def of_many(t) -> bool:
    return is_array(t) or is_list(t)


# ---------------------------------------------------------------------------------------------- as text


def sum_of_squares(v):
    return np.sum(v * v)


def test_an_intermediate_array_is_never_made():
    assert text(sum_of_squares, V) == """\
sum_of_squares(v)
    %2 = 0.0
    for i in 0:v.shape[0]:1:
        %3 = v[i]
        %4 = %3 * %3
        %2 = %2 + %4
    -> %2"""


def guarded(v):
    return np.where(v > 0.0, np.log(v), -v)


def test_where_is_a_branch_that_holds_what_only_it_needs():
    assert text(guarded, V) == """\
guarded(v)
    %4 = np.empty_like(v)
    for i in 0:v.shape[0]:1:
        %5 = v[i]
        if %5 > 0.0:
            %6 = math.log(%5)
        else:
            %6 = -%5
        %4[i] = %6
    -> %4"""


def unknown_extents(v, w):
    return v + w


def test_extents_not_known_to_be_equal_are_broadcast_at_run_time():
    assert text(unknown_extents, V, W) == """\
unknown_extents(v, w)
    n = v.shape[0] if v.shape[0] != 1 else w.shape[0]
    if w.shape[0] != n and w.shape[0] != 1:
        raise ValueError('operands could not be broadcast together')
    %1 = np.empty(n)
    for i in 0:n:1:
        %2 = v[0 if v.shape[0] == 1 else i]
        %3 = w[0 if w.shape[0] == 1 else i]
        %4 = %2 + %3
        %1[i] = %4
    -> %1"""


def asserted_extents(v, w):
    assert len(v) == len(w)
    y = v + w
    return y * v


def test_what_the_user_asserts_is_known():
    assert text(asserted_extents, V, W) == """\
asserted_extents(v, w)
    if not len(v) == len(w):
        raise AssertionError()
    y = np.empty_like(v)
    for i in 0:v.shape[0]:1:
        %2 = v[i]
        %3 = w[i]
        %4 = %2 + %3
        y[i] = %4
    %1 = np.empty_like(v)
    for i in 0:v.shape[0]:1:
        %5 = y[i]
        %6 = v[i]
        %7 = %5 * %6
        %1[i] = %7
    -> %1"""


def shifted(x):
    x[1:] = x[:-1]
    x[:] = x * 2.0


def test_only_what_may_overlap_its_target_is_computed_before():
    assert text(shifted, V) == """\
shifted(x)
    %1 = x[:-1]
    %3 = x[1:]
    %4 = np.empty_like(%1)
    for i in 0:%1.shape[0]:1:
        %5 = %1[i]
        %4[i] = %5
    for i in 0:%3.shape[0]:1:
        %6 = %4[i]
        %3[i] = %6
    for i in 0:x.shape[0]:1:
        %7 = x[i]
        %8 = %7 * 2.0
        x[i] = %8"""


def largest(v):
    return np.max(v)


def test_a_maximum_is_one_load():
    assert text(largest, V) == """\
largest(v)
    if v.shape[0] == 0:
        raise ValueError('zero-size array to reduction operation maximum which has no identity')
    at = 0
    best = v[0]
    for i in 1:v.shape[0]:1:
        %3 = v[i]
        if %3 > best or %3 != %3:
            best = %3
            at = i
    %1 = v[at]
    -> %1"""


def layer(X, w, b):
    for i in range(X.shape[0]):
        b[i] += X[i] @ w
    return X @ w + b


def test_products_check_once_and_add_in_rows():
    assert text(layer, M, V, ONE) == """\
layer(X, w, b)
    for i in 0:X.shape[0]:1:
        if X.shape[1] != w.shape[0]:
            raise ValueError('incompatible array sizes for a matrix product')
        %2 = 0.0
        for j in 0:X.shape[1]:1:
            %5 = X[i, j]
            %6 = w[j]
            %7 = %5 * %6
            %2 = %2 + %7
        b[i] += %2
    if X.shape[1] != w.shape[0]:
        raise ValueError('incompatible array sizes for a matrix product')
    %3 = np.empty(X.shape[0])
    for j in 0:X.shape[0]:1:
        total = 0.0
        for k in 0:X.shape[1]:1:
            %8 = X[j, k]
            %9 = w[k]
            %10 = %8 * %9
            total = total + %10
        %3[j] = total
    n = X.shape[0] if X.shape[0] != 1 else b.shape[0]
    if b.shape[0] != n and b.shape[0] != 1:
        raise ValueError('operands could not be broadcast together')
    %4 = np.empty(n)
    for j in 0:n:1:
        %11 = %3[0 if X.shape[0] == 1 else j]
        %12 = b[0 if b.shape[0] == 1 else j]
        %13 = %11 + %12
        %4[j] = %13
    -> %4"""


def rotated(x, y, n):
    t = (x, y)
    for _ in range(n):
        t = (t[1], t[0] * 0.5)
    return t[0] * t[1]


def test_a_tuple_is_its_items():
    assert text(rotated, 1.0, 2.0, 3) == """\
rotated(x, y, n)
    t_0 = x
    t_1 = y
    for _ in 0:n:1:
        %1 = t_1
        %2 = t_0
        %3 = %2 * 0.5
        t_0 = %1
        t_1 = %3
    %4 = t_0
    %5 = t_1
    %6 = %4 * %5
    -> %6"""


def chosen(t, n):
    s = 0.0
    for i in range(n):
        s = s * 0.5 + t[i % 2]
    return s + t[n]


def test_an_index_at_run_time_is_a_chain_of_branches():
    assert text(chosen, (1.0, 2.0, 3.0), 2) == """\
chosen(t, n)
    t_0 = t[0]
    t_1 = t[1]
    t_2 = t[2]
    s = 0.0
    for i in 0:n:1:
        %1 = s * 0.5
        %5 = i % 2
        if %5 == 0:
            %2 = t_0
        else:
            %2 = t_1
        s = %1 + %2
    if n == 0 or n == -3:
        %3 = t_0
    else:
        if n == 1 or n == -2:
            %3 = t_1
        else:
            if n == 2 or n == -1:
                %3 = t_2
            else:
                raise IndexError('tuple index out of range')
    %4 = s + %3
    -> %4"""


def listed(x, n):
    a = [x, 1] * n
    return a[0]


def test_a_list_is_its_appends():
    assert text(listed, 2.0, 3) == """\
listed(x, n)
    a = []
    for i in 0:n:1:
        a.append(x)
        a.append(1.0)
    %2 = a[0]
    -> %2"""


# ---------------------------------------------------------------------------------------------- at run time


@pytest.mark.parametrize(
    ("f", "args", "error"),
    [
        (unknown_extents, (V, W[:2]), ValueError),
        (largest, (V[:0],), ValueError),
        (layer, (M, W[:2], V), ValueError),
        (asserted_extents, (V, W[:2]), AssertionError),
        (chosen, ((1.0, 2.0, 3.0), 3), IndexError),
    ],
)
def test_what_numpy_raises_is_raised(f, args, error):
    main, namespace, _ = typed(f, args)
    with pytest.raises(error):
        f(*args)
    with pytest.raises(error):
        define(lowered(main), namespace, [])(*args)


@pytest.mark.parametrize("f", [written_through_another_name, two_arguments])
def test_two_arguments_may_be_one_array(f):
    main, namespace, _ = typed(f, (V, W))
    mine, theirs = V.copy(), V.copy()
    assert same(define(lowered(main), namespace, [])(mine, mine), f(theirs, theirs))
    assert same(mine, theirs)


# ---------------------------------------------------------------------------------------------- what is refused

LOOP = "a loop over the elements"


def list_slice_backwards(x):
    a = [x, x, x][2:0:-1]
    return a[0]


@pytest.mark.parametrize(
    ("f", "args", "reason", "instead"),
    [
        (
            list_slice_backwards, (1.0,), "a slice of a list with such a step has no derivative here",
            "a[::-1], a[i:j:2] and their like, or a loop with append",
        ),
    ],
)
def test_refusals(f, args, reason, instead):
    main = typed(f, args)[0]
    with pytest.raises(SrcadError) as raised:
        lowered(main)
    assert (raised.value.reason, raised.value.instead) == (reason, instead)
    assert raised.value.location.line == f.__code__.co_firstlineno + 1
