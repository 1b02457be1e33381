"""Steps: paths, channels, dilations and reach, against an independent unrolling; and the limits."""

import time

import pytest
from hypothesis import given

from netwarp.architecture.architecture import Architecture
from netwarp.architecture.language import parse
from netwarp.architecture.nodes import (
    Act,
    Conv,
    Dense,
    Depthwise,
    Gated,
    Inception,
    Layer,
    Maxout,
    Parallel,
    Pool,
    Repeat,
    Residual,
    Sequence,
)
from netwarp.architecture.tree import act, conv, expand, gated, maxout, pool
from netwarp.architecture.walk import flatten, gate, steps
from netwarp.errors import InputError, LimitError
from trees import plain_leaves, trees


def paths(text: str) -> list[str]:
    return [step.path for step in steps(parse(text))]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("conv(3)", "0 readout"),
        ("conv(3) * 3", "0 1 2 readout"),
        ('(conv(3) * 2 >> pool("max", 2)) * 2 >> act()', "0 1 2 3 4 5 6 readout"),
        ("residual(conv(2) * 2)", "0.0 0.1 readout"),
        ("conv(3) >> residual(conv(4))", "0 1.0 1.shortcut readout"),
        ("dense(conv(8)) * 2", "0.0 1.0 readout"),
        ("parallel(conv(8) * 2, conv(8))", "0.0.0 0.0.1 0.1.0 readout"),
        ("gated(conv(3) * 2)", "0.f.0 0.f.1 0.g.0 0.g.1 readout"),
        ("gated(maxout(3, 2))", "0.f.0 0.g.0 0.g.1 readout"),
        ("inception(1, (2, 3), (4, 5), 6)", "0.0.0 0.1.0 0.1.1 0.2.0 0.2.1 0.3.0 0.3.1 readout"),
        ("residual(residual(conv(2)) >> dense(conv(3)))", "0.0.0 0.1.0 0.shortcut readout"),
    ],
)
def test_paths_are_those_of_the_flattened_tree(text: str, expected: str) -> None:
    assert paths(text) == expected.split()


def test_earlier_paths_stay_when_a_layer_is_added() -> None:
    assert paths("conv(3) * 5")[:5] == paths("conv(3) * 6")[:5]


def test_numbers_count_weighted_layers_only() -> None:
    numbers = [
        step.number
        for step in steps(parse('conv(3) >> pool("max", 2) >> residual(maxout(4, 2)) >> act() >> depthwise(3)'))
    ]
    assert numbers == [1, None, 2, None, None, 3, None]


def test_strides_spread_what_follows() -> None:
    found = {
        step.path: (step.dilation, step.before, step.after)
        for step in steps(parse('conv(3, 3) >> pool("max", 2) >> conv(3, 4) >> pool("avg", 3) >> conv(3, 3)'))
    }
    assert found == {
        "0": (1, 1, 1),
        "1": (1, 1, 2),
        "2": (2, 3, 6),
        "3": (2, 5, 8),
        "4": (6, 11, 14),
        "readout": (6, 11, 14),
    }


def test_depth_is_the_longest_way_of_nonlinear_layers() -> None:
    def depth(text: str) -> int:
        return list(steps(parse(text)))[-1].depth

    assert depth('conv(3) >> conv(3, act="linear") >> act("tanh")') == 2
    assert depth("parallel(conv(3) * 4, conv(3))") == 4
    assert depth("residual(conv(3)) * 3") == 3
    assert depth('maxout(3, 2) >> pool("max", 2)') == 1
    assert depth('Architecture(conv(3), out_act="sigmoid")') == 1


def test_gate_ends_in_the_sigmoid() -> None:
    assert gate(conv(3, act="tanh")) == conv(3, act="sigmoid")
    assert gate(conv(3) * 3) == conv(3) * 2 >> conv(3, act="sigmoid")
    assert gate(conv(1) >> act("relu")) == conv(1) >> act("sigmoid")
    assert gate(maxout(3, 2)) == maxout(3, 2) >> act("sigmoid")
    assert gate((conv(1) >> pool("max", 2)) * 2) == conv(1) >> pool("max", 2) >> conv(1) >> pool("max", 2) >> act(
        "sigmoid"
    )
    assert gate(gated(conv(1))) == gated(conv(1)) >> act("sigmoid")


@given(trees(plain_leaves, 8))
def test_the_second_body_has_the_first_ones_layers(tree: Layer) -> None:
    first, second = list(flatten(tree)), list(flatten(gate(tree)))
    assert len(second) - len(first) in (0, 1)
    assert second[: len(first) - 1] == first[:-1]


