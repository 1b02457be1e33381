"""A file is written whole or not at all."""

from __future__ import annotations

from pathlib import Path

import pytest

from netwarp.errors import InputError
from netwarp.picture.files import replacing, write


def test_a_new_file_and_a_replaced_one(tmp_path: Path) -> None:
    path = tmp_path / "a.bin"
    write(path, b"one")
    write(str(path), b"two")
    assert path.read_bytes() == b"two"
    assert list(tmp_path.iterdir()) == [path]


def test_the_old_file_is_there_until_the_end(tmp_path: Path) -> None:
    path = tmp_path / "a.bin"
    write(path, b"old")
    with replacing(path) as stream:
        stream.write(b"new")
        stream.flush()
        assert path.read_bytes() == b"old"
    assert path.read_bytes() == b"new"


@pytest.mark.parametrize("error", [KeyboardInterrupt, SystemExit, MemoryError, ValueError, GeneratorExit])
def test_nothing_is_left_of_an_interrupted_write(tmp_path: Path, error: type[BaseException]) -> None:
    path = tmp_path / "a.bin"
    write(path, b"old")

    def interrupted() -> None:
        with replacing(path) as stream:
            stream.write(b"half")
            raise error

    with pytest.raises(error):
        interrupted()
    assert path.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [path]


def test_a_full_disk_is_one_line_and_leaves_nothing(tmp_path: Path) -> None:
    def full() -> None:
        with replacing(tmp_path / "a.bin") as stream:
            stream.write(b"half")
            raise OSError(28, "No space left on device")

    with pytest.raises(InputError, match=r"a\.bin': cannot be written \(No space left on device\)"):
        full()
    assert list(tmp_path.iterdir()) == []


def test_a_missing_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="does not exist; make it first"):
        write(tmp_path / "no" / "a.bin", b"")
    assert list(tmp_path.iterdir()) == []


def test_a_folder_or_a_device_is_never_replaced(tmp_path: Path) -> None:
    for path in (tmp_path, Path("/dev/null")):
        with pytest.raises(InputError, match="a folder or a device"):
            write(path, b"x")


def test_a_link_stays_a_link(tmp_path: Path) -> None:
    (tmp_path / "there").mkdir()
    link = tmp_path / "link.bin"
    link.symlink_to(tmp_path / "there" / "real.bin")
    write(link, b"x")
    assert link.is_symlink()
    assert (tmp_path / "there" / "real.bin").read_bytes() == b"x"


@pytest.mark.parametrize("name", ["a\0b", "x" * 300, "y" * 5000])
def test_a_name_the_system_cannot_have_is_one_line(tmp_path: Path, name: str) -> None:
    with pytest.raises(InputError, match=r"^file [^\n]*$"):
        write(tmp_path / name, b"x")
    assert list(tmp_path.iterdir()) == []
