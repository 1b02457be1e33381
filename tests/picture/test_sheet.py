"""Contact sheets: where the pictures stand, and that every caption stays in its column."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from netwarp.errors import InputError
from netwarp.picture.picture import Picture
from netwarp.picture.pngtext import read_text
from netwarp.picture.recipe import Recipe
from netwarp.picture.sheet import DARK, LIGHT, contact_sheet
from picture.samples import small_recipe

RED, GREEN, BLUE = (np.array(c, np.uint8) for c in ([255, 0, 0], [0, 255, 0], [0, 0, 255]))


def flat(colour: np.ndarray, columns: int = 120, rows: int = 80, recipe: Recipe | None = None) -> Picture:
    return Picture(np.full((rows, columns, 3), colour, np.uint8), recipe)


def box(sheet: Picture, colour: np.ndarray) -> tuple[int, int, int, int]:
    """The first and last column and row of a colour."""
    rows, columns = np.nonzero((sheet.pixels == colour).all(axis=2))
    return int(columns.min()), int(columns.max()), int(rows.min()), int(rows.max())


def test_pictures_stand_whole_in_reading_order() -> None:
    sheet = contact_sheet([flat(RED), flat(GREEN), flat(BLUE)], columns=2)
    red, green, blue = (box(sheet, c) for c in (RED, GREEN, BLUE))
    assert [b[1] - b[0] + 1 for b in (red, green, blue)] == [120] * 3
    assert [b[3] - b[2] + 1 for b in (red, green, blue)] == [80] * 3
    assert green[0] > red[1]
    assert green[2] == red[2]
    assert blue[0] == red[0]
    assert blue[2] > red[3]
    assert red[0] == red[2] == sheet.columns - 1 - green[1] == sheet.rows - 1 - blue[3]


def test_a_smaller_picture_stands_in_the_middle() -> None:
    sheet = contact_sheet([flat(RED), flat(GREEN, 60, 40)], columns=2)
    red, green = box(sheet, RED), box(sheet, GREEN)
    assert green[2] - red[2] == 20
    assert red[3] - green[3] == 20
    assert sheet.columns - 1 - green[1] == red[0] + 30


def test_a_thumbnail_s_caption_has_room() -> None:
    sheet = contact_sheet([flat(RED, 4, 4)], ["conv(10) * 10"])
    assert sheet.columns >= 120
    assert sheet.rows < 60


def test_captions_are_written_below_and_never_beside() -> None:
    long = "conv(10) * 10\n" + "x" * 500 + " " + "word " * 100
    sheet = contact_sheet([flat(RED), flat(GREEN)], [long, ""], columns=2)
    red, green = box(sheet, RED), box(sheet, GREEN)
    ink = (sheet.pixels.astype(int).sum(axis=2) < 600) & (sheet.pixels.std(axis=2) < 20)
    assert ink[red[3] + 1 :, red[0] : red[1] + 1].sum() > 500
    assert not ink[:, red[1] + 2 :].any()
    assert not ink[: red[3] + 1].any()
    # eight lines are kept
    assert sheet.rows - green[3] < 8 * 16 + 40


def test_a_title_and_dark_paper() -> None:
    plain, titled = (contact_sheet([flat(RED)], title=title, dark=True) for title in (None, "Ten layers of ten"))
    assert titled.rows > plain.rows
    assert plain.pixels[0, 0].tolist() == list(DARK[0])
    assert contact_sheet([flat(RED)]).pixels[0, 0].tolist() == list(LIGHT[0])
    assert titled.pixels[: box(titled, RED)[2]].max() > 200


@pytest.mark.parametrize("text", ["\u00e4\u4e2d\u2014\u00d7 \u0000\x1b[31m\u202e", "\n\n\n", " ", "\t\r\n"])
def test_every_character_has_some_caption(text: str) -> None:
    assert contact_sheet([flat(RED)], [text]).columns > 120


def test_the_sheet_is_about_as_wide_as_high() -> None:
    sheet = contact_sheet([flat(RED)] * 16, ["seed"] * 16)
    assert 0.5 < sheet.columns / sheet.rows < 2


def test_the_sheet_carries_its_pictures_recipes_and_is_none_itself(tmp_path: Path) -> None:
    recipe = small_recipe()
    sheet = contact_sheet([flat(RED, recipe=recipe), flat(GREEN, recipe=recipe)])
    assert sheet.recipe == (recipe, recipe)
    sheet.save(tmp_path / "sheet.png")
    text = read_text(tmp_path / "sheet.png", "netwarp")
    assert text is not None
    assert [Recipe.from_data(cell) for cell in json.loads(text)["sheet"]] == [recipe, recipe]
    with pytest.raises(InputError, match="contact sheet, which is many pictures"):
        Recipe.read(tmp_path / "sheet.png")
    assert contact_sheet([flat(RED, recipe=recipe), flat(GREEN)]).recipe is None


def test_what_makes_no_sheet_is_refused() -> None:
    with pytest.raises(InputError, match="no pictures"):
        contact_sheet([])
    with pytest.raises(InputError, match="2 captions for 1 pictures"):
        contact_sheet([flat(RED)], ["a", "b"])
    with pytest.raises(InputError, match="columns=0"):
        contact_sheet([flat(RED)], columns=0)
