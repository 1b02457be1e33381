"""The tree in the order it is evaluated, with the path, channels, dilation and reach of every step.

Paths: the parts of sequences and repetitions, flattened, are "0", "1", ...; in a container at P, the body of residual
and dense is "P.0", "P.1", ..., a residual's projection "P.shortcut", branch b of parallel and inception "P.b.0", ...,
the bodies of gated "P.f.0", ... and "P.g.0", ...; the last layer is "readout". Weights are drawn by these paths.
"""

from __future__ import annotations

from collections.abc import Generator, Iterator
from dataclasses import dataclass, replace
from itertools import count as counter
from typing import TYPE_CHECKING, Final

from netwarp import words
from netwarp.architecture.nodes import (
    Act,
    Conv,
    Dense,
    Depthwise,
    Gated,
    Inception,
    Layer,
    Maxout,
    Norm,
    Parallel,
    Pool,
    Repeat,
    Residual,
    Sequence,
)
from netwarp.architecture.specs import Activation
from netwarp.architecture.tree import expand
from netwarp.errors import InputError, LimitError

if TYPE_CHECKING:
    from netwarp.architecture.architecture import Architecture

LAYERS: Final = 10_000
STEPS: Final = 40_000  # layers and everything between them
CHANNELS: Final = 1_000_000  # of one layer
FIELD: Final = 1 << 16  # the widest receptive field, in calibration pixels

Leaf = Conv | Depthwise | Maxout | Pool | Act | Norm

_SIGMOID: Final = Activation("sigmoid")


@dataclass(frozen=True, slots=True)
class Step:
    """One leaf of the flattened tree, a residual's projection or the read-out.

    `number` counts the weighted layers from 1; None for pool, act, norm, projection and read-out. `inputs` and
    `channels` are read and made. Taps lie `dilation` calibration pixels apart, the product of the strides before.
    The output at a point depends on the plane from `before` calibration pixels before it to `after` behind it, on both
    axes. `depth` is the number of nonlinear layers or bare activations on the longest way here, this one included.
    """

    path: str
    number: int | None
    layer: Leaf
    inputs: int
    channels: int
    dilation: int
    before: int
    after: int
    depth: int

    @property
    def field(self) -> int:
        """The receptive field's side, in calibration pixels."""
        return self.before + 1 + self.after

    @property
    def kernel(self) -> int:
        """The side of its window, in taps."""
        if isinstance(self.layer, Conv | Depthwise | Maxout):
            return self.layer.kernel
        return self.layer.size if isinstance(self.layer, Pool) else 1


@dataclass(frozen=True, slots=True)
class _Here:
    """What the next step reads."""

    channels: int
    dilation: int = 1
    before: int = 0
    after: int = 0
    depth: int = 0


def flatten(layer: Layer) -> Iterator[Layer]:
    """The parts of sequences and repetitions in order, one by one; containers whole. Never held all at once."""
    if isinstance(layer, Sequence):
        for part in layer.parts:
            yield from flatten(part)
    elif isinstance(layer, Repeat):
        for _ in range(layer.times):
            yield from flatten(layer.part)
    else:
        yield layer


def gate(body: Layer) -> Layer:
    """The second body of gated(body): its last layer's activation is the sigmoid, appended where it has none.

    A maxout, a pool, a bare norm and every container have none.
    """
    if isinstance(body, Sequence):
        return Sequence((*body.parts[:-1], gate(body.parts[-1])))
    if isinstance(body, Repeat):
        return body.part * (body.times - 1) >> gate(body.part)
    if isinstance(body, Conv | Depthwise):
        return replace(body, act=_SIGMOID)
    return Act(_SIGMOID) if isinstance(body, Act) else body >> Act(_SIGMOID)


def check_size(tree: Layer) -> None:
    """Counts layers and steps without unrolling anything. Errors: LimitError with the estimate."""
    layers, steps = _size(tree)
    if layers > LAYERS:
        raise LimitError(words.TOO_MANY_LAYERS.format(found=_large(layers), most=f"{LAYERS:,}"))
    if steps > STEPS:
        raise LimitError(words.TOO_MANY_STEPS.format(found=_large(steps), most=f"{STEPS:,}"))


