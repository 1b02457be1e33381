"""netwarp shows, and measures, how complicated a function a neural network draws on a plane.

Every public name is loaded on its first use, so that `import netwarp` itself loads nothing. `netwarp.torch` and
`netwarp.to_torch` need an extra.

`from netwarp import *` leaves out the modules `netwarp.torch`, `netwarp.sklearn` and `netwarp.onnx`, which bear the
names of other libraries, and `to_torch`, which needs one; after `import netwarp as nw` all are attributes of `nw`.
"""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from netwarp import claims as claims
    from netwarp import errors as errors
    from netwarp import measures as measures
    from netwarp import onnx as onnx
    from netwarp import sklearn as sklearn
    from netwarp import theory as theory
    from netwarp import torch as torch
    from netwarp.architecture import zoo as zoo
    from netwarp.architecture.architecture import Architecture as Architecture
    from netwarp.architecture.counts import count as count
    from netwarp.architecture.inputs import embed as embed
    from netwarp.architecture.language import parse as parse
    from netwarp.architecture.specs import layer_norm as layer_norm
    from netwarp.architecture.specs import normal as normal
    from netwarp.architecture.specs import spatial as spatial
    from netwarp.architecture.specs import uniform as uniform
    from netwarp.architecture.tree import act as act
    from netwarp.architecture.tree import conv as conv
    from netwarp.architecture.tree import dense as dense
    from netwarp.architecture.tree import depthwise as depthwise
    from netwarp.architecture.tree import gated as gated
    from netwarp.architecture.tree import inception as inception
    from netwarp.architecture.tree import maxout as maxout
    from netwarp.architecture.tree import norm as norm
    from netwarp.architecture.tree import parallel as parallel
    from netwarp.architecture.tree import pool as pool
    from netwarp.architecture.tree import residual as residual
    from netwarp.errors import NetwarpError as NetwarpError
    from netwarp.explorer.widget import explore as explore
    from netwarp.fields.calibration import calibrate as calibrate
    from netwarp.fields.field import Field as Field
    from netwarp.films.film import film as film
    from netwarp.measures.measure import measure as measure
    from netwarp.models.choosing import around as around
    from netwarp.models.choosing import features as features
    from netwarp.models.choosing import pca as pca
    from netwarp.models.choosing import through as through
    from netwarp.models.data import Data as Data
    from netwarp.models.decisions.agreement import agreement as agreement
    from netwarp.models.decisions.decide import decision as decision
    from netwarp.models.field import field as field
    from netwarp.models.reading import read_data as read_data
    from netwarp.models.slices import Slice as Slice
    from netwarp.models.weights import weights as weights
    from netwarp.network.module import to_module as to_torch
    from netwarp.network.network import Network as Network
    from netwarp.network.units import unit as unit
    from netwarp.orders.breeding import breed as breed
    from netwarp.orders.breeding import cross as cross
    from netwarp.orders.breeding import mutate as mutate
    from netwarp.orders.drawing import draw as draw
    from netwarp.picture.colouring import Colouring as Colouring
    from netwarp.picture.paint import paint as paint
    from netwarp.picture.palette import palette as palette
    from netwarp.picture.picture import Picture as Picture
    from netwarp.picture.recipe import Recipe as Recipe
    from netwarp.picture.sheet import contact_sheet as contact_sheet
    from netwarp.picture.tone import Tone as Tone
    from netwarp.plane import Plane as Plane
    from netwarp.plane import Raster as Raster
    from netwarp.posters.poster import poster as poster
    from netwarp.regions.cells.line import along as along
    from netwarp.regions.tessellate import tessellate as tessellate
    from netwarp.regions.tessellation import Tessellation as Tessellation
    from netwarp.study.atlas import atlas as atlas
    from netwarp.study.compare import compare as compare
    from netwarp.study.ensemble import ensemble as ensemble
    from netwarp.study.grid.file import read_study as read_study
    from netwarp.study.grid.study import Study as Study
    from netwarp.version import VERSION as __version__

