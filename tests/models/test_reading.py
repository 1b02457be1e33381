"""Data sets: what a CSV or NPZ holds, what labels become, and what is refused in one line."""

from pathlib import Path
from typing import Any
from zipfile import ZipFile

import numpy as np
import pytest

import netwarp as nw
from netwarp.models.data import Data
from netwarp.network.converting import PICKLED
from netwarp.network.kinds import READABLE, TOLD, named


def text(folder: Path, content: str | bytes, name: str = "data.csv") -> Path:
    path = folder / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def test_a_header_names_the_features_and_the_labels(tmp_path: Path) -> None:
    found = nw.read_data(text(tmp_path, "a,b,class\n1,2,no\n3,4.5,yes\n5,6,no\n"))
    assert found.X.tolist() == [[1, 2], [3, 4.5], [5, 6]]
    assert found.names == ("a", "b")
    assert found.y is not None
    assert found.y.tolist() == [0, 1, 0]
    assert found.classes == ("no", "yes")


def test_without_a_header_numbers_are_features_and_a_last_column_of_texts_is_the_labels(tmp_path: Path) -> None:
    plain = nw.read_data(text(tmp_path, "1,2,0\n3,4,1\n"))
    assert plain.X.shape == (2, 3)
    assert plain.y is None
    assert plain.names == ("x0", "x1", "x2")
    labelled = nw.read_data(text(tmp_path, "5.1,3.5,setosa\n7,3.2,versicolor\n"))
    assert labelled.X.shape == (2, 2)
    assert labelled.classes == ("setosa", "versicolor")


@pytest.mark.parametrize("delimiter", [";", "\t", ","])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_other_programs_ways_to_write_a_csv(tmp_path: Path, delimiter: str, end: str, mark: str) -> None:
    lines = [["", "a", 'b "long", or; not', "y"], ["0", " 1", "2", "1"], [], ["1", "3", "4", "0"], []]
    written = [delimiter.join('"' + entry.replace('"', '""') + '"' for entry in line) for line in lines]
    found = nw.read_data(text(tmp_path, mark + end.join(written)))
    assert found.names == ("a", 'b "long", or; not')
    assert found.X.tolist() == [[1, 2], [3, 4]]
    assert found.y is not None
    assert found.y.tolist() == [1, 0]


def test_labels_are_chosen_by_name(tmp_path: Path) -> None:
    path = text(tmp_path, "kind,a,y\nz,1,2\nw,3,4\n")
    found = nw.read_data(path, label="kind")
    assert found.classes == ("w", "z")
    assert found.names == ("a", "y")
    path = text(tmp_path, "1,2,0\n3,4,1\n")
    assert nw.read_data(path, label="last").X.shape == (2, 2)
    path = text(tmp_path, "a,y\n1,2\n3,4\n")
    assert nw.read_data(path, label="none").X.shape == (2, 2)
    with pytest.raises(nw.NetwarpError, match=r"--label 'b': no column has this name; names are 'a', 'y'; or last"):
        nw.read_data(path, label="b")


@pytest.mark.parametrize(
    ("y", "values", "classes"),
    [
        ([0, 2, 2], [0, 2, 2], ("0", "1", "2")),
        ([-1, 1, -1], [0, 1, 0], ("-1", "1")),
        ([1, 3, 2], [1, 3, 2], ("0", "1", "2", "3")),
        ([True, False, True], [1, 0, 1], ("0", "1")),
        ([0.5, 1, 2], [0.5, 1, 2], ()),
        (["b", "a", "b"], [1, 0, 1], ("a", "b")),
        ([5000, 7, 7], [1, 0, 0], ("7", "5000")),
        ([[1], [0], [1]], [1, 0, 1], ("0", "1")),
        (np.array(["b", "a", "b"], dtype=object), [1, 0, 1], ("a", "b")),
    ],
)
def test_what_labels_become(y: Any, values: list[float], classes: tuple[str, ...]) -> None:
    found = Data(np.zeros((3, 2)), y)
    assert found.y is not None
    assert found.y.tolist() == values
    assert found.classes == classes
    # what a Data holds makes the same Data again
    again = Data(found.X, found.y, found.names, found.classes)
    assert again.y is not None
    assert again.y.tolist() == values


def test_given_classes_are_kept() -> None:
    assert Data(np.zeros((2, 1)), ["b", "a"], classes=("b", "a", "c")).y.tolist() == [0, 1]  # type: ignore[arg-type, union-attr]
    with pytest.raises(nw.NetwarpError, match="data y='d': not one of the classes"):
        Data(np.zeros((2, 1)), ["b", "d"], classes=("b", "a", "c"))  # type: ignore[arg-type]
    with pytest.raises(nw.NetwarpError, match="data y: must be whole numbers from 0 to 1"):
        Data(np.zeros((2, 1)), np.array([0, 2]), classes=("b", "a"))


def test_an_npz_has_x_and_y(tmp_path: Path) -> None:
    path = tmp_path / "data.npz"
    np.savez(path, X=np.eye(3), y=[0, 1, 1], names=["a", "b", "c"], classes=["no", "yes"], z=[7, 8, 9])
    found = nw.read_data(path)
    assert found.names == ("a", "b", "c")
    assert found.classes == ("no", "yes")
    other = nw.read_data(path, label="z")
    assert other.y is not None
    assert other.y.tolist() == [7, 8, 9]
    assert nw.read_data(path, label="none").y is None


def test_an_npz_by_another_name_is_read_by_its_content(tmp_path: Path) -> None:
    np.savez(tmp_path / "data.npz", X=np.eye(3))
    (tmp_path / "data.npz").rename(tmp_path / "data.csv")
    assert nw.read_data(tmp_path / "data.csv").X.shape == (3, 3)


