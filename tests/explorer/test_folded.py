"""A Field as the browser gets it: the very numbers, and a reason where there are none."""

import base64
import json
from pathlib import Path

import numpy as np
import pytest

from netwarp.architecture.language import parse
from netwarp.errors import UnsupportedError
from netwarp.explorer import folded
from netwarp.explorer.folded import fold, obstacle, tone_data
from netwarp.fields.calibration import calibrate
from netwarp.fields.field import Field
from netwarp.network.network import Network
from netwarp.network.program import Activate, Conv
from netwarp.picture.gamut_table import TABLE
from netwarp.picture.maps import map_colours
from netwarp.picture.tone import Tone
from netwarp.plane import Raster


def field_of(text: str, **options: object) -> Field:
    return calibrate(Network.draw(parse(text, **options), 0), Raster(60, 40))  # type: ignore[arg-type]


def floats(text: object) -> np.ndarray:
    return np.frombuffer(base64.b64decode(str(text)), "<f4").astype(np.float64)


def test_the_numbers_arrive_as_they_are() -> None:
    field = field_of("residual(conv(6)) * 2", act="leaky(random)", inputs="x y fourier(2, 1)")
    data = json.loads(json.dumps(fold(field, Tone("lab", (0, 1, 2), (0.1,) * 3, (1.0,) * 3))))
    for operation, sent in zip(field.program.operations, data["operations"], strict=True):
        assert sent["sources"] == list(operation.sources)
        assert sent["channels"] == operation.channels
        if isinstance(operation, Conv):
            assert (floats(sent["weight"]) == operation.weight.ravel()).all()
            assert (floats(sent["bias"]) == operation.bias).all()
        if isinstance(operation, Activate):
            assert sent["parameter"] == operation.parameter.tolist()
    assert data["operations"][0]["coefficients"] == field.program.operations[0].coefficients.tolist()  # type: ignore[union-attr]
    assert [one["operation"] for one in data["layers"]] == list(field.program.layers)
    assert data["tone"]["low"] == [0.1] * 3


def test_the_page_has_the_table_of_the_gamut() -> None:
    static = Path(folded.__file__).with_name("static")
    assert all(TABLE in (static / name).read_text() for name in ("explorer.js", "viewer.js", "widget.js"))


def test_a_map_brings_its_colours() -> None:
    sent = tone_data(Tone("viridis", (0,), (0.0,), (1.0,)))
    assert base64.b64decode(str(sent["map"])) == map_colours("viridis").tobytes()
    assert "map" not in tone_data(Tone("gray", (0,), (0.0,), (1.0,)))


@pytest.mark.parametrize(
    ("text", "options", "reason"),
    [
        ("conv(4, 3)", {}, "layer 0 reads a window of 3 x 3 pixels"),
        ("conv(4) >> pool('max', 2)", {}, "reads a window of 2 x 2 pixels"),
        ("conv(200)", {"norm": "layer"}, "normalises over 200 channels, more than 128"),
        ("conv(20) * 60", {}, "float32 is not enough for it"),
    ],
)
def test_what_the_server_draws_is_said(text: str, options: dict[str, object], reason: str) -> None:
    field = field_of(text, **options)
    assert reason in str(obstacle(field))
    with pytest.raises(UnsupportedError, match="cannot draw this network by itself"):
        fold(field)


def test_numbers_of_its_own_in_float64_are_the_server_s(tmp_path: Path) -> None:
    arrays = {"W0": np.ones((4, 2)) / 3, "b0": np.zeros(4), "W1": np.ones((3, 4)) / 3, "b1": np.zeros(3)}
    np.savez(tmp_path / "own.npz", **arrays)
    field = calibrate(Network.load(tmp_path / "own.npz", activation="tanh"), Raster(60, 40))
    assert obstacle(field) == "its numbers are float64"
