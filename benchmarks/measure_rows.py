"""Measures: all of them but persistence for one network, and Lempel-Ziv words alone, warm; what each may take."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from functools import partial
from typing import Any

import netwarp as nw
from benchmarks.tables import judged, table
from benchmarks.timing import Run, interleaved, say, seconds
from netwarp.measures.compression import lz_complexity
from netwarp.measures.measure import noise, take
from netwarp.measures.registry import find, names
from netwarp.measures.specimen import Specimen

Found = dict[str, Any]

# what takes much longer than all the others together
LEFT_OUT = ("persistence",)


@dataclass(frozen=True)
class MeasureRow:
    """One network's picture, side x side, of three channels; or, without a text, one channel of white noise."""

    what: str  # "all" or "words"
    text: str
    act: str
    side: int
    seconds: float  # at most

    @property
    def name(self) -> str:
        return f"measures-{self.what}-{self.act if self.text else 'noise'}"

    @property
    def of(self) -> str:
        return f"`{self.text}`, {self.act}" if self.text else "white noise"


ROWS = (
    MeasureRow("all", "conv(10) * 10", "relu", 256, 0.5),
    MeasureRow("all", "conv(10) * 10", "tanh", 256, 0.5),
    MeasureRow("words", "conv(10) * 10", "relu", 512, 0.2),
    MeasureRow("words", "", "", 512, 0.2),
)


def row_names() -> list[str]:
    return [row.name for row in ROWS]


def run(wanted: Collection[str], budget: float) -> list[Found]:
    """The rows named: seconds, and of a row of all measures each one's own, in the order they are taken."""
    found = []
    for row in ROWS:
        if row.name in wanted:
            say(row.name)
            work, parts = _work(row)
            took = interleaved({row.name: work}, budget)[row.name]
            found.append({"name": row.name, "s": took, "at most": row.seconds, "parts": parts() if parts else {}})
    return found


def _work(row: MeasureRow) -> tuple[Run, Callable[[], dict[str, float]] | None]:
    raster = nw.Raster(row.side, row.side)
    if not row.text:
        return partial(lz_complexity, noise(raster)), None
    field = nw.Network.draw(nw.parse(row.text, act=row.act), seed=7).calibrate()
    raster = nw.Raster(row.side, row.side, field.raster.plane)
    if row.what == "words":
        return partial(lz_complexity, Specimen(field, raster).samples[0]), None
    chosen = [name for name in names() if name not in LEFT_OUT]

    def parts() -> dict[str, float]:
        specimen = Specimen(field, raster)
        found = {"sampling, at both resolutions": seconds(lambda: (specimen.samples, specimen.half.samples))}
        return found | {name: seconds(partial(_one, name, specimen)) for name in chosen}

    def whole() -> None:
        specimen = Specimen(field, raster)
        for name in chosen:  # some do not apply to some networks: those are absent, in no time
            _one(name, specimen)

    return whole, parts


def _one(name: str, specimen: Specimen) -> object:
    # with the ramp's and the noise's, which are kept for a raster once they are known
    return take(find(name), specimen)


def tables(found: list[Found]) -> str:
    rows = {row.name: row for row in ROWS}
    cells = []
    for one in found:
        row, most = rows[one["name"]], judged(f"{one['at most']:g}", held=one["s"] <= one["at most"])
        cells.append((one["name"], row.of, f"{row.side}x{row.side}", f"{one['s']:.3g}", most))
    title = (
        "Measures: seconds, medians, warm; `all`: every measure but persistence, at both resolutions, with sampling."
    )
    lines = table(title, ("row", "of", "size", "s", "at most"), cells)
    for one in found:
        if one["parts"]:
            parts = ", ".join(f"{name} {1e3 * took:.3g}" for name, took in one["parts"].items())
            lines += ["", f"{one['name']}, ms each, once: {parts}"]
    return "\n".join(lines)
