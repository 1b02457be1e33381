"""A function of a model's inputs as a Network of x and y, of which nothing is known but its values."""

# K numbers of an input

from __future__ import annotations

from time import perf_counter

import numpy as np
from numpy.typing import NDArray

from netwarp.errors import InputError
from netwarp.models.company import FEW, check_company, tried_points
from netwarp.models.footprint import bounded
from netwarp.models.functions import Outside, outputs
from netwarp.models.slices import Slice
from netwarp.models.torch_call import TorchFunction
from netwarp.network.network import Network
from netwarp.network.plain import lone
from netwarp.network.program import LINEAR, Call, Embed, Program
from netwarp.network.source import Graph
from netwarp.plane import Plane


def called(function: Outside, at: Slice | None, home: Plane | None = None) -> Network:
    """The network that calls a function of the inputs at a plane's points; it is tried on `home`, else the slice's.

    Errors: InputError where it takes other inputs, or gives no numbers.
    """
    embed = _embedded(function, at)
    home = home or (None if at is None else at.home) or Plane()
    try:
        count, seconds = _timed(function, embed, home, sliced=at is not None)
    except InputError as error:
        wanted = function.takes() if at is None and isinstance(function, TorchFunction) else None
        if wanted is None:
            raise
        if wanted == 1:
            remedy = "wrap it in a module whose forward gives it x[:, :1]"
            raise lone(f"model {function.name}", remedy) from error
        raise InputError(
            f"model {function.name}: has {wanted} inputs; give the plane through them that is looked at, as in "
            "slice=nw.through(a, b, c)"
        ) from error
    rows = _rows(tried_points(home, seconds), embed)
    function.batch = bounded(function, rows[:FEW])
    check_company(function, rows)
    kinds = np.full(len(embed), LINEAR)
    operations = (Embed(kinds, embed), Call((0,), function, count, function.name[:200]))
    return Network(Graph(Program(operations, (1,))))


def _timed(function: Outside, embed: NDArray[np.float64], home: Plane, *, sliced: bool) -> tuple[int, float]:
    """How many outputs there are, and how many seconds a point takes."""
    rows = _rows(tried_points(home, np.inf), embed)
    began = perf_counter()
    count = outputs(function, rows, sliced=sliced)
    return count, (perf_counter() - began) / len(rows)


def _rows(points: NDArray[np.float64], embed: NDArray[np.float64]) -> NDArray[np.float64]:
    """(n, K) the inputs at points (n, 2)."""
    found: NDArray[np.float64] = points @ embed[:, :2].T + embed[:, 2]
    return found


def _embedded(function: Outside, at: Slice | None) -> NDArray[np.float64]:
    """(K, 3) what the model's inputs are of x and y."""
    found = np.eye(2, 3) if at is None else at.coefficients
    if function.inputs == 1:
        raise lone(f"model {function.name}", "look at a function of two, as lambda p: model.predict(p[:, :1])")
    if function.inputs not in (None, len(found)):
        given = "none is given" if at is None else f"the slice has {len(found)}"
        raise InputError(
            f"model {function.name}: takes {function.inputs} inputs, and {given}; give a slice of its inputs, as "
            'nw.features(0, 1, at="median", data=X)'
        )
    return found
