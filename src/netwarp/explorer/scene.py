"""What a pane says of classes: their names and colours, and the data's points on its plane."""

from __future__ import annotations

from dataclasses import dataclass

from netwarp.errors import InputError
from netwarp.explorer.decided import ClassData
from netwarp.fields.field import Field
from netwarp.models.data import Data
from netwarp.models.decisions import colours
from netwarp.models.decisions.classes import Points, names_of, points_of
from netwarp.models.decisions.decide import own_names
from netwarp.models.slices import Slice
from netwarp.orders.deciding import Question


@dataclass(frozen=True, eq=False)
class Scene:
    """What a pane says of classes: their names, and the data's points on the plane; `note` is why these have none.

    `axes` are what the data call x and y, where these are the model's two inputs; empty texts elsewhere.
    """

    names: tuple[str, ...]
    points: Points | None
    note: str = ""
    axes: tuple[str, str] = ("", "")

    def classes(self) -> list[ClassData]:
        """Names and colours, as the page needs them."""
        palette = colours.class_colours(len(self.names))
        tints = colours.tinted(palette, colours.FLAT)
        each = zip(self.names, palette, tints, strict=True)
        return [
            {"name": name, "colour": colours.hexadecimal(colour), "tint": colours.hexadecimal(tint)}
            for name, colour, tint in each
        ]


def scene(field: Field, at: Slice | None, data: Data | None) -> Scene:
    """The Scene of a Field, whose plane is the slice `at`. Names are the data's where it is of as many classes.

    More classes than are compared two by two have no regions, and then the Scene has no names.
    """
    question = Question(data=data)
    count = max(field.channels, 2)
    labels, note = question.labels, ""
    try:
        called = question.names(count)
    except InputError:
        assert data is not None, "a question without data has no names"
        called, labels = None, None
        note = f"the data are of {question.spread}, and the outputs of {count}"
    try:
        names = names_of(called or own_names(None, field, count), count)
    except InputError:
        names, labels = (), None
    if data is None:
        return Scene(names, None)
    try:
        axes = (data.names[0], data.names[1]) if at is None else ("", "")
        return Scene(names, points_of(data.X, labels, names, at), note, axes)
    except InputError:  # of another number of inputs: these are no points of this plane
        return Scene(names, None)
