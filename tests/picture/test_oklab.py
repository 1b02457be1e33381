"""The colours of "lab": against the published matrices and mpmath, without a cut, without a crease, and not grey."""

from __future__ import annotations

import base64
from itertools import pairwise
from typing import Any

import mpmath
import numpy as np
import pytest

from netwarp.architecture.language import parse
from netwarp.fields.calibration import calibrate
from netwarp.network.network import Network
from netwarp.picture import colour, oklab
from netwarp.picture.colour import encode_srgb, lab_of_unit
from netwarp.picture.gamut import CELLS, LIGHTNESS, UNIT, chroma_limit, hue_octants
from netwarp.picture.gamut_table import TABLE
from netwarp.picture.oklab import coordinates, linear_light, within_gamut
from netwarp.picture.oklab_pixels import oklab_to_srgb, paint_pixels
from netwarp.picture.tone import Tone
from netwarp.plane import Plane, Raster
from netwarp.regions.tessellate import tessellate

# Ottosson 2020, as printed there: linear sRGB to the cones, and their cube roots to L, a, b
TO_CONES = np.array(
    [
        [0.4122214708, 0.5363325363, 0.0514459929],
        [0.2119034982, 0.6806995451, 0.1073969566],
        [0.0883024619, 0.2817188376, 0.6299787005],
    ]
)
TO_LAB = np.array(
    [
        [0.2104542553, 0.7936177850, -0.0040720468],
        [1.9779984951, -2.4285922050, 0.4505937099],
        [0.0259040371, 0.7827717662, -0.8086757660],
    ]
)
# and the way back, printed there too
TO_ROOTS = [("0.3963377774", "0.2158037573"), ("-0.1055613458", "-0.0638541728"), ("-0.0894841775", "-1.2914855480")]
TO_RGB = [
    ("4.0767416621", "-3.3077115913", "0.2309699292"),
    ("-1.2684380046", "2.6097574011", "-0.3413193965"),
    ("-0.0041960863", "-0.7034186147", "1.7076147010"),
]


def light_of(unit: np.ndarray) -> np.ndarray:
    """(3, ...) float64 positions on a Tone's ranges -> linear sRGB, before it is rounded to bytes."""
    return linear_light(*within_gamut(*coordinates(unit)))


def units(count: int, spread: float, seed: int = 0) -> np.ndarray:
    return 0.5 + np.random.default_rng(seed).normal(0, spread, (3, count))


def precise_light(lightness: Any, a: Any, b: Any) -> list[Any]:
    """Oklab to linear sRGB by the printed matrices, in mpmath."""
    roots = [lightness + mpmath.mpf(p) * a + mpmath.mpf(q) * b for p, q in TO_ROOTS]
    return [sum(mpmath.mpf(row[i]) * roots[i] ** 3 for i in range(3)) for row in TO_RGB]


def precise_limit(lightness: Any, a: Any, b: Any) -> Any:
    """The stored surface at a colour, by the recurrence of de Boor on whole numbers, in mpmath."""
    rows, columns = CELLS
    controls = np.frombuffer(base64.b64decode(TABLE), "<u2").reshape(rows + 2, columns)
    tangent = min(abs(a), abs(b)) / max(abs(a), abs(b))
    turn = tangent * (9 - tangent**2) / 8
    turn = 2 - turn if abs(b) > abs(a) else turn
    turn = 4 - turn if a < 0 else turn
    turn = 8 - turn if b < 0 else turn

    def weights(place: Any) -> tuple[int, list[Any]]:
        cell = int(mpmath.floor(place))

        def basis(knot: int, degree: int) -> Any:
            if degree == 0:
                return mpmath.mpf(1) if knot == cell else mpmath.mpf(0)
            rising = (place - knot) / degree * basis(knot, degree - 1)
            return rising + (knot + degree + 1 - place) / degree * basis(knot + 1, degree - 1)

        return cell, [basis(cell - 2 + n, 2) for n in range(3)]

    low, high = (mpmath.mpf(end) for end in LIGHTNESS)
    row, along = weights((lightness - low) / (high - low) * rows)
    column, around = weights(turn * columns / 8)
    found = sum(
        along[i] * around[j] * int(controls[row + i, (column + j) % columns]) for i in range(3) for j in range(3)
    )
    return found * mpmath.mpf(UNIT)


