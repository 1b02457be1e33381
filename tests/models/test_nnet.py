"""NNET files: the network is that of the format's own evaluator, its normalisation included."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

import netwarp as nw
from netwarp.models import nnet
from netwarp.models.files import Completion, read_network
from netwarp.models.homes import first_lines, home_of

RANDOM = np.random.RandomState(2)
LAYERS = [(RANDOM.randn(width, read), RANDOM.randn(width)) for read, width in ((3, 5), (5, 4), (4, 2))]
LOW, HIGH = [-9, -9, -900], [9, 5, 900]
MEANS, RANGES = [0.5, -3, 10, 7.5], [2.0, 0.5, 100, 3]


def written(path: Path, change: tuple[str, str] = ("", "")) -> Path:
    lines = ["// a network", "//", "3,3,2,5,", "3,5,4,2,", "0,", "-9,-9,-900,", "9,5,900,"]
    lines += [",".join(map(repr, row)) + "," for row in (MEANS, RANGES)]
    for weight, bias in LAYERS:
        lines += [",".join(map(repr, row)) + "," for row in (*weight.tolist(), *([one] for one in bias.tolist()))]
    path.write_text("\n".join(lines).replace(*change, 1) + "\n")
    return path


def evaluated(inputs: np.ndarray) -> np.ndarray:
    """As NNet's own Python evaluator does it."""
    values = np.where(inputs < LOW, LOW, np.where(inputs > HIGH, HIGH, inputs))
    values = (values - MEANS[:-1]) / RANGES[:-1]
    for n, (weight, bias) in enumerate(LAYERS):
        values = values @ weight.T + bias
        values = values if n == len(LAYERS) - 1 else np.maximum(values, 0)
    return values * RANGES[-1] + MEANS[-1]


def test_the_normalisation_is_folded_in(tmp_path: Path) -> None:
    written(tmp_path / "a.nnet")
    plane = nw.Slice([0.5, -3, 10], [1, 0, 0], [0, 0.1, 50])
    network = nnet.read(tmp_path / "a.nnet", plane)
    points = RANDOM.randn(30, 2)
    found = network.calibrate(nw.Raster(4, 4)).at(points)
    inputs = plane.points(points)
    assert ((inputs > LOW) & (inputs < HIGH)).all()
    assert np.allclose(found, evaluated(inputs), atol=1e-12)


def test_inputs_beyond_the_files_range_are_clipped(tmp_path: Path) -> None:
    plane = nw.Slice([0.5, -3, 10], [9, 1, 0], [0, 5, 700])
    network = nnet.read(written(tmp_path / "a.nnet"), plane)
    points = 3 * RANDOM.randn(500, 2)
    inputs = plane.points(points)
    beyond = (inputs < LOW) | (inputs > HIGH)
    assert beyond.any(axis=0).all()
    assert not beyond.all(axis=0).any()
    right = evaluated(inputs)
    assert np.allclose(network.calibrate(nw.Raster(4, 4)).at(points), right, rtol=1e-13, atol=1e-11)
    # the whole function is exact cells, also beyond
    raster = nw.Raster(30, 20, nw.Plane(0, 0, 20, 20))
    exact = network.calibrate(nw.Raster(4, 4)).sample(raster, engine="exact", dtype="float64")
    x, y = np.meshgrid(raster.xs(), raster.ys())
    seen = evaluated(plane.points(np.stack([x.ravel(), y.ravel()], axis=1))).T.reshape(2, 20, 30)
    assert np.allclose(exact, seen, rtol=1e-12, atol=1e-9)


def test_a_range_of_one_value_holds_the_input_there(tmp_path: Path) -> None:
    plane = nw.Slice([0.5, -3, 10], [1, 0, 0], [0, 1, 0])
    network = nnet.read(written(tmp_path / "a.nnet", ("9,5,900", "-9,5,900")), plane)
    points = RANDOM.randn(30, 2)
    inputs = plane.points(points)
    inputs[:, 0] = -9
    assert np.allclose(network.calibrate(nw.Raster(4, 4)).at(points), evaluated(inputs), atol=1e-12)


