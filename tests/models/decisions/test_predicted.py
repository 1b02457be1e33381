"""Decisions of estimators, held to what each of them predicts on a grid of its own."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import netwarp as nw
from netwarp.errors import InputError
from netwarp.models.decisions.agreement import agreement
from netwarp.models.decisions.decide import decision
from netwarp.models.decisions.decision import Decision
from netwarp.plane import Plane, Raster

pytest.importorskip("sklearn")

from sklearn import (
    calibration,
    cluster,
    covariance,
    datasets,
    discriminant_analysis,
    ensemble,
    linear_model,
    mixture,
    model_selection,
    multiclass,
    naive_bayes,
    neighbors,
    neural_network,
    pipeline,
    preprocessing,
    semi_supervised,
    svm,
    tree,
)

SIZE = (70, 70)


def blobs(classes: int, scale: float = 1.0) -> tuple[np.ndarray, np.ndarray]:
    """Classes that overlap, and of which one has two parts."""
    rng = np.random.RandomState(3)
    y = np.arange(40 * classes) % classes
    centres = np.array([[0, 0], [2, 0.5], [0.5, 2], [2.5, 2.5]])
    X = centres[y] + rng.normal(0, 0.8, (len(y), 2))
    X[y == 0] += np.where(rng.uniform(size=((y == 0).sum(), 1)) < 0.3, 2.2, 0.0)
    return X * scale, y


def perceptron(**options: Any) -> Any:
    return neural_network.MLPClassifier((12,), solver="lbfgs", alpha=0.1, max_iter=3000, random_state=0, **options)


def voting(kind: str) -> Any:
    members = [
        ("line", linear_model.LogisticRegression()),
        ("tree", tree.DecisionTreeClassifier(max_depth=3, random_state=0)),
        ("near", neighbors.KNeighborsClassifier(5)),
    ]
    return ensemble.VotingClassifier(members, voting=kind)


def searched() -> Any:
    whole = pipeline.make_pipeline(preprocessing.StandardScaler(), perceptron())
    return model_selection.GridSearchCV(whole, {"mlpclassifier__alpha": [0.1, 1.0]}, cv=2)


# name -> the estimator, and whether its decision is exact
CLASSIFIERS: dict[str, tuple[Callable[[], Any], bool]] = {
    "SVC ovo": (lambda: svm.SVC(decision_function_shape="ovo"), False),
    "SVC ovr": (lambda: svm.SVC(gamma=2.0, C=10.0), False),
    "SVC ovr break_ties": (lambda: svm.SVC(gamma=2.0, C=10.0, break_ties=True), False),
    "SVC linear": (lambda: svm.SVC(kernel="linear"), False),
    "NuSVC": (lambda: svm.NuSVC(nu=0.3), False),
    "LinearSVC": (svm.LinearSVC, True),
    "LogisticRegression": (linear_model.LogisticRegression, True),
    "MLP": (perceptron, True),
    "MLP tanh": (lambda: perceptron(activation="tanh"), False),
    "NearestCentroid": (neighbors.NearestCentroid, False),
    "NearestCentroid priors": (lambda: neighbors.NearestCentroid(priors="empirical"), False),
    "NearestCentroid manhattan": (lambda: neighbors.NearestCentroid(metric="manhattan"), False),
    "KNeighbors": (lambda: neighbors.KNeighborsClassifier(7), False),
    "RandomForest": (lambda: ensemble.RandomForestClassifier(7, random_state=0), False),
    "HistGradientBoosting": (lambda: ensemble.HistGradientBoostingClassifier(max_iter=10), False),
    "GradientBoosting": (lambda: ensemble.GradientBoostingClassifier(n_estimators=10, random_state=0), False),
    "AdaBoost": (lambda: ensemble.AdaBoostClassifier(n_estimators=8, random_state=0), False),
    "Bagging": (lambda: ensemble.BaggingClassifier(random_state=0), False),
    "GaussianNB": (naive_bayes.GaussianNB, False),
    "QDA": (discriminant_analysis.QuadraticDiscriminantAnalysis, False),
    "LDA": (discriminant_analysis.LinearDiscriminantAnalysis, True),
    "SGD hinge": (lambda: linear_model.SGDClassifier(random_state=0), True),
    "SGD modified_huber": (lambda: linear_model.SGDClassifier(loss="modified_huber", random_state=0), True),
    "RidgeClassifier": (linear_model.RidgeClassifier, True),
    "Perceptron": (linear_model.Perceptron, True),
    "OneVsRest": (lambda: multiclass.OneVsRestClassifier(linear_model.LogisticRegression()), False),
    "OneVsOne": (lambda: multiclass.OneVsOneClassifier(svm.SVC()), False),
    "OutputCode": (lambda: multiclass.OutputCodeClassifier(svm.SVC(), random_state=0), False),
    "Calibrated": (lambda: calibration.CalibratedClassifierCV(svm.LinearSVC(), cv=3), False),
    "Voting hard": (lambda: voting("hard"), False),
    "Voting soft": (lambda: voting("soft"), False),
    "Stacking": (lambda: ensemble.StackingClassifier(voting("hard").estimators, cv=3), False),
    "search over a pipeline": (searched, True),
    "scaler and SVC": (lambda: pipeline.make_pipeline(preprocessing.StandardScaler(), svm.SVC()), False),
    "scaler and MLP": (lambda: pipeline.make_pipeline(preprocessing.MinMaxScaler(), perceptron()), True),
    "LabelPropagation": (semi_supervised.LabelPropagation, False),
}


# those whose scores' winner is another class than the predicted one, at points that are tried
BY_PREDICTION = {
    *((name, classes) for name in ("SVC ovo", "SVC ovr", "SVC linear", "NuSVC") for classes in (3, 4)),
    *((name, classes) for name in ("NearestCentroid", "NearestCentroid priors") for classes in (2, 3, 4)),
    ("scaler and SVC", 4),
}
# forests and neighbours vote, and votes may be equal over an area
SOME_TIES = ("KNeighbors", "RandomForest", "Bagging")


def labels_at(found: Decision, predict: Callable[[np.ndarray], np.ndarray]) -> tuple[np.ndarray, np.ndarray]:
    """(n,) whether what is predicted is the winner at points of the plane, or one of those that tie; and which tie."""
    raster = Raster(*SIZE, found.plane)
    points = np.stack(np.meshgrid(raster.xs(), raster.ys()), axis=-1).reshape(-1, 2)
    winners = found.ground.winners
    of = winners.of[found.ground.cells.locate(points)] if found.exact else winners.of.reshape(-1)
    told = [str(label) for label in predict(points).tolist()]
    sets = [{found.classes[k] for k in winners.sets[n]} for n in of.tolist()]
    right = [label in one for label, one in zip(told, sets, strict=True)]
    return np.array(right), np.array([len(one) > 1 for one in sets])


@pytest.mark.slow
@pytest.mark.parametrize("classes", [2, 3, 4])
@pytest.mark.parametrize("name", CLASSIFIERS)
def test_the_winner_is_what_is_predicted(name: str, classes: int) -> None:
    make, exact = CLASSIFIERS[name]
    X, y = blobs(classes)
    model = make().fit(X, y)
    plane = Plane(1.0, 1.0, 9.0, 9.0)
    found = decision(model, X=X, y=y, plane=plane, size=SIZE)
    assert found.exact == exact
    assert found.classes == tuple(map(str, range(classes)))
    right, ties = labels_at(found, model.predict)
    assert right.all(), (name, classes, right.mean(), found.note)
    if name not in SOME_TIES:
        assert not ties.any()
    assert ("those of its predict" in found.note) == ((name, classes) in BY_PREDICTION)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("model", "names"),
    [
        (cluster.KMeans(4, n_init=1, random_state=0), "0123"),
        (cluster.MeanShift(bandwidth=1.0), None),
        (cluster.Birch(n_clusters=3), "012"),
        (pipeline.make_pipeline(preprocessing.StandardScaler(), cluster.KMeans(3, n_init=1, random_state=0)), "012"),
        (mixture.GaussianMixture(3, random_state=0), "012"),
        (mixture.BayesianGaussianMixture(n_components=3, random_state=0), "012"),
        (svm.OneClassSVM(nu=0.2), ("-1", "1")),
        (ensemble.IsolationForest(random_state=0), ("-1", "1")),
        (covariance.EllipticEnvelope(random_state=0), ("-1", "1")),
        (neighbors.LocalOutlierFactor(novelty=True), ("-1", "1")),
    ],
    ids=lambda model: type(model).__name__,
)
def test_what_was_fitted_without_labels_decides_as_it_predicts(model: Any, names: Any) -> None:
    X, y = blobs(4)
    model.fit(X)
    found = decision(model, X=X, size=SIZE)
    assert names is None or found.classes == tuple(names)
    right, ties = labels_at(found, model.predict)
    assert right.all()
    assert not ties.any()
    assert len(set(model.predict(X).tolist())) > 1
    # labels of a detector of outliers are told apart as they are
    if found.classes == ("-1", "1"):
        found = decision(model, X=X, y=np.where(y == 0, 1, -1), size=SIZE)
        assert found.points is not None
        assert found.points.labels is not None
        assert found.points.labels.tolist() == (y == 0).tolist()


@pytest.mark.parametrize(
    "labels",
    [np.array(["dog", "cat", "ant"]), np.array([7, -3, 20]), np.array([0.5, 2.0, 1.0]), np.array([True, False, True])],
    ids=["texts", "numbers", "fractions", "truths"],
)
@pytest.mark.parametrize("make", [perceptron, lambda: svm.SVC(decision_function_shape="ovo")], ids=["MLP", "SVC"])
def test_labels_of_any_kind(make: Callable[[], Any], labels: np.ndarray) -> None:
    X, y = blobs(3)
    y = labels[y]
    if y.dtype.kind == "f":
        y = y.astype(str)  # scikit-learn takes fractions for the numbers of a regression
    model = make().fit(X, y)
    found = decision(model, X=X, y=y, size=SIZE)
    assert found.classes == tuple(map(str, model.classes_.tolist()))
    right, ties = labels_at(found, model.predict)
    assert right.all()
    assert not ties.any()
    assert found.points is not None
    assert found.points.labels is not None
    assert [found.classes[n] for n in found.points.labels.tolist()] == [str(one) for one in y.tolist()]


def test_how_often_the_scores_are_wrong_is_said_of_a_slice_too() -> None:
    rng = np.random.RandomState(0)
    X = rng.normal(size=(200, 5))
    y = (X[:, 0] > 0) + 2 * (X[:, 1] + X[:, 2] > 0)
    model = svm.SVC().fit(X, y)
    at = nw.features(0, 1, data=X)
    found = decision(model, at, X=X, y=y, size=SIZE)
    right, _ = labels_at(found, lambda points: model.predict(at.points(points)))
    assert right.all()
    assert "SVC's decision_function is not what it predicts at" in found.note
    # a grid of the data's rectangle, and the data
    assert "of 4,296 points" in found.note


def test_several_models_agree_where_they_predict_the_same() -> None:
    X, y = blobs(4)
    models = [svm.SVC(decision_function_shape="ovo").fit(X, y), perceptron().fit(X, y)]
    found = agreement(models, X=X, y=y, size=SIZE)
    raster = Raster(*SIZE, found.consensus.plane)
    points = np.stack(np.meshgrid(raster.xs(), raster.ys()), axis=-1).reshape(-1, 2)
    one, other = (model.predict(points) for model in models)
    assert found.share == pytest.approx((one == other).mean())
    assert "model 1: SVC's decision_function gives 6 numbers for 4 classes" in found.note
    assert found.note.count("those of its predict") == 1


def test_a_threshold_is_of_the_scores_whatever_is_predicted() -> None:
    X, y = blobs(2)
    model = neighbors.NearestCentroid().fit(X, y)
    found = decision(model, X=X, threshold=1.5, size=SIZE)
    raster = Raster(*SIZE, found.plane)
    points = np.stack(np.meshgrid(raster.xs(), raster.ys()), axis=-1).reshape(-1, 2)
    assert found.share[1] == pytest.approx((model.decision_function(points) > 1.5).mean())
    assert "predict" not in found.note
    line = linear_model.LinearRegression().fit(X, y)
    found = decision(line, X=X, threshold=0.25)
    assert found.exact
    assert found.share[1] == pytest.approx((line.predict(points) > 0.25).mean(), abs=0.01)


def refused(model: Any, y: np.ndarray, **options: Any) -> str:
    X, _ = blobs(4)
    with pytest.raises(InputError) as found:
        decision(model.fit(X, y), X=X, **options)
    with pytest.raises(InputError) as other:
        agreement([model, model], X=X, **options)
    assert str(found.value) == str(other.value)
    return str(found.value)


def test_what_decides_nothing_is_refused() -> None:
    X, y = blobs(4)
    several = np.stack([y > 0, y > 1, y > 2], axis=1).astype(int)
    for model in (perceptron(), tree.DecisionTreeClassifier(), multiclass.OneVsRestClassifier(svm.LinearSVC())):
        assert "predicts 3 labels or numbers at once" in refused(model, several)
    assert "predicts 3 labels or numbers at once" in refused(linear_model.Ridge(), several * 0.5, threshold=0.5)
    for model in (ensemble.RandomForestRegressor(3), linear_model.LinearRegression()):
        assert "is a regressor, whose numbers are no classes; threshold=0.5" in refused(model, y)
    whole = pipeline.make_pipeline(preprocessing.StandardScaler(), svm.SVR())
    assert "decision Pipeline: is a regressor" in refused(whole, y)
    assert "knows the class 1 alone" in refused(tree.DecisionTreeClassifier(), np.ones(len(X), dtype=int))
    with pytest.raises(InputError, match="DBSCAN: has no predict"):
        decision(cluster.DBSCAN().fit(X), X=X)
    with pytest.raises(InputError, match="is not fitted"):
        decision(neural_network.MLPClassifier(), X=X)


class Elsewhere(neighbors.NearestCentroid):  # type: ignore[misc, unused-ignore]
    """Predicts the nearest centroid; its scores say something else at x > 100 alone."""

    def decision_function(self, rows: Any) -> Any:
        found = -((np.asarray(rows)[:, None] - self.centroids_) ** 2).sum(axis=2)
        return np.where(rows[:, :1] > 100, np.roll(found, 1, axis=1), found)


NEAR, FAR = Plane(0, 2, 10, 10), Plane(200, 2, 10, 10)


def centroids() -> Any:
    X, y = datasets.make_blobs(150, centers=3, random_state=0, cluster_std=1.5)
    return Elsewhere().fit(X, y)


@pytest.mark.parametrize("classes", [3, 4])
def test_a_field_of_pair_scores_is_refused_and_the_estimator_decided(classes: int) -> None:
    X, y = datasets.make_blobs(150, centers=classes, random_state=0, cluster_std=1.5)
    model = svm.SVC(decision_function_shape="ovo").fit(X, y)
    field = nw.field(model, data=X)
    said = rf"SVC's decision_function gives a score of every two of its {classes} classes, of which the largest is no"
    for way in (nw.decision, lambda one: nw.agreement([one, model])):
        with pytest.raises(InputError, match=said):
            way(field)
    found = nw.decision(model, plane=nw.Plane(0, 3, 12, 12), size=(60, 60))
    why = "a score of every two classes" if classes == 3 else "6 numbers for 4 classes"
    assert f"SVC's decision_function gives {why}; the classes are those of its predict" in found.note
    # where one class has all of the plane, the largest of the pair scores may be it by chance
    corner = nw.decision(model, plane=nw.Plane(*X[y == 0][0], 0.1, 0.1), size=(10, 10))
    assert "those of its predict" in corner.note


def test_a_field_of_scores_says_where_the_estimator_predicts_another_class() -> None:
    field = nw.field(centroids())
    said = (
        "the classes are those of the largest of Elsewhere's decision_function, which is not what it predicts at "
        "4,096 of 4,096 points that were tried; nw.decision(model) of the estimator itself has these"
    )
    assert decision(field, plane=FAR, size=(50, 50)).note.endswith(said)
    assert "predicts" not in decision(field, plane=NEAR, size=(50, 50)).note


def test_estimators_are_compared_where_all_are() -> None:
    """The model's own home, the unit square, says nothing of what it predicts far away."""
    model = centroids()

    def right(rows: np.ndarray) -> np.ndarray:
        return np.asarray(-((rows[:, None] - model.centroids_) ** 2).sum(axis=2))

    for plane, told in ((NEAR, False), (FAR, True)):
        found = agreement([nw.field(right, plane=plane), model], size=(50, 50))
        assert found.consensus.plane.x == plane.x
        assert found.share == 1
        assert ("those of its predict" in found.note) == told


def test_another_home_than_the_first_models_is_said() -> None:
    one, other = (Plane(x, 0, 2, 2) for x in (0, 5))
    fields = [nw.field(lambda rows: rows[:, :2], plane=plane, size=(20, 20)) for plane in (one, other, one)]
    found = agreement(fields, size=(20, 20))
    assert found.consensus.plane == one
    said = (
        "compared where model 1 is looked at by itself, x -1 to 1 and y -1 to 1; others would be looked at "
        "elsewhere: model 2's, x 4 to 6 and y -1 to 1"
    )
    assert found.note.endswith(said)
    assert found.data()["note"].startswith(found.note)
    for asked in ({"plane": one}, {"X": [[0, 0], [1, 1]]}):
        assert "home" not in agreement(fields, size=(20, 20), **asked).note
    assert "home" not in agreement([fields[0], fields[2]], size=(20, 20)).note
