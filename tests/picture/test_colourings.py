"""Colourings beside "lab": held to independent formulas, to their definitions, and to what they claim."""

from __future__ import annotations

import colorsys
import json
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

import netwarp as nw
from netwarp.cli.main import status_of
from netwarp.errors import InputError, LimitError
from netwarp.orders.filling import fill
from netwarp.orders.order import Outputs, order
from netwarp.orders.what import as_subject
from netwarp.picture.colour import THREE
from netwarp.picture.gamut import LIGHTNESS
from netwarp.picture.hsv_pixels import hsv_encoded, hsv_to_srgb
from netwarp.picture.maps import goes_around, map_colours, map_encoded
from netwarp.picture.oklab import EVEN_CHROMA, outside, plainly, polar
from netwarp.picture.oklab_pixels import COLOURS, oklab_to_srgb
from netwarp.picture.palette import DUOTONE, colours_of
from tests.picture.test_oklab import TO_CONES, TO_LAB, units

NEW = ("oklab", "oklch", "hsv", "duotone", "palette(#102030,#c04060,#ffe8c2)")
# half a level of 255 in the steepest direction of Oklab, near its darkest colours
ROUNDED = 0.006


def oklab_of(codes: np.ndarray) -> np.ndarray:
    """(..., 3) sRGB bytes -> Oklab by Ottosson's printed forward matrices, which the code does not have."""
    encoded = codes / 255
    light = np.where(encoded <= 0.04045, encoded / 12.92, ((encoded + 0.055) / 1.055) ** 2.4)
    return np.cbrt(light @ TO_CONES.T) @ TO_LAB.T


def test_oklab_of_colours_that_others_publish() -> None:
    """As CSS Color 4 prints them: red, green and blue as oklab(), to its digits."""
    found = oklab_of(np.array([[255, 0, 0], [0, 128, 0], [0, 0, 255]]))
    printed = [[0.62796, 0.22486, 0.12585], [0.51975, -0.1403, 0.10768], [0.45201, -0.03246, -0.31153]]
    np.testing.assert_allclose(found, printed, atol=1e-4)


@pytest.mark.parametrize("colour", COLOURS)
@pytest.mark.parametrize("spread", [0.1, 1.0, 1e6])
def test_the_compiled_bytes_are_the_definitions(colour: str, spread: float) -> None:
    unit = units(20_000, spread).astype(np.float32)
    unit[:, :4] = [[np.inf, -np.inf, 0, 1], [np.inf, -np.inf, 0.5, -1e30], [-np.inf, np.inf, 1, 1e30]]
    np.testing.assert_array_equal(oklab_to_srgb(unit, colour=colour), plainly(unit, colour))


def test_oklab_is_even_wherever_srgb_has_the_colour() -> None:
    unit = np.random.default_rng(3).uniform(0, 1, (3, 50_000)).astype(np.float32)
    found = oklab_of(oklab_to_srgb(unit, colour="oklab"))
    inside = ~outside(unit, "oklab")
    assert 0.5 < inside.mean() < 0.99
    wanted = np.stack([LIGHTNESS[0] + unit[0] * (LIGHTNESS[1] - LIGHTNESS[0]), *(EVEN_CHROMA * (2 * unit[1:] - 1))], -1)
    assert np.abs(found - wanted)[inside].max() < ROUNDED
    # elsewhere lightness and hue stay, and chroma is less
    assert np.abs(found - wanted)[~inside, 0].max() < ROUNDED
    (a, b), (c, d) = found[~inside, 1:].T, wanted[~inside, 1:].T
    turned = (a * d - b * c) / np.hypot(c, d)
    assert np.abs(turned).max() < ROUNDED
    less, asked = (np.linalg.norm(one[~inside, 1:], axis=-1) for one in (found, wanted))
    assert (less < asked + ROUNDED).all()
    # what differs is said
    assert nw.Tone("oklab", (0, 1, 2), (0.0,) * 3, (1.0,) * 3).share_outside(unit[:, None]) == pytest.approx(
        1 - inside.mean(), abs=0.01
    )


