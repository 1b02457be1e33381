"""What is said of a value that somebody gave is short, whatever he gave."""

import pytest

from netwarp.errors import LONGEST, InputError, LanguageError, NetwarpError, shortened, shown


def nested(depth: int) -> list[object]:
    found: list[object] = []
    for _ in range(depth):
        found = [found]
    return found


@pytest.mark.parametrize(
    "value",
    [
        "x" * 100_000,
        "\n" * 1_000,
        b"\x00" * 5_000,
        1 << 20_000,
        -(1 << 20_000),
        (1 << 20_000, 2),
        {"a": [1 << 20_000]},
        nested(100_000),
        list(range(10_000)),
        1e308,
        True,
        None,
    ],
    ids=lambda value: type(value).__name__,
)
def test_a_value_is_shown_on_one_short_line(value: object) -> None:
    text = shown(value)
    assert 0 < len(text) <= 60
    assert "\n" not in text
    assert len(shown(value, 20)) <= max(20, len("a tuple that is too large to show"))


def test_ordinary_values_are_shown_as_they_are() -> None:
    values = ("conv(10)", 12, 0.5, (1, "two"))
    assert [shown(v) for v in values] == ["'conv(10)'", "12", "0.5", "(1, 'two')"]
    assert shown(10**19) == "an integer of 64 bits"


@pytest.mark.parametrize("make", [NetwarpError, InputError, lambda text: LanguageError(text, "conv(10)", 3)])
def test_a_message_is_one_line_however_long(make: type[NetwarpError]) -> None:
    error = make("begins " + "x" * 17_000 + "\nand ends")
    assert len(str(error)) <= LONGEST
    assert str(error).startswith("begins xxx")
    assert str(error).endswith(" and ends")
    assert shortened("a short one") == "a short one"
    assert str(NetwarpError()) == ""
