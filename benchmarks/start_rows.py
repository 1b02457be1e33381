"""Starts: `import netwarp` and `netwarp --help` in processes of their own, beside the smallest program of Typer's."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from benchmarks.tables import judged, table
from benchmarks.timing import Run, interleaved, say

Found = dict[str, Any]

# two commands, and a help of rich's: the least that a command line of this kind can be
SMALLEST = """
import typer
app = typer.Typer()
app.command("draw")(lambda: None)
app.command("info")(lambda: None)
app(["--help"])
"""
NOTHING, TYPER = "python", "typer"
BESIDE = {NOTHING: ["-c", "pass"], TYPER: ["-c", SMALLEST]}


@dataclass(frozen=True)
class StartRow:
    """A start: Python's arguments, and the seconds it may take beyond those of a Python that does nothing."""

    name: str
    title: str
    arguments: tuple[str, ...]
    most: float


ROWS = (
    StartRow("start-import", "`import netwarp`", ("-c", "import netwarp"), 0.2),
    StartRow("start-help", "`netwarp --help`", ("-m", "netwarp", "--help"), 0.4),
)


def row_names() -> list[str]:
    return [row.name for row in ROWS]


def run(wanted: Collection[str], budget: float) -> list[Found]:
    """The rows named: medians of seconds beyond an empty Python's, and those of the smallest program of Typer's."""
    say("starts")
    rows = [row for row in ROWS if row.name in wanted]
    runs = {name: _process(arguments) for name, arguments in BESIDE.items()}
    runs |= {row.name: _process(row.arguments) for row in rows}
    times = interleaved(runs, 4 * budget)
    return [
        {"name": row.name, "s": times[row.name] - times[NOTHING], "typer s": times[TYPER] - times[NOTHING]}
        for row in rows
    ]


def _process(arguments: Collection[str]) -> Run:
    return lambda: subprocess.run([sys.executable, *arguments], capture_output=True, check=True)


def tables(found: list[Found]) -> str:
    rows = {row.name: row for row in ROWS}
    cells = [
        [
            rows[one["name"]].title,
            f"{one['s'] * 1e3:.0f}",
            f"{one['typer s'] * 1e3:.0f}",
            judged(f"{rows[one['name']].most * 1e3:.0f}", held=one["s"] <= rows[one["name"]].most),
        ]
        for one in found
    ]
    title = (
        "Starts: milliseconds beyond those of a Python that does nothing, files cached. Medians of processes, in turn."
    )
    return "\n".join(table(title, ["start", "netwarp", "two commands with Typer, --help", "at most"], cells))
