"""What a killed run leaves, and what the next makes of it."""

from pathlib import Path

import pytest

from netwarp import files
from netwarp.errors import InputError
from netwarp.posters import begun as parts

HEAD = b"head of the file"


def begin(target: Path, *bands: bytes) -> None:
    with parts.opened(target, "this one", HEAD, resume=False, restart=False) as part:
        for n, band in enumerate(bands, 1):
            part.add(10 * n, [band[:2], band[2:]], (n,))


def resumed(target: Path, fingerprint: str = "this one") -> list[tuple[int, int, bytes, tuple[int, ...]]]:
    with parts.opened(target, fingerprint, HEAD, resume=True, restart=False) as part:
        return [(band.start, band.stop, part.read(band), band.note) for band in part.bands]


@pytest.fixture
def target(tmp_path: Path) -> Path:
    return tmp_path / "large.png"


def test_bands_are_found_again(target: Path) -> None:
    begin(target, b"first", b"second")
    assert resumed(target) == [(0, 10, b"first", (1,)), (10, 20, b"second", (2,))]
    assert (target.parent / "large.png.part").read_bytes() == HEAD + b"firstsecond"


def test_where_there_is_none_it_begins_anew(target: Path) -> None:
    assert resumed(target) == []


def test_what_lies_behind_the_last_whole_band_is_cut_off(target: Path) -> None:
    """A kill between the bytes and their line, and one in the middle of a line."""
    begin(target, b"first", b"second")
    part, journal = target.with_name("large.png.part"), target.with_name("large.png.journal")
    part.write_bytes(part.read_bytes() + b"half of a thi")
    journal.write_text(journal.read_text() + "[30, 13")
    assert [stop for _, stop, _, _ in resumed(target)] == [10, 20]
    assert part.read_bytes() == HEAD + b"firstsecond"
    assert journal.read_text().count("\n") == 3


@pytest.mark.parametrize(("at", "left"), [(len(HEAD) + 7, [10]), (len(HEAD) + 1, []), (3, [])])
def test_damaged_bytes_are_drawn_again(target: Path, at: int, left: list[int]) -> None:
    begin(target, b"first", b"second")
    part = target.with_name("large.png.part")
    data = bytearray(part.read_bytes())
    data[at] ^= 1
    part.write_bytes(data)
    assert [stop for _, stop, _, _ in resumed(target)] == left
    assert part.read_bytes().startswith(HEAD)


@pytest.mark.parametrize(
    "line", ["[]", "[20, -1, 3, 4]", "{}", "nonsense", "[20, 1e3, 5, 1]", "[5, 0, 0, 1]", "[true]"]
)
def test_a_forged_journal_gives_no_more_than_its_whole_bands(target: Path, line: str) -> None:
    begin(target, b"first")
    journal = target.with_name("large.png.journal")
    journal.write_text(journal.read_text() + line + "\n")
    assert [stop for _, stop, _, _ in resumed(target)] == [10]


def test_a_part_is_refused_unless_one_says_what_becomes_of_it(target: Path) -> None:
    begin(target, b"first")
    with pytest.raises(
        InputError, match=r"large\.png\.part': is what an earlier run has left; .* --resume, .* --restart"
    ):
        begin(target, b"other")
    with parts.opened(target, "another", HEAD, resume=False, restart=True) as part:
        assert part.bands == []


def test_a_part_of_another_poster_is_refused(target: Path) -> None:
    begin(target, b"first")
    with pytest.raises(InputError, match="is of another poster"):
        resumed(target, "another")
    assert resumed(target)


def test_a_poster_that_is_being_written_is_let_alone(target: Path) -> None:
    with (
        parts.opened(target, "this one", HEAD, resume=False, restart=False),
        pytest.raises(InputError, match="another run is writing this poster"),
    ):
        resumed(target)


def test_the_clearing_of_left_over_files_leaves_it(target: Path) -> None:
    begin(target, b"first")
    files.clear(target.parent)
    assert resumed(target)


def test_a_finished_poster_leaves_nothing(target: Path) -> None:
    begin(target, b"first")
    parts.remove(target)
    assert list(target.parent.iterdir()) == []
