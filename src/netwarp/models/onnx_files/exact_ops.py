"""Operations that ONNX's reference evaluator gets wrong or rounds to float32, by their definitions.

Its MaxPool takes the padding of an image as (top, bottom, left, right), though it is (top, left, bottom, right), and
that of a signal not at all; its pools know no SAME_UPPER whose stride is larger than the window. Its Softmax is over
one axis in every opset, and its LogSoftmax is the logarithm of numbers that may have become 0.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product
from typing import Any

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[Any]


def exact_ops() -> list[type]:
    """Classes for the evaluator, of numbers of any floating type."""
    from onnx.reference.op_run import OpRun
    from scipy.special import erf

    class Erf(OpRun):  # type: ignore[misc, unused-ignore]
        def _run(self, x: Any) -> tuple[Any]:
            return (erf(x).astype(x.dtype),)

    class Gelu(OpRun):  # type: ignore[misc, unused-ignore]
        def _run(self, x: Any, approximate: str = "none") -> tuple[Any]:
            inner = (
                np.tanh(np.sqrt(2 / np.pi) * (x + 0.044715 * x**3)) if approximate == "tanh" else erf(x / np.sqrt(2))
            )
            return ((x / 2 * (1 + inner)).astype(x.dtype),)

    class HardSwish(OpRun):  # type: ignore[misc, unused-ignore]
        def _run(self, x: Any) -> tuple[Any]:
            return ((x * np.clip(x / 6 + 0.5, 0, 1)).astype(x.dtype),)

    class MaxPool(OpRun):  # type: ignore[misc, unused-ignore]
        def _run(self, x: Any, storage_order: int = 0, **options: Any) -> tuple[Any]:  # noqa: ARG002
            if len(self.onnx_node.output) > 1:
                raise RuntimeError("the places of the largest are not known")
            return (max_pool(x, **options),)

    class AveragePool(OpRun):  # type: ignore[misc, unused-ignore]
        def _run(self, x: Any, count_include_pad: int = 0, **options: Any) -> tuple[Any]:
            return (average_pool(x, counted=bool(count_include_pad), **options),)

    class LogSoftmax(OpRun):  # type: ignore[misc, unused-ignore]
        def _run(self, x: Any, axis: int | None = None) -> tuple[Any]:
            return (log_softmax(x, softmax_axes(x.ndim, axis, self.run_params["opsets"][""])).astype(x.dtype),)

    class Softmax(OpRun):  # type: ignore[misc, unused-ignore]
        def _run(self, x: Any, axis: int | None = None) -> tuple[Any]:
            return (np.exp(log_softmax(x, softmax_axes(x.ndim, axis, self.run_params["opsets"][""]))).astype(x.dtype),)

    return [AveragePool, Erf, Gelu, HardSwish, LogSoftmax, MaxPool, Softmax]


def softmax_axes(rank: int, axis: int | None, opset: int) -> tuple[int, ...]:
    """What a Softmax of this opset is over: one axis, the last unless given; before opset 13 all from the axis on, the
    second unless given."""
    single = opset >= 13
    given = (-1 if single else 1) if axis is None else axis
    first = given + rank if given < 0 else given
    return (first,) if single else tuple(range(first, rank))


def log_softmax(x: Numbers, axes: tuple[int, ...]) -> Numbers:
    """x minus the logarithm of the sum of its exponentials over these axes."""
    low = x - x.max(axis=axes, keepdims=True)
    found: Numbers = low - np.log(np.exp(low).sum(axis=axes, keepdims=True))
    return found


def max_pool(x: Numbers, **options: Any) -> Numbers:
    """ONNX's MaxPool of (n, channels, ...) over any number of axes."""
    found: Numbers = np.maximum.reduce(list(_windows(x, -np.inf, -np.inf, **options)))
    return found


def average_pool(x: Numbers, *, counted: bool = False, **options: Any) -> Numbers:
    """ONNX's AveragePool: the padding is zeros, which count among the divisor where `counted`."""
    # what a last window reads past the padding never counts
    counts = sum(_windows(np.ones((1, 1, *x.shape[2:])), float(counted), 0.0, **options))
    return np.asarray(sum(_windows(x, 0.0, 0.0, **options)) / counts).astype(x.dtype)


def _windows(
    x: Numbers,
    around: float,
    beyond: float,
    *,
    kernel_shape: list[int],
    strides: list[int] | None = None,
    pads: list[int] | None = None,
    dilations: list[int] | None = None,
    auto_pad: str | None = "NOTSET",
    ceil_mode: int | None = 0,
) -> Iterator[Numbers]:
    """For every tap of the window what it reads at every place: `around` in the padding, `beyond` past it."""
    axes = len(kernel_shape)
    strides, dilations, pads = strides or [1] * axes, dilations or [1] * axes, pads or [0] * (2 * axes)
    places, widths, further = [], [(0, 0), (0, 0)], [(0, 0), (0, 0)]
    for axis, (taps, stride, gap) in enumerate(zip(kernel_shape, strides, dilations, strict=True)):
        length, reach = x.shape[2 + axis], (taps - 1) * gap + 1
        before, after = pads[axis], pads[axes + axis]
        if auto_pad in ("SAME_UPPER", "SAME_LOWER"):
            whole = max(0, (-(-length // stride) - 1) * stride + reach - length)
            before, after = whole // 2, whole - whole // 2
            if auto_pad == "SAME_LOWER":
                before, after = after, before
        elif auto_pad == "VALID":
            before = after = 0
        room = length + before + after - reach
        count = (-(-room // stride) if ceil_mode else room // stride) + 1
        if ceil_mode and (count - 1) * stride >= length + before:
            count -= 1  # no window begins in the padding at the end
        places.append(count)
        widths.append((before, after))
        further.append((0, max(0, (count - 1) * stride + reach - length - before - after)))
    padded = np.pad(np.pad(x, widths, constant_values=around), further, constant_values=beyond)
    for at in product(*map(range, kernel_shape)):
        window = tuple(
            slice(tap * gap, tap * gap + (count - 1) * stride + 1, stride)
            for tap, gap, count, stride in zip(at, dilations, places, strides, strict=True)
        )
        yield padded[(slice(None), slice(None), *window)]
