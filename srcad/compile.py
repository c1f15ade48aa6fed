"""From generated text to compiled code: a Numba dispatcher that writes what it compiles.

    Compiled(f, {})(2.0, 3.0)      asks its `_generate((float64, float64))` for the text, and compiles that

A `Compiled` is Numba's own dispatcher with one method replaced: where Numba asks for the Python function to compile
for a signature, it gets one made for these types. So a call costs one dispatch, it works inside other compiled
code, and new types make new code.
"""

from __future__ import annotations

import contextlib
import functools
import gc
import inspect
import linecache
import os
import sys
import types as python_types
import warnings
import zlib
from collections.abc import Callable, Iterator, Mapping
from typing import Any, TypeVar, cast

import numpy as np
from numba.core import errors, types
from numba.core.compiler import Compiler as NumbaCompiler
from numba.core.compiler_lock import global_compiler_lock
from numba.core.cpu_options import FastMathOptions
from numba.core.dispatcher import OmittedArg, _FunctionCompiler
from numba.core.registry import CPUDispatcher
from numba.core.typed_passes import NativeLowering
from numba.core.untyped_passes import InlineClosureLikes, ReconstructSSA

from srcad import cache, checks, ieee
from srcad.advice import without_advice
from srcad.checks import MISSING, Types
from srcad.errors import Location, SrcadError
from srcad.generated import Generated, origin
from srcad.lifetimes import quick_lifetimes
from srcad.unpruned import unpruned

Plain = python_types.FunctionType
BARE = {"_nrt": False, "no_cpython_wrapper": True, "no_cfunc_wrapper": True}  # of helpers that allocate nothing
COUNTED = {"_nrt": True}  # of the others, which would take over what their callers have
Method = TypeVar("Method", bound=Callable[..., Any])


def _plainly(method: Method) -> Method:
    """`method`, with its errors raised without what happened inside on the way, unless SRCAD_DEBUG is set."""

    @functools.wraps(method)
    def called(self: Any, *arguments: Any, **keywords: Any) -> Any:
        try:
            return method(self, *arguments, **keywords)
        except Exception as error:
            failure = error
        if os.environ.get("SRCAD_DEBUG"):
            raise failure
        failure.__context__ = failure.__cause__ = None
        raise failure.with_traceback(None)

    return cast(Method, called)


@contextlib.contextmanager
def _uncollected() -> Iterator[None]:
    """No garbage collection for as long as the block lasts.

    A transformation makes many small objects, and none in circles; each collection that they set off would go through
    all that Numba holds: of 400 lines, a fifth of the time.
    """
    before = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if before:
            gc.enable()


