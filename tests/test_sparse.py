"""Sparse Jacobians and Hessians: patterns against the oracle, rebuilt matrices against dense ones, bad input."""

from __future__ import annotations

import math
import pickle
import sys
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np
import pytest
import scipy.sparse

import srcad
from srcad import SrcadError, checks, domains, grad, sparse_hessian, sparse_jacobian
from srcad.sparse import colouring, entries, matrices
from srcad.sparse.sweeps import Pattern
from srcad.vectors import shaped, size

from .corpus import Case, all_cases, fresh, identifiers, sample
from .oracle import flatten, oracle_grad, oracle_hessian, oracle_jacobian, positions
from .results import RESULTS, Pair

ALL = list(all_cases())
EVERY, EVERY_GRADIENT = 20, 30  # one case in so many is compiled, or differentiated twice, by default
EVERY_PATTERN = 9  # one in so many is detected
SMOOTH = ALL[::EVERY_GRADIENT]


# ---------------------------------------------------------------------------------------------- patterns


def found(f: Any, case: Case) -> np.ndarray:
    """The pattern of `f`, the case's function or its gradient, by its text run as plain Python."""
    args = tuple(fresh(a) for a in case.args)
    inputs = tuple(args[k] for k in positions(case.f, case.args, case.wrt))
    n = size(inputs)
    sets = domains.arena(1 << 20)
    with np.errstate(all="ignore"):
        pattern = Pattern(f, {}, checks.positions(f, case.wrt))
        got = pattern.interpreted(args, (*shaped(inputs, np.arange(1, n + 1)), sets))
    starts, members = domains.rows(sets, matrices._domains(got), n)
    return scipy.sparse.csr_array((np.ones(members.size), members, starts), shape=(starts.size - 1, n)).toarray() != 0


def test_pattern_holds_every_non_zero(sampled_case: Case) -> None:
    case = sampled_case
    wanted = flatten(oracle_grad(case.f, case.args, case.wrt)[1]) != 0
    pattern = found(case.f, case)
    assert pattern.shape == (1, wanted.size)
    assert not (wanted & ~pattern[0]).any()


@pytest.mark.parametrize("case", RESULTS, ids=identifiers(RESULTS))
def test_pattern_of_any_result(case: Case) -> None:
    wanted = oracle_jacobian(case.f, case.args, case.wrt)[1] != 0
    pattern = found(case.f, case)
    assert pattern.shape == wanted.shape
    assert not (wanted & ~pattern).any()


@pytest.mark.parametrize("case", SMOOTH, ids=identifiers(SMOOTH))
def test_pattern_of_gradients(case: Case) -> None:
    pattern = found(grad(case.f, wrt=case.wrt), case)
    assert not ((oracle_hessian(case.f, case.args, case.wrt) != 0) & ~pattern).any()


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    sample(metafunc, "sampled_case", ALL, EVERY_PATTERN)
    sample(metafunc, "compiled_case", RESULTS, EVERY, "--compiled-all")


def test_compiled(compiled_case: Case) -> None:
    case = compiled_case
    wanted = oracle_jacobian(case.f, case.args, case.wrt)[1]
    for mode in (None, "forward", "reverse"):
        got = sparse_jacobian(case.f, wrt=case.wrt, mode=mode)(*(fresh(a) for a in case.args))
        np.testing.assert_allclose(got.toarray(), wanted, rtol=case.tolerance, atol=case.tolerance)


TEXT = """\
import math
import numpy as np
from srcad.domains import unite


def steps_pattern(args, numbers):
    x = args[0]
    a = args[1]
    sets = numbers[2]
    x_domain = numbers[0]
    a_domain = numbers[1]
    # y = np.empty(len(x))
    a1 = len(x)
    y = np.empty(a1)
    y_domain = np.zeros_like(y, np.int64)
    for i in range(len(x)):
        # y[i] = max(x[i] * a, math.floor(x[0]))
        a2_domain = x_domain[i]
        a2 = x[i]
        a3_domain = unite(sets, a2_domain, a_domain)
        a3 = a2 * a
        a4 = x[0]
        a5 = math.floor(a4)
        a6_domain = a3_domain if a3 > a5 else 0
        y_domain[i] = a6_domain
    return y_domain
"""