def test_the_home_is_where_the_first_layer_bends_and_not_the_range(tmp_path: Path) -> None:
    lines = ["2,2,1,5,", "2,5,1,", "0,", "-99,-99,", "99,99,", "0,0,0,", "1,1,1,"]
    weight = RANDOM.randn(5, 2)
    lines += [*(",".join(map(repr, row)) for row in weight.tolist()), *map(repr, RANDOM.randn(5).tolist())]
    lines += ["1,1,1,1,1", "0"]
    (tmp_path / "a.nnet").write_text("\n".join(lines))
    network = nnet.read(tmp_path / "a.nnet")
    home = home_of(network)
    assert home is not None
    assert home.width < 20
    assert len(first_lines(network)) == 5  # type: ignore[arg-type]
    assert np.allclose(first_lines(network)[:, :2], weight)  # type: ignore[index]


LARGEST = 3.4028234663852886e38  # of float32: what writers of files say where there is no bound
RANGES_OF_TWO = [  # each leaves the points from -1 to 1 as they are
    ((-LARGEST, -LARGEST), (LARGEST, LARGEST)),
    ((-1, -1), (LARGEST, LARGEST)),
    ((-LARGEST, -LARGEST), (1, 1)),
    ((-LARGEST, -1), (2, LARGEST)),
    ((-1e308, -1e308), (1e308, 1e308)),
    ((-1, -1), (1e6, 1e6)),
    ((-5, -1e16), (1e12, 2)),
    ((-1e6, -1e10), (3e8, 2e12)),
    ((-1e20, -3e38), (1e20, 1e30)),
    ((-1, -2), (1, 1e9)),
]


def of_two(path: Path, low: tuple[float, float], high: tuple[float, float]) -> list[np.ndarray]:
    """A file of two inputs and five outputs; its weights."""
    random = np.random.RandomState(5)
    made = [random.randn(8, 2), random.randn(8), random.randn(5, 8), random.randn(5)]
    lines = ["2,2,5,8,", "2,8,5,", "0,", *(",".join(map(repr, map(float, row))) for row in (low, high))]
    lines += ["0,0,0,", "1,1,1,"]
    for part in made:
        lines += [",".join(map(repr, row)) for row in part.reshape(len(part), -1).tolist()]
    path.write_text("\n".join(lines) + "\n")
    return made


@pytest.mark.parametrize(("low", "high"), RANGES_OF_TWO)
def test_no_range_swallows_the_inputs(tmp_path: Path, low: tuple[float, float], high: tuple[float, float]) -> None:
    first, b, second, c = of_two(tmp_path / "a.nnet", low, high)
    network = nnet.read(tmp_path / "a.nnet")
    field = network.calibrate()
    points = np.random.RandomState(3).uniform(-1, 1, (200, 2))
    right = np.maximum(points @ first.T + b, 0) @ second.T + c
    assert abs(field.at(points) - right).max() < 2e-14 * abs(right).max()
    # beyond a bound there is its own value
    ends = np.array([[x, y] for x in (-3e3, 0.5, 3e3) for y in (-3e3, 0.5, 3e3)])
    there = np.maximum(np.clip(ends, low, high) @ first.T + b, 0) @ second.T + c
    assert abs(field.at(ends) - there).max() < 1e-12 * abs(there).max()
    # no bound that is not reached draws a line, and every one leaves the home alone
    of_two(tmp_path / "b.nnet", (-1, -1), (1, 1))
    plain = nnet.read(tmp_path / "b.nnet")
    inside = nw.Plane.between(-0.99, 0.99, -0.99, 0.99)
    assert len(field.tessellate(inside)) == len(plain.calibrate().tessellate(inside))
    assert np.allclose(first_lines(network), first_lines(plain), rtol=1e-9)  # type: ignore[arg-type]  # neither is None
    assert np.allclose(first_lines(network)[:, :2], first)  # type: ignore[index]  # it is not None


