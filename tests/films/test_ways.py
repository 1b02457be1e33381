"""What films walk over: the ends of every way, what lies between, and every way that there is not."""

import itertools
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from netwarp.architecture.language import parse
from netwarp.errors import NetwarpError
from netwarp.films.film import Film, again, film
from netwarp.films.plan import Timing, Way, frames_of, read_rate, smooth
from netwarp.films.steps import natural
from netwarp.films.walk import Fade, LatentWalk, Still
from netwarp.films.ways import walk_of
from netwarp.network.network import Network
from netwarp.network.source import Between, Made
from netwarp.orders.drawing import draw, draw_network
from netwarp.orders.subject import read_subject
from netwarp.picture.recipe import Recipe
from netwarp.plane import Plane, Raster

SMALL = Raster(40, 28)
CPPN = parse("conv(8) * 2", act="tanh", norm="none", init="normal(1)", inputs="x y z(3)")


def small(what: Any = "conv(6) * 4", *arguments: Any, **options: Any) -> Film:
    return film(what, *arguments, **{"size": (30, 20), "calibration": SMALL, **options})


def alike(made: Film, number: int, other: Any, **options: Any) -> bool:
    """Whether a frame is what `draw` makes of another network, with the film's colours."""
    recipe = made.frame(number).recipe
    assert isinstance(recipe, Recipe)
    drawing = draw(other, recipe.raster, calibration=recipe.calibration, **options)
    from netwarp.picture.paint import paint

    return np.array_equal(paint(drawing.samples, recipe.tone).pixels, made.frame(number).pixels)


def test_depth_adds_layers_whose_weights_stay() -> None:
    made = small("conv(6) * 2 >> conv(5) * 2", "depth", 1, 4, frames=4, seed=3)
    texts = [made.frame(n).recipe.architecture for n in range(4)]  # type: ignore[union-attr]
    assert texts == ["conv(6)", "conv(6) * 2", "conv(6) * 2 >> conv(5)", "conv(6) * 2 >> conv(5) * 2"]
    assert all(alike(made, n, text, seed=3) for n, text in enumerate(texts))


def test_two_depths_are_cross_faded() -> None:
    made = small("conv(6) * 2", "depth", frames=5)
    first, half, last = (made.frame(n).pixels.astype(int) for n in (0, 2, 4))
    assert np.abs(half - (first + last) / 2).max() <= 0.5
    assert made.walk.at(Fraction(1, 4)).share == 0.25  # type: ignore[union-attr]


def test_between_seeds_shares_grow_evenly_and_keys_are_whole_seeds() -> None:
    made = small("conv(6)", "seed", 5, 3, frames=9)
    shares = []
    for n in range(9):
        source = made.walk.at(made.recipe.timing.place(n, 2)).network.source  # type: ignore[union-attr]
        shares.append(source.how.share if isinstance(source, Made) and isinstance(source.how, Between) else 0)
    assert shares == [0, 0.25, 0.5, 0.75] * 2 + [0]
    assert [made.frame(n).recipe.seed for n in (0, 4, 8)] == [5, 4, 3]  # type: ignore[union-attr]


@pytest.mark.parametrize("over", ["scale", "shift"])
def test_a_sweep_ends_at_its_ends(over: str) -> None:
    made = small("conv(6) * 2", over, 1, 4, frames=3, seed=2)
    for number, value in enumerate((1, 2.5, 4)):
        scale, shift = (3, value) if over == "shift" else (value, 2)
        norm = f"spatial(scale={scale}, shift=normal({shift}))"
        assert alike(made, number, parse("conv(6) * 2", norm=norm), seed=2), number


def test_a_weight_ends_at_its_ends() -> None:
    made = small("conv(6) * 2", "weight", "0.weight[3,1]=-2", 2, frames=3, seed=2)
    values = [made.walk.at(Fraction(n, 2)).network.parameters["0.weight"][3, 1, 0, 0] for n in range(3)]  # type: ignore[union-attr]
    assert values == [-2, 0, 2]
    # where no number is said, it is the network's own
    own = small("conv(6) * 2", "weight", "0.weight[3,1]", 2, frames=3, seed=2)
    assert alike(own, 0, "conv(6) * 2", seed=2)


