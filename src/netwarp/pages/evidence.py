"""The figure's evidence: its pictures' architectures measured over seeds, the founding pair compared, the atlas.

What is measured is a picture's architecture, not its one network: the same seeds for all, on the points of one raster,
which the networks are calibrated on too.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from netwarp.measures.registry import find
from netwarp.network.lower import lower
from netwarp.orders.subject import file_name, read_subject
from netwarp.pages import answer, atlas_page, compare_page
from netwarp.pages.cards import MeasureTable, subject_of
from netwarp.pages.exhibits import Exhibit
from netwarp.progress import Report
from netwarp.study.atlas import ACTIVATIONS, SCALES, SHIFTS, SIDE, Atlas, atlas
from netwarp.study.compare import Comparison, Contender, compared
from netwarp.study.measuring import Measured, measured

MAP_WIDTH = 380  # three maps stand side by side
FOREST_WIDTH = 460
UNIT = compare_page.COLUMNS.index("unit")  # stands with the definition, not in the table
PARTS = 4  # of the progress, where a picture and a cell of the atlas are one each


@dataclass(frozen=True, slots=True)
class Scope:
    """How much is measured: of every picture `measures` over `seeds` on side x side points; and the atlas's maps.

    The default measures are of four kinds, contours, slopes, waves and boxes, and 128x128 points resolve them for most
    networks of the founding pair.
    """

    measures: tuple[str, ...] = ("level_set_length", "total_variation", "spectral_slope", "box_dimension")
    seeds: tuple[int, ...] = tuple(range(16))
    side: int = 128
    mapped: str = "level_set_length"
    activations: tuple[str, ...] = ACTIVATIONS
    scales: tuple[str, ...] = SCALES
    shifts: tuple[str, ...] = SHIFTS
    atlas_seeds: tuple[int, ...] = tuple(range(12))  # as few as give 90 cells intervals that hold together
    atlas_side: int = SIDE

    @property
    def cells(self) -> int:
        """Of the atlas."""
        return len(self.activations) * len(self.scales) * len(self.shifts)


@dataclass(frozen=True, slots=True)
class Answer:
    """The section on the founding pair."""

    sentences: tuple[str, ...]
    forest: Markup | None
    unplotted: str  # what the forest leaves out, and why
    caption: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    notes: tuple[str, ...]
    family: int
    measures: tuple[tuple[str, str, str], ...]  # name, definition, unit
    command: str


@dataclass(frozen=True, slots=True)
class ActivationShelf:
    """One activation's maps, what they say, and all their numbers as a table."""

    anchor: str
    name: str
    sentence: str
    plots: tuple[Markup, ...]
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class MapsSection:
    """The section on scale and shift."""

    sentences: tuple[str, ...]
    shelves: tuple[ActivationShelf, ...]
    notes: tuple[str, ...]
    seeds: int
    side: int
    command: str


def weigh(exhibit: Exhibit, scope: Scope, progress: Report | None = None) -> Measured:
    """The measures of an exhibit's architecture over the scope's seeds. Errors: as measures.measure.measure."""

    def report(_what: str, done: int, of: int) -> None:
        assert progress is not None
        progress(f"measuring {exhibit.title}", done, of)

    size = (scope.side, scope.side)
    return measured(
        subject_of(exhibit),
        scope.measures,
        seeds=scope.seeds,
        size=size,
        calibration=size,
        progress=None if progress is None else report,
    )


def numbers(found: Measured) -> MeasureTable:
    """The table under a picture."""
    assert found.seeds is not None
    size = f"{found.raster.columns} × {found.raster.rows}"
    rows = found.rows()
    notes = found.notes()
    loose = [f"{row[0]} for {row[6]} seeds" for row in rows if row[6] and not _all(row[6])]
    if loose:
        notes.append(f"Half the resolution confirms {', '.join(loose)} only.")
    if not lower(found.subject.draw(0)).pointwise:
        notes.append(f"Kernels and windows reach pixels: here those of {size} points, in the picture its own.")
    named = tuple(_minus((row[0], *row[2:6])) for row in rows)
    return MeasureTable(
        f"Medians over {len(found.seeds)} seeds, {size} points; each interval alone", named, tuple(notes)
    )


