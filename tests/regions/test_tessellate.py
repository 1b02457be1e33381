"""Tessellations are held to exact rational arithmetic, to counts known in closed form, and to their own invariants."""

from __future__ import annotations

import tracemalloc
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings

from netwarp.architecture.language import parse
from netwarp.errors import InputError, RegionLimitError, UnsupportedError
from netwarp.network.network import Network
from netwarp.network.program import Concat, Maxout, Program
from netwarp.plane import Plane
from netwarp.regions.tessellate import tessellate
from netwarp.regions.tessellation import Tessellation
from regions.made import SQUARE, field_of, generic, plain, tessellation_of
from regions.piecewise import PLANE, act, awkward, conv, piecewise
from regions.rational import regions

RELU = (np.ones((1, 1)), np.zeros(1))


def lines(rows: list[tuple[float, float, float]], activation: str = "relu") -> Tessellation:
    """The arrangement of lines a x + b y + c in the square."""
    table = np.array(rows, dtype=float)
    found = plain([(table[:, :2], table[:, 2]), (np.arange(1.0, len(rows) + 1)[None], np.zeros(1))], activation)
    result = found.tessellate(SQUARE)
    result.check()
    return result


@pytest.mark.parametrize("n", [1, 2, 7, 60])
def test_generic_lines_make_as_many_regions_as_the_formula_says(n: int) -> None:
    turns = np.pi * (np.arange(n) + 0.37) / n
    rows = [(np.cos(t), np.sin(t), 0.02 * np.cos(3.3 * t + 1)) for t in turns.tolist()]
    assert len(lines(rows)) == 1 + n + n * (n - 1) // 2


@pytest.mark.parametrize("point", [(0.0, 0.0), (0.3, -0.2), (1 / 3, 1 / 7)])
@pytest.mark.parametrize("n", [2, 9, 50])
def test_whole_lines_through_one_point(n: int, point: tuple[float, float]) -> None:
    """2 n regions, where all lines truly pass through it: their numbers are small multiples of a power of two."""
    x, y = round(point[0] * 1024) / 1024, round(point[1] * 1024) / 1024
    rows = [(a, b, -(a * x + b * y)) for a, b in ((k + 1.0, 2.0 * k - n) for k in range(n))]
    assert len(lines(rows)) == 2 * n


@pytest.mark.parametrize("act", ["relu", "abs", "leaky(0.3)", "step"])
def test_a_drawn_network_without_shift_makes_2n_regions(act: str) -> None:
    """The slope's means are exactly 0, so that every line of the first layer passes through the origin."""
    architecture = parse("conv(40)", norm="spatial(scale=3, shift=0)", act=act)
    found = Network.draw(architecture, 5).calibrate().tessellate()
    found.check()
    assert len(found) == 80


def test_zero_biases_in_every_layer_make_sectors_only() -> None:
    rng = np.random.default_rng(3)
    layers = [(rng.standard_normal((12, i)), np.zeros(12)) for i in (2, 12, 12)]
    found = plain([*layers, (rng.standard_normal((2, 12)), np.zeros(2))]).tessellate(SQUARE)
    found.check()
    assert len(found) == len(regions(found.field.program, found.bounds).cells)
    # every edge inside ends at the origin
    inner = found.edges[found.edge_layers > 0]
    assert (np.abs(found.vertices[inner]).max(axis=2).min(axis=1) == 0).all()


def test_copied_units_cut_once() -> None:
    """Fifty units, half of them multiples of the others: as many regions as twenty-five make."""
    rng = np.random.default_rng(1)
    weight = rng.standard_normal((25, 2)).astype(np.float32).astype(float)
    bias = (rng.standard_normal(25) * 0.3).astype(np.float32).astype(float)
    # a float32 times a small whole number is a float64, exactly
    factor = rng.choice([-3.0, -1.0, 1.0, 5.0, 2.0], 25)
    doubled, shift = np.concatenate([weight, weight * factor[:, None]]), np.concatenate([bias, bias * factor])
    once = plain([(weight, bias), (np.ones((1, 25)), np.zeros(1))]).tessellate(SQUARE)
    twice = plain([(doubled, shift), (np.ones((1, 50)), np.zeros(1))]).tessellate(SQUARE)
    twice.check()
    assert len(twice) == len(once)
    assert twice.doubtful == 0


@pytest.mark.parametrize("step", [0.25, 1 / 3, 0.1])
def test_a_lattice_of_concurrent_lines(step: float) -> None:
    """Rows, columns and diagonals; on a dyadic lattice three meet at every point, on another they may miss it."""
    at = [k * step for k in range(-2, 3)]
    rows = [(1.0, 0.0, -v) for v in at] + [(0.0, 1.0, -v) for v in at] + [(1.0, 1.0, -2 * v) for v in at]
    found = lines(rows)
    assert len(found) == len(regions(found.field.program, found.bounds).cells)