class Compiled(CPUDispatcher):  # type: ignore[misc]
    """A function whose compiled code is generated for each signature: the base of all that users hold.

    `function` is the Python function, or another `Compiled`, that it is a derivative of; `asked` is what the code
    depends on besides that and `options`; a subclass gives `_generate`.
    """

    def __init__(self, function: Plain | Compiled, options: Mapping[str, Any], **asked: Any) -> None:
        self.function, self.options, self.asked = function, dict(options), asked
        for_numba = {"nopython": True, "nogil": True, "error_model": "numpy", **options}
        keep, libm = for_numba.pop("cache", True), for_numba.pop("libm", False)
        called = self._called()
        super().__init__(_open(called), targetoptions=for_numba)
        self._compiler = _Compiler(self._write, called, self.targetdescr, for_numba, {}, _Passes)
        self._compiler.libm = libm
        self.py_func = function
        self.__defaults__ = called.__defaults__
        functools.update_wrapper(self, function, updated=())
        if keep:
            self._cache = cache.DiskCache(function.__name__.strip("<>")[:40], self._state)

    def _called(self) -> Plain:
        """A function with the parameters that this one is called with."""
        f = self.function
        return f._called() if isinstance(f, Compiled) else f

    @property
    def captured(self) -> dict[str, str]:
        """The parameters that stand for variables of the function around, which are not differentiated."""
        return getattr(self.function, "captured", {})

    def _title(self) -> str:
        """What is called, as errors name it."""
        return f"{self.function.__name__}()"

    def at(self, arguments: Types) -> Plain:
        """The Python function that is called for arguments of these types."""
        made: Plain = self._write(arguments).readable()
        return made

    def _generate(self, arguments: Types) -> Generated:
        """The text for arguments of these types."""
        raise NotImplementedError

    def _accept(self, arguments: Types) -> None:
        """Refuse, with a TypeError, arguments of types that the code can't take."""
        self._types(arguments)

    def _write(self, arguments: Types) -> Generated:
        """`_generate`, with the arguments checked before and every failure in the user's terms."""
        self._accept(arguments)
        try:
            with global_compiler_lock, _uncollected():  # Numba's typing is not made for two threads
                return self._generate(arguments)
        except (RecursionError, MemoryError):
            raise
        except SrcadError as error:
            raise SrcadError(error.reason, origin(error.location), error.instead) from error
        except checks.Misfit as wrong:
            raise TypeError(str(wrong)) from None
        except Exception as error:
            raise _defect(self.function, error) from error

    def _state(self) -> str:
        """The key of all that the code depends on, besides the types."""
        options = [(k, sorted(v) if isinstance(v, (set, frozenset)) else v) for k, v in sorted(self.options.items())]
        asked = sorted(self.asked.items())
        return cache.state(self.function, type(self).__name__, asked, options, every_line=_raises(self.options))

    # ------------------------------------------------------------------ what it shows

    @property
    @_plainly
    def source(self) -> str:
        """The text for the types last compiled; before any, for those of the defaults, and float64 for the others."""
        if self.overloads:
            arguments = next(reversed(self.overloads))
            made = self._compiler.made.get(arguments)
            return (made or self._write(arguments)).standalone()
        return self.inspect(*self._examples())

    def _examples(self) -> tuple[Any, ...]:
        """Arguments to show the text for: the defaults, and float64 for the others."""
        given = inspect.signature(self.function).parameters.values()
        return tuple(np.float64() if p.default is p.empty else p.default for p in given)

    @_plainly
    def inspect(self, *arguments: Any, **keywords: Any) -> str:
        """The text for these arguments, or for arguments of these Numba types."""
        return self._write(self._types(self._bound(arguments, keywords))).standalone()

    def interpreted(self, *arguments: Any, **keywords: Any) -> Any:
        """What a call returns, computed by the generated text as plain Python: slow, and open to any debugger."""
        made, given = self._prepared(arguments, keywords)
        with np.errstate(all="ignore"):
            return ieee.as_python(made(*map(ieee.as_numpy, given)))

    @_plainly
    def _prepared(self, arguments: tuple[Any, ...], keywords: dict[str, Any]) -> tuple[Any, tuple[Any, ...]]:
        given = self._bound(arguments, keywords)
        return self._write(self._types(given)).interpreted(), given

    def _bound(self, arguments: tuple[Any, ...], keywords: dict[str, Any]) -> tuple[Any, ...]:
        """The arguments of a call, in the order of the parameters, with the defaults."""
        try:
            bound = self._compiler.pysig.bind(*arguments, **keywords)
        except TypeError as error:
            raise TypeError(f"{self._title()} {error}") from None
        bound.apply_defaults()
        return bound.args

    def _types(self, values: tuple[Any, ...]) -> Types:
        """The types of these arguments, which may be types already."""
        return checks.types_of(self.function.__name__, list(self._compiler.pysig.parameters), values)

    # ------------------------------------------------------------------ calls

    def typeof_pyval(self, value: Any) -> Any:
        """Called by Numba for a value whose type it does not know at a glance."""
        try:
            return super().typeof_pyval(value)
        except (TypeError, errors.NumbaError):
            return types.pyobject  # refused by `_check`, which knows its name

    @_plainly
    def _compile_for_args(self, *args: Any, **keywords: Any) -> Any:
        """Called by Numba for arguments of new types."""
        self._check(args)
        made = super()._compile_for_args(*args, **keywords)
        self._report_serial()
        return made

    def _check(self, args: tuple[Any, ...]) -> None:
        """Refuse, with a TypeError, what Numba could only name by its type."""
        values = tuple(a.value if isinstance(a, OmittedArg) else a for a in args)
        absent = [p for p, v in zip(self._compiler.pysig.parameters, values, strict=False) if v is MISSING]
        if absent:
            raise checks.missing(self._title(), self._compiler.py_func, absent)
        self._types(values)

    def _report_serial(self) -> None:
        """Say so where `parallel` was asked for in vain."""
        made = next(reversed(self.overloads.values()))
        found = (made.metadata or {}).get("parfor_diagnostics") if self.options.get("parallel") else None
        if found is not None and not found.count_parfors():
            text = f"parallel=True has no effect on {self!r}: its code has no loop that can run in parallel"
            warnings.warn(text, stacklevel=4)

    # ------------------------------------------------------------------ copies

    def __copy__(self) -> Compiled:
        return self

    def __deepcopy__(self, memo: Any) -> Compiled:
        return self

    def __reduce__(self) -> Any:
        """By name if it is a module's global, as functions are; else by value, with the text of its source."""
        if self.__module__ != "__main__" and _global(self) is self:
            return self.__qualname__
        return super().__reduce__()

    def _reduce_states(self) -> dict[str, Any]:
        files = {f: zlib.compress(text.encode()) for f, text in cache.files(self.function).items()}
        made = {"function": self.function, "options": self.options, "asked": self.asked}
        return {"uuid": self._uuid, "files": files, **made}

    @classmethod
    def _rebuild(cls, uuid: str, function: Any, options: Any, asked: Any, files: Mapping[str, bytes]) -> Any:
        if uuid in cls._memo:
            return cls._memo[uuid]
        _provide({file: zlib.decompress(text).decode() for file, text in files.items()}, function)
        made = cls(function, options, **asked)
        made._set_uuid(uuid)
        return made


