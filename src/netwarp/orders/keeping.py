"""The network of a picture whose weights no seed gives: they travel in it, or lie beside it."""

from __future__ import annotations

import io
from pathlib import Path

from netwarp.architecture.language import parse
from netwarp.errors import InputError
from netwarp.models.files import read_network
from netwarp.network.kinds import kind_of
from netwarp.network.network import Network
from netwarp.picture.recipe import Weights

MAX_NPZ = 1 << 30
# kinds of files whose recipes carry the npz that their network is saved as
CONVERTED = ("onnx", "pt2", "safetensors", "nnet")


def network_of(picture: Path, architecture: str | None, seed: int | None, weights: Weights | None) -> Network:
    """The network that a recipe in a picture names: of these weights, else drawn. Errors: InputError."""
    if weights is not None:
        return kept_network(picture, weights)
    if architecture is None or seed is None:
        raise InputError(
            f"file {str(picture)!r}: was drawn from a function that no recipe says; call nw.decision on it again"
        )
    return Network.draw(parse(architecture), seed)


def kept_network(picture: Path, weights: Weights) -> Network:
    """The network whose weights a picture carries or names. Errors: InputError."""
    npz = weights.npz() or _find(weights, picture)
    if not npz.startswith(b"PK"):
        said = f"was drawn from {weights.file!r}, a function that no recipe says; draw that again"
        raise InputError(f"file {str(picture)!r}: {said}")
    return Network.load(io.BytesIO(npz))


def _find(weights: Weights, picture: Path) -> bytes:
    """The weights that a recipe only names: in a file beside the picture, or in the current folder."""
    for candidate in (picture.parent / weights.file, Path(weights.file)):
        if candidate.is_file() and candidate.stat().st_size <= MAX_NPZ:
            npz = candidate.read_bytes()
            if not weights.matches(npz) and kind_of(candidate) in CONVERTED:
                read_network(candidate).save(saved := io.BytesIO())
                npz = saved.getvalue()
            if weights.matches(npz):
                return npz
            raise InputError(
                f"file {str(candidate)!r}: is not the one {picture.name!r} was drawn from; its SHA-256 differs"
            )
    raise InputError(
        f"file {str(picture)!r}: its weights are too large to travel in it; put {weights.file!r} beside it, or draw "
        "the model's own file again"
    )
