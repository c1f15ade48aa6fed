"""A recurrent network with diagonal weights that predicts the next character's bits: its loss, and the gradient.

Layer i has its weights in row 2 i of `main` and its biases in row 2 i + 1, each row four blocks: forget, in, out and
change gate. `state` has its hidden values in row 2 i and its cells in row 2 i + 1.
"""

from __future__ import annotations

import math

import numpy as np

from benchmarks.gradbench import readers
from benchmarks.gradbench.evals import OPTIONS
from benchmarks.gradbench.protocol import Eval, Function
from srcad import grad


def sigmoid(x):
    return 1.0 / (1.0 + math.exp(-x))


def layer(weight, bias, hidden, cell, below):
    b = len(hidden)
    for j in range(b):
        forget = sigmoid(below[j] * weight[j] + bias[j])
        into = sigmoid(hidden[j] * weight[b + j] + bias[b + j])
        out = sigmoid(below[j] * weight[2 * b + j] + bias[2 * b + j])
        change = math.tanh(hidden[j] * weight[3 * b + j] + bias[3 * b + j])
        cell[j] = cell[j] * forget + into * change
        hidden[j] = out * math.tanh(cell[j])


def predict(main, extra, state, x, out):
    b = len(x)
    layers = main.shape[0] // 2
    for j in range(b):
        out[j] = x[j] * extra[0, j]
    layer(main[0], main[1], state[0], state[1], out)
    for i in range(1, layers):
        layer(main[2 * i], main[2 * i + 1], state[2 * i], state[2 * i + 1], state[2 * i - 2])
    for j in range(b):
        out[j] = state[2 * layers - 2, j] * extra[1, j] + extra[2, j]


def log_two_plus_sum_exp(v):
    total = 2.0
    for j in range(len(v)):
        total += math.exp(v[j])
    return math.log(total)


def objective(main, extra, state, sequence):
    steps, b = sequence.shape
    state = state.copy()
    predicted = np.empty(b)
    total = 0.0
    for t in range(steps - 1):
        predict(main, extra, state, sequence[t], predicted)
        normaliser = log_two_plus_sum_exp(predicted)
        for j in range(b):
            total += sequence[t + 1, j] * (predicted[j] - normaliser)
    return -total / (b * (steps - 1))


gradient = grad(objective, wrt=("main", "extra"), **OPTIONS)

EVAL = Eval(
    objective=Function(readers.lstm, gradient.primal),
    jacobian=Function(readers.lstm, gradient, readers.lstm_jacobian),
)
