"""Arrays that share memory with no other, told to the compiler: what people read stays as it is.

    u_saved = np.empty(n)                       u_saved, x_bar and what is passed in are three regions of memory:
    x_bar = np.zeros_like(x)          ->        a store to one of them changes nothing that is loaded from another
    for i in range(n):
        x_bar[i] = u_saved[i] * w[i]

The machine's compiler sees pointers, and any two of them may overlap: it loads again what it has loaded before, and a
loop runs in vectors only behind a comparison of each pair of pointers, if these are not too many. An array that a
function makes lies apart from all that it is given and from all else that it makes, and its views lie inside it. Each
load and store of an element says in which region it is, and in which ones it is not (LLVM's alias scopes).

Nothing is said of an array of another origin: one that was in a list or a tuple, or that a function returned. What
says nothing may be anywhere, so that an array which goes through such places stays right.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from llvmlite import ir as machine
from numba.core import ir, lowering
from numba.core.compiler_machinery import register_pass
from numba.core.typed_passes import BaseNativeLowering

from srcad.analysis.alias import makes_array
from srcad.ir import Apply, Assign, Expr, Field, Function, Item, Var, walk, writes
from srcad.names import OWNERS
from srcad.types import is_array, is_tuple

GIVEN = ""  # the region of all that a function is given


def owners(f: Function) -> dict[str, str]:
    """The region of the arrays of `f`, by name: GIVEN, or that of one that it makes; of others nothing is known."""
    above: dict[str, str] = {}  # of a view: what it was taken of, or what that one is another view of

    def region(name: str) -> str:
        while name in above:
            name = above[name]
        return name

    arrays = {n for n, t in f.types.items() if is_array(t)}
    rebound: set[str] = set()
    made, doubtful = set(), set()  # names, which later views may yet bring into one region
    for s in walk(f.body):
        rebound |= set(writes(s))
        for target in arrays.intersection(writes(s)):
            value = s.value if isinstance(s, Assign) else None
            if value is not None and makes_array(value):
                made.add(target)
            elif value is None or (whole := viewed(value)) is None:
                doubtful.add(target)
            elif region(whole) != region(target):
                above[region(target)] = region(whole)
    # a tuple that is bound here may hold what is made here
    given = {p for p in f.params if p in arrays or (is_tuple(f.types.get(p)) and p not in rebound)}
    new, old, unknown = ({region(n) for n in found} for found in (made, given, doubtful))
    unknown |= new & old
    found = {n: region(n) if region(n) in new else GIVEN for n in arrays if region(n) in (new | old) - unknown}
    return found if any(found.values()) else {}


def viewed(e: Expr) -> str | None:
    """The name that `e` is, or is a view of."""
    match e:
        case Var(name):
            return name
        case Item(inner, _) | Field(inner, _) | Apply(".ravel" | ".reshape" | ".transpose", (inner, *_)):
            return viewed(inner)
    return None


class _Lower(lowering.Lower):  # type: ignore[misc]
    """Numba's translation to LLVM, which marks the loads and stores of elements with their regions."""

    def lower(self) -> None:
        self.owners: Mapping[str, str] = getattr(self.func_ir.func_id.func, OWNERS, {})
        self.made = sorted(set(self.owners.values()) - {GIVEN})
        self.marks: dict[str, dict[str, Any]] = {}  # what each region's loads and stores are marked with
        super().lower()

    def pre_block(self, block: Any) -> None:
        """At the start, say where the regions begin to hold: what one call makes, the next one may be given."""
        super().pre_block(block)
        if self.made and block is self.blocks[self.firstblk]:
            takes = machine.FunctionType(machine.VoidType(), [machine.MetaDataType()])
            declare = self.module.declare_intrinsic("llvm.experimental.noalias.scope.decl", fnty=takes)
            for region in self.made:
                self.builder.call(declare, [self._scopes([region])])

    def lower_inst(self, inst: Any) -> None:
        block, before = self.builder.block, len(self.builder.block.instructions)
        super().lower_inst(inst)
        region = self.owners.get(_array(inst) or "")
        if region is None or self.builder.block is not block:
            return
        for made in block.instructions[before:]:
            if _is_element(made):
                for kind, scopes in self._marks(region).items():
                    made.set_metadata(kind, scopes)

    def _marks(self, region: str) -> dict[str, Any]:
        """That a load or store is in `region`, and that it is in none of the others."""
        if region not in self.marks:
            others = [r for r in self.made if r != region]
            said = {"alias.scope": [region] if region != GIVEN else [], "noalias": others}
            self.marks[region] = {kind: self._scopes(regions) for kind, regions in said.items() if regions}
        return self.marks[region]

    def _scopes(self, regions: list[str]) -> Any:
        """The list of the scopes that stand for `regions`, in the domain of this function."""

        def text(name: str) -> Any:
            return machine.MetaDataString(self.module, f"{self.fndesc.mangled_name} {name}")

        domain = self.module.add_metadata([text("")])
        return self.module.add_metadata([self.module.add_metadata([text(r), domain]) for r in regions])


def _array(inst: Any) -> str | None:
    """The array, of those that have names, that `inst` reads an element of or writes one to."""
    match inst:
        case ir.SetItem() | ir.StaticSetItem():
            name: str = inst.target.name
        case ir.Assign() if isinstance(inst.value, ir.Expr) and inst.value.op in ("getitem", "static_getitem"):
            name = inst.value.value.name
        case _:
            return None
    return name.partition(".")[0]  # a name that is bound again has a number after it


def _is_element(made: Any) -> bool:
    """Is `made` a load or a store at a place in memory whose start was loaded from an array's record?"""
    match made:
        case machine.LoadInstr():
            place = made.operands[0]
        case machine.StoreInstr():
            place = made.operands[1]
        case _:
            return False
    if not isinstance(place, machine.GEPInstr) or not isinstance(place.pointer, machine.LoadInstr):
        return False
    return isinstance(place.pointer.type, machine.PointerType)


@register_pass(mutates_CFG=True, analysis_only=False)
class Lowering(BaseNativeLowering):  # type: ignore[misc]
    """Numba's pass that translates to LLVM, by the class above."""

    _name = "srcad_lowering"

    @property
    def lowering_class(self) -> Any:
        return _Lower
