"""What a first run on a machine still has to compile, how long that takes about, and doing it with progress shown."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from netwarp.compiled import opening, shipped, store
from netwarp.progress import Progress

# seconds that llvmlite takes for a byte of bitcode, on a machine of 2024; and numba for all of a room's kernels
A_BYTE, A_ROOM = 1.2e-5, 25.0


@dataclass(frozen=True)
class Waiting:
    """Kernels without machine code in the user's cache; `changed`, how many of the rooms' are for numba to compile."""

    kernels: tuple[shipped.Packed, ...]
    changed: int

    @property
    def seconds(self) -> float:
        """About how long."""
        return A_BYTE * sum(one.size for one in self.kernels) + A_ROOM * min(self.changed, 2)

    def compile(self, progress: Progress) -> None:
        """Into the user's cache; `progress` in bytes. What numba compiles is left to its first call."""
        total = sum(one.size for one in self.kernels)
        done = 0
        progress(done, total)
        for one in self.kernels:
            try:
                opening.shipped_code(one)
            except RuntimeError:
                # an LLVM that cannot read it: numba's part, when it is called
                continue
            done += one.size
            progress(done, total)


def waiting(rooms: Sequence[str]) -> Waiting | None:
    """What kernels of these rooms ("engine", ...) still need; None where all are compiled, as far as can be told."""
    entries = [one for one in shipped.entries() if one.room in rooms]
    current = [one for one in entries if one.current]
    lacking = tuple(one for one in current if not store.has(opening.place_of(one.file)))
    shipped_whole = {room: [one.current for one in entries if one.room == room] for room in rooms}
    changed = [room for room, fresh in shipped_whole.items() if not (fresh and all(fresh))]
    changed = [room for room in changed if not store.has(opening.made_here_of(room))]
    return Waiting(lacking, len(changed)) if lacking or changed else None
