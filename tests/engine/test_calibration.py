"""Native calibration against the definition: statistics, folded weights, memory shared between passes, threads."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import reference
from netwarp.architecture import zoo
from netwarp.architecture.language import parse
from netwarp.engine.native import Native
from netwarp.fields.calibration import calibrate
from netwarp.network.cut import cut
from netwarp.network.fold import fold, folding
from netwarp.network.lower import lower
from netwarp.network.network import Network
from netwarp.network.program import Array, Conv, Embed, Normalise, Operation, Program
from netwarp.plane import Plane, Raster
from programs import activate, conv, embed, program, programs

SMALL = Raster(7, 5, Plane(0.013, 0.007))


def check_statistics(one: Program, raster: Raster) -> None:
    """At every Normalise the mean and variance are those of its source, under what has been settled until then."""
    operations: list[Operation] = list(one.operations)
    points = raster.slope().reshape(2, -1).T
    seen: list[int] = []

    def settle(i: int, mean: Array, variance: Array) -> Conv:
        norm = one.operations[i]
        assert isinstance(norm, Normalise)
        z = reference.evaluate(Program(tuple(operations[: norm.sources[0] + 1])), points, raster.pitch)
        size = np.abs(z).max(initial=1e-300)
        np.testing.assert_allclose(mean, z.mean(axis=0), rtol=0, atol=1e-9 * size)
        np.testing.assert_allclose(variance, z.var(axis=0), rtol=1e-7, atol=1e-14 * size**2)
        settled = fold(one, i, mean, variance)
        operations[i] = settled
        seen.append(i)
        return settled

    Native().statistics(one, raster, settle)
    assert seen == [i for i, operation in enumerate(one.operations) if isinstance(operation, Normalise)]


@settings(max_examples=30)
@given(programs(normalise=True))
def test_the_statistics_of_any_program_are_the_definition(one: Program) -> None:
    check_statistics(one, Raster(5, 4, Plane(0.013, 0.007)))


@pytest.mark.parametrize(
    "text",
    [
        "conv(4) >> parallel(conv(3, 3), act('relu')) >> conv(3)",
        "conv(4, 3) >> parallel(act('tanh'), pool('max', 3, stride=1), act('relu')) >> conv(3)",
        "residual(norm() >> act('relu') >> conv(8, 3)) * 2",
        "norm() >> norm() >> conv(3, norm=None) >> norm() >> act('relu') >> norm()",
        'conv(3) >> pool("max", 2) >> pool("avg", 2) >> conv(5, 2) >> conv(2, 3) * 2',
        "dense(conv(3, 3) >> conv(2)) * 2 >> conv(2, 3)",
        "gated(residual(conv(3, 3))) >> parallel(conv(2), conv(2, 2) >> conv(2, 2)) >> conv(3)",
    ],
)
def test_constructs(text: str) -> None:
    check_statistics(lower(Network.draw(parse(text, act="tanh"), 3)), SMALL)


@pytest.mark.slow
@pytest.mark.parametrize("entry", zoo.entries(), ids=zoo.names())
def test_every_zoo_entry_has_the_references_numbers(entry: zoo.Entry) -> None:
    """To the last bit of float32, or the one beside it where float64 sums end on the other side of a tie.

    A weight rounded the other way moves what follows by as much as a float32 is uncertain: deep entries by more.
    """
    network = Network.draw(entry.architecture, 3)
    raster = Raster(9, 7, Plane(0.013, 0.007))
    found = calibrate(network, raster).program
    wanted = cut(reference.calibrate(lower(network), raster))
    assert found.layers == wanted.layers
    assert found.exact32
    exact = True
    for one, other in zip(found.operations, wanted.operations, strict=True):
        assert type(one) is type(other)
        if isinstance(one, Conv) and isinstance(other, Conv):
            for a, b in ((one.weight, other.weight), (one.bias, other.bias)):
                single = a.astype(np.float32)
                np.testing.assert_array_equal(single, a)
                # (b - mean) may cancel: a bias is held to the size of what is added up
                apart = np.abs(a - b) / np.spacing(np.maximum(np.abs(single), np.abs(single).max() / 64))
                assert apart.max(initial=0) <= (1 if exact else 1000)
                exact = exact and not apart.any()


def test_counts_only_the_rasters_own_pixels() -> None:
    """A step at the raster's edge: inside it the sum is constant, in the halo it is not."""
    edge = 0.5 - 1 / 64
    steep = Embed(np.zeros(2, dtype=np.int64), np.array([[1.0, 0, -edge - 1 / 64], [0.0, 1.0, 0.0]]))
    one = program(
        steep,
        activate(0, 2, "step"),
        conv(1, 2, 2, 3),
        Normalise((1,), np.ones(2), np.zeros(2), 1e-5),
        Normalise((2,), np.ones(2), np.zeros(2), 1e-5),
    )
    seen: dict[int, tuple[Array, Array]] = {}

    def settle(i: int, mean: Array, variance: Array) -> Conv:
        seen[i] = mean, variance
        return fold(one, i, mean, variance)

    Native().statistics(one, Raster(32, 32), settle)
    assert seen[3][0].tolist() == [0.0, 0.5]
    assert seen[3][1].tolist() == [0.0, 0.25]
    assert seen[4][1].min() > 0.01


