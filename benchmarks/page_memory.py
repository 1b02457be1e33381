"""What a page that plays for long keeps in memory: its own heap, its nodes and listeners, and the server's.

`python -m benchmarks.page_memory [MINUTES] [served|static]` plays seeds for 60 minutes unless given, and prints a row
a minute, after the page's own garbage is gone. The verdict compares the last tenth of the rows with the second: a leak
of a kilobyte a picture, some 60 MB in an hour, is far above MARGIN.
"""

from __future__ import annotations

import sys
import time
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any

from benchmarks.page_rows import addresses, browsers, playing
from benchmarks.timing import say

ADDRESS = "?v=2&arch=conv(10)+*+5&seed=7"
SIZE = {"width": 700, "height": 500}
MARGIN = 8.0  # MB
SHORTEST = 10  # rows


@dataclass(frozen=True)
class Held:
    """After so many pictures: megabytes of the page's heap and of the server (0 where there is none), and counts."""

    pictures: int
    heap: float
    nodes: int
    listeners: int
    server: float


def resident(process: int) -> float:
    """MB that a process holds."""
    lines = Path(f"/proc/{process}/status").read_text(encoding="utf-8").splitlines()
    return int(next(line for line in lines if line.startswith("VmRSS")).split()[1]) / 1e3


def look(page: Any, tools: Any, process: int) -> Held:
    tools.send("HeapProfiler.collectGarbage")
    found = {one["name"]: one["value"] for one in tools.send("Performance.getMetrics")["metrics"]}
    return Held(
        pictures=int(page.evaluate("() => Number(document.body.dataset.drawn ?? 0)")),
        heap=found["JSHeapUsedSize"] / 1e6,
        nodes=int(found["Nodes"]),
        listeners=int(found["JSEventListeners"]),
        server=resident(process) if process else 0.0,
    )


def played(minutes: float, kind: str) -> list[Held]:
    """One row a minute, the first after one."""
    with addresses() as (found, process), browsers() as kinds:
        page = kinds["no GPU"].new_context(viewport=SIZE).new_page()
        page.goto(found[kind] + ADDRESS)
        page.evaluate("() => netwarp.ready")
        tools = page.context.new_cdp_session(page)
        tools.send("Performance.enable")
        tools.send("HeapProfiler.enable")
        page.evaluate(f"() => {{ {playing('seed')} }}")
        rows: list[Held] = []
        start = time.monotonic()
        while time.monotonic() - start < 60 * minutes:
            page.wait_for_timeout(60_000)
            rows.append(look(page, tools, process if kind == "served" else 0))
            one = rows[-1]
            say(
                f"{len(rows)} min, {one.pictures:,} pictures: heap {one.heap:.2f} MB, {one.nodes:,} nodes, "
                f"{one.listeners} listeners, server {one.server:.1f} MB"
            )
        return rows


def grown(rows: list[Held], what: str) -> float:
    """MB from the second tenth of the rows to the last; the first has what is only made once."""
    tenth = max(1, len(rows) // 10)
    before, after = rows[tenth : 2 * tenth] or rows[:1], rows[-tenth:]
    return median(getattr(one, what) for one in after) - median(getattr(one, what) for one in before)


def main(minutes: str = "60", kind: str = "served") -> None:
    rows = played(float(minutes), kind)
    pace = rows[-1].pictures / (60 * len(rows))
    print(f"{kind}: {rows[-1].pictures:,} pictures in {len(rows)} minutes, {pace:.1f} a second")
    for what in ("heap", "server"):
        more = grown(rows, what)
        verdict = "too short to tell" if len(rows) < SHORTEST else "flat" if more < MARGIN else "GROWS"
        print(f"{what}: {more:+.1f} MB, {verdict}")


if __name__ == "__main__":
    main(*sys.argv[1:])
