"""A module is exported once for all calls between which nothing of it changes, and anew after any change."""

import gc

import numpy as np
import pytest
import torch
from torch import nn

import netwarp as nw
from netwarp.models import imported, remembered

POINTS = np.random.RandomState(0).normal(size=(9, 2))


class Scaled(nn.Module):
    """With numbers of its own that are no parameters."""

    def __init__(self) -> None:
        super().__init__()
        self.layers = nn.Sequential(nn.Linear(2, 5), nn.ReLU(), nn.Linear(5, 3))
        self.slope = 0.5
        self.powers = [1.0, 2.0]
        self.told = object()
        del self.told

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.layers(x) * self.slope + self.powers[1]


@pytest.fixture(autouse=True)
def _fresh(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(imported, "REMEMBERED", remembered.Remembered())


@pytest.fixture
def exports(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """One entry for every export."""
    done: list[int] = []
    export = imported.written

    def counted(*given: object) -> object:
        done.append(1)
        return export(*given)  # type: ignore[arg-type]

    monkeypatch.setattr(imported, "written", counted)
    return done


def made() -> Scaled:
    torch.manual_seed(0)
    return Scaled()


def agrees(module: nn.Module) -> bool:
    network = nw.torch.from_module(module, torch.zeros(1, 2))
    with torch.no_grad():
        right = module.double()(torch.from_numpy(POINTS)).numpy()
    module.float()
    return np.allclose(network.calibrate().at(POINTS), right, rtol=0, atol=1e-9)


def test_a_second_call_exports_nothing(exports: list[int]) -> None:
    module = made()
    first = nw.decision(module, size=(20, 20))
    second = nw.decision(module, size=(20, 20), one_class="1")
    nw.agreement([module, module], size=(20, 20))
    assert len(exports) == 1
    assert first.areas[1] == second.areas[0]
    assert nw.torch.from_module(module, torch.zeros(7, 2)) is nw.torch.from_module(module, np.zeros((3, 2)))
    # the mode is not part of an export
    assert nw.torch.from_module(module.train(), torch.zeros(1, 2)) is nw.torch.from_module(
        module.eval(), np.zeros((3, 2))
    )


@pytest.mark.parametrize("change", ["weight", "bias bit", "buffer", "attribute", "list", "layer", "forward"])
def test_a_change_of_any_kind_is_seen(change: str, exports: list[int]) -> None:
    module = made()
    module.layers.append(nn.BatchNorm1d(3).eval())
    assert agrees(module)
    with torch.no_grad():
        if change == "weight":
            module.layers[0].weight.data[1, 1] += 1.0
        elif change == "bias bit":
            bias = module.layers[0].bias
            bias[0] = torch.nextafter(bias[0], torch.tensor(9.0))
        elif change == "buffer":
            module.layers[3].running_mean[0] = 3.0
        elif change == "attribute":
            module.slope = 0.25
        elif change == "list":
            module.powers[1] = -1.0
        elif change == "layer":
            module.layers[1] = nn.LeakyReLU(0.3)
        else:
            module.layers[1].forward = lambda x: x.clamp(0, 1)
    assert agrees(module)
    assert len(exports) == 2


def test_training_in_place_between_calls_is_seen(exports: list[int]) -> None:
    module = made()
    optimiser = torch.optim.SGD(module.parameters(), lr=0.5)
    before = nw.decision(module, size=(20, 20)).areas
    for _ in range(3):
        optimiser.zero_grad()
        nn.functional.cross_entropy(
            module(torch.from_numpy(POINTS).float()), torch.zeros(9, dtype=torch.long)
        ).backward()
        optimiser.step()
    after = nw.decision(module, size=(20, 20)).areas
    assert before != after
    assert len(exports) == 2
    assert agrees(module)


def test_another_slice_shape_or_module_is_another_network(exports: list[int]) -> None:
    module = nn.Sequential(nn.Flatten(), nn.Linear(4, 3))
    one, other = (nw.Slice(np.full(4, at), np.eye(4)[0], np.eye(4)[1]) for at in (0.0, 1.0))
    networks = [
        nw.torch.from_module(module, torch.zeros(1, 4), one),
        nw.torch.from_module(module, torch.zeros(1, 4), other),
        nw.torch.from_module(module, torch.zeros(1, 2, 2), one),
        nw.torch.from_module(nn.Sequential(*module), torch.zeros(1, 4), one),
    ]
    assert len(exports) == len({id(network) for network in networks}) == 4


def test_what_cannot_be_looked_into_is_exported_each_time(exports: list[int]) -> None:
    module = made()
    module.told = object()
    for _ in range(2):
        assert agrees(module)
    assert len(exports) == 2


def test_few_are_kept_and_none_of_a_module_that_is_gone(monkeypatch: pytest.MonkeyPatch) -> None:
    kept = imported.REMEMBERED
    modules = [made() for _ in range(remembered.MOST + 2)]
    networks = [nw.torch.from_module(module, torch.zeros(1, 2)) for module in modules]
    assert len(kept) == remembered.MOST
    # the first two are forgotten, the third is not
    assert nw.torch.from_module(modules[2], torch.zeros(1, 2)) is networks[2]
    assert nw.torch.from_module(modules[0], torch.zeros(1, 2)) is not networks[0]
    del modules[3:]
    gc.collect()
    assert len(kept) == 2
    monkeypatch.setattr(remembered, "MOST_BYTES", 100)
    nw.torch.from_module(modules[1], torch.zeros(1, 2))
    assert len(kept) == 0
