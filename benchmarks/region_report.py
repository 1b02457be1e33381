"""What was measured on exact regions, set out as tables (GitHub's Markdown)."""

from __future__ import annotations

from benchmarks.region_rows import SLOW
from benchmarks.regions import COMPILING, GRID_SIDES, GRIDS, PICTURE, Found
from benchmarks.tables import table


def tables(found: Found) -> str:
    lines = _rows_table(found["rows"]) if found["rows"] else []
    if found["rows"] and not found["regioncam"]:
        lines += ["", "regioncam: absent or left out (pip install regioncam)"]
    if found["rows"] and SLOW and (linear := _linear(found["rows"])):
        lines += ["", *linear]
    if GRIDS in found:
        lines += ["", *_grid_table(found[GRIDS])]
    if PICTURE in found:
        lines += ["", *_picture_lines(found[PICTURE])]
    if COMPILING in found:
        took = found[COMPILING]
        lines += [
            "",
            (
                f"The first tessellation ever compiles: {took['first ever']:.1f} s (4x64); the first of a later "
                f"process takes {took['first of a process']:.2f} s, its second {took['second of a process']:.2f} s."
            ),
        ]
    return "\n".join(lines).lstrip("\n")


def _rows_table(rows: list[Found]) -> list[str]:
    heads = ["network", "regions", "regioncam's", "netwarp s", "regioncam s", "ratio", "at least", "netwarp MiB"]
    heads += ["regioncam MiB", "ratio", "doubtful", "floor s", "over the floor"]
    title = (
        "Regions of ReLU networks on [-1, 1]^2: seconds, medians of warm runs, each contestant in a process of its "
        "own, in rounds, giving the memory back included; MiB of a fresh process above its imports and a small "
        "network. Floor: the float64 products of "
        "activations at vertices alone."
    )
    lines = []
    for row in rows:
        own, rival = row["s"]["netwarp"], row["s"].get("regioncam")
        regions, theirs = row["regions"]["netwarp"], row["regions"].get("regioncam")
        memory, their_memory = row["MiB"]["netwarp"], row["MiB"].get("regioncam")
        bottom = row["s"].get("floor")
        cells = [
            row["network"],
            f"{regions:,}",
            "–" if theirs is None else "the same" if theirs == regions else f"{theirs:,} ({theirs - regions:+d})",
            f"{own:.3g}",
            f"{rival:.3g}" if rival else "–",
            f"{rival / own:.1f}x" if rival else "–",
            _demand(row),
            f"{memory:.0f}" if memory else "–",
            f"{their_memory:.0f}" if their_memory else "–",
            f"{their_memory / memory:.1f}x" if memory and their_memory else "–",
            f"{row['doubtful']:,}",
            f"{bottom:.3g}" if bottom else "–",
            f"{own / bottom:.1f}x" if bottom else "–",
        ]
        lines.append(cells)
    return table(title, heads, lines)


def _demand(row: Found) -> str:
    least, own, rival = row["at least"], row["s"]["netwarp"], row["s"].get("regioncam")
    memory, their_memory = row["MiB"]["netwarp"], row["MiB"].get("regioncam")
    asked: list[tuple[str, bool | None]] = []
    if least["faster"]:
        asked.append((f"{least['faster']:g}x faster", rival / own >= least["faster"] if rival else None))
    if least["leaner"]:
        held = their_memory / memory >= least["leaner"] if memory and their_memory else None
        asked.append((f"{least['leaner']:g}x less memory", held))
    if least["seconds"]:
        asked.append((f"under {least['seconds']:g} s", own < least["seconds"]))
    if least["gigabytes"]:
        asked.append(
            (f"under {least['gigabytes']:g} GB", memory * 2**20 < least["gigabytes"] * 1e9 if memory else None)
        )
    return (
        ", ".join(text + {True: "", False: " (is not)", None: " (not measured)"}[held] for text, held in asked) or "–"
    )


def _linear(rows: list[Found]) -> list[str]:
    slow = {row.name for row in SLOW}
    return [
        f"{row['network']}: {row['regions']['netwarp'] / row['s']['netwarp']:,.0f} regions a second, "
        f"{row['MiB']['netwarp'] * 2**20 / row['regions']['netwarp']:.0f} bytes a region at the peak; "
        f"unfolded and multiplied they are {row['expected']:,}"
        for row in rows
        if row["name"] in slow and row["MiB"]["netwarp"]
    ]


def _grid_table(grids: list[Found]) -> list[str]:
    heads = ["network", "regions", "netwarp s"]
    heads += [head for side in GRID_SIDES for head in (f"{side}x{side} finds", "s")]
    lines = []
    for row in grids:
        cells = [row["network"], f"{row['regions']:,}", f"{row['netwarp s']:.3g}"]
        for grid in row["grids"]:
            cells += [f"{grid['patterns']:,} ({grid['patterns'] / row['regions']:.1%})", f"{grid['s']:.3g}"]
        lines.append(cells)
    return table("Regions that a grid of points hits (distinct patterns, float32):", heads, lines)


def _picture_lines(picture: Found) -> list[str]:
    times = picture["s"]
    faster, over = times["blocks"] / times["exact"], times["exact"] / times["writing"]
    return [
        f"`{picture['text']}`, relu, {picture['side']}x{picture['side']}, float32, {picture['regions']:,} regions:",
        f'engine="exact", tessellation included: {times["exact"]:.3g} s',
        f"the block evaluator: {times['blocks']:.3g} s, {faster:.1f}x (at least 4x{'' if faster >= 4 else ': is not'})",
        (
            f"writing the output alone: {times['writing']:.3g} s (one thread: {times['writing, one thread']:.3g} s); "
            f"exact takes {over:.1f} times that (at most 2{'' if over <= 2 else ': is not'})"
        ),
    ]
