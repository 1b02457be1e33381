"""Whole numbers in compiled code against Python's: digits, exact maps and lines, and whole tessellations of ties."""

from __future__ import annotations

import random
from collections.abc import Callable
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from netwarp.architecture.language import parse
from netwarp.network.network import Network
from netwarp.network.program import Concat, Gather, Multiply, Program
from netwarp.plane import Plane
from netwarp.regions.descent import descend
from netwarp.regions.descent.buffers import new_batch
from netwarp.regions.descent.digits import ITSELF, POWERS, UNTOLD, digits_of, length_for, quotient, rounded
from netwarp.regions.descent.integers import Numbers
from netwarp.regions.descent.sums import LONGEST, sums_of
from netwarp.regions.exact import Exact, in_floats
from netwarp.regions.frame import Frame
from netwarp.regions.stages import stages_of
from netwarp.regions.tessellation import Tessellation
from regions.made import SQUARE, plain
from regions.piecewise import PLANE, act, conv
from regions.rational import regions
from regions.test_tessellate import agree

UNIT = Plane.between(0.0, 1.0, 0.0, 1.0)
ARRAYS = ("vertices", "edges", "edge_cells", "edge_layers", "edge_units", "offsets", "indices", "sides", "affine",
          "bits", "errors", "doubtful")  # fmt: skip


def digits(number: int) -> np.ndarray:
    return np.array(digits_of(number), dtype=np.int32)


def number_of(found: np.ndarray) -> int:
    return sum(int(digit) << (26 * i) for i, digit in enumerate(found))


def divided(x: int, w: int) -> tuple[float, int]:
    one, other = digits(x), digits(w)
    room = max(len(one), len(other)) + 45
    return quotient(one, other, np.zeros(room, np.int64), np.zeros(room, np.int32), POWERS)


def test_quotients_are_rounded_as_python_rounds_them() -> None:
    """Any numbers; quotients that floats hold, and those in the middle of two floats, or off it by a hair."""
    source = random.Random(0)
    told = 0
    for _ in range(4000):
        w = source.getrandbits(source.choice([1, 20, 54, 80, 300])) + 1
        x = source.choice([-1, 1]) * source.getrandbits(source.choice([1, 26, 53, 55, 80, 300]))
        kind = source.random()
        if kind < 0.2:
            x = x % 2**53 * w
            w <<= source.choice([1, 60])
        elif kind < 0.6:
            x = (2 * (source.getrandbits(53) | 1 << 52) + 1) * w + source.choice([-1, 0, 0, 1])
            w <<= source.choice([10, 60, 400])
        assert number_of(digits(x)) == x
        assert len(digits(x)) <= length_for(abs(x))
        mantissa, exponent = rounded(digits(x), len(digits(x)))
        assert Fraction(mantissa) * Fraction(2) ** exponent == Fraction(float(x))
        found, how = divided(x, w)
        if how == UNTOLD:
            assert x
            assert not 2**-899 < abs(x / w) < 2**51
            continue
        told += 1
        assert found == x / w
        assert (how == ITSELF) == (Fraction(found) * w == x)
    assert told > 2500


@pytest.mark.parametrize(
    ("text", "act"),
    [("conv(4) * 5", "relu"), ("conv(6) * 3", "leaky(0.1)"), ("conv(4) * 3", "hardsigmoid"), ("conv(33) * 2", "step"),
     ("residual(conv(4)) >> maxout(6, 3) >> conv(3)", "abs"), ("dense(conv(3)) * 2 >> conv(3)", "hardtanh"),
     ("conv(4) >> parallel(maxout(2, 4) >> conv(2), act(), conv(2)) >> conv(3)", "abs")],
)  # fmt: skip
def test_maps_and_lines_are_those_of_pythons_integers(text: str, act: str) -> None:
    program = Network.draw(parse(text, act=act), 3).calibrate().program
    held(program, rounded_slopes=act == "hardsigmoid")


