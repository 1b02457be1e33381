"""Modules made of random steps, each of which shows in the output: what from_module is held to."""

# a step takes a batch (n, d) of vectors or (n, channels, rows, columns) of images

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor, nn
from torch.overrides import TorchFunctionMode

Step = Callable[[Tensor, Tensor], Tensor]  # of the last value and of an earlier one, of the same shape


@dataclass(frozen=True)
class Kind:
    """A step by its name: `make(draw, shape)` gives one for values of a shape, without the batch, or None."""

    name: str
    make: Callable[[Draw, tuple[int, ...]], Step | None]
    bent: bool = False  # smooth, or a product of what is not constant on pieces: no flat regions
    sides: int | None = None  # of the shapes that will do


class Draw:
    """Numbers for the steps."""

    def __init__(self, seed: int) -> None:
        self.rng = np.random.default_rng(seed)

    def tensor(self, *shape: int) -> Tensor:
        return torch.from_numpy(self.rng.normal(size=shape))

    def number(self, low: float, high: float) -> float:
        return float(np.round(self.rng.uniform(low, high), 3))

    def whole(self, low: int, high: int) -> int:
        return int(self.rng.integers(low, high + 1))


# what jumps has no slope that tells anything
JUMPS = frozenset(("where that jumps", "where an earlier value is above", "times a comparison"))
KINDS: dict[str, Kind] = {}


def everywhere(name: str, step: Callable[[Draw], Step], *, bent: bool = False) -> None:
    """A kind of steps that any shape will do for."""
    KINDS[name] = Kind(name, lambda draw, shape: step(draw), bent)


def vectors(name: str, step: Callable[[Draw, int], Step]) -> None:
    """A kind of steps for vectors."""
    KINDS[name] = Kind(name, lambda draw, shape: step(draw, shape[0]) if len(shape) == 1 else None, sides=1)


def images(name: str, step: Callable[[Draw, int, int], Step], *, least: int = 2) -> None:
    """A kind of steps for images whose sides are `least` at least."""

    def make(draw: Draw, shape: tuple[int, ...]) -> Step | None:
        return step(draw, shape[0], min(shape[1:])) if len(shape) == 3 and min(shape[1:]) >= least else None

    KINDS[name] = Kind(name, make, sides=3)


def _norm(d: Draw, shape: tuple[int, ...]) -> Step:
    norm: nn.Module = (nn.BatchNorm1d if len(shape) == 1 else nn.BatchNorm2d)(shape[0])
    norm.running_mean, norm.running_var = d.tensor(shape[0]) * 0.5, d.tensor(shape[0]) ** 2 + 0.5
    return _module(norm)


def _module(layer: nn.Module) -> Step:
    layer = layer.double().eval()
    return lambda x, _: layer(x)


