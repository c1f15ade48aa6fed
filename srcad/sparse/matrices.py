"""`sparse_jacobian` and `sparse_hessian`: what users hold and call.

SparseJacobian(f, {})(x)      ->      a scipy.sparse.csr_array, a row for each float of f(x), a column for each of x
"""

from __future__ import annotations

import inspect
from collections.abc import Mapping
from typing import Any, NamedTuple

import numpy as np

from srcad import checks
from srcad.compile import Compiled, Plain
from srcad.domains import arena, rows
from srcad.gradient import Gradient, Primal
from srcad.products import HVP, JVP, VJP
from srcad.sparse.colouring import Colouring, colour, colour_symmetric, read_off
from srcad.sparse.pattern import Pattern
from srcad.sparse.vectors import flatten, precision, shaped, size

ROOM = 32  # words for sets, an input, at first
MODES = (None, "forward", "reverse")
CLOSE = {np.dtype(np.float64): 1e-7, np.dtype(np.float32): 1e-3}  # of two ways to the same number, beside its terms


class _Known(NamedTuple):
    """A pattern (CSR, sorted) and its colouring."""

    pattern: Any
    colouring: Colouring


class _Sparse:
    """A matrix of derivatives in compressed sweeps. Called from Python with the function's arguments.

    `pattern(*args)` is the pattern alone, as found for these arguments. `sweeps` is how many sweeps the last call took.
    """

    shown = ""
    detector: Pattern

    def __init__(
        self,
        function: Plain | Compiled,
        options: Mapping[str, Any],
        wrt: tuple[str, ...] | None = None,
        pattern: Any = None,
        check: bool = True,
    ) -> None:
        _scipy(self.shown)
        self.function, self.wrt, self.check = function, wrt, check
        self.sweeps = 0
        self.given = None if pattern is None else as_pattern(self.shown, pattern)
        self._words = 0  # that the sets of a pattern take, if more than at first thought
        self._known: _Known | None = None  # of the last call
        self.__name__, self.__qualname__ = function.__name__, function.__qualname__
        self.__doc__, self.__wrapped__ = function.__doc__, function

    def __repr__(self) -> str:
        wrt = f", wrt={self.wrt}" if self.wrt is not None else ""
        return f"{self.shown}({self.function.__qualname__}{wrt})"

    def __call__(self, *args: Any, **keywords: Any) -> Any:
        given = self._bound(args, keywords)
        found = self.pattern(*given) if self.given is None else self.given
        known = self._known
        if known is None or not _same(known.pattern, found):
            self._known = known = _Known(found, self._colour(found))
        return self._matrix(known, given, self._inputs(given))

    def pattern(self, *args: Any, **keywords: Any) -> Any:
        """The entries that may be other than zero along the path that these arguments take: a csr_array of bools."""
        given = self._bound(args, keywords)
        inputs = self._inputs(given)
        count = size(inputs)
        numbers = shaped(inputs, np.arange(1, count + 1))
        while True:
            sets = arena(self._words or ROOM * (count + 1024))
            domains = self.detector(given, (*numbers, sets))
            if sets[0]:
                break
            self._words = 8 * sets.size
        starts, members = rows(sets, _domains(domains), count)
        found = _csr(np.ones(members.size, bool), members, starts, (starts.size - 1, count))
        found.sort_indices()
        return found

    def _bound(self, args: tuple[Any, ...], keywords: Mapping[str, Any]) -> tuple[Any, ...]:
        try:
            bound = inspect.signature(self.function).bind(*args, **keywords)
        except TypeError as error:
            raise TypeError(f"{self.function.__name__}() {error}") from None
        bound.apply_defaults()
        return bound.args

    def _inputs(self, args: tuple[Any, ...]) -> tuple[Any, ...]:
        """The arguments that are differentiated."""
        name, parameters = self.function.__name__, list(inspect.signature(self.function).parameters)
        found = checks.types_of(name, parameters, args)
        checks.check_active(name, parameters, found, self.wrt)
        pairs = zip(parameters, args, found, strict=True)
        return tuple(a for p, a, t in pairs if (p in self.wrt if self.wrt is not None else checks.carries(t)))

    def _colour(self, pattern: Any) -> Colouring:
        raise NotImplementedError

    def _matrix(self, known: _Known, args: tuple[Any, ...], inputs: tuple[Any, ...]) -> Any:
        raise NotImplementedError

    def _expect(self, pattern: Any, m: int, n: int) -> None:
        """Is the pattern that was given of this shape?"""
        if pattern.shape != (m, n):
            shape = " x ".join(map(str, pattern.shape))
            raise ValueError(
                f"{self!r}: pattern= is {shape}, and the matrix is {m} x {n}: "
                "a row for each float of the result, a column for each float of the arguments differentiated"
            )

    def _read_off(self, known: _Known, found: Any) -> Any:
        """The matrix, from what the sweeps gave. Its indices are its own: SciPy can change them in place."""
        pattern, colouring = known
        entries = np.empty(pattern.nnz, found.dtype)
        read_off(colouring.places, found, entries)
        self.sweeps = colouring.forward + colouring.reverse
        return _csr(entries, pattern.indices.copy(), pattern.indptr.copy(), pattern.shape)

    def _verify(self, found: Any, terms: Any, wanted: Any, line: str) -> None:
        """Are the products `found`, of the matrix and a direction, those `wanted`, beside the size of their terms?"""
        finite = np.isfinite(found) & np.isfinite(terms)
        wrong = finite & ~(np.abs(found - wanted) <= CLOSE[wanted.dtype] * (terms + np.abs(wanted)))
        if wrong.any():
            k = int(np.argmax(wrong))
            raise ValueError(
                f"{self!r}: pattern= misses a non-zero of {line} {k}: its product with a random direction is "
                f"{wanted[k]:.6g}, by the entries in the pattern {found[k]:.6g}; leave pattern= out to have it found"
            )


