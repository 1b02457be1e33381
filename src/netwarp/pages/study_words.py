"""What a study's numbers say, in sentences: each follows from the numbers it names."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import inf
from typing import Final

from netwarp.measures.intervals import Interval, fewest, level_of
from netwarp.measures.measurements import number
from netwarp.pages.plots import short
from netwarp.pages.study_plots import in_short
from netwarp.study.grid.study import Study
from netwarp.study.report.agreement import RankAgreement
from netwarp.study.report.effects import EffectLevel, MainEffect, mixed_factors
from netwarp.study.report.gathering import Gathered, ReportedMeasure
from netwarp.study.store.planning import HowFar, StoredPlan
from netwarp.study.words import count_of, too_few

REASONS = 5  # of what may be many, so many are said
ALIKE = 1.005  # a ratio below is written as none


def lede(study: Study | None, gathered: Gathered, sizes: Sequence[str]) -> str:
    """What was looked at: points, seeds, networks, points of the raster."""
    networks = len(gathered.networks)
    looked = f"looked at on {' or '.join(sizes[:3])} pixels"
    if study is not None and study.models:
        return f"{_many(networks, 'model')}, {looked} of the plane."
    seeds = "" if study is None else f", {count_of(study.seeds)}"
    return f"{_many(gathered.points, 'point')}{seeds}: untrained networks, {looked} of the plane."


def state(plan: StoredPlan, counts: HowFar, gathered: Gathered) -> tuple[str, ...]:
    """How much of the study is in, a sentence each."""
    runs = len(gathered.seeds)
    total = counts.total + plan.elsewhere
    said = [
        f"{runs:,} of {_many(total, 'run')} {'is' if runs == 1 else 'are'} in"
        + (": all of them." if runs == total and not counts.failed else f" ({counts.sentence()}).")
    ]
    if plan.elsewhere:
        said.append(f"{plan.elsewhere_sentence}.")
    if counts.to_do or plan.elsewhere:
        said.append("All numbers below are of what is in so far, and may change with the rest.")
    if plan.shard is not None:
        said.append(f"This is the part {plan.shard} of a study of {_many(plan.whole, 'run')}.")
    waiting = []
    for place in gathered.varied:
        there = {point[place] for one in gathered.networks for point in one.points}
        lacking = [in_short(value) for value in gathered.levels[place] if value not in there]
        if lacking:
            more = f" and {len(lacking) - REASONS:,} more" if len(lacking) > REASONS else ""
            waiting.append(f"{gathered.factors[place]} {', '.join(lacking[:REASONS])}{more}")
    if waiting:
        said.append(f"Without any run so far: {'; '.join(waiting)}.")
    return tuple(said)


def method(*, models: bool, family: int, seeds: int) -> tuple[str, ...]:
    """What the marks and the bands are, and how many intervals they are corrected for."""
    maps = "Heat maps show medians without intervals: read them as a description."
    if models:
        given = "A model’s weights are given and no seed draws them: marks are medians over models, without intervals."
        return given, maps
    if not family:
        return ("No measure has a value by a factor that varies: there are no main effects.",)
    said = (
        (
            "A mark is a median over seeds: of every seed the median over its networks with that value of the factor, "
            "whatever their other factors, and of these the median over the seeds."
        ),
        "Networks of one seed share draws of their weights and are no separate evidence: intervals are over seeds.",
    )
    if seeds < fewest(level_of(family)):
        return (*said, f"There are no bands. {too_few(seeds, family, 'intervals')}.", maps)
    corrected = (
        f"The intervals are corrected for how many this page shows, {family}: where each misses no oftener than it "
        f"may, all {family} together contain the true medians in 95% of such studies. Where two do not meet, the "
        "medians differ."
    )
    return (*said, f"A band, or a bar, is an interval whose ends are {INTERPOLATED}. {corrected}", maps)


INTERPOLATED: Final = (
    "interpolated between order statistics: they miss no oftener than they may for double exponential, normal, "
    "uniform, Cauchy, exponential and lognormal values, and oftener for values in two lumps with the median in the "
    "gap between"
)


def confounded(gathered: Gathered) -> tuple[str, ...]:
    """Which main effects are mixed with one another, because not all values of two factors go together."""
    return tuple(
        f"Not every {first} goes with every {second}: {there:,} of {whole:,} pairs of their values are in. The main "
        f"effect of either is mixed with that of the other; the maps show them apart."
        for first, second, there, whole in mixed_factors(gathered)
    )


def effect_sentence(effect: MainEffect) -> str:
    """From where to where a measure goes with a factor, how far, and whether that is certain."""
    ends = effect.ends
    if ends is None:
        return "has a value at fewer than two of its values."
    low, high = (one.interval for one in ends)
    assert low is not None
    assert high is not None
    if low.value == high.value:
        return f"{number(low.value)} throughout."
    span = f"from {level_in_words(ends[0])} to {level_in_words(ends[1])}"
    ratio = high.value / low.value if low.value > 0 else 0.0
    times = f", {short(ratio)} times as much" if ratio >= ALIKE else ""
    if low.low is None or high.low is None:
        return f"{span}{times}; without intervals nobody can say whether that is chance."
    certain = "different: their intervals do not meet" if effect.parts else "which may be chance: intervals meet"
    return f"{span}{times}, {certain}."


def strength(effect: MainEffect) -> tuple[bool, float]:
    """How much a factor changes a measure, for an order: certain ones first."""
    if effect.ends is None:
        return False, -1.0
    low, high = (one.interval for one in effect.ends)
    assert low is not None
    assert high is not None
    if low.value > 0:
        return effect.parts, high.value / low.value
    return effect.parts, inf if high.value > low.value else 0.0


def level_in_words(one: EffectLevel) -> str:
    """A level with its median: "4.21 (3.9 to 4.5) at 10"."""
    assert one.interval is not None
    return f"{interval_in_words(one.interval)} at {in_short(one.value)}"


def interval_in_words(one: Interval) -> str:
    """A median and its interval: "4.21 (3.9 to 4.5)"."""
    between = "" if one.low is None or one.high is None else f" ({number(one.low)} to {number(one.high)})"
    return f"{number(one.value)}{between}".replace("-", "−")


def missing_values(measure: ReportedMeasure, runs: int) -> tuple[str, ...]:
    """Which runs have no value of a measure, and why; which values half the resolution does not confirm."""
    said = []
    for why, counted in (("does not apply", measure.absent), ("failed", measure.failed)):
        said += [f"{why} for {_many(count, 'run')}: {reason}" for reason, count in list(counted.items())[:REASONS]]
        if len(counted) > REASONS:
            rest = sum(list(counted.values())[REASONS:])
            said.append(f"{why} for {_many(rest, 'more run')}, for {len(counted) - REASONS:,} other reasons")
    lacking = runs - measure.present - sum(measure.absent.values()) - sum(measure.failed.values())
    if lacking:
        said.append(f"still to do for {_many(lacking, 'run')} that other measures are of already")
    if measure.unresolved:
        said.append(
            f"at half the resolution {_many(measure.unresolved, 'value')} of {measure.present:,} "
            f"{'is' if measure.unresolved == 1 else 'are'} more than 10% away: the raster does not resolve them"
        )
    return tuple(said)


def agreement_sentence(found: RankAgreement) -> str:
    """Which measures rank the networks most alike, and which least."""
    pairs = found.pairs()
    if not pairs:
        return "No two measures have values of six networks that differ: how alike they rank them cannot be told."
    least, most = pairs[0], pairs[-1]
    said = f"{most[1]} and {most[2]} rank the networks most alike ({_over(found, most)})"
    if len(pairs) > 1:
        said += f", {least[1]} and {least[2]} least ({_over(found, least)})"
    return f"{said}."


def _over(found: RankAgreement, pair: tuple[float, str, str]) -> str:
    """A correlation, and of how many networks it is."""
    value, first, second = pair
    return f"{signed(value)}, of {found.counts[found.names.index(first), found.names.index(second)]:,}"


def mixed(machines: Sequence[Mapping[str, str]]) -> tuple[str, ...]:
    """What differs between the machines, and what that means."""
    said = []
    kinds = sorted({one.get("processor", "") for one in machines})
    if len(kinds) > 1:
        said.append(
            f"The runs were evaluated on processors of {len(kinds)} kinds ({', '.join(kinds)}): values are the same to "
            "the bit on one kind only, and may differ in their last digits between them."
        )
    for name in ("netwarp", "numpy", "numba"):
        versions = sorted({one.get(name, "") for one in machines})
        if len(versions) > 1:
            said.append(f"The runs were evaluated with several versions of {name}: {', '.join(versions)}.")
    return tuple(said)


def signed(value: float) -> str:
    """A correlation: two digits and a sign."""
    return f"{value:+.2f}".replace("-", "−")


def _many(count: int, noun: str) -> str:
    return f"{count:,} {noun}{'' if count == 1 else 's'}"
