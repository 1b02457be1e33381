"""What a page says of a file is the file's: nothing of it comes from a Pane's defaults."""

from __future__ import annotations

import io
import json
import shlex
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

import netwarp as nw
from netwarp.cli.main import status_of
from netwarp.errors import InputError
from netwarp.explorer.address import to_address
from netwarp.explorer.downloads import download
from netwarp.explorer.opening import key_of
from netwarp.explorer.pasted import page_of
from netwarp.explorer.reading import Files, pane_of_subject, read
from netwarp.explorer.sharing import share
from netwarp.explorer.state import Page, Pane
from netwarp.explorer.work import Cancellation
from netwarp.models.files import Completion
from netwarp.orders.order import order
from netwarp.orders.subject import Subject, read_subject


def model(path: Path, outputs: int, inputs: int = 2, **more: Any) -> Path:
    """A file of eight hidden units whose lines lie around (3, -2)."""
    random = np.random.RandomState(outputs)
    W0 = random.randn(8, inputs)
    at = np.array([3.0, -2.0, *[0.0] * (inputs - 2)])
    arrays = {"W0": W0, "b0": -W0 @ at + 0.5 * random.randn(8), "W1": random.randn(outputs, 8)}
    np.savez(path, **arrays, **more)
    return path


def opened(subject: Subject) -> tuple[Files, Pane]:
    files = Files()
    return files, pane_of_subject(subject, files, None)


@pytest.mark.parametrize(
    ("outputs", "more", "act", "colour"),
    [
        (1, {"activation": "tanh"}, "tanh", "viridis"),
        (3, {}, "relu", "lab"),
        (4, {"activation": "abs"}, "abs", "viridis"),
    ],
)
def test_a_pane_of_a_file_has_what_the_file_has(
    tmp_path: Path, outputs: int, more: dict[str, str], act: str, colour: str
) -> None:
    subject = read_subject(str(model(tmp_path / "my.npz", outputs, **more)))
    files, pane = opened(subject)
    said = (pane.act, pane.norm, pane.init, pane.inputs, pane.out, pane.out_act, pane.seed, pane.colour)
    assert said == (act, "none", "none", "x y", outputs, "linear", None, colour)
    home = order(subject).raster.plane
    assert [float(getattr(pane, key)) for key in "xywh"] == [home.x, home.y, home.width, home.height]
    # what an address says in their place changes nothing, and is one network
    other = replace(pane, act="sin", norm="spatial", out=2, seed=7, inputs="x y r")
    assert read(other, files)[1] == read(pane, files)[1] == pane
    assert key_of(other) == key_of(pane)


def test_the_page_is_told_what_is_so(server: Any, tmp_path: Path) -> None:
    file = model(tmp_path / "my tanh.npz", 4, activation=np.array(["tanh"]), output_activation="sigmoid")
    (state,) = json.loads(server.request("POST", "/drop", file.read_bytes(), X_File_Name="my.npz").data)["panes"]
    with server.page() as page:
        facts = page.ask("open", pane=0, state={"arch": state["arch"]})["facts"]
        assert facts | {"home": {}} == {
            "title": "my",
            "file": "my.npz",
            "activation": "tanh",
            "inputs": "x y",
            "outputs": 4,
            "output_activation": "sigmoid",
            "seed": None,
            "changes": [],
            "y": "up",
            "home": {},
            "notes": [],
        }
        assert facts["home"] == {key: state[key] for key in "xywh"}
        assert state["out_act"] == "sigmoid"
        own = page.ask("open", pane=0, state={"arch": "conv(4) * 2", "act": "sin", "seed": 3})["facts"]
        assert (own["file"], own["activation"], own["seed"], own["y"]) == (None, "sin", 3, "down")
        assert {"arch", "act", "norm", "seed"} <= set(own["changes"])
        saw = page.ask("open", pane=0, state={"arch": "sawtooth(3)"})
        assert (saw["facts"]["file"], saw["facts"]["changes"], saw["facts"]["outputs"]) == (None, ["arch"], 1)
        assert (saw["state"]["out"], saw["state"]["seed"], saw["state"]["norm"]) == (1, None, "none")


def test_what_was_assumed_is_said(tmp_path: Path) -> None:
    from netwarp.explorer.facts import facts_of

    subject = read_subject(str(model(tmp_path / "bare.npz", 1)))
    files, pane = opened(subject)
    assert "relu is assumed" in facts_of(pane, read(pane, files)[0])["notes"][0]


