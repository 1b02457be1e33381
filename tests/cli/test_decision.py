"""`netwarp decision` from the command line to the files, and its exit statuses."""

import json
import re
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

import netwarp as nw
from netwarp.cli.main import status_of
from netwarp.models.decisions.recipe import read_recipe
from netwarp.network.lower import lower
from netwarp.network.source import Graph


@pytest.fixture(autouse=True)
def _folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    np.savez("three.npz", W0=[[1.0, 0.0], [0.0, 1.0], [-1.0, -1.0]], b0=np.zeros(3))
    np.savez("half.npz", W0=[[1.0, 0.0]], b0=[0.25])
    np.savez("other.npz", W0=[[0.0, 1.0]], b0=[0.0])


SQUARE = ("--plane", "-1,1,-1,1")


def run(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    """Standard output of a command line that must succeed."""
    status = status_of(["decision", *arguments])
    said = capsys.readouterr()
    assert status == 0, said.err
    return said.out


def told(capsys: pytest.CaptureFixture[str], *arguments: str) -> dict:
    return json.loads(run(capsys, *arguments, "--json"))


def test_one_json_object_with_everything(capsys: pytest.CaptureFixture[str]) -> None:
    found = told(capsys, "three.npz", *SQUARE, "--classes", "right,up,left")
    assert found["classes"] == ["right", "up", "left"]
    assert found["areas"] == pytest.approx([1.25, 1.25, 1.5])
    assert found["share"] == pytest.approx([0.3125, 0.3125, 0.375])
    assert found["pieces"] == [1, 1, 1]
    assert found["boundary"]["right | up"] == [[[1.0, 1.0], [0.0, 0.0]]]
    assert sorted(found["boundary"]) == ["right | left", "right | up", "up | left"]
    assert (found["ties"], found["exact"], found["resolution"], found["threshold"]) == ([], True, None, None)
    assert found["plane"] == [-1.0, 1.0, -1.0, 1.0]


def test_a_pipe_gets_tables_and_the_file(capsys: pytest.CaptureFixture[str]) -> None:
    lines = run(capsys, "half.npz", *SQUARE, "--out", "half.png", "--size", "120x120").splitlines()
    assert lines == [
        "0 37.5%, 1 62.5% of the plane (exact)",
        "class\tarea\tshare\tpieces",
        "0\t1.5\t37.5%\t1",
        "1\t2.5\t62.5%\t1",
        "boundary\tlength\tlines",
        "0 | 1\t2\t1",
        "half.png",
    ]
    with Image.open("half.png") as image:
        assert image.size[0] > 120


def test_the_data_are_drawn_and_are_the_home(capsys: pytest.CaptureFixture[str]) -> None:
    Path("points.csv").write_text("a,b,species\n0,0,cat\n10,0,dog\n10,20,owl\n0,20,cat\n", encoding="utf-8")
    found = told(capsys, "three.npz", "--data", "points.csv")
    assert found["classes"] == ["cat", "dog", "owl"]
    assert found["plane"] == pytest.approx([-0.5, 10.5, -1, 21])
    assert found["points"] == {"count": 4, "outside": 0}
    assert told(capsys, "three.npz", "--data", "points.csv", *SQUARE)["points"] == {"count": 4, "outside": 3}
    # square pixels: the plane grows to the picture's proportions
    assert told(capsys, "three.npz", "--data", "points.csv", "--size", "100x100")["plane"] == pytest.approx(
        [-6, 16, -1, 21]
    )


def test_a_threshold_and_one_class(capsys: pytest.CaptureFixture[str]) -> None:
    assert told(capsys, "half.npz", *SQUARE, "--threshold", "0.75")["areas"] == pytest.approx([3.0, 1.0])
    found = told(capsys, "three.npz", *SQUARE, "--one-class", "2")
    assert (found["classes"], found["areas"]) == (["2", "rest"], pytest.approx([1.5, 2.5]))


def test_several_files_say_how_far_they_agree(capsys: pytest.CaptureFixture[str]) -> None:
    np.savez("half.npz", W0=[[1.0, 0.0]], b0=[0.0])
    found = told(capsys, "half.npz", "other.npz", *SQUARE)
    assert found["agreement"] == pytest.approx(0.5)
    assert found["matrix"] == [[1.0, pytest.approx(0.5)], [pytest.approx(0.5), 1.0]]
    assert found["iou"]["1"][0][1] == pytest.approx(1 / 3)
    lines = run(capsys, "half.npz", "other.npz", *SQUARE, "--out", "both.svg").splitlines()
    assert lines == [
        "2 models agree on 50.00% of the plane (exact)",
        "models\tagree\tIoU 0\tIoU 1",
        "half, other\t0.5000\t0.3333\t0.3333",
        "both.svg",
    ]
    run(capsys, "half.npz", "other.npz", *SQUARE, "--out", "both.json")
    assert json.loads(Path("both.json").read_text(encoding="utf-8")) == found


def test_a_smooth_network_is_sampled_and_it_is_said(capsys: pytest.CaptureFixture[str]) -> None:
    assert status_of(["decision", "conv(4)", "--act", "tanh", "--size", "60x40", "--json"]) == 0
    said = capsys.readouterr()
    assert "sampled: layer 1 (path 0): the smooth activation tanh" in said.err
    found = json.loads(said.out)
    assert (found["exact"], found["resolution"]) == (False, [60, 40])
    assert found["note"].startswith("layer 1")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["absent.npz"], "no such file"),
        (["half.npz", "--threshold", "high"], "--threshold 'high': needs a finite number"),
        (["three.npz", "--threshold", "0.5"], "decision threshold=0.5: for one output"),
        (["three.npz", "--one-class", "owl"], "decision one_class='owl': must be one of 0, 1, 2"),
        (["three.npz", "--one-class", "7"], "decision one_class='7': must be one of 0, 1, 2"),
        (["half.npz", "other.npz", "--one-class", "0"], "--one-class: for one model"),
        (["half.npz", "three.npz"], "agreement models: of 2, 3 classes; all must have as many"),
        (["three.npz", "--classes", "a,b"], "decision classes: 2 items, 3 are needed"),
        (["three.npz", "--classes", "a,a,b"], "decision classes: 'a' is there twice"),
        (["three.npz", "--out", "a.gif"], "--out 'a.gif': must end in one of .png, .svg, .json"),
        (["three.npz", "--out", "nowhere/a.png"], "the folder 'nowhere' does not exist"),
        (["three.npz", "--data", "half.npz"], "is a network, not a data set"),
        (["three.npz", "--data", "absent.csv"], "no such file"),
        (["conv(4)", "--act", "tanh", "--engine", "exact"], "the smooth activation tanh makes no flat regions"),
        (["three.npz", "--engine", "magic"], "--engine 'magic': must be one of"),
    ],
)
def test_what_is_wrong_is_one_line(capsys: pytest.CaptureFixture[str], arguments: list[str], message: str) -> None:
    assert status_of(["decision", *arguments]) == 2
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err.startswith("netwarp: ")
    assert message in said.err
    assert said.err.count("\n") == 1


