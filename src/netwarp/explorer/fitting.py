"""What fits: of an architecture that is too large for the explorer, the largest depth or width that is not."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from netwarp.architecture.architecture import Architecture
from netwarp.architecture.nodes import Conv, Layer, Repeat
from netwarp.errors import LimitError
from netwarp.explorer import limits
from netwarp.explorer.opened import RoomData
from netwarp.plane import Raster

# where the sliders of the page end
DEEPEST, WIDEST = 50, 128


class TooLargeError(LimitError):
    """A network that is refused for its size; `fits` is the text of one like it that is not, if one is known."""

    def __init__(self, error: LimitError, fits: str | None) -> None:
        super().__init__(str(error))
        self.fits = fits


def check(architecture: Architecture, raster: Raster) -> float:
    """As limits.check_architecture. Errors: TooLargeError."""
    try:
        return limits.check_architecture(architecture, raster)
    except LimitError as error:
        raise TooLargeError(error, _fitting(architecture, raster)) from None


def deepest(architecture: Architecture, raster: Raster, most: int = limits.LAYERS) -> int:
    """The largest number of repetitions, up to `most`, that is taken; 0 where none is."""
    body = _body(architecture)
    return _largest(most, lambda times: fits(replace(architecture, tree=body * times), raster))


def widest(architecture: Architecture, raster: Raster, most: int = limits.UNITS) -> int | None:
    """The largest number of channels, up to `most`; 0 where none is taken, None where its layers have no single one."""
    body = _body(architecture)
    if not isinstance(body, Conv):
        return None
    tree = architecture.tree
    times = tree.times if isinstance(tree, Repeat) else 1
    return _largest(most, lambda n: fits(replace(architecture, tree=replace(body, channels=n) * times), raster))


def room(architecture: Architecture, raster: Raster) -> RoomData:
    """How far the sliders of depth and width may go; None where the architecture has no such number."""
    body, tree = _body(architecture), architecture.tree
    times = tree.times if isinstance(tree, Repeat) else 1
    channels = body.channels if isinstance(body, Conv) else 1
    return {
        "depth": deepest(architecture, raster, max(DEEPEST, times)),
        "width": widest(architecture, raster, max(WIDEST, channels)),
    }


def fits(architecture: Architecture, raster: Raster) -> bool:
    """Whether the explorer takes it."""
    try:
        limits.check_architecture(architecture, raster)
    except LimitError:
        return False
    return True


def _fitting(architecture: Architecture, raster: Raster) -> str | None:
    body, tree = _body(architecture), architecture.tree
    if isinstance(tree, Repeat) and (times := deepest(architecture, raster, tree.times)):
        return str(body * times if times > 1 else body)
    if isinstance(body, Conv) and (channels := widest(architecture, raster, body.channels)):
        found = replace(body, channels=channels)
        return str(found * tree.times if isinstance(tree, Repeat) else found)
    return None


def _body(architecture: Architecture) -> Layer:
    tree = architecture.tree
    return tree.part if isinstance(tree, Repeat) else tree


def _largest(most: int, taken: Callable[[int], bool]) -> int:
    """The largest of 1 to `most` that is taken, where what is larger takes more; 0 where none is."""
    if taken(most):
        return most
    low, high = 0, most
    while high - low > 1:
        middle = (low + high) // 2
        if taken(middle):
            low = middle
        else:
            high = middle
    return low
