"""Recipe: round trips, the stored old file, weights, and texts made to do harm."""

from __future__ import annotations

import json
import zlib
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from netwarp.errors import InputError, LimitError
from netwarp.picture.picture import Picture
from netwarp.picture.recipe import MAX_INLINE, MAX_WEIGHTS, Recipe, Weights
from netwarp.plane import Plane, Raster
from picture.samples import chunk, png, small_recipe

RECIPE = small_recipe()
PIXELS = np.zeros((2, 3, 3), np.uint8)
finite = st.floats(-1e15, 1e15)
positive = st.floats(1e-300, 1e15)
planes = st.builds(Plane, finite, finite, positive, positive)
rasters = st.builds(Raster, st.integers(1, 65_536), st.integers(1, 65_536), planes)


@settings(max_examples=40)
@given(rasters, rasters, st.integers(-(2**256), 2**256), st.text(max_size=200))
def test_json_keeps_everything(raster: Raster, calibration: Raster, seed: int, architecture: str) -> None:
    recipe = replace(RECIPE, raster=raster, calibration=calibration, seed=seed, architecture=architecture)
    text = recipe.to_json()
    assert text.isascii()
    assert Recipe.from_json(text) == recipe


def test_the_fields_of_the_json() -> None:
    data = json.loads(RECIPE.to_json())
    assert list(data) == (
        ["version", "architecture", "seed", "plane", "size", "calibration", "tone", "dtype", "engine", "weights"]
    )
    assert data["plane"] == [0.1, -0.2, 1e-9, 0.3]
    assert data["size"] == [3, 2]
    assert data["calibration"] == {"size": [600, 400], "plane": [0, 0, 1, 1]}


def test_a_plane_of_many_digits_and_its_contrast_are_kept() -> None:
    plane = Plane("0.1234567890123456789012345678901234567890", 0.5, 1e-30, 2e-30)
    recipe = replace(RECIPE, raster=Raster(3, 2, plane), contrast="view")
    data = json.loads(recipe.to_json())
    assert data["plane"] == ["0.123456789012345678901234567890123456789", 0.5, 1e-30, 2e-30]
    assert Recipe.from_json(recipe.to_json()) == recipe


def test_the_recipe_of_version_0_1_is_readable_for_ever() -> None:
    # what version 0.1 called lab
    tone = replace(RECIPE.tone, colour="lab-clipped")
    assert Recipe.read(Path(__file__).with_name("recipe-0.1.png")) == replace(RECIPE, version="0.1.0", tone=tone)
    assert json.loads(RECIPE.to_json())["tone"]["tone"] == 2


@pytest.mark.parametrize("version", ["0.1.0", "0.2.0.dev0", "0.2.0", "17.3", "unknown"])
@pytest.mark.parametrize(("tone", "colour"), [(None, "lab-clipped"), (1, "lab-clipped"), (2, "lab")])
def test_what_lab_means_is_said_by_the_tone_and_never_by_the_version(
    version: str, tone: int | None, colour: str
) -> None:
    data = json.loads(RECIPE.to_json()) | {"version": version}
    del data["tone"]["tone"]
    data["tone"] |= {} if tone is None else {"tone": tone}
    read = Recipe.from_json(json.dumps(data))
    assert (read.version, read.tone.colour) == (version, colour)
    # drawn again, it says what it means in today's words
    assert json.loads(read.to_json())["tone"]["colour"] == colour
    assert json.loads(read.to_json())["tone"]["tone"] == 2


def test_fields_of_later_versions_are_ignored_and_optional_ones_may_be_missing() -> None:
    data = RECIPE.to_data() | {"version": "17.3", "mood": "blue"}
    for name in ("dtype", "engine", "weights"):
        del data[name]
    assert Recipe.from_json(json.dumps(data)) == replace(RECIPE, version="17.3", dtype="auto")


