"""`netwarp breed` and `netwarp gallery`: files, pages, JSON, and one line for what is wrong."""

import json
from pathlib import Path

import pytest

from netwarp.cli.main import status_of


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Path:
    monkeypatch.chdir(tmp_path)
    assert status_of(["draw", "conv(4) * 2", "--size", "24x16", "-o", "one.png"]) == 0
    capsys.readouterr()
    return tmp_path


def test_children_go_into_a_folder_and_are_parents(capsys: pytest.CaptureFixture[str]) -> None:
    assert status_of(["breed", "one.png", "--children", "2", "-o", "new"]) == 0
    assert capsys.readouterr().out.splitlines() == ["new/one-0.png", "new/one-1.png"]
    line = ["breed", "new/one-0.png", "new/one-1.png", "--children", "1", "--seed", "rose", "-o", "new", "--json"]
    assert status_of(line) == 0
    told = json.loads(capsys.readouterr().out)
    (file,) = told["files"]
    assert len(told["children"][0]["made"]["ancestors"]) == 4
    assert status_of(["info", file, "--json"]) == 0
    family = json.loads(capsys.readouterr().out)["family"]
    assert [one["parents"] for one in family] == [[1, 2], [3], [3], []]
    assert family[1]["family"] == "9 0_0"
    assert status_of(["draw", "conv(4) * 2", "--size", "24x16", "--bred", family[1]["family"], "-o", "again.png"]) == 0
    assert Path("again.png").read_bytes() == Path("new/one-0.png").read_bytes()


def test_pages(capsys: pytest.CaptureFixture[str]) -> None:
    assert status_of(["breed", "one.png", "one.png", "--strength", "0.5", "--children", "2", "-o", "page.html"]) == 0
    assert status_of(["breed", "one.png", "--children", "1", "-o", "new"]) == 0
    assert status_of(["gallery", "new/one-0.png", "-o", "family.html"]) == 0
    assert status_of(["gallery", "--rows", "conv(2),shallow", "--seeds", "2", "--size", "12x8", "-o", "rows.html"]) == 0
    said = capsys.readouterr().out.splitlines()
    assert said == ["page.html", "new/one-0.png", "family.html", "rows.html"]
    assert "netwarp gallery --rows conv(2),shallow --seeds 2 --size 12x8 -o rows.html" in "".join(
        Path("rows.html").read_text().replace("&#39;", "").split('<span class="word">')
    ).replace("</span>", "")


@pytest.mark.parametrize(
    ("line", "needle"),
    [
        ("breed one.png one.png one.png -o x", "3 parents; give one for mutants, or two"),
        ("breed one.png conv(5) -o x", "two architectures, conv(4) * 2 and conv(5); give two of one"),
        ("breed missing.png -o x", "no such file"),
        ("breed one.png --strength 2 -o x", "strength=2.0: must be from 0"),
        ("breed one.png --children 0 -o x", "--children '0'"),
        ("breed one.png -o no/such/x", "does not exist; make it first"),
        ("breed one.png -o no/x.html", "does not exist; make it first"),
        ("breed one.png -o one.png", "there is a file of that name"),
        ("gallery one.png -o x.html", "has no ancestors, a seed draws it"),
        ("gallery one.png --rows conv(2) -o x.html", "give one of them"),
        ("gallery -o x.png", "must end in .html"),
        ("gallery --rows conv(2, -o x.html", "--rows"),
        ("draw conv(4) --bred 9_7", "there is no step 9 before it"),
        ("draw conv(4) --bred seven", "bred step 0, 'seven'"),
    ],
)
def test_one_line_and_nothing_written(line: str, needle: str, here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert status_of(line.split(" ")) == 2
    said = capsys.readouterr()
    assert said.out == ""
    assert len(said.err.splitlines()) == 1
    assert needle in said.err
    assert [one.name for one in here.iterdir()] == ["one.png"]


def test_a_forged_family_is_one_line(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    from PIL import Image
    from PIL.PngImagePlugin import PngInfo

    assert status_of(["breed", "one.png", "--children", "1", "-o", "new"]) == 0
    with Image.open("new/one-0.png") as image:
        recipe = json.loads(image.text["netwarp"])  # type: ignore[attr-defined]
        made = recipe["made"]
        made["ancestors"][made["of"]]["parents"] = [made["of"]]
        text = PngInfo()
        text.add_text("netwarp", json.dumps(recipe))
        image.save("forged.png", pnginfo=text)
    capsys.readouterr()
    for line in (["info", "forged.png"], ["breed", "forged.png", "-o", "x"], ["gallery", "forged.png", "-o", "x.html"]):
        assert status_of(line) == 2
        said = capsys.readouterr().err
        assert "is its own ancestor; the recipe was changed" in said
        assert len(said.splitlines()) == 1
