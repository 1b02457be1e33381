"""Inputs that make a picture symmetric: waves summed over a group of motions of the plane, for any n-fold rotation, the
mirror images of one, and the 17 wallpaper groups.

Frozen, hashable; they print as the text that reads back equal. Errors: InputError.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from math import sqrt
from typing import Final, NamedTuple

from netwarp import words
from netwarp.checks import number, plain, whole
from netwarp.errors import InputError, shown

WAVES: Final = 8
SIGMA: Final = 2.0
CELL: Final = 0.5
FOLDS: Final = 360  # of a rotation
MODES: Final = 64  # waves
FEWEST: Final = 4  # waves: of fewer the picture could have more symmetry than was asked for
LONGEST: Final = 10.0  # how much longer one side of a cell may be
REPEATS: Final = 12  # cells that a rectangle may need before a sheared lattice repeats straight down

# a motion (a, b, c, d, s, t): the point (u, v), in sides of a cell, goes to (a u + b v + s / 2, c u + d v + t / 2)
Motion = tuple[int, int, int, int, int, int]
HALF_TURN: Final[Motion] = (-1, 0, 0, -1, 0, 0)
QUARTER_TURN: Final[Motion] = (0, -1, 1, 0, 0, 0)
THIRD_TURN: Final[Motion] = (0, -1, 1, -1, 0, 0)  # the sides of a cell 120 degrees apart
MIRROR: Final[Motion] = (-1, 0, 0, 1, 0, 0)
GLIDE: Final[Motion] = (-1, 0, 0, 1, 0, 1)
MIRROR_BESIDE: Final[Motion] = (-1, 0, 0, 1, 1, 0)
GLIDE_BESIDE: Final[Motion] = (-1, 0, 0, 1, 1, 1)
MIRROR_ACROSS: Final[Motion] = (-1, 1, 0, 1, 0, 0)  # of cells at 120 degrees: left and right change places
MIRROR_ALONG: Final[Motion] = (1, -1, 0, -1, 0, 0)  # of cells at 120 degrees: above and below change places


class WallpaperGroup(NamedTuple):
    """A wallpaper group: the kind of its lattice, and what makes its motions beside the lattice's own.

    Each of `doubling` doubles the motions that those before it make; `thirds`: the third of a turn makes three of each.
    The positions are those of the International Tables for Crystallography, volume A, with its origins.
    """

    lattice: str
    doubling: tuple[Motion, ...]
    thirds: bool = False


GROUPS: Final = {
    "p1": WallpaperGroup("oblique", ()),
    "p2": WallpaperGroup("oblique", (HALF_TURN,)),
    "pm": WallpaperGroup("rectangular", (MIRROR,)),
    "pg": WallpaperGroup("rectangular", (GLIDE,)),
    "cm": WallpaperGroup("rhombic", (MIRROR,)),
    "pmm": WallpaperGroup("rectangular", (HALF_TURN, MIRROR)),
    "pmg": WallpaperGroup("rectangular", (HALF_TURN, MIRROR_BESIDE)),
    "pgg": WallpaperGroup("rectangular", (HALF_TURN, GLIDE_BESIDE)),
    "cmm": WallpaperGroup("rhombic", (HALF_TURN, MIRROR)),
    "p4": WallpaperGroup("square", (HALF_TURN, QUARTER_TURN)),
    "p4m": WallpaperGroup("square", (HALF_TURN, QUARTER_TURN, MIRROR)),
    "p4g": WallpaperGroup("square", (HALF_TURN, QUARTER_TURN, GLIDE_BESIDE)),
    "p3": WallpaperGroup("hexagonal", (), thirds=True),
    "p3m1": WallpaperGroup("hexagonal", (MIRROR_ACROSS,), thirds=True),
    "p31m": WallpaperGroup("hexagonal", (MIRROR_ALONG,), thirds=True),
    "p6": WallpaperGroup("hexagonal", (HALF_TURN,), thirds=True),
    "p6m": WallpaperGroup("hexagonal", (HALF_TURN, MIRROR_ACROSS), thirds=True),
}


@dataclass(frozen=True, slots=True)
class Rosette:
    """`n` channels, each a wave summed over the turns by a `fold`-th about the plane's origin, and their `mirrored`
    images where x changes its sign.

    Wave vectors, in periods a unit, are drawn from a Gaussian of std `sigma`. It is written rotate(fold), or
    dihedral(fold) with mirror images, or mirror() for the one that has no turn.
    """

    fold: int
    mirrored: bool
    n: int = WAVES
    sigma: float = SIGMA

    def __post_init__(self) -> None:
        name = self.name
        fold = whole(self.fold, f"{name} fold", 1 if self.mirrored else 2, FOLDS, example=f"{name}(5)")
        object.__setattr__(self, "fold", fold)
        object.__setattr__(self, "n", whole(self.n, f"{name} n", FEWEST, MODES, example=f"n={WAVES}"))
        object.__setattr__(self, "sigma", number(self.sigma, f"{name} sigma", least=0))

    @property
    def name(self) -> str:
        return ("mirror" if self.fold == 1 else "dihedral") if self.mirrored else "rotate"

    @property
    def channels(self) -> int:
        return self.n

    def __str__(self) -> str:
        told = [] if self.name == "mirror" else [str(self.fold)]
        told += [f"n={self.n}"] if self.n != WAVES else []
        told += [f"sigma={plain(self.sigma)}"] if self.sigma != SIGMA else []
        return f"{self.name}({', '.join(told)})"


@dataclass(frozen=True, slots=True)
class Wallpaper:
    """`n` channels, each a wave of the lattice summed over the motions of one of the 17 wallpaper groups.

    The waves are the `n` longest that the group allows, so that with more of them a picture has finer detail. `cell` is
    the side of a cell along x, in units of the plane, `ratio` its other side over it, `shear` how far along x the cell
    below lies, in cells: each for the groups whose lattice leaves it free. The cell of cm and cmm is the rectangle,
    with another in its middle.
    """

    group: str
    n: int = WAVES
    cell: float = CELL
    ratio: float = 1.0
    shear: float = 0.0

    def __post_init__(self) -> None:
        if self.group not in GROUPS:
            raise InputError(words.GROUP.format(value=shown(self.group), groups=", ".join(GROUPS)))
        object.__setattr__(self, "n", whole(self.n, "wallpaper n", FEWEST, MODES, example=f"n={WAVES}"))
        for name in ("cell", "ratio", "shear"):
            object.__setattr__(self, name, number(getattr(self, name), f"wallpaper {name}"))
        lattice = GROUPS[self.group].lattice
        if not self.cell > 0:
            raise InputError(words.CELL.format(value=plain(self.cell)))
        if lattice in ("square", "hexagonal") and self.ratio != 1:
            raise InputError(words.NOT_FREE.format(name="ratio", group=self.group, lattice=lattice))
        if lattice != "oblique" and self.shear != 0:
            raise InputError(words.NOT_FREE.format(name="shear", group=self.group, lattice=lattice))
        for name, least, most in (("ratio", 1 / LONGEST, LONGEST), ("shear", -1.0, 1.0)):
            value = getattr(self, name)
            if not least <= value <= most:
                told = {"value": plain(value), "least": plain(least), "most": plain(most), "hint": ""}
                raise InputError(words.BETWEEN.format(what=f"wallpaper {name}", **told))

    @property
    def channels(self) -> int:
        return self.n

    @property
    def sides(self) -> tuple[float, float, float]:
        """Width and height of a cell, and how far along x the cell below lies, in widths."""
        if GROUPS[self.group].lattice == "hexagonal":
            return self.cell, sqrt(3) / 2 * self.cell, -0.5
        return self.cell, self.ratio * self.cell, self.shear

    @property
    def tile(self) -> tuple[float, float]:
        """Width and height of the smallest upright rectangle that tiles the plane. Errors: InputError."""
        width, height, shear = self.sides
        times = Fraction(shear).limit_denominator(REPEATS)
        if abs(float(times) - shear) > 1e-12:
            raise InputError(f"shear={plain(shear)}: no upright rectangle of {REPEATS} cells repeats; try 0.25 or 0.5")
        return width, height * times.denominator

    def __str__(self) -> str:
        usual = {"cell": CELL, "ratio": 1.0, "shear": 0.0}
        told = [self.group] + ([f"n={self.n}"] if self.n != WAVES else [])
        told += [f"{name}={plain(getattr(self, name))}" for name, own in usual.items() if getattr(self, name) != own]
        return f"wallpaper({', '.join(told)})"


def motions(group: WallpaperGroup) -> tuple[Motion, ...]:
    """Its motions but for the lattice's: those that turn no axis by a third first, then a third further, and again.

    The ones before each power of two are a subgroup: sums in pairs, then of pairs, are the same whatever motion that
    the plane's axes survive comes before.
    """
    found: tuple[Motion, ...] = ((1, 0, 0, 1, 0, 0),)
    for one in group.doubling:
        found += tuple(after(one, other) for other in found)
    if group.thirds:
        once = tuple(after(THIRD_TURN, other) for other in found)
        found += once + tuple(after(THIRD_TURN, other) for other in once)
    return found


def after(second: Motion, first: Motion) -> Motion:
    """The motion of `first`, then `second`, up to whole cells."""
    (a, b, c, d, s, t), (e, f, g, h, u, v) = second, first
    turned = (a * e + b * g, a * f + b * h, c * e + d * g, c * f + d * h)
    return (*turned, (a * u + b * v + s) % 2, (c * u + d * v + t) % 2)
