"""The notebook's widget: what it carries, and what an exported notebook shows."""

import base64
import html
import json
import re
import sys
from pathlib import Path

import pytest

import netwarp as nw
from netwarp.errors import InputError, NetwarpError
from netwarp.explorer import widget
from netwarp.explorer.export import page
from netwarp.explorer.state import Pane
from netwarp.explorer.widget import explore


def test_it_carries_the_network() -> None:
    shown = explore("conv(4)", seed=5, act="tanh", plane=nw.Plane(0, 0, 1e-30, 1e-30))
    assert shown.data["kind"] == "network"
    assert shown.data["view"] == {"x": "0", "y": "0", "w": "1e-30", "h": "1e-30"}
    names = [one["name"] for one in shown.data["program"]["operations"] if one["kind"] == "activate"]
    assert names == ["tanh"]
    # the notebook saves what the front end is sent
    assert json.loads(json.dumps(shown.get_state()["data"])) == shown.data


def test_a_text_an_architecture_a_network_and_a_field_are_one_picture() -> None:
    architecture = nw.parse("conv(4)", act="sin(2)")
    network = nw.Network.draw(architecture, 5)
    programs = [
        explore(one, seed=5, **options).data["program"]
        for one, options in (
            ("conv(4)", {"act": "sin(2)"}),
            (architecture, {}),
            (network, {}),
            (network.calibrate(), {}),
        )
    ]
    assert all(one == programs[0] for one in programs)
    assert explore(network, show="layer:1:channel:2").data["tone"]["channels"] == [2]


def test_a_view_is_a_plane_or_a_rasters_and_its_former_names_warn() -> None:
    place = nw.Plane("0.25", 0, 1e-30, 1e-30)
    shown = explore("conv(4)", nw.Raster(60, 40, place))
    assert shown.data["view"] == explore("conv(4)", plane=place).data["view"]
    with pytest.warns(DeprecationWarning, match="explore x, w, h is now called plane"):
        former = explore("conv(4)", x="0.25", w="1e-30", h=1e-30)
    assert former.data["view"] == shown.data["view"]
    with pytest.raises(InputError, match="explore raster: says the whole view"):
        explore("conv(4)", nw.Raster(60, 40), plane=place)


def test_files_open_as_the_command_opens_them(tmp_path: Path) -> None:
    network = nw.Network.draw(nw.parse("conv(4)"), 5)
    network.save(tmp_path / "own.npz")
    shown = explore(str(tmp_path / "own.npz"))
    assert shown.data["program"] == explore(network).data["program"]
    place = nw.Plane(0.1, 0.2, 0.3, 0.2)
    nw.draw("conv(4)", seed=5, size=(30, 20), plane=place).picture.save(tmp_path / "drawn.png")
    again = explore(tmp_path / "drawn.png")
    assert again.data["program"] == shown.data["program"]
    assert again.data["view"] == explore("conv(4)", plane=place).data["view"]
    with pytest.raises(InputError, match="no such file"):
        explore("none.npz")


def test_where_no_widgets_run_there_is_the_page() -> None:
    shown = explore("conv(4)", seed=5)
    formats, _ = shown._repr_mimebundle_()
    # an error wherever its kernel has gone: the frame is what a notebook shows, and a picture where it shows no frames
    assert "application/vnd.jupyter.widget-view+json" not in formats
    assert base64.b64decode(formats["image/png"]).startswith(b"\x89PNG")
    (page_in_frame,) = re.findall(r'<iframe [^>]*srcdoc="([^"]*)"', formats["text/html"])
    assert 'sandbox="allow-scripts"' in formats["text/html"]
    assert html.unescape(page_in_frame).encode() == page(Pane(arch="conv(4)", seed=5))


def test_what_it_shows_is_read_and_set() -> None:
    view = explore("conv(6) * 3", seed=4)
    assert (view.seed, view.depth, view.width, view.scale, view.shift) == (4, 3, 6, 3.0, 2.0)
    assert view.view == nw.Plane(width=1.5)  # x and y at one scale in a picture of 600x400
    view.depth, view.width, view.scale, view.shift, view.seed = 2, 5, 1.5, 0.5, 9
    norm = "spatial(scale=1.5, shift=normal(0.5))"
    assert view.data["program"] == explore("conv(5) * 2", norm=norm, seed=9).data["program"]
    view.view = nw.Plane("0.123456789012345678901", 0, 1e-12, 1e-12)
    assert view.get_state()["view"] == {"x": "0.123456789012345678901", "y": "0", "w": "1e-12", "h": "1e-12"}
    assert '"looks"' in view.to_html()
    drawn = nw.draw("conv(7) * 4", seed=2, size=(30, 20), plane=nw.Plane(0.1, 0.2, 0.3, 0.2))
    view.recipe = drawn.picture.recipe
    assert (view.width, view.depth, view.seed, view.view) == (7, 4, 2, nw.Plane(0.1, 0.2, 0.3, 0.2))
    again = view.recipe
    assert (again.architecture, again.seed, again.tone) == ("conv(7) * 4", 2, drawn.picture.recipe.tone)


def test_what_cannot_be_set_leaves_all_as_it_was() -> None:
    view = explore("conv(6) * 3", seed=4)
    before = view.get_state()
    for name, value, said in (
        ("depth", 0, "explore: depth=.*must be a whole number from 1 to 500"),
        ("width", 9000, "at most"),
        ("shift", -1.0, "explore: shift=.*must be a number"),
        ("seed", None, "explore seed"),
        ("view", nw.Plane(0, 0, 1e-250, 1e-250), "zooms to 1e-240"),
        ("recipe", "conv(2)", "explore recipe"),
    ):
        with pytest.raises(InputError, match=said):
            setattr(view, name, value)
    assert view.get_state() == before
    mixed = explore("conv(6) >> conv(7)", norm="none")
    assert (mixed.depth, mixed.width, mixed.scale, mixed.shift) == (None, None, None, None)
    with pytest.raises(InputError, match="has no single depth"):
        mixed.depth = 3
    given = explore(nw.Network.draw(nw.parse("conv(6) * 3"), 4).calibrate())
    with pytest.raises(InputError, match="the weights of this network are given"):
        given.seed = 5


@pytest.mark.slow
def test_tiles_are_drawn_anew_where_python_looks() -> None:
    view = explore("conv(4, 3)", seed=1)
    before = view.data["levels"]
    view.view = nw.Plane(0.1, 0.1, 0.2, 0.2)
    assert view.data["view"]["w"] == "0.2"
    assert view.data["levels"] != before


def test_what_it_cannot_show_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(InputError, match="explore int: must be a text, an Architecture, a Network or a Field"):
        explore(3)  # type: ignore[arg-type]
    with pytest.raises(InputError, match=r"explore act=\.\.\.: options are for an architecture's text"):
        explore(nw.Network.draw(nw.parse("conv(2)"), 0), act="relu")
    with pytest.raises(InputError, match="has no key 'acct'; did you mean \"act\""):
        explore("conv(4)", acct="relu")
    widget._widget_class.cache_clear()
    monkeypatch.setitem(sys.modules, "anywidget", None)
    with pytest.raises(NetwarpError, match=re.escape("explore needs anywidget: pip install 'netwarp[explorer]'")):
        explore("conv(4)")
    widget._widget_class.cache_clear()
