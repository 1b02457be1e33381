"""Tables of GitHub's Markdown, as all reports set their numbers out in."""

from __future__ import annotations

from collections.abc import Iterable, Sequence


def table(title: str, heads: Sequence[str], rows: Iterable[Sequence[str]]) -> list[str]:
    """Lines: the title, an empty one, and the table."""
    return [title, "", _line(heads), "|---" * len(heads) + "|", *map(_line, rows)]


def judged(text: str, *, held: bool) -> str:
    """What was asked for, and whether it is not so."""
    return text if held else f"{text} (is not)"


def _line(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"
