"""The regions of a view, in the view's own coordinates: what is computed of them is right there, or refused."""

import numpy as np
import pytest

import netwarp as nw
from netwarp.errors import InputError
from netwarp.explorer.cells import cut
from netwarp.explorer.work import Cancellation
from netwarp.plane import Plane


def cancel() -> Cancellation:
    return Cancellation("later", 1e6)


@pytest.fixture(scope="module")
def field() -> nw.Field:
    return nw.Network.draw(nw.parse("conv(6) * 3"), 3).calibrate(nw.Raster(60, 40))


PLANES = [Plane(0.1, -0.2, 0.5, 0.25), Plane(-0.3, 0.2, 0.2, 0.3)]


@pytest.mark.parametrize("plane", PLANES)
def test_its_level_sets_regions_and_integrals_are_those_of_the_plane(field: nw.Field, plane: Plane) -> None:
    plain, framed = field.tessellate(plane), cut(field, plane, "output", 100_000, cancel()).cells
    sides = np.array([plane.width, plane.height])
    assert len(framed) == len(plain) > 3
    assert len(framed.merge()) == len(plain.merge())
    for channel in range(3):
        level = float(field.at([plane.centre])[0, channel])
        ours = [line * sides + [plane.x, plane.y] for line in framed.contour(channel, level)]
        theirs = plain.contour(channel, level)
        assert len(ours) == len(theirs) > 0

        def length(lines: list[np.ndarray]) -> float:
            return sum(float(np.hypot(*np.diff(line, axis=0).T).sum()) for line in lines)

        assert length(ours) == pytest.approx(length(theirs), rel=1e-12)
        values = field.at(np.concatenate(ours))[:, channel]
        assert np.abs(values - level).max() < 1e-12
    ours, theirs = framed.integrate(), plain.integrate()
    np.testing.assert_allclose(ours.mean, theirs.mean, rtol=1e-11, atol=1e-13)
    np.testing.assert_allclose(ours.variance, theirs.variance, rtol=1e-11)


@pytest.mark.parametrize("plane", PLANES)
def test_what_is_decided_in_whole_numbers_is_of_the_frames_own_points(field: nw.Field, plane: Plane) -> None:
    """Its corners are those that are stored, on the border too, and the heights there are the function's."""
    framed = cut(field, plane, "output", 100_000, cancel()).cells
    proven = framed._proven
    for cell in range(len(framed)):
        for side in range(*framed.offsets[cell : cell + 2].tolist()):
            corner = proven.corner(cell, side)
            vertex = framed.vertices[framed.indices[side]]
            assert [float(one) for one in corner] == pytest.approx(vertex.tolist(), abs=1e-12)
            there = [plane.x + plane.width * float(corner[0]), plane.y + plane.height * float(corner[1])]
            value = float(field.at([there])[0, 1])
            assert float(proven.height(cell, side, 1, 0.25)) == pytest.approx(value - 0.25, abs=1e-12)


def test_what_takes_the_planes_coordinates_is_refused_in_one_line(field: nw.Field) -> None:
    framed = cut(field, PLANES[0], "output", 1000, cancel()).cells
    for what, call in (
        ("along", lambda: framed.along((0, 0), (0.1, 0.1))),
        ("after", lambda: framed.after(1)),
        ("save", lambda: framed.save("x.npz")),
    ):
        with pytest.raises(InputError, match=f"^{what}: .*coordinates of their own") as error:
            call()
        assert "\n" not in str(error.value)
