"""Sampled decisions: held to closed forms, to exact decisions, and to what scikit-learn predicts."""

from __future__ import annotations

import numpy as np
import pytest

import netwarp as nw
from models.decisions.test_exact import CASES, case, lengths
from netwarp.errors import InputError, NotFiniteError, UnsupportedError
from netwarp.models.decisions.decide import decision
from netwarp.models.decisions.decision import Decision
from netwarp.plane import Plane
from regions.made import SQUARE


def disc(points: np.ndarray) -> np.ndarray:
    """Above 0 inside the circle of radius 1/2."""
    return 0.25 - (points**2).sum(axis=1)


def thirds(points: np.ndarray) -> np.ndarray:
    """Three classes in sectors of 120 degrees around the origin."""
    turns = 2 * np.pi * np.arange(3) / 3 + 0.2
    return np.stack([points @ [np.cos(t), np.sin(t)] for t in turns], axis=1)


def test_a_disc_has_its_area_and_its_circumference() -> None:
    found = decision(disc, plane=SQUARE, size=(400, 400))
    assert not found.exact
    assert found.resolution == (400, 400)
    assert "disc: makes no flat regions: only its values are known" in found.note
    # a pixel on the circle is counted whole: of some 4 r / pitch of them the errors mostly cancel
    assert found.areas[1] == pytest.approx(np.pi / 4, abs=1e-3)
    assert lengths(found)[0, 1] == pytest.approx(np.pi, rel=1e-4)
    assert found.pieces == (1, 1)
    ((line,),) = found.boundary.values()
    assert np.hypot(*line.T) == pytest.approx(np.full(len(line), 0.5), abs=2e-5)
    # what is outside, class 0, is on the left, y upwards
    x, y = line[:-1].T
    dx, dy = np.diff(line, axis=0).T
    assert (x * dy - y * dx).sum() < 0


def test_three_sectors_meet_in_pairs_at_one_point() -> None:
    found = decision(thirds, plane=Plane.between(-1, 1, -1, 1), size=(300, 300))
    exact = {(0, 1), (0, 2), (1, 2)}
    assert set(lengths(found)) == exact
    for (a, b), lines in found.boundary.items():
        (line,) = lines
        # in the square of four pixels where all three meet, marching knows no better than a pixel
        values = thirds(line[np.hypot(*line.T) > 2 / 150])
        assert np.abs(values[:, int(a)] - values[:, int(b)]).max() < 1e-12
        # each begins or ends within a pixel of where all three meet
        assert min(np.hypot(*line[0]), np.hypot(*line[-1])) < 2 / 150
    assert sum(found.areas) == pytest.approx(4)


def test_samples_come_near_exact_cells() -> None:
    field, _ = case("blobs4")
    plane = Plane.between(-12, 8, -12, 8)
    exact, sampled = decision(field, plane=plane), decision(field, plane=plane, engine="native")
    assert sampled.note == ""
    assert sampled.share == pytest.approx(exact.share, abs=1e-3)
    # half a pixel is missing at either end
    assert lengths(sampled) == pytest.approx(lengths(exact), rel=0.02)


def test_the_classes_that_scikit_learn_predicts_with_tanh() -> None:
    field, right = case("moons_tanh")
    found = decision(field, X=right["P"])
    assert not found.exact
    raster = nw.Raster(*found.size, found.plane)
    x, y = right["P"].T
    columns = np.abs(raster.xs()[:, None] - x).argmin(axis=0)
    rows = np.abs(raster.ys()[:, None] - y).argmin(axis=0)
    labels = found.ground.labels(raster)
    sure = np.abs(right["prob"] - 0.5) > 0.05
    assert (labels[rows, columns][sure] == (right["prob"] > 0.5)[sure]).all()


