"""Face: all that netwarp knows of one activation. Its formulas are functions of the `ops` that an evaluator hands in.

So a formula is written once and runs on arrays, on tensors, on the lanes of a processor and on whole numbers of many
digits; what `ops` holds is in ops.py. Nothing here imports what computes.
"""

# z is a number of the evaluator's, d a step from it; p the parameter, which formulas of a face without one do not take

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from math import inf
from typing import TYPE_CHECKING, Any, TypeAlias, TypeVar

from netwarp.activations.ops import Ops
from netwarp.errors import UnsupportedError

if TYPE_CHECKING:
    from fractions import Fraction

# Any: a number of the evaluator's, array, tensor, vector or other
Slope = Callable[[], Any]
Formula = Callable[..., tuple[Any, Slope]]
P = TypeVar("P", float, "Fraction")
# output left of the first kink as (slope, offset), then for each kink: where it is, what slope and offset gain there
Pieces: TypeAlias = tuple[tuple[P, P], tuple[tuple[int, P, P], ...]]


@dataclass(frozen=True)
class Argument:
    """The number beside a name, as the slope of leaky(0.1).

    `random`: what the text "random" draws it from, uniform between two numbers, one a channel. `learned`: there is one
    a channel, `default` to begin with, which counts among a network's parameters and is not in the text.
    """

    name: str
    default: float
    random: tuple[float, float] | None = None
    learned: bool = False


@dataclass(frozen=True)
class Refinement:
    """A sharper or faster formula for every `ops` that offers what it `needs`, which are names of its methods."""

    needs: frozenset[str]
    formula: Formula


@dataclass(frozen=True, kw_only=True)
class Face:
    """One activation phi. Definitions are torch's, with erf's exact gelu and hardsigmoid = clip(z / 6 + 1 / 2).

    `formula(ops, z, p)`: phi(z), and a function that gives phi'(z); at a kink that of the inactive side. The first of
    `refined` whose needs are met takes its place.
    `change(ops, d, *near)`: phi(z + d) - phi(z), accurate relative to itself, of d too small to be added to z. `near`
    is what it is computed from: the heights of z above the kinks, or z where there are none; of waves the sine and the
    cosine of the angle; last the parameter, where there is one. `steep(ops, d, *near)`: phi'(z + d), where the formula
    at z + d would lose the digits of d. `terms(ops, *near)`: the first two coefficients of the change in powers of d,
    as long as no kink is in the way; None where the second is 0. `flat`: where both vanish it is the third that counts.
    `kinks`: where phi or a derivative of it jumps. `pieces(p)`: where phi is piecewise linear, how, in
    floats or Fractions as p is; a parameter is the slope of the first piece, and of no other. `jumps`: phi itself
    jumps, so that its slope, though 0 elsewhere, tells nothing. Away from kinks phi bends over distances of `width` or
    more: infinite where it is affine. `period`: that of a wave whose parameter is 1. `homogeneous`: phi(a z) = a phi(z)
    for a > 0. `layer`: the name of torch's layer and its options, empty where torch has none.
    `texts`: what a menu offers, if not the name alone. `offered`: its place among the few that look unlike each other,
    and its text there.
    """

    name: str
    formula: Formula
    change: Callable[..., Any] | None = None
    refined: tuple[Refinement, ...] = ()
    steep: Callable[..., Any] | None = None
    terms: Callable[..., tuple[Any, Any]] | None = None
    flat: bool = False
    kinks: tuple[int, ...] = ()
    pieces: Callable[[Any], Pieces[Any]] | None = None
    jumps: bool = False
    parameter: Argument | None = None
    width: float = inf
    period: float | None = None
    homogeneous: bool = False
    layer: str = ""
    layer_options: Mapping[str, float] = field(default_factory=dict)
    texts: tuple[str, ...] = ()
    offered: tuple[int, str] | None = None

    def moved(self, ops: Any, d: Any, *near: Any) -> Any:
        """phi(z + d) - phi(z). Errors: UnsupportedError where no change is known."""
        if self.change is None:
            raise UnsupportedError(f"activation {self.name}: its changes are not known; choose a larger plane")
        return self.change(ops, d, *near)

    def at(self, ops: Ops, z: Any, p: Any = None) -> tuple[Any, Slope]:
        """phi(z), and a function that gives phi'(z), by the sharpest formula that runs on these ops."""
        formula = next((one.formula for one in self.refined if one.needs <= ops.offers), self.formula)
        return formula(ops, z) if self.parameter is None else formula(ops, z, p)

    def value(self, ops: Ops, z: Any, p: Any = None) -> Any:
        """phi(z)."""
        return self.at(ops, z, p)[0]

    def slope(self, ops: Ops, z: Any, p: Any = None) -> Any:
        """phi'(z)."""
        return self.at(ops, z, p)[1]()

    @property
    def two_sided(self) -> bool:
        """Whether phi is continuous, and linear on both sides of a bend at 0."""
        return self.pieces is not None and self.homogeneous and self.kinks == (0,)


def needs(*names: str) -> frozenset[str]:
    return frozenset(names)


def pieces(p: P, slope: int, offset: int, *gains: tuple[int, int, int], over: int = 1) -> Pieces[P]:
    """Pieces whose slopes and offsets are these numbers divided by `over`, of p's type."""
    one = type(p)(1)
    steps = tuple((kink, steeper * one / over, higher * one / over) for kink, steeper, higher in gains)
    return (slope * one / over, offset * one / over), steps
