"""What the figure's numbers say, in sentences: each follows from the numbers it names, whichever way they turn out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import inf, log

import numpy as np

from netwarp.measures.intervals import Interval, agreement
from netwarp.measures.measurements import number
from netwarp.study.atlas import Atlas, Cell, Map
from netwarp.study.compare import Comparison
from netwarp.study.contrasts import Contrast
from netwarp.study.words import between

NBSP = "\N{NO-BREAK SPACE}"  # a minus sign does not begin a line
CLOSE = 0.1  # a factor within this share of the closed form is called its own
# from these rank correlations on two orders are called alike
ORDERS = ((0.8, "nearly in the order of"), (0.5, "roughly in the order of"), (-0.5, "hardly in the order of"))


def verdict(found: Comparison, first: str, second: str) -> tuple[str, ...]:
    """Is `second` more complex than `first`, the names of the two compared; by how much; how surely.

    A sentence each, the first the answer. A measure counts where its whole interval lies on one side of no change.
    """
    contrasts = found.contrasts[0]
    said = (lead(contrasts, first, second), amounts(contrasts), overlap(contrasts, first, second), unresolved(found))
    return tuple(sentence for sentence in said if sentence)


def lead(contrasts: Sequence[Contrast], first: str, second: str) -> str:
    """The answer, and on how many of the measures that can give one."""
    judged, more, less, open_ = _sorted(contrasts)
    if not judged:
        return (
            f"Whether {second} is more complex than {first} cannot be told: no measure has an interval and a direction."
        )
    if len(open_) == len(judged):
        return (
            f"It cannot be told whether {second} is more complex than {first}: {_of_all(len(judged), 'none')} has an "
            f"interval that excludes no change{_corrected(judged)}."
        )
    if len(more) == len(judged) or len(less) == len(judged):
        head, word = ("Yes", "more") if more else ("No", "less")
        return f"{head}: {second} is {word} complex than {first} on {_of_all(len(judged), 'all')}{_corrected(judged)}."
    if len(more) == len(less):
        head = "The measures disagree"
    elif len(more) > len(less):
        head = "Mostly" if less else "Yes, as far as it can be told"
    else:
        head = "Mostly not" if more else "No, as far as it can be told"
    return f"{head}: {second} against {first} is {tally(contrasts)}{_corrected(judged)}."


def tally(contrasts: Sequence[Contrast]) -> str:
    """On which measures the second is more complex, on which less, on which it cannot be told."""
    judged, more, less, open_ = _sorted(contrasts)
    if not judged:
        return "of no verdict"
    parts = []
    if more:
        parts.append(f"more complex on {len(more)} of {len(judged)} ({_listed(more)})")
    if less:
        parts.append(f"less complex on {len(less)} of {len(judged)} ({_listed(less)})")
    if open_:
        parts.append(f"undecided on {len(open_)} of {len(judged)} ({_listed(open_)})")
    return ", ".join(parts)


def amounts(contrasts: Sequence[Contrast]) -> str:
    """How many times as much of each measure there is, or how much more."""
    parts = []
    for one in contrasts:
        interval = one.ratio or one.difference
        if interval is None:
            continue
        if one.ratio is not None:
            amount = f"{number(interval.value)} times as large"
        elif interval.value == 0:
            amount = "the same"
        else:
            amount = f"{'larger' if interval.value > 0 else 'smaller'} by {number(abs(interval.value))}"
        parts.append(f"{one.name} is {amount}{_in_brackets(interval, signed=one.ratio is None)}")
    if not parts:
        return ""
    kinds = [one.ratio is not None for one in contrasts if one.ratio or one.difference]
    what = "ratios" if all(kinds) else "differences" if not any(kinds) else "ratios, or differences,"
    return f"Medians of the {what} of the two, one a seed, with their intervals: {'; '.join(parts)}."


def overlap(contrasts: Sequence[Contrast], first: str, second: str) -> str:
    """How often a network of the second is more complex than one of the first: Cliff's delta, in words."""
    told = [
        (one.name, (1 + one.delta * one.direction) / 2)
        for one in contrasts
        if one.delta is not None and one.direction is not None
    ]
    if not told:
        return ""
    by = f"by {'this measure' if len(told) == 1 else 'each of these measures'}"
    for word, extreme in (("more", 1.0), ("less", 0.0)):
        if all(share == extreme for _, share in told):
            return f"The two do not overlap: {by} every {second} network is {word} complex than every {first} one."
    shares = ", ".join(f"{name} {_percent(share)}" for name, share in told)
    return f"Of all pairs, the {second} network is the more complex so often, ties counting half: {shares}."


