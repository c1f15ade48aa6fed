"""Gaussian mixture fitting: the log posterior of k Gaussians with a Wishart prior, and its gradient.

The precision matrix of component c is Q'Q, with Q lower triangular: exp(q[c]) on the diagonal and below[c] under it,
column by column.
"""

from __future__ import annotations

import math

import numpy as np

from benchmarks.gradbench import readers
from benchmarks.gradbench.evals import OPTIONS
from benchmarks.gradbench.protocol import Eval, Function
from srcad import grad


def log_sum_exp(v):
    top = v[0]
    for i in range(1, len(v)):
        top = max(top, v[i])
    total = 0.0
    for i in range(len(v)):
        total += math.exp(v[i] - top)
    return math.log(total) + top


def squared_norm(v):
    total = 0.0
    for i in range(len(v)):
        total += v[i] * v[i]
    return total


def triangular_product(diagonal, below, x, out):
    d = len(x)
    for i in range(d):
        out[i] = diagonal[i] * x[i]
    at = 0
    for i in range(d):
        for j in range(i + 1, d):
            out[j] += below[at] * x[i]
            at += 1


def log_multigamma(a, p):
    out = 0.25 * p * (p - 1) * math.log(math.pi)
    for j in range(p):
        out += math.lgamma(a - 0.5 * j)
    return out


def log_wishart_prior(sum_q, diagonal, below, m, gamma):
    k, d = diagonal.shape
    freedom = d + m + 1
    constant = freedom * d * (math.log(gamma) - 0.5 * math.log(2.0)) - log_multigamma(0.5 * freedom, d)
    out = k * constant
    for c in range(k):
        frobenius = squared_norm(diagonal[c]) + squared_norm(below[c])
        out += m * sum_q[c] - 0.5 * gamma * gamma * frobenius
    return out


def objective(alpha, mu, q, below, x, m, gamma):
    k, d = mu.shape
    n = x.shape[0]
    diagonal = np.empty((k, d))
    sum_q = np.zeros(k)
    for c in range(k):
        for j in range(d):
            diagonal[c, j] = math.exp(q[c, j])
            sum_q[c] += q[c, j]

    centred = np.empty(d)
    mapped = np.empty(d)
    main = np.empty(k)
    total = 0.0
    for i in range(n):
        for c in range(k):
            for j in range(d):
                centred[j] = x[i, j] - mu[c, j]
            triangular_product(diagonal[c], below[c], centred, mapped)
            main[c] = alpha[c] + sum_q[c] - 0.5 * squared_norm(mapped)
        total += log_sum_exp(main)

    likelihood = total - n * (0.5 * d * math.log(2.0 * math.pi) + log_sum_exp(alpha))
    return likelihood + log_wishart_prior(sum_q, diagonal, below, m, gamma)


gradient = grad(objective, wrt=("alpha", "mu", "q", "below"), **OPTIONS)

EVAL = Eval(
    objective=Function(readers.gmm, gradient.primal),
    jacobian=Function(readers.gmm, gradient, readers.gmm_jacobian),
)
