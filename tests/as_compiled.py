"""The text that is compiled beside the text that is read, wherever a test runs the latter.

Where several iterations go at a time (`srcad/machine/jam.py`) the compiler gets another text, with vectors where that
can be. Every test that runs what is printed in plain Python runs that one as well, and holds the two against each
other; loops are taken for long from one full round on, and vectors for worth it.
"""

from __future__ import annotations

import copy
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np
import pytest

from srcad.generated import Generated
from srcad.machine import jam, lanes

from .in_lanes import in_lanes

compared = 0  # runs of a text that is not the one that is printed


@contextmanager
def both_texts() -> Iterator[None]:
    """Both, for as long as the block lasts."""
    interpreted = Generated.interpreted

    def run(self: Generated, compiled: bool = False) -> Any:
        printed = interpreted(self, compiled)
        if compiled or not any(g.code for g in self.functions):
            return printed
        told = [interpreted(self, True)]
        told += [in_lanes(self)[0]] if any(g.lanes for g in self.functions) else []

        def called(*arguments: Any) -> Any:
            global compared
            given = [copy.deepcopy(arguments) for _ in told]
            wanted = printed(*arguments)
            for f, own in zip(told, given, strict=True):
                compared += 1
                agree(f(*own), wanted)
                agree(own, arguments)  # what they leave in their arguments
            return wanted

        return called

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(jam, "LEAST", jam.TOGETHER)
        patch.setattr(lanes, "pays", lambda *_: True)
        patch.setattr(Generated, "interpreted", run)
        yield


def agree(found: Any, wanted: Any) -> None:
    """Are these the same, but for the order of sums that have none?"""
    if isinstance(wanted, (tuple, list)):
        assert len(found) == len(wanted)
        for f, w in zip(found, wanted, strict=True):
            agree(f, w)
    elif isinstance(wanted, (float, np.floating, np.ndarray)) and np.asarray(wanted).dtype.kind == "f":
        w = np.asarray(wanted)
        largest = np.max(np.abs(w), initial=0.0, where=np.isfinite(w))
        close = 1e-10 if w.dtype == np.float64 else 1e-3
        np.testing.assert_allclose(found, w, rtol=close, atol=close * float(largest))
