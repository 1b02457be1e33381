"""DecisionRecipe: all that is needed to draw a decision's picture again, as JSON in the picture's own text."""

# n points

from __future__ import annotations

import io
import json
import os
import re
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path

import numpy as np

from netwarp import checks
from netwarp.errors import InputError, UnsupportedError
from netwarp.models.decisions.asked import UNMARKED, Asked, Marks
from netwarp.models.decisions.classes import MAX_NAME, MOST, Points
from netwarp.network import npz
from netwarp.network.network import Network
from netwarp.network.source import SEEDS, Drawn
from netwarp.picture import pngtext
from netwarp.picture.carried import read_carried
from netwarp.picture.recipe import MAX_ARCHITECTURE, MAX_AXIS, Weights, check_y, checked_marks
from netwarp.plane import Raster
from netwarp.version import VERSION

KEY = "decision"  # of the JSON object, by which it is told from a Recipe
POINTS = "points.npz"
MODELS = 32
SPARE = 1 << 16  # characters of a recipe beside its points and weights
WHAT = "recipe of a decision"


@dataclass(frozen=True, eq=False)
class ModelRecipe:
    """A model of a decision. `seed` draws the weights of its `architecture`; else `weights` are a file's.

    `calibration` is the Raster whose pixels gave its statistics, `layer` the one that decides, None for the outputs.
    """

    name: str
    architecture: str | None
    seed: int | None
    calibration: Raster
    layer: int | None
    network: Network | None = field(default=None, repr=False)  # whose weights these are, where it is at hand
    file: Weights | None = field(default=None, repr=False)  # where they are from, where that is known

    @cached_property
    def weights(self) -> Weights | None:
        """None where a seed gives them, or the model is a function whose values alone are known."""
        if self.file is not None or self.network is None or isinstance(self.network.source, Drawn):
            return self.file
        try:
            name = re.sub(r"[/\\\x00-\x1f\x7f]", "-", self.name)
            return Weights.of_network(f"{name}.npz", self.network)
        except UnsupportedError:
            return None

    def to_data(self, room: int) -> dict[str, object]:
        """Weights travel along where they take at most `room` characters."""
        weights = None if self.weights is None else self.weights.to_data()
        if weights is not None and len(str(weights.get("npz", ""))) > room:
            del weights["npz"]
        return {
            "name": self.name,
            "architecture": self.architecture,
            "seed": self.seed,
            "calibration": self.calibration.to_data(),
            "weights": weights,
            **({} if self.layer is None else {"layer": self.layer}),
        }

    @classmethod
    def from_data(cls, data: object) -> ModelRecipe:
        what = "recipe model"
        fields = checks.mapping(data, what)
        architecture, seed, layer, weights = (fields.get(name) for name in ("architecture", "seed", "layer", "weights"))
        return cls(
            checks.string(checks.get(fields, "name", what), what, MAX_NAME),
            None if architecture is None else checks.string(architecture, f"{what} architecture", MAX_ARCHITECTURE),
            None if seed is None else checks.whole(seed, f"{what} seed", -SEEDS, SEEDS),
            Raster.from_data(checks.get(fields, "calibration", what), f"{what} calibration"),
            None if layer is None else checks.whole(layer, f"{what} layer", 0, MAX_ARCHITECTURE),
            file=None if weights is None else Weights.from_data(weights),
        )


