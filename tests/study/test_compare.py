"""Comparisons: pairs of one seed, ratios and verdicts by hand, and a page that shows no more than was measured."""

import csv
import html
import io
import json
import re
import shlex
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from netwarp.architecture.counts import count
from netwarp.architecture.language import parse
from netwarp.cli.main import status_of
from netwarp.errors import InputError
from netwarp.measures.intervals import agreement, effect, level_of, ratio
from netwarp.measures.measurements import Measurement
from netwarp.orders.subject import change, read_subject
from netwarp.pages.compare_page import again, save, unplotted
from netwarp.plane import Raster
from netwarp.study.compare import Comparison, compare
from netwarp.study.contrasts import contrast, oriented
from netwarp.study.ensemble import Ensemble, ensemble

SEEDS = range(8)


def made(values: Sequence[float | None], ramp: float | None = None, noise: float | None = None) -> Ensemble:
    found = tuple(
        Measurement("made", "u", value, "" if value is not None else "nothing there", ramp=ramp, noise=noise)
        for value in values
    )
    return Ensemble(tuple(range(len(values))), Raster(4, 4), {"made": found})


def test_pairs_are_of_one_seed_and_ratios_are_theirs() -> None:
    first = [1.0, 2.0, 3.0, 4.0, 5.0, 6.0, None]
    second = [2.0, 4.0, 6.0, 8.0, 10.0, 12.0, 1000.0]
    found = contrast("made", made(first, 0, 1), made(second, 0, 1))
    assert found.pairs == 6
    assert found.ratio is not None
    # every pair says twice: there is nothing to resample, though the medians overlap widely
    assert (found.ratio.value, found.ratio.low, found.ratio.high) == pytest.approx((2, 2, 2))
    assert found.delta == pytest.approx(effect(first[:-1], second[:-1]))  # type: ignore[arg-type]  # none is None
    assert (found.direction, found.verdict, found.word()) == (1, "more", "more complex")
    assert (found.change(), found.interval()) == ("× 2", "2 to 2")


def test_where_smaller_is_more_complex_the_verdict_turns() -> None:
    first, second = made([1.0] * 8, ramp=5, noise=1), made([2.0] * 8, ramp=5, noise=1)
    assert contrast("made", first, second).verdict == "less"
    assert contrast("made", second, first).verdict == "more"


def test_values_that_are_not_positive_are_compared_by_difference() -> None:
    first, second = made([0.0, -1, -2, -3, -4, -5], -9, 0), made([1.0, 0, -1, -2, -3, -4], -9, 0)
    found = contrast("made", first, second)
    assert found.ratio is None
    assert found.difference is not None
    assert (found.difference.value, found.change(), found.verdict) == (1, "+1", "more")
    assert contrast("made", second, first).change() == "−1"


def test_an_interval_that_holds_no_change_decides_nothing() -> None:
    rng = np.random.RandomState(np.random.PCG64(0))
    first, second = (made(rng.lognormal(size=32).tolist(), 0, 1) for _ in range(2))
    assert contrast("made", first, second).verdict == "undecided"


def test_too_few_seeds_give_no_verdict() -> None:
    found = contrast("made", made([1.0] * 5, 0, 1), made([9.0] * 5, 0, 1))
    assert found.ratio is not None
    assert (found.ratio.value, found.ratio.low) == (pytest.approx(9), None)
    assert (found.verdict, found.word(), found.interval()) == (None, "", "–")


def test_what_is_absent_on_one_side_says_why() -> None:
    found = contrast("made", made([1.0] * 8), made([None] * 8))
    assert (found.pairs, found.ratio, found.delta, found.verdict) == (0, None, None, None)
    assert (found.reason, found.change()) == ("nothing there", "–")


def test_what_is_absent_for_some_seeds_is_said_and_medians_are_the_pairs() -> None:
    first = [1.0, 2.0, 3.0, 4.0, 5.0, 6.0, None, None]
    second = [2.0, 4.0, 6.0, 8.0, 10.0, 12.0, 1000.0, 1000.0]
    found = contrast("made", made(first, 0, 1), made(second, 0, 1))
    assert found.medians == (3.5, 7.0)
    assert found.flag() == "6 of 8 pairs"
    assert "too few for an interval: 6 needed" in contrast("made", made([*first[:3], *[None] * 5]), made(second)).flag()


def test_what_the_raster_does_not_resolve_is_flagged() -> None:
    blurred = Ensemble(
        tuple(SEEDS),
        Raster(4, 4),
        {"made": tuple(Measurement("made", "u", 1.0, resolved=seed < 3) for seed in SEEDS)},
    )
    sharp = replace(blurred, measurements={"made": tuple(Measurement("made", "u", 2.0, resolved=True) for _ in SEEDS)})
    assert contrast("made", blurred, sharp).flag() == "not resolved"
    assert contrast("made", sharp, sharp).flag() == ""
    assert contrast("made", made([1.0] * 8), made([1.0] * 8)).resolved is None


