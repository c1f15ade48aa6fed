"""Programs on which the fuzzer once found a fault, shrunk.

`python -m tests.fuzz` prints such a program, ready to be pasted here, when it fails.
"""

from . import Case

CASES: list[Case] = []
