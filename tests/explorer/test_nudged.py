"""A network with numbers that a hand changed, on the page: what is shown, counted, shared and taken away is of it."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import netwarp as nw
from netwarp.explorer.downloads import download
from netwarp.explorer.opening import open_pane
from netwarp.explorer.pasted import page_of
from netwarp.explorer.reading import Files, StateError, pane_of_subject, read
from netwarp.explorer.sharing import share
from netwarp.explorer.state import Page, Pane
from netwarp.explorer.work import Cancellation
from netwarp.orders.subject import read_subject

TEXT, BRED = "conv(8) * 2", "3 0:0.shift[5]=0.1 1:1.weight[0,2,0,0]=-1.5"
NUDGED = Pane(arch=TEXT, bred=BRED)


def cancel() -> Cancellation:
    return Cancellation("later", 600)


def taken(kind: str) -> bytes:
    return download(Page((NUDGED,)), 0, kind, (90, 60), Files(), cancel())


def test_the_file_draws_the_same_picture(tmp_path: Path) -> None:
    file = tmp_path / "nudged.npz"
    file.write_bytes(taken("npz"))
    network = nw.Network.load(file)
    assert network.parameters["1.weight"][0, 2, 0, 0] == -1.5
    raster = nw.Raster(90, 60)
    wanted = open_pane(NUDGED, Files(), cancel()).field.sample(raster)
    for field in (network.calibrate(), nw.draw(str(file), size=(30, 20)).field):
        np.testing.assert_array_equal(field.sample(raster), wanted)
    plain = open_pane(Pane(arch=TEXT, seed=3), Files(), cancel()).field.sample(raster)
    assert not np.array_equal(plain, wanted)


def test_all_that_leads_back_says_the_numbers(tmp_path: Path) -> None:
    shared = share(Page((NUDGED,)), Files())
    for text in (shared["cli"], shared["python"], shared["json"]):
        assert page_of(text.encode(), Files()).panes[0].bred == BRED
    (tmp_path / "nudged.png").write_bytes(taken("png"))
    pane = pane_of_subject(read_subject(str(tmp_path / "nudged.png")), Files(), None)
    assert (pane.arch, pane.bred) == (TEXT, BRED)


def test_cells_are_those_of_the_librarys_tessellation(page: Any) -> None:
    page.ask("open", pane=0, state={"arch": TEXT, "bred": BRED})
    found = page.ask("cells", pane=0, x="0", y="0", w="1", h="1")
    network = nw.Network.load(io.BytesIO(taken("npz")))
    tessellation = network.calibrate().tessellate(nw.Plane())
    assert found["count"] == len(tessellation.areas)
    assert found["doubtful"] == 0
    plain = nw.Network.draw(nw.parse(TEXT), 3).calibrate().tessellate(nw.Plane())
    assert len(plain.areas) != found["count"]


def test_a_unit_says_its_numbers_as_they_are_now(page: Any) -> None:
    page.ask("open", pane=0, state={"arch": TEXT, "bred": BRED})
    found = page.ask("unit", pane=0, layer=2, channel=0)
    assert found["weights"][2] == {
        "array": "1.weight", "place": [0, 2, 0, 0], "value": -1.5, "layer": 1, "channel": 2,
        "name": "layer 1, channel 2", "tap": [0, 0],
    }  # fmt: skip
    assert found["line"] is None
    assert page.ask("unit", pane=0, layer=1, channel=5)["shift"]["value"] == 0.1
    assert "the layers 1 to 2" in page.ask("unit", pane=0, layer=3, channel=0)["message"]


def test_a_place_that_is_not_there_is_refused_by_its_key() -> None:
    files = Files()
    with pytest.raises(StateError, match="must be a seed") as refused:
        read(Pane(arch=TEXT, bred="3 0:0.shift[5]"), files)
    assert refused.value.key == "bred"
    with pytest.raises(nw.errors.InputError, match="there is no such number"):
        open_pane(Pane(arch=TEXT, bred="3 0:0.shift[9]=1"), files, cancel())
