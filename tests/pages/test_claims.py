"""The page of claims: every text escaped, both verdicts shown, sources linked, nothing half written."""

import json
import re
import shlex
from html import unescape
from html.parser import HTMLParser
from pathlib import Path

import pytest

from claims.made import made
from netwarp.claims.registry import Plot, Series
from netwarp.claims.running import run
from netwarp.errors import InputError
from netwarp.explorer.typeset import linked
from netwarp.pages.claims import again, page, rows, save

HOSTILE = "</style><script>alert(1)</script>\"' & <img src=x onerror=alert(1)> {{ 7 * 7 }} \u202e"
VOID = {"meta", "img", "br"}


class Page(HTMLParser):
    """Tags balance; what there is of scripts, links and ids."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: list[str] = []
        self.links: list[str] = []
        self.ids: list[str] = []
        self.handlers: list[str] = []
        self.text = ""
        self.feed(html)
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        told = dict(attrs)
        self.tags.append(tag)
        if tag not in VOID:
            self.open.append(tag)
        self.ids += [told["id"] or ""] if "id" in told else []
        self.links += [told["href"] or ""] if tag == "a" and "href" in told else []
        self.handlers += [name for name in told if name.startswith("on") or name == "style"]

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self.handle_endtag(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if not {"style", "script"} & set(self.open):
            self.text += data


def test_hostile_texts_stay_texts() -> None:
    plot = Plot((Series(HOSTILE, (1.0, 2.0), (1.0, 2.0)),), HOSTILE, HOSTILE)
    html = page(run([made(1, text=HOSTILE, plot=plot)]), command=f"netwarp claims {HOSTILE}")
    found = Page(html)
    assert found.tags.count("script") == 1
    assert "img" not in found.tags
    assert found.handlers == []
    assert HOSTILE in found.text
    assert "49" not in found.text.replace(HOSTILE, "")
    assert found.links == ["#claim-1", "https://arxiv.org/abs/1902.08129"]


def test_both_verdicts_are_shown_where_they_differ() -> None:
    agreed = [made(2, "agreed"), made(3, "gone", measured="refuted", recorded="refuted")]
    found = Page(page(run(agreed), command="netwarp claims"))
    assert "2 claims: 1 hold, 1 refuted, 0 not clear, as on record." in " ".join(found.text.split())
    assert "on record: refuted" in found.text
    assert "word-of differs" not in page(run(agreed), command="netwarp claims").split("</style>")[1]
    html = page(run([*agreed, made(4, "turned", measured="refuted")]), command="netwarp claims")
    assert html.split("</style>")[1].count("word-of differs") == 1
    assert "not as on record: turned (refuted, not holds)" in " ".join(Page(html).text.split())


def test_not_clear_and_whose_a_claim_is_are_shown() -> None:
    html = page(run([made(1, "short", measured="not clear")], quick=True), command="netwarp claims")
    found = Page(html)
    assert 'class="word-of not-clear"' in html.split("</style>")[1]
    assert "not clear; on record: holds" in found.text
    assert "the paper's own statement" in found.text
    assert "word-of differs" not in html.split("</style>")[1]


def test_every_claim_has_its_numbers_and_its_plot() -> None:
    html = page(run([made(1, "first"), made(2, "second"), made(3, "bare", plot=None)]), command="netwarp claims")
    found = Page(html)
    assert {"claim-1", "claim-2", "claim-3"} <= set(found.ids)
    assert len(found.ids) == len(set(found.ids))
    assert found.tags.count("svg") == 2
    assert "1 to 2,000" in found.text
    assert "−1.25" in found.text
    policy = re.search(r'Content-Security-Policy" content="([^"]*)"', html)
    assert policy is not None
    assert "unsafe" not in policy[1]
    assert "default-src 'none'" in unescape(policy[1])


def test_sources_link_to_papers_and_to_nothing_else() -> None:
    source = "A & B 2019, arXiv:1902.08129; C, doi:10.1090/memo/0154, and arXiv:x/../evil javascript:alert(1)"
    html = str(linked(source))
    assert re.findall('href="([^"]*)"', html) == [
        "https://arxiv.org/abs/1902.08129",
        "https://doi.org/10.1090/memo/0154",
    ]
    assert html.startswith("A &amp; B 2019, <a ")
    assert unescape(re.sub("<[^>]*>", "", html)) == source


def test_the_folder_holds_the_page_and_the_data(tmp_path: Path) -> None:
    found = run([made()], quick=True)
    path = save(found, tmp_path / "out", command="netwarp claims")
    assert sorted(file.name for file in (tmp_path / "out").iterdir()) == ["claims.json", "index.html"]
    assert path == tmp_path / "out" / "index.html"
    assert json.loads((tmp_path / "out" / "claims.json").read_text()) == json.loads(json.dumps(found.data()))
    with pytest.raises(InputError, match="does not exist"):
        save(found, tmp_path / "no" / "out", command="netwarp claims")
    assert sorted(file.name for file in tmp_path.iterdir()) == ["out"]


def test_the_command_says_what_was_asked() -> None:
    assert again("7, 9;rm", True) == "netwarp claims --quick --only '7, 9;rm' --out claims"
    assert shlex.split(again(None, False)) == ["netwarp", "claims", "--out", "claims"]


def test_rows_are_the_tables() -> None:
    ((*cells, seconds),) = rows(run([made(12, measured="refuted")]))
    assert cells == ["12", "made-up", "1.5 (1.4 to 1.6)", "refuted", "holds"]
    assert float(seconds) >= 0
