"""Linear algebra: each rule against textbook loops over dual numbers, in both modes and to the second order, and edges.

Programs that use it are in `tests/corpus/linalg.py`.
"""

from __future__ import annotations

import subprocess
import sys
import traceback
from collections.abc import Callable
from typing import Any

import numba.np.linalg
import numpy as np
import pytest
from numba.core import types
from numba.core.registry import cpu_target

import srcad
from srcad import SrcadError, grad, hessian, hvp, jvp, vjp
from srcad.advice import without_advice
from srcad.rules import linalg
from tests.oracle import oracle_grad, oracle_hvp
from tests.rule_points import scratch

RNG = np.random.default_rng(3)
SQUARE = RNG.normal(size=(3, 3)) + 3.0 * np.eye(3)
OTHER = RNG.normal(size=(3, 3))
TALL = RNG.normal(size=(4, 3))
SPREAD = SQUARE @ SQUARE.T
V = RNG.normal(size=3)
RANK_2 = np.array([[1.0, 2.0, 0.5], [2.0, 4.0, 1.0], [0.3, -1.0, 3.0]])
RANK_1 = np.outer([1.0, 2.0, -1.0], [0.5, 4.0, 1.0])


def bent(x: Any) -> Any:
    """A sum that tells all elements apart."""
    total = 0.0
    for i in range(x.shape[0]):
        for j in range(x.shape[1]):
            total += (1.0 + 0.3 * i - 0.2 * j) * (x[i, j] + 0.4 * x[i, j] * x[i, j] * x[i, j])
    return total


def solve(a, b):
    x = np.linalg.solve(a, b)
    return x[0] * x[1] + x[2] ** 3


def solve_matrix(a, b):
    return bent(np.linalg.solve(a, b))


def inv(a):
    return bent(np.linalg.inv(a))


def pinv(a):
    return bent(np.linalg.pinv(a))


def matrix_power(a, n):
    return bent(np.linalg.matrix_power(a, n))


def det(a):
    return np.linalg.det(a) * (2.0 + np.linalg.det(a))


def slogdet(a):
    sign, logdet = np.linalg.slogdet(a)
    return sign * logdet * logdet


def cholesky(a):
    return bent(np.linalg.cholesky(a))


def eigh(a):
    w, v = np.linalg.eigh(a)
    return bent(v) + w[0] * w[1] ** 2 - w[2]


def eigvalsh(a):
    w = np.linalg.eigvalsh(a)
    return w[0] * w[1] ** 2 - w[2]


def qr(a):
    q, r = np.linalg.qr(a)
    return bent(q) + bent(r)


def svd(a):
    u, s, vt = np.linalg.svd(a, full_matrices=False)
    return bent(u) + s[0] * s[1] ** 2 - s[2] + bent(vt)


def svd_square(a):
    u, s, vt = np.linalg.svd(a)
    return bent(u) + s[0] * s[1] ** 2 - s[2] + bent(vt)


RULES: list[tuple[Callable[..., Any], tuple[Any, ...]]] = [
    (solve, (SQUARE, V)), (solve_matrix, (SQUARE, OTHER)), (inv, (SQUARE,)), (pinv, (TALL,)), (pinv, (TALL.T,)),
    (pinv, (SQUARE,)), (det, (SQUARE,)), (det, (RANK_2,)),
    (det, (RANK_1,)), (det, (np.zeros((2, 2)),)), (slogdet, (SQUARE,)), (slogdet, (-SQUARE,)), (cholesky, (SPREAD,)),
    (eigh, (SPREAD,)), (eigvalsh, (SPREAD,)), (qr, (SQUARE,)), (qr, (TALL,)), (svd, (TALL,)), (svd, (TALL.T,)),
    (svd_square, (SQUARE,)),
]  # fmt: skip
NAMED = [f"{f.__name__}-{k}" for k, (f, _) in enumerate(RULES)]


