"""The recipe in a GIF, a WebP, a TIFF, an EXR and a video: found as each format keeps it, without decoding a pixel.

Every function takes a file that is open at its beginning, and what messages call it. Only headers and the recipe are
read, 2 MiB of it at most. Sources: GIF89a (comment extension), WebP container (RIFF chunks), TIFF 6.0 and BigTIFF
(ImageDescription, Software), OpenEXR file layout (attributes of the header).
"""

from __future__ import annotations

import os
import struct
from typing import BinaryIO, Final

from netwarp.errors import InputError
from netwarp.picture.pngtext import MAX_TEXT
from netwarp.picture.pyav import av

KEYWORD: Final = "netwarp"
# comments of a GIF stand behind its frames; of one block each 255 bytes are text
GIF_TAIL: Final = 2 * MAX_TEXT
GIF_COMMENT: Final = b"\x21\xfe"
WEBP_CHUNK: Final = b"NTWP"  # readers of RIFF skip chunks that they do not know
MOST_PARTS: Final = 1 << 20  # chunks of a WebP, attributes of an EXR
MOST_NAME: Final = 256  # bytes of an attribute's name or type, with the zero behind it
# of a TIFF: what a big one says in place of 42, how many entries are read, two tags, and the type of their values
BIG_TIFF, MOST_TAGS, DESCRIPTION, SOFTWARE, TEXT = 43, 4096, 270, 305, 2


def of_gif(stream: BinaryIO, shown: str) -> str | None:
    """The last comment that begins with the keyword."""
    mark = f"{KEYWORD} ".encode("ascii")
    stream.seek(max(0, stream.seek(0, os.SEEK_END) - GIF_TAIL))
    data = stream.read(GIF_TAIL)
    at = data.rfind(GIF_COMMENT)
    while at >= 0:
        if data[at + 3 : at + 3 + len(mark)] == mark:
            return _text(_blocks(data, at + 2).removeprefix(mark), shown)
        at = data.rfind(GIF_COMMENT, 0, at)
    return None


def of_webp(stream: BinaryIO, shown: str) -> str | None:
    """The text of the first chunk of netwarp's own."""
    stream.seek(12)
    for _ in range(MOST_PARTS):
        head = stream.read(8)
        if len(head) < 8:
            return None
        kind, size = struct.unpack("<4sI", head)
        if kind == WEBP_CHUNK:
            return _text(_read(stream, size, shown), shown)
        stream.seek(size + size % 2, os.SEEK_CUR)
    return None


def of_tiff(stream: BinaryIO, shown: str) -> str | None:
    """The description of the first image, where netwarp wrote the file."""
    head = stream.read(16)
    order = "<" if head.startswith(b"II") else ">"
    big = BIG_TIFF in head[2:4]
    # an entry: its tag, its type, how many of it there are, and they themselves or where they are
    count, entry = ("Q", struct.Struct(f"{order}HHQ8s")) if big else ("H", struct.Struct(f"{order}HHI4s"))
    place = f"{order}Q" if big else f"{order}I"
    found: dict[int, str] = {}
    try:
        stream.seek(struct.unpack(place, head[8:16] if big else head[4:8])[0])
        (entries,) = struct.unpack(f"{order}{count}", stream.read(struct.calcsize(count)))
        table = stream.read(min(entries, MOST_TAGS) * entry.size)
        for tag, kind, length, value in entry.iter_unpack(table):
            if tag in (DESCRIPTION, SOFTWARE) and kind == TEXT:
                data = value[:length]
                if length > len(value):
                    stream.seek(struct.unpack(place, value)[0])
                    data = _read(stream, length, shown)
                found[tag] = _text(data.rstrip(b"\0"), shown)
    except (struct.error, OverflowError, ValueError) as error:
        if isinstance(error, InputError):
            raise
        raise InputError(f"{shown}: is a damaged TIFF; copy it again") from None
    return found.get(DESCRIPTION) if found.get(SOFTWARE, "").startswith(KEYWORD) else None


def of_exr(stream: BinaryIO, shown: str) -> str | None:
    """The attribute "netwarp" of the header."""
    stream.seek(8)
    for _ in range(MOST_PARTS):
        name = _word(stream, shown)
        if not name:
            return None
        _word(stream, shown)  # its type
        length = stream.read(4)
        if len(length) < 4:
            break
        (size,) = struct.unpack("<I", length)
        if name == KEYWORD.encode("ascii"):
            return _text(_read(stream, size, shown), shown)
        stream.seek(size, os.SEEK_CUR)
    raise InputError(f"{shown}: is a damaged EXR; copy it again")


def of_video(stream: BinaryIO, shown: str) -> str | None:
    """The tag of the container. Errors: UnsupportedError where PyAV is not installed."""
    matroska = stream.read(4) == b"\x1a\x45\xdf\xa3"
    stream.seek(0)
    module = av()
    try:
        with module.open(stream, format="matroska" if matroska else "mov") as container:
            tags = {name.lower(): text for name, text in container.metadata.items()}
    except (OSError, EOFError, ValueError, module.FFmpegError) as error:
        why = getattr(error, "strerror", None) or error
        raise InputError(f"{shown}: is a video, not a model, and cannot be read as a film ({why})") from error
    text = tags.get(KEYWORD)
    if text is not None:
        _check_length(len(text), shown)
    return text


def _blocks(data: bytes, at: int) -> bytes:
    """What the blocks from `at` on hold, up to the empty one."""
    found = []
    while at < len(data) and data[at]:
        found.append(data[at + 1 : at + 1 + data[at]])
        at += 1 + data[at]
    return b"".join(found)


def _word(stream: BinaryIO, shown: str) -> bytes:
    """Bytes up to a zero, which is read too."""
    found = bytearray()
    while len(found) < MOST_NAME:
        letter = stream.read(1)
        if letter == b"\0":
            return bytes(found)
        if not letter:
            break
        found += letter
    raise InputError(f"{shown}: is a damaged EXR; copy it again")


def _read(stream: BinaryIO, size: int, shown: str) -> bytes:
    _check_length(size, shown)
    data = stream.read(size)
    if len(data) < size:
        raise InputError(f"{shown}: cut short within its recipe; copy it again")
    return data


def _check_length(size: int, shown: str) -> None:
    if size > MAX_TEXT:
        raise InputError(f"{shown}: its recipe is {size:,} bytes long, at most {MAX_TEXT:,} are read")


def _text(data: bytes, shown: str) -> str:
    try:
        return data.decode("ascii")
    except UnicodeDecodeError:
        raise InputError(f"{shown}: its recipe is damaged; copy it again") from None
