"""The page without a server gives the very texts to copy that the server gives."""

from __future__ import annotations

import json

from netwarp.explorer.facts import texts_of
from netwarp.explorer.reading import Files
from netwarp.explorer.sharing import share
from netwarp.explorer.state import Page, Pane
from netwarp.orders.subject import file_name
from web.architectures import pointwise
from web.conftest import Run

DEFAULT = Pane()
SEEN: tuple[dict[str, object], ...] = (
    {},
    {"seed": -12, "tone": "view"},
    {"colour": "viridis", "out": 1, "grows": "up"},
    {"colour": "gray", "show": "layer:2:channel:3"},
    {"show": "layer:1:channel:0", "tone": "view", "colour": "lab"},
    {"colour": "magma", "x": "0.1", "y": "-0.2", "w": "0.3", "h": "0.2"},
    {"x": "0.12345678901234567890123", "y": "-3e-25", "w": "1.5e-7", "h": "1e-7", "tone": "view"},
    {"x": "0.5", "w": "1.5e-7", "h": "1e-7"},
    {"x": "0.1", "y": "1e-5", "w": "3e-30", "h": "2e-30", "tone": "view"},
    {"w": "1", "h": "1"},
    {"w": "150", "h": "100", "grows": "down", "colour": "auto"},
    {"act": "leaky(0.2)", "norm": "none", "init": "normal(1, bias=normal(1))", "inputs": "x y r z(8)"},
    {"out": 4, "colour": "rgb"},
)


def pages() -> list[Page]:
    single = [Page((Pane.from_data(one, DEFAULT.to_data()),)) for one in SEEN]
    single += [
        Page((Pane.from_data(texts_of(pointwise(number)) | {"seed": number}, DEFAULT.to_data()),))
        for number in range(30)
    ]
    several = [Page(tuple(page.panes[0] for page in single[i : i + 3])) for i in (0, 3, 6)]
    return [*single, *several]


def test_texts_to_copy(node: Run) -> None:
    trees = [str(pointwise(number).tree) for number in range(40)] + ["conv(10) * 10", "conv(100)", "((conv(3)))"]
    asked = [
        {"panes": [pane.to_data() for pane in page.panes], "hide": [], "lock": [], "embed": False} for page in pages()
    ]
    found = node("sharing", {"pages": asked, "texts": trees})
    for page, own in zip(pages(), found["shared"], strict=True):
        wanted = share(page, Files())
        assert json.loads(own["json"]) == json.loads(wanted["json"])
        for form in ("address", "cli", "python"):
            assert own[form] == wanted[form], form  # type: ignore[literal-required]  # one of its keys
    assert found["names"] == [file_name(text) for text in trees]
