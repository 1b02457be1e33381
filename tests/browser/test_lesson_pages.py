"""What a lesson makes of the page, in a real browser: what it hides, its steps in the history, its file, its sheet."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.browser.desk import hand_out, settle, unfold, until

Anywhere = Callable[..., Any]
TWO = "?v=2&arch=conv(3)&seed=9&panes=2&p1.arch=conv(2)+*+2"
# in hand's spelling, which the page writes in its own
FILE = {
    "lesson": 1,
    "title": "Powers",
    "question": "Why $x^2$?",
    "steps": [{"words": "one", "address": "arch=conv(6)&seed=3"}, {"words": "two", "address": "arch=conv(7)*2&seed=4"}],
}


def opened(page: Any, text: str, folder: Path) -> None:
    """Opens a lesson's file, as who chooses it does."""
    file = folder / "lesson.json"
    file.write_text(text, encoding="utf-8")
    page.click("#open-lessons")
    page.set_input_files("#lesson-file", str(file))


def step(page: Any, number: int) -> None:
    until(page, f"document.querySelector('#lesson .onward').textContent.includes('{number} of 2')")
    settle(page)


@pytest.mark.parametrize("query", ["?v=2&arch=conv(3)&seed=9", TWO], ids=["one", "two"])
def test_the_answer_is_hidden_from_the_first(anywhere: Anywhere, query: str) -> None:
    page = anywhere(query + "&hide=answer")
    settle(page)
    until(page, "document.getElementById('live').textContent !== ''")
    assert [one.is_visible() for one in page.locator(".answer").all()] == [False] * (1 + (query == TWO))
    assert "each flat" not in (page.locator("figcaption").first.text_content() or "")
    assert "each flat" not in (page.locator("#live").text_content() or "")


def test_every_control_that_a_lesson_names_is_hidden(anywhere: Anywhere) -> None:
    page = anywhere(TWO)
    settle(page)
    found = page.evaluate("[...document.querySelectorAll('[data-control]')].map((one) => one.dataset.control)")
    names = sorted(set(found) - {"panel"})
    page = anywhere(f"{TWO}&hide={','.join(names)}")
    settle(page)
    until(page, "document.getElementById('live').textContent !== ''")
    unfold(page)
    for name in names:
        assert [one.is_visible() for one in page.locator(f"[data-control={name}]").all()].count(True) == 0, name


def test_back_leads_out_of_steps_in_any_spelling(anywhere: Anywhere, tmp_path: Path) -> None:
    page = anywhere("?v=2&arch=conv(3)&seed=9")
    settle(page)
    before = page.evaluate("history.length")
    opened(page, json.dumps(FILE), tmp_path)
    step(page, 1)
    page.get_by_role("button", name="Next", exact=True).click()
    step(page, 2)
    # once the step's network is open: what was at rest before it asked is at rest still
    until(page, "document.getElementById('arch').value === 'conv(7) * 2'")
    settle(page)
    assert page.evaluate("history.length") == before + 2
    page.go_back()
    step(page, 1)
    page.go_back()
    until(page, "document.getElementById('lesson').hidden")
    until(page, "document.getElementById('arch').value === 'conv(3)'")
    page.go_forward()
    step(page, 1)
    page.go_forward()
    step(page, 2)


def test_back_leads_out_of_what_plays(anywhere: Anywhere) -> None:
    page = anywhere("?v=2&arch=conv(3)&seed=9")
    settle(page)
    page.locator("#act").select_option("tanh")
    settle(page)
    page.click("[data-plays=seed]")
    until(page, "new URLSearchParams(location.search).has('bred')")
    page.go_back()
    until(page, "!document.body.classList.contains('playing')")
    settle(page)
    assert page.locator("#act").input_value() == "tanh"
    assert "bred=" not in page.url
    page.go_back()
    until(page, "document.getElementById('act').value === 'relu'")


def test_a_handout_leaves_the_history_as_it_was(anywhere: Anywhere, tmp_path: Path) -> None:
    page = anywhere("?v=2&arch=conv(3)&seed=9")
    settle(page)
    opened(page, json.dumps(FILE), tmp_path)
    step(page, 1)
    length, address = page.evaluate("[history.length, location.search]")
    hand_out(page)
    step(page, 1)
    assert page.evaluate("[history.length, location.search]") == [length, address]


def test_a_question_has_formulas(anywhere: Anywhere, tmp_path: Path) -> None:
    page = anywhere("?v=2&arch=conv(3)&seed=9")
    settle(page)
    opened(page, json.dumps(FILE), tmp_path)
    step(page, 1)
    assert page.locator("#lesson .question msup").count() == 1
    assert "$" not in page.locator("#lesson .question").inner_text()


NO_LESSON = "this file is no lesson: it must be a JSON object with lesson, title, question and steps"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("null", NO_LESSON),
        ("[]", NO_LESSON),
        ("{", NO_LESSON),
        ("{}", NO_LESSON),
        (json.dumps({**FILE, "lesson": "1"}), 'lesson: version "1", must be the number 1, the version that this page'),
        (json.dumps({**FILE, "steps": {"a": 1}}), "lesson: steps must be a list of 1 to 20 steps"),
        (json.dumps({**FILE, "steps": []}), "lesson: has 0 steps, must have 1 to 20"),
        (
            json.dumps({**FILE, "steps": [{"words": 3, "address": ""}]}),
            "lesson, step 1: words must be a text of",
        ),
        (json.dumps({**FILE, "question": 3}), "lesson: question must be a text of at most 400 characters"),
    ],
)
def test_a_file_that_is_no_lesson_is_told_why(anywhere: Anywhere, tmp_path: Path, text: str, said: str) -> None:
    page = anywhere("?v=2&arch=conv(3)&seed=9")
    opened(page, text, tmp_path)
    until(page, "document.querySelector('#lessons [role=alert]').textContent !== ''")
    assert (page.locator("#lessons [role=alert]").text_content() or "").startswith(said)


def test_only_what_has_a_value_can_be_locked(anywhere: Anywhere) -> None:
    page = anywhere("?v=2&arch=conv(3)&seed=9")
    settle(page)
    page.click("#open-lessons")
    page.get_by_role("button", name="Make a lesson").click()
    page.get_by_role("button", name="Add what is seen").click()
    page.click(".lesson-steps summary")
    rows = {row.locator("code").inner_text(): row for row in page.locator(".ticks tr").all()[1:]}
    assert {"share", "answer", "seed", "depth"} <= set(rows)
    assert {name for name in rows if name.startswith("slice")} == set()
    assert [rows[name].locator("input").count() for name in ("share", "answer", "seed", "depth")] == [1, 1, 2, 2]
    assert rows["answer"].locator("th").inner_text() == "The sentence under the picture answer"
