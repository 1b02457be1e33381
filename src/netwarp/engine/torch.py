"""The torch evaluator: the same Program on any torch device. An extra: importing this module needs torch.

Written to be plainly right: every operation is a few tensor operations on the grid of a lattice, borders are "valid" on
a halo, and the halo shrinks by what each operation reads. Tangents are exact, propagated forward beside the values.
"""

# B pictures (1, or one a point), T parts (1 value; 3 value, d/dx, d/dy), C channels, H x W positions of a lattice
# every value is a tensor (T, B, C, H, W)

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, assert_never

import numpy as np
from numpy.typing import NDArray

from netwarp.engine.lattice import axis
from netwarp.engine.outside import called
from netwarp.engine.protocol import Dtype, Floats, Settle
from netwarp.engine.tiles import tiles_of
from netwarp.engine.torch_steps import (
    activated,
    convolved,
    folded,
    larger,
    layer_normalised,
    over_tensor,
    picked,
    pooled,
    product,
    split,
)
from netwarp.errors import InputError, UnsupportedError
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
    Multiply,
    Normalise,
    Pointwise,
    Pool,
    Program,
    TensorConv,
    Tensorial,
    calibrated,
    window,
)
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

    def _apply(self, i: int, operation: Conv | Pool | Pointwise | Tensorial, sources: list[Tensor]) -> Tensor:
        z = sources[0]
        if isinstance(operation, Conv):
            return convolved(operation, z, *self._tensors(i, operation.weight, operation.bias))
        if isinstance(operation, Activate):
            return activated(operation.name, z, self._tensors(i, operation.parameter)[0][:, None, None])
        if isinstance(operation, Pool):
            return pooled(operation, z)
        if isinstance(operation, Maxout):
            return folded(larger, list(split(z, 2, operation.pieces).unbind(3)))
        if isinstance(operation, LayerNorm):
            scale, shift = self._tensors(i, operation.scale, operation.shift)
            return layer_normalised(z, scale[:, None, None], shift[:, None, None], operation.eps)
        if isinstance(operation, Concat):
            return torch.cat(sources, dim=2)
        if isinstance(operation, Add):
            return folded(torch.add, sources)
        if isinstance(operation, Multiply):
            return folded(product, sources)
        if isinstance(operation, Gather):
            return picked(z, torch.from_numpy(operation.index.copy()).to(z.device))
        if isinstance(operation, TensorConv):
            return over_tensor(operation, z, *self._tensors(i, operation.weight, operation.bias))
        if isinstance(operation, Call):
            return self._called(operation, z)
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

    def _called(self, call: Call, z: Tensor) -> Tensor:
        """What an outside function gives, by way of arrays."""
        shape = z.shape
        points = z.permute(0, 2, 1, 3, 4).flatten(2).cpu().numpy()
        found = torch.from_numpy(called(call, points)).to(self._dtype).to(self._device)
        return found.reshape(shape[0], call.channels, shape[1], *shape[3:]).transpose(1, 2)

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
