"""from_estimator: the Network of a perceptron or a linear model says what the estimator says, scalers included."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

import netwarp as nw
from netwarp.errors import InputError, UnsupportedError
from netwarp.models.files import Completion
from netwarp.orders.subject import read_subject

pytest.importorskip("sklearn")

from scipy.special import expit, softmax
from sklearn.decomposition import PCA
from sklearn.ensemble import RandomForestClassifier
from sklearn.linear_model import LinearRegression, LogisticRegression, RidgeClassifier
from sklearn.neural_network import MLPClassifier, MLPRegressor
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import MaxAbsScaler, MinMaxScaler, PolynomialFeatures, RobustScaler, StandardScaler
from sklearn.svm import SVC, LinearSVC

RNG = np.random.default_rng(2)
X = RNG.normal(size=(80, 2)) * [3, 0.1] + [5, -2]
CLASSES = np.array(["a", "b", "c"])[(X[:, 0] > 5).astype(int) + ((X[:, 0] > 5) & (X[:, 1] > -2))]
WIDE = RNG.normal(size=(80, 5))
POINTS = RNG.normal(size=(40, 2))
SCALERS = [StandardScaler(), StandardScaler(with_mean=False), StandardScaler(with_std=False), MinMaxScaler((-1, 2))]
SCALERS += [MaxAbsScaler(), RobustScaler(), RobustScaler(with_centering=False, with_scaling=False), PCA(2, whiten=True)]


def perceptron(kind: Any = MLPClassifier, **options: Any) -> Any:
    return kind(hidden_layer_sizes=(6, 5), solver="lbfgs", max_iter=15, random_state=0, **options)


@pytest.mark.filterwarnings("ignore::sklearn.exceptions.ConvergenceWarning")
@pytest.mark.parametrize("activation", ["relu", "tanh", "logistic", "identity"])
@pytest.mark.parametrize("scaler", SCALERS, ids=lambda scaler: type(scaler).__name__)
def test_a_perceptron_behind_a_scaler_is_its_network(activation: str, scaler: Any) -> None:
    model = make_pipeline(scaler, perceptron(activation=activation)).fit(X, CLASSES)
    network = nw.sklearn.from_estimator(model)
    scores = network.calibrate().at(X)
    assert np.abs(softmax(scores, axis=1) - model.predict_proba(X)).max() < 1e-12
    # a scaler is part of the first layer; components are a layer of their own
    kinds = [type(one).__name__ for one in network.calibrate().program.operations]
    assert kinds.count("Conv") == (4 if isinstance(scaler, PCA) else 3)


@pytest.mark.filterwarnings("ignore::sklearn.exceptions.ConvergenceWarning")
def test_two_classes_have_one_score_and_a_regressor_its_prediction() -> None:
    labels = X[:, 0] > 5
    model = perceptron().fit(X, labels)
    scores = nw.sklearn.from_estimator(model).calibrate().at(X)
    assert np.abs(expit(scores[:, 0]) - model.predict_proba(X)[:, 1]).max() < 1e-12
    regressor = perceptron(MLPRegressor).fit(X, X)
    assert np.abs(nw.sklearn.from_estimator(regressor).calibrate().at(X) - regressor.predict(X)).max() < 1e-10


@pytest.mark.parametrize("model", [LogisticRegression(), RidgeClassifier(), LinearSVC()], ids=str)
def test_a_linear_model_is_one_layer(model: Any) -> None:
    model.fit(X, CLASSES)
    found = nw.sklearn.from_estimator(model).calibrate().at(X)
    assert np.abs(found - model.decision_function(X)).max() < 1e-10
    line = LinearRegression().fit(X, X[:, 0] ** 2)
    assert np.abs(nw.sklearn.from_estimator(line).calibrate().at(X)[:, 0] - line.predict(X)).max() < 1e-10


@pytest.mark.filterwarnings("ignore::sklearn.exceptions.ConvergenceWarning")
def test_a_slice_of_more_inputs() -> None:
    model = make_pipeline(StandardScaler(), perceptron()).fit(WIDE, WIDE[:, 0] * WIDE[:, 3] > 0)
    plane = nw.features(0, 3, data=WIDE)
    found = nw.sklearn.from_estimator(model, plane).calibrate().at(POINTS)
    assert np.abs(expit(found[:, 0]) - model.predict_proba(plane.points(POINTS))[:, 1]).max() < 1e-12
    with pytest.raises(InputError, match=r"from_estimator Pipeline: takes 5 inputs; give a slice"):
        nw.sklearn.from_estimator(model)
    with pytest.raises(InputError, match=r"from_estimator slice: has 3 inputs, but the estimator takes 5"):
        nw.sklearn.from_estimator(model, nw.through(*np.eye(3)))


@pytest.mark.filterwarnings("ignore::sklearn.exceptions.ConvergenceWarning")
def test_its_file_is_looked_at_where_the_data_are_and_on_other_slices(tmp_path: Path) -> None:
    model = make_pipeline(StandardScaler(), perceptron()).fit(WIDE, WIDE[:, 0] * WIDE[:, 3] > 0)
    plane, other = nw.features(0, 3, data=WIDE), nw.features(1, 2, data=WIDE)
    nw.sklearn.from_estimator(model, plane).save(tmp_path / "wide.npz")
    data = nw.Data(WIDE)
    kept = read_subject(str(tmp_path / "wide.npz"), Completion(data=data))
    assert kept.plane is not None
    assert plane.home is not None
    ends = [[home.x, home.y, home.width, home.height] for home in (kept.plane, plane.home)]
    assert ends[0] == pytest.approx(ends[1], rel=1e-12)
    moved = read_subject(str(tmp_path / "wide.npz"), Completion(slice=other, data=data))
    for subject, at in ((kept, plane), (moved, other)):
        assert subject.network is not None
        found = expit(subject.network.calibrate().at(POINTS)[:, 0])
        assert np.abs(found - model.predict_proba(at.points(POINTS))[:, 1]).max() < 1e-12


@pytest.mark.filterwarnings("ignore::sklearn.exceptions.ConvergenceWarning")
def test_its_decision_is_exact_and_has_its_classes() -> None:
    model = make_pipeline(StandardScaler(), perceptron()).fit(X, CLASSES)
    found = nw.decision(model, X=X, y=CLASSES)
    assert found.exact
    assert found.classes == ("a", "b", "c")
    raster = nw.Raster(400, 300, found.plane)
    grid = model.predict(raster.slope().reshape(2, -1).T)
    shares = [np.mean(grid == name) for name in found.classes]
    assert np.abs(np.array(shares) - found.share).max() < 5e-3
    wide = make_pipeline(StandardScaler(), perceptron()).fit(WIDE, WIDE[:, 0] > 0)
    assert nw.decision(wide, nw.pca(WIDE), X=WIDE).exact
    forest = RandomForestClassifier(5, random_state=0).fit(X, CLASSES)
    assert not nw.decision(forest, X=X, size=(60, 40)).exact


@pytest.mark.parametrize(
    ("model", "error", "needle"),
    [
        (lambda: 3, InputError, "estimator=int: must be a fitted estimator"),
        (MLPClassifier, InputError, "from_estimator MLPClassifier: is not fitted"),
        (LogisticRegression, InputError, "from_estimator LogisticRegression: is not fitted"),
        (lambda: SVC().fit(X, CLASSES), UnsupportedError, "from_estimator SVC: has no layers that are known here"),
        (lambda: SVC(kernel="linear").fit(X, CLASSES), UnsupportedError, "SVC: has no layers"),
        (lambda: RandomForestClassifier(2).fit(X, CLASSES), UnsupportedError, "RandomForestClassifier: has no layers"),
        (
            lambda: make_pipeline(PolynomialFeatures(), LogisticRegression(max_iter=9999)).fit(X, CLASSES),
            UnsupportedError,
            "the step PolynomialFeatures before the model is not known here",
        ),
        (
            lambda: make_pipeline(MinMaxScaler(clip=True), LogisticRegression()).fit(X, CLASSES),
            UnsupportedError,
            "the step MinMaxScaler before the model is not known",
        ),
    ],
)
@pytest.mark.filterwarnings("ignore::sklearn.exceptions.ConvergenceWarning")
def test_what_is_not_known_is_named(model: Any, error: type[Exception], needle: str) -> None:
    with pytest.raises(error) as caught:
        nw.sklearn.from_estimator(model())
    assert needle in str(caught.value)


@pytest.mark.filterwarnings("ignore::sklearn.exceptions.ConvergenceWarning")
def test_a_model_that_says_something_else_is_refused() -> None:
    class MLPDoubled(MLPRegressor):
        def predict(self, rows: Any) -> Any:
            return 2 * super().predict(rows)

    with pytest.raises(UnsupportedError, match=r"differs from its network by 5\.0e-01 of its largest output"):
        nw.sklearn.from_estimator(perceptron(MLPDoubled).fit(X, X[:, 0]))
