"""Total variation and Dirichlet energy: functions whose values are known, differences on a fine grid, units."""

from __future__ import annotations

import io

import numpy as np
import pytest

from netwarp.architecture.language import parse
from netwarp.errors import UnsupportedError
from netwarp.fields.field import Field
from netwarp.measures.gradients import dirichlet_energy, total_variation
from netwarp.measures.measure import measure, references_of, take
from netwarp.measures.registry import Absent, find
from netwarp.measures.slopes import by_pixels
from netwarp.measures.specimen import Specimen
from netwarp.network.network import Network
from netwarp.plane import Plane, Raster
from regions.made import plain

SQUARE = Raster(64, 64)


def drawn(text: str, **defaults: object) -> Field:
    return Network.draw(parse(text, **defaults), 0).calibrate(Raster(60, 40))


def both(field: Field, raster: Raster = SQUARE) -> tuple[float, float, object]:
    found = total_variation(Specimen(field, raster))
    return found.value, dirichlet_energy(Specimen(field, raster)).value, found.details["by"]


def test_a_ramp_is_the_floor() -> None:
    found = both(plain([([[1.0, 0.0]], [0.25])]))
    assert found[:2] == pytest.approx((12**0.5, 12), rel=1e-12)
    assert [references_of(find(name), SQUARE)[0] for name in ("total_variation", "dirichlet_energy")] == pytest.approx(
        found[:2], rel=1e-12
    )


@pytest.mark.parametrize("depth", [1, 3, 6])
def test_a_triangle_wave_is_exact_whatever_the_raster(depth: int) -> None:
    """2^depth sides from 0 to 1: the ramp's values, times the slope. The pixels do not fit the teeth."""
    plane = Plane.between(0, 1, 0, 1)
    *found, by = both(Network.sawtooth(depth).calibrate(), Raster(390, 410, plane))
    assert by == "tessellation"
    assert found == pytest.approx([2**depth * 12**0.5, 4**depth * 12], rel=1e-9)


def test_a_sine_by_its_tangents() -> None:
    """sin 2 pi m x: mean |cos| is 2 / pi and the deviation 1 / sqrt 2."""
    field = plain([([[10 * np.pi, 0.0]], [0.0]), ([[1.0]], [0.0])], "sin")
    *found, by = both(field, Raster(500, 8))
    assert by == "tangents"
    assert found == pytest.approx([4 * 2**0.5 * 5, (10 * np.pi) ** 2], rel=1e-3)


def test_a_jump_counts_by_its_height_and_its_length() -> None:
    """1 on two fifths of the square: the deviation is sqrt(0.24), and the slope is all in the jump."""
    field = plain([([[1.0, 0.0]], [-0.1]), ([[3.0]], [5.0])], "step")
    found = total_variation(Specimen(field, SQUARE))
    assert (found.value, found.details["by"]) == (pytest.approx(0.24**-0.5, rel=1e-9), "tessellation")
    with pytest.raises(Absent, match="jumps"):
        dirichlet_energy(Specimen(field, SQUARE))


@pytest.mark.parametrize("act", ["tanh", "relu"])
def test_against_differences_on_a_fine_grid(act: str) -> None:
    field = drawn("conv(8) * 2", act=act)
    raster = Raster(800, 800)
    values = field.sample(raster, dtype="float64")
    down, across = np.gradient(values, *raster.pitch[::-1], axis=(1, 2))
    squares = across**2 + down**2
    deviation = values.std(axis=(1, 2))
    expected = [
        (np.sqrt(squares).mean(axis=(1, 2)) / deviation).mean(),
        (squares.mean(axis=(1, 2)) / deviation**2).mean(),
    ]
    *found, by = both(field, raster)
    assert by == {"tanh": "tangents", "relu": "tessellation"}[act]
    assert found == pytest.approx(expected, rel=0.02)


def test_tangents_and_tessellation_agree() -> None:
    """The same Field by its pixels, which resolve it, and by its cells."""
    specimen = Specimen(drawn("conv(60)", act="relu"), Raster(400, 400))
    pixels = by_pixels(specimen.samples, specimen.gradients, specimen.raster.pitch)
    for one, other in ((pixels.variation, specimen.slopes.variation), (pixels.energy, specimen.slopes.energy)):
        assert one.value == pytest.approx(other.value, rel=0.01)
        assert (np.abs(one.value - other.value) <= one.error + other.error + 1e-3 * other.value).all()
        assert (one.error < 0.01 * one.value).all()


def proven(specimen: Specimen) -> tuple[float, float]:
    """What the lines through the pixels prove of total variation and Dirichlet energy, a line and a channel at a time.

    Along a line a function varies by at least its differences, and its mean squared slope over a segment is at least
    the square of the mean one; a plane's mean slope is at least the length of the vector of both directions' means.
    """
    width, height = specimen.raster.plane.width, specimen.raster.plane.height
    variations, energies = [], []
    for image in specimen.samples:
        rows = [np.abs(np.diff(row)).sum() / width for row in image]
        columns = [np.abs(np.diff(column)).sum() / height for column in image.T]
        variations.append(np.hypot(np.mean(rows), np.mean(columns)))
        step_x, step_y = specimen.raster.pitch
        squares = sum(np.sum(np.diff(row) ** 2) / step_x**2 for row in image) + sum(
            np.sum(np.diff(column) ** 2) / step_y**2 for column in image.T
        )
        energies.append(squares / image.size)
    return float(np.mean(variations)), float(np.mean(energies))


