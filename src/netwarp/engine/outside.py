"""Calls of an outside function: what it is given, and what of it is refused by name."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from netwarp.engine.protocol import Floats
from netwarp.errors import InputError, NetwarpError, NotFiniteError, UnsupportedError, in_a_line
from netwarp.network.program import Call

Result = TypeVar("Result")
UNKNOWN = "only its values are known"


def called(call: Call, z: Floats) -> Floats:
    """(T, C, n) of an operation that calls an outside function at inputs (T, K, n).

    A function that knows its derivatives has a method `tangent(points, across, down)` (n, K) -> (3, n, C): values, and
    their derivatives along the two directions at every point; one that does not may say why in `no_tangent`.
    Errors: UnsupportedError where tangents are asked of such a one; InputError for a result of another shape or type,
    and for whatever it raises, which is the cause of that error; NotFiniteError where it gives NaN or infinity.
    """
    points = np.ascontiguousarray(z[0].T, dtype=np.float64)
    if len(z) == 1:
        return _checked(call, asked(call.layer, call.function, points), points, "gives")[None]
    tangent = getattr(call.function, "tangent", None)
    if tangent is None:
        why = getattr(call.function, "no_tangent", UNKNOWN)
        raise UnsupportedError(f"{call.layer}: has no tangent: {why}; use values alone")
    across, down = (np.ascontiguousarray(part.T, dtype=np.float64) for part in z[1:])
    found = asked(call.layer, tangent, points, across, down)
    parts: Any = [_checked(call, part, points, what) for part, what in zip(found, _PARTS, strict=True)]
    stacked: Floats = np.stack(parts)
    return stacked


def asked(name: str, function: Callable[..., Result], *given: NDArray[np.float64]) -> Result:
    """What a function of that name gives of points (n, K). Errors: InputError that says what it raised, on which."""
    try:
        return function(*given)
    except (NetwarpError, MemoryError):
        raise
    except Exception as error:  # whatever a stranger's function raises becomes one line
        text = in_a_line(error, 200)
        said = f"{type(error).__name__}: {text}" if text else type(error).__name__
        raise InputError(f"model {name}: raises {said}, given {_told(given[0])}") from error


def _told(points: NDArray[np.float64]) -> str:
    """How many rows there are, and between which numbers the first columns lie."""
    low, high = points.min(axis=0), points.max(axis=0)
    sides = [f"{a:.4g} to {b:.4g}" for a, b in zip(low[:4], high[:4], strict=True)]
    more = f" and {points.shape[1] - 4:,} more" if points.shape[1] > 4 else ""
    rows = "a row" if len(points) == 1 else f"{len(points):,} rows"
    return f"{rows} of {points.shape[1]:,} numbers, from {', '.join(sides)}{more}"


_PARTS = ("gives", "has the derivative", "has the derivative")


def _checked(call: Call, given: object, points: NDArray[np.float64], gives: str) -> Floats:
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
    # numbers of 32 bits stay so: whoever wants 64 turns them into the same ones
    numbers: Floats = found if found.dtype in (np.float32, np.float64) else found.astype(np.float64)
    if not np.isfinite(numbers).all():
        wrong = ~np.isfinite(numbers)
        first = int(wrong.any(axis=1).argmax())
        value = float(numbers[first][wrong[first]][0])
        where = ", ".join(f"{x:.6g}" for x in points[first][:4]) + (", ..." if points.shape[1] > 4 else "")
        raise NotFiniteError(
            f"{call.layer}: {gives} {value} at {int(wrong.any(axis=1).sum()):,} of {len(points):,} points, first at "
            f"({where}); choose a plane on which its values are finite"
        )
    return numbers.T
