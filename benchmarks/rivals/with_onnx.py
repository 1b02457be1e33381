"""The folded network as an ONNX model, run by onnxruntime and by OpenVINO."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

from benchmarks.rivals.folded import AbsentError, image, walk
from netwarp.network.program import Program
from netwarp.plane import Raster

OPERATORS = {"relu": "Relu", "sigmoid": "Sigmoid", "tanh": "Tanh", "sin": "Sin"}


class Builder:
    """Writes nodes down; a value is its name in the graph. Values are (1, C, rows, columns)."""

    def __init__(self) -> None:
        self.nodes: list[onnx.NodeProto] = []
        self.constants: list[TensorProto] = []

    def constant(self, value: np.ndarray) -> str:
        name = f"c{len(self.constants)}"
        self.constants.append(numpy_helper.from_array(value, name))
        return name

    def node(self, operator: str, inputs: list[str], **attributes: Any) -> str:
        name = f"v{len(self.nodes)}"
        self.nodes.append(helper.make_node(operator, inputs, [name], **attributes))
        return name

    def conv(self, x: str, weight: np.ndarray, bias: np.ndarray, dilation: int, groups: int, pad: int) -> str:
        inputs = [x, self.constant(weight), self.constant(bias)]
        return self.node("Conv", inputs, dilations=[dilation] * 2, group=groups, pads=[pad] * 4)

    def activate(self, x: str, name: str, parameter: np.ndarray) -> str:
        if name not in OPERATORS or (name == "sin" and (parameter != 1).any()):
            raise AbsentError(name)
        return self.node(OPERATORS[name], [x])

    def pool(self, x: str, kind: str, size: int, dilation: int, pad: int) -> str:
        extra = {"dilations": [dilation] * 2} if kind == "max" else {"count_include_pad": 1}
        if kind != "max" and dilation != 1:
            raise AbsentError("dilated mean")
        operator = "MaxPool" if kind == "max" else "AveragePool"
        return self.node(operator, [x], kernel_shape=[size] * 2, pads=[pad] * 4, strides=[1, 1], **extra)

    def concat(self, values: list[str]) -> str:
        return self.node("Concat", values, axis=1)

    def add(self, values: list[str]) -> str:
        return self.node("Sum", values)

    def multiply(self, values: list[str]) -> str:
        out = values[0]
        for value in values[1:]:
            out = self.node("Mul", [out, value])
        return out

    def crop(self, x: str, by: int) -> str:
        if not by:
            return x
        starts, ends, axes = ([by] * 2, [-by] * 2, [2, 3])
        return self.node("Slice", [x, *(self.constant(np.array(one, np.int64)) for one in (starts, ends, axes))])


class Rows(Builder):
    """Values are (pixels, C): a layer is a matrix product. For pointwise networks."""

    def conv(self, x: str, weight: np.ndarray, bias: np.ndarray, dilation: int, groups: int, pad: int) -> str:
        if groups != 1:
            raise AbsentError("groups")
        return self.node("Gemm", [x, self.constant(weight[:, :, 0, 0]), self.constant(bias)], transB=1)


def models(program: Program, raster: Raster) -> dict[str, tuple[bytes, np.ndarray]]:
    """{name: (the model, its input)}."""
    inputs = image(program, raster)
    found = {"NCHW": _model(program, Builder(), inputs[None])}
    if program.pointwise:
        found["rows"] = _model(program, Rows(), np.ascontiguousarray(inputs.reshape(len(inputs), -1).T))
    return found


def _model(program: Program, builder: Builder, inputs: np.ndarray) -> tuple[bytes, np.ndarray]:
    out = walk(program, "image", builder)
    given = helper.make_tensor_value_info("image", TensorProto.FLOAT, inputs.shape)
    made = helper.make_tensor_value_info(out, TensorProto.FLOAT, None)
    graph = helper.make_graph(builder.nodes, "folded", [given], [made], builder.constants)
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
    return model.SerializeToString(), inputs


def onnxruntime(program: Program, raster: Raster, threads: int) -> dict[str, Callable[[], Any]]:
    import onnxruntime as ort

    options = ort.SessionOptions()
    options.intra_op_num_threads = threads
    options.inter_op_num_threads = 1
    options.graph_optimization_level = ort.GraphOptimizationLevel.ORT_ENABLE_ALL

    def start(model: bytes, inputs: np.ndarray) -> Callable[[], Any]:
        session = ort.InferenceSession(model, options, providers=["CPUExecutionProvider"])
        return lambda: session.run(None, {"image": inputs})[0]

    return {name: start(*model) for name, model in models(program, raster).items()}


def openvino(program: Program, raster: Raster, threads: int) -> dict[str, Callable[[], Any]]:
    import openvino as ov

    core = ov.Core()
    options = {
        "INFERENCE_NUM_THREADS": threads,
        "INFERENCE_PRECISION_HINT": "f32",
        "PERFORMANCE_HINT": "LATENCY",
        "NUM_STREAMS": 1,
    }

    def start(model: bytes, inputs: np.ndarray) -> Callable[[], Any]:
        request = core.compile_model(core.read_model(model), "CPU", options).create_infer_request()
        return lambda: request.infer([inputs], share_inputs=True, share_outputs=True)[0]

    return {name: start(*model) for name, model in models(program, raster).items()}
