"""Activations, with ONNX's options."""

from __future__ import annotations

from functools import partial

import numpy as np

from netwarp.errors import UnsupportedError
from netwarp.models.graphs import bends
from netwarp.models.graphs.clamps import clamped
from netwarp.models.graphs.tensor import Tensor
from netwarp.models.onnx_ops.kinds import Function, Moved, NodeCall


def plain(at: NodeCall, *, name: str) -> Tensor:
    """An activation of the language that takes no options."""
    return at.builder.activated(at.tensor(), name)


def leaky_relu(at: NodeCall) -> Tensor:
    return at.builder.activated(at.tensor(), "leaky", at.options["alpha"])


def prelu(at: NodeCall) -> Tensor:
    x = at.tensor()
    return at.builder.activated(x, "prelu", np.broadcast_to(at.weights(1, "slope"), x.shape))


def thresholded_relu(at: NodeCall) -> Tensor:
    x = at.tensor()
    return bends.where(at.builder, bends.compared(at.builder, x, at.options["alpha"]), x, 0.0)


def clip(at: NodeCall) -> Tensor:
    if at.opset < 11:
        # the bounds are float32's largest numbers unless given
        return clamped(at.builder, at.tensor(), at.options["min"], at.options["max"])
    if any(isinstance(at.given(i), Tensor) for i in (1, 2)):
        found = at.tensor() if at.given(1) is None else bends.larger(at.builder, at.tensor(), at.given(1))
        return found if at.given(2) is None else bends.smaller(at.builder, found, at.given(2))
    low, high = (None if (given := at.array(i, "bound")) is None else given.reshape(()) for i in (1, 2))
    return clamped(at.builder, at.tensor(), low, high)


def hard_sigmoid(at: NodeCall) -> Tensor:
    # the language's is clip(z / 6 + 1 / 2, 0, 1)
    slope, high = at.options["alpha"], at.options["beta"]
    return at.builder.activated(at.tensor().affine(6.0 * slope, 6.0 * high - 3.0), "hardsigmoid")


def gelu(at: NodeCall) -> Tensor:
    if at.options.get("approximate") in ("tanh", b"tanh"):
        return bends.softly(at.builder, at.tensor())
    return at.builder.activated(at.tensor(), "gelu")


def elu(at: NodeCall) -> Tensor:
    return bends.elu(at.builder, at.tensor(), at.options["alpha"])


def celu(at: NodeCall) -> Tensor:
    alpha = at.options["alpha"]
    return bends.elu(at.builder, at.tensor(), alpha, 1.0, 1.0 / alpha)


def selu(at: NodeCall) -> Tensor:
    return bends.elu(at.builder, at.tensor(), at.options["alpha"], at.options["gamma"])


def swish(at: NodeCall) -> Tensor:
    alpha = at.options["alpha"]
    return at.builder.activated(at.tensor().affine(alpha), "silu").affine(1.0 / alpha)


def sin(at: NodeCall) -> Tensor:
    return at.builder.activated(at.tensor(), "sin", 1.0)


def shrink(at: NodeCall) -> Tensor:
    if at.options["bias"] != at.options["lambd"]:
        raise UnsupportedError("shrinks by a bias that is not its lambd, and so jumps")
    return bends.shrunk(at.builder, at.tensor(), at.options["lambd"])


def same(at: NodeCall) -> Moved:
    return at.view()


def dropout(at: NodeCall) -> Moved:
    training = at.array(2, "training mode")
    if training is not None and bool(training):
        raise UnsupportedError("drops at random; export the model for inference")
    if at.outputs > 1:
        raise UnsupportedError("gives its mask")
    return at.view()


# ONNX's name -> the language's
PLAIN = {
    "Abs": "abs",
    "Cos": "cos",
    "Erf": "erf",
    "HardSwish": "hardswish",
    "Mish": "mish",
    "Relu": "relu",
    "Sigmoid": "sigmoid",
    "Softplus": "softplus",
    "Softsign": "softsign",
    "Tanh": "tanh",
}

TABLE: dict[str, Function] = {
    **{name: partial(plain, name=known) for name, known in PLAIN.items()},
    "Celu": celu,
    "Clip": clip,
    "Dropout": dropout,
    "Elu": elu,
    "Gelu": gelu,
    "HardSigmoid": hard_sigmoid,
    "Identity": same,
    "LeakyRelu": leaky_relu,
    "PRelu": prelu,
    "Selu": selu,
    "Shrink": shrink,
    "Sin": sin,
    "Swish": swish,
    "ThresholdedRelu": thresholded_relu,
}
