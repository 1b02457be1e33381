"""The recipe in a film's file: written where FFmpeg keeps no metadata, and read from every kind of file."""

from __future__ import annotations

import struct
import zlib
from pathlib import Path

from netwarp.errors import InputError
from netwarp.films.pyav import av
from netwarp.picture import pngtext
from netwarp.picture.recipe import KEYWORD, NO_RECIPE

GIF_BLOCK = 255  # bytes of one block of a comment
WEBP_CHUNK = b"NTWP"  # readers of RIFF skip chunks that they do not know


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
    shown = f"file {str(path)!r}"
    try:
        with path.open("rb") as file:
            head = file.read(12)
    except OSError as error:
        raise InputError(f"{shown}: cannot be read ({error.strerror or error})") from error
    if head.startswith(pngtext.SIGNATURE):
        found = pngtext.read_text(path, KEYWORD)
    elif head.startswith(b"GIF8"):
        found = _of_gif(path, shown)
    elif head.startswith(b"RIFF") and head[8:] == b"WEBP":
        found = _of_webp(path, shown)
    else:
        found = _of_video(path, head, shown)
    if found is None:
        raise InputError(f"{shown}: {NO_RECIPE}")
    return found


def is_film(path: Path) -> bool:
    """Whether a file may be a film: it begins as a video, a GIF or a WebP, or is a PNG with the recipe of a film."""
    try:
        with path.open("rb") as file:
            head = file.read(12)
    except (OSError, ValueError):
        return False
    if head.startswith(pngtext.SIGNATURE):
        try:
            text = pngtext.read_text(path, KEYWORD)
        except InputError:
            return False
        return text is not None and '"film":' in text[:200]
    webp = head.startswith(b"RIFF") and head[8:] == b"WEBP"
    return webp or head.startswith(b"GIF8") or _video_format(head) is not None


def _video_format(head: bytes) -> str | None:
    """FFmpeg's name of the container that a file begins as."""
    if head[4:8] in (b"ftyp", b"wide", b"mdat", b"moov", b"free"):
        return "mov"
    return "matroska" if head.startswith(b"\x1a\x45\xdf\xa3") else None


def _of_video(path: Path, head: bytes, shown: str) -> str | None:
    kind = _video_format(head)
    if kind is None:
        raise InputError(f"{shown}: is no film; give an MP4, MOV, WebM, MKV, WebP, GIF or APNG that netwarp drew")
    module = av()
    try:
        with module.open(str(path.resolve()), format=kind) as container:
            tags = {name.lower(): text for name, text in container.metadata.items()}
    except (OSError, ValueError) as error:
        raise InputError(f"{shown}: cannot be read as a film ({getattr(error, 'strerror', None) or error})") from error
    return tags.get(KEYWORD)


def _of_gif(path: Path, shown: str) -> str | None:
    """The comment that begins with the keyword; blocks are stepped over."""
    data = path.read_bytes()
    at = data.rfind(b"\x21\xfe", max(0, len(data) - 2 * pngtext.MAX_TEXT))
    mark = f"{KEYWORD} ".encode("ascii")
    while at >= 0:
        if data[at + 3 : at + 3 + len(mark)] == mark:
            return _text(_blocks(data, at + 2), shown).removeprefix(mark.decode())
        at = data.rfind(b"\x21\xfe", max(0, len(data) - 2 * pngtext.MAX_TEXT), at)
    return None


def _blocks(data: bytes, at: int) -> bytes:
    found = []
    while at < len(data) and data[at]:
        found.append(data[at + 1 : at + 1 + data[at]])
        at += 1 + data[at]
    return b"".join(found)


def _of_webp(path: Path, shown: str) -> str | None:
    with path.open("rb") as file:
        file.seek(12)
        while len(head := file.read(8)) == 8:
            kind, size = struct.unpack("<4sI", head)
            if kind == WEBP_CHUNK:
                if size > pngtext.MAX_TEXT:
                    raise InputError(
                        f"{shown}: its recipe is {size:,} bytes long, at most {pngtext.MAX_TEXT:,} are read"
                    )
                return _text(file.read(size), shown)
            file.seek(size + size % 2, 1)
    return None


def _text(data: bytes, shown: str) -> str:
    try:
        return data.decode("ascii")
    except UnicodeDecodeError:
        raise InputError(f"{shown}: its recipe is damaged; copy it again") from None
