"""The codecs of films: which files each is written into, and how its pixels are kept."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from netwarp.errors import InputError, LimitError, nearest, shown


@dataclass(frozen=True, slots=True)
class Codec:
    """A name, the encoder of FFmpeg, the endings of its files, and its pixels: usual, and with all of the colours.

    `whole` is the format that keeps the colour of every pixel, and `half` that with a quarter of them, for even sizes;
    None where there is none. `most` is how many columns, and rows, its pictures may have.
    """

    name: str
    encoder: str
    endings: tuple[str, ...]
    half: str | None
    whole: str | None
    options: dict[str, str] = field(default_factory=dict)
    most: int = 65_535

    @property
    def rgb(self) -> bool:
        """Whether pixels stay red, green and blue."""
        return not (self.half or self.whole or "").startswith("yuv")


CODECS = (
    Codec(
        "h264", "libx264", (".mp4", ".mkv", ".mov"), "yuv420p", "yuv444p", {"crf": "16", "preset": "veryfast"}, 16_384
    ),
    Codec("av1", "libsvtav1", (".webm", ".mp4", ".mkv"), "yuv420p", None, {"crf": "28", "preset": "8"}, 8_704),
    Codec("prores", "prores_ks", (".mov", ".mkv"), "yuv422p10le", "yuv444p10le"),
    Codec("webp", "libwebp_anim", (".webp",), None, "bgra", {"quality": "90", "loop": "0"}, 16_383),
    Codec("gif", "gif", (".gif",), None, "pal8"),
    Codec("apng", "apng", (".apng", ".png"), None, "rgb24", {"pred": "mixed"}),
    Codec("png", "png", (".png",), None, "rgb24", most=1 << 32),
)
NAMES = tuple(codec.name for codec in CODECS)
# of an ending that several codecs write
_FIRST = {".mov": "prores", ".png": "png"}
CHROMAS = ("420", "444")


def codec_of(name: str | None, file: Path) -> Codec:
    """The codec of that name, else of the file's ending. Errors: InputError naming what would be right."""
    ending = file.suffix.lower()
    endings = sorted({one for codec in CODECS for one in codec.endings})
    if name is None:
        found = [codec for codec in CODECS if ending in codec.endings]
        if not found:
            raise InputError(f"--out {shown(str(file))}: must end in one of {', '.join(endings)}")
        return next((codec for codec in found if codec.name == _FIRST.get(ending)), found[0])
    codec = next((one for one in CODECS if one.name == name), None)
    if codec is None:
        raise InputError(f"--codec {shown(name)}: must be one of {', '.join(NAMES)}{nearest(name, NAMES)}")
    if ending not in codec.endings:
        raise InputError(f"--out {shown(str(file))}: {name} is written into {' or '.join(codec.endings)}")
    return codec


def pixels_of(codec: Codec, columns: int, rows: int, chroma: str | None = None) -> str:
    """The format of the pixels: with all colours where the size is odd, or `chroma` "444" says so.

    Errors: InputError where the codec has no such format.
    """
    if chroma not in (None, *CHROMAS):
        raise InputError(f"--chroma {shown(chroma)}: must be 420 or 444")
    if max(columns, rows) > codec.most:
        said = f"--codec {codec.name}: its pictures have at most {codec.most:,} columns and rows, not {columns}x{rows}"
        raise LimitError(f"{said}; choose a smaller --size, or --codec png")
    if codec.half is None:
        assert codec.whole is not None
        return codec.whole
    odd = bool(columns % 2 or rows % 2)
    if chroma == "420" and odd:
        raise InputError(f"--chroma 420: needs an even size, not {columns}x{rows}; leave it out")
    if chroma == "444" or odd:
        if codec.whole is None:
            why = f"{columns}x{rows} is odd" if odd else "--chroma 444"
            raise InputError(
                f"--codec {codec.name}: has half the colours only, for even sizes; {why}; take h264 instead"
            )
        return codec.whole
    return codec.half
