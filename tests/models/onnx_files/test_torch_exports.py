"""Modules of torch that its own exporter wrote as ONNX files: as networks they are what the modules are."""

from __future__ import annotations

import copy
import warnings
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import netwarp as nw
from models.onnx_files.made import onnx
from netwarp.models import agreement
from netwarp.models.onnx_files.network import from_file

torch = pytest.importorskip("torch")
families = pytest.importorskip("models.families")
# torch's exporter has no pool to sides that do not divide the image's, as AlexNet's
NAMES = sorted(set(families.FAMILIES) - {"alexnet"})


def exported(module: Any, shape: tuple[int, ...], path: Path, *, batched: bool = True) -> Path:
    """The file that torch writes without further packages, of a batch of any length or of one."""
    example = torch.zeros(1, *shape, dtype=next(module.parameters()).dtype)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # this exporter is not the newest one, which needs onnxscript
        torch.onnx.export(
            module,
            (example,),
            path,
            dynamo=False,
            input_names=["x"],
            dynamic_axes={"x": {0: "batch"}} if batched else None,
        )
    return path


def agrees(module: Any, path: Path, shape: tuple[int, ...]) -> None:
    rng = np.random.default_rng(0)
    plane = nw.Slice(*rng.normal(size=(3, *shape)), home=nw.Plane(0, 0, 4, 4))
    network = from_file(path, plane)
    points = rng.uniform(-2, 2, (20, 2))
    with torch.no_grad():
        wanted = copy.deepcopy(module).double()(torch.from_numpy(plane.points(points).reshape(-1, *shape))).numpy()
    assert wanted.std(0).max() > 1e-2
    np.testing.assert_allclose(network.calibrate().at(points), wanted, atol=1e-11 * np.abs(wanted).max(), rtol=0)


@pytest.mark.slow
@pytest.mark.parametrize("name", NAMES)
def test_a_family_of_image_networks_agrees(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(agreement, "SECONDS", 0.2)  # the module itself is the judge here
    make, size = families.FAMILIES[name]
    module = families.drawn(make).double()  # the exporter multiplies norms into weights, in the module's own type
    agrees(module, exported(module, (3, size, size), tmp_path / "net.onnx"), (3, size, size))


class Small(torch.nn.Module):
    """Views by computed shapes, a clamp and a choice, as people write them."""

    def __init__(self) -> None:
        super().__init__()
        self.conv, self.norm = torch.nn.Conv2d(1, 4, 3, padding=1), torch.nn.BatchNorm2d(4)
        self.last = torch.nn.Linear(16, 3)

    def forward(self, x: Any) -> Any:
        x = torch.nn.functional.max_pool2d(torch.relu(self.norm(self.conv(x))), 2)
        x = torch.nn.functional.adaptive_avg_pool2d(x, 2)
        x = self.last(x.view(x.size(0), -1)).clamp(-1, 2)
        return torch.where(x > 0, x, 0.1 * x)


@pytest.mark.slow
@pytest.mark.parametrize("batched", [True, False])
def test_a_module_with_views_by_its_shapes_agrees(batched: bool, tmp_path: Path) -> None:
    torch.manual_seed(0)
    module = Small().eval().double()
    path = exported(module, (1, 8, 8), tmp_path / "net.onnx", batched=batched)
    kinds = {one.op_type for one in onnx.load(path).graph.node}
    assert {"Conv", "MaxPool", "Clip", "Where"} <= kinds
    assert ("Shape" in kinds) == batched
    agrees(module, path, (1, 8, 8))
