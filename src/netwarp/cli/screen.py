"""What the commands share of the terminal: safe text, tables, JSON, and progress on anything over a second."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Container, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Literal, TextIO

from netwarp.errors import shortened
from netwarp.progress import Report

if TYPE_CHECKING:
    from rich.progress import Progress

    from netwarp.picture.picture import Picture


def plain(text: str) -> str:
    """Text with every character a terminal might obey or hide written out as an escape."""
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode("ascii") for c in text)


def coloured(stream: TextIO) -> bool:
    """Whether colours may be written: a terminal, not a dumb one, and NO_COLOR unset or empty."""
    return stream.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"


def complain(message: str, lines: Sequence[str] = ()) -> None:
    """`netwarp: message` on standard error, and the given lines below it."""
    name = "\x1b[1;31mnetwarp:\x1b[0m" if coloured(sys.stderr) else "netwarp:"
    sys.stderr.write(f"{name} {plain(shortened(message))}\n")
    for line in lines:
        sys.stderr.write(f"  {plain(line)}\n")
    sys.stderr.flush()


def note(message: str) -> None:
    """One line on standard error: something the user should know, not a failure."""
    sys.stderr.write(f"{plain(message)}\n")
    sys.stderr.flush()


def on_terminal() -> bool:
    """Whether a person reads standard output, not a pipe."""
    return sys.stdout.isatty()


def show(text: str) -> None:
    """A line of plain text on standard output."""
    sys.stdout.write(f"{plain(text)}\n")


def show_json(value: object) -> None:
    """One JSON object on standard output. NaN and infinities, which JSON has not, are an error of ours."""
    import json

    text = json.dumps(value, ensure_ascii=False, indent=2, allow_nan=False)
    try:
        text.encode(sys.stdout.encoding or "utf-8")
    except (UnicodeEncodeError, LookupError):
        # JSON has escapes of its own, for a stream that is not UTF-8 and for file names that are not
        text = json.dumps(value, indent=2, allow_nan=False)
    sys.stdout.write(text + "\n")


def show_table(
    titles: Sequence[str],
    rows: Sequence[Sequence[str]],
    *,
    numbers: Container[str] = (),
    below: Container[str] = (),
) -> None:
    """A table on standard output. Columns of `numbers` stand to the right; those `below` under the text before them.

    On a terminal rich draws it in the terminal's width; elsewhere, and where that width would cut a number or leave a
    text less than 12 letters a line, it is tab-separated text, nothing cut or coloured.
    """
    if not on_terminal() or _too_narrow(
        [one for one in zip(titles, *rows, strict=True) if one[0] not in below], numbers
    ):
        for cells in (titles, *rows):
            sys.stdout.write("\t".join(plain(cell) for cell in cells) + "\n")
        return
    from rich import box
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for title in titles:
        if title not in below:
            # numbers stay whole, texts fold: nothing is cut
            justify: Literal["left", "right"] = "right" if title in numbers else "left"
            table.add_column(title, justify=justify, no_wrap=title in numbers, overflow="fold")
    for cells in rows:
        shown: list[Text] = []
        for title, cell in zip(titles, cells, strict=True):
            if title in below:
                shown[-1].append(f"\n{plain(cell)}", style="dim")
            else:
                shown.append(Text(plain(cell)))
        table.add_row(*shown)
    Console(no_color=not coloured(sys.stdout), highlight=False).print(table)


def _too_narrow(columns: Sequence[Sequence[str]], numbers: Container[str]) -> bool:
    """Whether the terminal has no room for whole numbers, the gaps between columns, and 12 letters of every text."""
    from shutil import get_terminal_size

    longest = [(title in numbers, max(map(len, (title, *cells)))) for title, *cells in columns]
    return get_terminal_size().columns < sum(2 + (most if number else min(most, 12)) for number, most in longest)


@contextmanager
def progress(engine: str = "native", after: float = 1.0) -> Iterator[Report]:
    """A callback (stage, done, total) that shows a bar on standard error once the work has taken `after` seconds.

    The bar goes when the work ends, however it ends; where standard error is no terminal there is none. The first call
    says, where it is so, that kernels are compiled now.
    """
    bars = terminal()
    said = False
    started = time.monotonic()
    bar = None
    task = None

    def report(stage: str, done: int, total: int) -> None:
        nonlocal bar, task, said
        if not said:
            said = True
            compiling(engine)
        if not bars:
            return
        if bar is None:
            if time.monotonic() - started < after:
                return
            bar = _bar()
            task = bar.add_task(stage)
            bar.start()
        assert task is not None
        bar.update(task, description=stage, completed=done, total=total)

    try:
        yield report
    finally:
        if bar is not None:
            bar.stop()


def compiling(engine: str) -> None:
    """Compiles what the first run on a machine must, and says how long; "exact" also cuts planes into regions.

    On a terminal a bar shows how far it is.
    """
    from netwarp.compiled import ready

    if engine not in ("native", "auto", "exact"):
        return
    found = ready.waiting(("engine", "picture", "regions", "measures") if engine == "exact" else ("engine", "picture"))
    if found is None:
        return
    note(f"compiling kernels, once on this machine: about {max(1, round(found.seconds))} s of work ...")
    if not terminal():
        found.compile(lambda done, total: None)
        return
    bar = _bar()
    with bar:
        task = bar.add_task("compiling")
        found.compile(lambda done, total: bar.update(task, completed=done, total=total))


def terminal() -> bool:
    """Whether standard error can show a bar."""
    return sys.stderr.isatty() and os.environ.get("TERM") != "dumb"


def _bar() -> Progress:
    """A bar on standard error that is gone when its work is done."""
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn

    return Progress(
        TextColumn("{task.description}", markup=False),
        BarColumn(),
        TimeElapsedColumn(),
        TimeRemainingColumn(),
        console=Console(stderr=True, no_color=not coloured(sys.stderr)),
        transient=True,
    )


def show_picture(picture: Picture) -> None:
    """The picture in half blocks where standard output is a terminal that can show it; else nothing."""
    if not sys.stdout.isatty():
        return
    from rich.console import Console

    from netwarp.picture.terminal import can_show, half_blocks

    console = Console(no_color=True if not coloured(sys.stdout) else None, highlight=False)
    if can_show(console):
        console.print(half_blocks(picture, columns=min(console.width, 120), lines=max(8, console.height - 4)))