def test_the_network_is_held_to_the_formats_own_evaluation(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = written(tmp_path / "a.nnet")
    plane = nw.Slice([0.5, -3, 10], [9, 1, 0], [0, 5, 700])
    agreement = nnet.read(path, plane).source.agreement  # type: ignore[union-attr]  # its source is a Graph
    assert agreement.points >= 16
    assert agreement.difference < 1e-13
    monkeypatch.setattr(nnet, "clamped", lambda builder, given, low, high: given)
    with pytest.raises(nw.NetwarpError, match=r"a\.nnet: differs from its network by .*; please report this$"):
        nnet.read(path, plane)


def test_activation_is_no_option_of_it(tmp_path: Path) -> None:
    written(tmp_path / "a.nnet")
    with pytest.raises(nw.NetwarpError, match="an NNET file says its activations itself; leave out --activation"):
        read_network(tmp_path / "a.nnet", Completion(activation="tanh"))


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (("3,3,2,5,", "3,3,2"), "line 3 of an NNET file: needs four sizes"),
        (("3,3,2,5,", "3,3,2,x"), "line 3 of an NNET file: needs numbers with commas between"),
        (("3,3,2,5,", "nan,3,2,5"), "line 3 of an NNET file: needs finite numbers, four sizes"),
        (("3,3,2,5,", "3,3,0,5"), "needs sizes from 1 to 100,000"),
        (("3,3,2,5,", "99999999,3,2,5"), "line 3 .* sizes from 1"),
        (("3,5,4,2,", "3,5,4,7"), "line 4 of an NNET file: needs widths from 3 to 2"),
        (("3,5,4,2,", "3,5,4"), "line 4 .* needs 4 finite numbers, a width of every layer"),
        (("3,5,4,2,", "3,9,4,2,"), "finite numbers"),
        (("2.0,0.5,", "2.0,0,"), "needs ranges other than 0"),
        (("-9,-9,-900,", "-9,9,-900,"), "line 7 .* needs largest inputs that are no smaller than the least"),
        (("0.5,-3,", "0.5,inf,"), "line 8 .* finite numbers, means"),
    ],
)
def test_a_broken_file_names_its_line(tmp_path: Path, change: tuple[str, str], message: str) -> None:
    with pytest.raises(nw.NetwarpError, match=message) as caught:
        nnet.read(written(tmp_path / "a.nnet", change))
    assert "\n" not in str(caught.value)


def test_a_file_that_is_cut_short_says_so(tmp_path: Path) -> None:
    path = written(tmp_path / "a.nnet")
    path.write_text("\n".join(path.read_text().splitlines()[:-1]))
    with pytest.raises(nw.NetwarpError, match="a bias of layer 3, and the file ends before it"):
        nnet.read(path)


def test_a_range_that_makes_weights_overflow_is_named(tmp_path: Path) -> None:
    written(tmp_path / "a.nnet", ("2.0,0.5,100,3", "1e-320,0.5,100,3"))
    with pytest.raises(nw.NetwarpError, match=r"a\.nnet: its ranges make numbers beyond what a float64 holds"):
        nnet.read(tmp_path / "a.nnet", nw.Slice([0.5, -3, 10], [1, 0, 0], [0, 0.1, 50]))


@pytest.mark.parametrize(
    "encode",
    [
        lambda text: b"\xef\xbb\xbf" + text.encode(),
        lambda text: ("// caf\u00e9, \u00b1 3\n" + text).encode("latin-1"),
        lambda text: text.replace("a network", "a \u00fcbernetwork").encode("latin-1"),
        lambda text: text.replace("\n", "\r\n").encode(),
    ],
)
def test_comments_and_marks_of_other_encodings_are_left_out(tmp_path: Path, encode: Callable[[str], bytes]) -> None:
    path, plane = written(tmp_path / "a.nnet"), nw.Slice([0.5, -3, 10], [1, 0, 0], [0, 0.1, 50])
    path.write_bytes(encode(path.read_text()))
    points = RANDOM.randn(30, 2)
    found = nw.field(path, plane).at(points)
    assert np.allclose(found, evaluated(plane.points(points)), atol=1e-12)


def test_lines_after_the_last_bias_are_told_of(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    path, plane = written(tmp_path / "a.nnet"), nw.Slice([0.5, -3, 10], [1, 0, 0], [0, 0.1, 50])
    count = len(path.read_text().splitlines())
    path.write_text(path.read_text() + "\n// the end\n")
    nnet.read(path, plane)
    assert not [one for one in caplog.records if one.name == "netwarp"]
    path.write_text(path.read_text() + "1,2,3\n4\n")
    nnet.read(path, plane)
    assert f"a.nnet: lines from {count + 3} on are left out" in caplog.text
