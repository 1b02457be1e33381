"""The driver's lock: one at a time, and one that lost it writes nothing."""

from __future__ import annotations

import os
import platform
import sqlite3
import subprocess
import sys
from pathlib import Path
from time import sleep, time

import pytest

from benchmarks.made_study import MadeStudy, outcome
from netwarp.study.store import locking
from netwarp.study.store.faults import HeldError, LostError
from netwarp.study.store.store import Store

STUDY = MadeStudy()
RUNS = list(STUDY.runs())

HOLDS = """
import sys
from netwarp.study.store.store import Store
with Store.open(sys.argv[1], write=True) as store, store.lock():
    store.commit([], running=9)
    print("held", flush=True)
    sys.stdin.read()
"""


def holder(folder: Path) -> subprocess.Popen[str]:
    process = subprocess.Popen(
        [sys.executable, "-c", HOLDS, str(folder)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "held\n"
    return process


def change(folder: Path, **columns: object) -> None:
    with sqlite3.connect(folder / "study.sqlite") as connection:
        for name, value in columns.items():
            connection.execute(f"UPDATE driver SET {name} = ?", (value,))
    connection.close()


def test_a_second_driver_is_refused_with_process_and_host_until_the_first_is_gone(tmp_path: Path) -> None:
    Store.create(tmp_path, STUDY).close()
    first = holder(tmp_path)
    with Store.open(tmp_path, write=True) as store:
        with pytest.raises(HeldError) as refused, store.lock():
            pass
        assert f"process {first.pid} on {platform.node()} runs this study" in str(refused.value)
        assert store.driver() is not None
        assert store.counts().running == 9
        # nor may anybody write beside it without a lock
        with pytest.raises(HeldError):
            store.commit([outcome(RUNS[0])])
        first.kill()
        first.communicate()
        assert store.driver() is None
        assert store.counts().running == 0
        with store.lock():
            store.commit([outcome(RUNS[0])])
        assert store.counts().done == 1


def test_a_lock_that_is_given_back_is_free(tmp_path: Path) -> None:
    with Store.create(tmp_path, STUDY) as store:
        with store.lock():
            store.commit([], running=3)
            found = store.driver()
            assert found is not None
            assert found.process == os.getpid()
            assert store.counts().running == 3
        assert store.driver() is None
        assert store.counts().running == 0
        with store.lock():
            pass


def test_a_driver_that_lost_its_lock_writes_nothing(tmp_path: Path) -> None:
    with Store.create(tmp_path, STUDY) as first, Store.open(tmp_path, write=True) as second:
        with first.lock():
            first.commit([outcome(RUNS[0])])
            with second.lock(take_over=True):
                with pytest.raises(LostError, match=f"process {os.getpid()} on .* took this study over"):
                    first.commit([outcome(RUNS[1])])
                second.commit([outcome(RUNS[2])])
            with pytest.raises(LostError, match="another driver took this study over"):
                first.commit([outcome(RUNS[1])])
        assert first.counts().done == 2


def test_a_lock_of_another_host_is_stale_after_a_minute_of_silence(tmp_path: Path) -> None:
    pauses: list[float] = []
    with Store.create(tmp_path, STUDY) as store, store.lock():
        change(tmp_path, machine="elsewhere", host="node-7", process=1234, heartbeat=time() - 50)
        with Store.open(tmp_path, write=True) as second:
            with pytest.raises(HeldError, match="process 1234 on node-7"), second.lock():
                pass
            change(tmp_path, heartbeat=time() - 61)
            assert second.driver() is None
            with second.lock(pause=pauses.append):
                second.commit([outcome(RUNS[0])])
    assert sum(pauses) >= locking.HEARTBEAT


def test_a_driver_whose_clock_is_slow_is_seen_to_be_alive(tmp_path: Path) -> None:
    with Store.create(tmp_path, STUDY) as store, store.lock():
        change(tmp_path, machine="elsewhere", host="node-7", process=1234, heartbeat=time() - 3600)

        def pause(_seconds: float) -> None:
            change(tmp_path, heartbeat=time() - 3590)

        with (
            Store.open(tmp_path, write=True) as second,
            pytest.raises(HeldError, match="process 1234 on node-7"),
            second.lock(pause=pause),
        ):
            pass


def test_the_heart_beats_while_the_driver_works(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(locking.Heart.__init__, "__defaults__", (0.02,))
    with Store.create(tmp_path, STUDY) as store, store.lock():
        change(tmp_path, heartbeat=1.0)
        for _ in range(500):
            found = store.driver()
            assert found is not None
            if found.heartbeat > 1.0:
                break
            sleep(0.01)
        assert found.heartbeat > time() - 60


def test_a_process_number_that_was_given_again_is_another_process(tmp_path: Path) -> None:
    with Store.create(tmp_path, STUDY) as store, store.lock():
        change(tmp_path, started="00000000.1")
        assert store.driver() is None


def test_a_lock_that_cannot_be_given_back_hides_no_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise sqlite3.OperationalError("database or disk is full")

    with Store.create(tmp_path, STUDY) as store:
        monkeypatch.setattr(locking, "release", fail)
        with pytest.raises(ZeroDivisionError), store.lock():
            raise ZeroDivisionError
        monkeypatch.undo()
        # this process is there still, and says that it holds it
        with pytest.raises(HeldError, match=str(os.getpid())), store.lock():
            pass
        with store.lock(take_over=True):
            pass
