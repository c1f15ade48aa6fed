"""Linear algebra: what `np.linalg` computes stays a call, and its rules are functions of arrays, as a user's own are.

    x = np.linalg.solve(A, b)      ->      linalg.solve_adjoint(A, b, x, x_bar, A_bar, b_bar)

`rules/own.py` says what such rules take. They are written in the language that srcad reads, with calls of functions
that have rules themselves, so a derivative can be differentiated again, in both modes. Nothing here is loaded before a
function of `np.linalg` is met.

LAPACK reads only the lower triangle of what `cholesky`, `eigh` and `eigvalsh` are given. So do the derivatives: bars
go to the lower triangle alone, each of its elements standing for both places of a symmetric matrix, and tangents are
read there alone.

Sources: M. Giles, An extended collection of matrix derivative results for forward and reverse mode algorithmic
differentiation, Oxford NA-08/01, 2008 (solve, inv, eigh); G. H. Golub and V. Pereyra, The differentiation of
pseudo-inverses and nonlinear least squares problems whose variables separate, SIAM J. Numer. Anal. 10, 1973 (pinv);
I. Murray, Differentiation of the Cholesky decomposition, arXiv 1602.07527, 2016; S. F. Walter and L. Lehmann,
Algorithmic differentiation of linear algebra functions, arXiv 1001.1654, 2010 (qr); J. Townsend, Differentiating the
singular value decomposition, 2016 (svd).
"""
# mypy: disable-error-code="no-untyped-def, no-untyped-call, arg-type"

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numba.core import types

# ---------------------------------------------------------------------------------------------- linear systems


def solve_adjoint(a, b, out, out_bar, a_bar, b_bar):
    """A x = b has A dx = db - dA x."""
    weights = np.linalg.solve(a.T, out_bar)
    for i in range(len(out)):
        b_bar[i] += weights[i]
        for j in range(len(out)):
            a_bar[i, j] -= weights[i] * out[j]


def solve_tangent(a, b, out, a_dot, b_dot):
    return np.linalg.solve(a, b_dot - a_dot @ out)


def solve_many_adjoint(a, b, out, out_bar, a_bar, b_bar):
    """The same of a matrix b."""
    weights = np.linalg.solve(a.T, out_bar)
    b_bar += weights
    a_bar -= weights @ out.T


def solve_many_tangent(a, b, out, a_dot, b_dot):
    return np.linalg.solve(a, b_dot - a_dot @ out)


def inv_adjoint(a, out, out_bar, a_bar):
    """d(A^-1) = -A^-1 dA A^-1."""
    a_bar -= out.T @ out_bar @ out.T


def inv_tangent(a, out, a_dot):
    return -(out @ a_dot @ out)


def pinv_adjoint(a, out, out_bar, a_bar):
    """dP = -P dA P + P P' dA' (1 - A P) + (1 - P A) dA' P' P, where the rank stays the same."""
    a_bar -= out.T @ out_bar @ out.T
    one, two = out_bar.T @ out @ out.T, out.T @ out @ out_bar.T
    a_bar += one - a @ (out @ one)
    a_bar += two - (two @ out) @ a


def pinv_tangent(a, out, a_dot):
    one, two = out @ out.T @ a_dot.T, a_dot.T @ out.T @ out
    return one - (one @ a) @ out + two - out @ (a @ two) - out @ a_dot @ out


# ---------------------------------------------------------------------------------------------- determinants


def det_adjoint(a, out_bar, a_bar):
    """d det(A) = <cofactors(A), dA>, be A singular or not."""
    a_bar += out_bar * cofactors(a)


def det_tangent(a, a_dot):
    return np.sum(cofactors(a) * a_dot)


def cofactors(a):
    """The derivative of det(A), det(A) A^-T: with A = U S V', it is det(U) det(V) U diag(products of the others) V'.

    Of a regular matrix by its factorisation, whose error in a small pivot has no weight in the product.
    """
    d = np.linalg.det(a)
    if d != 0.0:
        inverse = np.linalg.inv(a)
        inverse *= d
        return np.ascontiguousarray(inverse.T)
    u, s, vt = np.linalg.svd(a)
    sign = np.sign(np.linalg.det(u) * np.linalg.det(vt))
    for i in range(len(s)):
        product = sign
        for k in range(len(s)):
            if k != i:
                product *= s[k]
        u[:, i] *= product
    return np.ascontiguousarray(u @ vt)


def cofactors_adjoint(a, out_bar, a_bar):
    """The second derivative of det is symmetric: the derivative of the cofactors is its own adjoint."""
    a_bar += cofactors_along(a, out_bar)


