"""The options that commands share, each declared here once: what is drawn, the view, the evaluator, the output."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TypedDict

import typer

from netwarp.cli import completion
from netwarp.cli.values import read_engine, read_numbers, read_plane, read_size, read_whole

if TYPE_CHECKING:
    from netwarp.orders.subject import Subject
    from netwarp.plane import Plane

_CHANGES = "What differs from ARCH"
_FILE = "An NPZ of plain weights W0, b0, W1, b1, ..."

Arch = Annotated[
    str,
    typer.Argument(
        metavar="ARCH",
        help="An architecture such as 'conv(10) * 10', a name of netwarp zoo, a PNG drawn earlier, an NPZ of weights.",
        autocompletion=completion.architectures,
        show_default=False,
    ),
]
Act = Annotated[
    str | None,
    typer.Option(
        "--act",
        metavar="NAME",
        help="Activation: relu, sigmoid, 'sin(30)', 'leaky(random)', ...",
        autocompletion=completion.activations,
        rich_help_panel=_CHANGES,
    ),
]
Norm = Annotated[
    str | None,
    typer.Option(
        "--norm",
        metavar="NORM",
        help="spatial, layer or none, or in full: 'spatial(scale=3, shift=normal(2))'.",
        autocompletion=completion.norms,
        rich_help_panel=_CHANGES,
    ),
]
Scale = Annotated[
    str | None,
    typer.Option(
        "--scale",
        metavar="D",
        help="Scale of the norm: 3, 'normal(1, 0.5)' or 'uniform(1, 4)'.",
        rich_help_panel=_CHANGES,
    ),
]
Shift = Annotated[
    str | None,
    typer.Option("--shift", metavar="D", help="Shift of the norm: 0, 'normal(2)', ...", rich_help_panel=_CHANGES),
]
Init = Annotated[
    str | None,
    typer.Option(
        "--init",
        metavar="NAME",
        help="Weights: he, xavier, lecun, orthogonal, 'normal(0.1)', 'he(gain=2)', ...",
        autocompletion=completion.initialisers,
        rich_help_panel=_CHANGES,
    ),
]
Inputs = Annotated[
    str | None,
    typer.Option(
        "--inputs",
        metavar="TEXT",
        help="Input channels: 'x y', 'x y r bias', 'z(4)', 'fourier(16, 4)', 'periodic(x) periodic(y)'.",
        rich_help_panel=_CHANGES,
    ),
]
OutChannels = Annotated[
    str | None,
    typer.Option(
        "--out-channels",
        metavar="K",
        help="Output channels: 3 make a colour picture, others are shown through a colour map.",
        rich_help_panel=_CHANGES,
    ),
]
Activation = Annotated[
    str | None,
    typer.Option(
        "--activation",
        metavar="NAME",
        help="After every layer but the last: relu unless given.",
        autocompletion=completion.activations,
        rich_help_panel=_FILE,
    ),
]
Origin = Annotated[
    str | None,
    typer.Option(
        "--origin", metavar="A,B,...", help="More than two inputs are origin + x u + y v.", rich_help_panel=_FILE
    ),
]
AlongX = Annotated[str | None, typer.Option("--u", metavar="A,B,...", help="See --origin.", rich_help_panel=_FILE)]
AlongY = Annotated[str | None, typer.Option("--v", metavar="A,B,...", help="See --origin.", rich_help_panel=_FILE)]
Seed = Annotated[str | None, typer.Option("--seed", metavar="N", help="0 unless given.", show_default=False)]
Seeds = Annotated[str, typer.Option("--seeds", metavar="N", help="How many: 32 is 0..31. Or which: 8..15 or 3,5,9.")]
_SIZE = typer.Option("--size", metavar="COLUMNSxROWS", help="Pixels that are drawn, or points that are measured.")
Size = Annotated[str, _SIZE]
View = Annotated[
    str | None,
    typer.Option("--plane", metavar="X0,X1,Y0,Y1", help="The part of the plane: -0.5,0.5,-0.5,0.5 unless given."),
]
Calibrate = Annotated[
    str | None,
    typer.Option("--calibrate", metavar="COLUMNSxROWS", help="Where statistics are taken: 600x400 unless given."),
]
Engine = Annotated[
    str,
    typer.Option(
        "--engine",
        metavar="NAME",
        help="native, torch, exact (from the exact regions) or auto (native or exact).",
        autocompletion=completion.engines,
    ),
]
Device = Annotated[
    str | None,
    typer.Option("--device", metavar="NAME", help="cpu or cuda, for torch.", autocompletion=completion.devices),
]
Precision = Annotated[
    str | None,
    typer.Option("--dtype", metavar="NAME", help="auto, float32 or float64.", autocompletion=completion.dtypes),
]
Measures = Annotated[
    str | None,
    typer.Option(
        "--measures",
        metavar="A,B|all",
        help="Names of netwarp measures; all that apply unless given.",
        autocompletion=completion.measures,
    ),
]
Folder = Annotated[Path | None, typer.Option("--out", metavar="FOLDER", help="Write a page with pictures and plots.")]
Csv = Annotated[Path | None, typer.Option("--csv", metavar="FILE", help="Write the table with all digits.")]
Json = Annotated[bool, typer.Option("--json", help="Exactly one JSON object on standard output.")]


@dataclass(frozen=True, slots=True)
class ChangeOptions:
    """The shared defaults of an architecture, where they are to be others than its own."""

    act: Act = None
    norm: Norm = None
    scale: Scale = None
    shift: Shift = None
    init: Init = None
    inputs: Inputs = None
    out_channels: OutChannels = None

    def of(self, subject: Subject) -> Subject:
        """The Subject with what is changed. Errors: NetwarpError."""
        from netwarp.orders.subject import change

        return change(
            subject,
            act=self.act,
            norm=self.norm,
            scale=self.scale,
            shift=self.shift,
            init=self.init,
            inputs=self.inputs,
            out=None if self.out_channels is None else read_whole(self.out_channels, "--out-channels"),
        )


@dataclass(frozen=True, slots=True)
class FileOptions:
    """What a file of plain weights leaves open."""

    activation: Activation = None
    origin: Origin = None
    u: AlongX = None
    v: AlongY = None

    def read(self, arch: str) -> Subject:
        """The Subject that ARCH names. Errors: NetwarpError, where it is no such file and one of these is given."""
        from netwarp.orders.slice import Completion, read_plain
        from netwarp.orders.subject import read_subject

        numbers = {
            name: None if text is None else read_numbers(text, f"--{name}")
            for name, text in (("origin", self.origin), ("u", self.u), ("v", self.v))
        }
        plain = Completion(self.activation, **numbers)
        return read_plain(arch, plain) if any(plain) else read_subject(arch)


@dataclass(frozen=True, slots=True)
class SubjectOptions:
    """What is drawn, measured or explored: ARCH, what is to differ from it, and what completes it where it is a file.

    Whatever a new option makes of a subject, every command can with one field here.
    """

    arch: Arch
    changes: ChangeOptions
    file: FileOptions

    def read(self) -> Subject:
        """Errors: NetwarpError."""
        return self.changes.of(self.file.read(self.arch))


class Seen(TypedDict):
    """What ViewOptions say, as the library takes it: None where nothing is said."""

    size: tuple[int, int] | None
    plane: Plane | None
    calibration: tuple[int, int] | None


@dataclass(frozen=True, slots=True)
class ViewOptions:
    """The view: how many points of which part of the plane, and where statistics are taken."""

    size: Annotated[str | None, _SIZE] = None
    plane: View = None
    calibrate: Calibrate = None

    def read(self) -> Seen:
        """Errors: InputError, LimitError."""
        return {
            "size": None if self.size is None else read_size(self.size),
            "plane": None if self.plane is None else read_plane(self.plane),
            "calibration": None if self.calibrate is None else read_size(self.calibrate, "--calibrate"),
        }


@dataclass(frozen=True, slots=True)
class EngineOptions:
    """Who evaluates, on what device, in which arithmetic."""

    engine: Engine = "native"
    device: Device = None
    dtype: Precision = None

    def read(self) -> str:
        """The engine's name as the library knows it, as "torch:cuda". Errors: InputError."""
        return read_engine(self.engine, self.device)
