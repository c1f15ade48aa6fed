"""Refusals that wait for types: a `raise NotImplementedError(reason, instead, "srcad")` of `parse/library.py`.

    if a.ndim != 1: raise NotImplementedError("np.diff of a matrix can't be read", "m[:, 1:] - m[:, :-1]", "srcad")
        of a vector       ->      nothing
        of a matrix       ->      the error, at the user's call

Needs: types of all names. Guarantees: none of these is left. A call that can't be read is refused in every branch, but
for those that numbers of dimensions rule out (`ranks.py`), which are left out.
"""

from __future__ import annotations

from srcad.analysis.kinds import kind
from srcad.errors import unsupported
from srcad.ir import Function, Raise, walk
from srcad.parse.library import refused
from srcad.ranks import ranked


def readable(f: Function) -> Function:
    """`f` without such checks, which types decide.

    Raises:
        SrcadError: a call of a function that is not read for arguments of these types.
    """
    f = ranked(f, lambda e: kind(e, f.types))
    for s in walk(f.body):
        if isinstance(s, Raise) and (why := refused(s)) is not None:
            raise unsupported(s.at, *why)
    return f