def cofactors_tangent(a, a_dot):
    return cofactors_along(a, a_dot)


def cofactors_along(a, c):
    """The derivative of `cofactors(a)` along `c`, without a division.

    With A = U S V' and E = U' C V it is det(U) det(V) U D V', where of the cofactors of S + E to first order in E
    D_ij = -E_ji prod s_k over k not in (i, j), and D_ii = sum over j != i of E_jj prod s_k over k not in (i, j).
    """
    n = len(a)
    u, s, vt = np.linalg.svd(a)
    sign = np.sign(np.linalg.det(u) * np.linalg.det(vt))
    e = u.T @ c @ vt.T
    moved = np.zeros_like(e)
    for i in range(n):
        for j in range(i):
            product = sign
            for k in range(n):
                if k != i and k != j:
                    product *= s[k]
            moved[i, j] = -product * e[j, i]
            moved[j, i] = -product * e[i, j]
            moved[i, i] += product * e[j, j]
            moved[j, j] += product * e[i, i]
    return u @ moved @ vt


def without(a, i, j):
    """`a` without its row `i` and its column `j`."""
    n = len(a)
    minor = np.empty((n - 1, n - 1), a.dtype)
    for k in range(n - 1):
        for m in range(n - 1):
            minor[k, m] = a[k if k < i else k + 1, m if m < j else m + 1]
    return minor


def of_minors(a, c, i, j):
    """The derivative of element (i, j) of `cofactors_along(a, c)` by `a` without row i and column j."""
    part = cofactors_along(without(a, i, j), without(c, i, j))
    return part if (i + j) % 2 == 0 else -part


def cofactors_along_adjoint(a, c, out_bar, a_bar, c_bar):
    """It is linear in c; in a, element (i, j) is +-<cofactors(minor ij of a), minor ij of c>."""
    c_bar += cofactors_along(a, out_bar)
    n = len(a)
    if n > 1:
        for i in range(n):
            for j in range(n):
                part = of_minors(a, c, i, j)
                for k in range(n - 1):
                    for m in range(n - 1):
                        a_bar[k if k < i else k + 1, m if m < j else m + 1] += out_bar[i, j] * part[k, m]


def cofactors_along_tangent(a, c, a_dot, c_dot):
    out = cofactors_along(a, c_dot)
    n = len(a)
    if n > 1:
        for i in range(n):
            for j in range(n):
                out[i, j] += np.sum(of_minors(a, c, i, j) * without(a_dot, i, j))
    return out


def slogdet_adjoint(a, out, out_bar, a_bar):
    """d log|det(A)| = <A^-T, dA>; of a singular matrix NaN. The sign has no derivative."""
    if out[0] != 0.0:
        a_bar += out_bar[1] * np.linalg.inv(a).T
    else:
        a_bar += out_bar[1] * np.nan


def slogdet_tangent(a, out, a_dot):
    if out[0] != 0.0:
        return 0.0, np.sum(np.linalg.inv(a).T * a_dot)
    return 0.0, np.sum(a_dot * np.nan)


# ---------------------------------------------------------------------------------------------- factorisations


def lower(m):
    """The symmetric matrix whose lower triangle is that of `m`."""
    n = len(m)
    made = np.empty((n, n), m.dtype)
    for i in range(n):
        for j in range(i + 1):
            made[i, j] = m[i, j]
            made[j, i] = m[i, j]
    return made


def halved(m):
    """The lower triangle of `m`, half of its diagonal."""
    made = np.zeros_like(m)
    for i in range(len(m)):
        for j in range(i):
            made[i, j] = m[i, j]
        made[i, i] = 0.5 * m[i, i]
    return made


def folded(s, m_bar):
    """Add the derivative by a symmetric matrix, `s`, to that by its lower triangle."""
    for i in range(len(s)):
        for j in range(i):
            m_bar[i, j] += s[i, j] + s[j, i]
        m_bar[i, i] += s[i, i]


def cholesky_adjoint(a, out, out_bar, a_bar):
    """L L' = A has dL = L halved(L^-1 dA L^-T)."""
    inner = halved(out.T @ out_bar)  # what stands above the diagonal of out_bar meets zeros of L
    folded(np.linalg.solve(out.T, np.linalg.solve(out.T, inner).T), a_bar)


def cholesky_tangent(a, out, a_dot):
    return out @ halved(np.linalg.solve(out, np.linalg.solve(out, lower(a_dot)).T))


def quotient(part, difference):
    """Nothing of a part that is exactly zero, be the difference zero too."""
    return part / difference if part != 0.0 else 0.0


