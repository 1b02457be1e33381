"""Every operation of ONNX that is known, by its name; of those on constants alone, which are computed."""

from __future__ import annotations

from netwarp.models.onnx_ops import activations, arithmetic, layers, shapes
from netwarp.models.onnx_ops.kinds import Function

TABLE: dict[str, Function] = {**arithmetic.TABLE, **layers.TABLE, **activations.TABLE, **shapes.TABLE}
# domain "" and its name
ONNX = ("", "ai.onnx")
ML = "ai.onnx.ml"
OF_ML = ("LinearRegressor", "Scaler")
# what gives a constant whatever it reads
STATIC = ("Shape", "Size")
# of constants these give no more numbers than they read
_SMALL = (
    "Abs Add And Cast CastLike Ceil Clip Concat Constant Cos Div Equal Erf Exp Flatten Floor Gather GatherElements "
    "Greater GreaterOrEqual Identity Less LessOrEqual Log Max Mean Min Mod Mul Neg Not Or Pow Reciprocal ReduceMax "
    "ReduceMean ReduceMin ReduceProd ReduceSum Relu Reshape Round Shape Sigmoid Sign Sin Size Slice Split Sqrt Squeeze "
    "Sub Sum Tanh Transpose Trilu Unsqueeze Where Xor"
)
# and of these the size is computed first
GROWING = ("ConstantOfShape", "Expand", "Range", "Tile")
FOLDED = frozenset((*_SMALL.split(" "), *GROWING))


def known(operation: str, domain: str) -> Function | None:
    """The function of an operation; None where it is not known."""
    if domain in ONNX and operation not in OF_ML:
        return TABLE.get(operation)
    return TABLE.get(operation) if domain == ML and operation in OF_ML else None
