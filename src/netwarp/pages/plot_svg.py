"""A matplotlib Figure as inline SVG for a page: no style attributes, no identifiers but the plot's own, no dates.

A plot names its colours INK and SERIES. In an SVG they follow the page's theme: matplotlib writes the stand-ins of
`THEME`, which become currentColor, or a variable of the page's style with a colour that reads on light and on dark
paper where the page has none. Text stays text, in the page's own typeface. The same figure gives the same bytes.
"""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from threading import Lock
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

from markupsafe import Markup

if TYPE_CHECKING:
    from matplotlib.figure import Figure

# matplotlib's names of the colours of its cycle: of the series of a plot in order, and of its ink
SERIES = ("C0", "C1", "C2", "C3", "C4", "C5", "C6", "C7")
INK = "C8"
# distinct also for colour-blind readers (Okabe and Ito 2008), darkened or lightened to stand out from white and from
# black alike
READ_ON_BOTH = ("#2f7ec4", "#d9650f", "#1f9270", "#c2609b", "#8a79d6", "#a98a10", "#3ba3c7", "#7d828c")
_STAND_INS = tuple(f"#0000{number}" for number in range(11, 19))
_INK = "#000001"
THEME = {_INK: "currentColor"} | {
    stand_in: f"var(--series-{number}, {colour})"
    for number, (stand_in, colour) in enumerate(zip(_STAND_INS, READ_ON_BOTH, strict=True), 1)
}
_SETTINGS: dict[str, object] = {
    "svg.fonttype": "none",
    "svg.hashsalt": "netwarp",
    "text.parse_math": False,
    "axes.linewidth": 0.7,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.unicode_minus": True,
    "font.family": ["DejaVu Sans"],  # comes with matplotlib: the layout is the same on every machine
    "font.size": 11.0,
    "legend.frameon": False,
    "axes.grid": False,
}
_DARK = "#17191d"
# of an SVG that stands alone
_PAPERS = (
    f"svg{{color:{_DARK}}}.paper{{fill:#fff}}"
    "@media(prefers-color-scheme:dark){svg{color:#ecebe7}.paper{fill:#111316}}"
)
# what a page's policy lets an element say without a style attribute
_ATTRIBUTES = re.compile(r"(fill|stroke|opacity|text-anchor|font-(size|weight|style))(-[a-z]+)*")
_MARGIN = 12  # units around a plot that stands alone
_PX = 72  # matplotlib's points become the SVG's units, one a CSS pixel
_settings_lock = Lock()  # matplotlib's settings are the process's


def svg(
    draw: Callable[[Figure], None], *, name: str, title: str, description: str, width: float, height: float
) -> Markup:
    """What `draw` draws into an empty Figure of `width` x `height` units, as an <svg> element with title and desc.

    `name` makes its identifiers unique on the page. All texts are escaped. Nothing of pyplot's global state is touched.
    """
    nothing = dict.fromkeys(("Date", "Creator", "Format", "Type"))
    with _drawn(draw, width, height, ink=_INK, series=_STAND_INS) as figure:
        stream = io.BytesIO()
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


def svg_file(inline: str) -> str:
    """An inline SVG of `svg` as a file that stands alone, on paper of its own, light or dark as its reader prefers."""
    root = ET.fromstring(inline)
    root.attrib["xmlns"] = "http://www.w3.org/2000/svg"
    del root.attrib["class"]
    root.attrib["font-family"] = "system-ui, 'Helvetica Neue', Arial, 'DejaVu Sans', sans-serif"
    style = _text("style", "", _PAPERS)
    del style.attrib["id"]
    root.insert(2, style)
    width, height = (float(root.attrib[side]) + 2 * _MARGIN for side in ("width", "height"))
    corner = {"x": f"{-_MARGIN}", "y": f"{-_MARGIN}"}
    root.attrib |= {"viewBox": f"{-_MARGIN} {-_MARGIN} {width:g} {height:g}"}
    root.attrib |= {"width": f"{width:g}", "height": f"{height:g}"}
    root.insert(3, ET.Element("rect", {"class": "paper", **corner, "width": f"{width:g}", "height": f"{height:g}"}))
    return ET.tostring(root, encoding="unicode")


def png(draw: Callable[[Figure], None], *, width: float, height: float) -> bytes:
    """What `draw` draws, dark on white, as a PNG of twice as many pixels as `width` x `height` units."""
    with _drawn(draw, width, height, ink=_DARK, series=READ_ON_BOTH) as figure:
        figure.patch.set_visible(True)
        stream = io.BytesIO()
        figure.savefig(stream, format="png", dpi=2 * _PX, facecolor="white")
    from PIL import Image, ImageOps

    with Image.open(stream) as drawn:
        # what a palette of 256 colours makes of it looks the same, in a third of the bytes
        image = ImageOps.expand(drawn.convert("RGB"), border=2 * _MARGIN, fill="white").quantize(256)
    whole = io.BytesIO()
    image.save(whole, format="png", optimize=True)
    return whole.getvalue()


@contextmanager
def _drawn(
    draw: Callable[[Figure], None], width: float, height: float, *, ink: str, series: Sequence[str]
) -> Iterator[Figure]:
    """The figure, with the colours that its names stand for; what is saved of it is saved within the block."""
    from cycler import cycler
    from matplotlib import rc_context
    from matplotlib.figure import Figure

    inked = dict.fromkeys(("text.color", "axes.edgecolor", "axes.labelcolor", "xtick.color", "ytick.color"), ink)
    settings = _SETTINGS | inked | {"axes.prop_cycle": cycler(color=(*series, ink))}
    with _settings_lock, rc_context(settings):  # type: ignore[arg-type]  # its keys are a Literal of hundreds
        figure = Figure(figsize=(width / _PX, height / _PX), layout="constrained")
        figure.patch.set_visible(False)
        draw(figure)
        for axes in figure.axes:
            axes.patch.set_visible(False)
        yield figure


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
