"""Contact sheets as one page: a row an architecture, a picture a seed, each of which opens to what draws it again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from netwarp.architecture import zoo
from netwarp.architecture.counts import count
from netwarp.errors import LimitError, NetwarpError
from netwarp.files import write
from netwarp.orders.commands import command, draw_command
from netwarp.orders.drawing import drawn
from netwarp.orders.order import order
from netwarp.orders.subject import Subject, read_subject
from netwarp.pages.picks import Pick, pick
from netwarp.pages.rendering import render
from netwarp.plane import Raster
from netwarp.progress import Report
from netwarp.version import VERSION

MOST: Final = 2_000  # pictures of a page
SEEDS: Final = 8
# of the pictures that are opened
SIZE: Final = (600, 400)


@dataclass(frozen=True, slots=True)
class GalleryRow:
    """The pictures of one architecture; `remark` says what it is, or why there is none."""

    anchor: str
    title: str
    text: str
    remark: str
    picks: tuple[Pick, ...]


def gallery(
    out: Path,
    rows: Sequence[str] = (),
    *,
    seeds: Sequence[int] = tuple(range(SEEDS)),
    size: tuple[int, int] = SIZE,
    again: str = "",
    progress: Report | None = None,
) -> Path:
    """Writes one self-contained HTML file, whole or not at all, and gives its path.

    `rows` are texts of architectures or names of the zoo, all of its names unless given. `again` is the command line
    that the page says of itself. An architecture that has no picture, as one that is constant, has the reason in its
    place. Errors: InputError, LimitError before anything is drawn.
    """
    texts = tuple(rows) or zoo.names()
    subjects = [read_subject(text) for text in texts]
    for one in subjects:
        one.seeded("a gallery has no seeds to draw of it; leave it out")
    pictures = len(subjects) * len(seeds)
    if pictures > MOST:
        raise LimitError(
            f"gallery: {len(subjects):,} architectures by {len(seeds):,} seeds are {pictures:,} pictures, at most "
            f"{MOST:,} are drawn; choose fewer"
        )
    shelves = []
    for number, (text, subject) in enumerate(zip(texts, subjects, strict=True)):
        if progress is not None:
            progress(f"drawing {subject.name}", number * len(seeds), pictures)
        shelves.append(_row(number, text, subject, seeds, size, progress, pictures))
    page = render(
        "gallery.html",
        {
            "version": VERSION,
            "title": "A gallery of networks",
            "lede": (
                "Every picture is what an untrained network draws of the x and the y of each point: a row an "
                "architecture, a picture a seed. Choose one for its recipe and a larger picture."
            ),
            "again": again or command("gallery", "-o", out.name),
            "shelves": shelves,
        },
        styles=("figure.css", "page.css", "gallery.css"),
    )
    write(out, page.encode())
    return out


def _row(
    number: int,
    text: str,
    subject: Subject,
    seeds: Sequence[int],
    size: tuple[int, int],
    progress: Report | None,
    pictures: int,
) -> GalleryRow:
    architecture = subject.seeded("it has no row")
    counts = count(architecture)
    said = str(architecture)
    picks: list[Pick] = []
    remark = next((entry.sentence for entry in zoo.entries() if entry.name == text), "")
    try:
        for place, seed in enumerate(seeds):
            if progress is not None:
                progress(f"drawing {subject.name}", number * len(seeds) + place, pictures)
            drawing = drawn(order(subject, seeds=(seed,), size=size), seed)
            raster = drawing.recipe.raster
            picks.append(
                pick(
                    drawing,
                    anchor=f"row-{number}-{place}",
                    caption=f"seed {seed}" if abs(seed) < 1e9 else "a long seed",
                    alt=f"What an untrained {said[:200]} draws from x and y, seed {seed}.",
                    facts=(
                        ("architecture", said),
                        ("seed", str(seed)),
                        ("layers", f"{counts.layers:,}"),
                        ("units", f"{counts.units:,}"),
                        ("parameters", f"{counts.parameters:,}"),
                    ),
                    command=draw_command(
                        text,
                        f"{subject.stem(seed)[:80]}.png",
                        seed=seed,
                        raster=None
                        if raster == order(subject).raster
                        else Raster(raster.columns, raster.rows, raster.plane),
                    ),
                )
            )
    except NetwarpError as error:
        remark = f"Not drawn: {error}"
    return GalleryRow(f"row-{number}", text if text in zoo.names() else "", said, remark, tuple(picks))
