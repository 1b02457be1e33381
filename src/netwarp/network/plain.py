"""Plain networks: W0, b0, W1, b1, ... as a training script would save them, without an architecture."""

# layer n: W{n} (out, in) and b{n} (out,)

from __future__ import annotations

import re
from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from netwarp.activations.registry import face
from netwarp.architecture.specs import Activation
from netwarp.errors import InputError
from netwarp.network.draw import check_array
from netwarp.network.program import LINEAR, Activate, Conv, Embed, Operation, Program

Array = NDArray[np.float64]
SLICE = ("origin", "u", "v")


def check_plain(parameters: Mapping[str, Array], activation: Activation) -> None:
    """Nothing, where these make a network.

    Errors: InputError naming the array that is missing, foreign, of a wrong shape or not finite, or the activation.
    """
    depth = _depth(parameters)
    known = set(SLICE)
    width: int | None = None
    for n in range(depth):
        known |= {f"W{n}", f"b{n}"}
        weight = check_array(parameters, f"W{n}")
        if weight.ndim != 2 or weight.size == 0:
            raise InputError(f"array 'W{n}' has the shape {weight.shape}: must be (out, in), both at least 1")
        if width is not None and weight.shape[1] != width:
            raise InputError(f"array 'W{n}' reads {weight.shape[1]} numbers, but 'W{n - 1}' gives {width}")
        width = weight.shape[0]
        check_array(parameters, f"b{n}", (width,))
    inputs = parameters["W0"].shape[1]
    if inputs != 2 or any(name in parameters for name in SLICE):
        for name in SLICE:
            if name not in parameters:
                raise InputError(
                    f"array {name!r} is missing: {inputs} inputs are a slice origin + x u + y v of their space"
                )
            check_array(parameters, name, (inputs,))
    for name in parameters.keys() - known:
        raise InputError(f"array {name!r}: a plain network has W0, b0, W1, b1, ..., and origin, u, v for more inputs")
    number = face(activation.name).parameter
    if activation.parameter == "random" or (number is not None and number.learned):
        raise InputError(f"activation {activation}: a loaded network draws nothing; give a slope, as in leaky(0.1)")


def build_plain(parameters: Mapping[str, Array], activation: Activation) -> Program:
    """The Program: every layer but the last is followed by the activation. All numbers stay float64."""
    inputs = parameters["W0"].shape[1]
    if "origin" in parameters:
        coefficients = np.stack([parameters[name] for name in ("u", "v", "origin")], axis=1)
    else:
        coefficients = np.eye(2, 3)
    operations: list[Operation] = [Embed(np.full(inputs, LINEAR, dtype=np.int64), coefficients)]
    layers: list[int] = []
    depth = _depth(parameters)
    for n in range(depth):
        weight, bias = parameters[f"W{n}"], parameters[f"b{n}"]
        path = str(n) if n < depth - 1 else "readout"
        operations.append(Conv((len(operations) - 1,), weight[:, :, None, None], bias, layer=path))
        if n == depth - 1:
            break
        if activation.name != "linear":
            parameter = np.full(len(bias), float(activation.parameter or 0.0))
            operations.append(Activate((len(operations) - 1,), activation.name, parameter, path))
        layers.append(len(operations) - 1)
    return Program(tuple(operations), tuple(layers))


def outputs(parameters: Mapping[str, Array]) -> int:
    """How many numbers the last layer gives."""
    return len(parameters[f"b{_depth(parameters) - 1}"])


def _depth(parameters: Mapping[str, Array]) -> int:
    """The number of layers that the highest numbered array speaks of, at least 1."""
    found = [re.fullmatch("[Wb](0|[1-9][0-9]{0,5})", name) for name in parameters]
    return 1 + max((int(match[1]) for match in found if match), default=0)
