"""Cluster: the workers of a Dask scheduler that runs already, through its own executor."""

from __future__ import annotations

import asyncio
import pickle
from collections.abc import Callable, Coroutine, Iterator, Mapping
from concurrent.futures import BrokenExecutor, Executor, Future
from contextlib import contextmanager, suppress
from threading import Thread
from time import monotonic
from typing import Any, Final
from uuid import uuid4

from netwarp.errors import InputError, NetwarpError, in_a_line, shown
from netwarp.study.running.crews import CrewError
from netwarp.study.running.work import Chunk, Machine, Result, machine, work
from netwarp.version import VERSION

PATIENCE: Final = 10  # seconds to find the scheduler in
LATELY: Final = 1.0  # seconds for which the number of workers is taken to be what it was
EXTRA: Final = 'dask: is not installed; install netwarp with its extra: pip install "netwarp[dask]"'


class LostWorkerError(BrokenExecutor):
    """The worker that had the chunk is gone."""


class Cluster:
    """The workers of a Dask scheduler, which stays as it is, with its settings.

    By itself the scheduler gives the chunks of a worker that is gone to others, as often as its `allowed-failures`
    says: one run that kills could take every worker. So a chunk is taken back once the scheduler says that the worker
    which had it is gone, and the driver decides what becomes of it. The client's own executor cannot take one back.
    Errors: InputError where there is no scheduler at the address, or a worker has another netwarp.
    """

    def __init__(self, address: str) -> None:
        self._address = address
        self._loop = _Loop()
        self._client: Any = _client(address, self._loop)
        # by key, what ends the waiting for a chunk; touched in the client's own thread only
        self._held: dict[str, asyncio.Future[None]] = {}
        self._counted = (-LATELY, 1)
        try:
            self._check()
            self._client.subscribe_topic("all", self._told)
        except BaseException:
            self.close(now=True)
            raise

    @property
    def workers(self) -> int:
        """The threads of all workers there are now; 1 while there are none, so that the first that comes has work."""
        when, count = self._counted
        if monotonic() - when >= LATELY:
            with self._reachable():
                threads: dict[str, int] = self._client.nthreads()
            count = max(1, sum(threads.values()))
            self._counted = monotonic(), count
        return count

    @property
    def shared(self) -> bool:
        return False

    def submit(self, chunk: Chunk) -> Future[Result]:
        return asyncio.run_coroutine_threadsafe(self._evaluated(chunk), self._client.loop.asyncio_loop)

    def rebuild(self) -> None:
        """Nothing: workers come and go by themselves. Errors: CrewError where the scheduler is gone."""
        self._counted = (-LATELY, 1)
        _ = self.workers

    def close(self, *, now: bool) -> None:  # noqa: ARG002  # with the client the chunks that are not done are let go
        with suppress(Exception):
            self._client.close()
        self._loop.end()

    def executor(self) -> Executor:
        """The client's own executor, which cannot take work back from a worker that is gone."""
        lent: Executor = self._client.get_executor(pure=False)
        return lent

    def _check(self) -> None:
        with self._reachable():
            found: dict[str, Machine | Exception] = self._client.run(machine, on_error="return")
        for address, one in found.items():
            if isinstance(one, Exception):
                raise InputError(self._unfit(f"the worker at {address}", one))
            if one.netwarp != VERSION:
                raise InputError(
                    f"dask {self._address}: the worker on {one.host} has netwarp {one.netwarp}, and here is {VERSION}; "
                    "install one version everywhere"
                )

    def _unfit(self, who: str, error: Exception) -> str:
        said = str(error) if type(error) is Exception else f"{type(error).__name__}: {error}"
        return f"dask {self._address}: {who} cannot load netwarp ({said}); install netwarp {VERSION} there"

    async def _evaluated(self, chunk: Chunk) -> Result:
        """What a worker makes of it, awaited in the client's own thread. Errors: LostWorkerError; the worker's own."""
        key = f"netwarp-{uuid4().hex}"
        gone = self._held[key] = asyncio.get_running_loop().create_future()
        # a chunk that comes again is not the chunk that was lost
        future = self._client.submit(pickle.loads, pickle.dumps(_Evaluation(chunk)), key=key, pure=False)
        waiting = asyncio.ensure_future(_result(future))
        try:
            await asyncio.wait({waiting, gone}, return_when=asyncio.FIRST_COMPLETED)
            if not waiting.done() or future.cancelled():
                raise LostWorkerError("the worker is gone, or the scheduler")
            return waiting.result()
        except (NetwarpError, BrokenExecutor):
            raise
        except Exception as error:  # noqa: BLE001  # `work` itself says all that a run raises
            if type(error).__name__ == "KilledWorker":
                raise LostWorkerError(str(error)) from None
            raise CrewError(self._unfit("a worker", error)) from None
        finally:
            del self._held[key]
            waiting.cancel()
            # the scheduler forgets what nobody waits for
            future.release()

    def _told(self, event: tuple[float, Mapping[str, Any]]) -> None:
        """What the scheduler says to all, in the client's own thread: of a worker that is gone, what it had."""
        _, message = event
        if message.get("action") == "remove-worker":
            for key in (*message.get("processing-tasks", ()), *message.get("lost-computed-tasks", ())):
                gone = self._held.get(key)
                if gone is not None and not gone.done():
                    gone.set_result(None)

    @contextmanager
    def _reachable(self) -> Iterator[None]:
        try:
            yield
        except (OSError, TimeoutError) as error:
            raise CrewError(f"dask {self._address}: the scheduler cannot be reached any more ({error})") from None


