"""A network on another slice of its inputs' space, and the slice that it is on."""

from __future__ import annotations

from dataclasses import replace
from math import prod, sqrt

import numpy as np

from netwarp.errors import InputError, LimitError
from netwarp.models.arrays import turned
from netwarp.models.data import Data
from netwarp.models.slice_text import read_slice
from netwarp.models.slices import MAX_TEXT, Slice
from netwarp.network.lower import lower
from netwarp.network.network import Network
from netwarp.network.plain import FEW, SLICE
from netwarp.network.program import LINEAR, Embed
from netwarp.network.source import Graph, Plain


def on_slice(network: Network, at: Slice) -> Network:
    """The network on a slice: its inputs, which must be affine in x and y, are those of the slice's points.

    A plain network stays one. Errors: InputError where it reads another number of inputs, or does not read them so.
    """
    embed = _embed(network)
    if (embed.kinds != LINEAR).any() or embed.channels != at.inputs:
        raise InputError(f"slice: has {at.inputs} inputs, but the network reads {embed.channels} of its own")
    source = network.source
    if isinstance(source, Plain) and not source.inputs:
        return Network(source, {**network.parameters, **{name: getattr(at, name) for name in SLICE}})
    program = lower(network)
    first = replace(embed, coefficients=at.coefficients)
    graph = source if isinstance(source, Graph) else Graph(program)
    return Network(replace(graph, program=replace(program, operations=(first, *program.operations[1:]))))


def own_slice(network: Network) -> Slice | None:
    """The slice that a model's network is on; None where it reads x and y themselves, or is none of a model."""
    if not isinstance(network.source, Plain | Graph):
        return None
    embed = _embed(network)
    if (embed.kinds != LINEAR).any() or np.array_equal(embed.coefficients, np.eye(embed.channels, 3)):
        return None
    u, v, origin = embed.coefficients.T
    return None if embed.channels < 2 or turned(u, v) is None else Slice(origin, u, v)


def first_slice(shape: tuple[int, ...], data: Data | None = None) -> Slice:
    """A slice to begin with, for a model of inputs of this shape.

    Of a few inputs it is along the first two, the others at their medians in `data`, or at 0; of more, as of images, it
    is that of the principal components of the data, or of random directions around 0.
    Errors: LimitError for more inputs than a text can say.
    """
    count = prod(shape)
    if data is not None and data.X.shape[1] == count:
        return read_slice("features(0, 1)" if count <= FEW else "pca()", data)
    zeros = f"({', '.join(['0'] * count)})"
    reach = float(f"{sqrt(count) / 2:.1g}")
    text = f"features(0, 1, at={zeros})" if count <= FEW else f"around({zeros}, radius={reach:g})"
    if len(text) > MAX_TEXT:
        raise LimitError(f"slice: {count:,} inputs are too many for one to be chosen; give --slice 'pca()' and --data")
    return read_slice(text)


def _embed(network: Network) -> Embed:
    embed = lower(network).operations[0]
    assert isinstance(embed, Embed), "every program begins with one"
    return embed
