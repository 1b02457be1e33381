"""A model of one input: every way in says what to do, and what it says can be done."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

import netwarp as nw
from models.onnx_files.made import model, node, saved
from netwarp.errors import InputError
from netwarp.models import nnet
from netwarp.models.files import Completion, read_network
from netwarp.models.slice_text import read_slice

WHY = "has 1 (input|feature), and a plane needs two; "
ARRAYS = {"W0": np.array([[1.0], [-2.0], [3.0]]), "b0": np.array([0.1, 0.2, -0.3]), "W1": np.ones((1, 3))}
X = np.arange(20.0)[:, None]
Y = (X[:, 0] > 9).astype(int)
POINTS = np.random.default_rng(0).uniform(-1, 1, (30, 2))
TWO = nw.Slice([0, 0], [1, 0], [0, 1])


def refused(look: Any) -> str:
    with pytest.raises(InputError, match=WHY) as caught:
        look()
    said = str(caught.value)
    assert "\n" not in said
    assert "slice" not in said
    return said


@pytest.mark.parametrize("completion", [Completion(), Completion(slice=TWO)])
def test_arrays_are_told_of_inputs(tmp_path: Path, completion: Completion) -> None:
    np.savez(tmp_path / "a.npz", **ARRAYS)
    if completion.slice is None:
        said = refused(lambda: read_network(tmp_path / "a.npz", completion))
        assert said.endswith("save the text 'x' as the array 'inputs' in an npz file of the same arrays")
    np.savez(tmp_path / "b.npz", inputs="x", **ARRAYS)
    found = nw.Network.load(tmp_path / "b.npz").calibrate().at(POINTS)
    right = np.maximum(POINTS[:, :1] @ ARRAYS["W0"].T + ARRAYS["b0"], 0) @ ARRAYS["W1"].T
    assert np.allclose(found, right, rtol=1e-14)


@pytest.mark.parametrize("at", [None, TWO])
def test_files_are_to_be_written_again(tmp_path: Path, at: nw.Slice | None) -> None:
    lines = ["1,1,1,1,", "1,1,", "0,", "-9,", "9,", "0,0,", "1,1,", "2", "3"]
    (tmp_path / "a.nnet").write_text("\n".join(lines))
    right = "write it again from a model of two that reads the first alone, as x[:, :1]"
    assert refused(lambda: nnet.read(tmp_path / "a.nnet", at)).endswith(right)
    saved(tmp_path / "a.onnx", model([node("Gemm", "x w b")], ("n", 1), {"w": np.ones((1, 2)), "b": np.ones(2)}))
    for look in (nw.field, nw.onnx.from_file, nw.decision):
        assert refused(lambda look=look: look(tmp_path / "a.onnx", at)).endswith(right)


def test_modules_are_to_be_wrapped() -> None:
    torch = pytest.importorskip("torch")

    class First(torch.nn.Module):  # type: ignore[misc, name-defined, unused-ignore]  # an untyped base where torch is missing
        def __init__(self, model: Any) -> None:
            super().__init__()
            self.model = model

        def forward(self, x: Any) -> Any:
            return self.model(x[:, :1])

    module = torch.nn.Sequential(torch.nn.Linear(1, 6), torch.nn.ReLU(), torch.nn.Linear(6, 2))
    for look in (nw.field, nw.decision, lambda one: nw.torch.from_module(one, torch.zeros(1, 1))):
        assert refused(lambda look=look: look(module)).endswith("whose forward gives it x[:, :1]")
    right = module(torch.from_numpy(POINTS[:, :1]).float()).detach().numpy()
    assert np.allclose(nw.field(First(module)).at(POINTS), right, atol=1e-5)
    assert len(nw.torch.from_module(First(module), torch.zeros(1, 2)).calibrate().tessellate()) > 0


def test_estimators_are_looked_at_as_functions() -> None:
    pytest.importorskip("sklearn")
    from sklearn.linear_model import LogisticRegression
    from sklearn.tree import DecisionTreeClassifier

    for estimator in (LogisticRegression().fit(X, Y), DecisionTreeClassifier().fit(X, Y)):
        for look in (nw.field, nw.decision, lambda one: nw.field(one, TWO), lambda one: nw.decision(one, X=X, y=Y)):
            assert "lambda p: " in refused(lambda look=look, one=estimator: look(one))
        assert nw.field(lambda p, one=estimator: one.predict(p[:, :1])).at(POINTS).shape == (30, 1)
    assert "lambda p: " in refused(lambda: nw.sklearn.from_estimator(LogisticRegression().fit(X, Y)))
    assert "second column" in refused(lambda: nw.field(lambda p: p, data=X))
    assert "a file of two" in refused(lambda: Completion(data=nw.Data(X)).home())


def test_no_slice_is_of_one_number() -> None:
    for look in (
        lambda: nw.Slice([0.0], [1.0], [0.0]),
        lambda: nw.around([1], 2),
        lambda: read_slice("around((1,), 2)"),
    ):
        with pytest.raises(InputError, match=r"1 number; a plane needs a space of 2 at least: a model of one input is"):
            look()
