"""The files that a user begins with: each is read, says its source and question, and is small enough to run."""

import tomllib
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from netwarp.architecture.counts import count
from netwarp.architecture.language import parse
from netwarp.errors import InputError
from netwarp.study.evaluate import evaluate
from netwarp.study.grid.file import read_study
from netwarp.study.grid.ready import example, ready, ready_names
from netwarp.study.grid.study import Study

RUNS = 2_000


def read(tmp_path: Path, text: str) -> Study:
    file = tmp_path / "s.toml"
    file.write_text(text, encoding="utf-8")
    return read_study(file)


def test_the_example_is_a_small_study(tmp_path: Path) -> None:
    study = read(tmp_path, example("my own"))
    assert study.name == "my own"
    assert 50 < study.total < 200
    assert study.notes == ()


@pytest.mark.parametrize("name", ['a "quoted" \\ name', "naïve – ψ", "x"])
def test_any_name_can_be_given(tmp_path: Path, name: str) -> None:
    assert read(tmp_path, example(name)).name == name
    assert read(tmp_path, ready("structure", name)).name == name


def test_what_is_no_name_is_refused() -> None:
    for name in ("", "two\nlines", "x" * 300):
        with pytest.raises(InputError, match="study name="):
            example(name)
    with pytest.raises(InputError, match='did you mean "structure"'):
        ready("structur")


def test_the_ready_studies_are_those_of_the_literature() -> None:
    assert ready_names() == (
        "equal-parameters", "equal-units", "initialisers", "magnitude", "scale-shift", "structure"
    )  # fmt: skip


@pytest.mark.parametrize("name", ready_names())
def test_a_ready_study_says_what_it_asks_and_is_small(tmp_path: Path, name: str) -> None:
    text = ready(name)
    assert "# Source: " in text
    assert "# Question: " in text
    assert max(map(len, text.splitlines())) <= 120
    study = read(tmp_path, text)
    assert tomllib.loads(text)["study"]["name"] == study.name
    assert 100 < study.total <= RUNS
    assert study.notes == ()


def test_equal_units_and_equal_parameters_are_equal(tmp_path: Path) -> None:
    units = [count(parse(point.source.text)).units for point in read(tmp_path, ready("equal-units")).points()]
    assert set(units) == {100}
    study = read(tmp_path, ready("equal-parameters"))
    parameters = [count(parse(point.source.text)).parameters for point in study.points()]
    assert len(parameters) == 10
    assert max(parameters) / min(parameters) < 1.06


@pytest.mark.parametrize("name", ready_names())
def test_a_ready_study_runs(tmp_path: Path, name: str) -> None:
    with ThreadPoolExecutor(1) as threads:
        ended = read(tmp_path, ready(name)).run(executor=threads, limit=1)
    assert (ended.counts.done, ended.counts.failed) == (1, 0)


@pytest.mark.parametrize("name", ready_names())
def test_the_measures_have_values(tmp_path: Path, name: str) -> None:
    """One run of each: of the last point, whose activation is smooth, regions alone are absent."""
    study = read(tmp_path, ready(name))
    *_, run = study.runs()
    found = evaluate(
        parse(run.source.text),
        run.seed,
        run.frame.raster,
        run.frame.calibration,
        study.measures,
        exact=False,
        details=False,
    )
    absent = {one for one, measured in found.measurements.items() if measured.value is None}
    assert absent <= {"regions"}
