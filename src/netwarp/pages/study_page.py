"""A study's report: one HTML file that needs no other, of at most 5 MB, and its figures as SVG and PNG beside it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np

from netwarp.errors import InputError, LimitError, NetwarpError
from netwarp.files import filled, replacing, together
from netwarp.orders.commands import command as line
from netwarp.orders.subject import file_name
from netwarp.pages.budget import PageBudget
from netwarp.pages.parts import TextTable
from netwarp.pages.plot import PagePlot, sheet
from netwarp.pages.rendering import render
from netwarp.pages.study_networks import TEXT, NetworkRow, Thumbnails
from netwarp.pages.study_plots import in_short
from netwarp.pages.study_sections import (
    MeasureSection,
    add_maps,
    agreement_section,
    effects_of,
    measure_section,
)
from netwarp.pages.study_words import confounded, lede, method, mixed, state
from netwarp.picture.picture import Picture
from netwarp.progress import Report, stage
from netwarp.study.again import again
from netwarp.study.grid.study import Study
from netwarp.study.grid.writing import toml_of
from netwarp.study.report.agreement import rank_agreement
from netwarp.study.report.effects import MainEffect, family_of
from netwarp.study.report.extremes import chosen_points
from netwarp.study.report.gathering import NO_SEED, Gathered, gather
from netwarp.study.store.naming import frame_of
from netwarp.study.store.rows import raster_text
from netwarp.study.store.store import Store
from netwarp.version import VERSION

LARGEST: Final = 5_000_000  # bytes of a page
_REST: Final = 700_000  # of these, for what is on every page: style, texts, failures, the study's file
POINTS: Final = 100  # whose networks are drawn, at most
_KINDS: Final = 20  # reasons of failures that are shown
_TEXT: Final = 2_000  # characters of a command that is shown
_LONGEST: Final = 60_000  # characters of a study's file that is shown
_ACROSS: Final = 3  # plots of a sheet side by side
_ON_SHEET: Final = 12  # plots of a sheet


@dataclass(frozen=True, slots=True)
class FailureKind:
    """Runs that failed of one reason, and how one of them is run again."""

    count: str
    reason: str
    network: str
    command: str


def save(
    store: Store, out: Path, *, command: str, points: int = POINTS, progress: Report | None = None
) -> tuple[Path, Path]:
    """Writes the report of a store as the file `out`, and its figures as a folder beside it; both paths.

    `points` is how many points' networks are drawn, at most; `command` is what made the report.
    Errors: InputError, StoreError.
    """
    gathered = gather(store, stage(progress, "reading the store"))
    plan, counts, machines = store.planned(), store.counts(), store.machines()
    study = _study(store)
    family, seeds = family_of(gathered), np.unique(gathered.seeds)
    budget = PageBudget(LARGEST - _REST)
    effects = [effects_of(gathered, one, family) for one in gathered.measures]
    sections = [measure_section(gathered, place, one, budget) for place, one in enumerate(effects)]
    agreement = agreement_section(rank_agreement(gathered), budget)
    frames = {raster_text(frame.raster): frame for frame in map(frame_of, plan.frames)}
    thumbnails = Thumbnails(frames, {} if study is None else study.files, gathered.factors)
    rows = _networks(gathered, effects, points, thumbnails, budget, progress)
    for place, section in enumerate(sections):
        add_maps(section, gathered, place, budget, progress)
    kinds = _failures(store, [name for name, _ in plan.wanted], study)
    first = next((one.name for one in gathered.measures if one.present), "")
    sizes = sorted({f"{frame.raster.columns}x{frame.raster.rows}" for frame in frames.values()})
    page = render(
        "study.html",
        {
            "version": VERSION,
            "title": plan.name,
            "lede": lede(study, gathered, sizes),
            "state": state(plan, counts, gathered),
            "confounded": confounded(gathered),
            "method": method(models=bool(seeds[0] == NO_SEED), family=family, seeds=len(seeds)),
            "sections": sections,
            "agreement": agreement,
            "networks": rows,
            "first": first,
            "left_out": budget.left_out(),
            "failed": counts.failed,
            "failure_kinds": kinds,
            "failures_command": line("study", "failures", str(store.folder)),
            "machines": _machines(machines),
            "mixed": mixed(machines),
            "file": _file(study),
            "run": line("study", "run", "study.toml", *(() if plan.shard is None else ("--shard", plan.shard))),
            "again": command,
        },
        styles=("figure.css", "page.css", "study.css"),
    )
    text = page.encode()
    if len(text) > LARGEST:
        raise LimitError(f"report: {len(text):,} bytes, at most {LARGEST:,} are written; leave out --thumbnails")
    folder = out.with_name(f"{out.stem}-figures")
    try:
        with together():
            # a folder is filled by its whole name
            with filled(folder.resolve()) as filling:
                _write(filling, sections, () if agreement is None else agreement.plots, thumbnails.sheet(), progress)
            with replacing(out) as stream:
                stream.write(text)
    except OSError as error:
        raise InputError(f"file {str(out)!r}: cannot be written ({error.strerror or error})") from error
    return out, folder


def _networks(
    gathered: Gathered,
    effects: Sequence[Sequence[MainEffect]],
    most: int,
    thumbnails: Thumbnails,
    budget: PageBudget,
    progress: Report | None,
) -> list[NetworkRow]:
    """The pictures of the points at the ends of the main effects on the first measure that has values."""
    place = next((place for place, one in enumerate(gathered.measures) if one.present), None)
    if place is None or not most:
        return []
    measure = gathered.measures[place]
    chosen = chosen_points(gathered, measure, effects[place], most)
    return list(thumbnails.rows(chosen, gathered.varied, measure.name, budget, progress))


def _study(store: Store) -> Study | None:
    """The study that the store is for; None where this netwarp does not read it, as a newer one wrote it."""
    try:
        return Study.from_data(store.planned().study, folder=store.folder.parent)
    except NetwarpError:
        return None


def _file(study: Study | None) -> str:
    """The study's file; empty where it is too long for a page, or this netwarp cannot read it."""
    text = "" if study is None else toml_of(study)
    return text if len(text) <= _LONGEST else ""


