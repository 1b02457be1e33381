"""in_doubles: a model whose numbers are all float64, so that a Network and ONNX's own reference can be compared."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from netwarp.models.onnx_files.reading import graphs_of, need_onnx

if TYPE_CHECKING:
    from onnx import GraphProto, ModelProto, NodeProto, TensorProto


def in_doubles(model: ModelProto) -> ModelProto:
    """A copy of the model in which every number of a floating type, and every cast to one, is float64."""
    onnx = need_onnx()
    made: ModelProto = onnx.ModelProto()
    made.CopyFrom(model)
    _graph(made.graph)
    return made


def floats() -> tuple[int, ...]:
    """The element types of numbers that are not whole."""
    kinds = need_onnx().TensorProto
    return kinds.FLOAT, kinds.FLOAT16, kinds.BFLOAT16, kinds.DOUBLE


def _graph(graph: GraphProto) -> None:
    for tensor in graph.initializer:
        _tensor(tensor)
    # what is said of values between is not needed, and would be wrong
    del graph.value_info[:]
    for value in (*graph.input, *graph.output):
        if value.type.HasField("tensor_type") and value.type.tensor_type.elem_type in floats():
            value.type.tensor_type.elem_type = need_onnx().TensorProto.DOUBLE
    for node in graph.node:
        _node(node)


def _node(node: NodeProto) -> None:
    onnx = need_onnx()
    if node.op_type == "ConstantOfShape" and not node.attribute:
        # zeros of float32, unless it says otherwise
        zero = onnx.numpy_helper.from_array(np.zeros(1))
        node.attribute.append(onnx.helper.make_attribute("value", zero))
    for attribute in node.attribute:
        if attribute.HasField("t"):
            _tensor(attribute.t)
        if attribute.name in ("to", "dtype") and attribute.i in floats():
            attribute.i = onnx.TensorProto.DOUBLE
        for graph in graphs_of(attribute):
            _graph(graph)
        if node.op_type == "Constant" and attribute.name in ("value_float", "value_floats"):
            numbers = attribute.f if attribute.name == "value_float" else list(attribute.floats)
            made = onnx.helper.make_attribute("value", onnx.numpy_helper.from_array(np.array(numbers, np.float64)))
            attribute.CopyFrom(made)


def _tensor(tensor: TensorProto) -> None:
    onnx = need_onnx()
    if tensor.data_type in floats() and tensor.data_type != onnx.TensorProto.DOUBLE:
        with np.errstate(invalid="ignore"):  # a NaN is refused by name where it is used
            numbers = onnx.numpy_helper.to_array(tensor).astype(np.float64)
        tensor.CopyFrom(onnx.numpy_helper.from_array(numbers, tensor.name))
