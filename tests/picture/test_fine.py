"""16 bits a colour, and dithered bytes: against float64, to what both claim, and the same wherever they are drawn."""

from __future__ import annotations

import json
from dataclasses import replace
from io import BytesIO
from pathlib import Path

import imagecodecs
import mpmath
import numpy as np
import pytest
from PIL import Image

import netwarp as nw
from netwarp.cli.main import status_of
from netwarp.errors import InputError
from netwarp.picture.fine import _table as table
from netwarp.picture.fine import encode_light, encoded_srgb, linear_srgb, to_dithered, to_sixteen
from netwarp.picture.maps import map_encoded
from netwarp.picture.oklab import light_of
from netwarp.picture.oklab_pixels import COLOURS, oklab_light

EVERY = ("lab", "oklab", "oklch", "lab-clipped", "rgb", "hsv", "gray", "viridis", "duotone")


def units(count: int = 3) -> np.ndarray:
    return np.random.default_rng(1).uniform(0, 1, (count, 90, 110)).astype(np.float32)


def transfer(light: np.ndarray) -> np.ndarray:
    return np.where(light <= 0.0031308, 12.92 * light, 1.055 * light ** (1 / 2.4) - 0.055)


@pytest.mark.parametrize("colour", COLOURS)
def test_light_is_that_of_the_definition(colour: str) -> None:
    unit = units()
    np.testing.assert_array_equal(oklab_light(unit, colour), np.clip(light_of(unit, colour), 0, 1))


def test_the_transfer_function_is_right_to_a_fraction_of_the_last_of_16_bits() -> None:
    light = np.concatenate([np.linspace(0, 1, 100_001), np.geomspace(1e-6, 0.02, 50_000)]).astype(np.float32)
    light = np.resize(light, (3, len(light)))
    wanted = transfer(light.astype(np.float64))
    encode_light(light, table())
    # most where its two pieces meet within a bin: their slopes differ by 0.2
    assert np.abs(light - wanted).max() * 65535 < 0.05
    assert light[0, [0, 100_000]].tolist() == [0, 1]
    # where the formula bends most, against mpmath
    with mpmath.workdps(30):
        bent = mpmath.mpf("1.055") * mpmath.mpf(2) ** (mpmath.mpf(-8) / mpmath.mpf("2.4")) - mpmath.mpf("0.055")
    one = np.full((3, 1), 2.0**-8, np.float32)
    encode_light(one, table())
    assert abs(float(one[0, 0]) - float(bent)) < 1e-7


@pytest.mark.parametrize("colour", EVERY)
def test_bytes_are_the_nearest_of_what_16_bits_say(colour: str) -> None:
    samples = units()
    tone = nw.Tone.fit(samples, colour)
    picture = nw.paint(samples, tone, depth=16)
    assert picture.deep is not None
    assert picture.deep.dtype == np.uint16
    # of a map bytes are the nearest of its 1,024 colours
    steps = 0.5 * np.abs(np.diff(map_encoded(colour), axis=0)).max() * 255 if colour in ("viridis", "duotone") else 0
    assert np.abs(picture.deep / 257 - picture.pixels.astype(int)).max() < 0.505 + steps
    np.testing.assert_array_equal(picture.pixels, nw.paint(samples, tone).pixels)


@pytest.mark.parametrize("colour", EVERY)
def test_dithered_bytes_are_either_neighbour_and_right_on_the_mean(colour: str) -> None:
    samples = units()
    tone = replace(nw.Tone.fit(samples, colour), dither=True)
    exact = np.moveaxis(encoded_srgb(tone.unit(samples), tone.colour), 0, -1) * 255
    found = nw.paint(samples, tone).pixels.astype(int)
    assert (found >= np.floor(exact - 1e-3)).all()
    assert (found <= np.ceil(exact + 1e-3)).all()
    assert abs((found - exact).mean()) < 0.01


