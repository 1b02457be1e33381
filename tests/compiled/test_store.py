"""The cache of compiled kernels: damaged, full, forbidden or missing, it never ends a command."""

from __future__ import annotations

import errno
import logging
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest

from netwarp.compiled import opening, ready, store
from netwarp.log import LOG
from netwarp.regions.gluing import glue


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[list[str]]:
    """The warnings of a cache in `tmp_path` / "cache"."""
    found: list[str] = []
    handler = logging.Handler(logging.WARNING)
    handler.emit = lambda record: found.append(record.getMessage())  # type: ignore[method-assign]
    monkeypatch.setenv("NETWARP_CACHE_DIR", str(tmp_path / "cache"))
    monkeypatch.setattr(store, "_said", set())
    LOG.addHandler(handler)
    yield found
    LOG.removeHandler(handler)


def test_what_is_kept_is_read(told: list[str], tmp_path: Path) -> None:
    assert store.read("a") is None
    store.keep("a", b"some code")
    assert store.read("a") == b"some code"
    assert [path.name for path in (tmp_path / "cache").iterdir()] == ["a"]
    assert told == []


@pytest.mark.parametrize("place", [0, 5, 25, 60, 90])
def test_a_changed_byte_is_recognised(told: list[str], tmp_path: Path, place: int) -> None:
    store.keep("a", b"some code that is longer than its digest is")
    path = tmp_path / "cache" / "a"
    data = bytearray(path.read_bytes())
    data[place] ^= 4
    path.write_bytes(data)
    assert store.read("a") is None
    assert not path.exists()
    assert len(told) == 1
    assert str(tmp_path) in told[0]
    assert "damaged" in told[0]


def test_a_file_under_another_name_is_recognised(told: list[str], tmp_path: Path) -> None:
    """Each is whole, but machine code of one kernel must not be run as another."""
    store.keep("a", b"one kernel")
    store.keep("b", b"another")
    (tmp_path / "cache" / "a").replace(tmp_path / "cache" / "b")
    assert store.read("b") is None
    assert len(told) == 1
    assert "damaged" in told[0]


@pytest.mark.parametrize("length", [0, 1, 19, 40, 80])
def test_a_short_file_is_recognised(told: list[str], tmp_path: Path, length: int) -> None:
    store.keep("a", b"some code that is longer than its digest is")
    path = tmp_path / "cache" / "a"
    path.write_bytes(path.read_bytes()[:length])
    assert store.read("a") is None
    assert len(told) == 1


def test_a_full_disk_is_said_once(told: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(store, "write", full)
    for name in ("a", "b"):
        store.keep(name, b"code")
        assert store.read(name) is None
    assert len(told) == 1
    assert str(tmp_path) in told[0]
    assert "No space left" in told[0]


@pytest.mark.parametrize("kind", ["a file", "a folder in it", "no home"])
def test_where_nothing_can_be_kept_work_goes_on(
    told: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    if kind == "a file":
        (tmp_path / "cache").write_bytes(b"")
    elif kind == "a folder in it":
        (tmp_path / "cache" / "a").mkdir(parents=True)
    else:
        monkeypatch.setattr(store, "folder", lambda: (_ for _ in ()).throw(RuntimeError("no home directory")))
    for name in ("a", "a"):
        assert store.read(name) is None
        store.keep(name, b"code")
    assert len(told) == 1
    assert "\n" not in told[0]


@pytest.mark.parametrize("make", [Path.mkdir, os.mkfifo], ids=["folder", "pipe"])
def test_names_that_are_no_files_are_one_line_with_the_remedy(
    told: list[str], tmp_path: Path, make: Callable[[Path], None]
) -> None:
    (tmp_path / "cache").mkdir()
    for name in ("a", "b", "c"):
        make(tmp_path / "cache" / name)
        assert store.read(name) is None
        store.keep(name, b"code")
        assert store.read(name) is None
    assert len(told) == 1
    assert repr(str(tmp_path / "cache")) in told[0]
    assert "remove it" in told[0]
    assert "another name" not in told[0]


def draw(folder: Path) -> subprocess.CompletedProcess[str]:
    """A command in a process of its own, with the cache in `folder` / "cache"."""
    command = [sys.executable, "-c", "from netwarp.cli.main import main; main()", "draw", "conv(4)", "--json"]
    command += ["--size", "12x8", "--calibrate", "12x8", "--out", "a.png"]
    surroundings = os.environ | {"NETWARP_CACHE_DIR": str(folder / "cache")}
    return subprocess.run(command, cwd=folder, env=surroundings, capture_output=True, text=True, check=False)


@pytest.fixture(scope="module")
def first(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """The cache that a first run leaves, which takes seconds, and what that run wrote."""
    folder = tmp_path_factory.mktemp("first")
    found = draw(folder)
    assert found.returncode == 0, found.stderr
    return folder / "cache", found.stdout


@pytest.mark.slow
def test_a_command_on_a_cache_of_folders_says_one_line(first: tuple[Path, str], tmp_path: Path) -> None:
    """Every name that a first run wrote is a folder in the second."""
    kept = list(first[0].iterdir())
    for path in kept:
        (tmp_path / "cache" / path.name).mkdir(parents=True)
    again = draw(tmp_path)
    assert again.returncode == 0
    said = [line for line in again.stderr.splitlines() if "kernels" in line and "compiling" not in line]
    assert len(said) == min(1, len(kept))
    assert all("remove it" in line for line in said)
    assert "Traceback" not in again.stderr


def test_a_damaged_kernel_is_compiled_again(told: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    offsets = np.array([0, 3, 7])
    monkeypatch.setattr(glue.neighbours, "doors", ())
    expected = [one.tolist() for one in glue.neighbours(offsets)]
    for path in (tmp_path / "cache").iterdir():
        path.write_bytes(path.read_bytes()[:-7] + b"garbage")
    monkeypatch.setattr(glue.neighbours, "doors", ())
    assert [one.tolist() for one in glue.neighbours(offsets)] == expected
    assert len(told) == 1
    again = [path for path in (tmp_path / "cache").iterdir() if store.read(path.name) is not None]
    assert again


def test_what_waits_is_known_and_compiled(told: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    found = ready.waiting(["measures"])
    assert found is not None
    if not found.kernels:
        # none are shipped for this machine: numba's work is waited for
        assert found.changed
        return
    assert 0 < found.seconds < 60
    seen: list[tuple[int, int]] = []
    found.compile(lambda done, total: seen.append((done, total)))
    assert seen[0][0] == 0
    assert seen[-1][0] == seen[-1][1]
    assert ready.waiting(["measures"]) is None
    monkeypatch.setattr(opening, "VERSION", "another")
    assert ready.waiting(["measures"]) is not None


@pytest.mark.slow
@pytest.mark.parametrize("state", ["damaged", "a file"])
def test_no_command_ends_by_its_cache(first: tuple[Path, str], tmp_path: Path, state: str) -> None:
    cache = tmp_path / "cache"
    kept, whole = first
    if state == "damaged":
        cache.mkdir()
        for path in kept.iterdir():
            (cache / path.name).write_bytes(os.urandom(path.stat().st_size))
    else:
        cache.write_bytes(b"")
    found = draw(tmp_path)
    assert found.returncode == 0
    lines = [line for line in found.stderr.splitlines() if str(cache) in line]
    assert 1 <= len(lines) <= 2
    assert "Traceback" not in found.stderr
    assert found.stdout.splitlines()[:3] == whole.splitlines()[:3]