def _conv(d: Draw, channels: int, side: int) -> Step:
    size, groups = d.whole(1, min(3, side)), d.whole(1, 2) if channels % 2 == 0 else 1
    outputs = 2 * groups
    weight = d.tensor(outputs, channels // groups, size, size) / (size * channels**0.5)
    options = {"stride": d.whole(1, 2), "padding": d.whole(0, size // 2), "groups": groups}
    bias = d.tensor(outputs) * 0.3
    return lambda x, _: F.conv2d(x, weight, bias, **options)


def _pooled(d: Draw, pool: Callable[..., Tensor], **options: Any) -> Step:
    size = d.whole(2, 2)
    stride, padding, ceil = d.whole(1, 2), d.whole(0, 1), bool(d.whole(0, 1))
    return lambda x, _: pool(x, size, stride, padding, ceil_mode=ceil, **options)


def _where(d: Draw, *, jump: bool) -> Step:
    at, left, right = d.number(-0.5, 0.5), d.number(-1, 1), d.number(0.3, 1.5)
    added = d.number(0.2, 1) if jump else (right - left) * at
    if d.whole(0, 1):
        return lambda x, _: torch.where(x > at, right * x, left * x + added)
    return lambda x, _: torch.where(x <= at, left * x + added, right * x)


def _split(d: Draw, n: int) -> Step:
    if d.whole(0, 1):
        return lambda x, _: torch.cat(x.chunk(2, 1)[::-1], 1)
    return lambda x, _: torch.cat([2 * one for one in torch.split(x, 2, 1)], 1)


def _unbound(d: Draw, n: int) -> Step:
    scale = d.number(0.5, 1.5)
    return lambda x, _: torch.stack([x.unbind(1)[0] * scale, x.select(1, n - 1), *x.unbind(1)[1:-1]], 1)


def _turned(d: Draw, n: int) -> Step:
    rows = next(r for r in (3, 2, 1) if n % r == 0)
    if rows > 1:
        return lambda x, _: x.view(-1, rows, n // rows).transpose(1, 2).contiguous().flatten(1).flip(1)
    return lambda x, _: x.view(-1, n, 1).permute(2, 0, 1).contiguous().squeeze(0).flip(1)


def _reduced(d: Draw, n: int, how: Callable[[Tensor], Tensor]) -> Step:
    rows = next(r for r in (3, 2, 1) if n % r == 0)
    return lambda x, _: torch.cat([how(x.unflatten(1, (rows, n // rows))), x[:, :3]], 1)


def _imaged(d: Draw, n: int) -> Step:
    weight, bias = d.tensor(16, n) / n**0.5, d.tensor(16) * 0.3
    return lambda x, _: F.linear(x, weight, bias).reshape(-1, 1, 4, 4)


def _flat(d: Draw, channels: int, side: int) -> Step:
    return lambda x, _: torch.flatten(x, 1)


def _constant(d: Draw, step: Callable[[Tensor, float], Tensor], low: float, high: float) -> Step:
    number = d.number(low, high)
    return lambda x, _: step(x, number)


def _linear(d: Draw, inputs: int, outputs: int) -> Step:
    weight, bias = d.tensor(outputs, inputs) / inputs**0.5, d.tensor(outputs) * 0.5
    return lambda x, _: F.linear(x, weight, bias)


def _matmul(d: Draw, n: int) -> Step:
    weight, bias, way = d.tensor(n, 4) / n**0.5, d.tensor(4) * 0.3, d.whole(0, 2)
    if way == 0:
        return lambda x, _: x @ weight
    if way == 1:
        return lambda x, _: torch.addmm(bias, x, weight)
    return lambda x, _: (weight.t() @ x[:, :, None]).squeeze(-1)


def _expanded(d: Draw, n: int) -> Step:
    if n > 4:
        return lambda x, _: x.unsqueeze(2).squeeze(2) * 2
    return lambda x, _: x.unsqueeze(1).expand(-1, 2, -1).flatten(1)


def _prelu(d: Draw) -> Step:
    slope = d.tensor(1)
    return lambda x, _: F.prelu(x, slope)


def _clamped(d: Draw) -> Step:
    return _constant(d, lambda x, k: x.clamp(min=k) if k > 0 else x.clamp(max=-k), -1, 1)


def _adaptive(d: Draw, channels: int, side: int) -> Step:
    wanted = d.whole(1, 2), d.whole(1, 2)
    return lambda x, _: F.adaptive_avg_pool2d(x, wanted)


def _smooth(function: Callable[[Tensor], Tensor]) -> Step:
    return lambda x, _: function(x)


vectors("linear", lambda d, n: _linear(d, n, d.whole(3, 6)))
vectors("matmul", _matmul)
vectors("split", _split)
vectors("unbind", _unbound)
vectors("permute", _turned)
vectors("mean", lambda d, n: _reduced(d, n, lambda z: z.mean(1)))
vectors("sum", lambda d, n: _reduced(d, n, lambda z: z.sum(-1)))
vectors("amax", lambda d, n: _reduced(d, n, lambda z: z.amax(1)))
vectors("amin", lambda d, n: _reduced(d, n, lambda z: z.amin(1)))
vectors("expand", _expanded)
vectors("slice", lambda d, n: lambda x, _: x[:, 1:] if n > 3 else x[:, -2:])
vectors("image", _imaged)
images("flatten", _flat, least=1)
images("conv2d", _conv, least=1)
images("max_pool2d", lambda d, c, s: _pooled(d, F.max_pool2d))
images("avg_pool2d", lambda d, c, s: _pooled(d, F.avg_pool2d, count_include_pad=bool(d.whole(0, 1))))
images("adaptive_avg_pool2d", _adaptive)
images("pad", lambda d, c, s: _constant(d, lambda x, k: F.pad(x, (1, 0, 0, 1), value=k), -1, 1), least=1)
images("mean of an image", lambda d, c, s: lambda x, _: x + x.mean((2, 3), keepdim=True), least=1)
KINDS["batch_norm"] = Kind("batch_norm", _norm)
everywhere("relu", lambda d: lambda x, _: F.relu(x))
everywhere("relu in place", lambda d: lambda x, _: F.relu_(x * 1.0))
everywhere("leaky_relu", lambda d: _constant(d, F.leaky_relu, -0.5, 0.5))
everywhere("prelu", _prelu)
everywhere("hardtanh", lambda d: _constant(d, lambda x, k: F.hardtanh(x, -k, 1.5 * k), 0.3, 1.0))
everywhere("relu6", lambda d: lambda x, _: F.relu6(4 * x))
everywhere("clamp", lambda d: _constant(d, lambda x, k: x.clamp(k, k + 1), -1, 0))
everywhere("clamp from one side", _clamped)
everywhere("hardsigmoid", lambda d: lambda x, _: F.hardsigmoid(4 * x))
everywhere("abs", lambda d: _constant(d, lambda x, k: (x - k).abs(), -0.5, 0.5))
everywhere("neg", lambda d: lambda x, _: -x)
everywhere("mul", lambda d: _constant(d, lambda x, k: k * x, 0.5, 2))
everywhere("div", lambda d: _constant(d, lambda x, k: x / k, 0.5, 2))
everywhere("add", lambda d: _constant(d, lambda x, k: x + k, -1, 1))
everywhere("sub", lambda d: _constant(d, lambda x, k: k - x, -1, 1))
everywhere("add an earlier value", lambda d: lambda x, y: x + y)
everywhere("sub an earlier value", lambda d: lambda x, y: torch.sub(x, y, alpha=0.5))
everywhere("cat", lambda d: lambda x, y: torch.cat([x, y], 1)[:, : x.shape[1] + 1])
everywhere("maximum", lambda d: torch.maximum)
everywhere("minimum", lambda d: torch.minimum)
everywhere("where", lambda d: _where(d, jump=False))
everywhere("where that jumps", lambda d: _where(d, jump=True))
everywhere("where an earlier value is above", lambda d: lambda x, y: torch.where(y > x, y, -0.5 * x))
everywhere("times a comparison", lambda d: _constant(d, lambda x, k: (x > k) * x.flip(1) + x, -0.5, 0.5))
everywhere("dropout", lambda d: lambda x, _: F.dropout(x, 0.5, False) * 1.5)
everywhere("softshrink", lambda d: _constant(d, F.softshrink, 0.1, 0.5))
SMOOTH = (torch.tanh, torch.sigmoid, F.gelu, F.silu, F.softplus, F.elu, F.selu, torch.sin, torch.cos, torch.erf)
for function in SMOOTH:
    everywhere(function.__name__, lambda d, function=function: _smooth(function), bent=True)
everywhere("layer_norm", lambda d: lambda x, _: F.layer_norm(x, x.shape[1:]), bent=True)
everywhere("product", lambda d: lambda x, y: x * y, bent=True)


class Called(TorchFunctionMode):
    """The names of torch's functions that are called meanwhile, without the underscore of those in place."""

    def __init__(self) -> None:
        super().__init__()
        self.names: set[str] = set()

    def __torch_function__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        name = getattr(func, "__name__", str(func))
        self.names.add("slice" if name == "__getitem__" else name.rstrip("_"))
        return func(*args, **(kwargs or {}))


class Random(nn.Module):
    """Steps of the names given, as far as they can follow one another; `names` are those that did."""

    def __init__(self, names: list[str], seed: int) -> None:
        super().__init__()
        draw = Draw(seed)
        x = draw.tensor(5, 2)
        self.names: list[str] = []
        self.steps: list[tuple[Step, Step]] = []
        self.first = _linear(draw, 2, draw.whole(4, 6))
        self.altered: int | None = None
        self.called: set[str] = set()  # in the step that is altered
        x = self.first(x, x)
        for name in names:
            step = KINDS[name].make(draw, tuple(x.shape[1:]))
            if step is None:
                continue
            # an earlier value of any shape comes as this one's through a map of its own
            width = int(np.prod(x.shape[1:]))
            self.steps.append((step, _linear(draw, 2, width)))
            self.names.append(name)
            x = self._stepped(len(self.steps) - 1, x, draw.tensor(5, 2))
        self.last = _linear(draw, int(np.prod(x.shape[1:])), 2)

    def _stepped(self, i: int, x: Tensor, inputs: Tensor) -> Tensor:
        step, earlier = self.steps[i]
        y = earlier(inputs, inputs).reshape(x.shape)
        if i != self.altered:
            return step(x, y)
        with Called() as called:
            x = step(x, y)
        self.called = called.names
        return 1.25 * x + 0.125

    def forward(self, inputs: Tensor) -> Tensor:
        x = self.first(inputs, inputs)
        for i in range(len(self.steps)):
            x = self._stepped(i, x, inputs)
        return self.last(x.flatten(1), x)

    def heard(self, points: Tensor) -> list[tuple[str, set[str]]]:
        """The names of the steps whose result shows in the output at these points, and torch's operations in each."""
        before, found = self(points), []
        for i, name in enumerate(self.names):
            self.altered = i
            if not torch.allclose(self(points), before, rtol=1e-6, atol=1e-9):
                found.append((name, self.called))
        self.altered = None
        return found

    @property
    def bent(self) -> bool:
        return any(KINDS[name].bent for name in self.names)