@pytest.mark.parametrize("apart", [1e-7, 1e-12, 2.0**-52])
def test_parallel_lines_close_together(apart: float) -> None:
    found = lines([(1.0, 1.0, 0.1), (1.0, 1.0, 0.1 + apart), (1.0, -1.0, 0.0)])
    assert len(found) == 6
    assert found.areas.min() < 3 * apart


def test_lines_along_the_border_and_through_corners() -> None:
    """x = 1 and y = -1 touch the square only; the diagonal runs from corner to corner."""
    found = lines([(1.0, 0.0, -1.0), (0.0, 1.0, 1.0), (1.0, -1.0, 0.0), (1.0, 1.0, -2.0)])
    assert len(found) == 2


def test_coincident_zero_sets_in_different_layers() -> None:
    """The second layer's unit vanishes where the first one's does, and elsewhere is either side of it or nothing."""
    first = np.array([[1.0, 0.5], [-1.0, -0.5]])
    second = np.array([[1.0, -1.0], [2.0, 0.0], [-1.0, 0.0]])
    found = plain([(first, np.array([0.3, -0.3])), (second, np.zeros(3)), (np.ones((1, 3)), np.zeros(1))])
    result = found.tessellate(SQUARE)
    result.check()
    assert len(result) == 2


def test_tiny_activations_keep_their_maps() -> None:
    """Scaled by 1e-8 and back, the function is the same: powers of two change no count and no number."""
    field = generic(2, 16)
    scale = 2.0**-27
    layers = [(field.network.parameters[f"W{n}"], field.network.parameters[f"b{n}"]) for n in range(3)]
    small = plain(
        [(layers[0][0] * scale, layers[0][1] * scale), (layers[1][0], layers[1][1] * scale),
         (layers[2][0] / scale, layers[2][1])]
    )  # fmt: skip
    one, other = field.tessellate(SQUARE), small.tessellate(SQUARE)
    other.check()
    assert len(one) == len(other)
    np.testing.assert_array_equal(one.affine, other.affine)


@pytest.mark.parametrize(("depth", "width", "count"), [(1, 100, 3749), (10, 10, 789), (4, 64, 19062)])
def test_generic_networks_make_the_regions_that_exact_arithmetic_counted(depth: int, width: int, count: int) -> None:
    found = generic(depth, width).tessellate(SQUARE)
    found.check()
    assert len(found) == count
    assert found.merge().count == count