class Oracle:
    """Another way to the same numbers: offsets as sets, and the tree unrolled by brute force."""

    def __init__(self, architecture: Architecture) -> None:
        self.architecture = architecture
        self.layers = self.units = self.parameters = self.flops = 0
        channels, offsets = self.run(architecture.tree, architecture.inputs.channels, {0})
        self.weigh(channels * architecture.out, architecture.out, True, False)
        self.reach = max(offsets) - min(offsets) + 1

    def weigh(self, weights: int, channels: int, biased: bool, normed: bool) -> None:
        self.flops += 2 * weights
        self.parameters += weights + channels * biased + 2 * channels * normed

    def bend(self, layer: Conv | Depthwise | Act, channels: int) -> None:
        """A prelu has a slope a channel, and each is a parameter."""
        self.parameters += channels * (self.architecture.act_of(layer).name == "prelu")

    def run(self, layer: Layer, read: int, offsets: set[int]) -> tuple[int, set[int]]:
        if isinstance(layer, Repeat):
            for _ in range(layer.times):
                read, offsets = self.run(layer.part, read, offsets)
        elif isinstance(layer, Sequence):
            for part in layer.parts:
                read, offsets = self.run(part, read, offsets)
        elif isinstance(layer, Conv | Depthwise | Maxout):
            made = read if isinstance(layer, Depthwise) else layer.channels
            wide = made * layer.pieces if isinstance(layer, Maxout) else made
            norm = self.architecture.norm_of(layer)
            weights = wide * layer.kernel**2 * (1 if isinstance(layer, Depthwise) else read)
            self.weigh(weights, wide, self.architecture.biased(layer), norm is not None)
            self.layers += 1
            self.units += made
            if not isinstance(layer, Maxout):
                self.bend(layer, made)
            return made, spread(offsets, layer.kernel)
        elif isinstance(layer, Pool):
            # a window of n doubles until it is n wide, along either axis; trees here have none wider than five
            self.flops += 2 * read * {1: 0, 2: 1, 3: 2, 4: 2, 5: 3}[layer.size]
            if layer.kind == "avg":
                self.flops += read
            return read, spread(offsets, layer.size)
        elif isinstance(layer, Residual):
            made, far = self.run(layer.body, read, offsets)
            if made != read:
                normed = self.architecture.norm is not None
                self.weigh(made * read, made, not normed, normed)
            return made, far | offsets
        elif isinstance(layer, Dense):
            made, far = self.run(layer.body, read, offsets)
            return made + read, far | offsets
        elif isinstance(layer, Gated):
            self.run(layer.body, read, offsets)
            return self.run(gate(layer.body), read, offsets)
        elif isinstance(layer, Parallel | Inception):
            ends = [
                self.run(b, read, offsets) for b in (expand(layer) if isinstance(layer, Inception) else layer).branches
            ]
            return sum(made for made, _ in ends), set().union(*(far for _, far in ends))
        elif isinstance(layer, Act):
            self.bend(layer, read)
        elif type(layer).__name__ == "Norm":
            self.parameters += 2 * read * (self.architecture.norm_of(layer) is not None)  # type: ignore[arg-type]
        return read, offsets


def spread(offsets: set[int], size: int) -> set[int]:
    return {offset + tap for offset in offsets for tap in range(-((size - 1) // 2), size // 2 + 1)}


@given(trees(plain_leaves, 8))
def test_walking_agrees_with_unrolling(tree: Layer) -> None:
    from netwarp.architecture.counts import count

    for architecture in (Architecture(tree), Architecture(tree, norm=None, inputs="x y r", out=1)):
        oracle, counts = Oracle(architecture), count(architecture)
        found = (counts.layers, counts.units, counts.parameters, counts.flops, counts.field)
        assert found == (oracle.layers, oracle.units, oracle.parameters, oracle.flops, oracle.reach)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("conv(10) * 1000000000", "architecture of 1,000,000,000 layers: at most 10,000 are allowed"),
        ("conv(10) * 10001", "architecture of 10,001 layers: at most"),
        ("act() * 1000000000", "architecture of 1,000,000,000 steps: at most 40,000 are allowed"),
        ("gated(" * 40 + "conv(1)" + ")" * 40, "architecture of 1,099,511,627,776 layers"),
        ("residual((conv(1) >> conv(1)) * 1000000000 >> conv(1)) * 1000000000", "architecture of about 10^18 layers"),
        ("conv(1000001)", "layer 0, conv(1000001): 1,000,001 channels, at most 1,000,000 are allowed"),
        ('pool("max", 2) * 40', "sees 131,072 calibration pixels, at most 65,536 are allowed"),
        ('pool("max", 2, 1000000) >> conv(1, 3)', "layer 1, conv(1, 3): sees 2,000,002 calibration pixels"),
    ],
)
def test_absurd_sizes_are_refused_at_once(text: str, message: str) -> None:
    architecture = parse(text)
    start = time.process_time()
    with pytest.raises(LimitError) as caught:
        list(steps(architecture))
    assert message in str(caught.value)
    assert "\n" not in str(caught.value)
    assert time.process_time() - start < 1


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('residual(pool("max", 2))', r'layer 0, residual\(pool\("max", 2\)\): its branches have strides 1 and 2'),
        ('dense(conv(3) >> pool("max", 3))', "its branches have strides 1 and 3"),
        ('conv(1) >> parallel(pool("max", 4), pool("max", 2))', "layer 1, parallel.* strides 2 and 4"),
        ("conv(4) >> conv(6, groups=3)", r"layer 1, conv\(6, groups=3\): groups=3 must divide the 4 channels it reads"),
    ],
)
def test_parts_that_do_not_fit_are_named(text: str, message: str) -> None:
    with pytest.raises(InputError, match=message):
        list(steps(parse(text)))


def test_equal_strides_meet() -> None:
    found = list(steps(parse('parallel(pool("max", 2) >> conv(3), conv(4) >> pool("avg", 2)) >> conv(5, 3)')))
    assert [(step.inputs, step.dilation) for step in found if step.path == "1"] == [(7, 2)]
    assert [step.dilation for step in steps(parse('gated(pool("max", 2)) >> conv(3)'))][-2:] == [2, 2]