def test_oklch_has_the_hue_and_keeps_it_around() -> None:
    random = np.random.default_rng(4)
    lightness, chroma, hue = random.uniform(0, 1, 9999), random.uniform(0.1, 0.3, 9999), random.uniform(0, 1, 9999)
    unit = np.array([lightness, chroma, hue], np.float32)
    codes = oklab_to_srgb(unit, colour="oklch")
    _, a, b = oklab_of(codes).T
    apart = np.angle(np.exp(1j * (np.arctan2(b, a) - 2 * np.pi * hue)))
    assert np.abs(apart * np.hypot(a, b)).max() < ROUNDED
    # a whole range further the hue is the same; binary fractions, so that nothing is rounded
    unit[2] = np.round(unit[2] * 4096) / 4096
    wanted = oklab_to_srgb(unit, colour="oklch")
    for turns in (-3, 1, 40):
        further = unit + np.array([[0], [0], [turns]], np.float32)
        np.testing.assert_array_equal(oklab_to_srgb(further, colour="oklch"), wanted)
    # below its range chroma is none: no opposite hue
    assert np.ptp(oklab_to_srgb(np.array([[0.5], [-3], [0.3]], np.float32), colour="oklch")) == 0
    # and nowhere it jumps, at a whole turn least of all
    way = np.stack([np.full(4001, 0.5), np.full(4001, 0.3), np.linspace(0.9, 1.1, 4001)]).astype(np.float32)
    assert np.abs(np.diff(oklab_to_srgb(way, colour="oklch").astype(int), axis=0)).max() <= 1


def test_polar_is_sine_and_cosine() -> None:
    hue = np.linspace(-2, 2, 10_001)
    _, a, b = polar(np.stack([np.zeros_like(hue), np.ones_like(hue), hue]))
    np.testing.assert_allclose(2 * a - 1, np.cos(2 * np.pi * hue), atol=2e-9)
    np.testing.assert_allclose(2 * b - 1, np.sin(2 * np.pi * hue), atol=2e-9)


def test_hsv_is_the_hexcone() -> None:
    unit = np.random.default_rng(5).uniform(0, 1, (3, 5000)).astype(np.float32)
    unit[:, :3] = [[0, 1, 1 / 3], [1, 1, 0.5], [1, 1, 1]]
    wanted = np.array([colorsys.hsv_to_rgb(*map(float, one)) for one in unit.T])
    codes = hsv_to_srgb(unit)
    np.testing.assert_allclose(hsv_encoded(unit).T, wanted, atol=2e-6)
    assert np.abs(codes - 255 * wanted).max() < 0.501
    np.testing.assert_array_equal(codes, (hsv_encoded(unit) * np.float32(255) + np.float32(0.5)).astype(np.uint8).T)
    # both ends are red
    assert codes[:2].tolist() == [[255, 0, 0]] * 2


def test_a_duotone_is_straight_and_even_in_oklab() -> None:
    codes = map_colours("duotone(#221a54,#ffb27a)")
    assert codes[[0, -1]].tolist() == [[0x22, 0x1A, 0x54], [0xFF, 0xB2, 0x7A]]
    encoded = map_encoded("duotone(#221a54,#ffb27a)")
    way = oklab_of(encoded * 255)
    steps = np.diff(way, axis=0)
    np.testing.assert_allclose(steps, np.broadcast_to(steps.mean(axis=0), steps.shape), atol=1e-6)
    np.testing.assert_array_equal(codes, np.rint(encoded * 255))


def test_a_palette_goes_through_its_colours_at_one_speed() -> None:
    name = "palette(#102030,#507060,#c04060,#ffe8c2)"
    way = oklab_of(map_encoded(name) * 255)
    lengths = np.linalg.norm(np.diff(way, axis=0), axis=1)
    # less where a corner lies between two
    assert np.sort(lengths)[3:].std() < 1e-6
    for colour in colours_of(name):
        corner = oklab_of(np.array(list(bytes.fromhex(colour[1:]))))
        assert np.linalg.norm(way - corner, axis=1).min() < lengths.max()


