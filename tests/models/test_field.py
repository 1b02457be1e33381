"""field: a model's values and tangents are its own, it is left as it was found, and what is no model is refused."""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np
import pytest

import netwarp as nw
from netwarp.errors import InputError, NotFiniteError, UnsupportedError

RNG = np.random.default_rng(5)
POINTS = RNG.normal(size=(50, 2))


def waves(points: np.ndarray) -> np.ndarray:
    return np.stack([np.sin(3 * points[:, 0]) * points[:, 1], points.sum(axis=1)], axis=1)


class Recording:
    """A function that keeps the shape of what it is given."""

    def __init__(self) -> None:
        self.shapes: list[tuple[int, ...]] = []

    def __call__(self, points: np.ndarray) -> np.ndarray:
        self.shapes.append(points.shape)
        return points[:, 0]


def test_a_function_gives_its_own_values() -> None:
    field = nw.field(waves)
    assert np.array_equal(field.at(POINTS), waves(POINTS))
    raster = nw.Raster(7, 5, nw.Plane(0.1, -0.2, 2.0, 1.0))
    wanted = waves(raster.slope().reshape(2, -1).T).T.reshape(2, 5, 7)
    assert np.array_equal(field.sample(raster), wanted)
    assert field.sample(raster).dtype == np.float64
    assert field.channels == 2


def test_a_slice_feeds_it_points_of_its_own_space() -> None:
    plane = nw.through(*RNG.normal(size=(3, 6)))
    field = nw.field(lambda rows: rows @ np.arange(6.0), plane)
    assert np.allclose(field.at(POINTS)[:, 0], plane.points(POINTS) @ np.arange(6.0), rtol=0, atol=1e-12)


def test_it_is_called_in_batches_and_can_be_cancelled() -> None:
    function = Recording()
    field = nw.field(function, size=(300, 200))
    seen: list[tuple[int, int]] = []
    field.sample(progress=lambda done, total: seen.append((done, total)))
    assert max(shape[0] for shape in function.shapes) <= 1 << 14
    assert seen[-1] == (60_000, 60_000)
    assert len(seen) > 3

    class StopError(Exception):
        pass

    def stop(done: int, total: int) -> None:
        raise StopError

    with pytest.raises(StopError):
        field.sample(progress=stop)


def test_measures_pictures_and_decisions_take_it() -> None:
    field = nw.field(waves, size=(60, 40))
    assert nw.measure(field, ["level_set_length"])["level_set_length"].value > 0
    with pytest.raises(UnsupportedError, match="measure total_variation does not apply: waves: has no tangent"):
        nw.measure(field, ["total_variation"])
    assert nw.paint(field.sample(), nw.Tone.fit(field.sample(), "viridis")).pixels.shape[:2] == (40, 60)
    decision = nw.decision(field, size=(60, 40))
    assert not decision.exact
    assert sum(decision.share) == pytest.approx(1, abs=1e-6)


def test_what_nothing_is_known_of_is_refused_by_name() -> None:
    field = nw.field(waves)
    with pytest.raises(UnsupportedError, match="waves: has no tangent: of a Python function only its values"):
        field.tangent(nw.Raster(4, 4))
    with pytest.raises(UnsupportedError, match="an outside function makes no flat regions"):
        field.tessellate()
    with pytest.raises(UnsupportedError, match="an outside function"):
        field.sample(nw.Raster(4, 4, nw.Plane(0, 0, 1e-20, 1e-20)))
    with pytest.raises(UnsupportedError, match="no numbers that a file could hold"):
        field.network.save("nowhere.npz")
    assert np.isnan(field.rounding().share)
    assert field.rounding().sentence() == ""


@pytest.mark.parametrize(
    ("model", "needle"),
    [
        ("net.pt", "field model='net.pt': must be a torch.nn.Module"),
        (3, "must be a torch.nn.Module"),
        (dict, "must be a torch.nn.Module"),
        (lambda x, y: x, "raises TypeError"),
        (lambda points: points @ np.ones((3, 1)), "needs another slice"),
        (lambda points: "words", "gives <U5 of shape ()"),
        (lambda points: points[:1], "gives float64 of shape (1, 2)"),
        (lambda points: points.reshape(-1, 1, 2), "must be numbers (3, k)"),
        (lambda points: points[:, :0], "must be numbers (3, k)"),
    ],
)
def test_what_is_no_model_is_refused_in_one_line(model: Any, needle: str) -> None:
    with pytest.raises(InputError) as caught:
        nw.field(model)
    assert needle in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_wrong_shape_and_nan_are_named_where_they_come() -> None:
    with pytest.raises(InputError, match=r"gives float64 of shape \(1, 2\) for 50 points; must be numbers \(50, 2\)"):
        nw.field(lambda points: points[:1] if len(points) == 50 else points).at(POINTS)
    root = nw.field(lambda points: np.where(points > 0.75, np.nan, points))
    with pytest.raises(NotFiniteError, match=r"gives nan at \d+ of 50 points, first at \("):
        root.at(POINTS)


