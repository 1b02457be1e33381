"""A study's file as text: it reads back as the same study."""

import tomllib
from pathlib import Path

import pytest

import netwarp as nw
from netwarp.study.grid.file import read_study
from netwarp.study.grid.writing import toml_of

FACTORS = {"architecture": ["conv({n}) * {depth}"], "n": [2, 3], "depth": [1, 2], "shift": ["0", "normal(2)"]}


def back(study: nw.Study, folder: Path) -> nw.Study:
    file = folder / "study.toml"
    file.write_text(toml_of(study), encoding="utf-8")
    return read_study(file)


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"seeds": "100..163"},
        {"seeds": "5..5"},
        {"seeds": [3, 5, 9]},
        {"plane": [-3, 3, -1.5, 2.25]},
        {"calibration": "20x10"},
        {"plane": [-3, 3, -3, 3], "calibration": "20x10"},
        {"where": 'n * depth <= 4 and shift in ("0", "normal(2)")'},
        {"measures": "all"},
        {"factors": {"architecture": ["conv(5)"], "scale": [0.5, 1, 1e300, 3e-7, "uniform(0, 1)"], "out": [1, 3]}},
    ],
)
def test_it_reads_back_as_the_same_study(changes: dict[str, object], tmp_path: Path) -> None:
    given = {"seeds": 4, "raster": "12x8", "measures": ["mean_frequency"], "factors": FACTORS} | changes
    study = nw.Study("back again", **given)  # type: ignore[arg-type]
    assert back(study, tmp_path) == study


@pytest.mark.parametrize("name", ['quotes " and \\ back', "tabs are none, 'apostrophes' are", "ünïcødé 𝛼 {x}", "]\x23"])
def test_names_of_all_kinds_are_texts_of_toml(name: str, tmp_path: Path) -> None:
    study = nw.Study(name, seeds=1, measures=["regions"], raster="12x8", factors={"architecture": ["conv(5)"]})
    assert back(study, tmp_path).name == name


def test_control_characters_of_a_condition_are_escaped() -> None:
    where = "n\t<\n3 \x7f"
    study = nw.Study("w", seeds=1, measures=["regions"], raster="12x8", factors=FACTORS)
    object.__setattr__(study, "where", where)
    assert tomllib.loads(toml_of(study))["keep"]["where"] == where


def test_models_are_files_and_have_no_seeds(tmp_path: Path) -> None:
    network = nw.Network.draw(nw.parse("conv(5) * 2"), seed=1)
    for name in ("a", "b b"):
        network.save(tmp_path / f"{name}.npz")
    study = nw.Study("models", measures=["regions"], raster="12x8", factors={"model": ["*.npz"]}, folder=tmp_path)
    assert "seeds" not in toml_of(study)
    assert back(study, tmp_path) == study
