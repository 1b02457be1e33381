"""Stages: a piecewise-linear pointwise Program as nonlinear steps with affine maps between them.

A stage is one nonlinear operation: its lines (the affine functions of its source whose signs make the pattern), what
its output is on either side of them, and the affine operations up to the next stage. Everything here is exact: numbers
are the Program's own.
"""

# N channels of a stage's source, L lines of a stage, O channels after the affine map that follows

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from typing import assert_never

import numpy as np

from netwarp.activations.face import Pieces
from netwarp.activations.registry import FACES, face
from netwarp.errors import UnsupportedError
from netwarp.network.cut import cut, renumbered
from netwarp.network.flatten import flattened
from netwarp.network.program import (
    LINEAR,
    RADIUS,
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
    Program,
    TensorConv,
    place_of,
)
from netwarp.regions.alike import alike
from netwarp.regions.arrays import Floats, Integers, Signs
from netwarp.regions.constant import crooked

# of a function that does not say in `no_regions` why it has none
UNKNOWN = (
    "only its values are known; exact regions need a network whose layers are known, as nw.torch.from_module gives"
)


@dataclass(frozen=True, eq=False)
class Stage:
    """One nonlinear operation. Line i is source channel first[i], less channel second[i] where that is not -1, less
    threshold[i]; its sign is + where this is above 0.

    Elementwise operations: the output of channel u is slope[u] z + offset[u] with all its lines at - or 0; line i at +
    adds slope_gain[i] and offset_gain[i]. maxout (`pieces` above 0): line i compares two of a channel's pieces.
    """

    value: int  # the operation in the program, and the value it makes
    source: int  # the value it reads
    name: str
    layer: str
    number: int  # of the layer, from 1
    width: int  # N
    pieces: int
    first: Integers  # (L,)
    second: Integers  # (L,)
    threshold: Floats  # (L,)
    unit: Integers  # (L,) line -> unit (output channel)
    slope: Floats  # (N,)
    offset: Floats  # (N,)
    slope_gain: Floats  # (L,)
    offset_gain: Floats  # (L,)
    twin: Integers  # (L,) line -> the first line that is zero where it is, on every cell; itself where there is none
    # (L,) line -> 1 where it has its twin's sign, -1 the opposite; 2, -2, 0: twice its sign everywhere
    facing: Signs
    word: int  # where its bits begin, in words of 64, among those of a cell
    label: int  # number of its first line among all stages'
    chained: bool  # whether all that is ever read of the output is one convolution, which makes the next source

    @property
    def lines(self) -> int:
        return len(self.first)

    @property
    def words(self) -> int:
        return (self.lines + 63) // 64

    @property
    def jumps(self) -> bool:
        return not self.pieces and face(self.name).jumps

    @property
    def flat(self) -> bool:
        """Whether the output is constant on every cell, and floats hold it."""
        return not (self.pieces or self.slope.any() or self.slope_gain.any() or self.rounded)

    @property
    def rounded(self) -> bool:
        """Whether the slope or the offset of a piece, its gains added up in floats, is not quite that of the piece."""
        ((exact, shift), steps), slope, offset = pieces_of(self.name, self.slope[:1])[0], self.slope, self.offset
        gains, shifts = (gain.reshape(self.width, -1).T for gain in (self.slope_gain, self.offset_gain))
        for (_, steeper, higher), gain, more in zip(steps, gains, shifts, strict=True):
            exact, shift, slope, offset = exact + steeper, shift + higher, slope + gain, offset + more
            if float(exact) != exact or float(shift) != shift:
                return True
            if (slope != float(exact)).any() or (offset != float(shift)).any():
                return True
        return False


@dataclass(frozen=True, eq=False)
class Stages:
    """A Program's stages in order. `between[i]` are the affine operations after stage i - 1 and before stage i."""

    program: Program
    stages: tuple[Stage, ...]
    between: tuple[tuple[int, ...], ...]
    output: int
    live: tuple[tuple[int, ...], ...]  # stage -> the values, but its own, that are read after it
    words: int
    lines: int

    def stage_of(self, label: int) -> Stage:
        """The stage that a line's number belongs to."""
        found = self.stages[0]
        for stage in self.stages:
            if stage.label <= label:
                found = stage
        return found


