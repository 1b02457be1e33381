"""Study: its points against a plain loop over the factors, its runs, its plain data, and what it refuses."""

import json
import pickle
import re
import tracemalloc
from dataclasses import replace
from itertools import islice, product
from pathlib import Path

import pytest
from hypothesis import given

import netwarp as nw
from netwarp.architecture.nodes import Act, Layer
from netwarp.architecture.specs import UNSET
from netwarp.architecture.walk import steps
from netwarp.errors import InputError
from netwarp.study.grid import points as grid
from netwarp.study.grid.study import Study
from netwarp.study.runs import Run, RunFrame, Source
from trees import trees

WIDTH = {"architecture": ["conv({width}) * {depth}"], "width": [5, 10, 50], "depth": [1, 2, 10]}


def study(**given: object) -> Study:
    usual = {"seeds": 3, "raster": "32x32", "measures": ["mean_frequency"], "factors": WIDTH}
    return Study("a study", **{**usual, **given})


def texts(one: Study) -> list[str]:
    return [point.source.text for point in one.points()]


def test_points_are_the_product_in_order() -> None:
    found = study(factors={**WIDTH, "act": ["relu", "sin(30)"], "scale": [1, "normal(2)"], "init": "lecun"})
    wanted = [
        str(nw.parse(f"conv({w}) * {d}", act=act, norm=nw.spatial(scale=scale, shift=nw.normal(2)), init="lecun"))
        for w, d, act, scale in product((5, 10, 50), (1, 2, 10), ("relu", "sin(30)"), (1, nw.normal(2)))
    ]
    assert texts(found) == wanted
    first = {"architecture": "conv({width}) * {depth}", "width": 5, "depth": 1, "act": "relu", "scale": 1}
    assert dict(next(found.points()).values) == {**first, "init": "lecun"}


def test_runs_are_every_seed_of_every_point() -> None:
    found = study(seeds="100..102", where="width * depth <= 10")
    frame = RunFrame(nw.Raster(32, 32), nw.Raster(32, 32))
    kept = ("conv(5)", "conv(5) * 2", "conv(10)")
    assert list(found.runs()) == [Run(Source(text), seed, frame) for text in kept for seed in (100, 101, 102)]
    assert found.total == 9


def test_seeds_are_how_many_or_which() -> None:
    found = [list(study(seeds=seeds).seeds) for seeds in (2, "4..6", [9, 3], range(1, 9, 4))]
    assert found == [[0, 1], [4, 5, 6], [9, 3], [1, 5]]


def test_no_run_comes_twice() -> None:
    """Two points that come to one architecture have the same runs."""
    found = study(factors={"architecture": ["conv({width})", "conv(5) * {depth}"], "width": [5, 6], "depth": [1, 2]})
    assert texts(found) == ["conv(5)", "conv(6)", "conv(5)", "conv(5) * 2"]
    assert found.total == 9 == len({run.key for run in found.runs()}) == len(list(found.runs()))
    assert len(found.notes) == 3
    assert "has the architecture of architecture='conv({width})', width=5" in found.notes[-1]


def test_a_placeholder_that_a_template_lacks_makes_one_point() -> None:
    found = study(factors={**WIDTH, "architecture": ["conv({width}) * {depth}", "resnet"], "depth": [1, 2]})
    assert texts(found)[-1] == nw.zoo.find("resnet").text
    assert len(texts(found)) == 7
    assert dict(list(found.points())[-1].values) == {"architecture": "resnet"}
    assert found.notes == ("'resnet' has no {width}: 5 combinations fewer",)


def test_a_text_in_a_placeholder_stays_one_operand() -> None:
    template = '{block} * 2 >> conv(3, act="{own}")'
    found = study(factors={"architecture": template, "block": ["conv(5) >> conv(6)"], "own": ["tanh"]})
    assert texts(found) == [str(nw.parse('(conv(5) >> conv(6)) * 2 >> conv(3, act="tanh")'))]


