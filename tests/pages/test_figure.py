"""The founding figure: self-contained, accessible, honest in its numbers; what it says draws a picture draws it."""

import base64
import hashlib
import io
import re
import shlex
from contextlib import redirect_stdout
from dataclasses import dataclass, field, replace
from html.parser import HTMLParser
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from netwarp.architecture.counts import count
from netwarp.architecture.language import parse
from netwarp.cli.figure import run
from netwarp.cli.main import status_of
from netwarp.errors import InputError
from netwarp.fields.calibration import calibrate
from netwarp.measures.measurements import number
from netwarp.network.network import Network
from netwarp.orders.drawing import draw_network
from netwarp.orders.subject import change, read_subject
from netwarp.pages import exhibits, ranges
from netwarp.pages.evidence import Scope, answered, paired, weigh
from netwarp.pages.figure import figure
from netwarp.picture.recipe import Recipe
from netwarp.plane import Raster
from netwarp.study.atlas import atlas
from netwarp.study.compare import compare
from netwarp.study.ensemble import ensemble
from netwarp.study.words import between

SIZE = (60, 40)
# little is measured: the page has every part, its numbers are those of few points
LITTLE = Scope(
    measures=("level_set_length", "spectral_slope"),
    seeds=tuple(range(6)),
    side=32,
    activations=("relu", "tanh"),
    scales=("1", "3", "10"),
    shifts=("0", "normal(2)"),
    atlas_seeds=tuple(range(6)),
    atlas_side=16,
)
VOID = {"meta", "img", "br", "wbr"}


@dataclass
class Card:
    name: str
    text: str = ""
    image: dict[str, str | None] = field(default_factory=dict)
    codes: list[str] = field(default_factory=list)


