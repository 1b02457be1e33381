"""A decision's PNG and SVG carry a recipe, and `netwarp decision` draws them again from it, bit for bit."""

import json
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from PIL.PngImagePlugin import PngInfo

import netwarp as nw
from netwarp.cli.main import status_of
from netwarp.models.decisions.recipe import DecisionRecipe, read_recipe
from netwarp.picture import pngtext

CLASSES = ["2", "1", "0"]  # names that numbers of other classes have


@pytest.fixture(autouse=True)
def _folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    rng = np.random.RandomState(5)
    for name in ("one", "two"):
        np.savez(f"{name}.npz", W0=rng.normal(size=(9, 2)), b0=rng.normal(size=9), W1=rng.normal(size=(3, 9)))
    X = rng.normal(size=(40, 2))
    np.savez("data.npz", X=X, y=X[:, 0].round().clip(0, 2).astype(int))


def network(name: str = "one") -> nw.Network:
    return nw.Network.load(f"{name}.npz", activation="relu")


def again(*arguments: str) -> None:
    assert status_of(["decision", *arguments]) == 0


@pytest.mark.parametrize("ending", ["png", "svg"])
@pytest.mark.parametrize(
    "arguments",
    [
        ("one.npz",),
        ("one.npz", "--data", "data.npz", "--one-class", "1"),
        ("one.npz", "two.npz", "--size", "120x90"),
        ("conv(6) * 2", "--seed", "3", "--size", "90x60", "--calibrate", "60x40"),
        ("one.npz", "--origin", "1,0", "--u", "0,2", "--v", "1,1", "--engine", "native", "--size", "60x40"),
    ],
)
def test_a_picture_is_drawn_again_bit_for_bit(arguments: tuple[str, ...], ending: str) -> None:
    again(*arguments, "--out", f"a.{ending}")
    again(f"a.{ending}", "--out", f"b.{ending}")
    assert Path(f"a.{ending}").read_bytes() == Path(f"b.{ending}").read_bytes()
    recipe = read_recipe(f"a.{ending}")
    assert recipe is not None
    assert recipe.models[0].name == ("one" if "one.npz" in arguments else "conv6x2")


def test_a_picture_of_python_is_drawn_again_with_its_look() -> None:
    data = np.load("data.npz")
    field = network().calibrate()
    found = nw.decision(field, X=data["X"], y=np.array(CLASSES)[data["y"]], classes=CLASSES, one_class="0")
    found.paint(margin=False, axes=False).save("flat.png")
    Path("shaded.svg").write_text(found.svg(margin=True), encoding="ascii")
    for name in ("flat.png", "shaded.svg"):
        again(name, "--out", f"again-{name}")
        assert Path(name).read_bytes() == Path(f"again-{name}").read_bytes()
    # the other kind of picture has its own look
    again("flat.png", "--out", "again.svg")
    found.save("usual.svg")
    assert Path("again.svg").read_text(encoding="ascii").count("<path") == found.svg().count("<path")


def test_a_layer_and_a_function() -> None:
    nw.decision(nw.Network.draw(nw.parse("conv(3) * 3"), seed=1).calibrate().after(2), size=(60, 40)).save("layer.png")
    again("layer.png", "--out", "again.png")
    assert Path("layer.png").read_bytes() == Path("again.png").read_bytes()


def test_options_take_the_place_of_what_the_recipe_says(capsys: pytest.CaptureFixture[str]) -> None:
    again("one.npz", "--data", "data.npz", "--out", "a.png")
    capsys.readouterr()
    again("a.png", "--size", "300x100", "--classes", "x,y,z", "--one-class", "y", "--json")
    found = json.loads(capsys.readouterr().out)
    assert found["classes"] == ["y", "rest"]
    recipe = found["recipe"]["decision"]
    assert (recipe["size"], recipe["classes"], recipe["one_class"]) == ([300, 100], ["x", "y", "z"], "y")
    # pixels are square, and all that was seen still is
    _, _, width, height = recipe["plane"]
    assert width == pytest.approx(3 * height)
    assert "npz" not in recipe["points"]
    assert "npz" not in recipe["models"][0]["weights"]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("decision", "a.png", "--seed", "3", "--u", "1,2"), "--seed, --u: the recipe of 'a.png' says it"),
        (("draw", "a.png"), "file 'a.png': recipe of a decision, which `netwarp decision` draws again"),
        (("draw", "a.svg"), "`netwarp decision` draws again"),
        (("decision", "called.png"), "was drawn from a function that no recipe says; call nw.decision on it again"),
        (("decision", "many.png"), "file 'many.png': its points are too many to travel in it; give them again"),
        (("decision", "wrong.png"), "file 'wrong.png': recipe points: must be X (n, 2) and y (n,)"),
        (("decision", "plain.png"), "carries no recipe"),
    ],
)
def test_what_cannot_be_drawn_again_says_so_in_one_line(
    arguments: tuple[str, ...], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    data = np.load("data.npz")
    found = nw.decision(network(), X=data["X"], y=data["y"], size=(30, 30))
    for name in ("a.png", "a.svg"):
        found.save(name)
    nw.decision(nw.field(lambda points: points, size=(30, 30)), size=(30, 30)).save("called.png")
    nw.decision(network(), X=np.random.RandomState(0).normal(size=(80_000, 2)), size=(30, 30)).save("many.png")
    wrong = nw.decision(network(), X=data["X"], y=data["y"], size=(30, 30)).asked
    assert wrong is not None
    assert wrong.points is not None
    wrong.points.labels[0] = 7
    recipe = DecisionRecipe.of(wrong, ("", ""))
    text = PngInfo()
    text.add_itxt("netwarp", recipe.to_json())
    Image.new("RGB", (3, 3)).save("wrong.png", pnginfo=text)
    Image.new("RGB", (3, 3)).save("plain.png")
    assert status_of(list(arguments)) == 2
    err = capsys.readouterr().err
    assert said in err
    assert err.count("\n") == 1


def test_large_weights_are_named_and_found_beside_the_picture(capsys: pytest.CaptureFixture[str]) -> None:
    rng = np.random.RandomState(0)
    np.savez("large.npz", W0=rng.normal(size=(400, 2)), W1=rng.normal(size=(400, 400)), W2=rng.normal(size=(2, 400)))
    arguments = ("--plane", "-.01,.01,-.01,.01", "--engine", "native", "--size", "40x40")
    again("large.npz", *arguments, "--out", "a.png")
    assert len(pngtext.read_text("a.png", "netwarp") or "") < 2000
    again("a.png", "--out", "b.png")
    assert Path("a.png").read_bytes() == Path("b.png").read_bytes()
    Path("large.npz").unlink()
    assert status_of(["decision", "a.png"]) == 2
    assert "put 'large.npz' beside it" in capsys.readouterr().err


@pytest.mark.parametrize("text", ['{"decision": 3}', '{"decision": {"models": []}}', "[", '{"decision": {}}'])
def test_a_damaged_recipe_is_one_line(text: str, capsys: pytest.CaptureFixture[str]) -> None:
    info = PngInfo()
    info.add_itxt("netwarp", text)
    Image.new("RGB", (3, 3)).save("a.png", pnginfo=info)
    assert status_of(["decision", "a.png"]) == 2
    err = capsys.readouterr().err
    assert err.startswith("netwarp: file 'a.png': recipe of a decision")
    assert err.count("\n") == 1
