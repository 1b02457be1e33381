"""A Dask cluster on this machine: a real scheduler and real workers, a process each, gone when the block ends."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

PATIENCE = 60.0  # seconds for a process to come up: a machine may be busy
# a process that the system ends with the one that started it, however that ends
_TIED = (
    "import ctypes, os, sys; ctypes.CDLL(None).prctl(1, 9); os.execv(sys.executable, [sys.executable, *sys.argv[1:]])"
)


@dataclass
class LocalCluster:
    """A scheduler at `address`, and its workers. What they say goes to files in `folder`."""

    folder: Path
    settings: dict[str, str] = field(default_factory=dict)  # of Dask, for the scheduler alone
    address: str = ""
    workers: list[subprocess.Popen[bytes]] = field(default_factory=list)
    scheduler: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """The scheduler, on a free port."""
        file = self.folder / "scheduler.json"
        options = ["--host", "127.0.0.1", "--port", "0", "--no-dashboard", "--no-show", "--scheduler-file", str(file)]
        self.scheduler = self._start("scheduler", options, self.settings)
        self._wait(lambda: file.exists() and file.read_text().endswith("}"), "scheduler", self.scheduler)
        self.address = json.loads(file.read_text())["address"]

    def add(self, *options: str) -> subprocess.Popen[bytes]:
        """A worker of one thread. Unless `--nanny` is given it is the process itself, and gone once that is killed."""
        nanny = () if "--nanny" in options else ("--no-nanny",)
        usual = ["--nthreads", "1", "--no-dashboard", "--local-directory", str(self.folder), "--memory-limit", "0"]
        worker = self._start(f"worker-{len(self.workers)}", [self.address, *usual, *nanny, *options], {})
        self.workers.append(worker)
        return worker

    def ready(self, count: int) -> None:
        """Waits until the scheduler knows so many workers."""
        log = self.folder / "scheduler.log"
        self._wait(lambda: log.read_text().count("Register worker") >= count, "workers", *self.workers)

    def stop(self) -> None:
        """kill -9 of everything."""
        for process in (*self.workers, self.scheduler):
            if process is not None:
                # of the process's whole group: a nanny's worker too
                with suppress(ProcessLookupError):
                    os.killpg(process.pid, signal.SIGKILL)
                process.wait()

    def _start(self, name: str, options: Sequence[str], settings: dict[str, str]) -> subprocess.Popen[bytes]:
        kind = name.partition("-")[0]
        command = [sys.executable, "-c", _TIED, "-m", f"distributed.cli.dask_{kind}", *options]
        with (self.folder / f"{name}.log").open("wb") as log:
            return subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                env=os.environ | {"OMP_NUM_THREADS": "1", "NUMBA_NUM_THREADS": "1"} | settings,
            )

    def _wait(self, there: Callable[[], bool], what: str, *processes: subprocess.Popen[bytes]) -> None:
        until = time.monotonic() + PATIENCE
        while not there():
            ended = any(process.poll() is not None for process in processes)
            if ended or time.monotonic() > until:
                logs = "\n".join(file.read_text(errors="replace")[-2000:] for file in self.folder.glob("*.log"))
                raise RuntimeError(f"{what}: did not come up\n{logs}")
            time.sleep(0.05)


@contextmanager
def local_cluster(folder: Path, workers: int = 2, **settings: str) -> Iterator[LocalCluster]:
    """A scheduler and so many workers; killed with -9 at the end, whatever happens."""
    folder.mkdir(parents=True, exist_ok=True)
    cluster = LocalCluster(folder, settings)
    try:
        cluster.start()
        for _ in range(workers):
            cluster.add()
        cluster.ready(workers)
        yield cluster
    finally:
        cluster.stop()
