"""Pictures are as symmetric as asked, to the last bit where pixels fall on pixels, and not more."""

# P points, S shifts

import itertools
from math import cos, pi, sin

import mpmath
import numpy as np
import pytest
from numpy.typing import NDArray

import netwarp as nw
from netwarp.architecture.symmetry import FEWEST, GROUPS, THIRD_TURN, Motion, Rosette, Wallpaper, motions
from netwarp.errors import UnsupportedError
from netwarp.network.symmetry import order_of, turned, wallpaper_rows
from netwarp.plane import Plane, Raster

Points = NDArray[np.float64]
RANDOM = np.random.RandomState(3)
POINTS = RANDOM.uniform(-1, 1, (10_000, 2))
SMALL = Raster(60, 40)
WALLPAPERS = [f"wallpaper({name})" for name in GROUPS] + [
    "wallpaper(p1, ratio=0.6, shear=0.3)",
    "wallpaper(p2, cell=0.7, shear=-0.25)",
    "wallpaper(pgg, ratio=1.7)",
    "wallpaper(cmm, ratio=0.4)",
]
FOLDS = [("mirror()", 1, True)] + [
    (f"{'dihedral' if mirrored else 'rotate'}({fold})", fold, mirrored)
    for fold in (2, 3, 4, 5, 6, 7, 8, 12, 17)
    for mirrored in (False, True)
]


def field_of(inputs: str, tree: str = "conv(10) * 3", seed: int = 4) -> nw.Field:
    return nw.Network.draw(nw.parse(tree, inputs=f"{inputs} z(2)"), seed).calibrate(SMALL)


def moved(part: Wallpaper, motion: Motion, points: Points) -> Points:
    """The motion in the plane's own coordinates."""
    width, height, shear = part.sides
    v = points[..., 1] / height
    u = points[..., 0] / width - shear * v
    a, b, c, d, s, t = motion
    to_u, to_v = a * u + b * v + s / 2, c * u + d * v + t / 2
    return np.stack([(to_u + shear * to_v) * width, to_v * height], axis=-1)


def generators(name: str) -> list[Motion]:
    group = GROUPS[name]
    centre: list[Motion] = [(1, 0, 0, 1, 1, 1)] if group.lattice == "rhombic" else []
    third: list[Motion] = [THIRD_TURN] if group.thirds else []
    return [*group.doubling, *third, *centre, (1, 0, 0, 1, 2, 0), (1, 0, 0, 1, 0, 2)]


@pytest.mark.parametrize("text", WALLPAPERS)
def test_the_generators_of_a_wallpaper_change_nothing(text: str) -> None:
    field = field_of(text)
    part = field.network.architecture.inputs.symmetry
    assert isinstance(part, Wallpaper)
    values = field.at(POINTS)
    assert (values.std(axis=0) > 0.1).all()
    for motion in generators(part.group):
        assert np.abs(field.at(moved(part, motion, POINTS)) - values).max() < 1e-12


@pytest.mark.parametrize(("text", "fold", "mirrored"), FOLDS)
def test_turns_and_mirror_images_change_nothing(text: str, fold: int, mirrored: bool) -> None:
    field = field_of(f"{text} r")
    values = field.at(POINTS)
    angle = 2 * pi / fold
    assert np.abs(field.at(POINTS @ _turn(angle).T) - values).max() < 1e-12
    apart = np.abs(field.at(POINTS * [-1, 1]) - values).max()
    assert apart == 0 if mirrored else apart > 1
    # and no finer turn does
    assert np.abs(field.at(POINTS @ _turn(angle / 2).T) - values).max() > 1


def _turn(angle: float) -> Points:
    return np.array([[cos(angle), -sin(angle)], [sin(angle), cos(angle)]])