def test_magnitude_multiplies_the_gain() -> None:
    """As Neural Redshift scales every weight: of a drawn network, the weights themselves."""
    factors = {"architecture": "conv(5)", "norm": "none", "init": ["he", "he(gain=2)"], "magnitude": [1, 3]}
    found = texts(study(factors=factors))
    assert [nw.parse(text).init.gain for text in found] == [1, 3, 2, 6]
    plain, large = (nw.Network.draw(nw.parse(text), 7).parameters["0.weight"] for text in found[:2])
    assert large == pytest.approx(3 * plain, rel=1e-12)


def test_magnitude_that_a_norm_divides_away_is_refused_or_left_out() -> None:
    with pytest.raises(nw.errors.InputError, match="factor magnitude: nothing uses it"):
        study(factors={"architecture": "conv(5)", "magnitude": [1, 2]})
    found = study(factors={"architecture": "conv(5)", "norm": ["none", "spatial"], "magnitude": [1, 2]})
    assert [dict(point.values) for point in found.points()][-1] == {"architecture": "conv(5)", "norm": "spatial"}
    assert found.notes == ("a norm follows every layer and divides the weights' magnitude away: 1 combination fewer",)
    assert len(texts(study(factors={"architecture": "conv(5, norm=None)", "magnitude": [1, 2]}))) == 2


def test_scale_and_shift_are_the_norms() -> None:
    found = study(factors={"architecture": "conv(5)", "norm": ["layer(shift=2)", "none"], "scale": [1, 2]})
    norms = [nw.parse(text).norm for text in texts(found)]
    assert norms == [nw.layer_norm(1, 2), nw.layer_norm(2, 2), None]


def test_data_gives_the_study_back() -> None:
    for one in (
        study(),
        study(seeds=[1, 5, 6, 9]),
        study(seeds=[5, 6, 7, 1], where="width < depth", plane=[-3, 3, -2, 2], calibration="600x400"),
        study(raster=nw.Raster(8, 4, nw.Plane(1, 1, 2, 2)), measures="all"),
    ):
        again = Study.from_data(json.loads(json.dumps(one.to_data())))
        assert list(again.runs()) == list(one.runs())
        assert again.to_data() == one.to_data()
        assert again.measures_wanted == one.measures_wanted
        assert pickle.loads(pickle.dumps(one)) == one


def test_frame_is_the_studys_own() -> None:
    one = study(raster="40x20", plane=[-3, 3, -2, 2], calibration="60x40")
    plane = nw.Plane(0, 0, 6, 4)
    assert one.frame == RunFrame(nw.Raster(40, 20, plane), nw.Raster(60, 40, plane))
    assert study(raster=(40, 20)).frame == RunFrame(nw.Raster(40, 20), nw.Raster(40, 20))
    assert replace(one, seeds=2).frame == one.frame


def test_what_no_layer_takes_is_left_out() -> None:
    found = study(factors={"architecture": ["conv(5, act='tanh')", "conv(5)"], "act": ["relu", "sin"]})
    assert texts(found) == ['conv(5, act="tanh")'] * 2 + ["conv(5)", 'Architecture(conv(5), act="sin")']
    assert found.total == 9
    assert (
        len(texts(study(factors={"architecture": "gated(conv(5, act='tanh')) >> act()", "act": ["relu", "sin"]}))) == 2
    )


def test_equal_studies_are_equal_however_they_are_written() -> None:
    assert study(seeds=3) == study(seeds=[0, 1, 2]) == study(seeds="0..2") == study(seeds=range(3))
    assert study(raster=(32, 32)) == study() != study(seeds=[2, 1, 0])
    assert hash(study()) == hash(study())
    assert str(study()) == "a study: 9 points of 3 seeds, 27 runs"


LARGE = {"architecture": "conv({width})", "width": range(1, 200), "scale": range(1, 9_000)}


