"""What is known of the arrays that functions which stay calls are given: a line for each function."""

from __future__ import annotations

import re
from typing import Any

import numpy as np
import pytest
from numba import typeof

from srcad import grad
from srcad.ir import Invoke, walk
from srcad.pipeline import scalar
from srcad.work import begun

from .corpus import given

V = np.ones(4)
A = np.ones((3, 3))


def known(f: Any, *arguments: Any) -> dict[str, str]:
    """Of each function that stays a call: what it writes to; what is written to later; what may be one memory."""
    main, work = begun(f, tuple(typeof(a) for a in arguments))
    main = scalar(main, work)
    found: dict[str, str] = {}
    for g in work.staying:
        calls = [s for h in (main, *work.staying) for s in walk(h.body) if isinstance(s, Invoke)]
        writes = {s.writes for s in calls if s.function == g.name}
        assert len(writes) == 1
        written = writes.pop()
        shown = "?" if written is None else " ".join(g.params[k] for k in written)
        changing = "?" if g.changing is None else " ".join(sorted(g.changing))
        together = "?" if g.together is None else " ".join("=".join(group) for group in g.together)
        text = f"writes({shown}) changing({changing}) together({together})"
        found[g.name] = re.sub(r"_\d+\b", "", text)  # as the user named them
    return found


@pytest.mark.parametrize(
    ("f", "argument", "expected"),
    [
        (given.only_read, A, "writes(used) changing(used) together()"),
        (given.written_before_the_call, V, "writes() changing() together()"),
        (given.written_after_the_call, V, "writes() changing(w) together()"),
        (given.written_between_calls, V, "writes() changing(w) together()"),
        (given.argument_written_after_the_call, V, "writes() changing(v w) together(v=w)"),
        (given.apart, V, "writes(y) changing() together()"),
        (given.one_memory_twice, V, "writes(y) changing() together(x=y)"),
        (given.overlapping_views, V, "writes(y) changing() together(x=y)"),
        (given.exchanged_in_the_recursion, V, "writes(x y) changing() together()"),
        (given.one_memory_deeper, V, "writes(y) changing() together(x=y)"),
        (given.written_deep, V, "writes(x) changing() together()"),
        (given.written_through_a_view, V, "writes(x) changing() together()"),
        (given.one_array_for_all_iterations, V, "writes() changing(x) together()"),
        (given.an_array_of_each_iteration, V, "writes() changing(x) together()"),
        (given.read_by_some_and_written_by_others, V, "writes(w) changing(w x) together()"),
    ],
    ids=lambda a: getattr(a, "__name__", ""),
)
def test_one_function(f: Any, argument: Any, expected: str) -> None:
    (found,) = known(f, argument).values()
    assert found == expected


def test_two_functions_of_which_one_writes() -> None:
    assert known(given.each_calls_both_and_one_writes, V) == {
        "_leaf": "writes(y) changing(y) together()",
        "_stem": "writes(y) changing(y) together()",
    }


def test_who_calls_one_that_does_not_write() -> None:
    assert known(given.written_by_the_caller_in_the_recursion, V) == {
        "_makes_and_calls": "writes() changing(x) together()",
        "_reads_first": "writes() changing(x) together()",
    }


def test_arms_of_one_branch_exclude_each_other() -> None:
    (found,) = known(given.written_on_the_other_arm, V, True).values()
    assert found == "writes() changing() together()"
    (found,) = known(given.written_behind_a_branch, V, True).values()
    assert found == "writes() changing(w) together()"


def test_what_is_only_read_is_neither_copied_nor_kept() -> None:
    text = grad(given.only_read).inspect(A)
    assert ".copy()" not in text
    assert text.count("tape_float64.append") == 2  # the call's value and what it is multiplied by
