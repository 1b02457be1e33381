"""The explorer's page of measures: all of them, each under its name, and nothing of theirs read as HTML."""

from html.parser import HTMLParser

import pytest

import netwarp as nw
from netwarp.explorer import reference
from netwarp.measures import registry


class Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.sections: list[str] = []
        self.tags: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        if tag == "section":
            self.sections.append(dict(attrs)["id"] or "")


def test_every_measure_has_a_section_and_a_users_has_none(monkeypatch: pytest.MonkeyPatch) -> None:
    own = [name for name in registry.names() if registry.find(name).function.__module__.startswith("netwarp.")]
    monkeypatch.setattr(registry, "_known", dict(registry._known))

    @nw.measures.define(unit="<script>", source="<script>", formula="<script>")
    def spoilt(image: object) -> float:
        """<script>"""
        return 0.0

    reference.reference.cache_clear()
    reader = Reader()
    reader.feed(reference.reference())
    assert reader.sections == own
    assert "script" not in reader.tags


def test_a_text_is_never_html(monkeypatch: pytest.MonkeyPatch) -> None:
    from dataclasses import replace

    name = registry.names()[0]
    monkeypatch.setattr(registry, "_known", {**registry._known, name: replace(registry.find(name), source="<b>x</b>")})
    reference.reference.cache_clear()
    assert "&lt;b&gt;x&lt;/b&gt;" in reference.reference()
    reference.reference.cache_clear()
