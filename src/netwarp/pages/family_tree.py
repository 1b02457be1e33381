"""A family as a drawing: children on top, parents below them, a line from each child to each of its parents."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from markupsafe import Markup

WIDTH, HEIGHT = 120, 80  # of a picture
ACROSS, DOWN = 140, 132  # from one to the next
LETTERS: Final = 18  # of a caption


@dataclass(frozen=True, slots=True)
class Node:
    """One network: its `level` is 0 of a child, and one more than its children's of a parent."""

    number: int
    level: int
    parents: tuple[int, ...]
    anchor: str
    source: str
    caption: str


def tree(nodes: Sequence[Node]) -> Markup:
    """An SVG whose pictures are links to the anchors."""
    places = _places(nodes)
    width = max(x for x, _ in places.values()) + WIDTH
    height = max(y for _, y in places.values()) + HEIGHT + 22
    known = {one.number: one for one in nodes}
    parts = [
        f'<svg width="{width}" height="{height}" viewBox="0 0 {width} {height}" role="group" aria-label="Family tree">'
    ]
    for one in nodes:
        x, y = places[one.number]
        for parent in one.parents:
            if parent in known:
                to, below = places[parent]
                start, end, half = x + WIDTH // 2, to + WIDTH // 2, (y + HEIGHT + 20 + below) // 2
                parts.append(f'<path d="M{start} {y + HEIGHT + 20}C{start} {half} {end} {half} {end} {below}"/>')
    for one in nodes:
        x, y = places[one.number]
        caption = one.caption if len(one.caption) <= LETTERS else f"{one.caption[: LETTERS - 1]}…"
        parts.append(
            Markup(
                '<a href="#{anchor}" aria-label="{whole}"><rect x="{x}" y="{y}" width="{w}" height="{h}"/>'
                '<image href="{source}" x="{x}" y="{y}" width="{w}" height="{h}"/>'
                '<text x="{x}" y="{under}">{caption}</text></a>'
            ).format(
                anchor=one.anchor,
                whole=one.caption,
                x=x,
                y=y,
                w=WIDTH,
                h=HEIGHT,
                source=one.source,
                under=y + HEIGHT + 15,
                caption=caption,
            )
        )
    return Markup("".join([*parts, "</svg>"]))


def _places(nodes: Sequence[Node]) -> dict[int, tuple[int, int]]:
    """Left and top of each: a row a level, ordered so that parents stand below their children."""
    levels: dict[int, list[Node]] = {}
    for one in nodes:
        levels.setdefault(one.level, []).append(one)
    places: dict[int, tuple[int, int]] = {}
    wide = max(map(len, levels.values()))
    above: dict[int, list[int]] = {}
    for level, row in sorted(levels.items()):
        row.sort(key=lambda one: (sum(above.get(one.number, [0])) / len(above.get(one.number, [0])), one.number))
        left = (wide - len(row)) * ACROSS // 2
        for place, one in enumerate(row):
            x = left + place * ACROSS
            places[one.number] = x, level * DOWN
            for parent in one.parents:
                above.setdefault(parent, []).append(x)
    return places