class _Passes(NumbaCompiler):  # type: ignore[misc]
    """Numba's passes, unpruned, and with srcad's own SSA and translation to LLVM."""

    def define_pipelines(self) -> list[Any]:
        from srcad.machine.owned import Lowering
        from srcad.machine.versions import Versions

        ours = {NativeLowering: Lowering, ReconstructSSA: Versions}
        closures = any(isinstance(c, python_types.CodeType) for c in self.state.func_id.code.co_consts)
        needed = closures or self.state.flags.auto_parallel.enabled
        left_out = () if needed else (InlineClosureLikes,)  # a tenth of the time
        managers: list[Any] = super().define_pipelines()
        for manager in managers:
            steps = [(ours.get(step, step), *what) for step, *what in unpruned(manager.passes) if step not in left_out]
            manager.passes = steps
            manager.finalize()
        return managers


class _Compiler(_FunctionCompiler):  # type: ignore[misc]
    """Numba's function compiler, for a function that is written anew for each signature."""

    def __init__(self, write: Callable[[Types], Generated], *args: Any) -> None:
        super().__init__(*args)
        self.write = write
        self.made: dict[Types, Generated] = {}
        self.libm = False  # are exp, log, ... to be the C library's?
        self.pysig = _signature(self.py_func)

    def _get_implementation(self, args: Types, keywords: Any) -> Any:
        made = self.made[tuple(args)]
        # Giving the lock away and taking it back costs 50 ns: several times what straight-line code takes
        self.flags.release_gil = self.flags.release_gil and made.has_loops
        return made.define(self._helper, self._is_plain(), self._in_vectors(made))

    def _is_plain(self) -> bool:
        """Is the text to be compiled as it is printed?"""
        return _raises(self.targetoptions) or bool(self.targetoptions.get("parallel"))

    def _in_vectors(self, made: Generated) -> bool:
        """Are exp, log, ... to be srcad's own?"""
        if self.libm or not made.vectors or self._is_plain():
            return False
        if FastMathOptions(self.targetoptions.get("fastmath", False)).flags - {"contract"}:
            return False  # fast arithmetic would round off what these keep apart
        from srcad.machine.elementary import possible

        return possible()

    def _customize_flags(self, flags: Any) -> Any:
        self.flags = flags
        return flags

    def _helper(self, function: Any, bare: bool | None) -> Any:
        options = {k: v for k, v in self.targetoptions.items() if k != "parallel"}
        if bare is not None:
            options |= BARE if bare else COUNTED
        return CPUDispatcher(function, targetoptions=options, pipeline_class=_Passes)

    def _compile_core(self, args: Any, return_type: Any) -> Any:
        made = self.made[tuple(args)] = self.write(tuple(args))
        try:
            with without_advice(), quick_lifetimes(), _in_order(self._in_vectors(made)):
                return super()._compile_core(args, return_type)
        except (errors.NumbaError, ImportError) as error:
            raise _defect(self.py_func, error) from error