def eigh_adjoint(a, out, out_bar, a_bar):
    """A V = V diag(w) has dw = diag(V' dA V) and dV = V F, F_ij = (V' dA V)_ij / (w_j - w_i) off the diagonal."""
    w, v = out
    w_bar, v_bar = out_bar
    n = len(w)
    m = v.T @ v_bar
    inner = np.zeros_like(m)
    for i in range(n):
        inner[i, i] = w_bar[i]
        for j in range(i):
            turn = 0.5 * (m[i, j] - m[j, i])
            part = quotient(turn, w[j] - w[i])
            inner[i, j] = part
            inner[j, i] = part
    folded(v @ inner @ v.T, a_bar)


def eigh_tangent(a, out, a_dot):
    w, v = out
    n = len(w)
    m = v.T @ lower(a_dot) @ v
    w_dot, turns = np.zeros_like(w), np.zeros_like(m)
    for i in range(n):
        w_dot[i] = m[i, i]
        for j in range(i):
            part = quotient(m[i, j], w[j] - w[i])
            turns[i, j] = part
            turns[j, i] = -part
    return w_dot, v @ turns


def eigvalsh_adjoint(a, out_bar, a_bar):
    v = np.linalg.eigh(a)[1]
    folded((v * out_bar) @ v.T, a_bar)


def eigvalsh_tangent(a, a_dot):
    v = np.linalg.eigh(a)[1]
    return np.sum(v * (lower(a_dot) @ v), axis=0)


def check_high(a, q):
    if q.shape[1] != a.shape[1]:
        raise ValueError(
            "np.linalg.qr of a matrix that is wider than high has no derivative in srcad: qr(a[:, :len(a)])"
        )


def qr_adjoint(a, out, out_bar, a_bar):
    """A = Q R, A no wider than high: A_bar = (Q_bar + Q copyltu(R R_bar' - Q_bar' Q)) R^-T."""
    q, r = out
    q_bar, r_bar = out_bar
    n = len(r)
    check_high(a, q)
    upper = np.zeros_like(r_bar)
    for i in range(n):
        for j in range(i, n):
            upper[i, j] = r_bar[i, j]
    inner = q_bar + q @ lower(r @ upper.T - q_bar.T @ q)
    a_bar += np.linalg.solve(r, inner.T).T


def qr_tangent(a, out, a_dot):
    """With C = Q' dA R^-1, dQ = (dA - Q dR) R^-1, dR = (C - X) R, X the skew matrix with C's lower triangle."""
    q, r = out
    n = len(r)
    check_high(a, q)
    moved = np.linalg.solve(r.T, a_dot.T).T
    c = q.T @ moved
    rest = np.zeros_like(c)
    for i in range(n):
        rest[i, i] = c[i, i]
        for j in range(i):
            rest[j, i] = c[j, i] + c[i, j]
    return moved - q @ rest, rest @ r


def check_unused(rest):
    """`rest` are the bars of the vectors without a singular value: any basis of their space would do as well."""
    for i in range(rest.shape[0]):
        for j in range(rest.shape[1]):
            if rest[i, j] != 0.0:
                raise ValueError("np.linalg.svd: the vectors that full_matrices=False leaves out have no derivative")


def svd_adjoint(a, full_matrices, out, out_bar, a_bar):
    """A = U S V' has, with P = U' dA V, dS = diag(P) and, off the diagonal, U' dU = F o (P S + S P') and V' dV =
    F o (S P + P' S), F_ij = 1 / (s_j^2 - s_i^2); what of dU and dV lies outside U and V is (1 - U U') dA V S^-1 and
    (1 - V V') dA' U S^-1.
    """
    all_u, s, all_vt = out
    all_u_bar, s_bar, all_vt_bar = out_bar
    k = len(s)
    check_unused(all_u_bar[:, k:])
    check_unused(all_vt_bar[k:])
    u, vt, u_bar, vt_bar = all_u[:, :k], all_vt[:k], all_u_bar[:, :k], all_vt_bar[:k]
    m, n = u.T @ u_bar, vt @ vt_bar.T
    inner = np.zeros_like(m)
    for i in range(k):
        inner[i, i] = s_bar[i]
        for j in range(k):
            if i != j:
                turn = (m[i, j] - m[j, i]) * s[j] + s[i] * (n[i, j] - n[j, i])
                inner[i, j] = quotient(turn, s[j] * s[j] - s[i] * s[i])
    a_bar += u @ inner @ vt
    if len(u) > k:
        a_bar += divided(u_bar - u @ m, s) @ vt
    if vt.shape[1] > k:
        a_bar += u @ divided(vt_bar.T - vt.T @ n, s).T