@contextmanager
def lent_by(address: str) -> Iterator[Executor]:
    """The workers of a Dask scheduler as an executor, for whatever else they may do; with the checks of a Cluster.

    The scheduler gives what a lost worker had to another by itself. Errors: InputError, as Cluster.
    """
    cluster = Cluster(address)
    try:
        lent: Executor = cluster.executor()
        yield lent
    finally:
        cluster.close(now=True)


class _Evaluation:
    """Unpickling it gives `work(chunk)`: it is the task itself that loads netwarp, and fails where it cannot.

    A worker that is to load netwarp in order to read a task ends where it has none, as if the task had killed it.
    """

    def __init__(self, chunk: Chunk) -> None:
        self._chunk = chunk

    def __reduce__(self) -> tuple[Callable[[Chunk], Result], tuple[Chunk]]:
        return work, (self._chunk,)


async def _result(future: Any) -> Result:
    found: Result = await future
    return found


class _Loop:
    """A thread for a Dask client, which ends whatever becomes of the client.

    A client that starts a thread by itself and finds no scheduler leaves that thread behind, and itself until the
    garbage collector closes it. Where the collector runs in the next client's thread while that starts, closing waits
    for a lock that the maker of the thread holds, and the maker waits for the thread.
    """

    def __init__(self) -> None:
        self._ready: Future[asyncio.AbstractEventLoop] = Future()
        self._thread = Thread(target=self._run, daemon=True, name="netwarp-cluster")
        self._thread.start()
        self._asyncio = self._ready.result()

    def result(self, coroutine: Coroutine[Any, Any, Any]) -> Any:
        """What it returns or raises, awaited in the thread."""
        return asyncio.run_coroutine_threadsafe(coroutine, self._asyncio).result()

    def end(self, *, wait: bool = True) -> None:
        """Whatever the thread still does, it is not waited for beyond PATIENCE."""
        with suppress(RuntimeError):  # ended before
            self._asyncio.call_soon_threadsafe(self._asyncio.stop)
        if wait:
            self._thread.join(PATIENCE)

    def _run(self) -> None:
        try:
            with asyncio.Runner() as runner:
                self._ready.set_result(runner.get_loop())
                runner.get_loop().run_forever()
        except BaseException as error:
            if self._ready.done():
                raise
            self._ready.set_exception(error)


async def _connected(address: str) -> Any:
    """A client of the scheduler; its methods wait where another thread calls them. Errors: InputError without Dask."""
    try:
        from distributed import Client
    except ModuleNotFoundError as error:
        if error.name in ("dask", "distributed"):
            raise InputError(EXTRA) from None
        raise
    client: Any = Client(address, asynchronous=True, timeout=PATIENCE, set_as_default=False)  # type: ignore[no-untyped-call]  # distributed has none
    try:
        # the client's own timeout ends with the connection: it waits without end for a peer that then says nothing
        return await asyncio.wait_for(client, PATIENCE + 1)
    except BaseException:
        with suppress(Exception):
            await asyncio.wait_for(client.close(), 1)
        raise


def _client(address: str, loop: _Loop) -> Any:
    """A client in the loop's thread. Errors: InputError; the loop is ended then."""
    try:
        return loop.result(_connected(address))
    except BaseException as error:
        # who presses Ctrl-C is not kept waiting
        loop.end(wait=isinstance(error, Exception))
        if isinstance(error, InputError) or not isinstance(error, Exception):
            raise
        said = in_a_line(error) or f"nothing that answers as one within {PATIENCE} s"
        if not isinstance(error, OSError | ValueError):
            said = f"{type(error).__name__}: {said}"
        raise InputError(
            f"--dask {shown(address)}: there is no scheduler ({said}); give its address, as in tcp://127.0.0.1:8786"
        ) from None