def steps(architecture: Architecture) -> Iterator[Step]:
    """Every step in order, the read-out last.

    Errors: LimitError before anything is unrolled, and at the first step past a limit; InputError where strides or
    groups do not fit, or a window would break the inputs' symmetry.
    """
    check_size(architecture.tree)
    numbers = counter(1)
    symmetry = architecture.inputs.symmetry

    def leaf(layer: Leaf, path: str, here: _Here, made: int, number: int | None) -> Step:
        if made > CHANNELS:
            most = f"{CHANNELS:,}"
            raise LimitError(words.TOO_MANY_CHANNELS.format(layer=_name(path, layer), found=_large(made), most=most))
        step = Step(
            path=path,
            number=number,
            layer=layer,
            inputs=here.channels,
            channels=made,
            dilation=here.dilation,
            before=here.before,
            after=here.after,
            depth=here.depth,
        )
        size, nonlinear = step.kernel, isinstance(layer, Maxout)
        if size > 1 and symmetry is not None:
            raise InputError(words.NOT_POINTWISE.format(layer=_name(path, layer), symmetry=symmetry))
        if isinstance(layer, Conv | Depthwise | Act):
            nonlinear = architecture.act_of(layer).name != "linear"
        before = here.before + (size - 1) // 2 * here.dilation
        after = here.after + size // 2 * here.dilation
        if before + 1 + after > FIELD:
            field = _large(before + 1 + after)
            raise LimitError(words.FIELD_TOO_WIDE.format(layer=_name(path, layer), found=field, most=f"{FIELD:,}"))
        return replace(step, before=before, after=after, depth=here.depth + nonlinear)

    def one(layer: Layer, path: str, here: _Here) -> Generator[Step, None, _Here]:
        if isinstance(layer, Conv | Depthwise | Maxout):
            made = here.channels if isinstance(layer, Depthwise) else layer.channels
            if isinstance(layer, Conv) and here.channels % layer.groups:
                name = _name(path, layer)
                raise InputError(words.GROUPS_READ.format(layer=name, groups=layer.groups, channels=here.channels))
            step = leaf(layer, path, here, made, next(numbers))
        elif isinstance(layer, Pool | Act | Norm):
            step = leaf(layer, path, here, here.channels, None)
        elif isinstance(layer, Residual | Dense):
            return (yield from around(layer, path, here))
        elif isinstance(layer, Gated):
            f = yield from body(layer.body, f"{path}.f", here)
            g = yield from body(gate(layer.body), f"{path}.g", here)
            return _meet([f, g], f.channels)
        elif isinstance(layer, Parallel | Inception):
            ends = []
            for b, branch in enumerate((layer if isinstance(layer, Parallel) else expand(layer)).branches):
                ends.append((yield from body(branch, f"{path}.{b}", here)))
            _same_stride(layer, path, [end.dilation // here.dilation for end in ends])
            return _meet(ends, sum(end.channels for end in ends))
        else:
            raise InputError(f"{_name(path, layer)}: not a layer that can be walked")
        yield step
        stride = layer.stride if isinstance(layer, Pool) else 1
        return _Here(step.channels, step.dilation * stride, step.before, step.after, step.depth)

    def around(layer: Residual | Dense, path: str, here: _Here) -> Generator[Step, None, _Here]:
        end = yield from body(layer.body, path, here)
        _same_stride(layer, path, [1, end.dilation // here.dilation])
        if isinstance(layer, Dense):
            return _meet([here, end], here.channels + end.channels)
        if here.channels != end.channels:
            yield leaf(architecture.shortcut(end.channels), f"{path}.shortcut", here, end.channels, None)
        return _meet([here, end], end.channels)

    def body(layer: Layer, path: str, here: _Here) -> Generator[Step, None, _Here]:
        for i, part in enumerate(flatten(layer)):
            here = yield from one(part, f"{path}.{i}" if path else str(i), here)
        return here

    end = yield from body(architecture.tree, "", _Here(architecture.inputs.channels))
    readout = architecture.readout
    # the read-out is no hidden layer: a nonlinear out_act does not deepen the network
    yield replace(leaf(readout, "readout", end, readout.channels, None), depth=end.depth)


def _meet(ends: list[_Here], channels: int) -> _Here:
    return _Here(
        channels,
        ends[-1].dilation,
        max(end.before for end in ends),
        max(end.after for end in ends),
        max(end.depth for end in ends),
    )


def _same_stride(layer: Layer, path: str, strides: list[int]) -> None:
    if len(set(strides)) > 1:
        found = " and ".join(map(_large, sorted(set(strides))))
        raise InputError(words.STRIDES.format(layer=_name(path, layer), strides=found))


def _size(layer: Layer) -> tuple[int, int]:
    """(layers, steps), a residual's projection always counted as a step."""
    if isinstance(layer, Conv | Depthwise | Maxout):
        return 1, 1
    if isinstance(layer, Repeat):
        layers, steps = _size(layer.part)
        return layers * layer.times, steps * layer.times
    if isinstance(layer, Gated):
        layers, steps = _size(layer.body)
        return 2 * layers, 2 * steps + 1
    if isinstance(layer, Residual | Dense):
        layers, steps = _size(layer.body)
        return layers, steps + 1
    if isinstance(layer, Sequence | Parallel):
        sizes = [_size(part) for part in (layer.parts if isinstance(layer, Sequence) else layer.branches)]
        return sum(layers for layers, _ in sizes), sum(steps for _, steps in sizes)
    return _size(expand(layer)) if isinstance(layer, Inception) else (0, 1)


def _large(number: int) -> str:
    """Exact while it can be read, else its order of magnitude."""
    return f"{number:,}" if number < 10**15 else words.MAGNITUDE.format(power=len(str(number)) - 1)


def _name(path: str, layer: Layer) -> str:
    text = str(layer)
    return words.LAYER_AT.format(path=path, text=text if len(text) <= 60 else f"{text[:57]}...")
