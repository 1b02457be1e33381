"""The plots of a study's report: main effects, maps over pairs of factors, and how far measures agree."""

from __future__ import annotations

from collections.abc import Sequence
from math import log
from typing import TYPE_CHECKING, Final, Literal

import numpy as np

from netwarp.pages.plot import PagePlot
from netwarp.pages.plot_svg import INK, SERIES
from netwarp.pages.plots import heat_plot, scales
from netwarp.study.report.effects import EffectLevel, MainEffect, PairMap
from netwarp.study.store.rows import Value

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from netwarp.study.report.gathering import Floats

WIDE: Final = 300.0  # fits a narrow window
TALL: Final = 236.0
ROW: Final = 22.0
LABEL: Final = 30  # characters of a value on an axis
LETTER: Final = 6.4  # units a letter takes on an axis
SPREAD: Final = 8.0  # values that spread further are shown by their logarithm
_LINE: Final = 42  # characters above a plot
STEPS: Final = 24  # of a map's colour bar, so that a page has room for many maps
TICKS: Final = 8  # values that an axis names one by one

Ends = tuple[float, float]


def in_short(value: Value, most: int = LABEL) -> str:
    """A factor's value on an axis: its middle is left out where it is long."""
    if isinstance(value, int | float) and not isinstance(value, bool):
        return f"{value:,g}".replace("-", "−") if abs(value) < 1e6 else f"{value:.3g}".replace("-", "−")
    text = " ".join(str(value).split())
    return text if len(text) <= most else f"{text[: most - most // 3 - 1]}…{text[-(most // 3) :]}"


def limits_of(effects: Sequence[MainEffect]) -> Ends | None:
    """The least and the greatest of all ends of intervals, which the plots of a measure share."""
    found = [end for effect in effects for one in effect.known for end in _ends(one) if np.isfinite(end)]
    return (min(found), max(found)) if found else None


def wide(limits: Ends | None) -> bool:
    """Whether values spread so far that their logarithm is shown."""
    return limits is not None and limits[0] > 0 and limits[1] / limits[0] > SPREAD


def effect_plot(effect: MainEffect, *, name: str, label: str, description: str, limits: Ends | None) -> PagePlot:
    """The measure `label` by the values of a factor: numbers along an axis, names beside one another or in rows."""
    names = [in_short(one.value) for one in effect.levels]
    title = f"{label} by {effect.factor}"
    if effect.numeric:
        return PagePlot(
            lambda figure: _along(figure.add_subplot(), effect, label, limits),
            name,
            title=title,
            description=description,
            width=WIDE,
            height=TALL,
        )
    beside = LETTER * max(map(len, names)) + 10 <= (WIDE - 70) / len(names)
    return PagePlot(
        lambda figure: _named(figure.add_subplot(), effect, label, limits, names, rows=not beside),
        name,
        title=title,
        description=description,
        width=WIDE,
        height=TALL if beside else 72 + ROW * len(names),
    )


def map_plot(found: PairMap, *, name: str, label: str, description: str, limits: Ends | None) -> PagePlot:
    """The measure over two factors; `limits` are the ends of its colours, in all maps of the measure."""
    columns, rows = ([in_short(one) for one in values] for values in (found.columns, found.rows))
    values = found.values
    if max(map(len, columns)) > max(map(len, rows)):
        # long names stand better in rows
        columns, rows, values = rows, columns, values.T
        across, down = found.factors[1], found.factors[0]
    else:
        across, down = found.factors
    each = max(54.0, LETTER * max(map(len, columns)) + 12)
    beside = LETTER * max(map(len, rows))
    return heat_plot(
        values,
        name=name,
        title=f"{label} by {across} and {down}",
        description=description,
        columns=columns,
        rows=rows,
        x_label=across,
        y_label=down,
        unit=label,
        log=wide(limits),
        limits=limits,
        steps=STEPS,
        width=max(118 + beside + each * len(columns), 40 + 7.2 * len(label)),
    )


def agreement_plot(names: Sequence[str], table: Floats, *, name: str, description: str) -> PagePlot:
    """Rank correlations of every two measures."""
    texts = [[f"{one:+.2f}".replace("-", "−") if np.isfinite(one) else "–" for one in row] for row in table]
    longest = LETTER * max(map(len, names))
    return heat_plot(
        table,
        name=name,
        title="Rank agreement of the measures",
        description=description,
        columns=names,
        rows=names,
        unit="Spearman’s rank correlation",
        texts=texts,
        middle=0.0,
        limits=(-1.0, 1.0),
        width=max(118 + longest + (longest + 14) * len(names), 260),
    )


