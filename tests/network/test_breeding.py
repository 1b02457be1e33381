"""Children: what they have of their parents to the bit, the spread of their numbers, and forged families."""

import json
import time
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import netwarp as nw
from netwarp.architecture.language import parse
from netwarp.errors import InputError, LimitError
from netwarp.network.breeding import key
from netwarp.network.family import family_text, read_family, usual_strength
from netwarp.network.initialise import stream
from netwarp.network.lineage import ANCESTORS, lineage_data, read_lineage
from netwarp.network.network import Network
from netwarp.network.source import Bred, Drawn, Made

WIDE = parse("conv(60) * 3", inputs="x y z(5, uniform(1, 3))", norm="spatial(scale=normal(2, 0.5), shift=normal(2))")


def family(text: str) -> Network:
    return Network.bred(WIDE, text)


def test_a_mutant_is_the_mixture_that_the_docstring_says() -> None:
    parent, child = Network.draw(WIDE, 9).parameters, family("9 0_7_0.6").parameters
    # the stream of seed 7 and parent 9
    number = key(7, (9,))
    own = 2 + 0.5 * stream(number, "1", "scale").standard_normal(60)
    assert np.array_equal(child["1.scale"], 2 + (0.8 * (parent["1.scale"] - 2) + 0.6 * (own - 2)))
    own = 1 + 2 * stream(number, "inputs.2", "z").random_sample(5)
    assert np.array_equal(child["inputs.2.z"], 2 + (0.8 * (parent["inputs.2.z"] - 2) + 0.6 * (own - 2)))


@pytest.mark.parametrize("text", ["9 0_7_0", "9 9 0*1_5"])
def test_no_strength_changes_nothing_nor_does_a_cross_with_itself(text: str) -> None:
    parent, child = Network.draw(WIDE, 9).parameters, family(text).parameters
    assert all(np.array_equal(parent[name], child[name]) for name in parent)


def test_a_unit_of_a_cross_is_wholly_one_parents() -> None:
    one, two, child = (family(text).parameters for text in ("1", "2", "1 2 0*1_5"))
    for layer in ("0", "1", "2"):
        ours = [np.array_equal(child[f"{layer}.weight"][unit], one[f"{layer}.weight"][unit]) for unit in range(60)]
        assert 15 < sum(ours) < 45
        for unit, first in enumerate(ours):
            for name in ("weight", "scale", "shift"):
                parent = one if first else two
                assert np.array_equal(child[f"{layer}.{name}"][unit], parent[f"{layer}.{name}"][unit])


def test_the_spread_stays_over_fifty_generations() -> None:
    text = "9 " + " ".join(f"{n}_3_0.5" for n in range(50))
    child, parent = family(text).parameters, Network.draw(WIDE, 9).parameters
    for name in ("1.weight", "2.weight"):  # 3,600 numbers: a standard deviation is known to 1.2%
        assert child[name].std() == pytest.approx(np.sqrt(2 / 60), rel=0.05)
        assert abs(np.corrcoef(child[name].ravel(), parent[name].ravel())[0, 1]) < 0.05
    near = family("9 0_3_0.5").parameters["1.weight"].ravel()
    # the correlation of parent and child is sqrt(1 - strength^2)
    assert np.corrcoef(near, parent["1.weight"].ravel())[0, 1] == pytest.approx(np.sqrt(0.75), abs=0.02)


def test_a_seed_that_returns_draws_other_numbers() -> None:
    first = family("9 0_9_1").parameters["1.weight"].ravel()
    again = family("9 0_9_1 1_9_1").parameters["1.weight"].ravel()
    drawn = Network.draw(WIDE, 9).parameters["1.weight"].ravel()
    for one, other in ((first, again), (first, drawn), (again, drawn)):
        assert abs(np.corrcoef(one, other)[0, 1]) < 0.06


def test_one_number_keys_the_streams_of_a_child() -> None:
    # sha256("7/9") and sha256("5/1/2"): known answers, which the page computes too
    assert f"{key(7, (9,)):064x}".startswith("a5d116fd4fec")
    assert f"{key(5, (1, 2)):064x}".startswith("378d490c37e1")


@pytest.mark.parametrize(
    "text",
    [
        "9",
        "9 0_7",
        "-4 0_7_0.5 0*1_3 2*2_1_0.125",
        "1 0_1 0*1_1",
        "9 0_7_0.00001",
        "9 10 0-1_0.25",
        "9 0_7 10 1-2_1 3_4",
        f"{2**256} 0_0",
    ],
)
def test_a_text_and_its_source_are_one(text: str) -> None:
    source = read_family(text, WIDE)
    assert family_text(source) == text
    assert read_family(f"  {text} ", WIDE) == source
    if isinstance(source, Made):
        assert read_lineage(json.loads(json.dumps(lineage_data(source)))) == source


