"""Row (e) of the figure in words, charts and a table: what ranges.py found."""

from __future__ import annotations

from dataclasses import dataclass
from math import floor, log10
from time import perf_counter

from markupsafe import Markup

from netwarp.orders import commands
from netwarp.pages.chart import Trace, chart, power
from netwarp.pages.ranges import DEPTH, FITTED_FROM, GAINS, RASTER, TEXT, Ranges, ranges

STYLES = {2.0: "grows", 1.0: "holds", 0.5: "fades"}
TITLE = "The range of every layer\u2019s output against depth, without normalisation"


@dataclass(frozen=True, slots=True)
class Span:
    """One gain in words."""

    label: str
    sentence: str


@dataclass(frozen=True, slots=True)
class Spread:
    """What the page's template shows of row (e); `wide` and `narrow` are SVG, for a desk and for a phone."""

    text: str
    seed: int
    lines: tuple[Span, ...]
    apart: str
    columns: int
    rows: int
    milliseconds: str
    fitted_from: int
    wide: Markup
    narrow: Markup
    command: str
    python: str
    table: tuple[tuple[str, ...], ...]


def spread(seed: int, command: str) -> Spread:
    """Takes the ranges for every gain and describes them; `command` is the command line that does so again."""
    started = perf_counter()
    found = tuple(ranges(gain, seed) for gain in GAINS)
    milliseconds = 1e3 * (perf_counter() - started)
    lines = tuple(Span(_label(one), _sentence(one)) for one in found)
    series = tuple(Trace(_label(one), STYLES[one.gain], one.std, one.span) for one in found)
    description = f"{TEXT}, ReLU, seed {seed}. " + " ".join(line.sentence for line in lines)
    # chart escapes every text it is given
    wide, narrow = (
        Markup(chart(series, title=TITLE, description=description, width=width, height=height, name=name))
        for name, width, height in (("ranges-wide", 1040, 480), ("ranges-narrow", 400, 460))
    )
    return Spread(
        text=TEXT,
        seed=seed,
        lines=lines,
        apart=f"a factor of {power(round(log10(found[0].std[-1] / found[-1].std[-1])))}",
        columns=RASTER.columns,
        rows=RASTER.rows,
        milliseconds=f"{milliseconds:,.0f}",
        fitted_from=FITTED_FROM,
        wide=wide,
        narrow=narrow,
        command=command,
        python=script(seed),
        table=tuple(
            (str(i + 1), *(short(value) for one in found for value in (one.std[i], one.span[i]))) for i in range(DEPTH)
        ),
    )


def script(seed: int) -> str:
    """The Python that takes the chart's numbers."""
    return commands.script(
        f"raster = {commands.raster_text(RASTER)}",
        f"for gain in ({', '.join(f'{gain:g}' for gain in GAINS)}):",
        f'    arch = nw.parse({commands.literal(TEXT)}, act="relu", norm=None, init=f"he(gain={{gain:g}})")',
        f"    field = nw.Network.draw(arch, seed={seed}).calibrate(raster)",
        f"    for layer in range(1, {DEPTH + 1}):",
        '        values = field.after(layer).sample(raster, dtype="float64")',
        "        print(gain, layer, values.std(), values.max() - values.min())",
    )


def short(value: float) -> str:
    """A positive number to three digits: plain from 0.001 to 10,000, else as a power of ten."""
    if 1e-3 <= value < 1e4:
        return f"{value:.3g}" if value < 1e3 else f"{value:,.0f}"
    exponent = floor(log10(value))
    return f"{value / 10.0**exponent:.1f}\u00a0\u00d7\u00a0{power(exponent)}"


def _label(one: Ranges) -> str:
    return f"\u00d7 {one.gain:g}"


def _sentence(one: Ranges) -> str:
    start, end = short(one.std[0]), short(one.std[-1])
    way = "is multiplied by" if abs(one.factor - 1) < 0.2 else "grows" if one.factor > 1 else "shrinks"
    factor = f"{one.factor:.2f}" if way == "is multiplied by" else f"{max(one.factor, 1 / one.factor):.2f}-fold"
    return (
        f"With weights times {one.gain:g} the standard deviation {way} {factor} a layer, "
        f"from {start} in the first to {end} in the fiftieth."
    )