def test_the_home_is_where_the_data_are_and_pixels_are_square() -> None:
    data = np.array([[0.0, 0.0], [10.0, 1.0]])
    field = nw.field(waves, data=data, size=(40, 40))
    plane = field.raster.plane
    assert (plane.x, plane.y) == (5.0, 0.5)
    assert plane.width == plane.height == pytest.approx(11)
    assert nw.field(waves, plane=nw.Plane(0, 0, 2, 1), size=(10, 10)).raster.plane == nw.Plane(0, 0, 2, 2)
    assert nw.field(waves).raster.pitch[0] == nw.field(waves).raster.pitch[1]
    with pytest.raises(InputError, match="field data: has 3 features"):
        nw.field(waves, data=np.ones((4, 3)))


def test_a_network_goes_on_a_slice_of_its_own_inputs() -> None:
    network = nw.Network.folding(2, 2)
    plane = nw.Slice([0.5, 0.5], [0.0, 1.0], [1.0, 0.0])
    turned = nw.field(network, plane).at([[0.1, 0.3]])
    assert np.array_equal(turned, nw.field(network).at([[0.8, 0.6]]))
    with pytest.raises(InputError, match="field slice: has 3 inputs, but the network reads 2"):
        nw.field(network, nw.through([0, 0, 1], [1, 0, 0], [0, 1, 0]))
    with pytest.raises(InputError, match="is a Field already"):
        nw.field(nw.field(network))


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

    def test_trees_are_constant_on_pieces_and_say_so(self) -> None:
        X, y = self.moons()
        from sklearn.ensemble import HistGradientBoostingClassifier, RandomForestClassifier
        from sklearn.pipeline import make_pipeline
        from sklearn.preprocessing import StandardScaler

        for trees in (RandomForestClassifier(5, random_state=0), HistGradientBoostingClassifier(max_iter=3)):
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


