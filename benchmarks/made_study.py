"""A study made up: its runs cost nothing, and their values follow from their meaning. For tests and times of stores."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import blake2b
from math import sqrt
from pathlib import Path

from netwarp.plane import Raster
from netwarp.study.runs import Run, RunFrame, RunOutcome, Source, Taken

MEASURES = (("mean_frequency", 1), ("regions", 1), ("lz_complexity", 1))


@dataclass(frozen=True)
class MadePoint:
    values: Mapping[str, object]
    source: Source


@dataclass(frozen=True)
class MadeStudy:
    """`widths` x 2 activations, `seeds` each; Store asks no more of a study than it has."""

    widths: Sequence[int] = (5, 10, 20)
    seeds: Sequence[int] = tuple(range(4))
    measures_wanted: Sequence[tuple[str, int]] = MEASURES
    name: str = "made up"
    frame: RunFrame = field(default_factory=lambda: RunFrame(Raster(64, 64), Raster(64, 64)))
    files: Mapping[str, Path] = field(default_factory=dict)  # of models: it has none

    @property
    def total(self) -> int:
        return 2 * len(self.widths) * len(self.seeds)

    def points(self) -> Iterator[MadePoint]:
        for width in self.widths:
            for act in ("relu", "sigmoid"):
                source = Source(
                    f'Architecture(conv({width}) * 10, act="{act}", norm=spatial(scale=3, shift=normal(2)))'
                )
                yield MadePoint({"width": width, "act": act, "scale": width / 7}, source)

    def runs(self) -> Iterator[Run]:
        for point in self.points():
            for seed in self.seeds:
                yield Run(point.source, seed, self.frame)

    def to_data(self) -> dict[str, object]:
        return {"name": self.name, "widths": list(self.widths), "seeds": list(self.seeds)}


def outcome(
    run: Run,
    measures: Sequence[tuple[str, int]] = MEASURES,
    *,
    failure: str | None = None,
    started: float = 1.8e9,
    worker: int = 4711,
    host: str = "node-1",
    shard: str | None = None,
) -> RunOutcome:
    """What evaluating `run` would give: three numbers of its key, of which some are absent."""
    number = int.from_bytes(run.key[:6], "big")
    taken = tuple(_taken(name, version, number + place) for place, (name, version) in enumerate(measures))
    return RunOutcome(run, () if failure else taken, failure, 0.005, started, worker, host, shard)


def quick(run: Run, number: int) -> RunOutcome:
    """An outcome with three values and every column, made quickly, for timing what takes it in."""
    value = sqrt(number + 2)
    taken = (
        Taken("mean_frequency", 1, "1/unit", value, value / 3, True),
        Taken("regions", 1, "1", value / 7, value / 11, False),
        Taken("lz_complexity", 1, "bits", value / 13, value / 17, True),
    )
    return RunOutcome(run, taken, None, value / 19, 1.8e9 + value, 4711 + number % 2, "node-1", None)


def _taken(name: str, version: int, number: int) -> Taken:
    digest = blake2b(f"{name} {version} {number}".encode(), digest_size=8).digest()
    value = int.from_bytes(digest, "big") / 2**61 / 3
    if digest[0] % 16 == 0:
        return Taken(name, version, "1", None, reason="the output is constant")
    return Taken(name, version, "1", value, value / 3, digest[0] % 2 == 0)
