"""The slices of a pane: a model's file on the plane that a text says, and what the page needs to offer others."""

# K numbers of an input

from __future__ import annotations

import numpy as np

from netwarp.explorer.opened import SliceData
from netwarp.models.data import Data
from netwarp.models.decisions.asked import Marks
from netwarp.models.sliced import own_slice
from netwarp.models.slices import Slice
from netwarp.network.plain import FEW
from netwarp.orders.subject import Subject


def slice_data(subject: Subject, data: Data | None) -> SliceData | None:
    """What the page is told of the plane that a file's model is on; None where its inputs are x and y themselves."""
    network = subject.network
    own = None if network is None or subject.formula is not None else own_slice(network)
    if own is None:
        return None
    at = subject.slice or own
    known = data if data is not None and data.X.shape[1] == at.inputs else None
    few = at.inputs <= FEW
    held = at.origin.copy()
    along = _along(at) if few else None
    if along is not None and known is not None:
        held[along] = np.median(known.X[:, along], axis=0)
    names = known.names if known is not None else tuple(f"input {n}" for n in range(at.inputs))
    return {
        "text": at.text,
        "axes": list(at.scales),
        "names": list(names) if few else [],
        "marks": [{"name": name, "x": x, "y": y} for x, y, name in Marks.of(at).named],
        "along": along,
        "at": held.tolist() if few else [],
        "ranges": None if known is None or not few else np.stack([known.X.min(0), known.X.max(0)], axis=1).tolist(),
    }


def _along(at: Slice) -> list[int] | None:
    """The two inputs that x and y go along; None where they go along none, or along both of some."""
    moved = [np.flatnonzero(step) for step in (at.u, at.v)]
    if any(len(one) != 1 for one in moved):
        return None
    return [int(one[0]) for one in moved]