def flat(x: Any) -> np.ndarray:
    return np.concatenate([np.ravel(v) for v in (x if isinstance(x, tuple) else (x,))])


def close(found: Any, wanted: Any, tolerance: float = 1e-11) -> None:
    found, wanted = flat(found), flat(wanted)
    assert np.linalg.norm(found - wanted) <= tolerance * max(1.0, float(np.linalg.norm(wanted)))


@pytest.mark.parametrize(("f", "args"), RULES, ids=NAMED)
def test_first_and_second_derivatives(f, args):
    """Of the text as plain Python: reverse, forward, forward over reverse and reverse over reverse mode."""
    along = tuple(np.cos(np.arange(a.size)).reshape(a.shape) for a in args)
    given = along if len(along) > 1 else along[0]
    gradient = oracle_grad(f, args)[1]
    g = grad(f)
    close(g.interpreted(*args), gradient)
    value, slope = jvp(f).interpreted(args, given)
    assert value == pytest.approx(float(f(*args)), rel=1e-12, abs=1e-300)
    close(slope, flat(gradient) @ flat(along))
    wanted = oracle_hvp(f, args, along)[1]
    close(hvp(f).interpreted(args, given), wanted, 1e-9)
    close(vjp(g).interpreted(args, given)[1], wanted, 1e-9)


@pytest.mark.parametrize(("f", "args"), [(solve, (SQUARE, V)), (det, (RANK_2,)), (eigh, (SPREAD,)), (svd, (TALL,))])
def test_compiled(f, args):
    close(grad(f)(*args), oracle_grad(f, args)[1])


@pytest.mark.parametrize("n", [-3, -1, 0, 1, 2, 6])
def test_powers_of_a_matrix(n):
    value, gradient = oracle_grad(matrix_power, (SQUARE, n))
    g = grad(matrix_power)
    assert g.primal.interpreted(SQUARE, n) == pytest.approx(value, rel=1e-13)
    close(g.interpreted(SQUARE, n), gradient)
    along = oracle_hvp(matrix_power, (SQUARE, n), OTHER)[1]
    close(hvp(matrix_power).interpreted((SQUARE, n), OTHER), along)


def of_det(a):
    return np.linalg.det(a)


def along_twice(a):
    return np.sum(hvp(of_det)((a,), OTHER) * TALL[:3])


@pytest.mark.parametrize("a", [SQUARE, RANK_2, RANK_1, np.zeros((3, 3))])
def test_a_determinant_has_derivatives_to_any_order(a):
    """det(a) is a sixth of e_acm e_bdn a_ab a_cd a_mn, e the signs of the permutations of three."""
    e = np.zeros((3, 3, 3))
    for i, j, k in ((0, 1, 2), (1, 2, 0), (2, 0, 1)):
        e[i, j, k], e[i, k, j] = 1.0, -1.0
    close(grad(of_det).interpreted(a), 0.5 * np.einsum("acm,bdn,cd,mn->ab", e, e, a, a))
    close(hessian(of_det).interpreted(a), np.einsum("acm,bdn,mn->abcd", e, e, a))
    third = np.einsum("acm,bdn,ab,cd->mn", e, e, OTHER, TALL[:3])
    close(grad(along_twice).interpreted(a), third)
    value, moved = jvp(along_twice).interpreted((a,), SQUARE)
    assert moved == pytest.approx(np.sum(third * SQUARE), rel=1e-11)
    close(jvp(grad(along_twice)).interpreted((a,), SQUARE)[1], np.zeros(9))


# ---------------------------------------------------------------------------------------------- edges


@pytest.mark.parametrize("f", [cholesky, eigh, eigvalsh])
def test_the_lower_triangle_is_all_that_is_read(f):
    odd = SPREAD + np.triu(OTHER, 1)
    gradient = grad(f).interpreted(odd)
    np.testing.assert_array_equal(gradient, grad(f).interpreted(SPREAD))
    np.testing.assert_array_equal(np.triu(gradient, 1), np.zeros((3, 3)))
    assert jvp(f).interpreted((odd,), np.triu(OTHER, 1))[1] == 0.0


