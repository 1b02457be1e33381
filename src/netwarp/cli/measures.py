"""`netwarp measures`: every measure with its definition."""

from __future__ import annotations

from typing import Annotated

from netwarp.cli import completion
from netwarp.cli.groups import argument
from netwarp.cli.options import Json
from netwarp.cli.screen import show, show_json, show_table
from netwarp.cli.values import read_words

NAME = "measures"
EXAMPLES = (
    "Examples:\n"
    "netwarp measures\n"
    "netwarp measures mean_frequency     describe one measure\n"
    "netwarp measures --json\n"
    "In Python: netwarp.measures.registry.find(name); @nw.measures.define\n"
)


def run(
    name: Annotated[str | None, argument("[NAME]", "List only these measures: A or A,B.", completion.measures)] = None,
    json: Json = False,
) -> None:
    """List the measures: definition, unit, formula, source, and the Fields each applies to."""
    from netwarp.study.measuring import catalogue, described

    found = catalogue(None if name is None else read_words(name, "NAME", "mean_frequency"))
    if json:
        show_json({"measures": [described(one) for one in found]})
        return
    if name is None:
        show_table(
            ("measure", "unit", "applies to", "definition"),
            [(one.name, one.unit, one.applies, one.definition) for one in found],
        )
        return
    for one in found:
        for key, value in described(one).items():
            if isinstance(value, str):
                show(f"{key.replace('_', ' '):<12}{value}")
