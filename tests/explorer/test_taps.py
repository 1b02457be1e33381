"""Views of k x k networks: cheap on rasters that share taps, and the same picture, in the same place."""

from collections.abc import Callable

import numpy as np
import pytest

import netwarp as nw
from netwarp.explorer import views
from netwarp.explorer.measuring import measures
from netwarp.explorer.opening import OpenField, open_pane
from netwarp.explorer.reading import Files
from netwarp.explorer.state import Pane
from netwarp.explorer.taps import nearly, on_taps
from netwarp.explorer.work import Cancellation, Stopped
from netwarp.fields.limits import positions
from netwarp.plane import Plane, Raster

FOREVER = 1e6
# a page's canvas: its pitch divides no tap distance
CANVAS = [(636, 502, 1.27, 1.0), (820, 584, 0.3, 0.21), (500, 333, 2.3, 1.7), (820, 584, 0.021, 0.014)]


def opened(text: str, act: str = "relu", seed: int = 0) -> OpenField:
    return open_pane(Pane(arch=text, act=act, seed=seed), Files(), Cancellation("later", FOREVER))


@pytest.fixture(scope="module")
def kernels() -> OpenField:
    return opened("conv(6, 3) * 3", "tanh")


@pytest.mark.parametrize(("columns", "rows", "width", "height"), CANVAS)
def test_a_view_is_covered_by_a_raster_that_shares_taps(
    kernels: OpenField, columns: int, rows: int, width: float, height: float
) -> None:
    program, tap = kernels.field.program, kernels.field.raster.pitch
    asked = Raster(columns, rows, Plane(0.013, -0.027, width, height))
    found, crop = on_taps(program, asked, tap)
    assert crop is not None
    assert found.plane.width >= width
    assert found.plane.height >= height
    left, top, right, bottom = crop.box
    assert left >= 0 <= top
    assert right - left == pytest.approx(width / found.pitch[0])
    assert bottom - top == pytest.approx(height / found.pitch[1])
    assert left + right == pytest.approx(found.columns)
    assert all(own <= 1.21 * wanted for own, wanted in zip(found.pitch, asked.pitch, strict=True))
    assert 4 * positions(program, found, tap) < 3 * positions(program, asked, tap)


def test_what_shares_taps_already_is_left_alone(kernels: OpenField) -> None:
    field = kernels.field
    for raster in (field.raster, Raster(1200, 800), Raster(300, 200), Raster(600, 400, Plane(0.1, 0.2, 0.5, 0.5))):
        assert on_taps(field.program, raster, field.raster.pitch) == (raster, None)
    pointwise = opened("conv(6) * 2").field
    odd = Raster(637, 411)
    assert on_taps(pointwise.program, odd, pointwise.raster.pitch) == (odd, None)


def test_a_resampled_view_shows_what_lies_there(kernels: OpenField) -> None:
    """Beside the picture of exactly these pixels: nearer to it than to its neighbour a pixel away in any direction."""
    raster = Raster(213, 151, Plane(0.03, -0.04, 0.71, 0.53))
    header, data = views.pixels(
        kernels,
        raster,
        contrast="whole",
        show="output",
        colour="lab",
        coarse=False,
        cancel=Cancellation("later", FOREVER),
    )
    assert header["resampled"] is True
    assert header["reduced"] == 1
    shown = np.frombuffer(data, np.uint8).reshape(151, 213, 4)[..., :3].astype(float)
    tone = kernels.tones["output", "lab"]
    exact = nw.paint(kernels.field.sample(raster), tone).pixels.astype(float)
    inner = (slice(2, -2), slice(2, -2))

    def off(down: int, across: int) -> float:
        return float(np.abs(shown[inner] - np.roll(exact, (down, across), (0, 1))[inner]).mean())

    here = off(0, 0)
    assert here < 0.6
    assert all(off(*way) > 2 * here for way in ((1, 0), (-1, 0), (0, 1), (0, -1)))


