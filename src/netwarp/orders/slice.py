"""Plain weights with what their file does not say: the activation, and the slice of a larger input space."""

from __future__ import annotations

import io
from pathlib import Path
from typing import NamedTuple

import numpy as np

from netwarp.errors import InputError
from netwarp.network import npz
from netwarp.network.network import Network
from netwarp.orders.subject import OwnWeights, Subject, check_weights, file_name
from netwarp.picture.recipe import Weights

Numbers = tuple[float, ...]


class Completion(NamedTuple):
    """What stands in for what a file of plain weights says: None where nothing does.

    `activation` follows every layer but the last; the inputs are the points `origin` + x `u` + y `v` of their space.
    """

    activation: str | None = None
    origin: Numbers | None = None
    u: Numbers | None = None
    v: Numbers | None = None


def read_plain(text: str, plain: Completion) -> Subject:
    """The Subject of an .npz of plain weights W0, b0, W1, b1, ..., completed by `plain`; the recipe carries them.

    Errors: InputError where the text names no such file, or the file holds an architecture of its own; LimitError.
    """
    said = ", ".join(f"--{name}" for name, value in zip(plain._fields, plain, strict=True) if value is not None)
    path = Path(text)
    if path.suffix.lower() != ".npz":
        raise InputError(f"{said}: only for an NPZ of plain weights, not for {text[:40]!r}; leave it out")
    check_weights(path)
    arrays = npz.read(path)
    kind = next((name for name in ("architecture", "program") if name in arrays), None)
    if kind is not None:
        a = "an" if kind == "architecture" else "a"
        raise InputError(f"file {str(path)!r}: holds {a} {kind}, which says all of it; leave out {said}")
    for name, value in (("origin", plain.origin), ("u", plain.u), ("v", plain.v)):
        if value is not None:
            arrays[name] = np.array(value)
    stream = _Named(str(path))
    npz.write(stream, arrays)
    stream.seek(0)
    network = Network.load(stream, activation=plain.activation)
    return Subject(file_name(path.stem), OwnWeights(network, Weights.of_network(path.name, network)))


class _Named(io.BytesIO):
    """Bytes in memory that errors call by the name of the file they come from."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.name = name
