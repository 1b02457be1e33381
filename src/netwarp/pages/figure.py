"""The founding figure: draws every row of exhibits.py and writes one self-contained page with its PNGs beside it."""

from __future__ import annotations

import base64
import hashlib
import os
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from time import perf_counter

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from netwarp.architecture.counts import count
from netwarp.architecture.language import parse
from netwarp.errors import InputError
from netwarp.network.network import Network
from netwarp.pages import exhibits
from netwarp.pages.cards import Card, network_card, regions_card, slope_card
from netwarp.pages.drawing import Stages, draw
from netwarp.pages.exhibits import Row
from netwarp.pages.regions import survey
from netwarp.pages.spread import spread
from netwarp.pages.subject import read_subject
from netwarp.pages.tessellations import to_svg
from netwarp.plane import Raster
from netwarp.version import VERSION

TEMPLATES = Path(__file__).parent / "templates"


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
            }
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


def render(context: Mapping[str, object]) -> str:
    """The page. Every text of `context` is escaped; style and script are the package's own, allowed by their hashes."""
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=False,
        keep_trailing_newline=True,
    )
    parts = {
        name: (TEMPLATES / f"figure.{kind}").read_text(encoding="utf-8")
        for name, kind in (("style", "css"), ("script", "js"))
    }
    own = {name: Markup(text) for name, text in parts.items()}  # files of this package, not input
    hashes = {f"{name}_hash": _sha256(text) for name, text in parts.items()}
    return environment.get_template("figure.html").render(**context, **own, **hashes)


@contextmanager
def built(out: Path) -> Iterator[Path]:
    """A new folder beside `out` whose files move into `out` when the block ends well, and which goes however it ends.

    The page, index.html, moves last, so that it never shows pictures that are not there yet. Errors: InputError.
    """
    target = Path(os.path.realpath(out))
    if target.exists() and not target.is_dir():
        raise InputError(f"--out {str(out)!r}: there is a file of that name; choose a folder")
    if not target.parent.is_dir():
        raise InputError(f"--out {str(out)!r}: the folder {str(target.parent)!r} does not exist; make it first")
    try:
        folder = Path(tempfile.mkdtemp(prefix=".netwarp-figure-", dir=target.parent))
        try:
            yield folder
            target.mkdir(exist_ok=True)
            for file in sorted(folder.iterdir(), key=lambda file: file.name == "index.html"):
                file.replace(target / file.name)
        finally:
            shutil.rmtree(folder, ignore_errors=True)
    except OSError as error:
        raise InputError(f"--out {str(out)!r}: cannot be written ({error.strerror or error})") from error


def _counted(text: str) -> tuple[str, str, str]:
    counts = count(parse(text))
    return text, f"{counts.units:,}", f"{counts.parameters:,}"


def _sha256(text: str) -> str:
    return base64.b64encode(hashlib.sha256(text.encode()).digest()).decode("ascii")
