"""A matplotlib Figure as inline SVG for a page: no style attributes, no identifiers but the plot's own, no dates.

Colours that follow the page's theme are written in matplotlib as the stand-ins of `THEME` and become currentColor, or a
variable of the page's style with a colour that reads on light and on dark paper where the page has none. Text stays
text, in the page's own typeface. The same figure gives the same bytes.
"""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from threading import Lock
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

from markupsafe import Markup

if TYPE_CHECKING:
    from matplotlib.figure import Figure

INK = "#000001"
# the series of a plot in order; distinct also for colour-blind readers (Okabe and Ito 2008), darkened or lightened to
# stand out from white and from black alike
SERIES = ("#000011", "#000012", "#000013", "#000014", "#000015", "#000016", "#000017", "#000018")
_READ_ON_BOTH = ("#2f7ec4", "#d9650f", "#1f9270", "#c2609b", "#8a79d6", "#a98a10", "#3ba3c7", "#7d828c")
THEME = {INK: "currentColor"} | {
    stand_in: f"var(--series-{number}, {colour})"
    for number, (stand_in, colour) in enumerate(zip(SERIES, _READ_ON_BOTH, strict=True), 1)
}
_SETTINGS: dict[str, object] = {
    "svg.fonttype": "none",
    "svg.hashsalt": "netwarp",
    "text.parse_math": False,
    "text.color": INK,
    "axes.edgecolor": INK,
    "axes.labelcolor": INK,
    "axes.linewidth": 0.7,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.unicode_minus": True,
    "xtick.color": INK,
    "ytick.color": INK,
    "font.family": ["DejaVu Sans"],  # comes with matplotlib: the layout is the same on every machine
    "font.size": 11.0,
    "legend.frameon": False,
    "axes.grid": False,
}
# what a page's policy lets an element say without a style attribute
_ATTRIBUTES = re.compile(r"(fill|stroke|opacity|text-anchor|font-(size|weight|style))(-[a-z]+)*")
_PX = 72  # matplotlib's points become the SVG's units, one a CSS pixel
_settings_lock = Lock()  # matplotlib's settings are the process's


def svg(
    draw: Callable[[Figure], None], *, name: str, title: str, description: str, width: float, height: float
) -> Markup:
    """What `draw` draws into an empty Figure of `width` x `height` units, as an <svg> element with title and desc.

    `name` makes its identifiers unique on the page. All texts are escaped. Nothing of pyplot's global state is touched.
    """
    from matplotlib import rc_context
    from matplotlib.figure import Figure

    stream = io.BytesIO()
    with _settings_lock, rc_context(_SETTINGS):  # type: ignore[arg-type]  # its keys are a Literal of hundreds
        figure = Figure(figsize=(width / _PX, height / _PX), layout="constrained")
        figure.patch.set_visible(False)
        draw(figure)
        for axes in figure.axes:
            axes.patch.set_visible(False)
        nothing = dict.fromkeys(("Date", "Creator", "Format", "Type"))
        figure.savefig(stream, format="svg", metadata=nothing)
    root = ET.fromstring(stream.getvalue().decode("utf-8"))  # written by matplotlib just now
    _clean(root, name)
    head = (_text("title", f"{name}-title", title), _text("desc", f"{name}-description", description))
    for place, element in enumerate(head):
        root.insert(place, element)
    root.attrib.clear()
    root.attrib.update(
        {
            "class": "plot",
            "viewBox": f"0 0 {width:g} {height:g}",
            "width": f"{width:g}",
            "height": f"{height:g}",
            "role": "img",
            "aria-labelledby": f"{name}-title {name}-description",
            "stroke-linejoin": "round",
        }
    )
    return Markup(ET.tostring(root, encoding="unicode", short_empty_elements=True))


def _text(tag: str, identifier: str, text: str) -> ET.Element:
    element = ET.Element(tag, {"id": identifier})
    element.text = text
    return element


def _clean(root: ET.Element, name: str) -> None:
    """Plain tags, presentation attributes instead of styles, and only the identifiers that something refers to."""
    for parent in list(root.iter()):
        for child in list(parent):
            # their one rule stands on the root; comments are left out by the parser
            if child.tag.endswith(("}style", "}metadata")):
                parent.remove(child)
    used: dict[str, str] = {}

    def renamed(identifier: str) -> str:
        return used.setdefault(identifier, f"{name}-{len(used) + 1}")

    for element in root.iter():
        element.tag = element.tag.rpartition("}")[2]
        for key, value in list(element.attrib.items()):
            plain = key.rpartition("}")[2]
            if plain == "style":
                element.attrib.update(_declared(value))
            if plain == "href":
                element.set("href", f"#{renamed(value.removeprefix('#'))}")
            elif found := re.fullmatch(r"url\(#(.+)\)", value):
                element.set(key, f"url(#{renamed(found[1])})")
            if plain != key or plain in ("style", "version"):
                del element.attrib[key]
        if element.text is not None and not element.text.strip():
            element.text = None
        element.tail = None
    for element in root.iter():
        identifier = element.attrib.pop("id", None)
        if identifier in used:
            element.set("id", used[str(identifier)])


def _declared(style: str) -> dict[str, str]:
    """The declarations of a style attribute that SVG also has as attributes, in the page's colours."""
    found = {}
    for declaration in style.split(";"):
        key, _, value = (part.strip() for part in declaration.partition(":"))
        if _ATTRIBUTES.fullmatch(key):
            found[key] = THEME.get(value, value)
    return found
