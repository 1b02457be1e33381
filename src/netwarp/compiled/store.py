"""The user's cache on disk: machine code and bitcode under names that say what they were made of.

A file that is damaged is recognised by its digest, removed and made again; where nothing can be written, work goes on
without. Files are written under a temporary name and renamed, so that no reader sees a part of one.
"""

from __future__ import annotations

import os
import sys
from contextlib import suppress
from contextvars import Context
from hashlib import blake2b
from pathlib import Path

from netwarp.errors import InputError
from netwarp.files import write
from netwarp.log import LOG

MARK = b"netwarp compiled 2\n"
SIZE = 32
# what goes wrong is said once
_said: set[str] = set()


def folder() -> Path:
    """NETWARP_CACHE_DIR, else the platform's folder for what can be made again."""
    given = os.environ.get("NETWARP_CACHE_DIR")
    if given:
        return Path(given)
    if sys.platform == "win32":
        return Path(os.environ.get("LOCALAPPDATA") or Path.home() / "AppData" / "Local") / "netwarp" / "cache"
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Caches" / "netwarp"
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "netwarp"


def key(*parts: str | bytes) -> str:
    """A file's name for what all these say."""
    digest = blake2b(digest_size=20)
    for part in parts:
        data = part if isinstance(part, bytes) else part.encode()
        digest.update(len(data).to_bytes(8, "big") + data)
    return digest.hexdigest()


def has(name: str) -> bool:
    with suppress(OSError, RuntimeError):
        return (folder() / name).is_file()
    return False


def read(name: str) -> bytes | None:
    """What was kept under the name; None where there is nothing, or nothing whole, or it cannot be read.

    Why it cannot be read is left to `keep`, which follows: it replaces the file, or says once what is wrong.
    """
    try:
        path = folder() / name
        # a pipe of that name would be waited for
        if not path.is_file():
            return None
        data = path.read_bytes()
    except (OSError, RuntimeError):
        return None
    start = len(MARK) + SIZE
    if data[: len(MARK)] == MARK and _digest(name, data[start:]) == data[len(MARK) : start]:
        return data[start:]
    _warn(f"the cache of compiled kernels in {str(path.parent)!r} is damaged: what is damaged is compiled again")
    with suppress(OSError):
        path.unlink()
    return None


def keep(name: str, data: bytes) -> None:
    """Keeps it, where that can be done."""
    try:
        place = folder()
        place.mkdir(parents=True, exist_ok=True)
        path = place / name
        if path.exists() and not path.is_file():
            _warn(
                f"compiled kernels cannot be kept, so that every run compiles them: {str(place)!r} holds folders where "
                "files belong; remove it, or NETWARP_CACHE_DIR names another folder"
            )
            return
        # in a context of its own: what a command writes together with other files is not this
        Context().run(write, path, MARK + _digest(name, data) + data)
    except (OSError, RuntimeError, InputError) as error:
        _warn(f"compiled kernels cannot be kept, so that every run compiles them: {_why(error)}")


def _digest(name: str, data: bytes) -> bytes:
    """Of what is kept and of the name it is kept under: machine code under another's name would be run as that."""
    return blake2b(name.encode() + b"\0" + data, digest_size=SIZE).digest()


def _why(error: Exception) -> str:
    """The folder and the reason, on one line."""
    cause = error.__cause__ if isinstance(error, InputError) else error
    reason = (cause.strerror if isinstance(cause, OSError) else None) or str(error)
    try:
        return f"{str(folder())!r}: {reason}; NETWARP_CACHE_DIR names another folder"
    except RuntimeError:
        return f"{reason}; NETWARP_CACHE_DIR names a folder"


def _warn(message: str) -> None:
    if message not in _said:
        _said.add(message)
        LOG.warning("%s", message)
