"""Colouring: the name of a colouring, and how fine its colours are written."""

from __future__ import annotations

from dataclasses import dataclass

from netwarp import checks
from netwarp.picture.maps import check_colour
from netwarp.picture.recipe import check_depth


@dataclass(frozen=True, slots=True)
class Colouring:
    """What `colour` of draw, film and poster may be beside a name: a name, and how its colours become whole numbers.

    `name` None is as where no colour is said. `dither` dithers to 8 bits a colour; `depth` 16 has `draw` write 16 bits,
    None is as a recipe says, else 8. Errors: InputError.

    >>> drawing = nw.draw("conv(10) * 2", size=(60, 40), colour=nw.Colouring("oklab", depth=16))
    >>> drawing.recipe.tone.colour, drawing.picture.deep.dtype.name
    ('oklab', 'uint16')
    >>> nw.Colouring(depth=12)
    Traceback (most recent call last):
        ...
    netwarp.errors.InputError: colouring depth=12: must be 8 or 16, the bits of a colour
    """

    name: str | None = None
    dither: bool = False
    depth: int | None = None

    def __post_init__(self) -> None:
        if self.name not in (None, "auto"):
            object.__setattr__(self, "name", check_colour(checks.string(self.name, "colour", 200)))
        checks.flag(self.dither, "colouring dither")
        if self.depth is not None:
            check_depth(self.depth, "colouring depth")

    @classmethod
    def of(cls, colour: str | Colouring | None) -> Colouring:
        """A Colouring of what is given. Errors: InputError."""
        return colour if isinstance(colour, cls) else cls(colour)  # type: ignore[arg-type]  # no other Colouring