@pytest.mark.slow
@pytest.mark.parametrize("name", ["vgg", "resnet", "inception"])
@pytest.mark.parametrize("width", [1.27, 0.1, 3e-3, 1e-5, 1e-20])
def test_every_network_of_the_zoo_has_a_picture_at_every_depth(name: str, width: float) -> None:
    found = opened(name, seed=4)
    raster = Raster(636, 502, Plane("0.0123456789012345678901234", "0.02", width, 0.79 * width))
    evaluated, crop, reduced = views.affordable(found, raster, coarse=False, cancel=Cancellation("later", FOREVER))
    assert views._seconds(found, evaluated, Cancellation("later", FOREVER)) < 4 * views.SHARP_SECONDS
    if crop is None and reduced == 1:
        assert evaluated == raster
    assert -(-636 // reduced) == (evaluated.columns if crop is None else crop.columns)


@pytest.mark.parametrize("text", ["conv(6) * 2", "conv(8, 3) * 3"])
def test_a_view_that_is_sooner_there_than_expected_has_all_its_pixels(text: str) -> None:
    """A processor that was busy while a network was calibrated is not paid for in every picture from then on."""
    found = opened(text, "relu", 2)
    raster, cancel = Raster(640, 480, Plane(0.1, 0.2, 3.0, 2.1)), Cancellation("later", FOREVER)
    own = found.pace_of_views

    def affordable() -> tuple[Raster, int]:
        evaluated, _, reduced = views.affordable(found, raster, coarse=False, cancel=cancel)
        return evaluated, reduced

    evaluated, reduced = affordable()
    assert reduced == 1
    whole = positions(found.field.program, evaluated, found.field.raster.pitch)
    found.pace_of_views = 16 * views.SHARP_SECONDS / whole
    assert affordable()[1] >= 4
    header, _ = views.pixels(found, raster, contrast="whole", show="output", colour="lab", coarse=False, cancel=cancel)
    assert header["reduced"] == 1
    assert found.pace_of_views < 100 * own
    # one that is as slow as that stays so
    found.pace_of_views = 16 * views.SHARP_SECONDS / whole
    assert not views._faster(found, evaluated, 10 * views.SHARP_SECONDS)
    assert affordable()[1] >= 4


def test_narrow_views_go_by_differences_and_look_the_same() -> None:
    found = opened("conv(8, 3) * 6 >> conv(8, 5)", "relu", 2)
    raster = Raster(60, 40, Plane(0.11, 0.07, 1e-6, 7e-7))
    # a slow machine: then the cheaper way is taken
    found.pace_of_views = 1.0
    _, by_differences = views._way(found, raster, Cancellation("later", FOREVER))
    assert by_differences
    centre, added = found.field.around(raster)
    direct = found.field.sample(raster, dtype="float64")
    assert np.abs(centre[:, None, None] + added - direct).max() < 1e-9 * np.abs(direct).max()


def test_measures_are_taken_nearly_of_the_view(kernels: OpenField) -> None:
    program, tap = kernels.field.program, kernels.field.raster.pitch
    for width, height in ((1.0, 1.0), (0.21, 0.16777216), (0.04, 0.03)):
        plane = Plane(0.01, 0.02, width, height)
        found = nearly(program, plane, tap, 128)
        assert abs(found.plane.width - width) <= 1.01 * found.pitch[0]
        assert abs(found.plane.height - height) <= 1.01 * found.pitch[1]
        assert positions(program, found, tap) < positions(program, Raster(128, 128, plane), tap)
    pointwise = opened("conv(6) * 2").field
    assert nearly(pointwise.program, plane, tap, 128) == Raster(128, 128, plane)


def test_the_timing_of_a_deep_view_and_of_a_point_can_be_stopped() -> None:
    found = opened("conv(8, 3) * 6 >> conv(8, 5)", "relu", 2)
    plane = Plane("0.1234567890123456789", 0.07, 1e-16, 7e-17)

    class Counting(Cancellation):
        asked = 0

        def progress(self, done: int = 0, total: int = 0) -> None:
            self.asked += 1
            super().progress(done, total)

    def calls(work: Callable[[Cancellation], object]) -> int:
        unwanted, cancel = Counting("later", FOREVER), Counting("later", FOREVER)
        unwanted.stop_at(0.0)
        with pytest.raises(Stopped):
            work(unwanted)
        assert unwanted.asked == 1
        work(cancel)
        return cancel.asked

    # every operation of the centre asks, for both of the rasters that are timed
    assert calls(lambda cancel: views._deep_pace(found, plane, cancel)) > 2 * len(found.field.program.operations)
    assert found.deep is not None
    assert calls(lambda cancel: views.values(found, "0.1", "0.2", "output", cancel)) >= 1
    assert calls(lambda cancel: views.values(found, "0.1234567890123456789", "0.2", "output", cancel)) > 5
    assert calls(lambda cancel: measures(found, Plane(0.1, 0.2, 1e-13, 1e-13), (), cancel)) > 5
