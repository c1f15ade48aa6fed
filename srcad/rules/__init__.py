"""The derivative rules: `registry` says what a rule is, the other modules are the tables, loaded by this import."""

from srcad.rules import guarded, scalar, steps, stopped
from srcad.rules.registry import FUNCTIONS, NAMES, RULES, Rule, canonical, has_poles, partials, routes, zero

__all__ = [
    "FUNCTIONS",
    "NAMES",
    "RULES",
    "Rule",
    "canonical",
    "guarded",
    "has_poles",
    "partials",
    "routes",
    "scalar",
    "steps",
    "stopped",
    "zero",
]
