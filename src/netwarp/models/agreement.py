"""compare: a Program held to the module it was read from, on points of the slice. Importing this module needs torch."""

# K numbers of an input, n points, C outputs

from __future__ import annotations

from time import perf_counter

import numpy as np
import torch
from numpy.typing import NDArray

from netwarp.engine.choose import choose
from netwarp.errors import NotFiniteError, UnsupportedError
from netwarp.network.program import Program
from netwarp.network.source import Agreement
from netwarp.plane import Plane

Array = NDArray[np.float64]

FEWEST, MOST = 16, 4096
SECONDS = 2.0
TOLERANCE = 1e-9  # of the largest output
ALONE = 4  # inputs that are tried alone and in a batch
FAR = 10.0  # times the home: every fourth point is from there


def compare(
    module: torch.nn.Module, program: Program, coefficients: Array, shape: tuple[int, ...], home: Plane | None
) -> Agreement:
    """The two on as many points of the plane as two seconds allow, 16 at least and 4,096 at most.

    `coefficients` (K, 3) make an input, of the module's `shape`, of a point. Errors: UnsupportedError where they
    differ by more than 1e-9 of the largest output; NotFiniteError where no output is finite.
    """
    plane = Plane() if home is None else home
    rng = np.random.default_rng(0)
    batched = _Batches(module, shape)
    began, done, count = perf_counter(), 0, FEWEST
    apart = largest = 0.0
    while True:
        points = rng.uniform(-0.5, 0.5, (count, 2)) * (plane.width, plane.height)
        points[::4] *= FAR
        points += plane.x, plane.y
        theirs = batched(points @ coefficients[:, :2].T + coefficients[:, 2])
        mine = choose("native").points(program, points, (1.0, 1.0), "float64").astype(np.float64)
        finite = np.isfinite(theirs)
        if (finite != np.isfinite(mine)).any():
            raise UnsupportedError(_WRONG.format("has numbers where the network has none, or the other way round", ""))
        with np.errstate(invalid="ignore"):
            apart = max(apart, float(np.abs(mine - theirs).max(initial=0.0, where=finite)))
        largest = max(largest, float(np.abs(theirs).max(initial=0.0, where=finite)))
        if not finite.any():
            raise NotFiniteError("from_module module: gives no finite number on the slice")
        if apart > TOLERANCE * largest:
            worst = points[int(np.where(finite, np.abs(mine - theirs), 0.0).max(axis=1).argmax())]
            where = f" at x={worst[0]:.6g}, y={worst[1]:.6g}"
            raise UnsupportedError(_WRONG.format(f"differs from its network by {apart / largest:.1e}", where))
        done += count
        # the next batch is twice as large, and so takes twice as long as this one
        left = SECONDS - (perf_counter() - began)
        pace = (perf_counter() - began) / done
        count = min(2 * count, MOST - done, int(left / pace))
        if count < FEWEST:
            return Agreement(done, apart / largest if largest else 0.0)


_WRONG = "from_module module: {} of its largest output{}; please report this. nw.field(module, slice) still draws it"


class _Batches:
    """The module on rows (n, K): many inputs at once, or one by one where a batch gives something else."""

    def __init__(self, module: torch.nn.Module, shape: tuple[int, ...]) -> None:
        self.module, self.shape = module, shape
        self.together: bool | None = None

    def __call__(self, rows: Array) -> Array:
        if self.together is False:
            return self._one_by_one(rows)
        found = self._many(rows)
        if self.together is None:
            some = self._one_by_one(rows[:ALONE])
            self.together = found is not None and len(found) == len(rows) and _alike(found[:ALONE], some)
        return found if self.together and found is not None else self._one_by_one(rows)

    def _one_by_one(self, rows: Array) -> Array:
        found = [self.module(torch.from_numpy(row.reshape(self.shape))).double().numpy().ravel() for row in rows]
        return np.stack(found)

    def _many(self, rows: Array) -> Array | None:
        if self.shape[0] != 1:
            return None
        try:
            found = self.module(torch.from_numpy(rows.reshape(len(rows), *self.shape[1:])))
        except Exception:  # noqa: BLE001  # a module may know single inputs only
            return None
        return found.double().numpy().reshape(len(found), -1) if found.ndim else None


def _alike(one: Array, other: Array) -> bool:
    if one.shape != other.shape:
        return False
    with np.errstate(invalid="ignore"):
        return bool(np.allclose(one, other, rtol=TOLERANCE, atol=TOLERANCE * np.abs(other).max(), equal_nan=True))
