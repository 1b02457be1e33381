"""Study: a grid of networks and what is measured of each; nothing of it is evaluated here."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Final

from netwarp.checks import flag, get, instance, items, mapping, string, whole
from netwarp.errors import InputError, LimitError, shown
from netwarp.files import path_of
from netwarp.measures.registry import find
from netwarp.plane import Plane, Raster, squared
from netwarp.progress import Progress
from netwarp.study.grid.factors import MODEL, Factor, factors_of
from netwarp.study.grid.models import GridModel, models_of
from netwarp.study.grid.place import checked_name, folder_of
from netwarp.study.grid.points import GridPoint, GridPoints, keeps, points_of
from netwarp.study.grid.settings import (
    PlaneChoice,
    RasterChoice,
    SeedChoice,
    measures_of,
    plane_of,
    ranges_of,
    raster_of,
    seeds_of,
)
from netwarp.study.grid.where import Where
from netwarp.study.runs import MEANING, Run, RunFrame, Source

if TYPE_CHECKING:
    from concurrent.futures import Executor

    from polars import DataFrame

    from netwarp.study.running.session import Ended

RUNS: Final = 100_000_000
NAME: Final = 200  # characters
FORMAT: Final = 1  # of `to_data`


@dataclass(frozen=True, init=False)
class Study:
    """Every combination of `factors` that `where` keeps, with every seed, and the measures taken of each network.

    A factor is a name and its values: a placeholder of the texts in `architecture`, as in "conv({width})"; a keyword of
    Architecture; `scale` and `shift` of the norm; `magnitude`, which multiplies the initialiser's gain; or `model`, the
    files of models, found from `folder`, which have no seeds. `seeds` is how many, "100..163", or which. `raster` is
    what is looked at, "256x256" pixels of `plane`, and `calibration` the raster of statistics, by default the same.
    A model is looked at where it bends unless `plane` says where.
    What is wrong is said here, before anything runs. Errors: InputError, LanguageError, LimitError, one line each.

    >>> study = nw.Study(
    ...     "depth against width",
    ...     seeds=64,
    ...     raster="64x64",
    ...     measures=["mean_frequency", "lz_complexity"],
    ...     factors={"architecture": "conv({width}) * {depth}", "width": [5, 20, 50], "depth": [1, 5]},
    ...     where="width * depth <= 100",
    ... )
    >>> study.total
    320
    >>> for point in study.points():
    ...     print(point.source.text)
    conv(5)
    conv(5) * 5
    conv(20)
    conv(20) * 5
    conv(50)
    >>> nw.Study("empty", seeds=1, measures="all", factors={"architecture": "conv({width})", "widht": [5]})
    Traceback (most recent call last):
        ...
    netwarp.errors.InputError: placeholder {width} of the architecture: ...; did you mean "widht"?
    """

    name: str
    seeds: Sequence[int]
    raster: Raster
    plane: Plane | None
    calibration: Raster | None
    measures: tuple[str, ...]
    factors: tuple[Factor, ...]
    where: str | None
    models: tuple[GridModel, ...]
    # where files of models are found, and the file that declares the study; neither is part of what it means, so that
    # it is the same on every machine
    folder: Path = field(compare=False)
    file: Path | None = field(compare=False)

    # written out, because the arguments are wider than the fields
    def __init__(
        self,
        name: str,
        *,
        seeds: SeedChoice | None = None,
        raster: RasterChoice = "256x256",
        plane: PlaneChoice | None = None,
        calibration: RasterChoice | None = None,
        measures: str | Sequence[str],
        factors: Mapping[str, object] | tuple[Factor, ...],
        where: str | None = None,
        folder: str | Path = ".",
        file: Path | None = None,
        models: tuple[GridModel, ...] | None = None,
    ) -> None:
        """`models` are those of the factor `model` that were read before, and then no file is looked at.

        `file` is the one that declares the study, where one does.
        """
        keep = object.__setattr__
        keep(self, "name", checked_name(name))
        keep(self, "measures", measures_of(measures))
        keep(self, "factors", factors_of(factors))
        seen = plane_of(plane)
        whole_raster = raster_of(raster, seen, "study raster")
        # a Raster on a plane of its own says where
        keep(self, "plane", whole_raster.plane if seen is None and whole_raster.plane != Plane() else seen)
        keep(self, "raster", whole_raster)
        statistics = None if calibration is None else raster_of(calibration, None, "study calibration")
        if statistics is not None and not isinstance(calibration, Raster):
            statistics = Raster(statistics.columns, statistics.rows, whole_raster.plane)
        keep(self, "calibration", statistics)
        keep(self, "where", where)
        keep(self, "folder", path_of(folder, "study folder"))
        keep(self, "file", None if file is None else path_of(file, "study file"))
        by_name = {one.name: one for one in self.factors}
        keep(self, "seeds", _seeds(seeds, MODEL in by_name))
        found: tuple[GridModel, ...] = ()
        if MODEL in by_name:
            _only_models(self.factors)
            if models is None:
                models = models_of(by_name[MODEL], self.folder, homes=self.plane is None)
            found = tuple(instance(one, GridModel, "study models", "models that were read before") for one in models)
        keep(self, "models", found)
        if self.total > RUNS:
            raise LimitError(f"study: {self.total:,} runs, at most {RUNS:,} are allowed; give fewer seeds or values")

    def __str__(self) -> str:
        points, seeds = len(self._grid.kept), len(self.seeds)
        what = f"{points:,} {'model' if self.models else 'point'}{'' if points == 1 else 's'}"
        drawn = "" if self.models else f" of {seeds:,} {'seed' if seeds == 1 else 'seeds'}"
        return f"{self.name}: {what}{drawn}, {self.total:,} {'run' if self.total == 1 else 'runs'}"

    @property
    def frame(self) -> RunFrame:
        """What every network is looked at through, but for models that are looked at where they bend."""
        return RunFrame(self.raster, self.raster if self.calibration is None else self.calibration)

    @property
    def measures_wanted(self) -> tuple[tuple[str, int], ...]:
        """The measures and their versions, as they are now."""
        return tuple((name, find(name).version) for name in self.measures)

    @property
    def files(self) -> Mapping[str, Path]:
        """The file of every model by its source's text."""
        return {one.source.text: self.folder / one.path for one in self.models}

    @property
    def notes(self) -> tuple[str, ...]:
        """What a reader must be told of how the points came about: a line each."""
        lost = [one.path for one in self.models if one.home is None] if self.plane is None else []
        return (*self._grid.notes, *(f"{path}: nothing says where to look: at the unit square" for path in lost[:10]))

    @property
    def total(self) -> int:
        """How many runs there are."""
        return len(self.frames) * len(self._drawn)

    def points(self) -> Iterator[GridPoint]:
        """The combinations that are kept, in order: the first factor varies slowest."""
        return iter(self._grid.kept)

    def runs(self) -> Iterator[Run]:
        """Every run once, in the points' order, with its seeds in theirs. They are made as they are asked for."""
        for source, frame in self.frames.items():
            for seed in self._drawn:
                yield Run(source, seed, frame)

    def run(
        self,
        out: str | Path | None = None,
        *,
        jobs: int | None = None,
        executor: Executor | None = None,
        dask: str | None = None,
        shard: str | None = None,
        limit: int | None = None,
        timeout: float | None = None,
        memory: float | None = None,
        stop_after: float | None = None,
        fail_fast: bool = False,
        retry_failed: bool = False,
        accept_versions: bool = False,
        take_over: bool = False,
        progress: Progress | None = None,
    ) -> Ended:
        """Runs what the folder `out` lacks of the study, and keeps every run there as it is done.

        `out` is, unless given, where `netwarp study run` puts it: beside the study's file; without a file in the
        working folder, called as the study is, with hyphens between the words. Running again is harmless, and so is
        killing anything at any time: what is done is not done again.

        Who evaluates: `jobs` processes of this machine (as many as it has processors unless given), or any `executor`
        of concurrent.futures, which stays the caller's, or the workers of the Dask scheduler at the address `dask`. A
        script that starts processes does so under `if __name__ == "__main__":`.

        `shard` is "2/16", part 2 of 16, in a folder of its own. At most `limit` runs are started. A run that takes more
        than `timeout` seconds, or whose process takes more than `memory` GiB, has failed. After `stop_after` seconds
        nothing new is begun. `fail_fast` stops at the first run that fails, `retry_failed` runs again what failed
        before, `accept_versions` what netwarp measures otherwise now, and `take_over` takes the folder from a driver
        that does not answer. `progress(done, total)` counts runs that failed as done; what it raises ends the study,
        and what is committed stays, as with Ctrl-C.

        The Ended has `counts` (total, done, to_do, failed), `status` (0 all done, 1 some failed, 75 stopped with work
        left), `why` it stopped, and the `folder`. Errors: InputError, one line, for arguments that make no sense, a
        folder of another study and one that another process runs; CrewError where workers cannot go on.

        >>> study = nw.Study("two widths", seeds=4, raster="16x16", measures=["mean_frequency"],
        ...                  factors={"architecture": "conv({width})", "width": [3, 5]})
        >>> from concurrent.futures import ThreadPoolExecutor
        >>> with ThreadPoolExecutor(1) as threads:
        ...     print(study.run(executor=threads, limit=3))
        ...     ended = study.run(executor=threads)
        3 done, 5 to do, 0 failed: stopped, the limit is reached
        >>> ended.counts.done, ended.status, str(ended.folder)
        (8, 0, 'two-widths')
        >>> study.run(jobs=2, dask="tcp://127.0.0.1:8786")
        Traceback (most recent call last):
            ...
        netwarp.errors.InputError: study run: jobs, executor and dask say who evaluates; give one of them
        """
        # the running room knows no study by name, so that this is no circle
        from netwarp.study.running.asked import run_asked

        return run_asked(
            self,
            out,
            jobs=jobs,
            executor=executor,
            dask=dask,
            shard=shard,
            limit=limit,
            timeout=timeout,
            memory=memory,
            stop_after=stop_after,
            fail_fast=fail_fast,
            retry_failed=retry_failed,
            accept_versions=accept_versions,
            take_over=take_over,
            progress=progress,
        )

    def table(self, out: str | Path | None = None, *, meaning_only: bool = False) -> DataFrame:
        """What the study's folder has: a polars frame, one row a run and measure. Needs the extra `study`.

        The columns are the factors by name (the factor architecture is "factor_architecture"), then architecture, seed,
        raster, measure, version, value, unit, resolved, half, state ("measured", "absent" or "failed") and reason;
        then, unless `meaning_only`, how the run came about.
        Rows are ordered by what they mean, so that equal studies have equal tables, whoever ran them. `out` is the
        folder, as in `run`. Runs that are not done yet have no rows.
        Errors: InputError where there is no study, or another one than this; UnsupportedError without polars.

        >>> study = nw.Study("three widths", seeds=4, raster="16x16", measures=["mean_frequency"],
        ...                  factors={"architecture": "conv({width})", "width": [3, 4, 5]})
        >>> study.table()
        Traceback (most recent call last):
            ...
        netwarp.errors.InputError: three-widths: there is no such folder; a study's folder holds its study.sqlite
        >>> from concurrent.futures import ThreadPoolExecutor
        >>> with ThreadPoolExecutor(1) as threads:
        ...     _ = study.run(executor=threads)
        >>> table = study.table(meaning_only=True)
        >>> table.shape
        (12, 13)
        >>> table.group_by("width").len().sort("width").rows()
        [(3, 4), (4, 4), (5, 4)]
        """
        from netwarp.study.store.exporting import table_of

        folder = folder_of(self.name, self.file) if out is None else path_of(out, "study table out")
        return table_of(folder, self, meaning_only=flag(meaning_only, "study table meaning_only"))

    def to_data(self) -> dict[str, object]:
        """All of it as plain data, for JSON; `from_data` gives it back without looking at a file."""
        return {
            "format": FORMAT,
            "meaning": MEANING,
            "name": self.name,
            "seeds": ranges_of(self.seeds),
            "raster": self.raster.to_data(),
            "plane": None if self.plane is None else self.plane.to_data(),
            "calibration": None if self.calibration is None else self.calibration.to_data(),
            "measures": list(self.measures),
            # a list, because the order counts
            "factors": [[one.name, list(one.values)] for one in self.factors],
            "where": self.where,
            "models": [[m.path, m.digest, None if m.home is None else m.home.to_data()] for m in self.models],
        }

    @classmethod
    def from_data(cls, data: object, *, folder: str | Path = ".") -> Study:
        """The Study of `to_data`; its models, if any, are found from `folder`. Errors: InputError."""
        what = "study"
        fields = mapping(data, what)
        if (version := get(fields, "format", what)) != FORMAT:
            raise InputError(f"study: is of the format {shown(version)}, and {FORMAT} is read; use a newer netwarp")
        plane, calibration = get(fields, "plane", what), get(fields, "calibration", what)
        where = get(fields, "where", what)
        factors = (items(one, "study factor", 2, 2) for one in _items(fields, "factors"))
        return cls(
            checked_name(get(fields, "name", what)),
            seeds=_read_ranges(_items(fields, "seeds")) or None,
            raster=Raster.from_data(get(fields, "raster", what)),
            plane=None if plane is None else Plane.from_data(plane),
            calibration=None if calibration is None else Raster.from_data(calibration, "calibration"),
            measures=[string(one, "study measure", NAME) for one in _items(fields, "measures")],
            factors={string(name, "study factor", NAME): values for name, values in factors},
            where=None if where is None else string(where, "study where", 10_000),
            models=tuple(_read_model(one) for one in _items(fields, "models")),
            folder=folder,
        )

    @cached_property
    def _grid(self) -> GridPoints:
        if not any(one.name == MODEL for one in self.factors):
            return points_of(self.factors, self.where)
        found = [GridPoint({MODEL: one.path}, one.source) for one in self.models]
        if self.where is not None:
            condition = Where.read(self.where, (MODEL,))
            found = [point for point in found if keeps(condition, point.values)]
            if not found:
                raise InputError(f"study: 0 runs: where {shown(self.where)} keeps none of {len(self.models):,} models")
        return GridPoints(tuple(found), ())

    @cached_property
    def frames(self) -> Mapping[Source, RunFrame]:
        """The frame of each source, each source once, in the points' order."""
        own = {one.source: self._frame_of(one) for one in self.models}
        return {point.source: own.get(point.source, self.frame) for point in self._grid.kept}

    @property
    def _drawn(self) -> Sequence[int | None]:
        return (None,) if self.models else self.seeds

    def _frame_of(self, model: GridModel) -> RunFrame:
        if self.plane is not None or model.home is None:
            return self.frame
        raster = squared("study raster", model.home, (self.raster.columns, self.raster.rows))
        statistics = self.calibration
        if statistics is None:
            return RunFrame(raster, raster)
        if statistics.plane == Plane():
            statistics = squared("study calibration", model.home, (statistics.columns, statistics.rows))
        return RunFrame(raster, statistics)


