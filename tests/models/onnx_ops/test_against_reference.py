"""Every operation that is known, held to ONNX's own reference evaluator in float64."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

import netwarp as nw
from models.onnx_files.made import DOUBLE, model, node, onnx, saved
from models.onnx_ops.held import held, numbers, spread
from netwarp.models.onnx_ops.known import TABLE


def whole(*given: int) -> np.ndarray:
    return np.array(given, np.int64)


def one(kind: str, shape: tuple[int, ...], *constants: Any, **attributes: Any) -> Any:
    """A model of one node, of x and constants."""
    names = [f"c{i}" if given is not None else "-" for i, given in enumerate(constants)]
    opset = attributes.pop("opset", 21)
    known = {name: given for name, given in zip(names, constants, strict=True) if given is not None}
    return model([node(kind, " ".join(["x", *names]), **attributes)], shape, known, kind=DOUBLE, opset=opset)


V, ROWS, IMAGE, SIGNAL = (1, 9), (1, 4, 6), (1, 3, 7, 8), (1, 3, 11)
# name -> a model of the operation that the name begins with
CASES: dict[str, Any] = {
    **{name: one(name, V) for name in ("Abs", "Cos", "Erf", "Identity", "Neg", "Relu", "Sigmoid", "Sin", "Softplus")},
    **{name: one(name, V) for name in ("Softsign", "Tanh", "HardSwish", "Mish", "Selu", "HardSigmoid", "Dropout")},
    **{name: one(name, V) for name in ("LeakyRelu", "Elu", "Celu", "ThresholdedRelu", "Gelu")},
    "LeakyRelu 0.3": one("LeakyRelu", V, alpha=0.3),
    "Elu 0.7": one("Elu", V, alpha=0.7),
    "Celu 0.7": one("Celu", V, alpha=0.7),
    "Selu other": one("Selu", V, alpha=1.3, gamma=0.9),
    "Gelu tanh": one("Gelu", V, approximate="tanh"),
    "HardSigmoid 0.4": one("HardSigmoid", V, alpha=0.4, beta=0.3),
    "ThresholdedRelu 0.2": one("ThresholdedRelu", V, alpha=0.2),
    "Shrink": one("Shrink", V, bias=0.3, lambd=0.3),
    "Swish": one("Swish", V, opset=24, alpha=1.5),
    "PRelu": one("PRelu", IMAGE, numbers(3, 1, 1)),
    "PRelu of one": one("PRelu", V, numbers(1)),
    "Clip": one("Clip", V, np.array(-0.3), np.array(0.6)),
    "Clip from below": one("Clip", V, np.array(-0.3), None),
    "Clip from above": one("Clip", V, None, np.array(0.4)),
    "Clip relu6": one("Clip", V, np.array(0.0), np.array(6.0)),
    "Clip of opset 6": one("Clip", V, min=-0.3, max=0.6, opset=6),
    "Clip to 1e8": one("Clip", V, np.array(0.0), np.array(1e8)),
    "Clip to 1e10": one("Clip", V, np.array(-0.3), np.array(1e10)),
    "Clip from -1e12": one("Clip", V, np.array(-1e12), np.array(0.6)),
    "Clip to infinity": one("Clip", V, np.array(0.0), np.array(np.inf)),
    "Clip of opset 6 to 1e20": one("Clip", V, min=-1e20, max=0.6, opset=6),
    "Clip by values": model([node("ReduceMean", "x", "m", keepdims=0), node("Clip", "x m")], V, kind=DOUBLE),
    "Add": one("Add", V, numbers(1, 9)),
    "Add broadcast": one("Add", (1, 4, 1), numbers(6)),
    "Sub": one("Sub", V, numbers(9)),
    "Mul": one("Mul", V, numbers(9)),
    "Div": one("Div", V, numbers(9)),
    "Sub from a constant": model([node("Sub", "c x")], V, {"c": numbers(9)}, kind=DOUBLE),
    "Mul of values": model([node("Tanh", "x", "t"), node("Mul", "x t")], V, kind=DOUBLE),
    "Add of values": model([node("Tanh", "x", "t"), node("Add", "x t")], V, kind=DOUBLE),
    "Sub of values": model([node("Tanh", "x", "t"), node("Sub", "x t")], V, kind=DOUBLE),
    "Sum": model([node("Tanh", "x", "t"), node("Sum", "x t c")], V, {"c": numbers(9)}, kind=DOUBLE),
    "Mean": model([node("Tanh", "x", "t"), node("Mean", "x t c")], V, {"c": numbers(9)}, kind=DOUBLE),
    "Max": model([node("Neg", "x", "t"), node("Max", "x t c")], V, {"c": numbers(9)}, kind=DOUBLE),
    "Min": model([node("Neg", "x", "t"), node("Min", "x t c")], V, {"c": numbers(9)}, kind=DOUBLE),
    **{f"Pow {n}": one("Pow", V, np.array(float(n))) for n in (1, 2, 3, 4)},
    "Where Greater": model(
        [node("Greater", "x c", "m"), node("Neg", "x", "t"), node("Where", "m x t")], V, {"c": 0.1}, kind=DOUBLE
    ),
    "Where Less": model(
        [node("Less", "x c", "m"), node("Tanh", "x", "t"), node("Where", "m t x")], V, {"c": 0.1}, kind=DOUBLE
    ),
    "Where LessOrEqual Not": model(
        [node("LessOrEqual", "x c", "o"), node("Not", "o", "m"), node("Where", "m x c")], V, {"c": 0.1}, kind=DOUBLE
    ),
    "Where GreaterOrEqual": model(
        [node("GreaterOrEqual", "x c", "m"), node("Where", "m x d")], V, {"c": 0.1, "d": numbers(9)}, kind=DOUBLE
    ),
    "Where And": model(
        [node("Greater", "x c", "m"), node("Less", "x e", "o"), node("And", "m o", "p"), node("Where", "p x d")],
        V,
        {"c": -0.3, "d": numbers(9), "e": 0.4},
        kind=DOUBLE,
    ),
    "Where Or Not": model(
        [
            node("Less", "x c", "m"),
            node("Greater", "x e", "o"),
            node("Or", "m o", "p"),
            node("Not", "p", "q"),
            node("Where", "q x d"),
        ],
        V,
        {"c": -0.3, "d": numbers(9), "e": 0.4},
        kind=DOUBLE,
    ),
    "Cast of a comparison": model(
        [node("Greater", "x c", "m"), node("Cast", "m", "f", to=DOUBLE), node("Add", "f x")], V, {"c": 0.1}, kind=DOUBLE
    ),
    "Mul by a comparison": model(
        [node("Greater", "x c", "m"), node("Cast", "m", "f", to=DOUBLE), node("Mul", "f x")], V, {"c": 0.1}, kind=DOUBLE
    ),
    "CastLike": one("CastLike", V, numbers(1)),
    "Cast": one("Cast", V, to=DOUBLE),
    "ReduceMean": one("ReduceMean", IMAGE, whole(2, -1)),
    "ReduceMean without keepdims": one("ReduceMean", IMAGE, whole(1), keepdims=0),
    "ReduceMean of opset 13": one("ReduceMean", IMAGE, axes=[2, 3], opset=13),
    "ReduceMean of all": one("ReduceMean", ROWS),
    "ReduceMean of none": one("ReduceMean", ROWS, noop_with_empty_axes=1),
    "ReduceSum": one("ReduceSum", IMAGE, whole(2, 3), keepdims=0),
    "ReduceMax": one("ReduceMax", IMAGE, whole(1, 3)),
    "ReduceMin": one("ReduceMin", IMAGE, whole(2), keepdims=0),
    "Gemm": one("Gemm", (1, 6), numbers(6, 4), numbers(4)),
    "Gemm transposed": one("Gemm", (6, 1), numbers(4, 6), numbers(1, 4), transA=1, transB=1, alpha=0.5, beta=2.0),
    "Gemm of a constant": model([node("Gemm", "c x", alpha=1.5)], (6, 2), {"c": numbers(3, 6)}, kind=DOUBLE),
    "Gemm plus a value": model(
        [node("Relu", "x", "r"), node("Gemm", "x c r", beta=0.5)], (1, 4), {"c": numbers(4, 4)}, kind=DOUBLE
    ),
    "MatMul": one("MatMul", ROWS, numbers(6, 5)),
    "MatMul with a vector": one("MatMul", ROWS, numbers(6)),
    "MatMul from the left": model([node("MatMul", "c x")], ROWS, {"c": numbers(3, 4)}, kind=DOUBLE),
    "Conv": one("Conv", IMAGE, numbers(4, 3, 3, 2), numbers(4), strides=[2, 1], pads=[1, 2, 0, 1], dilations=[1, 3]),
    "Conv in groups": one("Conv", IMAGE, numbers(6, 1, 3, 3), group=3, pads=[1, 1, 1, 1]),
    "Conv of a signal": one("Conv", SIGNAL, numbers(4, 3, 3), numbers(4), strides=[2], pads=[2, 1], dilations=[2]),
    "Conv SAME_UPPER": one("Conv", IMAGE, numbers(2, 3, 4, 3), auto_pad="SAME_UPPER", strides=[2, 2]),
    "Conv SAME_LOWER": one("Conv", IMAGE, numbers(2, 3, 4, 3), auto_pad="SAME_LOWER", strides=[2, 2]),
    "Conv VALID": one("Conv", IMAGE, numbers(2, 3, 4, 3), auto_pad="VALID"),
    "BatchNormalization": one(
        "BatchNormalization", IMAGE, numbers(3), numbers(3), numbers(3), np.abs(numbers(3)), epsilon=1e-3
    ),
    "BatchNormalization of rows": one("BatchNormalization", V, numbers(9), numbers(9), numbers(9), np.abs(numbers(9))),
    "LayerNormalization": one("LayerNormalization", (1, 7), numbers(7), numbers(7)),
    "LayerNormalization of an image": one("LayerNormalization", (1, 3, 4), numbers(4), axis=1),
    "MaxPool": one("MaxPool", IMAGE, kernel_shape=[3, 2], strides=[2, 2], pads=[1, 0, 1, 1]),
    "MaxPool, ceil": one("MaxPool", IMAGE, kernel_shape=[3, 3], strides=[2, 2], ceil_mode=1),
    "MaxPool of a signal": one("MaxPool", SIGNAL, kernel_shape=[3], strides=[2]),
    "MaxPool with gaps": one("MaxPool", IMAGE, kernel_shape=[2, 2], dilations=[2, 3]),
    "AveragePool": one("AveragePool", IMAGE, kernel_shape=[3, 2], strides=[2, 2], pads=[1, 0, 1, 1]),
    "AveragePool, padding counted": one(
        "AveragePool", IMAGE, kernel_shape=[3, 3], pads=[1, 1, 1, 1], count_include_pad=1
    ),
    "AveragePool of a signal": one("AveragePool", SIGNAL, kernel_shape=[2], strides=[2]),
    "GlobalAveragePool": one("GlobalAveragePool", IMAGE),
    "GlobalMaxPool": one("GlobalMaxPool", IMAGE),
    "Reshape": one("Reshape", ROWS, whole(0, 3, -1)),
    "Flatten": one("Flatten", IMAGE, axis=2),
    "Flatten from the end": one("Flatten", IMAGE, axis=-1),
    "Flatten before all": one("Flatten", IMAGE, axis=0),
    "Transpose": one("Transpose", IMAGE, perm=[2, 0, 3, 1]),
    "Transpose all": one("Transpose", IMAGE),
    "Squeeze": one("Squeeze", (1, 4, 1, 3), whole(2)),
    "Squeeze all": one("Squeeze", (1, 4, 1, 3)),
    "Squeeze of opset 11": one("Squeeze", (1, 4, 1, 3), axes=[0, 2], opset=11),
    "Unsqueeze": one("Unsqueeze", ROWS, whole(1, -1)),
    "Slice": one("Slice", IMAGE, whole(1, -2), whole(3, 9), whole(2, -1)),
    "Slice backwards": one("Slice", IMAGE, whole(-1, 6), whole(-99, 1), whole(1, 3), whole(-1, -2)),
    "Slice of opset 9": one("Slice", IMAGE, starts=[0, 1], ends=[1, 3], axes=[0, 1], opset=9),
    "Split": model(
        [node("Split", "x s", "a b", axis=2), node("Sub", "b a")], (1, 2, 6), {"s": whole(3, 3)}, kind=DOUBLE
    ),
    "Split evenly": model(
        [node("Split", "x", "a b c", axis=-1, num_outputs=3), node("Concat", "c a b", axis=-1)], (1, 2, 8), kind=DOUBLE
    ),
    "Split of opset 11": model(
        [node("Split", "x", "a b", axis=1, split=[1, 5]), node("Concat", "b a", axis=1)], (1, 6), kind=DOUBLE, opset=11
    ),
    "Concat": model([node("Relu", "x", "r"), node("Concat", "r x c", axis=1)], V, {"c": numbers(1, 2)}, kind=DOUBLE),
    "Gather": one("Gather", IMAGE, np.array([[0, -1], [2, 0]]), axis=1),
    "Gather of one": one("Gather", IMAGE, np.array(-2), axis=2),
    "GatherElements": one("GatherElements", ROWS, np.array([[[0, 2, 1, -1, 0, 3]]]), axis=1),
    "Expand": one("Expand", (1, 4, 1), whole(2, 1, 3)),
    "Tile": one("Tile", ROWS, whole(1, 2, 3)),
    "Pad": one("Pad", ROWS, whole(0, 1, 2, 0, 0, 1), np.array(0.7)),
    "Pad some axes": one("Pad", ROWS, whole(1, 2), None, whole(2), mode="reflect"),
    "Pad edge": one("Pad", ROWS, whole(0, 1, 2, 0, 0, 1), mode="edge"),
    "Pad of opset 10": one("Pad", ROWS, pads=[0, 1, 2, 0, 0, 1], value=0.5, opset=10),
    "DepthToSpace": one("DepthToSpace", (1, 8, 2, 3), blocksize=2),
    "DepthToSpace CRD": one("DepthToSpace", (1, 8, 2, 3), blocksize=2, mode="CRD"),
    "SpaceToDepth": one("SpaceToDepth", (1, 2, 4, 6), blocksize=2),
    "Shape": model(
        [node("Shape", "x", "s", start=1), node("Cast", "s", "f", to=DOUBLE), node("Add", "x f")], (1, 6), kind=DOUBLE
    ),
    "Size": model([node("Size", "x", "s"), node("Cast", "s", "f", to=DOUBLE), node("Div", "x f")], V, kind=DOUBLE),
    "Scaler": model(
        [onnx.helper.make_node("Scaler", ["x"], ["y"], domain="ai.onnx.ml", offset=[0.3, -1.0], scale=[2.0, 0.25])],
        (1, 2),
        ml=True,
        kind=DOUBLE,
    ),
    "LinearRegressor": model(
        [
            onnx.helper.make_node(
                "LinearRegressor",
                ["x"],
                ["y"],
                domain="ai.onnx.ml",
                coefficients=[0.5, -1.0, 2.0, 0.25, 1.5, -0.75],
                intercepts=[0.5, -0.25],
                targets=2,
            )
        ],
        (1, 3),
        ml=True,
        kind=DOUBLE,
    ),
    # an input of some shape is made of the shape of another one, as torch's exporter writes it
    "Reshape by shapes": model(
        [
            node("Shape", "x", "s"),
            node("Gather", "s zero", "n", axis=0),
            node("Unsqueeze", "n axis", "m"),
            node("Concat", "m rest", "t", axis=0),
            node("Reshape", "x t"),
        ],
        ROWS,
        {"zero": np.array(0), "axis": whole(0), "rest": whole(-1)},
        kind=DOUBLE,
    ),
    "Expand by a constant": model(
        [node("ConstantOfShape", "s", "o", value=onnx.numpy_helper.from_array(np.array([0.5]))), node("Add", "x o")],
        (1, 4, 1),
        {"s": whole(1, 1, 5)},
        kind=DOUBLE,
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_an_operation_gives_what_the_reference_gives(name: str) -> None:
    assert spread(held(CASES[name])) > 1e-3, "the output depends on the input"


@pytest.mark.parametrize("kind", ["Greater", "GreaterOrEqual", "Less", "LessOrEqual"])
def test_a_comparison_of_equal_numbers_is_what_it_says(kind: str, tmp_path: Path) -> None:
    nodes = [node(kind, "x c", "m"), node("Where", "m d e")]
    made = model(nodes, ("n", 2), {"c": np.array(0.5), "d": np.array(3.0), "e": np.array(-1.0)}, kind=DOUBLE)
    network = nw.onnx.from_file(saved(tmp_path / "net.onnx", made))
    found = network.calibrate().at([[0.25, 0.5], [0.75, 0.5]])
    truth = {"Greater": (0, 0, 1), "GreaterOrEqual": (0, 1, 1), "Less": (1, 0, 0), "LessOrEqual": (1, 1, 0)}[kind]
    below, equal, above = (3.0 if one else -1.0 for one in truth)
    np.testing.assert_array_equal(found, [[below, equal], [above, equal]])


def test_every_operation_that_is_known_is_tested() -> None:
    used = {one.op_type for made in CASES.values() for one in made.graph.node}
    assert set(TABLE) - used == set()
