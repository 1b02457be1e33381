"""A plain network from a file's arrays: W0, b0, W1, b1, ..., or the state_dict of a torch.nn.Sequential."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from netwarp.architecture.notation import to_activation
from netwarp.architecture.specs import Activation
from netwarp.errors import InputError
from netwarp.network.npz import Arrays
from netwarp.network.plain import SLICE
from netwarp.network.program import Array
from netwarp.network.source import NONE, Plain

Given = Activation | str | Sequence[Activation | str]

ASSUMED = Activation("relu")
MAX_LAYERS = 100_000
_SEQUENTIAL = re.compile(r"(0|[1-9][0-9]{0,5})\.(weight|bias)")
_SAID = ("activation", "output_activation", "inputs")
_WEIGHT = re.compile(r"W(0|[1-9][0-9]{0,5})")


def read_plain_arrays(arrays: Arrays, activation: Given | None = None) -> tuple[Plain, dict[str, Array]]:
    """The source and the parameters of a plain network; `activation` stands instead of what the file says.

    The file may say `activation`, a text for every layer but the last, or an array of texts, one for each of these or
    one for every layer, the last included; `output_activation`; and `inputs` that the first layer reads, made of x and
    y. Where neither it nor the caller names an activation, relu is assumed, and the source says so.
    Errors: InputError naming the array.
    """
    arrays = dict(arrays)
    said = _texts(arrays, "activation")
    output = _texts(arrays, "output_activation")
    if output is not None and len(output) != 1:
        raise InputError(f"array 'output_activation': must be a single text, not {len(output)}")
    inputs = ", ".join(_texts(arrays, "inputs") or ())
    given = said if activation is None else activation
    assumed = given is None
    several = [ASSUMED] if given is None else _read(given)
    parameters = numbers_of(arrays)
    between = _linear_layers(parameters)
    if between is None:
        depth = 1 + max((int(found[1]) for name in arrays if (found := _WEIGHT.fullmatch(name))), default=0)
    else:
        parameters = _renamed(parameters)
        depth = len(between) + 1
    last = NONE if output is None else to_activation("output_activation", output[0])
    if output is None and len(several) == depth > 1:
        *several, last = several  # one for every layer, the last included
    if between is not None and len(several) == 1 and not all(between):
        # layers that follow one another without a gap in their numbers have nothing between them
        several = [several[0] if one else NONE for one in between]
        return Plain(tuple(several), last, assumed, inputs), parameters
    return Plain(several[0] if len(several) == 1 else tuple(several), last, assumed, inputs), parameters


def said_of(source: Plain) -> dict[str, NDArray[np.generic]]:
    """The arrays in which a file says what `read_plain_arrays` reads of the source; nothing where relu was assumed."""
    found: dict[str, NDArray[np.generic]] = {}
    if isinstance(source.activation, tuple):
        found["activation"] = np.array([str(one) for one in source.activation], dtype=np.str_)
    elif not source.assumed or source.activation != ASSUMED:
        found["activation"] = np.array(str(source.activation))
    if source.output != NONE or isinstance(source.activation, tuple):
        found["output_activation"] = np.array(str(source.output))
    if source.inputs:
        found["inputs"] = np.array(source.inputs)
    return found


def numbers_of(arrays: Arrays) -> dict[str, Array]:
    """The arrays as float64. Errors: InputError naming one that holds text."""
    for name, array in arrays.items():
        if array.dtype.kind not in "biuf":
            raise InputError(f"array {name!r} holds text: must be numbers")
    with np.errstate(over="ignore"):  # of a longer float: it becomes infinite, which is refused by name
        return {name: array.astype(np.float64) for name, array in arrays.items()}


def _read(given: Given) -> list[Activation]:
    # what is no activation is told by to_activation
    listed: list[Activation | str] = list(given) if isinstance(given, list | tuple) else [given]  # type: ignore[list-item]
    if not 1 <= len(listed) <= MAX_LAYERS:
        raise InputError(f"activation: {len(listed)} of them; give one, or one for each layer but the last")
    return [to_activation("activation", one) for one in listed]


def _texts(arrays: Arrays, name: str) -> list[str] | None:
    """The text or texts of that name, taken out of `arrays`; None where there are none. Errors: InputError."""
    found = arrays.pop(name, None)
    if found is None:
        return None
    if found.ndim > 1 or found.dtype.kind != "U":
        raise InputError(f"array {name!r} is {found.dtype} of shape {found.shape}: must be a text, or texts in a row")
    return [str(one) for one in np.atleast_1d(found)]


def _linear_layers(parameters: Mapping[str, Array]) -> list[bool] | None:
    """Of a Sequential's arrays, whether some module stands after each linear layer but the last; None of others."""
    names = [name for name in parameters if name not in SLICE]
    found = [_SEQUENTIAL.fullmatch(name) for name in names]
    if not names or not all(found):
        return None
    numbers = sorted({int(match[1]) for match in found if match})
    for number in numbers:
        weight = parameters.get(f"{number}.weight")
        if weight is None or weight.ndim != 2:
            what = "is missing" if weight is None else f"has the shape {weight.shape}"
            raise InputError(
                f"array '{number}.weight' {what}: of a state_dict only Linear layers are read, weight (out, in); "
                "import the module itself: nw.torch.from_module"
            )
    return [after > before + 1 for before, after in pairwise(numbers)]


def in_own_names(message: str, arrays: Arrays) -> str:
    """A message on W0, b0, ... in the names that a Sequential's arrays have in their file; unchanged of others."""
    names = [name for name in arrays if name not in (*SLICE, *_SAID)]
    if not all(map(_SEQUENTIAL.fullmatch, names)):
        return message
    own = {new: name for name, new in _plain_names(names).items()}
    return re.sub(r"(?<=')[Wb]\d+(?=')|\bW\d+(?=\.T\b)", lambda found: own.get(found[0], found[0]), message)


def _renamed(parameters: Mapping[str, Array]) -> dict[str, Array]:
    """A Sequential's arrays as W0, b0, W1, b1, ..."""
    new = _plain_names([name for name in parameters if name not in SLICE])
    return {new.get(name, name): array for name, array in parameters.items()}


def _plain_names(names: Sequence[str]) -> dict[str, str]:
    """{"2.weight": "W1", ...} of a Sequential's names."""
    layer = {number: n for n, number in enumerate(sorted({int(name.partition(".")[0]) for name in names}))}
    parts = {name: name.split(".") for name in names}
    return {name: f"{'W' if part == 'weight' else 'b'}{layer[int(n)]}" for name, (n, part) in parts.items()}
