"""Models of ONNX held to ONNX's own reference evaluator, in float64."""

from __future__ import annotations

from math import prod
from typing import Any

import numpy as np

from models.onnx_files.made import onnx
from netwarp.models.graphs.builder import Builder
from netwarp.models.onnx_files.exact_ops import exact_ops
from netwarp.models.onnx_files.graph import read_graph
from netwarp.network.network import Network
from netwarp.network.source import Graph

POINTS = np.random.default_rng(0).uniform(-1, 1, size=(24, 2))


def numbers(*shape: int) -> np.ndarray:
    return np.random.default_rng(list(shape)).normal(size=shape)


def held(made: Any, output: str = "y") -> np.ndarray:
    """(n, C) what the reference gives at points of a plane; the Program gives the same to 1e-12 of the largest."""
    shape = tuple(side.dim_value for side in made.graph.input[0].type.tensor_type.shape.dim)
    coefficients = np.random.default_rng(1).normal(size=(prod(shape), 3))
    builder = Builder(coefficients)
    value = read_graph(made, "made", builder, {"x": builder.inputs(shape)}, output)
    network = Network(Graph(builder.program(value)))
    inputs = POINTS @ coefficients[:, :2].T + coefficients[:, 2]
    evaluator = onnx.reference.ReferenceEvaluator(made, new_ops=exact_ops())
    wanted = np.stack([evaluator.run(None, {"x": row.reshape(shape)})[0].ravel() for row in inputs])
    found = network.calibrate().at(POINTS)
    np.testing.assert_allclose(found, wanted, rtol=0, atol=1e-12 * np.abs(wanted).max())
    return wanted


def spread(values: np.ndarray) -> float:
    return float(np.ptp(values, axis=0).max())
