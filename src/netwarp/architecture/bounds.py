"""Whether an architecture is surely within the limits of `count`, told from its tree without unrolling a repetition."""

from __future__ import annotations

from typing import TYPE_CHECKING

from netwarp.architecture.counts import PARAMETERS
from netwarp.architecture.nodes import Act, Conv, Depthwise, Layer, Maxout, Norm, Repeat, Residual, Sequence
from netwarp.architecture.walk import CHANNELS, FIELD, check_size

if TYPE_CHECKING:
    from netwarp.architecture.architecture import Architecture

# at most so many parameters at once, pixels of reach and channels; None where only `count` can say
_Bound = tuple[int, int, int] | None


def surely_fits(architecture: Architecture) -> bool:
    """True only where `count` raises nothing. False says nothing: then count it.

    Errors: LimitError of too many layers or steps, as `count` gives it.
    """
    check_size(architecture.tree)
    bound = _bound(architecture.tree, architecture.inputs.channels)
    if bound is None:
        return False
    parameters, reach, channels = bound
    parameters += _weights(architecture.out, channels, 1)
    return parameters <= PARAMETERS and reach < FIELD and max(channels, architecture.out) <= CHANNELS


def _bound(layer: Layer, read: int) -> _Bound:
    """Of a layer that reads at most `read` channels. The channels are the most that it makes anywhere, or read."""
    if isinstance(layer, Conv):
        # groups must divide what is read, which is not known here
        if layer.groups != 1:
            return None
        return _weights(layer.channels, read, layer.kernel), layer.kernel - 1, max(read, layer.channels)
    if isinstance(layer, Maxout):
        made = layer.channels * layer.pieces
        return _weights(made, read, layer.kernel), layer.kernel - 1, max(read, layer.channels)
    if isinstance(layer, Depthwise):
        return _weights(read, 1, layer.kernel), layer.kernel - 1, read
    if isinstance(layer, Act | Norm):
        return 2 * read, 0, read
    if isinstance(layer, Sequence):
        return _chain(layer.parts, read)
    if isinstance(layer, Residual):
        body = _bound(layer.body, read)
        return None if body is None else (body[0] + _weights(body[2], read, 1), body[1], body[2])
    if isinstance(layer, Repeat):
        first = _bound(layer.part, read)
        # what it makes is the most that the next one reads, and from then on that stays
        again = None if first is None else _bound(layer.part, first[2])
        if again is None or first is None or again[2] != first[2]:
            return None
        return layer.times * again[0], layer.times * again[1], again[2]
    return None


def _chain(parts: tuple[Layer, ...], read: int) -> _Bound:
    parameters = reach = 0
    for part in parts:
        bound = _bound(part, read)
        if bound is None:
            return None
        parameters, reach, read = parameters + bound[0], reach + bound[1], bound[2]
    return parameters, reach, read


def _weights(made: int, read: int, kernel: int) -> int:
    """With a scale, a shift, a bias and a slope a channel."""
    return made * read * kernel**2 + 4 * made
