"""The port of a model: which value is its input, in what shape, and which is its output."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from netwarp.errors import InputError, UnsupportedError, listed, nearest, shown
from netwarp.models.input_shape import input_shape
from netwarp.models.onnx_files.doubles import floats
from netwarp.models.onnx_files.reading import need_onnx
from netwarp.models.onnx_files.softmaxes import SCORES, over_all_outputs
from netwarp.models.slices import Slice

if TYPE_CHECKING:
    from onnx import ModelProto, NodeProto, ValueInfoProto

# from the output back: these keep its numbers, and these only their order
SAME = ("Identity", "Cast", "ZipMap", "Dropout")


@dataclass(frozen=True, eq=False)
class Port:
    """`shape` is that of one input as the model takes it, a batch of 1 where it takes batches; `coefficients` (K, 3)
    make its numbers of a point of the plane. `notes` are what a reader must be told of the choice of the output.
    `fixed` is the length of the batch that the file says, 1 where it says none or one; `batch` is how many inputs the
    model is given at once, all of them one input where an exact form is made of it.
    """

    input: str
    shape: tuple[int, ...]
    dtype: np.dtype[np.generic]
    output: str
    coefficients: NDArray[np.float64]
    notes: tuple[str, ...] = ()
    fixed: int = 1
    batch: int = 1

    def row(self, found: tuple[int, ...], count: int, what: str) -> None:
        """Nothing, where what a model of a fixed batch gives for `count` inputs, of this shape, has a row for each.

        Errors: UnsupportedError.
        """
        if self.fixed > 1 and found[:1] != (count,):
            raise UnsupportedError(
                f"{what}: was exported for a batch of {self.fixed}, and gives {list(found)} for {count}, not "
                "a row for each; export it with a batch of 1, or left open"
            )


def port_of(model: ModelProto, what: str, at: Slice | None, output: str | None) -> Port:
    """Errors: InputError for a slice that does not fit the input, and an output that there is not; UnsupportedError
    for several inputs, or one that is not of numbers."""
    onnx = need_onnx()
    known = {tensor.name for tensor in model.graph.initializer}
    inputs = [value for value in model.graph.input if value.name not in known]
    if len(inputs) != 1:
        names = ", ".join(shown(value.name) for value in inputs[:6]) or "none"
        raise UnsupportedError(
            f"{what}: has {len(inputs)} inputs ({names}); only one is looked at; make the others constants of the model"
        )
    kind = inputs[0].type.tensor_type.elem_type
    if kind not in floats():
        kinds = onnx.TensorProto.DataType
        held = kinds.Name(kind) if kind in kinds.values() else f"type {kind}, which ONNX has not"
        raise UnsupportedError(f"{what}: its input {inputs[0].name!r} is of {held}; it must be of floating numbers")
    lengths = _lengths(inputs[0])
    shape = input_shape(lengths, what, at)
    fixed = lengths[0] if shape[0] == 1 and len(shape) > 1 and lengths[0] > 1 else 1
    chosen, notes = _output(model, what, output, shape, fixed)
    dtype = np.dtype(onnx.helper.tensor_dtype_to_np_dtype(kind))
    coefficients = np.eye(2, 3) if at is None else at.coefficients
    return Port(inputs[0].name, shape, dtype, chosen, coefficients, notes, fixed)


def _lengths(value: ValueInfoProto) -> tuple[int, ...]:
    """The lengths that the file says of the input's axes, -1 of those that are left open."""
    kind = value.type.tensor_type
    if not kind.HasField("shape"):
        return 1, -1
    # 0 and names stand for lengths that are left open
    return tuple(side.dim_value if side.dim_value > 0 else -1 for side in kind.shape.dim)


def _output(
    model: ModelProto, what: str, asked: str | None, shape: tuple[int, ...], fixed: int
) -> tuple[str, tuple[str, ...]]:
    """The value that is looked at, and what is to be told of it; `shape` is that of one input, `fixed` as in Port."""
    made: dict[str, NodeProto] = {name: node for node in model.graph.node for name in node.output}
    given = [value for value in model.graph.output if value.name in made]
    if asked is not None:
        if asked not in made or not isinstance(asked, str):
            names = tuple(value.name for value in given)
            near = listed(names, 6) + nearest(str(asked), names)
            raise InputError(f"{what}: output={shown(asked)}: has no such value; outputs are {near}")
        return asked, ()
    able = [value.name for value in given if _numbers(value)]
    if not able:
        raise UnsupportedError(
            f"{what}: has no output of floating numbers that its nodes make; its outputs are "
            f"{listed(tuple(value.name for value in model.graph.output), 6) or 'none'}"
        )
    notes = []
    if len(able) > 1:
        notes.append(f"looks at the output {able[0]!r}, the first of {listed(able, 6)}")
    name = able[0]
    while True:
        node = made.get(name)
        if node is None or node.op_type not in (*SAME, *SCORES) or not node.input:
            return name if name in made else able[0], tuple(notes)
        if node.op_type in SCORES:
            if not over_all_outputs(model, node, shape, what, fixed):
                return name, tuple(notes)
            notes.append(f"the {node.op_type} at its end is left out: its outputs are the scores before it")
            return (node.input[0], tuple(notes)) if node.input[0] in made else (able[0], ())
        name = node.input[0]


def _numbers(value: ValueInfoProto) -> bool:
    kind: Any = value.type
    # scikit-learn's probabilities may be a sequence of maps, made of a tensor by ZipMap
    return kind.HasField("sequence_type") or (kind.HasField("tensor_type") and kind.tensor_type.elem_type in floats())