@pytest.mark.slow
@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"factors": {**WIDTH, "atc": ["relu"]}}, 'factor atc: nothing uses it; did you mean "act"?'),
        ({"factors": {**WIDTH, "activation": ["relu"]}}, 'factor activation: nothing uses it; did you mean "act"?'),
        (
            {"factors": {**WIDTH, "normalization": "none"}},
            'factor normalization: nothing uses it; did you mean "norm"?',
        ),
        ({"factors": {**WIDTH, "qqqq": [3]}}, "factor qqqq: nothing uses it; write {qqqq} in the architecture"),
        ({"factors": {"width": [3]}}, "names neither architecture nor model"),
        ({"factors": {}}, "study factors: there is none"),
        ({"factors": {**WIDTH, "width": []}}, "factor width: has no values, so there are 0 runs"),
        ({"factors": {**WIDTH, "width": [5, 5.0]}}, "factor width: 5.0 stands twice"),
        ({"factors": {**WIDTH, "shift": ["0", 0]}}, "factor shift: 0 and '0' are the same"),
        ({"factors": {**WIDTH, "act": ["relu", "ReLU()"]}}, "are the same; leave one out"),
        ({"factors": {**WIDTH, "act": ["reul"]}}, 'did you mean "relu"?'),
        ({"factors": {**WIDTH, "act": [3]}}, "factor act=3: must be a text"),
        ({"factors": {**WIDTH, "width": [True]}}, 'factor width=True: values are numbers or texts; write "True"'),
        ({"factors": {**WIDTH, "width": [{}]}}, "factor width={}: values are numbers or texts"),
        ({"factors": {**WIDTH, "width": [5, -2]}}, "width=-2, depth=1: 'conv(-2) * 1': architecture: conv channels=-2"),
        ({"factors": {"architecture": "conv({width})"}}, "there is no factor of that name; add width = [...]"),
        ({"factors": {"architecture": "conv({5})"}}, "a placeholder is a name in braces"),
        ({"factors": {"architecture": "conv(5)", "norm": "none", "scale": [1, 2]}}, "factor scale: nothing uses it"),
        (
            {"factors": {"architecture": 'Architecture(conv(5), act="tanh")', "act": ["relu", "sin"]}},
            "factor act: nothing",
        ),
        ({"factors": {"architecture": 'conv(5, act="tanh")', "act": ["relu", "sin"]}}, "factor act: nothing uses it"),
        ({"factors": {"architecture": "conv(5, norm=None)", "shift": ["1", "2"]}}, "factor shift: nothing uses it"),
        ({"factors": {**WIDTH, "width": {5, 6}}}, "factor width={5, 6}: values are numbers or texts"),
        ({"factors": {**WIDTH, "width": b"ab"}}, "factor width=b'ab': values are numbers or texts"),
        ({"where": "width > 100"}, "0 runs: where 'width > 100' keeps none of the 9 points"),
        ({"where": "width / (depth - 2) < 1"}, "at the point architecture='conv({width}) * {depth}', width=5, depth=2"),
        ({"where": "widht > 1"}, 'did you mean "width"?'),
        ({"where": 3}, "where: must be text"),
        ({"seeds": 0}, "study seeds=0: must be 1 to 1000000"),
        ({"seeds": "9..3"}, "is empty; try '3..9'"),
        ({"seeds": "many"}, "must be how many or which"),
        ({"seeds": [3, 3]}, "3 stands twice"),
        ({"seeds": [-1]}, "study seed=-1: must be"),
        ({"seeds": []}, "there is none"),
        ({"seeds": None}, "study seeds: is missing"),
        ({"raster": "256"}, "must be COLUMNSxROWS"),
        ({"raster": "0x256"}, "columns must be positive"),
        ({"plane": [1, 2]}, "must be [x0, x1, y0, y1]"),
        ({"measures": ["mean_frequenzy"]}, 'did you mean "mean_frequency"?'),
        ({"measures": ["holes", "holes"]}, "'holes' stands twice"),
        ({"measures": []}, "there is none"),
        ({"measures": 7}, "must be names of measures"),
        ({"factors": LARGE}, "1,790,801 combinations of factors"),
        ({"factors": {"architecture": "conv(9) * {a}", "a": range(1, 300)}, "seeds": 1_000_000}, "299,000,000 runs"),
    ],
)
def test_refuses_in_one_line(given: dict[str, object], message: str) -> None:
    with pytest.raises(nw.errors.InputError, match=re.escape(message)) as refused:
        study(**given)
    assert "\n" not in str(refused.value)