@pytest.mark.parametrize(
    ("name", "ramp", "noise", "direction"),
    [
        ("made", 1.0, 24.0, 1),  # towards noise is more complex
        ("made", -1.0, -3.0, -1),
        ("made", 1.0, 1.0, None),
        ("made", None, 1.0, None),
        ("regions", None, None, 1),  # no ramp, no noise: more pieces are more
        ("regions", 1.0, None, 1),
        ("range", None, None, None),
    ],
)
def test_the_direction_of_more_complex(
    name: str, ramp: float | None, noise: float | None, direction: int | None
) -> None:
    assert oriented(name, ramp, noise) == direction


@pytest.fixture(scope="module")
def found() -> Comparison:
    subjects = [read_subject(text) for text in ("conv(12)", "conv(3) * 3", 'conv(4, act="tanh")')]
    wanted = ("mean_frequency", "spectral_slope")
    return compare(*subjects, measures=wanted, matched="units", seeds=SEEDS, size=(64, 64), calibration=Raster(24, 16))


def test_the_later_ones_meet_the_firsts_budget(found: Comparison) -> None:
    assert [str(one.architecture) for one in found.contenders] == ["conv(12)", "conv(4) * 3", 'conv(12, act="tanh")']
    assert [count(one.architecture).units for one in found.contenders] == [12, 12, 12]
    assert found.sentences()[:2] == [
        "8 seeds (0 to 7), the same for all, on 64x64 points",
        "conv(3) * 3: widest layer from 3 to 4: 12 units where the first has 12 (the same)",
    ]


def test_its_numbers_are_the_intervals_of_its_ensembles(found: Comparison) -> None:
    first, second = (one.ensemble.values("mean_frequency") for one in found.contenders[:2])
    wanted = ratio(first, second, level=level_of(4))  # two measures, two later architectures
    (told, slope) = found.contrasts[0]
    assert told.ratio == wanted
    assert told.delta == effect(first, second)
    assert told.correlation == agreement(first, second)
    assert slope.ratio is None  # its values are negative
    assert slope.difference is not None
    rows = found.rows(0)
    assert rows[0][4:6] == (f"× {wanted.value:.4g}", f"{wanted.low:.4g} to {wanted.high:.4g}")


def test_the_verdict_counts_measures(found: Comparison) -> None:
    line = found.verdict(0)
    words = [one.verdict for one in found.contrasts[0]]
    assert line.startswith("conv(4) * 3 against conv(12): ")
    assert f"more complex on {words.count('more')} of 2 measures" in line


def test_json_and_csv_say_the_same(found: Comparison) -> None:
    told = json.loads(json.dumps(found.data(), allow_nan=False))
    lines = list(csv.DictReader(io.StringIO(found.csv())))
    assert len(lines) == 4
    for line in lines:
        (at,) = [one for one in told["contrasts"] if one["architecture"] == line["architecture"]]
        one = at["measures"][line["measure"]]
        for key in ("median_ratio", "median_difference"):
            assert line[key] == ("" if one[key] is None else repr(one[key]["value"]))
        assert line["cliffs_delta"] == repr(one["cliffs_delta"])
        assert (line["family"], told["family"]) == ("4", 4)
        assert line["rank_correlation"] == repr(one["rank_correlation"])


def test_the_page(found: Comparison, tmp_path: Path) -> None:
    command = again(found, "mean_frequency,spectral_slope", "8")
    page = save(found, tmp_path / "out", command=command)
    html = page.read_text(encoding="utf-8")
    files = {file.name for file in page.parent.iterdir()}
    assert {"index.html", "compare.json", "compare.csv"} <= files
    assert sum(name.endswith(".png") for name in files) == 3 * 4
    assert [file.name for file in tmp_path.iterdir()] == ["out"]
    assert not re.search(r"""https?://|url\((?!#)|@import|\son\w+=|style=["']""", html)
    assert all(file in files for file in re.findall(r'class="frame" href="([^"]+)"', html))
    text = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", html))
    for later in (0, 1):
        assert found.verdict(later) in text.replace("&gt;", ">").replace("&#34;", '"')
        for row in found.rows(later):
            assert all(cell in text for cell in row)
    ids = re.findall(r'\bid="([^"]+)"', html)
    assert len(ids) == len(set(ids))
    # the command line of the page compares the same again, with what was matched written out
    words = shlex.split(command)
    assert words[2:5] == [str(one.architecture) for one in found.contenders]
    assert "conv(12, act=&#34;tanh&#34;)" in html, "a text of the user's is escaped"


