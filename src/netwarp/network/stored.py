"""A network as the arrays of an .npz file, and back: its parameters by name, and what else is known of it as texts."""

from __future__ import annotations

from collections.abc import Mapping
from typing import assert_never

import numpy as np
from numpy.typing import NDArray

from netwarp.architecture.language import parse
from netwarp.architecture.notation import to_activation
from netwarp.architecture.specs import Activation
from netwarp.errors import InputError
from netwarp.network.npz import Arrays
from netwarp.network.source import Drawn, Plain, Source, Weighted

Array = NDArray[np.float64]
FORMAT = "netwarp network 1"


def to_arrays(source: Source, parameters: Mapping[str, Array]) -> dict[str, NDArray[np.generic]]:
    """What `from_arrays` reads back exactly."""
    head = {"format": FORMAT}
    match source:
        case Drawn(architecture, seed):
            head |= {"architecture": str(architecture), "seed": str(seed)}
        case Weighted(architecture):
            head |= {"architecture": str(architecture)}
        case Plain(activation):
            head |= {"activation": str(activation)}
        case _:
            assert_never(source)
    return {name: np.array(text) for name, text in head.items()} | dict(parameters)


def from_arrays(arrays: Arrays, activation: Activation | str | None = None) -> tuple[Source, dict[str, Array]]:
    """The source and the parameters in a file's arrays; `activation` is for plain ones, instead of what the file says.

    Errors: InputError naming the array.
    """
    arrays = dict(arrays)
    if "architecture" not in arrays:
        said = _text(arrays, "activation") if "activation" in arrays else "relu"
        if "format" in arrays:
            _text(arrays, "format")
        return Plain(to_activation("activation", said if activation is None else activation)), _numbers(arrays)
    if activation is not None:
        raise InputError(f"activation={activation}: the file's architecture says it already; leave it out")
    found = _text(arrays, "format")
    if found != FORMAT:
        raise InputError(f"array 'format' says {found[:40]!r}: this netwarp reads {FORMAT!r}")
    architecture = parse(_text(arrays, "architecture"))
    if "seed" not in arrays:
        return Weighted(architecture), _numbers(arrays)
    text = _text(arrays, "seed")
    if len(text) > 40 or not text.removeprefix("-").isdecimal():
        raise InputError(f"array 'seed' says {text[:40]!r}: must be a whole number")
    return Drawn(architecture, int(text)), _numbers(arrays)


def _text(arrays: Arrays, name: str) -> str:
    """A text of the file, taken out of `arrays`."""
    found = arrays.pop(name, None)
    if found is None:
        raise InputError(f"array {name!r} is missing")
    if found.ndim != 0 or found.dtype.kind != "U":
        raise InputError(f"array {name!r} is {found.dtype} of shape {found.shape}: must be a single text")
    return str(found)


def _numbers(arrays: Arrays) -> dict[str, Array]:
    for name, array in arrays.items():
        if array.dtype.kind not in "biuf":
            raise InputError(f"array {name!r} holds text: must be numbers")
    with np.errstate(over="ignore"):  # of a longer float: it becomes infinite, which is refused by name
        return {name: array.astype(np.float64) for name, array in arrays.items()}
