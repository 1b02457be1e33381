"""The messages, end to end: what each answers, held to the library; what is refused."""

import base64
import io
import json
from typing import Any

import numpy as np
import pytest
from PIL import Image

import netwarp as nw
from explorer.asked import HOME, SMALL, pixels_of
from netwarp.explorer.address import from_address
from netwarp.explorer.opening import PreviewPane, open_pane
from netwarp.explorer.reading import Files
from netwarp.explorer.state import Pane
from netwarp.explorer.work import Cancellation


def test_open_tells_what_the_field_is(page: Any, field: nw.Field) -> None:
    found = page.ask("open", pane=0, state=SMALL)
    assert found["kind"] == "field"
    assert (found["text"], found["precision"], found["pointwise"], found["piecewise_linear"]) == (
        "conv(6) * 3",
        "float32",
        True,
        True,
    )
    assert found["counts"] == {"layers": 3, "units": 18, "parameters": 12 + 2 * 36 + 36 + 21, "depth": 3}
    assert found["layers"] == [{"name": "conv(6)", "channels": 6}] * 3
    tone = nw.Tone.fit(field.sample())
    assert found["tone"] == tone.to_data()
    weight = next(one for one in found["gpu"]["operations"] if one["kind"] == "conv")["weight"]
    first = np.frombuffer(base64.b64decode(weight), "<f4")
    assert first.tolist() == field.program.operations[1].weight.ravel().tolist()


def test_a_view_is_the_picture_that_the_library_paints(page: Any, field: nw.Field) -> None:
    page.ask("open", pane=1, state=SMALL)
    view = {"x": "0.1", "y": "-0.2", "w": "0.5", "h": "0.25"}
    found = page.ask("view", pane=1, **view, columns=60, rows=40, contrast="whole", show="output")
    assert found["pane"] == 1
    raster = nw.Raster(60, 40, nw.Plane(0.1, -0.2, 0.5, 0.25))
    tone = nw.Tone.fit(field.sample())
    assert np.array_equal(pixels_of(found), nw.paint(field.sample(raster), tone).pixels)
    fitted = page.ask("view", pane=1, **view, columns=60, rows=40, contrast="view", show="output")
    own = nw.Tone.fit(field.sample(raster))
    assert np.array_equal(pixels_of(fitted), nw.paint(field.sample(raster), own).pixels)
    assert fitted["tone"] == {"low": list(own.low), "high": list(own.high), "compressed": own.compressed, "colours": []}
    assert own.compressed is not None
    shown = page.ask("view", pane=1, **view, columns=60, rows=40, contrast="whole", show="layer:2:channel:3")
    layer = field.after(2)
    tone = nw.Tone.fit(layer.sample(), "viridis", channel=3)
    assert np.array_equal(pixels_of(shown), nw.paint(layer.sample(raster), tone).pixels)


def test_the_home_view_is_the_one_already_sampled(page: Any, field: nw.Field) -> None:
    page.ask("open", pane=0, state=SMALL)
    found = page.ask("view", pane=0, **HOME, columns=600, rows=400)
    samples = field.sample()
    assert np.array_equal(pixels_of(found), nw.paint(samples, nw.Tone.fit(samples)).pixels)
    assert not found["flat"]


def test_a_deep_view_says_that_it_is_flat_and_shows_its_differences(page: Any, field: nw.Field) -> None:
    page.ask("open", pane=0, state=SMALL)
    where = {"x": "0.1234567890123456789012345678901234567", "y": "0.05", "w": "1e-30", "h": "1e-30"}
    assert page.ask("view", pane=0, **where, columns=20, rows=20)["flat"]
    found = page.ask("view", pane=0, **where, columns=20, rows=20, contrast="view")
    plane = nw.Plane(where["x"], "0.05", 1e-30, 1e-30)
    centre, added = field.around(nw.Raster(20, 20, plane))
    assert np.array_equal(pixels_of(found), nw.paint(added, nw.Tone.fit(added)).pixels)
    assert found["centre"] == centre.tolist()
    assert len(np.unique(pixels_of(found))) > 20


