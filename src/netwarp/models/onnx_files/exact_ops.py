"""Operations of ONNX's reference evaluator that round to float32 whatever they are given, here in float64."""

from __future__ import annotations

from typing import Any

import numpy as np
from scipy.special import erf


def exact_ops() -> list[type]:
    """Classes for the evaluator: Erf, Gelu and HardSwish of numbers of any floating type."""
    from onnx.reference.op_run import OpRun

    class Erf(OpRun):  # type: ignore[misc, unused-ignore]
        def _run(self, x: Any) -> tuple[Any]:
            return (erf(x).astype(x.dtype),)

    class Gelu(OpRun):  # type: ignore[misc, unused-ignore]
        def _run(self, x: Any, approximate: str = "none") -> tuple[Any]:
            inner = (
                np.tanh(np.sqrt(2 / np.pi) * (x + 0.044715 * x**3)) if approximate == "tanh" else erf(x / np.sqrt(2))
            )
            return ((x / 2 * (1 + inner)).astype(x.dtype),)

    class HardSwish(OpRun):  # type: ignore[misc, unused-ignore]
        def _run(self, x: Any) -> tuple[Any]:
            return ((x * np.clip(x / 6 + 0.5, 0, 1)).astype(x.dtype),)

    return [Erf, Gelu, HardSwish]
