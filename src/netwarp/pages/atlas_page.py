"""An Atlas as a folder: index.html with its maps and contact sheets, the sheets as PNGs, JSON and CSV."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from markupsafe import Markup

from netwarp.measures.measurements import number
from netwarp.network.network import Network
from netwarp.orders.commands import command
from netwarp.orders.drawing import draw_network
from netwarp.orders.subject import file_name
from netwarp.pages.cards import data_uri
from netwarp.pages.folder import built
from netwarp.pages.parts import ShownPicture
from netwarp.pages.plots import heat_plot, short
from netwarp.pages.rendering import render
from netwarp.picture.picture import Picture
from netwarp.picture.sheet import contact_sheet
from netwarp.plane import Raster
from netwarp.progress import Report
from netwarp.study.atlas import GROWTH, Array, Atlas, Cell, Map
from netwarp.study.words import between, count_of
from netwarp.version import VERSION

PICTURE = 120
# maps of one value and of a tenfold spread are not read alike: beyond this they are coloured by the logarithm
SPREAD = 8.0


@dataclass(frozen=True, slots=True)
class MapShelf:
    """One map on the page: its plots, its contact sheet, its numbers."""

    title: str
    sentence: str
    plots: tuple[Markup, ...]
    sheet: ShownPicture
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class AtlasSection:
    """All maps of one activation."""

    anchor: str
    name: str
    maps: tuple[MapShelf, ...]


def save(found: Atlas, out: Path, *, command: str, progress: Report | None = None) -> Path:
    """Writes the folder `out` whole or not at all, and gives the path of its page. `command` is what made it.

    Errors: InputError where it cannot be written; as drawing.draw.
    """
    with built(out) as folder:
        limits = {axes: limits_of([of.values() for of in found.maps if of.axes == axes]) for axes in _axes(found)}
        sections: dict[str, list[MapShelf]] = {}
        for done, of in enumerate(found.maps):
            if progress is not None:
                progress("drawing the contact sheets", done, len(found.maps))
            sections.setdefault(of.activation, []).append(_shelf(found, of, limits[of.axes], folder))
        page = render(
            "atlas.html",
            {
                "version": VERSION,
                "title": "Scale and shift, depth and width",
                "lede": f"{found.subject.title}, untrained, under other activations, scales, shifts and sizes: "
                f"{found.measure} of the functions it draws, beside the growth of the gradient that theory expects.",
                "sentences": found.sentences(),
                "activations": [AtlasSection(file_name(act), act, tuple(maps)) for act, maps in sections.items()],
                "set_up": f"Medians over {count_of(found.seeds)}, measured and calibrated on {found.raster.columns} x "
                f"{found.raster.rows} points.",
                "again": command,
            },
            styles=("figure.css", "page.css"),
        )
        (folder / "atlas.json").write_text(json.dumps(found.data(), indent=1, allow_nan=False), encoding="utf-8")
        (folder / "atlas.csv").write_text(found.csv(), encoding="utf-8")
        (folder / "index.html").write_text(page, encoding="utf-8")
    return out / "index.html"


def rows(found: Sequence[tuple[Map, Cell]]) -> list[tuple[str, ...]]:
    """One a cell: column, row, the measure with its interval, the measured factor, the closed form, and their ratio."""
    return [
        (
            cell.column,
            cell.row,
            number(cell.value.interval.value if cell.value.interval else None),
            between(cell.value.interval),
            *(number(one) for one in (cell.growth.value if cell.growth else None, cell.theory, cell.gap)),
        )
        for _, cell in found
    ]


def headings(of: Map, measure: str) -> tuple[str, ...]:
    """What the columns of `rows` are."""
    return (*of.axes, measure, "interval", "factor", "closed form", "factor / closed form")


def sheet(found: Atlas, of: Map, seed: int) -> Picture:
    """The contact sheet of a map: what the network of `seed` draws in every cell, in the map's order."""
    raster = Raster(PICTURE, PICTURE, found.raster.plane)
    pictures, captions = [], []
    for row in of.cells:
        for cell in row:
            drawing = draw_network(Network.draw(cell.architecture, seed), raster, calibration=found.raster)
            pictures.append(drawing.picture)
            value = number(cell.value.interval.value) if cell.value.interval else "absent"
            captions.append(f"{of.axes[0]} {cell.column}\n{of.axes[1]} {cell.row}\n{value}")
    return contact_sheet(pictures, captions, columns=len(of.columns))