def unresolved(found: Comparison) -> str:
    """Which of the values half the resolution does not confirm."""
    parts = []
    for one in found.contrasts[0]:
        for contender, summary in zip(found.contenders, (one.first, one.second), strict=True):
            if summary.resolved is not None and summary.resolved < summary.present:
                where = f"{summary.present - summary.resolved} of {summary.present} seeds"
                parts.append(f"{one.name} of {contender.name} for {where}")
    size = f"{found.raster.columns} × {found.raster.rows}"
    if not parts:
        return (
            f"Half the resolution gives the same within 10%: {size} points resolve every value." if _any(found) else ""
        )
    return f"Of {size} points, half the resolution gives another value of {'; '.join(parts)}: read these with care."


def columns(pairs: Sequence[tuple[str, Sequence[Contrast]]]) -> str:
    """Deep against wide in every column of a row: (its title, the contrasts of deep with wide)."""
    if not pairs:
        return ""
    sorted_ = [_sorted(contrasts) for _, contrasts in pairs]
    if all(judged and len(more) == len(judged) for judged, more, _, _ in sorted_):
        fewest, most = (end(len(judged) for judged, *_ in sorted_) for end in (min, max))
        taken = _of_all(most, "all") if fewest == most else "every measure that can tell"
        where = f"in every one of the {len(pairs)} columns" if len(pairs) > 1 else f"in the column {pairs[0][0]}"
        return (
            f"Over many seeds, {where} the deep network is more complex than the wide one on {taken}"
            f"{_corrected(pairs[0][1])}."
        )
    said = "; ".join(f"{title}: {tally(contrasts)}" for title, contrasts in pairs)
    return f"Over many seeds, the deep network against the wide one is: {said}{_corrected(pairs[0][1], ';')}."


def scale_and_shift(found: Atlas, depth: Contrast | None, first: str, second: str) -> tuple[str, ...]:
    """Are scale and shift important: how far they alone change the measure, beside what depth changes (`depth`).

    The first sentence is the answer; then comes one on depth, where it is known. Each map has its own map_sentence.
    """
    maps = [of for of in found.maps if of.axes == ("scale", "shift")]
    if not maps:
        return ()
    folds = {of.activation: fold for of in maps if (fold := certain_fold(of)) is not None}
    if not folds:
        answer = (
            f"Whether scale and shift are very important cannot be told from {found.measure}: over no map do the "
            f"intervals of its least and its greatest value part."
        )
        return (answer,)
    each = _and([f"{fold.value:.3g}-fold with {act}" for act, fold in folds.items()])
    rest = [of.activation for of in maps if of.activation not in folds]
    cannot = f"; with {_and(rest)} it cannot be told" if rest else ""
    said = [f"“Scale and shift are very important”: by them alone {found.measure} changes {each}{cannot}."]
    if depth is not None and depth.ratio is not None:
        by_depth = _fold(depth.ratio)
        said.append(f"From {first} to {second} it changes {by_depth.value:.3g}-fold{_beside(by_depth, folds)}.")
    return tuple(said)


def _fold(times: Interval) -> Interval:
    """How many-fold a ratio is, up or down: 1 or more, and so its ends."""
    if times.low is None or times.high is None:
        return Interval(max(times.value, 1 / times.value), None, None)
    ends = sorted(max(end, 1 / end) for end in (times.low, times.high))
    return Interval(max(times.value, 1 / times.value), 1.0 if times.low <= 1 <= times.high else ends[0], ends[1])


def _beside(by_depth: Interval, folds: Mapping[str, Interval]) -> str:
    """Where a change is certainly less than those of the maps, where more, and where it cannot be told."""
    less: list[str] = []
    more: list[str] = []
    rest: list[str] = []
    for act, fold in folds.items():
        below = by_depth.high is not None and fold.low is not None and by_depth.high < fold.low
        above = by_depth.low is not None and fold.high is not None and by_depth.low > fold.high
        (less if below else more if above else rest).append(act)
    kinds = [(word, acts) for word, acts in (("less", less), ("more", more)) if acts]
    unsure = f"; whether more than with {' or '.join(rest)} cannot be told" if rest else ""
    if not kinds:
        return unsure
    if len(kinds) == 1 and not rest:
        return f", which is {kinds[0][0]} than on {'any of these maps' if len(folds) > 1 else 'this map'}"
    return ", which is " + ", ".join(f"{word} than with {_and(acts)}" for word, acts in kinds) + unsure


