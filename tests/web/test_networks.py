"""The page draws, lowers, calibrates and evaluates random networks as the library does, k x k ones too."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from netwarp.architecture import zoo
from netwarp.architecture.architecture import Architecture
from netwarp.architecture.language import parse
from netwarp.architecture.symmetry import GROUPS
from netwarp.errors import NetwarpError
from netwarp.fields.calibration import calibrate
from netwarp.network.network import Network
from netwarp.network.program import Activate, Operation, Program
from netwarp.plane import Plane, Raster
from web.architectures import pointwise, windowed
from web.arrays import floats
from web.conftest import Run

HOME, VIEW = Raster(60, 40), Raster(24, 16, Plane(0.02, -0.01, 0.9, 0.8))
COUNT, WINDOWED = 200, 60
ARRAYS = ("weight", "bias", "parameter", "scale", "shift", "coefficients")


def asked(architecture: Architecture, seed: int, home: Raster = HOME) -> dict[str, Any]:
    rasters = {"home": raster_data(home), "view": raster_data(VIEW)}
    return {"text": str(architecture), "seed": {"whole": str(seed)}, **rasters}


def raster_data(raster: Raster) -> dict[str, Any]:
    plane = raster.plane
    sides = {"x": plane.x, "y": plane.y, "width": plane.width, "height": plane.height}
    return {"columns": raster.columns, "rows": raster.rows, "plane": sides}


def same_numbers(program: Program, found: dict[str, Any]) -> bool:
    """Whether the calibrated numbers are all equal; the operations themselves must be."""
    operations = found["operations"]
    assert len(operations) == len(program.operations)
    assert found["layers"] == list(program.layers)
    same = [same_operation(*pair) for pair in zip(program.operations, operations, strict=True)]
    return all(same)


def same_operation(wanted: Operation, found: dict[str, Any]) -> bool:
    assert found["kind"] == type(wanted).__name__.lower()
    assert (found["sources"], found["channels"], found["layer"]) == (
        list(wanted.sources),
        wanted.channels,
        wanted.layer,
    )
    numbers = [(np.ravel(getattr(wanted, name)), floats(found[name])) for name in ARRAYS if hasattr(wanted, name)]
    return all(np.array_equal(one, other) for one, other in numbers)


@pytest.mark.slow
def test_random_networks(node: Run) -> None:
    check(node, [pointwise(number) for number in range(COUNT)])


@pytest.mark.slow
def test_random_networks_with_windows(node: Run) -> None:
    check(node, [windowed(number) for number in range(WINDOWED)])


def check(node: Run, architectures: list[Architecture]) -> None:
    answers = node("networks", [asked(one, seed) for seed, one in enumerate(architectures)])
    jumps = 0
    for seed, (architecture, found) in enumerate(zip(architectures, answers, strict=True)):
        network = Network.draw(architecture, seed)
        assert found["parameters"].keys() == network.parameters.keys()
        for key, wanted in network.parameters.items():
            drawn = floats(found["parameters"][key]).reshape(wanted.shape)
            np.testing.assert_array_equal(drawn.astype(np.float32), wanted.astype(np.float32), str(architecture))
        field = calibrate(network, HOME)
        same = same_numbers(field.program, found)
        if field.rounding(VIEW).reported:
            continue
        assert same, f"{architecture}, seed {seed}"
        wanted = field.sample(VIEW, dtype="float64").reshape(field.channels, -1)
        apart = np.abs(floats(found["values"]).reshape(wanted.shape) - wanted)
        spread, size = wanted.std(axis=1, keepdims=True), np.abs(wanted).max(axis=1, keepdims=True)
        deviation = np.where(spread > 1e-12 * size, spread, size)  # a constant channel has no spread to judge by
        far = (apart > 1e-6 * deviation).any(axis=0)
        if any(isinstance(one, Activate) and one.name == "step" for one in field.program.operations):
            jumps += int(far.sum())  # a value within rounding of a jump
        else:
            assert not far.any(), f"{architecture}, seed {seed}"
    assert jumps <= 10


@pytest.mark.parametrize(
    "size", [(97, 43), (7, 5), (601, 3), (1, 701), (250, 9)], ids=lambda size: "{}x{}".format(*size)
)
def test_calibration_on_a_raster_of_any_size(node: Run, size: tuple[int, int]) -> None:
    """Rows are computed some at a time, and the last ones may be fewer."""
    home = Raster(*size)
    given = [
        parse("conv(10) * 4"),
        parse("conv(5) >> residual(conv(5) >> conv(5)) >> parallel(conv(3), conv(2)) >> conv(4)"),
    ]
    answers = node("networks", [asked(one, 3, home) for one in given])
    for one, found in zip(given, answers, strict=True):
        assert same_numbers(calibrate(Network.draw(one, 3), home).program, found), str(one)


def test_what_was_drawn_before_is_drawn_again(node: Run) -> None:
    """The page keeps what it has drawn: no network may change what another one is given."""
    given = [
        parse("conv(6) * 2", norm=f"spatial(scale={scale}, shift={shift})", act=act)
        for act in ("relu", "leaky(random)")
        for scale, shift in ((1, "normal(1)"), (2, "normal(3)"), ("normal(1)", 0), (1, "uniform(-1, 1)"))
    ]
    answers = node("networks", [asked(one, 5) for one in given + given])
    for one, found in zip(given + given, answers, strict=True):
        assert same_numbers(calibrate(Network.draw(one, 5), HOME).program, found), str(one)


INPUTS = [
    "x y r z(3, uniform(-1, 1)) scale(8)",
    "x y bias z(2, normal(1, 0.5)) z((0.25, -2)) scale(0.5)",
    "r z((1,)) z(2, 3) fourier(3, 1) scale(2)",
    "x y periodic(x) embed((0.1, 0), (1, 0), (0, 1)) scale(3)",
]


def test_inputs_that_are_scaled_or_chosen(node: Run) -> None:
    bodies = ("conv(6) * 2", "parallel(conv(3), conv(2, act='sin')) >> conv(4)", "conv(4, 3)")
    shared = ({"act": "tanh"}, {"norm": None, "act": "abs", "init": "normal(1, bias=normal(1))"})
    check(node, [parse(body, inputs=one, **rest) for one in INPUTS for body in bodies for rest in shared])
    check(node, [entry.architecture for entry in zoo.entries() if entry.name.startswith("cppn")])


def test_written_inputs(node: Run) -> None:
    texts = [
        "x*x x*y y",
        "x -x*y*2 sin(x+3*y-1) cos(r) gauss(r)",
        "r*r*x+2*x-0.5 bias z((3,)) tanh(x*y+sin(r)) z(2) scale(2)",
        "sin(x+y)*(x-2*(y+1)) r r*x scale(8)",
        "sin(2*x)*sin(2*x) x-x+y relu(-y) fourier(2, 1)",
        "square(sin(abs(x)+abs(y))) 0.1*x-0.3*abs(x)+cos(0*x)",
    ]
    check(node, [parse(body, inputs=text, act="tanh") for text in texts for body in ("conv(6) * 2", "conv(4, 3)")])


@pytest.mark.parametrize("first", range(4))
def test_symmetric_inputs(node: Run, first: int) -> None:
    rosettes = [
        "mirror()",
        "rotate(2) r scale(8) z(2)",
        "rotate(5) bias",
        "dihedral(6, n=5)",
        "rotate(12)",
        "dihedral(7)",
    ]
    lattices = ["wallpaper(p1, ratio=0.7, shear=0.3)", "wallpaper(p4m, n=20) z(3)", "wallpaper(p6, cell=0.3) z((1, 2))"]
    texts = [*rosettes, *lattices, *(f"wallpaper({group}, n=13)" for group in GROUPS)]
    check(node, [parse("conv(6) * 2", inputs=text, act="tanh") for text in texts[first::4]])


@pytest.mark.slow
def test_the_usual_calibration(node: Run) -> None:
    architecture = parse("conv(10) * 10")
    (found,) = node("networks", [asked(architecture, 7, Raster())])
    assert same_numbers(calibrate(Network.draw(architecture, 7), Raster()).program, found)


def test_a_constant_channel_yields_its_shift(node: Run) -> None:
    architecture = parse("conv(4)", inputs="bias", norm="spatial(shift=normal(2), eps=0)")
    (found,) = node("networks", [asked(architecture, 3)])
    assert same_numbers(calibrate(Network.draw(architecture, 3), HOME).program, found)


@pytest.mark.parametrize(
    "options",
    [{"init": "normal(1e308)"}, {"init": "normal(1e200)"}, {"norm": "spatial(scale=1e39)"}],
    ids=["drawn", "normalised", "folded"],
)
def test_numbers_beyond_floats_are_refused_in_the_same_words(node: Run, options: dict[str, str]) -> None:
    architecture = parse("conv(40) * 2", **options)
    with pytest.raises(NetwarpError) as refused:
        calibrate(Network.draw(architecture, 3), HOME)
    (found,) = node("networks", [asked(architecture, 3)])
    assert found["error"].endswith(f"Error: {refused.value}")
