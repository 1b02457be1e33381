"""Agreement of models: by hand, and as fractions say."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.decisions.rational_decisions import Verdict, verdict
from netwarp.errors import InputError, UnsupportedError
from netwarp.fields.field import Field
from netwarp.models.choosing import features
from netwarp.models.decisions.agreement import agreement
from netwarp.network.program import Activate, Conv, Embed, Program
from netwarp.plane import Plane, Raster
from regions.made import SQUARE, field_of, plain
from regions.piecewise import PLANE, act, conv
from regions.polygons import Polygon, point_of, split

BOUNDS = (-1.0, 1.0, -1.0, 1.0)


def above(a: float, b: float, c: float = 0.0) -> Field:
    """One logit a x + b y + c."""
    return plain([(np.array([[a, b]]), np.array([c]))])


def network(seed: int, classes: int = 3, slice_of: tuple[float, float] = (1.0, 1.0)) -> Field:
    """Small whole weights, so that ties over areas are common; inputs x and y stretched."""
    rng = np.random.default_rng(seed)
    first, second = rng.integers(-2, 3, (3, 2)).astype(float), rng.integers(-2, 3, (classes, 3)).astype(float)
    inputs = Embed(PLANE.kinds, np.diag([*slice_of, 1.0])[:2])
    shifts = rng.integers(-2, 3, 3) / 2, rng.integers(-2, 3, classes) / 2
    return field_of(Program((inputs, conv(0, first, shifts[0]), act(1, 3), conv(2, second, shifts[1]))))


def test_two_halves_that_cross() -> None:
    found = agreement([above(1, 0), above(0, 1)], plane=SQUARE, names=["x", "y"])
    assert found.share == pytest.approx(0.5, abs=1e-15)
    assert found.matrix.tolist() == pytest.approx(np.array([[1, 0.5], [0.5, 1]]))
    for name in "01":
        assert found.iou[name] == pytest.approx(np.array([[1, 1 / 3], [1 / 3, 1]]), abs=1e-15)
    assert found.areas == pytest.approx(np.full((2, 2), 2.0))
    assert found.consensus.classes == ("0", "1", "disagree")
    assert found.consensus.share == pytest.approx((0.25, 0.25, 0.5), abs=1e-15)
    assert found.exact
    assert found.sentence() == "2 models agree on 50.00% of the plane (exact)"
    assert found.data()["models"] == ["x", "y"]


def test_a_model_agrees_with_itself_and_a_class_that_nobody_wins_has_no_iou() -> None:
    always = plain([(np.zeros((2, 2)), np.array([1.0, 0.0]))])
    found = agreement([always, always], plane=SQUARE)
    assert found.share == 1.0
    assert found.iou["0"].tolist() == [[1.0, 1.0], [1.0, 1.0]]
    assert np.isnan(found.iou["1"]).all()
    assert found.data()["iou"]["1"] == [[None, None], [None, None]]
    assert found.consensus.boundary == {}


def test_a_tie_agrees_with_the_same_tie_and_with_nothing_else() -> None:
    tie, first = plain([(np.zeros((2, 2)), np.zeros(2))]), plain([(np.zeros((2, 2)), np.array([1.0, 0.0]))])
    assert agreement([tie, tie], plane=SQUARE).share == 1.0
    assert agreement([tie, first], plane=SQUARE).share == 0.0
    assert agreement([tie, tie], plane=SQUARE).consensus.share == (0.0, 0.0, 1.0)


def clipped(polygon: Polygon, by: Polygon) -> Fraction:
    """The area of the part of a polygon inside another, convex and counter-clockwise."""
    left: Polygon | None = polygon
    for (x, y, w), (u, v, z) in zip(by, by[1:] + by[:1], strict=True):
        # the side from x / w, y / w to u / z, v / z, times w z: positive on its left
        a, b = y * z - v * w, u * w - x * z
        if left is not None:
            left, _ = split(left, (a * w, b * w, -(a * x + b * y)))
    if left is None:
        return Fraction()
    points = [point_of(corner) for corner in left]
    doubled = sum((p[0] * q[1] - q[0] * p[1] for p, q in zip(points, points[1:] + points[:1], strict=True)), Fraction())
    return doubled / 2


def agreed(one: Verdict, other: Verdict) -> tuple[Fraction, dict[int, Fraction]]:
    """The area of equal winners; and of each class, where it wins alone in both."""
    total, each = Fraction(), {}
    for polygon, winners in one.parts:
        for by, others in other.parts:
            if winners == others:
                area = clipped(polygon, by)
                total += area
                if len(winners) == 1:
                    each[winners[0]] = each.get(winners[0], Fraction()) + area
    return total, each


@pytest.mark.slow
@given(st.integers(0, 10_000), st.sampled_from([(1.0, 1.0), (0.5, -1.5)]))
@settings(max_examples=40, deadline=None)
def test_small_networks_on_two_slices_as_fractions_say(seed: int, stretch: tuple[float, float]) -> None:
    pair = network(seed), network(seed + 1, slice_of=stretch)
    one, other = (verdict(field.program, BOUNDS) for field in pair)
    total, both = agreed(one, other)
    found = agreement(pair, plane=SQUARE, engine="exact")
    assert found.share == pytest.approx(float(total) / 4, abs=1e-13)
    assert found.matrix[0, 1] == pytest.approx(found.share)
    for k, name in enumerate(found.classes):
        alone = [areas.areas().get((k,), Fraction()) for areas in (one, other)]
        meet = both.get(k, Fraction())
        either = sum(alone) - meet
        assert found.areas[:, k] == pytest.approx([float(area) for area in alone], abs=1e-13)
        if either:
            assert found.iou[name][0, 1] == pytest.approx(float(meet / either), abs=1e-12)
        else:
            assert np.isnan(found.iou[name][0, 1])
    assert sum(found.consensus.share) == pytest.approx(1, abs=1e-12)


def test_samples_of_smooth_models_come_near() -> None:
    logit = above(3, 1, 0.3)
    smooth = Program((*logit.program.operations, Activate((1,), "sigmoid", np.zeros(1))))
    curved = field_of(Program((*smooth.operations, Conv((2,), np.full((1, 1, 1, 1), 2.0), np.array([-1.0])))))
    exact = agreement([logit, above(0, 1)], plane=SQUARE)
    found = agreement([curved, above(0, 1)], plane=SQUARE, size=(400, 400))
    assert not found.exact
    assert "sigmoid" in found.consensus.note
    assert found.matrix == pytest.approx(exact.matrix, abs=3e-3)
    assert found.consensus.share == pytest.approx(exact.consensus.share, abs=3e-3)
    length = {
        pair: sum(np.hypot(*np.diff(line, axis=0).T).sum() for line in lines)
        for pair, lines in found.consensus.boundary.items()
    }
    right = {
        pair: sum(np.hypot(*np.diff(line, axis=0).T).sum() for line in lines)
        for pair, lines in exact.consensus.boundary.items()
    }
    assert length == pytest.approx(right, rel=0.02)
    with pytest.raises(UnsupportedError, match="sigmoid"):
        agreement([curved, logit], plane=SQUARE, engine="exact")


def test_what_is_no_pair_of_models_is_refused() -> None:
    for wrong in (None, 3, above(1, 0), "two.npz"):
        with pytest.raises(InputError, match=r"agreement models=.*: must be a list"):
            agreement(wrong)  # type: ignore[arg-type]
    with pytest.raises(InputError, match="agreement models: 1 items, 2 to 32 are needed"):
        agreement([above(1, 0)])
    with pytest.raises(InputError, match="agreement models: of 2, 3 classes; all must have as many"):
        agreement([above(1, 0), network(0)])
    with pytest.raises(InputError, match="agreement names: 1 items, 2 are needed"):
        agreement([above(1, 0), above(0, 1)], names=["a"])


def test_estimators_on_a_slice_have_their_own_names() -> None:
    pytest.importorskip("sklearn")
    from sklearn.linear_model import LogisticRegression
    from sklearn.neural_network import MLPClassifier

    rng = np.random.default_rng(0)
    X = rng.normal(size=(60, 3))
    y = np.where(X[:, 0] + X[:, 2] > 0, "yes", "no")
    pair = [LogisticRegression().fit(X, y), MLPClassifier((6,), solver="lbfgs", random_state=0).fit(X, y)]
    at = features(0, 2, data=X)
    found = agreement(pair, at, X=X, y=y)
    assert found.exact
    assert found.classes == ("no", "yes")
    raster = Raster(200, 200, found.consensus.plane)
    inputs = at.points(np.stack(np.meshgrid(raster.xs(), raster.ys()), axis=-1).reshape(-1, 2))
    one, other = (model.predict(inputs) for model in pair)
    assert found.share == pytest.approx((one == other).mean(), abs=0.01)


def test_a_class_may_be_called_disagree() -> None:
    found = agreement([above(1, 0), above(0, 1)], plane=Plane(), classes=["agree", "disagree"])
    assert found.consensus.classes == ("agree", "disagree", "disagree*")


def crease(points: np.ndarray) -> np.ndarray:
    """Equal on the diagonal."""
    return points[:, :2]


def first(points: np.ndarray) -> np.ndarray:
    """Class 0 everywhere."""
    return np.stack([np.ones(len(points)), np.zeros(len(points))], axis=1)


def both(points: np.ndarray) -> np.ndarray:
    """Equal everywhere."""
    return np.stack([points[:, 0], points[:, 0]], axis=1)


@pytest.mark.parametrize(
    ("pair", "agree", "iou", "areas", "consensus"),
    [
        ((crease, crease), 1, (1, 1), ((2, 2), (2, 2)), (2, 2, 0)),
        ((crease, first), 1 / 2, (1 / 2, 0), ((2, 2), (4, 0)), (2, 0, 2)),
        ((first, both), 0, (0, np.nan), ((4, 0), (0, 0)), (0, 0, 4)),
        ((crease, both), 0, (0, 0), ((2, 2), (0, 0)), (0, 0, 4)),
    ],
)
def test_sampled_pixels_of_equal_classes_count_for_each_evenly(
    pair: Any, agree: float, iou: Any, areas: Any, consensus: Any
) -> None:
    found = agreement(pair, plane=SQUARE, size=(20, 20))
    assert found.share == pytest.approx(agree)
    assert found.matrix[0, 1] == pytest.approx(agree)
    assert [table[0, 1] for table in found.iou.values()] == pytest.approx(iou, nan_ok=True)
    assert found.areas == pytest.approx(np.array(areas))
    assert found.consensus.areas == pytest.approx(consensus, abs=1e-12)
    assert found.consensus.ties == ()
    split = "20 pixels of equal classes split evenly"
    assert (split in found.sentence()) == (split in found.data().get("note", "")) == (crease in pair)
