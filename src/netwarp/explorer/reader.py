"""A dropped file is read in a process of its own: whatever it makes of it, others go on, and it can be ended.

A thread would not do: while one of Python's own readers works, no other thread does, and none can be stopped. What the
process finds comes back as one line of JSON and the bytes of weights; nothing that comes back is executed.
"""

from __future__ import annotations

import io
import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from tempfile import TemporaryFile
from threading import Lock

from netwarp import checks
from netwarp.errors import InputError, LanguageError, LimitError, NetwarpError
from netwarp.explorer.pasted import written_in
from netwarp.explorer.reading import File, Files, read
from netwarp.explorer.state import Page
from netwarp.models.slice_text import read_slice
from netwarp.network.network import Network
from netwarp.orders.subject import Subject
from netwarp.plane import Plane

# the same packages as here, wherever they were found
COMMAND = "import json, sys; sys.path[:] = json.loads(sys.argv[1]); from netwarp.explorer.reader import main; main()"
PATIENCE = 0.1  # seconds between two looks at whether it is still wanted
CPU_SECONDS = 60  # it ends by itself then, should whoever started it be gone


class Readers:
    """The processes that read for one server. None outlives it: `end` ends them, whatever the threads that wait do."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._running: set[subprocess.Popen[bytes]] = set()
        self._ended = False

    @contextmanager
    def start(self, data: bytes, name: str) -> Iterator[subprocess.Popen[bytes]]:
        """A process that reads `data`, killed at once after `end`. Errors: InputError where none can be started."""
        with self._lock:
            process = _started(data, name)
            self._running.add(process)
            if self._ended:
                process.kill()
        with process:
            try:
                yield process
            finally:
                process.kill()
                with self._lock:
                    self._running.discard(process)

    def end(self) -> None:
        """Kills all that are under way."""
        with self._lock:
            self._ended = True
            for process in self._running:
                process.kill()
            for process in self._running:
                with suppress(subprocess.TimeoutExpired):
                    process.wait(1)


def read_apart(
    data: bytes, files: Files, name: str, progress: Callable[[], None], *, readers: Readers | None = None
) -> Page:
    """`pasted.page_of` in a process of its own, which ends with what `progress` raises; weights are kept in `files`.

    `readers` can end it too. Errors: as `page_of`; InputError where reading it ended the process.
    """
    with (readers or Readers()).start(data, name) as process:
        while True:
            try:
                found, _ = process.communicate(timeout=PATIENCE)
                break
            except subprocess.TimeoutExpired:
                progress()
    line, _, rest = found.partition(b"\n")
    if process.returncode != 0 or not line:
        raise InputError("the file: reading it took all the memory or time there is; it is no file of netwarp")
    told = checks.parse_object(line.decode("ascii"), "the file", 1 << 26)
    if "error" in told:
        raise _refused(told)
    for one in checks.items(told["files"], "the file", 0, 100):
        kept = checks.mapping(one, "the file")
        length = checks.whole(kept["bytes"], "the file", 0, len(rest))
        npz, rest = rest[:length], rest[length:]
        plane = None if kept["plane"] is None else Plane(*kept["plane"])  # type: ignore[misc]
        at = read_slice(str(kept["slice"])) if kept["slice"] else None
        network = Network.load(io.BytesIO(npz))
        files.keep(File.of(str(kept["name"]), npz, network, plane, at, chosen=bool(kept["chosen"])))
    page = Page.from_data(told["page"])
    for pane in page.panes:
        read(pane, files)
    return page


def main() -> None:
    """The process: reads standard input, and writes what it finds."""
    _limit()
    files = Files()
    told: dict[str, object]
    parts: list[bytes] = []
    try:
        page = written_in(sys.stdin.buffer.read(), files, sys.argv[2])
        kept = list(files.kept.values())
        parts = [one.npz or b"" for one in kept]
        named = [_told(one.subject, one.name) | {"bytes": len(part)} for one, part in zip(kept, parts, strict=True)]
        told = {"page": page.to_data(), "files": named}
    except NetwarpError as error:
        told = {"error": str(error), "limit": isinstance(error, LimitError)}
        if isinstance(error, LanguageError):
            told |= {"text": error.text, "position": error.position, "length": error.length}
    sys.stdout.buffer.write(b"".join((json.dumps(told).encode("ascii"), b"\n", *parts)))


def _told(subject: Subject, name: str) -> dict[str, object]:
    """What of a file is not in its npz."""
    plane = subject.plane and subject.plane.to_data()
    text = "" if subject.slice is None else subject.slice.text
    return {"name": name, "plane": plane, "slice": text, "chosen": subject.chosen}


def _started(data: bytes, name: str) -> subprocess.Popen[bytes]:
    try:
        # a file without a name: nobody need feed a pipe while he waits for the answer
        with TemporaryFile() as standard_input:
            standard_input.write(data)
            standard_input.seek(0)
            return subprocess.Popen(
                [sys.executable, "-c", COMMAND, json.dumps(sys.path), name],
                stdin=standard_input,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
            )
    except OSError as error:
        raise InputError(f"the file: no process can be started to read it ({error.strerror or error})") from None


def _refused(told: dict[str, object] | object) -> InputError:
    """The error that the process met."""
    fields = checks.mapping(told, "the file")
    message = str(fields["error"])
    if "text" in fields:
        return LanguageError(message, str(fields["text"]), fields["position"], fields["length"])  # type: ignore[arg-type]
    return LimitError(message) if fields["limit"] else InputError(message)


def _limit() -> None:
    try:
        import resource
    except ImportError:  # not on Windows
        return
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