def steps(x, a):
    y = np.empty(len(x))
    for i in range(len(x)):
        y[i] = max(x[i] * a, math.floor(x[0]))
    return y


def test_the_source_reads_as_the_function() -> None:
    detector = Pattern(steps, {})
    assert detector.inspect((np.ones(3), 2.0), (np.arange(3), 4, domains.arena(9))) == TEXT


# ---------------------------------------------------------------------------------------------- given patterns


def rows_of(x, starts, indices, weights):
    y = np.empty(len(starts) - 1)
    for i in range(len(starts) - 1):
        s = 0.0
        for k in range(starts[i], starts[i + 1]):
            s += weights[k] * math.sin(x[indices[k]])
        y[i] = s
    return y


def pairs_of(x, rows, columns, weights):
    s = 0.0
    for k in range(len(rows)):
        if rows[k] == columns[k]:
            s += weights[k] * math.cos(x[rows[k]])
        else:
            s += weights[k] * x[rows[k]] * math.sin(x[columns[k]])
    return s


N = 24
RANDOM = np.random.default_rng(7)


def arrow(n: int) -> np.ndarray:
    made = np.eye(n, dtype=bool)
    made[0, :] = made[:, 0] = True
    return made


PATTERNS = {
    "diagonal": (np.eye(N, dtype=bool), 1),
    "tridiagonal": (abs(np.subtract.outer(range(N), range(N))) <= 1, 3),
    "band": (np.tri(N, N, 1, dtype=bool) & ~np.tri(N, N, -4, dtype=bool), 5),
    "arrow": (arrow(N), 3),
    "arrow, its head last": (arrow(N)[::-1, ::-1], 3),
    "blocks": (np.kron(np.eye(N // 4), np.ones((4, 4))) != 0, 4),
    "one dense row": (np.eye(N, dtype=bool) | (np.arange(N)[:, None] == 5), 2),
    "one dense column": (np.eye(N, dtype=bool) | (np.arange(N) == 5), 2),
    "tall": (np.kron(np.eye(6), np.ones((9, 2))) != 0, 2),
    "wide": (np.kron(np.eye(6), np.ones((2, 9))) != 0, 2),
    "random": (RANDOM.random((N, N)) < 0.1, N),
    "random, wide": (RANDOM.random((10, 3 * N)) < 0.1, 3 * N),
    "dense": (np.ones((N, N), bool), N),
    "empty": (np.zeros((5, 7), bool), 0),
}


def scrambled(pattern: np.ndarray) -> np.ndarray:
    random = np.random.default_rng(3)
    return pattern[random.permutation(len(pattern))][:, random.permutation(pattern.shape[1])]


JACOBIAN = sparse_jacobian(rows_of, wrt="x")


@pytest.mark.parametrize("mode", [None, "forward", "reverse"])
@pytest.mark.parametrize("name", PATTERNS)
def test_jacobians_are_rebuilt(name: str, mode: str | None) -> None:
    pattern, most = PATTERNS[name]
    for used in (pattern, scrambled(pattern)):
        csr = scipy.sparse.csr_array(used)
        x, weights = np.linspace(-1.0, 1.0, used.shape[1]), RANDOM.standard_normal(csr.nnz)
        made = JACOBIAN if mode is None else sparse_jacobian(rows_of, wrt="x", mode=mode)
        got = made(x, csr.indptr, csr.indices, weights)
        wanted = scipy.sparse.csr_array((weights * np.cos(x[csr.indices]), csr.indices, csr.indptr), shape=csr.shape)
        assert got.shape == csr.shape
        assert (got.indptr == csr.indptr).all()
        assert (got.indices == csr.indices).all()
        np.testing.assert_allclose(got.data, wanted.data, rtol=1e-14)
        assert mode is not None or used is not pattern or made.sweeps <= most


HESSIANS = {
    "diagonal": (np.eye(N, dtype=bool), 1),
    "tridiagonal": (PATTERNS["tridiagonal"][0], 3),
    "band": (abs(np.subtract.outer(range(N), range(N))) <= 3, 7),
    "arrow": (arrow(N), 2),
    "arrow, its head last": (arrow(N)[::-1, ::-1], 2),
    "blocks": (PATTERNS["blocks"][0], 4),
    "grid": (np.kron(abs(np.subtract.outer(range(5), range(5))) <= 1, np.eye(5)) != 0, 3),
    "no diagonal": (abs(np.subtract.outer(range(N), range(N))) == 1, 3),
    "random": ((lambda r: r | r.T)(RANDOM.random((N, N)) < 0.06), N - 1),
    "dense": (np.ones((N, N), bool), N),
    "empty": (np.zeros((4, 4), bool), 0),
}

HESSIAN = sparse_hessian(pairs_of, wrt="x")


@pytest.mark.parametrize("name", HESSIANS)
def test_hessians_are_rebuilt(name: str) -> None:
    pattern, most = HESSIANS[name]
    random = np.random.default_rng(1)
    order = random.permutation(len(pattern))
    for used in (pattern, pattern[order][:, order]):
        rows, columns = np.nonzero(np.tril(used))
        x, w = np.linspace(-1.0, 1.0, len(used)), random.standard_normal(rows.size)
        wanted = np.zeros(used.shape)
        for i, j, k in zip(rows, columns, w, strict=True):
            if i == j:
                wanted[i, i] += -k * math.cos(x[i])
            else:
                wanted[i, j] = wanted[j, i] = k * math.cos(x[j])
                wanted[j, j] += -k * x[i] * math.sin(x[j])
        got = HESSIAN(x, rows, columns, w)
        np.testing.assert_allclose(got.toarray(), wanted, rtol=1e-13, atol=1e-15)
        seen = got.toarray() != 0
        assert not (wanted.astype(bool) & ~seen).any()
        assert got.nnz <= used.sum() + (used.sum(0) > 0).sum()
        assert HESSIAN.sweeps <= most or used is not pattern


def test_colourings_on_random_graphs() -> None:
    """No row with two columns of one colour; no path of four vertices with two colours, and neighbours differ."""
    random = np.random.default_rng(11)
    for density in (0.02, 0.1, 0.3):
        for _ in range(20):
            m, n = random.integers(1, 30, 2)
            pattern = scipy.sparse.csr_array(random.random((m, n)) < density)
            colours, _ = colouring._apart(pattern)
            for i in range(m):
                own = colours[pattern.indices[pattern.indptr[i] : pattern.indptr[i + 1]]]
                assert len(set(own)) == len(own)
                assert (own >= 0).all()
            square = random.random((n, n)) < density
            graph = square | square.T
            csr = scipy.sparse.csr_array(graph)
            c = colouring.colour_symmetric(csr).columns
            for v, w in zip(*np.nonzero(graph), strict=True):
                assert v == w or c[v] != c[w]
                for x in np.flatnonzero(graph[w]):
                    for y in np.flatnonzero(graph[x]):
                        if len({v, w, x, y}) == 4:
                            assert len({c[v], c[w], c[x], c[y]}) > 2


# ---------------------------------------------------------------------------------------------- functions people have


def relu(x):
    return np.maximum(x, 0.0)


def layer(w, x):
    return w @ x


def separable(x, y):
    s = 0.0
    for i in range(len(x)):
        s += math.exp(x[i]) * y[i] ** 3
    return s


def test_the_diagonal_of_a_hessian() -> None:
    x, y = np.linspace(-1.0, 1.0, 7), np.linspace(0.5, 2.0, 7)
    by_x = sparse_hessian(separable, wrt="x")
    np.testing.assert_allclose(by_x(x, y).diagonal(), np.exp(x) * y**3, rtol=1e-14)
    assert by_x.sweeps == 1
    both = sparse_hessian(separable)
    np.testing.assert_allclose(both(x, y).diagonal(), [*(np.exp(x) * y**3), *(6.0 * np.exp(x) * y)], rtol=1e-14)
    assert both.sweeps == 2


def test_relu_is_diagonal() -> None:
    x = np.array([1.0, -2.0, 0.5, 0.0, 3.0])
    got = sparse_jacobian(relu)(x)
    np.testing.assert_array_equal(got.toarray(), np.diag([1.0, 0.0, 1.0, 0.0, 1.0]))
    assert got.nnz == 3


def test_layer_is_a_block_for_each_row_of_its_weights() -> None:
    w, x = np.arange(12.0).reshape(3, 4) / 7.0, np.array([1.0, -2.0, 0.5, 3.0])
    by_weights = sparse_jacobian(layer, wrt="w")
    got = by_weights(w, x)
    np.testing.assert_array_equal(got.toarray(), np.kron(np.eye(3), x))
    assert got.nnz == 12
    assert by_weights.sweeps == 1  # in reverse: no two rows share a weight
    by_both = sparse_jacobian(layer)(w, x)
    np.testing.assert_array_equal(by_both.toarray(), np.hstack([np.kron(np.eye(3), x), w]))


def neighbours(x):
    """Each item beside its larger neighbour, by a sort in place."""
    y = x.copy()
    for i in range(len(y)):
        for j in range(len(y) - 1 - i):
            if y[j] > y[j + 1]:
                y[j], y[j + 1] = y[j + 1], y[j]
    z = np.empty(len(y) - 1)
    for i in range(len(z)):
        z[i] = y[i] * y[i + 1] if y[i] > 0.0 else y[i]
    return z


def test_branches_that_data_decide_are_found_at_each_call() -> None:
    made = sparse_jacobian(neighbours)
    random = np.random.default_rng(2)
    seen = set()
    for _ in range(6):
        x = random.standard_normal(6)
        order = np.argsort(x)
        wanted = np.zeros((5, 6))
        for i in range(5):
            a, b = x[order[i]], x[order[i + 1]]
            wanted[i, order[i]] = b if a > 0.0 else 1.0
            wanted[i, order[i + 1]] = a if a > 0.0 else 0.0
        got = made(x)
        np.testing.assert_allclose(got.toarray(), wanted, rtol=1e-15)
        assert got.nnz == (wanted != 0).sum()
        seen.add(got.indices.tobytes())
    assert len(seen) > 1


def running(x):
    y = np.empty(len(x))
    s = 0.0
    for i in range(len(x)):
        s += x[i] * x[i]
        y[i] = s
    return y


def mixed(x, p, k, scale=0.5):
    total = 0.0
    for i in range(k):
        total += p.x[i] * scale
    return total, x.reshape(-1, 1) * p.y, k


def powers(x, rate, count):
    """A long chain over more inputs than a small set holds, on which every result depends."""
    s = 0.0
    for k in range(count):
        s = math.sin(s + rate[k % len(rate)])
    y = np.empty(len(x))
    for i in range(len(x)):
        y[i] = x[i] * s
    return y


def single(x):
    y = np.zeros(3, dtype=np.float32)
    for i in range(3):
        y[i] = x[i] * x[i]
    return y


def test_triangles_and_large_sets() -> None:
    x = np.linspace(0.5, 1.5, 80)
    got = sparse_jacobian(running)(x)
    np.testing.assert_allclose(got.toarray(), np.tril(np.broadcast_to(2.0 * x, (80, 80))), rtol=1e-14)
    assert got.nnz == 80 * 81 // 2


def test_chains_of_unions_over_few_inputs() -> None:
    x, rate = np.linspace(0.5, 1.5, 500), np.linspace(0.1, 0.9, 50)
    got = sparse_jacobian(powers)(x, rate, 20_000)
    assert got.shape == (500, 550)
    assert (np.diff(got.indptr) == 51).all()
    wanted = srcad.jvp(powers, wrt="rate")((x, rate, 20_000), np.cos(rate))[1]
    np.testing.assert_allclose(got @ np.concatenate((np.zeros(500), np.cos(rate))), wanted, rtol=1e-12)


def test_arguments_that_are_written_to_stay_as_they_are() -> None:
    def squares_from(x, first):
        first[0] += 1
        x[first[0] :] *= x[first[0] :]
        return x * x[-1]

    x, first = np.array([2.0, 3.0, 0.5]), np.array([0])
    for mode in (None, "forward", "reverse"):
        found = sparse_jacobian(squares_from, wrt="x", mode=mode)(x, first).toarray()
        np.testing.assert_allclose(found, [[0.25, 0.0, 2.0], [0.0, 1.5, 9.0], [0.0, 0.0, 0.5]], rtol=1e-14)
        assert x.tolist() == [2.0, 3.0, 0.5] and first.tolist() == [0]


def test_structures_several_inputs_and_defaults() -> None:
    made = sparse_jacobian(mixed, wrt=("x", "p"))
    x, p = np.array([1.0, 2.0]), Pair(np.asfortranarray(np.ones((3, 2)))[:, 0], np.array([3.0, 4.0, 5.0]))
    got = made(x, p, k=2).toarray()
    wanted = np.zeros((7, 8))
    wanted[0, 2:4] = 0.5
    for i in range(2):
        for j in range(3):
            wanted[1 + 3 * i + j, i], wanted[1 + 3 * i + j, 5 + j] = p.y[j], x[i]
    np.testing.assert_array_equal(got, wanted)


def test_precision_is_the_functions() -> None:
    got = sparse_jacobian(single)(np.array([1.0, 2.0, 3.0], dtype=np.float32))
    assert got.dtype == np.float32
    np.testing.assert_array_equal(got.toarray(), np.diag([2.0, 4.0, 6.0]))


def rosenbrock(x):
    s = 0.0
    for i in range(len(x) - 1):
        s += 100.0 * (x[i + 1] - x[i] ** 2) ** 2 + (1.0 - x[i]) ** 2
    return s


def test_jacobians_of_gradients_are_hessians() -> None:
    x = np.linspace(-1.0, 2.0, 9)
    got = sparse_hessian(rosenbrock)(x)
    np.testing.assert_allclose(got.toarray(), srcad.hessian(rosenbrock)(x), rtol=1e-13)
    np.testing.assert_allclose(sparse_jacobian(grad(rosenbrock))(x).toarray(), got.toarray(), rtol=1e-13)
    assert got.nnz == 3 * 9 - 2


# ---------------------------------------------------------------------------------------------- how it is called


def band(x):
    y = np.empty(len(x) - 1)
    for i in range(len(y)):
        y[i] = x[i] * x[i + 1]
    return y


X = np.linspace(1.0, 2.0, 6)
DENSE = np.diag(X[1:], 0) @ np.eye(5, 6) + np.diag(X[:-1]) @ np.eye(5, 6, 1)


def test_a_given_pattern_is_used() -> None:
    wide = np.tri(5, 6, 2, dtype=bool)
    for given in (DENSE != 0, scipy.sparse.csc_array(DENSE), scipy.sparse.coo_matrix(DENSE), wide):
        got = sparse_jacobian(band, pattern=given)(X)
        np.testing.assert_allclose(got.toarray(), DENSE, rtol=1e-15)
    assert got.nnz == wide.sum()


def test_a_pattern_found_under_fastmath_is_verified(monkeypatch: pytest.MonkeyPatch) -> None:
    made = sparse_jacobian(band, fastmath=True)
    np.testing.assert_allclose(made(X).toarray(), DENSE, rtol=1e-15)
    monkeypatch.setattr(made, "pattern", lambda *_: matrices.as_pattern("", np.eye(5, 6)))
    with pytest.raises(ValueError, match=r"the pattern found misses a non-zero of row 0: .*; leave fastmath= out$"):
        made(X)


@pytest.mark.parametrize("mode", ["forward", "reverse"])
def test_a_pattern_that_misses_a_non_zero_is_refused(mode: str) -> None:
    for i, j in zip(*np.nonzero(DENSE), strict=True):
        given = DENSE != 0
        given[i, j] = False
        line = f"row {i}" if mode == "forward" else f"column {j}"
        made = sparse_jacobian(band, pattern=given, mode=mode)
        with pytest.raises(ValueError, match=f"misses a non-zero of {line}: .* leave pattern= out$"):
            made(X)
    assert abs(sparse_jacobian(band, pattern=given, check=False, mode=mode)(X).toarray() - DENSE).max() > 0.5


def test_a_hessians_pattern_may_be_a_triangle_and_is_checked() -> None:
    wanted = srcad.hessian(rosenbrock)(X)
    for given in (np.tril(wanted), np.triu(wanted), wanted):
        np.testing.assert_allclose(sparse_hessian(rosenbrock, pattern=given)(X).toarray(), wanted, rtol=1e-13)
    with pytest.raises(ValueError, match="misses a non-zero of row 0"):
        sparse_hessian(rosenbrock, pattern=np.eye(6))(X)
    with pytest.raises(ValueError, match="5 x 6, and a Hessian is square"):
        sparse_hessian(rosenbrock, pattern=np.eye(5, 6))


def test_what_is_returned_can_be_changed() -> None:
    made = sparse_jacobian(band)
    zero = X.copy()
    zero[2] = 0.0
    for _ in range(2):
        got = made(zero)
        assert got.nnz == 10
        got.eliminate_zeros()
        assert got.nnz == 8
        got.indices[:] = 0
    pattern = made.pattern(zero)
    pattern.indices[:] = 0
    np.testing.assert_allclose(made(X).toarray(), DENSE, rtol=1e-15)


def test_what_is_held_keeps_its_numbers_and_what_is_gone_leaves_its_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(entries, "LARGE", 1)
    made, other = sparse_jacobian(band), 2.0 * X
    first = made(X)
    column = first.data[::2]  # a view holds the memory too
    wanted = column.copy()
    held = [made(other) for _ in range(3)]
    np.testing.assert_array_equal(first.toarray(), DENSE)
    where = first.data.__array_interface__["data"][0]
    del first
    held.append(made(other))
    np.testing.assert_array_equal(column, wanted)
    del column
    again = made(X)
    assert again.data.__array_interface__["data"][0] == where
    np.testing.assert_array_equal(again.toarray(), DENSE)
    for matrix in held:
        np.testing.assert_array_equal(matrix.toarray(), sparse_jacobian(band)(other).toarray())
    assert len(made._memory.spare) <= entries.SPARES
    assert not pickle.loads(pickle.dumps(made))._memory.spare


def test_matrices_of_several_threads_are_apart(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(entries, "LARGE", 1)
    made = sparse_jacobian(band)
    points = [(1.0 + k) * X for k in range(8)]
    wanted = [made(x).toarray() for x in points]

    def call(k: int) -> bool:
        return all(np.array_equal(made(points[k]).toarray(), wanted[k]) for _ in range(50))

    with ThreadPoolExecutor(4) as threads:
        assert all(threads.map(call, range(8)))


def test_room_is_made_for_sets(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(matrices, "ROOM", 0.001)
    np.testing.assert_allclose(sparse_jacobian(band)(X).toarray(), DENSE, rtol=1e-15)
    x = np.linspace(0.5, 1.5, 80)
    assert sparse_jacobian(running)(x).nnz == 80 * 81 // 2


def test_pickle() -> None:
    made = pickle.loads(pickle.dumps(sparse_jacobian(band)))
    np.testing.assert_allclose(made(X).toarray(), DENSE, rtol=1e-15)


def test_unions_are_those_of_sets() -> None:
    random = np.random.default_rng(5)
    inputs = 100
    sets = domains.arena(1 << 18)
    known = [(0, frozenset()), *((k, frozenset({k})) for k in range(1, inputs + 1))]
    for step in range(3000):
        near = known[-30:] if step % 3 else known
        (a, of_a), (b, of_b) = (near[k] for k in random.integers(0, len(near), 2))
        if step % 500 == 499:
            a, of_a = known[1 + step % inputs]
        known.append((domains.unite(sets, a, b), of_a | of_b))
    chosen = [known[k] for k in random.integers(0, len(known), 400)]
    starts, members = domains.rows(sets, np.array([d for d, _ in chosen]), inputs)
    for k, (_, wanted) in enumerate(chosen):
        got = members[starts[k] : starts[k + 1]] + 1
        assert len(got) == len(wanted)
        assert set(got) == wanted


def test_no_room_leaves_a_mark() -> None:
    sets = domains.arena(8)
    first = domains.unite(sets, 1, 2)
    assert sets[0] == 4
    domains.unite(sets, first, 3)
    assert sets[0] == 8
    domains.unite(sets, 4, 5)
    assert sets[0] == 0
    domains.unite(sets, 4, 5)
    assert sets[0] == 0


# ---------------------------------------------------------------------------------------------- bad input


def whole(x):
    return int(x[0])


def pair(x, y):
    return x + y


def test_bad_input() -> None:
    with pytest.raises(ValueError, match=r"pattern= is 6 x 5, and the matrix is 5 x 6: a row for each float"):
        sparse_jacobian(band, pattern=DENSE.T)(X)
    with pytest.raises(TypeError, match="not a ndarray with 1 dimensions"):
        sparse_jacobian(band, pattern=X)
    with pytest.raises(TypeError, match=r"takes as pattern= a SciPy sparse matrix or an array .* not a list"):
        sparse_jacobian(band, pattern=[[True]])
    with pytest.raises(ValueError, match='takes mode="forward", mode="reverse" or mode=None, not \'both\''):
        sparse_jacobian(band, mode="both")
    with pytest.raises(TypeError, match="sparse_jacobian has no option 'colour'"):
        sparse_jacobian(band, colour=3)
    with pytest.raises(ValueError, match="wrt='z' names no argument"):
        sparse_jacobian(band, wrt="z")
    with pytest.raises(TypeError, match="'x' is a list; pass an array"):
        sparse_jacobian(band)([1.0, 2.0])
    with pytest.raises(TypeError, match="can't be differentiated by 'y', which is an int"):
        sparse_jacobian(pair, wrt="y")(1.0, 2)
    with pytest.raises(TypeError, match=r"pair\(\) missing a required argument: 'y'"):
        sparse_jacobian(pair)(1.0)
    with pytest.raises(SrcadError, match="whole returns an int, which has no derivative"):
        sparse_jacobian(whole)(X)
    with pytest.raises(SrcadError, match=r"band returns an array .* grad differentiates one float"):
        sparse_hessian(band)(X)


def test_missing_scipy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "scipy", None)
    monkeypatch.setitem(sys.modules, "scipy.sparse", None)
    with pytest.raises(ImportError, match=r"sparse_hessian returns a SciPy matrix.*pip install 'srcad\[scipy\]'"):
        sparse_hessian(rosenbrock)