@pytest.mark.parametrize(("depth", "width"), [(4, 4), (3, 6), (2, 5)])
def test_folding(depth: int, width: int) -> None:
    found = Network.folding(depth, width).calibrate().tessellate(Plane.between(0.0, 1.0, 0.0, 1.0))
    found.check()
    assert len(found) == ((width // 2) * (width - width // 2)) ** depth


def agree(program: Program, bounds: tuple[float, float, float, float]) -> None:
    """Counts, patterns, areas and maps are those of the rational reference."""
    true, found = regions(program, bounds), tessellation_of(program, bounds)
    assert len(found) == true.activation_regions
    assert (len(found.vertices), len(found.edges)) == (len(true.vertices), len(true.edges))
    assert found.merge().count == true.linear_regions
    cell_of = {tuple(found.pattern(c).tolist()): c for c in range(len(found))}
    for pattern, cell in true.of_pattern.items():
        c = cell_of[pattern]
        np.testing.assert_allclose(found.areas[c], float(cell.area), rtol=1e-6, atol=1e-13)
        np.testing.assert_allclose(found.affine[c], np.array(cell.affine, dtype=float), rtol=1e-9, atol=1e-12)


def test_a_step_along_a_line_that_relu_drew_jumps_there() -> None:
    """Both read x. Left of it one unit cuts the edge at y = -1/4 and another at 3/4, right of it at -3/4 and 1/4: as
    many cuts on both sides, and in no common place."""
    relu, step, every = act(1, 1), act(1, 1, "step"), Concat((2, 3, 0), 4)
    later = conv(4, [[0.0, 0.5, 0.0, 1.0], [0.0, 0.5, 0.0, 1.0]], [0.25, -0.75])
    program = Program((PLANE, conv(0, [[1.0, 0.0]]), relu, step, every, later, act(5, 2)))
    agree(program, (-1.0, 1.0, -1.0, 1.0))
    assert len(tessellation_of(program)) == 6


def test_a_jump_is_seen_though_no_two_parts_of_its_edge_are_both_whole() -> None:
    """Left of x = 0 one unit cuts the edge at y = 1/2 and the next one what is above it, right of it at -1/2 and what
    is below: as many cuts of each on both sides, but part for part one is cut again and the other is not."""
    relu, step, every = act(1, 1), act(1, 1, "step"), Concat((2, 3, 0), 4)
    one, both = conv(4, [[0.0, 1.0, 0.0, 1.0]], [-0.5]), Concat((6, 4), 5)
    other = conv(7, [[0.0, 0.0, 1.5, 0.0, 1.0]], [-0.75])
    program = Program((PLANE, conv(0, [[1.0, 0.0]]), relu, step, every, one, act(5, 1), both, other, act(8, 1)))
    agree(program, (-1.0, 1.0, -1.0, 1.0))
    assert len(tessellation_of(program)) == 6


def test_an_edge_where_a_maxout_changes_nothing_is_the_later_unit_s() -> None:
    """Two pieces of the maxout are equal along x = 0, where the third is 1 and larger; and there a relu bends."""
    three = conv(0, [[1.0, 0.0], [-1.0, 0.0], [0.0, 0.0]], [0.0, 0.0, 2.0])
    program = Program((PLANE, three, Maxout((1,), 1, 3), act(0, 2), Concat((2, 3), 3)))
    agree(program, (-1.0, 1.0, -1.0, 1.0))
    found = tessellation_of(program)
    assert len(found) == 4
    # |z| and so on: contour asks every edge for its line
    assert found.contour(1, 0.0) != []
    assert set(found.edge_units.tolist()) == {-1, 0, 1}


@pytest.mark.slow
@settings(max_examples=150)
@given(piecewise())
def test_any_program_against_rational_arithmetic(program: Program) -> None:
    agree(program, (-2.0, 2.0, -2.0, 2.0))


@pytest.mark.slow
@settings(max_examples=150)
@given(awkward())
def test_awkward_programs_against_rational_arithmetic(program: Program) -> None:
    agree(program, (-1.0, 0.7, -0.5, 1.25))


@pytest.mark.slow
@pytest.mark.parametrize(
    "text",
    [
        "conv(12) * 3",
        "residual(conv(8) * 2) * 3",
        "dense(conv(6)) * 3",
        "parallel(conv(6), conv(4, act='abs')) * 2",
        "inception(6, (4, 6), (4, 6), 4, kernels=(1, 1)) * 2",
        "conv(8) >> maxout(6, 2) >> maxout(5, 3)",
        "conv(8) >> conv(8, groups=4) * 2",
        "residual(conv(8, act='step')) >> conv(6)",
    ],
)
def test_a_million_points_have_the_pattern_and_the_values_of_their_cell(text: str) -> None:
    """The function's own signs at random points, computed by the evaluator of every value the pattern is made of."""
    field = Network.draw(parse(text), 2).calibrate()
    found = field.tessellate()
    found.check()
    rng = np.random.default_rng(0)
    points = rng.uniform(-0.5, 0.5, (1_000_000, 2))
    cells = found.locate(points)
    assert cells.min() >= 0
    values = np.einsum("nkd,nd->nk", found.affine[cells], np.column_stack([points, np.ones(len(points))]))
    np.testing.assert_allclose(values, field.at(points), rtol=1e-9, atol=1e-9 * np.abs(values).max())
    # one pattern a cell: points of a cell share it, points of two do not
    from netwarp.network.cut import cut
    from netwarp.regions.stages import stages_of

    stages = stages_of(field.program)
    some = points[:100_000]
    for stage in stages.stages:
        source = field_of(cut(stages.program, stage.source)).at(some)
        second = np.where(stage.second >= 0, source[:, stage.second], 0.0)
        plus = source[:, stage.first] - second - stage.threshold > 0
        bits = found.bits[cells[:100_000], stage.word : stage.word + stage.words]
        at = np.arange(stage.lines)
        expected = (bits[:, at // 64] >> (at % 64).astype(np.uint64)) & np.uint64(1)
        if stage.pieces < 3:  # of more, the bits say no more than which is the largest
            assert (plus == expected.astype(bool)).all()


def test_a_deep_network_keeps_its_signs() -> None:
    """Forty layers: a bound carried from layer to layer would leave every sign in doubt."""
    field = Network.draw(parse("conv(6) * 40", norm="spatial(scale=2, shift=normal(1))"), 1).calibrate()
    plane = Plane(0.05, 0.1, 0.02, 0.02)
    found = field.tessellate(plane)
    found.check()
    assert len(found) == len(regions(field.program, found.bounds).cells) > 10


def test_threads_change_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    field = generic(3, 40)
    found = []
    for threads in ("1", "2", "3"):
        monkeypatch.setenv("NETWARP_THREADS", threads)
        found.append(field.tessellate(SQUARE))
    for other in found[1:]:
        assert len(other) == len(found[0])
        assert found[0].merge().count == other.merge().count
        np.testing.assert_allclose(np.sort(found[0].areas), np.sort(other.areas), rtol=1e-9, atol=1e-15)


def test_the_limit_stops_early() -> None:
    with pytest.raises(
        RegionLimitError, match=r"more than 500 activation regions: [\d,]+ so far, at layer [12]"
    ) as caught:
        generic(4, 64).tessellate(SQUARE, limit=500)
    assert caught.value.found > 500
    assert caught.value.layer in (1, 2)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("conv(4) >> conv(4, 3)", r"layer 2 \(path 1\): a 3x3 kernel"),
        ("conv(4, act='tanh')", r"layer 1 \(path 0\): the smooth activation tanh makes no flat"),
        ("conv(4, act='softplus')", r"layer 1 \(path 0\): the smooth activation softplus makes no flat"),
        ("gated(conv(4))", r"layer 2 \(path 0\.g\.0\): a product with sigmoid makes no"),
        ("conv(4, norm='layer')", r"a layer norm"),
    ],
)
def test_what_is_not_flat_is_named(text: str, message: str) -> None:
    with pytest.raises(UnsupportedError, match=message):
        Network.draw(parse(text), 0).calibrate().tessellate()


def test_inputs_that_are_not_flat_are_named() -> None:
    with pytest.raises(UnsupportedError, match="inputs: r inputs make no flat regions"):
        Network.draw(parse("conv(4)", inputs="x y r"), 0).calibrate().tessellate()


def test_bad_arguments_are_refused() -> None:
    field = generic(1, 3)
    with pytest.raises(InputError, match="must be a Plane"):
        tessellate(field, (0, 1, 0, 1))  # type: ignore[arg-type]
    with pytest.raises(InputError, match="limit=0"):
        tessellate(field, SQUARE, limit=0)
    with pytest.raises(InputError, match="too small for float64"):
        tessellate(field, Plane(0.3, 0.3, 1e-18, 1e-18))


def test_progress_may_cancel() -> None:
    def stop(done: int, total: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        generic(3, 64).tessellate(SQUARE, progress=stop)


def test_copies_that_rounding_parts_meet_where_they_do() -> None:
    """Three almost equal lines: each pair crosses somewhere, and where is told by no float of theirs."""
    weight = np.array(
        [[0.9533798075327612, -0.7575755742537073], [-2.8601394225982832, 2.272726722761122],
         [-0.317793269177587, 0.2525251914179024]]
    )  # fmt: skip
    bias = np.array([0.1398975644145748, -0.4196926932437244, -0.04663252147152493])
    found = plain([(weight, bias), (np.ones((1, 3)), np.zeros(1))]).tessellate(SQUARE)
    found.check()
    exact = regions(found.field.program, found.bounds)
    assert len(found) == len(exact.cells)
    corners = np.array([[float(x), float(y)] for x, y in exact.vertices])
    nearest = np.abs(found.vertices[:, None] - corners).max(axis=2).min(axis=1)
    assert nearest.max() < 1e-6


@pytest.mark.parametrize("scale", [1e-60, 1e-100, 1e-150, 1e-200, 1e-300, 1e100, 1e300])
@pytest.mark.parametrize("depth", [1, 3])
def test_what_floats_cannot_hold_is_refused_or_right(scale: float, depth: int) -> None:
    rng = np.random.default_rng(depth)
    sizes = [2, *[4] * depth, 1]
    layers = []
    total = 1.0
    for inputs, outputs in pairwise(sizes):
        total *= scale
        shift = total if np.isfinite(total) else 0.0
        layers.append((rng.standard_normal((outputs, inputs)) * scale, rng.standard_normal(outputs) * 0.3 * shift))
    field = plain(layers)
    try:
        found = field.tessellate(SQUARE)
    except UnsupportedError:
        with pytest.raises(UnsupportedError, match="scale the weights"):
            field.tessellate(SQUARE)
        return
    exact = regions(found.field.program, found.bounds)
    assert (len(found), found.merge().count) == (len(exact.cells), exact.linear_regions)


@pytest.mark.slow
def test_a_deep_narrow_network_takes_the_memory_of_its_regions() -> None:
    """Eight thousand regions after twenty layers: what every layer keeps does not double with each of them."""
    field = Network.draw(parse("conv(5) * 20"), 0).calibrate()
    tracemalloc.start()
    found = field.tessellate()
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert len(found) == 8429
    assert peak < 64 << 20
