"""Reading .nnet files, in which the networks of ACAS Xu are kept: a text of layers with their normalisation."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from itertools import pairwise
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from netwarp.errors import InputError, LimitError, SliceError, shown
from netwarp.log import LOG
from netwarp.models.agreement import compare
from netwarp.models.graphs.affine import linear
from netwarp.models.graphs.builder import Builder
from netwarp.models.graphs.clamps import clamped
from netwarp.models.graphs.tensor import Tensor
from netwarp.models.slices import Slice
from netwarp.network.network import Network
from netwarp.network.plain import REWRITTEN, first_plane, lone
from netwarp.network.source import Graph

Array = NDArray[np.float64]
Layers = list[tuple[Array, Array]]  # weights and biases

MAX_BYTES = 1 << 28
MAX_LAYERS = 10_000
MAX_WIDTH = 100_000


def read(path: Path, at: Slice | None = None) -> Network:
    """The network of a .nnet file on a slice: as the format's own evaluators have it, inputs and outputs as they are.

    These clip every input to the range that the file says, which a first layer does here, subtract its mean and divide
    by its range, which is part of the weights. A bound from float32's largest number on is none. The network is
    compared with that evaluation on 16 to 4,096 points of the slice, as many as two seconds allow.
    Reference: https://github.com/sisl/NNet. Errors: InputError naming the line; SliceError for more than two inputs
    without a slice; LimitError; UnsupportedError where the two differ by more than 1e-9 of the largest output.
    """
    size = path.stat().st_size
    if size > MAX_BYTES:
        raise LimitError(f"{path}: {size:,} bytes, at most {MAX_BYTES:,} are read")
    data = path.read_bytes()
    if b"\0" in data:
        raise InputError(f"{path}: no NNET file: it is not text")
    # letters of other encodings may be in comments, which are left out
    rows = _NumberLines(str(path), data.decode("utf-8-sig", "replace"))
    head = rows.next("four sizes")
    if len(head) < 4:
        raise rows.wrong("four sizes: layers, inputs, outputs, widest")
    layers, inputs, outputs = (rows.size(one) for one in head[:3])
    if layers > MAX_LAYERS:
        raise LimitError(f"{path}: {layers:,} layers, at most {MAX_LAYERS:,} are read")
    widths = [rows.size(one) for one in rows.next("a width of every layer", layers + 1)]
    if (widths[0], widths[-1]) != (inputs, outputs):
        raise rows.wrong(f"widths from {inputs} to {outputs}, as the first line says")
    rows.next("a flag")
    low, high = (rows.next(what, inputs) for what in ("least inputs", "largest inputs"))
    if (low > high).any():
        raise rows.wrong("largest inputs that are no smaller than the least")
    means, ranges = (rows.next(what, inputs + 1) for what in ("means", "ranges"))
    if not ranges.all():
        raise rows.wrong("ranges other than 0")
    made: Layers = []
    for n, (read_width, width) in enumerate(pairwise(widths)):
        weight = np.stack([rows.next(f"weights of layer {n + 1}", read_width) for _ in range(width)])
        made.append((weight, np.concatenate([rows.next(f"a bias of layer {n + 1}", 1) for _ in range(width)])))
    rows.end()
    coefficients = _coefficients(path, at, inputs)
    builder = Builder(coefficients)
    builder.layer = "range"
    value = clamped(builder, builder.inputs((inputs,)), low, high)
    with np.errstate(over="ignore", invalid="ignore"):  # what overflows is refused below
        normalised = _normalised(made, means, ranges, value)
    for n, (weight, bias) in enumerate(normalised):
        if n == 0:
            value = replace(value, scale=None, shift=None)
        builder.layer = str(n)
        value = linear(builder, value, weight, bias)
        if n < layers - 1:
            # the format knows no other activation
            value = builder.activated(value, "relu")
    try:
        graph = Graph(builder.program(value))
    except InputError as error:
        raise InputError(f"{path}: its ranges make numbers beyond what a float64 holds ({error})") from error
    evaluated = partial(_evaluated, layers=made, low=low, high=high, means=means, ranges=ranges)
    home = None if at is None else at.home
    agreement = compare(evaluated, graph.program, coefficients, home, str(path), otherwise="")
    return Network(replace(graph, agreement=agreement))


def _normalised(layers: Layers, means: Array, ranges: Array, clipped: Tensor) -> Layers:
    """The layers with the means and ranges in their weights, and what waits to be done to the clipped inputs."""
    made = list(layers)
    weight, bias = made[0]
    weight = weight / ranges[:-1]
    scales = np.ones(clipped.shape) if clipped.scale is None else clipped.scale
    made[0] = weight * scales, bias + weight @ (clipped.shifts - means[:-1])
    # every output has the one mean and range that end these rows
    weight, bias = made[-1]
    made[-1] = weight * ranges[-1], bias * ranges[-1] + means[-1]
    return made


def _evaluated(rows: Array, *, layers: Layers, low: Array, high: Array, means: Array, ranges: Array) -> Array:
    """(n, C) the outputs for rows (n, K), step by step as the format's own evaluator computes them."""
    values = (np.clip(rows, low, high) - means[:-1]) / ranges[:-1]
    for weight, bias in layers[:-1]:
        values = np.maximum(values @ weight.T + bias, 0.0)
    weight, bias = layers[-1]
    return np.asarray((values @ weight.T + bias) * ranges[-1] + means[-1])