def test_runs_of_a_large_study_are_not_kept() -> None:
    found = study(seeds=1_000_000)
    assert found.total == 9_000_000
    tracemalloc.start()
    try:
        for _ in islice(found.runs(), 100_000):
            pass
        assert tracemalloc.get_traced_memory()[1] < 1 << 20
    finally:
        tracemalloc.stop()


def save(path: Path, seed: int) -> None:
    path.parent.mkdir(exist_ok=True)
    nw.Network.draw(nw.parse("conv(5)"), seed).save(path)


def test_models_are_runs_without_seeds(tmp_path: Path) -> None:
    for name, seed in (("b", 2), ("a", 1), ("same", 1)):
        save(tmp_path / "run" / f"{name}.npz", seed)
    given = {"seeds": None, "factors": {"model": ["run/*.npz"]}, "folder": tmp_path}
    one = study(**given)
    names = ["run/a.npz", "run/b.npz", "run/same.npz"]
    assert [dict(point.values) for point in one.points()] == [{"model": name} for name in names]
    runs = list(one.runs())
    assert [run.seed for run in runs] == [None, None]
    assert one.total == 2
    assert all(run.source.kind == "model" and re.fullmatch("sha256:[0-9a-f]{64}", run.source.text) for run in runs)
    assert set(one.files) == {run.source.text for run in runs}
    assert all(path.is_file() for path in one.files.values())
    assert list(Study.from_data(one.to_data()).runs()) == runs
    assert study(**given, where="model != 'run/b.npz'").total == 1


def test_a_model_is_looked_at_where_it_bends(tmp_path: Path) -> None:
    """A 40x20 raster of square pixels about its home, the square that most of its lines cross."""
    import numpy as np

    from netwarp.models.files import read_network
    from netwarp.models.homes import home_of

    at = np.linspace(90, 110, 11)
    weight = np.repeat([[1.0, 0.0], [0.0, 1.0]], 11, axis=0)
    np.savez(tmp_path / "m.npz", W0=weight, b0=-np.tile(at, 2), W1=np.ones((1, 22)), b1=np.zeros(1))
    home = home_of(read_network(tmp_path / "m.npz"))
    given = {"seeds": None, "factors": {"model": "m.npz"}, "folder": tmp_path}
    (wide,) = study(**given, raster="40x20").runs()
    plane = nw.Plane(home.x, home.y, 2 * home.height, home.height)
    assert home.x > 10
    assert wide.frame.raster == nw.Raster(40, 20, plane)
    (run,) = study(**given).runs()
    assert run.frame.calibration == run.frame.raster
    (fixed,) = study(**given, plane=[-1, 1, -1, 1]).runs()
    assert fixed.frame.raster == nw.Raster(32, 32, nw.Plane(0, 0, 2, 2))


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"factors": {"model": "none/*.npz"}}, "/none' does not exist"),
        ({"factors": {"model": "none/run-[0-9]/*.npz"}}, "/none' does not exist"),
        ({"factors": {"model": "a.npz/*.npz"}}, "/a.npz' is a file"),
        ({"factors": {"model": "*.npy"}}, "factor model='*.npy': no file in the folder '/"),
        ({"factors": {"model": "none.npz"}}, "no such file"),
        ({"factors": {"model": "text.npz"}}, "is a text, not a model"),
        ({"factors": {"model": "a.npz", "act": "relu"}}, "factor act: nothing uses it: a model's file says all"),
        ({"factors": {"model": "a.npz"}, "seeds": 3}, "leave seeds out"),
        ({"factors": {"model": 3}}, "must be a file's name or a pattern"),
        ({"factors": {"model": "a.npz"}, "where": "model == 'b'"}, "0 runs"),
        ({"factors": {"model": "a.npz"}, "where": "model < 3"}, "at the point model='a.npz': 'a.npz' < 3 compares"),
    ],
)
def test_models_are_refused_in_one_line(tmp_path: Path, given: dict[str, object], message: str) -> None:
    save(tmp_path / "a.npz", 1)
    (tmp_path / "text.npz").write_text("a text")
    with pytest.raises(nw.errors.InputError, match=re.escape(message)) as refused:
        study(**{"seeds": None, "folder": tmp_path, **given})
    assert "\n" not in str(refused.value)


