"""The founding figure: draws every row of exhibits.py and writes one self-contained page with its PNGs beside it."""

from __future__ import annotations

import os
from pathlib import Path
from time import perf_counter

from netwarp.architecture.counts import count
from netwarp.architecture.language import parse
from netwarp.network.network import Network
from netwarp.pages import exhibits
from netwarp.pages.cards import Card, network_card, regions_card, slope_card
from netwarp.pages.drawing import Stages, draw
from netwarp.pages.exhibits import Row
from netwarp.pages.folder import built
from netwarp.pages.regions import survey
from netwarp.pages.rendering import render
from netwarp.pages.spread import spread
from netwarp.pages.subject import read_subject
from netwarp.pages.tessellations import to_svg
from netwarp.plane import Raster
from netwarp.version import VERSION


def figure(
    out: Path, *, seed: int = exhibits.SEED, columns: int = 600, rows: int = 400, progress: Stages | None = None
) -> Path:
    """Draws the founding figure into the folder `out`, and gives the path of its page, index.html.

    The pictures are columns x rows pixels, the two at the top twice that. All is built in a folder beside `out` and
    then moved: an interrupted run leaves what was there. Other files in `out` stay. Errors: NetwarpError.
    """
    small, large = Raster(columns, rows), Raster(2 * columns, 2 * rows)
    started = perf_counter()
    total = len(exhibits.HERO) + len(exhibits.REGIONS) + 2 + sum(len(row.exhibits) for row in exhibits.ROWS) + 1
    done = 0

    def step(what: str) -> None:
        nonlocal done
        if progress is not None:
            progress(what, done, total)
        done += 1

    with built(out) as folder:
        if progress is not None:
            progress("warming up", 0, total)
        warm_up()
        hero = []
        for exhibit in exhibits.HERO:
            step(exhibit.title)
            hero.append(network_card(exhibit, seed, large, folder, first=True))
        apart = []
        for exhibit in exhibits.REGIONS:
            step(exhibit.title)
            apart.append(regions_card(exhibit, seed, large, folder))
        step("the slope image")
        shown: list[tuple[Row, list[Card]]] = [
            (exhibits.SLOPE, [slope_card(channel, small, folder) for channel in (0, 1)])
        ]
        done += 1
        for row in exhibits.ROWS:
            cards = []
            for exhibit in row.exhibits:
                step(exhibit.title)
                cards.append(network_card(exhibit, seed, small, folder))
            shown.append((row, cards))
        step("ranges without normalisation")
        again = f"netwarp figure --seed {seed}" + ("" if small == Raster() else f" --size {columns}x{rows}")
        page = render(
            "figure.html",
            {
                "version": VERSION,
                "hero": hero,
                "apart": apart,
                "rows": shown,
                "ranges": spread(seed, again),
                "counted": tuple(_counted(text) for text in (exhibits.WIDE, exhibits.DEEP)),
                "seed": seed,
                "columns": columns,
                "image_rows": rows,
                "calibration": f"{Raster().columns} x {Raster().rows}",
                "pictures": len(hero) + sum(len(cards) for _, cards in shown),
                "seconds": f"{perf_counter() - started:.1f}",
                "cores": f"{os.cpu_count()} cores" if os.cpu_count() != 1 else "one core",
                "again": again,
            },
        )
        (folder / "index.html").write_text(page, encoding="utf-8")
    if progress is not None:
        progress("done", total, total)
    return out / "index.html"


def warm_up() -> None:
    """Loads what the first drawing of a process loads, so that the times on the page are those of drawing."""
    for text in ("conv(2)", "conv(2, 3)"):
        draw(Network.draw(parse(text)), Raster(8, 8), calibration=Raster(8, 8))
    to_svg(survey(read_subject("conv(2)"), size=(8, 8), calibration=(8, 8)))


def _counted(text: str) -> tuple[str, str, str]:
    counts = count(parse(text))
    return text, f"{counts.units:,}", f"{counts.parameters:,}"
