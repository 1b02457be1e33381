"""Tables of a store: CSV, Parquet, and a polars frame. Every float is written so that it is read back to the bit.

Rows are ordered by what they mean, and what depends on the running stands in the last columns and nowhere else, so that
two stores of the same meaning give the same bytes once `meaning_only` leaves these columns out.
"""

from __future__ import annotations

import csv
import io
import shutil
from collections.abc import Callable, Generator, Iterable, Iterator
from contextlib import closing
from importlib.util import find_spec
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Final, cast

from netwarp.errors import InputError, UnsupportedError, shown
from netwarp.files import replacing, temporary_in
from netwarp.study.store.naming import canonical
from netwarp.study.store.planning import Plannable
from netwarp.study.store.rows import MEANING, RUNNING, One, Running, Value
from netwarp.study.store.store import Store

if TYPE_CHECKING:
    from polars import DataFrame

_ROWS: Final = 20_000  # in memory at a time
_WHOLE: Final = ("seed", "version", "worker")
_NUMBERS: Final = ("value", "half", "seconds", "started", "finished")

Flat = tuple[Value, ...]


def columns(store: Store, *, meaning_only: bool = False) -> tuple[str, ...]:
    """The names of the columns: the study's factors, what was found and, unless `meaning_only`, how it came about.

    A factor that is called as one of the others, "architecture" say, is "factor_architecture" here.
    """
    fixed = (*MEANING, *RUNNING)
    factors = tuple(f"factor_{name}" if name in fixed else name for name in store.planned().factors)
    return (*factors, *(MEANING if meaning_only else fixed))


def export_csv(store: Store, path: str | Path, *, meaning_only: bool = False) -> int:
    """Writes the rows as CSV, whole or not at all; how many. A float is the shortest text that gives it back.

    What there is not (a value of a measure that does not apply, say) is empty. Errors: InputError, StoreError.
    """
    count = 0
    with replacing(path) as stream:
        text = io.TextIOWrapper(stream, encoding="utf-8", newline="")
        text.write(f"{_line(columns(store, meaning_only=meaning_only))}\n")
        written = _Written()
        with closing(store.groups()) as groups:
            head, network = "", None
            for group in groups:
                # what many rows share is written once: the network for all its seeds, the running for all measures
                if network != group[:2]:
                    network, head = group[:2], _line((*group.factors, group.architecture))
                    raster = _line((group.raster,))
                start = f"{head},{'' if group.seed is None else group.seed},{raster},"
                end = "\n" if meaning_only else f",{written.running(group.running)}\n"
                text.writelines([f"{start}{one}{end}" for one in map(written.measure, group.measures)])
                count += len(group.measures)
        text.flush()
        text.detach()
    return count


class _Echo:
    """What a csv writer writes to, that gives back what is written."""

    @staticmethod
    def write(line: str) -> str:
        return line


# some columns of a line, without its end
_line: Final[Callable[[Iterable[Value]], str]] = csv.writer(_Echo(), lineterminator="").writerow


class _Written:
    """Parts of lines as the csv writer writes them, of texts that it wrote once: floats are left, of shortest text."""

    def __init__(self) -> None:
        self._named: dict[tuple[str, int, str | None], tuple[str, str]] = {}
        self._placed: dict[tuple[str, str | None], str] = {}

    def measure(self, one: One) -> str:
        """What one measure found."""
        name, version, value, unit, sharp, half, state, reason = one
        if value is None or reason:
            return _line(one)
        named = self._named.get((name, version, unit))
        if named is None:
            # two columns, because an only one that is empty would be quoted
            named = self._named[name, version, unit] = _line((name, version)), _line((unit, ""))
        front, unit_and_comma = named
        resolved = "" if sharp is None else sharp
        return f"{front},{value!r},{unit_and_comma}{resolved},{'' if half is None else repr(half)},{state},"

    def running(self, one: Running) -> str:
        """How a run was evaluated."""
        seconds, started, finished, worker, host, shard = one
        placed = self._placed.get((host, shard))
        if placed is None:
            placed = self._placed[host, shard] = _line((host, shard))
        return f"{seconds!r},{started!r},{finished!r},{worker},{placed}"


