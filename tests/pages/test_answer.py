"""The figure's sentences: every case is worded, and none says what its numbers do not."""

from dataclasses import replace
from math import nan

import numpy as np
import pytest

from netwarp.architecture.language import parse
from netwarp.measures.intervals import Interval
from netwarp.measures.measurements import Measurement
from netwarp.orders.subject import read_subject
from netwarp.pages import answer
from netwarp.plane import Raster
from netwarp.study.atlas import Atlas, Cell, Map
from netwarp.study.compare import Comparison, Contender
from netwarp.study.contrasts import Contrast, contrast
from netwarp.study.ensemble import Ensemble, Summary

SEEDS = tuple(range(8))
BASE = np.linspace(1.0, 2.0, len(SEEDS))
FLOORS = {"grows": (0.0, 10.0), "shrinks": (10.0, 0.0), "same": (0.0, 10.0)}


def ensemble(values: dict[str, np.ndarray], resolved: bool = True) -> Ensemble:
    return Ensemble(
        SEEDS,
        Raster(16, 16),
        {
            name: tuple(
                Measurement(name, "", float(value), "", None, resolved, *FLOORS[name]) for value in values[name]
            )
            for name in values
        },
    )


def comparison(factors: dict[str, float], *, resolved: bool = True, family: int = 1) -> Comparison:
    """Two ensembles whose second is `factors` times the first, seed by seed; around 1 for a factor of 1."""
    wobble = np.array([0.8, 1.25, 0.9, 1.1, 0.8, 1.25, 0.9, 1.1])
    first = ensemble(dict.fromkeys(factors, BASE))
    second = ensemble({name: BASE * (wobble if by == 1 else by) for name, by in factors.items()}, resolved)
    contenders = tuple(
        Contender(name, parse("conv(2)"), None, one) for name, one in (("plain", first), ("rich", second))
    )
    found = tuple(contrast(name, first, second, family=family) for name in factors)
    return Comparison(SEEDS, Raster(16, 16), Raster(16, 16), contenders, (found,), family)


def lead(**factors: float) -> str:
    return answer.lead(comparison(factors).contrasts[0], "plain", "rich")


def test_more_less_and_cannot_tell() -> None:
    assert lead(grows=3.0) == "Yes: rich is more complex than plain on the one measure."
    assert lead(grows=3.0, shrinks=0.3) == "Yes: rich is more complex than plain on all 2 measures."
    assert lead(grows=0.3, shrinks=3.0) == "No: rich is less complex than plain on all 2 measures."
    assert lead(grows=3.0, shrinks=3.0) == (
        "The measures disagree: rich against plain is more complex on 1 of 2 (grows), less complex on 1 of 2 (shrinks)."
    )
    assert lead(grows=3.0, same=1.0) == (
        "Yes, as far as it can be told: rich against plain is more complex on 1 of 2 (grows), "
        "undecided on 1 of 2 (same)."
    )
    assert lead(grows=0.3, same=1.0).startswith("No, as far as it can be told: rich against plain is less complex on 1")
    assert lead(grows=3.0, shrinks=0.3, same=0.2).startswith("Mostly: ")
    assert lead(grows=0.3, shrinks=3.0, same=5.0).startswith("Mostly not: ")
    assert lead(same=1.0) == (
        "It cannot be told whether rich is more complex than plain: "
        "not even the one measure has an interval that excludes no change."
    )
    found = comparison({"grows": 3.0, "shrinks": 0.3}, family=6).contrasts[0]
    assert answer.lead(found, "plain", "rich") == (
        "Yes: rich is more complex than plain on all 2 measures, corrected for 6 comparisons."
    )
    assert answer.columns([("A", found)]).endswith("on all 2 measures, corrected for 6 comparisons.")
    assert answer.lead([], "plain", "rich").startswith("Whether rich is more complex than plain cannot be told: no")


def test_how_much_and_how_surely() -> None:
    found = comparison({"grows": 3.0, "shrinks": 0.4})
    sentences = answer.verdict(found, "plain", "rich")
    assert sentences[1] == (
        "Medians of the ratios of the two, one a seed, with their intervals: "
        "grows is 3 times as large (3 to 3); shrinks is 0.4 times as large (0.4 to 0.4)."
    )
    assert sentences[2] == "The two do not overlap: by each of these measures every rich network is more complex than every plain one."  # fmt: skip # noqa: E501
    assert sentences[3] == "Half the resolution gives the same within 10%: 16 × 16 points resolve every value."
    loose = answer.unresolved(comparison({"grows": 3.0}, resolved=False))
    assert loose == "Of 16 × 16 points, half the resolution gives another value of grows of rich for 8 of 8 seeds: read these with care."  # fmt: skip # noqa: E501
    assert "every rich network is less complex" in answer.overlap(
        comparison({"shrinks": 3.0}).contrasts[0], "plain", "rich"
    )
    # by hand: 1.2 x (1, ..., 2) against (1, ..., 2); equal pairs count half
    (one,) = comparison({"grows": 1.2}).contrasts[0]
    share = np.mean(np.sign(np.subtract.outer(1.2 * BASE, BASE)) / 2 + 0.5)
    assert answer.overlap([one], "plain", "rich").endswith(f"grows {share:.0%}.")
    assert answer.overlap([replace(one, delta=0.998)], "plain", "rich").endswith("grows over 99%.")
    assert answer.overlap([replace(one, delta=-0.998)], "plain", "rich").endswith("grows under 1%.")


