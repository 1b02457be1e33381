"""skeleton: what all networks of an architecture have in common, made once for those drawn one after another."""

from __future__ import annotations

from netwarp.architecture.architecture import Architecture
from netwarp.architecture.counts import count
from netwarp.network.build import Skeleton


class _Last:
    """The skeleton made last. By the very architecture: equal ones may hold 0.0 and -0.0, which draw other bits."""

    skeleton: Skeleton | None = None


def skeleton(architecture: Architecture) -> Skeleton:
    """The architecture's Skeleton. Errors: LimitError where it is too large; InputError where it cannot be built."""
    found = _Last.skeleton
    if found is None or found.architecture is not architecture:
        count(architecture)
        found = _Last.skeleton = Skeleton.of(architecture)
    return found
