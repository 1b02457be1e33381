"""What the columns of a store hold: conditions that `check` puts to every row, and types at the door of what reads.

SQLite keeps whatever it is given, in a column of any declared type. A row that holds something else than its column may
was not written by a Store.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from itertools import product
from math import isfinite
from typing import Final

from netwarp.errors import shown

Kinds = frozenset[tuple[type, ...]]

_FINITE = "(typeof({0}) = 'real' AND abs({0}) <= 1.7976931348623157e308)"
_POSITIVE = f"({_FINITE} AND {{0}} >= 0)"
_COUNT = "(typeof({0}) = 'integer' AND {0} >= 0)"
_SEED = "(typeof({0}) = 'integer' AND {0} >= -1)"
_TEXT = "typeof({0}) = 'text'"
_NONE = "({0} IS NULL OR {1})"

# a condition on a column, and in words what it must be
_Rule = tuple[str, str]
FINITE: Final[_Rule] = _FINITE, "a finite number"
POSITIVE: Final[_Rule] = _POSITIVE, "a number from 0 on"
COUNT: Final[_Rule] = _COUNT, "a whole number from 0 on"
VERSION: Final[_Rule] = "(typeof({0}) = 'integer' AND {0} >= 1)", "a whole number from 1 on"
SEED: Final[_Rule] = _SEED, "a whole number from 0 on, or -1 for none"
FLAG: Final[_Rule] = "(typeof({0}) = 'integer' AND {0} IN (0, 1))", "0 or 1"
TEXT: Final[_Rule] = _TEXT, "a text"


def _or_none(rule: _Rule) -> _Rule:
    return _NONE.format("{0}", rule[0]), f"{rule[1]}, or nothing"


# what refers to another table is looked at as a reference
_RULES: Final[Mapping[str, Mapping[str, _Rule]]] = {
    "sources": {"kind": ("{0} IN ('architecture', 'model')", "architecture or model"), "text": TEXT},
    "frames": {"data": TEXT},
    "measures": {"name": TEXT, "version": VERSION, "unit": _or_none(TEXT)},
    "reasons": {"text": TEXT},
    "hosts": {"text": TEXT},
    "shards": {"text": TEXT},
    "machines": {"text": ("is_texts({0})", "a JSON object of texts")},
    "plan": {
        "name": TEXT,
        "study": TEXT,
        "basis": TEXT,
        "shard": _or_none(TEXT),
        "whole": COUNT,
        "total": (f"({_COUNT} AND {{0}} <= whole)", "a whole number from 0 to that of the whole study"),
        "done": COUNT,
        "failed": COUNT,
        "running": COUNT,
    },
    "wanted": {"place": COUNT},
    "factors": {"place": COUNT, "name": TEXT},
    "points": {"place": COUNT, '"values"': ("is_values({0})", "a JSON list of a value a factor, texts and numbers")},
    "planned": {"first": SEED, "last": (f"({_SEED} AND {{0}} >= first)", "a whole number, the first seed or more")},
    "runs": {
        "seed": SEED,
        "seconds": POSITIVE,
        "started": POSITIVE,
        "worker": COUNT,
    },
    "taken": {
        "value": _or_none(FINITE),
        "half": _or_none(FINITE),
        "resolved": _or_none(FLAG),
        "reason": ("({0} IS NOT NULL OR value IS NOT NULL)", "there where there is no value"),
    },
    "driver": {"fence": COUNT, "process": _or_none(COUNT)}
    | dict.fromkeys(("host", "machine", "started"), (f"({{0}} IS NULL AND process IS NULL OR {_TEXT})", "a text"))
    | {"heartbeat": (f"({{0}} IS NULL AND process IS NULL OR {_FINITE})", "a finite number")},
}

# how a row is called: of most tables by its number
_CALLED: Final = {
    "taken": """(SELECT name FROM measures WHERE id = measure) || ' of ' ||
      (SELECT sources.text || ' with seed ' || seed FROM runs JOIN sources ON sources.id = source
        WHERE runs.id = run)""",
    "runs": "(SELECT text FROM sources WHERE id = source) || ' with seed ' || seed",
    "planned": "(SELECT text FROM sources WHERE id = source) || ', seeds ' || first || ' to ' || last",
    "plan": "'plan'",
    "driver": "'driver'",
}
_NUMBERED: Final = {"taken": "run", "planned": "source"}


def wrong_kinds(connection: sqlite3.Connection, most: int) -> Iterator[str]:
    """A line for every row that holds what its column may not, for the first `most` of a table, and how many more."""
    (width,) = connection.execute("SELECT count(*) FROM factors").fetchone()
    connection.create_function("is_texts", 1, _is_texts, deterministic=True)
    connection.create_function("is_values", 1, lambda text: _is_values(text, width), deterministic=True)
    for table, rules in _RULES.items():
        fine = {column: condition.format(column) for column, (condition, _) in rules.items()}
        wrong = f"FROM {table} WHERE ({' AND '.join(fine.values())}) IS NOT 1"
        (count,) = connection.execute(f"SELECT count(*) {wrong}").fetchone()
        if not count:
            continue
        called = f"coalesce({_CALLED.get(table, 'NULL')}, '{table} ' || {_NUMBERED.get(table, 'rowid')})"
        asked = ", ".join(f"{column}, ({condition}) IS 1" for column, condition in fine.items())
        for name, *found in connection.execute(f"SELECT {called}, {asked} {wrong} LIMIT {most}").fetchall():
            at = next(place for place in range(len(rules)) if not found[2 * place + 1])
            column, (_, must) = list(rules.items())[at]
            value = "nothing" if found[2 * at] is None else shown(found[2 * at])
            yield f"{name}: {column.strip(chr(34))} is {value}; must be {must}"
        if count > most:
            yield f"{count:,} rows of {table} in all are wrong"


def kinds(*columns: type | tuple[type, ...]) -> Kinds:
    """The types that a row may have, of what each of its columns may be."""
    return frozenset(product(*(one if isinstance(one, tuple) else (one,) for one in columns)))


def refuse_other_kinds(rows: Iterable[tuple[object, ...]], allowed: Kinds, table: str) -> None:
    """Errors: TypeError where a row has other types than it may; `read_in_words` says that the store is damaged."""
    for row in rows:
        if tuple(map(type, row)) not in allowed:
            seen = next(
                (cell for place, cell in enumerate(row) if all(type(cell) is not one[place] for one in allowed)), row
            )
            raise TypeError(f"a row of {table} holds {shown(seen)}")


def values_of(text: str, width: int) -> list[str | int | float | bool | None]:
    """A point's values, at most one a factor. Errors: TypeError, ValueError."""
    found = json.loads(text)
    if not isinstance(found, list) or len(found) > width or not all(map(_is_value, found)):
        raise TypeError(f"a row of points holds {shown(text)}")
    return found


def _is_value(one: object) -> bool:
    return one is None or isinstance(one, str | int) or (isinstance(one, float) and isfinite(one))


def _is_values(text: object, width: int) -> bool:
    try:
        return isinstance(text, str) and isinstance(values_of(text, width), list)
    except (TypeError, ValueError, RecursionError):
        return False


def texts_of(text: str) -> dict[str, str]:
    """A machine's description. Errors: TypeError, ValueError."""
    found = json.loads(text)
    if not isinstance(found, dict) or not all(isinstance(one, str) for one in found.values()):
        raise TypeError(f"a row of machines holds {shown(text)}")
    return found


def _is_texts(text: object) -> bool:
    try:
        return isinstance(text, str) and isinstance(texts_of(text), dict)
    except (TypeError, ValueError, RecursionError):
        return False
