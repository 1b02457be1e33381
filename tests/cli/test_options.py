"""The options of a subject and of a view are declared once, and every command that takes them has all of them."""

import ast
import inspect
import json
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Annotated, Any, ClassVar, get_args

import numpy as np
import pytest
import typer
from PIL import Image

import netwarp.cli
from netwarp.cli.groups import grouped
from netwarp.cli.main import application, status_of
from netwarp.cli.options import ChangeOptions, FileOptions, ViewOptions
from netwarp.explorer import pasted
from netwarp.orders.subject import change

# an option of one name that is another thing: a list, a file or a folder, several seeds
OTHERS = {
    "atlas": {"act", "scale", "shift"},
    "breed": {"out", "seed"},
    "decision": {"out"},
    "draw": {"depth", "out", "seed"},
    "figure": {"out", "seed"},
    "film": {"out", "seed"},
    "gallery": {"out"},
    "poster": {"depth", "out", "preview", "profile"},
    "site": {"out"},
}

Size = Annotated[str, typer.Option("--size")]
Act = Annotated[str | None, typer.Option("--act")]


@dataclass(frozen=True)
class Inner:
    act: Act = None
    PANEL: ClassVar[str] = "Changes"


@dataclass(frozen=True)
class Outer:
    inner: Inner
    size: Size = "1x1"


def signature(name: str) -> dict[str, inspect.Parameter]:
    """The options of a command as typer sees them."""
    (run,) = (one.callback for one in application().registered_commands if one.name == name)
    assert run is not None
    return dict(inspect.signature(run).parameters)


def test_a_group_stands_as_its_fields_and_is_made_of_what_is_read() -> None:
    def run(outer: Outer, json: Annotated[bool, typer.Option("--json")] = False) -> tuple[Any, bool]:
        return outer, json

    command = grouped(run)
    assert [(one.name, one.default) for one in inspect.signature(command).parameters.values()] == [
        ("size", "1x1"),
        ("json", False),
        ("act", None),  # options of a panel come last
    ]
    assert command(act="sin", size="3x2", json=True) == (Outer(Inner("sin"), "3x2"), True)


def test_a_default_of_the_parameter_is_that_of_the_option() -> None:
    def run(view: ViewOptions = ViewOptions(size="8x8")) -> ViewOptions:
        return view

    assert inspect.signature(grouped(run)).parameters["size"].default == "8x8"
    assert signature("measure")["size"].default == "256x256"
    assert signature("draw")["size"].default is None


def test_who_takes_a_subject_takes_all_of_its_options() -> None:
    changes, file = ({one.name for one in fields(group)} for group in (ChangeOptions, FileOptions))
    for name in ("draw", "explore", "info", "measure", "regions"):
        assert changes | file | {"arch"} <= set(signature(name)), name
    assert changes <= set(signature("compare"))


def test_an_option_is_the_same_in_every_command() -> None:
    seen: dict[str, Any] = {}
    for command in application().registered_commands:
        assert command.name is not None
        for name, parameter in signature(command.name).items():
            if name in OTHERS.get(command.name, ()) or name == "arch":
                continue
            said = get_args(parameter.annotation)[1]
            assert seen.setdefault(name, said.help) == said.help, f"{command.name} {name}"
    assert {"act", "activation", "size", "plane", "calibrate", "seed", "seeds", "csv", "json"} <= set(seen)