def test_the_published_matrices_lead_back_to_where_they_came_from() -> None:
    light = np.random.default_rng(1).uniform(0, 1, (3, 20_000))
    lightness, a, b = TO_LAB @ np.cbrt(TO_CONES @ light)
    # the printed matrices are inverse to seven digits
    assert np.abs(linear_light(lightness, a, b) - light).max() < 4e-7


def test_the_whole_map_is_mpmath_s() -> None:
    for unit in [*units(60, 0.4).T, np.array([0.5, 0.8, 0.5]), np.array([0.1, 0.5, 0.2]), np.array([7.0, -3.0, 40.0])]:
        with mpmath.workdps(40):
            x, a, b = (2 * mpmath.mpf(float(u)) - 1 for u in unit)
            a, b = a * mpmath.mpf(0.3), b * mpmath.mpf(0.3)
            low, high = (mpmath.mpf(end) for end in LIGHTNESS)
            lightness = (low + high) / 2 + (high - low) / 2 * x / mpmath.sqrt(1 + x * x)
            limit = precise_limit(lightness, a, b)
            factor = limit / mpmath.sqrt(limit**2 + a * a + b * b)
            wanted = [float(one) for one in precise_light(lightness, a * factor, b * factor)]
        assert light_of(unit[:, None])[:, 0] == pytest.approx(wanted, abs=2e-14)
        single = linear_light(*within_gamut(*coordinates(unit[:, None].astype(np.float32))))
        assert single.dtype == np.float32
        assert single[:, 0] == pytest.approx(wanted, abs=1e-5)


@pytest.mark.slow
def test_limits_are_just_below_the_gamut_s_by_bisection_in_mpmath() -> None:
    random = np.random.default_rng(2)
    shares = []
    for lightness, angle in zip(random.uniform(*LIGHTNESS, 80), random.uniform(0, 2 * np.pi, 80), strict=True):
        a, b = np.cos(angle), np.sin(angle)
        with mpmath.workdps(30):

            def inside(chroma: Any, at: tuple[float, float, float] = (lightness, a, b)) -> bool:
                lightness, a, b = (mpmath.mpf(float(one)) for one in at)
                return all(0 <= one <= 1 for one in precise_light(lightness, chroma * a, chroma * b))

            low, high = mpmath.mpf(0), mpmath.mpf(1) / 2
            for _ in range(60):
                middle = (low + high) / 2
                low, high = (middle, high) if inside(middle) else (low, middle)
            # the gamut has no hole on the way
            assert all(inside(low * n / 16) for n in range(16))
        ours = chroma_limit(np.array([lightness]), np.array([a]), np.array([b]))[0]
        assert 0 < ours < float(low)
        shares.append(ours / float(low))
    assert np.mean(shares) > 0.96
    assert min(shares) > 0.5


@pytest.mark.parametrize("spread", [0.05, 0.5, 3.0, 1e3, 1e30])
def test_no_colour_is_ever_cut(spread: float) -> None:
    unit = units(200_000, spread).astype(np.float32)
    light = linear_light(*within_gamut(*coordinates(unit)))
    assert light.min() > 0
    assert light.max() < 1
    ends = np.array(np.meshgrid(*[[-3e38, -1.0, 0.5, 2.0, 3e38]] * 3)).reshape(3, -1).astype(np.float32)
    assert np.isfinite(linear_light(*within_gamut(*coordinates(ends)))).all()


def gap(unit: np.ndarray, step: float, clipped: bool = False) -> float:
    """The largest difference of the two one-sided derivatives, over points `step` apart along lines (3, lines, 2).

    `unit[:, :, 0]` is a point of a line and `unit[:, :, 1]` its direction.
    """
    t = np.arange(-0.4, 0.4, step)
    points = unit[:, :, :1] + unit[:, :, 1:] * t
    light = np.clip(light_of(points), 0.15, 1) if clipped else light_of(points)
    return float(np.abs(light[..., 2:] - 2 * light[..., 1:-1] + light[..., :-2]).max() / step)