def _coefficients(path: Path, at: Slice | None, inputs: int) -> Array:
    """(inputs, 3) what the inputs are of x and y. Errors: InputError where the slice has another number of them."""
    if inputs == 1:
        raise lone(str(path), REWRITTEN)
    if at is None and inputs != 2:
        said = f"{path}: takes {inputs:,} inputs; give a slice of them, {first_plane(inputs)}"
        raise SliceError(said, (inputs,))
    found = np.eye(2, 3) if at is None else at.coefficients
    if len(found) != inputs:
        raise InputError(f"{path}: takes {inputs:,} inputs, but the slice has {len(found):,}; give one of as many")
    return found


class _NumberLines:
    """The lines of numbers, without comments; each is named in errors."""

    def __init__(self, name: str, text: str) -> None:
        self.name, self.lines, self.at = name, text.splitlines(), 0

    def next(self, what: str, count: int | None = None) -> NDArray[np.float64]:
        """The numbers of the next line. Errors: InputError where it has not `count`, or something else."""
        self._skip()
        self.at += 1
        if self.at > len(self.lines):
            raise self.wrong(f"{what}, and the file ends before it: it is cut short")
        entries = [entry for entry in self.lines[self.at - 1].split(",") if entry.strip()]
        try:
            found = np.array([float(entry) for entry in entries])
        except ValueError:
            raise self.wrong(f"numbers with commas between, {what}") from None
        if (count is not None and len(found) != count) or not np.isfinite(found).all():
            raise self.wrong(f"{'' if count is None else f'{count} '}finite numbers, {what}")
        return found

    def end(self) -> None:
        """Warns of lines that no layer has a use for."""
        self._skip()
        if self.at < len(self.lines):
            LOG.warning(
                "%s: lines from %d on are left out: the layers of its first lines end before", self.name, self.at + 1
            )

    def _skip(self) -> None:
        while self.at < len(self.lines) and self.lines[self.at].lstrip()[:2] in ("", "//"):
            self.at += 1

    def size(self, number: float) -> int:
        if number != int(number) or not 1 <= number <= MAX_WIDTH:
            raise self.wrong(f"sizes from 1 to {MAX_WIDTH:,}")
        return int(number)

    def wrong(self, needed: str) -> InputError:
        here = f"; it is {shown(self.lines[self.at - 1])}" if self.at <= len(self.lines) else ""
        return InputError(f"{self.name}: line {self.at} of an NNET file: needs {needed}{here}")
