"""Writing files whole or not at all, one by one or several together, and clearing what killed runs left.

A file is written under a temporary name beside its place and then renamed, so that a reader sees the old file or the
new one. The temporary name says which process it belongs to: a later run removes it where that process is gone.
"""

from __future__ import annotations

import os
import re
import secrets
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from dataclasses import dataclass, field
from functools import lru_cache, partial
from hashlib import blake2b
from pathlib import Path
from typing import BinaryIO

from netwarp.errors import InputError, LimitError, NetwarpError, shown
from netwarp.log import LOG

# of a temporary file or folder: machine, process, when the process started, and a random part
_NAME = re.compile(r"\.netwarp-([0-9a-f]{8})-([0-9]{1,10})-([0-9a-f]{8}\.[0-9]{1,20})-[0-9a-f]{16}\.tmp")


@dataclass
class _Group:
    """What `together` holds back: files under their temporary names and where each goes, and folders to remove."""

    staged: list[tuple[Path, Path]] = field(default_factory=list)
    folders: list[Path] = field(default_factory=list)


_group: ContextVar[_Group | None] = ContextVar("netwarp_files", default=None)


def path_of(given: object, what: str) -> Path:
    """A path of the caller's, a text or a Path. Errors: InputError naming `what`, as in "study run out"."""
    text = os.fspath(given) if isinstance(given, str | os.PathLike) else None
    if not isinstance(text, str) or not text:
        raise InputError(f'{what}={shown(given)}: must be the path of a file or a folder, as in "results/depth"')
    try:
        encoded = os.fsencode(text)
    except UnicodeEncodeError:
        raise InputError(
            f"{what}={shown(text)}: has half a character, a lone surrogate, which no name can hold"
        ) from None
    if b"\0" in encoded:
        raise InputError(f"{what}={shown(text)}: a name cannot hold a zero byte")
    return Path(text)


def check_place(option: str, path: Path | None, *endings: str, folder: bool = False) -> None:
    """Refuses what a command could not write to, before its work; with `folder` an existing one will do too.

    Errors: InputError, where the name has none of the `endings`, is a folder's, or lies in a folder that is not there.
    """
    if path is None or (folder and path.is_dir()):
        return
    said = f"{option} {str(path)!r}"
    if path.suffix.lower() not in endings:
        ending = endings[0] if len(endings) == 1 else f"one of {', '.join(endings)}"
        raise InputError(f"{said}: must {'be an existing folder or ' if folder else ''}end in {ending}")
    if path.is_dir():
        raise InputError(f"{said}: there is a folder of that name; choose another")
    if not path.parent.is_dir():
        raise InputError(f"{said}: the folder {str(path.parent)!r} does not exist; make it first")


@contextmanager
def replacing(path: str | os.PathLike[str]) -> Iterator[BinaryIO]:
    """A binary stream that becomes the file `path` when the block ends well, and leaves no trace when it does not.

    Whatever the block raises, KeyboardInterrupt included, removes what was written. A link is followed. Within
    `together` the file appears when that block ends. Not synced to the disk: it guards against interruption, not
    against loss of power. Errors: InputError where the folder is missing, `path` is not a plain file, or the system
    refuses to write.
    """
    shown = repr(os.fspath(path))
    if "\0" in os.fspath(path):
        raise InputError(f"file {shown}: a name cannot hold a zero byte")
    try:
        # a link stays a link: what it points to is replaced
        target = Path(os.path.realpath(path))
        if not target.parent.is_dir():
            raise InputError(f"file {shown}: the folder {str(target.parent)!r} does not exist; make it first")
        if target.exists() and not target.is_file():
            raise InputError(f"file {shown}: there is already a folder or a device of that name; choose another name")
        temporary = temporary_in(target.parent)
        try:
            # "x": never follow a link or open a file that someone else made under this name
            with temporary.open("xb") as stream:
                yield stream
            group = _group.get()
            # what goes into a folder that is itself not shown yet needs no other name
            if group is None or target.parent in group.folders:
                temporary.replace(target)
                LOG.info("wrote %s", target)
            else:
                group.staged.append((temporary, target))
        except BaseException:
            with suppress(OSError):
                temporary.unlink()
            raise
    except OSError as error:
        raise InputError(f"file {shown}: cannot be written ({error.strerror or error})") from error


def write(path: str | os.PathLike[str], data: bytes) -> None:
    """`data` as the file `path`, whole or not at all. Errors: InputError."""
    with replacing(path) as stream:
        stream.write(data)


