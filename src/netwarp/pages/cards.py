"""A card of the figure: one picture with its numbers and the texts that draw it again."""

from __future__ import annotations

import base64
import io
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter

from netwarp.architecture.counts import count
from netwarp.orders.commands import (
    draw_command,
    python,
    python_line,
    regions_command,
    regions_python,
    slope_python,
)
from netwarp.orders.drawing import Milliseconds, draw_network
from netwarp.orders.subject import Subject, change, read_subject
from netwarp.orders.survey import survey
from netwarp.orders.tessellations import to_svg
from netwarp.pages.exhibits import Exhibit
from netwarp.pages.spread import short
from netwarp.picture.colour import SMOOTH
from netwarp.picture.overlay_svg import size_of
from netwarp.picture.paint import paint
from netwarp.picture.picture import Picture
from netwarp.picture.tone import Tone
from netwarp.plane import Raster

MAX_INLINE_WIDTH = 1200


@dataclass(frozen=True, slots=True)
class MeasureTable:
    """The table under a picture: (name, median, interval, ramp, noise) a row, and what a reader must know of it."""

    caption: str
    rows: tuple[tuple[str, ...], ...]
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Card:
    """What the page's template shows of one picture. `source` is the picture itself, as a data URI.

    `numbers` are (label, value) read value first, as in "10 layers"; `labelled` are read label first, as in "seed 7".
    `measured` is the table of measures of its architecture, where it has one.
    """

    name: str
    title: str
    text: str
    numbers: tuple[tuple[str, str], ...]
    labelled: tuple[tuple[str, str], ...]
    remark: str
    command: str
    python: str
    file: str
    source: str
    columns: int
    rows: int
    alt: str
    first: bool = False
    measured: MeasureTable | None = None


def subject_of(exhibit: Exhibit) -> Subject:
    """What an exhibit draws."""
    return change(read_subject(exhibit.arch), **exhibit.changes)  # type: ignore[arg-type]  # names of change's own


def network_card(exhibit: Exhibit, seed: int, raster: Raster, folder: Path, *, first: bool = False) -> Card:
    """Draws an exhibit into `folder` and describes it. Errors: NetwarpError."""
    subject = subject_of(exhibit)
    architecture = subject.seeded("it has no card in the figure")
    drawing = draw_network(subject.draw(seed), raster, colour=exhibit.colour or "auto")
    file = f"{exhibit.name}.png"
    drawing.picture.save(folder / file)
    counts = count(architecture)
    named = exhibit.arch != str(architecture) and not exhibit.changes  # a zoo name: the script needs its text
    return Card(
        name=exhibit.name,
        title=exhibit.title,
        text=str(architecture),
        numbers=tuple(_counted(n, noun) for n, noun in _nouns(counts.layers, counts.units, counts.parameters)),
        labelled=(("seed", str(seed)), *_cut(drawing.recipe.tone), *_times(drawing.milliseconds)),
        remark=exhibit.remark,
        command=draw_command(exhibit.arch, file, exhibit.changes, seed=seed, raster=raster, colour=exhibit.colour),
        python=python(
            str(architecture) if named else exhibit.arch,
            file,
            exhibit.changes,
            seed=seed,
            raster=raster,
            colour=exhibit.colour,
        ),
        file=file,
        source=data_uri(drawing.picture),
        columns=raster.columns,
        rows=raster.rows,
        alt=f"{exhibit.title}: what an untrained {exhibit.arch} draws from x and y, seed {seed}.",
        first=first,
    )


