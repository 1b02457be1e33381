"""The page's measures of views are the library's: value, half the resolution, references, and what is said of them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from random import Random
from typing import Any

import numpy as np
import pytest

from netwarp.architecture.architecture import Architecture
from netwarp.architecture.counts import count
from netwarp.architecture.language import parse
from netwarp.errors import NetwarpError
from netwarp.explorer.measuring import REGIONS
from netwarp.explorer.taps import nearly
from netwarp.fields.calibration import calibrate
from netwarp.fields.field import Field
from netwarp.measures.measure import take
from netwarp.measures.measurements import Measurement, number
from netwarp.measures.registry import find
from netwarp.measures.specimen import Specimen
from netwarp.network.network import Network
from netwarp.network.program import Conv
from netwarp.plane import Plane, Raster
from web.architectures import pointwise, straight, windowed
from web.conftest import Run
from web.test_networks import raster_data

HOME, VIEW = Raster(60, 40), Raster(64, 64, Plane(0.05, -0.02, 1.5, 1.0))
NAMES = (
    "total_variation", "mean_frequency", "lz_complexity", "level_set_length", "box_dimension", "components", "holes",
    "regions", "linear_regions", "boundary_length",
)  # fmt: skip
RANDOM, WINDOWED, STRAIGHT = 60, 8, 40
# of the piecewise linear ones; number 15 has as many cells, while the library looks for them, as are still looked for
FIRST = 40
# of which a channel of a layer is measured too
CHANNELS = 20
SAID = (
    'Architecture(conv(10) * 4, act="tanh")',
    'Architecture(conv(12) * 3, act="step")',
    'Architecture(conv(6) * 2, act="square", norm=None, init=normal(9))',  # large values
    'Architecture(conv(3), act="relu", norm=None, init=normal(0))',  # constant
    'Architecture(conv(8) * 40, act="square", norm=None, init=normal(9))',  # beyond float64
    'Architecture(conv(20) * 8, act="sin")',
    'Architecture(conv(3) * 2, act="relu", norm=spatial(scale=0, shift=1))',  # constant under a norm
    'Architecture(residual(conv(6) * 2) * 3, act="gelu", out=1)',
    'Architecture(conv(5) * 2, act="hardtanh", inputs="x y r", out=2)',
    "Architecture(maxout(6, 3) * 3, norm=layer(1, 0))",
    "Architecture(conv(10) * 10)",  # as many cells as are found
    "Architecture(conv(10) * 20)",  # more
    "Architecture(maxout(10, 3) * 4)",
    'Architecture(conv(16) * 3, act="step", norm=None, init="orthogonal(gain=1.5)", out=1)',  # doubts of no length
)
# jumps along lines that rounding does not tell apart
ALONG = (
    "Architecture(depthwise(1, norm=spatial(scale=2.5, shift=normal(1, 0.5), eps=0.001), bias=False), "
    'init="lecun(gain=1.5)", out=4, out_act="step")'
)


@dataclass(frozen=True)
class Case:
    """A network, and the layer's channel of it that is measured, both counted from 0; its output where that is None."""

    text: str
    seed: int
    channel: tuple[int, int] | None = None

    def asked(self) -> dict[str, Any]:
        home, view = raster_data(HOME), raster_data(VIEW)
        return {
            "text": self.text,
            "seed": {"whole": str(self.seed)},
            "channel": self.channel,
            "home": home,
            "view": view,
        }

    def library(self) -> list[Measurement]:
        """As the served page takes them."""
        field = calibrate(Network.draw(parse(self.text), self.seed), HOME)
        view = nearly(field.program, VIEW.plane, HOME.pitch, VIEW.columns)
        if self.channel is not None:
            field = single(field.after(self.channel[0] + 1), self.channel[1])
        specimen = Specimen(field, view, budget=REGIONS)
        return [measured(name, specimen) for name in NAMES]


def drawn(architectures: list[Architecture]) -> Iterator[Case]:
    """The outputs, and of the first CHANNELS a channel of a layer too."""
    for seed, architecture in enumerate(architectures):
        yield Case(str(architecture), seed)
        if seed < CHANNELS and count(architecture).layers:
            program = calibrate(Network.draw(architecture, seed), HOME).program
            random = Random(seed)
            layer = random.randrange(len(program.layers))
            channels = program.operations[program.layers[layer]].channels
            yield Case(str(architecture), seed, (layer, random.randrange(channels)))


