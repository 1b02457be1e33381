"""Decision regions taken away and brought back: pictures, scripts and commands draw what the pane shows."""

import base64
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
from netwarp.explorer.decision_files import decided
from netwarp.explorer.downloads import download
from netwarp.explorer.export import data_of_pane
from netwarp.explorer.facts import y_of
from netwarp.explorer.limits import plane_of
from netwarp.explorer.opening import open_pane
from netwarp.explorer.pasted import page_of
from netwarp.explorer.reading import Files, page_of_subjects, read
from netwarp.explorer.sharing import share
from netwarp.explorer.state import Page, Pane
from netwarp.explorer.work import Cancellation
from netwarp.models.decisions.painting import fill
from netwarp.orders.subject import read_subject

ARRAYS = {"W0": [[1.0, 0.0], [0.0, 1.0], [-1.0, -1.0]], "b0": [0.0, 0.25, 0.0]}
OWN = {"arch": "conv(6) * 2", "seed": 3, "x": "0.1", "y": "-0.2", "w": "0.75", "h": "0.5", "show": "classes"}


@pytest.fixture
def model(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[Page, Files]:
    monkeypatch.chdir(tmp_path)
    np.savez("three.npz", **ARRAYS)  # type: ignore[arg-type]
    files = Files()
    (pane,) = page_of_subjects([read_subject("three.npz")], files).panes
    return Page((replace(pane, show="classes", w="3", h="2"),)), files


@pytest.mark.slow
@pytest.mark.parametrize("show", ["classes", "margin"])
@pytest.mark.parametrize("grows", ["auto", "up", "down"])
def test_margins_and_the_way_of_y_go_with_every_form(model: tuple[Page, Files], show: str, grows: str) -> None:
    """A download is what the pane shows, the shared command and script draw it, and it comes back as it was."""
    for (pane,), kept in ((model[0].panes, model[1]), ((Pane.from_data(OWN),), Files())):
        shown = Page((replace(pane, show=show, grows=grows),))  # type: ignore[arg-type]
        up = grows == "up" or (grows == "auto" and pane.arch.startswith("npz:"))
        made = download(shown, 0, "png", (600, 400), kept, Cancellation("later", 60.0))
        wanted = pixels(made)
        opened = open_pane(shown.panes[0], kept, Cancellation("later", 60.0))
        seen = plane_of(*(getattr(pane, key) for key in "xywh"))
        found = decided(opened, nw.Raster(600, 400, seen), pane=shown.panes[0], cancel=Cancellation("later", 60.0))
        areas = fill(found, margin=show == "margin")
        drawn = fill(found, margin=show == "margin", up=up)
        np.testing.assert_array_equal(drawn, areas if up else areas[::-1])
        np.testing.assert_array_equal(wanted, found.paint(margin=show == "margin", y="up" if up else "down").pixels)
        said = share(shown, kept)
        words = shlex.split(said["cli"])
        target = Path(words[words.index("-o") + 1])
        assert status_of(words[1:]) == 0
        np.testing.assert_array_equal(pixels(target.read_bytes()), wanted)
        target.unlink()
        exec(said["python"], {})
        np.testing.assert_array_equal(pixels(target.read_bytes()), wanted)
        assert status_of(["decision", str(target), "-o", "again.png"]) == 0
        np.testing.assert_array_equal(pixels(Path("again.png").read_bytes()), wanted)
        (back,) = page_of(made, kept).panes
        assert (back.show, y_of(back, read(back, kept)[0])) == (show, "up" if up else "down")
        if not pane.arch.startswith("npz:"):
            for form in ("cli", "python"):
                (back,) = page_of(said[form].encode(), kept).panes  # type: ignore[literal-required]
                assert (back.show, y_of(back, read(back, kept)[0])) == (show, "up" if up else "down")


def taken(page: Page, kind: str, files: Files) -> bytes:
    return download(page, 0, kind, (60, 40), files, Cancellation("later", 60.0))


def pixels(png: bytes) -> np.ndarray:
    return np.asarray(Image.open(io.BytesIO(png)).convert("RGB"))


def expected(page: Page) -> nw.Network:
    found: Any = nw.decision(
        nw.Network.load("three.npz").calibrate(), plane=nw.Plane(0, 0, 3, 2), size=(60, 40), classes=["0", "1", "2"]
    )
    return found  # type: ignore[no-any-return]


def test_a_downloaded_picture_is_the_librarys(model: tuple[Page, Files]) -> None:
    page, files = model
    pane = page.panes[0]
    page = Page((replace(pane, x="0", y="0"),))
    found: Any = expected(page)
    np.testing.assert_array_equal(pixels(taken(page, "png", files)), found.paint(margin=False).pixels)
    assert b"<svg" in taken(page, "svg", files)


def test_a_downloaded_picture_comes_back(model: tuple[Page, Files]) -> None:
    page, files = model
    for kind in ("png", "svg"):
        for shown, kept in ((page, files), (Page((Pane.from_data(OWN),)), Files())):
            (back,) = page_of(taken(shown, kind, kept), kept).panes
            (own,) = shown.panes
            assert (back.show, back.seed, back.arch) == ("classes", own.seed, own.arch)
            assert [float(getattr(back, key)) for key in "xywh"] == [float(getattr(own, key)) for key in "xywh"]


@pytest.mark.slow
def test_the_html_file_has_tiles_of_the_regions_with_the_smallest_y_first(model: tuple[Page, Files]) -> None:
    page, files = model
    pane = replace(page.panes[0], x="0", y="0")
    data, _ = data_of_pane(pane, files, Cancellation("later", 60.0))
    assert (data["kind"], data["up"]) == ("tiles", True)
    found: Any = nw.decision(nw.Network.load("three.npz").calibrate(), plane=nw.Plane(0, 0, 3, 2), size=(600, 400))
    poster = pixels(base64.b64decode(data["poster"].split(",")[1]))
    np.testing.assert_array_equal(poster[::-1], found.paint(margin=False, axes=False).pixels)
    assert page_of(taken(Page((pane,)), "html", files), files) == Page((pane,))


def test_the_picture_of_an_agreement_comes_back_as_panes(model: tuple[Page, Files]) -> None:
    np.savez("other.npz", **{**ARRAYS, "b0": [0.0, 0.0, 0.5]})  # type: ignore[arg-type]
    assert status_of(["decision", "three.npz", "other.npz", "--size", "60x40", "-o", "both.png"]) == 0
    page = page_of(Path("both.png").read_bytes(), Files())
    assert [pane.show for pane in page.panes] == ["margin"] * 2
    assert page.panes[0].arch != page.panes[1].arch
    assert status_of(["decision", *["three.npz"] * 5, "--size", "60x40", "-o", "many.png"]) == 0
    with pytest.raises(InputError, match="compares 5 models"):
        page_of(Path("many.png").read_bytes(), Files())


def test_what_is_shared_draws_the_regions(model: tuple[Page, Files]) -> None:
    page, files = model
    for shown, kept in ((page, files), (Page((Pane.from_data(OWN),)), Files())):
        said = share(shown, kept)
        words = shlex.split(said["cli"])
        assert words[:2] == ["netwarp", "decision"]
        target = Path(words[words.index("-o") + 1])
        assert status_of(words[1:]) == 0
        command = pixels(target.read_bytes())
        target.unlink()
        exec(said["python"], {})
        np.testing.assert_array_equal(pixels(target.read_bytes()), command)


@pytest.mark.parametrize("form", ["cli", "python"])
def test_what_is_shared_of_a_text_can_be_pasted_back(form: str) -> None:
    pane = Pane.from_data(OWN)
    said: Any = share(Page((pane,)), Files())
    (back,) = page_of(said[form].encode(), Files()).panes
    assert (back.show, back.arch, back.seed) == ("classes", pane.arch, pane.seed)
    assert [float(getattr(back, key)) for key in "xywh"] == pytest.approx([0.1, -0.2, 0.75, 0.5])