def test_equal_samples_are_a_tie_over_an_area_and_not_along_a_line() -> None:
    def plateau(points: np.ndarray) -> np.ndarray:
        return np.stack([np.floor(points[:, 0] * 2), np.zeros(len(points))], axis=1)

    found = decision(plateau, plane=SQUARE, size=(40, 40))
    assert found.areas == pytest.approx((1.0, 2.0))
    assert [(tie.classes, tie.share) for tie in found.ties] == [(("0", "1"), pytest.approx(0.25))]

    def crease(points: np.ndarray) -> np.ndarray:
        return np.stack([points[:, 0], points[:, 1]], axis=1)

    # the pixels of the diagonal are equal, one by one
    found = decision(crease, plane=SQUARE, size=(40, 40))
    assert found.ties == ()
    assert found.areas == pytest.approx((2.0, 2.0), abs=1e-12)
    words = "40 pixels of equal classes split evenly"
    assert found.sentence() == f"0 50.0%, 1 50.0% of the plane (sampled at 40x40, {words})"
    assert found.data()["note"].endswith(f"; {words}")
    assert "split" not in decision(crease, plane=SQUARE, size=(40, 41)).sentence()


def test_a_class_that_wins_at_equal_pixels_alone_has_its_part_of_them() -> None:
    def third(points: np.ndarray) -> np.ndarray:
        x, y = points.T
        return np.stack([x, y, np.minimum(x, y)], axis=1)

    # of 20 x 20 pixels the 20 of the diagonal are equal for three classes
    found = decision(third, plane=SQUARE, size=(20, 20))
    assert np.array(found.share) * 400 == pytest.approx([190 + 20 / 3, 190 + 20 / 3, 20 / 3])
    rest = decision(third, plane=SQUARE, size=(20, 20), one_class=2)
    assert np.array(rest.share) * 400 == pytest.approx([10, 390])


def test_one_class_of_samples() -> None:
    whole = decision(thirds, plane=SQUARE, size=(100, 100))
    found = decision(thirds, plane=SQUARE, size=(100, 100), one_class=1)
    assert found.classes == ("1", "rest")
    assert found.areas[0] == pytest.approx(whole.areas[1])
    assert lengths_of(found) == pytest.approx(sum(v for pair, v in lengths(whole).items() if 1 in pair), rel=0.02)


def lengths_of(found: Decision) -> float:
    return sum(float(np.hypot(*np.diff(line, axis=0).T).sum()) for lines in found.boundary.values() for line in lines)


def test_a_model_that_gives_no_numbers_is_refused() -> None:
    def broken(points: np.ndarray) -> np.ndarray:
        return np.where(points[:, 0] > 0.9, np.nan, points[:, 0])

    with pytest.raises((NotFiniteError, InputError)):
        decision(broken, plane=SQUARE, size=(40, 40))
    with pytest.raises(UnsupportedError, match="disc: makes no flat regions"):
        decision(disc, plane=SQUARE, engine="exact")


def test_a_network_of_many_cells_is_sampled_only_where_that_was_not_forbidden(monkeypatch: pytest.MonkeyPatch) -> None:
    network = nw.Network.load(CASES / "blobs4.npz")
    monkeypatch.setattr("netwarp.models.decisions.decide.LIMIT", 10)
    found = decision(network, plane=Plane.between(-12, 8, -12, 8))
    assert found.note.startswith("more than 10 activation regions")
    assert decision(network, plane=Plane.between(-12, 8, -12, 8), engine="exact").exact


def test_a_function_is_asked_about_the_plane_that_is_given_and_nothing_else() -> None:
    seen: list[np.ndarray] = []

    def logarithm(points: np.ndarray) -> np.ndarray:
        seen.append(points.copy())
        return np.log(points[:, 0]) - 0.5

    plane = nw.Plane(2, 2, 2, 2)
    found = nw.decision(logarithm, plane=plane, size=(50, 50))
    asked = np.concatenate(seen)
    assert asked[:, 0].min() >= 1.0
    assert asked[:, 0].max() <= 3.0
    # the boundary is x = exp(1/2), on a grid of 50 columns
    assert found.share[0] == pytest.approx((np.exp(0.5) - 1) / 2, abs=0.01)
