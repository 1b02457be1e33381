"""The page in a browser: what one types and drags is what one sees, at every depth of zoom, and Back undoes it."""

import re
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import netwarp as nw
from netwarp.picture.paint import paint
from tests.browser.desk import FOUNDING, apart, drawn, picture, regions, settle, unfold, until


def test_a_fresh_page_offers_a_gallery_with_pictures(visit: Callable[..., Any]) -> None:
    page = visit()
    cards = page.locator("#gallery .card")
    cards.first.wait_for()
    assert cards.count() >= 12
    enlarged = "all => Math.max(...all.map((one) => one.clientWidth / one.naturalWidth))"
    assert 0 < page.eval_on_selector_all("#gallery img", enlarged) <= 1  # none from a smaller one
    assert all(len(text) > 20 for text in page.locator("#gallery .card-text").all_inner_texts())
    cards.first.click()
    settle(page)
    assert page.locator(".pane").count() == 2  # the note's own comparison
    assert drawn(picture(page, 0))
    assert drawn(picture(page, 1))


def test_the_picture_is_the_librarys(visit: Callable[..., Any]) -> None:
    page = visit(FOUNDING)
    settle(page)
    seen = picture(page)
    field = nw.Network.draw(nw.parse("conv(10) * 10"), 7).calibrate()
    box = page.evaluate(
        "(() => { const c = document.querySelector('.pane .frame canvas'); return [c.clientWidth, c.clientHeight]; })()"
    )
    assert box[0] > 300
    samples = field.sample(nw.Raster(600, 400))
    expected = np.asarray(paint(samples, nw.Tone.fit(samples, colour="lab")).pixels, float)[..., :3] / 255
    # the frame is the unit square, shown with the canvas's own proportions: the middle is the same to a region's mean
    assert drawn(seen)
    assert np.abs(np.median(seen, axis=(0, 1)) - np.median(expected, axis=(0, 1))).max() < 0.25


def test_a_slider_changes_the_picture_and_back_undoes_it(visit: Callable[..., Any]) -> None:
    page = visit(FOUNDING)
    settle(page)
    before, at = picture(page), page.url
    depth = page.locator("#depth")
    depth.focus()
    for _ in range(4):
        page.keyboard.press("ArrowLeft")
    until(page, "location.search.includes('6')")
    settle(page)
    after = picture(page)
    assert drawn(after)
    assert apart(before, after) > 0.05
    assert page.locator("#arch").input_value() == "conv(10) * 6"
    page.go_back()
    while page.url != at:
        page.go_back()
    until(page, "document.getElementById('arch').value === 'conv(10) * 10'")
    settle(page)
    assert apart(before, picture(page)) < 0.02


def test_a_typed_error_is_said_under_the_field_and_the_picture_stays(visit: Callable[..., Any]) -> None:
    page = visit(FOUNDING)
    settle(page)
    before = picture(page)
    page.fill("#arch", "conv(10) * convv(3)")
    until(page, "document.getElementById('arch-error').textContent.includes('^')")
    said = page.locator("#arch-error").inner_text()
    assert "convv" in said
    assert said.splitlines()[-1].strip() == "^" or "^" in said
    assert apart(before, picture(page)) < 0.02
    page.fill("#arch", "conv(8) * 3")
    until(page, "document.getElementById('arch-error').textContent === ''")
    settle(page)
    assert apart(before, picture(page)) > 0.03


@pytest.mark.parametrize("width", ["1e-9", "1e-30"])
def test_it_is_sharp_far_below_a_pixel(visit: Callable[..., Any], width: str) -> None:
    page = visit(f"?arch=conv(12)+*+4&act=tanh&x=0.1234567890123456789&y=0.05&w={width}&h={width}")
    settle(page)
    deep = picture(page)
    assert drawn(deep)
    # a smooth network is a plane down there, and so its picture is a ramp: opposite regions differ most
    parts = regions(deep)
    assert np.abs(parts[0, 0] - parts[-1, -1]).max() > 0.05 or np.abs(parts[-1, 0] - parts[0, -1]).max() > 0.05
    assert page.locator("#precision").inner_text() != ""
    assert not page.locator("#contrast").is_hidden()


def is_picture(said: str | bytes) -> bool:
    """Whether a message is the picture of a view; those of the layers are bytes too."""
    return isinstance(said, bytes) and b'"kind": "pixels"' in said[:1000]


