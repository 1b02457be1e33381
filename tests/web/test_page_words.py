"""The page's words stand in one table, web/src/words: no sentence is written into the files that show it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.web.node import WEB

SOURCE = WEB / "src"
# the page, and its back end without a server; not the words' own table, nor what Python
# writes, nor what writes Python and a shell's lines
FILES = sorted(
    path
    for path in [*SOURCE.glob("*.ts"), *(SOURCE / "page").glob("*.ts"), *(SOURCE / "site").rglob("*.ts")]
    if path.name not in ("server.ts", "table.ts", "beforehand.ts") and path != SOURCE / "site/commands.ts"
)
# a text of two words and more; what follows these names is no text for a reader
TEXT = re.compile(r'"(?:[^"\\\n]|\\.)*"|`(?:[^`\\]|\\.)*`')
NOT_READ = re.compile(
    r"(class|rel|style|describedby): $"
    r"|(querySelector(All)?(<\w+>)?|closest(<\w+>)?|matches|matchMedia|Error|Lost|setProperty)\($"
)
# a pattern may hold quotes that begin no text
PATTERN = re.compile(r"(?:(?<=[(=])|(?<=[=(,:?] ))/(?:[^/\\\n\[]|\\.|\[(?:[^\]\\\n]|\\.)*\])+/[a-z]*")
# of what Python counts, and of a file's format
KEYS = ('"output channels"', '"netwarp network 1"')
WORDS = re.compile(r"[A-Za-z\u2019']{2,}[,;:.]? [a-z]{2,}")


def sentences(source: str) -> list[str]:
    bare = re.sub(r"^\s*(//|/?\*).*$|(?<=[\s;,{])// .*$|^import .*$", "", source, flags=re.MULTILINE)
    bare = PATTERN.sub("", bare)
    found = []
    for text in TEXT.finditer(bare):
        shown = re.sub(r"\$\{[^}]*\}", "", text[0])
        if WORDS.search(shown) and text[0] not in KEYS and not NOT_READ.search(bare[: text.start()]):
            found.append(text[0])
    return found


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_no_sentence_outside_of_the_table(path: Path) -> None:
    assert sentences(path.read_text("utf-8")) == []


def test_a_sentence_is_found() -> None:
    assert sentences('el("p", { class: "soft small" }, "Nothing more is below")') == ['"Nothing more is below"']
    assert sentences("// a comment of words\nsay(`no answer for ${n} s`);") == ["`no answer for ${n} s`"]