def test_of_a_flat_picture_the_mean_of_any_block_is_right() -> None:
    for level in (17.1, 100.5, 200.93):
        out = np.empty((64, 64, 3), np.uint8)
        to_dithered(np.full((3, 64, 64), level / 255, np.float32), 0, out)
        blocks = out[..., 0].reshape(8, 8, 8, 8).mean(axis=(1, 3))
        # a sequence of low discrepancy: 64 numbers at random would miss by 0.06
        assert np.abs(blocks - level).max() < 0.06
        # grey stays grey
        assert (out == out[..., :1]).all()
    # whole levels are as they are
    whole = np.repeat(np.arange(256, dtype=np.float32) / 255, 9).reshape(1, 48, 48)
    out = np.empty((48, 48, 3), np.uint8)
    to_dithered(np.repeat(whole, 3, axis=0), 5, out)
    assert np.abs(out[..., 0].ravel() - np.repeat(np.arange(256), 9).astype(int)).max() == 0


def test_sixteen_bits_round_to_the_nearest() -> None:
    levels = np.array([0, 0.4, 0.6, 1, 65534.4, 65534.6, 65535], np.float64) / 65535
    out = np.empty((1, 7, 3), np.uint16)
    to_sixteen(np.repeat(levels.astype(np.float32)[None, None], 3, axis=0), out)
    assert out[0, :, 1].tolist() == [0, 0, 1, 1, 65534, 65535, 65535]


def test_a_png_of_16_bits_has_its_pixels_and_its_recipe(tmp_path: Path) -> None:
    drawing = nw.draw("conv(5) * 2", seed=3, size=(60, 40), colour=nw.Colouring(depth=16))
    assert drawing.recipe.depth == 16
    drawing.picture.save(tmp_path / "deep.png")
    found = imagecodecs.png_decode((tmp_path / "deep.png").read_bytes())
    assert found.dtype == np.uint16
    np.testing.assert_array_equal(found, drawing.picture.deep)
    with Image.open(tmp_path / "deep.png") as image:
        assert np.abs(np.asarray(image.convert("RGB")).astype(int) - drawing.picture.pixels).max() <= 1
        assert json.loads(image.text["netwarp"])["depth"] == 16
    again = nw.draw(tmp_path / "deep.png")
    assert again.recipe == drawing.recipe
    assert again.picture.to_png() == drawing.picture.to_png() == (tmp_path / "deep.png").read_bytes()
    # with 8 bits it is the picture that it always was
    eight = nw.draw(tmp_path / "deep.png", colour=nw.Colouring(depth=8))
    assert eight.recipe == nw.draw("conv(5) * 2", seed=3, size=(60, 40)).recipe
    # an older picture says nothing of depth
    assert "depth" not in eight.recipe.to_data()
    assert "dither" not in eight.recipe.to_data()["tone"]  # type: ignore[operator]


@pytest.mark.parametrize("y", ["down", "up"])
def test_a_dithered_poster_is_the_dithered_picture(y: str, tmp_path: Path) -> None:
    # of several bands, and of several bands of painting
    drawn = nw.draw("conv(4)", seed=3, size=(1200, 900), colour=nw.Colouring(dither=True), y=y)
    assert drawn.recipe.tone.dither
    drawn.picture.save(tmp_path / "a.png")
    nw.poster(tmp_path / "a.png", tmp_path / "poster.png")
    np.testing.assert_array_equal(np.asarray(Image.open(tmp_path / "poster.png")), drawn.picture.pixels)
    nw.poster("conv(4)", tmp_path / "other.tif", seed=3, size=(1200, 900), colour=nw.Colouring(dither=True), y=y)
    np.testing.assert_array_equal(np.asarray(Image.open(tmp_path / "other.tif")), drawn.picture.pixels)
    # a part of the rows by themselves
    samples = drawn.samples[:, ::-1] if y == "up" else drawn.samples
    part = nw.paint(samples[:, 301:], drawn.recipe.tone, first_row=301)
    np.testing.assert_array_equal(part.pixels, drawn.picture.pixels[301:])


def test_a_poster_of_16_bits_is_the_picture_of_16_bits(tmp_path: Path) -> None:
    deep = nw.draw("conv(4) * 2", seed=3, size=(60, 40), colour=nw.Colouring(depth=16)).picture.deep
    nw.poster("conv(4) * 2", tmp_path / "poster.png", seed=3, size=(60, 40), depth=16)
    np.testing.assert_array_equal(imagecodecs.png_decode((tmp_path / "poster.png").read_bytes()), deep)


