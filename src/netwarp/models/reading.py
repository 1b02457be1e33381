"""Data sets in files: CSV with or without a header, and NPZ with X and y. Nothing pickled is ever loaded."""

# n rows, d features

from __future__ import annotations

import csv
import io
from dataclasses import replace
from math import nan
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from netwarp.errors import InputError, LimitError, NetwarpError, in_a_line, listed, nearest, shown
from netwarp.models.arrays import numbers
from netwarp.models.data import LONGEST, MAX_FEATURES, Data
from netwarp.network import npz
from netwarp.network.kinds import kind_of, named

MAX_BYTES = 1 << 28  # of a CSV
MAX_ENTRIES = 20_000_000
LABELS = ("y", "target", "label", "class")  # names of a last column that labels the rows, in any case
NO_LABEL = "none"
_DELIMITERS = ",;\t"
# kinds that are read as text, or told to be none
_TEXTS = ("csv", "text", "unknown", "empty")


def read_data(path: str | Path, *, label: str | None = None) -> Data:
    """The Data of a file: an NPZ with arrays X (n, d), and y (n,) where rows are labelled; else a CSV of numbers.

    A CSV's columns are parted by commas, semicolons or tabs. Its first row is a header where none of its entries is a
    number; a first column without a name, as pandas writes its index, is left out. The labels are the column named
    `label` ("none": there are no labels); unless given, the last one where it is named y, target, label or class, or
    holds texts. An NPZ may have `names` of features and `classes`, arrays of texts.

    Errors: InputError naming the file and the row, column or array that is wrong; LimitError for a CSV past
    256 MiB or 2 * 10^7 entries, and an NPZ past 1 GiB.

    >>> from pathlib import Path
    >>> _ = Path("flowers.csv").write_text("length,width,class\\n5.1,3.5,setosa\\n7.0,3.2,versicolor\\n")
    >>> data = nw.read_data("flowers.csv")
    >>> data.X.shape, data.names, data.classes
    ((2, 2), ('length', 'width'), ('setosa', 'versicolor'))
    >>> nw.read_data("flowers.csv", label="colour")
    Traceback (most recent call last):
        ...
    netwarp.errors.InputError: data 'flowers.csv': --label 'colour': no column has this name; names are 'length', ...
    """
    place = Path(path)
    if not place.is_file():
        raise InputError(f"data {str(place)!r}: no such file")
    try:
        kind = kind_of(place)
        if kind != "npz" and kind not in _TEXTS:
            raise InputError(f"is {named(kind)}, not a data set: that is a CSV, or an NPZ with X and y")
        found = _of_arrays(npz.read(place), label) if kind == "npz" else _of_text(_read(place), label)
        return replace(found, file=str(place), label=label)
    except OSError as error:
        raise InputError(f"data {str(place)!r}: cannot be read ({error.strerror or error})") from error
    except NetwarpError as error:
        text = str(error).removeprefix(f"{place}: ").removeprefix("data ")
        raise (LimitError if isinstance(error, LimitError) else InputError)(f"data {str(place)!r}: {text}") from error


def _of_arrays(arrays: npz.Arrays, label: str | None) -> Data:
    if label is not None and label != NO_LABEL and label not in arrays:
        raise InputError(
            f"--label {shown(label)}: no such array{nearest(label, tuple(arrays))}; its arrays are "
            f"{listed(tuple(arrays)) or 'none'}"
        )
    if "X" not in arrays:
        if "W0" in arrays or "architecture" in arrays or "program" in arrays:
            raise InputError("is a network, not a data set: that is an NPZ with X (rows, features), and y with labels")
        raise InputError(f"has no array X (rows, features); its arrays are {listed(tuple(arrays)) or 'none'}")
    y = None if label == NO_LABEL else arrays.get(label or "y")
    for name in ("names", "classes"):
        if name in arrays and arrays[name].dtype.kind != "U":
            raise InputError(f"array {name!r}: is of {arrays[name].dtype}, and must be texts, as np.array(['a', 'b'])")
    names, classes = (tuple(arrays[name].tolist()) if name in arrays else () for name in ("names", "classes"))
    # the classes are those of the file's own y
    return Data(numbers(arrays["X"], "X"), y, names, classes if y is not None and label in (None, "y") else ())


def _read(place: Path) -> str:
    size = place.stat().st_size
    if size > MAX_BYTES:
        raise LimitError(f"{size:,} bytes, at most {MAX_BYTES:,} of a CSV are read; save it with np.savez, as X and y")
    try:
        return place.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError:
        raise InputError("is neither text in UTF-8, as a CSV is, nor an NPZ") from None


