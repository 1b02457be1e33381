"""check_sizes: how large the tensors of a model are, as far as its shapes tell, before ONNX's evaluator makes them."""

from __future__ import annotations

from math import prod
from typing import TYPE_CHECKING

from netwarp.errors import LimitError
from netwarp.models.onnx_files.reading import need_onnx

if TYPE_CHECKING:
    from onnx import ModelProto

MOST = 100_000_000  # numbers of one tensor of one input


def check_sizes(model: ModelProto, what: str) -> None:
    """Nothing, where every tensor whose shape is known has at most 10^8 numbers. Errors: LimitError naming one that
    has more."""
    need_onnx()
    from onnx.shape_inference import InferenceError, infer_shapes

    # once without following the numbers of shapes, which are many where a shape is wrong
    for following in (False, True):
        try:
            inferred = infer_shapes(model, data_prop=following)
        except (InferenceError, RuntimeError):  # of a shape that does not fit; the evaluator says so where it meets it
            continue
        for value in (*inferred.graph.value_info, *inferred.graph.output):
            # a length that is left open counts as 1
            numbers = prod(max(1, side.dim_value) for side in value.type.tensor_type.shape.dim)
            if numbers > MOST:
                named = f"its value {value.name[:60]!r} has {numbers:,} numbers"
                raise LimitError(f"{what}: {named}, at most {MOST:,} are run")
