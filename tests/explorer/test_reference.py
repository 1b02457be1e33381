"""The explorer's page of measures: all of them, each under its name, and nothing of theirs read as HTML."""

import re
from html.parser import HTMLParser

import pytest

import netwarp as nw
from netwarp.explorer import reference, typeset
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


def test_formulas_have_their_signs_and_papers_their_links() -> None:
    set_ = {name: typeset.formula(registry.find(name).formula) for name in registry.names()}
    assert set_["total_variation"] == "mean |∇f| / std f"
    assert set_["dirichlet_energy"] == "mean |∇f|<sup>2</sup> / Var f"
    assert set_["structural_complexity"].startswith("∑<sub>k</sub> |O(k, k+1) − (O(k, k) + O(k+1, k+1)) / 2|")
    assert set_["trajectory_length"].startswith(
        "(L<sub>last</sub> / L<sub>first</sub>)<sup>1 / (layers − 1)</sup>, L<sub>l</sub>"
    )
    assert "k ≠ 0" in set_["mean_frequency"]
    assert "√(kx<sup>2</sup> + ky<sup>2</sup>)" in set_["mean_frequency"]
    assert "b<sub>0</sub>({f ≤ q})" in set_["components"]
    assert "log<sub>2</sub>(n)" in set_["lz_complexity"]
    # nothing is left of how they are typed, and nothing of the text is lost
    assert not [
        name for name, text in set_.items() if re.search(r"[\^_]|sqrt|grad|!=|<=|>=", re.sub("<[^>]*>", "", text))
    ]
    assert typeset.formula("<b>_x") == "&lt;b&gt;_x"
    reference.reference.cache_clear()
    page = reference.reference()
    assert '<a href="https://doi.org/10.1016/0167-2789(92)90242-F">' in page
    assert '<a href="https://arxiv.org/abs/2403.02241">' in page
    for name in registry.names():
        source = registry.find(name).source
        assert source.count("arXiv:") + source.count("doi:") == typeset.linked(source).count("<a ")


def test_a_text_is_never_html(monkeypatch: pytest.MonkeyPatch) -> None:
    from dataclasses import replace

    name = registry.names()[0]
    monkeypatch.setattr(registry, "_known", {**registry._known, name: replace(registry.find(name), source="<b>x</b>")})
    reference.reference.cache_clear()
    assert "&lt;b&gt;x&lt;/b&gt;" in reference.reference()
    reference.reference.cache_clear()
