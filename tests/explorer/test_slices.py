"""Models of more than two inputs: the plane of their inputs that a pane looks at, and every form of it."""

from __future__ import annotations

import io
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
from netwarp.explorer.address import from_address, to_address
from netwarp.explorer.downloads import download
from netwarp.explorer.opening import key_of, open_pane
from netwarp.explorer.reading import Files, StateError, pane_of_subject, read
from netwarp.explorer.sharing import share
from netwarp.explorer.state import Page, Pane
from netwarp.explorer.work import Cancellation
from netwarp.models.files import Completion
from netwarp.models.slice_text import read_slice
from netwarp.models.sliced import first_slice
from netwarp.orders.subject import read_subject

RANDOM = np.random.RandomState(8)
W0, B0, W1 = RANDOM.randn(9, 4), RANDOM.randn(9), RANDOM.randn(3, 9)
ROWS = RANDOM.randn(40, 4) + np.arange(4)
DATA = nw.Data(ROWS, RANDOM.randint(0, 3, 40), names=("a", "b", "c", "d"))
AT = "features(0, 3, at=(0, 0.5, -1, 0))"


def right(rows: np.ndarray) -> np.ndarray:
    return np.asarray(np.maximum(rows @ W0.T + B0, 0) @ W1.T)


@pytest.fixture
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    np.savez(tmp_path / "net.npz", W0=W0, b0=B0, W1=W1)
    return tmp_path / "net.npz"


def opened(file: Path, data: nw.Data | None = None) -> tuple[Files, Pane]:
    files = Files(data=data)
    completion = Completion(data=data, first=lambda shape: first_slice(shape, data))
    return files, pane_of_subject(read_subject(str(file), completion), files, None)


def cancel() -> Cancellation:
    return Cancellation("later", 60)


def test_a_file_of_more_inputs_begins_on_a_plane_and_says_so(file: Path) -> None:
    with pytest.raises(InputError, match="4 inputs are a slice"):
        read_subject(str(file))
    files, pane = opened(file)
    assert pane.slice == "features(0, 1, at=(0, 0, 0, 0))"
    subject = read(pane, files)[0]
    assert "net: has 4 inputs; one plane of them is shown, --slice says another" in subject.notes()
    moved = read(replace(pane, slice=AT), files)[0]
    assert not any("4 inputs" in note for note in moved.notes())


@pytest.mark.parametrize(
    "text",
    [AT, "through((0, 0, 0, 1), (1, 0, 0, 1), (0, 1, 2, 1))", "around((0, 0, 0, 1), radius=2, seed=5)", "pca()"],
)
def test_the_picture_follows_the_plane(file: Path, text: str) -> None:
    files, pane = opened(file, DATA)
    before, after = open_pane(pane, files, cancel()), open_pane(replace(pane, slice=f" {text} "), files, cancel())
    assert after.pane.slice == text, "as it is read"
    at = read_slice(text, DATA)
    xy = RANDOM.randn(9, 2)
    assert np.allclose(after.field.at(xy), right(at.points(xy)), rtol=1e-12, atol=1e-12)
    assert not np.allclose(after.field.at(xy), before.field.at(xy))
    assert key_of(after.pane) != key_of(before.pane)
    assert after.slice is not None
    assert after.slice["axes"] == list(at.scales)
    assert (after.scene.points is None) == (before.scene.points is None) is False
    assert np.allclose(after.scene.points.places, at.project(ROWS))  # type: ignore[union-attr]


def test_what_the_page_may_choose_from(file: Path) -> None:
    files, pane = opened(file, DATA)
    said = open_pane(pane, files, cancel()).slice
    assert said is not None
    assert (said["text"], said["names"], said["along"]) == ("features(0, 1)", ["a", "b", "c", "d"], [0, 1])
    assert np.allclose(said["at"], np.median(ROWS, axis=0))
    assert np.allclose(said["ranges"], np.stack([ROWS.min(0), ROWS.max(0)], axis=1))  # type: ignore[arg-type]
    other = open_pane(replace(pane, slice=AT), files, cancel()).slice
    assert other is not None
    assert (other["along"], other["at"][1:3]) == ([0, 3], [0.5, -1.0])
    turned = open_pane(replace(pane, slice="pca()"), files, cancel()).slice
    assert turned is not None
    assert turned["along"] is None
    files, pane = opened(file)
    alone = open_pane(pane, files, cancel()).slice
    assert alone is not None
    assert (alone["names"][0], alone["ranges"], alone["at"]) == ("input 0", None, [0.0] * 4)


def test_no_other_network_has_a_plane_to_choose(tmp_path: Path) -> None:
    files = Files()
    for pane in (Pane(arch="conv(4) * 2", slice=AT), Pane(arch="sawtooth(3)", slice=AT)):
        found = open_pane(pane, files, cancel())
        assert (found.slice, found.pane.slice) == (None, "")


@pytest.mark.parametrize(
    ("text", "message", "place"),
    [
        ("features(0, 9, at=(0, 0, 0, 0))", "features j=9: must be 0 to 3", None),
        ("feature(0, 1)", "unknown name 'feature'", (0, 7)),
        ("pca()", "needs the data", None),
        ("through((0, 0, 1), (1, 0, 1), (0, 1, 1))", "slice: has 3 inputs, but the network reads 4", None),
        ("__import__('os')", "unknown name|only a known", (0, 10)),
    ],
)
def test_a_plane_that_is_none_is_refused_at_its_control(
    file: Path, text: str, message: str, place: tuple[int, int] | None
) -> None:
    files, pane = opened(file)
    with pytest.raises(StateError, match=message) as caught:
        read(replace(pane, slice=text), files)
    assert caught.value.key == "slice"
    if place is not None:
        assert (caught.value.position, caught.value.length) == place
    with pytest.raises(InputError, match=r"slice=.* 10,000 are allowed"):
        Pane(slice="x" * 10_001)


