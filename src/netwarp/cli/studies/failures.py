"""`netwarp study failures`: which runs failed, why, and the command that does one of them again."""

from __future__ import annotations

from typing import TYPE_CHECKING

from netwarp.cli.options import Json
from netwarp.cli.screen import show, show_json
from netwarp.cli.studies.options import Store

if TYPE_CHECKING:
    from netwarp.study.grid.study import Study
    from netwarp.study.runs import Run

NAME = "failures"
EXAMPLES = "Examples:\nnetwarp study failures depth\nnetwarp study failures depth --json\n"


def run(folder: Store, json: Json = False) -> None:
    """List the runs that failed, each with its cause and the command that reproduces it."""
    from netwarp.study.grid.study import Study
    from netwarp.study.store.store import Store as Runs

    with Runs.open(folder) as store:
        found = store.failures()
        study = Study.from_data(store.planned().study, folder=folder.parent)
    listed = [
        {"network": one.run.source.text, "seed": one.run.seed, "reason": one.reason, "command": again(study, one.run)}
        for one in found
    ]
    if json:
        show_json({"failures": listed})
        return
    for one in listed:
        show(f"{one['network']}, seed {one['seed']}: {one['reason']}")
        show(f"  {one['command']}")
    show(f"{len(listed):,} failed")


def again(study: Study, one: Run) -> str:
    """The command that measures the network of a run as the study does."""
    from netwarp.orders.commands import command, ends

    raster, calibration = one.frame.raster, one.frame.calibration
    words = ["--measures", ",".join(study.measures), "--size", f"{raster.columns}x{raster.rows}"]
    words += [f"--plane={ends(raster.plane)}"]
    words += ["--calibrate", f"{calibration.columns}x{calibration.rows}@{ends(calibration.plane)}"]
    if one.source.kind == "model":
        path = study.files.get(one.source.text)
        return command("measure", one.source.text if path is None else str(path), *words)
    return command("measure", one.source.text, "--seeds", f"{one.seed}..{one.seed}", *words)
