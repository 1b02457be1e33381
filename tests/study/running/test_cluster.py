"""A real Dask scheduler with real workers on this machine: the same table, whatever is killed, and clear lines."""

from __future__ import annotations

import gc
import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Thread, current_thread, setprofile
from threading import enumerate as enumerate_threads
from types import FrameType

import pytest

from benchmarks.local_cluster import LocalCluster, local_cluster
from netwarp.errors import InputError
from netwarp.study.grid.file import read_study
from netwarp.study.running.cluster import Cluster
from netwarp.study.running.session import Ended, run_study
from netwarp.study.running.suspects import KILLED
from netwarp.study.store.checking import check
from netwarp.study.store.exporting import export_csv
from netwarp.study.store.store import Store
from netwarp.version import VERSION

pytest.importorskip("distributed")
pytestmark = [pytest.mark.slow, pytest.mark.filterwarnings("ignore::DeprecationWarning")]  # of Dask's own

SEEDS = 60
FILE = f"""\
[study]
name = "on a cluster"
seeds = {SEEDS}
raster = "48x48"
measures = ["mean_frequency", "total_variation", "lz_complexity"]
[factors]
architecture = ["conv({{width}}) * 4"]
width = [3, 6]
act = ["relu", "tanh"]
"""
TOTAL = 4 * SEEDS
NETWARP = [sys.executable, "-c", "from netwarp.cli.entry import main; main()"]


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("study") / "study.toml"
    path.write_text(FILE)
    return path


@pytest.fixture(scope="module")
def local(file: Path) -> bytes:
    """The table of one thread of this process."""
    with ThreadPoolExecutor(1) as threads:
        assert run_study(read_study(file), file.parent / "local", crew=threads).status == 0
    return table(file.parent / "local")


