"""What the tests in a browser do to the page, and how they look at its picture: by regions, in numbers."""

from __future__ import annotations

import io
import time
from typing import Any

import numpy as np
from PIL import Image

FOUNDING = "?v=2&arch=conv(10)+*+10&seed=7"
REGIONS = (4, 6)


def until(page: Any, said: str, seconds: float = 60) -> None:
    """Waits until a JavaScript expression holds. Asked from here: the page's own policy lets nothing wait by eval."""
    end = time.monotonic() + seconds
    while not page.evaluate(said):
        assert time.monotonic() < end, f"never within {seconds} s: {said}"
        page.wait_for_timeout(50)


def ready(page: Any, seconds: float = 60) -> None:
    """Waits until what is asked for now is drawn, with what lies over it, and nothing moves or fades any more."""
    # `netwarp.ready` in a promise of its own, which ends in time and so lets no test wait for ever
    late = f"new Promise((end) => setTimeout(end, {1000 * seconds}, false))"
    assert page.evaluate(f"Promise.race([netwarp.ready.then(() => true), {late}])"), f"never ready within {seconds} s"


def settle(page: Any, seconds: float = 60) -> None:
    """Waits until the page has a picture and rests: measures, cells and description are those of what is in view."""
    ready(page, seconds)
    until(
        page,
        "Number(document.body.dataset.drawn ?? 0) > 0 && !document.body.classList.contains('stale')"
        " && document.getElementById('live').textContent !== ''",
        seconds,
    )
    # what came last is painted too
    ready(page, seconds)


def unfold(page: Any) -> None:
    """Opens what is folded in the panel, as who presses on it does."""
    for one in page.locator("details.fold > summary").all():
        if one.is_visible() and not one.evaluate("(summary) => summary.parentElement.open"):
            one.click()


def hand_out(page: Any) -> None:
    """Makes the handout of the lesson that is shown, and waits until it would be printed."""
    page.evaluate("() => { window.print = () => { window.printed = 1; }; }")
    page.get_by_role("button", name="Handout").click()
    until(page, "window.printed === 1", 90)


def picture(page: Any, pane: int = 0) -> np.ndarray:
    """(rows, columns, 3) in 0..1: the middle of a pane's canvas, without its axes and what lies over the borders."""
    shot = page.locator(".pane .frame canvas").nth(pane).screenshot()
    image = np.asarray(Image.open(io.BytesIO(shot)).convert("RGB"), float) / 255
    rows, columns, _ = image.shape
    return image[rows // 8 : -rows // 8, columns // 8 : -columns // 8]


def regions(image: np.ndarray) -> np.ndarray:
    """(4, 6, 3): the mean colours of 4 x 6 parts."""
    down, across = REGIONS
    rows, columns = (size // count for size, count in zip(image.shape, REGIONS, strict=False))
    cut = image[: down * rows, : across * columns]
    return cut.reshape(down, rows, across, columns, 3).mean(axis=(1, 3))


def apart(one: np.ndarray, other: np.ndarray) -> float:
    """How far the regions of two pictures differ at most."""
    return float(np.abs(regions(one) - regions(other)).max())


def drawn(image: np.ndarray) -> bool:
    """Whether there is a picture at all: no blank canvas, and no flat colour in most of it."""
    parts = regions(image).reshape(-1, 3)
    return bool(np.ptp(parts, axis=0).max() > 0.05 and image.std() > 0.02)
