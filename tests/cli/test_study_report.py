"""`netwarp study report`: the page of a study that was really run, and what is refused in one line."""

from errno import EROFS
from os import strerror
from pathlib import Path

import pytest

from netwarp.cli.main import status_of

FILE = """\
[study]
name = "small"
seeds = 8
raster = "16x16"
measures = ["mean_frequency", "regions"]
[factors]
architecture = ["conv({width}) * 2"]
width = [3, 6]
act = ["relu", "tanh"]
"""


def refused(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    assert status_of(["study", "report", *arguments]) == 2
    said = capsys.readouterr()
    assert (said.out, len(said.err.splitlines())) == ("", 1), said.err
    return said.err


@pytest.mark.slow
def test_a_study_that_was_run_is_reported(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("small.toml").write_text(FILE, encoding="utf-8")
    assert status_of(["study", "run", "small.toml", "--jobs", "1"]) == 0
    capsys.readouterr()
    assert status_of(["study", "report", "small", "--thumbnails", "1"]) == 0
    assert capsys.readouterr().out.splitlines() == ["small/report.html", "small/report-figures"]
    page = Path("small/report.html").read_text(encoding="utf-8")
    assert "32 of 32 runs are in: all of them." in page
    # tanh has no activation regions
    assert "does not apply for 16 runs" in page
    assert page.count("<img ") == 3
    assert "netwarp study report small --thumbnails 1" in page.replace('<span class="word">', "").replace("</span>", "")
    # a report of a study that has one is the same again, elsewhere too
    assert status_of(["study", "report", "small", "--out", "page.html", "--thumbnails", "0"]) == 0
    assert Path("page-figures", "mean-frequency-effects.png").is_file()
    assert status_of(["study", "check", "small"]) == 0


def test_what_cannot_be_reported_is_refused_in_one_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    from made_stores import study
    from netwarp.study.store.store import Store

    monkeypatch.chdir(tmp_path)
    assert "there is no such folder" in refused(capsys, "nowhere")
    Store.create("empty", study()).close()
    assert refused(capsys, "empty") == (
        "netwarp: empty: no run of the study is evaluated yet, so there is nothing to report; `netwarp study run` "
        "evaluates them\n"
    )
    assert not Path("empty/report.html").exists()
    assert "must end in .html" in refused(capsys, "empty", "--out", "page.pdf")
    assert "does not exist" in refused(capsys, "empty", "--out", "no/where.html")
    assert "--thumbnails 101: must be from 0 to 100" in refused(capsys, "empty", "--thumbnails", "101")
    assert "--thumbnails -1: must be from 0 to 100" in refused(capsys, "empty", "--thumbnails=-1")
    assert "needs a whole number" in refused(capsys, "empty", "--thumbnails", "some")


def test_a_folder_that_cannot_be_written_is_named_and_no_file_that_nobody_knows(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    from made_stores import filled, number_of, study

    monkeypatch.chdir(tmp_path)
    filled(Path("made"), study(seeds=1), lambda run: {"mean_frequency": number_of(run)}).close()

    def refuse(*_given: object, **_named: object) -> None:
        raise OSError(EROFS, strerror(EROFS))

    monkeypatch.setattr(Path, "mkdir", refuse)
    said = refused(capsys, "made", "--thumbnails", "0")
    assert said == "netwarp: file 'made/report.html': cannot be written (Read-only file system)\n"
