"""The page without a server gives the very texts to copy that the server gives."""

from __future__ import annotations

import json
from decimal import Decimal

from netwarp.errors import NetwarpError
from netwarp.explorer.facts import texts_of
from netwarp.explorer.pasted import page_of
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
    {"bred": "9 0_7"},
    {"bred": "4 9 0*1_5_0.5 2_1", "colour": "viridis", "out": 1, "x": "0.1", "w": "0.3", "h": "0.2"},
    {"bred": "4 0_5", "show": "layer:2:channel:3"},
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
        {
            "panes": [pane.to_data() for pane in page.panes],
            "hide": [],
            "lock": [],
            "embed": False,
            "note": "",
            "step": 1,
        }
        for page in pages()
    ]
    found = node("sharing", {"pages": asked, "texts": trees, "back": []})
    for page, own in zip(pages(), found["shared"], strict=True):
        wanted = share(page, Files())
        assert json.loads(own["json"]) == json.loads(wanted["json"])
        for form in ("address", "cli", "python"):
            assert own[form] == wanted[form], form  # type: ignore[literal-required]  # one of its keys
    assert found["names"] == [file_name(text) for text in trees]


# lines as a person writes them, and what is wrong
WRITTEN = (
    "netwarp draw 'conv(10) * 10' -o ten.png",
    "$ netwarp draw deep --act=tanh --seed -4 --size 60x40",
    'netwarp draw "conv(4) * 2" --norm none --init \'normal(2)\' --inputs "x y r" --out-channels 1',
    "netwarp draw conv\\(7\\)\\ \\*\\ 3 --scale 2.5 --shift 'normal(1)'",
    "netwarp draw 'conv(3)' --plane=-0.1,0.3,1e-30,2e-30 --y up --colour rgb",
    "netwarp draw 'conv(3)' --plane 0.1,0.3,0,1 --contrast view\nnetwarp draw 'conv(5)' --seed 2",
    "import netwarp as nw\nfield = nw.Network.draw(nw.parse('conv(5) * 2', act='sin', out=4), seed=3).calibrate()\n",
    (
        "import netwarp as nw\nx = nw.parse('conv(5)')\nr = nw.Raster(3, 2, plane=nw.Plane(0, 0, 2, 1))\n"
        "nw.Network.draw(x, seed=3).calibrate(nw.Raster(3, 2, plane=nw.Plane(5, 5, 3, 2)))"
    ),
    (
        "import netwarp as nw\n# nw.Plane(9, 9)\n"
        'nw.parse("conv(5)"); p = nw.Plane(0.25, width=0.5)\nnw.Tone.fit(x, colour="gray")'
    ),
)
REFUSED = (
    "netwarp draw",
    "netwarp draw 'conv(3)' 'conv(4)'",
    "netwarp draw 'conv(3)' --svg x.svg",
    "netwarp draw 'conv(3)' --seed 1.5",
    "netwarp draw 'conv(3)' --plane 1,2,3",
    "netwarp draw 'conv(3)' --act rleu",
    "netwarp draw 'conv(3",
    "python script.py",
    "import netwarp as nw",
    "import netwarp as nw\nnw.parse(",
    "import netwarp as nw\nnw.parse(3)",
    "conv(10",
    "conw(10)",
)


def back(text: str) -> object:
    """What the library reads in a text that is pasted, its views as numbers; None where it refuses."""
    try:
        return [plain(pane.to_data()) for pane in page_of(text.encode(), Files()).panes]
    except NetwarpError:
        return None


def plain(pane: dict[str, object]) -> dict[str, object]:
    return pane | {key: Decimal(str(pane[key])).normalize() for key in "xywh"}


def test_what_it_gives_to_copy_it_reads_back_as_the_library_does(node: Run) -> None:
    given = [share(page, Files()) for page in pages()]
    texts = [str(one[form]) for one in given for form in ("cli", "python")]  # type: ignore[literal-required]
    found = node("sharing", {"pages": [], "texts": [], "back": [*texts, *WRITTEN]})["back"]
    for text, own in zip([*texts, *WRITTEN], found, strict=True):
        assert isinstance(own, list), (text, own)
        assert [plain(pane) for pane in own] == back(text), text


def test_what_it_cannot_read_is_one_line(node: Run) -> None:
    for text, own in zip(REFUSED, node("sharing", {"pages": [], "texts": [], "back": REFUSED})["back"], strict=True):
        assert back(text) is None, text
        assert "\n" not in own["message"], text
        assert len(own["message"]) > 10, text
