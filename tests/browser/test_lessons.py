"""Lessons in a real browser, served and in one file: read step by step, printed, made, shared, and harmless."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from netwarp.explorer.address import from_address, to_address
from netwarp.explorer.lessons import Lesson, LessonStep, shipped
from netwarp.explorer.state import Page, Pane
from netwarp.pages.site import site
from tests.browser.desk import hand_out, settle, until
from tests.browser.test_access import faults, faults_by_day_and_night

HOSTILE = "\n\n".join(
    [
        "<img src=x onerror=alert(1)> <script>alert(2)</script>",
        "[run](javascript:alert(3)) [page](https://example.org/a_b) `<b>` **bold** *soft*",
        "$\\frac{1}{2} x^2_i$ and $\\unknown{$ and $" + "{" * 3000 + "$",
        "- one\n- two",
        "1. first\n2. second",
    ]
)
LESSON = Lesson(
    "A <title>",
    "Why?",
    (
        LessonStep(HOSTILE, Page((Pane(arch="conv(4)"),), hide=("strip",), lock=("seed",))),
        LessonStep("Two *panes*.", Page((Pane(arch="conv(5)"), Pane(arch="conv(6)")))),
    ),
)
Either = Callable[[str], Any]


def query(step: int = 1) -> str:
    return "?" + to_address(LESSON.page(step))


def shown(page: Any) -> str:
    return str(page.locator("#lesson .words").inner_text())


def test_a_lesson_is_read_step_by_step(either: Either) -> None:
    page = either(query())
    settle(page)
    assert page.locator("#lesson h2").inner_text() == "A <title>"
    assert page.locator("#lesson .question").inner_text() == "Why?"
    assert page.locator("#strip").is_hidden()
    assert page.locator("#lesson .onward").first.inner_text().split() == ["Back", "1", "of", "2", "Next"]
    page.get_by_role("button", name="Next", exact=True).click()
    until(page, "document.querySelectorAll('.pane').length === 2")
    settle(page)
    assert shown(page) == "Two panes."
    assert page.locator("#strip").is_visible()
    found = from_address(page.url.split("?", 1)[1])
    assert (found.step, Lesson.from_note(found.note)) == (2, LESSON)
    assert [one.arch for one in found.panes] == ["conv(5)", "conv(6)"]
    page.go_back()
    until(page, "document.querySelectorAll('.pane').length === 1")
    assert "1 of 2" in page.locator("#lesson").inner_text()


def test_words_are_never_code(either: Either) -> None:
    page = either(query())
    settle(page)
    words = page.locator("#lesson .words")
    assert words.locator("script, img, b").count() == 0
    assert "<script>alert(2)</script>" in words.inner_text()
    assert [one.get_attribute("href") for one in words.locator("a").all()] == ["https://example.org/a_b"]
    assert "[run](javascript:alert(3))" in words.inner_text()
    assert words.locator("mfrac").count() == 1
    assert words.locator("msubsup").count() == 1
    assert words.locator("ul li").count() == words.locator("ol li").count() == 2
    assert faults(page) == []


def test_what_was_changed_is_shown_as_it_was(either: Either) -> None:
    page = either(query(2))
    settle(page)
    again = page.get_by_role("button", name="Show it as it was")
    assert again.is_hidden()
    page.locator("#depth").fill("3")
    again.wait_for()
    settle(page)
    again.click()
    settle(page)
    assert page.locator("#arch").input_value() == "conv(5)"
    assert again.is_hidden()
    page.get_by_role("button", name="Leave the lesson").click()
    until(page, "document.getElementById('lesson').hidden")
    assert "note=" not in page.url


def test_a_handout_has_every_picture(either: Either) -> None:
    page = either(query())
    settle(page)
    hand_out(page)
    handout = page.locator("#handout")
    assert handout.locator("section").count() == 2
    sizes = handout.locator("img").evaluate_all("(all) => all.map((one) => one.naturalWidth)")
    assert len(sizes) == 3
    assert min(sizes) > 100
    until(page, "document.querySelectorAll('.pane').length === 1")
    page.emulate_media(media="print")
    assert handout.is_visible()
    assert page.locator("main").is_hidden()


STEPS = (
    "v=2&arch=conv(2)&act=abs&seed=4&cells=1",
    "v=2&arch=conv(10)*2&seed=9&cells=1",
    "v=2&arch=conv(8)*4&seed=3&cells=1",
)


# a screen that shows a frame only now and then, as that of a busy machine does
SLOW_SCREEN = """() => {
  window.requestAnimationFrame = (paint) => setTimeout(() => paint(performance.now()), 400);
  window.cancelAnimationFrame = (frame) => clearTimeout(frame);
}"""


def test_a_handouts_pictures_are_the_pages(either: Either) -> None:
    lesson = Lesson("Cells", "", tuple(LessonStep("", from_address(one)) for one in STEPS))
    page = either("?" + to_address(lesson.page(1)))
    settle(page)
    page.evaluate(SLOW_SCREEN)
    hand_out(page)
    printed = page.locator("#handout img").evaluate_all("(all) => all.map((one) => one.src)")
    for step, picture in enumerate(printed, 1):
        if step > 1:
            page.get_by_role("button", name="Next", exact=True).click()
        until(page, f"document.querySelector('#lesson .onward').textContent.includes('{step} of 3')")
        settle(page)
        assert page.locator(".view canvas").evaluate("(one) => one.toDataURL()") == picture, step


def test_a_lesson_is_made_and_kept(either: Either, tmp_path: Path) -> None:
    page = either("?v=2&arch=conv(7)&seed=4")
    settle(page)
    page.click("#open-lessons")
    page.get_by_role("button", name="Make a lesson").click()
    page.fill("#lesson-name", "My own")
    page.fill("#lesson-question", "What?")
    page.get_by_role("button", name="Add what is seen").click()
    page.locator(".lesson-steps textarea").fill("Look.")
    page.locator(".lesson-steps summary").click()
    page.get_by_label("hide gallery").check()
    page.get_by_label("lock act").check()
    with page.expect_download() as kept:
        page.get_by_role("button", name="Save as a file").click()
    assert kept.value.suggested_filename == "my-own.json"
    path = tmp_path / "lesson.json"
    kept.value.save_as(path)
    found = Lesson.from_data(json.loads(path.read_text("utf-8")))
    assert (found.title, found.question, found.steps[0].words) == ("My own", "What?", "Look.")
    assert found.steps[0].page.panes[0].arch == "conv(7)"
    assert (found.steps[0].page.hide, found.steps[0].page.lock) == (("gallery",), ("act",))
    address = page.locator("#form-lesson").input_value()
    assert Lesson.from_note(from_address(address.split("?", 1)[1]).note) == found
    page.get_by_role("button", name="Begin").click()
    until(page, "!document.getElementById('lesson').hidden")
    assert shown(page) == "Look."
    assert page.locator("#open-gallery").is_hidden()


def test_no_lesson_is_made_that_nothing_opens(either: Either) -> None:
    page = either("?v=2&arch=conv(7)&seed=4")
    settle(page)
    page.click("#open-lessons")
    page.get_by_role("button", name="Make a lesson").click()
    page.fill("#lesson-name", "Long")
    add = page.get_by_role("button", name="Add what is seen")
    for _ in range(20):
        add.click()
    assert add.is_disabled()
    assert page.get_by_text("A lesson has at most 20 steps.").is_visible()
    address = page.locator("#form-lesson").input_value()
    assert len(Lesson.from_note(from_address(address.split("?", 1)[1]).note).steps) == 20
    page.get_by_role("button", name="Remove").first.click()
    assert add.is_enabled()


def test_a_cards_sentence_stays_with_its_picture_and_with_no_other(either: Either) -> None:
    page = either("")
    card = page.locator("#gallery .card").nth(2)
    title, sentence = card.locator(".card-title").inner_text(), card.locator(".card-text").inner_text()
    card.click()
    settle(page)
    assert page.locator("#lesson h2").inner_text() == title
    assert shown(page) == sentence
    page.locator("#zooming button").first.click()
    settle(page)
    assert shown(page) == sentence
    other = page.context.new_page()
    other.goto(page.url)
    settle(other)
    assert shown(other) == sentence
    page.click("#open-gallery")
    page.locator("#gallery .card").nth(4).click()
    settle(page)
    assert page.locator("#lesson h2").inner_text() != title
    page.select_option("#act", "sin")
    until(page, "document.getElementById('lesson').hidden")
    assert "note=" not in page.url


def test_the_sheets_can_be_read(anywhere: Callable[..., Any]) -> None:
    page = anywhere(query(), bypass_csp=True)
    settle(page)
    page.click("#open-lessons")
    assert page.locator(".lesson-list .card").count() == len(shipped())
    assert faults_by_day_and_night(page) == []
    page.get_by_role("button", name="Change this lesson").click()
    page.locator(".lesson-steps summary").first.click()
    assert faults_by_day_and_night(page) == []


def test_a_wrong_lesson_is_said(either: Either, tmp_path: Path) -> None:
    page = either("?v=2&arch=conv(4)&note=1AAAA")
    settle(page)
    assert "is no lesson" in page.locator("#said").inner_text()
    page.click("#open-lessons")
    wrong = tmp_path / "wrong.json"
    wrong.write_text('{"lesson": 1, "title": "t", "steps": [{"address": "foo=1"}]}')
    page.set_input_files("#lesson-file", wrong)
    until(page, "document.querySelector('#lessons .error').textContent.startsWith('lesson, step 1')")


@pytest.fixture
def lesson_page(chromium: Any, tmp_path: Path) -> Iterator[Any]:
    """The page of a site that was written with a lesson, on a phone."""
    path = tmp_path / "lesson.json"
    path.write_text(json.dumps(LESSON.to_data()))
    page, _ = site(tmp_path / "out", lesson=path)
    context = chromium.new_context(offline=True, viewport={"width": 375, "height": 667}, bypass_csp=True)
    opened = context.new_page()
    opened.goto(page.as_uri())
    yield opened
    context.close()


def test_a_site_opens_on_its_lesson_on_a_phone(lesson_page: Any) -> None:
    settle(lesson_page)
    assert lesson_page.locator("#lesson h2").inner_text() == "A <title>"
    assert lesson_page.evaluate("document.documentElement.scrollWidth") <= 375
    assert lesson_page.locator("#arch").input_value() == "conv(4)"
    assert faults(lesson_page) == []


def test_a_frame_has_the_words_under_the_picture(anywhere: Callable[..., Any]) -> None:
    page = anywhere(query() + "&embed=1", viewport={"width": 600, "height": 600})
    settle(page)
    assert page.locator(".panel").is_hidden()
    box = page.locator("#lesson").bounding_box()
    assert box["y"] + box["height"] <= 600
    page.get_by_role("button", name="Next", exact=True).click()
    until(page, "document.querySelectorAll('.pane').length === 2")
    assert shown(page) == "Two panes."
    assert page.locator(".panel").is_hidden()
