"""The page's words stand in one table, words.ts: no sentence is written into the files that show it."""

from __future__ import annotations

import re

import pytest

from tests.web.node import WEB

PAGE = WEB / "src/page"
# whose sentences have still to move into the table
WAITING = {
    "app.ts",
    "cells.ts",
    "controls.ts",
    "decided.ts",
    "describe.ts",
    "dom.ts",
    "download.ts",
    "dropped.ts",
    "evaluated.ts",
    "facts.ts",
    "making.ts",
    "measures.ts",
    "pane.ts",
    "place.ts",
    "preview.ts",
    "slice.ts",
    "source.ts",
}
# a text of two words and more; what follows these names is no text for a reader
TEXT = re.compile(r'"(?:[^"\\\n]|\\.)*"|`(?:[^`\\]|\\.)*`')
NOT_READ = re.compile(
    r"(class|rel|style): $|(querySelector(All)?(<\w+>)?|closest(<\w+>)?|matches|matchMedia|Error|setProperty)\($"
)
WORDS = re.compile(r"[A-Za-z\u2019']{2,}[,;:.]? [a-z]{2,}")


def sentences(source: str) -> list[str]:
    bare = re.sub(r"^\s*(//|/?\*).*$|(?<=[\s;,{])// .*$|^import .*$", "", source, flags=re.MULTILINE)
    found = []
    for text in TEXT.finditer(bare):
        shown = re.sub(r"\$\{[^}]*\}", "", text[0])
        if WORDS.search(shown) and not NOT_READ.search(bare[: text.start()]):
            found.append(text[0])
    return found


@pytest.mark.parametrize("path", sorted(PAGE.glob("*.ts")), ids=lambda path: path.name)
def test_no_sentence_outside_of_the_table(path: object) -> None:
    assert isinstance(path, type(PAGE))
    if path.name == "words.ts":
        return
    found = sentences(path.read_text("utf-8"))
    assert (found == []) == (path.name not in WAITING), found


def test_a_sentence_is_found() -> None:
    assert sentences('el("p", { class: "soft small" }, "Nothing more is below")') == ['"Nothing more is below"']
    assert sentences("// a comment of words\nsay(`no answer for ${n} s`);") == ["`no answer for ${n} s`"]
