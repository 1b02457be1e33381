"""read_graph: an ONNX graph as operations of a Program."""

from __future__ import annotations

from collections.abc import Mapping
from math import prod
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from netwarp.architecture.counts import PARAMETERS
from netwarp.errors import InputError, LimitError, NetwarpError, UnsupportedError, in_a_line
from netwarp.models.graphs.builder import Builder
from netwarp.models.graphs.tensor import Mask, Tensor, tensor
from netwarp.models.onnx_files.exact_ops import exact_ops
from netwarp.models.onnx_files.reading import need_onnx
from netwarp.models.onnx_ops.kinds import Given, NodeCall, roomy
from netwarp.models.onnx_ops.known import FOLDED, GROWING, ML, OF_ML, ONNX, STATIC, known
from netwarp.network.program import Operation

if TYPE_CHECKING:
    from onnx import ModelProto, NodeProto

MOST = 150_000_000  # numbers of all constants and tensors together
LONGEST = 200  # characters of a layer's path


def read_graph(model: ModelProto, what: str, builder: Builder, given: Mapping[str, Tensor], output: str) -> Tensor:
    """The value `output` of a model in float64, of the inputs that are given.

    Errors: UnsupportedError naming the operations that are not known; InputError, LimitError naming a node.
    """
    needed = _needed(model, output)
    _check(what, needed, set(given))
    read = {name for node in needed for name in node.input}
    weights = sum(prod(one.dims) for one in model.graph.initializer if one.name in read)
    if weights > PARAMETERS:
        raise UnsupportedError(f"{what}: has {weights:,} weights, and an exact form is made of {PARAMETERS:,} at most")
    reader = _Reader(model, what, builder)
    reader.values.update(given)
    for node in needed:
        reader.read(node)
    made = tensor(reader.values[output])
    if not _finite(made):
        raise reader.not_finite()
    return made


def _needed(model: ModelProto, output: str) -> list[NodeProto]:
    """The nodes that the output depends on, in order."""
    names, found = {output}, []
    for node in reversed(model.graph.node):
        if names & set(node.output):
            found.append(node)
            names |= set(node.input)
    return found[::-1]


def _check(what: str, needed: list[NodeProto], inputs: set[str]) -> None:
    """Nothing, where every operation is known. Errors: UnsupportedError naming those that are not."""
    changing, missing = set(inputs), dict[str, str]()
    for node in needed:
        if changing & set(node.input):
            if node.op_type not in STATIC:
                changing |= set(node.output)
            if known(node.op_type, node.domain) is None:
                missing.setdefault(_full(node), node.name or node.output[0])
        elif node.domain not in ONNX or node.op_type not in FOLDED:
            missing.setdefault(_full(node), node.name or node.output[0])
    if missing:
        named = [f"{name} (node {place[:40]!r})" for name, place in list(missing.items())[:5]]
        more = f" and {len(missing) - 5} more" if len(missing) > 5 else ""
        verb = "is not an operation" if len(missing) == 1 else "are not operations"
        raise UnsupportedError(f"{what}: {', '.join(named)}{more} {verb} of ONNX that netwarp has an exact form of")


def _finite(given: Tensor | Mask) -> bool:
    waiting = given.over if isinstance(given, Mask) else given
    return all(part is None or bool(np.isfinite(part).all()) for part in (waiting.scale, waiting.shift))


def _all_finite(operation: Operation) -> bool:
    return all(bool(np.isfinite(part).all()) for part in vars(operation).values() if isinstance(part, np.ndarray))


def _full(node: NodeProto) -> str:
    return node.op_type if node.domain in ONNX else f"{node.domain[:40]}.{node.op_type}"


