"""`netwarp zoo`: the architectures that have a name."""

from __future__ import annotations

from netwarp.cli.options import Json
from netwarp.cli.screen import show_json, show_table

NAME = "zoo"
EXAMPLES = "Examples:\nnetwarp zoo\nnetwarp zoo --json\nnetwarp draw resnet --seed 3   draw one of them\n"


def run(json: Json = False) -> None:
    """List the architectures that have a name, with their size and source."""
    from netwarp.architecture import zoo
    from netwarp.architecture.counts import count

    entries = [(entry, count(entry.architecture)) for entry in zoo.entries()]
    if json:
        show_json(
            {
                "zoo": [
                    {
                        "name": entry.name,
                        "architecture": str(entry.architecture),
                        "layers": counts.layers,
                        "units": counts.units,
                        "parameters": counts.parameters,
                        "source": entry.source,
                        "sentence": entry.sentence,
                    }
                    for entry, counts in entries
                ]
            }
        )
        return
    show_table(
        ("name", "layers", "units", "parameters", "architecture", "source"),
        [
            (e.name, f"{c.layers:,}", f"{c.units:,}", f"{c.parameters:,}", str(e.architecture), e.source)
            for e, c in entries
        ],
        numbers=("layers", "units", "parameters"),
        below=("source",),
    )
