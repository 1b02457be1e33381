"""The torch evaluator: the same Program on any torch device. An extra: importing this module needs torch.

Written to be plainly right: every operation is a few tensor operations on the grid of a lattice, borders are "valid" on
a halo, and the halo shrinks by what each operation reads. Tangents are exact, propagated forward beside the values.
"""

# B pictures (1, or one a point), T parts (1 value; 3 value, d/dx, d/dy), C channels, H x W positions of a lattice
# every value is a tensor (T, B, C, H, W)

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, assert_never

import numpy as np
from numpy.typing import NDArray

from netwarp.activations.registry import face
from netwarp.architecture.windows import pairs
from netwarp.engine.lattice import axis
from netwarp.engine.protocol import Dtype, Floats, Settle
from netwarp.engine.tiles import tiles_of
from netwarp.errors import InputError, UnsupportedError
from netwarp.network.program import (
    LINEAR,
    RADIUS,
    Activate,
    Add,
    Concat,
    Conv,
    Embed,
    LayerNorm,
    Maxout,
    Multiply,
    Normalise,
    Pointwise,
    Pool,
    Program,
    calibrated,
    window,
)
from netwarp.network.tensors import Tensors
from netwarp.plane import Raster
from netwarp.progress import Progress

try:
    import torch
    from torch import Tensor
except ImportError as missing:
    raise UnsupportedError('the torch evaluator needs torch; pip install "netwarp[torch]"') from missing

BUDGET = 256 << 20  # bytes of intermediate values a tile may need
CACHE = 16 << 20  # on a CPU more than this is slower, unless the tile is mostly halo