@dataclass(frozen=True, eq=False)
class DecisionRecipe:
    """What a decision's picture was drawn from, and how. `margin`, `axes` and `y` are those of `Decision.paint`, `svg`.

    The points are at hand, or in a `file`, which may be the hash of too many of them. Errors: InputError.
    """

    models: tuple[ModelRecipe, ...]
    classes: tuple[str, ...]
    raster: Raster
    threshold: float | None
    one_class: str | None
    engine: str
    labels: tuple[str, str]  # what x and y are
    margin: bool
    axes: bool
    y: str = "up"  # the way that it grows in the picture
    marks: Marks = UNMARKED
    at_hand: Points | None = None
    file: Weights | None = None
    version: str = VERSION

    @classmethod
    def of(cls, asked: Asked, labels: tuple[str, str], marks: Marks = UNMARKED) -> DecisionRecipe:
        """The recipe of what was asked. `margin` and `axes` are as of a PNG, until it is painted otherwise."""
        names, files = asked.names or ("model",), asked.files or (None,) * len(asked.fields)
        models = tuple(
            ModelRecipe(name[:MAX_NAME], one.network.text, one.network.seed, one.raster, one.layer, one.network, file)
            for name, one, file in zip(names, asked.fields, files, strict=True)
        )
        return cls(
            models,
            asked.classes,
            asked.raster,
            asked.threshold,
            None if asked.one is None else asked.classes[asked.one],
            asked.engine,
            labels,
            margin=True,
            axes=True,
            marks=marks,
            at_hand=asked.points,
        )

    def shown(self, *, margin: bool, axes: bool, y: str) -> DecisionRecipe:
        return replace(self, margin=margin, axes=axes, y=y)

    def points(self) -> Points | None:
        """The points that travel in it. Errors: InputError where only their hash does."""
        if self.file is None:
            return self.at_hand
        found = self.file.npz()
        if found is None:
            raise InputError("its points are too many to travel in it; give them again, by --data")
        arrays = npz.read(io.BytesIO(found))
        places = np.asarray(checks.get(arrays, "X", "recipe points"), np.float64)
        labels = np.asarray(arrays["y"], np.int64) if "y" in arrays else None
        wrong = places.ndim != 2 or places.shape[1:] != (2,) or not np.isfinite(places).all()
        if wrong or (labels is not None and (labels.shape != places.shape[:1] or not _within(labels, self.classes))):
            raise InputError("recipe points: must be X (n, 2) and y (n,), the numbers of their classes")
        return Points(places, labels)

    def to_data(self) -> dict[str, object]:
        """For JSON. What is too long for a picture's text is named by its SHA-256 alone."""
        file = self.file or (None if self.at_hand is None else Weights.of(POINTS, _packed(self.at_hand)))
        points = None if file is None else file.to_data()
        room = pngtext.MAX_TEXT - SPARE - len(str(points or ""))
        models = []
        for model in self.models:
            models.append(model.to_data(room))
            room -= len(str(models[-1]))
        return {
            "version": self.version,
            KEY: {
                "models": models,
                "classes": list(self.classes),
                "threshold": self.threshold,
                "one_class": self.one_class,
                "plane": self.raster.plane.to_data(),
                "size": [self.raster.columns, self.raster.rows],
                "engine": self.engine,
                "labels": list(self.labels),
                "points": points,
                "margin": self.margin,
                "axes": self.axes,
                **({} if self.y == "up" else {"y": self.y}),
                **({"marks": [list(place) for place in self.marks.places]} if self.marks.places else {}),
                **({"names": list(self.marks.names)} if self.marks.names else {}),
            },
        }

    def told(self) -> dict[str, object]:
        """The same for a reader of JSON: points and weights by name and SHA-256 alone."""
        data = self.to_data()
        fields = checks.mapping(data[KEY], WHAT)
        for one in [fields["points"], *(model["weights"] for model in fields["models"])]:  # type: ignore[attr-defined]
            if one is not None:
                one.pop("npz", None)
        return data

    def to_json(self) -> str:
        """One line of ASCII."""
        return json.dumps(self.to_data(), allow_nan=False)

    @classmethod
    def from_json(cls, text: str) -> DecisionRecipe | None:
        """The recipe in a JSON text of at most 2 MiB; None of one of another kind. Errors: InputError."""
        whole = checks.parse_object(text, WHAT, pngtext.MAX_TEXT)
        if KEY not in whole:
            return None
        fields = checks.mapping(whole[KEY], WHAT)
        needed = ("models", "classes", "threshold", "one_class", "engine", "labels", "points", "margin", "axes")
        models, classes, threshold, one, engine, labels, points, margin, axes = (
            checks.get(fields, name, WHAT) for name in needed
        )
        x, y = (checks.string(name, f"{WHAT} label", MAX_AXIS) for name in checks.items(labels, f"{WHAT} labels", 2, 2))
        names = checks.items(classes, f"{WHAT} classes", 2, MOST)
        return cls(
            tuple(ModelRecipe.from_data(model) for model in checks.items(models, f"{WHAT} models", 1, MODELS)),
            tuple(checks.string(name, f"{WHAT} classes", MAX_NAME) for name in names),
            Raster.from_data(fields, WHAT),
            None if threshold is None else checks.number(threshold, f"{WHAT} threshold"),
            None if one is None else checks.string(one, f"{WHAT} one_class", MAX_NAME),
            checks.string(engine, f"{WHAT} engine", 40),
            (x, y),
            margin=bool(margin),
            axes=bool(axes),
            y=check_y(fields.get("y", "up"), f"{WHAT} y"),
            marks=Marks(*checked_marks(fields.get("marks", ()), fields.get("names", ()), WHAT)),
            file=None if points is None else Weights.from_data(points),
            version=checks.string(whole.get("version", "unknown"), f"{WHAT} version", 60),
        )


def read_recipe(path: str | os.PathLike[str]) -> DecisionRecipe | None:
    """The recipe in a decision's PNG or SVG; None of any other file. Errors: InputError naming the file."""
    place = Path(path)
    try:
        text = read_carried(place) if place.is_file() else None
        return None if text is None else DecisionRecipe.from_json(text)
    except InputError as error:
        shown = f"file {str(place)!r}: "
        raise InputError(shown + str(error).removeprefix(shown)) from error


def _packed(points: Points) -> bytes:
    stream = io.BytesIO()
    # in the order of rows, as they are read back, so that the same points are the same bytes
    places = np.ascontiguousarray(points.places)
    arrays = {"X": places} if points.labels is None else {"X": places, "y": points.labels}
    np.savez(stream, **arrays)
    return stream.getvalue()


def _within(labels: np.ndarray[tuple[int, ...], np.dtype[np.int64]], classes: tuple[str, ...]) -> bool:
    return not labels.size or bool(labels.min() >= 0 and labels.max() < len(classes))
