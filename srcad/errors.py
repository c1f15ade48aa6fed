"""Where a message is laid out: every error that srcad raises about the user's code is made here.

    raise unsupported(at, "a 'with' block has no derivative", "move the 'with' out of the function passed to grad")

prints, drawn by Python itself because `SrcadError` is a `SyntaxError`:

      File "model.py", line 16
        with open("log") as log:
        ^^^^^^^^^^^^^^^^^^^^^^^^^
    srcad.errors.SrcadError: a 'with' block has no derivative
    write instead: move the 'with' out of the function passed to grad
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Location:
    """A stretch of the user's source: `line` and `column` count from 1, as Python's own messages do."""

    file: str
    line: int
    column: int
    end_line: int
    end_column: int
    text: str  # the source line that `line` names, without its newline

    def __repr__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}"


NOWHERE = Location("<srcad>", 0, 0, 0, 0, "")


class SrcadError(SyntaxError):
    """A function that srcad can't differentiate, with the place in the user's source and what to write instead.

    `location` is the place, `reason` says what is wrong there, `instead` what to write.
    """

    def __init__(self, reason: str, location: Location = NOWHERE, instead: str = "") -> None:
        self.reason, self.location, self.instead = reason, location, instead
        message = f"{reason}\nwrite instead: {instead}" if instead else reason
        if location.line:
            at = (location.file, location.line, location.column, location.text, location.end_line, location.end_column)
            super().__init__(message, at)
        else:
            super().__init__(message)

    def __reduce__(self) -> tuple[type, tuple[str, Location, str]]:
        return type(self), (self.reason, self.location, self.instead)

    def __str__(self) -> str:
        return str(self.msg)


def unsupported(at: Location, reason: str, instead: str = "") -> SrcadError:
    """The error for a construct at `at` that has no derivative or can't be read."""
    return SrcadError(reason, at, instead)


def no_rule(at: Location, name: str, arguments: tuple[str, ...], why: str = "") -> SrcadError:
    """The error for a call to a function that has no derivative rule nor, as `why` may say, source that can be read."""
    partials = ", ".join(f'{a}="..."' for a in arguments)
    instead = (
        f"an ordinary Python function, whose source srcad can read, or declare its derivative once:\n"
        f"    srcad.partials({name}, {partials})\n"
        f"    # each text is a partial derivative, in terms of {', '.join(arguments)} and of the result `out`\n"
        f"    # of a function of arrays: srcad.adjoint({name}), srcad.tangent({name})"
    )
    return SrcadError(f"no derivative rule is known for {name}{why}", at, instead)