def export_parquet(store: Store, path: str | Path, *, meaning_only: bool = False) -> int:
    """Writes the rows as Parquet, whole or not at all; how many. Needs the extra `study`.

    Errors: InputError, StoreError; UnsupportedError without polars.
    """
    _need_polars()
    import polars as pl

    target = Path(path)
    count = 0
    with replacing(target) as stream:
        # polars writes a Parquet file at once or from files: chunks go to a folder beside it, so that memory is bounded
        folder = temporary_in(target.absolute().parent)
        folder.mkdir()
        try:
            parts: list[Path] = []
            for frame in _frames(store, meaning_only):
                parts.append(folder / f"{len(parts):06}.arrow")
                frame.write_ipc(parts[-1])
                count += frame.height
            whole = folder / "whole.parquet"
            pl.scan_ipc(parts).sink_parquet(whole, maintain_order=True)
            with whole.open("rb") as written:
                shutil.copyfileobj(written, stream)
        finally:
            shutil.rmtree(folder, ignore_errors=True)
    return count


def table_of(folder: Path, study: Plannable, *, meaning_only: bool = False) -> DataFrame:
    """The table of a study that was run into `folder`. Errors: as `table`; InputError where another study is there."""
    with Store.open(folder) as store:
        held = store.planned()
        if canonical(held.study) != canonical(study.to_data()):
            raise InputError(
                f"{folder}: holds {shown(held.name)} as it was declared otherwise; run this study into it, or name its "
                "own folder in out="
            )
        return table(store, meaning_only=meaning_only)


def table(store: Store, *, meaning_only: bool = False) -> DataFrame:
    """The rows as a polars frame. Needs the extra `study`. Errors: StoreError; UnsupportedError without polars."""
    _need_polars()
    import polars as pl

    return pl.concat(_frames(store, meaning_only))


def _need_polars() -> None:
    if find_spec("polars") is None:
        raise UnsupportedError(
            "a study's table and Parquet need polars: pip install 'netwarp[study]'; or take CSV: "
            "`netwarp study export DIR --csv FILE`"
        )


def _chunks(store: Store, meaning_only: bool) -> Generator[list[Flat], None, None]:
    """The rows, flat, in lists of at most 20,000."""
    end = 1 + len(MEANING) if meaning_only else None
    with closing(store.rows()) as rows:
        flat: Iterator[Flat] = (row.factors + cast(Flat, row[1:end]) for row in rows)
        while some := list(islice(flat, _ROWS)):
            yield some


def _frames(store: Store, meaning_only: bool) -> Iterator[DataFrame]:
    """The rows in frames of one schema; one without rows where there are none."""
    import polars as pl

    names = columns(store, meaning_only=meaning_only)
    kinds = _kinds(store)
    kinds |= dict.fromkeys(_WHOLE, "Int64") | dict.fromkeys(_NUMBERS, "Float64") | {"resolved": "Boolean"}
    schema = {name: getattr(pl, kinds.get(name, "String"))() for name in names}
    yield pl.DataFrame(schema=schema)
    for some in _chunks(store, meaning_only):
        series = {}
        for name, values in zip(names, zip(*some, strict=True), strict=True):
            if name in kinds and kinds[name] == "String":
                values = tuple(None if value is None else str(value) for value in values)
            elif kinds.get(name) == "Float64":
                values = tuple(None if value is None else float(value) for value in values)
            series[name] = pl.Series(name, values, dtype=schema[name])
        yield pl.DataFrame(series)


def _kinds(store: Store) -> dict[str, str]:
    """What the values of each factor are: numbers where all are, else texts."""
    names = columns(store)
    found: dict[str, set[type]] = {}
    for values in store.point_values():
        for name, value in zip(names, values, strict=False):
            found.setdefault(name, set()).add(type(value))
    return {name: _kind(types - {type(None)}) for name, types in found.items()}


def _kind(types: set[type]) -> str:
    if types == {int}:
        return "Int64"
    if types == {bool}:
        return "Boolean"
    return "Float64" if types and types <= {int, float} else "String"
