"""Filling an order: every picture drawn and written, and what there is to say of it."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from pathlib import Path
from typing import assert_never

import numpy as np

from netwarp.architecture.counts import count
from netwarp.errors import InputError
from netwarp.fields.rounding import Rounding, worst
from netwarp.files import replacing, together
from netwarp.network.source import Drawn, Graph, Made, Plain, Weighted
from netwarp.network.tally import tally
from netwarp.orders.drawing import Drawing, Milliseconds, drawn
from netwarp.orders.order import Order
from netwarp.orders.subject import is_function
from netwarp.picture.colour import SMOOTH
from netwarp.picture.maps import goes_around
from netwarp.picture.picture import Picture
from netwarp.picture.recipe import Recipe
from netwarp.picture.sheet import contact_sheet
from netwarp.progress import Report


@dataclass(frozen=True, slots=True)
class DrawnFile:
    """A picture that lies in a file. `picture` is kept only where it is the only one, or the sheet.

    `rounding` is that of the picture, the largest of a sheet's; None where all are of exact pieces. `activation` is
    what follows the network's layers, in words; None where only its values are known.
    """

    file: Path
    recipes: tuple[Recipe, ...]
    counts: tuple[int | None, int | None, int | None]
    milliseconds: Milliseconds | None
    samples: Path | None
    picture: Picture | None
    rounding: Rounding | None = None
    activation: str | None = None

    def data(self) -> dict[str, object]:
        """All of it as a JSON object; for a sheet, what its pictures share and their seeds. Weights by name only."""
        recipe = self.recipes[0]
        layers, units, parameters = self.counts
        told = recipe.to_data()
        if recipe.weights is not None:
            told["weights"] = {"file": recipe.weights.file, "sha256": recipe.weights.sha256}
        times = self.milliseconds
        shares = [one.tone.compressed for one in self.recipes]
        return {
            "file": str(self.file),
            "architecture": recipe.architecture,
            "weights": None if recipe.weights is None else recipe.weights.file,
            "activation": self.activation,
            "seed" if len(self.recipes) == 1 else "seeds": (
                recipe.seed if len(self.recipes) == 1 else [one.seed for one in self.recipes]
            ),
            "layers": layers,
            "units": units,
            "parameters": parameters,
            "plane": told["plane"],
            "axes": list(recipe.axes) or None,
            "size": told["size"],
            "calibration": told["calibration"],
            "dtype": recipe.dtype,
            "engine": recipe.engine,
            "rounding": None if self.rounding is None else self.rounding.data(),
            "compressed": shares[0] if len(shares) == 1 else shares,
            "samples": None if self.samples is None else str(self.samples),
            "milliseconds": None if times is None else {name: round(ms, 3) for name, ms in asdict(times).items()},
            "recipe": told,
        }

    def sentence(self) -> str:
        """One line for a person."""
        recipe = self.recipes[0]
        layers, units, parameters = self.counts
        parts = [f"{recipe.raster.columns} x {recipe.raster.rows}"]
        for number, noun in ((layers, "layer"), (units, "unit"), (parameters, "parameter")):
            if number is not None:
                parts.append(f"{number:,} {noun}{'' if number == 1 else 's'}")
        if len(self.recipes) > 1:
            parts.append(f"{len(self.recipes)} seeds")
        elif recipe.seed is not None:
            parts.append(f"seed {recipe.seed}")
        parts.append(recipe.dtype)
        tones = [one.tone for one in self.recipes]
        cut = [tone.compressed for tone in tones if tone.colour not in SMOOTH and tone.compressed]
        if cut:
            parts.append(f"{100 * sum(cut) / len(self.recipes):.0f}% of the pixels cut to sRGB")
        if goes_around(recipe.tone.colour):
            parts.append("colours go once around: the least value looks as the largest")
        if self.milliseconds is not None:
            times = self.milliseconds
            parts.append(f"{times.total:,.0f} ms")
        axes = [f"{way}: {axis}" for way, axis in zip(("across", recipe.y), recipe.axes, strict=False)]
        return "; ".join([f"{self.file}  ({', '.join(parts)})", *axes])

    def warning(self) -> str:
        """One line where what was drawn is not the network's function; else empty."""
        return "" if self.rounding is None else self.rounding.sentence()