def single(field: Field, channel: int) -> Field:
    program = field.program
    weight = np.zeros((1, program.channels, 1, 1))
    weight[0, channel] = 1.0
    last = len(program.operations) - 1
    picked = Conv((last,), weight, np.zeros(1), layer="channel")
    return replace(field, program=replace(program, operations=(*program.operations, picked)), _known={}, _rounding={})


def measured(name: str, specimen: Specimen) -> Measurement:
    try:
        return take(find(name), specimen)
    except NetwarpError as error:
        return Measurement(name, "", None, str(error))


Taken = tuple[Case, list[Measurement], list[dict[str, Any]]]


def taken(node: Run, cases: list[Case]) -> list[Taken]:
    answers = node("measured", [case.asked() for case in cases])
    return [(case, case.library(), answer) for case, answer in zip(cases, answers, strict=True)]


@pytest.fixture(autouse=True)
def _in_float64(monkeypatch: pytest.MonkeyPatch) -> None:
    # the page computes in float64 whatever it shows
    monkeypatch.setattr(Field, "precision", lambda *_, **__: "float64")


def check(found: list[Taken], *, halves: bool = True) -> list[tuple[Measurement, dict[str, Any]]]:
    """The pairs that have a value: the digits shown are equal, or those are that the page is sure of.

    Without `halves` half the resolution is another one: the page's pixels stay on the kernels' taps.
    """
    pairs: list[tuple[Measurement, dict[str, Any]]] = []
    for case, wanted, answers in found:
        for one, own in zip(wanted, answers, strict=True):
            what = f"{one.name} of {case}: {own}, {one}"
            assert own["name"] == one.name
            if any("in doubt" in said for said in (own["note"], own["reason"])):
                assert own["value"] is None or holds(own["value"], one.value), what
                continue
            if "too few digits" in own["reason"]:
                continue
            assert (own["value"] is None) == (one.value is None), what
            if one.value is None:
                continue
            assert number(own["value"]) == number(one.value), what
            np.testing.assert_allclose(own["ramp"], one.ramp, rtol=1e-9, err_msg=what)
            if one.resolved is None:
                assert (own["noise"], own["half"], own["resolved"]) == (one.noise, one.half, one.resolved), what
            else:
                np.testing.assert_allclose(own["noise"], one.noise, rtol=1e-9, err_msg=what)
                # of half the pixels the page may have too few digits
                assert not halves or own["half"] is None or own["resolved"] == one.resolved, what
            assert own["note"] == one.note, what
            pairs.append((one, own))
    return pairs


def holds(shown: float, true: float | None) -> bool:
    """Whether a number is within one unit of its last digit."""
    if true is None:
        return False
    return abs(Decimal(repr(shown)) - Decimal(true)) <= Decimal(1).scaleb(int(Decimal(repr(shown)).as_tuple().exponent))


def exact(pairs: list[tuple[Measurement, dict[str, Any]]]) -> int:
    return sum(one.details.get("by") == "tessellation" for one, _ in pairs)


@pytest.mark.slow
def test_measures_of_views(node: Run) -> None:
    cases = [*drawn([pointwise(number) for number in range(RANDOM)]), *(Case(text, 9) for text in SAID)]
    cases += [Case('Architecture(conv(10) * 4, act="tanh")', 9, (2, 3)), Case("conv(10) * 4", 9, (0, 7))]
    pairs = check(taken(node, cases))
    assert len(pairs) >= 600
    assert exact(pairs) >= 25


@pytest.mark.slow
def test_measures_of_cells(node: Run) -> None:
    pairs = check(taken(node, [*drawn([straight(number) for number in range(FIRST, FIRST + STRAIGHT)])]))
    assert exact(pairs) >= 90
    # counts, of which small ones are easy
    assert sum(one.name == "linear_regions" and (one.value or 0) >= 10 for one, _ in pairs) >= 25


@pytest.mark.slow
def test_measures_of_windows(node: Run) -> None:
    pairs = check(taken(node, [*drawn([windowed(number) for number in range(WINDOWED)])]), halves=False)
    assert sum(one.details.get("by") == "tangents" for one, _ in pairs) >= 5


def test_what_rounding_leaves_in_doubt(node: Run) -> None:
    (found,) = taken(node, [Case(ALONG, 111)])
    _, (wanted, *_), (own, *others) = found
    assert wanted.details["by"] == "tessellation"
    assert (own["name"], own["value"]) == ("total_variation", None)
    assert own["reason"].endswith("in doubt, which netwarp explore decides")
    (level,) = (one for one in others if one["name"] == "level_set_length")
    # pixels would be off by stairs, and by what touches the level
    assert level["value"] is None
    assert "in doubt" in level["reason"]