@pytest.mark.parametrize("command", ["draw", "measure", "regions"])
def test_plain_weights_are_completed_by_every_command(
    command: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    r = np.random.RandomState(3)
    np.savez("w.npz", W0=r.randn(6, 3), b0=r.randn(6), W1=r.randn(1, 6), b1=r.randn(1))
    rest = {"measure": ["--measures", "total_variation", "--size", "24x16"], "draw": ["--size", "12x8"]}

    def found(*words: str) -> str:
        assert status_of([command, "w.npz", *rest.get(command, []), *words, "--json"]) == 0
        told = json.loads(capsys.readouterr().out)
        return str(
            told["boundary_length"]
            if command == "regions"
            else told["measures"]
            if command == "measure"
            else np.asarray(Image.open(told["file"])).tolist()  # the recipe says too what was assumed
        )

    plane = ["--origin", "0,0,1", "--u", "1,0,0", "--v", "0,1,0"]
    tilted = [*plane[:-1], "0,1,2"]
    assert found(*plane) == found(*plane, "--activation", "relu") != found(*plane, "--activation", "hardtanh")
    assert found(*plane) != found(*tilted)
    assert status_of([command, "w.npz"]) == 2  # three inputs and no slice of them
    assert status_of([command, "vgg", "--activation", "relu"]) == 2
    assert "--activation: only for the file of a model" in capsys.readouterr().err


def test_a_picture_of_completed_weights_is_drawn_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    np.savez("w.npz", W0=np.eye(2), b0=np.zeros(2), W1=np.ones((1, 2)), b1=np.zeros(1))
    assert status_of(["draw", "w.npz", "--activation", "sin(3)", "--size", "12x8", "-o", "a.png"]) == 0
    assert status_of(["draw", "a.png", "-o", "b.png"]) == 0
    assert Path("a.png").read_bytes() == Path("b.png").read_bytes()


def test_no_function_takes_a_long_row_of_things_by_position() -> None:
    """In the rooms between the command line and the library: more than four go by name, and 13 are the most."""
    house = Path(next(iter(netwarp.cli.__path__))).parent
    trees = {
        path: list(ast.walk(ast.parse(path.read_text())))
        for room in ("cli", "orders", "study")
        for path in sorted((house / room).glob("*.py"))
    }
    functions = [(path, one) for path, nodes in trees.items() for one in nodes if isinstance(one, ast.FunctionDef)]
    rows = {one.name for _, one in functions if one.args.vararg is not None}  # of any number of the same
    found = [
        f"{path.name}: {one.name} takes {count}"
        for path, one in functions
        if (count := len(one.args.args) + len(one.args.kwonlyargs)) > 13
    ]
    found += [
        f"{path.name}:{one.lineno}: {len(one.args)} by position"
        for path, nodes in trees.items()
        for one in nodes
        if isinstance(one, ast.Call) and len(one.args) > 4 and getattr(one.func, "id", "") not in rows
    ]
    assert len(functions) > 200
    assert found == []


def test_every_command_says_what_is_assumed(capsys: pytest.CaptureFixture[str], monkeypatch, tmp_path) -> None:  # type: ignore[no-untyped-def]
    monkeypatch.chdir(tmp_path)
    np.savez("w.npz", W0=np.eye(2), W1=np.ones((1, 2)))
    for words in (["draw", "--size", "8x8", "-o", "a.png"], ["regions"], ["measure", "--size", "16x16"]):
        assert status_of([words[0], "w.npz", *words[1:]]) == 0
        assert "relu is assumed after every layer but the last" in capsys.readouterr().err
        assert status_of([words[0], "w.npz", *words[1:], "--activation", "ReLU"]) == 0
        assert "assumed" not in capsys.readouterr().err


def test_what_the_explorer_reads_of_a_pasted_command_are_options_of_draw() -> None:
    group: Any = typer.main.get_command(application())
    flags = {flag for one in group.commands["draw"].params for flag in one.opts}
    assert set(pasted.CHANGES) | set(pasted.SILENT) <= flags
    assert set(pasted.CHANGES.values()) <= set(inspect.signature(change).parameters)


def test_a_slice_of_data_is_where_every_command_looks(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    r = np.random.RandomState(3)
    np.savez("w.npz", W0=r.randn(6, 3), W1=r.randn(1, 6), activation="relu")
    Path("d.csv").write_text("a,b,c,class\n" + "\n".join(f"{i % 7},{-i},{i * i % 11},{i % 2}" for i in range(20)))
    plane = ["--slice", "features(a, b, at=median)".replace("a, b", "'a', 'b'"), "--data", "d.csv"]
    assert status_of(["regions", "w.npz", *plane, "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert np.allclose(told["rectangle"], [3 - 3.3, 3 + 3.3, -9.5 - 10.45, -9.5 + 10.45])
    assert status_of(["draw", "w.npz", *plane, "--size", "12x8", "--json", "-o", "a.png"]) == 0
    told = json.loads(capsys.readouterr().out)
    # the smallest plane of the picture's proportions that holds the rectangle
    assert np.allclose(told["plane"], [3, -9.5, 20.9 * 12 / 8, 20.9])
    # the picture has the slice's origin, u and v, and is drawn again from itself
    assert status_of(["draw", "a.png", "--json", "-o", "b.png"]) == 0
    assert Path("a.png").read_bytes() == Path("b.png").read_bytes()
    assert status_of(["measure", "w.npz", *plane, "--size", "16x16", "--measures", "total_variation", "--json"]) == 0


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (
            ["w.npz"],
            "3 inputs are a slice origin + x u + y v of their space, as --slice 'features(0, 1, at=(0, 0, 0))' says",
        ),
        (["w.npz", "--slice", "features(0, 1)"], "features at=median: needs the data"),
        (["w.npz", "--slice", "features(x0, x2)", "--data", "d.csv"], "a column is named in quotes, as in 'x0'"),
        (["w.npz", "--slice", "pca()"], "pca: needs the data; add --data FILE"),
        (["w.npz", "--slice", "pca(", "--data", "d.csv"], "never closed"),
        (["w.npz", "--data", "missing.csv"], "data 'missing.csv': no such file"),
        (["w.npz", "--label", "a"], "--label 'a': is a column of --data FILE"),
        (
            ["w.npz", "--slice", "pca()", "--data", "d.csv", "--u", "1,0,0"],
            "--slice: says the whole plane; leave out --u",
        ),
        (["two.npz", "--data", "d.csv"], "--data: 3 features, and a picture has two"),
        (["vgg", "--data", "d.csv"], "--data: 3 features, and a picture has two"),
        (["vgg", "--slice", "pca()", "--data", "d.csv"], "--slice: only for the file of a model"),
    ],
)
def test_slices_that_cannot_be_are_one_line(
    words: list[str], message: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    np.savez("w.npz", W0=np.ones((6, 3)), W1=np.ones((1, 6)))
    np.savez("two.npz", W0=np.ones((6, 2)), W1=np.ones((1, 6)))
    Path("d.csv").write_text("1,2,3\n4,5,7\n6,0,1\n")
    assert status_of(["regions", *words]) == 2
    said = capsys.readouterr()
    assert message in said.err
    assert "Traceback" not in said.err


def test_several_activations_are_named_with_commas(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    r = np.random.RandomState(3)
    np.savez("w.npz", W0=r.randn(6, 2), b0=r.randn(6), W1=r.randn(5, 6), b1=r.randn(5), W2=r.randn(1, 5))
    counts = []
    for activation in ("relu", "relu, relu", "relu,hardtanh", "hardtanh,abs"):
        assert status_of(["regions", "w.npz", "--activation", activation, "--json"]) == 0
        counts.append(json.loads(capsys.readouterr().out)["linear_regions"])
    assert counts[0] == counts[1]
    assert len(set(counts)) == 3
    assert status_of(["regions", "w.npz", "--activation", "relu,relu,relu,relu"]) == 2
    assert "4 activations of 3 layers; give one, or 2" in capsys.readouterr().err


def test_the_points_of_a_slice_are_marked_on_the_picture_and_travel_in_it(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    r = np.random.RandomState(3)
    np.savez("w.npz", W0=r.randn(6, 3), W1=r.randn(1, 6), activation="relu")
    plane = ["--slice", "through((0, 0, 0), (3, 4, 0), (0, 0, 2))"]
    words = ["--size", "60x40", "--plane", "-8,8,-8,8", "-o"]
    assert status_of(["draw", "w.npz", *plane, *words, "a.png", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["recipe"]["marks"] == [[0, 0], [5, 0], [0, 2]]
    assert status_of(["draw", "a.png", "-o", "b.png"]) == 0
    assert Path("a.png").read_bytes() == Path("b.png").read_bytes()
    by_hand = ["--origin", "0,0,0", "--u", "0.6,0.8,0", "--v", "0,0,1"]
    assert status_of(["draw", "w.npz", *by_hand, "--calibrate", "-0.25,5.25,-0.1,2.1", *words, "c.png"]) == 0
    with_rings, without = (np.asarray(Image.open(name)) for name in ("a.png", "c.png"))
    assert 50 < (with_rings != without).any(axis=2).sum() < 400
