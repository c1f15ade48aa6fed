"""No variable of a user's takes the name of what generated code calls."""

from srcad.generated import base_names
from srcad.names import RESERVED, Names


def test_functions_of_generated_code_are_reserved() -> None:
    assert base_names().keys() - {"neg", "pos"} <= RESERVED  # these two are printed as operators


def test_a_taken_name_gets_a_number() -> None:
    names = Names({"x", "x_1"})
    assert names.fresh("x") == "x_2"
    assert names.fresh("sum") == "sum_1"
    assert names.fresh("digamma") == "digamma_1"
    assert [names.numbered("a"), names.numbered("a")] == ["a1", "a2"]
