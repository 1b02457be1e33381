"""One text chunk of a PNG, read without looking at its pixels.

Only chunk headers, and the chunk asked for, are read; pixel data is stepped over. Source: PNG 1.2, sections 3, 4.2.3.
"""

from __future__ import annotations

import os
import struct
import zlib
from pathlib import Path
from typing import BinaryIO

from netwarp.errors import InputError

SIGNATURE = b"\x89PNG\r\n\x1a\n"
MAX_TEXT = 2 << 20
# a 20000 x 20000 picture in chunks of 8 KiB has 150 thousand
MAX_CHUNKS = 1 << 20
# PNG allows 79 characters; with its zero byte, what must be read to know whose text it is
KEYWORD = 80


def read_text(path: str | os.PathLike[str], keyword: str) -> str | None:
    """The text under `keyword` (tEXt, zTXt or iTXt), or None; the first where there are several.

    Never inflates more than 2 MiB. Errors: InputError where the file is no PNG, is cut short or damaged before the
    text is found, or the text is larger.
    """
    shown = f"file {os.fspath(path)!r}"
    try:
        with Path(path).open("rb") as stream:
            return find_text(stream, keyword, shown)
    except OSError as error:
        raise InputError(f"{shown}: cannot be read ({error.strerror or error})") from error
    except ValueError as error:
        # a zero byte in the name
        raise error if isinstance(error, InputError) else InputError(f"{shown}: cannot be read ({error})") from error


def find_text(stream: BinaryIO, keyword: str, shown: str) -> str | None:
    """`read_text` of a PNG that is being read; `shown` is what messages call it."""
    wanted = keyword.encode("latin-1")
    if stream.read(8) != SIGNATURE:
        raise InputError(f"{shown}: not a PNG; give a PNG that netwarp drew")
    for _ in range(MAX_CHUNKS):
        header = stream.read(8)
        if len(header) < 8:
            raise InputError(f"{shown}: cut short, or not a whole PNG; copy it again")
        length, kind = struct.unpack(">I4s", header)
        if kind == b"IEND":
            return None
        if kind not in (b"tEXt", b"zTXt", b"iTXt"):
            stream.seek(length + 4, os.SEEK_CUR)
            continue
        start = stream.read(min(length, KEYWORD))
        if start.split(b"\0", 1)[0] != wanted:
            stream.seek(length - len(start) + 4, os.SEEK_CUR)
            continue
        # beside the text stand the keyword and, in iTXt, a language and a translated keyword
        if length > MAX_TEXT + 1024:
            raise InputError(f"{shown}: its recipe is {length:,} bytes long, at most {MAX_TEXT:,} are read")
        body = start + stream.read(length - len(start))
        check = stream.read(4)
        if len(body) < length or len(check) < 4:
            raise InputError(f"{shown}: cut short within its recipe; copy it again")
        if zlib.crc32(kind + body) != struct.unpack(">I", check)[0]:
            raise InputError(f"{shown}: its recipe is damaged (checksum); copy it again")
        return _decode(kind, body.split(b"\0", 1)[1:], shown)
    raise InputError(f"{shown}: more than {MAX_CHUNKS:,} chunks; give a PNG that netwarp drew")


def _decode(kind: bytes, rest: list[bytes], shown: str) -> str:
    """The text of a chunk from what follows the keyword's zero byte."""
    try:
        (body,) = rest
        packed = kind == b"zTXt"
        if packed:
            method, body = body[0], body[1:]
        elif kind == b"iTXt":
            packed, method = bool(body[0]), body[1]
            _, _, body = body[2:].split(b"\0", 2)
        if packed:
            if method != 0:
                raise ValueError("unknown compression")
            inflater = zlib.decompressobj()
            body = inflater.decompress(body, MAX_TEXT + 1)
            if len(body) <= MAX_TEXT and not inflater.eof:
                raise ValueError("compressed text ends early")
        if len(body) > MAX_TEXT:
            raise InputError(f"{shown}: its recipe inflates to more than {MAX_TEXT:,} bytes, which is not read")
        return body.decode("utf-8" if kind == b"iTXt" else "latin-1")
    except InputError:
        raise
    except (ValueError, IndexError, zlib.error) as error:
        raise InputError(f"{shown}: its recipe is damaged ({error}); copy it again") from error
