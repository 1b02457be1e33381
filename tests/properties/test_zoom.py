"""One function of the plane: where the pixel centres of two rasters coincide, so do the values."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from netwarp.architecture.language import parse
from netwarp.fields.calibration import calibrate
from netwarp.fields.field import Field
from netwarp.network.network import Network
from netwarp.plane import Plane, Raster

# powers of two: pitches and taps that float64 holds exactly
SOURCE = Raster(33, 17, Plane(0.0, 0.0, 33 / 32, 17 / 16))
FIELDS = {
    text: calibrate(Network.draw(parse(text, act="tanh"), 2), SOURCE)
    for text in (
        "conv(8) * 3",
        "conv(8, 3) * 2",
        "conv(4, 4) >> conv(5, 5)",
        'conv(6, 3) >> pool("max", 2) >> conv(6, 3) >> pool("avg", 3) >> conv(4, 2)',
    )
}


def finer(factor: float, columns: int, rows: int, plane: Plane = SOURCE.plane) -> Raster:
    """Pixels `factor` times as close as the calibration's, about the same centre."""
    dx, dy = SOURCE.pitch
    return Raster(columns, rows, Plane(plane.x, plane.y, dx / factor * columns, dy / factor * rows))


def odd(least: int, most: int) -> st.SearchStrategy[int]:
    return st.integers(least // 2, most // 2).map(lambda n: 2 * n + 1)


@pytest.mark.parametrize("text", FIELDS)
@pytest.mark.parametrize("factor", [2, 4])
def test_upsampled_by_a_power_of_two_to_the_last_bit(text: str, factor: int) -> None:
    whole = FIELDS[text].sample(SOURCE, dtype="float32")
    zoomed = FIELDS[text].sample(finer(factor, 32 * factor + 1, 16 * factor + 1), dtype="float32")
    np.testing.assert_array_equal(zoomed[:, ::factor, ::factor], whole)


@settings(max_examples=40)
@given(st.sampled_from(sorted(FIELDS)), st.sampled_from([3, 5, 7, 11]), odd(3, 21), odd(3, 13))
def test_upsampled_by_anything_whole(text: str, factor: int, columns: int, rows: int) -> None:
    field = FIELDS[text]
    coarse = field.sample(finer(1, columns, rows), dtype="float64")
    fine = field.sample(finer(factor, columns * factor, rows * factor), dtype="float64")
    at = factor // 2
    np.testing.assert_allclose(fine[:, at::factor, at::factor], coarse, rtol=0, atol=1e-11 * np.abs(coarse).max())


@settings(max_examples=40)
@given(
    st.sampled_from(sorted(FIELDS)), st.sampled_from([(5, 3), (3, 2), (2, 3), (1, 3), (7, 4)]), odd(3, 15), odd(3, 15)
)
def test_zoomed_by_a_fraction(text: str, factor: tuple[int, int], columns: int, rows: int) -> None:
    """Every `over`-th pixel of the finer one lies on every `under`-th of the calibration's."""
    over, under = factor
    field = FIELDS[text]
    coarse = field.sample(finer(1, (columns - 1) * under + 1, (rows - 1) * under + 1), dtype="float64")
    fine = field.sample(finer(over / under, (columns - 1) * over + 1, (rows - 1) * over + 1), dtype="float64")
    wanted = coarse[:, ::under, ::under]
    np.testing.assert_allclose(fine[:, ::over, ::over], wanted, rtol=0, atol=1e-11 * np.abs(wanted).max())


@settings(max_examples=40)
@given(
    st.sampled_from(sorted(FIELDS)),
    st.floats(0.1, 1e4),
    st.floats(-0.6, 0.6),
    st.floats(-0.6, 0.6),
    st.integers(1, 12),
    st.integers(1, 9),
)
def test_any_raster_is_the_function_at_its_pixel_centres(
    text: str, zoom: float, x: float, y: float, columns: int, rows: int
) -> None:
    field, raster = FIELDS[text], finer(zoom, columns, rows, Plane(x, y))
    found = field.sample(raster, dtype="float64")
    wanted = field.at(raster.slope().reshape(2, -1).T).T.reshape(found.shape)
    np.testing.assert_allclose(found, wanted, rtol=0, atol=1e-11 * max(1.0, float(np.abs(wanted).max())))


@pytest.mark.parametrize("text", FIELDS)
def test_the_plane_goes_on_beyond_the_picture(text: str) -> None:
    """No padding: the border of a picture is the inside of a larger one."""
    field: Field = FIELDS[text]
    inside = field.sample(SOURCE, dtype="float32")
    around = field.sample(finer(1, 33 + 10, 17 + 6), dtype="float32")
    np.testing.assert_array_equal(around[:, 3:-3, 5:-5], inside)


def test_what_is_zoomed_into_flattens_out() -> None:
    """Deep inside a smooth function little is left but its tangent."""
    field = FIELDS["conv(8, 3) * 2"]
    raster = finer(1e5, 9, 9, Plane(0.2, 0.1))
    found = field.sample(raster, dtype="float64")
    point = np.array([[0.2, 0.1]])
    slope = field.tangent(Raster(1, 1, Plane(0.2, 0.1)), dtype="float64")[:, :, 0, 0]
    dx, dy = raster.slope() - point[0][:, None, None]
    wanted = field.at(point)[0][:, None, None] + slope[:, :1, None] * dx + slope[:, 1:, None] * dy
    np.testing.assert_allclose(found, wanted, rtol=0, atol=1e-8)
    assert np.ptp(found) > 1e-7