# public name -> the module it is found in; one that ends in ":" is that module itself, one in ":name" that name of it
_HOMES = {
    "Architecture": "architecture.architecture",
    "Colouring": "picture.colouring",
    "Data": "models.data",
    "Field": "fields.field",
    "NetwarpError": "errors",
    "Network": "network.network",
    "Picture": "picture.picture",
    "Plane": "plane",
    "Raster": "plane",
    "Recipe": "picture.recipe",
    "Slice": "models.slices",
    "Study": "study.grid.study",
    "Tessellation": "regions.tessellation",
    "Tone": "picture.tone",
    "act": "architecture.tree",
    "agreement": "models.decisions.agreement",
    "along": "regions.cells.line",
    "around": "models.choosing",
    "atlas": "study.atlas",
    "breed": "orders.breeding",
    "calibrate": "fields.calibration",
    "claims": "claims:",
    "compare": "study.compare",
    "contact_sheet": "picture.sheet",
    "conv": "architecture.tree",
    "count": "architecture.counts",
    "cross": "orders.breeding",
    "decision": "models.decisions.decide",
    "dense": "architecture.tree",
    "depthwise": "architecture.tree",
    "draw": "orders.drawing",
    "embed": "architecture.inputs",
    "ensemble": "study.ensemble",
    "errors": "errors:",
    "explore": "explorer.widget",
    "features": "models.choosing",
    "field": "models.field",
    "film": "films.film",
    "gated": "architecture.tree",
    "inception": "architecture.tree",
    "layer_norm": "architecture.specs",
    "maxout": "architecture.tree",
    "measure": "measures.measure",
    "measures": "measures:",
    "mutate": "orders.breeding",
    "norm": "architecture.tree",
    "normal": "architecture.specs",
    "onnx": "onnx:",
    "paint": "picture.paint",
    "palette": "picture.palette",
    "parallel": "architecture.tree",
    "parse": "architecture.language",
    "pca": "models.choosing",
    "pool": "architecture.tree",
    "poster": "posters.poster",
    "read_data": "models.reading",
    "read_study": "study.grid.file",
    "residual": "architecture.tree",
    "sklearn": "sklearn:",
    "spatial": "architecture.specs",
    "tessellate": "regions.tessellate",
    "theory": "theory:",
    "through": "models.choosing",
    "to_torch": "network.module:to_module",
    "torch": "torch:",
    "uniform": "architecture.specs",
    "unit": "network.units",
    "weights": "models.weights",
    "zoo": "architecture.zoo:",
}

# names of version 0.1: what each is called now, and where it is
_FORMER = {
    "bounds": ("theory.bounds", "theory.bounds:"),
    "growth": ("theory.growth", "theory.growth:"),
    "layer": ("layer_norm", "architecture.specs:layer_norm"),
    "line": ("along", "regions.cells.line:along"),
    "meanfield": ("theory.meanfield", "theory.meanfield:"),
}

# a star import takes no library's name from its reader's module, and works without torch
_APART = ("onnx", "sklearn", "to_torch", "torch")

__all__ = sorted(set(_HOMES).difference(_APART))


def __getattr__(name: str) -> Any:
    from importlib import import_module

    if name == "__version__":
        return import_module("netwarp.version").VERSION
    if name in _FORMER:
        now, home = _FORMER[name]
        import_module("netwarp.renamed").renamed(f"netwarp.{name}", f"netwarp.{now}")
        return _found(name, home)  # not kept: every use warns
    if name not in _HOMES:
        near = import_module("netwarp.errors").nearest(name, list(_HOMES))
        # with a name and no object Python looks for no other name, which it would say after ours
        raise AttributeError(f"netwarp has no {name!r}{near}", name=name, obj=None)
    # found once: __getattr__ is not asked again
    globals()[name] = value = _found(name, _HOMES[name])
    return value


def _found(name: str, home: str) -> Any:
    from importlib import import_module

    module, colon, attribute = home.partition(":")
    try:
        found = import_module(f"netwarp.{module}")
    except ModuleNotFoundError as missing:
        if missing.name != "torch":
            raise
        # an AttributeError, so that hasattr and pickle, which look through every module's names, can go on
        raise AttributeError(f"netwarp.{name} needs PyTorch: pip install 'netwarp[torch]'") from missing
    return getattr(found, attribute or name) if attribute or not colon else found


def __dir__() -> list[str]:
    return [*_HOMES, "__version__"]