@pytest.mark.slow
@pytest.mark.parametrize(
    ("text", "act", "raster", "seeds"),
    [
        ("conv(4) * 150", "relu", Raster(48, 32), (10, 11, 14)),
        ("conv(4) * 30", "relu", Raster(64, 64), (0, 1)),
        ("conv(4) * 30", "tanh", Raster(64, 64), (0, 1)),
        ("conv(4, 3) * 30", "relu", Raster(48, 48), (0, 1)),
        ("conv(10) * 10", "sigmoid", Raster(48, 48), (0,)),
    ],
)
def test_no_value_is_below_what_neighbouring_pixels_prove(
    text: str, act: str, raster: Raster, seeds: tuple[int, ...]
) -> None:
    for seed in seeds:
        field = Network.draw(parse(text, act=act), seed).calibrate(Raster(48, 32))
        specimen = Specimen(field, raster)
        least = proven(specimen)
        assert min(least) > 0
        for name, bound in zip(("total_variation", "dirichlet_energy"), least, strict=True):
            # of cells the plane's exact deviation is the unit, of pixels theirs
            slack = 0.9 if specimen.slopes.by == "tessellation" else 1 - 1e-9
            assert take(find(name), specimen).value >= slack * bound


@pytest.mark.parametrize("seed", [10, 11, 14])
def test_plateaus_at_every_pixel_are_no_flat_function(seed: int) -> None:
    """All derivatives at pixel centres are 0, and the level sets are long: a bound, said to be one, not resolved."""
    field = Network.draw(parse("conv(4) * 150"), seed).calibrate(Raster(48, 32))
    specimen = Specimen(field, Raster(48, 32))
    assert not specimen.gradients.any()
    for name in ("total_variation", "dirichlet_energy"):
        found = take(find(name), specimen)
        assert found.value > 4
        assert found.resolved is False
        assert found.error >= found.value
        assert "lower bound" in found.note


def test_a_zero_counts_only_where_it_is_proven() -> None:
    """One step between plateaus wider than pixels: 2e-6 wide, so that no pixel's derivative sees it."""
    steep = 1e6
    edge = [([[steep, 0.0], [steep, 0.0]], [-0.1 * steep, -0.1 * steep - 1.0]), ([[1.0, -1.0]], [0.0])]
    sharp = Specimen(plain(edge), SQUARE)
    assert not sharp.gradients.any()
    exact = total_variation(sharp)
    # 0 on six tenths and 1 on four: a height of 1 over the deviation sqrt(0.24), a length of 1
    assert (exact.value, exact.exact) == (pytest.approx(0.24**-0.5, rel=1e-5), True)
    assert dirichlet_energy(sharp).value == pytest.approx(steep / 0.24, rel=1e-5)
    pixels = by_pixels(sharp.samples, sharp.gradients, SQUARE.pitch)
    assert 0.97 * exact.value < pixels.variation.value[0] < 1.01 * exact.value  # the border's half pixels are not seen
    assert pixels.variation.error[0] >= pixels.variation.value[0]


@pytest.mark.slow
def test_heavy_tails_are_said_and_the_exact_value_taken() -> None:
    """conv(4) * 30: 40 million points at random places give 213.3 +- 0.6 and 4.86e7 +- 0.1e7."""
    field = Network.draw(parse("conv(4) * 30"), 2).calibrate()
    specimen = Specimen(field, SQUARE)
    assert total_variation(specimen).value == pytest.approx(213.3, abs=1.2)
    assert dirichlet_energy(specimen).value == pytest.approx(4.86e7, abs=0.2e7)
    pixels = by_pixels(specimen.samples, specimen.gradients, SQUARE.pitch)
    assert "heavy-tailed" in pixels.energy.note
    assert (pixels.energy.steepest > 0.5).all()
    assert (pixels.energy.error > 0.1 * pixels.energy.value).all()
    assert by_pixels(*calm(), SQUARE.pitch).energy.note == ""


def calm() -> tuple[np.ndarray, np.ndarray]:
    specimen = Specimen(drawn("conv(8)", act="tanh"), SQUARE)
    return specimen.samples, specimen.gradients


def test_the_error_holds_the_exact_value() -> None:
    """Of twenty networks that 48x48 pixels resolve badly or well, by pixels against by cells."""
    held = []
    for seed in range(20):
        specimen = Specimen(drawn_from("conv(6) * 5", seed), Raster(48, 48))
        pixels = by_pixels(specimen.samples, specimen.gradients, specimen.raster.pitch)
        exact = specimen.slopes
        assert exact.by == "tessellation"
        for one, other in ((pixels.variation, exact.variation), (pixels.energy, exact.energy)):
            # the deviations of pixels and of the plane differ by a percent or so
            held.append(np.abs(one.value - other.value) <= one.error + 0.02 * other.value)
    assert np.mean(held) > 0.9


