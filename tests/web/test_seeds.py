"""The page's seeds are Python's: the same form, and for a word the same number."""

from __future__ import annotations

from netwarp.errors import InputError
from netwarp.explorer.seeds import MAX_SEED, number_of, seed_of
from netwarp.network.source import SEEDS
from web.conftest import Run

TEXTS = [
    "0", "-0", "-7", "007", " 12\n", str(MAX_SEED), str(-MAX_SEED - 1), str(SEEDS), str(-SEEDS), str(SEEDS + 1),
    "1" * 79, "rose", " rose ", "Ros\u00e9 12", "\u96ea", "stra\u00dfe", "\u1f48\u03b4\u03c5\u03c3", "e\u0301",
    "a\u0301b", "rose\u00a0red", "a" * 100, "a" * 101, "\U0001d4b3" * 100, "x\U0001f600", "\U0001f600", "_rose",
    "7 8", "0..15", "1e3", "", " ", "a\tb", "a\u200bb", "\ufeffrose", "\u00aa", "\u00b2",
]  # fmt: skip


def test_texts(node: Run) -> None:
    for text, found in zip(TEXTS, node("seeds", TEXTS), strict=True):
        try:
            seed = seed_of(text)
        except InputError:
            assert found is None, text
            continue
        assert found is not None, text
        assert (found["seed"], found["number"]) == (seed, str(number_of(seed))), text
        assert found["next"] == seed_of(min(SEEDS, number_of(seed) + 1))
