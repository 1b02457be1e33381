"""Calls of an outside function: what it is given, and what of it is refused by name."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from netwarp.engine.protocol import Floats
from netwarp.errors import InputError, NotFiniteError, UnsupportedError
from netwarp.network.program import Call

UNKNOWN = "only its values are known"


def called(call: Call, z: Floats) -> Floats:
    """(T, C, n) of an operation that calls an outside function at inputs (T, K, n).

    A function that knows its derivatives has a method `tangent(points, across, down)` (n, K) -> (3, n, C): values, and
    their derivatives along the two directions at every point; one that does not may say why in `no_tangent`.
    Errors: UnsupportedError where tangents are asked of such a one; InputError for a result of another shape or type;
    NotFiniteError where it gives NaN or infinity.
    """
    points = np.ascontiguousarray(z[0].T, dtype=np.float64)
    if len(z) == 1:
        return _checked(call, call.function(points), points, "gives")[None]
    tangent = getattr(call.function, "tangent", None)
    if tangent is None:
        why = getattr(call.function, "no_tangent", UNKNOWN)
        raise UnsupportedError(f"{call.layer}: has no tangent: {why}; use values alone")
    across, down = (np.ascontiguousarray(part.T, dtype=np.float64) for part in z[1:])
    found = tangent(points, across, down)
    return np.stack([_checked(call, part, points, what) for part, what in zip(found, _PARTS, strict=True)])


_PARTS = ("gives", "has the derivative", "has the derivative")


def _checked(call: Call, given: object, points: NDArray[np.float64], gives: str) -> NDArray[np.float64]:
    """(C, n) of what a function gave, (n, C)."""
    wanted = (len(points), call.channels)
    try:
        found = np.asarray(given)
    except (TypeError, ValueError, RuntimeError):
        raise InputError(f"{call.layer}: {gives} a {type(given).__name__}; must be an array {wanted}") from None
    if found.ndim == 1 and call.channels == 1:
        found = found[:, None]
    if found.shape != wanted or found.dtype.kind not in "biuf":
        raise InputError(
            f"{call.layer}: {gives} {found.dtype} of shape {found.shape} for {len(points)} points; "
            f"must be numbers {wanted}, a row for each point, as it was at first"
        )
    numbers = found.astype(np.float64, copy=False)
    wrong = ~np.isfinite(numbers)
    if wrong.any():
        first = int(wrong.any(axis=1).argmax())
        value = float(numbers[first][wrong[first]][0])
        where = ", ".join(f"{x:.6g}" for x in points[first][:4]) + (", ..." if points.shape[1] > 4 else "")
        raise NotFiniteError(
            f"{call.layer}: {gives} {value} at {int(wrong.any(axis=1).sum()):,} of {len(points):,} points, first at "
            f"({where}); choose a plane on which its values are finite"
        )
    return numbers.T
