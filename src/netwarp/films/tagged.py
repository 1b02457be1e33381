"""The recipe in a film's file, written where FFmpeg keeps no metadata; picture/embedded.py reads it."""

from __future__ import annotations

import struct
import zlib
from pathlib import Path

from netwarp.errors import InputError
from netwarp.network.kinds import HEAD, kind_of, kind_of_picture
from netwarp.picture import pngtext
from netwarp.picture.carried import read_carried
from netwarp.picture.embedded import KEYWORD, WEBP_CHUNK
from netwarp.picture.recipe import NO_RECIPE

GIF_BLOCK = 255  # bytes of one block of a comment


def add_recipe(path: Path, recipe: str) -> None:
    """Appends the recipe to a GIF, a WebP or an APNG, as its format allows: a comment, a chunk, an iTXt chunk."""
    data = recipe.encode("ascii")
    with path.open("r+b") as file:
        head = file.read(12)
        if head.startswith(b"GIF8"):
            file.seek(-1, 2)
            said = f"{KEYWORD} ".encode("ascii") + data
            blocks = (said[n : n + GIF_BLOCK] for n in range(0, len(said), GIF_BLOCK))
            file.write(b"\x21\xfe" + b"".join(bytes([len(one)]) + one for one in blocks) + b"\0;")
        elif head.startswith(pngtext.SIGNATURE):
            file.seek(-12, 2)
            end = file.read(12)
            body = b"iTXt" + KEYWORD.encode("ascii") + b"\0\0\0\0\0" + data
            file.seek(-12, 2)
            file.write(struct.pack(">I", len(body) - 4) + body + struct.pack(">I", zlib.crc32(body)) + end)
        else:
            assert head[:4] == b"RIFF", "a WebP"
            file.seek(0, 2)
            file.write(WEBP_CHUNK + struct.pack("<I", len(data)) + data + b"\0" * (len(data) % 2))
            size = file.tell() - 8
            file.seek(4)
            file.write(struct.pack("<I", size))


def read_recipe(path: Path) -> str:
    """The recipe's JSON in a film, or a frame, of any kind that netwarp writes; no frame is decoded.

    Errors: InputError naming the file; UnsupportedError where a video needs PyAV.
    """
    found = read_carried(path)
    if found is None:
        if not is_film(path) and kind_of(path) != "png":
            raise InputError(
                f"file {str(path)!r}: is no film; give an MP4, MOV, WebM, MKV, WebP, GIF or APNG that netwarp drew"
            )
        raise InputError(f"file {str(path)!r}: {NO_RECIPE}")
    return found


def is_film(path: Path) -> bool:
    """Whether a file may be a film: it begins as a video, a GIF or a WebP, or is a PNG with the recipe of a film."""
    try:
        with path.open("rb") as file:
            kind = kind_of_picture(file.read(HEAD))
    except (OSError, ValueError):
        return False
    if kind == "png":
        try:
            text = pngtext.read_text(path, KEYWORD)
        except InputError:
            return False
        return text is not None and '"film":' in text[:200]
    return kind in ("gif", "webp", "video")