def keyed(path: str, loop: bool) -> LatentWalk:
    keys = [tuple(row) for row in np.random.RandomState(0).standard_normal((4, 3)).tolist()]
    return LatentWalk(Network.draw(CPPN, 1), keys, path, loop)


def latents(walk: LatentWalk, place: Fraction) -> np.ndarray:
    network = walk.at(place).network
    return network.parameters["inputs.2.z"]


@pytest.mark.parametrize(("path", "loop"), [*itertools.product(("line", "spline", "sine"), (False, True))])
def test_latents_pass_through_their_keys(path: str, loop: bool) -> None:
    walk = keyed(path, loop)
    for n in range(walk.length + 1):
        assert tuple(latents(walk, Fraction(n))) == walk.keys[n % 4]
    near = Fraction(1, 10**6)
    for n in range(walk.length):
        # a way without a jump
        assert np.abs(latents(walk, n + near) - walk.keys[n]).max() < 1e-4
        assert np.abs(latents(walk, n + 1 - near) - walk.keys[(n + 1) % 4]).max() < 1e-4


def test_a_spline_has_no_corner_and_a_line_has() -> None:
    near = Fraction(1, 10**4)
    for path, corner in (("spline", False), ("line", True)):
        walk = keyed(path, loop=True)
        for n in range(1, 4):
            before = (latents(walk, Fraction(n)) - latents(walk, n - near)) / float(near)
            after = (latents(walk, n + near) - latents(walk, Fraction(n))) / float(near)
            assert (np.abs(before - after).max() > 0.1) == corner


def test_a_sine_between_two_keys_swings_about_the_middle() -> None:
    made = small(CPPN, "latent", "1,0,0", "-1,2,0", timing=Timing(8, loop=True))
    found = np.array([latents(made.walk, made.recipe.timing.place(n, 2, around=True)) for n in range(8)])  # type: ignore[arg-type]
    turn = 2 * np.pi * np.arange(8) / 8
    assert np.allclose(found, [0, 1, 0] + np.cos(turn)[:, None] * [1, -1, 0], atol=1e-15)


def test_latents_of_seeds_are_those_that_they_draw() -> None:
    made = small(CPPN, "latent", 1, 3, frames=3, seed=7)
    for n in range(3):
        drawn = Network.draw(CPPN, n + 1).parameters["inputs.2.z"]
        assert np.array_equal(latents(made.walk, Fraction(n)), drawn)  # type: ignore[arg-type]
    assert (made.recipe.way.path, made.recipe.way.start) == ("spline", "1")


def test_a_zoom_has_equal_factors_and_ends_where_it_is_told() -> None:
    made = small("conv(6) * 2", "zoom", 1, 1e-9, frames=10, at=("0.12345678901234567890123", "0.1"))
    planes = [made.frame(n).recipe.raster.plane for n in range(10)]  # type: ignore[union-attr]
    assert [planes[0].width, planes[-1].width] == [1, 1e-9]
    factors = [b.width / a.width for a, b in itertools.pairwise(planes)]
    assert np.allclose(factors, 0.1, rtol=1e-12)
    assert all(plane.centre == ("0.12345678901234567890123", "0.1") for plane in planes)
    assert all(plane.width * 20 == pytest.approx(plane.height * 30) for plane in planes)


@pytest.mark.parametrize("width", [1e-9, 1e-30])
def test_the_frames_of_a_zoom_are_pictures_too(width: float, tmp_path: Path) -> None:
    made = small("conv(6) * 2", "zoom", None, width, frames=4, at=("0.1", "0.2"))
    for number in range(4):
        frame = made.frame(number)
        frame.save(tmp_path / "frame.png")
        found = draw(tmp_path / "frame.png")
        assert found.recipe == frame.recipe
        assert np.array_equal(found.picture.pixels, frame.pixels), number
        assert frame.pixels.std() > 10, "colours are not one colour"


def test_the_colours_of_a_zoom_do_not_jump() -> None:
    made = small(parse("conv(6) * 2", act="tanh"), "zoom", None, 1e-20, frames=400, at=("0.1", "0.2"))
    means = np.array([made.frame(n).pixels.mean(axis=(0, 1)) for n in range(60, 400, 4)])
    assert np.abs(np.diff(means, axis=0)).max() < 6


