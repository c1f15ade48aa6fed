"""`grad` and its kin: what users hold and call.

    @grad
    def f(x1, x2): return x1 * x2 + math.sin(x2)
    f(2.0, 3.0)      ->      (3.0, 1.0100...)
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from srcad import checks, source
from srcad.compile import Compiled
from srcad.gradient import Gradient
from srcad.jacobian import Hessian, Jacobian, ValueGradHessian
from srcad.products import HVP, JVP, VJP

OPTIONS = ("error_model", "fastmath", "parallel", "boundscheck", "cache", "libm")
FLAGS = {"fast", "nnan", "ninf", "nsz", "arcp", "contract", "afn", "reassoc"}  # LLVM's


def grad(f: Any = None, wrt: Any = None, **options: Any) -> Any:
    """The gradient of `f`, a function that returns one float.

    Args:
        f: a Python function, plain or `@njit`.
        wrt: the arguments to differentiate, by name or position, one or a tuple; by default every float argument
            (floats, arrays of floats, tuples and namedtuples of them).
        options: `fastmath`, `parallel`, `boundscheck` (off by default) and `error_model` ("numpy" by default: division
            is IEEE's), as Numba takes them: `fastmath={"contract"}` lets `a * b + c` be rounded once, as C compilers
            do; `cache=False` keeps no compiled code between processes; `libm=True` calls
            the C library's exp, expm1, log, log1p and tanh also where srcad's own let a loop run in vectors.

    Returns:
        A `Gradient`; without `f`, a decorator that makes one.

    Raises:
        SrcadError: `f` has a construct that can't be differentiated; at the first call, with its place.
        TypeError, ValueError: `wrt` does not fit `f`, or an argument of a call is none that can be differentiated.
    """
    return _made("grad", f, wrt, options, Gradient)


def value_and_grad(f: Any = None, wrt: Any = None, **options: Any) -> Any:
    """(value, gradient) of `f` from one sweep; arguments as for `grad`."""
    return _made("value_and_grad", f, wrt, options, partial(Gradient, with_value=True))


def jvp(f: Any = None, wrt: Any = None, **options: Any) -> Any:
    """The Jacobian of `f` times a vector, in forward mode: `jvp(f)(args, tangents)` is (value, tangent of the value).

    `args` is the tuple of the arguments of `f`. `tangents` are what the differentiated ones are: a tuple with a float
    for each float, an array of its shape for each array, a tuple for each tuple; of one argument bare or in a tuple.
    The value may be a float, an array, or a tuple of them; its tangent has its structure. The other arguments and
    the errors are those of `grad`; tangents that do not fit raise a TypeError, of other shapes a ValueError.

    Method: Griewank and Walther, Evaluating Derivatives, 2nd ed., 2008, section 3.1.
    """
    return _made("jvp", f, wrt, options, JVP)


def vjp(f: Any = None, wrt: Any = None, **options: Any) -> Any:
    """A vector times the Jacobian of `f`, in reverse mode: `vjp(f)(args, cotangent)` is (value, gradients).

    `args` is the tuple of the arguments of `f`. The value may be a float, an array, or a tuple of them; the cotangent
    has its structure, and the gradients are those of the sum of its products with the value: as `grad` returns them.
    The other arguments and the errors are those of `grad`; a cotangent that does not fit raises a TypeError, one of
    another shape a ValueError.
    """
    return _made("vjp", f, wrt, options, VJP)


def hvp(f: Any = None, wrt: Any = None, **options: Any) -> Any:
    """The Hessian of `f`, a function that returns one float, times a vector: `hvp(f)(args, vectors)`.

    `args` is the tuple of the arguments of `f`; `vectors` are as the tangents of `jvp`, and the product is as the
    gradient of `grad`: bare for one argument, else a tuple. Forward mode over reverse mode, so its cost is a small
    multiple of the gradient's, whatever the number of inputs. The other arguments and the errors are those of `grad`.

    Method: Pearlmutter, Fast exact multiplication by the Hessian, Neural Computation 6, 1994.
    """
    return _made("hvp", f, wrt, options, HVP)


def jacobian(f: Any = None, wrt: Any = None, mode: str | None = None, lanes: int | None = None, **options: Any) -> Any:
    """All derivatives of what `f` returns: `jacobian(f)(*args)` has the shape out.shape + in.shape.

    Of several inputs it is a tuple, of a tuple or namedtuple result one with such an entry for each item.

    Args:
        f: a function that returns a float, an array, or a tuple of them.
        wrt: as for `grad`.
        mode: "forward" (columns, `lanes` of them a sweep), "reverse" (rows) or None: whichever takes fewer sweeps.
        lanes: how many directions a forward sweep follows at once; by default 8, and fewer of a long function, whose
            text would take long to compile.
        options: as for `grad`.

    Raises:
        ValueError: `mode` or `lanes` is none of these; otherwise as `grad`.
    """
    if mode not in (None, "forward", "reverse"):
        raise ValueError(f'jacobian has the modes "forward", "reverse" and None, not {mode!r}')
    _check_lanes(lanes)
    return _made("jacobian", f, wrt, options, partial(Jacobian, mode=mode, lanes=lanes))


def jacfwd(f: Any = None, wrt: Any = None, **options: Any) -> Any:
    """`jacobian` in forward mode, column by column: for few inputs and many outputs."""
    return jacobian(f, wrt, "forward", **options)


def jacrev(f: Any = None, wrt: Any = None, **options: Any) -> Any:
    """`jacobian` in reverse mode, row by row: for many inputs and few outputs."""
    return jacobian(f, wrt, "reverse", **options)


def hessian(f: Any = None, wrt: Any = None, lanes: int | None = None, **options: Any) -> Any:
    """All second derivatives of `f`, which returns one float: `hessian(f)(*args)` is of the shape in.shape + in.shape.

    Of several inputs it is a tuple of tuples: the derivative of the gradient by the i-th by the j-th. Forward mode over
    reverse mode, `lanes` columns a sweep. The arguments and the errors are those of `jacobian`.
    """
    _check_lanes(lanes)
    return _made("hessian", f, wrt, options, partial(Hessian, lanes=lanes))


def value_grad_hessian(f: Any = None, wrt: Any = None, lanes: int | None = None, **options: Any) -> Any:
    """(value, gradient, Hessian) of `f`, which returns one float: what a Newton step asks for, from the same sweeps.

    The gradient is as `grad` returns it, the Hessian as `hessian`; arguments and errors are those of `hessian`.
    """
    _check_lanes(lanes)
    return _made("value_grad_hessian", f, wrt, options, partial(ValueGradHessian, lanes=lanes))


def _check_lanes(lanes: Any) -> None:
    if lanes is not None and (not isinstance(lanes, int) or not 1 <= lanes <= 64):
        raise ValueError(f"lanes is a number of directions from 1 to 64, not {lanes!r}")


def sparse_jacobian(
    f: Any = None, wrt: Any = None, pattern: Any = None, check: bool = True, mode: str | None = None, **options: Any
) -> Any:
    """The Jacobian of `f` as a sparse matrix: `sparse_jacobian(f)(*args)` is a `scipy.sparse.csr_array`.

    It has a row for each float of the value (a float, an array, or a tuple of them) and a column for each float of the
    arguments differentiated, those of several arguments side by side; arrays in C order. At each call the entries
    that may be other than zero are found by propagating sets of inputs along the path that the arguments take; then
    columns that share no row go through forward mode together, and rows that share no column through reverse mode,
    whichever takes fewer sweeps. Arguments that take another path get another pattern. A pattern that is the same as
    in the last call is coloured once. To be called from Python, not from compiled code.

    Args:
        f, wrt, options: as for `grad`.
        pattern: the entries that may be other than zero, where they are known: a SciPy sparse matrix (what it stores)
            or an array with two dimensions (its non-zeros). It has to hold for all arguments that are passed.
        check: with `pattern`, and with fastmath, verify it in one more direction, a random one. A missing entry is
            found if it is more than 1e-7 of its row (in float32, 1e-3).
        mode: "forward" or "reverse" to use that mode alone.

    Returns:
        A callable. Its method `pattern(*args)` gives the pattern alone; `sweeps` is how many colours the last call had.

    Raises:
        ImportError: SciPy is missing.
        TypeError, ValueError: an argument that does not fit; a pattern of another shape, or one that misses a non-zero.
        SrcadError: as for `grad`.

    Method: Gebremedhin, Manne and Pothen, What color is your Jacobian?, SIAM Review 47, 2005; for the pattern, Griewank
    and Walther, Evaluating Derivatives, 2nd ed., 2008, section 7.1.
    """
    from srcad.sparse import SparseJacobian

    made = partial(SparseJacobian, pattern=pattern, check=check, mode=mode)
    return _made("sparse_jacobian", f, wrt, options, made)


def sparse_hessian(f: Any = None, wrt: Any = None, pattern: Any = None, check: bool = True, **options: Any) -> Any:
    """The Hessian of `f`, which returns one float, as a sparse matrix: a `scipy.sparse.csr_array`.

    It has a row and a column for each float of the arguments differentiated, those of several arguments one after the
    other; arrays in C order. The pattern is that of the gradient's Jacobian; `pattern` may be given by either triangle.
    A star colouring lets columns share a sweep (a Hessian times a vector) although they share rows, where the mirror
    images of their entries can be read. The diagonal alone is `sparse_hessian(f)(*args).diagonal()`: one sweep, if the
    Hessian is diagonal. All else is as for `sparse_jacobian`.

    Method: Gebremedhin, Manne and Pothen, What color is your Jacobian?, SIAM Review 47, 2005, section 4.
    """
    from srcad.sparse import SparseHessian

    return _made("sparse_hessian", f, wrt, options, partial(SparseHessian, pattern=pattern, check=check))


def _made(called: str, f: Any, wrt: Any, options: dict[str, Any], make: Callable[..., Any]) -> Any:
    _check(called, options)
    if f is None:
        return lambda f: _made(called, f, wrt, options, make)
    if isinstance(f, str) or not callable(f):
        raise TypeError(f"{called} takes a function, not {f!r}; name the arguments with wrt=")
    function = f if isinstance(f, Compiled) else source.python_function(f)
    if function is None:
        source.read(f)  # says what is wrong with it
    assert function is not None
    return make(function, options, checks.positions(function, wrt))


def _check(called: str, options: dict[str, Any]) -> None:
    """Refuse options that Numba would refuse later, or not know."""
    for name, value in options.items():
        wanted = ""
        match name:
            case "error_model":
                if value not in ("numpy", "python"):
                    wanted = 'error_model="numpy" or error_model="python"'
            case "fastmath" if isinstance(value, (set, dict)):
                if not set(value) <= FLAGS:
                    wanted = f"of the flags of fastmath {', '.join(sorted(FLAGS))}"
            case "fastmath" if not isinstance(value, bool):
                wanted = 'fastmath=True, fastmath=False or a set of flags, {"contract"}'
            case "parallel" if isinstance(value, dict):
                continue
            case _ if name not in OPTIONS:
                raise TypeError(f"{called} has no option {name!r}: it takes {', '.join(OPTIONS)}")
            case _ if not isinstance(value, bool):
                wanted = f"{name}=True or {name}=False"
        if wanted:
            raise ValueError(f"{called} takes {wanted}, not {value!r}")


# so that a differentiated function may call them
MAKERS: tuple[Any, ...] = (grad, value_and_grad, jvp, vjp, hvp, jacobian, jacfwd, jacrev, hessian)
MAKERS += (value_grad_hessian,)
for maker in MAKERS:
    maker.__srcad_maker__ = True
