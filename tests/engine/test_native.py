"""The native evaluator against the slow reference: every operation, values, tangents, points; and what it refuses."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings

import reference
from netwarp.architecture.specs import ACTIVATIONS
from netwarp.engine.native import Native
from netwarp.errors import UnsupportedError
from netwarp.network.program import (
    LINEAR,
    RADIUS,
    SINE,
    Add,
    Concat,
    Conv,
    Embed,
    LayerNorm,
    Maxout,
    Multiply,
    Pool,
    Program,
)
from netwarp.plane import Plane, Raster
from programs import (
    RASTER,
    RASTERS,
    SMOOTH,
    TAP,
    activate,
    calibrated,
    check_values,
    conv,
    embed,
    layer_norm,
    program,
    programs,
)

EVERY = embed(6, kinds=(LINEAR, SINE, RADIUS))


def kept(name: str, *more: object) -> Program:
    """Value 1, then readers of it, then an activation of it that may not overwrite what the others still read."""
    return program(embed(3), conv(0, 3, 4), *more, activate(1, 4, name))  # type: ignore[arg-type]


PROGRAMS = {
    "embed alone": program(EVERY),
    "embed": program(EVERY, conv(0, 6, 5)),
    "wide": program(EVERY, conv(0, 6, 13), activate(1, 13, "tanh"), conv(2, 13, 2)),
    "pool of one": program(EVERY, Pool((0,), 6, "max", 1), conv(1, 6, 2)),
    "maxout": program(EVERY, conv(0, 6, 12), Maxout((1,), 4, 3)),
    "maxout of one piece": program(EVERY, Maxout((0,), 6, 1)),
    "layernorm": program(EVERY, conv(0, 6, 5), layer_norm(1, 5), conv(2, 5, 2)),
    "layernorm of windows": program(EVERY, conv(0, 6, 5, 3), layer_norm(1, 5), conv(2, 5, 2, 2)),
    "layernorm of one channel": program(EVERY, conv(0, 6, 1), layer_norm(1, 1)),
    "add": program(EVERY, conv(0, 6, 6), Add((0, 1), 6)),
    "add of three": program(EVERY, conv(0, 6, 6, 3), activate(1, 6, "sin", 2.0), Add((2, 0, 1), 6), conv(3, 6, 2, 2)),
    "multiply": program(EVERY, conv(0, 6, 6), Multiply((0, 1), 6)),
    "multiply of three": program(
        EVERY, conv(0, 6, 6, 2), activate(1, 6, "sigmoid"), Multiply((1, 2, 0), 6), conv(3, 6, 2, 3)
    ),
    "product with itself": program(EVERY, Multiply((0, 0, 0), 6), Add((1, 1), 6)),
    "concat last": program(EVERY, conv(0, 6, 3, 3), conv(0, 6, 2), Concat((1, 2, 0), 11)),
    "concat nested": program(
        EVERY,
        conv(0, 6, 3, 2),
        Concat((1, 0), 9),
        conv(2, 9, 4, 3),
        Concat((3, 2, 1), 16),
        activate(4, 16, "tanh"),
        Concat((5, 4), 32),
        conv(6, 32, 3, groups=1),
    ),
    "concat of twice the same": program(EVERY, Concat((0, 0), 12), conv(1, 12, 4, 3)),
    "concat pooled": program(EVERY, conv(0, 6, 2), Concat((0, 1), 8), Pool((2,), 8, "max", 3), Maxout((3,), 4, 2)),
    "activation of a concat's part": program(
        EVERY, conv(0, 6, 4), Concat((1, 0), 10), activate(1, 4, "tanh"), conv(2, 10, 4, 3), Add((3, 4), 4)
    ),
    "kept for another activation": kept("relu", activate(1, 4, "tanh"), Add((1, 2), 4)),
    "overwritten last": program(EVERY, conv(0, 6, 4), conv(1, 4, 4, 3), activate(1, 4, "tanh"), Add((2, 3), 4)),
    "overwritten after a pool": program(
        EVERY, conv(0, 6, 4), Pool((1,), 4, "max", 3), activate(1, 4, "relu"), Add((2, 3), 4)
    ),
    "overwritten ahead of a reader": program(
        EVERY, conv(0, 6, 4), conv(1, 4, 4), activate(1, 4, "tanh"), conv(3, 4, 4, 5), Add((2, 4), 4)
    ),
    "overwritten, read through a concat": program(
        EVERY, conv(0, 6, 4), Concat((1, 0), 10), conv(2, 10, 4, 3), activate(1, 4, "tanh"), Add((3, 4), 4)
    ),
    "activations in a row": program(
        EVERY, conv(0, 6, 4), activate(1, 4, "relu"), activate(2, 4, "linear"), activate(3, 4, "tanh"), conv(4, 4, 2, 3)
    ),
    "linear": program(EVERY, conv(0, 6, 4), activate(1, 4, "linear"), conv(2, 4, 3)),
    "activated inputs": program(EVERY, activate(0, 6, "cos")),
    "clipped and read again": program(EVERY, conv(0, 6, 4), activate(1, 4, "relu"), conv(2, 4, 4, 3), Add((2, 3), 4)),
    "no clip where the sum is read too": program(EVERY, conv(0, 6, 4), activate(1, 4, "relu"), Add((1, 2), 4)),
}


@pytest.mark.parametrize("name", PROGRAMS)
def test_every_operation_is_the_reference(name: str) -> None:
    check_values(PROGRAMS[name])
    check_values(PROGRAMS[name], dtype="float32", tolerance=2e-5)


@pytest.mark.parametrize("raster", RASTERS)
@pytest.mark.parametrize("size", range(1, 8))
def test_every_pool(size: int, raster: str) -> None:
    for kind, dilation in (("max", 1), ("avg", 2)):
        one = program(EVERY, activate(0, 6, "sin", 3.0), Pool((1,), 6, kind, size, dilation), conv(2, 6, 3, 2))
        check_values(one, RASTERS[raster], tolerance=1e-10)


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_every_activation_in_a_network(name: str) -> None:
    tangents = name != "step"
    for operation in (conv(0, 6, 5, 3), conv(0, 6, 5)):
        one = program(EVERY, operation, activate(1, 5, name, 0.3), conv(2, 5, 4, 2), activate(3, 4, name, 0.3))
        check_values(one, tangents=tangents)


@settings(max_examples=120)
@given(programs(step=False))
def test_any_program_is_the_reference(one: Program) -> None:
    check_values(one, Raster(5, 4, Plane(0.013, 0.007)), (0.2, 0.25), tolerance=1e-8)


@settings(max_examples=40)
@given(programs())
def test_any_program_on_a_lattice_of_its_own_is_the_reference(one: Program) -> None:
    check_values(one, RASTERS["finer"], tangents=False, tolerance=1e-8)


@pytest.mark.parametrize("name", SMOOTH)
def test_tangents_of_smooth_networks_are_central_differences(name: str) -> None:
    act = "sin(2)" if name == "sin" else name
    one = calibrated("conv(6, 3) >> gated(conv(4)) >> norm(layer()) >> conv(3)", act=act, norm="spatial")
    points = np.random.default_rng(5).uniform(-0.4, 0.4, (9, 2))
    h = 1e-5
    found = Native().points(one, points, TAP, "float64", tangents=True)
    for axis in (0, 1):
        step = np.eye(2)[axis] * h
        ahead, behind = (Native().points(one, points + n * step, TAP, "float64") for n in (1, -1))
        np.testing.assert_allclose(
            found[:, :, 1 + axis], (ahead - behind) / (2 * h), rtol=0, atol=1e-6 * np.abs(found).max()
        )


def test_the_radius_has_no_slope_at_the_centre() -> None:
    one = program(Embed(np.array([RADIUS]), np.zeros((1, 3))))
    assert Native().points(one, np.zeros((1, 2)), TAP, "float64", tangents=True).tolist() == [[[0.0, 0.0, 0.0]]]
    found = Native().points(one, np.array([[3e-200, 4e-200], [0.3, -0.4]]), TAP, "float64", tangents=True)
    np.testing.assert_allclose(found[1, 0], [0.5, 0.6, -0.8], rtol=1e-15)
    assert np.isfinite(found).all()


def test_among_equals_the_first_gives_the_tangent() -> None:
    slopes = Embed(np.zeros(2, dtype=np.int64), np.array([[1.0, 0, 0], [0, 1.0, 0]]))
    one = program(slopes, Maxout((0,), 1, 2))
    found = Native().points(one, np.full((1, 2), 0.25), TAP, "float64", tangents=True)
    assert found.tolist() == [[[0.25, 1.0, 0.0]]]
    # constant along y: the rows of a window are equal, and the first of them is the one that counts
    tilted = Embed(np.zeros(1, dtype=np.int64), np.array([[0.0, 1.0, 0]]))
    folded = program(tilted, activate(0, 1, "abs"), Pool((1,), 1, "max", 3))
    point = np.zeros((1, 2))
    wanted = reference.evaluate(folded, point, TAP, tangents=True)
    assert Native().points(folded, point, TAP, "float64", tangents=True).tolist() == wanted.tolist()
    assert wanted[0, 0, 2] == -1.0


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("last", [Pool((1,), 2, "max", 2), Maxout((1,), 1, 2), Pool((1,), 2, "avg", 3)])
def test_nan_is_not_hidden(last: Pool | Maxout, dtype: str) -> None:
    slopes = Embed(np.zeros(2, dtype=np.int64), np.array([[1.0, 0, 0], [0, 1.0, 0]]))
    # infinity times 0 is NaN, times anything else infinite
    one = program(slopes, Conv((0,), np.full((2, 1, 1, 1), np.inf), np.zeros(2), 1, 2), last)
    places = [[0.0, 0.5], [0.5, 0.0]]
    places += [[-TAP[0], 0.5], [0.5, -TAP[1]]] if isinstance(last, Pool) else []
    for tangents in (False, True):
        found = Native().points(one, np.array(places), TAP, dtype, tangents=tangents)  # type: ignore[arg-type]
        value = found[:, :, 0] if tangents else found
        assert np.isnan(value).any(axis=1).all()


def test_overflow_is_seen_and_stays_in_its_pixels() -> None:
    steep = Embed(np.zeros(1, dtype=np.int64), np.array([[1e30, 0.0, 0.0]]))
    one = program(steep, conv(0, 1, 3), activate(1, 3, "square"), conv(2, 3, 2))
    raster = Raster(35, 2)
    found = Native().run(one, raster, TAP, "float32")
    assert np.isfinite(found[:, :, 17]).all()
    assert not np.isfinite(np.delete(found, 17, axis=2)).any()
    assert np.isfinite(Native().run(one, raster, TAP, "float64")).all()


def test_no_points_and_one() -> None:
    for one in (program(EVERY, conv(0, 6, 3)), program(EVERY, conv(0, 6, 3, 3))):
        assert Native().points(one, np.empty((0, 2)), TAP, "float32").shape == (0, 3)
        assert Native().points(one, np.empty((0, 2)), TAP, "float64", tangents=True).shape == (0, 3, 3)
        check_values(one, Raster(1, 1, Plane(0.2, 0.1)))


def test_a_step_has_no_tangent() -> None:
    layered = activate(1, 2, "step")
    one = program(EVERY, conv(0, 6, 2), layered)
    with pytest.raises(UnsupportedError, match=r"step.*relu"):
        Native().run(one, RASTER, TAP, "float32", tangents=True)
    with pytest.raises(UnsupportedError, match="step"):
        Native().points(one, np.zeros((1, 2)), TAP, "float64", tangents=True)


def test_layernorm_of_equal_channels_is_its_shift() -> None:
    constant = Embed(np.zeros(3, dtype=np.int64), np.tile([0.0, 0.0, 0.7], (3, 1)))
    norm = LayerNorm((0,), np.array([1.0, 2, 3]), np.array([5.0, 6, 7]), 1e-5)
    found = Native().run(program(constant, norm), RASTER, TAP, "float64")
    np.testing.assert_allclose(found, np.broadcast_to(norm.shift[:, None, None], found.shape), atol=1e-12)


def test_progress_cancels_and_what_it_raises_comes_through(monkeypatch: pytest.MonkeyPatch) -> None:
    class Stop(Exception):
        pass

    def stop(done: int, total: int) -> None:
        assert 0 <= done <= total
        raise Stop

    for threads in ("1", "3"):
        monkeypatch.setenv("NETWARP_THREADS", threads)
        for one in (program(EVERY, conv(0, 6, 3)), program(EVERY, conv(0, 6, 3, 3))):
            with pytest.raises(Stop):
                Native().run(one, Raster(200, 100), TAP, "float32", progress=stop)
            seen: list[tuple[int, int]] = []
            Native().run(one, Raster(200, 100), TAP, "float32", progress=lambda *at, seen=seen: seen.append(at))
            assert seen[-1][0] == seen[-1][1] > 0
            assert seen == sorted(seen)


@pytest.mark.parametrize("kernel", [1, 3])
def test_points_report_and_can_be_cancelled_as_rasters_can(kernel: int, monkeypatch: pytest.MonkeyPatch) -> None:
    class Stop(Exception):
        pass

    def stop(done: int, total: int) -> None:
        assert 0 <= done <= total
        raise Stop

    one = program(EVERY, conv(0, 6, 3, kernel))
    points = np.random.default_rng(1).uniform(-0.5, 0.5, (5_000, 2))
    for threads in ("1", "3"):
        monkeypatch.setenv("NETWARP_THREADS", threads)
        with pytest.raises(Stop):
            Native().points(one, points, TAP, "float32", progress=stop)
        seen: list[tuple[int, int]] = []
        Native().points(one, points, TAP, "float32", progress=lambda *at, seen=seen: seen.append(at))
        assert seen[-1][0] == seen[-1][1] > 0
        assert seen == sorted(seen)
