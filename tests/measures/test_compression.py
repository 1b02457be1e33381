"""Words and bits: pictures whose words can be counted by hand, coins and bytes whose entropy is known."""

import sys

import imagecodecs
import numpy as np
import pytest

from netwarp.measures.compression import compressed_bits, lz_complexity
from netwarp.measures.measure import noise, ramp
from netwarp.measures.registry import Absent
from netwarp.plane import Raster

COIN = np.random.RandomState(np.random.PCG64(3)).randint(0, 2, size=(128, 128)).astype(float)


def test_words_of_a_ramp_counted_by_hand():
    """Rows of 32 zeros and 32 ones: 0, 0^31 1, 1^31 0, and the rest copies. Turned: 0, 0^2047 1, 1^2047."""
    across = ramp(Raster(64, 64))
    assert lz_complexity(across).value == 12 * 4
    assert lz_complexity(across).details == {"words": 4.0}
    assert lz_complexity(across.T).value == 12 * 3


def test_words_are_the_mean_of_both_ways_of_reading():
    """0 01 110 forwards; 0 1 110 0 from the end, the last word cut short: three and four."""
    line = np.array([[int(bit) for bit in "001110"]], dtype=float)
    assert lz_complexity(line).value == pytest.approx(np.log2(6) * 3.5)
    assert lz_complexity(line[:, ::-1]).value == lz_complexity(line).value


def test_words_need_no_even_halves():
    """Mostly at the top, so that nothing is above the median; then mostly at the bottom."""
    image = np.ones((16, 16))
    image[4:7, 5:9] = 0.0
    assert lz_complexity(image).value == lz_complexity(-image).value > lz_complexity(np.eye(16)[:1]).value


def test_words_of_coins_are_near_one_bit_a_pixel():
    assert lz_complexity(COIN).value / COIN.size == pytest.approx(1.0, abs=0.06)


def test_a_coin_costs_a_bit_and_a_byte_eight():
    """Or a tenth more: the codec foretells pixels from their neighbours, and of noise they know nothing."""
    image = np.random.RandomState(np.random.PCG64(4)).randint(0, 256, size=(128, 128)).astype(float)
    assert compressed_bits(COIN).value == pytest.approx(1.0, abs=0.05)
    assert 8.0 < compressed_bits(image).value < 8.8


def test_bits_of_noise_and_of_a_ramp_lie_about_their_entropies():
    image = noise(Raster(128, 128))
    grays = np.rint(255 * (image - image.min()) / np.ptp(image)).astype(int)
    share = np.bincount(grays.ravel()) / image.size
    entropy = -(share[share > 0] * np.log2(share[share > 0])).sum()
    assert entropy < compressed_bits(image).value < 1.15 * entropy
    assert compressed_bits(ramp(Raster(128, 128))).value < 0.1


def test_bits_are_of_the_grays_from_least_to_largest(monkeypatch):
    """What is coded decodes to them; how bright and how strong the picture is does not count."""
    coded = []
    encode = imagecodecs.jpegxl_encode
    monkeypatch.setattr(
        imagecodecs, "jpegxl_encode", lambda *args, **kw: coded.append(encode(*args, **kw)) or coded[-1]
    )
    image = np.linspace(-1.0, 3.0, 256).reshape(16, 16)
    found = compressed_bits(image)
    assert np.array_equal(imagecodecs.jpegxl_decode(coded[0]), np.arange(256).reshape(16, 16))
    assert found.value == 8 * len(coded[0]) / 256
    assert compressed_bits(4 * image + 8).value == found.value


def test_bits_say_the_codec():
    codec = compressed_bits(COIN).details["codec"]
    assert codec.startswith("JPEG XL, libjxl ")
    assert imagecodecs.jpegxl_version() in codec


def test_bits_are_absent_without_the_extra(monkeypatch):
    monkeypatch.setitem(sys.modules, "imagecodecs", None)
    with pytest.raises(Absent, match=r"^needs the extra: pip install 'netwarp\[measures\]'$"):
        compressed_bits(COIN)


def test_a_constant_has_no_bits():
    with pytest.raises(Absent, match="constant"):
        compressed_bits(np.zeros((8, 8)))
