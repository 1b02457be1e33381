"""Every face by its name. A face that stands in its family's FACES is in the language."""

from __future__ import annotations

from netwarp.activations import bends, exponentials, rectifiers, simple, smooth, waves
from netwarp.activations.face import Face
from netwarp.errors import UnsupportedError, nearest, shown

FAMILIES = (rectifiers, exponentials, smooth, bends, waves, simple)
# the order is that of menus and messages, and the code of an activation in the native engine's plans
FACES: dict[str, Face] = {one.name: one for family in FAMILIES for one in family.FACES}
CODES = {name: code for code, name in enumerate(FACES)}
NAMES = tuple(FACES)


def face(name: str) -> Face:
    """The face of that name. Errors: UnsupportedError naming it."""
    found = FACES.get(name)
    if found is None:
        near = nearest(shown(name), NAMES) or '; try "relu"'
        raise UnsupportedError(f"activation {shown(name)}: not a known name{near}")
    return found


def code_of(name: str) -> int:
    """Its code in the native engine's plans. Errors: UnsupportedError naming it."""
    return CODES[face(name).name]