class _Reader:
    def __init__(self, model: ModelProto, what: str, builder: Builder) -> None:
        self.what, self.builder = what, builder
        self.opsets = {one.domain: one.version for one in model.opset_import}
        self.opset = next((self.opsets[domain] for domain in ONNX if domain in self.opsets), 1)
        self.values: dict[str, Given] = {}
        self.constants = {one.name: one for one in model.graph.initializer}
        self.spent = 0
        self.place = self.suspect = ""  # the node that is read, and the first one whose numbers are not all finite

    def read(self, node: NodeProto) -> None:
        """Puts what the node makes among the values."""
        place = self.place = f"{self.what}: {_full(node)} in node {(node.name or node.output[0])[:60]!r}"
        before = len(self.builder.operations)
        path = "".join(c if c.isprintable() else " " for c in node.name or node.output[0])
        self.builder.layer = path[:LONGEST]
        try:
            inputs = tuple(self.value(name) if name else None for name in node.input)
            fixed = not any(isinstance(one, Tensor | Mask) for one in inputs)
            made = self.folded(node, inputs) if fixed else self.followed(node, inputs)
            several = list(made) if isinstance(made, list | tuple) else [made]
            for one in several:
                self.spend(prod(one.shape))
                if isinstance(one, Tensor | Mask):
                    roomy(*one.shape)
                    self.suspect = self.suspect or ("" if _finite(one) else place)
        except NetwarpError as error:
            kind = type(error) if type(error) in (UnsupportedError, LimitError) else InputError
            raise kind(f"{place}: {error}") from error
        except Exception as error:  # a wrong shape, axis or number, of which numpy has its own words
            raise UnsupportedError(
                f"{place}: cannot be followed ({type(error).__name__}: {in_a_line(error)})"
            ) from error
        if not all(map(_all_finite, self.builder.operations[before:])):
            raise self.not_finite()
        self.values.update(zip(node.output, several, strict=False))

    def not_finite(self) -> InputError:
        """That an operation would hold what is no number: a scale or a shift waits, and may be of a node before."""
        return InputError(f"{self.suspect or self.place}: holds NaN or infinite numbers; all must be finite")

    def value(self, name: str) -> Given:
        if name not in self.values:
            if name not in self.constants:
                raise UnsupportedError(f"reads {name[:40]!r}, which is kept as a sparse tensor")
            found: NDArray[Any] = need_onnx().numpy_helper.to_array(self.constants[name])
            self.spend(found.size)
            self.values[name] = found
        return self.values[name]

    def spend(self, count: int) -> None:
        self.spent += count
        if self.spent > MOST:
            raise LimitError(f"with it the model makes more than {MOST:,} numbers; at most so many are followed")

    def followed(self, node: NodeProto, inputs: tuple[Given | None, ...]) -> Any:
        """What depends on the model's input, as operations of the Program."""
        function = known(node.op_type, node.domain)
        assert function is not None, "every operation was looked at"
        asked = sum(bool(name) for name in node.output)
        opset = self.opset if node.op_type not in OF_ML else self.opsets.get(ML, 1)
        return function(NodeCall(self.builder, inputs, self.options(node, opset), opset, asked))

    def options(self, node: NodeProto, opset: int) -> dict[str, Any]:
        """The attributes, with ONNX's defaults for those that are not given."""
        onnx = need_onnx()
        schema = onnx.defs.get_schema(node.op_type, opset, "" if node.domain in ONNX else node.domain)
        found = {
            name: onnx.helper.get_attribute_value(attribute.default_value)
            for name, attribute in schema.attributes.items()
            if attribute.default_value.name
        }
        return found | {one.name: onnx.helper.get_attribute_value(one) for one in node.attribute}

    def folded(self, node: NodeProto, inputs: tuple[Given | None, ...]) -> list[NDArray[Any]]:
        """What constants alone make, by ONNX's own reference."""
        onnx = need_onnx()
        from onnx.reference import ReferenceEvaluator

        arrays = {name: np.asarray(one) for name, one in zip(node.input, inputs, strict=True) if name}
        self.spend(_grown(node, [one for one in inputs if one is not None]))
        names = [name for name in node.output if name]
        graph = onnx.helper.make_graph(
            [node],
            "constants",
            [onnx.helper.make_empty_tensor_value_info(name) for name in arrays],
            [onnx.helper.make_empty_tensor_value_info(name) for name in names],
        )
        with np.errstate(all="ignore"):
            found = ReferenceEvaluator(graph, opsets=self.opsets, new_ops=exact_ops()).run(None, arrays)
        made = dict(zip(names, map(np.asarray, found), strict=True))
        return [made.get(name, np.empty(0)) for name in node.output]


def _grown(node: NodeProto, inputs: list[Any]) -> int:
    """How many numbers an operation on constants makes, at most."""
    largest = sum(np.size(one) for one in inputs)
    if node.op_type not in GROWING:
        return 2 * largest if len(inputs) < 3 else len(inputs) * largest
    if node.op_type == "Range":
        start, limit, step = (float(np.asarray(one).reshape(())) for one in inputs)
        return int(abs(limit - start) / abs(step)) + 1 if step else 0
    sides = np.abs(np.asarray(inputs[-1], np.float64)).clip(1.0)
    return int(min(float(sides.prod()), 1e18)) * max(1, largest if node.op_type != "ConstantOfShape" else 1)