def snapshots(folder: Path, *names: str) -> Path:
    folder.mkdir()
    for n, name in enumerate(names):
        rng = np.random.RandomState(n)
        arrays = {"W0": rng.randn(6, 2), "b0": rng.randn(6), "W1": rng.randn(3, 6), "b1": rng.randn(3)}
        np.savez(folder / name, **arrays)
    return folder


def test_steps_come_in_the_order_a_person_counts_in(tmp_path: Path) -> None:
    folder = snapshots(tmp_path / "run", "step-9.npz", "step-10.npz", "step-100.npz")
    made = small(folder, "step", frames=5, plane=Plane(width=2, height=2))
    assert made.recipe.way.end == "3"
    for number, name in ((0, "step-9.npz"), (2, "step-10.npz"), (4, "step-100.npz")):
        recipe = made.frame(number).recipe
        assert isinstance(recipe, Recipe)
        assert recipe.weights is not None
        assert recipe.weights.file == name
    half = made.walk.at(Fraction(1, 2))
    ends = [np.load(folder / name)["W0"] for name in ("step-9.npz", "step-10.npz")]
    assert np.allclose(half.network.parameters["W0"], sum(ends) / 2)  # type: ignore[union-attr]
    made.save(tmp_path / "run.gif")
    found = again(tmp_path / "run.gif")
    assert all(np.array_equal(found.frame(n).pixels, made.frame(n).pixels) for n in range(5))
    np.savez(folder / "step-10.npz", W0=np.ones((6, 2)), b0=np.ones(6), W1=np.ones((3, 6)), b1=np.ones(3))
    with pytest.raises(NetwarpError, match="is not the snapshot the film is of; its SHA-256 differs"):
        again(tmp_path / "run.gif").frame(2)


def test_natural_order() -> None:
    names = ["b2", "a10.npz", "a9.npz", "a9b", "a", "10", "9"]
    assert sorted(names, key=natural) == ["a", "a9.npz", "a9b", "a10.npz", "b2", "9", "10"]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("conv(3)", "depth"), "has one layer; give more"),
        (("conv(3) * 4", "depth", 0, 4), "--from 0: must be a number of layers, from 1 to 4"),
        (("conv(3) * 4", "depth", 1, 5), "--to 5: must be a number of layers, from 1 to 4"),
        (("conv(3) * 4", "depth", 1.5, 4), "--from '1.5': must be a number of layers"),
        (("conv(3)", "seed", 4, 4), "nothing would move; give two ends that differ"),
        (("conv(3)", "seed", 1, 20_000), "more than 10,000 seeds"),
        (("conv(3)", "seed", "one"), "--from 'one': must be a seed"),
        (("conv(3)", "latent"), "has no inputs z"),
        ((CPPN, "latent", "1,2", "1,2,3"), "--from '1,2': needs 3 finite latents, as in --from=0.5,-1,2"),
        ((CPPN, "latent", "1,2,nan", "1,2,3"), "needs 3 finite latents"),
        ((CPPN, "latent", "1,2,3", "1,2,3"), "nothing would move"),
        ((CPPN, "latent", "1,2,3"), "--to: needs latents too"),
        ((parse("conv(3)", inputs="x y z(3)"), "latent"), "takes constants out; give --norm none"),
        ((parse("conv(3)", norm="none"), "scale", 1, 2), "has no norm to scale; add --norm spatial"),
        (("conv(3)", "shift"), "--over shift: needs --to"),
        (("conv(3)", "shift", "normal(2)", "uniform(0, 1)"), "are of two kinds"),
        (("conv(3)", "scale", 3, 3), "nothing would move"),
        (("conv(3)", "weight"), "needs a place in an array and two numbers, as in --from"),
        (("conv(3)", "weight", "0.wieght[0,0]=1", 2), 'did you mean "0.weight"'),
        (("conv(3)", "weight", "0.weight[9,9]=1", 2), r"the last one is 0.weight\[2,1,0,0\]"),
        (("conv(3)", "weight", "0.weight[0,0]=one", 2), "are no numbers; as in"),
        (("conv(3)", "zoom"), "needs --to, the width of the last plane"),
        (("conv(3)", "zoom", 1, 0), "--to '0': must be a plane's width"),
        (("conv(3)", "zoom", 1, 1), "nothing would move"),
        (("conv(3)", "step"), "takes a folder of NPZ files"),
        (("folding(2, 4)", "seed"), "its weights are given, so no seed draws them"),
        (("folding(2, 4)", "depth"), "no layers can be left out"),
        (("folding(2, 4)", "shift", 1, 2), "its shift cannot be changed"),
        (("folding(2, 4)", "latent"), "is of an architecture that is drawn from a seed"),
        (("folding(2, 4)", "weight", "W9[0,0]=1", 2), "there is no such number; its arrays are W0"),
    ],
)
def test_ways_that_there_are_not(arguments: tuple[Any, ...], message: str) -> None:
    with pytest.raises(NetwarpError, match=message):
        small(*arguments, frames=3)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"over": "sede"}, 'did you mean "seed"'),
        ({"over": "seed", "path": "line"}, "--path 'line': only of --over latent"),
        ({"over": "latent", "path": "lin"}, 'did you mean "line"'),
        ({"over": "seed", "at": ("0", "0")}, "--at: is the point that --over zoom goes into"),
    ],
)
def test_options_of_other_ways(options: dict[str, Any], message: str) -> None:
    with pytest.raises(NetwarpError, match=message):
        Way(**options)


