"""A pane's decision regions as they are taken away: a picture, a script, a command line."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from netwarp.explorer.opening import OpenField
from netwarp.explorer.state import Pane
from netwarp.explorer.work import Cancellation
from netwarp.models.decisions.asked import UNMARKED
from netwarp.models.decisions.decide import decision
from netwarp.models.decisions.decision import Decision
from netwarp.orders import commands
from netwarp.orders.deciding import of_files, on_slice
from netwarp.plane import Plane, Raster

SIZE = (600, 400)


def decided(opened: OpenField, raster: Raster, *, pane: Pane, cancel: Cancellation) -> Decision:
    """The Decision of a view, with the data's points and the slice's where these are shown. Errors: NetwarpError."""
    scene, subject = opened.scene, opened.subject
    shown = scene.points if pane.points else None
    found = decision(
        opened.field,
        plane=raster.plane,
        size=(raster.columns, raster.rows),
        classes=scene.names,
        X=None if shown is None else shown.places,
        y=None if shown is None else shown.labels,
        progress=cancel.progress,
    )
    found = of_files(found, (subject.weights,), subject.name)
    told = replace(found, axes=scene.axes) if subject.slice is None else on_slice(found, subject.slice)
    return told if pane.marks else replace(told, marks=UNMARKED)


@dataclass(frozen=True, slots=True)
class DecisionShare:
    """A picture of regions as it is taken away: the name of its file, whether margins shade it, the way of y.

    Of a script, `arguments` are more of nw.decision's, and `called` lines that say what x and y are.
    """

    file: str
    margin: bool
    y: str
    arguments: str = ""
    called: tuple[str, ...] = ()


def python(lines: list[str], plane: Plane, taken: DecisionShare, of: str = "field") -> str:
    """A script of the regions `of` what these lines make, into a file."""
    decides = f"found = nw.decision({of}, plane={commands.plane_text(plane)}, size={SIZE}{taken.arguments})"
    look = ("" if taken.margin else ", margin=False") + ("" if taken.y == "up" else f", y={commands.literal(taken.y)}")
    return commands.script(*lines, decides, *taken.called, f"found.save({commands.literal(taken.file)}{look})")


def command_line(arch: str, options: Mapping[str, str | None], taken: DecisionShare) -> str:
    """`netwarp decision ...` for a POSIX shell, with these options as far as they say anything."""
    words = [word for name, text in options.items() if text is not None for word in (f"--{name}", text)]
    words += [] if taken.margin else ["--flat"]
    words += [] if taken.y == "up" else ["--y", taken.y]
    columns, rows = SIZE
    return commands.command("decision", arch, *words, "--size", f"{columns}x{rows}", "-o", taken.file)
