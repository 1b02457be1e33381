"""The words of a study: a run is one network looked at, a point one combination of factors over its seeds."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from hashlib import blake2b
from itertools import islice
from typing import Final, Literal

from netwarp.plane import Raster

KEY: Final = 16  # bytes of a run's key
# grows whenever the same architecture, seed and raster come to mean another network; a measure's version is its own
MEANING: Final = 1
BATCH: Final = 1_000  # runs that a store is asked about at a time


@dataclass(frozen=True, slots=True)
class Source:
    """What a run evaluates.

    `text` is an architecture's canonical text, or "sha256:" and the digits of a model file's hash; `kind` says which.
    """

    text: str
    kind: Literal["architecture", "model"] = "architecture"

    @classmethod
    def model(cls, digest: str) -> Source:
        """The source of the model whose file has this hash, as `grid.models.digest_of` gives it."""
        return cls(f"sha256:{digest}", "model")


@dataclass(frozen=True, slots=True)
class RunFrame:
    """What every network of a study is looked at through, and the raster that its norms take statistics of."""

    raster: Raster
    calibration: Raster


@dataclass(frozen=True, slots=True)
class Run:
    """One network: a source, the seed that draws its weights (None for a model, which has its own), and the frame."""

    source: Source
    seed: int | None
    frame: RunFrame

    @property
    def key(self) -> bytes:
        """16 bytes that name what the run means, whoever evaluates it, when and where.

        blake2b of the canonical JSON of source, seed, raster, calibration and MEANING. Measures are not part of it.
        """
        return keys_of(self.source, self.frame)(self.seed)


def keys_of(source: Source, frame: RunFrame) -> Callable[[int | None], bytes]:
    """The key of a run of this source and frame, by its seed; what a store of many runs asks."""
    # what seeds share is written and hashed once
    head = blake2b(f"{_json([MEANING, source.kind, source.text])[:-1]},".encode("ascii"), digest_size=KEY)
    tail = f",{_json([frame.raster.to_data(), frame.calibration.to_data()])[1:]}"

    def key(seed: int | None) -> bytes:
        hashed = head.copy()
        hashed.update(f"{'null' if seed is None else seed}{tail}".encode("ascii"))
        return hashed.digest()

    return key


def batches(runs: Iterable[Run]) -> Iterator[list[Run]]:
    """The runs in their order, BATCH at a time: as many as one question to a store is about."""
    waiting = iter(runs)
    while batch := list(islice(waiting, BATCH)):
        yield batch


def _json(data: object) -> str:
    return json.dumps(data, sort_keys=True, separators=(",", ":"), ensure_ascii=True)


@dataclass(frozen=True, slots=True)
class Taken:
    """One measure of one run.

    `value` is None where the measure does not apply, and `reason` says why. `half` is the value at half the resolution
    and `resolved` whether the two agree; both None for a measure of no raster.
    """

    measure: str
    version: int
    unit: str
    value: float | None
    half: float | None = None
    resolved: bool | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class RunOutcome:
    """What became of a run: its measures, or in `failure` the one line that says why there are none.

    `seconds` is how long it took, `started` when it began (seconds since 1970), `worker` and `host` who did it (a
    process number and a machine's name), `shard` of which part of the study, as in "2/16", None for the whole.
    """

    run: Run
    taken: tuple[Taken, ...]
    failure: str | None
    seconds: float
    started: float
    worker: int
    host: str
    shard: str | None = None