def test_folders_that_are_no_snapshots(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    one = snapshots(tmp_path / "one", "a.npz")
    other = snapshots(tmp_path / "other", "a.npz", "b.npz")
    np.savez(other / "b.npz", W0=np.ones((7, 2)), b0=np.ones(7), W1=np.ones((3, 7)), b1=np.ones(3))
    for folder, message in (
        (tmp_path / "empty", "has no NPZ file"),
        (one, "has one NPZ file"),
        (other, "b.npz': has arrays of other shapes than 'a.npz'"),
    ):
        with pytest.raises(NetwarpError, match=message):
            film(folder, "step", frames=3)
    with pytest.raises(NetwarpError, match="is a folder; a film of the snapshots in it is --over step"):
        film(one, "seed")


def test_a_picture_of_a_layer_is_refused(tmp_path: Path) -> None:
    network = Network.draw(parse("conv(6) * 2"), 1)
    draw_network(network, SMALL, calibration=SMALL, layer=1, channel=0).picture.save(tmp_path / "layer.png")
    with pytest.raises(NetwarpError, match="shows layer 1, and a film shows a network's outputs"):
        film(tmp_path / "layer.png", "zoom", None, 0.1, frames=3)


def test_rates_and_lengths() -> None:
    assert [read_rate(text) for text in ("30", "29.97", "30000/1001")] == [
        30,
        Fraction(2997, 100),
        Fraction(30000, 1001),
    ]
    assert frames_of(10, Fraction(30000, 1001)) == 300
    for text in ("0", "-1", "1001", "x", "1/0", "9" * 50):
        with pytest.raises(NetwarpError, match="--fps"):
            read_rate(text)
    with pytest.raises(NetwarpError, match="at most 1,000,000"):
        frames_of(1e8, Fraction(30))


def test_easing_is_slow_at_the_ends_and_exact_at_keys() -> None:
    assert (smooth(Fraction(0)), smooth(Fraction(1, 2)), smooth(Fraction(1))) == (0, Fraction(1, 2), 1)
    eased = Timing(13, ease=True)
    places = [eased.place(n, 3, keyed=True) for n in range(13)]
    assert places[::4] == [0, 1, 2, 3]
    steps = [b - a for a, b in itertools.pairwise(places)]
    assert steps[0] == steps[3] < steps[1]
    assert [eased.place(n, 3) for n in (0, 6, 12)] == [0, Fraction(3, 2), 3]


def test_loops_there_and_back_come_back_to_the_bit() -> None:
    for what, *way in (("conv(6) * 3", "depth"), ("conv(6)", "shift", 0, 3), ("conv(6)", "zoom", 1, 0.1)):
        made = small(what, *way, timing=Timing(6, loop=True, ease=True))
        assert np.array_equal(made.frame(6).pixels, made.frame(0).pixels)
        assert np.array_equal(made.frame(5).pixels, made.frame(1).pixels)


def test_a_walk_says_its_own_ends() -> None:
    subject = read_subject("conv(6) * 3")
    walk = walk_of(subject, Way("depth"), seed=1, loop=False, home=Plane())
    assert (walk.start, walk.end, walk.length) == ("1", "3", 2)
    assert isinstance(walk.at(Fraction(1)), Still)
    assert isinstance(walk.at(Fraction(3, 2)), Fade)
