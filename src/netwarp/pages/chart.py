"""A chart of positive series against depth, on a logarithmic axis, as inline SVG whose colours are the page's own."""

from __future__ import annotations

from dataclasses import dataclass
from html import escape
from math import ceil, floor, log10

_SUPERSCRIPT = str.maketrans("-0123456789", "\u207b\u2070\u00b9\u00b2\u00b3\u2074\u2075\u2076\u2077\u2078\u2079")


@dataclass(frozen=True, slots=True)
class Trace:
    """One network's layers: `lower` and `upper` at depth 1, 2, ..., all positive, and how the page's style calls it."""

    label: str
    style: str
    lower: tuple[float, ...]
    upper: tuple[float, ...]


def power(exponent: int) -> str:
    """Ten to a whole number, as text: 10\u207b\u00b3; 1 and 10 plainly."""
    if exponent in (0, 1):
        return str(10**exponent)
    return "10" + str(exponent).translate(_SUPERSCRIPT)


def chart(series: tuple[Trace, ...], *, title: str, description: str, width: int, height: int, name: str) -> str:
    """An SVG of `width` x `height` units: for each series a solid line, a dotted one, a band between, and a label.

    `name` makes the identifiers of this SVG unique on its page. All text is escaped.
    """
    depth = max(len(one.lower) for one in series)
    values = [value for one in series for value in (*one.lower, *one.upper)]
    low, high = floor(log10(min(values))), ceil(log10(max(values)))
    left, right, top, bottom = 58.0, 62.0, 26.0, 46.0

    def x(layer: float) -> float:
        return left + (layer - 1) / max(1, depth - 1) * (width - left - right)

    def y(value: float) -> float:
        return top + (high - log10(value)) / (high - low) * (height - top - bottom)

    def path(numbers: tuple[float, ...]) -> str:
        return " ".join(f"{x(i):.1f},{y(v):.1f}" for i, v in enumerate(numbers, 1))

    step = max(1, ceil((high - low) / (height / 60)))
    parts = [
        f'<svg viewBox="0 0 {width} {height}" role="img" aria-labelledby="{name}-title {name}-description">',
        f'<title id="{name}-title">{escape(title)}</title>',
        f'<desc id="{name}-description">{escape(description)}</desc>',
    ]
    for exponent in range(ceil(low / step) * step, high + 1, step):
        at = y(10.0**exponent)
        parts.append(f'<line class="grid-line" x1="{left:.1f}" x2="{width - right:.1f}" y1="{at:.1f}" y2="{at:.1f}"/>')
        parts.append(f'<text x="{left - 10:.1f}" y="{at + 5:.1f}" text-anchor="end">{power(exponent)}</text>')
    parts.extend(
        f'<text x="{x(layer):.1f}" y="{height - bottom + 22:.1f}" text-anchor="middle">{layer}</text>'
        for layer in sorted({1, *range(10, depth + 1, 10), depth})
    )
    middle = (left + width - right) / 2
    parts.append(f'<text x="{middle:.1f}" y="{height - 4:.1f}" text-anchor="middle">layer</text>')
    for one in series:
        back = " ".join(reversed(path(one.lower).split(" ")))
        parts.append(f'<polygon class="band {one.style}" points="{path(one.upper)} {back}"/>')
        parts.append(f'<polyline class="span {one.style}" points="{path(one.upper)}"/>')
        parts.append(f'<polyline class="std {one.style}" points="{path(one.lower)}"/>')
        end = (y(one.lower[-1]) + y(one.upper[-1])) / 2 + 5
        parts.append(
            f'<text class="end {one.style}" x="{x(len(one.lower)) + 10:.1f}" y="{end:.1f}">{escape(one.label)}</text>'
        )
    parts.append("</svg>")
    return "\n".join(parts)
