"""The page's cells are the library's: on 200 generic networks equal, on degenerate ones equal or said to be unsure."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis.strategies import SearchStrategy

from netwarp.activations.registry import NAMES, face
from netwarp.architecture.architecture import Architecture
from netwarp.architecture.language import parse
from netwarp.architecture.nodes import Conv
from netwarp.architecture.specs import Activation
from netwarp.errors import LimitError, RegionLimitError, UnsupportedError
from netwarp.fields.calibration import calibrate
from netwarp.fields.field import Field
from netwarp.network.network import Network
from netwarp.network.program import Concat, Program
from netwarp.plane import Plane, Raster
from netwarp.regions.tessellate import tessellate
from netwarp.regions.tessellation import Tessellation
from tests.regions.branching import KINDS, branching
from tests.regions.made import SQUARE, field_of, generic, plain
from tests.regions.piecewise import PLANE as PLANE_INPUTS
from tests.regions.piecewise import act, awkward, conv, piecewise
from web.architectures import STRAIGHT, pointwise, straight
from web.arrays import packed
from web.conftest import Run
from web.test_networks import raster_data

HOME, PLANE, CLOSE = Raster(60, 40), Plane(), Plane(0.11, -0.07, 0.02, 0.03)
COUNT, BRANCHING = 200, 400
LIMIT = 5_000
FLOATS = ("weight", "bias", "parameter", "coefficients")
WHOLE = ("kernel", "dilation", "groups", "pieces", "size", "name")

Pair = tuple[dict[str, Any], Tessellation]


def asked(program: Program, plane: Plane, limit: int = LIMIT) -> dict[str, Any]:
    """The Program's own numbers: what is compared are cells, not the drawing of networks."""
    operations = []
    for one in program.operations:
        made: dict[str, Any] = {"kind": type(one).__name__.lower(), "sources": one.sources, "channels": one.channels}
        made |= {name: packed(np.ravel(getattr(one, name))) for name in FLOATS if hasattr(one, name)}
        made |= {name: getattr(one, name) for name in WHOLE if hasattr(one, name)}
        if hasattr(one, "kinds"):
            made["kinds"] = one.kinds.tolist()
        operations.append({**made, "layer": one.layer})
    return {
        "operations": operations,
        "layers": program.layers,
        "plane": raster_data(Raster(1, 1, plane))["plane"],
        "limit": limit,
    }


def pairs(node: Run, fields: list[Field], planes: tuple[Plane, ...]) -> list[Pair]:
    """What the page finds, and what the library finds, of networks with so few cells that there are an answer."""
    return compared(node, [(field, plane) for field in fields for plane in planes])


def compared(node: Run, cases: list[tuple[Field, Plane]]) -> list[Pair]:
    """The same of each network on a plane of its own."""
    wanted, questions = [], []
    for field, plane in cases:
        try:
            wanted.append(tessellate(field, plane, limit=LIMIT))
        except LimitError:
            continue
        questions.append(asked(field.program, plane, 10 * LIMIT))
    return list(zip(node("cells", questions), wanted, strict=True))


def same(found: dict[str, Any], wanted: Tessellation) -> bool:
    """Whether the page was sure of everything. What it is sure of is so."""
    about = str(wanted.field)
    if not found["doubtful"]:
        assert found["cells"] == len(wanted), about
    if not found["unsure"]:
        assert found["regions"] == len(wanted.merge()), about
        assert found["edges"] == int((wanted.edge_layers > 0).sum()), about
        assert np.array_equal(np.sort(found["layers"]), np.sort(wanted.edge_layers[wanted.edge_layers > 0])), about
    assert found["area"] == pytest.approx(1.0, abs=1e-9), about
    return not found["unsure"]


@pytest.mark.slow
def test_generic_networks(node: Run) -> None:
    fields = [calibrate(Network.draw(straight(number), number), HOME) for number in range(COUNT)]
    found = pairs(node, fields, (PLANE, CLOSE))
    assert len(found) >= 1.8 * COUNT
    assert max(len(wanted) for _, wanted in found) > 3_000
    sure = sum(same(*pair) for pair in found)
    # some have three lines through one point: units without a bias, or functions of one other unit
    assert sure >= 0.96 * len(found)
    assert all(answer["cells"] == len(wanted) for answer, wanted in found)


