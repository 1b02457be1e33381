"""The command line and the Python that draw one picture, as text to copy. Both give the picture, not one like it."""

from __future__ import annotations

import shlex
from collections.abc import Mapping

from netwarp.plane import Plane, Raster

CALIBRATION = Raster()


def command(*words: str) -> str:
    """`netwarp ...`, quoted for a POSIX shell."""
    return shlex.join(["netwarp", *words])


def draw_command(
    arch: str,
    file: str,
    changes: Mapping[str, str] | None = None,
    *,
    seed: int | None = None,
    raster: Raster = CALIBRATION,
    plane: str | None = None,
    calibrate: str | None = None,
    contrast: str | None = None,
    colour: str | None = None,
    y: str | None = None,
) -> str:
    """`netwarp draw ...` into `file`; what is as by default, or None, is not said.

    `plane` and `calibrate` are the options' texts.
    """
    words = [word for name, text in (changes or {}).items() for word in (f"--{name}", text)]
    size = None if raster == CALIBRATION else f"{raster.columns}x{raster.rows}"
    if size is not None and plane is None:
        # a size alone would make a plane of its proportions
        plane = ends(raster.plane)
    options = {
        "seed": seed,
        "size": size,
        "plane": plane,
        "calibrate": calibrate,
        "contrast": contrast,
        "colour": colour,
        "y": y,
    }
    for name, value in options.items():
        words += [] if value is None else [f"--{name}", str(value)]
    return command("draw", arch, *words, "-o", file)


def ends(plane: Plane) -> str:
    """The text of --plane: X0,X1,Y0,Y1."""
    x0, x1 = plane.x - plane.width / 2, plane.x + plane.width / 2
    y0, y1 = plane.y - plane.height / 2, plane.y + plane.height / 2
    return ",".join(f"{end:g}" for end in (x0, x1, y0, y1))


def calibration(raster: Raster, plane: Plane) -> str:
    """The text of --calibrate: COLUMNSxROWS@X0,X1,Y0,Y1, the plane to its last digit."""
    sides = ((plane.x, plane.width), (plane.y, plane.height))
    exact = [end for centre, side in sides for end in (centre - side / 2, centre + side / 2)]
    return f"{raster.columns}x{raster.rows}@{','.join(map(repr, exact))}"


def regions_command(arch: str, seed: int, raster: Raster, file: str) -> str:
    """`netwarp regions ...` that draws the cells into `file`, an SVG of the raster's proportions."""
    size = f"{raster.columns}x{raster.rows}"
    plane = ends(raster.plane)
    return command("regions", arch, "--seed", str(seed), "--size", size, f"--plane={plane}", "--svg", file)


def script(*lines: str) -> str:
    """A Python script of these lines."""
    return "\n".join(["import netwarp as nw", "", *lines])


def field_lines(text: str, seed: int, changes: Mapping[str, str] | None = None) -> list[str]:
    """Those that make the field of the architecture whose text this is, as `field`."""
    options = "".join(f", {name}={literal(value)}" for name, value in (changes or {}).items())
    return [
        f"arch = nw.parse({literal(text)}{options})",
        f"field = nw.Network.draw(arch, seed={seed}).calibrate({raster_text(CALIBRATION)})",
    ]


def paint_line(file: str, y: str = "down") -> str:
    """That which paints `samples` through `tone` into a file, y growing that way."""
    way = "" if y == "down" else f", y={literal(y)}"
    return f"nw.paint(samples, tone{way}).save({literal(file)})"


def regions_python(text: str, seed: int) -> str:
    """A script that counts the regions of the architecture whose text this is."""
    return script(
        *field_lines(text, seed),
        "cells = field.tessellate()",
        'print(len(cells), "activation regions,", cells.merge().count, "linear regions")',
        'print("boundaries of length", cells.boundary_length)',
    )


def python(
    text: str, file: str, changes: Mapping[str, str], *, seed: int, raster: Raster, colour: str | None = None
) -> str:
    """A script that draws the architecture whose text this is into `file`; in lab unless `colour` is given."""
    coloured = f"colour={literal(colour or 'lab')}"
    if raster == CALIBRATION:
        sampled = ["samples = field.sample(field.raster)", f"tone = nw.Tone.fit(samples, {coloured})"]
    else:
        sampled = [
            f"tone = nw.Tone.fit(field.sample(field.raster), {coloured})",
            f"samples = field.sample({raster_text(raster)})",
        ]
    return script(*field_lines(text, seed, changes), *sampled, paint_line(file))


def slope_python(channel: int, raster: Raster, file: str) -> str:
    """A script that paints one channel of the slope image."""
    return script(
        f"samples = {raster_text(raster)}.slope()[{channel}:{channel + 1}]",
        f'nw.paint(samples, nw.Tone.fit(samples, colour="gray")).save({literal(file)})',
    )


def python_line(text: str) -> str:
    """A script of simple statements as one command line."""
    return shlex.join(["python", "-c", "; ".join(line for line in text.splitlines() if line)])


def literal(text: str) -> str:
    """A Python literal of the text, in double quotes where that needs no escape."""
    return repr(text) if '"' in text or not text.isprintable() or "\\" in text else f'"{text}"'


def plane_text(plane: Plane) -> str:
    """A plane in Python, to its last digit."""
    x, y = (repr(value) if isinstance(value, float) else literal(value) for value in plane.centre)
    return f"nw.Plane(x={x}, y={y}, width={plane.width!r}, height={plane.height!r})"


def raster_text(raster: Raster, plane: str = "") -> str:
    """A raster of the default plane in Python, or of the plane whose text this is."""
    return f"nw.Raster(columns={raster.columns}, rows={raster.rows}{plane and f', plane={plane}'})"
