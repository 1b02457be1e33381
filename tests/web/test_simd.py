"""The page's loops in WebAssembly give the bits of its plain loops: of every operation, at every count of points."""

from __future__ import annotations

from netwarp.activations.registry import NAMES
from netwarp.plane import Raster
from web.architectures import pointwise
from web.conftest import Run
from web.test_networks import asked

# tiles of points and lanes of sums, and what they leave over
SIZES = [*range(1, 20), 31, 32, 33, 63, 64, 65, 97, 600]
COUNT = 60


def test_every_operation_gives_the_same_bits(node: Run) -> None:
    found = node("simd", {"cases": [], "sizes": SIZES})["kinds"]
    assert list(found) == [str(size) for size in SIZES]
    for size, kinds in found.items():
        assert {*NAMES, "conv", "maxout", "layernorm", "add", "multiply", "concat", "sums"} <= set(kinds)
        assert {name: count for name, count in kinds.items() if count} == {}, f"{size} points"


def test_random_networks_give_the_same_bits(node: Run) -> None:
    cases = [asked(pointwise(number), number, Raster(61, 40)) for number in range(COUNT)]
    assert node("simd", {"cases": cases, "sizes": []})["networks"] == [0] * COUNT
