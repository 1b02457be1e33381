"""What a point's value depends on: on the point alone, or that is said or refused."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import netwarp as nw
from netwarp.errors import InputError, NetwarpError, UnsupportedError

PLANE = nw.Plane(0, 0, 2, 2)
WAYS = [
    lambda model: nw.field(model, plane=PLANE, size=(10, 10)),
    lambda model: nw.decision(model, plane=PLANE, size=(10, 10)),
    lambda model: nw.agreement([model, model], plane=PLANE, size=(10, 10)),
]
ways = pytest.mark.parametrize("way", WAYS, ids=["field", "decision", "agreement"])
Way = Callable[[Any], Any]


@pytest.fixture
def torch() -> Any:
    return pytest.importorskip("torch")


def module(torch: Any, forward: Callable[[Any], Any]) -> Any:
    """A module of this forward, called Odd."""
    return type("Odd", (torch.nn.Module,), {"forward": lambda _, x: forward(x)})()


@ways
def test_a_batch_norm_without_statistics_is_refused_by_its_path(torch: Any, way: Way) -> None:
    flat = torch.nn.Sequential(torch.nn.Linear(2, 3), torch.nn.BatchNorm1d(3, track_running_stats=False))
    nested = torch.nn.Sequential(
        torch.nn.Unflatten(1, (2, 1, 1)),
        torch.nn.Sequential(torch.nn.Conv2d(2, 3, 1), torch.nn.BatchNorm2d(3, track_running_stats=False)),
    )
    for model, layer in ((flat, "BatchNorm1d '1'"), (nested, "BatchNorm2d '1.1'")):
        with pytest.raises(InputError) as caught:
            way(model)
        assert str(caught.value) == (
            f"model Sequential: its {layer} has no running statistics, so that what it gives for a point depends on "
            "the others in its batch; train it with track_running_stats=True, or set its running_mean and running_var"
        )


def test_a_batch_norm_with_statistics_or_one_that_is_never_called_is_drawn(torch: Any) -> None:
    layers = torch.nn.Sequential(torch.nn.Linear(2, 3), torch.nn.BatchNorm1d(3), torch.nn.Hardshrink())
    layers.unused = torch.nn.BatchNorm1d(3, track_running_stats=False)
    model = module(torch, layers[:3].eval())
    model.layers = layers
    assert nw.field(model, size=(8, 6)).sample().shape == (3, 6, 8)


@ways
def test_what_refuses_a_point_alone_and_depends_on_the_others_is_refused(torch: Any, way: Way) -> None:
    def standard(x: Any) -> Any:
        return torch.nn.functional.batch_norm(x, None, None, training=True)

    def ranks(rows: np.ndarray) -> np.ndarray:
        return (rows - rows.min(axis=0)) / (1 / (len(rows) > 1)) * rows.max()

    with pytest.raises(InputError, match="model Odd: what it gives for a point depends on the others in its batch, "):
        way(module(torch, standard))
    with pytest.raises(InputError, match=r"one point alone is refused \(division by zero\)"):
        way(ranks)


def test_what_refuses_a_point_alone_but_is_the_points_own_is_drawn() -> None:
    def squeezed(rows: np.ndarray) -> np.ndarray:
        return np.stack([rows[:, 0], rows[:, 1] ** 2]).T.squeeze()

    points = np.array([[0.1, 0.2], [0.3, -0.4]])
    assert nw.field(squeezed, plane=PLANE).at(points) == pytest.approx(points ** [1, 2])


@ways
def test_chance_is_refused_in_words_about_chance(torch: Any, way: Way) -> None:
    odd: list[Any] = [
        module(torch, lambda x: x + torch.rand_like(x)),
        module(torch, lambda x: x + torch.rand(())),
        lambda rows: rows + np.random.rand(),  # noqa: NPY002  # what a user writes
    ]
    for model in odd:
        with pytest.raises(InputError, match="gives other numbers for the same points when asked again, as it draws"):
            way(model)


def test_chance_with_a_seed_of_its_own_is_drawn_and_none_is_used_up(torch: Any) -> None:
    def seeded(x: Any) -> Any:
        return x + torch.rand((), generator=torch.Generator().manual_seed(0))

    state = torch.random.get_rng_state()
    assert np.ptp(nw.field(module(torch, seeded), plane=PLANE).at(np.eye(2)) - np.eye(2)) < 1e-6
    assert torch.equal(torch.random.get_rng_state(), state)


def test_functions_too_are_called_point_by_point_and_that_is_said(caplog: pytest.LogCaptureFixture) -> None:
    def mean(rows: np.ndarray) -> np.ndarray:
        return rows - rows.mean(axis=0) / 2

    with caplog.at_level(logging.WARNING, "netwarp"):
        field = nw.field(mean, plane=PLANE)
    assert "model mean: what it gives for a point depends on the others in its batch" in caplog.text
    points = np.random.RandomState(0).uniform(-1, 1, (9, 2))
    assert field.at(points) == pytest.approx(points / 2)
    assert "each is asked for alone" in nw.decision(mean, plane=PLANE, size=(10, 10)).note


def test_a_small_part_of_the_plane_where_others_matter_is_found(caplog: pytest.LogCaptureFixture) -> None:
    def late(rows: np.ndarray) -> np.ndarray:
        return rows if rows[:, 0].max() < 0.75 else -rows

    # none of the centre and the two corners alone would tell
    points = np.random.RandomState(0).uniform(-1, 1, (40, 2))
    found = nw.field(late, plane=PLANE).at(points)
    assert found == pytest.approx(np.where(points[:, :1] < 0.75, points, -points))
    assert "each is called alone" in caplog.text


def test_a_jump_at_one_point_is_no_sign_of_company(caplog: pytest.LogCaptureFixture) -> None:
    def jump(rows: np.ndarray) -> np.ndarray:
        found = np.sign(rows[:, :1] + 2)
        if len(rows) == 1 and not rows.any():  # as rounding may turn a zero
            return -found
        return found

    nw.field(jump, plane=PLANE)
    assert not caplog.records


def test_an_exact_form_of_what_depends_on_its_batch_is_refused(torch: Any) -> None:
    model = module(torch, lambda x: x - x.mean(dim=0) / 2)
    with pytest.raises(UnsupportedError, match="gives other numbers for an input alone than in a batch; nw"):
        nw.torch.from_module(model, torch.zeros(1, 2))
    found = nw.decision(model, plane=PLANE, size=(40, 40))
    assert not found.exact
    assert "each is asked for alone" in found.note


def test_an_exact_form_is_refused_for_the_reason_that_field_gives(torch: Any) -> None:
    """Chance was said to be a fault of netwarp's, which field would draw."""
    functional = torch.nn.functional
    flat = torch.nn.Sequential(torch.nn.Linear(2, 3), torch.nn.BatchNorm1d(3, track_running_stats=False))
    wide = torch.nn.Sequential(
        torch.nn.Unflatten(1, (2, 1, 1)),
        torch.nn.Conv2d(2, 3, 1, padding=1),
        torch.nn.BatchNorm2d(3, track_running_stats=False),
    )
    odd = [
        lambda x: x + torch.rand(2),
        lambda x: x + torch.rand_like(x),
        lambda x: functional.dropout(x + 1),
        lambda x: functional.rrelu(x, training=True),
    ]
    for model in (flat, wide, *(module(torch, forward) for forward in odd)):
        with pytest.raises(InputError) as field:
            nw.field(model)
        with pytest.raises(NetwarpError) as exact:
            nw.torch.from_module(model, torch.zeros(1, 2))
        reason = str(field.value).removeprefix(f"model {type(model).__name__}: ")
        assert str(exact.value) == f"from_module module: {reason}"


def test_an_output_is_refused_for_the_reason_that_field_gives(torch: Any) -> None:
    model = module(torch, lambda x: {"score": x + torch.rand(2), "other": x})
    with pytest.raises(UnsupportedError, match="from_module module: gives other numbers for the same points when"):
        nw.torch.from_module(model, torch.zeros(1, 2), output="score")


@ways
def test_a_module_of_more_inputs_is_told_how_many_it_has(torch: Any, way: Way) -> None:
    model = torch.nn.Sequential(torch.nn.Linear(13, 8), torch.nn.ReLU(), torch.nn.Linear(8, 3))
    with pytest.raises(InputError) as caught:
        way(model)
    assert str(caught.value) == (
        "model Sequential: has 13 inputs; give the plane through them that is looked at, as in "
        "slice=nw.through(a, b, c)"
    )
    with pytest.raises(InputError, match="needs another slice"):
        nw.field(model, nw.Slice(np.zeros(3), np.eye(3)[0], np.eye(3)[1]))
