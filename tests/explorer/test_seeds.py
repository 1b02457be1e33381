"""Words and large numbers as seeds of the explorer: the same networks as on the command line."""

import json

import pytest

from netwarp.cli.values import read_seed
from netwarp.errors import InputError
from netwarp.explorer.address import from_address, to_address
from netwarp.explorer.seeds import MAX_SEED, number_of, seed_of
from netwarp.explorer.state import Page, Pane

LARGE = 2**256


@pytest.mark.parametrize(
    "text", ["0", "-7", str(MAX_SEED), str(MAX_SEED + 1), str(LARGE), str(-LARGE), "rose", "Rosé 12", "雪"]
)
def test_it_is_the_command_lines(text: str) -> None:
    assert number_of(seed_of(text)) == read_seed(text)


@pytest.mark.parametrize(
    ("given", "seed"),
    [
        (7, 7),
        ("7", 7),
        (" 007 ", 7),
        (MAX_SEED, MAX_SEED),
        (MAX_SEED + 1, "9007199254740992"),
        (" rose ", "rose"),
        (-LARGE, str(-LARGE)),
    ],
)
def test_one_seed_has_one_form(given: object, seed: int | str) -> None:
    assert seed_of(given) == seed
    assert seed_of(seed) == seed


@pytest.mark.parametrize(
    "given", ["", "7 8", "0..15", "1e3", LARGE + 1, str(-LARGE - 1), "a\tb", "r" * 101, True, 2.0, "_rose"]
)
def test_others_are_refused(given: object) -> None:
    with pytest.raises(
        InputError, match=r"^seed=.*: must be a whole number, to 2\^256 either way, or a word of at most 100 c"
    ):
        seed_of(given)


@pytest.mark.parametrize("seed", ["rose", "Rosé 12", str(LARGE), 12])
def test_addresses_and_states_have_it(seed: int | str) -> None:
    page = Page((Pane(seed=seed),))
    assert page.panes[0].seed == seed
    assert from_address(to_address(page)) == page
    assert Pane.from_data(json.loads(json.dumps(page.panes[0].to_data()))) == page.panes[0]
    assert page.panes[0].number == number_of(seed)


def test_a_large_number_is_a_text_in_json() -> None:
    assert Pane(seed=2**60).to_data()["seed"] == str(2**60)
