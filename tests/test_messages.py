"""Messages about the user's code, as whole text: file, line, caret, reason, and what to write instead."""

from __future__ import annotations

import math
import re
import traceback

import numpy as np
import pytest
from numba import types

from srcad.errors import SrcadError
from srcad.parse import parse
from srcad.passes.ssa import webs
from srcad.types import infer

from . import golden

FILE = "messages.txt"
TYPES = {"float": types.float64, "int": types.int64, "array": types.float64[::1], "matrix": types.float64[:, ::1],
         "fixed": types.Array(types.float64, 1, "C", readonly=True), "complex": types.complex128,
         "object": types.pyobject, "str": types.unicode_type}  # fmt: skip


def message(text: str, arguments: tuple, folder) -> str:
    made = golden.module(text, folder)
    with pytest.raises(SrcadError) as error:
        program = parse(made.f)
        infer(webs(program.main), arguments, {"math": math, "np": np, **program.globals})
    return "".join(traceback.format_exception_only(error.value)).replace(str(folder), "")


@pytest.mark.parametrize("name", golden.entries(FILE))
def test_message(name, tmp_path):
    """An entry's name is its arguments' types, after what it shows."""
    text = "import contextlib\nimport functools\nimport math\nimport numpy as np\n" + golden.entries(FILE)[name][0][1]
    found = message(text, tuple(TYPES[t] for t in name.partition(":")[2].split()), tmp_path)
    assert not re.search(r"[%$]\d|<srcad|Numba internals|typing|NoneType", found)
    golden.check(FILE, name, {"": found.rstrip("\n")})


def test_a_message_survives_pickling():
    import pickle

    try:
        parse(lambda x: {x: 1})
    except SrcadError as error:
        again = pickle.loads(pickle.dumps(error))
        assert traceback.format_exception_only(again) == traceback.format_exception_only(error)
        assert (again.reason, again.location, again.instead) == (error.reason, error.location, error.instead)