def chosen() -> Program:
    """Layers of steps, and of what is multiplied with them, with their differences, and with one another."""
    rng = np.random.default_rng(0)
    first = [conv(0, rng.normal(size=(5, 2)), rng.normal(size=5)), act(1, 5, "step")]
    second = [conv(2, rng.normal(size=(5, 5)), rng.normal(size=5)), Multiply((1, 3), 5), act(4, 5, "abs")]
    third = [conv(5, rng.normal(size=(4, 5)), rng.normal(size=4)), act(6, 4, "step"), conv(2, rng.normal(size=(4, 5)))]
    both = [conv(5, rng.normal(size=(4, 5))), Multiply((7, 9, 8), 4), Concat((10, 4), 9)]
    return Program(
        (PLANE, *first, *second, *third, *both, conv(11, rng.normal(size=(3, 9))), act(12, 3), conv(13, [[1, 2, 3]]))
    )


def test_products_with_steps_are_those_of_pythons_integers() -> None:
    program = chosen()
    held(program)
    held(Program((*program.operations, act(14, 1, "step"), Multiply((15, 15, 14), 1))))


def test_what_takes_products_of_two_bits_is_left_to_python() -> None:
    both = Program((*chosen().operations, Gather((3,), np.array([0])), act(15, 1, "step"), act(14, 1, "step")))
    both = Program((*both.operations, Multiply((16, 17), 1), Multiply((18, 14), 1)))
    assert sums_of(stages_of(both), Frame((-0.5, 0.5, -0.375, 0.5))) is None
    agree(both, (-1.0, 1.0, -1.0, 1.0))


def held(program: Program, *, rounded_slopes: bool = False) -> None:
    stages = stages_of(program)
    frame = Frame((-0.5, 0.5, -0.375, 0.5))
    exact, sums = Exact(stages, frame), sums_of(stages, frame)
    assert sums is not None
    numbers = Numbers(sums)
    cells, sides = 6, 5
    batch = new_batch(cells, cells * sides, stages.words)
    rng = np.random.default_rng(1)
    # any pattern will do: no cell need have it; some share all layers but the last
    batch.bits[:] = rng.integers(0, 2**63, batch.bits.shape, dtype=np.uint64)
    batch.bits[1:4, :-1] = batch.bits[0, :-1]
    batch.offset[:] = np.arange(cells + 1) * sides
    places = rng.permutation(cells)
    for number in (len(stages.stages), *reversed(range(len(stages.stages)))):
        stage = stages.stages[number] if number < len(stages.stages) else None
        value, words = (stage.source, stage.word) if stage else (stages.output, stages.words)
        maps = np.zeros((cells, 3, stages.program.operations[value].channels))
        alive = numbers.maps(sums.source[number], words, batch, places, maps)
        roundings = numbers.roundings(sums.source[number])
        assert roundings == (4 if rounded_slopes and number else 2)
        for n, c in enumerate(places.tolist()):
            true = exact.values(number, batch.bits[c])[value]
            np.testing.assert_allclose(maps[c], in_floats(true), rtol=(roundings - 2) * 2.0**-53, atol=0.0)
            np.testing.assert_array_equal(alive[n], true.numerators.any(axis=0))
        if stage is None:
            continue
        batch.label[:] = rng.integers(-4, stage.label, len(batch.label))
        whole = numbers.lines(sums.last(number), words, (stage.label, stage.label + stage.lines), batch, places)
        for n, c in enumerate(places.tolist()):
            labels = [
                *batch.label[sides * c : sides * c + sides].tolist(),
                *range(stage.label, stage.label + stage.lines),
            ]
            for row, label in enumerate(labels, int(whole.first[n])):
                found = [number_of(whole.digits[row, d, : whole.used[row]]) for d in range(3)]
                true_line = exact.line(label, batch.bits[c])
                # what stands for them where that will do is rounded once
                for d, mantissa in enumerate(whole.mantissa[row].tolist()):
                    near = Fraction(mantissa) * Fraction(2) ** int(whole.exponent[row, d] + 104)
                    assert abs(near - found[d]) <= Fraction(abs(found[d]), 2**53)
                assert all(f * t >= 0 for f, t in zip(found, true_line, strict=True))
                assert np.linalg.matrix_rank(np.array([found, true_line], dtype=float)) <= 1
                assert all(
                    found[i] * true_line[j] == found[j] * true_line[i] for i, j in ((0, 1), (1, 2), (0, 2))
                )  # one is a multiple of the other


def test_numbers_that_are_too_long_are_left_to_python() -> None:
    stages = stages_of(
        plain([(np.array([[1.0, 2.0**-800], [2.0**-800, 1.0]]), np.zeros(2)) for _ in range(70)]).program
    )
    assert sums_of(stages, Frame((0.0, 1.0, 0.0, 1.0))) is None
    assert 26 * LONGEST < 70 * 800


