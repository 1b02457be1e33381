"""The atlas: every cell is the ensemble it says it is, the closed form is the theory's, and the page shows both."""

import csv
import io
import json
import re
import shlex
from math import pi
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from netwarp.architecture.language import parse
from netwarp.cli.main import status_of
from netwarp.errors import InputError, LanguageError
from netwarp.measures.intervals import level_of
from netwarp.orders.subject import read_subject
from netwarp.pages.atlas_page import again, save
from netwarp.plane import Raster
from netwarp.study.atlas import GROWTH, Atlas, atlas, closed_form
from netwarp.study.ensemble import ensemble
from netwarp.theory import growth

OPTIONS = {"act": "relu,tanh", "scale": "1,3", "shift": "0,normal(2)", "depth": "2,3", "width": "4,8"}
MORE = {"measure": "mean_frequency", "seeds": "6", "size": "16x16"}


@pytest.fixture(scope="module")
def found() -> Atlas:
    return atlas(
        read_subject("conv(6) * 3"),
        activations=("relu", "tanh"),
        scales=("1", "3"),
        shifts=("0", "normal(2)"),
        depths=(2, 3),
        widths=(4, 8),
        measure="mean_frequency",
        seeds=range(6),
        size=(16, 16),
    )


def test_maps_stand_in_order_and_name_their_places(found: Atlas) -> None:
    assert [(of.activation, of.axes) for of in found.maps] == [
        ("relu", ("scale", "shift")),
        ("relu", ("width", "depth")),
        ("tanh", ("scale", "shift")),
        ("tanh", ("width", "depth")),
    ]
    norms, sizes = found.maps[2:]
    corner = norms.cells[1][0]
    assert (corner.column, corner.row) == ("1", "normal(2)")
    assert str(corner.architecture) == 'Architecture(conv(6) * 3, act="tanh", norm=spatial(shift=normal(2)))'
    assert str(sizes.cells[0][1].architecture) == 'Architecture(conv(8) * 2, act="tanh")'


def test_a_cell_is_its_ensemble(found: Atlas) -> None:
    cell = found.maps[0].cells[1][1]
    again = ensemble(
        cell.architecture, ("mean_frequency", GROWTH), seeds=range(6), raster=Raster(16, 16), calibration=Raster(16, 16)
    )
    level = level_of(sum(len(row) for of in found.maps for row in of.cells))
    assert cell.value == again.summary("mean_frequency", level=level)
    assert cell.growth == again.summary(GROWTH, level=level).interval
    assert found.maps[0].values()[1, 1] == cell.value.interval.value  # type: ignore[union-attr]  # 6 seeds have one


def test_the_closed_form_is_the_theorys(found: Atlas) -> None:
    relu, _, tanh, _ = found.maps
    assert [cell.theory for cell in relu.cells[0]] == pytest.approx([pi / (pi - 1)] * 2)  # whatever the scale
    assert tanh.cells[0][0].theory == pytest.approx(1.178, abs=5e-4)
    assert tanh.cells[1][1].theory == growth.factor("tanh", 3, "normal(2)")
    cell = tanh.cells[0][0]
    assert cell.growth is not None
    assert cell.gap == pytest.approx(cell.growth.value / cell.theory)  # type: ignore[operator]  # tanh has one
    np.testing.assert_allclose(tanh.gaps(), tanh.measured() / tanh.expected())


@pytest.mark.parametrize(
    ("text", "known"),
    [
        ("conv(4) * 3", True),
        ("(conv(4) >> conv(8)) * 2", True),
        ("residual(conv(4)) * 3", False),
        ('conv(4, act="tanh") * 3', False),
        ('conv(4) >> pool("max", 2)', False),
        ("Architecture(conv(4), norm=layer())", False),
        ("Architecture(conv(4), norm=None)", False),
        ('Architecture(conv(4), act="step")', False),
    ],
)
def test_the_closed_form_is_that_of_plain_normalised_layers(text: str, known: bool) -> None:
    value, why = closed_form(parse(text))
    assert (value is not None, why == "") == (known, known)
    assert known or why.startswith("no closed form: ")


