"""A unit's numbers, where they come from, and what a nudge of one of them makes of the network."""

from __future__ import annotations

import io

import numpy as np
import pytest

import netwarp as nw
from netwarp.errors import InputError, UnsupportedError
from netwarp.network.family import family_text, read_family
from netwarp.network.lower import lower
from netwarp.network.program import Conv, Embed
from netwarp.network.source import Changed, Drawn, Graph, Made
from netwarp.network.units import Unit, line_of, unit

RASTER = nw.Raster(60, 40)
TWO = ("layer 1, channel 0", "layer 1, channel 1")


def net(text: str = "conv(6) * 3", **options: object) -> nw.Network:
    return nw.Network.draw(nw.parse(text, **options), seed=5)  # type: ignore[arg-type]


def test_a_units_numbers_say_its_values() -> None:
    network = net()
    inside = network.calibrate(RASTER).after(1).sample(RASTER, dtype="float64")
    field = network.calibrate(RASTER).after(2)
    found = unit(network, 2, 4)
    assert [(one.layer, one.channel) for one in found.weights] == [(1, i) for i in range(6)]
    z = sum(one.number.value * inside[one.channel] for one in found.weights)
    assert found.scale is not None
    assert found.shift is not None
    normed = (z - z.mean()) / np.sqrt(z.var() + 1e-5) * found.scale.value + found.shift.value
    np.testing.assert_allclose(field.sample(RASTER, dtype="float64")[4], np.maximum(normed, 0), atol=1e-5)


def test_inputs_are_called_by_name() -> None:
    found = unit(net(inputs="x y r z(2) periodic(x) bias"), 1, 0)
    assert [one.name for one in found.weights] == ["x", "y", "r", "z1", "z2", "cos x", "sin x", "bias"]
    assert {one.layer for one in found.weights} == {0}


def test_a_kernel_has_a_weight_a_tap() -> None:
    found = unit(net("conv(3) >> conv(2, 3)"), 2, 1)
    assert len(found.weights) == 27
    assert found.weights[0].tap == (-1, -1)
    assert found.weights[5].tap == (1, 0)
    assert found.weights[9].channel == 1


@pytest.mark.parametrize(
    ("text", "layer", "wanted"),
    [
        ("dense(conv(2)) * 2", 2, ["x", "y", *TWO]),
        ("parallel(conv(2), conv(1)) >> conv(4)", 3, [*TWO, "layer 2, channel 0"]),
        ("residual(conv(2)) >> conv(2)", 2, ["block 0, channel 0", "block 0, channel 1"]),
        ("conv(4) >> depthwise(3)", 2, ["layer 1, channel 1"] * 9),
    ],
)  # fmt: skip
def test_what_comes_in_is_named(text: str, layer: int, wanted: list[str]) -> None:
    assert [one.name for one in unit(net(text), layer, 1).weights] == wanted


def test_the_line_is_where_the_unit_bends() -> None:
    for options in ({}, {"norm": nw.parse("conv(1)").norm, "inputs": "x y z(3)"}, {"norm": None}):
        network = net(**options)
        field = network.calibrate(RASTER)
        for channel in range(6):
            line = line_of(field.program, 1, channel)
            assert line is not None
            a, b, c = line
            x, y = np.random.default_rng(channel).uniform(-0.5, 0.5, (2, 50))
            points = np.stack([x, y], axis=1)
            wanted = np.maximum(a * x + b * y + c, 0)
            np.testing.assert_allclose(field.after(1).at(points)[:, channel], wanted, atol=1e-9)
        assert line_of(field.program, 2, 0) is None
    assert line_of(net(inputs="x y r").calibrate(RASTER).program, 1, 0) is None


def test_a_nudge_changes_one_number() -> None:
    network = net()
    nudged = network.nudged("1.weight", (2, 3, 0, 0), -0.75)
    for name, array in nudged.parameters.items():
        changed = array != network.parameters[name]
        assert changed.sum() == (name == "1.weight")
    assert nudged.source == Made(Changed("1.weight", (2, 3, 0, 0), -0.75), (Drawn(network.architecture, 5),))
    one, other = (each.calibrate(RASTER).after(2).sample(RASTER) for each in (network, nudged))
    assert [not np.array_equal(one[c], other[c]) for c in range(6)] == [c == 2 for c in range(6)]