@pytest.mark.parametrize("name", ["architecture", "seed", "plane", "size", "calibration", "tone"])
def test_a_missing_field_is_named(name: str) -> None:
    data = RECIPE.to_data()
    del data[name]
    with pytest.raises(InputError, match=f"{name} is missing"):
        Recipe.from_json(json.dumps(data))


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("architecture", 7),
        ("architecture", None),
        ("architecture", "x" * 10_001),
        ("seed", None),
        ("seed", 1.0),
        ("seed", True),
        ("seed", 10**80),
        ("plane", [0, 0, 1]),
        ("plane", [0, 0, 1, 0]),
        ("plane", [0, 0, 1, "1"]),
        ("plane", {"x": 0}),
        ("plane", ["0.1x", 0, 1, 1]),
        ("plane", ["1e999999", 0, 1, 1]),
        ("contrast", "loud"),
        ("size", [600]),
        ("size", [0, 400]),
        ("size", [1e3, 400]),
        ("size", [10**9, 10**9]),
        ("calibration", [600, 400]),
        ("calibration", {"size": [600, 400]}),
        ("tone", None),
        ("tone", {"colour": "lab"}),
        ("dtype", "float16"),
        ("dtype", ["float32"]),
        ("engine", "../engine"),
        ("engine", 1),
        ("version", 1),
        ("version", "1\n2"),
        ("weights", "abc"),
        ("weights", {"file": "a.npz"}),
        ("weights", {"file": "../a.npz", "sha256": "0" * 64}),
        ("weights", {"file": "a.npz", "sha256": "0" * 63}),
        ("weights", {"file": "a.npz", "sha256": "0" * 64, "npz": "\u00e4"}),
        ("weights", {"file": "a.npz", "sha256": "0" * 64, "npz": "A" * (MAX_INLINE * 3 // 2)}),
        ("sheet", []),
    ],
)
def test_a_wrong_field_is_one_line(name: str, value: object) -> None:
    with pytest.raises(InputError) as caught:
        Recipe.from_json(json.dumps(RECIPE.to_data() | {name: value}))
    message = str(caught.value)
    assert "\n" not in message
    assert len(message) < 300
    assert name.replace("size", "raster") in message.replace("size", "raster")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "not JSON"),
        ("null", "must be an object"),
        ("[1]", "must be an object"),
        ("[" * 100_000, "nested too deeply"),
        ('{"a":' * 100_000, "nested too deeply"),
        ('{"seed": NaN}', "NaN is no JSON number"),
        ('{"seed": -Infinity}', "Infinity is no JSON number"),
        ('{"seed": ' + "9" * 5000 + "}", "not JSON"),
        ('{"a": "\n"}', "not JSON"),
        (" " * (2 << 20) + "{}", "at most 2,097,152"),
    ],
)
def test_a_text_that_is_no_recipe_is_one_line(text: str, message: str) -> None:
    with pytest.raises(InputError, match=message) as caught:
        Recipe.from_json(text)
    assert "\n" not in str(caught.value)
    assert len(str(caught.value)) < 300


def refused_in_one_line_or_read(read: Callable[[], Recipe]) -> None:
    message = ""
    try:
        assert isinstance(read(), Recipe)
    except InputError as error:
        message = str(error)
    assert "\n" not in message


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)


@given(st.sampled_from([*RECIPE.to_data(), "tone.low", "calibration.size"]), json_values)
def test_whatever_a_field_holds_it_is_a_recipe_or_an_input_error(name: str, value: object) -> None:
    data = json.loads(RECIPE.to_json())
    outer, _, inner = name.partition(".")
    data[outer] = data[outer] | {inner: value} if inner else value
    refused_in_one_line_or_read(lambda: Recipe.from_json(json.dumps(data)))


@settings(max_examples=200)
@given(st.data())
def test_a_damaged_file_is_a_recipe_or_an_input_error(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    image = bytearray(Picture(PIXELS, RECIPE).to_png())
    for _ in range(data.draw(st.integers(1, 3))):
        image[data.draw(st.integers(0, len(image) - 1))] = data.draw(st.integers(0, 255))
    path = tmp_path_factory.getbasetemp() / "damaged.png"
    path.write_bytes(image[: data.draw(st.integers(0, len(image)))])
    refused_in_one_line_or_read(lambda: Recipe.read(path))


def test_reading_names_the_file(tmp_path: Path) -> None:
    path = tmp_path / "plain.png"
    path.write_bytes(png())
    with pytest.raises(InputError, match=r"plain\.png': carries no recipe"):
        Recipe.read(path)
    path.write_bytes(png(chunk(b"tEXt", b"netwarp\0{}")))
    with pytest.raises(InputError, match=r"plain\.png': recipe: architecture is missing"):
        Recipe.read(path)


def test_small_weights_travel_along(tmp_path: Path) -> None:
    npz = b"weights " * 1000
    weights = Weights.of("folder/mine.npz", npz)
    recipe = replace(RECIPE, architecture=None, seed=None, weights=weights)
    path = tmp_path / "a.png"
    Picture(PIXELS, recipe).save(path)
    back = Recipe.read(path).weights
    assert back == weights
    assert back.file == "mine.npz"
    assert back.npz() == npz


def test_large_weights_travel_by_name_and_sha256() -> None:
    npz = np.random.default_rng(0).bytes(MAX_INLINE + 1)
    weights = Weights.of("mine.npz", npz)
    assert weights.packed is None
    assert weights.npz() is None
    assert weights.matches(npz)
    assert not weights.matches(npz[:-1])
    assert Weights.from_data(weights.to_data()) == weights
    # the largest that travels: its picture can still be read
    largest = Weights.of("mine.npz", npz[: MAX_INLINE - 1024])
    assert largest.packed is not None
    assert len(replace(RECIPE, weights=largest).to_json()) < 2 << 20


def test_weights_that_inflate_without_end_or_are_others_are_refused() -> None:
    bomb = Weights("a.npz", "0" * 64, zlib.compress(bytes(MAX_WEIGHTS + 1), 9))
    with pytest.raises(LimitError, match="inflate to more than"):
        bomb.npz()
    with pytest.raises(InputError, match="SHA-256"):
        Weights("a.npz", "0" * 64, zlib.compress(b"others")).npz()
    with pytest.raises(InputError, match="damaged"):
        Weights("a.npz", "0" * 64, b"no zlib").npz()
