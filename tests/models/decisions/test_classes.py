"""The doors: names of classes, thresholds, points, views, estimators."""

from __future__ import annotations

import numpy as np
import pytest

import netwarp as nw
from models.decisions.test_exact import CASES
from netwarp.errors import InputError
from netwarp.fields.field import Field
from netwarp.models.decisions.agreement import agreement
from netwarp.models.decisions.decide import decision
from netwarp.models.decisions.decision import Decision
from netwarp.models.decisions.layout import layout
from netwarp.models.homes import home_of
from netwarp.network.program import Program
from netwarp.plane import Plane
from regions.made import SQUARE, field_of, plain
from regions.piecewise import PLANE, act, conv

ROWS = np.array([[1.0, 0.0], [0.0, 1.0], [-1.0, -1.0]])


@pytest.fixture
def three() -> Field:
    return plain([(ROWS, np.zeros(3))])


@pytest.fixture
def half() -> Field:
    return plain([(np.array([[1.0, 0.0]]), np.zeros(1))])


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"classes": ["a", "b"]}, "decision classes: 2 items, 3 are needed"),
        ({"classes": ["a", "b", "a"]}, "decision classes: 'a' is there twice"),
        ({"classes": ["a", "b", ""]}, "decision classes='': a name must be printable"),
        ({"classes": ["a", "b", "c\n"]}, "a name must be printable"),
        ({"threshold": 0.5}, "decision threshold=0.5: for one output, and this model has 3"),
        ({"threshold": "x"}, "decision threshold='x': must be a finite number"),
        ({"one_class": "d"}, "decision one_class='d': must be one of 0, 1, 2"),
        ({"one_class": 3}, "decision one_class=3: must be 0 to 2"),
        ({"X": [[0.0, 1.0]], "y": [3]}, "data y: must be whole numbers from 0 to 2"),
        ({"X": [[0.0, 1.0]], "y": ["owl"]}, "data y='owl': not one of the classes"),
        ({"X": [[0.0, 1.0]], "y": [0, 1]}, "decision y: 2 labels of 1 points"),
        ({"X": [0.0, 1.0]}, "decision X has the shape (2,): must be (n, 2)"),
        ({"X": [[0.0, 1.0, 2.0]]}, "decision X has the shape (1, 3): must be (n, 2)"),
        ({"X": [[np.nan, 1.0]]}, "decision X: 1 of 2 numbers are NaN"),
        ({"y": [0]}, "decision y: needs X"),
        ({"size": (1, 600)}, "decision size 1x600: between two pixels is where classes meet"),
        ({"size": 600}, "decision size=600: must be a list"),
        ({"plane": (-1, 1, -1, 1)}, "decision plane="),
        ({"engine": "magic"}, "decision engine='magic': must be one of auto, exact, native, torch"),
    ],
)
def test_what_is_wrong_is_named(three: Field, arguments: dict, message: str) -> None:
    with pytest.raises(InputError) as refused:
        decision(three, **arguments)
    assert message in str(refused.value)


def test_too_many_classes_are_refused() -> None:
    many = plain([(np.zeros((101, 2)), np.zeros(101))])
    with pytest.raises(InputError, match="101 classes, at most 100 are compared"):
        decision(many)


def test_a_threshold_that_a_probability_never_takes_is_refused() -> None:
    field = field_of(Program((PLANE, conv(0, [[1.0, 0.0]]), act(1, 1, "sigmoid"))))
    with pytest.raises(InputError, match="threshold=1: the output is a sigmoid, from 0 to 1"):
        decision(field, threshold=1)


def test_labels_are_names_or_numbers(three: Field) -> None:
    points = [[0.0, 1.0], [1.0, 0.0], [-1.0, -1.0]]
    for classes, y in (
        (["a", "b", "c"], ["b", "a", "c"]),
        (["a", "b", "c"], [1, 0, 2]),
        ([1, 2, 3], [2, 1, 3]),
        ([1, 2, 3], np.array([2.0, 1.0, 3.0])),
        (None, [1, 0, 2]),
        (np.array(["a", "b", "c"]), np.array(["b", "a", "c"])),
    ):
        found = decision(three, X=points, y=y, classes=classes)
        assert found.points is not None
        assert found.points.labels is not None
        assert found.points.labels.tolist() == [1, 0, 2]


@pytest.mark.parametrize(
    ("y", "names"),
    [
        ([2, 1, 3], ("1", "2", "3")),
        ([10.0, -5.0, 99.0], ("-5", "10", "99")),
        (np.array([2, 0, 7], np.uint8), ("0", "2", "7")),
        (None, ("0", "1", "2")),
        ([1, 0, 2], ("0", "1", "2")),
        ([1, 1, 2], ("0", "1", "2")),
    ],
)
def test_as_many_whole_numbers_as_classes_are_these_in_order(three: Field, y: object, names: tuple[str, ...]) -> None:
    points = [[0.0, 1.0], [1.0, 0.0], [-1.0, -1.0]]
    ranks = None if y is None else [names.index(str(int(label))) for label in y]
    for classes in (None, ["a", "b", "c"]):
        found = decision(three, X=points, y=y, classes=classes)
        both = agreement([three, three], X=points, y=y, classes=classes)
        assert found.classes == both.classes == (names if classes is None else ("a", "b", "c"))
        for one in (found, both.consensus):
            assert one.points is not None
            assert (None if one.points.labels is None else one.points.labels.tolist()) == ranks


