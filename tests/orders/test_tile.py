"""The tile of a wallpaper, by every command that draws a plane."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from netwarp.cli.main import status_of
from netwarp.orders.subject import change, subject_of_text
from netwarp.orders.tile import tile_of
from netwarp.picture.recipe import Recipe
from netwarp.plane import Plane


@pytest.mark.parametrize(
    ("inputs", "plane", "size"),
    [
        ("wallpaper(p4m)", Plane(0, 0, 0.5, 0.5), (600, 600)),
        ("wallpaper(p3, cell=2)", Plane(0, 0, 2, np.sqrt(3) / 2 * 2 * 2), (600, 1039)),
        ("wallpaper(cm, ratio=0.25, cell=1)", Plane(0, 0, 1, 0.25), (600, 150)),
        ("wallpaper(p1, ratio=10, shear=0.2)", Plane(0, 0, 0.5, 25), (600, 20_000)),
    ],
)
def test_the_rectangle_and_its_pixels(inputs: str, plane: Plane, size: tuple[int, int]) -> None:
    assert tile_of(change(subject_of_text("conv(4)"), inputs=inputs)) == (plane, size)


def test_a_picture_of_it(tmp_path: Path) -> None:
    one, large, moved = (tmp_path / name for name in ("one.png", "large.png", "moved.png"))
    inputs = ["--inputs", "wallpaper(p6m)", "--dtype", "float64"]
    assert status_of(["draw", "conv(6) * 3", *inputs, "--plane", "tile", "--size", "60x104", "-o", str(one)]) == 0
    width, height = 0.5, float(np.sqrt(3) / 2 * 0.5 * 2)
    assert Recipe.read(one).raster.plane == Plane(0, 0, width, height)
    ends = f"{width / 2},{3 * width / 2},{-height / 2},{height / 2}"
    assert status_of(["draw", str(one), "--plane", ends, "-o", str(moved)]) == 0
    with Image.open(one) as here, Image.open(moved) as there:
        assert np.array_equal(np.asarray(here), np.asarray(there))
    # a poster of an older picture's tile has square pixels
    assert status_of(["poster", str(one), "--plane", "tile", "-o", str(large)]) == 0
    with Image.open(large) as found:
        assert found.size == (600, 1039)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ([], "--plane tile: 'conv(4)' repeats nowhere; inputs that do are --inputs 'wallpaper(p4m)'"),
        (["--inputs", "rotate(4)"], "repeats nowhere"),
        (["--inputs", "wallpaper(p1, shear=0.123)"], "--plane tile: shear=0.123: no upright rectangle of 12 cells"),
    ],
)
@pytest.mark.parametrize("command", ["draw", "poster", "measure", "film"])
def test_refused(
    command: str, options: list[str], message: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / ("film.gif" if command == "film" else "out.png")
    out = [] if command == "measure" else ["-o", str(file)]
    assert status_of([command, "conv(4)", *options, "--plane", "tile", *out]) == 2
    told = capsys.readouterr().err
    assert message in told.replace("Architecture(conv(4), inputs=", "")
    assert told.count("\n") == 1
    assert not file.exists()


def test_windows_break_it(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "out.png"
    assert status_of(["draw", "conv(4) >> conv(4, 3)", "--inputs", "wallpaper(p2)", "-o", str(file)]) == 2
    wanted = (
        "layer 1, conv(4, 3): looks beside a point, which wallpaper(p2) cannot keep symmetric; take kernel 1, no pool"
    )
    assert capsys.readouterr().err == f"netwarp: {wanted}\n"
    assert not file.exists()
