"""`netwarp study diff`: what of a file would run into a folder, and why."""

from __future__ import annotations

from netwarp.cli.options import Json
from netwarp.cli.screen import show, show_json
from netwarp.cli.studies.options import File, Store

NAME = "diff"
EXAMPLES = "Examples:\nnetwarp study diff depth depth.toml\n"


def run(folder: Store, file: File, json: Json = False) -> None:
    """List what of a study's file would run into a folder that holds it already, and why. Nothing is run."""
    from netwarp.study.grid.difference import diff
    from netwarp.study.grid.file import read_study
    from netwarp.study.running.shards import read_shard
    from netwarp.study.store.store import Store as Runs

    study = read_study(file)
    with Runs.open(folder) as store:
        shard = store.planned().shard
        runs = None if shard is None else read_shard(shard).of(study.runs())
        found = diff(store, study, runs=runs)
    if json:
        show_json(found.data())
        return
    for line in found.sentences():
        show(line)
