"""Texts to copy: a shell and Python read back exactly what was meant."""

import ast
import shlex

import pytest

from netwarp.orders.commands import draw_command, literal, python, python_line, slope_python
from netwarp.plane import Raster

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
