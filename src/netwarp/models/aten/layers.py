"""Layers with weights, normalisations with frozen statistics, pools."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from netwarp.errors import UnsupportedError
from netwarp.models.aten.kinds import Function, Listed, pair
from netwarp.models.graphs import affine, bends, pools
from netwarp.models.graphs.builder import Builder
from netwarp.models.graphs.tensor import Array, Tensor


def linear(builder: Builder, x: Tensor, weight: Array, bias: Array | None = None) -> Tensor:
    _fixed(weight, bias)
    if weight.ndim == 1:
        made = affine.linear(builder, x, weight[None], bias)
        return made.reshaped(*made.shape[:-1])
    return affine.linear(builder, x, weight, bias)


def conv2d(
    builder: Builder,
    x: Tensor,
    weight: Array,
    bias: Array | None = None,
    stride: Listed = 1,
    padding: Listed | str = 0,
    dilation: Listed = 1,
    groups: int = 1,
) -> Tensor:
    _fixed(weight, bias)
    spread = pair(dilation)
    if padding == "same":
        before, after = _same(weight.shape[2:], spread)
    else:
        before = after = (0, 0) if isinstance(padding, str) else pair(padding)
    around = before[0], after[0], before[1], after[1]
    return affine.convolved(
        builder, x, weight, bias, stride=pair(stride), padding=around, dilation=spread, groups=groups
    )


def conv1d(
    builder: Builder,
    x: Tensor,
    weight: Array,
    bias: Array | None = None,
    stride: Listed = 1,
    padding: Listed | str = 0,
    dilation: Listed = 1,
    groups: int = 1,
) -> Tensor:
    _fixed(weight, bias)
    around = padding if isinstance(padding, str) else (0, pair(padding)[1])
    steps, spread = (1, pair(stride)[1]), (1, pair(dilation)[1])
    image = x.moved(lambda a: a[..., None, :])
    made = conv2d(builder, image, weight[:, :, None], bias, steps, around, spread, groups)
    return made.moved(lambda a: a[..., 0, :])


def batch_norm(
    builder: Builder,
    x: Tensor,
    weight: Array | None,
    bias: Array | None,
    mean: Array | None,
    variance: Array | None,
    training: bool,
    momentum: float,
    eps: float,
    cudnn: bool = False,
) -> Tensor:
    _fixed(weight, bias)
    if training or mean is None or variance is None:
        raise UnsupportedError("normalises by the statistics of its batch; only running statistics are known")
    scale = 1.0 / np.sqrt(variance + eps)
    if weight is not None:
        scale = scale * weight
    shift = -mean * scale
    if bias is not None:
        shift = shift + bias
    sides = (-1, *([1] * (len(x.shape) - 2)))
    return x.affine(scale.reshape(sides), shift.reshape(sides))


def frozen_batch_norm(
    builder: Builder,
    x: Tensor,
    weight: Array | None,
    bias: Array | None,
    mean: Array,
    variance: Array,
    momentum: float,
    eps: float,
) -> tuple[Tensor, None, None]:
    return batch_norm(builder, x, weight, bias, mean, variance, False, momentum, eps), None, None


def layer_norm(
    builder: Builder,
    x: Tensor,
    normalized_shape: Sequence[int],
    weight: Array | None = None,
    bias: Array | None = None,
    eps: float = 1e-5,
    cudnn: bool = True,
) -> Tensor:
    _fixed(weight, bias)
    return bends.layer_normalised(builder, x, normalized_shape, weight, bias, eps)


def native_layer_norm(
    builder: Builder,
    x: Tensor,
    normalized_shape: Sequence[int],
    weight: Array | None,
    bias: Array | None,
    eps: float,
) -> tuple[Tensor, None, None]:
    return layer_norm(builder, x, normalized_shape, weight, bias, eps), None, None


def dropout(builder: Builder, x: Tensor, p: float, train: bool) -> Tensor:
    if train and p > 0:
        raise UnsupportedError("drops numbers at random though the module is in eval mode; let it follow self.training")
    return x


def max_pool2d(
    builder: Builder,
    x: Tensor,
    kernel_size: Listed,
    stride: Listed = None,
    padding: Listed = 0,
    dilation: Listed = 1,
    ceil_mode: bool = False,
) -> Tensor:
    size, around = pair(kernel_size), pair(padding)
    steps = pair(stride) if stride else size
    sides = [(n, n) for n in around]
    return pools.largest(builder, x, size, steps, sides, pair(dilation), ceil=ceil_mode)


def max_pool2d_with_indices(
    builder: Builder,
    x: Tensor,
    kernel_size: Listed,
    stride: Listed = None,
    padding: Listed = 0,
    dilation: Listed = 1,
    ceil_mode: bool = False,
) -> tuple[Tensor, None]:
    return max_pool2d(builder, x, kernel_size, stride, padding, dilation, ceil_mode), None


def max_pool1d(
    builder: Builder,
    x: Tensor,
    kernel_size: Listed,
    stride: Listed = None,
    padding: Listed = 0,
    dilation: Listed = 1,
    ceil_mode: bool = False,
) -> Tensor:
    size, around, spread = ((low, pair(one)[1]) for low, one in ((1, kernel_size), (0, padding), (1, dilation)))
    steps = (1, pair(stride)[1]) if stride else size
    image = x.moved(lambda a: a[..., None, :])
    return max_pool2d(builder, image, size, steps, around, spread, ceil_mode).moved(lambda a: a[..., 0, :])


def avg_pool2d(
    builder: Builder,
    x: Tensor,
    kernel_size: Listed,
    stride: Listed = None,
    padding: Listed = 0,
    ceil_mode: bool = False,
    count_include_pad: bool = True,
    divisor_override: int | None = None,
) -> Tensor:
    size = pair(kernel_size)
    return pools.averaged(
        builder,
        x,
        size,
        pair(stride) if stride else size,
        [(n, n) for n in pair(padding)],
        ceil=ceil_mode,
        count_padding=count_include_pad,
        divisor=divisor_override,
    )


def avg_pool1d(
    builder: Builder,
    x: Tensor,
    kernel_size: Listed,
    stride: Listed = None,
    padding: Listed = 0,
    ceil_mode: bool = False,
    count_include_pad: bool = True,
) -> Tensor:
    size, around = (1, pair(kernel_size)[1]), (0, pair(padding)[1])
    steps = (1, pair(stride)[1]) if stride else size
    image = x.moved(lambda a: a[..., None, :])
    made = avg_pool2d(builder, image, size, steps, around, ceil_mode, count_include_pad)
    return made.moved(lambda a: a[..., 0, :])


def adaptive_avg_pool2d(builder: Builder, x: Tensor, output_size: Listed) -> Tensor:
    return pools.adapted(builder, x, pair(output_size), pools.averaged, mean=True)


def adaptive_avg_pool1d(builder: Builder, x: Tensor, output_size: Listed) -> Tensor:
    image, sides = x.moved(lambda a: a[..., None, :]), (1, pair(output_size)[1])
    return pools.adapted(builder, image, sides, pools.averaged, mean=True).moved(lambda a: a[..., 0, :])


def adaptive_max_pool2d(builder: Builder, x: Tensor, output_size: Listed) -> tuple[Tensor, None]:
    return pools.adapted(builder, x, pair(output_size), pools.largest, mean=False), None


def _same(kernel: Sequence[int], dilation: Sequence[int]) -> tuple[tuple[int, int], tuple[int, int]]:
    """Padding before and after on both axes that keeps an image's size: the odd one comes after."""
    whole = [(size - 1) * apart for size, apart in zip(kernel, dilation, strict=True)]
    return (whole[0] // 2, whole[1] // 2), (whole[0] - whole[0] // 2, whole[1] - whole[1] // 2)


def _fixed(*weights: object) -> None:
    """Nothing, where no weight depends on the input."""
    if any(isinstance(weight, Tensor) for weight in weights):
        raise UnsupportedError("takes weights that depend on the input")


TABLE: dict[str, Function] = {
    "linear": linear,
    "conv1d": conv1d,
    "conv2d": conv2d,
    "batch_norm": batch_norm,
    "_native_batch_norm_legit_no_training": frozen_batch_norm,
    "layer_norm": layer_norm,
    "native_layer_norm": native_layer_norm,
    "dropout": dropout,
    "alpha_dropout": dropout,
    "feature_dropout": dropout,
    "feature_alpha_dropout": dropout,
    "max_pool1d": max_pool1d,
    "max_pool2d": max_pool2d,
    "max_pool2d_with_indices": max_pool2d_with_indices,
    "avg_pool1d": avg_pool1d,
    "avg_pool2d": avg_pool2d,
    "adaptive_avg_pool1d": adaptive_avg_pool1d,
    "adaptive_avg_pool2d": adaptive_avg_pool2d,
    "_adaptive_avg_pool2d": adaptive_avg_pool2d,
    "adaptive_max_pool2d": adaptive_max_pool2d,
}