def regions_card(exhibit: Exhibit, seed: int, raster: Raster, folder: Path) -> Card:
    """Draws the regions of an exhibit's network into `folder`, in the raster's proportions. Errors: NetwarpError."""
    subject = read_subject(exhibit.arch)
    found = survey(subject, seed=seed, size=(raster.columns, raster.rows), plane=raster.plane)
    text = to_svg(found)
    file = f"{exhibit.name}.svg"
    (folder / file).write_text(text, encoding="utf-8")
    width, height = size_of(found.order.raster.rows / found.order.raster.columns)
    bound, _ = found.bounds.sentences(lambda number: f"{number:,}" if number < 10**9 else short(number))
    return Card(
        name=exhibit.name,
        title=exhibit.title,
        text=subject.title,
        numbers=(
            ("activation regions", f"{found.regions:,}"),
            ("linear regions", f"{found.linear:,}"),
            ("boundary length", f"{found.cells.boundary_length:.4g}"),
            ("kinks along the diagonal", f"{found.kinks:,}"),
            ("switches along the diagonal", f"{found.switches:,}"),
        ),
        labelled=(("seed", str(seed)), *_written({"tessellate": 1e3 * found.cells.seconds})),
        remark=f"{exhibit.remark} Of activation regions there can be {bound}.",
        command=regions_command(exhibit.arch, seed, raster, file),
        python=regions_python(subject.title, seed),
        file=file,
        source=f"data:image/svg+xml;base64,{base64.b64encode(text.encode()).decode('ascii')}",
        columns=width,
        rows=height,
        alt=f"{exhibit.title}: the boundaries of {found.regions:,} activation regions of {exhibit.arch}, seed {seed}.",
    )


def slope_card(channel: int, raster: Raster, folder: Path) -> Card:
    """Paints one channel of the slope image, x (0) or y (1), into `folder` and describes it."""
    axis, way = (("x", "from left to right"), ("y", "from top to bottom"))[channel]
    file = f"slope-{axis}.png"
    clock = perf_counter()
    samples = raster.slope()[channel : channel + 1]
    sampled = perf_counter()
    picture = paint(samples, Tone.fit(samples, colour="gray"))
    milliseconds = {"sample": 1e3 * (sampled - clock), "paint": 1e3 * (perf_counter() - sampled)}
    picture.save(folder / file)
    script = slope_python(channel, raster, file)
    return Card(
        name=f"slope-{axis}",
        title=f"{axis}, growing {way}",
        text=f"Raster(columns={raster.columns}, rows={raster.rows}).slope()[{channel}]",
        numbers=tuple(_counted(0, noun) for noun in ("layer", "unit", "parameter")),
        labelled=(("seed", "none"), *_written(milliseconds)),
        remark="",
        command=python_line(script),
        python=script,
        file=file,
        source=data_uri(picture, lossless=True),
        columns=raster.columns,
        rows=raster.rows,
        alt=f"Channel {axis} of the slope image: an even grey ramp, {way}, black to white.",
    )


def data_uri(picture: Picture, *, lossless: bool = False) -> str:
    """The picture for inlining: WebP, at most MAX_INLINE_WIDTH pixels wide; PNG where Pillow was built without WebP."""
    from PIL import Image, features

    image = Image.fromarray(picture.pixels)
    if image.width > MAX_INLINE_WIDTH:
        height = max(1, round(image.height * MAX_INLINE_WIDTH / image.width))
        image = image.resize((MAX_INLINE_WIDTH, height), Image.Resampling.BOX)
    kind = "webp" if features.check("webp") else "png"
    stream = io.BytesIO()
    image.save(stream, format=kind, quality=88, method=2, lossless=lossless)  # png ignores the options
    return f"data:image/{kind};base64,{base64.b64encode(stream.getvalue()).decode('ascii')}"


def _nouns(layers: int, units: int, parameters: int) -> tuple[tuple[int, str], ...]:
    return (layers, "layer"), (units, "unit"), (parameters, "parameter")


def _counted(number: int, noun: str) -> tuple[str, str]:
    return (noun if number == 1 else f"{noun}s", f"{number:,}")


def _cut(tone: Tone) -> tuple[tuple[str, str], ...]:
    """The share of pixels that lost their colour."""
    if tone.colour in SMOOTH or tone.compressed is None:
        return ()
    return (("pixels cut", f"{100 * tone.compressed:.0f}%"),)


def _times(milliseconds: Milliseconds) -> tuple[tuple[str, str], ...]:
    return _written({name: getattr(milliseconds, name) for name in ("calibrate", "sample", "paint")})


def _written(times: Mapping[str, float]) -> tuple[tuple[str, str], ...]:
    return tuple((name, f"{ms:.1f} ms" if ms < 9.95 else f"{ms:,.0f} ms") for name, ms in times.items())
