"""LZ76 words: published histories, a reference that copies the definition, and strings whose history is known."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from netwarp.errors import InputError, LimitError
from netwarp.measures import lz
from netwarp.measures.lz import words


def bits(text: str) -> list[int]:
    return [int(letter) for letter in text]


def reference(text: str) -> int:
    """Words that grow while what lies before their last letter holds them; the last may end early."""
    count, start = 0, 0
    while start < len(text):
        end = start + 1
        while end <= len(text) and text[start:end] in text[: end - 1]:
            end += 1
        count, start = count + 1, end
    return count


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("0001101001000101", 6),  # 0 001 10 100 1000 101: Lempel and Ziv 1976; Kaspar and Schuster 1987
        ("1001111011000010", 6),  # 1 0 01 1110 1100 0010: the example of many implementations
        ("01011010001101110010", 7),  # Amigo et al. 2004, doi:10.1162/089976604322860677
        ("000101000101111010001010100010101000000010000010", 9),
        ("0", 1),
        ("01", 2),
        ("0000000000", 2),  # 0 000000000: the second copies itself onward
        ("0101010101", 3),  # 0 1 01010101
    ],
)
def test_published_and_plain_histories(text, expected):
    assert words(bits(text)) == expected
    assert words([1 - bit for bit in bits(text)]) == expected


@given(st.text(alphabet="01", min_size=1, max_size=120))
def test_as_the_definition_counts(text):
    assert words(bits(text)) == reference(text)


@given(st.text(alphabet="01", min_size=1, max_size=12), st.integers(1, 20))
def test_as_the_definition_counts_where_much_repeats(text, times):
    assert words(bits(text * times + "1" + text)) == reference(text * times + "1" + text)


def test_uncompiled_alike(monkeypatch):
    draw = np.random.RandomState(np.random.PCG64(1)).randint(0, 2, size=(20, 60)).astype(np.uint8)
    compiled = [words(line) for line in draw]
    monkeypatch.setattr(lz, "_automaton", lz._automaton.function)
    assert [lz._count.function(line) for line in draw] == compiled


def test_nearly_linear_and_near_the_entropy_of_coin_flips():
    """n / log2 n words to come, of n fair bits (Lempel and Ziv 1976): from above, slowly."""
    n = 2**18
    found = words(np.random.RandomState(np.random.PCG64(2)).randint(0, 2, size=n))
    assert 1.0 < found * np.log2(n) / n < 1.05


@pytest.mark.parametrize("given", [[], [[0, 1]], [0, 2], [0.5]])
def test_refused_unless_bits_in_a_row(given):
    with pytest.raises(InputError, match="zeros and ones"):
        words(given)


def test_refused_past_what_can_be_numbered(monkeypatch):
    monkeypatch.setattr(lz, "LONGEST", 4)
    with pytest.raises(LimitError, match="5 bits"):
        words([0, 1, 1, 0, 1])
