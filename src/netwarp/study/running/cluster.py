"""Cluster: the workers of a Dask scheduler that runs already, through its own executor."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import Executor, Future
from contextlib import contextmanager, suppress
from typing import Any, Final

from netwarp.errors import InputError, shown
from netwarp.study.running.crews import CrewError
from netwarp.study.running.work import Chunk, Machine, Result, machine, work
from netwarp.version import VERSION

PATIENCE: Final = 10  # seconds to find the scheduler in
EXTRA: Final = 'dask: is not installed; install netwarp with its extra: pip install "netwarp[dask]"'


class Cluster:
    """A Dask client's executor. The scheduler gives lost chunks to other workers by itself, and its settings stay.

    Errors: InputError where there is no scheduler at the address, or a worker has another netwarp.
    """

    def __init__(self, address: str) -> None:
        self._address = address
        self._client: Any = _client(address)
        try:
            self._check()
        except BaseException:
            self._client.close()
            raise
        # a chunk that comes again is not the chunk that was lost
        self._executor: Executor = self._client.get_executor(pure=False)

    @property
    def workers(self) -> int:
        """The threads of all workers there are now; 1 while there are none, so that the first that comes has work."""
        with self._reachable():
            threads: dict[str, int] = self._client.nthreads()
        return max(1, sum(threads.values()))

    @property
    def shared(self) -> bool:
        return False

    def submit(self, chunk: Chunk) -> Future[Result]:
        with self._reachable():
            return self._executor.submit(work, chunk)

    def rebuild(self) -> None:
        """Nothing: the scheduler does it."""

    def close(self, *, now: bool) -> None:
        with suppress(Exception):
            self._executor.shutdown(wait=not now, cancel_futures=now)
        with suppress(Exception):
            self._client.close()

    def _check(self) -> None:
        with self._reachable():
            found: dict[str, Machine] = self._client.run(machine)
        other = next((one for one in found.values() if one.netwarp != VERSION), None)
        if other is not None:
            raise InputError(
                f"dask {self._address}: the worker on {other.host} has netwarp {other.netwarp}, and here is {VERSION}; "
                "install one version everywhere"
            )

    @contextmanager
    def _reachable(self) -> Iterator[None]:
        try:
            yield
        except (OSError, TimeoutError) as error:
            raise CrewError(f"dask {self._address}: the scheduler cannot be reached any more ({error})") from None
        except ModuleNotFoundError as error:
            raise CrewError(f"dask {self._address}: a worker lacks {error.name}; install netwarp there") from None


def _client(address: str) -> Any:
    try:
        from distributed import Client
    except ModuleNotFoundError:
        raise InputError(EXTRA) from None
    try:
        return Client(address, timeout=PATIENCE, set_as_default=False)  # type: ignore[no-untyped-call]
    except (OSError, TimeoutError, ValueError) as error:
        said = str(error).split("\n", 1)[0] or type(error).__name__
        raise InputError(
            f"--dask {shown(address)}: there is no scheduler ({said}); give its address, as in tcp://127.0.0.1:8786"
        ) from None