def test_reading_points_unrolls_no_repetition(monkeypatch: pytest.MonkeyPatch) -> None:
    """A grid of a hundred thousand points is read in seconds: what a point takes is not as its depth."""

    def refuse(*_given: object) -> None:
        raise AssertionError("it is unrolled")

    monkeypatch.setattr(grid, "count", refuse)
    monkeypatch.setattr(grid, "steps", refuse)
    found = study(factors={**WIDTH, "depth": [1, 9000], "act": ["relu", "tanh"]})
    assert texts(found)[:3] == ["conv(5)", 'Architecture(conv(5), act="tanh")', "conv(5) * 9000"]


@given(trees())
def test_the_shared_activation_and_norm_are_those_of_the_unrolled_tree(tree: Layer) -> None:
    architecture = nw.Architecture(tree)
    try:
        layers = [one.layer for one in steps(architecture)][:-1]
    except InputError:
        return
    act = any(one.activation is UNSET if isinstance(one, Act) else getattr(one, "act", 0) is UNSET for one in layers)
    assert grid._shared(architecture) == (act, any(getattr(one, "norm", 0) is UNSET for one in layers))


def test_what_takes_long_to_read_says_how_much_it_reads(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    texts(study())
    assert not caplog.records
    monkeypatch.setattr(grid, "LONG", -1.0)
    texts(study())
    assert [one.getMessage() for one in caplog.records] == ["study: 9 combinations of factors are being read"]


def test_a_placeholder_may_be_one_layers_activation() -> None:
    """The example in docs/studies.md."""
    found = study(factors={"architecture": 'conv(10) >> conv(10, act="{a2}")', "a2": ["relu", "tanh"]})
    assert texts(found) == ['conv(10) >> conv(10, act="relu")', 'conv(10) >> conv(10, act="tanh")']


@pytest.mark.slow
def test_too_large_a_grid_is_refused_at_once_with_its_size(monkeypatch: pytest.MonkeyPatch) -> None:
    """No architecture of it is read first."""
    monkeypatch.setattr(grid, "parse", None)
    large = {"architecture": ["conv({width}) * {depth}", "conv(3) * {depth}"], "width": [*range(1, 101)]}
    large |= {"depth": [*range(1, 101)], "scale": [*range(1, 11)], "act": ["relu", "tanh"]}
    with pytest.raises(nw.errors.LimitError, match=r"^study: 202,000 points, at most 100,000 are allowed"):
        study(factors=large)
    with pytest.raises(nw.errors.LimitError, match=r"^study: more than 100,000 points"):
        study(factors=large, where="depth < 90")


def test_a_text_is_read_once_however_many_points_have_it(monkeypatch: pytest.MonkeyPatch) -> None:
    read: list[str] = []
    parse = grid.parse
    monkeypatch.setattr(grid, "parse", lambda text, **given: (read.append(text), parse(text, **given))[1])
    given = {**WIDTH, "act": ["relu", "tanh", "sin(30)"], "scale": [1, 2]}
    assert len(texts(study(factors=given))) == 54
    assert sorted(read) == sorted({f"conv({w}) * {d}" for w in WIDTH["width"] for d in WIDTH["depth"]})
    # one that says defaults of its own has them before those of the factors
    own = study(
        factors={"architecture": 'Architecture(conv({width}), act="tanh")', "width": [3], "init": ["he", "lecun"]}
    )
    assert texts(own) == ['Architecture(conv(3), act="tanh")', 'Architecture(conv(3), act="tanh", init="lecun")']
