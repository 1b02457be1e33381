"""Drawing the parameters of an architecture from a seed, and checking parameters against an architecture."""

from __future__ import annotations

from collections.abc import Mapping
from math import prod

import numpy as np

from netwarp import words
from netwarp.architecture.architecture import Architecture
from netwarp.architecture.specs import Constant, Initialiser
from netwarp.errors import InputError, nearest
from netwarp.network.build import Parameter
from netwarp.network.initialise import spread, stream, weights
from netwarp.network.program import Array
from netwarp.network.skeletons import skeleton


def draw(architecture: Architecture, seed: int) -> dict[str, Array]:
    """{"PATH.NAME": float64 array} of every parameter, in the order of the flattened tree.

    Each comes from a stream of its own, keyed by (seed, path, name). Errors: LimitError, before anything is drawn,
    where the architecture is too large; InputError where it cannot be built.
    """
    found: dict[str, Array] = {}
    for parameter in skeleton(architecture).parameters:
        array = np.ascontiguousarray(drawn(parameter, seed))
        if not np.isfinite(array).all():
            raise InputError(words.DRAWN_BEYOND.format(name=parameter.name, drawn=parameter.drawn, key=parameter.key))
        found[parameter.key] = array
    return found


def drawn(parameter: Parameter, seed: int) -> Array:
    """The numbers of one parameter, from its own stream; they may be beyond float64."""
    if isinstance(parameter.drawn, Constant):
        return np.full(parameter.shape, parameter.drawn.value, dtype=np.float64)
    random = stream(seed, parameter.path, parameter.name)
    if isinstance(parameter.drawn, Initialiser):
        c, i, k, _ = parameter.shape
        return weights(parameter.drawn, (c, i, k, k), parameter.groups, random)
    return spread(parameter.drawn, prod(parameter.shape), random).reshape(parameter.shape)


def check(architecture: Architecture, parameters: Mapping[str, Array]) -> None:
    """Nothing, where these are the architecture's parameters.

    Errors: InputError naming the array that is missing, foreign to the architecture, of another shape or not finite.
    """
    known = [parameter.key for parameter in skeleton(architecture).parameters]
    for parameter in skeleton(architecture).parameters:
        check_array(parameters, parameter.key, parameter.shape)
    for name in parameters.keys() - set(known):
        raise InputError(f"array {name!r}: the architecture has no such parameter{nearest(name, known)}")


def kept(value: object, what: str) -> Array:
    """`value` as a float64 array of its own that cannot be written to. Errors: InputError naming `what`."""
    try:
        found = np.array(value, dtype=np.float64, order="C")
    except (TypeError, ValueError, OverflowError) as error:
        raise InputError(f"{what}: must be numbers") from error
    found.setflags(write=False)
    return found


def check_array(parameters: Mapping[str, Array], name: str, shape: tuple[int, ...] | None = None) -> Array:
    """The array of that name. Errors: InputError where it is missing, of another shape, or not finite."""
    found = parameters.get(name)
    if found is None:
        raise InputError(f"array {name!r} is missing{nearest(name, list(parameters))}")
    if shape is not None and found.shape != shape:
        raise InputError(f"array {name!r} has the shape {found.shape}: must be {shape}")
    wrong = found.size - int(np.isfinite(found).sum())
    if wrong:
        raise InputError(f"array {name!r}: {wrong} of {found.size} numbers are NaN or infinite; all must be finite")
    return found
