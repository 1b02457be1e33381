"""The founding figure: draws and measures every row of exhibits.py, and writes one self-contained page, PNGs beside."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from time import perf_counter

from netwarp.architecture.counts import count
from netwarp.architecture.language import parse
from netwarp.network.network import Network
from netwarp.orders.drawing import draw_network
from netwarp.orders.subject import read_subject
from netwarp.orders.survey import survey
from netwarp.orders.tessellations import to_svg
from netwarp.pages import exhibits
from netwarp.pages.answer import columns as answer_columns
from netwarp.pages.cards import Card, network_card, regions_card, slope_card, subject_of
from netwarp.pages.evidence import PARTS, Scope, answered, mapped, maps, numbers, paired, weigh
from netwarp.pages.exhibits import Exhibit, FigureRow
from netwarp.pages.folder import built
from netwarp.pages.rendering import render
from netwarp.pages.spread import spread
from netwarp.plane import Raster
from netwarp.progress import Report
from netwarp.study.contrasts import contrasts
from netwarp.study.measuring import Measured
from netwarp.study.words import count_of
from netwarp.version import VERSION


def figure(
    out: Path,
    *,
    seed: int = exhibits.SEED,
    columns: int = 600,
    rows: int = 400,
    scope: Scope | None = None,
    progress: Report | None = None,
) -> Path:
    """Draws the founding figure into the folder `out`, and gives the path of its page, index.html.

    The pictures are columns x rows pixels, the two at the top twice that. `scope` is how much is measured: 16 seeds on
    128x128 points by default, whatever the size of the pictures. All is built in a folder beside `out` and then moved:
    an interrupted run leaves what was there. Other files in `out` stay. Errors: NetwarpError.
    """
    small, large = Raster(columns, rows), Raster(2 * columns, 2 * rows)
    chosen = Scope() if scope is None else scope
    drawn = [*exhibits.HERO, *(exhibit for row in exhibits.ROWS for exhibit in row.exhibits)]
    architectures = set(map(_text, drawn))
    parts = (
        len(drawn)
        + len(exhibits.REGIONS)
        + len(exhibits.COLOURS)
        + len(exhibits.SLOPE_CHANNELS)
        + PARTS * len(architectures)
    )
    family = len(_compared()) * len(chosen.measures)  # every comparison of the page
    steps = _steps(progress, parts + chosen.cells + 1)

    with built(out) as folder:
        steps("warming up", 0)
        warm_up()
        started = perf_counter()
        found: dict[str, Measured] = {}
        measuring = 0.0

        def card(exhibit: Exhibit, raster: Raster, *, first: bool = False) -> Card:
            nonlocal measuring
            steps(exhibit.title, 1)
            made = network_card(exhibit, seed, raster, folder, first=first)
            if made.text not in found:
                report = steps(f"measuring {exhibit.title}", PARTS)
                clock = perf_counter()
                found[made.text] = weigh(exhibit, chosen, report)
                measuring += perf_counter() - clock
            return replace(made, measured=numbers(found[made.text]))

        hero = [card(exhibit, large, first=True) for exhibit in exhibits.HERO]
        apart = []
        for exhibit in exhibits.REGIONS:
            steps(exhibit.title, 1)
            apart.append(regions_card(exhibit, seed, large, folder))
        coloured = []
        for exhibit in exhibits.COLOURS:
            steps(exhibit.title, 1)
            coloured.append(network_card(exhibit, seed, large, folder))
        steps("the slope image", len(exhibits.SLOPE_CHANNELS))
        slopes = [slope_card(channel, small, folder) for channel in exhibits.SLOPE_CHANNELS]
        shown: list[tuple[FigureRow, list[Card]]] = [(exhibits.SLOPE, slopes)]
        for row in exhibits.ROWS:
            cards = [card(exhibit, small) for exhibit in row.exhibits]
            shown.append((_with_sentence(row, found, family), cards))
        clock = perf_counter()
        pair = paired(found[hero[0].text], found[hero[1].text], (exhibits.WIDE_NAME, exhibits.DEEP_NAME), family=family)
        atlas = mapped(exhibits.DEEP, chosen, steps("scale and shift", chosen.cells))
        answer, atlas_maps = answered(pair, chosen), maps(atlas, pair, chosen)
        measuring += perf_counter() - clock
        steps("ranges without normalisation", 1)
        again = f"netwarp figure --seed {seed}" + ("" if small == Raster() else f" --size {columns}x{rows}")
        page = render(
            "figure.html",
            {
                "version": VERSION,
                "hero": hero,
                "answer": answer,
                "apart": apart,
                "coloured": coloured,
                "rows": shown,
                "atlas": atlas_maps,
                "ranges": spread(seed, again),
                "counted": tuple(_counted(text) for text in (exhibits.WIDE, exhibits.DEEP)),
                "seed": seed,
                "columns": columns,
                "image_rows": rows,
                "calibration": f"{Raster().columns} x {Raster().rows}",
                "pictures": len(hero) + len(coloured) + sum(len(cards) for _, cards in shown),
                "measured": len(found),
                "measured_on": f"{chosen.side} x {chosen.side}",
                "measured_seeds": count_of(chosen.seeds),
                "measuring": f"{measuring:.1f}",
                "seconds": f"{perf_counter() - started - measuring:.1f}",
                "cores": f"{os.cpu_count()} cores" if os.cpu_count() != 1 else "one core",
                "again": again,
            },
            styles=("figure.css", "page.css"),
        )
        (folder / "index.html").write_text(page, encoding="utf-8")
    steps("done", 0)
    return out / "index.html"


def _steps(progress: Report | None, total: int) -> Callable[[str, int], Report]:
    """What tells `progress` that a part begins, as steps(what, how many steps it is), and gives the part its own."""
    begun = 0

    def part(what: str, length: int) -> Report:
        nonlocal begun
        base = begun
        begun += length

        def report(said: str, done: int, of: int) -> None:
            if progress is not None:
                progress(said, base + length * done // max(of, 1), total)

        report(what, 0, 1)
        return report

    return part


def _pairs(row: FigureRow) -> list[tuple[str, str, str]]:
    """(title, wide, deep) of every column of a row that has both, the last two as canonical texts."""
    by_name = {exhibit.name: exhibit for exhibit in row.exhibits}
    return [
        (exhibit.title.partition(", ")[2], _text(exhibit), _text(deep))
        for exhibit in row.exhibits
        if exhibit.name.startswith("wide-")
        and (deep := by_name.get(exhibit.name.replace("wide-", "deep-", 1))) is not None
    ]


def _compared() -> set[tuple[str, str]]:
    """All pairs that the page compares, each once: the founding one and those of its rows."""
    wide, deep = (_text(exhibit) for exhibit in exhibits.HERO)
    return {(wide, deep), *((one, other) for row in exhibits.ROWS for _, one, other in _pairs(row))}


def _text(exhibit: Exhibit) -> str:
    return str(subject_of(exhibit).architecture)


def _with_sentence(row: FigureRow, found: Mapping[str, Measured], family: int) -> FigureRow:
    """The row with a sentence on the measures of its deep networks against its wide ones, where it has both."""
    pairs = [
        (title, contrasts(found[wide].ensemble, found[deep].ensemble, family=family))
        for title, wide, deep in _pairs(row)
    ]
    sentence = answer_columns(pairs)
    return replace(row, paragraphs=(*row.paragraphs, sentence)) if sentence else row


def warm_up() -> None:
    """Loads what the first drawing of a process loads, so that the times on the page are those of drawing."""
    for text in ("conv(2)", "conv(2, 3)"):
        draw_network(Network.draw(parse(text)), Raster(8, 8), calibration=Raster(8, 8))
    to_svg(survey(read_subject("conv(2)"), size=(8, 8), calibration=(8, 8)))


def _counted(text: str) -> tuple[str, str, str]:
    counts = count(parse(text))
    return text, f"{counts.units:,}", f"{counts.parameters:,}"
