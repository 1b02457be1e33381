"""Layers with weights, normalisations with frozen statistics, pools."""

# n axes of an image; a signal of one axis is an image of one row

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from netwarp.errors import UnsupportedError
from netwarp.models.graphs import affine, bends, pools
from netwarp.models.graphs.tensor import Tensor
from netwarp.models.onnx_ops.kinds import Function, NodeCall, roomy

Widths = list[tuple[int, int]]


def gemm(at: NodeCall) -> Tensor:
    one, other = at.given(0), at.given(1)
    if at.options["transA"]:
        one = one.moved(lambda a: a.T) if isinstance(one, Tensor) else np.asarray(one).T
    if at.options["transB"]:
        other = other.moved(lambda a: a.T) if isinstance(other, Tensor) else np.asarray(other).T
    found = _product(at, one, other).affine(at.options["alpha"])
    if at.given(2) is None:
        return found
    return at.builder.summed(found, at.tensor(2).affine(at.options["beta"]))


def matmul(at: NodeCall) -> Tensor:
    return _product(at, at.given(0), at.given(1))


def _product(at: NodeCall, one: Any, other: Any) -> Tensor:
    factors = [given if isinstance(given, Tensor) else np.asarray(given, np.float64) for given in (one, other)]
    if all(isinstance(factor, Tensor) for factor in factors):
        raise UnsupportedError("multiplies two matrices that both depend on the model's input")
    return affine.product(at.builder, factors[0], factors[1])


def conv(at: NodeCall) -> Tensor:
    weight, bias = at.weights(1, "weight"), at.array(2, "bias")
    x = at.tensor()
    size = weight.shape[2:]
    stride, dilation = (at.options.get(name) or [1] * len(size) for name in ("strides", "dilations"))
    around = _around(at, x.shape[2:], size, stride, dilation)
    if len(size) == 1:
        x, weight = x.moved(lambda a: a[..., None, :]), weight[:, :, None]
        stride, dilation, around = [1, *stride], [1, *dilation], [(0, 0), *around]
    (top, bottom), (left, right) = around
    places = [
        max(0, length + before + after) // max(1, step) + 1
        for length, (before, after), step in zip(x.shape[2:], around, stride, strict=True)
    ]
    roomy(len(weight), *places)
    made = affine.convolved(
        at.builder,
        x,
        weight,
        None if bias is None else np.asarray(bias, np.float64),
        stride=stride,
        padding=(top, bottom, left, right),
        dilation=dilation,
        groups=at.options["group"],
    )
    return made.moved(lambda a: a[..., 0, :]) if len(size) == 1 else made


def batch_norm(at: NodeCall) -> Tensor:
    if at.options.get("training_mode"):
        raise UnsupportedError("normalises by the statistics of its batch; export the model for inference")
    names = ("scale", "bias", "mean", "variance")
    scale, bias, mean, variance = (at.weights(i, name) for i, name in enumerate(names, 1))
    x = at.tensor()
    steep = scale / np.sqrt(variance + at.options["epsilon"])
    sides = (-1, *([1] * (len(x.shape) - 2)))
    return x.affine(steep.reshape(sides), (bias - mean * steep).reshape(sides))


def layer_norm(at: NodeCall) -> Tensor:
    if at.outputs > 1:
        raise UnsupportedError("gives its mean and its deviation")
    x = at.tensor()
    sides = x.shape[at.options["axis"] :]
    scale = np.broadcast_to(at.weights(1, "scale"), sides)
    bias = at.array(2, "bias")
    shift = None if bias is None else np.broadcast_to(np.asarray(bias, np.float64), sides)
    return bends.layer_normalised(at.builder, x, sides, scale, shift, at.options["epsilon"])


def max_pool(at: NodeCall) -> Tensor:
    if at.outputs > 1:
        raise UnsupportedError("gives the places of the largest")
    x, size, stride, around, dilation = _pool(at)
    made = pools.largest(at.builder, x, size, stride, around, dilation, ceil=bool(at.options.get("ceil_mode")))
    return made.moved(lambda a: a[..., 0, :]) if len(at.tensor().shape) == 3 else made


