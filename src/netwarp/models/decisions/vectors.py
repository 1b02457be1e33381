"""A decision as SVG: areas, boundaries, points, marks, axes and legend as vectors."""

# y grows upwards in the plane unless told, downwards in an SVG

from __future__ import annotations

import base64
import io
from collections.abc import Sequence
from html import escape
from typing import TYPE_CHECKING

import numpy as np

from netwarp.models.decisions import colours
from netwarp.models.decisions.grounds import CellGround
from netwarp.models.decisions.layout import DecisionLayout, layout
from netwarp.models.decisions.naming import names_inside
from netwarp.models.decisions.painting import fill, thickness
from netwarp.picture.axes import HEX as INK
from netwarp.picture.axes import svg_axes, svg_marks, svg_text
from netwarp.picture.overlay_svg import FONT
from netwarp.regions.arrays import Floats

if TYPE_CHECKING:
    from netwarp.models.decisions.decision import Decision


def svg(decision: Decision, *, margin: bool, axes: bool, y: str) -> str:
    """The text of the SVG; see `Decision.svg`. All texts are escaped."""
    placed = layout(decision, axes=axes, y=y)
    size = f'viewBox="0 0 {placed.width} {placed.height}" width="{placed.width}" height="{placed.height}"'
    frame = f'x="{placed.left:g}" y="{placed.top:g}" width="{placed.columns}" height="{placed.rows}"'
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" {size} role="img">',
        f"<title>{escape('Decision regions: ' + ', '.join(decision.classes))}</title>",
        f"<desc>{escape(decision.sentence())}</desc>",
        *_recipe(decision, margin=margin, axes=axes, y=y),
        f'<clipPath id="plane"><rect {frame}/></clipPath>',
        f'<rect width="{placed.width}" height="{placed.height}" fill="#fff"/>',
    ]
    if isinstance(decision.ground, CellGround) and not margin:
        parts += _areas(decision, decision.ground, placed)
    else:
        parts.append(f'<image {frame} preserveAspectRatio="none" href="{_pixels(decision, placed, margin=margin)}"/>')
    parts += _boundaries(decision, placed)
    parts += _points(decision, placed)
    parts += _marks(decision, placed)
    if axes:
        parts += [
            f'<rect {frame} fill="none" stroke="{INK}"/>',
            *svg_axes(placed),
            *_names(decision, placed),
            *_legend(placed),
        ]
    return "\n".join([*parts, "</svg>", ""])


def _recipe(decision: Decision, *, margin: bool, axes: bool, y: str) -> list[str]:
    recipe = decision.recipe
    if recipe is None:
        return []
    text = recipe.shown(margin=margin, axes=axes, y=y).to_json()
    return [f"<metadata>{escape(text, quote=False)}</metadata>"]


def _areas(decision: Decision, ground: CellGround, placed: DecisionLayout) -> list[str]:
    palette = colours.tinted(
        colours.set_colours(ground.winners.sets, decision.palette),
        colours.FLAT,
    )
    return [
        f'<path fill="{colours.hexadecimal(colour)}" fill-rule="evenodd" d="{_path(rings, placed)}"/>'
        for colour, rings in zip(palette, ground.outlines(), strict=True)
    ]


def _pixels(decision: Decision, placed: DecisionLayout, *, margin: bool) -> str:
    from PIL import Image

    stream = io.BytesIO()
    Image.fromarray(fill(decision, margin=margin, up=placed.up)).save(stream, format="PNG")
    return "data:image/png;base64," + base64.b64encode(stream.getvalue()).decode("ascii")


def _boundaries(decision: Decision, placed: DecisionLayout) -> list[str]:
    width, _ = thickness(placed)
    parts = [
        f'<g fill="none" stroke="{INK}" stroke-width="{width:.3g}" stroke-linejoin="round" clip-path="url(#plane)">'
    ]
    for (a, b), lines in decision.boundary.items():
        parts.append(f'<path d="{_path(lines, placed)}"><title>{escape(f"{a} | {b}")}</title></path>')
    return [*parts, "</g>"]


def _points(decision: Decision, placed: DecisionLayout) -> list[str]:
    if decision.points is None:
        return []
    _, dot = thickness(placed)
    palette = [colours.hexadecimal(colour) for colour in decision.palette]
    labels = decision.points.labels
    kinds = [-1] * len(decision.points) if labels is None else labels.tolist()
    parts = ['<g stroke="#fff" stroke-width="1.2" clip-path="url(#plane)">']
    for (x, y), kind in zip(placed.place(decision.points.places).tolist(), kinds, strict=True):
        colour = palette[kind] if kind >= 0 else INK
        parts.append(f'<circle cx="{x:.2f}" cy="{y:.2f}" r="{dot / 2 + 0.6:.3g}" fill="{colour}"/>')
    return [*parts, "</g>"]


def _marks(decision: Decision, placed: DecisionLayout) -> list[str]:
    centres = placed.place(np.asarray(decision.marks.places, float).reshape(-1, 2)) - [placed.left, placed.top]
    parts = svg_marks(centres, decision.marks.names, (placed.columns, placed.rows), placed.letter)
    return [f'<g transform="translate({placed.left:g} {placed.top:g})">', *parts, "</g>"] if parts else []


def _names(decision: Decision, placed: DecisionLayout) -> list[str]:
    ink = f'fill="{INK}" stroke="#fff" stroke-width="4" paint-order="stroke" font-family="{FONT}"'
    parts = [f'<g {ink} font-size="{placed.letter:.3g}" text-anchor="middle">']
    names = names_inside(decision)
    for name in names:
        ((x, y),) = placed.place(np.array([[name.x, name.y]])).tolist()
        parts.append(f'<text x="{x:.2f}" y="{y + 0.35 * placed.letter:.2f}">{escape(name.text)}</text>')
    return [*parts, "</g>"] if names else []


def _legend(placed: DecisionLayout) -> list[str]:
    half, x = 0.5 * placed.letter, placed.legend
    parts = [f'<g fill="{INK}" font-family="{FONT}" font-size="{placed.letter:.3g}">']
    for n, entry in enumerate(placed.entries):
        y = placed.line(n)
        square = f'x="{x:.2f}" y="{y - half:.2f}" width="{2 * half:.2f}" height="{2 * half:.2f}"'
        parts.append(f'<rect {square} fill="{entry.area}" stroke="{INK}"/>')
        if entry.point is not None:
            parts.append(f'<circle cx="{x + half:.2f}" cy="{y:.2f}" r="{0.5 * half:.2f}" fill="{entry.point}"/>')
        parts.append(svg_text(x + 3.2 * half, y + 0.35 * placed.letter, entry.text, "start"))
    return [*parts, "</g>"]


def _path(lines: Sequence[Floats], placed: DecisionLayout) -> str:
    """Path data of polylines; a closed one ends in Z."""
    texts = []
    for line in lines:
        closed = len(line) > 2 and bool((line[0] == line[-1]).all())
        points = [f"{x:.3f} {y:.3f}" for x, y in placed.place(line[:-1] if closed else line).tolist()]
        texts.append("M" + "L".join(points) + ("Z" if closed else ""))
    return "".join(texts)
