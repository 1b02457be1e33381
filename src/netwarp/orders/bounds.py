"""What theory says about the regions of a network of a given shape, where it says anything."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal

from netwarp.network.chain import chain
from netwarp.network.program import Program
from netwarp.theory.bounds import arrangement, lower, maxout_upper, montufar_lower, serra_lower, serra_upper


@dataclass(frozen=True, slots=True)
class Bounds:
    """Bounds for a chain of layers of these widths on the plane; all None for another field, and `why_none`.

    `upper` bounds the activation regions of every such network, and with them its linear regions; `arrangement` does
    where there is one layer, and generic lines reach it. Some such network has at least `montufar` linear regions, and
    at least `serra`; the larger is `lower`. For layers that are not all ReLU, `maxout` is the upper bound: that of
    maxout units of as many pieces.
    """

    widths: tuple[int, ...] | None
    why_none: str = ""
    arrangement: int | None = None
    montufar: int | None = None
    serra: int | None = None
    upper: int | None = None
    maxout: int | None = None

    @property
    def lower(self) -> tuple[int, str] | None:
        """The larger of the known lower bounds, and whose it is."""
        return None if self.montufar is None or self.widths is None else lower(self.widths)

    def data(self) -> dict[str, object]:
        """A JSON object; None where a bound does not apply."""
        return {
            "widths": None if self.widths is None else list(self.widths),
            "arrangement": self.arrangement,
            "montufar_2014_lower": self.montufar,
            "serra_2018_lower": self.serra,
            "maxout_upper": self.maxout,
            "serra_2018_upper": self.upper,
        }

    def sentences(self, write: Callable[[int], str] | None = None) -> tuple[str, str]:
        """What to say beside the activation regions and beside the linear regions; `write` is how numbers are."""
        write = write or shown
        if self.widths is None:
            return f"no bound applies: {self.why_none}", ""
        most = next((n for n in (self.arrangement, self.upper, self.maxout) if n is not None), 0)
        source = "Serra et al. 2018"
        if self.arrangement is not None:
            source = f"an arrangement of {self.widths[0]:,} line{'' if self.widths[0] == 1 else 's'}"
        first = f"at most {write(most)} ({source})"
        if self.lower is None:
            return first, ""
        reached, source = self.lower
        return first, f"this shape can reach {write(reached)} ({source})"


def bounds(program: Program) -> Bounds:
    """The bounds that apply to a Field's Program."""
    widths, kinds, why = chain(program)
    if widths is None:
        return Bounds(None, why)
    pieces = {count for _, count in kinds}
    if len(pieces) > 1:
        return Bounds(None, "its layers have activations of different kinds")
    one_layer = arrangement(widths[0]) if len(widths) == 1 and pieces == {2} else None
    if kinds != {("relu", 2)}:
        return Bounds(widths, arrangement=one_layer, maxout=maxout_upper(widths, *pieces))
    return Bounds(
        widths,
        arrangement=one_layer,
        montufar=montufar_lower(widths),
        serra=serra_lower(widths),
        upper=serra_upper(widths),
    )


def shown(number: int) -> str:
    """A count for a person: with commas, and beyond fifteen digits as 1.2e34."""
    if abs(number) < 10**15:
        return f"{number:,}"
    return f"{Decimal(number):.1e}".replace("e+", "e")
