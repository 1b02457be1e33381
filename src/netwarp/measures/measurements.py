"""Measurement and Measurements: what was measured of one Field, to read, to print and to keep."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from html import escape

from netwarp.fields.rounding import Rounding
from netwarp.measures.registry import Detail
from netwarp.plane import Raster
from netwarp.renamed import Renamed


@dataclass(frozen=True, slots=True)
class Measurement:
    """A measure's value of one Field; `value` is None where it is absent, and `reason` says why.

    `half` is the value at half the resolution and `resolved` whether the two are within 10%, and so is `error`, what
    the value may be off by, where that is known (None where the measure is of no raster). `note` is what a reader must
    know of how it was taken. `ramp` and `noise` are the values of a plain ramp and of white noise on the same raster:
    references, not ends. Values below the one and above the other occur. `floor` and `ceiling` are their former names,
    and warn.
    """

    name: str
    unit: str
    value: float | None
    reason: str = ""
    half: float | None = None
    resolved: bool | None = None
    ramp: float | None = None
    noise: float | None = None
    details: Mapping[str, Detail] = field(default_factory=dict)
    error: float | None = None
    note: str = ""

    floor = Renamed("ramp")
    ceiling = Renamed("noise")

    def as_dict(self) -> dict[str, object]:
        """Plain data, for JSON."""
        found = {name: getattr(self, name) for name in self.__slots__}
        found["details"] = {key: list(one) if isinstance(one, tuple) else one for key, one in self.details.items()}
        return found


HEADER = ("measure", "value", "ramp", "noise", "resolved", "unit")


@dataclass(frozen=True)
class Measurements(Mapping[str, Measurement]):
    """name -> Measurement, in the order asked for; prints as a table, in a notebook too.

    `rounding` is how far the values that were measured are from the network's own function; the table says so where
    that is far.
    """

    entries: Mapping[str, Measurement]
    raster: Raster
    rounding: Rounding = field(default_factory=lambda: Rounding(0.0))

    def __getitem__(self, name: str) -> Measurement:
        return self.entries[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self.entries)

    def __len__(self) -> int:
        return len(self.entries)

    def rows(self) -> list[tuple[str, ...]]:
        """The table's rows as texts, HEADER's columns."""
        return [
            (
                one.name,
                number(one.value) if one.value is not None else f"absent: {one.reason}",
                number(one.ramp),
                number(one.noise),
                "" if one.resolved is None else "yes" if one.resolved else "no",
                one.unit,
            )
            for one in self.values()
        ]

    def table(self) -> str:
        """The table as aligned text."""
        return "\n".join([aligned([HEADER, *self.rows()]), *self.notes()])

    def notes(self) -> list[str]:
        """What a reader must know of how values were taken, a line each."""
        said = self.rounding.sentence()
        why: dict[str, list[str]] = {}
        for one in self.values():
            if one.note:
                why.setdefault(one.note, []).append(one.name)
        return [*([said] if said else []), *(f"{', '.join(names)}: {note}" for note, names in why.items())]

    def __repr__(self) -> str:
        return f"<Measurements: on {self.raster.columns}x{self.raster.rows} points; measures: {len(self):,}>"

    def __str__(self) -> str:
        return self.table()

    def as_dict(self) -> dict[str, object]:
        """Plain data, for JSON."""
        return {name: one.as_dict() for name, one in self.items()}

    def _repr_html_(self) -> str:
        def row(cells: tuple[str, ...], tag: str) -> str:
            return "<tr>" + "".join(f"<{tag}>{escape(cell)}</{tag}>" for cell in cells) + "</tr>"

        body = "".join(row(cells, "td") for cells in self.rows())
        where = f"{self.raster.columns}x{self.raster.rows}"
        where += "".join(f"; {escape(said)}" for said in self.notes())
        return f"<table><caption>on {where}</caption><thead>{row(HEADER, 'th')}</thead><tbody>{body}</tbody></table>"


def number(value: float | None) -> str:
    """Four digits; an en dash where there is no number."""
    if value is None:
        return "–"
    if value == int(value) and abs(value) < 1e15:
        return f"{int(value):,}"
    return f"{value:,.4g}" if abs(value) < 9999.5 else f"{value:,.0f}" if abs(value) < 1e15 else f"{value:.3e}"


def aligned(rows: list[tuple[str, ...]]) -> str:
    """Rows of texts as one text with aligned columns, two spaces apart."""
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows
    )
