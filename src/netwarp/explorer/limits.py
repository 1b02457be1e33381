"""What a session may ask for: everything typed, pasted, dropped or linked is held against these before it is done."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping
from typing import TYPE_CHECKING

from netwarp import checks
from netwarp.architecture.counts import count, operations
from netwarp.engine.threads import thread_count
from netwarp.engine.work import flops
from netwarp.errors import LimitError, shown
from netwarp.explorer.places import Rectangle
from netwarp.fields.limits import machine_bytes, native_calibration_bytes, positions
from netwarp.network.planar import planar
from netwarp.network.program import Normalise, Program
from netwarp.plane import Plane, Raster

if TYPE_CHECKING:
    from netwarp.architecture.architecture import Architecture

MESSAGE_BYTES = 1 << 18  # of one message from a page
DROP_BYTES = 2 << 20  # of a text or a picture that is dropped
MODEL_BYTES = 64 << 20  # of a model's file that is dropped
INFLATED_BYTES = 64 << 20  # of the arrays in it
SESSIONS = 64  # at once
SESSION_BYTES = 96 << 20  # of Fields and regions that one session keeps
UNITS = 20_000
LAYERS = 500
PARAMETERS = 2_000_000
OUTPUTS = 64
VIEW_PIXELS = 1 << 23  # a page's canvas
DOWNLOAD_PIXELS = 1 << 28
CALIBRATION_BYTES = 1 << 30
SECONDS = 20.0  # of an answer to a page
DOWNLOAD_SECONDS = 600.0
LIGHT_SECONDS = 0.5  # what takes longer waits behind what does not
# in a view this wide nobody sees what lies between a short decimal and the float nearest to it
WIDE = 1e-9
CELLS = 200_000  # regions of a view
# floating-point operations a second that one core does at least: of ten layers of ten in float64, 6e9 were measured
RATE = 3e9


def seconds_of(operations: float) -> float:
    """About how long so many floating-point operations take here: an upper estimate, by counts alone."""
    return operations / (RATE * min(thread_count(), 16))


def check_architecture(architecture: Architecture, raster: Raster) -> float:
    """About how many seconds drawing and calibrating takes. Errors: LimitError with the estimate, where too many.

    Every operation counts, and the halo that kernels and pools reach into.
    """
    counts = count(architecture)
    for name, found, most in (
        ("layers", counts.layers, LAYERS),
        ("units", counts.units, UNITS),
        ("parameters", counts.parameters, PARAMETERS),
        ("output channels", architecture.out, OUTPUTS),
    ):
        if found > most:
            raise LimitError(f"{found:,} {name}: the explorer takes at most {most:,}; try netwarp draw")
    halo = counts.field - 1
    points = (raster.columns + halo) * (raster.rows + halo)
    seconds = seconds_of(operations(architecture) * points)
    check_seconds(seconds, "calibrating this network", SECONDS)
    return seconds


def check_program(program: Program, raster: Raster) -> None:
    """Errors: LimitError with the estimate where calibrating would take too much memory."""
    if not any(isinstance(operation, Normalise) for operation in program.operations):
        return  # nothing is kept of any picture
    needed, allowed = native_calibration_bytes(program, raster), min(CALIBRATION_BYTES, machine_bytes() // 4)
    if needed > allowed:
        raise LimitError(
            f"calibrating this network would take {needed / 2**20:,.0f} MiB, the explorer takes at most "
            f"{allowed / 2**20:,.0f}; use fewer channels, or try netwarp draw"
        )


def view_seconds(program: Program, raster: Raster, tap: tuple[float, float]) -> float:
    """About how many seconds a view takes. Errors: LimitError for too many pixels."""
    if raster.pixels > VIEW_PIXELS:
        raise LimitError(
            f"a view of {raster.columns}x{raster.rows}: {raster.pixels:,} pixels, at most {VIEW_PIXELS:,} are drawn"
        )
    return seconds_of(flops(planar(program)) * positions(program, raster, tap))


def check_seconds(seconds: float, what: str, most: float) -> None:
    """Errors: LimitError with the estimate."""
    if seconds > most:
        raise LimitError(
            f"{what} would take some {seconds:,.0f} seconds, at most {most:,.0f} are given; make it smaller"
        )


def size_of(body: Mapping[str, object], most: int = VIEW_PIXELS) -> tuple[int, int]:
    """(columns, rows) of a message. Errors: InputError, LimitError."""
    columns, rows = (checks.whole(checks.get(body, name, "message"), name, 1, 1 << 20) for name in ("columns", "rows"))
    if columns * rows > most:
        raise LimitError(f"{columns}x{rows}: {columns * rows:,} pixels, at most {most:,} are drawn")
    return columns, rows


def plane_of(x: str, y: str, w: str, h: str) -> Plane:
    """The Plane of four decimal texts; the centre is exact, however long. Errors: InputError."""
    width, height = float(w), float(h)
    for name, text, value in (("w", w, width), ("h", h, height)):
        if value < 1e-240:
            raise LimitError(f"{name}={shown(text)}: the explorer zooms to 1e-240; zoom out")
    if min(width, height) > WIDE and all(abs(float(t)) < 1e15 and plain(float(t)) == t for t in (x, y)):
        return Plane(float(x), float(y), width, height)
    return Plane(x, y, width, height)


def view_of(plane: Plane) -> Rectangle:
    """A Plane as messages say it, in decimals that lose nothing."""
    x, y, w, h = (
        value if isinstance(value, str) else plain(value) for value in (*plane.centre, plane.width, plane.height)
    )
    return {"x": x, "y": y, "w": w, "h": h}


def plain(value: float) -> str:
    """The shortest decimal that reads back as the same float, a whole number without a point."""
    return str(int(value)) if value == int(value) and abs(value) < 1e15 else repr(value)


def check_archive(data: bytes) -> None:
    """Errors: LimitError where a zip's arrays would inflate to too much; of a damaged one, its reader tells."""
    try:
        total = sum(entry.file_size for entry in zipfile.ZipFile(io.BytesIO(data)).infolist())
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError):
        return
    if total > INFLATED_BYTES:
        raise LimitError(
            f"the file: its arrays take {total / 2**20:,.0f} MiB, the explorer reads at most {INFLATED_BYTES >> 20}; "
            "start it with netwarp explore FILE"
        )