class SparseJacobian(_Sparse):
    """The Jacobian of a function as a SciPy CSR matrix."""

    shown = "sparse_jacobian"

    def __init__(
        self,
        function: Plain | Compiled,
        options: Mapping[str, Any],
        wrt: tuple[str, ...] | None = None,
        pattern: Any = None,
        check: bool = True,
        mode: str | None = None,
    ) -> None:
        super().__init__(function, options, wrt, pattern, check)
        if mode not in MODES:
            raise ValueError(f'{self.shown} takes mode="forward", mode="reverse" or mode=None, not {mode!r}')
        self.mode = mode
        self.detector = Pattern(function, options, wrt)
        self.primal = Primal(function, options)
        self.jvp, self.vjp = JVP(function, options, wrt), VJP(function, options, wrt)

    def _colour(self, pattern: Any) -> Colouring:
        return colour(pattern, self.mode)

    def _matrix(self, known: _Known, args: tuple[Any, ...], inputs: tuple[Any, ...]) -> Any:
        pattern, colouring = known
        n = size(inputs)
        value = self.primal(*args)
        m = size(value)
        self._expect(pattern, m, n)
        kind = precision(value)
        found = np.empty(colouring.forward * m + colouring.reverse * n, kind)
        end = colouring.forward * m
        pushed, pulled = found[:end].reshape(-1, m), found[end:].reshape(-1, n)
        seed = np.empty(n)
        for c in range(colouring.forward):
            np.equal(colouring.columns, c, out=seed)
            flatten(self._push(args, inputs, seed), value, pushed[c])
        seed = np.empty(m)
        for c in range(colouring.reverse):
            np.equal(colouring.rows, c, out=seed)
            flatten(self._pull(args, inputs, value, seed), inputs, pulled[c])
        made = self._read_off(known, found)
        if self.given is not None and self.check:
            self._check(made, args, inputs, value, forward=colouring.reverse == 0)
        return made

    def _push(self, args: tuple[Any, ...], inputs: tuple[Any, ...], seed: Any) -> Any:
        return self.jvp(args, shaped(inputs, seed))[1]

    def _pull(self, args: tuple[Any, ...], inputs: tuple[Any, ...], value: Any, seed: Any) -> Any:
        found = self.vjp(args, shaped(value, seed))[1]
        return found if len(inputs) > 1 else (found,)

    def _check(self, made: Any, args: tuple[Any, ...], inputs: tuple[Any, ...], value: Any, forward: bool) -> None:
        """One more sweep, in a random direction."""
        direction = np.random.default_rng(0).uniform(0.5, 1.5, made.shape[1] if forward else made.shape[0])
        wanted = np.empty(made.shape[0] if forward else made.shape[1], made.dtype)
        if forward:
            flatten(self._push(args, inputs, direction), value, wanted)
        else:
            flatten(self._pull(args, inputs, value, direction), inputs, wanted)
        matrix = made if forward else made.T
        with np.errstate(all="ignore"):
            self._verify(matrix @ direction, abs(matrix) @ direction, wanted, "row" if forward else "column")


