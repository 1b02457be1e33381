"""A Comparison as a folder: index.html with pictures, verdicts, intervals and tables; the PNGs; JSON and CSV."""

from __future__ import annotations

import json
from dataclasses import dataclass
from math import nan
from pathlib import Path

from markupsafe import Markup

from netwarp.architecture import zoo
from netwarp.measures.intervals import Interval
from netwarp.network.network import Network
from netwarp.orders.commands import command
from netwarp.orders.drawing import draw_network
from netwarp.orders.subject import file_name
from netwarp.pages.cards import data_uri
from netwarp.pages.folder import built
from netwarp.pages.parts import ShownPicture, TextTable
from netwarp.pages.plots import Intervals, interval_plot
from netwarp.pages.rendering import render
from netwarp.plane import Raster
from netwarp.progress import Report
from netwarp.study.compare import Comparison, Contender
from netwarp.study.words import count_of
from netwarp.version import VERSION

PICTURES = 4
SIZE = (360, 240)
COLUMNS = ("measure", "unit", "first", "second", "median change", "interval", "Cliff’s delta", "verdict", "to note")


@dataclass(frozen=True, slots=True)
class PictureRow:
    """The pictures of one architecture; `zoo` is its name there, if it has one."""

    zoo: str
    text: str
    match: str
    shown: tuple[ShownPicture, ...]


def save(found: Comparison, out: Path, *, command: str, progress: Report | None = None) -> Path:
    """Writes the folder `out` whole or not at all, and gives the path of its page. `command` is what made it.

    Errors: InputError where it cannot be written; as drawing.draw.
    """
    with built(out) as folder:
        pictures = [_pictures(number, one, found, folder, progress) for number, one in enumerate(found.contenders, 1)]
        later, first = range(len(found.contrasts)), found.contenders[0].architecture
        page = render(
            "compare.html",
            {
                "version": VERSION,
                "title": "Which is the more complex?",
                "lede": _lede(found),
                "pictures": pictures,
                "verdicts": [found.verdict(one) for one in later],
                "forest": forest(found),
                "unplotted": unplotted(found),
                "tables": [
                    TextTable(
                        f"{found.contenders[one + 1].architecture} (second) against {first} (first)",
                        _shown(COLUMNS),
                        tuple(map(_shown, found.rows(one))),
                    )
                    for one in later
                ],
                "family": found.family,
                "notes": [*found.caveats(), *found.notes()],
                "set_up": _set_up(found),
                "again": command,
            },
            styles=("figure.css", "page.css"),
        )
        (folder / "compare.json").write_text(json.dumps(found.data(), indent=1, allow_nan=False), encoding="utf-8")
        (folder / "compare.csv").write_text(found.csv(), encoding="utf-8")
        (folder / "index.html").write_text(page, encoding="utf-8")
    return out / "index.html"


def forest(found: Comparison, *, width: float = 560) -> Markup | None:
    """The ratios with their intervals, a row a measure, `width` pixels wide; None where there is no ratio."""
    names = [one.name for one in found.contrasts[0] if any(_ratios(found, one.name))]
    if not names:
        return None

    def ends(contender: Contender, ratios: list[Interval | None]) -> Intervals:
        low = tuple(nan if one is None or one.low is None else one.low for one in ratios)
        high = tuple(nan if one is None or one.high is None else one.high for one in ratios)
        return Intervals(
            str(contender.architecture), tuple(nan if one is None else one.value for one in ratios), low, high
        )

    table = [_ratios(found, name) for name in names]
    groups = [ends(one, [row[later] for row in table]) for later, one in enumerate(found.contenders[1:])]
    return interval_plot(
        names,
        groups,
        name="ratios",
        title="Median of the ratios to the first, by measure",
        description="; ".join(found.verdict(later) for later in range(len(found.contrasts))),
        x_label=f"median ratio to {found.contenders[0].architecture}",
        width=width,
    )


def unplotted(found: Comparison) -> str:
    """Which measures the plot of the ratios leaves out, and why; empty where it shows all of all."""
    why: dict[str, list[str]] = {}
    for contender, contrasts in zip(found.contenders[1:], found.contrasts, strict=True):
        for one in contrasts:
            if one.ratio is not None:
                continue
            reason = (
                "of which the table has the median difference, as not all values are positive"
                if one.difference is not None
                else f"without a value for both ({one.reason})"
            )
            # a row that another architecture has a ratio in has a gap only here
            gap = any(_ratios(found, one.name))
            name = f"{one.name} of {contender.architecture}" if gap else one.name
            names = why.setdefault(reason, [])
            names += [] if name in names else [name]
    parts = "; ".join(f"{', '.join(names)}, {how}" for how, names in why.items())
    return f"Not in the plot of the ratios: {parts}." if parts else ""


def _ratios(found: Comparison, name: str) -> list[Interval | None]:
    return [next(one.ratio for one in contrasts if one.name == name) for contrasts in found.contrasts]


def _pictures(number: int, one: Contender, found: Comparison, folder: Path, progress: Report | None) -> PictureRow:
    shown = []
    raster = Raster(*SIZE, found.raster.plane)
    seeds = found.seeds[:PICTURES]
    for done, seed in enumerate(seeds):
        if progress is not None:
            progress(f"drawing {one.name}", done, len(seeds))
        drawing = draw_network(Network.draw(one.architecture, seed), raster, calibration=found.calibration)
        file = f"{number}-{file_name(str(one.architecture.tree))}-{seed}.png"
        drawing.picture.save(folder / file)
        alt = f"What an untrained {one.architecture} draws from x and y, seed {seed}."
        shown.append(ShownPicture(data_uri(drawing.picture), *SIZE, alt, f"seed {seed}", file))
    fitted = "" if one.match is None else one.match.sentence()
    return PictureRow(one.name if one.name in zoo.names() else "", str(one.architecture), fitted, tuple(shown))


def _lede(found: Comparison) -> str:
    names = [str(one.architecture) for one in found.contenders]
    return (
        f"{', '.join(names[:-1])} and {names[-1]}, untrained: the same measures of the functions they draw on the "
        f"plane, over the same {count_of(found.seeds)}."
    )


def _set_up(found: Comparison) -> str:
    raster, settled = found.raster, found.calibration
    return (
        f"Measured on {raster.columns} x {raster.rows} points, {count_of(found.seeds)}; statistics of the "
        f"normalisation are taken on {settled.columns} x {settled.rows}."
    )


def _shown(cells: tuple[str, ...]) -> tuple[str, ...]:
    """Cells in the order of COLUMNS as a narrow window wants them: the verdict, and what it is of, come first."""
    measure, unit, first, second, change, interval, delta, verdict, note = cells
    return measure, verdict, change, interval, first, second, delta, unit, note


def again(found: Comparison, measures: str | None, seeds: str, out: str = "comparison") -> str:
    """The command line, quoted for a POSIX shell, that compares the same again: every default is written out."""
    words = ["compare", *(str(one.architecture) for one in found.contenders)]
    words += ["--seeds", seeds, "--size", f"{found.raster.columns}x{found.raster.rows}"]
    if measures is not None:
        words += ["--measures", measures]
    if (plane := found.raster.plane) != found.calibration.plane:
        x, y, width, height = plane.x, plane.y, plane.width / 2, plane.height / 2
        words += [f"--plane={x - width!r},{x + width!r},{y - height!r},{y + height!r}"]
    if found.family != found.own:
        words += ["--family", str(found.family)]
    if found.calibration != Raster():
        words += ["--calibrate", f"{found.calibration.columns}x{found.calibration.rows}"]
    return command(*words, "--out", out)
