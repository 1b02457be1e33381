"""`netwarp site`: both files or none, and one line where they cannot be written."""

from __future__ import annotations

from pathlib import Path

import pytest

from netwarp.cli.main import status_of


def test_writes_both_files(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "pages"
    assert status_of(["site", str(out)]) == 0
    assert capsys.readouterr().out.splitlines() == [str(out / "netwarp.html"), str(out / "index.html")]
    (out / "notes.txt").write_text("mine")
    (out / "index.html").write_text("old")
    assert status_of(["site", str(out)]) == 0
    assert (out / "index.html").read_bytes() == (out / "netwarp.html").read_bytes()
    assert sorted(path.name for path in out.iterdir()) == ["index.html", "netwarp.html", "notes.txt"]


@pytest.mark.parametrize(
    ("out", "said"),
    [
        ("", "must be the path"),
        ("file", "there is a file of that name"),
        ("no/such/folder", "does not exist; make it first"),
        ("taken", "cannot be written"),
    ],
)
def test_refuses_a_bad_place(
    out: str, said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("file").write_text("mine")
    Path("taken/index.html").mkdir(parents=True)
    assert status_of(["site", out]) == 2
    lines = capsys.readouterr().err.splitlines()
    assert len(lines) == 1
    assert said in lines[0]
    assert [path.name for path in Path("taken").iterdir()] == ["index.html"]
    assert sorted(path.name for path in tmp_path.iterdir()) == ["file", "taken"]