class TestModules:
    """Of torch, an extra."""

    @staticmethod
    def module(*, dtype: str = "float32") -> Any:
        torch = pytest.importorskip("torch")
        torch.manual_seed(0)
        layers = (torch.nn.Linear(2, 16), torch.nn.BatchNorm1d(16), torch.nn.Tanh(), torch.nn.Dropout(0.5))
        module = torch.nn.Sequential(*layers, torch.nn.Linear(16, 3)).to(getattr(torch, dtype))
        module[1].running_mean += 0.3
        return module

    @pytest.mark.parametrize("dtype", ["float32", "float64"])
    def test_values_are_the_modules_in_eval_mode(self, dtype: str) -> None:
        module = self.module(dtype=dtype)
        import torch

        found = nw.field(module).at(POINTS)
        with torch.no_grad():
            wanted = module.eval()(torch.from_numpy(POINTS).to(module[0].weight.dtype))
        assert np.array_equal(found, wanted.double().numpy())

    def test_it_is_left_as_it_was_found(self) -> None:
        module = self.module()
        import torch

        class Counting(torch.nn.Module):
            def __init__(self) -> None:
                super().__init__()
                self.inner = module
                self.register_buffer("calls", torch.zeros(()))

            def forward(self, x: Any) -> Any:
                self.calls += 1
                return self.inner(x) + torch.rand(())

        model = Counting().train()
        model.inner[3].eval()
        for parameter in model.parameters():
            parameter.grad = torch.ones_like(parameter)
        before = {name: value.clone() for name, value in model.state_dict().items()}
        state = torch.random.get_rng_state()
        field = nw.field(model)
        field.at(POINTS)
        field.tangent(nw.Raster(5, 4))
        assert torch.equal(torch.random.get_rng_state(), state)
        assert [one.training for one in model.modules()] == [True] * 5 + [False, True]
        assert all(torch.equal(value, before[name]) for name, value in model.state_dict().items())
        assert all((parameter.grad == 1).all() and parameter.requires_grad for parameter in model.parameters())

    def test_tangents_are_exact_forward_and_backward(self) -> None:
        module = self.module(dtype="float64")
        import torch

        class Backward(torch.autograd.Function):
            @staticmethod
            def forward(ctx: Any, x: Any) -> Any:
                ctx.save_for_backward(x)
                return x**3

            @staticmethod
            def backward(ctx: Any, slope: Any) -> Any:
                return 3 * ctx.saved_tensors[0] ** 2 * slope

        class Cubed(torch.nn.Module):
            def __init__(self) -> None:
                super().__init__()
                self.inner = module

            def forward(self, x: Any) -> Any:
                return Backward.apply(self.inner(x))

        for model in (module, Cubed()):
            field = nw.field(model)
            raster, step = nw.Raster(6, 5), 1e-6
            at = raster.slope().reshape(2, -1).T
            found = field.tangent(raster).reshape(3, 2, -1)
            for axis in range(2):
                ends = [field.at(at + sign * step * np.eye(2)[axis]) for sign in (1, -1)]
                assert np.allclose(found[:, axis], ((ends[0] - ends[1]) / (2 * step)).T, atol=1e-8, rtol=0)

    def test_images_are_fed_in_their_own_shape(self) -> None:
        torch = pytest.importorskip("torch")
        images = RNG.normal(size=(3, 1, 8, 8))
        model = torch.nn.Sequential(
            torch.nn.Conv2d(1, 2, 3), torch.nn.ReLU(), torch.nn.Flatten(), torch.nn.Linear(72, 2)
        )
        plane = nw.through(*images)
        field = nw.field(model, plane, size=(6, 4))
        with torch.no_grad():
            wanted = model(torch.from_numpy(plane.points(POINTS)).float().reshape(-1, 1, 8, 8))
        assert np.allclose(field.at(POINTS), wanted.numpy(), atol=1e-6)
        assert field.tangent().shape == (2, 2, 4, 6)
        with pytest.raises(InputError, match="model Sequential: given 3 rows of 2 numbers it raises RuntimeError"):
            nw.field(model)

    def test_a_decision_is_exact_where_the_layers_are_known(self) -> None:
        torch = pytest.importorskip("torch")
        torch.manual_seed(1)
        layers = [torch.nn.Linear(2, 12), torch.nn.ReLU(), torch.nn.Linear(12, 3)]
        found = nw.decision(torch.nn.Sequential(*layers))
        assert found.exact
        smooth = torch.nn.Sequential(torch.nn.Linear(2, 12), torch.nn.Tanh(), torch.nn.Linear(12, 3))
        assert not nw.decision(smooth, size=(60, 40)).exact
        odd = torch.nn.Sequential(torch.nn.Linear(2, 12), torch.nn.Hardshrink(), torch.nn.Linear(12, 3))
        assert not nw.decision(odd, size=(60, 40)).exact
        batch = torch.nn.BatchNorm1d(3, track_running_stats=False)  # needs two points at once
        assert not nw.decision(torch.nn.Sequential(torch.nn.Linear(2, 3), batch), size=(60, 40)).exact

    def test_what_is_no_tensor_is_refused(self) -> None:
        torch = pytest.importorskip("torch")

        class Pair(torch.nn.Module):
            def forward(self, x: Any) -> Any:
                return x, x

        with pytest.raises(InputError, match="model Pair: gives a tuple, not a tensor; wrap it"):
            nw.field(Pair())


def test_data_of_two_columns_are_inputs_of_a_slice_of_two_inputs() -> None:
    rows = np.array([[10.0, 10.0], [13.0, 14.0], [11.0, 10.0]])
    at = nw.Slice([10, 10], [0.6, 0.8], [0.8, -0.6])
    home = nw.field(lambda points: points, at, data=rows, size=(55, 9)).raster.plane
    assert (home.x, home.width) == pytest.approx((2.5, 5.5))
    found = nw.decision(lambda points: points, at, X=rows)
    assert found.points is not None
    assert np.allclose(found.points.places, [[0, 0], [5, 0], [0.6, 0.8]])
    # points of the plane become inputs by the slice itself
    assert np.allclose(nw.decision(lambda points: points, at, X=at.points([(1, 2)])).points.places, [[1, 2]])