@pytest.mark.slow
@pytest.mark.parametrize("name", GROUPS)
@pytest.mark.parametrize("shape", [(1.0, 0.0), (2.5, 0.5)])
def test_a_wallpaper_has_no_other_symmetry(name: str, shape: tuple[float, float]) -> None:
    """Of all motions that keep its lattice, or one 24 times as fine: even its fewest channels tell all but its own."""
    lattice = GROUPS[name].lattice
    ratio = 1.0 if lattice in ("square", "hexagonal") else shape[0]
    part = Wallpaper(name, FEWEST, ratio=ratio, shear=shape[1] if lattice == "oblique" else 0.0)
    own = {(*m[:4], m[4] / 2, m[5] / 2) for m in motions(GROUPS[name])}
    if lattice == "rhombic":
        own |= {(*m[:4], (m[4] + 0.5) % 1, (m[5] + 0.5) % 1) for m in own}
    rows = np.array(wallpaper_rows(part))
    width, height, shear = part.sides

    def channels(places: Points) -> Points:
        x, y = (places[..., 0] + shear * places[..., 1]) * width, places[..., 1] * height
        waves = np.sin(x[..., None] * rows[:, 1] + y[..., None] * rows[:, 2] + rows[:, 3])
        return waves.reshape(*waves.shape[:-1], FEWEST, -1).sum(axis=-1)

    places, steps = RANDOM.uniform(0, 1, (40, 2)), np.arange(24) / 24
    shifts = np.array(list(itertools.product(steps, steps)))
    wanted = channels(places)
    for matrix in itertools.product((-1, 0, 1), repeat=4):
        if abs(matrix[0] * matrix[3] - matrix[1] * matrix[2]) != 1:
            continue
        turned_places = places @ np.array(matrix).reshape(2, 2).T
        apart = np.abs(channels(turned_places + shifts[:, None]) - wanted).max(axis=(1, 2))
        for shift, most in zip(shifts, apart, strict=True):
            assert (most < 1e-9) == ((*matrix, *shift) in own)
            assert most < 1e-9 or most > 0.2 * np.abs(wanted).max()


@pytest.mark.parametrize("name", GROUPS)
def test_pictures_lack_the_symmetries_of_every_larger_group(name: str) -> None:
    """Every larger group adds a motion of this lattice, or of one 12 times as fine, wherever its centre is."""
    field = field_of(f"wallpaper({name})")
    part, points = Wallpaper(name), POINTS[:60]
    own = set(motions(GROUPS[name]))
    if GROUPS[name].lattice == "rhombic":
        own |= {(*m[:4], (m[4] + 1) % 2, (m[5] + 1) % 2) for m in own}
    values = field.at(points)
    for matrix in itertools.product((-1, 0, 1), repeat=4):
        # those that keep this lattice; others would make it another one
        if not _keeps(part, matrix):
            continue
        every = [(*matrix, s / 6, t / 6) for s in range(12) for t in range(12)]
        images = np.stack([moved(part, motion, points) for motion in every])
        apart = np.abs(field.at(images.reshape(-1, 2)).reshape(*images.shape[:2], -1) - values).max(axis=(1, 2))
        for motion, most in zip(every, apart, strict=True):
            assert most < 1e-11 if motion in own else most > 0.3, motion


def _keeps(part: Wallpaper, matrix: tuple[int, ...]) -> bool:
    """Whether it is a turn or a mirror image, which keeps lengths."""
    points = np.array([[0, 0], [1, 0], [0.3, 0.8]])
    image = moved(part, (*matrix, 0, 0), points)
    return np.allclose(*(np.hypot(*(one[[1, 2, 2]] - one[[0, 0, 1]]).T) for one in (points, image)))


@pytest.mark.parametrize(
    ("text", "plane"),
    [
        ("mirror()", Plane()),
        ("rotate(4)", Plane()),
        ("rotate(6)", Plane()),
        ("dihedral(12)", Plane(0, 0, 1.7, 1.7)),
        ("dihedral(8)", Plane()),
        ("wallpaper(p2, shear=0.3)", Plane(0, 0, 1.3, 0.9)),
        ("wallpaper(pmm)", Plane()),
        ("wallpaper(cmm, ratio=0.7)", Plane()),
        ("wallpaper(p4)", Plane()),
        ("wallpaper(p4m)", Plane(0, 0, 2.1, 2.1)),
        ("wallpaper(p4g)", Plane()),
        ("wallpaper(p31m)", Plane()),
        ("wallpaper(p6m)", Plane()),
    ],
)
def test_pixels_that_fall_on_pixels_are_equal_to_the_last_bit(text: str, plane: Plane) -> None:
    """In float32 too, where a sum in another order would differ."""
    values = field_of(text, "conv(12) * 6").sample(Raster(90, 90, plane), dtype="float32")
    part = nw.parse("conv(3)", inputs=text).inputs.symmetry
    if isinstance(part, Wallpaper):
        matrices = [m[:4] for m in motions(GROUPS[part.group]) if m[4:] == (0, 0)]
        upright = {(1, 0, 0, 1): "1", (-1, 0, 0, -1): "half", (-1, 0, 0, 1): "x", (1, 0, 0, -1): "y"}
        if GROUPS[part.group].lattice == "hexagonal":
            upright |= {(-1, 1, 0, 1): "x", (1, -1, 0, -1): "y"}
        else:
            upright |= {(0, -1, 1, 0): "quarter"}
        found = {upright[matrix] for matrix in matrices if matrix in upright}
    else:
        assert isinstance(part, Rosette)
        found = {name for name, is_there in (("x", part.mirrored), ("half", part.fold % 2 == 0)) if is_there}
        found |= {"quarter"} if part.fold % 4 == 0 else set()
    images = {"x": values[:, :, ::-1], "y": values[:, ::-1], "half": values[:, ::-1, ::-1]}
    images["quarter"] = np.rot90(values, axes=(1, 2))
    assert found - {"1"}
    for name in found - {"1"}:
        np.testing.assert_array_equal(images[name], values, name)


