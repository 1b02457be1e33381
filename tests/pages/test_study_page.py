"""A study's report: what it says, that it is whole and small, and that no text of a store becomes HTML."""

import re
from html.parser import HTMLParser
from pathlib import Path
from xml.etree import ElementTree as ET

import numpy as np
import pytest
from PIL import Image

import netwarp as nw
from made_stores import filled, number_of, outcome, study
from netwarp.measures.measurements import number
from netwarp.pages.budget import PageBudget
from netwarp.pages.study_page import LARGEST, save
from netwarp.pages.study_plots import in_short
from netwarp.study.report.effects import family_of, main_effect
from netwarp.study.report.gathering import gather
from netwarp.study.runs import Run
from netwarp.study.store.merging import merge
from netwarp.study.store.store import Store


def grown(run: Run) -> dict[str, float | None]:
    deep = 5.0 if "* 2" in run.source.text else 1.0
    return {"mean_frequency": deep + number_of(run), "total_variation": 3 - deep / 3 + number_of(run, 1)}


def small(**more: object) -> nw.Study:
    """One measure by one factor: a report that is drawn quickly."""
    given = {"measures": ["mean_frequency"], "factors": {"architecture": ["conv({width})"], "width": [5, 10, 20]}}
    return study(**(given | more))


def one(run: Run) -> dict[str, float | None]:
    return {"mean_frequency": number_of(run)}


