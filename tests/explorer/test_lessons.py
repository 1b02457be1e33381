"""Lessons: a file and an address' note say the same, what is wrong is named, and the shipped ones say what is so."""

import base64
import json
import re
import zlib
from pathlib import Path
from random import Random
from typing import Any

import pytest

from netwarp.cli.main import status_of
from netwarp.errors import InputError, LimitError
from netwarp.explorer.address import from_address, to_address
from netwarp.explorer.lessons import MAX_BYTES, WORDS, Lesson, LessonStep, read_lesson, shipped
from netwarp.explorer.pasted import page_of_text
from netwarp.explorer.reading import Files, read
from netwarp.explorer.state import Page, Pane
from netwarp.pages.site import site
from netwarp.plane import Plane

LESSON = Lesson(
    "Depth & width",
    "Which, and why? <b>é</b>",
    (
        LessonStep(
            "First *words*, $x^2$.\n\n- a list", Page((Pane(seed=7), Pane(seed=8)), hide=("gallery",), lock=("act",))
        ),
        LessonStep("", Page((Pane(arch="conv(4)", cells=True),))),
    ),
)


def packed(value: object) -> str:
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    data = packer.compress(json.dumps(value).encode()) + packer.flush()
    return "1" + base64.urlsafe_b64encode(data).decode().rstrip("=")


def test_a_file_and_a_note_are_the_lesson(tmp_path: Path) -> None:
    path = tmp_path / "lesson.json"
    path.write_text(json.dumps(LESSON.to_data()), "utf-8")
    assert read_lesson(path) == Lesson.from_note(LESSON.to_note()) == LESSON
    assert re.fullmatch(r"1[\w-]+", LESSON.to_note(), re.ASCII)


def test_an_address_carries_the_lesson_and_its_step() -> None:
    page = LESSON.page(2)
    found = from_address(to_address(page))
    assert found == page
    assert (found.step, Lesson.from_note(found.note)) == (2, LESSON)
    assert found.panes == LESSON.steps[1].page.panes
    assert Page.from_data(page.to_data(short=True)) == page
    assert "note" not in Page().to_data()
    with pytest.raises(InputError, match="step=3: must be 1 to 2"):
        LESSON.page(3)


def test_a_lesson_that_is_pasted_is_its_first_step() -> None:
    assert page_of_text(json.dumps(LESSON.to_data()), Files()) == LESSON.page(1)


def test_a_steps_own_lesson_is_left_out() -> None:
    assert LessonStep("", LESSON.page(1)).page == LESSON.steps[0].page


def changed(**more: object) -> dict[str, Any]:
    return {**LESSON.to_data(), **more}


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (changed(lesson=2), "lesson=2: must be 1, the version that this netwarp reads"),
        (changed(lesson=True), "lesson=True: must be 1"),
        (changed(title="  "), "lesson: has no title; give it one"),
        (changed(title=3), "title=3: must be a text"),
        (changed(steps=[]), "steps: 0 items, 1 to 20 are needed"),
        (changed(steps=[{"address": "v=2"}] * 21), "steps: 21 items, 1 to 20 are needed"),
        (changed(steps=[{"address": "v=2"}, {"address": "foo=1"}]), "lesson, step 2: address: has no key 'foo'"),
        (changed(steps=[{"words": "no address"}]), "lesson, step 1: address=None: must be a text"),
        (changed(steps=["v=2"]), "lesson, step 1: step: must be an object, not 'v=2'"),
        (changed(steps=[{"address": "v=2", "words": "x" * (WORDS + 1)}]), "lesson, step 1: words="),
        (changed(stops=[]), "lesson: has no"),
        ([], "lesson: must be an object"),
    ],
)
def test_a_wrong_lesson_is_named(data: object, message: str) -> None:
    with pytest.raises(InputError) as caught:
        Lesson.from_data(data)
    assert message in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    "note",
    [
        "1",
        "1AAAA",
        "1!",
        LESSON.to_note()[:-9],
        packed([]),
        packed(["t", "q", [["w"]]]),
        packed({"title": "t"}),
        packed("[" * 5000),
        "2" + LESSON.to_note()[1:],
        packed(["t", "q", "x" * (2 * MAX_BYTES)]),
    ],
)
def test_a_wrong_note_is_refused_in_a_line(note: str) -> None:
    with pytest.raises(InputError) as caught:
        Lesson.from_note(note)
    assert len(str(caught.value)) < 200


