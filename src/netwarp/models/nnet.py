"""Reading .nnet files, in which the networks of ACAS Xu are kept: a text of layers with their normalisation."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from netwarp.errors import InputError, LimitError
from netwarp.network.npz import Arrays

MAX_BYTES = 1 << 28
MAX_LAYERS = 10_000
MAX_WIDTH = 100_000


def read(path: Path) -> Arrays:
    """W0, b0, W1, b1, ... of a .nnet file, its normalisation folded in: they read inputs and give outputs as they are.

    The format's own evaluators clip inputs to the file's range first; here the network goes on beyond it.
    Reference: https://github.com/sisl/NNet. Errors: InputError naming the line; LimitError.
    """
    size = path.stat().st_size
    if size > MAX_BYTES:
        raise LimitError(f"{path}: {size:,} bytes, at most {MAX_BYTES:,} are read")
    try:
        rows = _NumberLines(str(path), path.read_text("utf-8"))
    except UnicodeDecodeError:
        raise InputError(f"{path}: no NNET file: it is not text") from None
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
    for what in ("least inputs", "largest inputs"):
        rows.next(what, inputs)
    means, ranges = (rows.next(what, inputs + 1) for what in ("means", "ranges"))
    if not ranges.all():
        raise rows.wrong("ranges other than 0")
    arrays: dict[str, NDArray[np.float64]] = {}
    for n, (read_width, width) in enumerate(pairwise(widths)):
        arrays[f"W{n}"] = np.stack([rows.next(f"weights of layer {n + 1}", read_width) for _ in range(width)])
        arrays[f"b{n}"] = np.concatenate([rows.next(f"a bias of layer {n + 1}", 1) for _ in range(width)])
    first, last = arrays["W0"] / ranges[:-1], f"W{layers - 1}"
    arrays["b0"] = arrays["b0"] - first @ means[:-1]
    arrays["W0"] = first
    # every output has the one mean and range that end these rows
    arrays[last] = arrays[last] * ranges[-1]
    arrays[f"b{layers - 1}"] = arrays[f"b{layers - 1}"] * ranges[-1] + means[-1]
    # the format knows no other activation
    return {**arrays, "activation": np.array("relu")}


class _NumberLines:
    """The lines of numbers, without comments; each is named in errors."""

    def __init__(self, name: str, text: str) -> None:
        self.name, self.lines, self.at = name, text.splitlines(), 0

    def next(self, what: str, count: int | None = None) -> NDArray[np.float64]:
        """The numbers of the next line. Errors: InputError where it has not `count`, or something else."""
        while self.at < len(self.lines) and self.lines[self.at].lstrip()[:2] in ("", "//"):
            self.at += 1
        self.at += 1
        if self.at > len(self.lines):
            raise self.wrong(f"{what}: the file ends before")
        entries = [entry for entry in self.lines[self.at - 1].split(",") if entry.strip()]
        try:
            found = np.array([float(entry) for entry in entries])
        except ValueError:
            raise self.wrong(f"numbers with commas between, {what}") from None
        if (count is not None and len(found) != count) or not np.isfinite(found).all():
            raise self.wrong(f"{'' if count is None else count} finite numbers, {what}")
        return found

    def size(self, number: float) -> int:
        if number != int(number) or not 1 <= number <= MAX_WIDTH:
            raise self.wrong(f"sizes from 1 to {MAX_WIDTH:,}")
        return int(number)

    def wrong(self, needed: str) -> InputError:
        return InputError(f"{self.name}: line {self.at} of an NNET file: needs {needed}")
