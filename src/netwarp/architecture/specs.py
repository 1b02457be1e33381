"""What a layer may be told: its activation, norm, initialiser and distributions; and the input channels.

All are frozen, hashable, and print as the text that reads back equal. Numbers are kept as float, -0 as 0.
Errors: InputError, which names the argument.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from numbers import Real
from typing import Final, Literal

from netwarp import words
from netwarp.activations.registry import NAMES, face
from netwarp.checks import number, plain
from netwarp.errors import InputError, nearest, shown

ACTIVATIONS: Final = NAMES
NORMS: Final = ("spatial", "layer", "none")
INITIALISERS: Final = ("he", "xavier", "lecun", "orthogonal", "normal", "uniform")
INPUTS: Final = ("x", "y", "r", "bias", "z", "fourier", "periodic", "embed")


class Unset(Enum):
    """The type of UNSET, which stands for "inherit the architecture's shared default"."""

    UNSET = "unset"

    def __repr__(self) -> str:
        return "UNSET"


UNSET: Final = Unset.UNSET


@dataclass(frozen=True, slots=True)
class Constant:
    """The same number for every channel."""

    value: float

    def __post_init__(self) -> None:
        object.__setattr__(self, "value", number(self.value, "constant value"))

    def __str__(self) -> str:
        return plain(self.value)


@dataclass(frozen=True, slots=True)
class Normal:
    """A Gaussian, drawn once a channel; `std` is the standard deviation, not the variance."""

    mean: float
    std: float

    def __post_init__(self) -> None:
        object.__setattr__(self, "mean", number(self.mean, "normal mean"))
        object.__setattr__(self, "std", number(self.std, "normal std", least=0))

    def __str__(self) -> str:
        return f"normal({plain(self.mean)}, {plain(self.std)})" if self.mean else f"normal({plain(self.std)})"


@dataclass(frozen=True, slots=True)
class Uniform:
    """Uniform between `low` and `high`, drawn once a channel."""

    low: float
    high: float

    def __post_init__(self) -> None:
        object.__setattr__(self, "low", number(self.low, "uniform low"))
        object.__setattr__(self, "high", number(self.high, "uniform high"))
        if self.low > self.high:
            raise InputError(words.LOW_ABOVE_HIGH.format(low=plain(self.low), high=plain(self.high)))

    def __str__(self) -> str:
        return f"uniform({plain(self.low)}, {plain(self.high)})"


Distribution = Constant | Normal | Uniform


def normal(mean: float, std: float | None = None) -> Normal:
    """`normal(std)` about 0, or `normal(mean, std)`.

    >>> nw.normal(2)
    Normal(mean=0.0, std=2.0)
    >>> nw.normal(1, 0)  # always 1
    Normal(mean=1.0, std=0.0)
    >>> nw.normal(-2)
    Traceback (most recent call last):
        ...
    netwarp.errors.InputError: normal std=-2: must be at least 0
    """
    return Normal(0.0, mean) if std is None else Normal(mean, std)


def uniform(low: float, high: float) -> Uniform:
    """Uniform between `low` and `high`, drawn once a channel.

    >>> nw.uniform(1, 2)
    Uniform(low=1.0, high=2.0)
    >>> nw.uniform(1, 1)  # always 1
    Uniform(low=1.0, high=1.0)
    >>> nw.uniform(2, 1)
    Traceback (most recent call last):
        ...
    netwarp.errors.InputError: uniform low=2: must not be above high=1
    """
    return Uniform(low, high)


def distribution(what: str, value: object) -> Distribution:
    """A number becomes Constant; `what` is "spatial scale", the owner and the argument. Errors: InputError."""
    if isinstance(value, Constant | Normal | Uniform):
        return value
    if not isinstance(value, Real) or isinstance(value, bool):
        raise InputError(words.ANY_DISTRIBUTION.format(what=what, value=shown(value)))
    return Constant(number(value, what))


@dataclass(frozen=True, slots=True)
class Spatial:
    """Each channel to mean 0 and variance 1 over the calibration raster's pixels, then times scale, plus shift."""

    scale: Distribution = Constant(1.0)
    shift: Distribution = Constant(0.0)
    eps: float = 1e-5

    def __post_init__(self) -> None:
        _check_norm("spatial", self)

    def __str__(self) -> str:
        return _norm_text("spatial", self)


@dataclass(frozen=True, slots=True)
class LayerNorm:
    """Each point to mean 0 and variance 1 over its channels, then times scale, plus shift, a channel."""

    scale: Distribution = Constant(1.0)
    shift: Distribution = Constant(0.0)
    eps: float = 1e-5

    def __post_init__(self) -> None:
        _check_norm("layer", self)

    def __str__(self) -> str:
        return _norm_text("layer", self)


