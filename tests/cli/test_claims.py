"""`netwarp claims`: exit status 1 for a verdict that is not on record, 2 for a name that is refused, 0 else."""

import json
from pathlib import Path

import pytest

from claims.made import made
from netwarp.claims import registry
from netwarp.claims.registry import Finding, Progress
from netwarp.cli.main import status_of


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    known = (
        made(1, "first"),
        made(2, "gone", measured="refuted", recorded="refuted"),
        made(3, "turned", measured="refuted"),
    )
    monkeypatch.setattr(registry, "claims", lambda: known)
    return tmp_path


def test_claims_as_on_record(capsys: pytest.CaptureFixture[str]) -> None:
    assert status_of(["claims", "--only", "gone,1"]) == 0
    said = capsys.readouterr()
    lines = [line.split("\t") for line in said.out.splitlines()]
    assert lines[0] == ["number", "claim", "measured", "verdict", "on record", "seconds"]
    assert [cells[:5] for cells in lines[1:3]] == [
        ["1", "first", "1.5 (1.4 to 1.6)", "holds", "holds"],
        ["2", "gone", "1.5 (1.4 to 1.6)", "refuted", "refuted"],
    ]
    assert lines[3] == ["2 claims: 1 hold, 1 refuted, 0 not clear, as on record"]
    # what is under way is said where it does not mix with what was asked for
    told = [line for line in said.err.splitlines() if not line.startswith("compiling")]
    assert [line.split(",")[0] for line in told] == ["1 first: holds", "2 gone: refuted"]


def test_a_verdict_that_is_not_on_record_is_status_1(capsys: pytest.CaptureFixture[str]) -> None:
    assert status_of(["claims"]) == 1
    said = capsys.readouterr()
    assert "not as on record: turned (refuted, not holds)" in said.out
    assert "3 turned: refuted, not as on record (holds)" in said.err
    assert status_of(["claims", "--only", "3", "--json"]) == 1
    assert json.loads(capsys.readouterr().out)["differing"] == ["turned"]


def test_not_clear_is_a_verdict_of_its_own(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(registry, "claims", lambda: (made(1, "short", measured="not clear"),))
    assert status_of(["claims", "--quick"]) == 0
    said = capsys.readouterr()
    assert said.out.splitlines()[1].split("\t")[2:5] == [
        "1.5 (1.4 to 1.6); 1 of 2 checks not clear at these seeds",
        "not clear",
        "holds",
    ]
    assert said.out.splitlines()[2] == "1 claim: 0 hold, 0 refuted, 1 not clear, as on record"
    assert status_of(["claims"]) == 1
    assert "short (not clear, not holds)" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("arguments", "needle"),
    [
        (["--only", "frist"], 'did you mean "first"'),
        (["--only", "1,4"], "(1 to 3)"),
        (["--only", ""], "claim ''"),
        (["--only", "\x1b[31m"], r"\x1b"),
        (["--out", "no/such/folder"], "does not exist"),
        (["--quik"], "--quik"),
    ],
)
def test_bad_input_is_one_line(arguments: list[str], needle: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert status_of(["claims", *arguments]) == 2
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err.startswith("netwarp: ")
    assert len(said.err.splitlines()) == 1, "refused before anything was measured"
    assert needle in said.err


def test_the_list_measures_nothing(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    def failing(quick: bool, progress: Progress) -> Finding:
        raise AssertionError

    monkeypatch.setattr(registry, "claims", lambda: (made(4, "four", function=failing),))
    assert status_of(["claims", "--list"]) == 0
    assert capsys.readouterr().out.splitlines()[1].split("\t")[:2] == ["4", "four"]
    assert status_of(["claims", "--list", "--json"]) == 0
    (told,) = json.loads(capsys.readouterr().out)["claims"]
    assert (told["number"], told["basis"], told["recorded"]) == ("4", "the paper's own statement", "holds")


def test_the_page_is_written_whole_or_not_at_all(
    here: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert status_of(["claims", "--only", "1", "--quick", "--out", "page", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["page"] == "page/index.html"
    assert "netwarp claims --quick --only 1" in " ".join((here / "page" / "index.html").read_text().split()).replace(
        '<span class="word">', ""
    ).replace("</span>", "")

    def interrupted(quick: bool, progress: Progress) -> Finding:
        raise KeyboardInterrupt

    monkeypatch.setattr(registry, "claims", lambda: (made(function=interrupted),))
    assert status_of(["claims", "--out", "other"]) == 130
    assert sorted(path.name for path in here.iterdir()) == ["page"]