class Page(HTMLParser):
    """What a page holds: cards with their codes, every attribute that could fetch, ids, and whether tags balance."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.cards: list[Card] = []
        self.fetched: list[str] = []
        self.links: list[str] = []
        self.ids: list[str] = []
        self.buttons: list[dict[str, str | None]] = []
        self.text = ""
        self.open: list[str] = []
        self.where = ""
        self.feed(html)
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        told = dict(attrs)
        if tag not in VOID:
            self.open.append(tag)
        self.ids += [told["id"] or ""] if "id" in told else []
        self.fetched += [str(told[name]) for name in ("src", "srcset", "poster", "action") if name in told]
        if tag == "link":
            self.fetched.append(str(told))
        self.links += [str(told["href"])] if "href" in told else []
        if tag == "figure" and told.get("class") == "card":
            self.cards.append(Card(str(told["id"])))
        if tag == "img":
            self.cards[-1].image = told
        if tag == "pre" and "figure" in self.open and self.cards:
            self.cards[-1].codes.append("")
        if tag == "button":
            self.buttons.append(told)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if "style" in self.open or "script" in self.open:
            return
        self.text += data
        if "figure" in self.open and self.cards:
            self.cards[-1].text += data
            if "pre" in self.open:
                self.cards[-1].codes[-1] += data


def pixels(path: Path) -> NDArray[np.uint8]:
    with Image.open(path) as image:
        return np.asarray(image)


@pytest.fixture
def few(monkeypatch: pytest.MonkeyPatch) -> None:
    """A figure of few pictures and a short row (e), so that it takes a second."""
    picked = {"wide-sigmoid-3", "deep-sigmoid-3", "vgg", "leaky", "cppn", "average-pooling", "no-shift-sigmoid"}
    rows = tuple(replace(row, exhibits=tuple(e for e in row.exhibits if e.name in picked)) for row in exhibits.ROWS)
    assert {e.name for row in rows for e in row.exhibits} == picked
    monkeypatch.setattr(exhibits, "ROWS", rows)
    monkeypatch.setattr(ranges, "RASTER", Raster(6, 4))


@pytest.mark.slow
@pytest.mark.usefixtures("few")
def test_the_page_and_all_it_says(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    said: list[tuple[str, int, int]] = []
    path = figure(
        tmp_path / "out", seed=9, columns=SIZE[0], rows=SIZE[1], scope=LITTLE, progress=lambda *told: said.append(told)
    )
    html = path.read_text(encoding="utf-8")
    page = Page(html)
    assert path == tmp_path / "out" / "index.html"
    assert {file.suffix for file in path.parent.iterdir()} == {".png", ".svg", ".html"}
    assert [file.name for file in tmp_path.iterdir()] == ["out"]
    assert len(page.cards) == 2 + 2 + 2 + 2 + 7
    steps = len(page.cards) + 4 * 9 + 2 * 3 * 2 + 1  # pictures, nine architectures, the atlas's cells, row (e)
    assert said[-1][1:] == (steps, steps)
    assert [done for _, done, _ in said] == sorted(done for _, done, _ in said)

    # nothing from outside, nothing that the policy would refuse
    assert all(uri.startswith("data:image/") for uri in page.fetched)
    assert all(link.startswith("#") or (path.parent / link).is_file() for link in page.links)
    assert all(link[1:] in page.ids for link in page.links if link.startswith("#"))
    assert not re.search(r"""https?://|url\((?!#)|@import|\son\w+=|style=["']""", html)
    policy = re.search(r'Content-Security-Policy" content="([^"]*)"', html)
    assert policy
    for tag in ("style", "script"):
        (inside,) = re.findall(rf"<{tag}>(.*?)</{tag}>", html, re.DOTALL)
        assert f"'sha256-{base64.b64encode(hashlib.sha256(inside.encode()).digest()).decode()}'" in policy[1]

    # for every reader
    assert len(page.ids) == len(set(page.ids))
    assert all(card.image["alt"] and card.image["width"] and card.image["height"] for card in page.cards)
    assert len(page.buttons) == 2 * len(page.cards) + 4
    assert all(button["type"] == "button" and button["aria-label"] for button in page.buttons)
    assert "prefers-color-scheme: dark" in html
    assert '<html lang="en">' in html

    # the numbers, and the remark on units
    cards = {card.name: card for card in page.cards}
    for card, needles in (
        ("founding-wide", ("1 layer", "100 units", "703 parameters", "seed 9")),
        ("founding-deep", ("10 layers", "100 units", "1,153 parameters", "conv(10) * 10")),
        ("regions-wide", ("activation regions", "linear regions", "boundary length", "at most 5,051", "seed 9")),
        ("regions-deep", ("activation regions", "at most 3.0 × 10¹⁷")),
        ("note-colours", ("pixels cut", "--colour lab-clipped")),
        ("vgg", ("6 layers", "96 units", "12,051 parameters")),
        ("leaky", ("10 layers", 'act="leaky(random)"')),
    ):
        told = " ".join(cards[card].text.split())
        for needle in needles:
            assert all(word in told for word in needle.split(" ")), (card, needle)
    assert all(" ms" in card.text for card in page.cards if not card.name.startswith("slope"))
    assert "about 100 parameters" in page.text
    assert "100 units and 703 parameters" in " ".join(page.text.split())
    assert "exponential growth or decay" in " ".join(page.text.split())

    _measured(page, cards)

    # every command line and every script draw the picture they stand under, to the last bit
    monkeypatch.chdir(tmp_path)
    for card in page.cards:
        command, script = card.codes[:2]
        if card.name.startswith("regions"):
            _same_regions(card, path.parent)
            continue
        file = Path(f"{card.name}.png")
        wanted = pixels(path.parent / file)
        assert wanted.shape[:2] == ((80, 120) if card.name.startswith(("founding", "note", "smooth")) else (40, 60))
        words = shlex.split(command)
        if words[0] == "netwarp":
            assert status_of(words[1:]) == 0
            assert Recipe.read(file) == Recipe.read(path.parent / file)
        else:
            exec(compile(words[2], "command", "exec"), {})
        assert np.array_equal(pixels(file), wanted), command
        file.unlink()
        exec(compile(script, "script", "exec"), {})
        assert np.array_equal(pixels(file), wanted), script
        file.unlink()


