"""The reference of measures in docs/measures.md is the registry's."""

import pytest

from docs.measure_reference import BEGIN, PAGE, reference, written
from netwarp.measures import registry


def test_the_reference_is_the_registrys() -> None:
    text = PAGE.read_text()
    assert written(text) == text, "run make docs"


def test_a_changed_registry_makes_it_stale(monkeypatch: pytest.MonkeyPatch) -> None:
    name = registry.names()[0]
    monkeypatch.setitem(registry._known, name, registry.find(registry.names()[1]))
    assert written(PAGE.read_text()) != PAGE.read_text()


def test_every_measure_has_a_section_and_a_users_has_none() -> None:
    own = [name for name in registry.names() if registry.find(name).function.__module__.startswith("netwarp.")]
    assert all(f"\n### {name}\n" in reference() for name in own)
    assert reference().count("\n### ") == len(own)


def test_a_page_without_its_marks_is_refused() -> None:
    with pytest.raises(ValueError, match="marks"):
        written(f"text {BEGIN} text")