def lines(through_grey: bool) -> np.ndarray:
    random = np.random.default_rng(5)
    points, ways = 0.5 + random.normal(0, 0.3, (3, 24)), random.normal(0, 1, (3, 24))
    if through_grey:
        points[1:] = 0.5
    # along the axes, which hue is told from, and along its diagonals
    ways[:, :4] = np.array([[0, 1, 0], [0, 0, 1], [0, 1, 1], [0, 1, -1]]).T
    return np.stack([points, ways / np.linalg.norm(ways, axis=0)], axis=2)


@pytest.mark.parametrize("through_grey", [False, True])
def test_one_sided_derivatives_agree_along_lines(through_grey: bool) -> None:
    # down to where a kink of one fiftieth of the steepest bend would show
    steps = [2e-3 / 2**n for n in range(7)]
    gaps = [gap(lines(through_grey), step) for step in steps]
    for coarse, fine in pairwise(gaps):
        assert 0.4 < fine / coarse < 0.6
    # a cut, as every clipped channel has, keeps its gap
    cut = [gap(lines(through_grey), step, clipped=True) for step in steps]
    assert cut[-1] > 0.8 * cut[0]
    assert cut[-1] > 3 * gaps[-1]


@pytest.mark.parametrize("contrast", ["whole", "view"])
def test_a_view_of_one_linear_region_shows_no_crease(contrast: str) -> None:
    cuts: list[float] = []
    for seed in (2, 5, 9):
        field = calibrate(Network.draw(parse("conv(10) * 10"), seed), Raster(90, 60))
        random, size, found = np.random.default_rng(seed), 0.1, 0
        while found != 1:
            size *= 0.9
            plane = Plane(*random.uniform(-0.4, 0.4, 2).tolist(), size, size)
            found = len(tessellate(field, plane))
        bends: dict[str, list[float]] = {"lab": [], "lab-clipped": []}
        for side in (100, 200, 400):
            samples = field.sample(Raster(side, side, plane), dtype="float64")
            for name, found_bends in bends.items():
                tone = Tone.fit(samples if contrast == "view" else field.sample(dtype="float64"), name)
                low, high = np.array(tone.low)[:, None, None], np.array(tone.high)[:, None, None]
                unit = (samples - low) / (high - low)
                light = light_of(unit) if name == "lab" else cut_light(unit)
                bend = np.abs(light[..., 2:] - 2 * light[..., 1:-1] + light[..., :-2]).max() * side
                found_bends.append(float(bend))
        for coarse, fine in pairwise(bends["lab"]):
            assert fine < 0.6 * coarse
        cuts.append(bends["lab-clipped"][-1] / bends["lab-clipped"][0])
    # the cut of version 0.1 bends all the same, however closely one looks
    assert max(cuts) > 0.7


def cut_light(unit: np.ndarray) -> np.ndarray:
    lab = lab_of_unit(np.clip(unit, 0, 1).astype(np.float32))
    return np.stack([np.clip(channel, 0, 1).astype(np.float64) for channel in colour._linear_light(lab)])


def test_hue_is_smooth_and_goes_once_around() -> None:
    angle = np.linspace(0, 2 * np.pi, 80_001)[:-1]
    hue = hue_octants(np.cos(angle), np.sin(angle))
    assert (np.diff(hue) > 0).all()
    assert hue[::10_000] == pytest.approx(np.arange(8), abs=1e-12)
    second = np.diff(hue, 2) / (angle[1] - angle[0]) ** 2
    # its second derivative has no jump either: the largest is that of its slope
    assert np.abs(np.diff(second)).max() < 1e-3
    zeros = np.zeros(1), np.zeros(1)
    assert hue_octants(*zeros)[0] == 0
    assert hue_octants(-zeros[0], -zeros[1])[0] in (0, 4, 8)


