"""What a Python caller may give in place of a Subject: a text, an Architecture, a Network."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from netwarp.architecture.architecture import Architecture
from netwarp.checks import instance
from netwarp.errors import InputError
from netwarp.models.files import Completion
from netwarp.models.homes import home_of
from netwarp.models.sliced import on_slice
from netwarp.models.slices import Slice
from netwarp.network.lineage import written
from netwarp.network.network import Network
from netwarp.network.source import Drawn
from netwarp.orders.subject import OwnWeights, Subject, file_name, read_subject
from netwarp.picture.recipe import Weights

What = str | Path | Architecture | Network | Subject


def as_subject(given: What, owner: str, at: Slice | None = None) -> Subject:
    """The Subject of what is given, on the slice `at` of its inputs: texts are those of `read_subject`.

    Errors: InputError naming the `owner`.
    """
    if at is not None:
        instance(at, Slice, f"{owner} slice", "a Slice, as nw.through(a, b, c) gives")
    if isinstance(given, str | Path):
        return read_subject(str(given), Completion(slice=at))
    if at is not None:
        if not isinstance(given, Network):
            raise InputError(f"{owner} slice: is of a model's file or a Network; leave it out")
        return replace(as_subject(on_slice(given, at), owner), plane=at.home or home_of(given), slice=at)
    if isinstance(given, Architecture):
        return Subject(file_name(str(given.tree)), given)
    if isinstance(given, Network):
        # architecture and seed say all of a drawn one, and ancestors of one made of such
        said = isinstance(given.source, Drawn) or written(given.source) is not None
        weights = None if said else Weights.of_network("network.npz", given)
        return Subject("network", OwnWeights(given, weights), plane=home_of(given))
    return instance(given, Subject, owner, "a text as in 'conv(10) * 10', an Architecture or a Network")
