"""field of an estimator: its methods are taken as they are, and trees are said to be constant on pieces."""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np
import pytest

import netwarp as nw
from netwarp.errors import InputError, UnsupportedError

RNG = np.random.default_rng(5)
POINTS = RNG.normal(size=(50, 2))


class TestEstimators:
    """Of scikit-learn, an extra."""

    @staticmethod
    def moons() -> tuple[np.ndarray, np.ndarray]:
        pytest.importorskip("sklearn")
        from sklearn.datasets import make_moons

        X, y = make_moons(120, noise=0.2, random_state=0)
        return np.asarray(X), np.asarray(y)

    @pytest.mark.parametrize("output", ["decision_function", "predict_proba"])
    def test_its_methods_are_taken_as_they_are(self, output: str) -> None:
        X, y = self.moons()
        from sklearn.linear_model import LogisticRegression
        from sklearn.pipeline import make_pipeline
        from sklearn.preprocessing import StandardScaler

        model = make_pipeline(StandardScaler(), LogisticRegression()).fit(X, y)
        wanted = np.asarray(getattr(model, output)(POINTS)).reshape(len(POINTS), -1)
        assert np.array_equal(nw.field(model, output=output).at(POINTS), wanted)
        with pytest.raises(InputError, match="output='proba': must be one of"):
            nw.field(model, output="proba")

    def test_a_stack_of_trees_that_reads_its_inputs_again_is_not_constant(self) -> None:
        X, y = self.moons()
        from sklearn.ensemble import StackingClassifier, VotingClassifier
        from sklearn.linear_model import LogisticRegression
        from sklearn.tree import DecisionTreeClassifier

        members = [("a", DecisionTreeClassifier(max_depth=3)), ("b", LogisticRegression())]
        for model in (StackingClassifier(members[:1], passthrough=True), VotingClassifier(members, voting="soft")):
            with pytest.raises(UnsupportedError, match="of an estimator only its values are known"):
                nw.field(model.fit(X, y), data=X).tangent()

    def test_trees_are_constant_on_pieces_and_say_so(self) -> None:
        X, y = self.moons()
        from sklearn.calibration import CalibratedClassifierCV
        from sklearn.ensemble import (
            HistGradientBoostingClassifier,
            RandomForestClassifier,
            StackingClassifier,
            VotingClassifier,
        )
        from sklearn.model_selection import GridSearchCV
        from sklearn.pipeline import make_pipeline
        from sklearn.preprocessing import StandardScaler
        from sklearn.tree import DecisionTreeClassifier

        tree = DecisionTreeClassifier(max_depth=3)
        wrapped = (
            GridSearchCV(tree, {"max_depth": [2, 3]}),
            GridSearchCV(make_pipeline(StandardScaler(), tree), {"decisiontreeclassifier__max_depth": [2, 3]}),
            CalibratedClassifierCV(tree),
            VotingClassifier([("a", tree), ("b", RandomForestClassifier(2))], voting="soft"),
            StackingClassifier([("a", tree), ("b", RandomForestClassifier(2))]),
        )
        for trees in (RandomForestClassifier(5, random_state=0), HistGradientBoostingClassifier(max_iter=3), *wrapped):
            model = make_pipeline(StandardScaler(), trees).fit(X, y)
            field = nw.field(model, data=X)
            with pytest.warns(UserWarning, match="is constant on pieces: its derivatives are 0"):
                assert not field.tangent(nw.Raster(5, 4)).any()

    def test_labels_alone_are_a_one_for_the_class(self) -> None:
        X, y = self.moons()
        from sklearn.cluster import KMeans
        from sklearn.neighbors import NearestCentroid

        names = np.array(["no", "yes"])[y]
        model = NearestCentroid().fit(X, names)
        found = nw.field(model, output="predict").at(POINTS)
        assert np.array_equal(found, (model.predict(POINTS)[:, None] == model.classes_).astype(float))
        assert nw.field(KMeans(3, n_init=1, random_state=0).fit(X)).channels == 1

    def test_names_of_columns_do_not_warn_and_a_slice_is_asked_for(self) -> None:
        self.moons()
        from sklearn.datasets import load_iris
        from sklearn.svm import SVC

        iris = load_iris()
        model = SVC().fit(iris.data, iris.target)
        with pytest.raises(InputError, match=r"model SVC: takes 4 inputs, and none is given; give a slice"):
            nw.field(model)
        model.feature_names_in_ = np.array(iris.feature_names, dtype=object)
        plane = nw.features(2, 3, at="median", data=iris.data)
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            field = nw.field(model, plane, data=iris.data, size=(30, 20))
            assert field.sample().shape == (3, 20, 30)

    def test_a_decision_has_its_classes_and_its_data(self) -> None:
        X, y = self.moons()
        from sklearn.svm import SVC

        names = np.array(["no", "yes"])[y]
        model = SVC(kernel="linear").fit(X, names)
        found = nw.decision(model, X=X, y=names, size=(200, 120))
        assert found.classes == ("no", "yes")
        (line,) = found.boundary["no", "yes"]
        assert np.abs(model.decision_function(line)).max() < 1e-6
        assert found.data()["points"]["count"] == len(X)

    @pytest.mark.parametrize("labels", [[1.0, 2.0, 3.0], [1, 2, 3], [2, 0, 1], ["a", "b", "c"]])
    def test_points_have_the_classes_that_the_estimator_knows(self, labels: list[Any]) -> None:
        self.moons()
        from sklearn.linear_model import LogisticRegression
        from sklearn.svm import SVC

        X = np.concatenate([RNG.normal(size=(20, 2)) + corner for corner in ([0, 0], [5, 0], [0, 5])])
        y = np.repeat(np.array(labels), 20)
        for model in (LogisticRegression().fit(X, y), SVC().fit(X, y)):
            points = nw.decision(model, X=X, y=y, size=(40, 30)).points
            assert points is not None
            assert np.array_equal(points.labels, np.searchsorted(model.classes_, y))

    def test_points_of_the_plane_may_stand_for_inputs(self) -> None:
        self.moons()
        from sklearn.svm import SVC

        wide = RNG.normal(size=(40, 4))
        model = SVC().fit(wide, wide[:, 0] > 0)
        plane = nw.Slice(np.zeros(4), [1, 0, 0, 0], [0, 1, 0, 0])
        for points in (wide, POINTS):
            assert nw.decision(model, plane, X=points, size=(40, 30)).points is not None
