"""What a Softmax at a model's end is over: all outputs of an input, a part of them, or the inputs of a batch."""

from __future__ import annotations

from typing import TYPE_CHECKING

from netwarp.errors import UnsupportedError
from netwarp.models.onnx_files.exact_ops import softmax_axes
from netwarp.models.onnx_files.reading import need_onnx

if TYPE_CHECKING:
    from onnx import ModelProto, NodeProto

SCORES = ("Softmax", "LogSoftmax")


def over_all_outputs(model: ModelProto, node: NodeProto, shape: tuple[int, ...], what: str, fixed: int = 1) -> bool:
    """Whether a node of SCORES is over all outputs of an input, so that which is the largest does not change; false
    too where the shape of what it reads is not known. `shape` is that of one input, a batch of 1 where it has more than
    one axis; `fixed` is how long a batch the file says, which some files' operations need.

    Errors: UnsupportedError where it is over the inputs of a batch.
    """
    opset = next((one.version for one in model.opset_import if one.domain in ("", "ai.onnx")), 13)
    axis = next((one.i for one in node.attribute if one.name == "axis"), None)
    batches = len(shape) > 1
    lengths = _lengths(model, node.input[0], shape)
    if lengths is None and fixed > 1:
        lengths = _lengths(model, node.input[0], (fixed, *shape[1:]))
        if lengths is not None and lengths[0] == fixed:
            over = set(softmax_axes(len(lengths), axis, opset))
            if 0 in over:
                raise _of_inputs(node, what, axis)
            return all(length == 1 for n, length in enumerate(lengths) if n not in over | {0})
        lengths = None
    if lengths is None:
        if axis == 0 and batches:
            raise _of_inputs(node, what, axis)
        return False
    rank = len(lengths)
    over = set(softmax_axes(rank, axis, opset))
    if batches:
        more = _lengths(model, node.input[0], (2, *shape[1:]))
        longer = [] if more is None or len(more) != rank else [n for n in range(rank) if more[n] != lengths[n]]
        counted = longer[0] if longer else 0
        if counted in over:
            raise _of_inputs(node, what, axis)
        over.add(counted)
    return all(length == 1 for n, length in enumerate(lengths) if n not in over)


def _of_inputs(node: NodeProto, what: str, axis: int | None) -> UnsupportedError:
    return UnsupportedError(
        f"{what}: the {node.op_type} at its end is over axis {axis}, which counts the inputs: what it gives for one "
        "depends on the others; write it with axis=1, over the classes"
    )


def _lengths(model: ModelProto, name: str, shape: tuple[int, ...]) -> tuple[int, ...] | None:
    """The shape of a value where the input has this one; None where it does not follow."""
    onnx = need_onnx()
    from onnx.shape_inference import InferenceError, infer_shapes

    made: ModelProto = onnx.ModelProto()
    made.CopyFrom(model)
    known = {tensor.name for tensor in made.graph.initializer}
    given = next(value for value in made.graph.input if value.name not in known)
    if name == given.name:
        return shape
    del given.type.tensor_type.shape.dim[:]
    for length in shape:
        given.type.tensor_type.shape.dim.add().dim_value = length
    # what the file says of other values is of its own input's lengths
    del made.graph.value_info[:]
    for value in made.graph.output:
        value.type.tensor_type.ClearField("shape")
    try:
        graph = infer_shapes(made, data_prop=True).graph
    except (InferenceError, RuntimeError, ValueError):  # of shapes that do not fit; ValueError past 2 GiB
        return None
    for value in (*graph.value_info, *graph.output):
        if value.name == name and value.type.tensor_type.HasField("shape"):
            dims = value.type.tensor_type.shape.dim
            return tuple(side.dim_value for side in dims) if all(side.dim_value > 0 for side in dims) else None
    return None
