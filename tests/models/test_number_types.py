"""Modules, examples and files with numbers of 16 bits: read exactly, or told in one line why not."""

import json
import struct
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import netwarp as nw
from netwarp.errors import UnsupportedError

torch = pytest.importorskip("torch")
POINTS = np.random.RandomState(0).uniform(-2, 2, (40, 2))
SHORT = [torch.bfloat16, torch.float16]


def perceptron(kind: Any) -> Any:
    torch.manual_seed(1)
    return torch.nn.Sequential(torch.nn.Linear(2, 9), torch.nn.ReLU(), torch.nn.Linear(9, 3)).to(kind).eval()


def right(module: Any) -> Any:
    """What it gives with its own numbers, in float64."""
    copy = perceptron(torch.float64)
    copy.load_state_dict({name: one.double() for name, one in module.state_dict().items()})
    return copy(torch.from_numpy(POINTS)).detach().numpy()


@pytest.mark.parametrize("kind", SHORT)
def test_modules_and_examples_are_read(kind: Any, tmp_path: Path) -> None:
    module = perceptron(kind)
    example = torch.zeros(1, 2, dtype=kind)
    for given in (example, (example,), torch.zeros(1, 2), np.zeros((1, 2)), example.requires_grad_()):
        assert np.allclose(nw.torch.from_module(module, given).calibrate().at(POINTS), right(module), atol=1e-12)
    assert next(module.parameters()).dtype == kind
    assert nw.decision(module, X=torch.from_numpy(POINTS).to(kind), y=torch.zeros(40, dtype=kind), size=(20, 20)).exact
    torch.export.save(torch.export.export(module, (example.detach(),)), tmp_path / "a.pt2")
    assert np.allclose(nw.field(tmp_path / "a.pt2").at(POINTS), right(module), atol=1e-12)


@pytest.mark.parametrize(("kind", "name"), list(zip(SHORT, ["BF16", "F16"], strict=True)))
def test_safetensors_are_read(kind: Any, name: str, tmp_path: Path) -> None:
    module, header, body = perceptron(kind), {}, b""
    for key, one in module.state_dict().items():
        data = one.contiguous().view(torch.uint8).numpy().tobytes()
        header[key] = {"dtype": name, "shape": list(one.shape), "data_offsets": [len(body), len(body) + len(data)]}
        body += data
    text = json.dumps(header).encode()
    (tmp_path / "a.safetensors").write_bytes(struct.pack("<Q", len(text)) + text + body)
    assert np.allclose(nw.field(tmp_path / "a.safetensors").at(POINTS), right(module), atol=1e-12)


@pytest.mark.parametrize(("kind", "name"), list(zip(SHORT, ["BFLOAT16", "FLOAT16"], strict=True)))
def test_onnx_files_are_read(kind: Any, name: str, tmp_path: Path) -> None:
    onnx = pytest.importorskip("onnx")
    helper, number = onnx.helper, getattr(onnx.TensorProto, name)
    module = perceptron(kind)
    tensors = [
        helper.make_tensor(key, number, list(one.shape), one.float().flatten().tolist())
        for key, one in module.state_dict().items()
    ]
    nodes = [
        helper.make_node("Gemm", ["x", "0.weight", "0.bias"], ["z"], transB=1),
        helper.make_node("Relu", ["z"], ["a"]),
        helper.make_node("Gemm", ["a", "2.weight", "2.bias"], ["y"], transB=1),
    ]
    given, made = (helper.make_tensor_value_info(one, number, ["n", size]) for one, size in (("x", 2), ("y", 3)))
    graph = helper.make_graph(nodes, "g", [given], [made], tensors)
    onnx.save(helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)]), tmp_path / "a.onnx")
    assert np.allclose(nw.field(tmp_path / "a.onnx").at(POINTS), right(module), atol=1e-12)


class Casting(torch.nn.Module):  # type: ignore[misc, unused-ignore]
    def __init__(self) -> None:
        super().__init__()
        self.first, self.last = torch.nn.Linear(2, 5).bfloat16(), torch.nn.Linear(5, 2)

    def forward(self, x: Any) -> Any:
        return self.last(self.first(x.bfloat16()).relu().float())


class Autocast(torch.nn.Module):  # type: ignore[misc, unused-ignore]
    def __init__(self, enabled: bool) -> None:
        super().__init__()
        self.layer, self.enabled = torch.nn.Linear(2, 5), enabled

    def forward(self, x: Any) -> Any:
        with torch.autocast("cpu", dtype=torch.bfloat16, enabled=self.enabled):
            return self.layer(x).relu()


@pytest.mark.parametrize(
    ("module", "message"),
    [(Casting(), "converts numbers to a type of its own"), (Autocast(True), "rounds to bfloat16, whereas it is")],
)
def test_modules_that_round_by_themselves_are_drawn_by_calling_them(module: Any, message: str) -> None:
    with pytest.raises(UnsupportedError, match=rf"{message}.*; nw\.field\(module, slice\) still draws it"):
        nw.torch.from_module(module, torch.zeros(1, 2))
    found = nw.decision(module, size=(12, 12))
    assert not found.exact
    assert message in found.note


def test_autocast_that_is_off_rounds_nothing() -> None:
    module = Autocast(False)
    network = nw.torch.from_module(module, torch.zeros(1, 2))
    expected = module.double()(torch.from_numpy(POINTS)).detach().numpy()
    assert np.allclose(network.calibrate().at(POINTS), expected, atol=1e-12)


@pytest.mark.parametrize("given", [torch.zeros(1, 2, dtype=torch.complex64), torch.zeros(1, 2, device="meta")])
def test_an_example_without_real_numbers_is_told(given: Any) -> None:
    with pytest.raises(nw.NetwarpError, match="must be a tensor or an array of real numbers"):
        nw.torch.from_module(perceptron(torch.float32), given)


@pytest.mark.filterwarnings("ignore:.*torch.jit:DeprecationWarning")
def test_a_scripted_module_is_drawn_and_told() -> None:
    module = torch.jit.script(perceptron(torch.float32))
    with pytest.raises(UnsupportedError, match=r"compiled by TorchScript.*torch\.onnx\.export\(module"):
        nw.torch.from_module(module, torch.zeros(1, 2))
    found = nw.decision(module, size=(12, 12))
    assert not found.exact
    assert "compiled by TorchScript" in found.note


def test_a_function_may_give_a_tensor() -> None:
    weight = torch.ones(2, requires_grad=True)
    for kind in (torch.float64, torch.bfloat16):
        field = nw.field(lambda points, kind=kind: (torch.from_numpy(points) @ weight.double()).to(kind))
        assert field.at([[0.5, 0.25]]) == 0.75
