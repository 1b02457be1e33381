"""Rows: a model on rows of inputs, by ONNX's own reference evaluator."""

# n rows, K numbers of an input, C outputs

from __future__ import annotations

import warnings
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from netwarp.errors import InputError, NetwarpError, UnsupportedError, in_a_line
from netwarp.models.agreement import Batches
from netwarp.models.onnx_files.exact_ops import exact_ops
from netwarp.models.onnx_files.ports import Port
from netwarp.models.onnx_files.reading import need_onnx

if TYPE_CHECKING:
    from onnx import ModelProto

Array = NDArray[np.float64]
# bytes that the inputs of a batch may take: what is between takes some tens of times as much
BUDGET = 4 << 20
MOST = 1 << 10
CLOSE = 1e-6  # of the largest output: how near a batch is to its rows one by one, in float32 too


class Rows:
    """The model on (n, K) -> (n, C): a batch of inputs at once, or one by one where a batch gives something else."""

    no_tangent = "of an ONNX file with operations that are not known only its values are known"

    def __init__(self, model: ModelProto, port: Port, name: str) -> None:
        need_onnx()
        from onnx.reference import ReferenceEvaluator

        self.name, self.port, self.alone = name, port, False
        self.inputs: int | None = len(port.coefficients)
        self.model = model
        self.batch = max(1, min(MOST, BUDGET // (8 * max(1, len(port.coefficients)))))
        try:
            self._evaluator: Any = ReferenceEvaluator(_ending(model, port.output), new_ops=exact_ops())
        except Exception as error:  # it has its own kinds for what it does not know
            raise _unable(name, error) from error
        self._batches = Batches(self._one, self._many if len(port.shape) > 1 else None, close=CLOSE)

    def __call__(self, points: Array) -> Array:
        if not len(points):
            return np.empty((0, 1))
        with np.errstate(all="ignore"), warnings.catch_warnings():
            warnings.simplefilter("ignore")
            parts = [self._batches(points[i : i + self.batch]) for i in range(0, len(points), self.batch)]
        self.alone = self._batches.mixes
        return np.concatenate(parts)

    def checked(self, points: Array) -> Array:
        """As a call. Errors: UnsupportedError where the evaluator cannot run the model."""
        try:
            return self(points)
        except NetwarpError:
            raise
        except Exception as error:  # whatever numpy and ONNX's evaluator raise
            raise _unable(self.name, error) from error

    def __reduce__(self) -> tuple[Callable[[bytes, Port, str], Rows], tuple[bytes, Port, str]]:
        # an evaluator has functions in it, which are not pickled
        return _of_bytes, (self.model.SerializeToString(), self.port, self.name)

    def _one(self, row: Array) -> Array:
        batch = self.port.batch
        return self._run(row, self.port.shape) if batch == 1 else self._run(np.tile(row, (batch, 1)), self._full)[:1]

    def _many(self, rows: Array) -> Array:
        batch, count = self.port.batch, len(rows)
        if batch == 1:
            return self._run(rows, (count, *self.port.shape[1:]))
        # the last batch is filled with its last row
        filled = rows[np.minimum(np.arange(-(-count // batch) * batch), count - 1)]
        parts = [self._run(filled[i : i + batch], self._full) for i in range(0, count, batch)]
        return np.concatenate(parts)[:count]

    @property
    def _full(self) -> tuple[int, ...]:
        return self.port.batch, *self.port.shape[1:]

    def _run(self, rows: Array, shape: tuple[int, ...]) -> Array:
        given = {self.port.input: rows.reshape(shape).astype(self.port.dtype)}
        found = np.asarray(self._evaluator.run(None, given)[0]).astype(np.float64)
        self.port.row(found.shape, shape[0], self.name)
        return found


def _unable(name: str, error: Exception) -> UnsupportedError:
    return UnsupportedError(
        f"{name}: ONNX's reference evaluator cannot run it ({type(error).__name__}: {in_a_line(error)})"
    )


def _of_bytes(data: bytes, port: Port, name: str) -> Rows:
    return Rows(need_onnx().load_model_from_string(data), port, name)


def _ending(model: ModelProto, output: str) -> ModelProto:
    """The model with one output, and without the nodes that it does not need."""
    onnx = need_onnx()
    made: ModelProto = onnx.ModelProto()
    made.CopyFrom(model)
    graph = made.graph
    needed, kept = {output}, []
    for node in reversed(graph.node):
        if needed & set(node.output):
            kept.append(node)
            needed |= set(node.input) | _captured(node)
    nodes = [onnx.NodeProto.FromString(node.SerializeToString()) for node in reversed(kept)]
    del graph.node[:], graph.output[:], graph.value_info[:]
    graph.node.extend(nodes)
    graph.output.append(onnx.helper.make_empty_tensor_value_info(output))
    if not nodes:
        raise InputError(f"output {output!r}: no node of the graph makes it")
    return made


def _captured(node: Any) -> set[str]:
    """Names that graphs inside a node read, of the graphs around them too."""
    found: set[str] = set()
    waiting = [graph for attribute in node.attribute for graph in (*attribute.graphs, attribute.g)]
    while waiting:
        graph = waiting.pop()
        found |= {name for inner in graph.node for name in inner.input}
        found |= {value.name for value in graph.output}
        waiting += [g for inner in graph.node for a in inner.attribute for g in (*a.graphs, a.g) if g.node]
    return found