def test_mean_and_variance_of_the_slope_image_are_exact() -> None:
    for raster in (Raster(8, 6), Raster(7, 5), Raster(1, 9), Raster(33, 2), Raster(600, 3)):
        one = program(embed(1), Normalise((0,), np.ones(1), np.zeros(1), 0.0))
        plane = Embed(np.zeros(2, dtype=np.int64), np.array([[1.0, 0, 0], [0, 1.0, 0]]))
        one = program(plane, Normalise((0,), np.ones(2), np.zeros(2), 0.0))
        seen: list[tuple[Array, Array]] = []

        def settle(i: int, mean: Array, variance: Array, one: Program = one, seen: list = seen) -> Conv:  # type: ignore[type-arg]
            seen.append((mean, variance))
            return fold(one, i, mean, variance)

        Native().statistics(one, raster, settle)
        assert seen[0][0].tolist() == [0.0, 0.0]
        # of n equally spaced numbers over a unit: (1 - 1 / n^2) / 12
        n = np.array([raster.columns, raster.rows])
        np.testing.assert_allclose(seen[0][1], (1 - 1 / n**2) / 12, rtol=1e-14, atol=1e-30)


def test_a_far_mean_does_not_drown_the_variance() -> None:
    """Of 1e6 + x: by squares alone 12 of the 16 digits would be gone."""
    far = Embed(np.zeros(1, dtype=np.int64), np.array([[1.0, 0.0, 1e6]]))
    one = program(far, Normalise((0,), np.ones(1), np.zeros(1), 0.0))
    seen: list[float] = []

    def settle(i: int, mean: Array, variance: Array) -> Conv:
        seen.append(float(variance[0]))
        return fold(one, i, mean, variance)

    Native().statistics(one, Raster(64, 16), settle)
    np.testing.assert_allclose(seen[0], (1 - 1 / 64**2) / 12, rtol=1e-9)


TEXTS = ("conv(6) * 3", "conv(4, 3) * 3", "residual(conv(4, 3) >> conv(4)) >> conv(3)", "dense(conv(3, 3)) * 2")


def numbers(one: Program) -> list[Array]:
    return [a for o in one.operations if isinstance(o, Conv) for a in (o.weight, o.bias)]


@settings(max_examples=25)
@given(st.sampled_from(TEXTS), st.integers(1, 7), st.integers(1, 70), st.integers(1, 40))
def test_threads_change_nothing(text: str, threads: int, columns: int, rows: int) -> None:
    network, raster = Network.draw(parse(text), 5), Raster(columns, rows)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("NETWARP_THREADS", "1")
        wanted = numbers(calibrate(network, raster).program)
        patch.setenv("NETWARP_THREADS", str(threads))
        found = numbers(calibrate(network, raster).program)
    for a, b in zip(found, wanted, strict=True):
        assert a.tobytes() == b.tobytes()


@pytest.mark.parametrize(
    "text",
    [
        "conv(7) * 3",
        "norm() >> norm() >> conv(3, norm=None) >> norm() >> act('relu') >> norm()",
        "dense(conv(3, 3)) * 2 >> norm()",
        "parallel(conv(2), conv(3) >> conv(11)) >> norm() >> residual(conv(4))",
        "gated(conv(3)) >> pool('max', 3, stride=1) >> conv(2, 3)",
    ],
)
def test_blocks_of_a_row_change_nothing(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A row in one block, and in as many as it has room for; 1 to 14 channels are added up five at a time."""
    network, raster = Network.draw(parse(text), 5), Raster(203, 6)
    found = []
    for room in (1 << 20, 1):
        monkeypatch.setattr("netwarp.engine.pass_writer.FIRST_CACHE", room)
        monkeypatch.setattr("netwarp.engine.pass_writer.SHORTEST", 1)
        found.append([a.tobytes() for a in numbers(calibrate(network, raster).program)])
    assert found[0] == found[1]


def test_a_program_without_normalisations_settles_nothing() -> None:
    def settle(i: int, mean: Array, variance: Array) -> Conv:
        raise AssertionError

    Native().statistics(program(embed(2), conv(0, 2, 3)), SMALL, settle)


@pytest.mark.parametrize("threads", ["1", "2"])
def test_progress_goes_to_the_end_and_cancels(monkeypatch: pytest.MonkeyPatch, threads: str) -> None:
    monkeypatch.setenv("NETWARP_THREADS", threads)
    network = Network.draw(parse("conv(4, 3) * 4"), 1)
    seen: list[tuple[int, int]] = []
    calibrate(network, Raster(60, 40), progress=lambda *at: seen.append(at))
    assert seen == sorted(seen)
    assert seen[-1][0] == seen[-1][1] > 0

    def stop(done: int, total: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        calibrate(network, Raster(60, 40), progress=stop)


def test_a_normalise_that_cannot_fold_leaves_its_source_alone() -> None:
    """Of a value that is read again: the sum sees it as it was."""
    norm = Normalise((1,), np.full(3, 2.0), np.full(3, 0.5), 1e-5)
    one = program(embed(2), conv(0, 2, 3), norm, replace(norm, sources=(2,)))
    again = Program((*one.operations, conv(1, 3, 2)))
    assert folding(one, 2) == 1
    assert folding(again, 2) is None
    check_statistics(again, SMALL)
