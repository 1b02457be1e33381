"""Suspects: the chunks that were lost with a killed worker, given again in halves until what kills is alone."""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Iterable
from typing import Final

from netwarp.study.running.work import Chunk, failed
from netwarp.study.runs import RunOutcome, Source

KILLS: Final = 2  # times a run alone may take its worker with it: once may be somebody else's doing
KILLED: Final = f"its worker was killed {KILLS} times while it was evaluated alone: out of memory, a crash, or a hang"


class Suspects:
    """Groups of chunks, each given while the crew has nothing else, so that what is lost then is the group's doing.

    A group that is lost comes again as two halves. Most workers are killed from outside: then the first group comes
    back whole, evaluated by the whole crew at once. One run that kills, among n, takes log2(n) + KILLS workers or so.
    """

    def __init__(self) -> None:
        self._groups: deque[tuple[Chunk, ...]] = deque()
        self._kills: Counter[tuple[Source, int | None]] = Counter()
        self._size = 0  # of the group that is with the crew
        self._lost: list[Chunk] = []  # of it

    def __bool__(self) -> bool:
        return bool(self._groups)

    def suspect(self, chunks: Iterable[Chunk]) -> None:
        """These were lost while the crew had others too."""
        if group := tuple(chunks):
            self._groups.append(group)

    def next(self) -> tuple[Chunk, ...]:
        """The next group, to be given alone."""
        group = self._groups.popleft()
        self._size = len(group)
        return group

    def lose(self, chunks: Iterable[Chunk]) -> None:
        """These of the group were lost."""
        self._lost.extend(chunks)

    def settle(self) -> tuple[RunOutcome, ...]:
        """No more of the group is with the crew. A run that is to blame has failed: its outcome."""
        lost, self._lost = self._lost, []
        if not lost:
            return ()
        if len(lost) > 1:
            middle = len(lost) // 2
            self._groups.extendleft((tuple(lost[middle:]), tuple(lost[:middle])))
            return ()
        (chunk,) = lost
        if self._size == len(chunk.jobs) == 1:
            run = chunk.source, chunk.jobs[0].seed
            self._kills[run] += 1
            if self._kills[run] >= KILLS:
                del self._kills[run]
                return failed(chunk, KILLED)
        self._groups.extendleft((half,) for half in reversed(chunk.halves()))
        return ()