def _along(axes: Axes, effect: MainEffect, label: str, limits: Ends | None) -> None:
    """Numbers along the axis, joined by a line in a band."""
    known = [one for one in effect.known if isinstance(one.value, int | float)]
    at = [float(one.value) for one in known if isinstance(one.value, int | float)]
    middle = [one.interval.value for one in known if one.interval]
    low, high = ([_ends(one)[end] for one in known] for end in (0, 1))
    log_x = _by_log(sorted(at))
    axes.fill_between(at, low, high, color=SERIES[0], alpha=0.22, linewidth=0, zorder=2)
    axes.plot(at, middle, color=SERIES[0], linewidth=1.6, marker="o", markersize=4, zorder=3)
    axes.vlines(at, low, high, color=SERIES[0], linewidth=1.0, zorder=2)
    scales(axes, x_log=log_x, y_log=wide(limits))
    if len(at) <= TICKS:
        _name_ticks(axes, at)
    axes.set_xlabel(effect.factor)
    _head(axes, label)
    _limit(axes, limits, rows=False)


def _named(
    axes: Axes, effect: MainEffect, label: str, limits: Ends | None, names: Sequence[str], *, rows: bool
) -> None:
    """Names beside one another, or in rows, each with a mark and its interval."""
    known = [place for place, one in enumerate(effect.levels) if one.interval is not None]
    middle = [one.interval.value for one in effect.known if one.interval]
    low, high = ([_ends(one)[end] for one in effect.known] for end in (0, 1))
    log_value = wide(limits)
    if rows:
        axes.hlines(known, low, high, color=SERIES[0], linewidth=2.2, zorder=2)
        axes.plot(middle, known, color=SERIES[0], linestyle="none", marker="o", markersize=5, zorder=3)
        scales(axes, x_log=log_value, y_log=False)
        axes.set_yticks(range(len(names)), names)
        axes.set_ylim(len(names) - 0.5, -0.5)
        axes.set_ylabel(effect.factor)
        axes.tick_params(axis="y", length=0)
        axes.spines["left"].set_visible(False)
    else:
        axes.vlines(known, low, high, color=SERIES[0], linewidth=2.2, zorder=2)
        axes.plot(known, middle, color=SERIES[0], linestyle="none", marker="o", markersize=5, zorder=3)
        scales(axes, x_log=False, y_log=log_value)
        axes.set_xticks(range(len(names)), names)
        axes.set_xlim(-0.6, len(names) - 0.4)
        axes.set_xlabel(effect.factor)
        axes.tick_params(axis="x", length=0)
    _head(axes, label, over="right" if rows else "left")
    _limit(axes, limits, rows=rows)


def _head(axes: Axes, label: str, *, over: Literal["left", "right"] = "left") -> None:
    """The measure's name above the plot, as long as it may be: its axis is too short for many.

    It begins or ends `over` one end of the axis: at the right one where names stand at its left.
    """
    name, bracket, unit = label.partition(" (")
    lines = [label] if len(label) <= _LINE else [name, f"{bracket}{unit}".strip()]
    axes.set_title("\n".join(in_short(one, _LINE) for one in lines), loc=over, fontsize=11)


def _limit(axes: Axes, limits: Ends | None, *, rows: bool) -> None:
    """The measure's axis, from a little below its least end to a little above its greatest; pale lines at its ticks."""
    axes.grid(visible=True, axis="x" if rows else "y", color=INK, alpha=0.12, linewidth=0.7)
    axes.set_axisbelow(True)
    if limits is None:
        return
    low, high = limits
    if wide(limits):
        away = (high / low) ** 0.05
        ends = low / away, high * away
    else:
        away = 0.05 * (high - low) or 0.05 * abs(high) or 0.5
        ends = low - away, high + away
    (axes.set_xlim if rows else axes.set_ylim)(*ends)


def _name_ticks(axes: Axes, at: Sequence[float]) -> None:
    from matplotlib.ticker import FixedFormatter, FixedLocator, NullLocator

    axes.xaxis.set_major_locator(FixedLocator(list(at)))
    axes.xaxis.set_major_formatter(FixedFormatter([in_short(one) for one in at]))
    axes.xaxis.set_minor_locator(NullLocator())


def _by_log(at: Sequence[float]) -> bool:
    """Whether a logarithmic axis spreads these numbers, in order, more evenly than a linear one."""
    if len(at) < 3 or at[0] <= 0:
        return False
    logs = [log(one) for one in at]
    linear, logarithmic = (min(np.diff(of)) / (of[-1] - of[0]) for of in (at, logs))
    return bool(logarithmic > linear)


def _ends(one: EffectLevel) -> Ends:
    """The ends of a level's interval; its value twice where there is none."""
    assert one.interval is not None
    low, high = one.interval.low, one.interval.high
    return (one.interval.value, one.interval.value) if low is None or high is None else (low, high)