def test_json_and_csv_say_the_same(found: Atlas) -> None:
    cells = json.loads(json.dumps(found.data(), allow_nan=False))["cells"]
    lines = list(csv.DictReader(io.StringIO(found.csv())))
    assert len(cells) == len(lines) == 16
    for cell, line in zip(cells, lines, strict=True):
        assert line["mean_frequency"] == repr(cell["value"]["value"])
        assert line["closed_form"] == repr(cell["closed_form"])
        for axis in ("scale", "shift", "depth", "width"):
            assert line[axis] == cell.get(axis, "")


@pytest.mark.slow
def test_the_page_and_its_contact_sheets(found: Atlas, tmp_path: Path) -> None:
    page = save(found, tmp_path / "out", command=again(found, OPTIONS | MORE))
    html = page.read_text(encoding="utf-8")
    sheets = sorted(file.name for file in page.parent.glob("*.png"))
    assert sheets == ["relu-scale-shift.png", "relu-width-depth.png", "tanh-scale-shift.png", "tanh-width-depth.png"]
    assert {file.name for file in page.parent.iterdir()} == {*sheets, "index.html", "atlas.json", "atlas.csv"}
    with Image.open(page.parent / sheets[0]) as image:
        assert image.width > 2 * 120
        assert image.height > 2 * 120
    assert not re.search(r"""https?://|url\((?!#)|@import|\son\w+=|style=["']""", html)
    ids = re.findall(r'\bid="([^"]+)"', html)
    assert len(ids) == len(set(ids))
    # a measure, the closed form or the factor, and the gap for each of four maps
    assert html.count("<svg") == 4 * 3
    for of, cell in found.cells():
        assert f"{cell.gap:.4g}" in html, of
    assert [file.name for file in tmp_path.iterdir()] == ["out"]


@pytest.mark.slow
def test_its_command_line_makes_it_again(
    found: Atlas, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    words = shlex.split(again(found, OPTIONS | MORE))
    assert status_of([*words[1:-2], "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == json.loads(json.dumps(found.data()))


def test_an_interrupted_atlas_leaves_nothing(found: Atlas, tmp_path: Path) -> None:
    def interrupt(what: str, done: int, total: int) -> None:
        if done:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        save(found, tmp_path / "out", command="", progress=interrupt)
    assert list(tmp_path.iterdir()) == []


def test_what_is_absent_says_where() -> None:
    dead = atlas(
        read_subject("conv(4) * 2"),
        activations=("relu",),
        scales=("1",),
        shifts=("-100", "0"),
        depths=(),
        measure="mean_frequency",
        seeds=range(2),
        size=(8, 8),
    )
    assert dead.maps[0].cells[0][0].value.interval is None
    assert any("relu scale 1 shift -100" in note for note in dead.notes)
    assert "mean_frequency" in dead.sentences()[1]


def test_what_cannot_be_mapped_is_refused() -> None:
    plain = read_subject("conv(4) * 2")
    with pytest.raises(InputError, match="nothing to vary"):
        atlas(read_subject("sawtooth(3)"))
    with pytest.raises(InputError, match="must be 1 to 2,000"):
        atlas(plain, scales=(), depths=())
    with pytest.raises(InputError, match='did you mean "mean_frequency"'):
        atlas(plain, measure="mean_frequence")
    with pytest.raises(LanguageError, match="tanhh"):
        atlas(plain, activations=("relu", "tanhh"))
    with pytest.raises(InputError, match="its depth is no number"):
        atlas(read_subject("conv(4) >> conv(5)"))
    with pytest.raises(InputError, match="no norm"):
        atlas(read_subject("Architecture(conv(4), norm=None)"), depths=())