def test_classes_of_the_data_that_are_not_the_models_are_refused(capsys: pytest.CaptureFixture[str]) -> None:
    Path("points.csv").write_text("a,b,species\n0,0,cat\n1,2,dog\n", encoding="utf-8")
    assert status_of(["decision", "three.npz", "--data", "points.csv"]) == 2
    assert "--data: its rows are of 2 classes, and the model's outputs of 3" in capsys.readouterr().err


@pytest.mark.parametrize(("labels", "names"), [("132", ["1", "2", "3"]), ("594", ["4", "5", "9"])])
def test_as_many_numbers_as_outputs_are_the_classes_in_order(
    capsys: pytest.CaptureFixture[str], labels: str, names: list[str]
) -> None:
    rows = list(zip(((1, 0), (-1, -1), (0, 1)), labels, strict=True))
    Path("points.csv").write_text("a,b,class\n" + "".join(f"{x},{y},{label}\n" for (x, y), label in rows))
    for given, shown in (((), names), (("--classes", "x,y,z"), ["x", "y", "z"])):
        found = told(capsys, "three.npz", "--data", "points.csv", "--out", "a.png", *given)
        assert found["classes"] == shown
        recipe = read_recipe("a.png")
        assert recipe is not None
        points = recipe.points()
        assert points is not None
        assert points.labels is not None
        assert points.labels.tolist() == [sorted(labels).index(label) for label in labels]
        again = told(capsys, "a.png", "--data", "points.csv", *given)
        assert (again["classes"], again["areas"]) == (shown, found["areas"])


def test_numbers_that_are_not_as_many_as_outputs_are_told(capsys: pytest.CaptureFixture[str]) -> None:
    Path("points.csv").write_text("a,b,class\n0,0,5\n1,2,7\n", encoding="utf-8")
    assert status_of(["decision", "three.npz", "--data", "points.csv"]) == 2
    said = capsys.readouterr().err
    assert "--data: its rows are of 2 classes, numbered 5 to 7, and the model's outputs of 3" in said