def _raises(options: Mapping[str, Any]) -> bool:
    """Do these ask for code that raises where an index or a divisor is wrong?"""
    return bool(options.get("boundscheck")) or options.get("error_model") == "python"


def _in_order(vectors: bool) -> contextlib.AbstractContextManager[None]:
    if not vectors:
        return contextlib.nullcontext()
    from srcad.machine.elementary import in_order

    return in_order()


# ---------------------------------------------------------------------------------------------- the user's function


def _signature(f: Plain) -> inspect.Signature:
    """The signature of `f` with every parameter positional: compiled code knows no keyword-only ones."""
    own = inspect.signature(f)
    kinds = (inspect.Parameter.VAR_POSITIONAL, inspect.Parameter.VAR_KEYWORD)
    if any(p.kind in kinds for p in own.parameters.values()):
        return own  # refused when it is read
    given = [p.replace(kind=inspect.Parameter.POSITIONAL_OR_KEYWORD) for p in own.parameters.values()]
    return inspect.Signature(given, __validate_parameters__=False)


def _open(f: Plain) -> Plain:
    """`f` as Numba's dispatcher is to see it: all parameters positional, and a default for each.

    The default MISSING brings calls that leave out arguments to where Python's own error can be raised.
    """
    code = f.__code__
    if code.co_flags & (inspect.CO_VARARGS | inspect.CO_VARKEYWORDS):
        return f
    count = code.co_argcount + code.co_kwonlyargcount
    given = inspect.signature(f).parameters.values()
    defaults = tuple(MISSING if p.default is p.empty else p.default for p in given)
    made = Plain(
        code.replace(co_argcount=count, co_posonlyargcount=0, co_kwonlyargcount=0),
        f.__globals__, f.__name__, defaults, f.__closure__,
    )  # fmt: skip
    made.__qualname__, made.__module__, made.__doc__ = f.__qualname__, f.__module__, f.__doc__
    return made


def _global(f: Any) -> Any:
    """What stands where `f` says that it does: `f` itself if it is a global of its module."""
    found: Any = sys.modules.get(f.__module__)
    for part in f.__qualname__.split("."):
        found = getattr(found, part, None)
    return found


def _defect(f: Any, error: Exception) -> Exception:
    while isinstance(f, Compiled):
        f = f.function
    if isinstance(error, ImportError):
        why = "calls BLAS or LAPACK, which Numba takes from SciPy, and SciPy is missing"
        return ImportError(f"{f.__name__} {why}: pip install 'srcad[scipy]'")
    what = f"{type(error).__name__}: {error}"
    if isinstance(error, errors.NumbaError):
        what = "Numba can't compile what srcad wrote"
    code = f.__code__
    line = linecache.getline(code.co_filename, code.co_firstlineno).rstrip("\n")
    at = Location(code.co_filename, code.co_firstlineno, 1, code.co_firstlineno, len(line) + 1, line)
    return SrcadError(
        f"srcad failed on {f.__name__}, which is a defect of srcad ({what})\n"
        "please report it, with the function; SRCAD_DEBUG=1 in the environment shows where it failed",
        at,
    )


def _provide(files: Mapping[str, str], function: Any) -> None:
    """Make the source of an unpickled `function` readable: its files may not exist here, or say something else."""
    while isinstance(function, Compiled):
        function = function.function
    for file, text in files.items():
        lines = linecache.getlines(file)
        if "".join(lines) == text:
            continue
        name = f"{file} (pickled {zlib.crc32(text.encode()):x})" if lines else file
        if lines:
            _rename(function, file, name, set())
        linecache.cache[name] = (len(text), None, text.splitlines(keepends=True), name)


def _rename(f: Any, old: str, new: str, seen: set[int]) -> None:
    """Let `f` and the functions that it calls say that they come from `new`, except for the globals of modules."""
    f = getattr(f, "py_func", f)
    if not isinstance(f, Plain) or id(f) in seen or getattr(_global(f), "py_func", _global(f)) is f:
        return
    seen.add(id(f))
    if f.__code__.co_filename == old:
        f.__code__ = f.__code__.replace(co_filename=new)
    cells = [c.cell_contents for c in f.__closure__ or () if c != python_types.CellType()]
    for value in (*cells, *(f.__globals__.get(n) for n in f.__code__.co_names)):
        _rename(value, old, new, seen)
