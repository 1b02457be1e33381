"""Exact decisions: worked out by hand, held to fractions, and to a dense grid."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.decisions.rational_decisions import Winners, verdict
from netwarp.fields.field import Field
from netwarp.models.decisions.decide import decision
from netwarp.models.decisions.decision import Decision
from netwarp.models.decisions.grounds import CellGround
from netwarp.network.network import Network
from netwarp.network.program import Program
from netwarp.plane import Plane, Raster
from regions.made import SQUARE, field_of, plain
from regions.piecewise import PLANE, act, awkward, conv, piecewise

CASES = Path(__file__).parent.parent / "cases"
BOUNDS = (-1.0, 1.0, -1.0, 1.0)

# W0, b0, W1, b1 of relu networks with three outputs that make 15 pieces of the square, each with one winner; and how
# many of the pieces, and how much of the area, go to whom, by exact arithmetic
KNOWN = {
    "a tie": (
        [[0.75, 2.0], [1.5, 1.25], [1.0, -1.5], [-1.0, 1.5]],
        [-0.25, 0.75, -0.75, -0.25],
        [[2.0, 0.0, 1.5, 0.5], [-2.0, -0.5, 0.0, 0.5], [2.0, 1.0, -0.5, 1.5]],
        [-0.25, -0.25, -1.0],
        {(0, 1): (2, "23/32"), (2,): (8, "4023/1904"), (0,): (5, "4449/3808")},
    ),
    "one dominates": (
        [[1.75, 1.0], [-2.0, -2.0], [0.75, -2.0], [-0.25, 0.5]],
        [-0.5, 0.25, -0.25, -0.5],
        [[-2.0, 0.5, 1.5, 1.0], [-1.0, 1.0, -1.5, -1.5], [-2.0, 1.5, 0.5, -1.0]],
        [-0.5, 0.25, 1.0],
        {(2,): (10, "3848113/1151920"), (0,): (3, "237/1936"), (1,): (2, "639/1190")},
    ),
    "all three": (
        [[1.0, 0.25], [-2.0, 0.0], [0.75, -1.75], [-1.75, -2.0]],
        [1.0, -0.75, 0.25, -0.5],
        [[-1.5, 1.5, -2.0, -1.0], [-0.5, -1.0, -0.5, -1.0], [-1.5, 1.0, 0.5, 1.0]],
        [1.0, 1.0, 1.0],
        {(2,): (6, "18866705/11319552"), (1,): (7, "704711/353736"), (0,): (2, "4453/13056")},
    ),
}


def ground(found: Decision) -> CellGround:
    assert isinstance(found.ground, CellGround)
    found.ground.cells.check()
    return found.ground


def areas(found: Decision) -> dict[Winners, float]:
    """By the numbers of the classes, which are their names."""
    alone = {(n,): area for n, area in enumerate(found.areas) if area}
    return alone | {tuple(int(name) for name in tie.classes): tie.area for tie in found.ties}


def lengths(found: Decision) -> dict[tuple[int, int], float]:
    return {
        (int(a), int(b)): sum(float(np.hypot(*np.diff(line, axis=0).T).sum()) for line in lines)
        for (a, b), lines in found.boundary.items()
    }


@pytest.mark.parametrize("name", KNOWN)
def test_a_network_of_15_pieces(name: str) -> None:
    first, shift, second, offset, right = KNOWN[name]
    field = plain([(np.array(first), np.array(shift)), (np.array(second), np.array(offset))])
    oracle = verdict(field.program, BOUNDS)
    assert len(oracle.parts) == 15
    assert oracle.areas() == {winners: Fraction(area) for winners, (_, area) in right.items()}
    found = decision(field, plane=SQUARE)
    winners = ground(found).winners
    counts = np.bincount(winners.of, minlength=len(winners.sets))
    assert dict(zip(winners.sets, counts.tolist(), strict=True)) == {key: count for key, (count, _) in right.items()}
    assert areas(found) == pytest.approx({key: float(Fraction(area)) for key, (_, area) in right.items()}, rel=1e-14)
    assert lengths(found) == pytest.approx(oracle.lengths(), rel=1e-13)
    assert sum(found.share) + sum(tie.share for tie in found.ties) == pytest.approx(1, abs=1e-14)
    assert found.exact
    assert found.resolution is None


def test_halves_quarters_and_their_border() -> None:
    """Logits x, y and 0 on the square: by hand."""
    field = plain([(np.array([[1.0, 0.0], [0.0, 1.0], [0.0, 0.0]]), np.zeros(3))])
    found = decision(field, plane=SQUARE)
    assert found.areas == pytest.approx((1.5, 1.5, 1.0), abs=1e-15)
    assert found.pieces == (1, 1, 1)
    assert {pair: [line.tolist() for line in lines] for pair, lines in found.boundary.items()} == {
        # the first of the pair on the left
        ("0", "1"): [[[1.0, 1.0], [0.0, 0.0]]],
        ("0", "2"): [[[0.0, 0.0], [0.0, -1.0]]],
        ("1", "2"): [[[-1.0, 0.0], [0.0, 0.0]]],
    }
    assert found.ties == ()


def test_a_single_output_against_its_threshold() -> None:
    field = plain([(np.array([[1.0, 0.0]]), np.array([0.25]))])
    assert decision(field, plane=SQUARE).areas == pytest.approx((1.5, 2.5), abs=1e-15)
    found = decision(field, plane=SQUARE, threshold=0.75)
    assert found.areas == pytest.approx((3.0, 1.0), abs=1e-15)
    assert found.threshold == 0.75
    ((line,),) = found.boundary.values()
    # class 0, below, is on the left of a line that runs up
    assert line.tolist() == [[0.5, -1.0], [0.5, 1.0]]


def test_equal_outputs_over_an_area_are_a_tie_and_never_the_lower_index() -> None:
    """relu(x) and relu(-y): both are 0 in a quarter."""
    field = plain([(np.array([[1.0, 0.0], [0.0, -1.0]]), np.zeros(2)), (np.eye(2), np.zeros(2))])
    found = decision(field, plane=SQUARE, classes=["a", "b"])
    assert found.areas == pytest.approx((1.5, 1.5), abs=1e-15)
    (tie,) = found.ties
    assert tie.classes == ("a", "b")
    assert (tie.area, tie.share) == pytest.approx((1.0, 0.25), abs=1e-15)
    # down the diagonal where both are positive, and along the two sides of the tie
    assert sum(float(np.hypot(*np.diff(line, axis=0).T).sum()) for line in found.boundary["a", "b"]) == pytest.approx(
        2**0.5 + 2, abs=1e-14
    )


def test_a_tie_that_floats_cannot_tell_from_a_near_one() -> None:
    """x + y in two orders of rounding, and a copy that differs in the last bit of one weight."""
    hidden = np.array([[0.1, 0.0], [0.0, 0.3], [0.1, 0.3]])
    equal = plain([(hidden, np.full(3, 5.0)), (np.array([[1.0, 1.0, 0.0], [0.0, 0.0, 1.0]]), np.array([-5.0, 0.0]))])
    ties = decision(equal, plane=SQUARE).ties
    assert [tie.share for tie in ties] == [pytest.approx(1.0)]
    other = hidden.copy()
    other[2, 0] = np.nextafter(0.1, 1)
    near = plain([(other, np.full(3, 5.0)), (np.array([[1.0, 1.0, 0.0], [0.0, 0.0, 1.0]]), np.array([-5.0, 0.0]))])
    found = decision(near, plane=SQUARE)
    assert found.ties == ()
    assert found.areas == pytest.approx((2.0, 2.0), abs=1e-9)


def test_a_network_of_one_constant_is_one_tie_or_one_class() -> None:
    dead = [(np.array([[1.0, 0.0]]), np.array([-5.0])), (np.ones((3, 1)), np.array([0.5, 0.5, 0.25]))]
    found = decision(plain(dead), plane=SQUARE)
    assert found.areas == (0.0, 0.0, 0.0)
    assert [(tie.classes, tie.area) for tie in found.ties] == [(("0", "1"), pytest.approx(4.0))]
    assert found.boundary == {}
    assert found.pieces == (0, 0, 0)


def test_a_step_jumps_over_the_boundary() -> None:
    field = plain([(np.array([[1.0, 0.0]]), np.array([-0.25])), (np.array([[2.0]]), np.array([-1.0]))], "step")
    found = decision(field, plane=SQUARE)
    assert found.areas == pytest.approx((2.5, 1.5), abs=1e-15)
    ((line,),) = found.boundary.values()
    assert line.tolist() == [[0.25, -1.0], [0.25, 1.0]]


@pytest.mark.parametrize(
    ("name", "threshold", "share"), [("sigmoid", None, 0.5), ("sigmoid", 0.25, 0.75), ("tanh", 0.5, 0.25)]
)
def test_an_increasing_output_activation_changes_no_winner(name: str, threshold: float | None, share: float) -> None:
    """Of a logit k x: sigmoid 1/4 at -log 3, tanh 1/2 at log(3)/2, whichever k puts these at x = -1/2 and 1/2."""
    slope = {("sigmoid", None): 1.0, ("sigmoid", 0.25): 2 * np.log(3), ("tanh", 0.5): np.log(3)}[name, threshold]
    field = field_of(Program((PLANE, conv(0, [[slope, 0.0]]), act(1, 1, name))))
    found = decision(field, plane=SQUARE, threshold=threshold)
    assert found.exact
    assert found.share[1] == pytest.approx(share, abs=1e-15)
    assert found.threshold == (0.5 if threshold is None else threshold)


def test_one_class_against_the_rest() -> None:
    field = plain([(np.array([[1.0, 0.0], [0.0, 1.0], [0.0, 0.0]]), np.zeros(3))])
    all_of = decision(field, plane=SQUARE)
    for which, name in enumerate("012"):
        found = decision(field, plane=SQUARE, one_class=name)
        assert found.classes == (name, "rest")
        assert found.areas == pytest.approx((all_of.areas[which], 4 - all_of.areas[which]), abs=1e-14)
        whole = sum(length for pair, length in lengths(all_of).items() if which in pair)
        ((pair, lines),) = found.boundary.items()
        assert pair == (name, "rest")
        assert sum(float(np.hypot(*np.diff(line, axis=0).T).sum()) for line in lines) == pytest.approx(whole)


def held(program: Program) -> None:
    field = field_of(program)
    threshold = 0.0 if program.channels == 1 else None
    oracle = verdict(program, BOUNDS, threshold)
    found = decision(field, plane=SQUARE, threshold=threshold, engine="exact")
    ground(found)
    right = {key: float(area) for key, area in oracle.areas().items()}
    assert areas(found) == pytest.approx(right, rel=1e-9, abs=1e-12)
    assert lengths(found) == pytest.approx(oracle.lengths(), rel=1e-6, abs=1e-9)


@given(piecewise())
@settings(max_examples=60, deadline=None)
def test_any_piecewise_linear_program_as_fractions_say(program: Program) -> None:
    held(program)


@given(awkward())
@settings(max_examples=60, deadline=None)
def test_copies_ties_and_tiny_weights_as_fractions_say(program: Program) -> None:
    held(program)


@given(st.integers(0, 10_000), st.integers(2, 5), st.integers(2, 5))
@settings(max_examples=40, deadline=None)
def test_small_networks_as_fractions_say(seed: int, width: int, classes: int) -> None:
    rng = np.random.default_rng(seed)
    layers = [(rng.standard_normal((width, 2)), rng.standard_normal(width) * 0.3)]
    layers.append((rng.standard_normal((classes, width)), rng.standard_normal(classes) * 0.3))
    held(plain(layers).program)


def case(name: str) -> tuple[Field, dict[str, np.ndarray]]:
    with np.load(CASES / f"{name}_ref.npz") as arrays:
        return Network.load(CASES / f"{name}.npz").calibrate(), dict(arrays)


def test_the_classes_that_scikit_learn_predicts() -> None:
    field, right = case("blobs4")
    found = decision(field, plane=Plane.between(-12, 8, -12, 8))
    on = ground(found)
    inside = np.abs(right["P"] + 2).max(axis=1) < 10
    won = on.winners.of[on.cells.locate(right["P"][inside])]
    assert [on.winners.sets[n] for n in won.tolist()] == [(int(n),) for n in right["pred"][inside]]
    assert sorted(lengths(found)) == [(0, 3), (1, 2), (1, 3), (2, 3)]
    field, right = case("moons")
    found = decision(field, X=right["P"])
    on = ground(found)
    won = on.winners.of[on.cells.locate(right["P"])]
    assert won.tolist() == (right["prob"] > 0.5).astype(int).tolist()


@pytest.mark.parametrize(("name", "bounds"), [("moons", (-2, 3, -1.5, 2)), ("blobs4", (-12, 8, -12, 8))])
def test_areas_and_boundaries_of_trained_networks_as_a_dense_grid_has_them(
    name: str, bounds: tuple[float, ...]
) -> None:
    field, _ = case(name)
    found = decision(field, plane=Plane.between(*bounds))
    raster = Raster(1000, 1000, found.plane)
    values = field.sample(raster, dtype="float64")
    best = (values[0] > 0).astype(int) if len(values) == 1 else values.argmax(axis=0)
    counted = np.bincount(best.ravel(), minlength=len(found.classes)) / best.size
    # each pixel that a boundary passes may be counted wrong by half of it
    length = sum(lengths(found).values()) / min(raster.pitch)
    assert np.abs(counted - found.share).max() < 0.5 * length / best.size
    for (a, b), lines in found.boundary.items():
        points = np.concatenate([(line[1:] + line[:-1]) / 2 for line in lines])
        at = field.at(points)
        at = np.concatenate([np.zeros_like(at), at], axis=1) if at.shape[1] == 1 else at
        assert np.abs(at[:, int(a)] - at[:, int(b)]).max() < 1e-9
        assert (at.max(axis=1) - at[:, int(a)]).max() < 1e-9
