"""poster: a picture of any size in bounded memory, resumable after a kill."""

from __future__ import annotations

import hashlib
import json
import os
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter

from netwarp.errors import InputError
from netwarp.fields.calibration import calibrate
from netwarp.files import check_place
from netwarp.orders.drawing import calibrator
from netwarp.orders.order import Order
from netwarp.picture.paint import paint
from netwarp.picture.recipe import Recipe
from netwarp.picture.tone import Tone
from netwarp.plane import Raster
from netwarp.posters import part as parts
from netwarp.posters.bands import Banded
from netwarp.posters.png import Png
from netwarp.progress import Report, stage

# pixels a side, at most, of what a tone is fitted on where it is the view's own
FITTED = 600


@dataclass(frozen=True, slots=True)
class Finish:
    """How a poster's file is to be: deflated at `level`, 1 to 9; `dpi` None: not said in it."""

    level: int = 4
    dpi: float | None = None


@dataclass(frozen=True, slots=True)
class Poster:
    """A poster that lies in a file; `reused` rows of it were drawn by an earlier run."""

    file: Path
    recipe: Recipe
    reused: int
    bytes: int
    seconds: float

    def data(self) -> dict[str, object]:
        """All of it as a JSON object."""
        recipe = self.recipe.to_data()
        return {
            "file": str(self.file),
            "size": recipe["size"],
            "plane": recipe["plane"],
            "rows": self.recipe.raster.rows,
            "rows_reused": self.reused,
            "bytes": self.bytes,
            "seconds": round(self.seconds, 3),
            "recipe": recipe,
        }

    def sentence(self) -> str:
        """One line for a person."""
        raster = self.recipe.raster
        size = f"{self.bytes / 2**20:,.1f} MiB"
        again = f", {self.reused:,} rows of an earlier run" if self.reused else ""
        return f"{self.file}  ({raster.columns:,} x {raster.rows:,}, {size}, {self.seconds:,.1f} s{again})"


def draw_poster(
    what: Order,
    out: Path,
    finish: Finish = Finish(),  # frozen
    *,
    resume: bool = False,
    restart: bool = False,
    progress: Report | None = None,
) -> Poster:
    """Draws an Order of one seed into the file `out`, band by band.

    What is drawn lies in FILE.part until it is whole, and stays there whatever ends the run: `resume` goes on from it,
    to the same bytes, and `restart` begins anew. Errors: NetwarpError; InputError where there is a part and neither is
    said, and where the system refuses to write, which names the row.
    """
    check_place("--out", out, ".png")
    if what.framed:
        raise InputError("poster: has no axes around it; draw it without --axes")
    started = perf_counter()
    rows, recipe = _settled(what, progress)
    png = Png(what.raster.columns, what.raster.rows, level=finish.level, dpi=finish.dpi)
    head = png.head(recipe.to_json())
    told = json.dumps([recipe.to_data(), finish.level, finish.dpi])
    fingerprint = hashlib.sha256(told.encode("ascii")).hexdigest()
    done = 0
    report = stage(progress, "drawing")
    try:
        with parts.opened(out, fingerprint, head, resume=resume, restart=restart) as part:
            done = reused = part.rows
            if progress is not None and reused:
                progress("drawing", reused, what.raster.rows)
            for band in rows.bands(reused):
                pixels = paint(rows.values(band), recipe.tone).pixels
                data, note = png.encode(pixels)
                part.add(band.stop, data, note)
                done = band.stop
                if report is not None:
                    report(done, what.raster.rows)
            png.finish(part)
            size = part.stream.tell()
            part.path.replace(part.target)
    except OSError as error:
        raise InputError(
            f"file {os.fspath(out)!r}: cannot be written ({error.strerror or error}); {done:,} of "
            f"{what.raster.rows:,} rows are in {out.name}{parts.ENDING}: make room, and go on with --resume"
        ) from error
    parts.remove(out)
    return Poster(out, recipe, reused=reused, bytes=size, seconds=perf_counter() - started)


def _settled(what: Order, progress: Report | None) -> tuple[Banded, Recipe]:
    """The Field on the poster's rows, and the recipe with the fitted tone."""
    (seed,) = what.seeds
    network = what.subject.draw(seed or 0)
    evaluator = calibrator(what.engine)
    field = calibrate(network, what.calibration, engine=evaluator, progress=stage(progress, "calibrating"))
    if what.layer is not None:
        field = field.after(what.layer)
    dtype = field.precision(what.raster) if what.dtype == "auto" else what.dtype
    drawn = Banded(field, what.raster, dtype, up=what.y == "up")
    tone, contrast = what.tone, what.contrast or "whole"
    if tone is None:
        fitted = what.calibration
        if contrast == "view":
            most = max(what.raster.columns, what.raster.rows)
            columns, rows = (
                max(1, side * min(most, FITTED) // most) for side in (what.raster.columns, what.raster.rows)
            )
            fitted = Raster(columns, rows, what.raster.plane)
        home = field.sample(fitted, dtype=dtype, engine=evaluator, progress=stage(progress, "fitting the tone"))
        tone = Tone.fit(home, colour=what.colour, channel=what.channel)
    recipe = Recipe(
        architecture=network.text,
        seed=network.seed,
        raster=what.raster,
        calibration=what.calibration,
        tone=tone,
        dtype=dtype,
        engine="native",
        weights=what.subject.weights,
        contrast=contrast,
        layer=field.layer,
        y=what.y,
    )
    return drawn, recipe
