"""The command line and the Python that draw one picture, as text to copy. Both give the picture, not one like it."""

from __future__ import annotations

import shlex
from collections.abc import Mapping, Sequence
from math import inf, nextafter

from netwarp.plane import MAX_DIGITS, Plane, Raster

CALIBRATION = Raster()
SIZE = CALIBRATION.columns, CALIBRATION.rows


def command(*words: str) -> str:
    """`netwarp ...`, quoted for a POSIX shell."""
    return shlex.join(["netwarp", *words])


def draw_command(
    arch: str,
    file: str,
    changes: Mapping[str, str] | None = None,
    *,
    seed: int | None = None,
    raster: Raster | None = None,
    plane: str | None = None,
    calibrate: str | None = None,
    contrast: str | None = None,
    colour: str | None = None,
    y: str | None = None,
    of_model: Mapping[str, str | None] | None = None,
) -> str:
    """`netwarp draw ...` into `file`; what is as by default, or None, is not said.

    `plane` and `calibrate` are the options' texts, `of_model` those of a model's file, by name.
    """
    words = [word for name, text in (changes or {}).items() for word in (f"--{name}", text)]
    size = None
    if raster is not None:
        size = None if (raster.columns, raster.rows) == SIZE else f"{raster.columns}x{raster.rows}"
        # by itself draw makes a plane of the picture's proportions
        plane = ends(raster.plane) if plane is None else plane
    options = {
        **(of_model or {}),
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


def measure_command(
    arch: str, measures: Sequence[str], raster: Raster, calibration_raster: Raster, *, seed: int | None = None
) -> str:
    """`netwarp measure ...` of the network of one seed, or of one that no seed draws: every default is written out."""
    words = ["--measures", ",".join(measures), "--size", f"{raster.columns}x{raster.rows}"]
    words += [f"--plane={ends(raster.plane)}"]
    words += ["--calibrate", calibration(calibration_raster, calibration_raster.plane)]
    seeds = [] if seed is None else ["--seeds", f"{seed}..{seed}"]
    return command("measure", arch, *seeds, *words)


def ends(plane: Plane) -> str:
    """The text of --plane: X0,X1,Y0,Y1. Read back it is this plane, to the last bit.

    The ends are floats in their shortest form where some give the plane's centre and sides, and else exact decimals.
    """
    sides = ((plane.centre[0], plane.width), (plane.centre[1], plane.height))
    floats = [_float_ends(centre, side) for centre, side in sides]
    found = floats if all(floats) else [_exact_ends(centre, side) for centre, side in sides]
    return ",".join(end for pair in found for end in pair)


def _float_ends(centre: float | str, side: float) -> tuple[str, ...]:
    """The two floats that have this middle and this distance, those with the shortest texts; none where none have."""
    if isinstance(centre, str):
        return ()
    low, high = (_near(end) for end in (centre - side / 2, centre + side / 2))
    pairs = [(low[a], high[b]) for a in low for b in high if (a + b) / 2 == centre and b - a == side]
    return min(pairs, key=lambda pair: len("".join(pair)), default=())


def _near(end: float) -> dict[float, str]:
    """Floats that an end may have been before the centre and the side were rounded, and their texts."""
    rounded = (float(f"{end:.{digits}g}") for digits in range(1, 18))
    # -0.0 is 0
    return {one: repr(one + 0.0).removesuffix(".0") for one in (*rounded, nextafter(end, -inf), nextafter(end, inf))}


def _exact_ends(centre: float | str, side: float) -> tuple[str, str]:
    from decimal import Context, Decimal

    exactly = Context(prec=2 * MAX_DIGITS)
    middle, half = Decimal(centre), exactly.multiply(Decimal(side), Decimal("0.5"))
    low, high = exactly.subtract(middle, half), exactly.add(middle, half)
    return str(exactly.normalize(low)), str(exactly.normalize(high))


def calibration(raster: Raster, plane: Plane) -> str:
    """The text of --calibrate: COLUMNSxROWS@X0,X1,Y0,Y1, the plane as `ends` writes it."""
    return f"{raster.columns}x{raster.rows}@{ends(plane)}"


def regions_command(arch: str, seed: int, raster: Raster, file: str) -> str:
    """`netwarp regions ...` that draws the cells into `file`, an SVG of the raster's proportions."""
    size = f"{raster.columns}x{raster.rows}"
    plane = ends(raster.plane)
    return command("regions", arch, "--seed", str(seed), "--size", size, f"--plane={plane}", "--svg", file)


def script(*lines: str) -> str:
    """A Python script of these lines; its imports stand on top, each once."""
    imports = dict.fromkeys(line for line in lines if line.startswith(("import ", "from ")))
    return "\n".join(["import netwarp as nw", *imports, "", *(line for line in lines if line not in imports)])


def joined(*scripts: str) -> str:
    """Scripts as one, which runs them in this order."""
    lines = [line for text in scripts for line in text.splitlines() if line not in ("", "import netwarp as nw")]
    return script(*lines)


def field_lines(text: str, seed: int, changes: Mapping[str, str] | None = None, *, bred: str = "") -> list[str]:
    """Those that make the field of the architecture whose text this is, as `field`: of a seed, or `bred`."""
    made = f"bred(arch, {literal(bred)})" if bred else f"draw(arch, seed={seed})"
    options = "".join(f", {name}={literal(value)}" for name, value in (changes or {}).items())
    return [
        f"arch = nw.parse({literal(text)}{options})",
        f"field = nw.Network.{made}.calibrate({raster_text(CALIBRATION)})",
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
