"""The page's kernels in WebAssembly give the bits of its plain loops: of every operation, and of colours."""

from __future__ import annotations

import pytest

from netwarp.activations.registry import NAMES
from netwarp.plane import Raster
from web.architectures import pointwise
from web.conftest import Run
from web.test_networks import asked

# tiles of points and lanes of sums, and what they leave over
SIZES = [*range(1, 20), 31, 32, 33, 63, 64, 65, 97, 600]
COUNT = 60


def test_every_operation_gives_the_same_bits(node: Run) -> None:
    found = node("simd", {"cases": [], "sizes": SIZES, "painted": []})["kinds"]
    assert list(found) == [str(size) for size in SIZES]
    for size, kinds in found.items():
        assert {*NAMES, "conv", "maxout", "layernorm", "add", "multiply", "concat", "sums"} <= set(kinds)
        assert {name: count for name, count in kinds.items() if count} == {}, f"{size} points"


@pytest.mark.slow
def test_random_networks_give_the_same_bits(node: Run) -> None:
    cases = [asked(pointwise(number), number, Raster(61, 40)) for number in range(COUNT)]
    assert node("simd", {"cases": cases, "sizes": [], "painted": []})["networks"] == [0] * COUNT


@pytest.mark.slow
def test_colours_are_the_same_bytes(node: Run) -> None:
    """Of some 2 million pixels: a tile and a pixel more, and counts that four does not divide."""
    counts = [1, 2, 3, 4, 5, 7, 4095, 4096, 4097, 400_000]
    found = node("simd", {"cases": [], "sizes": [], "painted": counts})
    assert found["painted"] == [[0] * 5] * len(counts)
    assert found["refused"] == [True] * 3