class Torch:
    """The evaluator on one torch device ("cpu", "cuda", "cuda:1", "mps"). Conforms to engine.protocol.Engine.

    Errors: InputError for a device torch does not know; UnsupportedError where it is not there, or has no float64.
    """

    name = "torch"

    def __init__(self, device: str = "cpu") -> None:
        try:
            self._device = torch.device(device)
        except RuntimeError as error:
            raise InputError(f"device {device!r}: torch knows no such device; try cpu or cuda") from error
        try:
            torch.ones(1, device=self._device).item()
        except (RuntimeError, AssertionError, NotImplementedError) as error:
            raise UnsupportedError(f"device {device!r}: this torch cannot use it here; use cpu") from error

    def run(
        self,
        program: Program,
        raster: Raster,
        tap: tuple[float, float],
        dtype: Dtype,
        *,
        tangents: bool = False,
        progress: Progress | None = None,
    ) -> Floats:
        """(k, rows, columns) values; with tangents (k, 3, rows, columns)."""
        walk = _Walk(self._device, program, dtype, tangents)
        reach = program.reach[0]
        plane = raster.plane
        across = axis(raster.columns, plane.width, plane.x, tap[0], reach)
        down = axis(raster.rows, plane.height, plane.y, tap[1], reach)
        parts = 3 if tangents else 1
        out = np.empty((program.channels, parts, raster.rows, raster.columns), dtype=dtype)
        tiles = tiles_of(across, down, walk.positions)
        done = 0
        for x, y in tiles:
            values = walk(x.coordinates[None, None, :], y.coordinates[None, :, None])[:, 0]
            rows, columns = y.core - y.before, x.core - x.before
            found = values.swapaxes(0, 1)[:, :, rows[:, None], columns]
            out[:, :, y.pixels[:, None], x.pixels] = found
            done += len(x.pixels) * len(y.pixels)
            if progress is not None:
                progress(done, raster.pixels)
        return out if tangents else out[:, 0]

    def points(
        self,
        program: Program,
        points: NDArray[np.float64],
        tap: tuple[float, float],
        dtype: Dtype,
        *,
        tangents: bool = False,
        progress: Progress | None = None,
    ) -> Floats:
        """(n, k) values at (n, 2) points, each on its own lattice of taps; with tangents (n, k, 3)."""
        points = np.asarray(points, dtype=np.float64)
        if points.ndim != 2 or points.shape[1] != 2:
            raise InputError(f"points of shape {points.shape}: must be (n, 2), x and y of each")
        walk = _Walk(self._device, program, dtype, tangents)
        before, after = program.reach[0]
        offsets = np.arange(-before, after + 1)
        side = len(offsets)
        out = np.empty((len(points), program.channels, 3 if tangents else 1), dtype=dtype)
        many = max(1, walk.positions // side**2)
        for first in range(0, len(points), many):
            some = points[first : first + many]
            if side == 1:
                # one picture of n columns rather than n pictures of one pixel
                found = walk(some[None, None, :, 0], some[None, None, :, 1])[:, 0, :, 0]
                out[first : first + many] = found.transpose(2, 1, 0)
            else:
                x = some[:, 0, None, None] + offsets * tap[0]
                y = some[:, 1, None, None] + offsets[:, None] * tap[1]
                out[first : first + many] = walk(x, y)[:, :, :, 0, 0].transpose(1, 2, 0)
            if progress is not None:
                progress(min(first + many, len(points)), len(points))
        return out if tangents else out[:, :, 0]

    def statistics(self, program: Program, raster: Raster, settle: Settle, *, progress: Progress | None = None) -> None:
        """Calls settle(i, mean, variance) at every Normalise, with float64 statistics over the raster's pixels."""
        walk = _Walk(self._device, program, "float64", False)
        before, after = program.reach[0]
        x = axis(raster.columns, raster.plane.width, raster.plane.x, raster.pitch[0], (before, after))
        y = axis(raster.rows, raster.plane.height, raster.plane.y, raster.pitch[1], (before, after))
        last = max((i for i, one in enumerate(program.operations) if isinstance(one, Normalise)), default=-1)
        for i, source in walk.steps(x.coordinates[None, None, :], y.coordinates[None, :, None]):
            if source is not None:
                low = program.reach[program.operations[i].sources[0]][0]
                core = source[0, 0, :, low : low + raster.rows, low : low + raster.columns]
                mean = core.mean(dim=(1, 2), keepdim=True)
                variance = ((core - mean) ** 2).mean(dim=(1, 2))
                walk.operations[i] = settle(i, mean[:, 0, 0].cpu().numpy(), variance.cpu().numpy())
            if progress is not None:
                progress(i + 1, last + 1)
            if i >= last:
                return


class _Walk:
    """A Program on a device, in a dtype, operation by operation over the grid of a lattice."""

    def __init__(self, device: torch.device, program: Program, dtype: Dtype, tangents: bool) -> None:
        if dtype == "float64" and device.type == "mps":
            raise UnsupportedError(f"device {str(device)!r} has no float64; use float32, or the device cpu")
        self.operations = list(program.operations)
        self.reach = program.reach
        self.parts = 3 if tangents else 1
        self._device = device
        self._dtype = torch.float64 if dtype == "float64" else torch.float32
        self._last = _last_reads(program)
        self._numbers: dict[int, list[Tensor]] = {}

    @property
    def positions(self) -> int:
        """How many positions of a lattice, halo included, a tile should have."""
        live, most = 0, 0
        for i, operation in enumerate(self.operations):
            live += operation.channels
            # a convolution copies what a tap reads and what it gives; the embedding is made in float64
            read = sum(self.operations[j].channels for j in operation.sources)
            most = max(most, live + 2 * operation.channels + read)
            live -= sum(self.operations[j].channels for j in range(i + 1) if self._last[j] == i)
        size: int = most * self.parts * self._dtype.itemsize
        largest = max(1, BUDGET // size)
        worthwhile = (2 * sum(self.reach[0])) ** 2
        return min(largest, max(CACHE // size, worthwhile)) if self._device.type == "cpu" else largest

    def __call__(self, x: NDArray[np.float64], y: NDArray[np.float64]) -> Floats:
        """(T, B, C, H, W) values of the output at x (B or 1, H or 1, W) and y (B or 1, H, W or 1), less the halo."""
        for _ in self.steps(x, y):
            pass
        result: Floats = self._output.cpu().numpy()
        return result

    def steps(self, x: NDArray[np.float64], y: NDArray[np.float64]) -> Iterator[tuple[int, Tensor | None]]:
        """Every operation before it is done; a Normalise comes with its source's values, and must be a Conv by then."""
        values: dict[int, Tensor] = {}
        for i, operation in enumerate(self.operations):
            pending = isinstance(operation, Normalise)
            yield i, values[operation.sources[0]] if pending else None
            with torch.no_grad(), _full_precision():
                values[i] = self._value(i, values, x, y)
            for j in [j for j in values if self._last[j] <= i and j != len(self.operations) - 1]:
                del values[j]
        self._output = values[len(self.operations) - 1]

    def _value(self, i: int, values: dict[int, Tensor], x: NDArray[np.float64], y: NDArray[np.float64]) -> Tensor:
        operation = calibrated(self.operations[i])
        if isinstance(operation, Embed):
            return self._embedded(operation, x, y)
        before, after = window(operation)
        sources = []
        for j in operation.sources:
            # what a value has more than this operation reads goes, on either side
            low = self.reach[j][0] - self.reach[i][0] - before
            high = self.reach[j][1] - self.reach[i][1] - after
            height, width = values[j].shape[3:]
            sources.append(values[j][..., low : height - high, low : width - high])
        return self._apply(i, operation, sources)

    def _apply(self, i: int, operation: Conv | Pool | Pointwise, sources: list[Tensor]) -> Tensor:
        z = sources[0]
        if isinstance(operation, Conv):
            return _convolved(operation, z, *self._tensors(i, operation.weight, operation.bias))
        if isinstance(operation, Activate):
            return _activated(operation.name, z, self._tensors(i, operation.parameter)[0][:, None, None])
        if isinstance(operation, Pool):
            return _pooled(operation, z)
        if isinstance(operation, Maxout):
            return _folded(_larger, list(_split(z, 2, operation.pieces).unbind(3)))
        if isinstance(operation, LayerNorm):
            scale, shift = self._tensors(i, operation.scale, operation.shift)
            return _layer_normalised(z, scale[:, None, None], shift[:, None, None], operation.eps)
        if isinstance(operation, Concat):
            return torch.cat(sources, dim=2)
        if isinstance(operation, Add):
            return _folded(torch.add, sources)
        if isinstance(operation, Multiply):
            return _folded(_product, sources)
        assert_never(operation)

    def _embedded(self, embed: Embed, x: NDArray[np.float64], y: NDArray[np.float64]) -> Tensor:
        """(T, B, K, H, W), taken in float64 and then rounded."""
        place = torch.device("cpu") if self._device.type == "mps" else self._device
        a, b, c = (torch.from_numpy(column.copy()).to(place)[:, None, None] for column in embed.coefficients.T)
        xs, ys = (torch.from_numpy(one.copy()).to(place)[:, None] for one in (x, y))
        line = a * xs + b * ys + c
        kinds = torch.from_numpy(embed.kinds.copy()).to(place)[:, None, None]
        linear, radial = kinds == LINEAR, kinds == RADIUS
        radius = torch.sqrt(xs * xs + ys * ys)
        value = torch.where(linear, line, torch.where(radial, radius, torch.sin(line)))
        parts = [value]
        if self.parts == 3:
            safe = torch.where(radius > 0, radius, 1.0)
            for slope, along in ((a, xs), (b, ys)):
                curved = torch.where(radial, along / safe, slope * torch.cos(line))
                parts.append(torch.where(linear, slope, curved).expand_as(value))
        return torch.stack(parts).to(self._dtype).to(self._device)

    def _tensors(self, i: int, *arrays: NDArray[np.float64]) -> list[Tensor]:
        if i not in self._numbers:
            self._numbers[i] = [torch.from_numpy(one.copy()).to(self._dtype).to(self._device) for one in arrays]
        return self._numbers[i]


def _last_reads(program: Program) -> list[int]:
    """Program.last_use, but what makes a Normalise's value may read either its source or that one's sources."""
    last = list(program.last_use)
    for i, operation in enumerate(program.operations):
        if isinstance(operation, Normalise):
            for source in program.operations[operation.sources[0]].sources:
                last[source] = max(last[source], i)
    return last


@contextmanager
def _full_precision() -> Iterator[None]:
    """float32 products in float32, whatever the user set: TF32 and bfloat16 draw another picture."""
    try:
        before = torch.get_float32_matmul_precision()
    except RuntimeError:  # torch refuses this question once its newer setting was used
        backends: list[Any] = [torch.backends.cuda, torch.backends.mkldnn]
        settings = [backend.matmul for backend in backends]
        kept = [one.fp32_precision for one in settings]
        try:
            for one in settings:
                one.fp32_precision = "ieee"
            yield
        finally:
            for one, precision in zip(settings, kept, strict=True):
                one.fp32_precision = precision
        return
    try:
        torch.set_float32_matmul_precision("highest")
        yield
    finally:
        torch.set_float32_matmul_precision(before)


def _views(z: Tensor, size: int, dilation: int) -> Iterator[Tensor]:
    """What each tap of a window sees, rows before columns."""
    height, width = (side - (size - 1) * dilation for side in z.shape[-2:])
    for r in range(size):
        for c in range(size):
            top, left = r * dilation, c * dilation
            yield z[..., top : top + height, left : left + width]


def _convolved(conv: Conv, z: Tensor, weight: Tensor, bias: Tensor) -> Tensor:
    """A sum over taps of products over channels: no Winograd or Fourier transform, whose rounding is another."""
    groups = conv.groups
    taps = _split(weight, 0, len(weight) // groups).flatten(3).unbind(3)  # each (G, O / G, I / G)
    total: Tensor | None = None
    for tap, view in zip(taps, _views(z, conv.kernel, conv.dilation), strict=True):
        grouped = _split(view, 2, view.shape[2] // groups)
        if tap.shape[2] == 1:
            term = tap[..., None] * grouped
        else:
            term = _split(torch.matmul(tap, grouped.flatten(4)), 4, view.shape[4])
        total = term if total is None else total.add_(term)
    assert total is not None
    result = total.flatten(2, 3)
    result[0] += bias[:, None, None]
    return result


def _split(z: Tensor, dimension: int, size: int) -> Tensor:
    """That dimension as two, of which the second has `size`."""
    shape = z.shape
    return z.reshape(*shape[:dimension], shape[dimension] // size, size, *shape[dimension + 1 :])


def _pooled(pool: Pool, z: Tensor) -> Tensor:
    """Along rows, then along columns, by the steps that every evaluator takes."""
    join = torch.add if pool.kind == "avg" else _larger
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


def _larger(best: Tensor, other: Tensor) -> Tensor:
    """The one of larger value, the first where they are equal, with its tangents; NaN stays NaN."""
    if len(best) == 1:
        return torch.maximum(best, other)
    return torch.where(~(other[0] <= best[0]) & ~torch.isnan(best[0]), other, best)


def _folded(join: Callable[[Tensor, Tensor], Tensor], sources: list[Tensor]) -> Tensor:
    result = sources[0]
    for other in sources[1:]:
        result = join(result, other)
    return result


def _product(f: Tensor, g: Tensor) -> Tensor:
    value = f[:1] * g[:1]
    return torch.cat([value, f[1:] * g[:1] + f[:1] * g[1:]]) if len(f) > 1 else value


def _layer_normalised(z: Tensor, scale: Tensor, shift: Tensor, eps: float) -> Tensor:
    centred = z - z.mean(dim=2, keepdim=True)
    spread = torch.sqrt((centred[:1] ** 2).mean(dim=2, keepdim=True) + eps)
    unit = centred[:1] / spread
    value = unit * scale + shift
    if len(z) == 1:
        return value
    along = (unit * centred[1:]).mean(dim=2, keepdim=True)
    return torch.cat([value, (centred[1:] - unit * along) / spread * scale])


def _activated(name: str, z: Tensor, parameter: Tensor) -> Tensor:
    if len(z) == 1:
        return torch.as_tensor(face(name).value(Tensors(z), z, parameter))
    if face(name).jumps:
        raise UnsupportedError(f"activation {name!r} has no tangent; leave tangents out, or use sigmoid")
    value, slope = face(name).at(Tensors(z), z[:1], parameter)
    return torch.cat([value, slope() * z[1:]])