def test_a_picture_that_another_overtakes_is_fitted_to_the_view_too(visit: Callable[..., Any]) -> None:
    page = visit(FOUNDING)
    settle(page)
    held: list[bytes] = []
    routes: list[Any] = []
    holding = True

    def hold(route: Any) -> None:
        server = route.connect_to_server()
        server.on_message(lambda said: (held.append if holding and is_picture(said) else route.send)(said))
        routes.append(route)

    page.route_web_socket(re.compile(r"^ws:"), hold)
    page.goto(page.url.split("?")[0] + "?arch=conv(4)&act=tanh&x=0.1234567890123456789&y=0.05&w=1e-9&h=1e-9")
    # two pictures are asked for before either is there, and so neither knows that the tone is flat here; the network is
    # so small that neither has a coarse one before it
    for count in (1, 2):
        for _ in range(200):
            if len(held) >= count:
                break
            page.wait_for_timeout(50)
        assert len(held) == count
        page.set_viewport_size({"width": 1280, "height": 860 - 40 * count})
    holding = False
    for said in held:
        routes[-1].send(said)
    settle(page)
    assert drawn(picture(page))
    assert not page.locator("#contrast").is_hidden()


@pytest.mark.parametrize("name", ["vgg", "resnet"])
def test_a_network_of_k_x_k_kernels_is_drawn_and_zoomed(visit: Callable[..., Any], name: str) -> None:
    # a window whose pixels share no taps with the calibration's
    page = visit(f"?arch={name}&seed=4", viewport={"width": 1003, "height": 701})
    settle(page)
    before = picture(page)
    assert drawn(before)
    assert "resampled" in page.locator("#precision").inner_text()
    page.locator(".view").first.focus()
    for _ in range(4):
        page.keyboard.press("+")
        page.wait_for_timeout(100)
    settle(page)
    assert drawn(picture(page))
    assert apart(before, picture(page)) > 0.05
    assert page.locator("#arch-error").inner_text() == ""
    assert "points" in page.locator("#measured").inner_text()


@pytest.mark.parametrize(("query", "said"), [("?arch=nope&seed=3", "unknown name"), ("?out=10000", "at most 64")])
def test_an_address_of_no_network_says_so_over_a_picture(visit: Callable[..., Any], query: str, said: str) -> None:
    page = visit(query)
    until(page, "document.getElementById('arch-error').textContent !== ''")
    settle(page)
    assert drawn(picture(page))
    page.locator("#zooming button").nth(0).click()
    settle(page)
    assert drawn(picture(page))
    assert said in page.locator("#arch-error").inner_text()
    if "arch" in query:
        assert page.locator("#arch").input_value() == "nope"
    page.fill("#arch", "conv(8) * 3")
    if "out" in query:
        unfold(page)
        page.select_option("#out", "3")
    until(page, "document.getElementById('arch-error').textContent === ''")


def test_a_network_beside_another_that_is_not_opened_says_so(visit: Callable[..., Any]) -> None:
    page = visit("?seed=7&p1.arch=nope&panes=2")
    settle(page)
    assert drawn(picture(page, 1))
    caption = page.locator("figcaption").nth(1)
    assert "unknown name" in caption.inner_text()
    assert caption.locator("table").count() == 0
    assert page.locator("figcaption").nth(0).locator(".error").count() == 0


def test_a_view_that_is_refused_is_forgotten_at_home(visit: Callable[..., Any]) -> None:
    page = visit("?x=0.1&w=1e-300&h=1e-300")
    until(page, "document.getElementById('refused').textContent.includes('1e-240')")
    settle(page)
    assert drawn(picture(page))
    assert "1e-240" in page.locator("#refused").inner_text()
    page.locator("#zooming button").nth(2).click()
    until(page, "document.getElementById('refused').textContent === ''")
    settle(page)
    assert drawn(picture(page))


