"""`netwarp decision` from the command line to the files, and its exit statuses."""

import json
import re
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from netwarp.cli.main import status_of


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


def test_data_of_two_columns_are_inputs_of_a_slice_of_two_inputs(capsys: pytest.CaptureFixture[str]) -> None:
    Path("points.csv").write_text("a,b,class\n10,10,0\n13,14,1\n11,10,2\n")
    found = told(capsys, "three.npz", "--slice", "through(0, 1, 2)", "--data", "points.csv")
    # on the plane they are (0, 0), (5, 0) and, 3/5 along and 4/5 across, (0.6, 0.8); each side is a tenth longer
    assert found["plane"] == pytest.approx([-0.25, 5.25, -0.04, 0.84])
    assert found["points"] == {"count": 3, "outside": 0}
