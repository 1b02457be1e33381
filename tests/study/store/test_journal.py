"""Which journal a folder can have, and what is said of it."""

from __future__ import annotations

import mmap
from pathlib import Path

import pytest

from benchmarks.made_study import MadeStudy
from netwarp.study.store import journal
from netwarp.study.store.journal import file_system, maps_memory, probe
from netwarp.study.store.store import Store

MOUNTS = """\
/dev/vda / ext4 rw,relatime 0 0
server:/home {0} nfs4 rw,vers=4.2 0 0
/dev/vdb {0}/scratch ext4 rw 0 0
over {0}/a\\040b fuse.sshfs rw 0 0
tmp {0}/twice tmpfs rw 0 0
lustre {0}/twice lustre rw 0 0
short
"""


@pytest.fixture
def mounts(tmp_path: Path) -> Path:
    (tmp_path / "mounts").write_text(MOUNTS.format(tmp_path.resolve()))
    for name in ("scratch", "scratchy", "a b", "twice"):
        (tmp_path / name).mkdir()
    return tmp_path / "mounts"


@pytest.mark.parametrize(
    ("name", "kind", "mode"),
    [
        (".", "nfs4", "delete"),
        ("scratch", "ext4", "wal"),
        ("scratchy", "nfs4", "delete"),
        ("a b", "fuse.sshfs", "delete"),
        ("twice", "lustre", "delete"),
    ],
)
def test_the_file_system_of_a_folder_says_the_journal(
    tmp_path: Path, mounts: Path, name: str, kind: str, mode: str
) -> None:
    folder = tmp_path / name
    assert file_system(folder, mounts) == kind
    found = probe(folder, mounts)
    assert found.mode == mode
    assert (found.advice == "") == (mode == "wal")
    if found.advice:
        assert found.advice.startswith(
            f"{folder} is on a network file system ({kind}): the store uses a rollback journal"
        )
        assert "copied when the study stops" in found.advice


def test_a_machine_that_lists_no_file_systems_is_probed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert file_system(tmp_path, tmp_path / "none") == ""
    assert probe(tmp_path, tmp_path / "none").mode == "wal"
    assert list(tmp_path.iterdir()) == []

    def refuse(*_: object) -> None:
        raise OSError("no such device")

    monkeypatch.setattr(mmap, "mmap", refuse)
    assert not maps_memory(tmp_path)
    found = probe(tmp_path, tmp_path / "none")
    assert found.mode == "delete"
    assert "shares no memory between processes" in found.advice
    assert list(tmp_path.iterdir()) == []


def test_a_store_that_moves_to_a_network_disk_changes_its_journal(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    study = MadeStudy()
    with Store.create(tmp_path, study) as store:
        assert store.journal is not None
        assert store.journal.mode == "wal"
        assert store._connection.execute("PRAGMA journal_mode").fetchone() == ("wal",)
        assert store._connection.execute("PRAGMA synchronous").fetchone() == (1,)
    monkeypatch.setattr(journal, "file_system", lambda *_: "nfs")
    with Store.open(tmp_path, write=True) as store:
        assert store._connection.execute("PRAGMA journal_mode").fetchone() == ("delete",)
        assert store._connection.execute("PRAGMA synchronous").fetchone() == (2,)
    assert [path.name for path in tmp_path.iterdir()] == ["study.sqlite"]
