"""One way in, one way out: what `structure` promises, of every program. How it looks: tests/goldens/front_end.txt."""

from __future__ import annotations

from srcad.ir import Exit, For, If, Raise, While, walk
from srcad.parse import parse

from .corpus import types_of
from .test_ssa import functions

pytest_generate_tests = functions


def test_only_breaks_at_the_end_of_their_path_are_left(f, args):
    program = parse(f, types_of(f, args))
    for function in (program.main, *program.functions.values()):
        assert not any(isinstance(s, (For, While)) and s.orelse for s in walk(function.body))
        check(function.body, False)


def check(body, in_loop):
    for k, s in enumerate(body):
        last = k == len(body) - 1
        if isinstance(s, Exit):
            assert s.kind == "break" and in_loop and last
        elif isinstance(s, Raise):
            assert last
        elif isinstance(s, If):
            check(s.body, in_loop)
            check(s.orelse, in_loop)
            if leaves(s.body) or leaves(s.orelse):  # then what follows asks a flag that each exit clears
                assert last or (isinstance(body[k + 1], If) and str(body[k + 1].test.name).startswith("go"))
        elif isinstance(s, (For, While)):
            check(s.body, True)


def leaves(body):
    return any(
        isinstance(s, Exit) or (isinstance(s, If) and (leaves(s.body) or leaves(s.orelse))) for s in body
    )  # fmt: skip