def test_a_dithered_film_is_its_frames(tmp_path: Path) -> None:
    film = nw.film("conv(4) * 2", "seed", 3, 4, frames=3, size=(60, 40), colour=nw.Colouring(dither=True))
    film.frame(1).save(tmp_path / "b.png")
    again = nw.draw(tmp_path / "b.png")
    assert again.recipe.tone.dither
    np.testing.assert_array_equal(again.picture.pixels, film.frame(1).pixels)


def test_dithering_ends_bands_and_costs_compression() -> None:
    x, y = np.meshgrid(np.linspace(0, 1, 400), np.linspace(0, 1, 200))
    samples = (0.5 + 0.02 * (x + 0.5 * y * y))[None]
    tone = nw.Tone("gray", (0,), (0.0,), (1.0,))
    plain, dithered = (nw.paint(samples, one) for one in (tone, replace(tone, dither=True)))

    def banded(picture: nw.Picture) -> float:
        """How far means of 8 x 8 pixels are from the gradient."""
        return float(np.abs(picture.pixels[..., 0].reshape(25, 8, 50, 8).mean((1, 3)) - wanted).max())

    wanted = (samples[0] * 255).reshape(25, 8, 50, 8).mean((1, 3))
    assert banded(dithered) < 0.08 < 0.4 < banded(plain)
    assert len(dithered.to_png()) > 5 * len(plain.to_png())


def test_the_command_says_depth_and_dither(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    given = ["draw", "conv(4) * 2", "--size", "60x40"]
    assert status_of([*given, "--depth", "16", "--dither", "-o", "a.png", "--json"]) == 0
    recipe = json.loads(capsys.readouterr().out)["recipe"]
    assert (recipe["depth"], recipe["tone"]["dither"]) == (16, True)
    assert status_of(["draw", "a.png", "-o", "b.png"]) == 0
    assert Path("a.png").read_bytes() == Path("b.png").read_bytes()
    # a later picture may say more than the one it begins from
    assert status_of([*given, "-o", "c.png"]) == 0
    assert status_of(["draw", "c.png", "--dither", "-o", "d.png"]) == 0
    assert nw.Recipe.read("d.png").tone == replace(nw.Recipe.read("c.png").tone, dither=True)
    for wrong in (["--depth", "12"], ["--depth", "16", "--axes"], ["--depth", "16", "--seed", "1,2", "--sheet"]):
        assert status_of([*given, *wrong, "-o", "never.png"]) == 2
        (line,) = capsys.readouterr().err.splitlines()[-1:]
        assert "--depth" in line
        assert not Path("never.png").exists()


def test_forged_recipes_are_refused() -> None:
    data = nw.draw("conv(3)", size=(6, 4), calibration=nw.Raster(6, 4)).recipe.to_data()
    for depth in (12, "16", True, None, 1 << 80):
        with pytest.raises(InputError, match="recipe depth"):
            nw.Recipe.from_data({**data, "depth": depth})
    tone = data["tone"]
    assert isinstance(tone, dict)
    for dither in (1, "yes", None):
        with pytest.raises(InputError, match="tone dither"):
            nw.Recipe.from_data({**data, "tone": {**tone, "dither": dither}})


def test_what_is_no_deep_picture_is_refused() -> None:
    pixels = np.zeros((4, 6, 3), np.uint8)
    with pytest.raises(InputError, match="picture deep"):
        nw.Picture(pixels, None, np.zeros((4, 5, 3), np.uint16))
    with pytest.raises(InputError, match="picture deep"):
        nw.Picture(pixels, None, pixels)  # type: ignore[arg-type]
    with pytest.raises(InputError, match="must be 8 or 16"):
        nw.paint(np.zeros((1, 4, 6)), nw.Tone("gray", (0,), (0.0,), (1.0,)), depth=10)
    assert (
        imagecodecs.png_decode(nw.Picture(pixels, None, np.full((4, 6, 3), 1000, np.uint16)).to_png())[0, 0, 0] == 1000
    )
    assert Image.open(BytesIO(nw.Picture(pixels).to_png())).mode == "RGB"


def test_linear_light_of_every_colouring_is_that_of_its_bytes() -> None:
    for colour in EVERY:
        unit = units(1 if colour in ("gray", "viridis", "duotone") else 3)
        np.testing.assert_allclose(
            transfer(linear_srgb(unit.copy(), colour).astype(np.float64)), encoded_srgb(unit.copy(), colour), atol=3e-6
        )