def test_the_name_of_a_palette_is_its_colours() -> None:
    assert nw.Tone(" palette( #ABC, #ffe8c2 )", (0,), (0.0,), (1.0,)).colour == "palette(#aabbcc,#ffe8c2)"
    assert nw.Tone("duotone", (0,), (0.0,), (1.0,)).colour == f"duotone({','.join(DUOTONE)})"
    assert nw.Tone.from_json(nw.Tone("duotone", (0,), (0.0,), (1.0,)).to_json()).colour.startswith("duotone(#")


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("palette", "must be as in palette\\(#1d2a5c"),
        ("palette()", "'' is no colour; write it as #ffcc00 or #fc0"),
        ("palette(#fff)", "palette has 2 to 16 colours, not 1"),
        (f"palette({','.join(['#fff'] * 17)})", "palette has 2 to 16 colours, not 17"),
        ("duotone(#fff,#000,#777)", "duotone has two colours, not 3"),
        ("duotone(red,blue)", "'red' is no colour"),
        ("duotone(#fff,#00)", "'#00' is no colour"),
        ("duotone(#fff,#000) + 1", "must be as in"),
        ("palette(" * 20, "must be as in"),
        ("hvs", 'did you mean "hsv"'),
    ],
)
def test_what_is_no_palette_is_refused(name: str, said: str) -> None:
    with pytest.raises(InputError, match=said) as caught:
        nw.Tone(name, (0,), (0.0,), (1.0,))
    assert "\n" not in str(caught.value)


def image_of(path: Path, colours: dict[str, int], mode: str = "RGB") -> Path:
    """Stripes of colours, of so many rows each."""
    image = Image.new(mode, (40, sum(colours.values())))
    row = 0
    for colour, rows in colours.items():
        image.paste(colour, (0, row, 40, row + rows))
        row += rows
    image.save(path)
    return path


def test_a_palette_is_an_images_colours_from_dark_to_light(tmp_path: Path) -> None:
    few = {"#ffe8c2": 30, "#102030": 5, "#c04060": 1, "#507060": 9}
    file = image_of(tmp_path / "few.png", few)
    assert nw.palette(file) == nw.palette(str(file)) == "palette(#102030,#507060,#c04060,#ffe8c2)"
    # of more colours than there are groups some become one; near ones first
    many = image_of(tmp_path / "many.png", {**few, "#122232": 5, "#fde6c0": 30})
    assert len(colours_of(nw.palette(many, 4))) == 4
    assert colours_of(nw.palette(many, 4))[1:3] == ("#507060", "#c04060")
    # what is transparent does not count
    clear = image_of(tmp_path / "clear.png", {"#ff000000": 9, "#102030ff": 9, "#ffe8c2ff": 9}, "RGBA")
    assert nw.palette(clear) == "palette(#102030,#ffe8c2)"


def test_of_a_photo_the_palette_is_close_to_every_pixel(tmp_path: Path) -> None:
    x, y = np.meshgrid(np.linspace(0, 1, 300), np.linspace(0, 1, 200))
    codes = np.stack([255 * x, 255 * y, 255 * (1 - x) * y], -1).astype(np.uint8)
    Image.fromarray(codes).save(tmp_path / "smooth.jpg", quality=95)
    one, many = (nw.palette(tmp_path / "smooth.jpg", count) for count in (2, 16))
    assert many == nw.palette(tmp_path / "smooth.jpg", 16)
    points = oklab_of(codes.reshape(-1, 3))

    def off(name: str) -> float:
        means = oklab_of(np.array([list(bytes.fromhex(c[1:])) for c in colours_of(name)]))
        assert (np.diff(means[:, 0]) > 0).all()
        return float(np.sqrt(((points[:, None] - means) ** 2).sum(-1).min(1).mean()))

    assert off(many) < 0.45 * off(one)