class Seen(HTMLParser):
    """The tags of a page, its visible text, and the attributes that could load or run something."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.loads: list[str] = []
        self.text = ""
        self._silent = 0
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self._silent += tag in ("style", "script")
        self.loads += [f"{name}={value}" for name, value in attrs if name in ("src", "href") or name.startswith("on")]

    def handle_endtag(self, tag: str) -> None:
        self._silent -= tag in ("style", "script")

    def handle_data(self, data: str) -> None:
        self.text += "" if self._silent else f"{data} "


def reported(store: Store, folder: Path, **more: object) -> str:
    with store:
        path, _ = save(store, folder / "r.html", command="netwarp study report s", **more)  # type: ignore[arg-type]
    return path.read_text(encoding="utf-8")


def words(page: str) -> str:
    return " ".join(Seen(page).text.split())


@pytest.mark.slow
def test_it_says_what_was_found_and_how_surely(tmp_path: Path) -> None:
    store = filled(tmp_path / "s", study(), grown)
    gathered = gather(store)
    page = reported(store, tmp_path, points=2)
    said = words(page)
    assert "12 points, 16 seeds (0 to 15): untrained networks, looked at on 12x8 pixels" in said
    assert "192 of 192 runs are in: all of them." in said
    family = family_of(gathered)
    assert family == 14
    assert f"corrected for how many this page shows, {family}: where each misses no oftener" in said
    assert f"than it may, all {family} together contain the true medians in 95% of such studies" in said
    effect = main_effect(gathered, gathered.measures[0], gathered.factors.index("depth"), family)
    low, high = effect.ends or ()
    assert low.interval is not None
    assert high.interval is not None
    assert (
        f"depth : from {number(low.interval.value)} ({number(low.interval.low)} to {number(low.interval.high)})" in said
    )
    assert (
        f"{high.interval.value / low.interval.value:.3g} times as much, different: their intervals do not meet" in said
    )
    assert "may be chance: intervals meet" in said
    # every number of the plots stands in a table
    for level in effect.levels:
        assert level.interval is not None
        assert f"{number(level.interval.low)} to {number(level.interval.high)}" in said
    assert "mean_frequency and total_variation rank the networks most alike (−" in said
    assert "Nothing." in said
    assert 'architecture = ["conv({width}) * {depth}"]' in said
    assert "netwarp study run study.toml" in said


@pytest.mark.slow
def test_the_page_needs_no_other_file_and_every_plot_has_words(tmp_path: Path) -> None:
    page = reported(filled(tmp_path / "s", study(), grown), tmp_path, points=2)
    seen = Seen(page)
    assert all(re.match(r"(src=data:image/|href=#)", one) for one in seen.loads), set(seen.loads)
    assert "link" not in seen.tags
    assert page.count('role="img"') == len(re.findall("<desc", page)) == 2 * (3 + 3) + 1
    ids = re.findall(r'\bid="([^"]+)"', page)
    assert len(ids) == len(set(ids))
    for anchor in re.findall(r'href="#([^"]+)"', page):
        assert anchor in ids
    # two points of three networks, each with its words
    assert len(re.findall(r'<img src="data:image/[^>]*alt="What the network of [^"]+"', page)) == 6
    assert "http:" not in page.replace("http://www.w3.org/2000/svg", "")


@pytest.mark.slow
def test_figures_are_files_that_stand_alone(tmp_path: Path) -> None:
    reported(filled(tmp_path / "s", study(), grown), tmp_path, points=1)
    folder = tmp_path / "r-figures"
    names = [f"{m}-{kind}" for m in ("mean-frequency", "total-variation") for kind in ("effects", "maps")]
    names = ["agreement", *names]
    assert sorted(p.name for p in folder.iterdir()) == sorted(
        ["networks.png", *(f"{name}.{kind}" for name in names for kind in ("svg", "png"))]
    )
    for name in names:
        root = ET.fromstring((folder / f"{name}.svg").read_text(encoding="utf-8"))
        assert root.tag == "{http://www.w3.org/2000/svg}svg"
        left, top, width, height = map(float, root.attrib["viewBox"].split())
        with Image.open(folder / f"{name}.png") as image:
            pixels = np.asarray(image.convert("RGB"))
        assert (left, top) == (-12, -12)
        assert abs(pixels.shape[1] - 2 * width) <= 2
        assert abs(pixels.shape[0] - 2 * height) <= 2
        assert (pixels[0, 0] == 255).all()
        # the colours of readers, not the stand-ins that an SVG is drawn with
        assert pixels.min() < 90
        assert not (pixels == (0, 0, 17)).all(axis=2).any()
    # nothing but the page and the folder is left
    assert sorted(p.name for p in tmp_path.iterdir()) == ["r-figures", "r.html", "s"]


def test_the_same_store_gives_the_same_page(tmp_path: Path) -> None:
    first = reported(filled(tmp_path / "s", small(seeds=3), one), tmp_path, points=1)
    assert first == reported(Store.open(tmp_path / "s"), tmp_path, points=1)


def test_a_part_of_the_runs_says_how_many_of_how_many(tmp_path: Path) -> None:
    of = small()
    some = [run for run in of.runs() if "conv(20)" not in run.source.text]
    said = words(reported(filled(tmp_path / "s", of, one, runs=some), tmp_path, points=0))
    assert "32 of 48 runs are in (32 done, 16 to do, 0 failed)" in said
    assert "of what is in so far" in said
    assert "Without any run so far: width 20." in said
    assert "Networks at the ends" not in said


def test_a_shard_says_which_part_it_is(tmp_path: Path) -> None:
    of = small()
    part = list(of.runs())[::4]
    with Store.create(tmp_path / "s", of, shard="1/4", runs=lambda: iter(part)) as store:
        store.commit(outcome(run, one) for run in part)
    said = words(reported(Store.open(tmp_path / "s"), tmp_path, points=0))
    assert "12 of 12 runs are in" in said
    assert "This is the part 1/4 of a study of 48 runs." in said
    assert "netwarp study run study.toml --shard 1/4" in said


def test_a_merge_of_some_parts_says_which_are_missing(tmp_path: Path) -> None:
    of = small()
    for place in (1, 3):
        part = list(of.runs())[place - 1 :: 3]
        with Store.create(tmp_path / str(place), of, shard=f"{place}/3", runs=lambda part=part: iter(part)) as store:
            store.commit(outcome(run, one) for run in part)
    merge([tmp_path / "1", tmp_path / "3"], tmp_path / "s")
    said = words(reported(Store.open(tmp_path / "s"), tmp_path, points=0))
    assert (
        "32 of 48 runs are in (32 done, 0 to do, 0 failed). 16 runs are of parts that are not merged in: 2/3." in said
    )
    assert "may change with the rest" in said
    assert "all of them" not in said


@pytest.mark.slow
def test_a_correlation_says_how_many_networks_it_is_of(tmp_path: Path) -> None:
    def some(run: Run) -> dict[str, float | None]:
        found = grown(run)
        return found if "sigmoid" not in run.source.text else found | {"total_variation": None}

    said = words(reported(filled(tmp_path / "s", study(seeds=3), some), tmp_path, points=0))
    assert re.search(r"mean_frequency and total_variation rank the networks most alike \([+−][0-9.]+, of 6\)", said)
    assert "+1.00 of 12" in said
    assert "+1.00 of 6" in said


def test_what_failed_is_counted_by_its_reason_with_a_command(tmp_path: Path) -> None:
    def half(run: Run) -> dict[str, float | None] | str:
        if "conv(5)" not in run.source.text:
            return "it took longer than 60 s" if run.seed else "not enough memory"
        return one(run)

    said = words(reported(filled(tmp_path / "s", small(), half), tmp_path, points=0))
    assert "48 of 48 runs are in (16 done, 0 to do, 32 failed)" in said
    assert "32 runs failed, and are in no number above" in said
    assert "30 of them: it took longer than 60 s" in said
    assert "2 of them: not enough memory" in said
    assert "netwarp measure" in said
    assert "--seeds 0..0" in said
    assert "failed for 30 runs: it took longer than 60 s" in said


@pytest.mark.slow
def test_a_measure_that_failed_everywhere_has_a_section_that_says_so(tmp_path: Path) -> None:
    of = study(measures=["mean_frequency"])
    folder = tmp_path / "s"
    filled(folder, of, lambda run: {"mean_frequency": number_of(run)}).close()
    more = study(measures=["total_variation", "mean_frequency"])
    with Store.open(folder, write=True) as store:
        store.plan(more)
        store.commit(outcome(run, lambda _: "ZeroDivisionError: division by zero") for run in more.runs())
    page = reported(Store.open(folder), tmp_path, points=1)
    said = words(page)
    assert "No run has a value of it. failed for 192 runs: ZeroDivisionError: division by zero" in said
    assert "192 runs failed" in said
    # the other has all its values, and gives the networks' order
    assert "the highest mean_frequency" in said
    assert "Do the measures agree?" not in said


@pytest.mark.slow
def test_of_one_seed_it_says_that_there_is_no_interval(tmp_path: Path) -> None:
    said = words(reported(filled(tmp_path / "s", study(seeds=1), grown), tmp_path, points=0))
    assert (
        "There are no bands. 1 seed: no interval that holds for 14 intervals together, which takes at least 10." in said
    )
    assert "without intervals nobody can say whether that is chance" in said
    assert "do not meet" not in said


@pytest.mark.slow
def test_factors_that_do_not_go_together_are_said(tmp_path: Path) -> None:
    some = study(measures=["mean_frequency"], seeds=2, where="width * depth <= 10")
    said = words(reported(filled(tmp_path / "s", some, one), tmp_path, points=0))
    assert "Not every width goes with every depth: 3 of 4 pairs of their values are in." in said
    assert "Not every act" not in said


def test_of_one_factor_there_is_no_map(tmp_path: Path) -> None:
    page = reported(filled(tmp_path / "s", small(), one), tmp_path, points=0)
    assert "Every two factors" not in words(page)
    assert "Main effects" in words(page)
    none = small(factors={"architecture": ["conv(5)"]})
    said = words(reported(filled(tmp_path / "t", none, one), tmp_path, points=1))
    assert "No factor has more than one value, so nothing is compared." in said


def test_models_have_no_seeds_and_a_file_that_is_gone_is_said(tmp_path: Path) -> None:
    for seed in range(3):
        nw.Network.draw(nw.parse("conv(5) * 2"), seed=seed).save(tmp_path / f"{seed}.npz")
    of = nw.Study("models", measures=["mean_frequency"], raster="12x8", factors={"model": ["*.npz"]}, folder=tmp_path)
    store = filled(tmp_path / "s", of, lambda run: {"mean_frequency": number_of(run)})
    lowest = min(of.runs(), key=number_of)
    gone = of.files[lowest.source.text]
    gone.unlink()
    page = reported(store, tmp_path)
    said = words(page)
    assert "3 models, looked at on 12x8 pixels" in said
    assert "no seed draws them" in said
    assert f"Not drawn: its file, {gone}, is not there" in said
    assert page.count("<img ") == 1


def test_mixed_processors_and_versions_are_said(tmp_path: Path) -> None:
    of = small(seeds=2)
    machines = [
        {"host": "a", "processor": "Xeon <1>", "netwarp": "0.2.0", "numpy": "2.2.0", "numba": "0.61"},
        {"host": "b", "processor": "EPYC", "netwarp": "0.2.0", "numpy": "2.3.0", "numba": "0.61"},
    ]
    with Store.create(tmp_path / "s", of) as store:
        store.commit((outcome(run, one) for run in of.runs()), machines=machines)
    said = words(reported(Store.open(tmp_path / "s"), tmp_path, points=0))
    assert "on processors of 2 kinds (EPYC, Xeon <1>)" in said
    assert "several versions of numpy: 2.2.0, 2.3.0." in said
    assert "versions of numba" not in said


HOSTILE = "<script>alert(1)</script><img src=x onerror=alert(2)>&lt;\"'`{{7*7}}"


@pytest.mark.slow
def test_no_text_of_a_store_becomes_html(tmp_path: Path) -> None:
    def failing(run: Run) -> dict[str, float | None] | str:
        return HOSTILE if run.seed == 1 else {"mean_frequency": number_of(run), "total_variation": None}

    plain = study(seeds=3)
    of = nw.Study(
        HOSTILE,
        seeds=3,
        raster="12x8",
        measures=plain.measures,
        factors={one.name: one.values for one in plain.factors},
    )
    with Store.create(tmp_path / "s", of) as store:
        machine = dict.fromkeys(("host", "processor", "netwarp", "numpy", "numba"), HOSTILE)
        store.commit((outcome(run, failing, HOSTILE) for run in of.runs()), machines=[machine])
        # a store that a stranger made: factors, values, units and measures of any text
        with store._connection as connection:
            connection.execute("UPDATE factors SET name = ? WHERE name = 'act'", (HOSTILE,))
            values = HOSTILE.replace("\\", "\\\\").replace('"', '\\"')
            connection.execute("""UPDATE points SET "values" = replace("values", '"relu"', ?)""", (f'"{values}"',))
            connection.execute("UPDATE measures SET unit = ?", (HOSTILE,))
    page = reported(Store.open(tmp_path / "s"), tmp_path, points=2)
    seen = Seen(page)
    assert seen.tags.count("script") == 1
    assert not [one for one in seen.loads if one.startswith("on") or one == "src=x"]
    assert seen.text.count(HOSTILE) > 20
    for file in (tmp_path / "r-figures").glob("*.svg"):
        tags = {element.tag.rpartition("}")[2] for element in ET.fromstring(file.read_text(encoding="utf-8")).iter()}
        assert not tags & {"script", "img", "image", "foreignObject"}


@pytest.mark.slow
def test_a_page_of_many_factors_stays_small_and_says_what_it_lacks(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from netwarp.pages import study_page

    store = filled(tmp_path / "s", study(), grown)
    # as if the page were full: the frame of a page is about 60 kB, plots of effects 6 kB, maps 15 kB
    monkeypatch.setattr(study_page, "LARGEST", 150_000)
    monkeypatch.setattr(study_page, "_REST", 70_000)
    page = reported(store, tmp_path, points=8)
    assert len(page.encode()) <= 150_000
    said = words(page)
    assert "Left out of this one:" in said
    assert "heat maps" in said.split("Left out of this one:")[1][:120]
    # the answers come first
    assert page.count('class="plot"') >= 6


def test_a_budget_takes_what_fits_and_counts_what_does_not() -> None:
    budget = PageBudget(10)
    assert budget.take("12345", "words")
    assert not budget.take("1234567", "words")
    assert budget.take("ünf", "words")
    assert not budget.take("12", "maps")
    assert budget.left_out() == ("1 words", "1 maps")
    assert LARGEST == 5_000_000


def test_long_values_are_cut_in_their_middle() -> None:
    assert in_short("conv(10) * 10") == "conv(10) * 10"
    cut = in_short(f"{'conv(10) >> ' * 10}pool")
    assert (len(cut), cut[:10], cut[-4:]) == (30, "conv(10) >", "pool")
    assert [in_short(one) for one in (1, 2.5, -3, 1e7, "a\nb")] == ["1", "2.5", "−3", "1e+07", "a b"]
