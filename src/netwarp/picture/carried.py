"""The recipe in a picture's file, whatever kind of file it is: found by content, and without decoding a pixel."""

from __future__ import annotations

import os
from collections.abc import Callable
from html import unescape
from pathlib import Path
from typing import BinaryIO, Final

from netwarp.errors import InputError
from netwarp.network.kinds import HEAD, kind_of_picture, kind_of_text
from netwarp.picture import embedded, pngtext
from netwarp.picture.embedded import KEYWORD
from netwarp.picture.pngtext import MAX_TEXT

OPEN, CLOSE = b"<metadata>", b"</metadata>"  # of an SVG
# escaping makes "&amp;" of "&", and a recipe has few of these; before it stand a title and a description
SVG_BYTES: Final = 2 * MAX_TEXT + (1 << 17)


def read_carried(path: str | os.PathLike[str]) -> str | None:
    """The recipe's JSON in a file of any of CARRIERS; None where it is another's, or carries none.

    Errors: InputError naming the file: it cannot be read, is cut short or damaged, or its recipe is beyond 2 MiB;
    UnsupportedError where a video needs PyAV.
    """
    shown = f"file {os.fspath(path)!r}"
    try:
        with Path(path).open("rb") as stream:
            return find_carried(stream, shown)
    except OSError as error:
        raise InputError(f"{shown}: cannot be read ({error.strerror or error})") from error
    except ValueError as error:
        # a zero byte in the name
        raise error if isinstance(error, InputError) else InputError(f"{shown}: cannot be read ({error})") from error


def find_carried(stream: BinaryIO, shown: str) -> str | None:
    """`read_carried` of a file that is open at its beginning; `shown` is what messages call it."""
    kind = carrier_of(stream.read(HEAD))
    stream.seek(0)
    return None if kind is None else CARRIERS[kind](stream, shown)


def carrier_of(head: bytes) -> str | None:
    """The one of CARRIERS that a file with these first bytes is."""
    kind = kind_of_picture(head)
    if kind is not None:
        return kind if kind in CARRIERS else None
    return "svg" if kind_of_text(head, "") == "svg" else None


def _of_svg(stream: BinaryIO, shown: str) -> str | None:
    """What stands in its metadata; None where that is no JSON object: other programs write theirs there."""
    # each mark is looked for once, the second from behind the first: the time grows as the text does
    _, found, rest = stream.read(SVG_BYTES).partition(OPEN)
    if not found or not rest.lstrip().startswith(b"{"):
        return None
    inside, ended, _ = rest.partition(CLOSE)
    if not ended:
        long = len(rest) > MAX_TEXT
        raise InputError(
            f"{shown}: its recipe is larger than {MAX_TEXT:,} bytes, which is not read"
            if long
            else f"{shown}: cut short within its recipe; copy it again"
        )
    try:
        return unescape(inside.decode("utf-8"))
    except ValueError as error:  # other bytes, or &#1...1; of thousands of digits
        raise InputError(f"{shown}: its recipe is damaged ({type(error).__name__}); save it again") from None


def _of_png(stream: BinaryIO, shown: str) -> str | None:
    return pngtext.find_text(stream, KEYWORD, shown)


# kind of file -> what finds its recipe in an open file; what messages call it is the second argument
CARRIERS: Final[dict[str, Callable[[BinaryIO, str], str | None]]] = {
    "png": _of_png,
    "svg": _of_svg,
    "gif": embedded.of_gif,
    "webp": embedded.of_webp,
    "tiff": embedded.of_tiff,
    "exr": embedded.of_exr,
    "video": embedded.of_video,
}
