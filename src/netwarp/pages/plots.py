"""The plots of pages, as inline SVG: lines with interval bands and reference lines, and heat maps with their values.

Each has a title and a description for readers who do not see it. Colours follow the page's theme; see plot_svg.py.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil, floor, isfinite, log10
from typing import TYPE_CHECKING, Any

import numpy as np
from markupsafe import Markup
from numpy.typing import ArrayLike, NDArray

from netwarp.claims.registry import Series
from netwarp.pages.chart import power
from netwarp.pages.plot import PagePlot
from netwarp.pages.plot_svg import INK, SERIES, svg

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

MAP = "viridis"  # even in lightness
DIVERGING = "PuOr_r"  # two hues from a pale middle
STEPS = 64  # colours of a colour bar


@dataclass(frozen=True, slots=True)
class Intervals:
    """Estimates with their intervals, one for each row of an interval_plot; NaN where there is none."""

    label: str
    value: tuple[float, ...]
    low: tuple[float, ...]
    high: tuple[float, ...]


def line_plot(
    series: Sequence[Series],
    *,
    name: str,
    title: str,
    description: str,
    x_label: str = "",
    y_label: str = "",
    x_log: bool = False,
    y_log: bool = False,
    lines: Sequence[float] = (),
    curves: Sequence[Series] = (),
    width: float = 520,
    height: float = 320,
) -> Markup:
    """Lines with a mark at every point, a band from `low` to `high`, and a legend above where there are several.

    `curves` are references, dashed and without marks; `lines` are horizontal ones. `name` makes the plot's identifiers
    unique on its page. On a logarithmic axis what is not positive is a gap. After eight series colours repeat.
    """

    def draw(figure: Figure) -> None:
        axes = figure.add_subplot()
        for number, one in enumerate(series):
            _line(axes, one, SERIES[number % len(SERIES)], x_log=x_log, y_log=y_log)
        for one in curves:
            x, y = _shown(one.x, x_log), _shown(one.y, y_log)
            axes.plot(x, y, color=INK, linestyle=(0, (4, 3)), linewidth=1, label=one.label, zorder=1)
        for line in lines:
            axes.axhline(line, color=INK, linestyle=(0, (4, 3)), linewidth=1, zorder=1)
        scales(axes, x_log=x_log, y_log=y_log)
        axes.set_xlabel(x_label)
        axes.set_ylabel(y_label)
        if len(series) + len(curves) > 1:
            figure.legend(
                loc="outside upper left", ncols=min(4, len(series) + len(curves)), handlelength=1.4, columnspacing=1.2
            )

    return svg(draw, name=name, title=title, description=description, width=width, height=height)


def heat_plot(
    values: ArrayLike,
    *,
    name: str,
    title: str,
    description: str,
    columns: Sequence[str],
    rows: Sequence[str],
    x_label: str = "",
    y_label: str = "",
    unit: str = "",
    texts: Sequence[Sequence[str]] | None = None,
    log: bool = False,
    middle: float | None = None,
    limits: tuple[float, float] | None = None,
    width: float | None = None,
    steps: int = STEPS,
) -> PagePlot:
    """The (rows, columns) `values` as coloured cells that say their value (or `texts`), row 0 at the top, and a bar.

    `unit` stands above the map.
    A cell that is NaN has no colour and an en dash. `limits` are the values of the ends of the colours, for maps that
    are to be compared. With `middle` the colours part at that value. With `log` they follow the logarithm: what is not
    positive is an absent cell then. `steps` are the bar's, which are most of what a small map weighs.
    """
    table = np.array(values, dtype=np.float64)
    present = np.isfinite(table) & ((table > 0) if log else True)
    low, high = _ends(table[present], limits, middle, log)
    # room for the names of rows, the colour bar and a heading, however few the cells
    names = 7.0 * max(map(len, rows), default=0)
    wide = max(120 + names + 62.0 * len(columns), 60 + 6.5 * len(unit)) if width is None else width
    tall = 96 + 38.0 * len(rows)

    def draw(figure: Figure) -> None:
        from matplotlib import colormaps
        from matplotlib.colors import LogNorm, Normalize

        norm = (LogNorm if log else Normalize)(low, high)
        colours = colormaps[MAP if middle is None else DIVERGING]
        axes = figure.add_subplot()
        axes.pcolormesh(np.where(present, table, np.nan), norm=norm, cmap=colours)
        for (row, column), value in np.ndenumerate(table):
            there = bool(present[row, column])
            text = texts[row][column] if texts is not None else short(float(value)) if there else "–"
            colour = _on(colours(norm(value))) if there else INK
            axes.text(column + 0.5, row + 0.5, text, color=colour, ha="center", va="center", fontsize=9)
        axes.invert_yaxis()
        axes.set_xticks(np.arange(len(columns)) + 0.5, columns)
        axes.set_yticks(np.arange(len(rows)) + 0.5, rows)
        axes.tick_params(length=0)
        axes.spines[:].set_visible(False)
        axes.set_xlabel(x_label)
        axes.set_ylabel(y_label)
        axes.set_title(unit, loc="left", fontsize=11)
        _bar(axes, norm, colours, log=log, steps=steps)

    return PagePlot(draw, name, title=title, description=description, width=wide, height=tall)


def interval_plot(
    names: Sequence[str],
    groups: Sequence[Intervals],
    *,
    name: str,
    title: str,
    description: str,
    x_label: str = "",
    width: float = 560,
) -> Markup:
    """A row for each of `names`, and in it for every group a mark with its interval; a dashed line at 1.

    A group's value that is NaN or not positive, which the logarithmic axis has not, is left out.
    """

    def draw(figure: Figure) -> None:
        axes = figure.add_subplot()
        axes.axvline(1, color=INK, linestyle=(0, (4, 3)), linewidth=1, zorder=1)
        for number, group in enumerate(groups):
            y = np.arange(len(names)) + 0.6 * ((number + 0.5) / len(groups) - 0.5)
            x, low, high = (_shown(ends, True) for ends in (group.value, group.low, group.high))
            colour = SERIES[number % len(SERIES)]
            axes.hlines(y, low, high, color=colour, linewidth=2.2, zorder=2)
            axes.plot(x, y, color=colour, linestyle="none", marker="o", markersize=5, label=group.label, zorder=3)
        scales(axes, x_log=True, y_log=False)
        axes.set_yticks(range(len(names)), names)
        axes.set_ylim(len(names) - 0.5, -0.5)
        axes.tick_params(axis="y", length=0)
        axes.spines["left"].set_visible(False)
        axes.set_xlabel(x_label)
        if len(groups) > 1:
            figure.legend(loc="outside upper left", ncols=1, handlelength=1.0)

    tall = 52 + 24.0 * len(names) + (16.0 * len(groups) if len(groups) > 1 else 0)
    return svg(draw, name=name, title=title, description=description, width=width, height=tall)


def short(value: float) -> str:
    """A number for a cell: three digits."""
    if not isfinite(value):
        return "–"
    if value == 0 or 1e-3 <= abs(value) < 1e5:
        # 999.7 is 1,000 in three digits
        text = f"{value:,.0f}" if abs(value) >= 999.5 else f"{value:.3g}"
    else:
        mantissa, exponent = f"{value:.1e}".split("e")
        text = f"{mantissa}e{int(exponent)}"
    return text.replace("-", "−")


def _line(axes: Axes, one: Series, colour: str, *, x_log: bool, y_log: bool) -> None:
    x, y = _shown(one.x, x_log), _shown(one.y, y_log)
    axes.plot(x, y, color=colour, linewidth=1.6, marker="o", markersize=3.2, label=one.label, zorder=3)
    if one.low is not None and one.high is not None:
        axes.fill_between(
            x, _shown(one.low, y_log), _shown(one.high, y_log), color=colour, alpha=0.25, linewidth=0, zorder=2
        )


def _shown(numbers: Sequence[float], log: bool) -> NDArray[np.float64]:
    array = np.array(numbers, dtype=np.float64)
    return np.where(np.isfinite(array) & ((array > 0) if log else True), array, np.nan)


def scales(axes: Axes, *, x_log: bool, y_log: bool) -> None:
    """Round values on both axes, decades on a logarithmic one of more than a decade."""
    from matplotlib.ticker import FuncFormatter, LogLocator, MaxNLocator, NullFormatter, NullLocator

    # axes without data keep limits that a logarithm has not: they stay linear
    for axis, log, end in ((axes.xaxis, x_log, axes.dataLim.intervalx), (axes.yaxis, y_log, axes.dataLim.intervaly)):
        known = bool(np.isfinite(end).all())
        if log and known:
            (axes.set_xscale if axis is axes.xaxis else axes.set_yscale)("log")
        low, high = axis.get_view_interval()
        if log and known and high / low > 12:
            axis.set_major_locator(LogLocator(numticks=8))
            axis.set_major_formatter(FuncFormatter(lambda value, _: _power(value)))
            axis.set_minor_formatter(NullFormatter())
        else:
            axis.set_major_locator(MaxNLocator(6, steps=[1, 2, 2.5, 5, 10]))
            axis.set_minor_locator(NullLocator())
            axis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:,g}".replace("-", "−")))


def _power(value: float) -> str:
    exponent = round(log10(value))
    return f"{value:,g}" if -3 <= exponent <= 4 else power(exponent)


def _ends(
    values: NDArray[np.float64], limits: tuple[float, float] | None, middle: float | None, log: bool
) -> tuple[float, float]:
    """The values of the colours' ends: never one value, which no bar could show."""
    if limits is not None:
        low, high = limits
    elif values.size:
        low, high = float(values.min()), float(values.max())
    else:
        low, high = 1.0, 2.0
    if middle is not None:
        if log:
            away = max(high / middle, middle / low)
            low, high = middle / away, middle * away
        else:
            away = max(high - middle, middle - low)
            low, high = middle - away, middle + away
    if high <= low * (1 + 1e-9) if log else high - low <= 1e-9 * max(abs(low), abs(high), 1e-300):
        return (low / 1.5, high * 1.5) if log else (low - 0.5, high + 0.5)
    return low, high