VIEWS: dict[str, dict[str, Any]] = {
    "home": {},
    "by hand": {"slice": "Slice((0, 1, 0, 1), (1, 1, 0, 0), (0, 0, 1, 0.5))"},
    "through": {"slice": "through((0, 0, 0, 1), (1, 0, 0, 1), (0, 1, 2, 1))", "x": "0.5", "w": "2", "h": "1"},
    "around": {"slice": "around((0, 0, 0, 1), radius=2, seed=5)", "tone": "view", "grows": "down"},
    "layer": {"slice": AT, "show": "layer:1:channel:2"},
    "classes": {"slice": AT, "show": "classes"},
}


@pytest.mark.parametrize("view", VIEWS.values(), ids=VIEWS)
@pytest.mark.parametrize("data", [None, DATA], ids=["alone", "data"])
def test_what_is_shared_draws_what_is_downloaded(file: Path, data: nw.Data | None, view: dict[str, Any]) -> None:
    files, pane = opened(file, data)
    pane = read(replace(pane, **{"points": False, **view}), files)[1]
    page = Page((pane,))
    assert from_address(to_address(page)) == page
    found = share(page, files)
    wanted = pixels(io.BytesIO(download(page, 0, "png", (600, 400), files, cancel())))
    exec(compile(found["python"], "shared", "exec"), {})
    (drawn,) = Path().glob("*.png")
    if pane.show != "classes":  # whose own picture has margins
        assert ("slice=slice" if pane.layer is None else "nw.field(") in found["python"]
        assert np.array_equal(pixels(drawn), wanted)
    drawn.unlink()
    words = shlex.split(found["cli"])
    if words[0] == "netwarp":
        assert "--slice" in words
        assert status_of(words[1:]) == 0
        if pane.show != "classes":
            assert np.array_equal(pixels(Path(words[-1])), wanted)


THROUGH = "through((0, 0, 0, 1), (1, 0, 0, 1), (0, 1, 2, 1))"


@pytest.mark.slow
def test_the_slices_points_are_told_and_go_with_every_form(file: Path) -> None:
    files, pane = opened(file, DATA)
    rows = open_pane(replace(pane, slice="through(3, 4, 5)"), files, cancel()).slice
    assert rows is not None
    assert [mark["name"] for mark in rows["marks"]] == ["row 3", "row 4", "row 5"]
    assert np.allclose([(mark["x"], mark["y"]) for mark in rows["marks"]], nw.through(*ROWS[3:6]).marks)
    assert rows["marks"][0] == {"name": "row 3", "x": 0.0, "y": 0.0}
    shown, hidden = (read(replace(pane, slice=THROUGH, marks=on), files)[1] for on in (True, False))

    def made(pane: Pane, kind: str) -> bytes:
        return download(Page((pane,)), 0, kind, (90, 60), files, cancel())

    for show in ("output", "classes", "layer:1:channel:2"):
        with_them, without = replace(shown, show=show), replace(hidden, show=show)
        assert not np.array_equal(pixels(io.BytesIO(made(with_them, "png"))), pixels(io.BytesIO(made(without, "png"))))
        assert b'"marks": [{"name": "a", "x": 0.0' in made(with_them, "html")
        assert b'"marks": [' not in made(without, "html")
        if not show.startswith("layer"):
            svg = made(with_them, "svg").decode()
            assert ">a</text>" in svg
            assert "1 = a distance of 1 in 4 inputs" in svg
            assert ">a</text>" not in made(without, "svg").decode()


def test_a_view_too_small_for_float64_has_neither_axes_nor_marks_as_svg(file: Path) -> None:
    files, pane = opened(file)
    deep = read(replace(pane, slice=THROUGH, x="0.3", y="0.2", w="1e-40", h="1e-40"), files)[1]
    svg = download(Page((deep,)), 0, "svg", (300, 200), files, cancel())
    assert b"<svg" in svg
    assert b'id="marks"' not in svg
    assert b'id="axes"' not in svg


def test_the_decision_that_is_shared_marks_the_slices_points(file: Path) -> None:
    files, pane = opened(file)
    pane = read(replace(pane, slice=THROUGH, show="margin"), files)[1]
    wanted = pixels(io.BytesIO(download(Page((pane,)), 0, "png", (600, 400), files, cancel())))
    found = share(Page((pane,)), files)
    exec(compile(found["python"], "shared", "exec"), {})
    (drawn,) = Path().glob("*.png")
    assert np.array_equal(pixels(drawn), wanted)
    drawn.unlink()
    assert status_of(shlex.split(found["cli"])[1:]) == 0
    assert np.array_equal(pixels(next(Path().glob("*.png"))), wanted)


def test_a_plane_of_too_many_numbers_is_in_the_npz_that_is_downloaded(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    wide = nw.Data(RANDOM.randn(9, 600))
    np.savez("wide.npz", W0=RANDOM.randn(5, 600), b0=RANDOM.randn(5), W1=RANDOM.randn(1, 5))
    files, pane = opened(Path("wide.npz"), wide)
    assert pane.slice == "pca()"
    page = Page((pane,))
    found = share(page, files)
    assert "--slice" not in found["cli"]
    Path("wide.npz").write_bytes(download(page, 0, "npz", (1, 1), files, cancel()))
    assert status_of(shlex.split(found["cli"])[1:]) == 0
    wanted = pixels(io.BytesIO(download(page, 0, "png", (600, 400), files, cancel())))
    assert np.array_equal(pixels(Path(shlex.split(found["cli"])[-1])), wanted)


def pixels(file: Any) -> np.ndarray:
    return np.asarray(Image.open(file))
