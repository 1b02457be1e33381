"""A model's file on another plane through the space of its inputs than the one it was read on."""

from __future__ import annotations

from dataclasses import replace

from netwarp.models.data import Data
from netwarp.models.files import Completion
from netwarp.models.homes import home_of
from netwarp.models.sliced import on_slice
from netwarp.models.slices import Slice
from netwarp.orders.subject import OwnWeights, Subject, is_function
from netwarp.picture.recipe import Weights


def on_plane(subject: Subject, at: Slice, data: Data | None = None) -> Subject:
    """The Subject of a model's file on another slice of its inputs' space; `data` say where to look, as far as they
    are such inputs. Errors: InputError where the slice has another number of inputs."""
    assert isinstance(subject.source, OwnWeights), "a model's file has weights of its own"
    network = on_slice(subject.source.network, at)
    weights = subject.source.weights
    if weights is not None and not is_function(network):
        weights = Weights.of_network(weights.file, network)
    own = replace(subject.source, network=network, weights=weights)
    fits = data is not None and data.X.shape[1] == at.inputs
    home = Completion(slice=at, data=data if fits else None).home() or home_of(network)
    return replace(subject, source=own, plane=home, slice=at, chosen=False)