@pytest.fixture
def cluster(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[LocalCluster]:
    """Of two workers, unless the test says how many."""
    with local_cluster(tmp_path / "cluster", getattr(request, "param", 2)) as found:
        yield found


def table(folder: Path) -> bytes:
    assert check(folder).status == 0
    path = folder / "table.csv"
    with Store.open(folder) as store:
        export_csv(store, path, meaning_only=True)
    return path.read_bytes()


def command(file: Path, out: Path, address: str) -> list[str]:
    return [*NETWARP, "study", "run", str(file), "--out", str(out), "--dask", address]


def run(file: Path, out: Path, address: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(command(file, out, address), capture_output=True, text=True, check=False, timeout=300)


def runs_done(folder: Path) -> int:
    try:
        with Store.open(folder) as store:
            return store.counts().done
    except InputError:
        return 0  # not made yet


def in_the_middle(folder: Path, driver: subprocess.Popen[str]) -> None:
    """Waits until some runs are done; all of them must not be."""
    while not (done := runs_done(folder)):
        assert driver.poll() is None
        time.sleep(0.02)
    assert done < TOTAL // 2


def test_a_worker_is_killed_in_the_middle_and_the_table_is_the_local_one(
    file: Path, local: bytes, cluster: LocalCluster, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    with subprocess.Popen(command(file, out, cluster.address), stdout=subprocess.PIPE, text=True) as driver:
        in_the_middle(out, driver)
        with Store.open(out) as store:
            # one that has done some: which of the two is the first is chance
            first = next(row.worker for row in store.rows())
        os.kill(first, signal.SIGKILL)
        said, _ = driver.communicate(timeout=300)
    assert driver.returncode == 0, said
    assert f"{TOTAL} done, 0 to do, 0 failed" in said
    with Store.open(out) as store:
        workers = {row.worker for row in store.rows()}
    assert workers == {worker.pid for worker in cluster.workers}, "each did some, the killed one too"
    assert table(out) == local


def killer(path: Path, seed: int, act: str) -> Path:
    """What a worker loads first: this seed's run kills its worker. Each kill is a line of a file."""
    path.write_text(f"""
import os, signal
from netwarp.study.running import work
real = getattr(work, "real", work.evaluate)
work.real = real
def evaluate(given, seed, *arguments, **options):
    if seed == {seed} and "{act}" in str(given) and "conv(6)" in str(given):
        with open({str(path.with_suffix(".kills"))!r}, "a") as file:
            file.write("killed\\n")
        os.kill(os.getpid(), signal.SIGKILL)
    return real(given, seed, *arguments, **options)
work.evaluate = evaluate
""")
    return path


@pytest.mark.parametrize("allowed", [0, 1_000_000])
def test_only_the_run_that_kills_fails_whatever_the_scheduler_allows(
    file: Path, local: bytes, allowed: int, tmp_path: Path
) -> None:
    folder, out = tmp_path / "cluster", tmp_path / "out"
    preload = killer(tmp_path / "killer.py", 17, "tanh")
    with local_cluster(folder, 0, DASK_DISTRIBUTED__SCHEDULER__ALLOWED_FAILURES=str(allowed)) as cluster:
        for _ in range(2):
            # a nanny starts its worker again
            cluster.add("--nanny", "--preload", str(preload))
        cluster.ready(2)
        ran = run(file, out, cluster.address)
    assert ran.returncode == 1, ran.stdout + ran.stderr
    assert f"{TOTAL - 1} done, 0 to do, 1 failed" in ran.stdout
    with Store.open(out) as store:
        (failure,) = store.failures()
    assert (failure.run.seed, failure.reason) == (17, KILLED)
    assert "conv(6)" in failure.run.source.text
    kills = len(preload.with_suffix(".kills").read_text().splitlines())
    # once with its chunk, once with it again, once with each half, twice alone; a scheduler that allows it runs each of
    # these again by itself, until the driver has taken it back
    assert 3 <= kills <= (10 if allowed == 0 else 40)
    # without the run that failed the table is the local one
    rows = [line for line in local.splitlines() if not (b",17," in line and b"conv(6)" in line and b"tanh" in line)]
    found = [line for line in table(out).splitlines() if b"failed" not in line]
    assert len(local.splitlines()) - len(rows) == 3
    assert found == rows


def test_what_evaluated_is_recorded_mixed_processors_too(file: Path, local: bytes, tmp_path: Path) -> None:
    preload = tmp_path / "preload.py"
    preload.write_text("from netwarp.study.running import work\nwork.processor = lambda: 'another processor'\n")
    with local_cluster(tmp_path / "cluster", 1) as cluster:
        cluster.add("--preload", str(preload))
        cluster.ready(2)
        assert run(file, tmp_path / "out", cluster.address).returncode == 0
    import numba
    import numpy as np

    with Store.open(tmp_path / "out") as store:
        one, other = sorted(store.machines(), key=lambda found: found["processor"] == "another processor")
    versions = {"netwarp": VERSION, "numpy": np.__version__, "numba": numba.__version__, "host": os.uname().nodename}
    assert one == versions | {"processor": one["processor"]}
    assert other == versions | {"processor": "another processor"}
    assert one["processor"] not in ("", "another processor")
    assert table(tmp_path / "out") == local


OTHER = "import netwarp.version\nnetwarp.version.VERSION = '9.9'\n"
ABSENT = """
import sys
class Absent:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] == "netwarp":
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)
sys.meta_path.insert(0, Absent())
"""


@pytest.mark.parametrize(
    ("preload", "said"),
    [
        (OTHER, "install one"),
        (ABSENT, r"cannot load netwarp \(ModuleNotFoundError.*No module named 'netwarp'.*; install netwarp .* there"),
    ],
)
@pytest.mark.parametrize("late", [False, True])
def test_a_worker_with_another_netwarp_or_none_is_refused_in_one_line(
    file: Path, preload: str, said: str, late: bool, tmp_path: Path
) -> None:
    """A worker that comes while the study runs is refused by itself."""
    (tmp_path / "preload.py").write_text(preload)
    with local_cluster(tmp_path / "cluster", 0) as cluster:
        if not late:
            cluster.add()
            cluster.add("--preload", str(tmp_path / "preload.py"))
            cluster.ready(2)
        with subprocess.Popen(
            command(file, tmp_path / "out", cluster.address), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        ) as driver:
            if late:
                assert driver.stdout is not None
                while not driver.stdout.readline().startswith("estimate"):
                    pass
                time.sleep(2)  # there are chunks by now, and no worker
                cluster.add("--preload", str(tmp_path / "preload.py"))
            _, error = driver.communicate(timeout=120)
    assert driver.returncode == 2, error
    assert error.startswith("netwarp: ")
    assert re.search(said, error), error
    assert len(error.splitlines()) == 1, error


@pytest.mark.parametrize("cluster", [0], indirect=True)
def test_workers_may_come_late_and_the_scheduler_may_go(
    file: Path, local: bytes, cluster: LocalCluster, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    with subprocess.Popen(
        command(file, out, cluster.address), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as driver:
        time.sleep(2)
        assert runs_done(out) == 0
        cluster.add()
        in_the_middle(out, driver)
        assert cluster.scheduler is not None
        os.kill(cluster.scheduler.pid, signal.SIGKILL)
        _, error = driver.communicate(timeout=120)
    assert driver.returncode == 2, error
    assert f"dask {cluster.address}: the scheduler cannot be reached any more" in error
    assert "Traceback" not in error
    done = runs_done(out)
    assert 0 < done < TOTAL
    with ThreadPoolExecutor(1) as threads:
        ended: Ended = run_study(read_study(file), out, crew=threads)
    assert ended.counts.done == TOTAL
    assert table(out) == local


def test_where_there_is_no_scheduler_it_is_said() -> None:
    said = r"there is no scheduler .*as in tcp://127\.0\.0\.1:8786"
    for address in ("tcp://127.0.0.1:9", "nowhere", "tcp://127.0.0.1:notaport", "tls://127.0.0.1:9", "tcp://\0:1"):
        with pytest.raises(InputError, match=said) as refused:
            Cluster(address)
        assert str(refused.value).isprintable()


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (b"", "nothing that answers as one within 1 s"),
        (b"HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n", "MemoryError"),
        ((1).to_bytes(8, "little") + (5).to_bytes(8, "little") + b"abcde", "error: "),
    ],
    ids=["nothing", "a web server's", "no message"],
)
def test_who_answers_and_is_no_scheduler_is_refused(monkeypatch: pytest.MonkeyPatch, answer: bytes, said: str) -> None:
    monkeypatch.setattr("netwarp.study.running.cluster.PATIENCE", 1)
    before = set(enumerate_threads())
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def answers() -> None:
            connection, _ = listening.accept()
            with connection:
                connection.sendall(answer)
                if not answer:
                    connection.recv(1 << 20)  # what the client says first
                    connection.recv(1)  # until it has gone

        other = Thread(target=answers)
        other.start()
        with pytest.raises(InputError, match=f"there is no scheduler .{said}") as refused:
            Cluster(f"tcp://127.0.0.1:{listening.getsockname()[1]}")
        other.join()
    assert str(refused.value).isprintable()
    assert set(enumerate_threads()) == before


def test_of_a_client_that_found_no_scheduler_nothing_stays() -> None:
    # a client that stays is closed when memory is tidied; where that was in the next client's thread, this one failed
    before = set(enumerate_threads())
    tidied: list[Thread] = []

    def tidy(_frame: FrameType, event: str, _argument: object) -> None:
        if event == "call" and not tidied:
            tidied.append(current_thread())
            gc.collect()

    gc.disable()
    try:
        for address in ("nowhere", "tcp://127.0.0.1:notaport", "other://127.0.0.1:8786"):
            tidied.clear()
            with pytest.raises(InputError, match="there is no scheduler"):
                Cluster(address)
            assert set(enumerate_threads()) == before
            setprofile(tidy)  # of the threads that begin from here on
        assert tidied, "the next client has a thread"
    finally:
        setprofile(None)
        gc.enable()
