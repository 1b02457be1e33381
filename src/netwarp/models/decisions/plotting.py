"""A decision in a matplotlib Axes, in the data's own units."""

from __future__ import annotations

from typing import TYPE_CHECKING

from netwarp import checks
from netwarp.models.decisions import colours
from netwarp.models.decisions.layout import layout
from netwarp.models.decisions.naming import names_inside
from netwarp.models.decisions.painting import fill

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from netwarp.models.decisions.decision import Decision

INK = "#18181b"
NAMED = {"facecolor": "white", "edgecolor": "none", "alpha": 0.7, "pad": 1.5}


def plot(decision: Decision, ax: Axes | None, *, margin: bool) -> Axes:
    """The Axes it was drawn into; see `Decision.plot`. It also sets the Axes' limits, aspect and legend."""
    from matplotlib.axes import Axes as Kind
    from matplotlib.collections import LineCollection
    from matplotlib.patches import Patch
    from matplotlib.patheffects import withStroke

    if ax is None:
        from matplotlib.pyplot import subplots

        _, ax = subplots()
    checks.instance(ax, Kind, "decision ax", "a matplotlib Axes, as plt.subplots() gives")
    x0, x1, y0, y1 = bounds = layout(decision, axes=False).bounds
    ax.imshow(fill(decision, margin=margin), extent=bounds, origin="upper", interpolation="nearest", zorder=0)
    every = [line for lines in decision.boundary.values() for line in lines]
    ax.add_collection(LineCollection(every, colors=INK, linewidths=1.5, zorder=2))
    palette = [colours.hexadecimal(colour) for colour in decision.palette]
    flat = [colours.tinted(colour, colours.FLAT) / 255 for colour in decision.palette]
    handles = [
        Patch(facecolor=tuple(colour), edgecolor=INK, label=name)
        for name, colour in zip(decision.classes, flat, strict=True)
    ]
    handles += [
        Patch(facecolor=tuple(colours.tinted(colour, colours.FLAT) / 255), edgecolor=INK, label=" = ".join(tie.classes))
        for tie, colour in zip(decision.ties, decision.tie_colours, strict=True)
    ]
    if decision.points is not None:
        labels = decision.points.labels
        of = INK if labels is None else [palette[n] for n in labels.tolist()]
        x, y = decision.points.places.T
        ax.scatter(x, y, c=of, s=25, edgecolors="white", linewidths=0.8, zorder=3)
    halo = [withStroke(linewidth=4, foreground="white")]
    for x, y, called in decision.marks.named:
        ax.plot(x, y, "o", mfc="none", mec=INK, mew=1.5, zorder=4, path_effects=halo)
        ax.annotate(
            called,
            (x, y),
            (8, 0),
            textcoords="offset points",
            va="center",
            annotation_clip=True,
            parse_math=False,
            path_effects=halo,
            zorder=4,
        )
    for name in names_inside(decision):
        ax.text(name.x, name.y, name.text, ha="center", va="center", bbox=NAMED, parse_math=False)
    ax.set_xlim(x0, x1)
    ax.set_ylim(y0, y1)
    ax.set_aspect("equal")
    across, up = decision.axes
    if across:
        ax.set_xlabel(across, parse_math=False)
    if up:
        ax.set_ylabel(up, parse_math=False)
    ax.legend(handles=handles)
    return ax