class SparseHessian(_Sparse):
    """The Hessian of a function that returns one float as a SciPy CSR matrix."""

    shown = "sparse_hessian"

    def __init__(
        self,
        function: Plain | Compiled,
        options: Mapping[str, Any],
        wrt: tuple[str, ...] | None = None,
        pattern: Any = None,
        check: bool = True,
    ) -> None:
        super().__init__(function, options, wrt, pattern, check)
        if self.given is not None:
            if self.given.shape[0] != self.given.shape[1]:
                shape = " x ".join(map(str, self.given.shape))
                raise ValueError(f"{self!r}: pattern= is {shape}, and a Hessian is square")
            self.given = _symmetric(self.given)
        self.hvp = HVP(function, options, wrt)
        self.detector = Pattern(Gradient(function, options, wrt), options, wrt)

    def pattern(self, *args: Any, **keywords: Any) -> Any:
        """The entries that may be other than zero along the path that these arguments take: a csr_array of bools."""
        return _symmetric(super().pattern(*args, **keywords))

    def _colour(self, pattern: Any) -> Colouring:
        return colour_symmetric(pattern)

    def _matrix(self, known: _Known, args: tuple[Any, ...], inputs: tuple[Any, ...]) -> Any:
        pattern, colouring = known
        n = size(inputs)
        self._expect(pattern, n, n)
        kind = precision(inputs)
        found, seed = np.empty((colouring.forward, n), kind), np.empty(n)
        for c in range(colouring.forward):
            np.equal(colouring.columns, c, out=seed)
            self._push(args, inputs, seed, found[c])
        made = self._read_off(known, found.ravel())
        if self.given is not None and self.check:
            direction, wanted = np.random.default_rng(0).uniform(0.5, 1.5, n), np.empty(n, kind)
            self._push(args, inputs, direction, wanted)
            with np.errstate(all="ignore"):
                self._verify(made @ direction, abs(made) @ direction, wanted, "row")
        return made

    def _push(self, args: tuple[Any, ...], inputs: tuple[Any, ...], seed: Any, out: Any) -> None:
        found = self.hvp(args, shaped(inputs, seed))
        flatten(found if len(inputs) > 1 else (found,), inputs, out)


# ---------------------------------------------------------------------------------------------- patterns


def _scipy(called: str) -> Any:
    try:
        import scipy.sparse
    except ImportError:
        why = f"{called} returns a SciPy matrix, and SciPy is missing: pip install 'srcad[scipy]'"
        raise ImportError(why) from None
    return scipy.sparse


def as_pattern(called: str, given: Any) -> Any:
    """The pattern `given` as a sorted CSR array of bools: what a sparse matrix stores, or the non-zeros of an array.

    Raises:
        TypeError: it is neither.
    """
    sparse = _scipy(called)
    if sparse.issparse(given):
        if given.ndim == 2:
            stored = sparse.coo_array(given)
            made = sparse.csr_array((np.ones(stored.nnz, bool), (stored.row, stored.col)), shape=stored.shape)
            made.sum_duplicates()
            return made
    elif isinstance(given, np.ndarray) and given.ndim == 2 and given.dtype.kind in "biuf":
        return sparse.csr_array(given != 0)
    wanted = "a SciPy sparse matrix or an array with 2 dimensions"
    raise TypeError(f"{called} takes as pattern= {wanted}, not {_shown(given)}")


def _shown(given: Any) -> str:
    dimensions = f" with {given.ndim} dimensions" if hasattr(given, "ndim") else ""
    return f"a {type(given).__name__}{dimensions}"


def _symmetric(pattern: Any) -> Any:
    """`pattern` and its mirror image."""
    made = (pattern + pattern.T).tocsr()
    made.sort_indices()
    return made


def _same(a: Any, b: Any) -> bool:
    if a is b:
        return True
    return a.shape == b.shape and np.array_equal(a.indptr, b.indptr) and np.array_equal(a.indices, b.indices)


def _csr(entries: Any, indices: Any, starts: Any, shape: tuple[int, int]) -> Any:
    return _scipy("").csr_array((entries, indices, starts), shape=shape)


def _domains(found: Any) -> Any:
    """All the domains in what a `Pattern` returns, as one vector."""

    def parts(value: Any) -> list[Any]:
        if isinstance(value, tuple):
            return [p for v in value for p in parts(v)]
        return [] if value is None else [np.ravel(value)]

    return np.concatenate([np.zeros(0, np.int64), *parts(found)]).astype(np.int64, copy=False)
