"""What the torch evaluator does for each operation. Values are tensors (T, B, C, H, W), as in `torch`."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import torch
from torch import Tensor

from netwarp.activations.registry import face
from netwarp.architecture.windows import pairs
from netwarp.errors import UnsupportedError
from netwarp.network.program import Conv, Pool, TensorConv
from netwarp.network.tensors import Tensors


def _views(z: Tensor, size: int, dilation: int) -> Iterator[Tensor]:
    """What each tap of a window sees, rows before columns."""
    height, width = (side - (size - 1) * dilation for side in z.shape[-2:])
    for r in range(size):
        for c in range(size):
            top, left = r * dilation, c * dilation
            yield z[..., top : top + height, left : left + width]


def convolved(conv: Conv, z: Tensor, weight: Tensor, bias: Tensor) -> Tensor:
    """A sum over taps of products over channels: no Winograd or Fourier transform, whose rounding is another."""
    groups = conv.groups
    taps = split(weight, 0, len(weight) // groups).flatten(3).unbind(3)  # each (G, O / G, I / G)
    total: Tensor | None = None
    for tap, view in zip(taps, _views(z, conv.kernel, conv.dilation), strict=True):
        grouped = split(view, 2, view.shape[2] // groups)
        if tap.shape[2] == 1:
            term = tap[..., None] * grouped
        else:
            term = split(torch.matmul(tap, grouped.flatten(4)), 4, view.shape[4])
        total = term if total is None else total.add_(term)
    assert total is not None
    result = total.flatten(2, 3)
    result[0] += bias[:, None, None]
    return result


def picked(z: Tensor, index: Tensor) -> Tensor:
    found = z.index_select(2, index.clamp(min=0))
    found[:, :, index < 0] = 0
    return found


def over_tensor(conv: TensorConv, z: Tensor, weight: Tensor, bias: Tensor) -> Tensor:
    """torch's own convolution, every position of the lattice an image of the batch."""
    parts, count, _, height, width = z.shape
    images = z.permute(0, 1, 3, 4, 2).reshape(-1, *conv.shape)
    top, bottom, left, right = conv.padding
    images = torch.nn.functional.pad(images, (left, right, top, bottom))
    made = torch.nn.functional.conv2d(
        images, weight, stride=conv.stride, dilation=conv.dilation, groups=conv.groups
    ).reshape(parts, count, height, width, *conv.made)
    made[0] += bias[:, None, None]
    return made.flatten(4).permute(0, 1, 4, 2, 3)


def split(z: Tensor, dimension: int, size: int) -> Tensor:
    """That dimension as two, of which the second has `size`."""
    shape = z.shape
    return z.reshape(*shape[:dimension], shape[dimension] // size, size, *shape[dimension + 1 :])


def pooled(pool: Pool, z: Tensor) -> Tensor:
    """Along rows, then along columns, by the steps that every evaluator takes."""
    join = torch.add if pool.kind == "avg" else larger
    for along in (-1, -2):
        values = [(z, 0)]  # each with the place, in the source, of its first number
        for pair in pairs(pool.kind, pool.size):
            offsets = [offset * pool.dilation for offset in pair.offsets]
            parts = [*zip([values[source] for source in pair.sources], offsets, strict=True)]
            low = max(start - offset for (_, start), offset in parts)
            high = min(start + part.shape[along] - offset for (part, start), offset in parts)
            here, there = (part.narrow(along, low + offset - start, high - low) for (part, start), offset in parts)
            values.append((join(here, there), low))
        z = values[-1][0]
    return z / pool.size**2 if pool.kind == "avg" else z


def larger(best: Tensor, other: Tensor) -> Tensor:
    """The one of larger value, the first where they are equal, with its tangents; NaN stays NaN."""
    if len(best) == 1:
        return torch.maximum(best, other)
    return torch.where(~(other[0] <= best[0]) & ~torch.isnan(best[0]), other, best)


def folded(join: Callable[[Tensor, Tensor], Tensor], sources: list[Tensor]) -> Tensor:
    result = sources[0]
    for other in sources[1:]:
        result = join(result, other)
    return result


def product(f: Tensor, g: Tensor) -> Tensor:
    value = f[:1] * g[:1]
    return torch.cat([value, f[1:] * g[:1] + f[:1] * g[1:]]) if len(f) > 1 else value


def layer_normalised(z: Tensor, scale: Tensor, shift: Tensor, eps: float) -> Tensor:
    centred = z - z.mean(dim=2, keepdim=True)
    spread = torch.sqrt((centred[:1] ** 2).mean(dim=2, keepdim=True) + eps)
    unit = centred[:1] / spread
    value = unit * scale + shift
    if len(z) == 1:
        return value
    along = (unit * centred[1:]).mean(dim=2, keepdim=True)
    return torch.cat([value, (centred[1:] - unit * along) / spread * scale])


def activated(name: str, z: Tensor, parameter: Tensor) -> Tensor:
    if len(z) == 1:
        return torch.as_tensor(face(name).value(Tensors(z), z, parameter))
    if face(name).jumps:
        raise UnsupportedError(f"activation {name!r} has no tangent; leave tangents out, or use sigmoid")
    value, slope = face(name).at(Tensors(z), z[:1], parameter)
    return torch.cat([value, slope() * z[1:]])