def _all(resolved: str) -> bool:
    there, _, of = resolved.partition(" of ")
    return resolved == "yes" or there == of


def _minus(cells: tuple[str, ...]) -> tuple[str, ...]:
    """Cells with a true minus sign, the first, a name, aside."""
    return (cells[0], *(cell.replace("-", "−") for cell in cells[1:]))


def _without_unit(cells: tuple[str, ...]) -> tuple[str, ...]:
    return (*cells[:UNIT], *cells[UNIT + 1 :])


def paired(first: Measured, second: Measured, names: tuple[str, str], *, family: int) -> Comparison:
    """Two that were measured over the same seeds, by the names given, as `netwarp compare --family` compares them."""
    assert first.seeds is not None
    assert first.seeds == second.seeds
    contenders = []
    for name, one in zip(names, (first, second), strict=True):
        architecture = one.subject.seeded("it has no seeds to compare over")
        contenders.append(Contender(name, architecture, None, one.ensemble))
    return compared(contenders, first.calibration, family)


def answered(found: Comparison, scope: Scope) -> Answer:
    """The section on the founding pair."""
    first, second = found.contenders
    assert len(found.contrasts) == 1
    return Answer(
        sentences=answer.verdict(found, first.name, second.name),
        forest=compare_page.forest(found, width=FOREST_WIDTH),
        unplotted=compare_page.unplotted(found),
        caption=f"{second.name} (second) against {first.name} (first), {len(found.seeds)} seeds, "
        f"{found.raster.columns} × {found.raster.rows} points",
        columns=_without_unit(compare_page.COLUMNS),
        rows=tuple(_minus(_without_unit(row)) for row in found.rows(0)),
        notes=(*found.caveats(), *found.notes()),
        family=found.family,
        measures=tuple((one.name, one.definition, one.unit) for one in map(find, scope.measures)),
        command=compare_page.again(found, ",".join(scope.measures), _seeds(found.seeds)),
    )


def mapped(text: str, scope: Scope, progress: Report | None = None) -> Atlas:
    """The atlas of an architecture over scale and shift."""
    return atlas(
        read_subject(text),
        activations=scope.activations,
        scales=scope.scales,
        shifts=scope.shifts,
        depths=(),
        widths=(),
        measure=scope.mapped,
        seeds=scope.atlas_seeds,
        size=(scope.atlas_side, scope.atlas_side),
        progress=progress,
    )


def maps(found: Atlas, comparison: Comparison, scope: Scope) -> MapsSection:
    """The section on scale and shift; the comparison says what depth changes."""
    first, second = comparison.contenders
    depth = next((one for one in comparison.contrasts[0] if one.name == found.measure), None)
    limits = atlas_page.limits_of([of.values() for of in found.maps])
    shelves = [
        ActivationShelf(
            anchor=f"atlas-{file_name(of.activation)}",
            name=of.activation,
            sentence=answer.map_sentence(of, found.measure),
            plots=atlas_page.plots(found, of, f"atlas-{file_name(of.activation)}", limits, width=MAP_WIDTH),
            columns=atlas_page.headings(of, found.measure),
            rows=tuple(atlas_page.rows([(of, cell) for row in of.cells for cell in row])),
        )
        for of in found.maps
    ]
    options = {
        "act": ",".join(scope.activations),
        "scale": ",".join(scope.scales),
        "shift": ",".join(scope.shifts),
        "depth": "none",
        "measure": found.measure,
        "seeds": _seeds(found.seeds),
        "size": f"{scope.atlas_side}x{scope.atlas_side}",
    }
    return MapsSection(
        sentences=answer.scale_and_shift(found, depth, first.name, second.name),
        shelves=tuple(shelves),
        notes=tuple(line for line in (found.caveat(), *found.notes) if line),
        seeds=len(found.seeds),
        side=scope.atlas_side,
        command=atlas_page.again(found, options),
    )


def _seeds(seeds: Sequence[int]) -> str:
    return (
        f"{seeds[0]}..{seeds[-1]}" if list(seeds) == list(range(seeds[0], seeds[-1] + 1)) else ",".join(map(str, seeds))
    )
