"""The folded network through jax.jit on the processor."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
from jax import Array, lax

from benchmarks.rivals.folded import AbsentError, Primitives, image, walk
from netwarp.network.program import Program
from netwarp.plane import Raster

ACTIVATIONS: dict[str, Callable[[Array], Array]] = {
    "relu": jax.nn.relu,
    "sigmoid": jax.nn.sigmoid,
    "tanh": jnp.tanh,
    "sin": jnp.sin,
}


class Images:
    """Values are (1, C, rows, columns) or (1, rows, columns, C), as `layout` says."""

    def __init__(self, layout: str) -> None:
        self.layout = layout
        self.channels = layout.index("C")
        self.rows = layout.index("H")

    def _both(self, pair: tuple[int, int], other: tuple[int, int]) -> list[tuple[int, int]]:
        return [pair if axis in (self.rows, self.rows + 1) else other for axis in range(4)]

    def conv(self, x: Array, weight: np.ndarray, bias: np.ndarray, dilation: int, groups: int, pad: int) -> Array:
        kernel = weight if self.layout == "NCHW" else weight.transpose(2, 3, 1, 0)
        order = (self.layout, "OIHW" if self.layout == "NCHW" else "HWIO", self.layout)
        out = lax.conv_general_dilated(
            x,
            kernel,
            (1, 1),
            [(pad, pad)] * 2,
            rhs_dilation=(dilation, dilation),
            dimension_numbers=order,
            feature_group_count=groups,
        )
        return out + (bias[:, None, None] if self.layout == "NCHW" else bias)

    def activate(self, x: Array, name: str, parameter: np.ndarray) -> Array:
        if name not in ACTIVATIONS or (name == "sin" and (parameter != 1).any()):
            raise AbsentError(name)
        return ACTIVATIONS[name](x)

    def pool(self, x: Array, kind: str, size: int, dilation: int, pad: int) -> Array:
        window = [size if axis in (self.rows, self.rows + 1) else 1 for axis in range(4)]
        spread = [dilation if axis in (self.rows, self.rows + 1) else 1 for axis in range(4)]
        start, combine = (-jnp.inf, lax.max) if kind == "max" else (0.0, lax.add)
        padding = self._both((pad, pad), (0, 0))
        out = lax.reduce_window(x, start, combine, window, (1,) * 4, padding, window_dilation=spread)
        return out if kind == "max" else out / (size * size)

    def concat(self, values: list[Array]) -> Array:
        return jnp.concatenate(values, self.channels)

    def add(self, values: list[Array]) -> Array:
        return sum(values[1:], values[0])

    def multiply(self, values: list[Array]) -> Array:
        out = values[0]
        for value in values[1:]:
            out = out * value
        return out

    def crop(self, x: Array, by: int) -> Array:
        middle = slice(by, -by or None)
        return x[:, :, middle, middle] if self.layout == "NCHW" else x[:, middle, middle, :]


class Columns(Images):
    """Values are (C, pixels) or, turned, (pixels, C): a layer is a matrix product. For pointwise networks."""

    def __init__(self, turned: bool) -> None:
        super().__init__("NCHW")
        self.turned = turned
        self.channels = 1 if turned else 0

    def conv(self, x: Array, weight: np.ndarray, bias: np.ndarray, dilation: int, groups: int, pad: int) -> Array:
        if groups != 1:
            raise AbsentError("groups")
        matrix = weight[:, :, 0, 0]
        return x @ matrix.T + bias if self.turned else matrix @ x + bias[:, None]

    def crop(self, x: Array, by: int) -> Array:
        return x


def variants(program: Program, raster: Raster) -> dict[str, Callable[[], Any]]:
    """Ways to run it, by name; each returns the samples, in its own layout, and is done when it returns."""
    inputs = image(program, raster)
    found: dict[str, tuple[Primitives, np.ndarray]] = {
        "NCHW": (Images("NCHW"), inputs[None]),
        "NHWC": (Images("NHWC"), inputs.transpose(1, 2, 0)[None]),
    }
    if program.pointwise:
        flat = inputs.reshape(len(inputs), -1)
        found["matrix"] = (Columns(turned=False), flat)
        found["turned matrix"] = (Columns(turned=True), flat.T)
    return {name: _run(program, primitives, x) for name, (primitives, x) in found.items()}


def _run(program: Program, primitives: Primitives, inputs: np.ndarray) -> Callable[[], Any]:
    x = jax.device_put(jnp.asarray(np.ascontiguousarray(inputs)))
    call = jax.jit(lambda image: walk(program, image, primitives))
    return lambda: call(x).block_until_ready()
