"""The input channels: what a point (x, y) of the plane is turned into before the first layer.

Frozen, hashable; they print as the text that reads back equal. Errors: InputError.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from netwarp import words
from netwarp.architecture.expressions import Expression
from netwarp.architecture.specs import Distribution, Normal, distribution
from netwarp.architecture.symmetry import Rosette, Wallpaper
from netwarp.checks import number, plain, whole
from netwarp.errors import InputError, shown

GAUSSIAN = Normal(0.0, 1.0)
COORDINATES = ("x", "y", "r", "bias")


@dataclass(frozen=True, slots=True)
class Coordinate:
    """One channel: "x", "y", "r" (distance from the plane's origin) or "bias" (the constant 1)."""

    name: str

    def __post_init__(self) -> None:
        if self.name not in COORDINATES:
            raise InputError(f"input {shown(self.name)}: must be x, y, r or bias")

    @property
    def channels(self) -> int:
        return 1

    def __str__(self) -> str:
        return self.name


@dataclass(frozen=True, slots=True)
class Latent:
    """n constant channels, drawn from the seed: of a Gaussian of std 1 unless told otherwise."""

    n: int
    drawn: Distribution = GAUSSIAN

    def __post_init__(self) -> None:
        object.__setattr__(self, "n", whole(self.n, "z n", example="z(4)"))
        object.__setattr__(self, "drawn", distribution("z drawn", self.drawn))

    @property
    def channels(self) -> int:
        return self.n

    def __str__(self) -> str:
        return f"z({self.n})" if self.drawn == GAUSSIAN else f"z({self.n}, {self.drawn})"


@dataclass(frozen=True, slots=True)
class Fixed:
    """Constant channels of these values, which no seed changes: latents that somebody chose."""

    values: tuple[float, ...]

    def __post_init__(self) -> None:
        object.__setattr__(self, "values", _vector("z", self.values))

    @property
    def channels(self) -> int:
        return len(self.values)

    def __str__(self) -> str:
        return f"z({_written(self.values)})"


@dataclass(frozen=True, slots=True)
class Fourier:
    """2 n channels: n cosines, then n sines, of 2 pi (B p), with B (n, 2) drawn from a Gaussian of std `sigma`."""

    n: int
    sigma: float

    def __post_init__(self) -> None:
        object.__setattr__(self, "n", whole(self.n, "fourier n", example="fourier(16, 4)"))
        object.__setattr__(self, "sigma", number(self.sigma, "fourier sigma", least=0))

    @property
    def channels(self) -> int:
        return 2 * self.n

    def __str__(self) -> str:
        return f"fourier({self.n}, {plain(self.sigma)})"


@dataclass(frozen=True, slots=True)
class Periodic:
    """2 channels: the cosine, then the sine, of 2 pi times the coordinate "x" or "y"; pictures then tile."""

    axis: str

    def __post_init__(self) -> None:
        if self.axis not in ("x", "y"):
            raise InputError(words.PERIODIC.format(value=shown(self.axis)))

    @property
    def channels(self) -> int:
        return 2

    def __str__(self) -> str:
        return f"periodic({self.axis})"


@dataclass(frozen=True, slots=True)
class Embed:
    """The plane as a slice of a larger space: channels origin + x u + y v, as many as origin has numbers."""

    origin: tuple[float, ...]
    u: tuple[float, ...]
    v: tuple[float, ...]

    def __post_init__(self) -> None:
        for name in ("origin", "u", "v"):
            object.__setattr__(self, name, _vector(f"embed {name}", getattr(self, name)))
        for name in ("u", "v"):
            n = len(getattr(self, name))
            if n != len(self.origin):
                raise InputError(words.EMBED_LENGTH.format(name=name, count=n, wanted=len(self.origin)))

    @property
    def channels(self) -> int:
        return len(self.origin)

    def __str__(self) -> str:
        return f"embed({', '.join(map(_written, (self.origin, self.u, self.v)))})"


@dataclass(frozen=True, slots=True)
class Scaling:
    """No channel: says that x and y run from -size to size over the unit square, that r is of these, and z times it.

    What Ha's CPPN calls its scale. fourier, periodic and embed are of the plane itself all the same.
    """

    size: float

    def __post_init__(self) -> None:
        object.__setattr__(self, "size", number(self.size, "scale", least=0))

    @property
    def channels(self) -> int:
        return 0

    def __str__(self) -> str:
        return f"scale({plain(self.size)})"


def _written(vector: tuple[float, ...]) -> str:
    return "(" + ", ".join(map(plain, vector)) + (",)" if len(vector) == 1 else ")")


def _vector(what: str, value: object) -> tuple[float, ...]:
    if not isinstance(value, Iterable) or isinstance(value, str | bytes):
        raise InputError(words.NO_VECTOR.format(what=what, value=shown(value)))
    numbers = tuple(number(one, f"{what}[{i}]") for i, one in enumerate(value))
    if not numbers:
        raise InputError(words.NO_NUMBER.format(what=what))
    return numbers


Symmetric = Rosette | Wallpaper
Input = Coordinate | Latent | Fixed | Fourier | Periodic | Embed | Scaling | Symmetric | Expression


@dataclass(frozen=True, slots=True)
class Inputs:
    """The input channels in order, a Scaling last.

    Errors: InputError where there is none, or several Scalings; or a symmetry beside another, or beside what has it
    not.
    """

    parts: tuple[Input, ...]

    def __post_init__(self) -> None:
        object.__setattr__(self, "parts", tuple(self.parts))
        for part in self.parts:
            if not isinstance(part, Input):
                raise InputError(f'inputs {shown(part)}: not an input; try "x y r"')
        scales = tuple(part for part in self.parts if isinstance(part, Scaling))
        object.__setattr__(self, "parts", (*(part for part in self.parts if not isinstance(part, Scaling)), *scales))
        if len(scales) == len(self.parts):
            raise InputError(words.NO_INPUTS)
        if len(scales) > 1:
            raise InputError(words.SCALES)
        self._check_symmetry()

    def _check_symmetry(self) -> None:
        found = [part for part in self.parts if isinstance(part, Symmetric)]
        if not found:
            return
        if len(found) > 1:
            raise InputError(words.SYMMETRIES.format(first=found[0], second=found[1]))
        # a distance from the origin no turn about it changes
        names = ("bias", "r") if isinstance(found[0], Rosette) else ("bias",)
        for part in self.parts:
            if not isinstance(part, Latent | Fixed | Scaling | Symmetric) and not (
                isinstance(part, Coordinate) and part.name in names
            ):
                allowed = "r, bias and z" if len(names) > 1 else "bias and z"
                raise InputError(words.UNSYMMETRIC.format(part=part, symmetry=found[0], allowed=allowed))

    @property
    def symmetry(self) -> Symmetric | None:
        """What makes every picture of these inputs symmetric; None where nothing does."""
        return next((part for part in self.parts if isinstance(part, Symmetric)), None)

    @property
    def channels(self) -> int:
        return sum(part.channels for part in self.parts)

    @property
    def scale(self) -> float | None:
        """Half of what x and y span over the unit square; None where they are the plane's own."""
        last = self.parts[-1]
        return last.size if isinstance(last, Scaling) else None

    def chosen(self, values: tuple[float, ...]) -> Inputs:
        """The same with these latents, in order, in place of what a seed draws. Errors: InputError for another number.

        What draws other inputs, as fourier's waves, is keyed by its place among them, which stays.
        """
        wanted = sum(part.channels for part in self.parts if isinstance(part, Latent | Fixed))
        if len(values) != wanted:
            has = f"{wanted:,}; give as many" if wanted else "none; add z(4) to them"
            raise InputError(f"latents: {len(values):,} numbers are given, these inputs have {has}")
        parts: list[Input] = []
        for part in self.parts:
            if isinstance(part, Latent | Fixed):
                part, values = Fixed(values[: part.channels]), values[part.channels :]
            parts.append(part)
        return Inputs(tuple(parts))

    def scaled(self, size: float) -> Inputs:
        """The same at this scale."""
        return Inputs((*(part for part in self.parts if not isinstance(part, Scaling)), Scaling(size)))

    def __str__(self) -> str:
        return " ".join(map(str, self.parts))


def embed(origin: Iterable[float], u: Iterable[float], v: Iterable[float]) -> Inputs:
    """The plane as the slice origin + x u + y v of a larger input space; three vectors of equal length.

    >>> inputs = nw.embed(origin=(0, 0, 1), u=(1, 0, 0), v=(0, 1, 1))  # a slice of three inputs
    >>> nw.Architecture(nw.conv(10), inputs=inputs)
    Architecture(conv(10), inputs="embed((0, 0, 1), (1, 0, 0), (0, 1, 1))")
    >>> nw.embed((), (), ())
    Traceback (most recent call last):
        ...
    netwarp.errors.InputError: embed origin=(): must hold at least one number
    """
    return Inputs((Embed(_vector("embed origin", origin), _vector("embed u", u), _vector("embed v", v)),))
