"""The page reads and changes a unit's numbers as the library does; a line that is moved is the unit's own then."""

from __future__ import annotations

import math
from typing import Any

import pytest

from netwarp.architecture.language import parse
from netwarp.errors import NetwarpError
from netwarp.explorer import units
from netwarp.explorer.address import from_address, to_address
from netwarp.fields.calibration import calibrate
from netwarp.fields.field import Field
from netwarp.network.network import Network
from netwarp.network.units import line_of
from netwarp.plane import Raster
from web.conftest import Run

BRED = "9 0:0.weight[1,0,0,0]=0.5 1:readout.bias[0]=-2"
TEXTS = (
    "conv(5) * 2",
    'Architecture(conv(4) * 2, norm=None, inputs="x y z(3)")',
    'Architecture(conv(4) * 2, norm=layer_norm(), inputs="x y r bias periodic(x) fourier(2, 3)")',
    'Architecture(dense(conv(3)) >> parallel(conv(2), conv(3)) >> conv(4), inputs="y x scale(2)")',
    "maxout(3, 2) >> conv(4)",
    "gated(conv(4)) >> conv(4)",
)


def asked(node: Run, **given: Any) -> dict[str, Any]:
    found: dict[str, Any] = node("unit", {"units": [], "lines": [], "edits": [], "addresses": []} | given)
    return found


def opened(text: str, bred: str = "") -> Field:
    architecture = parse(text)
    network = Network.bred(architecture, bred) if bred else Network.draw(architecture, 9)
    return calibrate(network, Raster())


def near(found: Any, wanted: Any) -> bool:
    if isinstance(wanted, dict):
        return found.keys() == wanted.keys() and all(near(found[key], wanted[key]) for key in wanted)
    if isinstance(wanted, list):
        return len(found) == len(wanted) and all(map(near, found, wanted))
    return bool(found == (pytest.approx(wanted, rel=1e-6, abs=1e-9) if isinstance(wanted, float) else wanted))


@pytest.mark.slow
@pytest.mark.parametrize("bred", ["", BRED])
def test_a_unit_is_the_librarys(node: Run, bred: str) -> None:
    places = [(text, layer, channel) for text in TEXTS for layer in (1, 2, 3) for channel in (0, 1, 3)]
    if bred:
        places = [place for place in places if not place[0].startswith(("gated", "Architecture(dense"))]
    cases = [{"text": text, "seed": 9, "bred": bred, "layer": a, "channel": b} for text, a, b in places]
    answers = asked(node, units=cases)["units"]
    fields = {text: opened(text, bred) for text, *_ in places}
    refused = 0
    for (text, layer, channel), found in zip(places, answers, strict=True):
        wanted: Any
        try:
            wanted = units.described(fields[text], layer, channel)
        except NetwarpError as error:
            refused += 1
            wanted = {"error": str(error)}
        assert near(found, wanted), (text, layer, channel, found, wanted)
    assert 5 < refused < len(places) - 20


ANGLES = [0.0, 0.7, 1.57, -2.0, 3.1]


@pytest.mark.parametrize(
    "text", ["conv(5) * 2", TEXTS[1], 'Architecture(conv(4), inputs="y x z(2) scale(2)")']
)  # fmt: skip
def test_a_moved_line_is_the_line_that_the_unit_then_has(node: Run, text: str) -> None:
    reply = units.described(opened(text), 1, 1)
    assert reply["handle"] is not None
    cases = [{"unit": reply, "x": 0.1 * i - 0.2, "y": 0.15 - 0.1 * i, "angle": angle} for i, angle in enumerate(ANGLES)]
    for case, answer in zip(cases, asked(node, lines=cases)["lines"], strict=True):
        network = Network.draw(parse(text), 9)
        for place, value in answer["numbers"]:
            network = network.nudged(place["array"], tuple(place["place"]), value)
        line = line_of(calibrate(network, Raster()).program, 1, 1)
        assert line is not None
        a, b, c = line
        long = math.hypot(a, b)
        # the library keeps the numbers as float32
        assert abs(a * case["x"] + b * case["y"] + c) / long < 1e-6, (case, line)
        assert a / long == pytest.approx(math.cos(case["angle"]), abs=1e-6)
        assert b / long == pytest.approx(math.sin(case["angle"]), abs=1e-6)


def test_numbers_are_changed_and_put_back(node: Run) -> None:
    shift, weight = {"array": "0.shift", "place": [3]}, {"array": "0.weight", "place": [1, 0, 0, 0]}
    grown = "9 0_7 0:0.shift[3]=1 1_8"
    edits = [
        {"seed": 9, "bred": "", "numbers": [[shift, 0.25]]},
        {"seed": 9, "bred": BRED, "numbers": [[weight, -3], [shift, 1e-7]]},
        {"seed": 9, "bred": BRED, "numbers": [[weight, None]]},
        {"seed": 9, "bred": "9 0:0.shift[3]=1", "numbers": [[shift, None]]},
        {"seed": 9, "bred": grown, "numbers": [[shift, 2]]},
        {"seed": 9, "bred": f"{grown} 3:0.shift[3]=2", "numbers": [[shift, None]]},
    ]
    answers = asked(node, edits=edits)["edits"]
    assert [one["bred"] for one in answers] == [
        "9 0:0.shift[3]=0.25",
        "9 0:0.weight[1,0,0,0]=-3 1:readout.bias[0]=-2 2:0.shift[3]=1e-7",
        "9 0:readout.bias[0]=-2",
        "",
        f"{grown} 3:0.shift[3]=2",
        grown,
    ]
    assert [one["back"] for one in answers] == ["", "", "", "", grown, grown]
    assert answers[1]["changes"] == {"0.weight[1,0,0,0]": 0.5, "readout.bias[0]": -2}
    assert answers[4]["changes"] == {}


def test_what_stands_beside_a_nudged_network_has_numbers_of_its_own(node: Run) -> None:
    address = "v=2&arch=conv(6)+*+2&seed=5&show=layer:1:channel:1&bred=5+0:0.weight[1,1,0,0]%3D-2"
    (query,) = asked(node, addresses=[address])["beside"]
    assert "&p1.bred=&" in f"{query}&"
    found = from_address(query)
    assert [(pane.arch, pane.bred) for pane in found.panes] == [
        ("conv(6) * 2", "5 0:0.weight[1,1,0,0]=-2"),
        ("conv(12)", ""),
        ("conv(6) * 2", ""),
    ]
    # both write the same address
    assert from_address(to_address(found)) == found
    assert "p1.bred=&" in to_address(found)


def test_a_line_that_is_only_moved_keeps_its_weights_exactly(node: Run) -> None:
    reply = units.described(opened("conv(5) * 2"), 1, 1)
    (before,) = asked(node, lines=[{"unit": reply, "x": 0.0, "y": 0.0, "angle": 0.0}])["lines"]
    moved = {"unit": reply, "x": 0.3, "y": -0.2, "angle": before["own"]["angle"]}
    (answer,) = asked(node, lines=[moved])["lines"]
    assert [value for _, value in answer["numbers"][:2]] == [one["value"] for one in reply["weights"]]
