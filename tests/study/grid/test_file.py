"""read_study: the file of the issue, and one line for every mistake in one."""

import re
from pathlib import Path

import pytest

from netwarp.errors import InputError
from netwarp.study.grid.file import read_study

FILE = """\
[study]
name = "depth against width"
seeds = 64                   # or "100..163", or a list
raster = "256x256"
measures = ["mean_frequency", "regions", "lz_complexity"]
[factors]
architecture = ["conv({width}) * {depth}"]
width = [5, 10, 20, 50]
depth = [1, 2, 5, 10]
act = ["relu", "sigmoid"]
shift = ["0", "normal(2)"]
[keep]                       # optional: which points make sense
where = "width * depth <= 200"
"""


def read(folder: Path, text: str | bytes) -> object:
    file = folder / "s.toml"
    file.write_bytes(text if isinstance(text, bytes) else text.encode())
    return read_study(file)


def test_the_issues_file(tmp_path: Path) -> None:
    study = read(tmp_path, FILE)
    sizes = [(w, d) for w in (5, 10, 20, 50) for d in (1, 2, 5, 10) if w * d <= 200]
    assert study.total == 64 * 4 * len(sizes) == 64 * 4 * 14
    assert study.name == "depth against width"
    assert [point.source.text for point in study.points()][:2] == [
        "Architecture(conv(5), norm=spatial(scale=3))",
        "conv(5)",
    ]
    assert [name for name, _ in study.measures_wanted] == ["mean_frequency", "regions", "lz_complexity"]


def test_a_byte_order_mark_is_no_mistake(tmp_path: Path) -> None:
    assert read(tmp_path, b"\xef\xbb\xbf" + FILE.replace("\n", "\r\n").encode()) == read(tmp_path, FILE)


def test_files_of_models_are_found_beside_it(tmp_path: Path) -> None:
    import netwarp as nw

    nw.Network.draw(nw.parse("conv(5)"), 1).save(tmp_path / "a.npz")
    study = read(tmp_path, '[study]\nname = "m"\nmeasures = "all"\n[factors]\nmodel = ["*.npz"]\n')
    assert study.total == 1


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("seeds = 64", "seeds 64", "line 3, column 7: not TOML: Expected '=' after a key"),
        ('"normal(2)"]', '"normal(2)', "line 11, column 25: not TOML: Illegal character '\\n'"),
        ("seeds = 64", "seeds = 64\nseeds = 65", "line 4, column 11: not TOML: Cannot overwrite a value"),
        ('<= 200"\n', "<= 200", 'line 13, column 30: not TOML: Unterminated string'),
        ("seeds = 64", "seed = 64", '[study] seed: there is no such key; did you mean "seeds"?'),
        ("[keep]", "[kepp]", '[kepp]: there is no such table; did you mean "keep"?'),
        ("[study]\n", "seeds = 3\n[study]\n", "seeds: there is no such table; seeds stands in [study]"),
        ("[study]\n", "study = 3\n[studio]\n", "study=3: must be a table, as in [study]"),
        ("seeds = 64", 'where = "x"', "[study] where: there is no such key; where stands in [keep]"),
        ("where =", "wher =", '[keep] wher: there is no such key; did you mean "where"?'),
        ("where =", "name =", "[keep] name: there is no such key; name stands in [study]"),
        ('where = "width * depth <= 200"', "where = 3", "[keep] where=3: must be a text"),
        ('where = "width * depth <= 200"', "", "[keep] where: is missing"),
        ('name = "depth against width"', "", "[study] name: is missing"),
        ('name = "depth against width"', "name = 3", "study name=3: must be a text"),
        ("seeds = 64", "seeds = 6.5", "study seeds=6.5: must be a whole number"),
        ("seeds = 64", "", "study seeds: is missing"),
        ('raster = "256x256"', "raster = 256", "study raster=256: must be COLUMNSxROWS"),
        ('"regions",', '"region",', 'did you mean "regions"?'),
        ('"regions",', "3,", "must be names of measures"),
        ('act = ["relu"', 'atc = ["relu"', 'factor atc: nothing uses it; did you mean "act"?'),
        ('act = ["relu"', "act = [2020-01-01", "factor act=datetime.date(2020, 1, 1): values are numbers or texts"),
        ("width * depth <= 200", "width * depth <= 0", "0 runs"),
        ("width * depth <= 200", "width * height <= 0", "where: no factor 'height'"),
        ("[factors]", "[keep.factors]", "[keep] factors: there is no such key"),
    ],
)  # fmt: skip
def test_a_mistake_is_told_in_one_line(tmp_path: Path, old: str, new: str, message: str) -> None:
    assert old in FILE
    with pytest.raises(InputError, match=re.escape(message)) as refused:
        read(tmp_path, FILE.replace(old, new, 1))
    assert str(refused.value).startswith(f"{tmp_path / 's.toml'}: ")
    assert "\n" not in str(refused.value)


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "[study]: the table is missing"),
        (b"a = 1\n\xff", "line 2: is not UTF-8"),
        (b"a = " + b"[" * 100_000, "not TOML"),
        (b"a = " + b"1" * 5_000, "not TOML"),
        (b"#" * (1 << 21), "more than 1,048,576 bytes"),
    ],
)
def test_what_is_no_study_is_told_in_one_line(tmp_path: Path, data: bytes, message: str) -> None:
    with pytest.raises(InputError, match=re.escape(message)):
        read(tmp_path, data)


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no such file"):
        read_study(tmp_path / "none.toml")
    with pytest.raises(InputError, match="cannot be read"):
        read_study(tmp_path)
