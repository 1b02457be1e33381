"""Files of pickled Python: told by content, nothing unpickled, with two lines that convert them, and these work."""

import json
import os
import pickle
import subprocess
import sys
import zipfile
from collections import OrderedDict
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import netwarp as nw
from netwarp.network.converting import converted
from netwarp.network.kinds import kind_of
from netwarp.network.pickled import TorchFile, torch_file

POINTS = np.random.RandomState(0).uniform(-2, 2, (50, 2))
TRUSTED = "; convert it where you trust it: "


def two_lines(path: Path) -> str:
    """The Python of a file's message."""
    with pytest.raises(nw.NetwarpError) as caught:
        nw.field(str(path))
    said = str(caught.value)
    assert "\n" not in said
    assert said.count(TRUSTED) == 1
    return said.partition(TRUSTED)[2].partition(", where ")[0]


def run(tmp_path: Path, codes: list[str], before: str = "") -> None:
    """Each in a namespace of its own, all in one process."""
    script = f"import json, sys\n{before}\nfor code in json.loads(sys.argv[1]):\n    exec(code, dict(globals()))"
    environment = os.environ | {"KERAS_BACKEND": "torch"}
    words = [sys.executable, "-W", "ignore", "-c", script, json.dumps(codes)]
    done = subprocess.run(words, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore:.*torch.jit:DeprecationWarning")
def test_torchs_files_are_converted(tmp_path: Path) -> None:
    torch = pytest.importorskip("torch")
    pytest.importorskip("onnx")
    torch.manual_seed(0)
    module = torch.nn.Sequential(torch.nn.Linear(2, 9), torch.nn.ReLU(), torch.nn.Linear(9, 3)).eval()
    state = module.state_dict()
    torch.save(module, tmp_path / "whole.pt")
    torch.save({"epoch": 3, "net": module}, tmp_path / "within.pt")
    torch.save(module, tmp_path / "old.pt", _use_new_zipfile_serialization=False)
    torch.save(state, tmp_path / "state.pth")
    torch.save(state, tmp_path / "oldstate.pth", _use_new_zipfile_serialization=False)
    torch.save(dict(state), tmp_path / "dict.pth")
    torch.save({"epoch": 3, "model_state": state, "optimizer": {"state": {}}}, tmp_path / "checkpoint.pth")
    torch.save({name: one.bfloat16() for name, one in state.items()}, tmp_path / "half.pth")
    (tmp_path / "plain.pkl").write_bytes(pickle.dumps(module))
    torch.jit.save(torch.jit.script(module), tmp_path / "script.pt")
    named = torch.nn.Sequential(OrderedDict(first=module[0], bend=module[1], last=module[2]))
    torch.save(named.state_dict(), tmp_path / "named.pth")
    made = {
        "whole.pt": "whole.pt2", "within.pt": "within.pt2", "old.pt": "old.pt2", "plain.pkl": "plain.pt2",
        "state.pth": "state.npz", "oldstate.pth": "oldstate.npz", "dict.pth": "dict.npz", "half.pth": "half.npz",
        "checkpoint.pth": "checkpoint.npz", "script.pt": "script.onnx", "named.pth": "named.pt2",
    }  # fmt: skip
    codes = [two_lines(tmp_path / name) for name in made]
    layers = "first=torch.nn.Linear(2, 9), bend=torch.nn.ReLU(), last=torch.nn.Linear(9, 3)"
    net = f"import torch\nfrom collections import OrderedDict\nNet = lambda: torch.nn.Sequential(OrderedDict({layers}))"
    run(tmp_path, codes, net)
    right = module.double()(torch.from_numpy(POINTS)).detach().numpy()
    for name in made.values():
        field = nw.field(tmp_path / name, plane=nw.Plane(0, 0, 4, 4))
        assert np.allclose(field.at(POINTS), right, atol=2e-2 if name == "half.npz" else 1e-12), name
        assert len(field.tessellate()) > 9, name


def test_what_torchs_files_hold_is_told_by_opcodes(tmp_path: Path) -> None:
    torch = pytest.importorskip("torch")
    path = tmp_path / "a.pt"
    wide, conv = torch.nn.Linear(7, 3), torch.nn.Conv2d(3, 4, 5)
    cases: list[tuple[Any, TorchFile]] = [
        (torch.nn.Sequential(wide).state_dict(), TorchFile("state", None, linear=True, inputs=7)),
        (torch.nn.Sequential(conv).state_dict(), TorchFile("state", None, linear=False, inputs=None)),
        (torch.nn.Sequential(wide, torch.nn.BatchNorm1d(3)).state_dict(), TorchFile("state", None, inputs=7)),
        (torch.nn.DataParallel(torch.nn.Sequential(wide)).state_dict(), TorchFile("state", None, inputs=7)),
        ({"state_dict": wide.state_dict()}, TorchFile("state", "state_dict", inputs=7)),
        (wide, TorchFile("module", None, inputs=7)),
        (torch.zeros(3), TorchFile("tensor")),
        ([1, 2], TorchFile("other")),
        ({"lr": 1e-3}, TorchFile("other")),
    ]
    for given, right in cases:
        torch.save(given, path)
        assert torch_file(path) == right, given
    path.write_bytes(path.read_bytes()[:200])
    assert torch_file(path) == TorchFile("other")
    torch.save(torch.zeros(3), path)
    with pytest.raises(nw.NetwarpError, match="is a tensor of PyTorch"):
        nw.field(path)


def test_nothing_is_unpickled(tmp_path: Path) -> None:
    class Trap:
        def __reduce__(self) -> tuple[Any, ...]:
            return (Path.touch, (tmp_path / "executed",))

    for name, content in (("a.pkl", pickle.dumps({"torch.nn": Trap()})), ("b.pkl", pickle.dumps(["sklearn", Trap()]))):
        (tmp_path / name).write_bytes(content)
        assert converted(tmp_path / name, kind_of(tmp_path / name))
    with zipfile.ZipFile(tmp_path / "c.pt", "w") as archive:
        archive.writestr("c/data.pkl", pickle.dumps(Trap(), protocol=2))
    assert kind_of(tmp_path / "c.pt") == "torch"
    assert converted(tmp_path / "c.pt", "torch")
    assert not (tmp_path / "executed").exists()


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore:lbfgs failed to converge")
def test_files_of_scikit_learn_are_converted(tmp_path: Path) -> None:
    pytest.importorskip("sklearn")
    import joblib
    from sklearn.ensemble import RandomForestClassifier
    from sklearn.linear_model import LogisticRegression
    from sklearn.neural_network import MLPRegressor
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler

    X = np.random.RandomState(1).uniform(-2, 2, (80, 3))
    y = np.abs(X[:, 0])
    perceptron = make_pipeline(
        StandardScaler(), MLPRegressor(hidden_layer_sizes=(8,), solver="lbfgs", max_iter=60, random_state=0)
    )
    two = perceptron.fit(X[:, :2], y)
    joblib.dump(two, tmp_path / "two.joblib", compress=3)
    right = two.predict(POINTS)
    (tmp_path / "two.pkl").write_bytes(pickle.dumps(two))
    three = perceptron.fit(X, y)
    (tmp_path / "three.pkl").write_bytes(pickle.dumps(three))
    joblib.dump(LogisticRegression().fit(X, y > 1), tmp_path / "linear.joblib")
    joblib.dump(RandomForestClassifier(5, random_state=0).fit(X, y > 1), tmp_path / "forest.joblib")
    (tmp_path / "list.pkl").write_bytes(pickle.dumps([1, 2]))
    names = ("two.joblib", "three.pkl", "linear.joblib", "forest.joblib")
    codes = [two_lines(tmp_path / name) for name in names]
    codes.append(two_lines(tmp_path / "two.pkl").replace("two.npz", "again.npz"))
    run(tmp_path, codes)
    for name in ("two.npz", "again.npz"):
        assert np.allclose(nw.field(tmp_path / name).at(POINTS)[:, 0], right, atol=1e-9)
    cut = np.column_stack([POINTS, np.zeros(len(POINTS))])
    assert np.allclose(nw.field(tmp_path / "three.npz").at(POINTS)[:, 0], three.predict(cut), atol=1e-9)
    assert nw.Network.load(tmp_path / "linear.npz").channels == 1
    assert (tmp_path / "forest.png").read_bytes()[:4] == b"\x89PNG"
    with pytest.raises(nw.NetwarpError, match="and give the model to"):
        nw.field(tmp_path / "list.pkl")


@pytest.mark.slow
def test_files_of_keras_are_converted(tmp_path: Path) -> None:
    for needed in ("torch", "h5py", "onnx"):
        pytest.importorskip(needed)
    if __import__("importlib.util").util.find_spec("keras") is None:
        pytest.skip("keras is not there")
    layers = "keras.layers.Input((2,)), keras.layers.Dense(9, 'relu'), keras.layers.Dense(3)"
    make = f"import keras, numpy; keras.utils.set_random_seed(0); model = keras.Sequential([{layers}]); "
    saved = "; ".join(f"model.save('{name}')" for name in ("a.keras", "b.h5"))
    given = "model.save_weights('c.weights.h5'); numpy.savez('right.npz', y=model.predict(numpy.load('points.npy')))"
    np.save(tmp_path / "points.npy", POINTS)
    run(tmp_path, [make + saved + "; " + given])
    codes = [two_lines(tmp_path / name) for name in ("a.keras", "b.h5", "c.weights.h5")]
    run(tmp_path, [*codes[:2], make + codes[2]])
    right = np.load(tmp_path / "right.npz")["y"]
    for name in ("a.onnx", "b.onnx", "c.weights.onnx"):
        field = nw.field(tmp_path / name, plane=nw.Plane(0, 0, 4, 4))
        assert np.allclose(field.at(POINTS), right, atol=1e-5)
        assert len(field.tessellate()) > 9


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore:Stochastic Optimizer")
@pytest.mark.parametrize("name", ["model.npz", "MODEL.NPZ", "q'uo\"te.npz", "model.pkl"])
def test_no_line_writes_over_the_file_it_reads(tmp_path: Path, name: str) -> None:
    neural = pytest.importorskip("sklearn.neural_network")
    model = neural.MLPClassifier((5,), max_iter=5).fit(POINTS, np.arange(50) % 3)
    (tmp_path / name).write_bytes(pickle.dumps(model))
    before = (tmp_path / name).read_bytes()
    lines = two_lines(tmp_path / name)
    run(tmp_path, [lines])
    assert (tmp_path / name).read_bytes() == before
    (made,) = (file for file in tmp_path.iterdir() if file.name != name)
    assert made.name == f"{Path(name).stem}{'' if name == 'model.pkl' else '-converted'}.npz"
    assert nw.Network.load(made).channels == 3
