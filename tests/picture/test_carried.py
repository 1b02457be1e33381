"""The recipe of a picture in any kind of file: drawn again by the command line, and files made to do harm."""

from __future__ import annotations

import io
import json
import struct
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


def exr(attributes: bytes) -> bytes:
    return b"\x76\x2f\x31\x01\x02\0\0\0" + attributes + b"\0"


def tiff(software: bytes, description: bytes, length: int | None = None) -> bytes:
    """The head of a TIFF with these two, the description behind all."""
    said, told = software + b"\0" * 8, description.ljust(8, b" ")
    place = 8 + 2 + 2 * 12
    table = struct.pack("<HHHII", 2, 305, 2, len(software), place)
    table += struct.pack("<HHII", 270, 2, length or len(told), place + len(said))
    return b"II*\0\x08\0\0\0" + table + said + told


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
        b"GIF89a\x21\xfe\x04some\0;",
        b"RIFF\x1a\0\0\0WEBPVP8 \x02\0\0\0ab",
        b"RIFF\x04\0\0\0WEBP",
        exr(b""),
        exr(b"owner\0string\0\x02\0\0\0me"),
        tiff(b"ImageJ 1.5", b"{}"),
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
        (b"GIF89a\x21\xfe\x0anetwarp \xe9\xe9\0;", "its recipe is damaged"),
        (b"RIFF\0\0\0\0WEBPNTWP\xff\0\0\0{", "cut short within its recipe"),
        (b"RIFF\0\0\0\0WEBPNTWP\xff\xff\xff\x7f{", "its recipe is 2,147,483,647 bytes long"),
        (exr(b"netwarp\0string\0\x05\0\0\0{"), "cut short within its recipe"),
        (exr(b"netwarp\0string\0\xff\xff\xff\xff{"), "its recipe is 4,294,967,295 bytes long"),
        (exr(b"n" * 300), "is a damaged EXR"),
        (exr(b"owner\0string\0\xff\xff\xff\xff")[:-1], "is a damaged EXR"),
        (tiff(b"netwarp 1", b"{}")[:-1], "cut short within its recipe"),
        (tiff(b"netwarp 1", b"{}", length=1 << 30), "its recipe is 1,073,741,824 bytes long"),
        (b"II*\0\xff\xff\xff\xff", "is a damaged TIFF"),
        (b"MM\0+", "is a damaged TIFF"),
        (b"\0\0\0\x18ftypmp42" + b"\0" * 40, "cannot be read as a film"),
        (b"\x1a\x45\xdf\xa3" + b"\0" * 40, "cannot be read as a film"),
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
    assert [carrier_of(head) for head in (b"GIF89a", b"RIFF1234WEBP", b"II+\0", exr(b""), b"\0\0\0\x14ftypqt  ")] == [
        "gif",
        "webp",
        "tiff",
        "exr",
        "video",
    ]
    assert carrier_of(b"PK\3\4") is None
    assert carrier_of(b"\xff\xd8\xff") is None


@pytest.mark.parametrize("ending", ["mp4", "mov", "mkv", "webm", "gif", "webp", "apng"])
def test_a_film_is_drawn_again_as_its_first_frame(
    ending: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    film = nw.film("conv(5) * 2", "seed", 3, 5, frames=3, size=(60, 40))
    film.save(f"seeds.{ending}")
    assert status_of(["draw", f"seeds.{ending}", "-o", "again.png"]) == 0
    said = capsys.readouterr().err
    assert "seeds: is the first frame of a film of 3; `netwarp film` draws all of it" in said
    first = film.frame(0)
    assert np.array_equal(np.asarray(Image.open("again.png")), first.pixels)
    assert nw.Recipe.read(f"seeds.{ending}") == first.recipe == nw.Recipe.read("again.png")
    assert nw.draw(f"seeds.{ending}").recipe == first.recipe
    # what is said otherwise is drawn otherwise
    assert status_of(["draw", f"seeds.{ending}", "--seed", "4", "--size", "30x20", "-o", "other.png"]) == 0
    assert nw.Recipe.read("other.png").seed == 4


@pytest.mark.parametrize(
    ("over", "start", "end"), [("zoom", None, "0.001"), ("depth", 1, 2), ("shift", "0", "3"), ("latent", None, None)]
)
def test_the_first_frame_of_every_way_is_a_picture(over: str, start: str, end: str, tmp_path: Path) -> None:
    what = "cppn" if over == "latent" else "conv(5) * 2"
    film = nw.film(what, over, start, end, frames=4, size=(30, 20), calibration=nw.Raster(60, 40))
    film.save(tmp_path / "film.gif")
    assert nw.draw(tmp_path / "film.gif").recipe == film.frame(0).recipe
    # a frame between two networks is no picture of one
    if over == "depth":
        film.frame(1).save(tmp_path / "between.png")
        with pytest.raises(InputError, match="a frame between two networks, which `netwarp film --frame` draws again"):
            nw.Recipe.read(tmp_path / "between.png")


def test_a_film_within_a_film_is_refused() -> None:
    data = json.loads(nw.film("conv(5)", frames=2, size=(30, 20)).recipe.to_json())
    data["first"] = data
    with pytest.raises(InputError, match="its first frame is a film"):
        nw.Recipe.from_data(data)
    for wrong in ([], None, 7, {"seed": "__import__('os')"}):
        with pytest.raises(InputError, match="recipe"):
            nw.Recipe.from_data({**data, "first": wrong})


@pytest.mark.parametrize("ending", ["tif", "exr"])
def test_a_poster_is_drawn_again(ending: str, tmp_path: Path) -> None:
    file = tmp_path / f"poster.{ending}"
    nw.poster("conv(5) * 2", file, seed=3, size=(60, 40))
    wanted = nw.draw("conv(5) * 2", seed=3, size=(60, 40))
    again = nw.draw(file)
    assert np.array_equal(again.picture.pixels, wanted.picture.pixels)
    assert again.recipe == wanted.recipe


@pytest.mark.parametrize("ending", ["gif", "webp", "tif", "jpg"])
def test_a_picture_of_another_program_is_refused_in_one_line(
    ending: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    Image.new("RGB", (20, 10)).save(f"other.{ending}")
    assert status_of(["draw", f"other.{ending}", "-o", "never.png"]) == 2
    (line,) = capsys.readouterr().err.splitlines()
    assert " image, not a model; " in line
    assert not Path("never.png").exists()
