"""A single output whose values lie in [0, 1] is cut at 0.5; held to what numpy and torch say at the pixels."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

import netwarp as nw
from netwarp.models.decisions.agreement import agreement
from netwarp.models.decisions.contest import PROBABLE, contest
from netwarp.models.decisions.decide import decision

PLANE = nw.Plane(0, 0, 4, 4)
SIZE = (80, 80)
RNG = np.random.RandomState(3)
FIRST, SECOND, BIAS = RNG.normal(size=(2, 16)), RNG.normal(size=(16, 1)), 0.4
CENTRES = (np.arange(80) + 0.5) / 20 - 2
POINTS = np.stack(np.meshgrid(CENTRES, CENTRES), axis=-1).reshape(-1, 2)


def rounded(points: np.ndarray) -> np.ndarray:
    """The score before the sigmoid."""
    return np.round(points @ FIRST) @ SECOND + BIAS


def share(scores: np.ndarray) -> float:
    """Of the pixels, those of class 1: a sigmoid is above 0.5 where its score is above 0."""
    return float((scores > 0).mean())


def sigmoid(scores: np.ndarray) -> np.ndarray:
    return 1 / (1 + np.exp(-scores))


class Predicts:
    """A fitted estimator whose `predict` gives probabilities, and that knows no classes."""

    n_features_in_ = 2

    def fit(self) -> None: ...

    def predict(self, points: np.ndarray) -> np.ndarray:
        return sigmoid(rounded(points))


class Clamped(torch.nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.layers = torch.nn.Sequential(torch.nn.Linear(2, 8), torch.nn.ReLU(), torch.nn.Linear(8, 1))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return torch.sigmoid(self.layers(x)).clamp(1e-6, 1 - 1e-6)


def halved(last: torch.nn.Linear, body: torch.nn.Module) -> None:
    """Moves the last bias so that half of the pixels are above 0."""
    last.bias -= body(torch.tensor(POINTS, dtype=last.bias.dtype)).median()


def a_function(_: Path) -> tuple[Any, float]:
    return lambda points: sigmoid(rounded(points)), share(rounded(POINTS))


def an_estimator(_: Path) -> tuple[Any, float]:
    return Predicts(), share(rounded(POINTS))


def a_module(_: Path) -> tuple[Any, float]:
    torch.manual_seed(4)
    body = (torch.nn.Linear(2, 16), torch.nn.Hardshrink(), torch.nn.Linear(16, 1))
    with torch.no_grad():
        halved(body[-1], torch.nn.Sequential(*body))
        scores = torch.nn.Sequential(*body)(torch.tensor(POINTS, dtype=torch.float32)).numpy()
    return torch.nn.Sequential(*body, torch.nn.Sigmoid()), share(scores)


def an_imported_one(_: Path) -> tuple[Any, float]:
    torch.manual_seed(1)
    module = Clamped().double()
    with torch.no_grad():
        halved(module.layers[-1], module.layers.double())
        scores = module.layers(torch.tensor(POINTS)).numpy()
    return nw.torch.from_module(module, torch.zeros(1, 2)), share(scores)


def an_onnx_file(folder: Path) -> tuple[Any, float]:
    from onnx import TensorProto, helper, numpy_helper, save

    nodes = [
        helper.make_node("MatMul", ["x", "first"], ["a"]),
        helper.make_node("Round", ["a"], ["b"]),
        helper.make_node("MatMul", ["b", "second"], ["c"]),
        helper.make_node("Add", ["c", "bias"], ["d"]),
        helper.make_node("Sigmoid", ["d"], ["y"]),
    ]
    numbers = {"first": FIRST, "second": SECOND, "bias": np.array([BIAS])}
    graph = helper.make_graph(
        nodes,
        "rounded",
        [helper.make_tensor_value_info("x", TensorProto.DOUBLE, ["n", 2])],
        [helper.make_tensor_value_info("y", TensorProto.DOUBLE, ["n", 1])],
        [numpy_helper.from_array(value, name) for name, value in numbers.items()],
    )
    save(helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8), folder / "a.onnx")
    return str(folder / "a.onnx"), share(rounded(POINTS))


MODELS = [a_function, an_estimator, a_module, an_imported_one, an_onnx_file]


@pytest.mark.parametrize("made", MODELS)
def test_values_in_0_to_1_are_a_probability(made: Callable[[Path], tuple[Any, float]], tmp_path: Path) -> None:
    model, right = made(tmp_path)
    found = decision(model, plane=PLANE, size=SIZE, engine="native")
    assert 0.05 < right < 0.95
    assert (found.threshold, found.asked.threshold) == (0.5, 0.5)
    # a pixel whose centre is on the boundary but for float32 may fall on either side
    assert found.share[1] == pytest.approx(right, abs=2 / len(POINTS))
    assert found.note.endswith(PROBABLE)
    told = decision(model, plane=PLANE, size=SIZE, engine="native", threshold=0)
    assert told.threshold == 0
    assert told.share[1] == pytest.approx(1)
    assert PROBABLE not in told.note


def test_an_exact_one_says_it_too() -> None:
    torch.manual_seed(1)
    ramp = torch.nn.Sequential(torch.nn.Linear(2, 1), torch.nn.Hardtanh(0, 1))
    with torch.no_grad():
        ramp[0].weight[:] = torch.tensor([[1.0, 0.0]])
        ramp[0].bias[:] = 0.25
    found = decision(ramp, plane=PLANE)
    # x + 1/4 is above 1/2 right of 1/4
    assert found.exact
    assert found.share[1] == pytest.approx(1.75 / 4)
    assert found.note == PROBABLE


@pytest.mark.parametrize(
    "scores",
    [
        lambda points: points[:, 0],
        lambda points: np.full(len(points), 0.25),
        lambda points: 0.5 + 0.26 * points[:, 0],  # 1.02 at the right
        # on its own plane, one unit wide, it is a probability, and on the plane that is seen it is none
        lambda points: 0.5 + 0.5 * points[:, 0],
    ],
)
def test_other_values_are_cut_at_0(scores: Callable[[np.ndarray], np.ndarray]) -> None:
    found = decision(scores, plane=PLANE, size=SIZE)
    assert found.threshold == 0
    assert found.share[1] == pytest.approx((scores(POINTS) > 0).mean())
    assert PROBABLE not in found.note


def test_a_small_view_of_a_score_is_no_probability() -> None:
    field = nw.field(lambda points: points[:, 0] + 0.2, plane=PLANE)
    assert decision(field, plane=nw.Plane(0.3, 0, 0.1, 0.1)).threshold == 0
    assert contest(field).threshold == 0


def test_the_score_of_a_classifier_is_cut_at_0_whatever_its_values() -> None:
    from sklearn.linear_model import LogisticRegression

    X = np.random.RandomState(0).uniform(-1, 1, (200, 2))
    model = LogisticRegression(C=1e-3).fit(X, (X[:, 0] > -0.95).astype(int))
    scores = model.decision_function(POINTS / 2)
    model.intercept_ -= scores.min() - 1e-3
    scores = model.decision_function(POINTS / 2)
    assert 0 < scores.min() < scores.max() < 1
    plane = nw.Plane(0, 0, 2, 2)
    assert decision(model, plane=plane).share[1] == model.predict(POINTS / 2).mean() == 1
    assert agreement([model, model], plane=plane).consensus.share[1] == 1


def test_models_that_agree_are_cut_as_each_is_alone() -> None:
    one, right = a_function(Path())
    found = agreement([one, rounded], plane=PLANE, size=SIZE)
    # one gives probabilities and the other their scores
    assert found.share == 1
    assert found.areas[:, 1] / 16 == pytest.approx(right)
    assert found.note.count(PROBABLE) == 1
    assert f"model 1: {PROBABLE}" in found.note
    both = agreement([one, one], plane=PLANE, size=SIZE).consensus
    assert both.asked.threshold == 0.5


def test_the_picture_of_a_smaller_view_keeps_the_threshold(tmp_path: Path) -> None:
    from netwarp.models.decisions.recipe import read_recipe

    ramp = torch.nn.Sequential(torch.nn.Linear(2, 1), torch.nn.Hardtanh(0, 1))
    found = decision(ramp, plane=PLANE, size=SIZE)
    found.save(tmp_path / "a.png")
    recipe = read_recipe(tmp_path / "a.png")
    assert recipe is not None
    assert recipe.threshold == found.threshold == 0.5
