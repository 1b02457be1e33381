"""`python -m benchmarks`: measures everything, prints the tables, and writes them as JSON."""

from __future__ import annotations

import argparse
import json
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
        store_rows,
        study_rows,
    )
    from benchmarks.machine import describe

    parts = {"pictures": report.names(), "regions": regions.names(), "measures": measure_rows.row_names()}
    parts |= {"explorer": explorer_rows.row_names(), "decisions": decision_rows.row_names()}
    parts |= {"page": page_rows.row_names()}
    parts |= {"models": model_rows.row_names(), "stores": store_rows.row_names()}
    parts |= {"studies": study_rows.row_names(), "running": running_rows.row_names()}
    parts |= {"films": film_rows.row_names()}
    parts |= {"posters": poster_rows.row_names()}
    if options.only:
        parts = {options.only: parts[options.only]}
    if strangers := set(options.rows or ()).difference(*parts.values()):
        known = ", ".join(name for names in parts.values() for name in names)
        parser.error(f"no row is called {', '.join(sorted(strangers))}; there are {known}")
    chosen = {part: [name for name in names if name in (options.rows or names)] for part, names in parts.items()}
    budget = 0.3 if options.quick else 3.0
    found: dict[str, Any] = {"machine": describe(options.threads)}
    if rows := chosen.get("pictures"):
        found |= report.measure(options.threads, rows, options.without, budget, whole=not options.rows)
    if rows := chosen.get("regions"):
        found["regions"] = regions.measure(options.threads, rows, options.without, options.slow, budget)
    if rows := chosen.get("measures"):
        found["measures"] = measure_rows.run(rows, budget)
    if rows := chosen.get("explorer"):
        found["explorer"] = explorer_rows.run(rows, budget)
    if rows := chosen.get("page"):
        found["page"] = page_rows.run(rows, quick=options.quick)
    if rows := chosen.get("decisions"):
        found["decisions"] = decision_rows.run(rows, options.quick)
    if rows := chosen.get("models"):
        found["models"] = model_rows.run(rows, budget)
    if rows := chosen.get("stores"):
        found["stores"] = store_rows.run(rows)
    if rows := chosen.get("studies"):
        found["studies"] = study_rows.run(rows, quick=options.quick)
    if rows := chosen.get("running"):
        found["running"] = running_rows.run(rows, quick=options.quick)
    if rows := chosen.get("films"):
        found["films"] = film_rows.run(rows, quick=options.quick)
    if rows := chosen.get("posters"):
        found["posters"] = poster_rows.run(rows, slow=options.slow)
    print(report.machine(found))
    if "rows" in found:
        print(f"\n{report.tables(found)}")
    if "regions" in found:
        print(f"\n{region_report.tables(found['regions'])}")
    if "measures" in found:
        print(f"\n{measure_rows.tables(found['measures'])}")
    if found.get("explorer"):
        print(f"\n{explorer_rows.tables(found['explorer'])}")
    if found.get("page"):
        print(f"\n{page_rows.tables(found['page'])}")
    if "decisions" in found:
        print(f"\n{decision_rows.tables(found['decisions'])}")
    if found.get("models"):
        print(f"\n{model_rows.tables(found['models'])}")
    if found.get("stores"):
        print(f"\n{store_rows.tables(found['stores'])}")
    if found.get("studies"):
        print(f"\n{study_rows.tables(found['studies'])}")
    if found.get("running"):
        print(f"\n{running_rows.tables(found['running'])}")
    if found.get("films"):
        print(f"\n{film_rows.tables(found['films'])}")
    if found.get("posters"):
        print(f"\n{poster_rows.tables(found['posters'])}")
    Path(options.json).write_text(json.dumps(found, indent=1) + "\n")
    print(f"\nnumbers: {options.json}")


if __name__ == "__main__":
    main()
