"""compare: a Program held to the model it was read from, on points of the slice."""

# K numbers of an input, n points, C outputs

from __future__ import annotations

from collections.abc import Callable
from time import perf_counter

import numpy as np
from numpy.typing import NDArray

from netwarp.engine.choose import choose
from netwarp.errors import NotFiniteError, UnsupportedError
from netwarp.network.program import Program
from netwarp.network.source import Fidelity
from netwarp.plane import Plane

Array = NDArray[np.float64]

FEWEST, MOST = 16, 4096
SECONDS = 2.0
TOLERANCE = 1e-9  # of the largest output
ALONE = 4  # inputs that are tried alone and in a batch
MIXES = "what it gives for a point depends on the others in its batch"
FAR = 10.0  # times the home: every fourth point is from there


def compare(
    model: Callable[[Array], NDArray[np.generic]],
    program: Program,
    coefficients: Array,
    home: Plane | None,
    what: str,
    *,
    as_told: Callable[[Array], Array] | None = None,
    otherwise: str = ". nw.field still draws it",
) -> Fidelity:
    """The two on as many points of the plane as two seconds allow, 16 at least and 4,096 at most.

    `coefficients` (K, 3) make a row of inputs of a point; the model takes rows (n, K) and gives (n, C). `what` is its
    name in messages. `as_told` makes of the program's outputs what the model says of them, as probabilities.
    `otherwise` ends a message: what else can be done.

    Errors: UnsupportedError where they differ by more than 1e-9 of the largest output; NotFiniteError where no output
    is finite.
    """
    plane = Plane() if home is None else home
    rng = np.random.default_rng(0)
    began, done, count = perf_counter(), 0, FEWEST
    apart = largest = 0.0
    while True:
        points = rng.uniform(-0.5, 0.5, (count, 2)) * (plane.width, plane.height)
        points[::4] *= FAR
        points += plane.x, plane.y
        theirs = np.asarray(model(points @ coefficients[:, :2].T + coefficients[:, 2]), np.float64)
        theirs = theirs.reshape(count, -1)
        mine = choose("native").points(program, points, (1.0, 1.0), "float64").astype(np.float64)
        mine = mine if as_told is None else as_told(mine)
        if mine.shape != theirs.shape:
            said = f"has {theirs.shape[1]} outputs, its network {mine.shape[1]}"
            raise UnsupportedError(_WRONG.format(what, said, otherwise))
        finite = np.isfinite(theirs)
        if (finite != np.isfinite(mine)).any():
            said = "has numbers where the network has none, or the other way round"
            raise UnsupportedError(_WRONG.format(what, said, otherwise))
        with np.errstate(invalid="ignore"):
            apart = max(apart, float(np.abs(mine - theirs).max(initial=0.0, where=finite)))
        largest = max(largest, float(np.abs(theirs).max(initial=0.0, where=finite)))
        if not finite.any():
            raise NotFiniteError(f"{what}: gives no finite number on the slice")
        if apart > TOLERANCE * largest:
            worst = points[int(np.where(finite, np.abs(mine - theirs), 0.0).max(axis=1).argmax())]
            where = f" at x={worst[0]:.6g}, y={worst[1]:.6g}"
            said = f"differs from its network by {apart / largest:.1e} of its largest output{where}"
            raise UnsupportedError(_WRONG.format(what, said, otherwise))
        done += count
        # the next batch is twice as large, and so takes twice as long as this one
        left = SECONDS - (perf_counter() - began)
        pace = (perf_counter() - began) / done
        count = min(2 * count, MOST - done, int(left / pace))
        if count < FEWEST:
            return Fidelity(done, apart / largest if largest else 0.0)


_WRONG = "{}: {}; please report this{}"


class Batches:
    """A model on rows (n, K) -> (n, C): many at once, or one by one where a batch gives something else.

    `one` takes a row (K,) and gives its outputs in any shape; `many` takes rows and gives an array whose first axis is
    theirs, or raises what it likes. None where it takes single inputs only. `close` is how near the two must be, as a
    share of the largest output.
    """

    def __init__(
        self,
        one: Callable[[Array], Array],
        many: Callable[[Array], Array] | None,
        *,
        close: float = TOLERANCE,
    ) -> None:
        self.one, self.many, self.close = one, many, close
        self.together: bool | None = None
        self.mixes = False  # whether what it gives for a row was seen to depend on the others in its batch

    def __call__(self, rows: Array) -> Array:
        if self.together is None:
            found = self._tried(rows)
            if found is not None:
                return found
        if self.together and self.many is not None:
            return self.many(rows).reshape(len(rows), -1)
        return np.stack([self.one(row).ravel() for row in rows])

    def _tried(self, rows: Array) -> Array | None:
        """What a batch gives, where it is what its first rows give alone; a single row tells nothing."""
        if self.many is None or len(rows) < 2:
            return None
        self.together = False
        try:
            found = self.many(rows)
        except Exception:  # noqa: BLE001  # a model may know single inputs only, and says so in its own way
            return None
        if found.ndim == 0 or len(found) != len(rows):
            return None
        found = found.reshape(len(rows), -1)
        some = np.stack([self.one(row).ravel() for row in rows[:ALONE]])
        self.together = self._alike(found[:ALONE], some)
        self.mixes = not self.together and found[:ALONE].shape == some.shape
        return found if self.together else None

    def _alike(self, one: Array, other: Array) -> bool:
        if one.shape != other.shape:
            return False
        largest = np.abs(other).max(initial=0.0, where=np.isfinite(other))
        with np.errstate(invalid="ignore"):
            return bool(np.allclose(one, other, rtol=self.close, atol=self.close * largest, equal_nan=True))