def test_equal_eigenvalues():
    twice = np.diag([1.0, 1.0, 2.0])
    total = grad(lambda a: np.sum(np.linalg.eigh(a)[0] ** 2))
    np.testing.assert_array_equal(total.interpreted(twice), np.diag([2.0, 2.0, 4.0]))
    of_vectors = grad(lambda a: np.linalg.eigh(a)[1][0, 1] + 2.0 * np.linalg.eigh(a)[1][1, 0])
    assert not np.isfinite(of_vectors.interpreted(twice)).all()
    projection = grad(lambda a: np.linalg.eigh(a)[1][0, 2] ** 2)  # on the eigenvector that is alone
    assert np.isfinite(projection.interpreted(twice)).all()


def test_singular_matrices():
    assert np.isnan(grad(lambda a: np.linalg.slogdet(a)[1]).interpreted(RANK_1)).all()
    for f, args in ((solve, (np.ones((3, 3)), V)), (inv, (np.ones((3, 3)),))):
        with pytest.raises(np.linalg.LinAlgError, match=r"[Ss]ingular"):
            grad(f)(*args)
        with pytest.raises(np.linalg.LinAlgError, match=r"[Ss]ingular"):
            grad(f).interpreted(*args)


def test_shapes_without_a_derivative():
    with pytest.raises(ValueError, match="wider than high"):
        grad(qr).interpreted(TALL.T)
    with pytest.raises(ValueError, match="wider than high"):
        jvp(qr).interpreted((TALL.T,), TALL.T)
    with pytest.raises(ValueError, match="full_matrices=False"):
        grad(svd_square).interpreted(TALL)
    assert np.isnan(jvp(svd_square).interpreted((TALL,), TALL)[1])


def test_empty_matrices():
    assert grad(of_det).interpreted(np.zeros((0, 0))).shape == (0, 0)


GIVEN = "np.linalg.{} is given a {}-d array of {}"
REFUSED = [
    (solve, (SQUARE.astype(np.float32), V), GIVEN.format("solve", 2, "float32") + " and a 1-d array of float64"),
    (solve, (SQUARE, np.array([1, 2, 3])), GIVEN.format("solve", 2, "float64") + " and a 1-d array of int64"),
    (lambda a: np.linalg.det(a), (V,), GIVEN.format("det", 1, "float64")),
    (lambda a: np.linalg.svd(a, compute_uv=False)[0], (SQUARE,), "np.linalg.svd with compute_uv= can't be read"),
    (lambda a: np.linalg.eigh(a, "U")[0][0], (SQUARE,), "np.linalg.eigh with UPLO= can't be read"),
    (lambda a: np.linalg.solve(a)[0], (SQUARE,), "np.linalg.solve() missing a required argument: 'b'"),
    (lambda a: np.linalg.tensorinv(a), (SQUARE,), "no derivative rule is known for np.linalg.tensorinv"),
]  # fmt: skip


@pytest.mark.parametrize(("f", "args", "why"), REFUSED)
def test_calls_that_are_refused(f, args, why):
    with pytest.raises(SrcadError) as error:
        grad(f).inspect(*args)
    assert error.value.reason == why
    assert error.value.location.file == __file__


def test_without_scipy(monkeypatch):
    def missing() -> None:
        raise ImportError("scipy 0.16+ is required for linear algebra")

    monkeypatch.setattr(numba.np.linalg, "ensure_lapack", missing)

    def with_eigvals(a):  # of a type that nothing else here compiles it for
        return np.linalg.eigvalsh(a)[0]

    with pytest.raises(ImportError) as error:
        grad(with_eigvals, cache=False)(np.asfortranarray(SPREAD.astype(np.float32)))
    assert str(error.value) == (
        "with_eigvals calls BLAS or LAPACK, which Numba takes from SciPy, and SciPy is missing: "
        "pip install 'srcad[scipy]'"
    )
    assert "defect" not in "".join(traceback.format_exception(error.value))


