"""A file is written whole or not at all."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from netwarp.errors import InputError
from netwarp.files import check_place, clear, filled, replacing, temporary_in, together, write


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


def test_several_files_appear_together(tmp_path: Path) -> None:
    with together():
        write(tmp_path / "a.bin", b"a")
        write(tmp_path / "b.bin", b"b")
        assert not (tmp_path / "a.bin").exists()
    assert {one.name for one in tmp_path.iterdir()} == {"a.bin", "b.bin"}


def test_where_one_of_several_fails_all_is_as_it_was(tmp_path: Path) -> None:
    write(tmp_path / "a.bin", b"old")

    def fails() -> None:
        with together():
            write(tmp_path / "a.bin", b"new")
            write(tmp_path / "c.bin", b"c")
            write(tmp_path / "no" / "b.bin", b"b")

    with pytest.raises(InputError, match="does not exist"):
        fails()
    assert (tmp_path / "a.bin").read_bytes() == b"old"
    assert [one.name for one in tmp_path.iterdir()] == ["a.bin"]


def test_where_one_cannot_be_renamed_those_before_it_are_taken_back(tmp_path: Path) -> None:
    write(tmp_path / "a.bin", b"old")

    def fails() -> None:
        with together():
            write(tmp_path / "a.bin", b"new")
            write(tmp_path / "c.bin", b"c")
            write(tmp_path / "b.bin", b"b")
            (tmp_path / "b.bin").mkdir()  # somebody else made a folder of this name meanwhile

    with pytest.raises(InputError, match=r"b\.bin': cannot be written"):
        fails()
    assert (tmp_path / "a.bin").read_bytes() == b"old"
    assert {one.name for one in tmp_path.iterdir()} == {"a.bin", "b.bin"}


def test_a_folder_of_files_appears_together(tmp_path: Path) -> None:
    target = tmp_path / "page"
    with together():
        with filled(target) as folder:
            (folder / "index.html").write_bytes(b"i")
            write(folder / "p.png", b"p")  # as pictures are written
        write(tmp_path / "t.csv", b"t")
        assert not target.exists()
    assert {one.name for one in target.iterdir()} == {"index.html", "p.png"}
    assert {one.name for one in tmp_path.iterdir()} == {"page", "t.csv"}


def test_what_a_killed_run_left_is_cleared_and_nothing_else(tmp_path: Path) -> None:
    """A process writes a file, a folder, and is killed; another is still writing; a third is of another machine."""
    code = (
        "import sys, time; from pathlib import Path; from netwarp.files import temporary_in\n"
        "here = Path(sys.argv[1]); temporary_in(here).write_bytes(b'half')\n"
        "folder = temporary_in(here); folder.mkdir(); (folder / 'x.png').write_bytes(b'half')\n"
        "print('ready', flush=True); time.sleep(60)"
    )
    started = [
        subprocess.Popen([sys.executable, "-c", code, str(tmp_path)], stdout=subprocess.PIPE, text=True) for _ in "ab"
    ]
    for one in started:
        assert one.stdout is not None
        assert one.stdout.readline() == "ready\n"
    dead, alive = started
    dead.kill()
    dead.communicate()
    own = temporary_in(tmp_path)
    own.write_bytes(b"of this process")
    left = sorted(one.name for one in tmp_path.iterdir())
    other = tmp_path / f".netwarp-ffffffff-{dead.pid}-{own.name.split('-')[3]}-{'0' * 16}.tmp"
    foreign = [other, tmp_path / f".netwarp-{'0' * 16}.tmp", tmp_path / f".netwarp-{dead.pid}.tmp"]
    for one in foreign:
        one.write_bytes(b"somebody's")
    clear(tmp_path)
    kept = {name for name in left if f"-{dead.pid}-" not in name} | {one.name for one in foreign}
    assert {one.name for one in tmp_path.iterdir()} == kept
    assert len(kept) == 3 + 3
    alive.kill()
    alive.communicate()


def test_a_process_that_has_the_number_of_a_dead_one_is_told_from_it(tmp_path: Path) -> None:
    own = temporary_in(tmp_path).name
    head, process, started, tail = own.split("-", 4)[1:]
    earlier = tmp_path / f".netwarp-{head}-{process}-{started.split('.')[0]}.1-{tail}"
    earlier.write_bytes(b"half")
    (tmp_path / own).write_bytes(b"half")
    clear(tmp_path)
    assert [one.name for one in tmp_path.iterdir()] == [own]


def test_a_place_that_cannot_be_written_to_is_refused_before_the_work(tmp_path: Path) -> None:
    (tmp_path / "a.csv").mkdir()
    for path, endings, folder, needle in (
        ("t.txt", [".csv"], False, r"--csv '.*t\.txt': must end in \.csv$"),
        ("t.txt", [".png", ".svg"], False, r"must end in one of \.png, \.svg$"),
        ("t.txt", [".png"], True, r"must be an existing folder or end in \.png$"),
        ("a.csv", [".csv"], False, "there is a folder of that name; choose another$"),
        ("no/where.csv", [".csv"], False, "the folder .* does not exist; make it first$"),
    ):
        with pytest.raises(InputError, match=needle):
            check_place("--csv", tmp_path / path, *endings, folder=folder)
    check_place("--csv", None, ".csv")
    check_place("--csv", tmp_path / "T.CSV", ".csv")
    check_place("--out", tmp_path / "a.csv", ".png", folder=True)
