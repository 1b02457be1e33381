"""The registry: every claim whole and findable, every module of claims listed, nothing registered twice."""

import re
from pathlib import Path
from typing import get_args

import pytest

from claims.made import made
from netwarp.claims import registry
from netwarp.claims.registry import BASES, FAMILIES, Verdict, choose, claim, claims
from netwarp.errors import InputError

LAST = 49


@pytest.fixture
def empty(monkeypatch: pytest.MonkeyPatch) -> None:
    claims()
    monkeypatch.setattr(registry, "_known", {})


def test_the_claims_are_numbered_from_one() -> None:
    assert [one.number for one in claims()] == list(range(1, LAST + 1))
    assert len({one.name for one in claims()}) == LAST


@pytest.mark.parametrize("number", range(LAST))
def test_a_claim_says_all_that_a_reader_needs(number: int) -> None:
    one = claims()[number]
    for text in (one.statement, one.setup):
        assert len(text) > 40
        assert text.endswith("."), one.name
    assert one.expected
    assert one.tolerance
    assert one.recorded in get_args(Verdict)
    assert one.basis in BASES
    assert re.search(r"arXiv:\d{4}\.\d{4,5}|doi:10\.|Neural Networks \(2016\)", one.source), one.source


def test_every_module_with_claims_is_listed() -> None:
    room = Path(registry.__file__).parent
    with_claims = {path.stem for path in room.glob("*.py") if re.search(r"^@claim\(", path.read_text(), re.MULTILINE)}
    assert with_claims == set(FAMILIES)


def test_claims_are_chosen_by_number_and_by_name_each_once() -> None:
    among = [made(3, "three"), made(5, "five-lines"), made(8, "eight")]
    assert [one.number for one in choose(["8", " three", "three", "3"], among)] == [3, 8]
    assert [one.number for one in choose(None, among)] == [3, 5, 8]
    with pytest.raises(InputError, match=r"claim 'five-line': .*did you mean \"five-lines\""):
        choose(["five-line"], among)
    with pytest.raises(InputError, match=r"claim '4': .*\(1 to 8\)"):
        choose(["4"], among)
    with pytest.raises(InputError, match="none is named"):
        choose([], among)


@pytest.mark.usefixtures("empty")
def test_a_number_and_a_name_are_one_claims_only() -> None:
    def register(number: int, name: str) -> None:
        one = made()
        claim(
            number=number,
            name=name,
            statement=one.statement,
            source=one.source,
            basis=one.basis,
            setup=one.setup,
            expected=one.expected,
            tolerance=one.tolerance,
        )(one.function)

    register(1, "one")
    for number, name in ((1, "two"), (2, "one")):
        with pytest.raises(InputError, match="already"):
            register(number, name)
    for name in ("One", "one two", "one_two", "", "one-"):
        with pytest.raises(InputError, match="lower-case"):
            register(2, name)
    assert [one.name for one in registry._known.values()] == ["one"]
