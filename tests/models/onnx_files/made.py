"""ONNX models made by hand, for the tests."""

from __future__ import annotations

import itertools
from pathlib import Path
from typing import Any

import numpy as np
import pytest

onnx = pytest.importorskip("onnx")
pytest.importorskip("onnx.reference")
h, nh = onnx.helper, onnx.numpy_helper

FLOAT, DOUBLE = onnx.TensorProto.FLOAT, onnx.TensorProto.DOUBLE
OPSET = 21


def node(kind: str, inputs: str, outputs: str = "y", **attributes: Any) -> Any:
    """A node; names are parted by spaces, "-" stands for one that is left out."""
    names = [["" if name == "-" else name for name in text.split()] for text in (inputs, outputs)]
    return h.make_node(kind, *names, **attributes)


def model(
    nodes: list[Any],
    shape: tuple[int | str, ...] = ("n", 2),
    constants: dict[str, Any] | None = None,
    *,
    outputs: tuple[str, ...] = ("y",),
    kind: int = FLOAT,
    opset: int = OPSET,
    kinds: dict[str, int] | None = None,
    ml: bool = False,
) -> Any:
    """A model whose input is x; float constants are of its kind. It is valid by ONNX's own checker."""
    known = []
    for name, given in (constants or {}).items():
        array = np.asarray(given)
        if array.dtype.kind == "f":
            array = array.astype(h.tensor_dtype_to_np_dtype(kind))
        known.append(nh.from_array(array, name))
    made = h.make_graph(
        nodes,
        "made",
        [h.make_tensor_value_info("x", kind, shape)],
        [h.make_tensor_value_info(name, (kinds or {}).get(name, kind), None) for name in outputs],
        known,
    )
    opsets = [h.make_opsetid("", opset)] + ([h.make_opsetid("ai.onnx.ml", 3)] if ml else [])
    found = onnx.shape_inference.infer_shapes(h.make_model(made, opset_imports=opsets, ir_version=9))
    for value in found.graph.output:
        value.type.tensor_type.shape.SetInParent()  # the checker asks for one, where none is inferred too
    onnx.checker.check_model(found)
    return found


def saved(path: Path, made: Any) -> Path:
    onnx.save(made, path)
    return path


def perceptron(widths: tuple[int, ...] = (2, 8, 8, 3), seed: int = 0, act: str = "Relu", **options: Any) -> Any:
    """Gemms with an activation between them."""
    rng = np.random.default_rng(seed)
    nodes, constants, last = [], {}, "x"
    for i, (inputs, made) in enumerate(itertools.pairwise(widths)):
        constants[f"W{i}"] = rng.normal(size=(made, inputs)) / np.sqrt(inputs)
        constants[f"b{i}"] = rng.normal(size=made) / 2
        end = i == len(widths) - 2
        nodes.append(node("Gemm", f"{last} W{i} b{i}", "y" if end else f"z{i}", transB=1))
        if not end:
            nodes.append(node(act, f"z{i}", f"a{i}"))
        last = f"a{i}"
    return model(nodes, ("n", widths[0]), constants, **options)