def drawn_from(text: str, seed: int) -> Field:
    return Network.draw(parse(text), seed).calibrate(Raster(60, 40))


def test_no_unit_of_the_output_and_the_unit_of_the_plane() -> None:
    weight, bias = np.array([[2.0, 1.0], [-1.0, 3.0], [1.0, 1.0]]), np.array([0.1, 0.2, -0.3])
    read = np.array([[1.0, -2.0, 0.5]])
    tall = plain([(weight, bias), (100 * read, [7.0])])
    wide = plain([(weight / 2, bias), (read, [0.0])])
    one = both(plain([(weight, bias), (read, [0.0])]))
    assert both(tall) == pytest.approx(one)
    halved = both(wide, Raster(64, 64, Plane(width=2.0, height=2.0)))
    assert halved[:2] == pytest.approx((one[0] / 2, one[1] / 4))


def test_noise_is_of_neighbouring_differences() -> None:
    """The difference of two independent Gaussians has variance 2; (dx, dy) share a pixel, the squares' mean does not
    mind."""
    raster = Raster(200, 300, Plane(width=2.0, height=1.0))
    plain, wild = references_of(find("dirichlet_energy"), raster)
    assert plain == pytest.approx(references_of(find("total_variation"), raster)[0] ** 2) == pytest.approx(12 / 2**2)
    assert wild == pytest.approx(2 * (100**2 + 300**2), rel=0.02)


def test_a_step_without_a_tessellation_is_refused_by_name() -> None:
    specimen = Specimen(drawn("conv(4, 3)", act="step"), Raster(16, 16))
    for function in (total_variation, dirichlet_energy):
        with pytest.raises(UnsupportedError, match="step"):
            function(specimen)


def test_a_constant_channel_is_left_out_and_a_constant_output_absent() -> None:
    weight = np.array([[1.0, 0.0], [0.0, 0.0]])
    assert both(plain([(weight, [0.0, 3.0])]))[0] == pytest.approx(12**0.5)
    with pytest.raises(Absent, match="constant"):
        both(plain([(0 * weight, [1.0, 3.0])]))


def test_a_view_deeper_than_float64_is_measured_by_its_differences() -> None:
    """Within one linear region: the slope there, over the deviation of an affine map on the raster's pixels."""
    field = drawn("conv(10) * 4")
    x, y = field.tangent(Raster(1, 1, Plane(0.1234567890123456, 0.2, 1e-6, 1e-6)))[:, :, 0, 0].T.astype(float)
    deviation = 1e-30 * np.sqrt((x**2 * (1 - 1 / 60**2) + y**2 * (1 - 1 / 40**2)) / 12)
    found = total_variation(Specimen(field, Raster(60, 40, Plane("0.12345678901234567890", 0.2, 1e-30, 1e-30))))
    assert found.value == pytest.approx((np.hypot(x, y) / deviation).mean(), rel=1e-5)


@pytest.mark.slow
@pytest.mark.parametrize(("text", "seed"), [("conv(4) * 30", 0), ("conv(4) * 20", 1), ("conv(8) * 4", 2)])
def test_cells_give_what_their_areas_and_maps_do(text: str, seed: int) -> None:
    """The sum over the cells of area times slope, and of area times slope squared, by numpy alone."""
    field = Network.draw(parse(text), seed).calibrate(Raster(60, 40))
    found = measure(field, ["total_variation", "dirichlet_energy"], raster=Raster(48, 32))
    cells = field.tessellate()
    share = cells.areas / cells.areas.sum()
    slope = np.hypot(cells.affine[:, :, 0], cells.affine[:, :, 1])
    deviation = np.sqrt(cells.integrate().variance)
    assert found["total_variation"].value == pytest.approx(float((share @ slope / deviation).mean()), rel=1e-6)
    energy = float((share @ slope**2 / deviation**2).mean())
    assert found["dirichlet_energy"].value == pytest.approx(energy, rel=1e-6)


@pytest.mark.parametrize("width", [1.0, 1e-3, 1e-6, 1e-8, 1e-9, 1e-10])
def test_variance_beside_a_large_mean(width: float) -> None:
    """x + 2 y + 1e8, whose variance is 5 width^2 / 12, however small that is beside 1e16."""
    stream = io.BytesIO()
    np.savez(stream, W0=np.eye(2), b0=np.full(2, 1e8 / 3), W1=np.array([[1.0, 2.0]]), b1=np.zeros(1))
    stream.seek(0)
    field = Network.load(stream).calibrate()
    found = field.tessellate(Plane(0.25, 0.25, width, width)).integrate()
    assert found.variance[0] == pytest.approx(5 * width**2 / 12, rel=1e-6)
    assert found.total_variation[0] == pytest.approx(np.sqrt(5), rel=1e-9)
