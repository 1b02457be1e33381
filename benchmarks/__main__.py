"""`python -m benchmarks`: measures everything, prints the tables, and writes them as JSON."""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from benchmarks.threads import hold


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--threads", type=int, default=2, help="threads of every contestant (2)")
    whole = (
        "pictures",
        "regions",
        "measures",
        "explorer",
        "page",
        "decisions",
        "models",
        "stores",
        "studies",
        "running",
        "films",
        "posters",
        "starts",
    )
    parser.add_argument("--only", choices=whole, help="one part of it")
    parser.add_argument("--rows", nargs="*", help="only these rows, by name (see benchmarks/rows.py and *_rows.py)")
    parser.add_argument(
        "--slow",
        action="store_true",
        help="the rows of a million regions and more, the poster of 1.2 gigapixels too",
    )
    parser.add_argument("--without", nargs="*", default=[], help="leave these contestants out")
    parser.add_argument("--quick", action="store_true", help="a tenth of the repeats, for a look")
    parser.add_argument("--json", default="benchmark.json", help="where the numbers go (benchmark.json)")
    options = parser.parse_args()
    hold(options.threads)

    from benchmarks import (
        decision_rows,
        explorer_rows,
        film_rows,
        measure_rows,
        model_rows,
        page_rows,
        poster_rows,
        region_report,
        regions,
        report,
        running_rows,
        start_rows,
        store_rows,
        study_rows,
    )
    from benchmarks.machine import describe

    quick, slow = options.quick, options.slow
    budget = 0.3 if quick else 3.0
    # of every part its rows' names, how those of some names are measured, and the tables of what was found
    of: dict[str, tuple[list[str], Callable[[list[str]], Any], Callable[[Any], str]]] = {
        "regions": (
            regions.names(),
            lambda rows: regions.measure(options.threads, rows, options.without, slow, budget),
            region_report.tables,
        ),
        "measures": (
            measure_rows.row_names(),
            lambda rows: measure_rows.run(rows, budget),
            measure_rows.tables,
        ),
        "explorer": (
            explorer_rows.row_names(),
            lambda rows: explorer_rows.run(rows, budget),
            explorer_rows.tables,
        ),
        "page": (page_rows.row_names(), lambda rows: page_rows.run(rows, quick=quick), page_rows.tables),
        "decisions": (decision_rows.row_names(), lambda rows: decision_rows.run(rows, quick), decision_rows.tables),
        "models": (model_rows.row_names(), lambda rows: model_rows.run(rows, budget), model_rows.tables),
        "stores": (store_rows.row_names(), store_rows.run, store_rows.tables),
        "studies": (study_rows.row_names(), lambda rows: study_rows.run(rows, quick=quick), study_rows.tables),
        "running": (running_rows.row_names(), lambda rows: running_rows.run(rows, quick=quick), running_rows.tables),
        "films": (film_rows.row_names(), lambda rows: film_rows.run(rows, quick=quick), film_rows.tables),
        "posters": (poster_rows.row_names(), lambda rows: poster_rows.run(rows, slow=slow), poster_rows.tables),
        "starts": (start_rows.row_names(), lambda rows: start_rows.run(rows, budget), start_rows.tables),
    }
    parts = {"pictures": report.names()} | {part: names for part, (names, _, _) in of.items()}
    if options.only:
        parts = {options.only: parts[options.only]}
    if strangers := set(options.rows or ()).difference(*parts.values()):
        known = ", ".join(name for names in parts.values() for name in names)
        parser.error(f"no row is called {', '.join(sorted(strangers))}; there are {known}")
    chosen = {part: [name for name in names if name in (options.rows or names)] for part, names in parts.items()}
    found: dict[str, Any] = {"machine": describe(options.threads)}
    if rows := chosen.get("pictures"):
        found |= report.measure(options.threads, rows, options.without, budget, whole=not options.rows)
    for part, (_, run, _) in of.items():
        if rows := chosen.get(part):
            found[part] = run(rows)
    print(report.machine(found))
    if "rows" in found:
        print(f"\n{report.tables(found)}")
    for part, (_, _, tables) in of.items():
        if found.get(part):
            print(f"\n{tables(found[part])}")
    Path(options.json).write_text(json.dumps(found, indent=1) + "\n")
    print(f"\nnumbers: {options.json}")


if __name__ == "__main__":
    main()
