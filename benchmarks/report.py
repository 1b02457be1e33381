"""Measures every row and sets the numbers out as tables (GitHub's Markdown, so that they can go into the README)."""

from __future__ import annotations

import sys
from typing import Any

import netwarp as nw
from benchmarks import memory, shell
from benchmarks.contestants import RIVALS, draw, gather
from benchmarks.machine import describe, sgemm
from benchmarks.rows import ROWS, Row
from benchmarks.timing import interleaved
from netwarp.architecture.counts import count

Found = dict[str, Any]


def measure(threads: int, rows: list[str] | None, without: list[str], budget: float) -> Found:
    """Everything, as it goes into the JSON file. Times in milliseconds."""
    found: Found = {"machine": describe(threads), "rows": []}
    for row in ROWS:
        if not rows or row.name in rows:
            _say(row.title)
            found["rows"].append(_row(row, threads, without, budget))
    if not rows:
        _say("ratios, memory, and from the shell to the file")
        found["ratios"] = _ratios(budget)
        found["memory MiB"] = {who: memory.above_output(who) for who in ("netwarp", "naive")}
        found["shell s"] = dict(zip(("first", "later"), shell.first_and_later(), strict=True))
    return found


def _row(row: Row, threads: int, without: list[str], budget: float) -> Found:
    runs, remarks = gather(row, threads, lambda name: name not in without)
    # the yardstick is measured among the contestants: a machine's moods change its rate too
    product, gflop = sgemm()
    times = {name: 1000 * seconds for name, seconds in interleaved(runs | {"sgemm": product}, budget).items()}
    yardstick = 1000 * gflop / times.pop("sgemm")
    work = count(nw.parse(row.text)).flops * row.size[0] * row.size[1]
    return {
        "name": row.name,
        "title": row.title,
        "ms": times,
        "remarks": remarks,
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


def _say(line: str) -> None:
    print(f"... {line}", file=sys.stderr, flush=True)


def tables(found: Found) -> str:
    rivals = [name for name in RIVALS if any(name in row["ms"] for row in found["rows"])]
    lines = [_machine(found), ""]
    heads = ["work", "naive", *rivals, "netwarp", "naive / netwarp", "at least", "GFLOP/s", "of SGEMM"]
    lines += ["| " + " | ".join(heads) + " |", "|---" * len(heads) + "|"]
    lines += [f"| {' | '.join(_cells(row, rivals))} |" for row in found["rows"]]
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
    if row["ahead"] and best <= times["netwarp"]:
        demand += " (is not)"
    ratio = f"{naive / times['netwarp']:.1f}x" if naive else "–"
    share = row["GFLOP/s"] / row["SGEMM GFLOP/s"]
    return [*cells, ratio, demand, f"{row['GFLOP/s']:.0f}", f"{share:.0%}"]


def _machine(found: Found) -> str:
    machine = found["machine"]
    versions = ", ".join(f"{name} {version}" for name, version in machine["versions"].items())
    rates = [row["SGEMM GFLOP/s"] for row in found["rows"]]
    return (
        f"Milliseconds, medians of interleaved runs, warm, float32, {machine['threads']} threads. "
        f"{machine['processor']}, {machine['cores']} cores, {machine['system']}; {versions}. "
        f"SGEMM {min(rates):.0f} to {max(rates):.0f} GFLOP/s, taken among the runs of each row."
    )
