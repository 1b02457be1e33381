"""Plain networks: W0, b0, W1, b1, ... as a training script would save them, without an architecture."""

# layer n: W{n} (out, in) and b{n} (out,)

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence

import numpy as np

from netwarp.activations.registry import face
from netwarp.architecture.specs import Activation
from netwarp.errors import InputError, shown
from netwarp.network.draw import check_array, kept
from netwarp.network.features import Feature, operations_of
from netwarp.network.program import LINEAR, Activate, Array, Conv, Embed, Operation, Program

SLICE = ("origin", "u", "v")


def checked_plain(
    parameters: Mapping[str, Array], after: Callable[[int], tuple[Activation, ...]], features: int = 0
) -> dict[str, Array]:
    """The parameters of a plain network; zeros stand for a b that is missing, of a layer without bias.

    `after` gives the activations of as many layers; `features` is how many inputs of its own it has, 0 of x and y.
    Errors: InputError naming the array that is missing, foreign, transposed, of a wrong shape or not finite, or the
    activation.
    """
    depth = _depth(parameters)
    known = set(SLICE)
    for n in range(depth):
        known |= {f"W{n}", f"b{n}"}
    _check_names(parameters, known)
    try:
        _check_layers(parameters, depth)
    except InputError as error:
        if _fits_transposed(parameters, depth):
            shape = parameters["W0"].shape
            raise InputError(
                f"array 'W0' looks transposed: it has the shape {shape}, and with each W as (in, out), as Keras and "
                "JAX keep it, all would fit; save W0.T, W1.T, ..., which are (out, in)"
            ) from error
        raise
    inputs = parameters["W0"].shape[1]
    if features:
        if inputs != features:
            raise InputError(f"array 'W0' reads {inputs} numbers, but 'inputs' names {features}")
        for name in SLICE:
            if name in parameters:
                raise InputError(
                    f"array {name!r}: a network of inputs of its own has no slice; leave out one of the two"
                )
    elif inputs != 2 or any(name in parameters for name in SLICE):
        for name in SLICE:
            if name not in parameters:
                turned = "; or save W0.T, if it is (in, out)" if parameters["W0"].shape[0] == 2 else ""
                raise InputError(
                    f"array {name!r} is missing: {inputs} inputs are a slice origin + x u + y v of their "
                    f"space, as --slice 'features(0, 1)' says{turned}"
                )
            check_array(parameters, name, (inputs,))
    for activation in after(depth):
        number = face(activation.name).parameter
        if activation.parameter == "random" or (number is not None and number.learned):
            raise InputError(f"activation {activation}: a loaded network draws nothing; give a slope, as in leaky(0.1)")
    return dict(parameters) | {
        f"b{n}": kept(np.zeros(len(parameters[f"W{n}"])), f"b{n}") for n in range(depth) if f"b{n}" not in parameters
    }


def build_plain(
    parameters: Mapping[str, Array], activations: tuple[Activation, ...], features: tuple[Feature, ...] = ()
) -> Program:
    """The Program: every layer is followed by its activation. All numbers stay float64."""
    inputs = parameters["W0"].shape[1]
    if "origin" in parameters:
        coefficients = np.stack([parameters[name] for name in ("u", "v", "origin")], axis=1)
    else:
        coefficients = np.eye(2, 3)
    operations: list[Operation] = [Embed(np.full(inputs, LINEAR, dtype=np.int64), coefficients)]
    if features:
        operations = operations_of(features)
    layers: list[int] = []
    depth = _depth(parameters)
    for n, activation in enumerate(activations):
        weight, bias = parameters[f"W{n}"], parameters[f"b{n}"]
        path = str(n) if n < depth - 1 else "readout"
        operations.append(Conv((len(operations) - 1,), weight[:, :, None, None], bias, layer=path))
        if activation.name != "linear":
            parameter = np.full(len(bias), float(activation.parameter or 0.0))
            operations.append(Activate((len(operations) - 1,), activation.name, parameter, path))
        if n < depth - 1:
            layers.append(len(operations) - 1)
    return Program(tuple(operations), tuple(layers))


def depth_of(parameters: Mapping[str, Array]) -> int:
    """How many layers a plain network has."""
    return _depth(parameters)


def outputs(parameters: Mapping[str, Array]) -> int:
    """How many numbers the last layer gives."""
    return len(parameters[f"b{_depth(parameters) - 1}"])


def _check_names(parameters: Mapping[str, Array], known: set[str]) -> None:
    foreign = [name for name in parameters if name not in known]
    if not foreign:
        return
    if all(name in foreign or name in SLICE for name in parameters):
        module = "; or import the module itself: nw.torch.from_module" if any("." in name for name in foreign) else ""
        raise InputError(
            f"array 'W0' is missing: the arrays are {listed(foreign)}; "
            f"save each layer's weight (out, in) and bias, in order, as W0, b0, W1, b1, ...{module}"
        )
    raise InputError(
        f"array {shown(foreign[0])}: a plain network has W0, b0, W1, b1, ..., and origin, u, v for more inputs"
    )


def listed(names: Sequence[str]) -> str:
    """Names for a message: the first eight, and how many more."""
    more = f" and {len(names) - 8} more" if len(names) > 8 else ""
    return ", ".join(shown(name, 40) for name in names[:8]) + more


def _check_layers(parameters: Mapping[str, Array], depth: int) -> None:
    width: int | None = None
    for n in range(depth):
        weight = check_array(parameters, f"W{n}")
        if weight.ndim != 2 or weight.size == 0:
            raise InputError(f"array 'W{n}' has the shape {weight.shape}: must be (out, in), both at least 1")
        if width is not None and weight.shape[1] != width:
            raise InputError(f"array 'W{n}' reads {weight.shape[1]} numbers, but 'W{n - 1}' gives {width}")
        width = weight.shape[0]
        if f"b{n}" in parameters:
            check_array(parameters, f"b{n}", (width,))


def _fits_transposed(parameters: Mapping[str, Array], depth: int) -> bool:
    turned = {name: array.T if name.startswith("W") else array for name, array in parameters.items()}
    try:
        _check_layers(turned, depth)
    except InputError:
        return False
    return bool(turned["W0"].shape[1] == len(turned.get("origin", (0, 0))))


def _depth(parameters: Mapping[str, Array]) -> int:
    """The number of layers that the highest numbered array speaks of, at least 1."""
    found = [re.fullmatch("[Wb](0|[1-9][0-9]{0,5})", name) for name in parameters]
    return 1 + max((int(match[1]) for match in found if match), default=0)
