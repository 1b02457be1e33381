"""Archives of torch.export: read as the module they were, without anything pickled, or told of."""

import io
import json
import logging
import pickle
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import netwarp as nw
from netwarp.cli.main import status_of
from netwarp.errors import InputError, LimitError, NetwarpError, UnsupportedError
from netwarp.models.archives.network import network_or_function
from netwarp.models.archives.reading import read_archive

torch = pytest.importorskip("torch")


class LeNet(torch.nn.Module):  # type: ignore[misc, unused-ignore]
    def __init__(self) -> None:
        super().__init__()
        self.c1, self.c2 = torch.nn.Conv2d(1, 3, 3, padding=1), torch.nn.Conv2d(3, 4, 3)
        self.f, self.g = torch.nn.Linear(16, 5), torch.nn.Linear(5, 3)

    def forward(self, x: Any) -> Any:
        x = torch.nn.functional.max_pool2d(torch.relu(self.c1(x)), 2)
        x = torch.relu_(self.c2(x)).view(x.size(0), -1)
        with torch.no_grad():
            x = torch.relu(self.f(x))
        a, b = x.split([2, 3], 1)
        return self.g(torch.cat([b, a], 1))


def perceptron() -> Any:
    torch.manual_seed(0)
    layers = [torch.nn.Linear(2, 9), torch.nn.ReLU(), torch.nn.Dropout(), torch.nn.BatchNorm1d(9)]
    module = torch.nn.Sequential(*layers, torch.nn.Linear(9, 3)).eval()
    module[3].running_mean.normal_()
    return module


def saved(path: Path, module: Any, *shape: int, **options: Any) -> Path:
    torch.export.save(torch.export.export(module, (torch.zeros(shape),), **options), str(path))
    return path


def changed(path: Path, change: Callable[[str, bytes], bytes | None]) -> Path:
    """A copy whose parts went through `change`; a part that is None is left out."""
    copy = path.with_name(f"changed-{path.name}")
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(copy, "w") as new:
        for name in old.namelist():
            data = change(name, old.read(name))
            if data is not None:
                new.writestr(name, data)
    return copy


def with_graph(path: Path, change: Callable[[dict[str, Any]], object]) -> Path:
    def one(name: str, data: bytes) -> bytes:
        if not name.endswith("models/model.json"):
            return data
        program = json.loads(data)
        change(program["graph_module"])
        return json.dumps(program).encode()

    return changed(path, one)


@pytest.mark.slow
def test_a_perceptron_has_the_regions_and_values_of_its_module(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    module = perceptron()
    saved(Path("mlp.pt2"), module, 1, 2)
    network = nw.torch.from_module(module, torch.zeros(1, 2))
    plane = nw.Plane(0, 0, 6, 4)
    assert status_of(["regions", "mlp.pt2", "--plane", "-3,3,-2,2", "--json"]) == 0
    found = json.loads(capsys.readouterr().out)["regions"]
    assert found == len(network.calibrate().tessellate(plane)) > 9
    points = np.random.default_rng(0).normal(size=(50, 2))
    with torch.no_grad():
        right = module.double()(torch.from_numpy(points)).numpy()
    assert np.abs(nw.field("mlp.pt2").at(points) - right).max() < 1e-12
    assert [one.layer for one in nw.field("mlp.pt2").program.operations] == ["inputs", "0", "1", "4", "4"]
    for words in (
        ["draw", "-o", "a.png", "--size", "9x6"],
        ["measure", "--size", "32x32"],
        ["decision", "-o", "b.png"],
    ):
        assert status_of([words[0], "mlp.pt2", *words[1:]]) == 0
    assert status_of(["compare", "mlp.pt2", "mlp.pt2", "--measures", "total_variation", "--size", "32x32"]) == 0
    # its numbers travel in the picture
    assert status_of(["draw", "a.png", "-o", "again.png"]) == 0
    assert Path("a.png").read_bytes() == Path("again.png").read_bytes()


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["one", "open"])
def test_an_image_network_is_exact_on_a_slice(tmp_path: Path, kind: str) -> None:
    torch.manual_seed(1)
    module = LeNet().eval()
    options = {"dynamic_shapes": ({0: torch.export.Dim("b", min=1)},)} if kind == "open" else {}
    path = saved(tmp_path / "lenet.pt2", module, 1 if kind == "one" else 4, 1, 8, 8, **options)
    at = nw.through(*np.random.default_rng(0).normal(size=(3, 1, 8, 8)))
    mine, right = network_or_function(path, at), nw.torch.from_module(module, torch.zeros(1, 1, 8, 8), at)
    assert isinstance(mine, nw.Network)
    tessellations = [one.calibrate().tessellate(nw.Plane(0, 0, 9, 9)) for one in (mine, right)]
    assert len(tessellations[0]) == len(tessellations[1]) > 10
    with pytest.raises(InputError, match="takes 64 inputs; give a slice of them"):
        network_or_function(path)
    with pytest.raises(InputError, match="takes 64 inputs, but the slice has 3"):
        network_or_function(path, nw.through((0, 0, 0), (1, 0, 0), (0, 1, 0)))