@pytest.mark.slow
def test_random_weights(node: Run) -> None:
    fields = [generic(depth, width, seed) for seed in range(8) for depth, width in ((1, 20), (2, 12), (3, 10), (6, 6))]
    found = pairs(node, fields, (SQUARE, CLOSE))
    assert len(found) == 2 * len(fields)
    assert all(same(*pair) for pair in found)


def programs(strategy: SearchStrategy[Program], count: int) -> list[Program]:
    """The same ones at every call."""
    found: list[Program] = []

    @settings(
        max_examples=count,
        derandomize=True,
        database=None,
        phases=[Phase.generate],
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(strategy)
    def collect(program: Program) -> None:
        found.append(program)

    collect()
    return found


@pytest.mark.slow
@pytest.mark.parametrize("strategy", [piecewise, awkward])
def test_never_silently_wrong(node: Run, strategy: Callable[[], SearchStrategy[Program]]) -> None:
    found = pairs(node, [field_of(one) for one in programs(strategy(), 300)], (SQUARE,))
    assert len(found) > 250
    assert sum(same(*pair) for pair in found) > 0.2 * len(found)


@pytest.mark.slow
def test_never_silently_wrong_with_branches(node: Run) -> None:
    cases = [branching(number) for number in range(BRANCHING)]
    kinds = {id(one.program): one.kind for one in cases}
    found = compared(node, [(field_of(one.program), one.plane) for one in cases])
    sure: dict[str, list[bool]] = {kind: [] for kind in KINDS}
    for pair in found:
        sure[kinds[id(pair[1].field.program)]].append(same(*pair))
    assert len(found) > 0.95 * BRANCHING
    assert all(np.mean(one) > 0.3 for one in sure.values())


NORMS = (
    "none",
    "spatial()",
    "spatial(scale=3, shift=normal(2))",
    "spatial(scale=normal(1, 0.5), shift=uniform(-1, 1))",
    "spatial(scale=uniform(0.5, 2), shift=0.25, eps=1e-3)",
)
MAXOUTS = "maxout(5, 2) * 2", "maxout(4, 4) >> conv(4)", "parallel(maxout(3, 3), conv(3)) >> maxout(3, 3)"
TREES = ("conv(8) * 2", "parallel(conv(4) * 2, conv(5)) >> conv(6)", "residual(conv(6)) * 2", "dense(conv(4)) * 3")


@pytest.mark.slow
def test_every_activation_and_norm(node: Run) -> None:
    """On 215 generic networks: of every activation that has straight pieces, of maxout, and of every norm."""
    acts = [*(name for name in STRAIGHT if name != "linear"), "leaky(random)", "leaky(0.3)"]
    asked_for = [(tree, act, norm) for tree in TREES for act in acts for norm in NORMS]
    asked_for += [(tree, "relu", norm) for tree in MAXOUTS for norm in NORMS]
    fields = [
        calibrate(Network.draw(parse(tree, act=act, norm=norm), seed), HOME)
        for seed, (tree, act, norm) in enumerate(asked_for)
    ]
    assert len(fields) >= COUNT
    found = pairs(node, fields, (PLANE,))
    assert len(found) == len(fields)
    assert all(answer["cells"] == len(wanted) for answer, wanted in found)
    sure = [same(*pair) for pair in found]
    # what has no bias, or no shift, has lines through one point
    assert np.mean(sure) > 0.8


def layers(*pairs: tuple[Any, Any]) -> list[tuple[np.ndarray, np.ndarray]]:
    return [(np.asarray(weight, float), np.asarray(bias, float)) for weight, bias in pairs]


READ = ([[1.0, 1.0, 1.0]], [0.0])
DEGENERATE = {
    "twice": plain(layers(([[0.7, 0.2], [0.7, 0.2], [-0.3, 1.0]], [0.1, 0.1, 0.2]), READ)),
    "multiples": plain(layers(([[0.75, 0.25], [-1.5, -0.5], [2.25, 0.75]], [0.125, -0.25, 0.375]), READ)),
    "nothing": plain(layers(([[0.0, 0.0], [1.0, 0.5], [0.0, 0.0]], [0.0, 0.1, -1.0]), READ)),
    "corner": plain(layers(([[1.0, -1.0], [1.0, 1.0], [2.0, 1.0]], [0.0, 0.0, 3.0]), READ)),
    "one point": plain(layers(([[1.0, 0.3], [0.2, 1.0], [1.2, 1.3]], [0.1, -0.2, -0.1]), READ)),
    "close": plain(layers(([[1.0, 0.5], [1.0, 0.5], [1.0, 0.5]], [0.1, 0.1 + 1e-15, 0.1 + 2.0**-30]), READ)),
    "on the border": plain(layers(([[1.0, 0.0], [0.0, 1.0], [1.0, 0.0]], [-1.0, 1.0, 0.0]), READ)),
    "mirrored": plain(
        layers(([[1.0, 1.0], [1.0, -1.0]], [0.0, 0.0]), ([[1.0, 1.0], [1.0, -1.0]], [-1.0, 0.0]), ([[1.0, 1.0]], [0])),
        "abs",
    ),
    "steps": plain(layers(([[1.0, 1.0], [1.0, -1.0]], [0.0, 0.0]), ([[1.0, 1.0]], [-2.0]), ([[1.0]], [0.0])), "step"),
}


@pytest.mark.parametrize("name", DEGENERATE)
def test_degenerate(node: Run, name: str) -> None:
    for pair in pairs(node, [DEGENERATE[name]], (SQUARE,)):
        same(*pair)


def test_what_is_alike_by_its_numbers_is_sure(node: Run) -> None:
    for name in ("twice", "multiples", "nothing"):
        (pair,) = pairs(node, [DEGENERATE[name]], (SQUARE,))
        assert same(*pair), name


def test_a_step_along_the_line_of_another_unit(node: Run) -> None:
    """Both sides of the line are cut once, by the same unit, and in two places: three edges lie along it."""
    program = Program(
        (
            PLANE_INPUTS,
            conv(0, [[0.0, 1.0]]),
            act(1, 1),
            act(2, 1, "step"),
            Concat((0, 3), 3),
            conv(4, [[1.0, 0.25, -0.3]]),
            act(5, 1),
            Concat((2, 3, 6), 3),
            conv(7, [[1.0, 0.5, 2.0]]),
        )
    )
    (pair,) = pairs(node, [field_of(program)], (SQUARE,))
    assert same(*pair)
    assert (pair[0]["cells"], pair[0]["edges"]) == (4, 5)


def test_no_scale(node: Run) -> None:
    texts = ("spatial(scale=0)", "spatial(scale=0, shift=normal(2))", "spatial(scale=3)")
    fields = [calibrate(Network.draw(parse("conv(20) * 2", norm=norm), 4), HOME) for norm in texts]
    found = pairs(node, fields, (PLANE,))
    assert [len(wanted) for _, wanted in found][:2] == [1, 1]
    assert [same(*pair) for pair in found] == [True, True, found[2][0]["unsure"] == 0]


def test_too_many_cells(node: Run) -> None:
    field = calibrate(Network.draw(parse("conv(20) * 2"), 4), HOME)
    (found,) = node("cells", [asked(field.program, PLANE, 50)])
    assert found == {"more": 51}
    with pytest.raises(RegionLimitError):
        tessellate(field, PLANE, limit=50)


@pytest.mark.slow
def test_who_has_cells(node: Run) -> None:
    networks = [pointwise(number) for number in range(120)]
    networks += [Architecture(Conv(3), act=Activation(name)) for name in NAMES]
    networks += [parse(text) for text in ("gated(conv(3))", 'gated(conv(3, act="step"))', "conv(3) >> norm(layer())")]
    fields = [calibrate(Network.draw(one, 1), Raster(12, 8)) for one in networks]
    answers = node("cells", [asked(field.program, CLOSE, 0) for field in fields])
    have = 0
    for field, found in zip(fields, answers, strict=True):
        try:
            tessellate(field, CLOSE, limit=1)
            wanted = True
        except LimitError:
            wanted = True
        except UnsupportedError:
            wanted = False
        assert ("more" in found) == wanted, str(field.network)
        have += wanted
    assert have > 15
    assert {name for name in NAMES if face(name).pieces is not None} >= {"relu", "step", "hardsigmoid"}