def spatial(scale: Distribution | float = 1.0, shift: Distribution | float = 0.0, *, eps: float = 1e-5) -> Spatial:
    """Each channel to mean 0 and variance 1 over the calibration raster's pixels, then times `scale`, plus `shift`.

    >>> str(nw.spatial(scale=3, shift=nw.normal(2)))
    'spatial(scale=3, shift=normal(2))'
    >>> nw.spatial(eps=-1)
    Traceback (most recent call last):
        ...
    netwarp.errors.InputError: spatial eps=-1: must be at least 0
    """
    return Spatial(distribution("spatial scale", scale), distribution("spatial shift", shift), eps)


def layer_norm(scale: Distribution | float = 1.0, shift: Distribution | float = 0.0, *, eps: float = 1e-5) -> LayerNorm:
    """Each point to mean 0 and variance 1 over its channels, then times `scale`, plus `shift`.

    >>> str(nw.layer_norm(scale=2))
    'layer(scale=2)'
    >>> nw.layer_norm(scale="large")
    Traceback (most recent call last):
        ...
    netwarp.errors.InputError: layer scale='large': must be a number, normal(std), ...
    """
    return LayerNorm(distribution("layer scale", scale), distribution("layer shift", shift), eps)


def _check_norm(owner: str, norm: Spatial | LayerNorm) -> None:
    object.__setattr__(norm, "scale", distribution(f"{owner} scale", norm.scale))
    object.__setattr__(norm, "shift", distribution(f"{owner} shift", norm.shift))
    object.__setattr__(norm, "eps", number(norm.eps, f"{owner} eps", least=0))


def _norm_text(owner: str, norm: Spatial | LayerNorm) -> str:
    parts = [f"scale={norm.scale}"] if norm.scale != Constant(1.0) else []
    parts += [f"shift={norm.shift}"] if norm.shift != Constant(0.0) else []
    parts += [f"eps={plain(norm.eps)}"] if norm.eps != 1e-5 else []
    return f"{owner}({', '.join(parts)})"


@dataclass(frozen=True, slots=True)
class Activation:
    """A name of ACTIVATIONS; `parameter` is what its face says: leaky's slope (or "random"), sin's omega, else None."""

    name: str
    parameter: float | Literal["random"] | None = None

    def __post_init__(self) -> None:
        if self.name not in ACTIVATIONS:
            near = nearest(shown(self.name), ACTIVATIONS) or '; try "relu"'
            raise InputError(f"activation {shown(self.name)}: not a known name{near}")
        known = face(self.name).parameter
        if known is None or known.learned:
            if self.parameter is not None:
                raise InputError(f"activation {self.name}: takes no parameter, not {shown(self.parameter)}")
        elif self.parameter is None:
            object.__setattr__(self, "parameter", known.default)
        elif self.parameter != "random" or known.random is None:
            object.__setattr__(self, "parameter", number(self.parameter, f"{self.name} {known.name}"))

    def __str__(self) -> str:
        known = face(self.name).parameter
        if known is None or self.parameter in (None, known.default):
            return self.name
        return f"{self.name}({self.parameter if isinstance(self.parameter, str) else plain(self.parameter)})"


@dataclass(frozen=True, slots=True)
class Initialiser:
    """How weights are drawn, with fan_in and fan_out counted over the window; `bias` is the distribution of biases.

    Gaussian with std: he gain sqrt(2 / fan_in), xavier gain sqrt(2 / (fan_in + fan_out)), lecun gain sqrt(1 / fan_in),
    normal gain * parameter. uniform: between -gain * parameter and gain * parameter. orthogonal: orthonormal * gain.
    """

    name: str
    parameter: float | None = None
    gain: float = 1.0
    bias: Distribution = Constant(0.0)

    def __post_init__(self) -> None:
        if self.name not in INITIALISERS:
            near = nearest(shown(self.name), INITIALISERS) or '; try "he"'
            raise InputError(f"initialiser {shown(self.name)}: not a known name{near}")
        if self.name in ("normal", "uniform"):
            what = "normal std" if self.name == "normal" else "uniform a"
            object.__setattr__(self, "parameter", number(self.parameter, what, least=0))
        elif self.parameter is not None:
            raise InputError(f"initialiser {self.name}: takes only gain and bias, not {shown(self.parameter)}")
        object.__setattr__(self, "gain", number(self.gain, f"{self.name} gain"))
        object.__setattr__(self, "bias", distribution(f"{self.name} bias", self.bias))

    def __str__(self) -> str:
        parts = [plain(self.parameter)] if self.parameter is not None else []
        parts += [f"gain={plain(self.gain)}"] if self.gain != 1.0 else []
        parts += [f"bias={self.bias}"] if self.bias != Constant(0.0) else []
        return f"{self.name}({', '.join(parts)})" if parts else self.name
