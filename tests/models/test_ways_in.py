"""Files by name in Python: field, decision, agreement and compare read what the command line reads, at its home."""

import json
import struct
from pathlib import Path

import numpy as np
import pytest

import netwarp as nw
from netwarp.errors import InputError
from netwarp.models.homes import home_of

RANDOM = np.random.RandomState(9)
ARRAYS = {
    "W0": RANDOM.standard_normal((9, 2)),
    "b0": RANDOM.standard_normal(9) * 3 + 20,  # its lines are far from the origin
    "W1": RANDOM.standard_normal((3, 9)),
    "b1": RANDOM.standard_normal(3),
}
SEQUENTIAL = {"W0": "0.weight", "b0": "0.bias", "W1": "2.weight", "b1": "2.bias"}
NNET = "// a network\n1,2,1,2,\n2,1,\n0,\n-9,-9,\n9,9,\n0,0,0,\n1,1,1,\n1,2,\n3,\n"


def as_safetensors(path: Path, arrays: dict[str, np.ndarray]) -> None:
    head, body = {}, b""
    for name, array in arrays.items():
        data = array.astype("<f8").tobytes()
        head[name] = {"dtype": "F64", "shape": array.shape, "data_offsets": [len(body), len(body) + len(data)]}
        body += data
    text = json.dumps(head).encode()
    path.write_bytes(struct.pack("<Q", len(text)) + text + body)


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    np.savez("far.npz", **ARRAYS, activation="relu")
    as_safetensors(Path("seq.safetensors"), {SEQUENTIAL[name]: array for name, array in ARRAYS.items()})
    Path("line.nnet").write_text(NNET)
    Path("folder").mkdir()


def test_a_networks_field_is_on_its_home_unless_told_otherwise() -> None:
    network = nw.Network.load("far.npz")
    home = home_of(network)
    assert home is not None
    assert max(home.width, abs(home.x), abs(home.y)) > 5
    found = nw.field(network).raster.plane
    assert found == nw.Plane(home.x, home.y, 1.5 * home.height, home.height)  # 600x400 square pixels
    assert nw.field(network, size=(50, 50)).raster.plane == home
    assert nw.field(network, plane=nw.Plane(), size=(50, 50)).raster.plane == nw.Plane()
    rows = nw.field(network, data=[[0, 0], [1, 1]], size=(50, 50)).raster.plane
    assert (rows.x, rows.y, rows.width, rows.height) == pytest.approx((0.5, 0.5, 1.1, 1.1))
    # a drawn network keeps the unit square
    drawn = nw.field(nw.Network.draw(nw.parse("conv(3)")), size=(50, 50))
    assert drawn.raster.plane == nw.Plane()


def test_a_graphs_field_is_on_its_home() -> None:
    torch = pytest.importorskip("torch")
    module = torch.nn.Sequential(torch.nn.Linear(2, 9), torch.nn.ReLU(), torch.nn.Linear(9, 3)).double()
    module.load_state_dict({SEQUENTIAL[name]: torch.from_numpy(array) for name, array in ARRAYS.items()})
    network = nw.torch.from_module(module, torch.zeros(1, 2))
    assert nw.field(network, size=(9, 9)).raster.plane == home_of(nw.Network.load("far.npz"))


def test_data_are_projected_onto_a_files_own_slice() -> None:
    wide = ARRAYS | {"W0": RANDOM.standard_normal((9, 4)), "origin": np.ones(4), "u": np.eye(4)[0], "v": np.eye(4)[2]}
    np.savez("wide.npz", **wide)
    plane = nw.field("wide.npz", data=[[1, 5, 1, 5], [3, 5, 3, 5]], size=(9, 9)).raster.plane
    assert (plane.x, plane.y, plane.width, plane.height) == pytest.approx((1, 1, 2.2, 2.2))


@pytest.mark.parametrize("name", ["far.npz", "seq.safetensors"])
def test_python_reads_by_name_what_the_command_line_reads(name: str) -> None:
    network = nw.Network.load("far.npz")
    points = RANDOM.standard_normal((20, 2)) * 9
    for path in (name, Path(name)):
        assert np.array_equal(nw.field(path).at(points), nw.field(network).at(points))
    assert nw.decision(name).areas == nw.decision(network).areas
    assert nw.decision(name).plane == home_of(network)
    assert nw.agreement([name, network]).share == pytest.approx(1)


def test_a_slice_is_looked_at_of_a_file_of_more_inputs() -> None:
    weight = RANDOM.standard_normal((9, 4))
    np.savez("four.npz", **ARRAYS | {"W0": weight})
    plane = nw.through(np.zeros(4), np.eye(4)[0], np.eye(4)[3])
    np.savez("two.npz", **ARRAYS | {"W0": weight[:, [0, 3]]})
    assert nw.field("four.npz", plane).at([[0.3, 0.7]]) == pytest.approx(nw.field("two.npz").at([[0.3, 0.7]]))
    with pytest.raises(InputError, match="4 inputs are a slice"):
        nw.field("four.npz")


def test_an_nnet_file_is_read_by_name() -> None:
    assert nw.field("line.nnet").at([[1, 1]]) == pytest.approx(6)


@pytest.mark.parametrize("door", [nw.field, nw.decision, lambda name: nw.agreement([name, name])])
def test_what_is_no_model_says_what_it_is(door: object) -> None:
    Path("m.pt").write_bytes(b"\x80\x02\x8a\nl\xfc\x9cF\xf9 j\xa8P\x19")
    Path("a.png").write_bytes(b"\x89PNG\r\n\x1a\n")
    for name, needle in [
        ("m.pt", "pickled Python that is never loaded; convert it where you trust it"),
        ("folder", "is a folder, not a file; an NPZ, ONNX"),
        ("a.png", "is a PNG image, not a model"),
        ("missing.npz", "no such file"),
    ]:
        with pytest.raises(InputError, match=needle):
            door(name)  # type: ignore[operator]


@pytest.mark.parametrize(
    ("name", "needle"),
    [
        (
            "seq.safetensors",
            r"is a safetensors file, no NPZ file; nw.field\('seq.safetensors'\).network",
        ),
        ("line.nnet", "is an NNET file, no NPZ file; nw.field"),
        ("folder", "is a folder, not a file"),
    ],
)
def test_load_names_what_reads_another_file(name: str, needle: str) -> None:
    with pytest.raises(InputError, match=needle):
        nw.Network.load(name)


def test_only_an_onnx_file_has_several_outputs() -> None:
    with pytest.raises(InputError, match="output='y': only an estimator or an ONNX file has several"):
        nw.field("far.npz", output="y")
