"""Models that scale and turn their inputs first: on every slice these are the model's own."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

import netwarp as nw
from netwarp.models.sliced import on_slice

torch = pytest.importorskip("torch")


class Scaled(torch.nn.Module):
    """Scales and turns its inputs before anything else."""

    def __init__(self, image: bool) -> None:
        super().__init__()
        self.image = image
        self.first = torch.nn.Conv2d(2, 3, 3, padding=1) if image else torch.nn.Linear(5, 7)
        self.last = torch.nn.Linear(48 if image else 7, 2)

    def forward(self, x: Any) -> Any:
        if self.image:
            x = (x - 0.5) * torch.tensor([2.0, 3])[:, None, None]
        else:
            x = ((x - torch.arange(1.0, 6)) * torch.arange(2.0, 7))[:, [4, 3, 0, 1, 2]]
        return self.last(torch.relu(self.first(x)).flatten(1))


@pytest.mark.parametrize(("image", "shape"), [(False, (5,)), (True, (2, 4, 4))])
def test_inputs_that_are_scaled_first_are_the_models_on_another_slice(
    tmp_path: Path, image: bool, shape: tuple[int, ...]
) -> None:
    torch.manual_seed(0)
    module, random = Scaled(image).double(), np.random.RandomState(3)
    one, other = (nw.Slice(*random.randn(3, *shape)) for _ in range(2))
    network = nw.torch.from_module(module, torch.zeros(1, *shape).double(), one)
    network.save(tmp_path / "scaled.npz")
    points = random.randn(20, 2)
    for found, at in ((network, one), (on_slice(nw.Network.load(tmp_path / "scaled.npz"), other), other)):
        right = module(torch.tensor(at.points(points)).reshape(-1, *shape)).detach().numpy()
        assert np.abs(found.calibrate().at(points) - right).max() < 1e-12
