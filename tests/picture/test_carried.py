"""The recipe of a picture in any kind of file: drawn again by the command line, and files made to do harm."""

from __future__ import annotations

import io
import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

import netwarp as nw
from netwarp.cli.main import status_of
from netwarp.errors import InputError
from netwarp.picture.carried import SVG_BYTES, carrier_of, find_carried


def svg(metadata: str) -> bytes:
    return f'<svg xmlns="http://www.w3.org/2000/svg">\n<title>t</title>\n{metadata}\n</svg>\n'.encode()


def found(data: bytes) -> str | None:
    return find_carried(io.BytesIO(data), "the file")


def test_a_drawing_of_cells_is_drawn_again_as_its_network(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    given = ["conv(5) * 2", "--seed", "3", "--size", "60x40", "--plane", "-0.3,0.3,-0.2,0.2"]
    assert status_of(["regions", *given, "--svg", "cells.svg"]) == 0
    assert status_of(["draw", *given, "-o", "wanted.png"]) == 0
    capsys.readouterr()
    assert status_of(["draw", "cells.svg", "-o", "again.png", "--json"]) == 0
    recipe = json.loads(capsys.readouterr().out)["recipe"]
    assert (recipe["architecture"], recipe["seed"], recipe["size"]) == ("conv(5) * 2", 3, [60, 40])
    assert np.array_equal(np.asarray(Image.open("again.png")), np.asarray(Image.open("wanted.png")))
    assert nw.Recipe.read("cells.svg") == replace(nw.Recipe.read("again.png"), dtype="auto")
    # every command that takes a picture takes this one
    assert status_of(["info", "cells.svg"]) == 0
    assert "conv(5) * 2" in capsys.readouterr().out


def test_what_escaping_changed_comes_back() -> None:
    assert found(svg("<metadata>{&quot;a&quot;: &quot;&lt;&amp;&gt;&quot;}</metadata>")) == '{"a": "<&>"}'


@pytest.mark.parametrize(
    "data",
    [
        svg(""),
        # what matplotlib and Inkscape write
        svg("<metadata>\n<rdf:RDF></rdf:RDF></metadata>"),
        svg('<metadata id="m">{"a": 1}</metadata>'),
        b"GIF89a, which carries none",
        b"",
    ],
)
def test_a_file_without_a_recipe_has_none(data: bytes) -> None:
    assert found(data) is None


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (svg('<metadata>{"a": 1'), "the file: cut short within its recipe"),
        (svg("<metadata>{" + "a" * SVG_BYTES + "</metadata>"), "larger than 2,097,152 bytes"),
        (svg(f"<metadata>{{&#{'1' * 5000};</metadata>"), "its recipe is damaged"),
    ],
)
def test_a_recipe_that_cannot_be_read_says_so(data: bytes, said: str) -> None:
    with pytest.raises(InputError, match=said):
        found(data)


def test_an_svg_of_another_program_is_refused_in_one_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("other.svg").write_bytes(svg(""))
    assert status_of(["draw", "other.svg"]) == 2
    (line,) = capsys.readouterr().err.splitlines()
    assert (
        "file 'other.svg': is an SVG image, not a model; netwarp draw and netwarp decision draw those of netwarp again"
        in line
    )
    Path("forged.svg").write_bytes(svg('<metadata>{"architecture": "__import__(\'os\')", "seed": 1}</metadata>'))
    assert status_of(["draw", "forged.svg"]) == 2
    assert len(capsys.readouterr().err.splitlines()) == 1


def test_kinds_are_told_by_content() -> None:
    assert carrier_of(b"\x89PNG\r\n\x1a\n") == "png"
    assert carrier_of(svg("")) == "svg"
    assert carrier_of(b"\xef\xbb\xbf" + svg("")) == "svg"
    assert carrier_of(b"PK\3\4") is None