REFUSED: list[tuple[str | bytes, str]] = [
    ("", "is empty"),
    ("\n \n", "is empty"),
    ("a,b\n", "has a header, and no rows of numbers below it"),
    ("1,2\n3\n", "line 2 has 1 entries, and the first one 2"),
    ("a,b\n1,x\n2,3\n", r"line 2, column 2 \('b'\): is 'x', not a finite number"),
    ("a,b\n1,\n2,3\n", r"line 2, column 2 \('b'\): is empty, not a finite number"),
    ("a,b\n1,nan\n2,3\n", r"line 2, column 2 \('b'\): is 'nan', not a finite number"),
    ("a,b\n1,1e999\n2,3\n", "is '1e999', not a finite number"),
    ("1_0,2\n1,2\n", "is '1_0', not a finite number"),
    ("a,b,y\n1,2,\n2,3,no\n", r"line 2, column 3 \('y'\): is empty; every row needs a label"),
    ("y\n1\n", "no column of numbers beside the labels"),
    ('1,"2\n3,4\n', "is no CSV: line"),
    (b"\xff\xfe1\0", "is neither text in UTF-8, as a CSV is, nor an NPZ"),
    (b"\xff\xd8\xff\xe0 a JPEG", "is a JPEG image, not a data set: that is a CSV, or an NPZ with X and y"),
    (b"\x89PNG\r\n\x1a\n", "is a PNG image, not a data set"),
    (b"\x80\x04K\x01.", "is pickled Python, which is never loaded, not a data set"),
    (b"\x89HDF\r\n\x1a\n", "is an HDF5 file, not a data set"),
    ('{"a": 1}', "is a JSON text, not a data set"),
    (b"1,2\n\0,4\n", "is no CSV|not a finite number"),
    ("1," * 3 + "\n" + "5" * 200_000 + ",1,1,1\n", "is no CSV: line 2: field larger than"),
    (b"PK\3\4 and no more", "not an npz file, or cut short"),
]


@pytest.mark.parametrize(("content", "message"), REFUSED)
def test_what_is_no_data_is_refused_in_one_line(tmp_path: Path, content: str | bytes, message: str) -> None:
    path = text(tmp_path, content)
    with pytest.raises(nw.NetwarpError, match=message) as refused:
        nw.read_data(path)
    said = str(refused.value)
    assert "\n" not in said
    assert said.startswith(f"data {str(path)!r}: ")
    assert said.count(str(path)) == 1


@pytest.mark.parametrize(
    ("entry", "what"),
    [
        ("q/data.pkl", "a file of PyTorch"),
        ("q/archive_format", "an archive of torch.export"),
        ("model.weights.h5", "a Keras file"),
        ("a.txt", "a ZIP archive of other files"),
    ],
)
def test_an_archive_of_something_else_is_named(tmp_path: Path, entry: str, what: str) -> None:
    with ZipFile(tmp_path / "q.pt", "w") as archive:
        archive.writestr(entry, b"")
    with pytest.raises(nw.NetwarpError, match=f"is {what}, not a data set: that is a CSV, or an NPZ with X and y"):
        nw.read_data(tmp_path / "q.pt")


def test_every_kind_of_file_has_a_name() -> None:
    for kind in (*READABLE, *TOLD, *PICKLED):
        assert ";" not in named(kind)


@pytest.mark.parametrize(
    ("arrays", "message"),
    [
        ({"a": np.eye(2), "b": np.eye(3)}, r"has no array X \(rows, features\); its arrays are 'a', 'b'"),
        ({"W0": np.eye(2)}, "is a network, not a data set"),
        ({"X": np.zeros(3)}, r"X has the shape \(3,\): must be \(rows, features\)"),
        ({"X": np.eye(2), "y": [1, 2, 3]}, "y: 3 labels of 2 rows"),
        ({"X": np.eye(2), "y": np.eye(2)}, r"y has the shape \(2, 2\)"),
        ({"X": np.eye(2), "names": ["a"]}, "names: 1 names of 2 features"),
        ({"X": np.eye(2), "names": [1, 2]}, "array 'names': is of int64, and must be texts"),
        ({"X": np.array([["a", "b"]])}, "X=array"),
        ({"X": np.array([[np.nan, 1]])}, "X: 1 of 2 numbers are NaN or infinite"),
    ],
)
def test_arrays_that_are_no_data_are_named(tmp_path: Path, arrays: dict[str, Any], message: str) -> None:
    np.savez(tmp_path / "a.npz", **arrays)
    with pytest.raises(nw.NetwarpError, match=message):
        nw.read_data(tmp_path / "a.npz")


def test_nothing_pickled_is_loaded(tmp_path: Path) -> None:
    np.savez(tmp_path / "a.npz", X=np.array([{}, []], dtype=object))
    with pytest.raises(nw.NetwarpError, match="holds pickled objects, which are never loaded"):
        nw.read_data(tmp_path / "a.npz")


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    for path in (tmp_path / "none.csv", tmp_path):
        with pytest.raises(nw.NetwarpError, match="no such file"):
            nw.read_data(path)


def test_a_long_file_is_refused_before_it_is_read(tmp_path: Path) -> None:
    path = tmp_path / "long.csv"
    with path.open("wb") as file:
        file.truncate((1 << 28) + 1)
    with pytest.raises(nw.errors.LimitError, match="268,435,457 bytes, at most 268,435,456 of a CSV are read"):
        nw.read_data(path)
