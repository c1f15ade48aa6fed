"""Names that are assigned again while partial derivatives by their old values still count."""

import math

import numpy as np

from . import into

CASES = []
case = into(CASES)
V = np.array([0.6, -1.3, 2.0, 0.4, 0.9])


@case(V)
def twice(x):
    s = math.exp(x[0])
    s += x[1] * x[1]
    s += math.exp(x[0])
    return s * x[0]


@case(V, 2.0, wrt="x")
def a_factor(x, k):
    s = 0.0
    for i in range(len(x)):
        y = x[i] * k
        k = k * 1.5
        z = math.exp(x[0] * k)
        k = k + 0.1
        s += y * z * k
        k = math.sin(k)
    return s


@case(V)
def of_an_array(x):
    y = np.zeros(5)
    for i in range(5):
        s = math.exp(x[i])
        s += x[i] * x[i]
        s += math.exp(x[0])
        s = s * x[1]
        y[i] = s
    return (y * y).sum()