def test_its_rules_are_not_declared_twice():
    def rule(a, b, out, out_bar, a_bar, b_bar):
        pass

    with scratch():
        with pytest.raises(ValueError, match="solve has a rule for adjoint already"):
            srcad.adjoint(np.linalg.solve)(rule)
        with pytest.raises(ValueError, match="det has a rule of another kind already"):
            srcad.partials(np.linalg.det, a="1.0")
        with pytest.raises(ValueError, match="det is declared already"):
            srcad.nondifferentiable(np.linalg.det)


# ---------------------------------------------------------------------------------------------- the machinery


@pytest.mark.parametrize("row", linalg.TABLE, ids=lambda row: row.function.__name__)
def test_the_table_says_what_numba_makes_of_it(row):
    typing = cpu_target.typing_context
    cpu_target.target_context.refresh()
    typing.refresh()
    grad(of_det).inspect(SQUARE)  # which makes the functions of srcad's own known
    first = types.Array(types.float64, 2, "C")
    for last in (types.Array(types.float32, 2, "A"), *([types.Array(types.float64, 1, "A")] if row.many else [])):
        arguments = tuple(
            types.boolean if p == "full_matrices" else last.copy(layout="C") if p != row.params[-1] else last
            for p in row.params
        )
        if last.ndim == 1:
            arguments = (first, last)
        with without_advice():
            known = typing.resolve_function_type(typing.resolve_value_type(row.function), arguments, {})
        assert linalg.returned(row, arguments) == known.return_type


def newton(a, b, n):
    x = b.copy()
    for _ in range(n):
        r = a @ x + x * x * x - b
        J = a.copy()
        for i in range(len(x)):
            J[i, i] += 3.0 * x[i] * x[i]
        x = x - np.linalg.solve(J, r)
    return np.sum(x * x)


def test_in_a_loop_called_often():
    g = grad(newton)
    wanted = oracle_grad(newton, (SPREAD, V, 20))[1]
    for _ in range(2000):
        found = g(SPREAD, V, 20)
    close(found, wanted)


def test_the_text():
    text = grad(solve).inspect(SQUARE, V)
    assert text.startswith("import numpy as np\nfrom srcad.rules import linalg\n")
    assert "    x = np.linalg.solve(a, b)\n" in text
    assert "    linalg.solve_adjoint(a, b, x, x_bar, a_bar, b_bar)\n" in text
    space: dict[str, Any] = {}
    exec(text, space)
    close(space["solve_grad"](SQUARE, V), oracle_grad(solve, (SQUARE, V))[1])


def test_a_sparse_jacobian_through_a_call():
    def blocks(x):
        y = x.copy()
        for k in range(0, len(x), 2):
            y[k : k + 2] = np.linalg.solve(np.array([[3.0, 1.0], [x[k], 2.0]]), x[k : k + 2])
        return y

    x = np.arange(6.0)
    sparse = srcad.sparse_jacobian(blocks)
    found = sparse(x).toarray()
    dense = srcad.jacobian(blocks)(x)
    np.testing.assert_allclose(found, dense, rtol=1e-13, atol=1e-15)
    assert np.array_equal(sparse.pattern(x).toarray() != 0, np.kron(np.eye(3), np.ones((2, 2))) != 0)
    assert sparse.sweeps == 2


def test_nothing_of_it_is_loaded_before_it_is_needed(tmp_path):
    program = tmp_path / "program.py"
    program.write_text("""
import sys
import numpy as np
import srcad
srcad.grad(lambda x: np.sum(x * x)).inspect(np.ones(2))
assert "srcad.rules.linalg" not in sys.modules
srcad.grad(lambda x: np.linalg.det(x)).inspect(np.ones((2, 2)))
assert "srcad.rules.linalg" in sys.modules
""")
    subprocess.run([sys.executable, program], check=True)
