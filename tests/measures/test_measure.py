"""Measuring: rasters too small to be pictures, images that are not written into, layers named as they are counted."""

import warnings
from math import isfinite

import numpy as np
import pytest

import netwarp as nw
from netwarp.errors import InputError, UnsupportedError
from netwarp.measures import registry
from netwarp.study.ensemble import Summary, ensemble


@pytest.fixture(scope="module")
def field() -> nw.Field:
    return nw.Network.draw(nw.parse("conv(4) * 2"), 0).calibrate(nw.Raster(60, 40))


@pytest.mark.parametrize("size", [(1, 1), (1, 5), (5, 1), (1, 40), (2, 2), (3, 2)])
def test_small_rasters_have_a_finite_value_or_a_reason(field: nw.Field, size: tuple[int, int]) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        found = nw.measure(field, raster=nw.Raster(*size))
    for name, one in found.items():
        assert all(value is None or isfinite(value) for value in (one.value, one.ramp, one.noise))
        assert (one.value is None) == bool(one.reason)
        if min(size) == 1 and registry.find(name).on_raster:
            assert f"{size[0]}x{size[1]}" in one.reason


def test_a_measure_cannot_change_what_the_next_one_sees(field: nw.Field, monkeypatch: pytest.MonkeyPatch) -> None:
    registry.names()
    monkeypatch.setattr(registry, "_known", dict(registry._known))

    @nw.measures.define(unit="1", source="here", formula="0")
    def spoiler(image: np.ndarray) -> float:
        """Writes where it should read."""
        image[:] = 0
        return 0.0

    with pytest.raises(ValueError, match="read-only"):
        nw.measure(field, "spoiler", raster=nw.Raster(8, 8))


def test_the_layer_in_the_way_is_counted_from_one() -> None:
    stepped = nw.Network.draw(nw.parse("conv(4) >> conv(4, 3, act='step')"), 0).calibrate(nw.Raster(60, 40))
    with pytest.raises(UnsupportedError, match=r"total_variation does not apply: layer 2 \(path 1\): \"step\" has no"):
        nw.measure(stepped, "total_variation", raster=nw.Raster(8, 8))
    ended = nw.Network.draw(nw.parse("conv(4, 3)", out_act="step"), 0).calibrate(nw.Raster(60, 40))
    with pytest.raises(UnsupportedError, match=r'the output: "step" has no'):
        nw.measure(ended, "total_variation", raster=nw.Raster(8, 8))


@pytest.mark.parametrize(
    ("wanted", "said"),
    [
        (3, "measures=3: must be a name"),
        (b"holes", "must be a name"),
        ({"a": 1}, "must be a name"),
        ([None], "measure=None: must be a name"),
    ],
)
def test_names_of_another_type_are_refused_in_a_line(field: nw.Field, wanted: object, said: str) -> None:
    with pytest.raises(InputError, match=said):
        nw.measure(field, wanted)  # type: ignore[arg-type]


def test_what_is_no_field_and_no_raster_is_refused_in_a_line(field: nw.Field) -> None:
    with pytest.raises(InputError, match=r"field='x': must be a Field"):
        nw.measure("x")  # type: ignore[arg-type]
    with pytest.raises(InputError, match="must be a Raster"):
        nw.measure(field, raster=(8, 8))  # type: ignore[arg-type]
    with pytest.raises(InputError, match="unit=3: must be text"):
        nw.measures.define(unit=3, source="", formula="")  # type: ignore[arg-type]


def test_a_function_that_gives_no_number_is_refused(field: nw.Field, monkeypatch: pytest.MonkeyPatch) -> None:
    registry.names()
    monkeypatch.setattr(registry, "_known", dict(registry._known))

    @nw.measures.define(unit="1", source="here", formula="a")
    def wordy(image: np.ndarray) -> str:
        """A word."""
        return "a"

    with pytest.raises(InputError, match="gives a float or a Reading, not str"):
        nw.measure(field, "wordy", raster=nw.Raster(8, 8))


def test_former_names_work_and_warn(field: nw.Field, monkeypatch: pytest.MonkeyPatch) -> None:
    taken = nw.measure(field, "lz_complexity", raster=nw.Raster(16, 16))["lz_complexity"]
    summary = Summary("made", "u", None, 0, None, 1.0, 2.0, "")
    for one in (taken, summary):
        with pytest.warns(DeprecationWarning, match="floor is now called ramp"):
            assert one.floor == one.ramp
        with pytest.warns(DeprecationWarning, match="ceiling is now called noise"):
            assert one.ceiling == one.noise
    with pytest.warns(DeprecationWarning, match="extremes is now called references"):
        bare = nw.measure(field, "lz_complexity", raster=nw.Raster(16, 16), extremes=False)["lz_complexity"]
    assert (bare.ramp, bare.noise) == (None, None)
    registry.names()
    monkeypatch.setattr(registry, "_known", dict(registry._known))
    with pytest.warns(DeprecationWarning, match="extremes is now called references") as said:

        @nw.measures.define(unit="1", source="here", formula="0", extremes=lambda raster: (0.0, 7.0))
        def old(image: np.ndarray) -> float:
            """As version 0.1 defined one."""
            return 0.0

    assert said[0].filename == __file__
    found = nw.measure(field, "old", raster=nw.Raster(8, 8))["old"]
    assert (found.ramp, found.noise) == (0, 7)
    with pytest.warns(DeprecationWarning, match="extremes"):
        assert registry.find("old").extremes is registry.find("old").references


def test_what_is_written_has_the_new_names_only(field: nw.Field) -> None:
    found = nw.measure(field, "lz_complexity", raster=nw.Raster(16, 16))
    data = found.as_dict()["lz_complexity"]
    assert {"ramp", "noise"} <= set(data)
    assert not {"floor", "ceiling"} & set(data)
    for text in (str(found), found._repr_html_()):
        assert "ceiling" not in text


def test_a_value_beyond_white_noise_is_a_value() -> None:
    # blocks of eight pixels: structure where white noise has none
    narrow = nw.Network.draw(nw.parse("conv(4) * 30"), 0).calibrate()
    one = nw.measure(narrow, "structural_complexity", raster=nw.Raster(64, 64))["structural_complexity"]
    assert one.value is not None
    assert one.noise is not None
    assert one.value > one.noise


@pytest.mark.slow
def test_measures_say_what_rounding_makes_of_them() -> None:
    """A hundred layers of sines leave float64 no digit: what is measured is not the network's function."""
    raster = nw.Raster(24, 16)
    wild, calm = nw.parse("conv(5) * 100", act="sin"), nw.parse("conv(5) * 3")
    found = nw.measure(nw.Network.draw(wild, 0).calibrate(raster), "total_variation", raster=raster)
    assert found.rounding.reported
    assert "rounding: off by about" in str(found)
    assert "rounding: off by about" in found._repr_html_()
    several = {"seeds": (0, 1), "raster": raster, "calibration": raster}
    assert "in 2 of 2 seeds" in ensemble(wild, "total_variation", **several).inexact()
    assert ensemble(calm, "total_variation", **several).inexact() == ""
