"""Pictures in the terminal, two pixels a character."""

from __future__ import annotations

from typing import TYPE_CHECKING

from netwarp.errors import InputError
from netwarp.picture.picture import Picture

if TYPE_CHECKING:
    from rich.console import Console
    from rich_pixels import Pixels


def can_show(console: Console) -> bool:
    """Whether a console shows half blocks: a terminal of 256 colours or more, where NO_COLOR does not forbid colour."""
    if not console.is_terminal or console.no_color or console.color_system not in ("256", "truecolor"):
        return False
    return console.encoding.lower().startswith("utf")


def half_blocks(picture: Picture, *, columns: int = 80, lines: int = 24) -> Pixels:
    """What `console.print` shows as the picture, shrunk to fit `columns` x `lines` characters; never enlarged.

    A character is one pixel wide and two high. Pixels are averaged, not picked. Errors: InputError.
    """
    from PIL import Image
    from rich_pixels import Pixels as HalfBlocks

    if columns < 1 or lines < 1:
        raise InputError(f"terminal of {columns}x{lines} characters: must be at least 1x1")
    scale = min(1.0, columns / picture.columns, 2 * lines / picture.rows)
    size = max(1, round(picture.columns * scale)), max(2, 2 * round(picture.rows * scale / 2))
    small = Image.fromarray(picture.pixels).resize(size, Image.Resampling.BOX)
    shown: Pixels = HalfBlocks.from_image(small)  # rich-pixels leaves its result untyped
    return shown