def _measured(page: Page, cards: dict[str, Card]) -> None:
    """The numbers under a picture are its ensemble's; those of the two sections are compare's and atlas's."""
    raster = Raster(32, 32)
    for name, text in (("founding-deep", exhibits.DEEP), ("deep-sigmoid-3", exhibits.DEEP_3)):
        architecture = parse(text, act="sigmoid") if text == exhibits.DEEP_3 else parse(text)
        found = ensemble(architecture, LITTLE.measures, seeds=LITTLE.seeds, raster=raster, calibration=raster)
        one = found.summary("spectral_slope")
        assert one.interval is not None
        row = "".join((one.name, number(one.interval.value), between(one.interval), number(one.ramp)))
        assert row.replace("-", "−") in cards[name].text
    assert "level_set_length" not in cards["slope-x"].text
    pixels_of = "Kernels and windows reach pixels: here those of 32 × 32 points"
    assert [pixels_of in cards[name].text for name in ("founding-deep", "vgg")] == [False, True]

    size, seeds = (32, 32), LITTLE.seeds
    pair = [read_subject(text) for text in (exhibits.WIDE, exhibits.DEEP)]
    (contrasts,) = compare(*pair, measures=LITTLE.measures, seeds=seeds, size=size, calibration=raster).contrasts
    for contrast in contrasts:
        assert f"{contrast.change()}{contrast.interval()}".replace("-", "−") in page.text
    scale, shift = LITTLE.scales, LITTLE.shifts
    made = atlas(
        read_subject(exhibits.DEEP),
        activations=LITTLE.activations,
        scales=scale,
        shifts=shift,
        depths=(),
        widths=(),
        seeds=LITTLE.atlas_seeds,
        size=(16, 16),
    )
    for of in made.maps:
        for cell in of.cells[1]:
            assert cell.value.interval is not None
            assert (
                f"{cell.column}{cell.row}{number(cell.value.interval.value)}{between(cell.value.interval)}" in page.text
            )
    assert re.search(
        r"in the column sigmoid, 3 × 3 the deep|the deep network against the wide one is: sigmoid, 3", page.text
    )
    commands = [code for card in page.cards for code in card.codes if code.startswith("netwarp draw")]
    assert len(commands) == 2 + 2 + 7
    for words in ("netwarp compare 'conv(100)' 'conv(10) * 10' --seeds 0..5", "netwarp atlas 'conv(10) * 10' --act="):
        assert words in page.text


@pytest.mark.slow
def test_the_founding_pair_is_compared_as_compare_does() -> None:
    first, second = (weigh(exhibit, LITTLE) for exhibit in exhibits.HERO)
    found = paired(first, second, ("A", "B"), family=5)
    raster = Raster(32, 32)
    subjects = [first.subject, second.subject]
    again = compare(
        *subjects, measures=LITTLE.measures, seeds=LITTLE.seeds, size=(32, 32), calibration=raster, family=5
    )
    assert found.contrasts == again.contrasts
    assert found.data() == again.data()
    assert "--family 5" in answered(found, LITTLE).command
    shown = answered(found, replace(LITTLE, seeds=LITTLE.seeds))
    assert len(shown.columns) == len(shown.rows[0])
    assert "unit" not in shown.columns
    assert [name for name, *_ in shown.rows] == list(LITTLE.measures)
    assert status_of([*shlex.split(shown.command)[1:-2], "--json"]) == 0


