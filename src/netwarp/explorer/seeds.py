"""The seed of a Pane: a whole number that a page's script holds exactly, else a text: its digits, or a word."""

from __future__ import annotations

import re

from netwarp.errors import InputError, shown
from netwarp.network.source import SEEDS, seed_of_text

MAX_SEED = 2**53 - 1  # the largest number that a page's script holds exactly
MAX_WORD = 100  # characters
_WHOLE = re.compile(r"-?\d{1,78}", re.ASCII)


def seed_of(value: object) -> int | str:
    """The seed that a number or a text says; digits that a page holds as a number are one. Errors: InputError."""
    if isinstance(value, str):
        text = value.strip(" \t\r\n")
        if not _WHOLE.fullmatch(text):
            if not text[:1].isalpha() or not text.isprintable() or len(text) > MAX_WORD:
                raise _wrong(value)
            return text
        value = int(text)
    if isinstance(value, bool) or not isinstance(value, int) or abs(value) > SEEDS:
        raise _wrong(value)
    return value if abs(value) <= MAX_SEED else str(value)


def number_of(seed: int | str) -> int:
    """The number that draws the network: of a word its hash, as everywhere."""
    if isinstance(seed, int):
        return seed
    return int(seed) if _WHOLE.fullmatch(seed) else seed_of_text(seed)


def _wrong(value: object) -> InputError:
    return InputError(
        f"seed={shown(value)}: must be a whole number, to 2^256 either way, or a word of at most {MAX_WORD} characters"
    )
