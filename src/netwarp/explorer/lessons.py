"""Lessons: a title, a question, and pictures in an order with words beside each; as a file, and as an address' note."""

from __future__ import annotations

import base64
import binascii
import json
import zlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path

from netwarp import checks
from netwarp.errors import InputError, LimitError, NetwarpError, shown
from netwarp.explorer.address import MAX_ADDRESS, from_address, to_address
from netwarp.explorer.state import MAX_NOTE, MAX_STEPS, Page, known

VERSION = 1
TITLE, QUESTION, WORDS = 120, 400, 4_000  # characters at most
MAX_BYTES = 1 << 18  # of a lesson's text
SHIPPED = Path(__file__).parent / "lessons"


@dataclass(frozen=True, slots=True)
class LessonStep:
    """What is shown, with the controls that are hidden and locked, and the words beside it: plain text, in which
    paragraphs, lists, *emphasis*, `code`, links and $formulas$ are marked as in Markdown."""

    words: str
    page: Page

    def __post_init__(self) -> None:
        checks.string(self.words, "words", WORDS)
        # a step is shown as a part of its lesson, and not as one of its own
        object.__setattr__(self, "page", replace(self.page, note="", step=1, embed=False))


@dataclass(frozen=True, slots=True)
class Lesson:
    """One to twenty steps under a title and a question."""

    title: str
    question: str
    steps: tuple[LessonStep, ...]

    def __post_init__(self) -> None:
        if not checks.string(self.title, "title", TITLE).strip():
            raise InputError("lesson: has no title; give it one")
        checks.string(self.question, "question", QUESTION)
        if not 1 <= len(self.steps) <= MAX_STEPS:
            raise InputError(f"lesson: has {len(self.steps)} steps, must have 1 to {MAX_STEPS}")

    def to_data(self) -> dict[str, object]:
        """Plain data, for JSON: what a lesson's file holds."""
        steps = [{"words": one.words, "address": to_address(one.page)} for one in self.steps]
        return {"lesson": VERSION, "title": self.title, "question": self.question, "steps": steps}

    @classmethod
    def from_data(cls, data: object) -> Lesson:
        """The Lesson of a JSON object. Errors: InputError naming the step."""
        given = checks.mapping(data, "lesson")
        known(given, ("lesson", "title", "question", "steps"), "lesson")
        if given.get("lesson") != VERSION or isinstance(given["lesson"], bool):
            raise InputError(
                f"lesson={shown(given.get('lesson'))}: must be {VERSION}, the version that this netwarp reads"
            )
        steps = checks.items(given.get("steps"), "steps", 1, MAX_STEPS)
        return cls(
            checks.string(given.get("title"), "title", TITLE),
            checks.string(given.get("question", ""), "question", QUESTION),
            tuple(_step(one, number) for number, one in enumerate(steps, 1)),
        )

    def to_note(self) -> str:
        """The lesson in the characters of an address: its version, and its text, packed. Errors: LimitError."""
        steps = [[one.words, to_address(one.page)] for one in self.steps]
        text = json.dumps([self.title, self.question, steps], ensure_ascii=False, separators=(",", ":"))
        packer = zlib.compressobj(9, zlib.DEFLATED, -15)
        packed = packer.compress(text.encode()) + packer.flush()
        note = f"{VERSION}{base64.urlsafe_b64encode(packed).decode().rstrip('=')}"
        if len(note) > MAX_NOTE:
            raise LimitError(
                f"lesson: {len(note):,} characters of address, at most {MAX_NOTE:,} are read; write fewer words"
            )
        return note

    @classmethod
    def from_note(cls, note: str) -> Lesson:
        """The Lesson of an address' note. Errors: InputError."""
        if not note.startswith(str(VERSION)):
            raise InputError(f"note: version {shown(note[:1])}, must be {VERSION}, the one that this netwarp reads")
        try:
            packed = base64.b64decode(note[1:] + "=" * (-(len(note) - 1) % 4), b"-_", validate=True)
            unpacker = zlib.decompressobj(-15)
            text = unpacker.decompress(packed, MAX_BYTES)
            if not unpacker.eof:
                raise InputError(f"note: is cut off, or more than {MAX_BYTES:,} bytes")
            title, question, steps = json.loads(text)
            data = [{"words": words, "address": address} for words, address in steps]
        except (binascii.Error, zlib.error, ValueError, TypeError, RecursionError) as error:
            if isinstance(error, InputError):
                raise
            raise InputError("note: is no lesson; copy the whole address") from None
        return cls.from_data({"lesson": VERSION, "title": title, "question": question, "steps": data})

    def page(self, step: int = 1) -> Page:
        """What a step shows, and the lesson with it. Errors: InputError, LimitError."""
        if not 1 <= step <= len(self.steps):
            raise InputError(f"step={step}: must be 1 to {len(self.steps)}")
        return replace(self.steps[step - 1].page, note=self.to_note(), step=step)


def _step(data: object, number: int) -> LessonStep:
    try:
        given = checks.mapping(data, "step")
        known(given, ("words", "address"), "step")
        address = checks.string(given.get("address"), "address", MAX_ADDRESS)
        page = from_address(address.rpartition("?")[2])
        return LessonStep(checks.string(given.get("words", ""), "words", WORDS), page)
    except NetwarpError as error:
        raise InputError(f"lesson, step {number}: {error}") from None


def read_lesson(path: str | Path) -> Lesson:
    """The lesson of a JSON file. Errors: InputError."""
    file = Path(path)
    try:
        with file.open("rb") as stream:
            text = stream.read(MAX_BYTES + 1)
    except OSError as error:
        raise InputError(f"lesson {shown(str(path))}: {error.strerror}") from None
    if len(text) > MAX_BYTES:
        raise InputError(f"lesson {shown(str(path))}: more than {MAX_BYTES:,} bytes")
    try:
        data = json.loads(text)
    except (ValueError, RecursionError) as error:
        place = f", line {error.lineno} column {error.colno}" if isinstance(error, json.JSONDecodeError) else ""
        raise InputError(f"lesson {shown(str(path))}: is no JSON{place}") from None
    if not isinstance(data, Mapping):
        raise InputError(f"lesson {shown(str(path))}: must be a JSON object with lesson, title, question and steps")
    return Lesson.from_data(data)


@lru_cache(maxsize=1)
def shipped() -> tuple[Lesson, ...]:
    """The lessons that come with netwarp, in their order."""
    return tuple(read_lesson(one) for one in sorted(SHIPPED.glob("*.json")))
