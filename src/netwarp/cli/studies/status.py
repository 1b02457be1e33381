"""`netwarp study status`: how far a study is, from any shell, while it runs too."""

from __future__ import annotations

from netwarp.cli.options import Json
from netwarp.cli.screen import show, show_json
from netwarp.cli.studies.options import Store

NAME = "status"
EXAMPLES = "Examples:\nnetwarp study status depth\nnetwarp study status depth --json\n"


def run(folder: Store, json: Json = False) -> None:
    """Say how many runs of a study are done, to do, failed and with a worker now."""
    from netwarp.study.store.store import Store as Runs

    with Runs.open(folder) as store:
        counts, plan, driver = store.counts(), store.planned(), store.driver()
    if json:
        who = None if driver is None else {"process": driver.process, "host": driver.host}
        parts = {"whole": plan.whole, "missing_shards": list(plan.lacking)}
        show_json({"study": plan.name, "shard": plan.shard} | counts.data() | parts | {"driver": who})
        return
    show(plan.name if plan.shard is None else f"{plan.name}, shard {plan.shard}")
    of = f" of {plan.whole:,}" if counts.total < plan.whole else ""
    show(f"{counts.sentence(running=True)}, {counts.total:,}{of} in all")
    if plan.elsewhere:
        show(plan.elsewhere_sentence)
    show("nobody runs it now" if driver is None else f"process {driver.process} on {driver.host} runs it now")