@lru_cache(maxsize=16)
def stages_of(program: Program) -> Stages:
    """The Stages of a Program. Errors: UnsupportedError naming the layer that is not piecewise linear and pointwise."""
    program = cut(_plain(program))
    operations = program.operations
    found: list[Stage] = []
    between: list[tuple[int, ...]] = []
    affine: list[int] = []
    word = label = 0
    numbers = _numbers(program)
    for i, operation in enumerate(operations):
        if isinstance(operation, Activate | Maxout):
            stage = _stage(program, i, numbers[i], word, label, _chained(program, i))
            found.append(stage)
            between.append(tuple(affine))
            affine = []
            word, label = word + stage.words, label + stage.lines
        else:
            affine.append(i)
    between.append(tuple(affine))
    live = [tuple(v for v in range(stage.value) if program.last_use[v] > stage.value) for stage in found]
    return Stages(
        program=program,
        stages=tuple(found),
        between=tuple(between),
        output=len(operations) - 1,
        live=tuple(live),
        words=max(word, 1),
        lines=label,
    )


def refuse(program: Program) -> None:
    """Nothing, where the Program is pointwise and piecewise linear. Errors: UnsupportedError otherwise."""
    products = crooked(program)
    gates = {source for i in products for source in program.operations[i].sources}
    for i, operation in enumerate(program.operations):
        layer, what, make, instead = operation.layer, "", "makes", ""
        if isinstance(operation, Embed) and (operation.kinds != LINEAR).any():
            kind = "r" if (operation.kinds == RADIUS).any() else "fourier, periodic or symmetric"
            layer, what, make, instead = "inputs", f"{kind} inputs", "make", "inputs x, y, bias, z or embed"
        elif isinstance(operation, Conv) and operation.kernel > 1:
            what, instead = f"a {operation.kernel}x{operation.kernel} kernel", "kernel 1"
        elif isinstance(operation, Pool) and operation.size > 1:
            what, instead = f"{operation.kind} pooling over {operation.size}x{operation.size}", "no pool"
        elif i in products or (i in gates and _curves(operation)):
            by = (
                f"with {operation.name}" if isinstance(operation, Activate) else "of two values that change on a region"
            )
            what, instead = f"a product {by}", "sums, as in residual or parallel"
        elif isinstance(operation, Activate) and face(operation.name).pieces is None:
            kind = "curved" if face(operation.name).kinks else "smooth"
            what, instead = f"the {kind} activation {operation.name}", _straight()
        elif isinstance(operation, LayerNorm):
            what, instead = "a layer norm", "a spatial norm"
        elif isinstance(operation, Normalise | Merge):
            what, instead = f"an operation {type(operation).__name__}", "a calibrated program"
        elif isinstance(operation, Call):
            why = getattr(operation.function, "no_regions", UNKNOWN)
            raise UnsupportedError(f"{operation.layer}: makes no flat regions: {why}; field.sample draws it as it is")
        elif not isinstance(
            operation, Embed | Conv | Pool | Activate | Maxout | Add | Multiply | Concat | Gather | TensorConv
        ):
            assert_never(operation)
        if what:
            place = layer if layer == "inputs" else place_of(program, i)
            raise UnsupportedError(
                f"{place}: {what} {make} no flat regions; exact regions need {instead}; field.sample draws it as it is"
            )


Straight = Embed | Conv | Add | Multiply | Concat | Gather


def straight(operation: Operation) -> Straight:
    """The operation, one between two stages: these are affine on a cell, and `refuse` lets no other kind pass."""
    match operation:
        case Embed() | Conv() | Add() | Multiply() | Concat() | Gather():
            return operation
        case Activate() | Maxout() | Pool() | Normalise() | Merge() | LayerNorm() | TensorConv() | Call():
            raise AssertionError(f"{type(operation).__name__} is no affine operation")
        case _:
            assert_never(operation)


def _curves(operation: Operation) -> bool:
    return isinstance(operation, Activate) and face(operation.name).pieces is None


def _straight() -> str:
    """The names of the activations that have pieces."""
    *names, last = (one.name for one in FACES.values() if one.pieces is not None and one.kinks)
    return f"{', '.join(names)} or {last}"