def test_a_nudged_network_is_one_of_its_own() -> None:
    network = net().nudged("0.shift", (3,), 0.1).nudged("0.weight", (3, 1, 0, 0), -2.0)
    stream = io.BytesIO()
    network.save(stream)
    stream.seek(0)
    loaded = nw.Network.load(stream)
    assert loaded.source == network.source
    samples = [one.calibrate(RASTER).sample(RASTER) for one in (network, loaded)]
    np.testing.assert_array_equal(*samples)
    tessellations = [one.calibrate(RASTER).tessellate(nw.Plane()) for one in (network, loaded)]
    assert len(tessellations[0].areas) > 1
    for name in ("vertices", "indices", "offsets", "affine"):
        np.testing.assert_array_equal(*(getattr(one, name) for one in tessellations))


def test_weights_that_no_seed_gives_are_nudged_too() -> None:
    folding = nw.Network.folding(2, 4)
    found = folding.nudged("W0", (0, 1), 3.0)
    assert found.source == folding.source
    assert found.parameters["W0"][0, 1] == 3
    graph = nw.Network(Graph(lower(folding)))
    name = unit(graph, 2, 1).weights[0].number
    other = graph.nudged(name.array, name.place, 7.5)
    assert unit(other, 2, 1).weights[0].number.value == 7.5
    assert unit(graph, 2, 1).weights[0].number.value == name.value
    assert unit(folding, 2, 1).weights[0].number.value == name.value


@pytest.mark.parametrize("value", [0.5, -2.0, 1e-30, 123456789.125, -0.0, 0.0, 1 / 3, 2.5e300])
def test_the_text_of_a_nudge_is_read_back(value: float) -> None:
    network = net().nudged("0.shift", (3,), 1.0).nudged("2.weight", (0, 5, 0, 0), value)
    assert network.architecture is not None
    text = family_text(network.source)
    assert text is not None
    assert text.startswith("5 0:0.shift[3]=1 1:2.weight[0,5,0,0]=")
    assert read_family(text, network.architecture) == network.source


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("5 1:0.shift[3]=1", "bred step 1, '1:0.shift[3]=1': there is no step 1 before it"),
        (
            "5 0:0.shift[3]=one",
            "must be a seed as 9, a mutant as 0_7, a cross as 0*1_5, between two",
        ),
        ("5 0:0.shift[3]=1e400", "changed value"),
        ("5 0:0.shift[6]=1", "0.shift[6]: there is no such number; the last one is 0.shift[5]"),
        ("5 0:0.shift[0,0]=1", "there is no such number"),
        ("5 0:9.shift[0]=1", "array '9.shift': there is none of that name"),
    ],
)
def test_a_wrong_text_of_a_nudge_is_refused(text: str, said: str) -> None:
    with pytest.raises(InputError) as caught:
        nw.Network.bred(nw.parse("conv(6) * 3"), text)
    assert said in str(caught.value)


def test_a_nudged_network_has_children() -> None:
    text = "5 0:0.shift[3]=1 1_7"
    child = nw.Network.bred(nw.parse("conv(6) * 3"), text)
    assert family_text(child.source) == text
    parent = nw.Network.bred(nw.parse("conv(6) * 3"), "5 0:0.shift[3]=1")
    assert not np.array_equal(child.parameters["0.weight"], parent.parameters["0.weight"])


def test_what_is_no_unit_is_refused() -> None:
    with pytest.raises(InputError, match="unit channel=6: layer 1 has the channels 0 to 5"):
        unit(net(), 1, 6)
    with pytest.raises(InputError, match="unit layer=0: this network has the layers 1 to 3"):
        unit(net(), 0, 0)
    with pytest.raises(UnsupportedError, match="no sum of weights times inputs"):
        unit(net("maxout(3, 2)"), 1, 0)


def test_an_embedding_is_the_programs_first_operation() -> None:
    # what line_of rests on
    program = net().calibrate(RASTER).program
    assert isinstance(program.operations[0], Embed)
    assert isinstance(program.operations[1], Conv)
    assert isinstance(unit(net(), 1, 0), Unit)


def test_what_is_no_network_is_refused_in_a_line() -> None:
    with pytest.raises(InputError, match=r"unit network=.*must be a Network, as"):
        unit("x", 1, 0)  # type: ignore[arg-type]  # that is refused
