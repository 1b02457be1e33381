"""Network: an Architecture with its weights, drawn from a seed or loaded from a file."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from operator import index
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, BinaryIO

import numpy as np
from numpy.typing import NDArray

from netwarp.architecture.architecture import Architecture
from netwarp.architecture.language import parse
from netwarp.architecture.notation import to_activation
from netwarp.architecture.specs import Activation
from netwarp.errors import InputError, LimitError, NetwarpError, shown
from netwarp.network import npz
from netwarp.network.draw import check, draw
from netwarp.network.folding import folding, sawtooth
from netwarp.network.plain import check_plain
from netwarp.plane import Raster
from netwarp.progress import Progress

if TYPE_CHECKING:
    from netwarp.fields.field import Field

Array = NDArray[np.float64]
FORMAT = "netwarp network 1"
SEEDS = 1 << 256  # largest seed: recipes and files hold every one


@dataclass(frozen=True, eq=False)
class Network:
    """An architecture with its parameters, "PATH.NAME" -> float64 array, none of which can be written to.

    `seed` is what they were drawn from, None where they were not. A network loaded from W0, b0, W1, b1, ... has no
    architecture; its parameters keep these names, `activation` follows each of its layers but the last, and its numbers
    are never rounded. Errors: InputError naming the array that is missing, foreign, of a wrong shape or not finite.
    """

    architecture: Architecture | None
    seed: int | None
    parameters: Mapping[str, Array]
    activation: Activation | None = None

    def __post_init__(self) -> None:
        kept = {name: _kept(name, array) for name, array in self.parameters.items()}
        object.__setattr__(self, "parameters", MappingProxyType(kept))
        if self.seed is not None:
            object.__setattr__(self, "seed", _seed(self.seed))
        if self.architecture is None:
            if self.activation is None:
                raise InputError("activation=None: a network without an architecture needs one; try relu")
            check_plain(kept, self.activation)
        elif self.activation is not None:
            raise InputError(f"activation={self.activation}: the architecture says it already; leave it out")
        else:
            check(self.architecture, kept)

    @classmethod
    def draw(cls, architecture: Architecture, seed: int = 0) -> Network:
        """The network that this seed gives, the same everywhere. Errors: InputError; LimitError for one too large."""
        if not isinstance(architecture, Architecture):
            kind = type(architecture).__name__
            raise InputError(f"architecture of type {kind}: must be an Architecture; a text goes through parse first")
        seed = _seed(seed)
        return cls(architecture, seed, draw(architecture, seed))

    @classmethod
    def folding(cls, depth: int, width: int) -> Network:
        """The ReLU network of Montúfar et al. that folds [0, 1]^2: exactly (ceil(w/2) floor(w/2))^depth regions there.

        A plain network without a seed; network.folding says how it is made. Errors: InputError, LimitError.
        """
        return cls(None, None, folding(depth, width), Activation("relu"))

    @classmethod
    def sawtooth(cls, depth: int) -> Network:
        """The ReLU network of Telgarsky whose output is a triangle wave of x, of 2^depth sides on [0, 1].

        A plain network without a seed; network.folding says how it is made. Errors: InputError, LimitError.
        """
        return cls(None, None, sawtooth(depth), Activation("relu"))

    @classmethod
    def load(cls, source: str | Path | BinaryIO, *, activation: Activation | str | None = None) -> Network:
        """The network of an .npz file: what `save` wrote, or plain W0 (out, in), b0, W1, b1, ...

        Of a plain network every layer but the last is followed by `activation` (what the file says, else relu), and
        more than two inputs need origin, u, v (in,) in the file: the plane as the slice origin + x u + y v.
        Errors: InputError, or LimitError above 1 GiB, naming the file and the array. Nothing is ever unpickled.
        """
        name = npz.file_name(source)
        arrays = npz.read(source)
        try:
            if "architecture" in arrays:
                return _own(arrays, activation)
            return _plain(arrays, activation)
        except NetwarpError as error:
            raise (LimitError if isinstance(error, LimitError) else InputError)(f"{name}: {error}") from error

    def save(self, target: str | Path | BinaryIO) -> None:
        """Writes an .npz file that `load` reads back exactly; a file is never left half written. Errors: InputError."""
        head: dict[str, str] = {"format": FORMAT}
        if self.architecture is not None:
            head["architecture"] = str(self.architecture)
        if self.seed is not None:
            head["seed"] = str(self.seed)
        if self.activation is not None:
            head["activation"] = str(self.activation)
        npz.write(target, {name: np.array(text) for name, text in head.items()} | dict(self.parameters))

    def state(self) -> dict[str, Array]:
        """{name: array}, copies that may be written to."""
        return {name: array.copy() for name, array in self.parameters.items()}

    def calibrate(
        self,
        raster: Raster | None = None,
        *,
        engine: str = "native",
        progress: Progress | None = None,
    ) -> Field:
        """field.calibration.calibrate: the network with its spatial statistics frozen on the raster (600x400)."""
        from netwarp.fields.calibration import calibrate

        return calibrate(self, Raster() if raster is None else raster, engine=engine, progress=progress)


def _own(arrays: npz.Arrays, activation: Activation | str | None) -> Network:
    """The network of a file that `save` wrote with an architecture."""
    if activation is not None:
        raise InputError(f"activation={activation}: the file's architecture says it already; leave it out")
    found = _text(arrays, "format")
    if found != FORMAT:
        raise InputError(f"array 'format' says {found[:40]!r}: this netwarp reads {FORMAT!r}")
    architecture = parse(_text(arrays, "architecture"))
    seed: int | None = None
    if "seed" in arrays:
        text = _text(arrays, "seed")
        if len(text) > 40 or not text.removeprefix("-").isdecimal():
            raise InputError(f"array 'seed' says {text[:40]!r}: must be a whole number")
        seed = int(text)
    return Network(architecture, seed, _numbers(arrays))


def _plain(arrays: npz.Arrays, activation: Activation | str | None) -> Network:
    said = _text(arrays, "activation") if "activation" in arrays else "relu"
    if "format" in arrays:
        _text(arrays, "format")
    chosen = to_activation("activation", said if activation is None else activation)
    return Network(None, None, _numbers(arrays), chosen)


def _text(arrays: npz.Arrays, name: str) -> str:
    """A text of the file, taken out of `arrays`."""
    found = arrays.pop(name, None)
    if found is None:
        raise InputError(f"array {name!r} is missing")
    if found.ndim != 0 or found.dtype.kind != "U":
        raise InputError(f"array {name!r} is {found.dtype} of shape {found.shape}: must be a single text")
    return str(found)


def _numbers(arrays: npz.Arrays) -> dict[str, Array]:
    for name, array in arrays.items():
        if array.dtype.kind not in "biuf":
            raise InputError(f"array {name!r} holds text: must be numbers")
    with np.errstate(over="ignore"):  # of a longer float: it becomes infinite, which is refused by name
        return {name: array.astype(np.float64) for name, array in arrays.items()}


def _kept(name: str, array: Array) -> Array:
    try:
        kept = np.array(array, dtype=np.float64, order="C")
    except (TypeError, ValueError) as error:
        raise InputError(f"array {name!r}: must be numbers") from error
    kept.setflags(write=False)
    return kept


def _seed(seed: int) -> int:
    try:
        if isinstance(seed, bool):
            raise TypeError
        number = index(seed)
    except TypeError:
        raise InputError(f"seed={shown(seed)}: must be a whole number") from None
    if abs(number) > SEEDS:
        raise InputError(f"seed={shown(number)}: must be from -2^256 to 2^256")
    return number