def _of_text(text: str, label: str | None) -> Data:
    first = text.lstrip().partition("\n")[0]
    delimiter = max(_DELIMITERS, key=first.count)
    entries = _Entries(text, delimiter)
    if not entries.lines:
        raise InputError("has a header, and no rows of numbers below it" if entries.header else "is empty")
    names, labelled = entries.header, entries.labels(label)
    columns = [c for c in range(entries.width) if c not in (labelled, entries.index)]
    if not columns:
        raise InputError("has no column of numbers beside the labels; each row needs the features of one point")
    X = np.stack([entries.numbers(c) for c in columns], axis=1)
    y = None if labelled is None else entries.column(labelled)
    return Data(X, y, tuple(names[c] for c in columns) if names else ())


class _Entries:
    """The entries of a CSV, all rows equally long; `header` is empty where there is none."""

    def __init__(self, text: str, delimiter: str) -> None:
        self.header: tuple[str, ...] = ()
        self.columns: list[list[str]] = []
        self.lines: list[int] = []  # line of the file that each row ends on
        reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
        try:
            for row in reader:
                if any(map(str.strip, row)):
                    self._add([entry.strip() for entry in row], reader.line_num)
        except csv.Error as error:
            raise InputError(f"is no CSV: line {reader.line_num}: {in_a_line(error, 80)}") from None

    @property
    def width(self) -> int:
        return len(self.columns)

    @property
    def index(self) -> int | None:
        """The column of the rows' numbers, which pandas writes before them under no name."""
        return 0 if self.width > 1 and self.header[:1] == ("",) else None

    def _add(self, row: list[str], line: int) -> None:
        if not self.columns:
            if len(row) > MAX_FEATURES:
                raise LimitError(f"{len(row):,} columns, at most {MAX_FEATURES:,} are read")
            self.columns = [[] for _ in row]
            if not any(_is_number(entry) for entry in row):
                self.header = tuple(entry[:LONGEST] for entry in row)
                return
        if len(row) != len(self.columns):
            raise InputError(
                f"line {line} has {len(row)} entries, and the first one {len(self.columns)}; all must have as many"
            )
        self.lines.append(line)
        if len(self.lines) * len(row) > MAX_ENTRIES:
            raise LimitError(f"more than {MAX_ENTRIES:,} entries of a CSV; save it with np.savez, as X and y")
        for column, entry in zip(self.columns, row, strict=True):
            column.append(entry)

    def labels(self, label: str | None) -> int | None:
        """The column of the labels. Errors: InputError where there is none of that name."""
        last = self.width - 1
        if label == NO_LABEL:
            return None
        if label is None:
            named = bool(self.header) and self.header[last].lower() in LABELS
            texts = self.width > 1 and not any(map(_is_number, self.columns[last]))
            return last if named or texts else None
        if self.header.count(label) == 1:
            return self.header.index(label)
        if label == "last":
            return last
        known = ", ".join(map(shown, self.header[:8])) or "none, as there is no header"
        raise InputError(f"--label {shown(label)}: no column has this name; names are {known}; or last, or none")

    def column(self, c: int) -> NDArray[np.generic]:
        """The entries of a column: numbers where all of them are, else texts."""
        entries = self.columns[c]
        for line, entry in zip(self.lines, entries, strict=True):
            if not entry:
                raise InputError(f"line {line}, {self._name(c)}: is empty; every row needs a label")
        return self.numbers(c) if all(map(_is_number, entries)) else np.array(entries)

    def numbers(self, c: int) -> NDArray[np.float64]:
        """(n,) the numbers of a column. Errors: InputError naming the line whose entry is none."""
        found = np.array([_number(entry) for entry in self.columns[c]])
        wrong = ~np.isfinite(found)
        if wrong.any():
            row = int(np.argmax(wrong))
            entry = self.columns[c][row]
            what = f"is {shown(entry)}" if entry else "is empty"
            raise InputError(
                f"line {self.lines[row]}, {self._name(c)}: {what}, not a finite number; leave the column or the row out"
                + ("" if self.header or row else ", or name every column in the first line")
            )
        return found

    def _name(self, c: int) -> str:
        return f"column {c + 1}" + (f" ({shown(self.header[c])})" if self.header else "")


def _number(entry: str) -> float:
    try:
        # Python's own floats may have underscores, which no other program writes
        return nan if "_" in entry else float(entry)
    except ValueError:
        return nan


def _is_number(entry: str) -> bool:
    """Whether an entry is a number, or stands for one that is missing."""
    return _number(entry) == _number(entry) or entry.lower() == "nan"
