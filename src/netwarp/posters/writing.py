"""Drawing a poster into its file, band by band, and going on where an earlier run ended."""

from __future__ import annotations

import hashlib
import json
import os
from collections import deque
from collections.abc import Iterator
from concurrent.futures import Executor, Future
from copy import copy
from dataclasses import asdict, dataclass
from itertools import islice
from pathlib import Path
from time import perf_counter

import numpy as np

from netwarp.errors import InputError
from netwarp.files import check_place, temporary_in
from netwarp.orders.order import Order
from netwarp.picture.recipe import Recipe
from netwarp.posters import begun
from netwarp.posters.bands import Banded
from netwarp.posters.begun import Begun, Note
from netwarp.posters.dzi import DeepZoom
from netwarp.posters.exr import write_exr
from netwarp.posters.painting import Pixels, PosterPainter
from netwarp.posters.png import Png
from netwarp.posters.profiles import SPACES, icc, space_of
from netwarp.posters.pyramid import Levels
from netwarp.posters.settling import settled
from netwarp.posters.tiff import Tiff
from netwarp.progress import Progress, Report, stage

ENDINGS = (".png", ".tif", ".tiff", ".exr")
DEPTHS = (8, 16)
# bands that an executor has at a time; each ends as a few hundred kilobytes here
AHEAD = 64


@dataclass(frozen=True, slots=True)
class Finish:
    """How a poster's file is to be: deflated at `level`, 1 to 9; `dpi` None: not said in it; `profile` an RGB space;
    8 or 16 bits a colour; `dzi`: with a folder of tiles beside it. Errors: InputError."""

    level: int = 4
    dpi: float | None = None
    profile: str = "srgb"
    depth: int = 8
    dzi: bool = False

    def __post_init__(self) -> None:
        space_of(self.profile)
        if self.depth not in DEPTHS:
            raise InputError(f"--depth {self.depth}: must be 8 or 16, bits a colour")


@dataclass(frozen=True, slots=True)
class Poster:
    """A poster that lies in a file; `reused` rows of it were drawn by an earlier run. `notes` are for the reader."""

    file: Path
    recipe: Recipe
    reused: int
    bytes: int
    seconds: float
    notes: tuple[str, ...] = ()

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
            "notes": list(self.notes),
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
    executor: Executor | None = None,
    progress: Report | None = None,
) -> Poster:
    """Draws an Order of one seed into the file `out`, band by band.

    What is drawn lies in FILE.part until it is whole, and stays there whatever ends the run: `resume` goes on from it,
    to the same bytes, and `restart` begins anew. An EXR is written in one go. The workers of an `executor` draw and
    compress the bands, where one is given, and this process writes them. Errors: NetwarpError; InputError where
    there is a part and neither is said, and where the system refuses to write, which names the row.
    """
    check_place("--out", out, *ENDINGS)
    if what.framed:
        raise InputError("poster: has no axes around it; draw it without --axes")
    if what.engine != "native":
        raise InputError(f"--engine {what.engine}: a poster is evaluated by native; leave it out")
    started = perf_counter()
    exr = out.suffix.lower() == ".exr"
    if exr and (resume or executor or finish != Finish(level=finish.level, dpi=finish.dpi)):
        raise InputError(
            f"--out {str(out)!r}: an .exr holds raw values and is written in one go; leave out --resume, --profile, "
            "--depth, --dzi and --dask"
        )
    banded, recipe, notes = settled(what, progress)
    report = stage(progress, "drawing")
    if exr:
        reused = 0
        _write_exr(out, banded, recipe, report)
    else:
        reused = _Run(out, banded, recipe, finish, executor).draw(report, resume=resume, restart=restart)
    size = out.stat().st_size
    return Poster(out, recipe, reused=reused, bytes=size, seconds=perf_counter() - started, notes=notes)


def _write_exr(out: Path, banded: Banded, recipe: Recipe, report: Progress | None) -> None:
    target = Path(os.path.realpath(out))
    made = temporary_in(target.parent)
    try:
        write_exr(made, banded, recipe.to_json(), report)
        made.replace(target)
    except (OSError, RuntimeError) as error:
        why = error.strerror if isinstance(error, OSError) and error.strerror else error
        raise InputError(f"file {os.fspath(out)!r}: cannot be written ({why})") from error
    finally:
        made.unlink(missing_ok=True)