def average_pool(at: NodeCall) -> Tensor:
    x, size, stride, around, dilation = _pool(at)
    if any(step != 1 for step in dilation):
        raise UnsupportedError("takes the mean of windows with gaps")
    made = pools.averaged(
        at.builder,
        x,
        size,
        stride,
        around,
        ceil=bool(at.options.get("ceil_mode")),
        count_padding=bool(at.options.get("count_include_pad")),
    )
    return made.moved(lambda a: a[..., 0, :]) if len(at.tensor().shape) == 3 else made


def global_average(at: NodeCall) -> Tensor:
    x = at.tensor()
    return affine.mean(at.builder, x, range(2, len(x.shape)), keep=True)


def global_max(at: NodeCall) -> Tensor:
    x = at.tensor()
    return bends.extreme(at.builder, x, range(2, len(x.shape)), keep=True)


def _pool(at: NodeCall) -> tuple[Tensor, list[int], list[int], Widths, list[int]]:
    """(image, size, stride, padding, dilation), each of two axes."""
    x, size = at.tensor(), list(at.options["kernel_shape"])
    if len(x.shape) not in (3, 4):
        raise UnsupportedError(f"pools over {len(x.shape) - 2} axes; only images and signals are known")
    stride, dilation = (list(at.options.get(name) or [1] * len(size)) for name in ("strides", "dilations"))
    around = _around(at, x.shape[2:], size, stride, dilation)
    if len(size) == 1:
        x = x.moved(lambda a: a[..., None, :])
        size, stride, dilation, around = [1, *size], [1, *stride], [1, *dilation], [(0, 0), *around]
    for axis, (length, before, after) in enumerate(zip(x.shape[2:], *zip(*around, strict=True), strict=True)):
        roomy(size[axis], max(0, length + before + after) // max(1, stride[axis]) + 2)
    rows, columns = (
        max(0, length + sum(widths)) // max(1, step) + 2
        for length, widths, step in zip(x.shape[2:], around, stride, strict=True)
    )
    roomy(*x.shape[:2], rows, columns, *size)
    return x, size, stride, around, dilation


def _around(
    at: NodeCall, lengths: Sequence[int], size: Sequence[int], stride: Sequence[int], dilation: Sequence[int]
) -> Widths:
    """The padding (before, after) of every axis."""
    if not 1 <= len(size) <= 2:
        raise UnsupportedError(f"has windows of {len(size)} axes; only images and signals are known")
    if min(*size, *stride, *dilation) < 1:
        raise UnsupportedError("has a window, a stride or a dilation below 1")
    kind = at.options.get("auto_pad", "NOTSET")
    kind = kind.decode() if isinstance(kind, bytes) else kind
    if kind in ("NOTSET", ""):
        pads = at.options.get("pads") or [0] * (2 * len(size))
        if min(pads) < 0:
            raise UnsupportedError("has a negative padding")
        return list(zip(pads[: len(size)], pads[len(size) :], strict=True))
    if kind == "VALID":
        return [(0, 0)] * len(size)
    found = []
    for length, taps, step, gap in zip(lengths, size, stride, dilation, strict=True):
        whole = max(0, (-(-length // step) - 1) * step + (taps - 1) * gap + 1 - length)
        half = whole // 2
        found.append((half, whole - half) if kind == "SAME_UPPER" else (whole - half, half))
    return found


TABLE: dict[str, Function] = {
    "AveragePool": average_pool,
    "BatchNormalization": batch_norm,
    "Conv": conv,
    "Gemm": gemm,
    "GlobalAveragePool": global_average,
    "GlobalMaxPool": global_max,
    "LayerNormalization": layer_norm,
    "MatMul": matmul,
    "MaxPool": max_pool,
}
