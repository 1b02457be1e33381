"""netwarp shows, and measures, how complicated a function a neural network draws on a plane.

Every public name is loaded on its first use, so that `import netwarp` itself loads nothing. `netwarp.torch` is the one
that needs an extra.
"""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from netwarp.architecture import zoo as zoo
    from netwarp.architecture.architecture import Architecture as Architecture
    from netwarp.architecture.language import parse as parse
    from netwarp.architecture.specs import layer as layer
    from netwarp.architecture.specs import normal as normal
    from netwarp.architecture.specs import spatial as spatial
    from netwarp.architecture.specs import uniform as uniform
    from netwarp.field.calibration import calibrate as calibrate
    from netwarp.field.field import Field as Field
    from netwarp.network import module as torch
    from netwarp.network.network import Network as Network
    from netwarp.picture.paint import paint as paint
    from netwarp.picture.picture import Picture as Picture
    from netwarp.picture.tone import Tone as Tone
    from netwarp.plane import Plane as Plane
    from netwarp.plane import Raster as Raster
    from netwarp.version import VERSION as __version__

# public name -> the module it is found in; one that ends in ":" is that module itself
_HOMES = {
    "Architecture": "architecture.architecture",
    "Field": "field.field",
    "Network": "network.network",
    "Picture": "picture.picture",
    "Plane": "plane",
    "Raster": "plane",
    "Tone": "picture.tone",
    "calibrate": "field.calibration",
    "layer": "architecture.specs",
    "normal": "architecture.specs",
    "paint": "picture.paint",
    "parse": "architecture.language",
    "spatial": "architecture.specs",
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
        raise AttributeError(f"netwarp has no {name!r}{_near(name)}")
    module = import_module(f"netwarp.{home.rstrip(':')}")
    value = module if home.endswith(":") else getattr(module, name)
    globals()[name] = value  # found once: __getattr__ is not asked again
    return value


def _near(name: str) -> str:
    from netwarp.errors import nearest

    return nearest(name, __all__)


def __dir__() -> list[str]:
    return [*__all__, "__version__"]
