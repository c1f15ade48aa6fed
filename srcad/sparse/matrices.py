"""`sparse_jacobian` and `sparse_hessian`: what users hold and call.

    SparseJacobian(f, {})(x)      ->      a scipy.sparse.csr_array, a row for each float of f(x), a column for each of x
"""

from __future__ import annotations

import inspect
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from srcad import checks
from srcad.compile import Compiled, Plain
from srcad.domains import arena, rows
from srcad.gradient import Gradient, Value
from srcad.jacobian import LANES
from srcad.products import VJP
from srcad.sparse.colouring import Colouring, colour, colour_symmetric
from srcad.sparse.entries import Entries, Memory, Share, shares
from srcad.sparse.sweeps import Columns, Pattern
from srcad.vectors import shaped, size, vector

ROOM, SPARE = 32, 1 << 17  # words for sets, an input, at first; and inputs more
MODES = (None, "forward", "reverse")
CLOSE = {np.dtype(np.float64): 1e-7, np.dtype(np.float32): 1e-3}  # of two ways to the same number, beside its terms


@dataclass
class _Known:
    """A pattern (CSR, sorted), its colouring, and what was made of them for the last sweep."""

    pattern: Any
    colouring: Colouring
    plan: _Plan | None = None


@dataclass(frozen=True)
class _Plan:
    """How a sweep gives the entries: the share of each batch of lanes, and the directions, if one batch does it."""

    sweep: Columns
    shares: list[Share]
    seeds: Any


