"""Writes the tables of a plan, operation by operation, wherever its caller has put the values."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache
from typing import NamedTuple, assert_never

import numpy as np
from numpy.typing import NDArray

from netwarp.activations.registry import code_of
from netwarp.engine.kernels import GROUP
from netwarp.engine.lanes import Kind
from netwarp.engine.plan import (
    CHANNEL_COLUMNS,
    GROUP_COLUMNS,
    HEADER,
    STEP_COLUMNS,
    TAP_COLUMNS,
    Channels,
    Groups,
    Header,
    Loop,
    Opcode,
    Plan,
    Space,
    Steps,
    Taps,
)
from netwarp.engine.protocol import Dtype
from netwarp.network.program import (
    Activate,
    Add,
    Call,
    Concat,
    Conv,
    Embed,
    Gather,
    LayerNorm,
    Maxout,
    Merge,
    Multiply,
    Normalise,
    Operation,
    Pool,
    TensorConv,
    calibrated,
)

Ints = NDArray[np.int64]
Rows = tuple[int, int, int]  # LEAD, FIRST, SHRINK of a step


# channels of scratch that an operation needs
SCRATCH = {LayerNorm: 4, Multiply: 1}


class Slots(NamedTuple):
    """Where a value's channels are: the number of the first in the channels table, and their entries (C, 3)."""

    first: int
    entries: Ints

    def dense(self, width: int) -> bool:
        """Whether one row's channels lie end to end."""
        offsets, masks = self.entries[:, Channels.OFFSET], self.entries[:, Channels.MASK]
        return bool((masks == 0).all() and (np.diff(offsets) == width).all())

    @property
    def private(self) -> bool:
        """Whether its channels are in private memory, and so of a block's width where rows have several."""
        return bool((self.entries[:, Channels.SPACE] == Space.PRIVATE).all())


def spaced(first: int, channels: int, apart: int, *, mask: int = 0, space: Space = Space.PRIVATE) -> Ints:
    """The entries of channels that lie `apart` floats apart, the first one at `first`."""
    entries = np.empty((channels, CHANNEL_COLUMNS), dtype=np.int64)
    entries[:, Channels.OFFSET] = first + np.arange(channels) * apart
    entries[:, Channels.MASK] = mask
    entries[:, Channels.SPACE] = space
    return entries


