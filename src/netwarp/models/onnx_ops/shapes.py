"""Views: shapes, orders and parts of tensors, and tensors beside each other."""

from __future__ import annotations

from math import prod
from typing import Any

import numpy as np
from numpy.typing import NDArray

from netwarp.errors import UnsupportedError, shown
from netwarp.models.graphs.tensor import Tensor
from netwarp.models.onnx_ops.kinds import Function, Moved, NodeCall, roomy

PADS = {"reflect": "reflect", "edge": "edge", "wrap": "wrap"}


def reshape(at: NodeCall) -> Moved:
    x, wanted = at.view(), at.listed("shape", 1)
    assert wanted is not None
    if not at.options.get("allowzero"):
        wanted = [x.shape[axis] if n == 0 else n for axis, n in enumerate(wanted)]
    shape = tuple(wanted)
    return x.moved(lambda a: a.reshape(shape))


def flatten(at: NodeCall) -> Moved:
    x = at.view()
    axis = at.options["axis"]
    first = prod(x.shape[: axis + len(x.shape) if axis < 0 else axis])
    return x.moved(lambda a: a.reshape(first, -1))


def transpose(at: NodeCall) -> Moved:
    order = at.options.get("perm")
    return at.view().moved(lambda a: a.transpose(order))


def squeeze(at: NodeCall) -> Moved:
    x, axes = at.view(), at.listed("axes", 1)
    gone = tuple(axes) if axes else None
    return x.moved(lambda a: a.squeeze(gone))


def unsqueeze(at: NodeCall) -> Moved:
    axes = tuple(at.listed("axes", 1) or ())
    return at.view().moved(lambda a: np.expand_dims(a, axes))


def cut(at: NodeCall) -> Moved:
    x = at.view()
    starts, ends = at.listed("starts", 1), at.listed("ends", 2)
    assert starts is not None
    assert ends is not None
    axes = at.listed("axes", 3)
    steps = at.listed("steps", 4) or [1] * len(starts)
    parts = [slice(None)] * len(x.shape)
    for axis, start, end, step in zip(axes or range(len(starts)), starts, ends, steps, strict=True):
        parts[axis] = slice(start, end, step)
    where = tuple(parts)
    return x.moved(lambda a: a[where])


def split(at: NodeCall) -> list[Moved]:
    x, sizes = at.view(), at.listed("split", 1)
    axis = at.options["axis"]
    length, count = x.shape[axis], at.outputs
    if not sizes:
        each = -(-length // count)
        sizes = [min(each, length - i * each) for i in range(count)]
    if sum(sizes) != length or len(sizes) != count or min(sizes) < 0:
        raise UnsupportedError(f"splits {length} into {sizes[:8]}")
    ends = np.cumsum(sizes)[:-1]

    def part(i: int) -> Moved:
        return x.moved(lambda a: np.split(a, ends, axis)[i])

    return [part(i) for i in range(count)]


def gather(at: NodeCall) -> Moved:
    x, index, axis = at.view(), _whole(at, 1), at.options["axis"]
    roomy(index.size, prod(x.shape) // max(1, x.shape[axis]))
    return x.moved(lambda a: np.take(a, index, axis))


def gather_elements(at: NodeCall) -> Moved:
    x, index, axis = at.view(), _whole(at, 1), at.options["axis"]
    crop = tuple(
        slice(None) if side == axis % len(x.shape) else slice(length) for side, length in enumerate(index.shape)
    )
    return x.moved(lambda a: np.take_along_axis(a[crop], index, axis))


def expand(at: NodeCall) -> Moved:
    x = at.view()
    wanted = at.listed("shape", 1) or []
    roomy(*(max(1, n) for n in wanted), prod(x.shape))
    shape = np.broadcast_shapes(x.shape, tuple(wanted))
    return x.moved(lambda a: np.broadcast_to(a, shape))


def tile(at: NodeCall) -> Moved:
    x, times = at.view(), at.listed("repeats", 1) or []
    roomy(*(max(0, n) for n in times), prod(x.shape))
    return x.moved(lambda a: np.tile(a, times))


def concat(at: NodeCall) -> Tensor:
    return at.builder.concatenated([at.tensor(i) for i in range(len(at.inputs))], at.options["axis"])


def pad(at: NodeCall) -> Tensor:
    x, pads = at.tensor(), at.listed("pads", 1) or []
    axes = at.listed("axes", 3) or list(range(len(x.shape)))
    widths = [(0, 0)] * len(x.shape)
    for i, axis in enumerate(axes):
        widths[axis] = pads[i], pads[i + len(axes)]
    roomy(*(max(0, n + before + after) for n, (before, after) in zip(x.shape, widths, strict=True)))
    if min(map(min, widths)) < 0:
        raise UnsupportedError("pads by a negative width")
    kind = at.options.get("mode", "constant")
    kind = kind.decode() if isinstance(kind, bytes) else kind
    if kind == "constant":
        value = at.options.get("value") if at.opset < 11 else at.array(2, "value")
        return x.padded(widths, 0.0 if value is None else float(np.asarray(value).reshape(())))
    if kind not in PADS:
        raise UnsupportedError(f"pads in the mode {shown(kind)}; constant, {', '.join(PADS)} are known")
    known: Any = PADS[kind]
    return x.moved(lambda a: np.pad(a, widths, known))


def depth_to_space(at: NodeCall) -> Moved:
    size, columns_first = at.options["blocksize"], at.options.get("mode") in ("CRD", b"CRD")

    def moved(a: Any) -> Any:
        n, channels, rows, columns = a.shape
        if columns_first:
            parts = a.reshape(n, channels // size**2, size, size, rows, columns).transpose(0, 1, 4, 2, 5, 3)
        else:
            parts = a.reshape(n, size, size, channels // size**2, rows, columns).transpose(0, 3, 4, 1, 5, 2)
        return parts.reshape(n, channels // size**2, rows * size, columns * size)

    return at.view().moved(moved)


def space_to_depth(at: NodeCall) -> Moved:
    size = at.options["blocksize"]

    def moved(a: Any) -> Any:
        n, channels, rows, columns = a.shape
        parts = a.reshape(n, channels, rows // size, size, columns // size, size).transpose(0, 3, 5, 1, 2, 4)
        return parts.reshape(n, channels * size**2, rows // size, columns // size)

    return at.view().moved(moved)


def shape_of(at: NodeCall) -> NDArray[np.int64]:
    start, end = at.options.get("start", 0), at.options.get("end")
    return np.array(at.view().shape[start:end], np.int64)


def size_of(at: NodeCall) -> NDArray[np.int64]:
    return np.array(prod(at.view().shape), np.int64)


def _whole(at: NodeCall, i: int) -> NDArray[np.int64]:
    return np.asarray(at.array(i, "index"), np.int64)


TABLE: dict[str, Function] = {
    "Concat": concat,
    "DepthToSpace": depth_to_space,
    "Expand": expand,
    "Flatten": flatten,
    "Gather": gather,
    "GatherElements": gather_elements,
    "Pad": pad,
    "Reshape": reshape,
    "Shape": shape_of,
    "Size": size_of,
    "Slice": cut,
    "SpaceToDepth": space_to_depth,
    "Split": split,
    "Squeeze": squeeze,
    "Tile": tile,
    "Transpose": transpose,
    "Unsqueeze": unsqueeze,
}
