"""The streamed PNG: what readers find in it is what was written, and its strips make one valid stream."""

import io
import struct
import zlib
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from netwarp.errors import InputError
from netwarp.picture.deep_png import chunk, filtered
from netwarp.posters import begun as parts
from netwarp.posters import png as written
from netwarp.posters.png import Png, joined


def noise(rows: int, columns: int, dtype: type = np.uint8) -> np.ndarray:
    return np.random.default_rng(1).integers(0, np.iinfo(dtype).max + 1, (rows, columns, 3), dtype=dtype)


def whole(png: Png, pixels: np.ndarray, path: Path, cuts: tuple[int, ...], recipe: str = "{}") -> Path:
    """The file of these pixels, written in bands that end before the rows `cuts`."""
    with parts.opened(path, "of a test", png.head(recipe), resume=False, restart=True) as part:
        for stop in (*cuts, len(pixels)):
            part.add(stop, *png.encode(pixels[part.rows : stop]))
        png.finish(part, path)
    parts.remove(path)
    return path


def test_a_checksum_of_two_texts_is_that_of_both_together() -> None:
    rng = np.random.default_rng(0)
    for first, second in [(0, 0), (0, 5), (5, 0), (1, 1), (70_000, 131_072), (65_521, 65_521)]:
        one, two = rng.bytes(first), rng.bytes(second)
        assert joined(zlib.adler32(one), zlib.adler32(two), second) == zlib.adler32(one + two)


def test_the_filters_are_those_of_the_specification() -> None:
    pixels = np.array([[[10, 20, 30], [15, 18, 30]], [[12, 19, 31], [0, 0, 255]]], np.uint8)
    assert filtered(pixels).tolist() == [[1, 10, 20, 30, 5, 254, 0], [2, 2, 255, 1, 241, 238, 225]]


def test_sixteen_bits_stand_with_the_big_end_first() -> None:
    assert filtered(np.array([[[1, 256, 65535]]], np.uint16)).tolist() == [[1, 0, 1, 1, 0, 255, 255]]


@pytest.mark.parametrize("cuts", [(), (1,), (7, 8, 30)])
def test_pillow_reads_what_was_written(tmp_path: Path, cuts: tuple[int, ...], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(written, "STRIP_PIXELS", 200)  # five rows a strip
    pixels = noise(41, 37)
    with Image.open(whole(Png(37, 41, dpi=300), pixels, tmp_path / "a.png", cuts, recipe="hello")) as image:
        assert (image.mode, image.size, image.info["srgb"], image.text["netwarp"]) == ("RGB", (37, 41), 0, "hello")
        assert image.info["dpi"] == pytest.approx((300, 300), abs=0.01)
        assert np.array_equal(np.asarray(image), pixels)


def test_the_stream_is_one_and_ends_with_the_checksum_of_all(tmp_path: Path) -> None:
    """zlib itself inflates the joined chunks to the filtered rows, and verifies the checksum."""
    pixels = noise(20, 9)
    data = whole(Png(9, 20), pixels, tmp_path / "a.png", (4, 11)).read_bytes()
    at, body = 8, b""
    while at < len(data):
        length, kind = struct.unpack_from(">I4s", data, at)
        assert data[at : at + 12 + length] == chunk(kind, data[at + 8 : at + 8 + length])
        body += data[at + 8 : at + 8 + length] if kind == b"IDAT" else b""
        at += 12 + length
    packer = zlib.decompressobj()
    rows = packer.decompress(body)
    assert (packer.eof, packer.unused_data, len(rows)) == (True, b"", 20 * 28)
    assert rows == b"".join(filtered(pixels[a:b]).tobytes() for a, b in [(0, 4), (4, 11), (11, 20)])


@pytest.mark.parametrize(("depth", "dtype"), [(8, np.uint8), (16, np.uint16)])
def test_a_band_is_read_back(depth: int, dtype: type, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(written, "STRIP_PIXELS", 40)
    pixels, png = noise(11, 13, dtype), Png(13, 11, depth=depth)
    back = png.decode(b"".join(png.encode(pixels)[0]), (), 11)
    assert back.dtype == dtype
    assert np.array_equal(back, pixels)


def test_a_side_that_no_reader_takes_is_refused() -> None:
    with pytest.raises(InputError, match=r"poster 1000001x4: .* at most 1,000,000 pixels a side"):
        Png(1_000_001, 4)


def test_the_bytes_do_not_depend_on_the_number_of_threads(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(written, "STRIP_PIXELS", 40)
    pixels, found = noise(50, 13), []
    for threads in ("1", "4"):
        monkeypatch.setenv("NETWARP_THREADS", threads)
        stream = io.BytesIO()
        stream.writelines(Png(13, 50).encode(pixels)[0])
        found.append(stream.getvalue())
    assert found[0] == found[1]
