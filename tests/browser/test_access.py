"""For everybody: axe-core finds nothing on any page, light or dark, and every task can be done by keys alone."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import netwarp as nw
from made_stores import filled
from netwarp.explorer.address import to_address
from netwarp.explorer.lessons import shipped
from netwarp.pages.figure import figure
from netwarp.pages.gallery import gallery
from netwarp.pages.study_page import save
from tests.browser.desk import settle, unfold, until
from tests.browser.test_gallery import family
from tests.pages.test_figure import LITTLE, few
from tests.pages.test_study_page import grown, small

__all__ = ["few"]

Anywhere = Callable[..., Any]
AXE = Path(__file__).parent.parent.parent / "web" / "node_modules" / "axe-core" / "axe.min.js"
SCHEMES = ("light", "dark")
QUERY = "?v=2&arch=conv(10)+*+3&seed=7"
# what the page may show: an address, and a script that brings it about
SHOWN = {
    "a picture": (QUERY, ""),
    "four": (QUERY + "&panes=4", ""),
    "a channel": (QUERY + "&show=layer:2:channel:3", ""),
    "a refusal": (QUERY, "type"),
    "the gallery": ("", ""),
    "share": (QUERY, "open-share"),
    "download": (QUERY, "open-downloads"),
    "neighbours": (QUERY, "open-neighbours"),
    "children": (QUERY + "&panes=2&p1.seed=4", "open-children"),
    "a plot": (QUERY, "open-layers"),
    "numbers": (QUERY, "copy-measures"),
    "help": (QUERY, "open-help"),
    "all that is folded": (QUERY, "unfold"),
    "a lesson": ("?" + to_address(shipped()[0].page(1)), ""),
}


def faults(page: Any) -> list[str]:
    """What axe-core finds in a page or a frame, however slight."""
    assert AXE.exists(), "run `make web`, which installs axe-core"
    page.evaluate(AXE.read_text())
    found = page.evaluate("axe.run()")
    return [f"{one['id']}: {node['html'][:120]}" for one in found["violations"] for node in one["nodes"]]


def faults_by_day_and_night(page: Any) -> list[str]:
    """What it finds in light and in dark colours."""
    wrong = []
    for scheme in SCHEMES:
        page.emulate_media(color_scheme=scheme)
        page.wait_for_timeout(300)
        wrong += [f"{scheme}: {one}" for one in faults(page)]
    return wrong


@pytest.mark.parametrize("shown", SHOWN)
def test_the_page(anywhere: Anywhere, shown: str) -> None:
    query, act = SHOWN[shown]
    page = anywhere(query, bypass_csp=True)
    settle(page)
    if act == "type":
        page.fill("#arch", "conv(10) * 3 >> cnov(3)")
        until(page, "document.getElementById('arch-error').textContent !== ''")
    elif act == "unfold":
        unfold(page)
    elif act:
        if not page.locator(f"#{act}").is_visible():
            pytest.skip(f"this page has no {shown}")
        page.click(f"#{act}")
    if query == "" or act == "open-neighbours":
        page.locator("dialog[open] .card").first.wait_for()
    assert faults_by_day_and_night(page) == []


def test_faded_numbers_can_be_read(anywhere: Anywhere) -> None:
    page = anywhere(SHOWN["four"][0], bypass_csp=True)
    until(page, "document.querySelector('.measure') !== null && document.querySelector('.short') !== null")
    for state in ("stale", "late", "refused"):
        page.evaluate(f"document.body.classList.add('{state}')")
        assert faults_by_day_and_night(page) == [], state


@pytest.fixture
def shown(chromium: Any) -> Any:
    """Opens a file, in light and in dark, and gives what axe-core finds, in the page and in its frames."""

    def found(path: Path) -> list[str]:
        wrong = []
        for scheme in SCHEMES:
            context = chromium.new_context(offline=True, color_scheme=scheme, bypass_csp=True)
            page = context.new_page()
            page.goto(path.as_uri())
            page.wait_for_timeout(500)
            wrong += [f"{scheme}: {one}" for frame in page.frames for one in faults(frame)]
            context.close()
        return wrong

    return found


@pytest.mark.usefixtures("few")
def test_the_founding_figure(shown: Callable[[Path], list[str]], tmp_path: Path) -> None:
    assert shown(figure(tmp_path / "out", columns=30, rows=20, scope=LITTLE)) == []


def test_a_studys_report(shown: Callable[[Path], list[str]], tmp_path: Path) -> None:
    with filled(tmp_path / "s", small(), grown) as store:
        path, _ = save(store, tmp_path / "r.html", command="netwarp study report s")
    assert shown(path) == []


def test_a_gallery_and_a_family(shown: Callable[[Path], list[str]], tmp_path: Path) -> None:
    pages = gallery(tmp_path / "g.html", ["cppn", "conv(4)"], seeds=(0, 1), size=(300, 200)), family(tmp_path)
    for path in pages:
        # opened, where there is more to find
        text = path.read_text(encoding="utf-8")
        path.write_text(text.replace('<details class="pick"', '<details open class="pick"'), encoding="utf-8")
        assert shown(path) == []
        path.write_text(text, encoding="utf-8")
        assert shown(path) == []


def test_a_notebooks_frame(shown: Callable[[Path], list[str]], tmp_path: Path) -> None:
    formats, _ = nw.explore("conv(6) * 3", seed=4)._repr_mimebundle_()
    path = tmp_path / "notebook.html"
    head = "<!doctype html><html lang='en'><meta charset='utf-8'><title>A notebook</title>"
    path.write_text(f"{head}<body><main><h1>A notebook</h1>{formats['text/html']}</main></body></html>", "utf-8")
    assert shown(path) == []


def test_the_measures(visit: Callable[..., Any]) -> None:
    page = visit(QUERY, bypass_csp=True)
    page.goto(page.url.split("?")[0] + "measures")
    assert faults(page) == []


def test_decision_regions(look: Callable[..., Any], tmp_path: Path) -> None:
    random = np.random.RandomState(1)
    np.savez(tmp_path / "one.npz", W0=random.randn(9, 2), b0=random.randn(9), W1=random.randn(3, 9))
    rows = [f"{x!r},{y!r},{kind}" for (x, y), kind in zip(random.randn(30, 2).tolist(), "abc" * 10, strict=True)]
    (tmp_path / "points.csv").write_text("\n".join(["length,width,kind", *rows]))
    page = look(str(tmp_path / "one.npz"), "--data", str(tmp_path / "points.csv"), more="&show=classes")
    assert page.locator(".legend .swatch").count() == 3
    assert faults(page) == []


def reach(page: Any, selector: str) -> None:
    """Tab until what has the focus is this one."""
    for _ in range(150):
        if page.evaluate("(one) => document.activeElement.matches(one)", selector):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"Tab never comes to {selector}")


def test_every_task_by_keys_alone(anywhere: Anywhere, tmp_path: Path) -> None:
    page = anywhere()
    keys = page.keyboard
    # the gallery
    page.locator("#gallery .card").first.wait_for()
    reach(page, "#gallery .card:nth-child(3)")
    keys.press("Enter")
    until(page, "!document.getElementById('gallery').open")
    page.evaluate("netwarp.ready")
    # draw
    reach(page, "#arch")
    keys.press("Control+a")
    keys.type("conv(6) * 3")
    keys.press("Enter")
    until(page, "/arch=conv%286%29\\+\\*\\+3/.test(location.search)")
    # a slider, and a menu
    reach(page, "#depth")
    keys.press("ArrowRight")
    until(page, "document.getElementById('arch').value === 'conv(6) * 4'")
    reach(page, "#act")
    keys.type("tanh")
    until(page, "/act=tanh/.test(location.search)")
    page.wait_for_timeout(1500)  # a menu takes letters that come sooner for one word
    # one letter, and no word: on a busy machine the menu would take its end for another one's, elu
    keys.press("r")
    until(page, "!/act=/.test(location.search) || /act=relu/.test(location.search)")
    # zoom, and home again
    reach(page, ".view")
    keys.press("+")
    keys.press("ArrowRight")
    until(page, "/[?&]w=/.test(location.search)")
    keys.press("0")
    until(page, "!/[?&]w=/.test(location.search)")
    reach(page, "#zooming button")
    keys.press("Enter")
    until(page, "/[?&]w=/.test(location.search)")
    # a channel of the strip
    reach(page, "#strip [data-show=output]")
    keys.press("ArrowLeft")
    keys.press("Enter")
    until(page, "/show=layer/.test(location.search)")
    keys.press("ArrowRight")
    keys.press("Enter")
    until(page, "!/show=layer/.test(location.search)")
    # cells
    reach(page, "[data-fold=look] > summary")
    keys.press("Enter")
    if page.locator("#cells").is_visible():
        reach(page, "#cells")
        if not page.is_checked("#cells"):  # the gallery may have asked for them
            keys.press("Space")
        until(page, "/cells in the frame/.test(document.querySelector('.cells')?.textContent)")
    # the way of y, and what is measured
    reach(page, "#way")
    keys.press("Enter")
    until(page, "/grows=up/.test(location.search)")
    until(page, "document.querySelectorAll('#measures .value b').length >= 4")
    # compare
    reach(page, "[data-compare='2']")
    keys.press("Enter")
    until(page, "document.querySelectorAll('.pane').length === 2")
    page.evaluate("netwarp.ready")
    reach(page, ".pane:nth-child(2) .view")
    keys.press("n")
    until(page, "/p1.seed=/.test(location.search)")
    # share
    reach(page, "#open-share")
    keys.press("Enter")
    reach(page, "[data-form=address] button")
    keys.press("Enter")
    reach(page, "#paste")
    keys.type("conv(4) * 2")
    reach(page, "#share .buttons button")
    keys.press("Enter")
    until(page, "document.getElementById('arch').value === 'conv(4) * 2'")
    # download
    if page.locator("#open-downloads").is_visible():
        reach(page, "#open-downloads")
        keys.press("Enter")
        page.locator("#downloads [data-format=png][href]").wait_for()  # what is not made yet cannot be taken
        reach(page, "#downloads [data-format=png]")
        with page.expect_download() as waiting:
            keys.press("Enter")
        waiting.value.save_as(tmp_path / "taken.png")
        assert (tmp_path / "taken.png").stat().st_size > 1000


def test_what_teaches_by_keys_alone(anywhere: Anywhere) -> None:
    page = anywhere(QUERY)
    keys = page.keyboard
    page.evaluate("netwarp.ready")
    # a measure over seeds
    until(page, "document.querySelector('[data-measure=total_variation] [data-act]') !== null")
    reach(page, "[data-measure=total_variation] [data-act]")
    keys.press("Enter")
    said = "document.querySelector('[data-measure=total_variation] .dots-said')?.textContent"
    until(page, f"{said}.includes('median')", 60)
    # a plot from a slider's name
    reach(page, "#depth-name")
    keys.press("Enter")
    until(page, "document.querySelector('dialog[open]') !== null")
    keys.press("Escape")
    until(page, "document.querySelector('dialog[open]') === null")
    # a unit, and one of its numbers
    reach(page, "#strip [data-show=output]")
    for _ in range(3):
        keys.press("ArrowLeft")
    keys.press("Enter")
    until(page, "document.querySelectorAll('#unit .number-row').length > 0")
    reach(page, "#unit .number-row input[type=range]")
    keys.press("ArrowRight")
    until(page, "/bred=/.test(location.search)")
    keys.press("Control+z")
    until(page, "!/bred=/.test(location.search)")
    # play
    reach(page, "[data-plays=seed]")
    keys.press("Enter")
    until(page, "Number(new URLSearchParams(location.search).get('seed')) > 8")
    keys.press("Space")
    until(page, "document.querySelector('[data-plays=seed]').getAttribute('aria-pressed') === 'false'")
    # a lesson
    reach(page, "#open-lessons")
    keys.press("Enter")
    reach(page, "dialog[open] .card")
    keys.press("Enter")
    until(page, "!document.getElementById('lesson').hidden")
    before = page.locator("#lesson .onward").first.inner_text()
    reach(page, "#lesson .onward button:nth-of-type(2)")
    keys.press("Enter")
    until(page, f"document.querySelector('#lesson .onward').innerText !== {before!r}")