def fill(what: Order, *, progress: Report | None = None) -> tuple[DrawnFile, ...]:
    """Draws and writes every picture, whole or not at all; a sheet is one file. Errors: NetwarpError."""
    finished: list[DrawnFile] = []
    cells: list[tuple[Picture, Recipe]] = []
    roundings: list[Rounding | None] = []
    for i, seed in enumerate(what.seeds):
        drawing = drawn(what, seed, progress=_counting(progress, i, len(what.seeds)))
        numbers = _counts(drawing)
        values = what.samples
        if values is not None and len(what.seeds) > 1:
            values = _with_seed(values, seed)
        file = None if what.sheet else _file(what, seed, drawing.recipe)
        with together():
            if values is not None:
                with replacing(values) as stream:
                    np.save(stream, drawing.samples, allow_pickle=False)
            if file is not None:
                drawing.picture.save(file)
        if file is None:
            cells.append((drawing.picture, drawing.recipe))
            roundings.append(drawing.rounding)
            continue
        kept = drawing.picture if len(what.seeds) == 1 else None
        one = DrawnFile(
            file,
            recipes=(drawing.recipe,),
            counts=numbers,
            milliseconds=drawing.milliseconds,
            samples=values,
            picture=kept,
            rounding=drawing.rounding,
            activation=what.subject.activation,
        )
        finished.append(one)
    if what.sheet:
        captions = ["" if recipe.seed is None else f"seed {recipe.seed}" for _, recipe in cells]
        text = cells[0][1].architecture
        sheet = contact_sheet([picture for picture, _ in cells], captions, title=text or what.subject.name)
        recipes = tuple(recipe for _, recipe in cells)
        file = _file(what, None, recipes)
        sheet.save(file)
        finished.append(
            DrawnFile(
                file,
                recipes=recipes,
                counts=numbers,
                milliseconds=None,
                samples=None,
                picture=sheet,
                rounding=worst(roundings),
                activation=what.subject.activation,
            )
        )
    return tuple(finished)


def _counting(progress: Report | None, i: int, n: int) -> Report | None:
    if progress is None or n == 1:
        return progress
    report: Report = progress
    return lambda stage, done, total: report(f"{i + 1} of {n}: {stage}", done, total)


def _counts(drawing: Drawing) -> tuple[int | None, int | None, int | None]:
    """(layers, units, parameters); for weights loaded without an architecture the first two are not known, and of a
    function of which only the values are known none is."""
    network = drawing.field.network
    match network.source:
        case Drawn(architecture) | Weighted(architecture) | Made(architecture=architecture):
            counts = count(architecture)
            return counts.layers, counts.units, counts.parameters
        case Plain():
            return None, None, sum(array.size for array in network.parameters.values())
        case Graph(program):
            return (None, None, None) if is_function(network) else tally(network, program)[:3]
        case _:
            assert_never(network.source)


def _with_seed(path: Path, seed: int | None) -> Path:
    return path if seed is None else path.with_name(f"{path.stem}-{seed}{path.suffix}")


def _file(what: Order, seed: int | None, recipe: Recipe | tuple[Recipe, ...]) -> Path:
    """Where a picture goes: the file that was named, or a name of our own that takes nobody's place."""
    if what.out is not None and not what.out.is_dir():
        return what.out if len(what.seeds) == 1 or what.sheet else _with_seed(what.out, seed)
    wanted = _with_seed((what.out or Path()) / f"{what.subject.name}{'-sheet' if what.sheet else ''}.png", seed)
    file = wanted
    for number in range(2, 1_000_000):
        if not file.exists() or (isinstance(recipe, Recipe) and _holds(file, recipe)):
            break
        file = wanted.with_name(f"{wanted.stem}-{number}.png")
    return file


def _holds(file: Path, recipe: Recipe) -> bool:
    """Whether the file is the very picture of this recipe, so that writing it again loses nothing."""
    try:
        return Recipe.read(file) == recipe
    except InputError:
        return False