def certain_fold(of: Map) -> Interval | None:
    """The greatest value of a map over its least, both positive, and how far it may go; None unless they part."""
    ends = _ends(of)
    if ends is None:
        return None
    least, greatest = (cell.value.interval for cell in ends)
    assert least is not None
    assert greatest is not None
    if least.value <= 0 or least.low is None or least.high is None or greatest.low is None or greatest.high is None:
        return None
    if least.high >= greatest.low:
        return None
    most = greatest.high / least.low if least.low > 0 else inf
    return Interval(greatest.value / least.value, greatest.low / least.high, most)


def map_sentence(of: Map, measure: str) -> str:
    """One map: from where to where the measure goes, how the closed form ranks it, and where it departs most."""
    ends = _ends(of)
    if ends is None:
        return f"{measure} could be measured at fewer than two places."
    least, greatest = ends
    span = f"{measure} goes from {_value(least)} at {_place(of, least)} to {_value(greatest)} at {_place(of, greatest)}"
    plain = least.value.ramp
    if plain is not None and least.value.interval is not None and least.value.interval.value < plain:
        span += f", the former below a plain ramp’s {number(plain)}"
    if certain_fold(of) is None:
        span += "; a difference that is not certain"
    parts = [span + "."]
    rank = agreement(of.expected(), of.values())
    if rank is None:
        parts.append("Whether the closed form ranks the places alike cannot be told.")
    else:
        order = next((words for least_rank, words in ORDERS if rank >= least_rank), "against the order of")
        parts.append(f"The places stand {order} the closed form (rank correlation {_signed(rank)}).")
    known = [cell for row in of.cells for cell in row if cell.gap]
    if known:
        close = sum(abs(cell.gap - 1) <= CLOSE for cell in known if cell.gap)
        worst = max(known, key=lambda cell: abs(log(cell.gap or 1.0)))
        parts.append(
            f"The measured growth a layer is within {CLOSE:.0%} of the closed form at {close} of {len(known)} places, "
            f"and farthest from it at {_place(of, worst)}: {worst.gap:.3g} times as much."
        )
    return " ".join(parts)


def _ends(of: Map) -> tuple[Cell, Cell] | None:
    values = of.values()
    if np.isfinite(values).sum() < 2:
        return None
    least, greatest = (np.unravel_index(place, values.shape) for place in (np.nanargmin(values), np.nanargmax(values)))
    return of.cells[least[0]][least[1]], of.cells[greatest[0]][greatest[1]]


def _value(cell: Cell) -> str:
    assert cell.value.interval is not None
    return f"{number(cell.value.interval.value)}{_in_brackets(cell.value.interval)}".replace("-", "−")


def _place(of: Map, cell: Cell) -> str:
    return f"{of.axes[0]} {cell.column}, {of.axes[1]} {cell.row}".replace("-", "−").replace(" −", f"{NBSP}−")


def _sorted(
    contrasts: Sequence[Contrast],
) -> tuple[list[Contrast], list[Contrast], list[Contrast], list[Contrast]]:
    """Those with a verdict; of them the more complex, the less complex, the undecided."""
    judged = [one for one in contrasts if one.verdict is not None]
    more, less, open_ = ([one for one in judged if one.verdict == kind] for kind in ("more", "less", "undecided"))
    return judged, more, less, open_


def _corrected(contrasts: Sequence[Contrast], comma: str = ",") -> str:
    """How many comparisons the verdicts are corrected for; nothing for one."""
    family = max((one.family for one in contrasts), default=1)
    return f"{comma} corrected for {family} comparisons" if family > 1 else ""


def _any(found: Comparison) -> bool:
    return any(one.first.resolved or one.second.resolved for one in found.contrasts[0])


def _of_all(count: int, word: str) -> str:
    if count == 1:
        return "the one measure" if word == "all" else "not even the one measure"
    return f"{word} {count} measures" if word == "all" else f"{word} of {count} measures"


def _in_brackets(interval: Interval, *, signed: bool = False) -> str:
    text = between(interval)
    if text == "–":
        return ""
    if signed and interval.low is not None and interval.high is not None:
        text = f"{_signed(interval.low, 4)} to {_signed(interval.high, 4)}"
    return f" ({text})"


def _percent(share: float) -> str:
    """Whole percents; what is not all or none is not rounded to it."""
    if 0.995 <= share < 1:
        return "over 99%"
    return "under 1%" if 0 < share < 0.005 else f"{share:.0%}"


def _signed(value: float, digits: int = 2) -> str:
    text = f"{value:+.2f}" if digits == 2 else f"{value:+.{digits}g}"
    return text.replace("-", "−")


def _listed(contrasts: Sequence[Contrast]) -> str:
    return ", ".join(one.name for one in contrasts)


def _and(words: Sequence[str]) -> str:
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"