def test_a_difference_where_there_is_no_ratio() -> None:
    first, second = ensemble({"grows": -BASE}), ensemble({"grows": -BASE - 1.5})
    one = contrast("grows", first, second)
    assert answer.amounts([one]).endswith("grows is smaller by 1.5 (−1.5 to −1.5).")
    assert answer.amounts([contrast("grows", second, first)]).endswith("grows is larger by 1.5 (+1.5 to +1.5).")
    assert answer.amounts([contrast("grows", first, first)]).endswith("grows is the same (+0 to +0).")
    assert answer.amounts([]) == ""


def test_columns_of_wide_and_deep() -> None:
    up, both = (comparison(one).contrasts[0] for one in ({"grows": 3.0}, {"grows": 3.0, "shrinks": 3.0}))
    assert answer.columns([]) == ""
    assert "in every one of the 2 columns the deep network is more complex" in answer.columns([("A", up), ("B", up)])
    assert "in the column A the deep" in answer.columns([("A", up)])
    said = answer.columns([("A", up), ("B", both)])
    assert "every" not in said
    assert "A: more complex on 1 of 1 (grows); B: more complex on 1 of 2 (grows), less complex on 1 of 2" in said


def cell(value: float, theory: float | None, factor: float | None, spread: float, at: int, ramp: float) -> Cell:
    interval = None if np.isnan(value) else Interval(value, value - spread, value + spread)
    summary = Summary("length", "", interval, 8, 8, ramp, 9.0, "")
    growth = None if factor is None else Interval(factor, None, None)
    return Cell(str(at), "-2", parse("conv(2)"), summary, growth, theory, "")


def one_map(values: list[float], act: str = "relu", *, spread: float = 0.1, falling: bool = False) -> Map:
    expected = [1.0 + 0.1 * place for place in range(len(values))][:: -1 if falling else 1]
    cells = tuple(
        cell(value, theory, theory * (1.05 if at else 0.4), spread, at, 1.5)
        for at, (value, theory) in enumerate(zip(values, expected, strict=True))
    )
    return Map(act, ("scale", "shift"), tuple(map(str, range(len(values)))), ("-2",), (cells,))


def an_atlas(*maps: Map) -> Atlas:
    return Atlas(read_subject("conv(2)"), "length", "", SEEDS, Raster(8, 8), maps, ())


def depth(factor: float) -> Contrast:
    return comparison({"grows": factor}).contrasts[0][0]


def test_scale_and_shift_beside_depth() -> None:
    wide, narrow, unsure = (
        one_map([1.0, 2, 3, 4, 5, 12]),
        one_map([1.0, 2, 2, 2, 2, 3], "tanh"),
        one_map([1.0, 1.1, 1.2], "gelu"),
    )
    said = answer.scale_and_shift(an_atlas(wide, narrow, unsure), depth(5.0), "plain", "rich")
    assert said[0].endswith("length changes 12-fold with relu and 3-fold with tanh; with gelu it cannot be told.")
    assert said[1] == "From plain to rich it changes 5-fold, which is less than with relu, more than with tanh."
    for factor, words in ((2.0, "is less than on any of these maps"), (0.05, "is more than on any of these maps")):
        assert words in answer.scale_and_shift(an_atlas(wide, narrow), depth(factor), "plain", "rich")[1]
    # 3-fold may be 2.6 to 3.4: neither less nor more is certain, and neither is said
    for maps, words in (
        ((narrow,), "3.2-fold; whether more than with tanh cannot be told."),
        ((wide, narrow), "3.2-fold, which is less than with relu; whether more than with tanh cannot be told."),
    ):
        assert answer.scale_and_shift(an_atlas(*maps), depth(3.2), "plain", "rich")[1].endswith(words)
    assert answer.scale_and_shift(an_atlas(wide), depth(1.0), "plain", "rich")[1].endswith("less than on this map.")
    assert len(answer.scale_and_shift(an_atlas(wide), None, "plain", "rich")) == 1
    (told,) = answer.scale_and_shift(an_atlas(unsure), depth(2.0), "plain", "rich")
    assert told.startswith("Whether scale and shift are very important cannot be told")
    assert answer.certain_fold(unsure) is None


def test_what_a_map_says() -> None:
    said = answer.map_sentence(one_map([1.0, 2, 3, 4, 5, 12]), "length").replace("\N{NO-BREAK SPACE}", " ")
    assert said == (
        "length goes from 1 (0.9 to 1.1) at scale 0, shift −2 to 12 (11.9 to 12.1) at scale 5, shift −2, the former "
        "below a plain ramp’s 1.5. The places stand nearly in the order of the closed form (rank correlation +1.00). "
        "The measured growth a layer is within 10% of the closed form at 5 of 6 places, and farthest from it at scale "
        "0, shift −2: 0.4 times as much."
    )
    against = answer.map_sentence(one_map([1.0, 2, 3, 4, 5, 12], falling=True), "length")
    assert "stand against the order of the closed form (rank correlation −1.00)" in against
    assert "a difference that is not certain" in answer.map_sentence(one_map([1.0, 1.1, 1.2]), "length")
    assert "cannot be told" in answer.map_sentence(one_map([1.0, 1.1, 1.2]), "length")
    empty = one_map([nan, 1.0])
    assert answer.map_sentence(empty, "length") == "length could be measured at fewer than two places."
    without = replace(empty, cells=(tuple(replace(one, growth=None) for one in one_map([1.0, 2.0]).cells[0]),))
    assert "growth a layer" not in answer.map_sentence(without, "length")


@pytest.mark.parametrize(("order", "words"), [([1, 2, 3, 4, 6, 5], "nearly"), ([1, 4, 3, 6, 2, 5], "hardly")])
def test_orders_by_rank(order: list[float], words: str) -> None:
    assert f"stand {words} in the order" in answer.map_sentence(one_map([float(one) for one in order]), "length")
