"""The signs at a vertex in whole numbers, against fractions; and how often compiled numbers do not do."""

from __future__ import annotations

import random
from fractions import Fraction

import numpy as np
import pytest

from netwarp.architecture.language import parse
from netwarp.architecture.notation import to_activation
from netwarp.network.network import Network
from netwarp.network.source import Plain
from netwarp.plane import Plane, Raster
from netwarp.regions.descent import descend, integers
from netwarp.regions.descent.batch import Count
from netwarp.regions.descent.buffers import new_batch, new_scratch, new_work
from netwarp.regions.descent.digits import digits_of
from netwarp.regions.descent.found import cells_of
from netwarp.regions.descent.integers import Numbers
from netwarp.regions.descent.sums import sums_of
from netwarp.regions.descent.whole_lines import Whole, judge, new_whole
from netwarp.regions.exact import Exact, Line, crossing
from netwarp.regions.frame import Frame, bounds_of
from netwarp.regions.stages import stages_of
from netwarp.regions.tessellate import tessellate


def number_of(digits: np.ndarray) -> int:
    return sum(int(digit) << (26 * i) for i, digit in enumerate(digits.tolist()))


def whole_of(lines: list[Line], kept: int) -> Whole:
    """The lines as rows; of more digits than `kept`, so many leading ones, as floats of 104 bits too."""
    numbers = [[digits_of(value) for value in line] for line in lines]
    whole = new_whole(1, len(lines), max(len(digits) for row in numbers for digits in row) + 2)
    whole.first[0] = 0
    for n, row in enumerate(numbers):
        top = max(map(len, row))
        low = max(top - kept, 0)
        whole.used[n] = top - low
        whole.digits[n] = 0
        whole.wrong[n] = 0.0
        for d, digits in enumerate(row):
            part = digits[low:]
            whole.digits[n, d, : len(part)] = part
            value = number_of(np.array(part))
            shift = max(value.bit_length() - 100, 0)
            whole.mantissa[n, d], whole.exponent[n, d] = float(Fraction(value, 1 << shift)) * 2.0**-104, shift
            if any(digits[:low]):
                whole.wrong[n] = 2.0 ** (-26 * (top - low))
    return whole


def judged(lines: list[Line], kept: int) -> tuple[bool, list[int], tuple[float, float, float], int]:
    """Whether the signs of lines[2:] where the first two cross are told; the signs; where that is; how many."""
    corners, candidates = 2, len(lines) - 2
    work = new_work(corners, candidates, 0)
    scratch = new_scratch(candidates, candidates, work)
    # floats that tell nothing
    work.line[:] = (0.0, 0.0, 0.0, 1.0, 1.0, 1.0)
    work.pure[:] = 0
    work.vertex[0], work.through[0], work.settled[0] = (0.0, 0.0, 1.0), (0, 1), -1
    scratch.line[:] = range(candidates)
    scratch.counts[Count.CANDIDATES] = candidates
    told = judge(whole_of(lines, kept), 0, work, scratch, corners)
    x, y, far = work.vertex[0].tolist()
    return told, work.known[0, corners : corners + candidates].tolist(), (x, y, far), int(scratch.counts[Count.SIGNS])


def through(source: random.Random, bits: int) -> list[Line]:
    """Two lines that cross, and others: through the crossing, off it by the least there is, and any."""

    def line(length: int) -> Line:
        a, b, c = (source.choice([-1, 1]) * source.getrandbits(length) for _ in range(3))
        return a, b, c

    while True:
        one, other = line(bits), line(max(bits + source.randrange(-20, 20), 2))
        if one[0] * other[1] != one[1] * other[0]:
            break
    lines = [one, other]
    for _ in range(4):
        p, q = (source.choice([-1, 1]) * source.getrandbits(source.choice([1, 25, 60])) for _ in range(2))
        a, b, c = (p * u + q * v for u, v in zip(one, other, strict=True))
        shift = source.choice([0, 0, 30, 100])
        lines += [(a << shift, b << shift, (c << shift) + step) for step in (0, 1, -1)]
    lines.append(line(bits))
    # a line of floats through the crossing, rounded, and its neighbours one last place away
    x, y, w = crossing(one, other)
    c = -(Fraction(x, w) + 3 * Fraction(y, w))
    exponent = 60 - (abs(c.numerator).bit_length() - c.denominator.bit_length()) if c else 60
    nearest = round(c * Fraction(2) ** exponent)
    scale = 1 << max(exponent, 0)
    lines += [(scale, 3 * scale, (nearest + step) << max(-exponent, 0)) for step in (-1, 0, 1)]
    return lines