@pytest.mark.parametrize("text", WALLPAPERS)
def test_a_tile_is_seamless(text: str) -> None:
    """The pixels of the next tile are those of this one; glides and half cells exchange its pixels too."""
    part = nw.parse("conv(3)", inputs=text).inputs.symmetry
    assert isinstance(part, Wallpaper)
    width, height = part.tile
    field = field_of(text)
    tone = nw.Tone.fit(field.sample(SMALL), "lab")

    def pixels(x: float, y: float) -> NDArray[np.uint8]:
        raster = Raster(48, 48, Plane(x, y, width, height))
        return nw.paint(field.sample(raster, dtype="float64"), tone).pixels

    here = pixels(0, 0)
    assert np.array_equal(pixels(width, 0), here)
    assert np.array_equal(pixels(-width, 2 * height), here)
    if part.group in ("pgg", "p4g"):
        assert np.array_equal(np.roll(here[:, ::-1], (24, 24), (0, 1)), here)
    if part.group == "pg":
        assert np.array_equal(np.roll(here[:, ::-1], 24, 0), here)


@pytest.mark.parametrize("fold", [1, 2, 3, 4, 5, 6, 7, 8, 11, 12, 360])
def test_turned_is_the_cosine_and_the_sine(fold: int) -> None:
    for part in range(2 * fold):
        cosine, sine = turned(part, fold)
        with mpmath.workdps(30):
            angle = 2 * mpmath.pi * part / fold
            assert abs(cosine - mpmath.cos(angle)) < 2e-16
            assert abs(sine - mpmath.sin(angle)) < 2e-16
        assert turned(-part, fold) == (cosine, -sine + 0.0)
    assert turned(fold, 4 * fold) == (0, 1)


def test_channels_are_about_as_large_as_others() -> None:
    for text in ("wallpaper(p6m)", "wallpaper(p1)", "rotate(7)", "dihedral(12)"):
        architecture = nw.parse("conv(1)", inputs=text)
        pairs, rest = order_of(architecture.inputs.symmetry)
        program = nw.Network.draw(architecture, 1).calibrate(SMALL).program
        first = next(one for one in program.operations[1:] if not one.layer.startswith("inputs"))
        assert first.layer == "0"
        assert len([one for one in program.operations if one.layer.startswith("inputs.sum")]) == pairs + (rest > 1)


def test_torch_and_the_compiled_kernels_agree_on_tangents_too() -> None:
    field = field_of("wallpaper(p31m)")
    raster = Raster(20, 12)
    for one, other in (
        (field.sample(raster, dtype="float64"), field.sample(raster, dtype="float64", engine="torch")),
        (field.tangent(raster, dtype="float64"), field.tangent(raster, dtype="float64", engine="torch")),
    ):
        np.testing.assert_allclose(one, other, atol=1e-9 * np.abs(one).max())


def test_it_is_drawn_far_below_the_digits_of_a_float() -> None:
    """A view 10^20 deep, and its mirror image."""
    field = field_of("mirror()")
    deep = Plane("0.12345678901234567890123456789", 0.2, 1e-20, 1e-20)
    image = Plane("-0.12345678901234567890123456789", 0.2, 1e-20, 1e-20)
    here, there = (field.sample(Raster(9, 9, plane), dtype="float64") for plane in (deep, image))
    np.testing.assert_allclose(there[:, :, ::-1], here, rtol=0, atol=1e-12)


def test_exact_regions_are_refused_by_name() -> None:
    with pytest.raises(UnsupportedError, match="inputs: fourier, periodic or symmetric inputs make no flat regions"):
        field_of("wallpaper(p4)").tessellate(Plane())