def refuse(*_: object) -> None:
    raise AssertionError("a sign was settled by Python's integers")


def in_python(make: Callable[[], Tessellation], patch: pytest.MonkeyPatch) -> Tessellation:
    with patch.context() as patched:
        patched.setattr(descend, "sums_of", lambda stages, frame: None)
        return make()


@pytest.mark.parametrize(("depth", "doubtful"), [(13, 0), (16, 98_304)])
def test_deep_sawtooths(depth: int, doubtful: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(descend, "settle", refuse)
    found = Network.sawtooth(depth).calibrate().tessellate(UNIT)
    assert (len(found), found.doubtful) == (2**depth, doubtful)
    # strips of equal width, exactly: their corners are multiples of 2^-depth
    np.testing.assert_array_equal(np.unique(found.vertices[:, 0]), np.arange(2**depth + 1) / 2**depth)


@pytest.mark.parametrize(("depth", "width"), [(4, 6), (5, 5), (3, 10)])
def test_folds_in_three_and_five(depth: int, width: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Thirds and fifths are no floats: every corner is a tie that floats leave in doubt."""
    monkeypatch.setattr(descend, "settle", refuse)
    found = Network.folding(depth, width).calibrate().tessellate(UNIT)
    found.check()
    assert len(found) == ((width // 2) * (width - width // 2)) ** depth
    assert found.doubtful > 0


@settings(max_examples=25)
@given(st.integers(0, 1 << 20), st.sampled_from(["relu", "hardtanh", "hardsigmoid", "abs", "step", "leaky(0.25)"]))
def test_networks_of_small_whole_numbers(seed: int, act: str) -> None:
    """Counts against rational arithmetic, and the same bits whoever settles."""
    rng = np.random.default_rng(seed)
    layers, inputs = [], 2
    for outputs in (3, 3, 3, 1):
        layers.append((rng.integers(-3, 4, (outputs, inputs)), rng.integers(-3, 4, outputs) / 2))
        inputs = outputs
    field = plain(layers, act)
    found = field.tessellate(SQUARE)
    true = regions(field.program, found.bounds)
    assert len(found) == true.activation_regions
    assert (len(found.vertices), len(found.edges)) == (len(true.vertices), len(true.edges))
    other = in_python(lambda: field.tessellate(SQUARE), pytest.MonkeyPatch())
    for name in ARRAYS if act != "hardsigmoid" else ARRAYS[:-4]:
        np.testing.assert_array_equal(getattr(found, name), getattr(other, name), err_msg=name)


@pytest.mark.slow
@pytest.mark.parametrize("text", ["conv(5) * 14", "residual(conv(5) * 2) * 4", "dense(conv(3)) * 3 >> maxout(6, 3)"])
def test_networks_without_shift_have_the_same_bits_whoever_settles(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    field = Network.draw(parse(text, act="hardtanh", norm="spatial(scale=3, shift=0)"), 0).calibrate()
    other = in_python(field.tessellate, monkeypatch)
    monkeypatch.setattr(descend, "settle", refuse)
    found = field.tessellate()
    found.check()
    for name in ARRAYS:
        np.testing.assert_array_equal(getattr(found, name), getattr(other, name), err_msg=name)


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize(
    ("text", "act"),
    [("conv(4) >> parallel(maxout(1, 4) >> conv(3), act()) >> conv(3)", "relu"),
     ("conv(4) >> parallel(conv(3) >> conv(3), act()) >> conv(3)", "abs"),
     ("conv(4) * 2 >> parallel(conv(3) * 2, act() >> conv(2)) >> conv(3) * 2", "hardtanh")],
)  # fmt: skip
def test_branches_beside_one_another_are_those_of_pythons_integers(
    text: str, act: str, seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A branch whose lines are sums from before those of the branch beside it, where all lines meet in one point."""
    field = Network.draw(parse(text, act=act, norm="none"), seed).calibrate()
    other = in_python(field.tessellate, monkeypatch)
    found = field.tessellate()
    found.check()
    assert found.doubtful > 0
    for name in ARRAYS:
        np.testing.assert_array_equal(getattr(found, name), getattr(other, name), err_msg=name)
