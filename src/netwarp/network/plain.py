"""Plain networks: W0, b0, W1, b1, ... as a training script would save them, without an architecture."""

# layer n: W{n} (out, in) and b{n} (out,)

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence

import numpy as np

from netwarp.activations.registry import face
from netwarp.architecture.specs import Activation
from netwarp.errors import InputError, SliceError, listed, shown
from netwarp.network.draw import check_array, kept
from netwarp.network.features import Feature, operations_of
from netwarp.network.program import LINEAR, Activate, Array, Conv, Embed, Operation, Program
from netwarp.network.transposed import transposed

SLICE = ("origin", "u", "v")
FEW = 20  # inputs up to which a picture along two of them says something, and a text has a value of each


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
        if turned := transposed(parameters, depth, features or _sliced(parameters)):
            raise InputError(_told_transposed(parameters, turned, depth)) from error
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
                other = [f"W{n}.T" for n in transposed(parameters, depth, 2)]
                said = (
                    f"array {name!r} is missing: {inputs} inputs are a slice origin + x u + y v of their "
                    f"space, {first_plane(inputs)}"
                )
                if other:
                    them = "it is" if len(other) == 1 else "they are"
                    raise InputError(f"{said}; or save {_joined(other)}, if {them} (in, out)")
                if inputs == 1:
                    raise lone(
                        "array 'W0'", "save the text 'x' as the array 'inputs' in an npz file of the same arrays"
                    )
                if inputs < 2 or any(part in parameters for part in SLICE):
                    raise InputError(said)
                raise SliceError(said, (inputs,))
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


# what to do where a file's model has one input
REWRITTEN = "write it again from a model of two that reads the first alone, as x[:, :1]"


def first_plane(inputs: int) -> str:
    """How a command is told a plane in a space of so many inputs, for a message: without data where that is short."""
    if inputs > FEW:
        return "as --slice 'pca()' with --data FILE says"
    zeros = ", ".join(["0"] * inputs)
    return f"as --slice 'features(0, 1, at=({zeros}))' says, or 'features(0, 1)' with --data FILE"


def lone(what: str, remedy: str, kind: str = "input") -> InputError:
    """That a model, or its data, has one number where a plane needs two: no slice is one of it."""
    return InputError(f"{what}: has 1 {kind}, and a plane needs two; {remedy}")


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
            f"array 'W0' is missing: the arrays are {listed(foreign, limit=40)}; "
            f"save each layer's weight (out, in) and bias, in order, as W0, b0, W1, b1, ...{module}"
        )
    raise InputError(
        f"array {shown(foreign[0])}: a plain network has W0, b0, W1, b1, ..., and origin, u, v for more inputs"
    )


def _check_layers(parameters: Mapping[str, Array], depth: int) -> None:
    width: int | None = None
    for n in range(depth):
        if f"W{n}" not in parameters:
            names = listed([name for name in parameters if name not in SLICE], limit=40)
            there = f"the arrays are {names}" if names else "there are no arrays"
            raise InputError(f"array 'W{n}' is missing: layers are numbered from 0, one by one, and {there}")
        weight = check_array(parameters, f"W{n}")
        if weight.ndim != 2 or weight.size == 0:
            raise InputError(f"array 'W{n}' has the shape {weight.shape}: must be (out, in), both at least 1")
        if width is not None and weight.shape[1] != width:
            raise InputError(f"array 'W{n}' reads {weight.shape[1]} numbers, but 'W{n - 1}' gives {width}")
        width = weight.shape[0]
        if f"b{n}" in parameters:
            check_array(parameters, f"b{n}", (width,))


def _sliced(parameters: Mapping[str, Array]) -> int | None:
    """How many inputs the slice is of; None where none is given."""
    origin = parameters.get("origin")
    return None if origin is None else origin.size


def _told_transposed(parameters: Mapping[str, Array], turned: Sequence[int], depth: int) -> str:
    names = _joined([f"'W{n}'" for n in turned])
    shapes = _joined([str(parameters[f"W{n}"].shape) for n in turned])
    look = f"array {names} looks transposed: it has the shape {shapes}, and with it"
    if len(turned) > 1:
        look = f"arrays {names} look transposed: they have the shapes {shapes}, and with them"
    kept = ", as Keras and JAX keep every W" if len(turned) == depth else ""
    remedy = f"save {_joined([f'W{n}.T' for n in turned])}: each W is (out, in)"
    return f"{look} as (in, out){kept}, all layers would fit; {remedy}"


def _joined(words: Sequence[str]) -> str:
    """Words for a message: "a, b and c", the first eight of many."""
    first, last = (words[:8], f"{len(words) - 8} more") if len(words) > 9 else (words[:-1], words[-1])
    return f"{', '.join(first)} and {last}" if first else last


def _depth(parameters: Mapping[str, Array]) -> int:
    """The number of layers that the highest numbered array speaks of, at least 1."""
    found = [re.fullmatch("[Wb](0|[1-9][0-9]{0,5})", name) for name in parameters]
    return 1 + max((int(match[1]) for match in found if match), default=0)