def pieces_of(name: str, slopes: Floats) -> list[Pieces[Fraction]]:
    """The pieces of every unit, exact. `slopes`: those of their first pieces."""
    known = face(name).pieces
    assert known is not None, name
    numbers = slopes.tolist()
    found = {slope: known(Fraction(slope)) for slope in set(numbers)}
    return [found[slope] for slope in numbers]


def _plain(program: Program) -> Program:
    """The Program without operations that change nothing: linear activations and pools of one pixel."""
    refuse(program)
    program = flattened(program, gathers=False)
    kept: list[Operation] = []
    number: dict[int, int] = {}
    for i, operation in enumerate(program.operations):
        nothing = isinstance(operation, Pool) or (isinstance(operation, Activate) and operation.name == "linear")
        if nothing:
            number[i] = number[operation.sources[0]]
            continue
        kept.append(renumbered(operation, number))
        number[i] = len(kept) - 1
    if number[len(program.operations) - 1] != len(kept) - 1:
        output = number[len(program.operations) - 1]
        return cut(Program(tuple(kept), tuple(number[v] for v in program.layers), program.exact32), output)
    return Program(tuple(kept), tuple(number[v] for v in program.layers), program.exact32)


def _numbers(program: Program) -> dict[int, int]:
    """Operation -> number of its layer, from 1: the first layer whose output it is or leads up to."""
    found: dict[int, int] = {}
    layer = 1
    for i in range(len(program.operations)):
        while layer <= len(program.layers) and program.layers[layer - 1] < i:
            layer += 1
        found[i] = layer
    return found


def _chained(program: Program, i: int) -> bool:
    """Whether value i is read by one convolution only, which makes the next stage's source or the output, and no other
    value is read after i."""
    last = len(program.operations) - 1
    if i == last:
        return False
    after = program.operations[i + 1]
    if not isinstance(after, Conv) or after.sources != (i,) or program.last_use[i] != i + 1:
        return False
    if any(program.last_use[v] > i + 1 for v in range(i + 1)):
        return False
    return i + 1 == last or isinstance(program.operations[i + 2], Activate | Maxout)


def _stage(program: Program, i: int, number: int, word: int, label: int, chained: bool) -> Stage:
    operation = program.operations[i]
    source = operation.sources[0]
    if isinstance(operation, Maxout):
        p, channels = operation.pieces, operation.channels
        pairs = [(c * p + b, c * p + a, c) for c in range(channels) for a in range(p) for b in range(a + 1, p)]
        first, second, unit = (np.array([pair[n] for pair in pairs], dtype=np.int32) for n in range(3))
        threshold = gains = shifts = np.zeros(len(pairs))
        slope = offset = np.zeros(channels * p)
        width, name = channels * p, "maxout"
        chained = False
    else:
        assert isinstance(operation, Activate)
        width, name, p = operation.channels, operation.name, 0
        known = face(name)
        assert known.pieces is not None
        # all alike, but for a parameter
        units = [known.pieces(p) for p in (operation.parameter.tolist() if known.parameter else [0.0])]
        count, alikes = len(units[0][1]), width // len(units)
        slope, offset = (np.tile([below[n] for below, _ in units], alikes) for n in range(2))
        first = unit = np.repeat(np.arange(width, dtype=np.int32), count)
        second = np.full(width * count, -1, dtype=np.int32)
        table = [gain for _, steps in units for gain in steps]
        threshold, gains, shifts = (np.tile([float(gain[n]) for gain in table], alikes) for n in range(3))
    made = program.operations[source]
    if isinstance(made, Conv):
        twin, facing = alike(made, first, second, threshold)
    else:
        twin, facing = np.arange(len(first), dtype=np.int32), np.ones(len(first), dtype=np.int8)
    return Stage(
        value=i,
        source=source,
        name=name,
        layer=operation.layer,
        number=number,
        width=width,
        pieces=p,
        first=first,
        second=second,
        threshold=threshold,
        unit=unit,
        slope=np.ascontiguousarray(slope, dtype=np.float64),
        offset=np.ascontiguousarray(offset, dtype=np.float64),
        slope_gain=np.ascontiguousarray(gains, dtype=np.float64),
        offset_gain=np.ascontiguousarray(shifts, dtype=np.float64),
        twin=twin,
        facing=facing,
        word=word,
        label=label,
        chained=chained,
    )