@pytest.mark.slow
def test_a_moment_is_the_frame_of_a_film() -> None:
    one = nw.film(WIDE, over="seed", start=9, end=10, frames=5, size=(30, 20)).frame(1).recipe.made
    assert one == family("9 10 0-1_0.25").source
    painting = parse("conv(9) * 3", inputs="x y z(5, uniform(1, 3))", norm="none")
    walk = nw.film(painting, over="latent", seed=4, start=5, end=6, frames=5, size=(30, 20)).frame(1).recipe.made
    assert walk is not None
    assert walk == read_family("4 5 6 0z1-2_0.25", painting)
    assert family_text(walk) is None, "its numbers say no seeds"


def test_inputs_z_are_walked_only_where_there_are_some() -> None:
    with pytest.raises(InputError, match=r"bred step 2, '0z0-1_0.5': this architecture has no inputs z"):
        read_family("9 10 0z0-1_0.5", parse("conv(2)"))


def test_ancestors_that_children_share_stand_once() -> None:
    assert family_text(read_family("9 9 0_1 1_1 2*3_4", WIDE)) == "9 0_1 1*1_4"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "is empty"),
        ("9 1_7", "there is no step 1 before it"),
        ("0_7", "there is no step 0 before it"),
        ("9 0*0", "must be a seed as 9, a mutant as 0_7, a cross as 0.1_5, between two"),
        ("9 0_7_1.5", r"strength=1.5: must be from 0"),
        ("9 0_-7", "must be a seed"),
        ("9 10 0-1_1.5", "must be a seed as 9, a mutant as 0_7, a cross as 0.1_5, between two as 0-1_0.25"),
        ("9 0-1_0.5", "there is no step 1 before it"),
        ("9 0_7 0z0-1_0.5", "a step that it names is a child; name a seed"),
        ("9 __import__('os')", "must be a seed"),
        ("9 " * 1001, "1,001 steps"),
        ("1" * 10_001, "10,001 characters"),
        ("9" * 78, "must be from -2"),
    ],
)
def test_texts_that_are_none(text: str, message: str) -> None:
    with pytest.raises(InputError, match=message):
        read_family(text, WIDE)


def test_the_strength_of_one_parent_and_of_two() -> None:
    assert (usual_strength(1), usual_strength(2)) == (0.2, 0.0)
    for wrong in (-0.1, 1.1, float("nan"), "0.5", None):
        with pytest.raises(InputError, match="strength"):
            Bred(1, wrong)  # type: ignore[arg-type]


def _forged(change: Callable[[dict[str, Any], dict[str, Any]], object]) -> dict[str, Any]:
    source = read_family("1 2 0*1_5_0.5", WIDE)
    assert isinstance(source, Made)
    data: dict[str, Any] = json.loads(json.dumps(lineage_data(source)))
    change(data, data["ancestors"][data["of"]])
    return data


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda data, one: one.update(bred=6), "the recipe was changed"),
        (lambda data, one: one.update(strength=0.25), "the recipe was changed"),
        (lambda data, one: one.update(strength=2), "strength=2: must be from 0"),
        (lambda data, one: one.update(strength="0.5"), "strength"),
        (lambda data, one: one.update(bred="__import__('os')"), "seed"),
        (lambda data, one: one.update(bred=10**90), "seed="),
        (lambda data, one: one.pop("strength"), "strength is missing"),
        (lambda data, one: one.update(parents=[]), "parents"),
        (lambda data, one: one.update(parents=one["parents"] * 2), "parents"),
        (lambda data, one: one.update(parents=[data["of"]]), "is its own ancestor"),
    ],
)
def test_a_forged_child_is_refused(change: Any, message: str) -> None:
    with pytest.raises(InputError, match=message):
        read_lineage(_forged(change))


@pytest.mark.slow
def test_cycles_and_a_million_ancestors_end_at_once() -> None:
    start = time.process_time()
    names = [f"{n:064x}" for n in range(ANCESTORS)]
    circle = {name: {"bred": 1, "strength": 0.5, "parents": [names[n - 1]]} for n, name in enumerate(names)}
    with pytest.raises(InputError, match="is its own ancestor"):
        read_lineage({"of": names[0], "ancestors": circle})
    many = {f"{n:064x}": {"bred": 1, "strength": 0.5, "parents": [f"{n + 1:064x}"]} for n in range(10**6)}
    with pytest.raises(LimitError, match="1,000,000 of them, at most 1,000"):
        read_lineage({"of": "0" * 64, "ancestors": many})
    assert time.process_time() - start < 30, "no work is done of what is refused"


def test_a_thousand_generations_are_drawn_and_their_text_is_read_back() -> None:
    small = parse("conv(2)")
    text = "9 " + " ".join(f"{n}_1" for n in range(ANCESTORS - 1))
    source = read_family(text, small)
    assert isinstance(source, Made)
    assert family_text(source) == text
    assert sum(1 for _ in source.lineage()) == ANCESTORS
    assert read_lineage(lineage_data(source)) == source
    assert np.isfinite(Network.made(source).parameters["0.weight"]).all()
    assert family_text(Made(Bred(1, 0.2), (source,))) is None, "one more than a recipe writes"
    assert family_text(Drawn(small, 3)) == "3"
