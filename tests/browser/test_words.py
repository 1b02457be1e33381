"""Every word of the page stands in its table: a page of marked words shows none without the mark."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest

from tests.browser.desk import until

WORD = re.compile(r"[^\W\d_]{2,}")
WEB = Path(__file__).parents[2] / "web"
# what is visible, and what is said of it, without the marked words, what users wrote, code and keys
BARE = """() => {
  const bare = [];
  const open = document.querySelector("dialog[open]") ?? document.body;
  const left = (text) => {
    let before;
    do { before = text; text = text.replace(/\\u27e6[^\\u27e6\\u27e7]*\\u27e7/g, ""); } while (text !== before);
    // one that goes on in an element of its own
    return text.replace(/\u27e6[^\u27e6\u27e7]*$/, "");
  };
  const written = "code, kbd, textarea, script, style";
  const seen = (one) => one.checkVisibility({ visibilityProperty: true }) && one.closest(written) === null;
  for (const one of [open, ...open.querySelectorAll("*")]) {
    if (!seen(one)) continue;
    for (const name of ["aria-label", "title", "placeholder", "aria-roledescription"]) {
      const text = left(one.getAttribute(name) ?? "");
      if (/\\p{L}{2}/u.test(text)) bare.push(`${name}: ${text}`);
    }
    for (const node of one.childNodes) {
      if (node.nodeType !== Node.TEXT_NODE) continue;
      const text = left(node.data);
      if (/\\p{L}{2}/u.test(text)) bare.push(text.trim());
    }
  }
  return [...new Set(bare)];
}"""


@pytest.fixture(scope="module")
def marked(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The page without a server, every word of its table between two marks."""
    if shutil.which("node") is None or not (WEB / "node_modules/esbuild").exists():
        pytest.skip("needs node and its packages: run `npm ci` in web")
    folder = tmp_path_factory.mktemp("marked")
    words = Path(__file__).with_name("marked.ts")
    subprocess.run(["node", str(WEB / "build.mjs"), "--out", str(folder), "--told", str(words)], check=True)
    return folder / "netwarp.html"


@pytest.fixture
def visit(offline: Any, marked: Path) -> Callable[..., Any]:
    offline.set_default_timeout(60_000)

    def open_page(**query: str) -> Any:
        offline.goto(f"{marked.as_uri()}?{urlencode({'v': '2', **query})}")
        offline.evaluate("netwarp.ready")
        return offline

    return open_page


MENUS = "#zoo option, #act option, #init option, #inputs option, #norm option, #out_act option, #colour option"
# beside the names that menus have: of layers, of arithmetic, of formats, of the language's texts, and netwarp's own
NAMES = "conv architecture netwarp float64 PNG SVG JSON HTML npz Python"


def unmarked(page: Any) -> list[str]:
    """The texts with a word that is neither marked nor a name of the language."""
    values = page.evaluate(f"[...document.querySelectorAll('{MENUS}')].map((one) => one.value)")
    known = {word for text in (*values, NAMES, page.input_value("#arch")) for word in WORD.findall(text)}
    return [text for text in page.evaluate(BARE) if not known.issuperset(WORD.findall(text))]


@pytest.mark.parametrize(
    "query",
    [
        {"arch": "conv(10) * 3"},
        {"arch": "conv(10) * 3", "cells": "1", "show": "layer:2:channel:3"},
        {"arch": "conv(8) * 2", "out": "1", "act": "tanh", "norm": "none", "grows": "up"},
        {"arch": "conv(6, 3) * 2", "tone": "view"},
        {"arch": "conv(10) * 3", "panes": "2", "p1.arch": "conv(30)"},
        {"arch": "conv(10) * 3", "act": "foo", "sed": "3"},
        {"arch": "conv(", "seed": "1"},
    ],
    ids=["plain", "cells", "one", "windows", "two", "lost", "refused"],
)
def test_no_word_of_a_view_is_written_beside_the_table(visit: Callable[..., Any], query: dict[str, str]) -> None:
    page = visit(**query)
    if "(" in query["arch"][:-1] and query["arch"] != "conv(":
        page.locator("#strip .thumb canvas").nth(5).wait_for()
    assert unmarked(page) == []
    assert "\u27e6" in page.text_content("#open-gallery")


@pytest.mark.parametrize("sheet", ["gallery", "neighbours", "children", "share", "downloads", "help", "layers"])
def test_no_word_of_a_sheet_is(visit: Callable[..., Any], sheet: str) -> None:
    page = visit(arch="conv(10) * 3")
    if sheet == "layers":
        page.locator("#measures .value b").first.wait_for()  # what there is to plot
    page.click(f"#open-{sheet}")
    page.locator(f"#{'plot' if sheet == 'layers' else sheet}[open]").wait_for()
    if sheet in ("gallery", "neighbours", "children"):
        page.locator(f"#{sheet} .card").nth(4).wait_for()
    if sheet == "downloads":
        until(page, "document.querySelector('.download[data-format=png]').hasAttribute('href')")
    assert unmarked(page) == []


def test_a_network_that_is_refused_says_why_in_the_tables_words(visit: Callable[..., Any]) -> None:
    page = visit(arch="conv(10) * 3")
    page.fill("#arch", "conv(2000) * 40")
    page.locator(".veil:not([hidden]) button").first.wait_for()
    assert unmarked(page) == []
    page.fill("#arch", "conw(3)")
    until(page, "document.getElementById('arch-error').textContent.includes('conw')")
    assert unmarked(page) == []
