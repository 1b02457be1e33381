"""The options that commands share, each declared here once: what is drawn, the view, the evaluator, the output."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, ClassVar, TypedDict

from netwarp.cli import completion
from netwarp.cli.groups import argument, flag, option
from netwarp.cli.screen import note
from netwarp.cli.values import (
    read_calibration,
    read_engine,
    read_list,
    read_numbers,
    read_plane,
    read_size,
    read_whole,
    shown,
)
from netwarp.errors import InputError

if TYPE_CHECKING:
    from netwarp.models.data import Data
    from netwarp.orders.subject import Subject
    from netwarp.picture.colouring import Colouring
    from netwarp.plane import Calibration, Plane

Text = str | None
Init = Annotated[
    Text,
    option(
        "--init",
        "NAME",
        "Weights: he, xavier, lecun, orthogonal, 'normal(0.1)', 'he(gain=2)', ...",
        completion.initialisers,
    ),
]
Inputs = Annotated[
    Text,
    option(
        "--inputs",
        "TEXT",
        "Input channels: 'x y r z(4)', 'x*y sin(3*x)', 'fourier(16, 4)'; symmetric: 'rotate(5)', 'wallpaper(p4m)'.",
    ),
]
Seed = Annotated[Text, option("--seed", "N", "The seed, a whole number or a word: 9 unless given.")]
Seeds = Annotated[str, option("--seeds", "N", "How many seeds: 32 means 0..31. Or which seeds: 8..15 or 3,5,9.")]
_SIZE = option("--size", "COLUMNSxROWS", "How many pixels to draw, or points to measure.")
Size = Annotated[str, _SIZE]
Measures = Annotated[
    Text,
    option("--measures", "A,B|all", "Names from netwarp measures; all that apply unless given.", completion.measures),
]
Engine = Annotated[
    str,
    option(
        "--engine",
        "NAME",
        "What evaluates: native, torch, exact (fills the exact regions) or auto (native or exact).",
        completion.engines,
    ),
]
Folder = Annotated[Path | None, option("--out", "FOLDER", "Write a page with pictures and plots.")]
Csv = Annotated[Path | None, option("--csv", "FILE", "Write the table as CSV, with all digits.")]
WayOfY = Annotated[
    Text, option("--y", "WAY", "How y grows in pictures: up, as for a model's file, or down.", completion.ways)
]
Axes = Annotated[bool, flag("--axes", "Draw axes around it, in the units of the plane or of a model's inputs.")]
Json = Annotated[bool, flag("--json", "Print one JSON object on standard output, and nothing else.")]


@dataclass(frozen=True, slots=True)
class ChangeOptions:
    """The shared defaults of an architecture, where they are to be others than its own."""

    act: Annotated[
        Text,
        option("--act", "NAME", "Activation: relu, sigmoid, 'sin(30)', 'leaky(random)', ...", completion.activations),
    ] = None
    norm: Annotated[
        Text,
        option(
            "--norm",
            "NORM",
            "Normalisation: spatial, layer or none, or in full 'spatial(scale=3, shift=normal(2))'.",
            completion.norms,
        ),
    ] = None
    scale: Annotated[Text, option("--scale", "D", "Scale of the norm: 3, 'normal(1, 0.5)' or 'uniform(1, 4)'.")] = None
    shift: Annotated[Text, option("--shift", "D", "Shift of the norm: 0, 'normal(2)', ...")] = None
    init: Init = None
    inputs: Inputs = None
    z: Annotated[
        Text, option("--z", "A,B,...", "Its latents, the inputs z, in place of those that the seed draws: 0.1,-2,...")
    ] = None
    out_channels: Annotated[
        Text,
        option(
            "--out-channels", "K", "Output channels: 3 make a colour picture; for others a colour map shows the first."
        ),
    ] = None
    bred: Annotated[
        Text,
        option(
            "--bred",
            "FAMILY",
            "In place of a seed, how it was made: seeds, mutants as 0_7, crosses as 0*1_5 and single numbers as "
            "0:0.shift[3]=0.5, as in '9 0_7'.",
        ),
    ] = None
    PANEL: ClassVar[str] = "What differs from ARCH"

    def of(self, subject: Subject) -> Subject:
        """The Subject with what is changed. Errors: NetwarpError."""
        from netwarp.orders.breeding import of_family
        from netwarp.orders.subject import change

        changed = change(
            subject,
            act=self.act,
            norm=self.norm,
            scale=self.scale,
            shift=self.shift,
            init=self.init,
            inputs=self.inputs,
            z=None if self.z is None else read_numbers(self.z, "--z"),
            out=None if self.out_channels is None else read_whole(self.out_channels, "--out-channels"),
        )
        return changed if self.bred is None else of_family(changed, self.bred)


@dataclass(frozen=True, slots=True)
class FileOptions:
    """What a file of a model leaves open."""

    activation: Annotated[
        Text,
        option(
            "--activation",
            "NAME",
            "The activation after every layer but the last, or several with commas between, one a layer; one more "
            "follows the last.",
            completion.activations,
        ),
    ] = None
    slice: Annotated[
        Text,
        option(
            "--slice",
            "PLANE",
            "The plane in a space of more inputs: 'features(0, 3, at=median)', 'pca()', 'through(0, 7, 9)', which are "
            "rows of --data, or 'around(0, radius=2)'.",
        ),
    ] = None
    origin: Annotated[Text, option("--origin", "A,B,...", "Or by hand: inputs are origin + x u + y v.")] = None
    u: Annotated[Text, option("--u", "A,B,...", "See --origin.")] = None
    v: Annotated[Text, option("--v", "A,B,...", "See --origin.")] = None
    data: Annotated[
        Text, option("--data", "FILE", "A CSV, or an NPZ with X and y, of what the model reads: it says where to look.")
    ] = None
    label: Annotated[
        Text, option("--label", "NAME", "The column of --data that labels its rows; none: it has no labels.")
    ] = None
    PANEL: ClassVar[str] = "A file of a model: NPZ, ONNX, PT2, safetensors or NNET"

    def read(self, arch: str) -> Subject:
        """The Subject that ARCH names. Errors: NetwarpError, where it is no such file and one of these is given."""
        return self.complete(arch, self.points())

    def complete(self, arch: str, data: Data | None, *, begin: bool = False) -> Subject:
        """As `read`, of data that have been read already. `begin`: a file of more than two inputs of which no plane is
        said begins on one that netwarp chooses."""
        from netwarp.models.arrays import numbers
        from netwarp.models.files import Completion
        from netwarp.models.slice_text import read_slice
        from netwarp.models.sliced import first_slice
        from netwarp.orders.subject import read_subject

        by_hand = (("origin", self.origin), ("u", self.u), ("v", self.v))
        parts = {
            name: numbers(read_numbers(text, f"--{name}"), f"--{name}") for name, text in by_hand if text is not None
        }
        if self.slice is not None and parts:
            raise InputError(f"--slice: says the whole plane; leave out {', '.join(f'--{name}' for name in parts)}")
        chosen = Completion(
            activation=None if self.activation is None else read_list(self.activation, "--activation", "relu,tanh"),
            slice=None if self.slice is None else read_slice(self.slice, data),
            parts=parts,
            data=data,
            first=(lambda shape: first_slice(shape, data)) if begin else None,
        )
        return read_subject(arch, chosen)

    def points(self) -> Data | None:
        """The data set; None where none is given. Errors: NetwarpError."""
        from netwarp.models.reading import read_data

        if self.data is None:
            if self.label is not None:
                raise InputError(f"--label {shown(self.label)}: is a column of --data FILE; add it, or leave it out")
            return None
        return read_data(self.data, label=self.label)


@dataclass(frozen=True, slots=True)
class SubjectOptions:
    """What is drawn, measured or explored: ARCH, what is to differ from it, and what completes it where it is a file.

    Whatever a new option makes of a subject, every command can with one field here.
    """

    arch: Annotated[
        str,
        argument(
            "ARCH",
            "An architecture such as 'conv(10) * 10', a name from netwarp zoo, an older picture, a model's file.",
            completion.architectures,
        ),
    ]
    changes: ChangeOptions
    file: FileOptions

    def read(self, *, begin: bool = False) -> Subject:
        """The Subject, whose notes the command tells when it has done its work. `begin`: as FileOptions.complete's.
        Errors: NetwarpError."""
        return self.changes.of(self.file.complete(self.arch, self.file.points(), begin=begin))


def tell(subject: Subject, view: ViewOptions | None = None) -> None:
    """What was assumed of the subject, on standard error; for a command that succeeded. `view` may say its plane."""
    for line in subject.notes(looked=view is not None and view.plane is not None):
        note(line)


class Seen(TypedDict):
    """What ViewOptions say, as the library takes it: None where nothing is said."""

    size: tuple[int, int] | None
    plane: Plane | None
    calibration: Calibration | None


@dataclass(frozen=True, slots=True)
class ViewOptions:
    """The view: how many points of which part of the plane, and where statistics are taken."""

    size: Annotated[Text, _SIZE] = None
    plane: Annotated[
        Text,
        option(
            "--plane",
            "X0,X1,Y0,Y1",
            "The part of the plane to look at: -0.5,0.5,-0.5,0.5 unless given; tile: what a wallpaper repeats.",
        ),
    ] = None
    calibrate: Annotated[
        Text,
        option(
            "--calibrate",
            "COLUMNSxROWS@PLANE",
            "Where statistics are taken and colours fitted, a size, a plane X0,X1,Y0,Y1 or both: 600x400 on its plane, "
            "unless given.",
        ),
    ] = None

    def read(self, subject: Subject | None = None) -> Seen:
        """The tile of `subject`, where that is asked for, has square pixels unless --size is given.

        Errors: InputError, LimitError.
        """
        size, plane = None if self.size is None else read_size(self.size), None
        if self.plane == "tile" and subject is not None:
            from netwarp.orders.tile import tile_of

            plane, pixels = tile_of(subject)
            size = size or pixels
        elif self.plane is not None:
            plane = read_plane(self.plane)
        return {
            "size": size,
            "plane": plane,
            "calibration": None if self.calibrate is None else read_calibration(self.calibrate),
        }


@dataclass(frozen=True, slots=True)
class ColourOptions:
    """How values become colours."""

    colour: Annotated[
        Text,
        option(
            "--colour",
            "NAME",
            "Of three channels lab, oklab, oklch, lab-clipped, rgb or hsv. Of the first alone gray, a map such as "
            "viridis, 'duotone(#221a54, #ffb27a)' or 'palette(#102030, #c04060, #ffe8c2)'.",
            completion.colours,
        ),
    ] = None
    palette: Annotated[
        Path | None,
        option(
            "--palette", "IMAGE", "In place of --colour: a map through eight colours of an image, from dark to light."
        ),
    ] = None

    dither: Annotated[
        bool,
        flag("--dither", "Dither smooth gradients: 8 bits show no bands, and the file is larger."),
    ] = False

    def read(self, depth: Text = None) -> Colouring:
        """The colouring, with so many bits a colour. Errors: NetwarpError."""
        from netwarp.picture.colouring import Colouring
        from netwarp.picture.palette import palette
        from netwarp.picture.recipe import check_depth

        if self.palette is not None and self.colour is not None:
            raise InputError(f"--colour {shown(self.colour)} and --palette: give one; a palette is a colouring")
        bits = None if depth is None else check_depth(read_whole(depth, "--depth"), "--depth")
        return Colouring(self.colour if self.palette is None else palette(self.palette), self.dither, bits)


@dataclass(frozen=True, slots=True)
class EngineOptions:
    """Who evaluates, on what device, in which arithmetic."""

    engine: Engine = "native"
    device: Annotated[
        Text, option("--device", "NAME", "The device for --engine torch: cpu or cuda.", completion.devices)
    ] = None
    dtype: Annotated[
        Text, option("--dtype", "NAME", "The arithmetic: auto, float32 or float64.", completion.dtypes)
    ] = None

    def read(self) -> str:
        """The engine's name as the library knows it, as "torch:cuda". Errors: InputError."""
        return read_engine(self.engine, self.device)
