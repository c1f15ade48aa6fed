"""The arguments of the fuzzer's programs: numbers drawn at random, and in some programs zeros, ones and equal ones."""

from __future__ import annotations

import random

__all__ = ["Numbers"]

SPECIAL = 0.2  # of the programs; those that meet a kink are not judged, so of the judged ones fewer
CORNERS = (0.0, 0.0, -0.0, 1.0, 1.0, -1.0, 0.5)


class Numbers:
    """The numbers of one program."""

    def __init__(self, rng: random.Random) -> None:
        self.rng = rng
        self.special = rng.random() < SPECIAL
        self.drawn: list[float] = []

    def draw(self) -> float:
        """A number with enough digits to stay off kinks; in a special program a corner or an earlier number too."""
        x = round(self.rng.uniform(-1.3, 1.3), 6) or 0.7
        if self.special and self.rng.random() < 0.5:
            x = self.rng.choice([*CORNERS, *self.drawn[-3:]])
        self.drawn.append(x)
        return x