def test_every_measure_is_in_the_plot_or_said_to_be_missing_and_why(tmp_path: Path) -> None:
    subjects = [read_subject(one) for one in ("conv(2)", "conv(3) * 2", "conv(2) * 3")]
    found = compare(*subjects, measures=["total_variation", "spectral_slope", "holes"], seeds=range(4), size=(24, 16))
    page = save(found, tmp_path / "out", command="netwarp compare").read_text(encoding="utf-8")
    plot, caption = re.findall(r"<figure>(<svg.*?</svg>)<figcaption>(.*?)</figcaption></figure>", page, re.DOTALL)[0]
    said = html.unescape(caption)
    assert said == unplotted(found)
    for later, contrasts in enumerate(found.contrasts):
        for one in contrasts:
            row = any(other.ratio for rows in found.contrasts for other in rows if other.name == one.name)
            # of three architectures one may have a gap in a row that the other fills
            gap = f"{one.name} of {found.contenders[later + 1].architecture}" in said
            assert (f">{one.name}<" in plot) is row
            assert (one.ratio is not None) is (row and not gap)
            assert one.ratio is not None or one.name in said
    assert "spectral_slope" in said.split("of which the table has the median difference")[0]
    # of what has a value on one side only there is nothing to plot either
    lacking = contrast("made", made([1.0] * 4), made([None] * 4))
    less = replace(found, contrasts=tuple((*one, lacking) for one in found.contrasts))
    assert "made, without a value for both (nothing there)" in unplotted(less)
    # where all have ratios nothing is said
    assert unplotted(compare(*subjects[:2], measures=["total_variation"], seeds=range(4), size=(24, 16))) == ""


def test_a_note_names_the_architecture_that_has_no_value() -> None:
    """Growth through layers needs two of them: the first has one, and the second, which has values, is not blamed."""
    one_layer, three = read_subject("conv(4)"), read_subject("conv(4) * 3")
    for pair, blamed in (((one_layer, three), "conv(4)"), ((three, one_layer), "conv(4)")):
        found = compare(*pair, measures=["jacobian_growth"], seeds=range(6), size=(16, 12))
        (note,) = [line for line in found.notes() if "no jacobian_growth" in line]
        assert note.startswith(f"{parse(blamed)}: no jacobian_growth: ")


@pytest.mark.slow
def test_values_that_rounding_has_made_are_no_networks() -> None:
    deep, calm = read_subject("conv(5) * 100"), read_subject("conv(5)")
    found = compare(
        change(deep, act="sin"),
        calm,
        measures=["total_variation"],
        seeds=range(6),
        size=(16, 12),
        calibration=Raster(24, 16),
    )
    assert "rounding: off by up to" in found.caveats()[0]
    assert "6 of 6 seeds" in found.caveats()[0]
    assert found.verdict(0).endswith("but of values that rounding has made, not the networks")
    assert [one["reported"] for one in found.data()["rounding"][0]] == [True] * 6
    assert not any(one["reported"] for one in found.data()["rounding"][1])


def test_its_command_line_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, found: Comparison) -> None:
    monkeypatch.chdir(tmp_path)
    words = shlex.split(again(found, "mean_frequency", "6"))
    assert status_of(words[1:-2]) == 0
    assert words[-2:] == ["--out", "comparison"]


def test_fewer_than_two_and_given_weights_are_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="needs two architectures or more"):
        compare(read_subject("vgg"), measures="all")
    with pytest.raises(InputError, match="its weights are given"):
        compare(read_subject("vgg"), read_subject("sawtooth(3)"), measures="all")
    with pytest.raises(InputError, match="must be one of units"):
        compare(read_subject("vgg"), read_subject("deep"), measures="all", matched="unit")


def test_values_of_cells_beside_values_of_pixels_are_said_to_be_that() -> None:
    def of(*ways: str) -> Ensemble:
        taken = tuple(Measurement("made", "u", 1.0 + n, resolved=True, details={"by": by}) for n, by in enumerate(ways))
        return Ensemble(tuple(range(len(ways))), Raster(8, 8), {"made": taken})

    cells, pixels = of(*["tessellation"] * 8), of(*["tangents"] * 8)
    assert "exact cells" in contrast("made", cells, pixels).flag()
    assert "exact cells" in contrast("made", cells, of(*["tessellation"] * 7, "tangents")).flag()
    for one in (cells, pixels):
        assert "exact cells" not in contrast("made", one, one).flag()


def test_texts_are_taken_and_the_result_prints() -> None:
    options = {"measures": ["mean_frequency"], "seeds": 6, "calibration": Raster(24, 16)}
    found = compare("conv(5)", "conv(3) * 2", size=(24, 16), **options)
    same = compare(parse("conv(5)"), read_subject("conv(3) * 2"), raster=Raster(24, 16), **options)
    assert found.data() == same.data()
    text = str(found)
    assert "mean_frequency" in text
    assert text.endswith(found.verdict(0))
    one = ensemble("conv(5)", ["mean_frequency"], seeds=6, size=(24, 16), calibration=Raster(24, 16))
    assert one.measurements == found.contenders[0].ensemble.measurements
    assert "mean_frequency" in str(one)
