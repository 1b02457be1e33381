"""Decisions of torch modules: a softmax at the end changes nothing, and what has no exact form is named."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch
from torch.nn import functional

import netwarp as nw
from netwarp.errors import InputError, UnsupportedError
from netwarp.models.decisions.agreement import agreement
from netwarp.models.decisions.decide import decision

PLANE = nw.Plane(0, 0, 4, 4)
SIZE = (200, 200)


class Ending(torch.nn.Module):
    """Three scores, and what a function makes of them."""

    def __init__(self, kind: str, outputs: int = 3) -> None:
        super().__init__()
        torch.manual_seed(2)
        self.body = torch.nn.Sequential(
            torch.nn.Linear(2, 12), torch.nn.ReLU(), torch.nn.Linear(12, outputs), torch.nn.Dropout(0.5)
        )
        with torch.no_grad():  # each class wins somewhere
            self.body[2].bias -= self.body.eval()(4 * torch.rand(4000, 2) - 2).mean(dim=0)
        self.kind = kind

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        scores = self.body(x)
        if self.kind == "softmax":
            return torch.softmax(scores, dim=-1)
        if self.kind == "log_softmax, dropped out":
            return functional.dropout(functional.log_softmax(scores, dim=1), training=self.training)
        if self.kind == "softmax by name":
            return functional.softmax(scores, 1)
        if self.kind == "over a batch":
            return torch.softmax(scores, dim=0)
        if self.kind == "hardshrink":
            return functional.hardshrink(scores) + scores / 1000
        return scores


def sampled(module: torch.nn.Module) -> np.ndarray:
    """The share of pixels at which each output is the largest, as torch has it."""
    centres = (np.arange(SIZE[0]) + 0.5) / SIZE[0] * 4 - 2
    points = np.stack(np.meshgrid(centres, centres), axis=-1).reshape(-1, 2)
    with torch.no_grad():
        values = module.eval().double()(torch.tensor(points)).numpy()
    return np.bincount(values.argmax(axis=1), minlength=values.shape[1]) / len(points)


@pytest.mark.parametrize("kind", ["softmax", "log_softmax, dropped out", "softmax by name"])
def test_a_softmax_at_the_end_changes_no_winner(kind: str) -> None:
    found = decision(Ending(kind), plane=PLANE)
    assert (found.exact, found.note) == (True, "")
    assert found.share == pytest.approx(decision(Ending("none"), plane=PLANE).share, abs=1e-12)
    assert found.share == pytest.approx(sampled(Ending(kind)), abs=5e-3)
    assert min(found.share) > 0.01


@pytest.mark.parametrize("end", [torch.nn.Softmax(1), torch.nn.LogSoftmax(-1), torch.nn.Softmax(dim=1)])
def test_the_softmax_of_a_sequence_is_left_out_and_from_module_refuses_it(end: torch.nn.Module) -> None:
    body = Ending("none").body
    module = torch.nn.Sequential(*body, end)
    found = decision(module, plane=PLANE)
    assert found.exact
    assert found.share == pytest.approx(sampled(module.float()), abs=5e-3)
    # the module's own values stay what nw.field draws, and from_module draws no other ones
    with pytest.raises(UnsupportedError, match=r"softmax\.int in 4: is not an operation"):
        nw.torch.from_module(module.float(), torch.zeros(1, 2))


def test_a_saturated_softmax_is_decided_by_its_scores() -> None:
    # both probabilities round to the same numbers far from the boundary: 1 and 0, which is no tie
    linear = torch.nn.Linear(2, 3, bias=False)
    with torch.no_grad():
        linear.weight[:] = torch.tensor([[1e4, 0.0], [-1e4, 0.0], [0.0, 0.0]])
    found = decision(torch.nn.Sequential(linear, torch.nn.LogSoftmax(1)), plane=PLANE)
    assert found.share == pytest.approx((0.5, 0.5, 0))
    assert found.ties == ()


def test_a_softmax_that_is_not_over_the_classes_stays() -> None:
    found = decision(Ending("softmax", outputs=1), plane=PLANE, size=(20, 20))
    # the softmax of one number is 1
    assert found.share[1] == pytest.approx(1)
    assert "softmax" in found.note
    assert "softmax" in decision(Ending("over a batch"), plane=PLANE, size=(20, 20)).note


def test_an_operation_without_an_exact_form_is_named_with_its_place() -> None:
    here = Path(__file__)
    line = 1 + here.read_text().splitlines().index("            return functional.hardshrink(scores) + scores / 1000")
    own = torch.nn.Sequential(torch.nn.Identity(), Ending("hardshrink"))
    found = decision(own, plane=PLANE, size=SIZE)
    said = f"hardshrink in 1 ({here.name}:{line}): is not an operation that from_module knows"
    assert found.note == f"from_module: {said}"
    assert found.share == pytest.approx(sampled(own), abs=1e-2)
    with pytest.raises(UnsupportedError) as error:
        decision(own, plane=PLANE, engine="exact")
    assert said in str(error.value)
    both = agreement([Ending("none"), own], plane=PLANE, size=(40, 40))
    assert both.note == f"model 2: from_module: {said}"


@pytest.mark.parametrize("made", [torch.nn.Hardshrink(), torch.nn.Softmax(1), torch.nn.LogSoftmax(1)])
def test_an_operation_inside_a_sequence_is_named_with_its_path(made: torch.nn.Module) -> None:
    layers = torch.nn.Sequential(torch.nn.Linear(2, 4), torch.nn.Sequential(made), torch.nn.Linear(4, 2))
    found = decision(layers, plane=PLANE, size=(20, 20))
    assert type(made).__name__.lower() in found.note.replace("_", "")
    assert "in 1.0: is not an operation" in found.note


def test_images_are_points_of_a_slice_of_images() -> None:
    torch.manual_seed(0)
    module = torch.nn.Sequential(
        torch.nn.Conv2d(1, 3, 3), torch.nn.ReLU(), torch.nn.MaxPool2d(2), torch.nn.Flatten(), torch.nn.Linear(12, 3)
    )
    rng = np.random.default_rng(0)
    X = rng.normal(size=(20, 1, 6, 6))
    y = rng.integers(0, 3, 20)
    at = nw.through(*X[:3])
    found = decision(module, at, X=X, y=y)
    assert found.exact
    assert found.points is not None
    assert found.points.places == pytest.approx(at.project(X))
    again = decision(module, at, X=X.reshape(20, 36), y=y)
    assert again.areas == found.areas
    assert again.plane == found.plane
    with pytest.raises(InputError, match=r"decision X has the shape \(20, 1, 5, 6\)"):
        decision(module, at, X=X[:, :, 1:], y=y)