def test_two_fingers_zoom_and_move_it(visit: Callable[..., Any]) -> None:
    page = visit(FOUNDING, has_touch=True, viewport={"width": 500, "height": 900})
    settle(page)
    before = picture(page)
    box = page.locator(".pane .frame canvas").bounding_box()
    hand = page.context.new_cdp_session(page)
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2

    def touch(kind: str, apart: float | None = None, right: float = 0.0) -> None:
        ends = () if apart is None else (-apart, apart)
        points = [{"x": x + right + end, "y": y, "id": n} for n, end in enumerate(ends)]
        hand.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})
        page.wait_for_timeout(40)

    touch("touchStart", 20)
    for step in range(1, 9):
        touch("touchMove", 20 + 7.5 * step, 2.0 * step)
    touch("touchEnd")
    until(page, "/[?&]w=/.test(location.search)")
    settle(page)
    width, middle = (float(page.evaluate(f"new URLSearchParams(location.search).get('{key}') ?? '0'")) for key in "wx")
    # from 40 pixels between the fingers to 160: four times nearer, and the place under them has gone 16 to the right
    assert width == pytest.approx(1.5 / 4, rel=0.15)
    assert middle < 0
    assert apart(before, picture(page)) > 0.05
    page.go_back()
    until(page, "!/[?&]w=/.test(location.search)")


def test_the_wheel_zooms_towards_the_pointer_and_home_comes_back(visit: Callable[..., Any]) -> None:
    page = visit(FOUNDING)
    settle(page)
    before = picture(page)
    box = page.locator(".pane .frame canvas").bounding_box()
    page.mouse.move(box["x"] + box["width"] / 3, box["y"] + box["height"] / 3)
    for _ in range(6):
        page.mouse.wheel(0, -240)
        page.wait_for_timeout(60)
    until(page, "/[?&]w=/.test(location.search)")
    settle(page)
    assert drawn(picture(page))
    assert apart(before, picture(page)) > 0.05
    page.locator("#zooming button").nth(2).click()
    settle(page)
    assert apart(before, picture(page)) < 0.03


def test_cells_are_laid_over_the_picture_and_a_click_tells_of_one(visit: Callable[..., Any]) -> None:
    page = visit(FOUNDING + "&cells=1&x=0.1&y=0.1&w=0.2&h=0.2")
    settle(page)
    until(page, "/cells in the frame/.test(document.querySelector('.cells')?.textContent)")
    box = page.locator(".pane .frame canvas").bounding_box()
    page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    card = page.locator(".cell-card")
    card.wait_for()
    assert "output 1" in card.inner_text()


def test_one_linear_region_says_that_nothing_more_is_below_and_the_way_out_leads_out(visit: Callable[..., Any]) -> None:
    page = visit(FOUNDING + "&x=0.1&y=0.1&w=1e-12&h=1e-12")
    settle(page)
    notice = page.locator("#notice")
    notice.wait_for()
    assert "one linear region" in notice.inner_text()
    notice.locator("button").first.click()
    settle(page)
    assert notice.is_hidden()


def test_a_channel_inside_becomes_the_picture(visit: Callable[..., Any]) -> None:
    page = visit(FOUNDING)
    settle(page)
    before = picture(page)
    page.locator("#strip button").nth(3).click()
    until(page, "location.search.includes('show=layer')")
    settle(page)
    assert drawn(picture(page))
    assert apart(before, picture(page)) > 0.05


def test_a_channel_says_which_it_is_and_what_its_colours_and_measures_are(visit: Callable[..., Any]) -> None:
    page = visit(FOUNDING)
    settle(page)
    assert page.locator(".key").is_hidden()  # three channels have no bar
    value = page.locator('[data-measure="lz_complexity"] .value b')
    whole = value.inner_text()
    thumb = page.locator('#strip [data-show="layer:4:channel:3"]')
    assert thumb.get_attribute("aria-label") == "layer 4, unit 4 of 10"
    thumb.click()
    until(page, "location.search.includes('show=layer')")
    settle(page)
    key = page.locator(".key")
    assert key.locator(".what").inner_text() == "layer 4, unit 4 of 10"
    assert "layer 4, unit 4 of 10" in page.locator("#measured").inner_text()
    samples = nw.Network.draw(nw.parse("conv(10) * 10"), 7).calibrate().after(4).sample()[3]
    ends = [float(one) for one in key.locator(".ends span").all_inner_texts()]
    assert ends == pytest.approx([samples.min(), samples.max()], rel=1e-3)
    assert key.locator(".colours").bounding_box()["width"] > 100
    assert "rgb(253, 231, 37)" in key.locator(".colours").evaluate("one => getComputedStyle(one).backgroundImage")
    assert value.inner_text() != whole
    page.locator("#strip [data-show=output]").click()
    until(page, "!location.search.includes('show=layer')")
    settle(page)
    assert key.is_hidden()
    assert value.inner_text() == whole