@pytest.mark.slow
@pytest.mark.parametrize("kept", [1000, 8, 3])
def test_signs_at_a_vertex_are_those_of_fractions(kept: int) -> None:
    """Zeros, what is off 0 by the least there is, and any numbers; of leading digits never a wrong one."""
    source = random.Random(0)
    count = zeros = 0
    for trial in range(200):
        one, other, *rest = through(source, (5, 24, 53, 120, 400, 1500)[trial % 6])
        x, y, w = crossing(one, other)
        if max(abs(x), abs(y)) > w << 50 or min(abs(x), abs(y)) << 800 < w:
            continue  # where floats hold no place; x and y of 0 among them, which other tests have
        # of leading digits one by one: what one does not tell, none would
        for lines in [rest] if kept == 1000 else [[line] for line in rest]:
            values = [a * x + b * y + c * w for a, b, c in lines]
            told, signs, place, settled = judged([one, other, *lines], kept)
            whole = not whole_of([one, other, *lines], kept).wrong.any()
            assert told or not whole
            assert not told or whole or 0 not in values
            if told:
                count += len(values)
                zeros += values.count(0)
                assert signs == [(value > 0) - (value < 0) for value in values]
                assert settled == len(values)
                assert place[:2] == (x / w, y / w)
                off = abs(Fraction(place[0]) - Fraction(x, w)), abs(Fraction(place[1]) - Fraction(y, w))
                assert place[2] >= sum(off)
                assert (place[2] == 0.0) == (off == (0, 0)) or not whole
    assert count > {1000: 2500, 8: 1500, 3: 500}[kept]
    assert zeros > {1000: 700, 8: 300, 3: 50}[kept]


def test_signs_of_long_numbers_are_told_by_leading_digits() -> None:
    source = random.Random(1)
    told = 0
    for _ in range(50):
        lines = [tuple(source.getrandbits(2000) - (1 << 1999) for _ in range(3)) for _ in range(6)]
        x, y, w = crossing(lines[0], lines[1])
        found, signs, place, _ = judged(lines, 8)
        told += found
        if found:
            assert signs == [1 if a * x + b * y + c * w > 0 else -1 for a, b, c in lines[2:]]
            assert place[:2] == (x / w, y / w)
    assert told > 45
    # parallel lines cross nowhere
    assert not judged([(1, 2, 3), (2, 4, 5), (1, 1, 1)], 1000)[0]