def _failures(store: Store, measures: Sequence[str], study: Study | None) -> list[FailureKind]:
    """The commonest reasons of failures; a command that is too long for a page is left to `study failures`."""
    files = {} if study is None else study.files
    kinds = []
    for count, one in store.failure_kinds(_KINDS):
        command = again(one.run, measures, files)
        short = command if len(command) <= _TEXT else ""
        kinds.append(FailureKind(f"{count:,}", one.reason, in_short(one.run.source.text, TEXT), short))
    return kinds


def _machines(machines: Sequence[dict[str, str]]) -> TextTable:
    names = ("host", "processor", "netwarp", "numpy", "numba")
    rows = tuple(tuple(in_short(one.get(name, "–"), TEXT) for name in names) for one in machines[:100])
    more = "" if len(machines) <= 100 else f", the first 100 of {len(machines):,}"
    return TextTable(f"What evaluated the runs{more}", names, rows)


def _write(
    folder: Path,
    sections: Iterable[MeasureSection],
    others: Sequence[PagePlot],
    networks: Picture | None,
    progress: Report | None,
) -> None:
    """The plots of a measure as sheets, each as SVG and PNG; the agreement; the networks, as PNG."""
    figures = {"agreement": list(others)} if others else {}
    for section in sections:
        for kind, plots in (("effects", section.effect_plots), ("maps", section.map_plots)):
            for first in range(0, len(plots), _ON_SHEET):
                number = "" if len(plots) <= _ON_SHEET else f"-{first // _ON_SHEET + 1}"
                figures[f"{file_name(section.name)}-{kind}{number}"] = plots[first : first + _ON_SHEET]
    for done, (name, plots) in enumerate(figures.items()):
        if progress is not None:
            progress("writing figures", done, len(figures))
        whole = plots[0]
        if len(plots) > 1:
            title = f"{plots[0].title}, and {len(plots) - 1} more"
            whole = sheet(plots, name=name, title=title, columns=2 if len(plots) == 4 else min(_ACROSS, len(plots)))
        (folder / f"{name}.svg").write_text(whole.to_svg(), encoding="utf-8")
        (folder / f"{name}.png").write_bytes(whole.to_png())
    if networks is not None:
        networks.save(folder / "networks.png")
