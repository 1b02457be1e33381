"""safetensors: against the library that writes them, and files that lie."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import netwarp as nw
from netwarp.network import safetensors


def made(path: Path, header: Any, body: bytes = b"", length: int | None = None) -> Path:
    text = header if isinstance(header, bytes) else json.dumps(header).encode()
    path.write_bytes((len(text) if length is None else length).to_bytes(8, "little") + text + body)
    return path


def test_every_type_is_read_as_the_library_wrote_it(tmp_path: Path) -> None:
    library = pytest.importorskip("safetensors.torch")
    torch = pytest.importorskip("torch")
    tensors = {
        str(kind): (torch.arange(6).reshape(2, 3) - 2).to(kind)
        for kind in (torch.float64, torch.float32, torch.float16, torch.bfloat16, torch.int64, torch.uint8, torch.bool)
    }
    tensors["scalar"], tensors["none"] = torch.tensor(3.5), torch.zeros(0, 4)
    library.save_file(tensors, tmp_path / "a.safetensors", metadata={"format": "pt"})
    found = safetensors.read(tmp_path / "a.safetensors")
    assert set(found) == set(tensors)
    for name, tensor in tensors.items():
        right = tensor.float().numpy() if tensor.dtype == torch.bfloat16 else tensor.numpy()
        assert found[name].dtype == right.dtype
        assert found[name].tolist() == right.tolist()


def test_a_sequential_is_a_network(tmp_path: Path) -> None:
    library, torch = pytest.importorskip("safetensors.torch"), pytest.importorskip("torch")
    module = torch.nn.Sequential(torch.nn.Linear(2, 5), torch.nn.Tanh(), torch.nn.Linear(5, 2))
    library.save_file(module.state_dict(), tmp_path / "mine.safetensors")
    drawing = nw.draw(str(tmp_path / "mine.safetensors"), size=(8, 8))
    network = drawing.field.network
    assert str(network.activation) == "relu"
    assert network.parameters["W0"].tolist() == module[0].weight.tolist()
    assert drawing.picture.recipe.weights.file == "mine.safetensors"


ENTRY = {"dtype": "F64", "shape": [2], "data_offsets": [0, 16]}


@pytest.mark.parametrize(
    ("header", "message"),
    [
        ({"a": ENTRY | {"shape": [3]}}, r"tensor 'a': declares \(3,\) of F64 at bytes 0 to 16"),
        ({"a": ENTRY | {"shape": [10**18, 10**18, 0], "data_offsets": [0, 0]}}, "which do not hold it"),
        ({"a": ENTRY | {"data_offsets": [8, 24]}}, "which do not hold it"),
        ({"a": ENTRY | {"data_offsets": [16, 0]}}, "which do not hold it"),
        ({"a": ENTRY | {"data_offsets": [-1, 15]}}, "data_offsets=-1: must be at least 0"),
        ({"a": ENTRY | {"dtype": "C64"}}, "holds C64; real numbers of"),
        ({"a": ENTRY | {"shape": "2"}}, "shape='2': must be a list"),
        ({"a": {}}, "dtype is missing"),
        ({"a": 3}, "must be an object"),
        (b"[1]", "header: must be an object"),
        (b"{'a': 1}", "header: not JSON"),
        (b"{\xff}", "its header is not UTF-8"),
    ],
)
def test_a_file_that_lies_is_told_in_one_line(tmp_path: Path, header: Any, message: str) -> None:
    path = made(tmp_path / "a.safetensors", header, bytes(16))
    with pytest.raises(nw.NetwarpError, match=message) as caught:
        safetensors.read(path)
    assert "\n" not in str(caught.value)
    assert str(path) in str(caught.value)


def test_a_header_longer_than_the_file_is_refused(tmp_path: Path) -> None:
    for length in (2**40, 2**63):
        with pytest.raises(nw.NetwarpError, match="cut short: its header has"):
            safetensors.read(made(tmp_path / "a", {"a": ENTRY}, bytes(16), length))


def test_the_arrays_are_the_files_own(tmp_path: Path) -> None:
    path = made(tmp_path / "a", {"a": ENTRY}, np.array([1.5, -2]).tobytes())
    found = safetensors.read(path)["a"]
    assert found.tolist() == [1.5, -2]
    found[0] = 3
