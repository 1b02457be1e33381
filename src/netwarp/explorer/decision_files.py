"""A pane's decision regions as they are taken away: a picture, a script, a command line."""

from __future__ import annotations

from netwarp.architecture.architecture import Architecture
from netwarp.explorer.opening import OpenField
from netwarp.explorer.work import Cancellation
from netwarp.models.decisions.decide import decision
from netwarp.models.decisions.decision import Decision
from netwarp.orders import commands
from netwarp.orders.deciding import of_files
from netwarp.orders.subject import Subject
from netwarp.plane import Plane, Raster

SIZE = (600, 400)


def decided(opened: OpenField, raster: Raster, *, points: bool, cancel: Cancellation) -> Decision:
    """The Decision of a view, with the data's points where these are shown. Errors: NetwarpError."""
    scene, subject = opened.scene, opened.subject
    shown = scene.points if points else None
    found = decision(
        opened.field,
        plane=raster.plane,
        size=(raster.columns, raster.rows),
        classes=scene.names,
        X=None if shown is None else shown.places,
        y=None if shown is None else shown.labels,
        progress=cancel.progress,
    )
    return of_files(found, (subject.weights,), subject.name)


def python(field: list[str], plane: Plane, file: str) -> str:
    """A script of the regions of a field, which these lines make, into a file."""
    decides = f"found = nw.decision(field, plane={commands.plane_text(plane)}, size={SIZE})"
    return commands.script(*field, decides, f"found.save({commands.literal(file)})")


def command_line(arch: str, subject: Subject, seed: int | None, ends: str, calibrate: str | None, file: str) -> str:
    """`netwarp decision ...` for a POSIX shell, of the plane between these ends."""
    words = ["--seed", str(seed or 0)] if isinstance(subject.source, Architecture) else []
    words += [] if calibrate is None else ["--calibrate", calibrate]
    columns, rows = SIZE
    return commands.command("decision", arch, *words, "--plane", ends, "--size", f"{columns}x{rows}", "-o", file)
