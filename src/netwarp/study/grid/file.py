"""read_study: a study's file, in TOML, to the Study that it declares."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from netwarp.errors import InputError, LimitError, nearest, shown
from netwarp.files import path_of
from netwarp.study.grid.study import Study

MAX_BYTES: Final = 1 << 20
TABLES: Final[Mapping[str, tuple[str, ...]]] = {
    "study": ("name", "seeds", "raster", "plane", "calibration", "measures"),
    "factors": (),  # any name: what nothing uses is refused with the nearest
    "keep": ("where",),
}
_PLACE: Final = re.compile(r"line (\d{1,9}), column (\d{1,9})")


def read_study(path: str | Path) -> Study:
    """The Study of a file; the files of models are found from the file's folder.

    Errors: InputError, one line that begins with the file's name: line and column for what is no TOML, the table and
    the key, with the nearest one, for what is no study.

    >>> from pathlib import Path
    >>> _ = Path("depth.toml").write_text('''
    ... [study]
    ... name = "depth"
    ... seeds = 8
    ... measures = ["mean_frequency"]
    ... [factors]
    ... architecture = "conv(10) * {depth}"
    ... depth = [1, 5]
    ... ''')
    >>> print(nw.read_study("depth.toml"))
    depth: 2 points of 8 seeds, 16 runs
    >>> nw.read_study("deep.toml")
    Traceback (most recent call last):
        ...
    netwarp.errors.InputError: deep.toml: no such file; `netwarp study new NAME` writes one
    """
    file = path_of(path, "study file")
    text = _text(file)
    try:
        return study_of(_toml(text), folder=file.parent, file=file)
    except InputError as error:
        kind = LimitError if isinstance(error, LimitError) else InputError
        raise kind(f"{file}: {error}") from None


def study_of(tables: Mapping[str, object], *, folder: Path, file: Path | None = None) -> Study:
    """The Study of a file's tables, which `file` holds. Errors: InputError naming table and key."""
    for name, table in tables.items():
        if name not in TABLES:
            near = _elsewhere(name, TABLES) or nearest(name, tuple(TABLES)) or f"; tables are {_listed(TABLES)}"
            raise InputError(f"{'[' + name + ']' if isinstance(table, dict) else name}: there is no such table{near}")
        if not isinstance(table, dict):
            raise InputError(f"{name}={shown(table)}: must be a table, as in [{name}]")
        for key in table:
            if name != "factors" and key not in TABLES[name]:
                near = _elsewhere(key, TABLES) or nearest(key, TABLES[name]) or f"; it has {', '.join(TABLES[name])}"
                raise InputError(f"[{name}] {key}: there is no such key{near}")
    for name in ("study", "factors"):
        if name not in tables:
            raise InputError(f"[{name}]: the table is missing; `netwarp study new NAME` writes a file that has it")
    study, factors, keep = (_table(tables, name) for name in TABLES)
    for key in ("name", "measures"):
        if key not in study:
            raise InputError(f"[study] {key}: is missing; {_EXAMPLES[key]}")
    if "keep" in tables and "where" not in keep:
        raise InputError('[keep] where: is missing; write where = "width * depth <= 200", or leave [keep] out')
    if not isinstance(keep.get("where", ""), str):
        raise InputError(f'[keep] where={shown(keep["where"])}: must be a text, as in "width * depth <= 200"')
    return Study(
        folder=folder,
        file=file,
        factors=factors,
        where=keep.get("where"),  # type: ignore[arg-type]  # a text, or None
        **study,  # type: ignore[arg-type]  # Study checks them
    )


_EXAMPLES: Final = {
    "name": 'write name = "depth against width"',
    "measures": 'write measures = ["mean_frequency", "regions"], or "all"',
}


def _table(tables: Mapping[str, object], name: str) -> Mapping[str, object]:
    table = tables.get(name, {})
    assert isinstance(table, dict)
    return table


def _elsewhere(key: str, tables: Mapping[str, tuple[str, ...]]) -> str:
    home = next((name for name, keys in tables.items() if key in keys), None)
    return "" if home is None else f"; {key} stands in [{home}]"


def _listed(names: Mapping[str, object]) -> str:
    return ", ".join(f"[{name}]" for name in names)


def _text(file: Path) -> str:
    try:
        with file.open("rb") as stream:
            data = stream.read(MAX_BYTES + 1)
    except FileNotFoundError:
        raise InputError(f"{file}: no such file; `netwarp study new NAME` writes one") from None
    except OSError as error:
        raise InputError(f"{file}: cannot be read ({error.strerror or error})") from None
    if len(data) > MAX_BYTES:
        raise LimitError(f"{file}: more than {MAX_BYTES:,} bytes, which is no study's file")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise InputError(f"{file}: line {line}: is not UTF-8, so it is no TOML") from None


def _toml(text: str) -> Mapping[str, object]:
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        said, _, place = str(error).removesuffix(")").rpartition(" (at ")
        found = _PLACE.fullmatch(place)
        if found is None and place != "end of document":
            raise InputError(f"not TOML: {error}") from None
        lines = text.splitlines() or [""]
        line, column = (found[1], found[2]) if found is not None else (len(lines), len(lines[-1]) + 1)
        raise InputError(f"line {line}, column {column}: not TOML: {said}") from None
    except (RecursionError, ValueError):
        raise InputError("not TOML: nested too deeply, or too long a number") from None
