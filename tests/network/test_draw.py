"""Which parameters a network has, what they are called, and what changing the architecture leaves alone."""

from __future__ import annotations

import numpy as np
import pytest

from netwarp.architecture.counts import count
from netwarp.architecture.language import parse
from netwarp.errors import InputError, LimitError
from netwarp.network.network import Network


def shapes(text: str, **defaults: str | None) -> dict[str, tuple[int, ...]]:
    state = Network.draw(parse(text, **defaults), 1).state()  # type: ignore[arg-type]
    return {name: array.shape for name, array in state.items()}


def test_names_and_shapes() -> None:
    assert shapes("conv(4, 3) * 2") == {
        "0.weight": (4, 2, 3, 3),
        "0.scale": (4,),
        "0.shift": (4,),
        "1.weight": (4, 4, 3, 3),
        "1.scale": (4,),
        "1.shift": (4,),
        "readout.weight": (3, 4, 1, 1),
        "readout.bias": (3,),
    }


def test_groups_depthwise_and_maxout() -> None:
    found = shapes("conv(4, norm=None) >> conv(6, 3, groups=2) >> depthwise(5, norm=None) >> maxout(2, 3)")
    assert found["1.weight"] == (6, 2, 3, 3)
    assert found["2.weight"] == (6, 1, 5, 5)
    assert found["3.weight"] == (6, 6, 1, 1)
    assert found["3.scale"] == (6,)
    assert found["readout.weight"] == (3, 2, 1, 1)


def test_bias_only_where_it_means_something() -> None:
    names = shapes(
        "conv(2) >> conv(2, bias=True) >> conv(2, norm=None) >> conv(2, norm=None, bias=False)"
        " >> conv(2, norm=layer()) >> conv(2, norm=layer(), bias=True)"
    )
    assert [name for name in names if name.endswith("bias")] == ["2.bias", "5.bias", "readout.bias"]


def test_paths_inside_containers() -> None:
    names = shapes(
        "residual(conv(4) * 2) >> dense(conv(2)) >> parallel(conv(1), conv(2) >> conv(3)) >> gated(conv(4))"
        ' >> inception(1, (2, 3), (4, 5), 6) >> act("leaky(random)") >> norm()',
        inputs="x z(3) fourier(2, 1)",
    )
    weights = [name.removesuffix(".weight") for name in names if name.endswith(".weight")]
    assert weights == [
        *("0.0", "0.1", "0.shortcut", "1.0", "2.0.0", "2.1.0", "2.1.1", "3.f.0", "3.g.0"),
        *("4.0.0", "4.1.0", "4.1.1", "4.2.0", "4.2.1", "4.3.1", "readout"),
    ]
    assert names["inputs.1.z"] == (3,)
    assert names["inputs.2.frequency"] == (2, 2)
    assert names["5.slope"] == (15,)
    assert names["6.scale"] == (15,)
    assert names["0.shortcut.weight"] == (4, 8, 1, 1)


@pytest.mark.parametrize(
    "text",
    [
        "conv(10) * 10",
        "inception(3, (2, 4), (5, 6), 7) * 2",
        "residual(conv(5, 3) * 2) * 2 >> maxout(3, 2)",
        "gated(depthwise(3))",
    ],
)
def test_as_many_numbers_as_are_counted(text: str) -> None:
    architecture = parse(text)
    drawn = Network.draw(architecture, 1).parameters
    assert sum(array.size for array in drawn.values()) == count(architecture).parameters


def test_adding_a_layer_leaves_the_earlier_ones_and_the_readout_alone() -> None:
    short, long = (Network.draw(parse(f"conv(4) * {n}"), 3).parameters for n in (2, 5))
    for name, array in short.items():
        np.testing.assert_array_equal(array, long[name])


def test_the_same_seed_is_the_same_network() -> None:
    one, same, other = (Network.draw(parse("conv(4) * 2"), seed).parameters for seed in (3, 3, 4))
    assert all(np.array_equal(one[name], same[name]) for name in one)
    assert not any(
        np.array_equal(one[name], other[name]) for name in one if name not in ("0.scale", "1.scale", "readout.bias")
    )


def test_another_norm_keeps_the_weights() -> None:
    """The note's regret: the same weights under another scale and shift."""
    one = Network.draw(parse("conv(4)", norm="spatial(shift=normal(2))"), 3).parameters
    other = Network.draw(parse("conv(4)", norm="spatial(scale=10, shift=normal(4))"), 3).parameters
    np.testing.assert_array_equal(one["0.weight"], other["0.weight"])
    np.testing.assert_array_equal(2 * one["0.shift"], other["0.shift"])
    assert other["0.scale"].tolist() == [10.0] * 4


def test_random_slopes_lie_where_the_paper_has_them() -> None:
    slopes = Network.draw(parse("conv(2000, norm=None)", act="leaky(random)"), 3).parameters["0.slope"]
    assert 1 / 8 <= slopes.min() < 0.13
    assert 0.33 < slopes.max() <= 1 / 3


def test_absurd_sizes_are_refused_before_anything_is_drawn() -> None:
    with pytest.raises(LimitError, match="layers"):
        Network.draw(parse("conv(10) * 1000000000"), 1)
    with pytest.raises(LimitError, match="parameters"):
        Network.draw(parse("conv(100000) * 2"), 1)


@pytest.mark.parametrize("seed", [1.5, "7", None, True])
def test_a_seed_is_a_whole_number(seed: object) -> None:
    with pytest.raises(InputError, match="seed"):
        Network.draw(parse("conv(3)"), seed)  # type: ignore[arg-type]


def test_a_text_is_no_architecture() -> None:
    with pytest.raises(InputError, match="parse"):
        Network.draw("conv(3)", 1)  # type: ignore[arg-type]


def test_parameters_cannot_be_written_to() -> None:
    network = Network.draw(parse("conv(3)"), np.int64(1))
    assert type(network.seed) is int
    with pytest.raises(ValueError, match="read-only"):
        network.parameters["0.weight"][0] = 1
    with pytest.raises(TypeError):
        network.parameters["0.weight"] = np.zeros(3)  # type: ignore[index]
    network.state()["0.weight"][:] = 0
    assert network.parameters["0.weight"].any()
