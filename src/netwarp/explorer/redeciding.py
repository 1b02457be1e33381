"""A decision's picture that is dropped on the page: its models again, side by side, decided where it looked."""

from __future__ import annotations

import io

from netwarp.architecture.language import parse
from netwarp.errors import InputError
from netwarp.explorer.facts import texts_of
from netwarp.explorer.limits import view_of
from netwarp.explorer.reading import ARCHIVE, CALIBRATION, File, Files, pane_of_file
from netwarp.explorer.state import MAX_PANES, Page, Pane
from netwarp.models.decisions.recipe import DecisionRecipe, ModelRecipe
from netwarp.network.network import Network


def page_of_decision(recipe: DecisionRecipe, files: Files) -> Page:
    """The Page of a decision, or of the agreement of up to four models; its points stay behind. Errors: InputError."""
    if len(recipe.models) > MAX_PANES:
        raise InputError(f"it compares {len(recipe.models)} models, and at most {MAX_PANES} are shown side by side")
    show = "margin" if recipe.margin else "classes"
    shown: dict[str, object] = {**view_of(recipe.raster.plane), "show": show, "grows": recipe.y}
    return Page(tuple(_pane(model, files, shown) for model in recipe.models))


def _pane(model: ModelRecipe, files: Files, shown: dict[str, object]) -> Pane:
    if model.layer is not None:
        raise InputError("a layer of its network decides in it; the explorer shows decisions of outputs")
    weights = model.weights
    if weights is not None:
        npz = weights.npz()
        if npz is None or not npz.startswith(ARCHIVE):
            raise InputError(f"its weights do not travel in it; drop {weights.file!r} instead")
        plane = model.calibration.plane if model.architecture is None else None
        return pane_of_file(File.of(weights.file, npz, Network.load(io.BytesIO(npz)), plane), files, **shown)
    if model.architecture is None or model.seed is None:
        raise InputError("it does not say its network, of which only values were known; drop the model itself")
    if model.calibration != CALIBRATION:
        raise InputError("its statistics were taken on pixels of its own; the explorer takes those of 600x400")
    # in netwarp's own networks y grows downwards
    grows = {"grows": "auto"} if shown["grows"] == "down" else {}
    texts = texts_of(parse(model.architecture))
    return Pane(**{**texts, **shown, **grows}, seed=model.seed)  # type: ignore[arg-type]  # a Pane checks them