def test_a_preview_is_calibrated_on_fewer_pixels_and_gives_way(page: Any, field: nw.Field) -> None:
    assert page.ask("open", pane=0, state=SMALL, preview=True)["preview"]
    network = field.network
    near = network.calibrate(nw.Raster(120, 80))
    where = {**HOME, "columns": 30, "rows": 20}
    shown = pixels_of(page.ask("view", pane=0, **where))
    raster = nw.Raster(30, 20, nw.Plane(0, 0, float(HOME["w"]), float(HOME["h"])))
    assert np.array_equal(shown, nw.paint(near.sample(raster), nw.Tone.fit(near.sample())).pixels)
    assert not page.ask("open", pane=0, state=SMALL)["preview"]
    assert np.array_equal(
        pixels_of(page.ask("view", pane=0, **where)), nw.paint(field.sample(raster), nw.Tone.fit(field.sample())).pixels
    )


def test_a_preview_of_many_parameters_has_fewer_pixels_still() -> None:
    for text, raster in (("conv(10) * 20", (120, 80)), ("conv(10) * 24", (75, 50)), ("conv(60) * 2", (75, 50))):
        opened = open_pane(PreviewPane(arch=text), Files(), Cancellation("later", 1e6))
        assert (opened.field.raster.columns, opened.field.raster.rows) == raster


def test_no_preview_of_a_network_that_reads_windows(page: Any) -> None:
    assert not page.ask("open", pane=0, state={"arch": "conv(3, 3)"}, preview=True)["preview"]