def _on(colour: tuple[float, float, float, float]) -> str:
    """Black or white, whichever reads better on a colour; by relative luminance, as in WCAG 2.2."""
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in colour[:3]]
    luminance = float(np.dot(linear, (0.2126, 0.7152, 0.0722)))
    return "#111111" if luminance > 0.179 else "#ffffff"


def _bar(axes: Axes, norm: Any, colours: Any, *, log: bool, steps: int) -> None:
    from matplotlib.ticker import FixedLocator, FuncFormatter, NullLocator

    # drawn by hand, in few steps: matplotlib's own is 256 paths, or an image
    bar = axes.inset_axes((1.03, 0.0, 0.035, 1.0))
    edges = np.geomspace(norm.vmin, norm.vmax, steps + 1) if log else np.linspace(norm.vmin, norm.vmax, steps + 1)
    centres = np.sqrt(edges[1:] * edges[:-1]) if log else (edges[1:] + edges[:-1]) / 2
    # an edge of its own colour closes the seams between steps
    bar.pcolormesh([0, 1], edges, centres[:, None], norm=norm, cmap=colours, edgecolors="face", linewidth=0.6)
    if log:
        bar.set_yscale("log")
    bar.set_xticks([])
    bar.yaxis.tick_right()
    bar.yaxis.set_major_locator(FixedLocator(_ticks(norm.vmin, norm.vmax, log=log)))
    bar.yaxis.set_minor_locator(NullLocator())
    bar.yaxis.set_major_formatter(FuncFormatter(lambda value, _: short(value)))
    bar.set_ylim(norm.vmin, norm.vmax)
    bar.spines[:].set_visible(False)
    bar.patch.set_visible(False)


def _ticks(low: float, high: float, *, log: bool) -> list[float]:
    """Three or four round values, evenly spread over the bar, which on a logarithmic one no locator gives."""
    from matplotlib.ticker import MaxNLocator

    if not log or high / low < 3:
        return [float(tick) for tick in MaxNLocator(4).tick_values(low, high) if low <= tick <= high]
    if high / low > 100:
        whole = range(ceil(log10(low)), floor(log10(high)) + 1)
        return [10.0**exponent for exponent in whole[:: ceil(len(whole) / 4)]]
    return [float(f"{tick:.1g}") for tick in np.geomspace(low, high, 4) if low <= float(f"{tick:.1g}") <= high]
