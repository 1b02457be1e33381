"""Pools of every size, exactly: the first of the largest, in row order, with its tangents; sums of the taps."""

from fractions import Fraction

import numpy as np
import pytest

from netwarp.architecture.windows import pairs
from netwarp.engine import native
from netwarp.engine.native import Native
from netwarp.engine.pools import separated
from netwarp.network.program import LINEAR, Activate, Add, Conv, Embed, Merge, Operation, Pool, Program
from netwarp.plane import Plane, Raster

TAP = (1.0, 1.0)


def waves(channels: int, seed: int) -> list[Operation]:
    """Sines of many slopes, cut to three values by hardtanh of a large factor: full of ties with different tangents."""
    rng = np.random.default_rng(seed)
    embed = Embed(np.array([LINEAR, LINEAR]), np.array([[1.0, 0.0, 0.1], [0.0, 1.0, -0.2]]))
    mix = Conv((0,), rng.normal(size=(channels, 2, 1, 1)), rng.normal(size=channels))
    sine = Activate((1,), "sin", np.full(channels, 3.0))
    steep = Conv((2,), 3.0 * np.eye(channels)[:, :, None, None], np.zeros(channels))
    return [embed, mix, sine, steep, Activate((3,), "hardtanh", np.zeros(channels))]


def naive(values: np.ndarray, size: int, dilation: int, rows: int, columns: int) -> np.ndarray:
    """(C, 3, rows, columns): the first of the largest in row order, of (C, 3, ...) with a halo; NaN first of all."""
    steps = [t * dilation for t in range(size)]
    window = np.stack([values[..., dy : dy + rows, dx : dx + columns] for dy in steps for dx in steps])
    rank = np.where(np.isnan(window[:, :, 0]), np.inf, window[:, :, 0])
    index = rank.argmax(axis=0)[None, :, None]
    return np.take_along_axis(window, np.broadcast_to(index, (1, *window.shape[1:])), axis=0)[0]


@pytest.mark.parametrize("dtype", ["float64", "float32"])
@pytest.mark.parametrize(("size", "dilation"), [(1, 1), (2, 1), (3, 2), (5, 1), (6, 3), (7, 1), (13, 2), (40, 1)])
def test_the_largest_is_the_first_of_the_largest(dtype: str, size: int, dilation: int) -> None:
    channels, rows, columns = 3, 9, 14
    before = (size - 1) // 2 * dilation
    reach = (size - 1) * dilation
    operations = waves(channels, size)
    # whole pixels around an odd number of pixels: every coordinate of either raster is exact
    grown = Raster(columns + reach, rows + reach)
    shift = (reach / 2 - before) * 1.0
    wide = Raster(grown.columns, grown.rows, Plane(shift, shift, float(grown.columns), float(grown.rows)))
    small = Raster(columns, rows, Plane(0.0, 0.0, float(columns), float(rows)))
    source = Native().run(Program(tuple(operations)), wide, TAP, dtype, tangents=True)  # type: ignore[arg-type]
    pooled = Program((*operations, Pool((4,), channels, "max", size, dilation)))
    found = Native().run(pooled, small, TAP, dtype, tangents=True)  # type: ignore[arg-type]
    wanted = naive(source, size, dilation, rows, columns)
    assert size < 5 or (wanted[:, 0] == 1).mean() > 0.5, "there are ties"
    np.testing.assert_array_equal(found, wanted)
    np.testing.assert_array_equal(np.signbit(found), np.signbit(wanted))
    np.testing.assert_array_equal(Native().run(pooled, small, TAP, dtype), found[:, 0])  # type: ignore[arg-type]


def test_not_a_number_stays_and_no_zero_changes_its_sign() -> None:
    """x^2 of 1e200 less itself is NaN; relu gives 0, its negative -0: of these the first in row order stays."""
    embed = Embed(np.array([LINEAR]), np.array([[1.0, 0.0, 0.0]]))
    huge = Conv((0,), np.array([[[[1e300]]]]), np.array([0.0]))
    square = Activate((1,), "square", np.zeros(1))  # infinite, but at x = 0
    minus = Conv((2,), np.array([[[[-1.0]]]]), np.array([0.0]))
    both = Add((2, 3), 1)  # NaN, but at x = 0
    raster = Raster(9, 3, Plane(0.0, 0.0, 9.0, 3.0))
    pooled = Program((embed, huge, square, minus, both, Pool((4,), 1, "max", 3)))
    assert np.isnan(Native().run(pooled, raster, TAP, "float64")).all()
    zero = Activate((0,), "relu", np.zeros(1))
    negative = Conv((1,), np.array([[[[-1.0]]]]), np.array([-0.0]))
    lone = Program((embed, zero, negative, Pool((2,), 1, "max", 2)))
    found = Native().run(lone, raster, TAP, "float64")[0]
    assert found[0, 0] == 0
    source = Native().run(Program(lone.operations[:3]), raster, TAP, "float64")[0]
    np.testing.assert_array_equal(np.signbit(found[:, :-1]), np.signbit(source[:, :-1]))


