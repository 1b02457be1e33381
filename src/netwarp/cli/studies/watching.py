"""What `netwarp study run` shows while it runs: how far it is, and a running table of medians."""

from __future__ import annotations

import sys
import time
from collections import OrderedDict
from collections.abc import Callable
from statistics import median
from typing import TYPE_CHECKING, Any, Final

from netwarp.cli.screen import note, plain, show, terminal

if TYPE_CHECKING:
    from types import TracebackType

    from netwarp.study.grid.study import Study
    from netwarp.study.running.timing import RunTimer
    from netwarp.study.runs import RunOutcome
    from netwarp.study.store.planning import HowFar

SHOWN: Final = 8  # points of the running table
EVERY: Final = 30.0  # seconds between two lines where no terminal shows a table
LATELY: Final = 60.0  # seconds that the rate is of


class Screen:
    """Told of every batch; a table on a terminal's standard error, a line now and then elsewhere.

    `begin` is called once, with the counts before the first run; what its timer finds is said once it is known.
    """

    def __init__(self, study: Study, begin: Callable[[HowFar], RunTimer | None]) -> None:
        self._study = study
        self._begin = begin
        self._live: Any = None
        self._timer: RunTimer | None = None
        self._values: OrderedDict[str, dict[str, list[float]]] = OrderedDict()
        self._lately: list[tuple[float, int]] = []
        self._said = time.monotonic()

    def __enter__(self) -> Screen:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._live is not None:
            self._live.stop()
        if self._timer is not None:
            self._timer.close()

    def __call__(self, counts: HowFar, outcomes: tuple[RunOutcome, ...]) -> None:
        now = time.monotonic()
        if not self._lately:
            self._timer = self._begin(counts)
            self._lately = [(now, counts.done + counts.failed)]
        self._estimate()
        for one in outcomes:
            self._take(one)
        there = counts.done + counts.failed
        if there != self._lately[-1][1]:
            self._lately.append((now, there))
        while len(self._lately) > 2 and now - self._lately[1][0] > LATELY:
            self._lately.pop(0)
        if terminal():
            self._draw(counts)
        elif now - self._said > EVERY:
            self._said = now
            note(self._line(counts))

    def _estimate(self) -> None:
        if self._timer is not None and (found := self._timer.found()) is not None:
            self._timer = None
            show(f"estimate: {found}")
            sys.stdout.flush()

    def _take(self, one: RunOutcome) -> None:
        point = self._values.setdefault(one.run.source.text, {})
        for taken in one.taken:
            if taken.value is not None:
                point.setdefault(taken.measure, []).append(taken.value)
        while len(self._values) > SHOWN:
            self._values.popitem(last=False)

    def _line(self, counts: HowFar) -> str:
        from netwarp.study.grid.estimate import duration

        (first, before), (last, there) = self._lately[0], self._lately[-1]
        rate = (there - before) / (last - first) if last > first else 0.0
        left = f", {rate:,.3g} runs a second, {duration(counts.to_do / rate)} left" if rate and counts.to_do else ""
        return f"{counts.done:,} of {counts.total:,} done, {counts.failed:,} failed{left}"

    def _draw(self, counts: HowFar) -> None:
        from rich import box
        from rich.console import Console, Group
        from rich.live import Live
        from rich.progress_bar import ProgressBar
        from rich.table import Table
        from rich.text import Text

        from netwarp.measures.measurements import number

        if self._live is None:
            # a line for a file stays in the file
            console = Console(stderr=True, highlight=False)
            self._live = Live(
                console=console, refresh_per_second=4, transient=True, redirect_stdout=sys.stdout.isatty()
            )
            self._live.start()
        table = Table(box=box.SIMPLE_HEAD, pad_edge=False, title="medians", title_justify="left")
        table.add_column("network", overflow="ellipsis", no_wrap=True, max_width=60)
        names = self._study.measures[:4]
        for name in names:
            table.add_column(name, justify="right", no_wrap=True)
        for text, values in self._values.items():
            found = (values.get(name) for name in names)
            table.add_row(Text(plain(text)), *(number(median(some)) if some else "–" for some in found))
        bar = ProgressBar(total=max(1, counts.total), completed=counts.done + counts.failed, width=60)
        self._live.update(Group(Text(self._line(counts)), bar, table))
