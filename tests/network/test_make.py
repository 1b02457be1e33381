"""Networks made of others: what the ends give, what keeps its spread, and the way back that recipes and files write."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from netwarp.architecture.language import parse
from netwarp.errors import InputError, LimitError
from netwarp.network.lineage import ANCESTORS, lineage_data, read_lineage, written
from netwarp.network.make import latents_of, parameters
from netwarp.network.network import Network
from netwarp.network.source import Between, Changed, Drawn, Made, Walked
from netwarp.orders.drawing import draw
from netwarp.picture.recipe import Recipe
from netwarp.plane import Raster

WIDE = parse("conv(40) * 3", inputs="x y z(5)")
SMALL = Raster(12, 8)


def between(share: float, first: int = 1, second: int = 2) -> Made:
    return Made(Between(share), (Drawn(WIDE, first), Drawn(WIDE, second)))


def test_the_ends_are_the_parents_to_the_bit() -> None:
    for share, seed in ((0.0, 1), (1.0, 2)):
        made, drawn = Network.made(between(share)), Network.draw(WIDE, seed)
        assert all(np.array_equal(made.parameters[key], drawn.parameters[key]) for key in drawn.parameters)


def test_half_way_has_the_length_of_its_ends_and_half_the_angle() -> None:
    made, first, second = Network.made(between(0.5)), Network.draw(WIDE, 1), Network.draw(WIDE, 2)
    for key in ("0.weight", "1.weight", "2.shift"):
        u, v, w = (network.parameters[key].ravel() for network in (first, second, made))
        lengths = np.linalg.norm(u), np.linalg.norm(v)
        assert np.linalg.norm((u + v) / 2) < 0.85 * min(lengths), "a straight line would be shorter"
        assert min(lengths) - 0.03 * max(lengths) < np.linalg.norm(w) < max(lengths)
        # an independent formula: of the plane that both span, the angle to each is half of that between them
        whole = np.arccos(u @ v / np.prod(lengths))
        assert np.arccos(u @ w / np.linalg.norm(u) / np.linalg.norm(w)) == pytest.approx(whole / 2, abs=0.05)


def test_the_angle_grows_evenly_between_arrays_of_one_length() -> None:
    (weight,) = (one for one in parameters(WIDE) if one.key == "1.weight")
    from netwarp.network.make import between as arc

    u, v = np.zeros(weight.shape), np.zeros(weight.shape)
    u[0, 0], v[0, 1] = 2, 2
    for share in (0.1, 0.25, 0.9):
        found = arc(weight, u, v, share)
        assert found[0, 0, 0, 0] == pytest.approx(2 * np.cos(share * np.pi / 2), rel=1e-12)
        assert found[0, 1, 0, 0] == pytest.approx(2 * np.sin(share * np.pi / 2), rel=1e-12)


def test_constants_stay_and_opposites_turn() -> None:
    from netwarp.network.make import between as arc

    scale = next(one for one in parameters(WIDE) if one.name == "scale")
    assert (Network.made(between(0.3)).parameters[scale.key] == 3).all()
    weight = next(one for one in parameters(WIDE) if one.key == "0.weight")
    one = np.ones(weight.shape)
    assert np.allclose(arc(weight, one, -one, 0.25), np.cos(np.pi / 8) - np.sin(np.pi / 8))
    assert np.allclose(arc(weight, one, 3 * one, 0.25), 1.5)


def test_latents_and_single_numbers() -> None:
    walked = Made(Walked((1, 2, 3, 4, 5)), (between(0.5),))
    network = Network.made(Made(Changed("1.weight", (3, 2, 0, 0), 9), (walked,)))
    assert latents_of(WIDE, network.parameters) == (1, 2, 3, 4, 5)
    assert network.parameters["1.weight"][3, 2, 0, 0] == 9
    plain = Network.made(between(0.5)).parameters
    different = network.parameters["1.weight"] != plain["1.weight"]
    assert different.sum() == 1


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: Made(Between(0.5), (Drawn(WIDE, 1),)), "1 of them, and Between needs 2"),
        (lambda: Made(Between(0.5), (Drawn(WIDE, 1), Drawn(parse("conv(3)"), 1))), "are of two architectures"),
        (lambda: Made(Between(float("nan")), ()), "between share"),
        (lambda: Network.made(Made(Walked((1.0,)), (Drawn(WIDE, 1),))), "1 numbers, and its inputs z have 5"),
        (lambda: Network.made(Made(Walked((1.0,)), (Drawn(parse("conv(3)"), 1),))), "has no inputs z"),
        (lambda: Network.made(Made(Changed("1.wieght", (0,), 1), (Drawn(WIDE, 1),))), 'did you mean "1.weight"'),
        (
            lambda: Network.made(Made(Changed("1.weight", (40, 0, 0, 0), 1), (Drawn(WIDE, 1),))),
            r"last one is 1.weight\[",
        ),
    ],
)
def test_what_cannot_be_made(make: Any, message: str) -> None:
    with pytest.raises(InputError, match=message):
        make()


def test_a_recipe_and_a_file_write_the_way_back(tmp_path: Path) -> None:
    source = Made(Between(0.25), (between(0.5), Made(Walked((0,) * 5), (Drawn(WIDE, 7),))))
    network = Network.made(source)
    drawing = draw(network, SMALL, calibration=SMALL)
    assert drawing.recipe.made == source
    assert (drawing.recipe.seed, drawing.recipe.weights) == (None, None)
    drawing.picture.save(tmp_path / "child.png")
    again = draw(tmp_path / "child.png")
    assert again.recipe == drawing.recipe
    assert np.array_equal(again.picture.pixels, drawing.picture.pixels)
    network.save(tmp_path / "child.npz")
    loaded = Network.load(tmp_path / "child.npz")
    assert loaded.source == source
    assert all(np.array_equal(loaded.parameters[key], network.parameters[key]) for key in network.parameters)


def test_an_ancestor_of_both_parents_stands_once() -> None:
    source = Made(Between(0.5), (between(0.5), between(0.25)))
    assert len(lineage_data(source)["ancestors"]) == 5  # type: ignore[arg-type]


@pytest.mark.slow
def test_past_a_thousand_ancestors_the_weights_travel() -> None:
    source = between(0.5)
    for n in range(ANCESTORS + 200):
        assert (written(source) is None) == (n + 3 > ANCESTORS)
        source = Made(Between(0.5), (source, Drawn(WIDE, 1 + n % 2)))
    drawing = draw(Network.made(source), SMALL, calibration=SMALL)
    assert drawing.recipe.made is None
    assert drawing.recipe.weights is not None
    assert Recipe.from_json(drawing.recipe.to_json()) == drawing.recipe


def _forged(change: Any) -> dict[str, Any]:
    data: dict[str, Any] = json.loads(json.dumps(lineage_data(between(0.5))))
    change(data, data["ancestors"][data["of"]])
    return data


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda data, one: one.update(between=0.75), "the recipe was changed"),
        (lambda data, one: one.update(parents=[data["of"]] * 2), "is its own ancestor"),
        (lambda data, one: one.update(parents=["ab", "cd"]), "recipe ancestors: (ab|cd) is missing"),
        (lambda data, one: one.update(between="__import__('os')"), "between share"),
        (lambda data, one: one.pop("between"), "says neither a seed nor how it was made"),
        (lambda data, one: data.update(ancestors={str(n): {} for n in range(1001)}), "1,001 of them, at most 1,000"),
        (lambda data, one: data.update(of="0" * 64), "is missing"),
        (
            lambda data, one: data["ancestors"][one["parents"][0]].update(architecture="__import__('os')"),
            "architecture",
        ),
    ],
)
def test_a_forged_lineage_is_refused(change: Any, message: str) -> None:
    with pytest.raises(InputError, match=message):
        read_lineage(_forged(change))


def test_more_ancestors_than_are_read_are_a_limit() -> None:
    with pytest.raises(LimitError):
        read_lineage(_forged(lambda data, one: data.update(ancestors={str(n): {} for n in range(1001)})))


def test_a_recipe_needs_a_made_network() -> None:
    recipe = draw(Network.made(between(0.5)), SMALL, calibration=SMALL).recipe
    with pytest.raises(InputError, match="recipe made"):
        replace(recipe, made="a text")  # type: ignore[arg-type]