def test_chroma_increases_strictly_at_fixed_hue_and_lightness() -> None:
    random = np.random.default_rng(3)
    chroma = np.concatenate([[0], np.logspace(-9, 2.5, 4000)])
    for x, angle in zip(random.normal(0, 1.5, 100), random.uniform(0, 2 * np.pi, 100), strict=True):
        lightness, a, b = within_gamut(np.full_like(chroma, x), chroma * np.cos(angle), chroma * np.sin(angle))
        seen = np.hypot(a, b)
        assert (np.diff(seen) > 0).all()
        assert np.ptp(lightness) == 0
        assert a[1:] / seen[1:] == pytest.approx(np.cos(angle), abs=1e-12)
        # what is small keeps its size
        assert seen[1] == pytest.approx(1e-9, rel=1e-6)
        assert seen[-1] < chroma_limit(lightness[-1:], a[-1:], b[-1:])[0]


def test_lightness_increases_strictly_within_the_table_s() -> None:
    lightness, _, _ = within_gamut(np.linspace(-60, 60, 100_001), np.zeros(100_001), np.zeros(100_001))
    assert (np.diff(lightness) > 0).all()
    assert LIGHTNESS[0] < lightness[0] < lightness[-1] < LIGHTNESS[1]
    assert np.all(np.diff(encode_srgb(linear_light(lightness, 0 * lightness, 0 * lightness)[0].astype(np.float32))) < 2)


def test_neutral_colours_have_three_equal_bytes() -> None:
    unit = np.full((3, 50_000), 0.5, np.float32)
    unit[0] = np.linspace(-5, 6, 50_000)
    codes = oklab_to_srgb(unit)
    assert (codes == codes[:, :1]).all()
    assert codes[0, 0] == 59
    assert codes[-1, 0] == 245


def hard_units() -> np.ndarray:
    """Positions near and far, beyond all bounds, with equal channels and without chroma; no whole number of blocks."""
    unit = np.concatenate([units(20_001, spread, n) for n, spread in enumerate((0.01, 0.4, 5, 1e5, 1e20))], axis=1)
    unit[1:, ::7] = 0.5
    unit[1, ::5] = 0.5
    unit[2, ::11] = unit[1, ::11]
    unit[:, ::13] = np.array([[np.inf], [-np.inf], [np.inf]])
    unit[:, 1::13] = np.nextafter(np.float32(0.5), np.float32(0))
    return unit.astype(np.float32)


def test_compiled_colours_are_the_definitions_to_the_byte() -> None:
    unit = hard_units()
    assert np.array_equal(oklab_to_srgb(unit), oklab.plainly(unit))


def test_the_compiler_changes_no_colour(monkeypatch: pytest.MonkeyPatch) -> None:
    unit = hard_units()[:, ::97]
    monkeypatch.setenv("NUMBA_DISABLE_JIT", "1")
    monkeypatch.setattr(paint_pixels, "doors", ())
    assert np.array_equal(oklab_to_srgb(unit), oklab.plainly(unit))


def test_a_picture_is_painted_in_pieces_of_any_size() -> None:
    unit = units(5000, 0.4).astype(np.float32).reshape(3, 50, 100)
    whole = oklab_to_srgb(unit)
    out = np.zeros((50, 100, 3), np.uint8)
    upper, lower = out[:7], out[7:]
    assert oklab_to_srgb(unit[:, :7], upper) is upper
    assert oklab_to_srgb(unit[:, 7:, ::-1], lower) is lower
    assert np.array_equal(upper, whole[:7])
    assert np.array_equal(lower[:, ::-1], whole[7:])


@pytest.mark.parametrize(("text", "act"), [("conv(10) * 10", "relu"), ("conv(10) * 10", "sin"), ("conv(100)", "relu")])
def test_pictures_are_not_grey(text: str, act: str) -> None:
    shares = []
    for seed in range(16):
        field = calibrate(Network.draw(parse(text, act=act), seed), Raster(90, 60))
        samples = field.sample()
        tone = Tone.fit(samples)
        lightness, a, b = within_gamut(*coordinates(tone.unit(samples)))
        shares.append(np.percentile(np.hypot(a, b) / chroma_limit(lightness, a, b), 95))
        assert tone.compressed is not None
        assert 0.1 < tone.compressed < 1
    assert min(shares) >= 0.8