class _Sparse:
    """A matrix of derivatives in compressed sweeps. Called from Python with the function's arguments.

    `pattern(*args)` is the pattern alone, as found for these arguments; `coloured(pattern)` says which columns, or
    rows, go together. `sweeps` is how many colours there were in the last call.
    """

    shown = ""

    def __init__(
        self,
        function: Plain | Compiled,
        options: Mapping[str, Any],
        wrt: tuple[str, ...] | None = None,
        pattern: Any = None,
        check: bool = True,
    ) -> None:
        _scipy(self.shown)
        self.function, self.options, self.wrt, self.check = function, dict(options), wrt, check
        self.swept = self._swept()
        self.sweeps = 0
        self.detector = Pattern(self.swept, options, wrt)
        self.given = None if pattern is None else self._taken(pattern)
        self._words = 0  # that the sets of a pattern take, if more than at first thought
        self._known: _Known | None = None  # of the last call
        self._columns: dict[int, Columns] = {}  # by their lanes
        self._memory = Memory()
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
            self._known = known = _Known(found, self.coloured(found))
        self.sweeps = known.colouring.forward + known.colouring.reverse
        inputs = self._inputs(given)
        if found.shape[1] != size(inputs):
            self._expect(found, self._height(given, inputs), size(inputs))
        return self._matrix(known, given, inputs)

    def pattern(self, *args: Any, **keywords: Any) -> Any:
        """The entries that may be other than zero along the path that these arguments take: a csr_array of bools."""
        given = self._bound(args, keywords)
        inputs = self._inputs(given)
        count = size(inputs)
        numbers = shaped(inputs, np.arange(1, count + 1))
        while True:
            sets = arena(max(self._words, int(ROOM * (count + SPARE))))
            domains = self.detector(given, (*numbers, sets))
            if sets[0]:
                break
            self._words = 8 * sets.size
        starts, members = rows(sets, _domains(domains), count)
        found = _csr(np.ones(members.size, bool), members, starts, (starts.size - 1, count))
        found.sort_indices()
        return found

    def coloured(self, pattern: Any) -> Colouring:
        """The sweeps for a pattern: which columns, or rows, go together."""
        raise NotImplementedError

    def _swept(self) -> Plain | Compiled:
        """The function of which this is the Jacobian."""
        return self.function

    def _taken(self, pattern: Any) -> Any:
        """The pattern that was given."""
        return as_pattern(self.shown, pattern)

    def _matrix(self, known: _Known, args: tuple[Any, ...], inputs: tuple[Any, ...]) -> Any:
        """The matrix, by forward sweeps."""
        direction = self._direction(known.pattern.shape[1])
        plan = self._plan(known, len(direction), size(inputs))
        entries = Entries(plan.shares, known.pattern.nnz, self._memory)
        checked = self._push(known, plan, args, inputs, direction, entries)
        made = self._made(known, entries)
        self._verify(made, direction, checked, "row")
        return made

    def _height(self, args: tuple[Any, ...], inputs: tuple[Any, ...]) -> int:
        """How many rows the matrix has."""
        raise NotImplementedError

    # ------------------------------------------------------------------ arguments

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
        chosen = checks.differentiated(self.function, dict(zip(parameters, found, strict=True)), self.wrt)
        return tuple(args[parameters.index(p)] for p in chosen)

    def _expect(self, pattern: Any, m: int, n: int) -> None:
        """Is the pattern that was given of this shape?"""
        if pattern.shape != (m, n):
            shape = " x ".join(map(str, pattern.shape))
            raise ValueError(
                f"{self!r}: pattern= is {shape}, and the matrix is {m} x {n}: "
                "a row for each float of the result, a column for each float of the arguments differentiated"
            )

    # ------------------------------------------------------------------ sweeps

    def _push(
        self, known: _Known, plan: _Plan, args: tuple[Any, ...], inputs: tuple[Any, ...], more: Any, entries: Entries
    ) -> list[Any]:
        """Read the entries off the forward sweeps, of which several go at once, in lanes; and what the sweeps in the
        directions `more` give."""
        lanes, colours = plan.sweep.lanes, known.colouring.forward
        checked: list[Any] = []
        for number, first in enumerate(range(0, colours + len(more), lanes)):
            seeds = self._seeds(known, first, lanes, size(inputs), more) if plan.seeds is None else plan.seeds
            tangents = tuple(shaped(inputs, seed) for seed in seeds)
            moved = plan.sweep(args, tangents if lanes > 1 else tangents[0])
            results = tuple(vector(one) for one in (moved if lanes > 1 else (moved,)))
            self._expect(known.pattern, len(results[0]), size(inputs))
            if first < colours:
                entries.read(number, results)
            checked.extend(results[max(colours - first, 0) : colours + len(more) - first])
        return checked

    def _plan(self, known: _Known, more: int, n: int) -> _Plan:
        """How the forward sweeps, and `more` sweeps in other directions, give the entries."""
        count = known.colouring.forward + more
        sweep, plan = self._sweep(count), known.plan
        if plan is None or plan.sweep is not sweep:
            whole = count <= sweep.lanes
            seeds = self._seeds(known, 0, sweep.lanes, n, self._direction(n)[:more]) if whole else None
            known.plan = plan = _Plan(sweep, shares(known.colouring, sweep.lanes), seeds)
        return plan

    def _seeds(self, known: _Known, first: int, lanes: int, n: int, more: Any) -> Any:
        """The directions from the number `first` on, one for each lane; those beyond the last are zero."""
        colours = known.colouring.forward
        seeds = np.zeros((lanes, n))
        for lane, k in enumerate(range(first, min(first + lanes, colours + len(more)))):
            if k < colours:
                np.equal(known.colouring.columns, k, out=seeds[lane])
            else:
                seeds[lane] = more[k - colours]
        return seeds

    def _sweep(self, count: int) -> Columns:
        """A sweep with lanes for `count` directions or an equal share of them; one made before where that can be."""
        wanted = -(-count // max(1, -(-count // LANES)))
        lanes = min((k for k in self._columns if k >= wanted), default=max(wanted, 1))
        if lanes not in self._columns:
            self._columns[lanes] = Columns(self.swept, self.options, self.wrt, lanes)
        return self._columns[lanes]

    def _made(self, known: _Known, entries: Entries) -> Any:
        """The matrix of these entries. Its indices are its own: SciPy can change them in place."""
        pattern, copied = known.pattern, self._memory.copied
        return _csr(entries.values, copied(pattern.indices), copied(pattern.indptr), pattern.shape)

    # ------------------------------------------------------------------ verifying

    def _direction(self, count: int) -> Any:
        """A random direction, if the pattern is to be verified: one that was given, or that fastmath may have bent.

        Otherwise the sweeps round as the search for the pattern did, and take the same branches.
        """
        if not self.check or (self.given is None and not self.options.get("fastmath")):
            return np.empty((0, count))
        return np.random.default_rng(0).uniform(0.5, 1.5, (1, count))

    def _verify(self, matrix: Any, direction: Any, wanted: Any, line: str) -> None:
        """Is `matrix` times the direction what the sweep in this direction gave?"""
        if not len(direction):
            return
        wanted = wanted[0]
        with np.errstate(all="ignore"):
            found, terms = matrix @ direction[0], abs(matrix) @ direction[0]
            near = np.abs(found - wanted) <= CLOSE[wanted.dtype] * (terms + np.abs(wanted))
        wrong = np.isfinite(terms) & ~near
        if wrong.any():
            k = int(np.argmax(wrong))
            raise ValueError(
                f"{self!r}: {'pattern=' if self.given is not None else 'the pattern found'} misses a non-zero of "
                f"{line} {k}: its product with a random direction is {wanted[k]:.6g}, by the entries in the pattern "
                f"{found[k]:.6g}; leave {'pattern=' if self.given is not None else 'fastmath='} out"
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
        self.primal, self.vjp = Value(function, options), VJP(function, options, wrt)

    def coloured(self, pattern: Any) -> Colouring:
        """The sweeps for a pattern: which columns, or rows, go together."""
        return colour(pattern, self.mode)

    def _matrix(self, known: _Known, args: tuple[Any, ...], inputs: tuple[Any, ...]) -> Any:
        if not known.colouring.reverse:
            return super()._matrix(known, args, inputs)
        direction = self._direction(known.pattern.shape[0])
        plan = self._plan(known, 0, size(inputs))
        entries = Entries(plan.shares, known.pattern.nnz, self._memory)
        checked = self._pull(known, args, inputs, direction, entries)
        self._push(known, plan, args, inputs, np.empty((0, size(inputs))), entries)
        made = self._made(known, entries)
        self._verify(made.T, direction, checked, "column")
        return made

    def _height(self, args: tuple[Any, ...], inputs: tuple[Any, ...]) -> int:
        return size(self.primal(*args))

    def _pull(
        self, known: _Known, args: tuple[Any, ...], inputs: tuple[Any, ...], more: Any, entries: Entries
    ) -> list[Any]:
        """Read the entries off the reverse sweeps, and what the sweeps of the cotangents `more` give."""
        colouring, value = known.colouring, self.primal(*args)
        m = size(value)
        self._expect(known.pattern, m, size(inputs))
        seed = np.empty(m)
        for k in range(colouring.reverse):
            np.equal(colouring.rows, k, out=seed)
            entries.read(k - colouring.reverse, (self._pulled(args, value, seed),))
        return [self._pulled(args, value, seed) for seed in more]

    def _pulled(self, args: tuple[Any, ...], value: Any, seed: Any) -> Any:
        """The vector-Jacobian product with this cotangent of `value`."""
        return vector(self.vjp(args, shaped(value, seed))[1])


class SparseHessian(_Sparse):
    """The Hessian of a function that returns one float as a SciPy CSR matrix."""

    shown = "sparse_hessian"

    def _swept(self) -> Plain | Compiled:
        return Gradient(self.function, self.options, self.wrt)

    def _taken(self, pattern: Any) -> Any:
        taken = super()._taken(pattern)
        if taken.shape[0] != taken.shape[1]:
            raise ValueError(f"{self!r}: pattern= is {taken.shape[0]} x {taken.shape[1]}, and a Hessian is square")
        return _symmetric(taken)

    def pattern(self, *args: Any, **keywords: Any) -> Any:
        """The entries that may be other than zero along the path that these arguments take: a csr_array of bools."""
        return _symmetric(super().pattern(*args, **keywords))

    def coloured(self, pattern: Any) -> Colouring:
        """The sweeps for a pattern: which columns go together."""
        return colour_symmetric(pattern)

    def _height(self, args: tuple[Any, ...], inputs: tuple[Any, ...]) -> int:
        return size(inputs)


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
    if max(*shape, len(indices)) <= np.iinfo(np.int32).max:  # as SciPy's own: half the memory to go through
        indices, starts = indices.astype(np.int32, copy=False), starts.astype(np.int32, copy=False)
    return _scipy("").csr_array((entries, indices, starts), shape=shape)


def _domains(found: Any) -> Any:
    """All the domains in what a `Pattern` returns, as one vector."""

    def parts(value: Any) -> list[Any]:
        if isinstance(value, tuple):
            return [p for v in value for p in parts(v)]
        return [] if value is None else [np.ravel(value)]

    return np.concatenate([np.zeros(0, np.int64), *parts(found)]).astype(np.int64, copy=False)
