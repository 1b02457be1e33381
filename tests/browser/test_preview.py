"""While a slider moves both pages show previews, which say so and have no numbers; the network follows in the end."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from netwarp.pages.site import site
from tests.browser.pixels import picture

# slow enough that no machine has it in a moment
SLOW = "?v=2&arch=conv(24)+*+16&seed=7&norm=spatial(scale%3D3,+shift%3Dnormal(2))"
DRAG = """async () => {
  await netwarp.ready;
  const badge = document.querySelector(".badge.preview");
  const scale = document.getElementById("scale");
  const seen = { previews: 0, numbers: 0, drawn: 0 };
  new MutationObserver(() => {
    if (badge.hidden) return;
    seen.drawn += 1;
  }).observe(document.body, { attributeFilter: ["data-drawn"] });
  for (let n = 0; n < 120 && seen.drawn < 3; n++) {
    scale.value = String(1 + 0.1 * (n % 20));
    scale.dispatchEvent(new Event("input", { bubbles: true }));
    await new Promise((done) => setTimeout(done, 25));
    if (badge.hidden) continue;
    seen.previews += 1;
    const measures = document.querySelector(".measures");
    if (measures !== null && getComputedStyle(measures).visibility !== "hidden") seen.numbers += 1;
  }
  scale.value = "3";
  scale.dispatchEvent(new Event("input", { bubbles: true }));
  await netwarp.ready;
  return { ...seen, hidden: badge.hidden };
}"""


def check(page: Any) -> None:
    page.evaluate("netwarp.ready")
    before, _ = picture(page)
    seen = page.evaluate(DRAG)
    assert seen["previews"] > 0
    assert seen["drawn"] >= 3
    assert seen["numbers"] == 0
    assert seen["hidden"]
    # back at the scale it had: what follows the previews is the network, to the byte
    np.testing.assert_array_equal(picture(page)[0], before)


def test_the_page_without_a_server(offline: Any, tmp_path: Path) -> None:
    site(tmp_path)
    offline.goto((tmp_path / "netwarp.html").as_uri() + SLOW)
    check(offline)


def test_the_served_page(visit: Callable[..., Any]) -> None:
    check(visit(SLOW))


@pytest.mark.parametrize("text", ["conv(3, 3)"])
def test_a_network_that_reads_windows_has_no_preview(offline: Any, tmp_path: Path, text: str) -> None:
    site(tmp_path)
    offline.goto((tmp_path / "netwarp.html").as_uri() + f"?v=2&arch={text}&seed=7")
    offline.evaluate(
        """async () => {
          await netwarp.ready;
          const scale = document.getElementById("scale");
          scale.value = "2";
          scale.dispatchEvent(new Event("input", { bubbles: true }));
          await netwarp.ready;
        }"""
    )
    assert offline.evaluate("document.querySelector('.badge.preview').hidden")
