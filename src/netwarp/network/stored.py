"""A network as the arrays of an .npz file, and back: its parameters by name, and what else is known of it as texts."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import MISSING, fields
from typing import assert_never, get_args

import numpy as np
from numpy.typing import NDArray

from netwarp import checks
from netwarp.architecture.language import parse
from netwarp.architecture.walk import STEPS
from netwarp.errors import InputError, UnsupportedError, nearest, shown
from netwarp.network.lineage import lineage_data, read_lineage, written
from netwarp.network.npz import Arrays
from netwarp.network.plain_arrays import Given, numbers_of, read_plain_arrays, said_of
from netwarp.network.program import Array, Call, Operation, Program
from netwarp.network.source import Drawn, Graph, Made, Plain, Source, Weighted

FORMAT, GRAPH_FORMAT = "netwarp network 1", "netwarp network 2"
MAX_TEXT = 1 << 24  # characters of a graph's operations without their arrays
KINDS: dict[str, type[Operation]] = {kind.__name__: kind for kind in get_args(Operation) if kind is not Call}


def to_arrays(source: Source, parameters: Mapping[str, Array]) -> dict[str, NDArray[np.generic]]:
    """What `from_arrays` reads back exactly.

    Of a Graph "program" is a JSON text: its layers, and of every operation its type and what of it is no array.
    Operation 3's array "weight" is "3.weight".
    """
    head = {"format": FORMAT}
    match source:
        case Drawn(architecture, seed):
            head |= {"architecture": str(architecture), "seed": str(seed)}
        case Weighted(architecture):
            head |= {"architecture": str(architecture)}
        case Made(architecture=architecture):
            head |= {"architecture": str(architecture)}
            if written(source):
                head |= {"made": json.dumps(lineage_data(source))}
        case Plain():
            return {"format": np.array(FORMAT)} | said_of(source) | dict(parameters)
        case Graph(program):
            text, numbers = _told(program)
            return {"format": np.array(GRAPH_FORMAT), "program": np.array(text)} | numbers
        case _:
            assert_never(source)
    return {name: np.array(text) for name, text in head.items()} | dict(parameters)


def from_arrays(arrays: Arrays, activation: Given | None = None) -> tuple[Source, dict[str, Array]]:
    """The source and the parameters in a file's arrays; `activation` is for plain ones, instead of what the file says.

    Errors: InputError naming the array; LimitError.
    """
    arrays = dict(arrays)
    whole = next((name for name in ("architecture", "program") if name in arrays), None)
    if whole is None:
        arrays.pop("format", None)
        return read_plain_arrays(arrays, activation)
    if activation is not None:
        raise InputError(f"activation={activation}: the file's {whole} says it already; leave it out")
    found, known = _text(arrays, "format"), FORMAT if whole == "architecture" else GRAPH_FORMAT
    if found != known:
        raise InputError(f"array 'format' says {found[:40]!r}: this netwarp reads {known!r}")
    text = _text(arrays, whole)
    if whole == "program":
        return Graph(_program(text, numbers_of(arrays))), {}
    architecture = parse(text)
    if "made" in arrays:
        return read_lineage(checks.parse_object(_text(arrays, "made"), "array 'made'", MAX_TEXT)), numbers_of(arrays)
    if "seed" not in arrays:
        return Weighted(architecture), numbers_of(arrays)
    text = _text(arrays, "seed")
    if len(text) > 40 or not text.removeprefix("-").isdecimal():
        raise InputError(f"array 'seed' says {text[:40]!r}: must be a whole number")
    return Drawn(architecture, int(text)), numbers_of(arrays)


def _told(program: Program) -> tuple[str, dict[str, NDArray[np.generic]]]:
    """A graph's operations as a JSON text, and the arrays that it leaves out."""
    arrays: dict[str, NDArray[np.generic]] = {}
    operations: list[dict[str, object]] = []
    for i, operation in enumerate(program.operations):
        if isinstance(operation, Call):
            raise UnsupportedError(f"{operation.layer}: an outside function has no numbers that a file could hold")
        operations.append({"type": type(operation).__name__})
        for name, value in vars(operation).items():
            if isinstance(value, np.ndarray):
                arrays[f"{i}.{name}"] = value
            else:
                operations[i][name] = value
    return json.dumps({"layers": program.layers, "operations": operations}), arrays


def _program(text: str, arrays: dict[str, Array]) -> Program:
    """The Program of what `_told` gives; its numbers are not looked at yet. Errors: InputError."""
    what = "array 'program'"
    data = checks.parse_object(text, what, MAX_TEXT)
    operations: list[Operation] = []
    for i, entry in enumerate(checks.items(checks.get(data, "operations", what), f"{what} operations", 1, STEPS)):
        given = dict(checks.mapping(entry, f"operation {i}"))
        name = checks.string(checks.get(given, "type", f"operation {i}"), f"operation {i} type", 40)
        if name not in KINDS:
            raise InputError(f"operation {i} type={shown(name)}: not a known operation{nearest(name, tuple(KINDS))}")
        del given["type"]
        parts = {part.name: part.default is MISSING for part in fields(KINDS[name])}
        given |= {part: arrays.pop(f"{i}.{part}") for part in parts if f"{i}.{part}" in arrays}
        for part in given.keys() - parts.keys():
            raise InputError(f"operation {i} ({name}): has no {shown(part)}{nearest(part, tuple(parts))}")
        for part, needed in parts.items():
            if needed and part not in given:
                raise InputError(f"operation {i} ({name}): {part} is missing")
        operations.append(KINDS[name](**given))  # type: ignore[arg-type]  # what they are is checked with the program
    for name in arrays:
        raise InputError(f"array {name!r}: the program has no such operation or part of one")
    layers = checks.items(checks.get(data, "layers", what), f"{what} layers", 0, STEPS)
    return Program(tuple(operations), layers)  # type: ignore[arg-type]


def _text(arrays: Arrays, name: str) -> str:
    """A text of the file, taken out of `arrays`."""
    found = arrays.pop(name, None)
    if found is None:
        raise InputError(f"array {name!r} is missing")
    if found.ndim != 0 or found.dtype.kind != "U":
        raise InputError(f"array {name!r} is {found.dtype} of shape {found.shape}: must be a single text")
    return str(found)
