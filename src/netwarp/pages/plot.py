"""A PagePlot: a drawing with its words, shown on a page and written as a file, and several of them as one."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from markupsafe import Markup

from netwarp.pages.plot_svg import png, svg, svg_file

if TYPE_CHECKING:
    from matplotlib.figure import Figure

GAP = 16.0  # units between the plots of a sheet


@dataclass(frozen=True, slots=True)
class PagePlot:
    """What `draw` draws into an empty Figure of `width` x `height` units. `name` makes its identifiers unique."""

    draw: Callable[[Figure], None]
    name: str
    title: str
    description: str
    width: float
    height: float

    def inline(self) -> Markup:
        """An <svg> element for a page, in the page's colours."""
        return svg(
            self.draw,
            name=self.name,
            title=self.title,
            description=self.description,
            width=self.width,
            height=self.height,
        )

    def to_svg(self) -> str:
        """An SVG file that stands alone."""
        return svg_file(self.inline())

    def to_png(self) -> bytes:
        """A PNG file, dark on white."""
        return png(self.draw, width=self.width, height=self.height)


def sheet(plots: Sequence[PagePlot], *, name: str, title: str, columns: int) -> PagePlot:
    """The plots as one, in rows of `columns`, each as large as it is alone."""
    rows = [plots[first : first + columns] for first in range(0, len(plots), columns)]
    widths = [max(row[place].width for row in rows if place < len(row)) for place in range(len(rows[0]))]
    heights = [max(one.height for one in row) for row in rows]

    def draw(figure: Figure) -> None:
        figures = figure.subfigures(len(rows), len(widths), width_ratios=widths, height_ratios=heights, squeeze=False)
        for place, one in enumerate(plots):
            part = figures[place // columns][place % columns]
            part.patch.set_visible(False)
            one.draw(part)

    description = " ".join(one.description for one in plots)
    wide, tall = sum(widths) + GAP * (len(widths) - 1), sum(heights) + GAP * (len(rows) - 1)
    return PagePlot(draw, name, title=title, description=description, width=wide, height=tall)