@pytest.mark.parametrize("size", [2, 3, 6, 13, 40])
def test_an_average_is_the_taps_average(size: int) -> None:
    """Against sums of rational numbers: within the rounding of a dozen additions, not of n^2."""
    operations = waves(1, size)[:3]
    pooled = Program((*operations, Pool((2,), 1, "avg", size)))
    small = Raster(3, 2, Plane(0.0, 0.0, 3.0, 2.0))
    found = Native().run(pooled, small, TAP, "float64")[0]
    points = [
        (x + dx, y + dy)
        for y in small.ys()
        for x in small.xs()
        for dy in range(-((size - 1) // 2), size // 2 + 1)
        for dx in range(-((size - 1) // 2), size // 2 + 1)
    ]
    values = Native().points(Program(tuple(operations)), np.array(points), TAP, "float64")[:, 0]
    for at, taps in zip(found.ravel(), values.reshape(small.pixels, -1), strict=True):
        exact = sum(map(Fraction, taps.tolist()), Fraction(0)) / size**2
        assert abs(Fraction(float(at)) - exact) <= 12 * 2.0**-53


def test_what_is_run_reads_no_farther_and_keeps_its_layers() -> None:
    operations = (*waves(2, 0), Pool((4,), 2, "max", 5, 3), Pool((5,), 2, "avg", 4), Pool((6,), 2, "max", 1))
    program = Program(operations, layers=(2, 5, 6, 7))
    found = separated(program)
    assert found.program.reach[0] == program.reach[0] == (6 + 1, 6 + 2)
    merges = [o for o in found.program.operations if isinstance(o, Merge)]
    assert len(merges) == 2 * len(pairs("max", 5)) + 2 * len(pairs("avg", 4)) + 1
    assert [found.program.operations[value].channels for value in found.program.layers] == [2, 2, 2, 2]
    assert [found.originals[number] for number in found.numbers] == list(range(8))
    plain = Program(tuple(waves(2, 0)))
    assert separated(plain).program is plain


def test_a_pool_may_be_as_wide_as_the_picture() -> None:
    """Its cost is that of some twenty passes, not of its 262,144 taps."""
    pooled = Program((*waves(1, 3), Pool((4,), 1, "max", 512)))
    found = Native().run(pooled, Raster(4, 3, Plane(0.0, 0.0, 4.0, 3.0)), TAP, "float32")
    assert (found == 1).all()


@pytest.mark.parametrize("how", ["strips", "blocks", "points"])
def test_what_runs_long_is_asked_whether_to_go_on(how: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """One job is many calls of the compiled code, with a question between two."""
    monkeypatch.setattr(native, "JOB", 2000)
    monkeypatch.setenv("NETWARP_THREADS", "1")
    operations = waves(2, 0)
    program = Program(tuple(operations) if how == "blocks" else (*operations, Pool((4,), 2, "max", 8)))
    raster = Raster(64, 64, Plane(0.0, 0.0, 64.0, 64.0))
    asked: list[int] = []

    class Enough(Exception):
        pass

    def progress(done: int, total: int) -> None:
        assert 0 <= done <= total
        asked.append(done)
        if len(asked) == 10:
            raise Enough

    if how == "points":
        # each part of it is done before the next is begun, and there is no callback: the strips are run in parts too
        found = Native().points(program, raster.slope().reshape(2, -1).T[:50], TAP, "float64")
        monkeypatch.undo()
        whole = Native().points(program, raster.slope().reshape(2, -1).T[:50], TAP, "float64")
        np.testing.assert_array_equal(found, whole)
        return
    with pytest.raises(Enough):
        Native().run(program, raster, TAP, "float64", progress=progress)
    asked.clear()
    found = Native().run(program, raster, TAP, "float64", progress=lambda done, total: asked.append(done))
    assert len(asked) > 10
    assert asked == sorted(asked)
    monkeypatch.undo()
    np.testing.assert_array_equal(found, Native().run(program, raster, TAP, "float64"))
