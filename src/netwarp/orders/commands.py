"""The command line and the Python that draw one picture, as text to copy. Both give the picture, not one like it."""

from __future__ import annotations

import shlex
from collections.abc import Mapping

from netwarp.plane import Raster

CALIBRATION = Raster()


def command(*words: str) -> str:
    """`netwarp ...`, quoted for a POSIX shell."""
    return shlex.join(["netwarp", *words])


def command_line(
    arch: str, changes: Mapping[str, str], seed: int, raster: Raster, file: str, *, colour: str | None = None
) -> str:
    """`netwarp draw ...`, quoted for a POSIX shell; of the default plane, and colours unless `colour` is given."""
    words = ["draw", arch]
    for name, text in changes.items():
        words += [f"--{name}", text]
    words += ["--seed", str(seed)]
    if raster != CALIBRATION:
        words += ["--size", f"{raster.columns}x{raster.rows}"]
    if colour is not None:
        words += ["--colour", colour]
    return command(*words, "-o", file)


def regions_command(arch: str, seed: int, raster: Raster, file: str) -> str:
    """`netwarp regions ...` that draws the cells into `file`, an SVG of the raster's proportions."""
    size = f"{raster.columns}x{raster.rows}"
    return command("regions", arch, "--seed", str(seed), "--size", size, "--svg", file)


def regions_python(text: str, seed: int) -> str:
    """A script that counts the regions of the architecture whose text this is."""
    return "\n".join(
        [
            "import netwarp as nw",
            "",
            f"arch = nw.parse({literal(text)})",
            f"field = nw.Network.draw(arch, seed={seed}).calibrate({_raster(CALIBRATION)})",
            "cells = field.tessellate()",
            'print(len(cells), "activation regions,", cells.merge().count, "linear regions")',
            'print("boundaries of length", cells.boundary_length)',
        ]
    )


def python(
    text: str, changes: Mapping[str, str], seed: int, raster: Raster, file: str, *, colour: str | None = None
) -> str:
    """A script that draws the architecture whose text this is; the raster's plane and `colour` as in `command_line`."""
    coloured = f"colour={literal(colour or 'lab')}"
    options = "".join(f", {name}={literal(value)}" for name, value in changes.items())
    lines = [
        "import netwarp as nw",
        "",
        f"arch = nw.parse({literal(text)}{options})",
        f"field = nw.Network.draw(arch, seed={seed}).calibrate({_raster(CALIBRATION)})",
    ]
    if raster == CALIBRATION:
        lines += ["samples = field.sample(field.raster)", f"tone = nw.Tone.fit(samples, {coloured})"]
    else:
        lines += [
            f"tone = nw.Tone.fit(field.sample(field.raster), {coloured})",
            f"samples = field.sample({_raster(raster)})",
        ]
    return "\n".join([*lines, f"nw.paint(samples, tone).save({literal(file)})"])


def slope_python(channel: int, raster: Raster, file: str) -> str:
    """A script that paints one channel of the slope image."""
    return "\n".join(
        [
            "import netwarp as nw",
            "",
            f"samples = {_raster(raster)}.slope()[{channel}:{channel + 1}]",
            f'nw.paint(samples, nw.Tone.fit(samples, colour="gray")).save({literal(file)})',
        ]
    )


def python_line(script: str) -> str:
    """A script of simple statements as one command line."""
    return shlex.join(["python", "-c", "; ".join(line for line in script.splitlines() if line)])


def literal(text: str) -> str:
    """A Python literal of the text, in double quotes where that needs no escape."""
    return repr(text) if '"' in text or not text.isprintable() or "\\" in text else f'"{text}"'


def _raster(raster: Raster) -> str:
    return f"nw.Raster(columns={raster.columns}, rows={raster.rows})"
