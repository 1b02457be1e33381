"""Sizes on paper, in pixels."""

import pytest

from netwarp.errors import InputError
from netwarp.plane import Plane, Raster
from netwarp.posters.paper import PAPERS, read_sheet


def test_a2_at_300_dots_an_inch() -> None:
    sheet = read_sheet("A2", 300, "3mm", None)
    assert (sheet.width, sheet.height) == (594, 420)
    assert (sheet.trimmed, sheet.margin) == ((7016, 4961), 35)


@pytest.mark.parametrize("text", ["420x594mm", "42x59.4cm", "420 x 594 mm".replace(" ", "")])
def test_a_size_is_taken_as_it_stands(text: str) -> None:
    sheet = read_sheet(text, 300, None, None)
    assert (sheet.trimmed, sheet.margin) == ((4961, 7016), 0)


def test_a_named_sheet_lies_as_the_plane_does() -> None:
    assert read_sheet("a4", 100, None, Plane(0, 0, 1, 2)).trimmed == (827, 1169)
    assert read_sheet("letter", 100, None, Plane(0, 0, 2, 1)).trimmed == (1100, 850)


def test_the_sheets_of_iso_216_halve() -> None:
    for n in range(6):
        (short, long), (less, _) = PAPERS[f"A{n}"], PAPERS[f"A{n + 1}"]
        assert PAPERS[f"A{n + 1}"] == (long // 2, short) == (less, short)


def test_the_bleed_goes_on_beyond_the_plane() -> None:
    sheet = read_sheet("100x50mm", 254, "1mm", None)
    raster = Raster(*sheet.trimmed, Plane(0.2, 0.1, 1.0, 0.5))
    whole = sheet.with_bleed(raster)
    assert (whole.columns, whole.rows) == (1020, 520)
    assert whole.plane.width == pytest.approx(1.02, rel=1e-12)
    assert whole.xs()[10:-10] == pytest.approx(raster.xs(), abs=1e-12)
    assert whole.ys()[10:-10] == pytest.approx(raster.ys(), abs=1e-12)


@pytest.mark.parametrize(
    ("text", "bleed", "said"),
    [
        ("A9", None, "--print 'A9': must be a paper"),
        ("0x4mm", None, "longer than 0"),
        ("4x4", None, "--print '4x4': must be a paper"),
        ("A4", "3", "--bleed '3': must be a length"),
        ("A4", "9999mm", "no longer than the sheet"),
        ("A4", "-3mm", "must be a length"),
    ],
)
def test_what_is_no_sheet_is_refused(text: str, bleed: str | None, said: str) -> None:
    with pytest.raises(InputError, match=said):
        read_sheet(text, 300, bleed, None)