@pytest.mark.slow
def test_an_operation_that_is_not_covered_is_drawn_with_tangents(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    torch.manual_seed(2)
    module = torch.nn.Sequential(torch.nn.Linear(2, 8), torch.nn.Softmax(1), torch.nn.Linear(8, 2)).double()
    torch.export.save(torch.export.export(module, (torch.zeros(1, 2, dtype=torch.float64),)), "odd.pt2")
    with caplog.at_level(logging.WARNING, "netwarp"):
        field = nw.field("odd.pt2")
    assert "softmax.int in 1: is not an operation" in caplog.text
    assert "drawn by PyTorch itself" in caplog.text
    points = np.random.default_rng(0).normal(size=(50, 2))
    right = module(torch.from_numpy(points)).detach().numpy()
    assert np.abs(field.at(points) - right).max() < 1e-12
    raster = nw.Raster(6, 4)
    step = np.array([1e-6, 0])
    grid = np.stack(np.meshgrid(raster.xs(), raster.ys()), axis=-1).reshape(-1, 2)
    along = (field.at(grid + step) - field.at(grid - step)) / 2e-6
    assert np.abs(field.tangent(raster)[:, 0].reshape(2, -1).T - along).max() < 1e-6
    assert status_of(["measure", "odd.pt2", "--measures", "total_variation", "--size", "32x32"]) == 0
    assert status_of(["draw", "odd.pt2", "-o", "odd.png", "--size", "9x6"]) == 0
    assert status_of(["regions", "odd.pt2"]) == 2
    assert pickle.loads(pickle.dumps(field)).at(points).shape == (50, 2)


def test_a_batch_of_one_length_is_filled_with_one_input(tmp_path: Path) -> None:
    torch.manual_seed(1)
    module = LeNet().eval().double()
    program = torch.export.export(module, (torch.zeros(4, 1, 8, 8, dtype=torch.float64),))
    torch.export.save(program, str(tmp_path / "four.pt2"))
    at = nw.through(*np.random.default_rng(0).normal(size=(3, 1, 8, 8)))
    field = nw.field(tmp_path / "four.pt2", at)
    points = np.random.default_rng(1).normal(size=(7, 2))
    rows = points @ at.coefficients[:, :2].T + at.coefficients[:, 2]
    right = module(torch.from_numpy(rows).reshape(-1, 1, 8, 8)).detach().numpy()
    assert np.abs(field.at(points) - right).max() < 1e-12


class Planted:
    """Pickled, it touches a file where it is loaded."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def __reduce__(self) -> tuple[Any, ...]:
        return (Path.touch, (self.path,))


def test_nothing_pickled_is_loaded(tmp_path: Path) -> None:
    path, touched = saved(tmp_path / "mlp.pt2", perceptron(), 1, 2), tmp_path / "touched"
    planted = pickle.dumps(Planted(touched))
    buffer = io.BytesIO()
    torch.save(Planted(touched), buffer)
    # of a whole number of float32 it would be read as numbers: how long it is depends on the path
    for data in (planted + bytes(5 - len(planted) % 4), buffer.getvalue()):
        inputs = changed(path, lambda name, old, data=data: data if "sample_inputs" in name else old)
        assert isinstance(network_or_function(inputs), nw.Network)
        weights = changed(path, lambda name, old, data=data: data if name.endswith("weight_0") else old)
        with pytest.raises(InputError, match="damaged"):
            network_or_function(weights)
        said = changed(path, lambda _, old: old.replace(b'"use_pickle": false', b'"use_pickle": true'))
        with pytest.raises(UnsupportedError, match="is pickled Python, which is never loaded; convert it where you"):
            network_or_function(said)
    numbers = planted + bytes(-len(planted) % 4)
    network_or_function(changed(path, lambda name, old: numbers if name.endswith("weight_0") else old))
    assert not touched.exists()


def test_nothing_but_arithmetic_is_run(tmp_path: Path) -> None:
    path, touched = saved(tmp_path / "mlp.pt2", perceptron(), 1, 2), tmp_path / "touched"
    touch = f"__import__('pathlib').Path({str(touched)!r}).touch()"

    def size(graph: dict[str, Any]) -> None:
        # torch's own reader evaluates the text of a length that is left open
        for one in graph["graph"]["tensor_values"].values():
            one["sizes"][0:1] = [{"as_expr": {"expr_str": touch, "hint": {"as_int": 1}}}]

    assert isinstance(network_or_function(with_graph(path, size)), nw.Network)
    for target in (
        "torch.load",
        "torch.ops.aten.from_file.default",
        "torch.ops.aten.as_strided.default",
        "torch.ops.aten.set_.source_Storage",
        "torch.ops.aten.rand.default",
        "torch.ops.aten.__class__.mro",
        "torch.ops.aten.relu.__class__",
        "_operator.attrgetter",
        "math.factorial",
        touch,
    ):
        named = with_graph(path, lambda graph, target=target: graph["graph"]["nodes"][1].update(target=target))
        with pytest.raises(UnsupportedError, match="calls "):
            network_or_function(named)
    stack = with_graph(
        path,
        lambda graph: graph["graph"]["nodes"][1]["metadata"].update(
            nn_module_stack=f"a,\n{touch}\n,b", stack_trace=f'File "\n{touch}\n", line 3, in a'
        ),
    )
    assert isinstance(network_or_function(stack), nw.Network)
    assert not touched.exists()


def test_enormous_tensors_are_refused_before_they_are_made(tmp_path: Path) -> None:
    class Wide(torch.nn.Module):  # type: ignore[misc, unused-ignore]
        def forward(self, x: Any) -> Any:
            return x.repeat(1, 3).cumprod(1)

    def widen(graph: dict[str, Any]) -> None:
        graph["graph"]["nodes"][0]["inputs"][1]["arg"]["as_ints"] = [1, 10**9]

    with pytest.raises(LimitError, match=r"makes 2,000,000,000 numbers, at most 100,000,000 are run"):
        network_or_function(with_graph(saved(tmp_path / "wide.pt2", Wide(), 1, 2), widen))


def without(part: str) -> Callable[[str, bytes], bytes | None]:
    return lambda name, data: None if part in name else data


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (without("weight_0"), "is a damaged archive"),
        (without("weights_config"), "is a damaged archive"),
        (without("models/"), "holds no model"),
        (without("archive_format"), "its weights are pickled Python, as older versions"),
        (lambda name, data: data[:-4] if name.endswith("weight_0") else data, "is a damaged archive"),
        (lambda name, data: data[:300] if name.endswith("model.json") else data, "is a damaged archive"),
        (lambda name, data: b"[" * 100_000 if name.endswith("model.json") else data, "is a damaged archive"),
        (lambda name, data: b"big" if name.endswith("byteorder") else data, "the other order of bytes"),
    ],
)
def test_damaged_archives_are_told_of(tmp_path: Path, change: Any, message: str) -> None:
    with pytest.raises(NetwarpError, match=message) as caught:
        network_or_function(changed(saved(tmp_path / "mlp.pt2", perceptron(), 1, 2), change))
    assert "\n" not in str(caught.value)


def test_files_that_are_something_else_are_told_of(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    whole = saved(Path("mlp.pt2"), perceptron(), 1, 2).read_bytes()
    Path("cut.pt2").write_bytes(whole[: len(whole) // 2])
    with zipfile.ZipFile("text.pt2", "w") as archive:
        archive.writestr("notes/readme.txt", "a text")
    Path("plain.pt2").write_text("a text")
    for name, message in (
        ("cut.pt2", "cut.pt2"),
        ("text.pt2", "a ZIP archive of other files, not a model"),
        ("plain.pt2", "a text, not a model"),
        ("missing.pt2", "missing.pt2"),
    ):
        assert status_of(["draw", name]) == 2
        said = capsys.readouterr().err
        assert message in said
        assert len(said.strip().splitlines()) == 1
        with pytest.raises(NetwarpError):
            nw.field(name)
    assert status_of(["draw", "mlp.pt2", "--activation", "relu"]) == 2
    assert "an archive of torch.export says its activations itself" in capsys.readouterr().err


def test_what_an_archive_may_be_of(tmp_path: Path) -> None:
    class Two(torch.nn.Module):  # type: ignore[misc, unused-ignore]
        def forward(self, x: Any, y: Any) -> Any:
            return x + y

    pair = torch.export.export(Two(), (torch.zeros(1, 2), torch.zeros(1, 2)))
    torch.export.save(pair, str(tmp_path / "two.pt2"))
    with pytest.raises(UnsupportedError, match="has 2 inputs"):
        network_or_function(tmp_path / "two.pt2")
    training = saved(tmp_path / "train.pt2", perceptron().train(), 3, 2)
    with pytest.raises(UnsupportedError, match=r"was exported in training mode, in 2; call module.eval\(\)"):
        network_or_function(training)


def test_an_archive_without_torch_names_the_extra(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import sys

    path = saved(tmp_path / "mlp.pt2", perceptron(), 1, 2)
    assert len(read_archive(path).numbers) == 9
    monkeypatch.setitem(sys.modules, "torch", None)
    with pytest.raises(UnsupportedError, match=r"needs PyTorch: pip install 'netwarp\[torch\]'"):
        network_or_function(path)


class Several(torch.nn.Module):  # type: ignore[misc, unused-ignore]  # an untyped base where torch is missing
    """Scores, and the label that is the largest of them, which has no exact form."""

    def __init__(self, made: Callable[[Any], Any]) -> None:
        super().__init__()
        self.inner, self.made = perceptron(), made

    def forward(self, x: Any) -> Any:
        return self.made(self.inner(x))


@pytest.mark.parametrize(
    "made",
    [
        lambda z: (z, z.argmax(1)),
        lambda z: (z.argmax(1), z),
        lambda z: {"label": z.argmax(1), "scores": z},
        lambda z: (z, z.sort(1).values),
    ],
)
def test_an_output_that_is_not_looked_at_costs_no_exact_form(tmp_path: Path, made: Callable[[Any], Any]) -> None:
    path = saved(tmp_path / "a.pt2", Several(made).eval(), 1, 2)
    field = nw.field(path)
    points = np.random.default_rng(0).uniform(-1, 1, (40, 2))
    right = perceptron().double()(torch.from_numpy(points)).detach().numpy()
    assert abs(field.at(points) - right).max() < 1e-6
    assert len(field.tessellate()) > 1
