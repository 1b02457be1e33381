"""Picture: the PNG it becomes, and the recipe in it."""

from __future__ import annotations

import io
import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from PIL.PngImagePlugin import PngImageFile, PngInfo

from netwarp.errors import InputError
from netwarp.picture.picture import Picture
from netwarp.picture.recipe import Recipe, Weights
from picture.samples import small_recipe

PIXELS = np.random.default_rng(5).integers(0, 256, (20, 30, 3), dtype=np.uint8)
RECIPE = small_recipe()


def test_pixels_and_recipe_come_back(tmp_path: Path) -> None:
    path = tmp_path / "a.PNG"
    Picture(PIXELS, RECIPE).save(path)
    with Image.open(path) as image:
        assert image.format == "PNG"
        assert np.array_equal(np.asarray(image), PIXELS)
        assert image.info["netwarp"] == RECIPE.to_json()
    assert Recipe.read(path) == RECIPE
    assert list(tmp_path.iterdir()) == [path]


def test_the_same_picture_is_the_same_bytes_everywhere() -> None:
    picture = Picture(PIXELS, RECIPE)
    assert picture.to_png() == picture._repr_png_() == Picture(PIXELS.copy(), RECIPE).to_png()
    assert b"netwarp" not in Picture(PIXELS).to_png()


@pytest.mark.parametrize("kind", ["iTXt", "zTXt", "tEXt"])
def test_the_recipe_survives_pillow(tmp_path: Path, kind: str) -> None:
    with Image.open(io.BytesIO(Picture(PIXELS, RECIPE).to_png())) as image:
        assert isinstance(image, PngImageFile)
        text = PngInfo()
        if kind == "iTXt":
            text.add_itxt("netwarp", image.text["netwarp"], zip=True)
        else:
            text.add_text("netwarp", image.text["netwarp"], zip=kind == "zTXt")
        image.save(tmp_path / "again.png", pnginfo=text)
    assert Recipe.read(tmp_path / "again.png") == RECIPE


def test_pillow_opens_a_picture_with_the_largest_weights() -> None:
    weights = Weights.of("a.npz", np.random.default_rng(0).bytes((1 << 20) - 1024))
    assert weights.packed is not None
    with Image.open(io.BytesIO(Picture(PIXELS, replace(RECIPE, weights=weights)).to_png())) as image:
        image.load()
        assert json.loads(image.info["netwarp"])["weights"]["file"] == "a.npz"


def test_the_guard_against_decompression_bombs_does_not_trip_on_writing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # warnings are errors in this suite
    monkeypatch.setattr(Image, "MAX_IMAGE_PIXELS", 10)
    Picture(PIXELS, RECIPE).save(tmp_path / "a.png")
    assert Recipe.read(tmp_path / "a.png") == RECIPE


@pytest.mark.parametrize("name", ["a.jpg", "a", "png", ".png", "a.png.gz"])
def test_another_kind_of_file_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(InputError, match=r"\.png only"):
        Picture(PIXELS).save(tmp_path / name)
    assert list(tmp_path.iterdir()) == []


def test_an_interrupted_save_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupt(*args: object, **options: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(Image.Image, "save", interrupt)
    with pytest.raises(KeyboardInterrupt):
        Picture(PIXELS).save(tmp_path / "a.png")
    assert list(tmp_path.iterdir()) == []


def test_pixels_are_read_only_and_the_caller_s_array_stays_as_it_is() -> None:
    pixels = PIXELS.copy()
    picture = Picture(pixels)
    with pytest.raises(ValueError, match="read-only"):
        picture.pixels[0, 0] = 0
    assert pixels.flags.writeable
    assert repr(picture) == "Picture(30x20)"
    assert np.array_equal(Picture(pixels[::-1, ::2]).pixels, pixels[::-1, ::2])


@pytest.mark.parametrize(
    "pixels",
    [np.zeros((2, 2, 3)), np.zeros((2, 2), np.uint8), np.zeros((2, 2, 4), np.uint8), np.zeros((0, 2, 3), np.uint8)],
)
def test_pixels_of_another_kind_are_refused(pixels: np.ndarray) -> None:
    with pytest.raises(InputError, match="picture"):
        Picture(pixels)