def test_the_axes_are_called_as_the_features_are(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    random = np.random.RandomState(2)
    np.savez("w.npz", W0=random.randn(5, 3), W1=random.randn(2, 5), activation="relu")
    rows = "\n".join(f"{a},{a * a},{-a},{a % 2}" for a in range(8))
    Path("d.csv").write_text(f"length,width,depth,class\n{rows}\n")
    plane = ["--data", "d.csv", "--slice", "features('depth', 'length')"]
    assert status_of(["decision", "w.npz", *plane, "--size", "60x40", "--out", "a.svg"]) == 0
    drawn = Path("a.svg").read_text()
    assert "depth" in drawn
    assert "length" in drawn
    assert "width" not in re.findall(r">([^<>]+)<", drawn)


@pytest.mark.parametrize("ending", ["png", "svg"])
def test_a_picture_of_a_slice_with_data_is_drawn_again_byte_for_byte(ending: str) -> None:
    rng = np.random.default_rng(1)
    weights = {"W0": rng.standard_normal((8, 3)), "W1": rng.standard_normal((3, 8))}
    np.savez("w.npz", b0=np.zeros(8), b1=np.zeros(3), **weights)
    rows = "\n".join(f"{x},{y},{z},{i % 3}" for i, (x, y, z) in enumerate(rng.standard_normal((20, 3)).tolist()))
    Path("d.csv").write_text(f"a,b,c,class\n{rows}\n")
    given = ["w.npz", "--data", "d.csv", "--slice", "features(0, 2)", "--size", "60x40"]
    assert status_of(["decision", *given, "--out", f"one.{ending}"]) == 0
    assert status_of(["decision", f"one.{ending}", "--out", f"two.{ending}"]) == 0
    assert Path(f"one.{ending}").read_bytes() == Path(f"two.{ending}").read_bytes()


def test_data_of_two_columns_are_inputs_of_a_slice_of_two_inputs(capsys: pytest.CaptureFixture[str]) -> None:
    Path("points.csv").write_text("a,b,class\n10,10,0\n13,14,1\n11,10,2\n")
    found = told(capsys, "three.npz", "--slice", "through(0, 1, 2)", "--data", "points.csv")
    # on the plane they are (0, 0), (5, 0) and, 3/5 along and 4/5 across, (0.6, 0.8); each side is a tenth longer
    assert found["plane"] == pytest.approx([-0.25, 5.25, -0.04, 0.84])
    assert found["points"] == {"count": 3, "outside": 0}


def test_data_lie_on_the_slice_of_a_file_that_keeps_it_in_its_program(capsys: pytest.CaptureFixture[str]) -> None:
    # the plane's point (x, y) is the input (1, 2 x, 3, y + 4): a row's place is (its second / 2, its last - 4)
    inputs = {"origin": np.array([1.0, 0, 3, 4]), "u": 2 * np.eye(4)[1], "v": np.eye(4)[3]}
    plain = nw.Network.of_arrays({"W0": np.eye(3, 4)[[1, 0, 2]], **inputs})
    nw.Network(Graph(lower(plain))).save("whole.npz")
    rows = "a,b,c,d,class\n9,2,9,5,0\n9,8,9,5,1\n9,2,9,9,2\n"
    Path("wide.csv").write_text(rows, encoding="utf-8")
    found = told(capsys, "whole.npz", "--data", "wide.csv", "--out", "a.svg")
    assert found["points"] == {"count": 3, "outside": 0}
    assert found["plane"] == pytest.approx([0.85, 4.15, 0.8, 5.2])
    assert "1 = 2 of input 1" in Path("a.svg").read_text(encoding="utf-8")
    again = told(capsys, "a.svg", "--data", "wide.csv")
    assert (again["points"], again["areas"]) == (found["points"], pytest.approx(found["areas"]))
    assert told(capsys, "whole.npz", "whole.npz", "--data", "wide.csv")["plane"] == found["plane"]
    X = np.array([[9, 2, 9, 5], [9, 8, 9, 5], [9, 2, 9, 9]])
    assert nw.decision("whole.npz", X=X).points.places.tolist() == [[1, 1], [4, 1], [1, 5]]


def test_y_is_an_option_and_travels_in_the_recipe(capsys: pytest.CaptureFixture[str]) -> None:
    for ending in ("png", "svg"):
        run(capsys, "three.npz", *SQUARE, "-o", f"up.{ending}", "--size", "90x90")
        run(capsys, "three.npz", *SQUARE, "-o", f"down.{ending}", "--size", "90x90", "--y", "down")
        assert Path(f"up.{ending}").read_bytes() != Path(f"down.{ending}").read_bytes()
        run(capsys, f"down.{ending}", "-o", f"again.{ending}")
        assert Path(f"again.{ending}").read_bytes() == Path(f"down.{ending}").read_bytes()
        run(capsys, f"down.{ending}", "-o", f"turned.{ending}", "--y", "up")
        assert Path(f"turned.{ending}").read_bytes() == Path(f"up.{ending}").read_bytes()
    run(capsys, "down.png", "-o", "other.svg")  # another kind of picture, the same way up
    assert Path("other.svg").read_bytes() == Path("down.svg").read_bytes()
    assert status_of(["decision", "three.npz", "--y", "left"]) == 2
    assert "--y='left': must be down or up" in capsys.readouterr().err


def test_the_unit_square_is_told_only_where_no_plane_is_given(capsys: pytest.CaptureFixture[str]) -> None:
    for words, said in (((), True), (SQUARE, False)):
        assert status_of(["decision", "half.npz", *words]) == 0
        assert ("at the unit square" in capsys.readouterr().err) is said
