"""netwarp shows, and measures, how complicated a function a neural network draws on a plane.

Every public name is loaded on its first use, so that `import netwarp` itself loads nothing. `netwarp.torch` is the one
that needs an extra.
"""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from netwarp import measures as measures
    from netwarp.architecture import zoo as zoo
    from netwarp.architecture.architecture import Architecture as Architecture
    from netwarp.architecture.counts import count as count
    from netwarp.architecture.inputs import embed as embed
    from netwarp.architecture.language import parse as parse
    from netwarp.architecture.specs import layer as layer
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
    from netwarp.measures.measure import measure as measure
    from netwarp.network import module as torch
    from netwarp.network.network import Network as Network
    from netwarp.picture.paint import paint as paint
    from netwarp.picture.picture import Picture as Picture
    from netwarp.picture.recipe import Recipe as Recipe
    from netwarp.picture.sheet import contact_sheet as contact_sheet
    from netwarp.picture.tone import Tone as Tone
    from netwarp.plane import Plane as Plane
    from netwarp.plane import Raster as Raster
    from netwarp.regions.cells.line import line as line
    from netwarp.regions.tessellate import tessellate as tessellate
    from netwarp.regions.tessellation import Tessellation as Tessellation
    from netwarp.theory import bounds as bounds
    from netwarp.theory import growth as growth
    from netwarp.theory import meanfield as meanfield
    from netwarp.version import VERSION as __version__

# public name -> the module it is found in; one that ends in ":" is that module itself
_HOMES = {
    "Architecture": "architecture.architecture",
    "Field": "fields.field",
    "NetwarpError": "errors",
    "Network": "network.network",
    "Picture": "picture.picture",
    "Plane": "plane",
    "Raster": "plane",
    "Recipe": "picture.recipe",
    "Tessellation": "regions.tessellation",
    "Tone": "picture.tone",
    "act": "architecture.tree",
    "bounds": "theory.bounds:",
    "calibrate": "fields.calibration",
    "contact_sheet": "picture.sheet",
    "conv": "architecture.tree",
    "count": "architecture.counts",
    "dense": "architecture.tree",
    "depthwise": "architecture.tree",
    "embed": "architecture.inputs",
    "explore": "explorer.widget",
    "gated": "architecture.tree",
    "growth": "theory.growth:",
    "inception": "architecture.tree",
    "layer": "architecture.specs",
    "line": "regions.cells.line",
    "maxout": "architecture.tree",
    "meanfield": "theory.meanfield:",
    "measure": "measures.measure",
    "measures": "measures:",
    "norm": "architecture.tree",
    "normal": "architecture.specs",
    "paint": "picture.paint",
    "parallel": "architecture.tree",
    "parse": "architecture.language",
    "pool": "architecture.tree",
    "residual": "architecture.tree",
    "spatial": "architecture.specs",
    "tessellate": "regions.tessellate",
    "torch": "network.module:",
    "uniform": "architecture.specs",
    "zoo": "architecture.zoo:",
}

__all__ = sorted(_HOMES)


def __getattr__(name: str) -> Any:
    from importlib import import_module

    if name == "__version__":
        return import_module("netwarp.version").VERSION
    home = _HOMES.get(name)
    if home is None:
        near = import_module("netwarp.errors").nearest(name, __all__)
        raise AttributeError(f"netwarp has no {name!r}{near}")
    try:
        module = import_module(f"netwarp.{home.rstrip(':')}")
    except ModuleNotFoundError as missing:
        if missing.name != "torch":
            raise
        # an AttributeError, so that hasattr and pickle, which look through every module's names, can go on
        raise AttributeError(f"netwarp.{name} needs PyTorch: pip install 'netwarp[torch]'") from missing
    value = module if home.endswith(":") else getattr(module, name)
    globals()[name] = value  # found once: __getattr__ is not asked again
    return value


def __dir__() -> list[str]:
    return [*__all__, "__version__"]
