"""The pictures of children: each as its first parent's looks, with colours fitted to it alone."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from netwarp.errors import InputError
from netwarp.files import filled
from netwarp.network.network import Network
from netwarp.orders.breeding import CHILDREN, breed
from netwarp.orders.drawing import Drawing, drawn
from netwarp.orders.order import Order, order
from netwarp.orders.subject import Subject
from netwarp.orders.what import as_subject
from netwarp.picture.colouring import Colouring
from netwarp.plane import Calibration, Plane
from netwarp.progress import Report


@dataclass(frozen=True, slots=True)
class Look:
    """How pictures are drawn; what is None is as in the first parent's recipe, else as `netwarp draw` has it."""

    size: tuple[int, int] | None = None
    plane: Plane | None = None
    calibration: Calibration | None = None
    colour: str | Colouring | None = None


def order_of(network: Network, like: Subject, look: Look, name: str) -> Order:
    """The Order of a network's picture that looks as the pictures of `like`. Errors: InputError, LimitError."""
    given = as_subject(network, "breed")
    recipe = like.recipe
    subject = Subject(name, given.source, plane=like.plane if given.plane is None else given.plane)
    if recipe is None:
        return order(
            subject,
            size=look.size,
            plane=look.plane,
            calibration=look.calibration,
            colour=look.colour,
        )
    raster = order(like, size=look.size, plane=look.plane).raster
    fine = Colouring.of(look.colour)
    colour = recipe.tone.colour if recipe.layer is None else None
    return order(
        subject,
        raster=raster,
        calibration=look.calibration or recipe.calibration,
        colour=replace(fine, name=fine.name or colour, dither=fine.dither or recipe.tone.dither),
        contrast=recipe.contrast,
        y=recipe.y,
    )


@dataclass(frozen=True, eq=False, slots=True)
class Child:
    """One child, its name, which a file has too, and its picture."""

    name: str
    network: Network
    drawing: Drawing


def draw_children(
    parents: Sequence[Subject],
    *,
    children: int = CHILDREN,
    seed: int = 0,
    strength: float | None = None,
    look: Look | None = None,
    progress: Report | None = None,
) -> tuple[Child, ...]:
    """The children of one parent or of two, drawn. `progress` may raise to cancel. Errors: NetwarpError."""
    first = parents[0]
    networks = breed(first, *parents[1:2], children=children, seed=seed, strength=strength)
    stem = first.name if len(parents) == 1 else f"{first.name}-{parents[1].name}"[:60]
    orders = [
        order_of(network, first, look or Look(), f"{stem}-{seed + number}") for number, network in enumerate(networks)
    ]
    found = []
    for number, (network, placed) in enumerate(zip(networks, orders, strict=True)):
        if progress is not None:
            progress("drawing children", number, children)
        found.append(Child(placed.subject.name, network, drawn(placed, None)))
    return tuple(found)


def save_children(children: Sequence[Child], folder: Path) -> tuple[Path, ...]:
    """Writes each as NAME.png into the folder, all of them or none. Errors: InputError."""
    try:
        with filled(Path(os.path.realpath(folder))) as inside:
            for child in children:
                child.drawing.picture.save(inside / f"{child.name}.png")
    except OSError as error:
        raise InputError(f"--out {str(folder)!r}: cannot be written ({error.strerror or error})") from error
    return tuple(folder / f"{child.name}.png" for child in children)
