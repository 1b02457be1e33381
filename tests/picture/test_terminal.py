"""Half blocks: the colours a terminal is sent, the size they take, and where they are not sent."""

from __future__ import annotations

import io
import re

import numpy as np
import pytest
from rich.console import Console

from netwarp.errors import InputError
from netwarp.picture.picture import Picture
from netwarp.picture.terminal import can_show, half_blocks


class Stream(io.StringIO):
    encoding = "utf-8"


def console(**options: object) -> Console:
    settings: dict[str, object] = {"force_terminal": True, "color_system": "truecolor", "width": 100, "_environ": {}}
    return Console(file=Stream(), **(settings | options))  # type: ignore[arg-type]


def printed(picture: Picture, columns: int, lines: int) -> list[str]:
    shown = console()
    shown.print(half_blocks(picture, columns=columns, lines=lines))
    text = shown.file.getvalue()
    return text.rstrip("\n").split("\n")


def plain(line: str) -> str:
    return re.sub(r"\x1b\[[0-9;]*m", "", line).rstrip()


def test_two_pixels_a_character_the_lower_one_in_front() -> None:
    pixels = np.array([[[255, 0, 0], [0, 255, 0]], [[0, 0, 255], [9, 8, 7]]], np.uint8)
    (line,) = printed(Picture(pixels), 80, 24)
    assert line.startswith("\x1b[38;2;0;0;255;48;2;255;0;0m▄\x1b[0m\x1b[38;2;9;8;7;48;2;0;255;0m▄")


@pytest.mark.parametrize(("columns", "lines", "size"), [(60, 100, (60, 20)), (200, 10, (30, 10)), (1, 1, (1, 1))])
def test_a_large_picture_is_shrunk_to_fit(columns: int, lines: int, size: tuple[int, int]) -> None:
    shown = [plain(line) for line in printed(Picture(np.full((400, 600, 3), 50, np.uint8)), columns, lines)]
    assert shown == ["▄" * size[0]] * size[1]


def test_shrinking_averages() -> None:
    pixels = np.zeros((4, 4, 3), np.uint8)
    pixels[::2, ::2] = 200
    (line,) = printed(Picture(pixels), 2, 1)
    assert line.count("50;50;50") == 4


def test_a_small_picture_is_not_enlarged_and_an_odd_row_is_kept() -> None:
    assert [plain(line) for line in printed(Picture(np.zeros((4, 3, 3), np.uint8)), 80, 24)] == ["▄▄▄"] * 2
    assert len(printed(Picture(np.zeros((1, 3, 3), np.uint8)), 80, 24)) == 1


def test_where_it_can_be_shown() -> None:
    assert can_show(console())
    assert can_show(console(color_system="256"))
    assert not can_show(console(no_color=True))
    assert not can_show(console(force_terminal=False))
    assert not can_show(console(color_system="standard"))
    assert not can_show(console(color_system=None))
    assert not can_show(console(_environ={"NO_COLOR": "1"}))


def test_a_terminal_without_room_is_refused() -> None:
    with pytest.raises(InputError, match="terminal of 0x24"):
        half_blocks(Picture(np.zeros((4, 4, 3), np.uint8)), columns=0)
