"""Network: an Architecture with its weights, drawn from a seed or loaded from a file."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, BinaryIO, assert_never, get_args

from netwarp.architecture.architecture import Architecture
from netwarp.architecture.specs import Activation
from netwarp.checks import instance
from netwarp.errors import InputError, LimitError, NetwarpError
from netwarp.network import npz
from netwarp.network.draw import check, draw, kept
from netwarp.network.family import read_family
from netwarp.network.folding import folding, sawtooth
from netwarp.network.graph import parameters, with_parameters
from netwarp.network.kinds import check_npz
from netwarp.network.make import change, made
from netwarp.network.plain import checked_plain, outputs
from netwarp.network.plain_arrays import in_own_names
from netwarp.network.program import Array
from netwarp.network.source import SEED, Changed, Drawn, Graph, Made, Plain, Source, Weighted
from netwarp.network.stored import from_arrays, to_arrays
from netwarp.plane import Raster
from netwarp.progress import Progress

if TYPE_CHECKING:
    from netwarp.fields.field import Field


@dataclass(frozen=True, eq=False)
class Network:
    """A source, which says where the numbers come from, and its parameters: name -> float64 array, read-only.

    Of an architecture, Drawn from a seed, Made of networks that were, or Weighted, the names are "PATH.NAME". A Plain
    network has no architecture; its parameters are W0, b0, W1, b1, ..., and its numbers are never rounded. Those of
    a Graph are in its program, and are not given again: they are "NUMBER.NAME", of the operation of that number.
    Errors: InputError naming the array that is missing, foreign, of a wrong shape or not finite.

    >>> net = nw.Network.draw(nw.parse("conv(10) * 10"), seed=7)
    >>> net
    Network(source=Drawn(architecture=Architecture(conv(10) * 10), seed=7))
    >>> net.parameters["0.weight"].shape
    (10, 2, 1, 1)
    >>> nw.Network.draw("conv(10)", seed=7)
    Traceback (most recent call last):
        ...
    netwarp.errors.InputError: architecture='conv(10)': must be an Architecture; a text goes through parse first
    """

    source: Source
    parameters: Mapping[str, Array] = field(default_factory=dict, repr=False)

    def __post_init__(self) -> None:
        kinds = " or ".join(kind.__name__ for kind in get_args(Source))
        instance(self.source, get_args(Source), "network source", f"{kinds}; Network.draw makes one")
        given = {name: kept(array, f"array {name!r}") for name, array in self.parameters.items()}
        match self.source:
            case Drawn(architecture) | Weighted(architecture) | Made(architecture=architecture):
                check(architecture, given)
            case Plain() as plain:
                given = checked_plain(given, plain.after, len(plain.features))
            case Graph(program):
                if given:
                    raise InputError(f"array {next(iter(given))!r}: a graph's program has its numbers; leave it out")
                given = parameters(program)
            case _:
                assert_never(self.source)
        object.__setattr__(self, "parameters", MappingProxyType(given))

    def __reduce__(self) -> tuple[type[Network], tuple[Source, dict[str, Array]]]:
        # pickled as what it is made of: a read-only mapping has no pickle of its own
        return Network, (self.source, {} if isinstance(self.source, Graph) else dict(self.parameters))

    @property
    def architecture(self) -> Architecture | None:
        """The architecture; None of a Plain network, which has none."""
        return self.source.architecture if isinstance(self.source, Drawn | Weighted | Made) else None

    @property
    def text(self) -> str | None:
        """The architecture's canonical text; None where there is no architecture."""
        return None if self.architecture is None else str(self.architecture)

    @property
    def channels(self) -> int:
        """How many numbers the network gives at a point."""
        match self.source:
            case Drawn(architecture) | Weighted(architecture) | Made(architecture=architecture):
                return architecture.out
            case Plain():
                return outputs(self.parameters)
            case Graph(program):
                return program.channels
            case _:
                assert_never(self.source)

    @property
    def seed(self) -> int | None:
        """The seed that the parameters were drawn from; None where they were not."""
        return self.source.seed if isinstance(self.source, Drawn) else None

    @property
    def activation(self) -> Activation | None:
        """What follows each layer of a Plain network but the last; None where these differ, and of any other."""
        said = self.source.activation if isinstance(self.source, Plain) else None
        return None if isinstance(said, tuple) else said

    @classmethod
    def draw(cls, architecture: Architecture, seed: int = SEED) -> Network:
        """The network that this seed gives, the same everywhere. Errors: InputError; LimitError for one too large."""
        source = Drawn(architecture, seed)
        drawn = draw(architecture, source.seed)
        for array in drawn.values():
            array.setflags(write=False)
        # what was just drawn need not be checked against what it was drawn by
        network = object.__new__(cls)
        object.__setattr__(network, "source", source)
        object.__setattr__(network, "parameters", MappingProxyType(drawn))
        return network

    @classmethod
    def made(cls, source: Made) -> Network:
        """The network that was made so, of parents drawn anew; network.make says how. Errors: InputError, LimitError.

        >>> from netwarp.network.source import Between, Drawn, Made
        >>> first, second = (Drawn(nw.parse("conv(10)"), seed) for seed in (1, 2))
        >>> nw.Network.made(Made(Between(0.5), (first, second))).text
        'conv(10)'
        """
        return cls(source, made(source))

    @classmethod
    def bred(cls, architecture: Architecture, family: str) -> Network:
        """The network that the text of a family says, of this architecture. Errors: InputError, LimitError.

        Steps with spaces between, counted from 0; the last is the network: a seed, the mutant of a step by a seed, as
        0_7, or the cross of two, as 0*1_5; a third part is the strength, 0.2 of mutants and 0 of crosses unless said;
        or a step with another number, as 0:0.weight[3,1,0,0]=0.5.

        >>> nw.Network.bred(nw.parse("conv(10)"), "9 0_7 4 1*2_5_0.1").text
        'conv(10)'
        >>> nw.Network.bred(nw.parse("conv(10)"), "9 1_7")
        Traceback (most recent call last):
            ...
        netwarp.errors.InputError: bred step 1, '1_7': there is no step 1 before it; steps count from 0
        """
        source = read_family(family, architecture)
        return cls.draw(architecture, source.seed) if isinstance(source, Drawn) else cls.made(source)

    def nudged(self, array: str, place: tuple[int, ...], value: float) -> Network:
        """The network with `value` in this place of this array of its parameters, and nothing else changed.

        Spatial norms are calibrated anew, as those of any network are: what the number changes is then the function
        that this network's file or recipe says. Of one that is drawn or made the source says the change, so that a
        recipe, `bred` and a file carry it in a few bytes. Errors: InputError where there is no such number.

        >>> net = nw.Network.draw(nw.parse("conv(10)"), seed=7)
        >>> net.nudged("0.weight", (3, 1, 0, 0), 0.5).parameters["0.weight"][3, 1, 0, 0]
        np.float64(0.5)
        >>> net.nudged("0.weight", (10, 0, 0, 0), 0.5)
        Traceback (most recent call last):
            ...
        netwarp.errors.InputError: 0.weight[10,0,0,0]: there is no such number; the last one is 0.weight[9,1,0,0]
        """
        how = Changed(array, place, value)
        changed = change(self.parameters, how)
        match self.source:
            case Drawn() | Made() as source:
                return Network(Made(how, (source,)), changed)
            case Graph(program):
                return Network(Graph(with_parameters(program, changed)))
            case source:
                return Network(source, changed)

    @classmethod
    def folding(cls, depth: int, width: int) -> Network:
        """The ReLU network of Montúfar et al. that folds [0, 1]^2: exactly (ceil(w/2) floor(w/2))^depth regions there.

        A plain network without a seed; network.folding says how it is made. Errors: InputError, LimitError.
        """
        return cls(Plain(Activation("relu")), folding(depth, width))

    @classmethod
    def sawtooth(cls, depth: int) -> Network:
        """The ReLU network of Telgarsky whose output is a triangle wave of x, of 2^depth sides on [0, 1].

        A plain network without a seed; network.folding says how it is made. Errors: InputError, LimitError.
        """
        return cls(Plain(Activation("relu")), sawtooth(depth))

    @classmethod
    def load(
        cls, source: str | Path | BinaryIO, *, activation: Activation | str | Sequence[Activation | str] | None = None
    ) -> Network:
        """The network of an .npz file: what `save` wrote, or plain W0 (out, in), b0, W1, b1, ...

        Of a plain network every layer but the last is followed by `activation` (what the file's array of this name
        says, else relu): one for all, or one a layer; the last is followed by what `output_activation` says. A missing
        b is zeros. The state_dict of a torch.nn.Sequential, 0.weight, 0.bias, 2.weight, ..., is a plain network too.
        More than two inputs need origin, u, v (in,) in the file: the plane as the slice origin + x u + y v.
        Errors: InputError, or LimitError above 1 GiB, naming the file and the array. Nothing is ever unpickled.
        """
        name = npz.file_name(source)
        if isinstance(source, str | Path) and Path(source).exists():
            check_npz(Path(source))
        arrays = npz.read(source)
        try:
            return cls.of_arrays(arrays, activation=activation)
        except NetwarpError as error:
            raise (LimitError if isinstance(error, LimitError) else InputError)(f"{name}: {error}") from error

    @classmethod
    def of_arrays(
        cls,
        arrays: npz.Arrays,
        *,
        activation: Activation | str | Sequence[Activation | str] | None = None,
    ) -> Network:
        """The network of an .npz file's arrays, as `load` reads it. Errors: InputError naming the array; LimitError."""
        source, parameters = from_arrays(dict(arrays), activation)
        try:
            return cls(source, parameters)
        except InputError as error:
            told = in_own_names(str(error), arrays)
            if told == str(error):
                raise
            raise (LimitError if isinstance(error, LimitError) else InputError)(told) from error

    def save(self, target: str | Path | BinaryIO) -> None:
        """Writes an .npz file that `load` reads back exactly; a file is never left half written. Errors: InputError."""
        npz.write(target, to_arrays(self.source, self.parameters))

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
        """fields.calibration.calibrate: the network with its spatial statistics frozen on the raster (600x400)."""
        from netwarp.fields.calibration import calibrate

        return calibrate(self, Raster() if raster is None else raster, engine=engine, progress=progress)