@contextmanager
def together() -> Iterator[None]:
    """Every file that this thread writes in the block appears when the block ends well, and none when it does not.

    Where one cannot be renamed, those before it are taken back. Errors: InputError.
    """
    if _group.get() is not None:
        yield
        return
    group = _Group()
    token = _group.set(group)
    try:
        yield
        _commit(group.staged)
    except BaseException:
        for temporary, _ in group.staged:
            with suppress(OSError):
                temporary.unlink(missing_ok=True)
        raise
    finally:
        _group.reset(token)
        for folder in group.folders:
            shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def filled(target: Path) -> Iterator[Path]:
    """A new folder beside `target`, whose files move into `target` when the block ends well.

    "index.html" moves last, so that it never refers to files that are not there yet. The folder goes, however the block
    ends. Errors: OSError, InputError.
    """
    with together():
        group = _group.get()
        assert group is not None
        folder = temporary_in(target.parent)
        group.folders.append(folder)
        folder.mkdir()
        yield folder
        files = sorted(folder.iterdir(), key=lambda file: (file.name == "index.html", file.name))
        group.staged += [(file, target / file.name) for file in files]


def temporary_in(folder: Path) -> Path:
    """A name in `folder` that nobody has and that names this process; what killed runs left there is cleared first."""
    _clear_once(folder)
    return folder / f".netwarp-{machine()}-{os.getpid()}-{process_started(os.getpid())}-{secrets.token_hex(8)}.tmp"


def clear(folder: Path) -> None:
    """Removes temporary files and folders in `folder` whose process, of this machine, is gone."""
    with suppress(OSError), os.scandir(folder) as found:
        for entry in found:
            match = _NAME.fullmatch(entry.name)
            if match is None or match[1] != machine() or not process_gone(int(match[2]), match[3]):
                continue
            with suppress(OSError):
                if entry.is_dir(follow_symlinks=False):
                    shutil.rmtree(entry.path, ignore_errors=True)
                else:
                    Path(entry.path).unlink()


@lru_cache(maxsize=256)
def _clear_once(folder: Path) -> None:
    clear(folder)


def _commit(staged: list[tuple[Path, Path]]) -> None:
    """Renames all, or none."""
    undo: list[Callable[[], object]] = []
    kept: list[Path] = []
    try:
        for temporary, target in staged:
            try:
                if not target.parent.is_dir():
                    target.parent.mkdir()
                    undo.append(target.parent.rmdir)
                if not target.exists():
                    undo.append(partial(target.unlink, missing_ok=True))
                elif len(staged) > 1:
                    before = temporary_in(target.parent)
                    with suppress(OSError):  # some file systems have no hard links: then there is no way back
                        os.link(target, before)
                        kept.append(before)
                        undo.append(partial(before.replace, target))
                temporary.replace(target)
            except OSError as error:
                why = error.strerror or str(error)
                raise InputError(f"file {str(target)!r}: cannot be written ({why})") from error
    except BaseException:
        for back in reversed(undo):
            with suppress(OSError):
                back()
        raise
    else:
        for _, target in staged:
            LOG.info("wrote %s", target)
    finally:
        for before in kept:
            with suppress(OSError):
                before.unlink(missing_ok=True)


@lru_cache(maxsize=1)
def machine() -> str:
    """Of this machine, or container: process numbers of others mean nothing here."""
    import platform

    try:
        space = str(Path("/proc/self/ns/pid").readlink())
    except OSError:
        space = ""
    return blake2b(f"{platform.node()} {space}".encode("utf-8", "surrogateescape"), digest_size=4).hexdigest()


@lru_cache(maxsize=1)
def _boot() -> str:
    """Of this start of the machine; zeros where the system does not say."""
    try:
        text = Path("/proc/sys/kernel/random/boot_id").read_text(encoding="ascii")
    except (OSError, ValueError):
        return "0" * 8
    return blake2b(text.encode("ascii"), digest_size=4).hexdigest()


def process_started(process: int) -> str | None:
    """When a process started, "boot.ticks"; ticks are 0 where the system does not say. None where there is none."""
    try:
        text = Path(f"/proc/{process}/stat").read_text(encoding="utf-8", errors="replace")
    except FileNotFoundError:
        return None if Path("/proc/self/stat").exists() else f"{_boot()}.0"
    except OSError:
        return f"{_boot()}.0"
    # the name, in parentheses, may hold anything; the start is the 22nd field, the 20th after it
    return f"{_boot()}.{text.rpartition(')')[2].split()[19]}"


def process_gone(process: int, started: str) -> bool:
    """Whether the process that started then has ended. Where that cannot be known, it is taken to be there."""
    now = process_started(process)
    if now is None:
        return True
    if not now.endswith(".0"):
        return now != started
    if os.name != "posix":
        return False
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return True
    except OSError:
        pass
    return False


@contextmanager
def as_file(name: str, data: bytes) -> Iterator[Path]:
    """The bytes as a file of this name, in a folder that is there within the block alone, and that no error names.

    Errors: InputError or LimitError for every error of netwarp's in the block, without the folder.
    """
    from tempfile import TemporaryDirectory

    with TemporaryDirectory(prefix="netwarp-") as folder:
        path = Path(folder) / name
        path.write_bytes(data)
        try:
            yield path
        except NetwarpError as error:
            # nobody knows the folder; it has another name each time, and is gone when this is read
            said = str(error).replace(f"{folder}{os.sep}", "")
            raise (LimitError if isinstance(error, LimitError) else InputError)(said) from None