def svd_tangent(a, full_matrices, out, a_dot):
    all_u, s, all_vt = out
    k = len(s)
    u, vt = all_u[:, :k], all_vt[:k]
    across, down = a_dot @ vt.T, a_dot.T @ u
    p = u.T @ across
    s_dot, of_u, of_v = np.zeros_like(s), np.zeros_like(p), np.zeros_like(p)
    for i in range(k):
        s_dot[i] = p[i, i]
        for j in range(k):
            if i != j:
                one, two = p[i, j] * s[j] + s[i] * p[j, i], s[i] * p[i, j] + p[j, i] * s[j]
                of_u[i, j] = quotient(one, s[j] * s[j] - s[i] * s[i])
                of_v[i, j] = quotient(two, s[j] * s[j] - s[i] * s[i])
    u_dot, v_dot = u @ of_u, vt.T @ of_v
    if len(u) > k:
        u_dot += divided(across - u @ p, s)
    if vt.shape[1] > k:
        v_dot += divided(down - vt.T @ p.T, s)
    all_u_dot, all_vt_dot = np.full_like(all_u, np.nan), np.full_like(all_vt, np.nan)  # see check_unused
    all_u_dot[:, :k] = u_dot
    all_vt_dot[:k] = v_dot.T
    return all_u_dot, s_dot, all_vt_dot


def divided(m, s):
    """The columns of `m`, each divided by its element of `s`."""
    made = np.empty_like(m)
    for i in range(len(m)):
        for j in range(len(s)):
            made[i, j] = quotient(m[i, j], s[j])
    return made


# ---------------------------------------------------------------------------------------------- the table


@dataclass(frozen=True)
class Row:
    """A function with rules here: the parameters that a call may have, and the type that Numba has for its result.

    `returns` is asked with arrays of one float type, as many as there are parameters of one letter, and whatever else
    the parameters are. The rules of `f` are `f_adjoint` and `f_tangent`; with `many`, those of a matrix as last
    argument are `f_many_adjoint` and so on.
    """

    function: Any
    params: tuple[str, ...]
    returns: Callable[..., Any]
    many: bool = False


def _array(like: Any, dimensions: int, layout: str) -> types.Array:
    return types.Array(like.dtype, dimensions, layout)


TABLE = (
    Row(np.linalg.solve, ("a", "b"), lambda a, b: _array(b, b.ndim, "FC"[2 - b.ndim]), many=True),
    Row(np.linalg.inv, ("a",), lambda a: _array(a, 2, "F")),
    Row(np.linalg.pinv, ("a",), lambda a: _array(a, 2, "F")),
    Row(np.linalg.det, ("a",), lambda _: types.float64),
    Row(np.linalg.slogdet, ("a",), lambda _: types.UniTuple(types.float64, 2)),
    Row(np.linalg.cholesky, ("a",), lambda a: _array(a, 2, "C")),
    Row(np.linalg.eigh, ("a",), lambda a: types.Tuple((_array(a, 1, "C"), _array(a, 2, "F")))),
    Row(np.linalg.eigvalsh, ("a",), lambda a: _array(a, 1, "C")),
    Row(np.linalg.qr, ("a",), lambda a: types.Tuple((_array(a, 2, "A"), _array(a, 2, "F")))),
    Row(
        np.linalg.svd, ("a", "full_matrices"),
        lambda a, _: types.Tuple((_array(a, 2, "F"), _array(a, 1, "C"), _array(a, 2, "F"))),
    ),
    Row(cofactors, ("a",), lambda a: _array(a, 2, "C")),
    Row(cofactors_along, ("a", "c"), lambda a, c: _array(a, 2, "C")),
)  # fmt: skip


def returned(row: Row, arguments: tuple[Any, ...]) -> Any:
    """The type of the result of `row` for arguments of these types; if Numba refuses these, what it would take."""
    arrays = [t for t in arguments if isinstance(t, types.Array)]
    numbers = [t for t in arguments[len(arrays) :] if isinstance(t, (types.Boolean, types.Integer))]
    fits = all(isinstance(t.dtype, types.Float) and t.dtype == arrays[0].dtype for t in arrays)
    sizes = [t.ndim for t in arrays]
    wanted = [2] * len([p for p in row.params if p in "abc"])
    if fits and sizes in (wanted, *([[2, 1]] if row.many else [])) and len(arrays) + len(numbers) == len(row.params):
        return row.returns(*arguments)
    what = "a matrix" if len(wanted) == 1 else "a matrix and a vector, or two matrices" if row.many else "matrices"
    return f"{what}, all of float64 or all of float32" if len(wanted) > 1 else f"{what} of float64 or float32"
