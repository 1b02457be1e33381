"""What a Python caller may give in place of a Subject: a text, an Architecture, a Network."""

from __future__ import annotations

from pathlib import Path

from netwarp.architecture.architecture import Architecture
from netwarp.checks import instance
from netwarp.models.homes import home_of
from netwarp.network.network import Network
from netwarp.network.source import Drawn
from netwarp.orders.subject import OwnWeights, Subject, file_name, read_subject
from netwarp.picture.recipe import Weights

What = str | Path | Architecture | Network | Subject


def as_subject(given: What, owner: str) -> Subject:
    """The Subject of what is given: texts are those of `read_subject`. Errors: InputError naming the `owner`."""
    if isinstance(given, str | Path):
        return read_subject(str(given))
    if isinstance(given, Architecture):
        return Subject(file_name(str(given.tree)), given)
    if isinstance(given, Network):
        # architecture and seed say all of a drawn one
        drawn = isinstance(given.source, Drawn)
        weights = None if drawn else Weights.of_network("network.npz", given)
        return Subject("network", OwnWeights(given, weights), plane=home_of(given))
    return instance(given, Subject, owner, "a text as in 'conv(10) * 10', an Architecture or a Network")
