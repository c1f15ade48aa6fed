"""Clustering: the sum over the points of the squared distance to the nearest centroid, and Newton's direction."""

from __future__ import annotations

import math

import numpy as np
from numba import njit

from benchmarks.gradbench import readers
from benchmarks.gradbench.evals import OPTIONS
from benchmarks.gradbench.protocol import Eval, Function
from srcad import grad, jvp


def squared_distance(a, b):
    total = 0.0
    for j in range(len(a)):
        total += (a[j] - b[j]) * (a[j] - b[j])
    return total


def cost(points, centroids):
    total = 0.0
    for i in range(points.shape[0]):
        closest = math.inf
        for c in range(centroids.shape[0]):
            closest = min(closest, squared_distance(points[i], centroids[c]))
        total += closest
    return total


gradient = grad(cost, wrt="centroids", **OPTIONS)
moved = jvp(gradient, wrt="centroids", **OPTIONS)


@njit
def direction(points, centroids):
    """The gradient over the Hessian's diagonal, which is all of the Hessian: its product with ones."""
    slope, curvature = moved((points, centroids), np.ones_like(centroids))
    return slope / curvature


EVAL = Eval(
    cost=Function(readers.kmeans, gradient.primal),
    dir=Function(readers.kmeans, direction),
)
