"""A gallery and a family's page in a browser: opened by keys, decoded only when seen, and no other file asked for."""

from pathlib import Path
from typing import Any

import pytest

import netwarp as nw
from netwarp.orders.subject import read_subject
from netwarp.pages.family import family_page
from netwarp.pages.gallery import gallery
from tests.browser.desk import until

pytestmark = pytest.mark.browser


def family(folder: Path) -> Path:
    base = nw.Network.draw(nw.parse("conv(4) * 2"), 3)
    one, two = nw.mutate(base, seed=1, strength=0.5), nw.mutate(base, seed=2, strength=0.5)
    nw.draw(nw.cross(one, two, seed=3), size=(60, 40)).picture.save(folder / "child.png")
    return family_page(folder / "family.html", read_subject(str(folder / "child.png")))


def test_a_picture_opens_by_keys_to_a_larger_one(offline: Any, tmp_path: Path) -> None:
    page = gallery(tmp_path / "page.html", ["conv(4)", "conv(4) * 4"], seeds=range(3), size=(300, 200))
    offline.goto(page.as_uri())
    large = "document.querySelectorAll('.large')[1]"
    assert not offline.evaluate(f"{large}.checkVisibility()")
    for _ in range(20):
        offline.keyboard.press("Tab")
        if offline.evaluate("document.activeElement.parentElement.id") == "row-0-1":
            break
    offline.keyboard.press("Enter")
    until(offline, f"{large}.complete && {large}.naturalWidth === 300")
    assert offline.evaluate("document.querySelector('#row-0-1 code').textContent").startswith("netwarp draw")
    small = "document.querySelectorAll('summary img')[1]"
    assert offline.evaluate(f"[{small}.naturalWidth, {small}.naturalHeight]") == [210, 140]
    assert offline.evaluate("document.querySelectorAll('[data-copy]:not([hidden])').length") == 13
    offline.keyboard.press("Enter")
    assert not offline.evaluate(f"{large}.checkVisibility()")


def test_what_is_far_below_waits_to_be_decoded(offline: Any, tmp_path: Path) -> None:
    page = gallery(tmp_path / "page.html", [f"conv({n})" for n in range(2, 42)], seeds=(0,), size=(30, 20))
    offline.goto(page.as_uri())
    until(offline, "document.querySelector('summary img').complete")
    last = "[...document.querySelectorAll('summary img')].at(-1)"
    assert not offline.evaluate(f"{last}.complete")
    offline.evaluate(f"{last}.scrollIntoView()")
    until(offline, f"{last}.complete && {last}.naturalWidth === 30")


def test_the_tree_leads_to_an_ancestor_and_from_it_to_its_parents(offline: Any, tmp_path: Path) -> None:
    offline.goto(family(tmp_path).as_uri())
    names = offline.evaluate("[...document.querySelectorAll('.tree a')].map((one) => one.getAttribute('aria-label'))")
    assert names == ["child", "ancestor 1", "ancestor 2", "seed 3"]
    tops = offline.evaluate(
        "[...document.querySelectorAll('.tree image')].map((one) => one.getBoundingClientRect().top)"
    )
    assert tops[0] < tops[1] == tops[2] < tops[3]
    offline.focus(".tree a:nth-of-type(2)")
    offline.keyboard.press("Enter")
    until(offline, "document.getElementById('kin-1').open")
    assert offline.evaluate("document.activeElement.closest('details').id") == "kin-1"
    offline.click("#kin-1 dd a")
    until(offline, "document.getElementById('kin-3').open")
    assert "drawn from seed 3" in offline.inner_text("#kin-3 .facts")


@pytest.mark.parametrize("width", [320, 1200])
def test_nothing_is_wider_than_the_window(offline: Any, tmp_path: Path, width: int) -> None:
    offline.set_viewport_size({"width": width, "height": 800})
    pages = family(tmp_path), gallery(tmp_path / "page.html", ["cppn", "conv(4)"], seeds=(0,), size=(300, 200))
    for page in pages:
        offline.goto(page.as_uri())
        offline.evaluate("for (const one of document.querySelectorAll('details')) one.open = true")
        assert offline.evaluate("document.documentElement.scrollWidth") <= width