@pytest.mark.parametrize(
    ("text", "act"),
    [("conv(4) * 14", "relu"), ("conv(5) * 6", "leaky(0.1)"), ("dense(conv(3)) * 3 >> conv(3)", "hardsigmoid"),
     ("residual(conv(4)) * 4 >> maxout(6, 3) >> conv(3)", "abs"), ("conv(4) * 6", "step"),
     ("(parallel(maxout(2, 3) >> conv(2), act()) >> conv(3)) * 2", "abs")],
)  # fmt: skip
@pytest.mark.parametrize("keep", [2, 5, 9])
def test_leading_digits_are_within_their_bound(text: str, act: str, keep: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Lines and maps of patterns, most of which no cell has; one after another, so that what is kept is used again."""
    monkeypatch.setattr(integers, "LONG", 0)
    stages = stages_of(Network.draw(parse(text, act=act), 3).calibrate().program)
    frame = Frame((-0.5, 0.5, -0.375, 0.5))
    exact, sums = Exact(stages, frame), sums_of(stages, frame)
    assert sums is not None
    numbers = Numbers(sums)
    numbers.keep = numbers.leading.ready[1] = keep
    cells, sides, rng = 5, 3, np.random.default_rng(2)
    batch = new_batch(cells, cells * sides, stages.words)
    batch.bits[:] = rng.integers(0, 2**63, batch.bits.shape, dtype=np.uint64)
    batch.bits[1:4, :-1] = batch.bits[0, :-1]
    batch.offset[:] = np.arange(cells + 1) * sides
    places = np.arange(cells)
    rough = 0
    for number, stage in enumerate(stages.stages):
        words = stage.word
        batch.label[:] = rng.integers(-4, stage.label, len(batch.label))
        span = stage.label, stage.label + stage.lines
        whole = numbers.lines(sums.last(number), words, span, batch, places, leading=True)
        for c in range(cells):
            labels = [*batch.label[sides * c : sides * c + sides].tolist(), *range(*span)]
            for row, label in enumerate(labels, int(whole.first[c])):
                used, wrong = int(whole.used[row]), Fraction(float(whole.wrong[row]))
                found = [number_of(whole.digits[row, d, :used]) for d in range(3)]
                true = exact.line(label, batch.bits[c])
                # up to a factor, the same for all three; in whole numbers the common one is left out
                known, most = max(zip(map(abs, found), map(abs, true), strict=True), key=lambda pair: pair[1])
                if not most:
                    assert not any(found)
                    continue
                if not wrong:
                    assert all(f * most == t * known for f, t in zip(found, true, strict=True))
                    continue
                rough += 1
                assert used <= keep + 2
                allowed = wrong * 2 ** (26 * used)
                # the largest is off by no more than `allowed` itself, and with it what the others are compared by
                factor = Fraction(known, most)
                for f, t in zip(found, true, strict=True):
                    assert abs(f - t * factor) <= allowed * (1 + abs(Fraction(t, most)))
        maps = np.zeros((cells, 3, stage.width))
        alive = numbers.maps(sums.source[number], words, batch, places, maps)
        expected = np.zeros_like(maps)
        monkeypatch.setattr(Numbers, "long", lambda self, sum_number: False)
        np.testing.assert_array_equal(alive, numbers.maps(sums.source[number], words, batch, places, expected))
        monkeypatch.undo()
        monkeypatch.setattr(integers, "LONG", 0)
        np.testing.assert_array_equal(maps, expected)
    assert rough > 20 or keep > 2 or act == "step"  # whose numbers stay short


def small_numbers(seed: int) -> Network:
    """Hardtanh of weights that are small whole numbers: many lines through one point."""
    rng, weights, inputs = np.random.default_rng(seed), {}, 2
    for n, outputs in enumerate((7, 7, 7, 2)):
        weights[f"W{n}"] = rng.integers(-3, 4, (outputs, inputs)).astype(float)
        weights[f"b{n}"] = rng.integers(-3, 4, outputs) / 2
        inputs = outputs
    return Network(Plain(to_activation("activation", "hardtanh")), weights)


@pytest.mark.parametrize(
    ("network", "ties"),
    [(Network.sawtooth(9), False), (Network.folding(4, 5), True), (small_numbers(0), True),
     (Network.draw(parse("conv(5) * 20", act="relu", norm="spatial(scale=3)"), 0), True),
     (Network.draw(parse("residual(conv(4)) * 6", act="relu", norm="spatial(scale=3)"), 10), True),
     (Network.draw(parse("conv(4) * 30", act="relu"), 14), True)],
)  # fmt: skip
def test_pythons_integers_are_never_needed(network: Network, ties: bool) -> None:
    field = network.calibrate(Raster(columns=48, rows=32))
    found = cells_of(stages_of(field.program), Frame(bounds_of(field.raster.plane)), limit=10**6)
    assert found.slow == 0
    assert (found.doubtful > 0) == ties


def test_a_cell_that_is_left_to_pythons_integers_is_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(descend.Walker, "numbers", None)
    field = Network.draw(parse("conv(5)", act="relu", norm="spatial(scale=3)"), 0).calibrate()
    found = cells_of(stages_of(field.program), Frame(bounds_of(field.raster.plane)), limit=10**6)
    assert found.slow == 1  # the rectangle, in whose middle all lines meet
    assert len(found.offsets) - 1 == 10


@pytest.mark.parametrize("kept", [26, 5])
def test_leading_digits_give_the_same_cells(kept: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Few enough, that many cells are undecided and computed to the last digit."""
    field = Network.draw(parse("conv(4) * 44", act="relu"), 14).calibrate(Raster(columns=48, rows=32))
    plane = Plane.between(-0.05, 0.1, -0.1, 0.05)
    monkeypatch.setattr(integers, "LONG", 10**9)
    whole = tessellate(field, plane)
    monkeypatch.setattr(integers, "LONG", 0)
    monkeypatch.setattr(integers, "MOST_KEPT", kept)
    leading = tessellate(field, plane)
    assert whole.doubtful == leading.doubtful > 40
    for name in ("vertices", "edges", "offsets", "indices", "affine", "bits", "errors"):
        np.testing.assert_array_equal(getattr(whole, name), getattr(leading, name))