def test_hostile_images_are_one_line(tmp_path: Path) -> None:
    (tmp_path / "text.png").write_text("no image")
    good = image_of(tmp_path / "good.png", {"#102030": 40, "#ffe8c2": 40}).read_bytes()
    (tmp_path / "cut.png").write_bytes(good[: len(good) // 2])
    image_of(tmp_path / "one.png", {"#102030": 4})
    image_of(tmp_path / "clear.png", {"#10203000": 4}, "RGBA")
    (tmp_path / "wrong.png").write_bytes(good)
    Image.open(tmp_path / "good.png").save(tmp_path / "wrong.png", icc_profile=b"no profile at all")
    said = {
        "text.png": "is no image that is read",
        "cut.png": "cannot be read",
        "one.png": "has one colour only, #102030; a palette needs two",
        "clear.png": "is transparent everywhere",
        "wrong.png": "its colour profile cannot be used",
        "missing.png": "cannot be read",
        "": "cannot be read",
    }
    for name, why in said.items():
        with pytest.raises(InputError, match=why) as caught:
            nw.palette(tmp_path / name)
        assert "\n" not in str(caught.value)
    for count in (0, 1, 17):
        with pytest.raises((InputError, LimitError), match="palette count"):
            nw.palette(tmp_path / "good.png", count)


@pytest.mark.parametrize("colour", NEW)
def test_every_way_of_drawing_has_the_same_colours(colour: str, tmp_path: Path) -> None:
    drawing = nw.draw("conv(5) * 3", seed=2, size=(60, 40), colour=colour)
    drawing.picture.save(tmp_path / "a.png")
    again = nw.draw(tmp_path / "a.png")
    np.testing.assert_array_equal(again.picture.pixels, drawing.picture.pixels)
    assert again.recipe == drawing.recipe
    nw.poster(tmp_path / "a.png", tmp_path / "poster.png", size=(60, 40))
    np.testing.assert_array_equal(np.asarray(Image.open(tmp_path / "poster.png")), drawing.picture.pixels)
    film = nw.film("conv(5) * 3", "seed", 2, 4, frames=3, size=(60, 40), colour=colour)
    frame = film.frame(1)
    frame.save(tmp_path / "b.png")
    np.testing.assert_array_equal(nw.draw(tmp_path / "b.png").picture.pixels, frame.pixels)


@pytest.mark.parametrize("colour", [one for one in THREE if one != "rgb"])
def test_16_bits_of_a_poster_are_the_same_colours(colour: str, tmp_path: Path) -> None:
    import tifffile

    for depth in (8, 16):
        nw.poster("conv(5) * 3", tmp_path / f"{depth}.tif", seed=2, size=(60, 40), colour=colour, depth=depth)
    low, high = (tifffile.imread(tmp_path / f"{depth}.tif").astype(float) for depth in (8, 16))
    assert np.abs(high / 257 - low).max() <= 0.51


def test_the_command_takes_the_colours_of_an_image(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    image_of(Path("photo.png"), {"#102030": 4, "#ffe8c2": 9, "#c04060": 7})
    given = ["conv(5) * 2", "--size", "60x40"]
    assert status_of(["draw", *given, "--palette", "photo.png", "-o", "a.png", "--json"]) == 0
    recipe = json.loads(capsys.readouterr().out)["recipe"]
    assert recipe["tone"]["colour"] == "palette(#102030,#c04060,#ffe8c2)"
    # drawn again without the image
    Path("photo.png").unlink()
    assert status_of(["draw", "a.png", "-o", "b.png"]) == 0
    assert Path("a.png").read_bytes() == Path("b.png").read_bytes()
    assert status_of(["draw", *given, "--palette", "photo.png", "-o", "c.png"]) == 2
    assert status_of(["draw", *given, "--palette", "a.png", "--colour", "lab"]) == 2
    assert "--colour 'lab' and --palette: give one" in capsys.readouterr().err
    assert not Path("c.png").exists()


def test_colours_that_go_around_say_so() -> None:
    around = {
        name: goes_around(name) for name in ("oklch", "hsv", "twilight", "twilight_r", "lab", "viridis", "duotone")
    }
    assert [name for name, does in around.items() if does] == ["oklch", "hsv", "twilight", "twilight_r"]


def test_a_drawn_file_says_that_its_colours_go_around(tmp_path: Path) -> None:
    for colour in ("oklch", "lab"):
        placed = order(as_subject("conv(5)", "draw"), size=(60, 40), colour=colour, files=Outputs(tmp_path / "a.png"))
        said = fill(placed)[0].sentence()
        assert ("colours go once around: the least value looks as the largest" in said) == (colour == "oklch")