VIEWS: dict[str, dict[str, Any]] = {
    "home": {},
    "inside": {"x": "2.5", "y": "-1.75", "w": "1", "h": "0.5", "colour": "gray"},
    "fitted": {"x": "3", "y": "-2", "w": "0.3", "h": "0.2", "tone": "view", "grows": "down"},
    "layer": {"show": "layer:1:channel:2"},
}


@pytest.mark.parametrize("view", VIEWS.values(), ids=VIEWS)
@pytest.mark.parametrize("outputs", [1, 3, 4])
def test_what_is_shared_of_a_file_draws_its_download(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, outputs: int, view: dict[str, Any]
) -> None:
    monkeypatch.chdir(tmp_path)
    files, pane = opened(read_subject(str(model(tmp_path / "my.npz", outputs, activation="tanh"))))
    same(Page((replace(pane, **view),)), files)


@pytest.mark.parametrize("data", [False, True])
def test_what_is_shared_of_a_completed_file_draws_the_npz_that_is_downloaded(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, data: bool
) -> None:
    monkeypatch.chdir(tmp_path)
    points = nw.Data(np.random.RandomState(0).randn(9, 3)) if data else None
    at = {"origin": np.array([3.0, -2.0, 0.5]), "u": np.eye(3)[0], "v": np.eye(3)[1]}
    completion = Completion(activation="sin", parts=at, data=points)
    subject = read_subject(str(model(tmp_path / "raw.npz", 4, 3)), completion)
    files, pane = opened(replace(subject, name="whole"))
    page = Page((pane,))
    assert pane.inputs == "a slice of 3 numbers"
    (tmp_path / "raw.npz").write_bytes(download(page, 0, "npz", (1, 1), files, Cancellation("later", 60)))
    same(page, files)
    assert ("--calibrate" in share(page, files)["cli"]) == data, "where the data are, the file itself does not say"


def same(page: Page, files: Files) -> None:
    """The shared Python and the shared command are run, and draw what the page gives to download."""
    made = download(page, 0, "png", (600, 400), files, Cancellation("later", 60))
    wanted = np.asarray(Image.open(io.BytesIO(made)))
    found = share(page, files)
    before = set(Path().glob("*.png"))
    exec(compile(found["python"], "shared", "exec"), {})
    (drawn,) = set(Path().glob("*.png")) - before
    assert np.array_equal(np.asarray(Image.open(drawn)), wanted)
    words = shlex.split(found["cli"])
    if words[0] == "netwarp":
        assert status_of([*words[1:-1], "again.png"]) == 0
        assert np.array_equal(np.asarray(Image.open("again.png")), wanted)
        assert nw.Recipe.read(drawn).y == ("down" if page.panes[0].grows == "down" else "up")


def test_a_pictures_way_of_y_comes_back(tmp_path: Path) -> None:
    file = model(tmp_path / "my.npz", 1)
    for y, grows in ((None, "auto"), ("up", "auto"), ("down", "down")):
        nw.draw(file, y=y, size=(60, 40)).picture.save(tmp_path / "it.png")
        assert opened(read_subject(str(tmp_path / "it.png")))[1].grows == grows
    assert to_address(Page((Pane(grows="up"),))).endswith("&seed=9&grows=up")


def test_an_svg_says_the_way_that_y_grows(tmp_path: Path) -> None:
    files, pane = opened(read_subject(str(model(tmp_path / "my.npz", 1))))
    up, down = (
        download(Page((replace(pane, grows=way),)), 0, "svg", (600, 400), files, Cancellation("later", 60)).decode()
        for way in ("auto", "down")
    )
    assert "y grows upwards" in up
    assert "&quot;y&quot;: &quot;up&quot;" in up or '"y": "up"' in up
    assert "y grows downwards" in down
    paths = [text[text.index("<path") :] for text in (up, down)]
    assert paths[0] != paths[1]


def test_no_text_opens_a_file_of_this_machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever reaches the page is shown no file that lies beside the server, not even that it is there."""
    monkeypatch.chdir(tmp_path)
    for name in ("secret", "folding(2)", "secret.onnx"):
        model(tmp_path / f"{name}.npz", 1)
        (tmp_path / f"{name}.npz").rename(tmp_path / name)
    for text in ("netwarp draw secret", "netwarp draw ./secret", "netwarp draw secret.onnx", "folding(2)"):
        said = []
        for there in (True, False):
            with pytest.raises(InputError) as refused:
                page_of(text.encode(), Files())
            said.append(str(refused.value))
            if there:
                monkeypatch.chdir(tmp_path.parent)
        assert said[0] == said[1], text
        monkeypatch.chdir(tmp_path)
