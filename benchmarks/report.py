"""Measures every row and sets the numbers out as tables (GitHub's Markdown, so that they can go into the README)."""

from __future__ import annotations

from typing import Any

import netwarp as nw
from benchmarks import memory, shell
from benchmarks.contestants import RIVALS, YARDSTICK, draw, entries
from benchmarks.machine import sgemm
from benchmarks.processes import contest
from benchmarks.rows import ROWS, Row
from benchmarks.tables import judged, table
from benchmarks.timing import interleaved, say
from netwarp.architecture.counts import count

Found = dict[str, Any]


def names() -> list[str]:
    return [row.name for row in ROWS]


def measure(threads: int, rows: list[str], without: list[str], budget: float, *, whole: bool) -> Found:
    """The rows named, and on the `whole` the ratios, memory and shell too, as in the JSON file. Milliseconds."""
    found: Found = {"rows": []}
    for row in ROWS:
        if row.name in rows:
            say(row.title)
            found["rows"].append(_row(row, threads, without, budget))
    if whole:
        say("ratios, memory, and from the shell to the file")
        found["ratios"] = _ratios(budget)
        found["memory MiB"] = {who: memory.above_output(who) for who in ("netwarp", "naive")}
        found["shell s"] = dict(zip(("first", "later"), shell.first_and_later(), strict=True))
    return found


def _row(row: Row, threads: int, without: list[str], budget: float) -> Found:
    # the yardstick is measured among the contestants: a machine's moods change its rate too
    found = contest(entries(row, threads, lambda name: name not in without), budget)
    times = {name: 1000 * seconds for name, seconds in found.seconds.items()}
    yardstick = 1000 * sgemm()[1] / times.pop(YARDSTICK)
    work = count(nw.parse(row.text)).flops * row.size[0] * row.size[1]
    return {
        "name": row.name,
        "title": row.title,
        "ms": times,
        "remarks": {name: remark for name, remark in found.remarks.items() if remark},
        "GFLOP/s": work / times["netwarp"] / 1e6,
        "SGEMM GFLOP/s": yardstick,
        "at least": row.at_least,
        "ahead": row.ahead,
    }


def _ratios(budget: float) -> Found:
    _, field = draw(ROWS[0])
    raster = nw.Raster(columns=600, rows=400)
    times = interleaved(
        {
            "value": lambda: field.sample(raster, dtype="float32"),
            "tangents": lambda: field.tangent(raster, dtype="float32"),
            "float64": lambda: field.sample(raster, dtype="float64"),
        },
        budget,
    )
    return {
        "value and tangents / value": times["tangents"] / times["value"],
        "float64 / float32": times["float64"] / times["value"],
    }


def tables(found: Found) -> str:
    rivals = [name for name in RIVALS if any(name in row["ms"] for row in found["rows"])]
    title = "Milliseconds, medians of warm runs, float32; each contestant in a process of its own, in rounds."
    heads = ["work", "naive", *rivals, "netwarp", "naive / netwarp", "at least", "GFLOP/s", "of SGEMM"]
    lines = table(title, heads, (_cells(row, rivals) for row in found["rows"]))
    lines += [""] + [
        f"{row['title']}: {name} {why}"
        for row in found["rows"]
        for name, why in row["remarks"].items()
        if why.startswith(("absent", "computes"))
    ]
    if "ratios" in found:
        lines += [f"{name}: {value:.2f}" for name, value in found["ratios"].items()]
        for who, mebibytes in found["memory MiB"].items():
            size = "not measured" if mebibytes is None else f"{mebibytes:.1f} MiB"
            lines.append(f"peak memory of a 2048x2048 sample above the output's own size, {who}: {size}")
        first, later = found["shell s"]["first"], found["shell s"]["later"]
        lines.append(f"`netwarp draw`, shell to file: {first:.2f} s the first time ever, {later:.2f} s from then on")
    return "\n".join(lines)


def _cells(row: Found, rivals: list[str]) -> list[str]:
    times = row["ms"]
    best = min((times[name] for name in rivals if name in times), default=float("inf"))
    cells = [row["title"]]
    for name in ("naive", *rivals, "netwarp"):
        text = f"{times[name]:.3g}" if name in times else "–"
        cells.append(f"**{text}**" if name in times and times[name] == min(times.values()) else text)
    naive = times.get("naive")
    demand = f"{row['at least']:g}x" + (", ahead of every rival" if row["ahead"] else "")
    demand = judged(demand, held=not row["ahead"] or best > times["netwarp"])
    ratio = f"{naive / times['netwarp']:.1f}x" if naive else "–"
    share = row["GFLOP/s"] / row["SGEMM GFLOP/s"]
    return [*cells, ratio, demand, f"{row['GFLOP/s']:.0f}", f"{share:.0%}"]


def machine(found: Found) -> str:
    """What all of it was measured on; the yardstick only where a picture was drawn."""
    facts = found["machine"]
    versions = ", ".join(f"{name} {version}" for name, version in facts["versions"].items())
    line = f"{facts['processor']}, {facts['cores']} cores, {facts['threads']} threads, {facts['system']}; {versions}."
    if rates := [row["SGEMM GFLOP/s"] for row in found.get("rows", ())]:
        line += f" SGEMM {min(rates):.0f} to {max(rates):.0f} GFLOP/s, taken among the runs of each row."
    return line
