"""The page's measures of views are the library's: value, half the resolution, references, and what is said of them."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from netwarp.architecture.language import parse
from netwarp.errors import NetwarpError
from netwarp.fields.calibration import calibrate
from netwarp.fields.field import Field
from netwarp.measures.measure import take
from netwarp.measures.measurements import Measurement, number
from netwarp.measures.registry import find
from netwarp.measures.specimen import Specimen
from netwarp.network.network import Network
from netwarp.network.program import Conv
from netwarp.plane import Plane, Raster
from web.architectures import pointwise
from web.conftest import Run
from web.test_networks import raster_data

HOME, VIEW = Raster(60, 40), Raster(64, 64, Plane(0.05, -0.02, 1.5, 1.0))
NAMES = (
    "total_variation", "mean_frequency", "lz_complexity", "level_set_length", "box_dimension", "components", "holes",
)  # fmt: skip
RANDOM = 40
BY_PIXELS = "of the pixels; netwarp explore takes it of exact cells"
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
    'Architecture(maxout(6, 3) * 3, norm=layer(1, 0))',
)  # fmt: skip


def cases() -> list[tuple[str, int, tuple[int, int] | None]]:
    found = [(str(pointwise(number)), number, None) for number in range(RANDOM)]
    found += [(text, 9, None) for text in SAID]
    return [*found, ('Architecture(conv(10) * 4, act="tanh")', 9, (2, 3)), ("conv(10) * 4", 9, (0, 7))]


def library(text: str, seed: int, channel: tuple[int, int] | None) -> list[Measurement]:
    field = calibrate(Network.draw(parse(text), seed), HOME)
    if channel is not None:
        field = single(field.after(channel[0] + 1), channel[1])
    # by pixels, as far as the page goes
    specimen = Specimen(field, VIEW, exact=False)
    return [measured(name, specimen) for name in NAMES]


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


@pytest.fixture
def found(node: Run, monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, list[Measurement], list[dict[str, Any]]]]:
    # the page computes in float64 whatever it shows
    monkeypatch.setattr(Field, "precision", lambda *_, **__: "float64")
    asked = [
        {"text": text, "seed": {"whole": str(seed)}, "channel": channel}
        | {"home": raster_data(HOME), "view": raster_data(VIEW)}
        for text, seed, channel in cases()
    ]
    answers = node("measured", asked)
    return [(case[0], library(*case), answer) for case, answer in zip(cases(), answers, strict=True)]


def test_measures_of_views(found: list[tuple[str, list[Measurement], list[dict[str, Any]]]]) -> None:
    close: list[bool] = []
    alike: set[str] = set()
    for text, wanted, taken in found:
        for one, own in zip(wanted, taken, strict=True):
            what = f"{one.name} of {text}"
            assert own["name"] == one.name
            if one.details.get("by") == "tessellation":  # of jumps
                assert own["value"] is None
                assert "exact cells" in own["reason"]
                continue
            if "too few digits" in own["reason"]:
                alike.add(text)
                continue
            assert (own["value"] is None) == (one.value is None), f"{what}: {own}, {one}"
            if one.value is None:
                continue
            assert number(own["value"]) == number(one.value), what
            close.append(abs(own["value"] - one.value) <= 1e-9 * abs(one.value))
            np.testing.assert_allclose(own["ramp"], one.ramp, rtol=1e-9, err_msg=what)
            np.testing.assert_allclose(own["noise"], one.noise, rtol=1e-9, err_msg=what)
            assert own["resolved"] == one.resolved, what
            assert own["note"].removesuffix(BY_PIXELS).removesuffix("; ") == one.note, what
    # beyond the digits shown, rounding may put a pixel to another side of a level
    assert np.mean(close) > 0.98
    assert len(close) > 250
    assert len(alike) <= 2
