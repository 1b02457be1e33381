"""The options that several commands share: what is drawn, and the shared defaults of its architecture."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from netwarp.cli import completion
from netwarp.cli.values import read_whole

if TYPE_CHECKING:
    from netwarp.orders.slice import Completion
    from netwarp.orders.subject import Subject

_PANEL = "What differs from ARCH"

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
        rich_help_panel=_PANEL,
    ),
]
Norm = Annotated[
    str | None,
    typer.Option(
        "--norm",
        metavar="NORM",
        help="spatial, layer or none, or in full: 'spatial(scale=3, shift=normal(2))'.",
        autocompletion=completion.norms,
        rich_help_panel=_PANEL,
    ),
]
Scale = Annotated[
    str | None,
    typer.Option(
        "--scale",
        metavar="D",
        help="Scale of the norm: 3, 'normal(1, 0.5)' or 'uniform(1, 4)'.",
        rich_help_panel=_PANEL,
    ),
]
Shift = Annotated[
    str | None,
    typer.Option("--shift", metavar="D", help="Shift of the norm: 0, 'normal(2)', ...", rich_help_panel=_PANEL),
]
Init = Annotated[
    str | None,
    typer.Option(
        "--init",
        metavar="NAME",
        help="Weights: he, xavier, lecun, orthogonal, 'normal(0.1)', 'he(gain=2)', ...",
        autocompletion=completion.initialisers,
        rich_help_panel=_PANEL,
    ),
]
Inputs = Annotated[
    str | None,
    typer.Option(
        "--inputs",
        metavar="TEXT",
        help="Input channels: 'x y', 'x y r bias', 'z(4)', 'fourier(16, 4)', 'periodic(x) periodic(y)'.",
        rich_help_panel=_PANEL,
    ),
]
Out = Annotated[
    str | None,
    typer.Option(
        "--out-channels",
        metavar="K",
        help="Output channels: 3 make a colour picture, others are shown through a colour map.",
        rich_help_panel=_PANEL,
    ),
]
Json = Annotated[bool, typer.Option("--json", help="Exactly one JSON object on standard output.")]


def subject(
    arch: str,
    act: str | None,
    norm: str | None,
    scale: str | None,
    shift: str | None,
    init: str | None,
    inputs: str | None,
    out_channels: str | None,
    *,
    plain: Completion | None = None,
) -> Subject:
    """The Subject that ARCH names, with what the options change; `plain` is what an NPZ of plain weights leaves open.

    Errors: NetwarpError.
    """
    from netwarp.orders.slice import read_plain
    from netwarp.orders.subject import change, read_subject

    out = None if out_channels is None else read_whole(out_channels, "--out-channels")
    read = read_subject(arch) if plain is None or not any(plain) else read_plain(arch, plain)
    return change(read, act=act, norm=norm, scale=scale, shift=shift, init=init, inputs=inputs, out=out)