@pytest.mark.slow
def test_coarse_pictures_of_slow_networks_are_smaller(page: Any) -> None:
    page.ask("open", pane=0, state={"arch": "conv(60) * 20"})
    where = {"x": "0.1", "y": "0", "w": "0.731", "h": "0.577"}
    coarse = page.ask("view", pane=0, **where, columns=600, rows=500, coarse=True)
    assert coarse["reduced"] > 1
    assert coarse["columns"] == -(-600 // coarse["reduced"])
    assert coarse["columns"] >= coarse["rows"] >= 40
    assert len(coarse["bytes"]) == 4 * coarse["columns"] * coarse["rows"]


def test_values_at_a_point(page: Any, field: nw.Field) -> None:
    page.ask("open", pane=0, state=SMALL)
    found = page.ask("at", pane=0, x="0.25", y="-0.125")["values"]
    assert found == field.at([[0.25, -0.125]])[0].tolist()
    one = page.ask("at", pane=0, x="0.25", y="-0.125", show="layer:1:channel:4")["values"]
    assert one == [field.after(1).at([[0.25, -0.125]])[0, 4]]
    deep = page.ask("at", pane=0, x="0.2500000000000000000000000000001", y="-0.125")["values"]
    assert deep == pytest.approx(found, rel=1e-12)


def test_the_orbit_is_every_operations_value(page: Any, field: nw.Field) -> None:
    page.ask("open", pane=0, state=SMALL)
    found = page.ask("orbit", pane=0, x="0.25", y="-0.125")
    values = np.frombuffer(found["bytes"], "<f8")
    assert sum(one["size"] for one in found["operations"]) == len(values)
    assert values[-3:] == pytest.approx(field.at([[0.25, -0.125]])[0], rel=1e-13)


def test_cells_are_the_tessellations(page: Any, field: nw.Field) -> None:
    page.ask("open", pane=0, state=SMALL)
    where = {"x": "0.1", "y": "0.05", "w": "0.5", "h": "0.25"}
    found = page.ask("cells", pane=0, **where, limit=100_000)
    plane = nw.Plane(0.1, 0.05, 0.5, 0.25)
    cells = field.tessellate(plane)
    assert (found["count"], found["edges"], found["more"]) == (len(cells), int((cells.edge_layers > 0).sum()), False)
    count = found["edges"]
    ends = np.frombuffer(found["bytes"], "<f4", 4 * count).reshape(-1, 2, 2)
    layers = np.frombuffer(found["bytes"], "<i4", offset=16 * count)
    assert np.abs(ends).max() <= 0.5
    lengths = np.linalg.norm((ends[:, 0] - ends[:, 1]) * (0.5, 0.25), axis=1)
    assert lengths.sum() == pytest.approx(cells.boundary_length, rel=1e-5)
    assert np.array_equal(np.sort(layers), np.sort(cells.edge_layers[cells.edge_layers > 0]))
    few = page.ask("cells", pane=0, **where, limit=3)
    assert few["more"]
    assert few["edges"] == 0
    one = page.ask("cell", pane=0, x="0.12", y="0.06")
    number = int(cells.locate([[0.12, 0.06]])[0])
    assert one["pattern"] == int((cells.pattern(number) > 0).sum())
    assert one["units"] == 18
    a, b, c = cells.affine[number].T
    assert np.allclose(one["affine"], np.stack([a, b, a * 0.12 + b * 0.06 + c], axis=1), rtol=1e-10)
    assert one["area"] == pytest.approx(cells.areas[number])
    inner = sorted(set(range(len(cells))) - set(cells.edge_cells[cells.edge_layers == 0].ravel().tolist()))
    for which in (number, inner[0]):
        corners = cells.vertices[cells.indices[cells.offsets[which] : cells.offsets[which + 1]]]
        x, y = corners.mean(axis=0).tolist()
        assert page.ask("cell", pane=0, x=f"{x:.17f}", y=f"{y:.17f}")["clipped"] is (which not in inner)
    x, y = (f"{value:.17f}" for value in (0.1 - 0.2499, 0.05 - 0.1249))
    assert page.ask("cell", pane=0, x=x, y=y)["clipped"] is True


def test_a_cell_outside_the_view_is_refused(page: Any) -> None:
    page.ask("open", pane=0, state=SMALL)
    page.ask("cells", pane=0, **HOME, limit=100_000)
    assert "outside" in page.ask("cell", pane=0, x="3", y="0")["message"]


def test_the_nearest_edge_of_one_hinge_is_where_the_hinge_is(page: Any) -> None:
    """One unit that is never normalised: an edge along a x + b y + c = 0, at a known distance."""
    state = {"arch": "conv(1)", "norm": "none", "init": "normal(1, bias=normal(0.05))", "seed": 2}
    page.ask("open", pane=0, state=state)
    pane = Pane.from_data(state)
    architecture = nw.parse(pane.arch, norm=pane.norm, init=pane.init)
    program = nw.Network.draw(architecture, 2).calibrate().program
    (a, b), c = program.operations[1].weight.ravel(), program.operations[1].bias[0]
    length = float(np.hypot(a, b))
    at = np.array([a, b]) * (0.1 - c) / length**2  # where the unit's argument is 0.1
    asked = {"x": repr(float(at[0])), "y": repr(float(at[1])), "w": "1e-9", "h": "1e-9"}
    found = page.ask("nearest", pane=0, **asked)
    assert found["inside"]
    x, y = float(found["found"]["x"]), float(found["found"]["y"])
    assert a * x + b * y + c == pytest.approx(0, abs=1e-9)
    assert np.hypot(x - at[0], y - at[1]) == pytest.approx(0.1 / length, rel=1e-6)
    assert found["corner"] is None
    there = page.ask("nearest", pane=0, **{key: found["found"][key] for key in HOME})
    assert not there["inside"], "the edge goes through the view that is offered"


def test_the_strip_of_a_deep_view_is_not_flat(page: Any) -> None:
    page.ask("open", pane=0, state={"arch": "conv(6) * 2", "act": "tanh"})
    found = page.ask("strip", pane=0, x="0.123456789012345678901", y="0.05", w="1e-30", h="1e-30")
    side = found["size"]
    thumbs = np.frombuffer(found["bytes"], np.uint8).reshape(-1, side * side, 4)
    assert len(thumbs) == 12
    assert all(len(np.unique(thumb, axis=0)) > 50 for thumb in thumbs)


def test_the_strip_has_a_thumbnail_of_every_channel(page: Any, field: nw.Field) -> None:
    page.ask("open", pane=0, state=SMALL)
    found = page.ask("strip", pane=0, **HOME)
    thumbs = np.frombuffer(found["bytes"], np.uint8).reshape(-1, 64, 64, 4)
    assert len(thumbs) == sum(layer["shown"] for layer in found["layers"]) == 18
    samples = field.after(2).sample(nw.Raster(64, 64))
    tone = nw.Tone.fit(samples, "viridis", channel=1)
    assert np.array_equal(thumbs[7, ..., :3], nw.paint(samples, tone).pixels)


def test_the_strip_is_as_sharp_as_is_asked_for(page: Any, field: nw.Field) -> None:
    page.ask("open", pane=0, state=SMALL)
    found = page.ask("strip", pane=0, **HOME, size=96)
    assert found["size"] == 96
    thumbs = np.frombuffer(found["bytes"], np.uint8).reshape(-1, 96, 96, 4)
    samples = field.after(2).sample(nw.Raster(96, 96))
    tone = nw.Tone.fit(samples, "viridis", channel=1)
    assert np.array_equal(thumbs[7, ..., :3], nw.paint(samples, tone).pixels)
    refused = page.ask("strip", pane=0, **HOME, size=129)
    assert refused["kind"] == "error"
    assert "size" in refused["message"]
    assert "129" in refused["message"]


def test_offers_are_pictures_of_states_that_open(page: Any) -> None:
    page.ask("open", pane=0, state=SMALL)
    found = page.ask("neighbours", pane=0)["offers"]
    assert len(found) == 9
    assert len({json.dumps(one["state"]) for one in found}) == 9
    for one in found:
        data = base64.b64decode(one["thumb"].removeprefix("data:image/png;base64,"))
        assert Image.open(io.BytesIO(data)).size == (360, 240)
    assert page.ask("open", pane=0, state=found[-1]["state"])["kind"] == "field"


@pytest.mark.slow
def test_the_gallery_begins_with_the_notes_own_pair(page: Any) -> None:
    found = page.ask("gallery", pane=0)["offers"]
    assert len(found) == 12
    first = from_address(found[0]["address"]).panes
    assert [pane.arch for pane in first] == ["conv(10) * 10", "conv(100)"]
    assert all(one["thumb"].startswith("data:image/png") and one["sentence"].endswith(".") for one in found)
    for one in found:
        assert from_address(one["address"]).panes[0].to_data() == one["state"]


def test_surprises_differ_and_open(page: Any) -> None:
    first, second = (page.ask("surprise", pane=0)["state"] for _ in range(2))
    assert first != second
    assert page.ask("open", pane=0, state=first)["kind"] == "field"


def test_parse_says_where_and_open_says_which(page: Any) -> None:
    assert page.ask("parse", pane=0, text="vgg")["text"].startswith("(conv(16, 3)")
    found = page.ask("parse", pane=0, text="conv(10) * * 3")
    assert (found["kind"], found["key"]) == ("error", "arch")
    assert found["position"] == len("conv(10) * ")
    assert "at most" in page.ask("parse", pane=0, text="conv(1000000) * 5")["message"]
    wrong = page.ask("open", pane=0, state={"act": "sin(x)"})
    assert (wrong["kind"], wrong["key"], wrong["position"]) == ("error", "act", 4)


def test_where_a_network_is_refused_the_last_good_picture_stays(page: Any) -> None:
    page.ask("open", pane=0, state=SMALL)
    view = dict(HOME, columns=30, rows=20)
    before = page.ask("view", pane=0, **view)["bytes"]
    for wrong in ({"arch": "conv(10"}, {"arch": "conv(800) * 3"}, {"act": "sin("}):
        assert page.ask("open", pane=0, state=wrong)["kind"] == "error"
        assert page.ask("view", pane=0, **view)["bytes"] == before
    assert page.ask("open", pane=1, state={"arch": "conv(10"})["kind"] == "error"
    assert "not open" in page.ask("view", pane=1, **view)["message"]


def test_an_estimate_grows_with_the_picture(page: Any) -> None:
    page.ask("open", pane=0, state=SMALL)
    small = page.ask("estimate", pane=0, columns=600, rows=400, format="png")
    large = page.ask("estimate", pane=0, columns=6000, rows=4000, format="png")
    assert large["seconds"] > 20 * small["seconds"]
    # a hundred times the pixels, of which neighbours are more alike
    assert 10 * small["bytes"] < large["bytes"] < 100 * small["bytes"]


@pytest.mark.parametrize(
    ("text", "needle"),
    [
        ("", "not JSON"),
        ("{", "not JSON"),
        ("[]", "object"),
        ("[" * 100_000, "nested|not JSON"),
        ('{"id": 1, "kind": "view", "pane": 0, "x": NaN}', "NaN"),
        ('{"id": 1, "kind": "open", "state": {"seed": 1e999}}', "seed"),
        ('{"id": 1, "kind": "vew"}', 'did you mean "view"'),
        ('{"id": 1}', "kind is missing"),
        ('{"kind": "open"}', "id is missing"),
        ('{"id": -1, "kind": "open"}', "id"),
        ('{"id": true, "kind": "open"}', "id"),
        ('{"id": 1, "kind": "open", "pane": 4}', "pane"),
        ('{"id": 1, "kind": "view", "pane": 3}', "not open"),
        ('{"id": 1, "kind": "open", "state": {"evil": 1}}', "no key"),
        ('{"id": 1, "kind": "open", "state": {"arch": "__import__(\'os\')"}}', "unknown name"),
        ('{"id": 1, "kind": "open", "state": {"arch": "../../etc/passwd.png"}}', "cannot be read"),
        ('{"id": 1, "kind": "open", "state": {"arch": "folding(2, 2)/x.npz"}}', "architecture"),
        ('{"id": 1, "kind": "open", "state": {"arch": "npz:0123456789abcdef"}}', "not here"),
        ('{"id": 1, "kind": "open", "state": {"arch": "conv(800) * 3"}}', "seconds"),
        ('{"id": 1, "kind": "open", "state": {"arch": "conv(10) * 600"}}', "at most 500"),
        ('{"id": 1, "kind": "open", "state": {"arch": "conv(2000) * 3"}}', "at most 2,000,000"),
        ('{"id": 1, "kind": "open", "state": {"arch": "conv(5)", "out": 5000}}', "at most 64"),
        ('{"id": 1, "kind": "share", "state": {"panes": [{"arch": "\\ud800"}]}}', "surrogate"),
        ('{"id": 1, "kind": "open", "state": {"act": "nope"}}', "allowed are relu, leaky, elu|unknown name"),
        ('{"id": 1, "kind": "open", "state": {"arch": "' + "(" * 60 + '"}}', "nested too deep"),
    ],
)
def test_hostile_messages_get_one_line(page: Any, text: str, needle: str) -> None:
    page.socket.send(text)
    answer = page.listen()
    assert answer["kind"] == "error"
    assert "\n" not in answer["message"]
    assert len(answer["message"]) < 400
    assert any(part in answer["message"] for part in needle.split("|"))
    page.asked = 10
    assert page.ask("open", pane=0, state=SMALL)["kind"] == "field", "the session goes on"


@pytest.mark.parametrize(
    ("body", "needle"),
    [
        ({"columns": 0}, "columns"),
        ({"columns": 100_000, "rows": 100_000}, "at most"),
        ({"columns": 1e3}, "whole number"),
        ({"w": "0"}, "positive"),
        ({"w": "1e-300"}, "1e-240"),
        ({"x": 0.5}, "text"),
        ({"x": "1e400"}, "x"),
        ({"contrast": "loud"}, "whole or view"),
        ({"show": "layer:9:channel:0"}, "layer"),
        ({"show": "layer:1:channel:99"}, "channels 0 to 5"),
        ({"colour": "no-such-map"}, "no such colouring"),
    ],
)
def test_hostile_views_get_one_line(page: Any, body: dict[str, Any], needle: str) -> None:
    page.ask("open", pane=0, state=SMALL)
    found = page.ask("view", pane=0, **{**HOME, "columns": 8, "rows": 8, **body})
    assert found["kind"] == "error"
    assert needle in found["message"]
