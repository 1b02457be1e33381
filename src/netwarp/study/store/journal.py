"""Which journal a store can have in a folder: a write-ahead log on a local disk, a rollback journal elsewhere.

A write-ahead log lets readers and the driver work at the same time, but its index is memory that all of them map, which
a network file system cannot share. A rollback journal works wherever files can be locked.
"""

from __future__ import annotations

import mmap
import re
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from netwarp.files import temporary_in

# file systems whose files other machines write too; every fuse one is taken to be of the kind
# fmt: off
NETWORK = frozenset((
    "9p", "afpfs", "afs", "beegfs", "ceph", "cifs", "coda", "davfs", "gfs2", "glusterfs", "gpfs", "lustre", "ncpfs",
    "nfs", "nfs4", "ocfs2", "orangefs", "panfs", "pvfs2", "smb2", "smb3", "smbfs", "vboxsf", "virtiofs", "wekafs",
))
# fmt: on
_LOCAL_FUSE = frozenset(("fuse.ext4", "fuse.fuse-overlayfs", "fuseblk"))


@dataclass(frozen=True, slots=True)
class Journal:
    """The journal of a store, and where it is no write-ahead log, why and what would be faster."""

    mode: Literal["wal", "delete"]
    why: str = ""

    @property
    def advice(self) -> str:
        """One line for a person; empty where there is nothing to say."""
        if not self.why:
            return ""
        return (
            f"{self.why}: the store uses a rollback journal, which is slower; "
            "a folder on a disk of this machine, copied when the study stops, is faster"
        )


def probe(folder: Path, mounts: Path = Path("/proc/self/mounts")) -> Journal:
    """The journal that works in `folder`. `mounts` lists the file systems, as Linux does. Errors: OSError."""
    kind = file_system(folder, mounts)
    if kind in NETWORK or (kind.startswith("fuse.") and kind not in _LOCAL_FUSE):
        return Journal("delete", f"{folder} is on a network file system ({kind})")
    if not maps_memory(folder):
        return Journal("delete", f"the file system of {folder} shares no memory between processes")
    return Journal("wal")


def file_system(folder: Path, mounts: Path = Path("/proc/self/mounts")) -> str:
    """The kind of file system that `folder` is on, as in "ext4"; empty where the machine does not say."""
    try:
        lines = mounts.read_text(encoding="utf-8", errors="surrogateescape").splitlines()
    except OSError:
        return ""
    place, found = folder.resolve(), ""
    deepest = -1
    for line in lines:
        fields = line.split(" ")
        if len(fields) < 3:
            continue
        point = Path(re.sub(r"\\([0-7]{3})", lambda octal: chr(int(octal[1], 8)), fields[1]))
        # of two on one place the later hides the earlier
        if place.is_relative_to(point) and len(point.parts) >= deepest:
            deepest, found = len(point.parts), fields[2]
    return found


def maps_memory(folder: Path) -> bool:
    """Whether a file in `folder` can be mapped as memory that is written and shared. Errors: OSError."""
    probe_file = temporary_in(folder)
    try:
        with probe_file.open("x+b") as stream:
            stream.write(bytes(mmap.PAGESIZE))
            stream.flush()
            try:
                with mmap.mmap(stream.fileno(), mmap.PAGESIZE) as memory:
                    memory[:4] = b"nwst"
                    memory.flush()
            except (OSError, ValueError):
                return False
            stream.seek(0)
            return stream.read(4) == b"nwst"
    finally:
        with suppress(OSError):
            probe_file.unlink()