@pytest.mark.parametrize("y", [[1, 2, 4.5], [1, 3, 3], [-1, 0, 0], [1, 2, float("inf")]])
def test_other_numbers_are_no_classes(three: Field, y: list[float]) -> None:
    with pytest.raises(InputError, match="data y"):
        decision(three, X=[[0.0, 1.0], [1.0, 0.0], [-1.0, -1.0]], y=y)


def test_labels_of_one_class_against_the_rest(three: Field) -> None:
    found = decision(
        three, X=[[0.0, 1.0], [1.0, 0.0], [-1.0, -1.0]], y=[1, 0, 2], one_class=1, classes=["a", "rest", "c"]
    )
    assert found.classes == ("rest", "others")
    assert found.points is not None
    assert found.points.labels is not None
    assert found.points.labels.tolist() == [0, 1, 1]


def test_the_view_is_the_data_s_with_square_pixels(half: Field) -> None:
    points = [[0.0, 0.0], [10.0, 5.0]]
    found = decision(half, X=points)
    assert (found.plane, found.size) == (Plane(5.0, 2.5, 11.0, 5.5), (600, 300))
    grown = decision(half, X=points, size=(300, 300))
    assert (grown.plane, grown.size) == (Plane(5.0, 2.5, 11.0, 11.0), (300, 300))
    assert decision(half, X=points, size=(300, 100), plane=SQUARE).plane == SQUARE
    assert decision(half).plane == half.raster.plane
    network = nw.Network.load(CASES / "moons.npz")
    assert decision(network).plane == home_of(network)
    far = decision(half, X=points, plane=SQUARE)
    assert far.data()["points"] == {"count": 2, "outside": 1}


def test_points_out_of_view_are_counted_and_have_no_dot_in_the_legend(three: Field) -> None:
    def found(*points: tuple[float, float]) -> tuple[Decision, list[bool]]:
        seen = decision(three, X=points, y=range(len(points)), plane=SQUARE)
        return seen, [entry.point is not None for entry in layout(seen, axes=True).entries]

    won = "0 31.2%, 1 31.2%, 2 37.5% of the plane"
    near, dots = found((0, 1), (1, 0), (-1, -1))
    assert (near.sentence(), dots) == (f"{won} (exact)", [True, True, True])
    assert "note" not in near.data()
    some, dots = found((0, 1), (2, 0), (0, -1.5))
    words = "2 of 3 points lie outside of it"
    assert (some.sentence(), some.data()["note"], dots) == (
        f"{won} (exact, {words})",
        "2 of 3 points lie outside of the plane",
        [True, False, False],
    )
    none, dots = found((0, 5), (2, 0), (0, -1.5))
    assert "3 of 3 points lie outside" in none.sentence()
    assert dots == [False] * 3
    several = agreement([three, three], X=[(9.0, 9.0), (0.0, 0.0)], y=[0, 1], plane=SQUARE)
    assert several.sentence() == "2 models agree on 100.00% of the plane (exact, 1 of 2 points lie outside of it)"
    assert several.data()["note"] == "1 of 2 points lie outside of the plane"


def test_inputs_of_a_sliced_model_are_projected(tmp_path) -> None:
    np.savez(
        tmp_path / "sliced.npz",
        W0=[[1.0, 0.0, 0.0], [0.0, 1.0, 0.0]],
        b0=[0.0, 0.0],
        origin=[0.0, 0.0, 3.0],
        u=[2.0, 0.0, 0.0],
        v=[0.0, 4.0, 0.0],
    )
    network = nw.Network.load(tmp_path / "sliced.npz", activation="relu")
    found = decision(network, X=[[2.0, 4.0, 9.0], [-2.0, -4.0, 3.0]], y=[0, 1])
    assert found.points is not None
    assert found.points.places == pytest.approx(np.array([[1.0, 1.0], [-1.0, -1.0]]))
    # points of the plane are taken as they are
    assert decision(network, X=[[2.0, 4.0]]).points.places.tolist() == [[2.0, 4.0]]


def test_an_estimator_whose_layers_are_known_is_exact_and_has_its_names() -> None:
    pytest.importorskip("sklearn")
    from sklearn.ensemble import RandomForestClassifier
    from sklearn.neural_network import MLPClassifier
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler

    rng = np.random.default_rng(0)
    X = rng.normal(size=(90, 3)) * [1, 10, 100]
    y = np.array(["ant", "bee", "cat"])[(np.argmax(X / [1, 10, 100], axis=1))]
    model = make_pipeline(StandardScaler(), MLPClassifier((8,), solver="lbfgs", random_state=0)).fit(X, y)
    at = nw.features(0, 2, data=X)
    found = decision(model, at, X=X, y=y)
    assert found.exact
    assert found.classes == ("ant", "bee", "cat")
    assert found.plane == at.home
    raster = nw.Raster(50, 50, found.plane)
    xy = np.stack(np.meshgrid(raster.xs(), raster.ys()), axis=-1).reshape(-1, 2)
    winners = found.ground.winners
    won = winners.of[found.ground.cells.locate(xy)]
    told = [found.classes[winners.sets[n][0]] for n in won.tolist()]
    assert told == model.predict(at.points(xy)).tolist()
    forest = decision(RandomForestClassifier(5, random_state=0).fit(X[:, :2], y), X=X[:, :2], y=y, size=(60, 60))
    assert not forest.exact
    assert forest.classes == ("ant", "bee", "cat")
