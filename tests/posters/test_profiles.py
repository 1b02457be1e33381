"""The profiles, held to LittleCMS; and the colours of posters that have 16 bits or another space."""

import io

import numpy as np
import pytest
from PIL import Image, ImageCms

from netwarp.errors import InputError, NotFiniteError
from netwarp.picture.paint import paint
from netwarp.picture.tone import Tone
from netwarp.posters.painting import PosterPainter
from netwarp.posters.profiles import SPACES, RgbSpace, icc, space_of

VALUES = np.random.default_rng(3).normal(size=(3, 60, 50)).astype(np.float32)

# ICC.1:2010, annex E: D65 to D50; and the red colorants of the profiles that HP, Apple and Adobe published
ADAPTED = [[1.0478, 0.0229, -0.0501], [0.0295, 0.9905, -0.0171], [-0.0092, 0.0151, 0.7517]]
RED = {"srgb": (0.4361, 0.2225, 0.0139), "display-p3": (0.5151, 0.2412, -0.0011), "adobe-rgb": (0.6097, 0.3111, 0.0195)}


@pytest.mark.parametrize("space", SPACES, ids=lambda space: space.name)
def test_littlecms_reads_the_profile_as_what_it_says(space: RgbSpace) -> None:
    profile = ImageCms.ImageCmsProfile(io.BytesIO(icc(space)))
    assert ImageCms.getProfileDescription(profile).strip() == space.title
    assert (profile.profile.version, profile.profile.xcolor_space) == (4.3, "RGB ")
    assert np.abs(np.array(profile.profile.chromatic_adaptation[0]) - ADAPTED).max() < 2e-4
    assert profile.profile.red_colorant[0] == pytest.approx(RED[space.name], abs=4e-4)
    assert profile.profile.media_white_point[0] == pytest.approx((0.9642, 1, 0.8249), abs=2e-5)


@pytest.mark.parametrize("space", SPACES[1:], ids=lambda space: space.name)
def test_colours_are_those_that_littlecms_makes_of_srgb(space: RgbSpace) -> None:
    tone = Tone.fit(VALUES)
    srgb, profile = ImageCms.createProfile("sRGB"), ImageCms.ImageCmsProfile(io.BytesIO(icc(space)))
    made = ImageCms.profileToProfile(Image.fromarray(paint(VALUES, tone).pixels), srgb, profile, renderingIntent=1)
    found = PosterPainter(tone, space).pixels(VALUES, 0).astype(int)
    # theirs are of sRGB rounded to 8 bits
    assert np.abs(found - np.asarray(made)).max() <= 2
    assert np.abs(found - paint(VALUES, tone).pixels).max() > 5


@pytest.mark.parametrize("colour", ["lab", "lab-clipped", "rgb", "gray", "viridis"])
def test_sixteen_bits_are_the_eight_and_finer(colour: str) -> None:
    tone = Tone.fit(VALUES, colour)
    deep = PosterPainter(tone, depth=16).pixels(VALUES, 0)
    assert deep.dtype == np.uint16
    assert np.abs(deep / 257 - paint(VALUES, tone).pixels).max() < (1.01 if colour == "viridis" else 0.51)
    assert len(np.unique(deep)) > 2 * 256


def test_a_value_without_a_colour_is_refused() -> None:
    bad = VALUES.copy()
    bad[1, 2, 3] = np.nan
    with pytest.raises(NotFiniteError, match="1 of 9,000 values"):
        PosterPainter(Tone.fit(VALUES), depth=16).pixels(bad, 0)


def test_an_unknown_space_names_the_nearest() -> None:
    with pytest.raises(InputError, match=r'--profile \'adobergb\': must be one of .*; did you mean "adobe-rgb"\?'):
        space_of("adobergb")
