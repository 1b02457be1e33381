"""The page counts an architecture as the library does, and refuses what is too large in the same words."""

from __future__ import annotations

import pytest

from netwarp.architecture.counts import count, operations
from netwarp.architecture.language import parse
from netwarp.errors import NetwarpError
from web.architectures import pointwise
from web.conftest import Run

COUNT = 200
REFUSED = [
    "conv(10) * 10001",
    "conv(10) * 1000000000000000000",
    "act() * 40001",
    "residual(conv(3) >> act() * 5) * 7000",
    "gated(conv(2) * 6000)",
    "conv(1000001)",
    "conv(123456789012345678)",
    "dense(conv(10) * 2) >> conv(1000000) >> parallel(act(), act()) >> act()",
    "conv(10000) * 3",
    'Architecture(act(), inputs="z(1000000000000000)")',
    "conv(10) >> conv(10, groups=3)",
    'Architecture(conv(9, groups=3), inputs="x y bias r")',
    'parallel(pool("max", 2), conv(3))',
    'residual(pool("avg", 3, stride=5) >> pool("avg", 2))',
    '(pool("max", 5) >> conv(3, 5)) * 9',
    'parallel(pool("max", 1, stride=1000000000000000000), conv(3))',
    'parallel(conv(2, 63), maxout(3, 2, 5) * 4) >> conv(3, 9, init="he(gain=0.5)", norm=layer(), bias=True) * 20000',
]


@pytest.mark.slow
def test_random_architectures(node: Run) -> None:
    architectures = [pointwise(number) for number in range(COUNT)]
    for architecture, found in zip(architectures, node("counts", [str(one) for one in architectures]), strict=True):
        wanted = count(architecture)
        seen = tuple(found[name] for name in ("layers", "depth", "units", "parameters", "field"))
        expected = (wanted.layers, wanted.depth, wanted.units, wanted.parameters, wanted.field)
        assert seen == expected, str(architecture)
        assert found["operations"] == operations(architecture), str(architecture)


def test_what_is_too_large_is_refused_in_the_same_words(node: Run) -> None:
    for text, found in zip(REFUSED, node("counts", REFUSED), strict=True):
        with pytest.raises(NetwarpError) as refused:
            count(parse(text))
        assert found == {"kind": type(refused.value).__name__, "message": str(refused.value)}, text