def test_an_address_whose_note_is_none_is_refused() -> None:
    for query in ("v=2&note=<script>", "v=2&note=1" + "a" * 48_000, "v=2&note=1abc&step=0", "v=2&note=1abc&step=x"):
        with pytest.raises(InputError):
            from_address(query)


def test_a_lesson_too_long_for_an_address_is_refused() -> None:
    random = Random(1)
    words = ["".join(chr(random.randrange(33, 127)) for _ in range(WORDS)) for _ in range(20)]
    with pytest.raises(LimitError, match="write fewer words"):
        Lesson("t", "", tuple(LessonStep(one, Page()) for one in words)).to_note()


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("{", "is no JSON, line 1 column 2"),
        ("[]", "must be a JSON object"),
        ("[" * 100_000, "is no JSON"),
        ("x" * (MAX_BYTES + 1), "more than"),
    ],
)
def test_a_file_that_is_no_lesson(text: str, message: str, tmp_path: Path) -> None:
    path = tmp_path / "l.json"
    path.write_text(text)
    with pytest.raises(InputError, match=message):
        read_lesson(path)


def test_the_command_line_names_what_is_wrong(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "lesson.json"
    path.write_text(json.dumps(LESSON.to_data()))
    wrong = tmp_path / "wrong.json"
    wrong.write_text("{}")
    for words, message in (
        (["explore", str(tmp_path / "none.json"), "--no-browser"], "No such file"),
        (["explore", str(wrong), "--no-browser"], "lesson=None: must be 1"),
        (["explore", str(path), "vgg", "--no-browser"], "a lesson is shown by itself"),
        (["explore", str(path), "--seed", "3", "--no-browser"], "a lesson says by itself what is shown"),
        (["explore", str(path), "--act", "sin", "--no-browser"], "a lesson says by itself what is shown"),
        (["site", str(tmp_path / "out"), "--lesson", str(wrong)], "lesson=None: must be 1"),
    ):
        assert status_of(words) == 2
        said = capsys.readouterr().err
        assert message in said
        assert len(said.splitlines()) == 1
    assert not (tmp_path / "out").exists()


def test_a_site_begins_with_its_lesson(tmp_path: Path) -> None:
    path = tmp_path / "lesson.json"
    path.write_text(json.dumps(LESSON.to_data()))
    page, _ = site(tmp_path / "out", lesson=path)
    note = re.search(r'<body data-lesson="([\w-]+)">', page.read_text("utf-8"))
    assert note is not None
    assert Lesson.from_note(note[1]) == LESSON
    plain, _ = site(tmp_path / "plain")
    assert "data-lesson=" not in plain.read_text("utf-8").partition("<script")[0]


def test_six_lessons_are_shipped() -> None:
    assert len(shipped()) == 6
    for lesson in shipped():
        assert len(lesson.to_note()) < 1_500
        for step in lesson.steps:
            for pane in step.page.panes:
                read(pane, Files())


COUNTS = [
    (lesson.title, number, step.page.panes[0], count)
    for lesson in shipped()
    for number, step in enumerate(lesson.steps, 1)
    for count in re.findall(r"([\d,]+)(?: regions)? in view", step.words)
]


@pytest.mark.parametrize(("title", "number", "pane", "count"), COUNTS, ids=lambda one: str(one)[:30])
def test_the_regions_that_a_lesson_speaks_of_are_there(title: str, number: int, pane: Pane, count: str) -> None:
    subject, own = read(pane, Files())
    field = subject.draw(own.seed or 0).calibrate()
    plane = Plane(float(own.x), float(own.y), float(own.w), float(own.h))
    assert len(field.tessellate(plane).areas) == int(count.replace(",", "")), (title, number)


def test_some_lesson_speaks_of_regions() -> None:
    assert len(COUNTS) >= 5