class _Run:
    """One run that draws what is missing of a poster."""

    def __init__(self, out: Path, banded: Banded, recipe: Recipe, finish: Finish, executor: Executor | None) -> None:
        self.out, self.banded, self.recipe, self.finish = out, banded, recipe, finish
        self.executor = executor
        space = space_of(finish.profile)
        columns, rows = recipe.raster.columns, recipe.raster.rows
        self.format: Png | Tiff
        if out.suffix.lower() == ".png":
            self.format = Png(columns, rows, finish.depth, finish.level, finish.dpi, self._named())
        else:
            self.format = Tiff(columns, rows, finish.depth, finish.level, finish.dpi, icc(space), out.parent)
        # before it keeps anything of its own, which is not to travel
        self.work = BandWork(banded, PosterPainter(recipe.tone, space, finish.depth), copy(self.format))

    def draw(self, report: Progress | None, *, resume: bool, restart: bool) -> int:
        """Writes the file, and gives how many rows an earlier run had drawn. Errors: NetwarpError."""
        raster = self.recipe.raster
        head = self.format.head(self.recipe.to_json())
        told = {**asdict(self.finish), "dzi": None, "ending": self.out.suffix.lower(), "recipe": self.recipe.to_data()}
        fingerprint = hashlib.sha256(json.dumps(told).encode("ascii")).hexdigest()
        done = 0
        zoom: DeepZoom | None = None
        try:
            with begun.opened(self.out, fingerprint, head, resume=resume, restart=restart) as part:
                done = reused = part.rows
                if self.finish.dzi:
                    zoom = DeepZoom(Path(os.path.realpath(self.out)), raster.columns, raster.rows, self._named())
                levels = self._levels(zoom)
                self._again(part, levels)
                for band, pixels, data, note in self._drawn(reused, levels != []):
                    part.add(band.stop, data, note)
                    done = band.stop
                    for one in levels:
                        one.feed(pixels)
                    if report is not None:
                        report(done, raster.rows)
                self.format.finish(part, part.target)
                if zoom is not None:
                    zoom.finish()
        except OSError as error:
            raise InputError(
                f"file {os.fspath(self.out)!r}: cannot be written ({error.strerror or error}); {done:,} of "
                f"{raster.rows:,} rows are in {self.out.name}{begun.ENDING}: make room, and go on with --resume"
            ) from error
        finally:
            if zoom is not None:
                zoom.drop()
            self.format.close()
        begun.remove(self.out)
        return reused

    def _named(self) -> tuple[str, bytes] | None:
        """The profile as a PNG has it: None for sRGB, which has a chunk of its own."""
        space = space_of(self.finish.profile)
        return None if space == SPACES[0] else (space.title, icc(space))

    def _levels(self, zoom: DeepZoom | None) -> list[Levels]:
        """What makes the smaller levels: of the TIFF, and of the folder."""
        raster = self.recipe.raster
        found = []
        if isinstance(self.format, Tiff):
            found.append(Levels(raster.columns, raster.rows, self.format.levels, 256, self.format.emit))
        if zoom is not None:
            found.append(Levels(raster.columns, raster.rows, zoom.levels, 256, zoom.emit))
        return found

    def _again(self, part: Begun, levels: list[Levels]) -> None:
        """Makes the smaller levels of the bands that an earlier run has drawn."""
        if not levels:
            return
        for band in part.bands:
            pixels = self.format.decode(part.read(band), band.note, band.stop - band.start)
            for one in levels:
                one.feed(pixels)

    def _drawn(self, first: int, pixels: bool) -> Iterator[tuple[range, Pixels, list[bytes], Note]]:
        """The bands from row `first` on, in order, with their pixels where those are asked for, and what is written."""
        bands = self.banded.bands(first, self.format.tile)
        if self.executor is None:
            for band in bands:
                painted = self.work.pixels(band)
                yield band, painted, *self.work.format.encode(painted)
            return
        nothing = np.empty((0, 0, 3), np.uint8)
        sent: deque[tuple[range, Future[tuple[list[bytes], Note]]]] = deque()
        try:
            while True:
                sent.extend((band, self.executor.submit(self.work, band)) for band in islice(bands, AHEAD - len(sent)))
                if not sent:
                    return
                band, future = sent.popleft()
                data, note = future.result()
                back = self.format.decode(b"".join(data), note, len(band)) if pixels else nothing
                yield band, back, data, note
        finally:
            for _, future in sent:
                future.cancel()


@dataclass(frozen=True, slots=True)
class BandWork:
    """What makes a band of a poster; it can be pickled, and a worker anywhere can do it."""

    banded: Banded
    painter: PosterPainter
    format: Png | Tiff

    def __call__(self, band: range) -> tuple[list[bytes], Note]:
        """What is written of the band, and what the format remembers of it."""
        return self.format.encode(self.pixels(band))

    def pixels(self, band: range) -> Pixels:
        """The pixels of a band, whose values may be too many to be there at once."""
        parts = [self.painter.pixels(self.banded.values(some), some.start) for some in self.banded.within(band)]
        if len(parts) == 1:
            return parts[0]
        joined: Pixels = np.concatenate(parts)
        return joined
