"""What the server refuses is said until something else is asked for, however late its answers come, and no longer."""

import json
import re
from collections.abc import Callable
from typing import Any

import pytest

from tests.browser.desk import FOUNDING, drawn, picture, settle, unfold, until

SAID = "document.getElementById('refused').textContent.includes('1e-240')"
NOTHING = "['refused', 'arch-error'].every((one) => document.getElementById(one).textContent === '')"
FAR = "?x=0.1&w=1e-300&h=1e-300"


class Post:
    """Between the page and its server: notes what is asked, and keeps back the answers that `keeps` chooses."""

    def __init__(self, page: Any, keeps: Callable[[dict[str, Any], int], bool]) -> None:
        self.keeps, self.asked, self.kept = keeps, [], []
        self.routes: list[Any] = []
        page.route_web_socket(re.compile(r"^ws:"), self._open)

    def release(self) -> None:
        """Hands over what was kept, and keeps nothing from now on."""
        self.keeps = lambda *_: False
        for said in self.kept:
            self.routes[-1].send(said)
        self.kept = []

    def hang_up(self) -> None:
        self.routes[-1].close()

    def opens(self) -> int:
        return sum(one["kind"] == "open" for one in self.asked)

    def _open(self, route: Any) -> None:
        server = route.connect_to_server()
        asked: dict[int, tuple[dict[str, Any], int]] = {}

        def ask(text: str) -> None:
            one = json.loads(text)
            asked[one["id"]] = one, sum(other["kind"] == one["kind"] for other in self.asked)
            self.asked.append(one)
            server.send(text)

        def answer(said: str | bytes) -> None:
            kept = self.keeps(*asked[_id(said)])
            (self.kept.append if kept else route.send)(said)

        route.on_message(ask)
        server.on_message(answer)
        self.routes.append(route)


def _id(said: str | bytes) -> int:
    header = said[4 : 4 + int.from_bytes(said[:4], "little")] if isinstance(said, bytes) else said
    return int(json.loads(header)["id"])


def there(page: Any, query: str) -> None:
    """The same page at another query: what is between it and its server stays."""
    page.goto(page.url.split("?")[0] + query)


def has_kept(page: Any, post: Post) -> None:
    for _ in range(300):
        if post.kept:
            return
        page.wait_for_timeout(50)
    raise AssertionError("nothing was kept")


def test_a_network_is_opened_once(visit: Callable[..., Any]) -> None:
    page = visit()
    post = Post(page, lambda *_: False)
    there(page, "?arch=conv(3)")
    settle(page)
    assert post.opens() == 1


@pytest.mark.parametrize("late", ["open", "view", "measure", "strip"])
def test_a_late_answer_leaves_what_is_said_of_a_view(visit: Callable[..., Any], late: str) -> None:
    page = visit(FOUNDING)
    # of each kind what is asked once more, and of views the whole plane's, is answered last
    post = Post(page, lambda one, before: one["kind"] == late and (one["x"] == "0" if late == "view" else before > 0))
    there(page, FAR)
    until(page, SAID)
    page.wait_for_timeout(300)
    assert page.evaluate(SAID)
    post.release()
    settle(page)
    page.wait_for_timeout(300)
    assert drawn(picture(page))
    assert page.evaluate(SAID)


def test_it_is_still_said_when_the_server_comes_back(visit: Callable[..., Any]) -> None:
    page = visit(FOUNDING)
    post = Post(page, lambda *_: False)
    there(page, FAR)
    until(page, SAID)
    settle(page)
    before = post.opens()
    post.hang_up()
    for _ in range(300):
        if post.opens() > before:
            break
        page.wait_for_timeout(50)
    settle(page)
    page.wait_for_timeout(500)
    assert page.evaluate(SAID)
    assert page.locator("#lost").is_hidden()


def test_a_refusal_that_comes_after_home_is_not_said(visit: Callable[..., Any]) -> None:
    page = visit(FOUNDING)
    post = Post(page, lambda one, _: one["kind"] == "view" and one["x"] != "0")
    there(page, FAR)
    has_kept(page, post)
    page.locator("#zooming button").nth(2).click()
    page.wait_for_timeout(1200)
    post.release()
    settle(page)
    page.wait_for_timeout(300)
    assert page.evaluate(NOTHING)
    assert drawn(picture(page))


@pytest.mark.parametrize("what", ["seed", "colour", "text"])
def test_another_question_ends_it_and_cells_do_not(visit: Callable[..., Any], what: str) -> None:
    page = visit(FAR)
    until(page, SAID)
    settle(page)
    unfold(page)
    page.locator("#cells").check()
    settle(page)
    assert page.evaluate(SAID)
    if what == "seed":
        page.locator("#seed").fill("8")
    elif what == "colour":
        page.locator("#colour").select_option("rgb")
    else:
        page.fill("#arch", "conv(9) * 4")
    until(page, NOTHING)
    settle(page)
    assert page.evaluate(NOTHING)


def test_of_two_panes_each_has_its_own(visit: Callable[..., Any]) -> None:
    page = visit("?arch=conv(4)&p1.arch=conv(5)")
    settle(page)
    page.fill("#arch", "conv(4")
    until(page, "document.getElementById('arch-error').textContent.includes('^')")
    page.locator(".pane").nth(1).locator(".view").click()
    until(page, NOTHING)
    assert page.locator("#arch").input_value() == "conv(5)"
    page.locator(".pane").nth(0).locator(".view").click()
    until(page, "document.getElementById('arch-error').textContent.includes('^')")
    assert page.locator("#arch").input_value() == "conv(4"
