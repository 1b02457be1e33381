"""`netwarp study failures`: which runs failed, why, and the command that does one of them again."""

from __future__ import annotations

from netwarp.cli.options import Json
from netwarp.cli.screen import show, show_json
from netwarp.cli.studies.options import Store

NAME = "failures"
EXAMPLES = "Examples:\nnetwarp study failures depth\nnetwarp study failures depth --json\n"


def run(folder: Store, json: Json = False) -> None:
    """List the runs that failed, each with its cause and the command that reproduces it."""
    from netwarp.study.again import again
    from netwarp.study.grid.study import Study
    from netwarp.study.store.store import Store as Runs

    with Runs.open(folder) as store:
        found = store.failures()
        study = Study.from_data(store.planned().study, folder=folder.parent)
    listed = [
        {
            "network": one.run.source.text,
            "seed": one.run.seed,
            "reason": one.reason,
            "command": again(one.run, study.measures, study.files),
        }
        for one in found
    ]
    if json:
        show_json({"failures": listed})
        return
    for one in listed:
        show(f"{one['network']}, seed {one['seed']}: {one['reason']}")
        show(f"  {one['command']}")
    show(f"{len(listed):,} failed")
