"""Texts to copy: a shell and Python read back exactly what was meant."""

import ast
import shlex

import pytest

from netwarp.orders.commands import draw_command, ends, literal, measure_command, python, python_line, slope_python
from netwarp.plane import Plane, Raster

AWKWARD = """(conv(16, 3) * 2 >> pool("max", 2)) * 3"""


def test_the_shell_reads_the_words_back() -> None:
    changes = {"act": "sin(30)", "norm": "spatial(scale=3, shift=0)"}
    line = draw_command(AWKWARD, "a b.png", changes, seed=7, raster=Raster(60, 40))
    assert shlex.split(line) == [
        *["netwarp", "draw", AWKWARD, "--act", "sin(30)", "--norm", "spatial(scale=3, shift=0)"],
        *["--seed", "7", "--size", "60x40", "--plane", "-0.5,0.5,-0.5,0.5", "-o", "a b.png"],
    ]
    assert "--size" not in draw_command("vgg", "vgg.png", seed=7, raster=Raster())


@pytest.mark.parametrize("text", ["conv(10)", AWKWARD, "it's", "a\\b", "both \" and '", "line\nbreak", "é"])
def test_a_literal_reads_back(text: str) -> None:
    assert ast.literal_eval(literal(text)) == text


def test_scripts_are_python_and_fit_on_a_command_line() -> None:
    for raster in (Raster(), Raster(60, 40)):
        ast.parse(python(AWKWARD, "x.png", {"act": "tanh"}, seed=7, raster=raster))
        words = shlex.split(python_line(slope_python(1, raster, "slope-y.png")))
        assert words[:2] == ["python", "-c"]
        ast.parse(words[2])


@pytest.mark.parametrize(
    ("plane", "text"),
    [
        (Plane(), "-0.5,0.5,-0.5,0.5"),
        (Plane(0.5, 0.5, 1.0, 3.0), "0,1,-1,2"),
        (Plane.between(-1.2345678, 2.3456789, -1e-7, 0.1), "-1.2345678,2.3456789,-1e-07,0.1"),
        (Plane("0.1", 0, 1.0, 1.0), "-0.4,0.6,-0.5,0.5"),
    ],
)
def test_the_ends_of_a_plane_are_as_short_as_its_digits_allow(plane: Plane, text: str) -> None:
    assert ends(plane) == text


def test_a_command_measures_a_run_on_its_own_rasters() -> None:
    raster, statistics = Raster(64, 32, Plane(0.0, 0.0, 2.0, 1.0)), Raster(16, 8, Plane(0.0, 0.0, 4.0, 2.0))
    options = ["--measures", "regions,holes", "--size", "64x32", "--plane=-1,1,-0.5,0.5"]
    options += ["--calibrate", "16x8@-2,2,-1,1"]
    drawn = measure_command("conv(3, 1)", ["regions", "holes"], raster, statistics, seed=7)
    assert shlex.split(drawn) == ["netwarp", "measure", "conv(3, 1)", "--seeds", "7..7", *options]
    given = measure_command("a b.npz", ["regions", "holes"], raster, statistics)
    assert shlex.split(given) == ["netwarp", "measure", "a b.npz", *options]
