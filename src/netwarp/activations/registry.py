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
# what PyTorch, Keras, JAX and scikit-learn call some of them, in lower case and without underscores
SPELLINGS = {"identity": "linear", "leakyrelu": "leaky", "logistic": "sigmoid", "swish": "silu"}


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


def spelt(name: str) -> str:
    """The name of an activation that another library spells otherwise, as "ReLU", "SiLU" or "logistic"; else `name`."""
    if name in FACES:
        return name
    plain = name.lower().replace("_", "")
    return SPELLINGS.get(plain, plain if plain in FACES else name)