def _seeds(given: SeedChoice | None, models: bool) -> Sequence[int]:
    if models:
        if given is not None:
            raise InputError("study seeds: a model has its own weights, which no seed draws; leave seeds out")
        return ()
    if given is None:
        raise InputError("study seeds: is missing; say how many, as in seeds = 64")
    return seeds_of(given)


def _only_models(factors: tuple[Factor, ...]) -> None:
    other = next((one.name for one in factors if one.name != MODEL), None)
    if other is not None:
        raise InputError(f"factor {other}: nothing uses it: a model's file says all of the network; leave out {other}")


def _items(fields: Mapping[str, object], name: str) -> tuple[object, ...]:
    return items(get(fields, name, "study"), f"study {name}", 0, RUNS)


def _read_ranges(ranges: Iterable[object]) -> Sequence[int]:
    pairs = [tuple(whole(end, "study seed", 0) for end in items(one, "study seeds", 2, 2)) for one in ranges]
    if len(pairs) == 1:
        return range(pairs[0][0], pairs[0][1] + 1)
    return tuple(seed for first, last in pairs for seed in range(first, last + 1))


def _read_model(data: object) -> GridModel:
    path, digest, home = items(data, "study model", 3, 3)
    plane = None if home is None else Plane.from_data(home)
    return GridModel(string(path, "study model", 10_000), string(digest, "study model", 64), plane)
