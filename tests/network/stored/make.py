"""Writes the stored networks, one of each source, beside this file: python tests/network/stored/make.py

They were written once. A file that exists is left alone, because reading what an older netwarp wrote is the test.
"""

from pathlib import Path

import numpy as np

from netwarp.architecture.language import parse
from netwarp.architecture.specs import Activation
from netwarp.network.lower import lower
from netwarp.network.network import Network
from netwarp.network.source import Graph, Plain, Weighted

HERE = Path(__file__).parent


def networks() -> dict[str, Network]:
    """File -> network. network-1.npz, the first of them, is of the first version, before there were four sources."""
    drawn = Network.draw(parse("conv(2, 3) >> conv(2, norm=None)", inputs="x y r z(1)", out=1), 7)
    weights = Network.draw(parse('residual(conv(2)) >> conv(3, act="leaky(random)")'), 1)
    random = np.random.RandomState(np.random.PCG64(2))
    plain = {"W0": random.randn(3, 2), "b0": random.randn(3), "W1": random.randn(1, 3), "b1": random.randn(1)}
    return {
        "network-1.npz": drawn,
        "weighted-1.npz": Network(Weighted(parse(str(weights.architecture))), weights.parameters),
        "plain-1.npz": Network(Plain(Activation("tanh")), plain),
        "graph-2.npz": Network(Graph(lower(Network.draw(parse('gated(conv(2, 2)) >> pool("max", 2) >> conv(2)'), 3)))),
    }


if __name__ == "__main__":
    for name, network in networks().items():
        if not (HERE / name).exists():
            network.save(HERE / name)