def _shelf(found: Atlas, of: Map, limits: tuple[float, float] | None, folder: Path) -> MapShelf:
    name = file_name(f"{of.activation} {of.axes[0]} {of.axes[1]}")
    drawn = sheet(found, of, found.seeds[0])
    file = f"{name}.png"
    drawn.save(folder / file)
    alt = f"What {found.subject.title} with {of.activation} draws, by {of.axes[0]} and {of.axes[1]}."
    caption = f"Seed {found.seeds[0]}, {of.axes[0]} from left to right, {of.axes[1]} from top to bottom."
    shown = ShownPicture(data_uri(drawn), drawn.columns, drawn.rows, alt, caption, file)
    return MapShelf(
        title=f"{of.axes[0].capitalize()} and {of.axes[1]}",
        sentence=of.sentence(found.measure),
        plots=plots(found, of, name, limits),
        sheet=shown,
        columns=headings(of, found.measure),
        rows=tuple(rows([(of, cell) for row in of.cells for cell in row])),
    )


def plots(
    found: Atlas, of: Map, name: str, limits: tuple[float, float] | None, *, width: float | None = None
) -> tuple[Markup, ...]:
    """The measure; the closed form with the measured factor written over it; the gap, where there is one.

    `limits` are the values of the ends of the measure's colours; `width` is that of each map, by its cells by default.
    """

    def heat(what: str, values: Array, unit: str, log: bool, **more: object) -> Markup:
        return heat_plot(
            values,
            name=f"{name}-{what}",
            title=f"{unit}, {of.activation}",
            description=f"{unit} over {of.axes[0]} (columns) and {of.axes[1]} (rows), {of.activation}.",
            columns=of.columns,
            rows=of.rows,
            x_label=of.axes[0],
            y_label=of.axes[1],
            unit=unit,
            log=log,
            width=width,
            **more,  # type: ignore[arg-type]  # options of heat_plot's own
        ).inline()

    made = [heat("measure", of.values(), found.measure, _wide(limits), limits=limits)]
    measured, expected = of.measured(), of.expected()
    known = expected[np.isfinite(expected)]
    # of one constant form, rounding aside, a map would show nothing
    if known.size and known.max() > known.min() * (1 + 1e-9):
        both = [
            [f"{short(a)}\n{short(b)}" for a, b in zip(*lines, strict=True)]
            for lines in zip(expected.tolist(), measured.tolist(), strict=True)
        ]
        wide = _wide((float(known.min()), float(known.max())))
        made.append(heat("closed", expected, "closed form (below it: measured)", log=wide, texts=both))
    elif known.size and np.isfinite(measured).any():
        made.append(heat("factor", measured, f"measured factor (closed form {short(float(known[0]))})", log=False))
    elif np.isfinite(measured).any() and found.measure != GROWTH:
        made.append(heat("factor", measured, "measured factor a layer", log=False))
    if np.isfinite(of.gaps()).any():
        made.append(heat("gap", of.gaps(), "measured / closed form", log=True, middle=1.0))
    return tuple(made)


def _axes(found: Atlas) -> set[tuple[str, str]]:
    return {of.axes for of in found.maps}


def limits_of(maps: Sequence[Array]) -> tuple[float, float] | None:
    """The ends of the values of several maps, which so share their colours."""
    values = np.concatenate([one[np.isfinite(one)] for one in maps])
    return (float(values.min()), float(values.max())) if values.size and values.min() < values.max() else None


def _wide(limits: tuple[float, float] | None) -> bool:
    return limits is not None and limits[0] > 0 and limits[1] / limits[0] > SPREAD


def again(found: Atlas, options: Mapping[str, str], out: str = "atlas") -> str:
    """The command line, quoted for a POSIX shell, that makes the same atlas again."""
    said = [f"--{name}={text}" for name, text in options.items()]
    return command("atlas", found.subject.title, *said, "--out", out)
