"""Whether what a function gives for a point is the point's own: the same alone, among others, and when asked again."""

# n points, K numbers of an input, C outputs

from __future__ import annotations

from collections.abc import Callable
from time import perf_counter

import numpy as np
from numpy.typing import NDArray

from netwarp.errors import InputError, in_a_line
from netwarp.log import LOG
from netwarp.models.agreement import MIXES
from netwarp.models.functions import Outside
from netwarp.models.torch_call import TorchFunction, without_statistics
from netwarp.plane import Plane

Array = NDArray[np.float64]
MOST = 64  # points that are tried together, and alone
SECONDS = 0.2  # about how long each of the two may take; a few points are tried whatever they take
FEW = 3
CLOSE = 1e-6  # of the largest output: two orders of summation differ by less


def tried_points(plane: Plane, seconds: float) -> Array:
    """(n, 2): the centre, two corners and more, fewer where one takes as many `seconds` as that."""
    more = int(np.clip(SECONDS / max(seconds, 1e-9), FEW, MOST)) - FEW
    spread = np.random.default_rng(0).uniform(-0.5, 0.5, (more, 2))
    offsets = np.concatenate([[[0.0, 0.0], [-0.5, -0.5], [0.5, 0.5]], spread])
    found: Array = offsets * (plane.width, plane.height) + (plane.x, plane.y)
    return found


def check_company(function: Outside, rows: Array) -> None:
    """Nothing, where what the function gives for each of the rows (n, K) is its own. Where it depends on the others in
    its batch, but one row can be asked for alone, `function.batch` is 1 and `function.alone` true from now on, and the
    logger warns of it.

    Errors: InputError for one that gives other numbers when asked again, one that depends on the others and refuses a
    row alone, and a torch module with a batch norm that has no running statistics.
    """
    rows = rows[: function.batch]
    if len(rows) < 2:
        return
    why, mixes = judged(function, rows)
    if why:
        raise InputError(f"model {function.name}: {why}")
    if mixes:
        function.batch, function.alone = 1, True
    if function.alone:  # what reads ONNX files finds it out by itself
        LOG.warning(_SLOWLY, function.name, MIXES)


def judged(function: Outside, rows: Array) -> tuple[str, bool]:
    """Why what it gives for the rows (n, K) is no function of each, "" where it is; and whether it is one of each alone
    only, as what it gives among others depends on these."""
    try:
        together = _given(function, rows)
        again = _given(function.again if isinstance(function, TorchFunction) else function, rows)
    except Exception:  # noqa: BLE001  # what it raises at some point is said where that point is asked for
        return "", False
    close = CLOSE
    if isinstance(function, TorchFunction):
        close = max(close, 1000 * function.epsilon)
    if _apart(together, again, close).any():
        return (
            "gives other numbers for the same points when asked again, as it draws random numbers or remembers what "
            "it was asked; make it draw none, or the same ones by a seed of its own"
        ), False
    why = _mixes(function, rows, together, close)
    if why is None:
        return "", False
    layer = without_statistics(function.module) if isinstance(function, TorchFunction) else ""
    if layer:
        return (
            f"its {layer} has no running statistics, so that {MIXES}; train it with track_running_stats=True, or set "
            "its running_mean and running_var"
        ), True
    if why:
        return (
            f"{MIXES}, and one point alone is refused ({why}), so that no point has a value of its own; give a model "
            "that takes each row by itself"
        ), True
    return "", True


_SLOWLY = "model %s: %s; each is called alone, slowly"


def _mixes(function: Outside, rows: Array, together: Array, close: float) -> str | None:
    """Why no row can be asked for alone, "" where one can; None where what it gives for a row does not change with
    the others. One point at which it jumps, as a sign does, may change by rounding, and is no sign of that."""
    why, found = _one_by_one(function, rows, together.shape[1:])
    if why:
        try:
            found = [_given(function, rows[n : n + 2]) for n in range(0, len(rows) - 1, 2)]
        except Exception:  # noqa: BLE001  # whatever a stranger's function raises of a batch of two
            return why
        if any(one.shape != together[:2].shape for one in found):
            return why
    several = np.concatenate(found)
    changed = _apart(several, together[: len(several)], close)
    return why if changed.sum() >= min(2, len(changed)) else None


def _one_by_one(function: Outside, rows: Array, shape: tuple[int, ...]) -> tuple[str, list[Array]]:
    """What it gives for some of the rows, each alone; why not, where it refuses one or gives something else than a row
    of this shape."""
    found: list[Array] = []
    began = perf_counter()
    for n in range(len(rows)):
        try:
            one = _given(function, rows[n : n + 1])
        except Exception as error:  # noqa: BLE001  # whatever a stranger's function raises of a batch of one
            return in_a_line(error, 120) or type(error).__name__, []
        if one.shape != (1, *shape):
            return f"it gives the shape {one.shape} for it", []
        found.append(one)
        if len(found) >= FEW and perf_counter() - began > SECONDS:
            break
    return "", found


def _given(function: Callable[[Array], NDArray[np.generic]], rows: Array) -> Array:
    found = np.asarray(function(rows), dtype=np.float64)
    return found[:, None] if found.ndim == 1 and len(found) == len(rows) else found


def _apart(one: Array, other: Array, close: float) -> NDArray[np.bool_]:
    """(n,): the rows in which the two differ; numbers that are not finite in both say nothing."""
    if one.shape != other.shape:
        return np.ones(len(one), dtype=bool)
    known = np.isfinite(one) & np.isfinite(other)
    largest = np.abs(one).max(initial=0.0, where=known)
    with np.errstate(invalid="ignore"):
        return np.asarray((known & (np.abs(one - other) > close * largest)).any(axis=1))
