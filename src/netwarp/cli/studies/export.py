"""`netwarp study export`: one row a run and measure, as CSV or Parquet."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from netwarp.cli.groups import flag, option
from netwarp.cli.screen import show
from netwarp.cli.studies.options import Store
from netwarp.errors import InputError
from netwarp.files import check_place

NAME = "export"
EXAMPLES = "Examples:\nnetwarp study export depth --csv depth.csv\nnetwarp study export depth --parquet depth.parquet\n"


def run(
    folder: Store,
    csv: Annotated[Path | None, option("--csv", "FILE", "Write CSV, floats with all digits.")] = None,
    parquet: Annotated[Path | None, option("--parquet", "FILE", "Write Parquet; needs the extra study.")] = None,
    meaning_only: Annotated[
        bool, flag("--meaning-only", "Leave out when, where and how long: equal studies give equal files.")
    ] = False,
) -> None:
    """Write a study's values, one row a run and measure, ordered by what they mean."""
    from netwarp.study.store.exporting import export_csv, export_parquet
    from netwarp.study.store.store import Store as Runs

    check_place("--csv", csv, ".csv")
    check_place("--parquet", parquet, ".parquet")
    if csv is None and parquet is None:
        raise InputError("export: say what to write: --csv FILE or --parquet FILE")
    with Runs.open(folder) as store:
        for path, write in ((csv, export_csv), (parquet, export_parquet)):
            if path is not None:
                count = write(store, path, meaning_only=meaning_only)
                show(f"{path}: {count:,} {'row' if count == 1 else 'rows'}")