@dataclass
class Writer:
    """Collects the tables of a plan: of the values first, for tangents copied in `finish`."""

    dtype: Dtype
    width: int
    stride: int
    steps: list[list[int]] = field(default_factory=list)
    channels: list[Ints] = field(default_factory=list)
    taps: list[Ints] = field(default_factory=list)
    groups: list[list[int]] = field(default_factory=list)
    # the first two are the floors a convolution clips at
    weights: list[NDArray[np.float64]] = field(default_factory=lambda: [np.array([-np.inf, 0.0])])
    biases: list[int] = field(default_factory=list)  # where in weights a bias lies
    convolutions: list[tuple[Conv, int]] = field(default_factory=list)  # and where a convolution's numbers begin
    tap_count: int = 0
    channel_count: int = 0
    weight_count: int = 2
    kinds: Ints = field(default_factory=lambda: np.zeros(0, np.int64))
    coefficients: NDArray[np.float64] = field(default_factory=lambda: np.zeros((0, 3)))

    @property
    def size(self) -> int:
        return np.dtype(self.dtype).itemsize

    def value(self, entries: Ints) -> Slots:
        """Adds a value's channels, (C, 3) OFFSET, MASK, SPACE."""
        self.channels.append(entries)
        self.channel_count += len(entries)
        return Slots(self.channel_count - len(entries), entries)

    def parameters(self, values: NDArray[np.float64]) -> int:
        self.weights.append(values)
        self.weight_count += len(values)
        return self.weight_count - len(values)

    def step(
        self,
        code: Opcode,
        rows: Rows,
        target: int,
        channels: int,
        source: int = 0,
        *,
        other: int = 0,
        p: tuple[int, ...] = (),
    ) -> None:
        """`p` are P0...P3, as many as the code has."""
        line = [code, *rows, target, channels, source, other, *p]
        self.steps.append(line + [0] * (STEP_COLUMNS - len(line)))

    def embed(self, operation: Embed, rows: Rows, target: int) -> None:
        self.kinds = operation.kinds.astype(np.int64)
        self.coefficients = operation.coefficients.astype(np.float64).reshape(-1, 3)
        self.step(Opcode.EMBED, rows, target, operation.channels)

    def convolve(self, conv: Conv, rows: Rows, target: int, source: Ints, *, spacing: int, clip: bool) -> None:
        """`source` (I, 3) are its source's channels, `target` its own first one; its own lie `spacing` floats apart."""
        outputs, inputs, kernel = conv.channels // conv.groups, conv.weight.shape[1], conv.kernel
        offsets = (np.arange(kernel) - (kernel - 1) // 2) * conv.dilation
        first_group, first_tap, taps = len(self.groups), self.tap_count, inputs * kernel * kernel
        sizes, at = balanced(outputs), self.parameters(packed(conv))
        self.convolutions.append((conv, at))
        for g in range(conv.groups):
            table = np.zeros((inputs, kernel, kernel, TAP_COLUMNS), dtype=np.int64)
            table[..., :CHANNEL_COLUMNS] = source[g * inputs : (g + 1) * inputs, None, None, :]
            table[..., Taps.OFFSET] += offsets
            table[..., Taps.ROW] = offsets[:, None]
            self.taps.append(table.reshape(-1, TAP_COLUMNS))
            o = g * outputs
            for size in sizes:
                self.biases.extend(range(at, at + size))
                self.groups.append([size, self.tap_count, taps, target + o, spacing, at])
                o += size
                at += size + size * taps
            self.tap_count += taps
        moving = self.tap_count - first_tap if (source[:, Channels.MASK] != 0).any() else 0
        places = first_group, len(self.groups) - first_group, first_tap, moving
        self.step(Opcode.CONV, rows, target, conv.channels, other=int(clip), p=places)

    def finish(self, memory: int, outputs: Ints, *, tangents: bool = False, warm_up: int = 0) -> Plan:
        """The plan. `memory` is the floats of the values; with tangents d/dx lies that far after, d/dy twice as far."""
        size = self.size
        parts = np.arange(3 if tangents else 1, dtype=np.int64)[:, None, None]
        channels = np.concatenate(self.channels)
        taps = np.concatenate(self.taps) if self.taps else np.zeros((0, TAP_COLUMNS), dtype=np.int64)
        groups = np.array(self.groups, dtype=np.int64).reshape(-1, GROUP_COLUMNS)
        steps = np.array(self.steps, dtype=np.int64).reshape(-1, STEP_COLUMNS)
        weights = np.concatenate(self.weights).astype(self.dtype)
        channel_count, tap_count = len(channels), len(taps)
        outputs = (outputs[:, None] + channel_count * parts[:, 0, 0]).ravel()
        if tangents:
            unbiased = weights.copy()
            unbiased[self.biases] = 0
            # values are all in private memory: only calibration has shared memory, and it takes no tangents
            channels = channels + parts * np.array([memory, 0, 0])
            taps = taps + parts * np.array([memory, 0, 0, 0])
            groups = groups + parts * np.array([0, tap_count, 0, channel_count, 0, 0])
            groups[1:, :, Groups.WEIGHTS] += len(weights)
            weights = np.concatenate([weights, unbiased])
        channels, taps, groups = (a.reshape(-1, a.shape[-1]) for a in (channels, taps, groups))
        # from floats to bytes
        channels[:, Channels.OFFSET] *= size
        taps[:, Taps.OFFSET] *= size
        groups[:, [Groups.SPACING, Groups.WEIGHTS]] *= size
        sections = {
            Header.STEPS_AT: steps,
            Header.CHANNELS_AT: channels,
            Header.TAPS_AT: taps,
            Header.GROUPS_AT: groups,
            Header.OUTPUTS_AT: outputs,
            Header.ADDRESSES_AT: np.zeros(len(taps), dtype=np.int64),
        }
        ends = np.cumsum([HEADER, *(section.size for section in sections.values())])
        head = dict(zip(sections, ends[:-1], strict=True)) | {
            Header.STEP_COUNT: len(steps),
            Header.CHANNEL_COUNT: channel_count,
            Header.TAP_COUNT: tap_count,
            Header.GROUP_COUNT: len(self.groups),
            Header.OUTPUT_COUNT: len(outputs),
            Header.STRIDE: self.stride * size,
            Header.WIDTH: self.width,
            Header.VECTORS: self.width // Kind(8 * size).lanes,
            Header.SIZE: size,
            Header.PARTS: len(parts),
        }
        header = np.zeros(HEADER, dtype=np.int64)
        header[list(head)] = list(head.values())
        table = np.concatenate([header, *(section.ravel() for section in sections.values())])
        return Plan(
            table=table,
            weights=weights,
            kinds=self.kinds,
            coefficients=self.coefficients,
            memory=memory * len(parts),
            loops=self._loops(tangents),
            warm_up=warm_up,
        )

    def _loops(self, tangents: bool) -> tuple[Loop, ...]:
        """Which inner loops the steps call."""
        codes = {Opcode(step[Steps.OPCODE]) for step in self.steps}
        larger = Loop.TAKE_LARGER if tangents else Loop.COMBINE
        needs = {
            Opcode.EMBED: (Loop.EMBED,),
            Opcode.CONV: (Loop.CONVOLVE, Loop.CONVOLVE_GATED) if tangents else (Loop.CONVOLVE,),
            Opcode.ACTIVATE: (Loop.ACTIVATE_TANGENTS if tangents else Loop.ACTIVATE,),
            Opcode.LARGER_OF: (larger, Loop.COMBINE),
            Opcode.MAXOUT: (larger, Loop.COMBINE),
            Opcode.KEEP: (Loop.COPY_ROWS,),
            Opcode.SUMS: (Loop.ADD_ROWS,),
        }
        wanted = {loop for code in codes for loop in needs.get(code, (Loop.COMBINE,))}
        return tuple(sorted(wanted | {Loop.COPY_RUN, Loop.SCATTER}))


def write(
    writer: Writer, operation: Operation, rows: Rows, place: Slots, sources: list[Slots], *, spacing: int, clip: bool
) -> None:
    """Adds the step or steps of one operation. `place` is its own, `sources` are its sources' places,
    after them that of scratch channels where SCRATCH says the operation needs some.

    Concat and Normalise make no step: the one is a view, the other is gone after calibration.
    """
    channels, target = operation.channels, place.first
    if isinstance(operation, Embed):
        writer.embed(operation, rows, target)
    elif isinstance(operation, Conv):
        writer.convolve(operation, rows, target, sources[0].entries, spacing=spacing, clip=clip)
    elif isinstance(operation, Activate):
        source = sources[0].first
        code = code_of(operation.name)
        if operation.name == "linear" and source == target:
            return
        at = writer.parameters(operation.parameter)
        alike = len(np.unique(operation.parameter)) == 1 and sources[0].dense(writer.width)
        run = channels if alike and place.dense(writer.width) else 1
        writer.step(Opcode.ACTIVATE, rows, target, channels, source, p=(code, at * writer.size, run))
    elif isinstance(operation, Merge):
        code = Opcode.LARGER_OF if operation.kind == "max" else Opcode.SUM_OF
        at = 0 if operation.over == 1 else writer.parameters(np.array([float(operation.over)]))
        how = *operation.offsets, int(operation.down), at * writer.size
        writer.step(code, rows, target, channels, sources[0].first, other=sources[1].first, p=how)
    elif isinstance(operation, Maxout):
        writer.step(Opcode.MAXOUT, rows, target, channels, sources[0].first, p=(operation.pieces,))
    elif isinstance(operation, LayerNorm):
        at = writer.parameters(np.concatenate([operation.scale, operation.shift, [operation.eps, channels]]))
        source, scratch = sources[0].first, sources[1].first
        writer.step(Opcode.LAYERNORM, rows, target, channels, source, other=scratch, p=(at * writer.size,))
    elif isinstance(operation, Add | Multiply):
        code = Opcode.ADD if isinstance(operation, Add) else Opcode.MULTIPLY
        others, scratch = (sources[1:], 0) if code == Opcode.ADD else (sources[1:-1], sources[-1].first)
        so_far = sources[0].first
        for other in others:
            writer.step(code, rows, target, channels, so_far, other=other.first, p=(scratch,))
            so_far = target
    elif isinstance(operation, Normalise | Pool):
        assert not isinstance(calibrated(operation), Pool), "separate it first"
    elif isinstance(operation, Gather | TensorConv | Call):
        raise AssertionError(f"{type(operation).__name__}: its Program is run in batches")
    elif not isinstance(operation, Concat):
        assert_never(operation)


def packed(conv: Conv) -> NDArray[np.float64]:
    """A convolution's numbers as its kernel takes them: of every group the biases, then one weight an output a tap."""
    channels, numbers = conv.channels, np.concatenate([conv.bias, conv.weight.ravel()])
    found: NDArray[np.float64] = numbers[_order(channels, conv.weight.size // channels, conv.groups)]
    return found


@lru_cache(maxsize=64)
def _order(channels: int, taps: int, groups: int) -> Ints:
    """Where `packed` takes its numbers from: of the biases, then the weights, `taps` an output."""
    outputs, parts = channels // groups, []
    bias, weight = np.arange(channels), channels + np.arange(channels * taps).reshape(channels, taps)
    for first in range(0, channels, outputs):
        o = first
        for size in balanced(outputs):
            parts += [bias[o : o + size], weight[o : o + size].T.ravel()]
            o += size
    return np.concatenate(parts)


def balanced(outputs: int) -> list[int]:
    """Group sizes of at most GROUP that differ by at most one, the larger ones first."""
    groups = -(-outputs // GROUP)
    return [outputs // groups + (g < outputs % groups) for g in range(groups)]
