"""operation: what an archive calls, where it is plain arithmetic on tensors. Importing this module needs torch."""

from __future__ import annotations

import operator
import re
from collections.abc import Callable
from typing import Any

import torch

from netwarp.errors import UnsupportedError, shown
from netwarp.models.aten.known import known
from netwarp.models.probed import AFFINE

_ATEN = re.compile(r"torch\.ops\.aten\.([a-zA-Z][a-zA-Z0-9_]*|_[a-z][a-z0-9_]*)\.([a-zA-Z0-9_]+)")
# on lengths that are left open, and to take one of several results
_ON_NUMBERS = ("add", "sub", "mul", "floordiv", "truediv", "mod", "neg", "eq", "ne", "lt", "le", "gt", "ge")
_PYTHON: dict[str, Callable[..., Any]] = {f"_operator.{name}": getattr(operator, name) for name in _ON_NUMBERS}
_PYTHON["_operator.getitem"] = operator.getitem
# they compute nothing: torch leaves them in a graph
SILENT = (
    "_assert_tensor_metadata",
    "_assert_async",
    "_assert_scalar",
    "sym_constrain_range",
    "sym_constrain_range_for_size",
)
# operations that are arithmetic, where torch's own tags do not say so; the makers of tensors among them are bounded
_NAMES = (
    "alias argsort celu cdist chunk concat concatenate cosine_similarity cummax cummin cumprod detach dim einsum "
    "empty_like eye expand_as flatten full glu group_norm gru gru_cell hstack instance_norm layer_norm lift_fresh "
    "lift_fresh_copy linalg_norm linalg_vector_norm linspace logcumsumexp log_sigmoid log_softmax logsumexp lstm "
    "lstm_cell masked_fill matmul mv narrow new_full new_ones new_zeros norm ones ones_like one_hot pad "
    "pairwise_distance pixel_shuffle pixel_unshuffle prelu rms_norm rnn_relu rnn_tanh roll "
    "scaled_dot_product_attention scalar_tensor size softmax squeeze stack std std_mean sum_to_size take_along_dim "
    "tensor_split tile to tril triu type_as unbind unfold unflatten upsample_nearest1d upsample_nearest2d "
    "upsample_nearest3d upsample_trilinear3d var var_mean vstack where zeros zeros_like arange _softmax "
    "_log_softmax _to_copy _native_batch_norm_legit_no_training _adaptive_avg_pool2d _unsafe_view "
    "_upsample_nearest_exact1d _upsample_nearest_exact2d _weight_norm"
)
_PLAIN = frozenset(_NAMES.split(" "))
# they change what memory a tensor has, or how it is seen, or draw random numbers
_NEVER = ("as_strided", "resize", "set", "rand", "randn", "randint", "randperm", "native_dropout", "from_file", "data")


def operation(target: str) -> Callable[..., Any]:
    """The function of a name as "torch.ops.aten.relu.default". Errors: UnsupportedError for all but arithmetic."""
    if target in _PYTHON:
        return _PYTHON[target]
    parts = _ATEN.fullmatch(target)
    if parts is None:
        raise UnsupportedError(f"calls {shown(target)}, which is no operation of torch on numbers")
    name, overload = parts.groups()
    found = getattr(getattr(torch.ops.aten, name, None), overload, None)
    if not isinstance(found, torch._ops.OpOverload):
        raise UnsupportedError(f"calls {shown(target)}, which this torch, {torch.__version__}, does not have")
    if not _plain(name, found):
        raise UnsupportedError(f"calls {shown(target)}, which is not among the operations that are run from a file")
    return found


def _plain(name: str, found: torch._ops.OpOverload) -> bool:
    bare = name if name.startswith("__") else name.removesuffix("_")
    if bare in _NEVER or bare.endswith("_backward"):
        return False
    if name in _PLAIN or bare in _PLAIN or bare in AFFINE or known(f"aten.{name}.{found._overloadname}") is not None:
        return True
    tagged = torch.Tag.core in found.tags or torch.Tag.pointwise in found.tags
    return tagged and not name.startswith("_") and any("Tensor" in str(one.type) for one in found._schema.arguments)