def _same_regions(card: Card, folder: Path) -> None:
    """The command line writes the very file, its counts are the card's, and so are the script's."""
    command, script = card.codes[:2]
    file = Path(f"{card.name}.svg")
    assert status_of(shlex.split(command)[1:]) == 0
    assert file.read_bytes() == (folder / file).read_bytes()
    encoded = str(card.image["src"]).removeprefix("data:image/svg+xml;base64,")
    assert base64.b64decode(encoded) == file.read_bytes()
    stream = io.StringIO()
    with redirect_stdout(stream):
        exec(compile(script, "script", "exec"), {})
    counts = [int(word) for word in stream.getvalue().split() if word.isdecimal()]
    # an independent cutter in plain floats counts as many
    assert counts == ([3882, 3882] if card.name == "regions-wide" else [14745, 14745])
    told = " ".join(card.text.split())
    assert f"activation regions{counts[0]:,} linear regions{counts[1]:,} boundary length" in told
    assert f"{counts[0]:,} activation regions" in file.read_text(encoding="utf-8")


@pytest.mark.usefixtures("few")
def test_an_interrupted_figure_leaves_what_was_there(tmp_path: Path) -> None:
    out = tmp_path / "out"
    out.mkdir()
    (out / "index.html").write_text("old")
    (out / "mine.txt").write_text("mine")

    def interrupt(what: str, done: int, total: int) -> None:
        if done >= 3:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        figure(out, columns=6, rows=4, scope=LITTLE, progress=interrupt)
    assert sorted(file.name for file in out.iterdir()) == ["index.html", "mine.txt"]
    assert (out / "index.html").read_text() == "old"
    assert [file.name for file in tmp_path.iterdir()] == ["out"]
    (tmp_path / "file").write_text("")
    with pytest.raises(InputError, match="there is a file of that name"):
        figure(tmp_path / "file")
    with pytest.raises(InputError, match="make it first"):
        figure(tmp_path / "no" / "folder")


def test_every_exhibit_is_drawn_and_has_a_place() -> None:
    shown = [*exhibits.HERO, *exhibits.REGIONS, *(exhibit for row in exhibits.ROWS for exhibit in row.exhibits)]
    assert len({exhibit.name for exhibit in shown}) == len(shown)
    for exhibit in shown:
        subject = change(read_subject(exhibit.arch), **exhibit.changes)  # type: ignore[arg-type]
        assert subject.architecture is not None
        assert count(subject.architecture).units > 0
        picture = draw_network(subject.draw(1), Raster(12, 8), calibration=Raster(24, 16)).picture
        assert picture.pixels.std() > 5, exhibit.name
    assert [row.letter for row in (exhibits.SLOPE, *exhibits.ROWS)] == ["a", "b", "c", "d"]


def test_ranges_without_normalisation_grow_and_decay_exponentially(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ranges, "RASTER", Raster(6, 4))
    twice, once, half = (ranges.ranges(gain, 9) for gain in (2.0, 1.0, 0.5))
    # ReLU with He weights keeps the second moment on average: every layer multiplies it by the gain, once each
    assert twice.factor == pytest.approx(2.0, rel=0.1)
    assert once.factor == pytest.approx(1.0, rel=0.1)
    assert half.factor == pytest.approx(0.5, rel=0.1)
    third = calibrate(Network.draw(parse(ranges.TEXT, norm=None, init="he(gain=0.5)"), 9), Raster(6, 4)).after(3)
    values = third.sample(dtype="float64")
    assert (half.std[2], half.span[2]) == pytest.approx((values.std(), np.ptp(values)), rel=1e-12)
    # the base draws are the same and ReLU is homogeneous: layer n differs by exactly gain^n, up to rounding
    depth = np.arange(1, ranges.DEPTH + 1)
    np.testing.assert_allclose(np.array(twice.std) / np.array(once.std), 2.0**depth, rtol=1e-4)
    np.testing.assert_allclose(np.array(half.span) / np.array(once.span), 0.5**depth, rtol=1e-4)
    assert all(span >= std for one in (twice, once, half) for std, span in zip(one.std, one.span, strict=True))


def test_the_command_has_the_figures_own_seed() -> None:
    assert run.__defaults__ is not None
    assert run.__defaults__[0] == str(exhibits.SEED)
