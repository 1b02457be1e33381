"""The page breeds as the library does: the same numbers, the same texts, the same recipes, and forged ones refused."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pytest

from netwarp.architecture.language import parse
from netwarp.network.family import family_text, read_family
from netwarp.network.lineage import lineage_data, read_lineage
from netwarp.network.network import Network
from netwarp.network.source import Bred, Drawn, Made
from web.arrays import floats
from web.conftest import Run

TEXTS = (
    "9 0_7",
    "-4 0_7_0.5",
    "1 2 0*1_5",
    "1 2 0*1_5_0.125 2_0_1 3*2_9_0.00001",
    f"{2**200} 0_123456789 0*1_3",
    "3 0_1_0",
)
# between two networks, to the rounding of a sine
MOMENTS = ("9 10 0-1_0.25", "9 0_7 10 1-2_0.5", "9 0-0_0.5", "9 10 0-1_0 2-1_1", "9 10 0-1_0.3 2_4_0.1")
# inputs z between those of two seeds
WALKED = ("4 5 6 0z1-2_0.25", "4 5 0_7 2z0-1_1", "4 0z0-0_0.5 1_7")
WRONG = (
    "9 1_7",
    "9 10 0-1_1.5",
    "9 0-1_0.5",
    "9 10 0z0-1_0.5",
    "9 0_7_1.5",
    "9 0_",
    "0_7",
    "9 0*2_1",
    "seven",
    "9",
    "4 " * 1001 + "0_1",
)
# of arrays that all the architectures below have
CHANGED = (
    "9 0:readout.bias[0]=0.5",
    "9 0_7 1:readout.bias[0]=-2 2_8 1*3_4_0.25 4:readout.bias[0]=-1.5e-07",
    "9 0:readout.bias[0]=-0.0 1:readout.bias[0]=0.0 2:readout.weight[0,1,0,0]=2.5e+30",
)
WRONG += (
    "9 1:readout.bias[0]=1", "9 0:readout.bias[0]=one", "9 0:readout.bias[0]=1e999", "9 0:readout.bias[3]=1",
    "9 0:readout.bias[0,0]=1", "9 0:other.bias[0]=1",
)  # fmt: skip
ARCHITECTURES = (
    "conv(10) * 3",
    'Architecture(conv(7, 3) >> gated(conv(4)) >> maxout(3, 2), init="orthogonal", inputs="x y z(5, uniform(1, 3))")',
    'Architecture(residual(conv(6) * 2), act="leaky(random)", norm=layer_norm(scale=uniform(1, 4), shift=normal(2)))',
    'Architecture(conv(5) * 2, norm=None, init="uniform(0.5, bias=normal(1))", inputs="fourier(3, 2)", out=1)',
)


def asked(node: Run, **given: Any) -> dict[str, Any]:
    found: dict[str, Any] = node("family", {"families": [], "grown": [], "made": []} | given)
    return found


def made(text: str, architecture: str = "conv(10) * 3") -> Made:
    source = read_family(text, parse(architecture))
    assert isinstance(source, Made)
    return source


def test_children_have_the_same_numbers_and_the_same_lineage(node: Run) -> None:
    cases = [{"architecture": one, "text": text} for one in ARCHITECTURES for text in TEXTS + CHANGED]
    answers = asked(node, families=cases)["families"]
    equal: list[Any] = []
    for case, found in zip(cases, answers, strict=True):
        network = Network.bred(parse(case["architecture"]), case["text"])
        assert found["parameters"].keys() == network.parameters.keys()
        for key, wanted in network.parameters.items():
            drawn = floats(found["parameters"][key]).reshape(wanted.shape)
            np.testing.assert_array_equal(drawn.astype(np.float32), wanted.astype(np.float32), str(case))
            # orthogonal weights are equal to rounding; of the others a logarithm may differ in its last bit
            if "orthogonal" not in case["architecture"]:
                equal.append(drawn == wanted)
        source = network.source
        assert isinstance(source, Made)
        said = lineage_data(made(case["text"], str(source.architecture)))
        if str(source.architecture) == case["architecture"]:
            assert json.loads(found["lineage"]) == said
    assert np.concatenate([one.ravel() for one in equal]).mean() > 0.99


def test_moments_of_a_film_are_its_frames(node: Run) -> None:
    cases = [{"architecture": str(parse(one)), "text": text} for one in ARCHITECTURES for text in MOMENTS]
    cases += [{"architecture": str(parse(ARCHITECTURES[1])), "text": text} for text in WALKED]
    answers = asked(node, families=cases)["families"]
    for case, found in zip(cases, answers, strict=True):
        network = Network.bred(parse(case["architecture"]), case["text"])
        for key, wanted in network.parameters.items():
            drawn = floats(found["parameters"][key]).reshape(wanted.shape)
            # a sum of a few hundred squares, a sine and an arctangent: some last bits of numbers up to 6
            bits = 1e-14 * max(1, np.abs(wanted).max())
            np.testing.assert_allclose(drawn, wanted, rtol=0, atol=bits, err_msg=str(case))
        said = json.loads(found["lineage"])
        wanted_said = lineage_data(made(case["text"], case["architecture"]))
        assert said == wanted_said
        assert read_lineage(said) == made(case["text"], case["architecture"])


def test_texts_that_are_none_are_refused(node: Run) -> None:
    answers = asked(node, families=[{"architecture": "conv(2)", "text": text} for text in WRONG])["families"]
    assert all("error" in one for one in answers), answers
    assert answers[0]["error"] == "step 1, 1_7: there is no such step before it; steps count from 0"


def test_families_grow_as_the_library_reads_them(node: Run) -> None:
    one, other = "9 0_7 1_8_0.5", "9 0_7 4 1*2_5 3_1"
    nudged = "4 0:0.weight[0,1,0,0]=0.5"
    grown: list[tuple[str, str | None, int, float]] = [
        ("9", None, 3, 0.2), (one, None, 3, 0.05), (one, other, 4, 0), (one, other, 4, 0.5), (one, one, 1, 0),
        (one, nudged, 2, 0), (nudged, None, 2, 0.2),
    ]  # fmt: skip
    texts = asked(node, grown=grown)["grown"]
    assert texts == [
        "9 0_3",
        f"{one} 2_3_0.05",
        f"{one} 4 1*3_5 4_1 2*5_4",
        f"{one} 4 1*3_5 4_1 2*5_4_0.5",
        f"{one} 2*2_1",
        f"{one} 4 3:0.weight[0,1,0,0]=0.5 2*4_2",
        f"{nudged} 1_2",
    ]
    architecture = parse("conv(3)")
    for text, (mine, theirs, seed, strength) in zip(texts, grown, strict=True):
        parents = [read_family(each, architecture) for each in (mine, theirs) if each is not None]
        assert read_family(text, architecture) == Made(Bred(seed, strength), tuple(parents))


def test_a_recipe_is_read_back_and_a_forged_one_is_not(node: Run) -> None:
    architecture = "conv(10) * 3"
    # beyond JavaScript's whole numbers is one
    texts = [text for text in (*TEXTS, *CHANGED, *MOMENTS[:2]) if str(2**200) not in text]
    cases = [{"lineage": lineage_data(made(text)), "architecture": architecture} for text in texts]
    assert [read_family(text, parse(architecture)) for text in asked(node, made=cases)["made"]] == [
        made(text) for text in texts
    ]
    assert asked(node, made=cases)["made"] == [family_text(made(text)) for text in texts]
    forged = json.loads(json.dumps(cases[2]))
    forged["lineage"]["ancestors"][forged["lineage"]["of"]]["bred"] += 1
    circle = {"of": "a", "ancestors": {"a": {"bred": 1, "strength": 0.2, "parents": ["a"]}}}
    other = {**cases[2], "architecture": "conv(11) * 3"}
    walked = lineage_data(Made(Bred(1, 0.2), (made("9 0_7"),)))
    walked["ancestors"][walked["of"]] = {"walked": [1.0], "parents": []}  # type: ignore[index]
    wrong = [
        forged,
        other,
        *({"lineage": one, "architecture": architecture} for one in (circle, walked, {}, {"of": "b"})),
    ]
    assert asked(node, made=wrong)["made"] == [""] * len(wrong)


def test_a_seed_alone_has_no_lineage(node: Run) -> None:
    with pytest.raises(AssertionError):
        made("9")
    assert family_text(Drawn(parse("conv(2)"), 9)) == "9"
