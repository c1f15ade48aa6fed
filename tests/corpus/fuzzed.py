"""Programs on which the fuzzer once found a fault, shrunk.

`python -m tests.fuzz` prints such a program, ready to be pasted here, when it fails.
"""

import numpy as np

from . import Case, into

CASES: list[Case] = []
case = into(CASES)


@case(np.array([-0.3, 0.4, 0.2, 0.7, -0.6]), np.array([-0.2, 1.1, 0.5, -0.7, 0.3]), 4)
def one_intermediate_kept_at_two_places(x, y, n):
    s = 0.0
    z = np.ones(5)
    for i in range(len(x)):
        for j in range(n):
            for k in range(-2, 3):
                s -= max(z[-i % 5] if y[(k + j) % 5] > 0.1 else y[(k + j) % 5] * 0.5, y[j % 5 - 1])
    for i in range(3, 1):
        z[i] = x[i]
    return s * x[1]
