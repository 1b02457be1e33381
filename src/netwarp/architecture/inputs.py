"""The input channels: what a point (x, y) of the plane is turned into before the first layer.

Frozen, hashable; they print as the text that reads back equal. Errors: InputError.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from netwarp import words
from netwarp.checks import number, plain, whole
from netwarp.errors import InputError, shown

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
    """n constant channels, drawn from the seed."""

    n: int

    def __post_init__(self) -> None:
        object.__setattr__(self, "n", whole(self.n, "z n", example="z(4)"))

    @property
    def channels(self) -> int:
        return self.n

    def __str__(self) -> str:
        return f"z({self.n})"


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
        vectors = (
            "(" + ", ".join(map(plain, v)) + (",)" if len(v) == 1 else ")") for v in (self.origin, self.u, self.v)
        )
        return f"embed({', '.join(vectors)})"


def _vector(what: str, value: object) -> tuple[float, ...]:
    if not isinstance(value, Iterable) or isinstance(value, str | bytes):
        raise InputError(words.NO_VECTOR.format(what=what, value=shown(value)))
    numbers = tuple(number(one, f"{what}[{i}]") for i, one in enumerate(value))
    if not numbers:
        raise InputError(words.NO_NUMBER.format(what=what))
    return numbers


Input = Coordinate | Latent | Fourier | Periodic | Embed


@dataclass(frozen=True, slots=True)
class Inputs:
    """The input channels in order. Errors: InputError where there is none."""

    parts: tuple[Input, ...]

    def __post_init__(self) -> None:
        object.__setattr__(self, "parts", tuple(self.parts))
        if not self.parts:
            raise InputError(words.NO_INPUTS)
        for part in self.parts:
            if not isinstance(part, Coordinate | Latent | Fourier | Periodic | Embed):
                raise InputError(f'inputs {shown(part)}: not an input; try "x y r"')

    @property
    def channels(self) -> int:
        return sum(part.channels for part in self.parts)

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
