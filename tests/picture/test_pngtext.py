"""The text of a PNG: the three kinds of chunk, and files made to do harm."""

from __future__ import annotations

import struct
import tracemalloc
import zlib
from pathlib import Path

import pytest

from netwarp.errors import InputError
from netwarp.picture.pngtext import MAX_TEXT, SIGNATURE, read_text
from picture.samples import chunk, png

TEXT = '{"a": 1}'
PACKED = zlib.compress(TEXT.encode())
BOMB = zlib.compress(b" " * (200 << 20), 9)
PIXELS = chunk(b"IDAT", b"these are no pixels")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "a.png"


@pytest.mark.parametrize(
    "text",
    [
        chunk(b"tEXt", b"netwarp\0" + TEXT.encode()),
        chunk(b"zTXt", b"netwarp\0\0" + PACKED),
        chunk(b"iTXt", b"netwarp\0\0\0\0\0" + TEXT.encode()),
        chunk(b"iTXt", b"netwarp\0\1\0en\0t\xc3\xa4xt\0" + PACKED),
    ],
)
@pytest.mark.parametrize("late", [False, True])
def test_every_kind_of_text_before_and_after_the_pixels(path: Path, text: bytes, late: bool) -> None:
    other = chunk(b"tEXt", b"netwarp2\0no") + chunk(b"tEXt", b"Author\0" + b"x" * 1000) + chunk(b"tEXt", b"")
    path.write_bytes(png(other, *((PIXELS, text) if late else (text, PIXELS))))
    assert read_text(path, "netwarp") == TEXT
    assert read_text(str(path), "Comment") is None


def test_what_follows_the_text_is_not_read(path: Path) -> None:
    whole = png(chunk(b"tEXt", b"netwarp\0" + TEXT.encode()))
    path.write_bytes(whole[: -len(chunk(b"IEND", b""))] + b"garbage")
    assert read_text(path, "netwarp") == TEXT


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "not a PNG"),
        (b"GIF89a", "not a PNG"),
        (SIGNATURE, "cut short"),
        (png()[:-5], "cut short"),
        (SIGNATURE + struct.pack(">I4s", 0xFFFFFFFF, b"IDAT"), "cut short"),
        (SIGNATURE + struct.pack(">I4s", 0xFFFFFFFF, b"tEXt") + b"netwarp\0", "at most 2,097,152 are read"),
        (SIGNATURE + struct.pack(">I4s", 100, b"tEXt") + b"netwarp\0 ...", "cut short within its recipe"),
        (png(chunk(b"zTXt", b"netwarp\0\0" + BOMB)), "inflates to more than"),
        (png(chunk(b"iTXt", b"netwarp\0\1\0\0\0" + BOMB)), "inflates to more than"),
        (png(chunk(b"tEXt", b"netwarp\0" + b" " * (MAX_TEXT + 1))), "inflates to more than"),
        (png(chunk(b"tEXt", b"netwarp")), "damaged"),
        (png(chunk(b"zTXt", b"netwarp\0")), "damaged"),
        (png(chunk(b"zTXt", b"netwarp\0\1" + PACKED)), "unknown compression"),
        (png(chunk(b"zTXt", b"netwarp\0\0" + PACKED[:-6])), "ends early"),
        (png(chunk(b"zTXt", b"netwarp\0\0nothing")), "damaged"),
        (png(chunk(b"iTXt", b"netwarp\0\0\0no zero bytes")), "damaged"),
        (png(chunk(b"iTXt", b"netwarp\0\0\0\0\0\xff\xfe")), "damaged"),
        (png(chunk(b"tEXt", b"netwarp\0" + TEXT.encode())).replace(b'"a"', b'"b"'), "checksum"),
    ],
)
def test_a_harmful_file_is_one_line(path: Path, data: bytes, message: str) -> None:
    path.write_bytes(data)
    with pytest.raises(InputError, match=message) as caught:
        read_text(path, "netwarp")
    assert "\n" not in str(caught.value)
    assert "a.png" in str(caught.value)


@pytest.mark.parametrize("name", ["missing.png", ".", "a\0b", "a\nb.png"])
def test_a_path_that_cannot_be_read_is_one_line(tmp_path: Path, name: str) -> None:
    with pytest.raises(InputError, match=r"^[^\n]*cannot be read[^\n]*$"):
        read_text(tmp_path / name, "netwarp")


def test_a_bomb_and_a_picture_of_any_size_take_little_memory(path: Path) -> None:
    text = chunk(b"tEXt", b"netwarp\0" + TEXT.encode())
    path.write_bytes(png(chunk(b"IDAT", bytes(20 << 20)), text, columns=2**31 - 1, rows=2**31 - 1))
    bomb = path.with_name("bomb.png")
    bomb.write_bytes(png(chunk(b"zTXt", b"netwarp\0\0" + BOMB)))
    tracemalloc.start()
    try:
        assert read_text(path, "netwarp") == TEXT
        assert tracemalloc.get_traced_memory()[1] < 1 << 20
        with pytest.raises(InputError):
            read_text(bomb, "netwarp")
        assert tracemalloc.get_traced_memory()[1] < 8 << 20
    finally:
        tracemalloc.stop()


def test_endless_empty_chunks_are_given_up_on(path: Path) -> None:
    path.write_bytes(SIGNATURE + chunk(b"IDAT", b"") * ((1 << 20) + 1))
    with pytest.raises(InputError, match="chunks"):
        read_text(path, "netwarp")
